"""The program in a pseudo-terminal: what is sent to it, and what it leaves behind."""

import fcntl
import os
import pty
import re
import select
import signal
import struct
import sys
import termios
import time
from typing import Any

PATIENCE = 20.0  # seconds until what is waited for must have come
PROGRAM = [sys.executable, "-m", "tui_reader"]


class Terminal:
    """A program in a terminal of its own; all that it writes is kept."""

    def __init__(
        self, command: list[str], size: tuple[int, int] = (120, 40), **environment: str
    ) -> None:
        self.written = b""
        self.code: int | None = None
        self.modes = _fresh_modes()  # those of its own may be changed before they are looked at
        self.pid, self._file = pty.fork()
        if not self.pid:
            for ignored in (signal.SIGHUP, signal.SIGINT, signal.SIGQUIT):
                signal.signal(ignored, signal.SIG_DFL)  # by nohup, or in a shell's background
            resize(0, size)
            keep = {name: value for name, value in os.environ.items() if name != "TMUX"}
            os.execvpe(command[0], command, keep | {"TERM": "xterm-256color"} | environment)

    def send(self, data: bytes) -> None:
        os.write(self._file, data)

    def resize(self, size: tuple[int, int]) -> None:
        resize(self._file, size)

    def take(self, seconds: float = 0.0) -> bool:
        """Take what is written within this time; return whether there was anything."""
        if self.code is not None or not select.select([self._file], [], [], seconds)[0]:
            return False
        try:
            written = os.read(self._file, 1 << 16)
        except OSError:
            written = b""
        if not written:
            self.code = os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])
        self.written += written
        return bool(written)

    def until(self, text: bytes, seconds: float = PATIENCE) -> None:
        """Wait until a text is written."""
        end = time.monotonic() + seconds
        while text not in self.written:
            left = end - time.monotonic()
            assert left > 0, f"no {text!r} in {self.written[-2000:]!r}"
            assert self.code is None, f"ended with {self.code}: {self.written[-2000:]!r}"
            self.take(left)

    def settle(self, quiet: float = 0.3) -> None:
        """Wait until nothing has been written for a while."""
        while self.take(quiet):
            pass

    def end(self, seconds: float = PATIENCE) -> int | None:
        """Wait for the program's end; return its exit code, or None where it does not end."""
        end = time.monotonic() + seconds
        while self.code is None and (left := end - time.monotonic()) > 0:
            self.take(left)
        return self.code

    def kill(self, number: int = signal.SIGKILL) -> None:
        os.kill(self.pid, number)

    def stop(self, number: int = signal.SIGSTOP) -> None:
        """Have the program stop, and wait until it has."""
        self.kill(number)
        os.waitpid(self.pid, os.WUNTRACED)

    def close(self) -> None:
        """End the program in any case."""
        if self.code is None:
            self.kill()
            self.end()
        os.close(self._file)

    @property
    def modes_now(self) -> list[Any]:
        return termios.tcgetattr(self._file)

    @property
    def is_given_back(self) -> bool:
        """Whether the terminal's modes are as they were, and the screen is the first one."""
        left = self.written.rfind(b"\x1b[?1049l") > self.written.rfind(b"\x1b[?1049h")
        return left and self.modes_now[:4] == self.modes[:4]


def _fresh_modes() -> list[Any]:
    ours, theirs = pty.openpty()
    modes = termios.tcgetattr(theirs)
    os.close(ours)
    os.close(theirs)
    return modes


def resize(file: int, size: tuple[int, int]) -> None:
    columns, lines = size
    fcntl.ioctl(file, termios.TIOCSWINSZ, struct.pack("HHHH", lines, columns, 0, 0))


UNKNOWN = re.compile(rb"\x1b\[[<>=][0-9;]*u|\x1b\[\?[0-9]+\$p|\x1b\][^\x07\x1b]*(\x07|\x1b\\\\)")
"""What pyte takes for something else, such as the protocol of keys."""


class Emulator:
    """What a person sees in a terminal, and where its cursor is."""

    def __init__(self, terminal: Terminal, size: tuple[int, int]) -> None:
        import pyte

        self.terminal = terminal
        self.screen = pyte.Screen(*size)
        self._stream = pyte.ByteStream(self.screen)
        self._taken = 0

    def press(self, keys: str) -> bytes:
        """Send keys in one go, wait until all is drawn, and return what was written."""
        self.terminal.send(keys.encode())
        return self.look()

    def look(self) -> bytes:
        self.terminal.settle(0.15)
        written = self.terminal.written[self._taken :]
        self._taken = len(self.terminal.written)
        self._stream.feed(UNKNOWN.sub(b"", written))
        return written

    @property
    def lines(self) -> list[str]:
        return list(self.screen.display)

    @property
    def cursor(self) -> tuple[int, int]:
        """The column and the line."""
        return self.screen.cursor.x, self.screen.cursor.y

    @property
    def reversed(self) -> list[tuple[int, int]]:
        """The cells in reverse video, which is how the place of typing is shown."""
        return [
            (x, y)
            for y, line in self.screen.buffer.items()
            for x, cell in line.items()
            if cell.reverse
        ]
