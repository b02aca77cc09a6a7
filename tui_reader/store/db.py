"""One connection to the cache file: opening, migrations, damage, and the ways in.

The cache is dispensable, so nothing stands on it, and opening it always gives something:

- The file as it is, its schema brought up to date. One of a later program is refused, untouched.
- A damaged one is renamed aside and an empty one takes its place: when it is opened, and just as
  well when damage shows later (a page, an undecodable text, a value that is none). What was asked
  is then asked again of the empty one; what was being written raises ReplacedError. `on_replaced`
  is called in between, to bring the marks back from their journals.
- Where only what is made of the papers is damaged, the index of words first of all, that is made
  empty, and the papers wait to be indexed again.
- One that can't be written (a read-only disk, a full one, another owner's) is read as it is. What
  changes while one reads, the marks above all, goes into temporary tables that hide the real ones.
- Where it can't even be read, or there is a folder in its place, one in memory has to do.

A file that another process has put aside or deleted is left for the one in its place before
anything is written.
"""

import os
import sqlite3
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager, suppress
from operator import index
from pathlib import Path
from typing import Any, TypeVar
from unicodedata import unidata_version

from tui_reader.errors import BusyError, StoreError
from tui_reader.files import private_folder
from tui_reader.model import paper_at
from tui_reader.store.migrations import MIGRATIONS

LONGEST_WAIT = 15.0
"""Seconds to wait for another process that is writing, where nobody waits at a screen."""
FOLDED = f"8 {unidata_version}"
"""What made what is stored of texts; the number is that of `fold`, and of `is_withdrawn`."""
AMONG = "(SELECT value FROM json_each(?))"
"""Rows as one `array_of` them: no limit of variables."""
COLUMNS = (
    "row, version, title, authors, abstract, categories, comments, journal_ref, doi, report_no,"
    " acm_class, msc_class, formats, submitter, license, versions, authors_omitted, withdrawn,"
    " parted"
)
"""Of the table of papers, without the checksum, which is of them."""
CHANGING = ("mark", "journal", "memo", "asked", "updated")
"""The tables that change though nobody stores papers."""

_BUSY = (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)
_REFUSED = (
    sqlite3.SQLITE_PERM,
    sqlite3.SQLITE_NOMEM,
    sqlite3.SQLITE_READONLY,
    sqlite3.SQLITE_INTERRUPT,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_CANTOPEN,
    sqlite3.SQLITE_PROTOCOL,
    sqlite3.SQLITE_AUTH,
)
"""Errors that say nothing of what is in the file. All others do: our statements are right."""
_MADE_ANEW = (sqlite3.SQLITE_ERROR, sqlite3.SQLITE_CORRUPT_VTAB)
"""Errors that the index may have, and little else: no such table, or not what FTS5 wrote."""
_INDEX = ("words", "term", "unindexed", "haystack", "vector", "verdict")
"""Tables that are made of others, and hold nothing else."""
_NONSENSE = (ValueError, TypeError, LookupError, ArithmeticError, AttributeError)
"""What making a value of stored ones raises where they are damaged."""

Values = Mapping[str, Any] | Sequence[Any]
T = TypeVar("T")


class ReplacedError(StoreError):
    """The cache was damaged, and it or its index is empty now; the same may succeed now."""


def array_of(rows: Iterable[int]) -> str:
    """Return rows as a JSON array, for AMONG."""
    return f"[{','.join(map(str, rows))}]"


def checksum_of(*values: object) -> int:
    """Return the checksum of a row's values: one that changed by itself is noticed."""
    text = ("\0%s" * len(values) % values)[1:]  # twice as fast as to join them
    return zlib.crc32(text.encode("utf-8", "surrogatepass"))


def with_checksum(count: int) -> str:
    """Return the SELECT of a row of so many values and their checksum, to be inserted.

    Not `?1`: from Python 3.14 on such a parameter is a name, which a sequence has not.
    """
    names = [f"v{number}" for number in range(count)]
    values = ", ".join(f"? AS {name}" for name in names)
    return f"SELECT *, checksum_of({', '.join(names)}) FROM (SELECT {values})"


def checked(columns: Sequence[Any]) -> Sequence[Any]:
    """Return a row without its last column, the checksum; raise ValueError where it is wrong."""
    *values, checksum = columns
    if checksum_of(*values) != checksum:
        raise ValueError("a checksum does not match")
    return values


def is_damage(error: Exception) -> bool:
    """Whether an error of SQLite's says that what is in the file is not sound."""
    if isinstance(error, sqlite3.ProgrammingError | sqlite3.NotSupportedError):
        return False
    code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_CORRUPT) & 0xFF
    return code not in (*_BUSY, *_REFUSED)


