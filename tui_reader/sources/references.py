"""BibTeX, and plain lists of identifiers or addresses: ways to bring in stars."""

import re
from collections.abc import Iterator

from tui_reader.errors import SourceError
from tui_reader.model import Paper, PaperId, Reading
from tui_reader.sources.common import category_codes, line, paper_id, person, several
from tui_reader.text import clean

LONGEST_LIST = 4 << 20
"""In characters: more than a hundred thousand identifiers."""

MOST_STRANGE = 20
"""Lines without an identifier that are named one by one."""

_ENTRY = re.compile(r"^[ \t]*@(\w+)[ \t]*\{", re.MULTILINE)
_FIELD = re.compile(r"\b(\w++)\s*+=\s*(?=[{\"\w])")
_BARE_END = re.compile(r"[,}\n]")
_NAMED = re.compile(
    r"(?:arxiv\.org/\w+/|arxiv[.:]\s*)([a-z-]+(?:\.[a-z]{2})?/\d{7}|\d{4}\.\d{4,5})(v\d{1,4})?",
    re.IGNORECASE,
)


def is_bibtex(text: str) -> bool:
    """Whether this looks like BibTeX."""
    return bool(_ENTRY.search(text))


def read_bibtex(text: str, origin: str) -> Reading:
    """Read the papers that a BibTeX file names by arXiv identifier; others are counted.

    Raises SourceError when it names none.
    """
    _, *pieces = _ENTRY.split(text)
    found = [
        _paper(dict(_fields(entry)), entry)
        for kind, entry in zip(pieces[::2], pieces[1::2], strict=True)
        if kind.lower() not in ("comment", "string", "preamble")
    ]
    papers = {paper.id: paper for paper in found if paper}
    if not papers:
        raise SourceError(origin, "a BibTeX file that names no arXiv identifier")
    problems = []
    if others := found.count(None):
        verb = "names" if others == 1 else "name"
        entries = several(len(found), "entry")
        problems.append(f"{others} of its {entries} {verb} no arXiv identifier")
    return Reading("BibTeX", (), tuple(papers.values()), tuple(problems))


def _paper(fields: dict[str, str], entry: str) -> Paper | None:
    kind = (fields.get("archiveprefix") or fields.get("eprinttype") or "arxiv").lower()
    identifier = paper_id(fields.get("eprint", "")) if kind == "arxiv" else None
    if not identifier:
        named = _NAMED.search(entry)
        identifier = paper_id(named[1] + (named[2] or "")) if named else None
    if not identifier:
        return None
    names = re.split(r"\s+and\s+", " ".join(fields.get("author", "").split()))
    authors = tuple(_in_order(person(name)) for name in names if name and name != "others")
    doi = re.sub(r"^https?://(?:dx\.)?doi\.org/", "", fields.get("doi", ""))
    return Paper(
        identifier[0],
        clean(_unwrapped(fields.get("title", "").strip())),
        authors,
        categories=category_codes(fields.get("primaryclass")),
        version=identifier[1],
        doi=None if doi.lower().startswith("10.48550/arxiv") else line(doi),
        authors_omitted=None if "others" in names or not authors else 0,
    )


def _unwrapped(text: str) -> str:
    """Return a text without the braces around the whole of it, which keep its capitals."""
    depth = 0
    for at, char in enumerate(text):
        depth += (char == "{") - (char == "}")
        if depth <= 0:
            return text[1:-1] if at and at == len(text) - 1 else text
    return text


def _in_order(name: str) -> str:
    last, comma, first = name.partition(", ")
    return f"{first} {last}" if comma else name


def _fields(entry: str) -> Iterator[tuple[str, str]]:
    at = 0
    while field := _FIELD.search(entry, at):
        value, at = _value(entry, field.end())
        yield field[1].lower(), value


def _value(entry: str, start: int) -> tuple[str, int]:
    """Return a value in braces, quotes or neither, and where it ends."""
    if entry[start] not in '{"':
        ends = _BARE_END.search(entry, start)
        end = ends.start() if ends else len(entry)
        return entry[start:end].strip(), end
    closer = "}" if entry[start] == "{" else '"'
    depth = 0
    for at in range(start, len(entry)):
        char = entry[at]
        depth += (char == "{") - (char == "}")
        if depth <= 0 and at > start and char == closer:
            return entry[start + 1 : at], at + 1
    return entry[start + 1 :], len(entry)


def read_identifiers(text: str) -> Reading | None:
    """Read a list of identifiers or addresses; None when most of its lines have none.

    What stands after a # is a comment; a line may hold several, parted by blanks or commas.
    """
    if len(text) > LONGEST_LIST:
        return None
    found: dict[PaperId, Paper] = {}
    strange: list[str] = []
    rows = [row.partition(" #")[0].strip() for row in text.splitlines()]
    rows = [row for row in rows if row and not row.startswith("#")]
    for row in rows:
        words = [word for word in re.split(r"[\s,;]+", row) if word.lower() != "arxiv:"]
        named = [identifier for word in words if (identifier := paper_id(word))]
        if not named:
            strange.append(clean(row)[:60])
        for number, version in named:
            if number not in found:
                found[number] = Paper(number, "", version=version, authors_omitted=None)
    if len(strange) * 2 > len(rows) or not found:
        return None
    problems = [f"{row!r} is no arXiv identifier" for row in strange[:MOST_STRANGE]]
    if others := len(strange) - len(problems):
        problems.append(f"nor is there one in {several(others, 'other line')}")
    return Reading("list of identifiers", (), tuple(found.values()), tuple(problems))
