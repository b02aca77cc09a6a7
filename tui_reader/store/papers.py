"""Papers in the cache: as they are now, what was known of them before, and how many there are."""

import json
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import datetime
from operator import index
from typing import Any, NamedTuple

from tui_reader.errors import StoreError
from tui_reader.merge import merged
from tui_reader.model import Name, Paper, PaperId, Version, paper_at, row_of
from tui_reader.store.db import AMONG, COLUMNS, Database, array_of, checked, with_checksum
from tui_reader.store.news import StarNews, news_of

EARLIER_COLUMNS = "row, version, title, authors, abstract, comments"
"""What the checksums are of."""
PAPERS = "papers"
"""The memo that counts how often papers were stored."""

MOST_OF_A_MONTH = 1 << 17
"""Papers, for which there are numbers; see model.row_of."""


class Earlier(NamedTuple):
    """The texts of an earlier version of a paper."""

    version: int
    title: str
    authors: tuple[str, ...]
    abstract: str | None
    comments: str | None


class Papers:
    """The papers in the cache, by row number."""

    def __init__(self, db: Database, news: StarNews) -> None:
        self._db = db
        self._news = news

    def at(self, rows: Sequence[int]) -> dict[int, Paper]:
        """Return the known papers among these rows, in no order."""
        found = f"SELECT {COLUMNS}, checksum FROM paper WHERE row IN {AMONG}"
        return dict(self._db.made(_paper, found, [array_of(rows)]))

    def earlier(self, id_: PaperId) -> list[Earlier]:
        """Return what the cache keeps of a paper's versions before the newest, newest first."""
        found = "SELECT * FROM earlier WHERE row = ? ORDER BY version DESC"
        return self._db.made(_earlier, found, [row_of(id_)])

    def any(self) -> bool:
        """Whether any paper is stored, announced or not."""
        return bool(self._db.rows("SELECT 1 FROM paper LIMIT 1"))

    def months(self) -> list[tuple[int, int]]:
        """Return (month, number of papers), newest month first; a month is a row >> 17."""
        return self._db.made(_month, "SELECT month, papers FROM month ORDER BY month DESC")

    def month_rows(self, month: int, count: int) -> list[int]:
        """Return the papers of a month, newest first, as many as `months` counted.

        Where it counted wrong, which is damage, papers that are nowhere stand for the rest, and
        the next one to open the cache finds the counts right.
        """
        rows = self._db.numbers(
            "SELECT row FROM paper WHERE row >> 17 = ? ORDER BY row DESC", [month]
        )
        if len(rows) < count:
            with suppress(StoreError), self._db.writing(0):
                self._db.write("DELETE FROM month")
                self._db.write("INSERT INTO month SELECT row >> 17, count(*) FROM paper GROUP BY 1")
        return rows[:count] + [month << 17] * (count - len(rows))

    def add(self, papers: Sequence[Paper], about_to_change: Callable[[Sequence[int]], None]) -> int:
        """Store papers, each merged with what is known of it; return how many were unknown.

        A paper of which no more than the identifier is known is not stored. Inside `writing`;
        `about_to_change` is told the rows before they change.
        """
        told = [paper for paper in papers if paper.title]
        known = self.at([row_of(paper.id) for paper in told])
        before = dict(known)
        changed: dict[int, Paper] = {}
        for paper in told:
            row = row_of(paper.id)
            if row in known:
                paper = self._joined(known[row], paper)
                if paper == known[row]:
                    continue
            known[row] = changed[row] = paper
        about_to_change(list(changed))
        self._db.write_each(_INSERT_PAPER, map(_columns, changed.values()))
        for made in ("haystack", "vector", "verdict"):
            self._db.write_each(f"DELETE FROM {made} WHERE row = ?", [(row,) for row in changed])
        pairs = ((row, before[row], paper) for row, paper in changed.items() if row in before)
        self._news.add({row: news for row, old, now in pairs if (news := news_of(old, now))})
        new = changed.keys() - before.keys()
        self._db.write_each(
            """
            INSERT INTO month VALUES (?, ?)
            ON CONFLICT DO UPDATE SET papers = papers + excluded.papers
            """,
            Counter(row >> 17 for row in new).items(),
        )
        return len(new)

    def edition(self) -> str | None:
        """Return what is another text after anyone stored papers; None before the first."""
        stored = self._db.column("SELECT value FROM memo WHERE key = ?", [PAPERS])
        return f"{self._db.times_replaced} {stored[0]}" if stored else None

    def new_edition(self) -> None:
        """Let everyone know that what they made of papers may be old; inside `writing`."""
        self._db.write(
            """
            INSERT INTO memo VALUES (?, '1')
            ON CONFLICT (key) DO UPDATE SET value = CAST(value AS INTEGER) + 1
            """,
            [PAPERS],
        )

    def _joined(self, known: Paper, paper: Paper) -> Paper:
        newer = (known.version or 0) < (paper.version or 0)
        older = paper if (paper.version or 0) < (known.version or 0) else known if newer else None
        if older is not None and older.version:
            self._db.write(
                _INSERT_EARLIER,
                (
                    row_of(older.id),
                    older.version,
                    older.title,
                    "\n".join(older.authors),
                    older.abstract,
                    older.comments,
                ),
            )
        return merged(known, paper)


_INSERT_PAPER = f"INSERT OR REPLACE INTO paper ({COLUMNS}, checksum) {with_checksum(19)}"
_INSERT_EARLIER = f"INSERT OR IGNORE INTO earlier {with_checksum(6)}"
_FIELDS = ("id", *COLUMNS.split(", ")[1:])
_PARTED = {"authors": "\n", "categories": " ", "formats": " "}


def _columns(paper: Paper) -> list[Any]:
    fields = {name: getattr(paper, name) for name in _FIELDS}
    fields["id"] = row_of(paper.id)
    for name, part in _PARTED.items():
        fields[name] = part.join(fields[name])
    fields["parted"] = "\n".join(map("\t".join, paper.parted))
    fields["versions"] = json.dumps(
        [
            (v.number, v.submitted.isoformat() if v.submitted else None, v.size_kb)
            for v in paper.versions
        ]
    )
    return [*fields.values()]


def _paper(*columns: Any) -> tuple[int, Paper]:
    row, *_ = values = checked(columns)
    fields = dict(zip(_FIELDS, values, strict=True))
    fields["id"] = paper_at(row)
    for name, part in _PARTED.items():
        fields[name] = tuple(fields[name].split(part)) if fields[name] else ()
    fields["versions"] = tuple(
        Version(number, datetime.fromisoformat(submitted) if submitted else None, size)
        for number, submitted, size in json.loads(fields["versions"])
    )
    fields["withdrawn"] = bool(fields["withdrawn"])
    names = fields["parted"].split("\n") if fields["parted"] else ()
    fields["parted"] = tuple(Name(*name.split("\t")) for name in names)
    return row, Paper(**fields)


def _earlier(*columns: Any) -> Earlier:
    _, version, title, authors, abstract, comments = checked(columns)
    return Earlier(
        version, title, tuple(authors.split("\n")) if authors else (), abstract, comments
    )


def _month(month: int, papers: int) -> tuple[int, int]:
    if index(papers) > MOST_OF_A_MONTH:
        raise ValueError("more papers than a month has numbers for")
    return index(month), papers
