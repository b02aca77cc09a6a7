"""The cache is dispensable: whatever becomes of its file, marks are right and every verb works."""

import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests import cache_trials
from tests.conftest import NOW, Cli
from tests.driver import Reader, walk
from tui_reader import store as store_module
from tui_reader.config import Paths
from tui_reader.errors import StoreError
from tui_reader.model import Effect, Marks, Paper, PaperId, Reading, SavedFilter, paper_at, row_of
from tui_reader.query import parse
from tui_reader.store import Kind, Operation, Store, View, health
from tui_reader.store.db import Database
from tui_reader.triage import Triage, retag, set_note, star
from tui_reader.ui.parts import filter as filter_part

ONE = PaperId("2603.00356")
LIBRARY, STARRED = View(Kind.LIBRARY), View(Kind.STARRED)


def file_of(paths: Paths) -> Path:
    return paths.cache / "papers.sqlite3"


@pytest.fixture
def large_from_60() -> Iterator[None]:
    before = store_module.LARGE
    yield
    store_module.LARGE = before


@pytest.mark.usefixtures("large_from_60")
def test_whatever_is_damaged_nothing_is_silently_different_or_broken_for_long() -> None:
    assert cache_trials.run(16) == []


def test_damage_found_while_reading_is_said_once_and_the_stars_are_there(
    sample: Store, paths: Paths
) -> None:
    Triage(sample).edit(Operation.STAR, [ONE], star)
    with closing(sqlite3.connect(file_of(paths))) as db:
        db.execute("UPDATE paper SET title = CAST(x'ff' AS TEXT)")
        db.commit()
    [item] = sample.items([row_of(ONE)])
    assert (item.paper.title, item.marks.starred) == ("", True)
    [problem] = sample.problems
    assert problem.endswith("stars and notes are kept elsewhere")
    assert [*sample.contents(STARRED).rows] == [row_of(ONE)]
    sample.save(Reading("test", (), (Paper(ONE, "Again"),)), NOW)
    with closing(Store(paths)) as again:
        assert again.problems == ()
        assert again.papers.at([row_of(ONE)])[row_of(ONE)].title == "Again"


def test_a_text_that_changed_by_itself_is_damage(sample: Store, paths: Paths) -> None:
    with closing(sqlite3.connect(file_of(paths))) as db:
        db.execute("UPDATE paper SET abstract = replace(abstract, 'a', 'e')")
        db.commit()
    assert sample.papers.at([row_of(ONE)]) == {}
    assert (paths.cache / "papers.sqlite3.damaged").exists()


@pytest.mark.parametrize("harm", cache_trials.SPOILT)
def test_doctor_sees_a_spoilt_index_and_makes_it_anew(
    sample: Store, paths: Paths, monkeypatch: pytest.MonkeyPatch, harm: str
) -> None:
    monkeypatch.setattr(store_module, "LARGE", 10)
    sample.index(lambda _: None)
    assert health.papers(paths).startswith("sound, 37 papers")
    cache_trials.spoil(file_of(paths), harm)
    with pytest.raises(StoreError, match="made anew; nothing is lost"):
        health.papers(paths)
    assert health.papers(paths).startswith("sound, 37 papers")


@pytest.mark.parametrize("harm", ["DROP TABLE words_data", "DROP TABLE term"])
def test_a_spoilt_index_is_made_anew_while_the_person_filters_and_no_paper_goes(
    sample: Store, paths: Paths, monkeypatch: pytest.MonkeyPatch, harm: str
) -> None:
    monkeypatch.setattr(store_module, "LARGE", 10)
    sample.index(lambda _: None)

    async def journey(reader: Reader) -> None:
        await reader.press("s")
        cache_trials.spoil(file_of(paths), harm)
        await reader.press("/")
        await reader.type("serving")
        reader.main.take_over()
        await reader.pilot.pause()
        assert "is made anew; nothing is lost" in reader.footer
        await reader.press("Esc", "/")
        await reader.type("mixture")
        await reader.until("5 of 37")
        while sample.lags:
            await reader.pilot.pause()
        await reader.press("Esc", "*")
        assert "★ 1" in reader.lines[0]

    walk(sample, journey, view=LIBRARY)
    assert len(sample.problems) == 1


def test_what_rules_found_is_found_again_where_it_is_spoilt(sample: Store, paths: Paths) -> None:
    watch = SavedFilter("serving", Effect.WATCH)
    Triage(sample).save_filters(Operation.WATCH, {"serving": watch})
    rows = sample.contents(LIBRARY).rows[:]
    cache_trials.spoil(file_of(paths), "DROP TABLE verdict")
    for _ in range(2):  # the first may have begun before it was made anew
        sample.ask_rules(rows, 10)
    assert sample.watched(rows)
    assert "is made anew; nothing is lost" in sample.problems[0]
    assert len(sample.papers.at(rows)) == 37


