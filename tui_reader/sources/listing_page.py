"""Listing pages: /list/<category>/new, /recent and /pastweek, months and years, and /catchup."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from tui_reader import taxonomy
from tui_reader.errors import SourceError
from tui_reader.model import Entry, Listing, Paper, Reading, Section
from tui_reader.sources.common import (
    SECTION_NAMES,
    category_named,
    find_date,
    offered_formats,
    paper_id,
    promise_problems,
    several,
    subjects,
    unreadable_entries,
)
from tui_reader.sources.markup import author_names, paragraphs_of, text_of, whole_text

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

CUT_OFF = "the file is cut off before the page's end; save the page again"
PAST_THE_END = "the page begins past the end of the listing, so it holds nothing"

_SECTION = re.compile(
    r"(New|Cross|Replacement) submissions\b.*"
    r"showing (?:first |last )?(\d{1,6}) of (\d{1,6}) entries"
)
_OF = re.compile(r"showing (?:first |last )?\d+ of (\d{1,6}) entries")
_TERM = re.compile(
    r"\[(\d{1,6})\]\s*arXiv:(\S+)\s*"
    r"(?:\((?:(cross-list) from [^)]*|(replaced))\))?\s*(?:\[([^\]]*)\])?"
)
_VERSION = re.compile(r"v(\d{1,6})$")
_CODE = re.compile(rb"id=[\"']?(?:recent|new)-([\w.-]{1,40})")
_TOTAL = re.compile(rb"Total of (\d{1,6}) entries")
_RANGE = re.compile(rb"<span>(\d{1,6})-(\d{1,6})</span>")
_SKIP = re.compile(rb"entries per page:\s*<a href=[\"']?[^>]{0,400}?skip=(\d{1,6})")
_ITEM = re.compile(r"(?:[?&]page=(\d{1,6}))?#item(\d{1,6})$")
_PAGE = 2000
_CATCHUP = re.compile(r"Catchup results for (.*) on (.*)")
_JUMPS = {
    "New submissions": Section.NEW,
    "Cross-lists": Section.CROSS,
    "Replacements": Section.REPLACEMENT,
}


def recognises(page: bytes) -> bool:
    """Whether this is one of arXiv's listing pages, in any markup since August 2024."""
    return b"id='dlpage'" in page or b'id="dlpage"' in page


def read(page: bytes, root: Element, origin: str) -> Reading:
    """Read a listing page; `root` is `page`, parsed.

    Raises SourceError when neither an entry nor arXiv's word that there is none can be read.
    """
    parts = list(_parts(root))
    read_parts = [part for part in parts if part.entries or part.heading or part.unreadable]
    title = next(map(text_of, root.iter("h1")), "")
    subtitle = next(map(text_of, root.iter("h2")), "")
    said_so = b"No updates" in page or b"No further updates" in page or _is_past_the_end(page)
    if not said_so and not any(part.entries for part in parts):
        raise SourceError(
            origin,
            "a listing page whose entries can't be read; it is damaged or arXiv has changed it,"
            " so this says nothing about the day",
        )
    if subtitle.startswith("Authors and titles for") and "recent" not in subtitle:
        return _month(page, read_parts)
    if subtitle.startswith("Authors and titles"):
        return _recent(page, root, title, read_parts)
    return _one_day(page, root, title, read_parts, origin)


class _Part:
    """What stands below one heading."""

    def __init__(self, heading: str = "") -> None:
        self.heading = heading
        section = _SECTION.match(heading)
        self.section = SECTION_NAMES[section[1].lower()] if section else None
        self.entries: list[Entry] = []
        self.unreadable = 0


def _parts(root: Element) -> Iterator[_Part]:
    part = _Part()
    term: Element | None = None
    # Over the whole page: a damaged tag must not hide the entries behind it.
    for element in root.iter("h3", "dt", "dd"):
        if element.tag == "h3":
            yield part
            part = _Part(text_of(element))
        elif element.tag == "dt":
            part.unreadable += term is not None
            term = element
        elif term is not None:
            if entry := _entry(term, element, part.section):
                part.entries.append(entry)
            else:
                part.unreadable += 1
            term = None
    part.unreadable += term is not None
    yield part


