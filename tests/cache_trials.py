"""Ways to damage a cache, and what must work all the same; the tests run a few of each.

    python -m tests.cache_trials COUNT [bad]

A home with papers, versions, listings, marks and an index is copied, and its cache damaged: bytes
flipped, pages blanked, the end cut off, a folder put in its place, blocks and tables of the index
spoilt behind the back of SQLite's own checks. Then it is used twice, as every
command and view would, and looked at by doctor. Wrong are an error that is not ours, a mark that
is not as it was, a cache that is still broken the second time, and a text that is another one
though doctor finds all sound. `bad` takes damage for anything else, and must be found out.
"""

import os
import random
import shutil
import sqlite3
import sys
import tempfile
import traceback
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from tui_reader import store as store_module
from tui_reader.config import Paths
from tui_reader.errors import StoreError
from tui_reader.model import Entry, Listing, Marks, Paper, PaperId, Reading, Section, paper_at
from tui_reader.query import parse
from tui_reader.store import Kind, Operation, Store, View, health
from tui_reader.triage import Triage, retag, set_note, skip, star

NOW = datetime(2026, 3, 3, 9, 0, tzinfo=UTC)
DAYS = [NOW.date() - timedelta(days=number) for number in range(4)]
QUERIES = ("moss", "is:starred", "au:lee -is:read", "tag:moe", "sort:title fern", "cat:cs.DC v:>1")
OTHER = PaperId("2401.00001")
LARGE = 60
"""Papers from which on the index answers."""


def built(home: Path) -> Paths:
    """Make a home with something in every table."""
    chance = random.Random(1)
    words = "moss fern lichen quantum kernel graph sparse cache token moe".split()
    paths = Paths.under(home)
    with closing(Store(paths)) as store:
        for number, day in enumerate(reversed(DAYS)):
            for category in ("cs.DC", "hep-th"):
                papers = [
                    Paper(
                        PaperId(f"2603.{number % 2:02}{at:03}"),
                        " ".join(chance.choices(words, k=6)),
                        ("J. Lee", f"A. {chance.choice(words).title()}"),
                        " ".join(chance.choices(words, k=90)),
                        (category, "cs.LG"),
                        version=number + 1,
                        comments="12 pages",
                    )
                    for at in range(1, 41)
                ]
                entries = tuple(
                    Entry(paper, Section.NEW if at % 3 else Section.CROSS, at)
                    for at, paper in enumerate(papers, 1)
                )
                store.save(Reading("test", (Listing(category, day, entries),)), NOW)
        rows = store.contents(View(Kind.LIBRARY)).rows[:]
        while store.prepare(rows):
            pass
        store.index(lambda _: None)
        ids = list(map(paper_at, rows))
        triage = Triage(store, lambda: NOW)
        triage.edit(Operation.STAR, ids[:9], star)
        triage.edit(Operation.SKIP, ids[12:20], skip)
        triage.edit(Operation.TAG, ids[3:6], retag("moe"))
        triage.edit(Operation.NOTE, ids[4:5], set_note("ask Ana"))
        store.remember("cursor inbox", "12 3")
    return paths


def seen(store: Store) -> tuple[dict[str, Any], dict[PaperId, Marks]]:
    """Return what there is to see, by where it is seen; and all marks."""
    views = [View(kind) for kind in (Kind.INBOX, Kind.STARRED, Kind.LIBRARY)]
    views += [View(Kind.LISTING, day.category, day.announced) for day in store.listings.days()]
    found: dict[str, Any] = {}
    rows: dict[int, None] = {}
    for view in views:
        contents = store.contents(view)
        rows |= dict.fromkeys(contents.rows[:])
        found[f"{view.kind} {view.category} {view.day}"] = list(store.items(contents.rows))
        for text in QUERIES:
            hits = store.find(contents, parse(text, NOW.date()))
            found[f"{view.kind} {view.category} {view.day} {text}"] = list(hits.rows)
        store.count_unread(view, contents)
    found["days"] = [day[:3] for day in store.listings.days()]
    found["earlier"] = [store.papers.earlier(paper_at(row)) for row in rows]
    store.stats(NOW)
    store.listings.ledger(date(2026, 1, 1))
    store.marked.tags()
    store.recall("cursor inbox")
    marks = store.marks([paper_at(row) for row in store.marked.rows("read")])
    return found, marks


def flip(file: Path, chance: random.Random, count: int) -> None:
    data = bytearray(file.read_bytes())
    for _ in range(count):
        data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
    file.write_bytes(data)


