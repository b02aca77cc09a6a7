"""Cut the power while marks are written, and see that every mark that was acknowledged is there.

    python -m tests.power_trials IMAGES [bad]

What the journal asks of the system is recorded: writes, names, and what was forced to the disk.
For a moment in between a disk is made up as a power cut may leave it: all that was forced, and of
what was written since any part, cut in the middle or with zeros in its place; of names given or
taken since the last forcing of the folder only some. `bad` is a build that does not force what it
writes, and must be found out.
"""

import os
import random
import shutil
import sys
import tempfile
from collections import defaultdict
from pathlib import Path
from typing import Any

from tests.journal_store import NOW, JournalStore, marks_in, set_note
from tests.journal_trials import PAPERS, edit
from tui_reader.model import Marks, PaperId
from tui_reader.store import journal as journal_module
from tui_reader.triage import Triage

IMAGES_OF_A_SESSION = 25
Event = tuple[Any, ...]
Known = dict[PaperId, Marks]


class RecordingOs:
    """The os module, which writes down what changes the disk and what forces it."""

    def __init__(self, *, forces: bool) -> None:
        self.events: list[Event] = []
        self._forces = forces
        self._files: dict[int, int] = {}
        """The number of each file that is open, by its descriptor."""
        self._numbers: dict[int, int] = {}
        """The same, by inode, as long as it has a name."""

    def __getattr__(self, name: str) -> Any:
        return getattr(os, name)

    def open(self, path: Any, flags: int, mode: int = 0o777) -> int:
        is_new = not os.path.exists(path)
        file = os.open(path, flags, mode)
        if os.path.isdir(path):
            self._files[file] = -1
            return file
        inode = os.fstat(file).st_ino
        if is_new:
            self._numbers[inode] = len(self.events)
            self.events.append(("name", os.path.basename(path), self._numbers[inode]))
        self._files[file] = self._numbers[inode]
        return file

    def write(self, file: int, data: Any) -> int:
        at = os.fstat(file).st_size
        written = os.write(file, data)
        self.events.append(("write", self._files[file], at, bytes(data)[:written]))
        return written

    def ftruncate(self, file: int, size: int) -> None:
        os.ftruncate(file, size)
        self.events.append(("cut", self._files[file], size))

    def fsync(self, file: int) -> None:
        os.fsync(file)
        if self._forces:
            self.events.append(("force", self._files[file]))

    fdatasync = fsync

    def rename(self, old: Any, new: Any) -> None:
        number = self._numbers[os.stat(old).st_ino]
        os.rename(old, new)
        self.events.append(("name", os.path.basename(new), number))
        self.events.append(("name", os.path.basename(old), None))

    def unlink(self, path: Any) -> None:
        os.unlink(path)
        self.events.append(("name", os.path.basename(path), None))


def left_by(events: list[Event], chance: random.Random) -> dict[str, bytes]:
    """Return the files of a disk on which these events were when the power went."""
    changes: dict[int, list[Event]] = defaultdict(list)
    names: list[Event] = []
    sure: dict[int, int] = defaultdict(int)
    for event in events:
        match event:
            case "name", *_:
                names.append(event)
            case "force", -1:
                sure[-1] = len(names)
            case "force", number:
                sure[number] = len(changes[number])
            case _:
                changes[event[1]].append(event)
    kept = names[: chance.randint(sure[-1], len(names))]
    found: dict[str, bytes] = {}
    for _, name, number in kept:
        found.pop(name, None)
        if number is not None:
            certain, later = changes[number][: sure[number]], changes[number][sure[number] :]
            found[name] = _content(certain, later[: chance.randint(0, len(later))], chance)
    return found


def _content(certain: list[Event], perhaps: list[Event], chance: random.Random) -> bytes:
    data = bytearray()
    for event in [*certain, *perhaps]:
        if event[0] == "cut":
            del data[event[2] :]
            continue
        _, _, at, block = event
        if event in perhaps:
            block = chance.choice(
                [block, block[: chance.randint(0, len(block))], bytes(len(block))]
            )
        data[at : at + len(block)] = block
    return bytes(data)


def session(root: Path, seed: int, *, forces: bool) -> tuple[list[Event], list[Known]]:
    """Do what a person might do; return what came of it, and the marks after each step."""
    chance = random.Random(seed)
    store = JournalStore(root / "data")
    triage = Triage(store, lambda: NOW)
    states: list[Known] = [{}]
    recording = RecordingOs(forces=forces)
    setattr(journal_module, "os", recording)  # noqa: B010
    try:
        for number in range(12):
            if number % 6 == 5:
                store.journal.compact(NOW, keep=chance.randint(0, 3))
            else:
                edit(triage, chance)
            states.append(marks_in(root / "data"))
            recording.events.append(("acknowledged",))
    finally:
        setattr(journal_module, "os", os)  # noqa: B010
    return recording.events, states


def run(images: int, *, forces: bool = True) -> list[str]:
    """Return what is wrong with so many images, each with its seed."""
    wrong = []
    root = Path(tempfile.mkdtemp(dir="/dev/shm" if os.path.isdir("/dev/shm") else None))
    for seed in range(0, images, IMAGES_OF_A_SESSION):
        events, states = session(root, seed, forces=forces)
        shutil.rmtree(root / "data")
        for number in range(seed, min(images, seed + IMAGES_OF_A_SESSION)):
            chance = random.Random(number)
            until = events[: chance.randint(0, len(events))]
            done = until.count(("acknowledged",))
            directory = root / "image"
            directory.mkdir()
            disk = [event for event in until if event != ("acknowledged",)]
            for name, data in left_by(disk, chance).items():
                (directory / name).write_bytes(data)
            found = marks_in(directory)
            if found not in states[done : done + 2]:
                wrong.append(f"{number}: after {done} steps")
            Triage(JournalStore(directory), lambda: NOW).edit("Note", PAPERS[:1], set_note("on"))
            if marks_in(directory)[PAPERS[0]].note != "on":
                wrong.append(f"{number}: it does not go on")
            shutil.rmtree(directory)
    shutil.rmtree(root)
    return wrong


def main() -> int:
    wrong = run(int(sys.argv[1]), forces="bad" not in sys.argv)
    print(*wrong[:20], sep="\n")
    print(f"{sys.argv[1]} images of power cuts, lost or wrong: {len(wrong)}")
    return bool(wrong)


if __name__ == "__main__":
    sys.exit(main())
