"""The help page: keys, filter language, files. Everything on it comes from where it is defined."""

from collections.abc import Iterator

from textual import events
from textual.app import ComposeResult
from textual.screen import ModalScreen
from textual.strip import Strip

from tui_reader import actions, query
from tui_reader.config import Paths
from tui_reader.text import Mode, Span, cells, wrap
from tui_reader.ui import rows
from tui_reader.ui.keys import name_of
from tui_reader.ui.lines import Lines, Piece, strip, styled

_KEYS = 22  # cells for the column of keys, where there is room


class HelpText(Lines):
    """The page itself, wrapped to the screen and scrolled by lines."""

    def __init__(self, paths: Paths, mode: Mode) -> None:
        super().__init__(mode)
        self.top = 0
        self.page = list(_page(paths))
        self._lines: list[list[Piece]] = []

    def scroll(self, lines: int) -> None:
        self.top = max(0, min(self.top + lines, len(self._lines) - self.size.height + 1))
        self.refresh()

    def on_resize(self) -> None:
        self._lines = [line for entry in self.page for line in self._laid_out(*entry)]
        self.scroll(0)

    def _laid_out(self, key: str, text: str) -> Iterator[list[Piece]]:
        """Yield the lines of an entry: the key beside what it does, or a heading."""
        if not text:
            yield [(f" {key}", self.ink("title"))]
            return
        column = min(_KEYS, self.size.width // 3)
        first = f"  {key}"
        if cells(first) >= column:
            yield [(first, self.ink("star"))]
            first = ""
        for line in wrap((Span(text),), max(1, self.size.width - column - 1)):
            yield [(first.ljust(column), self.ink("star")), *styled(line)]
            first = ""

    def line(self, y: int) -> Strip:
        base, width = self.base, self.size.width
        if y == self.size.height - 1:
            return strip(width, base, [(" j k scroll   Esc back", self.ink("dim"))])
        at = self.top + y
        return strip(width, base, self._lines[at] if at < len(self._lines) else [])


class HelpScreen(ModalScreen[None]):
    """Help over the main screen; it goes away with Esc, q or ?."""

    def __init__(self, paths: Paths, mode: Mode) -> None:
        super().__init__()
        self.paths = paths
        self.mode = mode

    def compose(self) -> ComposeResult:
        yield HelpText(self.paths, self.mode)

    def on_key(self, event: events.Key) -> None:
        event.stop()
        event.prevent_default()
        page = self.query_one(HelpText)
        height = page.size.height - 2
        match name_of(event):
            case "j" | "Down" | "J":
                page.scroll(1)
            case "k" | "Up" | "K":
                page.scroll(-1)
            case "Space" | "PageDown" | "Ctrl-f" | "Ctrl-d":
                page.scroll(height)
            case "PageUp" | "Ctrl-b" | "Ctrl-u":
                page.scroll(-height)
            case "G" | "End":
                page.scroll(1_000_000)
            case "g" | "Home":
                page.scroll(-1_000_000)
            case "Esc" | "q" | "?" | "Enter" | "F1" | "Ctrl-c":
                self.dismiss()

    def on_mouse_scroll_down(self) -> None:
        self.query_one(HelpText).scroll(3)

    def on_mouse_scroll_up(self) -> None:
        self.query_one(HelpText).scroll(-3)


def _page(paths: Paths) -> Iterator[tuple[str, str]]:
    """Yield the lines of the page: a key and what it does, or a heading and nothing."""
    for group, found in actions.grouped().items():
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
    yield "Stars and marks", str(paths.data)
    yield "Papers (can be deleted)", str(paths.cache)
