"""Triage in linear text, as someone with a screen reader does it."""

from collections.abc import Iterator

import pytest

from tests.conftest import NOW, SAMPLE
from tests.driver import INBOX
from tui_reader import linear
from tui_reader.cli import run
from tui_reader.model import Marks, PaperId
from tui_reader.store import Store
from tui_reader.text import Mode

FIRST, SECOND, THIRD = (PaperId(f"2603.00{number}") for number in (356, 357, 477))


def go(store: Store, *answers: str) -> str:
    """Answer the prompts, one after the other, and return all that was said."""
    said: list[str] = []
    left: Iterator[str] = iter(answers)

    def ask(prompt: str) -> str:
        said.append(prompt)
        try:
            return next(left)
        except StopIteration:
            raise EOFError from None

    rows = store.contents(INBOX).rows
    linear.run(store, rows, said.append, ask, lambda: NOW, Mode.UNICODE)
    return "\n".join(said)


def test_each_paper_is_told_once_with_its_place(sample: Store) -> None:
    said = go(sample, "", "k")
    assert "1 of 37: Token Management in Multi-Tenant AI Inference Platforms" in said
    assert "No authors named." in said
    assert "3 of 37: Do We Need Tensor Cores" in said
    assert sample.marks([FIRST])[FIRST].read
    assert not sample.marks([SECOND])[SECOND].read


def test_stars_skips_tags_notes_and_undo(sample: Store) -> None:
    said = go(sample, "t", "serving", "n", "ask Ana", "s", "x", "u", "q", "never asked")
    first = sample.marks([FIRST])[FIRST]
    assert first == Marks(True, True, False, frozenset({"serving"}), "ask Ana")
    assert not sample.marks([SECOND])[SECOND].skipped
    assert f"Took back: Skip {SECOND}." in said


def test_i_can_go_back_read_again_and_ask_for_help(sample: Store) -> None:
    said = go(sample, "k", "b", "a", "?")
    assert said.count("1 of 37: Token") == 3
    assert "s      star it" in said


def test_the_command_says_what_is_left(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    answers = iter(["x", "s"])

    def answer(prompt: str) -> str:
        try:
            return next(answers)
        except StopIteration:
            raise EOFError from None

    run(["import", str(SAMPLE)])
    monkeypatch.setattr("builtins.input", answer)
    assert run(["triage", "--plain", "-moe"]) == 0
    assert "31 of 33 papers are still unread." in capsys.readouterr().out


def test_marks_go_out_and_come_back_with_their_history(
    capsys: pytest.CaptureFixture[str], tmp_path: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(["star", FIRST])
    run(["tag", "moe, serving", FIRST, SECOND])
    run(["tag", "-serving", SECOND])
    run(["note", FIRST, "ask Ana"])
    file = f"{tmp_path}/marks.backup"
    assert run(["backup", file]) == 0
    assert run(["backup", file]) == 2
    assert "exists" in capsys.readouterr().err
    assert run(["history", FIRST]) == 0
    told = capsys.readouterr().out
    assert [line.split("\t")[2] for line in told.splitlines()] == ["Star", "Tag", "Note"]

    monkeypatch.setenv("TUI_READER_HOME", f"{tmp_path}/elsewhere")
    assert run(["history"]) == 1
    assert run(["restore", file]) == 0
    assert "4 changes restored that were missing here" in capsys.readouterr().out
    assert run(["restore", file]) == 0
    assert "0 changes restored" in capsys.readouterr().out
    run(["import", str(SAMPLE)])
    capsys.readouterr()
    run(["list", "--ids", "is:starred", "tag:moe", "note:ana"])
    assert capsys.readouterr().out.split() == [FIRST]
    run(["list", "--ids", "tag:moe", "-tag:serving"])
    assert capsys.readouterr().out.split() == [SECOND]


def test_a_file_that_is_no_backup_is_refused(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert run(["restore", str(SAMPLE)]) == 3
    assert "is not a backup" in capsys.readouterr().err


def test_the_end_of_the_input_ends_it_at_any_prompt(sample: Store) -> None:
    assert "Tags: " in go(sample, "t")
    assert "Note: " in go(sample, "n")
    assert sample.contents(INBOX).rows
