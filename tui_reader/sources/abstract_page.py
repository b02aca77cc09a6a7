"""Abstract pages, /abs/ID: everything arXiv shows of one paper, and its submission history."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tui_reader.errors import SourceError
from tui_reader.model import Paper, Reading, Version
from tui_reader.sources.common import find_time, line, number, paper_id, subjects
from tui_reader.sources.markup import author_names, paragraphs_of, text_of, whole_text

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

_VERSION = re.compile(
    r"\[v(\d{1,6})\]\s*(\w{3}, \d{1,2} \w{3} \d{4} [\d:]{8}) UTC\s*"
    r"(?:\(([\d,]{1,12}) KB\))?(\s*\(withdrawn\))?"
)
_BUTTONS = {"download-pdf": "pdf", "latexml-download-link": "html", "download-ps": "ps"}


def recognises(page: bytes) -> bool:
    """Whether this is an abstract page."""
    return b'id="abs-outer"' in page or b'class="abstract mathjax"' in page


def read(root: Element, origin: str) -> Reading:
    """Read an abstract page.

    Raises SourceError when it does not say which paper it shows.
    """
    by_class = {
        name: element
        for element in root.iter("h1", "div", "blockquote", "td", "span")
        for name in (element.get("class") or "").split()
    }
    rows = {
        whole_text(label).replace("\xa0", " ").strip().rstrip(":"): label.getnext()
        for label in root.iter("td")
        if "label" in (label.get("class") or "").split()
    }
    named = by_class.get("arxividv", by_class.get("arxivid"))
    said = re.search(r"arXiv:(\S+)", whole_text(named)) if named is not None else None
    identifier = paper_id(said[1]) if said else None
    title = text_of(by_class["title"]) if "title" in by_class else ""
    if not identifier or not title:
        raise SourceError(origin, "an abstract page that does not name its paper; save it again")

    def row(label: str) -> str | None:
        cell = rows.get(label)
        return line(text_of(cell)) if cell is not None else None

    history = by_class.get("submission-history")
    past = " ".join(whole_text(history).split()) if history is not None else ""
    versions = tuple(
        Version(int(version), find_time(day), number(size.replace(",", "")))
        for version, day, size, _ in _VERSION.findall(past)
    )
    submitter, bracket, _ = past.partition("From:")[2].partition("[")
    authors: tuple[tuple[str, ...], int | None] = ((), None)
    if "authors" in by_class:
        authors = author_names(by_class["authors"])
    abstract = by_class.get("abstract")
    paper = Paper(
        identifier[0],
        title,
        authors[0],
        paragraphs_of(abstract) or None if abstract is not None else None,
        subjects(row("Subjects") or ""),
        version=identifier[1],
        comments=row("Comments"),
        journal_ref=row("Journal reference"),
        doi=_doi(rows.get("Related DOI")),
        report_no=row("Report number"),
        acm_class=row("ACM classes"),
        msc_class=row("MSC classes"),
        formats=_formats(root),
        submitter=line(submitter) if bracket else None,
        license=_license(by_class.get("abs-license")),
        versions=versions,
        authors_omitted=authors[1],
        withdrawn=any(gone for *_, gone in _VERSION.findall(past)[-1:]),
    )
    problems = () if versions else ("the page lacks its submission history, so it may be cut off",)
    return Reading("abstract page", (), (paper,), problems)


def _doi(cell: Element | None) -> str | None:
    """Return the DOIs, as on arXiv parted by a space where there are several."""
    if cell is None:
        return None
    return line(" ".join(link.get("data-doi") or "" for link in cell.iter("a")))


def _license(element: Element | None) -> str | None:
    link = element.find(".//a") if element is not None else None
    return line(link.get("href")) if link is not None else None


def _formats(root: Element) -> tuple[str, ...]:
    found = []
    for link in root.iter("a"):
        marks = [*(link.get("class") or "").split(), link.get("id") or ""]
        found += [_BUTTONS[mark] for mark in marks if mark in _BUTTONS]
        if "download-eprint" in marks or "download-format" in marks:
            found.append("other")
    return tuple(dict.fromkeys(found))
