"""TeX source to styled text."""

from tui_reader.text.spans import Mode, Span


def render(source: str, mode: Mode) -> tuple[Span, ...]:
    return (Span(source),) if source else ()
