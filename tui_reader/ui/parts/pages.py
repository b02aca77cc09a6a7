"""The pages of text that a key opens; each is laid out in ui/pages."""

from collections.abc import Sequence
from functools import partial

from tui_reader.actions import Action
from tui_reader.errors import TuiReaderError
from tui_reader.ui.desk import Desk


class PagesPart:
    """Opens pages; each is loaded when it is asked for."""

    def __init__(self, desk: Desk, actions: Sequence[Action]) -> None:
        self._desk = desk
        self._actions = actions

    def do_help(self) -> None:
        from tui_reader.ui.pages import help as page

        store = self._desk.store
        entries = [*page.everything(store.paths, self._actions, store.cache.taste.past().steps)]
        self._desk.panels.show_page(partial(page.layout, entries=entries), self._desk.key["help"])

    def do_stats(self) -> None:
        from tui_reader.ui.pages import statistics

        desk = self._desk
        stats = desk.store.stats(desk.now())
        desk.panels.show_page(
            partial(statistics.layout, stats=stats, mode=desk.mode), desk.key["stats"]
        )

    def do_difference(self, row: int) -> None:
        from tui_reader.ui.pages import difference

        store = self._desk.store
        paper = next(iter(store.papers.at([row]).values()), None)
        earlier = store.papers.earlier(paper.id) if paper else []
        if not paper or not earlier:
            raise TuiReaderError("No earlier version of this paper is stored.")
        page = partial(difference.layout, before=earlier[0], after=paper)
        self._desk.panels.show_page(page, self._desk.key["difference"])
