"""The filter language: text to Query, and the test of a paper that a Query makes.

`KEYWORDS`, the choices (`State`, `Feature`, `Sort`) and `SYNTAX` define the language once: parser,
errors, completions and every help text come from them.
"""

import re
from calendar import monthrange
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from difflib import get_close_matches
from enum import StrEnum
from itertools import islice
from operator import attrgetter
from typing import NamedTuple, Self

from tui_reader.errors import IdError, QueryError
from tui_reader.model import ARCHIVES, Marks, Paper, PaperId, Section, parse_id
from tui_reader.taxonomy import canonical
from tui_reader.text import fold


class Field(StrEnum):
    """A part of a paper that is searched for words."""

    TITLE = "ti"
    AUTHORS = "au"
    ABSTRACT = "abs"
    COMMENTS = "co"
    NOTE = "note"
    JOURNAL = "jr"
    DOI = "doi"


class _Choice(StrEnum):
    """A value that a keyword takes, and what it means."""

    meaning: str

    def __new__(cls, value: str, meaning: str = "") -> Self:
        member = str.__new__(cls, value)
        member._value_ = value
        member.meaning = meaning
        return member


class State(_Choice):
    """What `is:` asks for."""

    NEW = "new", "announced as a new submission"
    CROSS = "cross", "announced as a cross-list"
    REPLACED = "replaced", "announced as a replacement"
    UNREAD = "unread", "not marked as read"
    READ = "read", "marked as read"
    STARRED = "starred", "starred"
    SKIPPED = "skipped", "skipped"
    NOTED = "noted", "has a note of yours"
    WITHDRAWN = "withdrawn", "withdrawn by its authors or by arXiv"


class Feature(_Choice):
    """What `has:` asks for."""

    HTML = "html", "an HTML version at arXiv"
    DOI = "doi", "a DOI"
    JOURNAL = "journal", "a journal reference"
    NOTE = "note", "a note of yours"
    CODE = "code", "a link to code or data in its abstract or comments"


class Sort(_Choice):
    """What `sort:` asks for."""

    DATE = "date", "the newest first"
    ARXIV = "arxiv", "in arXiv's order"
    RELEVANCE = "relevance", "the best match first"
    TITLE = "title", "by title"


@dataclass(frozen=True, slots=True)
class Word:
    """A word of the text, or several tokens in a row; the last one is the beginning of a word."""

    text: str
    """As it was written."""
    tokens: tuple[str, ...]
    """Folded, never empty."""
    field: Field | None = None
    """None: any one of title, authors, abstract and comments."""

    @property
    def needle(self) -> str:
        """What a haystack has to hold."""
        return " " + " ".join(self.tokens)


@dataclass(frozen=True, slots=True)
class Phrase:
    """Whole tokens in a row, from a quoted text; its fields are those of Word."""

    text: str
    tokens: tuple[str, ...]
    field: Field | None = None

    @property
    def needle(self) -> str:
        """What a haystack has to hold."""
        return f" {' '.join(self.tokens)} "


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

    state: State


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
class And:
    """Every part. The empty And, only ever the root of a Query, is every paper."""

    parts: tuple["Node", ...] = ()


@dataclass(frozen=True, slots=True)
class Or:
    """One of two or more parts."""

    parts: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Not:
    """Every paper but those; never a Not of a Not."""

    part: "Node"


Term = Word | Phrase | InCategory | Is | Has | DateRange | VersionIs | HasTag | IdIs | IdBegins
Node = Term | And | Or | Not


@dataclass(frozen=True, slots=True)
class Query:
    """What a filter text asks for. Nested at most DEEPEST times."""

    root: Node = And()
    sort: Sort | None = None


class Keyword(NamedTuple):
    """What may stand before a colon, what it means, an example of its value, its other names."""

    name: str
    meaning: str
    value: str
    also: tuple[str, ...] = ()


