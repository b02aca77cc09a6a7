"""The paper under the cursor, whole: title, authors, what is known of it, and its abstract."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from rich.style import Style as RichStyle
from textual.message import Message
from textual.strip import Strip

from tui_reader.model import Item
from tui_reader.text import Mode, Span, cells, find, mark, spans, wrap
from tui_reader.ui import rows
from tui_reader.ui.lines import NO_STYLE, Lines, Piece, strip, styled

WIDEST = 90
"""Cells a line of text may take; longer ones are hard to read."""


class AbstractPane(Lines):
    """Shows one card, wrapped to the pane's width, and scrolls it."""

    class Wheel(Message):
        """The researcher turned the wheel by this many lines."""

        def __init__(self, lines: int) -> None:
            super().__init__()
            self.lines = lines

    def __init__(self, mode: Mode) -> None:
        super().__init__(mode)
        self.card: Item | None = None
        self.top = 0
        self.source = False
        """Whether texts are shown as their authors typed them."""
        self.sought: Mapping[str, Sequence[str]] = {}
        """What is highlighted, by field, as query.needles has it; the next `show` draws it."""
        self._lines: list[list[Piece]] | None = None

    def show(self, card: Item | None) -> None:
        """Show another paper from its top, or the same one as it is now."""
        same = card and self.card and card.paper.id == self.card.paper.id
        before = len(self._lines or ())
        self.card = card
        self._lines = None
        if not same:
            self.top = 0
        # What is blank before and after need not be drawn again.
        self.redraw(0, max(before, len(self._laid_out())))

    def toggle_source(self) -> bool:
        """Change between print and source; return whether it is the source now."""
        self.source = not self.source
        self._lines = None
        self.scroll(0)
        self.refresh()
        return self.source

    @property
    def page(self) -> int:
        """How many lines of text the pane shows at once."""
        return max(1, self.size.height)

    def scroll(self, lines: int) -> bool:
        """Scroll by this many lines; return whether there was anything to scroll to."""
        before = self.top
        self.top = max(0, min(self.top + lines, len(self._laid_out()) - self.page))
        if self.top != before:
            self.refresh()
        return self.top != before

    def on_resize(self) -> None:
        self._lines = None
        self.scroll(0)
        self.refresh()

    def notify_style_update(self) -> None:
        self._lines = None
        super().notify_style_update()

    def line(self, y: int) -> Strip:
        base, width = self.base, self.size.width
        lines = self._laid_out()
        at = self.top + y
        left = [(" ", NO_STYLE), *lines[at]] if at < len(lines) else []
        more = at < len(lines) - 1 and y == self.page - 1
        return strip(width, base, left, [("↓ ", self.ink("faint"))] if more else [])

    def _laid_out(self) -> list[list[Piece]]:
        if self._lines is None:
            self._lines = list(self._draw(self.card)) if self.card else []
        return self._lines

    def _draw(self, card: Item) -> Iterator[list[Piece]]:
        paper = card.paper
        yield from self._wrapped(self._read(paper.title, "ti"), self.ink("title"))
        names = self._read(", ".join(paper.authors), "au")
        if not names:
            names = (Span("(the listing names no authors)"),)
        elif paper.authors_omitted != 0:
            more = paper.authors_omitted
            names += (Span(f", … and {more} more" if more else ", … and more"),)
        yield from self._wrapped(names, self.ink("soft"))
        yield []
        yield from self._facts(card)
        yield []
        abstract = self._read(paper.abstract or "", "abs") or (
            Span("(no abstract in this listing)"),
        )
        yield from self._wrapped(abstract, NO_STYLE)

    def _facts(self, card: Item) -> Iterator[list[Piece]]:
        paper, marks, meta = card.paper, card.marks, self.ink("dim")
        version = f"v{paper.version}" if paper.version else ""
        identity = [(paper.id + version, self.ink("strong"))]
        for at, category in enumerate(paper.categories):
            identity.append((f" {category}" if at else f"  {category}", NO_STYLE))
        if paper.formats:
            identity.append(("  " + " ".join(paper.formats), meta))
        if paper.withdrawn:
            identity.append(("  withdrawn", self.ink("star")))
        # At the end of a line that is there anyway, so that nothing moves when a mark is made.
        if marks.starred:
            identity.append((f"  {rows.STAR} starred", self.ink("star")))
        if marks.skipped or marks.read:
            state = f"{rows.SKIPPED} skipped" if marks.skipped else "read"
            identity.append((f"  {state}", self.ink("mine")))
        yield from self._flowing(identity)
        if marks.tags:
            tags = "  ".join(f"#{tag}" for tag in sorted(marks.tags))
            yield from self._wrapped((Span(tags),), self.ink("mine"))
        if marks.note:
            note = self._found((Span(marks.note),), "note")
            yield from self._wrapped((Span("Note: "), *note), self.ink("mine"))
        for name, value, field in (
            ("Comments", paper.comments, "co"),
            ("Journal", paper.journal_ref, "jr"),
            ("DOI", paper.doi, "doi"),
            ("Report", paper.report_no, ""),
        ):
            if value:
                yield from self._wrapped((Span(f"{name}: "), *self._read(value, field)), meta)
        for announced in card.announced:
            yield from self._wrapped((Span(f"Announced: {rows.place(announced)}"),), meta)

    def _read(self, source: str, field: str) -> tuple[Span, ...]:
        if self.source:
            return (Span(source),) if source else ()
        return self._found(spans(source, self.mode), field)

    def _found(self, text: tuple[Span, ...], field: str) -> tuple[Span, ...]:
        needles = self.sought.get(field)
        return mark(text, find("".join(span.text for span in text), needles)) if needles else text

    def _wrapped(self, text: tuple[Span, ...], style: RichStyle) -> Iterator[list[Piece]]:
        for line in wrap(text, self._width):
            yield styled(line, style, self.ink("found"))

    def _flowing(self, pieces: Iterable[Piece]) -> Iterator[list[Piece]]:
        """Yield lines of as many whole pieces as fit; each has the blanks before it."""
        line: list[Piece] = []
        for text, style in pieces:
            if line and sum(cells(piece) for piece, _ in line) + cells(text) > self._width:
                yield line
                line, text = [], text.lstrip()
            line.append((text, style))
        yield line

    @property
    def _width(self) -> int:
        # A blank at the left, two at the right: the last may hold the sign for "more below".
        return max(1, min(self.size.width - 3, WIDEST))

    def on_mouse_scroll_down(self) -> None:
        self.post_message(self.Wheel(3))

    def on_mouse_scroll_up(self) -> None:
        self.post_message(self.Wheel(-3))
