"""What the help page says; everything on it comes from where it is defined."""

from collections.abc import Iterable, Iterator

from tui_reader import query
from tui_reader.actions import Action, grouped
from tui_reader.config import Paths
from tui_reader.text import Span, cells, clean, wrap
from tui_reader.ui import rows
from tui_reader.ui.lines import Lines, Piece, styled

_KEYS = 22  # cells for the column of keys, where there is room


def layout(page: Lines, paths: Paths, offered: Iterable[Action]) -> Iterator[list[Piece]]:
    """Yield the lines of the help page: the key beside what it does, or a heading."""
    width = page.size.width
    column = min(_KEYS, width // 3)
    for key, text in _entries(paths, offered):
        if not text:
            yield [(f" {key}", page.ink("title"))]
            continue
        first = f"  {key}"
        if cells(first) >= column:
            yield [(first, page.ink("star"))]
            first = ""
        for line in wrap((Span(text),), max(1, width - column - 1)):
            yield [(first.ljust(column), page.ink("star")), *styled(line)]
            first = ""


def _entries(paths: Paths, offered: Iterable[Action]) -> Iterator[tuple[str, str]]:
    """Yield a key and what it does, or a heading and nothing."""
    for group, found in grouped(offered).items():
        yield group.value, ""
        for action in found:
            yield ", ".join(action.keys), action.help
        yield "", ""
    yield "A number before a key repeats it: 5j goes five papers down.", ""
    yield "", ""
    yield "Signs", ""
    yield rows.UNREAD, "unread"
    yield rows.STAR, "starred"
    yield rows.SKIPPED, "skipped"
    yield "", ""
    yield "Filter language", ""
    for typed, meaning, example in query.SYNTAX:
        yield example if typed.endswith(":") else typed, meaning
    yield "", ""
    yield "Files", ""
    yield "Stars and marks", clean(str(paths.data))
    yield "Papers (can be deleted)", clean(str(paths.cache))
    yield "Settings", clean(str(paths.config / "config.toml"))
