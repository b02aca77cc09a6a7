"""Triage as a researcher does it: tags, notes, ranges, going on, and what came back."""

import asyncio
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import partial
from pathlib import Path
from threading import Event
from typing import Any
from unittest.mock import Mock

import pytest

from tests.conftest import NOW, Golden
from tests.driver import INBOX, LISTING, Reader, walk
from tests.test_screens import shoot
from tui_reader.config import AfterStar, Config, Paths, Replacements
from tui_reader.errors import StoreError
from tui_reader.following import follow
from tui_reader.model import Entry, Listing, Paper, PaperId, Reading, Section, paper_at, row_of
from tui_reader.store import Kind, Store, View
from tui_reader.text import plain
from tui_reader.triage import Triage, mark_read, skip, star
from tui_reader.ui.parts.jobs import Jobs

FIRST, SECOND = PaperId("2603.00356"), PaperId("2603.00357")


def test_a_day_takes_at_most_40_keys(sample: Store) -> None:
    keys: list[str] = []
    starred = [sample_ids(sample)[at] for at in (2, 9, 19, 29)]

    async def journey(reader: Reader) -> None:
        async def press(*pressed: str) -> None:
            keys.extend(pressed)
            await reader.press(*pressed)

        async def skip(count: int) -> None:
            shown, at = reader.main.list, reader.main.list.cursor
            ids = [paper_at(row) for row in shown.contents.rows[at : at + count]]
            titles = [paper.title for paper in sample.papers.at(list(map(row_of, ids))).values()]
            unseen = [t for t in titles if plain(t)[:25] not in reader.screen]
            assert not unseen
            await press(*(str(count) if count > 1 else ""), "x")

        await press("z")
        for count in (2, 6, 9, 9):
            await skip(count)
            await press("s")
            if count == 6:
                await press("n")
                await reader.type("ask Ana")
                await press("Enter")
            await press("j")
        for count in (4, 1, 1, 1):
            await skip(count)
        assert "★ 4" in reader.lines[0]
        assert "0 unread" in reader.lines[0]

    walk(sample, journey)
    marks = sample.marks(sample_ids(sample))
    assert [id_ for id_, found in marks.items() if found.starred] == starred
    assert [id_ for id_, found in marks.items() if not found.skipped] == starred
    assert marks[starred[1]].note == "ask Ana"
    assert len(keys) <= 40


def test_i_tag_a_paper_and_the_next_with_completion(sample: Store) -> None:
    async def journey(reader: Reader) -> None:
        await reader.press("t")
        assert "Enter keeps it  Esc back" in reader.screen
        await reader.type("serving, to read")
        await reader.press("Enter")
        assert "#serving  #to read" in reader.screen
        await reader.press("j", "t")
        assert "#serving  #to read" in reader.screen
        await reader.type("ser")
        assert "Tab serving" in reader.screen
        await reader.press("Tab", "Enter", "/")
        await reader.type("tag:serving")
        assert "2 of 37" in reader.lines[1]

    walk(sample, journey)


def test_tags_that_i_delete_from_the_line_are_gone(sample: Store) -> None:
    async def journey(reader: Reader) -> None:
        await reader.press("t")
        await reader.type("one, two")
        await reader.press("Enter", "t", "Ctrl-u")
        await reader.type("two")
        await reader.press("Enter")
        assert "#two" in reader.screen
        assert "#one" not in reader.screen

    walk(sample, journey)


def test_a_question_that_i_leave_changes_nothing(sample: Store) -> None:
    async def journey(reader: Reader) -> None:
        await reader.press("n")
        await reader.type("never mind")
        await reader.press("Esc")
        assert "never mind" not in reader.screen
        await reader.press("u")
        assert reader.footer == "Nothing to take back."

    walk(sample, journey)


def test_a_note_is_shown_found_and_taken_back(sample: Store) -> None:
    async def journey(reader: Reader) -> None:
        await reader.press("n")
        await reader.type("compare with vLLM")
        await reader.press("Enter")
        assert "Note: compare with vLLM" in reader.screen
        await reader.press("/")
        await reader.type("note:vllm")
        assert "1 of 37" in reader.lines[1]
        await reader.press("Esc", "u")
        assert "Note:" not in reader.screen

    walk(sample, journey)


