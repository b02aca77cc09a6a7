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
from tui_reader.model import Listing, PaperId, Reading
from tui_reader.store import Held, Store

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
    """The papers, if they are to be starred."""


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

    Raises SourceError when the file can't be read or is nothing that arXiv sends, and, with
    nothing stored, when its papers are to be starred and they are more than MOST_STARS.
    """
    imported = Imported()
    try:
        readings = _readings(file, origin)
        if star:
            readings = iter(_few(readings, origin, imported.ids))
        for reading in readings:
            saved = store.save(reading, now)
            imported.form = reading.form
            imported.papers += saved.papers
            imported.unknown += saved.unknown
            imported.listings += reading.listings
            imported.problems += reading.problems
            imported.problems += (_held(held) for held in saved.held if held.stored)
            progress(imported.papers)
        return imported
    except OSError as error:
        why = error.strerror or str(error)
        raise SourceError(origin, f"can't be read: {why}; try again, or from a copy") from error
    except _UNFORESEEN as error:
        raise SourceError(
            origin, "can't be read; the file is damaged in a way this program does not know"
        ) from error


def _held(held: Held) -> str:
    listing = f"{held.category} {held.announced}"
    return f"{listing}: {held.entries:,} entries where {held.stored:,} are stored, which stay"


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


def _readings(file: BinaryIO, origin: str) -> Iterator[Reading]:
    head = file.read(1000)
    mailbox = head.startswith(b"From ")
    if not (mailbox or sources.is_bulk(head, origin)) or not file.seekable():
        yield sources.read(head + file.read(sources.MOST_BYTES + 1 - len(head)), origin)
        return
    file.seek(0)
    read = False
    for reading in sources.read_mailbox(file, origin) if mailbox else _batches(file, origin):
        read = read or bool(reading.papers or reading.listings)
        yield reading
    if not read:
        nothing = "a mailbox without an announcement of arXiv in it"
        if not mailbox:
            nothing = "a snapshot without a readable record; fetch it again"
        raise SourceError(origin, nothing)


def _batches(file: BinaryIO, origin: str) -> Iterator[Reading]:
    snapshot = sources.Snapshot(file, origin)
    while batch := tuple(islice(snapshot, BATCH)):
        yield Reading("metadata snapshot", (), batch)
    if snapshot.problems:  # which are known at the end
        yield Reading("metadata snapshot", (), (), snapshot.problems)


def _few(readings: Iterator[Reading], origin: str, ids: list[PaperId]) -> list[Reading]:
    """Hold the readings, so that nothing is stored of too many, and collect their papers."""
    held = []
    for reading in readings:
        held.append(reading)
        ids += (paper.id for paper in reading.papers)
        ids += (entry.paper.id for listing in reading.listings for entry in listing.entries)
        if len(ids) > MOST_STARS:
            raise SourceError(origin, TOO_MANY)
    return held


def take_sample(store: Store, now: datetime) -> None:
    """Store the bundled listing."""
    package = Path(__file__).parent
    installed, checkout = package / "sample.txt", package.parent / "snapshots" / "listings"
    file = installed if installed.exists() else checkout / "cs.DC-2026-03-03.txt"
    store.save(sources.read(file.read_bytes(), file.name), now)
