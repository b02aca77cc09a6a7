"""Making ready, while the person reads, what they may ask for next: filters, and what is theirs."""

from collections.abc import Callable, Sequence
from contextlib import closing, suppress
from datetime import date
from threading import Thread
from typing import Protocol

from textual.timer import Timer

from tui_reader.errors import Cancelled, TuiReaderError
from tui_reader.store import Contents, Store
from tui_reader.text import find
from tui_reader.ui.desk import Desk
from tui_reader.ui.parts.filter import FilterPart
from tui_reader.ui.parts.jobs import Jobs, Tell
from tui_reader.ui.parts.taste import TastePart

MOST_PREPARED = 20_000  # papers of a view
PAPERS_A_TIME = 50  # few, so that no key waits for the rest of them
SECONDS_BETWEEN_KEYS = 0.005


class ReadyDesk(Desk, Protocol):
    """What making ready uses besides."""

    all: Contents
    """What the view holds."""

    def recount(self) -> None:
        """Count what is unread, and what is watched."""


class ReadyPart:
    """Prepares papers between keys, and indexes in a thread what waits for it."""

    def __init__(self, desk: ReadyDesk, filtering: FilterPart, taste: TastePart) -> None:
        self._desk = desk
        self._filtering = filtering
        self.taste = taste
        self.jobs = Jobs(desk)
        self._between_keys: Timer | None = None

    def begin(self) -> None:
        """Make ready for a view that was opened."""
        if not self._between_keys:
            Thread(target=_rehearse, daemon=True).start()
        self.prepare()
        self.index()
        self.taste.learn()

    def prepare(self) -> None:
        """Begin to prepare what the view holds, or go on with what changed."""
        if not self._between_keys:
            self._between_keys = self._desk.list.set_interval(0.02, self._prepare_some)
        self._between_keys.resume()

    def _prepare_some(self) -> None:
        more, rows = False, self._desk.all.rows
        with suppress(TuiReaderError):  # the filter itself will say why
            if len(rows) <= MOST_PREPARED and not self._filtering.whole:
                more = self._ask_rules(rows) or self._desk.store.prepare(rows)
        if not more and self._between_keys:
            self._between_keys.pause()

    def _ask_rules(self, rows: Sequence[int]) -> bool:
        """Ask rules of some papers that they were not asked of; return whether more are left."""
        desk, store = self._desk, self._desk.store
        known = len(store.watched(rows))
        more = store.ask_rules(rows, SECONDS_BETWEEN_KEYS)
        if len(store.watched(rows)) != known:
            desk.list.forget()
            desk.recount()
        return more

    def index(self) -> None:
        """Begin to index, where anything waits and nothing is under way."""
        store = self._desk.store
        if self.jobs.under_way or not store.lags:
            return

        def work(tell: Tell, ended: Callable[[], bool]) -> str:
            def progress(left: int) -> None:
                if ended():
                    raise Cancelled
                tell(f"Indexing, {left:,} papers to go")

            with closing(Store(store.paths)) as own:
                own.index(progress, PAPERS_A_TIME)
            return ""

        # What is not done is done the next time, and found meanwhile all the same.
        self.jobs.start("index", work, lambda _: None)


def _rehearse() -> None:
    """Do once what a filter's first key does, beside the keys: modules and patterns are made so."""
    from tui_reader.query import documents, parse  # noqa: F401  documents are prepared next

    parse("re-hearsed", date.min)
    find("A rehearsal", (" re",))
