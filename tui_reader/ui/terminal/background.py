"""Whether the terminal is light or dark, when it is asked with OSC 11."""

import os
from collections.abc import Iterable

from textual.message import Message

from tui_reader.late import late

ASK = "\x1b]11;?\x1b\\"
_HEX = r"([\da-fA-F]{1,4})"
_TOLD = late(rf"\x1b\]11;rgba?:{_HEX}/{_HEX}/{_HEX}[^\x07\x1b]*(?:\x07|\x1b\\)")


class Told(Message):
    """The terminal told what its background is."""

    def __init__(self, light: bool) -> None:
        super().__init__()
        self.light = light


def told(sequence: str) -> Told | None:
    """Return what a sequence from the terminal tells of its background, if that is what it is."""
    found = _TOLD.fullmatch(sequence)
    return Told(_is_light(found.groups())) if found else None


def _is_light(rgb: Iterable[str]) -> bool:
    red, green, blue = (int(digits, 16) / int("f" * len(digits), 16) for digits in rgb)
    return 0.3 * red + 0.59 * green + 0.11 * blue > 0.5


def guess(last: str | None) -> bool:
    """Return whether the background may be light, until the terminal tells; else it was `last`."""
    named = os.environ.get("COLORFGBG", "").rpartition(";")[2]
    return named in ("7", "15") if named else last == "light"
