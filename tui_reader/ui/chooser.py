"""A list to choose from, over the main screen: type to narrow it, Enter to take."""

from collections.abc import Sequence
from typing import NamedTuple

from textual import events
from textual.app import ComposeResult
from textual.screen import ModalScreen
from textual.strip import Strip

from tui_reader.text import Mode, clean, fold
from tui_reader.ui.bars import TypedLine
from tui_reader.ui.editing import Typed
from tui_reader.ui.keys import name_of
from tui_reader.ui.lines import Piece, strip


class Choice(NamedTuple):
    """One line to choose."""

    name: str
    detail: str = ""
    """Shown at the right."""


class ChooserList(TypedLine):
    """The question, what was typed, and the choices it leaves."""

    typing = True

    def __init__(
        self, question: str, choices: Sequence[Choice], mode: Mode, marked: set[int] | None
    ) -> None:
        super().__init__(mode)
        self.marked = marked
        self.question = question
        self.choices = choices
        self._folded = [fold(f"{choice.name} {choice.detail}") for choice in choices]
        self.left = list(range(len(choices)))
        """The indices of the choices that match what was typed."""
        self.cursor = 0
        self.top = 0

    def narrow(self, typed: Typed) -> None:
        """Keep the choices that hold every word typed; first those that hold them in a row."""
        phrase = fold(typed.text).strip()
        words = phrase.split()
        self.left = [
            index
            for index, folded in enumerate(self._folded)
            if all(word in folded for word in words)
        ]
        self.left.sort(key=lambda index: phrase not in self._folded[index])
        self.cursor = 0
        self.top = 0
        self.set(typed)

    def move(self, by: int) -> None:
        self.cursor = max(0, min(self.cursor + by, len(self.left) - 1))
        height = max(1, self.size.height - 2)
        self.top = max(min(self.top, self.cursor), self.cursor - height + 1)
        self.refresh()

    def line(self, y: int) -> Strip:
        base, width = self.base, self.size.width
        if y == 0:
            asked: list[Piece] = [(f" {self.question}: ", self.ink("title"))]
            count = f"{len(self.left):,} of {len(self.choices):,} "
            return strip(width, base, asked + self.pieces(width // 2), [(count, self.ink("soft"))])
        if y == self.size.height - 1:
            hint = " type to narrow   Up Down move   Enter take   Esc back"
            if self.marked is not None:
                hint = f" type to narrow   Tab mark   Enter take {len(self.marked):,}   Esc back"
            return strip(width, base, [(hint, self.ink("dim"))])
        at = self.top + y - 1
        if at >= len(self.left):
            return strip(width, base, [])
        choice = self.choices[self.left[at]]
        bar = "▌" if at == self.cursor else " "
        if self.marked is not None:
            bar += " [x]" if self.left[at] in self.marked else " [ ]"
        if at == self.cursor:
            base += self.ground("panel")
        left = [(bar, self.ink("title")), (f" {choice.name}", self.ink("text"))]
        return strip(width, base, left, [(f"  {choice.detail} ", self.ink("dim"))])


class Chooser(ModalScreen[int | None]):
    """Ends with the index of the choice that was taken, or None.

    Where choices can be `marked`, Tab marks one or no longer; Enter does where Tab never did.
    """

    def __init__(
        self,
        question: str,
        choices: Sequence[Choice],
        mode: Mode,
        marked: set[int] | None = None,
    ) -> None:
        super().__init__()
        self.marked = set(marked or ())
        self._before = frozenset(self.marked)
        self._list = ChooserList(question, choices, mode, None if marked is None else self.marked)

    def _mark(self) -> None:
        if self._list.left:
            self.marked ^= {self._list.left[self._list.cursor]}

    def _take(self) -> None:
        if self.marked == self._before:
            self._mark()
        self.dismiss(self._list.left[self._list.cursor] if self._list.left else None)

    def compose(self) -> ComposeResult:
        yield self._list

    def on_key(self, event: events.Key) -> None:
        event.stop()
        event.prevent_default()
        shown = self._list
        character = event.character if event.is_printable else None
        match key := name_of(event):
            case "Esc" | "Ctrl-c":
                self.dismiss(None)
            case "Tab" if shown.marked is not None:
                self._mark()
                shown.move(1)
            case "Enter":
                self._take()
            case "Down" | "Ctrl-n":
                shown.move(1)
            case "Up" | "Ctrl-p":
                shown.move(-1)
            case "PageDown":
                shown.move(shown.size.height)
            case "PageUp":
                shown.move(-shown.size.height)
            case _:
                typed = shown.typed.key(key, character)
                if typed and typed.text != shown.typed.text:
                    shown.narrow(typed)
                elif typed:
                    shown.set(typed)

    def on_paste(self, event: events.Paste) -> None:
        event.stop()
        self._list.narrow(self._list.typed.inserted(clean(event.text)))

    def on_click(self, event: events.Click) -> None:
        at = self._list.top + event.y - 1
        if 1 <= event.y <= self._list.size.height - 2 and at < len(self._list.left):
            self.dismiss(self._list.left[at])
