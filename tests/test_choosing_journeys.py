"""Choosing by what was learned: the order, the less likely, strength and likeness."""

import pytest

from tests.conftest import Golden
from tests.driver import INBOX, Reader, walk
from tests.past import CACHE, GALAXY, WED, announce, live, papers
from tests.test_screens import SIZES, shoot
from tests.test_triage_journeys import FIRST
from tui_reader.config import Config
from tui_reader.store import Store
from tui_reader.triage import Triage, star


@pytest.fixture
def long_past(store: Store) -> Store:
    live(store)
    store.cache.taste.keep_past()
    return store


async def order_for_me(reader: Reader) -> None:
    await reader.press("S")
    await reader.type("foryou\r")


def test_what_is_less_likely_stands_apart_with_what_the_past_says_of_it(long_past: Store) -> None:
    async def journey(reader: Reader) -> None:
        await reader.press("G")
        await order_for_me(reader)
        assert reader.main.list.cursor == 0
        [likely, sample, less] = [line for line in reader.lines if "─ " in line]
        assert likely.split()[:4] == ["Wed", "4", "March", "2026"]
        assert " A sample of the less likely ─" in sample
        assert "Less likely: of your last 84 stars, none was down there" in less

    walk(long_past, journey, view=INBOX, size=(80, 60))


def test_one_key_skips_the_less_likely_and_one_takes_it_back(long_past: Store) -> None:
    async def journey(reader: Reader) -> None:
        await order_for_me(reader)
        assert "20 unread" in reader.lines[0]
        await reader.press("X")
        assert reader.footer == "15 skipped unseen; u takes it back."
        assert " 5 unread" in reader.lines[0]
        assert reader.screen.count("  × ") == 15
        await reader.press("X")
        assert reader.footer == "All that is less likely here is read already."
        await reader.press("u")
        assert reader.footer == "Took back: Skip the less likely 18 papers"
        assert "20 unread" in reader.lines[0]

    walk(long_past, journey, view=INBOX, size=(120, 60))


def test_skipping_the_less_likely_leaves_stars_and_goes_on_from_among_them(
    long_past: Store,
) -> None:
    async def journey(reader: Reader) -> None:
        await order_for_me(reader)
        await reader.press("G", "s", "m", "g", "g")
        await reader.press("1", "0", "j", "X")
        assert reader.footer == "14 skipped unseen; u takes it back."
        assert reader.selected.startswith("★●")

    walk(long_past, journey, view=INBOX, size=(80, 60))


def test_where_nothing_is_known_to_be_less_likely_that_is_said(sample: Store) -> None:
    async def journey(reader: Reader) -> None:
        await reader.press("X")
        assert reader.footer.startswith("Nothing is known to be less likely here; S orders")

    walk(sample, journey)


def test_with_too_few_stars_the_screen_says_how_many_are_missing(sample: Store) -> None:
    Triage(sample).edit("Star", [FIRST], star)

    async def journey(reader: Reader) -> None:
        first = reader.selected
        await reader.press("S")
        assert "from 4 more stars on; until then as arXiv does" in reader.screen
        await reader.type("foryou\r")
        assert "For you from 4 more stars on; until then as arXiv does." in reader.lines[1]
        assert reader.selected == first

    walk(sample, journey)


def test_each_row_has_its_strength_once_there_is_a_profile(long_past: Store) -> None:
    async def journey(reader: Reader) -> None:
        await reader.until("▇")
        assert reader.screen.count("▇") == 2
        assert reader.screen.count("▁") == 0
        await reader.press("z")
        assert reader.screen.count("▇") == 2
        await reader.press("m")
        assert reader.screen.count("▇") == 1

    walk(long_past, journey, view=INBOX, size=(120, 60))


def test_with_the_fifth_star_strength_and_reasons_are_shown(store: Store) -> None:
    announce(store, WED, papers(1, *[CACHE] * 7, *[GALAXY] * 20))

    async def journey(reader: Reader) -> None:
        await reader.press(*["s", "j"] * 4)
        assert "▇" not in reader.screen
        await reader.press("s", "j")
        await reader.until("▇")
        assert reader.screen.count("▇") == 2
        assert "For you: " in reader.screen
        await reader.press("k")
        assert "For you: " not in reader.screen

    walk(store, journey, view=INBOX, size=(80, 60))


def test_in_ascii_the_strength_is_a_digit(long_past: Store) -> None:
    async def journey(reader: Reader) -> None:
        await reader.until("> 5")
        assert "▇" not in reader.screen

    walk(long_past, journey, view=INBOX, size=(80, 60), config=Config(ascii=True))


def test_help_says_how_much_of_each_strength_was_starred(long_past: Store) -> None:
    async def journey(reader: Reader) -> None:
        await reader.press("?")
        assert "▂▃▅▇" in reader.screen
        said = "Of the past's papers you starred, from no sign to ▇, none, none, 0%, none, 100%"
        assert said in " ".join(reader.screen.split())

    walk(long_past, journey, view=INBOX, size=(100, 160))


@pytest.mark.parametrize("size", ["wide", "narrow"])
def test_the_order_for_me_as_a_picture(long_past: Store, golden: Golden, size: str) -> None:
    async def journey(reader: Reader) -> None:
        await reader.until("▇")
        await order_for_me(reader)
        await shoot(reader, golden, f"for-you-{size}")

    walk(long_past, journey, view=INBOX, size=SIZES[size])


def test_i_look_for_more_like_a_paper(sample: Store) -> None:
    async def journey(reader: Reader) -> None:
        await reader.press("=")
        assert reader.lines[0].startswith(" Library")
        assert f"/ like:{FIRST} " in reader.lines[1]
        titles = [line for line in reader.lines if "● " in line]
        await reader.press("Backspace")
        assert "3 March" in reader.lines[0]
        assert titles[0].partition("● ")[2][:30] in reader.screen

    walk(sample, journey)


def test_i_look_for_more_of_an_author_of_several(sample: Store) -> None:
    async def journey(reader: Reader) -> None:
        await reader.press("/")
        await reader.type("SPARe")
        await reader.press("Enter", "@")
        assert "Papers of" in reader.screen
        await reader.type("cappello\r")
        assert '/ au:"Franck Cappello"' in reader.lines[1]
        assert "SPARe" in reader.screen

    walk(sample, journey)


def test_a_filter_for_what_is_not_there_says_so_in_place(sample: Store) -> None:
    async def journey(reader: Reader) -> None:
        await reader.press("/")
        await reader.type("like:2401.99999 ")
        assert "2401.99999 is not stored" in reader.screen
        await reader.press("Esc", "/")
        await reader.type("like:26")
        await reader.press("Tab", "Enter")
        assert f"/ like:{FIRST} " in reader.lines[1]

    walk(sample, journey)
