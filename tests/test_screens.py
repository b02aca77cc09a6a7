"""Golden screens: what the program looks like. `pytest --update` rewrites them; then look."""

import re
from datetime import timedelta
from pathlib import Path

import pytest

from tests.conftest import NOW, ROOT, Golden
from tests.driver import INBOX, LISTING, Reader, walk
from tui_reader.config import SETTINGS, Config, Paths
from tui_reader.following import follow
from tui_reader.store import Store, View

PAGES = [file.stem for file in (ROOT / "tui_reader" / "ui" / "pages").glob("[!_]*.py")]
SIZES = {"wide": (120, 40), "narrow": (80, 24), "tiny": (50, 15)}


async def shoot(reader: Reader, golden: Golden, name: str) -> None:
    """Compare the screen with `snapshots/screens/<name>.svg`."""
    svg = reader.app.export_screenshot(title="tui-reader")
    golden(f"snapshots/screens/{name}.svg", re.sub(r"terminal-\d+", "terminal", svg))


@pytest.mark.parametrize("size", SIZES)
def test_the_listing(sample: Store, golden: Golden, size: str) -> None:
    async def journey(reader: Reader) -> None:
        await reader.press("x", "s", "j", "m", "j", "s")
        await shoot(reader, golden, f"listing-{size}")

    walk(sample, journey, size=SIZES[size])


@pytest.mark.parametrize("size", SIZES)
def test_a_filter_being_typed(sample: Store, golden: Golden, size: str) -> None:
    async def journey(reader: Reader) -> None:
        await reader.press("/")
        await reader.type("moe is:unread")
        await shoot(reader, golden, f"filter-{size}")

    walk(sample, journey, size=SIZES[size])


@pytest.mark.parametrize("size", SIZES)
def test_a_filter_that_is_no_query(sample: Store, golden: Golden, size: str) -> None:
    async def journey(reader: Reader) -> None:
        await reader.press("/")
        await reader.type("moe is:unraed")
        await shoot(reader, golden, f"wrong-filter-{size}")

    walk(sample, journey, size=SIZES[size])


@pytest.mark.parametrize("size", SIZES)
def test_the_abstract_with_the_keys(sample: Store, golden: Golden, size: str) -> None:
    async def journey(reader: Reader) -> None:
        await reader.press("1", "7", "j", "Enter")
        await shoot(reader, golden, f"abstract-{size}")

    walk(sample, journey, size=SIZES[size])


