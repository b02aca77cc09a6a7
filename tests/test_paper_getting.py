"""Getting the texts of papers: once, politely, and what is said where there is none."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import arxiv_server
from tests.arxiv_server import Answer, World
from tests.conftest import NOW, Cli
from tests.driver import Reader, walk
from tests.test_paper_page import article
from tests.test_paper_screen import LIBRARY
from tui_reader import full_text
from tui_reader.handing_on import target
from tui_reader.model import Paper, PaperId, Reading
from tui_reader.store import Store

ID = PaperId("2401.00001")
BODY = "<div class='ltx_para'><p class='ltx_p'>The text of the paper is here. " + "More. " * 200
GONE = "<html><body><h1>No HTML for '2401.00001v2'</h1></body></html>"


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    monkeypatch.setattr("tui_reader.fetch.turns.PAUSES", {"site": 0.0, "services": 0.0})
    monkeypatch.setattr("tui_reader.fetch.client.PAUSES", {"site": 0.0, "services": 0.0})
    world = World(lambda: NOW)
    world.texts = {"2401.00001v2": article(BODY), "2401.00001": article(BODY)}
    with arxiv_server.serving(world) as base:
        monkeypatch.setenv("TUI_READER_ARXIV", base)
        yield world


@pytest.fixture
def library(store: Store) -> Store:
    paper = Paper(ID, "A Title", ("Ann Bo",), "An abstract.", ("math.CO",), version=2)
    store.save(Reading("test", (), (paper,)), NOW)
    return store


def test_a_text_is_fetched_when_asked_for_and_once(library: Store, world: World) -> None:
    async def journey(reader: Reader) -> None:
        for _ in range(2):
            await reader.press("g", "t")
            await reader.until("The text of the paper is here.")
            await reader.press("Esc")

    walk(library, journey, view=LIBRARY)
    assert world.hits == ["/html/2401.00001v2"]
    [copy] = full_text.copies(library.paths, ID)
    assert copy.file.stat().st_mode & 0o777 == 0o600


def test_where_arxiv_has_none_that_is_said_and_not_asked_again(
    library: Store, world: World
) -> None:
    world.texts = {"2401.00001v2": Answer(404, GONE)}

    async def journey(reader: Reader) -> None:
        for _ in range(2):
            await reader.press("g", "t")
            await reader.until("arXiv has no HTML of this paper")
            await reader.press("j")

    walk(library, journey, view=LIBRARY)
    assert world.hits == ["/html/2401.00001v2"]


def test_where_the_listing_offers_no_html_nothing_is_asked(store: Store, world: World) -> None:
    paper = Paper(ID, "A Title", categories=("math.CO",), formats=("pdf",))
    store.save(Reading("test", (), (paper,)), NOW)

    async def journey(reader: Reader) -> None:
        await reader.press("g", "t")
        await reader.until("arXiv has no HTML of 2401.00001; p opens the PDF.")

    walk(store, journey, view=LIBRARY)
    assert not world.hits


def test_an_answer_that_was_cut_off_is_asked_for_once_more(cli: Cli, world: World) -> None:
    world.texts["2401.00001"] = article(BODY)[:-200]
    assert json.loads(cli("text 2401.00001 --json").out)["state"] == "cut"
    assert world.hits == ["/html/2401.00001"] * 2


def test_texts_are_got_for_a_journey(library: Store, cli: Cli, world: World) -> None:
    assert cli("get --text math.CO:").code  # a query that is none
    done = cli("get --text cat:math.CO")
    assert done.lines[-1] == "1 paper, 0 were here before."
    assert cli(f"get --text {ID}").lines[-1] == "1 paper, 1 was here before."
    assert world.hits == ["/html/2401.00001"]


def test_a_newer_version_is_offered_and_not_taken(library: Store, world: World) -> None:
    older = article(BODY).replace(b"2401.00001v2", b"2401.00001v1")
    full_text.keep(library.paths, older)

    async def journey(reader: Reader) -> None:
        await reader.press("g", "t")
        assert "Version 2 is out" in reader.screen
        assert not world.hits
        await reader.press("r")
        await reader.until("arXiv:2401.00001v2")

    walk(library, journey, view=LIBRARY)


def test_a_picture_is_fetched_once_and_kept(library: Store, world: World) -> None:
    address = "https://arxiv.org/html/2401.00001v2/x1.png"
    world.texts["2401.00001v2/x1.png"] = Answer(200, b"\x89PNG", "image/png")
    for _ in range(2):
        file = full_text.fetch_picture(library.paths, "", address, lambda said: None)
    assert file.read_bytes() == b"\x89PNG"
    assert world.hits == ["/html/2401.00001v2/x1.png"]


def test_where_there_is_no_html_the_text_of_the_pdf_is_shown(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    paper = Paper(ID, "A Title", categories=("math.CO",), formats=("pdf",))
    store.save(Reading("test", (), (paper,)), NOW)
    file = Path(target(store.paths, paper, "pdf"))
    file.parent.mkdir(parents=True)
    file.write_bytes(b"%PDF-")
    program = tmp_path / "pdftotext"
    program.write_text("#!/bin/sh\nprintf 'Two  columns\\033[2J\\n'\n")
    program.chmod(0o700)
    monkeypatch.setenv("PATH", f"{tmp_path}:/bin:/usr/bin")

    async def journey(reader: Reader) -> None:
        await reader.press("g", "t")
        await reader.until("arXiv has no HTML of 2401.00001; The text of the PDF:")
        assert "Two  columns" in reader.screen

    walk(store, journey, view=LIBRARY)


def test_scripts_ask_nothing_where_the_listing_offers_no_html(
    store: Store, cli: Cli, world: World
) -> None:
    paper = Paper(ID, "A Title", categories=("math.CO",), formats=("pdf",))
    store.save(Reading("test", (), (paper,)), NOW)
    assert json.loads(cli(f"text {ID} --json").out)["state"] == "none"
    assert cli(f"get --text {ID}").lines[-1] == "0 papers, 0 were here before."
    assert not world.hits


@pytest.mark.parametrize(
    ("page", "state"),
    [
        (b"<html><body><h1>An old paper</h1><p>Text.</body></html>", "native"),
        (b"<html><body><h1>No document for '2401.00001'</h1></body></html>", "unknown"),
        (b"<html><body><h1>This paper has been withdrawn</h1></body></html>", "withdrawn"),
        (article("<p class='ltx_p'>x</p>").replace(b"2401.00001", b"2401.00009"), "other"),
        (b"<html><body><div class='ltx_page_content'></div></body></html>", "stub"),
    ],
)
def test_what_came_is_told_by_its_code(cli: Cli, world: World, page: bytes, state: str) -> None:
    world.texts["2401.00001"] = page
    assert json.loads(cli("text 2401.00001 --json").out)["state"] == state
