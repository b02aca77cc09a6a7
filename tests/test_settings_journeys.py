"""Settings as a researcher meets them: keys of one's own, colours, rows, panes, and slips."""

from itertools import combinations
from math import dist

import pytest
from textual.color import Color
from textual.geometry import Offset

from tests.conftest import Golden
from tests.driver import INBOX, Reader, walk
from tests.test_screens import SIZES, shoot
from tui_reader.config import Config, read
from tui_reader.store import Store
from tui_reader.ui.parts.hints import HINTS
from tui_reader.ui.terminal.background import Told
from tui_reader.ui.themes import THEMES

# Keys


def test_my_own_keys_are_used_and_named_everywhere(sample: Store) -> None:
    keys = {"star": ("+", "g s"), "help": ("F2",), "palette": ("Ctrl-o",)}

    async def journey(reader: Reader) -> None:
        assert "+ star" in reader.footer
        await reader.press("s")
        assert reader.footer == "s does nothing here. F2 shows the keys."
        await reader.press("g", "s")
        assert "★ 1" in reader.lines[0]
        await reader.press("F2")
        assert "+, g s" in reader.screen
        await reader.press("F2", "Ctrl-o")
        await reader.type("unstar")
        assert "+, g s" in reader.screen

    walk(sample, journey, config=Config(keys=keys))


def test_a_screen_that_names_keys_names_mine(store: Store) -> None:
    async def journey(reader: Reader) -> None:
        assert "F  chooses categories" in reader.screen

    walk(store, journey, INBOX, config=Config(keys={"follow": ("F",)}))


# Settings


def test_a_slip_in_the_settings_is_said_and_costs_no_reading(sample: Store) -> None:
    async def journey(reader: Reader) -> None:
        assert reader.footer == "config.toml, line 3: no."
        await reader.press("j")
        assert reader.footer.startswith("s star")

    walk(sample, journey, problems=["config.toml, line 3: no."])


def test_i_choose_a_theme_and_have_it_the_next_time(sample: Store) -> None:
    async def journey(reader: Reader) -> None:
        await reader.press(",")
        await reader.type("theme")
        await reader.press("Enter")
        await reader.type("drac")
        await reader.press("Enter")
        assert reader.app.theme == "dracula"
        assert reader.footer == "From now on theme is dracula; , changes it."

    walk(sample, journey)
    assert read(sample.paths.config).config.theme == "dracula"


def test_every_setting_can_be_changed_in_the_app(sample: Store) -> None:
    async def journey(reader: Reader) -> None:
        async def choose(name: str) -> None:
            await reader.press(",")
            await reader.type(name)
            await reader.press("Enter")

        await choose("ascii")
        await reader.type("on")
        await reader.press("Enter")
        assert reader.screen.isascii()
        await choose("replacements")
        await reader.type("all")
        await reader.press("Enter")
        await choose("read_after")
        await reader.press(*["Backspace"] * 3)
        await reader.type("soon")
        await reader.press("Enter")
        assert "a number of seconds from 0 to 3600" in reader.screen
        await reader.press(*["Backspace"] * 4, "2", "Enter")
        assert reader.main.config.read_after == 2
        await choose("contact")
        await reader.type("me@home")
        await reader.press("Enter")

    walk(sample, journey)
    kept = read(sample.paths.config).config
    assert kept == Config(ascii=True, replacements="all", read_after=2, contact="me@home")


def test_a_setting_that_can_not_be_kept_is_used_until_i_quit(sample: Store) -> None:
    (sample.paths.config / "config.toml").mkdir(parents=True)

    async def journey(reader: Reader) -> None:
        await reader.press("z")
        assert reader.footer.startswith("One line a paper, until you quit. ")
        assert "directory" in reader.footer
        assert reader.main.list.lines_each == 1

    walk(sample, journey, size=(200, 40))


# Rows and panes


@pytest.mark.parametrize("size", SIZES)
def test_compact_rows(sample: Store, golden: Golden, size: str) -> None:
    async def journey(reader: Reader) -> None:
        await reader.press("3", "0", "j", "s", "k", "x")
        before = reader.main.list.row
        await reader.press("z")
        assert reader.main.list.row == before
        await reader.press("u", "Ctrl-r", "j", "j")
        await shoot(reader, golden, f"compact-{size}")

    walk(sample, journey, size=SIZES[size])
    assert read(sample.paths.config).config.compact


