"""A change of marks as a line of a journal: written, read back, and mended.

A line is ASCII JSON, a tab, the CRC-32 of that JSON in eight hexadecimal digits, a newline:

    {"v":1,"l":7,"t":"2026-03-03T09:12:05Z","m":"desk","o":"Star",
     "c":[[["2603.00356"],{"starred":[false,true]}]]}

that is format, Lamport clock, time, machine, operation and changes: groups of papers, and for each
field its old and its new value. `u` or `r` names the change that this one undoes or does again.
A field is one of changes.FLAGS, note, or `tag:` and a tag. Saved filters have a key of
their own, which programs of version 0.1 skip: `"f":{"serving":[null,"watch ti:serving"]}` is each
one's old and new value, what it does before its text; null where there is none. Texts are cleaned
as they are read, whoever wrote them.
"""

import json
import re
import zlib
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import Any

from tui_reader.errors import IdError
from tui_reader.late import late
from tui_reader.model import NO_PAPER, PaperId, parse_id
from tui_reader.store.changes import (
    FILTER,
    FLAGS,
    Change,
    ChangeId,
    Latest,
    Operation,
    Stamped,
    Value,
    ValueSet,
    merged,
    value_text,
)
from tui_reader.text.clean import clean, printable

FORMAT = 1
UNDERSTOOD = 2
"""What this program reads of the format; grows with each key that an older one skips."""
LAST_TICK = 2**41
"""The highest clock: a change each millisecond takes 70 years to it, so that above it is damage."""

_UNSAFE = late("[\x0b-\x1f]")
_BEGIN = b'{"v":'
"""Of each record; a text in it has a backslash before the quotation marks."""
_COMMON_ID = late(r"(?:1[5-9]|2[0-9])(?:0[1-9]|1[0-2])\.(?!00000)[0-9]{5}")
_FLAG = rb'"(?:starred|read|skipped|returned)":\[(?:true|false),(?:true|false)\]'
_PLAIN = late(
    rb'(\{"v":1,"l":([1-9]\d{0,11}),'
    rb'"t":"((\d{4}-\d\d-\d\d)T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d)Z",'
    rb'"m":"([\w.-]+)","o":"(\w+(?: \w+)*)",'
    rb'"c":\[\[\["(' + _COMMON_ID.pattern.encode() + rb')"\],'
    rb"(\{" + _FLAG + rb"(?:," + _FLAG + rb")*\})\]\]\})\t([0-9a-f]{8})"
)  # fmt: skip
Plain = re.Match[bytes]
"""A line as most are, flags of one paper: its values are read without making a Change first."""
_MOST_MENDED = 1 << 20  # bytes of damaged lines searched for a flipped bit, half a second


def encode(change: Change) -> bytes:
    """Return the change's line, newline included."""
    groups: dict[tuple[PaperId, ...], dict[str, list[Value]]] = {}
    for group in change.sets:
        groups.setdefault(group.papers, {})[group.name] = [group.old, group.new]
    filters = groups.pop((NO_PAPER,), {})
    record: dict[str, Any] = {
        "v": FORMAT,
        "l": change.lamport,
        "t": change.at.replace(tzinfo=None).isoformat() + "Z",
        "m": change.machine,
        "o": change.operation,
        "c": list(groups.items()),
    }
    if filters:
        record["f"] = {field.removeprefix(FILTER): pair for field, pair in filters.items()}
    if change.undoes:
        record["u"] = change.undoes
    if change.redoes:
        record["r"] = change.redoes
    text = json.dumps(record, separators=(",", ":")).encode("ascii")
    return b"%b\t%08x\n" % (text, zlib.crc32(text))


def decode(line: bytes) -> Change | int:
    """Read a line, without its newline; of a newer format, only the Lamport clock.

    Raises ValueError where the line is damaged.
    """
    read = _read(line)
    return read if isinstance(read, int) else _change_of(read)


def _read(line: bytes) -> Plain | Change | int:
    if found := _PLAIN.fullmatch(line):
        text, day, check = found.group(1, 4, 9)
        if int(check, 16) == zlib.crc32(text) and _is_day(day):
            return found
    text, _, check = line.removesuffix(b"\r").rpartition(b"\t")
    if check != b"%08x" % zlib.crc32(text):
        raise ValueError("the checksum does not match")
    try:
        record = _decoded(str(text, "utf-8"))
        if record["v"] > FORMAT:
            return _tick(record["l"])
        return _change(record)
    except (TypeError, KeyError, AttributeError, ArithmeticError, RecursionError, IdError) as error:
        raise ValueError("not a change") from error


@lru_cache(maxsize=1000)
def _is_day(text: bytes) -> bool:
    try:
        return bool(date.fromisoformat(str(text, "ascii")))
    except ValueError:
        return False


