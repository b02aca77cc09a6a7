"""How soon a program is there, beside others; and what it writes, and does when left alone.

    python -m tests.benchmarks.bench_start [PEER...]

Every program runs as a whole process in a terminal of its own, in turns with the others, at 120
columns and 40 lines; what counts are the ratios, of processor time where the machine does other
things as well. newsboat and fzf take part where they are
installed, arxiv-subscription-viewer where its command is given as PEER, a file in an environment
of its own. The table is that of the README.
"""

import os
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

from tests.benchmarks.bench_ui import ROOT, SIZE, SMALLEST, script
from tests.terminal import Terminal

TURNS = 15
QUIET = 20  # seconds
PAINTED = b"\x1b]11;?"
"""What ours asks the terminal when it has painted."""
BARE = "import sys; sys.stderr.write('READY'); sys.stderr.flush()"
INSTALLED = """
    import re
    import sys
    from tui_reader.__main__ import main
    sys.exit(main())
"""
"""What pip makes of the console script."""
FEED = """<rss version="2.0"><channel><title>READY</title>{}</channel></rss>"""
ITEM = "<item><title>A paper, number {0}</title><link>http://127.0.0.1/{0}</link></item>"


class Program(NamedTuple):
    """A program, and what it has written when there is something to read."""

    name: str
    command: list[str]
    text: bytes
    environment: dict[str, str] = {}


def taken(program: Program) -> tuple[float, float]:
    """Return the milliseconds from a start until there is something to read, and those worked."""
    begun = time.perf_counter()
    terminal = started(program)
    terminal.until(program.text)
    milliseconds = 1000 * (time.perf_counter() - begun)
    worked, _ = work(terminal)
    terminal.close()
    return milliseconds, worked


def work(terminal: Terminal) -> tuple[float, int]:
    """Return how many milliseconds a program has worked, and how often it woke up."""
    worked, woken = 0.0, 0
    for thread in Path(f"/proc/{terminal.pid}/task").iterdir():
        worked += int((thread / "schedstat").read_text().split()[0]) / 1e6
        status = (thread / "status").read_text()
        woken += int(status.partition("\nvoluntary_ctxt_switches:")[2].split()[0])
    return worked, woken


def started(program: Program) -> Terminal:
    keep = {"COLORTERM": "truecolor", "PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": ""}
    lines, columns = SIZE
    return Terminal(program.command, (columns, lines), **keep, **program.environment)


def left(program: Program) -> None:
    """Start ours, and leave it, so that it has a frame to begin with."""
    terminal = started(program)
    terminal.until(PAINTED)
    terminal.send(b"q")
    terminal.end()
    terminal.close()


def programs(home: Path, peers: list[str]) -> list[Program]:
    installed = [sys.executable, script(home, "installed", INSTALLED)]
    ours = [*installed, "--home", str(home / "reader"), "--sample"]
    plain = [*installed, "--home", str(home / "plain"), "--sample"]
    smallest = [sys.executable, script(home, "smallest", SMALLEST)]
    config = home / "plain" / "state" / "sample" / "config"
    config.mkdir(parents=True)
    (config / "config.toml").write_text("first_frame = false\n")
    found = [
        Program("bare Python, a word", [sys.executable, "-c", BARE], b"READY"),
        Program("tui-reader, first frame", ours, b"SPARe"),
        Program("smallest Textual app", smallest, b"READY"),
        Program("tui-reader without a first frame, painted", plain, b"SPARe"),
        Program("tui-reader, takes keys", ours, PAINTED),
    ]
    if newsboat := shutil.which("newsboat"):
        (home / "feed.xml").write_text(FEED.format("".join(map(ITEM.format, range(200)))))
        (home / "urls").write_text(f"file://{home / 'feed.xml'}\n")
        files = ["-u", str(home / "urls"), "-c", str(home / "news.db"), "-C", os.devnull]
        subprocess.run([newsboat, *files, "-x", "reload"], check=False, capture_output=True)
        found.append(Program("newsboat, C++", [newsboat, *files], b"READY"))
    if fzf := shutil.which("fzf"):
        lines = "".join(f"A paper, number {number}\n" for number in range(200))
        (home / "lines").write_text(lines)
        found.append(Program("fzf, Go", ["sh", "-c", f"{fzf} < {home / 'lines'}"], b"200/200"))
    for peer in peers:
        where = {"HOME": str(home), "XDG_CONFIG_HOME": str(home), "XDG_DATA_HOME": str(home)}
        found.append(Program(Path(peer).name, [peer], b"Welcome", where))
    return found


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        running = programs(Path(folder), sys.argv[1:])
        for program in running:
            if "--sample" in program.command:
                left(program)
        turns = [[taken(program) for program in running] for _ in range(TURNS + 1)][1:]
        print(f"{platform.python_implementation()} {platform.python_version()}, {_processor()}")
        medians = [
            [*map(statistics.median, zip(*each, strict=True))] for each in zip(*turns, strict=True)
        ]
        bare, small = medians[0], medians[2]
        print("| | after ms | of work | work, of bare Python's | work, of the smallest app's |")
        print("|---|---|---|---|---|")
        for program, (taking, worked) in zip(running, medians, strict=True):
            ratios = f"{worked / bare[1]:.2f} | {worked / small[1]:.2f}"
            print(f"| {program.name} | {taking:.1f} | {worked:.1f} | {ratios} |")
        writes_and_rests(running[1])


def writes_and_rests(program: Program) -> None:
    """Tell what keys write, and what is done when none come."""
    terminal = started(program)
    terminal.until(PAINTED)
    terminal.settle(2)
    for name, keys in (("a move", "j" * 16), ("a move that scrolls", "j" * 10), ("/", "/")):
        print(f"{name}: {written(terminal, keys)} bytes")
    print(f"a key in the filter: {written(terminal, 'serving')} bytes, the abstract included")
    terminal.send(b"\x1b")
    terminal.settle(2)
    worked, woken = work(terminal)
    before = len(terminal.written)
    terminal.settle(QUIET)
    later, more = work(terminal)
    print(
        f"left alone for {QUIET} s: {(later - worked) / QUIET:.2f} ms a second,"
        f" {(more - woken) / QUIET:.1f} times woken a second,"
        f" {len(terminal.written) - before} bytes written"
    )
    terminal.close()


def written(terminal: Terminal, keys: str) -> float:
    """Return the median of the bytes that keys write, each with what follows it."""
    counts = []
    for key in keys:
        before = len(terminal.written)
        terminal.send(key.encode())
        terminal.settle(0.3)
        counts.append(len(terminal.written) - before)
    return statistics.median(counts)


def _processor() -> str:
    with open("/proc/cpuinfo", encoding="utf-8") as about:
        names = [line.partition(": ")[2].strip() for line in about if line.startswith("model name")]
    return f"{len(names)} cores of {names[0]}" if names else "unknown processor"


if __name__ == "__main__":
    main()
