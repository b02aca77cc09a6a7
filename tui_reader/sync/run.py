"""Fetching what is due and storing it."""

from collections import deque
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import partial
from typing import TYPE_CHECKING

from tui_reader import calendar, sources
from tui_reader.calendar import Expected
from tui_reader.errors import Cancelled, FetchError, NotNeeded, SourceError, StoreError, Trouble
from tui_reader.store import Known, Store
from tui_reader.sync.asking import Asking
from tui_reader.sync.intake import Intake
from tui_reader.sync.plan import Following, Standing, Standings, is_missing, plan, standings
from tui_reader.sync.records import fetch_starred
from tui_reader.sync.states import DayState
from tui_reader.sync.telling import Outcome, Step
from tui_reader.sync.wording import counted, dated, note_trouble, standing

if TYPE_CHECKING:  # loads the network
    from tui_reader.fetch import Client

MOST_IN_A_FEED = 50
_FROM_HERE = (Trouble.OFFLINE, Trouble.SETUP, Trouble.REFUSED)
"""What no other page would do anything about."""


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
    return _Run(store, client, following, now, report).outcomes(force)


@dataclass
class _Run:
    store: Store
    client: "Client"
    following: Following
    now: Callable[[], datetime]
    report: Callable[[Step], None]
    done: int = 0
    of: int = 0
    behind: set[date] = field(default_factory=set)
    """The days that arXiv's databases do not have whole yet."""
    found: dict[tuple[str, date], tuple[DayState, str]] = field(default_factory=dict)
    fed: dict[str, int] = field(default_factory=dict)
    """How many entries of the newest day the feed brought, by category."""
    failed: dict[str, FetchError] = field(default_factory=dict)
    """The categories that are asked for no more."""
    put_off: dict[tuple[str, date], FetchError] = field(default_factory=dict)
    """What failed once, and is asked for again at the end."""
    stopped: FetchError | None = None
    """Why nothing is asked for any more."""

    def __post_init__(self) -> None:
        self.newest = calendar.latest(self.now())
        stored = partial(self._say, stored=True)
        self.intake = Intake(self.store, self.now, self.client.breathe, stored)
        self.asking = Asking(
            self.store, self.client, self.intake, self.now, self.newest, self._settle
        )

    def outcomes(self, force: bool) -> list[Outcome]:
        self.client.report = lambda seconds, why: self._say(why, seconds=seconds)
        stand = standings(self.store, self.following, self.now())
        jobs = plan(stand, self.now(), force=force)
        self.of = len(jobs)
        try:
            self._first_papers(jobs, stand)
            self._work(jobs)
            self._help_out(jobs)
            fetch_starred(self.store, self.client, self.now)
        except Cancelled:
            for job in jobs:
                cancelled = DayState.CANCELLED, "Ended; the rest comes later."
                self.found.setdefault(job[:2], cancelled)
        if self.stopped and self.stopped.trouble in _FROM_HERE:
            note_trouble(self.store, str(self.stopped), self.now())
        elif self.client.requests:
            note_trouble(self.store, "", self.now())
        stand = standings(self.store, self.following, self.now())
        return [self._outcome(category, each) for category, each in stand.items()]

    def _say(self, says: str, *, seconds: float = 0.0, stored: bool = False) -> None:
        unknown = self.intake.unknown.total()
        self.report(Step(self.done, self.of, says, seconds, stored, unknown))

    # Feeds: all categories in one request, but without a proof that they are complete

    def _first_papers(self, jobs: Sequence[Known], stand: Standings) -> None:
        """Show the newest papers of several categories before their pages come, 15 s apart."""
        newest = [job for job in jobs if job.announced == self.newest]
        fresh = [job for job in newest if not job.last and not job.stored]
        first = not any(cell.stored for each in stand.values() for cell in each.days)
        if len(fresh) > 1 and (first or calendar.expected(self.newest) is Expected.YES):
            self._feed(fresh)

    def _help_out(self, jobs: Sequence[Known]) -> None:
        """Take from the feed what /new did not give."""
        troubles = (DayState.BEHIND, DayState.UNREADABLE)
        failed = [
            job
            for job in jobs
            if job.announced == self.newest
            and not self.asking.known(job).stored
            and self.found.get(job[:2], ("",))[0] in troubles
        ]
        if failed and not self.fed and not self.asking.shown:
            self._feed(failed)
            for job in failed:
                if job.category in self.fed:
                    self.found[job[:2]] = self._as_fed(job, *self.found[job[:2]])

    def _feed(self, jobs: Sequence[Known]) -> None:
        categories = [job.category for job in jobs][:MOST_IN_A_FEED]
        before = [self.asking.known(job) for job in jobs]

        def needed() -> bool:
            return any(self.asking.known(job) == job for job in before)

        with suppress(FetchError, SourceError, NotNeeded, StoreError):
            self._say("Asking for the newest papers of all categories")
            reading = sources.read(self.client.feed(categories, needed), "arXiv's feed")
            listings = [
                replace(listing, promised={})
                for listing in reading.listings
                if listing.category in categories
                and listing.announced == self.newest
                and listing.entries
                and not self.intake.doubt(listing)
            ]
            self.intake.save(reading.form, *listings)
        came = self.intake.entries.items()
        self.fed = {category: count for (category, day), count in came if day == self.newest}

    def _as_fed(self, job: Known, state: DayState, says: str) -> tuple[DayState, str]:
        count = self.fed.get(job.category, 0) if job.announced == self.newest else 0
        if not count or state.settled:
            return state, says
        return DayState.PARTIAL, f"{counted(count)} from the feed, perhaps not all: {says}"

    # Pages: what is due, one by one

    def _work(self, jobs: Sequence[Known]) -> None:
        waiting = deque(jobs)
        while waiting:
            job, self.done = waiting.popleft(), self.of - len(waiting) - 1
            if self._is_done_with(job):
                continue
            if error := self.stopped or self.failed.get(job.category):
                own = self.put_off.get(job[:2])
                self._give_up(job, own or error, asked=bool(own))
                continue
            before = self.client.requests
            try:
                self._say(f"Asking arXiv for {job.category}, {dated(job.announced)}")
                state, says = self.asking.listing(job)
                if state in (DayState.PARTIAL, DayState.BEHIND):
                    self.behind.add(job.announced)
                self._settle(job, state, says)
            except NotNeeded:
                continue
            except SourceError as error:
                self._settle(job, DayState.UNREADABLE, str(error))
            except StoreError as error:
                # The journal may refuse that a replaced paper becomes unread; if the cache refuses
                # this as well, that ends the run.
                self._settle(job, DayState.FAILED, f"{error}.")
            except FetchError as error:
                if self._is_worth_another_try(error):
                    self.put_off[job[:2]] = error
                    mine = [job, *(other for other in waiting if other.category == job.category)]
                    others = (other for other in waiting if other.category != job.category)
                    waiting = deque([*others, *mine])
                    continue
                self._note_failure(job, error)
                self._give_up(job, error, asked=self.client.requests > before)
        self.done = self.of

    def _is_done_with(self, job: Known) -> bool:
        """Whether /new has shown it, another process has asked, or it can't be whole yet."""
        known = self.asking.known(job)
        return (
            job[:2] in self.found
            or (known.complete, known.tries) != (job.complete, job.tries)
            or bool(job.stored and job.announced in self.behind)
        )

    def _is_worth_another_try(self, error: FetchError) -> bool:
        """Whether arXiv has asked for a rest that is short, and this is the first to fail."""
        if self.put_off or self.failed or error.trouble is not Trouble.BUSY:
            return False
        return error.again is not None and not self.client.is_long(error.again)

    def _note_failure(self, job: Known, error: FetchError) -> None:
        if error.trouble is Trouble.UNKNOWN:
            return  # this one page
        others = {*self.failed, *(category for category, _ in self.put_off)} - {job.category}
        if others or error.trouble in _FROM_HERE or self.client.is_long(error.again):
            self.stopped = error
        self.failed[job.category] = error

    def _give_up(self, job: Known, error: FetchError, *, asked: bool) -> None:
        """Note why a day did not come; what was not asked for waits as long, and goes first."""
        state, says = DayState.FAILED, f"{error}."
        if error.trouble is Trouble.BUSY:
            state = DayState.BEHIND
        self.found[job[:2]] = self._as_fed(job, state, says)
        if error.trouble not in _FROM_HERE:
            self._record(job, state if asked else DayState.DUE, says)

    def _settle(self, job: Known, state: DayState, says: str) -> None:
        self.found[job[:2]] = self._as_fed(job, state, says)
        self._record(job, state, says)

    def _record(self, job: Known, state: DayState, says: str) -> None:
        self.store.listings.record(job.category, job.announced, state, says, self.now())

    def _outcome(self, category: str, stand: Standing) -> Outcome:
        now, key, days = self.now(), (category, self.newest), stand.wanted
        state, says = self.found.get(key) or standing(days[0], now)
        missing = [cell.announced for cell in days[1:] if is_missing(cell, now)]
        lacking = [cell.announced for cell in days[1:] if not cell.complete]
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
            sum(count for (name, _), count in self.intake.entries.items() if name == category),
            self.intake.unknown[category],
            tuple(missing),
            tuple(beyond),
        )


def _days(count: int) -> str:
    return f"{count} earlier {'day is' if count == 1 else 'days are'}"
