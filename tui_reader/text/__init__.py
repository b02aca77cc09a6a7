"""Outside text to printable text: cleaning, TeX to styled Unicode, search form, width.

Clean a text where it enters the program (`clean`), and keep its TeX. Draw `spans` of it, write
`plain` of it, search `fold` of it.
"""

from tui_reader.text.clean import clean, clean_block
from tui_reader.text.fold import fold
from tui_reader.text.highlight import cut, find, highlighted
from tui_reader.text.render import formula_spans, maybe_tex, plain, plain_formula, spans
from tui_reader.text.spans import Mode, Span, Style
from tui_reader.text.width import bar, cells, fit, line_end, without_bar, wrap

__all__ = [
    "Mode", "Span", "Style", "bar", "cells", "clean", "clean_block", "cut", "find", "fit", "fold",
    "formula_spans", "highlighted", "line_end", "maybe_tex", "plain", "plain_formula", "spans",
    "without_bar", "wrap",
]  # fmt: skip