_KEYWORDS = (
    Keyword("ti", "word in the title", "attention", ("title",)),
    Keyword("au", "author; in quotes, these names in a row", '"jin lee"', ("author", "authors")),
    Keyword("abs", "word in the abstract", "entropy", ("abstract",)),
    Keyword("co", "word in the comments", "accepted", ("comment", "comments")),
    Keyword("cat", "category or archive, cross-lists too", "cs.DC", ("category",)),
    Keyword("id", "identifier, or its beginning", "2603.00356", ("arxiv",)),
    Keyword("tag", "a tag of yours", "to-read", ("tags",)),
    Keyword("note", "word in your note", "idea", ("notes",)),
    Keyword("jr", "word in the journal reference", "nature", ("journal",)),
    Keyword("doi", "DOI, or its beginning", "10.1145/3620666"),
    Keyword("is", "section or mark", "unread"),
    Keyword("has", "what comes with the paper", "code"),
    Keyword("date", "day, month, year, range, or the last 7d 2w 3m 1y", "2026-03..2026-05"),
    Keyword("v", "version number", ">1", ("version",)),
    Keyword("sort", "order of the list", "title"),
)
KEYWORDS: Mapping[str, Keyword] = {keyword.name: keyword for keyword in _KEYWORDS}

CODE_HOSTS = (
    "github.com", "github.io", "gitlab.", "bitbucket.org", "codeberg.org", "huggingface.co",
    "sourceforge.net", "zenodo.org", "osf.io", "figshare.com", "anonymous.4open.science",
)  # fmt: skip
"""Addresses that say a paper comes with code."""

_CHOICES: dict[str, type[_Choice]] = {"is": State, "has": Feature, "sort": Sort}

SYNTAX = (
    ("word", "words that begin so, in title, authors, abstract or comments", "distrib"),
    ('"a phrase"', "these whole words in a row", '"kv cache"'),
    ("-", "without what follows", "-survey"),
    ("OR", "one or the other; words side by side bind tighter", "moe OR lora"),
    ("( )", "taken together, also after a field", "ti:(moe OR lora)"),
    *((f"{name}:", meaning, f"{name}:{example}") for name, meaning, example, _ in _KEYWORDS),
    *(
        (f"{name}:{choice}", choice.meaning, f"{name}:{choice}")
        for name, choices in _CHOICES.items()
        for choice in choices
    ),
)
"""The language for people, a row a piece: what is typed, what it means, an example."""

DEEPEST = 50
"""How many parentheses may stand inside each other."""

MOST = 500
"""How many words and other terms a query may have: more than an abstract has."""

_NAMES = {name: key.name for key in _KEYWORDS for name in (key.name, *key.also)}
_VALUES = {name: [str(choice) for choice in choices] for name, choices in _CHOICES.items()}
_TEXT = frozenset(Field)
_ANYWHERE = (Field.TITLE, Field.AUTHORS, Field.ABSTRACT, Field.COMMENTS)
_STRAIGHT = str.maketrans("“”„", '"""')
_SYNTAX_IN_VALUE = re.compile(r'[\\"()]')
_ID_BEGUN = re.compile(r"[0-9]{2}(?:0[1-9]|1[0-2])\.[0-9]{3,5}")
_DOI = re.compile(r"(?:https?://(?:dx\.)?doi\.org/|doi:)?(10\.[0-9]{4,9}/\S+)", re.IGNORECASE)
_AGO = re.compile(r"([0-9]{1,6})([dwmy])")
_CALENDAR = re.compile(r"([0-9]{4})(?:-([0-9]{1,2})(?:-([0-9]{1,2}))?)?")
_VERSION = re.compile(r"(>=|<=|>|<|=)?v?([0-9]{1,4})")

