"""What shells offer at the Tab key: asked of the program, and seen in the shells themselves."""

import os
import shlex
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from shutil import which

import pytest

from tests.conftest import ROOT, Cli, save_filters
from tests.terminal import Terminal
from tui_reader.cli import completing
from tui_reader.cli.parsing import COMMANDS
from tui_reader.cli.shell import PARTLY
from tui_reader.config import Paths
from tui_reader.store import Store

TITLES = {"2603.00356": "Token Management", "2603.00357": "SPARe: Stacked Parallelism"}
Offered = Callable[[str], dict[str, str]]


@pytest.fixture
def offered(cli: Cli, imported: None, monkeypatch: pytest.MonkeyPatch) -> Offered:
    """Ask what may be meant at the end of a line: words and their meanings."""

    def ask(typed: str) -> dict[str, str]:
        with monkeypatch.context() as asking:
            asking.setenv("COMP_LINE", f"tui-reader {typed}")
            lines = cli("completions zsh").lines
        return dict(line.split("\t") for line in lines)

    return ask


def test_every_command_is_offered_and_no_option_before_a_dash(offered: Offered) -> None:
    assert offered("").keys() == COMMANDS.keys()
    assert offered("-").keys() >= {"--help", "--home", "--ascii"}


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("ex", "export"),
        ("--home list st", "status stats star"),
        ("--as", "--ascii"),
        ("list --i", "--ids"),
        ("export --format r", "ris"),
        ("follow cs.DC cs.D", "cs.DB cs.DC cs.DL cs.DM cs.DS"),
        ("follow CS.db", "cs.DB"),
        ("sync --harvest hep-", "hep-ex hep-lat hep-ph hep-th"),
        ("completions ", "bash zsh fish"),
        ("star 2603.00356 2603.0035", "2603.00357 2603.00356"),
        ("tag x 2603.0047", "2603.00477"),
        ("note 2603.0047", "2603.00477"),
        ("note 2603.00477 2603", ""),
        ("export 2603.0047", "2603.00477"),
        ("list is:un", "is:unread"),
        ("list -is:un", "-is:unread"),
        ("list moe is:un", "is:unread"),
        ("list cat:cs.d", "cat:cs.DB cat:cs.DC cat:cs.DL cat:cs.DM cat:cs.DS"),
        ("triage --view st", "starred"),
        ("triage --view cs.", "cs.DC/2026-03-03"),
        ("import ", ""),
        ("no such thing", ""),
    ],
)
def test_what_fits_is_offered(offered: Offered, typed: str, words: str) -> None:
    assert [*offered(typed)] == words.split()


def test_words_come_with_what_they_mean(offered: Offered) -> None:
    assert offered("st")["stats"] == COMMANDS["stats"].help
    assert offered("follow cs.DC")["cs.DC"] == "Distributed, Parallel, and Cluster Computing"
    assert offered("list cat:cs.LG")["cat:cs.LG"] == "Machine Learning"
    assert offered("list is:no")["is:noted"] == "has a note of yours"
    assert offered("list ti")["ti:"] == "word in the title"
    for id_, title in TITLES.items():
        assert offered(f"star {id_}")[id_].startswith(title)


def test_what_is_mine_is_offered(cli: Cli, offered: Offered, own_home: Path) -> None:
    save_filters(Store(Paths.under(own_home)), {"my experts": "au:lee is:unread"})
    cli("tag 'to read, serving' 2603.00356")
    assert offered("list --saved m") == {"my experts": "au:lee is:unread"}
    assert [*offered("tag ")] == ["serving", "to read"]
    assert [*offered("tag serving,")] == ["serving,to read"]
    assert [*offered("tag -")][-2:] == ["-serving", "-to read"]
    assert [*offered("list tag:")] == ["tag:serving", 'tag:"to read"']
    assert [*offered("list au:jin")] == ['au:"Jin Lee"']


def test_words_in_quotes_are_one_and_go_on(offered: Offered) -> None:
    for quote in "'", '"':
        assert [*offered(f"list {quote}moe is:un")] == ["moe is:unread"]


@pytest.mark.parametrize(
    ("typed", "files"),
    [
        ("", True),
        ("import x.html ", True),
        ("backup ", True),
        ("export -o ", True),
        ("--home ", True),
        ("star ", False),
        ("list ", False),
        ("tag x ", False),
    ],
)
def test_files_are_offered_where_files_belong(
    cli: Cli, monkeypatch: pytest.MonkeyPatch, typed: str, files: bool
) -> None:
    monkeypatch.setenv("COMP_LINE", f"tui-reader {typed}")
    assert cli("completions zsh").code == PARTLY * files


