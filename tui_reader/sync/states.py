"""What can become of a category's announcement: a code that is stored, and what is shown of it."""

from enum import StrEnum
from typing import Self


class DayState(StrEnum):
    """A code, as it is stored; beside it a text and a sign for people."""

    text: str
    sign: str
    """For one day in a row of days; empty where no single day is meant."""
    settled: bool
    """Whether there is nothing to worry about."""

    def __new__(cls, code: str, text: str = "", sign: str = "", settled: bool = False) -> Self:
        state = str.__new__(cls, code)
        state._value_ = code
        state.text, state.sign, state.settled = text, sign, settled
        return state

    COMPLETE = "complete", "complete", "■", True
    """Every entry that arXiv announced is stored."""
    QUIET = "quiet", "nothing", "□", True
    """arXiv announced nothing in it that day."""
    CURRENT = "current", "up to date", "", True
    """All is stored, and nothing new can exist yet."""
    RESTING = "resting", "holiday or weekend", "-", True
    """All is stored; there is no announcement."""
    NOT_YET = "not-yet", "not announced yet", ":", True
    DUE = "due", "due", "·"
    """It was not asked for yet."""
    UNCONFIRMED = "unconfirmed", "nothing so far", "o", True
    """arXiv showed nothing; one reading is no proof, so it is asked once more."""
    PARTIAL = "partial", "partial", "▣"
    """Something is stored; the rest is asked for again later."""
    BEHIND = "behind", "arXiv is behind", "~"
    UNREADABLE = "unreadable", "could not be read", "?"
    FAILED = "failed", "failed", "!"
    CANCELLED = "cancelled", "cancelled", ""
    UNKNOWN = "unknown", "unknown", "%"
    """A later program knows what it means; here it counts as due."""

    @classmethod
    def _missing_(cls, value: object) -> "DayState":
        return _OF_0_1.get(str(value), cls.UNKNOWN)


_OF_0_1 = {
    "nothing": DayState.QUIET,
    "up to date": DayState.CURRENT,
    "holiday or weekend": DayState.RESTING,
    "not announced yet": DayState.NOT_YET,
    "arXiv is behind": DayState.BEHIND,
    "could not be read": DayState.UNREADABLE,
}
"""Version 0.1 stored texts in the place of codes."""
