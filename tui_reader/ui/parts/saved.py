"""Saved filters: choosing one, and keeping the one that is shown under a name."""

from contextlib import suppress
from dataclasses import replace
from time import monotonic

from tui_reader.errors import QueryError, TuiReaderError
from tui_reader.model import SavedFilter
from tui_reader.store import Kind, Operation, View
from tui_reader.text import clean
from tui_reader.ui.desk import Desk
from tui_reader.ui.parts.filter import FilterPart
from tui_reader.ui.parts.mark import MarkPart

SECONDS_TO_COUNT, SECONDS_A_FILTER = 0.4, 0.1
"""For what is unread of all saved filters, and of one."""


class SavedPart:
    """What the keys for saved filters do."""

    def __init__(self, desk: Desk, filter_part: FilterPart, marking: MarkPart) -> None:
        self._desk = desk
        self._filter = filter_part
        self._marking = marking

    def do_saved(self) -> None:
        """Let the person choose a saved filter, and show what it leaves of the Library."""
        desk = self._desk
        filters = desk.store.filters()
        if not filters:
            keys = f"Filter with {desk.key['filter']}, then save it with {desk.key['save_filter']}."
            raise TuiReaderError(f"No filter is saved yet. {keys}")
        until = monotonic() + SECONDS_TO_COUNT
        offered = [
            ((name, self._unread(saved.text, until), saved.text), (name, saved.text))
            for name, saved in filters.items()
        ]
        here = desk.view.name, desk.view.text
        panels = desk.panels
        panels.choose("Saved filter", offered, self._take, enter="shows", at=here, numbered=True)

    def _unread(self, text: str, until: float) -> str:
        """Count what a filter leaves unread, where there is time; some of very many."""
        left = until - monotonic()
        if left <= 0:
            return ""
        with suppress(QueryError):
            query = self._desk.store.query(f"({text}) is:unread", self._filter.today)
            unordered = replace(query, sort=None)
            found, complete = self._desk.store.find_at_once(unordered, min(left, SECONDS_A_FILTER))
            if not complete and not found.rows:
                return ""
            return f"{len(found.rows):,}{'' if complete else '+'} unread"
        return "no filter any more"

    def _take(self, saved: tuple[str, str]) -> None:
        self.open(*saved)

    def open(self, name: str, text: str) -> None:
        """Show what a saved filter leaves of the Library."""
        desk, today = self._desk, self._filter.today
        desk.store.query(text, today)  # may have been edited: then say so before anything changes
        desk.visit(View(Kind.SAVED, name=name, text=text, today=today))

    def do_save_filter(self) -> None:
        """Ask for a name to save the filter under; without one a saved filter is forgotten."""
        desk, view, typed = self._desk, self._desk.view, self._filter.bar.typed.text.strip()
        keys = desk.key
        text = f"({view.text}) ({typed})" if view.text and typed else typed or view.text
        if not text or self._filter.bar.problem:
            raise TuiReaderError(f"There is no filter to save: type one with {keys['filter']}.")
        names = [name for name, saved in desk.store.filters().items() if saved.text == text]
        known = view.name if view.name in names else next(iter(names), "")

        def answer(wanted: str) -> None:
            name, filters = clean(wanted), desk.store.filters()
            if not name:
                if known:
                    self._marking.save_filters(Operation.FORGET_FILTER, {known: None})
                    desk.footer.say(f"Forgot {known}; {keys['undo']} brings it back.")
                return
            before = filters.get(name) or filters.get(known) or SavedFilter(text)
            saved: dict[str, SavedFilter | None] = {known: None} if known else {}
            saved[name] = before._replace(text=text)
            self._marking.save_filters(Operation.SAVE_FILTER, saved)
            said = f"Saved as {name}; {keys['saved']} brings it back."
            if before.text != text:
                said += f" {keys['undo']} brings back what it was."
            desk.footer.say(said)
            if view.name in names:
                desk.view = view._replace(name=name)
                desk.show_counts()

        desk.panels.ask("Name of the filter", known, answer)
