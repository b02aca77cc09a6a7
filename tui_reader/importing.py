"""Files into the store: what was read from each, and how much of it is new."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from typing import BinaryIO

from tui_reader import sources
from tui_reader.errors import SourceError
from tui_reader.model import Listing, Paper, PaperId, Reading
from tui_reader.store import Store

BATCH = 2000
"""Papers of a snapshot stored in one transaction: an interruption loses less than a second."""

Progress = Callable[[int], None]
"""Told how many papers have been stored so far."""


@dataclass(slots=True)
class Imported:
    """What came of one file."""

    form: str = ""
    papers: int = 0
    unknown: int = 0
    """How many of the papers were not known before."""
    listings: list[Listing] = field(default_factory=list)
    """Without their entries' texts being of interest any more."""
    problems: list[str] = field(default_factory=list)
    ids: list[PaperId] = field(default_factory=list)
    """The papers, where there are few enough to name; none for a bulk snapshot."""


def import_file(
    store: Store, file: BinaryIO, origin: str, now: datetime, progress: Progress
) -> Imported:
    """Read a file, whatever arXiv form it has, and store it; what is damaged is reported.

    A bulk snapshot and a mailbox are read piece by piece. Whatever was stored before an
    interruption is whole, and importing the file again completes it.

    Raises SourceError when the file is nothing that arXiv sends.
    """
    imported = Imported()
    head = file.read(1000)
    whole = head.startswith(b"From ") or sources.is_bulk(head, origin)
    if not (whole and file.seekable()):
        data = head + file.read(sources.MOST_BYTES + 1 - len(head))
        _take(imported, store, sources.read(data, origin), now)
        return imported
    file.seek(0)
    if head.startswith(b"From "):
        for reading in sources.read_mailbox(file, origin):
            _take(imported, store, reading, now)
            progress(imported.papers)
        if not imported.papers and not imported.listings:
            raise SourceError(origin, "a mailbox without an announcement of arXiv in it")
        return imported
    snapshot = sources.stream(file, origin)
    imported.form = "metadata snapshot"
    for batch in _batches(snapshot):
        saved = store.save(Reading(imported.form, (), batch), now)
        imported.papers += saved.papers
        imported.unknown += saved.unknown
        progress(imported.papers)
    imported.problems.extend(snapshot.problems)
    if not imported.papers:
        raise SourceError(origin, "a snapshot without a readable record; fetch it again")
    return imported


def _batches(papers: Iterable[Paper]) -> Iterator[tuple[Paper, ...]]:
    source = iter(papers)
    while batch := tuple(islice(source, BATCH)):
        yield batch


def _take(imported: Imported, store: Store, reading: Reading, now: datetime) -> None:
    saved = store.save(reading, now)
    imported.form = reading.form
    imported.papers += saved.papers
    imported.unknown += saved.unknown
    imported.listings += reading.listings
    imported.problems += reading.problems
    imported.ids += [paper.id for paper in reading.papers]
    imported.ids += [entry.paper.id for listing in reading.listings for entry in listing.entries]
