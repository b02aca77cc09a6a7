"""The terminal, for Textual: its own driver, with one size, one start, and our input."""

import os
import select
import termios
import tty
from threading import Event
from types import FrameType
from typing import Any

from textual.app import App
from textual.strip import Strip

from tui_reader.ui.terminal.first_frame import ENTER, Frame, taken
from tui_reader.ui.terminal.input import Input, decoder
from tui_reader.ui.terminal.usable import size_of
from tui_reader.ui.textual_private import LinuxDriver

DRAWN_ON = 2  # standard error
SHOW_CURSOR, HIDE_CURSOR = "\x1b[?25h", "\x1b[?25l"
ScreenLine = list[tuple[int, Strip]]
"""The parts of a line of the screen, and the column of each."""
Shown = dict[int, ScreenLine]
"""What a terminal shows, by line."""
KEY_BYTES_AT_ONCE = 4096
TICK = 0.1  # seconds until a sequence that did not go on is looked at


class TerminalDriver(LinuxDriver):
    """Textual's driver of a terminal.

    Its size is that of the terminal that is drawn on, whoever asks. SIGCONT starts only what a
    stop has ended. What goes wrong in the thread that reads keys goes wrong in the app.
    """

    def __init__(self, app: App[Any], **options: Any) -> None:
        super().__init__(app, **options)
        self._shows_cursor = False
        self.shown: Shown = {}
        """What the terminal shows, as far as that is known."""
        self.frame: Frame | None = None
        """The first frame, until the program takes keys."""
        self.takes_keys = Event()
        """Set when keys may come: before the first painting they wait in the terminal."""
        self._get_terminal_size()
        self._woken, self._wakes = os.pipe()
        """By which the thread that waits for keys is told to look whether it is to end."""

    def _get_terminal_size(self) -> tuple[int, int]:
        self._size = size_of(DRAWN_ON) or self._size or (80, 25)
        return self._size

    def use(self, *, mouse: bool, cursor: bool) -> None:
        """Take the mouse, or leave it to the terminal; show its own cursor, or none."""
        if mouse != self._mouse:
            self._disable_mouse_support()  # which does nothing without
            self._mouse = mouse
            self._enable_mouse_support()
        if cursor != self._shows_cursor:
            self._shows_cursor = cursor
            self.write(SHOW_CURSOR if cursor else HIDE_CURSOR)
            self.flush()

    def start_application_mode(self) -> None:
        self.shown.clear()
        self.frame = taken()
        super().start_application_mode()  # type: ignore[no-untyped-call]
        if self.frame:
            self.attrs_before = self.frame.modes
        if self._shows_cursor:
            self.write(SHOW_CURSOR)

    def write(self, data: str) -> None:
        # Entered a second time, the screen would be cleared.
        if not (self.frame and data == ENTER):
            super().write(data)

    def take_keys(self, row: int) -> bool:
        """Take keys from now on; return whether those that were typed before had to be dropped.

        They are for the papers that the frame shows: the cursor must be on the same `row`.
        """
        frame, self.frame = self.frame, None
        moved = frame and not (frame.row == row and frame.holds)
        typed = bool(moved and select.select([self.fileno], [], [], 0)[0])
        if typed:
            termios.tcflush(self.fileno, termios.TCIFLUSH)
        self.takes_keys.set()
        return typed

    def _sigcont_application(self, *_: int | FrameType | None) -> None:
        if self._must_signal_resume:
            super()._sigcont_application()
        elif self._auto_restart:
            self._loop.call_soon_threadsafe(self._take_back)

    def _take_back(self) -> None:
        """Take the terminal back after SIGSTOP, which can't be seen coming; a shell had it."""
        if self.attrs_before is None:
            return
        try:
            modes = termios.tcgetattr(self.fileno)
            modes[tty.LFLAG] = self._patch_lflag(modes[tty.LFLAG])
            modes[tty.IFLAG] = self._patch_iflag(modes[tty.IFLAG])
            termios.tcsetattr(self.fileno, termios.TCSANOW, modes)
        except termios.error:
            return  # it went away
        self.send_message(self.SignalResume())

    def _run_input_thread(self) -> None:
        try:
            self.run_input_thread()
        except Exception as error:
            self._loop.call_soon_threadsafe(self._app._handle_exception, error)

    def run_input_thread(self) -> None:
        while not self.takes_keys.wait(TICK):
            if self.exit_event.is_set():
                return
        decode, sent = decoder().decode, Input()
        while not self.exit_event.is_set():
            patience = TICK if sent.grammar.waits else None
            if self.fileno in select.select([self.fileno, self._woken], [], [], patience)[0]:
                try:
                    data = os.read(self.fileno, KEY_BYTES_AT_ONCE)
                except OSError:
                    return  # the terminal went away
                if not data:
                    return
                for message in sent.feed(decode(data)):
                    self.process_message(message)
            for message in sent.tick():
                self.process_message(message)

    def disable_input(self) -> None:
        os.write(self._wakes, b".")
        super().disable_input()
        os.read(self._woken, 1)
