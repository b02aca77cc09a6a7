"""Small capitals, where a terminal has none: what must not stay in small letters."""

import re

_ELEMENT = "H|He|C|N|O|F|Ne|Na|Mg|Al|Si|P|S|Cl|Ar|K|Ca|Ti|Cr|Mn|Fe|Co|Ni|Zn|Ba|Sr"
_NUMERAL = re.compile(
    rf"(?<![A-Za-z])(?:((?:{_ELEMENT})[\s\u00a0]*)([ivx]+)|(?!x\b)([ivx]+))(?![A-Za-z])"
)


def numerals(text: str) -> str:
    """Return a text that is set in small capitals with the numbers of ions as capitals: H II."""
    return _NUMERAL.sub(lambda ion: (ion[1] or "") + (ion[2] or ion[3]).upper(), text)
