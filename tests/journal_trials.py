"""Ways to harm a journal, and what must still be there afterwards; the tests run a few of each.

python -m tests.journal_trials damage 10000
python -m tests.journal_trials sync 200
python -m tests.journal_trials full 1
python -m tests.journal_trials clone 1000

With `bad` behind it each tries a program that is wrong on purpose, and must find that out: it mends
no line, takes a failed write for a change that is kept, lets the first value win instead of the
last, or leaves a cloned home the name that it was cloned with.
"""

import errno
import os
import random
import shutil
import sys
import tempfile
import zlib
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import Any

from tests.journal_store import (
    NOW,
    JournalStore,
    marks_in,
    marks_of,
    retag,
    set_note,
    toggle_read,
    toggle_star,
)
from tui_reader.errors import StoreError
from tui_reader.model import Marks, PaperId
from tui_reader.store import journal as journal_module
from tui_reader.store.changes import Change, Stamped, marks_with, merged
from tui_reader.store.journal_line import Sifted, decode
from tui_reader.store.machine import machine_name
from tui_reader.triage import Triage, skip

PAPERS = [PaperId(f"2603.{number:05}") for number in range(1, 9)]
VERBS = [
    ("Star", toggle_star),
    ("Read", toggle_read),
    ("Skip", skip),
    ("Tag", retag("moe")),
    ("Tag", retag("to JJ")),
    ("Untag", retag("-moe")),
    ("Note", set_note("Look at Jane's *lemma*\nagain")),
    ("Note", set_note("Paul Erdős")),
]


def edit(triage: Triage, chance: random.Random, papers: list[PaperId] = PAPERS) -> None:
    """Do one thing a person might do."""
    if chance.random() < 0.15:
        (triage.undo if chance.random() < 0.6 else triage.redo)()
        return
    operation, verb = chance.choice(VERBS)
    triage.edit(operation, chance.sample(papers, chance.randint(1, 3)), verb)


class Killed(BaseException):
    """The process ended here."""


