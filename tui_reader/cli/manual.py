"""The manual page, made from the tables of commands and actions."""

import argparse
import re
from collections.abc import Iterable, Iterator

import tui_reader
from tui_reader.cli import shell
from tui_reader.config import SETTINGS, Paths


@shell.command("man")
def _man(options: shell.Options) -> None:
    """Write the manual page, for `man -l -`."""
    print(f'.TH TUI-READER 1 "" "tui-reader {tui_reader.__version__}"')
    for title, entries in _sections(options.paths):
        print(f".SH {title}")
        for term, meaning in entries:
            print(f".TP\n\\fB{_roff(term)}\\fR\n" * bool(term) + _roff(meaning))


def _sections(paths: Paths) -> Iterator[tuple[str, Iterable[tuple[str, str]]]]:
    """Yield the titles of the page, each with terms and their meanings."""
    from tui_reader import actions, query

    yield "NAME", [("", f"tui-reader - {shell.ABOUT}")]
    yield "SYNOPSIS", [("", "tui-reader [OPTION ...] [COMMAND ... | FILE ...]")]
    yield (
        "OPTIONS",
        [(_label(found), found.help or "") for found in shell.understood(shell.OPTIONS)],
    )
    commands = [("--json", f"{shell.JSON[1]['help']}, with nearly every command")]
    for name, command in shell.COMMANDS.items():
        arguments = shell.understood(
            argument for argument in command.arguments if argument != shell.JSON
        )
        named = [_label(found) for found in arguments if not found.option_strings]
        commands.append((" ".join([name, *named]), command.help))
        options = [found for found in arguments if found.option_strings]
        commands += [(f"{name} {_label(found)}", found.help or "") for found in options]
    yield "COMMANDS", commands
    yield "KEYS", [(", ".join(action.keys), action.help) for action in actions.ACTIONS]
    yield "FILTER LANGUAGE", [(example, meaning) for _, meaning, example in query.SYNTAX]
    yield "SETTINGS", [(name, setting.meaning) for name, setting in SETTINGS.items()]
    yield "FILES", [(str(path), meaning) for meaning, path in paths.told().items()]
    yield "ENVIRONMENT", shell.ENVIRONMENT.items()
    yield "EXIT STATUS", [("", shell.EXIT_CODES)]


def _label(found: argparse.Action) -> str:
    """Return how an argument is written, such as `-o, --output FILE` or `ID ...`."""
    takes = str(found.metavar or "|".join(found.choices or ()))
    several = "..." if found.nargs in ("*", "+") else ""
    return " ".join(filter(None, (", ".join(found.option_strings), takes, several)))


def _roff(text: str) -> str:
    text = text.replace("\\", "\\e").replace("-", "\\-")
    text = re.sub(r"[^ -~]", lambda char: f"\\[u{ord(char[0]):04X}]", text)
    return f"\\&{text}" if text[:1] in (".", "'") else text
