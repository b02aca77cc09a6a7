"""What is due: which announcements are worth asking for, and when."""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from itertools import chain
from typing import TypeAlias

from tui_reader import calendar
from tui_reader.calendar import CATCH_UP_DAYS
from tui_reader.store import Known, Store
from tui_reader.sync.states import DayState

MOST_TRIES = 20
"""After these, about a week of them, a day that arXiv never completes is asked for no more."""

NEVER = datetime.max.replace(tzinfo=UTC)
_WAITS = timedelta(minutes=10), timedelta(hours=12)  # the first one, and the longest
_REST_WAITS = timedelta(hours=6), timedelta(hours=24)
_DAY = timedelta(days=1)

Following: TypeAlias = Mapping[str, date | None]
"""The followed categories, and since when; since the oldest stored day where none is given."""

Standings: TypeAlias = Mapping[str, Sequence[Known]]
"""What is known of each announcement of the followed categories, the newest first."""


def standings(store: Store, following: Following, now: datetime) -> Standings:
    """Return how the announcements of the followed categories stand."""
    newest, found = calendar.latest(now), {}
    shown = newest - CATCH_UP_DAYS * _DAY
    known = {
        cell[:2]: cell
        for cell in store.listings.ledger(min([shown, *filter(None, following.values())]))
    }
    for category, since in following.items():
        first = since or min((day for name, day in known if name == category), default=newest)
        days = [*calendar.days(min(first, newest), newest)]
        found[category] = [known.get((category, d), Known(category, d)) for d in days[::-1]]
    return found


def plan(stand: Standings, now: datetime, *, force: bool = False) -> list[Known]:
    """Return what there is to ask for now, the newest day first.

    A day is due until it is complete, as far back as arXiv shows it; after a try that did not
    complete it, the waits between tries grow. `force` ignores these waits, and asks for the
    newest day even where it is complete.
    """
    newest = calendar.latest(now)
    due = [
        cell
        for cell in chain.from_iterable(stand.values())
        if due_at(cell, now) <= now
        or (force and (cell.announced == newest or is_missing(cell, now)))
    ]
    return sorted(due, key=lambda cell: cell.announced, reverse=True)


def next_due(stand: Standings, now: datetime) -> datetime:
    """Return when it makes sense to sync again: now, after a wait, or at the next announcement."""
    waits = [due_at(cell, now) for cell in chain.from_iterable(stand.values())]
    return max(now, min([calendar.next_after(now), *waits]))


def due_at(cell: Known, now: datetime) -> datetime:
    """Return when a day is worth asking for, or asking for again; far in the future for never."""
    state = state_of(cell)
    if not is_missing(cell, now):
        return NEVER
    if not cell.last or state is DayState.UNKNOWN:
        return calendar.moment_of(cell.announced)
    if cell.tries >= MOST_TRIES:
        return NEVER
    resting = state is DayState.RESTING and cell.announced == calendar.latest(now)
    first, longest = _REST_WAITS if resting else _WAITS
    return cell.last + min(first * 2.0 ** (cell.tries - 1), longest)


def is_missing(cell: Known, now: datetime) -> bool:
    """Whether a day is incomplete, and arXiv still shows it."""
    shown = calendar.latest(now) - cell.announced < CATCH_UP_DAYS * _DAY
    return shown and not cell.complete


def state_of(cell: Known) -> DayState:
    """Return what became of an announcement, as far as it is known."""
    state = DayState(cell.state) if cell.state else DayState.DUE
    if not cell.complete:
        return DayState.PARTIAL if cell.stored and not cell.state else state
    if cell.stored:
        return DayState.COMPLETE
    return DayState.RESTING if state is DayState.RESTING else DayState.QUIET
