"""Kill processes that write marks, and see that every mark they acknowledged is there afterwards.

    python -m tests.kill_trials KILLS [bad]

Four workers at once write notes into one journal, each to papers of its own, and say before and
after each what they do (see kill9_worker). They are killed at any moment; what is then in the
journal must be what was acknowledged last for each paper, or what was tried after it. `bad` is a
worker that acknowledges before it writes, and must be found out.
"""

import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from pathlib import Path
from typing import Any

from tests.journal_store import marks_in

WORKERS = 4
Allowed = dict[str, set[str | None]]


def killed(directory: Path, chance: random.Random, kind: str) -> list[list[dict[str, Any]]]:
    """Let workers write and kill them; return what each of them said."""
    command = [sys.executable, "-m", "tests.kill9_worker", kind, str(directory)]
    logs = [directory.parent / f"said-{me}" for me in range(WORKERS)]
    workers = []
    for me, log in enumerate(logs):
        with log.open("wb") as out:
            seed = str(chance.randrange(1 << 30))
            workers.append(subprocess.Popen([*command, str(me), seed, "own"], stdout=out))
    end = time.monotonic() + 30
    while time.monotonic() < end and not all(log.stat().st_size for log in logs):
        time.sleep(0.01)
    time.sleep(chance.uniform(0.0, 0.4))
    for worker in chance.sample(workers, WORKERS):
        worker.kill()
        worker.wait()
    said = [log.read_bytes().split(b"\n")[:-1] for log in logs]
    return [[json.loads(line) for line in lines] for lines in said]


def followed(allowed: Allowed, said: list[dict[str, Any]]) -> None:
    """Note what each paper may have after what a worker said."""
    for record in said:
        for what in ("try", "ack"):
            if what in record:
                paper, note = record[what]
                allowed[paper] = {note} if what == "ack" else allowed[paper] | {note}


def main() -> int:
    kills, chance = int(sys.argv[1]), random.Random(1)
    kind = "hasty" if "bad" in sys.argv else "worker"
    root = Path(tempfile.mkdtemp(dir="/dev/shm" if os.path.isdir("/dev/shm") else None))
    allowed: Allowed = defaultdict(lambda: {None})
    wrong = acknowledged = 0
    for _ in range(0, kills, WORKERS):
        for said in killed(root / "data", chance, kind):
            followed(allowed, said)
            acknowledged += sum("ack" in record for record in said)
        notes = {str(paper): marks.note for paper, marks in marks_in(root / "data").items()}
        wrong += sum(notes.get(key) not in values for key, values in allowed.items())
        for key in allowed:
            allowed[key] = {notes.get(key)}
    shutil.rmtree(root)
    print(f"{kills} kills, {acknowledged:,} acknowledged notes, lost or wrong: {wrong}")
    return bool(wrong)


if __name__ == "__main__":
    sys.exit(main())
