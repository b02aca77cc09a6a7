"""The first frame: what the reader will show when it has loaded, on the screen before it has.

On leaving, `ui.leaving` keeps what the next opening would paint. On starting, before anything else
is loaded, `show` writes that to the terminal, in the modes of a full screen, so that keys typed
meanwhile wait there, unseen. It does so only where the opening has the same to go by: program,
terminal, its size, day, and files. The driver takes the terminal over (`taken`), and the painter
writes nothing where the program paints just that. The driver reads no key before; where the list
is another by then, it drops them, as they were meant for papers that the frame shows. Whatever is
said before gives the terminal back (`give_back`).

Nothing is imported here that takes time to load.
"""

# What signal adds to this takes longer to load than all else here.
import _signal as signal  # type: ignore[import-not-found]
import os
import sys
import termios
import time
import zlib

import tui_reader
from tui_reader.opening import opening

TYPE_CHECKING = False  # as typing has it
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

ENTER, LEAVE = "\x1b[?1049h", "\x1b[?1049l"
_BEGIN = f"{ENTER}\x1b[?25l\x1b[?7l\x1b[?2004h".encode()  # pastes are marked as such, too
_END = f"\x1b[?2004l\x1b[?7h{LEAVE}\x1b[?25h".encode()
_FORM = b"tui-reader first frame 1"
NAME = "first-frame"
_LONGEST = 1 << 20  # bytes
_KNOWN_BY = (
    "TERM", "COLORTERM", "COLORFGBG", "NO_COLOR", "TERM_PROGRAM", "FORCE_COLOR", "TEXTUAL_THEME",
    "TEXTUAL_COLOR_SYSTEM", "TEXTUAL_ALLOW_SIGNALS", "LC_ALL", "LC_CTYPE", "LANG", "TZ",
    "HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME",
)  # fmt: skip
"""What of the environment decides how the screen is drawn, and where files are."""


class Frame:
    """A frame that the terminal shows."""

    def __init__(
        self, text: str, row: int, seen: str, folders: list[str], modes: "list[Any]"
    ) -> None:
        self.text = text
        self.row = row
        """The row number of the paper under the cursor; 0 where there is none."""
        self.modes = modes
        """Those that the terminal had before."""
        self.resized = False
        """Whether the terminal's size has changed since, so that nobody knows what it shows."""
        self._seen = seen
        self._folders = folders

    def is_still(self, painted: str) -> bool:
        """Whether the terminal shows what is to be painted."""
        return painted == self.text and not self.resized

    @property
    def holds(self) -> bool:
        """Whether all files are as they were when it was kept."""
        return state(self._folders) == self._seen


_shown: list[Frame] = []
"""The one that is shown, if any."""


def show(arguments: list[str]) -> None:
    """Show the frame that was kept, if the reader would open with just that."""
    said = opening(arguments)
    if said is None or not all(map(os.isatty, (0, 1, 2))):
        return
    try:
        found = _read(file(said), identity(said))
        if found and os.tcgetpgrp(0) == os.getpgrp():
            _begin(*found)
    except (OSError, ValueError, termios.error):
        give_back()


def _read(path: str, wanted: str) -> tuple[bytes, int, str, list[str]] | None:
    """Return the frame in a file and what it goes by, if that is as it was."""
    opened = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    try:
        about = os.fstat(opened)
        if about.st_uid != os.geteuid() or about.st_mode & 0o077 or about.st_size > _LONGEST:
            return None
        kept = os.read(opened, _LONGEST)
    finally:
        os.close(opened)
    form, check, rest = kept.split(b"\n", 2)
    if form != _FORM or int(check, 16) != zlib.crc32(rest):
        return None
    row, seen, folders, known, text = rest.split(b"\0", 4)
    where = os.fsdecode(folders).split("\n")
    same = known.decode() == wanted and seen.decode() == state(where)
    return (text, int(row), seen.decode(), where) if same else None


