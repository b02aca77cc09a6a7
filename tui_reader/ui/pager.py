"""A page of text over the screen: scrolled and searched as in less."""

from collections.abc import Iterable

from textual.geometry import Offset
from textual.strip import Strip

from tui_reader.text import Mode
from tui_reader.ui.inks import PageLayout, Piece, found_in
from tui_reader.ui.line_edit import Typed, scrolled
from tui_reader.ui.line_widget import OverScreen, Text

FAR = 1_000_000


class Pager(Text, OverScreen):
    """Shows a page of text until Esc, q, or the key that opened it.

    `/` searches; while a search is on, n and N go through what it found, and Esc ends it.
    """

    def __init__(self, layout: PageLayout, mode: Mode, key: str) -> None:
        super().__init__(mode)
        self._layout_for = layout
        self._opened_by = key
        self._typed: Typed | None = None
        """What is sought, while it is typed."""
        self._sought = ""

    @property
    def focus_at(self) -> Offset:
        """Where the place of typing is, or the top of the page."""
        return Offset() if self._typed is None else self.caret

    def lay_out(self) -> Iterable[list[Piece]]:
        return self._layout_for(self.size.width)

    @property
    def fitting(self) -> int:
        return max(1, self.size.height - 1)

    def line(self, y: int) -> Strip:
        at = self.top + y
        if y == self.fitting:
            return self._foot(at)
        line = self.laid_out[at] if at < len(self.laid_out) else []
        pieces = (found_in(text, ink, self._sought) for text, ink in line)
        return self.strip([piece for some in pieces for piece in some])

    def _foot(self, at: int) -> Strip:
        whole = len(self.laid_out)
        part = f"{100 * at // whole}% " if whole > self.fitting else ""
        if self._typed is not None:
            text, caret = self._typed
            after = text[caret + 1 :]
            typed = [
                (text[:caret], "text"),
                (text[caret : caret + 1] or " ", "caret"),
                (after, "text"),
            ]
            return self.strip([(" /", "title"), *typed])
        if self._sought:
            count = len(self._found())
            lines = "1 line" if count == 1 else f"{count:,} lines" if count else "No line"
            keys = f"{'   n N next' * (count > 1)}   Esc ends it"
            return self.strip(
                [(f" {lines} with {self._sought}", "soft"), (keys, "dim")], [(part, "dim")]
            )
        return self.strip([(" j k scroll   / search   Esc back", "dim")], [(part, "dim")])

    def _found(self) -> list[int]:
        """Return the lines that hold what is sought."""
        return [
            number
            for number, pieces in enumerate(self.laid_out)
            if any(self._sought in text.casefold() for text, _ in pieces)
        ]

    def _go_to_next(self, way: int) -> None:
        """Go to the next line that was found, or the one before; after the last, to the first."""
        found = self._found()
        if way > 0:
            after = [line for line in found if line > self.top]
        else:
            after = [line for line in reversed(found) if line < self.top]
        if after or found:
            self.scroll((after or found[::way])[0] - self.top)
        self.refresh()

    def press(self, key: str, character: str | None) -> None:
        """Scroll, search or close."""
        if self._typed is not None:
            self._press_typing(key, character)
            return
        if (lines := scrolled(key, self.fitting)) is not None:
            self.scroll(lines)
            return
        match key:
            case "G" | "End":
                self.scroll(FAR)
            case "g" | "Home":
                self.scroll(-FAR)
            case "/":
                self._type(Typed())
            case "n" | "N" if self._sought:
                self._go_to_next(1 if key == "n" else -1)
            case "Esc" if self._sought:
                self._sought = ""
                self.refresh()
            case "Esc" | "q" | "Enter" | "Ctrl-c" | self._opened_by:
                self.screen.dismiss()

    def _press_typing(self, key: str, character: str | None) -> None:
        assert self._typed is not None
        if key in ("Enter", "Ctrl-j"):
            self._sought = self._typed.text.casefold().strip()
            self._type(None)
            if self._sought and self.top not in self._found():
                self._go_to_next(1)
        elif key in ("Esc", "Ctrl-c"):
            self._type(None)
        elif typed := self._typed.key(key, character):
            self._type(typed)

    def _type(self, typed: Typed | None) -> None:
        self._typed = typed
        self.refresh()

    def paste(self, text: str) -> None:
        """Take a pasted text for typed, where one is."""
        if self._typed is not None:
            self._type(self._typed.inserted(text))
