"""Files into the store: what was read from each, and how much of it is new."""

import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import BinaryIO

from tui_reader import sources
from tui_reader.errors import SourceError
from tui_reader.model import Listing, Paper, PaperId, Reading
from tui_reader.store import Store

BATCH = 2000
"""Papers of a snapshot stored in one transaction: an interruption loses less than a second."""

MOST_STARS = 20_000
TOO_MANY = f"--star takes at most {MOST_STARS:,} papers, and here are more; import it without"

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
    """The papers; none for a bulk snapshot, unless they were asked for."""


def import_file(
    store: Store,
    file: BinaryIO,
    origin: str,
    now: datetime,
    progress: Progress,
    *,
    star: bool = False,
) -> Imported:
    """Read a file, whatever arXiv form it has, and store it; what is damaged is reported.

    A bulk snapshot and a mailbox are read piece by piece. Whatever was stored before an
    interruption is whole, and importing the file again completes it.

    With `star`, all papers are named in `ids`.

    Raises SourceError when the file can't be read or is nothing that arXiv sends, and, with
    nothing stored, when all its papers are to be named and they are more than MOST_STARS.
    """
    try:
        return _import(store, file, origin, now, progress, star)
    except OSError as error:
        why = error.strerror or str(error)
        raise SourceError(origin, f"can't be read: {why}; try again, or from a copy") from error
    except _UNFORESEEN as error:
        raise SourceError(
            origin, "can't be read; the file is damaged in a way this program does not know"
        ) from error


_UNFORESEEN = (
    ValueError,
    ArithmeticError,
    RecursionError,
    LookupError,
    TypeError,
    AttributeError,
    EOFError,
    zlib.error,
)


def _import(
    store: Store, file: BinaryIO, origin: str, now: datetime, progress: Progress, star: bool
) -> Imported:
    imported = Imported()
    head = file.read(1000)
    whole = head.startswith(b"From ") or sources.is_bulk(head, origin)
    if not (whole and file.seekable()):
        data = head + file.read(sources.MOST_BYTES + 1 - len(head))
        reading = sources.read(data, origin)
        if star and len(_ids(reading)) > MOST_STARS:
            raise SourceError(origin, TOO_MANY)
        _take(imported, store, reading, now)
        return imported
    file.seek(0)
    if head.startswith(b"From "):
        if star:
            every = (_ids(reading) for reading in sources.read_mailbox(file, origin))
            if sum(map(len, every)) > MOST_STARS:
                raise SourceError(origin, TOO_MANY)
            file.seek(0)
        for reading in sources.read_mailbox(file, origin):
            _take(imported, store, reading, now)
            progress(imported.papers)
        if not imported.papers and not imported.listings:
            raise SourceError(origin, "a mailbox without an announcement of arXiv in it")
        return imported
    snapshot = sources.stream(file, origin)
    imported.form = "metadata snapshot"
    papers: Iterator[Paper] = snapshot
    if star:
        few = list(islice(snapshot, MOST_STARS + 1))
        if len(few) > MOST_STARS:
            raise SourceError(origin, TOO_MANY)
        imported.ids = [paper.id for paper in few]
        papers = iter(few)
    for batch in _batches(papers):
        saved = store.save(Reading(imported.form, (), batch), now)
        imported.papers += saved.papers
        imported.unknown += saved.unknown
        progress(imported.papers)
    imported.problems.extend(snapshot.problems)
    if not imported.papers:
        raise SourceError(origin, "a snapshot without a readable record; fetch it again")
    return imported


def _batches(papers: Iterator[Paper]) -> Iterator[tuple[Paper, ...]]:
    while batch := tuple(islice(papers, BATCH)):
        yield batch


def _take(imported: Imported, store: Store, reading: Reading, now: datetime) -> None:
    saved = store.save(reading, now)
    imported.form = reading.form
    imported.papers += saved.papers
    imported.unknown += saved.unknown
    imported.listings += reading.listings
    imported.problems += reading.problems
    imported.ids += _ids(reading)


def _ids(reading: Reading) -> list[PaperId]:
    announced = [entry.paper.id for listing in reading.listings for entry in listing.entries]
    return [*(paper.id for paper in reading.papers), *announced]


def take_sample(store: Store, now: datetime) -> None:
    """Store the bundled listing, unless a listing is stored already."""
    package = Path(__file__).parent
    installed, checkout = package / "sample.txt", package.parent / "snapshots" / "listings"
    if not store.days():
        file = installed if installed.exists() else checkout / "cs.DC-2026-03-03.txt"
        store.save(sources.read(file.read_bytes(), file.name), now)
