"""Every real sample, compared field by field with what it really holds.

Runs where the corpus of samples is present. Each deliberate difference is named where it is made.
"""

import gzip
import html
import json
import re
from datetime import date, datetime
from functools import cache
from itertools import islice
from pathlib import Path
from typing import Any, BinaryIO, cast
from xml.etree import ElementTree as ET

import pytest

from tui_reader import sources, taxonomy
from tui_reader.errors import SourceError
from tui_reader.export import bibtex
from tui_reader.model import Item, Paper, Reading, Section, parse_id
from tui_reader.sources.common import block, split_authors
from tui_reader.text import clean, clean_block, plain

CORPUS = Path(__file__).parents[2] / "shared" / "corpus"
pytestmark = pytest.mark.skipif(not CORPUS.is_dir(), reason="no ../shared here")

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

    shown = re.sub(r'<a href="[^"]*" data-doi="([^"]*)"[^>]*>[^<]*</a>', r"\1", shown)
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
            names.append(clean(f"{before} {html.unescape(part['name'])}").removeprefix("and "))
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


@pytest.mark.parametrize("path", truths("abs"), ids=named)
def test_an_abstract_page_gives_every_field(path: Path) -> None:
    reading, truth = load(path)
    (paper,) = reading.papers
    codes = [truth["primary"], *truth["secondaries"]]
    assert {
        "id": paper.id,
        "version": paper.version,
        "title": plain(paper.title),
        "authors": tuple(map(plain, paper.authors)),
        "abstract": plain(paper.abstract or ""),
        "categories": set(paper.categories),
        "primary": paper.categories[0],
        "comments": plain(paper.comments or "").replace("arXiv", "arXIv"),
        "journal_ref": paper.journal_ref,
        "doi": paper.doi,
        "report_no": paper.report_no,
        "acm_class": paper.acm_class,
        "msc_class": paper.msc_class,
        "submitter": plain(paper.submitter or ""),
        "license": paper.license,
        "withdrawn": paper.withdrawn,
        "versions": [(v.number, v.submitted, v.size_kb) for v in paper.versions],
    } == {
        "id": truth["id"],
        "version": truth["version"],
        "title": plain(clean(truth["title"])),
        "authors": tuple(map(plain, split_authors(truth["authors_raw"])[0])),
        "abstract": plain(block(truth["abstract_raw"]) or ""),
        "categories": set(map(taxonomy.canonical, codes)),
        "primary": taxonomy.canonical(truth["primary"]),
        # arXiv corrects the spelling of its own name where it makes a link.
        "comments": plain(clean(truth["comments_raw"] or "")).replace("arXiv", "arXIv"),
        "journal_ref": clean(truth["journal_ref_raw"] or "") or None,
        "doi": truth["doi"],
        "report_no": truth["report_num"],
        "acm_class": truth["acm_class"],
        "msc_class": truth["msc_class"],
        "submitter": plain(clean(truth["submitter"])),
        # The page of a withdrawn paper shows no license.
        "license": None if truth["withdrawn"] else truth["license"],
        "withdrawn": truth["withdrawn"],
        "versions": [
            (v["version"], datetime.fromisoformat(v["date"]), v["kb"]) for v in truth["versions"]
        ],
    }
    assert reading.problems == ()


@cache
def raw_records() -> dict[str, dict[str, Any]]:
    """Return what the pages' truths say of each paper, as arXiv stores it."""
    records: dict[str, dict[str, Any]] = {}
    for path in truths("new", "catchup", "month"):
        for item in json.loads(path.read_text("utf-8"))["items"]:
            if item.get("abstract_raw") or item["id"] not in records:
                records[item["id"]] = item
    return records


