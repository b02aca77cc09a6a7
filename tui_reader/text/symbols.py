"""Tables of TeX: symbols, letters, accents, and what a command does with its arguments.

symbols.txt pairs names and signs, commands.txt lists names; a table is all lines of one name.
"""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from tui_reader.text.spans import Style


def _read(file: str) -> Mapping[str, list[str]]:
    tables: dict[str, list[str]] = defaultdict(list)
    for line in Path(__file__).with_name(file).read_text(encoding="utf-8").splitlines():
        name, colon, words = line.partition(": ")
        if colon and not name.startswith("#"):
            tables[name] += words.split()
    return tables


_SIGNS, _COMMANDS = _read("symbols.txt"), _read("commands.txt")
_BLANKS = str.maketrans({"␣": " ", "⍽": "\xa0", "◌": ""})


def _pairs(table: str) -> dict[str, str]:
    words = [word.translate(_BLANKS) for word in _SIGNS[table]]
    return dict(zip(words[::2], words[1::2], strict=True))


def _names(table: str) -> frozenset[str]:
    return frozenset(_COMMANDS[table])


def _values(kind: str) -> dict[str, str]:
    """Return for each name in the tables that begin with `kind` what stands after it."""
    tables = ((name.partition(" "), names) for name, names in _COMMANDS.items())
    return {name: value for (of, _, value), names in tables if of == kind for name in names}


_SYMBOLS = {
    name: (kind, char)
    for kind in ("ord", "op", "bin", "rel", "open", "close", "fence", "punct", "bigop")
    for name, char in _pairs(kind).items()
}
_UPRIGHT = {f"up{name}": row for name, row in _SYMBOLS.items() if "α" <= row[1] <= "ω"}
SYMBOLS: Final = _UPRIGHT | _SYMBOLS
"""TeX's name -> (kind of atom, character)."""

_ASCII_KINDS = {
    "+": "bin", "-": "bin", "*": "bin", "=": "rel", "<": "rel", ">": "rel", ":": "colon",
    "(": "open", "[": "open", ")": "close", "]": "close", "!": "close", "?": "close",
    ",": "punct", ";": "punct", "|": "fence",
}  # fmt: skip
KINDS: Final = {char: kind for kind, char in reversed(SYMBOLS.values())} | _ASCII_KINDS
"""Character -> kind of atom; whatever is not here is "ord"."""


def _fonts() -> dict[str, dict[str, str]]:
    """Read the mathematical alphabets off Unicode's own names and decompositions."""
    names = {"BOLD": "bold", "DOUBLE-STRUCK": "bb", "SCRIPT": "cal", "FRAKTUR": "frak"}
    names["BLACK-LETTER"] = "frak"
    pattern = re.compile(
        rf"(?:MATHEMATICAL )?({'|'.join(names)}) (?:CAPITAL|SMALL|DIGIT|NABLA|PARTIAL|\w+ SYMBOL)\b"
    )
    fonts: dict[str, dict[str, str]] = {font: {} for font in names.values()}
    for code in (*range(0x1D400, 0x1D800), *range(0x2102, 0x2140)):
        char = chr(code)
        form, _, plain = unicodedata.decomposition(char).partition(" ")
        if form == "<font>" and (name := pattern.match(unicodedata.name(char))):
            fonts[names[name[1]]][chr(int(plain, 16))] = char
    return fonts


FONTS: Final = _fonts()
"""Font -> letter -> the letter in that font. Bold ones become bold type when they are shown."""
BOLD: Final = str.maketrans(FONTS["bold"])
UNBOLD: Final = {ord(bold): plain for plain, bold in FONTS["bold"].items()}
"""For str.translate, as BOLD is."""

MATH_FONTS: Final = _values("font")
"""Command -> key of FONTS, "roman" for words, or "letter" for letters as they are."""

SUPERSCRIPTS: Final = dict(
    zip(
        "0123456789+-−=()abcdefghijklmnoprstuvwxyzABDEGHIJKLMNOPRTUVWβγδθφχ",
        "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁼⁽⁾ᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐⁿᵒᵖʳˢᵗᵘᵛʷˣʸᶻᴬᴮᴰᴱᴳᴴᴵᴶᴷᴸᴹᴺᴼᴾᴿᵀᵁⱽᵂᵝᵞᵟᶿᵠᵡ",
        strict=True,
    )
) | {char: char for char in "′″‴⁗°†‡*∗⋆"} | {"∘": "°"}  # fmt: skip
SUBSCRIPTS: Final = dict(
    zip(
        "0123456789+-−=()aehijklmnoprstuvxβγρφχ",
        "₀₁₂₃₄₅₆₇₈₉₊₋₋₌₍₎ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓᵦᵧᵨᵩᵪ",
        strict=True,
    )
)
VULGAR: Final = {unicodedata.normalize("NFKD", char): char for char in "½⅓⅔¼¾⅕⅖⅗⅘⅙⅚⅛⅜⅝⅞"}
"""Numerator, U+2044, denominator -> the fraction in one character."""