class FaultyOs:
    """The os module, in which one call that could write fails.

    `fault` counts these calls from 0. The failing one raises `error`; a write is cut in the
    middle, and the next ones fail. If `error` is Killed, no later call does anything at all.
    """

    CALLS = ("open", "write", "fdatasync", "fsync", "ftruncate", "rename", "unlink")

    def __init__(self, fault: int, error: BaseException) -> None:
        self.calls: list[str] = []
        self._fault = fault
        self._error = error

    def __getattr__(self, name: str) -> Any:
        real = getattr(os, name)
        return self._guarded(name, real) if name in self.CALLS else real

    def _guarded(self, name: str, real: Callable[..., Any]) -> Callable[..., Any]:
        def call(*args: Any, **named: Any) -> Any:
            at = len(self.calls)
            self.calls.append(name)
            if -1 < self._fault < at:
                full = name == "write" == self.calls[self._fault]
                if full or isinstance(self._error, Killed):
                    raise self._error
            if at != self._fault:
                return real(*args, **named)
            if name == "write":
                cut = real(args[0], bytes(args[1])[: len(args[1]) // 2])
                if not isinstance(self._error, Killed):
                    return cut
            raise self._error

        return call


def fault_trial(
    directory: Path,
    fault: int,
    error: BaseException,
    step: Callable[[JournalStore], object],
    put_os: Callable[[Any], None],
) -> bool:
    """Let one call fail during `step`; return whether the step came to that call.

    Raises AssertionError if what is found afterwards is not what was before, or what the whole
    step makes of it, or if what comes after does not work.
    """
    whole = _prepared(directory / "whole")
    step(whole)
    complete = whole.all_marks()
    store = _prepared(directory / "data")
    before = store.all_marks()
    faulty = FaultyOs(fault, error)
    put_os(faulty)
    try:
        step(store)
        allowed = [complete]
    except StoreError:
        allowed = [before]
    except Killed:
        allowed = [before, complete]
    finally:
        put_os(os)
    after = marks_in(directory / "data")
    assert after in allowed, (fault, faulty.calls)
    later = Triage(JournalStore(directory / "data"), lambda: NOW)
    later.edit("Note", PAPERS[-1:], set_note("afterwards"))
    noted = marks_with(after.get(PAPERS[-1], Marks()), {"note": "afterwards"})
    assert marks_in(directory / "data") == {**after, PAPERS[-1]: noted}, (fault, faulty.calls)
    return len(faulty.calls) > fault


def _prepared(directory: Path) -> JournalStore:
    store = JournalStore(directory)
    triage = Triage(store, lambda: NOW)
    triage.edit("Read", PAPERS[:3], toggle_read)
    for _ in range(5):
        triage.edit("Unread", PAPERS[1:3], toggle_read)
    triage.edit("Star", PAPERS[:2], toggle_star)
    return store


def damage_trial(directory: Path, seed: int) -> tuple[int, int]:
    """Flip a bit of a journal or cut a line; return how many marks are lost, how many uncertain.

    Lost is a mark whose line was not touched. Uncertain ones had their line cut.
    """
    chance = random.Random(seed)
    store = JournalStore(directory)
    triage = Triage(store, lambda: NOW)
    for _ in range(chance.randint(1, 8)):
        edit(triage, chance)
    file = store.journal.file
    if not file.exists():
        return 0, 0
    data = file.read_bytes()
    changes = [decode(line) for line in data.split(b"\n") if line]
    at = chance.randrange(len(data))
    flip = chance.random() < 0.5
    if flip:
        harmed = bytearray(data)
        harmed[at] ^= 1 << chance.randrange(8)
        data = bytes(harmed)
    elif chance.random() < 0.5:  # the end is missing
        changes = changes[: data[:at].count(b"\n") + (data[at : at + 1] == b"\n")]
        data = data[:at]
    else:  # a piece of one line is missing
        end = chance.randint(at + 1, max(at + 1, data.find(b"\n", at)))
        if b"\n" not in data[at:end]:
            del changes[data[:at].count(b"\n")]
        data = data[:at] + data[end:]
    file.write_bytes(data)
    expected = marks_of(merged(change for change in changes if isinstance(change, Change)))
    found = marks_in(directory)
    lost = sum(found.get(paper, Marks()) != marks for paper, marks in expected.items())
    lost += sum(paper not in expected for paper in found)
    later = JournalStore(directory)
    Triage(later, lambda: NOW).edit("Note", PAPERS[:1], set_note("afterwards"))
    after = {
        **found,
        PAPERS[0]: marks_with(found.get(PAPERS[0], Marks()), {"note": "afterwards"}),
    }
    lost += marks_in(directory) != after
    return lost, 0 if flip else 1


def sync_trial(directory: Path, seed: int) -> int:
    """Let three machines work, and carry files between them as synchronisers do.

    Machines see each other late, get older copies, conflict copies of their own file, and torn
    ones. Returns how many papers have other marks on any machine than all the changes say.
    """
    chance = random.Random(seed)
    names = ("desk", "lap", "lab")
    stores = {name: JournalStore(directory / name, name) for name in names}
    written: set[Change] = set()
    for _ in range(chance.randint(5, 25)):
        name = chance.choice(names)
        store = stores[name]
        if chance.random() < 0.5:
            edit(Triage(store, lambda: NOW), chance)
            written |= set(store.recent())
        elif chance.random() < 0.1:
            store.journal.compact(NOW, keep=chance.randint(0, 5))
        elif chance.random() < 0.15:
            stores[name] = JournalStore(directory / name, name)
        else:
            _carry(directory, name, chance.choice(names), chance)
    for _ in range(2):
        for source in names:
            for target in names:
                _carry(directory, source, target, random.Random(0), whole=True)
    expected = marks_of(merged(written))
    wrong = 0
    for store in (*stores.values(), *(JournalStore(directory / name, "new") for name in names)):
        found = store.all_marks()
        wrong += sum(found.get(paper, Marks()) != expected.get(paper, Marks()) for paper in PAPERS)
    return wrong


def clone_trial(directory: Path, seed: int, *, named: bool = True) -> int:
    """Let homes be cloned with their names, their clocks set back, and files be carried.

    Returns how many papers have other marks in any home than all the changes say.
    """
    chance = random.Random(seed)
    homes = [directory / "a"]
    written: set[Change] = set()
    stores: dict[Path, JournalStore] = {}
    for _ in range(chance.randint(8, 25)):
        home = chance.choice(homes)
        if len(homes) < 3 and chance.random() < 0.2:
            homes.append(directory / "abc"[len(homes)])
            shutil.copytree(home, homes[-1], dirs_exist_ok=True) if home.exists() else None
        elif chance.random() < 0.6:
            name = machine_name(home / "state") if named else "desk"
            # The store of a home stays open, or is opened anew.
            if chance.random() < 0.3 or home not in stores:
                stores[home] = JournalStore(home / "data", name)
            now = NOW - timedelta(days=chance.randint(0, 3) * chance.randint(0, 200))
            edit(Triage(stores[home], lambda now=now: now), chance)  # type: ignore[misc]
            written |= set(stores[home].recent())
        else:
            _synchronise(home, chance.choice(homes))
    for _ in range(2):
        for source in homes:
            for target in homes:
                _synchronise(source, target)
    expected = marks_of(merged(written))
    wrong = 0
    for home in homes:
        found = marks_in(home / "data")
        wrong += sum(found.get(paper, Marks()) != expected.get(paper, Marks()) for paper in PAPERS)
    return wrong


def _synchronise(source: Path, target: Path) -> None:
    """Carry journals as a synchroniser does that lets the file changed last win."""
    for file in sorted((source / "data").glob("journal-*.jsonl")):
        there = target / "data" / file.name
        there.parent.mkdir(parents=True, exist_ok=True)
        if not there.exists() or there.stat().st_mtime_ns < file.stat().st_mtime_ns:
            arriving = there.with_name(f".{there.name}.arriving")
            shutil.copy2(file, arriving)
            arriving.replace(there)


def _carry(
    directory: Path, source: str, target: str, chance: random.Random, *, whole: bool = False
) -> None:
    if source == target:
        return
    for file in sorted((directory / source).glob("journal-*.jsonl")):
        data = file.read_bytes()
        there = directory / target / file.name
        there.parent.mkdir(exist_ok=True)
        if not whole and chance.random() < 0.2:  # still on its way
            data = data[: chance.randint(0, len(data))]
        if file.name == f"journal-{target}.jsonl":
            # A synchroniser does not overwrite what the machine itself wrote: it makes a copy.
            copy = f"journal-{target}.sync-conflict-{zlib.crc32(data):08x}.jsonl"
            if chance.random() < 0.3 and not whole:
                (directory / target / copy).write_bytes(data)
        elif (
            "conflict" in file.name
            or file.name == f"journal-{source}.jsonl"
            or (not there.exists() or len(data) >= there.stat().st_size)
        ):
            arriving = there.with_name(f".{there.name}.arriving")
            arriving.write_bytes(data)
            arriving.replace(there)


STEPS: dict[str, Callable[[JournalStore], object]] = {
    "star": lambda store: Triage(store, lambda: NOW).edit("Star", PAPERS[2:4], toggle_star),
    "first": lambda store: Triage(
        JournalStore(store.journal.directory / "new", "lap"), lambda: NOW
    ).edit("Star", PAPERS[2:4], toggle_star),
    "undo": lambda store: Triage(store, lambda: NOW).undo() and None,
    "bulk": lambda store: Triage(store, lambda: NOW).edit("Skip", PAPERS, skip),
    "compact": lambda store: store.journal.compact(NOW, keep=0),
    "backup": lambda store: store.journal.backup(store.journal.directory.parent / "backup.jsonl"),
}


def _never_mends(sifted: Sifted, line: bytes) -> bool:
    return False


def _hopes_for_the_best(file: int, line: bytes, directory: Path) -> None:
    with suppress(OSError):
        vars(journal_module)["os"].write(file, line)


BAD: dict[str, tuple[object, str, object]] = {
    "damage": (Sifted, "mend", _never_mends),
    "full": (journal_module, "_append", _hopes_for_the_best),
    "sync": (Stamped, "order", property(lambda _: (0, "", ""))),
}
"""What is wrong on purpose where a trial is told to be `bad`."""


def main() -> int:
    what, count = sys.argv[1], int(sys.argv[2])
    if "bad" in sys.argv and what in BAD:
        setattr(*BAD[what])
    lost = trials = uncertain = 0
    root = Path(tempfile.mkdtemp(dir="/dev/shm" if os.path.isdir("/dev/shm") else None))
    for seed in range(count):
        directory = root / "data"
        if what == "damage":
            wrong, cut = damage_trial(directory, seed)
            lost += wrong
            uncertain += cut
            trials += 1
        elif what == "sync":
            lost += sync_trial(directory, seed)
            trials += 1
        elif what == "clone":
            lost += clone_trial(directory, seed, named="bad" not in sys.argv)
            trials += 1
        else:
            for step in STEPS.values():
                for number in (errno.ENOSPC, errno.EIO, errno.EDQUOT, None):
                    error = Killed() if number is None else OSError(number, os.strerror(number))
                    fault = 0
                    while fault_trial(
                        directory, fault, error, step, lambda o: setattr(journal_module, "os", o)
                    ):
                        shutil.rmtree(directory)
                        fault += 1
                        trials += 1
                    shutil.rmtree(directory)
        shutil.rmtree(directory, ignore_errors=True)
    shutil.rmtree(root)
    print(f"{what}: {trials} trials, {uncertain} with a cut line, lost marks: {lost}")
    return bool(lost)


if __name__ == "__main__":
    sys.exit(main())
