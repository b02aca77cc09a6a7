"""What is said of an internal error: one line, and a report in a file; never a traceback."""

import os
import sys
import traceback
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

from tui_reader.files import replace_file
from tui_reader.text import clean


def report(problem: str, directory: Path) -> None:
    """Keep a traceback, as Python prints it, in a file of its own; say so on standard error."""
    last = ascii(problem.strip().splitlines()[-1][:200])[1:-1]
    print(f"tui-reader stopped on an internal error: {last}", file=sys.stderr)
    print("Your stars and notes are safe.", file=sys.stderr)
    if file := _kept(problem, directory):
        print(f"Full report: {clean(str(file))}", file=sys.stderr)


def noted(error: BaseException, directory: Path) -> str:
    """Keep a report of an error that the program survives; return what to say of it."""
    file = _kept("".join(traceback.format_exception(error)), directory)
    where = f" Report: {clean(str(file))}" if file else ""
    return f"It failed: {clean(repr(error))[:120]}.{where}"


def _kept(problem: str, directory: Path) -> Path | None:
    """Write a report that is the person's alone; return None where that can't be done."""
    stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%S%f")
    file = directory / f"crash-{stamp}-{os.getpid()}.txt"
    with suppress(OSError):
        replace_file(file, [problem.encode("utf-8", "backslashreplace")], only_new=True)
        return file
    return None
