"""The command line, run as a person runs it."""

import io
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import NOW, SAMPLE
from tui_reader import importing
from tui_reader.cli import run
from tui_reader.config import save_filters
from tui_reader.errors import QueryError
from tui_reader.query import parse
from tui_reader.store import Store
from tui_reader.text import cells

Capture = pytest.CaptureFixture[str]


def test_import_says_what_it_read(capsys: Capture) -> None:
    assert run(["import", str(SAMPLE)]) == 0
    assert capsys.readouterr().out == (
        "cs.DC 2026-03-03: 37 entries (19 new, 5 cross, 13 replacement)\n"
        "37 of 37 papers new to the cache.\n"
    )


def test_importing_again_adds_nothing_twice(capsys: Capture) -> None:
    run(["import", str(SAMPLE)])
    capsys.readouterr()
    assert run([str(SAMPLE)]) == 0
    assert "0 of 37 papers new" in capsys.readouterr().out
    run(["list"])
    assert len(capsys.readouterr().out.splitlines()) == 37


def test_list_has_the_newest_papers_first(capsys: Capture) -> None:
    run(["import", str(SAMPLE)])
    capsys.readouterr()
    assert run(["list"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].split("\t") == [
        "2603.02075", "unread", "cs.DC",
        "Trident: Adaptive Scheduling for Heterogeneous Multimodal Data Pipelines",
    ]  # fmt: skip
    assert lines[-1].startswith("2305.04979\t")


def test_json_has_the_form_that_programs_rely_on(capsys: Capture) -> None:
    run(["import", str(SAMPLE)])
    run(["star", "2603.00766"])
    capsys.readouterr()
    assert run(["list", "--json", "id:2603.00766"]) == 0
    paper = json.loads(capsys.readouterr().out)
    abstract, source = paper.pop("abstract"), paper.pop("abstract_tex")
    assert paper == {
        "id": "2603.00766",
        "version": None,
        "title": "Black Hole Search: Dynamics, Distribution, and Emergence",
        "title_tex": "Black Hole Search: Dynamics, Distribution, and Emergence",
        "authors": [],
        "comments": None,
        "journal_ref": None,
        "doi": None,
        "categories": ["cs.DC"],
        "formats": ["pdf", "other"],
        "announcements": [
            {"category": "cs.DC", "date": "2026-03-03", "section": "new", "position": 7}
        ],
        "marks": {
            "starred": True,
            "read": False,
            "skipped": False,
            "tags": [],
            "note": None,
            "returned": False,
        },
    }
    assert r"\cite{BHS_gen}" in source
    assert "[BHS_gen]" in abstract


def test_every_verb_marks_and_its_opposite_takes_it_back(capsys: Capture) -> None:
    run(["import", str(SAMPLE)])

    def state(query: str) -> int:
        capsys.readouterr()
        return run(["list", query, "id:2603.00356"])

    for verb, query in [
        ("star", "is:starred"), ("unstar", "-is:starred"), ("skip", "is:skipped is:read"),
        ("unread", "is:unread -is:skipped"), ("read", "is:read"),
    ]:  # fmt: skip
        assert run([verb, "arXiv:2603.00356v1"]) == 0
        assert state(query) == 0, verb


def on_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let standard output be a terminal of 60 columns, which knows colours."""
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    for name, value in {"COLUMNS": "60", "TERM": "xterm", "NO_COLOR": ""}.items():
        monkeypatch.setenv(name, value)


@pytest.mark.parametrize("command", ["list", "star 2603.00357", "follow cs.DC cs.CE", "history"])
def test_a_table_is_no_wider_than_the_terminal(
    capsys: Capture, monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    on_a_terminal(monkeypatch)
    run(["import", str(SAMPLE)])
    run(["read", "2603.00356"])
    for columns in (60, 40):
        monkeypatch.setenv("COLUMNS", str(columns))
        capsys.readouterr()
        assert run(command.split()) == 0
        lines = re.sub("\x1b.*?m", "", capsys.readouterr().out).splitlines()
        assert max(map(cells, lines)) <= columns
        assert not any("\t" in line for line in lines)


@pytest.mark.parametrize(("name", "value"), [("NO_COLOR", "1"), ("TERM", "dumb")])
def test_colour_goes_only_where_it_may(
    capsys: Capture, monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    on_a_terminal(monkeypatch)
    run(["import", str(SAMPLE)])
    run(["star", "2603.00357"])
    assert "\x1b[33m★● " in capsys.readouterr().out
    monkeypatch.setenv(name, value)
    run(["list"])
    assert "\x1b" not in capsys.readouterr().out


@pytest.mark.parametrize("command", ["list", "show 2603.00357", "star 2603.00357", "list --json"])
def test_a_locale_without_unicode_loses_nothing(command: str) -> None:
    run(["import", str(SAMPLE)])
    done = subprocess.run(
        [sys.executable, "-m", "tui_reader", *command.split()],
        capture_output=True,
        check=True,
        env={**os.environ, "PYTHONIOENCODING": "latin-1"},
    )
    assert done.stdout.isascii() or "--json" in command
    assert b" ? " not in done.stdout
    done.stdout.decode("utf-8")


def test_every_answer_is_there_as_json(capsys: Capture, tmp_path: Path) -> None:
    marks = str(tmp_path / "marks")
    for command in (
        ["import", str(SAMPLE)], ["star", "2603.00357"], ["tag", "moe", "2603.00357"],
        ["note", "2603.00357", "ask Ana"], ["follow", "cs.DC"], ["status"],
        ["unfollow", "cs.DC"], ["stats"], ["doctor"], ["keys"], ["config"], ["history"],
        ["show", "2603.00357"], ["list", "is:starred"], ["backup", marks],
        ["restore", marks],
    ):  # fmt: skip
        capsys.readouterr()
        assert run([*command, "--json"]) == 0
        for line in capsys.readouterr().out.splitlines():
            assert json.loads(line)


def test_a_paper_that_is_not_cached_can_be_starred(capsys: Capture) -> None:
    assert run(["star", "hep-th/9901001"]) == 0
    assert "not in the cache; marked all the same" in capsys.readouterr().out


@pytest.mark.parametrize("wrong", ["12", "2613.00001", "foo/9901001", "2603.00356v0", "\x1b[31m"])
def test_a_wrong_identifier_is_named_and_nothing_is_marked(
    capsys: Capture, own_home: Path, wrong: str
) -> None:
    assert run(["star", "2603.00356", wrong]) == 2
    error = capsys.readouterr().err
    assert "arXiv" in error
    assert "\x1b" not in error
    assert not list(own_home.glob("data/*"))


def test_a_query_that_is_none_says_why_and_where(capsys: Capture) -> None:
    assert run(["list", "is:unraed"]) == 2
    assert "unread" in capsys.readouterr().err


def test_nothing_matched_is_exit_code_1(capsys: Capture) -> None:
    run(["import", str(SAMPLE)])
    assert run(["list", "zzzzzz"]) == 1
    assert "Nothing matches." in capsys.readouterr().err


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (None, "No such file"),
        (b"", "empty"),
        (b"   \n\n", "empty"),
        (b"A letter to my aunt.", "nothing that arXiv sends"),
        (b"\x1f\x8b\x08 no gzip", "odd.txt: "),
        (b"\x89PNG\r\n\x1a\n\0\0\0", "odd.txt: "),
    ],
)
def test_a_file_that_is_no_listing_is_named_and_refused(
    capsys: Capture, tmp_path: Path, content: bytes | None, said: str
) -> None:
    file = tmp_path / "odd.txt"
    if content is not None:
        file.write_bytes(content)
    assert run(["import", str(file)]) == 3
    error = capsys.readouterr().err
    assert "odd.txt" in error
    assert said in error


def test_a_directory_is_refused_by_name(capsys: Capture, tmp_path: Path) -> None:
    assert run(["import", str(tmp_path)]) == 3
    assert "a directory" in capsys.readouterr().err


def test_one_bad_file_does_not_stop_the_others(capsys: Capture, tmp_path: Path) -> None:
    assert run(["import", str(tmp_path / "none"), str(SAMPLE)]) == 1
    printed = capsys.readouterr()
    assert "37 of 37" in printed.out
    assert "No such file" in printed.err


def test_a_listing_cut_in_the_middle_keeps_the_rest_and_says_what_is_missing(
    capsys: Capture, tmp_path: Path
) -> None:
    whole = SAMPLE.read_bytes()
    (tmp_path / "cut.txt").write_bytes(whole[: len(whole) // 2])
    assert run(["import", str(tmp_path / "cut.txt")]) == 1
    printed = capsys.readouterr()
    assert "cut.txt: " in printed.err
    assert "entries" in printed.out
    capsys.readouterr()
    assert run(["import", str(SAMPLE)]) == 0
    assert "37 entries" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("typed", "said"),
    [("lits", "did you mean list?"), ("/no/such", "--help"), ("\x1b[31m", "--help"), ("", "")],
)
def test_what_is_neither_file_nor_command_is_named(capsys: Capture, typed: str, said: str) -> None:
    assert run([typed]) == 2
    error = capsys.readouterr().err
    assert "there is no file" in error
    assert said in error


def test_standard_input_can_be_imported(capsys: Capture, monkeypatch: pytest.MonkeyPatch) -> None:
    fake = io.TextIOWrapper(io.BytesIO(SAMPLE.read_bytes()))
    monkeypatch.setattr(sys, "stdin", fake)
    assert run(["import", "-"]) == 0
    assert "37 of 37" in capsys.readouterr().out


def test_the_sample_lives_in_a_folder_of_its_own(capsys: Capture) -> None:
    assert run(["--sample", "star", "2603.00357"]) == 0
    assert "SPARe" in capsys.readouterr().out
    assert run(["--sample", "list", "is:starred"]) == 0
    capsys.readouterr()
    assert run(["list"]) == 1


def test_without_a_terminal_the_reader_says_what_to_use(capsys: Capture) -> None:
    assert run([]) == 2
    assert "tui-reader list" in capsys.readouterr().err


def test_a_cache_of_a_newer_program_is_left_alone(capsys: Capture, own_home: Path) -> None:
    import sqlite3

    run(["import", str(SAMPLE)])
    file = own_home / "cache" / "papers.sqlite3"
    with sqlite3.connect(file) as db:
        db.execute("PRAGMA user_version = 999")
    db.close()
    capsys.readouterr()
    assert run(["list"]) == 3
    assert "newer" in capsys.readouterr().err


def test_a_home_that_can_not_be_made_is_named(capsys: Capture, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    assert run(["--home", str(tmp_path / "file"), "list"]) == 3
    error = capsys.readouterr().err
    assert str(tmp_path / "file") in error
    assert "--home" in error


def test_a_closed_pipe_is_no_error() -> None:
    run(["import", str(SAMPLE)])
    command = f"{sys.executable} -m tui_reader list --json | head -n 1"
    done = subprocess.run(["sh", "-c", command], capture_output=True, check=False)
    assert json.loads(done.stdout)["id"] == "2603.02075"
    assert done.stderr == b""


def test_titles_reach_the_terminal_without_control_characters(
    capsys: Capture, tmp_path: Path
) -> None:
    evil = SAMPLE.read_text(encoding="utf-8").replace(
        "Title: Token Management", "Title: \x1b]0;pwned\x07\u202eToken\x9b31m Management"
    )
    (tmp_path / "evil.txt").write_text(evil, encoding="utf-8")
    run(["import", str(tmp_path / "evil.txt")])
    run(["list", "--json"])
    run(["list"])
    printed = capsys.readouterr().out
    assert not set(printed) & set("\x1b\x07\u202e\x9b")
    assert "Management in Multi-Tenant AI Inference Platforms" in printed


def test_import_can_star_what_it_reads(capsys: Capture, tmp_path: Path) -> None:
    run(["import", str(SAMPLE)])
    (tmp_path / "ids.txt").write_text("2603.00356\nhttps://arxiv.org/abs/2603.00357v1\n")
    capsys.readouterr()
    assert run(["import", "--star", str(tmp_path / "ids.txt")]) == 0
    assert "2 papers starred." in capsys.readouterr().out
    run(["list", "is:starred"])
    assert len(capsys.readouterr().out.splitlines()) == 2


def snapshot_line(number: int) -> str:
    return json.dumps(
        {"id": f"2603.{number:05}", "title": f"Paper {number}", "authors": "A. Author",
         "categories": "cs.DC", "abstract": "Text.", "versions": [], "comments": None}
    )  # fmt: skip


def test_a_snapshot_is_imported_in_batches_and_again_without_doubles(
    capsys: Capture, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importing, "BATCH", 20)
    file = tmp_path / "snapshot.json"
    lines = [snapshot_line(number) for number in range(1, 51)]
    file.write_text("\n".join([*lines[:25], '{"id": "broken', *lines[25:]]))
    assert run(["import", str(file)]) == 1
    printed = capsys.readouterr()
    assert "50 of 50 papers new" in printed.out
    assert "1 entry is damaged" in printed.err
    assert run(["import", str(file)]) == 1
    assert "0 of 50 papers new" in capsys.readouterr().out


def test_an_interrupted_import_keeps_whole_batches_and_can_be_run_again(
    capsys: Capture, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tui_reader.cli import getting

    file = tmp_path / "snapshot.json"
    file.write_text("\n".join(snapshot_line(number) for number in range(1, 51)))

    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(importing, "BATCH", 20)
    with monkeypatch.context() as interrupted:
        interrupted.setattr(getting, "_progress", lambda *_: interrupt)
        assert run(["import", str(file)]) == 130
    capsys.readouterr()
    assert run(["import", str(file)]) == 0
    assert "30 of 50 papers new" in capsys.readouterr().out


def test_ascii_writes_nothing_else(capsys: Capture) -> None:
    run(["import", str(SAMPLE)])
    run(["--ascii", "list"])
    run(["--ascii", "star", "2603.00356", "2603.00766"])
    run(["--ascii", "stats"])
    assert capsys.readouterr().out.isascii()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("asci = true", r"no setting 'asci'; is it ascii\?"),
        ("ascii = 1", "ascii is 1; it must be true or false"),
        ("ascii = \ntheme = 1", "line 1"),
        ("theme = true", "a text in quotes"),
    ],
)
def test_a_wrong_setting_is_named_with_its_file(
    capsys: Capture, own_home: Path, text: str, said: str
) -> None:
    (own_home / "config").mkdir(parents=True)
    (own_home / "config" / "config.toml").write_text(text)
    assert run(["list"]) == 2
    error = capsys.readouterr().err
    assert "config.toml" in error
    assert re.search(said, error)


@pytest.mark.parametrize(
    ("command", "code"),
    [
        ("list > /dev/full", 3),
        ("list >&-", 0),
        ("star 2603.00356 >&-", 0),
        ("list <&- 2>&-", 0),
        ("--home '~nobody-here/x' list", 2),
        ("--home '' list", 2),
        ("--no-such-option$(printf '\\033]0;pwned\\007')", 2),
    ],
)
def test_no_stream_and_no_argument_brings_a_traceback(command: str, code: int) -> None:
    run(["import", str(SAMPLE)])
    done = subprocess.run(
        ["sh", "-c", f"{sys.executable} -m tui_reader {command}"], capture_output=True, check=False
    )
    assert done.returncode == code
    assert b"Traceback" not in done.stderr
    assert b"\x1b" not in done.stderr


@pytest.mark.parametrize(
    "text", ["x = " + "1" * 5000, "x = " + "[" * 5000, "\udce9".encode("utf-8", "replace").decode()]
)
def test_a_monstrous_setting_is_no_traceback(own_home: Path, text: str) -> None:
    (own_home / "config").mkdir(parents=True)
    (own_home / "config" / "config.toml").write_text(text)
    assert run(["list"]) == 2


def test_a_dash_reads_identifiers_for_tags_too(
    capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"2603.00356\n")))
    assert run(["tag", "moe", "-"]) == 0
    run(["import", str(SAMPLE)])
    capsys.readouterr()
    run(["list", "--ids", "tag:moe"])
    assert capsys.readouterr().out.split() == ["2603.00356"]


def test_a_saved_filter_goes_by_its_name(own_home: Path, capsys: Capture) -> None:
    run(["import", str(SAMPLE)])
    save_filters(own_home / "config", {"experts": "moe -serving"})
    capsys.readouterr()
    assert run(["list", "--ids", "--saved", "experts"]) == 0
    assert len(capsys.readouterr().out.splitlines()) == 3
    assert run(["list", "--ids", "gpu", "--saved", "experts"]) == 0
    assert len(capsys.readouterr().out.splitlines()) == 2
    assert run(["list", "--saved", "expert"]) == 2
    assert "no saved filter 'expert'; is it 'experts'?" in capsys.readouterr().err


@pytest.mark.parametrize(
    "text",
    ['moe "kv', "moe (kv", "moe) kv", "is:unraed", "foo:bar", "date:2026-02-30", "(" * 10_000],
    ids=range(7),
)
def test_a_text_that_is_no_query_is_refused_in_the_words_of_the_bar(
    sample: Store, capsys: Capture, text: str
) -> None:
    assert run(["list", text]) == 2
    with pytest.raises(QueryError) as refused:
        parse(text, NOW.date())
    assert capsys.readouterr().err == f"tui-reader: {refused.value}\n"


def test_the_command_line_starts_without_what_only_some_commands_need() -> None:
    heavy = "query export stats sync fetch importing taking linear ui.app"
    code = (
        "import sys, tui_reader.cli\n"
        f"assert not [m for m in {heavy!r}.split() if f'tui_reader.{{m}}' in sys.modules]\n"
        "assert not {'textual', 'httpx', 'lxml', 'importlib.metadata'} & {*sys.modules}"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=False)
    assert not done.stderr.decode()
