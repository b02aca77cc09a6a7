"""What papers name: found, opened, and the way back."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from tests import arxiv_server
from tests.arxiv_server import World
from tests.conftest import NOW
from tests.driver import LISTING, Reader, walk
from tui_reader import handing_on
from tui_reader.mentions import Mention, mentions
from tui_reader.model import Item, Marks, Paper, PaperId, Reading
from tui_reader.store import Kind, Store, View

FIRST = PaperId("2603.00356")  # of the sample listing
THIRD = PaperId("2603.00477")
ELSEWHERE = PaperId("2401.00001")


def named(abstract: str, note: str | None = None, comments: str | None = None) -> list[str]:
    paper = Paper(FIRST, "T", abstract=abstract, comments=comments)
    return [mention.address for mention in mentions(Item(paper, Marks(note=note)))]


@pytest.mark.parametrize(
    ("abstract", "address"),
    [
        (r"Code: \url{https://github.com/a/b_c}.", "https://github.com/a/b_c"),
        ("See (www.foo.org/bar).", "https://www.foo.org/bar"),
        ("doi:10.1145/3620666, in print", "https://doi.org/10.1145/3620666"),
        (r"\href{https://x.org}{the page}", "https://x.org"),
        ("follows arXiv:2401.00001v2.", "https://arxiv.org/abs/2401.00001v2"),
        ("follows hep-th/9901001.", "https://arxiv.org/abs/hep-th/9901001"),
    ],
)
def test_what_a_text_names_leads_somewhere(abstract: str, address: str) -> None:
    assert named(abstract) == [address]


def test_each_thing_is_there_once_and_the_paper_itself_never() -> None:
    abstract = "https://x.org and https://x.org, arXiv:2401.00001 and arXiv:2603.00356"
    found = named(abstract, "cf. 2401.00001, 2401.00002 https://x.org", "https://y.org")
    assert found == [
        "https://x.org",
        "https://arxiv.org/abs/2401.00001",
        "https://y.org",
        "https://arxiv.org/abs/2401.00002",
    ]


def test_a_number_in_an_abstract_is_no_paper() -> None:
    assert named("a loss of 2401.00001 and 0704.0001 in 2010") == []


def test_an_address_of_a_paper_is_that_paper() -> None:
    paper = Paper(FIRST, "T", abstract="https://arxiv.org/pdf/2401.00001v3.pdf")
    [found] = mentions(Item(paper))
    assert found == Mention(paper.abstract or "", paper.abstract or "", ELSEWHERE)


# In the screen


@pytest.fixture
def naming(sample: Store) -> Store:
    """The sample, whose first paper names an address, the third, and one that is not stored."""
    first = next(sample.items([_row(FIRST)])).paper
    text = f"Code: https://github.com/a/b, see arXiv:{THIRD}, arXiv:{ELSEWHERE}."
    sample.save(Reading("test", papers=(replace(first, abstract=text, version=9),)), NOW)
    return sample


def _row(id_: PaperId) -> int:
    from tui_reader.model import row_of

    return row_of(id_)


def test_a_number_opens_a_page(naming: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    shown: list[object] = []
    monkeypatch.setattr(handing_on, "show", lambda _config, target, _lend: shown.append(target))

    async def journey(reader: Reader) -> None:
        await reader.press("O")
        assert "▌ 1 https://github.com/a/b" in reader.screen
        await reader.press("1")
        await reader.pilot.pause()
        assert reader.footer == "Opening https://github.com/a/b"

    walk(naming, journey)
    assert shown == ["https://github.com/a/b"]


def test_a_paper_opens_here_and_backspace_goes_back(naming: Store) -> None:
    async def journey(reader: Reader) -> None:
        await reader.press("/")
        await reader.type("token")
        await reader.press("Enter", "O", "2")
        assert reader.main.view == View(Kind.LIBRARY)
        assert f"id:{THIRD}" in reader.lines[1] or str(THIRD) in reader.lines[1]
        assert "1 of 37" in reader.lines[1]
        await reader.press("i")
        await reader.press("Backspace")
        assert reader.main.view == View(Kind.LIBRARY)
        await reader.press("Backspace")
        assert reader.main.view == LISTING
        assert "token" in reader.lines[1]
        assert "Token Management" in reader.selected
        await reader.press("Backspace")
        assert reader.footer == "There is nothing to go back to."

    walk(naming, journey)


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    world = World(lambda: NOW)
    with arxiv_server.serving(world) as base:
        monkeypatch.setenv("TUI_READER_ARXIV", base)
        yield world


def test_a_paper_that_is_not_stored_is_asked_for_after_a_word(naming: Store, world: World) -> None:
    async def journey(reader: Reader) -> None:
        await reader.press("O", "3")
        assert f"{ELSEWHERE} is not stored; ask arXiv for its record?" in reader.screen
        await reader.press("n")
        assert not world.hits
        await reader.press("O", "3", "y")
        await reader.until("1 of 38")
        assert ELSEWHERE in reader.screen

    walk(naming, journey)


def test_where_nothing_is_named_that_is_said(sample: Store) -> None:
    async def journey(reader: Reader) -> None:
        await reader.press("O")
        assert reader.footer == "No address or other paper is named here."

    walk(sample, journey)
