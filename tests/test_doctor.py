"""The doctor looks at everything, and works when nothing else does."""

import json
import os
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from tests.conftest import Cli


@pytest.fixture
def lived_in(own_home: Path, cli: Cli, imported: None) -> Path:
    """A home with papers, a star and a category."""
    cli("star 2603.00357")
    cli("follow cs.DC")
    return own_home


def examined(cli: Cli, *options: str) -> tuple[int, dict[str, str]]:
    """Return the exit code, and what was found wrong by its check."""
    answer = cli("", *options, "doctor", "--json")
    told = [json.loads(line) for line in answer.lines]
    assert all(line["says"] for line in told)
    return answer.code, {line["check"]: line["says"] for line in told if not line["good"]}


def test_a_home_that_is_lived_in_is_good(cli: Cli, lived_in: Path) -> None:
    assert examined(cli) == (0, {})
    told = cli("doctor").out
    for fact in ("37 papers", "1 changes", "cs.DC", "SQLite", str(lived_in)):
        assert fact in told


@pytest.mark.parametrize("options", [(), ("--sample",)])
def test_a_new_home_is_good_before_and_after_its_first_use(
    cli: Cli, own_home: Path, options: tuple[str, ...]
) -> None:
    assert examined(cli) == (0, {})
    assert not own_home.exists()
    cli("", *options, "star", "2603.00357")
    assert examined(cli) == (0, {})


def damage_cache(home: Path) -> None:
    (home / "cache" / "papers.sqlite3").write_bytes(b"SQLite format 3\0" + b"\xff" * 8192)


def replace_cache(home: Path) -> None:
    (home / "cache" / "papers.sqlite3").write_text("my notes")


def use_newer_program(home: Path) -> None:
    with closing(sqlite3.connect(home / "cache" / "papers.sqlite3")) as db:
        db.execute("PRAGMA user_version = 999")


def damage_journal(home: Path) -> None:
    for file in (home / "data").glob("journal-*"):
        file.write_bytes(file.read_bytes() + b"{broken}\n")


def open_up(home: Path) -> None:
    (home / "data").chmod(0o755)


@pytest.mark.parametrize(
    ("harm", "check", "advice"),
    [
        (damage_cache, "papers", "fetched or imported again"),
        (replace_cache, "papers", "fetched or imported again"),
        (use_newer_program, "papers", "upgrade"),
        (damage_journal, "journals", "restore"),
        (open_up, "data", "chmod 700"),
        ("config.toml: asci = true", "settings", "is it ascii"),
        ("categories: cs.XX", "categories", "did you mean"),
    ],
)
def test_what_is_wrong_is_named_with_what_to_do(
    cli: Cli, lived_in: Path, harm: Callable[[Path], None] | str, check: str, advice: str
) -> None:
    if isinstance(harm, str):
        name, text = harm.split(": ")
        (lived_in / "config" / name).write_text(text)
    else:
        harm(lived_in)
    code, wrong = examined(cli)
    assert code == 1
    assert advice in wrong.pop(check)
    assert not wrong


def test_a_home_that_is_a_file_is_named(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    code, wrong = examined(cli, "--home", str(tmp_path / "file"))
    assert code == 1
    assert "--home DIR" in wrong["data"]


def test_without_a_home_directory_the_rest_is_told(
    cli: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("TUI_READER_HOME")
    for name in [name for name in os.environ if name.startswith("XDG_")]:
        monkeypatch.delenv(name)
    monkeypatch.setattr(os.path, "expanduser", lambda path: path)
    code, wrong = examined(cli)
    assert code == 1
    assert "set HOME" in wrong["places"]
    assert cli("list").code == 2


def test_arxiv_is_asked_only_online(
    cli: Cli, lived_in: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TUI_READER_ARXIV", "http://127.0.0.1:9")
    assert examined(cli) == (0, {})
    assert "BAD\tarxiv\t" in cli("doctor --online").out
