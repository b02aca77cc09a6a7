"""The manual page and the completions of shells say what there is."""

import subprocess
import sys
from pathlib import Path
from shutil import which

import pytest

from tests.conftest import Cli
from tui_reader import actions
from tui_reader.cli.shell import COMMANDS


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_a_shell_takes_its_completions_and_they_name_every_command(
    cli: Cli, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, shell: str
) -> None:
    (tmp_path / "script").write_text(cli(f"completions {shell}").out)
    if which(shell):
        subprocess.run([shell, "-n", tmp_path / "script"], check=True)
    monkeypatch.setenv("COMP_LINE", "tui-reader ")
    told = cli(f"completions {shell}").lines
    assert {line.split("\t")[0] for line in told} > COMMANDS.keys()


@pytest.mark.parametrize(
    ("typed", "offered"),
    [
        ("ex", "export"),
        ("--home list st", "status stats star"),
        ("--as", "--ascii"),
        ("list --i", "--ids"),
        ("export --format r", "ris"),
        ("follow cs.DC cs.D", "cs.DB cs.DC cs.DL cs.DM cs.DS"),
        ("completions ", "--help bash zsh fish"),
    ],
)
def test_what_fits_is_offered(
    cli: Cli, monkeypatch: pytest.MonkeyPatch, typed: str, offered: str
) -> None:
    monkeypatch.setenv("COMP_LINE", f"tui-reader {typed}")
    assert cli("completions bash").lines == offered.split()


@pytest.mark.skipif(not which("bash"), reason="no bash here")
def test_bash_asks_up_to_the_cursor(cli: Cli) -> None:
    reader = f'reader() {{ "{sys.executable}" -m tui_reader "$@"; }}'
    ask = "COMP_LINE='reader exp is:read' COMP_POINT=10; _tui_reader reader; echo $COMPREPLY"
    script = f"{reader}\n{cli('completions bash').out}\n{ask}"
    done = subprocess.run(["bash", "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout == "export\n"


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
    assert done.stderr in (b"", b"Nothing is stored yet: tui-reader import FILE\n")