def check_raw(paper: Paper, record: dict[str, Any], *names: str) -> None:
    """Compare a record that carries TeX with the one arXiv stores."""
    expected = {
        "title": clean(record["title_raw"]),
        "authors": tuple(map(plain, split_authors(record["authors_raw"])[0])),
        "abstract": squeezed(record.get("abstract_raw")),
        "comments": clean(record["comments_raw"] or "") or None,
        "journal_ref": clean(record["journal_ref_raw"] or "") or None,
        "categories": canonical(record["categories_raw"]),
    }
    got = {
        "title": paper.title,
        "authors": tuple(map(plain, paper.authors)),
        "abstract": squeezed(paper.abstract),
        "comments": paper.comments,
        "journal_ref": paper.journal_ref,
        "categories": set(paper.categories),
    }
    assert {name: got[name] for name in names} == {name: expected[name] for name in names}


def squeezed(text: str | None) -> str:
    return " ".join((text or "").split())


def without_blanks(name: str) -> str:
    return "".join(plain(name).split())


def canonical(codes: str) -> set[str]:
    return set(map(taxonomy.canonical, codes.split()))


def samples(pattern: str, *without: str) -> list[Path]:
    return [
        path
        for path in sorted(CORPUS.glob(pattern))
        if path.stat().st_size and not any(word in path.name for word in without)
    ]


ERROR_FEEDS = ("++", "_xx.", "atom.real2011")


@pytest.mark.parametrize(
    "path", samples("rss/*.xml", *ERROR_FEEDS) + samples("atom/*.xml", *ERROR_FEEDS), ids=named
)
def test_a_feed_gives_every_item_as_arxiv_stores_it(path: Path) -> None:
    data = path.read_bytes()
    reading = sources.read(data, path.name)
    announced = re.findall(rb"oai:arXiv.org:(\S+)v(\d+)</", data)
    kinds = re.findall(rb"<arxiv:announce_type>([a-z-]+)<", data)
    expected = {"new": "new", "cross": "cross", "replace": "replacement"}
    if "+" in path.name:
        ids = {entry.paper.id for listing in reading.listings for entry in listing.entries}
        assert ids == {number.decode() for number, _ in announced}
        assert [listing.category for listing in reading.listings] == ["cs.CV", "cs.LG"]
        return
    entries = [entry for listing in reading.listings for entry in listing.entries]
    assert [(e.paper.id, e.paper.version, e.section.value) for e in entries] == [
        (number.decode(), int(version), expected[kind.decode().removesuffix("-cross")])
        for (number, version), kind in zip(announced, kinds, strict=True)
    ]
    assert bool(reading.problems) == (not announced)
    assert not any(listing.complete for listing in reading.listings)
    records = raw_records()
    for paper in (entry.paper for entry in entries if entry.paper.id in records):
        if "bob" in records[paper.id]["authors_raw"]:
            continue  # Feeds part names by commas alone, and arXiv's test paper is by "Smith, bob".
        if "real2011" in path.name or records[paper.id]["version"] == paper.version:
            check_raw(paper, records[paper.id], "title", "abstract", "journal_ref", "categories")
            authors, _ = split_authors(records[paper.id]["authors_raw"])
            # Feeds part initials: "F.Ya.Khalili" is "F. Ya. Khalili" there.
            assert [without_blanks(name) for name in paper.authors] == [
                without_blanks(name) for name in authors
            ]


@pytest.mark.parametrize(
    "path",
    samples("email/*.new*.txt") + samples("email/viewer.cs*") + samples("email/phil*"),
    ids=named,
)
def test_a_mail_gives_every_entry(path: Path) -> None:
    data = path.read_bytes()
    reading = sources.read(data, path.name)
    (listing,) = reading.listings
    assert [entry.paper.id for entry in listing.entries] == [
        number.decode() for number in re.findall(rb"(?m)^arXiv:(\S+)", data)
    ]
    new, cross = data.count(b"\nDate: "), data.count(b"(*cross-listing*)")
    replaced = data.count(b"\nreplaced with")
    sections = [entry.section for entry in listing.entries]
    assert sections.count(Section.REPLACEMENT) == replaced
    assert sections.count(Section.NEW) + sections.count(Section.CROSS) == new
    assert sections.count(Section.CROSS) == cross - sum(
        b"*cross" in found for found in re.findall(rb"(?m)^arXiv:.*\nreplaced", data)
    )
    # Only three samples are cut: they end without the closing rule.
    assert bool(reading.problems) == (b"%%%---" not in data)


