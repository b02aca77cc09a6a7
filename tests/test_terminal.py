"""The program in a real pseudo-terminal: how it begins, ends, and gives the terminal back."""

import os
import pty
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.conftest import ROOT
from tests.terminal import PROGRAM, Terminal, resize

Opened = Callable[..., Terminal]

HANGS = """
import sys, time
from tui_reader.ui.parts.pages import PagesPart
from tui_reader.__main__ import main
def hang(self):
    while True:
        try:
            time.sleep(60)
        except BaseException:
            pass
PagesPart.do_help = hang
main()
"""
BREAKS = """
import sys, threading
from tui_reader.ui.parts.pages import PagesPart
from tui_reader.ui.terminal.input import Input
from tui_reader.__main__ import main
def broken(*_):
    raise ValueError("on purpose")
match sys.argv.pop(1):
    case "thread":
        PagesPart.do_help = lambda self: threading.Thread(target=broken).start()
    case "key":
        PagesPart.do_help = broken
    case "input":
        Input.messages = broken
main()
"""


@pytest.fixture
def opened(own_home: Path) -> Iterator[Opened]:
    """Open the sample in a terminal, with a program of our own where there is one."""
    begun = []

    def start(*program: str) -> Terminal:
        command = [sys.executable, "-c", *program] if program else PROGRAM
        terminal = Terminal([*command, "--sample"], PYTHONPATH=str(ROOT))
        begun.append(terminal)
        terminal.until(b"SPARe")
        terminal.settle()
        return terminal

    yield start
    for terminal in begun:
        terminal.close()


def marks(home: Path) -> str:
    return "".join(file.read_text() for file in home.rglob("journal-*.jsonl"))


def test_no_reply_and_no_paste_marks_anything_and_keys_work_after_them(
    opened: Opened, own_home: Path
) -> None:
    terminal = opened()
    for sent in (
        b"\x1b[106;1:3u\x1b[97;;99999999u",
        b"\x1b[?2048;2$y\x1b[48;40;120;0;0t",
        b"\x1bP>|kitty(0.31.0)\x1b\\\x1b[?62;4c\x1b_Gi=31;OK\x1b\\\x9b?62;4c",
        b"\x1b[200~title \x1b\nsss\x1b]\nsss\x1bP\nsss\x00\xff\xfe\x1b[201~",
    ):
        terminal.send(sent)
        terminal.settle(0.1)
    assert not marks(own_home)
    terminal.send(b"s")
    terminal.until(b"starred")
    terminal.send(b"q")
    assert terminal.end() == 0
    assert terminal.is_given_back


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_ends_it_as_signals_do(opened: Opened, number: int) -> None:
    terminal = opened()
    terminal.kill(number)
    assert terminal.end() == 128 + number
    assert terminal.is_given_back


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_even_a_program_that_hangs(opened: Opened, number: int) -> None:
    terminal = opened(HANGS)
    terminal.send(b"?")
    terminal.settle()
    terminal.kill(number)
    begun = time.monotonic()
    assert terminal.end() == 128 + number
    assert time.monotonic() - begun < 2
    assert terminal.is_given_back


def test_the_screen_is_drawn_anew_when_something_else_wrote_on_it(opened: Opened) -> None:
    terminal = opened()
    terminal.written = b""
    terminal.send(b"\x0c")
    for part in (b"cs.DC", b"SPARe", b"star"):
        terminal.until(part)
    terminal.send(b"q")
    assert terminal.end() == 0


@pytest.mark.parametrize("stopped", [True, False])
def test_going_on_after_a_stop_or_without_one_starts_nothing_twice(
    opened: Opened, stopped: bool
) -> None:
    terminal = opened()
    if stopped:
        terminal.stop()
        terminal.written = b""
    terminal.kill(signal.SIGCONT)
    if stopped:
        terminal.until(b"SPARe")  # drawn again, as a shell was seen meanwhile
    terminal.send(b"q")
    assert terminal.end() == 0
    assert terminal.is_given_back


