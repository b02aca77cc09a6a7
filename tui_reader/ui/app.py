"""The app: themes, styles, and the main screen in it."""

import gc
from collections.abc import Callable, Iterable
from datetime import UTC, datetime

from textual.app import App
from textual.reactive import Reactive
from textual.theme import BUILTIN_THEMES, Theme

from tui_reader.config import Config, nearest
from tui_reader.store import Store, View
from tui_reader.ui.main_screen import MainScreen

DARK = Theme(
    name="reader-dark",
    primary="#82aaff",
    accent="#82aaff",
    warning="#f2b84b",
    error="#ff7a85",
    foreground="#d7dae0",
    background="#14161b",
    surface="#1b1e25",
    panel="#262b36",
    dark=True,
)
LIGHT = Theme(
    name="reader-light",
    primary="#1f56c3",
    accent="#1f56c3",
    warning="#a65400",
    error="#b3261e",
    foreground="#22262d",
    background="#fbfaf7",
    surface="#f1efe9",
    panel="#dfe5f2",
    dark=False,
)
THEMES = {**BUILTIN_THEMES, DARK.name: DARK, LIGHT.name: LIGHT}


def theme_problem(name: str) -> str | None:
    """Return why there is no theme of this name, or None where there is one."""
    known = ("auto", *THEMES)
    return None if name in known else f"there is no theme {name!r}; is it {nearest(name, known)}?"


class ReaderApp(App[None]):
    """The reader, full screen."""

    TITLE = "tui-reader"
    CSS_PATH = "app.tcss"
    ENABLE_COMMAND_PALETTE = False  # ours is a chooser
    BINDINGS = ()  # type: ignore[assignment]  # the table of actions has them all

    theme = Reactive(DARK.name)

    def __init__(
        self,
        store: Store,
        view: View,
        config: Config = Config(),
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        problems: Iterable[str] = (),
    ) -> None:
        super().__init__()
        self.store = store
        self.main = MainScreen(store, view, config, now, problems)
        if config.theme not in (self.theme, "auto"):
            self.theme = config.theme

    @property
    def available_themes(self) -> dict[str, Theme]:
        # Known from the start, so that the styles need not be made twice; asked for at every line.
        return THEMES

    def get_default_screen(self) -> MainScreen:
        return self.main

    def on_mount(self) -> None:
        self.call_after_refresh(_settle_memory)


def _settle_memory() -> None:
    """Let the collector pass over what start-up made: its pauses are the slowest keys."""
    gc.freeze()
    gc.enable()
