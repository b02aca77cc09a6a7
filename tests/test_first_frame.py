"""The first frame is on the screen at once, is what the program then paints, and takes its keys."""

import os
import signal
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest

from tests.conftest import NOW, SAMPLE
from tests.terminal import PROGRAM, Terminal
from tui_reader import sources
from tui_reader.config import Paths
from tui_reader.store import Store
from tui_reader.ui.terminal import first_frame

BEGUN = b"\x1b[?1049h\x1b[?25l\x1b[?7l\x1b[?2004h"
"""What a frame begins with; the program itself writes these one by one."""
LOADED = b"\x1b]11;?"
"""What is asked when the program has painted."""
WAITS = [PROGRAM[0], "-c", """
import sys, time
from tui_reader.ui.terminal import first_frame
first_frame.show(sys.argv[1:])
time.sleep(60)
"""]  # fmt: skip
"""Shows the frame, and never goes on."""
Opened = Callable[..., Terminal]


@pytest.fixture
def home(own_home: Path) -> Path:
    """A home with some papers in its Inbox, and the frame that was left there."""
    store = Store(Paths.under(own_home))
    store.save(sources.read(SAMPLE.read_bytes(), "sample"), NOW)
    store.close()
    config = own_home / "config" / "config.toml"
    config.parent.mkdir(parents=True, exist_ok=True)
    config.write_text("sync = false\nhints = false\nread_after = 0\n")
    return own_home


@pytest.fixture
def opened(home: Path) -> Iterator[Opened]:
    """Start the program, most often after it was left once."""
    begun: list[Terminal] = []

    def start(
        program: list[str] = PROGRAM, *, left: bool = True, size: tuple[int, int] = (100, 30),
        **environment: str,
    ) -> Terminal:  # fmt: skip
        if left:
            leave(start(PROGRAM, left=False, size=size, **environment))
        terminal = Terminal([*program, "--home", str(home)], size, **environment)
        begun.append(terminal)
        return terminal

    yield start
    for terminal in begun:
        terminal.close()


def leave(terminal: Terminal) -> None:
    terminal.until(LOADED)
    terminal.send(b"q")
    assert terminal.end() == 0
    assert terminal.is_given_back


def has_frame(terminal: Terminal) -> bool:
    terminal.until(LOADED)
    return BEGUN in terminal.written


def frame_file(home: Path) -> Path:
    return home / "cache" / "first-frame"


def journal(home: Path) -> str:
    return "".join(file.read_text() for file in home.rglob("journal-*.jsonl"))


def test_what_was_left_is_shown_and_the_program_changes_nothing_of_it(opened: Opened) -> None:
    terminal = opened()
    terminal.until(LOADED)
    assert terminal.written.startswith(BEGUN)
    assert terminal.written.count(b"\x1b[?1049h") == 1
    assert terminal.written.count(b"SPARe") == 1
    leave(terminal)


def test_keys_typed_at_the_frame_are_done_in_order_and_unseen(opened: Opened, home: Path) -> None:
    terminal = opened()
    terminal.until(BEGUN)
    terminal.send(b"jsjjtzebra\rkx")
    terminal.until(LOADED)
    terminal.settle()
    assert b"jsjj" not in terminal.written
    leave(terminal)
    operations = [line.split('"o":"')[1].split('"')[0] for line in journal(home).splitlines()]
    assert operations == ["Star", "Tag", "Skip"]


def test_a_paste_at_the_frame_is_a_paste(opened: Opened, home: Path) -> None:
    terminal = opened()
    terminal.until(BEGUN)
    terminal.send(b"\x1b[200~sxsx\x1b[201~\x1b[<0;10;10M\x1b[<0;10;10m\x1b[I")
    leave(terminal)
    assert not journal(home)


@pytest.mark.parametrize("key", [b"q", b"\x03"])
def test_what_ends_the_program_may_be_typed_before_it_is_there(opened: Opened, key: bytes) -> None:
    terminal = opened()
    terminal.until(BEGUN)
    terminal.send(key)
    terminal.until(LOADED)
    terminal.settle()
    if key != b"q":
        terminal.send(b"q")
    assert terminal.end() == 0
    assert terminal.is_given_back


