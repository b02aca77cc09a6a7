"""A key's latency while a sync stores: `python -m tests.benchmarks.bench_storing`.

The reader runs in a terminal of its own; behind its screen a thread reads and stores a page of
2,000 unknown papers, one after the other without the polite wait. Keys move, and star.
"""

import statistics
import tempfile
import time
from pathlib import Path

from tests.arxiv_server import Item, World
from tests.benchmarks.bench_ui import NOW, Program, script
from tests.conftest import SAMPLE
from tui_reader import sources
from tui_reader.config import Paths
from tui_reader.store import Store

MOVES = 120
READER = """
    import sys, threading, time
    from datetime import date, timedelta
    from dataclasses import replace
    from pathlib import Path
    from tests.benchmarks.bench_ui import NOW
    from tui_reader import fetch, sources
    from tui_reader.config import Config, Paths
    from tui_reader.model import Reading, row_of
    from tui_reader.store import Kind, Store, View
    from tui_reader.ui.app import ReaderApp
    paths = Paths.under(Path(sys.argv[1]))
    page = Path(sys.argv[2]).read_bytes()

    def work():
        store, day = Store(paths), date(2020, 1, 1)
        time.sleep(2)
        sys.setswitchinterval(0.0005)
        while True:
            unknown = page.replace(b"2602.", f"{day:%y%m}.".encode())
            listing = replace(sources.read(unknown, "page").listings[0], announced=day)
            store.save(Reading("page", (listing,)), NOW)
            rows = [row_of(entry.paper.id) for entry in listing.entries]
            while store.prepare(rows):
                time.sleep(fetch._BREATH)
            day += timedelta(days=31)

    if len(sys.argv) > 3:
        threading.Thread(target=work, daemon=True).start()
    store = Store(paths)
    ReaderApp(store, View(Kind.LISTING, "cs.DC", date(2026, 3, 3)), Config(sync=False)).run()
"""


def page() -> bytes:
    world = World(lambda: NOW)
    day = world.newest()
    world.listings["cs.LG", day] = [Item(f"2602.{at:05}", "new") for at in range(1, 2001)]
    text = "We show that sparse mixtures of $k$ experts need no {\\em more} than few bits. " * 15
    return world.new("cs.LG", 0).replace("An abstract.", text).encode()


def latencies(program: Program, keys: bytes) -> list[float]:
    return [1000 * program.press(keys[at % len(keys)].to_bytes(1, "big")) for at in range(MOVES)]


def main() -> None:
    with tempfile.TemporaryDirectory() as home:
        saved = Path(home) / "page.html"
        saved.write_bytes(page())
        source = script(Path(home), "reader", READER)
        for name, extra in (("idle", []), ("storing", ["busy"])) * 2:
            place = tempfile.mkdtemp(dir=home)
            store = Store(Paths.under(Path(place)))
            store.save(sources.read(SAMPLE.read_bytes(), "sample"), NOW)
            store.close()
            program = Program([source, place, str(saved), *extra])
            program.first(b"Token Management")
            time.sleep(3)
            for what, keys in (("move", b"jk"), ("star", b"s")):
                found = sorted(latencies(program, keys))
                print(
                    f"{name:8} {what}: median {statistics.median(found):6.1f} ms,"
                    f" 90 % {found[int(MOVES * 0.9)]:6.1f}, worst {found[-1]:6.1f}"
                )
            program.end()


if __name__ == "__main__":
    main()
