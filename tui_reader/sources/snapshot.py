"""arXiv's bulk metadata: JSON Lines, plain or compressed, read one record at a time."""

import gzip
import json
import re
import zipfile
import zlib
from collections.abc import Iterator
from itertools import islice
from typing import BinaryIO, cast

from tui_reader.errors import ForeignError, SourceError
from tui_reader.model import Paper, Version
from tui_reader.sources.common import (
    CUT_OFF,
    find_time,
    in_parts,
    known_people,
    number,
    paper_of,
    person,
    unreadable_entries,
)
from tui_reader.text import clean

LONGEST_RECORD = 4 << 20
"""In bytes; the longest real one is far below a tenth of it."""


class Snapshot(Iterator[Paper]):
    """The papers of a bulk file, plain, .gz or .zip, in its order, one record held at a time.

    `damaged` and, at the end, `problems` say what was lost.
    """

    def __init__(self, file: BinaryIO, origin: str) -> None:
        """Begin to read; `file` must be seekable if it is a zip.

        Raises SourceError when it is a zip without a readable snapshot in it.
        """
        self.damaged = 0
        self.problems: tuple[str, ...] = ()
        self._records = self._read(_unpacked(file, origin))

    def __next__(self) -> Paper:
        return next(filter(None, self._records))

    def batch(self, most: int) -> tuple[Paper, ...] | None:
        """Return the papers among the next lines, `most` at most; None after the last line.

        So a file of junk, which may be long though it came compressed, is read step by step.
        """
        lines = tuple(islice(self._records, most))
        return tuple(filter(None, lines)) if lines else None

    def _read(self, file: BinaryIO) -> Iterator[Paper | None]:
        cut = []
        rest = False
        while True:
            try:
                row = file.readline(LONGEST_RECORD)
            except Exception:
                # Each way to compress has errors of its own, some of them of no common kind.
                cut = [CUT_OFF]
                break
            if not row:
                break
            # A line that goes on past the limit is one damaged record, not several.
            continued, rest = rest, not row.endswith(b"\n")
            if continued or not row.strip():
                yield None
            elif not (rest and len(row) >= LONGEST_RECORD) and (paper := _paper(row)):
                yield paper
            else:
                self.damaged += 1
                yield None
        self.problems = (*unreadable_entries(self.damaged), *cut)


def is_bulk(head: bytes, name: str) -> bool:
    """Whether a file beginning with `head` (some hundred bytes) should be streamed."""
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return True
    if head.startswith(b"\x1f\x8b"):
        try:
            head = zlib.decompressobj(31).decompress(head, 1000)
        except zlib.error:
            return ".json" in name.lower()
    return bool(re.match(rb'\xef?\xbb?\xbf?\s*\{\s*"', head))


def _unpacked(file: BinaryIO, origin: str) -> BinaryIO:
    # Not peek(): the caller may have any kind of file.
    head = file.read(4)
    file.seek(0)
    if head.startswith(b"\x1f\x8b"):
        return cast("BinaryIO", gzip.GzipFile(fileobj=file))
    if not head.startswith(b"PK"):
        return file
    try:
        archive = zipfile.ZipFile(file)
        inside = [info for info in archive.infolist() if ".json" in info.filename.lower()]
        largest = max(inside, key=lambda info: info.file_size, default=None)
        records = archive.open(largest) if largest else None
    except Exception as error:  # as above
        why = clean(str(error))[:200]
        raise SourceError(origin, f"a zip that can't be opened ({why}); fetch it again") from error
    if not records:
        raise ForeignError(origin, "a zip without a .json file in it")
    return cast("BinaryIO", records)


def _paper(row: bytes) -> Paper | None:
    try:
        record = json.loads(row)
        versions = tuple(map(_version, record.get("versions") or ()))
        latest = {"version": versions[-1].number} if versions else {}
        parts = [_parts(*name) for name in record.get("authors_parsed") or ()]
        people = known_people(map(person, map(" ".join, parts))) if parts else None
        return paper_of(record, people, versions=versions, parted=in_parts(parts), **latest)
    except (ValueError, TypeError, LookupError, AttributeError, RecursionError):
        # Whatever shape a damaged record has, it is one damaged record.
        return None


def _parts(family: str, given: str, suffix: str = "", *_: str) -> tuple[str, str, str]:
    return given, family, suffix


def _version(version: dict[str, str | None]) -> Version:
    at = number(str(version["version"]).removeprefix("v"))
    if at is None:
        raise ValueError("a version without its number")
    return Version(at, find_time(version["created"]))
