"""What the keys of triage do: every decision is one change, and can be taken back."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial, partialmethod
from typing import Protocol

from tui_reader import triage
from tui_reader.errors import TuiReaderError
from tui_reader.following import of_inbox
from tui_reader.model import Marks, PaperId, SavedFilter, paper_at, row_of
from tui_reader.store import Change, Contents, Kind, Operation, operation_text, where
from tui_reader.store.changes import ChangeId
from tui_reader.text import fit
from tui_reader.ui import row_text
from tui_reader.ui.bars import HeaderBar
from tui_reader.ui.desk import Desk
from tui_reader.ui.parts.go import listing_from

MOST_MARKED = 20_000  # papers at once
LONGEST_NAMED = 50  # cells of a title in the footer
_DECIDED = ("read", "skipped", "starred")
"""The marks that the end of a view counts."""


class MarkDesk(Desk, Protocol):
    """What deciding uses besides."""

    header: HeaderBar
    all: Contents
    """What the view holds."""

    def redraw(self, changed: Sequence[int]) -> None:
        """Draw these papers as they are marked now."""

    def recount(self) -> None:
        """Count what is unread."""

    def take_over(self) -> None:
        """Show the marks that another process wrote."""

    def take_rules(self) -> None:
        """Show what the rules find as they are now."""


class MarkPart:
    """Marks papers, and takes that back."""

    def __init__(self, desk: MarkDesk) -> None:
        self._desk = desk
        self._triage = triage.Triage(desk.store, desk.now)
        self._decided: dict[ChangeId, Change] = {}
        """What was decided since the view was opened, and stands; by what it was at first."""
        self.changed: Callable[[Change], None] = lambda change: None
        """Told of each change that was made or taken back."""
        desk.cursor.passed = self.read_in_passing

    def begin(self) -> None:
        """A view is opened: what is decided from now on can be taken back as a whole."""
        self._decided = {}

    def mark(self, operation: str, verb: triage.Verb, chosen: Sequence[int]) -> Change | None:
        """Apply a verb to papers, and draw what changed."""
        return self._mark_each(operation, [(chosen, verb)])

    def _mark_each(
        self, operation: str, edits: Sequence[tuple[Sequence[int], triage.Verb]]
    ) -> Change | None:
        desk = self._desk
        change = self._triage.edit_each(
            operation, [([paper_at(row) for row in rows], verb) for rows, verb in edits]
        )
        for group in change.sets if change else ():
            if group.name == "read":
                desk.header.unread += -len(group.papers) if group.new else len(group.papers)
        if change:
            desk.redraw([row for rows, _ in edits for row in rows])
            if operation != Operation.IN_PASSING:
                self._decided[change.id] = change
            self.changed(change)
        else:
            desk.take_over()  # another window may have been first
        if desk.store.refused:
            desk.footer.say(f"Saved, but counts may lag: {desk.store.refused}", stays=True)
        return change

    def read_in_passing(self, row: int) -> None:
        self.mark(Operation.IN_PASSING, triage.mark_read, [row])

    def save_filters(
        self, operation: str, wanted: Mapping[str, SavedFilter | None]
    ) -> Change | None:
        """Save filters by their names, or forget those that are None."""
        change = self._triage.save_filters(operation, wanted)
        self._desk.take_rules()
        return change

    def _decide(
        self, operation: str, verb: triage.Verb, chosen: Sequence[int], *, move_on: bool = False
    ) -> None:
        """Apply a verb to what is chosen, and end the selection; then perhaps go on."""
        desk = self._desk
        first, _ = desk.list.bounds
        change = self.mark(operation, verb, chosen)
        desk.select(None)
        desk.cursor.want()
        if move_on and desk.list.row in chosen:
            desk.cursor.go(first + len(chosen))
        if not change or any(group.name in _DECIDED for group in change.sets):
            self.tell_end()
        elif len(change.papers) > 1:  # rows may have no room for their tags
            desk.footer.say(f"{operation_text(operation)}: {len(change.papers):,} papers.")
        ended, papers = triage.what_went(change) if change else ("", [])
        if papers:
            desk.footer.say(f"No longer {ended}: {self._named(papers)}", stays=True)

    def tell_end(self) -> None:
        """Say what became of the view, where nothing unread is left from the cursor on."""
        desk = self._desk
        rows = desk.list.contents.rows
        if not rows or len(rows) > MOST_MARKED or self.unread_from(desk.list.cursor) is not None:
            return
        skipped, starred, read = (
            desk.store.marked.count(mark, rows) for mark in ("skipped", "starred", "read")
        )
        counts = {
            "skipped": skipped,
            "starred": starred,
            "read": read - skipped - starred,
            "unread above": len(rows) - read,
        }
        if desk.view.kind is Kind.INBOX:
            counts["muted"] = desk.store.count_muted(of_inbox(desk.store.paths.config))
        parts = [f"{count:,} {what}" for what, count in counts.items() if count > 0]
        if desk.list.contents is not desk.all:
            ways = {"clear": "clears the filter"}
        elif desk.view.kind is Kind.INBOX:
            ways = {"older_day": "newest listing", "starred": "stars"}
        else:
            ways = {"older_day": "older day", "inbox": "Inbox"}
        if not listing_from(desk.view, desk.store, 1):
            ways.pop("older_day", None)
        offered = "  ".join(f"{desk.key[name]} {way}" for name, way in ways.items())
        desk.footer.say(f"Done: {', '.join(parts)}.  {offered}")

    def unread_from(self, start: int) -> int | None:
        """Return where the first unread paper at or after a place of the list is, if any is."""
        shown, size = self._desk.list.contents.rows, 8
        while start < len(shown):
            rows = shown[start : start + size]
            marks = self._desk.store.marked.at(rows)
            for index, row in enumerate(rows, start):
                if not marks[row].read:
                    return index
            start, size = start + size, min(500, 8 * size)
        return None

    def _toggle(
        self, verb: Callable[[Iterable[Marks]], tuple[str, triage.Verb]], chosen: Sequence[int]
    ) -> None:
        # What the person sees decides, not what another window made of it meanwhile.
        shown = self._desk.list
        seen: Iterable[Marks] = map(shown.marks, chosen)
        if len(chosen) > shown.fitting:
            seen = self._desk.store.marks([paper_at(row) for row in chosen]).values()
        operation, edit = verb(seen)
        on = operation == Operation.STAR and self._desk.config.after_star == "next"
        self._decide(operation, edit, chosen, move_on=on)

    do_star = partialmethod(_toggle, triage.star_or_unstar)
    do_read = partialmethod(_toggle, triage.read_or_unread)

    def do_skip(self, chosen: Sequence[int]) -> None:
        self._decide(Operation.SKIP, triage.skip, chosen, move_on=True)

    def do_pass_over(self) -> None:
        desk = self._desk
        less, samples = desk.list.contents.less_likely(desk.list.cursor)
        if not less:
            raise TuiReaderError(
                f"Nothing is known to be less likely here; {desk.key['sort']} orders for you, and"
                " after some 80 stars that says what may be passed over."
            )
        left = [row for row, m in desk.store.marked.at(less).items() if not (m.read or m.starred)]
        if not left:
            desk.footer.say("All that is less likely here is read already.")
            return
        edits = [(left, triage.pass_over), (samples, triage.mark_sample)]
        self._mark_each(Operation.PASS_OVER, edits)
        if desk.list.row in less and (at := self.unread_from(desk.list.cursor)) is not None:
            desk.cursor.jump(at)
        desk.footer.say(f"{len(left):,} skipped unseen; {desk.key['undo']} takes it back.")

    def do_read_all(self) -> None:
        desk = self._desk
        shown = desk.list.contents.rows
        if len(shown) > MOST_MARKED:
            desk.footer.say(f"{MOST_MARKED:,} papers at most; a filter makes them fewer.")
            return
        change = self.mark(Operation.READ_ALL, triage.mark_read, shown)
        if change:
            marked = f"{len(change.papers):,} marked as read"
            desk.footer.say(f"{marked}; {desk.key['undo']} takes it back.")
        else:
            desk.footer.say("All are read already.")

    def do_select(self) -> None:
        shown = self._desk.list
        self._desk.select(None if shown.selecting else shown.cursor)

    def do_tags(self, chosen: Sequence[int]) -> None:
        question, current = f"Tags for {len(chosen)} papers", ""
        if len(chosen) == 1:
            question = "Tags"
            current = "".join(f"{tag}, " for tag in sorted(self._marks(chosen[0]).tags))

        def answer(text: str) -> None:
            verb = triage.set_tags(text.split(",")) if len(chosen) == 1 else triage.retag(text)
            self._decide(Operation.TAG, verb, chosen)

        self._desk.panels.ask(question, current, answer, self._desk.store.marked.tags())

    def do_note(self, row: int) -> None:
        note = self._marks(row).note or ""
        if "\n" in note:
            self.do_edit_note(row)
        else:
            self._desk.panels.ask("Note", note, partial(self._write_note, row))

    def do_edit_note(self, row: int) -> None:
        from tui_reader.ui.terminal.editor import edited

        name = f"{paper_at(row).replace('/', '-')}.md"
        text = edited(self._desk.app, self._marks(row).note or "", name)
        if text is not None:
            self._write_note(row, text)

    def _marks(self, row: int) -> Marks:
        [marks] = self._desk.store.marks([paper_at(row)]).values()
        return marks

    def _write_note(self, row: int, text: str) -> None:
        self._decide(Operation.NOTE, triage.set_note(text), [row])

    def do_undo_all(self) -> None:
        desk, decided = self._desk, self._decided
        if not decided:
            desk.footer.say("Nothing was decided here since this view was opened.")
            return

        def answer(yes: bool) -> None:
            if yes and (change := self._triage.take_back([*decided.values()])):
                self._decided = {}
                self._go_to(change)
                desk.footer.say(f"Took back {what}; {desk.key['undo']} brings it again.")

        count = len({paper for change in decided.values() for paper in change.papers})
        what = f"what was decided on {count:,} {'paper' if count == 1 else 'papers'}"
        desk.panels.confirm(f"Take back {what} here?", answer)

    def _step(
        self, step: Callable[[triage.Triage], Change | None], nothing: str, count: int
    ) -> None:
        for number in range(count):
            change = step(self._triage)
            if not change:
                if not number:
                    self._desk.footer.say(nothing)
                return
            self._tell_step(change)

    def _tell_step(self, change: Change) -> None:
        """Go to what came back, and say what it was."""
        again, what = bool(change.redoes), operation_text(change.operation)
        if change.operation == Operation.TAKEN_BACK:  # to undo that is to decide again
            again, what = not again, "what was decided on"
        of = change.undoes or change.redoes
        if of and change.papers:
            self._decided.pop(of, None)
            self._decided |= {of: change} if again else {}
        self._go_to(change)
        if change.filters:
            self._desk.take_rules()
        named = ", ".join(change.filters) or self._named(change.papers)
        self._desk.footer.say(f"{'Did again' if again else 'Took back'}: {what} {named}")

    def _go_to(self, change: Change) -> None:
        """Show what was changed as it is now, and go to the first that the list has."""
        desk = self._desk
        changed = [row_of(id_) for id_ in change.papers]
        desk.recount()
        desk.redraw(changed)
        shown = desk.list.contents.rows
        places = (where(shown, row) for row in changed)
        if (at := next((at for at in places if at is not None), None)) is not None:
            desk.cursor.jump(at)
        self.changed(change)

    def _named(self, papers: Sequence[PaperId]) -> str:
        """Return the title of a paper, or how many they are."""
        if len(papers) != 1:
            return f"{len(papers):,} papers"
        desk = self._desk
        item = next(desk.store.items([row_of(papers[0])]))
        return fit(row_text.of_item(item, desk.mode).title, LONGEST_NAMED)

    do_undo = partialmethod(_step, triage.Triage.undo, "Nothing to take back.")
    do_redo = partialmethod(_step, triage.Triage.redo, "Nothing to do again.")
