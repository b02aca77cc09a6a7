"""Looking changes nothing that a person made: no byte, and no time of a file."""

import os
from pathlib import Path

import pytest

from tests.conftest import Cli
from tests.terminal import PROGRAM, Terminal
from tui_reader.config import Paths

ONE = "2603.00356"
LOOKS = [
    "list", "list is:starred", "list --json", f"show {ONE}", f"export {ONE}", "stats", "history",
    f"history {ONE}", "status", "keys", "config", "doctor",
]  # fmt: skip

State = dict[Path, tuple[int, bytes]]


def state(directory: Path) -> State:
    """Return the time of every file and directory, and what is in the files."""
    found = [directory, *sorted(directory.rglob("*"))]
    return {
        path: (path.stat().st_mtime_ns, path.read_bytes() if path.is_file() else b"")
        for path in found
    }


@pytest.fixture
def marked(cli: Cli, imported: None, paths: Paths) -> State:
    """Mark a paper, and set all times back, so that any change shows."""
    cli(f"star {ONE}")
    cli(f"note {ONE}", "look at it")
    cli(f"tag moe {ONE}")
    for path in sorted(paths.data.rglob("*"), reverse=True):
        os.utime(path, ns=(10**18, 10**18))
    os.utime(paths.data, ns=(10**18, 10**18))
    return state(paths.data)


@pytest.mark.parametrize("command", LOOKS)
def test_a_command_that_looks_changes_nothing(
    cli: Cli, marked: State, paths: Paths, command: str
) -> None:
    cli(command)
    assert state(paths.data) == marked


def test_opening_and_quitting_changes_nothing(marked: State, paths: Paths) -> None:
    terminal = Terminal(PROGRAM)
    terminal.until(b"New submissions")
    terminal.settle()
    terminal.send(b"q")
    assert terminal.end() == 0
    terminal.close()
    assert state(paths.data) == marked
