"""Whether what is kept is sound. A damaged cache is set aside; all else is only looked at."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from tui_reader.config import Paths
from tui_reader.errors import StoreError
from tui_reader.store import marks
from tui_reader.store.db import (
    COLUMNS,
    is_damage,
    make_index_anew,
    newer,
    opened_to_read,
    set_aside,
)
from tui_reader.store.documents import HAYSTACKS
from tui_reader.store.index import FACT
from tui_reader.store.journal import Journal
from tui_reader.store.listings import CHECKSUM
from tui_reader.store.machine import machine_name
from tui_reader.store.migrations import MIGRATIONS
from tui_reader.store.papers import EARLIER_COLUMNS

SQLITE = sqlite3.sqlite_version
_CHECKS = {
    "a paper": f"SELECT count(*) FROM paper WHERE checksum IS NOT checksum_of({COLUMNS})",
    "an earlier version":
        f"SELECT count(*) FROM earlier WHERE checksum IS NOT checksum_of({EARLIER_COLUMNS})",
    "a listing": f"SELECT count(*) FROM listing WHERE checksum IS NOT {CHECKSUM}",
    "a text of a filter":
        f"SELECT count(*) FROM haystack WHERE checksum IS NOT checksum_of(row, {HAYSTACKS})",
    "a mark": f"SELECT count(*) FROM mark WHERE checksum IS NOT {marks.CHECKSUM}",
    "a count": """
        SELECT count(*) FROM (
            SELECT month, papers FROM month EXCEPT SELECT row >> 17, count(*) FROM paper GROUP BY 1
        )
    """,
}  # fmt: skip
"""How many rows of each kind are not as they were stored."""
_INDEX_VIEWS = (
    "CREATE VIRTUAL TABLE temp.vocabulary USING fts5vocab(main, words, row)",
    "CREATE VIRTUAL TABLE temp.instance USING fts5vocab(main, words, instance)",
)
_INDEX_CHECKS = (
    """
    SELECT count(*) FROM temp.vocabulary LEFT JOIN term USING (term)
    WHERE papers IS NULL OR papers < doc
    """,
    """
    SELECT count(*) FROM temp.vocabulary
    WHERE NOT EXISTS (SELECT 1 FROM words WHERE words MATCH '"' || term || '"')
    """,
    f"""
    SELECT count(*) FROM (
        SELECT row FROM paper EXCEPT SELECT row FROM unindexed
        EXCEPT SELECT rowid FROM words WHERE words MATCH '"{FACT}"'
    )
    """,
    "SELECT count(*) FROM (SELECT doc FROM temp.instance EXCEPT SELECT row FROM paper)",
)
"""What finds nothing where the index has all its words, and all papers but those that wait."""


def papers(paths: Paths) -> str:
    """Return what a sound cache holds; takes seconds for a large one.

    Raises StoreError where it is not sound; a damaged one is set aside.
    """
    file = paths.cache / "papers.sqlite3"
    aside = [f"; set aside: {found}" for found in sorted(paths.cache.glob("*.damaged"))]
    if not file.exists():
        return "none yet" + "".join(aside)
    try:
        with closing(opened_to_read(file, _look)) as db:
            (version,) = db.execute("PRAGMA user_version").fetchone()
            if version > len(MIGRATIONS):
                raise newer(file)
            index = _index_damage(db) if version == len(MIGRATIONS) else ""
            damage = index or next(_damage(db, version), "")
            (count,) = db.execute("SELECT count(*) FROM paper").fetchone()
    except (sqlite3.Error, UnicodeError) as error:
        if not is_damage(error):
            raise StoreError(f"{file}: {error}; may you read it and its folder?") from error
        index, damage = "", str(error)
    if damage:
        raise StoreError(_mended(file, damage) if index else _set_aside(file, damage))
    size = file.stat().st_size / 1e6
    found = f"sound, {count:,} papers in {size:,.1f} MB, schema {version} of {len(MIGRATIONS)}"
    return found + "".join(aside)


def _look(db: sqlite3.Connection) -> None:
    db.execute("SELECT count(*) FROM sqlite_master").fetchone()


def _damage(db: sqlite3.Connection, version: int) -> Iterator[str]:
    """Yield what is wrong with the cache."""
    (found,) = db.execute("PRAGMA integrity_check(1)").fetchone()
    if found != "ok":
        yield found
    if version == len(MIGRATIONS):  # the earlier ones have no checksums
        for kind, count in _CHECKS.items():
            if db.execute(count).fetchone() != (0,):
                yield f"{kind} is not as it was stored"


def _index_damage(db: sqlite3.Connection) -> str:
    """Return what is wrong with the index of words, empty if nothing is."""
    try:
        for view in _INDEX_VIEWS:
            db.execute(view)
        found = (db.execute(check).fetchone() for check in _INDEX_CHECKS)
        return "a word is not as it was stored" if any(count for (count,) in found) else ""
    except sqlite3.Error as error:
        if not is_damage(error):
            raise
        return str(error)


def _mended(file: Path, why: str) -> str:
    try:
        return make_index_anew(file, why)
    except sqlite3.Error as error:
        if is_damage(error):
            return _set_aside(file, why)
        return f"the index of words in {file} is damaged ({why}), and can't be made anew: {error}"


def _set_aside(file: Path, why: str) -> str:
    try:
        return set_aside(file, why)
    except OSError as error:
        return f"{file} is damaged ({why}), and can't be set aside: {error.strerror}"


def journals(paths: Paths) -> str:
    """Return what sound journals hold. Raises StoreError."""
    found = sorted(paths.data.glob("journal-*.jsonl"))
    if not found:
        return "none yet"
    journal = Journal(paths.data, machine_name(paths.state))
    changes, _ = journal.read_new({})
    if journal.problems:
        raise StoreError(
            f"{'; '.join(journal.problems)}; look at {paths.data},"
            " and tui-reader restore FILE takes over a backup"
        )
    return f"sound, {len(changes):,} changes in {', '.join(file.name for file in found)}"
