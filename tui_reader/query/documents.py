"""A paper, its marks and its days, made ready to be tested by many queries."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from tui_reader.fields import OWN, STORED, Field
from tui_reader.model import Marks, Paper, PaperId, Section, submitted
from tui_reader.text.fold import searched

Haystacks = tuple[str, ...]
"""Those of a paper's texts, in the order of fields.STORED."""


def haystack(source: str | None) -> str:
    """Return the search form of a text: ` a b` in it begins a word, ` a b ` is a phrase."""
    return searched(source) if source else "  "  # most papers lack some


def haystacks(paper: Paper, among: Collection[Field] = STORED) -> Haystacks:
    """Fold a paper's texts, which is the costly part of a query, and worth storing.

    Those that are not `among` these fields come out empty.
    """
    return tuple(haystack(field.text(paper)) if field in among else " " for field in STORED)


@dataclass(frozen=True, slots=True)
class Document:
    """A paper, its marks and its announcements, made ready for many queries."""

    texts: tuple[str, ...]
    """Its haystacks and the person's, in the order of STORED and then OWN."""
    everywhere: str
    """What a word without a field is looked for in; no phrase reaches over a line's end."""
    id: PaperId
    categories: str
    """Lower case, with a space before and after each."""
    sections: frozenset[Section]
    days: tuple[date, ...]
    """When it was announced; where no listing announced it, see `own_day`."""
    version: int | None
    features: frozenset[str]
    """The names of those that the paper itself has; what marks tell is not among them."""
    withdrawn: bool
    marks: Marks
    updated: bool = False
    """Whether something is new of it that the person did not see."""

    def text(self, field: Field) -> str:
        return self.texts[PLACE[field]]


PLACE = {field: place for place, field in enumerate((*STORED, *OWN))}
"""Where in Document.texts each field is."""


def own_day(paper: Paper) -> date:
    """Return when the first version was submitted, or the first day of its identifier's month."""
    if paper.versions and (first := paper.versions[0].submitted):
        return first.date()
    return submitted(paper.id)
