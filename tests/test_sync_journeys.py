"""Fetching from within the app, against a small arXiv on this machine."""

from collections.abc import Iterator
from datetime import date

import pytest

from tests import arxiv_server
from tests.arxiv_server import Answer, Item, World
from tests.conftest import NOW, save_filters
from tests.driver import INBOX, Reader, walk
from tui_reader.config import Config
from tui_reader.following import follow, followed
from tui_reader.model import Effect, Entry, Listing, Paper, PaperId, Reading, SavedFilter, Section
from tui_reader.store import Kind, Operation, Store, View
from tui_reader.triage import Triage, star

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
        if not reader.main.syncing.jobs.under_way:
            await reader.pilot.pause()
            return
    raise AssertionError("the sync did not end")


def test_from_nothing_to_todays_papers_in_a_minute(store: Store, world: World) -> None:
    async def journey(reader: Reader) -> None:
        assert "c  chooses categories" in reader.screen
        await reader.press("c")
        await reader.type("distributed parallel")
        assert "[ ] cs.DC" in reader.screen
        assert "Computer Science" in reader.screen
        await reader.press("Enter")
        await synced(reader)
        assert reader.selected == "● Sorting Fast"
        assert "2 unread" in reader.lines[0]
        assert reader.footer.startswith("2 new papers.")

    walk(store, journey, view=INBOX)
    assert list(followed(store.paths.config)) == ["cs.DC"]


def test_the_papers_of_five_categories_are_there_after_one_request(
    store: Store, world: World
) -> None:
    codes = ["cs.DC", "cs.LG", "hep-th", "math.CO", "econ.GN"]
    for number, code in enumerate(codes, 1):
        items = [Item(f"2603.0000{number}", title=f"Paper of {code}")]
        world.listings[code, DAY] = items
    follow(store.paths.config, codes, NOW)

    async def journey(reader: Reader) -> None:
        await reader.until("Paper of econ.GN")
        assert all(f"Paper of {code}" in reader.screen for code in codes)
        assert len(world.hits) <= 2  # the pages come 15 seconds apart
        await reader.press("Esc")
        await synced(reader)

    walk(store, journey, view=INBOX)
    assert world.hits[0] == f"/rss/{'+'.join(codes)}"


def test_i_choose_several_categories_in_one_go_and_change_them_later(
    store: Store, world: World
) -> None:
    follow(store.paths.config, ["hep-th"], NOW)

    async def journey(reader: Reader) -> None:
        await reader.press("c")
        assert "[x] hep-th" in reader.screen
        assert "Enter drops hep-th" in reader.screen
        await reader.press("Tab")
        await reader.type("cs.dc")
        await reader.press("Tab", *["Backspace"] * 5)
        await reader.type("all of it mathematics")
        await reader.press("Tab")
        assert "Enter follows 2, drops 1" in reader.screen
        await reader.press("Enter")
        assert "Following cs.DC, math from now on." in reader.footer
        reader.main.syncing.jobs.cancel()
        await synced(reader)

    walk(store, journey, view=INBOX, config=Config(sync=False))
    assert set(followed(store.paths.config)) == {"cs.DC", "math"}


def test_what_i_choose_during_a_sync_comes_after_it(store: Store, world: World) -> None:
    follow(store.paths.config, ["cs.DC"], NOW)

    def chosen_meanwhile(path: str) -> None:
        follow(store.paths.config, ["hep-th"], NOW)

    world.fault = chosen_meanwhile

    async def journey(reader: Reader) -> None:
        await reader.until("waits 1")
        assert "waits 1" in reader.footer
        assert "Sorting Faster" in reader.screen
        await reader.press("Esc")
        await synced(reader)

    walk(store, journey, view=INBOX)


def test_the_inbox_shows_at_once_what_i_follow_now(sample: Store) -> None:
    follow(sample.paths.config, ["hep-th", "cs.DC"], NOW)

    async def journey(reader: Reader) -> None:
        assert "37 unread" in reader.lines[0]
        await reader.press("c", "Down", "Tab", "Enter")
        assert "0 unread" in reader.lines[0]
        assert reader.footer == "cs.DC: followed no longer; the papers stay."

    walk(sample, journey, view=INBOX, config=Config(sync=False))


