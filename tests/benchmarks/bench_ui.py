"""What a person feels: start to first screen, key to painted screen, lists short and long.

Run with `python -m tests.benchmarks.bench_ui`. Every program runs in a terminal of its own, in
turns with its baseline, and what counts are the ratios.
"""

import fcntl
import os
import pty
import random
import select
import signal
import statistics
import struct
import sys
import tempfile
import termios
import textwrap
import time
from datetime import UTC, date, datetime
from pathlib import Path

from tui_reader.config import Paths
from tui_reader.model import Entry, Listing, Marks, Paper, PaperId, Reading, Section, paper_at
from tui_reader.store import Edit, Kind, Store, View

ROOT = Path(__file__).parents[2]
STARTS, MOVES, QUIET = 15, 34, 0.03  # few enough moves not to reach the end of the sample
SIZE = (40, 120)  # rows, columns
NOW = datetime(2026, 3, 3, 9, tzinfo=UTC)

SMALLEST = """
    from textual.app import App
    from textual.widgets import Static
    class Smallest(App):
        def compose(self):
            yield Static("READY")
    Smallest().run()
"""
ONE_LINE = """
    from textual.app import App
    from textual.strip import Strip
    from textual.widget import Widget
    from rich.segment import Segment
    class Line(Widget):
        count = 0
        def render_line(self, y):
            return Strip([Segment(f"READY {self.count}")]) if y == 0 else Strip.blank(120)
    class OneLine(App):
        def compose(self):
            yield Line()
        def on_key(self, event):
            line = self.query_one(Line)
            line.count += 1
            line.refresh()
    OneLine().run()
"""
LONG_LIST = """
    import sys, gc
    gc.disable()
    from array import array
    from pathlib import Path
    from tui_reader.config import Paths
    from tui_reader.store import Contents, Kind, Run, Store, View
    from tui_reader.ui.app import ReaderApp
    store = Store(Paths.under(Path(sys.argv[1])))
    few = store.contents(View(Kind.LIBRARY)).rows
    many = (few[:] * (int(sys.argv[2]) // len(few) + 1))[: int(sys.argv[2])]
    contents = Contents(array("q", many), (Run(None, None, 0, len(many)),))
    store.contents = lambda *_, **__: contents
    ReaderApp(store, View(Kind.LIBRARY)).run()
"""

TYPED = ("serving", "parallel llm", "fed", "ti:moe -survey", "gpu OR quantum", '"large language"')
"""Filters, typed one after the other."""
A_DAY = 2_000
"""Papers in a long listing."""


class Program:
    """A program in a terminal of its own."""

    def __init__(self, arguments: list[str]) -> None:
        self.started = time.perf_counter()
        self.pid, self.terminal = pty.fork()
        if not self.pid:
            fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", *SIZE, 0, 0))
            os.environ.update(TERM="xterm-256color", COLORTERM="truecolor", PYTHONPATH=str(ROOT))
            os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # as an installed program runs
            os.execv(sys.executable, [sys.executable, *arguments])
        self.seen = b""

    def read(self, seconds: float) -> bool:
        if not select.select([self.terminal], [], [], seconds)[0]:
            return False
        self.seen += os.read(self.terminal, 1 << 16)
        return True

    def first(self, text: bytes) -> float:
        """Return the seconds from the start until `text` is on the screen."""
        while text not in self.seen:
            if not self.read(20):
                raise SystemExit(f"{text!r} never came; the end was {self.seen[-400:]!r}")
        return time.perf_counter() - self.started

    def press(self, key: bytes) -> float:
        """Return the seconds from a key to the last change of the screen that it makes."""
        while self.read(QUIET):
            pass
        begin = last = time.perf_counter()
        os.write(self.terminal, key)
        wait = 1.0
        while self.read(wait):
            last, wait = time.perf_counter(), QUIET
        return last - begin

    def memory(self) -> int:
        """Return the resident memory in MB."""
        pages = int(Path(f"/proc/{self.pid}/statm").read_text().split()[1])
        return pages * os.sysconf("SC_PAGESIZE") >> 20

    def end(self) -> None:
        os.kill(self.pid, signal.SIGKILL)
        os.waitpid(self.pid, 0)
        os.close(self.terminal)


def script(home: Path, name: str, source: str) -> str:
    file = home / f"{name}.py"
    file.write_text(textwrap.dedent(source))
    return str(file)


def starts(arguments: list[str], text: bytes) -> float:
    program = Program(arguments)
    taken = program.first(text)
    program.end()
    return taken


def moves(arguments: list[str], text: bytes, key: bytes = b"j") -> tuple[list[float], int]:
    """Return the sorted times of key presses, and the memory in MB."""
    program = Program(arguments)
    program.first(text)
    time.sleep(1)
    taken = sorted(program.press(key) for _ in range(MOVES))
    memory = program.memory()
    program.end()
    return taken, memory


