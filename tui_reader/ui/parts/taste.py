"""Learning behind the screen what the person looks for, and saying why a paper may be for them."""

from collections.abc import Callable
from contextlib import closing, suppress
from typing import TYPE_CHECKING

from tui_reader.errors import TuiReaderError
from tui_reader.model import Item, row_of
from tui_reader.store import Store
from tui_reader.ui.desk import Desk
from tui_reader.ui.parts.jobs import Jobs, Tell

if TYPE_CHECKING:
    from tui_reader.rank import Profile


class TastePart:
    """Knows what the person looks for, as it was when a view was opened last."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self.jobs = Jobs(desk)
        self._profile: Profile | None = None
        self._learned_from: tuple[int, ...] = ()
        """How many papers were starred and skipped then."""
        self._said: dict[str, str] = {}

    def learn(self) -> None:
        """Begin to learn what was starred and skipped since; it takes a tenth of a second."""
        store = self._desk.store
        marked = tuple(store.marked.count(mark) for mark in ("starred", "skipped"))
        if self.jobs.under_way or marked == self._learned_from or not marked[0]:
            return
        self._learned_from = marked

        def work(tell: Tell, ended: Callable[[], bool]) -> str:
            with closing(Store(store.paths)) as own:
                self._profile = own.cache.taste.profile()
            return ""

        # Whatever fails is no one's concern who does not ask for this order.
        self.jobs.start("taste", work, lambda _: self._said.clear())

    def why(self, item: Item) -> str:
        """Return what speaks most for a paper; empty while nothing was learned."""
        paper = item.paper
        if self._profile and paper.id not in self._said:
            from tui_reader import rank

            with suppress(TuiReaderError):  # asked for while drawing
                reasons = self._desk.store.cache.taste.reasons(row_of(paper.id), self._profile)
                self._said[paper.id] = rank.told(reasons, paper.authors)
        return self._said.get(paper.id, "")