@pytest.mark.parametrize("size", SIZES)
def test_the_help(
    sample: Store, golden: Golden, size: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    # How long the paths of a test are is not known.
    monkeypatch.setattr(Paths, "told", lambda _: {"Stars and marks": "~/.local/share/tui-reader"})

    async def journey(reader: Reader) -> None:
        await reader.press("?")
        await shoot(reader, golden, f"help-{size}")

    walk(sample, journey, size=SIZES[size])


@pytest.mark.parametrize("size", SIZES)
def test_the_statistics(sample: Store, golden: Golden, size: str) -> None:
    async def journey(reader: Reader) -> None:
        await reader.press("1", "9", "m", "s", "j", "j", "2", "s", "j", "j", "3", "x", "#")
        await shoot(reader, golden, f"statistics-{size}")

    walk(sample, journey, size=SIZES[size])


@pytest.mark.parametrize("size", SIZES)
def test_how_each_day_stands(sample: Store, golden: Golden, size: str) -> None:
    follow(sample.paths.config, ["cs.DC", "cs.LG"], NOW - timedelta(days=9))

    async def journey(reader: Reader) -> None:
        await reader.press("w")
        await shoot(reader, golden, f"sync_status-{size}")

    walk(sample, journey, size=SIZES[size], config=Config(sync=False))


@pytest.mark.parametrize("size", SIZES)
def test_the_welcome(store: Store, golden: Golden, size: str) -> None:
    async def journey(reader: Reader) -> None:
        await shoot(reader, golden, f"welcome-{size}")

    walk(store, journey, view=INBOX, size=SIZES[size])


def test_ascii_alone(sample: Store, golden: Golden) -> None:
    async def journey(reader: Reader) -> None:
        await reader.press("s", "j", "x", "1", "5", "j")
        assert reader.screen.isascii()
        await shoot(reader, golden, "listing-ascii")

    walk(sample, journey, config=Config(ascii=True))


def test_the_source_of_an_abstract(sample: Store, golden: Golden) -> None:
    async def journey(reader: Reader) -> None:
        await reader.press("1", "7", "j", "M")
        assert r"$\widetilde{O}(n^k)$" in reader.screen
        await shoot(reader, golden, "source-wide")

    walk(sample, journey)


def test_the_light_theme(sample: Store, golden: Golden) -> None:
    async def journey(reader: Reader) -> None:
        reader.app.theme = "reader-light"
        await reader.press("s", "j")
        await shoot(reader, golden, "listing-light")

    walk(sample, journey)


@pytest.mark.parametrize("page", PAGES)
def test_every_page_has_a_golden_screen(page: str) -> None:
    shot = [*(ROOT / "snapshots" / "screens").glob(f"{page}-*.svg")]
    assert shot, f"the page {page} has no golden screen: shoot one in {Path(__file__).name}"


@pytest.mark.parametrize("view", [INBOX, LISTING], ids=["inbox", "listing"])
def test_every_line_is_exactly_as_wide_as_the_screen(sample: Store, view: View) -> None:
    async def journey(reader: Reader) -> None:
        for size in ((120, 40), (80, 24), (50, 15), (20, 5), (200, 60), (3, 3)):
            await reader.pilot.resize_terminal(*size)
            await reader.pilot.pause()
            assert {strip.cell_length for strip in reader.strips} == {size[0]}

    walk(sample, journey, view=view)


PANELS = {
    "palette": ":",
    "settings": ",",
    "listings": "l",
    "categories": "c",
    "tags-panel": "t",
}


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("name", PANELS)
def test_every_panel_over_the_dimmed_screen(
    sample: Store, golden: Golden, name: str, size: str
) -> None:
    async def journey(reader: Reader) -> None:
        await reader.press(PANELS[name])
        await shoot(reader, golden, f"{name}-{size}")

    walk(sample, journey, size=SIZES[size])


def test_a_theme_is_seen_before_it_is_taken(sample: Store) -> None:
    async def journey(reader: Reader) -> None:
        await reader.press(",", "Enter", "Down", "Down")
        assert reader.app.theme == "reader-light"
        await reader.press("Esc")
        assert reader.app.theme == "reader-dark"

    walk(sample, journey)


def test_compact_rows_are_seen_before_they_are_taken(sample: Store) -> None:
    async def journey(reader: Reader) -> None:
        await reader.press(",")
        await reader.type("compact")
        await reader.press("Enter", "Up")
        assert reader.main.list.lines_each == 1
        assert "Enter uses on" in reader.screen
        await reader.press("Esc")
        assert reader.main.list.lines_each == 2

    walk(sample, journey)


@pytest.mark.parametrize("size", ["narrow", "tiny"])
def test_what_a_setting_means_is_told_whole_for_the_one_under_the_cursor(
    sample: Store, size: str
) -> None:
    async def journey(reader: Reader) -> None:
        await reader.press(",")
        for setting in (each for each in SETTINGS.values() if not isinstance(each.default, dict)):
            assert setting.meaning.replace("`", "") in " ".join(reader.screen.split())
            await reader.press("Down")

    walk(sample, journey, size=SIZES[size])


@pytest.mark.parametrize("width", range(40, 200, 7))
def test_a_panel_leaves_room_on_both_sides_or_on_none(sample: Store, width: int) -> None:
    async def journey(reader: Reader) -> None:
        for key in PANELS.values():
            await reader.press(key)
            [panel] = reader.app.screen.children
            left, right = panel.region.x, width - panel.region.right
            assert left == right == 0 or min(left, right) >= 1
            await reader.press("Esc")

    walk(sample, journey, size=(width, 24))


def test_the_known_tags_shown_are_those_that_go_on_what_is_typed(sample: Store) -> None:
    async def journey(reader: Reader) -> None:
        await reader.press("t")
        await reader.type(", ".join(f"tag {number}" for number in range(60)))
        await reader.press("Enter", "j", "t")
        await reader.type("tag 1, tag 5")
        assert "#tag 5  #tag 50  #tag 51  #tag 52" in reader.screen
        await reader.press("Tab")
        assert " tag 1, tag 50," in reader.screen

    walk(sample, journey, size=SIZES["narrow"])


def test_what_begins_as_i_typed_comes_first(sample: Store) -> None:
    async def journey(reader: Reader) -> None:
        await reader.press("c")
        await reader.type("st")
        assert "follows stat" in reader.screen
        await reader.press("Esc", ":", "q")
        assert "Enter does Quit" in reader.screen

    walk(sample, journey)


def test_the_palette_opens_on_what_i_used_last(sample: Store) -> None:
    async def journey(reader: Reader) -> None:
        await reader.press(":")
        await reader.type("unstar")
        assert "Enter does Star" in reader.screen
        await reader.press("Enter", ":", "Enter")
        assert "★ 0" in reader.lines[0]

    walk(sample, journey)
