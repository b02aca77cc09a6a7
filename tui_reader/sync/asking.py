"""Asking for the listing of one day: its pages, the day it turns out to be, what it is worth."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from tui_reader import calendar, sources, taxonomy
from tui_reader.calendar import Expected
from tui_reader.errors import SourceError
from tui_reader.merge import joined
from tui_reader.model import Listing
from tui_reader.store import Held, Known, Store
from tui_reader.sync.intake import Intake
from tui_reader.sync.states import DayState
from tui_reader.sync.wording import counted, dated

if TYPE_CHECKING:  # loads the network
    from tui_reader.fetch import Client

MOST_PAGES = 10
_LATE = timedelta(hours=4)


@dataclass
class Asking:
    """Asks for listings, and keeps what one says of the others.

    Raises FetchError and SourceError, and NotNeeded where another process has asked meanwhile.
    """

    store: Store
    client: "Client"
    intake: Intake
    now: Callable[[], datetime]
    newest: date
    settle: Callable[[Known, DayState, str], None]
    """Told of another day that /new has shown."""
    shown: date | None = None
    """The day that /new shows, where it is not the newest there can be."""
    rests: dict[date, Listing] = field(default_factory=dict)
    """The days without an announcement, each with a listing that shows it."""

    def known(self, job: Known) -> Known:
        """Return what is known of a day now."""
        ledger = self.store.listings.ledger(job.announced)
        return next((cell for cell in ledger if cell[:2] == job[:2]), Known(*job[:2]))

    def listing(self, job: Known) -> tuple[DayState, str]:
        """Fetch a listing and store it; return what it is worth."""
        day, newest = job.announced, job.announced == self.newest
        if day in self.rests:
            return self._take(job, replace(self.rests[day], category=job.category), "")
        if newest and self.shown and self.known(job._replace(announced=self.shown)).complete:
            return self._late(day, self.shown)
        listing, form = self._page(job, 0)
        if listing.announced == day:
            return self._take(job, listing, form)
        if not newest:
            raise SourceError(_name(job), f"arXiv answered with {dated(listing.announced)}")
        other = Known(job.category, listing.announced)
        if not self.known(other).complete:
            self.settle(other, *self._take(job, listing, form))
        if listing.announced > day:
            shows = f"arXiv shows {dated(listing.announced)} already"
            return DayState.BEHIND, f"{shows}; is this machine's clock right?"
        self.shown = listing.announced
        return self._late(day, self.shown)

    def _late(self, day: date, shown: date) -> tuple[DayState, str]:
        shows = f"arXiv still shows {dated(shown)}"
        if calendar.expected(day) is not Expected.YES:
            return DayState.RESTING, f"{shows}, and rests around this day."
        if self.now() - calendar.moment_of(day) < _LATE:
            return DayState.NOT_YET, f"{shows}; {dated(day)} is not announced yet."
        return DayState.BEHIND, f"{shows}; {dated(day)} is late, or a holiday."

    def _page(self, job: Known, page: int) -> tuple[Listing, str]:
        """Fetch and read a page of a listing; pages count from 0."""
        category, day, client = job.category, job.announced, self.client
        before = self.known(job)

        def needed() -> bool:
            return page > 0 or self.known(job) == before

        def ask() -> bytes:
            if day == self.newest:
                return client.new(category, page * client.PAGE, needed)
            return client.catch_up(category, day, page + 1, needed)

        body = client.patiently(ask) if page else ask()
        reading = sources.read(body, _name(job))
        if len(reading.listings) != 1:
            raise SourceError(_name(job), f"arXiv sent a {reading.form} instead of a listing")
        listing = reading.listings[0]
        namesakes = taxonomy.codes_named(taxonomy.name_of(category))
        if listing.category not in ("", category, *namesakes):
            raise SourceError(_name(job), f"arXiv sent the listing of {listing.category}")
        return replace(listing, category=category), reading.form

    def _take(self, job: Known, listing: Listing, form: str) -> tuple[DayState, str]:
        """Store a listing that begins with this page, and fetch its other pages."""
        if problem := self.intake.doubt(listing):
            return DayState.BEHIND, problem
        if held := self.intake.save(form, listing):
            return self._held(listing, *held)
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
            self.intake.save(form, listing)
        count = len(listing.entries)
        if not listing.complete and self.known(job).complete:
            return DayState.COMPLETE, f"It is stored, though arXiv shows {count} of {promised}."
        if not listing.complete:
            return DayState.PARTIAL, f"{count} of {promised} entries came, so far."
        if count:
            return DayState.COMPLETE, f"{counted(count)} of {dated(listing.announced)}."
        if calendar.expected(listing.announced) is Expected.YES:
            return DayState.QUIET, "arXiv announced nothing in it."
        self._note_rest(listing)
        return DayState.RESTING, "arXiv announced nothing: a holiday."

    def _held(self, listing: Listing, held: Held) -> tuple[DayState, str]:
        if held.stored:
            shows, stored = counted(held.entries), f"{held.stored:,} are stored"
            return DayState.BEHIND, f"arXiv shows {shows} where {stored}, which stay."
        self._note_rest(listing)
        return DayState.UNCONFIRMED, "arXiv shows nothing; it is asked once more to be sure."

    def _note_rest(self, listing: Listing) -> None:
        holiday = calendar.expected(listing.announced) is not Expected.YES
        if holiday and self.intake.is_busy(listing):  # then all of arXiv rests
            self.rests[listing.announced] = listing


def _name(job: Known) -> str:
    return f"the listing of {job.category} for {dated(job.announced)}"
