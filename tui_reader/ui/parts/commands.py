"""Papers given to command lines: those that are typed, and the actions that a person made."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from functools import partial
from typing import IO, TYPE_CHECKING

from tui_reader.config import OwnAction
from tui_reader.errors import TuiReaderError, translated
from tui_reader.model import Item
from tui_reader.store import Store
from tui_reader.text import line_end
from tui_reader.text.clean import printable
from tui_reader.ui.desk import Desk
from tui_reader.ui.inks import Piece
from tui_reader.ui.line_edit import PastLines
from tui_reader.ui.parts.jobs import Jobs, Tell

if TYPE_CHECKING:  # late: many sessions run nothing
    from tui_reader.programs import Written

MOST_COMMANDS = 50
MOST_FILLED = 200  # papers; a command line can't be much longer


class CommandsPart:
    """What the keys for commands do; each runs on the papers that are chosen."""

    def __init__(self, desk: Desk, jobs: Jobs) -> None:
        self._desk = desk
        self._jobs = jobs

    def do_pipe(self, chosen: Sequence[int]) -> None:
        """Ask for a command, and give it the papers to read."""
        from tui_reader.handing_on import parted

        form = self._desk.config.pipe

        def run(typed: str) -> None:
            input_, command = parted(typed, form)
            self._run(OwnAction((command,), shell=True, input=input_), command, chosen)

        advice = f"It reads {form}; bibtex:, markdown:, id: ... before it choose another form."
        self._ask(f"Give {_counted(chosen)} to", "pipes", advice, run)

    def do_command(self, chosen: Sequence[int]) -> None:
        """Ask for a command that has the terminal to itself, with what it names filled in."""

        def run(typed: str) -> None:
            action = OwnAction((typed,), shell=True, output="terminal")
            self._run(action, typed, chosen, wait=True)

        advice = "{id} {url} {pdf} {title} {authors} {bibtex} are filled in, quoted."
        self._ask(f"Run for {_counted(chosen)}", "commands", advice, run)

    def own_methods(self) -> dict[str, Callable[..., None]]:
        """Return what does the actions that the person made, by their names in the table."""
        own = self._desk.config.actions.items()
        return {f"actions.{name}": partial(self._run, action, name) for name, action in own}

    def _ask(self, question: str, memo: str, advice: str, run: Callable[[str], None]) -> None:
        earlier = PastLines(self._desk.store, memo, MOST_COMMANDS)

        def answer(typed: str) -> None:
            earlier.add(typed)
            run(typed)

        self._desk.panels.ask_command(question, answer, earlier=earlier.lines, advice=advice)

    def _run(
        self, action: OwnAction, name: str, rows: Sequence[int], *, wait: bool = False
    ) -> None:
        """Run a command behind the screen, which it gets when it wants it.

        `wait`: until the person has read what it wrote in the terminal.
        """
        from tui_reader import programs

        desk, rows = self._desk, rows[:]  # the Library's can be read in this thread alone
        written: list[Written] = []

        def work(tell: Tell, ended: Callable[[], bool]) -> str:
            tell(f"Running {name}")
            with closing(Store(desk.store.paths)) as store:
                words = self._words(action, store.items(rows), len(rows), tell, ended)
                with _given(action.input, store.items(rows)) as given:
                    if action.output == "terminal":
                        lent = partial(_lend, desk, words, given, wait=wait)
                        programs.check([name], desk.app.call_from_thread(lent))
                    else:
                        written.append(programs.taken(words, given, ended))
            return ""

        def done(said: str) -> None:
            desk.footer.say(said or self._shown(name, action, written))

        desk.select(None)
        self._jobs.start(name, work, done)

    def _words(
        self,
        action: OwnAction,
        items: Iterator[Item],
        count: int,
        tell: Tell,
        ended: Callable[[], bool],
    ) -> list[str]:
        """Return the command, filled in; a PDF that it names is fetched before."""
        from tui_reader import handing_on

        desk, papers = self._desk, []
        if handing_on.named(action.command):
            if count > MOST_FILLED:
                raise TuiReaderError(
                    f"{count:,} papers are too many to fill in; {desk.key['pipe']} gives them to "
                    "a command to read."
                )
            papers = [item.paper for item in items]
        if "pdf" in handing_on.named(action.command):
            for paper in papers:
                handing_on.fetch_pdf(desk.store.paths, desk.config.contact, paper, tell, ended)
        if action.shell:
            return handing_on.filled_for_shell(action.command[0], desk.store.paths, papers)
        return handing_on.filled(action.command, desk.store.paths, papers)

    def _shown(self, name: str, action: OwnAction, written: "Sequence[Written]") -> str:
        """Show what a command wrote, in a page; return what there is to say of how it ended."""
        for text, code, cut in written:
            ended = f"{name} ended with an error ({code})." if code else ""
            if cut:
                ended = f"{name} wrote without end and was stopped."
            lines = _lines(text)
            if lines and (action.output == "page" or code):
                layout = partial(_layout, lines=lines, ended=ended)
                self._desk.panels.show_page(layout, self._desk.key["pipe"])
            if ended:
                return ended
        return f"{name} is done."


def _counted(rows: Sequence[int]) -> str:
    return f"{len(rows):,} papers" if len(rows) > 1 else "this paper"


@contextmanager
def _given(form: str, items: Iterator[Item]) -> Iterator[IO[bytes] | None]:
    """Hand over a file with the papers in this form, or None for no form."""
    if not form:
        yield None
        return
    import tempfile

    from tui_reader.handing_on import FORMS

    with translated(TuiReaderError, "the papers can't be handed over"):
        file = tempfile.TemporaryFile()  # noqa: SIM115  closed below
        file.writelines(piece.encode("utf-8", "replace") for piece in FORMS[form](items))
        file.seek(0)
    with file:
        yield file


def _lend(desk: Desk, words: Sequence[str], given: IO[bytes] | None, *, wait: bool) -> int:
    """Give the terminal to a command until it ends; return its exit code."""
    from tui_reader import programs

    with desk.app.suspend():
        code = programs.in_terminal(words, given)
        if wait:
            said = f"[ended with an error ({code})] " if code else ""
            with suppress(OSError, EOFError, KeyboardInterrupt), open("/dev/tty", "r+b", 0) as tty:
                tty.write(f"\n{said}Enter goes back to the papers. ".encode())
                tty.readline()
    return code


def _lines(text: str) -> list[str]:
    """Return what a program wrote as the lines that a terminal would show at last."""
    lines = (line.rstrip("\r").rpartition("\r")[2] for line in text.split("\n"))
    shown = [printable(line.expandtabs()).rstrip() for line in lines]
    return shown if any(shown) else []


def _layout(width: int, lines: Sequence[str], ended: str) -> Iterator[list[Piece]]:
    """Yield what a program wrote, and how it ended where that is worth saying."""
    room = max(1, width - 2)
    for line in lines:
        at = 0
        while at < len(line) or not at:
            end = at + max(1, line_end(line[at:], room))
            yield [(f" {line[at:end]}", "text")]
            at = end
    if ended:
        yield [(f" {ended}", "error")]