def test_a_suspended_program_comes_back_as_it_was(opened: Opened) -> None:
    terminal = opened()
    terminal.stop(signal.SIGTSTP)
    terminal.settle(0)
    assert terminal.is_given_back
    terminal.written = b""
    terminal.kill(signal.SIGCONT)
    terminal.until(b"SPARe")
    terminal.send(b"q")
    assert terminal.end() == 0


@pytest.mark.parametrize("what", ["key", "input"])
def test_what_goes_wrong_in_any_thread_of_the_screen_is_a_line_and_a_report(
    opened: Opened, own_home: Path, what: str
) -> None:
    terminal = opened(BREAKS, what)
    terminal.send(b"?")
    assert terminal.end() == 1
    assert terminal.is_given_back
    said = terminal.written.rpartition(b"\x1b[?1049l")[2]
    assert b"tui-reader stopped on an internal error: ValueError: on purpose" in said
    assert b"Your stars and notes are safe." in said
    assert b"Traceback" not in terminal.written
    [report] = own_home.rglob("crash-*.txt")
    assert "Traceback" in report.read_text()
    assert report.stat().st_mode & 0o777 == 0o600


def test_what_goes_wrong_in_another_thread_is_told_in_the_footer(
    opened: Opened, own_home: Path
) -> None:
    terminal = opened(BREAKS, "thread")
    terminal.send(b"?")
    terminal.until(b"It failed: ValueError('on purpose'). Report: ")
    assert list(own_home.rglob("crash-*.txt"))
    terminal.send(b"q")
    assert terminal.end() == 0


def test_without_a_terminal_a_sentence_says_how_to_get_text(own_home: Path) -> None:
    ours, theirs = pty.openpty()
    resize(theirs, (120, 40))
    done = subprocess.run(
        [*PROGRAM, "--sample"],
        stdin=theirs,
        stdout=subprocess.PIPE,
        stderr=theirs,
        env={**os.environ, "TERM": "xterm"},
        cwd=ROOT,
        check=False,
    )
    assert (done.returncode, done.stdout) == (2, b"")
    assert b"standard output is not a terminal; tui-reader list prints" in os.read(ours, 4096)
    os.close(ours)
    os.close(theirs)


def test_a_terminal_without_a_size_is_a_sentence(own_home: Path) -> None:
    terminal = Terminal([*PROGRAM, "--sample"], (0, 0))
    assert terminal.end() == 2
    assert terminal.written.count(b"\n") == 1
    assert b"tells no size" in terminal.written
    terminal.close()


def test_a_size_that_goes_away_or_is_told_wrongly_changes_nothing(opened: Opened) -> None:
    terminal = opened()
    for size in ((0, 0), (1, 1), (500, 300), (120, 40)):
        terminal.resize(size)
        terminal.settle(0.1)
    terminal.send(b"q")
    assert terminal.end() == 0


def test_ctrl_c_while_it_starts_says_nothing(own_home: Path) -> None:
    for wait in (0.1, 0.2, 0.3):
        terminal = Terminal([*PROGRAM, "--sample"])
        terminal.take(wait)
        terminal.kill(signal.SIGINT)
        terminal.end(5)
        terminal.close()
        # Until its first line is reached, Python itself speaks.
        assert b"/tui_reader/" not in terminal.written


def test_ctrl_c_in_the_editor_is_the_editors(
    opened: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    waits = 'trap "exit 1" INT; echo EDITING; while :; do sleep 0.1; done'
    monkeypatch.setenv("EDITOR", f"sh -c '{waits}'")
    terminal = opened()
    terminal.send(b"N")
    terminal.until(b"EDITING")
    terminal.written = b""
    terminal.send(b"\x03")
    terminal.until(b"SPARe")  # drawn again
    terminal.settle()
    terminal.send(b"q")
    assert terminal.end() == 0
    assert terminal.is_given_back
