"""Saved filters in the journal: undone, merged, forgotten for good, and moved from the old file."""

from contextlib import closing
from pathlib import Path

import pytest

from tests.conftest import NOW, save_filters
from tests.journal_store import JournalStore
from tui_reader.config import Paths
from tui_reader.model import Effect, PaperId, SavedFilter
from tui_reader.store import Operation, Store
from tui_reader.triage import Triage, star

ONE = PaperId("2603.00356")
MOE, LEE = SavedFilter("moe -serving"), SavedFilter('au:"jin lee"', Effect.WATCH)


def steps(store: JournalStore) -> Triage:
    return Triage(store, lambda: NOW)


def test_saving_and_forgetting_are_undone_one_by_one(store: Store) -> None:
    triage = Triage(store)
    triage.save_filters(Operation.SAVE_FILTER, {"experts": MOE})
    triage.save_filters(Operation.WATCH, {"experts": MOE._replace(effect=Effect.WATCH)})
    triage.save_filters(Operation.FORGET_FILTER, {"experts": None})
    triage.edit(Operation.STAR, [ONE], star)
    assert store.filters() == {}
    triage.undo()
    undone = triage.undo()
    assert undone
    assert (undone.operation, undone.filters, undone.papers) == (
        Operation.FORGET_FILTER,
        ("experts",),
        (),
    )
    assert store.filters() == {"experts": MOE._replace(effect=Effect.WATCH)}
    triage.undo()
    assert store.filters() == {"experts": MOE}
    triage.redo()
    assert store.filters()["experts"].effect is Effect.WATCH


def test_what_was_changed_since_is_not_undone(tmp_path: Path) -> None:
    desk, lap = JournalStore(tmp_path, "desk"), JournalStore(tmp_path, "lap")
    steps(desk).save_filters(Operation.SAVE_FILTER, {"experts": MOE})
    steps(lap).save_filters(Operation.SAVE_FILTER, {"experts": LEE})
    steps(desk).undo()
    assert desk.filters() == lap.filters() == {"experts": LEE}


def test_of_two_machines_the_later_change_counts_and_a_forgotten_filter_stays_so(
    tmp_path: Path,
) -> None:
    desk, lap = JournalStore(tmp_path / "d", "desk"), JournalStore(tmp_path / "l", "lap")
    steps(desk).save_filters(Operation.SAVE_FILTER, {"experts": MOE, "mine": MOE})
    steps(lap).save_filters(Operation.SAVE_FILTER, {"experts": LEE})
    steps(lap).save_filters(Operation.FORGET_FILTER, {"experts": None})
    for here, there in ((tmp_path / "d", tmp_path / "l"), (tmp_path / "l", tmp_path / "d")):
        for file in here.glob("journal-*"):
            (there / file.name).write_bytes(file.read_bytes())
    assert desk.filters() == lap.filters() == {"mine": MOE}


def test_they_survive_compaction_a_backup_and_a_new_cache(paths: Paths, tmp_path: Path) -> None:
    with closing(Store(paths)) as store:
        save_filters(store, {"experts": LEE, "gone": MOE})
        save_filters(store, {"experts": MOE})
        Triage(store).save_filters(Operation.FORGET_FILTER, {"gone": None})
        store.journal.compact(NOW, keep=0)
        store.journal.backup(tmp_path / "backup")
    for file in paths.cache.iterdir():
        file.unlink()
    with closing(Store(paths)) as store:
        assert store.filters() == {"experts": MOE}
    with closing(Store(Paths.under(tmp_path / "other"))) as store:
        store.journal.restore(tmp_path / "backup")
        store.refresh()
        assert store.filters() == {"experts": MOE}


def test_what_a_newer_program_lets_a_filter_do_is_not_done(store: Store) -> None:
    odd = SavedFilter("moe", "shout")  # type: ignore[arg-type]
    save_filters(store, {"experts": odd})
    assert store.filters() == {"experts": SavedFilter("moe", Effect.PLAIN)}


# The file of earlier programs


def old_file(paths: Paths, text: str) -> Path:
    paths.config.mkdir(parents=True, exist_ok=True)
    file = paths.config / "filters"
    file.write_text(text, encoding="utf-8")
    return file


def test_the_old_file_moves_to_the_journal_once(paths: Paths) -> None:
    file = old_file(paths, "experts\tmoe -serving\nmy Erdős\tau:erdos\n\n")
    for _ in range(2):
        with closing(Store(paths)) as store:
            assert store.filters() == {"experts": MOE, "my Erdős": SavedFilter("au:erdos")}
            assert not store.problems
            assert Triage(store).undo() is None
        assert not file.exists()
    assert file.with_name("filters.moved").read_text(encoding="utf-8").startswith("experts")


def test_what_was_forgotten_elsewhere_is_not_revived_and_what_differs_stays_beside(
    paths: Paths,
) -> None:
    lap = JournalStore(paths.data, "lap")
    steps(lap).save_filters(Operation.SAVE_FILTER, {"old": MOE, "experts": LEE, "same": MOE})
    steps(lap).save_filters(Operation.FORGET_FILTER, {"old": None})
    old_file(paths, "old\tmoe -serving\nexperts\tmoe -serving\nsame\tmoe -serving\n")
    with closing(Store(paths)) as store:
        beside = f"experts ({store.journal.machine})"
        assert store.filters() == {"experts": LEE, beside: MOE, "same": MOE}


def test_an_old_file_that_can_not_be_read_is_said_and_stays(paths: Paths) -> None:
    file = old_file(paths, "")
    file.write_bytes(b"experts\t\xff\n")
    with closing(Store(paths)) as store:
        [problem] = store.problems
    assert "your saved filters can't be taken over" in problem
    assert file.exists()


@pytest.mark.parametrize("filters", [{"": [None, "watch x"]}, {"experts": [None, 3]}, [], "x"])
def test_what_is_no_filter_is_damage_or_skipped(tmp_path: Path, filters: object) -> None:
    from tests.test_journal import line_of

    (tmp_path / "journal-lap.jsonl").write_bytes(line_of({"f": filters}))
    assert JournalStore(tmp_path).filters() == {}
