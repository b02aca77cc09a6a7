"""Names of people: which part is the family name, as a source tells, or by what they look like."""

import re
from collections.abc import Iterator, Mapping

from tui_reader.model import Name, Paper
from tui_reader.text import fold, plain

_GROUP = re.compile(
    r"\b(?:collaborations?|consortium|team|group|project|experiment|survey|institute|university"
    r"|alliance|network|society|committee|laborator(?:y|ies)|labs?|workshop|cent(?:er|re)|research"
    r"|foundation|corporation|initiative|partnership|association|organi[sz]ation|observatory"
    r"|department|division|agency|academy|program(?:me)?|community|contributors|developers|gmbh"
    r"|authors|others|and|for|(?-i:the|AI$|LLC|Inc|Ltd))\b|[:;&\d]",
    re.IGNORECASE,
)
_SUFFIX = re.compile(r",? ([JS]r\.?|I{2,3}|IV)$")
_PARTICLE = "|".join(
    "af al av bin da das de del dela della den der des di do dos du el ibn int la las le lo los te"
    " ten ter 't van von vom zu zum zur".split()
)
_CAPITAL = (
    "Van|Von|De|Del|Della|Delle|Dello|Degli|Dal|Dalla|Den|Der|Di|Da|Dos|Du|El|Al|Bin|Ibn|Ter|Ten|Le"
    r"|La|Mac|St\.?|Saint|San|Abd|Abu|Ould|A[iï]t|Ó|Ní"
)
_PARTS = re.compile(
    rf"(?!(?:{_PARTICLE}) )(?P<given>.+?) (?P<particle>(?:(?:{_PARTICLE}) )*)"
    rf"(?P<family>(?:(?:{_CAPITAL}) (?:(?:{_CAPITAL}|{_PARTICLE}) )*)?[^ ]+(?: (?:y|i|e) [^ ]+)?)"
)
# Le, La, Van and others are names of their own there: Pham Van Anh, Quoc Le Tran.
_VIETNAMESE = frozenset(
    "nguyen tran pham hoang huynh phan vu vo dang bui ngo duong dinh thi truong trinh".split()
)
_INITIALS = re.compile(r"\w\.?(?:-?\w\.)*")
# Who parts names by program takes the last word for the family name: Gac, R. Le.
_TORN = re.compile(rf" (?:{_PARTICLE}|Le|La|Van|Von|De|Del|Della|Du|Mac|y|e)$")


def names_of(paper: Paper) -> Iterator[Name]:
    """Yield the authors' names in parts: as a source tells them, or by what they look like."""
    known = {}
    for parts in paper.parted:
        name = Name(*map(_line, parts))
        torn = name.given and (_TORN.search(f" {name.given}") or _GROUP.search(" ".join(name)))
        if not torn:
            known[_key(f"{name.last} {name.suffix}", name.given)] = name
    for author in paper.authors:
        yield (_known(author, known) if known else None) or name_of(author)


def _known(author: str, known: Mapping[tuple[str, str], Name]) -> Name | None:
    """Return an author's name in parts if these are known; the given names as they are here."""
    words = _words(_line(author))
    for at in range(len(words)):
        given = " ".join(words[:at])
        if name := known.get(_key(" ".join(words[at:]), given)):
            return name._replace(given=given)
    return None


def _key(family: str, given: str) -> tuple[str, str]:
    return fold(family), fold(given)[:1]


def name_of(author: str) -> Name:
    """Part a name as arXiv writes it, given names first; collaborations stay whole."""
    whole = _line(author)
    base, suffix, *_ = [*_SUFFIX.split(whole), ""]
    family, comma, given = (part.strip() for part in base.partition(","))
    if comma:
        odd = "," in given or not family or not given or _GROUP.search(whole)
        return Name(whole) if odd else Name(family, given, "", suffix)
    words = _words(base)
    parts = _PARTS.fullmatch(" ".join(words))
    if not parts or _GROUP.search(base):
        return Name(whole)
    full = [at for at, word in enumerate(words) if not _INITIALS.fullmatch(word)]
    if full and full[-1] < len(words) - 1:  # Krishnan V. R.
        family = words.pop(full[0])
        return Name(family, " ".join(words), "", suffix)
    if " " in parts["family"] and _VIETNAMESE & set(fold(base).split()):
        return Name("", whole)
    return Name(parts["family"], parts["given"], parts["particle"].strip(), suffix)


def _words(name: str) -> list[str]:
    return re.sub(r"\.(?=[^\W\d_]{2})", ". ", name).split()  # C.Klein


def _line(source: str) -> str:
    return " ".join(plain(source).split())
