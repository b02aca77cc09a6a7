"""What a row of the list says, and in how much room."""

from datetime import date
from pathlib import Path

import pytest

from tests.conftest import NOW
from tests.driver import Reader, walk
from tui_reader import sources
from tui_reader.model import Entry, Item, Listing, Marks, Paper, PaperId, Reading, Section
from tui_reader.store import Kind, Store, View
from tui_reader.ui.row_text import of_item

DAY = date(2026, 3, 3)
LISTING = View(Kind.LISTING, "cs.DC", DAY)
REAL = Path(__file__).parents[2] / "shared/corpus/browse/real2023/list.astro-ph.new.html"


def paper(number: int, title: str, *authors: str, categories: str = "cs.DC") -> Paper:
    codes = tuple(categories.split())
    return Paper(PaperId(f"2603.{number:05}"), title, authors, "Text.", codes, 2, "12 pages")


def listed(store: Store, *papers: Paper) -> None:
    entries = tuple(Entry(each, Section.NEW, at) for at, each in enumerate(papers, 1))
    store.save(Reading("test", (Listing("cs.DC", DAY, entries),)), NOW)


def test_a_title_flows_into_the_second_line_and_the_author_takes_what_is_left(
    store: Store,
) -> None:
    listed(
        store,
        paper(1, "Token Management in Multi-Tenant AI Inference Platforms", "Jin Lee", "B C"),
        paper(2, "Short", "Jin Lee", categories="cs.LG cs.DC cs.OS"),
        paper(3, "word " * 60, "Jin Lee"),
    )

    async def journey(reader: Reader) -> None:
        begins = (
            "▌ ● Token Management in Multi-Tenant",
            "▌   AI Inference Platforms       12 pp",
            "  ● Short",
            "    Jin Lee                 v2   12 pp",
            "  ● word word word word word word word",
            "    word word word word word word wor…",
        )
        assert [line[:38].rstrip() for line in reader.lines[3:9]] == [*begins]
        await reader.pilot.resize_terminal(58, 30)
        await reader.pilot.pause()
        assert "▌   Platforms · Jin Lee +1" in reader.screen
        ends = [line.index("pp") for line in reader.lines if line.endswith("12 pp")]
        assert len(ends) == 2
        assert len(set(ends)) == 1, "columns stand still"

    walk(store, journey, size=(39, 30))


def test_a_row_says_nothing_that_the_heading_says() -> None:
    item = Item(paper(1, "A", categories="cs.LG cs.DC cs.OS"))
    assert of_item(item, view=LISTING).categories == ("cs.LG", "cs.OS")
    assert of_item(item, view=LISTING._replace(category="cs")).categories == ("LG", "DC", "OS")
    assert of_item(item, view=View(Kind.INBOX)).categories == ("cs.LG", "cs.DC", "cs.OS")
    assert not of_item(item, view=LISTING).month
    assert of_item(item, view=View(Kind.LIBRARY)).month == "Mar 2026"


def test_a_row_shows_tags_and_a_sign_for_a_note() -> None:
    marks = Marks(tags=frozenset({"kv", "moe"}), note="Read again")
    assert of_item(Item(paper(1, "A"), marks)).mine == "#kv #moe ✎"


def test_of_many_tags_a_row_shows_as_many_as_fit(store: Store) -> None:
    listed(store, paper(1, "Short", "Jin Lee"))

    async def journey(reader: Reader) -> None:
        await reader.press("t")
        await reader.type(", ".join(f"tag number {number}" for number in range(60)))
        await reader.press("Enter")
        assert "▌   #tag number 0 #tag number 1" in reader.screen
        lines = [line.strip() for line in reader.lines if line.lstrip().startswith("#tag")]
        assert all(
            word.startswith("tag number") for line in lines for word in line[1:].split("  #")
        )

    walk(store, journey, size=(80, 30))


@pytest.mark.parametrize(
    ("width", "shown"),
    [(30, "cs.LG cs.DC cs.OS"), (16, "cs.LG cs.DC +1"), (8, "cs.LG +2"), (6, "cs.LG"), (4, "cs.…")],
)
def test_categories_take_no_more_room_than_there_is(width: int, shown: str) -> None:
    said = of_item(Item(paper(1, "A", categories="cs.LG cs.DC cs.OS"))).categories_in(width)
    assert said == shown


@pytest.mark.skipif(not REAL.exists(), reason="needs the corpus beside the project")
def test_most_titles_of_a_real_day_are_read_whole(store: Store) -> None:
    store.save(sources.read(REAL.read_bytes(), REAL.name), NOW)
    [day] = store.listings.days()

    async def journey(reader: Reader) -> None:
        assert reader.main.list.fitting >= 18
        cut = 0
        for _ in range(97):
            lines = [line[: reader.main.list.size.width] for line in reader.lines]
            cut += any(line.startswith("▌") and "…" in line for line in lines)
            await reader.press("j")
        assert cut <= 97 - 85

    walk(store, journey, view=View(Kind.LISTING, day.category, day.announced))


def test_where_the_list_is_above_the_abstract_has_six_lines(store: Store) -> None:
    authors = [f"Author Number {number}" for number in range(9)]
    title = "Black hole mergers as tracers of spinning massive black holes, and of their galaxies"
    listed(store, Paper(PaperId("2603.00001"), title, tuple(authors), "word " * 300, ("cs.DC",)))

    async def journey(reader: Reader) -> None:
        assert sum(line.startswith(" word") for line in reader.lines) == 6
        assert "2603.00001  cs.DC" in reader.screen
        assert "Announced" not in reader.screen, "the heading says it"
        await reader.press("Enter", "G")
        assert "Author Number 8" in reader.screen, "the rest stands below"

    walk(store, journey, size=(80, 24))


def test_strength_keeps_its_column_where_it_has_no_sign() -> None:
    unread = Item(Paper(PaperId("2603.00001"), "A Title"))
    read = unread._replace(marks=Marks(read=True))
    assert [of_item(unread, step=step).strength for step in (0, 1, 5)] == ["", " ", "▇"]
    assert [of_item(read, step=step).strength for step in (0, 1, 5)] == ["", " ", " "]
