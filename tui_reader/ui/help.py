"""What the help page says; everything on it comes from where it is defined."""

from collections.abc import Iterable, Iterator

from tui_reader import query
from tui_reader.actions import TYPING, Action, Group, grouped
from tui_reader.config import Paths
from tui_reader.text import Span, cells, wrap
from tui_reader.ui import rows
from tui_reader.ui.lines import Piece, styled

_KEYS = 22  # cells for the column of keys, where there is room


Entry = tuple[str, str]
"""A key, or what else is typed, and what it does; or a heading and nothing."""


def layout(width: int, entries: Iterable[Entry]) -> Iterator[list[Piece]]:
    """Yield the lines of a help page."""
    column = min(_KEYS, width // 3)
    for key, text in entries:
        if not text:
            yield [(f" {key}", "title")]
            continue
        first = f"  {key}"
        if cells(first) >= column:
            yield [(first, "star")]
            first = ""
        for line in wrap((Span(text),), max(1, width - column - 1)):
            yield [(first.ljust(column), "star"), *styled(line)]
            first = ""


def while_typing() -> Iterator[Entry]:
    """Yield what to know while typing a filter."""
    yield from _language()
    yield from _keys(Group.TYPING, TYPING)


def everything(paths: Paths, offered: Iterable[Action]) -> Iterator[Entry]:
    """Yield what there is to know: the keys, the filter language, the files."""
    for group, found in grouped(offered).items():
        yield from _keys(group, found)
    yield "A number before a key repeats it: 5j goes five papers down.", ""
    yield "", ""
    yield "Signs", ""
    yield rows.UNREAD, "unread"
    yield rows.STAR, "starred"
    yield rows.SKIPPED, "skipped"
    yield "", ""
    yield from _language()
    yield "Files", ""
    yield from paths.told().items()


def _language() -> Iterator[Entry]:
    yield "Filter language", ""
    for typed, meaning, example in query.SYNTAX:
        yield example if typed.endswith(":") else typed, meaning
    yield "", ""


def _keys(heading: str, found: Iterable[Action]) -> Iterator[Entry]:
    yield heading, ""
    for action in found:
        yield ", ".join(action.keys), action.help
    yield "", ""
