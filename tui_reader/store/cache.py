"""The cache: papers, listings and a copy of the marks, in one SQLite file: it can be deleted."""

import json
import os
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, date, datetime
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple
from unicodedata import unidata_version

from tui_reader.errors import BusyError, StoreError
from tui_reader.fields import STORED, Field
from tui_reader.merge import merged
from tui_reader.model import (
    Announced,
    Listing,
    Marks,
    Paper,
    PaperId,
    Reading,
    Section,
    Version,
    paper_at,
    row_of,
)
from tui_reader.store.changes import Stamped, State, Value, marks_with, value_text
from tui_reader.store.journal import Position
from tui_reader.store.migrations import MIGRATIONS

SECTIONS = tuple(Section)
if TYPE_CHECKING:
    from tui_reader.query import Document, Haystacks

PATIENCE = 15.0
"""Seconds to wait for another process that is writing, where nobody waits at a screen."""
_MARKED = """(SELECT 1 FROM mark WHERE row = read.row AND field = '{}' AND value = 'true')"""
_REPLACEMENTS = {
    "starred": f"EXISTS {_MARKED.format('starred')}",
    "all": f"NOT EXISTS {_MARKED.format('skipped')}",
    "none": "false",
}
PAPERS = "papers"
"""Remembers how often papers were stored, so that others know theirs are old."""
FOLDED = f"1 {unidata_version}"
"""How texts were folded for what is stored of them; the number is that of `fold` itself."""
MERGED_AT_ONCE = 1000  # pages of the index: some 4 MB
_AMONG = "(SELECT value FROM json_each(?))"  # rows as one JSON array: no limit of variables


class Day(NamedTuple):
    """A row of the day ledger: one category's listing and how much of it is unread."""

    category: str
    announced: date
    counts: tuple[int, int, int]
    """Stored entries of each section, in arXiv's order."""
    unread: int
    complete: bool


class Known(NamedTuple):
    """What is known of one category's announcement, whether it is stored or was only asked for."""

    category: str
    announced: date
    stored: int = 0
    """How many entries are."""
    complete: bool = False
    state: str = ""
    """What asking arXiv for it came to; empty where that was never done."""
    said: str = ""
    tries: int = 0
    last: datetime | None = None
    """When arXiv was last asked for it, in UTC."""


class Saved(NamedTuple):
    """What an import added to the cache."""

    papers: int
    unknown: int
    """How many of the papers were not known before."""


class Earlier(NamedTuple):
    """The texts of an earlier version of a paper."""

    version: int
    title: str
    authors: tuple[str, ...]
    abstract: str | None
    comments: str | None


def newer(file: Path) -> StoreError:
    return StoreError(f"{file} is from a newer tui-reader; upgrade this one, or use --home")


def damaged(file: Path, why: object) -> StoreError:
    return StoreError(
        f"{file} is damaged ({why}): delete it, papers can be fetched or imported again,"
        " and stars and notes are kept elsewhere"
    )


