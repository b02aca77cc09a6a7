"""Taking papers out of the main screen: to the clipboard, to other programs, to files."""

import os
import subprocess
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing, suppress
from functools import partial, partialmethod
from pathlib import Path
from typing import TYPE_CHECKING, Any

from textual.app import App

from tui_reader import triage
from tui_reader.errors import Cancelled, TuiReaderError
from tui_reader.model import Paper
from tui_reader.store import Operation, Store
from tui_reader.text import Mode, clean, plain
from tui_reader.ui.desk import Desk
from tui_reader.ui.parts.jobs import Jobs, Tell
from tui_reader.ui.parts.mark import MarkPart

if TYPE_CHECKING:  # late: many sessions take nothing out
    from tui_reader.export import Form

MOST_COPIED = 75_000  # bytes; not every terminal takes sequences of more than 100,000


class TakeOutPart:
    """What the keys of taking do; long work is done behind the screen."""

    def __init__(self, desk: Desk, marking: MarkPart) -> None:
        self._desk = desk
        self._marking = marking
        self.jobs = Jobs(desk)

    def _yank(self, what: str, chosen: Sequence[int]) -> None:
        """Copy something of the chosen papers to the clipboard."""
        from tui_reader import handing_on

        desk = self._desk
        text = "".join(handing_on.TEXTS[what](desk.store.items(chosen[:MOST_COPIED]))).strip()
        if len(text.encode()) > MOST_COPIED:
            raise TuiReaderError(
                f"Too much for the clipboard; {desk.key['export']} writes it to a file."
            )
        desk.select(None)
        copy(desk.app, text)
        several = f" ({len(chosen)} papers)" if len(chosen) > 1 else ""
        shown = text[:300] if desk.mode is not Mode.ASCII else plain(text[:300], desk.mode)
        desk.footer.say(f"Copied{several}: {clean(shown)}")

    do_yank_id = partialmethod(_yank, "id")
    do_yank_url = partialmethod(_yank, "url")
    do_yank_bibtex = partialmethod(_yank, "bibtex")
    do_yank_title = partialmethod(_yank, "title")
    do_yank_citation = partialmethod(_yank, "citation")

    def _open(self, what: str, row: int) -> None:
        """Show a page of a paper, or its `pdf`, in another program."""
        from tui_reader import handing_on

        desk = self._desk
        paper = next(desk.store.items([row])).paper
        target = handing_on.target(desk.store.paths, paper, what)
        self._marking.mark(Operation.READ, triage.mark_read, [row])
        self._show(target, paper if what == "pdf" else None)

    def open_address(self, address: str) -> None:
        """Show a page in the browser."""
        self._show(address)

    def _show(self, target: str | Path, of: Paper | None = None) -> None:
        """Show a page, or the PDF `of` a paper, which is fetched before."""
        from tui_reader import handing_on

        desk = self._desk
        desk.footer.say(f"Opening {target.name if isinstance(target, Path) else target}")

        def work(tell: Tell, ended: Callable[[], bool]) -> str:
            if of:
                handing_on.fetch_pdf(desk.store.paths, desk.config.contact, of, tell, ended)
            in_app = desk.app.call_from_thread
            try:
                handing_on.show(desk.config, target, partial(in_app, lend, desk.app))
            except TuiReaderError as error:
                in_app(copy, desk.app, str(target))
                return f"{error}; copied: {target}"
            return ""

        self.jobs.start(str(target), work)

    do_open_page = partialmethod(_open, "page")
    do_open_pdf = partialmethod(_open, "pdf")
    do_open_html = partialmethod(_open, "html")
    do_open_doi = partialmethod(_open, "doi")

    def do_export(self) -> None:
        """Ask for a form and a file, and write what is selected, or all that is shown."""
        from tui_reader.export import FORMATS

        desk, view = self._desk, self._desk.view
        rows = desk.list.chosen(1) if desk.list.selecting else desk.list.contents.rows

        def take(form: "tuple[Form, str] | None") -> None:
            if not form:
                self._add(rows)
                return
            write, ending = form
            name = f"{view.category}-{view.day}" if view.day else view.kind
            desk.panels.ask("File", name + ending, partial(self._export, rows, write))

        offered: list[tuple[tuple[str, str], tuple[Form, str] | None]] = [
            ((name, form[1]), form) for name, form in FORMATS.items()
        ]
        if file := desk.config.bibliography:
            offered.insert(0, (("bibliography", file), None))
        desk.panels.choose(f"Export ({len(rows):,}) as", offered, take, enter="writes")

    def _add(self, rows: Sequence[int]) -> None:
        """Add papers to the person's BibTeX file."""

        def work(_tell: Tell, _ended: Callable[[], bool]) -> str:
            from tui_reader.bibliography import Bibliography

            kept = Bibliography(desk.store.paths, desk.config)
            with closing(Store(desk.store.paths)) as store:
                said = kept.add(list(store.items(rows))).said(kept.file)
            return said or f"{kept.file.name} has them already."

        desk, rows = self._desk, rows[:]
        desk.select(None)
        self.jobs.start(desk.config.bibliography, work)

    def _export(self, rows: Sequence[int], write: "Form", name: str, over: bool = False) -> None:
        desk = self._desk
        file = Path(os.path.expanduser(name.strip()))  # never fails

        def answer(yes: bool) -> None:
            if yes:
                self._export(rows, write, name, over=True)
            else:
                desk.panels.ask("File", name, partial(self._export, rows, write))

        if os.path.isfile(file) and not over:
            desk.panels.confirm(f"{file.name} exists; replace it?", answer)
            return

        def work(tell: Tell, ended: Callable[[], bool]) -> str:
            def watched(values: Iterable[Any]) -> Iterator[Any]:
                for number, value in enumerate(values):
                    if ended():
                        raise Cancelled
                    if number % 500 == 0:
                        tell(f"Export {number:,} of {len(rows):,}")
                    yield value

            from tui_reader import handing_on

            with closing(Store(desk.store.paths)) as store:
                handing_on.write_file(file, watched(write(watched(store.items(rows)))), over=over)
            return f"{len(rows):,} written to {file.absolute()}"

        rows = rows[:]  # the Library's can be read in this thread alone
        desk.select(None)
        self.jobs.start(str(file), work)


def copy(app: App[Any], text: str) -> None:
    """Put a text on the clipboard of the machine the person sits at, through the terminal."""
    if "TMUX" in os.environ:
        # As tmux is set up by default, it hands on what its own command copies, and no other's.
        tmux = ["tmux", "load-buffer", "-w", "-"]
        with suppress(OSError, subprocess.SubprocessError):
            subprocess.run(tmux, input=text.encode(), capture_output=True, timeout=1, check=True)
            return
    app.copy_to_clipboard(text)


def lend(app: App[Any], run: Callable[[], None]) -> None:
    """Give the terminal to a program until it ends."""
    with app.suspend():
        run()
