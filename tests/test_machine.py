"""Each machine has a name of its own, whatever was copied from another one."""

import os
import shutil
from pathlib import Path

import pytest

from tests.conftest import SAMPLE, Cli
from tests.terminal import PROGRAM, Terminal
from tui_reader import crash
from tui_reader.store.machine import machine_name


def test_a_name_stays(tmp_path: Path) -> None:
    assert machine_name(tmp_path / "state") == machine_name(tmp_path / "state")


def test_a_home_that_was_copied_is_noticed_and_both_keep_their_names(tmp_path: Path) -> None:
    first = machine_name(tmp_path / "a")
    shutil.copytree(tmp_path / "a", tmp_path / "b")
    second = machine_name(tmp_path / "b")
    assert first != second
    assert machine_name(tmp_path / "a") == first
    assert machine_name(tmp_path / "b") == second


def test_a_disk_that_was_cloned_to_another_machine_is_noticed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    identity = tmp_path / "machine-id"
    monkeypatch.setattr("tui_reader.store.machine._IDENTITIES", (str(identity),))
    names = []
    for text in ("one", "other", "one"):
        identity.write_text(text)
        names.append(machine_name(tmp_path / "state"))
    assert names[0] == names[2] != names[1]


def test_a_name_of_version_0_1_is_kept(tmp_path: Path) -> None:
    (tmp_path / "machine").write_text("desk-12ab\n")
    assert machine_name(tmp_path) == "desk-12ab" == machine_name(tmp_path)


def test_what_is_made_is_the_owners_alone_whatever_the_umask(cli: Cli, own_home: Path) -> None:
    before = os.umask(0)
    try:
        cli("import", SAMPLE)
        cli("follow cs.DC")
        cli("star 2603.00356")
        cli("backup", own_home / "state" / "backup.jsonl")
        with (own_home / "data" / "journal-lap.jsonl").open("wb") as journal:
            journal.write(b"damaged\n")
        crash.noted(ValueError(), own_home / "state")
        terminal = Terminal(PROGRAM)
        terminal.until(b"New submissions")
        terminal.send(b"sq")
        assert terminal.end() == 0
        terminal.close()
    finally:
        os.umask(before)
    (own_home / "data" / "journal-lap.jsonl").unlink()
    made = [own_home, *own_home.rglob("*")]
    assert len(made) > 10
    assert [path for path in made if path.stat().st_mode & 0o077] == []
