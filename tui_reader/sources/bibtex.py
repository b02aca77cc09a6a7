"""BibTeX: the papers among its entries, as a way to bring in stars.

Our own reader, because a file that people have is read to its end: bibtexparser 2 does not join
values (`#`) and drops an entry with a brace too few, pybtex stops at the first fault and refuses
a key that stands twice. What follows is BibTeX's own grammar, with a way on after each fault.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping
from itertools import chain
from typing import NamedTuple

from tui_reader.errors import SourceError
from tui_reader.model import ARCHIVES, Name, Paper, PaperId, Reading, named_ids
from tui_reader.sources.common import (
    category_codes,
    known_people,
    line,
    paper_id,
    person,
    several,
    told,
)
from tui_reader.text import clean

MOST_FROM_STRINGS = 4 << 20
"""Characters that may come of @string and #, in one file: they multiply."""

MOST_NESTED = 3
"""Braces inside braces that are taken off a name; TeX's own stay."""

MOST_FIELDS = 1_000
"""Of one entry; with more it is damaged, and what comes before the next entry is left out."""

MOST_ENTRIES = 100_000
"""Far more than a person's library, and read within seconds."""

_START = re.compile(r"@\s*(\w+)\s*([{(])")
_HEAD = re.compile(r"^[ \t]*@\s*\w+\s*[{(]\s*[^\s,{}()=\"]*\s*,", re.MULTILINE)
_KEY = re.compile(r"\s*([^,={}\"\n]*?)\s*(?=[,})\n])")
_GAP = r"(?:[\s,]|%.*)*+"
_FIELD = re.compile(_GAP + r"([^\s,={}()\"#%@'\\]+)\s*=\s*")
_END = re.compile(_GAP + r"([)}@])")
_JUNK = re.compile(_GAP + r"[^\s,)}@]*")
_FIELD_LINE = re.compile(r"\n[ \t]*,?[ \t]*[\w-]+\s*=\s*[{\"\w]")
_GOES_ON = re.compile(r"[\s,}]*[\w-]+\s*=\s*[{\"]")
_BARE = re.compile(r"[^\s,{}()\"#=]+")
_JOINT = re.compile(r"\s*#\s*")
_MARK = re.compile(r"[{})\"]")
_AND = re.compile(r"[{}]|,? and(?= |$)", re.IGNORECASE)
_COMMA = re.compile("[{},]")
_BLANK = re.compile("[{} ]")
_NAMESAKE = re.compile(r" 0\d{3}$")
"""Which of several people of a name it is, as DBLP numbers them."""
_NUMERAL = re.compile("I{2,3}|IV")
_SUFFIX = re.compile(rf"[JS]r\.?|{_NUMERAL.pattern}")
_PROTECTED = re.compile(r"(\\(?:[A-Za-z]+|.)\s*)?\{([^{}\\]*)\}")

_PROSE = frozenset(
    "title shorttitle subtitle booktitle abstract annote annotation keywords keyword review author"
    " editor references cites related".split()
)
"""Fields that may mention other papers; in every other one an identifier is the entry's own."""
_DIRECT = ("eprint", "arxivid", "arxiv", "arxiv_id", "arxiv-id")
_NUMBERS = ("volume", "number", "pages", "eid", "note")


_ID_AS_KEY = re.compile(r"\d{4}\.\d{4,5}(?:v\d+)?")
# Mendeley escapes the TeX of titles.
_ESCAPED = ("{\\$}", "$"), ("$\\backslash$", "\\"), ("{\\_}", "_"), ("{\\^{}}", "^")


class _Entry(NamedTuple):
    key: str
    fields: Mapping[str, str]
    """By name in lower case; of two of one name the first, as BibTeX has it."""
    damaged: bool


def recognises(text: str) -> bool:
    """Whether this looks like BibTeX."""
    return any(found[1].lower() != "comment" for found in _START.finditer(text))


