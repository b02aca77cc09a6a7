"""Hints for newcomers: one at a time, gone for good once its key was used."""

from tui_reader.actions import ACTIONS
from tui_reader.ui.bars import FilterBar
from tui_reader.ui.desk import Desk

HINTS = {action.name: action.hint for action in ACTIONS if action.hint}


class HintsPart:
    """What the main screen hints at, in its filter bar while that is empty."""

    def __init__(self, desk: Desk, bar: FilterBar) -> None:
        self._desk, self._bar = desk, bar
        self._used = set((desk.store.recall("used") or "").split())
        self.show()

    def used(self, name: str) -> None:
        """Take note that an action was used."""
        if name in HINTS and name not in self._used:
            self._used.add(name)
            self._desk.store.remember("used", " ".join(sorted(self._used)))
            self.show()

    def show(self) -> None:
        """Show the first hint there is, if hints are wanted."""
        desk = self._desk
        left = [name for name in HINTS if name not in self._used and desk.config.hints]
        self._bar.hint = HINTS[left[0]].format(desk.key[left[0]]) if left else ""
