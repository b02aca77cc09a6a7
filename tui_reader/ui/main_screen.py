"""The main screen: what is shown, where the cursor is, and a method for each action."""

from array import array
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from functools import cached_property, partial, partialmethod
from typing import TYPE_CHECKING

from textual import events, on
from textual.app import ComposeResult
from textual.containers import Container
from textual.geometry import Offset, Size
from textual.screen import Screen
from textual.widgets import Static

from tui_reader import actions, calendar, triage
from tui_reader.actions import Group
from tui_reader.config import Config
from tui_reader.errors import TuiReaderError
from tui_reader.model import Item, Marks, Paper, PaperId, Section, paper_at, row_of
from tui_reader.store import Change, Contents, Day, Kind, Store, View, place
from tui_reader.text import Mode, clean, plain
from tui_reader.ui import preferences, rows
from tui_reader.ui.abstract_pane import AbstractPane
from tui_reader.ui.bars import Counts, FilterBar, FooterBar, HeaderBar
from tui_reader.ui.editing import Typed
from tui_reader.ui.filtering import Filtering
from tui_reader.ui.hints import Hints
from tui_reader.ui.keys import name_of
from tui_reader.ui.list_pane import Border, ListPane
from tui_reader.ui.searching import Indexing
from tui_reader.ui.split import Split
from tui_reader.ui.syncing import Syncing

if TYPE_CHECKING:
    from tui_reader.ui.taking import Taking

