"""The main screen: what is shown, where the cursor is, and which part does each action."""

from array import array
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import closing, suppress
from datetime import datetime
from functools import cached_property, partial, partialmethod
from typing import TYPE_CHECKING, TypeVar

from textual import events
from textual.app import ComposeResult
from textual.containers import Container
from textual.geometry import Offset, Size
from textual.screen import Screen
from textual.timer import Timer
from textual.widgets import Static

from tui_reader import actions, calendar, triage
from tui_reader.actions import Topic
from tui_reader.config import Config
from tui_reader.errors import Cancelled, TuiReaderError
from tui_reader.model import Item, Marks, Paper, PaperId, Section, paper_at, row_of
from tui_reader.store import (
    Change,
    Contents,
    Day,
    Kind,
    Operation,
    Store,
    View,
    operation_text,
    place,
)
from tui_reader.text import Mode, clean
from tui_reader.ui import row_text
from tui_reader.ui.abstract_pane import AbstractPane
from tui_reader.ui.bars import FilterBar, FooterBar, HeaderBar
from tui_reader.ui.line_edit import Typed, pressed
from tui_reader.ui.list_pane import ListPane
from tui_reader.ui.parts.filter import FilterPart
from tui_reader.ui.parts.hints import HintsPart
from tui_reader.ui.parts.jobs import Jobs, Tell
from tui_reader.ui.parts.preferences import PreferencesPart
from tui_reader.ui.parts.sync import SyncPart
from tui_reader.ui.split import Split

if TYPE_CHECKING:
    from tui_reader.ui.parts.take_out import TakeOutPart
    from tui_reader.ui.popups import PageLayout

T = TypeVar("T")

WIDE = 100  # columns from which the abstract stands beside the list
LIST_ALONE = 0.012  # seconds until the abstract follows what a key found in all of the cache
INDEXED_AT_ONCE = 50  # papers; few, so that no key waits for the rest of them
MOST_MARKED = 20_000  # papers at once
MOST_WARMED = 20_000  # papers made ready for a filter before one is typed
TINY = (60, 16)  # columns or rows under which only one pane is shown

_SECTION_COUNTS = {Section.NEW: "new", Section.CROSS: "cross", Section.REPLACEMENT: "replaced"}

WELCOME = """\
Nothing to read yet.

{follow}  chooses categories of arXiv; what they announced last is fetched at once.

{open_pane}  opens a real listing as a sample, kept apart from your own papers.

To read a page you saved from arXiv, such as arxiv.org/list/cs.DC/new:
  tui-reader import FILE

{help} for help, {quit} to quit."""

NOTHING_CAME = """\
Nothing is stored yet.

Press {sync} to ask arXiv, {status} for what it said last, {follow} to choose categories."""

NO_PAPER = """\
No paper is stored of this.

{older_day} and {newer_day} show the listings before and after, {listing} chooses one."""

ALL_READ = """\
All read.

Press {older_day} for the newest listing, {starred} for your stars, {library} for everything.

"""


