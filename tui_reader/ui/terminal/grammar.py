"""What a terminal sends, told apart by the grammar of ECMA-48: characters, sequences, pastes.

Every letter is a verb of ours, so what is not a key must never be taken for letters, however late,
broken or cut into pieces it comes:

- A sequence is taken whole, up to the end that its kind has: CSI to its final byte, the strings
  (OSC, DCS, APC, PM, SOS) to ST, the rest by their intermediate bytes. What it means, if anything,
  is not decided here.
- A control character within a sequence belongs to it; but ESC begins another, CAN and SUB end it.
- One that was cut off is waited for, and then forgotten. ESC alone is a key after a short wait;
  what comes then in one piece, and can only be the rest of a report, is still taken for that.
- What is pasted is text up to the end mark.
"""

import re
from collections.abc import Callable, Iterator
from typing import NamedTuple

PATIENCE = 1.0
"""Seconds for the rest of a sequence: over a slow line it comes in pieces."""
PASTE_PATIENCE = 10.0
"""Seconds for the rest of a paste; one that never ends must not take every key there is."""
LONGEST_SEQUENCE = 256
"""Characters kept of a sequence; longer ones mean nothing to us."""

ESC, CAN, SUB, BEL, ST = "\x1b", "\x18", "\x1a", "\x07", "\x1b\\"
PASTE, PASTE_END = "\x1b[200~", "\x1b[201~"
_STRINGS = "PX^_]"  # DCS, SOS, PM, APC, OSC
_CONTINUED = f"[NO{_STRINGS}"  # CSI, SS2, SS3: more of the sequence follows these
# A text, not compiled, as a start needs none of these.
_REST = r"\[[<=>?]?\d[\d:;]*([ -/]*[@-~]|$)|\[[A-DFH]|O[A-DFHP-S]|\]\d+;|P[\d!>]|_G"
"""What can only be the rest of a sequence whose ESC was taken for the key."""


class Paste(NamedTuple):
    """A text that was pasted."""

    text: str


class Grammar:
    """Takes characters as they come; gives single ones, whole sequences, and pastes.

    Times are in seconds, of a clock that only goes on. `is_key` says whether a sequence that more
    could follow, such as ESC, is a key by itself; it is that after `short` seconds.
    """

    def __init__(self, is_key: Callable[[str], bool], short: float) -> None:
        self._is_key = is_key
        self._short = short
        self.begun = ""
        """The sequence that has not ended, or the beginning of it."""
        self.pasted: list[str] | None = None
        """The paste that has not ended, in the pieces it came in."""
        self._held = ""
        """The end of what was pasted, which may be part of the end mark."""
        self.last = self._escaped = float("-inf")
        """When something came last; when ESC was last taken for the key."""

    @property
    def waits(self) -> bool:
        """Whether something was begun, and ends by itself where it does not go on."""
        return bool(self.begun) or self.pasted is not None

    def feed(self, data: str, now: float) -> Iterator[str | Paste]:
        """Take characters; give what is whole by now."""
        yield from self.expire(now)
        self.last = now
        if not self.begun and now - self._escaped < PATIENCE and re.match(_REST, data):
            self.begun = ESC
        while data:
            if self.pasted is not None:
                pasted, data = self._paste(self.pasted, self._held + data)
                yield from pasted
                continue
            char, data = data[0], data[1:]
            for whole in self._take(char):
                if whole == PASTE:
                    self.pasted = []
                else:
                    yield whole

    def expire(self, now: float) -> Iterator[str | Paste]:
        """Give up what was begun and did not go on in time; give what it is by itself."""
        waited = now - self.last
        if self.pasted is not None:
            if waited >= PASTE_PATIENCE:
                yield from self._paste(self.pasted, self._held + PASTE_END)[0]
            return
        begun = self.begun
        alone = self._is_key(begun)
        if begun and waited >= (self._short if alone else PATIENCE):
            self.begun = ""
            if begun == ESC:
                self._escaped = now
            if alone or len(begun) == 2:
                yield begun

    def _paste(self, pasted: list[str], data: str) -> tuple[list[Paste], str]:
        """Take what is pasted; return the paste, if it has ended, and what comes after it."""
        text, mark, rest = data.partition(PASTE_END)
        if mark:
            self.pasted, self._held = None, ""
            return [Paste("".join((*pasted, text)))], rest
        self._held = next(
            (PASTE_END[:n] for n in range(5, 0, -1) if text.endswith(PASTE_END[:n])), ""
        )
        pasted.append(text.removesuffix(self._held))
        return [], ""

    def _take(self, char: str) -> Iterator[str]:
        """Take one character; give the sequence it ends, or itself where it is in none."""
        begun = self.begun
        ending = len(begun) > 1 and begun[-1] == ESC  # a string, by the first half of ST
        if "\x80" <= char <= "\x9f":  # in seven bits
            yield from self._take(ESC)
            yield from self._take(chr(ord(char) - 0x40))
        elif char == ESC and _is_string(begun) and not ending:
            self.begun = begun[:LONGEST_SEQUENCE] + ESC
        elif char == ESC:
            self.begun = ESC
            if begun == ESC:
                yield ESC
        elif not begun:
            yield char
        elif ending and char != "\\":
            self.begun = ESC  # the string was broken off
            yield from self._take(char)
        elif char in (CAN, SUB):
            self.begun = ""
        elif _goes_on(begun, char):
            self.begun = begun[:LONGEST_SEQUENCE] + char
        else:
            self.begun = ""
            yield begun + char


def _is_string(begun: str) -> bool:
    return len(begun) > 1 and begun[1] in _STRINGS


def _goes_on(begun: str, char: str) -> bool:
    """Return whether a sequence goes on after a character that is not ESC."""
    if begun == ESC:
        return char in _CONTINUED or " " <= char <= "/"
    kind = begun[1]
    if _is_string(begun):
        return not (begun[-1] == ESC or (char == BEL and kind == "]"))
    if begun == "\x1b[" and char in "[M":
        return True  # F1 to F5 of the Linux console; the mouse in X10's way
    if begun.startswith("\x1b[M"):
        return len(begun) < 5
    if kind == "[":
        return begun != "\x1b[[" and not "@" <= char <= "~"
    if kind == "O":
        return not "<" <= char <= "~"
    return " " <= char <= "/" and kind != "N"
