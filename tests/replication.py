"""Three homes whose data a real synchroniser carries between them, on this machine alone.

    python -m tests.replication syncthing|unison [TRIALS]

A trial: each home opens its own store and marks papers, several times, by a clock that is a day
fast on one of them; the synchroniser of one home sleeps meanwhile; one home gets an older copy of
a journal back, as from a backup. Then all are awake. What is lost is a paper whose marks, on any
home, are not what all the changes ever written say. Needs Debian's syncthing, unison, faketime.
With `bad` at the end, no home puts back what its synchroniser overwrote, nor reads the copies that
it keeps of conflicts.
"""

import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable
from itertools import combinations
from pathlib import Path
from typing import Protocol
from xml.etree import ElementTree as ET

from tests.journal_store import NOW, marks_of
from tests.journal_trials import PAPERS, edit
from tui_reader.config import Paths
from tui_reader.model import Marks, PaperId
from tui_reader.store import Store
from tui_reader.store.changes import merged
from tui_reader.store.journal import Journal
from tui_reader.store.journal_line import sift
from tui_reader.triage import Triage

NAMES = ("desk", "lap", "lab")
FAST = "lab"
"""The home whose clock is a day fast."""
PATIENCE = 90.0  # seconds until all homes must hold the same
FIRST_PORT = 28_384


class Synchroniser(Protocol):
    """Carries the folder `data` of each home to the others."""

    def sleep(self, name: str) -> None:
        """Let this home's files stay where they are, until all are awake."""

    def carry(self) -> None:
        """Wake all, and see to it that what has changed is carried, now or soon."""

    def stop(self) -> None: ...


class Syncthing:
    """One Syncthing a home, which know of each other by address alone."""

    def __init__(self, root: Path) -> None:
        self._running: dict[str, subprocess.Popen[bytes]] = {}
        self._ports = {name: FIRST_PORT + 2 * at for at, name in enumerate(NAMES)}
        config = {name: root / name / "syncthing" for name in NAMES}
        for home in config.values():
            generate = ["syncthing", "generate", f"--home={home}", "--no-default-folder"]
            subprocess.run(generate, check=True, capture_output=True)
        trees = {name: ET.parse(home / "config.xml") for name, home in config.items()}
        ids = {
            name: next(d.attrib["id"] for d in tree.getroot().findall("device"))
            for name, tree in trees.items()
        }
        for name, tree in trees.items():
            self._configure(tree.getroot(), name, ids, root / name / "data")
            tree.write(config[name] / "config.xml")
            command = ["syncthing", "serve", f"--home={config[name]}", "--no-browser"]
            quiet = subprocess.DEVNULL
            self._running[name] = subprocess.Popen(
                [*command, "--no-restart", "--no-upgrade"], stdout=quiet, stderr=quiet
            )
        for name in NAMES:
            self._ask(name, "GET", "system/ping")

    def _configure(self, config: ET.Element, name: str, ids: dict[str, str], data: Path) -> None:
        for old in (*config.findall("device"), *config.findall("folder")):
            config.remove(old)
        settings = {"id": "data", "path": str(data), "type": "sendreceive"}
        fast = {"rescanIntervalS": "2", "fsWatcherEnabled": "true", "fsWatcherDelayS": "1"}
        folder = ET.SubElement(config, "folder", settings | fast)
        ET.SubElement(folder, "maxConflicts").text = "10"
        for other, id_ in ids.items():
            ET.SubElement(folder, "device", {"id": id_})
            device = ET.SubElement(config, "device", {"id": id_, "name": other})
            address = ET.SubElement(device, "address")
            address.text = f"tcp://127.0.0.1:{self._ports[other]}"
        gui = config.find("gui")
        assert gui is not None
        for key, text in (("address", f"127.0.0.1:{self._ports[name] + 1}"), ("apikey", "tests")):
            found = gui.find(key)
            (ET.SubElement(gui, key) if found is None else found).text = text
        options = config.find("options")
        assert options is not None
        for key, text in {
            "listenAddress": f"tcp://127.0.0.1:{self._ports[name]}",
            "globalAnnounceEnabled": "false",
            "localAnnounceEnabled": "false",
            "relaysEnabled": "false",
            "natEnabled": "false",
            "reconnectionIntervalS": "1",
            "urAccepted": "-1",
            "crashReportingEnabled": "false",
        }.items():
            found = options.find(key)
            (ET.SubElement(options, key) if found is None else found).text = text

    def _ask(self, name: str, method: str, what: str) -> None:
        url = f"http://127.0.0.1:{self._ports[name] + 1}/rest/{what}"
        request = urllib.request.Request(url, method=method, headers={"X-API-Key": "tests"})
        end = time.monotonic() + 60
        while True:
            try:
                with urllib.request.urlopen(request, timeout=30):  # noqa: S310  our own
                    return
            except OSError:
                if time.monotonic() > end:
                    raise
                time.sleep(0.2)

    def sleep(self, name: str) -> None:
        self._running[name].send_signal(signal.SIGSTOP)

    def carry(self) -> None:
        for name in NAMES:
            self._running[name].send_signal(signal.SIGCONT)
        for name in NAMES:
            self._ask(name, "POST", "db/scan?folder=data")

    def stop(self) -> None:
        for process in self._running.values():
            process.send_signal(signal.SIGCONT)
            process.terminate()
            process.wait()


