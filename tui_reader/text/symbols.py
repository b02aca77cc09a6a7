"""Tables of TeX: symbols, letters, accents, and what a command does with its arguments."""

import re
import unicodedata
from pathlib import Path
from typing import Final

from tui_reader.text.spans import Style


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


def _symbols() -> dict[str, tuple[str, str]]:
    lines = Path(__file__).with_name("symbols.txt").read_text(encoding="utf-8").splitlines()
    table: dict[str, tuple[str, str]] = {}
    for line in lines:
        if not line.startswith("#"):
            kind, _, pairs = line.partition(": ")
            words = pairs.split()
            table |= {
                name: (kind, char) for name, char in zip(words[::2], words[1::2], strict=True)
            }
    upright = {f"up{name}": row for name, row in table.items() if "α" <= row[1] <= "ω"}
    return upright | table


SYMBOLS: Final = _symbols()
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

MATH_FONTS: Final = {
    name: font
    for font, names in {
        "bold": "mathbf bf boldsymbol bm pmb bold mathbfit boldmath bfseries mathbfsf",
        "bb": "mathbb Bbb mathds mathbbm mathbbmss",
        "cal": "mathcal cal mathscr scr mathpzc",
        "frak": "mathfrak frak",
        "roman": "mathrm rm mathup sf mathsf mathtt tt sc mathsc roman",
        "": "mathit it mathnormal mit em sl textstyle",
    }.items()
    for name in names.split()
}
"""Command -> key of FONTS, "roman" for words, or "" for letters as they are."""

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

_ACCENTS = {
    "hat": "\u0302", "widehat": "\u0302", "check": "\u030c", "widecheck": "\u030c",
    "tilde": "\u0303", "widetilde": "\u0303", "acute": "\u0301", "grave": "\u0300",
    "dot": "\u0307", "ddot": "\u0308", "dddot": "\u20db", "breve": "\u0306", "bar": "\u0304",
    "overline": "\u0304", "vec": "\u20d7", "overrightarrow": "\u20d7", "mathring": "\u030a",
    "overleftarrow": "\u20d6", "underline": "\u0332", "underbar": "\u0332", "uline": "\u0332",
}  # fmt: skip
MATH_ACCENTS: Final = _ACCENTS | {
    name.capitalize(): _ACCENTS[name] for name in ("hat", "check", "tilde", "dot", "bar", "vec")
}
RULES: Final = {"bar": "\u0305", "overline": "\u0305", "underline": "\u0332", "uline": "\u0332"}
"""Accents that may lie over several letters, and the mark that joins up when repeated."""
TEXT_ACCENTS: Final = {
    "'": "\u0301", "`": "\u0300", "^": "\u0302", '"': "\u0308", "~": "\u0303", "=": "\u0304",
    ".": "\u0307", "u": "\u0306", "v": "\u030c", "H": "\u030b", "c": "\u0327", "d": "\u0323",
    "b": "\u0331", "r": "\u030a", "k": "\u0328",
}  # fmt: skip
DOTLESS: Final = {"ı": "i", "ȷ": "j"}

