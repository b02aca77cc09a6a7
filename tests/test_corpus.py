"""Every real sample, compared field by field with what it really holds.

Runs where the corpus of samples is present. Each deliberate difference is named where it is made.
"""

import html
import json
import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tui_reader import sources, taxonomy
from tui_reader.model import Paper, Reading, Section
from tui_reader.text import clean

CORPUS = Path(__file__).parents[2] / "shared" / "corpus"
pytestmark = pytest.mark.skipif(not CORPUS.is_dir(), reason="the corpus of samples is not here")

SECTIONS = {"new": Section.NEW, "cross": Section.CROSS, "rep": Section.REPLACEMENT}


def truths(*kinds: str) -> list[Path]:
    """Return the pages of those kinds that have a truth beside them."""
    found = []
    for path in sorted(CORPUS.glob("browse/*/*.truth.json")):
        page = path.with_name(path.name.replace(".truth.json", ".html"))
        kind = re.search(r'"kind": "(\w+)"', path.read_text("utf-8")[:2000])
        if page.stat().st_size and kind and kind[1] in kinds:
            found.append(path)
    return found


def named(path: Path) -> str:
    return f"{path.parent.name}/{path.name.removesuffix('.truth.json')}"


def load(path: Path) -> tuple[Reading, dict[str, Any]]:
    page = path.with_name(path.name.replace(".truth.json", ".html"))
    return sources.read(page.read_bytes(), page.name), json.loads(path.read_text("utf-8"))


def written(shown: str | None) -> str | None:
    """Return what the author wrote, from the HTML arXiv made of it."""
    if not shown:
        return None

    def address(link: re.Match[str]) -> str:
        href = html.unescape(link[1])
        word = href.removeprefix("http://")
        # Words with a dot in them, which arXiv takes for addresses, are words again.
        return href if "/" in word or word.startswith("www.") else word

    shown = re.sub(r'<a href="([^"]*)"[^>]*>this \w+ URL</a>', address, shown)
    parts = re.split(r"<br\s*/?>", shown)
    parts = [clean(html.unescape(re.sub(r"</?a\b[^>]*>", "", part))) for part in parts]
    return "\n\n".join(filter(None, parts)) or None


def author_names(display: list[dict[str, str]]) -> tuple[str, ...]:
    """Return the linked names, and the unlinked ones outside parentheses."""
    names: list[str] = []
    before = ""
    for part in display:
        if "name" in part:
            # "The <LMC+ Consortium>" is one author, of whose name only a part is linked.
            names.append(clean(f"{before} {html.unescape(part['name'])}"))
            before = ""
            continue
        loose = before + part["text"]
        while (less := re.sub(r"\([^()]*\)", "", loose)) != loose:
            loose = less
        *words, before = re.split(r"[,;:]|\band\b", loose)
        names += map(clean, words)
    names.append(clean(before))
    return tuple(name for name in names if name and name != "et al.")


def check_paper(paper: Paper, truth: dict[str, Any]) -> None:
    version = re.search(r"v(\d+)$", truth["html_link"] or "")
    formats = ("pdf", *["html"] * bool(version), *["other"] * bool(truth["has_other"]))
    shown = [truth["primary_display"], *truth["secondaries_display"]]
    codes = [subject.rpartition("(")[2].rstrip(")") for subject in shown]
    assert {
        "id": paper.id,
        "version": paper.version,
        "title": paper.title,
        "authors": paper.authors,
        "comments": paper.comments,
        "journal_ref": paper.journal_ref,
        "categories": paper.categories,
        "formats": paper.formats,
        "abstract": paper.abstract,
    } == {
        "id": truth["id"],
        "version": int(version[1]) if version else None,
        "title": clean(truth["title"]),
        "authors": author_names(truth["authors_display"]),
        "comments": written(truth["comments_html"]),
        "journal_ref": clean(truth["journal_ref"] or "") or None,
        "categories": tuple(dict.fromkeys(map(taxonomy.canonical, codes))),
        "formats": formats,
        "abstract": written(truth.get("abstract_html")) if truth["abstract_shown"] else None,
    }
    if truth["authors_not_shown"]:
        assert paper.authors_omitted in (None, truth["authors_not_shown"])


@pytest.mark.parametrize("path", truths("new", "catchup"), ids=named)
def test_a_page_of_one_day_gives_every_entry_and_field(path: Path) -> None:
    reading, truth = load(path)
    (listing,) = reading.listings
    assert listing.category == taxonomy.canonical(truth["list_id"])
    assert listing.announced == date.fromisoformat(truth["announced"])
    assert len(listing.entries) == truth["n_items"]
    assert listing.unreadable == 0
    for entry, item in zip(listing.entries, truth["items"], strict=True):
        check_paper(entry.paper, item)
        assert entry.position == item["list_index"]
        assert entry.section is SECTIONS[item["section"]]
    promised = {SECTIONS[part["section"]]: part["total"] for part in truth["sections"]}
    assert {**dict.fromkeys(Section, 0), **listing.promised} == promised
    assert listing.complete == (truth["n_items"] == truth["total"])
    assert bool(reading.problems) == (truth["n_items"] != truth["total"])


@pytest.mark.parametrize("path", truths("recent"), ids=named)
def test_a_page_of_recent_days_gives_each_day(path: Path) -> None:
    reading, truth = load(path)
    entries = [entry for listing in reading.listings for entry in listing.entries]
    assert len(entries) == truth["n_items"]
    for entry, item in zip(entries, truth["items"], strict=True):
        check_paper(entry.paper, item)
        assert entry.section.value == item["listing_type"]
    announced = [listing.announced for listing in reading.listings for _ in listing.entries]
    assert announced == [date.fromisoformat(item["announced"]) for item in truth["items"]]
    totals = {listing.announced.isoformat(): listing.total for listing in reading.listings}
    seen = [part for part in truth["sections"] if part["visible"]]
    assert totals == {part["section"]: part["total"] for part in seen}
    before = {
        day: sum(n for _, n in truth["pubdates"][:i])
        for i, (day, _) in enumerate(truth["pubdates"])
    }
    positions = [
        entry.position + before[listing.announced.isoformat()]
        for listing in reading.listings
        for entry in listing.entries
    ]
    assert positions == [item["list_index"] for item in truth["items"]]
    assert not any(listing.complete for listing in reading.listings)


@pytest.mark.parametrize("path", truths("month", "year"), ids=named)
def test_a_page_of_a_month_or_a_year_gives_its_papers(path: Path) -> None:
    reading, truth = load(path)
    assert len(reading.papers) == truth["n_items"]
    for paper, item in zip(reading.papers, truth["items"], strict=True):
        check_paper(paper, item)
    assert reading.problems == ()
