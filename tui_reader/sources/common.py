"""What several formats share: papers, dates, categories, and whether a promise was kept."""

import html
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from datetime import UTC, date, datetime, time
from functools import lru_cache
from typing import Any

from tui_reader import taxonomy
from tui_reader.errors import IdError
from tui_reader.model import LONGEST_ID, Entry, Name, Paper, PaperId, Section, parse_id
from tui_reader.sources.withdrawal import is_withdrawn
from tui_reader.text import clean

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_DATE = re.compile(rf"\b(\d{{1,2}}) ({'|'.join(_MONTHS)})[a-z]* (\d{{4}}|\d\d)\b")
_MOMENT = re.compile(r"(\d{1,2} [A-Za-z]{3} \d{2,4}) (\d\d:\d\d:\d\d)")
_INDENTED = re.compile(r"\n(?:[ \t\xa0]|\s*\n)\s*")
_CODE = re.compile(r"[a-z-]+(?:\.[A-Za-z-]{1,20})?")
_NOT_SHOWN = re.compile(r"\(\s*(\d+) additional authors not shown\s*\)")
_BETWEEN_NAMES = re.compile(r"[,;:、，；]|(?<!\S)(?:and|&)(?!\S)")
_ET_AL = re.compile(
    r"(?:and |& )?(?:et\.? al(?:\.|ii|ia)?|others|\.\.\.|…"
    r"|(?P<count>\d{1,5})(?: (?:other|more|additional))? (?:authors?|people|others)"
    r"(?: not shown)?)",
    re.IGNORECASE,
)
_WITH_ET_AL = re.compile(r"(.+?),? et\.? al(?:\.|ii|ia)?")
_SUFFIX = re.compile(r"(?:Jr|Sr)\.?|I{2,3}|IV")

_OFFERED = ("pdf", "html", "ps", "other")

CUT_OFF = "the file is damaged or cut off; what could be read was kept"


def paper_of(
    fields: Mapping[str, str | None],
    authors: tuple[tuple[str, ...], int | None] | None = None,
    **known: Any,
) -> Paper | None:
    """Return the paper that a record of raw texts, by arXiv's names for them, describes.

    `authors`, as `split_authors` returns them, and `known` fields of the Paper go before the
    record. None when it lacks an identifier or a title.
    """
    identifier = paper_id(line(fields.get("id")) or "")
    title = line(fields.get("title"))
    if not identifier or not title:
        return None
    names, omitted = authors or split_authors(fields.get("authors"))
    read: dict[str, Any] = {field: line(fields.get(name)) for field, name in _LINES}
    read["abstract"] = block(fields.get("abstract"))
    read["categories"] = category_codes(fields.get("categories"))
    read["version"] = identifier[1]
    read |= known
    read["withdrawn"] = known.get("withdrawn") or is_withdrawn(
        title, read["comments"], read["abstract"]
    )
    return Paper(identifier[0], title, names, authors_omitted=omitted, **read)


_LINES = [
    (name.replace("-", "_"), name)
    for name in "comments journal-ref doi report-no acm-class msc-class submitter license".split()
]


def number(text: str, digits: int = 6) -> int | None:
    """Return a count or a version; None for what is none, or has more digits than arXiv needs.

    Python refuses to read very long numbers, and a database to keep long ones.
    """
    return int(text) if len(text) <= digits and text.isascii() and text.isdigit() else None


def several(count: int, noun: str) -> str:
    """Return `1 entry` or `5 entries`."""
    plural = f"{noun[:-1]}ies" if noun.endswith("y") else f"{noun}s"
    return f"{count} {noun if count == 1 else plural}"


def find_date(text: str) -> date | None:
    """Return the first date written as `3 March 2026` or `03 Mar 26`, whatever surrounds it."""
    for day, month, year in _DATE.findall(" ".join(text.lower().split())):
        try:
            whole = int(year)
            if len(year) == 2:
                whole += 1900 if whole > 90 else 2000
            return date(whole, _MONTHS.index(month) + 1, int(day))
        except ValueError:
            continue
    return None


