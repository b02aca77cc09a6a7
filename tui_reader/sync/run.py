"""Fetching what is due and storing it."""

from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from tui_reader import calendar, sources, taxonomy
from tui_reader.calendar import Expected
from tui_reader.errors import Cancelled, FetchError, SourceError, Trouble
from tui_reader.merge import joined
from tui_reader.model import Listing, Reading, Section, paper_at, row_of
from tui_reader.store import Kind, Known, Store, View
from tui_reader.sync.plan import Following, Standings, is_missing, plan, standings, state_of
from tui_reader.sync.states import DayState
from tui_reader.sync.telling import Outcome, Step
from tui_reader.sync.wording import counted, dated, standing

if TYPE_CHECKING:  # loads the network
    from tui_reader.fetch import Client

MOST_PAGES = 10
_LATE = timedelta(hours=4)
_PLENTY = 10
_DAY = timedelta(days=1)


def run(
    store: Store,
    client: "Client",
    following: Following,
    now: Callable[[], datetime],
    report: Callable[[Step], None] = lambda step: None,
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
    client: "Client"
    following: Following
    now: Callable[[], datetime]
    report: Callable[[Step], None]
    newest: date
    done: int = 0
    of: int = 0
    shown: date | None = None
    """The day that /new shows, where it is not the newest there can be."""
    rests: dict[date, Listing] = field(default_factory=dict)
    """The days without an announcement, each with a listing that shows it."""
    found: dict[tuple[str, date], tuple[DayState, str]] = field(default_factory=dict)
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
                cancelled = DayState.CANCELLED, "Ended; the rest comes later."
                self.found.setdefault(job[:2], cancelled)
        return [self._outcome(category, cells) for category, cells in self._stand().items()]

    def _stand(self) -> Standings:
        return standings(self.store, self.following, self.now())

    def say(self, says: str, *, seconds: float = 0.0, stored: bool = False) -> None:
        unknown = self.unknown.total()
        self.report(Step(self.done, self.of, says, seconds, stored, unknown))

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
                self.say(f"Asking arXiv for {job.category}, {dated(job.announced)}")
                state, says = self._ask(job)
                if state in (DayState.PARTIAL, DayState.BEHIND):
                    behind.add(job.announced)
                self._settle(job, state, says)
                broken = 0
            except SourceError as error:
                self._settle(job, DayState.UNREADABLE, str(error))
            except FetchError as error:
                state = DayState.BEHIND if error.trouble is Trouble.BUSY else DayState.FAILED
                tried = error.trouble in (Trouble.BUSY, Trouble.BROKEN, Trouble.UNKNOWN)
                self._settle(job, state, f"{error}.", tried=tried)
                broken += error.trouble is Trouble.BROKEN
                if error.trouble not in (Trouble.BROKEN, Trouble.UNKNOWN) or broken == 3:
                    stopped = error  # the jobs that are given up with it wait as long
        self.done = len(jobs)

    def _settle(self, job: Known, state: DayState, says: str, *, tried: bool = True) -> None:
        self.found[job[:2]] = state, says
        if tried:
            self.store.listings.record(job.category, job.announced, state, says, self.now())

    def _ask(self, job: Known) -> tuple[DayState, str]:
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
            raise SourceError(_name(job), f"arXiv answered with {dated(listing.announced)}")
        if not self._is_complete(job.category, listing.announced):
            other = Known(job.category, listing.announced)
            self._settle(other, *self._take(job, listing, form))
        if listing.announced > day:
            shows = f"arXiv shows {dated(listing.announced)} already"
            return DayState.BEHIND, f"{shows}; is this machine's clock right?"
        self.shown = listing.announced
        return self._late(day, self.shown)

    def _is_complete(self, category: str, day: date) -> bool:
        return any(
            cell.complete for cell in self.store.listings.ledger(day) if cell[:2] == (category, day)
        )

    def _late(self, day: date, shown: date) -> tuple[DayState, str]:
        shows = f"arXiv still shows {dated(shown)}"
        if calendar.expected(day) is not Expected.YES:
            return DayState.RESTING, f"{shows}, and rests around this day."
        if self.now() - calendar.moment_of(day) < _LATE:
            return DayState.NOT_YET, f"{shows}; {dated(day)} is not announced yet."
        return DayState.BEHIND, f"{shows}; {dated(day)} is late, or a holiday."

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

    def _take(self, job: Known, listing: Listing, form: str) -> tuple[DayState, str]:
        """Store a listing that begins with this page, and fetch its other pages."""
        before = self._before(listing)
        if problem := self._doubt(listing, before):
            return DayState.BEHIND, problem
        self._save(listing, form)
        pages, promised = [listing], sum(listing.promised.values())
        while (
            promised > len(listing.entries) + listing.unreadable
            and len(pages[-1].entries) + pages[-1].unreadable >= self.client.PAGE
            and len(pages) < MOST_PAGES
        ):
            page, _ = self._page(job, len(pages))
            if page.announced != listing.announced:
                return DayState.PARTIAL, "arXiv announced the next day meanwhile."
            pages.append(page)
            listing = joined(pages)
            self._save(listing, form)
        if not listing.complete:
            return DayState.PARTIAL, f"{len(listing.entries)} of {promised} entries came, so far."
        if listing.entries:
            return (
                DayState.COMPLETE,
                f"{counted(len(listing.entries))} of {dated(listing.announced)}.",
            )
        if calendar.expected(listing.announced) is Expected.YES:
            return DayState.QUIET, "arXiv announced nothing in it."
        if _is_busy(before):  # then all of arXiv rested
            self.rests[listing.announced] = listing
        return DayState.RESTING, "arXiv announced nothing: a holiday."

    def _before(self, listing: Listing) -> list[Known]:
        """Return the stored announcements of the two weeks before, newest first."""
        return [
            cell
            for cell in self.store.listings.ledger(listing.announced - 14 * _DAY)
            if cell.category == listing.category
            and cell.announced < listing.announced
            and cell.stored
        ]

    def _doubt(self, listing: Listing, before: Sequence[Known]) -> str:
        """Say why a listing is no more than a sign of arXiv's databases being behind."""
        promised, day = sum(listing.promised.values()), listing.announced
        if promised and not listing.entries:
            return f"arXiv promises {counted(promised)}, and shows none yet."
        new = {row_of(e.paper.id) for e in listing.entries if e.section is Section.NEW}
        if before and new:
            rows = self.store.contents(View(Kind.LISTING, listing.category, before[0].announced))
            if 2 * len(new & set(rows.rows)) > len(new):
                return f"arXiv shows the papers of {dated(before[0].announced)} again."
        usual = day == self.newest and calendar.expected(day) is Expected.YES and _is_busy(before)
        return "arXiv shows nothing, which would be unusual." if usual and not promised else ""

    def _save(self, listing: Listing, form: str) -> None:
        category, count = listing.category, len(listing.entries)
        saved = self.store.save(Reading(form, (listing,)), self.now())
        self.entries[category, listing.announced] = count
        self.unknown[category] += saved.unknown
        self.say(f"{category}, {dated(listing.announced)}: {counted(count)}", stored=True)
        rows = [row_of(entry.paper.id) for entry in listing.entries]
        while self.store.prepare(rows):
            self.client.breathe()

    def _feed(self) -> None:
        """Take from the feeds what /new did not give; they can't prove that they are complete."""
        failed = {}
        for category, (newest, *_) in self._stand().items():
            state, says = self.found.get(newest[:2], (None, ""))
            if state in (DayState.BEHIND, DayState.UNREADABLE) and not newest.stored:
                failed[category] = says
        if not failed or self.shown:
            return
        with suppress(FetchError, SourceError):
            reading = sources.read(self.client.feed([*failed]), "arXiv's feed")
            for listing in reading.listings:
                asked = listing.category in failed and listing.announced == self.newest
                if asked and listing.entries and not self._doubt(listing, self._before(listing)):
                    self._save(replace(listing, promised={}), reading.form)
                    count, why = counted(len(listing.entries)), failed[listing.category]
                    says = f"{count} from the feed, perhaps not all: {why}"
                    self.found[listing.category, self.newest] = DayState.PARTIAL, says

    def _starred(self) -> None:
        """Fetch starred papers that are not stored, such as those of another machine."""
        rows = self.store.contents(View(Kind.STARRED)).rows
        sought = (self.store.recall("sought") or "").split()
        known = self.store.papers.at(rows)
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
        missing = [cell.announced for cell in cells[1:] if is_missing(cell, now)]
        lacking = [cell.announced for cell in cells[1:] if not cell.complete]
        beyond = lacking[len(missing) :][::-1]
        if missing and state.settled:
            says += f" {_days(len(missing))} still missing."
            wrong = [self.found[category, day] for day in missing if (category, day) in self.found]
            state, why = wrong[0] if wrong else (DayState.PARTIAL, "")
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


def _is_busy(before: Sequence[Known]) -> bool:
    """Whether a category with these announcements before, newest first, always has some."""
    usual = [cell.stored for cell in before[:5] if state_of(cell) is DayState.COMPLETE]
    return len(usual) > 2 and min(usual) >= _PLENTY


def _name(job: Known) -> str:
    return f"the listing of {job.category} for {dated(job.announced)}"


def _days(count: int) -> str:
    return f"{count} earlier {'day is' if count == 1 else 'days are'}"
