"""Attacks through a real terminal; each prints what it found, and ends with 1 if that is not 0.

python -m tests.terminal_trials texts       hostile texts through every door; nothing on the wire
python -m tests.terminal_trials sequences   what no key sends; no mark, no end
python -m tests.terminal_trials pastes      random bytes between the marks of a paste; no mark
python -m tests.terminal_trials signals     signals and sizes; ended as asked, terminal given back

With `bad` after it, each runs with its guard taken out, and must find that.
"""

import json
import random
import re
import shlex
import signal
import string
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from functools import partial
from multiprocessing import Pool
from pathlib import Path

from textual.events import Key

from tests.terminal import PROGRAM, Terminal
from tui_reader.ui.terminal.input import Input
from tui_reader.ui.textual_private import ANSI_SEQUENCES_KEYS, XTermParser

WITHOUT = {
    "texts": """
from tui_reader import text
from tui_reader.text import clean as cleaning
text.clean = cleaning.clean = cleaning.printable = str
""",
    "sequences": """
from tui_reader.ui.terminal import driver
from tui_reader.ui.textual_private import XTermParser
driver.Input = XTermParser
""",
    "signals": """
from tui_reader.ui.terminal import driver, guard
from tui_reader.ui.textual_private import LinuxDriver
driver.TerminalDriver._sigcont_application = LinuxDriver._sigcont_application
guard._ENDS = ()
""",
}
WITHOUT["pastes"] = WITHOUT["sequences"]
"""What is run before the program to take a guard out, by the trial that must notice."""
MAIN = "\nfrom tui_reader.__main__ import main\nmain()\n"
BEGUN = "from tui_reader.__main__ import main\nprint('begun', flush=True)\nmain()"

Found = Counter[str]


def program(trial: str, *, bad: bool) -> list[str]:
    return [sys.executable, "-c", WITHOUT[trial] + MAIN] if bad else PROGRAM


def opened(command: list[str], home: str, *options: str) -> Terminal:
    terminal = Terminal([*command, "--home", home, "--sample", *options])
    terminal.until(b"SPARe")
    terminal.settle()
    return terminal


def marks(home: str) -> int:
    """Return how many lines all journals have."""
    return sum(len(f.read_bytes().splitlines()) for f in Path(home).rglob("journal-*.jsonl"))


# Texts

OURS = re.compile(
    rb"\x1b\[[0-9;]*m|\x1b\[\d*;?\d*H|\x1b\[\?(25|7|1000|1003|1004|1006|1015|1049|2004|2026)[hl]"
    rb"|\x1b\[\?20(26|48)\$p|\x1b\[>25u|\x1b\[<u|\x1b\[K|\x1b\]11;\?\x1b\\|\x1b\]22;default\x07|\x1b\[\?(1002|1016|2048)l|[\r\n]"
)
CONTROL = re.compile(
    rb"\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)?|\x1b[PX^_][^\x1b]*(?:\x1b\\)?|\x1b\[[0-?]*[ -/]*[@-~]"
    rb"|\x1b[ -/]*[0-~]|[\x00-\x1f\x7f]|\xc2[\x80-\x9f]|\xe2\x80[\x8e\x8f\xa8-\xae]"
    rb"|\xe2\x81[\xa6-\xa9]|\xf3\xa0[\x80\x81][\x80-\xbf]"
)
SEQUENCES = [
    "\x1b]52;c;c3M=\x07", "\x1b]0;title\x07", "\x1b]8;;http://a.test/\x1b\\", "\x1b[31337;7H",
    "\x1b[38;5;217m", "\x1bPq#0\x1b\\", "\x1bP$qm\x1b\\", "\x1b_Ga=q\x1b\\", "\x1bc", "\x1b[6n",
    "\x1b[?1049l", "\x1b", "\x9b7;7H", "\x9d52;c;c3M=\x9c", "\u202e", "\u2066", "\u2028",
    "\U000e0069",     "\x1b[200~", "\x1b#8", "[bold]", "[@click=app.quit]",
]  # fmt: skip
HOSTILE = [*map(chr, [*range(0x20), *range(0x7F, 0xA0)]), *SEQUENCES]
ID = "2603.00356"


