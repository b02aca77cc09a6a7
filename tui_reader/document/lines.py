"""The lines of a paper's text for a width, passage by passage."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import NamedTuple

from tui_reader.document.box import Box
from tui_reader.document.display import aligned, boxed
from tui_reader.document.grid import drawn
from tui_reader.document.values import (
    Block,
    Code,
    Equation,
    EquationRow,
    Grid,
    Inline,
    Inlines,
    Look,
    Margin,
    Paragraph,
    Passage,
    Picture,
)
from tui_reader.text import Mode, Span, Style, cells, formula_spans, wrap
from tui_reader.text.spelling import spell

LEAST = 8
"""Cells that a text gets at least, however deep lists are."""


class PaperLine(NamedTuple):
    spans: tuple[Span, ...] = ()
    look: Look = Look.BODY
    block: int = -1
    """Which of the passage's blocks it belongs to; -1 is the heading."""
    ids: tuple[str, ...] = ()
    """The targets that are here."""

    @property
    def text(self) -> str:
        return "".join(span.text for span in self.spans)


def lay_out(passage: Passage, width: int, mode: Mode = Mode.UNICODE) -> list[PaperLine]:
    """Return the lines of a passage, each at most `width` cells wide but for those of tables."""
    lines: list[PaperLine] = []
    if passage.heading:
        lines += _heading(passage, width, mode)
    before: Block | None = None
    for index, block in enumerate(passage.blocks):
        if lines and (before is None or _apart(before, block)):
            lines.append(PaperLine(block=index))
        ids = block.ids
        for line in _of(block, width, mode):
            lines.append(line._replace(block=index, ids=line.ids + ids))
            ids = ()
        before = block
    return lines


def with_source(passage: Passage) -> Passage:
    """Return a passage with the TeX of its formulas in their place."""
    blocks: list[Block] = []
    for block in passage.blocks:
        match block:
            case Paragraph(inlines):
                block = replace(block, inlines=_as_typed(inlines))
            case Equation():
                rows = ["\\[", *block.tex.split("\n"), "\\]"]
                lines = tuple((Inline(row),) for row in rows)
                block = Code(lines, block.margin, block.ids, block.joined)
            case Grid(rows=rows):
                typed = (
                    tuple(c._replace(inlines=_as_typed(c.inlines)) for c in row) for row in rows
                )
                block = replace(block, rows=tuple(typed))
            case Code(lines):
                block = replace(block, lines=tuple(map(_as_typed, lines)))
        blocks.append(block)
    return replace(passage, blocks=tuple(blocks), inlines=_as_typed(passage.inlines))


def _as_typed(inlines: Inlines) -> Inlines:
    return tuple(
        Inline(f"${inline.text}$", inline.style & ~Style.MATH, inline.link)
        if Style.MATH in inline.style
        else inline
        for inline in inlines
    )


def inline_spans(inlines: Inlines, mode: Mode = Mode.UNICODE) -> list[Span]:
    """Return what a text looks like, its formulas on the line."""
    found: list[Span] = []
    for text, style, link, instead, _ in inlines:
        if Style.MATH in style:
            around = style & ~Style.ITALIC
            set_ = formula_spans(instead or text, mode)
            found += (Span(span.text, span.style | around, link or None) for span in set_)
        else:
            found.append(Span(spell(text, mode), style, link or None))
    return found


def _heading(passage: Passage, width: int, mode: Mode) -> Iterator[PaperLine]:
    ids = passage.ids
    number = (Span(f"{passage.number} "),) if passage.number else ()
    title = inline_spans(passage.inlines, mode)
    for line in wrap([*number, *title], width):
        bold = tuple(Span(span.text, span.style | Style.BOLD, span.link) for span in line)
        yield PaperLine(bold, Look.HEADING, ids=ids)
        ids = ()


def _apart(before: Block, block: Block) -> bool:
    """Whether a blank line parts two blocks."""
    if block.joined:
        return False
    if isinstance(before, Paragraph) and isinstance(block, Paragraph):
        if Look.REFERENCE in (before.look, block.look) and before.look is block.look:
            return False
        same_note = before.look is block.look is Look.NOTE
        in_list = bool(block.margin.first.strip(" │")) and len(before.margin.rest) >= 4
        return not (same_note or in_list)
    return True


