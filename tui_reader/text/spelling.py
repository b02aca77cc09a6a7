"""Plainer spellings, for terminals and fonts that lack the rest of Unicode."""

import re
import unicodedata
from functools import cache
from itertools import groupby

from tui_reader.late import late
from tui_reader.text.spans import Mode
from tui_reader.text.symbols import (
    ASCII_MARKS,
    ASCII_SIGNS,
    PLAIN_LETTERS,
    SUBSCRIPTS,
    SUPERSCRIPTS,
    SYMBOLS,
)

_GREEK_VARIANTS = {"ϑ": "θ", "ϕ": "φ", "ϖ": "π", "ϰ": "κ", "ϱ": "ρ", "ϵ": "ε", "ς": "σ", "µ": "μ"}


def greek_name(char: str) -> str | None:
    """Return the English name of a Greek letter without accents: lambda, Sigma; else None."""
    char = _GREEK_VARIANTS.get(char, char)
    if not "\u0391" <= char <= "\u03c9":
        return None
    name = unicodedata.name(char, "").partition(" LETTER ")[2].lower().replace("lamda", "lambda")
    return (name.capitalize() if char.isupper() else name) if name.isalpha() else None


_NAMES = {char: name for name, (_, char) in reversed(SYMBOLS.items())}
_SCRIPTS = {
    **{raised: ("^", char) for char, raised in SUPERSCRIPTS.items() if raised not in "°" + char},
    **{low: ("_", char) for char, low in SUBSCRIPTS.items()},
}
_MICRO = late(
    r"(?:(?<=[\d\s])|^)μ(?=(?:arcsec|sec|mol|rad|Gal|Jy|Hz|eV|as|Pa|[mgsKAVWFLlTGMCNJB])(?![^\W\d_]))"
    r"|(?<=[([/])μ(?=(?:Jy|[mgs])(?![^\W\d_]))"
)
_SCRIPT_RUN = late(f"[{''.join(re.escape(char) for char in _SCRIPTS)}]+")


def spell(text: str, mode: Mode, formula: bool = False, following: str = "") -> str:
    """Return `text` in characters of the mode; in a formula, accents are spelt out: pbar.

    `following` is what stands after the text, in another style.
    """
    if mode is Mode.UNICODE or text.isascii():
        return text
    text = text.replace("\xa0", " ")
    following = following if following[:1] not in _SCRIPTS else ""
    if "μ" in text:
        text = _MICRO.sub("u", text + following[:8])[: len(text)]
    text = re.sub(r"√(\d+|\w)", r"sqrt(\1)", _SCRIPT_RUN.sub(_spelt_scripts, text))
    words: list[str] = []
    last = ""
    for char, after in zip(text, text[1:] + (following[:1] or " "), strict=True):
        word = char if char.isascii() else _spelt(char, formula)
        if len(word) > 1 and (char in ASCII_SIGNS or greek_name(char) or formula):
            if word[0].isalpha() and last.isalnum() and not unicodedata.combining(char):
                word = " " + word
            if word[-1].isalpha() and after.isalnum():
                word += " "
        if char != " " and last in ("", " ", "("):
            word = word.lstrip(" ")
        if char != " " and after in " ),.;_^":
            word = word.rstrip(" ")
        if word:
            words.append(word)
            last = word[-1]
    return "".join(words)


def _spelt_scripts(run: re.Match[str]) -> str:
    """Spell a run of raised and lowered characters: ₋₈₉⁺¹ is _-89^+1."""
    spelt = before = ""
    for mark, group in groupby(run[0], lambda char: _SCRIPTS[char][0]):
        body = "".join(_SCRIPTS[char][1] for char in group)
        bare = body.lstrip("+-−").isalnum() or len(body) == 1 or body[0] + body[-1] == "()"
        spelt += mark + (body if bare else f"({body})")
        before = mark
    following = run.string[run.end() : run.end() + 1]
    return spelt + (" " if before == "^" and following.isalnum() else "")


@cache
def _spelt(char: str, formula: bool) -> str:
    if char in ASCII_SIGNS:
        return ASCII_SIGNS[char]
    if unicodedata.combining(char):
        return ASCII_MARKS.get(char, "") if formula else ""
    decomposed = unicodedata.normalize("NFD", char)
    base, marks = decomposed[0], decomposed[1:]
    if marks == "\u0338":
        return f" not {_spelt(base, formula).strip()} "
    if marks and formula:
        spelt = greek_name(base) or _letters(base) or "?"
        return spelt + "".join(ASCII_MARKS.get(mark, "") for mark in marks)
    return _letters(char) or (f" {_NAMES[char]} " if char in _NAMES else "?")


def _letters(char: str) -> str:
    """Return the ASCII letters, digits or signs that `char` is a form of, or nothing."""
    plain = unicodedata.normalize("NFKD", PLAIN_LETTERS.get(char, char))
    parts = [part for part in plain if not unicodedata.combining(part)]
    spelt = [
        part if part.isascii() else ASCII_SIGNS.get(part) or greek_name(part) for part in parts
    ]
    return "".join(part for part in spelt if part) if all(spelt) else ""