def test_i_see_a_sample_before_i_choose_anything(store: Store) -> None:
    async def journey(reader: Reader) -> None:
        await reader.press("Enter")
        assert "Token Management" in reader.screen
        assert "q goes back" in reader.footer
        await reader.press("s", "q")
        assert "chooses categories" in reader.screen
        assert "★ 0" in reader.lines[0]

    walk(store, journey, view=INBOX)


def test_what_is_due_is_fetched_when_i_open_the_reader(store: Store, world: World) -> None:
    follow(store.paths.config, ["cs.DC"], NOW)

    async def journey(reader: Reader) -> None:
        await synced(reader)
        assert "Sorting Faster" in reader.screen
        asked = len(world.hits)
        await reader.press("r")
        await synced(reader)
        assert len(world.hits) == asked
        assert reader.footer == (
            "Nothing can be new before Tuesday 20:00 US Eastern (Wednesday 01:00 your time). "
            "R asks all the same."
        )

    walk(store, journey, view=INBOX)


def test_a_sync_that_i_ask_for_before_the_first_begins_is_the_only_one(
    store: Store, world: World
) -> None:
    follow(store.paths.config, ["cs.DC"], NOW)

    async def journey(reader: Reader) -> None:
        await reader.press("R")
        reader.main.syncing.start(quiet=True)
        await synced(reader)
        assert "Sorting Faster" in reader.screen

    walk(store, journey, view=INBOX, config=Config(sync=False))


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


def test_what_comes_while_i_read_the_inbox_stands_above_and_is_told(
    sample: Store, world: World
) -> None:
    follow(sample.paths.config, ["cs.DC"], NOW)
    world.listings["cs.DC", DAY].append(Item("2603.00003", title="Sorting Fastest"))

    async def journey(reader: Reader) -> None:
        await reader.press("3", "j")
        before = reader.selected
        await reader.press("R")
        await synced(reader)
        assert reader.selected == before
        new = reader.lines[0].split()[1]
        assert f" Inbox  {new} new above" in reader.lines[0]
        assert reader.footer.startswith(f"{new} new papers; g g shows them.")
        await reader.press("g", "g")
        assert "new above" not in reader.lines[0]
        assert "Sorting" in reader.screen

    walk(sample, journey, view=INBOX, config=Config(sync=False))


def test_what_arxiv_answers_instead_is_one_line_that_opens_to_the_details(
    store: Store, world: World
) -> None:
    follow(store.paths.config, ["cs.DC"], NOW)
    world.fault = lambda path: Answer(404, "<title>no</title>")

    async def journey(reader: Reader) -> None:
        await synced(reader)
        said = reader.footer.removesuffix(" w tells more.")
        assert "404" in said
        await reader.press("w")
        assert said in reader.screen
        assert "Distributed, Parallel, and Cluster Computing" in reader.screen
        assert "Tue 03 Mar failed." in reader.screen
        assert "Asked again Tue" in reader.screen
        assert "! failed" in reader.screen
        await reader.press("w")
        assert "r  asks arXiv again" in reader.screen

    walk(store, journey, view=INBOX)


