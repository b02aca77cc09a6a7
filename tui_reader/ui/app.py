"""The app: themes, styles, and the main screen in it."""

import gc
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import partial

from textual import events, on
from textual.app import App
from textual.driver import Driver
from textual.geometry import Offset
from textual.reactive import Reactive
from textual.theme import Theme

from tui_reader.config import Config
from tui_reader.store import Store, View
from tui_reader.ui.beat import Beat
from tui_reader.ui.main_screen import MainScreen
from tui_reader.ui.terminal import background
from tui_reader.ui.terminal.driver import TerminalDriver
from tui_reader.ui.themes import DARK, LIGHT, TERMINAL, THEMES

WORTH_COLLECTING, MOST_UNCOLLECTED = 2, 1_000  # times 70,000 objects that are older than a key


class ReaderApp(App[None]):
    """The reader, full screen."""

    TITLE = "tui-reader"
    CSS_PATH = "app.tcss"
    ENABLE_COMMAND_PALETTE = False  # ours is a chooser
    BINDINGS = ()  # type: ignore[assignment]  # the table of actions has them all

    theme = Reactive(DARK)

    def __init__(
        self,
        store: Store,
        view: View,
        config: Config = Config(),
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        super().__init__(TerminalDriver, ansi_color=True if os.environ.get("NO_COLOR") else None)
        self.store = store
        self.main = MainScreen(store, view, config, now)
        self.lent = False
        """Whether another program has the terminal."""
        self._used = True
        """Whether a key came since garbage was looked for."""
        self.beat = Beat(partial(self.call_later, self._look_around))
        self._light = background.guess(store.recall("background"))
        self.use_settings()

    @property
    def available_themes(self) -> dict[str, Theme]:
        # Known from the start, so that the styles need not be made twice; asked for at every line.
        return THEMES

    @property
    def cursor_position(self) -> Offset:  # asked for at every painting
        return getattr(self.screen, "focus_at", Offset())

    @cursor_position.setter
    def cursor_position(self, _: Offset) -> None:
        pass  # the screen knows

    def get_default_screen(self) -> MainScreen:
        return self.main

    def on_mount(self) -> None:
        self.use_settings()
        self.call_after_refresh(self.painted_first)

    def painted_first(self) -> None:
        """Go on once there is something to see."""
        terminal = self._driver
        if isinstance(terminal, TerminalDriver) and terminal.take_keys(self.main.list.row or 0):
            self.say("The list has changed: what you typed until now was not taken.")
        self._settle_memory()
        self._ask_for_background()

    def _settle_memory(self) -> None:
        """Let memory be collected between keys: pauses for it are the slowest keys."""
        gc.freeze()  # what start-up made stays
        gc.set_threshold(*gc.get_threshold()[:2], MOST_UNCOLLECTED)
        gc.enable()
        self.beat.begin()
        sys.setswitchinterval(0.0005)  # no key waits long for what another thread computes

    async def on_event(self, event: events.Event) -> None:
        if isinstance(event, events.InputEvent | events.Paste):
            self._used = True
            self.beat.hasten()
        if isinstance(event, events.Resize):
            self._forget_shown()
        await super().on_event(event)

    def _look_around(self) -> None:
        """Do what is best done between keys, and see what others wrote."""
        self.collect_garbage()
        for screen in self.screen_stack:
            if isinstance(screen, MainScreen):
                screen.doing(screen.take_over)

    def on_unmount(self) -> None:
        self.beat.end()

    def collect_garbage(self) -> None:
        if not self._used and gc.get_count()[2] > WORTH_COLLECTING:
            gc.collect()
        self._used = False

    def use_settings(self) -> None:
        """Use the mouse as the settings say; show their theme, or one as light as the terminal."""
        config = self.main.config
        if isinstance(self._driver, TerminalDriver):
            self._driver.use(mouse=config.takes_mouse, cursor=config.accessible)
        chosen = config.colours
        if chosen not in THEMES:
            chosen = LIGHT if self._light else DARK
        # Told so, Textual leaves the terminal its own colours instead of drawing in others.
        self.ansi_color = True if os.environ.get("NO_COLOR") or chosen == TERMINAL else None
        if chosen != self.theme:
            self.theme = chosen

    @contextmanager
    def suspend(self) -> Iterator[None]:
        """Give the terminal to another program; an error there is raised with the screen back."""
        failed: Exception | None = None
        self.lent = True
        try:
            with super().suspend():
                try:
                    yield
                except Exception as error:
                    failed = error
        finally:
            self.lent = False
        if failed:
            raise failed

    def say(self, message: str) -> None:
        """Say something in the footer."""
        self.main.footer.say(message)

    @on(Driver.SignalResume)
    def _draw_again(self) -> None:
        self._forget_shown()
        self.refresh(layout=True)

    def _forget_shown(self) -> None:
        if isinstance(self._driver, TerminalDriver):
            self._driver.shown.clear()

    def _ask_for_background(self) -> None:
        if self._driver and os.environ.get("TERM") != "linux":  # the console would print it
            self._driver.write(background.ASK)
            self._driver.flush()

    def on_told(self, told: background.Told) -> None:
        """Take over what the terminal said of its background, now and for the next start."""
        if told.light != self._light:
            self._light = told.light
            self.store.remember("background", "light" if told.light else "dark")
            self.use_settings()
