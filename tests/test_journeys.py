"""What a researcher does, told as they would tell it, in the real app."""

import gc
import random
import subprocess
import sys
from contextlib import closing
from datetime import date
from pathlib import Path
from unittest.mock import Mock
from weakref import ref

import pytest
from textual import events
from textual.app import App

from tests.conftest import NOW
from tests.driver import INBOX, LISTING, Reader, walk
from tui_reader.actions import BY_NAME
from tui_reader.config import Config, Paths
from tui_reader.errors import StoreError
from tui_reader.model import Entry, Listing, Paper, PaperId, Reading, Section, paper_at
from tui_reader.store import Kind, Store, View
from tui_reader.triage import Triage, mark_read, star
from tui_reader.ui import app as app_module
from tui_reader.ui.line_widget import Lines

FIRST = "● Token Management in Multi-Tenant AI Inference Plat"
NOT_AT_RANDOM = set("qrRNophDyecO|!") | {"Ctrl-z"}
"""Keys that end the app, or go beyond it."""
SECOND = "● SPARe: Stacked Parallelism with Adaptive Reorder"


def test_i_open_the_listing_and_see_where_i_am(sample: Store) -> None:
    async def journey(reader: Reader) -> None:
        assert reader.lines[0].split() == (
            "cs.DC Tue 3 March 2026 19 new 5 cross 13 replaced 37 unread ★ 0".split()
        )
        assert reader.selected.startswith(FIRST)
        assert "New submissions ─" in reader.screen
        assert "(the listing names no authors)" in reader.screen

    walk(sample, journey)


def test_i_go_down_and_up_and_to_the_ends(sample: Store) -> None:
    async def journey(reader: Reader) -> None:
        await reader.press("j")
        assert reader.selected.startswith(SECOND)
        assert "Jin Lee, Zhonghao Chen, Xuhang He" in reader.screen
        await reader.press("k", "k")
        assert reader.selected.startswith(FIRST)
        await reader.press("G")
        assert reader.selected.startswith("● Tight Communication Bounds")
        await reader.press("g", "g")
        assert reader.selected.startswith(FIRST)
        await reader.press("1", "0", "j")
        assert reader.selected.startswith("● Quasar")
        await reader.press("Ctrl-d")
        assert reader.main.list.cursor == 19
        await reader.press("PageUp")
        assert reader.main.list.cursor == 1

    walk(sample, journey)


def test_a_count_is_shown_while_it_waits_for_its_key(sample: Store) -> None:
    async def journey(reader: Reader) -> None:
        await reader.press("1", "2")
        assert reader.footer.endswith("12")
        await reader.press("j")
        assert reader.main.list.cursor == 12
        assert not reader.footer.endswith("12")

    walk(sample, journey)


def test_stars_are_there_when_i_start_again(sample: Store, paths: Paths) -> None:
    async def star_two(reader: Reader) -> None:
        await reader.press("j", "s", "j", "j", "s")
        assert "★ 2" in reader.lines[0]
        await reader.press("q")

    async def find_them(reader: Reader) -> None:
        assert "★ 2" in reader.lines[0]
        assert reader.selected.startswith("★  AeroDaaS")
        await reader.press("*")
        assert reader.lines[0].startswith(" Starred")
        assert "★  SPARe" in reader.screen
        assert "★  AeroDaaS" in reader.screen

    walk(sample, star_two)
    sample.close()
    walk(Store(paths), find_them)


def test_i_skip_mark_and_take_it_all_back(sample: Store) -> None:
    async def journey(reader: Reader) -> None:
        await reader.press("x", "x", "m")
        assert reader.main.list.cursor == 2
        assert "34 unread" in reader.lines[0]
        await reader.press("u")
        assert "Took back: Read Do We Need Tensor Cores" in reader.footer
        await reader.press("2", "u")
        assert "37 unread" in reader.lines[0]
        await reader.press("u")
        assert reader.footer == "Nothing to take back."
        await reader.press("Ctrl-r")
        assert "Did again: Skip Token Management" in reader.footer
        assert "36 unread" in reader.lines[0]

    walk(sample, journey)


def test_i_take_back_what_i_did_yesterday(sample: Store, paths: Paths) -> None:
    async def star(reader: Reader) -> None:
        await reader.press("s", "q")

    async def undo(reader: Reader) -> None:
        assert "★ 1" in reader.lines[0]
        await reader.press("u")
        assert "★ 0" in reader.lines[0]

    walk(sample, star)
    sample.close()
    walk(Store(paths), undo)


