"""The main screen: what is shown, where the cursor is, and where keys go."""

from array import array
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import partial

from textual import events
from textual.app import ComposeResult
from textual.containers import Container
from textual.driver import Driver
from textual.geometry import Offset
from textual.screen import Screen

from tui_reader import actions
from tui_reader.actions import Action, Needs
from tui_reader.config import Config, Paths
from tui_reader.errors import TuiReaderError
from tui_reader.model import NO_PAPER, Item, Marks, Paper, PaperId, row_of
from tui_reader.store import SECONDS_FOR_RULES, Contents, Kind, Store, View
from tui_reader.text import Mode, clean
from tui_reader.ui import empty, row_text
from tui_reader.ui.abstract_pane import AbstractPane
from tui_reader.ui.bars import FilterBar, FooterBar, HeaderBar
from tui_reader.ui.cursor import Cursor
from tui_reader.ui.empty_pane import EmptyPane
from tui_reader.ui.line_edit import SUSPEND, Typed, pressed
from tui_reader.ui.list_pane import ListPane
from tui_reader.ui.panels import Panels
from tui_reader.ui.parts.bibliography import BibliographyPart
from tui_reader.ui.parts.commands import CommandsPart
from tui_reader.ui.parts.filter import FilterPart
from tui_reader.ui.parts.go import GoPart
from tui_reader.ui.parts.hints import HintsPart
from tui_reader.ui.parts.keys import KeysPart
from tui_reader.ui.parts.links import LinksPart
from tui_reader.ui.parts.mark import MOST_MARKED, MarkPart
from tui_reader.ui.parts.more import MorePart
from tui_reader.ui.parts.move import MovePart
from tui_reader.ui.parts.pages import PagesPart
from tui_reader.ui.parts.panes import PanesPart
from tui_reader.ui.parts.preferences import PreferencesPart
from tui_reader.ui.parts.read import ReadPart
from tui_reader.ui.parts.ready import ReadyPart
from tui_reader.ui.parts.records import RecordsPart
from tui_reader.ui.parts.rules import RulesPart
from tui_reader.ui.parts.saved import SavedPart
from tui_reader.ui.parts.sync import SyncPart
from tui_reader.ui.parts.take_out import TakeOutPart
from tui_reader.ui.parts.taste import TastePart
from tui_reader.ui.split import Split
from tui_reader.ui.terminal.painter import Painter

LIST_ALONE = 0.012  # seconds until the abstract follows what a key found in all of the cache


