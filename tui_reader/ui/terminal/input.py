"""What the terminal sends, as messages: keys, the mouse, pastes, and what it tells of itself.

Only what is known comes through; the rest of what the grammar finds is dropped.
"""

import codecs
import re
from collections.abc import Iterator
from time import monotonic

from textual import constants, events
from textual.message import Message
from textual.messages import TerminalSupportsSynchronizedOutput

from tui_reader.ui.terminal.background import told
from tui_reader.ui.terminal.grammar import Grammar, Paste
from tui_reader.ui.textual_private import (
    ANSI_SEQUENCES_KEYS,
    FUNCTIONAL_KEYS,
    IGNORE_SEQUENCE,
    XTermParser,
)

MOST_PASTED = 100_000
"""Characters; what is longer was not meant for a line."""
# Texts: a start would compile them before anything is sent.
_MOUSE = r"\x1b\[<\d{1,3};\d{1,5};\d{1,5}[Mm]"
_PICTURES = r"\x1b\[\?2026;[123]\$y"
_POSITION = r"\x1b\[\d+;\d+R"
_KEY = (
    r"\x1b\[(?P<code>\d{0,7})"
    r"(?:;(?P<modifiers>\d{0,3})(?P<event>:[12])?(?:;(?P<typed>\d{1,7}(?::\d{1,7})*)?)?)?"
    r"(?P<end>[u~A-HPQS])"
)
"""A key in the protocol of kitty, pressed or held; releases and other layouts are nothing to us."""
_MODIFIER = r"(left|right)_|iso_level|(caps|num|scroll)_lock"


class Input(XTermParser):
    """Makes messages of what the terminal sends; Textual's own takes what it can't read for keys.

    Of Textual's is only what a key is called, and where the mouse is.
    """

    def __init__(self) -> None:
        super().__init__()
        self.grammar = Grammar(ANSI_SEQUENCES_KEYS.__contains__, constants.ESCAPE_DELAY)

    def feed(self, data: str) -> Iterator[Message]:
        for whole in self.grammar.feed(data, monotonic()):
            yield from self.messages(whole)

    def tick(self) -> Iterator[Message]:
        for whole in self.grammar.expire(monotonic()):
            yield from self.messages(whole)

    def messages(self, whole: str | Paste) -> Iterator[Message]:
        if isinstance(whole, Paste):
            yield events.Paste(whole.text[:MOST_PASTED].replace("\0", ""))
        elif len(whole) == 1:
            yield from self._sequence_to_key_events(whole)
        elif whole in ("\x1b[I", "\x1b[O"):
            yield events.AppFocus() if whole == "\x1b[I" else events.AppBlur()
        elif answer := told(whole):
            yield answer
        elif re.fullmatch(_MOUSE, whole):
            if mouse := self.parse_mouse_code(whole):
                yield mouse
        elif re.fullmatch(_PICTURES, whole):
            yield TerminalSupportsSynchronizedOutput()
        elif whole in ANSI_SEQUENCES_KEYS and not re.fullmatch(_POSITION, whole):
            if ANSI_SEQUENCES_KEYS[whole] is not IGNORE_SEQUENCE:
                yield from self._sequence_to_key_events(whole)
        elif key := re.fullmatch(_KEY, whole):
            yield from self._key(key)
        elif len(whole) == 2:
            yield from self._with_alt(whole[1])

    def _key(self, key: re.Match[str]) -> Iterator[events.Key]:
        code, end = int(key["code"] or 1), key["end"]
        typed = [int(number) for number in (key["typed"] or "").split(":") if number]
        named = FUNCTIONAL_KEYS.get(f"{code}{end}")
        known = named or (end == "u" and (_is_text(code) or (typed and code == 0)))
        if not known or re.match(_MODIFIER, named or ""):
            return
        if all(map(_is_text, typed)) and int(key["modifiers"] or 1) <= 256:
            yield from self._sequence_to_key_events(key[0].replace(key["event"] or " ", ""))

    def _with_alt(self, char: str) -> Iterator[events.Key]:
        for key in self._sequence_to_key_events(char, alt=True):
            name = key.key if key.key.startswith("alt+") else f"alt+{key.key}"
            yield events.Key(name, None)  # without a character: Alt-x is not x


def _is_text(code: int) -> bool:
    """Return whether a number stands for a character that is typed."""
    return code <= 0x10FFFF and chr(code).isprintable()


def decoder() -> codecs.IncrementalDecoder:
    """Return a decoder of UTF-8 that takes any bytes, and C1 controls in eight bits for those."""
    codecs.register_error("tui_reader.terminal", _as_control)
    return codecs.getincrementaldecoder("utf-8")("tui_reader.terminal")


def _as_control(error: UnicodeError) -> tuple[str, int]:
    assert isinstance(error, UnicodeDecodeError)
    wrong = error.object[error.start : error.end]
    control = len(wrong) == 1 and 0x80 <= wrong[0] <= 0x9F
    return chr(wrong[0]) if control else "\ufffd", error.end