def test_what_is_stored_elsewhere_is_offered_for_there(
    cli: Cli, offered: Offered, tmp_path: Path
) -> None:
    other = f"--home {tmp_path / 'other'}"
    cli(f"{other} tag elsewhere 2603.00477")
    assert not offered("tag ")
    assert [*offered(f"{other} tag ")] == ["elsewhere"]


# In real shells


PROGRAM = f"""#!/bin/sh
[ "$1" = completions ] && exec {shlex.quote(sys.executable)} -m tui_reader "$@"
printf '<%s>' "$@"
"""
"""Completes as ours does, and tells what else it was asked for."""


@pytest.fixture
def shell(own_home: Path, imported: None, cli: Cli) -> dict[str, str]:
    """The environment of a shell that finds the program, and a person's own things."""
    save_filters(Store(Paths.under(own_home)), {"my experts": "au:lee"})
    cli("tag serving 2603.00356")
    program = own_home / "bin" / "tui-reader"
    program.parent.mkdir()
    program.write_text(PROGRAM)
    program.chmod(0o755)
    kept = {name: os.environ[name] for name in ("LANG", "LC_ALL") if name in os.environ}
    return kept | {
        "PATH": f"{program.parent}:{os.environ['PATH']}",
        "PYTHONPATH": str(ROOT),
        "TUI_READER_HOME": str(own_home),
        "HOME": str(own_home),
        "TERM": "xterm-256color",
    }


@pytest.mark.parametrize("name", completing.SHELL_SCRIPTS)
def test_a_shell_can_read_its_script(cli: Cli, tmp_path: Path, name: str) -> None:
    if not which(name):
        pytest.skip(f"no {name} here")
    (tmp_path / "script").write_text(cli(f"completions {name}").out)
    subprocess.run([name, "-n", tmp_path / "script"], check=True)


@pytest.mark.skipif(not which("fish"), reason="no fish here")
def test_fish_completes(shell: dict[str, str]) -> None:
    typed = [
        "tui-reader statu",
        "tui-reader export --form",
        "tui-reader list is:un",
        "tui-reader list 'moe is:un",
        "tui-reader follow cs.DC",
        "tui-reader list --saved m",
        "tui-reader tag s",
        "tui-reader star 2603.00477",
    ]
    asked = "\n".join(f'complete -C "{line}"' for line in typed)
    script = f"tui-reader completions fish | source\n{asked}"
    done = subprocess.run(
        ["fish", "--no-config", "-c", script], env=shell, capture_output=True, text=True, check=True
    )
    assert [line.split("\t") for line in done.stdout.splitlines()] == [
        ["status", COMMANDS["status"].help],
        ["--format", "told by the file's ending where there is one; else bibtex"],
        ["is:unread", "not marked as read"],
        ["moe is:unread", "not marked as read"],
        ["cs.DC", "Distributed, Parallel, and Cluster Computing"],
        ["my experts", "au:lee"],
        ["serving"],
        ["2603.00477", "Do We Need Tensor Cores for Stencil Computations?"],
    ]


@pytest.mark.skipif(not which("bash"), reason="no bash here")
def test_bash_asks_up_to_the_cursor(cli: Cli) -> None:
    reader = f'reader() {{ "{sys.executable}" -m tui_reader "$@"; }}'
    ask = "COMP_LINE='reader exp is:read' COMP_POINT=10; _tui_reader reader; echo $COMPREPLY"
    script = f"{reader}\n{cli('completions bash').out}\n{ask}"
    done = subprocess.run(["bash", "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout == "export\n"


@pytest.mark.parametrize("name", ["bash", "zsh"])
def test_the_tab_key_completes(shell: dict[str, str], name: str) -> None:
    if not which(name):
        pytest.skip(f"no {name} here")
    terminal = Terminal([name, *BARE[name]], (120, 40), **shell)
    try:
        terminal.send(f"source <(tui-reader completions {name}); tui-reader ready\n".encode())
        terminal.until(b"<ready>")
        for typed, asked in TABS.items():
            terminal.send(f"tui-reader {typed}\t\n".encode())
            terminal.until("".join(f"<{word}>" for word in asked).encode())
    finally:
        terminal.close()


BARE = {"bash": ["--norc", "--noprofile", "-i"], "zsh": ["-f", "-i"]}
TABS = {
    "statu": ["status"],
    "export --form": ["export", "--format"],
    "list is:unr": ["list", "is:unread"],
    "list 'moe is:unr": ["list", "moe is:unread"],
    "follow cs.DC": ["follow", "cs.DC"],
    "list au:jin": ["list", 'au:"Jin Lee"'],
    "follow CS.dc": ["follow", "cs.DC"],
    "list --saved my": ["list", "--saved", "my experts"],
    "tag serv": ["tag", "serving"],
    "star 2603.0047": ["star", "2603.00477"],
    "import READ": ["import", "README.md"],
}