def test_i_filter_as_i_type_and_keep_my_paper(sample: Store) -> None:
    async def journey(reader: Reader) -> None:
        await reader.press("4", "j", "/")
        await reader.type("fed")
        assert "5 of 37" in reader.lines[1]
        assert reader.selected.startswith("● FWeb3")
        await reader.type("hb")
        assert "1 of 37" in reader.lines[1]
        assert reader.selected.startswith("● FedHB")
        await reader.press("Esc")
        assert reader.selected.startswith("● FWeb3")
        assert "filter" in reader.lines[1]

    walk(sample, journey)


def test_a_kept_filter_stays_while_i_triage(sample: Store) -> None:
    async def journey(reader: Reader) -> None:
        await reader.press("/")
        await reader.type("moe is:unread")
        await reader.press("Enter", "x")
        assert "4 of 37" in reader.lines[1]
        assert "× TriMoE" in reader.screen
        await reader.press("Esc")
        assert "of 37" not in reader.lines[1]

    walk(sample, journey)


def test_a_text_that_is_no_query_says_so_and_keeps_the_list(sample: Store) -> None:
    async def journey(reader: Reader) -> None:
        await reader.press("/")
        await reader.type("moe)")
        assert ")" in reader.lines[1].partition("moe)")[2]
        assert "TriMoE" in reader.screen
        await reader.press("Backspace")
        assert "of 37" in reader.lines[1]

    walk(sample, journey)


def test_nothing_matches_is_said_and_is_not_the_end(sample: Store) -> None:
    async def journey(reader: Reader) -> None:
        await reader.press("/")
        await reader.type("zzzzzz")
        assert "0 of 37" in reader.lines[1]
        await reader.press("Enter", "s", "x", "j", "Space", "Esc")
        assert reader.selected.startswith(FIRST)

    walk(sample, journey)


def test_i_edit_the_filter_as_in_a_shell(sample: Store) -> None:
    async def journey(reader: Reader) -> None:
        await reader.press("/")
        await reader.type("moe kache")
        await reader.press("Ctrl-w")
        assert reader.main.filter.typed.text == "moe "
        await reader.type("x")
        await reader.press("Left", "y", "Backspace", "Home")
        await reader.type("a")
        assert reader.main.filter.typed.text == "amoe x"
        await reader.press("End", "Ctrl-u")
        assert reader.main.filter.typed.text == ""

    walk(sample, journey)


def test_space_reads_through_the_abstract_and_on(sample: Store) -> None:
    async def journey(reader: Reader) -> None:
        await reader.press("j", "m", "k", "Space")
        while reader.main.list.cursor == 0:
            await reader.press("Space")
        assert reader.main.list.cursor == 2

    walk(sample, journey, size=(80, 24))


def test_on_a_tiny_screen_i_go_between_list_and_abstract(sample: Store) -> None:
    async def journey(reader: Reader) -> None:
        assert "Multi-tenant AI" not in reader.screen
        await reader.press("Enter")
        assert "Multi-tenant AI" in reader.screen
        assert "SPARe" not in reader.screen
        await reader.press("Esc")
        assert "SPARe" in reader.screen

    walk(sample, journey, size=(50, 15))


def test_the_cursor_stays_on_its_paper_when_the_window_changes(sample: Store) -> None:
    async def journey(reader: Reader) -> None:
        await reader.press("1", "8", "j")
        for size in ((80, 24), (50, 15), (200, 60), (30, 8), (120, 40)):
            await reader.pilot.resize_terminal(*size)
            await reader.pilot.pause()
            assert reader.selected.startswith("● Trident")

    walk(sample, journey)


def test_help_tells_the_keys_the_language_and_the_files(sample: Store) -> None:
    async def journey(reader: Reader) -> None:
        await reader.press("?")
        seen = reader.screen
        assert "0%" < reader.footer.split()[-1] < "50%"
        while not reader.footer.endswith("100%"):
            await reader.press("Space")
            seen += reader.screen
        for expected in ("Star the paper", "j, Down", "✎", "is:starred", str(sample.paths.data)):
            assert "".join(expected.split()) in "".join(seen.split())
        await reader.press("Esc")
        assert reader.selected.startswith(FIRST)

    walk(sample, journey, size=(80, 24))


