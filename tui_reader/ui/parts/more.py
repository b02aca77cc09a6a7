"""From a paper to more of its kind: those likest to it, and those of its authors."""

from tui_reader.errors import TuiReaderError
from tui_reader.model import paper_at
from tui_reader.text import plain
from tui_reader.ui.desk import Desk
from tui_reader.ui.parts.filter import FilterPart


class MorePart:
    """Puts what a paper is like, or who wrote it, into the filter of the Library."""

    def __init__(self, desk: Desk, filtering: FilterPart) -> None:
        self._desk = desk
        self._filtering = filtering

    def do_like(self, row: int) -> None:
        self._filtering.ask_library(f"like:{paper_at(row)}")

    def do_by_authors(self, row: int) -> None:
        [item] = self._desk.store.items([row])
        names = [plain(name) for name in item.paper.authors]
        if not names:
            raise TuiReaderError("Nothing is known of who wrote this.")
        if len(names) == 1:
            self._ask_for(names[0])
        else:
            offered = [((name,), name) for name in names]
            self._desk.panels.choose("Papers of", offered, self._ask_for, enter="shows")

    def _ask_for(self, name: str) -> None:
        bare = name.replace('"', "").replace("\\", "")
        self._filtering.ask_library(f'au:"{bare}"')
