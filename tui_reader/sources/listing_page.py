"""Listing pages: /list/<category>/new, /recent and /pastweek, months and years, and /catchup."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from tui_reader import taxonomy
from tui_reader.errors import SourceError
from tui_reader.model import Entry, Listing, Paper, Reading, Section
from tui_reader.sources.common import (
    category_named,
    find_date,
    offered_formats,
    paper_id,
    promise_problems,
    several,
    subjects,
    unreadable_entries,
)
from tui_reader.sources.markup import (
    AUTHORS_ON_A_PAGE,
    author_names,
    paragraphs_of,
    text_of,
    whole_text,
)
from tui_reader.sources.withdrawal import is_withdrawn

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

PAGE_CUT_OFF = "the file is cut off before the page's end; save the page again"
PAST_THE_END = "the page begins past the end of the listing, so it holds nothing"

_HEADING = re.compile(
    r"(?:(New|Cross|Replacement) submissions\b)?.*"
    r"showing (?:first |last )?(\d{1,6}) of (\d{1,6}) entries"
)
_TERM = re.compile(
    r"\[(\d{1,6})\]\s*arXiv:(\S+)\s*"
    r"(?:\((?:(cross-list) from [^)]*|(replaced))\))?\s*(?:\[([^\]]*)\])?"
)
_HTML = re.compile(r"/html/.*v(\d{1,6})$")
_CODE = re.compile(rb"id=[\"']?(?:recent|new)-([\w.-]{1,40})")
_TOTAL = re.compile(rb"Total of (\d{1,6}) entries")
_RANGE = re.compile(
    rb"Total of \d{1,6} entries(?:(?!</div>).){0,4000}?<span>(\d{1,6})-(\d{1,6})</span>", re.DOTALL
)
_SKIP = re.compile(rb"entries per page:\s*<a href=[\"']?[^>]{0,400}?skip=(\d{1,6})")
_DAY_SKIP = re.compile(r"/(?:recent|pastweek)\?skip=(\d{1,6})")
_ITEM = re.compile(r"(?:[?&]page=(\d{1,6}))?#item(\d{1,6})$")
_QUIET = re.compile(rb"No (?:further )?updates")
_PAGE = 2000
_GROUPS = {"physics": "grp_physics"}
"""Archives whose name is also that of a group of archives, which /catchup shows in one."""
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
    whole = _Page(page, root)
    if not (whole.entries or whole.past_end or _QUIET.search(page)):
        raise SourceError(
            origin,
            "a listing page whose entries can't be read; it is damaged or arXiv has changed it,"
            " so this says nothing about the day",
        )
    subtitle = next(map(text_of, root.iter("h2")), "")
    if not subtitle.startswith("Authors and titles"):
        return _one_day(whole, origin)
    if subtitle.startswith("Authors and titles for") and "recent" not in subtitle:
        papers = tuple(entry.paper for entry in whole.entries)
        return Reading("month or year page", (), papers, _page_problems(whole))
    return _recent(whole)


class _Part:
    """What stands below one heading."""

    def __init__(self, heading: str = "") -> None:
        found = _HEADING.match(heading)
        self.heading = heading
        self.section = Section(found[1].lower()) if found and found[1] else None
        self.counts = (int(found[2]), int(found[3])) if found else None
        self.entries: list[Entry] = []
        self.unreadable = 0


class _Page:
    """A listing page in parts, and what it says of itself."""

    def __init__(self, page: bytes, root: Element) -> None:
        self.bytes = page
        self.parts = list(_parts(root))
        self.entries = [entry for part in self.parts for entry in part.entries]
        self.unreadable = sum(part.unreadable for part in self.parts)
        self.title = next(map(text_of, root.iter("h1")), "")
        links = (link for menu in root.iter("ul") for link in menu.iter("a"))
        self.jumps = [((link.text or "").strip(), link.get("href") or "") for link in links]
        total, skip = _TOTAL.search(page), _SKIP.search(page)
        self.total = int(total[1]) if total else 0
        self.past_end = bool(total and skip and int(skip[1]) >= self.total)
        self.has_end = b"</html" in page[-4096:].lower()

    def category(self, name: str) -> str:
        if code := _CODE.search(self.bytes):
            return taxonomy.canonical(code[1].decode("ascii", "replace"))
        category = category_named(name, self.entries)
        return _GROUPS.get(category, category) if self._is_wider_than(category) else category

    def _is_wider_than(self, category: str) -> bool:
        """Whether there are papers that are in no way of this category."""
        return any(
            entry.paper.categories
            and not any(f"{code}.".startswith(f"{category}.") for code in entry.paper.categories)
            for entry in self.entries
        )


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


def _one_day(page: _Page, origin: str) -> Reading:
    """Read /new or /catchup: one announcement, in sections."""
    title = page.title
    announced = next(filter(None, (find_date(part.heading) for part in page.parts)), None)
    if catchup := _CATCHUP.fullmatch(title):
        title, announced = catchup[1], find_date(catchup[2])
    if not announced:
        raise SourceError(origin, "a listing page that does not name its day; save it again")
    promised = _promise(page, bool(catchup))
    shown: dict[Section, int] = {}
    for part in page.parts:
        if part.section and part.counts:
            shown[part.section], promised[part.section] = part.counts
    if not promised and not page.entries and not page.total:
        # arXiv's word that there is nothing, without any count that speaks against it.
        promised = dict.fromkeys(Section, 0)
    read, sent, due = len(page.entries), sum(shown.values()), sum(promised.values())
    problems = unreadable_entries(page.unreadable)
    if not promised and page.total != read:
        problems.append(f"arXiv announced {several(page.total, 'entry')}, but {read} could be read")
    if not read and page.past_end:
        problems.append(PAST_THE_END)
    else:
        problems += promise_problems(page.entries, shown or promised)
    if shown and sent < due and page.has_end:
        problems.append(
            f"the page holds {sent} of {due} entries; the others are on its other pages"
        )
    due = max(due, page.total)
    if 0 < read < due and not page.has_end:
        problems.append(f"it holds {read} of {several(due, 'entry')}: {PAGE_CUT_OFF}")
    listing = Listing(
        page.category(title), announced, tuple(page.entries), promised, page.unreadable
    )
    return Reading("catch-up page" if catchup else "listing page", (listing,), (), tuple(problems))


def _promise(page: _Page, catchup: bool) -> dict[Section, int]:
    """Return how long each section is, from the links that jump to it and the total.

    They stand on every page of a long listing, and on pages that arXiv could not fill.
    """
    starts: dict[Section, int] = {}
    current = page.entries[0].position // _PAGE + 1 if page.entries else 1
    for text, address in page.jumps:
        if (item := _ITEM.search(address)) and text in _JUMPS:
            # Catch-up pages begin to count anew, and /new does not.
            pages = int(item[1] or current) - 1 if catchup else 0
            starts[_JUMPS[text]] = max(pages * _PAGE + int(item[2]), 1)
    ends = [*starts.values(), page.total + 1][1:]
    counts = {name: end - at for (name, at), end in zip(starts.items(), ends, strict=True)}
    if not counts or min(counts.values()) < 0:
        return {}
    return dict.fromkeys(Section, 0) | counts


def _recent(page: _Page) -> Reading:
    """Read /recent or /pastweek: several days, without replacements, without abstracts."""
    skips = {find_date(text): _DAY_SKIP.search(address) for text, address in page.jumps}
    category = page.category(page.title)
    listings = []
    for part in page.parts:
        if not (day := find_date(part.heading)):
            continue
        first = part.entries[0].position - 1 if part.entries else 0
        before = int(skip[1]) if (skip := skips.get(day)) else first
        listings.append(
            Listing(
                category,
                day,
                tuple(replace(e, position=max(e.position - before, 1)) for e in part.entries),
                unreadable=part.unreadable,
                total=part.counts[1] if part.counts else len(part.entries),
            )
        )
    return Reading("page of recent listings", tuple(listings), (), _page_problems(page))


def _page_problems(page: _Page) -> tuple[str, ...]:
    """Compare what was read with the range or the total the page says it shows."""
    problems = unreadable_entries(page.unreadable)
    promised = page.total
    if shown := _RANGE.search(page.bytes):
        promised = max(int(shown[2]) - int(shown[1]) + 1, 0)
    if page.past_end:
        problems.append(PAST_THE_END)
    elif len(page.entries) != promised:
        shows = several(promised, "entry")
        problems.append(f"the page says it shows {shows}, but {len(page.entries)} could be read")
        if not page.has_end:
            problems.append(PAGE_CUT_OFF)
    return tuple(problems)


def _entry(term: Element, description: Element, section: Section | None) -> Entry | None:
    head = _TERM.search(whole_text(term))
    identifier = paper_id(head[2]) if head else None
    if not head or not identifier:
        return None
    fields = {element.get("class"): element for element in next(iter(description), ())}
    if "list-title mathjax" not in fields:
        # A damaged tag may have moved them.
        fields = {element.get("class"): element for element in description.iter("div", "p")}

    def said(name: str, told: Callable[[Element], str] = text_of) -> str | None:
        return told(fields[name]) or None if name in fields else None

    title = said("list-title mathjax")
    if not title:
        return None
    formats = offered_formats(head[5])
    addresses = [link.get("href") or "" for link in term.iterchildren("a", reversed=True)]
    versions = (_HTML.search(address) for address in addresses if "html" in formats)
    version = next(filter(None, versions), None)
    authors = fields.get("list-authors")
    names, omitted = author_names(authors, AUTHORS_ON_A_PAGE) if authors is not None else ((), None)
    comments, abstract = said("list-comments mathjax"), said("mathjax", paragraphs_of)
    paper = Paper(
        identifier[0],
        title,
        names,
        abstract,
        subjects(said("list-subjects") or ""),
        version=int(version[1]) if version else None,
        comments=comments,
        journal_ref=said("list-journal-ref"),
        formats=formats,
        authors_omitted=omitted,
        withdrawn=is_withdrawn(title, comments, abstract),
    )
    if head[3] or head[4]:
        section = section or (Section.CROSS if head[3] else Section.REPLACEMENT)
    return Entry(paper, section or Section.NEW, int(head[1]))
