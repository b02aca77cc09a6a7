"""The journal of marks: everything a person made, as checked lines in plain files that only grow.

A directory holds one file a machine, `journal-<machine>.jsonl`; a machine writes its own and reads
them all, so any tool may carry the directory between machines, and a conflict copy, which the
same pattern finds, merges harmlessly. The last writer wins for each paper and field, by Lamport
clock, then machine. `journal_line` says what a line looks like. How it survives:

- A kill or a power cut: a change is one write behind all that is there, forced to the disk before
  it counts. What a cut leaves of a line is ended by the next writer, and its checksum tells.
- A full disk: what was written of a change is taken back, and the change refused.
- Two processes: each appends under a lock, after it has read what the others wrote.
- Damage: a line that its checksum refuses is mended where one flipped bit or a lost newline is all,
  and set aside else; the lines around it are as good as ever.
- Compaction writes a new file, forces it and takes the old one's place; readers and writers that
  have the old one open notice, by its inode and by a checksum of what they have read.
- A file that went, was cut short or replaced by an older copy: its `Position` no longer fits, it is
  read from its start, and `recover` writes down again what only the cache still has.
- Clocks that are wrong: they decide nothing.
- Other versions: of a later format only the clock is read, and nothing is written behind it.
"""

import errno
import fcntl
import json
import os
import re
import stat
import time
import zlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from tui_reader.errors import StoreError
from tui_reader.files import private_folder
from tui_reader.model import PaperId
from tui_reader.store.changes import (
    Change,
    Edit,
    Latest,
    differences,
    later,
    merged,
    recovered,
)
from tui_reader.store.journal_line import (
    LAST_TICK,
    UNDERSTOOD,
    Sifted,
    compacted,
    encode,
    is_sound,
    sift,
)

KEPT = 200
"""How many of the latest changes compaction leaves word for word, to be undone."""

BYTES_AT_ONCE = 2 << 20
"""Read and merged together; some 15,000 changes."""
_READING = os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK
_APPENDING = os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC | os.O_NOFOLLOW
_LOCK_TRIES, _LOCK_PAUSE = 5000, 0.002
_TAIL = 64  # bytes before an offset that must still be the same for a reader to go on from there


class Position(NamedTuple):
    """How far a reader has come in one journal file; all integers, to be kept as they are."""

    size: int
    mtime_ns: int
    offset: int
    """Where the first line not read yet begins."""
    check: int
    """Checksum of bytes before the offset; another file in this one's place is read afresh."""
    lamport: int = 0
    """The highest clock ever seen in the file, even if the line has gone since."""
    damaged: int = 0
    mended: int = 0
    newer: int = 0
    """Lines of a newer format."""


def _real(path: Path) -> Path:
    """Return where a journal is kept: some people keep theirs elsewhere, behind a link.

    Raises OSError where the file behind the link is not the person's own.
    """
    if not path.is_symlink():
        return path
    real = Path(os.path.realpath(path))
    with suppress(FileNotFoundError):
        status = real.stat()
        if status.st_uid != os.getuid() or not stat.S_ISREG(status.st_mode):
            raise OSError(errno.ELOOP, "it is a symbolic link")
    return real


@contextmanager
def _open(path: Path, flags: int) -> Iterator[int]:
    file = os.open(path, flags, 0o600)
    try:
        yield file
    finally:
        os.close(file)