_day = lru_cache(4096)(find_date)  # a snapshot has few days, and a million moments


def find_time(text: str | None) -> datetime | None:
    """Return the moment written as `Mon, 2 Apr 2007 19:18:42 GMT`, in UTC."""
    found = _MOMENT.search(text or "")
    day = _day(found[1]) if found else None
    try:
        return datetime.combine(day, time.fromisoformat(found[2]), UTC) if found and day else None
    except ValueError:
        return None


def paper_id(text: str) -> tuple[PaperId, int | None] | None:
    """Read an identifier, or return None: a damaged entry is counted, not fatal."""
    return _paper_id(text) if len(text) <= LONGEST_ID else None  # it is kept by the cache


@lru_cache(4096)
def _paper_id(text: str) -> tuple[PaperId, int | None] | None:
    try:
        return parse_id(text)
    except IdError:
        return None


def decoded(data: bytes, charset: str = "") -> tuple[str, list[str]]:
    """Return a text, and a sentence where it is in no known encoding and had to be guessed.

    Lines that are not in UTF-8 are read as Windows-1252, of which Latin-1 is a part.
    """
    charset = charset.lower().replace("_", "-")
    if _CHARSET.fullmatch(charset):
        return data.decode(charset, errors="replace"), []
    try:
        return data.decode(), []
    except UnicodeDecodeError:
        text = "\n".join(map(_guessed, data.split(b"\n")))
    return text, ["it is not in UTF-8 and does not say in what; read as Windows-1252"]


def _guessed(row: bytes) -> str:
    for charset in ("utf-8", "cp1252"):
        with suppress(UnicodeDecodeError):
            return row.decode(charset)
    return row.decode("latin-1")


# No others: some of Python's codecs take quadratic time.
_CHARSET = re.compile(
    r"(?:us-)?ascii|latin-?1|iso-?8859-?\d{1,2}|(?:windows-|cp)-?(?:125\d|850|437)|koi8-[ru]|mac-?roman"
    r"|gbk|gb2312|gb18030|big5|shift-?jis|sjis|euc-?(?:jp|kr)|utf-?(?:8|16|16-?[bl]e)"
)


def line(text: str | None) -> str | None:
    """Return one clean line, or None where there is nothing to read."""
    return clean(text) or None if text else None


def person(text: str) -> str:
    """Return an author's name, without the "and" that some records leave before the last.

    arXiv escapes names where they hold an ampersand, on some ways twice.
    """
    return clean(html.unescape(text) if "&" in text else text).removeprefix("and ")


def known_people(names: Iterable[str]) -> tuple[tuple[str, ...], int | None]:
    """Return the names of people, and how many more an "et al." among them stands for.

    None where it does not say.
    """
    known: list[str] = []
    omitted: int | None = 0
    people = tuple(filter(None, names))
    together = "\n".join(people)
    if not any(map(together.__contains__, (" al", "thers", "uthors", "..", "…"))):
        return people, 0 if people else None
    for name in people:
        if others := _ET_AL.fullmatch(name):
            omitted = number(others["count"]) if others["count"] else None
        elif cut := _WITH_ET_AL.fullmatch(name):
            known.append(cut[1])
            omitted = None
        else:
            known.append(name)
    return tuple(known), omitted if known else None


def told(family: str, given: str = "", suffix: str = "") -> Name:
    """Return a name in the parts that a source tells; family names may begin with particles."""
    if " " not in family:
        return Name(family, given, "", suffix)
    words = family.split(" ")
    at = next((at for at, word in enumerate(words) if not word.lstrip("'’")[:1].islower()), 0)
    return Name(" ".join(words[at:]), given, " ".join(words[:at]), suffix)


def in_parts(parts: Iterable[Sequence[str]]) -> tuple[Name, ...]:
    """Return names of which a record tells given names, family name and suffix."""
    cleaned = ([part and person(part).rstrip(", ") for part in name] for name in parts)
    return tuple(told(family, given, suffix) for given, family, suffix in cleaned if family)


