"""What a view holds: row numbers in order and their runs, few or millions."""

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Collection, Iterable, Sequence
from contextlib import suppress
from datetime import date
from itertools import accumulate, groupby
from operator import itemgetter
from typing import TYPE_CHECKING, NamedTuple, TypeAlias, overload

from tui_reader.model import Section
from tui_reader.store.listings import SECTIONS
from tui_reader.store.papers import Papers

if TYPE_CHECKING:  # loaded when something is to be ranked
    from tui_reader.rank.replay import Passable

Rows: TypeAlias = "array[int]"
"""Row numbers of papers (see model.row_of), as machine integers."""


class AllRows(Sequence[int]):
    """Every paper in the cache, the newest first; a month of them is loaded when it is asked for.

    Papers that are stored later are not among them.
    """

    def __init__(self, papers: Papers) -> None:
        self._papers = papers
        counted = papers.months()
        self._months = [month for month, _ in counted]
        self._starts = [0, *accumulate(number for _, number in counted)]
        self.loaded: dict[int, Rows] = {}

    def __len__(self) -> int:
        return self._starts[-1]

    def _rows(self, number: int) -> Rows:
        if number not in self.loaded:
            size = self._starts[number + 1] - self._starts[number]
            self.loaded[number] = array("I", self._papers.month_rows(self._months[number], size))
        return self.loaded[number]

    @overload
    def __getitem__(self, at: int) -> int: ...
    @overload
    def __getitem__(self, at: slice) -> Rows: ...

    def __getitem__(self, at: int | slice) -> "int | Rows":
        if isinstance(at, int):
            at = at + len(self) if at < 0 else at
            if not 0 <= at < len(self):
                raise IndexError(at)
            number = bisect_right(self._starts, at) - 1
            return self._rows(number)[at - self._starts[number]]
        first, end, _ = at.indices(len(self))
        found = array("I")
        number = bisect_right(self._starts, first) - 1
        while first + len(found) < end:
            rows = self._rows(number)
            start = self._starts[number]
            found += rows[max(0, first - start) : end - start]
            number += 1
        return found

    def place(self, row: int) -> int:
        """Return where a paper is, or the newest one that is older."""
        number = bisect_left(self._months, -(row >> 17), key=lambda month: -month)
        start = self._starts[number]
        if number == len(self._months) or self._months[number] != row >> 17:
            return start
        return start + bisect_left(self._rows(number), -row, key=lambda other: -other)


def place(rows: Sequence[int], row: int) -> int:
    """Return where a paper is among papers from new to old, or the newest one that is older."""
    if isinstance(rows, AllRows):
        return rows.place(row)
    return bisect_left(rows, -row, key=lambda other: -other)


def where(rows: Sequence[int], row: int) -> int | None:
    """Return where a paper is among others, or None."""
    if isinstance(rows, AllRows):
        at = rows.place(row)
        return at if rows[at : at + 1] == array("I", [row]) else None
    with suppress(ValueError):
        return rows.index(row)
    return None


class Run(NamedTuple):
    """A run of rows under one heading."""

    day: date | None
    """Given where the view spans several days."""
    section: Section | None
    start: int
    size: int
    sample: bool = False
    """Whether these stand for what is less likely, to see whether it is."""
    past: "Passable | None" = None
    """Given of what is less likely: what the past says of it."""
    watched: bool = False
    """Whether these come first because they are watched."""


class Portion(NamedTuple):
    """Some of an announcement, in the order that was learned; what it is, as its Run has it."""

    rows: Rows
    sample: bool = False
    past: "Passable | None" = None


class Contents(NamedTuple):
    """What a view holds: row numbers (see model.row_of) in order, and their runs."""

    rows: Sequence[int]
    runs: tuple[Run, ...] = ()

    def only(self, keep: Callable[[int], bool]) -> "Contents":
        """Return these contents without the rows that `keep` refuses, and without empty runs."""
        rows: Rows = array("I")
        runs = []
        for run in self.runs:
            start = len(rows)
            rows.extend(filter(keep, self.rows[run.start : run.start + run.size]))
            if len(rows) > start:
                runs.append(run._replace(start=start, size=len(rows) - start))
        return Contents(rows, tuple(runs))

    def led_by(self, watched: Collection[int]) -> "Contents":
        """Return these contents, those that are watched first."""
        first = array("I", filter(watched.__contains__, self.rows)) if watched else array("I")
        if not first:
            return self
        rest = self.only(lambda row: row not in watched)
        runs = (run._replace(start=run.start + len(first)) for run in rest.runs)
        led = Run(None, None, 0, len(first), watched=True)
        return Contents(first + array("I", rest.rows), (led, *runs))

    def parted(
        self, shown: Collection[int], parts: "Callable[[Run, Rows, Rows], list[Portion]]"
    ) -> "Contents":
        """Return the rows `shown`, each announcement in the parts that it is given, sections gone.

        `parts` is asked of a first run, the rows of its announcement, and those of them shown.
        """
        rows: Rows = array("I")
        runs = []
        for day, same in groupby(self.runs, key=lambda run: run.day):
            of_day = list(same)
            first, last = of_day[0], of_day[-1]
            announced = array("I", self.rows[first.start : last.start + last.size])
            left = array("I", filter(shown.__contains__, announced))
            for part in parts(first, announced, left):
                if part.rows:
                    size = len(part.rows)
                    runs.append(Run(day, None, len(rows), size, part.sample, part.past))
                    rows += part.rows
        return Contents(rows, tuple(runs))

    def less_likely(self, at: int) -> tuple[Rows, Rows]:
        """Return the less likely papers of the announcement at a place, and the samples of it."""
        day = self.runs[bisect_right(self.runs, at, key=lambda run: run.start) - 1].day
        less, samples = array("I"), array("I")
        for run in self.runs:
            if run.day == day and (run.past or run.sample):
                (samples if run.sample else less).extend(
                    self.rows[run.start : run.start + run.size]
                )
        return less, samples


def together(rows: Sequence[int]) -> Contents:
    """Return contents in one run without a heading."""
    return Contents(rows, (Run(None, None, 0, len(rows)),) if rows else ())


def grouped(placed: Iterable[tuple[int, str | None, int | None]]) -> Contents:
    """Make contents of (row, ISO day, section index), a run of each same place."""
    rows: Rows = array("I")
    runs = []
    for (day, section), run in groupby(placed, itemgetter(1, 2)):
        start = len(rows)
        rows.extend(row for row, *_ in run)
        at = date.fromisoformat(day) if day else None
        kind = None if section is None else SECTIONS[section]
        runs.append(Run(at, kind, start, len(rows) - start))
    return Contents(rows, tuple(runs))
