import multiprocessing
import os
import signal
import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from unittest.mock import Mock

import pytest

from tests.conftest import NOW, SAMPLE
from tui_reader import sources
from tui_reader.config import Paths
from tui_reader.errors import StoreError
from tui_reader.following import follow, of_inbox, unfollow
from tui_reader.model import (
    Entry,
    Listing,
    Marks,
    Paper,
    PaperId,
    Reading,
    Section,
    paper_at,
    row_of,
)
from tui_reader.query import Document, parse
from tui_reader.store import Contents, Kind, Store, View
from tui_reader.triage import Triage, mark_read, star

ONE, TWO = PaperId("2603.00356"), PaperId("2603.00357")
DAY = View(Kind.LISTING, "cs.DC", NOW.date())


def ids(contents: Contents) -> list[PaperId]:
    return [paper_at(row) for row in contents.rows]


def test_a_paper_comes_back_as_it_was_stored(sample: Store) -> None:
    read = sources.read(SAMPLE.read_bytes(), "sample").listings[0]
    rows = [row_of(entry.paper.id) for entry in read.entries]
    stored = sample.papers.at(rows)
    assert [stored[row] for row in rows] == [entry.paper for entry in read.entries]


def test_every_field_survives_the_cache(store: Store) -> None:
    from datetime import UTC, datetime

    from tui_reader.model import Version

    paper = Paper(
        ONE, "T", ("A", "B"), "Text\n\nmore", ("cs.DC", "cs.LG"), 2, "c", "j", "10.1/x", "r",
        "acm", "msc", ("pdf",), "S", "http://l", (Version(1, datetime(2026, 3, 1, tzinfo=UTC), 9),
        Version(2)), None, True,
    )  # fmt: skip
    store.save(Reading("test", (), (paper,)), NOW)
    assert store.papers.at([row_of(ONE)]) == {row_of(ONE): paper}


def test_a_listing_is_grouped_by_section_in_arxivs_order(sample: Store) -> None:
    contents = sample.contents(DAY)
    assert [(group.section, group.start, group.size) for group in contents.runs] == [
        (Section.NEW, 0, 19),
        (Section.CROSS, 19, 5),
        (Section.REPLACEMENT, 24, 13),
    ]
    assert ids(contents)[:2] == [ONE, TWO]


def test_the_ledger_counts_sections_and_what_is_unread(sample: Store) -> None:
    Triage(sample).edit("Read", [ONE], mark_read)
    [day] = sample.listings.days()
    assert (day.category, day.counts, day.unread) == ("cs.DC", (19, 5, 13), 36)
    # The text ends before the heading that would promise the replacements.
    assert not day.complete


def listing(category: str, day: int, *papers: str, promised: int | None = None) -> Reading:
    entries = tuple(
        Entry(Paper(PaperId(id_), id_, categories=(category,)), Section.NEW, number)
        for number, id_ in enumerate(papers, 1)
    )
    promise = {Section.NEW: len(papers) if promised is None else promised}
    announced = NOW.date().replace(day=day)
    return Reading("test", (Listing(category, announced, entries, promise),))


def test_the_inbox_has_each_unread_paper_once_newest_day_first(store: Store) -> None:
    store.save(listing("cs.DC", 2, "2603.00001", "2603.00002"), NOW)
    store.save(listing("cs.LG", 3, "2603.00002", "2603.00003"), NOW)
    Triage(store).edit("Read", [PaperId("2603.00001")], mark_read)
    inbox = store.contents(View(Kind.INBOX))
    assert ids(inbox) == ["2603.00002", "2603.00003"]
    assert [group.day and group.day.day for group in inbox.runs] == [3]


def test_the_library_has_all_papers_the_newest_first(store: Store) -> None:
    store.save(Reading("snapshot", (), (Paper(PaperId("2604.00009"), "Bulk"),)), NOW)
    store.save(listing("cs.DC", 3, "2603.00001"), NOW)
    assert ids(store.contents(View(Kind.LIBRARY))) == ["2604.00009", "2603.00001"]
    assert ids(store.contents(View(Kind.INBOX))) == ["2603.00001"]


