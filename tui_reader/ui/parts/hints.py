"""Hints for newcomers: in turns, until the key was used or the hint was shown often enough."""

from tui_reader.actions import ACTIONS
from tui_reader.ui.bars import FilterBar
from tui_reader.ui.desk import Desk

HINTS = {action.name: action.hint for action in ACTIONS if action.hint}
ENOUGH = 3  # showings, each in another run of the program


class HintsPart:
    """What the main screen hints at, in its filter bar while that is empty."""

    def __init__(self, desk: Desk, bar: FilterBar) -> None:
        self._desk, self._bar = desk, bar
        shown = (desk.store.recall("hints shown") or "").split()
        self._shown = {name: shown.count(name) for name in HINTS}
        """How often each hint was shown."""
        self._hinted = ""
        self.show()

    def used(self, name: str) -> None:
        """Take note that an action was used."""
        if self._shown.get(name, ENOUGH) < ENOUGH:
            self._shown[name] = ENOUGH
            self.show()

    def show(self) -> None:
        """Show the hint that was shown least, if hints are wanted."""
        desk = self._desk
        left = [name for name in HINTS if self._shown[name] < ENOUGH and desk.config.hints]
        name = (
            self._hinted
            if self._hinted in left
            else min(left, key=self._shown.__getitem__, default="")
        )
        if name and name != self._hinted:
            self._shown[name] += 1
        self._hinted = name
        self._bar.hint = HINTS[name].format(desk.key[name]) if name else ""

    def remember(self) -> None:
        """Keep for the next time what was shown."""
        shown = [name for name, times in self._shown.items() for _ in range(times)]
        self._desk.store.remember("hints shown", " ".join(shown))
