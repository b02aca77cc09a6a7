"""The text of a filter, read to a Query; what is wrong in it is said with where."""

import re
from calendar import monthrange
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from difflib import get_close_matches
from typing import TypeVar

from tui_reader.errors import IdError, QueryError
from tui_reader.fields import DOI, FIELDS
from tui_reader.model import parse_id
from tui_reader.query.language import (
    CHOICES,
    DAYS,
    FEATURES,
    KEYWORD_OF,
    KEYWORDS,
    SORTS,
    TRAITS,
    Sort,
)
from tui_reader.query.tree import (
    NEWEST,
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
    Term,
    VersionIs,
    Word,
)
from tui_reader.taxonomy import canonical
from tui_reader.text import fold
from tui_reader.text.fold import joins, unsearched, wordings

_T = TypeVar("_T")

DEEPEST = 50
"""How many parentheses may stand inside each other."""

MOST_TERMS = 500
"""How many words and other terms a query may have: more than an abstract has."""


_STRAIGHT = str.maketrans("“”„", '"""')
_FIELDS = {field.name: field for field in FIELDS}
_SYNTAX_IN_VALUE = re.compile(r'[\\"()]')
_ID_BEGUN = re.compile(r"[0-9]{2}(?:0[1-9]|1[0-2])\.[0-9]{3,5}")
_DOI = re.compile(r"(?:https?://(?:dx\.)?doi\.org/|doi:\s*)?(10\.[0-9]{4,9}/\S+)", re.IGNORECASE)
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
class _Opened:
    """What is open while parsing: the text, and each `(` in it that has not been closed."""

    name: str | None = None
    """The keyword that its words are values of: `ti` in `ti:(a b)`."""
    negated: bool = False
    choices: list[list[Clause]] = field(default_factory=lambda: [[]])

    def add(self, clause: Clause | None, negated: bool) -> None:
        if negated and clause:
            clause = clause.part if isinstance(clause, Not) else Not(clause)
        if clause:
            self.choices[-1].extend(clause.parts if isinstance(clause, And) else (clause,))

    def clause(self) -> Clause | None:
        """Return what the group asks for; None when it is empty."""
        flat: list[Clause] = []
        for clauses in filter(None, self.choices):
            clause = clauses[0] if len(clauses) == 1 else And(tuple(clauses))
            flat.extend(clause.parts if isinstance(clause, Or) else (clause,))
        return Or(tuple(flat)) if len(flat) > 1 else next(iter(flat), None)


def parse(text: str, today: date) -> Query:
    """Read a filter text; `7d` and the like count back from `today`.

    AND binds tighter than OR. An empty group and an operator that lacks an operand are ignored, and
    what is open at the end is closed there: they occur while someone types. Signs that are not
    looked for are told in `Query.unused`. An identifier or a DOI among the words, in any form
    people paste, asks for that paper.

    Raises QueryError, which says where and what to do.
    """
    # As copied it may be several words: arXiv:2603.00356v1 [cs.DC] 1 Mar 2026.
    quoted_or_like = text.lstrip(" -").lower().startswith(('"', "like:"))
    if not quoted_or_like and (pasted := _id_in(text)):
        return Query(pasted)
    if doi := _DOI.fullmatch(text.strip()):
        return Query(Word(doi[1], DOI))
    groups = [_Opened()]
    sort: Sort | None = None
    unused: dict[str, None] = {}
    negated, words = False, 0
    for token in tokens(text):
        group = groups[-1]
        if token["minus"]:
            negated = True
            continue
        if token["close"]:
            if len(groups) == 1:
                raise QueryError("Nothing is open here: take this ) away", token.start("close"))
            groups.pop()
            groups[-1].add(group.clause(), group.negated)
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
                groups.append(_Opened(name, negated))
            elif name == "sort":
                if negated:
                    raise QueryError("Take the - away: sort: leaves nothing out", at)
                sort = _chosen(SORTS, name, value, at)
            else:
                clause = _term(name, value, token["end"] is not None, at, today)
                unused |= dict.fromkeys(_unused(clause, value))
                words += len(fold(clause.text).split()) if isinstance(clause, Word | Phrase) else 1
                if words > MOST_TERMS:
                    raise QueryError(f"Use fewer words, {MOST_TERMS} at most", at)
                group.add(_unclosed(clause) if token["end"] == "" else clause, negated)
        negated = False
    while len(groups) > 1:
        group = groups.pop()
        groups[-1].add(group.clause(), group.negated)
    return Query(_neighbours(groups[0].clause() or And()), sort, tuple(unused))


def _unclosed(clause: Clause | None) -> Clause | None:
    """Return a phrase whose quote is open: its last word may go on."""
    if not isinstance(clause, Phrase):
        return clause
    before, _, last = clause.text.rpartition(" ")
    if not (last.isalnum() and last.isascii()):
        return clause
    word = Word(last.lower(), clause.field)
    return And((Phrase(before, clause.field), word)) if fold(before) else word


def _neighbours(clause: Clause) -> Clause:
    """Return it with words that know the word before them, where both may be written as one."""
    match clause:
        case Not(part):
            return Not(_neighbours(part))
        case Or(parts):
            return Or(tuple(map(_neighbours, parts)))
        case And(parts):
            beside = zip((None, *parts), parts, strict=False)
            return And(tuple(_after(before, _neighbours(part)) for before, part in beside))
    return clause


