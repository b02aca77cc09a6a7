"""The daily announcement e-mail: its text, a saved .eml, an mbox of many; old listing files."""

import base64
import binascii
import html
import quopri
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, timedelta
from email.utils import parsedate_to_datetime
from textwrap import dedent
from typing import Any, BinaryIO

from tui_reader import taxonomy
from tui_reader.errors import ForeignError, SourceError
from tui_reader.model import Entry, Listing, PaperId, Reading, Section, Version
from tui_reader.sources.common import (
    decoded,
    find_date,
    find_time,
    line,
    number,
    paper_of,
    promise_problems,
    unreadable_entries,
)

FORM = "announcement e-mail"

LONGEST_ROW = 1 << 16
LONGEST_MAIL = 8 << 20
LONGEST_HEAD = 1 << 16
"""All in bytes; the longest announcement has about one million."""
MOST_LEVELS = 4
"""How deep a part may stand inside others."""

_HEAD_END = re.compile(rb"\A\r?\n|\n\r?\n")
_BOUNDARY = re.compile(r"boundary=(?:\"([^\"]{1,80})\"|([^\s;\"]{1,80}))", re.IGNORECASE)
_CHARSET = re.compile(r"charset=\"?([\w-]{1,30})", re.IGNORECASE)
_ENCODINGS: Mapping[str, Callable[[bytes], bytes]] = {
    "base64": base64.decodebytes,
    "quoted-printable": quopri.decodestring,
}
_BEGINS = re.compile(r"(?mi)^\\\\\s*\n(?:arXiv:|Paper(?: \(\*cross-listing\*\))?:|/\* )")
_QUOTE = re.compile(r"(?m)^(?:> ?)+")
_FORWARDED = re.compile(r"(?mi)^\W*(?:begin )?(?:forwarded|original) message")
_LINE_END = re.compile(r"<br[^<>]{0,99}>\n?|</(?:p|div|tr|pre)>", re.IGNORECASE)
_TAG = re.compile(r"<[!/A-Za-z][^<>]{0,999}>")
_RULE = re.compile(r"^(-{70,}|%-%[-%]{60,}|%%--[-%]{60,}|%%%---[-%]{60,})[^\S\n]*$", re.MULTILINE)
_END_RULE = re.compile(r"^%%%---", re.MULTILINE)
# Until March 2007 the line was "Paper: hep-th/9901001".
_IDENTIFIER = re.compile(
    r"^(?:arXiv:|Paper(?P<crossed> \(\*cross-listing\*\))?: *)(?P<id>\S+)"
    r"(?P<cross>[^\S\n]+\(\*cross-listing\*\))?",
    re.MULTILINE | re.IGNORECASE,
)
_REPLACED = re.compile(r"^replaced with revised version", re.MULTILINE)
_REVISED = re.compile(r"^Date \((?:revised|v\d)", re.MULTILINE)
_SIZE = re.compile(r"\((\d{1,6})kb")
_FIELD = re.compile(
    r"(Title|Authors?|Categories|Subj-class|Comments?|Journal-ref|DOI|Report-no|MSC-class|ACM-class"
    r"|From|License|Proxy|Date(?: \([^)\n]{1,20}\))?): *(.*)"
)
_SINGULAR = {"author": "authors", "comment": "comments"}
_PART = re.compile(r"^\\\\(?=[^\S\n]*$|[^\S\n]+\()", re.MULTILINE)
_DAY = re.compile(r"/\* (.{1,80}?) \*/")
_RECEIVED = re.compile(r"received from .{1,80}? to +\w{3} +(\d{1,2} \w{3} \d\d) ")
_COUNTS = re.compile(r"daily (\d{0,6}) new \+ (\d{0,6}) crosses received")
_TO = re.compile(r"To: *([a-z.-]{1,40})@(?:arxiv\.org|xxx\.lanl\.gov)", re.IGNORECASE)


@dataclass
class _Mail:
    """What was gathered of one announcement so far."""

    announced: date | None
    entries: list[Entry] = field(default_factory=list)
    unreadable: int = 0


def recognises(text: str) -> bool:
    """Whether this is an announcement's text, with or without the head of a mail."""
    return bool(_BEGINS.search(_unquoted(text)))


def of_html(page: str) -> str:
    """Return the text of a mail that is written, or was saved, as HTML."""
    return html.unescape(_TAG.sub("", _LINE_END.sub("\n", page)))