def _one_day(page: bytes, root: Element, title: str, parts: list[_Part], origin: str) -> Reading:
    """Read /new or /catchup: one announcement, in sections."""
    announced = next(filter(None, (find_date(part.heading) for part in parts)), None)
    catchup = _CATCHUP.fullmatch(title)
    if catchup:
        title, announced = catchup[1], find_date(catchup[2])
    if not announced:
        raise SourceError(origin, "a listing page that does not name its day; save it again")
    entries = tuple(entry for part in parts for entry in part.entries)
    promised = _promise(page, root, entries, bool(catchup))
    shown = {}
    for part in parts:
        if part.section and (counts := _SECTION.match(part.heading)):
            promised[part.section] = int(counts[3])
            shown[part.section] = int(counts[2])
    total = _TOTAL.search(page)
    counted = int(total[1]) if total else 0
    if not promised and not entries and not counted:
        # arXiv's word that there is nothing, without any count that speaks against it.
        promised = dict.fromkeys(Section, 0)
    listing = Listing(
        _category(page, title, entries),
        announced,
        entries,
        promised,
        sum(part.unreadable for part in parts),
    )
    problems = unreadable_entries(listing.unreadable)
    if not promised and counted != len(entries):
        problems.append(
            f"arXiv announced {several(counted, 'entry')}, but {len(entries)} could be read"
        )
    if not entries and _is_past_the_end(page):
        problems.append(PAST_THE_END)
    elif not shown:
        problems += promise_problems(entries, promised)
    else:
        problems += promise_problems(entries, shown)
        if sum(shown.values()) < sum(promised.values()) and _has_end(page):
            problems.append(
                f"the page holds {sum(shown.values())} of {sum(promised.values())} entries;"
                " the others are on its other pages"
            )
    due = max(sum(promised.values()), counted)
    if 0 < len(entries) < due and not _has_end(page):
        problems.append(f"it holds {len(entries)} of {several(due, 'entry')}: {CUT_OFF}")
    return Reading("catch-up page" if catchup else "listing page", (listing,), (), tuple(problems))


def _promise(
    page: bytes, root: Element, entries: tuple[Entry, ...], catchup: bool
) -> dict[Section, int]:
    """Return how long each section is, from the links that jump to it and the total.

    They stand on every page of a long listing, and on pages that arXiv could not fill.
    """
    total = _TOTAL.search(page)
    starts: dict[Section, int] = {}
    current = entries[0].position // _PAGE + 1 if entries else 1
    for link in (link for menu in root.iter("ul") for link in menu.iter("a")):
        section = _JUMPS.get((link.text or "").strip())
        item = _ITEM.search(link.get("href") or "") if section else None
        if section and item:
            # Catch-up pages begin to count anew, and /new does not.
            pages = int(item[1] or current) - 1 if catchup else 0
            starts[section] = max(pages * _PAGE + int(item[2]), 1)
    if not total or not starts:
        return {}
    ends = [*list(starts.values())[1:], int(total[1]) + 1]
    counts = [end - start for start, end in zip(starts.values(), ends, strict=True)]
    if min(counts) < 0:
        return {}
    return dict.fromkeys(Section, 0) | dict(zip(starts, counts, strict=True))


def _recent(page: bytes, root: Element, title: str, parts: list[_Part]) -> Reading:
    """Read /recent or /pastweek: several days, without replacements, without abstracts."""
    every = [entry for part in parts for entry in part.entries]
    category = _category(page, title, every)
    before = _entries_before(root)
    listings = []
    for part in parts:
        day = find_date(part.heading)
        if not day:
            continue
        of = _OF.search(part.heading)
        first = part.entries[0].position - 1 if part.entries else 0
        skipped = before.get(day, first)
        listings.append(
            Listing(
                category,
                day,
                tuple(replace(e, position=max(e.position - skipped, 1)) for e in part.entries),
                unreadable=part.unreadable,
                total=int(of[1]) if of else len(part.entries),
            )
        )
    return Reading("page of recent listings", tuple(listings), (), _page_problems(page, parts))