def _of(block: Block, width: int, mode: Mode) -> Iterator[PaperLine]:
    margin = block.margin
    if cells(margin.rest) > width - LEAST:
        margin = Margin(margin.first.strip() and margin.first.strip() + " ", "")
    room = max(width - max(cells(margin.rest), cells(margin.first)), LEAST)
    match block:
        case Paragraph(inlines, look=look):
            lines = _paragraph(inlines, look, room, mode)
        case Equation(rows):
            lines = _equation(rows, room, mode)
        case Grid(rows):
            texts = [[tuple(inline_spans(cell.inlines, mode)) for cell in row] for row in rows]
            lines = (PaperLine(row, Look.GRID) for row in drawn(rows, texts, room))
        case Code(rows):
            lines = (PaperLine(tuple(inline_spans(row, mode)), Look.CODE) for row in rows)
        case Picture():
            told = Span(spell(block.told, mode), Style.DIM, block.source or None)
            lines = iter([PaperLine((told,), Look.PICTURE)])
    before = margin.first
    for line in lines:
        margined = before.strip() or (before and line.spans)
        spans = (Span(spell(before, mode)), *line.spans) if margined else line.spans
        yield line._replace(spans=spans)
        before = margin.rest


def _paragraph(inlines: Inlines, look: Look, width: int, mode: Mode) -> Iterator[PaperLine]:
    for line in wrap(inline_spans(inlines, mode), width) or [()]:
        yield PaperLine(line, look)


def _equation(rows: Sequence[EquationRow], width: int, mode: Mode) -> Iterator[PaperLine]:
    """Set the rows of a display in the middle, with their numbers at the right."""
    tail = max((cells(row.number) + 2 for row in rows if row.number), default=0)
    room = width - tail if width - tail >= 2 * LEAST else width
    boxes = _boxes(rows, room, mode)
    indent = max(
        0,
        min((width - max(box.width for box in boxes)) // 2, room - max(box.width for box in boxes)),
    )
    several = len(boxes) > 1
    high = several and any(len(box.rows) > 1 for box in boxes)
    for index, (row, box) in enumerate(zip(rows, boxes, strict=True)):
        if high and index:
            yield PaperLine((), Look.FORMULA)
        words = _is_text(row)
        before = 0 if words else indent
        ids = row.ids
        for at, text in enumerate(box.rows):
            drawn_row = (" " * before + text).rstrip()
            number = spell(row.number, mode) if at == box.base else ""
            if number and cells(drawn_row) + 1 + cells(number) > width:
                yield PaperLine((Span(drawn_row, Style.MATH),), Look.FORMULA, ids=ids)
                drawn_row, ids = "", ()
            if number:
                drawn_row += " " * (width - cells(drawn_row) - cells(number))
            blanks = len(drawn_row) - len(drawn_row.lstrip())
            formula = Span(" " * blanks), Span(drawn_row[blanks:], Style.MATH)
            spans = (*formula, *((Span(number),) if number else ()))
            yield PaperLine(spans if drawn_row or number else (), Look.FORMULA, ids=ids)
            ids = ()


_DIAGRAM = re.compile(
    r"\\xymatrix|\\begin\s*\{(?:tikzcd|CD|tikzpicture|diagram|picture|pspicture)\*?\}|\\Diagram\b"
)


def _boxes(rows: Sequence[EquationRow], width: int, mode: Mode) -> list[Box]:
    """Return a box of each row, of one width where their cells are aligned."""
    formulas = [
        () if _is_text(row) else tuple((side, _tex(cell)) for side, cell in row.cells)
        for row in rows
    ]
    set_in_columns = any(len(row) > 1 for row in formulas)
    boxes = aligned(formulas, width, mode) if set_in_columns else None
    if boxes is None:
        joined = [" ".join(tex for _, tex in row) for row in formulas]
        boxes = [_box(tex, width, mode) for tex in joined]
        if not set_in_columns:
            widest = max(box.width for box in boxes)
            boxes = [box.widened(widest, "center") for box in boxes]
    for at, row in enumerate(rows):
        if _is_text(row):
            lines = wrap([x for _, cell in row.cells for x in inline_spans(cell, mode)], width)
            boxes[at] = Box(["".join(span.text for span in line) for line in lines] or [""])
    return boxes


def _box(tex: str, width: int, mode: Mode) -> Box:
    if _DIAGRAM.search(tex):
        return Box(["[diagram: the browser shows it]"])
    return boxed(tex, width, mode) if tex.strip() else Box([""])


def _is_text(row: EquationRow) -> bool:
    """Whether a row is words between formulas."""
    inlines = [inline for _, cell in row.cells for inline in cell]
    return bool(inlines) and not any(Style.MATH in inline.style for inline in inlines)


def _tex(cell: Inlines) -> str:
    r"""Return a cell as one formula: what is no formula in it becomes \text."""
    return " ".join(
        (inline.instead or inline.text)
        if Style.MATH in inline.style
        else rf"\text{{{inline.text}}}"
        for inline in cell
        if inline.text.strip()
    )
