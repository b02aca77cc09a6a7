"""Caches of earlier programs: what they held is there after the upgrade.

`caches/schema-<n>.sql` is what SQLite dumped of a cache with the first n migrations. Freeze the
present schema in the same way before a migration is added: the three papers, marks and listings
below are all that it has to hold.
"""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.conftest import NOW
from tui_reader.config import Paths
from tui_reader.model import Marks, PaperId, row_of
from tui_reader.query import parse
from tui_reader.store import Kind, Store, View, health
from tui_reader.store.db import COLUMNS, checksum_of
from tui_reader.store.migrations import MIGRATIONS

DUMPS = sorted((Path(__file__).parent / "caches").glob("schema-*.sql"))
NEW, OLD, BULK = PaperId("2603.00356"), PaperId("hep-th/9901001"), PaperId("2401.00007")


def cache_from(dump: Path, paths: Paths) -> sqlite3.Connection:
    paths.cache.mkdir(parents=True)
    db = sqlite3.connect(paths.cache / "papers.sqlite3")
    db.executescript(dump.read_text(encoding="utf-8"))
    return db


def schema(paths: Paths) -> list[tuple[str, str]]:
    with closing(sqlite3.connect(paths.cache / "papers.sqlite3")) as db:
        rows = db.execute("SELECT name, sql FROM sqlite_master ORDER BY name").fetchall()
    return [(name, (sql or "").replace('"', "")) for name, sql in rows]


def test_every_earlier_schema_is_tried() -> None:
    assert [dump.stem for dump in DUMPS] == [f"schema-{n}" for n in range(1, len(MIGRATIONS))]


@pytest.mark.parametrize("dump", DUMPS, ids=lambda dump: dump.stem)
def test_an_earlier_cache_is_taken_over(dump: Path, paths: Paths, tmp_path: Path) -> None:
    cache_from(dump, paths).close()
    with closing(Store(paths)) as store:
        papers = store.papers.at([row_of(id_) for id_ in (NEW, OLD, BULK)])
        assert papers[row_of(NEW)].title == "Token Management in $k$ Clouds"
        assert papers[row_of(NEW)].versions[1].submitted == NOW
        assert papers[row_of(OLD)].withdrawn
        assert [earlier.version for earlier in store.papers.earlier(NEW)] == [1]
        assert store.marks([NEW, OLD, BULK]) == {
            NEW: Marks(starred=True, tags=frozenset({"to JJ"})),
            OLD: Marks(read=True, note="ask Ana;\nsoon"),
            BULK: Marks(starred=True),
        }
        assert [(day.announced.day, day.counts, day.complete) for day in store.listings.days()] == [
            (3, (0, 1, 1), False),
            (2, (1, 0, 0), True),
        ]
        assert store.recall("cursor inbox") == "12 3"
        library = store.contents(View(Kind.LIBRARY))
        found = store.find(library, parse("clouds lee", NOW.date()))
        assert list(found.rows) == [row_of(NEW)]
    fresh = Paths.under(tmp_path / "fresh")
    Store(fresh).close()
    assert schema(paths) == schema(fresh)


def test_papers_that_an_earlier_program_did_not_mark_as_withdrawn_are_found(paths: Paths) -> None:
    with closing(cache_from(DUMPS[4], paths)) as db:
        db.create_function("checksum_of", -1, checksum_of)
        db.execute("UPDATE paper SET withdrawn = 0")
        db.execute("UPDATE paper SET comments = 'Withdrawn by us' WHERE row = ?", [row_of(NEW)])
        columns = COLUMNS.removesuffix(", parted")
        db.execute(f"UPDATE paper SET checksum = checksum_of({columns})")
        db.commit()
    with closing(Store(paths)) as store:
        library = store.contents(View(Kind.LIBRARY))
        found = store.find(library, parse("is:withdrawn", NOW.date()))
        assert list(found.rows) == [row_of(NEW)]
        assert store.papers.at(found.rows)[row_of(NEW)].withdrawn
    assert health.papers(paths).startswith("sound")
