"""Other programs: run in the terminal, beside it, or with what they write taken in."""

import os
import select
import shlex
import shutil
import signal
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext, suppress
from pathlib import Path
from typing import IO, NamedTuple

from tui_reader.errors import Cancelled, TuiReaderError, translated

SECONDS_TO_FAIL = 1.0  # in which a program that can't show something says so
SECONDS_TO_END = 1.0  # which a program has, once it was asked to
MOST_TAKEN = 1_000_000  # bytes of what it writes; nobody reads more
_TURN = 0.1  # seconds between two looks at whether it is to end


class Written(NamedTuple):
    """What a program wrote, and how it ended."""

    text: str
    """Standard output and errors as they came; not cleaned."""
    code: int
    """0 where all went well; as `subprocess` has it, negative for a signal."""
    cut: bool
    """Whether it wrote more than anyone reads, and was ended for it."""


def on_path() -> list[str]:
    """Return the names of the programs that a shell would find, short ones first."""
    found = set[str]()
    for folder in os.get_exec_path():
        with suppress(OSError), os.scandir(folder or ".") as entries:
            found |= {entry.name for entry in entries if os.access(entry.path, os.X_OK)}
    return sorted(found, key=lambda name: (len(name), name))


def in_terminal(words: Sequence[str], given: IO[bytes] | None = None) -> int:
    """Run a program that has the terminal to itself, to its end; return its exit code.

    It reads `given`, or else what is typed. Raises TuiReaderError where it can't be run.
    """
    # Ctrl-C is for the program; a handler of ours, unlike SIG_IGN, is not handed on to it.
    before = signal.signal(signal.SIGINT, lambda *_: None)
    try:
        with translated(TuiReaderError, f"{words[0]} can't be run"):
            return subprocess.run(words, stdin=given, check=False).returncode
    finally:
        signal.signal(signal.SIGINT, before)


def edited(
    text: str, name: str, around: AbstractContextManager[None] = nullcontext()
) -> str | None:
    """Return the text as the person left it in $VISUAL or $EDITOR; None if that failed.

    The editor runs `around`. Raises TuiReaderError where there is none to run.
    """
    editor = os.environ.get("VISUAL") or os.environ.get("EDITOR") or "vi"
    refused = f"{editor} can't be run; set EDITOR"
    with translated(TuiReaderError, refused), tempfile.TemporaryDirectory() as folder:
        words, file = shlex.split(editor) or ["vi"], Path(folder) / name
        if not shutil.which(words[0]):
            raise TuiReaderError(f"{refused}: there is no such program")
        file.write_text(text, encoding="utf-8")
        with around:
            code = in_terminal([*words, str(file)])
        return None if code else file.read_text(encoding="utf-8", errors="replace")


def beside(words: Sequence[str]) -> None:
    """Start a program that shows something by itself; raise TuiReaderError if it soon fails."""
    null = subprocess.DEVNULL
    with translated(TuiReaderError, f"{words[0]} can't be run"):
        program = subprocess.Popen(
            words, stdin=null, stdout=null, stderr=null, start_new_session=True
        )
    try:
        check(words, program.wait(SECONDS_TO_FAIL))
    except subprocess.TimeoutExpired:
        # It stays, as viewers do; someone has to take note of its end.
        threading.Thread(target=program.wait, daemon=True).start()


def check(words: Sequence[str], code: int) -> None:
    """Raise TuiReaderError for an exit code that is not 0."""
    if code:
        raise TuiReaderError(f"{words[0]} ended with an error ({code})")


def taken(words: Sequence[str], given: IO[bytes] | None, cancelled: Callable[[], bool]) -> Written:
    """Run a program without a terminal, to its end, and return what it wrote.

    It reads `given`, or nothing. Raises TuiReaderError where it can't be run, and Cancelled; it
    and what it started is ended then.
    """
    with translated(TuiReaderError, f"{words[0]} can't be run"):
        program = subprocess.Popen(
            words,
            stdin=given or subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,  # so that it can't ask at our terminal
        )
    assert program.stdout
    with program.stdout as output:
        pieces, size = list[bytes](), 0
        while size <= MOST_TAKEN:
            ended = program.poll() is not None
            if cancelled():
                _end(program)
                raise Cancelled
            if not select.select([output], [], [], _TURN)[0]:
                if ended:  # something that it left behind holds its output open
                    break
                continue
            piece = os.read(output.fileno(), 1 << 16)
            if not piece:
                break
            pieces.append(piece)
            size += len(piece)
    cut = size > MOST_TAKEN
    if cut:
        _end(program)
    while program.poll() is None:
        if cancelled():
            _end(program)
            raise Cancelled
        with suppress(subprocess.TimeoutExpired):
            program.wait(_TURN)
    text = b"".join(pieces)[:MOST_TAKEN].decode("utf-8", "replace")
    return Written(text, 0 if cut else program.returncode, cut)


def _end(program: subprocess.Popen[bytes]) -> None:
    """End a program and what it started: asked first, then by force."""
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(program.pid, signal.SIGTERM)
        until = time.monotonic() + SECONDS_TO_END
        while program.poll() is None and time.monotonic() < until:
            time.sleep(0.01)
        os.killpg(program.pid, signal.SIGKILL)
    program.wait()