def test_what_another_process_put_aside_is_left_for_the_new_one(
    sample: Store, paths: Paths
) -> None:
    file_of(paths).rename(paths.cache / "papers.sqlite3.damaged")
    with closing(Store(paths)) as other:
        Triage(sample).edit(Operation.STAR, [ONE], star)
        assert other.refresh() == {ONE}
        assert [*other.contents(STARRED).rows] == [row_of(ONE)]
    sample.save(Reading("test", (), (Paper(ONE, "Again"),)), NOW)
    with closing(Store(paths)) as again:
        assert again.papers.at([row_of(ONE)])


def test_a_pipe_in_the_place_of_the_cache_is_set_aside_and_never_waited_for(
    paths: Paths,
) -> None:
    paths.cache.mkdir(parents=True)
    for _ in range(2):
        os.mkfifo(file_of(paths))
        with pytest.raises(StoreError, match="no plain file"):
            health.papers(paths)
        os.mkfifo(file_of(paths))
        with closing(Store(paths)) as store:
            assert "no plain file" in store.problems[0]
            Triage(store).edit(Operation.STAR, [ONE], star)
        file_of(paths).unlink()


def test_a_deleted_cache_comes_back_with_the_next_star(sample: Store, paths: Paths) -> None:
    for file in paths.cache.iterdir():
        file.unlink()
    Triage(sample).edit(Operation.STAR, [ONE], star)
    with closing(Store(paths)) as again:
        assert again.marked.count("starred") == 1


