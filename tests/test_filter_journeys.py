"""Filtering, told as a researcher would tell it."""

import pytest

from tests.conftest import Golden
from tests.driver import Reader, walk
from tests.test_screens import shoot
from tui_reader.config import Paths
from tui_reader.store import Store


def marked(reader: Reader) -> set[str]:
    """Return the texts on the screen that are underlined."""
    strips = reader.app.screen._compositor.render_strips()[2:]
    return {s.text for strip in strips for s in strip if s.style and s.style.underline}


def test_i_see_why_a_paper_matches(sample: Store) -> None:
    async def journey(reader: Reader) -> None:
        await reader.press("/")
        await reader.type("au:chen ti:(stacked) -moe")
        assert marked(reader) == {"Chen", "Stacked"}
        await reader.press("Ctrl-u")
        assert not marked(reader)
        await reader.type('"large language" is:new (')
        assert {text.lower() for text in marked(reader)} == {"large language"}
        await reader.press("Esc")
        assert not marked(reader)

    walk(sample, journey)


def test_what_is_found_is_marked_without_colour_and_in_my_note(
    sample: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NO_COLOR", "1")

    async def journey(reader: Reader) -> None:
        await reader.press("n")
        await reader.type("ask Ana")
        await reader.press("Enter", "/")
        await reader.type("note:an")
        assert marked(reader) == {"An"}
        await reader.press("Enter", "i")
        assert not marked(reader)

    walk(sample, journey)


def bar(reader: Reader) -> str:
    return reader.lines[1].strip()


def test_the_bar_offers_what_may_be_meant_and_tab_takes_it(sample: Store) -> None:
    async def journey(reader: Reader) -> None:
        await reader.press("/")
        assert "Tab  ti:  au:  abs:" in bar(reader)
        await reader.type("is:un")
        assert bar(reader).startswith("/ is:un  Tab  unread")
        await reader.press("Tab")
        assert bar(reader).split() == ["/", "is:unread", "37", "of", "37"]
        await reader.type(" cat:cs.d")
        await reader.press("Tab")
        assert bar(reader).startswith("/ is:unread cat:cs.DB  Tab  cs.DC  cs.DL")
        await reader.press("Tab")
        assert "37 of 37" in bar(reader)
        await reader.press("Shift-Tab", "Shift-Tab")
        assert bar(reader).startswith("/ is:unread cat:cs.d  Tab  cs.DB  cs.DC")
        await reader.press("Left")
        assert "Tab" not in bar(reader)

    walk(sample, journey)


def test_a_single_completion_can_be_completed_on(sample: Store) -> None:
    async def journey(reader: Reader) -> None:
        await reader.press("/")
        await reader.type("moe -so")
        await reader.press("Tab")
        assert bar(reader).startswith("/ moe -sort:  Tab  date  arxiv")

    walk(sample, journey)


def test_the_bar_knows_my_tags_and_the_authors_that_are_shown(sample: Store) -> None:
    async def journey(reader: Reader) -> None:
        await reader.press("t")
        await reader.type("to read")
        await reader.press("Enter", "/")
        await reader.type("tag:t")
        assert 'Tab  "to read"' in bar(reader)
        await reader.press("Ctrl-u")
        await reader.type("au:zhongh")
        assert 'Tab  "Zhonghao Chen"' in bar(reader)
        await reader.press("Tab")
        assert bar(reader).startswith('/ au:"Zhonghao Chen"')
        assert "1 of 37" in bar(reader)

    walk(sample, journey)


def test_what_is_half_typed_is_no_error_until_i_keep_it(sample: Store) -> None:
    async def journey(reader: Reader) -> None:
        await reader.press("/")
        await reader.type("is:un")
        assert "did you mean" not in reader.screen
        await reader.press("Enter")
        assert "did you mean is:unread?" in bar(reader)
        await reader.press("/", "Home")
        assert "did you mean is:unread?" in bar(reader)

    walk(sample, journey)


def test_earlier_filters_come_back_also_after_a_restart(sample: Store, paths: Paths) -> None:
    async def ask(reader: Reader) -> None:
        for text in ("moe", "fed is:unread", "tensor cores"):
            await reader.press("/", "Ctrl-u")
            await reader.type(text)
            await reader.press("Enter")
        await reader.press("q")

    async def ask_again(reader: Reader) -> None:
        await reader.press("/", "Ctrl-r")
        assert bar(reader).startswith("/ tensor cores")
        await reader.press("Alt-Up", "Alt-Up")
        assert bar(reader).startswith("/ moe")
        assert "4 of 37" in bar(reader)
        await reader.press("Alt-Down", "Ctrl-u")
        await reader.type("ED")
        await reader.press("Ctrl-r")
        assert bar(reader).startswith("/ fed is:unread")
        await reader.press("Ctrl-r")
        assert bar(reader).startswith("/ ED")

    walk(sample, ask)
    sample.close()
    walk(Store(paths), ask_again)


def test_f1_explains_the_language_and_leaves_my_text_alone(sample: Store) -> None:
    async def journey(reader: Reader) -> None:
        await reader.press("/")
        await reader.type("moe is:")
        before = reader.lines
        await reader.press("F1")
        assert "these whole words in a row" in reader.screen
        await reader.press("F1")
        assert reader.lines == before
        await reader.type("unread")
        assert "4 of 37" in bar(reader)

    walk(sample, journey)


@pytest.mark.parametrize("size", [(120, 40), (80, 24)], ids=["wide", "narrow"])
def test_highlights_and_completions_as_a_picture(
    sample: Store, golden: Golden, size: tuple[int, int]
) -> None:
    async def journey(reader: Reader) -> None:
        await reader.press("/")
        await reader.type('"large language" OR gpu au:c')
        await shoot(reader, golden, f"completions-{size[0]}x{size[1]}")

    walk(sample, journey, size=size)
