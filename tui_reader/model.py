"""The field's nouns as frozen values. Texts are free of control characters, and keep their TeX."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from functools import cache, lru_cache
from typing import NamedTuple, NewType

from tui_reader.errors import IdError
from tui_reader.late import late

PaperId = NewType("PaperId", str)
"""A canonical arXiv identifier without version: `2603.00356`, `0704.0022`, `hep-th/9901001`."""

# The order is part of the row numbers below: only ever append.
ARCHIVES = tuple(
    "acc-phys adap-org alg-geom ao-sci astro-ph atom-ph bayes-an chao-dyn chem-ph cmp-lg comp-gas"
    " cond-mat cs dg-ga funct-an gr-qc hep-ex hep-lat hep-ph hep-th math math-ph mtrl-th nlin"
    " nucl-ex nucl-th patt-sol physics plasm-ph q-alg q-bio quant-ph solv-int supr-con test".split()
)
"""The archives that gave out identifiers of the old form, `archive/YYMMNNN`."""

LONGEST_ID = 500
"""In characters, with all that people put around an identifier."""
MOST_SHOWN = 100
"""Characters of what is no identifier."""

_CLASS = r"(?:\.[a-z-]+)?"
_VERSION = r"(?:v(\d{1,4}))?"
_OLD = rf"({'|'.join(ARCHIVES)}){_CLASS}/(\d\d)(\d\d)(\d{{3}})"


@cache  # made when it is first used, as no start needs it
def _bare() -> re.Pattern[str]:
    new = rf"(?:(?:{'|'.join(ARCHIVES)}){_CLASS}/)?(\d\d)(\d\d)\.(\d{{1,5}}){_VERSION}"
    return re.compile(rf"{new}|{_OLD}{_VERSION}", re.ASCII | re.IGNORECASE)


@cache
def _named() -> re.Pattern[str]:
    # What names a number as arXiv's: an address (arxiv.org, xxx.lanl.gov, ar5iv.org,
    # alphaxiv.org), arXiv: and its like, abs/ (DBLP, Semantic Scholar); an old one names itself.
    return re.compile(
        r"(?:(?:xiv|5iv|lanl\.gov)[\w.-]{0,60}(?::\d{1,5})?/(?:[\w.~:=-]{1,60}/){0,6}?(?:arxiv:)?"
        rf"|arxiv[\s:._/#-]{{0,4}}(?:(?:{'|'.join(ARCHIVES)}){_CLASS}/)?|\babs[/-]"
        r"|/papers?/(?:arxiv[:/-])?|id_list=)"
        rf"(\d\d)(\d\d)[.-]?(\d{{4,5}})(?!\d){_VERSION}|(?<![\w.-]){_OLD}(?!\d){_VERSION}",
        re.ASCII | re.IGNORECASE,
    )


_BEFORE = late(
    r"(?:(?:https?://)?(?:[\w-]+\.)*(?:arxiv\.org|xxx\.lanl\.gov)/(?:abs|pdf|html|format|ps|src)/"
    r"|(?:https?://)?(?:(?:dx|www)\.)?doi\.org/|doi:?\s*|10\.48550/|(?:oai|info)[:/]"
    r"|e-?print\s*=\s*[{\"]*|e-?print:?\s+|\\cite\w*\{|(?:file:/*|[~/])(?=[^:?]*\.pdf$)[^:?]*/"
    r"|arxiv(?:\.org)?[\s:./_#-]*)+",
    re.ASCII | re.IGNORECASE,
)
_AFTER = late(
    r"(?:[?#&].*|/|\.pdf|\.html?|\.ps|\.tar|\.gz|\s*\(\d\)|\s*[\[(][a-z.-]+(?:[\]),].*)?|\]\s.*"
    r"|\s+\d{1,2} [a-z]{3} \d{4})*$",
    re.ASCII | re.IGNORECASE | re.DOTALL,
)
_LEADING = ("arxiv", "preprint", "eprint", "e-print", "e-prints", "corr", "doi")
_TRAILING = late(r"\[[a-z.-]+\]?|\(?(?:19|20)\d\d\)?")
# As DBLP and others write the old ones, and versions apart from the number.
_OLD_WITHOUT_SLASH = late(
    rf"^(?:.*/)?(?:abs-)?({'|'.join(ARCHIVES)})(?:[.-][A-Z]{{2}})?[-: ](\d{{7}})$",
    re.ASCII | re.IGNORECASE,
)
_VERSION_APART = late(r"(?<=\d),?\s+(?=v\d+$)", re.IGNORECASE)
_MARKDOWN = late(r"!?\[[^]]*\]\((\S+)\)$")
_PUNCTUATION = " \t\r\n<>()[]{}\"'`“”‘’«»*_|.,;:!?"
# A copied text brings zero-width characters along, and dashes of many kinds.
_COPIED = dict.fromkeys(map(ord, "\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\ufeff")) | (
    dict.fromkeys(map(ord, "\u2010\u2011\u2012\u2013\u2212"), "-")
)


def parse_id(text: str) -> tuple[PaperId, int | None]:
    """Read an identifier in any form people type or copy, and the version it names, if any.

    Takes addresses of arXiv and its mirrors, DOIs, `arXiv:` prefixes, `.pdf` endings, a category
    in brackets after it, brackets and punctuation around it, upper case, old identifiers with a
    subject class (`math.GT/0309136`) and numbers short of leading zeros (`2603.356`).

    Raises IdError when the text is no identifier, or one arXiv can't have given out.
    """
    found = _bare().fullmatch(text) or _copied(text)
    if found and (identifier := _given_out(*found.groups())):
        return identifier
    why = "looks like an arXiv identifier, but arXiv can't have given it out"
    if not found:
        why = "is not an arXiv identifier, such as 2603.00356 or hep-th/9901001"
    raise IdError(f"{text[:MOST_SHOWN]!r} {why}")


def named_ids(text: str) -> Iterator[tuple[PaperId, int | None]]:
    """Yield the identifiers in a text that are named as arXiv's, with their versions.

    A number alone, such as 2603.00356, is none: `parse_id` reads it where one is expected.
    """
    return filter(None, (_given_out(*found.groups()) for found in _named().finditer(_tidied(text))))


def _tidied(text: str) -> str:
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text).translate(_COPIED)
    return re.sub("%(?:2F|3A)", lambda code: ":/"[code[0][1] == "2"], text, flags=re.IGNORECASE)


def _copied(text: str) -> re.Match[str] | None:
    """Find the identifier in a text that holds nothing else but what people put around one."""
    if len(text) > LONGEST_ID:
        return None
    tidy = _MARKDOWN.sub(r"\1", _tidied(text).strip()).strip(_PUNCTUATION)
    tidy = _OLD_WITHOUT_SLASH.sub(r"\1/\2", _VERSION_APART.sub("", tidy))
    before = _BEFORE.match(tidy)
    found = _bare().match(tidy, before.end() if before else 0)
    if found and _AFTER.match(tidy, found.end()):
        return found
    words = [word for word in tidy.lower().split() if word.strip(":.,") not in _LEADING]
    words = [word for word in words if not _TRAILING.fullmatch(word.strip(".,;"))]
    named = list(_named().finditer(tidy))
    same = {_given_out(*found.groups()) for found in named}
    alone = len(words) == 1 or len(words) == len(named)
    return named[0] if alone and len(same) == 1 else None


def _given_out(*parts: str | None) -> tuple[PaperId, int | None] | None:
    """Return the canonical form of what a pattern found; None if arXiv can't have given it out."""
    year, month, number, version, archive, *old = parts
    if archive:
        year, month, number, version = old
    since_1991 = _months(int(year or 0), int(month or 0))
    first, last = (_months(91, 7), _months(7, 3)) if archive else (_months(7, 4), _months(90, 12))
    wide = 3 if archive else 5 if since_1991 >= _months(15, 1) else 4
    possible = 1 <= int(month or 0) <= 12 and first <= since_1991 <= last and version != "0"
    if not possible or not number or not int(number) or len(number) > wide:
        return None
    stamp = f"{year}{month}"
    canonical = f"{archive.lower()}/{stamp}{number}" if archive else f"{stamp}.{number:0>{wide}}"
    return PaperId(canonical), int(version) if version else None


