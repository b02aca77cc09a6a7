"""What commands write: data to standard output, talk to standard error."""

import json
import os
import sys
from collections.abc import Iterable, Mapping, Sequence
from itertools import islice
from shutil import get_terminal_size
from time import monotonic
from typing import NamedTuple, Self

from tui_reader.text import Mode, Span, cells, clean, fit, plain, without_bar, wrap
from tui_reader.text.clean import one_line
from tui_reader.ui.row_text import ASCII
from tui_reader.ui.terminal.first_frame import give_back

_COLOURS = {"title": "1", "dim": "2", "star": "33", "accent": "36", "error": "31"}
"""What a terminal is told for the inks of `ui.inks`."""

SAID_AGAIN = 5  # seconds


class Line(NamedTuple):
    """A line of an answer, for people and for programs."""

    cells: Sequence[str]
    """The last one may be long."""
    data: Mapping[str, object] = {}
    ink: str = ""
    sign: str = ""
    """The ink of the first cell, if it has its own."""


def write(lines: Iterable[Line], mode: Mode, *, as_json: bool = False, cut: bool = False) -> None:
    """Write JSON, or a table as wide as the terminal, or tabs into a pipe.

    In a table, the last column is wrapped, or `cut`.
    """
    if as_json:
        write_json(json.dumps(x.data, default=str, ensure_ascii=False) for x in lines)
        return
    lines, screen = iter(lines), get_terminal_size().columns
    while block := list(islice(lines, 1000)):
        table = [[one_line(cell) for cell in line.cells] for line in block]
        *widths, _ = (max(map(cells, column)) for column in zip(*table, strict=True))
        for (*first, last), line in zip(table, block, strict=True):
            if not sys.stdout.isatty():
                draw([("\t".join([*first, last]), "")], mode)
                continue
            padded = [
                cell + " " * (w - cells(cell) + 2) for cell, w in zip(first, widths, strict=True)
            ]
            sign, left = "".join(padded[:1]), "".join(padded[1:])
            room = max(20, screen - cells(sign + left))
            for found in [(Span(last),)] if cut else wrap([Span(last)], room) or [()]:
                text = left + "".join(span.text for span in found)
                draw([(sign, line.sign or line.ink), (text, line.ink)], mode)
                sign, left = "", " " * cells(sign + left)


def write_json(objects: Iterable[str]) -> None:
    """Write JSON objects, one a line."""
    in_utf8()
    sys.stdout.writelines(f"{text}\n" for text in objects)


def in_utf8() -> None:
    """Let data for other programs be UTF-8 whatever the locale."""
    if hasattr(sys.stdout, "reconfigure"):
        sys.stdout.reconfigure(encoding="utf-8", newline="")


def draw(pieces: Iterable[tuple[str, str]], mode: Mode) -> None:
    """Write a line of texts in their inks; on a terminal in colours, if it may be, and cut."""
    terminal, room = sys.stdout.isatty(), get_terminal_size().columns
    coloured = terminal and not os.environ.get("NO_COLOR") and not dumb()
    line = ""
    for text, ink in pieces:
        text = one_line(text) if terminal else text
        if mode is Mode.ASCII and not (text := text.translate(ASCII)).isascii():
            text = plain(text, mode)
        if terminal:
            text = fit(text, room)
            room -= cells(text)
        code = _COLOURS.get(ink) if coloured else None
        line += f"\x1b[{code}m{text}\x1b[0m" if code else text
    print(line.rstrip())


def dumb() -> bool:
    """Whether the terminal understands no more than text."""
    return os.environ.get("TERM", "") in ("", "dumb", "unknown")


def say(message: str) -> None:
    give_back()  # a frame that is shown would hide it
    print(clean(message), file=sys.stderr)


class Talk:
    """What is being done, on standard error while that is a terminal.

    It is one line that is drawn anew, or `in_lines`, for those who hear it, now and then one more.
    """

    def __init__(self, *, in_lines: bool = False) -> None:
        self.heard = sys.stderr.isatty() and not dumb()
        self._in_lines = in_lines
        self._said_at = float("-inf")
        self._line = False
        """Whether there is a line to be taken away at the end."""

    def __enter__(self) -> Self:
        return self

    def show(self, progress: object) -> None:
        if not self.heard:
            return
        if not self._in_lines:
            give_back()
            self._line = True
            line = fit(str(progress), get_terminal_size().columns - 1)
            print(f"\r{line}\x1b[K", end="", file=sys.stderr, flush=True)
        elif monotonic() - self._said_at >= SAID_AGAIN:
            self._said_at = monotonic()
            say(without_bar(str(progress)))

    def __exit__(self, *_: object) -> None:
        if self._line:
            print("\r\x1b[K", end="", file=sys.stderr, flush=True)


def counted(count: int, one: str, several: str) -> str:
    return f"{count:,} {one if count == 1 else several}"