class Journal:
    """The journals of a directory, and the one of them that this machine writes.

    Any number of processes and threads may use the same directory at once. A machine's name must
    be its own: two machines that share one would write the same file.
    """

    def __init__(self, directory: Path, machine: str) -> None:
        self.machine = re.sub(r"[^A-Za-z0-9._-]+", "-", machine).strip(".-") or "machine"
        self.directory = directory
        self.file = directory / f"journal-{self.machine}.jsonl"
        self.damaged_file = directory / f"damaged-{self.machine}.jsonl"
        self.problems: tuple[str, ...] = ()
        """What the last reading found wrong, each a sentence for the person."""
        self.lost: frozenset[str] = frozenset()
        """The files that the last reading found gone, cut short or replaced by others: `recover`
        can write down again what was in them."""
        self._seen: dict[str, Position] = {}
        self._lamport = 0
        self._searched = 0
        """Bytes of damaged lines that were searched for a flipped bit."""
        self._known_damaged: set[int] = set()
        """Hashes of the lines that were set aside, as far as the file had come."""
        self._known_until = 0

    def size(self) -> int:
        """Return how many bytes the journals have; 0 where they can't be looked at."""
        with suppress(StoreError):
            return sum(status.st_size for _, status in self._files())
        return 0

    def append(self, edit: Edit, now: datetime) -> Change | None:
        """Write what differs between marks and filters before and after, as one change; return it.

        When it returns, the change is on the disk. Nothing differs: nothing is written, and None
        returned, unless the change undoes or redoes another.

        Raises StoreError when it can't be written; then nothing was changed.
        """
        sets = differences(edit)
        if not (sets or edit.undoes or edit.redoes):
            return None
        at = now.astimezone(UTC).replace(microsecond=0)

        def change() -> list[Change]:
            self._lamport += 1
            by = self._lamport, self.machine, at
            return [Change(*by, edit.operation, sets, edit.undoes, edit.redoes)]

        [written] = self._add(change)
        return written

    def read_new(self, since: Mapping[str, Position]) -> tuple[list[Change], dict[str, Position]]:
        """Return the changes that came after these positions, and the new positions.

        As `pieces`, all at once.
        """
        pieces = list(self.pieces(since))
        return [change for found, _ in pieces for change in found.changes], pieces[-1][1]

    def pieces(self, since: Mapping[str, Position]) -> Iterator[tuple[Sifted, dict[str, Position]]]:
        """Yield lines that came after these positions, and how far they go, at least once.

        Positions are kept by file name. A file that was replaced or cut short is read again from
        its start, so a change may come twice. Files in which nothing happened cost one stat. What
        is `lost` is known before the first piece, all else after the last one.

        Raises StoreError when the directory is there and can't be read.
        """
        # Of a file that is not there, the clocks it had stay known.
        positions = {name: Position(-1, 0, 0, 0, p.lamport) for name, p in since.items()}
        lost = {name for name, position in since.items() if position.size >= 0}
        unread: dict[str, str] = {}
        begun: dict[str, Position] = {}
        for name, status in self._files():
            position = since.get(name)
            lost.discard(name)
            if position and position[:2] == (status.st_size, status.st_mtime_ns):
                positions[name] = position
                continue
            try:
                begun[name] = self.begins(name, position)
            except OSError as error:
                unread[name] = _why(error)
                continue
            if position and position.offset and not begun[name].offset:
                lost.add(name)
        self.lost = frozenset(lost)
        for name, begin in begun.items():
            try:
                for found, position in self._pieces_of(name, begin):
                    positions[name] = position
                    yield found, dict(positions)
            except OSError as error:
                unread[name] = _why(error)
        self._lamport = max([self._lamport, *(p.lamport for p in positions.values())])
        self.problems = (
            *(
                f"{name} can't be read, so its marks are missing: {why}"
                for name, why in unread.items()
            ),
            *(
                problem
                for name, position in sorted(positions.items())
                for problem in _problems(name, position, self.damaged_file.name)
            ),
        )
        self._seen = positions
        yield sift(b""), dict(positions)

    def recover(self, known: Latest) -> int:
        """Write down what no journal holds any more of these marks; return how many values.

        They keep their clocks and machines, so processes and machines may do so at once or again.

        Raises StoreError when it can't be written.
        """
        if not later(known, self._held()):
            return 0
        written = self._add(lambda: recovered(later(known, self._held())))
        return sum(len(group.papers) for change in written for group in change.sets)

    def recent(self, at_least: int = 2 * KEPT) -> list[Change]:
        """Return this machine's latest changes, oldest first, from every process of it."""
        span = 1 << 16
        while True:
            end = _end_of(self.file, span)
            changes = [c for c in sift(end).changes if c.machine == self.machine]
            if len(end) < span or len(changes) >= at_least:
                return changes
            span *= 4

    def history(self, paper: PaperId) -> list[Change]:
        """Return every change to this paper on any machine, oldest first."""
        changes = self._all_lines(json.dumps(paper).encode()).changes
        found = {change for change in changes if paper in change.papers}
        return sorted(found, key=lambda change: change.id)

    def compact(self, now: datetime, keep: int = KEPT) -> int:
        """Drop what later changes of this machine have overwritten; return the bytes saved.

        The last `keep` changes stay as they are, and undoing ends at them. Damaged lines stay.
        """
        data = _end_of(self.file)
        data = data[: data.rfind(b"\n") + 1]
        compact = compacted(data, self.machine, now, keep)  # takes long, so without the lock
        if len(compact) >= len(data):
            return 0
        with _refusing(self.file), self.locked(self.file) as file:
            self._catch_up(file)
            real = _real(self.file)
            for stale in real.parent.glob(f".{real.name}.*.tmp"):
                stale.unlink()  # of a compaction that was killed
            grown = _contents(file)
            if not grown.startswith(data):
                return 0  # another process was first
            self._replace(self.file, compact + grown[len(data) :])
            return len(data) - len(compact)

    def backup(self, file: Path) -> int:
        """Write every change of every machine into one file; return how many lines it has."""
        lines = self._all_lines().lines
        with _refusing(file):
            if file.exists() and not file.is_file():
                raise OSError(errno.EINVAL, "it is not a plain file")
            self._replace(file, b"".join(line + b"\n" for line in lines))
        return len(lines)

    def restore(self, file: Path) -> int:
        """Merge a backup into the journals; return how many changes were missing here.

        Nothing goes away: where both know a field, the later change wins.

        Raises StoreError when the file is no backup, or nothing can be written.
        """
        try:
            sifted = sift(file.read_bytes())
        except OSError as error:
            raise StoreError(f"{file} can't be read: {_why(error)}") from error
        if not sifted.lines:
            raise StoreError(f"{file} is not a backup of marks: no line in it is a sound change")
        known = self._all_lines().lines
        missing = [line for line in sifted.lines if line not in known]
        if missing:
            data = b"".join(line + b"\n" for line in missing)
            # Named by what it holds, so that machines which restore the same file agree.
            path = self.directory / f"journal-restored-{zlib.crc32(data):08x}.jsonl"
            with _refusing(path):
                private_folder(self.directory)
                self._replace(path, data)
        self._set_aside(sifted.damaged)
        return len(missing)

    def _files(self) -> Iterator[tuple[str, os.stat_result]]:
        try:
            names = sorted(os.listdir(self.directory))
        except FileNotFoundError:
            return
        except OSError as error:
            raise StoreError(
                f"{self.directory} can't be read ({_why(error)}); choose another place with --home"
            ) from error
        for name in names:
            if name.startswith("journal-") and name.endswith(".jsonl"):
                with suppress(FileNotFoundError):
                    try:
                        yield name, os.stat(self.directory / name)
                    except OSError:  # a loop of links; reading it will say so
                        yield name, os.lstat(self.directory / name)

    def begins(self, name: str, since: Position | None) -> Position:
        """Return where to go on reading: at the start where what was read before is not there."""
        since = since or Position(0, 0, 0, 0)
        with _open(_real(self.directory / name), _READING) as file:
            there = since.offset <= os.fstat(file).st_size
            if there and since.check == _check(file, since.offset, since.damaged):
                return since
        return Position(0, 0, 0, 0, since.lamport)

    def _pieces_of(self, name: str, since: Position) -> Iterator[tuple[Sifted, Position]]:
        with _open(_real(self.directory / name), _READING) as file:
            status = os.fstat(file)
            while True:
                data, is_all = _piece(file, since.offset)
                end = data.rfind(b"\n") + 1 if is_all else _sound_end(data)
                # The last line may miss its newline and still be sound. It is read again later.
                rest = sift(data[end:]) if is_all else sift(b"")
                sifted = sift(data[:end], self._searched)
                self._searched = sifted.searched
                self._set_aside(sifted.damaged)
                offset, damaged = since.offset + end, since.damaged + len(sifted.damaged)
                check = (
                    zlib.crc32(data[:end], since.check)  # of all of it, as before
                    if since.damaged
                    else _check(file, offset, damaged)
                )
                since = Position(
                    status.st_size,
                    status.st_mtime_ns if is_all else 0,  # to go on from there the next time
                    offset,
                    check,
                    max(since.lamport, sifted.lamport, rest.lamport),
                    damaged,
                    since.mended + sifted.mended,
                    since.newer + sifted.newer,
                )
                sifted.lines |= rest.lines
                yield sifted, since
                if is_all:
                    return

    def _held(self) -> Latest:
        return merged(Journal(self.directory, self.machine).read_new({})[0])

    def _all_lines(self, having: bytes = b"") -> Sifted:
        """Return every sound line of every machine that has these bytes, each once."""
        found = sift(b"")
        for name, _ in self._files():
            data = _end_of(self.directory / name)
            if having:
                data = b"\n".join(line for line in data.split(b"\n") if having in line)
            found.lines |= sift(data).lines
        return found

    def _add(self, changes: Callable[[], list[Change]]) -> list[Change]:
        """Write changes behind all that is there, force them to the disk, and return them.

        `changes` is called when all that is there is known, perhaps more than once.
        """
        while True:
            with _refusing(self.file), self.locked(self.file) as file:
                self._catch_up(file)
                # What could not be read back must not be acknowledged.
                sound = sift(b"".join(map(encode, changes())))
                if sound.lines:
                    append_bytes(
                        file,
                        b"".join(line + b"\n" for line in sound.lines),
                        _real(self.file).parent,
                    )
                # A synchroniser may have put another file in its place meanwhile.
                if _is_at(file, self.file):
                    return sound.changes

    def _catch_up(self, file: int) -> None:
        """Read what other processes wrote to this machine's journal, before adding to it."""
        _, positions = self.read_new(self._seen)
        own = positions.get(self.file.name)
        if not own or own.size != os.fstat(file).st_size:
            raise OSError(errno.EIO, "it can't be read")
        if own.newer:
            raise StoreError(
                f"{self.file} was written by a newer tui-reader: upgrade to change marks here"
            )
        if self._lamport >= LAST_TICK:
            worst = max(positions, key=lambda name: positions[name].lamport)
            raise StoreError(
                f"{self.directory / worst} is broken: its clock is at the end. "
                "Move the file to another folder, then marks can be changed again"
            )

    def _set_aside(self, lines: list[bytes]) -> None:
        if lines:
            # A copy for the person to look at; the journal keeps the line, so failing is no loss.
            with suppress(OSError), self.locked(self.damaged_file) as file:
                while block := os.pread(file, BYTES_AT_ONCE, self._known_until):
                    whole = block[: block.rfind(b"\n") + 1] or block
                    self._known_damaged.update(map(hash, whole.split(b"\n")))
                    self._known_until += len(whole)
                new = [
                    line for line in dict.fromkeys(lines) if hash(line) not in self._known_damaged
                ]
                _write_all(file, b"".join(line + b"\n" for line in new))

    @contextmanager
    def locked(self, path: Path) -> Iterator[int]:
        private_folder(self.directory)
        while True:
            with _open(_real(path), _APPENDING) as file:
                lock(file)
                if _is_at(file, path):  # or compaction has put a new file there meanwhile
                    yield file
                    return

    def _replace(self, path: Path, data: bytes) -> None:
        path = _real(path)
        new = path.with_name(f".{path.name}.{os.getpid()}.tmp")
        with _open(new, _APPENDING | os.O_EXCL) as file:
            try:
                # Locked until the rename is on the disk: what others append must not precede it.
                lock(file)
                _write_all(file, data)
                os.fsync(file)
                os.rename(new, path)
                _force_directory(path.parent)
            except BaseException:
                with suppress(OSError):
                    os.unlink(new)
                raise


