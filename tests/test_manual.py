"""The manual page and the completions of shells say what there is."""

import subprocess
import sys
from pathlib import Path
from shutil import which

import pytest

from tui_reader import actions
from tui_reader.cli import run
from tui_reader.cli.shell import COMMANDS

Capture = pytest.CaptureFixture[str]


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_a_shell_takes_its_completions_and_they_name_every_command(
    capsys: Capture, tmp_path: Path, shell: str
) -> None:
    assert run(["completions", shell]) == 0
    script = capsys.readouterr().out
    assert all(name in script for name in COMMANDS)
    (tmp_path / "script").write_text(script)
    if which(shell):
        subprocess.run([shell, "-n", tmp_path / "script"], check=True)


@pytest.mark.skipif(not which("bash"), reason="no bash here")
@pytest.mark.parametrize(
    ("typed", "offered"),
    [
        (["ex"], ["export"]),
        (["--home", "list", "st"], ["status", "stats", "star"]),
        (["--as"], ["--ascii"]),
        (["list", "--i"], ["--ids"]),
        (["export", "--format", "r"], ["ris"]),
        (["follow", "cs.DC", "cs.D"], ["cs.DB", "cs.DC", "cs.DL", "cs.DM", "cs.DS"]),
        (["completions", ""], ["--help", "bash", "zsh", "fish"]),
    ],
)
def test_bash_offers_what_fits(capsys: Capture, typed: list[str], offered: list[str]) -> None:
    run(["completions", "bash"])
    words = " ".join(f"'{word}'" for word in ["tui-reader", *typed])
    ask = f"COMP_WORDS=({words}) COMP_CWORD={len(typed)}; _tui_reader; echo ${{COMPREPLY[@]}}"
    done = subprocess.run(
        ["bash", "-c", f"{capsys.readouterr().out}\n{ask}"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.split() == offered


def test_the_manual_page_names_every_command_and_key(capsys: Capture, own_home: Path) -> None:
    assert run(["man"]) == 0
    page = capsys.readouterr().out
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
        assert "NAME" in done.stdout or "NNAAMMEE" in told
        assert all(action.help.split()[0] in told for action in actions.ACTIONS)


@pytest.mark.parametrize("command", ["list", "completions bash", "man", "doctor", "stats"])
def test_a_closed_pipe_ends_every_command_quietly(command: str) -> None:
    line = f"{sys.executable} -m tui_reader {command} | head -n 0"
    done = subprocess.run(["sh", "-c", line], capture_output=True, check=False)
    assert done.stderr in (b"", b"Nothing is stored yet: tui-reader import FILE\n")
