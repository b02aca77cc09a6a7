"""Changing marks: every verb, in bulk, and back again."""

import random
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from tests.journal_store import NOW, JournalStore, toggle_star
from tests.journal_trials import PAPERS, edit
from tui_reader.model import Marks, PaperId
from tui_reader.store.changes import Operation
from tui_reader.triage import (
    Triage,
    Verb,
    mark_read,
    mark_unread,
    retag,
    set_note,
    set_tags,
    skip,
    star,
    unstar,
    what_went,
)

ONE, TWO = PaperId("2603.00356"), PaperId("hep-th/9901001")


@pytest.fixture
def store(tmp_path: Path) -> JournalStore:
    return JournalStore(tmp_path)


@pytest.fixture
def triage(store: JournalStore) -> Triage:
    return Triage(store, lambda: NOW)


@pytest.mark.parametrize(
    ("before", "verb", "after"),
    [
        (Marks(), toggle_star, Marks(starred=True)),
        (Marks(starred=True), toggle_star, Marks()),
        (Marks(), star, Marks(starred=True, read=True)),
        (Marks(skipped=True, read=True), star, Marks(starred=True, read=True)),
        (Marks(returned=True), star, Marks(starred=True, read=True)),
        (Marks(starred=True, read=True), unstar, Marks(read=True)),
        (Marks(starred=True), unstar, Marks()),
        (Marks(), mark_read, Marks(read=True)),
        (Marks(read=True, skipped=True), mark_unread, Marks()),
        (Marks(), skip, Marks(read=True, skipped=True)),
        (Marks(starred=True), skip, Marks(read=True, skipped=True)),
        (Marks(read=True, skipped=True, starred=True), mark_unread, Marks(starred=True)),
        (Marks(), retag(" to  JJ\n"), Marks(read=True, tags=frozenset({"to JJ"}))),
        (Marks(), retag(" "), Marks()),
        (Marks(), retag("Erdo\u030bs"), Marks(read=True, tags=frozenset({"Erd\u0151s"}))),
        (Marks(), set_tags(["a", ""]), Marks(read=True, tags=frozenset({"a"}))),
        (Marks(tags=frozenset({"a", "b"})), set_tags(["b"]), Marks(tags=frozenset({"b"}))),
        (Marks(tags=frozenset({"a", "b"})), retag("- a "), Marks(tags=frozenset({"b"}))),
        (Marks(), set_note(" one\n two \n"), Marks(read=True, note="one\n two")),
        (Marks(note="same"), set_note("same"), Marks(note="same")),
        (Marks(note="old"), set_note(" \n"), Marks()),
        (Marks(note="old"), set_note(None), Marks()),
    ],
)
def test_a_verb_changes_what_it_says(before: Marks, verb: Verb, after: Marks) -> None:
    assert verb(before) == after


def test_undo_gives_each_paper_its_own_marks_back(store: JournalStore, triage: Triage) -> None:
    triage.edit("Star", [ONE], toggle_star)
    triage.edit("Read", [ONE], mark_read)
    triage.edit("Skip", [ONE, TWO], skip)
    undone = triage.undo()
    assert undone
    assert (undone.operation, set(undone.papers)) == ("Skip", {ONE, TWO})
    assert store.marks([ONE, TWO]) == {ONE: Marks(starred=True, read=True), TWO: Marks()}


def test_undo_and_redo_walk_through_all_changes(store: JournalStore, triage: Triage) -> None:
    states = [store.marks(PAPERS)]
    for paper in PAPERS:
        triage.edit("Star", [paper], star)
        states.append(store.marks(PAPERS))
    for state in reversed(states[:-1]):
        assert triage.undo()
        assert store.marks(PAPERS) == state
    assert triage.undo() is None
    for state in states[1:]:
        assert triage.redo()
        assert store.marks(PAPERS) == state
    assert triage.redo() is None


def test_undo_works_after_a_restart_and_in_another_process(tmp_path: Path) -> None:
    Triage(JournalStore(tmp_path), lambda: NOW).edit("Star", [ONE], star)
    Triage(JournalStore(tmp_path), lambda: NOW).edit("Note", [ONE], set_note("hm"))
    assert Triage(JournalStore(tmp_path), lambda: NOW).undo()
    other = JournalStore(tmp_path)
    assert Triage(other, lambda: NOW).undo()
    assert other.marks([ONE]) == {ONE: Marks()}
    redone = Triage(JournalStore(tmp_path), lambda: NOW).redo()
    assert redone
    assert redone.operation == "Star"


def test_a_new_change_ends_what_can_be_redone(triage: Triage) -> None:
    triage.edit("Star", [ONE], star)
    triage.undo()
    triage.edit("Read", [ONE], mark_read)
    assert triage.redo() is None


def test_undo_takes_back_what_this_machine_did_only(tmp_path: Path, triage: Triage) -> None:
    Triage(JournalStore(tmp_path, "lap"), lambda: NOW).edit("Star", [ONE], star)
    assert triage.undo() is None


