"""What the store learns from stars, and the order it gives."""

from collections.abc import Sequence
from datetime import date

import pytest

from tests.conftest import NOW
from tui_reader import rank
from tui_reader.config import Paths
from tui_reader.model import Entry, Listing, Paper, PaperId, Reading, Section, paper_at, row_of
from tui_reader.query import parse
from tui_reader.store import Kind, Store, View
from tui_reader.triage import Triage, mark_unread, skip, star

CACHE = "The key value cache of a language model is compressed while it serves requests"
GALAXY = "Dwarf galaxies around the Milky Way lose their gas to its halo"
TUE, WED = date(2026, 3, 3), date(2026, 3, 4)
INBOX = View(Kind.INBOX)


def papers(first: int, *abstracts: str) -> list[Paper]:
    return [
        Paper(PaperId(f"2603.{first + number:05}"), f"Paper {first + number}", abstract=abstract)
        for number, abstract in enumerate(abstracts)
    ]


def announce(store: Store, day: date, found: Sequence[Paper]) -> None:
    sections = [Section.NEW, *[Section.CROSS] * (len(found) - 1)]
    entries = tuple(map(Entry, found, sections, range(1, len(found) + 1)))
    store.save(Reading("page", (Listing("cs.DC", day, entries),)), NOW)


@pytest.fixture
def lately(store: Store) -> Store:
    """Two days of three papers, and a past of five stars that were about caches."""
    past = papers(1, *[CACHE] * 5, *[GALAXY] * 5)
    store.save(Reading("bulk", papers=tuple(past)), NOW)
    announce(store, TUE, papers(101, GALAXY, CACHE, GALAXY))
    announce(store, WED, papers(201, GALAXY, GALAXY, CACHE))
    Triage(store).edit("Star", [paper.id for paper in past[:5]], star)
    return store


def order(store: Store, view: View = INBOX, text: str = "sort:foryou") -> list[str]:
    found = store.find(store.contents(view), parse(text, WED))
    return [paper_at(row)[-3:] for row in found.rows]


def test_each_announcement_has_the_likeliest_first_and_its_sections_are_one(lately: Store) -> None:
    assert order(lately) == ["203", "201", "202", "102", "101", "103"]
    found = lately.find(lately.contents(INBOX), parse("sort:foryou", WED))
    assert [(run.day, run.section, run.size) for run in found.runs] == [
        (WED, None, 3),
        (TUE, None, 3),
    ]


def test_with_too_few_stars_the_order_is_arxivs(lately: Store) -> None:
    Triage(lately).edit("Skip", [PaperId("2603.00001")], skip)
    assert order(lately) == ["201", "202", "203", "101", "102", "103"]


def test_a_star_changes_the_next_order(lately: Store) -> None:
    order(lately)
    Triage(lately).edit("Skip", [PaperId(f"2603.0000{number}") for number in range(1, 6)], skip)
    stars = [PaperId(f"2603.{number:05}") for number in range(6, 11)]
    Triage(lately).edit("Star", stars, star)
    assert order(lately)[:3] == ["201", "202", "203"]


def test_a_paper_that_is_replaced_is_looked_at_anew(lately: Store) -> None:
    order(lately)
    lately.save(Reading("page", papers=tuple(papers(202, CACHE))), NOW)
    assert set(order(lately)[:2]) == {"202", "203"}


def test_vectors_are_kept_for_what_is_announced_or_marked_and_made_again_in_another_form(
    lately: Store, paths: Paths, monkeypatch: pytest.MonkeyPatch
) -> None:
    library = View(Kind.LIBRARY)
    assert len(order(lately, library)) == 16
    kept = lately.cache.db.column("SELECT row FROM vector")
    unmarked = {row_of(paper.id) for paper in papers(6, *[GALAXY] * 5)}
    assert len(kept) == 11
    assert not unmarked & set(kept)
    monkeypatch.setattr("tui_reader.store.taste.MADE_AS", "another")
    monkeypatch.setattr(rank, "vector", lambda _: rank.Vector((), ()))
    assert order(Store(paths)) == ["201", "202", "203", "101", "102", "103"]


def test_starred_papers_that_are_not_stored_are_no_sign(lately: Store) -> None:
    Triage(lately).edit("Star", [PaperId(f"2401.{number:05}") for number in range(1, 9)], star)
    assert order(lately)[0] == "203"
    assert set(order(lately, View(Kind.STARRED))) >= {"001", "005"}


def test_all_starred_and_nothing_else_has_an_order_too(store: Store) -> None:
    announce(store, WED, papers(1, *[CACHE] * 6))
    Triage(store).edit("Star", [paper.id for paper in papers(1, *[CACHE] * 6)], star)
    Triage(store).edit("Unread", [PaperId("2603.00001")], mark_unread)
    assert order(store) == ["001"]
