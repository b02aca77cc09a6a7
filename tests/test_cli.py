"""The command line, run as a person runs it."""

import io
import json
import os
import re
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from unittest.mock import Mock

import pytest

from tests.conftest import NOW, SAMPLE, Cli, save_filters
from tui_reader import handing_on, importing
from tui_reader.cli import output
from tui_reader.cli.shell import DONE, FAILED, NOTHING_FOLLOWED, NOTHING_STORED, PARTLY, USAGE
from tui_reader.config import Paths
from tui_reader.errors import QueryError
from tui_reader.query import parse
from tui_reader.store import Store
from tui_reader.text import cells


def test_import_says_what_it_read(cli: Cli) -> None:
    told = (
        "cs.DC 2026-03-03: 37 entries (19 new, 5 cross, 13 replacement)\n"
        "37 of 37 papers new to the cache.\n"
    )
    assert cli("import", SAMPLE) == (0, told, "")


def test_importing_again_adds_nothing_twice(cli: Cli, imported: None) -> None:
    assert "0 of 37 papers new" in cli("", SAMPLE).out
    assert len(cli("list").lines) == 37


def test_list_has_the_newest_papers_first(cli: Cli, imported: None) -> None:
    lines = cli("list").lines
    assert lines[0].split("\t") == [
        "2603.02075", "unread", "cs.DC",
        "Trident: Adaptive Scheduling for Heterogeneous Multimodal Data Pipelines",
    ]  # fmt: skip
    assert lines[-1].startswith("2305.04979\t")


def test_json_has_the_form_that_programs_rely_on(cli: Cli, imported: None) -> None:
    cli("star 2603.00766")
    paper = json.loads(cli("list --json id:2603.00766").out)
    abstract, source = paper.pop("abstract"), paper.pop("abstract_tex")
    title = "Black Hole Search: Dynamics, Distribution, and Emergence"
    marks = {"starred": True, "read": True, "skipped": False, "tags": [], "note": None}
    assert paper == {
        "id": "2603.00766", "version": None, "title": title, "title_tex": title, "authors": [],
        "comments": None, "comments_tex": None, "journal_ref": None, "journal_ref_tex": None,
        "doi": None, "report_no": None, "acm_class": None, "msc_class": None,
        "categories": ["cs.DC"], "formats": ["pdf", "other"],
        "announcements": [
            {"category": "cs.DC", "date": "2026-03-03", "section": "new", "position": 7}
        ],
        "marks": marks | {"returned": False, "unseen": False, "sample": False},
        "watched": [], "news": [],
    }  # fmt: skip
    assert r"\cite{BHS_gen}" in source
    assert "[BHS_gen]" in abstract


def test_every_verb_marks_and_its_opposite_takes_it_back(cli: Cli, imported: None) -> None:
    for verb, query in [
        ("star", "is:starred"), ("unstar", "-is:starred"), ("skip", "is:skipped is:read"),
        ("unread", "is:unread -is:skipped"), ("read", "is:read"),
    ]:  # fmt: skip
        assert cli(f"{verb} arXiv:2603.00356v1").code == 0
        assert cli(f"list '{query}' id:2603.00356").code == 0, verb


