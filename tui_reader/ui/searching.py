"""Searching and indexing behind the screen: threads with a connection of their own."""

import threading
from collections.abc import Callable
from queue import SimpleQueue
from typing import TYPE_CHECKING

from tui_reader.config import Paths
from tui_reader.errors import Cancelled, TuiReaderError
from tui_reader.store import Store

if TYPE_CHECKING:  # loaded by the thread that needs them
    from tui_reader.query import Query
    from tui_reader.store.search import Answer, Search

INDEXED_AT_ONCE = 50  # papers; few, so that no key waits for the rest of them


class Searching:
    """Answers queries of the whole cache; a newer one ends the older.

    `take` gets every answer, each with more in it, or a sentence why there is none. `post` has the
    screen's thread call it.
    """

    def __init__(
        self,
        store: Store,
        post: Callable[..., object],
        take: "Callable[[Answer | str], None]",
    ) -> None:
        self._file = store.cache.file
        self._post, self._take = post, take
        self._latest = self._working = 0
        """The number of the last query, and of the one that is being answered."""
        self._asked: SimpleQueue[tuple[int, Query] | None] = SimpleQueue()
        threading.Thread(target=self._work, daemon=True).start()

    def ask(self, query: "Query") -> None:
        self.stop()
        self._asked.put((self._latest, query))

    def stop(self) -> None:
        """Take no more answers to the last query."""
        self._latest += 1

    def close(self) -> None:
        self.stop()
        self._asked.put(None)

    def _take_latest(self, number: int, answer: "Answer | str") -> None:
        if number == self._latest:
            self._take(answer)

    def _work(self) -> None:
        from tui_reader.store.search import search_in

        search: Search | None = None
        while asked := self._asked.get():
            self._working, query = asked
            try:
                search = search or search_in(self._file, self._stale)
                for answer in search.answers(query):
                    self._post(self._take_latest, self._working, answer)
            except Cancelled:
                pass
            except TuiReaderError as error:  # of a query that is stale, it is the end
                self._post(self._take_latest, self._working, str(error))

    def _stale(self) -> bool:
        return self._working != self._latest


class Indexing:
    """Indexes what waits for it; `cancel` ends it soon, and nothing that was done is lost."""

    def __init__(self, paths: Paths) -> None:
        self._paths = paths
        self._cancelled = threading.Event()

    def cancel(self) -> None:
        self._cancelled.set()

    def run(self, report: Callable[[str], None]) -> None:
        """Index, for a thread of its own, in which `report` is called with each step."""

        def progress(left: int) -> None:
            if self._cancelled.is_set():
                raise Cancelled
            report(f"Indexing, {left:,} papers to go")

        try:
            store = Store(self._paths)
            try:
                store.index(progress, INDEXED_AT_ONCE)
            finally:
                store.close()
        except (Cancelled, TuiReaderError):
            pass  # the rest is indexed the next time, and found meanwhile all the same
