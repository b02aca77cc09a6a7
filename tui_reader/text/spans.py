"""Styled text: what the renderer makes and a screen draws."""

from dataclasses import dataclass
from enum import Enum, Flag, auto


class Mode(Enum):
    """How far from ASCII a terminal, or a person, lets us go."""

    UNICODE = auto()
    ASCII = auto()
    """Spelt out: `alpha`, `<=`, `x^2`."""


class Style(Flag):
    """How a span looks, and whether it is a formula; flags combine."""

    PLAIN = 0
    BOLD = auto()
    ITALIC = auto()
    MONO = auto()
    SMALL_CAPS = auto()
    UNDERLINE = auto()
    DIM = auto()
    """Source that could not be shown well, and citation keys."""
    MATH = auto()
    """Part of a formula; `wrap` keeps short ones on one line."""
    FOUND = auto()
    """What a filter looks for."""


@dataclass(frozen=True, slots=True)
class Span:
    r"""A stretch of printable text in one style; "\n" breaks the line, "\n\n" the paragraph."""

    text: str
    style: Style = Style.PLAIN
    link: str | None = None
    """Where a click leads: an http, https or mailto address."""
