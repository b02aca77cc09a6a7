"""The cache: papers, listings and a copy of the marks, in one SQLite file: it can be deleted."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from tui_reader.model import News, Reading
from tui_reader.store.db import Database
from tui_reader.store.documents import Documents
from tui_reader.store.index import Index
from tui_reader.store.listings import Held, Listings
from tui_reader.store.marks import Marked
from tui_reader.store.memos import Memos
from tui_reader.store.news import StarNews
from tui_reader.store.papers import Papers

if TYPE_CHECKING:
    from tui_reader.store.taste import Taste


class Saved(NamedTuple):
    """What an import added to the cache."""

    papers: int
    unknown: int
    """How many of the papers were not known before."""
    held: tuple[Held, ...] = ()
    """Listings that are not believed yet."""


class Cache:
    """The tables of the cache, through one connection, for one thread."""

    def __init__(self, file: Path) -> None:
        self.db = Database(file)
        self.news = StarNews(self.db)
        self.papers = Papers(self.db, self.news)
        self.listings = Listings(self.db)
        self.marked = Marked(self.db)
        self.memos = Memos(self.db)
        self.documents = Documents(self.db, self.papers, self.marked, self.listings, self.news)
        self.index = Index(self.db, self.papers, self.documents)

    @cached_property
    def taste(self) -> "Taste":
        """What the person looks for; loaded when it is asked for."""
        from tui_reader.store.taste import Taste

        return Taste(self.db, self.papers, self.marked, self.memos)

    def save(
        self, reading: Reading, now: datetime, news: Mapping[int, Iterable[News]] = {}
    ) -> Saved:
        """Store all that a file or an answer held, in one transaction; and `news` of stars."""
        return self.db.again(lambda: self._save(reading, now, news))

    def _save(self, reading: Reading, now: datetime, news: Mapping[int, Iterable[News]]) -> Saved:
        waits = self.index.remove
        with self.db.writing():
            self.papers.new_edition()
            self.news.add(news)
            unknown = self.papers.add(reading.papers, waits)
            held = []
            for listing in reading.listings:
                unknown += self.papers.add([entry.paper for entry in listing.entries], waits)
                held.append(self.listings.add(listing, reading.form, now, waits))
        entries = sum(len(listing.entries) for listing in reading.listings)
        return Saved(len(reading.papers) + entries, unknown, tuple(filter(None, held)))