def on_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let standard output be a terminal of 60 columns, which knows colours."""
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    for name, value in {"COLUMNS": "60", "TERM": "xterm", "NO_COLOR": ""}.items():
        monkeypatch.setenv(name, value)


def test_a_table_tells_tags_and_notes(
    cli: Cli, imported: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    [line] = cli("tag 'serving, to read' 2603.00766").lines
    assert line.endswith(
        "\tBlack Hole Search: Dynamics, Distribution, and Emergence\t#serving #to read"
    )
    [line] = cli("note 2603.00766 ask Ana").lines
    assert "read noted" in line
    on_a_terminal(monkeypatch)
    assert "#serving #to read ✎ Black Hole" in cli("list tag:serving").out


@pytest.mark.parametrize("command", ["keys star", "config theme"])
def test_what_is_set_can_be_asked_of_one_thing(cli: Cli, command: str) -> None:
    name = command.split()[1]
    [line] = cli(command).lines
    assert line.startswith(f"{name}\t")
    answer = cli(f"{command}s")
    assert answer == (USAGE, "", f"tui-reader: there is no '{name}s'; is it '{name}'?\n")


@pytest.mark.parametrize("command", ["list", "star 2603.00357", "follow cs.DC cs.CE", "history"])
def test_a_table_is_no_wider_than_the_terminal(
    cli: Cli, imported: None, monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    on_a_terminal(monkeypatch)
    cli("read 2603.00356")
    for columns in (60, 40):
        monkeypatch.setenv("COLUMNS", str(columns))
        lines = re.sub("\x1b.*?m", "", cli(command).out).splitlines()
        assert max(map(cells, lines)) <= columns
        assert not any("\t" in line for line in lines)


@pytest.mark.parametrize(("name", "value"), [("NO_COLOR", "1"), ("TERM", "dumb")])
def test_colour_goes_only_where_it_may(
    cli: Cli, imported: None, monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    on_a_terminal(monkeypatch)
    assert "\x1b[33m★  " in cli("star 2603.00357").out
    monkeypatch.setenv(name, value)
    assert "\x1b" not in cli("list").out


@pytest.mark.parametrize("command", ["list", "show 2603.00357", "star 2603.00357", "list --json"])
def test_a_locale_without_unicode_loses_nothing(imported: None, command: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tui_reader", *command.split()],
        capture_output=True,
        check=True,
        env={**os.environ, "PYTHONIOENCODING": "latin-1"},
    )
    assert done.stdout.isascii() or "--json" in command
    assert b" ? " not in done.stdout
    done.stdout.decode("utf-8")


def test_every_answer_is_there_as_json(cli: Cli, tmp_path: Path) -> None:
    for command in (
        f"import {SAMPLE}", "star 2603.00357", "tag moe 2603.00357", "note 2603.00357 'ask Ana'",
        "follow cs.DC", "status", "unfollow cs.DC", "stats", "doctor", "keys", "config", "history",
        "show 2603.00357", "list is:starred",
        f"backup {tmp_path}/marks", f"restore {tmp_path}/marks",
    ):  # fmt: skip
        answer = cli(command, "--json")
        assert answer.code == 0, command
        assert all(json.loads(line) for line in answer.lines)


def test_a_paper_that_is_not_cached_can_be_starred(cli: Cli) -> None:
    answer = cli("star hep-th/9901001")
    assert answer.code == 0
    assert "not in the cache; marked all the same" in answer.out


@pytest.mark.parametrize(
    ("command", "code", "said"),
    [
        ("", 2, "tui-reader list"),  # there is no terminal here
        ("lits", 2, "there is no file 'lits', and no command of that name; did you mean list?"),
        ("/no/such", 2, "--help"),
        ("'\x1b[31m'", 2, "--help"),
        ("''", 2, "there is no file"),
        ("star 2603.00356 12", 2, "arXiv"),
        ("star 2603.00356 2613.00001", 2, "arXiv"),
        ("star 2603.00356 foo/9901001", 2, "arXiv"),
        ("star 2603.00356 2603.00356v0", 2, "arXiv"),
        ("star 2603.00356 '\x1b[31m'", 2, "arXiv"),
        ("list is:unraed", 2, "unread"),
        ("list zzzzzz", 1, "Nothing is stored yet"),
        ("list 'zzzzzz+'", 1, "not looked for: + in zzzzzz+"),
        ("import .", 3, "none of its files"),
        ("import odd.txt", 3, "odd.txt: can't be read: No such file"),
        ("--home file list", 3, "/file"),
        ("--home file list", 3, "--home"),
    ],
)
def test_what_can_not_be_done_is_said_and_nothing_is_marked(
    cli: Cli, own_home: Path, monkeypatch: pytest.MonkeyPatch, command: str, code: int, said: str
) -> None:
    monkeypatch.chdir(own_home.parent)
    Path("file").touch()
    answer = cli(command)
    assert answer.code == code
    assert said in answer.err
    assert "\x1b" not in answer.err
    assert not list(own_home.glob("data/*.jsonl"))


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "empty"),
        (b"   \n\n", "empty"),
        (b"A letter to my aunt.", "nothing that arXiv sends"),
        (b"\x1f\x8b\x08 no gzip", ""),
        (b"\x89PNG\r\n\x1a\n\0\0\0", ""),
    ],
)
def test_a_file_that_is_no_listing_is_named_and_refused(
    cli: Cli, tmp_path: Path, content: bytes, said: str
) -> None:
    (tmp_path / "odd.txt").write_bytes(content)
    answer = cli("import", tmp_path / "odd.txt")
    assert answer.code == 3
    assert re.search(f"odd.txt: .*{said}", answer.err)


def test_one_bad_file_does_not_stop_the_others(cli: Cli, tmp_path: Path) -> None:
    answer = cli("import", tmp_path / "none", SAMPLE)
    assert answer.code == 1
    assert "37 of 37" in answer.out
    assert "No such file" in answer.err


def test_a_listing_cut_in_the_middle_keeps_the_rest_and_says_what_is_missing(
    cli: Cli, tmp_path: Path
) -> None:
    whole = SAMPLE.read_bytes()
    (tmp_path / "cut.txt").write_bytes(whole[: len(whole) // 2])
    answer = cli("import", tmp_path / "cut.txt")
    assert answer.code == 1
    assert "cut.txt: " in answer.err
    assert "entries" in answer.out
    assert "37 entries" in cli("import", SAMPLE).out


def test_standard_input_can_be_imported(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(SAMPLE.read_bytes())))
    assert "37 of 37" in cli("import -").out


def test_the_sample_lives_in_a_folder_of_its_own(cli: Cli) -> None:
    assert "SPARe" in cli("--sample star 2603.00357").out
    assert cli("--sample list is:starred").code == 0
    assert cli("list").code == 1


def test_a_cache_of_a_newer_program_is_left_alone(cli: Cli, imported: None, own_home: Path) -> None:
    with closing(sqlite3.connect(own_home / "cache" / "papers.sqlite3")) as db:
        db.execute("PRAGMA user_version = 999")
    answer = cli("list")
    assert answer.code == 3
    assert "newer" in answer.err


def test_a_closed_pipe_is_no_error(imported: None) -> None:
    command = f"{sys.executable} -m tui_reader list --json | head -n 1"
    done = subprocess.run(["sh", "-c", command], capture_output=True, check=False)
    assert json.loads(done.stdout)["id"] == "2603.02075"
    assert done.stderr == b""


def test_titles_reach_the_terminal_without_control_characters(cli: Cli, tmp_path: Path) -> None:
    evil = SAMPLE.read_text(encoding="utf-8").replace(
        "Title: Token Management", "Title: \x1b]0;pwned\x07\u202eToken\x9b31m Management"
    )
    (tmp_path / "evil.txt").write_text(evil, encoding="utf-8")
    cli("import", tmp_path / "evil.txt")
    for command in ("list", "list --json"):
        printed = cli(command).out
        assert not set(printed) & set("\x1b\x07\u202e\x9b")
        assert "Management in Multi-Tenant AI Inference Platforms" in printed


def test_import_can_star_what_it_reads(cli: Cli, imported: None, tmp_path: Path) -> None:
    (tmp_path / "ids.txt").write_text("2603.00356\nhttps://arxiv.org/abs/2603.00357v1\n")
    assert "2 papers starred." in cli("import --star", tmp_path / "ids.txt").out
    assert len(cli("list is:starred").lines) == 2


@pytest.fixture
def snapshot(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A bulk snapshot of 50 papers, which is imported in batches of 20."""
    monkeypatch.setattr(importing, "BATCH", 20)
    paper = {"title": "Paper", "authors": "A. Author", "categories": "cs.DC", "abstract": "Text."}
    lines = [json.dumps({"id": f"2603.{number:05}", **paper}) for number in range(1, 51)]
    (tmp_path / "snapshot.json").write_text("\n".join(lines))
    return tmp_path / "snapshot.json"


