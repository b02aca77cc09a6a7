"""Outside text to printable text: cleaning, TeX to styled Unicode, search form, width.

Clean a text where it enters the program (`clean`, `clean_block`), and keep its TeX. Draw `spans`
of it, write `plain` of it, search `fold` of it.
"""

from tui_reader.text.clean import clean, clean_block
from tui_reader.text.fold import fold
from tui_reader.text.highlight import find, mark
from tui_reader.text.spans import Mode, Span, Style
from tui_reader.text.width import bar, cells, fit, wrap

__all__ = [
    "Mode", "Span", "Style", "bar", "cells", "clean", "clean_block", "find", "fit", "fold",
    "mark", "plain", "spans", "wrap",
]  # fmt: skip

# A text with none of these reads the same with and without TeX, but for its links.
_TEX = ("\\", "$", "{", "}", "^", "_", "~", "`", "&", "''", "--", "\u3008", "\u3009")
_LINKS = ("://", "www.", "10.", "Xiv:", "xiv:", "XIV:")


def maybe_tex(text: str) -> bool:
    """Whether `text` may read differently when its TeX is rendered."""
    return any(mark in text for mark in _TEX)


def spans(source: str, mode: Mode = Mode.UNICODE) -> tuple[Span, ...]:
    """Return what `source`, as arXiv sends it, looks like in print.

    What is not understood is shown as its exact source, dim. Never raises.
    """
    text = clean_block(source)
    plain_prose = not maybe_tex(text) and not any(mark in text for mark in _LINKS)
    if plain_prose and (mode is Mode.UNICODE or text.isascii()):
        return (Span(text),) if text else ()
    # Late: its tables are large, and many texts have no TeX.
    from tui_reader.text.tex import render

    return render(text, mode)


def plain(source: str, mode: Mode = Mode.UNICODE) -> str:
    """Return the text of `spans(source, mode)`, with plain spaces for its no-break ones."""
    return "".join(span.text for span in spans(source, mode)).replace("\xa0", " ")