@pytest.mark.parametrize("size", ["wide", "narrow"])
def test_i_move_the_line_between_the_panes_and_find_it_there_again(
    sample: Store, size: str
) -> None:
    def room(reader: Reader) -> int:
        pane = reader.main.list.size
        return pane.width if size == "wide" else pane.height

    rooms = []

    async def journey(reader: Reader) -> None:
        rooms.append(room(reader))
        await reader.press("2", "<")
        rooms.append(room(reader))
        assert rooms[-1] < rooms[-2]
        await reader.press("9", "<")
        assert 2 <= room(reader) < rooms[-1]
        line = reader.main.panes.split.region.offset
        await reader.pilot.mouse_down(offset=line)
        there = line + Offset(20, 5)
        await reader.pilot.hover(offset=there)
        await reader.pilot.mouse_up(offset=there)
        await reader.pilot.pause()
        moved = reader.main.panes.split.region.offset - line
        assert moved == ((20, 0) if size == "wide" else (0, 5))
        rooms.append(room(reader))

    async def again(reader: Reader) -> None:
        assert room(reader) == rooms[-1]
        await reader.pilot.resize_terminal(50, 15)
        await reader.press(">")
        assert reader.footer == "There is room for one pane only."

    walk(sample, journey, size=SIZES[size])
    walk(sample, again, size=SIZES[size])


# Hints


def test_a_hint_goes_for_good_once_i_did_what_it_says(sample: Store) -> None:
    async def journey(reader: Reader) -> None:
        assert "Space pages through the abstract" in reader.lines[1]
        await reader.press("Space")
        assert "x skips a paper" in reader.lines[1]
        await reader.press("x")
        assert "f watches an author" in reader.lines[1]
        await reader.press("/")
        assert "watches" not in reader.lines[1]

    async def without(reader: Reader) -> None:
        assert "Space pages" not in reader.screen
        await reader.press("*")
        assert "shows what" not in reader.screen

    walk(sample, journey, hints=True)
    walk(sample, without)


def test_hints_take_turns_and_retire_after_three_showings(sample: Store) -> None:
    seen: list[str] = []

    async def journey(reader: Reader) -> None:
        seen.append(reader.lines[1].removeprefix(" / filter").strip())

    for _ in range(3 * len(HINTS) + 1):
        walk(sample, journey, hints=True)
    assert len({*seen[: len(HINTS)]}) == len(HINTS)
    assert seen[-1] == ""
    assert all(seen.count(text) == 3 for text in seen[:-1])


# Colours


def test_the_theme_follows_the_terminal_and_remembers_it(
    sample: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("COLORFGBG", raising=False)

    async def journey(reader: Reader) -> None:
        assert reader.app.theme == "reader-dark"
        reader.app.post_message(Told(light=True))
        await reader.pilot.pause()
        assert reader.app.theme == "reader-light"

    async def again(reader: Reader) -> None:
        assert reader.app.theme == "reader-light"

    async def named(reader: Reader) -> None:
        reader.app.post_message(Told(light=False))
        await reader.pilot.pause()
        assert reader.app.theme == "nord"

    walk(sample, journey)
    walk(sample, again)
    walk(sample, named, config=Config(theme="nord"))


def test_without_colours_nothing_is_coloured(
    sample: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NO_COLOR", "1")

    async def journey(reader: Reader) -> None:
        await reader.press("s")
        styles = [segment.style for strip in reader.strips for segment in strip if segment.style]
        assert styles
        for style in styles:
            assert not (style.color and style.color.triplet)
            assert not (style.bgcolor and style.bgcolor.triplet)

    walk(sample, journey)


def test_the_colour_blind_theme(sample: Store, golden: Golden) -> None:
    async def journey(reader: Reader) -> None:
        await reader.press("s", "j", "/")
        await reader.type("is:unraed")
        await shoot(reader, golden, "listing-colour-blind")

    walk(sample, journey, config=Config(theme="reader-colour-blind"))


# How much of red, green and blue (linear) each kind of eye gets of each: Machado et al. 2009.
EYES = {
    "protan": ((0.152, 1.053, -0.205), (0.115, 0.786, 0.099), (-0.004, -0.048, 1.052)),
    "deutan": ((0.367, 0.861, -0.228), (0.280, 0.673, 0.047), (-0.012, 0.043, 0.969)),
    "tritan": ((1.256, -0.077, -0.179), (-0.078, 0.931, 0.148), (0.005, 0.691, 0.304)),
}


@pytest.mark.parametrize("eye", EYES)
def test_the_colours_of_the_colour_blind_theme_are_told_apart_by_every_eye(eye: str) -> None:
    theme = THEMES["reader-colour-blind"]
    seen = []
    for colour in (theme.accent, theme.warning, theme.error, theme.foreground):
        linear = [part**2.2 for part in Color.parse(colour or "").normalized]
        seen.append(
            [
                max(0.0, sum(a * b for a, b in zip(row, linear, strict=True))) ** (1 / 2.2)
                for row in EYES[eye]
            ]
        )
    for one, other in combinations(seen, 2):
        assert dist(one, other) > 0.2