def test_i_write_a_long_note_in_my_editor(
    sample: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from contextlib import nullcontext

    from textual.app import App

    editor = tmp_path / "editor"
    editor.write_text('#!/bin/sh\nprintf "First:\\n- one\\n\\nSecond." >> "$1"\n')
    editor.chmod(0o700)
    monkeypatch.setenv("VISUAL", str(editor))
    monkeypatch.setattr(App, "suspend", lambda self: nullcontext())

    async def journey(reader: Reader) -> None:
        await reader.press("N")
        assert sample.marks([FIRST])[FIRST].note == "First:\n- one\n\nSecond."
        assert "Note: First:\n" in re.sub(" +\n", "\n", reader.screen)

    walk(sample, journey)


def test_without_an_editor_i_am_told_what_to_set(
    sample: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    from contextlib import contextmanager

    from textual.app import App

    screen = []

    @contextmanager
    def suspend(app: App[None]) -> Iterator[None]:
        screen.append("lent")
        yield
        screen.append("back")

    monkeypatch.setenv("VISUAL", "/nowhere/editor --flag")
    monkeypatch.setattr(App, "suspend", suspend)

    async def journey(reader: Reader) -> None:
        await reader.press("N")
        assert "set EDITOR" in reader.footer
        assert not screen

    walk(sample, journey)


def test_i_star_a_range_and_take_it_back_at_once(sample: Store) -> None:
    async def journey(reader: Reader) -> None:
        await reader.press("j", "v", "j", "j")
        assert "3 selected" in reader.lines[0]
        await reader.press("s")
        assert "★ 3" in reader.lines[0]
        assert not reader.footer.endswith("selected")
        await reader.press("u")
        assert "★ 0" in reader.lines[0]
        assert "Took back: Star 3 papers" in reader.footer

    walk(sample, journey)


def test_i_skip_a_range_upwards_and_go_on_below_it(sample: Store) -> None:
    async def journey(reader: Reader) -> None:
        await reader.press("5", "j", "v", "2", "k", "x")
        assert "34 unread" in reader.lines[0]
        assert reader.main.list.cursor == 6
        await reader.press("v", "Esc", "x")
        assert "33 unread" in reader.lines[0]

    walk(sample, journey)


def test_i_mark_all_that_a_filter_shows_as_read(sample: Store) -> None:
    async def journey(reader: Reader) -> None:
        await reader.press("/")
        await reader.type("fed")
        await reader.press("Enter", "A")
        assert "32 unread" in reader.lines[0]
        await reader.press("u")
        assert "37 unread" in reader.lines[0]

    walk(sample, journey)


def store_listing(
    store: Store, day: date, papers: Sequence[Paper], category: str = "cs.DC"
) -> None:
    entries = tuple(Entry(paper, Section.NEW, at) for at, paper in enumerate(papers, 1))
    listing = Listing(category, day, entries, {Section.NEW: len(entries)})
    store.save(Reading("page", (listing,)), NOW)


class Clock:
    """A clock that goes on when it is told to."""

    def __init__(self) -> None:
        self.time = NOW

    def __call__(self) -> datetime:
        return self.time

    def wait(self, seconds: float) -> None:
        self.time += timedelta(seconds=seconds)


def test_a_paper_that_i_looked_at_counts_as_read_when_i_go_on(sample: Store) -> None:
    clock = Clock()

    async def journey(reader: Reader) -> None:
        clock.wait(0.6)
        await reader.press("j")
        assert "36 unread" in reader.lines[0]
        clock.wait(0.1)
        await reader.press("j", "j", "j")
        assert "36 unread" in reader.lines[0]
        clock.wait(5)
        await reader.press("k")
        assert "36 unread" in reader.lines[0]

    walk(sample, journey, clock=clock)


def test_reading_by_dwelling_can_be_turned_off(sample: Store) -> None:
    clock = Clock()

    async def journey(reader: Reader) -> None:
        clock.wait(60)
        await reader.press("j")
        assert "37 unread" in reader.lines[0]

    walk(sample, journey, config=Config(read_after=0), clock=clock)


def test_days_on_which_nothing_was_announced_are_passed_over(sample: Store) -> None:
    sample.save(day("cs.DC", 2), NOW)
    sample.save(day("cs.DC", 1, "2603.00001"), NOW)

    async def journey(reader: Reader) -> None:
        await reader.press("]")
        assert reader.lines[0].startswith(" cs.DC  Sun 1 March 2026")
        await reader.press("[")
        assert reader.lines[0].startswith(" cs.DC  Tue 3 March 2026")

    walk(sample, journey)


def test_i_choose_a_listing_by_typing(sample: Store) -> None:
    sample.save(day("cs.LG", 2, "2603.00001"), NOW)

    async def journey(reader: Reader) -> None:
        await reader.press("l")
        assert "cs.DC" in reader.screen
        assert "37 unread of 37" in reader.screen
        await reader.type("lg")
        assert "1 of 2" in reader.screen
        assert "Enter shows cs.LG" in reader.screen
        await reader.press("Enter")
        assert reader.lines[0].startswith(" cs.LG  Mon 2 March 2026")
        await reader.press("l", "Enter")  # begins where I am
        assert reader.lines[0].startswith(" cs.LG")

    walk(sample, journey)


def day(
    category: str, number: int, *ids: str, section: Section = Section.NEW, version: int = 1
) -> Reading:
    entries = tuple(
        Entry(
            Paper(PaperId(id_), f"Paper {id_}", ("A",), f"Text {version}.", (category,), version),
            section,
            position,
        )
        for position, id_ in enumerate(ids, 1)
    )
    listing = Listing(category, NOW.date().replace(day=number), entries, {section: len(ids)})
    return Reading("test", (listing,))


def test_a_replacement_comes_back_only_if_i_starred_the_paper(store: Store) -> None:
    store.save(day("cs.DC", 2, "2603.00001", "2603.00002"), NOW)
    triage = Triage(store, lambda: NOW - timedelta(hours=20))
    triage.edit("Star", [PaperId("2603.00001")], star)
    triage.edit("Read", [PaperId("2603.00001"), PaperId("2603.00002")], mark_read)
    replaced = day("cs.DC", 3, "2603.00001", "2603.00002", section=Section.REPLACEMENT, version=2)
    store.save(replaced, NOW)
    store.save(replaced, NOW)

    async def journey(reader: Reader) -> None:
        assert "1 unread" in reader.lines[0]
        assert "Paper 2603.00001" in reader.screen
        assert "new version" in reader.screen
        await reader.press("x", "i")
        assert "All read." in reader.screen

    walk(store, journey, view=INBOX)
    store.save(replaced, NOW + timedelta(hours=1))
    assert not store.contents(INBOX).rows


@pytest.mark.parametrize(("replacements", "back"), [("starred", 1), ("all", 2), ("none", 0)])
def test_which_replacements_come_back_is_mine_to_say(
    paths: Paths, replacements: Replacements, back: int
) -> None:
    store = Store(paths, replacements)
    ids = [PaperId(f"2603.0000{number}") for number in (1, 2, 3)]
    store.save(day("cs.DC", 2, *ids), NOW)
    triage = Triage(store, lambda: NOW - timedelta(hours=20))
    triage.edit("Star", ids[:1], star)
    triage.edit("Read", ids[:2], mark_read)
    triage.edit("Skip", ids[2:], skip)
    store.save(day("cs.DC", 3, *ids, section=Section.REPLACEMENT, version=2), NOW)
    assert len(store.contents(INBOX).rows) == back


def test_a_row_says_that_it_is_a_new_version_of_what_i_had_read(
    store: Store, golden: Golden
) -> None:
    ids = [f"2603.0000{number}" for number in range(1, 5)]
    store.save(day("cs.DC", 2, *ids[:3]), NOW)
    Triage(store, lambda: NOW).edit("Star", [PaperId(ids[0])], star)
    Triage(store, lambda: NOW).edit("Read", [PaperId(ids[0])], mark_read)
    store.save(day("cs.DC", 3, *ids[:2], section=Section.REPLACEMENT, version=2), NOW)
    store.save(day("cs.LG", 3, ids[3], section=Section.CROSS), NOW)

    async def journey(reader: Reader) -> None:
        below = [line for line in reader.lines if "Mar 2026" in line]
        assert ["v2" in line for line in below] == [False, False, True, True]
        assert ["new version" in line for line in below] == [False, False, False, True]
        await shoot(reader, golden, "badges-narrow")
        await reader.press("G", "m")
        assert "new version" not in reader.screen
        await reader.press("u")
        assert "new version" in reader.screen
        await reader.press("m", "m")
        assert "new version" not in reader.screen, "it was read since"

    walk(store, journey, view=View(Kind.LIBRARY), size=(80, 24), config=Config(ascii=True))


@pytest.mark.parametrize("theme", ["dark", "light"])
def test_i_see_what_changed_since_the_earlier_version(
    store: Store, golden: Golden, theme: str
) -> None:
    old = Paper(
        FIRST,
        "Weak Bounds for Sorting",
        ("Ann Lee",),
        "We show a weak bound of $O(n^2)$ for sorting.\n\nIt is not tight.",
        ("cs.DS",),
        version=1,
    )
    new = replace(
        old,
        title="Tight Bounds for Sorting",
        authors=("Ann Lee", "Bo Chen"),
        abstract="We prove a bound of $O(n \\log n)$ for sorting.\n\nIt is tight.",
        version=2,
    )
    store.save(Reading("test", (), (old,)), NOW)
    listing = Listing("cs.DC", NOW.date(), (Entry(new, Section.REPLACEMENT, 1),))
    store.save(Reading("test", (listing,)), NOW)

    async def journey(reader: Reader) -> None:
        await reader.press("d")
        assert "[-Weak-] {+Tight+} Bounds for Sorting" in reader.screen
        assert "Ann Lee; {+Bo Chen;+}" in reader.screen.replace("\xa0", " ")
        assert "Comments  unchanged" in reader.screen
        await shoot(reader, golden, f"difference-{theme}")
        await reader.press("d")
        assert "Tight Bounds for Sorting" in reader.screen

    walk(store, journey, view=LISTING, config=Config(theme=f"reader-{theme}"))


def test_without_an_earlier_version_i_am_told(sample: Store) -> None:
    async def journey(reader: Reader) -> None:
        await reader.press("d")
        assert reader.footer == "No earlier version of this paper is stored."

    walk(sample, journey)


@pytest.mark.parametrize("theme", ["dark", "light"])
def test_an_empty_inbox_says_when_arxiv_announces_next(
    sample: Store, golden: Golden, theme: str
) -> None:
    Triage(sample).edit("Read", sample_ids(sample), mark_read)

    async def journey(reader: Reader) -> None:
        assert "All read." in reader.screen
        assert "next on Tuesday 20:00 US Eastern (Wednesday 01:00 your" in reader.screen
        await shoot(reader, golden, f"inbox-empty-{theme}")

    walk(sample, journey, view=INBOX, config=Config(theme=f"reader-{theme}"))


def sample_ids(store: Store) -> list[PaperId]:
    return [paper_at(row) for row in store.contents(LISTING).rows]


@pytest.mark.parametrize("theme", ["dark", "light"])
def test_every_view_as_a_picture(sample: Store, golden: Golden, theme: str) -> None:
    Triage(sample, lambda: NOW).edit("Star", sample_ids(sample)[:3], star)

    async def journey(reader: Reader) -> None:
        await shoot(reader, golden, f"inbox-{theme}")
        await reader.press("*")
        await shoot(reader, golden, f"starred-{theme}")
        await reader.press("a", "j", "t")
        await reader.type("serving, llm")
        await shoot(reader, golden, f"tags-{theme}")
        await reader.press("Enter", "v", "3", "j")
        await shoot(reader, golden, f"selected-{theme}")
        await reader.press("Esc", "n")
        await reader.type("ask Ana about the restart costs")
        await shoot(reader, golden, f"note-{theme}")
        await reader.press("Enter")
        await shoot(reader, golden, f"noted-{theme}")
        await reader.press("l")
        await shoot(reader, golden, f"chooser-{theme}")

    walk(sample, journey, view=INBOX, config=Config(theme=f"reader-{theme}"))


def refuse(*_: object, **__: object) -> None:
    raise StoreError("the disk is full; free some space and try again")


def test_a_full_disk_stops_neither_moving_nor_what_i_typed(
    sample: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = Clock()

    async def journey(reader: Reader) -> None:
        with monkeypatch.context() as broken:
            broken.setattr(sample.journal, "append", refuse)
            clock.wait(1)
            await reader.press("j")
            assert reader.main.list.cursor == 1
            assert "disk is full" in reader.footer
            await reader.press("n")
            await reader.type("do not lose me")
            await reader.press("Enter")
            assert "do not lose me" in reader.screen
            assert "the disk is full" in reader.screen
        await reader.press("Enter")
        assert "Note: do not lose me" in reader.screen

    walk(sample, journey, clock=clock)


def test_an_answer_belongs_to_the_paper_it_was_asked_for(sample: Store) -> None:
    async def journey(reader: Reader) -> None:
        await reader.press("t")
        await reader.type("alpha")
        await reader.pilot.click(offset=(10, 8))
        await reader.press("Enter")
        assert sample.marks([FIRST])[FIRST].tags == {"alpha"}
        assert reader.main.list.cursor == 0

    walk(sample, journey)


def test_all_read_says_what_it_did_and_offers_no_wrong_undo(sample: Store) -> None:
    async def journey(reader: Reader) -> None:
        await reader.press("A")
        assert reader.footer.startswith("37 marked as read")
        await reader.press("s", "A")
        assert reader.footer == "All are read already."

    walk(sample, journey)


def test_going_on_does_not_end_what_can_be_redone(sample: Store) -> None:
    clock = Clock()

    async def journey(reader: Reader) -> None:
        await reader.press("s", "u")
        clock.wait(1)
        await reader.press("j", "Ctrl-r")
        assert "Did again: Star" in reader.footer

    walk(sample, journey, clock=clock)


def test_a_view_whose_paper_has_gone_opens_near_it(sample: Store) -> None:
    async def journey(reader: Reader) -> None:
        await reader.press("i", "4", "j", "m", "i")
        assert reader.main.list.cursor == 4
        await reader.press("g", "g", "m", "i")
        assert reader.main.list.cursor == 0

    walk(sample, journey)


def test_what_a_verb_took_stays_where_i_am_when_the_filter_goes(sample: Store) -> None:
    async def journey(reader: Reader) -> None:
        await reader.press("/")
        await reader.type("fedhb")
        await reader.press("Enter", "s", "Esc")
        assert reader.selected.startswith("★  FedHB")

    walk(sample, journey)


def test_esc_takes_back_a_count_first(sample: Store) -> None:
    async def journey(reader: Reader) -> None:
        await reader.press("/")
        await reader.type("fed")
        await reader.press("Enter", "5", "Esc")
        assert "5 of 37" in reader.lines[1]
        await reader.press("Esc")
        assert "of 37" not in reader.lines[1]

    walk(sample, journey)


def test_the_terminals_cursor_stands_on_the_selected_row(sample: Store) -> None:
    async def journey(reader: Reader) -> None:
        assert reader.app.cursor_position == (0, 3)
        await reader.press("j")
        assert reader.app.cursor_position == (0, 5)
        await reader.pilot.resize_terminal(80, 24)
        await reader.pilot.pause()
        assert reader.lines[reader.app.cursor_position.y].startswith("▌ ● SPARe")
        await reader.press("/", "m")
        assert reader.app.cursor_position == (4, 1)

    walk(sample, journey)


def test_a_paper_read_this_morning_and_replaced_today_comes_back_once(store: Store) -> None:
    store.save(day("cs.DC", 2, "2603.00001"), NOW)
    triage = Triage(store, lambda: NOW)
    triage.edit("Star", [PaperId("2603.00001")], star)
    triage.edit("Read", [PaperId("2603.00001")], mark_read)
    replaced = day("cs.DC", 3, "2603.00001", section=Section.REPLACEMENT, version=2)
    store.save(replaced, NOW + timedelta(hours=1))
    assert len(store.contents(INBOX).rows) == 1
    triage.edit("Read", [PaperId("2603.00001")], mark_read)
    elsewhere = day("cs.LG", 3, "2603.00001", section=Section.REPLACEMENT, version=2)
    store.save(elsewhere, NOW + timedelta(hours=2))
    assert not store.contents(INBOX).rows
    undone = triage.undo()
    assert undone
    assert undone.operation == "Read"


def test_a_replacement_in_two_lists_of_one_file_comes_back(store: Store) -> None:
    ids, section = ["2603.00001"], Section.REPLACEMENT
    store.save(day("cs.DC", 2, *ids), NOW)
    Triage(store, lambda: NOW).edit("Both", [PaperId(ids[0])], lambda m: star(mark_read(m)))
    lists = [day(code, 3, *ids, section=section, version=2) for code in ("cs.DC", "cs.LG")]
    store.save(Reading("test", tuple(each.listings[0] for each in lists)), NOW)
    assert len(store.contents(INBOX).rows) == 1


def test_a_replacement_comes_back_though_saving_it_was_cut_off_at_first(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    store.save(day("cs.DC", 2, "2603.00001"), NOW)
    Triage(store, lambda: NOW).edit("Both", [PaperId("2603.00001")], lambda m: star(mark_read(m)))
    replaced = day("cs.DC", 3, "2603.00001", section=Section.REPLACEMENT, version=2)
    monkeypatch.setattr(store, "append", Mock(side_effect=RuntimeError))
    with pytest.raises(RuntimeError):
        store.save(replaced, NOW)
    monkeypatch.undo()
    store.save(replaced, NOW)
    assert len(store.contents(INBOX).rows) == 1


def test_the_screen_is_drawn_again_when_i_come_back_from_the_shell(
    sample: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    from textual.driver import Driver

    drawn: list[bool] = []

    async def journey(reader: Reader) -> None:
        monkeypatch.setattr(reader.app, "refresh", lambda *, layout: drawn.append(layout))
        reader.app.post_message(Driver.SignalResume())
        await reader.pilot.pause()

    walk(sample, journey)
    assert drawn == [True]


def test_an_odd_editor_is_named(sample: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VISUAL", "vi 'x")

    async def journey(reader: Reader) -> None:
        await reader.press("N")
        assert "set EDITOR" in reader.footer

    walk(sample, journey)


def test_undo_goes_to_what_came_back_and_reading_in_passing_is_none_of_it(sample: Store) -> None:
    clock = Clock()

    async def journey(reader: Reader) -> None:
        await reader.press("j", "x")
        for _ in range(3):
            clock.wait(1)
            await reader.press("j")
        assert "33 unread" in reader.lines[0]
        await reader.press("u")
        assert reader.selected.startswith("● SPARe")
        assert reader.footer.startswith("Took back: Skip SPARe")
        await reader.press("G", "Ctrl-r")
        assert reader.selected.startswith("× SPARe")

    walk(sample, journey, clock=clock)


def test_all_that_was_decided_in_a_view_is_taken_back_as_one_step(sample: Store) -> None:
    async def journey(reader: Reader) -> None:
        await reader.press("s", "i", "x", "s", "U")
        assert "Take back what was decided on 2 papers here?" in reader.screen
        assert "Enter keeps it" not in reader.screen
        await reader.press("n")
        assert "★ 2" in reader.lines[0]
        await reader.press("U", "j", "y")
        assert reader.footer == "Took back what was decided on 2 papers; u brings it again."
        assert "★ 1" in reader.lines[0]
        assert "36 unread" in reader.lines[0]
        await reader.press("U")
        assert "Nothing was decided here" in reader.footer
        await reader.press("u")
        assert reader.footer == "Did again: what was decided on 2 papers"
        assert "★ 2" in reader.lines[0]
        assert "34 unread" in reader.lines[0]
        await reader.press("Ctrl-r")
        assert reader.footer == "Took back: what was decided on 2 papers"
        await reader.press("u", "U", "y")
        assert "★ 1" in reader.lines[0]

    walk(sample, journey, view=LISTING)


def test_the_end_of_what_a_filter_shows_is_not_that_of_the_view(sample: Store) -> None:
    async def journey(reader: Reader) -> None:
        await reader.press("/")
        await reader.type("moe")
        await reader.press("Enter", *"x" * int(reader.lines[1].split()[-3]))
        assert reader.footer.endswith(" skipped.  Esc clears the filter")

    walk(sample, journey, INBOX)


def test_to_select_is_not_to_read(sample: Store) -> None:
    clock = Clock()

    async def journey(reader: Reader) -> None:
        await reader.press("v")
        clock.wait(1)
        await reader.press("j", "Esc")
        assert "37 unread" in reader.lines[0]

    walk(sample, journey, clock=clock)


def test_what_was_taken_back_and_done_again_is_taken_back_with_the_rest(sample: Store) -> None:
    async def journey(reader: Reader) -> None:
        await reader.press("x", "x", "u", "Ctrl-r", "u", "Ctrl-r", "U", "y")
        assert "37 unread" in reader.lines[0]
        await reader.press("u")
        assert "35 unread" in reader.lines[0]

    walk(sample, journey)


def test_what_a_key_ended_besides_stays_a_moment_in_the_footer(sample: Store) -> None:
    clock = Clock()

    async def journey(reader: Reader) -> None:
        await reader.press("s", "x", "x", "j")
        assert reader.footer.startswith("No longer starred: Token Management in Multi-Tenant")
        clock.wait(2)
        await reader.press("j")
        assert reader.footer.startswith("s star")

    walk(sample, journey, clock=clock)


@pytest.mark.parametrize(("after_star", "most"), [("stay", 41), ("next", 37)])
def test_a_day_is_done_in_a_key_a_paper(sample: Store, after_star: AfterStar, most: int) -> None:
    starred = {3, 10, 20, 30}
    pressed: list[str] = []

    async def journey(reader: Reader) -> None:
        async def press(*keys: str) -> None:
            pressed.extend(keys)
            await reader.press(*keys)

        for paper in range(37):
            if paper == 10:
                await reader.press("n")
                await reader.type("ask Ana\r")
            if paper not in starred:
                await press("x")
            else:
                await press("s", *["j"] * (after_star == "stay"))
        assert len(pressed) == most
        assert reader.footer.startswith("Done: 33 skipped, 4 starred.")
        assert " 0 unread   ★ 4" in reader.lines[0]
        await reader.press("i")
        assert "Done today: 33 skipped, 4 starred." in reader.screen

    walk(sample, journey, config=Config(after_star=after_star))


def test_the_end_of_a_view_is_said_with_the_ways_on(sample: Store) -> None:
    async def journey(reader: Reader) -> None:
        await reader.press("j", "s", "j", "3", "5", "x")
        assert reader.footer == ("Done: 35 skipped, 1 starred, 1 unread above.  i Inbox")
        await reader.press("g", "g", "x")
        assert reader.footer.startswith("Done: 36 skipped, 1 starred.")
        await reader.press("i")
        assert "Done today: 36 skipped, 1 starred." in reader.screen

    walk(sample, journey)


def test_the_end_of_the_inbox_names_the_listing_it_leads_to(sample: Store) -> None:
    async def journey(reader: Reader) -> None:
        await reader.press("i", "3", "7", "x")
        assert reader.footer == "Done: 37 skipped.  ] newest listing  * stars"

    walk(sample, journey)


def test_a_tag_or_a_note_on_what_was_read_does_not_end_the_view_again(sample: Store) -> None:
    async def journey(reader: Reader) -> None:
        await reader.press("3", "7", "x", "n")
        await reader.type("ask Ana")
        await reader.press("Enter")
        assert "Done" not in reader.footer
        await reader.press("v", "k", "k", "t")
        await reader.type("serving")
        await reader.press("Enter")
        assert reader.footer == "Tag: 3 papers."

    walk(sample, journey)


def test_space_at_the_end_of_the_last_abstract_marks_it_as_read(sample: Store) -> None:
    async def journey(reader: Reader) -> None:
        await reader.press("G", *["Space"] * 9)
        assert "36 unread" in reader.lines[0]
        assert "Done: 1 read, 36 unread above." in reader.footer

    walk(sample, journey)


def test_a_star_may_go_on_to_the_next_paper(sample: Store) -> None:
    async def journey(reader: Reader) -> None:
        await reader.press("s", "s")
        assert "★ 2" in reader.lines[0]
        await reader.press("k", "s")
        assert reader.main.list.cursor == 1, "taking a star away stays"

    walk(sample, journey, config=Config(after_star="next"))


def test_a_star_tells_that_it_ended_a_skip(sample: Store) -> None:
    async def journey(reader: Reader) -> None:
        await reader.press("x", "k", "s")
        assert reader.footer.startswith("No longer skipped: Token Management")
        await reader.press("u", "u")
        assert reader.selected.startswith("● Token")

    walk(sample, journey)


def test_the_inbox_opens_with_nothing_unread_above_where_it_was_left(sample: Store) -> None:
    async def journey(reader: Reader) -> None:
        await reader.press("i", "x", "x", "x", "s", "*", "i")
        assert reader.main.list.cursor == 0, "what was above is read"
        assert reader.selected.startswith("● FWeb3")
        await reader.press("j", "s", "*", "i")
        assert reader.main.list.cursor == 1, "the paper passed over is above"
        await reader.press("G", "s", "*", "i")
        assert reader.main.list.cursor == 0, "nothing is left below"
        await reader.press("*", "i")
        assert reader.main.list.cursor == 0, "the last time it was left at its top"

    walk(sample, journey)


def test_a_row_says_the_same_again_when_i_am_back_in_its_view(sample: Store) -> None:
    async def journey(reader: Reader) -> None:
        inbox = reader.lines
        await reader.press("l", "Enter")
        assert reader.lines[3:20] != inbox[3:20]
        await reader.press("Backspace")
        assert reader.lines == inbox

    walk(sample, journey, INBOX)


def test_what_follows_in_a_very_long_inbox_is_not_new(
    sample: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tui_reader.ui.cursor.MOST_HELD", 10)

    async def journey(reader: Reader) -> None:
        await reader.press("i", "x", "x", "x", "s", "*", "i")
        assert reader.selected.startswith("● FWeb3")

    walk(sample, journey)


def test_the_inbox_opens_at_what_is_new_since_the_last_visit(sample: Store) -> None:
    async def leave(reader: Reader) -> None:
        await reader.press("1", "0", "j", "q")

    walk(sample, leave, view=INBOX)

    async def find_it_again(reader: Reader) -> None:
        assert reader.main.list.cursor == 10
        await reader.press("q")

    walk(sample, find_it_again, view=INBOX)
    new = [Paper(PaperId(f"2603.{number}"), f"New {number}") for number in (90001, 90002)]
    store_listing(sample, date(2026, 3, 4), new)

    async def next_morning(reader: Reader) -> None:
        assert reader.selected.startswith("● New 90001")

    walk(sample, next_morning, view=INBOX)


def test_what_comes_in_above_is_told_until_one_goes_there(sample: Store) -> None:
    async def journey(reader: Reader) -> None:
        await reader.press("5", "j")
        here = reader.main.list.row
        new = [Paper(PaperId(f"2603.{number}"), f"New {number}") for number in (90001, 90002)]
        store_listing(sample, date(2026, 3, 4), new)
        reader.main.take_in()
        await reader.press("j", "k")
        assert reader.main.list.row == here
        assert " Inbox  2 new above" in reader.lines[0]
        await reader.press("g", "g")
        assert reader.selected.startswith("● New 90001")
        assert "new above" not in reader.lines[0]

    walk(sample, journey, view=INBOX)


def test_older_from_the_inbox_is_the_newest_listing_of_a_followed_category(
    sample: Store, paths: Paths
) -> None:
    store_listing(sample, date(2026, 3, 5), [Paper(PaperId("2603.90001"), "Other")], "math.CO")
    follow(paths.config, ["cs.DC"], NOW)

    async def journey(reader: Reader) -> None:
        await reader.press("]")
        assert reader.lines[0].startswith(" cs.DC  Tue 3 March 2026")

    walk(sample, journey, view=INBOX)


def test_the_pane_says_why_a_paper_may_be_for_me(sample: Store) -> None:
    async def journey(reader: Reader) -> None:
        await reader.press("/")
        await reader.type("federated")
        await reader.press("Enter", "6", "s", "Esc", "i")
        await reader.until("●")
        await reader.press("S")
        await reader.type("foryou\r")
        await reader.press("j", "k")
        await reader.until("For you: ")
        assert re.search(r"For you: \w+ \(\d\)", reader.screen)

    walk(sample, journey)


def test_what_i_look_for_is_learned_when_a_view_opens_not_with_each_decision(
    sample: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun = []
    start = Jobs.start

    def counted(jobs: Jobs, name: str, *work: Any) -> None:
        begun.append(name)
        start(jobs, name, *work)

    monkeypatch.setattr(Jobs, "start", counted)
    Triage(sample).edit("Star", sample_ids(sample)[:5], star)

    async def journey(reader: Reader) -> None:
        async with asyncio.timeout(20):
            while begun != ["taste", "past"]:
                await reader.pilot.pause(0.01)
        learned = reader.main.store.cache.taste.learned
        assert learned
        assert learned.profile.stars == 5
        await reader.press("6", "j", "s", "j", "x", "x", "u", "1", "2", "j", "s")
        assert learned.profile.stars == 5
        await reader.press("i")
        assert begun == ["taste", "past"]
        assert learned.profile.stars == 7

    walk(sample, journey)


def test_quitting_ends_what_goes_on_behind_the_screen(sample: Store) -> None:
    late: list[str] = []

    def work(name: str, _: object, ended: Callable[[], bool]) -> str:
        turns = (Event().wait(0.01) for _ in range(300))
        if not any(ended() for _ in turns):
            late.append(name)
        return ""

    async def journey(reader: Reader) -> None:
        main = reader.main
        jobs = main.taking.jobs, main.syncing.jobs, main.ready.jobs, main.ready.taste.jobs
        for name, each in zip(("take", "sync", "index", "taste"), jobs, strict=True):
            each.start(name, partial(work, name))
        await reader.press("q")

    walk(sample, journey)
    assert not late