def _problems(name: str, position: Position, damaged_file: str) -> Iterator[str]:
    for count, kind, fate in (
        (position.damaged, "damaged", f"set aside in {damaged_file}"),
        (position.mended, "damaged", "set right"),
        (position.newer, "unknown", "of a newer tui-reader: upgrade to see all"),
    ):
        if count:
            yield f"{name}: {count} {kind} {'line was' if count == 1 else 'lines were'} {fate}"


def append_bytes(file: int, line: bytes, directory: Path) -> None:
    size = os.fstat(file).st_size
    if not size:
        # Before the first line: whoever finds one here may rely on the file's name being kept.
        _force_directory(directory)
        with suppress(OSError):
            _force_directory(directory.parent)
    elif os.pread(file, 1, size - 1) != b"\n":
        line = b"\n" + line  # ends a torn line, which was never acknowledged
    try:
        _write_all(file, line)
        os.fdatasync(file)
    except BaseException:
        with suppress(OSError):
            os.ftruncate(file, size)
        raise


def _write_all(file: int, data: bytes) -> None:
    rest = memoryview(data)
    while rest:  # once, but for a disk that is getting full: then the next call says why
        rest = rest[os.write(file, rest) :]


def lock(file: int) -> None:
    for _ in range(_LOCK_TRIES):
        with suppress(BlockingIOError):
            return fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        time.sleep(_LOCK_PAUSE)
    raise OSError(errno.EBUSY, "another tui-reader has held it for ten seconds")


