"""Where the cursor is, where it was left, and where it comes back to."""

from collections.abc import Callable, Sequence
from datetime import datetime
from itertools import dropwhile
from typing import Protocol

from tui_reader.config import Config
from tui_reader.store import Contents, Kind, Store, View, place
from tui_reader.ui.bars import HeaderBar
from tui_reader.ui.list_pane import ListPane

MOST_HELD = 20_000  # papers of the Inbox that are remembered
HELD = "held inbox"
"""Under which the rows are remembered that the Inbox held when it was left."""


class CursorDesk(Protocol):
    """What the cursor uses."""

    store: Store
    config: Config
    now: Callable[[], datetime]
    view: View
    """What is shown."""
    all: Contents
    """What the view holds."""
    list: ListPane
    header: HeaderBar

    def select(self, anchor: int | None) -> None:
        """Select from `anchor` to the cursor, or nothing."""

    def show_abstract(self) -> None:
        """Show the paper under the cursor whole."""


class Cursor:
    """Goes through the list; it comes back to its paper when a filter lets it."""

    def __init__(self, desk: CursorDesk) -> None:
        self._desk = desk
        self._wanted: int | None = None
        self._wanted_at = 0
        """The row the person went to last, and where it stood in the view."""
        self._shown_at = desk.now()
        """Since when the paper under the cursor has been shown."""
        self.left: Callable[[], None] = lambda: None
        """Told when the view is about to be left."""
        self.passed: Callable[[int], None] = lambda row: None
        """Told of a row that was shown for as long as `read_after` says, and left downwards."""

    def go(self, index: int) -> None:
        """Go to the paper at this index of the list, or the nearest there is."""
        desk = self._desk
        before, left = desk.list.cursor, desk.list.row
        shown = (desk.now() - self._shown_at).total_seconds()
        self.jump(index)
        on = index > before and not desk.list.selecting  # to select is not to read
        if on and left is not None and 0 < desk.config.read_after <= shown:
            self.passed(left)

    def jump(self, index: int) -> None:
        """Go there as `go` does, but nothing counts as read in passing."""
        desk, before = self._desk, self._desk.list.cursor
        if not desk.list.contents.rows or index == before:
            return
        desk.list.move(index)
        if not desk.list.cursor:
            desk.header.above = 0
        self.want()
        self._shown_at = desk.now()
        if desk.list.selecting:
            desk.select(desk.list.selected_from)
        if desk.list.cursor != before:
            desk.show_abstract()

    def want(self) -> None:
        """Let the cursor come back to where it is now, or near it, whatever the list becomes."""
        desk = self._desk
        self._wanted = desk.list.row
        if desk.list.contents is desk.all:
            self._wanted_at = desk.list.cursor

    def nearest(self, contents: Contents, *, complete: bool, ascending: bool) -> int:
        """Return where the wanted paper is in a part of the view, or the nearest after it."""
        wanted, rows, whole = self._wanted, contents.rows, self._desk.all
        if wanted is None or not rows:
            return 0
        if ascending:
            at = place(rows, wanted)
            return at if at < len(rows) or complete else 0
        if wanted in rows:
            return rows.index(wanted)
        if contents is whole:
            return self._wanted_at
        order = {row: index for index, row in enumerate(whole.rows)}
        here = order.get(wanted, self._wanted_at - 1)
        return next((i for i, row in enumerate(rows) if order[row] > here), len(order))

    def leave(self) -> None:
        """Remember where the cursor is, for the next time this view is opened."""
        self.left()
        desk = self._desk
        left = "" if self._wanted is None else f"{self._wanted} {self._wanted_at}"
        desk.store.remember(f"cursor {_key(desk.view)}", left)
        if desk.view.kind is Kind.INBOX and desk.list.is_mounted:
            desk.store.remember(HELD, " ".join(map(str, desk.all.rows[:MOST_HELD])))

    def come_to(self, view: View, rows: Sequence[int]) -> None:
        """Begin where this view was left; in the Inbox, at the first paper that is new since."""
        recall = self._desk.store.recall
        row, _, at = (recall(f"cursor {_key(view)}") or "").partition(" ")
        self._wanted = int(row) if row else None
        self._wanted_at = int(at or 0)
        held = recall(HELD) if view.kind is Kind.INBOX else None
        if held is not None:
            self._wanted = self._where_to_begin(rows[:MOST_HELD], held.split())

    def _where_to_begin(self, rows: Sequence[int], held: Sequence[str]) -> int | None:
        """Return the first paper that the Inbox did not hold at the last visit.

        Without one: that at which it was left, or the first that is left below, if any is.
        """
        known = dict.fromkeys(map(int, held))
        # What follows on what is remembered of a very long Inbox is not new.
        maybe_new = rows if len(known) < MOST_HELD else rows[:1]
        if (new := next((row for row in maybe_new if row not in known), None)) is not None:
            return new
        if self._wanted not in known:
            return self._wanted
        there = set(rows)
        below = dropwhile(lambda row: row != self._wanted, known)
        return next((row for row in below if row in there), None)


def _key(view: View) -> str:
    """Return a name for a view, under which its place is remembered."""
    day = view.day.isoformat() if view.day else ""
    return " ".join(filter(None, (view.kind, view.category, day, view.name)))
