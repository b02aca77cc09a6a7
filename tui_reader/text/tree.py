"""A formula as a tree: what its TeX is parsed to, and what is set on a line or in two dimensions.

Most of a formula is atoms, TeX's term for a symbol and the part it plays: "ord", "op", "bin",
"rel", "open", "close", "punct", "bigop", "fence" (a bar that opens or closes), and of our own
"colon", "word" (upright letters), "text", "source", "space", "prime". What is built of parts is
a node with those parts in it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias, Union

Atom = tuple[str, str]
"""The part it plays, and its text."""

Node: TypeAlias = Union[
    Atom, "Script", "Fraction", "Pair", "Root", "Accent", "Group", "Part", "Labelled", "Arrow",
    "Table",
]  # fmt: skip
Nodes: TypeAlias = Sequence[Node]

# Source that is shown as it stands travels through formulas moved to this plane, so that no
# rule takes it for mathematics; the renderer moves it back, dim.
SOURCE = 0xF0000


def as_source(text: str) -> str:
    """Return `text` as source that formulas leave alone."""
    return "".join(chr(SOURCE + ord(char)) if char <= "\uffff" else char for char in text)


@dataclass(frozen=True, slots=True)
class Script:
    """What is raised or lowered; it belongs to the node before it, if there is one."""

    sign: str
    """"^" or "_"."""
    body: Nodes


@dataclass(frozen=True, slots=True)
class Fraction:
    top: Nodes
    bottom: Nodes


@dataclass(frozen=True, slots=True)
class Pair:
    """Two formulas on each other without a line between, such as a binomial coefficient."""

    name: str
    """A key of symbols.INFIX."""
    top: Nodes
    bottom: Nodes


@dataclass(frozen=True, slots=True)
class Root:
    degree: Nodes
    """Empty for the square root."""
    body: Nodes


@dataclass(frozen=True, slots=True)
class Accent:
    name: str
    """A key of symbols.MATH_ACCENTS."""
    body: Nodes


@dataclass(frozen=True, slots=True)
class Group:
    """What braces hold together, where the script after them would run into one in them."""

    body: Nodes


@dataclass(frozen=True, slots=True)
class Part:
    """A formula that plays the part of one atom."""

    kind: str
    body: Nodes


@dataclass(frozen=True, slots=True)
class Labelled:
    sign: str
    """"^" for a label above, "_" for one below."""
    label: Nodes
    base: Nodes


@dataclass(frozen=True, slots=True)
class Arrow:
    sign: str
    below: Nodes
    above: Nodes


@dataclass(frozen=True, slots=True)
class Table:
    """An environment of rows and cells, such as a matrix."""

    name: str
    """Of the environment, without its star."""
    rows: Sequence[Sequence[Nodes]]
