"""How each followed category and its last announcements stand, as a page."""

from collections.abc import Iterator
from datetime import datetime

from tui_reader import sync, taxonomy
from tui_reader.text import Span, wrap
from tui_reader.ui.inks import Piece

RECENT = 8  # days that are told of though nothing is wrong with them
WIDEST = 100


def layout(width: int, stand: sync.Standings, now: datetime, last: str) -> Iterator[list[Piece]]:
    """Yield the lines of the page."""
    yield [(" Sync", "title")]
    for text in filter(None, (last, sync.next_step(stand, now))):
        yield from _wrapped(width, "", text)
    for category, each in stand.items():
        cells = each.days
        name = f"  {taxonomy.name_of(category)}"
        mondays, signs = sync.weeks(cells)
        yield []
        yield [(f" {category}", "title"), (name, "text")]
        yield [(f"   {mondays}", "dim")]
        yield [(f"   {signs}", "accent")]
        for number, cell in enumerate(cells):
            if number < RECENT or not cell.complete:
                state = sync.state_of(cell)
                said = f"{state.text}, {cell.stored:,} entries" if cell.stored else state.text
                if not cell.complete:
                    said = f"{said}. {cell.said} {sync.asked_again(cell, now)}".replace("  ", " ")
                yield from _wrapped(width, f"{cell.announced:%a %d %b}", said)
    yield []
    yield from _wrapped(width, "", sync.LEGEND)


def _wrapped(width: int, head: str, text: str) -> Iterator[list[Piece]]:
    indent = len(head) + 4 if head else 3
    lines = wrap([Span(text.strip())], max(10, min(width, WIDEST) - indent - 1))
    for number, line in enumerate(lines):
        start = f"   {head} " if head and not number else " " * indent
        yield [(start, "soft"), *((span.text, "text") for span in line)]
