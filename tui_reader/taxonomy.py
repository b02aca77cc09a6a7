"""arXiv's categories: their names, and the canonical code of an alias or a retired one."""

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType


def canonical(code: str) -> str:
    """Return the code arXiv files papers under today: `cs.SY` gives `eess.SY`.

    A code nobody knows is given back as it is: arXiv may add categories.
    """
    known = _table().get(code) or _table().get(_spelt().get(code.lower(), ""))
    return known[1] if known else code


def name_of(code: str) -> str:
    """Return the name of a category or an archive; an unknown code names itself."""
    known = _table().get(code)
    return known[0] if known else code


def is_known(code: str) -> bool:
    """Whether this is a category or an archive, canonical or not, in arXiv's spelling."""
    return code in _table()


def codes_named(name: str) -> tuple[str, ...]:
    """Return the canonical categories and archives of that name; "Machine Learning" has two."""
    return _codes().get(name.casefold(), ())


def having(words: str) -> list[str]:
    """Return the categories and archives whose code and names have these words, or parts of words.

    Where some are called just so, or have the words whole, only those.
    """
    names = {
        code: " = ".join((code, name, *also(code))).casefold()
        for code, name in {**categories(), **archives()}.items()
    }
    wanted = words.casefold().split()
    found = [code for code, name in names.items() if all(word in name for word in wanted)]
    whole = [code for code in found if {*wanted} <= {*re.findall(r"\w+", names[code])}]
    return [*codes_named(words)] or whole or found


def also(code: str) -> tuple[str, ...]:
    """Return the other codes a category has or had: `cs.SY` of `eess.SY`."""
    return tuple(other for other, (_, now) in _table().items() if now == code != other)


@cache
def categories() -> Mapping[str, str]:
    """Return the name of each active canonical category, by code, in alphabetical order."""
    return MappingProxyType(
        {
            code: name
            for code, (name, now) in sorted(_table().items())
            if code == now and code not in archives()
        }
    )


@cache
def archives() -> Mapping[str, str]:
    """Return the name of each archive that is more than one category, by code."""
    parents = {code.partition(".")[0] for code in _table() if "." in code}
    return MappingProxyType({code: _table()[code][0] for code in sorted(parents)})


@cache
def _table() -> Mapping[str, tuple[str, str]]:
    """Return name and canonical code by code, as taxonomy.tsv has them."""
    lines = Path(__file__).with_name("taxonomy.tsv").read_text("utf-8").splitlines()[1:]
    fields = [line.split("\t") for line in lines]
    return {code: (name, now or code) for code, name, now in fields}


@cache
def _spelt() -> Mapping[str, str]:
    return {code.lower(): code for code in _table()}


@cache
def _codes() -> Mapping[str, tuple[str, ...]]:
    codes: dict[str, tuple[str, ...]] = {}
    for code, (name, now) in _table().items():
        if code == now:
            codes[name.casefold()] = (*codes.get(name.casefold(), ()), code)
    return codes