@pytest.fixture
def only_readable(sample: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the cache be on a disk that can only be read."""
    sample.close()
    migrated = Database.migrated

    def refusing(self: Database, file: Path | str) -> sqlite3.Connection:
        if isinstance(file, Path):
            error = sqlite3.OperationalError("unable to open database file")
            error.sqlite_errorcode = sqlite3.SQLITE_CANTOPEN
            raise error
        return migrated(self, file)

    monkeypatch.setattr(Database, "migrated", refusing)


@pytest.mark.usefixtures("only_readable")
def test_a_cache_that_can_only_be_read_is_read_with_the_marks_of_today(paths: Paths) -> None:
    before = file_of(paths).read_bytes()
    with closing(Store(paths)) as store:
        [problem] = store.problems
        assert "can't be written" in problem
        Triage(store).edit(Operation.STAR, [ONE], star)
        assert [*store.contents(STARRED).rows] == [row_of(ONE)]
        assert [item.paper.title[:5] for item in store.items([row_of(ONE)])] == ["Token"]
        assert len(store.contents(LIBRARY).rows) == 37
        with pytest.raises(StoreError, match="readonly"):
            store.save(Reading("test", (), (Paper(ONE, "Newer", version=9),)), NOW)
    with closing(Store(paths)) as again:
        assert again.marks([ONE])[ONE].starred
    assert file_of(paths).read_bytes() == before


@pytest.mark.usefixtures("only_readable")
def test_a_large_library_that_can_only_be_read_is_filtered_by_the_marks_on_the_screen(
    paths: Paths, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store_module, "LARGE", 10)
    monkeypatch.setattr(filter_part, "SECONDS_TO_FIND", 0)  # so that the thread has to answer

    async def journey(reader: Reader) -> None:
        await reader.press("s", "/")
        await reader.type("is:starred")
        await reader.until("1 of 37")
        await reader.press("Enter", "Esc", "j", "s", "/")
        await reader.type("is:starred")
        await reader.until("2 of 37")

    with closing(Store(paths)) as store:
        walk(store, journey, view=LIBRARY)


@pytest.mark.usefixtures("only_readable")
def test_where_no_cache_can_be_read_one_in_memory_does(paths: Paths) -> None:
    file_of(paths).unlink()
    with closing(Store(paths)) as store:
        assert "only until the end" in store.problems[0]
        Triage(store).edit(Operation.STAR, [ONE], star)
        store.save(Reading("test", (), (Paper(ONE, "Token"),)), NOW)
        assert [paper_at(row) for row in store.contents(LIBRARY).rows] == [ONE]
    with closing(Store(paths)) as again:
        assert again.marks([ONE]) == {ONE: Marks(starred=True, read=True)}


@pytest.mark.parametrize("place", ["papers.sqlite3", ""])
@pytest.mark.parametrize("command", ["list is:starred", "star 2603.00357", "read 2603.00356"])
def test_every_verb_works_whatever_is_in_the_place_of_the_cache(
    cli: Cli, own_home: Path, place: str, command: str
) -> None:
    cli("star 2603.00356")
    folder = own_home / "cache"
    shutil.rmtree(folder)
    if place:
        (folder / place).mkdir(parents=True)
    else:
        folder.write_text("a file")
    answer = cli(command)
    assert answer.code == 0
    assert answer.err.count("\n") == 1
    assert "only until the end" in answer.err
    assert "internal" not in cli("doctor").out


@pytest.fixture
def marked_only(
    store: Store, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> Store:
    """Some papers, and marks of two that are not in the cache."""
    monkeypatch.setattr(store_module, "LARGE", request.param)
    papers = tuple(Paper(PaperId(f"2603.{n:05}"), f"Moss {n}") for n in range(1, 9))
    store.save(Reading("test", (), papers), NOW)
    triage = Triage(store, lambda: NOW)
    triage.edit(Operation.STAR, [ONE, papers[2].id], star)
    triage.edit(Operation.TAG, [PaperId("hep-th/9901001")], retag("old"))
    triage.edit(Operation.NOTE, [ONE], set_note("ask Ana"))
    store.index(lambda _: None)
    return store


@pytest.mark.parametrize("marked_only", [5000, 5], indirect=True, ids=["small", "large"])
@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("is:starred", ["2603.00356", "2603.00003"]),
        ("is:starred sort:title", ["2603.00356", "2603.00003"]),
        ("is:starred OR moss", ["2603.00356", *(f"2603.0000{n}" for n in range(8, 0, -1))]),
        ("tag:old", ["hep-th/9901001"]),
        ("note:ana", ["2603.00356"]),
        ("is:read -is:starred", ["hep-th/9901001"]),
        ("has:note", ["2603.00356"]),
        ("id:2603.00356", ["2603.00356"]),
        ("id:2603.00357", []),
        ("-moss", []),
        ("-tag:old is:unread moss 3", []),
        ("-tag:old", [f"2603.0000{n}" for n in range(8, 0, -1)]),
    ],
)
def test_what_is_only_marked_is_found_by_its_marks(
    marked_only: Store, text: str, expected: list[str]
) -> None:
    found = marked_only.find(marked_only.contents(LIBRARY), parse(text, NOW.date()))
    assert list(map(paper_at, found.rows)) == expected


@pytest.mark.parametrize("marked_only", [5000], indirect=True)
def test_a_view_of_what_is_only_marked_can_be_filtered(marked_only: Store) -> None:
    starred = marked_only.contents(STARRED)
    for text, count in (("is:starred", 2), ("is:read", 2), ("moss", 1), ("-moss", 1), ("", 2)):
        found = marked_only.find(starred, parse(text, NOW.date()))
        assert len(found.rows) == count, text


def test_what_is_starred_is_listed_and_exported_without_the_cache(cli: Cli, own_home: Path) -> None:
    cli("star 2102.00001")
    shutil.rmtree(own_home / "cache")
    assert cli("list --ids is:starred").out == "2102.00001\n"
    exported = cli("export --format bibtex is:starred").out
    assert "eprint" in exported
    assert "https://arxiv.org/abs/2102.00001" in exported


def test_damage_found_on_the_screen_is_said_and_the_program_goes_on(
    sample: Store, paths: Paths
) -> None:
    async def journey(reader: Reader) -> None:
        await reader.press("s")
        with closing(sqlite3.connect(file_of(paths))) as db:
            db.execute("UPDATE paper SET title = CAST(x'ff' AS TEXT)")
            db.commit()
        reader.main.list.forget()
        await reader.press("j")
        reader.main.take_over()
        await reader.pilot.pause()
        assert "was damaged" in reader.footer
        await reader.press("*")
        assert "(not in the cache)" in reader.screen
        await reader.press("q")
        assert not reader.app.is_running

    walk(sample, journey)


def _refused(*_: object) -> None:
    raise StoreError("The disk does not answer")


def test_what_fails_between_keys_and_after_questions_is_said_and_the_program_goes_on(
    sample: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def journey(reader: Reader) -> None:
        await reader.press("s")
        with monkeypatch.context() as patch:
            patch.setattr(Store, "lags", property(_refused))
            reader.main.take_in()
            await reader.settle()
            assert "The disk does not answer" in reader.footer
            patch.setattr(Store, "append", _refused)
            await reader.press("Esc", "U", "y")
            assert "The disk does not answer" in reader.footer
        reader.main.taking.jobs.start("it", lambda *_: "", _refused)
        await reader.until("The disk does not answer")

    walk(sample, journey)
