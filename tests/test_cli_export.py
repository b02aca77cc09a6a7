"""Papers on their way out of the command line: exported, shown, and piped by their identifiers."""

import io
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import Cli
from tui_reader import export
from tui_reader.cli import shell

Patch = pytest.MonkeyPatch
pytestmark = pytest.mark.usefixtures("imported")


def type_in(monkeypatch: Patch, text: bytes) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(text)))


def piped(script: str) -> subprocess.CompletedProcess[str]:
    """Run a shell script in which `reader` is the program."""
    reader = f'reader() {{ "{sys.executable}" -m tui_reader "$@"; }}\n'
    return subprocess.run(
        ["sh", "-c", reader + script], capture_output=True, text=True, check=False
    )


def test_the_starred_papers_go_to_bibtex_through_a_pipe(cli: Cli) -> None:
    cli("star 2603.00357 2603.00356")
    done = piped("reader list is:starred --ids | reader export --format bibtex -")
    assert done.returncode == 0
    assert done.stderr == ""
    assert "@misc{lee2026spare," in done.stdout
    assert done.stdout.count("eprint=") == 2


@pytest.mark.parametrize("form", export.FORMATS)
def test_every_form_writes_every_paper_and_may_be_cut_off(cli: Cli, form: str) -> None:
    assert "2603.00357" in cli(f"export --format {form}").out
    done = piped(f"reader export --format {form} | head -n 1")
    assert done.stdout.count("\n") == 1
    assert done.stderr == ""


def test_the_forms_of_the_command_are_those_there_are(cli: Cli) -> None:
    named = re.search(r"--format \{(.*?)\}", cli("export --help").out)
    assert named
    assert named[1].split(",") == list(export.FORMATS)
    answer = cli("export --format endnote")
    assert answer.code == 2
    assert re.search("endnote.*bibtex", answer.err)


def test_export_takes_a_query_and_its_negations(cli: Cli) -> None:
    assert cli("export --format plain ti:stacked -token").out.startswith("Jin Lee, ")
    assert cli("export -stacked ti:stacked") == (1, "", "Nothing matches.\n")


def test_export_takes_identifiers_in_the_order_given(cli: Cli) -> None:
    lines = cli("export --format jsonl arXiv:2603.00477v1 2603.00356").lines
    assert [json.loads(line)["id"] for line in lines] == ["2603.00477", "2603.00356"]


def test_list_and_export_write_the_same_json(cli: Cli) -> None:
    assert cli("export --format jsonl").out == cli("list --json").out


def test_of_a_paper_that_is_not_stored_the_identifier_goes_out_and_that_is_said(cli: Cli) -> None:
    answer = cli("export hep-th/9901001")
    assert answer.code == 1
    assert "eprint={hep-th/9901001}" in answer.out
    assert "hep-th/9901001: not stored" in answer.err


# Files


@pytest.mark.parametrize(
    ("name", "begins"), [("a.bib", "@misc{"), ("a.ris", "TY  - "), ("a.MD", "- ["), ("a", "@misc{")]
)
def test_the_ending_of_the_file_tells_the_form(
    cli: Cli, tmp_path: Path, name: str, begins: str
) -> None:
    assert cli("export 2603.00357 -o", tmp_path / name).code == 0
    assert (tmp_path / name).read_text("utf-8").startswith(begins)
    assert [file.name for file in tmp_path.iterdir()] == [name]


def test_a_file_that_exists_is_replaced_only_with_force(cli: Cli, tmp_path: Path) -> None:
    file, link = tmp_path / "papers.bib", tmp_path / "link.bib"
    file.write_text("mine")
    file.chmod(0o640)
    link.symlink_to(file)
    answer = cli("export 2603.00357 -o", file)
    assert answer.code == 3
    assert "papers.bib: exists already" in answer.err
    assert file.read_text() == "mine"
    assert cli("export 2603.00357 --force -o", link).code == 0
    assert "lee2026spare" in file.read_text("utf-8")
    assert file.stat().st_mode & 0o777 == 0o640
    assert link.is_symlink()


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("no/such/a.bib", "No such file or directory"),
        ("folder", "not a file to write"),
        (os.devnull, "not a file to write"),
        ("x" * 300, "name too long"),
        ("a\0b", "null"),
    ],
)
def test_a_path_that_can_not_be_written_is_named(
    cli: Cli, tmp_path: Path, name: str, said: str
) -> None:
    (tmp_path / "folder").mkdir()
    answer = cli("export --force 2603.00357 -o", tmp_path / name)
    assert answer.code == 3
    assert said in answer.err
    assert [file.name for file in tmp_path.iterdir()] == ["folder"]
    assert not Path(os.devnull).is_file()


