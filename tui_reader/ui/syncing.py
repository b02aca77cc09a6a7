"""Syncing behind the screen: a thread with a store of its own, and what it says on the way."""

import threading
from collections.abc import Callable, Mapping
from datetime import date, datetime

from tui_reader.config import Paths, Replacements
from tui_reader.errors import TuiReaderError
from tui_reader.store import Store

Outcome = tuple[str, int]
"""A sentence for the person, and how many papers are new here."""


class Syncing:
    """One sync under way; `cancel` ends it as soon as may be, and what it stored stays."""

    def __init__(
        self,
        paths: Paths,
        following: Mapping[str, date | None],
        now: Callable[[], datetime],
        replacements: Replacements,
        *,
        force: bool = False,
    ) -> None:
        self._paths, self._following, self._now, self._force = paths, following, now, force
        self._replacements = replacements
        self._cancelled = threading.Event()

    def cancel(self) -> None:
        self._cancelled.set()

    def run(self, report: Callable[[str], None]) -> Outcome:
        """Sync; for a thread of its own, in which `report` is called with each step."""
        # Late: they load the network, which most sessions can do without.
        from tui_reader import sync
        from tui_reader.fetch import Client

        try:
            store = Store(self._paths, self._replacements)
        except TuiReaderError as error:
            return str(error), 0
        try:
            client = Client(self._paths.state, cancelled=self._cancelled.is_set)
            outcomes = sync.run(
                store,
                client,
                self._following,
                self._now,
                lambda progress: report(str(progress)),
                force=self._force,
            )
        except TuiReaderError as error:
            return str(error), 0
        except Exception as error:  # whatever it is, it must not end all syncing
            return f"Syncing failed: {type(error).__name__}: {error}"[:200], 0
        finally:
            store.close()
        new = sum(outcome.unknown for outcome in outcomes)
        return "; ".join(f"{o.category}: {o.says}" for o in outcomes), new
