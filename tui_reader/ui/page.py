"""A page of text over the main screen, scrolled by whole lines."""

from collections.abc import Callable, Iterable, Sequence

from textual import events
from textual.app import ComposeResult
from textual.screen import ModalScreen
from textual.strip import Strip

from tui_reader.text import Mode
from tui_reader.ui.keys import name_of
from tui_reader.ui.lines import Lines, Piece, strip

Layout = Callable[[Lines], Iterable[list[Piece]]]
"""Lays the page out for the widget's width and inks, line by line."""


def inked(draw: Callable[[int], Iterable[list[tuple[str, str]]]]) -> Layout:
    """Return the layout of texts with the names of their inks, drawn for a width."""

    def layout(page: Lines) -> Iterable[list[Piece]]:
        for line in draw(page.size.width):
            yield [(text, page.ink(ink or "text")) for text, ink in line]

    return layout


class PageText(Lines):
    """The page itself."""

    def __init__(self, layout: Layout, mode: Mode) -> None:
        super().__init__(mode)
        self.top = 0
        self._layout = layout
        self._lines: Sequence[list[Piece]] = ()

    def scroll(self, lines: int) -> None:
        self.top = max(0, min(self.top + lines, len(self._lines) - self.size.height + 1))
        self.refresh()

    def on_resize(self) -> None:
        self._lines = list(self._layout(self))
        self.scroll(0)

    def line(self, y: int) -> Strip:
        base, width = self.base, self.size.width
        if y == self.size.height - 1:
            whole = len(self._lines)
            part = f"{100 * (self.top + y) // whole}% " if whole > y else ""
            keys = [(" j k scroll   Esc back", self.ink("dim"))]
            return strip(width, base, keys, [(part, self.ink("dim"))])
        at = self.top + y
        return strip(width, base, self._lines[at] if at < len(self._lines) else [])


class PageScreen(ModalScreen[None]):
    """Shows a page until Esc, q, or the key that opened it."""

    def __init__(self, layout: Layout, mode: Mode, key: str) -> None:
        super().__init__()
        self._text = PageText(layout, mode)
        self._key_pressed = key

    def compose(self) -> ComposeResult:
        yield self._text

    def on_key(self, event: events.Key) -> None:
        event.stop()
        event.prevent_default()
        page = self._text
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
            case "Esc" | "q" | "Enter" | "Ctrl-c":
                self.dismiss()
            case other if other == self._key_pressed:
                self.dismiss()

    def on_mouse_scroll_down(self) -> None:
        self._text.scroll(3)

    def on_mouse_scroll_up(self) -> None:
        self._text.scroll(-3)
