"""What marks cost: `python -m tests.benchmarks.bench_journal [DIRECTORY]`.

DIRECTORY is on the disk to measure; a temporary one by default. Medians, and the 99th percentile
where it matters.
"""

import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from tests.journal_store import NOW, JournalStore, marks_of
from tui_reader.model import Marks, PaperId
from tui_reader.store.changes import Change, Edit, ValueSet, merged
from tui_reader.store.journal import Journal
from tui_reader.store.journal_line import encode
from tui_reader.triage import Triage, skip

MARKS = 100_000


def milliseconds(work: Callable[[], object], times: int) -> tuple[float, float]:
    """Return the median and the 99th percentile of running `work`."""
    took = []
    for _ in range(times):
        start = time.perf_counter()
        work()
        took.append((time.perf_counter() - start) * 1000)
    took.sort()
    return took[times // 2], took[times * 99 // 100]


def report(what: str, work: Callable[[], object], times: int = 1) -> None:
    median, slow = milliseconds(work, times)
    tail = f", p99 {slow:.2f} ms" if times >= 100 else ""
    print(f"{what:<58} {median:9.2f} ms{tail}")


def paper(number: int) -> PaperId:
    month, index = divmod(number, 5000)
    return PaperId(f"{15 + month // 12:02}{month % 12 + 1:02}.{index + 1:05}")


def main() -> None:
    root = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(tempfile.mkdtemp())
    directory = root / "data"
    papers = [paper(number) for number in range(MARKS)]
    journal = Journal(directory, "desk")
    stars = iter(papers)

    def star() -> None:
        journal.append(Edit("Star", {next(stars): (Marks(), Marks(starred=True))}), NOW)

    report("a star, forced to the disk", star, 500)
    print(f"{'bytes a star':<58} {journal.file.stat().st_size / 500:9.0f}")

    store = JournalStore(directory)
    triage = Triage(store, lambda: NOW)
    store.all_marks()
    size = journal.file.stat().st_size
    report("5,000 papers skipped in one change", lambda: triage.edit("Skip", papers[:5000], skip))
    print(f"{'bytes a paper of it':<58} {(journal.file.stat().st_size - size) / 5000:9.0f}")
    report("the same undone", triage.undo)

    with (directory / "journal-lap.jsonl").open("wb") as file:
        for number, id_ in enumerate(papers, 1):
            star_set = ValueSet((id_,), "starred", False, True)
            file.write(encode(Change(number, "lap", NOW, "Star", (star_set,))))
    fresh = Journal(directory, "desk")
    changes, positions = fresh.read_new({})
    size = (directory / "journal-lap.jsonl").stat().st_size
    print(f"{'a journal of 100,000 stars, bytes':<58} {size:9,}")
    report("reading it all, as when the cache was deleted", lambda: fresh.read_new({}), 3)
    report("merging it", lambda: merged(changes), 3)
    state = merged(changes)
    report("the marks of it", lambda: marks_of(state), 3)

    def open_again() -> None:
        Journal(directory, "desk").read_new(positions)

    report("opening with positions kept by the cache", open_again, 500)
    report("looking whether anything is new", lambda: fresh.read_new(positions), 500)
    big = Journal(directory, "lap")
    big.read_new(positions)
    flags = iter([True, False] * 300)

    def toggle() -> None:
        on = next(flags)
        edits = {papers[7]: (Marks(starred=on), Marks(starred=not on))}
        big.append(Edit("Star", edits), NOW)

    report("a star appended to a journal of 100,000", toggle, 500)
    report("the latest changes, for undo", big.recent, 20)
    report("the history of a paper", lambda: big.history(papers[7]), 3)
    report("compaction", lambda: big.compact(NOW))
    report("backup", lambda: big.backup(root / "backup.jsonl"))


if __name__ == "__main__":
    main()
