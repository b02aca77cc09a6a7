"""How soon a program is there: first useful frame and painted program, beside others.

    python -m tests.benchmarks.bench_start [PEER...]

Every program runs as a whole process in a terminal of its own, in turns with the others, at 120
columns and 40 lines; what counts are the ratios. newsboat and fzf take part where they are
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
PAINTED = b"\x1b]11;?"
"""What ours asks the terminal when it has painted."""
BARE = "import sys; sys.stderr.write('READY'); sys.stderr.flush()"
FEED = """<rss version="2.0"><channel><title>READY</title>{}</channel></rss>"""
ITEM = "<item><title>A paper, number {0}</title><link>http://127.0.0.1/{0}</link></item>"


class Program(NamedTuple):
    """A program, and what it has written when there is something to read."""

    name: str
    command: list[str]
    text: bytes
    environment: dict[str, str] = {}


def taken(program: Program, text: bytes) -> float:
    """Return the seconds from a start until a text is on the screen."""
    begun = time.perf_counter()
    terminal = started(program)
    terminal.until(text)
    seconds = time.perf_counter() - begun
    terminal.close()
    return seconds


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
    ours = [sys.executable, "-m", "tui_reader", "--home", str(home / "reader"), "--sample"]
    plain = [sys.executable, "-m", "tui_reader", "--home", str(home / "plain"), "--sample"]
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
            if "-m" in program.command:
                left(program)
        rows: dict[str, list[float]] = {program.name: [] for program in running}
        for turn in range(TURNS + 1):
            for program in running:
                seconds = taken(program, program.text)
                if turn:  # the first fills the disk's cache
                    rows[program.name].append(seconds)
        bare, small = (statistics.median(rows[running[at].name]) for at in (0, 2))
        print(f"{platform.python_implementation()} {platform.python_version()}, {_processor()}")
        print("| | ms | bare Python | smallest Textual app |\n|---|---|---|---|")
        for name, each in rows.items():
            here = statistics.median(each)
            print(f"| {name} | {1000 * here:.1f} | {here / bare:.2f} | {here / small:.2f} |")


def _processor() -> str:
    with open("/proc/cpuinfo", encoding="utf-8") as about:
        names = [line.partition(": ")[2].strip() for line in about if line.startswith("model name")]
    return f"{len(names)} cores of {names[0]}" if names else "unknown processor"


if __name__ == "__main__":
    main()
