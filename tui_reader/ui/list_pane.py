"""The list of papers: one or two lines a paper, under headings, over an array of row numbers."""

from array import array
from bisect import bisect_right
from collections.abc import Callable, Mapping, Sequence

from textual.strip import Strip

from tui_reader.model import Marks
from tui_reader.store import Contents, Run
from tui_reader.text import Mode, Span, cut, find, fit, highlighted, line_end
from tui_reader.ui import row_text
from tui_reader.ui.inks import SELECTED, Piece, styled, width_of
from tui_reader.ui.line_widget import Lines

AHEAD = 8  # papers asked for above and below those on the screen, when it is scrolled
STEP = 2  # papers that come onto the screen when it is scrolled by the cursor
TITLE_AT = 4  # cells before a title, for the bar and two signs
CATEGORIES, VERSION, LENGTH, MONTH = 12, 3, 6, 8  # cells of the columns
LEAST_MINE = 10  # cells of a second line without which it shows no tags
ROOMY = 60  # cells from which a list of one line a paper has room for a category
MOST_STRIPS = 2000  # drawn lines kept

_Drawn = tuple[int, int, bool, tuple[int, ...], tuple[int, ...]]
"""A row, the part of it, whether it is selected, and what is found in title and author."""
_BLANK: _Drawn = (-1, 0, False, (), ())
Shelf = Callable[[Sequence[int]], Mapping[int, tuple[row_text.RowText, Marks]]]
"""Gives what the list shows of these row numbers."""


