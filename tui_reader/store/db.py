"""One connection to the cache file: opening, migrations, damage, and the ways in."""

import os
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any
from unicodedata import unidata_version

from tui_reader.errors import BusyError, StoreError
from tui_reader.model import paper_at
from tui_reader.store.migrations import MIGRATIONS

LONGEST_WAIT = 15.0
"""Seconds to wait for another process that is writing, where nobody waits at a screen."""
FOLDED = f"2 {unidata_version}"
"""How texts were folded for what is stored of them; the number is that of `fold` itself."""
AMONG = "(SELECT value FROM json_each(?))"
"""Rows as one `array_of` them: no limit of variables."""

Values = Mapping[str, Any] | Sequence[Any]


def newer(file: Path) -> StoreError:
    return StoreError(f"{file} is from a newer tui-reader; upgrade this one, or use --home")


def damaged(file: Path, why: object) -> StoreError:
    return StoreError(
        f"{file} is damaged ({why}): delete it, papers can be fetched or imported again,"
        " and stars and notes are kept elsewhere"
    )


def array_of(rows: Iterable[int]) -> str:
    """Return rows as a JSON array, for AMONG."""
    return f"[{','.join(map(str, rows))}]"


class Database:
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
        db = sqlite3.connect(self.file, isolation_level=None, timeout=LONGEST_WAIT)
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

    # The ways in

    def rows(self, sql: str, values: Values = ()) -> list[Any]:
        """Return all that a statement finds, each as a tuple."""
        try:
            return self._db.execute(sql, values).fetchall()
        except sqlite3.Error as error:
            raise self._failure(error) from error

    def column(self, sql: str, values: Values = ()) -> list[Any]:
        """Return the only column of all that a statement finds."""
        return [value for (value,) in self.rows(sql, values)]

    def select(self, sql: str, values: Sequence[Any] = ()) -> Iterator[int]:
        """Yield the numbers that a SELECT finds, as it finds them."""
        try:
            yield from (number for (number,) in self._db.execute(sql, values))
        except sqlite3.Error as error:
            raise self._failure(error) from error

    def select_at_once(self, sql: str, values: Sequence[Any] = ()) -> Iterator[int]:
        """Return the rows that a SELECT finds, in one step: between steps threads take turns."""
        [found] = self.column(f"SELECT group_concat(row) FROM ({sql})", values)
        return map(int, found.split(",") if found else ())

    def write(self, sql: str, values: Values = ()) -> None:
        """Run one statement, inside `writing`."""
        self._db.execute(sql, values)

    def write_each(self, sql: str, values: Iterable[Values]) -> int:
        """Run a statement for each of these values, inside `writing`; return the rows changed."""
        before = self._db.total_changes
        self._db.executemany(sql, values)
        return self._db.total_changes - before

    @property
    def in_snapshot(self) -> bool:
        """Whether one state of the cache is looked at, so that nothing can be written."""
        return self._db.in_transaction

    @contextmanager
    def snapshot(self, stale: Callable[[], bool]) -> Iterator[None]:
        """One state of the cache: what others write meanwhile is not seen.

        What is asked inside ends with StoreError as soon as it is stale.
        """
        self.rows("BEGIN")
        self._db.set_progress_handler(stale, 100)
        try:
            yield
        finally:
            self._db.set_progress_handler(None, 0)  # it would end this as well
            self.rows("ROLLBACK")

    def version(self) -> tuple[int, int]:
        """Return what is another value after anyone wrote, through this connection or another."""
        return self.rows("PRAGMA data_version")[0][0], self._db.total_changes

    @contextmanager
    def writing(self, patience: float = LONGEST_WAIT) -> Iterator[None]:
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
            self._db.execute(wait.format(round(1000 * LONGEST_WAIT)))
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
