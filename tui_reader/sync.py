"""Keep the store abreast of arXiv: what is due, fetching and storing it, an outcome a category."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from html import unescape
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from tui_reader import calendar, sources, taxonomy
from tui_reader.calendar import CATCH_UP_DAYS, Expected
from tui_reader.errors import (
    Cancelled,
    FetchError,
    SourceError,
    Trouble,
)
from tui_reader.merge import joined
from tui_reader.model import Listing, Reading, Section, paper_at, row_of
from tui_reader.store import Kind, Known, Store, View

if TYPE_CHECKING:  # loads the network
    from tui_reader.fetch import Client

MOST_PAGES = 10
MOST_TRIES = 20
"""After these, about a week of them, a day that arXiv never completes is asked for no more."""

_FIRST_WAIT = timedelta(minutes=10)
_LONGEST_WAIT = timedelta(hours=12)
_REST_WAIT = timedelta(hours=6)
_LATE = timedelta(hours=4)
_PLENTY = 10


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


class Job(NamedTuple):
    """A listing to fetch."""

    category: str
    day: date
    newest: bool
    """Whether it is the newest there can be: /new shows it, else /catchup."""


class Asking(NamedTuple):
    """arXiv is being asked for the listing `number` of `of`."""

    category: str
    day: date
    number: int
    of: int

    def __str__(self) -> str:
        return f"Asking arXiv for {self.category}, {_day(self.day)} ({self.number} of {self.of})"


class Waiting(NamedTuple):
    """A polite wait, with so many seconds left."""

    seconds: float
    why: str

    def __str__(self) -> str:
        return f"{self.why}: {self.seconds:.0f} s left"


class Stored(NamedTuple):
    """A listing, or the part of it that came, is in the store."""

    category: str
    day: date
    entries: int
    unknown: int
    """How many of its papers were not known before."""
    complete: bool

    def __str__(self) -> str:
        return f"{self.category}, {_day(self.day)}: {_count(self.entries)}, {self.unknown} new here"


Progress: TypeAlias = Asking | Waiting | Stored
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


def plan(
    ledger: Iterable[Known],
    following: Mapping[str, date | None],
    now: datetime,
    *,
    force: bool = False,
) -> list[Job]:
    """Return what there is to fetch now, the newest day first.

    A day is due until it is complete, from where its category is followed on and as far back as
    arXiv shows it; after a try that did not complete it, the waits between tries grow. `force`
    ignores these waits, and asks for the newest day even where it is complete.
    """
    known = {(cell.category, cell.announced): cell for cell in ledger}
    newest = calendar.latest(now)
    jobs = []
    for category, since in following.items():
        for day in calendar.days(_first(category, since, known, newest), newest):
            cell = known.get((category, day), Known(category, day))
            again = not cell.complete and (force or due_at(cell) <= now)
            if again or (force and day == newest):
                jobs.append(Job(category, day, day == newest))
    return sorted(jobs, key=lambda job: job.day, reverse=True)


def next_due(
    ledger: Iterable[Known], following: Mapping[str, date | None], now: datetime
) -> datetime:
    """Return when it makes sense to sync again: now, after a wait, or at the next announcement."""
    known = {(cell.category, cell.announced): cell for cell in ledger}
    newest = calendar.latest(now)
    times = [calendar.next_after(now)]
    for category, since in following.items():
        for day in calendar.days(_first(category, since, known, newest), newest):
            cell = known.get((category, day), Known(category, day))
            if not cell.complete:
                times.append(due_at(cell))
    return max(min(times), now)


def due_at(cell: Known) -> datetime:
    """Return when an incomplete day is worth asking for again."""
    if not cell.last:
        return calendar.moment_of(cell.announced)
    if cell.tries >= MOST_TRIES:
        return datetime.max.replace(tzinfo=cell.last.tzinfo)
    wait = min(_FIRST_WAIT * 2.0 ** (cell.tries - 1), _LONGEST_WAIT)
    return cell.last + (max(wait, _REST_WAIT) if cell.state == State.RESTING else wait)


def _first(
    category: str,
    since: date | None,
    known: Mapping[tuple[str, date], Known],
    newest: date,
) -> date:
    if since is None:
        since = min((day for name, day in known if name == category), default=newest)
    return max(since, newest - timedelta(days=CATCH_UP_DAYS - 1))


# Fetching it


def run(
    store: Store,
    client: Client,
    following: Mapping[str, date | None],
    now: Callable[[], datetime],
    report: Report = lambda progress: None,
    *,
    force: bool = False,
) -> list[Outcome]:
    """Fetch what is due and store each listing as it comes; return an outcome a category.

    Blocks, in a thread that owns `store`; `client` says how long, and whether it is cancelled.
    Raises StoreError when the disk refuses; whatever arXiv does is told in the outcomes.
    """
    client.report = lambda seconds, why: report(Waiting(seconds, why))
    return _Run(store, client, following, now, report).outcomes(force)


class _Late(Exception):  # noqa: N818
    """arXiv still shows an earlier announcement."""


class _Run:
    def __init__(
        self,
        store: Store,
        client: Client,
        following: Mapping[str, date | None],
        now: Callable[[], datetime],
        report: Report,
    ) -> None:
        self.store, self.client, self.following = store, client, following
        self.now, self.report = now, report
        self.newest = calendar.latest(now())
        self.shown: date | None = None  # the day that /new shows
        self.found: dict[tuple[str, date], tuple[State, str]] = {}
        self.entries: Counter[str] = Counter()
        self.unknown: Counter[str] = Counter()

    def outcomes(self, force: bool) -> list[Outcome]:
        jobs = plan(self._ledger(), self.following, self.now(), force=force)
        try:
            self._work(jobs)
            self._feed()
            self._starred()
        except Cancelled:
            for job in jobs:
                self.found.setdefault(
                    job[:2], (State.CANCELLED, "Cancelled; the rest comes later.")
                )
        first = min(filter(None, self.following.values()), default=self.newest)
        known = {cell[:2]: cell for cell in self._ledger(first)}
        return [self._outcome(category, known) for category in self.following]

    def _ledger(self, first: date = date.max) -> list[Known]:
        return self.store.ledger(min(first, self.newest - timedelta(days=CATCH_UP_DAYS)))

    def _work(self, jobs: Sequence[Job]) -> None:
        stopped: FetchError | None = None
        broken = 0
        for number, job in enumerate(jobs, 1):
            if stopped:
                self._fail(job, stopped)
                continue
            if self.found.get(job[:2]):
                continue  # /new has shown it already
            try:
                self.report(Asking(job.category, job.day, number, len(jobs)))
                self._settle(job, *self._do(job))
                broken = 0
            except SourceError as error:
                self._settle(job, State.UNREADABLE, str(error))
            except FetchError as error:
                self._fail(job, error)
                broken += error.trouble is Trouble.BROKEN
                if error.trouble not in (Trouble.BROKEN, Trouble.UNKNOWN) or broken == 3:
                    stopped = error

    def _fail(self, job: Job, error: FetchError) -> None:
        state = State.BEHIND if error.trouble is Trouble.BUSY else State.FAILED
        self.found[job[:2]] = state, f"{error}."
        if error.trouble in (Trouble.BUSY, Trouble.BROKEN, Trouble.UNKNOWN):
            # The jobs that were given up with it wait as long.
            self._settle(job, state, f"{error}.")

    def _settle(self, job: Job, state: State, says: str) -> None:
        self.found[job[:2]] = state, says
        self.store.record(job.category, job.day, state, says, self.now())

    def _do(self, job: Job) -> tuple[State, str]:
        shown = (job.category, self.shown)
        if job.newest and self.shown and self.shown < job.day and self._is_complete(*shown):
            return self._late(job.day)
        listing, form = self._page(job, 0)
        if listing.announced == job.day:
            return self._take(job, listing, form)
        if not job.newest:
            raise SourceError(_name(job), f"arXiv answered with {_day(listing.announced)}")
        self.shown = listing.announced
        if not self._is_complete(job.category, listing.announced):
            other = Job(job.category, listing.announced, newest=True)
            self._settle(other, *self._take(other, listing, form))
        if listing.announced < job.day:
            return self._late(job.day)
        ahead = f"arXiv shows {_day(listing.announced)} already; is this machine's clock right?"
        return State.BEHIND, ahead

    def _is_complete(self, category: str, day: date | None) -> bool:
        return any(
            cell.complete
            for cell in self.store.ledger(day or self.newest)
            if cell[:2] == (category, day)
        )

    def _late(self, day: date) -> tuple[State, str]:
        shows = f"arXiv still shows {_day(self.shown or day)}"
        if calendar.expected(day) is not Expected.YES:
            return State.RESTING, f"{shows}, and rests around this day."
        if self.now() - calendar.moment_of(day) < _LATE:
            return State.NOT_YET, f"{shows}; {_day(day)} is not announced yet."
        return State.BEHIND, f"{shows}; {_day(day)} is late, or a holiday."

    def _page(self, job: Job, page: int) -> tuple[Listing, str]:
        """Fetch and read a page of a listing; pages count from 0."""
        from tui_reader.fetch import PAGE

        if job.newest:
            body = self.client.new(job.category, page * PAGE)
        else:
            body = self.client.catch_up(job.category, job.day, page + 1)
        reading = sources.read(body, _name(job))
        if len(reading.listings) != 1:
            raise SourceError(_name(job), f"arXiv sent a {reading.form} instead of a listing")
        listing = reading.listings[0]
        namesakes = taxonomy.codes_named(taxonomy.name_of(job.category))
        if listing.category not in ("", job.category, *namesakes):
            raise SourceError(_name(job), f"arXiv sent the listing of {listing.category}")
        return replace(listing, category=job.category), reading.form

    def _take(self, job: Job, listing: Listing, form: str) -> tuple[State, str]:
        """Store a listing that begins with this page; say what it is worth."""
        from tui_reader.fetch import PAGE

        pages = [listing]
        while (
            not listing.complete
            and sum(listing.promised.values()) > len(listing.entries) + listing.unreadable
            and len(pages[-1].entries) + pages[-1].unreadable >= PAGE
            and len(pages) < MOST_PAGES
        ):
            self._save(listing, form)
            page, _ = self._page(job, len(pages))
            if page.announced != listing.announced:
                return State.PARTIAL, "arXiv announced the next day meanwhile."
            pages.append(page)
            listing = joined(pages)
        if problem := self._doubt(listing):
            return State.BEHIND, problem
        self._save(listing, form)
        if not listing.complete:
            promised = sum(listing.promised.values())
            return State.PARTIAL, f"{len(listing.entries)} of {promised} entries came, so far."
        if listing.entries:
            return State.COMPLETE, f"{_count(len(listing.entries))} of {_day(listing.announced)}."
        if calendar.expected(listing.announced) is not Expected.YES:
            return State.RESTING, "arXiv announced nothing: a holiday."
        return State.QUIET, "arXiv announced nothing in it."

    def _doubt(self, listing: Listing) -> str:
        """Say why a listing is no more than a sign of arXiv's databases being behind."""
        promised, before = sum(listing.promised.values()), self._before(listing)
        if not listing.complete and not listing.entries:
            return f"arXiv promises {_count(promised)}, and shows none yet."
        new = {row_of(e.paper.id) for e in listing.entries if e.section is Section.NEW}
        if before and new:
            rows = self.store.contents(View(Kind.LISTING, listing.category, before[0].announced))
            if 2 * len(new & set(rows.rows)) > len(new):
                return f"arXiv shows the papers of {_day(before[0].announced)} again."
        usual = [cell.stored for cell in before[:5] if cell.state == State.COMPLETE]
        newest = listing.announced == self.newest and len(usual) > 2 and min(usual) >= _PLENTY
        if not listing.entries and newest and calendar.expected(self.newest) is Expected.YES:
            return "arXiv shows nothing, which would be unusual."
        return ""

    def _before(self, listing: Listing) -> list[Known]:
        return [
            cell
            for cell in self.store.ledger(listing.announced - timedelta(days=14))
            if cell.category == listing.category
            and cell.announced < listing.announced
            and cell.stored
        ]

    def _save(self, listing: Listing, form: str) -> None:
        saved = self.store.save(Reading(form, (listing,)), self.now())
        self.entries[listing.category] += len(listing.entries)
        self.unknown[listing.category] += saved.unknown
        self.report(
            Stored(
                listing.category,
                listing.announced,
                len(listing.entries),
                saved.unknown,
                listing.complete,
            )
        )

    def _feed(self) -> None:
        """Take from the feeds what /new did not give; they can't prove that they are complete."""
        stored = {cell[:2] for cell in self._ledger() if cell.stored}
        wanted = [
            category
            for category in self.following
            if self.found.get((category, self.newest), ("",))[0] in (State.BEHIND, State.UNREADABLE)
            and (category, self.newest) not in stored
            and self.shown is None
        ]
        if not wanted:
            return
        with suppress(FetchError, SourceError):
            reading = sources.read(self.client.feed(wanted), "arXiv's feed")
            for listing in reading.listings:
                if listing.announced != self.newest or not listing.entries or self._doubt(listing):
                    continue
                self._save(replace(listing, promised={}), reading.form)
                why = self.found[listing.category, self.newest][1]
                says = f"{_count(len(listing.entries))} from the feed, perhaps not all: {why}"
                self.found[listing.category, self.newest] = State.PARTIAL, says

    def _starred(self) -> None:
        """Fetch starred papers that are not stored, such as those of another machine."""
        rows = self.store.contents(View(Kind.STARRED)).rows
        sought = (self.store.recall("sought") or "").split()
        known = self.store.papers(rows)
        wanted = [paper_at(row) for row in rows if row not in known]
        wanted = [paper for paper in wanted if paper not in sought][:100]
        if not wanted:
            return
        with suppress(FetchError, SourceError):
            reading = sources.read(self.client.papers(wanted), "arXiv's answer on starred papers")
            self.store.save(reading, self.now())
            gone = set(wanted) - {paper.id for paper in reading.papers}
            self.store.remember("sought", " ".join([*sought, *sorted(gone)][-1000:]))

    def _outcome(self, category: str, known: Mapping[tuple[str, date], Known]) -> Outcome:
        cell = known.get((category, self.newest), Known(category, self.newest))
        state, says = self.found.get((category, self.newest), _standing(cell, self.now()))
        since = self.following[category]
        first = _first(category, since, known, self.newest)
        done = {day for (name, day), one in known.items() if name == category and one.complete}
        earlier = calendar.days(first, self.newest - timedelta(days=1))
        missing = [day for day in earlier if day not in done][::-1]
        troubles = [self.found[category, day] for day in missing if (category, day) in self.found]
        if missing and state.settled:
            state = State.PARTIAL
            says += f" {_days(len(missing))} still missing."
            if troubles:
                state = troubles[0][0]
                says += f" {troubles[0][1]}"
        beyond = list(calendar.days(since, first - timedelta(days=1))) if since else []
        beyond = [day for day in beyond if day not in done]
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
            self.entries[category],
            self.unknown[category],
            tuple(missing),
            tuple(beyond),
        )


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
    client.report = lambda seconds, why: report(Waiting(seconds, why))
    key, count = f"harvest {category} {first}", 0
    reached = store.recall(key)
    day, today = date.fromisoformat(reached) if reached else first, now().date()
    while day <= today:
        until = min(day + timedelta(days=30), today)
        asked = {"metadataPrefix": "arXivRaw", "set": _set_of(category)}
        asked |= {"from": str(day), "until": str(until)}
        while asked:
            body = client.records(asked)
            if _NO_RECORDS.search(body):
                break
            reading = sources.read(body, f"arXiv's records of {category}")
            saved = store.save(reading, now())
            count += saved.papers
            report(Stored(category, until, count, saved.unknown, complete=False))
            token = _TOKEN.search(body)
            asked = {"resumptionToken": unescape(token[1].decode())} if token else {}
        # The last month is not over, so it is where the next harvest begins.
        store.remember(key, str(until if until == today else until + timedelta(days=1)))
        day = until + timedelta(days=1)
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