def test_a_snapshot_is_imported_in_batches_and_again_without_doubles(
    cli: Cli, snapshot: Path
) -> None:
    snapshot.write_text(snapshot.read_text() + '\n{"id": "broken')
    answer = cli("import", snapshot)
    assert answer.code == 1
    assert "50 of 50 papers new" in answer.out
    assert "1 entry is damaged" in answer.err
    assert "0 of 50 papers new" in cli("import", snapshot).out


def test_an_interrupted_import_keeps_whole_batches_and_can_be_run_again(
    cli: Cli, snapshot: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tui_reader.cli import getting

    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as interrupted:
        interrupted.setattr(getting, "progress_of", lambda *_: interrupt)
        assert cli("import", snapshot).code == 130
    assert "30 of 50 papers new" in cli("import", snapshot).out


@pytest.mark.parametrize("command", ["list", "star 2603.00356 2603.00766", "stats"])
def test_ascii_writes_nothing_else(cli: Cli, imported: None, command: str) -> None:
    assert cli(f"--ascii {command}").out.isascii()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("asci = true", "no setting 'asci'; is it ascii?"),
        ("ascii = 1", "ascii is 1; it must be true or false"),
        ("ascii = \ntheme = 1", "line 1"),
        ("theme = true", "a text in quotes"),
        ("x = " + "1" * 5000, "can't be read"),
        ("x = " + "[" * 5000, "can't be read"),
        ("?", "can't be read"),
    ],
)
def test_a_wrong_setting_is_named_with_its_file(
    cli: Cli, own_home: Path, text: str, said: str
) -> None:
    (own_home / "config").mkdir(parents=True)
    (own_home / "config" / "config.toml").write_text(text)
    answer = cli("list")
    assert answer.code == 2
    assert "config.toml" in answer.err
    assert said in answer.err


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
def test_no_stream_and_no_argument_brings_a_traceback(
    imported: None, command: str, code: int
) -> None:
    done = subprocess.run(
        ["sh", "-c", f"{sys.executable} -m tui_reader {command}"], capture_output=True, check=False
    )
    assert done.returncode == code
    assert b"Traceback" not in done.stderr
    assert b"\x1b" not in done.stderr


