"""Stars for others: a feed that readers take, and digests."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from tests.conftest import ROOT, Answer, Cli
from tui_reader import digest
from tui_reader.model import Item, Marks, Paper, PaperId

GRAMMAR = etree.RelaxNG(etree.parse(ROOT / "tests" / "data" / "atom.rng"))
ID = PaperId("2603.00356")
MOMENT = datetime(2026, 3, 3, 12, tzinfo=UTC)


def fed(*papers: Paper) -> str:
    return "".join(digest.atom("arXiv: is:starred", "stars", map(Item, papers), {ID: MOMENT}))


@pytest.fixture
def sampled(cli: Cli) -> Callable[[str], Answer]:
    """Run commands on the sample."""
    return lambda command: cli(f"--sample {command}")


@given(*[st.text()] * 3, st.lists(st.text(), max_size=3).map(tuple))
def test_any_paper_is_a_valid_entry(
    title: str, abstract: str, category: str, authors: tuple[str, ...]
) -> None:
    # The texts of papers are clean when they are made: sources see to it.
    from tui_reader.text import clean, clean_block

    paper = Paper(
        ID,
        clean(title),
        tuple(map(clean, authors)),
        clean_block(abstract),
        categories=(clean(category),),
    )
    found = etree.fromstring(fed(paper).encode())
    assert GRAMMAR.validate(found), GRAMMAR.error_log


def test_the_same_stars_are_the_same_feed() -> None:
    other = Paper(PaperId("hep-th/9901001"), "B & <C>", ("X. Y",))
    feed = fed(Paper(ID, r"Erd\H{o}s"), other)
    assert feed == fed(Paper(ID, r"Erd\H{o}s"), other)
    assert "<updated>2026-03-03T12:00:00Z</updated>" in feed
    assert "<updated>1999-01-01T00:00:00Z</updated>" in feed
    assert "<title>Erdős</title>" in feed
    assert "<title>B &amp; &lt;C&gt;</title>" in feed


def test_a_feed_of_the_stars_is_written(sampled: Callable[[str], Answer], tmp_path: Path) -> None:
    assert sampled("feed").code == 1
    sampled("star 2603.00356 2603.00357")
    answer = sampled(f"feed is:starred -o {tmp_path}/stars.xml")
    assert answer.code == 0
    feed = etree.parse(tmp_path / "stars.xml")
    assert GRAMMAR.validate(feed), GRAMMAR.error_log
    ids = {found.text for found in feed.iterfind("{*}entry/{*}id")}
    assert ids == {"https://arxiv.org/abs/2603.00356", "https://arxiv.org/abs/2603.00357"}
    assert sampled("feed").out == (tmp_path / "stars.xml").read_text(encoding="utf-8")


@pytest.mark.parametrize("form", ["md", "html", "txt"])
def test_a_digest_tells_what_was_starred(sampled: Callable[[str], Answer], form: str) -> None:
    assert "Nothing was starred" in sampled("digest").err
    sampled("star 2603.00356")
    sampled("note 2603.00356 for the <seminar>")
    told = sampled(f"digest --week --format {form}").out
    assert "Token Management in Multi-Tenant AI Inference Platforms" in told
    assert "https://arxiv.org/abs/2603.00356" in told
    assert ("<seminar>" in told) == (form == "txt")


def test_nothing_in_a_page_is_markup_but_its_own() -> None:
    item = Item(Paper(ID, "a <script> & b", ("<b>",)), Marks(note='"><img>'))
    page = "".join(digest.html("t", [digest.Headed("Starred", [item])]))
    assert "<script>" not in page
    assert "<img>" not in page
    assert "<b>" not in page
