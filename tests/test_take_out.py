"""Papers on their way out of the app: copied, opened in other programs, written to files."""

import base64
import os
import re
import threading
import webbrowser
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from pathlib import Path

import pytest
from textual.app import App

from tests import arxiv_server
from tests.arxiv_server import Answer, World
from tests.conftest import NOW, Cli
from tests.driver import Reader, walk
from tui_reader.config import Config, Paths, change
from tui_reader.errors import TuiReaderError
from tui_reader.handing_on import target
from tui_reader.model import Marks, Paper, PaperId, Reading
from tui_reader.store import Kind, Store, View

PDF = b"%PDF-1.5\n" + b"0" * 100_000 + b"\n%%EOF\n"
FIRST = PaperId("2603.00356")  # of the sample listing


@pytest.fixture(autouse=True)
def elsewhere(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A graphical desktop without tmux, in a directory of its own, that knows no browser yet."""
    for name in ("TMUX", "BROWSER", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("DISPLAY", ":0")
    monkeypatch.setattr(webbrowser, "_tryorder", [])
    monkeypatch.setattr("tui_reader.programs.SECONDS_TO_FAIL", 30)
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def program(tmp_path: Path) -> Callable[..., str]:
    """Make a program that writes down its arguments, a line each, in `<name>.told`."""

    def make(name: str, then: str = "") -> str:
        file = tmp_path / name
        file.write_text(f'#!/bin/sh\nprintf "%s\\n" "$@" > "{file}.new"\n'
                        f'mv "{file}.new" "{file}.told"\n{then}\n')  # fmt: skip
        file.chmod(0o700)
        return str(file)

    return make


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    """An arXiv with one PDF."""
    world = World(lambda: NOW)
    world.pdfs[FIRST] = PDF
    with arxiv_server.serving(world) as base:
        monkeypatch.setenv("TUI_READER_ARXIV", base)
        yield world


def copied(reader: Reader, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return the texts that reach the terminal's clipboard from now on."""
    texts: list[str] = []

    def write(data: str) -> None:
        if found := re.fullmatch(r"\x1b\]52;c;([A-Za-z0-9+/=]*)\x07", data):
            texts.append(base64.b64decode(found[1]).decode())

    monkeypatch.setattr(reader.terminal, "write", write)
    return texts


def busy(reader: Reader) -> bool:
    return any(worker.is_running for worker in reader.app.workers)


async def until(reader: Reader, done: Callable[[], object]) -> None:
    for _ in range(400):
        await reader.pilot.pause(0.02)
        if done():
            return
    raise AssertionError(f"it did not come: {reader.footer}")


def told(program: str) -> list[str]:
    file = Path(f"{program}.told")
    return file.read_text().splitlines() if file.exists() else []


# Copying


@pytest.mark.parametrize(
    ("key", "text", "said"),
    [
        ("i", "2603.00356", "2603.00356"),
        ("u", "https://arxiv.org/abs/2603.00356", "https://arxiv.org/abs/2603.00356"),
        ("t", "Token Management in Multi-Tenant AI Inference Platforms", "Token Management in"),
        ("c", "arXiv:2603.00356 [cs.DC] (2026).", "Token Management in"),
        ("b", "      eprint={2603.00356},\n", "@misc{arxiv2026token,"),
    ],
)
def test_y_and_a_letter_copy_through_the_terminal(
    sample: Store, monkeypatch: pytest.MonkeyPatch, key: str, text: str, said: str
) -> None:
    async def journey(reader: Reader) -> None:
        clipboard = copied(reader, monkeypatch)
        await reader.press("y")
        assert reader.footer.startswith("i id  u url  b bibtex  t title  c citation")
        await reader.press(key)
        assert text in clipboard[0]
        assert reader.footer.startswith(f"Copied: {said}")

    walk(sample, journey)


def test_a_count_and_a_selection_copy_several(
    sample: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def journey(reader: Reader) -> None:
        clipboard = copied(reader, monkeypatch)
        await reader.press("3", "y", "i")
        assert reader.footer.startswith("Copied (3 papers): 2603.00356 2603.00357")
        await reader.press("v", "j", "y", "i")
        assert [len(text.split()) for text in clipboard] == [3, 2]
        assert "selected" not in reader.footer

    walk(sample, journey)


def test_what_was_copied_is_said_in_ascii_where_only_that_may_be(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    paper = Paper(FIRST, r"Erd\H{o}s and $\delta$")
    store.save(Reading("test", papers=(paper,)), NOW)

    async def journey(reader: Reader) -> None:
        clipboard = copied(reader, monkeypatch)
        await reader.press("y", "t")
        assert clipboard == ["Erdős and δ"]
        assert reader.footer == "Copied: Erdos and delta"

    walk(store, journey, view=View(Kind.LIBRARY), config=Config(ascii=True))


def test_what_no_clipboard_takes_is_said(sample: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    async def journey(reader: Reader) -> None:
        clipboard = copied(reader, monkeypatch)
        monkeypatch.setattr("tui_reader.ui.parts.take_out.MOST_COPIED", 500)
        await reader.press("9", "y", "b")
        assert reader.footer == "Too much for the clipboard; e writes it to a file."
        assert not clipboard

    walk(sample, journey)


def test_in_tmux_the_copy_goes_through_tmux(
    sample: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, program: Callable[..., str]
) -> None:
    tmux = program("tmux", f'cat > "{tmp_path}/clip"')
    monkeypatch.setenv("TMUX", "/tmp/tmux-0/default,1,0")
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")

    async def journey(reader: Reader) -> None:
        clipboard = copied(reader, monkeypatch)
        await reader.press("y", "i")
        assert told(tmux) == ["load-buffer", "-w", "-"]
        assert (tmp_path / "clip").read_text() == FIRST
        assert not clipboard
        program("tmux", "exit 1")  # one too old
        await reader.press("y", "i")
        assert clipboard == [FIRST]

    walk(sample, journey)


# Opening


@pytest.mark.parametrize(
    ("key", "url"),
    [
        ("o", "https://arxiv.org/abs/2603.00356"),
        ("h", "https://arxiv.org/html/2603.00356"),
    ],
)
def test_a_page_opens_in_the_browser_and_the_paper_is_read(
    sample: Store, program: Callable[..., str], key: str, url: str
) -> None:
    browser = program("fire fox", "sleep 9 &")

    async def journey(reader: Reader) -> None:
        await reader.press(key)
        assert not reader.selected.startswith("●")
        assert reader.footer == f"Opening {url}"
        await until(reader, lambda: told(browser))
        assert told(browser) == ["--new-tab", url]

    walk(sample, journey, config=Config(browser=f"'{browser}' --new-tab %s"))
    assert sample.marks([FIRST]) == {FIRST: Marks(read=True)}


def test_the_browser_of_the_environment_is_taken(
    sample: Store, monkeypatch: pytest.MonkeyPatch, program: Callable[..., str]
) -> None:
    browser = program("gui")
    monkeypatch.setenv("BROWSER", browser)
    monkeypatch.setattr(webbrowser, "_tryorder", None)
    monkeypatch.setattr(webbrowser, "_browsers", {})

    async def journey(reader: Reader) -> None:
        await reader.press("o")
        await until(reader, lambda: told(browser))

    walk(sample, journey)
    assert told(browser) == ["https://arxiv.org/abs/2603.00356"]


@pytest.mark.parametrize("display", [":0", ""])
def test_a_browser_in_the_terminal_has_it_to_itself(
    sample: Store, monkeypatch: pytest.MonkeyPatch, program: Callable[..., str], display: str
) -> None:
    browser = program("w3m" if display else "any")
    monkeypatch.setenv("DISPLAY", display)
    lent = []

    def suspend(app: App[None]) -> nullcontext[None]:
        lent.append(told(browser))
        return nullcontext()

    monkeypatch.setattr(App, "suspend", suspend)

    async def journey(reader: Reader) -> None:
        await reader.press("o")
        await until(reader, lambda: told(browser))
        await reader.press("j")
        assert "SPARe" in reader.selected

    walk(sample, journey, config=Config(browser=browser))
    assert lent == [[]]


@pytest.mark.parametrize(
    ("setting", "why"),
    [
        ("", "No browser is found (set browser)"),
        ("no-such-browser", "no-such-browser can't be run: No such file or directory"),
        ("'", "browser is no command: No closing quotation"),
        ("false", "false ended with an error (1)"),
    ],
)
def test_without_a_browser_the_address_is_copied(
    sample: Store, monkeypatch: pytest.MonkeyPatch, setting: str, why: str
) -> None:
    async def journey(reader: Reader) -> None:
        clipboard = copied(reader, monkeypatch)
        await reader.press("o")
        await until(reader, lambda: clipboard)
        await reader.pilot.pause()
        url = "https://arxiv.org/abs/2603.00356"
        assert clipboard == [url]
        assert reader.footer == f"{why}; copied: {url}"

    walk(sample, journey, config=Config(browser=setting))


def test_what_a_paper_does_not_have_is_said(sample: Store) -> None:
    async def journey(reader: Reader) -> None:
        await reader.press("D")
        assert reader.footer == "No DOI of 2603.00356 is known."

    walk(sample, journey)


# PDFs


def test_a_pdf_is_downloaded_once_and_opened(
    sample: Store, world: World, program: Callable[..., str]
) -> None:
    viewer = program("viewer")
    file = sample.paths.data / "pdf" / "2603.00356.pdf"

    async def journey(reader: Reader) -> None:
        await reader.press("p")
        await until(reader, lambda: told(viewer) and not busy(reader))
        assert told(viewer) == [str(file)]
        assert file.read_bytes() == PDF
        world.fault = lambda path: Answer(500, "down")
        Path(f"{viewer}.told").unlink()
        await reader.press("p")
        await until(reader, lambda: told(viewer) and not busy(reader))

    walk(sample, journey, config=Config(pdf_viewer=viewer))
    assert world.hits == ["/pdf/2603.00356"]
    assert file.stat().st_mode & 0o777 == 0o600
    assert sample.marks([FIRST]) == {FIRST: Marks(read=True)}


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        (Answer(404, "none"), "no page /pdf/2603.00356 (404)"),
        (Answer(200, "<html>sorry</html>"), "sent 'text/html', not what was asked for"),
        (Answer(200, PDF[:-10], "application/pdf"), "sent an answer that is empty or cut off"),
        (Answer(200, b"GIF89a", "application/pdf"), "sent an answer that is empty or cut off"),
    ],
)
def test_what_is_no_whole_pdf_is_not_kept(
    sample: Store, world: World, answer: Answer, why: str
) -> None:
    world.fault = lambda path: answer

    async def journey(reader: Reader) -> None:
        await reader.press("p")
        await until(reader, lambda: why in reader.screen)

    walk(sample, journey, config=Config(pdf_viewer="true"))
    assert not (sample.paths.data / "pdf").exists()


def test_a_pdf_under_way_shows_so_and_esc_ends_it(sample: Store, world: World) -> None:
    gate = threading.Event()
    world.fault = lambda path: Answer(500, "too late") if gate.wait(9) else None

    async def journey(reader: Reader) -> None:
        await reader.press("p")
        await until(reader, lambda: world.hits)
        await reader.press("p")
        assert reader.footer.startswith("On its way already; Esc ends it.")
        await until(reader, lambda: reader.footer.endswith("PDF 2603.00356"))
        await reader.press("Esc")
        await until(reader, lambda: reader.footer == "Ended; nothing was kept.")
        gate.set()

    walk(sample, journey)
    assert not (sample.paths.data / "pdf").exists()


def test_without_a_viewer_the_file_is_named(sample: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DISPLAY", "")
    file = sample.paths.data / "pdf" / "2603.00356.pdf"
    file.parent.mkdir(parents=True)
    file.write_bytes(PDF)

    async def journey(reader: Reader) -> None:
        clipboard = copied(reader, monkeypatch)
        await reader.press("p")
        await until(reader, lambda: clipboard)
        assert clipboard == [str(file)]

    walk(sample, journey)


# Files


async def export_as(reader: Reader, form: str, name: str) -> None:
    await reader.press("e")
    await reader.type(form)
    await reader.press("Enter", "Ctrl-u")
    await reader.type(name)
    await reader.press("Enter")


def test_what_is_shown_is_written_to_a_file_of_my_choice(sample: Store, tmp_path: Path) -> None:
    async def journey(reader: Reader) -> None:
        await reader.press("/")
        await reader.type("moe")
        await reader.press("Enter", "e")
        assert "Export (4) as" in reader.screen
        assert "Enter writes bibtex" in reader.screen
        await reader.press("Enter")
        assert " cs.DC-2026-03-03.bib" in reader.screen
        await reader.press("Enter")
        await until(reader, lambda: "4 written to" in reader.footer)

    walk(sample, journey)
    assert (tmp_path / "cs.DC-2026-03-03.bib").read_text("utf-8").count("@misc{") == 4


def test_a_selection_is_written_and_a_tilde_is_my_home(
    sample: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))

    async def journey(reader: Reader) -> None:
        await reader.press("v", "j")
        await export_as(reader, "ris", "~/two.ris")
        await until(reader, lambda: "2 written to" in reader.footer)

    walk(sample, journey)
    assert (tmp_path / "two.ris").read_text("utf-8").count("ER  -") == 2


def test_a_file_that_exists_is_replaced_only_after_asking(sample: Store, tmp_path: Path) -> None:
    file = tmp_path / "mine.csv"
    file.write_text("mine")

    async def journey(reader: Reader) -> None:
        await export_as(reader, "csv", "mine.csv")
        assert "mine.csv exists; replace it?" in reader.screen
        await reader.press("Enter")
        assert " File  " in reader.screen
        assert file.read_text() == "mine"
        await reader.press("Enter", "y")
        await until(reader, lambda: "37 written to" in reader.footer)

    walk(sample, journey)
    assert file.read_text("utf-8").startswith("id,version,title")


@pytest.mark.parametrize("name", ["no/such/a.bib", "folder", "~nobody-here/a.bib"])
def test_a_file_that_can_not_be_written_is_said(sample: Store, tmp_path: Path, name: str) -> None:
    (tmp_path / "folder").mkdir()

    async def journey(reader: Reader) -> None:
        await export_as(reader, "bibtex", name)
        await until(reader, lambda: re.search("can't be written|not a file", reader.footer))

    walk(sample, journey, size=(400, 40))
    assert [file.name for file in tmp_path.iterdir()] == ["folder"]


def test_a_file_in_a_directory_that_is_gone_is_said(sample: Store, tmp_path: Path) -> None:
    (tmp_path / "gone").mkdir()
    os.chdir(tmp_path / "gone")
    (tmp_path / "gone").rmdir()

    async def journey(reader: Reader) -> None:
        await export_as(reader, "bibtex", "a.bib")
        await until(reader, lambda: "a.bib: can't be written" in reader.footer)

    walk(sample, journey)


# From the command line


def test_open_shows_papers_and_says_what_it_opened(
    sample: Store, program: Callable[..., str], cli: Cli
) -> None:
    change(sample.paths.config, "browser", program("gui"))
    url = "https://arxiv.org/html/2603.00356"
    assert cli("open 2603.00356 --html") == (0, f"{url}\n", "")
    assert told("gui") == [url]
    assert cli("list --ids is:read").code == 0


def test_open_pdf_downloads_it_once(
    sample: Store, world: World, program: Callable[..., str], cli: Cli
) -> None:
    change(sample.paths.config, "pdf_viewer", program("viewer"))
    for _ in range(2):
        assert cli("open --pdf 2603.00356").lines == told("viewer")
    assert len(world.hits) == 1


def test_open_without_a_browser_says_where_to_look(sample: Store, cli: Cli) -> None:
    assert cli("open 2603.00356") == (
        3,
        "https://arxiv.org/abs/2603.00356\n",
        "tui-reader: No browser is found (set browser)\n",
    )


@pytest.mark.parametrize(
    ("doi", "url"),
    [
        ("10.1145/1, 10.1145/2", "https://doi.org/10.1145/1"),
        ("10.1002/(SICI)1<1::AID>3.0.CO;2-C",
         "https://doi.org/10.1002/(SICI)1%3C1::AID%3E3.0.CO;2-C"),
        ("10.1145/a?b#c", "https://doi.org/10.1145/a%3Fb%23c"),
        ("10.1145/%2e%2e", "https://doi.org/10.1145/%252e%252e"),
        ("javascript:alert(1)", None), ("--version", None), ("../x", None),
        (None, None),
    ],
)  # fmt: skip
def test_only_a_doi_makes_an_address_of_a_doi(
    paths: Paths, doi: str | None, url: str | None
) -> None:
    paper = Paper(FIRST, "", doi=doi)
    if url:
        assert target(paths, paper, "doi") == url
    else:
        with pytest.raises(TuiReaderError, match="No DOI"):
            target(paths, paper, "doi")


def test_each_version_of_a_pdf_has_a_file_of_its_own(paths: Paths) -> None:
    old = Paper(PaperId("hep-th/9901001"), "", version=2)
    assert target(paths, old, "pdf") == paths.data / "pdf" / "hep-th-9901001v2.pdf"
