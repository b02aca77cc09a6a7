"""How list and abstract share the screen: beside each other, one above the other, or one alone."""

from typing import Protocol

from textual.geometry import Size

from tui_reader.ui.abstract_pane import AbstractPane
from tui_reader.ui.desk import Desk
from tui_reader.ui.split import Split

WIDE = 100  # columns from which the abstract stands beside the list
TINY = (60, 16)  # columns or rows under which only one pane is shown


class PanesDesk(Desk, Protocol):
    """What arranging panes uses besides."""

    abstract: AbstractPane

    @property
    def is_mounted(self) -> bool:
        """Whether there is anything on the screen."""

    def set_class(self, add: bool, *names: str) -> object:
        """Let the screen be of a class of styles, or not."""


class PanesPart:
    """Arranges the panes for the room there is, and sends keys to one of them."""

    def __init__(self, desk: PanesDesk, split: Split) -> None:
        self._desk = desk
        self.split = split
        self._alone = False
        """Whether one pane is shown, whatever the room."""
        self._size = Size()

    def arrange(self, size: Size) -> None:
        """Choose the layout for a size of the screen."""
        if size != self._size:
            self._size = size
            self._arrange()

    @property
    def _is_tiny(self) -> bool:
        """Whether there is room for one pane only."""
        return self._size.width < TINY[0] or self._size.height < TINY[1]

    def _arrange(self) -> None:
        desk = self._desk
        one_pane = self._alone or self._is_tiny
        wide = self._size.width >= WIDE and not one_pane
        desk.set_class(one_pane, "-one-pane")
        desk.set_class(wide, "-wide")
        desk.abstract.short = not wide
        self.split.lay("width" if wide else "height")
        if desk.is_mounted:
            self._lay_out()

    def _lay_out(self) -> None:
        """Draw borders and cursor for the layout, and for which pane the keys go to."""
        desk = self._desk
        desk.set_class(not desk.list.active, "-in-abstract")
        desk.footer.led_by = "" if desk.list.active else "Esc"
        desk.list.forget()
        self.split.follow()

    def turn_to(self, *, abstract: bool) -> None:
        """Let keys go to the abstract, or to the list."""
        self._desk.list.active = not abstract
        self._lay_out()

    def do_other_pane(self) -> None:
        self.turn_to(abstract=self._desk.list.active)

    def do_one_pane(self) -> None:
        other, back = self._desk.key["other_pane"], self._desk.key["one_pane"]
        if self._is_tiny:
            self._desk.footer.say(f"There is room for one pane; {other} shows the other.")
            return
        self._alone = not self._alone
        self._arrange()
        if self._alone:
            self._desk.footer.say(f"One pane; {other} shows the other, {back} both.")
