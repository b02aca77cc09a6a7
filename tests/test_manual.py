"""The manual page says what there is."""

import subprocess
import sys
from pathlib import Path
from shutil import which

import pytest

from tests.conftest import Cli
from tui_reader import actions
from tui_reader.cli import shell
from tui_reader.cli.parsing import COMMANDS


def test_the_manual_page_names_every_command_and_key(cli: Cli, own_home: Path) -> None:
    page = cli("man").out
    assert page.isascii()
    assert str(own_home).replace("-", "\\-") in page
    assert all(f"\\fB{name}" in page for name in COMMANDS)
    if which("groff"):
        done = subprocess.run(
            ["groff", "-man", "-ww", "-Wbreak", "-Tutf8", "-P-c"],
            input=page, capture_output=True, text=True, check=True,
        )  # fmt: skip
        assert not done.stderr
        told = " ".join(done.stdout.replace("\b", "").split())
        assert all(action.help.split()[0] in told for action in actions.ACTIONS)


@pytest.mark.parametrize("command", ["list", "completions bash", "man", "doctor", "stats"])
def test_a_closed_pipe_ends_every_command_quietly(command: str) -> None:
    line = f"{sys.executable} -m tui_reader {command} | head -n 0"
    done = subprocess.run(["sh", "-c", line], capture_output=True, check=False)
    assert done.stderr in (b"", f"{shell.NOTHING_STORED}\n".encode())
