"""The one-line bars: header, filter, footer."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta

from textual.reactive import reactive
from textual.strip import Strip

from tui_reader import actions
from tui_reader.model import Section
from tui_reader.store import Contents, Kind, View
from tui_reader.text import Mode, Span, cells, fit, without_bar, wrap
from tui_reader.ui.inks import Piece, width_of
from tui_reader.ui.line_edit import Typed
from tui_reader.ui.line_widget import Lines, OverScreen
from tui_reader.ui.row_text import long_date

MOMENT = timedelta(seconds=2)
_SECTIONS = {Section.NEW: "new", Section.CROSS: "cross", Section.REPLACEMENT: "replaced"}


class HeaderBar(Lines):
    """Says what is shown, and how much is left."""

    title = reactive("")
    parts: reactive[tuple[str, ...]] = reactive(())
    """Such as "19 new"; left out, the last first, where room is short."""
    above = reactive(0)
    """How many papers came in above the cursor, and were not gone to yet."""
    selected = reactive(0)
    unread = reactive(0)
    watched = reactive(0)
    """How many papers of the view are watched."""
    starred = reactive(0)

    def show(self, view: View, contents: Contents) -> None:
        """Say which view is shown, and how much is in its sections."""
        self.title = view.name or view.kind.value.capitalize()
        if view.kind is Kind.LISTING and view.day:
            self.title = f"{view.category}  {long_date(view.day)}"
        sizes = Counter[Section | None]()
        for run in contents.runs:
            sizes[run.section] += run.size
        self.parts = tuple(f"{sizes[s]:,} {word}" for s, word in _SECTIONS.items() if sizes[s])

    def line(self, y: int) -> Strip:
        left = [(f" {self.title}", "strong")]
        if self.selected:
            left.append((f"  {self.selected:,} selected", "star"))
        elif self.above:
            left.append((f"  {self.above:,} new above", "title"))
        right = [(f"{self.unread:,} unread   ", "soft"), (f"★ {self.starred:,} ", "star")]
        if self.watched:
            right.insert(1, (f"◆ {self.watched:,}   ", "accent"))
        least = width_of(left) + 1
        room = self.size.width - width_of(left) - width_of(right) - 6
        parts, between = self.parts, "   "
        while parts and len(between.join(parts)) > room:
            if len(between) > 2:  # nearer together, before one is left out
                between = "  "
            else:
                parts = parts[:-1]
        if parts:
            said = between.join(parts)
            right.insert(0, (f"{said}   {' ' * min(3, room - len(said))}", "soft"))
        return self.strip(left, right, least=least)


class TypedLine(OverScreen):
    """A bar in which a line of text is typed."""

    typed = reactive(Typed())
    typing = reactive(False)
    """Whether keys go into it."""
    wrong: reactive[int | None] = reactive(None)
    """The character from which on the text is wrong."""

    def pieces(self, room: int) -> list[Piece]:
        """Return the part of the text around the cursor that fits in `room` cells."""
        text, at = self.typed
        text += " "  # the cursor may stand behind the last character
        start = at
        while start and cells(text[start - 1 : at + 1]) <= room:
            start -= 1
        drawn = []
        for index, char in enumerate(text[start : start + room], start):
            inks = "wrong" if self.wrong is not None and index >= self.wrong else ""
            if self.typing and index == at:
                inks += " caret"
            drawn.append((char, inks))
        return drawn


class FilterBar(TypedLine):
    """The filter's text, what it may become or is wrong with it, and how many papers it leaves."""

    own = reactive("")
    """The filter that the view itself is; shown while nothing is typed."""
    found = reactive("")
    """Such as "3 of 37"."""
    problem = reactive("")
    """What is wrong with the text."""
    notice = reactive("")
    """What is not looked for of a text that is not wrong."""
    hint = reactive("")
    """Shown while there is no text, where it fits."""
    choices: reactive[Sequence[str]] = reactive(())
    """What Tab may write at the cursor, the next first."""

    @property
    def problem_fits(self) -> bool:
        """Whether the problem can be read whole, beside a text that always can."""
        return cells(self.problem) <= self._beside

    @property
    def _beside(self) -> int:
        return self.size.width - 7 - cells(self.typed.text)

    def line(self, y: int) -> Strip:
        width = self.size.width
        left: list[Piece] = [(" / ", "title")]
        said = (f" {self.found} ", "soft")
        if self.notice:
            left_for_it = self._beside - cells(self.found) - 2
            said = (f" {fit(self.notice, max(3, left_for_it))} {said[0]}", "soft")
        if self.problem:
            said = (f" {fit(self.problem, max(3, self._beside))} ", "error")
        if self.typed.text or self.typing:
            left += self.pieces(width - 3 - width_of([said]))
            if self.choices:
                first, *others = self.choices
                left += [(" Tab  ", "title"), (first, "soft"), ("  ".join(("", *others)), "dim")]
        else:
            left.append((self.own or "filter", "dim"))
            fits = cells(self.hint) + width_of(left) + 5 < width
            if self.hint and fits and not self.screen.has_class("-empty"):
                said = (f"{self.hint} ", "dim")
        return self.strip(left, [said], least=0)