# A word may hold parentheses that close within it, as O(n^2) and O(f(n)) do, and TeX's \".
# Possessive throughout, so that no text takes more than a few passes.
_TOKEN = re.compile(
    r"""
    \s*+ (?: (?P<minus> -++ (?=[^\s)]) )
           | (?P<close> \) )
           | (?: (?P<name> [A-Za-z]++ ) : )?+
             (?: (?P<open> \( )
               | " (?P<quoted> [^"\\]*+ (?: \\. [^"\\]*+ )*+ ) (?P<end> "? )
               | (?P<bare> (?: \\["()] | [^\s"()] )
                   (?: \\["()] | [^\s"()] | \( (?: [^\s"()] | \([^\s"()]*+\) )*+ \) )*+ ) )?+ )
    """,
    re.VERBOSE | re.DOTALL,
)


@dataclass(slots=True)
class _Group:
    """What is open while parsing: the text, and each `(` in it that has not been closed."""

    at: int
    name: str | None = None
    """The keyword that its words are values of: `ti` in `ti:(a b)`."""
    negated: bool = False
    choices: list[list[Node]] = field(default_factory=lambda: [[]])

    def add(self, node: Node | None, negated: bool) -> None:
        if negated and node:
            node = node.part if isinstance(node, Not) else Not(node)
        if node:
            self.choices[-1].extend(node.parts if isinstance(node, And) else (node,))

    def node(self) -> Node | None:
        """Return what the group asks for; None when it is empty."""
        flat: list[Node] = []
        for nodes in filter(None, self.choices):
            node = nodes[0] if len(nodes) == 1 else And(tuple(nodes))
            flat.extend(node.parts if isinstance(node, Or) else (node,))
        return Or(tuple(flat)) if len(flat) > 1 else next(iter(flat), None)


def parse(text: str, today: date) -> Query:
    """Read a filter text; `7d` and the like count back from `today`.

    AND binds tighter than OR. What holds no letter or digit is ignored, and so are an empty group
    and an operator that lacks an operand: they occur while someone types. An identifier or a DOI
    among the words, in any form people paste, asks for that paper.

    Raises QueryError, which says where and what to do.
    """
    groups = [_Group(0)]
    sort: Sort | None = None
    negated, words = False, 0
    for token in _tokens(text):
        group = groups[-1]
        if token["minus"]:
            negated = True
            continue
        if token["close"]:
            if len(groups) == 1:
                raise QueryError("Nothing is open here: take this ) away", token.start("close"))
            groups.pop()
            groups[-1].add(group.node(), group.negated)
        elif not token["name"] and token["bare"] in ("AND", "OR", "NOT", "ANDNOT"):
            if token["bare"] == "OR":
                group.choices.append([])
            negated = token["bare"].endswith("NOT")
            continue
        else:
            name, value, at = _named(token, group.name)
            if token["open"]:
                if len(groups) > DEEPEST:
                    problem = f"Use fewer parentheses, {DEEPEST} inside each other at most"
                    raise QueryError(problem, token.start("open"))
                groups.append(_Group(token.start("open"), name, negated))
            elif name == "sort":
                if negated:
                    raise QueryError("Take the - away: sort: leaves nothing out", at)
                sort = Sort(_choice(name, value, at))
            else:
                term = _term(name, value, token["end"] is not None, at, today)
                words += len(term.tokens) if isinstance(term, Word | Phrase) else 1
                if words > MOST:
                    raise QueryError(f"Use fewer words, {MOST} at most", at)
                group.add(term, negated)
        negated = False
    if len(groups) > 1:
        raise QueryError("Close this parenthesis with a )", groups[-1].at)
    return Query(groups[0].node() or And(), sort)


def _tokens(text: str) -> Iterator[re.Match[str]]:
    found = _TOKEN.finditer(text.translate(_STRAIGHT))
    return (token for token in found if token[0].strip())


