from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

pytest.importorskip("hypothesis")

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.conftest import NOW
from tests.plain_evaluator import asks_for_marks, evaluate
from tests.test_query_properties import (
    TODAY,
    announcements,
    many_of_a_kind,
    marks,
    papers,
    query_texts,
    read,
)
from tui_reader import store as store_module
from tui_reader.config import Paths
from tui_reader.model import Entry, Listing, Marks, Paper, PaperId, Reading, Section, paper_at
from tui_reader.query import DEEPEST, SORTS, Query, parse, to_text
from tui_reader.store import Edit, Kind, Store, View, search

LIBRARY = View(Kind.LIBRARY)
BLANK = Paper(PaperId("test/9912999"), "")
Kept = tuple[Paper, Marks, list[tuple[Section, date]]]

libraries = st.lists(
    st.tuples(papers, marks, announcements), max_size=6, unique_by=lambda kept: kept[0].id
)


@pytest.fixture(scope="module")
def places() -> Iterator[Path]:
    before = store_module.LARGE
    with TemporaryDirectory() as folder:
        yield Path(folder)
    store_module.LARGE = before


def opened(places: Path, large: int) -> Store:
    """Return a new store whose Library goes through the index from so many papers on."""
    store_module.LARGE = large
    return Store(Paths.under(places / str(sum(1 for _ in places.iterdir()))))


def keep(store: Store, library: list[Kept]) -> None:
    store.save(Reading("test", (), tuple(paper for paper, _, _ in library)), NOW)
    days: dict[date, list[Entry]] = {}
    for paper, _, announced in library:
        for section, day in announced:
            days.setdefault(day, []).append(Entry(paper, section, len(days.get(day, [])) + 1))
    listings = (Listing("cs.DC", day, tuple(entries)) for day, entries in days.items())
    store.save(Reading("test", tuple(listings)), NOW)
    edits = {paper.id: (Marks(), marked) for paper, marked, _ in library}
    store.append(Edit("Mark", edits), NOW)


def expected(store: Store, query: Query) -> list[str]:
    rows = list(store.contents(LIBRARY).rows)
    if asks_for_marks(query) and not evaluate(query, BLANK):
        # Papers that are only marked, where it is the marks that are asked for.
        rows = sorted([*rows, *store.cache.marked.not_stored()], reverse=True)
    kept = {row: Paper(paper_at(row), "") for row in rows} | store.papers.at(rows)
    places = store.listings.places(rows)
    marked = store.marks(map(paper_at, rows))
    return [
        paper_at(row)
        for row in rows
        if evaluate(
            query, kept[row], marked[paper_at(row)], [(p.section, p.day) for p in places[row]]
        )
    ]


@settings(deadline=None, derandomize=True, max_examples=40)
@given(
    st.lists(query_texts, min_size=4, max_size=8),
    libraries,
    libraries,
    st.sampled_from([0, 0, 0, 3, 1000]),
    st.sampled_from([2, 1000]),
    st.sampled_from([0, 0, 1000]),
)
def test_the_store_answers_as_the_plain_evaluator(
    places: Path,
    asked: list[str],
    library: list[Kept],
    later: list[Kept],
    large: int,
    endings: int,
    few: int,
) -> None:
    search.MOST_ENDINGS = search.MOST_AT_ONCE = endings
    search.FEW = few
    search.MOST_LOOKED_AT = endings + 1
    search.MANY_PAPERS = endings
    search.REACH = search.SOON_MERGED = 2 if endings == 2 else 100
    store = opened(places, large)
    keep(store, library)
    store.index(lambda _: None, 2)
    keep(store, later)  # takes what changes out of the index
    for _ in "before", "after":
        for query in map(read, asked):
            found = store.find(store.contents(LIBRARY), query)
            right = expected(store, query)
            assert [paper_at(row) for row in found.rows] == right, to_text(query)
            at_once = store.newest(query, 9)
            if at_once.complete:
                assert [paper_at(row) for row in at_once.contents.rows] == right, to_text(query)
        store.index(lambda _: None, 3)
    store.close()