def read(text: str, origin: str) -> Reading:
    """Read the papers that a BibTeX file names by arXiv identifier; others are counted.

    Raises SourceError when it names none.
    """
    papers: dict[PaperId, Paper] = {}
    damaged: list[str] = []
    count = others = 0
    for count, entry in enumerate(_File(text, origin).entries(), 1):
        if count > MOST_ENTRIES:
            raise SourceError(origin, f"more than {MOST_ENTRIES:,} BibTeX entries; part the file")
        if paper := _paper(entry):
            papers.setdefault(paper.id, paper)
        else:
            others += 1
        if entry.damaged:
            damaged.append(entry.key)
    if not papers:
        raise SourceError(origin, "a BibTeX file that names no arXiv identifier")
    problems = []
    if others:
        verb = "names" if others == 1 else "name"
        problems.append(f"{others} of its {several(count, 'entry')} {verb} no arXiv identifier")
    if damaged:
        named = ", ".join(repr(clean(key)[:60]) for key in damaged[:5])
        verb = "is" if len(damaged) == 1 else "are"
        problems.append(
            f"{several(len(damaged), 'entry')} {verb} damaged (a brace, quote or value is missing,"
            f" or one too many); what could be read was kept: {named}"
        )
    return Reading("BibTeX", (), tuple(papers.values()), tuple(problems))


class Entries(NamedTuple):
    """What a BibTeX file holds already."""

    keys: frozenset[str]
    """In lower case, as BibTeX tells them apart."""
    ids: Mapping[PaperId, Mapping[str, str]]
    """The fields of each entry with an arXiv identifier of its own."""
    dois: frozenset[str]
    """In lower case."""
    damaged: tuple[str, ...]
    """The keys of entries that are not whole."""


def entries(text: str, origin: str) -> Entries:
    """Return what a BibTeX file holds; raises SourceError where it is too damaged to be read."""
    found = list(_File(text, origin).entries())
    ids = {own[0]: entry.fields for entry in found if (own := _identifier(entry))}
    dois = filter(None, (_doi(entry) for entry in found))
    return Entries(
        frozenset(entry.key.lower() for entry in found),
        ids,
        frozenset(doi.lower() for doi in dois),
        tuple(clean(entry.key)[:60] for entry in found if entry.damaged),
    )


