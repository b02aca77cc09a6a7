"""Keep the store abreast of arXiv: what is due, fetching and storing it, an outcome a category."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from html import unescape
from itertools import chain
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from tui_reader import calendar, sources, taxonomy
from tui_reader.calendar import CATCH_UP_DAYS, Expected
from tui_reader.errors import Cancelled, FetchError, SourceError, Trouble
from tui_reader.merge import joined
from tui_reader.model import Listing, Reading, Section, paper_at, row_of
from tui_reader.store import Kind, Known, Store, View

if TYPE_CHECKING:  # loads the network
    from tui_reader.fetch import Client

MOST_PAGES = 10
MOST_TRIES = 20
"""After these, about a week of them, a day that arXiv never completes is asked for no more."""

_WAITS = timedelta(minutes=10), timedelta(hours=12)  # the first one, and the longest
_REST_WAITS = timedelta(hours=6), timedelta(hours=24)
_LATE = timedelta(hours=4)
_PLENTY = 10
_NEVER = datetime.max.replace(tzinfo=UTC)
_DAY = timedelta(days=1)

Following: TypeAlias = Mapping[str, date | None]
"""The followed categories, and since when; since the oldest stored day where none is given."""

Standings: TypeAlias = Mapping[str, Sequence[Known]]
"""What is known of each announcement of the followed categories, the newest first."""


class State(StrEnum):
    """What became of a category's announcement."""

    COMPLETE = "complete"
    """Every entry that arXiv announced is stored."""
    QUIET = "nothing"
    """arXiv announced nothing in it that day."""
    CURRENT = "up to date"
    """All is stored, and nothing new can exist yet."""
    RESTING = "holiday or weekend"
    """All is stored; there is no announcement."""
    NOT_YET = "not announced yet"
    DUE = "due"
    """It was not asked for yet."""
    PARTIAL = "partial"
    """Something is stored; the rest is asked for again later."""
    BEHIND = "arXiv is behind"
    UNREADABLE = "could not be read"
    FAILED = "failed"
    CANCELLED = "cancelled"

    @property
    def settled(self) -> bool:
        """Whether there is nothing to worry about."""
        return self in (State.COMPLETE, State.QUIET, State.CURRENT, State.RESTING, State.NOT_YET)


