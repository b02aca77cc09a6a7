"""What the keys of going do: they show other views."""

from functools import partialmethod

from tui_reader.errors import TuiReaderError
from tui_reader.following import of_inbox
from tui_reader.store import Kind, Store, View
from tui_reader.ui import row_text
from tui_reader.ui.desk import Desk


class GoPart:
    """Goes to views."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def _visit(self, kind: Kind) -> None:
        self._desk.visit(View(kind))

    do_inbox = partialmethod(_visit, Kind.INBOX)
    do_starred = partialmethod(_visit, Kind.STARRED)
    do_library = partialmethod(_visit, Kind.LIBRARY)

    def do_listing(self) -> None:
        days = self._desk.store.listings.days()
        if not days:
            raise TuiReaderError("No listing is stored yet.")
        offered = [
            (
                (
                    day.category,
                    row_text.long_date(day.announced),
                    f"{day.unread:,} unread of {sum(day.counts):,}",
                ),
                View(Kind.LISTING, day.category, day.announced),
            )
            for day in days
        ]
        self._desk.panels.choose("Listing", offered, self._desk.visit, enter="shows")

    def _to_day(self, step: int) -> None:
        view = listing_from(self._desk.view, self._desk.store, step)
        if not view:
            raise TuiReaderError(f"No {'older' if step > 0 else 'newer'} listing is stored.")
        self._desk.visit(view)

    do_older_day = partialmethod(_to_day, 1)
    do_newer_day = partialmethod(_to_day, -1)


def listing_from(view: View, store: Store, step: int) -> View | None:
    """Return the listing `step` older that holds papers, of the view's category if it has one."""
    stored = store.listings.days()
    categories = {view.category}
    if not view.category:
        categories = {day.category for day in stored}
        categories = categories.intersection(of_inbox(store.paths.config)) or categories
    days = [
        day
        for day in stored
        if day.category in categories and (any(day.counts) or day.announced == view.day)
    ]
    places = [day.announced for day in days]
    at = places.index(view.day) + step if view.day in places else 0
    if not 0 <= at < len(days):
        return None
    return View(Kind.LISTING, days[at].category, days[at].announced)
