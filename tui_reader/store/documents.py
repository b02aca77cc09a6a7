"""Papers as queries test them: their folded texts, kept once they are made, marks and places."""

from collections.abc import Sequence
from contextlib import suppress
from typing import TYPE_CHECKING

from tui_reader.errors import BusyError
from tui_reader.fields import STORED, Field
from tui_reader.store.db import AMONG, Database, array_of
from tui_reader.store.listings import Listings
from tui_reader.store.marks import Marked
from tui_reader.store.papers import Papers

if TYPE_CHECKING:  # loaded with the first query
    from tui_reader.query import Document, Haystacks

HAYSTACKS = ", ".join(field.column for field in STORED)
"""The columns of the folded texts."""
_INSERT = f"""
    INSERT OR REPLACE INTO haystack (row, {HAYSTACKS}) VALUES (?{", ?" * len(STORED)})
"""


class Documents:
    """The papers in the cache as queries test them."""

    def __init__(self, db: Database, papers: Papers, marked: Marked, listings: Listings) -> None:
        self._db = db
        self._papers, self._marked, self._listings = papers, marked, listings

    def at(self, rows: Sequence[int], *, texts: Sequence[Field] = STORED) -> "dict[int, Document]":
        """Return these papers, where they are known, as queries test them.

        Of `texts` those that no `make_texts` has stored are made, which takes far longer; the
        others may be missing.
        """
        from tui_reader.query import document, haystacks

        stored: dict[int, Haystacks] = {}
        if texts:
            found = f"SELECT row, {HAYSTACKS} FROM haystack WHERE row IN {AMONG}"
            stored = {row: tuple(made) for row, *made in self._db.rows(found, [array_of(rows)])}
        marks, places = self._marked.at(rows), self._listings.places(rows)
        return {
            row: document(
                paper,
                marks[row],
                [(p.section, p.day) for p in places[row]],
                stored.get(row) or haystacks(paper, texts),
            )
            for row, paper in self._papers.at(rows).items()
        }

    def make_texts(self, rows: Sequence[int], most: int) -> list[int]:
        """Make the search forms that these papers lack, of so many; return the others."""
        from tui_reader.query import haystacks

        version = self._papers.edition()
        lacking = self._db.column(
            f"""
            SELECT row FROM paper LEFT JOIN haystack USING (row)
            WHERE row IN {AMONG} AND haystack.title IS NULL
            """,
            [array_of(rows)],
        )
        if lacking:
            papers = self._papers.at(lacking[:most])
            made = [(row, *haystacks(paper)) for row, paper in papers.items()]
            # Someone waits, and they can be made again.
            with suppress(BusyError), self._db.writing(0):
                if self._papers.edition() == version:  # else they may be other papers by now
                    self._db.write_each(_INSERT, made)
        return lacking[most:]
