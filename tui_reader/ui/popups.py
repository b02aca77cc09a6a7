"""What opens over the main screen and closes again: a page of text, a question, choices."""

import re
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from textual import events
from textual.app import ComposeResult
from textual.geometry import Offset, Size
from textual.reactive import reactive
from textual.screen import ModalScreen
from textual.strip import Strip

from tui_reader.text import Mode, Span, cells, clean, fold, wrap
from tui_reader.ui.bars import TypedLine
from tui_reader.ui.inks import SELECTED, Piece, styled, width_of
from tui_reader.ui.line_edit import SUSPEND, Typed, pressed
from tui_reader.ui.line_widget import OverScreen
from tui_reader.ui.terminal.painter import Painter

Choice = Sequence[str]
"""A name, and what is said of it: each has a column."""
MARGIN = 2  # cells that stay free around a panel
LEAST_COLUMN = 8  # cells of a column of choices without which it is left out
MOST_BELOW = 4  # lines that tell what is cut in a line of choices


class Popup(ModalScreen[Any]):
    """Shows one widget, which takes the keys and dismisses its screen."""

    def __init__(self, shown: OverScreen) -> None:
        super().__init__()
        self._compositor = Painter()
        self._shown = shown

    def compose(self) -> ComposeResult:
        self._fit(self.app.size)
        yield self._shown

    def on_resize(self, event: events.Resize) -> None:
        self._fit(event.size)

    def _fit(self, size: Size) -> None:
        """Give a panel the room its content needs, as far as there is any."""
        if isinstance(self._shown, Chooser | Prompt):
            width = self._shown.columns
            # Where it would be beside the panel, nothing is left of the screen to look odd there.
            width = width if width <= size.width - 2 * MARGIN else size.width
            self._shown.styles.width = width
            lines = self._shown.lay_out(width)
            self._shown.styles.height = max(2, min(lines, size.height - MARGIN))

    @property
    def focus_at(self) -> Offset:
        """Where the terminal's own cursor belongs."""
        return self._shown.region.offset + self._shown.focus_at

    def on_key(self, event: events.Key) -> None:
        found = pressed(self, event)
        if found and found[0] == SUSPEND:
            self.app.action_suspend_process()
        elif found:
            self._shown.press(*found)

    def on_paste(self, event: events.Paste) -> None:
        event.stop()
        self._shown.paste(clean(event.text))


class Prompt(TypedLine):
    """A question and the answer typed so far; ends with the answer, or None.

    Where answers are parted by commas, those `known` are shown, and may be completed.
    """

    typing = reactive(True)

    def __init__(
        self, question: str, text: str, known: Sequence[str], mode: Mode, problem: str = ""
    ) -> None:
        super().__init__(mode)
        self.question = question
        self._known = known
        self._problem = problem
        self.typed = Typed.of(text)

    @property
    def columns(self) -> int:
        """How many columns its content takes."""
        return max(64, cells(self.question) + 4, cells(self._problem) + 4)

    def lay_out(self, _: int) -> int:
        """Return how many lines it takes in so many columns."""
        return 3 + bool(self._known)

    @property
    def focus_at(self) -> Offset:
        """Where the place of typing is."""
        return self.caret

    @property
    def _offered(self) -> list[str]:
        """What the last of the answers may become, of what is not among them yet."""
        *given, begun = (part.strip() for part in self.typed.text.split(","))
        return [text for text in self._known if text.startswith(begun) and text not in given]

    @property
    def _completed(self) -> str:
        """What Tab makes of the last of the answers."""
        begun = self.typed.text.rpartition(",")[2].strip()
        return next((text for text in self._offered if begun and text != begun), "")

    def press(self, key: str, character: str | None) -> None:
        match key:
            case "Esc" | "Ctrl-c":
                self.screen.dismiss(None)
            case "Enter" | "Ctrl-j":
                self.screen.dismiss(self.typed.text)
            case "Tab" if self._completed:
                kept = self.typed.text.rpartition(",")[0]
                self._edit(Typed.of(f"{kept}, {self._completed}, ".removeprefix(", ")))
            case _:
                if typed := self.typed.key(key, character):
                    self._edit(typed)

    def paste(self, text: str) -> None:
        self._edit(self.typed.inserted(text))

    def _edit(self, typed: Typed) -> None:
        self.typed, self._problem = typed, ""

    def line(self, y: int) -> Strip:
        if y == 0:
            return self.strip([(f" {self.question}", "title")], ground=SELECTED)
        if y == 1:
            return self.strip([(" ", ""), *self.pieces(self.size.width - 2)])
        if y == 2 and self._known:
            return self.strip([(f" {'  '.join(f'#{name}' for name in self._offered)}", "soft")])
        if self._problem:
            return self.strip([(f" {self._problem}", "error")])
        return self.strip([(" ", ""), *self._keys()])

    def _keys(self) -> list[Piece]:
        keys = [*keyed("Enter", "keeps it"), *keyed("Esc", "back")]
        return keys + keyed("Tab", self._completed or "completes") if self._known else keys