LETTERS: Final = {
    "ss": "ß", "ae": "æ", "AE": "Æ", "oe": "œ", "OE": "Œ", "o": "ø", "O": "Ø", "l": "ł", "L": "Ł",
    "aa": "å", "AA": "Å", "i": "ı", "j": "ȷ", "DH": "Ð", "dh": "ð", "TH": "Þ", "th": "þ",
    "DJ": "Đ", "dj": "đ", "NG": "Ŋ", "ng": "ŋ", "S": "§", "P": "¶", "SS": "ẞ",
}  # fmt: skip
"""Letters of text; the blank after them is TeX's when a letter of the same word follows."""
TEXT_SYMBOLS: Final = {
    "copyright": "©", "textcopyright": "©", "textregistered": "®", "texttrademark": "™",
    "LaTeX": "LaTeX", "TeX": "TeX", "BibTeX": "BibTeX", "LaTeXe": "LaTeX2ε",
    "textbackslash": "\\", "textasciitilde": "~", "textasciicircum": "^", "textless": "<",
    "textgreater": ">", "textbar": "|", "textunderscore": "_", "textendash": "–",
    "textemdash": "—", "textquoteleft": "‘", "textquoteright": "’", "textquotedblleft": "“",
    "textquotedblright": "”", "lq": "‘", "rq": "’", "textquotesingle": "'", "textquotedbl": '"',
    "guillemotleft": "«", "guillemotright": "»", "textmu": "μ", "micro": "μ", "texteuro": "€",
    "euro": "€", "textdollar": "$", "textsterling": "£", "textbullet": "•", "textellipsis": "…",
    "textperiodcentered": "·", "textordmasculine": "º", "textordfeminine": "ª", "textpm": "±",
    "texttimes": "×", "textminus": "−", "textcelsius": "°C", "celsius": "°C", "arcsec": "″",
    "arcmin": "′", "deg": "°", "degr": "°", "micron": "μm", "slash": "/", "textbraceleft": "{",
    "textbraceright": "}", "textsection": "§", "textdagger": "†", "textalpha": "α",
    "textbeta": "β", "textgamma": "γ", "aa": "å", "&": "&",
}  # fmt: skip
SPACES: Final = {
    ",": "\xa0", ";": " ", ":": " ", ">": " ", " ": " ", "\n": " ", "!": "", "/": "", "-": "",
    "@": "", "quad": " ", "qquad": "  ", "enspace": " ", "enskip": " ", "thinspace": "\xa0",
    "negthinspace": "", "negmedspace": "", "medspace": " ", "thickspace": " ", "space": " ",
    "hfill": " ", "nobreakspace": "\xa0", "xspace": "",
}  # fmt: skip

OPERATORS: Final = _words(
    "log ln lg exp sin cos tan cot sec csc sinh cosh tanh coth arcsin arccos arctan min max inf sup"
    " lim det dim ker hom deg gcd arg Pr limsup liminf injlim projlim"
)
SILENT: Final = _words(
    "displaystyle textstyle scriptstyle scriptscriptstyle limits nolimits nonumber notag noindent"
    " centering large Large LARGE huge Huge small footnotesize scriptsize tiny normalsize protect"
    " relax allowbreak nobreak boldmath unboldmath mathstrut strut null smallskip medskip bigskip"
    " vfill indent leavevmode ignorespaces maketitle clearpage newpage begingroup endgroup bgroup"
    " egroup nolinebreak mdseries upshape hline hfil vfil raggedright sloppy selectfont"
)
"""Commands without argument that print nothing."""

STYLES: Final = {
    "textbf": Style.BOLD, "textit": Style.ITALIC, "emph": Style.ITALIC, "textsl": Style.ITALIC,
    "texttt": Style.MONO, "textsc": Style.SMALL_CAPS, "underline": Style.UNDERLINE,
    "uline": Style.UNDERLINE, "textrm": Style.PLAIN, "textsf": Style.PLAIN, "text": Style.PLAIN,
    "textup": Style.PLAIN, "textmd": Style.PLAIN, "textnormal": Style.PLAIN, "mbox": Style.PLAIN,
    "hbox": Style.PLAIN, "fbox": Style.PLAIN, "makebox": Style.PLAIN, "centerline": Style.PLAIN,
    "bold": Style.BOLD, "textlf": Style.PLAIN, "textmath": Style.PLAIN,
    "uppercase": Style.PLAIN, "lowercase": Style.PLAIN, "MakeUppercase": Style.PLAIN,
    "hyphenation": Style.PLAIN,
}  # fmt: skip
"""Commands whose argument is shown in a style."""
SWITCHES: Final = {
    "it": Style.ITALIC, "em": Style.ITALIC, "sl": Style.ITALIC, "itshape": Style.ITALIC,
    "slshape": Style.ITALIC, "bf": Style.BOLD, "bfseries": Style.BOLD, "bold": Style.BOLD,
    "tt": Style.MONO, "ttfamily": Style.MONO, "sc": Style.SMALL_CAPS,
    "scshape": Style.SMALL_CAPS, "rm": Style.PLAIN, "sf": Style.PLAIN, "normalfont": Style.PLAIN,
    "rmfamily": Style.PLAIN, "sffamily": Style.PLAIN, "mit": Style.PLAIN,
}  # fmt: skip
"""Commands that set the style of the rest of their group."""