def texts(trial: str, *, bad: bool) -> Found:
    """Let every hostile text come in by every door, in a terminal; audit what is written."""
    found: Found = Counter()
    command = program(trial, bad=bad)
    with Pool(3) as pool:
        chosen = HOSTILE[:40:4] if bad else HOSTILE
        for number, one in enumerate(pool.imap(partial(_one_text, command), chosen)):
            found.update(one)
            print(number, dict(found), file=sys.stderr)
    return found


def _one_text(command: list[str], hostile: str) -> Found:
    found: Found = Counter()
    with tempfile.TemporaryDirectory() as home:
        for door in doors(Path(home), f"A{hostile}Z {hostile}"):
            terminal = Terminal([*command, "--home", home, *door.words], EDITOR="true")
            with closing(terminal):
                if door.types:
                    terminal.until(b"\x1b[?1049h" if not door.words else b"\n")
                    terminal.settle()
                    for keys in door.types:
                        with suppress(OSError):  # it has ended
                            terminal.send(keys)
                        terminal.settle(0.1)
                ended = terminal.end(5)
            exports = door.words[:1] == ["export"]  # data, in which a tab is one
            strange = [
                each
                for each in CONTROL.findall(terminal.written)
                if not OURS.fullmatch(each) and not (exports and each == b"\t")
            ]
            wrong = {
                "hangs": int(ended is None),
                "tracebacks": int(b"Traceback" in terminal.written),
                "errors": int(b"internal error" in terminal.written),
                "not ours": len(strange),
            }
            found.update(wrong, runs=1)
            if any(wrong.values()):
                print(f"  {hostile!a} by {door}: {wrong} {set(strange)}", file=sys.stderr)
    return found


class Door:
    def __init__(self, command: str, *text: str, types: list[bytes] | None = None) -> None:
        self.words = [*shlex.split(command), *text]
        """None of them opens the screen."""
        self.types = types

    def __repr__(self) -> str:
        return ascii(" ".join(self.words))


def doors(home: Path, text: str) -> Iterator[Door]:
    """Yield the ways in; what one stores is still there for the next."""
    record = {
        "id": ID,
        "title": text,
        "abstract": f"{text}\n\n{text}",
        "authors": f"{text}, Jo {text}",
        "categories": "cs.DC cs.LG",
        "comments": text,
        "journal-ref": text,
        "doi": f"10.1/{text}",
        "report-no": text,
        "submitter": text,
        "license": text,
        "versions": [{"version": "v1", "created": "Mon, 2 Mar 2026 10:00:00 GMT"}],
    }
    file = home / "arxiv-metadata-oai-snapshot.json"
    file.write_text(json.dumps(record) + "\n", encoding="utf-8")
    word = text.replace("\0", "")  # which no argument can hold
    raw = home / f"{word.replace('/', '')}.txt"
    raw.write_text(f"{text}\narXiv:{ID}\nTitle: {text}\n{text}", encoding="utf-8")
    settings = home / "config" / "config.toml"
    settings.parent.mkdir(exist_ok=True)
    marked = b"\x1b[200~" + text.encode() + b"\x1b[201~"
    yield Door("import", str(file))
    yield Door("import", str(raw))
    settings.write_text(f'theme = "{text}"\n{text} = 1\n', encoding="utf-8")
    yield Door("config")
    settings.unlink()
    yield Door(f"tag {ID}", word)
    yield Door("tag", word, ID)
    yield Door(f"note {ID}", word)
    yield Door(f"show {ID}")
    yield Door(f"show --json {ID}")
    yield Door("show", word)
    yield Door("list")
    yield Door("list --json")
    yield Door("list", word)
    yield Door(f"export {ID}")
    yield Door(f"export --format markdown {ID}")
    yield Door(f"export --format plain {ID}")
    yield Door("follow", word)
    yield Door("history")
    yield Door("stats")
    yield Door("doctor")
    yield Door("restore", str(raw))
    yield Door("triage --view library", types=[b"s\n", b".\n", b"?\n", b"q\n"])
    yield Door("", word)
    yield Door("--home", f"{home}/{word.replace('/', '')}", "list")
    esc = b"\x1b[27u"
    yield Door("", types=[b"a", b"j", b"\r", b" ", esc, b"d", esc, b"t", esc, b"q", b"q"])
    typed = [b"a", b"/" + marked, b"\r", b"n" + marked, b"\r", b"t" + marked, b"\r"]
    yield Door("", types=[*typed, b":" + marked, esc, b"w", esc, b"?", esc, esc, b"q", b"q"])