class Unison:
    """Unison between each two homes, run by hand; where both changed a file it keeps a copy."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._asleep = ""

    def sleep(self, name: str) -> None:
        self.carry()
        self._asleep = name

    def carry(self) -> None:
        for one, other in combinations(NAMES, 2):
            if self._asleep not in (one, other):
                roots = [str(self._root / name / "data") for name in (one, other)]
                options = ["-batch", "-prefer=newer", "-times", "-copyonconflict", "-ui=text"]
                environment = os.environ | {"UNISON": str(self._root / "archive")}
                run = ["unison", *roots, *options, "-confirmbigdel=false"]
                done = subprocess.run(run, env=environment, capture_output=True, check=False)
                if done.returncode not in (0, 1):
                    raise RuntimeError(done.stderr.decode())
        self._asleep = ""

    def stop(self) -> None:
        pass


def trial(root: Path, number: int, carrier: Synchroniser) -> tuple[int, int, bool]:
    """Return how many marks are wrong, how many conflict copies there were, whether all agree."""
    chance = random.Random(number)
    for name in NAMES:
        data_of(root, name, number).mkdir(parents=True, exist_ok=True)
    carrier.carry()
    written: set[bytes] = set()
    asleep = chance.choice(NAMES)
    restored = chance.choice([asleep, *NAMES])
    kept: dict[str, bytes] = {}
    for turn in range(7):
        if turn == 2:
            settle(root, number, carrier)
            kept = {f.name: f.read_bytes() for f in data_of(root, restored, number).glob("jour*")}
        if turn == 4:
            settle(root, number, carrier)
            carrier.sleep(asleep)
        name = chance.choice(NAMES)
        act(root, name, number, seed=1000 * number + turn)
        written |= lines(data_of(root, name, number))
    if kept:
        old = chance.choice(sorted(kept))
        (data_of(root, restored, number) / old).write_bytes(kept[old])
    carrier.carry()
    for name in NAMES:  # each is opened once more, and puts back what it knows
        act(root, name, number, seed=-1)
    agree = settle(root, number, carrier)
    changes = sift(b"\n".join(written)).changes
    expected = marks_of(merged(changes))
    wrong = 0
    for name in NAMES:
        found = marks(root, name, number)
        wrong += sum(found[paper] != expected.get(paper, Marks()) for paper in PAPERS)
    copies = data_of(root, NAMES[0], number).glob("*conflict*")
    return wrong, len(list(copies)), agree


def settle(root: Path, number: int, carrier: Synchroniser) -> bool:
    """Carry until all homes hold the same files; return whether they came to that."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        carrier.carry()
        held = [
            {file.name: file.read_bytes() for file in data_of(root, name, number).glob("jour*")}
            for name in NAMES
        ]
        if held[0] == held[1] == held[2]:
            return True
        time.sleep(0.5)
    return False


def data_of(root: Path, name: str, number: int) -> Path:
    return root / name / "data" / str(number)


def paths(root: Path, name: str, number: int) -> Paths:
    own = root / name / "own"
    return Paths(data_of(root, name, number), own / f"cache-{number}", own, own / "state")


def opened(root: Path, name: str, number: int) -> Store:
    if os.environ.get("REPLICATION") == "bad":
        Journal.recover = lambda *_: 0  # type: ignore[method-assign]
        for copy in data_of(root, name, number).glob("*conflict*"):
            copy.unlink()
    return Store(paths(root, name, number))


def lines(data: Path) -> set[bytes]:
    return {line for file in data.glob("jour*.jsonl") for line in sift(file.read_bytes()).lines}


def marks(root: Path, name: str, number: int) -> dict[PaperId, Marks]:
    store = opened(root, name, number)
    found = store.marks(PAPERS)
    store.close()
    return found


def act(root: Path, name: str, number: int, seed: int) -> None:
    """Let a home's own program open its store, and mark some papers; with no seed, only open."""
    me = [sys.executable, "-m", "tests.replication", "act"]
    command = [*me, str(root), name, str(number), str(seed)]
    fast = ["faketime", "-f", "+1d"] if name == FAST else []
    subprocess.run([*fast, *command], check=True)


def work(root: Path, name: str, number: int, seed: int) -> None:
    store = opened(root, name, number)
    chance = random.Random(seed)
    shift = time.time() - NOW.timestamp()  # so that the clock of the home counts
    triage = Triage(store, lambda: NOW.fromtimestamp(NOW.timestamp() + shift, NOW.tzinfo))
    for _ in range(chance.randint(1, 6) if seed >= 0 else 0):
        edit(triage, chance)
    store.close()


CARRIERS: dict[str, Callable[[Path], Synchroniser]] = {"syncthing": Syncthing, "unison": Unison}


def main() -> int:
    if sys.argv[1] == "act":
        _, _, home, name, trial_, seed = sys.argv
        work(Path(home), name, int(trial_), int(seed))
        return 0
    if sys.argv[-1] == "bad":
        os.environ["REPLICATION"] = "bad"
    which, count = sys.argv[1], next((int(word) for word in sys.argv[2:] if word.isdigit()), 30)
    root = Path(tempfile.mkdtemp(prefix="replication-"))
    carrier = CARRIERS[which](root)
    lost = copies = apart = 0
    try:
        for number in range(count):
            wrong, conflicts, agree = trial(root, number, carrier)
            lost, copies, apart = lost + wrong, copies + conflicts, apart + (not agree)
            print(f"{number}: {wrong} lost, {conflicts} copies, agree: {agree}", file=sys.stderr)
    finally:
        carrier.stop()
    print(f"{which}: {count} trials, {copies} conflict copies, lost marks: {lost}, apart: {apart}")
    if not lost and not apart:
        shutil.rmtree(root)
    return bool(lost or apart)


if __name__ == "__main__":
    sys.exit(main())
