"""The one-line bars: header, filter, footer."""

from dataclasses import dataclass, replace

from textual.strip import Strip

from tui_reader import actions
from tui_reader.text import cells
from tui_reader.ui.lines import NO_STYLE, Lines, Piece, strip


@dataclass(frozen=True, slots=True)
class Counts:
    """What the header says."""

    title: str = ""
    parts: tuple[str, ...] = ()
    """Such as "19 new"; left out, the last first, where room is short."""
    unread: int = 0
    starred: int = 0


class HeaderBar(Lines):
    """Says what is shown, and how much is left."""

    COMPONENT_CLASSES = frozenset({"headerbar--title", "headerbar--count", "headerbar--star"})

    counts = Counts()

    def show(self, counts: Counts) -> None:
        if counts != self.counts:
            self.counts = counts
            self.refresh()

    def line(self, y: int) -> Strip:
        counts, width = self.counts, self.size.width
        left = [(f" {counts.title}", self.style("title"))]
        right = [
            (f"{counts.unread:,} unread   ", self.style("count")),
            (f"★ {counts.starred:,} ", self.style("star")),
        ]
        parts = counts.parts
        while parts and _width(left) + _width(right) + len("   ".join(parts)) + 6 > width:
            parts = parts[:-1]
        if parts:
            right.insert(0, ("   ".join(parts) + "      ", self.style("count")))
        return strip(width, self.rich_style, left, right)


class FilterBar(Lines):
    """The filter's text, what is wrong with it, and how many papers it leaves."""

    COMPONENT_CLASSES = frozenset(
        f"filterbar--{part}" for part in ("prompt", "hint", "cursor", "count", "error", "wrong")
    )

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
        left: list[Piece] = [(" / ", self.style("prompt"))]
        if not self.text and not self.typing:
            left.append(("filter", self.style("hint")))
        # The cursor stands on a character, or on the blank behind the last one.
        text = self.text + " "
        wrong = self.error[1] if self.error else None
        room = max(8, self.size.width - 3 - cells(self._verdict()) - 2)
        start = max(0, self.at - room + 1)
        if self.text or self.typing:
            for at, char in enumerate(text[start : start + room], start):
                style = NO_STYLE
                if wrong is not None and at >= wrong:
                    style = self.style("wrong")
                if self.typing and at == self.at:
                    style += self.style("cursor")
                left.append((char, style))
        verdict = (f" {self._verdict()} ", self.style("error" if self.error else "count"))
        return strip(self.size.width, self.rich_style, left, [verdict])

    def _verdict(self) -> str:
        return self.error[0] if self.error else self.found


class FooterBar(Lines):
    """The most important keys; or, until the next key, what just happened."""

    COMPONENT_CLASSES = frozenset(
        {"footerbar--key", "footerbar--label", "footerbar--message", "footerbar--pending"}
    )

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
        right = [(f"{self.pending} ", self.style("pending"))] if self.pending else []
        if self.message:
            left = [(f" {self.message}", self.style("message"))]
            return strip(width, self.rich_style, left, right)
        pieces: list[Piece] = [(" ", NO_STYLE)]
        room = width - 1 - _width(right)
        for action in actions.footer():
            key, label = action.keys[0], f" {action.label}  "
            if cells(key + label.rstrip()) > room:
                break
            pieces += [(key, self.style("key")), (label, self.style("label"))]
            room -= cells(key + label)
        return strip(width, self.rich_style, pieces, right)


def _width(pieces: list[Piece]) -> int:
    return sum(cells(text) for text, _ in pieces)