WIDE = 100  # columns from which the abstract stands beside the list
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
        self._shown_at = now()
        """Since when the paper under the cursor has been shown."""
        self._anchor: int | None = None
        """Where the selection starts; it ends at the cursor."""
        self.syncing = Syncing(self)
        self._indexing: Indexing | None = None
        self._answer: Callable[[str], None] | None = None
        """Takes the answer to the question in the footer."""

    @property
    def mode(self) -> Mode:
        """How texts are drawn."""
        return Mode.ASCII if self.config.ascii else Mode.UNICODE

    def compose(self) -> ComposeResult:
        yield HeaderBar(self.mode)
        yield FilterBar(self.mode)
        self._arrange(self.app.size)
        with Container(id="panes"):
            yield ListPane(self._rows, self.mode, compact=self.config.compact)
            yield Border(self.mode)
            yield AbstractPane(self.mode)
        yield Static(id="empty", markup=False)
        yield FooterBar(self.mode, self.actions)

    def on_mount(self) -> None:
        self.header = self.query_one(HeaderBar)
        self.filter = self.query_one(FilterBar)
        self.list = self.query_one(ListPane)
        self.abstract = self.query_one(AbstractPane)
        self.border = self.query_one(Border)
        self.footer = self.query_one(FooterBar)
        self.filtering = Filtering(self)
        self.split = Split(self)
        self.split.apply()
        self.hints = Hints(self)
        self._warming = self.set_interval(0.02, self._warm_up, pause=True)
        self.doing(partial(self.open, self.view))
        self.set_interval(1.0, self._take_over)
        if self.problems:
            others = f" And {len(self.problems) - 1} more: tui-reader doctor."
            self.footer.say(self.problems[0] + others * (len(self.problems) > 1))
        if self.config.sync and (following := self.syncing.following()):
            self.syncing.start(following, quiet=True)

    # What is shown

    def open(self, view: View) -> None:
        """Show a view as it is now, without a filter, the cursor where it was left."""
        self.view = view
        self.all = self.store.contents(view)
        self.filtering.reset()
        self.select(None)
        self.list.forget()
        left = self.store.recall(f"cursor {_key(view)}")
        row, _, at = (left or "").partition(" ")
        self._wanted = int(row) if row else None
        self._wanted_at = int(at or 0)
        self._show_all()

    def take_in(self) -> None:
        """Show what came into the view meanwhile: nothing goes, and the cursor stays."""
        if not self.filter.typed.text and not self.filter.typing and self._anchor is None:
            self._want()
            self.all = self.store.contents(self.view, self.all.rows)
            self._show_all(more=True)

    def _show_all(self, *, more: bool = False) -> None:
        self._count()
        self.show_counts()
        self.show(self.all, more=more)
        if len(self.all.rows) <= MOST_WARMED and not self.store.is_large(self.all):
            self._warming.resume()
        self.show_emptiness()
        self.index()

    def _warm_up(self) -> None:
        """Make ready for a filter, a few milliseconds at a time, while nothing else is done."""
        more = False
        with suppress(TuiReaderError):  # the filter itself will say why
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
        self.filter.found = f"{count} of {len(self.all.rows):,}" if filtered else ""
        self.filter.refresh()
        if not more or self.list.row != before:
            self._show_abstract()
        else:
            self.border.show(self.list.thumb)

    def _nearest(self, contents: Contents, complete: bool) -> int:
        wanted, rows = self._wanted, contents.rows
        if wanted is None or not rows:
            return 0
        if self.view.kind is Kind.LIBRARY:
            at = place(rows, wanted)
            return at if at < len(rows) or complete else 0
        if wanted in rows:
            return rows.index(wanted)
        if contents is self.all:
            return self._wanted_at
        order = {row: index for index, row in enumerate(self.all.rows)}
        here = order.get(wanted, self._wanted_at - 1)
        return next((i for i, row in enumerate(contents.rows) if order[row] > here), len(order))

    def _items(self, wanted: Sequence[int]) -> dict[int, Item]:
        """Return these papers; one that is not cached, as a star from elsewhere, by its name."""
        found = {}
        for item in self.store.items(wanted):
            id_ = item.paper.id
            if not item.paper.title:
                item = item._replace(paper=Paper(id_, f"{id_} (not in the cache)"))
            found[row_of(id_)] = item
        return found

    def _rows(self, wanted: Sequence[int]) -> Mapping[int, tuple[rows.Row, Marks]]:
        try:
            return {
                row: (rows.row(item, self.mode), item.marks)
                for row, item in self._items(wanted).items()
            }
        except TuiReaderError as error:
            # Asked for while drawing, where nothing may be raised.
            self.call_next(self.footer.say, str(error))
            unread = rows.row(Item(Paper(PaperId(""), "(can't be read)")))
            return {row: (unread, Marks()) for row in wanted}

    def _show_abstract(self) -> None:
        row = self.list.row
        self.border.show(self.list.thumb)
        if row is None:
            self.abstract.show(None)
            return
        self.abstract.show(self._items([row])[row])
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
            useful = (Group.GO, Group.REST) if empty else Group
            self.footer.offer(action for action in self.actions if action.group in useful)
        if not empty:
            return
        text = NO_PAPER
        match self.view.kind:
            case Kind.STARRED:
                text = "No stars yet.\n\nPress {star} on a paper to star it."
            case Kind.INBOX if self.syncing.under_way:
                text = "Asking arXiv; papers are shown as they come. {clear} ends it."
            case Kind.INBOX if days := self.store.days():
                text = ALL_READ + self._elsewhere(days)
            case Kind.INBOX if self.store.has_papers():
                text = "No listing is stored, so nothing is new.\n\nPress {library} for all papers."
            case Kind.INBOX if self.syncing.following():
                text = NOTHING_CAME
            case Kind.INBOX | Kind.LIBRARY:
                text = WELCOME
                self.welcoming = True
        self.query_one("#empty", Static).update(text.format(**self.key))

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
        for group in self.all.groups:
            if group.section:
                sections[group.section] += group.size
        parts = [f"{sections[s]:,} {word}" for s, word in _SECTION_COUNTS.items() if sections[s]]
        starred = self.store.count_starred()
        self.header.show(Counts(_title(self.view), tuple(parts), self._unread, starred))

    def _take_over(self) -> None:
        """Show the marks that another process wrote."""
        try:
            changed = self.store.refresh()
        except TuiReaderError as error:
            self.footer.say(str(error))
            return
        if changed:
            self._count()
            self._redraw([row_of(id_) for id_ in changed])

    def _redraw(self, changed: Sequence[int]) -> None:
        """Draw these papers as they are marked now."""
        self.list.forget(changed)
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
        if self.is_mounted:
            self.split.apply()
            self._lay_out()

    def _lay_out(self) -> None:
        """Draw borders and cursor for the layout, and for which pane the keys go to."""
        self.set_class(self.reading, "-reading")
        self.footer.lead("Esc" if self.reading else "")
        self.list.active = not self.reading
        self.list.forget()
        self.border.show(self.list.thumb)
        self.call_after_refresh(self.place_terminal_cursor)

    # Keys

    def on_key(self, event: events.Key) -> None:
        event.stop()
        event.prevent_default()
        key = name_of(event)
        character = event.character if event.is_printable else None
        self.footer.say("")
        if self._answer:
            self.doing(partial(self._reply, key, character))
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
        self._pending = pending
        self.footer.await_more(pending)

    def do(self, name: str, count: int = 1) -> None:
        """Do an action of the table, `count` times where it can be repeated."""
        method, action = getattr(self, f"do_{name}"), actions.BY_NAME[name]
        takes_papers = action.group in (Group.TRIAGE, Group.TAKE) and name not in ("undo", "redo")
        if takes_papers and not self.list.contents.rows:
            self.footer.say("There is no paper here.")
            return
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
        if self._anchor is not None:
            self.select(self._anchor)
        if self.list.cursor != before:
            self._show_abstract()
        if left is not None and index > before and 0 < self.config.read_after <= shown:
            self.mark(triage.IN_PASSING, triage.mark_read, [left])

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

    def do_down(self, count: int) -> None:
        self._move(count, self.list.cursor + count)

    def do_up(self, count: int) -> None:
        self._move(-count, self.list.cursor - count)

    def do_first(self) -> None:
        self._move(-self.abstract.top, 0)

    def do_last(self) -> None:
        self._move(1_000_000, len(self.list.contents.rows) - 1)

    def _page(self, pages: float) -> None:
        step = max(1, int(abs(pages) * self.list.page))
        index = self.list.cursor + (step if pages > 0 else -step)
        self._move(int(pages * self.abstract.page), index)

    def do_half_down(self, count: int) -> None:
        self._page(count / 2)

    def do_half_up(self, count: int) -> None:
        self._page(-count / 2)

    def do_page_down(self, count: int) -> None:
        self._page(count)

    def do_page_up(self, count: int) -> None:
        self._page(-count)

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

    def do_other_pane(self) -> None:
        self.reading = not self.reading
        self._lay_out()

    def do_open_pane(self) -> None:
        if self.welcoming:
            self.syncing.open_sample()
            return
        self.reading = True
        self._lay_out()

    def do_source(self) -> None:
        source = self.abstract.toggle_source()
        self.footer.say("Texts as their authors typed them." if source else "Texts as in print.")

    # Triage

    def chosen(self, count: int) -> Sequence[int]:
        """Return the selected rows, or `count` of them from the cursor on."""
        first = last = self.list.cursor
        if self._anchor is None:
            last += count - 1
        else:
            first, last = sorted((self._anchor, first))
        return self.list.contents.rows[first : last + 1]

    def _edit(self, operation: str, verb: triage.Verb, count: int = 1) -> int:
        """Apply a verb to what is chosen, and end the selection; return how many that was."""
        chosen = self.chosen(count)
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
        self._anchor = anchor
        self.list.select(anchor)
        size = abs(self.list.cursor - anchor) + 1 if anchor is not None else 0
        self.footer.await_more(f"{size} selected" if size else "")

    def do_select(self) -> None:
        self.select(self.list.cursor if self._anchor is None else None)

    def _seen(self, chosen: Sequence[int]) -> Iterable[Marks]:
        """Return the marks as the screen shows them; of more than a screen, as they are."""
        if len(chosen) > self.list.page:
            return self.store.marks([paper_at(row) for row in chosen]).values()
        return [self.list.marks(row) for row in chosen]

    def do_star(self, count: int = 1) -> None:
        # What the person sees decides, not what another window made of it meanwhile.
        self._edit(*triage.starring(self._seen(self.chosen(count))), count)

    def do_skip(self, count: int = 1) -> None:
        first = self.list.cursor if self._anchor is None else min(self._anchor, self.list.cursor)
        self.go(first + self._edit("Skip", triage.skip, count))

    def do_read(self, count: int = 1) -> None:
        self._edit(*triage.reading(self._seen(self.chosen(count))), count)

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
        chosen = self.chosen(count)
        ids = [paper_at(row) for row in chosen]
        current = ""
        if len(ids) == 1:
            current = "".join(f"{tag}, " for tag in sorted(self.store.marks(ids)[ids[0]].tags))

        def answer(text: str) -> None:
            verb = triage.set_tags(text.split(",")) if len(ids) == 1 else triage.retag(text)
            self.mark("Tag", verb, chosen)
            self.select(None)

        self.put("Tags" if len(ids) == 1 else f"Tags for {len(ids)} papers", current, answer)

    def do_note(self) -> None:
        row = self.list.row
        if row is None:
            return
        [marks] = self.store.marks([paper_at(row)]).values()
        if "\n" in (marks.note or ""):
            self.do_edit_note()
            return
        self.put("Note", marks.note or "", lambda text: self._write_note(row, text))

    def do_edit_note(self) -> None:
        from tui_reader.ui.editor import edited

        row = self.list.row
        if row is None:
            return
        [marks] = self.store.marks([paper_at(row)]).values()
        text = edited(self.app, marks.note or "", f"{paper_at(row).replace('/', '-')}.md")
        if text is not None:
            self._write_note(row, text)

    def _write_note(self, row: int, text: str) -> None:
        self.mark("Note", triage.set_note(text), [row])

    # Questions in the footer

    def put(self, question: str, text: str, answer: Callable[[str], None]) -> None:
        """Ask a question in the footer; Enter gives the answer, Esc gives none."""
        self._answer = answer
        self.footer.ask(question, Typed.of(text))
        self._hint()

    def _reply(self, key: str, character: str | None) -> None:
        footer, answer, question = self.footer, self._answer, self.footer.question
        if key in ("Enter", "Esc", "Ctrl-c"):
            text = footer.typed.text
            self._answer = None
            footer.ask("", Typed())
            if key == "Enter" and answer:
                try:
                    answer(text)
                except TuiReaderError:
                    # What was typed must not be lost with what could not be done.
                    self._answer = answer
                    footer.ask(question, Typed.of(text))
                    raise
        elif key == "Tab" and footer.hint:
            kept = footer.typed.text.rpartition(",")[0]
            footer.set(Typed.of(f"{kept}, {footer.hint}, ".removeprefix(", ")))
            self._hint()
        elif typed := footer.typed.key(key, character):
            footer.set(typed)
            self._hint()

    def _hint(self) -> None:
        """Offer the tag that what is typed begins, if tags are asked for."""
        begun = self.footer.typed.text.rpartition(",")[2].strip()
        tags = self.store.tags() if begun and self.footer.question.startswith("Tags") else []
        fits = (tag for tag in tags if tag.startswith(begun) and tag != begun)
        self.footer.hint = next(fits, "")
        self.footer.refresh()

    def do_undo(self, count: int = 1) -> None:
        self._step("Took back", "Nothing to take back.", self.triage.undo, count)

    def do_redo(self, count: int = 1) -> None:
        self._step("Did again", "Nothing to do again.", self.triage.redo, count)

    def _step(self, said: str, nothing: str, step: Callable[[], Change | None], count: int) -> None:
        for number in range(count):
            change = step()
            if not change:
                if not number:
                    self.footer.say(nothing)
                return
            changed = [row_of(id_) for id_ in change.papers]
            self._count()
            self._redraw(changed)
            self.footer.say(f"{said}: {change.operation} {self._named(changed)}")

    def _named(self, changed: Sequence[int]) -> str:
        """Return the title of the only paper, or how many there are."""
        if len(changed) != 1:
            return f"{len(changed):,} papers"
        [(paper, *_)] = self._items(changed).values()
        return plain(paper.title, self.mode)

    # Going

    def visit(self, view: View) -> None:
        self.leave()
        self.reading = False
        self.open(view)
        self._lay_out()

    def leave(self) -> None:
        """Remember where the cursor is, for the next time this view is opened."""
        if self._wanted is not None:
            with suppress(TuiReaderError):  # a place in a list is worth no complaint
                place = f"{self._wanted} {self._wanted_at}"
                self.store.remember(f"cursor {_key(self.view)}", place)

    def choose(
        self, question: str, choices: Iterable[tuple[str, str]], take: Callable[[int], None]
    ) -> None:
        """Offer choices, each a name and what stands at its right; `take` gets the one taken."""
        from tui_reader.ui.chooser import Choice, Chooser

        def taken(index: int | None) -> None:
            if index is not None:
                self.doing(partial(take, index))

        offered = [Choice(*choice) for choice in choices]
        self.app.push_screen(Chooser(question, offered, self.mode), taken)

    def do_listing(self) -> None:
        days = self.store.days()
        if not days:
            self.footer.say("No listing is stored yet.")
            return
        choices = [
            (
                f"{day.category:<18} {rows.long_date(day.announced)}",
                f"{day.unread:,} unread of {sum(day.counts):,}",
            )
            for day in days
        ]
        views = [View(Kind.LISTING, day.category, day.announced) for day in days]
        self.choose("Listing", choices, lambda index: self.visit(views[index]))

    def do_saved(self) -> None:
        from tui_reader.ui import saved

        saved.choose(self.filtering)

    def do_sort(self) -> None:
        self.filtering.sort()

    def do_save_filter(self) -> None:
        from tui_reader.ui import saved

        saved.save(self.filtering)

    def do_difference(self) -> None:
        from tui_reader.ui import difference_page
        from tui_reader.ui.page import PageScreen

        row = self.list.row
        earlier = self.store.earlier(paper_at(row)) if row is not None else []
        if row is None or not earlier:
            self.footer.say("No earlier version of this paper is stored.")
            return
        paper = self._items([row])[row].paper
        layout = partial(difference_page.layout, before=earlier[0], after=paper)
        self.app.push_screen(PageScreen(layout, self.mode, self.key["difference"]))

    def do_inbox(self) -> None:
        self.visit(View(Kind.INBOX))

    def do_starred(self) -> None:
        self.visit(View(Kind.STARRED))

    def do_library(self) -> None:
        self.visit(View(Kind.LIBRARY))

    def do_older_day(self) -> None:
        self._to_day(1)

    def do_newer_day(self) -> None:
        self._to_day(-1)

    def _to_day(self, step: int) -> None:
        """Go `step` listings older, of the same category where the view has one."""
        days = [day for day in self.store.days() if self.view.category in ("", day.category)]
        if not days:
            self.footer.say("No listing is stored yet.")
            return
        places = [day.announced for day in days]
        at = places.index(self.view.day) + step if self.view.day in places else 0
        if not 0 <= at < len(days):
            self.footer.say(f"No {'older' if step > 0 else 'newer'} listing is stored.")
            return
        self.visit(View(Kind.LISTING, days[at].category, days[at].announced))

    # Taking

    @cached_property
    def taking(self) -> "Taking":
        from tui_reader.ui.taking import Taking  # late: many sessions do without

        return Taking(self)

    def _end_taking(self) -> bool:
        """End what is being taken behind the screen; return whether there was anything."""
        return "taking" in vars(self) and self.taking.cancel()

    @property
    def selecting(self) -> bool:
        return self._anchor is not None

    def _open(self, what: str) -> None:
        self.taking.open(what)

    def _yank(self, what: str, count: int) -> None:
        self.taking.yank(what, count)

    do_open_page = partialmethod(_open, "page")
    do_open_pdf = partialmethod(_open, "pdf")
    do_open_html = partialmethod(_open, "html")
    do_open_doi = partialmethod(_open, "doi")
    do_yank_id = partialmethod(_yank, "id")
    do_yank_url = partialmethod(_yank, "url")
    do_yank_bibtex = partialmethod(_yank, "bibtex")
    do_yank_title = partialmethod(_yank, "title")
    do_yank_citation = partialmethod(_yank, "citation")

    def do_export(self) -> None:
        self.taking.export()

    # Filter

    def do_filter(self) -> None:
        if self.all.rows:
            self.select(None)
            self.filtering.begin()

    def do_clear(self) -> None:
        if self._anchor is not None:
            self.select(None)
        elif self.reading:
            self.reading = False
            self._lay_out()
        elif self.filter.typed.text:
            self.filtering.ask(Typed())
        elif self._end_taking():
            self.footer.say("Ending it.")
        elif self.syncing.under_way:
            self.syncing.cancel()
            self.footer.say("Syncing ends; what came is stored.")
        else:
            self.footer.say(f"Nothing to leave. {self.key['quit']} quits.")

    def on_paste(self, event: events.Paste) -> None:
        event.stop()
        pasted = clean(event.text)
        if self._answer:
            self.footer.set(self.footer.typed.inserted(pasted))
        elif self.filter.typing:
            self.doing(partial(self.filtering.ask, self.filter.typed.inserted(pasted)))

    # Rest

    def do_palette(self) -> None:
        offered = [action for action in self.actions if action.name != "palette"]
        choices = [(f"{a.label:<15} {a.help}", ", ".join(a.keys)) for a in offered]
        self.choose("Action", choices, lambda index: self.do(offered[index].name))

    def do_sync(self) -> None:
        self.syncing.ask()

    def do_force_sync(self) -> None:
        self.syncing.ask(force=True)

    def do_status(self) -> None:
        self.syncing.details()

    def index(self) -> None:
        """Index behind the screen what waits for it."""
        if self._indexing or not self.store.lags:
            return
        self._indexing = indexing = Indexing(self.store.paths)

        def work() -> None:
            indexing.run(partial(self.app.call_from_thread, self.footer.show_work))
            self.app.call_from_thread(self._indexed)

        self.run_worker(work, thread=True, exit_on_error=False)

    def _indexed(self) -> None:
        self._indexing = None
        self.footer.show_work()

    def do_follow(self) -> None:
        self.syncing.choose()

    def do_help(self) -> None:
        from tui_reader.ui.help import everything

        self.show_help(everything(self.store.paths, self.actions), self.key["help"])

    def show_help(self, entries: Iterable[tuple[str, str]], key: str) -> None:
        """Show a help page, which the key closes again."""
        from tui_reader.ui.help import layout
        from tui_reader.ui.page import PageScreen

        page = partial(layout, entries=list(entries))
        self.app.push_screen(PageScreen(page, self.mode, key))

    def do_settings(self) -> None:
        preferences.choose(self)

    def do_compact(self) -> None:
        preferences.keep(self, "compact", not self.config.compact)

    def do_smaller_list(self, count: int) -> None:
        self.split.move(-count)

    def do_larger_list(self, count: int) -> None:
        self.split.move(count)

    def do_stats(self) -> None:
        from tui_reader.stats import drawn
        from tui_reader.ui.page import PageScreen, inked

        stats = self.store.stats(self.now())
        layout = inked(lambda width: drawn(stats, width, self.mode))
        self.app.push_screen(PageScreen(layout, self.mode, self.key["stats"]))

    def do_suspend(self) -> None:
        self.app.action_suspend_process()

    def do_quit(self) -> None:
        if self is self.app.screen_stack[0]:
            self.app.exit()
        else:
            self.dismiss()

    def on_unmount(self) -> None:
        self._end_taking()
        self.syncing.cancel()
        if self._indexing:
            self._indexing.cancel()
        if self.filtering.searching:
            self.filtering.searching.close()
        self.leave()
        self.split.remember()

    # Mouse

    @on(ListPane.Clicked)
    def _clicked(self, message: ListPane.Clicked) -> None:
        if not self._answer:
            self.doing(partial(self.go, message.index))

    @on(ListPane.Wheel)
    def _wheeled(self, message: ListPane.Wheel) -> None:
        if not self._answer:
            self.doing(partial(self.go, self.list.cursor + message.papers))

    @on(Border.Dragged)
    def _dragged(self, message: Border.Dragged) -> None:
        self.split.drag(message.to)

    @on(FilterBar.Clicked)
    def _clicked_filter(self) -> None:
        if not self._answer:
            self.doing(self.do_filter)

    @on(AbstractPane.Wheel)
    def _turned(self, message: AbstractPane.Wheel) -> None:
        self.abstract.scroll(message.lines)


def _key(view: View) -> str:
    """Return a name for a view, under which its place is remembered."""
    day = view.day.isoformat() if view.day else ""
    return " ".join(filter(None, (view.kind, view.category, day, view.name)))


def _title(view: View) -> str:
    if view.kind is Kind.LISTING and view.day:
        return f"{view.category}  {rows.long_date(view.day)}"
    return view.name or view.kind.value.capitalize()