def set_aside(file: Path, why: object) -> str:
    """Rename a damaged cache, and say so: it can be fetched again, and the marks are elsewhere."""
    aside = file.with_name(f"{file.name}.damaged")
    for suffix in ("", "-wal", "-shm"):
        with suppress(FileNotFoundError):
            os.replace(f"{file}{suffix}", f"{aside}{suffix}")
    return (
        f"{file} was damaged ({why}), and is now {aside.name}; papers can be fetched or imported"
        " again, and stars and notes are kept elsewhere"
    )


def is_of_index(error: Exception) -> bool:
    """Whether an error of SQLite's may well be of the index of words alone."""
    return getattr(error, "sqlite_errorcode", 0) in _MADE_ANEW


def make_index_anew(file: Path, why: object) -> str:
    """Empty the index of words, and say so; raises sqlite3.Error where more is damaged."""
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as new:
        _add_functions(new)
        _migrate(new)
        made = new.execute(
            f"SELECT sql FROM sqlite_master WHERE tbl_name IN {_INDEX} AND sql <> ''"
        ).fetchall()
    with closing(sqlite3.connect(file, isolation_level=None, timeout=LONGEST_WAIT)) as db:
        db.execute("BEGIN IMMEDIATE")
        if db.execute("PRAGMA user_version").fetchone() != (len(MIGRATIONS),):
            raise sqlite3.DatabaseError("it is of another version")
        # FTS5 drops no table that it can't read.
        db.execute("PRAGMA writable_schema = ON")
        db.execute("DELETE FROM sqlite_master WHERE name = 'words'")
        db.execute("PRAGMA writable_schema = RESET")
        for (table,) in db.execute(
            f"""
            SELECT name FROM sqlite_master
            WHERE type = 'table' AND (name IN {_INDEX} OR name LIKE 'words!_%' ESCAPE '!')
            """
        ).fetchall():
            db.execute(f"DROP TABLE {table}")
        for (sql,) in made:
            db.execute(sql)
        db.execute("INSERT INTO unindexed SELECT row FROM paper")
        db.execute("COMMIT")
    return f"the index of words was damaged, and is made anew; nothing is lost ({file}: {why})"


