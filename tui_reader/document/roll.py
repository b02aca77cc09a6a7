"""A whole text as one roll of lines, laid out passage by passage as they are looked at."""

from collections.abc import Iterator, Sequence
from functools import cached_property
from itertools import accumulate
from typing import NamedTuple

from tui_reader.document.lines import PaperLine, lay_out
from tui_reader.document.values import Code, Equation, Grid, Paragraph, Passage
from tui_reader.text import Mode


class Spot(NamedTuple):
    """A line of a passage."""

    passage: int = 0
    line: int = 0


class Roll:
    """The lines of passages for a width; blank ones part the passages."""

    def __init__(self, passages: Sequence[Passage], width: int, mode: Mode) -> None:
        self.passages, self.width, self._mode = passages, width, mode
        self._laid_out: dict[int, list[PaperLine]] = {}

    def lines(self, passage: int) -> list[PaperLine]:
        if passage not in self._laid_out:
            lines = lay_out(self.passages[passage], self.width, self._mode)
            after = [PaperLine()] if passage < len(self.passages) - 1 else []
            self._laid_out[passage] = lines + after or [PaperLine()]
        return self._laid_out[passage]

    def moved(self, place: Spot, by: int) -> Spot:
        """Return the place so many lines further on, or at the first or the last line."""
        passage, line = place
        line += by
        while line < 0 and passage:
            passage -= 1
            line += len(self.lines(passage))
        while line >= len(self.lines(passage)) and passage < len(self.passages) - 1:
            line -= len(self.lines(passage))
            passage += 1
        return Spot(passage, max(0, min(line, len(self.lines(passage)) - 1)))

    def shown(self, top: Spot, height: int) -> Iterator[tuple[Spot, PaperLine]]:
        """Yield the lines from `top` on, at most so many."""
        passage, line = top
        while height > 0 and passage < len(self.passages):
            for at in range(line, min(len(self.lines(passage)), line + height)):
                yield Spot(passage, at), self.lines(passage)[at]
                height -= 1
            passage, line = passage + 1, 0

    def top(self, place: Spot, height: int) -> Spot:
        """Return a place at which a page of this height may begin: the last page is a full one."""
        return min(place, self.moved(self.end, 1 - height)) if self._near_end(place) else place

    def _near_end(self, place: Spot) -> bool:
        # Only there the last passages need to be laid out to know.
        return place.passage >= len(self.passages) - 3

    @property
    def end(self) -> Spot:
        last = len(self.passages) - 1
        return Spot(last, len(self.lines(last)) - 1)

    def find(self, sought: str, place: Spot, way: int) -> Spot | None:
        """Return the next line with a text, case aside, or the one before; round at the end."""
        count = len(self.passages)
        for step in range(count + 1):
            passage = (place.passage + way * step) % count
            found = [
                at for at, line in enumerate(self.lines(passage)) if sought in line.text.casefold()
            ]
            if step == 0:
                found = [at for at in found if (at - place.line) * way > 0]
            if found:
                return Spot(passage, found[0] if way > 0 else found[-1])
        return None

    def share(self, place: Spot) -> float:
        """Return how much of the text is before a place, from 0 to 1."""
        before = self._weights[place.passage]
        here = self._weights[place.passage + 1] - before
        part = place.line / max(len(self.lines(place.passage)), 1)
        return (before + here * part) / self._weights[-1]

    @cached_property
    def _weights(self) -> list[int]:
        return [0, *accumulate(map(_weight, self.passages))]

    def place_of(self, passage: int, block: int, target: str = "") -> Spot:
        """Return the first line of a block, -1 for the heading, or of a target in it."""
        lines = self.lines(passage)
        for at, line in enumerate(lines):
            if (target and target in line.ids) or (not target and line.block >= block):
                return Spot(passage, at + (not line.spans and at + 1 < len(lines)))
        return self.place_of(passage, block) if target else Spot(passage)


def _weight(passage: Passage) -> int:
    """Return about how long a passage is."""
    length = 80
    for block in passage.blocks:
        match block:
            case Paragraph(inlines):
                length += sum(len(inline.text) for inline in inlines)
            case Equation(rows):
                length += 240 * len(rows)
            case Grid(rows) | Code(lines=rows):
                length += 80 * len(rows)
            case _:
                length += 80
    return length