# Sequences

FINALS = [chr(code) for code in range(0x40, 0x7F)]
PARAMETERS = [
    "?",
    "?1;2",
    ">0;10;1",
    "<0;1",
    "=1",
    "1;2;3;4;5",
    "1$",
    "1 ",
    "?1$",
    "9999999;1",
    ":",
]
KINDS = ["\x1b]", "\x1bP", "\x1b_", "\x1b^", "\x1bX"]


def every_final() -> Iterator[str]:
    """Yield a sequence with each final byte, and a string with each last character."""
    for parameters in [*PARAMETERS, "9999999;1"]:
        yield from (f"\x1b[{parameters}{final}" for final in FINALS)
    for begin in KINDS:
        yield from (f"{begin}1;s{final}\x1b\\" for final in [*FINALS, "\n", "é"])
    yield from (f"\x1b({final}" for final in FINALS)


def at_random(chance: random.Random) -> str:
    """Return a sequence that no key sends."""
    if chance.random() < 0.5:
        parameters = "".join(chance.choices("0123456789:;", k=chance.randrange(12)))
        middle = chance.choice(
            [chance.choice("<=>?") + parameters, parameters + chance.choice(" !$")]
        )
        return f"\x1b[{middle}{chance.choice(FINALS)}"
    text = "".join(chance.choices(string.printable[:95] + "\r\n\té日", k=chance.randrange(40)))
    return chance.choice(KINDS) + text.replace("\x1b", "") + "\x1b\\"


def sequences(trial: str, *, bad: bool) -> Found:
    """Send sequences whole, split at every byte, and through the real screen."""
    found: Found = Counter()
    chance = random.Random(1)
    sent = [*every_final(), *(at_random(chance) for _ in range(10_000))]
    parser = XTermParser if bad else Input
    for each in sent:
        assert each not in ANSI_SEQUENCES_KEYS
        for at in range(1, len(each)):
            reader = parser()
            found["splits"] += 1
            try:
                made = [*reader.feed(each[:at]), *reader.feed(each[at:] + "\r")]
            except Exception:
                found["errors"] += 1
                continue
            found["keys made"] += sum(isinstance(m, Key) and m.key != "enter" for m in made)
    through_screen(trial, sent, found, bad=bad)
    return found


def through_screen(trial: str, sent: list[str], found: Found, *, bad: bool) -> None:
    """Send all of it to the program, and see that a key still works, and made the only mark."""
    with (
        tempfile.TemporaryDirectory() as home,
        closing(opened(program(trial, bad=bad), home)) as terminal,
    ):
        for each in sent:
            try:
                terminal.send(each.encode())
            except OSError:
                break
            terminal.take()
            found["sent"] += 1
        terminal.settle(1.5)
        found["exits"] += terminal.code is not None
        found["marks made"] += marks(home)
        if terminal.code is None:
            before = marks(home)
            terminal.send(b"s")
            terminal.settle()
            found["keys lost"] += marks(home) == before
            terminal.send(b"q")
            found["ends wrongly"] += terminal.end() != 0 or not terminal.is_given_back


# Pastes


