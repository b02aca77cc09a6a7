"""What arXiv sends: whether it can be believed, and storing it."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from tui_reader import calendar
from tui_reader.calendar import Expected
from tui_reader.model import Listing, Reading, Section, row_of
from tui_reader.store import Held, Kind, Known, Store, View
from tui_reader.sync.plan import state_of
from tui_reader.sync.states import DayState
from tui_reader.sync.wording import counted, dated

_PLENTY = 10
_TWO_WEEKS = timedelta(days=14)


@dataclass
class Intake:
    """Takes listings into the store, and counts what came."""

    store: Store
    now: Callable[[], datetime]
    breathe: Callable[[], None]
    """Called again and again while papers are made ready for filters, which can take seconds."""
    stored: Callable[[str], None]
    """Told of everything that was stored."""
    entries: dict[tuple[str, date], int] = field(default_factory=dict)
    unknown: Counter[str] = field(default_factory=Counter)
    """How many papers came that were not known, by the category that brought them."""

    def save(self, form: str, *listings: Listing) -> Sequence[Held]:
        """Store listings, each in one piece; return those that are not believed yet."""
        held: list[Held] = []
        for listing in listings:
            category, count = listing.category, len(listing.entries)
            saved = self.store.save(Reading(form, (listing,)), self.now())
            held += saved.held
            self.unknown[category] += saved.unknown
            if not saved.held:
                self.entries[category, listing.announced] = count
            if count:
                self.stored(f"{category}, {dated(listing.announced)}: {counted(count)}")
        rows = [row_of(entry.paper.id) for listing in listings for entry in listing.entries]
        while self.store.prepare(rows):
            self.breathe()
        return held

    def doubt(self, listing: Listing) -> str:
        """Say why a listing is no more than a sign of arXiv's databases being behind, if it is."""
        promised, day = sum(listing.promised.values()), listing.announced
        if promised and not listing.entries:
            return f"arXiv promises {counted(promised)}, and shows none yet."
        before = self._before(listing)
        new = {row_of(e.paper.id) for e in listing.entries if e.section is Section.NEW}
        if before and new:
            rows = self.store.contents(View(Kind.LISTING, listing.category, before[0].announced))
            if 2 * len(new & set(rows.rows)) > len(new):
                return f"arXiv shows the papers of {dated(before[0].announced)} again."
        silent = not listing.entries and day == calendar.latest(self.now())
        if silent and calendar.expected(day) is Expected.YES and self.is_busy(listing):
            return "arXiv shows nothing, which would be unusual."
        return ""

    def is_busy(self, listing: Listing) -> bool:
        """Whether a listing's category always has something."""
        before = self._before(listing)
        usual = [cell.stored for cell in before[:5] if state_of(cell) is DayState.COMPLETE]
        return len(usual) > 2 and min(usual) >= _PLENTY

    def _before(self, listing: Listing) -> Sequence[Known]:
        """Return the stored announcements of the two weeks before, newest first."""
        return [
            cell
            for cell in self.store.listings.ledger(listing.announced - _TWO_WEEKS)
            if cell.category == listing.category
            and cell.announced < listing.announced
            and cell.stored
        ]
