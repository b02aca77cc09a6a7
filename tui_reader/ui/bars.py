"""The one-line bars: header, filter, footer."""

from typing import NamedTuple

from textual.strip import Strip

from tui_reader import actions
from tui_reader.text import cells, fit
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


class FilterBar(Lines):
    """The filter's text, what is wrong with it, and how many papers it leaves."""

    text = ""
    at = 0
    """Where the next character goes."""
    typing = False
    found = ""
    """Such as "3 of 37"."""
    error: tuple[str, int] | None = None
    """What is wrong, and at which character."""

    def set(self, text: str, at: int | None = None) -> None:
        """Replace the text; the cursor goes to `at`, or to the end."""
        self.text = text
        self.at = len(text) if at is None else max(0, min(at, len(text)))
        self.refresh()

    def line(self, y: int) -> Strip:
        width = self.size.width
        left: list[Piece] = [(" / ", self.ink("title"))]
        verdict = self._verdict(width // 2)
        if self.text or self.typing:
            left += self._typed(width - 5 - _width([verdict]))
        else:
            left.append(("filter", self.ink("dim")))
        return strip(width, self.base, left, [verdict], least=0)

    def _verdict(self, room: int) -> Piece:
        """Return what is wrong, as far as it fits beside the text, or how many papers there are."""
        if not self.error:
            return f" {self.found} ", self.ink("soft")
        beside = self.size.width - 6 - cells(self.text)
        return f" {fit(self.error[0], max(room, beside))} ", self.ink("error")

    def _typed(self, room: int) -> list[Piece]:
        """Return the part of the text around the cursor, the wrong part of it marked."""
        text = self.text + " "  # the cursor may stand behind the last character
        start = max(0, self.at - max(1, room) + 1)
        pieces = []
        for at, char in enumerate(text[start : start + max(1, room)], start):
            style = NO_STYLE
            if self.error and at >= self.error[1]:
                style = self.ink("wrong")
            if self.typing and at == self.at:
                style += self.ink("caret")
            pieces.append((char, style))
        return pieces


class FooterBar(Lines):
    """The most important keys; or, until the next key, what just happened."""

    message = ""
    pending = ""
    """Keys typed so far of a count or a sequence."""

    def say(self, message: str) -> None:
        """Show a message in place of the keys; an empty one brings the keys back."""
        if message != self.message:
            self.message = message
            self.refresh()

    def await_more(self, pending: str) -> None:
        """Show the keys typed so far."""
        if pending != self.pending:
            self.pending = pending
            self.refresh()

    def line(self, y: int) -> Strip:
        width = self.size.width
        right = [(f"{self.pending} ", self.ink("star"))] if self.pending else []
        if self.message:
            left = [(f" {self.message}", self.ink("text"))]
            return strip(width, self.base, left, right)
        pieces: list[Piece] = []
        room = width - _width(right)
        for action in actions.footer():
            shown = [
                ("  " if pieces else " ", NO_STYLE),
                (action.keys[0], self.ink("title")),
                (f" {action.label.lower()}", self.ink("soft")),
            ]
            room -= _width(shown)
            if room < 0:
                break
            pieces += shown
        return strip(width, self.base, pieces, right)


def _width(pieces: list[Piece]) -> int:
    return sum(cells(text) for text, _ in pieces)