class Confirmation(Prompt):
    """A question that one key answers; ends with whether it was y."""

    def press(self, key: str, character: str | None) -> None:
        if key in ("y", "Y"):
            self.screen.dismiss(True)
        elif key in ("n", "N", "q", "Enter", "Esc", "Ctrl-c"):
            self.screen.dismiss(False)

    def paste(self, text: str) -> None:
        """A pasted y answers nothing."""

    def lay_out(self, _: int) -> int:
        return 2

    @property
    def focus_at(self) -> Offset:
        return Offset()

    def line(self, y: int) -> Strip:
        if y == 0:
            return super().line(y)
        return self.strip([(" ", ""), *keyed("y", "yes"), *keyed("n", "no")])


class CommandPrompt(Prompt):
    """A question that a command line answers: with those given earlier, and Tab for programs."""

    def __init__(
        self,
        question: str,
        earlier: Sequence[str],
        programs: Sequence[str],
        advice: str,
        mode: Mode,
    ) -> None:
        super().__init__(question, "", programs, mode)
        self._earlier = earlier
        self._advice = advice
        self._at = -1
        """Which of those earlier is shown."""

    @property
    def columns(self) -> int:
        return max(76, cells(self._advice) + 4)

    def lay_out(self, _: int) -> int:
        return 4

    @property
    def _begun(self) -> str:
        """The name of a program that is being typed: the first word, or the one after a bar."""
        *_, begun = re.split(r"[|:;&]\s*", self.typed.text)
        return begun

    @property
    def _completed(self) -> str:
        begun = self._begun
        fits = (name for name in self._known if name.startswith(begun) and name != begun)
        return next(fits, "") if begun and " " not in begun else ""

    def press(self, key: str, character: str | None) -> None:
        match key:
            case "Tab":
                if completed := self._completed:
                    self._edit(self.typed.inserted(completed.removeprefix(self._begun) + " "))
            case "Up" | "Ctrl-p":
                self._recall(1)
            case "Down" | "Ctrl-n":
                self._recall(-1)
            case _:
                super().press(key, character)

    def _recall(self, step: int) -> None:
        self._at = max(-1, min(self._at + step, len(self._earlier) - 1))
        self._edit(Typed.of(self._earlier[self._at] if self._at >= 0 else ""))

    def line(self, y: int) -> Strip:
        if y == 2 and not self._problem:
            return self.strip([(f" {self._advice}", "soft")])
        return super().line(y)

    def _keys(self) -> list[Piece]:
        earlier = keyed("Up", "earlier") if self._earlier else []
        completed = keyed("Tab", self._completed) if self._completed else []
        return [*keyed("Enter", "runs it"), *keyed("Esc", "back"), *earlier, *completed]


def keyed(key: str, does: str) -> list[Piece]:
    """Return a key and what it does, as in the footer."""
    return [(key, "title"), (f" {does}  ", "soft")]


