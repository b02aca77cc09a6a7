"""Whether what is kept is sound: looked at, and not changed."""

import sqlite3
from contextlib import closing

from tui_reader.config import Paths
from tui_reader.errors import StoreError
from tui_reader.store import machine
from tui_reader.store.db import damaged, newer
from tui_reader.store.journal import Journal
from tui_reader.store.migrations import MIGRATIONS

SQLITE = sqlite3.sqlite_version


def papers(paths: Paths) -> str:
    """Return what a sound cache holds; takes seconds for a large one. Raises StoreError."""
    file = paths.cache / "papers.sqlite3"
    if not file.exists():
        return "none yet"
    try:
        with closing(sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro", uri=True)) as db:
            (version,) = db.execute("PRAGMA user_version").fetchone()
            if version > len(MIGRATIONS):
                raise newer(file)
            (found,) = db.execute("PRAGMA quick_check(1)").fetchone()
            if found != "ok":
                raise damaged(file, found)
            (count,) = db.execute("SELECT count(*) FROM paper").fetchone()
    except sqlite3.OperationalError as error:
        raise StoreError(f"{file}: {error}; may you read it and its folder?") from error
    except sqlite3.Error as error:
        raise damaged(file, error) from error
    size = file.stat().st_size / 1e6
    return f"sound, {count:,} papers in {size:,.1f} MB, schema {version} of {len(MIGRATIONS)}"


def journals(paths: Paths) -> str:
    """Return what sound journals hold. Raises StoreError."""
    found = sorted(paths.data.glob("journal-*.jsonl"))
    if not found:
        return "none yet"
    journal = Journal(paths.data, machine(paths.state))
    changes, _ = journal.read_new({})
    if journal.problems:
        raise StoreError(
            f"{'; '.join(journal.problems)}; look at {paths.data},"
            " and tui-reader restore FILE takes over a backup"
        )
    return f"sound, {len(changes):,} changes in {', '.join(file.name for file in found)}"