class FooterBar(Lines):
    """The most important keys; or what just happened, over what is above where it is long."""

    message = reactive("")
    """Stands in place of the keys."""
    work: reactive[Mapping[str, Sequence[str]]] = reactive({})
    """What goes on behind the screen, each under its name: that which began last is shown."""
    led_by = reactive("")
    """The key that leaves where the person is; it comes first."""
    pending = reactive("")
    """Keys typed so far of a count or a sequence."""
    offered: reactive[tuple[actions.Action, ...]] = reactive(())
    """The actions whose keys are shown, as far as there is room."""

    def __init__(
        self, mode: Mode, offered: tuple[actions.Action, ...], now: Callable[[], datetime]
    ) -> None:
        super().__init__(mode)
        self.offered = offered
        self._now = now
        self._stays_until = now()
        self.in_words = False
        """Whether work is told without a bar."""

    def say(self, message: str, *, stays: bool = False) -> None:
        """Show a message in place of the keys, until the next key; an empty one shows the keys.

        One that no key asked for `stays` for a moment, whatever is pressed.
        """
        self.message = message
        self._stays_until = self._now() + (MOMENT if stays else timedelta())

    @property
    def _lines(self) -> Sequence[str]:
        """The message, in lines; a way on, behind two blanks, stands on one of them."""
        first, *ways = self.message.split("  ")
        held = "  ".join((first, *(way.replace(" ", "\xa0") for way in ways)))
        lines = wrap([Span(held)], self.size.width - 2)[: self.screen.size.height // 3]
        return ["".join(span.text for span in line).replace("\xa0", " ") for line in lines]

    def watch_message(self) -> None:
        if self.is_attached:
            self.styles.height = max(1, len(self._lines))

    on_resize = watch_message

    def pressed(self) -> None:
        """Show the keys again, as one was pressed."""
        if self._now() >= self._stays_until:
            self.message = ""

    def show_work(self, name: str, *told: str) -> None:
        """Say at the right how far work is, as the first of these that fits; none: it ended."""
        others = {other: work for other, work in self.work.items() if other != name}
        told = tuple(map(without_bar, told)) if self.in_words else told
        self.work = {**self.work, name: told} if told else others

    def line(self, y: int) -> Strip:
        width = self.size.width
        right = [(f"  {self.pending} ", "star")] if self.pending else []
        if self.work and not self.pending:
            room = (width // 2 if self.message else width * 2 // 3) - 3
            *_, told = self.work.values()
            fits = (text for text in told if cells(text) <= room)
            right = [(f"  {next(fits, fit(told[-1], room))} ", "soft")]
        if self.message:
            lines = self._lines
            text, last = f" {lines[y]}" if y < len(lines) else "", y == len(lines) - 1
            beside = last and cells(text) + width_of(right) <= width
            return self.strip([(text, "text")], right if beside else [])
        pieces = [(f" {self.led_by}", "title"), (" back", "soft")] if self.led_by else []
        typed = self.pending.rpartition(" ")[2]
        room = width - width_of(right) - width_of(pieces)
        for action in actions.footer(self.offered, typed):
            shown = [
                ("  " if pieces else " ", ""),
                (action.keys[0].removeprefix(f"{typed} "), "title"),
                (f" {action.label.lower()}", "soft"),
            ]
            room -= width_of(shown)
            if room < 0:
                break
            pieces += shown
        return self.strip(pieces, right)
