"""The main screen: what is shown, where the cursor is, and where keys go."""

from array import array
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from functools import partial
from itertools import dropwhile

from textual import events
from textual.app import ComposeResult
from textual.containers import Container
from textual.geometry import Offset, Size
from textual.screen import Screen
from textual.timer import Timer

from tui_reader import actions, triage
from tui_reader.actions import Action, Needs
from tui_reader.config import Config, Paths
from tui_reader.errors import TuiReaderError
from tui_reader.model import Item, Marks, Paper, PaperId, Section, row_of
from tui_reader.store import Contents, Kind, Operation, Store, View, place
from tui_reader.text import Mode, clean
from tui_reader.ui import empty, row_text
from tui_reader.ui.abstract_pane import AbstractPane
from tui_reader.ui.bars import FilterBar, FooterBar, HeaderBar
from tui_reader.ui.desk import methods
from tui_reader.ui.empty_pane import EmptyPane
from tui_reader.ui.line_edit import Typed, pressed
from tui_reader.ui.list_pane import ListPane
from tui_reader.ui.panels import Panels
from tui_reader.ui.parts.filter import FilterPart
from tui_reader.ui.parts.go import GoPart
from tui_reader.ui.parts.hints import HintsPart
from tui_reader.ui.parts.indexing import IndexPart
from tui_reader.ui.parts.mark import MarkPart
from tui_reader.ui.parts.move import MovePart
from tui_reader.ui.parts.pages import PagesPart
from tui_reader.ui.parts.preferences import PreferencesPart
from tui_reader.ui.parts.records import RecordsPart
from tui_reader.ui.parts.saved import SavedPart
from tui_reader.ui.parts.sync import SyncPart
from tui_reader.ui.parts.take_out import TakeOutPart
from tui_reader.ui.parts.taste import TastePart
from tui_reader.ui.split import Split

WIDE = 100  # columns from which the abstract stands beside the list
LIST_ALONE = 0.012  # seconds until the abstract follows what a key found in all of the cache
MOST_WARMED = 20_000  # papers made ready for a filter before one is typed
TINY = (60, 16)  # columns or rows under which only one pane is shown

HELD = "held inbox"
"""Under which the rows are remembered that the Inbox held when it was left."""

_SECTION_COUNTS = {Section.NEW: "new", Section.CROSS: "cross", Section.REPLACEMENT: "replaced"}


