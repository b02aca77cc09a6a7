"""The table of commands, and what they share: places, settings, time, and how they print."""

import argparse
import os
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from shutil import get_terminal_size
from typing import Any, NamedTuple

from tui_reader.config import Config, Paths, Replacements, load
from tui_reader.errors import ConfigError
from tui_reader.store import Store
from tui_reader.text import Mode, clean, fit

DONE, PARTLY, USAGE, FAILED = 0, 1, 2, 3
INTERRUPTED = 130

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
QUERY = argument("query", nargs="*", metavar="QUERY", help="as in the filter bar")
QUERY_OR_IDS = argument(
    "query", nargs="*", metavar="QUERY", help=f"as in the filter bar; or {_IDS}"
)
FILE = argument("file", type=Path, metavar="FILE")
JSON = flag("--json", "one JSON object a line")


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
    if under:
        try:
            found = Paths.under(Path(under).expanduser().absolute())
        except RuntimeError as error:
            raise ConfigError(f"{under}: no such home directory; name another") from error
    else:
        import platformdirs

        dirs = platformdirs.PlatformDirs("tui-reader", appauthor=False)
        found = Paths(
            dirs.user_data_path, dirs.user_cache_path, dirs.user_config_path, dirs.user_state_path
        )
    return Paths.under(found.state / "sample") if options.sample else found


def config(options: argparse.Namespace) -> Config:
    """Return the settings, as the options change them."""
    settings = load(paths(options).config)
    return settings._replace(ascii=True) if options.ascii else settings


def mode(options: argparse.Namespace) -> Mode:
    """Return how texts are to be written."""
    return Mode.ASCII if config(options).ascii else Mode.UNICODE


def open_store(options: argparse.Namespace, replacements: Replacements = "starred") -> Store:
    """Open the store and say what is wrong with it; a new one of `--sample` gets the sample."""
    store = Store(paths(options), replacements)
    for problem in store.problems:
        say(f"tui-reader: {problem}")
    if options.sample and not store.days():
        from tui_reader import sources

        sample = _sample()
        store.save(sources.read(sample.read_bytes(), sample.name), now())
    return store


def store_to_fill(options: argparse.Namespace) -> Store:
    """Open the store to save papers in it as the settings say."""
    return open_store(options, config(options).replacements)


def _sample() -> Path:
    """Return the bundled listing: beside the package when installed, else in the checkout."""
    package = Path(__file__).parents[1]
    installed = package / "sample.txt"
    if installed.exists():
        return installed
    return package.parent / "snapshots" / "listings" / "cs.DC-2026-03-03.txt"


def now() -> datetime:
    return datetime.now(UTC)


def say(message: str) -> None:
    """Talk to the person, on standard error."""
    print(clean(message), file=sys.stderr)


class Talk:
    """What is being done, in one line on standard error, while that is a terminal."""

    def __init__(self) -> None:
        self.heard = sys.stderr.isatty()

    def __enter__(self) -> "Talk":
        return self

    def show(self, progress: object) -> None:
        if self.heard:
            line = fit(str(progress), get_terminal_size().columns - 1)
            print(f"\r{line}\x1b[K", end="", file=sys.stderr, flush=True)

    def __exit__(self, *_: object) -> None:
        if self.heard:
            print("\r\x1b[K", end="", file=sys.stderr, flush=True)


def counted(count: int, one: str, several: str) -> str:
    return f"{count:,} {one if count == 1 else several}"
