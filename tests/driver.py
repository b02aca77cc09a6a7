"""Drives the real app with keys, and reads its screen."""

import asyncio
import re
from collections.abc import Awaitable, Callable, Sequence
from datetime import date, datetime

from textual.driver import Driver
from textual.events import Key, MouseEvent, Paste
from textual.keys import _character_to_key
from textual.pilot import Pilot
from textual.strip import Strip

from tests.conftest import NOW
from tui_reader.config import Config
from tui_reader.store import Kind, Store, View
from tui_reader.ui.app import ReaderApp
from tui_reader.ui.main_screen import MainScreen

LISTING = View(Kind.LISTING, "cs.DC", date(2026, 3, 3))
INBOX = View(Kind.INBOX)


class Reader:
    """The app as a researcher has it before them."""

    def __init__(self, app: ReaderApp, pilot: Pilot[None]) -> None:
        self.app = app
        self.pilot = pilot

    async def press(self, *keys: str) -> None:
        """Press keys, named as in the table of actions."""
        for key in keys:
            self._send(key)
            await self.settle()

    async def type(self, text: str) -> None:
        """Press the keys of a text, one after the other, faster than the screen is drawn."""
        self.send(text)
        await self.settle()

    def send(self, text: str) -> None:
        """Press the keys of a text, and wait for nothing."""
        for char in text:
            self._send("Enter" if char == "\r" else char)

    def _send(self, key: str) -> None:
        # Pilot's own way waits for an idle process several times a key.
        pressed = Key(_named(key), key if len(key) == 1 else None)
        pressed.set_sender(self.app)
        self.terminal.send_message(pressed)

    def turn(self, wheel: MouseEvent) -> None:
        """Turn the wheel of the mouse."""
        self.app.screen._forward_event(wheel)

    async def until(self, text: str) -> None:
        """Wait until a text is on the screen."""
        async with asyncio.timeout(20):
            while text not in self.screen:
                await self.pilot.pause(0.01)

    async def paste(self, text: str) -> None:
        """Paste a text, as a terminal does."""
        self.app.screen.post_message(Paste(text))
        await self.settle()

    async def settle(self) -> None:
        """Wait until what was asked for is done and painted, however busy the machine is.

        Not for work in other threads: see `until`.
        """
        async with asyncio.timeout(20):
            quiet = 0
            while quiet < 2 and self.app.is_running:
                await self.pilot.pause(0)
                quiet = quiet + 1 if self._is_quiet() else 0

    def _is_quiet(self) -> bool:
        """Whether nothing waits: no message, nothing to be painted, no timer that runs once."""
        screens = self.app.screen_stack
        parts = [
            self.app,
            *(part for each in screens for part in each.walk_children(with_self=True)),
        ]
        once = [timer for part in parts for timer in part._timers if timer._repeat == 0]
        return not (
            any(part._message_queue.qsize() or part._next_callbacks for part in parts)
            or any(
                each._layout_required or each._dirty_widgets or each._callbacks
                for each in screens[-1:]
            )
            or any(timer._task and not timer._task.done() for timer in once)
        )

    @property
    def main(self) -> MainScreen:
        return self.app.main

    @property
    def lines(self) -> list[str]:
        """The screen as text, from the top."""
        return [strip.text.rstrip() for strip in self.strips]

    @property
    def strips(self) -> list[Strip]:
        """The screen in its styles, from the top."""
        return self.app.screen._compositor.render_strips()

    @property
    def terminal(self) -> Driver:
        """What writes to the terminal."""
        assert self.app._driver
        return self.app._driver

    @property
    def screen(self) -> str:
        return "\n".join(self.lines)

    @property
    def selected(self) -> str:
        """The sign and the title of the row under the cursor."""
        rows = [line for line in self.lines if line.startswith(("▌", "│"))]
        return re.split(r"\s*[│┃]", rows[0][1:])[0].strip() if rows else ""

    @property
    def footer(self) -> str:
        """What it says, without how far papers are indexed behind the screen."""
        lines = self.lines[-self.main.footer.size.height :]
        return re.sub(r"\s+Indexing, .*$", "", " ".join(map(str.strip, lines))).strip()


def _named(key: str) -> str:
    """Return Textual's name of a key that is named as in the table of actions."""
    if len(key) == 1:
        return _character_to_key(key)
    return "escape" if key == "Esc" else key.lower().replace("-", "+")


def walk(
    store: Store,
    journey: Callable[[Reader], Awaitable[None]],
    view: View = LISTING,
    size: tuple[int, int] = (120, 40),
    config: Config = Config(),
    clock: Callable[[], datetime] = lambda: NOW,
    problems: Sequence[str] = (),
    hints: bool = False,
) -> None:
    """Open the app on `view`, at `size` columns and lines, and go on a journey in it."""

    async def run() -> None:
        app = ReaderApp(store, view, config._replace(hints=hints), clock)
        app.main.problems += problems
        async with app.run_test(size=size) as pilot:
            reader = Reader(app, pilot)
            await reader.settle()
            await journey(reader)

    asyncio.run(run())
