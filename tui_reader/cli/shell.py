"""The table of commands, and what they share: exit codes, arguments, places, settings, time."""

import argparse
import os
import sys
from collections.abc import Callable, Iterable
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

from tui_reader.cli import output
from tui_reader.cli.output import Line
from tui_reader.config import Config, Paths, Replacements, read
from tui_reader.errors import ConfigError, StoreError
from tui_reader.store import Store
from tui_reader.text import Mode

DONE, PARTLY, USAGE, FAILED = 0, 1, 2, 3
INTERRUPTED = 130
EXIT_CODES = "0 done, 1 nothing matched or partly failed, 2 wrong usage, 3 data or network error."
ABOUT = "Keep up with arXiv from the terminal."

Run = Callable[[argparse.Namespace], int | None]
Argument = tuple[tuple[str, ...], dict[str, Any]]
"""What argparse's add_argument takes."""


class Command(NamedTuple):
    """A command; `run` returns the exit code, None for DONE."""

    run: Run
    help: str
    arguments: tuple[Argument, ...]


COMMANDS: dict[str, Command] = {}


def command(name: str, *arguments: Argument, help_: str = "") -> Callable[[Run], Run]:
    """Enter the function below into the table of commands; its docstring is the help."""

    def enter(run: Run) -> Run:
        COMMANDS[name] = Command(run, help_ or run.__doc__ or "", arguments)
        return run

    return enter


def argument(*names: str, **how: Any) -> Argument:
    """Describe an argument as argparse's add_argument takes it."""
    return names, how


def flag(name: str, help_: str) -> Argument:
    """Describe an option without a value."""
    return argument(name, action="store_true", help=help_)


_IDS = "arXiv identifiers, in any form; - reads them from standard input, one a line"
_QUERY = "as in the filter bar"
IDS = argument("ids", nargs="+", metavar="ID", help=_IDS)
QUERY = argument("query", nargs="*", metavar="QUERY", help=_QUERY)
QUERY_OR_IDS = argument("query", nargs="*", metavar="QUERY", help=f"{_QUERY}; or {_IDS}")
SAVED = argument("--saved", metavar="NAME", help="what a saved filter leaves of them")
FILE = argument("file", type=Path, metavar="FILE")
JSON = flag("--json", "one JSON object a line")


def _directory(name: str) -> Path:
    if not name:
        raise argparse.ArgumentTypeError("needs the name of a directory")
    return Path(name)


def _say_version(options: argparse.Namespace) -> None:
    print(f"tui-reader {version()}")


OPTIONS = (
    argument("--version", action="store_const", dest="run", const=_say_version, help="say it"),
    argument(
        "--home",
        type=_directory,
        metavar="DIR",
        help="keep everything under DIR (or set TUI_READER_HOME)",
    ),
    flag("--sample", "use the bundled sample listing, kept apart"),
    flag("--ascii", "draw and write nothing but ASCII: alpha, <=, x^2"),
)
ENVIRONMENT = {
    "TUI_READER_HOME": "What --home is where that is not given.",
    "TUI_READER_ARXIV": "The address that stands for arXiv's, such as a mirror's.",
    "NO_COLOR": "Set to anything, it takes the colours out of what commands write.",
    "VISUAL, EDITOR": "What long notes are written with.",
}


def write(options: argparse.Namespace, lines: Iterable[Line]) -> int:
    """Write an answer as the options want it; return the exit code, PARTLY where it is empty."""
    return DONE if output.write(lines, mode(options), as_json=options.json) else PARTLY


# What the options stand for


def home(options: argparse.Namespace) -> tuple[Path | str | None, str]:
    """Return under which directory everything is kept, if one is named, and where it is named."""
    if options.home:
        return options.home, "command line"
    under = os.environ.get("TUI_READER_HOME")
    return under, "TUI_READER_HOME" if under else "default"


def paths(options: argparse.Namespace) -> Paths:
    """Return where things are kept; raises ConfigError where no home directory is known."""
    under, _ = home(options)
    try:
        if under:
            found = Paths.under(Path(under).expanduser().absolute())
        else:
            import platformdirs

            d = platformdirs.PlatformDirs("tui-reader", appauthor=False)
            found = Paths(
                d.user_data_path, d.user_cache_path, d.user_config_path, d.user_state_path
            )
            if not found.data.is_absolute():
                raise RuntimeError
    except RuntimeError as error:
        what = under or "~"
        raise ConfigError(f"{what}: no such home directory; set HOME, or --home DIR") from error
    return Paths.under(found.state / "sample") if options.sample else found


def config(options: argparse.Namespace) -> Config:
    """Return the settings; raises ConfigError where they are wrong."""
    settings = read(paths(options).config)
    if settings.problems:
        raise ConfigError(settings.problems[0])
    return settings.config


def mode(options: argparse.Namespace) -> Mode:
    """Return how texts are to be written, which the locale has a say in."""
    plain = options.ascii or "utf" not in (sys.stdout.encoding or "").lower()
    with suppress(ConfigError):
        plain = plain or read(paths(options).config).config.ascii
    return Mode.ASCII if plain else Mode.UNICODE


def version() -> str:
    from importlib import metadata

    try:
        return metadata.version("tui-reader")
    except metadata.PackageNotFoundError:
        return "(not installed)"


def open_store(options: argparse.Namespace, replacements: Replacements | None = None) -> Store:
    """Open the store and say what is wrong with it; a new one of `--sample` gets the sample.

    Raises ConfigError where the settings are wrong, unless they are given.
    """
    places = paths(options)
    if options.sample:  # its parents too are to be the owner's alone
        with suppress(OSError):
            places.data.parents[1].mkdir(mode=0o700, parents=True, exist_ok=True)
    store = Store(places, replacements or config(options).replacements)
    for problem in store.problems:
        output.say(f"tui-reader: {problem}")
    if options.sample:
        from tui_reader.importing import take_sample

        take_sample(store, now())
    return store


def now() -> datetime:
    return datetime.now(UTC)


def index(store: Store) -> None:
    """Index what waits for it, so that queries of many papers are answered at once."""
    with output.Talk() as talk, suppress(StoreError):  # without it an answer is as good, but slow
        store.index(lambda left: talk.show(f"Indexing: {left:,} papers to go"))