def _named(token: re.Match[str], of_group: str | None) -> tuple[str | None, str, int]:
    """Return the keyword, if any, its value, and where in the text the value begins."""
    if token["end"] == "":
        raise QueryError('Close this quote with a "', token.start("quoted") - 1)
    part = next((part for part in ("open", "quoted", "bare") if token[part] is not None), None)
    value, at = (token[part], token.start(part)) if part else ("", token.end())
    if not token["name"]:
        return of_group, value, at
    if name := _NAMES.get(token["name"].lower()):
        if not part:
            raise _incomplete(name, at)
        return name, value, at
    # A colon in a pasted title, a URL or C++ is no field.
    at = token.start("name")
    whole = token.string[at : token.end()]
    if not part or (part == "bare" and (value[0] in ":/" or _id_in(whole))):
        return of_group, whole, at
    near = [f"{_NAMES[name]}:" for name in _near(token["name"], _NAMES)]
    raise _unknown(f"field {_cut(token['name'])}:", near, [f"{name}:" for name in KEYWORDS], at)


def _term(name: str | None, value: str, quoted: bool, at: int, today: date) -> Term | None:
    """Return what a value of the keyword asks for; None when it has no letter or digit."""
    if name is None and not quoted:
        if pasted := _id_in(value):
            return pasted
        if _ID_BEGUN.fullmatch(value):
            return IdBegins(value)
    if name is None or name in _TEXT:
        where = Field(name) if name else None
        if not quoted and where in (None, Field.DOI) and (doi := _DOI.fullmatch(value)):
            value, where = doi[1], Field.DOI
        tokens = tuple(fold(value).split())
        kind = Phrase if quoted else Word
        return kind(value, tokens, where) if tokens else None
    # Without these every value can be printed as it was written, bare or quoted.
    value = _SYNTAX_IN_VALUE.sub("", value).strip()
    match name:
        case "is":
            return Is(State(_choice(name, value, at)))
        case "has":
            return Has(Feature(_choice(name, value, at)))
        case "tag" if value:
            return HasTag(value.casefold(), quoted)
        case "cat" if code := "".join(value.split()).rstrip("*."):
            return InCategory(canonical(code).lower(), quoted)
        case "id" if prefix := re.sub(r"^(?:arxiv:\s*)+", "", value.lower()):
            return _id_in(prefix) or IdBegins(prefix)
        case "date" if value:
            return _dates(value, at, today)
        case "v" if value:
            return _versions(value, at)
    raise _incomplete(name, at)


def _id_in(text: str) -> IdIs | None:
    bare = text.strip("[]<>,.;").rstrip("v")
    try:
        paper, _ = parse_id(bare[:200])
    except IdError:
        return None
    # A number short of digits is one that is being typed.
    return IdIs(paper) if paper.rpartition("/")[2] in bare else None


def _dates(value: str, at: int, today: date) -> DateRange:
    begin, dots, end = value.partition("..")
    if not (begin or end):
        raise _incomplete("date", at)
    first, last = _period(begin, at, today) if begin else (date.min, date.max)
    if dots or _AGO.fullmatch(begin):
        last = _period(end, at + len(begin) + 2, today)[1] if end else date.max
    if last < first:
        raise QueryError("Put the earlier date first in this range", at)
    return DateRange(first, last, value)


def _period(text: str, at: int, today: date) -> tuple[date, date]:
    """Return the first and the last day of what `text` names; days ago name a single day."""
    if ago := _AGO.fullmatch(text):
        day = _back(today, int(ago[1]), ago[2])
        return day, day
    if not (written := _CALENDAR.fullmatch(text)):
        problem = f"{_cut(text)} is no date: write one as 2026, 2026-03, 2026-03-03 or 7d"
        raise QueryError(problem, at)
    year, month, day_of_month = (int(number or 0) for number in written.groups())
    try:
        first = date(year, month or 1, day_of_month or 1)
        month = month or 12
        return first, date(year, month, day_of_month or monthrange(year, month)[1])
    except ValueError as error:
        raise QueryError(f"{text} is not in the calendar: correct the date", at) from error