def test_undo_leaves_alone_what_was_decided_elsewhere_since(tmp_path: Path) -> None:
    desk, lap = (JournalStore(tmp_path, name) for name in ("desk", "lap"))
    Triage(desk, lambda: NOW).edit("Skip", [ONE, TWO], skip)
    Triage(desk, lambda: NOW).edit("Note", [ONE], set_note("from the desk"))
    Triage(lap, lambda: NOW).edit("Note", [ONE], set_note("from the lap"))
    undone = Triage(desk, lambda: NOW).undo()
    assert undone
    assert (undone.operation, undone.papers) == ("Note", ())
    undone = Triage(desk, lambda: NOW).undo()
    assert undone
    assert undone.operation == "Skip", "what could not be undone does not stand in the way"
    assert desk.marks([ONE, TWO]) == {ONE: Marks(note="from the lap"), TWO: Marks()}


def test_reading_in_passing_is_no_step_of_undo_and_ends_no_redo(
    store: JournalStore, triage: Triage
) -> None:
    triage.edit("Skip", [ONE], skip)
    triage.edit(Operation.IN_PASSING, [TWO], mark_read)
    assert triage.undo()
    triage.edit(Operation.IN_PASSING, [TWO], mark_read)
    assert store.marks([ONE, TWO]) == {ONE: Marks(), TWO: Marks(read=True)}
    redone = triage.redo()
    assert redone
    assert redone.operation == "Skip"


def test_what_a_star_or_a_skip_ends_is_told_and_comes_back_with_undo(
    store: JournalStore, triage: Triage
) -> None:
    triage.edit("Star", [ONE, TWO], star)
    skipped = triage.edit("Skip", [ONE, TWO], skip)
    starred = triage.edit("Star", [ONE], star)
    again = triage.edit("Tag", [ONE], retag("a"))
    assert skipped
    assert starred
    assert again
    assert what_went(skipped) == ("starred", [ONE, TWO])
    assert what_went(starred) == ("skipped", [ONE])
    assert what_went(again) == ("", [])
    triage.undo()
    triage.undo()
    assert store.marks([ONE]) == {ONE: Marks(skipped=True, read=True)}


def test_all_that_was_decided_is_taken_back_as_one_change(
    store: JournalStore, triage: Triage
) -> None:
    triage.edit("Star", [ONE], star)
    earlier = store.marks(PAPERS)
    done = [
        triage.edit("Skip", [ONE], skip),
        triage.edit("Tag", [TWO], retag("a, b")),
        triage.edit("Tag", [TWO], retag("-a")),
    ]
    later = store.marks(PAPERS)
    changed = triage.take_back([change for change in done if change])
    assert changed
    assert set(changed.papers) == {ONE, TWO}
    assert store.marks(PAPERS) == earlier
    assert triage.undo()
    assert store.marks(PAPERS) == later


def test_where_star_and_skip_meet_the_later_counts_and_the_other_comes_back_with_undo(
    tmp_path: Path,
) -> None:
    desk, lap = (JournalStore(tmp_path / name, name) for name in ("desk", "lap"))
    Triage(desk, lambda: NOW).edit("Skip", [ONE, TWO], skip)
    for number in range(3):  # later by its own count of changes
        Triage(lap, lambda: NOW).edit("Note", [TWO], set_note(str(number)))
    Triage(lap, lambda: NOW).edit("Star", [ONE], star)
    [journal] = (tmp_path / "desk").glob("*.jsonl")
    shutil.copy(journal, tmp_path / "lap")
    assert lap.marks([ONE]) == {ONE: Marks(starred=True, read=True)}
    assert Triage(lap, lambda: NOW).undo()
    assert lap.marks([ONE])[ONE].skipped


def test_a_paper_that_0_1_both_starred_and_skipped_stays_starred(
    store: JournalStore, triage: Triage
) -> None:
    triage.edit("Star", [ONE], lambda marks: replace(marks, starred=True))
    triage.edit("Skip", [ONE], lambda marks: replace(marks, skipped=True, read=True))
    assert store.marks([ONE]) == {ONE: Marks(starred=True, read=True)}


def test_undo_of_a_long_past_reaches_back_through_many_changes(
    store: JournalStore, triage: Triage
) -> None:
    for number in range(80):
        triage.edit("Note", [ONE], set_note(f"draft {number}"))
    for _ in range(79):
        assert triage.undo()
    assert store.marks([ONE]) == {ONE: Marks(read=True, note="draft 0")}


@pytest.mark.parametrize("seed", range(10))
def test_any_edits_undone_one_by_one_leave_what_was_before(
    store: JournalStore, triage: Triage, seed: int
) -> None:
    chance = random.Random(seed)
    for _ in range(20):
        edit(triage, chance)
    while triage.undo():
        pass
    assert set(store.marks(PAPERS).values()) == {Marks()}
