from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from tui_reader.merge import joined, merged
from tui_reader.model import Entry, Listing, Paper, PaperId, Section, Version

ONE = Paper(PaperId("2603.00356"), "A Title", ("Jin Lee",), "An abstract.", ("cs.DC", "cs.LG"))
BARE = Paper(PaperId("2603.00356"), "", authors_omitted=None)


def test_a_mention_fills_gaps_and_blanks_nothing() -> None:
    assert merged(ONE, BARE) == ONE
    assert merged(BARE, ONE) == ONE
    bibtex = replace(BARE, title="{A} Title", categories=("cs.DC",), doi="10.1/x")
    assert merged(ONE, bibtex) == replace(ONE, doi="10.1/x")


def test_a_richer_record_of_the_same_version_adds_what_was_unknown() -> None:
    richer = replace(ONE, version=1, comments="10 pages", submitter="Jin Lee")
    assert merged(replace(ONE, journal_ref="J. X"), richer) == replace(richer, journal_ref="J. X")


@pytest.mark.parametrize("newer_first", [True, False])
def test_the_newer_version_has_the_text_whichever_was_read_first(newer_first: bool) -> None:
    old = replace(ONE, version=1, comments="10 pages", doi="10.1/x")
    new = replace(ONE, version=2, title="Another Title", abstract="Better.")
    both = merged(new, old) if newer_first else merged(old, new)
    assert (both.version, both.title, both.abstract) == (2, "Another Title", "Better.")
    assert (both.comments, both.doi) == ("10 pages", "10.1/x")


def test_a_whole_list_of_authors_outlives_a_cut_one() -> None:
    cut = replace(ONE, authors=("Jin Lee",), authors_omitted=None)
    whole = replace(ONE, authors=("Jin Lee", "A. Bo"), authors_omitted=0)
    assert merged(whole, cut).authors == ("Jin Lee", "A. Bo")
    assert merged(cut, whole).authors_omitted == 0


def test_histories_are_put_together() -> None:
    day = datetime(2026, 3, 2, tzinfo=UTC)
    old = replace(ONE, versions=(Version(1, day),))
    new = replace(ONE, versions=(Version(1, None, 30), Version(2, day)))
    assert merged(old, new).versions == (Version(1, day, 30), Version(2, day))


def test_a_withdrawal_ends_with_a_newer_version() -> None:
    gone = replace(ONE, version=2, withdrawn=True)
    assert merged(gone, replace(ONE, version=2)).withdrawn
    assert not merged(gone, replace(ONE, version=3)).withdrawn


def test_the_pages_of_a_long_listing_make_it_complete() -> None:
    papers = [replace(ONE, id=PaperId(f"2603.0000{number}")) for number in range(1, 4)]
    entries = [Entry(paper, Section.NEW, at) for at, paper in enumerate(papers, 1)]
    first = Listing("cs.DC", date(2026, 3, 3), tuple(entries[:2]), {Section.NEW: 3})
    second = Listing("cs.DC", date(2026, 3, 3), tuple(entries[1:]), {Section.NEW: 3})
    assert not first.complete
    assert joined([second, first]).complete
    assert joined([second, first]).entries == tuple(entries)
