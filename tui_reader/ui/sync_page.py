"""How each followed category and its last announcements stand, as a page."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from tui_reader import sync, taxonomy
from tui_reader.calendar import next_in_words
from tui_reader.store import Known
from tui_reader.text import Mode, Span, wrap
from tui_reader.ui.lines import Lines, Piece

RECENT = 8  # days that are told of though nothing is wrong with them
WIDEST = 100


def layout(
    page: Lines, ledger: Sequence[Known], following: sync.Following, now: datetime
) -> Iterator[list[Piece]]:
    """Yield the lines of the page for the widget's width."""
    plain = page.mode is Mode.ASCII
    due = sync.next_due(ledger, following, now)
    local = f"{due.astimezone():%A %d %B %H:%M}"
    yield from _wrapped(page, "Sync", "A sync is due now." if due <= now else f"Next: {local}.")
    yield from _wrapped(page, "", f"Nothing can be new before {next_in_words(now)}.")
    weeks = sync.weeks(ledger, following, now)
    for category, cells in sync.wanted(ledger, following, now).items():
        state, says = sync.standing(cells[0], now)
        yield []
        yield [(f" {category}", page.ink("title")), (f"  {taxonomy.name_of(category)}", page.base)]
        yield from _wrapped(page, "", f"{state}: {says}")
        yield [(f"   {sync.mondays(weeks[category])}", page.ink("dim"))]
        yield [(f"   {sync.drawn(weeks[category], plain=plain)}", page.ink("accent"))]
        for number, cell in enumerate(cells):
            state = sync.state_of(cell)
            if number < RECENT or not state.settled:
                count = f"{cell.stored:,} stored. " if cell.stored else ""
                said = f"{state}. {count}{cell.said} {sync.asked_again(cell, now)}"
                yield from _wrapped(page, f"{cell.announced:%a %d %b}", said)
    yield []
    yield from _wrapped(page, "", sync.legend(weeks, plain=plain))


def _wrapped(page: Lines, head: str, text: str) -> Iterator[list[Piece]]:
    indent = len(head) + 4 if head else 3
    lines = wrap([Span(text.strip())], max(10, min(page.size.width, WIDEST) - indent - 1))
    for number, line in enumerate(lines):
        start = f"   {head} " if head and not number else " " * indent
        yield [(start, page.ink("soft")), *((span.text, page.ink("text")) for span in line)]