def pastes(trial: str, *, bad: bool) -> Found:
    """Paste random bytes, full of what ends or begins things, with and without a prompt."""
    found: Found = Counter()
    chance = random.Random(2)
    words = [
        b"\x1b",
        b"\n",
        b"\r",
        b"s",
        b"x",
        b"A",
        b"\x1b[",
        b"\x1b]",
        b"\x1bP",
        b"\x9b",
        b"\x03",
    ]
    for prompt in (b"", b"/", b"n", b":"):
        with (
            tempfile.TemporaryDirectory() as home,
            closing(opened(program(trial, bad=bad), home)) as terminal,
        ):
            terminal.send(prompt)
            terminal.settle(0.2)
            while found["bytes"] < 10_000 * (1 + [b"", b"/", b"n", b":"].index(prompt)):
                text = b"".join(
                    chance.choice([chance.choice(words), chance.randbytes(1)])
                    for _ in range(chance.randrange(1, 400))
                ).replace(b"\x1b[201~", b"")
                found["bytes"] += len(text)
                found["pastes"] += 1
                try:
                    terminal.send(b"\x1b[200~" + text + b"\x1b[201~")
                except OSError:
                    break
                terminal.settle(0.05)
            found["exits"] += terminal.code is not None
            found["marks made"] += marks(home)
    return found


# Signals and sizes


def signals(trial: str, *, bad: bool) -> Found:
    """End, stop and resize the program, at any moment of its life."""
    found: Found = Counter()
    chance = random.Random(3)
    command = program(trial, bad=bad)

    def ends(expected: set[int], of: str, terminal: Terminal) -> None:
        begun = time.monotonic()
        code = terminal.end(4)
        found["runs"] += 1
        wrong = code not in expected or not terminal.is_given_back
        found["ended wrongly"] += wrong
        found["took over 2 s"] += time.monotonic() - begun > 2
        found["said something"] += b"Traceback" in terminal.written
        if wrong:
            print(f"  {of}: {code}, {terminal.written[-300:]!r}", file=sys.stderr)

    def trials(of: str, do: Callable[[Terminal], set[int]], count: int) -> None:
        for _ in range(count):
            with tempfile.TemporaryDirectory() as home, closing(opened(command, home)) as terminal:
                ends(do(terminal), of, terminal)

    def end(terminal: Terminal) -> set[int]:
        number = chance.choice([signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
        if chance.random() < 0.5:  # in the midst of something
            terminal.send(chance.choice([b"/ab", b"?", b"jjjj", b"s", b":"]))
            terminal.take(chance.uniform(0, 0.05))
        terminal.kill(number)
        return {128 + number}

    def stop(terminal: Terminal) -> set[int]:
        for _ in range(chance.randrange(1, 4)):
            if chance.random() < 0.5:
                terminal.stop(chance.choice([signal.SIGSTOP, signal.SIGTSTP]))
            terminal.kill(signal.SIGCONT)
            terminal.settle(chance.uniform(0, 0.2))
        terminal.settle()
        terminal.send(b"q")
        return {0}

    def resize(terminal: Terminal) -> set[int]:
        for _ in range(10):
            terminal.resize(
                (chance.choice([0, 1, 2, 20, 80, 500]), chance.choice([0, 1, 2, 9, 200]))
            )
            terminal.take(chance.uniform(0, 0.05))
        terminal.settle()
        terminal.send(b"q")
        return {0}

    trials("end", end, 40)
    trials("stop", stop, 40)
    trials("resize", resize, 20)
    for _ in range(40):  # while it starts; until its own first line, Python may swallow it
        with tempfile.TemporaryDirectory() as home:
            terminal = Terminal([sys.executable, "-c", BEGUN, "--home", home, "--sample"])
            with closing(terminal):
                terminal.until(b"begun")
                time.sleep(chance.uniform(0, 0.4))
                terminal.kill(signal.SIGINT)
                found["runs"] += 1
                found["ended wrongly"] += terminal.end(4) != INTERRUPTED
                found["said something"] += b"Traceback" in terminal.written
    return found


TRIALS = {"texts": texts, "sequences": sequences, "pastes": pastes, "signals": signals}
INTERRUPTED = 130
COUNTS = {"runs", "splits", "sent", "pastes", "bytes"}


def main() -> int:
    name, bad = sys.argv[1], sys.argv[2:] == ["bad"]
    begun = time.monotonic()
    found = TRIALS[name](name, bad=bad)
    wrong = {what: number for what, number in found.items() if number and what not in COUNTS}
    said = ", ".join(f"{number:,} {what}" for what, number in found.items())
    print(f"{name}: {said}; {time.monotonic() - begun:.0f} s")
    return bool(wrong)


if __name__ == "__main__":
    sys.exit(main())
