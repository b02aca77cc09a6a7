"""Runs the app so that the terminal is given back whatever happens, and no traceback is shown.

Signals are not left to the app's loop, which may hang: Python's own handler writes each into a
pipe, where a thread reads it. That asks the app to end, and ends the process if it does not.
"""

import asyncio
import os
import select
import signal
import termios
import threading
import traceback
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from tui_reader import crash
from tui_reader.ui.app import ReaderApp
from tui_reader.ui.terminal import first_frame

_RESET = (
    b"\x1b[?1049l\x1b[?25h\x1b[?1000l\x1b[?1002l\x1b[?1003l\x1b[?1006l\x1b[?1015l\x1b[?2004l"
    b"\x1b[?1016l\x1b[?2048l\x1b[?1004l\x1b[<u\x1b[?7h\x1b[0m"
)
_ENDS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT)
_TYPED = (signal.SIGINT, signal.SIGQUIT)
"""What the terminal itself sends to all that run in it, at Ctrl-C."""
_SECONDS_TO_END = 1.5  # for the app to end by itself after a signal


def run(app: ReaderApp, crashes: Path) -> int:
    """Run the app until it ends; return the process's exit code.

    An internal error goes to a file in `crashes`, and one line about it to standard error.
    """
    return _Guard(app, crashes).run()


class _Guard:
    """What ends the app from outside, and what goes wrong in it."""

    def __init__(self, app: ReaderApp, crashes: Path) -> None:
        self._app = app
        self._crashes = crashes
        self._terminal = first_frame.modes()
        self._over = threading.Event()
        self._problems: list[str] = []
        self._ended_by = 0
        app._handle_exception = self._fail  # type: ignore[method-assign]  # Textual's prints all

    def run(self) -> int:
        woken, wakes = os.pipe()
        os.set_blocking(wakes, False)
        signal.set_wakeup_fd(wakes, warn_on_full_buffer=False)
        # What matters is that it is written; and an editor's processes inherit no handler.
        before = {number: signal.signal(number, lambda *_: None) for number in _ENDS}
        threading.excepthook = self._thread_failed
        try:
            asyncio.run(self._main(woken))
        except Exception as error:
            self._fail(error)
        finally:
            self._over.set()
            self._restore()
            for number, handler in before.items():
                signal.signal(number, handler)
        if self._problems:
            crash.report("\n".join(self._problems), self._crashes)
        if self._ended_by:
            return 128 + self._ended_by
        return 1 if self._problems else self._app.return_code or 0

    async def _main(self, woken: int) -> None:
        self._loop = asyncio.get_running_loop()
        self._loop.set_exception_handler(self._task_failed)
        threading.Thread(target=self._watch, args=[woken], name="watch", daemon=True).start()
        await self._app.run_async(mouse=self._app.main.config.takes_mouse)

    def _watch(self, woken: int) -> None:
        """Wait for a signal that ends the app, or for the terminal to go away."""
        poll = select.poll()
        poll.register(woken, select.POLLIN)
        poll.register(0, 0)
        while not self._over.is_set():
            ready = dict(poll.poll())
            numbers = list(os.read(woken, 64)) if woken in ready else []
            if 0 in ready:
                numbers.append(signal.SIGHUP)
            # While an editor has the terminal, Ctrl-C is for that.
            if ends := [n for n in numbers if n in _ENDS and not (n in _TYPED and self._app.lent)]:
                self._end(ends[0])
                return

    def _end(self, number: int) -> None:
        self._ended_by = number
        with suppress(RuntimeError):  # it has ended already
            self._loop.call_soon_threadsafe(self._app.exit, None, 128 + number)
        if not self._over.wait(_SECONDS_TO_END):
            self._restore()
            os._exit(128 + number)

    def _restore(self) -> None:
        """Give the terminal back as it was found; Textual may not have come to that."""
        try:
            if (self._problems or self._ended_by) and select.select([], [2], [], 0)[1]:
                os.write(2, _RESET)
            termios.tcsetattr(0, termios.TCSANOW, self._terminal)
        except (OSError, termios.error):
            pass  # the terminal is gone

    def _fail(self, error: BaseException) -> None:
        """End the app on an internal error."""
        self._problems.append("".join(traceback.format_exception(error)))
        self._app._return_code = 1
        self._app._close_messages_no_wait()

    def _thread_failed(self, failed: threading.ExceptHookArgs) -> None:
        error = failed.exc_value or failed.exc_type()
        fatal = failed.thread and failed.thread.name.startswith("textual")  # as it draws no more
        self._loop.call_soon_threadsafe(self._fail if fatal else self._note, error)

    def _task_failed(self, _: asyncio.AbstractEventLoop, context: Mapping[str, Any]) -> None:
        self._note(context.get("exception") or RuntimeError(context["message"]))

    def _note(self, error: BaseException) -> None:
        """Keep a report of what failed behind the screen, and go on."""
        self._app.say(crash.noted(error, self._crashes))
