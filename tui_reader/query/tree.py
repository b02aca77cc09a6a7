"""What a filter text asks for: a Query, its tree of terms, and the tree as text again."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from tui_reader.fields import EVERYWHERE, FIELDS, Field
from tui_reader.model import PaperId
from tui_reader.query.language import Feature, Sort, Trait
from tui_reader.text.fold import Wording, wordings


@dataclass(frozen=True, slots=True)
class Word:
    """A word, or several in a row; the last one may be the beginning of a word."""

    text: str
    """As it was written. It has words, see `wordings`."""
    field: Field | None = None
    """None: any one of those in fields.EVERYWHERE."""
    after: str = ""
    """The word right before it, which may be one with it in a paper: set in `data set`."""

    @property
    def wordings(self) -> Sequence[Wording]:
        """What it may be found as, any one of these; the first is its own words."""
        found = wordings(self.text)
        (first, *others), _ = found[0]
        joined = (Wording((self.after + first, *others)),) if self.after else ()
        return (*found, *joined)


@dataclass(frozen=True, slots=True)
class Phrase:
    """Whole words in a row, from a quoted text; its fields are those of Word."""

    text: str
    field: Field | None = None

    @property
    def wordings(self) -> Sequence[Wording]:
        """What it may be found as, any one of these; the first is its own words."""
        return wordings(self.text, whole=True)


@dataclass(frozen=True, slots=True)
class InCategory:
    """A category of the paper: this one, one of this archive, or one that begins so.

    The last, because it may be half typed.
    """

    code: str
    """Lower case, canonical where it is a whole code."""
    whole: bool = False
    """Whether the category has to be this and no more: from a quoted value."""


@dataclass(frozen=True, slots=True)
class Is:
    """A state of the paper. new, cross, replaced: the section of any of its announcements."""

    trait: Trait


@dataclass(frozen=True, slots=True)
class Has:
    """Something that comes with the paper."""

    feature: Feature


@dataclass(frozen=True, slots=True)
class DateRange:
    """Any of the paper's days (see `Document.days`) from `first` to `last`, both included."""

    first: date = date.min
    last: date = date.max
    text: str = field(default="", compare=False)
    """As it was written: days ago stay days ago when the query is printed."""


NEWEST = 9999
"""More versions than any paper has."""


@dataclass(frozen=True, slots=True)
class VersionIs:
    """The paper's version is known, and from `first` to `last`, both included."""

    first: int = 0
    last: int = NEWEST
    text: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class HasTag:
    """A tag that begins with this, or is this, whatever the case."""

    tag: str
    """Case-folded."""
    whole: bool = False


@dataclass(frozen=True, slots=True)
class IdIs:
    """The paper of that identifier."""

    id: PaperId


@dataclass(frozen=True, slots=True)
class IdBegins:
    """The papers whose identifier begins so: `2603.` is all of March 2026."""

    prefix: str


@dataclass(frozen=True, slots=True)
class Like:
    """The papers that are likest to one, or to those of a tag."""

    of: str
    """An identifier, or `tag:` and a tag, case-folded."""
    at: int = field(default=0, compare=False)
    """Where in the text that stands."""
    found: frozenset[PaperId] = field(default=frozenset(), compare=False)
    """Which papers these are; the store knows."""


@dataclass(frozen=True, slots=True)
class And:
    """Every part. The empty And, only ever the root of a Query, is every paper."""

    parts: tuple["Clause", ...] = ()


@dataclass(frozen=True, slots=True)
class Or:
    """One of two or more parts."""

    parts: tuple["Clause", ...]


@dataclass(frozen=True, slots=True)
class Not:
    """Every paper but those; never a Not of a Not."""

    part: "Clause"


Term = (
    Word | Phrase | InCategory | Is | Has | DateRange | VersionIs | HasTag | IdIs | IdBegins | Like
)
Clause = Term | And | Or | Not


@dataclass(frozen=True, slots=True)
class Query:
    """What a filter text asks for. Nested at most DEEPEST times."""

    root: Clause = And()
    sort: Sort | None = None
    unused: tuple[str, ...] = field(default=(), compare=False)
    """What the text holds that is not looked for, as a person is told: `+ in 100k+`."""

    @property
    def likens(self) -> bool:
        """Whether it asks for what is like other papers, which has to be found first."""
        return any(isinstance(term, Like) for term in terms(self.root))

    @property
    def names_rules(self) -> bool:
        """Whether it asks for what rules find, which stands for their filters."""
        return any(isinstance(term, Is) and term.trait.effect for term in terms(self.root))

    @property
    def order(self) -> Sort | None:
        """The sort it asks for, where that is another order than arXiv's."""
        return self.sort if self.sort and (self.sort.key or self.sort.learned) else None


def to_text(query: Query) -> str:
    """Return a text that parses to `query`."""
    sort = f"sort:{query.sort.name}" if query.sort else ""
    return f"{_print(query.root)} {sort}".strip()


def _print(clause: Clause) -> str:
    match clause:
        case Word(text, where):
            return f"{where.name}:{text}" if where else text
        case Phrase(text, where):
            return f'{where.name}:"{text}"' if where else f'"{text}"'
        case InCategory(value, whole):
            return f"cat:{_value(value, whole)}"
        case HasTag(value, whole):
            return f"tag:{_value(value, whole)}"
        case IdIs(value) | IdBegins(value):
            return f"id:{_value(value)}"
        case Like(of):
            return f"like:{_value(of)}"
        case Is(trait):
            return f"is:{trait.name}"
        case Has(feature):
            return f"has:{feature.name}"
        case DateRange(text=text):
            return f"date:{text}"
        case VersionIs(text=text):
            return f"v:{text}"
        case Not(part):
            return f"-{_group(part)}" if isinstance(part, And | Or) else f"-{_print(part)}"
        case And(parts):
            return " ".join(_group(p) if isinstance(p, Or) else _print(p) for p in parts)
        case Or(parts):
            return " OR ".join(map(_print, parts))


def _group(clause: Clause) -> str:
    inside = _print(clause)
    return f"({inside} )" if inside.endswith("\\") else f"({inside})"  # else it would be \)


def _value(value: str, quoted: bool = False) -> str:
    return f'"{value}"' if quoted or re.search(r"\s", value) else value


def highlights(query: Query) -> tuple[Word | Phrase, ...]:
    """Return the words and phrases a match may hold, each once; none from below a Not."""
    found = terms(query.root, excluded=False)
    return tuple(dict.fromkeys(term for term in found if isinstance(term, Word | Phrase)))


def needles(*queries: Query) -> Mapping[str, Sequence[str]]:
    """Return what to look for in each field of a paper, to show why it matches the queries."""
    found: dict[str, list[str]] = {field.name: [] for field in FIELDS}
    for query in queries:
        for term in highlights(query):
            for where in (term.field,) if term.field else EVERYWHERE:
                found[where.name] += (wording.needle for wording in term.wordings)
    return found


def reads_texts(query: Query) -> bool:
    """Whether the query looks into any text, so that haystacks are needed to answer it."""
    return any(isinstance(term, Word | Phrase) for term in terms(query.root))


def terms(clause: Clause, *, excluded: bool = True) -> Iterator[Term]:
    """Yield all terms below a clause, or all but those below a Not."""
    match clause:
        case And(parts) | Or(parts):
            for part in parts:
                yield from terms(part, excluded=excluded)
        case Not(part):
            if excluded:
                yield from terms(part)
        case term:
            yield term