def test_an_incomplete_page_adds_to_a_day_and_never_takes_from_it(store: Store) -> None:
    view = View(Kind.LISTING, "cs.DC", NOW.date())
    store.save(listing("cs.DC", 3, "2603.00001", "2603.00002"), NOW)
    store.save(listing("cs.DC", 3, "2603.00009", promised=5), NOW)
    assert ids(store.contents(view)) == ["2603.00001", "2603.00002"]
    assert store.listings.days()[0].complete


def test_a_complete_page_replaces_an_incomplete_day(store: Store) -> None:
    view = View(Kind.LISTING, "cs.DC", NOW.date())
    store.save(listing("cs.DC", 3, "2603.00009", promised=2), NOW)
    store.save(listing("cs.DC", 3, "2603.00001", "2603.00009"), NOW)
    assert ids(store.contents(view)) == ["2603.00001", "2603.00009"]


@pytest.mark.parametrize("left", [(), ("2603.00001",)])
def test_a_day_becomes_emptier_only_by_two_readings_an_hour_apart(
    store: Store, left: tuple[str, ...]
) -> None:
    view = View(Kind.LISTING, "cs.DC", NOW.date())
    whole, emptier = ("2603.00001", "2603.00002", "2603.00003"), listing("cs.DC", 3, *left)
    store.save(listing("cs.DC", 3, *whole), NOW)
    for minutes in (0, 10, 59, -90):  # the clock may be set back
        [held] = store.save(emptier, NOW + timedelta(minutes=minutes)).held
        assert (held.entries, held.stored) == (len(left), 3)
        assert ids(store.contents(view)) == list(whole)
    assert not store.save(emptier, NOW).held
    assert ids(store.contents(view)) == list(left)


def test_what_an_emptier_page_shows_is_there_all_the_same(store: Store) -> None:
    view = View(Kind.LISTING, "cs.DC", NOW.date())
    store.save(listing("cs.DC", 3, "2603.00001", "2603.00002"), NOW)
    assert store.save(listing("cs.DC", 3, "2603.00003"), NOW).held
    assert len(store.contents(view).rows) == 3
    assert store.listings.days()[0].complete


def test_a_reading_between_that_shows_all_makes_an_emptier_one_the_first_again(
    store: Store,
) -> None:
    whole, emptier = listing("cs.DC", 3, "2603.00001", "2603.00002"), listing("cs.DC", 3)
    store.save(whole, NOW)
    store.save(emptier, NOW)
    store.save(whole, NOW + timedelta(minutes=30))
    assert store.save(emptier, NOW + timedelta(hours=2)).held
    assert len(store.contents(View(Kind.LISTING, "cs.DC", NOW.date())).rows) == 2


def test_a_quiet_day_is_stored_with_the_second_reading(store: Store) -> None:
    store.save(listing("cs.DC", 3), NOW)
    assert not store.listings.days()
    store.save(listing("cs.DC", 3), NOW + timedelta(hours=1))
    [day] = store.listings.days()
    assert day.complete
    assert not store.save(listing("cs.DC", 3), NOW).held


def test_the_earlier_version_is_kept_beside_the_newer(store: Store) -> None:
    old = Paper(ONE, "Old title", version=1, abstract="Old text")
    store.save(Reading("test", (), (old,)), NOW)
    store.save(Reading("test", (), (replace(old, title="New title", version=2),)), NOW)
    assert store.papers.at([row_of(ONE)])[row_of(ONE)].title == "New title"
    with sqlite3.connect(store.cache.db.file) as db:
        assert db.execute("SELECT version, title FROM earlier").fetchall() == [(1, "Old title")]
    db.close()


def test_find_keeps_order_and_groups(sample: Store) -> None:
    found = sample.find(sample.contents(DAY), parse("moe", NOW.date()))
    assert ids(found) == ["2603.01058", "2508.06526", "2504.14960", "2507.06567"]
    assert [(group.section, group.start, group.size) for group in found.runs] == [
        (Section.CROSS, 0, 1),
        (Section.REPLACEMENT, 1, 3),
    ]