def test_an_export_that_breaks_off_leaves_nothing_and_keeps_what_was_there(
    cli: Cli, tmp_path: Path, monkeypatch: Patch
) -> None:
    file = tmp_path / "a.bib"
    file.write_text("mine")

    def interrupted(_: int) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "fsync", interrupted)
    assert cli("export --force 2603.00357 -o", file).code == shell.INTERRUPTED
    assert file.read_text() == "mine"
    assert [file.name for file in tmp_path.iterdir()] == ["a.bib"]


def test_nothing_found_writes_no_file(cli: Cli, tmp_path: Path) -> None:
    assert cli("export zzzz -o", tmp_path / "a.bib").code == 1
    assert not (tmp_path / "a.bib").exists()


# Pipes


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no full disk here")
@pytest.mark.parametrize("command", ["export", "list", "show 2603.00357"])
def test_a_full_disk_behind_the_pipe_is_said(command: str) -> None:
    done = piped(f"reader {command} > /dev/full")
    assert done.returncode == 3
    assert done.stderr == "tui-reader: standard output: No space left on device\n"


def test_export_is_utf8_whatever_the_locale() -> None:
    done = piped("PYTHONIOENCODING=latin-1 reader export --format jsonl")
    assert not done.stdout.isascii()
    assert "?" not in json.loads(done.stdout.splitlines()[1])["title"]


# Identifiers on standard input


def test_identifiers_are_read_in_every_form_each_once(cli: Cli, monkeypatch: Patch) -> None:
    type_in(monkeypatch, b"2603.00357\n\n arXiv:2603.00356v2 \r\nhttps://arxiv.org/abs/2603.00357")
    told = [line.split()[0] for line in cli("star -").lines]
    assert told == ["2603.00357", "2603.00356"]


def test_lines_of_list_are_identifiers_too(cli: Cli, monkeypatch: Patch) -> None:
    type_in(monkeypatch, cli("list ti:stacked").out.encode())
    assert "2603.00357\tskipped read\t" in cli("skip -").out


@pytest.mark.parametrize("command", ["star", "export", "show"])
@pytest.mark.parametrize(
    "junk", [b"Dear aunt", b"\xff\xfe\x00", b"\x1b]0;pwned\x07", b"x" * 200_000, b"2613.00001"]
)
def test_junk_on_standard_input_is_named_and_nothing_is_done(
    cli: Cli, monkeypatch: Patch, command: str, junk: bytes
) -> None:
    type_in(monkeypatch, b"2603.00357\n" + junk + b"\n2603.00356\n")
    answer = cli(f"{command} -")
    assert (answer.code, answer.out) == (2, "")
    assert "standard input, line 2: " in answer.err
    assert len(answer.err) < 300
    assert "\x1b" not in answer.err
    assert cli("list is:starred").code == 1


@pytest.mark.parametrize("command", ["star", "export", "show"])
def test_no_identifiers_on_standard_input_are_no_match(
    cli: Cli, monkeypatch: Patch, command: str
) -> None:
    type_in(monkeypatch, b"\n")
    assert cli(f"{command} -") == (1, "", "There are no identifiers on standard input.\n")


# Show


def test_show_tells_all_of_a_paper(cli: Cli) -> None:
    cli("star 2603.00357")
    text = cli("show 2603.00357").out
    for told in ("SPARe: Stacked", "Jin Lee, Zhonghao Chen", "cs.DC 2026-03-03 (new)", "starred",
                 "https://arxiv.org/abs/2603.00357", "failures become the norm"):  # fmt: skip
        assert told in text


def test_show_wraps_to_the_terminal(cli: Cli, monkeypatch: Patch) -> None:
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    monkeypatch.setenv("COLUMNS", "50")
    assert max(map(len, cli("show 2603.00357").lines)) < 50


def test_show_names_what_is_not_stored_and_shows_the_rest(cli: Cli) -> None:
    answer = cli("show --json 2603.00357 hep-th/9901001")
    assert answer.code == 1
    assert json.loads(answer.out)["id"] == "2603.00357"
    assert "hep-th/9901001: not stored" in answer.err
