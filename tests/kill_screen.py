"""Kill the program on its real screen, and see that every star it showed is there afterwards.

    python -m tests.kill_screen [KILLS]

A worker opens the sample in a terminal of its own and stars and unstars papers, often with the key
that goes to them in the same breath, until it is killed. An operation counts as acknowledged when
the screen shows it. The screen is waited for before each operation, since a key meets the paper
that is shown when it arrives, not when it was sent. With `bad` at the end, the program writes to
its journal a second late, which must be found.
"""

import fcntl
import os
import pty
import random
import re
import select
import signal
import struct
import subprocess
import sys
import tempfile
import termios
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pyte

from tests.journal_store import marks_in
from tui_reader.config import Paths
from tui_reader.model import row_of
from tui_reader.store import Store

LINES, COLUMNS = 40, 120
PATIENCE = 20.0  # seconds until the screen must show what was asked for
TITLE = re.compile(r"^([▌ ])([★ ])[● ] (\S.{18})")
ASKS_FOR_PICTURES = b"\x1b[?2026$p"
UNKNOWN = re.compile(rb"\x1b\[[<>=][0-9;]*u|\x1b\[\?[0-9]+\$p|\x1b\][^\x07]*\x07")
"""What pyte takes for something else, such as the protocol of keys."""
PROGRAM = [sys.executable, "-m", "tui_reader"]
LATE = """
import threading
from tui_reader.store.journal import Journal
add = Journal._add
def late(self, changes):
    made = changes()
    threading.Timer(1, add, [self, lambda: made]).start()
    return made
Journal._add = late
from tui_reader.__main__ import main
main()
"""


class Terminal:
    """A program in a terminal, and what its screen shows."""

    def __init__(self, command: list[str]) -> None:
        self.pid, self._file = pty.fork()
        if not self.pid:
            fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", LINES, COLUMNS, 0, 0))
            os.execvpe(command[0], command, {**os.environ, "TERM": "xterm-256color"})
        self._screen = pyte.Screen(COLUMNS, LINES)
        self._stream = pyte.ByteStream(self._screen)
        self._written = b""
        """What belongs to a picture whose end has not come: a person never sees half of one."""

    def papers(self) -> tuple[list[tuple[str, bool]], int]:
        """Return the papers shown, and which is selected, -1 where none is.

        A paper is the start of its title and whether it is starred.
        """
        rows = [found.groups() for line in self._screen.display if (found := TITLE.match(line))]
        return (
            [(title, star == "★") for _, star, title in rows],
            next((number for number, (bar, _, _) in enumerate(rows) if bar != " "), -1),
        )

    def shows(self, paper: tuple[str, bool]) -> bool:
        """Whether this paper is selected, and starred or not as it says."""
        papers, at = self.papers()
        return at >= 0 and papers[at] == paper

    def press(self, keys: str) -> None:
        os.write(self._file, keys.encode())

    def wait(self, shown: Callable[[], bool]) -> None:
        """Take what the program writes until `shown`; the program's end is this one's too."""
        end = time.monotonic() + PATIENCE
        while not shown():
            if not select.select([self._file], [], [], max(0.0, end - time.monotonic()))[0]:
                sys.exit("the screen does not show what was done")
            try:
                self._take(os.read(self._file, 1 << 16))
            except OSError:
                sys.exit()

    def _take(self, written: bytes) -> None:
        if ASKS_FOR_PICTURES in written:
            os.write(self._file, b"\x1b[?2026;2$y")
        written = self._written + written
        begun = written.rfind(b"\x1b[?2026h")
        end = begun if begun > written.rfind(b"\x1b[?2026l") else len(written)
        self._stream.feed(UNKNOWN.sub(b"", written[:end]))
        self._written = written[end:]


def say(what: str, title: str) -> None:
    os.write(1, f"{what} {title}\n".encode())


def work(home: str, seed: int) -> None:
    settings = Path(home) / "state" / "sample" / "config" / "config.toml"
    settings.parent.mkdir(parents=True, exist_ok=True)
    settings.write_text("compact = true\n")  # so that every line is a title
    chance = random.Random(seed)
    program = PROGRAM
    if os.environ.get("KILL_SCREEN") == "bad":
        program = [sys.executable, "-c", LATE]
    terminal = Terminal([*program, "--sample", "--home", home])
    say("pid", str(terminal.pid))
    terminal.wait(lambda: terminal.papers()[1] >= 0)
    while True:
        papers, at = terminal.papers()
        move, at = chance.choice([("", at), ("j", at + 1), ("k", at - 1)])
        if not 0 <= at < len(papers):
            continue
        title, has_star = papers[at]
        after = (title, not has_star)
        say("try", title)
        terminal.press(move + "s")
        terminal.wait(partial(terminal.shows, after))
        say("ack", title)


def starred(home: str) -> set[str]:
    """Return the titles that the journals alone say are starred."""
    paths = Paths.under(Path(home) / "state" / "sample")
    stars = [id_ for id_, marks in marks_in(paths.data).items() if marks.starred]
    store = Store(paths)
    papers = store.papers.at([row_of(id_) for id_ in stars])
    store.close()
    return {paper.title[:19] for paper in papers.values()}


def trial(home: str, chance: random.Random) -> tuple[int, int]:
    """Kill a worker after a while; return how many stars it showed, and how many are wrong."""
    before = starred(home) if Path(home, "state").exists() else set()
    worker = subprocess.Popen(
        [sys.executable, "-m", "tests.kill_screen", "work", home, str(chance.randrange(1 << 30))],
        stdout=subprocess.PIPE,
    )
    assert worker.stdout
    program = int(worker.stdout.readline().split()[1])  # in a session of its own
    kept, begun, shown = set(before), "", 0
    kill_at = None
    while kill_at is None or time.monotonic() < kill_at:
        left = 20.0 if kill_at is None else max(0.0, kill_at - time.monotonic())
        if not select.select([worker.stdout], [], [], left)[0]:
            break
        what, title = worker.stdout.readline().decode().rstrip("\n").split(" ", 1)
        if what == "ack":
            kept ^= {title}
            begun, shown = "", shown + 1
            kill_at = kill_at or time.monotonic() + chance.uniform(0, 0.8)
        else:
            begun = title
    os.kill(program, signal.SIGKILL)
    os.kill(worker.pid, signal.SIGKILL)
    for line in worker.stdout.read().decode().splitlines():  # shown before it died
        what, title = line.split(" ", 1)
        kept, begun = (kept ^ {title}, "") if what == "ack" else (kept, title)
    worker.wait()
    return shown, len((starred(home) ^ kept) - {begun})


def main() -> int:
    if sys.argv[1:2] == ["work"]:
        work(sys.argv[2], int(sys.argv[3]))
    if sys.argv[-1] == "bad":
        os.environ["KILL_SCREEN"] = "bad"
    kills = next((int(word) for word in sys.argv[1:] if word.isdigit()), 200)
    chance, shown, wrong = random.Random(1), 0, 0
    with tempfile.TemporaryDirectory() as home:
        for _ in range(kills):
            seen, lost = trial(home, chance)
            shown, wrong = shown + seen, wrong + lost
    print(f"{kills} kills, {shown} stars shown, lost or wrong: {wrong}")
    return bool(wrong)


if __name__ == "__main__":
    sys.exit(main())