def test_find_sees_marks_as_they_are_now(sample: Store) -> None:
    starred = parse("is:starred", NOW.date())
    contents = sample.contents(DAY)
    assert not sample.find(contents, starred).rows
    Triage(sample).edit("Star", [TWO], star)
    assert ids(sample.find(contents, starred)) == [TWO]


def test_marks_outlive_the_cache(sample: Store, paths: Paths) -> None:
    Triage(sample).edit("Star", [ONE, TWO], star)
    sample.close()
    for file in paths.cache.iterdir():
        file.unlink()
    again = Store(paths)
    assert ids(again.contents(View(Kind.STARRED))) == [TWO, ONE]
    assert again.marked.count("starred") == 2


@pytest.mark.parametrize("damage", [b"not a database at all" * 50, b"", os.urandom(8192)])
def test_a_damaged_cache_is_set_aside_and_the_stars_are_there(
    sample: Store, paths: Paths, damage: bytes
) -> None:
    Triage(sample).edit("Star", [ONE], star)
    sample.close()
    file = paths.cache / "papers.sqlite3"
    for beside in paths.cache.glob("papers.sqlite3-*"):
        beside.unlink()
    file.write_bytes(damage)
    assert Store(paths).marks([ONE]) == {ONE: Marks(starred=True, read=True)}
    assert (paths.cache / "papers.sqlite3.damaged").exists() == bool(damage)


def test_a_kill_between_journal_and_cache_loses_nothing(
    sample: Store, paths: Paths, monkeypatch: pytest.MonkeyPatch
) -> None:
    child = os.fork()
    if not child:
        store = Store(paths)
        monkeypatch.setattr(store.marked, "merge", lambda *_: os.kill(os.getpid(), signal.SIGKILL))
        Triage(store).edit("Star", [ONE], star)
        os._exit(0)
    _, status = os.waitpid(child, 0)
    assert os.WTERMSIG(status) == signal.SIGKILL
    assert not sample.marked.count("starred")
    sample.refresh()
    assert sample.marked.count("starred") == 1


def _star_them(paths: Paths, papers: list[PaperId]) -> None:
    store = Store(paths)
    for paper in papers:
        Triage(store).edit("Star", [paper], star)
    store.close()


