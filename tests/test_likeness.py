"""`like:` finds what is like a paper or a tag, in a small library and through the index."""

import pytest

from tests.conftest import NOW
from tests.past import CACHE, GALAXY, WED, announce, papers
from tui_reader import store as store_module
from tui_reader.errors import QueryError
from tui_reader.model import PaperId, Reading, paper_at
from tui_reader.query import parse, to_text
from tui_reader.store import Kind, Store, View, likeness
from tui_reader.triage import Triage, set_tags

LIBRARY = View(Kind.LIBRARY)
GRAPHS = "Planar graphs of bounded degree have a colouring with five colours"


@pytest.fixture(params=["small", "large"])
def library(store: Store, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Store:
    """Four papers each of caches, galaxies and graphs; those of caches also name one another thing.

    Their numbers begin at 1, 11 and 21. The index knows half of a large one.
    """
    found = [p for start, text in ((1, CACHE), (11, GALAXY), (21, GRAPHS))
             for p in papers(start, *[text] * 4)]  # fmt: skip
    if request.param == "large":
        monkeypatch.setattr(store_module, "LARGE", 1)
    store.save(Reading("bulk", papers=tuple(found[::2])), NOW)
    store.index(lambda _: None)
    store.save(Reading("bulk", papers=tuple(found[1::2])), NOW)
    monkeypatch.setattr(likeness, "MOST_LIKE", 4)
    return store


def found(store: Store, text: str, view: View = LIBRARY) -> list[str]:
    rows = store.find(store.contents(view), parse(text, WED)).rows
    return [paper_at(row)[-2:] for row in rows]


def test_the_likest_are_kept_and_come_first(library: Store) -> None:
    assert sorted(found(library, "like:2603.00001")) == ["01", "02", "03", "04"]
    assert sorted(found(library, "like:2603.00012")) == ["11", "12", "13", "14"]


def test_the_order_is_that_of_likeness_unless_the_filter_names_one(
    library: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(likeness, "MOST_LIKE", 12)
    more = papers(31, f"{CACHE} of graphs", f"{CACHE} {GRAPHS}")
    library.save(Reading("bulk", papers=tuple(more)), NOW)
    assert found(library, "like:2603.00001")[4:6] == ["31", "32"]
    assert found(library, "like:2603.00001 sort:title")[:2] == ["01", "02"]
    assert found(library, "like:2603.00001 sort:arxiv")[0] == "32"


def test_it_composes_with_the_rest_of_the_language(library: Store) -> None:
    assert found(library, "like:2603.00001 id:2603.00003") == ["03"]
    assert len(found(library, "like:2603.00001 OR like:2603.00011")) == 8
    assert len(found(library, "like:2603.00001 galaxies")) == 0
    assert len(found(library, "-like:2603.00001")) == 8
    assert set(found(library, "like:2603.00001 OR galaxies -like:2603.00012")) == {
        "01", "02", "03", "04"
    }  # fmt: skip


def test_what_has_nothing_in_common_is_not_like(
    library: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(likeness, "MOST_LIKE", 12)
    assert set(found(library, "like:2603.00001")) == {"01", "02", "03", "04"}


def test_a_tag_is_like_what_is_tagged_so(library: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    Triage(library).edit("Tag", [PaperId("2603.00022")], set_tags(["To Read"]))
    assert sorted(found(library, 'like:"tag:to read"')) == ["21", "22", "23", "24"]
    assert found(library, 'like:"tag:to read" is:unread -id:2603.00021')[0] in ("23", "24")
    Triage(library).edit("Tag", [PaperId("2603.00012")], set_tags(["to read"]))
    monkeypatch.setattr(likeness, "MOST_LIKE", 8)
    assert {paper[0] for paper in found(library, 'like:"tag:to read"')} == {"1", "2"}


def test_a_view_of_days_can_be_asked_too(library: Store) -> None:
    announce(library, WED, papers(41, GALAXY, CACHE))
    day = View(Kind.LISTING, "cs.DC", WED)
    assert set(found(library, "like:2603.00042", day)) == {"42"}


@pytest.mark.parametrize(
    ("text", "problem", "at"),
    [
        ("cache like:2603.99999", "2603.99999 is not stored", 11),
        ("like:tag:nowhere", "No stored paper is tagged nowhere", 5),
        ("-like:hep-th/9901001", "hep-th/9901001 is not stored", 6),
    ],
)
def test_what_is_not_there_is_named(library: Store, text: str, problem: str, at: int) -> None:
    query = parse(text, WED)
    asks = (
        lambda: library.query(text, WED),
        lambda: library.find(library.contents(LIBRARY), query),
    )
    for ask in asks:
        with pytest.raises(QueryError) as error:
            ask()
        assert (error.value.problem, error.value.at) == (problem, at)


@pytest.mark.parametrize("text", ["like:x", "like:2603", "like:tag:", "like:", "like:..."])
def test_what_is_neither_a_paper_nor_a_tag_is_no_query(text: str) -> None:
    with pytest.raises(QueryError, match="right after like:"):
        parse(text, WED)


def test_it_reads_back_as_it_was_written() -> None:
    for text in ("like:2603.00356", "-like:hep-th/9901001", "like:tag:moe", 'like:"tag:to read"'):
        assert to_text(parse(text, WED)) == text
    assert to_text(parse("like:arXiv:2603.00356v2", WED)) == "like:2603.00356"
    assert to_text(parse("like:TAG:MoE", WED)) == "like:tag:moe"
