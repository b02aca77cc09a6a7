"""Reading a paper: its text is fetched when it is first asked for, and shown over the screen."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path

from tui_reader import triage
from tui_reader.errors import TuiReaderError
from tui_reader.model import Paper, PaperId, paper_at, row_of
from tui_reader.store import Operation
from tui_reader.ui import row_text
from tui_reader.ui.desk import Desk
from tui_reader.ui.parts.jobs import Jobs, Tell, Work
from tui_reader.ui.parts.mark import MarkPart
from tui_reader.ui.parts.take_out import copy, lend

Do = Callable[[str, Sequence[int]], None]
"""Does an action of the table to papers."""


class ReadPart:
    """Opens the text of the paper under the cursor."""

    def __init__(self, desk: Desk, marking: MarkPart, jobs: Jobs, do: Do) -> None:
        self._desk, self._marking, self._jobs, self._do = desk, marking, jobs, do

    def do_read_text(self, row: int) -> None:
        from tui_reader import full_text

        desk, paper = self._desk, paper_at(row)
        if full_text.load(desk.store.paths, paper, now=desk.now()):
            self._show(row)
            return
        self._fetch(row)

    def _fetch(self, row: int) -> None:
        """Ask arXiv for the text of the newest version, and show it."""
        from tui_reader import full_text

        desk, paper = self._desk, paper_at(row)
        known = next(desk.store.items([row])).paper
        if not full_text.is_offered(known):
            self._show_pdf(known, f"arXiv has no HTML of {paper};")
            return

        def work(tell: Tell, ended: Callable[[], bool]) -> str:
            contact = desk.config.contact
            full_text.fetch(desk.store.paths, contact, paper, known.version, tell, ended)
            full_text.load(desk.store.paths, paper)  # long ones take a moment to be read
            return ""

        self._get(paper, work, partial(self._show, row))

    def _get(self, paper: PaperId, work: Work, show: Callable[[], None]) -> None:
        """Get a text behind the screen, and show it if the person waits for it still."""
        desk = self._desk

        def done(said: str) -> None:
            if said:
                desk.footer.say(said)
            elif desk.list.row == row_of(paper) and desk.app.screen is desk.footer.screen:
                desk.doing(show)
            else:
                desk.footer.say(f"The text of {paper} is here.")

        self._jobs.start(f"text {paper}", work, done)

    def _show(self, row: int) -> None:
        from tui_reader import full_text
        from tui_reader.ui.pages.paper import PaperPage
        from tui_reader.ui.popups import Popup

        desk, paper = self._desk, paper_at(row)
        text = full_text.load(desk.store.paths, paper)
        known = next(iter(desk.store.papers.at([row]).values()), None)
        if text is None or not text.state.is_text:
            why = text.state.says if text else "It is not here any more."
            self._show_pdf(known or Paper(paper, ""), why)
            return
        self._marking.mark(Operation.READ, triage.mark_read, [row])
        passages = (full_text.front(text, known, desk.mode), *text.passages)
        left = (desk.store.recall(f"place {paper}") or "").split()
        left_at = [*map(int, left)] if len(left) == 3 else []
        newer = known.version if known and text.version else None
        newer = newer if newer and newer > (text.version or newer) else None

        def get() -> None:
            desk.app.pop_screen()
            desk.doing(partial(self._fetch, row))

        reader = _Reader(desk, self._jobs, self._do, paper, known, get if newer else None)
        page = PaperPage(text, passages, reader, desk.mode, desk.config.text_width, left_at)
        desk.app.push_screen(Popup(page))

    def _show_pdf(self, paper: Paper, why: str) -> None:
        """Show the text of the PDF in place of what arXiv does not have; else say why."""
        desk, lines = self._desk, [f"{why} The text of the PDF:", ""]

        def work(tell: Tell, ended: Callable[[], bool]) -> str:
            from tui_reader import handing_on

            found = handing_on.pdf_text(desk.store.paths, paper, ended)
            lines.extend(found)
            return "" if found else f"{why} {desk.key['open_pdf']} opens the PDF."

        def show() -> None:
            page = [[(f" {line}", "text")] for line in lines]
            desk.panels.show_page(lambda width: page, desk.key["open_pane"])

        self._get(paper.id, work, show)


class _Reader:
    """What the page asks of the screen it is over."""

    def __init__(
        self,
        desk: Desk,
        jobs: Jobs,
        do: Do,
        id_: PaperId,
        paper: Paper | None,
        newer: Callable[[], None] | None,
    ) -> None:
        self._desk, self._jobs, self._do, self._id, self._paper = desk, jobs, do, id_, paper
        self._newer = newer
        """Gets the newer version that arXiv announced, if it did."""

    def act(self, name: str) -> str:
        self._desk.footer.say("")
        self._desk.doing(partial(self._do, name, [row_of(self._id)]))
        return self._desk.footer.message

    def sign(self) -> str:
        with suppress(TuiReaderError):  # asked for while drawing
            return "".join(row_text.signs(self._desk.store.marks([self._id])[self._id]))
        return ""

    def get_newer(self) -> str:
        if not self._newer:
            return "No newer version is known."
        self._newer()
        return ""

    def open(self, address: str) -> None:
        from tui_reader import full_text, handing_on

        desk = self._desk

        def work(tell: Tell, ended: Callable[[], bool]) -> str:
            in_app = desk.app.call_from_thread
            what: str | Path = address
            if full_text.is_picture(address):
                contact = desk.config.contact
                what = full_text.fetch_picture(desk.store.paths, contact, address, tell, ended)
            try:
                handing_on.show(desk.config, what, partial(in_app, lend, desk.app))
            except TuiReaderError as error:
                in_app(copy, desk.app, address)
                return f"{error}; copied: {address}"
            return ""

        self._jobs.start(address, work)

    def copy(self, text: str) -> None:
        copy(self._desk.app, text)

    def cite(self, words: str, where: str) -> str:
        from tui_reader import handing_on

        items = self._desk.store.items([row_of(self._id)])
        source = "".join(handing_on.TEXTS["citation"](items)).strip() if self._paper else self._id
        return f"“{words}” ({', '.join(filter(None, (source, where)))})"

    def choose_passage(
        self, offered: Sequence[tuple[Sequence[str], int]], take: Callable[[int], None], at: int
    ) -> None:
        self._desk.panels.choose("Section", offered, take, enter="goes to", at=at)

    def show_keys(self) -> None:
        from tui_reader.ui.pages.help import IN_TEXT, layout

        self._desk.panels.show_page(partial(layout, entries=IN_TEXT), "?")

    def left_at(self, *here: int) -> None:
        self._desk.store.remember(f"place {self._id}", " ".join(map(str, here)))
