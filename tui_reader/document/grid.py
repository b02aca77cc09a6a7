"""Tables of a paper in lines: columns, cells over several of them, rules."""

from collections.abc import Sequence
from itertools import accumulate
from typing import NamedTuple, TypeAlias

from tui_reader.document.values import GridCell
from tui_reader.text import Span, Style, cells, wrap

GAP = 2
LONGEST_WORD = 14
"""Cells of a word that is not parted to make a column narrower."""
MOST_COLUMNS = 400

Texts: TypeAlias = tuple[Span, ...]


class _Placed(NamedTuple):
    """A cell and its lines, in the columns it stands in."""

    cell: GridCell
    row: int
    last: int
    """The column after its last one."""
    lines: list[Texts]


def drawn(
    rows: Sequence[Sequence[GridCell]], texts: Sequence[Sequence[Texts]], width: int
) -> list[Texts]:
    """Return the lines of a table, in `width` cells where its columns can be made narrow enough."""
    columns = min(max((c.column + c.columns for row in rows for c in row), default=0), MOST_COLUMNS)
    bars = _bars(rows, columns)
    gaps = _gaps(rows, columns, bars)
    widths = _widths(rows, texts, columns, gaps, width)
    starts = [*accumulate((gap + each for gap, each in zip(gaps, [*widths, 0], strict=True)))]
    starts = [start - each for start, each in zip(starts, [*widths, 0], strict=True)]
    placed = []
    for at, row in enumerate(rows):
        for cell, spans in zip(row, texts[at], strict=True):
            if cell.column < columns:
                last = min(cell.column + cell.columns, columns)
                room = starts[last - 1] + widths[last - 1] - starts[cell.column]
                placed.append(_Placed(cell, at, last, wrap(spans, max(room, 1))))
    heights = _heights(placed, len(rows))
    rules = _rules(placed, len(rows), columns)
    lines: list[Texts] = []
    tops = []
    for at in range(len(rows) + 1):
        if any(rules[at]):
            lines.append(_drawn_rule(rules[at], widths, gaps, bars))
        tops.append(len(lines))
        lines += [()] * (heights[at] if at < len(rows) else 0)
    painted: dict[int, list[tuple[int, Texts, int, str]]] = {}
    for cell, at, last, wrapped in placed:
        room = starts[last - 1] + widths[last - 1] - starts[cell.column]
        inside = range(at, min(at + cell.rows, len(rows)))
        places = [tops[row] + y for row in inside for y in range(heights[row])]
        for y, line in zip(places, wrapped, strict=False):
            painted.setdefault(y, []).append((starts[cell.column], line, room, cell.side))
    barred = [starts[at] - (1 if at == columns else 2) for at in range(columns + 1)]
    covered: dict[int, list[tuple[int, int]]] = {}
    for cell, at, last, _ in placed:
        for y in range(at, min(at + cell.rows, len(rows))) if cell.columns > 1 else ():
            end = starts[last - 1] + widths[last - 1]
            covered.setdefault(y, []).append((starts[cell.column], end))
    for number, (top, height) in enumerate(zip(tops, heights, strict=False)):
        signs = [
            barred[at]
            for at in range(columns + 1)
            if bars[at] and not any(x <= barred[at] < end for x, end in covered.get(number, ()))
        ]
        for y in range(top, top + height):
            lines[y] = _line(painted.get(y, []), signs)
    return lines


