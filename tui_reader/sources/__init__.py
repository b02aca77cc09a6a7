"""Outside bytes to values: everything arXiv sends, one module a format. No clock, no network.

`read` takes whole pages, feeds, mails and files. The bulk snapshot, which `is_bulk` tells from
them, is streamed by a `Snapshot`; `read_mailbox` goes through a mailbox mail by mail.
"""

import io
import re
import zlib
from collections.abc import Iterator
from dataclasses import replace
from typing import BinaryIO

from tui_reader.errors import ForeignError, SourceError
from tui_reader.model import Reading
from tui_reader.sources import bibtex, id_list, mail, plaintext
from tui_reader.sources.common import decoded
from tui_reader.sources.snapshot import Snapshot, is_bulk

__all__ = ["MOST_BYTES", "Snapshot", "is_bulk", "read", "read_mailbox", "unpacked"]

MOST_BYTES = 16 << 20
"""What `read` takes in: twice the longest page. A snapshot or a mailbox is streamed instead."""

_NOTHING_KNOWN = (
    "nothing that arXiv sends: no listing or abstract page, feed, announcement mail, snapshot,"
    " BibTeX or list of identifiers"
)
_ENCODING = re.compile(
    rb"^%.{0,60}?coding *[:=] *([A-Za-z0-9_-]{3,20})", re.MULTILINE | re.IGNORECASE
)
_BUSY = re.compile(rb"listing is temporarily unavailable|Rate exceeded", re.IGNORECASE)
_XML_ROOT = re.compile(rb"<(?:\w+:)?(rss|feed|RDF|OAI-PMH)[\s>]")


def read(data: bytes, origin: str) -> Reading:
    """Read a page, feed, mail or file, whichever it is, whole.

    `origin` names it in messages. What is damaged is counted in the reading and the rest kept.

    Raises SourceError when it is nothing arXiv sends, or nothing in it can be read.
    """
    if not data.strip():
        raise ForeignError(origin, "empty; fetch or save it again")
    if len(data) > MOST_BYTES:
        raise SourceError(origin, f"larger than {MOST_BYTES >> 20} MB, and not a bulk snapshot")
    if is_bulk(data[:1000], origin):
        return _read_snapshot(data, origin)
    data = unpacked(data, origin)
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        data = data.decode("utf-16", errors="replace").encode()
    data = data.removeprefix(b"\xef\xbb\xbf")
    if len(data) < 1000 and _BUSY.search(data):
        raise SourceError(origin, "arXiv is busy or behind; try again in a few minutes")
    if data[:4096].count(b"\0") > 16:
        raise ForeignError(origin, "not a text; save the page, feed or mail as it was sent")
    if data.lstrip()[:1] == b"<":
        return _read_markup(data, origin)
    return _read_text(data, origin)


def read_mailbox(file: BinaryIO, origin: str) -> Iterator[Reading]:
    """Read the announcements in an mbox one by one; other mails are passed over."""
    for message in mail.split_mbox(file):
        try:
            yield mail.read_message(message, origin)
        except SourceError:
            continue


def _read_text(data: bytes, origin: str) -> Reading:
    if mail.is_message(data):  # whose head may say what it is in
        return mail.read_messages(data, origin)
    named = _ENCODING.search(data[:4096])
    text, problems = decoded(data, named[1].decode() if named else "")
    reading = _text_read(text.replace("\r\n", "\n").replace("\r", "\n"), origin)
    return replace(reading, problems=(*problems, *reading.problems))


def _text_read(text: str, origin: str) -> Reading:
    if plaintext.recognises(text):
        return plaintext.read(text, origin)
    if mail.recognises(text):
        return mail.read(text, origin)
    if bibtex.recognises(text):
        return bibtex.read(text, origin)
    if identifiers := id_list.read(text):
        return identifiers
    raise ForeignError(origin, _NOTHING_KNOWN)


def _read_markup(data: bytes, origin: str) -> Reading:
    # Here, so that lxml is loaded by a page and not by the start of the program.
    from tui_reader.sources import abstract_page, feeds, listing_page, markup, oai

    if kind := _XML_ROOT.search(data[:4096]):
        root, whole = markup.parse_xml(data, origin)
        if kind[1] == b"OAI-PMH":
            return oai.read(root, whole, origin)
        return feeds.read(root, whole, origin)
    root = markup.parse_html(data, origin)
    if listing_page.recognises(data):
        return listing_page.read(data, root, origin)
    if abstract_page.recognises(data):
        return abstract_page.read(root, origin)
    if b"arXiv:" in data and mail.recognises(text := mail.of_html(decoded(data)[0])):
        return mail.read(text, origin)
    title = markup.page_title(root) or "nothing"
    raise ForeignError(
        origin, f"a web page called '{title}', not a listing or an abstract page of arXiv"
    )


def _read_snapshot(data: bytes, origin: str) -> Reading:
    papers = Snapshot(io.BytesIO(data), origin)
    found = tuple(papers)
    if not found:
        raise SourceError(origin, "a snapshot without a readable record; fetch it again")
    return Reading("metadata snapshot", (), found, papers.problems)


def unpacked(data: bytes, origin: str) -> bytes:
    """Return what gzip packed, or what is not packed; raises SourceError."""
    if not data.startswith(b"\x1f\x8b"):
        return data
    try:
        unpacker = zlib.decompressobj(31)
        whole = unpacker.decompress(data, MOST_BYTES)
    except zlib.error as error:
        raise SourceError(origin, "not the gzip file it claims to be; fetch it again") from error
    if not unpacker.eof:
        raise SourceError(origin, "a gzip file that is cut off or far too large; fetch it again")
    return whole