def _back(today: date, count: int, unit: str) -> date:
    if unit in "dw":
        days = count * (7 if unit == "w" else 1)
        return today - timedelta(min(days, today.toordinal() - 1))
    months = today.year * 12 + today.month - 1 - count * (12 if unit == "y" else 1)
    year, month = max(months, 12) // 12, max(months, 12) % 12 + 1
    return date(year, month, min(today.day, monthrange(year, month)[1]))


def _versions(value: str, at: int) -> VersionIs:
    if not (written := _VERSION.fullmatch(value)):
        raise QueryError("Write a version as 2, >1, >=2, <3 or <=2", at)
    sign, number = written[1], int(written[2])
    first = {">": number + 1, "<": 0, "<=": 0}.get(sign, number)
    last = {"<": number - 1, ">": NEWEST, ">=": NEWEST}.get(sign, number)
    return VersionIs(min(first, NEWEST), max(last, 0), value)


def _choice(name: str, value: str, at: int) -> str:
    choices = _VALUES[name]
    if not value:
        raise _incomplete(name, at)
    if value.lower() not in choices:
        near = [f"{name}:{choice}" for choice in _near(value, choices)]
        raise _unknown(f"{name}:{_cut(value)}", near, choices, at)
    return value.lower()


def _incomplete(name: str, at: int) -> QueryError:
    if name in _VALUES:
        return QueryError(f"Write one of {', '.join(_VALUES[name])} right after {name}:", at)
    example = KEYWORDS[name].value
    return QueryError(f"Write something right after {name}:, such as {name}:{example}", at)


def _unknown(what: str, near: Iterable[str], choices: Iterable[str], at: int) -> QueryError:
    meant = " or ".join(dict.fromkeys(near))
    advice = f"did you mean {meant}?" if meant else f"write one of {', '.join(choices)}"
    return QueryError(f"There is no {what}, {advice}", at)


def _near(wrong: str, choices: Iterable[str]) -> list[str]:
    """Return the choices that are begun or misspelt so, at most a few."""
    wrong, choices = wrong.lower()[:40], list(choices)
    begun = [choice for choice in choices if choice.startswith(wrong)]
    return begun or get_close_matches(wrong, choices, n=2)


def _cut(text: str) -> str:
    return text if len(text) <= 20 else f"{text[:19]}…"


def to_text(query: Query) -> str:
    """Return a text that parses to `query`."""
    sort = f"sort:{query.sort}" if query.sort else ""
    return f"{_print(query.root)} {sort}".strip()


def _print(node: Node) -> str:
    match node:
        case Word(text, _, where):
            return f"{where}:{text}" if where else text
        case Phrase(text, _, where):
            return f'{where}:"{text}"' if where else f'"{text}"'
        case InCategory(value, whole):
            return f"cat:{_value(value, whole)}"
        case HasTag(value, whole):
            return f"tag:{_value(value, whole)}"
        case IdIs(value) | IdBegins(value):
            return f"id:{_value(value)}"
        case Is(choice):
            return f"is:{choice}"
        case Has(choice):
            return f"has:{choice}"
        case DateRange(text=text):
            return f"date:{text}"
        case VersionIs(text=text):
            return f"v:{text}"
        case Not(part):
            return f"-({_print(part)})" if isinstance(part, And | Or) else f"-{_print(part)}"
        case And(parts):
            return " ".join(f"({_print(p)})" if isinstance(p, Or) else _print(p) for p in parts)
        case Or(parts):
            return " OR ".join(map(_print, parts))


def _value(value: str, quoted: bool = False) -> str:
    return f'"{value}"' if quoted or re.search(r"\s", value) else value


def highlights(query: Query) -> tuple[Word | Phrase, ...]:
    """Return the words and phrases a match may hold, each once; none from below a Not."""
    found = terms(query.root, excluded=False)
    return tuple(dict.fromkeys(term for term in found if isinstance(term, Word | Phrase)))


