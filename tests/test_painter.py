"""Painting what changed shows what painting everything would, in every cell."""

from pathlib import Path
from typing import Any

import pytest
from rich.console import Console
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from tests.terminal import PROGRAM, Emulator, Terminal
from tui_reader.text import cells
from tui_reader.ui.terminal.driver import ScreenLine, Shown
from tui_reader.ui.terminal.painter import _NARROW, Painting

pyte = pytest.importorskip("pyte")
pytest.importorskip("hypothesis")

from hypothesis import given  # noqa: E402
from hypothesis import strategies as st  # noqa: E402

WIDTH, HEIGHT = 30, 3
CONSOLE = Console(color_system="truecolor", force_terminal=True)
STYLES = [
    Style(),
    *map(Style.parse, ("bold", "dim", "bold dim", "italic on blue", "underline", "reverse")),
    *map(Style.parse, ("#ff0000 on #101010", "#00ff00 on #101010", "bold #ff0000 on #202020")),
    *map(Style.parse, ("strike red", "color(200) on color(17)", "bright_red on default")),
]
CHARS = ("a", "b", " ", "  ", "\u2026", "\u2605", "\u4f60", "e\u0301", "\U0001f600")
TEXTS = st.lists(st.sampled_from(CHARS), max_size=12).map("".join)
PIECES = st.lists(st.tuples(TEXTS, st.sampled_from(STYLES)), max_size=6)


def strip(pieces: list[tuple[str, Style]], width: int) -> Strip:
    segments = [Segment(text, style) for text, style in pieces]
    return Strip(segments).adjust_cell_length(width, STYLES[7])


@st.composite
def line(draw: st.DrawFn) -> ScreenLine:
    cut = draw(st.sampled_from([0, 10, 20]))
    parts = [(0, cut), (cut, WIDTH)] if cut else [(0, WIDTH)]
    return [(x, strip(draw(PIECES), end - x)) for x, end in parts]


PICTURES = st.lists(line(), min_size=HEIGHT, max_size=HEIGHT).map(
    lambda lines: dict(enumerate(lines))
)


def screen(*written: str) -> list[list[object]]:
    """Return what a terminal shows of this, cell by cell."""
    shown = pyte.Screen(WIDTH, HEIGHT)
    stream = pyte.Stream(shown)
    for each in ("\x1b[?7l", *written):  # the driver has lines not wrapped
        stream.feed(each)
    return [[shown.buffer[y][x] for x in range(WIDTH)] for y in range(HEIGHT)]


def seen(cells: list[list[object]]) -> list[list[object]]:
    """Return the cells as a person sees them: of a blank, only its ground."""
    return [[_seen(cell) for cell in row] for row in cells]


def _seen(cell: object) -> object:
    c: Any = cell
    return c if c.data.strip() or c.reverse or c.underscore or c.strikethrough else (" ", c.bg)


@given(st.lists(PICTURES, min_size=2, max_size=4))
def test_what_changed_leaves_the_same_cells(pictures: list[Shown]) -> None:
    shown: Shown = {}
    written = [Painting(picture, shown).render_segments(CONSOLE) for picture in pictures]
    whole = Painting(pictures[-1], {}).render_segments(CONSOLE)
    assert seen(screen(*written)) == seen(screen(whole))
    assert not Painting(pictures[-1], shown).render_segments(CONSOLE)


def test_a_style_is_written_only_where_it_turns() -> None:
    red, blue = STYLES[7], Style.parse("bold #00ff00 on #101010")
    parts: ScreenLine = [(0, strip([("ab", red), ("cd", red), ("  ", blue), ("ef", red)], 8))]
    written = Painting({0: parts}, {}).render_segments(CONSOLE)
    assert written == "\x1b[1;1H\x1b[38;2;255;0;0;48;2;16;16;16mabcd  ef\x1b[0m"


def test_what_is_taken_for_narrow_is_as_textual_counts_it() -> None:
    chars = [chr(code) for code in range(32, 0x10000) if not 0xD800 <= code < 0xE000]
    assert [char for char in chars if _NARROW.fullmatch(char) and cells(char) != 1] == []


KEYS = (
    "j",
    "j",
    "j",
    "G",
    "gg",
    "/of",
    "\x1b",
    "?",
    "\x1b",
    "l",
    "\x1b",
    "z",
    "Z",
    "s",
    "S",
    "\x1b",
)


@pytest.mark.parametrize("size", [(120, 40), (50, 15)])
def test_after_any_key_the_terminal_shows_what_painting_all_anew_would(
    own_home: Path, size: tuple[int, int]
) -> None:
    terminal = Terminal([*PROGRAM, "--home", str(own_home), "--sample"], size)
    terminal.until(b"\x1b]11;?")
    emulator = Emulator(terminal, size)
    for keys in KEYS:
        emulator.press(keys)
        if keys == "\x1b":
            before = seen(_cells(emulator))[:-1]  # the key takes the message out of the footer
            assert emulator.press("\x0c")
            assert seen(_cells(emulator))[:-1] == before
    terminal.close()


def _cells(emulator: Emulator) -> list[list[object]]:
    shown = emulator.screen
    return [[shown.buffer[y][x] for x in range(shown.columns)] for y in range(shown.lines)]