def blank(file: Path, chance: random.Random) -> None:
    data = bytearray(file.read_bytes())
    page = 4096 * chance.randrange(len(data) // 4096)
    data[page : page + 4096] = chance.choice([bytes(4096), os.urandom(4096), data[:4096]])
    file.write_bytes(data)


def cut(file: Path, chance: random.Random) -> None:
    os.truncate(file, chance.randrange(file.stat().st_size))


def put_folder(file: Path, _: random.Random) -> None:
    file.unlink()
    file.mkdir()


SPOILT = (
    *(f"DROP TABLE {table}" for table in ("words_data", "words_idx", "words_config", "term")),
    *(f"DELETE FROM {table}" for table in ("words_data", "words_idx", "words_config", "term")),
    "UPDATE words_data SET block = zeroblob(length(block)) WHERE id >= 10",
    "DELETE FROM sqlite_master WHERE name = 'words'",
)
"""What leaves the file sound, and the index not."""


def spoil(file: Path, harm: str) -> None:
    with closing(sqlite3.connect(file, isolation_level=None)) as db:
        db.execute("PRAGMA writable_schema = ON")
        db.execute(harm)


def spoil_index(file: Path, chance: random.Random) -> None:
    spoil(file, chance.choice(SPOILT))


def flip_index(file: Path, chance: random.Random) -> None:
    with closing(sqlite3.connect(file, isolation_level=None)) as db:
        row, block = chance.choice(db.execute("SELECT id, block FROM words_data").fetchall())
        data = bytearray(block)
        data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
        db.execute("UPDATE words_data SET block = ? WHERE id = ?", [data, row])


HARMS: list[Callable[[Path, random.Random], None]] = [
    *(lambda file, chance, n=n: flip(file, chance, n) for n in (1, 1, 4, 30, 200)),
    blank,
    cut,
    put_folder,
    spoil_index,
    flip_index,
]


def trial(paths: Paths, seed: int, whole: tuple[dict[str, Any], dict[PaperId, Marks]]) -> str:
    """Damage the cache and use it; return what is wrong, empty if nothing is."""
    chance = random.Random(seed)
    HARMS[seed % len(HARMS)](paths.cache / "papers.sqlite3", chance)
    expected, marked = whole
    told: tuple[str, ...] = ()
    for time in "first", "second":
        with closing(Store(paths)) as store:
            found, marks = seen(store)
            Triage(store, lambda: NOW).edit(Operation.NOTE, [OTHER], set_note(time))
            marks.pop(OTHER, None)
            if marks != marked and not _is_found_by_doctor(paths):
                return f"marks are silently different the {time} time"
            told = store.problems
            if time == "second" and told and not (paths.cache / "papers.sqlite3").is_dir():
                return f"broken the second time: {told}"
    different = any(
        found.get(where, shown) != shown
        for where, shown in expected.items()
        if "inbox" not in where
    )
    with_papers = bool(found["days"])
    if different and with_papers and not told and not _is_found_by_doctor(paths):
        where = next(w for w, shown in expected.items() if found.get(w, shown) != shown)
        return f"silently different: {where}"
    return ""


def _is_found_by_doctor(paths: Paths) -> bool:
    try:
        health.papers(paths)
    except StoreError:
        return True
    return False


def run(count: int, start: int = 0) -> list[str]:
    """Return what is wrong of so many trials, each in a process of its own."""
    store_module.LARGE = LARGE
    root = Path(tempfile.mkdtemp(dir="/dev/shm" if os.path.isdir("/dev/shm") else None))
    paths = built(root / "whole")
    with closing(Store(paths)) as store:
        whole = seen(store)
    wrong = []
    for seed in range(start, start + count):
        home = root / "trial"
        shutil.copytree(root / "whole", home)
        reader, writer = os.pipe()
        child = os.fork()
        if not child:
            try:
                said = trial(Paths.under(home), seed, whole)
            except BaseException as error:
                said = f"{type(error).__name__}: {error}\n{traceback.format_exc()[-1500:]}"
            os.write(writer, said.encode(errors="replace"))
            os._exit(0)
        os.close(writer)
        _, status = os.waitpid(child, 0)
        with os.fdopen(reader, "rb") as answer:
            said = answer.read().decode(errors="replace") or ("it crashed" if status else "")
        if said:
            wrong.append(f"{seed}: {said}")
        shutil.rmtree(home)
    shutil.rmtree(root)
    return wrong


def main() -> int:
    if "bad" in sys.argv:
        from tui_reader.store import db

        setattr(db, "is_damage", lambda _: False)  # noqa: B010
        setattr(db, "checked", lambda columns: columns[:-1])  # noqa: B010
    wrong = run(int(sys.argv[1]))
    print(*wrong, sep="\n")
    print(f"{sys.argv[1]} damaged caches, wrong: {len(wrong)}")
    return bool(wrong)


if __name__ == "__main__":
    sys.exit(main())
