"""Chemical formulas in the notation of mhchem."""

import re

from tui_reader.text.typeset import script


def chemistry(formula: str) -> str:
    """Set a formula such as SO4^2- or 2H2 + O2 -> 2H2O."""
    formula = formula.replace("<=>", "⇌").replace("->", "→").replace("$", "")
    formula = re.sub(
        r"([_^])(?:\{([^{}]*)\}|(\d*[+-]|\w))", lambda m: script(m[1], m[2] or m[3] or ""), formula
    )
    formula = re.sub(r"(?<=[A-Za-z)\]])\d+", lambda m: script("_", m[0]), formula)
    return re.sub(r"(?<=[A-Za-z)\]₀-₉])[+-](?=$|\s)", lambda m: script("^", m[0]), formula)
