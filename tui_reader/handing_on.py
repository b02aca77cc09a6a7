"""Papers on their way to other programs: addresses, PDFs, commands that show them, files."""

import os
import re
import shlex
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path
from urllib.parse import quote

from tui_reader import export
from tui_reader.config import Config, Paths
from tui_reader.errors import TuiReaderError, translated
from tui_reader.files import replace_file
from tui_reader.model import Paper

SECONDS_TO_FAIL = 1.0  # in which a program that can't show something says so
_IN_TERMINAL = frozenset(
    "w3m lynx links links2 elinks www-browser browsh carbonyl cha tdf termpdf.py jfbview".split()
)


TEXTS: Mapping[str, export.Form] = {
    "id": export.a_line(lambda paper: paper.id),
    "url": export.a_line(export.url),
    "bibtex": export.bibtex,
    "title": export.a_line(export.title),
    "citation": export.a_line(export.citation),
}
"""What can be copied of papers."""


def write_file(file: Path, pieces: Iterable[str], *, over: bool) -> None:
    """Write a file, whole or not at all; never over another one without `over`.

    Raises TuiReaderError.
    """
    with translated(TuiReaderError, f"{file}: can't be written"):
        target = file.resolve()
        if target.exists() and not target.is_file():
            raise TuiReaderError(f"{file}: not a file to write; choose another")
        if target.exists() and not over:
            raise TuiReaderError(
                f"{file}: exists already; choose another file, or --force to replace it"
            )
        replace_file(target, pieces, private=False, only_new=not over)


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
    with translated(TuiReaderError, f"{file} can't be written"):
        replace_file(file, [client.pdf(paper.id, paper.version)])


def show(
    config: Config,
    target: str | Path,
    lend: Callable[[Callable[[], None]], None] = lambda run: run(),
) -> None:
    """Open an address or a PDF: with the person's setting, or with the system's program.

    Returns once it is on its way. A program in the terminal is run through `lend`, to its end.
    Raises TuiReaderError where none can be run, or it fails at once.
    """
    name = "pdf_viewer" if isinstance(target, Path) else "browser"
    with translated(TuiReaderError, f"{name} is no command"):
        words = shlex.split(getattr(config, name)) or _of_the_system(name)
    if not words:
        raise TuiReaderError(f"No {name.replace('pdf_', 'PDF ')} is found (set {name})")
    filled = [word.replace("%s", str(target)) for word in words]
    if filled == words:
        filled.append(str(target))
    with translated(TuiReaderError, f"{words[0]} can't be run"):
        # Without a display, whatever can show it does so in the terminal.
        if Path(words[0]).name in _IN_TERMINAL or not _has_display():
            lend(partial(_run_in_terminal, filled))
        else:
            _run_beside(filled)


def _run_in_terminal(words: Sequence[str]) -> None:
    # Ctrl-C is for the program; a handler of ours, unlike SIG_IGN, is not handed on to it.
    before = signal.signal(signal.SIGINT, lambda *_: None)
    try:
        _check(words, subprocess.run(words, check=False).returncode)
    finally:
        signal.signal(signal.SIGINT, before)


def _run_beside(words: Sequence[str]) -> None:
    null = subprocess.DEVNULL
    program = subprocess.Popen(words, stdin=null, stdout=null, stderr=null, start_new_session=True)
    try:
        _check(words, program.wait(SECONDS_TO_FAIL))
    except subprocess.TimeoutExpired:
        # It stays, as viewers do; someone has to take note of its end.
        threading.Thread(target=program.wait, daemon=True).start()


def _check(words: Sequence[str], code: int) -> None:
    if code:
        raise TuiReaderError(f"{words[0]} ended with an error ({code})")


def _of_the_system(name: str) -> list[str]:
    if sys.platform == "darwin":
        return ["open"]
    if name == "pdf_viewer":
        return ["xdg-open"] if _has_display() else []
    import webbrowser

    with suppress(webbrowser.Error):
        found = webbrowser.get()
        return [found.name, *found.args]
    return []


def _has_display() -> bool:
    return sys.platform == "darwin" or any(map(os.environ.get, ("DISPLAY", "WAYLAND_DISPLAY")))
