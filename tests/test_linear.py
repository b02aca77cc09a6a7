"""Triage in linear text, as someone with a screen reader does it."""

import re
from collections.abc import Callable, Sequence
from contextlib import closing, redirect_stdout
from io import StringIO
from pathlib import Path
from unittest.mock import patch

import pytest

from tests.conftest import NOW, SAMPLE, Cli
from tests.driver import INBOX, Reader, walk
from tui_reader import sources
from tui_reader.actions import ACTIONS, Action, remapped
from tui_reader.config import Paths
from tui_reader.errors import StoreError
from tui_reader.linear import Walk
from tui_reader.model import Marks, PaperId
from tui_reader.store import Store
from tui_reader.text import Mode

FIRST, SECOND = PaperId("2603.00356"), PaperId("2603.00357")


def answering(*answers: str) -> Callable[[str], str]:
    """Return what gives these answers, one after the other, and then the end of the input."""
    left = iter(answers)

    def ask(prompt: str) -> str:
        for answer in left:
            if answer == "Ctrl-C":
                raise KeyboardInterrupt
            return answer
        raise EOFError

    return ask


def go(store: Store, *answers: str, actions: Sequence[Action] = ACTIONS) -> str:
    """Answer the prompts, and return all that was said."""
    rows = store.contents(INBOX).rows
    with redirect_stdout(StringIO()) as said, patch("builtins.input", answering(*answers)):
        Walk(store, rows, lambda: NOW, Mode.UNICODE, actions).go()
    return said.getvalue()


def test_each_paper_is_told_once_with_its_place(sample: Store) -> None:
    said = go(sample, "", "j")
    assert "1 of 37: Token Management in Multi-Tenant AI Inference Platforms" in said
    assert "No authors named." in said
    assert "3 of 37: Do We Need Tensor Cores" in said
    assert sample.marks([FIRST])[FIRST].read
    assert not sample.marks([SECOND])[SECOND].read


@pytest.mark.parametrize("keys", [("s",), ("m",), ("x",), ("s", "s", "m"), ("x", "u"), ("s", "u")])
def test_an_answer_does_what_its_key_does_on_the_screen(
    sample: Store, tmp_path: Path, keys: tuple[str, ...]
) -> None:
    async def journey(reader: Reader) -> None:
        await reader.press(*keys)

    walk(sample, journey, view=INBOX)
    with closing(Store(Paths.under(tmp_path / "other"))) as other:
        other.save(sources.read(SAMPLE.read_bytes(), SAMPLE.name), NOW)
        go(other, *keys)
        assert other.marks([FIRST, SECOND]) == sample.marks([FIRST, SECOND])


def test_tags_notes_and_undo(sample: Store) -> None:
    said = go(
        sample, "t", "serving, moe", "n", "ask Ana", "s", "t", "-moe", "j", "x", "u", "q", "x"
    )
    first = sample.marks([FIRST])[FIRST]
    assert first == Marks(True, True, False, frozenset({"serving"}), "ask Ana")
    assert "starred, read, tags: serving, note: ask Ana." in said
    assert f"Took back: Skip {SECOND}." in said
    said = go(sample, "redo", "n", "", "n", "later", "n", "-")
    assert sample.marks([SECOND])[SECOND].skipped
    assert said.rindex("note: later.") < said.rindex("read.")


def test_undo_goes_to_the_paper_that_came_back(sample: Store) -> None:
    said = go(sample, "x", "u", "s", "q")
    assert said.count("1 of 37: Token") == 2
    assert sample.marks([FIRST])[FIRST].starred


def test_i_can_go_back_read_again_and_ask_for_help(sample: Store) -> None:
    said = go(sample, "j", "k", ".", "?")
    assert said.count("1 of 37: Token") == 3
    named = re.findall(r"^(\S+) +\S", said[said.index("Enter  ") :], re.MULTILINE)
    assert "?" in named
    for answer in {*named} - {"Enter", "?"}:
        assert "Show these answers" not in go(sample, answer, "q"), "every answer it names is one"


def test_answers_follow_my_own_keys(sample: Store) -> None:
    mine = remapped({"star": ("+",), "help": ("F1",)})
    assert "Enter goes on, help helps" in go(sample, "+", actions=mine)
    assert sample.marks([FIRST])[FIRST].starred


def test_a_mark_that_can_not_be_kept_is_told_and_ends_nothing(
    sample: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise StoreError("the disk is full")

    monkeypatch.setattr(sample.journal, "append", refuse)
    said = go(sample, "s", "j")
    assert said.index("the disk is full") < said.index("2 of 37")


@pytest.mark.parametrize("answers", [(), ("Ctrl-C",), ("t",), ("n", "Ctrl-C")])
def test_the_end_of_the_input_and_ctrl_c_end_it_at_any_prompt(
    sample: Store, answers: tuple[str, ...]
) -> None:
    assert go(sample, *answers).endswith("\n\n")
    assert sample.marks([FIRST]) == {FIRST: Marks()}


@pytest.mark.parametrize(
    ("arguments", "left"),
    [
        (["-moe"], "31 of 33 papers are still unread."),
        (["--view", "library", "ti:fed"], "papers are still unread."),
        (["--view", "CS.DC", "is:cross"], "3 of 5 papers are still unread."),
        (["--view", "cs.DC/2026-03-03"], "35 of 37 papers are still unread."),
        (["--view", "starred"], "Nothing is starred."),
        (["--view", "cs.DC/2026-03-02"], "the newest: cs.DC/2026-03-03"),
    ],
)
def test_the_command_goes_through_any_view_and_says_what_is_left(
    cli: Cli, imported: None, monkeypatch: pytest.MonkeyPatch, arguments: list[str], left: str
) -> None:
    monkeypatch.setattr("builtins.input", answering("x", "s"))
    assert left in "".join(cli("triage --plain", *arguments)[1:])


def test_marks_go_out_and_come_back_with_their_history(
    cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cli("star", FIRST)
    cli("tag 'moe, serving'", FIRST, SECOND)
    cli("tag -serving", SECOND)
    cli("note", FIRST, "ask Ana")
    file = tmp_path / "marks.backup"
    assert cli("backup", file).code == 0
    again = cli("backup", file)
    assert again.code == 2
    assert "exists" in again.err
    told = cli("history", FIRST).lines
    assert [line.split("\t")[2] for line in told] == ["Star", "Tag", "Note"]

    monkeypatch.setenv("TUI_READER_HOME", f"{tmp_path}/elsewhere")
    assert cli("history").code == 1
    assert "4 changes restored that were missing here" in cli("restore", file).out
    assert "0 changes restored" in cli("restore", file).out
    cli("import", SAMPLE)
    assert cli("list --ids is:starred tag:moe note:ana").lines == [FIRST]
    assert cli("list --ids tag:moe -tag:serving").lines == [SECOND]


def test_a_file_that_is_no_backup_is_refused(cli: Cli) -> None:
    answer = cli("restore", SAMPLE)
    assert answer.code == 3
    assert "is not a backup" in answer.err
