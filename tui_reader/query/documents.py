"""A paper, its marks and its days, made ready to be tested by many queries."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from tui_reader.model import Marks, Paper, PaperId, Section
from tui_reader.query.language import Feature
from tui_reader.text import fold

CODE_HOSTS = (
    "github.com", "github.io", "gitlab.", "bitbucket.org", "codeberg.org", "huggingface.co",
    "sourceforge.net", "zenodo.org", "osf.io", "figshare.com", "anonymous.4open.science",
)  # fmt: skip
"""Addresses that say a paper comes with code."""


def haystack(source: str | None) -> str:
    """Return the folded text between spaces: ` a b` in it begins a word, ` a b ` is a phrase."""
    return f" {fold(source or '')} "


Haystacks = tuple[str, str, str, str, str, str]
"""Those of a paper's title, authors, abstract, comments, journal reference and DOI."""


def haystacks(paper: Paper) -> Haystacks:
    """Fold all of a paper's texts, which is the costly part of a query, and worth storing."""
    return (
        haystack(paper.title),
        haystack(", ".join(paper.authors)),
        haystack(paper.abstract),
        haystack(paper.comments),
        haystack(paper.journal_ref),
        haystack(paper.doi),
    )


@dataclass(frozen=True, slots=True)
class Document:
    """A paper, its marks and its announcements, made ready for many queries.

    The texts are haystacks: folded, with a space at either end.
    """

    title: str
    authors: str
    abstract: str
    comments: str
    journal: str
    doi: str
    note: str
    anywhere: str
    """What a word without a field is looked for in; no phrase reaches over a line's end."""
    id: PaperId
    categories: str
    """Lower case, with a space before and after each."""
    sections: frozenset[Section]
    days: tuple[date, ...]
    """When it was announced; where no listing announced it, see `own_day`."""
    version: int | None
    features: frozenset[Feature]
    """All but NOTE, which the marks tell."""
    withdrawn: bool
    marks: Marks


def document(
    paper: Paper,
    marks: Marks,
    announced: Iterable[tuple[Section, date]],
    stored: Haystacks | None = None,
) -> Document:
    """Prepare a paper for `matcher`. `stored` are its haystacks, where they are at hand."""
    places = tuple(announced)
    texts = stored or haystacks(paper)
    return Document(
        *texts,
        note=haystack(marks.note),
        anywhere="\n".join(texts[:4]),
        id=paper.id,
        categories=f" {' '.join(paper.categories).lower()} ",
        sections=frozenset(section for section, _ in places),
        days=tuple(day for _, day in places) or (own_day(paper),),
        version=paper.version,
        features=features(paper),
        withdrawn=paper.withdrawn,
        marks=marks,
    )


def features(paper: Paper) -> frozenset[Feature]:
    """Return what `has:` finds in the paper itself; Feature.NOTE is not the paper's."""
    text = f"{paper.abstract or ''} {paper.comments or ''}".lower()
    having = {
        Feature.HTML: "html" in paper.formats,
        Feature.DOI: paper.doi,
        Feature.JOURNAL: paper.journal_ref,
        Feature.CODE: any(host in text for host in CODE_HOSTS),
    }
    return frozenset(filter(having.get, having))


def own_day(paper: Paper) -> date:
    """Return when the first version was submitted, or the first day of its identifier's month."""
    if paper.versions and (submitted := paper.versions[0].submitted):
        return submitted.date()
    stamp = paper.id.rpartition("/")[2]
    year = int(stamp[:2])
    return date(year + (1900 if year >= 91 else 2000), int(stamp[2:4]), 1)
