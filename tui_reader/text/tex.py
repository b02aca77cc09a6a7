"""TeX source to styled text: how a whole text is rendered."""

from collections.abc import Callable, Iterable
from itertools import groupby
from operator import itemgetter
from typing import Final

from tui_reader.late import late
from tui_reader.text import symbols as tables
from tui_reader.text.clean import composed, printable
from tui_reader.text.prose import Fragment, ProseReader
from tui_reader.text.spans import Mode, Span, Style
from tui_reader.text.spelling import spell
from tui_reader.text.tree import SOURCE, Node
from tui_reader.text.typeset import typeset

LONGEST_TEXT: Final = 20_000
"""Longer texts, in characters, are shown as they come: nobody wrote them for a reader."""

_ENTITY = late(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,30});")
_DECODED = late(
    "([\U000f0000-\U000fffff]+)"
    "|([\U0001d400-\U0001d433\U0001d6a8-\U0001d6e1\U0001d7ce-\U0001d7d7]+)"
)
_BRACKETS = str.maketrans("\u3008\u3009", "⟨⟩")  # wide, where TeX's are meant


def render(text: str, mode: Mode) -> tuple[Span, ...]:
    """Render a clean text."""
    if len(text) > LONGEST_TEXT:
        return _finish([(text, Style.PLAIN, None)], mode, printable)
    if "&" in text:
        import html  # late: it has a table of thousands, and few texts have entities

        text = _ENTITY.sub(lambda entity: printable(html.unescape(entity[0])), text)
    if "\u3008" in text or "\u3009" in text:
        text = text.translate(_BRACKETS)
    reader = ProseReader(text)
    reader.text(0, len(text))
    # Of ASCII our own tables make what is printable, but for accents on accents.
    tidy = composed if text.isascii() and "\\unicode" not in text else printable
    return _finish(reader.fragments, mode, tidy)


def render_formula(tex: str, mode: Mode) -> tuple[Span, ...]:
    """Render a clean formula, on one line."""
    shown = typeset(formula(tex)).strip()
    return _finish([(shown, Style.MATH, None)], mode, composed if shown.isascii() else printable)


def _finish(
    fragments: Iterable[Fragment], mode: Mode, tidy: Callable[[str], str]
) -> tuple[Span, ...]:
    parts = [part for fragment in fragments for part in _decoded(*fragment)]
    looks = [
        (tidy("".join(part for part, *_ in alike)), style, link)
        for (style, link), alike in groupby(parts, itemgetter(1, 2))
    ]
    spans: list[Span] = []
    for at, (whole, style, link) in enumerate(looks):
        following = looks[at + 1][0] if at + 1 < len(looks) else ""
        if text := spell(whole, mode, Style.MATH in style, following):
            spans.append(Span(text, style, link))
    while spans:
        last = spans.pop()
        if text := last.text.rstrip(" \n\xa0"):
            return (*spans, Span(text, last.style, last.link))
    return ()


def _decoded(text: str, style: Style, link: str | None) -> list[Fragment]:
    """Part a fragment where it holds source, which is dim, or bold letters."""
    if text.isascii():
        return [(text, style, link)]
    parts: list[Fragment] = []
    for at, part in enumerate(_DECODED.split(text)):
        if part and at % 3 == 0:
            parts.append((part, style, link))
        elif part and at % 3 == 1:
            shown = "".join(chr(ord(char) - SOURCE) for char in part)
            parts.append((shown, style | Style.DIM, link))
        elif part:
            parts.append((part.translate(tables.UNBOLD), style | Style.BOLD, link))
    return parts


def formula(tex: str) -> list[Node]:
    """Return the tree of a formula, from its TeX without dollars around it."""
    return ProseReader(tex[:LONGEST_TEXT]).formula()
