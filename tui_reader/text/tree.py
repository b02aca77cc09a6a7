"""A formula as a tree: what its TeX is parsed to, and what is set on a line or in two dimensions.

Most of a formula is atoms, TeX's term for a symbol and the part it plays: "ord", "op", "bin",
"rel", "open", "close", "punct", "bigop", "fence" (a bar that opens or closes), and of our own
"colon", "word" (upright letters), "text", "source", "space", "prime". What is built of parts is
a node with those parts in it. The classes are plain ones, because the first text that is shown
waits for them to be made, and every formula for its nodes. Nobody changes a node.
"""

from collections.abc import Sequence
from typing import TypeAlias, Union

Atom = tuple[str, str]
"""The part it plays, and its text."""

Node: TypeAlias = Union[
    Atom, "Script", "Fraction", "Pair", "Root", "Accent", "Brace", "Group", "Part", "Labelled",
    "Arrow", "Table",
]  # fmt: skip
Nodes: TypeAlias = Sequence[Node]

# Source that is shown as it stands travels through formulas moved to this plane, so that no
# rule takes it for mathematics; the renderer moves it back, dim.
SOURCE = 0xF0000


def as_source(text: str) -> str:
    """Return `text` as source that formulas leave alone."""
    return "".join(chr(SOURCE + ord(char)) if char <= "\uffff" else char for char in text)


class Script:
    """What is raised ("^") or lowered ("_"); it belongs to the node before it, if there is one."""

    __slots__ = __match_args__ = ("sign", "body")

    def __init__(self, sign: str, body: Nodes) -> None:
        self.sign, self.body = sign, body


class Fraction:
    __slots__ = __match_args__ = ("top", "bottom")

    def __init__(self, top: Nodes, bottom: Nodes) -> None:
        self.top, self.bottom = top, bottom


class Pair:
    """Two formulas on each other without a line between, by a name of symbols.INFIX."""

    __slots__ = __match_args__ = ("name", "top", "bottom")

    def __init__(self, name: str, top: Nodes, bottom: Nodes) -> None:
        self.name, self.top, self.bottom = name, top, bottom


class Root:
    """A root; its degree is empty if it is the square root."""

    __slots__ = __match_args__ = ("degree", "body")

    def __init__(self, degree: Nodes, body: Nodes) -> None:
        self.degree, self.body = degree, body


class Accent:
    """A formula under an accent, by a name of symbols.MATH_ACCENTS."""

    __slots__ = __match_args__ = ("name", "body")

    def __init__(self, name: str, body: Nodes) -> None:
        self.name, self.body = name, body


class Brace:
    """A formula with a brace over or under it, by a name of symbols.BRACES."""

    __slots__ = __match_args__ = ("name", "body")

    def __init__(self, name: str, body: Nodes) -> None:
        self.name, self.body = name, body


class Group:
    """What braces hold together, where the script after them would run into one in them."""

    __slots__ = __match_args__ = ("body",)

    def __init__(self, body: Nodes) -> None:
        self.body = body


class Part:
    """A formula that plays the part of one atom."""

    __slots__ = __match_args__ = ("kind", "body")

    def __init__(self, kind: str, body: Nodes) -> None:
        self.kind, self.body = kind, body


class Labelled:
    """A formula with a label above it ("^") or below ("_")."""

    __slots__ = __match_args__ = ("sign", "label", "base")

    def __init__(self, sign: str, label: Nodes, base: Nodes) -> None:
        self.sign, self.label, self.base = sign, label, base


class Arrow:
    __slots__ = __match_args__ = ("sign", "below", "above")

    def __init__(self, sign: str, below: Nodes, above: Nodes) -> None:
        self.sign, self.below, self.above = sign, below, above


class Table:
    r"""An environment of rows and cells, such as a matrix, by its name without a star.

    A row without cells is a rule; `columns` is what an array says of its own, such as `cc|c`.
    """

    __slots__ = __match_args__ = ("name", "rows", "columns")

    def __init__(self, name: str, rows: Sequence[Sequence[Nodes]], columns: str = "") -> None:
        self.name, self.rows, self.columns = name, rows, columns
