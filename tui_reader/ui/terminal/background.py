"""What the terminal sends: whether it is light or dark, when it is asked with OSC 11, and keys."""

import codecs
import os
import re
from collections.abc import Iterable
from functools import partial

from textual._xterm_parser import XTermParser
from textual.drivers import linux_driver
from textual.message import Message

ASK = "\x1b]11;?\x1b\\"
_HEX = r"([\da-fA-F]{1,4})"
_TOLD = re.compile(rf"\x1b\]11;rgba?:{_HEX}/{_HEX}/{_HEX}[^\x07\x1b]*(?:\x07|\x1b\\)")
_TOLD_IN_PART = re.compile(r"\x1b\](1(1(;[^\x07\x1b]{0,40}\x1b?)?)?)?$")


class Told(Message):
    """The terminal told what its background is."""

    def __init__(self, light: bool) -> None:
        super().__init__()
        self.light = light


class Parser(XTermParser):
    """Takes the answer out of what the terminal sends; Textual would take it for keys."""

    _begun = ""

    def feed(self, data: str) -> Iterable[Message]:
        data = self._begun + data
        begun = _TOLD_IN_PART.search(data)
        self._begun = begun[0] if begun else ""
        keys = data.removesuffix(self._begun)
        for told in _TOLD.finditer(keys):
            yield Told(_is_light(told.groups()))
        keys = _TOLD.sub("", keys)
        if keys or not data:  # no data at all is the end
            yield from super().feed(keys)


def _is_light(rgb: Iterable[str]) -> bool:
    red, green, blue = (int(digits, 16) / int("f" * len(digits), 16) for digits in rgb)
    return 0.3 * red + 0.59 * green + 0.11 * blue > 0.5


def listen() -> None:
    """Let the app be told, and take any bytes for keys; to be called before it runs."""
    linux_driver.XTermParser = Parser  # type: ignore[attr-defined]
    # Textual's own stops at bytes that are not UTF-8, such as those of a paste that was cut.
    decoder = partial(codecs.getincrementaldecoder("utf-8"), "replace")
    linux_driver.getincrementaldecoder = lambda _: decoder  # type: ignore[attr-defined]


def guess(last: str | None) -> bool:
    """Return whether the background may be light, until the terminal tells; else it was `last`."""
    named = os.environ.get("COLORFGBG", "").rpartition(";")[2]
    return named in ("7", "15") if named else last == "light"
