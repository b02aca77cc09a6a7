"""The manual page and the completions of shells, made from the tables of commands and actions."""

import argparse
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from tui_reader.cli import shell
from tui_reader.config import SETTINGS, Paths


class Word(NamedTuple):
    """What can be typed after a command."""

    options: tuple[str, ...]
    """Its spellings, such as -o and --output; none of what stands for itself."""
    help: str
    takes: str = ""
    """What comes after the option, or stands for itself."""
    choices: Sequence[str] = ()

    @property
    def label(self) -> str:
        return " ".join(filter(None, (", ".join(self.options), self.takes)))


def words(arguments: Iterable[shell.Argument]) -> list[Word]:
    """Return what argparse is told of these arguments."""
    from tui_reader import taxonomy

    found = []
    for names, how in arguments:
        options = names if names[0].startswith("-") else ()
        choices = how.get("choices") or ()
        if how.get("metavar") == "CATEGORY":
            choices = tuple(taxonomy.categories())
        takes = "" if "action" in how else how.get("metavar") or "|".join(choices)
        takes += " ..." * (how.get("nargs") in ("*", "+"))
        found.append(Word(options, how.get("help", ""), takes, choices))
    return found


def _commands() -> Iterator[tuple[str, str, list[Word]]]:
    """Yield each command's name, help and words."""
    for name, command in shell.COMMANDS.items():
        yield name, command.help, words(command.arguments)


@shell.command(
    "completions",
    shell.argument("shell", choices=("bash", "zsh", "fish"), help="such as the one you use"),
)
def _completions(options: argparse.Namespace) -> None:
    """Write what makes a shell complete commands: source <(tui-reader completions bash)."""
    print("\n".join(_fish() if options.shell == "fish" else _bash(options.shell)))


def _bash(name: str) -> Iterator[str]:
    if name == "zsh":
        yield "autoload -U +X compinit bashcompinit && compinit && bashcompinit"
    yield "_tui_reader() {"
    yield '  local word="${COMP_WORDS[COMP_CWORD]}" last="${COMP_WORDS[COMP_CWORD-1]}" command= i'
    yield "  for ((i = 1; i < COMP_CWORD; i++)); do"
    yield '    case "${COMP_WORDS[i]}" in'
    yield "      --home) ((i++)) ;;"
    yield "      -*) ;;"
    yield '      *) command="${COMP_WORDS[i]}"; break ;;'
    yield "    esac"
    yield "  done"
    yield '  case "$command $last" in'
    for command, _, found in (("", "", words(shell.OPTIONS)), *_commands()):
        others = [] if command else list(shell.COMMANDS)
        for word in found:
            if word.choices and word.options:
                yield f'    "{command} {word.options[-1]}") set -- {" ".join(word.choices)} ;;'
            others += [*word.options] or word.choices
        yield f'    "{command} "*) set -- --help {" ".join(others)} ;;'
    yield "  esac"
    yield '  COMPREPLY=($(compgen -W "$*" -- "$word"))'
    yield "}"
    yield "complete -o default -F _tui_reader tui-reader"


def _fish() -> Iterator[str]:
    first = "complete -c tui-reader -n __fish_use_subcommand"
    yield from (f"{first}{_fish_word(word)}" for word in words(shell.OPTIONS))
    for command, help_, found in _commands():
        yield f"{first} -a {command} -d {_quoted(help_)}"
        after = f"complete -c tui-reader -n '__fish_seen_subcommand_from {command}'"
        yield from (f"{after}{_fish_word(word)}" for word in found if word.options or word.choices)


def _fish_word(word: Word) -> str:
    spelt = (f" -{'l' if name[1] == '-' else 's'} {name.lstrip('-')}" for name in word.options)
    takes = (" -x" if word.choices else " -r") * bool(word.options and word.takes)
    choices = f" -a {_quoted(' '.join(word.choices))}" * bool(word.choices)
    return f"{''.join(spelt)}{takes}{choices} -d {_quoted(word.help)}"


def _quoted(text: str) -> str:
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"


@shell.command("man")
def _man(options: argparse.Namespace) -> None:
    """Write the manual page: tui-reader man | man -l -"""
    print(f'.TH TUI-READER 1 "" "tui-reader {shell.version()}"')
    for title, entries in _sections(shell.paths(options)):
        print(f".SH {title}")
        for term, meaning in entries:
            print(f".TP\n\\fB{_roff(term)}\\fR\n" * bool(term) + _roff(meaning))


def _sections(paths: Paths) -> Iterator[tuple[str, Iterable[tuple[str, str]]]]:
    """Yield the titles of the page, each with terms and their meanings."""
    from tui_reader import actions, query

    yield "NAME", [("", f"tui-reader - {shell.ABOUT}")]
    yield "SYNOPSIS", [("", "tui-reader [OPTION ...] [COMMAND ... | FILE ...]")]
    yield "OPTIONS", [(word.label, word.help) for word in words(shell.OPTIONS)]
    commands = [("--json", f"{shell.JSON[1]['help']}, with nearly every command")]
    for name, help_, found in _commands():
        arguments = (word.takes for word in found if not word.options)
        commands.append((" ".join([name, *arguments]), help_))
        commands += [
            (f"{name} {word.label}", word.help)
            for word in found
            if word.options not in ((), ("--json",))
        ]
    yield "COMMANDS", commands
    yield "KEYS", [(", ".join(action.keys), action.help) for action in actions.ACTIONS]
    yield "FILTER LANGUAGE", [(example, meaning) for _, meaning, example in query.SYNTAX]
    yield "SETTINGS", [(name, setting.meaning) for name, setting in SETTINGS.items()]
    yield "FILES", [(str(path), meaning) for meaning, path in paths.told().items()]
    yield "ENVIRONMENT", shell.ENVIRONMENT.items()
    yield "EXIT STATUS", [("", shell.EXIT_CODES)]


def _roff(text: str) -> str:
    text = text.replace("\\", "\\e").replace("-", "\\-")
    text = re.sub(r"[^ -~]", lambda char: f"\\[u{ord(char[0]):04X}]", text)
    return f"\\&{text}" if text[:1] in (".", "'") else text
