"""Runs the app so that the terminal is given back whatever happens, and no traceback is shown."""

import os
import select
import signal
import sys
import termios
import threading
import traceback
from pathlib import Path
from typing import TYPE_CHECKING

from tui_reader import crash

if TYPE_CHECKING:  # commands ask whether the terminal can be used, and need no more
    from textual.app import App

_RESET = (
    b"\x1b[?1049l\x1b[?25h\x1b[?1000l\x1b[?1002l\x1b[?1003l\x1b[?1006l\x1b[?1015l\x1b[?2004l"
    b"\x1b[?1016l\x1b[?2048l\x1b[?1004l\x1b[<u\x1b[?7h\x1b[0m"
)
_PATIENCE = 2.0  # seconds for the app to end by itself after a signal


def unusable() -> str | None:
    """Return why the full-screen program can't run in this terminal, or None when it can."""
    if not (
        sys.__stdin__ and sys.__stdin__.isatty() and sys.__stderr__ and sys.__stderr__.isatty()
    ):
        return "not a terminal; for scripts there is tui-reader list, see tui-reader --help"
    if (terminal := os.environ.get("TERM", "")) in ("", "dumb", "unknown"):
        return (
            f"TERM={terminal!r} can't show a full-screen program; set TERM, or use tui-reader list"
        )
    if "utf" not in (sys.__stderr__.encoding or "").lower():
        return f"the terminal's encoding is {sys.__stderr__.encoding}; set LC_ALL=C.UTF-8"
    return None


def run(app: "App[None]", crashes: Path) -> int:
    """Run the app until it ends; return the process's exit code.

    An internal error goes to a file in `crashes`, and one line about it to standard error.
    """
    import asyncio

    from tui_reader.ui.terminal import background

    background.listen()
    saved = termios.tcgetattr(0)
    reports: list[str] = []
    ended_by: list[int] = []

    def restore() -> None:
        try:
            if reports or ended_by:  # else Textual has given the screen back, and once is enough
                os.write(2, _RESET)
            termios.tcsetattr(0, termios.TCSANOW, saved)
        except (OSError, termios.error):
            pass  # the terminal is gone

    def fatal() -> None:
        reports.append(traceback.format_exc())
        app._return_code = 1
        app._close_messages_no_wait()

    def leave(code: int) -> None:
        restore()
        os._exit(code)

    def end(number: int) -> None:
        ended_by.append(number)
        app.exit(return_code=128 + number)
        # Where the loop can't come that far, as with a dead terminal, leave all the same.
        timer = threading.Timer(_PATIENCE, leave, [128 + number])
        timer.daemon = True
        timer.start()

    async def watch() -> None:
        """Notice a terminal that went away without a signal."""
        poll = select.poll()
        poll.register(0, 0)
        while not any(found & (select.POLLHUP | select.POLLERR) for _, found in poll.poll(0)):
            await asyncio.sleep(1)
        end(signal.SIGHUP)

    async def main() -> None:
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT):
            loop.add_signal_handler(number, end, number)
        watching = asyncio.create_task(watch())
        try:
            await app.run_async()
        finally:
            watching.cancel()

    app._fatal_error = fatal  # type: ignore[method-assign]  # Textual's prints every local variable
    try:
        asyncio.run(main())
    except KeyboardInterrupt:
        ended_by.append(signal.SIGINT)
    except Exception:
        reports.append(traceback.format_exc())
    finally:
        restore()
    if reports:
        crash.report("\n".join(reversed(reports)), crashes)
    if ended_by:
        return 128 + ended_by[0]
    return 1 if reports else app.return_code or 0