def test_a_mail_says_the_same_as_the_page_of_that_day() -> None:
    mail = sources.read((CORPUS / "email/arxiv-browse.astro-ph.new.txt").read_bytes(), "mail")
    truth = json.loads((CORPUS / "browse/real2023/list.astro-ph.new.truth.json").read_text("utf-8"))
    records = {item["id"]: item for item in truth["items"]}
    (listing,) = mail.listings
    assert listing.announced == date.fromisoformat(truth["announced"])
    assert {entry.paper.id for entry in listing.entries} == records.keys()
    for entry in listing.entries:
        record = records[entry.paper.id]
        assert entry.section is SECTIONS[record["section"]]
        check_raw(entry.paper, record, "title", "authors", "comments", "journal_ref", "categories")
        if entry.section is not Section.REPLACEMENT:
            check_raw(entry.paper, record, "abstract")


@pytest.mark.parametrize("path", samples("email/*pastweek*"), ids=named)
def test_a_file_of_a_week_gives_every_day(path: Path) -> None:
    data = path.read_bytes()
    reading = sources.read(data, path.name)
    ids = [entry.paper.id for listing in reading.listings for entry in listing.entries]
    assert ids == [number.decode() for number in re.findall(rb"(?m)^arXiv:(\S+)", data)]
    assert len(reading.listings) == data.count(b"/* ")
    assert reading.problems == ()


def test_a_malformed_mail_keeps_what_is_whole_and_says_what_is_not() -> None:
    reading = sources.read((CORPUS / "email/viewer.malformed.txt").read_bytes(), "mail")
    (listing,) = reading.listings
    assert [entry.paper.id for entry in listing.entries] == [
        "2601.99001", "2601.99002", "2601.99003",
    ]  # fmt: skip
    assert listing.entries[0].paper.title == "A Valid Paper That Should Parse Correctly"
    assert listing.unreadable == 1
    assert len(reading.problems) == 4


@pytest.mark.parametrize("path", samples("wild/*/*.html"), ids=named)
def test_a_page_of_august_2024_is_complete(path: Path) -> None:
    reading = sources.read(path.read_bytes(), path.name)
    (listing,) = reading.listings
    assert listing.complete
    assert listing.announced == date(2024, 8, 9)
    assert reading.problems == ()
    page = path.read_text("utf-8")
    titles = re.findall(r"list-title mathjax'><span class='descriptor'>Title:</span>([^<]*)<", page)
    assert [entry.paper.title for entry in listing.entries] == [
        clean(html.unescape(title)) for title in titles
    ]
    assert all(entry.paper.authors and entry.paper.abstract for entry in listing.entries)
    assert all(entry.paper.categories and entry.paper.formats for entry in listing.entries)


@pytest.mark.parametrize("path", samples("api/*.xml", "abc"), ids=named)
def test_an_api_answer_gives_every_entry(path: Path) -> None:
    reading = sources.read(path.read_bytes(), path.name)
    feed = ET.parse(path).getroot()
    atom, arxiv = "{http://www.w3.org/2005/Atom}", "{http://arxiv.org/schemas/atom}"
    expected = []
    for entry in feed.iter(f"{atom}entry"):
        number, version = parse_id(entry.findtext(f"{atom}id") or "")
        primary = entry.find(f"{arxiv}primary_category")
        expected.append(
            (
                number,
                version,
                clean(entry.findtext(f"{atom}title") or ""),
                tuple(clean(name.text or "") for name in entry.iter(f"{atom}name")),
                squeezed(clean_block(entry.findtext(f"{atom}summary") or "")),
                clean(entry.findtext(f"{arxiv}comment") or "") or None,
                entry.findtext(f"{arxiv}doi"),
                taxonomy.canonical(primary.get("term") or "") if primary is not None else None,
            )
        )
    assert expected == [
        (
            paper.id, paper.version, paper.title, paper.authors, squeezed(paper.abstract),
            paper.comments, paper.doi, paper.categories[0],
        )
        for paper in reading.papers
    ]  # fmt: skip
    assert reading.problems == ()