def test_a_dash_reads_identifiers_for_tags_too(
    cli: Cli, imported: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"2603.00356\n")))
    assert cli("tag moe -").code == 0
    assert cli("list --ids tag:moe").lines == ["2603.00356"]


def test_a_saved_filter_goes_by_its_name(cli: Cli, imported: None, own_home: Path) -> None:
    save_filters(Store(Paths.under(own_home)), {"experts": "moe -serving"})
    assert len(cli("list --ids --saved experts").lines) == 3
    assert len(cli("list --ids gpu --saved experts").lines) == 2
    answer = cli("list --saved expert")
    assert answer.code == 2
    assert "no saved filter 'expert'; is it 'experts'?" in answer.err


@pytest.mark.parametrize(
    "text",
    ["moe) kv", "is:unraed", "foo:bar", "date:2026-02-30", "(" * 10_000],
    ids=range(5),
)
def test_a_text_that_is_no_query_is_refused_in_the_words_of_the_bar(cli: Cli, text: str) -> None:
    with pytest.raises(QueryError) as refused:
        parse(text, NOW.date())
    assert cli("list", text) == (2, "", f"tui-reader: {refused.value}\n")


def test_the_command_line_starts_without_what_only_some_commands_need() -> None:
    heavy = "query export stats sync fetch importing handing_on linear ui.app"
    code = (
        "import sys, tui_reader.cli\n"
        f"assert not [m for m in {heavy!r}.split() if f'tui_reader.{{m}}' in sys.modules]\n"
        "assert not {'textual', 'httpx', 'lxml', 'importlib.metadata'} & {*sys.modules}"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=False)
    assert not done.stderr.decode()