def row_of(paper: PaperId) -> int:
    """Return the paper's row number: a 32-bit number that orders papers by month, then number.

    `paper_at` is the inverse, so a list of papers can be kept as an array of machine integers.
    """
    if "/" not in paper:
        return _month_of(paper[:4]) << 17 | int(paper[5:])
    archive, _, digits = paper.rpartition("/")
    return _month_of(digits[:4]) << 17 | int(digits[4:]) << 6 | ARCHIVES.index(archive)


@lru_cache(maxsize=1000)
def _month_of(stamp: str) -> int:
    return _months(int(stamp[:2]), int(stamp[2:]))


def paper_at(row: int) -> PaperId:
    """Return the identifier whose row number this is."""
    month, number = row >> 17, row & 0x1FFFF
    stamp = f"{(91 + month // 12) % 100:02}{month % 12 + 1:02}"
    if month <= _months(7, 3):
        return PaperId(f"{ARCHIVES[number & 63]}/{stamp}{number >> 6:03}")
    return PaperId(f"{stamp}.{number:0{5 if month >= _months(15, 1) else 4}}")


def submitted(paper: PaperId) -> date:
    """Return the first day of the month in which the paper got its identifier."""
    months = row_of(paper) >> 17
    return date(1991 + months // 12, months % 12 + 1, 1)


def _months(year: int, month: int) -> int:
    """Count months from January 1991; `year` has two digits, and 91 comes before 07."""
    return ((year - 91) % 100) * 12 + month - 1


NO_PAPER = paper_at(0)
"""What saved filters are kept under, in place of a paper: arXiv can't have given it out."""


class Section(StrEnum):
    """A part of a listing, in arXiv's order."""

    NEW = "new"
    CROSS = "cross"
    REPLACEMENT = "replacement"


@dataclass(frozen=True, slots=True)
class Version:
    """One line of a paper's submission history."""

    number: int
    submitted: datetime | None = None
    size_kb: int | None = None


class Name(NamedTuple):
    """An author's name in its parts; a group, or a name of one word, has only a family.

    A name whose parting is unsure has only given names: it is written as it stands.
    """

    family: str
    given: str = ""
    particle: str = ""
    """What stands before the family name in lower case: van der, de la."""
    suffix: str = ""

    @property
    def last(self) -> str:
        return f"{self.particle} {self.family}".strip()


@dataclass(frozen=True, slots=True)
class Paper:
    """What arXiv says of a paper. An empty or None field means: the source did not say."""

    id: PaperId
    title: str
    authors: tuple[str, ...] = ()
    abstract: str | None = None
    """Paragraphs, parted by a blank line."""
    categories: tuple[str, ...] = ()
    """Canonical codes, the primary category first."""
    version: int | None = None
    comments: str | None = None
    journal_ref: str | None = None
    doi: str | None = None
    report_no: str | None = None
    acm_class: str | None = None
    msc_class: str | None = None
    formats: tuple[str, ...] = ()
    """Of pdf, html, ps, other; as the listing page offers them."""
    submitter: str | None = None
    license: str | None = None
    versions: tuple[Version, ...] = ()
    """The submission history, oldest first."""
    authors_omitted: int | None = 0
    """How many authors the source left out; None when it left out an unknown number."""
    withdrawn: bool = False
    parted: tuple[Name, ...] = ()
    """Names of authors in parts, where a source tells them apart, in any order."""

    @property
    def may_have_html(self) -> bool:
        """Whether arXiv may have its text as HTML: its pages say where it has none."""
        return not self.formats or "html" in self.formats


@dataclass(frozen=True, slots=True)
class Entry:
    """A paper's place in a listing."""

    paper: Paper
    section: Section
    position: int
    """Counts from 1 through the whole listing, as arXiv prints it: [1], [2], ..."""


@dataclass(frozen=True, slots=True)
class Listing:
    """One category's part of one announcement, in arXiv's order."""

    category: str
    announced: date
    """The day arXiv dates the announcement: the morning after the mailing."""
    entries: tuple[Entry, ...]
    promised: Mapping[Section, int] = field(default_factory=dict)
    """How many entries arXiv says each section has: the Y of "showing X of Y entries".

    A section that is absent here was not promised; nothing at all is promised where the
    source carries no counts (feeds, mails), and then it can't prove itself complete.
    """
    unreadable: int = 0
    """Entries arXiv sent that we could not read; the person is told how many."""
    total: int | None = None
    """How many entries arXiv says there are, where it does not count by section: the days of
    a /recent page, which leave out the replacements."""

    @property
    def complete(self) -> bool:
        """Whether every promised entry, and no other, was read; False without a promise.

        A complete listing without entries is a quiet day; any other empty one is unknown.
        """
        read = Counter(entry.section for entry in self.entries)
        return (
            bool(self.promised)
            and not self.unreadable
            and all(read[section] == self.promised.get(section, 0) for section in Section)
        )


@dataclass(frozen=True, slots=True)
class Reading:
    """All that one file or answer held."""

    form: str
    """What a person would call the source: "listing page", "RSS feed", "BibTeX"."""
    listings: tuple[Listing, ...] = ()
    papers: tuple[Paper, ...] = ()
    """Papers no listing announced here: from an abstract page, a month page, a snapshot."""
    problems: tuple[str, ...] = ()
    """What could not be read or does not add up, each a sentence for the person."""
    text_of: PaperId | None = None
    """The paper, where this was its text, which is kept elsewhere."""


@dataclass(frozen=True, slots=True)
class Marks:
    """What a person did to a paper."""

    starred: bool = False
    read: bool = False
    skipped: bool = False
    tags: frozenset[str] = frozenset()
    note: str | None = None
    returned: bool = False
    """Whether it became unread when it was replaced, and has not been read since."""
    unseen: bool = False
    """Whether it was skipped as less likely, and never looked at."""
    sample: bool = False
    """Whether it was shown as a sample of what was skipped so."""


class Effect(StrEnum):
    """What a saved filter does to the papers it finds: the code that journals hold."""

    PLAIN = "plain"
    """Nothing: it is there to be opened."""
    WATCH = "watch"
    """They come first, and are told of."""
    MUTE = "mute"
    """They stay out of the Inbox."""


class News(StrEnum):
    """What arXiv told of a starred paper since: the code that the cache holds."""

    VERSION = "version"
    JOURNAL = "journal"
    DOI = "doi"
    WITHDRAWN = "withdrawn"


class SavedFilter(NamedTuple):
    """A filter that a person saved under a name; one that watches or mutes is a rule."""

    text: str
    effect: Effect = Effect.PLAIN


class Announced(NamedTuple):
    """Where a paper was announced."""

    category: str
    day: date
    section: Section
    position: int


class Item(NamedTuple):
    """A paper and what else is known of it."""

    paper: Paper
    marks: Marks = Marks()
    announced: tuple[Announced, ...] = ()
    watched: tuple[str, ...] = ()
    """The names of the saved filters that watch and find it."""
    news: tuple[News, ...] = ()
    """What is new of a starred paper, until it was seen."""