def _line(parts: list[tuple[int, Texts, int, str]], signs: list[int]) -> Texts:
    """Put the parts of a line and its upright rules in their places."""
    places: list[tuple[int, int, Texts]] = [(x, 1, (Span("│", Style.DIM),)) for x in signs]
    for x, spans, room, side in parts:
        length = sum(cells(span.text) for span in spans)
        blank = max(room - length, 0)
        before = {"right": blank, "center": blank // 2}.get(side, 0)
        places.append((x + before, length, spans))
    line: list[Span] = []
    at = 0
    for x, length, spans in sorted(places, key=lambda place: place[0]):
        if x > at:
            line.append(Span(" " * (x - at)))
        line += spans
        at = max(at, x) + length
    return tuple(line)


def _bars(rows: Sequence[Sequence[GridCell]], columns: int) -> list[bool]:
    """Tell before which columns, and after the last one, there is an upright rule."""
    votes = [0] * (columns + 1)
    for row in rows:
        for cell in row:
            if cell.column < columns:
                votes[cell.column] += "l" in cell.rules
                votes[min(cell.column + cell.columns, columns)] += "r" in cell.rules
    return [2 * count >= len(rows) and count > 0 for count in votes]


def _gaps(rows: Sequence[Sequence[GridCell]], columns: int, bars: Sequence[bool]) -> list[int]:
    """Return how many cells are before each column, and after the last one."""
    tight = [0] * (columns + 1)
    for row in rows:
        for cell in row:
            tight[min(cell.column + cell.columns, columns)] += cell.tight
    gaps = [0 if 2 * tight[at] >= len(rows) else GAP for at in range(columns + 1)]
    gaps = [max(gap, 3) if bar else gap for gap, bar in zip(gaps, bars, strict=True)]
    gaps[0] = 2 if bars[0] else 0
    gaps[-1] = 2 if bars[-1] else 0
    return gaps


def _widths(
    rows: Sequence[Sequence[GridCell]],
    texts: Sequence[Sequence[Texts]],
    columns: int,
    gaps: Sequence[int],
    width: int,
) -> list[int]:
    widths, least = [1] * columns, [1] * columns
    wide = []
    for row, spans_of in zip(rows, texts, strict=True):
        for cell, spans in zip(row, spans_of, strict=True):
            text = "".join(span.text for span in spans)
            natural = max(map(cells, text.split("\n")))
            if cell.columns > 1:
                wide.append((cell.column, min(cell.column + cell.columns, columns), natural))
            elif cell.column < columns:
                longest = max(map(cells, text.split()), default=1)
                widths[cell.column] = max(widths[cell.column], natural)
                least[cell.column] = max(least[cell.column], min(longest, LONGEST_WORD))
    widths = _narrowed(widths, least, width - sum(gaps))
    for first, last, natural in wide:
        if first < last:
            room = sum(widths[first:last]) + sum(gaps[first + 1 : last])
            spare = width - sum(gaps) - sum(widths)
            more = min(max(natural - room, 0), max(spare, 0))
            for at in range(first, last):
                widths[at] += more // (last - first) + (at - first < more % (last - first))
    return widths


def _narrowed(widths: list[int], least: list[int], room: int) -> list[int]:
    """Make the widest columns narrower until all fit, as far as their words allow."""
    if sum(widths) <= room:
        return widths
    low, high = 1, max(widths, default=1)
    while low < high:
        middle = (low + high + 1) // 2
        if sum(_at_most(widths, least, middle)) <= room:
            low = middle
        else:
            high = middle - 1
    return _at_most(widths, least, low)


def _at_most(widths: list[int], least: list[int], most: int) -> list[int]:
    return [min(width, max(most, few)) for width, few in zip(widths, least, strict=True)]


def _heights(placed: Sequence[_Placed], count: int) -> list[int]:
    heights = [0] * count
    for cell, row, _, lines in placed:
        if cell.rows == 1:
            heights[row] = max(heights[row], len(lines))
    for cell, row, _, lines in placed:
        if cell.rows > 1:
            end = min(row + cell.rows, count)
            heights[end - 1] += max(0, len(lines) - sum(heights[row:end]))
    return heights


def _rules(placed: Sequence[_Placed], count: int, columns: int) -> list[list[bool]]:
    """Tell in which columns there is a rule above each row, and below the last one."""
    rules = [[False] * columns for _ in range(count + 1)]
    for cell, row, last, _ in placed:
        for side, at in (("t", row), ("b", min(row + cell.rows, count))):
            if side in cell.rules:
                rules[at][cell.column : last] = [True] * (last - cell.column)
    return rules


def _drawn_rule(
    rule: Sequence[bool], widths: Sequence[int], gaps: Sequence[int], bars: Sequence[bool]
) -> Texts:
    text = ""
    for at, (here, width) in enumerate(zip(rule, widths, strict=True)):
        before = at > 0 and rule[at - 1]
        joins = here and (before or at == 0)
        text += ("─" if joins else " ") * gaps[at] + ("─" if here else " ") * width
    text += ("─" if rule[-1:] == [True] else " ") * gaps[-1]
    return (Span(text.rstrip(), Style.DIM),)
