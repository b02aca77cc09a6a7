"""The tree of a formula on one line: fractions, roots, accents, tables."""

import unicodedata
from collections.abc import Sequence
from itertools import takewhile

from tui_reader.text import symbols as tables
from tui_reader.text.scripts import script
from tui_reader.text.spacing import spaced
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

_TORN = frozenset(("rel", "bin", "punct", "colon", "frac", "bigop", "op", "text"))
"""Kinds of atoms that a slash would tear from what belongs to them."""
_BESIDE = frozenset(("sup", "sub", "prime", "close", "fence"))
"""Those that are no factors."""


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
            alone = body[0] if len(body) == 1 else None
            kind = alone[0] if isinstance(alone, tuple) and alone[0] in ("bin", "rel") else "ord"
            return [(kind, accented(name, typeset(body, tight or len(body) < 3).strip()))]
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
    lines = [_joined(row, between) for row in rows if row]
    if between == ", ":
        return [("open", "{ "), ("ord", "; ".join(lines))]
    inner = table.name in ("split", "aligned", "gathered", "alignedat", "array", "subarray")
    return [("ord", ("; " if inner else "\n").join(lines))]


def _joined(cells: Sequence[str], between: str) -> str:
    """Set cells in a row; a relation between two stands as it would in a formula."""
    line = ""
    for cell in (cell.rstrip(" ,;") for cell in cells):
        begins = tables.KINDS.get(cell[:1]) == "rel"
        beside = begins or tables.KINDS.get(line[-1:]) == "rel"
        cell = f"{cell[0]} {cell[1:].lstrip()}" if begins and line else cell
        line += (" " if beside else between) * bool(line) + cell
    return line


def _fraction(top: Nodes, bottom: Nodes, tight: bool) -> Atom:
    """Set a fraction with a slash, and parentheses wherever meaning needs them."""
    upper, lower = atoms_of(top, tight), atoms_of(bottom, tight)
    above, below = spaced(upper, tight).strip(), spaced(lower, tight).strip()
    if one := tables.VULGAR.get(f"{above}\u2044{below}"):
        return "frac", one
    return "frac", f"{_enclose(upper, above, False)}/{_enclose(lower, below, True)}"


def _enclose(atoms: Sequence[Atom], text: str, below: bool) -> str:
    """Put parentheses around what a slash would tear; below it, around products too."""
    outside: list[Atom] = []
    depth = brackets = 0
    sum_inside = False
    for kind, piece in atoms:
        if kind == "open":
            brackets += not depth
            depth += 1
        elif kind == "close" and depth:
            depth -= 1
        elif depth:
            sum_inside = sum_inside or kind == "bin"
        else:
            outside.append((kind, piece))
    if brackets == 1 and not outside and not depth:
        return text  # has parentheses
    if outside and not below and atoms[0][0] == "bin":
        del outside[0]  # a sign
    torn = any(kind in _TORN for kind, _ in outside)
    return f"({text})" if torn or (below and _is_product(outside, brackets, sum_inside)) else text


def _is_product(outside: Sequence[Atom], brackets: int, sum_inside: bool) -> bool:
    """Whether there are factors: outside of brackets, or a bracket that is no argument."""
    factors, letters = 0, ""
    for kind, piece in outside:
        if kind == "space":
            factors += 2 if piece.strip("\xa0") else 0
        elif kind not in _BESIDE:
            letters += piece
            factors += len(piece) if kind == "ord" and piece.isalpha() else 1
    if not brackets:
        differential = factors == 2 and letters.startswith(("d", "∂"))
        return factors > 1 and not differential
    return factors != 1 or sum_inside


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
