"""Fetching from within the app, against a small arXiv on this machine."""

from collections.abc import Iterator
from datetime import date

import pytest

from tests import arxiv_server
from tests.arxiv_server import Answer, Item, World
from tests.conftest import NOW
from tests.driver import INBOX, Reader, walk
from tui_reader.config import Config
from tui_reader.following import follow, followed
from tui_reader.store import Store

DAY = date(2026, 3, 3)


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    """An arXiv that announced two papers in cs.DC."""
    world = World(lambda: NOW)
    world.listings["cs.DC", DAY] = [
        Item("2603.00001", title="Sorting Fast"),
        Item("2603.00002", title="Sorting Faster"),
    ]
    with arxiv_server.serving(world) as base:
        monkeypatch.setenv("TUI_READER_ARXIV", base)
        yield world


async def synced(reader: Reader) -> None:
    """Wait until the sync behind the screen has ended."""
    for _ in range(400):
        await reader.pilot.pause(0.02)
        if not reader.main._syncing:
            await reader.pilot.pause()
            return
    raise AssertionError("the sync did not end")


def test_from_nothing_to_todays_papers_in_a_minute(store: Store, world: World) -> None:
    async def journey(reader: Reader) -> None:
        assert "Press c to choose a category" in reader.screen
        await reader.press("c")
        await reader.type("distributed parallel")
        assert "cs.DC" in reader.screen
        await reader.press("Enter")
        await synced(reader)
        assert reader.selected == "● Sorting Fast"
        assert "2 unread" in reader.lines[0]

    walk(store, journey, view=INBOX)
    assert list(followed(store.paths.config)) == ["cs.DC"]


def test_what_is_due_is_fetched_when_i_open_the_reader(store: Store, world: World) -> None:
    follow(store.paths.config, ["cs.DC"], NOW)

    async def journey(reader: Reader) -> None:
        await synced(reader)
        assert "Sorting Faster" in reader.screen
        asked = len(world.hits)
        await reader.press("r")
        await synced(reader)
        assert len(world.hits) == asked
        assert "Nothing can be new before" in reader.footer

    walk(store, journey, view=INBOX)


def test_new_papers_do_not_move_the_cursor(sample: Store, world: World) -> None:
    follow(sample.paths.config, ["cs.DC"], NOW)
    world.listings["cs.DC", DAY].append(Item("2603.00003", title="Sorting Fastest"))

    async def journey(reader: Reader) -> None:
        await reader.press("3", "j")
        before = reader.selected
        await reader.press("R")
        await synced(reader)
        assert reader.selected == before
        assert "new papers; i shows them" in reader.footer

    walk(sample, journey, config=Config(sync=False))


def test_what_arxiv_answers_instead_is_one_line(store: Store, world: World) -> None:
    follow(store.paths.config, ["cs.DC"], NOW)
    world.fault = lambda path: Answer(404, "<title>no</title>")

    async def journey(reader: Reader) -> None:
        await synced(reader)
        assert reader.footer.startswith("cs.DC: ")
        assert "404" in reader.footer

    walk(store, journey, view=INBOX)


def test_i_follow_a_category_no_longer(store: Store, world: World) -> None:
    follow(store.paths.config, ["cs.DC"], NOW)

    async def journey(reader: Reader) -> None:
        await synced(reader)
        await reader.press("c")
        assert "followed" in reader.lines[1]
        await reader.press("Enter")
        assert "cs.DC is followed no longer" in reader.footer

    walk(store, journey, view=INBOX)
    assert not followed(store.paths.config)


def test_without_a_category_r_says_what_to_do(sample: Store) -> None:
    async def journey(reader: Reader) -> None:
        await reader.press("r")
        assert reader.footer == "No category is followed yet; c chooses one."

    walk(sample, journey)
