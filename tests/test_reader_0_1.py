"""Journals of today are understood by a program of version 0.1 on another machine."""

from dataclasses import asdict
from datetime import timedelta
from pathlib import Path

import pytest

from tests import reader_0_1
from tests.journal_store import NOW, JournalStore, marks_in
from tui_reader import triage
from tui_reader.model import Marks, PaperId, SavedFilter
from tui_reader.store.changes import Edit, Operation, operation_text
from tui_reader.triage import Triage

ONE, TWO, OLD = PaperId("2603.00356"), PaperId("2603.00357"), PaperId("hep-th/9901001")


def as_0_1(marks: Marks) -> dict[str, object]:
    later = ("tags", "unseen", "sample")
    known = {key: value for key, value in asdict(marks).items() if key not in later and value}
    return known | {f"tag:{tag}": True for tag in marks.tags}


def worked_with(directory: Path) -> JournalStore:
    store = JournalStore(directory)
    steps = Triage(store, lambda: NOW)
    steps.edit(Operation.STAR, [ONE, OLD], triage.star)
    steps.edit(Operation.NOTE, [ONE], triage.set_note("Erdős,\nline two"))
    steps.edit(Operation.TAG, [ONE, TWO], triage.retag("to JJ, moe"))
    steps.edit(Operation.TAG, [TWO], triage.retag("-moe"))
    steps.edit(Operation.SKIP, [TWO], triage.skip)
    steps.undo()
    steps.redo()
    passed_over, sample = PaperId("2603.00359"), PaperId("2603.00360")
    groups = [([passed_over], triage.pass_over), ([sample], triage.mark_sample)]
    steps.edit_each(Operation.PASS_OVER, groups)
    steps.edit(Operation.IN_PASSING, [PaperId("2603.00358")], triage.mark_read)
    steps.save_filters(Operation.MOVED_FILTERS, {"Erdős": SavedFilter('au:"p erdos"')})
    return store


def test_every_line_of_today_is_understood_by_version_0_1(tmp_path: Path) -> None:
    store = worked_with(tmp_path)
    for when in "before", "after":
        assert reader_0_1.changes(tmp_path)[1] == []
        expected = {paper: as_0_1(marks) for paper, marks in marks_in(tmp_path).items()}
        found = reader_0_1.marks(tmp_path)
        assert found == {paper: marks for paper, marks in expected.items() if marks}, when
        store.journal.compact(NOW + timedelta(1), keep=0)


def test_version_0_1_undoes_the_decisions_of_today_and_nothing_else(tmp_path: Path) -> None:
    store = worked_with(tmp_path)
    store.append(Edit(Operation.NEW_VERSION, {ONE: (Marks(), Marks(returned=True))}), NOW)
    found = reader_0_1.undoable(tmp_path, "desk")
    skips = ["Skip", "Skip the less likely"]
    filters = "Moved filters"
    assert found == ["Star", "Note", "Tag", "Tag", *skips, "Read in passing", filters]
    store.journal.compact(NOW, keep=0)
    assert reader_0_1.undoable(tmp_path, "desk") == []


@pytest.mark.parametrize("operation", Operation, ids=lambda operation: operation.name.lower())
def test_an_operation_is_kept_as_the_word_that_version_0_1_kept(operation: Operation) -> None:
    words = {
        "STAR": "Star",
        "UNSTAR": "Unstar",
        "SKIP": "Skip",
        "READ": "Read",
        "UNREAD": "Unread",
        "TAG": "Tag",
        "NOTE": "Note",
        "IN_PASSING": "Read in passing",
        "NEW_VERSION": "New version",
        "RECOVERED": "Recovered",
        "COMPACTION": "Compaction",
    }
    assert words.get(operation.name, operation.value) == operation.value
    assert operation_text(operation.value) == operation.said


def test_an_operation_of_a_later_version_is_unknown_and_can_be_undone(tmp_path: Path) -> None:
    store = JournalStore(tmp_path)
    steps = Triage(store, lambda: NOW)
    steps.edit("Frobnicate", [ONE], triage.star)
    undone = steps.undo()
    assert undone
    assert operation_text(undone.operation) == "unknown"
    assert not store.all_marks().get(ONE, Marks()).starred
