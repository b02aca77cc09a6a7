"""The journal is the truth, and the cache only follows it."""

from tests.journal_store import NOW
from tui_reader.config import Paths
from tui_reader.model import Marks, PaperId
from tui_reader.store import Store
from tui_reader.triage import Triage, set_note, star

ONE = PaperId("2603.00356")
STARRED = Marks(starred=True)


def test_a_mark_is_there_though_the_program_died_before_the_cache_had_it(paths: Paths) -> None:
    store = Store(paths)
    store.journal.append("Star", {ONE: (Marks(), STARRED)}, NOW)
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