class MainScreen(Screen[None]):
    """Draws the view; each key is handled, decided and painted in one handler."""

    def __init__(
        self, store: Store, view: View, config: Config, now: Callable[[], datetime]
    ) -> None:
        super().__init__()
        self.config = config
        self.problems = list(store.problems)
        """The first of these sentences is said at the start."""
        self.store = store
        self.triage = triage.Triage(store, now)
        self.now = now
        self.view = view
        self.all = Contents(array("q"))
        """What the view held when it was opened: a row stays until the view is opened again."""
        self.complete = True
        """Whether all of it is known."""
        self.reading = False
        """Whether keys go to the abstract pane."""
        self._wanted: int | None = None
        self._wanted_at = 0
        """The row the researcher went to last; the cursor returns to it when a filter lets it."""
        self.actions = actions.remapped(config.keys)
        self._keys = actions.keymap(self.actions)
        self.key = {action.name: action.keys[0] for action in self.actions}
        """The key to name for each action."""
        self._pending = ""
        self._unread = 0
        self._abstract_timer: Timer | None = None
        """Goes off when the abstract follows the list."""
        self._shown_at = now()
        """Since when the paper under the cursor has been shown."""
        self.header = HeaderBar(self.mode)
        self.filter = FilterBar(self.mode)
        self.list = ListPane(self._rows, self.mode, compact=config.compact)
        self.abstract = AbstractPane(self.mode)
        self.empty = Static(id="empty", markup=False)
        self.footer = FooterBar(self.mode, self.actions)
        self.filtering = FilterPart(self)
        self.split = Split(self)
        self.hints = HintsPart(self)
        self.syncing = SyncPart(self)
        self._indexing = Jobs(self)
        self._parts = (self, self.filtering, self.syncing, self.split, PreferencesPart(self))
        """What has the methods `do_<name>` of the actions, but for those of taking."""

    @property
    def mode(self) -> Mode:
        """How texts are drawn."""
        return Mode.ASCII if self.config.ascii else Mode.UNICODE

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
        self.set_interval(1.0, partial(self.doing, self._take_over))
        if self.problems:
            others = f" And {len(self.problems) - 1} more: tui-reader doctor."
            self.footer.say(self.problems[0] + others * (len(self.problems) > 1))
        if self.config.sync and self.syncing.following():
            self.call_after_refresh(self.syncing.start, quiet=True)

    # What is shown

    def open(self, view: View) -> None:
        """Show a view as it is now, without a filter, the cursor where it was left."""
        self.view = view
        self.filtering.reset()
        self.select(None)
        left = self.store.recall(f"cursor {_key(view)}")
        row, _, at = (left or "").partition(" ")
        self._wanted = int(row) if row else None
        self._wanted_at = int(at or 0)
        self.show_all(*self.filtering.contents())

    def take_in(self) -> None:
        """Show what came into the view meanwhile: nothing goes, and the cursor stays."""
        if not self.filter.typed.text and not self.filter.typing and not self.list.selecting:
            self._want()
            self.show_all(*self.filtering.contents(self.all.rows), more=True)

    def show_all(self, contents: Contents, complete: bool, *, more: bool = False) -> None:
        """Show what the view holds; see `show`."""
        self.all, self.complete = contents, complete
        self._count()
        self.show_counts()
        self.show(contents, complete=complete, more=more)
        self.show_emptiness()
        self.call_after_refresh(self._get_ready)

    def _get_ready(self) -> None:
        """Begin what can wait until there is something to read."""
        self._warming.resume()
        self.index()

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

    def _rows(self, wanted: Sequence[int]) -> Mapping[int, tuple[row_text.Row, Marks]]:
        try:
            return {
                row_of(item.paper.id): (row_text.row(item, self.mode), item.marks)
                for item in self.store.items(wanted)
            }
        except TuiReaderError as error:
            # Asked for while drawing, where nothing may be raised.
            self.call_next(self.footer.say, str(error))
            unread = row_text.row(Item(Paper(PaperId(""), "(can't be read)")))
            return {row: (unread, Marks()) for row in wanted}

    def _show_abstract(self) -> None:
        self.split.thumb = self.list.thumb
        shown = self.list.contents.rows[self.list.cursor : self.list.cursor + 1]
        self.abstract.show(next(self.store.items(shown), None))
        self.place_terminal_cursor()

    def place_terminal_cursor(self) -> None:
        """Put the terminal's own cursor on the selected row, for screen readers."""
        if self.filter.typing:
            self.app.cursor_position = Offset(3 + self.filter.typed.at, self.filter.region.y)
        else:
            place = self.list.region.offset
            self.app.cursor_position = place + Offset(0, max(0, self.list.y_of_cursor))

    def show_emptiness(self) -> None:
        empty = not self.all.rows
        self.set_class(empty, "-empty")
        self.welcoming = False
        if not self.filter.typing:
            useful = (Topic.GO, Topic.REST) if empty else Topic
            self.footer.offered = tuple(a for a in self.actions if a.group in useful)
        if not empty:
            return
        text = NO_PAPER if self.complete else "Searching ..."
        match self.view.kind:
            case Kind.STARRED:
                text = "No stars yet.\n\nPress {star} on a paper to star it."
            case Kind.INBOX if self.syncing.jobs.under_way:
                text = "Asking arXiv; papers are shown as they come. {clear} ends it."
            case Kind.INBOX if days := self.store.listings.days():
                text = ALL_READ + self._elsewhere(days)
            case Kind.INBOX if self.store.papers.any():
                text = "No listing is stored, so nothing is new.\n\nPress {library} for all papers."
            case Kind.INBOX if self.syncing.following():
                text = NOTHING_CAME
            case Kind.INBOX | Kind.LIBRARY:
                text = WELCOME
                self.welcoming = True
        self.empty.update(text.format(**self.key))

    def _elsewhere(self, days: Iterable[Day]) -> str:
        """Say what is unread in categories that are not followed, and when arXiv announces."""
        following = self.syncing.following()
        unread = sum(day.unread for day in days if day.category not in following)
        others = f"{unread:,} unread in categories you don't follow: press {{listing}}.\n\n"
        next_ = f"arXiv announces next on {calendar.next_in_words(self.now())}."
        return (others if following and unread else "") + next_

    def _count(self) -> None:
        """Count what is unread, which is the costly part of the header."""
        self._unread = self.store.count_unread(self.view, self.all)

    def show_counts(self) -> None:
        sections: Counter[Section] = Counter()
        for run in self.all.runs:
            if run.section:
                sections[run.section] += run.size
        parts = [f"{sections[s]:,} {word}" for s, word in _SECTION_COUNTS.items() if sections[s]]
        header = self.header
        header.title, header.parts, header.unread = _title(self.view), tuple(parts), self._unread
        header.starred = self.store.marked.count("starred")

    def _take_over(self) -> None:
        """Show the marks that another process wrote."""
        changed = self.store.refresh()
        if changed:
            self._count()
            self._redraw([row_of(id_) for id_ in changed])

    def _redraw(self, changed: Sequence[int]) -> None:
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
        self.set_class(width >= WIDE and not tiny, "-wide")
        self.split.apply()
        if self.is_mounted:
            self._lay_out()

    def _lay_out(self) -> None:
        """Draw borders and cursor for the layout, and for which pane the keys go to."""
        self.set_class(self.reading, "-reading")
        self.footer.led_by = "Esc" if self.reading else ""
        self.list.active = not self.reading
        self.list.forget()
        self.split.thumb = self.list.thumb
        self.call_after_refresh(self.place_terminal_cursor)

    # Keys

    def on_key(self, event: events.Key) -> None:
        if not (found := pressed(self, event)):
            return
        key, character = found
        self.footer.say("")
        if self.footer.question:
            self.doing(partial(self.footer.press, key, character))
        elif self.filter.typing:
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
        action = actions.BY_NAME[name]
        takes_papers = action.group in (Topic.TRIAGE, Topic.TAKE) and name not in ("undo", "redo")
        if takes_papers and not self.list.contents.rows:
            self.footer.say("There is no paper here.")
            return
        parts = (self.taking,) if action.group is Topic.TAKE else self._parts
        method = next(getattr(part, f"do_{name}") for part in parts if hasattr(part, f"do_{name}"))
        if action.counts:
            method(count)
        else:
            method()
        self.hints.used(name)

    # Moving

    def go(self, index: int) -> None:
        before = self.list.cursor
        if not self.list.contents.rows or index == before:
            return
        left, shown = self.list.row, (self.now() - self._shown_at).total_seconds()
        self.list.move(index)
        self._want()
        self._shown_at = self.now()
        if self.list.selecting:
            self.select(self.list.selected_from)
        if self.list.cursor != before:
            self._show_abstract()
        if left is not None and index > before and 0 < self.config.read_after <= shown:
            self.mark(Operation.IN_PASSING, triage.mark_read, [left])

    def _want(self) -> None:
        """Let the cursor come back to where it is now, or near it, whatever the list becomes."""
        self._wanted = self.list.row
        if self.list.contents is self.all:
            self._wanted_at = self.list.cursor

    def _move(self, lines: int, index: int) -> None:
        """Scroll the abstract by lines, or go to a paper in the list: where the keys go."""
        if self.reading:
            self.abstract.scroll(lines)
        else:
            self.go(index)

    def _step(self, step: int, count: int) -> None:
        self._move(step * count, self.list.cursor + step * count)

    do_down = partialmethod(_step, 1)
    do_up = partialmethod(_step, -1)

    def do_first(self) -> None:
        self._move(-self.abstract.top, 0)

    def do_last(self) -> None:
        self._move(1_000_000, len(self.list.contents.rows) - 1)

    def _page(self, way: int, pages: float, count: int) -> None:
        papers = max(1, int(pages * count * self.list.page))
        self._move(way * int(pages * count * self.abstract.page), self.list.cursor + way * papers)

    do_half_down = partialmethod(_page, 1, 0.5)
    do_half_up = partialmethod(_page, -1, 0.5)
    do_page_down = partialmethod(_page, 1, 1)
    do_page_up = partialmethod(_page, -1, 1)

    def do_scroll_down(self, count: int) -> None:
        self.abstract.scroll(count)

    def do_scroll_up(self, count: int) -> None:
        self.abstract.scroll(-count)

    def do_read_on(self) -> None:
        if not self.abstract.scroll(self.abstract.page - 1):
            self._next_unread()

    def _next_unread(self) -> None:
        shown = self.list.contents.rows
        for start in range(self.list.cursor + 1, len(shown), 500):
            marks = self.store.marks([paper_at(row) for row in shown[start : start + 500]])
            for index, found in enumerate(marks.values(), start):
                if not found.read:
                    self.go(index)
                    return
        self.footer.say("No unread paper below this one.")

    def _turn_to(self, *, abstract: bool) -> None:
        self.reading = abstract
        self._lay_out()

    def do_other_pane(self) -> None:
        self._turn_to(abstract=not self.reading)

    def do_open_pane(self) -> None:
        if self.welcoming:
            self.syncing.open_sample()
        else:
            self._turn_to(abstract=True)

    def do_source(self) -> None:
        source = self.abstract.toggle_source()
        self.footer.say("Texts as their authors typed them." if source else "Texts as in print.")

    # Triage

    def _edit(self, operation: str, verb: triage.Verb, count: int = 1) -> int:
        """Apply a verb to what is chosen, and end the selection; return how many that was."""
        chosen = self.list.chosen(count)
        self.mark(operation, verb, chosen)
        self.select(None)
        self._want()
        return len(chosen)

    def mark(self, operation: str, verb: triage.Verb, chosen: Sequence[int]) -> Change | None:
        change = self.triage.edit(operation, [paper_at(row) for row in chosen], verb)
        for group in change.sets if change else ():
            if group.field == "read":
                self._unread += -len(group.papers) if group.new else len(group.papers)
        if change:
            self._redraw(chosen)
        else:
            self._take_over()  # another window may have been first
        if self.store.refused:
            self.footer.say(f"Saved, but counts may lag: {self.store.refused}")
        return change

    def select(self, anchor: int | None) -> None:
        """Select from `anchor` to the cursor, or nothing."""
        self.list.select(anchor)
        size = len(self.list.chosen(1))
        self.footer.pending = f"{size:,} selected" if self.list.selecting else ""

    def do_select(self) -> None:
        self.select(None if self.list.selecting else self.list.cursor)

    def _toggle(
        self, verb: Callable[[Iterable[Marks]], tuple[str, triage.Verb]], count: int = 1
    ) -> None:
        # What the person sees decides, not what another window made of it meanwhile.
        chosen = self.list.chosen(count)
        seen: Iterable[Marks] = map(self.list.marks, chosen)
        if len(chosen) > self.list.page:
            seen = self.store.marks([paper_at(row) for row in chosen]).values()
        self._edit(*verb(seen), count)

    do_star = partialmethod(_toggle, triage.starring)
    do_read = partialmethod(_toggle, triage.reading)

    def do_skip(self, count: int = 1) -> None:
        first, _ = self.list.bounds
        self.go(first + self._edit(Operation.SKIP, triage.skip, count))

    def do_read_all(self) -> None:
        shown = self.list.contents.rows
        if len(shown) > MOST_MARKED:
            self.footer.say(f"{MOST_MARKED:,} papers at most; a filter makes them fewer.")
            return
        change = self.mark("Mark all as read", triage.mark_read, shown)
        marked = len(change.papers) if change else 0
        self.footer.say(
            f"{marked:,} marked as read; {self.key['undo']} takes it back."
            if marked
            else "All are read already."
        )

    def do_tags(self, count: int = 1) -> None:
        chosen = self.list.chosen(count)
        question, current = f"Tags for {len(chosen)} papers", ""
        if len(chosen) == 1:
            question = "Tags"
            current = "".join(f"{tag}, " for tag in sorted(self._marks(chosen[0]).tags))

        def answer(text: str) -> None:
            verb = triage.set_tags(text.split(",")) if len(chosen) == 1 else triage.retag(text)
            self.mark(Operation.TAG, verb, chosen)
            self.select(None)

        self.footer.ask(question, current, answer, self.store.marked.tags)

    def do_note(self) -> None:
        row = self.list.contents.rows[self.list.cursor]
        note = self._marks(row).note or ""
        if "\n" in note:
            self.do_edit_note()
        else:
            self.footer.ask("Note", note, partial(self._write_note, row))

    def do_edit_note(self) -> None:
        from tui_reader.ui.terminal.editor import edited

        row = self.list.contents.rows[self.list.cursor]
        name = f"{paper_at(row).replace('/', '-')}.md"
        text = edited(self.app, self._marks(row).note or "", name)
        if text is not None:
            self._write_note(row, text)

    def _marks(self, row: int) -> Marks:
        [marks] = self.store.marks([paper_at(row)]).values()
        return marks

    def _write_note(self, row: int, text: str) -> None:
        self.mark(Operation.NOTE, triage.set_note(text), [row])

    def _undo(
        self, step: Callable[[triage.Triage], Change | None], said: str, nothing: str, count: int
    ) -> None:
        for number in range(count):
            change = step(self.triage)
            if not change:
                if not number:
                    self.footer.say(nothing)
                return
            changed = [row_of(id_) for id_ in change.papers]
            self._count()
            self._redraw(changed)
            named = f"{len(changed):,} papers"
            if len(changed) == 1:
                named = next(
                    row_text.row(item, self.mode).title for item in self.store.items(changed)
                )
            self.footer.say(f"{said}: {operation_text(change.operation)} {named}")

    do_undo = partialmethod(_undo, triage.Triage.undo, "Took back", "Nothing to take back.")
    do_redo = partialmethod(_undo, triage.Triage.redo, "Did again", "Nothing to do again.")

    # Going

    def visit(self, view: View) -> None:
        self.leave()
        self.open(view)
        self._turn_to(abstract=False)

    def leave(self) -> None:
        """Remember where the cursor is, for the next time this view is opened."""
        if self._wanted is not None:
            self.store.remember(f"cursor {_key(self.view)}", f"{self._wanted} {self._wanted_at}")

    do_inbox = partialmethod(visit, View(Kind.INBOX))
    do_starred = partialmethod(visit, View(Kind.STARRED))
    do_library = partialmethod(visit, View(Kind.LIBRARY))

    def choose(
        self, question: str, offered: Sequence[tuple[str, str, T]], take: Callable[[T], None]
    ) -> None:
        """Offer values, each after its name and what stands at its right; `take` gets one.

        Where the view is among them, the cursor begins there.
        """
        from tui_reader.ui.popups import Chooser, Popup

        def taken(index: int | None) -> None:
            if index is not None:
                self.doing(partial(take, offered[index][2]))

        choices = [(name, detail) for name, detail, _ in offered]
        at = next((i for i, (*_, value) in enumerate(offered) if value == self.view), 0)
        self.app.push_screen(Popup(Chooser(question, choices, self.mode, at=at)), taken)

    def do_listing(self) -> None:
        days = self.store.listings.days()
        if not days:
            raise TuiReaderError("No listing is stored yet.")
        offered = [
            (
                f"{day.category:<18} {row_text.long_date(day.announced)}",
                f"{day.unread:,} unread of {sum(day.counts):,}",
                View(Kind.LISTING, day.category, day.announced),
            )
            for day in days
        ]
        self.choose("Listing", offered, self.visit)

    def do_difference(self) -> None:
        from tui_reader.ui.pages import difference

        shown = self.list.contents.rows[self.list.cursor : self.list.cursor + 1]
        paper = next(iter(self.store.papers.at(shown).values()), None)
        earlier = self.store.papers.earlier(paper.id) if paper else []
        if not paper or not earlier:
            raise TuiReaderError("No earlier version of this paper is stored.")
        page = partial(difference.layout, before=earlier[0], after=paper)
        self.show_page(page, self.key["difference"])

    def _to_day(self, step: int) -> None:
        """Go `step` listings older that hold papers, of the view's category where it has one."""
        days = [
            day
            for day in self.store.listings.days()
            if self.view.category in ("", day.category)
            and (any(day.counts) or day.announced == self.view.day)
        ]
        if not days:
            raise TuiReaderError("No listing is stored yet.")
        places = [day.announced for day in days]
        at = places.index(self.view.day) + step if self.view.day in places else 0
        if not 0 <= at < len(days):
            raise TuiReaderError(f"No {'older' if step > 0 else 'newer'} listing is stored.")
        self.visit(View(Kind.LISTING, days[at].category, days[at].announced))

    do_older_day = partialmethod(_to_day, 1)
    do_newer_day = partialmethod(_to_day, -1)

    # TakeOutPart

    @cached_property
    def taking(self) -> "TakeOutPart":
        from tui_reader.ui.parts.take_out import TakeOutPart  # late: many sessions do without

        return TakeOutPart(self)

    def _end_taking(self) -> bool:
        """End what is being taken behind the screen; return whether there was anything."""
        return "taking" in vars(self) and self.taking.jobs.cancel()

    # Rest

    def do_clear(self) -> None:
        if self.list.selecting:
            self.select(None)
        elif self.reading:
            self._turn_to(abstract=False)
        elif self.filter.typed.text:
            self.filtering.ask(Typed())
        elif self._end_taking():
            self.footer.say("Ending it.")
        elif self.syncing.jobs.cancel():
            self.footer.say("Syncing ends; what came is stored.")
        else:
            self.footer.say(f"Nothing to leave. {self.key['quit']} quits.")

    def on_paste(self, event: events.Paste) -> None:
        event.stop()
        pasted = clean(event.text)
        if self.footer.question:
            self.footer.edit(self.footer.typed.inserted(pasted))
        elif self.filter.typing:
            self.doing(partial(self.filtering.ask, self.filter.typed.inserted(pasted)))

    def do_palette(self) -> None:
        offered = [
            (f"{action.label:<15} {action.help}", ", ".join(action.keys), action.name)
            for action in self.actions
            if action.name != "palette"
        ]
        self.choose("Action", offered, self.do)

    def index(self) -> None:
        """Index behind the screen what waits for it."""
        if self._indexing.under_way or not self.store.lags:
            return

        def work(tell: Tell, ended: Callable[[], bool]) -> str:
            def progress(left: int) -> None:
                if ended():
                    raise Cancelled
                tell(f"Indexing, {left:,} papers to go")

            with closing(Store(self.store.paths)) as store:
                store.index(progress, INDEXED_AT_ONCE)
            return ""

        # What is not done is done the next time, and found meanwhile all the same.
        self._indexing.start("index", work, lambda _: None)

    def show_page(self, layout: "PageLayout", key: str) -> None:
        """Show a page of text, which the key closes again."""
        from tui_reader.ui.popups import Page, Popup

        self.app.push_screen(Popup(Page(layout, self.mode, key)))

    def do_help(self) -> None:
        from tui_reader.ui.pages.help import everything, layout

        entries = [*everything(self.store.paths, self.actions)]
        self.show_page(partial(layout, entries=entries), self.key["help"])

    def do_stats(self) -> None:
        from tui_reader.ui.pages import statistics

        stats = self.store.stats(self.now())
        page = partial(statistics.layout, stats=stats, mode=self.mode)
        self.show_page(page, self.key["stats"])

    def do_suspend(self) -> None:
        self.app.action_suspend_process()

    def do_quit(self) -> None:
        if self is self.app.screen_stack[0]:
            self.app.exit()
        else:
            self.dismiss()

    def on_unmount(self) -> None:
        self._end_taking()
        self.syncing.jobs.cancel()
        self._indexing.cancel()
        if self.filtering.searching:
            self.filtering.searching.close()
        self.leave()
        self.split.remember()

    # Mouse

    def on_click(self, event: events.Click) -> None:
        if self.footer.question:
            return
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
        if self.list.region.contains_point(event.screen_offset) and not self.footer.question:
            self.doing(partial(self.go, self.list.cursor + papers))


def _key(view: View) -> str:
    """Return a name for a view, under which its place is remembered."""
    day = view.day.isoformat() if view.day else ""
    return " ".join(filter(None, (view.kind, view.category, day, view.name)))


def _title(view: View) -> str:
    if view.kind is Kind.LISTING and view.day:
        return f"{view.category}  {row_text.long_date(view.day)}"
    return view.name or view.kind.value.capitalize()
