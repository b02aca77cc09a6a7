"""The paper under the cursor, whole: title, authors, what is known of it, and its abstract."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from textual.strip import Strip

from tui_reader.fields import STORED
from tui_reader.model import Item
from tui_reader.text import Span, find, mark, spans, wrap
from tui_reader.ui import row_text
from tui_reader.ui.inks import Piece, styled, width_of
from tui_reader.ui.line_widget import Text

WIDEST = 90
"""Cells a line of text may take; longer ones are hard to read."""


class AbstractPane(Text):
    """Shows one card, wrapped to the pane's width."""

    card: Item | None = None
    source = False
    """Whether texts are shown as their authors typed them."""
    without_record = ""
    """What to do about a marked paper of which nothing else is stored."""
    sought: Mapping[str, Sequence[str]] = {}
    """What is highlighted, by field, as query.needles has it; the next `show` draws it."""

    def show(self, card: Item | None) -> None:
        """Show another paper from its top, or the same one as it is now."""
        same = card and self.card and card.paper.id == self.card.paper.id
        before = len(self._lines or ())
        self.card = card
        self._lines = None
        if not same:
            self.top = 0
        if self.size:
            # What is blank before and after need not be drawn again.
            self.redraw(0, max(before, len(self.laid_out)))

    def toggle_source(self) -> bool:
        """Change between print and source; return whether it is the source now."""
        self.source, self._lines = not self.source, None
        self.on_resize()
        return self.source

    def line(self, y: int) -> Strip:
        lines, at = self.laid_out, self.top + y
        left = [(" ", ""), *lines[at]] if at < len(lines) else []
        more = at < len(lines) - 1 and y == self.page - 1
        return self.strip(left, [("↓ ", "faint")] if more else [])

    def lay_out(self) -> Iterator[list[Piece]]:
        card = self.card
        if not card:
            return
        paper = card.paper
        yield from self._wrapped(self._read(row_text.titled(paper), "ti"), "title")
        if not paper.title:
            yield from self._facts(card)
            yield []
            said = f"Its record is not stored. {self.without_record}"
            yield from self._wrapped((Span(said),), "")
            return
        names = self._read(", ".join(paper.authors), "au")
        if not names:
            names = (Span("(the listing names no authors)"),)
        elif paper.authors_omitted != 0:
            more = paper.authors_omitted
            names += (Span(f", … and {more} more" if more else ", … and more"),)
        yield from self._wrapped(names, "soft")
        yield []
        yield from self._facts(card)
        yield []
        abstract = self._read(paper.abstract or "", "abs") or (
            Span("(no abstract in this listing)"),
        )
        yield from self._wrapped(abstract, "")

    def _facts(self, card: Item) -> Iterator[list[Piece]]:
        paper, marks = card.paper, card.marks
        version = f"v{paper.version}" if paper.version else ""
        facts = [(paper.id + version, "strong")]
        for at, category in enumerate(paper.categories):
            facts.append((f" {category}" if at else f"  {category}", ""))
        states = (
            (" ".join(paper.formats), "dim"),
            ("withdrawn" if paper.withdrawn else "", "star"),
            # At the end of a line that is there anyway, so that nothing moves when one is made.
            (f"{row_text.STAR} starred" if marks.starred else "", "star"),
            (f"{row_text.SKIPPED} skipped" if marks.skipped else "", "mine"),
            ("read" if marks.read and not (marks.starred or marks.skipped) else "", "mine"),
        )
        facts += [(f"  {text}", ink) for text, ink in states if text]
        yield from self._flowing(facts)
        if marks.tags:
            tags = "  ".join(f"#{tag}" for tag in sorted(marks.tags))
            yield from self._wrapped((Span(tags),), "mine")
        if marks.note:
            note = self._found((Span(marks.note),), "note")
            yield from self._wrapped((Span("Note: "), *note), "mine")
        for field in STORED:
            if field.label and (value := field.text(paper)):
                text = self._read(value, field.name)
                yield from self._wrapped((Span(f"{field.label}: "), *text), "dim")
        for place in row_text.places(card.announced):
            yield from self._wrapped((Span(f"Announced: {place}"),), "dim")

    def _read(self, source: str, field: str) -> tuple[Span, ...]:
        if self.source:
            return (Span(source),) if source else ()
        return self._found(spans(source, self.mode), field)

    def _found(self, text: tuple[Span, ...], field: str) -> tuple[Span, ...]:
        needles = self.sought.get(field)
        return mark(text, find("".join(span.text for span in text), needles)) if needles else text

    def _wrapped(self, text: tuple[Span, ...], ink: str) -> Iterator[list[Piece]]:
        for line in wrap(text, self._width):
            yield styled(line, ink)

    def _flowing(self, pieces: Iterable[Piece]) -> Iterator[list[Piece]]:
        """Yield lines of as many whole pieces as fit; each has the blanks before it."""
        line: list[Piece] = []
        for text, ink in pieces:
            if line and width_of([*line, (text, "")]) > self._width:
                yield line
                line, text = [], text.lstrip()
            line.append((text, ink))
        yield line

    @property
    def _width(self) -> int:
        # A blank at the left, two at the right: the last may hold the sign for "more below".
        return max(1, min(self.size.width - 3, WIDEST))
