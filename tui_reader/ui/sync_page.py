"""How each followed category and its last announcements stand, as a page."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from tui_reader import sync, taxonomy
from tui_reader.calendar import next_after, next_in_words
from tui_reader.store import Known
from tui_reader.text import Mode, Span, wrap
from tui_reader.ui.lines import Lines, Piece

RECENT = 8  # days that are told of though nothing is wrong with them
WIDEST = 100


def layout(
    page: Lines, ledger: Sequence[Known], following: sync.Following, now: datetime
) -> Iterator[list[Piece]]:
    """Yield the lines of the page for the widget's width."""
    plain, text = page.mode is Mode.ASCII, page.ink("text")
    due = sync.next_due(ledger, following, now)
    yield [(" Sync", page.ink("title"))]
    next_ = f"Nothing can be new before {next_in_words(now)}."
    if due <= now:
        next_ = "Something is due now."
    elif due < next_after(now):
        next_ = f"Something is asked for again {due.astimezone():%A %H:%M}. {next_}"
    yield from _wrapped(page, "", next_)
    weeks = sync.weeks(ledger, following, now)
    for category, cells in sync.wanted(ledger, following, now).items():
        yield []
        yield [(f" {category}", page.ink("title")), (f"  {taxonomy.name_of(category)}", text)]
        yield [(f"   {sync.mondays(weeks[category])}", page.ink("dim"))]
        yield [(f"   {sync.drawn(weeks[category], plain=plain)}", page.ink("accent"))]
        for number, cell in enumerate(cells):
            state = sync.state_of(cell)
            if number >= RECENT and state.settled:
                continue
            said = f"{state}, {cell.stored:,} entries" if cell.stored else state
            if not state.settled:
                said = f"{said}. {cell.said} {sync.asked_again(cell, now)}"
            yield from _wrapped(page, f"{cell.announced:%a %d %b}", said)
    yield []
    yield from _wrapped(page, "", sync.legend(weeks, plain=plain))


def _wrapped(page: Lines, head: str, text: str) -> Iterator[list[Piece]]:
    indent = len(head) + 4 if head else 3
    lines = wrap([Span(text.strip())], max(10, min(page.size.width, WIDEST) - indent - 1))
    for number, line in enumerate(lines):
        start = f"   {head} " if head and not number else " " * indent
        yield [(start, page.ink("soft")), *((span.text, page.ink("text")) for span in line)]
