"""Journeys through a paper's text."""

from collections.abc import Awaitable, Callable

import pytest

from tests.conftest import NOW, ROOT, Golden
from tests.driver import Reader, walk
from tests.test_screens import shoot
from tui_reader import full_text
from tui_reader.errors import StoreError
from tui_reader.model import Marks, Paper, PaperId, Reading
from tui_reader.store import Kind, Store, View
from tui_reader.ui.pages.help import IN_TEXT

FIXTURE = ROOT / "tests" / "data" / "paper.html"
ID = PaperId("2402.99902")
LIBRARY = View(Kind.LIBRARY)
SIZES = {"narrow": (80, 24), "wide": (120, 40)}


@pytest.fixture
def library(store: Store) -> Store:
    abstract = "We present FakeNet, which improves accuracy by $+3.2\\%$ on seven benchmarks."
    authors = "Åsa Ärlig", "Béla Bogus", "Čeněk Čapek"
    paper = Paper(ID, "FakeNet: A Synthetic Paper", authors, abstract, ("cs.LG",), version=2)
    store.save(Reading("test", (), (paper,)), NOW)
    full_text.keep(store.paths, FIXTURE.read_bytes())
    return store


def journey(library: Store, steps: Callable[[Reader], Awaitable[None]]) -> None:
    walk(library, steps, view=LIBRARY)


BLOCKS = {
    "paper": (),
    "paper-formulas": ("]", "]"),
    "paper-code": ("]", "]", "Space"),
    "paper-tables": ("]", "]", "]"),
    "paper-figures": ("]", "]", "]", "Space"),
    "paper-references": ("]",) * 6,
    "paper-lists": ("]",) * 10,
    "paper-displays": ("]",) * 15,
    "paper-aligned": ("]",) * 16,
    "paper-matrices": ("]",) * 17,
    "paper-theorems": ("]",) * 18,
    "paper-links": ("]", "O"),
    "paper-outline": ("Tab",),
}


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("name", BLOCKS)
def test_every_kind_of_block(library: Store, golden: Golden, name: str, size: str) -> None:
    async def steps(reader: Reader) -> None:
        await reader.press("Enter", "Enter", *BLOCKS[name])
        await shoot(reader, golden, f"{name}-{size}")

    walk(library, steps, view=LIBRARY, size=SIZES[size])


def test_enter_goes_into_the_paper_and_esc_back(library: Store) -> None:
    async def steps(reader: Reader) -> None:
        await reader.press("Enter", "Enter")
        assert "1 Introduction" in reader.screen
        await reader.press("Esc")
        assert "1 unread" not in reader.screen
        assert "FakeNet: A Synthetic Paper" in reader.screen

    journey(library, steps)


def test_a_link_is_followed_and_gone_back_from(library: Store) -> None:
    async def steps(reader: Reader) -> None:
        await reader.press("Enter", "Enter", "]", "O", "1", "Enter")
        assert "Å. Ärlig, B. Bogus, and C. Čapek" in reader.screen
        await reader.press("Backspace")
        assert reader.lines[1].strip() == "1 Introduction"

    journey(library, steps)


def test_a_footnote_is_shown_at_the_foot_without_moving(library: Store) -> None:
    async def steps(reader: Reader) -> None:
        await reader.press("Enter", "Enter", "]", "O")
        number = reader.screen.split("disagree.[")[1].split("]")[0]
        await reader.press(*number)
        assert reader.lines[1].strip() == "1 Introduction"
        assert "A footnote with code" in reader.lines[-2]
        await reader.press("Esc")
        assert "A footnote with code" not in reader.lines[-2]

    journey(library, steps)


def test_a_text_is_searched_across_its_sections(library: Store) -> None:
    async def steps(reader: Reader) -> None:
        await reader.press("Enter", "Enter", "/")
        await reader.type("temperature\r")
        assert "is the temperature" in reader.screen
        await reader.press("n")
        assert "is the temperature" in reader.screen
        await reader.press("Esc", "Backspace")
        assert "FakeNet: A Synthetic Paper" in reader.lines[1]

    journey(library, steps)


def test_the_place_is_remembered(library: Store) -> None:
    async def steps(reader: Reader) -> None:
        await reader.press("Enter", "Enter", "]", "]", "Space")
        before = reader.lines[1:3]
        await reader.press("q", "Enter")
        assert reader.lines[1:3] == before

    journey(library, steps)


def test_help_names_the_keys_of_the_text_and_each_does_something(library: Store) -> None:
    async def steps(reader: Reader) -> None:
        await reader.press("Enter", "Enter", "?")
        assert "Number the links in sight" in reader.screen
        await reader.press("Esc")
        assert reader.lines[1].strip() == "FakeNet: A Synthetic Paper"
        for key in (key for keys, _ in IN_TEXT[1:-1] for key in keys.split(", ")):
            if key not in ("i", "o", "h", "p", "Esc", "q"):  # these leave the page
                await reader.press("g", key)
                assert "does nothing here" not in reader.screen, key
                await reader.press(*["Esc"] * (key in ("Tab", "/", "O", "y", "t", "n")))

    journey(library, steps)


def test_the_paper_is_starred_from_its_text(library: Store) -> None:
    async def steps(reader: Reader) -> None:
        await reader.press("Enter", "Enter", "s")
        assert "★" in reader.lines[0]

    journey(library, steps)
    assert library.marks([ID])[ID].starred


def test_keys_mean_the_paper_that_is_read_wherever_they_lead_the_cursor(library: Store) -> None:
    other = PaperId("2402.00001")
    library.save(Reading("test", (), (Paper(other, "Another Paper"),)), NOW)

    async def steps(reader: Reader) -> None:
        await reader.press("Enter", "Enter", "x", "s", "x", "s")
        assert "★" in reader.lines[0]

    journey(library, steps)
    assert library.marks([ID])[ID].starred
    assert library.marks([other])[other] == Marks()


def test_a_cache_that_fails_leaves_the_text_on_the_screen(
    library: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(_: Store, __: object) -> None:
        raise StoreError("The cache can't be read")

    async def steps(reader: Reader) -> None:
        await reader.press("Enter", "Enter")
        monkeypatch.setattr(Store, "marks", refused)
        await reader.press("]")
        assert "1 Introduction" in reader.screen

    journey(library, steps)


def test_the_outline_is_narrowed_by_typing(library: Store) -> None:
    async def steps(reader: Reader) -> None:
        await reader.press("Enter", "Enter", "Tab")
        await reader.type("3. theor\r")
        assert "Definition 3.1" in reader.screen

    journey(library, steps)


def test_the_tex_of_a_formula_is_copied(library: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    copied = list[str]()
    monkeypatch.setattr("tui_reader.ui.parts.read.copy", lambda app, text: copied.append(text))

    async def steps(reader: Reader) -> None:
        await reader.press("Enter", "Enter", "]", "]", "y", "1")

    journey(library, steps)
    assert copied[0].startswith(r"\mathcal{L}(\theta)=")
