"""Getting what arXiv knows of single papers: those a filter names, and marked ones without it."""

from collections.abc import Callable, Sequence
from contextlib import closing, suppress
from functools import partial
from typing import Protocol

from tui_reader.errors import IdError, TuiReaderError
from tui_reader.model import PaperId, paper_at, parse_id, row_of
from tui_reader.store import Kind, Store
from tui_reader.ui.desk import Desk
from tui_reader.ui.parts.filter import FilterPart
from tui_reader.ui.parts.jobs import Jobs, Tell


class RecordsDesk(Desk, Protocol):
    """What getting records uses besides."""

    def redraw(self, changed: Sequence[int]) -> None:
        """Draw these papers as they are known now."""


class RecordsPart:
    """Fetches records, and says when there is one to fetch."""

    def __init__(self, desk: RecordsDesk, filtering: FilterPart, jobs: Jobs) -> None:
        self._desk = desk
        self._filtering = filtering
        self._jobs = jobs
        filtering.found_nothing = self._offer

    def _offer(self, text: str) -> None:
        """Say how to get the papers that a filter without hits names, if it names any."""
        if ids := self._named(text):
            key = self._desk.key["get_records"]
            several = ids[0] if len(ids) == 1 else f"{len(ids)} of these papers"
            verb = "is" if len(ids) == 1 else "are"
            self._desk.footer.say(f"{several} {verb} not stored; {key} asks arXiv.")

    def do_get_records(self) -> None:
        """Fetch what the filter names, or else the marked papers of the view without a record."""
        desk, text = self._desk, self._filtering.bar.typed.text
        named = self._named(text)
        rows = desk.list.contents.rows
        shown = rows if desk.view.kind is Kind.STARRED else rows[desk.list.cursor :][:1]
        ids = named or self._lacking([paper_at(row) for row in shown])
        if not ids:
            raise TuiReaderError("Nothing to get here: filter by an identifier that is not stored.")
        self._get(ids, partial(self._show, ids, text if named else ""))

    def open(self, id_: PaperId) -> None:
        """Show a paper in the Library; one that is not stored is fetched before, if wanted."""

        def come(said: str) -> None:
            self._desk.footer.say(said)
            if not said:
                self._filtering.ask_library(id_)

        def answer(yes: bool) -> None:
            if yes:
                self._desk.doing(partial(self._get, [id_], come))

        if self._lacking([id_]):
            self._desk.panels.confirm(f"{id_} is not stored; ask arXiv for its record?", answer)
        else:
            self._filtering.ask_library(id_)

    def _get(self, ids: Sequence[PaperId], done: Callable[[str], None]) -> None:
        self._jobs.start("get", partial(self._work, ids), done)

    def _work(self, ids: Sequence[PaperId], tell: Tell, ended: Callable[[], bool]) -> str:
        # Late: they load the network, which most sessions can do without.
        from tui_reader import sync
        from tui_reader.fetch import Client

        desk, paths = self._desk, self._desk.store.paths
        with closing(Store(paths, desk.config.replacements)) as store:
            client = Client(paths.state, contact=desk.config.contact, cancelled=ended)
            missing = sync.fetch_records(store, client, ids, desk.now, lambda step: tell(str(step)))
        return f"arXiv sent no record of {', '.join(missing[:5])}." if missing else ""

    def _show(self, ids: Sequence[PaperId], text: str, said: str) -> None:
        desk = self._desk
        desk.footer.say(said or f"{len(ids):,} {'record' if len(ids) == 1 else 'records'} came.")
        if text and self._filtering.bar.typed.text == text and not self._named(text):
            self._filtering.ask_library(text)
        else:
            desk.redraw([row_of(id_) for id_ in ids])

    def _named(self, text: str) -> list[PaperId]:
        """Return the papers that a filter of nothing but identifiers names, and are not stored."""
        ids = []
        with suppress(IdError):
            ids = [parse_id(word.removeprefix("id:"))[0] for word in text.split()[:100]]
        return self._lacking(ids)

    def _lacking(self, ids: Sequence[PaperId]) -> list[PaperId]:
        known = self._desk.store.papers.at([row_of(id_) for id_ in ids])
        return [id_ for id_ in ids if row_of(id_) not in known]