def _after(before: Clause | None, clause: Clause) -> Clause:
    if not (isinstance(before, Word) and isinstance(clause, Word) and before.field == clause.field):
        return clause
    one, two = before.wordings[0].words, clause.wordings[0].words
    return replace(clause, after=one[0]) if len(one) == 1 and joins(one[0], two[0]) else clause


def tokens(text: str) -> Iterator[re.Match[str]]:
    """Yield the pieces of a filter text, as _TOKEN names their parts."""
    found = _TOKEN.finditer(text.translate(_STRAIGHT))
    return (token for token in found if token[0].strip())


def _named(token: re.Match[str], of_group: str | None) -> tuple[str | None, str, int]:
    """Return the keyword, if any, its value, and where in the text the value begins."""
    part = next((part for part in ("open", "quoted", "bare") if token[part] is not None), None)
    value, at = (token[part], token.start(part)) if part else ("", token.end())
    if not token["name"]:
        return of_group, value, at
    if name := KEYWORD_OF.get(token["name"]):
        if not part:
            raise _incomplete(name, at)
        return name, value, at
    # A colon in a pasted title, a URL or C++ is no field: those are in lower case.
    at = token.start("name")
    whole = f"{token['name']}:{value}"
    bare = part == "bare" and (value[0] in ":/" or _id_in(whole))
    if not part or not token["name"].islower() or bare:
        return of_group, whole, at
    near = [f"{KEYWORD_OF[name]}:" for name in _near(token["name"], KEYWORD_OF)]
    raise _unknown(f"field {_cut(token['name'])}:", near, [f"{name}:" for name in KEYWORDS], at)


def _term(name: str | None, value: str, quoted: bool, at: int, today: date) -> Term | None:
    """Return what a value of the keyword asks for; None when it has no letter or digit."""
    if name is None and not quoted:
        if pasted := _id_in(value):
            return pasted
        if _ID_BEGUN.fullmatch(value):
            return IdBegins(value)
    if name is None or name in _FIELDS:
        where = _FIELDS[name] if name else None
        if not quoted and where in (None, DOI) and (doi := _DOI.fullmatch(value)):
            value, where = doi[1], DOI
        kind = Phrase if quoted else Word
        return kind(value, where) if wordings(value) else None
    # Without these every value can be printed as it was written, bare or quoted.
    value = _SYNTAX_IN_VALUE.sub("", value).strip()
    match name:
        case "is":
            return Is(_chosen(TRAITS, name, value, at))
        case "has":
            return Has(_chosen(FEATURES, name, value, at))
        case "tag" if value:
            return HasTag(value.casefold(), quoted)
        case "cat" if code := "".join(value.split()).rstrip("*."):
            return InCategory(canonical(code).lower(), quoted)
        case "id" if prefix := re.sub(r"^(?:arxiv:\s*)+", "", value.lower()):
            return _id_in(prefix) or IdBegins(prefix)
        case "like" if value.lower().startswith("tag:") and value[4:].strip():
            return Like(f"tag:{value[4:].strip().casefold()}", at)
        case "like" if value:
            if not (paper := _id_in(value)):
                raise QueryError("Write an identifier, or tag:name, right after like:", at)
            return Like(paper.id, at)
        case "date" if value:
            return _dates(value, at, today)
        case "v" if value:
            return _versions(value, at)
    raise _incomplete(name, at)


def _unused(term: Term | None, value: str) -> Iterator[str]:
    """Yield what of a value is not looked for."""
    if term is None and value.strip("-"):
        yield _cut(value)
    elif isinstance(term, Word | Phrase) and term.field is not DOI and (left := unsearched(value)):
        yield f"{left} in {_cut(value)}"


def _id_in(text: str) -> IdIs | None:
    bare = text.strip("[]<>,.;").rstrip("v")
    try:
        paper, _ = parse_id(bare[:200])
    except IdError:
        return None
    # A number short of digits is one that is being typed.
    digits = re.sub(r"\D", "", paper)
    return IdIs(paper) if digits in re.sub(r"\D", "", bare) else None


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
    if text.lower() in DAYS:
        day = today - timedelta(DAYS.index(text.lower()))
        return day, day
    if ago := _AGO.fullmatch(text):
        day = _back(today, int(ago[1]), ago[2])
        return day, day
    if not (written := _CALENDAR.fullmatch(text)):
        problem = f"{_cut(text)} is no date: write one as 2026, 2026-03, 2026-03-03, 7d or today"
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


def _chosen(choices: Mapping[str, _T], name: str, value: str, at: int) -> _T:
    if not value:
        raise _incomplete(name, at)
    if value.lower() not in choices:
        near = [f"{name}:{choice}" for choice in _near(value, choices)]
        raise _unknown(f"{name}:{_cut(value)}", near, choices, at)
    return choices[value.lower()]


def _incomplete(name: str, at: int) -> QueryError:
    if name in CHOICES:
        return QueryError(f"Write one of {', '.join(CHOICES[name])} right after {name}:", at)
    example = KEYWORDS[name].example
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
