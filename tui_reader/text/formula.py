"""Formulas as TeX sets them, on one line: spacing, scripts, fractions, roots, accents.

A formula is a list of atoms, TeX's term for a symbol and the part it plays: "ord", "op", "bin",
"rel", "open", "close", "punct", "bigop", "fence" (a bar that opens or closes), and of our own
"colon", "frac", "rad", "word" (upright letters), "text", "source", "space", "sup", "sub",
"prime", "infix".
"""

import re
import unicodedata
from collections.abc import Callable, Sequence
from itertools import takewhile
from typing import Final, NamedTuple

from tui_reader.text import symbols as tables

Atom = tuple[str, str]
"""The part it plays, and its text."""

# Source that is shown as it stands travels through formulas moved to this plane, so that no
# rule takes it for mathematics; the renderer moves it back, dim.
SOURCE = 0xF0000

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

_NO_OPERAND = frozenset(("", "bin", "rel", "open", "punct", "op", "bigop"))
_WORDS_APART = {("word", "ord"), ("source", "ord"), ("source", "word")}
_LOSES_ITS_PART = frozenset(("bin", "rel", "punct", "open", "close", "colon", "fence"))
_NO_SPACE_IF_FIRST = frozenset("∼≈≃≲≳<>≤≥≪≫⩽⩾")
_PLUS, _MINUS = re.compile(r"\+\s?([\d.]+)"), re.compile(r"−\s?([\d.]+)")
_FORMS = "".join((*tables.SUPERSCRIPTS.values(), *tables.SUBSCRIPTS.values()))
_WORD = re.compile(rf"(?:[^\W\d_{_FORMS}][\u0300-\u036f]*|[\U000f0000-\U000fffff])+")
_UNBOLD = {ord(bold): plain for plain, bold in tables.FONTS["bold"].items()}


def source(text: str) -> str:
    """Return `text` as source that formulas leave alone."""
    return "".join(chr(SOURCE + ord(char)) if char <= "\uffff" else char for char in text)


def typeset(atoms: Sequence[Atom], tight: bool = False) -> str:
    """Set a formula on one line; `tight`, as in scripts, without blanks around operators."""
    infixes = [at for at, (kind, _) in enumerate(atoms) if kind == "infix"]
    if len(infixes) == 1:  # TeX takes no more than one in a group
        left, (_, sign), right = atoms[: infixes[0]], atoms[infixes[0]], atoms[infixes[0] + 1 :]
        if sign == "/":
            return fraction(left, right, tight)[1]
        return f"({typeset(left, tight).strip()}{sign}{typeset(right, tight).strip()})"
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
            text = script("^" if kind == "sup" else "_", text, beside)
            kind = last = last or "ord"
        elif kind == "space":
            text = "" if not text or not end or end in " \xa0" else text
            kind = last
        elif kind != "prime":
            if kind == "fence":
                kind = "close" if fences % 2 or following in ("sub", "sup") else "open"
                fences += 1
            elif kind == "colon":
                ratio = end.isdigit() and after[:1].isdigit()
                both = (last or following == "rel") and following
                kind = "rel" if both and not ratio else "ord"
            elif kind == "bin" and (
                last in _NO_OPERAND or following in ("", "rel", "close", "punct")
            ):
                kind = "ord"
            if kind in _BLANK.get(last, ()) and _parted(last, kind, end, text, tight):
                first = last == "rel" and len(parts) == 1 and end in _NO_SPACE_IF_FIRST
                apart = not (first and text[0].isdigit())
            elif text[:1].isalpha():
                apart = (last, kind) in _WORDS_APART
            else:
                apart = text[:1].isdigit() and end in _FORMS
            if apart and end not in " \xa0":
                parts.append(" ")
            last = kind
        else:
            kind = last
        if text:
            parts.append(text)
            end = text[-1]
    return "".join(parts)


def _parted(left: str, right: str, end: str, text: str, tight: bool) -> bool:
    """Whether the blank that the table allows is needed here."""
    if not text:
        return False
    if left == "punct":
        return not tight
    if left == "rad" and right in ("ord", "rad", "frac", "word"):
        return end != ")"
    if tight and right == "frac" and left == "ord":
        return end.isdigit()
    if tight and left == "frac":
        return right not in ("bin", "rel")
    if end == "/":
        return right in ("bin", "rel")
    return not tight or (left == "op" and text[0].isalnum())