def needles(*queries: Query) -> Mapping[str, Sequence[str]]:
    """Return what to look for in each field of a paper, to show why it matches the queries."""
    found: dict[str, list[str]] = {where: [] for where in Field}
    for query in queries:
        for term in highlights(query):
            for where in (term.field,) if term.field else _ANYWHERE:
                found[where].append(term.needle)
    return found


def reads_texts(query: Query) -> bool:
    """Whether the query looks into any text, so that haystacks are needed to answer it."""
    return any(isinstance(term, Word | Phrase) for term in terms(query.root))


def terms(node: Node, *, excluded: bool = True) -> Iterator[Term]:
    """Yield all terms below a node, or all but those below a Not."""
    match node:
        case And(parts) | Or(parts):
            for part in parts:
                yield from terms(part, excluded=excluded)
        case Not(part):
            if excluded:
                yield from terms(part)
        case term:
            yield term


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


def weight(query: Query, paper: Document) -> int:
    """Return how well a paper that matches does: its title counts three times."""
    needles = [term.needle for term in highlights(query)]
    return sum(3 * paper.title.count(found) + paper.anywhere.count(found) for found in needles)


Test = Callable[[Document], bool]


def matcher(query: Query) -> Test:
    """Return the test of a document that the query makes, built once for many documents."""
    return _test(query.root)


_STATE_TESTS: Mapping[State, Test] = {
    State.NEW: lambda paper: Section.NEW in paper.sections,
    State.CROSS: lambda paper: Section.CROSS in paper.sections,
    State.REPLACED: lambda paper: Section.REPLACEMENT in paper.sections,
    State.UNREAD: lambda paper: not paper.marks.read,
    State.READ: lambda paper: paper.marks.read,
    State.STARRED: lambda paper: paper.marks.starred,
    State.SKIPPED: lambda paper: paper.marks.skipped,
    State.NOTED: lambda paper: bool(paper.marks.note),
    State.WITHDRAWN: lambda paper: paper.withdrawn,
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
        case Is(state):
            return _STATE_TESTS[state]
        case Has(Feature.NOTE):
            return _STATE_TESTS[State.NOTED]
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


@dataclass(frozen=True, slots=True)
class Completions:
    """What may stand instead of the text from `start` to `end`."""

    start: int
    end: int
    choices: tuple[str, ...]


def completions(
    text: str, cursor: int, values: Callable[[str], Iterable[str]], limit: int = 50
) -> Completions:
    """Return what could be meant at the cursor: a field's name, or a value after one.

    `values` gives those of `cat`, `tag` and `au`, and the choices keep their order. Authors are
    found by the beginning of any of their names, the rest by their own beginning.
    """
    names: list[str | None] = [None]
    name, typed, start = None, "", cursor
    for token in _tokens(text[:cursor]):
        written = token["name"]
        if token["open"]:
            names.append(_NAMES.get(written.lower()) if written else names[-1])
        elif token["close"] and len(names) > 1:
            names.pop()
        name, typed, start = names[-1], "", cursor
        if token.end() == cursor and not any((token["open"], token["close"], token["end"])):
            name = _NAMES.get(written.lower()) if written else name
            typed = (token["quoted"] or token["bare"] or "") if name else token[0].lstrip(" -")
            start = cursor - len(typed) - (1 if name and token["end"] == "" else 0)
    found: Iterable[str]
    if name == "au":
        begun = f" {fold(typed)}"
        found = (author for author in values(name) if begun in haystack(author))
    else:
        fields = [f"{field}:" for field in KEYWORDS]
        offered = _VALUES.get(name) or values(name) if name else fields
        found = (choice for choice in offered if choice.lower().startswith(typed.lower()))
    quoted = (f'"{choice}"' if re.search(r'[\s"()]', choice) else choice for choice in found)
    return Completions(start, cursor, tuple(islice(quoted, limit)))