class Database:
    """One connection to the cache file, for one thread.

    Raises StoreError from every method when nothing can be written or read.
    """

    def __init__(self, file: Path) -> None:
        self.file = file
        self.problem = ""
        """What is wrong with the file, as a sentence for the person; empty where nothing is."""
        self.writable = True
        """Whether what is stored stays."""
        self.in_memory = False
        self.times_replaced = 0
        self._status = os.stat("/")
        """Of the file that is open."""
        self._has_new_index = False
        self.on_replaced: Callable[[], Callable[[], None] | None] = lambda: None
        """Returns what brings the marks back, if there is such: a weak reference, for no circle."""
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
            return self._open_or_replace()
        except (sqlite3.Error, OSError) as error:
            if getattr(error, "sqlite_errorcode", 0) & 0xFF in _BUSY:
                raise self._failure(error) from error
            why = getattr(error, "strerror", None) or error
        self.writable = False
        with suppress(sqlite3.Error, OSError, *_NONSENSE):
            db = opened_to_read(self.file, self._look_to_read)
            self.problem = (
                f"{self.file} can't be written ({why}): papers that come now are not kept, marks"
                " are; make room, or choose another place with --home"
            )
            return db
        self.in_memory = True
        self.problem = (
            f"{self.file} can't be read or written ({why}): papers are kept only until the end,"
            " marks for good; choose another place with --home"
        )
        return self.migrated(":memory:")

    def _open_or_replace(self) -> sqlite3.Connection:
        private_folder(self.file.parent)
        for _ in range(2):  # for the index, and then for all of it
            try:
                return self.migrated(self.file)
            except (sqlite3.Error, *_NONSENSE) as error:
                if not is_damage(error):
                    raise
                self.problem = self._mended(error)
        return self.migrated(self.file)

    def _mended(self, why: Exception) -> str:
        """Make the index anew if it may be all that is damaged, else set all aside; say so."""
        if is_of_index(why) and not self._has_new_index:
            try:
                said = make_index_anew(self.file, why)
            except sqlite3.Error as error:
                if not is_damage(error):
                    return f"the index of words in {self.file} is damaged ({why}): {error}"
            else:
                self._has_new_index = True
                return said
        return set_aside(self.file, why)

    def migrated(self, file: Path | str) -> sqlite3.Connection:
        created = isinstance(file, Path) and _is_missing(file)
        db = sqlite3.connect(file, isolation_level=None, timeout=LONGEST_WAIT)
        try:
            if created:
                self.file.chmod(0o600)
            _add_functions(db)
            db.execute("PRAGMA journal_mode = WAL")
            db.execute("PRAGMA synchronous = NORMAL")
            (version,) = db.execute("PRAGMA user_version").fetchone()
            if version > len(MIGRATIONS):
                raise newer(self.file)
            _migrate(db)
            self._look_at(db)
            if isinstance(file, Path):
                self._status = os.stat(file)
            if db.execute("SELECT value FROM memo WHERE key = 'folded'").fetchone() != (FOLDED,):
                _start_index(db)
        except BaseException:
            db.close()
            raise
        return db

    def _look_to_read(self, db: sqlite3.Connection) -> None:
        """See that a cache that can't be written can be used, and make what changes temporary."""
        (version,) = db.execute("PRAGMA user_version").fetchone()
        if version != len(MIGRATIONS):
            raise sqlite3.NotSupportedError
        self._look_at(db)
        db.execute("PRAGMA temp_store = MEMORY")
        for table in CHANGING:
            [sql] = db.execute(
                "SELECT sql FROM main.sqlite_master WHERE name = ?", [table]
            ).fetchone()
            db.execute(sql.replace("CREATE TABLE", "CREATE TEMP TABLE", 1))
            db.execute(f"INSERT INTO temp.{table} SELECT * FROM main.{table}")
        db.execute("CREATE INDEX temp.mark_by_field ON mark (field, value, row)")

    @staticmethod
    def _look_at(db: sqlite3.Connection) -> None:
        db.execute("PRAGMA cache_size = -16000")  # KiB; a query may look for hundreds of words
        db.execute("SELECT count(*) FROM listing").fetchone()

    # Damage

    def _replace(self, why: Exception) -> ReplacedError:
        """Let an empty cache, or index, take the place of the damaged one."""
        with suppress(sqlite3.Error):
            self._db.close()
        problem, before = self.problem, self._status
        try:
            if self.writable:
                # Another process may have been first, and this one still had the old file open.
                problem = self._mended(why) if self._is_in_place() else self.problem
            self._db = self._opened() if self.writable else self.migrated(":memory:")
        except sqlite3.Error as error:
            raise StoreError(f"{self.file}: {error}") from error
        self.in_memory |= not self.writable
        self.problem = problem or self.problem
        self.times_replaced += 1
        if self.in_memory or not os.path.samestat(before, self._status):
            self._refill()
        return ReplacedError(self.problem)

    def _refill(self) -> None:
        if refill := self.on_replaced():
            refill()

    def _is_in_place(self) -> bool:
        try:
            return os.path.samestat(os.stat(self.file), self._status)
        except OSError:
            return False

    def _follow(self) -> None:
        """Take the file that is in place now, where another process replaced the one here."""
        if self.writable and not self._is_in_place():
            self._db.close()
            self._db = self._opened()
            self.times_replaced += 1
            self._refill()

    def _failure(self, error: Exception) -> StoreError:
        if is_damage(error):
            return self._replace(error)
        if isinstance(error, sqlite3.ProgrammingError):
            raise error
        code = getattr(error, "sqlite_errorcode", 0) & 0xFF
        if code in _BUSY:
            return BusyError(f"{self.file}: another program is writing; try again in a moment")
        advice = (
            "make room, or choose another place with --home; stars and notes are kept elsewhere"
        )
        return StoreError(f"{self.file}: {error}; {advice}")

    # The ways in

    def rows(self, sql: str, values: Values = ()) -> list[Any]:
        """Return all that a statement finds, each as a tuple."""
        if self._db.in_transaction:  # with it all is gone that was done before
            return self._rows(sql, values)
        return self.again(lambda: self._rows(sql, values))

    def _rows(self, sql: str, values: Values) -> list[Any]:
        try:
            return self._db.execute(sql, values).fetchall()
        except (sqlite3.Error, UnicodeError) as error:
            raise self._failure(error) from error

    def column(self, sql: str, values: Values = ()) -> list[Any]:
        """Return the only column of all that a statement finds."""
        return [value for (value,) in self.rows(sql, values)]

    def numbers(self, sql: str, values: Values = ()) -> list[int]:
        """Return the only column of all that a statement finds: integers."""
        return self.made(index, sql, values)

    def made(self, make: Callable[..., T], sql: str, values: Values = ()) -> list[T]:
        """Return what `make` makes of the columns of each row that a statement finds."""
        try:
            return [make(*row) for row in self.rows(sql, values)]
        except _NONSENSE as error:
            within, failure = self._db.in_transaction, self._replace(error)
            if within:
                raise failure from error
        return [make(*row) for row in self.rows(sql, values)]

    def again(self, work: Callable[[], T]) -> T:
        """Do some work, and again where the cache showed to be damaged and was replaced."""
        for _ in range(2):  # its index, and then all of it
            with suppress(ReplacedError):
                return work()
        return work()

    def select(self, sql: str, values: Sequence[Any] = ()) -> Iterator[int]:
        """Yield the numbers that a SELECT finds, as it finds them."""
        try:
            yield from (number for (number,) in self._db.execute(sql, values))
        except (sqlite3.Error, UnicodeError) as error:
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
            if self._db.in_transaction:
                self.rows("ROLLBACK")

    def version(self) -> tuple[int, int, int]:
        """Return what is another value after anyone wrote, through this connection or another."""
        [(data,)] = self.rows("PRAGMA data_version")
        return data, self._db.total_changes, self.times_replaced

    @contextmanager
    def writing(self, patience: float = LONGEST_WAIT) -> Iterator[None]:
        """One transaction: all that is written inside happens, or nothing.

        Raises BusyError where another process has been writing for `patience` seconds, and
        ReplacedError where it shows that the cache is damaged.
        """
        self._follow()
        wait = "PRAGMA busy_timeout = {}"
        try:
            self._db.execute(wait.format(round(1000 * patience)))
            self._db.execute("BEGIN IMMEDIATE" if self.writable else "BEGIN")
        except sqlite3.Error as error:
            raise self._failure(error) from error
        finally:
            with suppress(sqlite3.Error):
                self._db.execute(wait.format(round(1000 * LONGEST_WAIT)))
        try:
            yield
            self._db.execute("COMMIT")
        except BaseException as error:
            if isinstance(error, sqlite3.Error | UnicodeError) and is_damage(error):
                raise self._replace(error) from error
            if self._db.in_transaction:
                self._db.execute("ROLLBACK")
            if isinstance(error, sqlite3.Error):
                raise self._failure(error) from error
            raise