def _entries_before(root: Element) -> dict[date, int]:
    """Return how many entries stand before each day, from the links at the top."""
    before = {}
    for link in (link for menu in root.iter("ul") for link in menu.iter("a")):
        skip = re.search(r"/(?:recent|pastweek)\?skip=(\d{1,6})", link.get("href") or "")
        day = find_date(link.text or "") if skip else None
        if skip and day:
            before[day] = int(skip[1])
    return before


def _month(page: bytes, parts: list[_Part]) -> Reading:
    papers = tuple(entry.paper for part in parts for entry in part.entries)
    return Reading("month or year page", (), papers, _page_problems(page, parts))


def _page_problems(page: bytes, parts: list[_Part]) -> tuple[str, ...]:
    """Compare what was read with the range or the total the page says it shows."""
    problems = unreadable_entries(sum(part.unreadable for part in parts))
    read = sum(len(part.entries) for part in parts)
    total = _TOTAL.search(page)
    promised = int(total[1]) if total else 0
    paging = page[total.end() : page.find(b"</div>", total.end())] if total else b""
    shown = _RANGE.search(paging)
    if shown:
        promised = max(int(shown[2]) - int(shown[1]) + 1, 0)
    if _is_past_the_end(page):
        problems.append(PAST_THE_END)
    elif read != promised:
        shows = several(promised, "entry")
        problems.append(f"the page says it shows {shows}, but {read} could be read")
        if not _has_end(page):
            problems.append(CUT_OFF)
    return tuple(problems)


def _has_end(page: bytes) -> bool:
    return b"</html" in page[-4096:].lower()


def _is_past_the_end(page: bytes) -> bool:
    total, skip = _TOTAL.search(page), _SKIP.search(page)
    return bool(total and skip and int(skip[1]) >= int(total[1]))


def _category(page: bytes, title: str, entries: tuple[Entry, ...] | list[Entry]) -> str:
    code = _CODE.search(page)
    if code:
        return taxonomy.canonical(code[1].decode("ascii", "replace"))
    return category_named(title, entries)


def _entry(term: Element, description: Element, section: Section | None) -> Entry | None:
    head = _TERM.search(whole_text(term))
    identifier = paper_id(head[2]) if head else None
    if not head or not identifier:
        return None
    fields = {element.get("class"): element for element in next(iter(description), ())}
    if "list-title mathjax" not in fields:
        # A damaged tag may have moved them.
        fields = {element.get("class"): element for element in description.iter("div", "p")}
    labelled = fields.get("list-title mathjax")
    title = text_of(labelled) if labelled is not None else ""
    if not title:
        return None
    formats = offered_formats(head[5])
    version = None
    for link in term.iterchildren("a", reversed=True) if "html" in formats else ():
        address = link.get("href") or ""
        if "/html/" in address and (named := _VERSION.search(address)):
            version = int(named[1])
            break
    authors: tuple[str, ...] = ()
    omitted: int | None = None
    if "list-authors" in fields:
        authors, omitted = author_names(fields["list-authors"])
    comments = fields.get("list-comments mathjax")
    journal = fields.get("list-journal-ref")
    abstract = fields.get("mathjax")
    paper = Paper(
        identifier[0],
        title,
        authors,
        paragraphs_of(abstract) or None if abstract is not None else None,
        subjects(text_of(fields["list-subjects"])) if "list-subjects" in fields else (),
        version=version,
        comments=text_of(comments) or None if comments is not None else None,
        journal_ref=text_of(journal) or None if journal is not None else None,
        formats=formats,
        authors_omitted=omitted,
    )
    if not section:
        section = Section.CROSS if head[3] else Section.NEW
        section = Section.REPLACEMENT if head[4] else section
    return Entry(paper, section, int(head[1]))
