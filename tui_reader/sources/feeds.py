"""The announcement feeds, RSS and Atom, and the Atom answers of the query API.

Until January 2024 a feed was RSS 1.0 (RDF) or 2.0 with HTML in its texts, which tells the version
and the section only at the end of a title.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from tui_reader import taxonomy
from tui_reader.errors import ForeignError, SourceError
from tui_reader.model import Entry, Listing, Paper, Reading, Section, Version
from tui_reader.sources.common import (
    CUT_OFF,
    find_date,
    is_code,
    known_people,
    line,
    number,
    paper_id,
    paper_of,
    person,
    several,
    unreadable_entries,
)
from tui_reader.sources.markup import (
    author_names,
    local_name,
    parse_html,
    text_of,
    texts_in,
    whole_text,
)

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

NOTHING = "the feed holds no papers: a weekend, a holiday or a quiet day, which a feed can't tell"

MOST_CONTEXTS = 50
"""Categories one feed can be of."""

_ABSTRACT = re.compile(r"\s*+arXiv:\S++\s++Announce Type: (\S++)\s*+Abstract: ?(.*)", re.DOTALL)
_ENDING = re.compile(
    r"\s\((?:arXiv:)?(?P<id>[^\s()]+)(?: v\d+)?(?: \[(?P<primary>[\w.-]+)\])?"
    r"(?: (?P<kind>UPDATED|CROSS LISTED))?\)\s*$"
)
_ENDINGS = {"": Section.NEW, "CROSS LISTED": Section.CROSS, "UPDATED": Section.REPLACEMENT}
_TYPES = {
    "new": Section.NEW,
    "cross": Section.CROSS,
    "replace": Section.REPLACEMENT,
    "replace-cross": Section.REPLACEMENT,
}


def read(root: Element, whole: bool, origin: str) -> Reading:
    """Read a feed or an answer; `whole` says whether its XML was undamaged.

    Raises SourceError when arXiv says in it that something was asked wrongly.
    """
    problems = [] if whole else [CUT_OFF]
    if root.find("{*}totalResults") is not None:
        return _answer(root, origin, problems)
    atom = local_name(root) == "feed"
    channel = root if atom else root.find("{*}channel")
    said = texts_in(channel) if channel is not None else {}
    title = (line(said.get("title")) or "")[:1000]
    if channel is None or not title:
        raise SourceError(origin, "a feed without a channel; fetch it again")
    if title.startswith("Feed error"):
        reason = line(said.get("subtitle") or said.get("description")) or title
        raise SourceError(origin, f"arXiv answered: {reason[:300]}")
    if "arXiv" not in title:
        raise ForeignError(origin, f"the feed '{title[:100]}', which is not one of arXiv's")
    items = list(root.iter("{*}entry", "{*}item"))
    papers = [found for item in items if (found := _item(item))]
    unreadable = len(items) - len(papers)
    problems += unreadable_entries(unreadable)
    if not papers and problems:
        raise SourceError(origin, "a feed that is too damaged to be read; fetch it again")
    if not items:
        problems.append(NOTHING)
    if atom:
        moment = _moment(max((texts_in(item).get("published", "") for item in items), default=""))
        announced = moment.date() if moment else None
    else:
        announced = find_date(said.get("pubDate", ""))
        if not announced and (moment := _moment(said.get("date"))):
            announced = moment.astimezone(UTC).date()  # an evening in New York
    words = re.split(r"[+,\s]+", title.partition(" updates on")[0])
    contexts = list(dict.fromkeys(filter(is_code, words)))[:MOST_CONTEXTS]
    listings = tuple(
        Listing(context, announced, _entries(context, contexts, papers), unreadable=unreadable)
        for context in map(taxonomy.canonical, contexts)
        if announced
    )
    placed = {entry.paper.id for listing in listings for entry in listing.entries}
    rest = tuple(paper for paper, _ in papers if paper.id not in placed)
    return Reading("Atom feed" if atom else "RSS feed", listings, rest, tuple(problems))


def _entries(
    category: str, contexts: list[str], papers: list[tuple[Paper, Section]]
) -> tuple[Entry, ...]:
    """Pick the entries of one category from a feed that may be of several."""
    entries: list[Entry] = []
    for paper, section in papers:
        if len(contexts) > 1:
            homes = [f"{code}.".startswith(f"{category}.") for code in paper.categories]
            if not any(homes):
                continue
            if section is not Section.REPLACEMENT:
                section = Section.NEW if homes[0] else Section.CROSS
        entries.append(Entry(paper, section, len(entries) + 1))
    return tuple(entries)


def _item(item: Element) -> tuple[Paper, Section] | None:
    said = texts_in(item)
    body = _ABSTRACT.match(said.get("description") or said.get("summary") or "")
    kind = line(said.get("announce_type")) or (body[1] if body else "")
    if not kind and (ending := _ENDING.search(said.get("title", ""))):
        return _old_item(item, said, ending)
    paper = paper_of(
        {
            "id": said.get("guid") or said.get("id") or said.get("link"),
            "title": said.get("title"),
            "authors": said.get("creator"),
            "abstract": body[2] if body else None,
            "categories": _terms(item),
            "journal-ref": said.get("journal_reference"),
            "doi": said.get("DOI"),
            "license": said.get("rights"),
        }
    )
    return (paper, _TYPES[kind]) if paper and kind in _TYPES else None


def _old_item(
    item: Element, said: dict[str, str], ending: re.Match[str]
) -> tuple[Paper, Section] | None:
    creator, description = item.find("{*}creator"), item.find("{*}description")
    creator = item.find("{*}author") if creator is None else creator
    paper = paper_of(
        {
            "id": ending["id"] if paper_id(ending["id"]) else said.get("link"),
            "title": said["title"][: ending.start()].rstrip().removesuffix("."),
            "abstract": "\n\n".join(_paragraphs(description)),
            "categories": ending["primary"] or _terms(item),
        },
        author_names(_page(creator)) if creator is not None else None,
    )
    return (paper, _ENDINGS[ending["kind"] or ""]) if paper else None


def _paragraphs(element: Element | None) -> list[str]:
    page = _page(element) if element is not None else None
    return [] if page is None else list(map(text_of, page.findall(".//p"))) or [text_of(page)]


def _page(element: Element) -> Element:
    """Return what an element holds, read as HTML."""
    root = parse_html(b"<div>%s</div>" % whole_text(element).encode(), "a text")
    return next(root.iter("div"))


def _terms(item: Element) -> str:
    """Return the categories of a paper, the primary one first where it is named."""
    categories = *item.iter("{*}primary_category"), *item.iter("{*}category")
    return " ".join(category.get("term") or category.text or "" for category in categories)


def _answer(root: Element, origin: str, problems: list[str]) -> Reading:
    """Read an answer of the query API."""
    entries = list(root.iter("{*}entry"))
    for said in map(texts_in, entries):
        if "api/errors" in said.get("id", ""):
            reason = line(said.get("summary")) or "no reason given"
            raise SourceError(origin, f"arXiv answered with an error: {reason[:300]}")
    papers = tuple(paper for entry in entries if (paper := _found(entry)))
    problems += unreadable_entries(len(entries) - len(papers))
    if not papers and problems:
        raise SourceError(origin, "an answer that is too damaged to be read; ask again")
    counts = texts_in(root)
    total, start, size = (
        number(counts.get(name, "").strip(), digits=9) or 0
        for name in ("totalResults", "startIndex", "itemsPerPage")
    )
    promised = max(min(size, total - start), 0)
    if len(entries) < promised:
        problems.append(
            f"arXiv promised {several(promised, 'paper')} and sent {len(entries)}; ask again"
        )
    return Reading("answer of the arXiv API", (), papers, tuple(problems))


def _found(entry: Element) -> Paper | None:
    said = texts_in(entry)
    authors = known_people(person(name.text or "") for name in entry.iter("{*}name"))
    identifier = paper_id(said.get("id", ""))
    version = identifier[1] if identifier else None
    times = {1: said.get("published"), version or 1: said.get("updated")}
    return paper_of(
        {
            **said,
            "abstract": said.get("summary"),
            "categories": _terms(entry),
            "comments": said.get("comment"),
            "journal-ref": said.get("journal_ref"),
        },
        authors,
        versions=tuple(Version(at, _moment(stamp)) for at, stamp in times.items() if stamp),
    )


def _moment(stamp: str | None) -> datetime | None:
    try:
        moment = datetime.fromisoformat((stamp or "").strip())
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
