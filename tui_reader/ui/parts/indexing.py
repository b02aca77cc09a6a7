"""Indexing behind the screen what was stored since, so that filters find it fast."""

from collections.abc import Callable
from contextlib import closing

from tui_reader.errors import Cancelled
from tui_reader.store import Store
from tui_reader.ui.desk import Desk
from tui_reader.ui.parts.jobs import Jobs, Tell

PAPERS_A_TIME = 50  # few, so that no key waits for the rest of them


class IndexPart:
    """Indexes what waits for it."""

    def __init__(self, desk: Desk) -> None:
        self._store = desk.store
        self.jobs = Jobs(desk)

    def start(self) -> None:
        """Begin, where anything waits and nothing is under way."""
        if self.jobs.under_way or not self._store.lags:
            return

        def work(tell: Tell, ended: Callable[[], bool]) -> str:
            def progress(left: int) -> None:
                if ended():
                    raise Cancelled
                tell(f"Indexing, {left:,} papers to go")

            with closing(Store(self._store.paths)) as store:
                store.index(progress, PAPERS_A_TIME)
            return ""

        # What is not done is done the next time, and found meanwhile all the same.
        self.jobs.start("index", work, lambda _: None)
