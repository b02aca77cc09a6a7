"""Kill the program on its real screen, and see that every star it showed is there afterwards.

    python -m tests.kill_screen TOOLS [KILLS]

TOOLS is the folder of kill9.py, the harness. Each worker opens the sample in a terminal of its
own and stars and unstars papers, often with the key that goes to them in the same breath. An
operation counts as acknowledged when the screen shows it. The screen is waited for before each
operation, since a key meets the paper that is shown when it arrives, not when it was sent.
"""

import fcntl
import json
import os
import pty
import random
import re
import select
import struct
import sys
import tempfile
import termios
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pyte

from tests.kill9_worker import say
from tui_reader.config import Paths
from tui_reader.store import Kind, Store, View

LINES, COLUMNS = 40, 120
PATIENCE = 20.0  # seconds until the screen must show what was asked for
TITLE = re.compile(r"^([▌ ])([★ ])● (\S.{18})")
ASKS_FOR_PICTURES = b"\x1b[?2026$p"
UNKNOWN = re.compile(rb"\x1b\[[<>=][0-9;]*u|\x1b\[\?[0-9]+\$p|\x1b\][^\x07]*\x07")
"""What pyte takes for something else, such as the protocol of keys."""
PROGRAM = [sys.executable, "-m", "tui_reader", "--sample", "--home"]


class Terminal:
    """A program in a terminal, and what its screen shows."""

    def __init__(self, command: list[str]) -> None:
        pid, self._file = pty.fork()
        if not pid:
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
        whole, end, self._written = (self._written + written).rpartition(b"\x1b[?2026l")
        self._stream.feed(UNKNOWN.sub(b"", whole + end))


def work(home: str, seed: int) -> None:
    settings = Path(home) / "state" / "sample" / "config" / "config.toml"
    settings.parent.mkdir(parents=True, exist_ok=True)
    settings.write_text("read_after = 0\n")  # so that every title keeps its sign
    chance = random.Random(seed)
    terminal = Terminal([*PROGRAM, home])
    terminal.wait(lambda: terminal.papers()[1] >= 0)
    while True:
        papers, at = terminal.papers()
        move, at = chance.choice([("", at), ("j", at + 1), ("k", at - 1)])
        if not 0 <= at < len(papers):
            continue
        title, starred = papers[at]
        after = (title, not starred)
        value = None if starred else "*"
        say("try", title, value)
        terminal.press(move + "s")
        terminal.wait(partial(terminal.shows, after))
        say("ack", title, value)


def dump(home: str) -> None:
    paths = Paths.under(Path(home))
    store = Store(Paths.under(paths.state / "sample"))
    rows = store.contents(View(Kind.STARRED)).rows
    print(json.dumps({paper.title[:19]: "*" for paper in store.papers.at(rows).values()}))


def main() -> None:
    match sys.argv[1:]:
        case ["work", home, seed]:
            work(home, int(seed))
        case ["dump", home]:
            dump(home)
        case [tools, *kills]:
            me = f"{sys.executable} -m tests.kill_screen"
            harness = [
                *(sys.executable, f"{tools}/kill9.py", "--procs", "1", "--warm", "10"),
                *("--worker", f"{me} work {{dir}} {{seed}}", "--dump", f"{me} dump {{dir}}"),
                *(
                    "--check",
                    f"{sys.executable} -m tests.kill9_worker check {{dir}}/state/sample/data",
                ),
                *("--dir", tempfile.mkdtemp(), "--rounds", *(kills or ["100"])),
            ]
            os.execv(sys.executable, harness)


if __name__ == "__main__":
    main()