def _is_at(file: int, path: Path) -> bool:
    try:
        return os.path.samestat(os.fstat(file), os.stat(path))
    except FileNotFoundError:
        return False


def _check(file: int, offset: int, damaged: int) -> int:
    # All of it where lines were damaged: the file may still be arriving, or be repaired by hand.
    # What is understood takes part: an upgraded reader reads again what the older one skipped.
    start, check = 0 if damaged else max(0, offset - _TAIL), UNDERSTOOD
    while start < offset:
        block = os.pread(file, min(BYTES_AT_ONCE, offset - start), start)
        check = zlib.crc32(block, check)
        start += len(block) or offset
    return check


def _piece(file: int, offset: int) -> tuple[bytes, bool]:
    """Return some whole lines and the beginning of the next, and whether the file ends there."""
    data = b""
    while b"\n" not in data:
        block = os.pread(file, BYTES_AT_ONCE, offset + len(data))
        data += block
        if len(block) < BYTES_AT_ONCE:
            return data, True
    return data, False


def _sound_end(data: bytes) -> int:
    """Return where the last sound line ends: a damaged one may be half of one, to be mended."""
    end = whole = data.rfind(b"\n") + 1
    for _ in range(10):
        start = data.rfind(b"\n", 0, end - 1) + 1
        if is_sound(data[start : end - 1]):
            return end
        end = start
    return whole


