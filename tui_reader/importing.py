"""Files into the store: what was read from each, and how much of it is new."""

import re
import zlib
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import BinaryIO

from tui_reader import full_text, sources
from tui_reader.errors import ForeignError, IdError, SourceError, TuiReaderError
from tui_reader.following import follow
from tui_reader.model import Listing, PaperId, Reading, parse_id, row_of
from tui_reader.store import Held, Store
from tui_reader.text import clean

BATCH = 2000
"""Papers of a snapshot stored in one transaction: an interruption loses less than a second."""

MOST_DAMAGED = 100_000
"""Records that are looked at before a snapshot without a readable one is given up."""

MOST_STARS = 20_000
TOO_MANY = f"--star takes at most {MOST_STARS:,} papers, and here are more; import it without"

SAMPLES = ("cs.DC-2026-03-03.txt", "astro-ph.CO-2023-03-03.html")
"""The bundled listings; one as people save a page, and one with authors and formulas."""

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
    texts: list[PaperId] = field(default_factory=list)
    """The papers whose texts came."""
    files: int = 0
    """How many files of a folder were read, and below, how many of a run before were passed by."""
    known_files: int = 0

    def add(self, name: str, other: "Imported") -> None:
        """Take in what came of a file of that name."""
        self.papers += other.papers
        self.unknown += other.unknown
        self.listings += other.listings
        self.problems += (f"{name}: {problem}" for problem in other.problems)
        self.ids += other.ids
        self.texts += other.texts


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
        readings = _readings(store, file, origin)
        if star:
            readings = iter(_few(readings, origin, imported.ids))
        for reading in readings:
            imported.form = reading.form
            imported.listings += reading.listings
            imported.problems += reading.problems
            imported.texts += [reading.text_of] if reading.text_of else []
            if reading.papers or reading.listings:
                saved = store.save(reading, now)
                imported.papers += saved.papers
                imported.unknown += saved.unknown
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


def import_folder(
    store: Store,
    folder: Path,
    now: datetime,
    progress: Callable[[int, int], None],
    *,
    star: bool = False,
) -> Imported:
    """Read the files of a folder, or the mails of a Maildir, that were not read before.

    What is nothing of arXiv is passed over. `progress` is told how many of how many files were
    read. Folders inside are left alone, and so are hidden files.

    Raises SourceError when the folder can't be read, or holds nothing of arXiv.
    """
    imported = Imported("folder")
    key = f"imported from {folder.resolve()}"
    known = dict.fromkeys((store.recall(key) or "").split())
    origin = clean(str(folder))
    try:
        files = {name: path for path in _files(folder) if (name := _name(path)) not in known}
        imported.known_files = len(known)
        for at, (name, path) in enumerate(files.items()):
            progress(at, len(files))
            try:
                with path.open("rb") as file:
                    done = import_file(store, file, origin, now, lambda _: None, star=star)
                imported.add(clean(path.name), done)
                imported.files += 1
            except ForeignError:
                pass
            except SourceError as error:
                imported.problems.append(f"{clean(path.name)}: {error.problem}")
            known[name] = None
    except OSError as error:
        why = error.strerror or str(error)
        raise SourceError(origin, f"can't be read: {why}") from error
    finally:
        # An interruption must not have all of them read again.
        store.remember(key, " ".join(known))
    if files and not (imported.files or imported.problems or imported.known_files):
        raise ForeignError(origin, "none of its files is anything that arXiv sends")
    return imported


def _files(folder: Path) -> Iterator[Path]:
    """Yield the files in their names' order, which in a Maildir is that of their coming."""
    maildir = (folder / "cur").is_dir() and (folder / "new").is_dir()
    places = [folder / "cur", folder / "new"] if maildir else [folder]
    found = [path for place in places for path in place.iterdir() if path.is_file()]
    yield from sorted((path for path in found if path.name[0] != "."), key=lambda path: path.name)


def _name(path: Path) -> str:
    """Return what a file is known by: a mail keeps its name and size when it is moved or read."""
    status = path.stat()
    name, mail, _ = path.name.partition(":2,")
    changed = "" if mail or path.parent.name == "new" else status.st_mtime_ns
    return sha256(f"{name} {status.st_size} {changed}".encode("utf-8", "replace")).hexdigest()[:16]


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


def _readings(store: Store, file: BinaryIO, origin: str) -> Iterator[Reading]:
    head = file.read(1000)
    mailbox = head.startswith(b"From ")
    if not (mailbox or sources.is_bulk(head, origin)) or not file.seekable():
        yield _whole(store, head + file.read(sources.MOST_BYTES + 1 - len(head)), origin)
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


def _whole(store: Store, data: bytes, origin: str) -> Reading:
    """Read a file that is no stream; the page of a paper's text is kept as it is."""
    page = sources.unpacked(data, origin)
    if full_text.recognises(page):
        return _kept(store, page, origin, None)
    try:
        return sources.read(data, origin)
    except ForeignError:
        # An old page does not say what it is; the name of its file may.
        named = Path(origin).name.removesuffix(".gz")
        if not re.search(rb"<html|<body|<h1", page[:4096], re.IGNORECASE):
            raise
        with suppress(IdError):
            return _kept(store, page, origin, parse_id(named)[0])
        raise


def _kept(store: Store, page: bytes, origin: str, paper: PaperId | None) -> Reading:
    try:
        text = full_text.keep(store.paths, page, paper)
    except SourceError:
        raise
    except TuiReaderError as error:
        raise SourceError(origin, str(error)) from error
    version = f"v{text.version}" if text.version else ""
    said = (text.state.says,) if not text.state.is_text else ()
    new = text.state.is_text and text.title and not store.papers.at([row_of(PaperId(text.id))])
    papers = (full_text.record(text),) if new else ()
    form = f"text of {text.id}{version}, {text.state}"
    return Reading(form, (), papers, said, text_of=PaperId(text.id))


def _batches(file: BinaryIO, origin: str) -> Iterator[Reading]:
    snapshot = sources.Snapshot(file, origin)
    read = 0
    while (batch := snapshot.batch(BATCH)) is not None:
        read += len(batch)
        if not read and snapshot.damaged > MOST_DAMAGED:
            return
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
    """Store the bundled listings; the newest one's category is followed, so the Inbox is its."""
    package = Path(__file__).parent
    installed, checkout = package / "sample", package.parent / "snapshots" / "listings"
    folder = installed if installed.exists() else checkout
    for name in SAMPLES:
        store.save(sources.read((folder / name).read_bytes(), name), now)
    follow(store.paths.config, [store.listings.days()[0].category], now)
