"""What is said of an internal error: one line, and a report in a file; never a traceback."""

import os
import sys
from datetime import UTC, datetime
from pathlib import Path

from tui_reader.text import clean


def report(problem: str, directory: Path) -> None:
    """Keep a traceback, as Python prints it, in a file of its own; say so on standard error."""
    last = ascii(problem.strip().splitlines()[-1][:200])[1:-1]
    print(f"tui-reader stopped on an internal error: {last}", file=sys.stderr)
    print("Your stars and notes are safe.", file=sys.stderr)
    try:
        directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%S")
        file = directory / f"crash-{stamp}-{os.getpid()}.txt"
        file.write_text(problem, encoding="utf-8", errors="backslashreplace")
        file.chmod(0o600)
        print(f"Full report: {clean(str(file))}", file=sys.stderr)
    except OSError:
        pass
