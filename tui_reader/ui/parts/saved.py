"""Saved filters: choosing one, and keeping the one that is shown under a name."""

from tui_reader.config import save_filters, saved_filters
from tui_reader.errors import TuiReaderError
from tui_reader.store import Kind, View
from tui_reader.text import clean
from tui_reader.ui.desk import Desk
from tui_reader.ui.parts.filter import FilterPart


class SavedPart:
    """What the keys for saved filters do."""

    def __init__(self, desk: Desk, filter_part: FilterPart) -> None:
        self._desk = desk
        self._filter = filter_part

    def do_saved(self) -> None:
        """Let the person choose a saved filter, and show what it leaves of the Library."""
        desk = self._desk
        filters = saved_filters(desk.store.paths.config)
        if not filters:
            keys = f"Filter with {desk.key['filter']}, then save it with {desk.key['save_filter']}."
            raise TuiReaderError(f"No filter is saved yet. {keys}")
        offered = [(saved, saved) for saved in filters.items()]
        desk.panels.choose("Saved filter", offered, self._open, enter="shows")

    def _open(self, saved: tuple[str, str]) -> None:
        from tui_reader.query import parse

        name, text = saved
        parse(text, self._filter.today)  # may have been edited: then say so before anything changes
        self._desk.visit(View(Kind.SAVED, name=name, text=text, today=self._filter.today))

    def do_save_filter(self) -> None:
        """Ask for a name to save the filter under; without one a saved filter is forgotten."""
        desk, view, typed = self._desk, self._desk.view, self._filter.bar.typed.text.strip()
        directory, keys = desk.store.paths.config, desk.key
        text = f"({view.text}) ({typed})" if view.text and typed else typed or view.text
        if not text or self._filter.bar.problem:
            raise TuiReaderError(f"There is no filter to save: type one with {keys['filter']}.")
        names = [name for name, saved in saved_filters(directory).items() if saved == text]
        known = view.name if view.name in names else next(iter(names), "")

        def answer(wanted: str) -> None:
            name, filters = clean(wanted), saved_filters(directory)
            if not name and not known:
                return
            lost = filters.pop(name or known, text)
            filters.pop(known, None)
            save_filters(directory, filters | {name: text} if name else filters)
            saved = f"Saved as {name}; {keys['saved']} brings it back."
            said = saved if name else f"Forgot {known}."
            if not name or lost != text:
                self._filter.remember(lost)
                said += f" {keys['filter']} Ctrl-r brings back what it was."
            desk.footer.say(said)
            if name and view.name in names:
                desk.view = view._replace(name=name)
                desk.show_counts()

        desk.panels.ask("Name of the filter", known, answer)