def test_the_palette_finds_an_action_by_its_words(sample: Store) -> None:
    async def journey(reader: Reader) -> None:
        await reader.press(":")
        await reader.type("unstar")
        await reader.press("Enter")
        assert reader.selected.startswith("★")

    walk(sample, journey)


def test_with_nothing_stored_i_am_told_how_to_begin(store: Store) -> None:
    async def journey(reader: Reader) -> None:
        assert "opens a sample" in reader.screen
        assert "tui-reader import FILE" in reader.screen
        for key in ("s", "x", "t", "n", "N", "v", "A", "o", "p", "e"):
            await reader.press(key)
            assert reader.footer == "There is no paper here."
        await reader.press("j", "u", "/", "Space", "G", "]", "*")
        assert "No stars yet" in reader.screen

    walk(store, journey, view=INBOX)


def test_an_empty_inbox_says_that_all_is_read(sample: Store) -> None:
    async def journey(reader: Reader) -> None:
        await reader.press("i", "3", "7", "x", "i")
        assert "All read." in reader.screen
        await reader.press("]")
        assert reader.lines[0].startswith(" cs.DC  Tue 3 March 2026")

    walk(sample, journey)


def test_what_another_window_stars_appears_here(sample: Store, paths: Paths) -> None:
    async def journey(reader: Reader) -> None:
        other = Store(paths)
        Triage(other).edit("Star", [PaperId("2603.00357")], star)
        reader.main.take_over()
        await reader.pilot.pause()
        assert "★  SPARe" in reader.screen
        assert "★ 1" in reader.lines[0]

    walk(sample, journey)


def test_two_windows_count_and_draw_what_each_other_did_though_both_work(
    sample: Store, paths: Paths
) -> None:
    far = paper_at(sample.contents(LISTING).rows[30])

    async def journey(reader: Reader) -> None:
        with closing(Store(paths)) as store:
            other = Triage(store)
            other.edit("Star", [PaperId("2603.00357")], star)
            other.edit("Read", [PaperId("2603.00357"), far], mark_read)
        await reader.press("s", "G")
        reader.main.take_over()
        assert "34 unread   ★ 2" in reader.lines[0]
        await reader.press("g", "g")
        assert "★  SPARe" in reader.screen

    walk(sample, journey, size=(80, 24))


def test_a_window_sees_what_another_process_does_and_is_seen(sample: Store, own_home: Path) -> None:
    def elsewhere(*command: str) -> str:
        process = [sys.executable, "-m", "tui_reader", "--home", str(own_home), *command]
        return subprocess.run(process, capture_output=True, text=True, check=True).stdout

    async def journey(reader: Reader) -> None:
        elsewhere("skip", "2603.00357")
        elsewhere("star", "2603.00356")
        reader.main.take_over()
        await reader.pilot.pause()
        assert "35 unread   ★ 1" in reader.lines[0]
        assert "★  Token" in reader.screen
        assert " × SPARe" in reader.screen
        await reader.press("G", "s")
        assert len(elsewhere("list", "--ids", "is:starred").split()) == 2

    walk(sample, journey)


@pytest.mark.parametrize(
    "title",
    ["On $[0,1]$ and $H^*([X/G])$", "[/]", "[@click=app.quit]x[/]", "[bold]A[/bold] \\[", "x]["],
)
def test_titles_are_never_markup(store: Store, title: str) -> None:
    paper = Paper(PaperId("2603.00001"), title, (title,), title, ("cs.DC",), comments=title)
    listing = Listing("cs.DC", NOW.date(), (Entry(paper, Section.NEW, 1),), {Section.NEW: 1})
    store.save(Reading("test", (listing,)), NOW)

    async def journey(reader: Reader) -> None:
        shown = "H" if "$" in title else title
        assert shown.replace("\\[", "[") in reader.screen.replace("\\[", "[")
        await reader.press("s", "u")
        assert "Took back: Star" in reader.footer

    walk(store, journey)


def test_the_classes_of_a_paper_are_told_with_its_record(store: Store) -> None:
    id_, words = PaperId("2603.00001"), "Words."
    paper = Paper(id_, "A", ("B",), words, ("math.NT",), acm_class="I.2.7", msc_class="11A41")
    listing = Listing("math.NT", NOW.date(), (Entry(paper, Section.NEW, 1),), {Section.NEW: 1})
    store.save(Reading("test", (listing,)), NOW)

    async def journey(reader: Reader) -> None:
        for told in ("ACM classes: I.2.7", "MSC classes: 11A41"):
            assert told in reader.screen

    walk(store, journey, View(Kind.LISTING, "math.NT", NOW.date()))


