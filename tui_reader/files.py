"""Files replaced whole or not at all."""

import errno
import fcntl
import os
import stat
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path

from tui_reader.errors import ConfigError, StoreError, translated

MOST_BYTES = 1 << 20
"""Of a file that a person writes: no settings are as long."""


def private_folder(folder: Path) -> None:
    """Make a folder, and those it is in, the owner's alone whatever the umask; raises OSError."""
    for missing in [*(above for above in folder.parents if not above.exists())][::-1]:
        missing.mkdir(mode=0o700, exist_ok=True)
    folder.mkdir(mode=0o700, exist_ok=True)


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Let one process at a time change what is in a folder; it is made if need be.

    Raises OSError where it can't be. A disk without locks lets them all.
    """
    private_folder(folder)
    lock = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        with suppress(OSError):
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield
    finally:
        os.close(lock)


def replace_file(
    file: Path,
    pieces: Iterable[str | bytes],
    *,
    private: bool = True,
    only_new: bool = False,
    forced: bool = True,
) -> None:
    """Write a file anew, texts in UTF-8, and have it forced to disk.

    A private one is the owner's alone, and its directory is made if need be; any other keeps the
    mode it has. Raises OSError, which is FileExistsError where only a new file may be written;
    then the file is as it was.
    """
    if private:
        private_folder(file.parent)
    exists = file.exists()
    if exists and only_new:
        raise FileExistsError(file)
    draft = file.with_name(f".{file.name}.{os.urandom(4).hex()}")
    made = partial(os.open, mode=0o600 if private else 0o666)
    with open(draft, "xb", opener=made) as written:
        try:
            if private or exists:
                draft.chmod(0o600 if private else file.stat().st_mode)
            written.writelines(
                piece.encode("utf-8", "replace") if isinstance(piece, str) else piece
                for piece in pieces
            )
            written.flush()
            if forced:
                os.fsync(written.fileno())
            (_link if only_new else os.replace)(draft, file)
        finally:
            draft.unlink(missing_ok=True)


def _link(draft: Path, file: Path) -> None:
    """Give the draft its name; unlike renaming, never over a file that was made meanwhile."""
    try:
        file.hardlink_to(draft)
    except FileExistsError:
        raise
    except OSError:  # a file system without links
        draft.rename(file)


def own_bytes(file: Path) -> bytes:
    """Return what a person's file holds, nothing without one.

    Raises OSError also where it is no plain file, which might never end, or far too long.
    """
    try:
        opened = os.open(file, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    except (FileNotFoundError, NotADirectoryError):
        return b""
    try:
        mode = os.fstat(opened).st_mode
        if not stat.S_ISREG(mode):
            kind = "a directory" if stat.S_ISDIR(mode) else "no plain file"
            raise OSError(errno.EINVAL, f"it is {kind}")
        with open(opened, "rb", closefd=False) as content:
            found = content.read(MOST_BYTES + 1)
    finally:
        os.close(opened)
    if len(found) > MOST_BYTES:
        raise OSError(errno.EFBIG, f"it is larger than {MOST_BYTES >> 20} MB")
    return found


def own_lines(file: Path) -> list[str]:
    """Return the lines of a person's file, none without one; raises ConfigError."""
    with translated(ConfigError, f"{file} can't be read"):
        return own_bytes(file).decode().splitlines()


def keep_lines(file: Path, lines: Iterable[str]) -> None:
    """Replace the lines of a person's file; raises StoreError, then nothing has changed."""
    with translated(StoreError, f"{file} can't be written"):
        replace_file(file, (line + "\n" for line in lines))
