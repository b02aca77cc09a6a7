"""The doctor looks at everything, and works when nothing else does."""

import json
import os
import sqlite3
from pathlib import Path

import pytest

from tests.conftest import SAMPLE
from tui_reader.cli import run

Capture = pytest.CaptureFixture[str]


@pytest.fixture
def lived_in(own_home: Path, capsys: Capture) -> Path:
    """A home with papers, a star and a category."""
    for command in (["import", str(SAMPLE)], ["star", "2603.00357"], ["follow", "cs.DC"]):
        assert run(command) == 0
    capsys.readouterr()
    return own_home


def examined(capsys: Capture, *options: str) -> tuple[int, dict[str, str]]:
    """Return the exit code, and what was found wrong by its check."""
    capsys.readouterr()
    code = run([*options, "doctor", "--json"])
    told = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert all(line["says"] for line in told)
    return code, {line["check"]: line["says"] for line in told if not line["good"]}


def test_a_home_that_is_lived_in_is_good(capsys: Capture, lived_in: Path) -> None:
    assert examined(capsys) == (0, {})
    run(["doctor"])
    told = capsys.readouterr().out
    for fact in ("37 papers", "1 changes", "cs.DC", "SQLite", str(lived_in)):
        assert fact in told


@pytest.mark.parametrize("options", [(), ("--sample",)])
def test_a_new_home_is_good_before_and_after_its_first_use(
    capsys: Capture, own_home: Path, options: tuple[str, ...]
) -> None:
    assert examined(capsys) == (0, {})
    assert not own_home.exists()
    run([*options, "star", "2603.00357"])
    assert examined(capsys) == (0, {})


def damage_cache(home: Path) -> None:
    (home / "cache" / "papers.sqlite3").write_bytes(b"SQLite format 3\0" + b"\xff" * 8192)


def replace_cache(home: Path) -> None:
    (home / "cache" / "papers.sqlite3").write_text("my notes")


def use_newer_program(home: Path) -> None:
    db = sqlite3.connect(home / "cache" / "papers.sqlite3")
    db.execute("PRAGMA user_version = 999")
    db.close()


def damage_journal(home: Path) -> None:
    for file in (home / "data").glob("journal-*"):
        file.write_bytes(file.read_bytes() + b"{broken}\n")


def misspell_setting(home: Path) -> None:
    (home / "config" / "config.toml").write_text("asci = true")


def follow_nonsense(home: Path) -> None:
    (home / "config" / "categories").write_text("cs.XX")


def open_up(home: Path) -> None:
    (home / "data").chmod(0o755)


@pytest.mark.parametrize(
    ("harm", "check", "advice"),
    [
        (damage_cache, "papers", "delete it"),
        (replace_cache, "papers", "delete it"),
        (use_newer_program, "papers", "upgrade"),
        (damage_journal, "journals", "restore"),
        (misspell_setting, "settings", "is it ascii"),
        (follow_nonsense, "categories", "did you mean"),
        (open_up, "data", "chmod 700"),
    ],
)
def test_what_is_wrong_is_named_with_what_to_do(
    capsys: Capture, lived_in: Path, harm: object, check: str, advice: str
) -> None:
    harm(lived_in)  # type: ignore[operator]
    code, wrong = examined(capsys)
    assert code == 1
    assert advice in wrong.pop(check)
    assert not wrong


def test_a_home_that_is_a_file_is_named(capsys: Capture, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    code, wrong = examined(capsys, "--home", str(tmp_path / "file"))
    assert code == 1
    assert "--home DIR" in wrong["data"]


def test_without_a_home_directory_the_rest_is_told(
    capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("TUI_READER_HOME")
    for name in [name for name in os.environ if name.startswith("XDG_")]:
        monkeypatch.delenv(name)
    monkeypatch.setattr(os.path, "expanduser", lambda path: path)
    code, wrong = examined(capsys)
    assert code == 1
    assert "set HOME" in wrong["places"]
    assert run(["list"]) == 2


def test_arxiv_is_asked_only_online(
    capsys: Capture, lived_in: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TUI_READER_ARXIV", "http://127.0.0.1:9")
    assert examined(capsys) == (0, {})
    run(["doctor", "--online"])
    told = capsys.readouterr().out
    assert "BAD\tarxiv\t" in told
