"""Search over caches of many sizes: building, typing, opening, moving, against their baselines.

Run with `python -m tests.benchmarks.bench_search [--keep DIR] [N...]`; without N, 10,000 and
100,000 papers. The papers are made of the texts of real ones, each shuffled with others and given
a few rare words, so that words are as common, and as many, as they really are.
"""

import argparse
import os
import random
import shutil
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path

from tests.benchmarks.bench_ui import ONE_LINE, QUIET, Program, script, starts
from tui_reader.config import Paths
from tui_reader.errors import QueryError
from tui_reader.model import Paper, PaperId, Reading, Version
from tui_reader.query import documents, parse
from tui_reader.sources import Snapshot
from tui_reader.store import Kind, Store, View
from tui_reader.store.search import Search
from tui_reader.text import fold
from tui_reader.text.fold import searched
from tui_reader.ui.parts.filter import SECONDS_TO_FIND

ROOT = Path(__file__).parents[2]
REAL = ROOT.parent / "shared" / "corpus" / "metadata" / "papers-2025.jsonl.gz"
MONTHS = [f"{year}{month:02}" for year in range(15, 26) for month in range(1, 13)]
TODAY = date(2026, 3, 3)
QUERIES = (
    "distributed", "transf", '"kv cache"', "large language model", "the", "zyzzyva",
    "au:chen cat:cs.CV date:2020..2022 detection", "graph neural -survey",
    "ti:diffusion is:unread", "robot OR drone",
)  # fmt: skip
WORDS = ("learning", "diffusion", "anaphora", "zyzzyva")  # everywhere, common, rare, nowhere
PREFIXES = ("dist", "trans", "quant", "seman")
OPENED = """
    import gc, sys
    gc.disable()
    from pathlib import Path
    from tui_reader.config import Paths
    from tui_reader.store import Kind, Store, View
    from tui_reader.ui.app import ReaderApp
    ReaderApp(Store(Paths.under(Path(sys.argv[1]))), View(Kind.LIBRARY)).run()
"""


def texts() -> list[Paper]:
    with REAL.open("rb") as file:
        return list(Snapshot(file, REAL.name))


