"""What the store learns from stars, and the order it gives."""

from contextlib import closing
from pathlib import Path

import pytest

from tests.conftest import NOW
from tests.past import CACHE, GALAXY, TUE, WED, announce, live, papers
from tui_reader import rank
from tui_reader.cli import run
from tui_reader.config import Paths
from tui_reader.model import Paper, PaperId, Reading, paper_at, row_of
from tui_reader.query import parse
from tui_reader.store import Kind, Store, View
from tui_reader.triage import Triage, mark_read, mark_unread, pass_over, skip, star, unstar

INBOX = View(Kind.INBOX)


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


@pytest.fixture
def long_past(store: Store) -> Store:
    live(store)
    return store


def parts(store: Store, view: View = INBOX, text: str = "sort:foryou") -> list[tuple[int, str]]:
    """Return of each run how many papers it has, and what it is."""
    found = store.find(store.contents(view), parse(text, WED))
    kinds = ("sample" if run.sample else "less likely" if run.past else "" for run in found.runs)
    return list(zip((run.size for run in found.runs), kinds, strict=True))


def test_what_the_past_lets_pass_stands_apart_and_a_sample_of_it_before(long_past: Store) -> None:
    assert parts(long_past) == [(20, "")], "the past was not gone through yet"
    long_past.cache.taste.keep_past()
    assert parts(long_past) == [(2, ""), (3, "sample"), (15, "less likely")]
    listing = View(Kind.LISTING, "cs.DC", WED)
    assert parts(long_past, listing) == parts(long_past)
    found = long_past.find(long_past.contents(INBOX), parse("sort:foryou", WED))
    assert found.runs[-1].past == (0.9, 84, 0, 0, 0)


def test_the_parts_are_those_of_the_whole_announcement_whatever_is_shown(long_past: Store) -> None:
    long_past.cache.taste.keep_past()
    whole = order(long_past)
    listing = View(Kind.LISTING, "cs.DC", WED)
    read = [PaperId(f"2603.09{number}") for number in whole[:4]]
    Triage(long_past).edit("Read", read, mark_read)
    assert parts(long_past) == [(1, "sample"), (15, "less likely")]
    assert parts(long_past, listing)[1:] == [(3, "sample"), (15, "less likely")]
    filtered = parts(long_past, text="sort:foryou galaxies")
    assert filtered == [(1, "sample"), (15, "less likely")]


def test_other_views_have_no_parts(long_past: Store) -> None:
    long_past.cache.taste.keep_past()
    assert len(parts(long_past, View(Kind.LIBRARY))) == 1
    assert len(parts(long_past, View(Kind.STARRED))) == 1


def test_what_was_passed_over_is_no_sign_and_its_day_no_past(long_past: Store) -> None:
    taste = long_past.cache.taste
    taste.keep_past()
    before, rows = taste.profile(), len(taste.past().stars)
    passed = [PaperId(f"2603.00{number}") for number in range(501, 511)]
    Triage(long_past).edit("Skip the less likely", passed, pass_over)
    assert taste.profile() is before
    assert len(taste.replayed().stars) == rows - 2
    assert long_past.marks(passed[:1])[passed[0]].skipped


def test_a_skip_that_was_looked_at_after_all_is_a_sign(long_past: Store) -> None:
    passed = [PaperId("2603.00501")]
    Triage(long_past).edit("Skip the less likely", passed, pass_over)
    score = long_past.cache.taste.profile().score(rank.vector(papers(1, GALAXY)[0]))
    Triage(long_past).edit("Skip", passed, skip)
    assert long_past.cache.taste.profile().score(rank.vector(papers(1, GALAXY)[0])) < score


def test_a_profile_that_learned_step_by_step_is_that_of_all(long_past: Store, paths: Paths) -> None:
    taste = long_past.cache.taste
    taste.profile()
    Triage(long_past).edit("Skip", [PaperId("2603.00100")], skip)
    Triage(long_past).edit("Star", [PaperId("2603.09000")], star)
    paper = rank.vector(papers(1, CACHE)[0])
    with closing(Store(paths)) as anew:
        assert taste.profile().score(paper) == pytest.approx(
            anew.cache.taste.profile().score(paper)
        )


def test_papers_have_a_strength_once_there_is_a_profile(lately: Store) -> None:
    rows = lately.contents(INBOX).rows
    steps = {paper_at(row)[-3:]: step for row, step in lately.cache.taste.steps(rows).items()}
    assert steps["203"] > steps["201"] == steps["202"]
    Triage(lately).edit("Unstar", [PaperId("2603.00001")], unstar)
    assert lately.cache.taste.missing() == 1
    assert lately.cache.taste.steps(rows) == {}


def test_a_bibliography_that_is_starred_is_a_profile_at_once(
    lately: Store, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    entries = (
        f"@article{{a{n}, title={{Dwarf galaxies and their halo}}, eprint={{2401.0000{n}}},"
        " archiveprefix={arXiv}}"
        for n in range(1, 9)
    )
    (tmp_path / "refs.bib").write_text("\n".join(entries))
    Triage(lately).edit("Unstar", [PaperId(f"2603.0000{n}") for n in range(1, 6)], unstar)
    assert run(["import", "--star", str(tmp_path / "refs.bib")]) == 0
    said = capsys.readouterr().out
    assert "8 papers starred." in said
    assert "Papers can be ordered for you: sort:foryou, or S at the screen." in said
    assert order(lately)[:2] == ["201", "202"]


def test_what_is_learned_comes_from_the_latest_stars_that_are_stored(
    lately: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tui_reader.store.taste.MOST_LEARNED_FROM", 5)
    Triage(lately).edit("Star", [PaperId(f"2604.{n:05}") for n in range(1, 9)], star)
    assert lately.cache.taste.missing() == 0
    assert order(lately)[0] == "203"


def test_stars_without_abstracts_are_known_by_their_titles(lately: Store) -> None:
    Triage(lately).edit("Unstar", [PaperId(f"2603.0000{n}") for n in range(1, 6)], unstar)
    titles = [Paper(PaperId(f"2602.0000{n}"), "Dwarf galaxies lose their gas") for n in range(1, 7)]
    lately.save(Reading("bulk", papers=tuple(titles)), NOW)
    Triage(lately).edit("Star", [paper.id for paper in titles], star)
    assert order(lately)[:2] == ["201", "202"]


def test_only_the_last_days_are_gone_through_and_all_are_learned_from(
    long_past: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tui_reader.store.taste.MOST_DAYS", 10)
    stars = long_past.cache.taste.replayed().stars
    assert [star.known for star in stars][::2] == [*range(70, 90, 2)]