class Mark(StrEnum):
    """What is known of a day, as a calendar shows it."""

    COMPLETE = "complete"
    QUIET = "nothing announced"
    PARTIAL = "partial"
    MISSING = "missing"
    UNWANTED = "not followed, or not out yet"


class Standing(NamedTuple):
    """How a followed category stands."""

    category: str
    since: date
    newest: date | None
    """The newest announcement of which something is stored."""
    days: tuple[tuple[date, Mark], ...]
    """The announcement days of the last weeks, Mondays first, to the end of this week."""
    trouble: str
    """What is wrong with the newest day; empty where nothing is."""


def standings(
    ledger: Iterable[Known], following: Mapping[str, date | None], now: datetime, weeks: int = 5
) -> list[Standing]:
    """Return how the followed categories stand."""
    known = {(cell.category, cell.announced): cell for cell in ledger}
    newest = calendar.latest(now)
    monday = newest - timedelta(days=newest.weekday() + 7 * (weeks - 1))
    found = []
    for category, since in following.items():
        first = _first(category, since, known, newest)
        days = [
            monday + timedelta(days=7 * week + day) for week in range(weeks) for day in range(5)
        ]
        stored = [day for (name, day), cell in known.items() if name == category and cell.stored]
        cell = known.get((category, newest), Known(category, newest))
        state, said = _standing(cell, now)
        found.append(
            Standing(
                category,
                since or first,
                max(stored, default=None),
                tuple(
                    (day, _mark(known.get((category, day)), first <= day <= newest)) for day in days
                ),
                f"{state}: {said}" if cell.tries and not state.settled else "",
            )
        )
    return found