def _unquoted(text: str) -> str:
    """Return the text of an announcement that someone quoted or indented."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return text if _BEGINS.search(text) or "\\\\" not in text else dedent(_QUOTE.sub("", text))


def is_message(data: bytes) -> bool:
    """Whether this begins like a saved mail or an mbox."""
    return bool(re.match(rb"From \S|(?:[A-Za-z][A-Za-z0-9-]*+: .*+\n(?:[ \t].*+\n)*+){2}", data))


def read_messages(data: bytes, origin: str) -> Reading:
    """Read a mail, or the mails of an mbox; mails that announce nothing are counted.

    Raises SourceError when none is an announcement of arXiv.
    """
    parts = re.split(rb"(?m)^From \S.*\r?\n", data) if data.startswith(b"From ") else [data]
    messages = [part for part in parts if part.strip()]
    readings = []
    for message in messages:
        try:
            readings.append(read_message(message, origin))
        except SourceError:
            continue
    if not readings:
        raise ForeignError(origin, "no announcement of arXiv is in this mail")
    problems = [problem for reading in readings for problem in reading.problems]
    if others := len(messages) - len(readings):
        verb = "is" if others == 1 else "are"
        problems.append(f"{others} of its {len(messages)} mails {verb} no announcement of arXiv")
    listings = tuple(listing for reading in readings for listing in reading.listings)
    form = FORM if len(messages) == 1 else "mailbox"
    return Reading(form, listings, (), tuple(problems))


def split_mbox(file: BinaryIO) -> Iterator[bytes]:
    """Yield the mails of an mbox one by one, so that a long one is never held whole.

    Of a mail longer than LONGEST_MAIL the rest is left out.
    """
    message = bytearray()
    begins = True
    while row := file.readline(LONGEST_ROW):
        if begins and row.startswith(b"From "):
            if message:
                yield bytes(message)
            message.clear()
        elif len(message) < LONGEST_MAIL:
            message += row
        begins = row.endswith(b"\n")
    if message:
        yield bytes(message)


def read_message(data: bytes, origin: str) -> Reading:
    """Read one mail with its head.

    Raises SourceError when it is no announcement.
    """
    # Where the mail is damaged, the text may still be there.
    text, problems = _announcement(data, MOST_LEVELS) or decoded(data)
    if not recognises(text):
        raise ForeignError(origin, "a mail that is no announcement of arXiv")
    head, _ = _head_and_body(data)
    reading = read(text, origin, _day_sent(head.get("date", "")), head.get("subject", ""))
    return replace(reading, problems=(*problems, *reading.problems))


def _announcement(data: bytes, levels: int) -> tuple[str, list[str]] | None:
    """Return the text of the first part of a mail that announces something, as `decoded` does.

    The standard library takes quadratic time over long heads and parts inside parts.
    """
    head, body = _head_and_body(data)
    kind = head.get("content-type", "")
    if kind.lower().startswith("message/") and levels:
        return _announcement(body, levels - 1)
    if kind.lower().startswith("multipart/") and levels:
        named = _BOUNDARY.search(kind)
        rule = b"--" + (named[1] or named[2]).encode() if named else b""
        parts = re.split(rb"(?m)^%s(?:--)?[ \t]*\r?\n" % re.escape(rule), body) if rule else []
        texts = (_announcement(part, levels - 1) for part in parts[1:])
        return next(filter(None, texts), None)
    encoding = head.get("content-transfer-encoding", "").strip().lower()
    charset = _CHARSET.search(kind)
    try:
        unpacked = _ENCODINGS.get(encoding, bytes)(body)
    except (binascii.Error, LookupError):
        return None
    text, problems = decoded(unpacked, charset[1] if charset else "")
    text = of_html(text) if kind.lower().startswith("text/html") else text
    return (text, problems) if recognises(text) else None


def _head_and_body(data: bytes) -> tuple[dict[str, str], bytes]:
    """Return the first field of each name, in lower case, and what comes after the head."""
    end = _HEAD_END.search(data, 0, LONGEST_HEAD)
    if not end:
        return {}, data
    rows = re.sub(r"\r?\n[ \t]+", " ", data[: end.start()].decode("utf-8", "replace")).splitlines()
    fields: dict[str, str] = {}
    for row in rows:
        name, _, value = row.partition(":")
        fields.setdefault(name.strip().lower(), value.strip())
    return fields, data[end.end() :]


def _day_sent(stamp: str) -> date | None:
    try:
        return parsedate_to_datetime(stamp[:100]).astimezone(UTC).date()
    except (ValueError, TypeError, LookupError, OverflowError):
        return None


def read(text: str, origin: str, sent: date | None = None, subject: str = "") -> Reading:
    """Read an announcement's text; `sent` and `subject` come from the head, where there is one.

    Without a day, as in the .abs files of old mirrors, its papers are read and no listing.

    Raises SourceError when no entry can be read.
    """
    if len(text) > LONGEST_MAIL:
        raise SourceError(origin, f"a mail of more than {LONGEST_MAIL >> 20} MB; part it")
    if not sent or _FORWARDED.search(text) or not _BEGINS.search(text):
        sent = _day_after_receiving(text) or sent  # not when someone sent it on
    text = _unquoted(text)
    first = _DAY.search(text)
    day = find_date(first[1]) if first else sent
    mails = [_Mail(day)]
    problems: list[str] = []
    seen: set[tuple[PaperId, int]] = set()
    section = Section.NEW
    ended = bool(first or not day)
    pieces = _RULE.split(text)
    for rule, piece in zip(["", *pieces[1::2]], pieces[::2], strict=True):
        if rule.startswith("%"):
            ended = rule.startswith("%%%")
            section = Section.REPLACEMENT if rule.startswith("%%") else Section.CROSS
        if (mark := _DAY.search(piece)) and (next_day := find_date(mark[1])):
            mails.append(_Mail(next_day))
            continue
        parts = _PART.split(piece)
        if len(parts) < 2:
            continue
        entry = _entry(parts[1:], section, len(mails[-1].entries) + 1)
        if not entry:
            mails[-1].unreadable += 1
        elif (entry.paper.id, len(mails)) in seen:
            problems.append(f"{entry.paper.id} stands in it twice; the first was kept")
        else:
            seen.add((entry.paper.id, len(mails)))
            mails[-1].entries.append(entry)
            if len(parts) < 3 or (entry.paper.abstract and len(parts) < 4):
                problems.append(f"the text ends in the middle of {entry.paper.id}")
    if not ended:
        problems.append("the mail ends before its closing rule, so entries may be missing")
    return _reading(text, origin, subject, mails, problems)


def _reading(
    text: str, origin: str, subject: str, mails: list[_Mail], problems: list[str]
) -> Reading:
    mails = [mail for mail in mails if mail.entries or mail.unreadable]
    entries = [entry for mail in mails for entry in mail.entries]
    if not entries:
        raise SourceError(origin, "an announcement whose entries can't be read; save it again")
    name = subject.partition(" ")[0]
    if not taxonomy.is_known(name):
        to = _TO.search(text)
        primary = "".join(entries[0].paper.categories[:1])
        name = to[1].lower() if to else primary.partition(".")[0]
    promised = {}
    if counts := _COUNTS.search(subject):
        new, crosses = (number(count) or 0 for count in counts.groups())
        promised = {Section.NEW: new, Section.CROSS: crosses}
    category = taxonomy.canonical(name)
    listings = []
    for mail in mails:
        problems = [*unreadable_entries(mail.unreadable), *problems]
        if mail.announced:
            problems += promise_problems(mail.entries, promised)
            found = tuple(mail.entries)
            listings.append(Listing(category, mail.announced, found, promised, mail.unreadable))
    if listings:
        return Reading(FORM, tuple(listings), (), tuple(problems))
    if _END_RULE.search(text):
        problems.append("it does not tell its day, so it gives papers and no announcement")
    return Reading(FORM, (), tuple(entry.paper for entry in entries), tuple(problems))


def _day_after_receiving(text: str) -> date | None:
    """Return the day a mail without a head was announced: the next working day."""
    received = _RECEIVED.search(text)
    last = find_date(received[1]) if received else None
    return last + timedelta(days=3 if last.weekday() == 4 else 1) if last else None


def _entry(parts: list[str], section: Section, position: int) -> Entry | None:
    r"""Read an entry from what stands between its `\\` lines: head, abstract, link."""
    head, abstract = parts[0], "".join(parts[1:2])
    if not (named := _IDENTIFIER.search(head)):
        return None
    if _REPLACED.search(head):
        section = Section.REPLACEMENT
    elif named["crossed"] or named["cross"]:
        section = Section.CROSS
    known: dict[str, Any] = {"version": None}
    if section is Section.NEW and not _REVISED.search(head):
        size = _SIZE.search(head)
        first = Version(1, find_time(head), int(size[1]) if size else None)
        known = {"version": 1, "versions": (first,)}
    fields = _fields(head) | {"id": named["id"]}
    if not abstract.lstrip().startswith("("):
        fields["abstract"] = abstract
    fields.setdefault("categories", _old_categories(named["id"], fields.get("subj-class", "")))
    submitter = line(fields.get("from", "").partition("<")[0])
    paper = paper_of(fields, submitter=submitter, **known)
    return Entry(paper, section, position) if paper else None


def _old_categories(identifier: str, subjects: str) -> str:
    """Return the codes of before there was a field for them: archive, and names of its subjects."""
    home = identifier.partition("/")[0].lower()
    archive, _, subject = home.partition(".")
    named = [code for name in subjects.split(";") for code in taxonomy.codes_named(name.strip())]
    codes = [f"{archive}.{subject.upper()}"] if subject else []
    codes += [code for code in named if code.startswith(archive)]
    return " ".join([*(codes or [archive]), *subjects.split()])


def _fields(head: str) -> dict[str, str]:
    """Return the fields of an entry's head; any line that begins no field goes on with the last."""
    fields: dict[str, list[str]] = {}
    rows: list[str] = []  # of the last field
    for row in head.splitlines():
        if labelled := _FIELD.match(row):
            name = labelled[1].lower()
            rows = [labelled[2]]
            fields.setdefault(_SINGULAR.get(name, name), rows)
        else:
            rows.append(row.strip())
    return {name: " ".join(rows) for name, rows in fields.items()}
