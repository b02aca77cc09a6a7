"""The plain-text listing: the bundled sample, and what is damaged."""

import json
import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tui_reader import sources
from tui_reader.errors import SourceError
from tui_reader.model import Entry, Section

LISTINGS = Path(__file__).parents[1] / "snapshots" / "listings"
SAMPLE = (LISTINGS / "cs.DC-2026-03-03.txt").read_bytes()
EXPECTED = json.loads((LISTINGS / "cs.DC-2026-03-03.expected.json").read_text("utf-8"))


def as_json(entry: Entry) -> dict[str, Any]:
    paper = entry.paper
    return {
        "position": entry.position,
        "id": paper.id,
        "section": entry.section.value,
        "formats": list(paper.formats),
        "title": paper.title,
        "authors": list(paper.authors),
        "comments": paper.comments,
        "journal_ref": paper.journal_ref,
        "categories": list(paper.categories),
        "abstract": (paper.abstract or "").split("\n\n"),
    }


@pytest.mark.parametrize("number", range(len(EXPECTED["entries"])))
def test_an_entry_of_the_sample_is_read_exactly(number: int) -> None:
    (listing,) = sources.read(SAMPLE, "sample").listings
    assert as_json(listing.entries[number]) == EXPECTED["entries"][number]


def test_the_sample_is_the_listing_of_its_day() -> None:
    reading = sources.read(SAMPLE, "sample")
    (listing,) = reading.listings
    assert (listing.category, listing.announced) == ("cs.DC", date(2026, 3, 3))
    assert (len(listing.entries), listing.unreadable) == (37, 0)
    assert listing.promised == {Section.NEW: 19, Section.CROSS: 5}
    assert reading.problems == ()


def test_where_the_sample_names_no_authors_they_are_unknown() -> None:
    (listing,) = sources.read(SAMPLE, "sample").listings
    unknown = [entry.paper for entry in listing.entries if not entry.paper.authors]
    assert len(unknown) == 27
    assert all(paper.authors_omitted is None for paper in unknown)


def test_a_listing_cut_in_an_abstract_keeps_what_was_there_and_says_so() -> None:
    cut = SAMPLE[:20_000]
    reading = sources.read(cut, "cut.txt")
    (listing,) = reading.listings
    expected = EXPECTED["entries"][: len(listing.entries) - 1]
    assert [as_json(entry) for entry in listing.entries[:-1]] == expected
    assert reading.problems
    assert not listing.complete


def test_a_section_shorter_than_its_count_is_reported() -> None:
    text = SAMPLE.decode()
    start, end = text.index("- [20] arXiv"), text.index("- [21] arXiv")
    reading = sources.read((text[:start] + text[end:]).encode(), "listing.txt")
    assert reading.problems[0] == "arXiv announced 5 cross-lists, but 4 could be read"
    assert not reading.listings[0].complete


def test_a_damaged_entry_is_counted_and_the_others_kept() -> None:
    text = re.sub(r"(?<=AeroDaaS.{10}).*?Subjects: ", " ", SAMPLE.decode(), count=1)
    reading = sources.read(text.encode(), "listing.txt")
    (listing,) = reading.listings
    assert listing.unreadable == 1
    assert len(listing.entries) == 36
    assert "1 entry is damaged and could not be read" in reading.problems


@pytest.mark.parametrize(
    ("line", "title", "authors"),
    [
        ("Fast Things", "Fast Things", ()),
        ("Fast ThingsAda Lovelace", "Fast Things", ("Ada Lovelace",)),
        ("Is it fast?J. McDonald, Yann LeCun", "Is it fast?", ("J. McDonald", "Yann LeCun")),
        ("On RISC-VJean-Luc d'Arc", "On RISC-V", ("Jean-Luc d'Arc",)),
        ("Of $O(n)$Émile Zola, Su Li", "Of $O(n)$", ("Émile Zola", "Su Li")),
        ("A LaTeX Primer (v2)Jan van der Berg", "A LaTeX Primer (v2)", ("Jan van der Berg",)),
        ("Serving with DeepSpeed Inference", "Serving with DeepSpeed Inference", ()),
        ("PyTorch, TensorFlow Lite, DeepSpeed", "PyTorch, TensorFlow Lite, DeepSpeed", ()),
    ],
)
def test_the_border_between_title_and_authors_is_found(
    line: str, title: str, authors: tuple[str, ...]
) -> None:
    page = (
        "Performance\nShowing new listings for Tuesday, 3 March 2026\n"
        f"- [1] arXiv:2603.00356 [pdf]\n-\nTitle: {line}Subjects: Performance (cs.PF)\n"
        "We run DeepSpeed and TensorFlow.\nNew submissions (showing 1 of 1 entries)\n"
    )
    paper = sources.read(page.encode(), "x").listings[0].entries[0].paper
    assert (paper.title, paper.authors) == (title, authors)


def test_a_listing_without_its_day_is_refused() -> None:
    with pytest.raises(SourceError, match=r"^x: a listing without the line"):
        sources.read(SAMPLE.replace(b"Tuesday, 3 March 2026", b"Tuesday"), "x")
