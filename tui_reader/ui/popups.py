"""What opens over the main screen and closes again: a page of text, a list to choose from."""

from collections.abc import Iterable, Sequence

from textual import events
from textual.app import ComposeResult
from textual.geometry import Offset
from textual.reactive import reactive
from textual.screen import ModalScreen
from textual.strip import Strip

from tui_reader.text import Mode, clean, fold
from tui_reader.ui.bars import TypedLine
from tui_reader.ui.inks import SELECTED, PageLayout, Piece
from tui_reader.ui.line_edit import Typed, pressed
from tui_reader.ui.line_widget import Text

Choice = tuple[str, str]
"""A name, and what stands at its right."""
FAR = 1_000_000


class Popup(ModalScreen[int | None]):
    """Shows one widget, which takes the keys and dismisses its screen."""

    def __init__(self, shown: "Page | Chooser") -> None:
        super().__init__()
        self._shown = shown

    def compose(self) -> ComposeResult:
        yield self._shown

    @property
    def focus_at(self) -> Offset:
        """Where the terminal's own cursor belongs."""
        return self._shown.region.offset + self._shown.focus_at

    def on_key(self, event: events.Key) -> None:
        if found := pressed(self, event):
            self._shown.press(*found)

    def on_paste(self, event: events.Paste) -> None:
        event.stop()
        if isinstance(self._shown, Chooser):
            self._shown.paste(clean(event.text))


class Page(Text):
    """A page of text until Esc, q, or the key that opened it."""

    def __init__(self, layout: PageLayout, mode: Mode, key: str) -> None:
        super().__init__(mode)
        self._layout_for = layout
        self._opened_by = key
        self.focus_at = Offset()

    def lay_out(self) -> Iterable[list[Piece]]:
        return self._layout_for(self.size.width)

    @property
    def page(self) -> int:
        return self.size.height - 1

    def line(self, y: int) -> Strip:
        if y == self.page:
            whole = len(self.laid_out)
            part = f"{100 * (self.top + y) // whole}% " if whole > y else ""
            return self.strip([(" j k scroll   Esc back", "dim")], [(part, "dim")])
        at = self.top + y
        return self.strip(self.laid_out[at] if at < len(self.laid_out) else [])

    def press(self, key: str, _: str | None) -> None:
        match key:
            case "j" | "Down" | "J":
                self.scroll(1)
            case "k" | "Up" | "K":
                self.scroll(-1)
            case "Space" | "PageDown" | "Ctrl-f" | "Ctrl-d":
                self.scroll(self.page - 1)
            case "PageUp" | "Ctrl-b" | "Ctrl-u":
                self.scroll(1 - self.page)
            case "G" | "End":
                self.scroll(FAR)
            case "g" | "Home":
                self.scroll(-FAR)
            case "Esc" | "q" | "Enter" | "Ctrl-c" | self._opened_by:
                self.screen.dismiss()


class Chooser(TypedLine):
    """A question, what was typed, and the choices it leaves.

    Ends with the index of the choice that was taken, or None. Where choices can be `marked`, Tab
    marks one or no longer; Enter does where Tab never did.
    """

    typing = reactive(True)
    cursor = top = 0

    def __init__(
        self,
        question: str,
        choices: Sequence[Choice],
        mode: Mode,
        marked: Iterable[int] | None = None,
        at: int = 0,
    ) -> None:
        super().__init__(mode)
        self.cursor = at
        self.question = question
        self.choices = choices
        self.marked = set(marked or ())
        self._before = None if marked is None else set(self.marked)
        self._folded = [fold(f"{name} {detail}") for name, detail in choices]
        self._moved = False
        """Whether the last key moved the cursor, so that it did not type."""
        self._left = list(range(len(choices)))
        """The indices of the choices that match what was typed."""

    @property
    def focus_at(self) -> Offset:
        """Where the place of typing is, or after a move the choice under the cursor."""
        return Offset(0, self.cursor - self.top + 1) if self._moved and self._left else self.caret

    def press(self, key: str, character: str | None) -> None:
        match key:
            case "Esc" | "Ctrl-c":
                self.screen.dismiss(None)
            case "Tab" if self._before is not None:
                self._mark()
                self._move(1)
            case "Enter":
                if self.marked == self._before:
                    self._mark()
                self.screen.dismiss(self._left[self.cursor] if self._left else None)
            case "Down" | "Ctrl-n":
                self._move(1)
            case "Up" | "Ctrl-p":
                self._move(-1)
            case "PageDown":
                self._move(self.size.height)
            case "PageUp":
                self._move(-self.size.height)
            case _:
                if typed := self.typed.key(key, character):
                    self._narrow(typed)

    def paste(self, text: str) -> None:
        self._narrow(self.typed.inserted(text))

    def on_click(self, event: events.Click) -> None:
        at = self.top + event.y - 1
        if 1 <= event.y <= self.size.height - 2 and at < len(self._left):
            self.screen.dismiss(self._left[at])

    def on_resize(self) -> None:
        self._move(0)

    def _mark(self) -> None:
        if self._left:
            self.marked ^= {self._left[self.cursor]}

    def _narrow(self, typed: Typed) -> None:
        """Keep the choices that hold every word typed; first those that hold them in a row."""
        if typed.text != self.typed.text:
            phrase = fold(typed.text).strip()
            fits = [
                (phrase not in folded, index)
                for index, folded in enumerate(self._folded)
                if all(word in folded for word in phrase.split())
            ]
            self._left = [index for _, index in sorted(fits)]
            self.cursor = self.top = 0
        self.typed = typed
        self._moved = False

    def _move(self, by: int) -> None:
        self._moved = by != 0
        self.cursor = max(0, min(self.cursor + by, len(self._left) - 1))
        height = max(1, self.size.height - 2)
        self.top = max(min(self.top, self.cursor), self.cursor - height + 1)
        self.refresh()

    def line(self, y: int) -> Strip:
        if y == 0:
            count = f"{len(self._left):,} of {len(self.choices):,} "
            asked = (f" {self.question}: ", "title")
            return self.strip([asked, *self.pieces(self.size.width // 2)], [(count, "soft")])
        if y == self.size.height - 1:
            hint = " type to narrow   Up Down move   Enter take   Esc back"
            if self._before is not None:
                hint = f" type to narrow   Tab mark   Enter take {len(self.marked):,}   Esc back"
            return self.strip([(hint, "dim")])
        at = self.top + y - 1
        if at >= len(self._left):
            return self.strip([])
        name, detail = self.choices[self._left[at]]
        here = at == self.cursor
        bar = "▌" if here else " "
        if self._before is not None:
            bar += " [x]" if self._left[at] in self.marked else " [ ]"
        left = [(bar, "title"), (f" {name}", "text")]
        return self.strip(left, [(f"  {detail} ", "dim")], ground=SELECTED if here else "")