def papers(real: Sequence[Paper], count: int) -> Iterator[Paper]:
    """Yield papers from old to new; the same ones for the same count."""
    chance = random.Random(count)
    stems = [word for paper in real for word in fold(paper.title).split() if len(word) > 4]
    each = -(-count // len(MONTHS))
    for number in range(count):
        month, place = divmod(number, each)
        title, about, authors = chance.choices(real, k=3)
        rare = chance.choice(stems)[:6] + f"{chance.randrange(count):x}".translate(_LETTERS)
        first = datetime(2000 + int(MONTHS[month][:2]), int(MONTHS[month][2:]), 9, tzinfo=UTC)
        yield Paper(
            PaperId(f"{MONTHS[month]}.{place + 1:05}"),
            title.title,
            authors.authors,
            about.abstract,
            about.categories,
            1,
            f"{title.comments or '9 pages'}, {rare}",
            versions=(Version(1, first),),
        )


_LETTERS = str.maketrans("0123456789", "ghijklmnop")


def build(home: Path, count: int, real: Sequence[Paper]) -> Store:
    store = Store(Paths.under(home))
    begin, batch = time.perf_counter(), []
    for paper in papers(real, count):
        batch.append(paper)
        if len(batch) == 5000:
            store.save(Reading("made", (), tuple(batch)), datetime.now(UTC))
            batch.clear()
    store.save(Reading("made", (), tuple(batch)), datetime.now(UTC))
    stored = time.perf_counter()
    # What real papers cost to fold is measured apart: these are made of few texts.
    folded = {text: searched(text) for paper in real for text in _texts(paper)}
    sample = real[::50]
    begin_fold = time.perf_counter()
    for paper in sample:
        documents.haystacks(paper)
    cost = (time.perf_counter() - begin_fold) / len(sample)
    setattr(documents, "searched", lambda text: folded.get(text) or searched(text))  # noqa: B010
    begin_index = time.perf_counter()
    store.index(lambda _: None)
    indexed = time.perf_counter() - begin_index
    setattr(documents, "searched", searched)  # noqa: B010
    print(
        f"  stored {count / (stored - begin):,.0f}/s; folded {1 / cost:,.0f}/s; indexed, when"
        f" folded, {count / indexed:,.0f}/s; so together {count / (indexed + count * cost):,.0f}/s"
    )
    return store


def _texts(paper: Paper) -> tuple[str, ...]:
    return (paper.title, ", ".join(paper.authors), paper.abstract or "")


def sizes(store: Store) -> None:
    db = sqlite3.connect(store.cache.db.file)
    (texts_,) = db.execute(
        "SELECT sum(length(CAST(title || authors || coalesce(abstract, '') || categories"
        " || coalesce(comments, '') AS BLOB))) FROM paper"
    ).fetchone()
    index = db.execute(
        "SELECT sum(pgsize) FROM dbstat WHERE name LIKE 'words%' OR name LIKE '%term%'"
    )
    try:
        (own,) = index.fetchone()
    except sqlite3.OperationalError:  # an SQLite without dbstat
        own = sum(db.execute("SELECT sum(length(block)) FROM words_data").fetchone())
        own += db.execute("SELECT sum(length(term) + 8) FROM term").fetchone()[0]
    (terms,) = db.execute("SELECT count(*) FROM term").fetchone()
    db.close()
    whole = store.cache.db.file.stat().st_size
    print(
        f"  {whole / 1e6:,.0f} MB on disk; index {own / 1e6:,.0f} of {texts_ / 1e6:,.0f} MB text:"
        f" {own / texts_:.2f} (aim 0.85); {terms:,} terms"
    )


def timed(work: Callable[[], object], times: int = 5) -> float:
    """Return the median time, in ms."""
    taken = []
    for _ in range(times):
        begin = time.process_time()
        work()
        taken.append(time.process_time() - begin)
    return statistics.median(taken) * 1000


def keystrokes(store: Store) -> None:
    search, rest = Search(store.cache), Search(store.cache)
    first, whole = [], []
    for text in QUERIES:
        own, last = [], 0.0
        for end in range(1, len(text) + 1):
            with suppress(QueryError):
                query = parse(text[:end], TODAY)
                begin = time.process_time()
                done = search.newest(query, 10).complete
                own.append((time.process_time() - begin) * 1000)
                if not done:
                    list(rest.answers(query))
                last = (time.process_time() - begin) * 1000
                whole.append(last)
        first += own
        hits = len(store.find(store.contents(View(Kind.LIBRARY)), query).rows)
        print(
            f"    {text:<44} newest 200: median {statistics.median(own):6.2f} worst"
            f" {max(own):7.2f} ms; all {hits:>9,}: {last:8.1f} ms"
        )
    first.sort(), whole.sort()
    late = sum(taken > SECONDS_TO_FIND * 1000 for taken in first)
    print(
        f"  {len(first)} keystrokes, ms: median {statistics.median(first):.2f}, 95 of 100 under"
        f" {first[len(first) * 95 // 100]:.2f} (aim 16.7), worst {first[-1]:.2f};"
        f" {late} too late for the first paint;"
        f" exact: median {statistics.median(whole):.1f}, worst {whole[-1]:.0f}"
    )


def baselines(store: Store) -> dict[str, float]:
    """Compare with what others do on the same text; return the times of a word, in ms."""
    search = Search(store.cache)
    db = sqlite3.connect(store.cache.db.file)
    like = "SELECT row, title FROM paper WHERE title LIKE ?1 OR abstract LIKE ?1 ORDER BY row DESC"
    merge = "SELECT rowid FROM words WHERE words MATCH ? ORDER BY rowid DESC LIMIT 200"

    def ask(text: str) -> None:
        search.newest(parse(text, TODAY), 10)

    def run(sql: str, value: str) -> None:
        db.execute(sql, (value,)).fetchall()

    own: dict[str, float] = {}
    for word in WORDS:
        own[word] = timed(partial(ask, word), 9)
        newest = timed(partial(run, f"{like} LIMIT 200", f"%{word}%"), 1)
        every = timed(partial(run, like, f"%{word}%"), 1)
        print(
            f"    {word:<10} {own[word]:7.2f} ms; LIKE, newest 200: {newest:9.1f} ms, 1/"
            f"{newest / own[word]:,.0f}; as newsboat does, all of them: {every:9.1f} ms,"
            f" 1/{every / own[word]:,.0f}"
        )
    for prefix in PREFIXES:
        mine = timed(partial(ask, prefix))
        theirs = timed(
            partial(run, merge, f'{{title authors abstract comments}} : "{prefix}" *'), 3
        )
        print(
            f"    {prefix}*  {mine:7.2f} ms; FTS5's own merge {theirs:8.1f} ms,"
            f" 1/{theirs / mine:,.0f} (aim 1/50)"
        )
    db.close()
    return own


def pressed(program: Program, key: bytes) -> tuple[float, float]:
    """Return the seconds from a key to the first and to the last change of the screen."""
    while program.read(QUIET):
        pass
    begin = time.perf_counter()
    os.write(program.terminal, key)
    program.read(5)
    first = last = time.perf_counter()
    while program.read(0.3):
        last = time.perf_counter()
    return first - begin, last - begin


def screen(home: Path) -> dict[str, float]:
    """Print what a person feels with this cache; return ms and MB."""
    echo = Program([script(home, "one_line", ONE_LINE)])
    echo.first(b"READY")
    opened = script(home, "opened", OPENED)
    arguments = [opened, str(home)]
    felt = {"open": statistics.median(starts(arguments, b"Library") for _ in range(5)) * 1000}
    program = Program(arguments)
    program.first(b"Library")
    time.sleep(1)
    felt["move"] = statistics.median(program.press(b"j") for _ in range(30)) * 1000
    felt["memory"] = program.memory()
    program.press(b"G"), program.press(b"g"), program.press(b"g")
    keys, line, settled = [], [], []
    for text in QUERIES:
        program.press(b"/")
        for char in text:
            first, last = pressed(program, char.encode())
            keys.append(first * 1000)
            settled.append(last * 1000)
            line.append(pressed(echo, b"j")[0] * 1000)
        program.press(b"\x1b")
    program.end()
    echo.end()
    keys.sort()
    baseline = statistics.median(line)
    felt["key"] = statistics.median(keys)
    print(
        f"  on the screen: open {felt['open']:.0f} ms; move {felt['move']:.1f} ms; memory"
        f" {felt['memory']:.0f} MB; a key in the bar: median {felt['key']:.1f} ms,"
        f" {felt['key'] / baseline:.2f} times an echo of {baseline:.1f} ms (aim 3.5), 95 of"
        f" 100 under {keys[len(keys) * 95 // 100]:.1f}, worst {keys[-1]:.1f}; all papers there:"
        f" median {statistics.median(settled):.1f}, worst {max(settled):.0f}"
    )
    return felt


def main() -> None:
    options = argparse.ArgumentParser()
    options.add_argument("sizes", nargs="*", type=int, default=[10_000, 100_000])
    options.add_argument("--keep", type=Path, help="leave the caches there, and use what is there")
    chosen = options.parse_args()
    real = texts()
    root = chosen.keep or Path(tempfile.mkdtemp(prefix="bench-search-"))
    root.mkdir(exist_ok=True)
    seen: dict[int, tuple[dict[str, float], dict[str, float]]] = {}
    for count in chosen.sizes:
        home = root / str(count)
        print(f"{count:,} papers")
        store = Store(Paths.under(home)) if home.exists() else build(home, count, real)
        sizes(store)
        keystrokes(store)
        seen[count] = baselines(store), screen(home)
        store.close()
    least = min(seen)
    for count, (words, felt) in seen.items():
        ratios = [f"{name} {felt[name] / seen[least][1][name]:.2f}" for name in felt]
        ratios += [f"{word} {taken / seen[least][0][word]:.2f}" for word, taken in words.items()]
        print(f"{count:,} to {least:,}: {', '.join(ratios)}")
    if not chosen.keep:
        shutil.rmtree(root)


if __name__ == "__main__":
    main()
