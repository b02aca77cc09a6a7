"""Journeys through a Library that is searched through its index."""

from contextlib import suppress
from queue import SimpleQueue

import pytest

from tests.conftest import NOW, save_filters
from tests.driver import Reader, walk
from tui_reader import store as store_module
from tui_reader.errors import Cancelled, StoreError
from tui_reader.model import Paper, PaperId, Reading, Version, paper_at
from tui_reader.query import parse
from tui_reader.store import Kind, Store, View, search
from tui_reader.store.contents import AllRows
from tui_reader.ui.parts import filter as filter_part
from tui_reader.ui.parts import mark
from tui_reader.ui.parts.search_thread import SearchThread

LIBRARY = View(Kind.LIBRARY)


@pytest.fixture(autouse=True)
def all_are_many(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a few papers be many, and a key wait for its answer however slow the machine is."""
    monkeypatch.setattr(store_module, "LARGE", 10)
    monkeypatch.setattr(search, "FIRST", 5)
    monkeypatch.setattr(search, "MANY", 20)
    monkeypatch.setattr(filter_part, "SECONDS_TO_FIND", 20.0)


@pytest.fixture
def library(store: Store) -> Store:
    """A store with 100 papers, of which every second one is about moss."""
    kinds = ("Lichen", "Moss")
    papers = [
        Paper(PaperId(f"26{n // 10 + 1:02}.{n % 10 + 1:05}"), f"{kinds[n % 2]} number {n}")
        for n in range(100)
    ]
    store.save(Reading("test", (), tuple(papers)), NOW)
    return store


def test_every_keystroke_of_a_filter_has_its_papers_and_their_number(library: Store) -> None:
    library.index(lambda _: None)

    async def journey(reader: Reader) -> None:
        await reader.press("/")
        await reader.type("mos")
        assert "Moss number 99" in reader.selected
        await reader.until("50 of 100")
        await reader.until("2610.00010")  # which only the abstract says
        await reader.type("s 7 -number")
        await reader.until(" 0 of 100")
        await reader.press("Esc")
        assert "Moss number 99" in reader.selected

    walk(library, journey, view=LIBRARY)


def test_a_library_is_loaded_no_farther_than_it_is_shown(library: Store) -> None:
    async def journey(reader: Reader) -> None:
        await reader.press("j", "j")
        rows = reader.main.all.rows
        assert isinstance(rows, AllRows)
        assert len(rows.loaded) < 10  # months: it reads a little ahead

    walk(library, journey, view=LIBRARY, size=(120, 20))


def test_the_list_grows_and_the_cursor_stays_on_its_paper(library: Store) -> None:
    library.index(lambda _: None)

    async def journey(reader: Reader) -> None:
        await reader.press("/")
        await reader.type("moss")
        await reader.until("50 of 100")
        await reader.press("Enter", *"jjjjjjjjjjjj")
        assert "Moss number 75" in reader.selected
        await reader.press("/", "Backspace", "Backspace")
        await reader.until("50 of 100")
        assert "Moss number 75" in reader.selected
        await reader.press("Ctrl-u")
        assert "Moss number 75" in reader.selected
        await reader.type("lichen")
        await reader.until("50 of 100")
        assert "Lichen number 74" in reader.selected
        await reader.type(" is:read")
        await reader.until(" 0 of 100")

    walk(library, journey, view=LIBRARY)


def test_papers_are_found_before_they_are_indexed_and_indexed_behind_the_screen(
    library: Store,
) -> None:
    found = []

    async def journey(reader: Reader) -> None:
        await reader.press("/")
        await reader.type("moss")
        await reader.until("50 of 100")
        while library.lags:
            await reader.pilot.pause(0.01)
        await reader.press("Backspace")
        await reader.until("50 of 100")
        found.append(library.cache.index.terms("mos", 9))

    walk(library, journey, view=LIBRARY)
    assert found == [{"moss": 50}]


def test_a_whole_library_is_not_marked_by_one_key(
    library: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mark, "MOST_MARKED", 50)

    async def journey(reader: Reader) -> None:
        await reader.press("A")
        assert reader.footer.startswith("50 papers at most; a filter makes them fewer.")
        await reader.press("/")
        await reader.type("moss")
        await reader.until("50 of 100")
        await reader.press("Enter", "A")
        assert "50 marked as read" in reader.footer

    walk(library, journey, view=LIBRARY)


@pytest.mark.parametrize(
    ("text", "first"), [("moss", "Moss number 99"), ("moss sort:title", "Moss number 1")]
)
def test_a_saved_filter_is_answered_behind_the_screen_and_narrowed_there(
    library: Store, monkeypatch: pytest.MonkeyPatch, text: str, first: str
) -> None:
    library.index(lambda _: None)
    save_filters(library, {"Mine": text})
    monkeypatch.setattr(Store, "find", None)  # no key may ask for all papers

    async def journey(reader: Reader) -> None:
        await reader.press("'", "Enter")
        await reader.until("50 unread")
        await reader.until(f"● {first}")
        assert first in reader.selected
        await reader.press("/")
        await reader.type("7")
        await reader.until(" 6 of 50")
        assert "Moss number 7" in reader.selected
        await reader.press("Esc", "g", "g")
        await reader.until(first)
        assert len(reader.main.list.contents.rows) == 50
        await reader.press("/")
        await reader.type("is:read")
        await reader.until(" 0 of 50")

    walk(library, journey, view=LIBRARY)


def test_searches_that_were_ended_do_not_end_the_ones_after_them(library: Store) -> None:
    library.index(lambda _: None)
    query, ended = parse("moss", NOW.date()), True
    searching = search.Search(library.cache, lambda: ended)
    for _ in range(1000):
        with suppress(Cancelled, StoreError):
            list(searching.answers(query))
    ended = False
    *_, answer = searching.answers(query)
    assert len(answer.contents.rows) == 50


def test_a_letter_after_a_word_is_looked_for_after_the_word(library: Store) -> None:
    library.index(lambda _: None)
    searching, query = search.Search(library.cache), parse("moss 7", NOW.date())
    answer = searching.newest(query, 9)
    rows = [*answer.contents.rows]
    assert len(rows) == 5
    assert not answer.complete
    newest, *_, every = searching.answers(query, newest=True)
    assert [*newest.contents.rows] == rows
    found = library.papers.at(every.contents.rows).values()
    assert every.complete
    assert len(found) == 6
    assert all("number 7" in paper.title for paper in found)


def test_the_newest_of_old_days_are_found_without_looking_through_newer_ones(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    papers = [
        Paper(
            PaperId(f"26{month:02}.{number:05}"),
            "Moss",
            versions=(Version(1, NOW.replace(month=month)),),
        )
        for month in range(1, 5)
        for number in range(1, 11)
    ]
    store.save(Reading("test", (), tuple(papers)), NOW)
    store.index(lambda _: None)
    monkeypatch.setattr(search, "REACH", 8)
    answer = store.newest(parse("moss date:2026-01", NOW.date()), 9)
    assert [paper_at(row) for row in answer.contents.rows[:2]] == ["2601.00010", "2601.00009"]
    assert not answer.complete


def test_a_search_that_fails_is_said_and_the_next_one_is_answered(
    library: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    found: SimpleQueue[search.Answer | str] = SimpleQueue()
    searching = SearchThread(library, lambda take, *answer: take(*answer), found.put)
    with monkeypatch.context() as broken:
        broken.setattr(search.Search, "answers", lambda *_, **__: int("odd"))
        searching.ask(parse("moss", NOW.date()), searching.stop(), newest=False)
        assert "odd" in found.get(timeout=20)
    searching.ask(parse("moss", NOW.date()), searching.stop(), newest=False)
    assert isinstance(found.get(timeout=20), search.Answer)
    searching.close()


def test_no_key_waits_until_all_papers_of_a_small_view_are_ready(
    library: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store_module, "LARGE", 1000)
    monkeypatch.setattr(store_module, "FEW_READY_AT_ONCE", 0)
    asked = parse("moss -number7", NOW.date())
    everything = library.contents(LIBRARY)
    some, complete = library.find_soon(everything, asked, 0)
    assert not complete
    assert 0 < len(some.rows) < 50
    assert library.find_soon(everything, parse("moss sort:title", NOW.date()), 0)[0].rows == ()
    while not complete:
        more, complete = library.find_soon(everything, asked, 0)
        assert list(more.rows[: len(some.rows)]) == list(some.rows)
        some = more
    assert list(some.rows) == list(library.find(everything, asked).rows)


def test_a_filter_right_after_opening_finds_everything_in_the_end(
    library: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store_module, "LARGE", 1000)
    monkeypatch.setattr(store_module, "FEW_READY_AT_ONCE", 0)
    monkeypatch.setattr(filter_part, "SECONDS_TO_FIND", 0)

    async def journey(reader: Reader) -> None:
        await reader.press("/")
        await reader.type("mos")
        await reader.until("50 of 100")
        await reader.type("s sort:title")
        await reader.until("50 of 100")
        assert "Moss number 1" in reader.selected

    walk(library, journey, view=LIBRARY)
