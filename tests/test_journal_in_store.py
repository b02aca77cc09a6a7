"""The journal is the truth, and the cache only follows it."""

import os
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import datetime
from pathlib import Path

import pytest

from tests.journal_store import NOW, marks_in, retag, set_note, star
from tests.journal_trials import PAPERS
from tui_reader.config import Paths
from tui_reader.errors import StoreError
from tui_reader.model import Marks, PaperId
from tui_reader.store import Change, Edit, Kind, Store, View
from tui_reader.triage import Triage

ONE, TWO = PaperId("2603.00356"), PaperId("hep-th/9901001")
STARRED = Marks(starred=True)


@contextmanager
def reader(paths: Paths) -> Iterator[tuple[Store, Triage]]:
    """Be a program for a while."""
    with closing(Store(paths)) as store:
        yield store, Triage(store, lambda: NOW)


def own_journal(paths: Paths) -> Path:
    [file] = paths.data.glob("journal-*.jsonl")
    return file


def vanish(paths: Paths) -> None:
    shutil.rmtree(paths.data)


def empty(paths: Paths) -> None:
    own_journal(paths).write_bytes(b"")


def cut(paths: Paths) -> None:
    os.truncate(own_journal(paths), 100)


def roll_back(paths: Paths) -> None:
    own_journal(paths).write_bytes(own_journal(paths).read_bytes().split(b"\n")[0] + b"\n")


def replace(paths: Paths) -> None:
    vanish(paths)
    other = paths._replace(cache=paths.cache / "other")
    with reader(other) as (_, triage):
        triage.edit("Note", PAPERS, set_note("a journal that is longer than the one before"))
    shutil.rmtree(other.cache)


def test_a_mark_is_there_though_the_program_died_before_the_cache_had_it(paths: Paths) -> None:
    store = Store(paths)
    store.journal.append(Edit("Star", {ONE: (Marks(), STARRED)}), NOW)
    store.close()
    reopened = Store(paths)
    assert reopened.marks([ONE]) == {ONE: STARRED}
    reopened.close()


def test_deleting_the_cache_loses_no_mark(paths: Paths) -> None:
    store = Store(paths)
    triage = Triage(store, lambda: NOW)
    triage.edit("Star", [ONE], star)
    triage.edit("Note", [ONE], set_note("kept"))
    store.close()
    for file in paths.cache.iterdir():
        file.unlink()
    reopened = Store(paths)
    assert reopened.marks([ONE]) == {ONE: Marks(starred=True, note="kept")}
    reopened.close()


def test_two_programs_see_each_others_marks(paths: Paths) -> None:
    here, there = Store(paths), Store(paths)
    Triage(here, lambda: NOW).edit("Star", [ONE], star)
    assert there.refresh() == {ONE}
    assert there.marks([ONE]) == {ONE: STARRED}
    undone = Triage(there, lambda: NOW).undo()
    assert undone
    assert here.refresh() == {ONE}
    assert here.marks([ONE]) == {ONE: Marks()}
    here.close()
    there.close()


@pytest.mark.parametrize("harm", [vanish, empty, cut, roll_back, replace])
@pytest.mark.parametrize("open_meanwhile", [False, True])
def test_marks_are_written_down_again_when_their_journal_is_lost(
    paths: Paths, harm: Callable[[Paths], None], open_meanwhile: bool
) -> None:
    marks = {ONE: Marks(starred=True, note="mine", tags=frozenset({"moe"})), TWO: Marks()}
    with reader(paths) as (_, triage):
        triage.edit("Star", [ONE, TWO], star)
        triage.edit("Note", [ONE], set_note("mine"))
        triage.edit("Tag", [ONE], retag("moe"))
        triage.edit("Unstar", [TWO], lambda _: Marks())
        if open_meanwhile:
            harm(paths)
            assert triage.edit("Star", [ONE], star) is None
    if not open_meanwhile:
        harm(paths)
    with reader(paths) as (store, triage):
        assert triage.edit("Star", [ONE], star) is None
        assert store.marks([ONE, TWO]) == marks
        assert open_meanwhile or "marks that only the cache had were written back" in str(
            store.problems
        )
    shutil.rmtree(paths.cache)
    with reader(paths) as (store, triage):
        assert store.marks([ONE, TWO]) == marks
        assert harm is cut or store.problems == ()
        while triage.undo():
            pass
        assert store.marks([ONE])[ONE].note == "mine", "writing down is nothing the person did"


def test_a_mark_made_after_the_loss_wins_over_what_was_written_down_again(paths: Paths) -> None:
    with reader(paths) as (_, triage):
        for note in "abc":
            triage.edit("Note", [ONE], set_note(note))
    vanish(paths)
    with reader(paths) as (_, triage):
        triage.edit("Note", [ONE], set_note("d"))
    assert marks_in(paths.data) == {ONE: Marks(note="d")}


@pytest.mark.parametrize("first", [True, False])
def test_a_mark_whose_journal_goes_the_moment_it_was_made_is_written_down_again(
    paths: Paths, monkeypatch: pytest.MonkeyPatch, first: bool
) -> None:
    with reader(paths) as (store, triage):
        if not first:
            triage.edit("Star", [ONE], star)
        appended = store.journal.append

        def append(edit: Edit, now: datetime) -> Change | None:
            change = appended(edit, now)
            vanish(paths)
            return change

        monkeypatch.setattr(store.journal, "append", append)
        assert triage.edit("Star", [TWO], star)
        assert store.marks([TWO]) == {TWO: STARRED}
        assert store.refresh() >= {TWO}
    assert marks_in(paths.data)[TWO] == STARRED