def test_an_internal_error_is_a_line_and_a_report_but_no_traceback(
    cli: Cli, imported: None, paths: Paths, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tui_reader.store.Store.items", Mock(side_effect=RuntimeError("odd")))
    answer = cli("list")
    assert answer.code == 3
    assert answer.err.startswith("tui-reader stopped on an internal error: RuntimeError: odd")
    assert "Traceback" not in answer.err
    [report] = paths.state.glob("crash-*.txt")
    assert "Traceback" in report.read_text()


def test_progress_is_heard_in_lines_of_text_now_and_then(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    clock = iter([0.0, 0.0, 1.0, 6.0, 6.0])
    monkeypatch.setattr(output, "monotonic", lambda: next(clock))
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)
    monkeypatch.setenv("TERM", "xterm")
    with output.Talk(in_lines=True) as talk:
        for done in range(3):
            talk.show(f"━━━···  {done} of 3")
    assert capsys.readouterr().err == "0 of 3\n2 of 3\n"


# The same situation, whatever the command

EMPTY = "list, list moe, list --json, list --ids, export, export moe, stats, triage, triage moe"
UNKNOWN = "show, show --json, export, open --doi"


@pytest.mark.parametrize("command", EMPTY.split(", "))
def test_where_nothing_is_stored_the_way_to_papers_is_told(cli: Cli, command: str) -> None:
    assert cli(command) == (PARTLY, "", f"{NOTHING_STORED}\n")


@pytest.mark.parametrize("command", ["sync", "status", "status --json", "follow", "follow --json"])
def test_where_nothing_is_followed_the_way_to_follow_is_told(cli: Cli, command: str) -> None:
    assert cli(command) == (PARTLY, "", f"{NOTHING_FOLLOWED}\n")


def test_what_was_imported_is_told_where_nothing_is_followed(cli: Cli, imported: None) -> None:
    told = "cs.DC\tTue 3 March 2026\t37 unread of 37\n"
    assert cli("status") == (PARTLY, told, f"{NOTHING_FOLLOWED}\n")
    assert json.loads(cli("status --json").out)["stored"] == "2026-03-03"


@pytest.mark.parametrize("command", UNKNOWN.split(", "))
def test_of_a_paper_that_is_not_stored_the_way_to_it_is_told(
    cli: Cli, imported: None, command: str
) -> None:
    answer = cli(f"{command} 2603.99999")
    assert answer.code == PARTLY
    assert answer.err.startswith("tui-reader: 2603.99999: not stored; ")
    assert answer.err.endswith("tui-reader get 2603.99999 fetches its record\n")


@pytest.mark.parametrize(
    "command", ["show {}", "star {}", "open {}", "history {}", "note {} X", "get {}", "tag x {}"]
)
def test_what_is_no_identifier_is_wrong_usage(cli: Cli, command: str) -> None:
    answer = cli(command.format("nonsense"))
    assert (answer.code, answer.out) == (USAGE, "")
    assert "'nonsense' is not an arXiv identifier" in answer.err


@pytest.mark.parametrize("command", ["list", "export", "triage"])
def test_a_saved_filter_that_is_none_is_wrong_usage(cli: Cli, imported: None, command: str) -> None:
    answer = cli(f"{command} --saved mine")
    assert answer.code == USAGE
    assert "there is no saved filter 'mine'" in answer.err


@pytest.mark.parametrize("command", ["show -", "star -", "export -", "open -", "get -", "tag x -"])
def test_no_identifiers_on_standard_input_are_nothing_to_do(
    cli: Cli, monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(b"\n")))
    assert cli(command) == (PARTLY, "", "There are no identifiers on standard input.\n")


def test_a_listing_that_is_not_stored_can_be_had_and_what_is_none_is_wrong(cli: Cli) -> None:
    answer = cli("triage --view CS.dc/2026-03-03")
    assert answer.code == PARTLY
    assert (
        answer.err
        == "No listing 'CS.dc/2026-03-03' is stored; to fetch it: tui-reader sync cs.DC\n"
    )
    assert cli("triage --view nonsense").code == USAGE


