"""The announcement feeds, RSS and Atom, and the Atom answers of the query API."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

from tui_reader import taxonomy
from tui_reader.errors import SourceError
from tui_reader.model import Entry, Listing, Paper, Reading, Section, Version
from tui_reader.sources.common import (
    block,
    category_codes,
    find_date,
    is_code,
    line,
    number,
    paper_id,
    person,
    several,
    split_authors,
    unreadable_entries,
)

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

CUT_OFF = "the file is damaged or cut off; what could be read was kept"
NOTHING = "the feed holds no papers: a weekend, a holiday or a quiet day, which a feed can't tell"

MOST_CONTEXTS = 50
"""Categories one feed can be of."""

_ATOM = "{http://www.w3.org/2005/Atom}"
_ARXIV = "{http://arxiv.org/schemas/atom}"
_DC = "{http://purl.org/dc/elements/1.1/}"
_SEARCH = "{http://a9.com/-/spec/opensearch/1.1/}"
_ABSTRACT = re.compile(r"\s*+arXiv:\S++\s++Announce Type: (\S++)\s*+Abstract: ?(.*)", re.DOTALL)
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
    if root.tag == f"{_ATOM}feed" and root.find(f"{_SEARCH}totalResults") is not None:
        return _answer(root, origin, problems)
    atom = root.tag == f"{_ATOM}feed"
    channel = root if atom else root.find("channel")
    if channel is None:
        raise SourceError(origin, "a feed without a channel; fetch it again")
    title = (_text(channel, f"{_ATOM}title" if atom else "title") or "")[:1000]
    if title.startswith("Feed error"):
        reason = _text(channel, f"{_ATOM}subtitle" if atom else "description")
        raise SourceError(origin, f"arXiv answered: {(reason or title)[:300]}")
    if "arXiv" not in title:
        raise SourceError(origin, f"the feed '{title[:100]}', which is not one of arXiv's")
    items = list(channel.iter(f"{_ATOM}entry" if atom else "item"))
    read_items = [_item(item, atom) for item in items]
    entries = [item for item in read_items if item]
    unreadable = len(items) - len(entries)
    problems += unreadable_entries(unreadable)
    if not entries and problems:
        raise SourceError(origin, "a feed that is too damaged to be read; fetch it again")
    announced = _announced(channel, items, atom)
    words = re.split(r"[+,\s]+", title.partition(" updates on")[0])
    contexts = list(dict.fromkeys(filter(is_code, words)))[:MOST_CONTEXTS]
    if not items:
        problems.append(NOTHING)
    if not announced or not contexts:
        papers = tuple(paper for paper, _ in entries)
        return Reading(_form(atom), (), papers, tuple(problems))
    listings, rest = _listings(contexts, announced, entries, unreadable)
    return Reading(_form(atom), listings, rest, tuple(problems))


def _form(atom: bool) -> str:
    return "Atom feed" if atom else "RSS feed"


def _listings(
    contexts: list[str], announced: date, papers: list[tuple[Paper, Section]], unreadable: int
) -> tuple[tuple[Listing, ...], tuple[Paper, ...]]:
    """Part a feed of several categories into their listings, and papers of none of them."""
    listings = []
    placed = set()
    for context in map(taxonomy.canonical, contexts):
        entries: list[Entry] = []
        for paper, section in papers:
            homes = [code == context or code.startswith(f"{context}.") for code in paper.categories]
            if not any(homes) and len(contexts) > 1:
                continue
            if len(contexts) > 1 and section is not Section.REPLACEMENT:
                section = Section.NEW if homes[0] else Section.CROSS
            placed.add(paper.id)
            entries.append(Entry(paper, section, len(entries) + 1))
        listings.append(Listing(context, announced, tuple(entries), unreadable=unreadable))
    return tuple(listings), tuple(paper for paper, _ in papers if paper.id not in placed)


def _announced(channel: Element, items: list[Element], atom: bool) -> date | None:
    if not atom:
        return find_date(_text(channel, "pubDate") or "")
    stamps = [_text(item, f"{_ATOM}published") or "" for item in items]
    moment = _moment(max(stamps, default=""))
    return moment.date() if moment else None


def _item(item: Element, atom: bool) -> tuple[Paper, Section] | None:
    identifier = paper_id(_text(item, f"{_ATOM}id" if atom else "guid") or "")
    title = _text(item, f"{_ATOM}title" if atom else "title")
    said = item.findtext(f"{_ATOM}summary" if atom else "description") or ""
    body = _ABSTRACT.match(said)
    kind = _text(item, f"{_ARXIV}announce_type") or (body[1] if body else "")
    if not identifier or not title or kind not in _TYPES:
        return None
    terms = [
        category.get("term") or "" if atom else category.text or ""
        for category in item.iter(f"{_ATOM}category" if atom else "category")
    ]
    authors, omitted = split_authors(item.findtext(f"{_DC}creator"))
    paper = Paper(
        identifier[0],
        title,
        authors,
        block(body[2]) if body else None,
        category_codes(" ".join(terms)),
        version=identifier[1],
        journal_ref=_text(item, f"{_ARXIV}journal_reference"),
        doi=_text(item, f"{_ARXIV}DOI"),
        license=_text(item, f"{_DC}rights"),
        authors_omitted=omitted,
    )
    return paper, _TYPES[kind]


def _answer(root: Element, origin: str, problems: list[str]) -> Reading:
    """Read an answer of the query API."""
    entries = list(root.iter(f"{_ATOM}entry"))
    for entry in entries:
        if "api/errors" in (entry.findtext(f"{_ATOM}id") or ""):
            reason = _text(entry, f"{_ATOM}summary") or "no reason given"
            raise SourceError(origin, f"arXiv answered with an error: {reason[:300]}")
    papers = tuple(paper for entry in entries if (paper := _found(entry)))
    problems += unreadable_entries(len(entries) - len(papers))
    if not papers and problems:
        raise SourceError(origin, "an answer that is too damaged to be read; ask again")
    total, start, size = (
        number(_text(root, f"{_SEARCH}{name}") or "", digits=9) or 0
        for name in ("totalResults", "startIndex", "itemsPerPage")
    )
    promised = max(min(size, total - start), 0)
    if len(entries) < promised:
        problems.append(
            f"arXiv promised {several(promised, 'paper')} and sent {len(entries)}; ask again"
        )
    return Reading("answer of the arXiv API", (), papers, tuple(problems))


def _found(entry: Element) -> Paper | None:
    identifier = paper_id(_text(entry, f"{_ATOM}id") or "")
    title = _text(entry, f"{_ATOM}title")
    if not identifier or not title:
        return None
    primary = entry.find(f"{_ARXIV}primary_category")
    terms = [primary.get("term") or ""] if primary is not None else []
    terms += [category.get("term") or "" for category in entry.iter(f"{_ATOM}category")]
    names = (person(name.text or "") for name in entry.iter(f"{_ATOM}name"))
    authors = tuple(name for name in names if name)
    version = identifier[1] or 1
    times = {1: _text(entry, f"{_ATOM}published"), version: _text(entry, f"{_ATOM}updated")}
    return Paper(
        identifier[0],
        title,
        authors,
        block(entry.findtext(f"{_ATOM}summary")),
        category_codes(" ".join(terms)),
        version=identifier[1],
        comments=_text(entry, f"{_ARXIV}comment"),
        journal_ref=_text(entry, f"{_ARXIV}journal_ref"),
        doi=_text(entry, f"{_ARXIV}doi"),
        versions=tuple(Version(at, _moment(stamp)) for at, stamp in times.items() if stamp),
        authors_omitted=0 if authors else None,
    )


def _moment(stamp: str | None) -> datetime | None:
    try:
        moment = datetime.fromisoformat(stamp or "")
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _text(element: Element, path: str) -> str | None:
    return line(element.findtext(path))
