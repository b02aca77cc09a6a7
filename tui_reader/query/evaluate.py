"""The test of a paper that a Query makes, and its order."""

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from os.path import commonprefix
from typing import Any

from tui_reader.fields import EVERYWHERE, OWN, Field
from tui_reader.model import ARCHIVES, Marks, Paper, Section
from tui_reader.query.documents import PLACE, Document, Haystacks, haystack, haystacks, own_day
from tui_reader.query.language import FEATURES, Feature, Trait
from tui_reader.query.tree import (
    And,
    Clause,
    DateRange,
    Has,
    HasTag,
    IdBegins,
    IdIs,
    InCategory,
    Is,
    Like,
    Not,
    Or,
    Phrase,
    Query,
    VersionIs,
    Word,
    highlights,
)

Test = Callable[[Document], bool]


def document(
    paper: Paper,
    marks: Marks,
    announced: Iterable[tuple[Section, date]],
    stored: Haystacks | None = None,
    *,
    updated: bool = False,
) -> Document:
    """Prepare a paper for `matcher`. `stored` are its haystacks, where they are at hand."""
    places = tuple(announced)
    texts = stored or haystacks(paper)
    return Document(
        texts=(*texts, *(haystack(getattr(marks, field.of)) for field in OWN)),
        everywhere="\n".join(texts[place] for place in _EVERYWHERE),
        id=paper.id,
        categories=f" {' '.join(paper.categories).lower()} ",
        sections=frozenset(section for section, _ in places),
        days=tuple(day for _, day in places) or (own_day(paper),),
        version=paper.version,
        features=features(paper),
        withdrawn=paper.withdrawn,
        marks=marks,
        updated=updated,
    )


_EVERYWHERE = [PLACE[field] for field in EVERYWHERE]


def features(paper: Paper) -> frozenset[str]:
    """Return what `has:` finds in the paper itself, by name."""
    return frozenset(f.name for f in FEATURES.values() if f.test and f.test(paper))


def matcher(query: Query) -> Test:
    """Return the test of a document that the query makes, built once for many documents."""
    return _test(query.root)


def order(query: Query) -> Callable[[Document], Any]:
    """Return the key by which a query sorts papers, if it does."""
    sought = [wording.needle for term in highlights(query) for wording in term.wordings]
    key = query.order and query.order.key
    assert key
    return lambda paper: key(paper, sought)


def _test(clause: Clause) -> Test:
    match clause:
        case Word() | Phrase():
            return _holds([wording.needle for wording in clause.wordings], clause.field)
        case InCategory(code, True):
            return lambda paper: f" {code} " in paper.categories
        case InCategory(code) if code in ARCHIVES:
            # `math` is not `math-ph`; but anything else may be half typed.
            return lambda paper: f" {code} " in paper.categories or f" {code}." in paper.categories
        case InCategory(code):
            return lambda paper: f" {code}" in paper.categories
        case Is(Trait(test=test)) if test:
            return test
        case Is(Trait(effect=effect)) if effect:
            return lambda _: False  # rules were put in its place, where there are any
        case Is(Trait(mark=mark, marked=wanted)):
            return lambda paper: bool(getattr(paper.marks, mark)) == wanted
        case Has(Feature(mark=mark)) if mark:
            return lambda paper: bool(getattr(paper.marks, mark))
        case Has(Feature(name=name)):
            return lambda paper: name in paper.features
        case DateRange(first, last):
            return lambda paper: any(first <= day <= last for day in paper.days)
        case VersionIs(oldest, newest):
            return lambda paper: paper.version is not None and oldest <= paper.version <= newest
        case HasTag(tag, True):
            return lambda paper: any(own.casefold() == tag for own in paper.marks.tags)
        case HasTag(tag):
            return lambda paper: any(own.casefold().startswith(tag) for own in paper.marks.tags)
        case IdIs(paper_id):
            return lambda paper: paper.id == paper_id
        case Like(found=found):
            return lambda paper: paper.id in found
        case IdBegins(prefix):
            return lambda paper: paper.id.startswith(prefix)
        case Not(part):
            refused = _test(part)
            return lambda paper: not refused(paper)
        case And(parts):
            return _until(False, sorted(parts, key=_cost))
        case Or(parts):
            return _until(True, parts)


def _cost(clause: Clause) -> int:
    """Order the parts of an And: cheap tests first, then what most papers fail."""
    if isinstance(clause, And | Or | Not):
        return 2
    return 1 if isinstance(clause, Word | Phrase) and clause.field is None else 0


def _holds(needles: Sequence[str], where: Field | None) -> Test:
    """Return the test whether a text has one of the needles."""
    place = PLACE[where] if where else None
    found = _finder(needles)
    if place is None:
        return lambda paper: found(paper.everywhere)
    return lambda paper: found(paper.texts[place])


def _finder(needles: Sequence[str]) -> Callable[[str], bool]:
    """Return what looks for any of the needles, in some microseconds less than they are."""
    needle, *others = needles
    if not others:
        return lambda text: needle in text
    begin, any_of = commonprefix(needles), tuple(needles)  # noqa: RUF071  of letters
    if len(begin) == 1:
        return lambda text: needle in text or any(other in text for other in others)

    def found(text: str) -> bool:
        at = text.find(begin)
        while at >= 0:
            if text.startswith(any_of, at):
                return True
            at = text.find(begin, at + 1)
        return False

    return found


def _until(wanted: bool, parts: Sequence[Clause]) -> Test:
    """Return a test that asks the parts' until one answers so: an Or with True, else an And."""
    tests = list(map(_test, parts))

    def asked(paper: Document) -> bool:
        for test in tests:  # any() of a generator takes three times as long
            if test(paper) == wanted:
                return wanted
        return not wanted

    return asked
