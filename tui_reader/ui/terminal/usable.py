"""Whether the terminal will do for a full screen; asked before anything large is loaded."""

import os
import sys

_SCRIPTS = "tui-reader list prints papers as text"


def size_of(file: int) -> tuple[int, int] | None:
    """Return the terminal's columns and lines; None where it has none, as on a serial line."""
    try:
        columns, lines = os.get_terminal_size(file)
    except OSError:
        return None
    return (columns, lines) if columns > 0 and lines > 0 else None


def unusable() -> str | None:
    """Return why the full-screen program can't run in this terminal, or None when it can."""
    streams = {"input": sys.__stdin__, "output": sys.__stdout__, "error": sys.__stderr__}
    for name, stream in streams.items():
        if not (stream and stream.isatty()):
            return f"standard {name} is not a terminal; {_SCRIPTS}, see tui-reader --help"
    if (terminal := os.environ.get("TERM", "")) in ("", "dumb", "unknown"):
        return f"TERM={terminal!r} can't show a full-screen program; set TERM; {_SCRIPTS}"
    drawn_on = streams["error"]
    assert drawn_on
    if "utf" not in (drawn_on.encoding or "").lower():
        return f"the terminal's encoding is {drawn_on.encoding}; set LC_ALL=C.UTF-8"
    if not size_of(drawn_on.fileno()):
        return f"the terminal tells no size; set it, as with stty rows 24 cols 80; {_SCRIPTS}"
    return None