class Chooser(TypedLine):
    """A question, what was typed, and the choices it leaves.

    Ends with the index of the choice that was taken, or None. Where choices can be `marked`, Tab
    marks one or no longer; Enter does where Tab never did. `preview` is told of each choice that
    the cursor comes to, and at the end None. Where they are `numbered`, a digit takes one of the
    first nine while nothing is typed.
    """

    typing = reactive(True)
    cursor = top = 0

    def __init__(
        self,
        question: str,
        choices: Sequence[Choice],
        mode: Mode,
        *,
        enter: str = "takes",
        marked: Iterable[int] | None = None,
        at: int = 0,
        preview: Callable[[int | None], None] | None = None,
        numbered: bool = False,
    ) -> None:
        super().__init__(mode)
        self.cursor = at
        self.question = question
        self.choices = choices
        self.marked = set(marked or ())
        self._enter = enter
        self._preview = preview
        self._numbered = numbered
        self._before = None if marked is None else set(self.marked)
        self._folded = [fold(" ".join(choice)) for choice in choices]
        self._widths = [max(map(cells, column)) for column in zip(*choices, strict=True)]
        self._below = 0
        """For how many lines there is room below the choices."""
        self._moved = False
        """Whether the last key moved the cursor, so that it did not type."""
        self._left = list(range(len(choices)))
        """The indices of the choices that match what was typed."""

    @property
    def columns(self) -> int:
        """How many columns its content takes."""
        return max(50, self._start(len(self._widths)) - 1)

    def lay_out(self, width: int) -> int:
        """Return how many lines it takes in so many columns.

        Where a choice is cut there, the one under the cursor is told in full below all of them.
        """
        told = [self._details(choice, width) for choice in self.choices if self.columns > width]
        self._below = min(MOST_BELOW, max(map(len, told), default=0))
        return len(self.choices) + 2 + self._below

    def _start(self, column: int) -> int:
        """Return in which cell a column starts."""
        marks = 2 * self._numbered if self._before is None else 4
        return 2 + marks + sum(self._widths[:column]) + 2 * column

    @property
    def _page(self) -> int:
        """How many choices are shown at once."""
        return max(1, self.size.height - 2 - self._below)

    @property
    def focus_at(self) -> Offset:
        """Where the place of typing is, or after a move the choice under the cursor."""
        return Offset(0, self.cursor - self.top + 1) if self._moved and self._left else self.caret

    @property
    def _chosen(self) -> int | None:
        """The index of the choice under the cursor."""
        return self._left[self.cursor] if self._left else None

    def press(self, key: str, character: str | None) -> None:
        match key:
            case "Esc" | "Ctrl-c":
                self._end(None)
            case "Tab" if self._before is not None:
                self._mark()
                self._move(1)
            case "Enter":
                if self.marked == self._before:
                    self._mark()
                self._end(self._chosen)
            case "Down" | "Ctrl-n" | "Ctrl-j":
                self._move(1)
            case "Up" | "Ctrl-p" | "Ctrl-k":
                self._move(-1)
            case "PageDown":
                self._move(self._page)
            case "PageUp":
                self._move(-self._page)
            case _ if self._numbered and not self.typed.text and key in "123456789":
                if int(key) <= len(self._left):
                    self._end(self._left[int(key) - 1])
            case _:
                if typed := self.typed.key(key, character):
                    self._narrow(typed)

    def paste(self, text: str) -> None:
        self._narrow(self.typed.inserted(text))

    def on_click(self, event: events.Click) -> None:
        at = self.top + event.y - 1
        if not (1 <= event.y <= self._page and at < len(self._left)):
            return
        if self._before is None:
            self._end(self._left[at])
        else:
            self._move(at - self.cursor)
            self._mark()

    def on_mouse_scroll_down(self) -> None:
        self._move(1)

    def on_mouse_scroll_up(self) -> None:
        self._move(-1)

    def on_resize(self) -> None:
        self._move(0)

    def _end(self, taken: int | None) -> None:
        if self._preview:
            self._preview(None)
        self.screen.dismiss(taken)

    def _mark(self) -> None:
        if self._chosen is not None:
            self.marked ^= {self._chosen}
            self.refresh()

    def _narrow(self, typed: Typed) -> None:
        """Keep what holds every word typed, first what begins so or holds them in a row."""
        if typed.text != self.typed.text:
            phrase = fold(typed.text).strip()
            fits = [
                (not folded.startswith(phrase), phrase not in folded, index)
                for index, folded in enumerate(self._folded)
                if all(word in folded for word in phrase.split())
            ]
            self._left = [index for *_, index in sorted(fits)]
            self.cursor = self.top = 0
            self._show_preview()
        self.typed = typed
        self._moved = False

    def _move(self, by: int) -> None:
        self._moved = by != 0
        self.cursor = max(0, min(self.cursor + by, len(self._left) - 1))
        self.top = max(min(self.top, self.cursor), self.cursor - self._page + 1)
        self.refresh()
        if by:
            self._show_preview()

    def _show_preview(self) -> None:
        if self._preview:
            self._preview(self._chosen)

    def line(self, y: int) -> Strip:
        if y == 0:
            count = f"{len(self._left):,} of {len(self.choices):,} "
            asked = (f" {self.question}: ", "title")
            room = self.size.width - width_of([asked, (count, "")])
            typed = self.pieces(room)
            return self.strip([asked, *typed], [(count, "soft")], least=0, ground=SELECTED)
        if y == self.size.height - 1:
            keys = self._keys()
            while len(keys) > 2 and width_of(keys) > self.size.width:
                keys = keys[:-2]  # a key and what it does
            return self.strip([(" ", ""), *keys])
        if y > self._page:
            return self._line_below(y - self._page - 1)
        at = self.top + y - 1
        if at >= len(self._left):
            return self.strip([])
        index, here = self._left[at], at == self.cursor
        bar = "▌" if here else " "
        if self._before is not None:
            bar += " [x]" if index in self.marked else " [ ]"
        elif self._numbered:
            bar += f" {at + 1}" if at < 9 and not self.typed.text else "  "
        left = [(bar, "title")]
        for column, text in enumerate(self.choices[index]):
            blanks = self._start(column) - width_of(left)
            if self._start(column) + LEAST_COLUMN < self.size.width:
                left += [(" " * blanks, ""), (text, "dim" if column else "text")]
        return self.strip(left, ground=SELECTED if here else "")

    def _line_below(self, number: int) -> Strip:
        chosen, width = self._chosen, self.size.width
        told = [] if chosen is None else self._details(self.choices[chosen], width)
        line = told[number] if number < len(told) else ()
        return self.strip([(" ", ""), *styled(line, "soft")])

    def _details(self, choice: Choice, width: int) -> list[tuple[Span, ...]]:
        """Return lines of the columns that are cut in so many cells, and of those after them."""
        ends = (self._start(column + 1) - 2 for column in range(len(choice)))
        cut = sum(end < width for end in ends)
        return wrap([Span(", ".join(choice[cut:]))], max(10, width - 2))

    def _keys(self) -> list[Piece]:
        """Return what keys do, first what Enter will."""
        keys = []
        if self._chosen is not None:
            keys = keyed("Enter", f"{self._enter} {self.choices[self._chosen][0].strip()}".strip())
        if self._before is not None and self._chosen is not None:
            more, fewer = len(self.marked - self._before), len(self._before - self.marked)
            if more or fewer:
                parts = [f"{self._enter} {more}"] * bool(more) + [f"drops {fewer}"] * bool(fewer)
                keys = keyed("Enter", ", ".join(parts))
            elif self._chosen in self._before:
                keys = keyed("Enter", f"drops {self.choices[self._chosen][0]}")
            keys += keyed("Tab", "marks")
        return [*keys, *keyed("Esc", "back")]
