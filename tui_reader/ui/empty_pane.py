"""The pane in place of list and abstract where a view is empty: a text, with the keys in it."""

from collections.abc import Iterator, Mapping

from textual.geometry import Offset
from textual.strip import Strip

from tui_reader.late import late
from tui_reader.text import Mode, Span, Style, cells, wrap
from tui_reader.ui.inks import Piece
from tui_reader.ui.line_widget import Text

WIDEST = 76
_KEY = late(r"\{(\w+)\}")


class EmptyPane(Text):
    """Shows a text in the middle; keys stand in the accent, and in a column before a tab."""

    def __init__(self, mode: Mode, key: Mapping[str, str]) -> None:
        super().__init__(mode)
        self._key = key
        self._text = ""

    def show(self, text: str) -> None:
        """Show another text, with `{name}` in place of the key of an action."""
        if text != self._text:
            self._text, self._lines = text, None
            self.refresh()

    def offers(self, action: str) -> bool:
        """Return whether the text names the key of an action."""
        return f"{{{action}}}" in self._text

    @property
    def focus_at(self) -> Offset:
        """Where the text begins."""
        first = next((y for y, line in enumerate(self.laid_out) if line), 0)
        blanks = self.laid_out[first][0][0] if self.laid_out[first:] else ""
        return Offset(len(blanks), first)

    def lay_out(self) -> Iterator[list[Piece]]:
        rows = [row.split("\t") for row in self._text.split("\n")]
        column = max((cells(self._plain(key)) for key, *said in rows if said), default=0)
        room = max(10, min(self.size.width - 4, WIDEST))
        lines: list[list[Piece]] = []
        for first, *said in rows:
            if not said:
                lines += self._wrapped(first, room)
                continue
            head = [(self._plain(first).rjust(column), "title"), ("  ", "")]
            for line in self._wrapped(said[0], room - column - 2):
                lines.append([*head, *line])
                head = [(" " * (column + 2), "")]
        width = max(sum(cells(text) for text, _ in line) for line in lines)
        left = " " * max(1, (self.size.width - width) // 2)
        yield from ([] for _ in range((self.size.height - len(lines)) // 2))
        yield from ([(left, ""), *line] for line in lines)

    def _plain(self, text: str) -> str:
        return _KEY.sub(lambda found: self._key[found[1]], text)

    def _wrapped(self, text: str, width: int) -> list[list[Piece]]:
        parts = _KEY.split(text)  # texts, and between them names of actions
        spans = [
            Span(self._key[part], Style.BOLD) if at % 2 else Span(part)
            for at, part in enumerate(parts)
            if part
        ]
        lines = wrap(spans, width) or [()]
        return [
            [(span.text, "title" if Style.BOLD in span.style else "text") for span in line]
            for line in lines
        ]

    def line(self, y: int) -> Strip:
        at = self.top + y
        return self.strip(self.laid_out[at] if at < len(self.laid_out) else [])

    def resized(self) -> None:
        self._lines = None
        super().resized()
