"""The test of a paper that a Query makes."""

from collections.abc import Callable, Mapping, Sequence
from operator import attrgetter

from tui_reader.model import ARCHIVES, Section
from tui_reader.query.documents import Document
from tui_reader.query.language import Feature, Field, Trait
from tui_reader.query.tree import (
    And,
    DateRange,
    Has,
    HasTag,
    IdBegins,
    IdIs,
    InCategory,
    Is,
    Node,
    Not,
    Or,
    Phrase,
    Query,
    VersionIs,
    Word,
    highlights,
)


def weight(query: Query, paper: Document) -> int:
    """Return how well a paper that matches does: its title counts three times."""
    needles = [term.needle for term in highlights(query)]
    return sum(3 * paper.title.count(found) + paper.anywhere.count(found) for found in needles)


Test = Callable[[Document], bool]


def matcher(query: Query) -> Test:
    """Return the test of a document that the query makes, built once for many documents."""
    return _test(query.root)


_TRAIT_TESTS: Mapping[Trait, Test] = {
    Trait.NEW: lambda paper: Section.NEW in paper.sections,
    Trait.CROSS: lambda paper: Section.CROSS in paper.sections,
    Trait.REPLACED: lambda paper: Section.REPLACEMENT in paper.sections,
    Trait.UNREAD: lambda paper: not paper.marks.read,
    Trait.READ: lambda paper: paper.marks.read,
    Trait.STARRED: lambda paper: paper.marks.starred,
    Trait.SKIPPED: lambda paper: paper.marks.skipped,
    Trait.NOTED: lambda paper: bool(paper.marks.note),
    Trait.WITHDRAWN: lambda paper: paper.withdrawn,
}


def _test(node: Node) -> Test:
    match node:
        case Word() | Phrase():
            return _holds(node.needle, node.field)
        case InCategory(code, True):
            return lambda paper: f" {code} " in paper.categories
        case InCategory(code) if code in ARCHIVES:
            # `math` is not `math-ph`; but anything else may be half typed.
            return lambda paper: f" {code} " in paper.categories or f" {code}." in paper.categories
        case InCategory(code):
            return lambda paper: f" {code}" in paper.categories
        case Is(trait):
            return _TRAIT_TESTS[trait]
        case Has(Feature.NOTE):
            return _TRAIT_TESTS[Trait.NOTED]
        case Has(feature):
            return lambda paper: feature in paper.features
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
        case IdBegins(prefix):
            return lambda paper: paper.id.startswith(prefix)
        case Not(part):
            refused = _test(part)
            return lambda paper: not refused(paper)
        case And(parts):
            return _until(False, sorted(parts, key=_cost))
        case Or(parts):
            return _until(True, parts)


def _cost(node: Node) -> int:
    """Order the parts of an And: cheap tests first, then what most papers fail."""
    if isinstance(node, And | Or | Not):
        return 2
    return 1 if isinstance(node, Word | Phrase) and node.field is None else 0


def _holds(needle: str, where: Field | None) -> Test:
    text_of: Callable[[Document], str] = attrgetter(where.name.lower() if where else "anywhere")
    return lambda paper: needle in text_of(paper)


def _until(wanted: bool, parts: Sequence[Node]) -> Test:
    """Return a test that asks the parts' until one answers so: an Or with True, else an And."""
    tests = list(map(_test, parts))

    def asked(paper: Document) -> bool:
        for test in tests:  # any() of a generator takes three times as long
            if test(paper) == wanted:
                return wanted
        return not wanted

    return asked
