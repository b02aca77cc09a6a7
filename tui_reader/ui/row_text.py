"""What a row of the list says of a paper, and how headings and dates read."""

import re
from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from tui_reader.late import late
from tui_reader.model import Announced, Item, Marks, News, Paper, Section, submitted
from tui_reader.store import Kind, Run, View
from tui_reader.text import Mode, fit, plain

if TYPE_CHECKING:  # loaded when something is to be ranked
    from tui_reader.rank.replay import Passable

STAR, UNREAD, SKIPPED, NOTED, WATCHED = "★", "●", "×", "✎", "◆"
ASCII = str.maketrans("◆★●×✎─│┃▌…↓━·■□▣▂▃▅▇", "!*ox&-||>~v=.#0+2345")
"""What stands for the signs and lines of our own drawing where only ASCII may; all one cell."""

SECTION_TITLES = {
    Section.NEW: "New submissions",
    Section.CROSS: "Cross-lists",
    Section.REPLACEMENT: "Replacements",
}
NEWS = {
    News.VERSION: "new version",
    News.JOURNAL: "published",
    News.DOI: "published",
    News.WITHDRAWN: "withdrawn",
}
"""Said of a starred paper until it was seen, and of one that came back when it was replaced."""
STRENGTHS = ("", *" ▂▃▅▇")
"""Signs for the steps of strength, after that for an unknown one; half of all papers are weak."""
_PAGES = late(r"\b(\d{1,4})\s*(?:pages?|pp)\b", re.IGNORECASE)
_WITHOUT_DAYS = (Kind.LIBRARY, Kind.STARRED, Kind.SAVED)
"""Views whose headings say no day."""


class RowText(NamedTuple):
    """A paper as the list shows it, without what the heading of the view says already."""

    title: str
    author: str
    """The first author and how many more, such as "Jin Lee +8"."""
    mine: str
    """Rules that watch it, tags, a sign for a note, and whether it came in a new version."""
    categories: tuple[str, ...]
    version: str
    """Such as "v2"; empty for a first or unknown one."""
    length: str
    """Such as "10 pp"; empty where the comments name no number of pages."""
    month: str
    """Such as "Mar 2026", where no heading says when."""
    strength: str = ""
    """One of STRENGTHS."""
    watched: bool = False

    def categories_in(self, width: int) -> str:
        """Return as many of the categories as fit in `width` cells, and how many more."""
        names = self.categories
        for shown in range(len(names), 0, -1):
            more = [f"+{len(names) - shown}"] if shown < len(names) else []
            if len(text := " ".join((*names[:shown], *more))) <= width:
                return text
        return fit(" ".join(names[:1]), width)


def of_item(
    item: Item, mode: Mode = Mode.UNICODE, view: View = View(Kind.INBOX), step: int = 0
) -> RowText:
    """Return what the list of a view says of this paper; `step` is its strength, if known.

    Strength is a help to decide: what was read has none.
    """
    paper, marks = item.paper, item.marks
    others = len(paper.authors) - 1 + (paper.authors_omitted or 0)
    author = plain(paper.authors[0], mode) if paper.authors else ""
    news = [News.VERSION] * marks.returned + [*item.news]
    mine = [*dict.fromkeys(NEWS[each] for each in news)]
    mine += [f"{WATCHED} {name}" for name in item.watched]
    mine += [f"#{tag}" for tag in sorted(marks.tags)]
    heading = view.category
    categories = (code.removeprefix(f"{heading}.") for code in paper.categories if code != heading)
    return RowText(
        plain(titled(paper), mode),
        f"{author} +{others}" if author and others > 0 else author,
        " ".join((*mine, *[NOTED] * bool(marks.note))),
        tuple(categories),
        f"v{paper.version}" if paper.version and paper.version > 1 else "",
        length(paper),
        f"{submitted(paper.id):%b %Y}" if view.kind in _WITHOUT_DAYS else "",
        STRENGTHS[min(step, 1) if marks.read else step],
        bool(item.watched),
    )


def length(paper: Paper) -> str:
    """Return how many pages the comments name, as "10 pp", or nothing."""
    found = _PAGES.search(paper.comments or "")
    return f"{found.group(1)} pp" if found else ""


def signs(marks: Marks, watched: object = ()) -> tuple[str, str]:
    """Return the two signs before a paper's title; no colour is needed to tell them apart."""
    state = SKIPPED if marks.skipped else " " if marks.read else UNREAD
    return STAR if marks.starred else WATCHED if watched else " ", state


def heading(run: Run) -> str:
    """Return the heading of a run of rows, empty when it needs none."""
    if run.watched:
        return f"{WATCHED} Watched"
    if run.sample:
        return "A sample of the less likely"
    if run.past:
        return f"Less likely: {_by_the_past(run.past)}"
    section = SECTION_TITLES[run.section] if run.section else ""
    return "  ".join(filter(None, (long_date(run.day) if run.day else "", section)))


def _by_the_past(past: "Passable") -> str:
    """Return what the past says of a part of an announcement."""
    lost = f"{past.lost or 'none'} {'were' if past.lost > 1 else 'was'} down there"
    of_samples = f", and {past.samples_starred or 'none'} of {past.samples:,} samples"
    return f"of your last {past.stars:,} stars, {lost}{of_samples * bool(past.samples)}"


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
