"""What the marks of prose mean: whether a tilde is a tie, what a row of hyphens or quotes is."""

from tui_reader.late import late
from tui_reader.text.symbols import SYMBOLS

_NUMERIC = late(r"(?:[$\s]|\\\()*[.+-]?\d")
# What may stand before the tilde of a range, as in 40~50% and 2.01x~3.81x: nothing but a number.
_NUMBER = late(r"(?:^|[\s(\[])[+±∼~-]?\$?\d[\d.,]*(?:\\?%|x|×|\\times)?\$?$")
_INITIAL = late(r"(?:^|[\s(])[^\W\d_]$")
_VARIABLE = late(r"(?:^|[\s(\[])\$\s*(?:[A-Za-z]|\\([A-Za-z]+))(?:_(?:\w|\{[^{}$]*\}))?\s*\$$")


def is_tie(source: str, at: int, end: int) -> bool:
    """Whether the tilde at `at` is TeX's blank, and not "about", or part of a path."""
    before = source[max(at - 40, 0) : at].rstrip("~")
    after = source[at + 1 : min(at + 12, end)].lstrip("~")
    if after.startswith("/~") or (before[-2:-1] == "~" and before[-1] in "=<>/"):
        return True
    if before[-1:] in ("", " ", "\n"):
        unit = before.rstrip()[-1:].isdigit() and after[:1] == "$" and not _NUMERIC.match(after)
        return unit or after.startswith(("\\cite", "\\ref", "\\eqref"))
    if after[:1] in " \n" and before[-1].isalpha():
        return not _NUMERIC.match(after)
    if before[-1] in "(=[<>/" or after[:1] in ("", *"\n /"):
        return False
    if not _NUMERIC.match(after):
        return True
    variable = _VARIABLE.search(before)
    about = variable and (not variable[1] or SYMBOLS.get(variable[1], ("",))[0] == "ord")
    return not (about or _INITIAL.search(before) or _NUMBER.search(before[-16:]))


def dash(hyphens: str, before: str, after: str) -> str:
    """Return what a row of hyphens is, between two characters."""
    flag = before in ("", " ", "(", "\n") and after.isalpha()
    if hyphens == "--" and not flag and after not in (">", "[") and before != "<":
        return "–"
    return "—" if hyphens == "---" else hyphens


class Quotes:
    """Which quotation marks are open where the text is read."""

    def __init__(self) -> None:
        self._single = False
        self._double = False

    def shown(self, mark: str, before: str, after: str) -> str:
        """Return what a mark of TeX between two characters is in print."""
        opens = before in ("", " ", "(", "[", "\n", "“", "\xa0", "—", "–")
        if mark == "``" or (mark == "''" and opens and after.isalnum() and not self._double):
            self._double = True
            return "“"
        if mark == "''":
            if before.isdigit() and not self._double:
                return "″"
            self._double = False
            return "”"
        if mark == "`" and opens:
            self._single = True
            return "‘"
        if mark == "'" and self._single and before not in ("", " ") and not after.isalnum():
            self._single = False
            return "’"
        return mark
