"""The command line: arguments to the app, or to one headless command.

Data goes to standard output, talk to standard error. Exit codes: see `shell`.
"""

import argparse
import os
import signal
import sys
from collections.abc import Container, Sequence
from difflib import get_close_matches
from typing import NoReturn

# isort: off
# Each of these enters its commands into the table, which has the order of the help.
from tui_reader.cli import getting, papers, sharing, marking, ranking  # noqa: F401
from tui_reader.cli import setup, doctor, manual, completing  # noqa: F401
# isort: on

from tui_reader import crash
from tui_reader.cli import output, shell
from tui_reader.config import read
from tui_reader.errors import ConfigError, IdError, QueryError, TuiReaderError, UsageError
from tui_reader.store import Kind, View
from tui_reader.text import clean


def run(arguments: Sequence[str]) -> int:
    """Do what the command line asks for; return the process's exit code."""
    _mend_streams()
    options = shell.Options()
    try:
        given = _with_command(arguments)
        helps = any(argument.startswith(("-h", "--he")) for argument in given)
        parser(None if helps else given).parse_args(given, options)
        if options.run is not _open and callable(signal.getsignal(signal.SIGINT)):
            signal.signal(signal.SIGINT, signal.default_int_handler)  # now there may be, see main
        try:
            code = options.run(options) or shell.DONE
        finally:
            options.tell_problems()
        sys.stdout.flush()
    except shell.NothingError as nothing:
        output.say(str(nothing))
        return shell.PARTLY
    except TuiReaderError as error:
        output.say(f"tui-reader: {error}")
        wrong_usage = isinstance(error, QueryError | ConfigError | IdError | UsageError)
        return shell.USAGE if wrong_usage else shell.FAILED
    except OSError as error:
        # All else that fails has an error of our own: here standard output ends, or its disk is
        # full. Python would complain once more at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        if isinstance(error, BrokenPipeError):
            return shell.DONE
        output.say(f"tui-reader: {error.filename or 'standard output'}: {error.strerror}")
        return shell.FAILED
    except KeyboardInterrupt:
        return shell.INTERRUPTED
    except Exception:
        import traceback

        crash.report(traceback.format_exc(), options.paths.state)
        return shell.FAILED
    return code


def _mend_streams() -> None:
    """Make the standard streams fit for anything: a closed one, a locale without Unicode."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, mode))  # noqa: SIM115  for as long as we run
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")


def _with_command(arguments: Sequence[str]) -> list[str]:
    """Let FILE... mean `import FILE...`, and `-word` in a query mean what it does in the bar."""
    given = list(arguments)
    for at, argument in enumerate(given):
        if argument.startswith("-") or (at and given[at - 1] == "--home"):
            continue
        if argument in shell.COMMANDS:
            names = [name for names, _ in shell.COMMANDS[argument].arguments for name in names]
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
            near = get_close_matches(argument, shell.COMMANDS, 1)
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
    parser.set_defaults(run=_open)
    for names, how in shell.OPTIONS:
        parser.add_argument(*names, **how)
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", dest="command")
    for name, command in shell.COMMANDS.items():
        if only is not None and name not in only:
            continue
        added = commands.add_parser(name, help=command.help, description=command.help)
        added.set_defaults(run=command.run)
        for names, how in command.arguments:
            added.add_argument(*names, **how)
    return parser


def _open(options: shell.Options) -> int:
    from tui_reader.ui.terminal.usable import unusable

    if why := unusable():
        raise UsageError(why)
    from tui_reader.ui.app import ReaderApp
    from tui_reader.ui.terminal import guard

    settings = read(options.paths.config)
    store = options.open_store(settings.config.replacements)
    view = View(Kind.INBOX)
    if options.sample:
        newest = store.listings.days()[0]
        view = View(Kind.LISTING, newest.category, newest.announced)
    # A slip in a file is no reason not to read: the app says it, and goes on without.
    here = f"{store.paths.config}{os.sep}"
    config = settings.config._replace(ascii=options.ascii or settings.config.ascii)
    if options.sample:  # it is to be read, and asks nobody for more
        config = config._replace(sync=False)
    app = ReaderApp(store, view, config)
    app.main.problems += [problem.removeprefix(here) for problem in settings.problems]
    code = guard.run(app, store.paths.state)
    if code == shell.DONE:
        store.tidy(shell.now())
    return code
