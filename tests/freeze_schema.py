"""Write `caches/schema-<n>.sql` of the present schema: run it before a migration is added.

    python -m tests.freeze_schema

The latest dump is upgraded, indexed, and dumped again: what it holds stays the same.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory

from tui_reader.config import Paths
from tui_reader.store import Store
from tui_reader.store.migrations import MIGRATIONS

DUMPS = Path(__file__).parent / "caches"


def dumped(db: sqlite3.Connection) -> Iterator[str]:
    """Yield the statements that make such a database; sqlite3's own has no full-text index."""
    tables = db.execute("SELECT name, sql FROM sqlite_master WHERE type = 'table' ORDER BY rowid")
    indexes = db.execute("SELECT sql FROM sqlite_master WHERE type = 'index' AND sql NOT NULL")
    yield "BEGIN;"
    virtual = ""
    for name, sql in tables.fetchall():
        if sql.startswith("CREATE VIRTUAL"):
            virtual = name
            yield f"{sql};"
            continue
        # FTS5 makes its own tables, with some rows.
        inside = virtual and name.startswith(f"{virtual}_")
        yield f"DELETE FROM {name};" if inside else f"{sql};"
        columns = [column for _, column, *_ in db.execute(f"PRAGMA table_info({name})")]
        values = " || ',' || ".join(f'quote("{column}")' for column in columns)
        for (row,) in db.execute(f"SELECT {values} FROM {name}"):
            yield f"INSERT INTO {name} VALUES ({row});"
    for (sql,) in indexes.fetchall():
        yield f"{sql};"
    yield "COMMIT;"
    yield f"PRAGMA user_version = {len(MIGRATIONS)};"


def main() -> None:
    latest = DUMPS / f"schema-{len(list(DUMPS.iterdir()))}.sql"
    with TemporaryDirectory() as folder:
        paths = Paths.under(Path(folder))
        paths.cache.mkdir(parents=True)
        file = paths.cache / "papers.sqlite3"
        with closing(sqlite3.connect(file)) as db:
            db.executescript(latest.read_text(encoding="utf-8"))
        with closing(Store(paths)) as store:
            store.cache.index.add_some(100)
        with closing(sqlite3.connect(file)) as db:
            lines = list(dumped(db))
    frozen = DUMPS / f"schema-{len(MIGRATIONS)}.sql"
    frozen.write_text("\n".join(lines) + "\n", encoding="utf-8")
    print(frozen)


if __name__ == "__main__":
    main()
