"""Papers on their way to other programs: addresses, PDFs, commands that show them, files."""

import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import quote

from tui_reader import export
from tui_reader.config import Config, Paths
from tui_reader.errors import TuiReaderError
from tui_reader.files import replace_file
from tui_reader.model import Item, Paper

AT_ONCE = 1.0  # seconds in which a program that can't show something says so
_IN_TERMINAL = frozenset(
    "w3m lynx links links2 elinks www-browser browsh carbonyl cha tdf termpdf.py jfbview".split()
)


def _lines(of: Callable[[Paper], str]) -> Callable[[Iterable[Item]], Iterator[str]]:
    return lambda items: (of(item.paper) + "\n" for item in items)


TEXTS: Mapping[str, Callable[[Iterable[Item]], Iterator[str]]] = {
    "id": _lines(lambda paper: paper.id),
    "url": _lines(export.url),
    "bibtex": export.bibtex,
    "title": _lines(export.title),
    "citation": export.citations,
}
"""What can be copied of papers."""


def write_file(file: Path, pieces: Iterable[str], *, over: bool) -> None:
    """Write a file, whole or not at all; never over another one without `over`.

    Raises TuiReaderError.
    """
    try:
        target = file.resolve()
        if target.exists() and not target.is_file():
            raise TuiReaderError(f"{file}: not a file to write; choose another")
        replace_file(target, pieces, private=False, only_new=not over)
    except FileExistsError as error:
        raise TuiReaderError(
            f"{file}: exists already; choose another file, or --force to replace it"
        ) from error
    except (OSError, RuntimeError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise TuiReaderError(f"{file}: can't be written: {reason}") from error


def target(paths: Paths, paper: Paper, what: str) -> str | Path:
    """Return the address of a paper's `page`, `html` or `doi`, or the file for its `pdf`.

    Raises TuiReaderError where it has none.
    """
    name = f"{paper.id}v{paper.version}" if paper.version else paper.id
    match what:
        case "pdf":
            return paths.data / "pdf" / f"{name.replace('/', '-')}.pdf"
        case "html" if paper.formats and "html" not in paper.formats:
            raise TuiReaderError(f"The listing offers no HTML of {paper.id}.")
        case "html":
            return f"https://arxiv.org/html/{name}"
        case "doi":
            doi = export.doi(paper)
            if not re.fullmatch(r"10\.\d{4,9}(?:\.\d+)*/\S+", doi, re.ASCII):
                raise TuiReaderError(f"No DOI of {paper.id} is known.")
            return "https://doi.org/" + quote(doi, safe="/:;()%")
    return export.url(paper)


def fetch_pdf(
    paths: Paths,
    contact: str,
    paper: Paper,
    report: Callable[[str], None],
    cancelled: Callable[[], bool] = lambda: False,
) -> None:
    """Download the PDF that `target` names, if it is not here yet; `report` is told how far.

    `contact` is as the setting. Raises TuiReaderError, or Cancelled.
    """
    file = Path(target(paths, paper, "pdf"))
    if file.exists():
        return
    from tui_reader.fetch import PDF, Client

    said = f"PDF {paper.id}"
    report(said)
    client = Client(
        paths.state,
        contact=contact,
        report=lambda seconds, why: report(f"{said} in {seconds:.0f} s: {why}"),
        arrived=lambda taken, total: report(f"{said}: {taken / 1e6:.1f} of {total / 1e6:.1f} MB"),
        cancelled=cancelled,
        bounds=PDF,
    )
    try:
        replace_file(file, [client.pdf(paper.id, paper.version)])
    except OSError as error:
        raise TuiReaderError(f"{file} can't be written: {error.strerror}") from error


class Command(NamedTuple):
    """A program with its arguments."""

    words: Sequence[str]
    in_terminal: bool
    """Whether it has the terminal to itself until it ends."""

    def run(self) -> None:
        """Run it: in the terminal to its end, else until it is on its way.

        Raises TuiReaderError where it can't be run, or fails at once.
        """
        apart: dict[str, Any] = {}
        if not self.in_terminal:
            apart = dict.fromkeys(("stdin", "stdout", "stderr"), subprocess.DEVNULL)
        try:
            process = subprocess.Popen(self.words, **apart, start_new_session=bool(apart))
        except (OSError, ValueError) as error:
            raise TuiReaderError(f"{self.words[0]} can't be run: {error}") from error
        if self.in_terminal:
            # Ctrl-C is for the program; a handler of ours, unlike SIG_IGN, is not handed on.
            before = signal.signal(signal.SIGINT, lambda *_: None)
            process.wait()
            signal.signal(signal.SIGINT, before)
        try:
            code = process.wait(AT_ONCE)
        except subprocess.TimeoutExpired:
            # It stays, as viewers do; someone has to take note of its end.
            threading.Thread(target=process.wait, daemon=True).start()
            return
        if code:
            raise TuiReaderError(f"{self.words[0]} ended with an error ({code})")


def command(config: Config, target: str | Path) -> Command:
    """Return what opens an address or a PDF: the person's setting, or the system's program.

    Raises TuiReaderError where there is none. May take a moment.
    """
    name = "pdf_viewer" if isinstance(target, Path) else "browser"
    try:
        words = shlex.split(getattr(config, name)) or _of_the_system(name)
    except ValueError as error:
        raise TuiReaderError(f"{name} is no command: {error}") from error
    if not words:
        raise TuiReaderError(f"No {name.replace('pdf_', 'PDF ')} is found (set {name})")
    if not shutil.which(words[0]):
        raise TuiReaderError(f"{words[0]} is not installed")
    filled = [word.replace("%s", str(target)) for word in words]
    if filled == words:
        filled.append(str(target))
    # Without a display, whatever can show it does so in the terminal.
    return Command(filled, Path(words[0]).name in _IN_TERMINAL or not _has_display())


def _of_the_system(name: str) -> list[str]:
    if sys.platform == "darwin":
        return ["open"]
    if name == "pdf_viewer":
        return ["xdg-open"] if _has_display() else []
    import webbrowser

    try:
        found = webbrowser.get()
    except webbrowser.Error:
        return []
    return [found.name, *found.args]


def _has_display() -> bool:
    return sys.platform == "darwin" or any(map(os.environ.get, ("DISPLAY", "WAYLAND_DISPLAY")))