def _change_of(read: Plain | Change) -> Change:
    if isinstance(read, Change):
        return read
    _, clock, at, _, machine, operation, paper, flags, _ = read.groups()
    papers = (PaperId(str(paper, "ascii")),)
    return Change(
        int(clock),
        _ascii(machine),
        datetime.fromisoformat(_iso(at)),
        _ascii(operation),
        tuple([ValueSet(papers, *pair) for pair in _flags(flags)]),
    )


@lru_cache(maxsize=1000)
def _ascii(text: bytes) -> str:
    return str(text, "ascii")


def _iso(at: bytes) -> str:
    return f"{str(at, 'ascii')}+00:00"


@lru_cache(maxsize=1000)
def _flags(text: bytes) -> tuple[tuple[str, bool, bool], ...]:
    return tuple((field, *pair) for field, pair in json.loads(text).items())


_decoded = json.JSONDecoder().decode


def sound_line(line: bytes) -> Plain | Change | int | None:
    try:
        return _read(line)
    except ValueError:
        return None


def _change(record: dict[str, Any]) -> Change:
    sets = []
    for ids, fields in record["c"]:
        papers = tuple(map(_canonical, ids))
        for name, (old, new) in fields.items():
            if field := _field(name):
                sets.append(ValueSet(papers, field, _fitting(field, old), _fitting(field, new)))
    for name, (old, new) in record.get("f", {}).items():
        if field := _field(FILTER + name):
            sets.append(ValueSet((NO_PAPER,), field, _fitting(field, old), _fitting(field, new)))
    return Change(
        _tick(record["l"]),
        _line(record["m"]),
        _time(record["t"]),
        _line(record["o"]),
        tuple(sets),
        _reference(record.get("u")),
        _reference(record.get("r")),
    )


@lru_cache(maxsize=1000)
def _time(text: str) -> datetime:
    at = datetime.fromisoformat(text)
    if at.tzinfo is UTC:
        return at
    if at.tzinfo is None:
        raise ValueError("a time without its zone")
    return at.astimezone(UTC)


def _tick(clock: object) -> int:
    if type(clock) is not int or not 0 < clock <= LAST_TICK:
        raise ValueError("not a clock")
    return clock


@lru_cache(maxsize=1000)
def _line(text: object) -> str:
    if not isinstance(text, str):
        raise ValueError("not a text")  # noqa: TRY004  as all that a line may have wrong
    return clean(text)


@lru_cache(maxsize=1000)
def _field(name: object) -> str:
    kind, colon, tag = _line(name).partition(":")
    return kind + colon + clean(tag) if tag or not colon else ""  # empty: a tag without a name


def clean_note(text: str) -> str:
    """Return the note as it is kept: printable, with its lines and blanks."""
    if text.isascii() and text.isprintable():
        return text
    return _UNSAFE.sub("", re.sub("[\u2028\u2029]", "\n", printable(text)))


def _canonical(text: object) -> PaperId:
    if isinstance(text, str) and _COMMON_ID.fullmatch(text):
        return PaperId(text)
    return _parsed(text)


@lru_cache(maxsize=10_000)
def _parsed(text: object) -> PaperId:
    if not isinstance(text, str) or parse_id(text) != (text, None):
        raise ValueError("not a canonical identifier")
    return PaperId(text)


def _fitting(field: str, value: object) -> Value:
    if isinstance(value, bool) and field != "note":
        return value
    if field in FLAGS or field.startswith("tag:") or not isinstance(value, str | None):
        raise ValueError("not a value of this field")
    return value and clean_note(value)


def _reference(pair: list[object] | None) -> ChangeId | None:
    if pair is None:
        return None
    clock, machine = pair
    return _tick(clock), _line(machine)