class Cache:
    """One connection to the cache file, for one thread.

    Raises StoreError from every method when the file can't be read or written.
    """

    def __init__(self, file: Path) -> None:
        self.file = file
        self._db = self._opened()

    def close(self) -> None:
        self._db.close()

    def __del__(self) -> None:
        # Python 3.13 and newer complain of a connection that is dropped open.
        with suppress(AttributeError, sqlite3.Error):
            self._db.close()

    # Opening

    def _opened(self) -> sqlite3.Connection:
        try:
            self.file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            return self._migrated()
        except sqlite3.DatabaseError as error:
            if isinstance(error, sqlite3.OperationalError) and self._is_sound():
                raise StoreError(
                    f"{self.file}: {error}; is the disk full or the folder read-only?"
                ) from error
            self._set_aside()
        except OSError as error:
            raise StoreError(
                f"{self.file.parent}: {error.strerror}; choose another place with --home"
            ) from error
        try:
            return self._migrated()
        except sqlite3.Error as error:
            raise StoreError(f"{self.file}: {error}") from error

    def _is_sound(self) -> bool:
        """Whether the file starts as SQLite files do; a locked or unwritable one is not corrupt."""
        try:
            with self.file.open("rb") as file:
                head = file.read(16)
        except OSError:
            return True
        return head in (b"", b"SQLite format 3\0")

    def _set_aside(self) -> None:
        """Rename a damaged cache: it can be fetched again, and the marks are in the journal."""
        for suffix in ("", "-wal", "-shm"):
            damaged = Path(f"{self.file}{suffix}")
            if damaged.exists():
                os.replace(damaged, f"{self.file}.damaged{suffix}")

    def _migrated(self) -> sqlite3.Connection:
        created = not self.file.exists()
        db = sqlite3.connect(self.file, isolation_level=None, timeout=PATIENCE)
        try:
            if created:
                self.file.chmod(0o600)
            db.execute("PRAGMA journal_mode = WAL")
            db.execute("PRAGMA synchronous = NORMAL")
            db.execute("PRAGMA cache_size = -16000")  # KiB; a query may look for hundreds of words
            db.create_function("paper_at", 1, paper_at, deterministic=True)
            (version,) = db.execute("PRAGMA user_version").fetchone()
            if version > len(MIGRATIONS):
                raise newer(self.file)
            for number in range(version, len(MIGRATIONS)):
                self._migrate(db, number)
            db.execute("SELECT count(*) FROM listing").fetchone()
            if db.execute("SELECT value FROM memo WHERE key = 'folded'").fetchone() != (FOLDED,):
                self._start_index(db)
        except BaseException:
            db.close()
            raise
        return db

    @staticmethod
    def _start_index(db: sqlite3.Connection) -> None:
        """Drop what was made of folded texts: another `fold` made it, or there is none yet."""
        db.executescript(
            f"""
            BEGIN IMMEDIATE;
            INSERT INTO words (words) VALUES ('delete-all');
            DELETE FROM term;
            DELETE FROM haystack;
            INSERT OR IGNORE INTO unindexed SELECT row FROM paper;
            INSERT OR REPLACE INTO memo VALUES ('folded', '{FOLDED}');
            COMMIT;
            """
        )

    @staticmethod
    def _migrate(db: sqlite3.Connection, number: int) -> None:
        db.execute("BEGIN IMMEDIATE")
        try:
            # Another process may have come first while this one waited for the lock.
            if db.execute("PRAGMA user_version").fetchone() == (number,):
                for statement in MIGRATIONS[number].split(";\n"):
                    db.execute(statement)
                db.execute(f"PRAGMA user_version = {number + 1}")
            db.execute("COMMIT")
        except BaseException:
            db.execute("ROLLBACK")
            raise

    # The two ways in

    def _all(self, sql: str, values: Mapping[str, Any] | Sequence[Any] = ()) -> list[Any]:
        try:
            return self._db.execute(sql, values).fetchall()
        except sqlite3.Error as error:
            raise self._failure(error) from error

    def _column(self, sql: str, values: Mapping[str, Any] | Sequence[Any] = ()) -> list[Any]:
        return [value for (value,) in self._all(sql, values)]

    def select(self, sql: str, values: Sequence[Any] = ()) -> Iterator[int]:
        """Yield the numbers that a SELECT finds, as it finds them."""
        try:
            yield from (number for (number,) in self._db.execute(sql, values))
        except sqlite3.Error as error:
            raise self._failure(error) from error

    def select_at_once(self, sql: str, values: Sequence[Any] = ()) -> Iterator[int]:
        """Return the rows that a SELECT finds, in one step: between steps threads take turns."""
        [found] = self._column(f"SELECT group_concat(row) FROM ({sql})", values)
        return map(int, found.split(",") if found else ())

    @contextmanager
    def reading(self, stale: Callable[[], bool]) -> Iterator[None]:
        """One state of the cache: what others write meanwhile is not seen.

        What is asked inside ends with StoreError as soon as it is stale.
        """
        self._all("BEGIN")
        self._db.set_progress_handler(stale, 100)
        try:
            yield
        finally:
            self._db.set_progress_handler(None, 0)  # it would end this as well
            self._all("ROLLBACK")

    def version(self) -> tuple[int, int]:
        """Return what is another value after anyone wrote, through this connection or another."""
        return self._all("PRAGMA data_version")[0][0], self._db.total_changes

    @contextmanager
    def writing(self, patience: float = PATIENCE) -> Iterator[None]:
        """One transaction: all that is written inside happens, or nothing.

        Raises BusyError where another process has been writing for `patience` seconds.
        """
        wait = "PRAGMA busy_timeout = {}"
        try:
            self._db.execute(wait.format(round(1000 * patience)))
            self._db.execute("BEGIN IMMEDIATE")
        except sqlite3.Error as error:
            raise self._failure(error) from error
        finally:
            self._db.execute(wait.format(round(1000 * PATIENCE)))
        try:
            yield
            self._db.execute("COMMIT")
        except BaseException as error:
            if self._db.in_transaction:
                self._db.execute("ROLLBACK")
            if isinstance(error, sqlite3.Error):
                raise self._failure(error) from error
            raise

    def _failure(self, error: sqlite3.Error) -> StoreError:
        if isinstance(error, sqlite3.OperationalError):  # locked, full, unreadable
            busy = getattr(error, "sqlite_errorcode", 0) & 0xFF == sqlite3.SQLITE_BUSY
            kind = BusyError if busy else StoreError
            return kind(f"{self.file}: {error}; stars and notes are kept elsewhere")
        return damaged(self.file, error)

    # Papers and listings in

    def save(self, reading: Reading, now: datetime) -> Saved:
        """Store all that a file or an answer held, in one transaction."""
        with self.writing():
            self._db.execute(
                """
                INSERT INTO memo VALUES (?, '1')
                ON CONFLICT (key) DO UPDATE SET value = CAST(value AS INTEGER) + 1
                """,
                [PAPERS],
            )
            unknown = self._save_papers(reading.papers)
            for listing in reading.listings:
                unknown += self._save_listing(listing, reading.form, now)
        entries = sum(len(listing.entries) for listing in reading.listings)
        return Saved(len(reading.papers) + entries, unknown)

    def _save_papers(self, papers: Sequence[Paper]) -> int:
        """Store papers, each merged with what is known of it; return how many were unknown.

        A paper of which no more than the identifier is known is not stored.
        """
        told = [paper for paper in papers if paper.title]
        known = self.papers([row_of(paper.id) for paper in told])
        before = frozenset(known)
        changed: dict[int, Paper] = {}
        for paper in told:
            row = row_of(paper.id)
            if row in known:
                paper = self._joined(known[row], paper)
                if paper == known[row]:
                    continue
            known[row] = changed[row] = paper
        self._unindex(list(changed))
        self._db.executemany(_INSERT_PAPER, map(_columns, changed.values()))
        self._db.executemany("DELETE FROM haystack WHERE row = ?", [(row,) for row in changed])
        new = changed.keys() - before
        self._db.executemany(
            """
            INSERT INTO month VALUES (?, ?)
            ON CONFLICT DO UPDATE SET papers = papers + excluded.papers
            """,
            Counter(row >> 17 for row in new).items(),
        )
        return len(new)

    def _joined(self, known: Paper, paper: Paper) -> Paper:
        newer = (known.version or 0) < (paper.version or 0)
        older = paper if (paper.version or 0) < (known.version or 0) else known if newer else None
        if older is not None and older.version:
            self._db.execute(
                "INSERT OR IGNORE INTO earlier VALUES (?, ?, ?, ?, ?, ?)",
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

    def _save_listing(self, listing: Listing, form: str, now: datetime) -> int:
        """Store a listing and its papers; return how many of the papers were unknown.

        A complete listing replaces what was stored of that day; an incomplete one only adds.
        """
        if not listing.entries and not listing.complete:
            return 0  # it says nothing of the day: an empty feed, a page past the end
        unknown = self._save_papers([entry.paper for entry in listing.entries])
        category, day = listing.category, listing.announced.isoformat()
        stored = self._column(
            """
            INSERT INTO listing (category, announced, promised, unreadable, complete, form, stored)
            VALUES (?, ?, ?, ?, ?, ?, ?)
            ON CONFLICT DO UPDATE
            SET (promised, unreadable, complete, form, stored) = (excluded.promised,
                excluded.unreadable, excluded.complete, excluded.form, excluded.stored)
            WHERE excluded.complete >= listing.complete
            RETURNING id
            """,
            [
                category,
                day,
                json.dumps({section.value: count for section, count in listing.promised.items()}),
                listing.unreadable,
                listing.complete,
                form,
                now.isoformat(timespec="seconds"),
            ],
        )
        if not stored:
            return unknown
        [number] = stored
        entries = {
            entry.position: (row_of(entry.paper.id), SECTIONS.index(entry.section))
            for entry in listing.entries
        }
        if not listing.complete:
            self._keep(number, entries)
        before = self._all("SELECT row, section FROM entry WHERE listing = ?", (number,))
        self._unindex([row for row, _ in set(before) ^ set(entries.values())])
        self._db.execute("DELETE FROM entry WHERE listing = ?", (number,))
        self._db.executemany(
            "INSERT INTO entry VALUES (?, ?, ?, ?)",
            [(number, position, *entry) for position, entry in entries.items()],
        )
        return unknown

    def _keep(self, listing: int, entries: dict[int, tuple[int, int]]) -> None:
        """Add what is stored of a listing to `entries`; sources number them differently."""
        rows = {row for row, _ in entries.values()}
        for position, row, section in self._all(
            "SELECT position, row, section FROM entry WHERE listing = ? ORDER BY position",
            (listing,),
        ):
            if row not in rows:
                free = max(entries) + 1 if position in entries else position
                entries[free] = (row, section)

    def record(self, category: str, day: date, state: str, said: str, now: datetime) -> None:
        """Keep what asking arXiv for a listing came to."""
        with self.writing():
            self._db.execute(
                """
                INSERT INTO asked VALUES (:category, :day, :state, :said, 1, :now)
                ON CONFLICT DO UPDATE
                SET state = :state, said = :said, last = :now, tries = tries + 1
                """,
                {
                    "category": category,
                    "day": day.isoformat(),
                    "state": state,
                    "said": said,
                    "now": now.astimezone(UTC).isoformat(timespec="seconds"),
                },
            )

    # Papers and listings out

    def ledger(self, first: date) -> list[Known]:
        """Return what is known of every announcement since `first`, newest first."""
        return [
            Known(
                category,
                date.fromisoformat(announced),
                stored,
                bool(complete),
                state or "",
                said or "",
                tries or 0,
                datetime.fromisoformat(last) if last else None,
            )
            for category, announced, stored, complete, state, said, tries, last in self._all(
                """
                SELECT category, announced,
                       (SELECT count(*) FROM entry WHERE entry.listing = listing.id),
                       complete, state, said, tries, last
                FROM (SELECT category, announced FROM listing WHERE announced >= :first
                      UNION SELECT category, announced FROM asked WHERE announced >= :first)
                LEFT JOIN listing USING (category, announced)
                LEFT JOIN asked USING (category, announced)
                ORDER BY announced DESC, category
                """,
                {"first": first.isoformat()},
            )
        ]

    def papers(self, rows: Sequence[int]) -> dict[int, Paper]:
        """Return the known papers among these rows, in no order."""
        return {
            found[0]: _paper(found)
            for found in self._all(f"SELECT * FROM paper WHERE row IN {_AMONG}", [_array(rows)])
        }

    def make_haystacks(self, rows: Sequence[int], most: int) -> list[int]:
        """Make the search forms that these papers lack, of so many; return the others."""
        from tui_reader.query import haystacks

        version = self.memo(PAPERS)
        lacking = self._column(
            f"""
            SELECT row FROM paper LEFT JOIN haystack USING (row)
            WHERE row IN {_AMONG} AND haystack.title IS NULL
            """,
            [_array(rows)],
        )
        if lacking:
            papers = self.papers(lacking[:most])
            made = [(row, *haystacks(paper)) for row, paper in papers.items()]
            with suppress(BusyError), self.writing(0):  # someone waits, and they can be made again
                if self.memo(PAPERS) == version:  # else they may be other papers by now
                    self._db.executemany(_INSERT_HAYSTACKS, made)
        return lacking[most:]

    def documents(
        self, rows: Sequence[int], *, texts: Sequence[Field] = STORED
    ) -> "dict[int, Document]":
        """Return these papers, where they are known, as queries test them.

        Of `texts` those that no `make_haystacks` has stored are made, which takes far longer; the
        others may be missing.
        """
        from tui_reader.query import document, haystacks

        stored: dict[int, Haystacks] = {}
        if texts:
            found = f"SELECT row, {_HAYSTACKS} FROM haystack WHERE row IN {_AMONG}"
            stored = {row: tuple(made) for row, *made in self._all(found, [_array(rows)])}
        marks, places = self.marks_of(rows), self.announced(rows)
        return {
            row: document(
                paper,
                marks[row],
                [(p.section, p.day) for p in places[row]],
                stored.get(row) or haystacks(paper, texts),
            )
            for row, paper in self.papers(rows).items()
        }

    # The full-text index: it has each paper as it is now, but for those in `unindexed`

    def index_some(self, most: int) -> int:
        """Index so many of the papers that wait for it, the newest first; return how many wait."""
        from tui_reader.store.search import columns

        version, rows = self.memo(PAPERS), self.unindexed(most)
        made = {row: columns(document) for row, document in self.documents(rows).items()}
        with self.writing():
            if self.memo(PAPERS) == version:  # else they may be other papers by now
                # Another process may have been here.
                waiting = set(self.unindexed(most)) & made.keys()
                self._db.executemany(
                    f"INSERT INTO words (rowid, {_WORDS}) VALUES (?, {_VALUES})",
                    [(row, *made[row]) for row in sorted(waiting)],
                )
                terms = (set(" ".join(made[row]).split()) for row in waiting)
                self._db.executemany(
                    """
                    INSERT INTO term VALUES (?, ?)
                    ON CONFLICT DO UPDATE SET papers = papers + excluded.papers
                    """,
                    sorted(Counter(chain.from_iterable(terms)).items()),
                )
                self._db.executemany(
                    "DELETE FROM unindexed WHERE row = ?", [(row,) for row in rows]
                )
        [left] = self._column("SELECT count(*) FROM unindexed")
        return int(left)

    def merge_some(self, *, begin: bool = False) -> bool:
        """Make the index's parts one, a few pages at a time; return whether there is more to do.

        A word is looked up in each part, so fewer make searching faster.
        """
        with self.writing():
            before = self._db.total_changes
            pages = -MERGED_AT_ONCE if begin else MERGED_AT_ONCE
            self._db.execute("INSERT INTO words (words, rank) VALUES ('merge', ?)", [pages])
            return self._db.total_changes - before > 1  # 1 is what the command itself counts for

    def unindexed(self, most: int) -> list[int]:
        """Return the newest papers that wait to be indexed."""
        return self._column("SELECT row FROM unindexed ORDER BY row DESC LIMIT ?", [most])

    def _unindex(self, rows: Sequence[int]) -> None:
        """Let papers wait to be indexed; inside a transaction, before anything of them changes."""
        indexed = self._column(
            f"""
            SELECT row FROM paper
            WHERE row IN {_AMONG} AND row NOT IN (SELECT row FROM unindexed)
            """,
            [_array(rows)],
        )
        if indexed:
            from tui_reader.store.search import columns

            # FTS5 has to be told the very words that it was given.
            documents = self.documents(indexed)
            self._db.executemany(
                f"""
                INSERT INTO words (words, rowid, {_WORDS})
                VALUES ('delete', ?, {_VALUES})
                """,
                [(row, *columns(document)) for row, document in documents.items()],
            )
        self._db.executemany("INSERT OR IGNORE INTO unindexed VALUES (?)", [(r,) for r in rows])

    def days(self) -> list[Day]:
        """Return the day ledger, newest announcement first, then by category."""
        return [
            Day(
                category,
                date.fromisoformat(announced),
                (new, cross, replaced),
                unread,
                bool(complete),
            )
            for category, announced, complete, new, cross, replaced, unread in self._all(
                """
                SELECT listing.category, listing.announced, listing.complete,
                       count(entry.row) FILTER (WHERE section = 0),
                       count(entry.row) FILTER (WHERE section = 1),
                       count(entry.row) FILTER (WHERE section = 2),
                       count(entry.row) FILTER (WHERE coalesce(read.value, 'false') = 'false')
                FROM listing
                LEFT JOIN entry ON entry.listing = listing.id
                LEFT JOIN mark AS read ON read.row = entry.row AND read.field = 'read'
                GROUP BY listing.id
                ORDER BY listing.announced DESC, listing.category
                """
            )
        ]

    def announced(self, rows: Sequence[int]) -> dict[int, tuple[Announced, ...]]:
        """Return where each of these papers was announced, newest first."""
        places: dict[int, list[Announced]] = {row: [] for row in rows}
        for row, category, day, section, position in self._all(
            f"""
            SELECT entry.row, listing.category, listing.announced, entry.section, entry.position
            FROM entry JOIN listing ON listing.id = entry.listing
            WHERE entry.row IN {_AMONG}
            ORDER BY listing.announced DESC, listing.category
            """,
            [_array(rows)],
        ):
            place = Announced(category, date.fromisoformat(day), SECTIONS[section], position)
            places[row].append(place)
        return {row: tuple(found) for row, found in places.items()}

    def listing_rows(self, category: str, day: date) -> list[tuple[int, int]]:
        """Return (row, section) of a listing's papers: by section, then in arXiv's order."""
        return self._all(
            """
            SELECT entry.row, entry.section
            FROM entry JOIN listing ON listing.id = entry.listing
            WHERE listing.category = ? AND listing.announced = ?
            ORDER BY entry.section, entry.position
            """,
            (category, day.isoformat()),
        )

    def inbox_rows(
        self, followed: Sequence[str], kept: Sequence[int]
    ) -> list[tuple[int, str, int]]:
        """Return (row, ISO day, section) of each unread paper, at its newest announcement.

        Newest day first; within a day by section, category and arXiv's order. Where categories
        are `followed`, only papers that are announced in them or cross-listed into them. `kept`
        are rows that stay though they are read.
        """
        found: dict[int, tuple[int, str, int]] = {}
        for place in self._all(
            """
            SELECT entry.row, listing.announced, entry.section
            FROM entry JOIN listing ON listing.id = entry.listing
            LEFT JOIN mark ON mark.row = entry.row AND mark.field = 'read'
            WHERE (coalesce(mark.value, 'false') = 'false'
                   OR entry.row IN (SELECT value FROM json_each(:kept)))
              AND (:followed = '[]' OR EXISTS (
                  SELECT 1 FROM json_each(:followed) AS code
                  LEFT JOIN paper ON paper.row = entry.row
                  WHERE listing.category = code.value
                     OR instr(' ' || paper.categories || ' ', ' ' || code.value || ' ')
                     OR instr(' ' || paper.categories, ' ' || code.value || '.')
              ))
            ORDER BY listing.announced DESC, entry.section, listing.category, entry.position
            """,
            {"followed": json.dumps(followed), "kept": _array(kept)},
        ):
            found.setdefault(place[0], place)
        return [*found.values()]

    def months(self) -> list[tuple[int, int]]:
        """Return (month, number of papers), newest month first; a month is a row >> 17."""
        return self._all("SELECT month, papers FROM month ORDER BY month DESC")

    def month_rows(self, month: int) -> list[int]:
        """Return the papers of a month, newest first."""
        return self._column("SELECT row FROM paper WHERE row >> 17 = ? ORDER BY row DESC", [month])

    def marked_rows(self, field: str) -> list[int]:
        """Return the papers whose mark `field` is set, newest first."""
        return self._column(
            "SELECT row FROM mark WHERE field = ? AND value = 'true' ORDER BY row DESC", (field,)
        )

    # Marks, folded from the journals

    def marks_of(self, rows: Sequence[int]) -> dict[int, Marks]:
        """Return the marks of these papers; a paper without any has empty ones."""
        fields: dict[int, dict[str, Value]] = {row: {} for row in rows}
        for row, field, value in self._all(
            f"SELECT row, field, value FROM mark WHERE row IN {_AMONG}", [_array(rows)]
        ):
            fields[row][field] = json.loads(value)
        return {row: marks_with(Marks(), found) for row, found in fields.items()}

    def stamped(self, rows: Sequence[int] | None = None) -> State:
        """Return the marks of these papers, or all, with who set them when."""
        among = "" if rows is None else f"WHERE row IN {_AMONG}"
        return {
            (paper_at(row), field): Stamped(
                json.loads(value), lamport, machine, datetime.fromisoformat(at)
            )
            for row, field, value, lamport, machine, at in self._all(
                f"SELECT row, field, value, lamport, machine, at FROM mark {among}",
                [] if rows is None else [_array(rows)],
            )
        }

    def marked_at(self, fields: Sequence[str], since: datetime) -> list[tuple[str, datetime, int]]:
        """Return how many marks of a field were set at each moment since, and still are."""
        return [
            (field, datetime.fromisoformat(at), count)
            for field, at, count in self._all(
                f"""
                SELECT field, at, count(*)
                FROM mark
                WHERE field IN {_AMONG} AND value = 'true' AND at >= ?
                GROUP BY field, at
                """,
                (json.dumps(fields), since.isoformat()),
            )
        ]

    def count_marked(self, field: str, rows: Sequence[int] | None = None) -> int:
        """Count the papers, among these or in all, whose mark `field` is set."""
        among = "" if rows is None else f"AND row IN {_AMONG}"
        [count] = self._column(
            f"SELECT count(*) FROM mark WHERE field = ? AND value = 'true' {among}",
            [field] if rows is None else [field, _array(rows)],
        )
        return int(count)

    def has_papers(self) -> bool:
        """Whether any paper is stored, announced or not."""
        return bool(self._all("SELECT 1 FROM paper LIMIT 1"))

    def count_all_unread(self) -> int:
        """Count the papers in the cache that are not marked as read."""
        [count] = self._column(
            """
            SELECT (SELECT coalesce(sum(papers), 0) FROM month) - count(*)
            FROM mark JOIN paper USING (row)
            WHERE field = 'read' AND value = 'true'
            """
        )
        return int(count)

    def tags(self) -> list[str]:
        """Return every tag in use, the most used first."""
        return self._column(
            """
            SELECT substr(field, 5) FROM mark
            WHERE field >= 'tag:' AND field < 'tag;' AND value = 'true'
            GROUP BY field
            ORDER BY count(*) DESC, field
            """
        )

    def notes(self) -> dict[int, str]:
        """Return every note."""
        found = self._all("SELECT row, value FROM mark WHERE field = 'note'")
        return {row: json.loads(value) or "" for row, value in found}

    def terms(self, begun: str, most: int) -> dict[str, int]:
        """Return words in the index that begin so, and how many papers have had each.

        At most so many; -1: all.
        """
        return dict(
            self._all(
                "SELECT term, papers FROM term WHERE term >= ? AND term < ? LIMIT ?",
                [begun, f"{begun}\U0010ffff", most],
            )
        )

    def common_terms(self, begun: str, most: int) -> list[str]:
        """Return the most common words in the index that begin so."""
        return self._column(
            """
            SELECT term FROM term INDEXED BY common_term
            WHERE term >= ? AND term < ? AND papers >= 50 ORDER BY papers DESC LIMIT ?
            """,
            [begun, f"{begun}\U0010ffff", most],
        )

    def replaced_since_read(self, listings: Iterable[Listing], which: str) -> set[int]:
        """Return the papers that listings, not stored yet, replace, and that were read until then.

        `which` of them: "starred" ones, "all" that were not skipped, or "none". What is stored of
        a listing is no news; nor is what another one of that day, or a later one, has said already.
        """
        found: set[int] = set()
        for listing in listings:
            category, day = listing.category, listing.announced.isoformat()
            replaced = (e.paper.id for e in listing.entries if e.section is Section.REPLACEMENT)
            found |= set(
                self._column(
                    f"""
                    SELECT read.row FROM mark AS read
                    WHERE {_REPLACEMENTS[which]}
                      AND field = 'read' AND value = 'true' AND substr(at, 1, 10) <= :day
                      AND row IN (SELECT value FROM json_each(:rows))
                      AND NOT EXISTS (
                          SELECT 1 FROM entry JOIN listing ON listing.id = entry.listing
                          WHERE entry.row = read.row
                            AND iif(category = :category, announced = :day,
                                    announced >= :day AND section = 2)
                      )
                    """,
                    {"day": day, "category": category, "rows": _array(map(row_of, replaced))},
                )
            )
        return found

    def earlier(self, id_: PaperId) -> list[Earlier]:
        """Return what the cache keeps of a paper's versions before the newest, newest first."""
        return [
            Earlier(version, title, tuple(authors.split("\n")) if authors else (), *texts)
            for version, title, authors, *texts in self._all(
                """
                SELECT version, title, authors, abstract, comments FROM earlier
                WHERE row = ? ORDER BY version DESC
                """,
                [row_of(id_)],
            )
        ]

    def journal_positions(self) -> dict[str, Position]:
        """Return how far into each journal file the marks have come."""
        found = self._all("SELECT file, position FROM journal")
        return {file: Position(*json.loads(position)) for file, position in found}

    def fold(
        self, state: State, positions: Mapping[str, Position], patience: float = PATIENCE
    ) -> None:
        """Take over what was read from journals up to these positions, in one transaction.

        Where the cache knows a later value of a field, that one stays.
        """
        with self.writing(patience):
            self._db.executemany(
                """
                INSERT INTO mark VALUES (?, ?, ?, ?, ?, ?)
                ON CONFLICT (row, field) DO UPDATE
                SET (lamport, machine, value, at)
                    = (excluded.lamport, excluded.machine, excluded.value, excluded.at)
                WHERE (lamport, machine, value)
                    < (excluded.lamport, excluded.machine, excluded.value)
                """,
                [
                    (
                        row_of(paper),
                        field,
                        value_text(new.value),
                        new.lamport,
                        new.machine,
                        new.at.isoformat(),
                    )
                    for (paper, field), new in state.items()
                ],
            )
            self._db.executemany(
                "INSERT OR REPLACE INTO journal VALUES (?, ?)",
                [(file, json.dumps(position)) for file, position in positions.items()],
            )

    # Small things worth remembering

    def memo(self, key: str) -> str | None:
        found = self._all("SELECT value FROM memo WHERE key = ?", (key,))
        return found[0][0] if found else None

    def keep_memo(self, key: str, value: str, patience: float = PATIENCE) -> None:
        with self.writing(patience):
            self._db.execute("INSERT OR REPLACE INTO memo VALUES (?, ?)", (key, value))


_HAYSTACKS = ", ".join(field.column for field in STORED)
_INSERT_HAYSTACKS = f"""
    INSERT OR REPLACE INTO haystack (row, {_HAYSTACKS}) VALUES (?{", ?" * len(STORED)})
"""
_WORDS = f"{_HAYSTACKS}, facts"
_VALUES = ", ".join("?" * (len(STORED) + 1))


def _array(rows: Iterable[int]) -> str:
    return f"[{','.join(map(str, rows))}]"


_INSERT_PAPER = f"INSERT OR REPLACE INTO paper VALUES ({','.join('?' * 18)})"
_COLUMNS = (
    "id", "version", "title", "authors", "abstract", "categories", "comments", "journal_ref", "doi",
    "report_no", "acm_class", "msc_class", "formats", "submitter", "license", "versions",
    "authors_omitted", "withdrawn",
)  # fmt: skip
_PARTED = {"authors": "\n", "categories": " ", "formats": " "}


def _columns(paper: Paper) -> list[Any]:
    fields = {name: getattr(paper, name) for name in _COLUMNS}
    fields["id"] = row_of(paper.id)
    for name, part in _PARTED.items():
        fields[name] = part.join(fields[name])
    fields["versions"] = json.dumps(
        [
            (v.number, v.submitted.isoformat() if v.submitted else None, v.size_kb)
            for v in paper.versions
        ]
    )
    return [*fields.values()]


def _paper(columns: Sequence[Any]) -> Paper:
    fields = dict(zip(_COLUMNS, columns, strict=True))
    fields["id"] = paper_at(fields["id"])
    for name, part in _PARTED.items():
        fields[name] = tuple(fields[name].split(part)) if fields[name] else ()
    fields["versions"] = tuple(
        Version(number, datetime.fromisoformat(submitted) if submitted else None, size)
        for number, submitted, size in json.loads(fields["versions"])
    )
    fields["withdrawn"] = bool(fields["withdrawn"])
    return Paper(**fields)