class _File:
    """One pass over a BibTeX file."""

    def __init__(self, text: str, origin: str) -> None:
        self.text = text
        self.origin = origin
        self.heads = [head.start() for head in _HEAD.finditer(text)]
        self.strings: dict[str, str] = {}
        self.room = MOST_FROM_STRINGS
        self.patience = 2 * len(text) + (1 << 20)

    def entries(self) -> Iterator[_Entry]:
        at = 0
        while start := _START.search(self.text, at):
            line_start = self.text.rfind("\n", at, start.start()) + 1 or at
            closer = "}" if start[2] == "{" else ")"
            kind = start[1].lower()
            if self.text[line_start : start.start()].lstrip().startswith("%"):
                at = self._find("\n", start.end())
            elif kind == "comment":
                at = self._past(start.end(), closer, len(self.text)) or start.end()
            else:
                entry, at = self._entry(start, closer)
                if kind == "string":
                    self.strings |= entry.fields
                elif kind != "preamble":
                    yield entry

    def _find(self, text: str, start: int) -> int:
        at = self.text.find(text, start)
        return at if at >= 0 else len(self.text)

    def _entry(self, start: re.Match[str], closer: str) -> tuple[_Entry, int]:
        """Return an entry and where it ends: at its closer, or before the next entry's line."""
        after = bisect_right(self.heads, start.start())
        limit = self.heads[after] if after < len(self.heads) else len(self.text)
        named = _KEY.match(self.text, start.end(), min(limit, start.end() + 1000))
        begin, key = (named.end(), named[1]) if named else (start.end(), "")
        fields, end, whole = self._fields(begin, limit, closer)
        if not whole:
            # Once more, each value ending before the next line that begins a field.
            self.patience -= limit - begin
            if self.patience < 0:
                raise SourceError(self.origin, "a BibTeX file too damaged to be read")
            fields, end, _ = self._fields(begin, limit, closer, by_line=True)
        return _Entry(key, fields, not whole), end

    def _fields(
        self, at: int, limit: int, closer: str, *, by_line: bool = False
    ) -> tuple[dict[str, str], int, bool]:
        """Return the fields up to the closer, where that ends, and whether all was well."""
        fields: dict[str, str] = {}
        whole = True
        stop = at if by_line else limit
        while at < limit:
            if field := _FIELD.match(self.text, at, limit):
                if field.end() > stop:
                    following = _FIELD_LINE.search(self.text, field.end(), limit)
                    stop = following.start() if following else limit
                value, at, closed = self._value(field.end(), stop)
                whole = whole and closed
                fields.setdefault(field[1].lower(), value)
                if len(fields) > MOST_FIELDS:
                    return fields, limit, False
            elif end := _END.match(self.text, at, limit):
                if end[1] == "@":
                    return fields, end.start(1), False
                at = end.end()
                if end[1] == closer:
                    if not self._ended_early(at, limit):
                        return fields, at, whole
                    whole = False
            else:
                junk = _JUNK.match(self.text, at, limit)
                at = junk.end() if junk else limit
                whole = False
        return fields, limit, False

    def _ended_early(self, at: int, limit: int) -> bool:
        """Whether a brace too many ended an entry, so that more of its fields come after it."""
        rest = self.text[at:limit] if _GOES_ON.match(self.text, at, limit) else ""
        return rest.count("}") > rest.count("{")

    def _value(self, at: int, limit: int) -> tuple[str, int, bool]:
        """Return a value, its parts joined, where it ends, and whether it was whole."""
        parts: list[str] = []
        while True:
            opener = self.text[at] if at < limit else ""
            if opener and opener in '{"':
                end = self._past(at + 1, "}" if opener == "{" else opener, limit)
                parts.append(self.text[at + 1 : end - 1 if end else limit])
                if not end:
                    return "".join(parts), limit, False
                at = end
            elif bare := _BARE.match(self.text, at, limit):
                parts.append(self._string(bare[0]))
                at = bare.end()
            else:
                return "".join(parts), at, False
            joint = _JOINT.match(self.text, at, limit)
            if not joint:
                return "".join(parts), at, True
            at = joint.end()

    def _string(self, name: str) -> str:
        value = self.strings.get(name.lower(), name)
        self.room -= len(value)
        return value if self.room > 0 else name

    def _past(self, at: int, closer: str, limit: int) -> int | None:
        """Return where what a brace, parenthesis or quote opened before `at` ends, if it does."""
        depth = 0
        for mark in _MARK.finditer(self.text, at, limit):
            if mark[0] == closer and not depth:
                return mark.end()
            depth = max(0, depth + (mark[0] == "{") - (mark[0] == "}"))
        return None


def _paper(entry: _Entry) -> Paper | None:
    fields = entry.fields
    identifier = _identifier(entry)
    if not identifier:
        return None
    (authors, omitted), parted = _people(fields.get("author", ""))
    doi = _doi(entry)
    title = _unwrapped(fields.get("title", "").strip())
    if "$\\backslash$" in title:
        for escaped, meant in _ESCAPED:
            title = title.replace(escaped, meant)
    return Paper(
        identifier[0],
        clean(title),
        authors,
        categories=category_codes(fields.get("primaryclass") or fields.get("eprintclass")),
        version=identifier[1],
        doi=None if doi.lower().startswith("10.48550/arxiv") else line(doi),
        authors_omitted=omitted,
        parted=parted,
    )


