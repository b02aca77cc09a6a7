"""Filtering, told as a researcher would tell it."""

import pytest

from tests.driver import Reader, walk
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
