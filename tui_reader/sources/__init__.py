"""Outside bytes to values: everything arXiv sends, one module a format. No clock, no network."""

import re

from tui_reader.errors import SourceError
from tui_reader.model import Reading

MOST_BYTES = 64 << 20
"""What `read` takes in: several times the longest page; a snapshot is streamed instead."""

_BUSY = re.compile(rb"listing is temporarily unavailable|Rate exceeded", re.IGNORECASE)


def read(data: bytes, origin: str) -> Reading:
    """Read a page, feed, mail or file, whichever it is, whole.

    `origin` names it in messages. What is damaged is counted in the reading and the rest kept.

    Raises SourceError when it is nothing arXiv sends, or nothing in it can be read.
    """
    if not data.strip():
        raise SourceError(origin, "empty; fetch or save it again")
    if len(data) > MOST_BYTES:
        raise SourceError(origin, f"larger than {MOST_BYTES >> 20} MB, and not a bulk snapshot")
    if len(data) < 1000 and _BUSY.search(data):
        raise SourceError(origin, "arXiv is busy or behind; try again in a few minutes")
    if data.lstrip()[:1] == b"<":
        return _read_markup(data, origin)
    text = data.decode("utf-8-sig", errors="replace")
    from tui_reader.sources import plaintext

    if plaintext.recognises(text):
        return plaintext.read(text, origin)
    raise SourceError(origin, "nothing that arXiv sends, as far as this program knows")


def _read_markup(data: bytes, origin: str) -> Reading:
    from tui_reader.sources import listing_page, markup

    root = markup.parse_html(data, origin)
    if listing_page.recognises(data):
        return listing_page.read(data, root, origin)
    title = markup.page_title(root)
    raise SourceError(
        origin, f"a web page titled {title!r}, not a listing or an abstract page of arXiv"
    )
