"""What the parts of the main screen see of it: a protocol, so that no part knows the screen."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, Protocol, TypeVar

from textual.app import App

from tui_reader.config import Config
from tui_reader.store import Store, View
from tui_reader.text import Mode
from tui_reader.ui.bars import FooterBar
from tui_reader.ui.inks import PageLayout
from tui_reader.ui.list_pane import ListPane

T = TypeVar("T")


class Panels(Protocol):
    """What opens over the screen."""

    def choose(
        self,
        question: str,
        offered: Sequence[tuple[Sequence[str], T]],
        take: Callable[[T], None],
        *,
        enter: str = "takes",
        at: object = None,
        preview: Callable[[T | None], None] | None = None,
    ) -> None:
        """Offer values, each after its name and what is said of it; `take` gets one."""

    def ask(
        self,
        question: str,
        text: str,
        answer: Callable[[str], None],
        known: Sequence[str] = (),
    ) -> None:
        """Ask a question that begins with this answer; it is asked again where that fails."""

    def confirm(self, question: str, answer: Callable[[bool], None]) -> None:
        """Ask a question that y or n answers."""

    def show_page(self, layout: PageLayout, key: str) -> None:
        """Show a page of text, which the key closes again."""


class PanelDesk(Protocol):
    """What opening panels uses."""

    view: View
    """What is shown."""

    @property
    def app(self) -> App[Any]:
        """The app: threads, the clipboard, the terminal."""

    @property
    def mode(self) -> Mode:
        """How texts are drawn."""

    def doing(self, work: Callable[[], None]) -> None:
        """Do what was asked, or say in the footer why it can't be done."""


class Desk(PanelDesk, Protocol):
    """Where the parts work: what lies on it, and what they ask of each other through it."""

    store: Store
    config: Config
    now: Callable[[], datetime]
    key: Mapping[str, str]
    """The key to name for each action."""
    list: ListPane
    footer: FooterBar

    @property
    def panels(self) -> Panels:
        """What opens over the screen."""

    def visit(self, view: View) -> None:
        """Show another view, or the same as it is now."""

    def go(self, index: int) -> None:
        """Put the cursor on the paper at this index of the list, or the nearest there is."""

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
