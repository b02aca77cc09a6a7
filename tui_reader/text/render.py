"""The two ways to read a text that arXiv sent: `spans` to draw, `plain` to write."""

from tui_reader.text.clean import clean_block
from tui_reader.text.links import may_hold_links
from tui_reader.text.spans import Mode, Span

# A text with none of these reads the same with and without TeX, but for its links.
_TEX = ("\\", "$", "{", "}", "^", "_", "~", "`", "&", "''", "--", "\u3008", "\u3009")


def maybe_tex(text: str) -> bool:
    """Whether `text` may read differently when its TeX is rendered."""
    return any(mark in text for mark in _TEX)


def spans(source: str, mode: Mode = Mode.UNICODE) -> tuple[Span, ...]:
    """Return what `source`, as arXiv sends it, looks like in print.

    What is not understood is shown as its exact source, dim. Never raises.
    """
    text = clean_block(source)
    plain_prose = not maybe_tex(text) and not may_hold_links(text)
    if plain_prose and (mode is Mode.UNICODE or text.isascii()):
        return (Span(text),) if text else ()
    # Late: its tables are large, and many texts have no TeX.
    from tui_reader.text.tex import render

    return render(text, mode)


def plain(source: str, mode: Mode = Mode.UNICODE) -> str:
    """Return the text of `spans(source, mode)`, with plain spaces for its no-break ones."""
    return "".join(span.text for span in spans(source, mode)).replace("\xa0", " ")


def formula_spans(tex: str, mode: Mode = Mode.UNICODE) -> tuple[Span, ...]:
    """Return what a formula looks like on a line, from its TeX without dollars. Never raises."""
    from tui_reader.text.tex import render_formula

    return render_formula(clean_block(tex), mode)


def plain_formula(tex: str, mode: Mode = Mode.UNICODE) -> str:
    """Return the text of `formula_spans(tex, mode)`."""
    return "".join(span.text for span in formula_spans(tex, mode)).replace("\xa0", " ")
