"""Ions: their numbers are small capitals in print, which a terminal has not."""

import re

# Texts, for re compiles and keeps them where they are first used, and few texts have ions.
_ELEMENT = "H|He|C|N|O|F|Ne|Na|Mg|Al|Si|P|S|Cl|Ar|K|Ca|Ti|Cr|Mn|Fe|Co|Ni|Zn|Ba|Sr"
_NUMERAL = rf"(?<![A-Za-z])(?:((?:{_ELEMENT})[\s\u00a0]*)([ivx]+)|(?!x\b)([ivx]+))(?![A-Za-z])"
_MACRO = rf"({_ELEMENT})(I|II|III|IV|V|VI|VII|VIII|IX|X|XI|XII|XIII|XIV|XVI|XVII)"
_NO_ION = frozenset(
    ("CI", "SI", "PI", "CV", "SV", "PV", "KI", "SX", "SrI", "NV", "CIX", "FI", "FX")
)


def numbered_ion(name: str) -> str | None:
    """Return what a name that authors give to an ion, such as CaII, is short for; None if none."""
    ion = re.fullmatch(_MACRO, name)
    return f"{ion[1]}\xa0{ion[2]}" if ion and name not in _NO_ION else None


def numerals(text: str) -> str:
    """Return a text that is set in small capitals with the numbers of ions as capitals: H II."""
    return re.sub(_NUMERAL, lambda ion: (ion[1] or "") + (ion[2] or ion[3]).upper(), text)
