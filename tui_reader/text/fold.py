"""The search form of a text: what a query and a paper have in common when they match."""

import re
import unicodedata
from collections.abc import Sequence
from functools import cache

from tui_reader.text.render import maybe_tex, plain

_ASCII_WORDS = "".join(chr(code).lower() if chr(code).isalnum() else " " for code in range(128))
_MARKS = "\u0300-\u036f\u20d0-\u20ff"
_PLAIN_MARKS = re.compile(f"[{_MARKS}]")
_LETTERS = rf"[\w{_MARKS}]+"
WORD = re.compile(rf"{_LETTERS}(?:[\^⁺⁻₊₋]+{_LETTERS})*|[∞√∛∇∂∅]")
_SPELT = {"∞": "infinity", "√": "sqrt", "∛": "cbrt", "∇": "nabla", "∂": "partial", "∅": "empty"}


def fold(source: str) -> str:
    """Return the words of `source` as a search sees them, parted by single spaces.

    TeX is rendered; case and accents go. A lowered index stays with its letter (`h2o`), a
    raised one and a Greek letter, under its name, are words of their own, and the words they
    make together follow: O(n^2) is `o n 2 n2`, δ_BH is `delta bh deltabh`.
    A part of a text folds to a part of what the text folds to, so queries pass through here too.
    """
    if source.isascii() and not maybe_tex(source):
        return " ".join(source.translate(_ASCII_WORDS).split())
    return " ".join(part for word in WORD.findall(plain(source)) for part in parts(word))


def parts(word: str) -> Sequence[str]:
    """Return what a WORD of a printed text is folded to."""
    if word.isascii() and word.isalnum():
        return (word.lower(),)
    return _parts(_PLAIN_MARKS.sub("", word))


@cache
def _form(char: str) -> tuple[bool, str]:
    """Return whether a character starts a word of its own, and its plain form."""
    from tui_reader.text.spelling import greek_name
    from tui_reader.text.symbols import PLAIN_LETTERS

    if char in _SPELT:
        return True, _SPELT[char]
    plain = "".join(
        PLAIN_LETTERS.get(part, part) if part.isalnum() else " " if part == "\u2044" else ""
        for part in unicodedata.normalize("NFKD", char)
    )
    if name := greek_name(plain):
        return True, name.lower()
    return unicodedata.decomposition(char).startswith("<super>"), plain.casefold()


def _parts(word: str) -> list[str]:
    """Return the words that a word with scripts or Greek letters holds, and what they make."""
    groups: list[list[str]] = [[]]
    before = ""  # the kind of character on the left, or none after a script sign
    for char in word:
        if char in "_^⁺⁻₊₋":
            before = "" if char in "_^" else before
            continue
        apart, plain = _form(char)
        kind = "greek" if len(plain) > 1 and apart else "raised" if apart else "plain"
        lowered = unicodedata.decomposition(char).startswith("<sub>")
        if kind == "plain" and before == "raised" and len(groups[-1]) > 1:
            groups.append([plain])
        elif kind == before != "greek" or (lowered and groups[-1]):
            groups[-1][-1] += plain
            kind = before if lowered else kind
        else:
            groups[-1].append(plain)
        before = kind
    parts: list[str] = []
    for group in groups:
        parts += group
        whole = "".join(group).replace(" ", "")
        if len(group) > 1 and not whole.isdigit():
            parts.append(whole)
    return [part for part in parts if part]
