"""The paper under the cursor, whole: title, authors, what is known of it, and its abstract."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from textual.strip import Strip
from textual.timer import Timer

from tui_reader.fields import CLASSES, STORED
from tui_reader.model import Item
from tui_reader.store import Kind, View
from tui_reader.text import Span, find, highlighted, spans, wrap
from tui_reader.ui import row_text
from tui_reader.ui.inks import Piece, styled, width_of
from tui_reader.ui.line_widget import Text

WIDEST = 90
"""Cells a line of text may take; longer ones are hard to read."""


class AbstractPane(Text):
    """Shows one paper, wrapped to the pane's width."""

    item: Item | None = None
    view = View(Kind.INBOX)
    """What the list shows; its heading says where its papers were announced."""
    short = False
    """Whether the abstract has the room: one line of facts above it, the rest below its end."""
    source = False
    """Whether texts are shown as their authors typed them."""
    without_record = ""
    """What to do about a marked paper of which nothing else is stored."""
    why: Callable[[Item], str] = staticmethod(lambda _: "")
    """What speaks for a paper, by what the person starred; drawn where there is anything."""
    sought: Mapping[str, Sequence[str]] = {}
    """What is highlighted, by field, as query.needles has it; the next `show` draws it."""

    _soon: Timer | None = None

    def show_soon(self, seconds: float, show: Callable[[], object]) -> None:
        """Have a paper shown after some seconds, unless one is before."""
        if self._soon:
            self._soon.stop()
        self._soon = self.set_timer(seconds, show)

    def show(self, item: Item | None) -> None:
        """Show another paper from its top, or the same one as it is now."""
        if self._soon:
            self._soon.stop()
        same = item and self.item and item.paper.id == self.item.paper.id
        before = len(self._lines or ())
        self.item = item
        self._lines = None
        if not same:
            self.top = 0
        if self.size:
            # What is blank before and after need not be drawn again.
            self.redraw(0, max(before, len(self.laid_out)))

    def toggle_source(self) -> bool:
        """Change between print and source; return whether it is the source now."""
        self.source, self._lines = not self.source, None
        self.resized()
        self.refresh()
        return self.source

    def line(self, y: int) -> Strip:
        lines, at = self.laid_out, self.top + y
        left = [(" ", ""), *lines[at]] if at < len(lines) else []
        more = at < len(lines) - 1 and y == self.fitting - 1
        return self.strip(left, [("↓ ", "dim")] if more else [])

    def lay_out(self) -> Iterator[list[Piece]]:
        item = self.item
        if not item:
            return
        paper = item.paper
        yield from self._wrapped(self._read(row_text.titled(paper), "ti"), "title")
        if not paper.title:
            yield from self._facts(item)
            yield from self._mine(item)
            yield []
            said = f"Its record is not stored. {self.without_record}"
            yield from self._wrapped((Span(said),), "")
            return
        names, short = self._authors(item), self.short
        authors = list(self._wrapped(names, "soft"))
        if not short:
            yield from authors if names else [[("(the listing names no authors)", "soft")]]
            yield []
        elif names:
            yield [*authors[0], (" …", "soft")] if len(authors) > 1 else authors[0]
        yield from self._line_of_facts(item) if short else self._facts(item)
        yield from self._mine(item)
        if not short:
            yield from self._record(item)
            yield []
        abstract = self._read(paper.abstract or "", "abs") or (
            Span("(no abstract in this listing)"),
        )
        yield from self._wrapped(abstract, "")
        if short:
            yield []
            yield from authors if len(authors) > 1 else ()
            yield from self._record(item)

    def _authors(self, item: Item) -> tuple[Span, ...]:
        names, more = self._read(", ".join(item.paper.authors), "au"), item.paper.authors_omitted
        if names and more != 0:
            names += (Span(f", … and {more} more" if more else ", … and more"),)
        return names

    def _facts(self, item: Item) -> Iterator[list[Piece]]:
        yield from self._flowing([*_said(item), *_states(item)])

    def _line_of_facts(self, item: Item) -> Iterator[list[Piece]]:
        """Yield one line: what was decided, and of the rest as much as fits."""
        states = _states(item)
        line, room = list[Piece](), self._width - width_of(states)
        for piece in _said(item, row_text.length(item.paper)):
            if width_of([*line, piece]) > room:
                break
            line.append(piece)
        yield line + states

    def _mine(self, item: Item) -> Iterator[list[Piece]]:
        if item.watched:
            names = ", ".join(item.watched)
            yield from self._wrapped((Span(f"{row_text.WATCHED} {names}"),), "mine")
        if item.marks.tags:
            tags = "  ".join(f"#{tag}".replace(" ", "\xa0") for tag in sorted(item.marks.tags))
            yield from self._wrapped((Span(tags),), "mine")
        if item.marks.note:
            note = self._found((Span(item.marks.note),), "note")
            yield from self._wrapped((Span("Note: "), *note), "mine")

    def _record(self, item: Item) -> Iterator[list[Piece]]:
        """Yield why it may be for the person, what else arXiv says, and where it announced it."""
        if why := self.why(item):
            yield from self._wrapped((Span(f"For you: {why}"),), "mine")
        for field in STORED:
            if field.label and (value := field.text(item.paper)):
                text = self._read(value, field.name)
                yield from self._wrapped((Span(f"{field.label}: "), *text), "dim")
        for name, label in CLASSES.items():
            if value := getattr(item.paper, name):
                yield from self._wrapped((Span(f"{label}: {value}"),), "dim")
        here = self.view.category, self.view.day
        others = (place for place in item.announced if (place.category, place.day) != here)
        for place in row_text.places(others):
            yield from self._wrapped((Span(f"Announced: {place}"),), "dim")

    def _read(self, source: str, field: str) -> tuple[Span, ...]:
        if self.source:
            return (Span(source),) if source else ()
        return self._found(spans(source, self.mode), field)

    def _found(self, text: tuple[Span, ...], field: str) -> tuple[Span, ...]:
        needles = self.sought.get(field)
        if not needles:
            return text
        return highlighted(text, find("".join(span.text for span in text), needles))

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


def _said(item: Item, length: str = "") -> list[Piece]:
    """Return what arXiv says in a word or two: identifier, categories, length, forms."""
    paper = item.paper
    version = f"v{paper.version}" if paper.version else ""
    said = [(paper.id + version, "strong")]
    for at, category in enumerate(paper.categories):
        said.append((f" {category}" if at else f"  {category}", ""))
    said += [(f"  {length}", "")] if length else []
    return [*said, (f"  {' '.join(paper.formats)}", "dim")] if paper.formats else said


def _states(item: Item) -> list[Piece]:
    """Return what became of the paper; at the end of a line, so that nothing moves for it."""
    marks = item.marks
    states = (
        ("withdrawn" if item.paper.withdrawn else "", "star"),
        (f"{row_text.STAR} starred" if marks.starred else "", "star"),
        (f"{row_text.SKIPPED} skipped" if marks.skipped else "", "mine"),
        ("read" if marks.read and not (marks.starred or marks.skipped) else "", "mine"),
    )
    return [(f"  {text}", ink) for text, ink in states if text]
