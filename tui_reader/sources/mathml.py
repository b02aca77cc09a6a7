"""Formulas from their MathML, for those whose TeX has commands of packages: as plain TeX."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tui_reader.text import clean, plain_formula

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

COMMAND = re.compile(r"\\([A-Za-z]+)")
STRUCTURE = frozenset(
    (
        "begin",
        "end",
        "left",
        "right",
        "middle",
        "hline",
        "cr",
        "hskip",
        "kern",
        "mkern",
        "mskip",
        "hspace",
    )
)
"""Commands that mean nothing alone."""
LOSING = frozenset(
    "derivative partialderivative functionalderivative dv pdv fdv quantity differential dd".split()
)
"""Commands of which arXiv's TeX has lost a part: the order of a derivative."""
LONGEST = 100_000
DEEPEST = 100

_SPECIAL = re.compile(r"([{}#$%&_^~\\])")
_ACCENTS = {
    "^": "widehat", "ˆ": "hat", "~": "tilde", "˜": "tilde", "¯": "overline", "‾": "overline",
    "_": "underline", "→": "vec", "⃗": "vec", "˙": "dot", "¨": "ddot", "ˇ": "check", "˘": "breve",
    "⏞": "overbrace", "⏟": "underbrace", "´": "acute", "`": "grave", "̂": "hat", "̃": "tilde",
}  # fmt: skip
_FONTS = {
    "bold": "mathbf", "bold-italic": "mathbf", "script": "mathcal", "double-struck": "mathbb",
    "fraktur": "mathfrak", "sans-serif": "mathsf", "monospace": "mathtt", "normal": "mathrm",
    "bold-script": "mathcal",
}  # fmt: skip
_SUMS = frozenset("∑∏∐⋃⋂⨁⨂⨀⋁⋀⨆∫∮∬∭")


def is_known(name: str) -> bool:
    """Whether a command of formulas is understood from its TeX."""
    return f"\\{name}" not in plain_formula(rf"\{name}{{a}}{{b}}")


def tex_of(inside: str) -> str:
    """Return the TeX of what stands in a `math` element; empty where that can't be read."""
    from lxml import etree

    if len(inside) > LONGEST:
        return ""
    parser = etree.HTMLParser(encoding="utf-8", no_network=True, remove_comments=True)
    try:
        root = etree.fromstring(f"<math>{inside}</math>".encode(), parser)
    except (etree.LxmlError, ValueError):
        return ""
    top = root.find(".//math") if root is not None else None
    return clean(_row(top, 0)) if top is not None else ""


def _text(element: Element) -> str:
    return "".join(map(str, element.itertext()))


def _row(element: Element, depth: int) -> str:
    return "".join(_tex(child, depth + 1) for child in element)


def _tex(element: Element, depth: int) -> str:
    if not isinstance(element.tag, str) or depth > DEEPEST:
        return ""
    parts = [child for child in element if isinstance(child.tag, str)]
    read = [_tex(child, depth + 1) for child in parts] if element.tag not in _LEAVES else []
    tag = element.tag
    if tag in _LEAVES:
        return _leaf(element)
    if tag in ("annotation", "annotation-xml"):
        return ""
    if tag == "mfrac" and len(read) == 2:
        if element.get("linethickness") in ("0", "0pt", "0.0pt"):
            return rf"{{{read[0]}\atop {read[1]}}}"
        return rf"\frac{{{read[0]}}}{{{read[1]}}}"
    if tag == "msqrt":
        return rf"\sqrt{{{''.join(read)}}}"
    if tag == "mroot" and len(read) == 2:
        return rf"\sqrt[{read[1]}]{{{read[0]}}}"
    if tag in ("msub", "msup", "msubsup") and len(read) >= 2:
        signs = {"msub": "_", "msup": "^", "msubsup": "_^"}[tag]
        pairs = zip(signs, read[1:], strict=False)
        return f"{{{read[0]}}}" + "".join(f"{sign}{{{body}}}" for sign, body in pairs)
    if tag in ("munder", "mover", "munderover") and len(read) >= 2:
        return _stacked(tag, parts, read)
    if tag == "mtable":
        return _table(element, depth)
    if tag == "mfenced":
        return f"({','.join(read)})"
    if tag == "mmultiscripts" and read:
        return read[0]
    if tag == "merror":
        return rf"\mathrm{{{''.join(read)}}}"
    return "".join(read)


_LEAVES = frozenset(("mi", "mn", "mo", "mtext", "ms", "mspace"))


def _leaf(element: Element) -> str:
    text = (
        clean(_text(element))
        if element.tag != "mtext"
        else " ".join(_text(element).replace("\xa0", " ").split("\n"))
    )
    if element.tag == "mspace":
        return r"\ "
    if not text:
        return ""
    safe = _SPECIAL.sub(r"\\\1", text).replace(r"\\", r"\backslash ")
    if element.tag in ("mtext", "ms"):
        return rf"\text{{{safe}}}"
    if element.tag == "mo":
        return f" {safe} " if safe.isalpha() else safe
    font = _FONTS.get(element.get("mathvariant") or "", "")
    if element.tag == "mi" and len(text) > 1 and text.isascii() and text.isalpha() and not font:
        return rf"\operatorname{{{safe}}}"
    return rf"\{font}{{{safe}}}" if font and font != "mathrm" else safe


def _stacked(tag: str, parts: list[Element], read: list[str]) -> str:
    base, first = read[0], _text(parts[1]).strip()
    if name := _ACCENTS.get(first) if tag != "munderover" else None:
        return rf"\{name}{{{base}}}"
    whole = _text(parts[0]).strip()
    if whole in _SUMS or base.startswith(r"\operatorname"):
        signs = {"munder": "_", "mover": "^", "munderover": "_^"}[tag]
        pairs = zip(signs, read[1:], strict=False)
        return base + "".join(f"{sign}{{{body}}}" for sign, body in pairs)
    if tag == "munderover":
        return rf"\overset{{{read[2]}}}{{\underset{{{read[1]}}}{{{base}}}}}"
    return rf"\{'underset' if tag == 'munder' else 'overset'}{{{read[1]}}}{{{base}}}"


def _table(element: Element, depth: int) -> str:
    rows = [
        " & ".join(_row(cell, depth + 2) for cell in row if cell.tag == "mtd")
        for row in element
        if row.tag in ("mtr", "mlabeledtr")
    ]
    return "\\begin{matrix}" + " \\\\ ".join(rows) + "\\end{matrix}"
