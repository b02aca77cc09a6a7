"""The one-line bars: header, filter, footer."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from textual.message import Message
from textual.strip import Strip

from tui_reader.actions import Action, footer
from tui_reader.text import Mode, cells, fit
from tui_reader.ui.editing import Typed
from tui_reader.ui.lines import NO_STYLE, Lines, Piece, strip


class Counts(NamedTuple):
    """What the header says."""

    title: str = ""
    parts: tuple[str, ...] = ()
    """Such as "19 new"; left out, the last first, where room is short."""
    unread: int = 0
    starred: int = 0


class HeaderBar(Lines):
    """Says what is shown, and how much is left."""

    counts = Counts()

    def show(self, counts: Counts) -> None:
        if counts != self.counts:
            self.counts = counts
            self.refresh()

    def line(self, y: int) -> Strip:
        counts, width = self.counts, self.size.width
        left = [(f" {counts.title}", self.ink("strong"))]
        right = [
            (f"{counts.unread:,} unread   ", self.ink("soft")),
            (f"★ {counts.starred:,} ", self.ink("star")),
        ]
        parts = counts.parts
        while parts and _width(left) + _width(right) + len("   ".join(parts)) + 6 > width:
            parts = parts[:-1]
        if parts:
            right.insert(0, ("   ".join(parts) + "      ", self.ink("soft")))
        return strip(width, self.base, left, right, least=_width(left) + 1)


class TypedLine(Lines):
    """A bar in which a line of text is typed."""

    typed = Typed()
    typing = False
    """Whether keys go into it."""
    wrong: int | None = None
    """The character from which on the text is wrong."""

    def set(self, typed: Typed) -> None:
        """Show another text, or the cursor elsewhere in it."""
        self.typed = typed
        self.refresh()

    def pieces(self, room: int) -> list[Piece]:
        """Return the part of the text around the cursor that fits in `room` cells."""
        text, at = self.typed
        text += " "  # the cursor may stand behind the last character
        start = at
        while start and cells(text[start - 1 : at + 1]) <= room:
            start -= 1
        drawn = []
        for index, char in enumerate(text[start : start + room], start):
            style = NO_STYLE
            if self.wrong is not None and index >= self.wrong:
                style = self.ink("wrong")
            if self.typing and index == at:
                style += self.ink("caret")
            drawn.append((char, style))
        return drawn


class FilterBar(TypedLine):
    """The filter's text, what it may become or is wrong with it, and how many papers it leaves."""

    own = ""
    """The filter that the view itself is; shown while nothing is typed."""
    found = ""
    """Such as "3 of 37"."""
    problem = ""
    """What is wrong with the text."""
    hint = ""
    """Shown while there is no text, where it fits."""
    choices: Sequence[str] = ()
    """What Tab may write at the cursor, the next first."""

    class Clicked(Message):
        """The researcher clicked on the bar."""

    @property
    def problem_fits(self) -> bool:
        """Whether the problem can be read whole, beside a text that always can."""
        return cells(self.problem) <= self._beside

    @property
    def _beside(self) -> int:
        return self.size.width - 7 - cells(self.typed.text)

    def line(self, y: int) -> Strip:
        width = self.size.width
        left: list[Piece] = [(" / ", self.ink("title"))]
        said = (f" {self.found} ", self.ink("soft"))
        if self.problem:
            said = (f" {fit(self.problem, max(3, self._beside))} ", self.ink("error"))
        if self.typed.text or self.typing:
            left += self.pieces(width - 3 - _width([said]))
            if self.choices:
                first, *others = self.choices
                left += [(" Tab  ", self.ink("title")), (first, self.ink("soft"))]
                left.append(("  ".join(("", *others)), self.ink("dim")))
        else:
            left.append((self.own or "filter", self.ink("dim")))
            fits = cells(self.hint) + _width(left) + 5 < width
            if self.hint and fits and not self.screen.has_class("-empty"):
                said = (f"{self.hint} ", self.ink("dim"))
        return strip(width, self.base, left, [said], least=0)

    def on_click(self) -> None:
        self.post_message(self.Clicked())


class FooterBar(TypedLine):
    """The most important keys; or what just happened; or a question and the answer typed so far."""

    message = ""
    question = ""
    hint = ""
    """What the answer typed so far may become."""
    work: tuple[str, ...] = ()
    """What goes on behind the screen, said at length, and ever shorter."""
    led_by = ""
    """The key that leaves where the researcher is; it comes first."""
    pending = ""
    """Keys typed so far of a count or a sequence."""

    def __init__(self, mode: Mode, offered: Iterable[Action]) -> None:
        super().__init__(mode)
        self.offer(offered)

    def offer(self, offered: Iterable[Action]) -> None:
        """Show the keys of these actions."""
        self._offered = tuple(offered)
        self.actions = footer(self._offered)
        self.refresh()

    def say(self, message: str) -> None:
        """Show a message in place of the keys; an empty one brings the keys back."""
        if message != self.message:
            self.message = message
            self.refresh()

    def await_more(self, pending: str) -> None:
        """Show the keys typed so far."""
        if pending != self.pending:
            self.pending = pending
            self.actions = footer(self._offered, pending.rpartition(" ")[2])
            self.refresh()

    def lead(self, key: str) -> None:
        """Put the key that leads back before all others; an empty one takes it away."""
        self.led_by = key
        self.refresh()

    def show_work(self, *work: str) -> None:
        """Say at the right what goes on behind the screen, as long as it fits; or nothing."""
        if work != self.work:
            self.work = work
            self.refresh()

    def ask(self, question: str, typed: Typed) -> None:
        """Ask for a line of text; an empty question ends it."""
        self.question, self.typing, self.hint = question, bool(question), ""
        self.set(typed)

    def line(self, y: int) -> Strip:
        width = self.size.width
        if self.question:
            asked: list[Piece] = [(f" {self.question}: ", self.ink("title"))]
            said = fit(self.message or self.hint, width // 2 - 1)
            hint = [(f"{said} ", self.ink("error" if self.message else "dim"))] if said else []
            asked += self.pieces(width - _width(asked) - _width(hint) - 1)
            return strip(width, self.base, asked, hint, least=width // 2)
        right = [(f"{self.pending} ", self.ink("star"))] if self.pending else []
        if self.work and not self.pending:
            room = (width // 2 if self.message else width * 2 // 3) - 2
            fits = (work for work in self.work if cells(work) <= room)
            right = [(f" {next(fits, fit(self.work[-1], room))} ", self.ink("soft"))]
        if self.message:
            left = [(f" {self.message}", self.ink("text"))]
            return strip(width, self.base, left, right)
        pieces: list[Piece] = []
        if self.led_by:
            pieces = [(f" {self.led_by}", self.ink("title")), (" back", self.ink("soft"))]
        typed = self.pending.rpartition(" ")[2] + " "
        room = width - _width(right) - _width(pieces)
        for action in self.actions:
            shown = [
                ("  " if pieces else " ", NO_STYLE),
                (action.keys[0].removeprefix(typed), self.ink("title")),
                (f" {action.label.lower()}", self.ink("soft")),
            ]
            room -= _width(shown)
            if room < 0:
                break
            pieces += shown
        return strip(width, self.base, pieces, right)


def _width(pieces: list[Piece]) -> int:
    return sum(cells(text) for text, _ in pieces)