def _contents(file: int, offset: int = 0) -> bytes:
    blocks = []
    while block := os.pread(file, 1 << 20, offset):
        blocks.append(block)
        offset += len(block)
    return b"".join(blocks)


def _end_of(path: Path, span: int = 1 << 62) -> bytes:
    """Return the last `span` bytes of a file; none where it is not there."""
    try:
        with _open(_real(path), _READING) as file:
            return _contents(file, max(0, os.fstat(file).st_size - span))
    except FileNotFoundError:
        return b""
    except OSError as error:
        raise StoreError(f"{path} can't be read: {_why(error)}") from error


def _force_directory(directory: Path) -> None:
    with _open(directory, os.O_RDONLY | os.O_CLOEXEC | os.O_DIRECTORY) as file:
        os.fsync(file)


@contextmanager
def _refusing(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise StoreError(f"{path} can't be written, nothing was changed: {_why(error)}") from error


_NO_LOCKS = (
    "this disk knows no locks, as some network disks do, so two programs could overwrite each"
    " other's marks; keep them on another disk with --home"
)


def _why(error: OSError) -> str:
    known = {
        errno.ENOSPC: "the disk is full; free some space and try again",
        errno.EDQUOT: "your disk quota is used up; free some space and try again",
        errno.ELOOP: "it is a symbolic link to what is no file of yours; put the file itself there",
        errno.ENOLCK: _NO_LOCKS,
        errno.EOPNOTSUPP: _NO_LOCKS,
        errno.ENOSYS: _NO_LOCKS,
    }
    return known.get(error.errno or 0, error.strerror or str(error))
