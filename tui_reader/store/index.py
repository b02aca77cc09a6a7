"""The full-text index: it has each paper as it is now, but for those that wait in `unindexed`.

It holds each paper's folded texts, and facts of it as words of their own, so that FTS5 answers
all of a query but for marks and identifiers.

Beside it stands the vocabulary, `term`: every word of the index, and how many papers have had it.
FTS5 finds what begins as a typed word does by merging the places of all such words before it gives
the first hit: 4 ms for `dist` in 100,000 papers, and more the more there are. With the vocabulary,
`search` asks for the words themselves, and the newest hits come at once; it has the commonest where
they are too many (`common_term`), the categories and versions there are, and it knows before it
asks whether a word is anywhere, and how far it has to go. The counts may be too high, never too
low: what leaves the index is not counted off. An index of prefixes in FTS5 itself would double it.
"""

from collections import Counter
from collections.abc import Sequence
from itertools import chain
from string import punctuation
from typing import TYPE_CHECKING

from tui_reader.fields import STORED
from tui_reader.store.db import AMONG, Database, array_of
from tui_reader.store.documents import HAYSTACKS, Documents
from tui_reader.store.papers import Papers

if TYPE_CHECKING:  # loaded with the first query
    from tui_reader.query import Document

PAGES_MERGED_AT_ONCE = 1000
"""Of the index: some 4 MB."""
FACT = "\u00b6"
"""Begins each fact; no word of a text has it."""
_HIDDEN = {ord(sign): ord(sign) + 0x2000 for sign in punctuation}
"""FTS5's ASCII tokenizer parts words at ASCII signs, and at nothing beyond ASCII."""
_SHOWN = {hidden: sign for sign, hidden in _HIDDEN.items()}
_WORDS = f"{HAYSTACKS}, facts"
_VALUES = ", ".join("?" * (len(STORED) + 1))


def columns(paper: "Document") -> tuple[str, ...]:
    """Return what the index holds of a paper: its texts, folded, and its facts."""
    from tui_reader.query import TRAITS

    facts = [
        "",
        *(f"cat:{category}" for category in paper.categories.split()),
        *(
            f"is:{trait.name}"
            for trait in TRAITS.values()
            if trait.test and not trait.passing and trait.test(paper)
        ),
        *(f"has:{feature}" for feature in paper.features),
        *(f"date:{str(day)[:end]}" for day in paper.days for end in (4, 7, 10)),
    ]
    if paper.version is not None:
        facts.append(f"v:{paper.version}")
    return (*map(paper.text, STORED), " ".join(map(fact, facts)))


def fact(text: str) -> str:
    """Return a fact, such as `cat:cs.DC`, as the index has it."""
    return FACT + text.translate(_HIDDEN)


def shown(word: str) -> str:
    """Return what is behind a sign of a fact as it was before."""
    return word.translate(_SHOWN)


class Index:
    """The words of the papers in the cache, each paper's texts and facts as `columns` has them."""

    def __init__(self, db: Database, papers: Papers, documents: Documents) -> None:
        self._db = db
        self._papers, self._documents = papers, documents

    def add_some(self, most: int) -> int:
        """Index so many of the papers that wait for it, the newest first; return how many wait."""
        version, rows = self._papers.edition(), self.waiting(most)
        made = {row: columns(document) for row, document in self._documents.at(rows).items()}
        with self._db.writing():
            if self._papers.edition() == version:  # else they may be other papers by now
                # Another process may have been here.
                waiting = set(self.waiting(most)) & made.keys()
                self._db.write_each(
                    f"INSERT INTO words (rowid, {_WORDS}) VALUES (?, {_VALUES})",
                    [(row, *made[row]) for row in sorted(waiting)],
                )
                terms = (set(" ".join(made[row]).split()) for row in waiting)
                self._db.write_each(
                    """
                    INSERT INTO term VALUES (?, ?)
                    ON CONFLICT DO UPDATE SET papers = papers + excluded.papers
                    """,
                    sorted(Counter(chain.from_iterable(terms)).items()),
                )
                self._db.write_each("DELETE FROM unindexed WHERE row = ?", [(row,) for row in rows])
        [left] = self._db.column("SELECT count(*) FROM unindexed")
        return int(left)

    def merge_some(self, *, begin: bool = False) -> bool:
        """Make the index's parts one, a few pages at a time; return whether there is more to do.

        A word is looked up in each part, so fewer make searching faster.
        """
        pages = -PAGES_MERGED_AT_ONCE if begin else PAGES_MERGED_AT_ONCE
        with self._db.writing():
            changed = self._db.write_each(
                "INSERT INTO words (words, rank) VALUES ('merge', ?)", [[pages]]
            )
        return changed > 1  # 1 is what the command itself counts for

    def waiting(self, most: int) -> list[int]:
        """Return the newest papers that wait to be indexed."""
        return self._db.numbers("SELECT row FROM unindexed ORDER BY row DESC LIMIT ?", [most])

    def remove(self, rows: Sequence[int]) -> None:
        """Let papers wait to be indexed; inside a transaction, before anything of them changes."""
        indexed = self._db.numbers(
            f"""
            SELECT row FROM paper
            WHERE row IN {AMONG} AND row NOT IN (SELECT row FROM unindexed)
            """,
            [array_of(rows)],
        )
        if indexed:
            # FTS5 has to be told the very words that it was given.
            documents = self._documents.at(indexed)
            self._db.write_each(
                f"""
                INSERT INTO words (words, rowid, {_WORDS})
                VALUES ('delete', ?, {_VALUES})
                """,
                [(row, *columns(document)) for row, document in documents.items()],
            )
        self._db.write_each("INSERT OR IGNORE INTO unindexed VALUES (?)", [(r,) for r in rows])

    def terms(self, begun: str, most: int) -> dict[str, int]:
        """Return words in the index that begin so, and how many papers have had each.

        At most so many; -1: all.
        """
        return dict(
            self._db.rows(
                "SELECT term, papers FROM term WHERE term >= ? AND term < ? LIMIT ?",
                [begun, f"{begun}\U0010ffff", most],
            )
        )

    def common_terms(self, begun: str, most: int) -> list[str]:
        """Return the most common words in the index that begin so."""
        return self._db.column(
            """
            SELECT term FROM term INDEXED BY common_term
            WHERE term >= ? AND term < ? AND papers >= 50 ORDER BY papers DESC LIMIT ?
            """,
            [begun, f"{begun}\U0010ffff", most],
        )