class MainScreen(Screen[None]):
    """Draws the view; each key is handled, decided and painted in one handler."""

    def __init__(
        self, store: Store, view: View, config: Config, now: Callable[[], datetime]
    ) -> None:
        super().__init__()
        self._compositor = Painter()
        self.config = config
        store.new_problems()  # none of these
        self.problems = list(store.problems)
        """The first of these sentences is said at the start."""
        self.works = True
        """Whether anything is done behind the screen, and remembered at the end."""
        self.store = store
        self.now = now
        self.view = view
        self.all = Contents(array("q"))
        """What the view held when it was opened: a row stays until the view is opened again."""
        self.complete = True
        """Whether all of it is known."""
        self._news_seen = set[int]()
        """Starred papers of which something was new until they were shown."""
        known = config.offered
        self.key: Mapping[str, str] = {a.name: a.keys[0] for a in known if a.keys}
        """The key to name for each action."""
        self.header = HeaderBar(self.mode)
        self.filter = FilterBar(self.mode)
        self.list = ListPane(self._rows, self.mode, compact=config.compact)
        self.abstract = AbstractPane(self.mode)
        taste = TastePart(self)
        self.abstract.why = taste.why
        self.abstract.without_record = f"Press {self.key['get_records']} to ask arXiv for it."
        self.empty = EmptyPane(self.mode, self.key)
        self.footer = FooterBar(self.mode, known, now)
        self.footer.in_words = config.accessible
        self.panels = Panels(self)
        self.cursor = Cursor(self)
        self.marking = MarkPart(self)
        self.marking.changed = BibliographyPart(self).follow
        self.filtering = FilterPart(self)
        self.ready = ReadyPart(self, self.filtering, taste)
        self.panes = PanesPart(self, Split(self.mode, store, self.list, self.abstract))
        hints = HintsPart(self, self.filter)
        self.syncing = SyncPart(self, self.ready)
        self.taking = TakeOutPart(self, self.marking)
        commands = CommandsPart(self, self.taking.jobs)
        records = RecordsPart(self, self.filtering, self.taking.jobs)
        links = LinksPart(self, self.filtering, self.taking, records)
        saved = SavedPart(self, self.filtering, self.marking)
        others = (
            self,
            self.marking,
            MovePart(self, self.marking),
            GoPart(self),
            PagesPart(self, known),
            self.taking,
            ReadPart(self, self.marking, self.taking.jobs, self._do),
            commands,
            self.filtering,
            saved,
            RulesPart(self, self.marking, saved),
            MorePart(self, self.filtering),
            records,
            links,
            self.panes,
            self.panes.split,
            self.syncing,
            PreferencesPart(self, hints),
        )
        self.keys = KeysPart(self, known, others, commands.own_methods(), hints)

    @property
    def mode(self) -> Mode:
        """How texts are drawn."""
        return Mode.ASCII if self.config.in_ascii else Mode.UNICODE

    @property
    def painter(self) -> Painter:
        """What paints the screen."""
        assert isinstance(self._compositor, Painter)
        return self._compositor

    def compose(self) -> ComposeResult:
        yield self.header
        yield self.filter
        with Container(id="panes"):
            yield self.list
            yield self.panes.split
            yield self.abstract
        yield self.empty
        yield self.footer
        self.panes.arrange(self.app.size)

    def on_mount(self) -> None:
        self.doing(partial(self.open, self.view))
        if self.problems:
            others = f" And {len(self.problems) - 1} more: tui-reader doctor."
            self.footer.say(self.problems[0] + others * (len(self.problems) > 1))
        if self.works and self.config.sync and self.syncing.following():
            self.call_after_refresh(self.doing, partial(self.syncing.start, quiet=True))

    # What is shown

    def open(self, view: View) -> None:
        """Show a view as it is now, without a filter, the cursor where it was left."""
        self._end_news()
        self.view = self.abstract.view = view
        self.list.forget()  # what a row says depends on the view
        self.filtering.reset()
        self.marking.begin()
        self.header.above = 0
        self.select(None)
        contents, complete = self.filtering.contents()
        self.cursor.come_to(view, contents.rows)
        self.show_all(contents, complete)

    def take_in(self) -> None:
        """Show what came into the view meanwhile: nothing goes, and the cursor stays."""
        if not self.filter.typed.text and not self.filter.typing and not self.list.selecting:
            self.cursor.want()
            before, here = set(self.all.rows), self.list.row
            contents, complete = self.filtering.contents(self.all.rows)
            self.show_all(contents, complete, more=True)
            if here is not None:
                above = contents.rows[: self.list.cursor]
                self.header.above += sum(row not in before for row in above)

    def show_all(self, contents: Contents, complete: bool, *, more: bool = False) -> None:
        """Show what the view holds; see `show`."""
        self.all, self.complete = contents, complete
        self.recount()
        self.show_counts()
        self.show(contents, complete=complete, more=more)
        self.show_emptiness()
        if self.works:
            self.call_after_refresh(self.doing, self.ready.begin)

    def show(self, contents: Contents, *, complete: bool = True, more: bool = False) -> None:
        """Show this part of the view, the cursor on the wanted paper or the nearest after it.

        It may not be `complete` yet, or be `more` than what was shown of it.
        """
        before, whole = self.list.row, self.filtering.whole
        at = self.cursor.nearest(contents, complete=complete, ascending=whole)
        self.list.show(contents, at, more=more)
        filtered = contents is not self.all
        count = f"{len(contents.rows):,}{'' if complete else '+'}"
        of = f"{len(self.all.rows):,}{'' if self.complete else '+'}"
        self.filter.found = f"{count} of {of}" if filtered else ""
        self.panes.split.follow()
        if more and self.list.row == before:
            return
        if self.filter.typing and whole:
            self.abstract.show_soon(LIST_ALONE, partial(self.doing, self.show_abstract))
        else:
            self.show_abstract()

    def _rows(self, wanted: Sequence[int]) -> Mapping[int, tuple[row_text.RowText, Marks]]:
        try:
            steps, shown = self.ready.taste.steps(wanted), {}
            for row, item in zip(wanted, self.store.items(wanted), strict=True):
                text = row_text.of_item(item, self.mode, self.view, steps.get(row, 0))
                shown[row] = text, item.marks
            return shown
        except TuiReaderError as error:
            # Asked for while drawing, where nothing may be raised.
            self.call_next(self.footer.say, str(error))
            unread = row_text.of_item(Item(Paper(PaperId(""), "(can't be read)")))
            return {row: (unread, Marks()) for row in wanted}

    def show_abstract(self) -> None:
        """Show the paper under the cursor whole."""
        self.panes.split.follow()
        self.abstract.show(self._under_cursor())

    def _under_cursor(self) -> Item | None:
        row = self.list.row
        item = None if row is None else next(self.store.items([row]), None)
        if item and item.news:
            self._news_seen.add(row_of(item.paper.id))
        return item

    def _end_news(self) -> None:
        """Be done with what is new of starred papers that were shown."""
        if self._news_seen:
            self.store.seen([*self._news_seen])
            self._news_seen.clear()

    def follow_typing(self) -> None:
        """Let the footer follow where keys go: into the filter, or to the list."""
        offered: tuple[Action, ...] = actions.TYPING
        if self.list.selecting:
            offered = tuple(a for a in self.keys.actions if a.needs in (Needs.PAPERS, Needs.LIST))
        elif not self.filter.typing:
            here = self.all.rows
            offered = tuple(a for a in self.keys.actions if here or a.needs is Needs.NOTHING)
        if offered != self.footer.offered:
            self.footer.offered = offered

    @property
    def focus_at(self) -> Offset:
        """Where the terminal's own cursor belongs: the place of typing, or the focused row."""
        if self.filter.typing:
            return self.filter.region.offset + self.filter.caret
        if not self.all.rows:
            return self.empty.region.offset + self.empty.focus_at
        if not self.list.active:
            return self.abstract.region.offset
        return self.list.region.offset + Offset(0, max(0, self.list.y_of_cursor))

    def show_emptiness(self) -> None:
        """Say what to do where the view is empty."""
        self.set_class(not self.all.rows, "-empty")
        self.follow_typing()
        if self.all.rows:
            return
        text = empty.SEARCHING
        if self.complete:
            under_way, following = self.syncing.jobs.under_way, self.syncing.following()
            text = empty.text(self.view, self.store, following, self.now(), syncing=under_way)
        self.empty.show(text)

    def recount(self) -> None:
        """Count what is unread, which is the costly part of the header."""
        self.header.unread = self.store.count_unread(self.view, self.all)
        few = len(self.all.rows) <= MOST_MARKED
        self.header.watched = len(self.store.watched(self.all.rows)) if few else 0

    def show_counts(self) -> None:
        """Show in the header what is counted."""
        self.header.show(self.view, self.all)
        self.header.starred = self.store.marked.count("starred")

    def take_over(self) -> None:
        """Show the marks that another process wrote."""
        changed = self.store.refresh()
        if problems := self.store.new_problems():  # the papers may have gone
            self.open(self.view)
            self.footer.say(problems[0])
        elif NO_PAPER in changed:
            self.take_rules()
        elif changed:
            self.recount()
            self.redraw([row_of(id_) for id_ in changed])

    def take_rules(self) -> None:
        """Show what the rules find as they are now; what is muted stays, as what is read does."""
        if len(self.all.rows) <= MOST_MARKED:
            self.store.ask_rules(self.all.rows, SECONDS_FOR_RULES)
        self.list.forget()
        self.recount()
        self.show_abstract()
        self.ready.prepare()

    def redraw(self, changed: Sequence[int]) -> None:
        """Draw these papers as they are marked now."""
        self._end_news()
        self.list.forget(changed)
        self.ready.prepare()
        self.ready.taste.learn_from_mark()
        self.show_counts()
        if self.list.row in changed:
            self.show_abstract()

    def on_resize(self, event: events.Resize) -> None:
        self.panes.arrange(event.size)

    # Keys

    def on_key(self, event: events.Key) -> None:
        if not (found := pressed(self, event)):
            return
        key, character = found
        self.footer.pressed()
        if self.filter.typing and key != SUSPEND:
            self.doing(partial(self.filtering.press, key, character))
        else:
            self.doing(partial(self.keys.press, key))

    def doing(self, work: Callable[[], None]) -> None:
        """Do what was asked, or say in the footer why it can't be done."""
        try:
            work()
        except TuiReaderError as error:
            self.footer.say(str(error))

    def _do(self, name: str, of: Sequence[int] = ()) -> None:
        self.keys.do(name, of)

    def do_open_pane(self) -> None:
        if not self.all.rows and self.empty.offers("open_pane"):
            self._open_sample()
        elif self.list.active:
            self.panes.turn_to(abstract=True)
        else:
            self._do("read_text")

    def select(self, anchor: int | None) -> None:
        """Select from `anchor` to the cursor, or nothing."""
        self.list.select(anchor)
        selecting = self.list.selecting
        self.header.selected = len(self.list.chosen(1)) if selecting else 0
        self.footer.led_by = "Esc" if selecting or not self.list.active else ""
        self.follow_typing()

    def _open_sample(self) -> None:
        """Show the bundled listing in a screen of its own, kept apart from the person's papers."""
        store = Store(Paths.under(self.store.paths.state / "sample"))
        if not store.listings.days():
            from tui_reader.importing import take_sample

            take_sample(store, self.now())
        day = store.listings.days()[0]
        view = View(Kind.LISTING, day.category, day.announced)
        screen = MainScreen(store, view, self.config._replace(sync=False), self.now)
        apart = "A sample, kept apart from your own papers"
        screen.problems = [f"{apart}; {self.key['quit']} goes back."]
        self.app.push_screen(screen)

    # Going

    def visit(self, view: View) -> None:
        self.cursor.leave()
        self.open(view)
        self.panes.turn_to(abstract=False)

    # Rest

    def do_clear(self) -> None:
        if self.list.selecting:
            self.select(None)
        elif not self.list.active:
            self.panes.turn_to(abstract=False)
        elif self.filter.typed.text:
            self.filtering.ask(Typed())
        elif self.taking.jobs.cancel():
            self.footer.say("Ending it.")
        elif self.syncing.jobs.cancel():
            self.footer.say("Syncing ends; what came is stored.")
        else:
            self.footer.say(f"Nothing to leave. {self.key['quit']} quits.")

    def on_paste(self, event: events.Paste) -> None:
        event.stop()
        pasted = clean(event.text)
        if self.filter.typing:
            self.doing(partial(self.filtering.ask, self.filter.typed.inserted(pasted)))

    def do_redraw(self) -> None:
        self.app.post_message(Driver.SignalResume())  # as after a stop

    def do_suspend(self) -> None:
        self.app.action_suspend_process()

    def do_quit(self) -> None:
        if self is self.app.screen_stack[0]:
            self.app.exit()
        else:
            self.dismiss()

    def on_unmount(self) -> None:
        if not self.works:
            return
        for part in (self.taking, self.syncing, self.ready, self.ready.taste):
            part.jobs.cancel()
        if self.filtering.searching:
            self.filtering.searching.close()
        self.cursor.leave()
        self._end_news()
        self.panes.split.remember()
        self.keys.hints.remember()

    # Mouse

    def on_click(self, event: events.Click) -> None:
        if event.widget is self.filter:
            self.doing(self.filtering.do_filter)
        elif event.widget is self.list:
            index = self.list.index_at(event.y)
            if 0 <= index < len(self.list.contents.rows):
                self.doing(partial(self.cursor.go, index))

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        self._turn(event, 1)

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        self._turn(event, -1)

    def _turn(self, event: events.MouseEvent, papers: int) -> None:
        if self.list.region.contains_point(event.screen_offset):
            self.doing(partial(self.cursor.go, self.list.cursor + papers))
