"""The help page: keys, filter language, files. Everything on it comes from where it is defined."""

from collections.abc import Iterator

from rich.style import Style as RichStyle
from textual import events
from textual.app import ComposeResult
from textual.screen import ModalScreen
from textual.strip import Strip

from tui_reader import actions, query
from tui_reader.config import Paths
from tui_reader.ui import rows
from tui_reader.ui.keys import name_of
from tui_reader.ui.lines import NO_STYLE, Lines, Piece, strip

_KEYS = 22  # cells for the column of keys


class HelpText(Lines):
    """The page itself, scrolled by whole lines."""

    COMPONENT_CLASSES = {"helptext--heading", "helptext--key", "helptext--hint"}

    def __init__(self, paths: Paths) -> None:
        super().__init__()
        self.top = 0
        self.text = list(_page(paths))

    def scroll(self, lines: int) -> None:
        self.top = max(0, min(self.top + lines, len(self.text) - self.size.height + 1))
        self.refresh()

    def line(self, y: int) -> Strip:
        base, width = self.rich_style, self.size.width
        if y == self.size.height - 1:
            hint = " j k scroll   Esc back "
            return strip(width, base, [(hint, self.style("hint"))])
        at = self.top + y
        if at >= len(self.text):
            return Strip.blank(width, base)
        key, text = self.text[at]
        if not text:
            return strip(width, base, [(f" {key}", self.style("heading"))])
        column = min(_KEYS, width // 3)
        pieces: list[Piece] = [
            (f"  {key}".ljust(column) + " ", self.style("key")),
            (text, NO_STYLE if width else RichStyle()),
        ]
        return strip(width, base, pieces)


class HelpScreen(ModalScreen[None]):
    """Help over the main screen; it goes away with Esc, q or ?."""

    def __init__(self, paths: Paths) -> None:
        super().__init__()
        self.paths = paths

    def compose(self) -> ComposeResult:
        yield HelpText(self.paths)

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
                page.scroll(len(page.text))
            case "g" | "Home":
                page.scroll(-len(page.text))
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
