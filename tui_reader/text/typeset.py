"""Formulas on one line, as TeX spaces them: scripts, fractions, roots, accents."""

import re
import unicodedata
from collections.abc import Sequence
from itertools import takewhile

from tui_reader.text import symbols as tables
from tui_reader.text.tree import (
    Accent,
    Arrow,
    Atom,
    Brace,
    Fraction,
    Group,
    Labelled,
    Node,
    Nodes,
    Pair,
    Part,
    Root,
    Script,
    Table,
)

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
_LOSES_ITS_PART = frozenset(("bin", "rel", "punct", "open", "close", "colon", "fence"))
_NO_SPACE_IF_FIRST = frozenset("∼≈≃≲≳<>≤≥≪≫⩽⩾")
_PLUS, _MINUS = re.compile(r"\+\s?([\d.]+)"), re.compile(r"−\s?([\d.]+)")
_LESS, _MORE = ("rel", "<"), ("rel", ">")
_MINUTES = "′″‴⁗"
_PRIMES = {"′′": "″", "′′′": "‴", "′′′′": "⁗"}
_FORMS = "".join((*tables.SUPERSCRIPTS.values(), *tables.SUBSCRIPTS.values()))
_LETTER = rf"[^\W\d_{_FORMS}][\u0300-\u036f]*|[\U000f0000-\U000fffff]"
_WORD = re.compile(rf"(?:{_LETTER})+(?:-(?:{_LETTER})+)*|\d+[A-Za-z]{{3,}}")
_LONG_WORD = re.compile(r"[A-Za-z]{3}")
_HYPHENATED = re.compile(r"[A-Za-z]{2,}(?:[-−][A-Za-z]{2,})+")
_UNBOLD = {ord(bold): plain for plain, bold in tables.FONTS["bold"].items()}


def typeset(nodes: Nodes, tight: bool = False) -> str:
    """Set a formula on one line; `tight`, as in scripts, without blanks around operators."""
    return spaced(atoms_of(nodes, tight), tight)


def atoms_of(nodes: Nodes, tight: bool) -> list[Atom]:
    """Set what is built of parts, so that only atoms are left."""
    atoms: list[Atom] = []
    for node in nodes:
        if isinstance(node, tuple):
            atoms.append(node)
        else:
            atoms += _set(node, tight)
    return atoms


def _set(node: Node, tight: bool) -> list[Atom]:
    match node:
        case Script(sign, body):
            return [("sup" if sign == "^" else "sub", typeset(body, True))]
        case Fraction(top, bottom):
            return [_fraction(top, bottom, tight)]
        case Accent(name, body):
            return [("ord", accented(name, typeset(body, tight or len(body) < 3).strip()))]
        case Brace(_, body):
            return atoms_of(body, tight)
        case Group(body):
            return [("open", "("), ("ord", typeset(body, tight).strip()), ("close", ")")]
        case Part(kind, body):
            return [(kind, typeset(body, True).strip())]
        case Root(degree, body):
            return [_root(typeset(degree, True), typeset(body, tight).strip())]
        case Pair(name, top, bottom):
            upper, lower = typeset(top, tight).strip(), typeset(bottom, tight).strip()
            return [("ord", f"({upper}{tables.INFIX[name]}{lower})")]
        case Labelled():
            return [_labelled(node, tight)]
        case Arrow(sign, below, above):
            lower, upper = script("_", typeset(below, True)), script("^", typeset(above, True))
            return [("rel", sign + lower + upper)]
        case Table():
            return _table(node, tight)
    return [node]


def _table(table: Table, tight: bool) -> list[Atom]:
    """Set rows and cells, on one line unless the table is a display of its own."""
    rows = [
        [cell for nodes in row if (cell := typeset(nodes, tight).strip())] for row in table.rows
    ]
    if brackets := tables.MATRICES.get(table.name):
        body = "; ".join(" ".join(row) for row in rows if row)
        return [("open", brackets[0]), ("ord", body), ("close", brackets[1])]
    between = ", " if table.name in ("cases", "dcases") else " "
    lines = [between.join(cell.rstrip(" ,;") for cell in row) for row in rows if row]
    if between == ", ":
        return [("open", "{ "), ("ord", "; ".join(lines))]
    inner = table.name in ("split", "aligned", "gathered", "alignedat", "array", "subarray")
    return [("ord", ("; " if inner else "\n").join(lines))]


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
            elif kind == "bin" and last in _NO_OPERAND:
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
                apart = text[:1].isdigit() and end in _FORMS and end not in _MINUTES
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


def script(kind: str, body: str, after: str = "") -> str:
    """Raise (`kind` "^") or lower ("_") `body`, in Unicode if all of it has such a form.

    Else a lowered word stands bare (x_BH), and all the rest in parentheses: x^(a+b). So do words
    of three letters and more that have such a form: nobody reads them well in it.
    `after` is what follows; a blank parts it where it would run into the script.
    """
    body = body.strip()
    if body[:2] == "′′":
        body = _PRIMES.get(body, body)
    forms = tables.SUPERSCRIPTS if kind == "^" else tables.SUBSCRIPTS
    raised = [forms.get(char, "") for char in body.translate(_UNBOLD) if char != " "]
    if all(raised) and not _LONG_WORD.search(body):
        return "".join(raised)
    if _HYPHENATED.fullmatch(body):
        body = body.replace("−", "-")
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


def _fraction(top: Nodes, bottom: Nodes, tight: bool) -> Atom:
    """Set a fraction with a slash, and parentheses wherever meaning needs them."""
    upper, lower = atoms_of(top, tight), atoms_of(bottom, tight)
    above, below = spaced(upper, tight).strip(), spaced(lower, tight).strip()
    if one := tables.VULGAR.get(f"{above}\u2044{below}"):
        return "frac", one
    return "frac", f"{_enclose(upper, above, False)}/{_enclose(lower, below, True)}"


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
        elif kind in ("rel", "bin", "punct", "colon", "frac", "bigop", "op", "text"):
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


def _root(degree: str, body: str) -> Atom:
    sign = {"": "√", "2": "√", "3": "∛", "4": "∜"}.get(degree) or script("^", degree) + "√"
    bare = len(body) == 1 or body.isdigit()
    return "rad", sign + (body if bare else f"({body})")


def _labelled(node: Labelled, tight: bool) -> Atom:
    label, body = typeset(node.label, True), typeset(node.base, tight).strip()
    if body == "=" and label in ("def", "Def", "△", "Δ"):
        return "rel", "≝" if label.lower() == "def" else "≜"
    alone = node.base[0] if len(node.base) == 1 else None
    kind = alone[0] if isinstance(alone, tuple) else "ord"
    return kind, body + script(node.sign, label)


def accented(name: str, body: str) -> str:
    """Put an accent on one character, or a rule over letters; show what is longer without."""
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
    return body


def _is_script(char: str) -> bool:
    return unicodedata.decomposition(char).startswith(("<super>", "<sub>"))
