"""A person's own BibTeX file: what is starred goes in once, and nothing else in it changes."""

import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.conftest import ROOT, Answer, Cli
from tests.driver import Reader, walk
from tui_reader.bibliography import Brought, changed
from tui_reader.config import Config
from tui_reader.errors import TuiReaderError
from tui_reader.model import Item, Paper, PaperId
from tui_reader.store import Store

ID = PaperId("2603.00356")
PAPER = Item(Paper(ID, "Token Management", ("Jin Lee",), categories=("cs.DC",)))
OTHER = Item(Paper(PaperId("hep-th/9901001"), "Strings & {Braces}", ("X. Y. Zhu",)))
MINE = """\
% Encoding: UTF-8
@string{ jcap = "JCAP" }

@Article{lee2026token,   % mine
  title   = {Another {Thing}},
\tjournal = jcap # " x",
  doi     = "10.1145/3620666",
}
@comment{jabref-meta: grouping: 0 AllEntriesGroup:;}
"""


def put(text: str, *items: Item) -> str:
    return changed(text, "refs.bib", items, ())[0]


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("text", ["", "\n", MINE, MINE.rstrip(), MINE + "\n"])
def test_an_entry_comes_at_the_end_and_goes_again(text: str, end: str) -> None:
    text = text.replace("\n", end)
    after = put(text, PAPER)
    assert after.startswith(text)
    assert "eprint={2603.00356}" in after
    assert ("lee2026token-2603.00356" in after) == ("mine" in text)
    assert ("\r" in after) == ("\r" in text)
    again, done = changed(after, "refs.bib", (), [PAPER])
    assert done == Brought(removed=1)
    assert again.rstrip(end) == text.rstrip(end)
    if text.endswith(end):
        assert again == text


@pytest.mark.parametrize(
    "held",
    [
        "@misc{x, eprint={2603.00356}, archivePrefix={arXiv}}",
        "@misc{x, url = {https://arxiv.org/abs/2603.00356v2}}",
        '@misc{x, doi = "10.48550/arXiv.2603.00356"}',
        "@article{x, doi = {https://doi.org/10.1/ABC}}",
    ],
)
def test_what_is_there_is_not_put_in_again(held: str) -> None:
    paper = Item(Paper(ID, "T", doi="10.1/abc"))
    assert put(held, paper) == held


def test_an_entry_that_was_edited_stays() -> None:
    edited = put(MINE, PAPER).replace("Token Management", "{T}oken {M}anagement")
    assert changed(edited, "refs.bib", (), [PAPER]) == (edited, Brought())


def test_behind_a_damaged_entry_nothing_is_put() -> None:
    with pytest.raises(TuiReaderError, match=r"refs\.bib: the entry 'x' is damaged"):
        put("@misc{x, title = {never closed", PAPER)


@given(st.text())
def test_any_text_stays_as_it_is_before_what_is_put_in(text: str) -> None:
    try:
        after = put(text, PAPER, OTHER)
    except TuiReaderError:
        return
    assert after.startswith(text)


@pytest.mark.parametrize("name", ["where", "joined", "people", "one-line"])
def test_a_file_of_many_appends_is_the_same_byte_for_byte(name: str) -> None:
    file = ROOT / "tests" / "data" / "bibtex" / f"{name}.bib"
    text = after = file.read_bytes().decode()
    for number in range(1, 31):
        after = put(after, Item(Paper(PaperId(f"2603.{number:05}"), f"Title {number}")))
    assert after.startswith(text)
    assert after.count("eprint={2603.") == 30


# In the reader, and from the shell


def bib(tmp_path: Path) -> Config:
    (tmp_path / "refs.bib").write_text(MINE)
    return Config(bibliography=str(tmp_path / "refs.bib"))


async def until(reader: Reader, done: Callable[[], object]) -> None:
    for _ in range(400):
        await reader.pilot.pause(0.01)
        if done():
            return
    raise AssertionError(f"it did not come: {reader.footer}")


def test_a_star_puts_a_paper_in_and_undo_takes_it_out(sample: Store, tmp_path: Path) -> None:
    config, file = bib(tmp_path), tmp_path / "refs.bib"

    async def journey(reader: Reader) -> None:
        await reader.press("s")
        await until(reader, lambda: "2603.00356" in file.read_text())
        await until(reader, lambda: reader.footer == "refs.bib: 1 added.")
        await reader.press("j", "s")
        await until(reader, lambda: "2603.00357" in file.read_text())
        await reader.press("u", "u")
        await until(reader, lambda: file.read_text() == MINE)
        assert reader.footer.startswith("Took back: Star")

    walk(sample, journey, config=config)


