"""The blanks between the atoms of a formula, as TeX has them."""

from collections.abc import Sequence
from itertools import pairwise

from tui_reader.text.scripts import SCRIPT_CHARACTERS, asymmetric, script
from tui_reader.text.tree import Atom

_OPERAND = "ord op open bigop frac rad word text source"
_BLANK = {
    left: frozenset(right.split())
    for left, right in {
        "ord": "op bin rel bigop frac",
        "op": "ord op bin rel bigop frac rad word text source",
        "bin": _OPERAND,
        "rel": _OPERAND,
        "open": "",
        "close": "op bin rel bigop frac",
        "punct": _OPERAND + " rel",
        "bigop": _OPERAND + " rel",
        "frac": _OPERAND + " bin rel",
        "rad": "ord op bin rel bigop frac rad word source",
        "word": "op bin rel bigop frac rad word",
        "text": "op bin rel",
        "source": "op bin rel bigop frac",
    }.items()
}
"""What a blank parts from the atom on its left: TeX's table, with every width made one blank."""

_NO_OPERAND = frozenset(("", "sign", "bin", "rel", "open", "punct", "op", "bigop"))
_WORDS_APART = {("word", "ord"), ("source", "ord"), ("source", "word")}
_NO_SPACE_IF_FIRST = frozenset("∼≈≃≲≳<>≤≥≪≫⩽⩾")
_LESS, _MORE = ("rel", "<"), ("rel", ">")
_PARTED_BY_ITSELF = "′″‴⁗°ʰᵐˢ"
_BLANKS = " \xa0"
_END: Atom = ("", "")


def spaced(atoms: Sequence[Atom], tight: bool) -> str:
    """Join atoms, with TeX's blanks between them."""
    if _LESS in atoms or _MORE in atoms:
        atoms = _angled(atoms)
    line = _Line(tight)
    pairs = pairwise((*atoms, _END))
    for (kind, text), (following, after) in pairs:
        if kind in ("sup", "sub"):
            if line.add_errors(kind, text, following, after):
                next(pairs)
            else:
                line.add_script(kind, text, following, after)
        elif kind == "space":
            line.add_space(text, after)
        elif kind == "prime":
            line.show(text)
        else:
            line.add(kind, text, following, after)
    return "".join(line.parts)


class _Line:
    """What is joined so far, with what the next atom has to know of it."""

    def __init__(self, tight: bool) -> None:
        self.parts: list[str] = []
        self._tight = tight
        self._last = ""  # the kind on the left
        self._end = ""  # the character on the left
        self._fences = 0

    def show(self, text: str) -> None:
        if text:
            self.parts.append(text)
            self._end = text[-1]

    def add_errors(self, kind: str, text: str, following: str, after: str) -> bool:
        """Add two scripts that are the errors of a value as one; return whether they are."""
        if {kind, following} != {"sup", "sub"}:
            return False
        up, down = (text, after) if kind == "sup" else (after, text)
        errors = asymmetric(up, down)
        if errors:
            self.show(errors)
            self._last = "close"
        return bool(errors)

    def add_script(self, kind: str, text: str, following: str, after: str) -> None:
        if self._last in ("frac", "rad") and kind == "sup" and len(self.parts[-1]) > 1:
            self.parts[-1] = f"({self.parts[-1]})"
        beside = "" if following in ("sup", "sub", "rel", "bin") else after
        self.show(script("^" if kind == "sup" else "_", text, beside))
        self._last = self._last or "ord"

    def add_space(self, text: str, after: str) -> None:
        blank_before = self._end and self._end in _BLANKS
        if not blank_before and after not in (".", ",", ";"):
            self.show(text)

    def add(self, kind: str, text: str, following: str, after: str) -> None:
        """Add what is no script and no space, parted from what is on its left where TeX does."""
        kind = self._kind_here(kind, following, after)
        place = "ord" if kind == "sign" else kind
        if kind == "frac" and self._last == "op" and "/" in text:
            kind, text = "close", f"({text})"
            place = "ord" if self._end == ")" else "open"
        if self._is_apart(kind, place, text):
            self.parts.append(" ")
        self._last = kind
        self.show(text)

    def _kind_here(self, kind: str, following: str, after: str) -> str:
        """Return what a fence, a colon or an operator is in its place."""
        if kind in ("fence", "middle"):
            self._fences += 1
            second = self._fences % 2 == 0
            return "close" if second or following in ("sub", "sup") else "open"
        if kind == "colon":
            ratio = self._end.isdigit() and after[:1].isdigit()
            between = (self._last or following == "rel") and following
            return "rel" if between and not ratio else "ord"
        if kind == "bin":
            if self._last in _NO_OPERAND or self._end == "/":
                return "sign" if following else "ord"
            if following in ("", "rel", "close", "punct"):
                return "ord"
        return kind

    def _is_apart(self, kind: str, place: str, text: str) -> bool:
        """Whether a blank goes before a text of this kind, in the place of another perhaps."""
        last, end = self._last, self._end
        if not end or end in _BLANKS:
            return False
        if place in _BLANK.get(last, ()) and _parted(last, place, end, text, self._tight):
            first = last == "rel" and len(self.parts) == 1 and end in _NO_SPACE_IF_FIRST
            return not (first and text[0].isdigit())
        if text[:1].isalpha():
            return (last, kind) in _WORDS_APART
        return text[:1].isdigit() and end in SCRIPT_CHARACTERS and end not in _PARTED_BY_ITSELF


def _angled(atoms: Sequence[Atom]) -> list[Atom]:
    """Let < and > be brackets where they stand for angles: <x>, |a><b|."""
    angled: list[Atom] = []
    last = ""
    bars = 0
    opened = False
    for at, (kind, text) in enumerate(atoms):
        if text == "<" and kind == "rel":
            alone = last in _NO_OPERAND or angled[-1] == ("close", ">")
            if alone and (_MORE in atoms[at:] or ("fence", "|") in atoms[at:]):
                kind, opened = "open", True
        elif text == ">" and kind == "rel" and (opened or bars % 2):
            bars -= not opened
            kind, opened = "close", False
        elif kind == "fence" and opened:
            kind = "ord"
        else:
            bars += kind == "fence"
        angled.append((kind, text))
        last = last if kind in ("space", "sup", "sub", "prime") else kind
    return angled


def _parted(left: str, right: str, end: str, text: str, tight: bool) -> bool:
    """Whether the blank that the table allows is needed here."""
    if not text:
        return False
    if left == "punct":
        return not tight
    if left == "frac" and text == ".":
        return False
    if "rel" in (left, right) and (text if right == "rel" else end).isalpha():
        return True  # mod
    if left == "rad" and right == "op":
        return True
    if left == "rad" and right in ("ord", "rad", "frac", "word"):
        return end != ")"
    if tight and right == "frac" and left == "ord":
        return end.isdigit()
    if tight and left == "frac":
        return right not in ("bin", "rel")
    if end == "/":
        return right in ("bin", "rel")
    return not tight or (left == "op" and text[0].isalnum())