def test_ctrl_z_at_the_frame_stops_the_program_when_it_is_there(opened: Opened) -> None:
    terminal = opened()
    terminal.until(BEGUN)
    terminal.send(b"\x1a")
    os.waitpid(terminal.pid, os.WUNTRACED)
    terminal.settle(0)
    assert terminal.is_given_back
    terminal.kill(signal.SIGCONT)
    terminal.settle()
    terminal.send(b"q")
    assert terminal.end() == 0
    assert terminal.is_given_back


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT])
def test_a_signal_at_the_frame_gives_the_terminal_back(opened: Opened, number: int) -> None:
    terminal = opened(WAITS)
    terminal.until(BEGUN)
    terminal.settle(0.1)
    terminal.kill(number)
    assert terminal.end() == 128 + number
    assert terminal.is_given_back


def test_an_error_after_the_frame_gives_the_terminal_back_and_is_said(opened: Opened) -> None:
    breaks = """
import sys
import tui_reader.store
from tui_reader.errors import StoreError
def broken(*_):
    raise StoreError("It broke.")
tui_reader.store.Store.__init__ = broken
from tui_reader.__main__ import main
main()
"""
    terminal = opened([PROGRAM[0], "-c", breaks])
    assert terminal.end() == 3
    assert terminal.is_given_back
    assert BEGUN in terminal.written
    assert b"It broke." in terminal.written.rpartition(b"\x1b[?1049l")[2]


@pytest.mark.parametrize(
    ("change", "environment"),
    [
        ("size", {}),
        ("journal", {}),
        ("settings", {}),
        ("cut", {}),
        ("flipped", {}),
        ("foreign", {}),
        ("link", {}),
        ("gone", {}),
        ("empty", {}),
        ("", {"TERM": "xterm"}),
        ("", {"NO_COLOR": "1"}),
        ("", {"COLORTERM": "truecolor"}),
        ("", {"LC_ALL": "en_US.UTF-8"}),
        ("", {"TZ": "Asia/Tokyo"}),
    ],
)
def test_no_frame_is_shown_that_is_not_of_this_opening(
    opened: Opened, home: Path, change: str, environment: dict[str, str]
) -> None:
    leave(opened())
    file = frame_file(home)
    kept = file.read_bytes()
    match change:
        case "journal":
            (home / "data").mkdir(exist_ok=True)
            (home / "data" / "journal-other.jsonl").write_text("{}\n")
        case "settings":
            (home / "config" / "config.toml").write_text("sync = false\ncompact = true\n")
        case "cut":
            file.write_bytes(kept[:-1])
        case "flipped":
            file.write_bytes(kept[:-9] + bytes([kept[-9] ^ 1]) + kept[-8:])
        case "foreign":
            file.chmod(0o644)
        case "link":
            file.rename(home / "elsewhere")
            file.symlink_to(home / "elsewhere")
        case "gone":
            file.unlink()
        case "empty":
            file.write_bytes(b"")
    size = (90, 30) if change == "size" else (100, 30)
    terminal = opened(left=False, size=size, **environment)
    assert not has_frame(terminal)
    leave(terminal)


def test_without_the_setting_no_frame_is_kept(opened: Opened, home: Path) -> None:
    leave(opened())
    (home / "config" / "config.toml").write_text("sync = false\nfirst_frame = false\n")
    leave(opened(left=False))
    assert not frame_file(home).exists()


def test_a_resize_at_the_frame_has_all_painted_anew(opened: Opened) -> None:
    terminal = opened()
    terminal.until(BEGUN)
    terminal.resize((90, 30))
    terminal.resize((100, 30))
    terminal.until(LOADED)
    terminal.settle()
    assert terminal.written.count(b"SPARe") > 1
    leave(terminal)


def test_keys_for_a_list_that_has_moved_are_dropped_and_that_is_said(
    opened: Opened, home: Path
) -> None:
    moves = """
import os, sys
from tui_reader.ui.terminal import first_frame
from tui_reader.__main__ import main
show = first_frame.show
def shown(arguments):
    show(arguments)
    os.read(0, 1)
    open(sys.argv[-1] + "/cache/written-meanwhile", "w").write("x")
first_frame.show = shown
main()
"""
    terminal = opened([PROGRAM[0], "-c", moves])
    terminal.until(BEGUN)
    terminal.send(b"\nsjx")
    terminal.until(b"The list has changed")
    leave(terminal)
    assert "Star" not in journal(home)


def test_two_programs_at_once_both_show_it_and_the_one_left_last_keeps_its_own(
    opened: Opened,
) -> None:
    one, other = opened(), opened(left=False)
    assert has_frame(one)
    assert has_frame(other)
    leave(one)
    leave(other)
    assert has_frame(opened(left=False))