@settings(deadline=None, derandomize=True, max_examples=20)
@given(st.lists(many_of_a_kind, min_size=4, max_size=8), libraries, st.sampled_from(["", "-"]))
def test_many_parts_of_one_kind_are_answered(
    places: Path, asked: list[str], library: list[Kept], sign: str
) -> None:
    store = opened(places, 0)
    keep(store, library)
    store.index(lambda _: None, 100)
    for query in (read(sign + text) for text in (*asked, " ".join(asked), " OR ".join(asked))):
        found = store.find(store.contents(LIBRARY), query)
        assert [paper_at(row) for row in found.rows] == expected(store, query), to_text(query)
    store.close()


@pytest.mark.parametrize("link", [" ", " OR ", " -"])
@pytest.mark.parametrize(
    "part", ["id:{:04}", "v:{}", "tag:{}", "note:{}", "ti:w{}", "w{}", "date:{:04}", "is:new -w{}"]
)
def test_as_many_parts_as_a_query_may_have_are_answered(places: Path, part: str, link: str) -> None:
    store = opened(places, 0)
    keep(store, [(Paper(PaperId("2603.00001"), "W1 w2", version=2), Marks(note="1"), [])])
    store.index(lambda _: None, 100)
    query = parse(link.join(part.format(number) for number in range(1, 240)), TODAY)
    found = store.find(store.contents(LIBRARY), query)
    assert [paper_at(row) for row in found.rows] == expected(store, query)
    store.close()


@pytest.mark.parametrize("inner", ["a{} OR (b{} ({}))", "-(a{} OR -(b{} {}))"])
def test_a_query_nested_as_deep_as_it_may_be_is_answered(places: Path, inner: str) -> None:
    store = opened(places, 0)
    keep(store, [(Paper(PaperId("2603.00001"), "a1 b2"), Marks(), [])])
    store.index(lambda _: None, 100)
    text = "is:new"
    while text.count("(") + 2 <= DEEPEST:
        text = inner.format(len(text), len(text), text)
    assert text.count("(") > DEEPEST - 3
    query = parse(text, TODAY)
    found = store.find(store.contents(LIBRARY), query)
    assert [paper_at(row) for row in found.rows] == expected(store, query)
    store.close()


@settings(deadline=None, derandomize=True, max_examples=10)
@given(query_texts, libraries, st.integers(0, 6))
def test_every_sort_is_the_same_in_small_and_large_libraries(
    places: Path, text: str, library: list[Kept], most: int
) -> None:
    small, large = opened(places, 1000), opened(places, 0)
    for store in small, large:
        keep(store, library)
    large.index(lambda _: None, 2)
    query = read(text)
    for sort in SORTS.values():
        found = []
        for store, size in (small, 1000), (large, 0):
            store_module.LARGE = size
            asked = replace(query, sort=sort)
            found.append(list(store.find(store.contents(LIBRARY), asked).rows))
        assert found[0] == found[1], f"sort:{sort.name}"
        unsorted = list(large.find(large.contents(LIBRARY), replace(query, sort=None)).rows)
        assert sorted(unsorted) == sorted(found[0]), f"sort:{sort.name}"
        some = replace(query, sort=sort._replace(most=most))
        left = list(large.find(large.contents(LIBRARY), some).rows)
        newest = unsorted[:most]
        assert left == [row for row in found[0] if row in newest] + unsorted[most:], sort.name
    small.close()
    large.close()


@settings(deadline=None, derandomize=True)
@given(st.dates(), st.dates())
def test_periods_are_the_days_of_a_range(one: date, other: date) -> None:
    first, last = sorted((one, other))
    periods = list(search.periods(first, last))
    for day in (first, last, TODAY, date(1980, 1, 1), date(2099, 12, 31)):
        inside = first <= day <= last and 1980 <= day.year < 2100
        assert any(str(day).startswith(period) for period in periods) == inside