@dataclass(slots=True)
class Sifted:
    """What some bytes of a journal hold."""

    lines: dict[bytes, Plain | Change | int]
    """The sound lines as they stand, each once, and read; of a newer format, its clock."""
    damaged: list[bytes]
    mended: int = 0
    searched: int = 0
    """Bytes that were searched for a flipped bit, which is slow."""

    @property
    def changes(self) -> list[Change]:
        return [_change_of(read) for read in self.lines.values() if not isinstance(read, int)]

    def values(self) -> Iterator[tuple[PaperId, str, str, int, str, str]]:
        """Yield each value that was set: paper, field, its text, clock, machine, ISO time."""
        for read in self.lines.values():
            if isinstance(read, re.Match):
                _, clock, at, _, machine, _, paper, flags, _ = read.groups()
                id_, stamp = PaperId(str(paper, "ascii")), (int(clock), _ascii(machine), _iso(at))
                for field, _, flag in _flags(flags):
                    yield id_, field, value_text(flag), *stamp
            elif isinstance(read, Change):
                stamp = read.lamport, read.machine, read.at.isoformat()
                for papers, field, _, value in read.sets:
                    text = value_text(value)
                    for id_ in papers:
                        yield id_, field, text, *stamp

    @property
    def newer(self) -> int:
        """Count the lines of a newer format."""
        return sum(isinstance(read, int) for read in self.lines.values())

    @property
    def lamport(self) -> int:
        return max(map(_clock, self.lines.values()), default=0)

    def mend(self, line: bytes) -> bool:
        """Take a damaged line, if what is wrong is one flipped bit or a newline that is missing."""
        right = b""
        if self.searched + len(line) <= _MOST_MENDED:
            self.searched += len(line)
            right = _set_right(line)
        found = _records(line) if sound_line(right) is None else [right]
        sound = {each: read for each in found if (read := sound_line(each)) is not None}
        self.lines |= sound
        mended = bool(sound) and (right in sound or len(line) - sum(map(len, sound)) <= 1)
        self.mended += mended
        return mended


def sift(data: bytes, searched: int = 0) -> Sifted:
    """Tell the sound lines from the damaged; so much was `searched` for flipped bits before."""
    sifted = Sifted({}, [], searched=searched)
    broken = b""  # the damaged line before
    for line in filter(None, data.split(b"\n")):
        if (read := sound_line(line)) is not None:
            sifted.lines[line] = read
            broken = b""
        elif sifted.mend(line):
            broken = b""
        elif broken and sifted.mend(broken + b"\n" + line):  # the flipped bit made a newline
            sifted.damaged.pop()
            broken = b""
        else:
            sifted.damaged.append(line)
            broken = line
    return sifted


def _clock(read: Plain | Change | int) -> int:
    if isinstance(read, int):
        return read
    return read.lamport if isinstance(read, Change) else int(read[2])


def is_sound(line: bytes) -> bool:
    """Whether a line can be read as it is."""
    return sound_line(line) is not None


def _records(line: bytes) -> list[bytes]:
    """Return what may be whole records in a line, such as in one that lost its newline."""
    found = []
    at = line.find(_BEGIN)
    while at >= 0:
        after = line.find(_BEGIN, at + 1)
        tab = line.find(b"\t", at, after if after >= 0 else len(line))
        if tab >= 0:
            found.append(line[at : tab + 9])
        at = after
    return found


def _set_right(line: bytes) -> bytes:
    """Return the line with the one flipped bit set right, or nothing where there is none."""
    text, check = line[:-9], line[-9:]
    computed = b"\t%08x" % zlib.crc32(text)
    if (int.from_bytes(check) ^ int.from_bytes(computed)).bit_count() == 1:
        return text + computed
    with suppress(ValueError):
        # A CRC is linear: a flipped bit changes it by what depends on the distance to the end
        # alone, and one bit further from the end that is one step of the division further.
        difference, effect = zlib.crc32(text) ^ int(check, 16), _CRC
        for distance in range(8 * len(text)):
            if effect == difference:
                right = bytearray(line)
                right[len(text) - 1 - distance // 8] ^= 0x80 >> distance % 8
                return bytes(right)
            effect = effect >> 1 ^ (_CRC if effect & 1 else 0)
    return b""


_CRC = 0xEDB88320  # the polynomial of CRC-32, and what flipping the last bit does to it


def compacted(data: bytes, machine: str, now: datetime, keep: int) -> bytes:
    sifted = sift(data)
    sound = [
        (line, _change_of(read)) for line, read in sifted.lines.items() if not isinstance(read, int)
    ]
    winners = merged(sifted.changes)
    split = max(0, len(sound) - keep)
    lines = [_slimmed(line, change, winners) for line, change in sound[:split]]
    if split:
        clock = max(change.lamport for _, change in sound[:split])
        at = now.astimezone(UTC).replace(microsecond=0)
        lines.append(encode(Change(clock, machine, at, Operation.COMPACTION)))
    lines += [line + b"\n" for line, _ in sound[split:]]
    return b"".join([*lines, *(line + b"\n" for line in sifted.damaged)])


def _slimmed(line: bytes, change: Change, winners: Latest) -> bytes:
    sets = []
    for group in change.sets:
        stamped = Stamped(group.new, change.lamport, change.machine, change.at)
        if papers := tuple(p for p in group.papers if winners[p, group.name] == stamped):
            sets.append(group._replace(papers=papers))
    slim = change._replace(sets=tuple(sets))
    return b"" if not sets else line + b"\n" if slim == change else encode(slim)
