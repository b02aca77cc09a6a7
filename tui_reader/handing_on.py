"""Papers on their way to other programs: addresses, PDFs, commands that show them, files."""

import os
import re
import shlex
import shutil
import sys
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from urllib.parse import quote

from tui_reader import export, programs
from tui_reader.config import Config, Paths
from tui_reader.errors import Cancelled, TuiReaderError, translated
from tui_reader.files import replace_file
from tui_reader.model import Item, Paper
from tui_reader.text.clean import one_line

SECONDS_FOR_TEXT = 60
"""For `pdf_text`; of what takes longer there is none."""
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
FORMS: Mapping[str, export.Form] = {
    **{name: form for name, (form, _) in export.FORMATS.items()},
    **TEXTS,
}
"""How papers may be written for a command."""

FILLED: Mapping[str, Callable[[Paths, Paper], str]] = {
    "id": lambda _, paper: paper.id,
    "url": lambda _, paper: export.url(paper),
    "pdf": lambda paths, paper: str(target(paths, paper, "pdf")),
    "title": lambda _, paper: export.title(paper),
    "authors": lambda _, paper: export.authors(paper),
    "bibtex": lambda _, paper: "".join(export.bibtex([Item(paper)])).strip(),
}
"""What a command may name in braces."""
_NAMED = re.compile(f"{{({'|'.join(FILLED)})}}")


def parted(typed: str, form: str) -> tuple[str, str]:
    """Return the form that a typed command asks for by a prefix, or else `form`; and the command.

    `bibtex: sort` reads BibTeX.
    """
    prefix, colon, command = typed.partition(":")
    if colon and prefix.strip() in FORMS:
        return prefix.strip(), command.strip()
    return form, typed.strip()


def named(words: Iterable[str]) -> set[str]:
    """Return what a command names of FILLED."""
    return {name for word in words for name in _NAMED.findall(word)}


def filled(words: Iterable[str], paths: Paths, papers: Sequence[Paper]) -> list[str]:
    """Return a command's words with what they name of these papers in its place.

    A word that names something becomes one for each paper.
    """
    found = []
    for word in words:
        if not named([word]):
            found.append(word)
            continue
        for paper in papers:
            values = {name: _value(name, paths, paper) for name in named([word])}
            found.append(_NAMED.sub(lambda named: values[named[1]], word))  # noqa: B023  at once
    return found


def filled_for_shell(line: str, paths: Paths, papers: Sequence[Paper]) -> list[str]:
    """Return the command that has the person's shell read a line, filled in and quoted for it."""

    def quoted(named: re.Match[str]) -> str:
        values = shlex.join(_value(named[1], paths, paper) for paper in papers)
        # fish takes a backslash for one of its own between single quotes, too.
        return values.replace("\\", """'"\\\\"'""")

    return [os.environ.get("SHELL") or "/bin/sh", "-c", _NAMED.sub(quoted, line)]


def _value(name: str, paths: Paths, paper: Paper) -> str:
    value = FILLED[name](paths, paper)
    # No program takes a blank and a dash for an option.
    return f" {value}" if value.startswith("-") else value


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
        case "html" if not paper.may_have_html:
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


def pdf_text(
    paths: Paths, paper: Paper, cancelled: Callable[[], bool] = lambda: False
) -> list[str]:
    """Return the text of a PDF that is here, line by line; nothing without poppler's pdftotext."""
    file, program = Path(target(paths, paper, "pdf")), shutil.which("pdftotext")
    if not program or not file.exists():
        return []
    end = time.monotonic() + SECONDS_FOR_TEXT
    words = [program, "-layout", str(file), "-"]
    with suppress(TuiReaderError, Cancelled):
        done = programs.taken(words, None, lambda: cancelled() or time.monotonic() > end)
        return [] if done.code else [*map(one_line, done.text.splitlines())]
    return []


def show(
    config: Config,
    target: str | Path,
    lend: Callable[[Callable[[], None]], None] = lambda run: run(),
) -> None:
    """Open an address, a PDF or a picture: with the person's setting, or with the system's program.

    Returns once it is on its way. A program in the terminal is run through `lend`, to its end.
    Raises TuiReaderError where none can be run, or it fails at once.
    """
    name = "pdf_viewer" if isinstance(target, Path) else "browser"
    is_picture = isinstance(target, Path) and target.suffix != ".pdf"
    with translated(TuiReaderError, f"{name} is no command"):
        own = "" if is_picture else getattr(config, name)
        words = shlex.split(own) or _of_the_system(name)
    if not words:
        raise TuiReaderError(f"No {name.replace('pdf_', 'PDF ')} is found (set {name})")
    filled = [word.replace("%s", str(target)) for word in words]
    if filled == words:
        filled.append(str(target))
    # Without a display, whatever can show it does so in the terminal.
    if Path(words[0]).name in _IN_TERMINAL or not _has_display():
        lend(lambda: programs.check(words, programs.in_terminal(filled)))
    else:
        programs.beside(filled)


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