_ACCENTS = _pairs("accent")
MATH_ACCENTS: Final = _ACCENTS | {
    name.capitalize(): _ACCENTS[name] for name in ("hat", "check", "tilde", "dot", "bar", "vec")
}
RULES: Final = {"bar": "\u0305", "overline": "\u0305", "underline": "\u0332", "uline": "\u0332"}
"""Accents that may lie over several letters, and the mark that joins up when repeated."""
TEXT_ACCENTS: Final = _pairs("text accent")
DOTLESS: Final = {"ı": "i", "ȷ": "j"}

LETTERS: Final = _pairs("letter")
"""Letters of text; the blank after them is TeX's when a letter of the same word follows."""
TEXT_SYMBOLS: Final = _pairs("text") | {
    f"text{name}": char for name, (_, char) in _SYMBOLS.items() if "Α" <= char <= "ϱ"
}
UNITS: Final = _pairs("unit")
"""Names that authors give to units and to quantities in units."""
PREFIXES: Final = _pairs("prefix")
SI_UNITS: Final = _pairs("si")
BLACKBOARD: Final = _pairs("blackboard")
"""Names that authors give to sets of numbers and the like."""
FENCED: Final = {name: tuple(pair.split("␟")) for name, pair in _pairs("fenced").items()}
"""Command -> what stands before and after its argument."""
PLAIN_LETTERS: Final = _pairs("plain letter")
"""Letters that Unicode does not take apart -> how they are spelt without it."""
ASCII_SIGNS: Final = _pairs("ascii")
ASCII_MARKS: Final = _pairs("ascii mark")
"""Combining mark -> its name in a formula."""
SPACES: Final = {
    ",": "\xa0", ";": " ", ":": " ", ">": " ", " ": " ", "\n": " ", "!": "", "/": "", "-": "",
    "@": "", "quad": " ", "qquad": "  ", "enspace": " ", "enskip": " ", "thinspace": "\xa0",
    "negthinspace": "", "negmedspace": "", "medspace": " ", "thickspace": " ", "space": " ",
    "hfill": " ", "nobreakspace": "\xa0", "xspace": "",
}  # fmt: skip

STYLES: Final = {name: Style[style.upper()] for name, style in _values("style").items()}
"""Commands whose argument is shown in a style."""
SWITCHES: Final = {name: Style[style.upper()] for name, style in _values("switch").items()}
"""Commands that set the style of the rest of their group."""

QUOTED: Final = {
    "enquote": ("“", "”"), "textquote": ("“", "”"), "footnote": ("(", ")"), "thanks": ("(", ")"),
}  # fmt: skip
ARGUMENTS: Final[dict[str, tuple[int, int | None]]] = {
    **dict.fromkeys(("textcolor", "colorbox", "raisebox", "parbox", "hyperlink"), (2, 1)),
    **dict.fromkeys(("hypertarget", "scalebox", "foreignlanguage", "rotatebox"), (2, 1)),
    **dict.fromkeys(("fcolorbox", "resizebox"), (3, 2)),
    **dict.fromkeys(("hyperref", "caption", "keywords", "title"), (1, 0)),
    **dict.fromkeys(_COMMANDS["marked"], (1, 0)),
    **dict.fromkeys(("rule", "setlength", "setcounter"), (2, None)),
    **dict.fromkeys(("texorpdfstring", "replaced"), (2, 0)),
    **dict.fromkeys(_COMMANDS["dropped"], (1, None)),
}
"""Command -> (how many arguments it takes, which of them is shown)."""
SCRIPTS: Final = {"textsuperscript": "^", "textsubscript": "_"}
NOTATION_COMMANDS: Final = _names("notation")
"""Commands whose arguments are not TeX."""
CITATIONS: Final = _names("citation")
REFERENCES: Final = _names("reference")
LENGTHS: Final = _names("length")
"""Blanks and parameters that a length follows."""
STARRED: Final = _names("starred")
"""Commands that have a form with a star."""
SILENT: Final = _names("silent")
"""Commands without argument that print nothing."""

OPERATORS: Final = _names("operator")
PASSED_ON: Final = _names("passed on")
"""Commands of formulas that show their argument as it is."""
BRACES: Final = frozenset(("overbrace", "underbrace", "overbracket", "underbracket"))
"""Commands that put a brace, which may have a label, over or under a formula."""
FRACTIONS: Final = _names("fraction")
MATH_CLASSES: Final = _values("class")
NEGATED: Final = _pairs("negated")
STACKED: Final = _pairs("stacked")
ARROWS: Final = _pairs("arrow")
INFIX: Final = {"over": "/", "atop": "; ", "choose": " choose ", "binom": " choose "}

FORMULA_ENVIRONMENTS: Final = _names("formula")
PROSE_ENVIRONMENTS: Final = _names("prose")
BRACED_TABLES: Final = {
    "cases": "cases", "matrix": "matrix", "pmatrix": "pmatrix", "eqalign": "aligned",
}  # fmt: skip
"""Plain TeX's tables in braces, and the environments that took their place."""
MATRICES: Final = {
    "matrix": "[]", "smallmatrix": "[]", "pmatrix": "()", "bmatrix": "[]", "Bmatrix": "{}",
    "vmatrix": "||", "Vmatrix": "‖‖",
}  # fmt: skip