QUOTED: Final = {
    "enquote": ("“", "”"), "textquote": ("“", "”"), "footnote": ("(", ")"), "thanks": ("(", ")"),
}  # fmt: skip
CITATIONS: Final = _words(
    "cite citep citet citealt citealp citeauthor citeyear Cite Citet Citep citenum parencite"
    " textcite citeyearpar onlinecite autocite"
)
REFERENCES: Final = _words("ref eqref autoref cref Cref pageref secref figref")
ARGUMENTS: Final[dict[str, tuple[int, int | None]]] = {
    "textcolor": (2, 1), "colorbox": (2, 1), "texorpdfstring": (2, 0), "raisebox": (2, 1),
    "parbox": (2, 1), "color": (1, None), "vspace": (1, None), "hspace": (1, None),
    "mspace": (1, None), "label": (1, None), "hypersetup": (1, None), "pagestyle": (1, None),
    "nocite": (1, None), "phantom": (1, None), "hphantom": (1, None), "vphantom": (1, None),
}  # fmt: skip
"""Command -> (how many arguments it takes, which of them is shown)."""
PASSED_ON: Final = _words(
    "ensuremath smash rlap llap mathclap overbrace underbrace substack boxed displaylines"
)
"""Commands of formulas that show their argument as it is."""

FRACTIONS: Final = _words("frac dfrac tfrac cfrac nicefrac sfrac")
MATH_CLASSES: Final = {
    "mathrel": "rel", "mathbin": "bin", "mathopen": "open", "mathclose": "close",
    "mathpunct": "punct", "mathord": "ord", "mathinner": "ord", "mathop": "op",
    "operatorname": "op", "operatornamewithlimits": "op",
}  # fmt: skip
NEGATED: Final = {
    "∈": "∉", "∋": "∌", "⊂": "⊄", "⊃": "⊅", "⊆": "⊈", "⊇": "⊉", "≡": "≢", "∼": "≁", "≃": "≄",
    "≈": "≉", "≅": "≇", "≤": "≰", "≥": "≱", "∃": "∄", "|": "∤", "∣": "∤", "∥": "∦", "→": "↛",
    "⇒": "⇏", "=": "≠", "<": "≮", ">": "≯", "≺": "⊀", "≻": "⊁", "⊢": "⊬", "⊧": "⊭", "⊨": "⊭",
    "↔": "↮", "⇔": "⇎", "←": "↚", "⇐": "⇍",
}  # fmt: skip
STACKED: Final = {"overset": "^", "stackrel": "^", "underset": "_"}
ARROWS: Final = {
    "xrightarrow": "→", "xleftarrow": "←", "xlongrightarrow": "→", "xhookrightarrow": "↪",
    "xleftrightarrow": "↔", "xmapsto": "↦",
}  # fmt: skip
INFIX: Final = {"over": "/", "atop": "; ", "choose": " choose ", "binom": " choose "}

FORMULA_ENVIRONMENTS: Final = _words(
    "equation equation* align align* alignat alignat* aligned alignedat eqnarray eqnarray* gather"
    " gather* gathered multline multline* displaymath math flalign flalign* array matrix pmatrix"
    " bmatrix Bmatrix vmatrix Vmatrix smallmatrix cases cases* dcases split subarray"
)
PROSE_ENVIRONMENTS: Final = _words(
    "itemize enumerate description abstract center quote theorem flushleft small document"
    " sloppypar spacing quotation"
)
MATRICES: Final = {
    "matrix": ("[", "]"), "smallmatrix": ("[", "]"), "pmatrix": ("(", ")"), "bmatrix": ("[", "]"),
    "Bmatrix": ("{", "}"), "vmatrix": ("|", "|"), "Vmatrix": ("‖", "‖"),
}  # fmt: skip
