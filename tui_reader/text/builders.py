"""Commands of formulas that take arguments, and what they build of them."""

from collections.abc import Callable
from typing import Final, NamedTuple

from tui_reader.text import symbols as tables
from tui_reader.text.tree import (
    Accent,
    Arrow,
    Brace,
    Fraction,
    Labelled,
    Node,
    Nodes,
    Pair,
    Part,
    Root,
    Script,
)

_LOSES_ITS_PART = frozenset(("bin", "rel", "punct", "open", "close", "colon", "fence"))
_BAR: Final = ("ord", "|")


class Builder(NamedTuple):
    """A command that takes arguments."""

    takes: int
    build: Callable[..., list[Node]]
    """From its name and its arguments to nodes."""
    more: int = 0
    """How many further arguments in braces may follow."""
    braced: bool = False
    """Whether the first one has to be in braces: else it is no such command."""
    font: str | None = None
    """The font of its arguments, if not the one around it."""
    option: bool = False
    """Whether it may have an argument in brackets, which becomes the first."""


def group(nodes: list[Node]) -> list[Node]:
    """Return the nodes of a group in braces; alone in it, an operator is none."""
    if len(nodes) == 1 and isinstance(nodes[0], tuple) and nodes[0][0] in _LOSES_ITS_PART:
        return [("ord", nodes[0][1])]
    return nodes


def _not(name: str, body: list[Node]) -> list[Node]:
    if not body or not isinstance(body[0], tuple):
        return body
    char = body[0][1]
    return [("rel", tables.NEGATED.get(char, char + "\u0338")), *body[1:]]


def _modulus(name: str, body: Nodes) -> list[Node]:
    return [("space", " "), ("open", "("), ("op", "mod"), *body, ("close", ")")]


def _fenced(name: str, body: Nodes) -> list[Node]:
    before, after = tables.FENCED[name]
    return [("open", before), *body, ("close", after)]


def _braket(name: str, *parts: Nodes) -> list[Node]:
    """Set the parts of a matrix element between angles."""
    middle = [node for part in parts[1:] for node in (_BAR, *part)]
    return [("open", "⟨"), *parts[0], *middle, ("close", "⟩")]


def _projector(name: str, state: Nodes, *other: Nodes) -> list[Node]:
    last = other[0] if other else state
    return [("open", "|"), *state, ("close", "⟩"), ("open", "⟨"), *last, ("close", "|")]


def _bracket(name: str, left: Nodes, right: Nodes) -> list[Node]:
    opening, closing = "[]" if name in ("comm", "commutator") else "{}"
    return [("open", opening), *left, ("punct", ","), *right, ("close", closing)]


def _derivative(name: str, power: Nodes, top: Nodes, *bottom: Nodes) -> list[Node]:
    d: Node = ("ord", "∂" if name.startswith("p") else "d")
    order: list[Node] = [Script("^", power)] if power else []
    if not bottom:
        return [Fraction([d, *order], [d, *top, *order])]
    if len(bottom) > 1:
        order = [Script("^", [("ord", str(len(bottom)))])]
        return [Fraction([d, *order, *top], [node for part in bottom for node in (d, *part)])]
    return [Fraction([d, *order, *top], [d, *bottom[0], *order])]


def _generalized(name: str, *parts: Nodes) -> list[Node]:
    """Set a fraction with delimiters and a line of any width; none is a binomial coefficient."""
    *_, line, _, top, bottom = parts
    return [Pair("choose", top, bottom) if line else Fraction(top, bottom)]


def _prescript(name: str, above: Nodes, below: Nodes, base: Nodes) -> list[Node]:
    return [Script("^", above), Script("_", below), *base]


_SHORT_ACCENTS = {
    "wt": "widetilde", "wh": "widehat", "ov": "overline", "ol": "overline", "td": "tilde",
}  # fmt: skip
"""What authors call accents most often, without a package."""

BUILDERS: Final[dict[str, Builder]] = {
    **dict.fromkeys(tables.FRACTIONS, Builder(2, lambda _, top, bottom: [Fraction(top, bottom)])),
    **dict.fromkeys(
        ("binom", "dbinom", "tbinom"),
        Builder(2, lambda _, top, bottom: [Pair("choose", top, bottom)]),
    ),
    **dict.fromkeys(tables.MATH_ACCENTS, Builder(1, lambda name, body: [Accent(name, body)])),
    **dict.fromkeys(
        _SHORT_ACCENTS,
        Builder(1, lambda name, body: [Accent(_SHORT_ACCENTS[name], body)], braced=True),
    ),
    **{
        name: Builder(
            1,
            lambda name, body: [Part(tables.MATH_CLASSES[name], body)],
            font="roman" if kind == "op" else None,
        )
        for name, kind in tables.MATH_CLASSES.items()
    },
    **dict.fromkeys(
        tables.STACKED,
        Builder(2, lambda name, label, base: [Labelled(tables.STACKED[name], label, base)]),
    ),
    **dict.fromkeys(
        tables.ARROWS,
        Builder(
            1, lambda name, below, above: [Arrow(tables.ARROWS[name], below, above)], option=True
        ),
    ),
    **dict.fromkeys(tables.BRACES, Builder(1, lambda name, body: [Brace(name, body)])),
    **dict.fromkeys(tables.PASSED_ON, Builder(1, lambda _, body: group(body))),
    **{
        name: Builder(1, lambda _, body: group(body), font=font)
        for name, font in tables.MATH_FONTS.items()
    },
    **dict.fromkeys(tables.FENCED, Builder(1, _fenced, braced=True)),
    **dict.fromkeys(
        ("braket", "innerproduct", "ip", "inner"), Builder(1, _braket, more=1, braced=True)
    ),
    **dict.fromkeys(("mel", "matrixel", "matrixelement"), Builder(3, _braket, braced=True)),
    **dict.fromkeys(
        ("ketbra", "outerproduct", "dyad", "proj"), Builder(1, _projector, more=1, braced=True)
    ),
    **dict.fromkeys(
        ("comm", "commutator", "acomm", "poissonbracket"), Builder(2, _bracket, braced=True)
    ),
    **dict.fromkeys(
        ("dv", "pdv", "derivative", "partialderivative"),
        Builder(1, _derivative, more=3, option=True, braced=True),
    ),
    "prescript": Builder(3, _prescript),
    "genfrac": Builder(6, _generalized),
    **dict.fromkeys(
        ("vb", "vectorbold"), Builder(1, lambda _, body: group(body), font="bold", braced=True)
    ),
    "vu": Builder(1, lambda _, body: [Accent("hat", body)], braced=True),
    "va": Builder(1, lambda _, body: [Accent("vec", body)], braced=True),
    "flatfrac": Builder(2, lambda _, top, bottom: [Fraction(top, bottom)], braced=True),
    "sqrt": Builder(1, lambda _, degree, body: [Root(degree, body)], option=True),
    "not": Builder(1, _not),
    "pmod": Builder(1, _modulus),
}
