"""The table of commands, and what they share: exit codes, arguments, places, settings, time."""

import os
import sys
from collections.abc import Callable, Iterable
from contextlib import suppress
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import tui_reader
from tui_reader.cli import output
from tui_reader.cli.output import Line
from tui_reader.config import Config, Paths, Replacements, read
from tui_reader.errors import ConfigError, StoreError, TuiReaderError
from tui_reader.store import Change, Store
from tui_reader.text import Mode

if TYPE_CHECKING:  # most often nothing is there for it to read
    import argparse

DONE, PARTLY, USAGE, FAILED = 0, 1, 2, 3
INTERRUPTED = 130
EXIT_CODES = "0 done, 1 nothing matched or partly failed, 2 wrong usage, 3 data or network error."
ABOUT = "Keep up with arXiv from the terminal."
NOTHING_STORED = (
    "Nothing is stored yet: tui-reader follow cs.DC, then tui-reader sync; "
    "or tui-reader import FILE"
)
NOTHING_FOLLOWED = "No category is followed; for one: tui-reader follow cs.DC"


class NothingError(TuiReaderError):
    """There is nothing to do it with: the exit code is PARTLY."""


class Options:
    """What was typed, and what it stands for. Raises ConfigError where that is nothing."""

    home: Path | str | None = None
    sample = False
    ascii = False
    json = False
    query: list[str]
    run: "Does"
    opened: Store | None = None
    """The store, if it was needed."""

    if TYPE_CHECKING:  # the arguments of the command

        def __getattr__(self, name: str) -> Any: ...

    @property
    def under(self) -> tuple[Path | str | None, str]:
        """Under which directory everything is kept, if one is named, and where it is named."""
        if self.home:
            return self.home, "command line"
        under = os.environ.get("TUI_READER_HOME")
        return under, "TUI_READER_HOME" if under else "default"

    @cached_property
    def paths(self) -> Paths:
        under, _ = self.under
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
        return Paths.under(found.state / "sample") if self.sample else found

    @cached_property
    def config(self) -> Config:
        settings = read(self.paths.config)
        if settings.problems:
            raise ConfigError(settings.problems[0])
        return settings.config

    @cached_property
    def mode(self) -> Mode:
        """How texts are to be written, which the locale has a say in."""
        plain = self.ascii or "utf" not in (sys.stdout.encoding or "").lower()
        with suppress(ConfigError):
            plain = plain or read(self.paths.config).config.in_ascii
        return Mode.ASCII if plain else Mode.UNICODE

    @cached_property
    def store(self) -> Store:
        return self.open_store(self.config.replacements)

    def open_store(self, replacements: Replacements) -> Store:
        """Open the store and say what is wrong with it; a new one of `--sample` gets the sample."""
        with output.Talk() as talk:
            store = Store(
                self.paths, replacements, lambda share: talk.show(f"Reading marks: {share:.0%}")
            )
        self.opened = store
        self.tell_problems()
        if self.sample and not store.listings.days():
            from tui_reader.importing import take_sample

            take_sample(store, now())
        return store

    def tell_problems(self) -> None:
        """Say what is wrong with the store, and was not said before."""
        for problem in self.opened.new_problems() if self.opened else ():
            output.say(f"tui-reader: {problem}")

    def write(self, lines: Iterable[Line]) -> None:
        """Write an answer."""
        output.write(lines, self.mode, as_json=self.json)


Does = Callable[[Options], int | None]
Argument = tuple[tuple[str, ...], dict[str, Any]]
"""What argparse's add_argument takes."""


class Command(NamedTuple):
    """A command; `run` returns the exit code, None for DONE."""

    run: Does
    help: str
    arguments: tuple[Argument, ...]


COMMANDS: dict[str, Command] = {}


def command(name: str, *arguments: Argument, help_: str = "") -> Callable[[Does], Does]:
    """Enter the function below into the table of commands; its docstring is the help."""

    def enter(run: Does) -> Does:
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
QUERY_OR_IDS = argument("query", nargs="*", metavar="QUERY|ID", help=f"{_QUERY}; or {_IDS}")
SAVED = argument("--saved", metavar="NAME", help="what a saved filter leaves of them")
FILE = argument("file", type=Path, metavar="FILE", help="or - for the standard stream")
JSON = flag("--json", "one JSON object a line")


OUTPUT = (
    argument("-o", "--output", metavar="FILE", help="write a file, in UTF-8"),
    flag("--force", "replace the file if it exists"),
)


def understood(arguments: Iterable[Argument]) -> "list[argparse.Action]":
    """Return what argparse makes of these arguments."""
    import argparse

    parser = argparse.ArgumentParser(add_help=False)
    return [parser.add_argument(*names, **how) for names, how in arguments]


def _directory(name: str) -> Path:
    if not name:
        import argparse

        raise argparse.ArgumentTypeError("needs the name of a directory")
    return Path(name)


OPTIONS = (
    argument(
        "--version", action="version", version=f"tui-reader {tui_reader.__version__}", help="say it"
    ),
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


def now() -> datetime:
    return datetime.now(UTC)


def talk(paths: Paths) -> output.Talk:
    """Tell what is being done, as the settings want it told."""
    heard = sys.stderr.isatty()
    return output.Talk(in_lines=heard and read(paths.config).config.accessible)


def index(store: Store) -> None:
    """Index what waits for it, so that queries of many papers are answered at once."""
    with talk(store.paths) as told, suppress(StoreError):  # without it answers are slow, but good
        store.index(lambda left: told.show(f"Indexing: {left:,} papers to go"))


def keep_bibliography(options: Options, change: Change | None) -> None:
    """Bring the bibliography in step after a change, if there is one and it is concerned."""
    if not options.config.bibliography or not change:
        return
    from tui_reader.bibliography import Bibliography

    kept = Bibliography(options.paths, options.config)
    try:
        if not (ids := kept.concerns(change)):
            return
        if before := kept.left_out(options.store, change):
            kept.begin(before)
            earlier = output.counted(len(before), "paper is", "papers are")
            output.say(f"{earlier} not in it: tui-reader bibliography --all puts them in.")
        said = kept.bring(options.store, ids).said(kept.file)
    except TuiReaderError as error:  # the mark is kept all the same
        said = f"tui-reader: {error}"
    if said:
        output.say(said)
