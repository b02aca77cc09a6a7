"""TeX source as its readers see it: where they may look, and where arguments begin and end."""

from tui_reader.late import late
from tui_reader.text.landmarks import Landmarks
from tui_reader.text.symbols import STARRED

DEEPEST = 40
"""What is nested deeper is shown as source."""

TEX_LENGTH = late(r"\s*-?[\d.]+\s*(?:mu|pt|em|ex|cm|mm|in)")
_SETTING = late(rf"\s*=?{TEX_LENGTH.pattern}")
_OPTION = late(r"\[((?:[^][{}]|\{[^{}]{0,300}\}){0,300}+)\]")

Range = tuple[int, int]
"""Offsets into the source, of the first character and of the one after the last."""


class Scanner:
    """A source, how far into it the readers look now, and how deep they are in it.

    Whatever reads a command takes the position after its name, and returns the position after
    its arguments; none looks beyond `end`.
    """

    def __init__(self, text: str) -> None:
        self.text = text
        self.landmarks = Landmarks(text)
        self.end = len(text)
        self.depth = 0

    def peek(self, at: int) -> str:
        """Return the character at `at`, or "" beyond the end."""
        return self.text[at] if at < self.end else ""

    def skip_blanks(self, at: int) -> int:
        while self.peek(at) == " ":
            at += 1
        return at

    def group(self, at: int) -> Range | None:
        """Return the range inside the braces that open at `at`, if they do and are closed."""
        if self.peek(at) != "{":
            return None
        close = self.landmarks.braces.get(at, self.end)
        return (at + 1, close) if close < self.end else None

    def groups(self, at: int, count: int) -> list[Range]:
        """Return the ranges of `count` groups that follow each other, or none."""
        found: list[Range] = []
        for _ in range(count):
            option = self.option(at)
            inside = self.group(self.skip_blanks(option[1] + 1 if option else at))
            if not inside:
                return []
            found.append(inside)
            at = inside[1] + 1
        return found

    def option(self, at: int) -> Range | None:
        """Return the range inside the brackets that open at `at`, if they do and are closed."""
        option = _OPTION.match(self.text, at, self.end)
        return option.span(1) if option else None

    def after_option(self, at: int) -> int:
        """Return where the brackets that open at `at` end; `at` if there are none."""
        option = self.option(at)
        return option[1] + 1 if option else at

    def after_star(self, name: str, at: int) -> int:
        """Return what follows the star of a command that may have one."""
        return at + 1 if self.peek(at) == "*" and name in STARRED else at

    def after_length(self, at: int) -> int:
        """Return what follows the length that a parameter of TeX's is set to."""
        length = _SETTING.match(self.text, at, self.end)
        return length.end() if length else at

    def unknown(self, start: int, at: int) -> tuple[str, int]:
        """Return an unknown command with its arguments as it stands, and where they end.

        Empty braces, which only end its name, are left out.
        """
        name_end = at
        while inside := self.group(self.after_option(at)):
            at = inside[1] + 1
        empty = self.text[name_end:at] == "{}"
        return self.text[start : name_end if empty else at], at
