"""Pieces of text in inks: the kinds of text there are on the screen, and how each looks."""

import re
from collections.abc import Callable, Iterable
from functools import cache
from typing import NamedTuple

from tui_reader.text import Span, Style, cells

Piece = tuple[str, str]
"""A text, and the names of its INKS, parted by spaces; a later one wins. None: the widget's own."""
PageLayout = Callable[[int], Iterable[list[Piece]]]
"""Lays a page out for a width in cells, line by line."""


class Ink(NamedTuple):
    """How a kind of text looks in any theme."""

    colour: str = ""
    """A variable of the theme."""
    opacity: float = 1.0
    """How much of the colour there is over the ground."""
    attributes: str = ""
    """As Rich writes them: "bold", "italic", "underline", "reverse"."""


INKS = {
    "strong": Ink("foreground", 1, "bold"),
    "text": Ink("foreground"),
    "soft": Ink("foreground", 0.8),
    "dim": Ink("foreground", 0.68),
    "line": Ink("foreground", 0.3),
    "mine": Ink("foreground", 0.8, "italic"),
    "accent": Ink("accent"),
    "title": Ink("accent", 1, "bold"),
    "star": Ink("warning"),
    "found": Ink("accent", 1, "bold underline"),
    "error": Ink("error"),
    "wrong": Ink("error", 1, "underline"),
    "caret": Ink("foreground", 1, "reverse"),
    "bold": Ink(attributes="bold"),
    "italic": Ink(attributes="italic"),
    "underline": Ink(attributes="underline"),
    "link": Ink("accent"),
    "faded": Ink("foreground", 0.68),
}
"""One accent, one warm colour for stars, and the rest in shades of the text's own.

All but the line that parts panes can be read on every ground.
"""
SELECTED = "panel"
"""The ground of what is under a cursor; a variable of the theme."""
_IN_TEXTS = {
    Style.BOLD: "bold",
    Style.ITALIC: "italic",
    Style.UNDERLINE: "underline",
    Style.DIM: "faded",
    Style.FOUND: "found",
}


def found_in(text: str, ink: str, sought: str) -> list[Piece]:
    """Return a text in an ink, with what is sought in it, whatever its case, marked as found."""
    pieces, start = list[Piece](), 0
    for found in re.finditer(re.escape(sought), text, re.IGNORECASE) if sought else ():
        pieces += [(text[start : found.start()], ink), (found[0], f"{ink} found")]
        start = found.end()
    return [*pieces, (text[start:], ink)]


def styled(spans: Iterable[Span], ink: str = "") -> list[Piece]:
    """Turn the styled spans of a text into pieces in an ink."""
    return [(span.text, ink + _inks_of(span.style)) for span in spans]


@cache
def _inks_of(style: Style) -> str:
    return "".join(f" {name}" for flag, name in _IN_TEXTS.items() if flag in style)


def width_of(pieces: Iterable[Piece]) -> int:
    """Return how many cells the pieces take."""
    return sum(cells(text) for text, _ in pieces)
