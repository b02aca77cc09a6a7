"""A paper's text, over the screen: read, searched, its links followed and gone back from."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import NamedTuple, Protocol

from textual.geometry import Offset
from textual.strip import Strip

from tui_reader.document import FullText, PaperLine, Passage, Roll, Spot, TextState
from tui_reader.document.values import Equation, Look, Paragraph
from tui_reader.text import Mode, cells, fit
from tui_reader.ui.inks import Piece, found_in, styled, width_of
from tui_reader.ui.line_edit import Typed, scrolled
from tui_reader.ui.line_widget import OverScreen

MOST_JUMPS = 200
SIDEWAYS = 20  # cells that a key goes sideways in a wide table
HIGHEST_NOTE = 8  # lines at the foot
_INKS = {
    Look.HEADING: "title",
    Look.CAPTION: "soft",
    Look.NOTE: "soft",
    Look.PICTURE: "soft",
    Look.REFERENCE: "text",
}
_ACTIONS = {
    "s": "star", "x": "skip", "t": "tags", "n": "note", "m": "read", "u": "undo", "o": "open_html",
    "h": "open_html", "p": "open_pdf",
}  # fmt: skip
"""The keys that do to the paper what they do in the list."""


class PaperDesk(Protocol):
    """What the page asks of the screen it is over."""

    def act(self, name: str) -> str:
        """Do an action of the table to the paper; return what there is to say."""

    def sign(self) -> str:
        """Return how the paper is marked."""

    def open(self, address: str) -> None:
        """Open an address in the browser, or a picture in its viewer."""

    def get_newer(self) -> str:
        """Get the text of a newer version; return why there is none to get."""

    def copy(self, text: str) -> None:
        """Put a text on the clipboard."""

    def cite(self, words: str, where: str) -> str:
        """Return a quotation with its place."""

    def choose_passage(
        self, offered: Sequence[tuple[Sequence[str], int]], take: Callable[[int], None], at: int
    ) -> None:
        """Offer the outline."""

    def show_keys(self) -> None:
        """Show what the keys of the page do."""

    def left_at(self, *here: int) -> None:
        """Remember where the person stopped."""


class Numbered(NamedTuple):
    """What a number typed leads to."""

    line: int
    """Of those shown."""
    piece: int
    """Before which of the line's spans it stands."""
    take: Callable[[], None]