def test_what_can_not_be_opened_costs_only_itself(
    cli: Cli, imported: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(handing_on, "show", lambda *_: None)
    assert cli("open --html 2603.00356 2603.00357").code == DONE
    answer = cli("open --doi 2603.00356 2603.00357")
    assert answer.code == FAILED
    assert answer.err.count("No DOI of") == 2


# Words


def test_a_note_takes_words_as_they_are_typed(cli: Cli, imported: None) -> None:
    assert cli("note 2603.00356 ask Ana -today").code == DONE
    assert cli("note --json 2603.00357 two words").code == DONE
    noted = [json.loads(line) for line in cli("list --json is:noted").lines]
    assert {paper["id"]: paper["marks"]["note"] for paper in noted} == {
        "2603.00356": "ask Ana -today",
        "2603.00357": "two words",
    }
    assert cli("note 2603.00356 ''").code == DONE
    assert cli("list is:noted --ids").lines == ["2603.00357"]


@pytest.mark.parametrize(
    ("words", "codes"),
    [
        ("distributed", "cs.DC"),
        ("Distributed cluster", "cs.DC"),
        ("robotics", "cs.RO"),
        ("robotics distributed", "cs.RO cs.DC"),
        ("cs.lg robotics", "cs.LG cs.RO"),
        ("ai", "cs.AI"),
        ("sy", "eess.SY"),
        ("quantitative biology", "q-bio"),
    ],
)
def test_a_category_is_found_by_its_words(cli: Cli, words: str, codes: str) -> None:
    assert cli("follow", *words.split()).code == DONE
    assert {line.split("\t")[0] for line in cli("follow").lines} == set(codes.split())


def test_words_of_several_categories_are_told_with_them(cli: Cli) -> None:
    answer = cli("follow machine learning")
    assert answer.code == USAGE
    assert "may be cs.LG (Machine Learning), stat.ML (Machine Learning); say which" in answer.err
    assert "is not a category of arXiv" in cli("follow alchemy").err


def test_unfollowing_what_is_not_followed_says_so(cli: Cli) -> None:
    cli("follow cs.DC")
    answer = cli("unfollow robotics")
    assert answer.code == PARTLY
    assert answer.lines == ["cs.DC\tDistributed, Parallel, and Cluster Computing"]
    assert answer.err == "tui-reader: cs.RO was not followed.\n"


def test_marks_go_through_a_pipe_and_come_back(cli: Cli, imported: None, tmp_path: Path) -> None:
    def piped(*words: str | Path, given: bytes = b"") -> subprocess.CompletedProcess[bytes]:
        command = [sys.executable, "-m", "tui_reader", *map(str, words)]
        return subprocess.run(command, input=given, capture_output=True, check=True)

    cli("star 2603.00356")
    backup = piped("backup", "-")
    assert backup.stderr == b"1 change written.\n"
    restored = piped("--home", tmp_path / "other", "restore", "-", given=backup.stdout)
    assert restored.stdout.startswith(b"1 change restored")
    (tmp_path / "marks").write_bytes(backup.stdout)
    assert cli("restore", tmp_path / "marks").out.startswith("0 changes restored")


def test_why_and_backtest_say_how_many_stars_are_missing(cli: Cli, imported: None) -> None:
    cli("star 2603.00356 2603.00357")
    assert cli("why 2603.00357") == (1, "", "3 stars are missing until papers can be ranked.\n")
    assert cli("rank --backtest").code == 1


def test_why_names_words_and_authors_with_how_many_stars_they_are_from(
    cli: Cli, imported: None
) -> None:
    cli("list --ids fed* OR serving OR moe")
    ids = [line.split("\t")[0] for line in cli("list serving OR federated OR moe").lines]
    cli("star", *ids[:6])
    answer = cli("why", ids[0], ids[-1])
    assert answer.code == 0
    assert answer.lines[0].startswith(f"{ids[0]}\t")
    found = json.loads(cli("why --json", ids[0]).out)
    assert sum(part["worth"] for part in found["parts"]) == pytest.approx(found["score"], abs=1e-3)
    assert found["parts"][0]["stars"] >= 1