def test_why_arxiv_could_not_be_asked_is_there_after_a_new_start(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    follow(store.paths.config, ["cs.DC"], NOW)
    monkeypatch.setenv("TUI_READER_ARXIV", "http://127.0.0.1:1")

    async def offline(reader: Reader) -> None:
        await synced(reader)
        assert "127.0.0.1 can't be reached: it refuses the connection" in reader.footer

    async def later(reader: Reader) -> None:
        await reader.press("w")
        told = " ".join(line.strip() for line in reader.lines)
        assert "can't be reached: it refuses the connection; what is stored can be read" in told

    walk(store, offline, view=INBOX)
    walk(store, later, view=INBOX, config=Config(sync=False))


def test_a_state_that_only_a_later_version_knows_is_shown_as_unknown(
    store: Store, world: World
) -> None:
    follow(store.paths.config, ["cs.DC"], NOW)
    store.listings.record("cs.DC", DAY, "of a later version", "Told by it.", NOW)

    async def journey(reader: Reader) -> None:
        await reader.press("w")
        assert "unknown" in reader.screen
        assert "Something is due now." in reader.screen

    walk(store, journey, view=INBOX, config=Config(sync=False))


def test_a_paper_that_is_not_stored_is_offered_by_its_identifier(
    sample: Store, world: World
) -> None:
    async def journey(reader: Reader) -> None:
        await reader.press("/")
        await reader.type("arXiv:2601.00007v2")
        await reader.press("Enter")
        assert reader.footer == "2601.00007 is not stored; g r asks arXiv."
        await reader.press("g", "r")
        await reader.until("Paper 2601.00007")
        assert reader.footer == "1 record came."
        assert "2601.00007" in reader.lines[1]

    walk(sample, journey, config=Config(sync=False))


def test_a_starred_paper_without_a_record_says_how_to_get_it(store: Store, world: World) -> None:
    Triage(store, lambda: NOW).edit(Operation.STAR, [PaperId("2601.00007")], star)

    async def journey(reader: Reader) -> None:
        assert "Its record is not stored. Press g r to" in reader.screen
        await reader.press("g", "r")
        await reader.until("Paper 2601.00007")
        assert "Its record" not in reader.screen
        await reader.press("g", "r")
        assert reader.footer.startswith("Nothing to get here")

    walk(store, journey, view=View(Kind.STARRED), config=Config(sync=False))


def test_what_arxiv_has_no_record_of_is_said(store: Store, world: World) -> None:
    Triage(store, lambda: NOW).edit(Operation.STAR, [PaperId("2601.00007")], star)
    none = Answer(200, arxiv_server.api_answer("9"), "application/atom+xml")
    world.fault = lambda path: none

    async def journey(reader: Reader) -> None:
        await reader.press("g", "r")
        await reader.until("arXiv sent no record of 2601.00007")

    walk(store, journey, view=View(Kind.STARRED), config=Config(sync=False))


def test_the_wait_between_requests_is_counted_down_and_can_be_ended(
    store: Store, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    follow(store.paths.config, ["cs.DC", "hep-th"], NOW)

    async def journey(reader: Reader) -> None:
        await reader.until("waits 1")
        assert "━━━━━····· 1/2, 2 new  waits 1" in reader.footer
        assert "arXiv wants 15 seconds between requests" in reader.footer
        assert reader.selected == "● Sorting Fast"  # what came is there already
        await reader.press("Esc")
        await synced(reader)
        assert reader.footer.startswith("2 new papers. Ended; the rest comes later.")

    walk(store, journey, view=INBOX)


def test_papers_that_come_leave_the_cursor_and_what_was_read(sample: Store) -> None:
    entry = Entry(Paper(PaperId("2603.00008"), "Sorting First"), Section.NEW, 1)
    listing = Listing("cs.AI", DAY, (entry,))

    async def journey(reader: Reader) -> None:
        def place() -> int:
            return next(at for at, line in enumerate(reader.lines) if line.startswith("▌"))

        await reader.press(*"jm20jk")
        before, line = reader.selected, place()
        sample.save(Reading("test", (listing,)), NOW)
        reader.main.take_in()
        await reader.press()
        assert (reader.selected, place()) == (before, line)
        await reader.press("g", "g")
        assert reader.selected == "● Sorting First"
        await reader.press("j", "j")
        assert "●" not in reader.selected  # it was read, and is still there

    walk(sample, journey, view=INBOX)


@pytest.mark.parametrize("key", ["r", "w"])
def test_without_a_category_what_to_do_is_said_and_what_is_there(sample: Store, key: str) -> None:
    async def journey(reader: Reader) -> None:
        await reader.press(key)
        chosen = "No category is followed yet; c chooses one."
        assert reader.footer == f"{chosen} l has 1 listing that came otherwise."

    walk(sample, journey)


def test_what_came_and_is_watched_is_told_and_comes_first(store: Store, world: World) -> None:
    follow(store.paths.config, ["cs.DC"], NOW)
    save_filters(store, {"faster": SavedFilter("ti:faster", Effect.WATCH)})

    async def journey(reader: Reader) -> None:
        await reader.until("1 watched (faster)")
        assert reader.footer.startswith("2 new papers, 1 watched (faster).")
        assert "◆ 1" in reader.lines[0]
        assert "Sorting Faster" in reader.lines[3]

    walk(store, journey, view=INBOX)
