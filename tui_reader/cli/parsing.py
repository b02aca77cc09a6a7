"""What was typed, as a command: loaded where it is more than the options of the reader itself."""

import argparse
import os
from collections.abc import Container, Sequence
from difflib import get_close_matches
from typing import NoReturn

# isort: off
# Each of these enters its commands into the table, which has the order of the help.
from tui_reader.cli import getting, papers, texts, sharing, marking  # noqa: F401
from tui_reader.cli import ranking, rules, setup, doctor, manual, completing  # noqa: F401
# isort: on

from tui_reader.cli import shell
from tui_reader.cli.shell import COMMANDS
from tui_reader.errors import UsageError
from tui_reader.text import clean

__all__ = ["COMMANDS", "parse", "parser"]


def parse(arguments: Sequence[str], options: shell.Options) -> None:
    """Read the arguments into `options`; what it is to `run` is a command or what is there."""
    given = _with_command(arguments)
    helps = any(argument.startswith(("-h", "--he")) for argument in given)
    parser(None if helps else given).parse_args(given, options)


def _with_command(arguments: Sequence[str]) -> list[str]:
    """Let FILE... mean `import FILE...`, and `-word` in a query mean what it does in the bar."""
    given = list(arguments)
    for at, argument in enumerate(given):
        if argument.startswith("-") or (at and given[at - 1] == "--home"):
            continue
        if argument in COMMANDS:
            names = [name for names, _ in COMMANDS[argument].arguments for name in names]
            if argument == "note" or names[:1] in (["query"], ["tags"]):
                options = {"-", "-h", *names}
                # A blank before it keeps argparse from taking it for an option.
                given[at + 1 :] = [
                    f" {word}" if word[:1] == "-" != word[1:2] and word not in options else word
                    for word in given[at + 1 :]
                ]
        elif os.path.exists(argument):
            given.insert(at, "import")
        else:
            near = get_close_matches(argument, COMMANDS, 1)
            hint = f"did you mean {near[0]}?" if near else "tui-reader --help lists the commands"
            raise UsageError(f"there is no file {argument!r}, and no command of that name; {hint}")
        break
    return given


class _Parser(argparse.ArgumentParser):
    """A parser whose complaints repeat what was typed, but nothing a terminal acts on."""

    def error(self, message: str) -> NoReturn:
        super().error(clean(message))


def parser(only: Container[str] | None = None) -> argparse.ArgumentParser:
    """Return the parser of the command line; what it parsed has `run`, the command.

    It knows all commands, or `only` these: to make them all takes a tenth of the start.
    """
    parser = _Parser(
        prog="tui-reader",
        description=f"{shell.ABOUT} Without a command, opens the reader.",
        epilog=f"Exit codes: {shell.EXIT_CODES}",
    )
    for names, how in shell.OPTIONS:
        parser.add_argument(*names, **how)
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", dest="command")
    for name, command in COMMANDS.items():
        if only is not None and name not in only:
            continue
        added = commands.add_parser(name, help=command.help, description=command.help)
        added.set_defaults(run=command.run)
        for names, how in command.arguments:
            added.add_argument(*names, **how)
    return parser
