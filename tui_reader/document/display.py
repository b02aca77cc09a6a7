"""Display formulas in two dimensions, from the tree of their TeX.

Blanks between atoms are those of a formula on one line: what is higher than a line travels
through `spaced` as one character of a private range, and is put in its place afterwards.
"""

import re
from collections.abc import Iterator, Sequence

from tui_reader.document.box import Box, beside, delimiter, enclosed, stacked
from tui_reader.text import Mode, Span, cells, clean, spans, wrap
from tui_reader.text import symbols as tables
from tui_reader.text.clean import composed
from tui_reader.text.scripts import script
from tui_reader.text.spacing import spaced
from tui_reader.text.spelling import spell
from tui_reader.text.tex import formula
from tui_reader.text.tree import (
    SOURCE,
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
from tui_reader.text.typeset import accented, typeset

LONGEST = 2000
"""Longer formulas, in characters of TeX, are set on lines: nobody reads a box of that size."""
CONTINUED = 4
"""How far, in cells, the lines are indented that a formula goes on in."""

PAIRS_APART = "    "
"""What parts the equations that stand beside each other in one row."""

_FIRST = 0xE000
_BEFORE = "\u2063"
"""What stands for what is before a formula; never seen."""
_FIRST_OF_SOURCE = chr(SOURCE)
_LINE_END = re.compile(
    r"\\\\\*?(?:\[[\d.]+\w\w\])?|\\(?:begin|end|left|right)(?![A-Za-z])|\\.|[{}]"
)
_DRAWN_IN_ASCII = str.maketrans(
    "⎛⎜⎝⎞⎟⎠⎡⎢⎣⎤⎥⎦⎧⎪⎨⎩⎫⎬⎭⎰⎱─═│║‖╭╮╰╯┴┬┼‾√→←⇒", "/|\\\\|/[|[]|]/|<\\\\>//\\-=|||/\\\\/+++-\\><>"
)
_PLACES = re.compile("([\ue000-\uf8ff])")
_LIMITS = frozenset("lim limsup liminf max min sup inf arg argmax argmin det gcd Pr".split())
_LIMITS |= {"arg max", "arg min", "injlim", "projlim", "colim", "varinjlim", "varprojlim"}
_INTEGRALS = frozenset("∫∬∭⨌∮∯∰⨍")
_RULES = {
    "overline": "_", "bar": "_", "widebar": "_", "overbar": "_", "widehat": "^", "hat": "^",
    "widetilde": "~", "tilde": "~", "vec": "→", "overrightarrow": "→", "overleftarrow": "←",
}  # fmt: skip
_UNDER = frozenset(("underline", "underbar", "uline"))


class _Scripts:
    """What is raised and lowered beside a box whose height is not known yet."""

    def __init__(self, raised: str, lowered: str, inline: str) -> None:
        self._raised, self._lowered = raised, lowered
        self._inline = inline  # both, in letters that Unicode has for it; empty if it has none

    def beside(self, box: Box) -> Box:
        """Return them as a box: beside the top and the bottom row of a high one."""
        if self._inline and len(box.rows) == 1:
            return Box([self._inline])
        above, below = (
            max(box.base, 1) * bool(self._raised),
            max(box.below, 1) * bool(self._lowered),
        )
        rows = [""] * (above + 1 + below)
        if self._lowered:
            rows[-1] = self._lowered
        if self._raised:
            rows[0] = self._raised
        return Box(rows, above)


def display(tex: str, width: int, mode: Mode = Mode.UNICODE) -> tuple[str, ...]:
    """Return the lines of a display formula, from its TeX without delimiters, in `width` cells.

    It is broken before relations and operators where it is too wide; where that is not enough,
    or the mode lacks the signs, it is set as it would be in a sentence. Never raises.
    """
    return tuple(row.rstrip() for row in boxed(tex, width, mode).rows)


def boxed(tex: str, width: int, mode: Mode = Mode.UNICODE) -> Box:
    """Return the box of a display formula; its line is that of the last part, if it was broken."""
    tex = clean(tex)
    if len(tex) <= LONGEST:
        setter = _Setter(mode)
        boxes = [box for line in _parted(tex) for box in setter.lines(formula(line), width)]
        boxes[1:] = [beside([Box([" " * CONTINUED]), box]) for box in boxes[1:]]
        if _has_source(boxes):
            rows = [_shown_source(line) for line in wrap([Span(tex)], width)]
            return Box(rows or [""], max(len(rows) - 1, 0))
        if all(box.width <= width for box in boxes):
            if len(boxes) == 1:
                return _shown(boxes[0], mode)
            high = any(len(box.rows) > 1 for box in boxes)
            parts = [part for box in boxes for part in (Box([""]), box)[1 - high :]][high:]
            return _shown(stacked(parts, len(parts) - 1, "left"), mode)
    lines = wrap(spans(f"$${tex}$$", mode), width)
    rows = ["".join(span.text for span in line).replace("\xa0", " ") for line in lines] or [""]
    return Box(rows, len(rows) - 1)


def aligned(
    rows: Sequence[Sequence[tuple[str, str]]], width: int, mode: Mode = Mode.UNICODE
) -> list[Box] | None:
    """Return the boxes of rows of formulas, their cells in columns; None where they are too wide.

    A cell is its side ("left", "center", "right") and its TeX.
    """
    if sum(len(tex) for row in rows for _, tex in row) > LONGEST * len(rows):
        return None
    setter = _Setter(mode)
    boxes = [
        [setter.box(formula(clean(tex)), after=at > 0) for at, (_, tex) in enumerate(row)]
        for row in rows
    ]
    columns = max(map(len, rows), default=0)
    widths = [
        max((row[at].width for row in boxes if at < len(row)), default=0) for at in range(columns)
    ]
    lines = []
    for row, sides in zip(boxes, rows, strict=True):
        parts = []
        for at, box in enumerate(row):
            side = sides[at][0]
            gap = PAIRS_APART if at and side == "right" else " "
            parts += [Box([gap])] if at else []
            parts.append(box.widened(widths[at], side))
        lines.append(_shown(beside(parts), mode) if parts else Box([""]))
    fits = all(line.width <= width for line in lines)
    return None if not fits or any(map(_has_source, boxes)) else lines


def _parted(tex: str) -> list[str]:
    r"""Part a formula at each `\\` that is in no group and no environment."""
    if "\\\\" not in tex:
        return [tex]
    lines, depth, start = list[str](), 0, 0
    for found in _LINE_END.finditer(tex):
        token = found[0]
        if token.startswith(("{", "\\begin", "\\left")):
            depth += 1
        elif token.startswith(("}", "\\end", "\\right")):
            depth -= 1
        elif token.startswith("\\\\") and not depth:
            lines.append(tex[start : found.start()])
            start = found.end()
    return [line for line in (*lines, tex[start:]) if line.strip()] or [tex]


def _has_source(boxes: Sequence[Box]) -> bool:
    """Whether there is a part that could only be shown as its source."""
    return any(char >= _FIRST_OF_SOURCE for box in boxes for row in box.rows for char in row)


def _shown_source(line: Sequence[Span]) -> str:
    return "".join(span.text for span in line)


def _shown(box: Box, mode: Mode) -> Box:
    return Box([_plain(row, mode) for row in box.rows], box.base)


def _plain(row: str, mode: Mode) -> str:
    if mode is Mode.ASCII:
        row = row.translate(_DRAWN_IN_ASCII).replace("\xa0", " ")
        return "".join(char if char.isascii() else spell(char, mode, True)[:1] for char in row)
    if row.isascii():
        return row
    row = "".join(chr(ord(char) - SOURCE) if ord(char) >= SOURCE else char for char in row)
    return composed(row.translate(tables.UNBOLD).replace("\xa0", " "))


class _Setter:
    def __init__(self, mode: Mode) -> None:
        self._boxes: list[Box | _Scripts] = []
        self._mode = mode

    def _text(self, text: str) -> str:
        """Return a text as the mode has it; drawn lines are for `_plain`."""
        if self._mode is Mode.UNICODE or text.isascii() or text >= _FIRST_OF_SOURCE:
            return text
        return spell(text, self._mode, True)

    def lines(self, nodes: Nodes, width: int) -> list[Box]:
        """Set a formula, in several boxes if it has to be broken."""
        atoms = self._grown(self._atoms(nodes))
        whole = self._row(atoms)
        if whole.width <= width:
            return [whole]
        lines: list[Box] = []
        line: list[Atom] = []
        for part in _parts(atoms):
            longer = self._row([*line, *part])
            if line and longer.width > width - CONTINUED * bool(lines):
                lines.append(self._row(line))
                line = []
                if part[0][0] == "bin":  # else it would be the sign of what follows
                    part[0] = ("rel", part[0][1])
            line += part
        lines.append(self._row(line))
        return lines

    def box(self, nodes: Nodes, *, after: bool = False) -> Box:
        """Set a formula, perhaps one that goes on `after` what is in the cell before it."""
        before: list[Atom] = [("ord", _BEFORE)] if after else []
        return self._row(self._grown(before + self._atoms(nodes)))

    def _row(self, atoms: Sequence[Atom]) -> Box:
        """Put atoms on a line, with what stands for boxes replaced by them."""
        boxes: list[Box] = []
        for piece in _PLACES.split(spaced(atoms, tight=False).strip(f"{_BEFORE} ")):
            placed = (
                self._boxes[ord(piece) - _FIRST]
                if _PLACES.match(piece)
                else Box([self._text(piece)])
            )
            if isinstance(placed, _Scripts):
                placed = placed.beside(boxes[-1] if boxes else Box([""]))
            if placed.width:
                boxes.append(placed)
        return beside(boxes) if boxes else Box([""])

    def _place(self, box: Box | _Scripts) -> str:
        """Return the character that stands for a box."""
        if isinstance(box, Box) and len(box.rows) == 1:
            return box.rows[0]
        self._boxes.append(box)
        return chr(_FIRST + len(self._boxes) - 1)

    def _atoms(self, nodes: Nodes) -> list[Atom]:
        atoms: list[Atom] = []
        at = 0
        while at < len(nodes):
            node = nodes[at]
            if isinstance(node, Group) and len(node.body) == 1 and isinstance(node.body[0], Brace):
                node = node.body[0]
            scripts: dict[str, Nodes] = {}
            following = at + (not isinstance(node, Script))
            while following < len(nodes):
                next_node = nodes[following]
                if not isinstance(next_node, Script) or next_node.sign in scripts:
                    break
                scripts[next_node.sign] = next_node.body
                following += 1
            if scripts and _has_limits(node):
                atoms.append(self._limits(node, scripts))
            else:
                atoms += [] if isinstance(node, Script) else self._set(node)
                kind, text = atoms[-1] if atoms else ("", "")
                may_be_high = kind in ("close", "fence") or _PLACES.match(text) is not None
                atoms += [self._scripts(scripts, may_be_high)] if scripts else []
            at = following
        return atoms

    def _scripts(self, scripts: dict[str, Nodes], beside_high: bool) -> Atom:
        texts = {sign: typeset(body, tight=True).strip() for sign, body in scripts.items()}
        small = {sign: script(sign, text) for sign, text in texts.items()}
        is_inline = not any(text[:1] in ("^", "_") for text in small.values())
        inline = "".join(small.values()) if is_inline else ""
        if is_inline and not beside_high:
            return "prime", inline
        raised, lowered = self._text(texts.get("^", "")), self._text(texts.get("_", ""))
        return "prime", self._place(_Scripts(raised, lowered, self._text(inline)))

    def _limits(self, node: Node, scripts: dict[str, Nodes]) -> Atom:
        """Put what belongs to an operator above and below it."""
        atoms = self._set(node)
        parts = [self._row(atoms)]
        if (above := self._limit(scripts.get("^", ()))).width:
            parts.insert(0, above)
        base = len(parts) - 1
        if (below := self._limit(scripts.get("_", ()))).width:
            parts.append(below)
        return atoms[0][0] if len(atoms) == 1 else "ord", self._place(stacked(parts, base))

    def _degree(self, nodes: Nodes) -> str:
        text = typeset(nodes, tight=True)
        return self._text(script("^", text)) if text else ""

    def _limit(self, nodes: Nodes) -> Box:
        """Set a limit: on one line, but for conditions that are on each other."""
        if any(isinstance(node, Table) for node in nodes):
            return self.box(nodes)
        return Box([self._text(typeset(nodes, tight=True).strip())])

    def _set(self, node: Node) -> list[Atom]:
        match node:
            case Fraction(top, bottom):
                return [self._fraction(node, top, bottom)]
            case Pair(name, top, bottom):
                body = stacked([self.box(top), Box([""]), self.box(bottom)], 1)
                ends = ("(", ")") if name != "atop" else ("", "")
                return [("ord", self._place(enclosed(ends[0], body, ends[1])))]
            case Root(degree, body):
                return [("rad", self._place(_root(self.box(body), self._degree(degree))))]
            case Accent(name, body):
                return [("ord", self._accent(name, body))]
            case Brace(name, body):
                return [("ord", self._place(_braced(name, self.box(body))))]
            case Group(body):
                return [("open", "("), *self._atoms(body), ("close", ")")]
            case Part(kind, body):
                return [(kind, self._place(self.box(body)))]
            case Labelled(sign, label, base):
                parts = [Box([self._text(typeset(label, tight=True))]), self.box(base)]
                alone = base[0] if len(base) == 1 else None
                box = stacked(parts, 1) if sign == "^" else stacked(parts[::-1], 0)
                return [(alone[0] if isinstance(alone, tuple) else "ord", self._place(box))]
            case Arrow(sign, below, above):
                labels = (self._text(typeset(x, tight=True).strip()) for x in (below, above))
                return [("rel", self._place(_arrow(sign, *labels)))]
            case Table(name, rows, columns):
                return self._table(name, rows, columns)
        return [node] if isinstance(node, tuple) else []

    def _fraction(self, node: Node, top: Nodes, bottom: Nodes) -> Atom:
        if len(top) == len(bottom) == 1 and len(inline := typeset([node])) == 1:
            return "frac", inline
        above, below = self.box(top), self.box(bottom)
        line = Box(["─" * (max(above.width, below.width) + 2)])
        return "frac", self._place(stacked([above, line, below], 1))

    def _accent(self, name: str, nodes: Nodes) -> str:
        body = self.box(nodes)
        if len(body.rows) == 1:
            text = body.rows[0]
            if (short := accented(name, text)) != text or cells(text) < 2:
                return short
        if name in _UNDER:
            return self._place(stacked([body, Box(["‾" * body.width])], 0))
        sign = _RULES.get(name, "")
        rule = sign * body.width if sign == "_" else sign
        if sign in ("→", "←") and body.width > 1:
            rule = "─" * (body.width - 1) + sign if sign == "→" else sign + "─" * (body.width - 1)
        return self._place(stacked([Box([rule]), body], 1) if sign else body)

    def _table(self, name: str, rows: Sequence[Sequence[Nodes]], of_array: str) -> list[Atom]:
        goes_on = name in ("aligned", "split", "align", "alignedat")
        cells_ = [
            [self.box(cell, after=goes_on and at % 2 == 1) for at, cell in enumerate(row)]
            for row in rows
        ]
        while cells_ and cells_[-1] and not any(box.width for box in cells_[-1]):
            cells_.pop()
        if not cells_:
            return []
        columns = max(map(len, cells_))
        sides, gap = _columns(name, columns)
        gaps, end = [gap] * columns, ""
        if name == "array" and of_array:
            sides, gaps, end = _of_array(of_array, columns)
        widths = [
            max((row[at].width for row in cells_ if at < len(row)), default=0)
            for at in range(columns)
        ]
        lines: list[Box] = []
        high = any(len(box.rows) > 1 for row in cells_ for box in row)
        ruled = False
        for row in cells_:
            if not row:
                lines.append(Box([_ruled([*gaps, end], [*widths, 0])]))
                ruled = True
                continue
            if high and lines and not ruled:
                lines.append(Box([_barred(gaps, widths) + end]))
            ruled = False
            padded = [
                (row[at] if at < len(row) else Box([""])).widened(widths[at], sides[at])
                for at in range(columns)
            ]
            tallest = beside(padded)
            between = [
                part
                for gap, box in zip(gaps, padded, strict=True)
                for part in (Box([gap] * len(tallest.rows), tallest.base), box)
            ]
            after = [Box([end] * len(tallest.rows), tallest.base)] if end else []
            lines.append(beside([*between[not gaps[0].strip() :], *after]))
        box = stacked(lines, 0, "left")
        box = Box(box.rows, (len(box.rows) - 1) // 2, box.width)
        ends = ("{", "") if name in ("cases", "dcases") else tuple(tables.MATRICES.get(name, ""))
        if name in ("matrix", "smallmatrix", "array") or not ends:
            return [("ord", self._place(box))]
        return [("ord", self._place(enclosed(ends[0], box, ends[1])))]

    def _grown(self, atoms: Sequence[Atom]) -> list[Atom]:
        """Make brackets as high as what they enclose, if that is higher than a line."""
        grown: list[Atom] = []
        opened: list[int] = []
        for kind, text in atoms:
            start = opened[-1] if opened else -1
            closes_bar = kind == "fence" and start >= 0 and grown[start] == (kind, text)
            if kind == "close" and any(grown[at][0] == "open" for at in opened):
                while grown[opened[-1]][0] == "fence":  # a bar that stands for "given"
                    opened.pop()
                start = opened[-1]
            if (kind == "close" and start >= 0) or closes_bar:
                opened.pop()
                if self._is_high(grown[start + 1 :]):
                    box = self._enclosed(grown[start][1], grown[start + 1 :], text)
                    grown[start:] = [("ord", self._place(box))]
                    continue
            elif kind in ("open", "fence"):
                opened.append(len(grown))
            grown.append((kind, text))
        return grown

    def _enclosed(self, opening: str, atoms: Sequence[Atom], closing: str) -> Box:
        """Put brackets around a formula, and those in its middle, as high as it is."""
        parts: list[list[Atom]] = [[]]
        signs = list[str]()
        for kind, text in atoms:
            if kind == "middle":
                signs.append(text)
                parts.append([])
            else:
                parts[-1].append((kind, text))
        if not signs:
            return enclosed(opening, self._row(atoms), closing)
        boxes = [self._row(part) for part in parts]
        whole = beside(boxes)
        bars = [beside([Box([" "]), delimiter(sign, whole), Box([" "])]) for sign in signs]
        joined = [part for pair in zip(boxes, [*bars, None], strict=True) for part in pair if part]
        return enclosed(opening, beside(joined), closing)

    def _is_high(self, atoms: Sequence[Atom]) -> bool:
        places = (place for _, text in atoms for place in _PLACES.findall(text))
        return any(isinstance(self._boxes[ord(place) - _FIRST], Box) for place in places)


def _of_array(said: str, count: int) -> tuple[list[str], list[str], str]:
    """Return the sides of the columns of an array, what is before each, and after the last."""
    sides, gaps, gap = list[str](), list[str](), ""
    for char in re.sub(r"[@!>]\{[^{}]*\}", "", said):
        if char == "|":
            gap = "│"
        elif char in "lcrp":
            sides.append({"l": "left", "r": "right"}.get(char, "center"))
            gaps.append(f" {gap} " if gap and gaps else f"{gap} " if gap else "  " if gaps else "")
            gap = ""
    more = max(count - len(sides), 0)
    end = f" {gap}" if gap else ""
    return (sides + ["center"] * more)[:count], (gaps + ["  "] * more)[:count], end


def _ruled(gaps: Sequence[str], widths: Sequence[int]) -> str:
    """Draw a rule over all columns."""
    parts = (
        gap.replace(" ", "─").replace("│", "┼") + "─" * width
        for gap, width in zip(gaps, widths, strict=True)
    )
    return "".join(parts)


def _barred(gaps: Sequence[str], widths: Sequence[int]) -> str:
    """Draw what is between two rows: the upright rules alone."""
    return "".join(gap + " " * width for gap, width in zip(gaps, widths, strict=True))


def _parts(atoms: Sequence[Atom]) -> Iterator[list[Atom]]:
    """Part a formula where it may be broken: before relations and operators outside brackets."""
    part: list[Atom] = []
    depth = 0
    for kind, text in atoms:
        depth += (kind == "open") - (kind == "close")
        if part and depth <= 0 and (kind in ("rel", "bin") or (kind == "space" and len(text) > 1)):
            yield part
            part = []
        part.append((kind, text))
    yield part


def _has_limits(node: Node) -> bool:
    match node:
        case Brace():
            return True
        case Part("op", body):
            return typeset(body) in _LIMITS
        case (kind, text):
            return text in _LIMITS or (kind == "bigop" and text not in _INTEGRALS)
    return False


def _root(body: Box, degree: str) -> Box:
    rule = Box(["_" * body.width])
    height = len(body.rows)
    sign = Box(["│"] * (height - 1) + ["√"], body.base)
    if degree:
        sign = beside([Box([*[""] * (height - 1), degree], body.base), sign])
    return stacked([beside([Box([" " * sign.width]), rule]), beside([sign, body])], 1)


def _braced(name: str, body: Box) -> Box:
    """Put a brace over or under a box."""
    half = max(body.width - 3, 0)
    left, right = half // 2, half - half // 2
    if name.startswith("over"):
        return stacked([Box([f"╭{'─' * left}┴{'─' * right}╮"]), body], 1)
    return stacked([body, Box([f"╰{'─' * left}┬{'─' * right}╯"])], 0)


def _arrow(sign: str, lower: str, upper: str) -> Box:
    length = max(cells(lower), cells(upper))
    line = {"→": "─" * length + "→", "←": "←" + "─" * length, "⇒": "═" * length + "⇒"}
    parts = [Box([upper])] if upper else []
    parts.append(Box([line.get(sign, sign)]))
    return stacked(parts + ([Box([lower])] if lower else []), bool(upper))


def _columns(name: str, count: int) -> tuple[list[str], str]:
    """Return how the columns of an environment stand, and what is between them."""
    if name in ("cases", "dcases"):
        return ["left"] * count, "  "
    if name in tables.MATRICES or name in ("array", "subarray"):
        return ["center"] * count, "  "
    if name in ("gathered", "gather", "multline"):
        return ["center"] * count, " "
    return ["left" if at % 2 else "right" for at in range(count)], " "
