"""config.toml: what it may say, what is said of what it may not, and changing it from the app."""

import json
import os
import tomllib
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.conftest import Cli
from tui_reader import actions
from tui_reader.config import SETTINGS, THEME_NAMES, Config, Paths, change, read
from tui_reader.errors import ConfigError


@pytest.fixture
def file(paths: Paths) -> Path:
    """The config.toml of a test; its directory is there, it is not."""
    paths.config.mkdir(parents=True)
    return paths.config / "config.toml"


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("\nasci = true", 2, "there is no setting 'asci'; is it ascii?"),
        ('ascii = "yes"', 1, "ascii is 'yes'; it must be true or false"),
        ("read_after = -1", 1, "read_after is -1; it must be a number of seconds from 0 to 3600"),
        ("read_after = 9999", 1, "read_after is 9999; it must be a number of seconds from 0 to"),
        ("theme = 3 # nord", 1, "theme is 3; it must be a text in quotes"),
        (
            'theme = "drakula"',
            1,
            """theme is 'drakula'; it must be "dracula", or another of: auto, reader-dark,""",
        ),
        (
            'replacements = "some"',
            1,
            """replacements is 'some'; it must be "starred" or "all" or "none\"""",
        ),
        ('[keys]\n"stra" = "S"', 2, "there is no action 'stra'; is it star?"),
        ('keys.star = "Strg-s"', 1, "star is 'Strg-s'; it must be keys, such as"),
        ("[ keys ]\n\nstar = []", 3, "star is []; it must be keys"),
        ('keys = { star = "5" }', 1, "star is '5'; it must be keys"),
        ("keys = 3", 1, "keys must be a table"),
        ('[keys]\nstar = "x"', 2, "'x' of skip and 'x' of star are in each other's way"),
        ('[keys]\nstar = "g"', 2, "'g' of star and 'g g' of first are in each other's way"),
        ('[keys]\nstar = "q s"', 2, "'q' of quit and 'q s' of star are in each other's way"),
    ],
)
def test_what_is_wrong_is_named_with_file_line_and_what_would_be_right(
    file: Path, text: str, line: int, said: str
) -> None:
    file.write_text(text)
    settings = read(file.parent)
    [problem] = settings.problems
    assert problem.startswith(f"{file}, line {line}: {said}")
    assert settings.config == Config()


@pytest.mark.parametrize(
    ("text", "said"), [(b"theme = \xff", "not in UTF-8"), (b"\ntheme =\n", "line 2")]
)
def test_a_file_that_is_no_toml_is_said_to_be_none(file: Path, text: bytes, said: str) -> None:
    file.write_bytes(text)
    assert said in read(file.parent).problems[0]


def test_a_directory_in_its_place_is_said_to_be_one(file: Path) -> None:
    file.mkdir()
    assert "directory" in read(file.parent).problems[0]
    with pytest.raises(ConfigError, match=r"set theme there by hand.*directory"):
        change(file.parent, "theme", "nord")


def test_one_slip_does_not_cost_me_my_other_settings(file: Path) -> None:
    file.write_text('thme = "x"\nascii = true\n[keys]\nstar = "+"\nskpi = "F8"')
    assert read(file.parent).config == Config(ascii=True, keys={"star": ("+",)})


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("ctrl+s", "Ctrl-s"),
        ("Ctrl-S", "Ctrl-s"),
        ("escape", "Esc"),
        ("PAGEUP", "PageUp"),
        ("Ctrl-i", "Tab"),  # terminals send the same
        ("f5", "F5"),
        (" g  s ", "g s"),
        ("é", "é"),
        ("5", None),
        ("g g g", None),
        ("", None),
        ("Ctrl-?", None),
    ],
)
def test_keys_are_taken_as_people_write_them(typed: str, meant: str | None) -> None:
    assert actions.key_named(typed) == meant


def test_two_actions_can_change_keys_and_a_comma_is_a_key(file: Path) -> None:
    file.write_text('[keys]\nstar = "x"\nskip = ["s"]\nread = ","\nsettings = "u, F9"\nundo = "m"')
    settings = read(file.parent)
    assert not settings.problems
    keymap = actions.keymap(actions.remapped(settings.config.keys))
    found = {key: keymap[key].name for key in ("x", "s", ",", "F9", "m")}
    assert found == {"x": "star", "s": "skip", ",": "read", "F9": "settings", "m": "undo"}


def test_the_table_of_actions_has_no_clash() -> None:
    assert actions.clash(actions.ACTIONS) is None
    assert all(actions.key_named(key) == key for a in actions.ACTIONS for key in a.keys)


BY_HAND = """\
# mine
theme = "nord"   # the best
read_after = 1

[keys]
star = "+"  # theme = "x"
"""