def test_two_processes_marking_at_once_lose_nothing(sample: Store, paths: Paths) -> None:
    papers = ids(sample.contents(DAY))
    context = multiprocessing.get_context("spawn")
    workers = [context.Process(target=_star_them, args=(paths, papers[half::2])) for half in (0, 1)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(60)
    assert [worker.exitcode for worker in workers] == [0, 0]
    sample.refresh()
    assert sample.marked.count("starred") == 37


def test_a_full_disk_refuses_the_star_and_keeps_the_old_ones(
    sample: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    triage = Triage(sample)
    triage.edit("Star", [ONE], star)

    def full(*_: object) -> int:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "write", full)
    with pytest.raises(StoreError, match=r"disk is full.*free some space"):
        triage.edit("Star", [TWO], star)
    assert sample.marked.count("starred") == 1


def test_files_are_the_owners_alone(sample: Store, paths: Paths) -> None:
    Triage(sample).edit("Star", [ONE], star)
    kept = [paths.data, paths.cache, paths.state, *paths.data.iterdir(), *paths.cache.iterdir()]
    assert {oct(path.stat().st_mode & 0o077) for path in kept} == {"0o0"}


def test_a_memory_of_places_survives(sample: Store, paths: Paths) -> None:
    sample.remember("cursor", "12")
    sample.close()
    assert Store(paths).recall("cursor") == "12"
    assert Store(paths).recall("nothing") is None


def test_machines_have_names_of_their_own(tmp_path: Path) -> None:
    names = {Store(Paths.under(tmp_path / home)).journal.machine for home in "abc"}
    assert len(names) == 3
    assert Store(Paths.under(tmp_path / "a")).journal.machine in names


def test_a_change_the_cache_can_not_take_is_saved_and_shown_all_the_same(
    sample: Store, paths: Paths, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise StoreError("papers.sqlite3: database or disk is full")

    with monkeypatch.context() as broken:
        broken.setattr(sample.cache.db, "writing", full)
        Triage(sample).edit("Star", [ONE], star)
        sample.remember("cursor", "1")
        assert sample.marks([ONE]) == {ONE: Marks(starred=True, read=True)}
        assert sample.refused.endswith("disk is full")
        assert Store(paths).marked.count("starred") == 1
    assert ONE in sample.refresh()
    assert sample.marked.count("starred") == 1
    assert not sample.refused


def test_what_others_changed_is_told_once(sample: Store, paths: Paths) -> None:
    other = Store(paths)
    Triage(other).edit("Star", [ONE], star)
    Triage(sample).edit("Star", [TWO], star)
    assert sample.refresh() == {ONE}
    assert sample.refresh() == frozenset()
    assert other.refresh() == {TWO}


def test_a_damaged_journal_line_is_reported_and_the_rest_is_kept(
    sample: Store, paths: Paths
) -> None:
    Triage(sample).edit("Star", [ONE], star)
    [file] = paths.data.glob("journal-*.jsonl")
    file.write_bytes(b"{garbage}\n" + file.read_bytes())
    again = Store(paths)
    assert again.marked.count("starred") == 1
    [problem] = again.problems
    assert "1 damaged line" in problem


def test_filters_see_what_another_process_stored(store: Store, paths: Paths) -> None:
    store.save(listing("cs.DC", 3, "2603.00001"), NOW)
    view = View(Kind.LISTING, "cs.DC", NOW.date())
    quantum = parse("quantum", NOW.date())
    assert not store.find(store.contents(view), quantum).rows
    other = Store(paths)
    newer = Paper(PaperId("2603.00001"), "Quantum", categories=("cs.DC",), version=2)
    other.save(Reading("test", (), (newer,)), NOW)
    assert ids(store.find(store.contents(view), quantum)) == ["2603.00001"]


def test_filters_find_the_newest_texts_though_they_came_while_older_ones_were_made_ready(
    sample: Store, paths: Paths, monkeypatch: pytest.MonkeyPatch
) -> None:
    papers, other = sample.papers.at, Store(paths)
    newer = replace(papers([row_of(ONE)])[row_of(ONE)], title="Lichen", version=9)

    def meanwhile(rows: Sequence[int]) -> Mapping[int, Paper]:
        found = papers(rows)
        other.save(Reading("test", (), (newer,)), NOW)
        return found

    monkeypatch.setattr(sample.papers, "at", meanwhile)
    sample.cache.documents.make_texts([row_of(ONE)], 1)
    assert ids(other.find(other.contents(DAY), parse("lichen", NOW.date()))) == [ONE]


def test_the_newest_hits_know_what_was_marked_a_moment_ago(sample: Store) -> None:
    def newest(text: str) -> list[PaperId]:
        return ids(sample.newest(parse(text, NOW.date()), 5).contents)

    assert ONE in newest("multi is:unread")
    Triage(sample).edit("Read", [ONE], mark_read)
    assert ONE not in newest("multi is:unread")
    assert ONE in newest("multi is:read")


def test_what_was_made_ready_before_the_first_filter_is_not_made_again(
    sample: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    contents = sample.contents(DAY)
    while sample.prepare(contents.rows):
        pass
    papers = Mock(wraps=sample.papers.at)
    monkeypatch.setattr(sample.papers, "at", papers)
    for text in ("multi", "is:unread"):
        assert ONE in ids(sample.find(contents, parse(text, NOW.date())))
    assert not any(call.args[0] for call in papers.call_args_list)


def test_papers_come_in_the_order_a_query_asks_for(store: Store) -> None:
    titles = {"2603.00001": "Beta", "2602.00002": "Alpha beta beta", "2601.00003": "Gamma"}
    papers = tuple(Paper(PaperId(id_), title, abstract="beta") for id_, title in titles.items())
    store.save(Reading("test", (), papers), NOW)
    everything = store.contents(View(Kind.LIBRARY))

    def order(text: str) -> list[PaperId]:
        return ids(store.find(everything, parse(text, NOW.date())))

    assert order("sort:title") == ["2602.00002", "2603.00001", "2601.00003"]
    assert order("sort:date") == ["2603.00001", "2602.00002", "2601.00003"]
    assert order("beta sort:relevance") == ["2602.00002", "2603.00001", "2601.00003"]
    assert order("sort:arxiv") == ids(everything)


def test_a_library_of_many_months_is_loaded_where_it_is_looked_at(store: Store) -> None:
    named = [f"{month}.{number:05}" for month in (2601, 2602, 2603) for number in (1, 2, 3)]
    store.save(Reading("test", (), tuple(Paper(PaperId(id_), id_) for id_ in named)), NOW)
    rows = store.contents(View(Kind.LIBRARY)).rows
    everything = [row_of(PaperId(id_)) for id_ in reversed(named)]
    assert (len(rows), list(rows), rows[4], rows[-1]) == (9, everything, *everything[4::4])
    assert [list(rows[at : at + 4]) for at in range(10)] == [
        everything[at : at + 4] for at in range(10)
    ]
    assert [rows.index(row) for row in everything] == list(range(9))


def test_the_inbox_has_what_is_followed_and_what_is_cross_listed_into_it(store: Store) -> None:
    for number, (category, *also) in enumerate([("cs.DC",), ("hep-th",), ("stat.ML", "cs.LG")], 1):
        paper = Paper(PaperId(f"2603.0000{number}"), "A title", categories=(category, *also))
        listing = Listing(category, NOW.date(), (Entry(paper, Section.NEW, 1),))
        store.save(Reading("test", (listing,)), NOW)

    def inbox(*chosen: str) -> list[str]:
        unfollow(store.paths.config, ["cs", "cs.DC", "cs.LG", "hep-th"])
        follow(store.paths.config, chosen, NOW)
        return [
            id_[-1]
            for id_ in ids(store.contents(View(Kind.INBOX), followed=of_inbox(store.paths.config)))
        ]

    assert inbox() == ["1", "2", "3"]
    assert inbox("cs.DC") == ["1"]
    assert inbox("hep-th", "cs.LG") == ["2", "3"]
    assert inbox("cs") == ["1", "3"]


def test_a_view_of_very_many_papers_is_filtered_as_one_of_few(
    sample: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    def found(text: str) -> Contents:
        return sample.find(sample.contents(DAY), parse(text, NOW.date()))

    texts = ("moe", "-survey is:cross", "moe sort:title", "sort:date")
    one_by_one = [found(text) for text in texts]
    monkeypatch.setattr("tui_reader.store.MOST_TESTED", 5)
    for text, expected in zip(texts, one_by_one, strict=True):
        assert ids(found(text)) == ids(expected)
        assert found(text).runs == expected.runs


def test_papers_are_indexed_once_and_as_they_are_whoever_writes_meanwhile(
    store: Store, paths: Paths, monkeypatch: pytest.MonkeyPatch
) -> None:
    papers = tuple(Paper(PaperId(f"2603.{n:05}"), f"Moss {n}") for n in range(1, 21))
    store.save(Reading("test", (), papers), NOW)
    other = Store(paths)
    documents = store.cache.documents.at
    changed = replace(papers[19], title="Lichen", version=2)

    def meanwhile(rows: Sequence[int]) -> Mapping[int, Document]:
        made = documents(rows)
        other.cache.index.add_some(5)
        if 20 in [row & 0x1FFFF for row in rows]:
            other.save(Reading("test", (), (changed,)), NOW)
        return made

    monkeypatch.setattr(store.cache.documents, "at", meanwhile)
    while store.cache.index.add_some(8):
        pass
    assert store.cache.index.terms("moss", 9) == {"moss": 20}
    assert store.cache.index.terms("lichen", 9) == {"lichen": 1}
    monkeypatch.undo()
    monkeypatch.setattr("tui_reader.store.LARGE", 0)
    everything = store.contents(View(Kind.LIBRARY))
    assert len(store.find(everything, parse("moss", NOW.date())).rows) == 19
    assert ids(store.find(everything, parse("lichen", NOW.date()))) == ["2603.00020"]