class PaperPage(OverScreen):
    """Shows a text; `passages` are those of `text` after what stands before it."""

    def __init__(
        self,
        text: FullText,
        passages: Sequence[Passage],
        desk: PaperDesk,
        mode: Mode,
        widest: int,
        left_at: Sequence[int] = (),
    ) -> None:
        super().__init__(mode)
        self._text, self._passages, self._desk = text, passages, desk
        self._widest, self._left_at = widest, left_at
        self._roll: Roll | None = None
        self.top = Spot()
        self._aside = 0
        """How many cells wide tables are moved to the left."""
        self._jumps: list[tuple[int, int, int]] = []
        """Where jumps began: passage, block, and lines after its first one."""
        self._typed: Typed | None = None
        self._sought = self._message = ""
        self._numbered: list[Numbered] = []
        self._digits = ""
        self._note: list[PaperLine] = []
        """The footnote that is shown at the foot."""

    # Where it is

    @property
    def roll(self) -> Roll:
        """The lines for the width of the page as it is now."""
        width = max(min(self.size.width - 2, self._widest), 10)
        if self._roll is None or self._roll.width != width:
            here = self._here() if self._roll else self._left_at
            self._roll = Roll(self._passages, width, self.mode)
            if here:
                self._return(here)
        return self._roll

    def _of(self, passage: int, block: int, name: str = "") -> Spot:
        passage = min(passage, len(self._passages) - 1)
        assert self._roll
        return self._roll.top(self._roll.place_of(passage, block, name), self.fitting)

    def _here(self) -> tuple[int, int, int]:
        assert self._roll
        passage, at = self.top
        block = self._roll.lines(passage)[at].block
        return passage, block, at - self._roll.place_of(passage, block).line

    def _return(self, here: Sequence[int]) -> None:
        passage, block, after = here
        assert self._roll
        self.top = self._roll.moved(self._of(passage, block), max(after, 0))

    @property
    def fitting(self) -> int:
        """How many lines of the text are shown."""
        return max(1, self.size.height - 2)

    @property
    def focus_at(self) -> Offset:
        """Where the place of typing is, or the top of the text."""
        return Offset(0, 1) if self._typed is None else self.caret

    def on_unmount(self) -> None:
        if self._roll:
            self._desk.left_at(*self._here())

    # Drawing

    def line(self, y: int) -> Strip:
        if y == 0:
            return self._bar()
        if y == self.size.height - 1:
            return self._foot()
        note = self._note[: max(0, min(HIGHEST_NOTE, self.fitting - 3))]
        if note and y > self.fitting - len(note) - 1:
            at = y - (self.fitting - len(note))
            left = " " * self._indent
            if at == 0:
                return self.strip([(left + "─" * self.roll.width, "line")])
            return self.strip([(left, ""), *styled(note[at - 1].spans)])
        shown = self._shown()
        return self.strip(self._drawn(y - 1, shown[y - 1][1]) if y <= len(shown) else [])

    @property
    def _indent(self) -> int:
        return max((self.size.width - self.roll.width) // 2, 1)

    def _shown(self) -> list[tuple[Spot, PaperLine]]:
        return list(self.roll.shown(self.top, self.fitting))

    def _bar(self) -> Strip:
        place = self.top
        heading = self._heading_at(place.passage) or self._text.title
        share = (
            f"{self.roll.share(place):.0%}" if self.roll.top(place, self.fitting) == place else ""
        )
        at_end = self.roll.moved(place, self.fitting) == self.roll.end if not share else False
        notice = "" if self._text.state is TextState.WHOLE else f"{self._text.state}  "
        sign = self._desk.sign()
        right = [(f" {sign}  " if sign else " ", "star"), (notice, "error")]
        right.append((f"{'100%' if at_end else share} ", "dim"))
        room = self.size.width - width_of(right) - 2
        return self.strip([(f" {fit(heading, max(room, 1))}", "strong")], right)

    def _heading_at(self, passage: int) -> str:
        """Return the heading that a passage stands under; a long one goes on in several."""
        return next(filter(None, (x.heading for x in self._passages[passage::-1])), "")

    def _foot(self) -> Strip:
        if self._typed is not None:
            text, caret = self._typed
            typed = [(text[:caret], "text"), (text[caret : caret + 1] or " ", "caret")]
            return self.strip([(" /", "title"), *typed, (text[caret + 1 :], "text")])
        if self._numbered:
            keys = [(f" {self._digits or 'A number'}", "title"), (" follows it", "soft")]
            return self.strip([*keys, ("  Esc", "title"), (" back", "soft")])
        if self._message:
            return self.strip([(f" {self._message}", "text")])
        keys = [("Esc", "back"), ("Space", "on"), ("Tab", "outline"), ("O", "links")]
        keys += (
            [("/", "search"), ("Backspace", "where it was")] if self._jumps else [("/", "search")]
        )
        if self._sought:
            keys = [("n N", f"next with {self._sought}"), ("Esc", "ends it")]
        keys += [("y", "copy"), ("s", "star"), ("?", "help"), ("o", "browser"), ("] [", "section")]
        pieces: list[Piece] = []
        for key, does in keys:
            more = [(f"{'  ' if pieces else ' '}{key}", "title"), (f" {does}", "soft")]
            if width_of([*pieces, *more]) > self.size.width:
                break
            pieces += more
        return self.strip(pieces)

    def _drawn(self, y: int, line: PaperLine) -> list[Piece]:
        ink = _INKS.get(line.look, "text")
        marks = {x.piece: at for at, x in enumerate(self._numbered, 1) if x.line == y}
        spans = line.spans
        wide = sum(cells(span.text) for span in spans) > self.roll.width
        pieces: list[Piece] = [(" " * self._indent, "")]
        for at, span in enumerate(spans):
            if at in marks:
                pieces.append((f"[{marks[at]}]", "star"))
            [(text, inks)] = styled([span], ink)
            pieces += found_in(text, inks + (" link" if span.link else ""), self._sought)
        if len(spans) in marks:
            pieces.append((f" [{marks[len(spans)]}]", "star"))
        return _cut_at_left(pieces, self._aside) if wide and self._aside else pieces

    # Keys

    def press(self, key: str, character: str | None) -> None:
        """Do what a key asks for."""
        self._message = ""
        if self._typed is not None:
            self._press_typing(key, character)
        elif self._numbered:
            self._press_number(key)
        else:
            self._press(key)
        self.refresh()

    def paste(self, text: str) -> None:
        """Take a pasted text for typed, where one is."""
        if self._typed is not None:
            self._typed = self._typed.inserted(text)
            self.refresh()

    def _press(self, key: str) -> None:
        if (lines := scrolled(key, self.fitting)) is not None:
            self.scroll(lines)
            return
        match key:
            case "G" | "End":
                self._jump(self.roll.top(self.roll.end, self.fitting))
            case "g" | "Home":
                self._jump(Spot())
            case "Right" | "Left":
                self._aside = max(0, self._aside + (SIDEWAYS if key == "Right" else -SIDEWAYS))
            case "]" | "[":
                self._next_passage(1 if key == "]" else -1)
            case "Tab":
                self._outline()
            case "O":
                self._number(self._links(), "No link is in sight.")
            case "y":
                self._number(self._quotable(), "Nothing to copy is in sight.")
            case "i":
                self._open_picture()
            case "r":
                self._message = self._desk.get_newer()
            case "/":
                self._typed = Typed()
            case "n" | "N" if self._sought:
                self._go_to_next(1 if key == "n" else -1)
            case "Backspace":
                self._back()
            case "?" | "F1":
                self._desk.show_keys()
            case "Esc" if self._note or self._sought:
                self._note, self._sought = [], "" if not self._note else self._sought
            case "Esc" | "q" | "Ctrl-c":
                self.screen.dismiss()
            case _ if key in _ACTIONS:
                self._message = self._desk.act(_ACTIONS[key])
            case _:
                self._message = f"{key} does nothing here."

    def scroll(self, lines: int) -> None:
        """Scroll by so many lines, as far as there are any."""
        top = self.roll.top(self.roll.moved(self.top, lines), self.fitting)
        if lines > 0 and top < self.top:
            top = self.top
        self.top, self._note = top, []
        self.refresh()

    def on_resize(self) -> None:
        self.refresh()

    def on_mouse_scroll_down(self) -> None:
        self.scroll(3)

    def on_mouse_scroll_up(self) -> None:
        self.scroll(-3)

    # Jumps

    def _jump(self, place: Spot) -> None:
        """Go to a place; Backspace comes back."""
        self._jumps = [*self._jumps[-MOST_JUMPS:], self._here()]
        self.top, self._note = place, []

    def _back(self) -> None:
        if self._jumps:
            self._return(self._jumps.pop())
        else:
            self._message = "Nowhere to go back to."

    def _next_passage(self, way: int) -> None:
        passage, line = self.top
        headed = [at for at, each in enumerate(self._passages) if each.heading or at == 0]
        if way > 0:
            found = [at for at in headed if at > passage][:1]
        else:
            found = [at for at in headed if (at, 0) < (passage, line)][-1:]
        if found:
            self.top, self._note = self.roll.top(Spot(found[0]), self.fitting), []

    def _outline(self) -> None:
        offered = [
            ((f"{'  ' * max(x.level - 1, 0)}{x.heading}",), at)
            for at, x in enumerate(self._passages)
            if x.heading
        ]
        here = max((at for _, at in offered if at <= self.top.passage), default=0)

        def take(passage: int) -> None:
            self._jump(self.roll.top(Spot(passage), self.fitting))
            self.refresh()

        if offered:
            self._desk.choose_passage(offered, take, here)
        else:
            self._message = "This text has no headings."

    def _follow(self, link: str) -> None:
        """Go where a link leads: a footnote is shown at the foot, an address in the browser."""
        if not link.startswith("#"):
            self._desk.open(link)
            return
        found = self._text.targets.get(link[1:])
        if not found:
            self._message = "arXiv's page does not have what this leads to."
            return
        passage, block = found
        passage += len(self._passages) - len(self._text.passages)
        blocks = self._passages[passage].blocks
        here = blocks[block] if block >= 0 else None
        if isinstance(here, Paragraph) and here.look is Look.NOTE:
            lines = self.roll.lines(passage)
            self._note = [x for x in lines if x.block == block and x.spans]
        else:
            self._jump(self._of(passage, block, link[1:]))

    # Numbers for what is in sight

    def _number(self, found: list[Numbered], nothing: str) -> None:
        if not found:
            self._message = nothing
        self._numbered, self._digits = found, ""

    def _press_number(self, key: str) -> None:
        digits, count = self._digits + key, len(self._numbered)
        if key == "Backspace":
            self._digits = self._digits[:-1]
        elif key == "Enter" and self._digits:
            self._take(int(self._digits))
        elif not key.isdecimal() or not 1 <= int(digits) <= count:
            self._numbered = []
        elif int(digits) * 10 > count:
            self._take(int(digits))
        else:
            self._digits = digits

    def _take(self, number: int) -> None:
        chosen = self._numbered[number - 1]
        self._numbered = []
        chosen.take()

    def _links(self) -> list[Numbered]:
        found, last = list[Numbered](), ""
        for y, (_, line) in enumerate(self._shown()):
            for at, span in enumerate(line.spans):
                # What a line end or a style parts is one link.
                if span.link and span.link != last:
                    found.append(Numbered(y, at, partial(self._follow, span.link)))
                last = span.link or ("" if span.text.strip() else last)
        return found

    def _open_picture(self) -> None:
        """Open the picture in sight; where there are several, each gets a number."""
        looks = {y: line.look for y, (_, line) in enumerate(self._shown())}
        found = [each for each in self._links() if looks[each.line] is Look.PICTURE]
        if len(found) == 1:
            found[0].take()
        else:
            self._number(found, "No picture is in sight.")

    def _quotable(self) -> list[Numbered]:
        """Return the displays and paragraphs that begin in sight."""
        found, seen = list[Numbered](), set[tuple[int, int]]()
        for y, (place, line) in enumerate(self._shown()):
            key = place.passage, line.block
            blocks = self._passages[place.passage].blocks
            if line.block < 0 or key in seen or not line.spans:
                continue
            seen.add(key)
            block = blocks[line.block]
            if isinstance(block, Equation):
                found.append(Numbered(y, len(line.spans), partial(self._copy, block.tex)))
            elif isinstance(block, Paragraph):
                words = "".join(inline.shown for inline in block.inlines)
                where = self._heading_at(place.passage)
                found.append(Numbered(y, 0, partial(self._quote, words, where)))
        return found

    def _quote(self, words: str, where: str) -> None:
        self._copy(self._desk.cite(words, where))

    def _copy(self, text: str) -> None:
        self._desk.copy(text)
        self._message = f"Copied: {fit(' '.join(text.split()), 60)}"

    # Search

    def _press_typing(self, key: str, character: str | None) -> None:
        assert self._typed is not None
        if key in ("Enter", "Ctrl-j"):
            self._sought, self._typed = self._typed.text.casefold().strip(), None
            in_sight = any(self._sought in line.text.casefold() for _, line in self._shown())
            if self._sought and not in_sight:
                self._go_to_next(1)
        elif key in ("Esc", "Ctrl-c"):
            self._typed = None
        elif typed := self._typed.key(key, character):
            self._typed = typed

    def _go_to_next(self, way: int) -> None:
        found = self.roll.find(self._sought, self.top, way)
        if found:
            self._jump(self.roll.top(found, self.fitting))
        else:
            self._message = f"Nothing holds {self._sought}."
            self._sought = ""


def _cut_at_left(pieces: list[Piece], count: int) -> list[Piece]:
    """Leave out the first cells of a line."""
    kept = []
    for text, inks in pieces:
        gone = min(count, len(text))
        count -= gone
        kept.append((text[gone:], inks))
    return kept
