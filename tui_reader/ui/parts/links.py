"""From a paper to what it names, and back to where one was."""

from contextlib import suppress
from typing import TYPE_CHECKING, NamedTuple, Protocol

from tui_reader.errors import TuiReaderError
from tui_reader.model import PaperId, row_of
from tui_reader.store import View
from tui_reader.text import plain
from tui_reader.ui.cursor import Cursor
from tui_reader.ui.desk import Desk
from tui_reader.ui.line_edit import Typed
from tui_reader.ui.parts.filter import FilterPart
from tui_reader.ui.parts.records import RecordsPart
from tui_reader.ui.parts.take_out import TakeOutPart

if TYPE_CHECKING:
    from tui_reader.mentions import Mention

MOST_PLACES = 50


class Place(NamedTuple):
    """Where a person was: what was shown, its filter, and the paper under the cursor."""

    view: View
    text: str
    row: int | None


class LinksDesk(Desk, Protocol):
    """What going back uses besides."""

    cursor: Cursor

    def open(self, view: View) -> None:
        """Show a view as it is now, without a filter, the cursor where it was left."""


class LinksPart:
    """Opens what a paper names, and goes back through all that was visited."""

    def __init__(
        self, desk: LinksDesk, filtering: FilterPart, taking: TakeOutPart, records: RecordsPart
    ) -> None:
        self._desk = desk
        self._filtering = filtering
        self._taking = taking
        self._records = records
        self._places: list[Place] = []
        desk.cursor.left = self._note_place

    def do_links(self, row: int) -> None:
        """Let the person choose what to open of all that the paper names."""
        from tui_reader.mentions import mentions

        desk = self._desk
        found = mentions(next(desk.store.items([row])))
        if not found:
            raise TuiReaderError("No address or other paper is named here.")
        others = [row_of(mention.paper) for mention in found if mention.paper]
        known = desk.store.papers.at(others)

        def told(paper: PaperId | None) -> str:
            stored = paper and known.get(row_of(paper))
            return plain(stored.title, desk.mode) if stored else "not stored" if paper else ""

        offered = [((mention.text, told(mention.paper)), mention) for mention in found]

        def follow(mention: "Mention") -> None:
            if mention.paper:
                self._records.open(mention.paper)
            else:
                self._taking.open_address(mention.address)

        desk.panels.choose("Open", offered, follow, enter="opens", numbered=True)

    def _note_place(self) -> None:
        """Let `do_back` come back here."""
        desk = self._desk
        place = Place(desk.view, self._filtering.bar.typed.text, desk.list.row)
        self._places = [*self._places, place][-MOST_PLACES:]

    def do_back(self) -> None:
        """Show what was shown before, with its filter, the cursor where it was."""
        if not self._places:
            raise TuiReaderError("There is nothing to go back to.")
        desk, (*earlier, place) = self._desk, self._places
        desk.cursor.leave()
        self._places = earlier  # without the place that was left just now
        desk.open(place.view)
        if place.text:
            self._filtering.ask(Typed.of(place.text))
        with suppress(ValueError):  # it may have gone, or not have been found yet
            if place.row is not None:
                desk.cursor.jump(desk.list.contents.rows.index(place.row))