def block(raw: str | None) -> str | None:
    """Return clean paragraphs, parted by a blank line, from arXiv's hard-wrapped source.

    As on arXiv itself, a line that is indented begins a paragraph.
    """
    if not raw:
        return None
    paragraphs = _INDENTED.split(raw.strip())
    return "\n\n".join(filter(None, map(clean, paragraphs))) or None


def canonical_categories(codes: Iterable[str]) -> tuple[str, ...]:
    """Return the codes arXiv uses today, each once, in the order given."""
    return tuple(dict.fromkeys(taxonomy.canonical(code) for code in codes if code))


@lru_cache(4096)
def category_codes(text: str | None) -> tuple[str, ...]:
    """Return the canonical codes in `cs.CV math.NA 68T45`; records mix other classes in."""
    return canonical_categories(
        word
        for word in (text or "").split()
        if taxonomy.is_known(word)
        or (is_code(word) and word.partition(".")[0] in taxonomy.archives())
    )


def is_code(word: str) -> bool:
    """Whether this is written like a category; arXiv may have added it since."""
    return bool(_CODE.fullmatch(word))


@lru_cache
def offered_formats(text: str | None) -> tuple[str, ...]:
    """Return the formats in `pdf, html, other`; what arXiv does not offer is left out."""
    names = (name.strip().lower() for name in (text or "").split(","))
    return tuple(dict.fromkeys(name for name in names if name in _OFFERED))


@lru_cache(4096)
def subjects(text: str) -> tuple[str, ...]:
    """Return the codes of `Machine Learning (cs.LG); Numerical Analysis (math.NA)`."""
    return canonical_categories(re.findall(r"\(([a-zA-Z-]+(?:\.[a-zA-Z-]+)?)\)\s*(?:;|$)", text))


def split_authors(text: str | None) -> tuple[tuple[str, ...], int | None]:
    """Part `Jin Lee (MIT), A. Bo and C. De, Jr.` into names, without affiliations.

    Returns also how many authors were left out (None: an unknown number).
    """
    text = html.unescape(text or "")
    hidden = _NOT_SHOWN.search(text)
    names: list[str] = []
    for piece in _BETWEEN_NAMES.split(clean(outside_parentheses(text))):
        word = piece.strip()
        if names and "," not in names[-1] and _SUFFIX.fullmatch(word):
            names[-1] += f", {word}"
        else:
            names.append(word)
    known, omitted = known_people(names)
    return known, number(hidden[1]) if hidden else omitted


def outside_parentheses(text: str) -> str:
    """Return the text without what stands in parentheses, however deep."""
    if "(" not in text and ")" not in text:
        return text
    depth = 0
    kept = []
    for piece in re.split(r"([()])", text):
        if piece == "(":
            depth += 1
        elif piece == ")":
            depth = max(depth - 1, 0)
        elif not depth:
            kept.append(piece)
    return "".join(kept)


def category_named(name: str, entries: Iterable[Entry]) -> str:
    """Return the category or archive of that name; where two share it, the one of the entries."""
    codes = taxonomy.codes_named(name)
    if len(codes) == 1:
        return codes[0]
    seen = Counter(
        entry.paper.categories[0]
        for entry in entries
        if entry.section is Section.NEW and entry.paper.categories
    )
    if codes:
        return max(codes, key=lambda code: seen[code])
    return seen.most_common(1)[0][0] if seen else ""


def promise_problems(entries: Iterable[Entry], promised: Mapping[Section, int]) -> list[str]:
    """Return a sentence for each section that has fewer or more entries than promised."""
    read = Counter(entry.section for entry in entries)
    return [
        f"arXiv announced {several(count, _NOUNS[section])}, but {read[section]} could be read"
        for section, count in promised.items()
        if read[section] != count
    ]


def unreadable_entries(count: int) -> list[str]:
    """Return the sentence that says how many entries are damaged, if any are."""
    verb = "is" if count == 1 else "are"
    return [f"{several(count, 'entry')} {verb} damaged and could not be read"] if count else []


_NOUNS = {
    Section.NEW: "new submission",
    Section.CROSS: "cross-list",
    Section.REPLACEMENT: "replacement",
}