def types(arguments: list[str], text: bytes, line: list[str]) -> tuple[list[float], list[float]]:
    """Return the times of the keys with which the filters are typed, and of a line's in turns."""
    program, other = Program(arguments), Program(line)
    program.first(text), other.first(b"READY")
    time.sleep(3)  # the texts are made ready meanwhile
    program.press(b"/")
    taken, baseline = [], []
    for typed in TYPED:
        for char in typed:
            taken.append(program.press(char.encode()))
            baseline.append(other.press(b"j"))
        program.press(b"\x15")
    program.end()
    other.end()
    return taken, baseline


def list_many(home: Path, sample: Path) -> None:
    """Store a listing of many papers, made of the sentences of the sample's."""
    known = Store(Paths.under(sample))
    papers = list(known.papers.at(known.contents(View(Kind.LIBRARY)).rows).values())
    known.close()
    sentences = [s for paper in papers for s in (paper.abstract or "").split(". ")]
    chance = random.Random(1)
    entries = []
    for number in range(1, A_DAY + 1):
        title = chance.choice(papers).title
        abstract = ". ".join(chance.sample(sentences, 8))
        paper = Paper(PaperId(f"2603.{number:05}"), title, ("Jin Lee",), abstract, ("cs.DC",))
        entries.append(Entry(paper, Section.NEW, number))
    store = Store(Paths.under(home))
    store.save(Reading("bench", (Listing("cs.DC", date(2026, 3, 3), tuple(entries)),)), NOW)
    store.close()


def mark_many(home: Path, count: int) -> None:
    """Mark so many papers as read, a line of the journal for each hundred."""
    store = Store(Paths.under(home))
    ids = [paper_at(row) for row in range(420 << 17 | 1, (420 << 17 | 1) + 99_000)]
    ids += [paper_at(row) for row in range(421 << 17 | 1, (421 << 17 | 1) + 99_000)]
    for start in range(0, count, 100):
        edits = {id_: (Marks(), Marks(read=True)) for id_ in ids[start : start + 100]}
        store.journal.append(Edit("Read", edits), NOW)
    store.refresh()
    store.close()


def show(name: str, taken: list[float], baseline: list[float], aim: float) -> None:
    own, other = statistics.median(taken) * 1000, statistics.median(baseline) * 1000
    print(
        f"{name:<44} {own:7.1f} ms  baseline {other:7.1f} ms  ratio {own / other:5.2f}"
        f"  (aim {aim})  worst {max(taken) * 1000:.1f} ms"
    )


def main() -> None:
    home = Path(tempfile.mkdtemp(prefix="bench-"))
    reader = ["-m", "tui_reader", "--home", str(home / "reader"), "--sample"]
    smallest = [script(home, "smallest", SMALLEST)]
    one_line = [script(home, "one_line", ONE_LINE)]
    long_list = script(home, "long_list", LONG_LIST)
    starts(reader, b"SPARe"), starts(smallest, b"READY")  # fills the sample and the disk's cache
    pairs = [(starts(reader, b"SPARe"), starts(smallest, b"READY")) for _ in range(STARTS)]
    show("start to first screen, smallest app", [a for a, _ in pairs], [b for _, b in pairs], 1.15)

    line, _ = moves(one_line, b"READY")
    down, memory = moves(reader, b"SPARe")
    show("cursor move, one-line widget", down, line, 2.5)
    print(f"{'memory':<44} {memory:7} MB")

    sample = home / "reader" / "state" / "sample"
    show("key in the filter, one-line widget", *types(reader, b"SPARe", one_line), 3.5)
    list_many(home / "many", sample)
    many = ["-m", "tui_reader", "--home", str(home / "many")]
    typing = types(many, b"unread", one_line)
    show(f"key in the filter of {A_DAY:,}, one-line widget", *typing, 3.5)

    star, _ = moves(reader, b"SPARe", b"s")
    show("star, forced to disk; one-line widget", star, line, 3.0)
    [journal] = (sample / "data").glob("journal-*")
    print(f"{'a star on disk':<44} {journal.stat().st_size / MOVES:7.0f} bytes")
    mark_many(sample, 100_000)
    pairs = [(starts(reader, b"SPARe"), starts(smallest, b"READY")) for _ in range(STARTS)]
    show("start, 100,000 marks, smallest app", [a for a, _ in pairs], [b for _, b in pairs], 1.15)
    short, small = moves([long_list, str(sample), "40"], b"Library")
    long, large = moves([long_list, str(sample), "1000000"], b"Library")
    show("cursor move in 1,000,000 rows, 40 rows", long, short, 1.15)
    print(f"{'memory with 1,000,000 rows':<44} {large:7} MB  with 40 rows {small} MB")


if __name__ == "__main__":
    main()
