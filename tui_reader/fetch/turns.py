"""Whose turn it is: the word that a person's processes leave each other of when to ask arXiv."""

import fcntl
import json
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from tui_reader.errors import FetchError, Trouble
from tui_reader.files import private_folder

PAUSES = {"site": 15.0, "services": 3.0}
"""Seconds between requests, by group of hosts."""
DAY = 86400.0
_LONGEST_TURN = 600  # seconds: twice what a request may take


class Turn(NamedTuple):
    """What is known of one group of hosts."""

    at: float = 0.0
    """From when on it may be asked, in seconds of the epoch."""
    failures: int = 0
    """How often in a row it has asked for patience."""
    refused: bool = False


class Turns:
    """The file that one request at a time has; the last one left word in it.

    `now` gives seconds of the epoch; `pause` waits so many seconds, and is told why.
    Raises FetchError where the directory can't be written.
    """

    def __init__(
        self, directory: Path, now: Callable[[], float], pause: Callable[[float, str], None]
    ) -> None:
        self._directory = directory
        self._now = now
        self._pause = pause

    @contextmanager
    def alone(self) -> Iterator[tuple[Mapping[str, Turn], Callable[[str, Turn], None]]]:
        """Hold the file; give the turns, and what leaves word of another one."""
        with self._writable():
            private_folder(self._directory)
            path = self._directory / "arxiv.json"
            file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            self._lock(file)
            turns = self._read(file)
            self._write(file, turns)

            def keep(group: str, turn: Turn) -> None:
                turns[group] = turn
                self._write(file, turns)

            yield turns, keep
        finally:
            os.close(file)

    def _lock(self, file: int) -> None:
        for _ in range(_LONGEST_TURN):
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                self._pause(1.0, "another tui-reader is asking arXiv")
            except OSError:  # a disk without locks; the word that is left keeps the pauses
                return
            else:
                return
        raise FetchError(
            "another tui-reader has been asking arXiv for minutes; end it first", Trouble.SETUP
        )

    def _read(self, file: int) -> dict[str, Turn]:
        now, turns = self._now(), dict.fromkeys(PAUSES, Turn())
        try:
            found = json.loads(os.pread(file, 4096, 0) or "{}")
            for group, (at, failures, refused) in found.items():
                # A clock that was set back since must not lock anyone out.
                longest = DAY if failures or refused else PAUSES[group]
                turns[group] = Turn(min(at, now + longest), int(failures), bool(refused))
        except (OSError, ValueError, TypeError, AttributeError, KeyError):
            return {group: Turn(now + pause) for group, pause in PAUSES.items()}
        return turns

    def _write(self, file: int, turns: Mapping[str, Turn]) -> None:
        word = json.dumps(turns).encode()
        with self._writable():
            os.pwrite(file, word, 0)
            os.ftruncate(file, len(word))

    @contextmanager
    def _writable(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise FetchError(
                f"{self._directory} can't be written ({error.strerror}), so arXiv can't be asked"
                " politely; choose another place with --home",
                Trouble.SETUP,
            ) from error
