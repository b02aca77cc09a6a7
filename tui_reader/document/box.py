"""Boxes of text: rows of one width, and the row that stands on the line of the text around."""

from collections.abc import Iterable, Sequence

from tui_reader.text import cells

# Top, what is repeated, bottom; a brace has a middle too.
_PIECES = {
    "(": "⎛⎜⎝", ")": "⎞⎟⎠", "[": "⎡⎢⎣", "]": "⎤⎥⎦", "|": "│││", "‖": "║║║",
    "⌊": "⎢⎢⎣", "⌋": "⎥⎥⎦", "⌈": "⎡⎢⎢", "⌉": "⎤⎥⎥", "{": "⎧⎪⎩⎨", "}": "⎫⎪⎭⎬",
}  # fmt: skip
_TWO_ROWS = {"{": "⎰⎱", "}": "⎱⎰"}


class Box:
    """Rows of text, all of `width` cells; `base` counts the rows above the line it stands on."""

    __slots__ = ("base", "rows", "width")

    def __init__(self, rows: Sequence[str], base: int = 0, width: int | None = None) -> None:
        """Rows are filled up to the widest; `width` says that all of them have it already."""
        if width is None:
            width = max(map(cells, rows))
            rows = [row + " " * (width - cells(row)) for row in rows]
        self.rows, self.base, self.width = list(rows), base, width

    @property
    def below(self) -> int:
        return len(self.rows) - 1 - self.base

    def widened(self, width: int, side: str) -> "Box":
        """Return it with blanks on its sides, if it is narrower than `width`."""
        blank = max(width - self.width, 0)
        before = {"left": 0, "center": blank // 2, "right": blank}[side]
        left, right = " " * before, " " * (blank - before)
        return Box([left + row + right for row in self.rows], self.base, self.width + blank)


def beside(boxes: Iterable[Box]) -> Box:
    """Put boxes next to each other, on one line."""
    parts = list(boxes)
    above = max(box.base for box in parts)
    below = max(box.below for box in parts)
    rows = [""] * (above + 1 + below)
    for box in parts:
        first = above - box.base
        for at in range(len(rows)):
            inside = first <= at < first + len(box.rows)
            rows[at] += box.rows[at - first] if inside else " " * box.width
    return Box(rows, above, sum(box.width for box in parts))


def stacked(boxes: Sequence[Box], base: int, side: str = "center") -> Box:
    """Put boxes on each other; the line is that of the box at `base`."""
    above = sum(len(box.rows) for box in boxes[:base]) + boxes[base].base
    width = max(box.width for box in boxes)
    return Box([row for box in boxes for row in box.widened(width, side).rows], above, width)


def delimiter(sign: str, beside_it: Box) -> Box:
    """Return a bracket as high as what it encloses."""
    height = len(beside_it.rows)
    pieces = _PIECES.get(sign)
    if height == 1 or not pieces:
        rows = [sign if at == beside_it.base else "" for at in range(height)]
    elif height == 2 and sign in _TWO_ROWS:
        rows = list(_TWO_ROWS[sign])
    else:
        rows = [pieces[0], *pieces[1] * (height - 2), pieces[2]]
        if pieces[3:]:
            rows[height // 2] = pieces[3]
    return Box(rows, beside_it.base)


def enclosed(opening: str, body: Box, closing: str) -> Box:
    """Put brackets as high as `body` around it; an empty one is none."""
    signs = [delimiter(sign, body) if sign else None for sign in (opening, closing)]
    return beside(box for box in (signs[0], body, signs[1]) if box)
