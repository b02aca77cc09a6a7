"""What the parts of the main screen see of it: a protocol, so that no part knows the screen."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Protocol

from tui_reader.config import Config
from tui_reader.store import Store, View
from tui_reader.ui.bars import FooterBar
from tui_reader.ui.cursor import Cursor
from tui_reader.ui.list_pane import ListPane
from tui_reader.ui.panels import PanelDesk, Panels


class Desk(PanelDesk, Protocol):
    """Where the parts work: what lies on it, and what they ask of each other through it."""

    store: Store
    config: Config
    now: Callable[[], datetime]
    key: Mapping[str, str]
    """The key to name for each action."""
    list: ListPane
    footer: FooterBar
    panels: Panels
    cursor: Cursor

    def visit(self, view: View) -> None:
        """Show another view, or the same as it is now."""

    def select(self, anchor: int | None) -> None:
        """Select from `anchor` to the cursor, or nothing."""

    def show_counts(self) -> None:
        """Show in the header what is counted."""

    def show_emptiness(self) -> None:
        """Say what to do where the view is empty."""


def methods(*parts: object) -> dict[str, Callable[..., None]]:
    """Return the methods `do_<name>` of the parts, by the names of the actions they do."""
    return {
        name.removeprefix("do_"): getattr(part, name)
        for part in parts
        for name in dir(part)
        if name.startswith("do_")
    }
