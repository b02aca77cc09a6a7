"""Papers on their way out of the command line: exported, shown, and piped by their identifiers."""

import io
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import SAMPLE
from tui_reader import export
from tui_reader.cli import run, shell

Capture = pytest.CaptureFixture[str]
Patch = pytest.MonkeyPatch


@pytest.fixture(autouse=True)
def imported(own_home: Path, capsys: Capture) -> None:
    run(["import", str(SAMPLE)])
    capsys.readouterr()


def type_in(monkeypatch: Patch, text: str | bytes) -> None:
    data = text if isinstance(text, bytes) else text.encode()
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data)))


def piped(script: str) -> subprocess.CompletedProcess[str]:
    """Run a shell script in which `reader` is the program."""
    reader = f'reader() {{ "{sys.executable}" -m tui_reader "$@"; }}\n'
    return subprocess.run(
        ["sh", "-c", reader + script], capture_output=True, text=True, check=False
    )


def test_the_starred_papers_go_to_bibtex_through_a_pipe() -> None:
    run(["star", "2603.00357", "2603.00356"])
    done = piped("reader list is:starred --ids | reader export --format bibtex -")
    assert done.returncode == 0
    assert done.stderr == ""
    assert "@misc{lee2026spare," in done.stdout
    assert done.stdout.count("eprint=") == 2


def test_every_form_writes_every_paper(capsys: Capture) -> None:
    for form in export.FORMATS:
        assert run(["export", "--format", form]) == 0
        assert capsys.readouterr().out.count("2603.00357") >= 1, form


def test_the_forms_of_the_command_are_those_there_are(capsys: Capture) -> None:
    with pytest.raises(SystemExit, match="0"):
        run(["export", "--help"])
    named = re.search(r"--format \{(.*?)\}", capsys.readouterr().out)
    assert named
    assert named[1].split(",") == list(export.FORMATS)


def test_export_takes_a_query_and_its_negations(capsys: Capture) -> None:
    assert run(["export", "--format", "plain", "ti:stacked", "-token"]) == 0
    assert capsys.readouterr().out.startswith("Jin Lee, ")
    assert run(["export", "-stacked", "ti:stacked"]) == 1
    assert "Nothing matches." in capsys.readouterr().err


def test_export_takes_identifiers_in_the_order_given(capsys: Capture) -> None:
    assert run(["export", "--format", "jsonl", "arXiv:2603.00477v1", "2603.00356"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [json.loads(line)["id"] for line in lines] == ["2603.00477", "2603.00356"]


def test_list_and_export_write_the_same_json(capsys: Capture) -> None:
    run(["list", "--json"])
    listed = capsys.readouterr().out
    run(["export", "--format", "jsonl"])
    assert capsys.readouterr().out == listed


def test_of_a_paper_that_is_not_stored_the_identifier_goes_out_and_that_is_said(
    capsys: Capture,
) -> None:
    assert run(["export", "hep-th/9901001"]) == 1
    printed = capsys.readouterr()
    assert "eprint={hep-th/9901001}" in printed.out
    assert "hep-th/9901001: not stored" in printed.err


# Files


@pytest.mark.parametrize(
    ("name", "begins"), [("a.bib", "@misc{"), ("a.ris", "TY  - "), ("a.MD", "- ["), ("a", "@misc{")]
)
def test_the_ending_of_the_file_tells_the_form(tmp_path: Path, name: str, begins: str) -> None:
    assert run(["export", "2603.00357", "-o", str(tmp_path / name)]) == 0
    assert (tmp_path / name).read_text("utf-8").startswith(begins)
    assert [file.name for file in tmp_path.iterdir() if file.name != "home"] == [name]


def test_a_file_that_exists_is_replaced_only_with_force(capsys: Capture, tmp_path: Path) -> None:
    file = tmp_path / "papers.bib"
    file.write_text("mine")
    file.chmod(0o640)
    assert run(["export", "2603.00357", "-o", str(file)]) == 3
    assert "papers.bib: exists already" in capsys.readouterr().err
    assert file.read_text() == "mine"
    assert run(["export", "2603.00357", "--force", "-o", str(file)]) == 0
    assert "lee2026spare" in file.read_text("utf-8")
    assert file.stat().st_mode & 0o777 == 0o640


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    (tmp_path / "real.bib").write_text("mine")
    (tmp_path / "link.bib").symlink_to(tmp_path / "real.bib")
    assert run(["export", "2603.00357", "--force", "-o", str(tmp_path / "link.bib")]) == 0
    assert (tmp_path / "link.bib").is_symlink()
    assert "lee2026spare" in (tmp_path / "real.bib").read_text("utf-8")


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("no/such/a.bib", "No such file or directory"),
        ("home", "not a file to write"),
        ("x" * 300, "name too long"),
        ("a\0b", "null"),
    ],
)
def test_a_path_that_can_not_be_written_is_named(
    capsys: Capture, tmp_path: Path, name: str, said: str
) -> None:
    assert run(["export", "--force", "2603.00357", "-o", str(tmp_path / name)]) == 3
    error = capsys.readouterr().err
    assert said in error
    assert "Traceback" not in error
    assert [file.name for file in tmp_path.iterdir()] == ["home"]


