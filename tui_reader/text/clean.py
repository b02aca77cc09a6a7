"""Outside text to printable text, which no terminal acts on and no widget trips over."""

import re
import unicodedata

from tui_reader.late import late

MOST_MARKS = 4
"""How many combining marks a character may carry: no script needs more."""

# Whole escape sequences go: their parameters mean nothing to a reader. A string sequence must be
# finished (by BEL or ST) to be taken for one; otherwise only its ESC goes, and the text stays.
_SEQUENCE = late(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|[]P^_X][^\x07\x1b\x9c]*(?:\x07|\x1b\\|\x9c))")

# Unicode's default-ignorable characters (zero-width, joiners, bidi controls, tags, variation
# selectors, fillers), and the controls. Joined emoji fall apart: terminals disagree on their width.
_INVISIBLE = late(
    "[\0-\x08\x0e-\x1b\x7f-\x9f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f"
    "\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb"
    "\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)
# Surrogates, private use and noncharacters: something stood here, and nobody can say what.
_UNKNOWN = late(
    "[\ud800-\uf8ff\ufdd0-\ufdef\ufffe\uffff\U000f0000-\U0010ffff"
    + "".join(f"{chr(last - 1)}{chr(last)}" for last in range(0x1FFFF, 0xFFFFF, 0x10000))
    + "]"
)
# What C1 controls mean where a Windows text was read as Latin-1; browsers read them so too.
_WINDOWS = {
    code: letter
    for code in range(0x80, 0xA0)
    if (letter := bytes([code]).decode("cp1252", "ignore"))
} | {0x2329: "\u27e8", 0x232A: "\u27e9"}  # else NFC makes them wide CJK brackets
_MAYBE_MARKS = late(rf"[^\w\s!-~]{{{MOST_MARKS + 1},}}")
_BLANK = late(r"\s")
_LINE_END = late("\r\n?|\u2028")
_PARAGRAPH = late(r"\n\s*\n|\u2029")


def clean(text: str) -> str:
    """Return `text` as one line of printable characters: NFC, every run of blanks one space.

    Never raises, and cleaning twice changes nothing more. TeX is left as it is.
    """
    text = " ".join(text.split())
    if not (text.isascii() and text.isprintable()):
        text = " ".join(printable(text).split())
    return "\u25cc" + text if text and _is_mark(text[0]) else text


def printable(text: str) -> str:
    """Return `text` without what `clean` takes out, but with its blanks and line ends."""
    if not (text.isascii() and text.isprintable()):
        text = _SEQUENCE.sub("", text).translate(_WINDOWS)
        text = _UNKNOWN.sub("\ufffd", _INVISIBLE.sub("", text))
    return composed(text)


def composed(text: str) -> str:
    """Return `text` in NFC, with no more marks on a character than a script needs."""
    if not text.isascii():
        # Before NFC as well, which takes quadratic time over a flood of marks.
        text = unicodedata.normalize("NFC", _MAYBE_MARKS.sub(_thin_out, text))
        text = _MAYBE_MARKS.sub(_thin_out, text)
    return text


def one_line(text: str) -> str:
    """Return `text` as it is drawn: printable, and each blank or line end a space."""
    return text if text.isprintable() else _BLANK.sub(" ", printable(text))


def clean_block(text: str) -> str:
    """Clean a text of several paragraphs, which blank lines part.

    Lines inside a paragraph are joined by a space; one blank line parts paragraphs.
    """
    if text.isascii() and text.isprintable() and "  " not in text and text == text.strip():
        return text
    paragraphs = _PARAGRAPH.split(_LINE_END.sub("\n", text))
    return "\n\n".join(filter(None, map(clean, paragraphs)))


def _thin_out(run: re.Match[str]) -> str:
    kept: list[str] = []
    marks = 0
    for char in run.group():
        marks = marks + 1 if _is_mark(char) else 0
        if marks <= MOST_MARKS:
            kept.append(char)
    return "".join(kept)


def _is_mark(char: str) -> bool:
    return unicodedata.category(char) in ("Mn", "Me")
