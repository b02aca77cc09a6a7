"""Numbers and units in the notation of siunitx."""

import re

from tui_reader.late import late
from tui_reader.text.scripts import script
from tui_reader.text.symbols import PREFIXES, SI_UNITS

_PART = late(
    r"\\(?:(per)(?![A-Za-z])|(tothe|raiseto)\s*\{([^{}]*)\}|([A-Za-z]+))|([_^])\s*(?:\{([^{}]*)\}|(\S))|(.)",
    re.DOTALL,
)
_POWERS = {"square": "2", "squared": "2", "cubic": "3", "cubed": "3"}
_EXPONENT = late(r"(?<=[\d.)])[eEdD]([+-]?\d+)")


def number(text: str) -> str:
    """Set a number such as 1.5e-3 or 2.3 +- 0.1."""
    text = text.strip().replace("+-", "\\pm").replace("\\pm", " ± ").replace("x", " × ")
    text = _EXPONENT.sub(lambda power: f" × 10{script('^', power[1])}", text)
    text = re.sub(r"(?<![eE\d])-|--", lambda dash: "–" if dash[0] == "--" else "−", text)
    return " ".join(text.split())


def unit(text: str) -> str:
    """Set a unit such as kilo, metre, per, second, each after a backslash."""
    parts: list[str] = []
    power = ""  # of the unit that follows
    sign = ""
    for per, raise_, exponent, name, mark, group, char, plain in _PART.findall(text):
        if per:
            sign = "−"
        elif name in _POWERS and name in ("square", "cubic"):
            power = _POWERS[name]
        elif name in _POWERS or raise_ == "tothe":
            _raise(parts, exponent or _POWERS[name])
        elif raise_:
            power = exponent
        elif name in PREFIXES:
            parts.append(PREFIXES[name])
        elif name:
            power = sign + (power or "1") if sign else power
            parts.append(SI_UNITS.get(name, name) + (script("^", power) if power else ""))
            parts.append(" ")
            power = sign = ""
        elif mark:
            parts.append(script(mark, group or char))
        else:
            parts.append(" " if plain in ".~{}" else plain)
    return " ".join("".join(parts).split())


def quantity(value: str, of: str) -> str:
    """Set a number with its unit; those of angles join it."""
    shown = unit(of)
    return (
        number(value) + ("" if shown[:1] in ("°", "′", "″") and shown != "°C" else "\xa0") + shown
    )


def quantity_range(first: str, last: str, of: str) -> str:
    return f"{number(first)}–{quantity(last, of)}"


def angle(parts: str) -> str:
    """Set degrees, minutes and seconds, parted by semicolons."""
    return "".join(
        number(part) + sign for part, sign in zip(parts.split(";"), "°′″", strict=False) if part
    )


def _raise(parts: list[str], exponent: str) -> None:
    """Raise the last unit; one that is under a fraction line already has a minus."""
    while parts and parts[-1] == " ":
        parts.pop()
    before = parts.pop() if parts else ""
    sign = "−" if before.endswith("⁻¹") else ""
    parts += [before.removesuffix("⁻¹") + script("^", sign + exponent), " "]