class ListPane(Lines):
    """Shows contents, with a cursor on one paper; its cost does not grow with the contents."""

    def __init__(self, shelf: Shelf, mode: Mode, *, compact: bool) -> None:
        super().__init__(mode)
        self.shelf = shelf
        self.lines_each = 1 if compact else 2
        """How many lines a paper takes."""
        self.contents = Contents(array("q"))
        self.cursor = 0
        self.top = 0
        self.active = True
        """Whether the keys go to the list."""
        self._shown: dict[int, tuple[row_text.RowText, Marks]] = {}
        self._heads: list[int] = []
        self.selected_from: int | None = None
        """Where the selection starts; it ends at the cursor."""
        self.sought: Mapping[str, Sequence[str]] = {}
        """What is highlighted, by field, as query.needles has it; the next `show` draws it."""
        self._strips: dict[_Drawn, Strip] = {}

    @property
    def row(self) -> int | None:
        """The row number under the cursor."""
        return self.contents.rows[self.cursor] if self.contents.rows else None

    @property
    def y_of_cursor(self) -> int:
        """The line of the widget on which the paper under the cursor starts."""
        return self._y(self.cursor) - self.top

    @property
    def fitting(self) -> int:
        """How many papers fit on the screen."""
        return max(1, self.size.height // self.lines_each)

    def show(self, contents: Contents, cursor: int, *, more: bool = False) -> None:
        """Show other contents, the cursor on the paper at `cursor`.

        With `more`, they hold what was shown and more: a paper under the cursor stays on its line.
        """
        row, line, seen = self.row, self.y_of_cursor, self._in_sight
        self.contents = contents
        headed = any(map(row_text.heading, contents.runs))
        self._heads = (
            [run.start * self.lines_each + number for number, run in enumerate(contents.runs)]
            if headed
            else []
        )
        self.cursor = max(0, min(cursor, len(contents.rows) - 1))
        if more and row == self.row:
            self.top = self._y(self.cursor) - line
            self._keep_in_sight()
        else:
            self._show_around()
        if not more or self._heads or seen != self._in_sight:
            self.refresh()

    @property
    def _in_sight(self) -> tuple[int, list[int]]:
        """Where the cursor is on the screen, and which rows are there, of a list without heads."""
        first = self.top // self.lines_each
        return self.y_of_cursor, list(self.contents.rows[first : first + self.fitting + 2])

    def _show_around(self) -> None:
        """Show the list from its top if the cursor is there, else around the cursor."""
        height, end = self.size.height, self._y(self.cursor) + self.lines_each
        self.top = 0 if end <= height else self._y(max(0, self.cursor - self.fitting // 2))
        self._keep_in_sight()

    def move(self, index: int) -> None:
        """Put the cursor on the paper at `index`, or on the nearest there is."""
        index = max(0, min(index, len(self.contents.rows) - 1))
        before, self.cursor = self.cursor, index
        if self._keep_in_sight():
            self.refresh()
        else:
            for changed in {before, index}:
                self.redraw(self._y(changed) - self.top, self.lines_each)

    def select(self, anchor: int | None) -> None:
        """Show the papers from `anchor` to the cursor as selected; None: only the cursor's."""
        if anchor != self.selected_from or anchor is not None:
            self.selected_from = anchor
            self.refresh()

    @property
    def selecting(self) -> bool:
        return self.selected_from is not None

    @property
    def bounds(self) -> tuple[int, int]:
        """The first and the last paper that is selected; without a selection, the cursor's."""
        other = self.cursor if self.selected_from is None else self.selected_from
        return min(self.cursor, other), max(self.cursor, other)

    def chosen(self, count: int) -> Sequence[int]:
        """Return the selected rows, or `count` of them from the cursor on."""
        first, last = self.bounds
        return self.contents.rows[first : last + 1 if self.selecting else first + count]

    def forget(self, changed: Sequence[int] | None = None) -> None:
        """Ask again for what is shown of these row numbers, or of all of them."""
        if changed is None or len(changed) > self.fitting:
            self._shown.clear()
            self._strips.clear()
            self.refresh()
            return
        for row in changed:
            self._shown.pop(row, None)
        for drawn in [drawn for drawn in self._strips if drawn[0] in changed]:
            del self._strips[drawn]
        first = max(0, self.index_at(0))
        for index, row in enumerate(self.contents.rows[first : first + self.fitting + 2], first):
            if row in changed:
                self.redraw(self._y(index) - self.top, self.lines_each)

    def index_at(self, y: int) -> int:
        """Return which paper the line `y` of the widget shows; there may be none with this index.

        A heading counts to the paper before it.
        """
        at = self.top + y
        return (at - bisect_right(self._heads, at)) // self.lines_each

    @property
    def _height(self) -> int:
        """How many lines the whole list has."""
        return len(self.contents.rows) * self.lines_each + len(self._heads)

    def _y(self, index: int) -> int:
        """Return on which line of the whole list the paper at `index` starts."""
        return index * self.lines_each + self._heads_before(index)

    def _heads_before(self, index: int) -> int:
        runs = self.contents.runs
        return bisect_right(runs, index, key=lambda run: run.start) if self._heads else 0

    def _keep_in_sight(self) -> bool:
        """Scroll as little as shows the cursor's paper whole; return whether it had to scroll."""
        # While the list is hidden it has no size; most often it is shown from its top then.
        before, height = self.top, self.size.height or self._height
        first = self._y(self.cursor)
        heads = self._heads_before(self.cursor)
        if heads and self.contents.runs[heads - 1].start == self.cursor:
            first -= 1  # with its heading
        last = self._y(self.cursor) + self.lines_each
        self.top = max(0, min(max(min(self.top, first), last - height), self._height - height))
        return self.top != before

    def marks(self, row: int) -> Marks:
        """Return the marks of a paper as the list shows them."""
        return self._entry(row)[1]

    def _entry(self, row: int) -> tuple[row_text.RowText, Marks]:
        if row not in self._shown:
            lacking = self._lacking(0)
            if len(lacking) <= STEP:  # and the next steps will lack some, too
                lacking = self._lacking(AHEAD)
            self._shown.update(self.shelf([row, *lacking]))
        return self._shown[row]

    def _lacking(self, ahead: int) -> list[int]:
        """Return the rows on the screen, and so many around it, of which nothing is known yet."""
        start = max(0, self.index_at(0) - ahead)
        near = self.contents.rows[start : start + self.fitting + 2 + 2 * ahead]
        return [row for row in near if row not in self._shown]

    def line(self, y: int) -> Strip:
        if not self.contents.rows:
            said = " No paper matches." if y == 1 else ""
            return self.strip([(said, "dim")])
        at = self.top + y
        heads = bisect_right(self._heads, at)
        if self._heads and self._heads[heads - 1] == at:
            return self._heading(self.contents.runs[heads - 1])
        index, part = divmod(at - heads, self.lines_each)
        if not 0 <= index < len(self.contents.rows):
            return self._strips.setdefault(_BLANK, self.strip([]))
        row = self.contents.rows[index]
        selected = self.bounds[0] <= index <= self.bounds[1]
        author_found = self._found(row, 1) if part else ()
        drawn = (row, part, selected, self._found(row, 0), author_found)
        # The same strip as before where it can be: Textual remembers what it made of it.
        if drawn not in self._strips:
            if len(self._strips) > MOST_STRIPS:
                self._strips.clear()
            self._strips[drawn] = self._paper(drawn)
        return self._strips[drawn]

    def _found(self, row: int, part: int) -> tuple[int, ...]:
        """Return where in the title, or in the author's name, something is found."""
        needles = self.sought.get("au" if part else "ti")
        if not needles:
            return ()
        shown = self._entry(row)[0]
        return find(shown.author if part else shown.title, needles)

    def _first_line(self, title: list[Piece], shown: row_text.RowText) -> tuple[list[Piece], str]:
        """Return the only line of a paper, in a list of one line a paper."""
        columns = [shown.strength] if shown.strength else []
        columns += [shown.version.rjust(VERSION)] if shown.version else []
        if self.size.width >= ROOMY:
            columns += [fit(" ".join(shown.categories[:1]), CATEGORIES).ljust(CATEGORIES)]
        columns += [shown.month] if shown.month else []
        return title, "  ".join(("", *columns, ""))[:-1]

    def _second_line(
        self, rest: list[Piece], author: list[Piece], shown: row_text.RowText
    ) -> tuple[list[Piece], str]:
        """Return the end of the title, whatever else there is room for, and the columns."""
        left, room = [("    ", ""), *rest], self.size.width - 1
        used = width_of(left)
        mine = fit(shown.mine, room - used - 3) if room - used > LEAST_MINE else ""
        for more in ([(mine, "mine")] if mine else [], author):
            dot: list[Piece] = [(" · ", "dim")] if used > TITLE_AT else []
            if more and used + width_of(dot + more) <= room:
                left += dot + more
                used += width_of(dot + more)
        right, start = "", room
        for text, width in (
            (shown.month, MONTH if shown.month else 0),
            (shown.length.rjust(LENGTH), LENGTH),
            (shown.version.rjust(VERSION), VERSION),
            (shown.categories_in(CATEGORIES).ljust(CATEGORIES), CATEGORIES),
        ):
            start -= width + 2
            if start < used:
                break
            right = f"  {text}{right}" if width else right
        return left, f"{right} "

    def _heading(self, run: Run) -> Strip:
        count = f" {run.size:,} "
        room = self.size.width - len(count)
        title = fit(f" {row_text.heading(run) or 'More likely'} ", room).ljust(room, "─")
        return self.strip([(title, "dim")], [(count, "dim")])

    def _paper(self, drawn: _Drawn) -> Strip:
        row, part, selected, title_found, author_found = drawn
        shown, marks = self._entry(row)
        bar = ("▌" if self.active else "│") if selected else " "
        star, sign = row_text.signs(marks, shown.watched)
        ink = "strong" if not marks.read else "text" if marks.starred else "dim"
        room = self.size.width - TITLE_AT - 1
        end = len(shown.title) if self.lines_each == 1 else line_end(shown.title, room)
        title = highlighted((Span(shown.title),), title_found)
        lead: list[Piece] = [(bar, "title")]
        if part == 0:
            lead += [
                (star, "accent" if star == row_text.WATCHED else "star"),
                (sign, "accent" if sign == row_text.UNREAD else "dim"),
            ]
            text, right = [(" ", ""), *styled(cut(title, 0, end), ink)], " "
            if self.lines_each == 1:
                text, right = self._first_line(text, shown)
        else:
            rest = styled(cut(title, end, len(shown.title)), ink)
            author = styled(highlighted((Span(shown.author),), author_found), "dim")
            text, right = self._second_line(rest, author if shown.author else [], shown)
            strength: list[Piece] = [(" ", ""), (shown.strength, "accent"), (" ", "")]
            text[:1] = strength if shown.strength else [("   ", "")]
        return self.strip([*lead, *text], [(right, "dim")], ground=SELECTED if selected else "")

    @property
    def thumb(self) -> tuple[int, int]:
        """The lines, first and behind the last, that show where the list is scrolled."""
        height, total = self.size.height, self._height
        if total <= height:
            return 0, 0
        return self.top * height // total, (self.top + height) * height // total + 1

    def notify_style_update(self) -> None:
        self._strips.clear()
        super().notify_style_update()

    def resized(self) -> None:
        self._strips.clear()
        self._show_around()