def test_two_programs_write_lost_marks_down_once(paths: Paths) -> None:
    with reader(paths) as (here, triage), reader(paths) as (there, _):
        triage.edit("Star", [ONE, TWO], star)
        there.refresh()
        vanish(paths)
        here.refresh()
        there.refresh()
        here.refresh()
        assert len(own_journal(paths).read_bytes().splitlines()) == 1


def test_machines_that_lost_the_same_journal_agree_on_the_latest_marks(tmp_path: Path) -> None:
    desk, lap = (Paths.under(tmp_path / name) for name in ("desk", "lap"))
    lap = lap._replace(data=desk.data)
    with reader(desk) as (at_desk, triage), reader(lap) as (at_lap, _):
        triage.edit("Note", [ONE], set_note("old"))
        triage.edit("Tag", [ONE], retag("moe"))
        at_lap.refresh()
        triage.edit("Note", [ONE], set_note("new"))
        triage.edit("Tag", [ONE], retag("-moe"))
        vanish(desk)
        at_desk.refresh()
        at_lap.refresh()
        assert at_lap.marks([ONE]) == {ONE: Marks(note="new")} == at_desk.marks([ONE])
        # What only the lap knew, older as it is, comes after and does not win.
        vanish(desk)
        at_lap.refresh()
        at_desk.refresh()
    assert marks_in(desk.data) == {ONE: Marks(note="new")}


def test_a_journal_that_was_made_shorter_is_no_loss(paths: Paths) -> None:
    with reader(paths) as (here, triage), reader(paths) as (there, _):
        for number in range(30):
            triage.edit("Note", [ONE], set_note(f"{number}"))
        there.refresh()
        assert here.journal.compact(NOW, keep=2)
        compact = own_journal(paths).read_bytes()
        assert there.marks([ONE]) == here.marks([ONE]) == {ONE: Marks(note="29")}
        assert there.problems == ()
        assert own_journal(paths).read_bytes() == compact


def test_nothing_counts_as_kept_while_lost_marks_can_not_be_written_down(
    paths: Paths, monkeypatch: pytest.MonkeyPatch
) -> None:
    with reader(paths) as (_, triage):
        triage.edit("Star", [ONE], star)
    vanish(paths)
    paths.data.write_text("in its place")
    with pytest.raises(StoreError, match="data"):
        Store(paths)
    paths.data.unlink()
    with monkeypatch.context() as patch:
        patch.setattr("tui_reader.store.journal.append_bytes", lambda *_: os.stat("/nowhere"))
        with reader(paths) as (store, triage):
            assert store.marks([ONE]) == {ONE: STARRED}
            assert "marks are in the cache only" in store.problems[0]
            with pytest.raises(StoreError, match="can't be written"):
                triage.edit("Star", [ONE], star)
    with reader(paths) as (store, triage):
        assert marks_in(paths.data) == {ONE: STARRED}


def test_marks_are_right_while_another_program_keeps_the_cache(
    paths: Paths, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tui_reader.store.AT_A_SCREEN", 0.0)
    monkeypatch.setattr("tui_reader.store.takeover.AT_A_SCREEN", 0.0)
    with reader(paths) as (store, triage), reader(paths) as (other, _):
        triage.edit("Star", [ONE], star)
        with closing(sqlite3.connect(paths.cache / "papers.sqlite3")) as keeper:
            keeper.execute("BEGIN IMMEDIATE")
            assert triage.edit("Note", [ONE], set_note("kept"))
            assert triage.edit("Tag", [ONE, TWO], retag("moe"))
            store.remember("cursor", "12")
            marks = {
                ONE: Marks(starred=True, note="kept", tags=frozenset({"moe"})),
                TWO: Marks(tags=frozenset({"moe"})),
            }
            assert store.marks([ONE, TWO]) == marks == other.marks([ONE, TWO])
            assert triage.undo()
            assert store.refresh() == frozenset()
            assert store.marks([TWO]) == {TWO: Marks()}
            assert store.recall("cursor") == "12"
            assert store.marked.tags() == []
            triage.redo()
        assert store.refresh() == {ONE, TWO}, "the views lagged behind"
        assert store.marked.tags() == ["moe"]
        assert store.marks([ONE, TWO]) == marks
        assert other.recall("cursor") == "12"
        assert list(other.contents(View(Kind.STARRED)).rows)


@pytest.mark.parametrize("content", [b"", b"\n", b"\0\0\0\0", b"../../evil\n", b"\xff"])
def test_a_ruined_name_of_the_machine_is_made_anew(paths: Paths, content: bytes) -> None:
    with reader(paths) as (_, triage):
        triage.edit("Star", [ONE], star)
    (paths.state / "machine").write_bytes(content)
    with reader(paths) as (store, triage):
        triage.edit("Star", [TWO], star)
        assert store.marks([ONE, TWO]) == {ONE: STARRED, TWO: STARRED}
        name = store.journal.machine
    with reader(paths) as (store, _):
        assert store.journal.machine == name
    assert [file.name for file in paths.state.iterdir()] == ["machine"]


def test_filters_are_made_ready_while_another_program_keeps_the_cache(
    sample: Store, paths: Paths
) -> None:
    rows = list(sample.contents(View(Kind.LIBRARY)).rows)[:3]
    with closing(sqlite3.connect(paths.cache / "papers.sqlite3")) as keeper:
        keeper.execute("BEGIN IMMEDIATE")
        assert not sample.prepare(rows)
        assert set(sample.cache.documents.at(rows)) == set(rows)


def test_a_cache_that_another_program_keeps_says_so_and_what_to_do(
    sample: Store, paths: Paths
) -> None:
    with closing(sqlite3.connect(paths.cache / "papers.sqlite3")) as keeper:
        keeper.execute("BEGIN IMMEDIATE")
        busy = "another program is writing; try again in a moment"
        with pytest.raises(StoreError, match=busy), sample.cache.db.writing(0):
            pass
