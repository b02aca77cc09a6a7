"""Each machine has a name of its own, whatever was copied from another one."""

import os
import shutil
from pathlib import Path

import pytest

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


def test_what_is_made_is_the_owners_alone_whatever_the_umask(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        machine_name(tmp_path / "home" / "state")
    finally:
        os.umask(before)
    made = [tmp_path / "home", *(tmp_path / "home").rglob("*")]
    assert [oct(path.stat().st_mode & 0o077) for path in made] == ["0o0"] * len(made)
