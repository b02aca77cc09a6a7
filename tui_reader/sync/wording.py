"""How things stand, in words and signs, without asking arXiv."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from tui_reader import calendar
from tui_reader.store import Known, Store
from tui_reader.sync.plan import NEVER, Standings, due_at, next_due, state_of
from tui_reader.sync.states import DayState

_DAY = timedelta(days=1)

LEGEND = "   ".join(f"{state.sign} {state.text}" for state in DayState if state.sign)


def standing(newest: Known, now: datetime) -> tuple[DayState, str]:
    """Return how a category stands, and a sentence on it, by its newest announcement."""
    state = state_of(newest)
    if state is DayState.UNKNOWN:
        return state, "It is asked for with the next sync."
    if state is DayState.DUE and not newest.tries:
        return state, "It was not asked for yet."
    if not newest.complete:
        has = f"{counted(newest.stored)} stored, perhaps not all." if newest.stored else ""
        said = "" if has and newest.state == DayState.PARTIAL else has
        return state, " ".join(filter(None, (said, newest.said, asked_again(newest, now))))
    if state is DayState.QUIET:
        return state, newest.said
    state = DayState.RESTING if calendar.rests(now) else DayState.CURRENT
    return state, f"Nothing can be new before {calendar.next_in_words(now)}."


def next_step(stand: Standings, now: datetime) -> str:
    """Return when there is something to ask for, in a sentence or two."""
    due, new = next_due(stand, now), f"Nothing can be new before {calendar.next_in_words(now)}."
    if due <= now:
        return "Something is due now."
    if due < calendar.next_after(now):
        return f"Something is asked for again {due.astimezone():%A %H:%M}. {new}"
    return new


def note_trouble(store: Store, problem: str, now: datetime) -> None:
    """Keep why arXiv could not be asked at all; nothing where it could."""
    store.remember("trouble", f"{now.isoformat(timespec='seconds')} {problem}" if problem else "")


def last_trouble(store: Store) -> str:
    """Return why arXiv could not be asked at all the last time, as a sentence, if it could not."""
    at, _, problem = (store.recall("trouble") or "").partition(" ")
    return f"{datetime.fromisoformat(at).astimezone():%a %H:%M}: {problem}." if problem else ""


def asked_again(cell: Known, now: datetime) -> str:
    """Return when a day is asked for again, as a sentence in local time; empty for now or never."""
    again = due_at(cell, now)
    return f"Asked again {again.astimezone():%a %H:%M}." if now < again < NEVER else ""


def weeks(cells: Sequence[Known], count: int = 5) -> tuple[str, str]:
    """Return a category's last weeks: their Mondays, and below them a sign for each day."""
    newest = cells[0].announced
    monday = newest - (newest.weekday() + 7 * (count - 1)) * _DAY
    signs = {cell.announced: state_of(cell).sign for cell in cells}
    starts = [monday + 7 * week * _DAY for week in range(count)]
    rows = ["".join(signs.get(start + day * _DAY, " ") for day in range(5)) for start in starts]
    return " ".join(f"{start:%d %b}" for start in starts), "  ".join(rows)


def dated(day: date) -> str:
    return f"{day:%A} {day.day} {day:%B}"


def counted(entries: int) -> str:
    return f"{entries:,} {'entry' if entries == 1 else 'entries'}"
