"""What very many marks cost at the first opening and later: processor time and memory.

    python -m tests.benchmarks.bench_open MARKS [damaged|long]

`damaged`: every other line has three wrong bytes. `long`: one line more, damaged, of 50 MB.
"""

import gc
import os
import random
import resource
import sys
import tempfile
import time
from datetime import timedelta
from pathlib import Path

from tests.journal_store import NOW
from tui_reader.config import Paths
from tui_reader.model import PaperId
from tui_reader.store import Operation, Store
from tui_reader.store.changes import Change, ValueSet
from tui_reader.store.journal_line import encode

KINDS = [(Operation.IN_PASSING, ("read",))] * 7 + [(Operation.STAR, ("starred", "read"))] * 3


def write(file: Path, count: int, harm: str) -> None:
    chance = random.Random(1)
    with file.open("wb") as out:
        for number in range(1, count + 1):
            stamp = f"{chance.randrange(15, 26)}{chance.randrange(1, 13):02}"
            papers = (PaperId(f"{stamp}.{chance.randrange(1, 9000):05}"),)
            operation, fields = chance.choice(KINDS)
            sets = tuple(ValueSet(papers, field, False, True) for field in fields)
            change = Change(number, "desk", NOW + timedelta(seconds=number), operation, sets)
            line = bytearray(encode(change))
            if harm == "damaged" and number % 2:
                for _ in range(3):
                    line[chance.randrange(5, len(line) - 2)] = chance.choice(b"abcxyz#@")
            out.write(line)
            if harm == "long" and number == count // 2:
                out.write(b'{"v":1,"l":3x{"v":1,"a' * 2_300_000 + b"\n")


def main() -> None:
    gc.disable()  # as the program does until its first screen
    count, harm = int(sys.argv[1]), "".join(sys.argv[2:])
    paths = Paths.under(Path(tempfile.mkdtemp()))
    paths.data.mkdir(mode=0o700)
    write(paths.data / "journal-desk.jsonl", count, harm)
    for what in "first", "later":
        if child := os.fork():
            os.waitpid(child, 0)
            continue
        start, used = time.perf_counter(), time.process_time()
        store = Store(paths)
        took, used = time.perf_counter() - start, time.process_time() - used
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(f"{what}: {took:.1f} s, {used:.1f} s of processor time, {memory:.0f} MB")
        store.close()
        sys.stdout.flush()
        os._exit(0)


if __name__ == "__main__":
    main()
