"""The width of text in terminal cells, and what follows from it: cutting and wrapping."""

import re
from collections.abc import Iterable, Iterator
from functools import cache
from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING

from tui_reader.late import late
from tui_reader.text.spans import Span, Style

if TYPE_CHECKING:
    from collections.abc import Callable

SHORT_FORMULA = 24
"""The widest formula, in cells, that a line break does not part."""

INDENT = "\xa0\xa0"
"""What begins a line of a display formula, and those it goes on in."""

_PIECE = late(r" +|\n+|[^ \n]+")


def cells(text: str) -> int:
    """Return how many terminal cells `text` takes, as Textual counts them."""
    return len(text) if text.isascii() else _counter()(text)


@cache
def _counter() -> "Callable[[str], int]":
    # Late, because a command that draws no screen need not load it.
    from rich.cells import cell_len

    return cell_len


def fit(text: str, width: int, ellipsis: str = "…") -> str:
    """Return `text` if it takes at most `width` cells, else as much as fits before an ellipsis.

    A character keeps its combining marks. Blanks before the ellipsis go, and another one.
    """
    if cells(text) <= width:
        return text
    room = width - cells(ellipsis)
    return text[: _reach(text, room)].rstrip(f" {ellipsis}") + ellipsis if room >= 0 else ""


def _reach(text: str, width: int) -> int:
    """Return how many characters fit in `width` cells; marks go with the character before."""
    if text.isascii():
        return width
    used = 0
    for at, char in enumerate(text):
        used += cells(char)
        if used > width:
            return at
    return len(text)


def bar(share: float, width: int) -> str:
    """Return a bar of `width` cells, of which a share from 0 to 1 is filled."""
    return ("━" * int(width * share)).ljust(width, "·")


def without_bar(text: str) -> str:
    """Return a text for those who hear it: without the bar that is drawn in it."""
    return re.sub("[━·]{3,} *", "", text)


def line_end(text: str, width: int) -> int:
    """Return where a line of at most `width` cells ends: at a blank, or else within a word."""
    if cells(text) <= width:
        return len(text)
    reach = max(1, _reach(text, width))
    blank = text.rfind(" ", 0, reach + 1)
    return blank if blank > 0 else reach


class _Filling:
    """Lines in the making: words go to the line if they fit, else to the next."""

    def __init__(self, width: int) -> None:
        self.done: list[tuple[Span, ...]] = []
        self._width = width
        self._line: list[tuple[str, Span]] = []
        self._used = 0
        self._gap: tuple[str, Span] | None = None
        self._word: list[tuple[str, Span]] = []
        self._indent: tuple[str, Span] | None = None

    def add(self, text: str, span: Span) -> None:
        self._word.append((text, span))

    def space(self, text: str, span: Span) -> None:
        self.end_word()
        self._gap = (text, span) if self._line else None

    def end_word(self) -> None:
        if not self._word:
            return
        wide = sum(cells(text) for text, _ in self._word)
        gap = len(self._gap[0]) if self._gap else 0
        if self._line and self._used + gap + wide > self._width:
            self._go_on()
        elif self._gap:
            self._line.append(self._gap)
            self._used += gap
        self._gap = None
        if self._used + wide > self._width:
            self._split()
        else:
            self._line += self._word
            self._used += wide
        self._word = []

    def _split(self) -> None:
        for rest, span in self._word:
            while rest:
                reach = _reach(rest, self._width - self._used)
                if not reach and self._line:
                    self._go_on()
                    continue
                part, rest = rest[: max(reach, 1)], rest[max(reach, 1) :]
                self._line.append((part, span))
                self._used += cells(part)

    def indent(self, text: str, span: Span) -> None:
        """Begin the lines that go on from this one with `text` too, where there is room."""
        self._indent = (text, span) if self._width > 4 * len(text) else None

    def _go_on(self) -> None:
        indent = self._indent
        self.end_line()
        if indent:
            self._line, self._used, self._indent = [indent], len(indent[0]), indent

    def end_line(self) -> None:
        line = []
        for span, pieces in groupby(self._line, itemgetter(1)):
            line.append(Span("".join(text for text, _ in pieces), span.style, span.link))
        self.done.append(tuple(line))
        self._line, self._used, self._gap, self._indent = [], 0, None, None


def wrap(spans: Iterable[Span], width: int) -> list[tuple[Span, ...]]:
    """Break spans into lines of at most `width` cells, between words.

    No-break spaces and the blanks of short formulas hold a line together where it has the room;
    a word wider than a line is split. A blank line, `()`, parts paragraphs.
    """
    lines = _Filling(max(width, 2))
    for span, whole in _with_formulas(spans, min(SHORT_FORMULA, width)):
        if whole:
            lines.add(span.text, span)
            continue
        for piece in _PIECE.findall(span.text):
            if piece.startswith(INDENT):
                lines.indent(INDENT, span)
            if piece[0] == " ":
                lines.space(piece, span)
            elif piece[0] == "\n":
                lines.end_word()
                lines.end_line()
                if len(piece) > 1 and lines.done[-1:] != [()]:
                    lines.done.append(())
            else:
                lines.add(piece, span)
    lines.end_word()
    lines.end_line()
    while lines.done and not lines.done[-1]:
        lines.done.pop()
    return lines.done


def _with_formulas(spans: Iterable[Span], limit: int) -> Iterator[tuple[Span, bool]]:
    """Pair each span with whether it belongs to a formula of at most `limit` cells."""
    for is_formula, run in groupby(spans, lambda span: Style.MATH in span.style):
        parts = list(run)
        text = "".join(span.text for span in parts)
        whole = is_formula and "\n" not in text and cells(text) <= limit
        yield from ((span, whole) for span in parts)
