"""Papers as queries test them: their folded texts, kept once they are made, marks and places."""

from collections.abc import Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from tui_reader.errors import StoreError
from tui_reader.fields import STORED, Field
from tui_reader.model import Marks, Paper, paper_at
from tui_reader.store.db import AMONG, Database, array_of, checked, with_checksum
from tui_reader.store.listings import Listings
from tui_reader.store.marks import Marked
from tui_reader.store.news import StarNews
from tui_reader.store.papers import Papers

if TYPE_CHECKING:  # loaded with the first query
    from tui_reader.query import Document, Haystacks

HAYSTACKS = ", ".join(field.column for field in STORED)
"""The columns of the folded texts."""
_INSERT = f"""
    INSERT OR REPLACE INTO haystack (row, {HAYSTACKS}, checksum) {with_checksum(1 + len(STORED))}
"""


def _haystacks(*columns: Any) -> "tuple[int, Haystacks]":
    row, *made = checked(columns)
    return row, tuple(made)


class Documents:
    """The papers in the cache as queries test them."""

    def __init__(
        self, db: Database, papers: Papers, marked: Marked, listings: Listings, news: StarNews
    ) -> None:
        self._db = db
        self._news = news
        self._papers, self._marked, self._listings = papers, marked, listings

    def at(
        self, rows: Sequence[int], *, texts: Sequence[Field] = STORED, unknown: bool = False
    ) -> "dict[int, Document]":
        """Return these papers, where they are stored, as queries test them.

        Those that are only marked, too, where the `unknown` are wanted. Of `texts` those that no
        `make_texts` has stored are made, which takes far longer; the others may be missing.
        """
        from tui_reader.query import document, haystacks

        stored: dict[int, Haystacks] = {}
        if texts:
            found = f"SELECT row, {HAYSTACKS}, checksum FROM haystack WHERE row IN {AMONG}"
            stored = dict(self._db.made(_haystacks, found, [array_of(rows)]))
        marks, places = self._marked.at(rows), self._listings.places(rows)
        papers, news = self._papers.at(rows), self._news.at(rows)
        ready: dict[int, Document] = {}
        for row in rows:
            paper = papers.get(row)
            if not paper and not (unknown and marks[row] != Marks()):
                continue
            paper = paper or Paper(paper_at(row), "")
            announced = [(place.section, place.day) for place in places[row]]
            folded = stored.get(row) or haystacks(paper, texts)
            ready[row] = document(paper, marks[row], announced, folded, updated=row in news)
        return ready

    def make_texts(self, rows: Sequence[int], most: int) -> list[int]:
        """Make the search forms that these papers lack, of so many; return the others."""
        from tui_reader.query import haystacks

        version = self._papers.edition()
        unmade = self._db.numbers(
            f"""
            SELECT row FROM paper LEFT JOIN haystack USING (row)
            WHERE row IN {AMONG} AND haystack.title IS NULL
            """,
            [array_of(rows)],
        )
        # What is shown first comes first.
        lacking = list(filter(frozenset(unmade).__contains__, rows))
        if lacking:
            papers = self._papers.at(lacking[:most])
            made = [(row, *haystacks(paper)) for row, paper in papers.items()]
            # Someone waits, and they can be made again.
            with suppress(StoreError), self._db.writing(0):
                if self._papers.edition() == version:  # else they may be other papers by now
                    self._db.write_each(_INSERT, made)
        return lacking[most:]
