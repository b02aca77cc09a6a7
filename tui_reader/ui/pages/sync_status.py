"""How each followed category and its last announcements stand, as a page."""

from collections.abc import Iterator
from datetime import datetime

from tui_reader import sync, taxonomy
from tui_reader.text import Span, cells, fit, wrap
from tui_reader.ui.inks import Piece

WIDEST = 100
GRID = 34  # cells of five weeks


def layout(width: int, stand: sync.Standings, now: datetime, last: str) -> Iterator[list[Piece]]:
    """Yield the lines of the page: what comes next, a grid of days, and what it does not say."""
    yield [(" Sync", "strong")]
    for text in filter(None, (last, sync.next_step(stand, now))):
        yield from _wrapped(width, "", text)
    yield []
    column = max(map(len, stand))
    above = ""
    for category, each in stand.items():
        mondays, signs = sync.weeks(each.days)
        if mondays != above:  # one that was not announced of late has older weeks
            yield [(f"   {'':{column}}  {mondays}", "dim")]
            above = mondays
        name = fit(taxonomy.name_of(category), max(0, width - column - GRID - 8))
        yield [
            (f"   {category:<{column}}", "strong"),
            (f"  {signs:<{GRID}}", "accent"),
            (f"  {name}", "dim"),
        ]
    signs_told = (told.replace(" ", "\xa0") for told in sync.LEGEND.split("   "))
    yield from _wrapped(width, "", "   ".join(signs_told))
    for category, each in stand.items():
        told = [cell for cell in each.days[1:] if not cell.complete]
        yield []
        yield [(f" {category}", "strong")]
        for cell in (*each.days[:1], *told):
            state = sync.state_of(cell)
            said = f"{state.text}, {cell.stored:,} entries" if cell.stored else state.text
            if not cell.complete:
                said = f"{said}. {cell.said} {sync.asked_again(cell, now)}".replace("  ", " ")
            yield from _wrapped(width, f"{cell.announced:%a %d %b}", said)


def _wrapped(width: int, head: str, text: str) -> Iterator[list[Piece]]:
    indent = cells(head) + 4 if head else 3
    lines = wrap([Span(text.strip())], max(10, min(width, WIDEST) - indent - 1))
    for number, line in enumerate(lines):
        start = f"   {head} " if head and not number else " " * indent
        yield [(start, "soft"), *((span.text, "text") for span in line)]
