"""What a sync tells: each step on the way, and at the end what it came to."""

from collections import Counter
from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from tui_reader.sync.states import DayState
from tui_reader.text import bar


class Step(NamedTuple):
    """A step of a sync or a harvest."""

    done: int
    """How many of the listings or months are done with, `of` all that are due."""
    of: int
    says: str
    seconds: float = 0.0
    """What is left of a polite wait, if it is one."""
    stored: bool = False
    """Whether it brought something into the store."""
    unknown: int = 0
    """How many papers came until now that were not known before."""

    @property
    def bar(self) -> str:
        return bar(self.done / max(self.of, 1), 10)

    @property
    def counts(self) -> str:
        new = f", {self.unknown:,} new" if self.unknown else ""
        return f"{self.done}/{self.of}{new}" if self.of else "arXiv"

    def __str__(self) -> str:
        wait = f"waits {self.seconds:.0f} s: " if self.seconds else ""
        return f"{self.bar} {self.counts}  {wait}{self.says}"


class Outcome(NamedTuple):
    """What syncing came to for a category."""

    category: str
    state: DayState
    day: date
    """The newest announcement there can be."""
    says: str
    """A sentence for the person."""
    entries: int = 0
    """How many entries were stored now, over all its days."""
    unknown: int = 0
    missing: tuple[date, ...] = ()
    """Earlier days that are not complete yet, newest first; they are asked for again."""
    beyond: tuple[date, ...] = ()
    """Missed days that are too long ago for arXiv to show; only a harvest brings their papers."""


def summary(outcomes: Sequence[Outcome]) -> str:
    """Return what a sync came to in one line: that all is well, or what is wrong first."""
    wrong = [outcome for outcome in outcomes if not outcome.state.settled]
    if any(outcome.state is DayState.CANCELLED for outcome in wrong):
        return "Ended; the rest comes later."
    if len({outcome.says for outcome in outcomes}) == 1:
        return outcomes[0].says
    if wrong:
        others = f" And {len(wrong) - 1} more." if wrong[1:] else ""
        return f"{wrong[0].category}: {wrong[0].state.text}. {wrong[0].says}{others}"
    states = Counter(outcome.state for outcome in outcomes)
    return ", ".join(f"{count} {state.text}" for state, count in states.items()) + "."