def _doi(entry: _Entry) -> str:
    doi = entry.fields.get("doi", "").strip()
    return re.sub(r"^(?:https?://(?:dx\.)?doi\.org/|doi:\s*)", "", doi, flags=re.IGNORECASE)


def _identifier(entry: _Entry) -> tuple[PaperId, int | None] | None:
    """Return the identifier that an entry gives for itself, and not one it only mentions."""
    fields = {name: value for name, value in entry.fields.items() if name not in _PROSE}
    archive = (fields.get("archiveprefix") or fields.get("eprinttype") or "arxiv").strip().lower()
    if archive.startswith("arxiv") or archive in ARCHIVES:
        if found := next(filter(None, (paper_id(fields.get(name, "")) for name in _DIRECT)), None):
            return found
        # As in archivePrefix={hep-th}, eprint={9901001}.
        home = archive if archive in ARCHIVES else fields.get("primaryclass", "").strip()
        if found := paper_id(f"{home}/{fields.get('eprint', '').strip()}"):
            return found
    if _ID_AS_KEY.fullmatch(entry.key) and (found := paper_id(entry.key)):
        return found
    named = (named_ids(value) for value in [*fields.values(), entry.key])
    if found := next(chain.from_iterable(named), None):
        return found
    if "arxiv" in fields.get("journal", "").lower() + fields.get("publisher", "").lower():
        return next(filter(None, (paper_id(fields.get(name, "")) for name in _NUMBERS)), None)
    return None


def _people(text: str) -> tuple[tuple[tuple[str, ...], int | None], tuple[Name, ...]]:
    """Return the people of an author field, and the names of which it tells the parts."""
    text = " ".join(text.split())
    names = [name for one in _outside_braces(_AND, text) for name in _names(one)]
    return known_people(map(_in_order, names)), tuple(name for name in names if name.family)


def _names(text: str) -> list[Name]:
    """Read `von Last, Jr., First`; a name that does not tell its parts has only given names."""
    parts = [part.strip() for part in _outside_braces(_COMMA, text)]
    if len(parts) > 2 and all(" " in part for part in parts):  # people that commas part
        return [name for part in parts for name in _names(part)]
    last, *rest = parts
    if not rest:
        *before, family = _outside_braces(_BLANK, last)
        name = told(family, " ".join(before)) if " " in family else Name("", last)
    else:
        *middle, first = rest
        if middle and _SUFFIX.fullmatch(first):  # Last, First, Jr.
            middle, first = [first], middle[0]
        name = told(last, first, ", ".join(middle))
    return [Name(*map(_unbraced, name))]


def _outside_braces(mark: re.Pattern[str], text: str) -> list[str]:
    """Part a text at each mark outside braces; the pattern finds braces, too."""
    pieces: list[str] = []
    start = depth = 0
    for found in mark.finditer(text):
        depth = max(0, depth + (found[0] == "{") - (found[0] == "}"))
        if found[0] not in "{}" and not depth:
            pieces.append(text[start : found.start()])
            start = found.end()
    return [*pieces, text[start:]]


def _unbraced(text: str) -> str:
    """Return a part of a name without the braces that keep it together; TeX's own stay."""
    for _ in range(MOST_NESTED):
        text = _unwrapped(text)
        text = _PROTECTED.sub(lambda found: found[0] if found[1] else found[2], text)
    return person(text)


def _in_order(name: Name) -> str:
    joint = " " if _NUMERAL.fullmatch(name.suffix) else ", "
    whole = " ".join(filter(None, (name.given, name.last)))
    return person(_NAMESAKE.sub("", joint.join(filter(None, (whole, name.suffix)))))


def _unwrapped(text: str) -> str:
    """Return a text without the braces around the whole of it, which keep its capitals."""
    depth = 0
    for at, char in enumerate(text):
        depth += (char == "{") - (char == "}")
        if depth <= 0:
            return text[1:-1] if at and at == len(text) - 1 else text
    return text
