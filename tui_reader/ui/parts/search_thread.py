"""Searching behind the screen: a thread with a store of its own."""

import threading
from collections.abc import Callable
from queue import SimpleQueue
from typing import TYPE_CHECKING

from tui_reader import crash
from tui_reader.errors import Cancelled, TuiReaderError
from tui_reader.store import Store

if TYPE_CHECKING:  # loaded by the thread that needs them
    from tui_reader.query import Query
    from tui_reader.store.search import Answer


class SearchThread:
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
        self._paths = store.paths
        self._post, self._take = post, take
        self._latest = self._working = 0
        """The number of the last query, and of the one that is being answered."""
        self._asked: SimpleQueue[tuple[int, Query, bool] | None] = SimpleQueue()
        threading.Thread(target=self._work, daemon=True).start()

    def stop(self) -> int:
        """Take no more answers to the queries before; return the number of the next one."""
        self._latest += 1
        return self._latest

    def ask(self, query: "Query", number: int, *, newest: bool) -> None:
        """Answer a query, its `newest` papers first, if its number is still the last of `stop`."""
        if number == self._latest:
            self._asked.put((number, query, newest))

    def close(self) -> None:
        self.stop()
        self._asked.put(None)

    def _take_latest(self, number: int, answer: "Answer | str") -> None:
        if number == self._latest:
            self._take(answer)

    def _work(self) -> None:
        from tui_reader.store.search import Search

        search = None
        while asked := self._asked.get():
            self._working, query, newest = asked
            try:
                if not search:
                    store = Store(self._paths)
                    search = Search(store.cache, self._stale)
                elif not store.cache.db.writable:
                    store.refresh()  # the marks that it has are no one else's
                for answer in search.answers(query, newest=newest):
                    self._post(self._take_latest, self._working, answer)
            except Cancelled:
                pass
            except TuiReaderError as error:
                self._post(self._take_latest, self._working, str(error))
            except Exception as error:  # the next query has an answer
                said = crash.noted(error, self._paths.state)
                self._post(self._take_latest, self._working, said)

    def _stale(self) -> bool:
        return self._working != self._latest