class MainScreen(Screen[None]):
    """Draws the view; each key is handled, decided and painted in one handler."""

    def __init__(
        self, store: Store, view: View, config: Config, now: Callable[[], datetime]
    ) -> None:
        super().__init__()
        self.config = config
        store.new_problems()  # none of these
        self.problems = list(store.problems)
        """The first of these sentences is said at the start."""
        self.store = store
        self.now = now
        self.view = view
        self.all = Contents(array("q"))
        """What the view held when it was opened: a row stays until the view is opened again."""
        self.complete = True
        """Whether all of it is known."""
        self.in_abstract = False
        """Whether keys go to the abstract pane."""
        self._wanted: int | None = None
        self._wanted_at = 0
        """The row the person went to last; the cursor returns to it when a filter lets it."""
        self.actions = actions.remapped(config.keys)
        self._keys = actions.keymap(self.actions)
        self.key: Mapping[str, str] = {action.name: action.keys[0] for action in self.actions}
        """The key to name for each action."""
        self._pending = self._last = ""
        """The keys typed so far, and the last action that the palette was used for."""
        self.unread = 0
        self._abstract_timer: Timer | None = None
        """Goes off when the abstract follows the list."""
        self._shown_at = now()
        """Since when the paper under the cursor has been shown."""
        self.header = HeaderBar(self.mode)
        self.filter = FilterBar(self.mode)
        self.list = ListPane(self._rows, self.mode, compact=config.compact)
        self.abstract = AbstractPane(self.mode)
        self.taste = TastePart(self)
        self.abstract.why = self.taste.why
        self.abstract.without_record = f"Press {self.key['get_records']} to ask arXiv for it."
        self.empty = EmptyPane(self.mode, self.key)
        self.footer = FooterBar(self.mode, self.actions)
        self.footer.in_words = config.accessible
        self.panels = Panels(self)
        self.indexing = IndexPart(self)
        self.marking = MarkPart(self)
        self.filtering = FilterPart(self)
        self.split = Split(self.mode, store, self.list, self.abstract)
        self.hints = HintsPart(self, self.filter)
        self.syncing = SyncPart(self, self.indexing)
        self.taking = TakeOutPart(self, self.marking)
        self.parts = (
            self,
            self.marking,
            MovePart(self, self.marking),
            GoPart(self),
            PagesPart(self, self.actions),
            self.taking,
            self.filtering,
            SavedPart(self, self.filtering),
            RecordsPart(self, self.filtering, self.taking.jobs),
            self.split,
            self.syncing,
            PreferencesPart(self, self.hints),
        )
        """What does the actions; each has one that does it, as a test sees to."""
        self._methods = methods(*self.parts)

    @property
    def mode(self) -> Mode:
        """How texts are drawn."""
        return Mode.ASCII if self.config.in_ascii else Mode.UNICODE

    def compose(self) -> ComposeResult:
        yield self.header
        yield self.filter
        with Container(id="panes"):
            yield self.list
            yield self.split
            yield self.abstract
        yield self.empty
        yield self.footer
        self._arrange(self.app.size)

    def on_mount(self) -> None:
        self._warming = self.set_interval(0.02, self._warm_up, pause=True)
        self.doing(partial(self.open, self.view))
        self.set_interval(1.0, partial(self.doing, self.take_over))
        if self.problems:
            others = f" And {len(self.problems) - 1} more: tui-reader doctor."
            self.footer.say(self.problems[0] + others * (len(self.problems) > 1))
        if self.config.sync and self.syncing.following():
            self.call_after_refresh(self.syncing.start, quiet=True)

    # What is shown

    def open(self, view: View) -> None:
        """Show a view as it is now, without a filter, the cursor where it was left."""
        self.view = self.abstract.view = view
        self.filtering.reset()
        self.marking.begin()
        self.header.above = 0
        self.select(None)
        left = self.store.recall(f"cursor {_key(view)}")
        row, _, at = (left or "").partition(" ")
        self._wanted = int(row) if row else None
        self._wanted_at = int(at or 0)
        contents, complete = self.filtering.contents()
        held = self.store.recall(HELD) if view.kind is Kind.INBOX else None
        if held is not None:
            self._wanted = self._where_to_begin(contents.rows[:MOST_WARMED], held.split())
        self.show_all(contents, complete)

    def _where_to_begin(self, rows: Sequence[int], held: Sequence[str]) -> int | None:
        """Return the first paper that the Inbox did not hold at the last visit.

        Without one: that at which it was left, or the first that is left below, if any is.
        """
        known = dict.fromkeys(map(int, held))
        # What follows on what is remembered of a very long Inbox is not new.
        maybe_new = rows if len(known) < MOST_WARMED else rows[:1]
        if (new := next((row for row in maybe_new if row not in known), None)) is not None:
            return new
        if self._wanted not in known:
            return self._wanted
        there = set(rows)
        below = dropwhile(lambda row: row != self._wanted, known)
        return next((row for row in below if row in there), None)

    def take_in(self) -> None:
        """Show what came into the view meanwhile: nothing goes, and the cursor stays."""
        if not self.filter.typed.text and not self.filter.typing and not self.list.selecting:
            self.want()
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
        self.call_after_refresh(self._get_ready)

    def _get_ready(self) -> None:
        """Begin what can wait until there is something to read."""
        self._warming.resume()
        self.indexing.start()
        self.taste.learn()

    def _warm_up(self) -> None:
        """Make ready for a filter, a few milliseconds at a time, while nothing else is done."""
        more = False
        with suppress(TuiReaderError):  # the filter itself will say why
            if len(self.all.rows) <= MOST_WARMED and not self.filtering.whole:
                more = self.store.prepare(self.all.rows)
        if not more:
            self._warming.pause()

    def show(self, contents: Contents, *, complete: bool = True, more: bool = False) -> None:
        """Show this part of the view, the cursor on the wanted paper or the nearest after it.

        It may not be `complete` yet, or be `more` than what was shown of it.
        """
        before = self.list.row
        self.list.show(contents, self._nearest(contents, complete), more=more)
        filtered = contents is not self.all
        count = f"{len(contents.rows):,}{'' if complete else '+'}"
        of = f"{len(self.all.rows):,}{'' if self.complete else '+'}"
        self.filter.found = f"{count} of {of}" if filtered else ""
        self.split.thumb = self.list.thumb
        if more and self.list.row == before:
            return
        if self._abstract_timer:
            self._abstract_timer.stop()
        if self.filter.typing and self.filtering.whole:
            self._abstract_timer = self.set_timer(LIST_ALONE, self._show_abstract)
        else:
            self._show_abstract()

    def _nearest(self, contents: Contents, complete: bool) -> int:
        wanted, rows = self._wanted, contents.rows
        if wanted is None or not rows:
            return 0
        if self.filtering.whole:
            at = place(rows, wanted)
            return at if at < len(rows) or complete else 0
        if wanted in rows:
            return rows.index(wanted)
        if contents is self.all:
            return self._wanted_at
        order = {row: index for index, row in enumerate(self.all.rows)}
        here = order.get(wanted, self._wanted_at - 1)
        return next((i for i, row in enumerate(contents.rows) if order[row] > here), len(order))

    def _rows(self, wanted: Sequence[int]) -> Mapping[int, tuple[row_text.RowText, Marks]]:
        try:
            return {
                row_of(item.paper.id): (row_text.of_item(item, self.mode, self.view), item.marks)
                for item in self.store.items(wanted)
            }
        except TuiReaderError as error:
            # Asked for while drawing, where nothing may be raised.
            self.call_next(self.footer.say, str(error))
            unread = row_text.of_item(Item(Paper(PaperId(""), "(can't be read)")))
            return {row: (unread, Marks()) for row in wanted}

    def _show_abstract(self) -> None:
        self.split.thumb = self.list.thumb
        shown = self.list.contents.rows[self.list.cursor : self.list.cursor + 1]
        self.abstract.show(next(self.store.items(shown), None))

    def follow_typing(self) -> None:
        """Let the footer follow where keys go: into the filter, or to the list."""
        offered: tuple[Action, ...] = actions.TYPING
        if self.list.selecting:
            offered = tuple(a for a in self.actions if a.needs in (Needs.PAPERS, Needs.LIST))
        elif not self.filter.typing:
            here = self.all.rows
            offered = tuple(a for a in self.actions if here or a.needs is Needs.NOTHING)
        if offered != self.footer.offered:
            self.footer.offered = offered

    @property
    def focus_at(self) -> Offset:
        """Where the terminal's own cursor belongs: the place of typing, or the focused row."""
        if self.filter.typing:
            return self.filter.region.offset + self.filter.caret
        if not self.all.rows:
            return self.empty.region.offset + self.empty.focus_at
        if self.in_abstract:
            return self.abstract.region.offset
        return self.list.region.offset + Offset(0, max(0, self.list.y_of_cursor))

    def show_emptiness(self) -> None:
        """Say what to do where the view is empty."""
        self.welcoming = False
        self.set_class(not self.all.rows, "-empty")
        self.follow_typing()
        if self.all.rows:
            return
        text = empty.SEARCHING
        if self.complete:
            under_way, following = self.syncing.jobs.under_way, self.syncing.following()
            text = empty.text(self.view, self.store, following, self.now(), syncing=under_way)
        self.welcoming = text in (empty.WELCOME, empty.NOTHING_CAME)
        self.empty.show(text)

    def recount(self) -> None:
        """Count what is unread, which is the costly part of the header."""
        self.unread = self.store.count_unread(self.view, self.all)

    def show_counts(self) -> None:
        sections: Counter[Section] = Counter()
        for run in self.all.runs:
            if run.section:
                sections[run.section] += run.size
        parts = [f"{sections[s]:,} {word}" for s, word in _SECTION_COUNTS.items() if sections[s]]
        header = self.header
        header.title, header.parts, header.unread = _title(self.view), tuple(parts), self.unread
        header.starred = self.store.marked.count("starred")

    def take_over(self) -> None:
        """Show the marks that another process wrote."""
        changed = self.store.refresh()
        if problems := self.store.new_problems():  # the papers may have gone
            self.open(self.view)
            self.footer.say(problems[0])
        elif changed:
            self.recount()
            self.redraw([row_of(id_) for id_ in changed])

    def redraw(self, changed: Sequence[int]) -> None:
        """Draw these papers as they are marked now."""
        self.list.forget(changed)
        self._warming.resume()
        self.show_counts()
        if self.list.row in changed:
            self._show_abstract()

    def on_resize(self, event: events.Resize) -> None:
        self._arrange(event.size)

    def _arrange(self, size: Size) -> None:
        """Choose the layout for a size of the screen."""
        width, height = size
        tiny = width < TINY[0] or height < TINY[1]
        self.set_class(tiny, "-tiny")
        wide = width >= WIDE and not tiny
        self.set_class(wide, "-wide")
        self.abstract.short = not wide
        self.split.lay("width" if wide else "height")
        if self.is_mounted:
            self._lay_out()

    def _lay_out(self) -> None:
        """Draw borders and cursor for the layout, and for which pane the keys go to."""
        self.set_class(self.in_abstract, "-in-abstract")
        self.footer.led_by = "Esc" if self.in_abstract else ""
        self.list.active = not self.in_abstract
        self.list.forget()
        self.split.thumb = self.list.thumb

    # Keys

    def on_key(self, event: events.Key) -> None:
        if not (found := pressed(self, event)):
            return
        key, character = found
        self.footer.say("")
        if self.filter.typing:
            self.doing(partial(self.filtering.press, key, character))
        else:
            self.doing(partial(self._press, key))

    def doing(self, work: Callable[[], None]) -> None:
        """Do what was asked, or say in the footer why it can't be done."""
        try:
            work()
        except TuiReaderError as error:
            self.footer.say(str(error))

    def _press(self, key: str) -> None:
        """Do what a key asks for, or wait for the rest of a count or a sequence."""
        alone = self._keys.get(key)
        if self._pending and alone and alone.name == "clear":
            self._wait("")
            return
        count, _, prefix = self._pending.rpartition(" ")
        if not count and prefix.isdigit():
            count, prefix = prefix, ""
        if key.isascii() and key.isdigit() and not prefix and (key != "0" or count):
            self._wait((count + key)[:4])
            return
        typed = f"{prefix} {key}" if prefix else key
        self._wait("")
        action = self._keys.get(typed)
        if action:
            self.do(action.name, int(count or 1))
        elif any(known.startswith(typed + " ") for known in self._keys):
            self._wait(f"{count} {typed}" if count else typed)
        elif not count or not prefix:
            self.footer.say(f"{typed} does nothing here. {self.key['help']} shows the keys.")

    def _wait(self, pending: str) -> None:
        self._pending = self.footer.pending = pending

    def do(self, name: str, count: int = 1) -> None:
        """Do an action of the table, `count` times where it can be repeated."""
        action, method, shown = actions.BY_NAME[name], self._methods[name], self.list.contents.rows
        here = self.all.rows if action.needs is Needs.VIEW else shown
        if action.needs is not Needs.NOTHING and not here:
            self.footer.say("There is no paper here.")
            return
        match action.needs:
            case Needs.PAPERS:
                method(self.list.chosen(count))
            case Needs.PAPER:
                method(shown[self.list.cursor])
            case _ if action.counts:
                method(count)
            case _:
                method()
        self.hints.used(name)

    # Where the cursor is, and where keys go

    def go(self, index: int) -> None:
        before = self.list.cursor
        left, shown = self.list.row, (self.now() - self._shown_at).total_seconds()
        self.jump(index)
        if left is not None and index > before and 0 < self.config.read_after <= shown:
            self.marking.mark(Operation.IN_PASSING, triage.mark_read, [left])

    def jump(self, index: int) -> None:
        """Go there as `go` does, but nothing counts as read in passing."""
        before = self.list.cursor
        if not self.list.contents.rows or index == before:
            return
        self.list.move(index)
        if not self.list.cursor:
            self.header.above = 0
        self.want()
        self._shown_at = self.now()
        if self.list.selecting:
            self.select(self.list.selected_from)
        if self.list.cursor != before:
            self._show_abstract()

    def want(self) -> None:
        """Let the cursor come back to where it is now, or near it, whatever the list becomes."""
        self._wanted = self.list.row
        if self.list.contents is self.all:
            self._wanted_at = self.list.cursor

    def _turn_to(self, *, abstract: bool) -> None:
        self.in_abstract = abstract
        self._lay_out()

    def do_other_pane(self) -> None:
        self._turn_to(abstract=not self.in_abstract)

    def do_open_pane(self) -> None:
        if self.welcoming:
            self._open_sample()
        else:
            self._turn_to(abstract=True)

    def select(self, anchor: int | None) -> None:
        """Select from `anchor` to the cursor, or nothing."""
        self.list.select(anchor)
        selecting = self.list.selecting
        self.header.selected = len(self.list.chosen(1)) if selecting else 0
        self.footer.led_by = "Esc" if selecting or self.in_abstract else ""
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
        self.leave()
        self.open(view)
        self._turn_to(abstract=False)

    def leave(self) -> None:
        """Remember where the cursor is, for the next time this view is opened."""
        if self._wanted is not None:
            self.store.remember(f"cursor {_key(self.view)}", f"{self._wanted} {self._wanted_at}")
        if self.view.kind is Kind.INBOX and self.is_mounted:
            self.store.remember(HELD, " ".join(map(str, self.all.rows[:MOST_WARMED])))

    def _do_last(self, name: str) -> None:
        self._last = name
        self.do(name)

    # Rest

    def do_clear(self) -> None:
        if self.list.selecting:
            self.select(None)
        elif self.in_abstract:
            self._turn_to(abstract=False)
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

    def do_palette(self) -> None:
        offered = [
            ((action.label, ", ".join(action.keys), action.help), action.name)
            for action in self.actions
            if action.name != "palette"
        ]
        self.panels.choose("Action", offered, self._do_last, enter="does", at=self._last)

    def do_redraw(self) -> None:
        self.app.refresh(layout=True)

    def do_suspend(self) -> None:
        self.app.action_suspend_process()

    def do_quit(self) -> None:
        if self is self.app.screen_stack[0]:
            self.app.exit()
        else:
            self.dismiss()

    def on_unmount(self) -> None:
        for part in (self.taking, self.syncing, self.indexing, self.taste):
            part.jobs.cancel()
        if self.filtering.searching:
            self.filtering.searching.close()
        self.leave()
        self.split.remember()
        self.hints.remember()

    # Mouse

    def on_click(self, event: events.Click) -> None:
        if event.widget is self.filter:
            self.doing(self.filtering.do_filter)
        elif event.widget is self.list:
            index = self.list.index_at(event.y)
            if 0 <= index < len(self.list.contents.rows):
                self.doing(partial(self.go, index))

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        self._turn(event, 1)

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        self._turn(event, -1)

    def _turn(self, event: events.MouseEvent, papers: int) -> None:
        if self.list.region.contains_point(event.screen_offset):
            self.doing(partial(self.go, self.list.cursor + papers))


def _key(view: View) -> str:
    """Return a name for a view, under which its place is remembered."""
    day = view.day.isoformat() if view.day else ""
    return " ".join(filter(None, (view.kind, view.category, day, view.name)))


def _title(view: View) -> str:
    if view.kind is Kind.LISTING and view.day:
        return f"{view.category}  {row_text.long_date(view.day)}"
    return view.name or view.kind.value.capitalize()