def test_a_change_in_the_app_leaves_every_other_line_alone(file: Path) -> None:
    file.write_text(BY_HAND)
    change(file.parent, "theme", "dracula")
    assert file.read_text() == BY_HAND.replace("nord", "dracula")
    change(file.parent, "compact", True)
    assert file.read_text() == "compact = true\n" + BY_HAND.replace("nord", "dracula")


def test_programs_that_change_settings_at_once_change_each_its_own(file: Path) -> None:
    wanted = {"theme": "dracula", "compact": True, "ascii": True, "mouse": False, "hints": False}

    def work(setting: tuple[str, object]) -> None:
        for _ in range(5):
            change(file.parent, *setting)

    with ThreadPoolExecutor(len(wanted)) as programs:
        list(programs.map(work, wanted.items()))
    assert tomllib.loads(file.read_text()) == wanted


@pytest.mark.parametrize("name", ["config.toml", "categories"])
@pytest.mark.parametrize(
    ("put", "why"),
    [
        (os.mkfifo, "no plain file"),
        (os.mkdir, "a directory"),
        (lambda file: file.symlink_to("/dev/zero"), "no plain file"),
        (lambda file: file.symlink_to(file.name), "Too many levels"),
        (lambda file: file.write_bytes(b"#" * (2 << 20)), "larger than 1 MB"),
        (lambda file: file.write_bytes(b"\xff"), "not in UTF-8"),
    ],
)
def test_what_no_file_of_settings_can_be_is_said_and_never_waited_for(
    cli: Cli, file: Path, name: str, put: Callable[[Path], object], why: str
) -> None:
    put(file.with_name(name))
    answer = cli("doctor")
    assert answer.code == 1
    assert why in answer.out


def test_a_file_that_is_linked_to_stays_where_it_is(file: Path, tmp_path: Path) -> None:
    dotfile = tmp_path / "dotfile"
    dotfile.write_text("ascii = true\n")
    file.symlink_to(dotfile)
    change(file.parent, "ascii", False)
    assert file.is_symlink()
    assert dotfile.read_text() == "ascii = false\n"


@pytest.mark.parametrize("text", ["theme =", 'x = """\ntheme = "a"\n"""'])
def test_a_file_that_can_not_be_changed_safely_is_not(file: Path, text: str) -> None:
    file.write_text(text)
    with pytest.raises(ConfigError, match="set theme there by hand"):
        change(file.parent, "theme", "nord")
    assert file.read_text() == text


def test_config_says_where_each_value_comes_from(cli: Cli, file: Path) -> None:
    file.write_text('\ntheme = "nord"\n[keys]\nstar = "+"\n')
    said = map(json.loads, cli("--ascii config --json").lines)
    found = {row["setting"]: (row["value"], row["from"]) for row in said}
    assert found["theme"] == ("nord", f"{file}:2")
    assert found["ascii"] == (True, "command line")
    assert found["sync"] == (True, "default")
    assert found["keys.star"] == ("+", f"{file}:4")
    assert found["data directory"][1] == "TUI_READER_HOME"


def test_config_says_what_is_wrong_and_is_no_success(cli: Cli, file: Path) -> None:
    file.write_text('theme = "drakula"')
    answer = cli("config")
    assert answer.code == 2
    assert 'theme\t"auto"\tdefault' in answer.lines
    assert f"{file}, line 1: theme is 'drakula'" in answer.err


def test_every_row_of_the_settings_is_whole() -> None:
    for name, row in SETTINGS.items():
        assert row.meaning, f"the setting {name} has no meaning: give its row Setting(MEANING)"
        assert row.meaning.endswith("."), f"the meaning of the setting {name} is no sentence"
        assert row.default is not None, f"the setting {name} has no default: give its row one"
        assert not row.problem(row.default), f"the default of the setting {name} is none of its own"


def test_every_theme_of_the_settings_can_be_shown() -> None:
    from tui_reader.ui.themes import THEMES as SHOWN

    assert {*THEME_NAMES} <= {"auto", *SHOWN}


def test_keys_are_told_as_they_are_now(cli: Cli, file: Path) -> None:
    file.write_text('[keys]\nstar = "+, Ctrl-s"')
    assert "star\t+, Ctrl-s\tStar the paper" in cli("keys").out


def test_line_ends_stay_as_they_are_and_any_letters_may_be_set(file: Path) -> None:
    file.write_bytes(b'# mine\r\ntheme = "nord"\r\n')
    change(file.parent, "theme", "dracula")
    assert file.read_bytes() == b'# mine\r\ntheme = "dracula"\r\n'
    change(file.parent, "contact", "Zoë \N{UNICORN FACE}")
    assert read(file.parent).config == Config(theme="dracula", contact="Zoë \N{UNICORN FACE}")
