"""A paper's text: what it holds, and its lines for a width."""

from tui_reader.document.lines import PaperLine, lay_out, with_source
from tui_reader.document.roll import Roll, Spot
from tui_reader.document.values import COUNTED, FullText, Passage, TextState

__all__ = [
    "COUNTED",
    "FullText",
    "PaperLine",
    "Passage",
    "Roll",
    "Spot",
    "TextState",
    "lay_out",
    "with_source",
]  # fmt: skip