def script(kind: str, body: str, after: str = "") -> str:
    """Raise (`kind` "^") or lower ("_") `body`, in Unicode if all of it has such a form.

    Else a lowered word stands bare (x_BH), and all the rest in parentheses: x^(a+b).
    `after` is what follows; a blank parts it where it would run into the script.
    """
    body = body.strip()
    forms = tables.SUPERSCRIPTS if kind == "^" else tables.SUBSCRIPTS
    raised = [forms.get(char, "") for char in body.translate(_UNBOLD) if char != " "]
    if all(raised):
        return "".join(raised)
    core = [c for c in unicodedata.normalize("NFD", body) if not unicodedata.combining(c)]
    if len(core) > 1 and not (kind == "_" and _WORD.fullmatch(body)):
        return f"{kind}({body})"
    return kind + body + (" " if after[:1].isalnum() else "")


def asymmetric(up: str, down: str) -> str | None:
    """Return the errors of a measurement as (+0.6/−0.5); None if it is none, or all digits."""
    plus, minus = _PLUS.fullmatch(up.strip()), _MINUS.fullmatch(down.strip().replace("-", "−"))
    if plus and minus and "." in plus[1] + minus[1]:
        return f"(+{plus[1]}/−{minus[1]})"
    return None


def fraction(top: Sequence[Atom], bottom: Sequence[Atom], tight: bool = False) -> Atom:
    """Set a fraction with a slash, and parentheses wherever meaning needs them."""
    above, below = typeset(top, tight).strip(), typeset(bottom, tight).strip()
    if one := tables.VULGAR.get(f"{above}\u2044{below}"):
        return "frac", one
    return "frac", f"{_enclose(top, above, False)}/{_enclose(bottom, below, True)}"


def group(atoms: list[Atom], tight: bool = False) -> list[Atom]:
    """Return the atoms of a group in braces; alone in it, an operator is none."""
    if len(atoms) == 1 and atoms[0][0] in _LOSES_ITS_PART:
        return [("ord", atoms[0][1])]
    if any(kind == "infix" for kind, _ in atoms):
        return [("frac", typeset(atoms, tight))]
    return atoms


def _enclose(atoms: Sequence[Atom], text: str, below: bool) -> str:
    """Put parentheses around what a slash would tear; below it, around products too."""
    depth = factors = brackets = 0
    inner_sum = False
    letters = ""
    for at, (kind, piece) in enumerate(atoms):
        if kind == "open":
            brackets += not depth
            depth += 1
        elif kind == "close" and depth:
            depth -= 1
            if not depth and atoms[0][0] == "open" and brackets == 1 and at == len(atoms) - 1:
                return text
        elif depth:
            inner_sum = inner_sum or kind == "bin"
        elif kind in ("rel", "bin", "punct", "colon", "frac", "bigop", "op", "text", "infix"):
            if not (kind == "bin" and at == 0 and not below):
                return f"({text})"
        elif kind == "space":
            factors += 2 if piece.strip("\xa0") else 0
        elif kind not in ("sup", "sub", "prime", "close", "fence"):
            letters += piece
            factors += sum(map(str.isalpha, piece)) if kind == "ord" and piece.isalpha() else 1
    differential = factors == 2 and letters[:1] in ("d", "∂") and not brackets
    product = factors > 1 or (brackets and (factors != 1 or inner_sum))
    return f"({text})" if below and product and not differential else text


def _root(name: str, tight: bool, index: Sequence[Atom], body: Sequence[Atom]) -> list[Atom]:
    degree, inside = typeset(index, True), typeset(body, tight).strip()
    sign = {"": "√", "2": "√", "3": "∛", "4": "∜"}.get(degree) or script("^", degree) + "√"
    bare = len(inside) == 1 or inside.isdigit()
    return [("rad", sign + (inside if bare else f"({inside})"))]