def test_a_key_that_does_nothing_says_so(sample: Store) -> None:
    async def journey(reader: Reader) -> None:
        await reader.press("&")
        assert reader.footer == "& does nothing here. ? shows the keys."
        await reader.press("Ctrl-c")
        assert reader.footer == "Nothing to leave. q quits."

    walk(sample, journey)


def test_the_view_opens_at_its_top_when_the_cursor_is_there(sample: Store, paths: Paths) -> None:
    async def leave(reader: Reader) -> None:
        await reader.press("j", "q")

    async def come_back(reader: Reader) -> None:
        assert "New submissions" in reader.lines[2]
        assert reader.selected.startswith(SECOND)

    walk(sample, leave, size=(80, 24))
    sample.close()
    walk(Store(paths), come_back, size=(80, 24))


def test_an_abstract_that_fits_after_a_resize_is_shown_from_its_top(sample: Store) -> None:
    async def journey(reader: Reader) -> None:
        await reader.press("Enter", "Space")
        await reader.pilot.resize_terminal(200, 60)
        await reader.pilot.pause()
        assert "(the listing names no authors)" in reader.screen

    walk(sample, journey, size=(50, 15))


def test_what_i_type_is_never_hidden_by_what_is_wrong_with_it(sample: Store) -> None:
    async def journey(reader: Reader) -> None:
        await reader.press("/")
        await reader.type("is:unraed moe")
        assert "/ is:unraed moe" in reader.lines[1]
        assert "unread" in reader.footer

    walk(sample, journey, size=(50, 15))


def test_starring_moves_nothing(sample: Store) -> None:
    async def journey(reader: Reader) -> None:
        signs = str.maketrans("★●0", "  1")
        before = [line.translate(signs) for line in reader.lines[3:9]]
        await reader.press("s")
        after = [line.translate(signs) for line in reader.lines[3:9]]
        assert [line[:60] for line in before] == [line[:60] for line in after]
        assert "★ starred" in reader.screen

    walk(sample, journey)


def test_every_turn_of_the_wheel_counts(sample: Store) -> None:
    async def journey(reader: Reader) -> None:
        for _ in range(3):
            turned = events.MouseScrollDown(None, 5, 5, 0, 0, 0, False, False, False)
            reader.turn(turned)
        await reader.pilot.pause()
        assert reader.main.list.cursor == 3

    walk(sample, journey)


def test_a_click_takes_a_choice_or_marks_it_where_several_can_be(sample: Store) -> None:
    async def journey(reader: Reader) -> None:
        await reader.press("c")
        await reader.pilot.click(offset=(20, 5))
        await reader.pilot.click(offset=(20, 7))
        assert reader.screen.count("[x]") == 2
        assert "Enter follows 2" in reader.screen
        await reader.press("Esc", "l")
        [at] = [y for y, line in enumerate(reader.lines) if "▌ cs.DC" in line]
        await reader.pilot.click(offset=(60, at))
        await reader.settle()
        assert "Enter shows" not in reader.screen

    walk(sample, journey)


def test_a_click_on_the_filter_bar_begins_a_filter(sample: Store) -> None:
    async def journey(reader: Reader) -> None:
        await reader.pilot.click("FilterBar")
        await reader.type("moe")
        assert "4 of 37" in reader.lines[1]

    walk(sample, journey)


def test_a_feed_that_mixes_its_sections_is_shown_by_section(store: Store) -> None:
    sections = (Section.NEW, Section.CROSS, Section.NEW)
    entries = tuple(
        Entry(Paper(PaperId(f"2603.0000{at}"), f"Paper {at}"), section, at)
        for at, section in enumerate(sections, 1)
    )
    store.save(Reading("feed", (Listing("cs.DC", NOW.date(), entries),)), NOW)

    async def journey(reader: Reader) -> None:
        assert reader.screen.count("New submissions") == 1

    walk(store, journey)


def test_an_empty_feed_makes_no_day(store: Store) -> None:
    store.save(Reading("feed", (Listing("cs.DC", NOW.date(), ()),)), NOW)
    assert not store.listings.days()