def test_the_oai_formats_agree_with_each_other_and_with_what_arxiv_stores() -> None:
    plain_format, raw_format = (
        sources.read(
            (CORPUS / f"oai/verb=ListRecords_metadataPrefix={name}.oaitest.xml").read_bytes(), name
        )
        for name in ("arXiv", "arXivRaw")
    )
    assert (plain_format.problems, raw_format.problems) == ((), ())
    assert len(plain_format.papers) == len(raw_format.papers) == 503
    records = raw_records()
    for one, raw in zip(plain_format.papers, raw_format.papers, strict=True):
        for name in ("id", "title", "abstract", "categories", "comments", "journal_ref", "doi"):
            # That server doubles backslashes, in one format more often than in the other.
            said, raw_said = getattr(one, name), getattr(raw, name)
            if "\\" not in f"{said}{raw_said}":
                assert said == raw_said, (one.id, name)
        assert raw.versions
        assert raw.version == raw.versions[-1].number
        if one.id in records and "\\" not in raw.title:
            check_raw(raw, records[one.id], "title", "categories")


def test_the_snapshot_gives_every_record() -> None:
    path = CORPUS / "metadata/papers-2025.jsonl.gz"
    with path.open("rb") as file, gzip.open(path, "rt", encoding="utf-8") as lines:
        papers = sources.Snapshot(file, path.name)
        for paper, row in islice(zip(papers, lines, strict=True), 3000):
            record = json.loads(row)
            assert paper.id == record["id"]
            assert paper.title == clean(record["title"])
            assert squeezed(paper.abstract) == squeezed(clean_block(record["abstract"]))
            assert paper.authors
            assert paper.comments == (clean(record["comments"] or "") or None)
            assert paper.categories
        assert sum(1 for _ in papers) == 14179 - 3000
    assert (papers.damaged, papers.problems) == (0, ())


@pytest.mark.parametrize("path", samples("browse/abs/bibtex*.txt"), ids=named)
def test_bibtex_names_its_paper(path: Path) -> None:
    (paper,) = sources.read(path.read_bytes(), path.name).papers
    number = path.name.removeprefix("bibtex.").removesuffix(".txt").replace("_", "/")
    assert paper.id == parse_id(number)[0]
    assert paper.title
    assert paper.authors
    assert paper.categories


@pytest.mark.parametrize(
    "path",
    [
        *samples("browse/abs/html.*.html"), *samples("browse/abs/pdf.*.html"),
        *samples("browse/week/cond.ims-iso.list*.html"), *samples("browse/week/PUT*.html"),
        *samples("browse/week/list.form*"), *samples("browse/lag/list.*.new.html"),
        *samples("rss/*++*"), *samples("atom/*_xx.*"), *samples("atom/atom.real*.xml"),
        *samples("api/*abc*"), *samples("oai/*Bogus*"), *samples("oai/*oai_dc*"),
        *samples("browse/abs/bibtex.9999*.html"), *samples("browse/abs/abs.x.0704.00001.html"),
        *samples("*/*/*.headers")[:3], *samples("facts/*"),
    ],
    ids=named,
)  # fmt: skip
def test_what_is_no_listing_is_refused_with_a_sentence(path: Path) -> None:
    with pytest.raises(SourceError, match=f"^{re.escape(path.name)}: "):
        sources.read(path.read_bytes(), path.name)


def test_what_is_exported_as_bibtex_comes_back_as_it_was() -> None:
    with gzip.open(CORPUS / "metadata" / "papers-2025.jsonl.gz") as file:
        papers = list(islice(sources.Snapshot(cast("BinaryIO", file), "x"), 2000))
    text = "".join(bibtex(map(Item, papers)))
    reading = sources.read(text.encode(), "x.bib")
    assert not reading.problems
    assert [paper.id for paper in reading.papers] == [paper.id for paper in papers]
    for paper, back in zip(papers, reading.papers, strict=True):
        assert plain(back.title) == plain(paper.title)
        # An initial behind a name is taken for a given name: "Yi R." comes back as "R. Yi".
        sent, came = (sorted(" ".join(map(plain, each.authors)).split()) for each in (paper, back))
        assert came == sent