def _begin(text: bytes, row: int, seen: str, folders: list[str]) -> None:
    modes = termios.tcgetattr(0)
    frame = Frame(text.decode(), row, seen, folders, [*modes[:6], modes[6][:]])
    _shown.append(frame)
    modes[0] &= ~(termios.IXON | termios.IXOFF | termios.ICRNL | termios.INLCR | termios.IGNCR)
    modes[3] &= ~(termios.ECHO | termios.ICANON | termios.IEXTEN | termios.ISIG)
    modes[6][termios.VMIN], modes[6][termios.VTIME] = 1, 0
    _mind_signals(frame)
    termios.tcsetattr(0, termios.TCSANOW, modes)
    _write(_BEGIN + text)


def _mind_signals(frame: Frame) -> None:
    """Until the program minds them: give the terminal back where a signal ends it."""

    def end(number: int, _: object) -> None:
        give_back()
        os._exit(128 + number)

    def resized(_: int, __: object) -> None:
        frame.resized = True

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT):
        if signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, end)
    signal.signal(signal.SIGTSTP, signal.SIG_IGN)  # the driver minds it, a moment later
    signal.signal(signal.SIGWINCH, resized)


def taken() -> Frame | None:
    """Return the frame that is shown, to the one who minds the terminal from now on."""
    return _shown.pop() if _shown else None


def modes() -> "list[Any]":
    """Return the modes that the terminal has, or had before the frame that is shown."""
    return _shown[0].modes if _shown else termios.tcgetattr(0)


def give_back() -> None:
    """Give the terminal back, if a frame is shown; keys typed meanwhile were not for a shell."""
    if frame := taken():
        try:
            termios.tcflush(0, termios.TCIFLUSH)
            termios.tcsetattr(0, termios.TCSANOW, frame.modes)
            _write(_END)
        except (OSError, termios.error):
            pass  # it went away


def written(text: str, row: int, seen: str, folders: list[str], known: str) -> bytes:
    """Return the file of a frame."""
    fields = (str(row), seen, "\n".join(folders), known)
    rest = b"\0".join((*map(os.fsencode, fields), text.encode()))
    return b"%b\n%x\n%b" % (_FORM, zlib.crc32(rest), rest)


def file(said: "Mapping[str, object]") -> str:
    """Return where the frame is kept: in the cache directory, which platformdirs finds later."""
    under = said["home"] or os.environ.get("TUI_READER_HOME")
    if under:
        home = os.path.abspath(os.path.expanduser(str(under)))
        cache, states = os.path.join(home, "cache"), os.path.join(home, "state")
    elif sys.platform == "darwin":
        cache = os.path.expanduser("~/Library/Caches/tui-reader")
        states = os.path.expanduser("~/Library/Application Support/tui-reader")
    else:
        cache = _xdg("XDG_CACHE_HOME", "~/.cache")
        states = _xdg("XDG_STATE_HOME", "~/.local/state")
    if said["sample"]:
        cache = os.path.join(states, "sample", "cache")
    return os.path.join(cache, NAME)


def _xdg(name: str, usual: str) -> str:
    return os.path.join(os.environ.get(name, "").strip() or os.path.expanduser(usual), "tui-reader")


def identity(said: "Mapping[str, object]") -> str:
    """Return what has to be the same for the frame to be, but for files."""
    size = os.get_terminal_size(2)
    environment = (os.environ.get(name) for name in _KNOWN_BY)
    return repr(
        (tui_reader.__version__, *size, said["ascii"], time.strftime("%F %Z"), *environment)
    )


def state(folders: list[str]) -> str:
    """Return what tells whether any of the files in these folders has changed.

    Of an empty file there is nothing to tell: SQLite leaves some beside its own, or does not.
    """
    found = []
    for folder in folders:
        try:
            with os.scandir(folder) as entries:
                files = [(each.path, each.stat()) for each in entries if NAME not in each.name]
        except OSError:
            continue
        found += [
            (path, about.st_size, about.st_mtime_ns, about.st_ino)
            for path, about in files
            if about.st_size and not path.endswith("-shm")
        ]
    return f"{zlib.crc32(repr(sorted(found)).encode()):x}"


def _write(data: bytes) -> None:
    while data:
        data = data[os.write(2, data) :]
