"""The search form of a text: what a query and a paper have in common when they match."""

import re
import unicodedata

_TOKEN = re.compile(r"[^\W_]+")


def fold(source: str) -> str:
    """Return the words of `source` as a search sees them, parted by single spaces."""
    from tui_reader.text import plain

    return " ".join(_TOKEN.findall(unicodedata.normalize("NFKD", plain(source)).lower()))
