"""The text of a paper as values: passages under headings, and the blocks in them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum, StrEnum, auto
from functools import cached_property
from typing import NamedTuple, TypeAlias

from tui_reader.text import Style, clean, plain_formula


class TextState(StrEnum):
    """What became of arXiv's conversion of a paper to HTML; the codes are stored and written."""

    WHOLE = "whole"
    TRUNCATED = "truncated"
    """It ends before the paper does."""
    DAMAGED = "damaged"
    """Much of it was not understood by arXiv's converter."""
    NATIVE = "native"
    """HTML that the author wrote, as in the 1990s."""
    FRAGMENT = "fragment"
    """So little that it can't be the paper."""
    STUB = "stub"
    """A page without an article."""
    NONE = "none"
    WITHDRAWN = "withdrawn"
    UNKNOWN = "unknown"
    """No such paper, or no identifier."""
    OTHER = "other"
    """A page that is not this paper."""
    CUT = "cut"
    """The answer ended within a tag."""

    @property
    def is_text(self) -> bool:
        """Whether there is something to read."""
        return self in (self.WHOLE, self.TRUNCATED, self.DAMAGED, self.NATIVE)

    @property
    def says(self) -> str:
        """A sentence for the person; empty where all is well."""
        return _SAYS[self]


_SAYS = {
    TextState.WHOLE: "",
    TextState.TRUNCATED: "arXiv's HTML ends before the paper does; the PDF has the rest.",
    TextState.DAMAGED: "arXiv's HTML is damaged: parts may be missing; the PDF has them.",
    TextState.NATIVE: "HTML of the authors' own, shown by simple rules.",
    TextState.FRAGMENT: "arXiv's HTML holds next to nothing of this paper; the PDF has it.",
    TextState.STUB: "arXiv's conversion of this paper to HTML failed; the PDF has it.",
    TextState.NONE: "arXiv has no HTML of this paper; the PDF has it.",
    TextState.WITHDRAWN: "This version was withdrawn; an earlier one may have the text.",
    TextState.UNKNOWN: "arXiv knows no such paper or version.",
    TextState.OTHER: "The page is not this paper; the browser shows what arXiv has.",
    TextState.CUT: "The page was cut off on its way; get it again.",
}


class Inline(NamedTuple):
    r"""A stretch of a text; "\n" breaks the line. With Style.MATH, the text is TeX."""

    text: str
    style: Style = Style.PLAIN
    link: str = ""
    """Where it leads: `#` and a target of the paper, or an address."""
    instead: str = ""
    """TeX to set a formula from, where its own is not all understood."""
    is_note: bool = False
    """Whether it is the mark of a footnote."""

    @property
    def shown(self) -> str:
        """What it reads as on a line."""
        is_formula = Style.MATH in self.style
        return plain_formula(self.instead or self.text) if is_formula else self.text


Inlines: TypeAlias = tuple[Inline, ...]


class Margin(NamedTuple):
    """What stands left of a block: of its first line, and of the others."""

    first: str = ""
    rest: str = ""

    def within(self, outer: "Margin") -> "Margin":
        return Margin(outer.first + self.first, outer.rest + self.rest)

    @property
    def after_first(self) -> "Margin":
        """Return that of the blocks which follow the first one in it."""
        return Margin(self.rest, self.rest)


class Look(Enum):
    """What kind of text a paragraph or a line is."""

    BODY = auto()
    HEADING = auto()
    CAPTION = auto()
    REFERENCE = auto()
    """An item of the bibliography."""
    NOTE = auto()
    FORMULA = auto()
    GRID = auto()
    CODE = auto()
    PICTURE = auto()


NO_MARGIN = Margin()


@dataclass(frozen=True, slots=True)
class Paragraph:
    inlines: Inlines
    margin: Margin = NO_MARGIN
    ids: tuple[str, ...] = ()
    joined: bool = False
    """Whether no blank line parts it from what is before."""
    look: Look = Look.BODY


class EquationRow(NamedTuple):
    cells: tuple[tuple[str, Inlines], ...]
    """Each with its side: "left", "center" or "right"."""
    number: str = ""
    ids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Equation:
    """A display: one formula, or rows of them with aligned cells."""

    rows: tuple[EquationRow, ...]
    margin: Margin = NO_MARGIN
    ids: tuple[str, ...] = ()
    joined: bool = False

    @property
    def tex(self) -> str:
        """Its source, as one would copy it."""
        rows = (
            " & ".join("".join(inline.text for inline in cell) for _, cell in row.cells)
            for row in self.rows
        )
        return " \\\\\n".join(rows)


class GridCell(NamedTuple):
    inlines: Inlines
    column: int
    columns: int = 1
    rows: int = 1
    side: str = "left"
    heading: bool = False
    rules: frozenset[str] = frozenset()
    """The sides with a line: "t", "b", "l", "r"."""
    tight: bool = False
    """Whether nothing parts it from the cell at its right."""


@dataclass(frozen=True, slots=True)
class Grid:
    """A table."""

    rows: tuple[tuple[GridCell, ...], ...]
    margin: Margin = NO_MARGIN
    ids: tuple[str, ...] = ()
    joined: bool = False


@dataclass(frozen=True, slots=True)
class Code:
    """Lines whose blanks count: code, algorithms, what was typed verbatim."""

    lines: tuple[Inlines, ...]
    margin: Margin = NO_MARGIN
    ids: tuple[str, ...] = ()
    joined: bool = False


@dataclass(frozen=True, slots=True)
class Picture:
    source: str
    """Its address, as the page has it; empty where it has none."""
    size: str = ""
    margin: Margin = NO_MARGIN
    ids: tuple[str, ...] = ()
    joined: bool = False

    @property
    def told(self) -> str:
        name = self.source.rpartition("/")[2]
        return f"[{' '.join(filter(None, ('picture', name, self.size)))}]"


Block: TypeAlias = Paragraph | Equation | Grid | Code | Picture


@dataclass(frozen=True, slots=True)
class Passage:
    """A heading, and what follows it before the next one."""

    blocks: tuple[Block, ...]
    number: str = ""
    inlines: Inlines = ()
    """The title."""
    level: int = 0
    """1 for a section; 0 for what stands before the first heading."""
    id: str = ""
    ids: tuple[str, ...] = ()

    @property
    def title(self) -> str:
        return clean("".join(x.shown for x in self.inlines if not x.is_note))

    @property
    def heading(self) -> str:
        return " ".join(filter(None, (self.number, self.title)))


@dataclass(frozen=True)
class FullText:
    """A paper's text, and what the page says of itself."""

    state: TextState
    id: str = ""
    version: int | None = None
    title: str = ""
    abstract: tuple[Block, ...] = ()
    licence: str = ""
    passages: tuple[Passage, ...] = ()
    counts: Mapping[str, int] = field(default_factory=dict)
    """Of `equations`, `figures`, `tables`, `references`, `footnotes` and `errors`."""

    @cached_property
    def targets(self) -> Mapping[str, tuple[int, int]]:
        """Where each target is: its passage, and its block there; -1 is the heading."""
        found: dict[str, tuple[int, int]] = {}
        for at, passage in enumerate(self.passages):
            for name in passage.ids:
                found.setdefault(name, (at, -1))
            for index, block in enumerate(passage.blocks):
                for name in ids_of(block):
                    found.setdefault(name, (at, index))
        return found


def ids_of(block: Block) -> tuple[str, ...]:
    rows = block.rows if isinstance(block, Equation) else ()
    return block.ids + tuple(name for row in rows for name in row.ids)


COUNTED = ("equations", "figures", "tables", "references", "footnotes", "errors")
