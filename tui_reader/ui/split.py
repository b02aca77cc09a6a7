"""The line between the list and the abstract, and how they share the room in each layout."""

from textual import events
from textual.strip import Strip
from textual.widget import Widget

from tui_reader.errors import TuiReaderError
from tui_reader.store import Store
from tui_reader.text import Mode
from tui_reader.ui.line_widget import Lines
from tui_reader.ui.list_pane import ListPane

LEAST_SHARE, SHARE_STEP = 20, 5  # percent
SHARES = {"width": 55.0, "height": 50.0}
"""The list's percentage beside the abstract, and above it."""


class Split(Lines):
    """The line; an upright one is thicker where the shown part of the list lies."""

    def __init__(self, mode: Mode, store: Store, above: ListPane, below: Widget) -> None:
        super().__init__(mode)
        self._store = store
        self._above = above
        self._thumb = (0, 0)
        self._panes = above, below
        self._along = "width"
        remembered = (store.recall("split") or "").split()
        known = map(float, remembered) if len(remembered) == len(SHARES) else SHARES.values()
        self._shares = dict(zip(SHARES, known, strict=True))

    def lay(self, along: str) -> None:
        """Let the panes share the width, or the height."""
        self._along = along
        self._apply()

    def _apply(self) -> None:
        share = self._shares[self._along]
        for pane, percent in zip(self._panes, (share, 100 - share), strict=True):
            pane.styles.width = pane.styles.height = "1fr"
            setattr(pane.styles, self._along, f"{percent}fr")

    def do_larger_list(self, count: int) -> None:
        if self.screen.has_class("-one-pane"):
            raise TuiReaderError("There is room for one pane only.")
        self._move(self._shares[self._along] + count * SHARE_STEP)

    def do_smaller_list(self, count: int) -> None:
        self.do_larger_list(-count)

    def _move(self, share: float) -> None:
        self._shares[self._along] = max(LEAST_SHARE, min(share, 100 - LEAST_SHARE))
        self._apply()

    def remember(self) -> None:
        """Keep the shares for the next time."""
        self._store.remember("split", " ".join(map(str, self._shares.values())))

    def on_mouse_down(self) -> None:
        self.capture_mouse()

    def on_mouse_move(self, event: events.MouseMove) -> None:
        if self.app.mouse_captured is self:
            room = self._panes[0].region.union(self._panes[1].region)
            at, size = event.screen_y - room.y, room.height
            if self._along == "width":
                at, size = event.screen_x - room.x, room.width
            self._move(round(100 * (at + 0.5) / (size - 1), 1))

    def on_mouse_up(self) -> None:
        self.release_mouse()

    def follow(self) -> None:
        """Be thick where the shown part of the list lies by now."""
        before, now = self._thumb, self._above.thumb
        if changed := {*range(*before)} ^ {*range(*now)}:
            self.redraw(min(changed), max(changed) - min(changed) + 1)

    def line(self, y: int) -> Strip:
        if self.size.width > 1:
            return self.strip([("─" * self.size.width, "line")])
        self._above.fit()
        first, end = self._thumb = self._above.thumb
        return self.strip([("┃" if first <= y < end else "│", "line")])
