"""What a screen reader and an input method meet: the terminal's cursor, and what is rewritten."""

import re
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.driver import Reader, walk
from tests.terminal import PROGRAM, Emulator, Terminal
from tui_reader.store import Store
from tui_reader.ui.pager import Pager

pytest.importorskip("pyte")

ESC, LEFT, DOWN = "\x1b[27u", "\x1b[D", "\x1b[B"
TYPING = ["/", "日本語", LEFT, "e\u0301", "x" * 200, LEFT, "\x01", ESC]
SCREENS = {
    "list": ["j", "j", "k", "G", "gg", "\x04", "]", "[", "v", "j", ESC],
    "filter": TYPING,
    "abstract": ["\r", "J", "K", " ", ESC],
    "tags": ["t", *TYPING[1:]],
    "note": ["n", *TYPING[1:]],
    "palette": [":", *TYPING[1:-1], "\x05\x15", DOWN, DOWN, "st", ESC],
    "listings": ["l", DOWN, "9", ESC],
    "settings": [",", DOWN, DOWN, ESC],
    "categories": ["c", DOWN, "cs", ESC],
    "help": ["?", "j", "G", ESC],
    "sync": ["w", "j", ESC],
    "order": ["S", DOWN, ESC],
    "rules": ["f", DOWN, "mute", ESC],
    "links": ["O", DOWN, ESC],
    "statistics": ["#", "j", ESC],
    "command": ["!", *TYPING[1:]],
    "starred": ["*", "i", "a", "j"],
}
"""Keys on every screen, each of which leads back or on."""


@contextmanager
def opened(size: tuple[int, int], *options: str, settings: str = "") -> Iterator[Emulator]:
    terminal = Terminal([*PROGRAM, "--sample", *options], size)
    with closing(terminal):
        terminal.until(b"SPARe" if size[0] >= 100 else b"Token")
        emulator = Emulator(terminal, size)
        emulator.look()
        yield emulator


@pytest.fixture
def settings(own_home: Path) -> Callable[[str], None]:
    """Write the settings of the sample."""

    def write(text: str) -> None:
        file = own_home / "state" / "sample" / "config" / "config.toml"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")

    return write


class Seen(NamedTuple):
    """A screen as a screen reader has it."""

    lines: list[str]
    cursor: tuple[int, int]
    reversed: list[tuple[int, int]]
    """The cells in reverse video, which is how the place of typing is shown."""

    def is_focused(self, key: str) -> bool:
        """Whether the cursor is where one types, or where the focused row or its pane starts."""
        x, y = self.cursor
        if self.reversed and key != DOWN:  # a wide character is two cells
            return self.reversed[0] == (x, y) and len(self.reversed) < 3
        bars = [(0, at) for at, line in enumerate(self.lines) if line.startswith("▌")]
        if key == DOWN:  # in a panel over the list
            return self.lines[y][x] == "▌"
        if bars:  # a row has two lines; more are selected
            return (x, y) in (bars[:1] if len(bars) <= 2 else bars)
        before = self.lines[y][:x]
        return not before.strip() or before.endswith(("│", "┃"))


PAGES = {"help", "sync", "statistics"}
"""Panels of text, whose start no sign shows."""


def test_the_terminals_cursor_is_at_the_focused_row_or_the_place_of_typing() -> None:
    with opened((80, 24)) as emulator:
        for screen, keys in SCREENS.items():
            for key in keys:
                emulator.press(key)
                seen = Seen(emulator.lines, emulator.cursor, emulator.reversed)
                assert screen in PAGES or seen.is_focused(key), (screen, key, seen)


NAMES = {"\r": "Enter", " ": "Space", ESC: "Esc", LEFT: "Left", DOWN: "Down"}


@pytest.mark.parametrize("size", [(120, 40), (50, 15), (30, 10)], ids=str)
def test_the_cursor_goes_along_at_every_size(sample: Store, size: tuple[int, int]) -> None:
    async def journey(reader: Reader) -> None:
        for screen, keys in SCREENS.items():
            for key in keys:
                if name := NAMES.get(key):
                    await reader.press(name)
                elif key.isprintable():
                    await reader.type(key)
                else:
                    await reader.press(*(f"Ctrl-{chr(ord(char) + 96)}" for char in key))
                at = reader.app.cursor_position
                seen = Seen(reader.lines, (at.x, at.y), caret(reader))
                if pages := reader.app.screen.query(Pager):
                    assert at == pages.first().region.offset
                else:
                    assert seen.is_focused(key), (screen, key, seen)

    walk(sample, journey, size=size)


def caret(reader: Reader) -> list[tuple[int, int]]:
    found = []
    for y, strip in enumerate(reader.strips):
        x = 0
        for segment in strip:
            if segment.style and segment.style.reverse:
                found.append((x, y))
            x += segment.cell_length
    return found


def test_moving_rewrites_the_two_rows_and_the_abstract(
    settings: Callable[[str], None],
) -> None:
    settings("read_after = 0\nhints = false\n")
    with opened((80, 24)) as emulator:
        emulator.press("j")
        for key in "jjk":
            before, at = emulator.lines, emulator.cursor[1]
            written = emulator.press(key)
            after, now = emulator.lines, emulator.cursor[1]
            split = next(y for y, line in enumerate(after) if line.startswith(("─" * 9, "━" * 9)))
            rows = {y + part for y in (at, now) for part in (0, 1)}
            touched = {int(y) - 1 for y in re.findall(rb"\x1b\[(\d+);\d+H", written)}
            assert {y for y in touched if y < split} <= rows
            assert {y for y in range(split) if before[y] != after[y]} <= rows


def test_nothing_moves_by_itself(settings: Callable[[str], None]) -> None:
    settings("sync = false\nhints = false\n")
    with opened((120, 40)) as emulator:
        emulator.terminal.settle(0.5)
        assert not emulator.terminal.take(1.5)


MOUSE = re.compile(rb"\x1b\[\?100[0-9]h|\x1b\[\?1015h|\x1b\[\?1016h")
COLOUR = re.compile(rb"\x1b\[([0-9;]*)m")


def test_accessible_is_ascii_in_the_terminals_own_colours_with_its_cursor_and_no_mouse(
    settings: Callable[[str], None],
) -> None:
    settings('accessible = true\ntheme = "nord"\nhints = false\n')
    with opened((120, 40)) as emulator:
        for screen in ("list", "filter", "palette", "help"):
            for key in SCREENS[screen]:
                emulator.press(key)
        written = emulator.terminal.written
        # What is typed is shown as it is.
        assert not [text for text in emulator.lines if not text.isascii()]
        assert not MOUSE.search(written.replace(b"\x1b[?1004h", b""))  # that is the focus
        assert written.rfind(b"\x1b[?25h") > written.rfind(b"\x1b[?25l")
        codes = {code for found in COLOUR.findall(written) for code in found.split(b";")}
        assert not codes & {b"38", b"48"}


def test_without_the_mouse_the_terminal_keeps_it(settings: Callable[[str], None]) -> None:
    settings("mouse = false\n")
    with opened((120, 40)) as emulator:
        assert not MOUSE.search(emulator.terminal.written.replace(b"\x1b[?1004h", b""))
        emulator.press(",")
        emulator.press("mouse")
        emulator.press("\r")
        emulator.press("on")
        assert MOUSE.search(emulator.press("\r").replace(b"\x1b[?1004h", b""))