def test_a_device_is_never_replaced(capsys: Capture) -> None:
    assert run(["export", "--force", "2603.00357", "-o", os.devnull]) == 3
    assert "not a file to write" in capsys.readouterr().err
    assert not Path(os.devnull).is_file()


def test_an_export_that_breaks_off_leaves_nothing_and_keeps_what_was_there(
    tmp_path: Path, monkeypatch: Patch
) -> None:
    file = tmp_path / "a.bib"
    file.write_text("mine")

    def interrupted(_: int) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "fsync", interrupted)
    assert run(["export", "--force", "2603.00357", "-o", str(file)]) == shell.INTERRUPTED
    assert file.read_text() == "mine"
    assert sorted(file.name for file in tmp_path.iterdir()) == ["a.bib", "home"]


def test_nothing_found_writes_no_file(tmp_path: Path) -> None:
    assert run(["export", "zzzz", "-o", str(tmp_path / "a.bib")]) == 1
    assert not (tmp_path / "a.bib").exists()


def test_an_unknown_form_is_wrong_usage(capsys: Capture) -> None:
    with pytest.raises(SystemExit, match="2"):
        run(["export", "--format", "endnote"])
    error = capsys.readouterr().err
    assert "endnote" in error
    assert "bibtex" in error


# Pipes


@pytest.mark.parametrize("form", list(export.FORMATS))
def test_a_closed_pipe_is_no_error(form: str) -> None:
    done = piped(f"reader export --format {form} | head -n 1")
    assert done.stdout.count("\n") == 1
    assert done.stderr == ""


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no full disk here")
@pytest.mark.parametrize("command", ["export", "list", "show 2603.00357"])
def test_a_full_disk_behind_the_pipe_is_said(command: str) -> None:
    done = piped(f"reader {command} > /dev/full")
    assert done.returncode == 3
    assert done.stderr == "tui-reader: standard output: No space left on device\n"


def test_export_is_utf8_whatever_the_locale() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tui_reader", "export", "--format", "jsonl"],
        capture_output=True,
        check=True,
        env={**os.environ, "PYTHONIOENCODING": "latin-1"},
    )
    text = done.stdout.decode("utf-8")
    assert not text.isascii()
    assert "?" not in json.loads(text.splitlines()[1])["title"]


# Identifiers on standard input


def test_identifiers_are_read_in_every_form_each_once(capsys: Capture, monkeypatch: Patch) -> None:
    type_in(monkeypatch, "2603.00357\n\n  arXiv:2603.00356v2 \r\nhttps://arxiv.org/abs/2603.00357")
    assert run(["star", "-"]) == 0
    assert [line.split()[0] for line in capsys.readouterr().out.splitlines()] == [
        "2603.00357", "2603.00356",
    ]  # fmt: skip


def test_lines_of_list_are_identifiers_too(capsys: Capture, monkeypatch: Patch) -> None:
    run(["list", "ti:stacked"])
    type_in(monkeypatch, capsys.readouterr().out)
    assert run(["skip", "-"]) == 0
    assert "2603.00357\tskipped read\t" in capsys.readouterr().out


@pytest.mark.parametrize("command", ["star", "export", "show"])
@pytest.mark.parametrize(
    "junk", [b"Dear aunt", b"\xff\xfe\x00", b"\x1b]0;pwned\x07", b"x" * 200_000, b"2613.00001"]
)
def test_junk_on_standard_input_is_named_and_nothing_is_done(
    capsys: Capture, monkeypatch: Patch, command: str, junk: bytes
) -> None:
    type_in(monkeypatch, b"2603.00357\n" + junk + b"\n2603.00356\n")
    assert run([command, "-"]) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert "standard input, line 2: " in printed.err
    assert len(printed.err) < 300
    assert "\x1b" not in printed.err
    assert run(["list", "is:starred"]) == 1


@pytest.mark.parametrize("command", ["star", "export", "show"])
def test_no_identifiers_on_standard_input_are_no_match(
    capsys: Capture, monkeypatch: Patch, command: str
) -> None:
    type_in(monkeypatch, "\n")
    assert run([command, "-"]) == 1
    assert "no identifiers on standard input" in capsys.readouterr().err


# Show


def test_show_tells_all_of_a_paper(capsys: Capture) -> None:
    run(["star", "2603.00357"])
    capsys.readouterr()
    assert run(["show", "2603.00357"]) == 0
    text = capsys.readouterr().out
    for told in ("SPARe: Stacked", "Jin Lee, Zhonghao Chen", "cs.DC 2026-03-03 (new)", "starred",
                 "https://arxiv.org/abs/2603.00357", "failures become the norm"):  # fmt: skip
        assert told in text


def test_show_wraps_to_the_terminal(capsys: Capture, monkeypatch: Patch) -> None:
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    monkeypatch.setenv("COLUMNS", "50")
    assert run(["show", "2603.00357"]) == 0
    assert max(map(len, capsys.readouterr().out.splitlines())) < 50


def test_show_names_what_is_not_stored_and_shows_the_rest(capsys: Capture) -> None:
    assert run(["show", "--json", "2603.00357", "hep-th/9901001"]) == 1
    printed = capsys.readouterr()
    assert json.loads(printed.out)["id"] == "2603.00357"
    assert "hep-th/9901001: not stored" in printed.err
