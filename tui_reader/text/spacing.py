"""The blanks between the atoms of a formula, as TeX has them."""

from collections.abc import Sequence

from tui_reader.text.scripts import FORMS, asymmetric, script
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
_MINUTES = "′″‴⁗"


def spaced(atoms: Sequence[Atom], tight: bool) -> str:
    """Join atoms, with TeX's blanks between them."""
    if _LESS in atoms or _MORE in atoms:
        atoms = _angled(atoms)
    parts: list[str] = []
    last = ""  # the kind on the left
    end = ""  # the character on the left
    fences = 0
    skip = False
    for at, (kind, text) in enumerate(atoms):
        if skip:
            skip = False
            continue
        following, after = atoms[at + 1] if at + 1 < len(atoms) else ("", "")
        if kind in ("sup", "sub"):
            if {kind, following} == {"sup", "sub"}:
                up, down = (text, after) if kind == "sup" else (after, text)
                if errors := asymmetric(up, down):
                    parts.append(errors)
                    last, end, skip = "close", ")", True
                    continue
            beside = "" if following in ("sup", "sub", "rel", "bin") else after
            if last in ("frac", "rad") and kind == "sup" and len(parts[-1]) > 1:
                parts[-1] = f"({parts[-1]})"
            text = script("^" if kind == "sup" else "_", text, beside)
            kind = last = last or "ord"
        elif kind == "space":
            before_mark = after in (".", ",", ";")
            text = "" if before_mark or (end and end in " \xa0") else text
            kind = last
        elif kind != "prime":
            if kind == "fence":
                kind = "close" if fences % 2 or following in ("sub", "sup") else "open"
                fences += 1
            elif kind == "colon":
                ratio = end.isdigit() and after[:1].isdigit()
                both = (last or following == "rel") and following
                kind = "rel" if both and not ratio else "ord"
            elif kind == "bin" and (last in _NO_OPERAND or end == "/"):
                kind = "sign" if following else "ord"
            elif kind == "bin" and following in ("", "rel", "close", "punct"):
                kind = "ord"
            place = "ord" if kind == "sign" else kind
            if kind == "frac" and last == "op" and "/" in text:
                kind, place, text = "close", "ord" if end == ")" else "open", f"({text})"
            if place in _BLANK.get(last, ()) and _parted(last, place, end, text, tight):
                first = last == "rel" and len(parts) == 1 and end in _NO_SPACE_IF_FIRST
                apart = not (first and text[0].isdigit())
            elif text[:1].isalpha():
                apart = (last, kind) in _WORDS_APART
            else:
                apart = text[:1].isdigit() and end in FORMS and end not in _MINUTES
            if apart and end not in " \xa0":
                parts.append(" ")
            last = kind
        else:
            kind = last
        if text:
            parts.append(text)
            end = text[-1]
    return "".join(parts)


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
    if left == "rad" and right in ("ord", "rad", "frac", "word"):
        return end != ")"
    if tight and right == "frac" and left == "ord":
        return end.isdigit()
    if tight and left == "frac":
        return right not in ("bin", "rel")
    if end == "/":
        return right in ("bin", "rel")
    return not tight or (left == "op" and text[0].isalnum())
