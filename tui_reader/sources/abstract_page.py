"""Abstract pages, /abs/ID: everything arXiv shows of one paper, and its submission history."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING

from tui_reader.errors import SourceError
from tui_reader.model import Reading, Version
from tui_reader.sources.common import find_time, in_parts, number, paper_of, subjects
from tui_reader.sources.markup import author_names, paragraphs_of, text_of, whole_text

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

_VERSION = re.compile(
    r"\[v(\d{1,6})\]\s*(\w{3}, \d{1,2} \w{3} \d{4} [\d:]{8}) UTC\s*"
    r"(?:\(([\d,]{1,12}) KB\))?(\s*\(withdrawn\))?"
)
_ROWS = {
    "comments": "Comments",
    "journal-ref": "Journal reference",
    "report-no": "Report number",
    "acm-class": "ACM classes",
    "msc-class": "MSC classes",
}
_BUTTONS = {"download-pdf": "pdf", "latexml-download-link": "html", "download-ps": "ps"}
_BUTTONS |= dict.fromkeys(("download-eprint", "download-format"), "other")


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
    history = _said(by_class, "submission-history", whole_text) or ""
    past = " ".join(history.split())
    lines = _VERSION.findall(past)
    versions = tuple(
        Version(int(at), find_time(day), number(size.replace(",", "")))
        for at, day, size, _ in lines
    )
    submitter, bracket, _ = past.partition("From:")[2].partition("[")
    named = _said(by_class, "arxividv", whole_text) or _said(by_class, "arxivid", whole_text)
    fields = {name: _said(rows, label, text_of) for name, label in _ROWS.items()}
    paper = paper_of(
        fields
        | {
            "id": "".join(re.findall(r"arXiv:(\S+)", named or "")[:1]),
            "title": _said(by_class, "title", text_of),
            "doi": _dois(rows.get("Related DOI")),
            "submitter": submitter if bracket else None,
            "license": _license(by_class.get("abs-license")),
        },
        author_names(by_class["authors"]) if "authors" in by_class else ((), None),
        abstract=_said(by_class, "abstract", paragraphs_of),
        categories=subjects(_said(rows, "Subjects", text_of) or ""),
        formats=_formats(root),
        versions=versions,
        parted=in_parts(_named(root)),
        withdrawn=any(gone for *_, gone in lines[-1:]),
    )
    if not paper:
        raise SourceError(origin, "an abstract page that does not name its paper; save it again")
    problems = () if versions else ("the page lacks its submission history, so it may be cut off",)
    return Reading("abstract page", (), (paper,), problems)


def _said(
    elements: Mapping[str, Element | None], name: str, told: Callable[[Element], str]
) -> str | None:
    """Return what one of the elements says; None where it is missing or says nothing."""
    element = elements.get(name)
    return told(element) or None if element is not None else None


def _dois(cell: Element | None) -> str:
    """Return the DOIs, as on arXiv parted by a space where there are several."""
    links = cell.iter("a") if cell is not None else ()
    return " ".join(link.get("data-doi") or "" for link in links)


def _named(root: Element) -> Iterator[tuple[str, str, str]]:
    """Yield given names and family name of each author, which the page tells to programs."""
    for meta in root.iter("meta"):
        if meta.get("name") == "citation_author":
            family, _, given = (meta.get("content") or "").partition(", ")
            yield given, family, ""


def _license(element: Element | None) -> str | None:
    link = element.find(".//a") if element is not None else None
    return link.get("href") if link is not None else None


def _formats(root: Element) -> tuple[str, ...]:
    links = root.iter("a")
    marks = (f"{link.get('class') or ''} {link.get('id') or ''}".split() for link in links)
    found = (_BUTTONS[mark] for each in marks for mark in each if mark in _BUTTONS)
    return tuple(dict.fromkeys(found))
