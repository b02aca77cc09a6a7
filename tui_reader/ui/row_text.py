"""What a row of the list says of a paper, and how headings and dates read."""

import re
from collections.abc import Iterable, Sequence
from datetime import date
from typing import NamedTuple

from tui_reader.model import Announced, Item, Marks, Paper, Section
from tui_reader.store import Run
from tui_reader.text import Mode, cells, plain

STAR, UNREAD, SKIPPED = "★", "●", "×"
ASCII = str.maketrans("★●×─│┃▌…↓━·■□▣", "*ox-||>~v=.#0+")
"""What stands for the signs and lines of our own drawing where only ASCII may; all one cell."""

SECTION_TITLES = {
    Section.NEW: "New submissions",
    Section.CROSS: "Cross-lists",
    Section.REPLACEMENT: "Replacements",
}
NEW_VERSION = "new version"
"""The badge of a paper that was read, and came back when it was replaced."""
_PAGES = re.compile(r"\b(\d{1,4})\s*(?:pages?|pp)\b", re.IGNORECASE)
_NAMES_SHOWN = 3


class Row(NamedTuple):
    """A paper as the list shows it."""

    title: str
    names: tuple[str, ...]
    authors: int
    """How many there are in all."""
    categories: str
    badge: str
    """Such as "cross", where the section of its newest announcement says more than "new"."""
    version: str
    """Such as "v2"; empty for a first or unknown one."""
    pages: str
    """Such as "10 pp"; empty where the comments name no number of pages."""

    def authors_line(self, width: int) -> str:
        """Return as many of the first names as fit in `width` cells, and how many more."""
        return _first(self.names, self.authors, ", ", ", … +", width)

    def categories_line(self, width: int) -> str:
        """Return as many of the categories as fit, at least the first, and how many more."""
        names = self.categories.split()
        return _first(names, len(names), " ", " +", width)


def _first(names: Sequence[str], of: int, comma: str, more: str, width: int) -> str:
    text = ""
    for shown in range(len(names), 0, -1):
        text = comma.join(names[:shown]) + (f"{more}{of - shown}" if of > shown else "")
        if cells(text) <= width:
            break
    return text


def row(item: Item, mode: Mode = Mode.UNICODE) -> Row:
    """Return what the list says of this paper."""
    paper = item.paper
    pages = _PAGES.search(paper.comments or "")
    return Row(
        plain(titled(paper), mode),
        tuple(plain(name, mode) for name in paper.authors[:_NAMES_SHOWN]),
        len(paper.authors) + (paper.authors_omitted or 0),
        " ".join(paper.categories),
        _badge(item),
        f"v{paper.version}" if paper.version and paper.version > 1 else "",
        f"{pages.group(1)} pp" if pages else "",
    )


def _badge(item: Item) -> str:
    newest = [place.section for place in item.announced if place.day == item.announced[0].day]
    if Section.NEW in newest or not newest:
        return ""
    if Section.CROSS in newest:
        return "cross"
    return NEW_VERSION if item.marks.returned else "replaced"


def signs(marks: Marks) -> tuple[str, str]:
    """Return the two signs before a paper's title; no colour is needed to tell them apart."""
    state = SKIPPED if marks.skipped else " " if marks.read else UNREAD
    return STAR if marks.starred else " ", state


def heading(run: Run) -> str:
    """Return the heading of a run of rows, empty when it needs none."""
    section = SECTION_TITLES[run.section] if run.section else ""
    return "  ".join(filter(None, (long_date(run.day) if run.day else "", section)))


def places(announced: Iterable[Announced]) -> list[str]:
    """Return where and when a paper was announced, as "cs.DC, cs.LG Tue 3 March 2026, cross"."""
    found: dict[str, list[str]] = {}
    for place in announced:
        when = f"{long_date(place.day)}, {place.section}"
        found.setdefault(when, []).append(place.category)
    return [f"{', '.join(categories)} {when}" for when, categories in found.items()]


def long_date(day: date) -> str:
    """Return a day as "Tue 3 March 2026"."""
    return f"{day:%a} {day.day} {day:%B %Y}"


def titled(paper: Paper) -> str:
    """Return the title; of a paper that is not cached, as a star from elsewhere, its name."""
    return paper.title or f"{paper.id} (not in the cache)"