class Progress(NamedTuple):
    """A step of a sync."""

    done: int
    """How many of the listings are done with, `of` all that are due."""
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
        return ("━" * (10 * self.done // max(self.of, 1))).ljust(10, "·")

    @property
    def counts(self) -> str:
        new = f", {self.unknown:,} new" if self.unknown else ""
        return f"{self.done}/{self.of}{new}" if self.of else "arXiv"

    def __str__(self) -> str:
        wait = f"waits {self.seconds:.0f} s: " if self.seconds else ""
        return f"{self.bar} {self.counts}  {wait}{self.says}"


Report: TypeAlias = Callable[[Progress], None]


class Outcome(NamedTuple):
    """What syncing came to for a category."""

    category: str
    state: State
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


# What is due


def standings(store: Store, following: Following, now: datetime) -> Standings:
    """Return how the announcements of the followed categories stand."""
    newest, found = calendar.latest(now), {}
    shown = newest - CATCH_UP_DAYS * _DAY
    known = {
        cell[:2]: cell for cell in store.ledger(min([shown, *filter(None, following.values())]))
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
        or (force and (cell.announced == newest or _is_missing(cell, now)))
    ]
    return sorted(due, key=lambda cell: cell.announced, reverse=True)


def next_due(stand: Standings, now: datetime) -> datetime:
    """Return when it makes sense to sync again: now, after a wait, or at the next announcement."""
    waits = [due_at(cell, now) for cell in chain.from_iterable(stand.values())]
    return max(now, min([calendar.next_after(now), *waits]))


def due_at(cell: Known, now: datetime) -> datetime:
    """Return when a day is worth asking for, or asking for again; far in the future for never."""
    if not _is_missing(cell, now) or cell.tries >= MOST_TRIES:
        return _NEVER
    if not cell.last:
        return calendar.moment_of(cell.announced)
    resting = cell.state == State.RESTING and cell.announced == calendar.latest(now)
    first, longest = _REST_WAITS if resting else _WAITS
    return cell.last + min(first * 2.0 ** (cell.tries - 1), longest)


def _is_missing(cell: Known, now: datetime) -> bool:
    """Whether a day is incomplete, and arXiv still shows it."""
    shown = calendar.latest(now) - cell.announced < CATCH_UP_DAYS * _DAY
    return shown and not cell.complete


# Fetching it


def run(
    store: Store,
    client: Client,
    following: Following,
    now: Callable[[], datetime],
    report: Report = lambda progress: None,
    *,
    force: bool = False,
) -> list[Outcome]:
    """Fetch what is due and store each listing as it comes; return an outcome a category.

    Blocks, in a thread that owns `store`; `client` says how long, and whether it is cancelled.
    Raises StoreError when the disk refuses; whatever arXiv does is told in the outcomes.
    """
    newest = calendar.latest(now())
    return _Run(store, client, following, now, report, newest).outcomes(force)


@dataclass
class _Run:
    store: Store
    client: Client
    following: Following
    now: Callable[[], datetime]
    report: Report
    newest: date
    done: int = 0
    of: int = 0
    shown: date | None = None
    """The day that /new shows, where it is not the newest there can be."""
    rests: dict[date, Listing] = field(default_factory=dict)
    """The days without an announcement, each with a listing that shows it."""
    found: dict[tuple[str, date], tuple[State, str]] = field(default_factory=dict)
    entries: dict[tuple[str, date], int] = field(default_factory=dict)
    unknown: Counter[str] = field(default_factory=Counter)

    def outcomes(self, force: bool) -> list[Outcome]:
        self.client.report = lambda seconds, why: self.say(why, seconds=seconds)
        jobs = plan(self._stand(), self.now(), force=force)
        self.of = len(jobs)
        try:
            self._work(jobs)
            self._feed()
            self._starred()
        except Cancelled:
            for job in jobs:
                cancelled = State.CANCELLED, "Ended; the rest comes later."
                self.found.setdefault(job[:2], cancelled)
        return [self._outcome(category, cells) for category, cells in self._stand().items()]

    def _stand(self) -> Standings:
        return standings(self.store, self.following, self.now())

    def say(self, says: str, *, seconds: float = 0.0, stored: bool = False) -> None:
        unknown = self.unknown.total()
        self.report(Progress(self.done, self.of, says, seconds, stored, unknown))

    def _work(self, jobs: Sequence[Known]) -> None:
        stopped: FetchError | None = None
        broken = 0
        behind: set[date] = set()
        for self.done, job in enumerate(jobs):
            if job[:2] in self.found or (job.stored and job.announced in behind):
                continue  # /new has shown it already; or the rest of it can't be there yet either
            try:
                if stopped:
                    raise stopped
                self.say(f"Asking arXiv for {job.category}, {_day(job.announced)}")
                state, says = self._ask(job)
                if state in (State.PARTIAL, State.BEHIND):
                    behind.add(job.announced)
                self._settle(job, state, says)
                broken = 0
            except SourceError as error:
                self._settle(job, State.UNREADABLE, str(error))
            except FetchError as error:
                state = State.BEHIND if error.trouble is Trouble.BUSY else State.FAILED
                tried = error.trouble in (Trouble.BUSY, Trouble.BROKEN, Trouble.UNKNOWN)
                self._settle(job, state, f"{error}.", tried=tried)
                broken += error.trouble is Trouble.BROKEN
                if error.trouble not in (Trouble.BROKEN, Trouble.UNKNOWN) or broken == 3:
                    stopped = error  # the jobs that are given up with it wait as long
        self.done = len(jobs)

    def _settle(self, job: Known, state: State, says: str, *, tried: bool = True) -> None:
        self.found[job[:2]] = state, says
        if tried:
            self.store.record(job.category, job.announced, state, says, self.now())

    def _ask(self, job: Known) -> tuple[State, str]:
        """Fetch a listing and store it; return what it is worth."""
        day, newest = job.announced, job.announced == self.newest
        if day in self.rests:
            return self._take(job, replace(self.rests[day], category=job.category), "")
        if newest and self.shown and self._is_complete(job.category, self.shown):
            return self._late(day, self.shown)
        listing, form = self._page(job, 0)
        if listing.announced == day:
            return self._take(job, listing, form)
        if not newest:
            raise SourceError(_name(job), f"arXiv answered with {_day(listing.announced)}")
        if not self._is_complete(job.category, listing.announced):
            other = Known(job.category, listing.announced)
            self._settle(other, *self._take(job, listing, form))
        if listing.announced > day:
            ahead = f"arXiv shows {_day(listing.announced)} already; is this machine's clock right?"
            return State.BEHIND, ahead
        self.shown = listing.announced
        return self._late(day, self.shown)

    def _is_complete(self, category: str, day: date) -> bool:
        return any(cell.complete for cell in self.store.ledger(day) if cell[:2] == (category, day))

    def _late(self, day: date, shown: date) -> tuple[State, str]:
        shows = f"arXiv still shows {_day(shown)}"
        if calendar.expected(day) is not Expected.YES:
            return State.RESTING, f"{shows}, and rests around this day."
        if self.now() - calendar.moment_of(day) < _LATE:
            return State.NOT_YET, f"{shows}; {_day(day)} is not announced yet."
        return State.BEHIND, f"{shows}; {_day(day)} is late, or a holiday."

    def _page(self, job: Known, page: int) -> tuple[Listing, str]:
        """Fetch and read a page of a listing; pages count from 0."""
        if job.announced == self.newest:
            body = self.client.new(job.category, page * self.client.PAGE)
        else:
            body = self.client.catch_up(job.category, job.announced, page + 1)
        reading = sources.read(body, _name(job))
        if len(reading.listings) != 1:
            raise SourceError(_name(job), f"arXiv sent a {reading.form} instead of a listing")
        listing = reading.listings[0]
        namesakes = taxonomy.codes_named(taxonomy.name_of(job.category))
        if listing.category not in ("", job.category, *namesakes):
            raise SourceError(_name(job), f"arXiv sent the listing of {listing.category}")
        return replace(listing, category=job.category), reading.form

    def _take(self, job: Known, listing: Listing, form: str) -> tuple[State, str]:
        """Store a listing that begins with this page, and fetch its other pages."""
        before = self._before(listing)
        if problem := self._doubt(listing, before):
            return State.BEHIND, problem
        self._save(listing, form)
        pages, promised = [listing], sum(listing.promised.values())
        while (
            promised > len(listing.entries) + listing.unreadable
            and len(pages[-1].entries) + pages[-1].unreadable >= self.client.PAGE
            and len(pages) < MOST_PAGES
        ):
            page, _ = self._page(job, len(pages))
            if page.announced != listing.announced:
                return State.PARTIAL, "arXiv announced the next day meanwhile."
            pages.append(page)
            listing = joined(pages)
            self._save(listing, form)
        if not listing.complete:
            return State.PARTIAL, f"{len(listing.entries)} of {promised} entries came, so far."
        if listing.entries:
            return State.COMPLETE, f"{_count(len(listing.entries))} of {_day(listing.announced)}."
        if calendar.expected(listing.announced) is Expected.YES:
            return State.QUIET, "arXiv announced nothing in it."
        if _is_busy(before):  # then all of arXiv rested
            self.rests[listing.announced] = listing
        return State.RESTING, "arXiv announced nothing: a holiday."

    def _before(self, listing: Listing) -> list[Known]:
        """Return the stored announcements of the two weeks before, newest first."""
        return [
            cell
            for cell in self.store.ledger(listing.announced - 14 * _DAY)
            if cell.category == listing.category
            and cell.announced < listing.announced
            and cell.stored
        ]

    def _doubt(self, listing: Listing, before: Sequence[Known]) -> str:
        """Say why a listing is no more than a sign of arXiv's databases being behind."""
        promised, day = sum(listing.promised.values()), listing.announced
        if promised and not listing.entries:
            return f"arXiv promises {_count(promised)}, and shows none yet."
        new = {row_of(e.paper.id) for e in listing.entries if e.section is Section.NEW}
        if before and new:
            rows = self.store.contents(View(Kind.LISTING, listing.category, before[0].announced))
            if 2 * len(new & set(rows.rows)) > len(new):
                return f"arXiv shows the papers of {_day(before[0].announced)} again."
        usual = day == self.newest and calendar.expected(day) is Expected.YES and _is_busy(before)
        return "arXiv shows nothing, which would be unusual." if usual and not promised else ""

    def _save(self, listing: Listing, form: str) -> None:
        category, count = listing.category, len(listing.entries)
        saved = self.store.save(Reading(form, (listing,)), self.now())
        self.entries[category, listing.announced] = count
        self.unknown[category] += saved.unknown
        self.say(f"{category}, {_day(listing.announced)}: {_count(count)}", stored=True)
        rows = [row_of(entry.paper.id) for entry in listing.entries]
        while self.store.prepare(rows):
            self.client.breathe()

    def _feed(self) -> None:
        """Take from the feeds what /new did not give; they can't prove that they are complete."""
        failed = {}
        for category, (newest, *_) in self._stand().items():
            state, says = self.found.get(newest[:2], (None, ""))
            if state in (State.BEHIND, State.UNREADABLE) and not newest.stored:
                failed[category] = says
        if not failed or self.shown:
            return
        with suppress(FetchError, SourceError):
            reading = sources.read(self.client.feed([*failed]), "arXiv's feed")
            for listing in reading.listings:
                asked = listing.category in failed and listing.announced == self.newest
                if asked and listing.entries and not self._doubt(listing, self._before(listing)):
                    self._save(replace(listing, promised={}), reading.form)
                    count, why = _count(len(listing.entries)), failed[listing.category]
                    says = f"{count} from the feed, perhaps not all: {why}"
                    self.found[listing.category, self.newest] = State.PARTIAL, says

    def _starred(self) -> None:
        """Fetch starred papers that are not stored, such as those of another machine."""
        rows = self.store.contents(View(Kind.STARRED)).rows
        sought = (self.store.recall("sought") or "").split()
        known = self.store.papers(rows)
        missing = [paper_at(row) for row in rows if row not in known]
        asked = [paper for paper in missing if paper not in sought][:100]
        if not asked:
            return
        with suppress(FetchError, SourceError):
            reading = sources.read(self.client.papers(asked), "arXiv's answer on starred papers")
            self.store.save(reading, self.now())
            gone = set(asked) - {paper.id for paper in reading.papers}
            self.store.remember("sought", " ".join([*sought, *sorted(gone)][-1000:]))

    def _outcome(self, category: str, cells: Sequence[Known]) -> Outcome:
        now, key = self.now(), (category, self.newest)
        state, says = self.found.get(key) or standing(cells[0], now)
        missing = [cell.announced for cell in cells[1:] if _is_missing(cell, now)]
        lacking = [cell.announced for cell in cells[1:] if not cell.complete]
        beyond = lacking[len(missing) :][::-1]
        if missing and state.settled:
            says += f" {_days(len(missing))} still missing."
            wrong = [self.found[category, day] for day in missing if (category, day) in self.found]
            state, why = wrong[0] if wrong else (State.PARTIAL, "")
            says = f"{says} {why}".rstrip()
        if beyond:
            says += (
                f" {_days(len(beyond))} too long ago; for the papers: tui-reader sync"
                f" --harvest {category} --from {beyond[0]}"
            )
        return Outcome(
            category,
            state,
            self.newest,
            says,
            sum(count for (name, _), count in self.entries.items() if name == category),
            self.unknown[category],
            tuple(missing),
            tuple(beyond),
        )


def summary(outcomes: Sequence[Outcome]) -> str:
    """Return what a sync came to in one line: that all is well, or what is wrong first."""
    wrong = [outcome for outcome in outcomes if not outcome.state.settled]
    if any(outcome.state is State.CANCELLED for outcome in wrong):
        return "Ended; the rest comes later."
    if len({outcome.says for outcome in outcomes}) == 1:
        return outcomes[0].says
    if wrong:
        others = f" And {len(wrong) - 1} more." if wrong[1:] else ""
        return f"{wrong[0].category}: {wrong[0].state}. {wrong[0].says}{others}"
    states = Counter(outcome.state for outcome in outcomes)
    return ", ".join(f"{count} {state}" for state, count in states.items()) + "."


# Whole categories, for what arXiv's listings no longer show


def harvest(
    store: Store,
    client: Client,
    category: str,
    first: date,
    now: Callable[[], datetime],
    report: Report = lambda progress: None,
) -> int:
    """Fetch what arXiv has of a category, changed since `first`; return how many papers that is.

    It goes month by month, and after an interruption on from the month it was in. The papers come
    without an announcement, so they fill the Library and not the Inbox. Raises FetchError,
    SourceError, StoreError, Cancelled.
    """
    key, today = f"harvest {category} {first}", now().date()
    origin = f"arXiv's records of {category}"
    count, day = 0, date.fromisoformat(store.recall(key) or first.isoformat())

    def say(says: str, seconds: float = 0.0, *, stored: bool = False) -> None:
        months = (today - first).days // 31 + 1
        report(Progress((day - first).days // 31, months, says, seconds, stored, count))

    client.report = lambda seconds, why: say(why, seconds)
    while day <= today:
        until = min(day + 30 * _DAY, today)
        asked = {"metadataPrefix": "arXivRaw", "set": _set_of(category)}
        asked |= {"from": str(day), "until": str(until)}
        while asked:
            body = client.records(asked)
            if _NO_RECORDS.search(body):
                break
            reading = sources.read(body, origin)
            count += store.save(reading, now()).papers
            say(f"{category} until {until}: {count:,} papers", stored=True)
            token = _TOKEN.search(body)
            rest = (
                {"resumptionToken": unescape(token[1].decode("utf-8", "replace"))} if token else {}
            )
            if asked == rest:
                raise SourceError(origin, "the same part again, and no end of it")
            asked = rest
        # The last month is not over, so it is where the next harvest begins.
        store.remember(key, str(until if until == today else until + _DAY))
        day = until + _DAY
    return count


def _set_of(category: str) -> str:
    """Return OAI-PMH's name of a category: `cs:cs:DC`, `physics:hep-th`."""
    archive, _, subject = category.partition(".")
    group = archive if archive in _GROUPS else "physics"
    return ":".join(filter(None, (group, archive, subject)))


_GROUPS = ("cs", "econ", "eess", "math", "q-bio", "q-fin", "stat")
_TOKEN = re.compile(rb"<resumptionToken[^>]*>([^<]+)</resumptionToken>")
_NO_RECORDS = re.compile(rb"<error\s+code=[\"']noRecordsMatch[\"']")


# How things stand, without asking

_SIGNS = {
    State.COMPLETE: "■",
    State.QUIET: "□",
    State.RESTING: "-",
    State.NOT_YET: ":",
    State.DUE: "·",
    State.PARTIAL: "▣",
    State.BEHIND: "~",
    State.UNREADABLE: "?",
    State.FAILED: "!",
}
LEGEND = "   ".join(f"{sign} {state}" for state, sign in _SIGNS.items())


def state_of(cell: Known) -> State:
    """Return what became of an announcement, as far as it is known."""
    if not cell.complete:
        return State(cell.state or (State.PARTIAL if cell.stored else State.DUE))
    if cell.stored:
        return State.COMPLETE
    return State.RESTING if cell.state == State.RESTING else State.QUIET


def standing(newest: Known, now: datetime) -> tuple[State, str]:
    """Return how a category stands, and a sentence on it, by its newest announcement."""
    state = state_of(newest)
    if state is State.DUE or (state is State.PARTIAL and not newest.tries):
        return state, "It was not asked for yet."
    if not newest.complete:
        return state, f"{newest.said} {asked_again(newest, now)}".rstrip()
    if state is State.QUIET:
        return state, newest.said
    state = State.RESTING if calendar.rests(now) else State.CURRENT
    return state, f"Nothing can be new before {calendar.next_in_words(now)}."


def next_step(stand: Standings, now: datetime) -> str:
    """Return when there is something to ask for, in a sentence or two."""
    due, new = next_due(stand, now), f"Nothing can be new before {calendar.next_in_words(now)}."
    if due <= now:
        return "Something is due now."
    if due < calendar.next_after(now):
        return f"Something is asked for again {due.astimezone():%A %H:%M}. {new}"
    return new


def asked_again(cell: Known, now: datetime) -> str:
    """Return when a day is asked for again, as a sentence in local time; empty for now or never."""
    again = due_at(cell, now)
    return f"Asked again {again.astimezone():%a %H:%M}." if now < again < _NEVER else ""


def weeks(cells: Sequence[Known], count: int = 5) -> tuple[str, str]:
    """Return a category's last weeks: their Mondays, and below them a sign for each day."""
    newest = cells[0].announced
    monday = newest - (newest.weekday() + 7 * (count - 1)) * _DAY
    signs = {cell.announced: _SIGNS[state_of(cell)] for cell in cells}
    starts = [monday + 7 * week * _DAY for week in range(count)]
    rows = ["".join(signs.get(start + day * _DAY, " ") for day in range(5)) for start in starts]
    return " ".join(f"{start:%d %b}" for start in starts), "  ".join(rows)


def _is_busy(before: Sequence[Known]) -> bool:
    """Whether a category with these announcements before, newest first, always has some."""
    usual = [cell.stored for cell in before[:5] if cell.state == State.COMPLETE]
    return len(usual) > 2 and min(usual) >= _PLENTY


def _name(job: Known) -> str:
    return f"the listing of {job.category} for {_day(job.announced)}"


def _day(day: date) -> str:
    return f"{day:%A} {day.day} {day:%B}"


def _count(entries: int) -> str:
    return f"{entries:,} {'entry' if entries == 1 else 'entries'}"


def _days(count: int) -> str:
    return f"{count} earlier {'day is' if count == 1 else 'days are'}"