def _mark(cell: Known | None, wanted: bool) -> Mark:
    if cell and cell.complete:
        return Mark.COMPLETE if cell.stored else Mark.QUIET
    if cell and cell.stored:
        return Mark.PARTIAL
    return Mark.MISSING if wanted else Mark.UNWANTED


def _standing(cell: Known, now: datetime) -> tuple[State, str]:
    """Return what is to be said of the newest day where there was nothing to ask."""
    if not cell.complete and not cell.tries:
        return State.PARTIAL, "It is due."
    if not cell.complete:
        state = State(cell.state)
        again = due_at(cell)
        when = f" Asked again {_moment(again)}." if again.year < 9999 else ""
        return state, f"{cell.said}{when}"
    if cell.state == State.QUIET:
        return State.QUIET, cell.said
    state = State.RESTING if calendar.rests(now) else State.CURRENT
    return state, f"Nothing can be new before {next_announcement(now)}."


def next_announcement(now: datetime) -> str:
    """Return when the next announcement can come, in words: `Monday 20:00 US Eastern`."""
    return f"{calendar.next_after(now):%A %H:%M} US Eastern"


def _name(job: Job) -> str:
    return f"the listing of {job.category} for {_day(job.day)}"


def _day(day: date) -> str:
    return f"{day:%A} {day.day} {day:%B}"


def _moment(moment: datetime) -> str:
    return f"{moment.astimezone():%a %H:%M}"


def _count(entries: int) -> str:
    return f"{entries} {'entry' if entries == 1 else 'entries'}"


def _days(count: int) -> str:
    return f"{count} earlier {'day is' if count == 1 else 'days are'}"
