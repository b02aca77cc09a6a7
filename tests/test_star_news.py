"""What became of the stars: told until it is seen, and then done."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import pytest

from tests.conftest import NOW
from tests.driver import INBOX, Reader, walk
from tui_reader import store as store_module
from tui_reader.model import (
    Entry,
    Listing,
    News,
    Paper,
    PaperId,
    Reading,
    Section,
    paper_at,
    row_of,
)
from tui_reader.store import Kind, Operation, Store, View
from tui_reader.triage import Triage, star, unstar

ONE, TWO = PaperId("2603.00001"), PaperId("2603.00002")
PAPERS = [Paper(id_, f"Moss of {id_}", version=1, categories=("cs.DC",)) for id_ in (ONE, TWO)]


@pytest.fixture
def starred(store: Store) -> Store:
    store.save(Reading("test", (), tuple(PAPERS)), NOW)
    Triage(store).edit(Operation.STAR, [ONE], star)
    return store


def learn(store: Store, **told: object) -> None:
    changed = tuple(replace(paper, **told) for paper in PAPERS)  # type: ignore[arg-type]
    store.save(Reading("test", (), changed), NOW)


def updated(store: Store) -> Sequence[str]:
    library = store.contents(View(Kind.LIBRARY))
    return [
        paper_at(row) for row in store.find(library, store.query("is:updated", NOW.date())).rows
    ]


@pytest.mark.parametrize("large", [5000, 1])
@pytest.mark.parametrize(
    ("told", "news"),
    [
        ({"version": 2}, (News.VERSION,)),
        ({"doi": "10.1/x"}, (News.DOI,)),
        ({"journal_ref": "Nature"}, (News.JOURNAL,)),
        ({"withdrawn": True, "version": 2}, (News.VERSION, News.WITHDRAWN)),
        ({"title": "Mosses"}, ()),
    ],
)
def test_what_arxiv_tells_of_a_star_is_news_until_it_is_seen(
    starred: Store,
    monkeypatch: pytest.MonkeyPatch,
    told: dict[str, object],
    news: tuple[News, ...],
    large: int,
) -> None:
    monkeypatch.setattr(store_module, "LARGE", large)
    starred.index(lambda _: None)
    learn(starred, **told)
    starred.index(lambda _: None)
    [item] = starred.items([row_of(ONE)])
    assert item.news == news
    assert updated(starred) == [ONE] * bool(news)
    learn(starred, **told)  # the same again is no news
    starred.seen([row_of(ONE)])
    assert updated(starred) == []
    learn(starred, **told)
    assert updated(starred) == []


def test_what_was_not_told_before_is_no_news(store: Store) -> None:
    store.save(Reading("test", (), (replace(PAPERS[0], version=None),)), NOW)
    Triage(store).edit(Operation.STAR, [ONE], star)
    learn(store, version=3, doi="10.1/x")
    assert updated(store) == []


def test_a_paper_that_is_no_star_any_more_has_no_news(starred: Store) -> None:
    learn(starred, version=2)
    Triage(starred).edit(Operation.UNSTAR, [ONE], unstar)
    assert updated(starred) == []
    assert starred.cache.news.all() == []


def test_a_replacement_in_a_listing_is_news(store: Store) -> None:
    bare = replace(PAPERS[0], version=None)
    first = Listing("cs.DC", date(2026, 3, 2), (Entry(bare, Section.NEW, 1),))
    again = Listing("cs.DC", date(2026, 3, 3), (Entry(bare, Section.REPLACEMENT, 1),))
    store.save(Reading("test", (first,)), NOW)
    Triage(store, lambda: NOW).edit(Operation.STAR, [ONE], star)
    store.save(Reading("test", (again,)), NOW)
    assert [item.news for item in store.items([row_of(ONE)])] == [(News.VERSION,)]


def test_the_end_of_the_inbox_tells_of_stars_and_seeing_them_ends_it(starred: Store) -> None:
    entries = (Entry(PAPERS[0], Section.NEW, 1),)
    starred.save(Reading("test", (Listing("cs.DC", date(2026, 3, 3), entries),)), NOW)
    learn(starred, version=2, doi="10.1/x", journal_ref="Nature")

    async def journey(reader: Reader) -> None:
        assert "Of your stars: 1 new version, 1 published; is:updated in * shows them." in (
            reader.screen
        )
        await reader.press("*", "/")
        await reader.type("is:updated\r")
        assert "new version published" in reader.screen
        await reader.press("i")
        assert "Of your stars" not in reader.screen
        assert updated(starred) == []

    walk(starred, journey, view=INBOX)
