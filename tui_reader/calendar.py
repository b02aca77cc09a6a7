"""When arXiv announces: evenings at 20:00 US Eastern, Sunday to Thursday, dated the next day."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta, tzinfo
from enum import StrEnum
from functools import cache

HOLIDAYS = frozenset(
    date.fromisoformat(f"2026-{day}")
    for day in "01-01 01-19 06-19 07-03 09-07 11-26 12-25 12-29 12-31".split()
)
"""Days on which arXiv says it rests. Other years' are not known, and are found by asking."""

CATCH_UP_DAYS = 90
"""How far back arXiv shows announcements."""

_EVENING = time(20)
_DAY = timedelta(days=1)


class Expected(StrEnum):
    """Whether an announcement bears the date of a day."""

    YES = "yes"
    PERHAPS = "perhaps"
    """Near a holiday: which of the two evenings around it is left out is not known."""
    NO = "no"


class _Eastern(tzinfo):
    """US Eastern time by the rules since 2007, for systems without a time zone database."""

    def utcoffset(self, moment: datetime | None) -> timedelta:
        return timedelta(hours=-5) + self.dst(moment)

    def dst(self, moment: datetime | None) -> timedelta:
        assert moment is not None
        wall = moment.replace(tzinfo=None)
        start = datetime(wall.year, 3, 14, 2)  # noqa: DTZ001  wall clock; the second Sunday
        end = datetime(wall.year, 11, 7, 2)  # noqa: DTZ001  the first Sunday
        start -= timedelta(days=(start.weekday() + 1) % 7)
        end -= timedelta(days=(end.weekday() + 1) % 7)
        return timedelta(hours=1) if start <= wall < end else timedelta(0)

    def tzname(self, moment: datetime | None) -> str:
        return "EDT" if self.dst(moment) else "EST"


@cache
def eastern() -> tzinfo:
    """Return the time zone arXiv lives in."""
    from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

    try:
        return ZoneInfo("America/New_York")
    except (ZoneInfoNotFoundError, OSError):
        return _Eastern()


def expected(day: date) -> Expected:
    """Say whether an announcement bears this date."""
    if day.weekday() >= 5:
        return Expected.NO
    return Expected.PERHAPS if {day, day - _DAY} & HOLIDAYS else Expected.YES


def moment_of(day: date) -> datetime:
    """Return when the announcement dated `day` comes: the evening before, in Eastern time."""
    return datetime.combine(day - _DAY, _EVENING, eastern())


def latest(now: datetime) -> date:
    """Return the date of the newest announcement that can be out by `now`."""
    day = now.astimezone(eastern()).date() + _DAY
    while expected(day) is Expected.NO or moment_of(day) > now:
        day -= _DAY
    return day


def next_after(now: datetime) -> datetime:
    """Return when the next announcement can come; nothing new can exist before."""
    day = latest(now) + _DAY
    while expected(day) is Expected.NO:
        day += _DAY
    return moment_of(day)


def next_in_words(now: datetime) -> str:
    """Return when the next announcement can come: `Monday 20:00 US Eastern (... your time)`."""
    there = next_after(now)
    here = there.astimezone()
    return f"{there:%A %H:%M} US Eastern ({here:%A %H:%M} your time)"


def days(first: date, last: date) -> Iterator[date]:
    """Yield the dates that an announcement bears, or perhaps bears, both ends included."""
    for number in range((last - first).days + 1):
        day = first + number * _DAY
        if expected(day) is not Expected.NO:
            yield day


def rests(now: datetime) -> bool:
    """Whether it is a weekend or perhaps a holiday at arXiv, so that quiet is no fault."""
    return expected(now.astimezone(eastern()).date()) is not Expected.YES