@pytest.mark.parametrize("theme", ["ansi-dark", "textual-light", "dracula"])
def test_any_theme_of_textuals_will_do(sample: Store, theme: str) -> None:
    async def journey(reader: Reader) -> None:
        await reader.press("j")
        assert reader.selected.startswith(SECOND)

    walk(sample, journey, config=Config(theme=theme))


def test_what_i_see_decides_what_a_key_does(sample: Store, paths: Paths) -> None:
    async def journey(reader: Reader) -> None:
        Triage(Store(paths)).edit("Star", [PaperId("2603.00356")], star)
        await reader.press("s")
        assert "★ 1" in reader.lines[0]

    walk(sample, journey)


def refuse(*_: object) -> None:
    raise StoreError("papers.sqlite3: disk I/O error")


def test_a_cache_that_fails_is_a_line_in_the_footer_and_never_the_end(
    sample: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def journey(reader: Reader) -> None:
        with monkeypatch.context() as broken:
            broken.setattr(sample.papers, "at", refuse)
            reader.main.list.forget()
            await reader.press("j")
            assert "disk I/O error" in reader.footer
            assert "(can't be read)" in reader.screen
            broken.setattr(sample, "find", refuse)
            await reader.press("/")
            reader.app.screen.post_message(events.Paste("moe"))
            await reader.pilot.pause()
            assert "disk I/O error" in reader.footer
            broken.setattr(sample.cache.db, "writing", refuse)
            await reader.press("Esc", "q")
        assert not reader.app.is_running

    walk(sample, journey)


def test_text_from_outside_is_cleaned_once_more_where_it_is_drawn(store: Store) -> None:
    paper = Paper(PaperId("2603.00001"), "T", formats=("\x1b[31mpdf\u202e",))
    listing = Listing("cs.DC", NOW.date(), (Entry(paper, Section.NEW, 1),))
    store.save(Reading("test", (listing,)), NOW)

    async def journey(reader: Reader) -> None:
        assert "pdf" in reader.screen
        assert not set(reader.screen) & {"\x1b", "\u202e"}

    walk(store, journey)


def test_i_sort_by_title_and_keep_what_i_filtered(sample: Store) -> None:
    async def journey(reader: Reader) -> None:
        await reader.press("/")
        await reader.type("date:9y cat:cs.LG")
        await reader.press("Enter")
        await reader.press("S")
        await reader.type("title\r")
        assert "/ date:9y cat:cs.lg sort:title" in reader.lines[1]
        titles = [line for line in reader.lines if "● " in line]
        assert titles == sorted(titles, key=lambda line: line.partition("● ")[2].lower())
        await reader.press("S")
        await reader.type("arxiv\r")
        assert "/ date:9y cat:cs.lg  " in reader.lines[1]

    walk(sample, journey)


def test_where_room_is_short_a_row_and_the_abstract_still_say_what_counts(store: Store) -> None:
    categories = ("cs.CE", "cond-mat.stat-mech", "cs.MS", "math.NA", "physics.data-an")
    paper = Paper(
        PaperId("2603.00001"), "Options for Projects", ("Bartholomew Featherstonehaugh", "Ann Lee"),
        "Text", categories, 2, "50 pages", withdrawn=True,
    )  # fmt: skip
    for category in ("cs.DC", "cs.CE"):
        entries = (Entry(paper, Section.REPLACEMENT, 1),)
        listing = Listing(category, date(2026, 3, 3), entries)
        store.save(Reading("listing page", (listing,)), NOW)

    async def journey(reader: Reader) -> None:
        assert "Bartholomew Featherstonehaugh +1         v2   50 pp" in reader.screen
        await reader.press("s", "Enter")
        assert "withdrawn  ★ starred" in reader.screen
        assert "Announced: cs.CE Tue 3 March 2026," in reader.screen

    walk(store, journey, size=(56, 15))


def test_keys_that_come_in_one_go_are_for_what_the_ones_before_them_opened(sample: Store) -> None:
    async def journey(reader: Reader) -> None:
        reader.send(":star\r?jjjqj")
        await reader.press("Esc")
        assert "SPARe" in reader.selected
        assert [paper_at(row) for row in sample.marked.rows("starred")] == ["2603.00356"]

    walk(sample, journey)


def test_memory_is_collected_between_keys(sample: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(app_module, "WORTH_COLLECTING", -1)

    class Ring:
        def __init__(self) -> None:
            self.itself = self

    async def journey(reader: Reader) -> None:
        await reader.press("j")
        gc.disable()
        garbage = ref(Ring())
        reader.app.collect_garbage()
        assert garbage(), "a key was pressed just now"
        reader.app.collect_garbage()
        assert not garbage()
        gc.enable()

    walk(sample, journey)


@pytest.mark.parametrize("seed", range(2))
def test_what_is_on_the_screen_is_what_drawing_it_all_anew_gives(sample: Store, seed: int) -> None:
    chance = random.Random(seed)
    keys = [key for action in BY_NAME.values() for key in action.keys[0].split()]
    keys = [key for key in keys if key not in NOT_AT_RANDOM] + ["/", "m", "Esc", "Enter", "j"] * 9

    async def journey(reader: Reader) -> None:
        for number in range(90):
            await reader.press(chance.choice(keys))
            if number % 30 == 29:
                await reader.pilot.resize_terminal(chance.randint(40, 140), chance.randint(12, 50))
            if number % 50 == 49:
                reader.app.theme = chance.choice(["reader-dark", "reader-light"])
                await reader.pilot.pause()
            shown = reader.screen
            for lines in reader.app.screen.query(Lines):
                lines.refresh()
            assert reader.screen == shown, number

    walk(sample, journey)


def test_a_page_is_searched_as_in_less(sample: Store) -> None:
    async def journey(reader: Reader) -> None:
        await reader.press("?", "/")
        await reader.type("Clip-board")
        await reader.press("Backspace", *["Left"] * 4, "Backspace", "Esc")
        assert "/ search" in reader.lines[-1], "Esc ends the typing"
        await reader.press("/")
        await reader.type("BibTeX")
        await reader.press("Enter")
        assert "lines with bibtex" in reader.lines[-1]
        first = reader.screen
        assert "BibTeX" in reader.lines[0] or "100%" in reader.lines[-1]
        await reader.press("n")
        await reader.press("N")
        assert reader.screen == first
        await reader.press("g", "g", "Esc")
        assert "j k scroll" in reader.lines[-1], "the first Esc ends the search"
        await reader.press("Esc")
        assert reader.lines[0].startswith(" cs.DC")

    walk(sample, journey, size=(80, 24))


def test_what_no_page_has_is_said(sample: Store) -> None:
    async def journey(reader: Reader) -> None:
        await reader.press("?", "/")
        await reader.paste("zyzzyva")
        await reader.press("Enter", "n")
        assert "No line with zyzzyva   Esc ends it" in reader.lines[-1]
        await reader.press("/")
        await reader.paste("as in print")
        await reader.press("Enter")
        assert "1 line with as in print   Esc ends it" in reader.lines[-1]

    walk(sample, journey)


def test_in_a_chooser_one_moves_as_in_other_programs(sample: Store) -> None:
    async def journey(reader: Reader) -> None:
        await reader.press(":", "Ctrl-j", "Ctrl-n", "Ctrl-j", "Ctrl-k", "Ctrl-p")
        [chosen] = [line for line in reader.lines if "▌" in line and "Up" in line]
        assert "Go to the previous paper." in chosen

    walk(sample, journey)


def test_one_pane_alone_takes_all_the_room(sample: Store) -> None:
    async def journey(reader: Reader) -> None:
        await reader.press("Z", "z")
        assert reader.main.list.size.width == reader.app.size.width
        assert not reader.main.abstract.region
        await reader.press("Tab")
        assert reader.main.abstract.size.width == reader.app.size.width
        await reader.press("Esc", "Z")
        assert reader.main.abstract.region
        assert reader.main.list.size.width < reader.app.size.width

    walk(sample, journey, size=(120, 40))


def test_where_one_pane_is_all_there_is_room_for_no_key_promises_both(sample: Store) -> None:
    async def journey(reader: Reader) -> None:
        await reader.press("Z")
        assert reader.footer == "There is room for one pane; Tab shows the other."
        await reader.press("Tab")
        assert not reader.main.list.region

    walk(sample, journey, size=(50, 15))


def test_the_shell_is_a_key_away_wherever_i_type(
    sample: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    suspended = Mock()
    monkeypatch.setattr(App, "action_suspend_process", suspended)

    async def journey(reader: Reader) -> None:
        for count, keys in enumerate((":", "?", "n", "/"), 1):
            await reader.press(keys, "Ctrl-z")
            assert suspended.call_count == count
            await reader.press("Esc")

    walk(sample, journey)
