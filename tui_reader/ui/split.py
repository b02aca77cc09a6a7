"""How the list and the abstract share the room, in each layout."""

from typing import TYPE_CHECKING

from textual.geometry import Offset

from tui_reader.errors import TuiReaderError

if TYPE_CHECKING:
    from tui_reader.ui.main_screen import MainScreen

LEAST, STEP = 20, 5  # percent
SHARES = {"width": 47.6, "height": 50.0}
"""The list's percentage beside the abstract, and above it."""


class Split:
    """The line between the panes of the main screen."""

    def __init__(self, main: "MainScreen") -> None:
        self.main = main
        remembered = (main.store.recall("split") or "").split()
        known = map(float, remembered) if len(remembered) == len(SHARES) else SHARES.values()
        self._shares = dict(zip(SHARES, known, strict=True))

    @property
    def _along(self) -> str:
        return "width" if self.main.has_class("-wide") else "height"

    def apply(self) -> None:
        """Give each pane its share in the layout of now."""
        share = self._shares[self._along]
        for pane, percent in ((self.main.list, share), (self.main.abstract, 100 - share)):
            pane.styles.width = pane.styles.height = "1fr"
            setattr(pane.styles, self._along, f"{percent}fr")

    def do_larger_list(self, count: int) -> None:
        if self.main.has_class("-tiny"):
            raise TuiReaderError("There is room for one pane only.")
        self._set(self._shares[self._along] + count * STEP)

    def do_smaller_list(self, count: int) -> None:
        self.do_larger_list(-count)

    def drag(self, to: Offset) -> None:
        """Move the line to a place on the screen."""
        room = self.main.list.region.union(self.main.abstract.region)
        across = self._along == "width"
        way, size = (to.x - room.x, room.width) if across else (to.y - room.y, room.height)
        self._set(round(100 * (way + 0.5) / (size - 1), 1))

    def _set(self, share: float) -> None:
        self._shares[self._along] = max(LEAST, min(share, 100 - LEAST))
        self.apply()

    def remember(self) -> None:
        """Keep the shares for the next time."""
        self.main.store.remember("split", " ".join(map(str, self._shares.values())))