def test_what_could_not_be_written_is_tried_again_with_the_next_star(
    sample: Store, tmp_path: Path
) -> None:
    config, file = bib(tmp_path), tmp_path / "refs.bib"

    async def journey(reader: Reader) -> None:
        await reader.press("s")
        await until(reader, lambda: "2603.00356" in file.read_text())
        sound = file.read_text()
        file.write_text(sound + "@article{half, title = {")
        await reader.press("s")
        await until(reader, lambda: "damaged" in reader.footer)
        file.write_text(sound)
        await reader.press("j", "s")
        await until(reader, lambda: "2603.00357" in file.read_text())
        assert "2603.00356" not in file.read_text()

    walk(sample, journey, config=config)


def test_a_new_file_asks_once_what_goes_in(sample: Store, tmp_path: Path) -> None:
    async def before(reader: Reader) -> None:
        await reader.press("2", "s")

    walk(sample, before)
    config, file = bib(tmp_path), tmp_path / "refs.bib"

    async def journey(reader: Reader) -> None:
        await reader.press("j", "j", "s")
        assert "refs.bib is new; put 2 earlier papers in, too?" in reader.screen
        await reader.press("y")
        await until(reader, lambda: file.read_text().count("eprint={") == 3)
        await until(reader, lambda: "3 added" in reader.footer)
        await reader.press("j", "s")
        await until(reader, lambda: file.read_text().count("eprint={") == 4)

    walk(sample, journey, config=config)


def test_export_offers_the_file_first(sample: Store, tmp_path: Path) -> None:
    config, file = bib(tmp_path), tmp_path / "refs.bib"

    async def journey(reader: Reader) -> None:
        await reader.press("v", "j", "e", "Enter")
        await until(reader, lambda: "2 added" in reader.footer)
        assert file.read_text().startswith(MINE)
        await reader.press("e", "Enter")
        await until(reader, lambda: "35 added" in reader.footer)

    walk(sample, journey, config=config)


@pytest.fixture
def sampled(cli: Cli, tmp_path: Path, own_home: Path) -> Callable[[str], Answer]:
    (tmp_path / "refs.bib").write_text(MINE)
    folder = own_home / "state" / "sample" / "config"
    folder.mkdir(parents=True)
    (folder / "config.toml").write_text(f'bibliography = "{tmp_path}/refs.bib"\n')
    return lambda command: cli(f"--sample {command}")


def test_the_shell_keeps_it_too(sampled: Callable[[str], Answer], tmp_path: Path) -> None:
    file = tmp_path / "refs.bib"
    assert "refs.bib: 1 added." in sampled("star 2603.00356").err
    assert "refs.bib: 1 removed." in sampled("unstar 2603.00356").err
    assert file.read_text() == MINE
    sampled("star 2603.00356 2603.00357")
    file.write_text(MINE)  # a person took them out
    assert "in step" in sampled("bibliography").err
    assert file.read_text() == MINE
    assert "2 added" in sampled("bibliography --all").err


def test_a_star_is_kept_though_the_file_can_not_be(
    sampled: Callable[[str], Answer], tmp_path: Path
) -> None:
    (tmp_path / "refs.bib").write_text("@misc{x, title = {never closed")
    answer = sampled("star 2603.00356")
    assert answer.code == 0
    assert "the entry 'x' is damaged" in answer.err
    (tmp_path / "refs.bib").write_text(MINE)
    assert "1 added" in sampled("bibliography").err


def test_several_writers_lose_nothing(
    sampled: Callable[[str], Answer], tmp_path: Path, own_home: Path
) -> None:
    from tui_reader.bibliography import Bibliography
    from tui_reader.config import Paths

    sampled("list --ids")
    config = Config(bibliography=str(tmp_path / "refs.bib"))
    paths = Paths.under(own_home)

    def add(number: int) -> None:
        item = Item(Paper(PaperId(f"2603.{number:05}"), f"Title {number}"))
        Bibliography(paths, config).add([item])

    threads = [threading.Thread(target=add, args=[number]) for number in range(1, 9)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    text = (tmp_path / "refs.bib").read_text()
    assert text.startswith(MINE)
    assert text.count("eprint={") == 8
