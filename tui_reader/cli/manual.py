"""The manual page and the completions of shells, made from the tables of commands and actions."""

import argparse
import os
import re
from collections.abc import Iterable, Iterator, Sequence

import tui_reader
from tui_reader.cli import shell
from tui_reader.config import SETTINGS, Paths

_BASH = """\
_tui_reader() {
  COMPREPLY=($(COMP_LINE="${COMP_LINE:0:COMP_POINT}" "$1" completions bash 2>/dev/null))
}
complete -o default -F _tui_reader tui-reader"""
_SCRIPTS = {
    "bash": _BASH,
    "zsh": f"autoload -U +X compinit bashcompinit && compinit && bashcompinit\n{_BASH}",
    "fish": "complete -c tui-reader"
    " -a '(env COMP_LINE=(commandline -cp) tui-reader completions fish)'",
}
"""They ask this program, by the line in COMP_LINE, what its last word may be."""


@shell.command(
    "completions",
    shell.argument("shell", choices=tuple(_SCRIPTS), help="such as the one you use"),
)
def _completions(options: shell.Options) -> None:
    """Write what makes a shell complete commands: source <(tui-reader completions bash)."""
    if line := os.environ.get("COMP_LINE"):
        *typed, last = line.split(" ")
        for word, help_ in _offered(typed[1:]).items():
            if word.startswith(last):
                print(f"{word}\t{help_}" if options.shell == "fish" else word)
    else:
        print(_SCRIPTS[options.shell])


def _offered(typed: Sequence[str]) -> dict[str, str]:
    """Return what can come after these words, with what it means."""
    from tui_reader import taxonomy

    words = zip(typed, ["", *typed], strict=False)
    command = next((w for w, last in words if w in shell.COMMANDS and last != "--home"), "")
    offered = {"--help": "show help"}
    if not command:
        offered |= {name: known.help for name, known in shell.COMMANDS.items()}
    for found in _understood(shell.COMMANDS[command].arguments if command else shell.OPTIONS):
        choices = taxonomy.categories() if found.metavar == "CATEGORY" else found.choices or ()
        if choices and typed and typed[-1] in found.option_strings:
            return dict.fromkeys(choices, "")
        offered |= dict.fromkeys(found.option_strings or choices, found.help or "")
    return offered


def _understood(arguments: Iterable[shell.Argument]) -> list[argparse.Action]:
    """Return what argparse makes of these arguments."""
    parser = argparse.ArgumentParser()
    return [parser.add_argument(*names, **how) for names, how in arguments]


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
    yield "OPTIONS", [(_label(found), found.help or "") for found in _understood(shell.OPTIONS)]
    commands = [("--json", f"{shell.JSON[1]['help']}, with nearly every command")]
    for name, command in shell.COMMANDS.items():
        arguments = _understood(
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
