"""The README says what the program does: its tables are made from the same definitions."""

import json
import re
from collections.abc import Mapping
from itertools import chain
from pathlib import Path

import pytest

from tests.conftest import NOW, ROOT
from tui_reader import actions, export, query
from tui_reader.config import OWN_ACTION, SETTINGS, Setting, read
from tui_reader.model import Announced, Item, News, Paper, PaperId, Section

README = ROOT / "README.md"


def keys_table() -> str:
    lines = ["| Keys | What they do |", "|---|---|"]
    for topic, found in actions.by_topic().items():
        lines.append(f"| **{topic}** | |")
        lines += [f"| {', '.join(f'`{key}`' for key in a.keys)} | {a.help} |" for a in found]
    return "\n".join(lines)


def filter_table() -> str:
    rows = [f"| `{example}` | {meaning} |" for _, meaning, example in query.SYNTAX]
    return "\n".join(["| You type | What it finds |", "|---|---|", *rows])


def settings_table(table: Mapping[str, Setting] = SETTINGS) -> str:
    rows = [
        f"| `{name}` | `{json.dumps(setting.default)}` | {setting.meaning} |"
        for name, setting in table.items()
    ]
    return "\n".join(["| Setting | If not set | What it does |", "|---|---|---|", *rows])


@pytest.mark.parametrize(
    ("name", "table"),
    [
        ("keys", keys_table()),
        ("filter", filter_table()),
        ("settings", settings_table()),
        ("actions", settings_table(OWN_ACTION)),
    ],
    ids=["keys", "filter", "settings", "actions"],
)
def test_the_tables_of_the_readme_are_true(
    name: str, table: str, request: pytest.FixtureRequest
) -> None:
    text = README.read_text(encoding="utf-8")
    marked = re.compile(rf"(?<=<!-- {name} -->\n).*?(?=<!-- /{name} -->)", re.DOTALL)
    if request.config.getoption("--update"):
        README.write_text(marked.sub(lambda _: table + "\n", text), encoding="utf-8")
        text = README.read_text(encoding="utf-8")
    advice = f"the table of {name} is another now: pytest --update {Path(__file__).name}"
    assert marked.findall(text) == [table + "\n"], advice


def test_every_command_of_the_readme_exists() -> None:
    from tui_reader.cli.parsing import COMMANDS

    text = README.read_text(encoding="utf-8")
    named = set(re.findall(r"^    tui-reader ([a-z]+)", text, re.MULTILINE))
    assert named
    assert named <= set(COMMANDS)


def test_the_json_of_the_readme_has_all_names_there_are() -> None:
    def names(value: object) -> set[str]:
        if isinstance(value, dict):
            return {*value, *chain.from_iterable(map(names, value.values()))}
        return set[str]().union(*map(names, value)) if isinstance(value, list) else set()

    place = Announced("cs.DC", NOW.date(), Section.NEW, 1)
    item = Item(Paper(PaperId("2603.00356"), ""), announced=(place,))
    form = README.read_text(encoding="utf-8").partition('    {"id",')[2].partition("\n\n")[0]
    told = {"id", *re.findall(r'"(\w+)"', form)}
    assert told == names(json.loads(export.json_line(item))) | {*Section, *News}


def test_the_keys_of_the_readme_can_be_had(tmp_path: Path) -> None:
    example = re.findall(
        r"^    (\[keys\]\n(?:    .*\n)+)", README.read_text(encoding="utf-8"), re.MULTILINE
    )
    (tmp_path / "config.toml").write_text(example[0])
    settings = read(tmp_path)
    assert settings.config.keys
    assert not settings.problems


def test_the_actions_of_the_readme_can_be_had(tmp_path: Path) -> None:
    text = README.read_text(encoding="utf-8")
    examples = re.findall(r"^    (\[actions\.\w+\].*\n(?:    .*\n)+)", text, re.MULTILINE)
    (tmp_path / "config.toml").write_text("\n".join(examples))
    settings = read(tmp_path)
    assert len(settings.config.actions) == len(examples) > 1
    assert not settings.problems
