"""What the keys of moving do: in the list, or in the abstract, where the keys go."""

from functools import partialmethod
from typing import Protocol

from tui_reader.ui.abstract_pane import AbstractPane
from tui_reader.ui.desk import Desk
from tui_reader.ui.parts.mark import MarkPart


class MoveDesk(Desk, Protocol):
    """What moving uses besides."""

    abstract: AbstractPane


class MovePart:
    """Moves the cursor, or scrolls the abstract."""

    def __init__(self, desk: MoveDesk, marking: MarkPart) -> None:
        self._desk = desk
        self._marking = marking

    def _move(self, lines: int, index: int) -> None:
        """Go to a paper in the list, or scroll the abstract by lines: where the keys go."""
        if self._desk.list.active:
            self._desk.cursor.go(index)
        else:
            self._desk.abstract.scroll(lines)

    def _step(self, step: int, count: int) -> None:
        self._move(step * count, self._desk.list.cursor + step * count)

    do_down = partialmethod(_step, 1)
    do_up = partialmethod(_step, -1)

    def do_first(self) -> None:
        self._move(-self._desk.abstract.top, 0)

    def do_last(self) -> None:
        self._move(len(self._desk.abstract.laid_out), len(self._desk.list.contents.rows) - 1)

    def _page(self, way: int, pages: float, count: int) -> None:
        shown, abstract = self._desk.list, self._desk.abstract
        papers = max(1, int(pages * count * shown.fitting))
        self._move(way * int(pages * count * abstract.fitting), shown.cursor + way * papers)

    do_half_down = partialmethod(_page, 1, 0.5)
    do_half_up = partialmethod(_page, -1, 0.5)
    do_page_down = partialmethod(_page, 1, 1)
    do_page_up = partialmethod(_page, -1, 1)

    def _scroll(self, way: int, count: int) -> None:
        self._desk.abstract.scroll(way * count)

    do_scroll_down = partialmethod(_scroll, 1)
    do_scroll_up = partialmethod(_scroll, -1)

    def do_read_on(self) -> None:
        abstract = self._desk.abstract
        if not abstract.scroll(abstract.fitting - 1):
            self._next_unread()

    def _next_unread(self) -> None:
        desk, here = self._desk, self._desk.list.cursor
        if (index := self._marking.unread_from(here + 1)) is not None:
            desk.cursor.go(index)
            return
        if desk.list.row is not None:  # read to its end, and none comes after it to go on to
            self._marking.read_in_passing(desk.list.row)
        desk.footer.say("No unread paper below this one.")
        self._marking.tell_end()

    def do_source(self) -> None:
        source = self._desk.abstract.toggle_source()
        said = "Texts as their authors typed them." if source else "Texts as in print."
        self._desk.footer.say(said)