def test_the_frame_is_private_and_nothing_else_is_left(opened: Opened, home: Path) -> None:
    leave(opened())
    assert frame_file(home).stat().st_mode & 0o777 == 0o600
    assert {file.name for file in (home / "cache").iterdir()} == {"first-frame", "papers.sqlite3"}


def test_none_is_shown_where_there_is_no_terminal_or_a_command_is_given(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(os, "isatty", lambda _: True)
    monkeypatch.setattr(first_frame, "file", lambda _: pytest.fail("it was looked for"))
    for arguments in (["list"], ["--home"], ["--home", "--sample"], ["--version"], ["file.txt"]):
        first_frame.show(arguments)
    monkeypatch.setattr(os, "isatty", lambda of: of != 1)
    first_frame.show([])


@pytest.mark.parametrize("system", ["unix", "macos"])
@pytest.mark.parametrize("xdg", ["", "/tmp/elsewhere"])
def test_the_frame_is_where_platformdirs_has_the_cache(
    monkeypatch: pytest.MonkeyPatch, system: str, xdg: str
) -> None:
    from platformdirs import macos, unix

    monkeypatch.delenv("TUI_READER_HOME")
    platform = {"unix": "linux", "macos": "darwin"}[system]
    monkeypatch.setattr(first_frame, "sys", SimpleNamespace(platform=platform))
    if system == "unix":
        monkeypatch.setenv("XDG_CACHE_HOME", xdg)
        monkeypatch.setenv("XDG_STATE_HOME", xdg)
    dirs = {"unix": unix.Unix, "macos": macos.MacOS}[system]("tui-reader", appauthor=False)
    here = {"home": None, "sample": False}
    assert first_frame.file(here) == f"{dirs.user_cache_dir}/first-frame"
    sample = f"{dirs.user_state_dir}/sample/cache/first-frame"
    assert first_frame.file(here | {"sample": True}) == sample


def test_the_modes_are_those_that_the_driver_sets(opened: Opened) -> None:
    terminal = opened(WAITS)
    terminal.until(BEGUN)
    terminal.settle(0.1)
    program = opened(left=False)
    program.until(LOADED)
    assert program.modes_now == terminal.modes_now
    leave(program)


OURS = {
    "__main__", "actions", "calendar", "cli", "cli.output", "cli.shell", "config", "crash",
    "errors", "fields", "files", "following", "late", "merge", "model", "opening", "store",
    "taxonomy", "text", "triage", "ui", "ui.terminal", "ui.parts",
}  # fmt: skip
"""What of the program may be loaded when it paints first; of `cli`, no command."""
OTHERS = {"_json", "_sqlite3", "encodings", "gc", "json", "sqlite3", "tomllib"}
"""What may be loaded besides, that the smallest Textual app does not load."""
LOADED_BY = """
import os, sys
from tui_reader.ui import spared
spared.load_textual()
{setup}
def done(*_):
    with open({names!r}, "w") as file:  # the terminal is written to by others, too
        print(*sys.modules, file=file)
    print(" END", file=sys.__stderr__, flush=True)
    os._exit(0)
{run}
"""


def test_a_first_painting_loads_nothing_but_what_is_named_here(
    opened: Opened, tmp_path: Path
) -> None:
    names = tmp_path / "names"

    def loaded(setup: str, run: str) -> set[str]:
        code = LOADED_BY.format(setup=setup, run=run, names=str(names))
        opened([PROGRAM[0], "-c", code], left=False).until(b" END")
        return set(names.read_text().split())

    smallest = loaded(
        "from textual.app import App\nfrom textual.widgets import Static",
        "App.compose = lambda _: [Static()]\nApp.on_ready = done\nApp().run()",
    )
    ours = loaded(
        "from tui_reader.ui.app import ReaderApp",
        "ReaderApp.painted_first = done\nfrom tui_reader.__main__ import main\nmain()",
    )
    more = ours - smallest
    parts = {name.removeprefix("tui_reader.") for name in more if name.startswith("tui_reader.")}
    whole = {part.partition(".")[0] for part in parts if part.partition(".")[0] != "cli"}
    assert whole | {part for part in parts if part.startswith("cli")} <= OURS
    others = {name.partition(".")[0] for name in more} - {"tui_reader", "rich", "textual"}
    assert others <= OTHERS
    assert not {"textual.command", "textual.widgets._input", "_ssl", "argparse"} & ours
