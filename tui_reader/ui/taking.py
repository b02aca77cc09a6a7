"""Taking papers out of the main screen: to the clipboard, to other programs, to files."""

import os
import subprocess
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from textual.app import App

from tui_reader import taking, triage
from tui_reader.errors import Cancelled, TuiReaderError
from tui_reader.export import FORMATS, Form
from tui_reader.store import Store
from tui_reader.text import Mode, clean, plain

if TYPE_CHECKING:
    from tui_reader.ui.main_screen import MainScreen

MOST_COPIED = 75_000  # bytes; not every terminal takes sequences of more than 100,000
Report = Callable[[str], None]


class Taking:
    """What the main screen's keys for taking do; long work is done behind the screen."""

    def __init__(self, main: "MainScreen") -> None:
        self.main = main
        self._ended = threading.Event()
        """Ends what is under way."""
        self._under_way: set[str] = set()

    def cancel(self) -> bool:
        """End downloads and exports; return whether there were any."""
        self._ended.set()
        self._ended = threading.Event()
        return bool(self._under_way)

    def yank(self, what: str, count: int) -> None:
        """Copy something of the chosen papers to the clipboard."""
        main = self.main
        chosen = main.chosen(count)
        text = "".join(taking.TEXTS[what](main.store.items(chosen[:MOST_COPIED]))).strip()
        if len(text.encode()) > MOST_COPIED:
            raise TuiReaderError(
                f"Too much for the clipboard; {main.key['export']} writes it to a file."
            )
        main.select(None)
        copy(main.app, text)
        several = f" ({len(chosen)} papers)" if len(chosen) > 1 else ""
        shown = text[:300] if main.mode is not Mode.ASCII else plain(text[:300], main.mode)
        main.footer.say(f"Copied{several}: {clean(shown)}")

    def open(self, what: str) -> None:
        """Show a page of the paper under the cursor, or its `pdf`, in another program."""
        main, ended, row = self.main, self._ended.is_set, self.main.list.row
        if row is None:
            return
        paper = next(main.store.items([row])).paper
        target = taking.target(main.store.paths, paper, what)
        main.mark("Read", triage.mark_read, [row])
        main.footer.say(f"Opening {target.name if isinstance(target, Path) else target}")

        in_app = main.app.call_from_thread

        def work(report: Report) -> str:
            if what == "pdf":
                taking.fetch_pdf(main.store.paths, main.config.contact, paper, report, ended)
            try:
                taking.show(main.config, target, partial(in_app, _lend, main.app))
            except TuiReaderError as error:
                in_app(copy, main.app, str(target))
                return f"{error}; copied: {target}"
            return ""

        self._behind(str(target), work)

    def export(self) -> None:
        """Ask for a form and a file, and write what is selected, or all that is shown."""
        main, view = self.main, self.main.view
        rows = main.chosen(1) if main.selecting else main.list.contents.rows
        if not rows:
            main.footer.say("There is nothing to export.")
            return
        forms = list(FORMATS.items())

        def take(index: int) -> None:
            _, (write, ending) = forms[index]
            name = f"{view.category}-{view.day}" if view.day else view.kind
            main.put("File", name + ending, partial(self._export, rows, write))

        choices = [(name, ending) for name, (_, ending) in forms]
        main.choose(f"Export ({len(rows):,}) as", choices, take)

    def _export(self, rows: Sequence[int], write: Form, name: str, over: bool = False) -> None:
        main, ended = self.main, self._ended.is_set
        file = Path(os.path.expanduser(name.strip()))  # never fails

        def answer(reply: str) -> None:
            if reply.strip().lower() in ("y", "yes"):
                self._export(rows, write, name, over=True)
            else:
                main.put("File", name, partial(self._export, rows, write))

        if os.path.isfile(file) and not over:
            main.put(f"{file.name} exists; replace it? (y or n)", "", answer)
            return

        def work(report: Report) -> str:
            def watched(values: Iterable[Any]) -> Iterator[Any]:
                for number, value in enumerate(values):
                    if ended():
                        raise Cancelled
                    if number % 500 == 0:
                        report(f"Export {number:,} of {len(rows):,}")
                    yield value

            store = Store(main.store.paths)
            try:
                taking.write_file(file, watched(write(watched(store.items(rows)))), over=over)
            finally:
                store.close()
            return f"{len(rows):,} written to {file.absolute()}"

        rows = rows[:]  # the Library's can be read in this thread alone
        main.select(None)
        self._behind(str(file), work)

    def _behind(self, name: str, work: Callable[[Report], str]) -> None:
        """Do work in a thread, once at a time under each name; say what comes of it."""
        main = self.main
        if name in self._under_way:
            main.footer.say(f"On its way already; {main.key['clear']} ends it.")
            return
        self._under_way.add(name)

        def run() -> None:
            try:
                said = work(partial(main.app.call_from_thread, main.footer.show_work))
            except Cancelled:
                said = "Ended; nothing was kept."
            except TuiReaderError as error:
                said = str(error)
            except Exception as error:  # whatever it is, the key must work the next time
                said = f"It failed: {type(error).__name__}: {error}"[:200]
            main.app.call_from_thread(done, said)

        def done(said: str) -> None:
            self._under_way.discard(name)
            main.footer.show_work()
            if said:
                main.footer.say(said)

        main.run_worker(run, thread=True, exit_on_error=False)


def copy(app: App[Any], text: str) -> None:
    """Put a text on the clipboard of the machine the person sits at, through the terminal."""
    if "TMUX" in os.environ:
        # As tmux is set up by default, it hands on what its own command copies, and no other's.
        tmux = ["tmux", "load-buffer", "-w", "-"]
        with suppress(OSError, subprocess.SubprocessError):
            subprocess.run(tmux, input=text.encode(), capture_output=True, timeout=1, check=True)
            return
    app.copy_to_clipboard(text)


def _lend(app: App[Any], run: Callable[[], None]) -> None:
    """Give the terminal to a program until it ends."""
    with app.suspend():
        run()