def newer(file: Path) -> StoreError:
    return StoreError(f"{file} is from a newer tui-reader; upgrade this one, or use --home")


def opened_to_read(file: Path, look: Callable[[sqlite3.Connection], object]) -> sqlite3.Connection:
    """Open a cache that is not to be written, in a way in which `look` raises nothing.

    Immutable only where all else fails: it leaves out what is in the write-ahead log.
    """
    _is_missing(file)
    *_, last = ways = ("mode=ro", "immutable=1")
    for way in ways:
        address = f"{file.absolute().as_uri()}?{way}"
        db = sqlite3.connect(address, uri=True, isolation_level=None, timeout=LONGEST_WAIT)
        try:
            _add_functions(db)
            look(db)
        except (sqlite3.Error, *_NONSENSE):
            db.close()
            if way == last:
                raise
        else:
            return db
    raise AssertionError


def _is_missing(file: Path) -> bool:
    """Whether a cache is yet to be made; raises DatabaseError for what SQLite would wait for."""
    if file.exists() and not (file.is_file() or file.is_dir()):
        raise sqlite3.DatabaseError("it is no plain file")
    return not file.exists()


def _add_functions(db: sqlite3.Connection) -> None:
    """Let a connection use the functions that our statements call."""
    db.create_function("paper_at", 1, paper_at, deterministic=True)
    db.create_function("checksum_of", -1, checksum_of, deterministic=True)


def _start_index(db: sqlite3.Connection) -> None:
    """Drop what was made of texts: another program made it, or there is none yet."""
    if db.execute("SELECT 1 FROM paper LIMIT 1").fetchone():
        _mark_withdrawn(db)
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


def _mark_withdrawn(db: sqlite3.Connection) -> None:
    """Mark the papers that say so, where who stored them did not understand it yet."""
    from tui_reader.sources.withdrawal import is_withdrawn  # late: few starts need it

    db.create_function("is_withdrawn", 3, is_withdrawn)
    known = COLUMNS.replace(", withdrawn", ", {}")
    db.execute(
        f"""
        UPDATE paper SET withdrawn = 1, checksum = checksum_of({known.format(1)})
        WHERE NOT withdrawn AND is_withdrawn(title, comments, abstract)
            AND checksum IS checksum_of({COLUMNS})
        """
    )


def _migrate(db: sqlite3.Connection) -> None:
    """Bring the schema up to date, each step in a transaction."""
    (version,) = db.execute("PRAGMA user_version").fetchone()
    for number in range(version, len(MIGRATIONS)):
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
