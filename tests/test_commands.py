"""Papers given to command lines: piped, filled in, and by actions of a person's own."""

import shutil
import subprocess
from contextlib import nullcontext
from pathlib import Path

import pytest
from textual.app import App

from tests.driver import Reader, walk
from tui_reader import programs
from tui_reader.config import FORMS, OWN_ACTION, Config, OwnAction, Paths, read
from tui_reader.errors import Cancelled, TuiReaderError
from tui_reader.handing_on import FILLED, filled, filled_for_shell, parted
from tui_reader.handing_on import FORMS as WRITTEN
from tui_reader.model import Paper, PaperId
from tui_reader.store import Store

ID = PaperId("2603.00356")
NASTY = [
    'Don\'t "quote" $(touch owned) `touch owned` $HOME',
    "two\nlines; touch owned",
    "-rf /",
    "{id} and {title}",
    "*",
    "\\",
    "",
]


@pytest.fixture(autouse=True)
def own_shell(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("SHELL", "/bin/sh")
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def no_screen(monkeypatch: pytest.MonkeyPatch) -> None:
    """A terminal that is lent without more ado."""
    monkeypatch.setattr(App, "suspend", lambda _: nullcontext())


async def run(reader: Reader, key: str, line: str) -> None:
    await reader.press(key)
    await reader.type(line)
    await reader.press("Enter")


def test_each_form_has_its_name_in_the_settings() -> None:
    assert set(FORMS) == set(WRITTEN)
    assert all(f"{{{name}}}" in OWN_ACTION["command"].meaning for name in FILLED)


# What is filled in


@pytest.mark.parametrize("title", NASTY)
@pytest.mark.parametrize("shell", ["sh", "bash", "dash", "zsh", "fish"])
def test_no_title_is_anything_to_a_shell_but_a_text(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, title: str, shell: str
) -> None:
    if not (found := shutil.which(shell)):
        pytest.skip(f"{shell} is not here")
    monkeypatch.setenv("SHELL", found)
    monkeypatch.setitem(FILLED, "title", lambda *_: title)
    words = filled_for_shell(
        "printf '<%s>' {title} {id}", Paths.under(tmp_path), [Paper(ID, title)]
    )
    written = subprocess.run(words, capture_output=True, check=True).stdout.decode()
    assert written == f"<{' ' * title.startswith('-')}{title}><{ID}>"
    assert not list(tmp_path.iterdir())


def test_a_word_that_names_something_becomes_one_for_each_paper(tmp_path: Path) -> None:
    papers = [Paper(ID, "-x"), Paper(PaperId("hep-th/9901001"), "B")]
    words = ["put", "--as={id}", "{title}", "{a,b}", "end"]
    assert filled(words, Paths.under(tmp_path), papers) == [
        *("put", "--as=2603.00356", "--as=hep-th/9901001"),
        *(" -x", "B", "{a,b}", "end"),
    ]


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("sort", ("jsonl", "sort")),
        ("bibtex: cat >> refs.bib", ("bibtex", "cat >> refs.bib")),
        ("id:xargs echo", ("id", "xargs echo")),
        ("ssh host: x", ("jsonl", "ssh host: x")),
    ],
)
def test_a_prefix_names_the_form(typed: str, meant: tuple[str, str]) -> None:
    assert parted(typed, "jsonl") == meant


# Running


def test_what_a_program_writes_is_taken_to_a_bound() -> None:
    assert programs.taken(["sh", "-c", "echo a; echo b >&2; exit 3"], None, lambda: False) == (
        "a\nb\n",
        3,
        False,
    )
    endless = programs.taken(["yes"], None, lambda: False)
    assert endless.cut
    assert len(endless.text) == programs.MOST_TAKEN


def test_a_program_that_hangs_is_ended_with_what_it_started() -> None:
    turns = iter([False, True])
    with pytest.raises(Cancelled):
        programs.taken(["sh", "-c", "sleep 1000 & sleep 1000"], None, lambda: next(turns, True))
    with pytest.raises(Cancelled):  # though it never stops writing
        programs.taken(["yes"], None, lambda: True)


def test_what_a_program_leaves_behind_is_not_waited_for() -> None:
    left = programs.taken(["sh", "-c", "sleep 5 & echo done"], None, lambda: False)
    assert left.text == "done\n"


def test_a_program_that_is_not_there_is_named() -> None:
    with pytest.raises(TuiReaderError, match="no-such-program can't be run"):
        programs.taken(["no-such-program"], None, lambda: False)


