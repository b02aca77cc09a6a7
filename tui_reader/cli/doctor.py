"""The command that looks at everything the program needs, and works when nothing else does."""

import os
import platform
import shutil
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path

import tui_reader
from tui_reader.cli import shell
from tui_reader.cli.output import Line
from tui_reader.config import Paths, read
from tui_reader.errors import ConfigError, StoreError, TuiReaderError
from tui_reader.following import followed

LEAST_FREE = 200
"""MB that should be free: a year of several categories takes some."""


@shell.command("doctor", shell.flag("--online", "ask arXiv for a page, too"), shell.JSON)
def _doctor(options: shell.Options) -> int:
    """Look at all that the program needs; each line is good, or says what to do."""
    from tui_reader.store import health

    checks: dict[str, Callable[[], object]] = {"program": _program, "terminal": _terminal}
    try:
        paths = options.paths
        for name, directory in paths._asdict().items():
            checks[name] = partial(_directory, directory)
        shared = (_settings, _categories, health.journals, health.papers)
        for check in (*shared, *[_arxiv] * options.online):
            checks[check.__name__.strip("_")] = partial(check, paths)
    except ConfigError:
        checks["places"] = lambda: options.paths  # which says why there are none
    lines = []
    for name, found in checks.items():
        try:
            good, says = True, str(found())
        except (TuiReaderError, OSError) as error:
            good, says = False, str(error)
        data = {"check": name, "good": good, "says": says}
        lines.append(Line(("good" if good else "BAD", name, says), data, "" if good else "error"))
    options.write(lines)
    return shell.DONE if all(line.data["good"] for line in lines) else shell.PARTLY


def _program() -> str:
    from importlib.metadata import version

    from tui_reader.store import health

    return (
        f"tui-reader {tui_reader.__version__}, Python {platform.python_version()},"
        f" Textual {version('textual')}, SQLite {health.SQLITE}, {platform.platform(terse=True)}"
    )


def _terminal() -> str:
    from tui_reader.ui.terminal.usable import unusable

    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        return "none here, so no full screen; commands work"
    if why := unusable():
        raise ConfigError(why)
    columns, rows = shutil.get_terminal_size()
    found = {name: os.environ.get(name, "") for name in ("TERM", "COLORTERM", "NO_COLOR")}
    told = " ".join(f"{name}={value}" for name, value in found.items() if value)
    return f"{columns}x{rows}, {sys.stderr.encoding}, {told}"


def _directory(directory: Path) -> str:
    there = next(path for path in (directory, *directory.parents) if path.exists())
    if not there.is_dir() or not os.access(there, os.R_OK | os.W_OK | os.X_OK):
        raise StoreError(
            f"{there} is no folder that you may write in; chmod u+rwx it, or --home DIR"
        )
    if there == directory and directory.stat().st_mode & 0o077:
        raise StoreError(f"{directory} is open to other people: chmod 700 {directory}")
    free = shutil.disk_usage(there).free / 1e6
    if free < LEAST_FREE:
        raise StoreError(f"{directory}: only {free:.0f} MB are free; make room, or use --home DIR")
    return f"{directory}, {free / 1000:,.1f} GB free" + (", not made yet" * (there != directory))


def _settings(paths: Paths) -> str:
    settings = read(paths.config)
    if settings.problems:
        raise ConfigError("; ".join(settings.problems))
    return f"{settings.file}, {len(settings.lines)} set"


def _categories(paths: Paths) -> str:
    return ", ".join(followed(paths.config)) or "none is followed; for one: tui-reader follow cs.DC"


def _arxiv(paths: Paths) -> str:
    from tui_reader.fetch import Client

    category = next(iter(followed(paths.config)), "cs.DC")
    with shell.talk(paths) as talk:
        client = Client(
            paths.state, report=lambda left, why: talk.show(f"{why}: {left:.0f} s left")
        )
        return f"answers, with {len(client.new(category)):,} bytes for {category}"