def accented(name: str, body: str) -> str | None:
    """Put the accent `name` on one character, or rule over letters; None if it can't be shown."""
    body = unicodedata.normalize("NFC", body)
    core = sum(not unicodedata.combining(char) for char in unicodedata.normalize("NFD", body))
    head = 1 + sum(1 for _ in takewhile(unicodedata.combining, body[1:]))
    scripts = body[head:]
    if core == 1 or (
        core > 1 and body[0].isalpha() and (scripts[0] in "_^′″" or all(map(_is_script, scripts)))
    ):
        letter = tables.DOTLESS.get(body[0], body[0]) + body[1:head] + tables.MATH_ACCENTS[name]
        return unicodedata.normalize("NFC", letter) + scripts
    if name in tables.RULES and body.isalnum():
        return "".join(char + tables.RULES[name] for char in body)
    return None if body else ""


def _is_script(char: str) -> bool:
    return unicodedata.decomposition(char).startswith(("<super>", "<sub>"))


class Builder(NamedTuple):
    """A command of formulas that takes arguments."""

    takes: int
    build: Callable[..., list[Atom] | None]
    """From its name, whether to set tight, and its arguments, to atoms; None for its source."""
    tight: bool = False
    """Whether its arguments are set tight."""
    font: str | None = None
    """The font of its arguments, if not the one around it."""
    option: bool = False
    """Whether it may have an argument in brackets, which becomes the first."""


def _accent(name: str, tight: bool, body: Sequence[Atom]) -> list[Atom] | None:
    letter = accented(name, typeset(body, True).strip())
    return None if letter is None else [("ord", letter)]


def _not(name: str, tight: bool, body: Sequence[Atom]) -> list[Atom]:
    if not body:
        return []
    char = body[0][1]
    return [("rel", tables.NEGATED.get(char, char + "\u0338")), *body[1:]]


def _stack(name: str, tight: bool, label: Sequence[Atom], base: Sequence[Atom]) -> list[Atom]:
    above, body = typeset(label, True), typeset(base, tight).strip()
    if body == "=" and above in ("def", "Def", "△", "Δ"):
        return [("rel", "≝" if above.lower() == "def" else "≜")]
    kind = base[0][0] if len(base) == 1 else "ord"
    return [(kind, body + script(tables.STACKED[name], above))]


def _arrow(name: str, tight: bool, below: Sequence[Atom], above: Sequence[Atom]) -> list[Atom]:
    lower, upper = script("_", typeset(below, True)), script("^", typeset(above, True))
    return [("rel", tables.ARROWS[name] + lower + upper)]


def _infix(name: str, tight: bool, top: Sequence[Atom], bottom: Sequence[Atom]) -> list[Atom]:
    return [("ord", typeset([*top, ("infix", tables.INFIX[name.lstrip("dt")]), *bottom], tight))]


def _modulus(name: str, tight: bool, body: Sequence[Atom]) -> list[Atom]:
    return [("space", " "), ("ord", f"(mod {typeset(body, tight)})")]


def _part(name: str, tight: bool, body: Sequence[Atom]) -> list[Atom]:
    return [(tables.MATH_CLASSES[name], typeset(body, True).strip())]


_PLAIN_FRACTION = Builder(2, lambda _, tight, top, bottom: [fraction(top, bottom, tight)])
BUILDERS: Final[dict[str, Builder]] = {
    **dict.fromkeys(tables.FRACTIONS, _PLAIN_FRACTION),
    **dict.fromkeys(("binom", "dbinom", "tbinom"), Builder(2, _infix)),
    **dict.fromkeys(tables.MATH_ACCENTS, Builder(1, _accent, tight=True)),
    **dict.fromkeys(tables.MATH_CLASSES, Builder(1, _part, tight=True)),
    **dict.fromkeys(("operatorname", "mathop"), Builder(1, _part, tight=True, font="roman")),
    **dict.fromkeys(tables.STACKED, Builder(2, _stack)),
    **dict.fromkeys(tables.ARROWS, Builder(1, _arrow, tight=True, option=True)),
    **dict.fromkeys(tables.PASSED_ON, Builder(1, lambda _, tight, body: group(body, tight))),
    **{
        name: Builder(1, lambda _, tight, body: group(body, tight), font=font)
        for name, font in tables.MATH_FONTS.items()
    },
    "sqrt": Builder(1, _root, option=True),
    "not": Builder(1, _not),
    "pmod": Builder(1, _modulus),
}
