"""Learning behind the screen what the person looks for, and saying why a paper may be for them."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import closing, suppress
from typing import TYPE_CHECKING, Protocol

from tui_reader.errors import Cancelled, TuiReaderError
from tui_reader.model import Item, row_of
from tui_reader.store import Store
from tui_reader.ui.desk import Desk
from tui_reader.ui.parts.jobs import Jobs, Tell

if TYPE_CHECKING:
    from tui_reader.store.taste import Learned


class TasteDesk(Desk, Protocol):
    """What showing what was learned uses besides."""

    def show_abstract(self) -> None:
        """Show the paper under the cursor whole."""


class TastePart:
    """Knows what the person looks for, as it was when a view was opened last."""

    def __init__(self, desk: TasteDesk) -> None:
        self._desk = desk
        self.jobs = Jobs(desk)
        self._edition: str | None = None
        """Of the papers from which was learned; None before."""
        self._shown: Learned | None = None
        """What was learned when signs and reasons were shown last."""
        self._said: dict[str, str] = {}

    def learn(self) -> None:
        """Learn what was starred and skipped since; the first time, and of other papers, behind."""
        from tui_reader.rank import FEWEST

        store, edition = self._desk.store, self._desk.store.papers.edition()
        if self._edition and self._edition == edition:
            store.cache.taste.profile()
            self._show()
        elif not self.jobs.under_way and store.marked.count("starred") >= FEWEST:
            self._learn_behind(edition)

    def learn_from_mark(self) -> None:
        """Learn from what was marked just now, while there is too little to show anything.

        Later, signs stay as they are while a person goes through a view.
        """
        if not self._shown or not self._shown.enough:
            self.learn()

    def _show(self) -> None:
        """Show signs and reasons by what was learned last."""
        learned = self._desk.store.cache.taste.learned
        if learned is not self._shown:
            self._shown = learned
            self._said.clear()
            self._desk.list.forget()
            self._desk.show_abstract()

    def _learn_behind(self, edition: str | None) -> None:
        store = self._desk.store
        found: list[Learned | None] = []

        def work(tell: Tell, ended: Callable[[], bool]) -> str:
            with closing(Store(store.paths)) as own:
                own.cache.taste.profile()
                found.append(own.cache.taste.learned)
            return ""

        def done(_: str) -> None:
            # Whatever failed is no one's concern who does not ask for this order.
            if found:
                self._edition, store.cache.taste.learned = edition, found[0]
                self._show()
                self.jobs.start("past", self._go_through_past, lambda _: None)

        self.jobs.start("taste", work, done)

    def _go_through_past(self, tell: Tell, ended: Callable[[], bool]) -> str:
        def progress(at: int, of: int) -> None:
            if ended():
                raise Cancelled

        with closing(Store(self._desk.store.paths)) as own:
            own.cache.taste.keep_past(progress)
        return ""

    def why(self, item: Item) -> str:
        """Return what speaks most for a paper; empty while nothing was learned.

        Of one that was starred it is what it says itself.
        """
        paper = item.paper
        if self._edition and paper.id not in self._said and not item.marks.starred:
            from tui_reader import rank

            with suppress(TuiReaderError):  # asked for while drawing
                reasons = self._desk.store.cache.taste.reasons(row_of(paper.id))
                self._said[paper.id] = rank.told(reasons, paper.authors)
        return self._said.get(paper.id, "")

    def steps(self, rows: Sequence[int]) -> Mapping[int, int]:
        """Return how strong papers are, from 1 to 5; nothing while nothing was learned."""
        return self._desk.store.cache.taste.steps(rows) if self._edition else {}
