"""What is due: which announcements are worth asking for, and when."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from itertools import chain
from typing import NamedTuple, TypeAlias

from tui_reader import calendar
from tui_reader.calendar import CATCH_UP_DAYS
from tui_reader.store import CONFIRMED_AFTER, Known, Store
from tui_reader.sync.states import DayState

MOST_TRIES = 20
"""After these, about a week of them, a day that arXiv never completes is asked for no more."""

NEVER = datetime.max.replace(tzinfo=UTC)
_WAITS = timedelta(minutes=10), timedelta(hours=12)  # the first one, and the longest
_REST_WAITS = timedelta(hours=6), timedelta(hours=24)
_DAY = timedelta(days=1)
_LONG_AGO = datetime.min.replace(tzinfo=UTC)
_FAILURES = (DayState.BEHIND, DayState.UNREADABLE, DayState.FAILED)

Following: TypeAlias = Mapping[str, date | None]
"""The followed categories, and since when; since the oldest stored day where none is given."""


class Standing(NamedTuple):
    """What is known of the announcements of a followed category."""

    wanted: Sequence[Known]
    """Each that there can be since it is followed, the newest first; there is always one."""
    earlier: Sequence[Known]
    """What else is stored of the days that arXiv shows: the Inbox has it as well."""

    @property
    def days(self) -> Sequence[Known]:
        return [*self.wanted, *self.earlier]


Standings: TypeAlias = Mapping[str, Standing]


def standings(store: Store, following: Following, now: datetime) -> Standings:
    """Return how the announcements of the followed categories stand."""
    newest, found = calendar.latest(now), {}
    shown = newest - CATCH_UP_DAYS * _DAY
    ledger = store.listings.ledger(min([shown, *filter(None, following.values())]))
    for category, since in following.items():
        known = {cell.announced: cell for cell in ledger if cell.category == category}
        first = min(since or min(known, default=newest), newest)
        days = list(calendar.days(first, newest))[::-1]
        found[category] = Standing(
            [known.get(day, Known(category, day)) for day in days],
            [cell for day, cell in known.items() if day < first and cell.stored],
        )
    return found


def plan(stand: Standings, now: datetime, *, force: bool = False) -> list[Known]:
    """Return what there is to ask for now: the newest day first, what has failed at the end.

    A day is due until it is complete, as far back as arXiv shows it; after a try that did not
    complete it, the waits between tries grow. `force` ignores these waits, and asks for the
    newest day even where it is complete.
    """
    newest = calendar.latest(now)
    due = [
        cell
        for cell in _wanted(stand)
        if due_at(cell, now) <= now
        or (force and (cell.announced == newest or is_missing(cell, now)))
    ]
    failed = {
        category: max(map(_failed_at, each.wanted), default=_LONG_AGO)
        for category, each in stand.items()
    }

    def turn(cell: Known) -> tuple[datetime, datetime, int]:
        return failed[cell.category], _failed_at(cell), -cell.announced.toordinal()

    return sorted(due, key=turn)


def _failed_at(cell: Known) -> datetime:
    """Return when asking for a day failed, if it was the last that came of it."""
    failed = not cell.complete and DayState(cell.state or DayState.DUE) in _FAILURES
    return cell.last if failed and cell.last else _LONG_AGO


def next_due(stand: Standings, now: datetime) -> datetime:
    """Return when it makes sense to sync again: now, after a wait, or at the next announcement."""
    waits = [due_at(cell, now) for cell in _wanted(stand)]
    return max(now, min([calendar.next_after(now), *waits]))


def _wanted(stand: Standings) -> Iterator[Known]:
    return chain.from_iterable(each.wanted for each in stand.values())


def due_at(cell: Known, now: datetime) -> datetime:
    """Return when a day is worth asking for, or asking for again; far in the future for never."""
    state = DayState(cell.state or DayState.DUE)
    if not is_missing(cell, now):
        return NEVER
    if not cell.last or state is DayState.UNKNOWN:
        return calendar.moment_of(cell.announced)
    if cell.tries >= MOST_TRIES:
        return NEVER
    if state is DayState.UNCONFIRMED:
        return cell.last + CONFIRMED_AFTER
    resting = state is DayState.RESTING and cell.announced == calendar.latest(now)
    first, longest = _REST_WAITS if resting else _WAITS
    return cell.last + min(first * 2.0 ** (cell.tries - 1), longest)


def is_missing(cell: Known, now: datetime) -> bool:
    """Whether a day is incomplete, and arXiv still shows it."""
    shown = calendar.latest(now) - cell.announced < CATCH_UP_DAYS * _DAY
    return shown and not cell.complete


def state_of(cell: Known) -> DayState:
    """Return what became of an announcement, as far as it is known."""
    state = DayState(cell.state or DayState.DUE)
    if cell.complete and not cell.stored:
        return DayState.RESTING if state is DayState.RESTING else DayState.QUIET
    if cell.complete:
        return DayState.COMPLETE
    return DayState.PARTIAL if cell.stored and state is not DayState.UNKNOWN else state
