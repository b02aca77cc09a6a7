"""Arguments that are not TeX: chemical formulas, numbers and units, codes of characters."""

import re
from collections.abc import Callable
from typing import Final

from tui_reader.late import late
from tui_reader.text import units
from tui_reader.text.clean import printable
from tui_reader.text.scripts import script

_CODE = late(r"\s*(?:[xX\"]([0-9a-fA-F]{1,6})|(\d{1,7}))\s*")


def chemistry(formula: str) -> str:
    """Set a formula such as SO4^2- or 2H2 + O2 -> 2H2O."""
    formula = formula.replace("<=>", "⇌").replace("->", "→").replace("$", "")
    formula = re.sub(
        r"([_^])(?:\{([^{}]*)\}|(\d*[+-]|\w))", lambda m: script(m[1], m[2] or m[3] or ""), formula
    )
    formula = re.sub(r"(?<=[A-Za-z)\]])\d+", lambda m: script("_", m[0]), formula)
    return re.sub(r"(?<=[A-Za-z)\]₀-₉])[+-](?=$|\s)", lambda m: script("^", m[0]), formula)


def _character(code: str) -> str | None:
    """Return the character of a code in decimal, or after an x in hexadecimal digits."""
    if not (number := _CODE.fullmatch(code)):
        return None
    point = int(number[1], 16) if number[1] else int(number[2])
    return (printable(chr(point)) or None) if point < 0x110000 else None


NOTATIONS: Final[dict[str, Callable[..., str | None]]] = {
    **dict.fromkeys(("ce", "ch", "cee", "ceh"), chemistry),
    **dict.fromkeys(("num", "nbr"), units.number),
    **dict.fromkeys(("si", "unit"), units.unit),
    **dict.fromkeys(("SI", "qty"), units.quantity),
    **dict.fromkeys(("SIrange", "qtyrange"), units.quantity_range),
    "numrange": lambda first, last: f"{units.number(first)}–{units.number(last)}",
    "ang": units.angle,
    "unicode": _character,
}
"""Commands whose arguments are not TeX -> what is shown of them; None for their source."""
