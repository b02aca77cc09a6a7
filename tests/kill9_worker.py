"""A program to be killed: it sets notes without pause, and says what it has kept.

    python -m tests.kill9_worker worker|hasty DIR ID SEED [own]
    python -m tests.kill9_worker dump|check DIR

A torture harness starts several workers, kills them, and compares the dump with what they said:
one JSON object a line, {"try": [key, value], "t": ns} before and {"ack": ...} after each note.
With `own` it writes only to papers that no other one writes to.
`hasty` is wrong on purpose: it acknowledges before it writes, and a harness must find that out.
"""

import json
import os
import random
import sys
import time
from pathlib import Path

from tests.journal_store import NOW, JournalStore, marks_in, toggle_star
from tui_reader.errors import StoreError
from tui_reader.model import PaperId
from tui_reader.triage import Triage, retag, set_note


def say(what: str, key: str, value: str | None) -> None:
    line = json.dumps({what: [key, value], "t": time.monotonic_ns()}) + "\n"
    os.write(1, line.encode())


def work(directory: Path, me: int, seed: int, *, hasty: bool, own: bool) -> None:
    chance = random.Random(seed)
    store = JournalStore(directory)
    triage = Triage(store, lambda: NOW)
    crowd = [PaperId(f"2601.{number:05}") for number in range(1, 300)]
    for count in range(1_000_000):
        owner = 9 if chance.random() < 0.3 and not own else me
        paper = PaperId(f"2603.{owner}{chance.randrange(20):04}")
        if paper.endswith(".00000"):
            continue
        long = "x" * chance.randrange(400) if chance.random() > 0.4 else ""
        value = None if chance.random() < 0.3 else f"{me}-{os.getpid()}-{count}{long}"
        say("try", paper, value)
        if hasty:
            say("ack", paper, value)
        try:
            triage.edit("Note", [paper], set_note(value))
        except StoreError as error:
            os.write(1, (json.dumps({"err": str(error)}) + "\n").encode())
            continue
        if not hasty:
            say("ack", paper, value)
        match chance.randrange(60):
            case 0:
                triage.edit("Star", crowd[chance.randrange(250) :], toggle_star)
            case 1:
                triage.edit("Tag", crowd[:5], retag(str(chance.randrange(9))))
            case 2:
                store.journal.compact(NOW, keep=20)


def main() -> int:
    command, directory = sys.argv[1], Path(sys.argv[2])
    if command == "dump":
        notes = {id_: marks.note for id_, marks in marks_in(directory).items() if marks.note}
        print(json.dumps(notes))
    elif command == "check":
        store = JournalStore(directory, "checker")
        store.all_marks()
        # A worker killed in the midst of its write may leave a torn line: nothing else may be.
        return any("damaged" not in problem for problem in store.journal.problems)
    else:
        me, seed = map(int, sys.argv[3:5])
        work(directory, me, seed, hasty=command == "hasty", own="own" in sys.argv)
    return 0


if __name__ == "__main__":
    sys.exit(main())