# In the screen


def test_papers_are_piped_to_a_command_and_its_answer_is_a_page(sample: Store) -> None:
    async def journey(reader: Reader) -> None:
        await reader.press("v", "j")
        await run(reader, "|", "bibtex: grep -c eprint; printf '\\033[31mred\\033[0m'")
        await reader.until("Esc back")
        assert reader.lines[0].strip() == "2"
        assert reader.lines[1].strip() == "red"
        await reader.press("Esc")
        assert "is done" in reader.footer
        await reader.press("|", "Up")
        assert "bibtex: grep -c eprint" in reader.screen

    walk(sample, journey)


def test_a_command_that_fails_says_so_with_what_it_wrote(sample: Store) -> None:
    async def journey(reader: Reader) -> None:
        await run(reader, "|", "echo oh no >&2; exit 7")
        await reader.until("ended with an error (7)")
        assert "oh no" in reader.screen

    walk(sample, journey)


def test_esc_ends_a_command_that_hangs(sample: Store) -> None:
    async def journey(reader: Reader) -> None:
        await run(reader, "|", "sleep 1000")
        await reader.until("Running sleep 1000")
        await reader.press("Esc")
        await reader.until("Ended; nothing was kept.")

    walk(sample, journey)


@pytest.mark.usefixtures("no_screen")
def test_a_typed_command_has_the_terminal_and_what_it_names(sample: Store, tmp_path: Path) -> None:
    async def journey(reader: Reader) -> None:
        await run(reader, "!", "echo {id} {title} > told")
        await reader.until("is done")
        told = (tmp_path / "told").read_text()
        assert told == f"{ID} Token Management in Multi-Tenant AI Inference Platforms\n"

    walk(sample, journey)


def test_tab_completes_what_is_on_the_path(
    sample: Store, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "zotero-put").touch(mode=0o700)
    monkeypatch.setenv("PATH", str(tmp_path))

    async def journey(reader: Reader) -> None:
        await reader.press("|")
        await reader.type("bibtex: zot")
        await reader.press("Tab")
        assert "bibtex: zotero-put" in reader.screen

    walk(sample, journey)


# Actions of a person's own


@pytest.fixture
def settings(tmp_path: Path) -> Path:
    return tmp_path / "config.toml"


def test_an_action_of_ones_own_has_its_key_and_stands_in_help_and_palette(
    sample: Store, settings: Path
) -> None:
    settings.write_text('[actions.count]\ncommand = "wc -l"\ninput = "id"\nkey = "g c"')

    async def journey(reader: Reader) -> None:
        await reader.press("3", "g", "c")
        await reader.until("Esc back")
        assert reader.lines[0].strip() == "3"
        await reader.press("Esc", ":")
        await reader.type("count")
        assert "Run wc -l" in reader.screen

    walk(sample, journey, config=read(settings.parent).config)


def test_what_is_wrong_with_an_action_is_said_with_its_line(settings: Path) -> None:
    settings.write_text(
        '[actions.mail]\ncommand = "mutt"\nkey = "s"\n'
        '[actions.b]\ncommand = ["x", "{pdf}"]\noutput = "pge"\n'
        '[actions.c]\ncommand = "a \'b"\n'
        '[actions.d]\ncommand = "a | b"\nshell = true\nkey = "nonsense"\n'
    )
    found = read(settings.parent)
    own = found.config.actions
    assert own["mail"] == OwnAction(("mutt",))
    assert own["d"] == OwnAction(("a | b",), shell=True)
    assert list(own) == ["mail", "d"]
    said = [problem.removeprefix(f"{settings}, ") for problem in found.problems]
    assert said[0].startswith("line 3: mail has no key: 's' of actions.mail and 's' of star")
    assert said[1].startswith("line 6: output is 'pge'; it must be \"page\"")
    assert said[2].startswith("line 8: the command of c must be a text")
    assert said[3].startswith("line 12: d has no key: key must be")


def test_an_action_without_a_key_is_found_by_its_name(sample: Store) -> None:
    async def journey(reader: Reader) -> None:
        await reader.press(":")
        await reader.type("quiet")
        await reader.press("Enter")
        await reader.until("quiet is done.")
        assert "Token Management" in reader.screen

    own = {"quiet": OwnAction(("sh", "-c", "echo nothing to see"), output="none")}
    walk(sample, journey, config=Config(actions=own))
