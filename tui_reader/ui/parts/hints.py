"""Hints for newcomers: one at a time, gone for good once its key was used."""

from typing import TYPE_CHECKING

from tui_reader.actions import BY_NAME

if TYPE_CHECKING:
    from tui_reader.ui.main_screen import MainScreen

HINTS = ("read_on", "skip", "starred", "listing", "palette", "settings")
"""The actions that are hinted at, in this order."""


class HintsPart:
    """What the main screen hints at, in its filter bar while that is empty."""

    def __init__(self, main: "MainScreen") -> None:
        self.main = main
        self._used = set((main.store.recall("used") or "").split())
        self.show()

    def used(self, name: str) -> None:
        """Take note that an action was used."""
        if name in HINTS and name not in self._used:
            self._used.add(name)
            self.main.store.remember("used", " ".join(sorted(self._used)))
            self.show()

    def show(self) -> None:
        """Show the first hint there is, if hints are wanted."""
        left = [name for name in HINTS if name not in self._used and self.main.config.hints]
        hint = ""
        if left:
            key, help_ = self.main.key[left[0]], BY_NAME[left[0]].help
            hint = f"Try {key} to {help_[0].lower()}{help_[1:].partition(';')[0].rstrip('.')}"
        self.main.filter.hint = hint
