"""Bare links in a text: where they stand, and where they lead."""

import re

from tui_reader.late import late

_ADDRESS = r"(?:[^\s<>\"{}\\^`|$]|\\[_%#&~])+"
_LINK = late(
    rf"(?:https?|ftp)://{_ADDRESS}|\bwww\.[\w-]+\.{_ADDRESS}"
    r"|\b(?:doi:\s?)?10\.\d{4,9}/[^\s<>\"{}\\^`|$]+"
    r"|\barxiv:\s?(?:\d{4}\.\d{4,5}|[a-z-]+(?:\.[a-z]{2})?/\d{7})(?:v\d+)?",
    re.IGNORECASE,
)


# What one of these may be; most texts have none, and the expression takes its time.
_SIGNS = ("://", "www.", "WWW.", "10.", "Xiv:", "xiv:", "XIV:")


def may_hold_links(text: str) -> bool:
    return any(sign in text for sign in _SIGNS)


def find_links(text: str) -> dict[int, int]:
    """Return where each bare link starts -> where it ends."""
    if not may_hold_links(text):
        return {}
    return {link.start(): _trimmed(link) for link in _LINK.finditer(text)}


def _trimmed(link: re.Match[str]) -> int:
    """Return where a link ends, without the punctuation of the sentence around it."""
    text = link[0].rstrip(".,;:!?'\"*-")
    for opener, closer in (("(", ")"), ("[", "]")):
        excess = text.count(closer) - text.count(opener)
        closers = len(text) - len(text.rstrip(closer))
        if excess > 0 and closers:
            text = text[: -min(excess, closers)].rstrip(".,;:!?'\"")
    return link.start() + len(text)


def unescaped(address: str) -> str:
    """Return an address without TeX's backslashes."""
    return re.sub(r"\\([_%#&~{}])", r"\1", address).strip()


def target(text: str) -> str | None:
    """Return where a link leads; None if that is nowhere a reader should be sent."""
    scheme, colon, rest = text.partition(":")
    if colon and scheme.lower() in ("arxiv", "doi"):
        host = "arxiv.org/abs" if scheme.lower() == "arxiv" else "doi.org"
        return f"https://{host}/{rest.strip()}"
    if not text or any(char.isspace() for char in text):
        return None
    if text.lower().startswith(("http://", "https://", "mailto:")):
        return text
    if text.lower().startswith("www."):
        return "https://" + text
    return "https://doi.org/" + text if text.startswith("10.") else None
