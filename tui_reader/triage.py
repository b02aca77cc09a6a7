"""The one way to change marks: pure verbs, and a Triage that applies, undoes and redoes them."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Protocol

from tui_reader.model import NO_PAPER, Marks, PaperId, SavedFilter
from tui_reader.store.changes import (
    FILTER,
    Change,
    ChangeId,
    Edit,
    Operation,
    filter_of,
    marks_with,
    value_of,
)
from tui_reader.store.journal_line import clean_note
from tui_reader.text.clean import clean

Verb = Callable[[Marks], Marks]

_NO_STEPS = (
    Operation.IN_PASSING,
    Operation.NEW_VERSION,
    Operation.RECOVERED,
    Operation.MOVED_FILTERS,
)
"""No decisions, so no steps of undo, and no end of what can be redone."""


class MarksStore(Protocol):
    """What triage needs of a store."""

    def marks(self, ids: Sequence[PaperId]) -> Mapping[PaperId, Marks]:
        """Return the marks of these papers as they are now; absent means none."""

    def filters(self) -> Mapping[str, SavedFilter]:
        """Return the saved filters as they are now, by name."""

    def append(self, edit: Edit, now: datetime) -> Change | None:
        """Keep these marks and filters for good; None where nothing differs."""

    def recent(self) -> Sequence[Change]:
        """Return this machine's latest changes, oldest first."""


def _now() -> datetime:
    return datetime.now(UTC)


class Triage:
    """Changes marks, each operation as one change that is kept before the method returns.

    Undo and redo go through the changes of this machine, whichever process made them, before or
    after a restart. They touch a value only while it has what the change gave it (or, for
    redo, the value undo put back): what was decided since, here or elsewhere, stands.
    """

    def __init__(self, store: MarksStore, clock: Callable[[], datetime] = _now) -> None:
        self._store = store
        self._clock = clock

    def edit(self, operation: str, ids: Sequence[PaperId], change: Verb) -> Change | None:
        """Apply a verb to every paper; return what changed, or None where nothing did.

        Raises StoreError when it can't be kept; then nothing has changed.
        """
        return self.edit_each(operation, [(ids, change)])

    def edit_each(
        self, operation: str, edits: Iterable[tuple[Sequence[PaperId], Verb]]
    ) -> Change | None:
        """Apply to each of some groups of papers a verb of its own, as one change."""
        verbs = {paper: verb for ids, verb in edits for paper in ids}
        marks = self._store.marks([*verbs])
        before = {paper: marks.get(paper, Marks()) for paper in verbs}
        after = {paper: (old, verbs[paper](old)) for paper, old in before.items()}
        return self._store.append(Edit(operation, after), self._clock())

    def save_filters(
        self, operation: str, wanted: Mapping[str, SavedFilter | None]
    ) -> Change | None:
        """Save these filters by their names, or forget those that are None, as `edit` does."""
        known = self._store.filters()
        edits = {name: (known.get(name), saved) for name, saved in wanted.items()}
        return self._store.append(Edit(operation, filters=edits), self._clock())

    def undo(self) -> Change | None:
        """Give the papers of the latest change their earlier marks back.

        Returns the change that did it: its operation is the undone one's, its papers those that
        got something back (perhaps none), `undoes` says which. None: there is nothing to undo.
        """
        undoable, _ = stacks(self._store.recent())
        return self._step(undoable[-1], undo=True) if undoable else None

    def redo(self) -> Change | None:
        """Do the change again that was undone last; as for `undo`, with `redoes`."""
        _, redoable = stacks(self._store.recent())
        return self._step(redoable[-1], undo=False) if redoable else None

    def take_back(self, changes: Sequence[Change]) -> Change | None:
        """Give the papers of these changes, oldest first, the marks back that they had before.

        That is a change of its own, which undo takes back like any other.
        """
        edit = self._edit_of(Operation.TAKEN_BACK, changes, undo=True)
        return self._store.append(edit, self._clock())

    def _step(self, change: Change, *, undo: bool) -> Change | None:
        edit = self._edit_of(change.operation, [change], undo=undo)
        undoes, redoes = (change.id, None) if undo else (None, change.id)
        return self._store.append(edit._replace(undoes=undoes, redoes=redoes), self._clock())

    def _edit_of(self, operation: str, changes: Sequence[Change], *, undo: bool) -> Edit:
        """Return the edit that undoes these changes, or does them again."""
        papers = list(dict.fromkeys(paper for change in changes for paper in change.papers))
        marks = self._store.marks(papers)
        before = {paper: marks.get(paper, Marks()) for paper in papers}
        after = dict(before)
        known = self._store.filters()
        filters: dict[str, SavedFilter | None] = {}
        for change in reversed(changes):
            for group in change.sets:
                expected, target = (group.new, group.old) if undo else (group.old, group.new)
                if group.papers == (NO_PAPER,):
                    name = group.name.removeprefix(FILTER)
                    if filters.get(name, known.get(name)) == filter_of(expected):
                        filters[name] = filter_of(target)
                    continue
                for paper in group.papers:
                    if value_of(after[paper], group.name) == expected:
                        after[paper] = marks_with(after[paper], {group.name: target})
        edits = {paper: (before[paper], after[paper]) for paper in papers}
        kept = {name: (known.get(name), saved) for name, saved in filters.items()}
        return Edit(operation, edits, kept)


def stacks(changes: Sequence[Change]) -> tuple[list[Change], list[Change]]:
    """Return the changes that can be undone and those that can be redone, the next one last."""
    undoable: dict[ChangeId, Change] = {}
    redoable: dict[ChangeId, Change] = {}
    for change in changes:
        if change.operation == Operation.COMPACTION:
            undoable, redoable = {}, {}
        elif change.operation in _NO_STEPS:
            continue
        elif change.undoes:
            if undone := undoable.pop(change.undoes, None):
                redoable[undone.id] = undone
        elif change.redoes:
            if redone := redoable.pop(change.redoes, None):
                undoable[redone.id] = redone
        else:
            undoable[change.id] = change
            redoable = {}
    return list(undoable.values()), list(redoable.values())


def what_went(change: Change) -> tuple[str, list[PaperId]]:
    """Return what a star or a skip ended, "starred" or "skipped", and of which papers."""
    other = {str(Operation.STAR): "skipped", str(Operation.SKIP): "starred"}.get(change.operation)
    ended = [group.papers for group in change.sets if group.name == other and not group.new]
    return other or "", [paper for papers in ended for paper in papers]


def star(marks: Marks) -> Marks:
    """Worth more: that is a decision, so the paper is read, and it ends a skip."""
    return replace(mark_read(marks), starred=True, skipped=False, unseen=False)


def unstar(marks: Marks) -> Marks:
    return replace(marks, starred=False)


def mark_read(marks: Marks) -> Marks:
    return replace(marks, read=True, returned=False)


def mark_unread(marks: Marks) -> Marks:
    """Bring the paper back to the Inbox, from being skipped too."""
    return replace(marks, read=False, skipped=False, unseen=False)


def skip(marks: Marks) -> Marks:
    """Out of the Inbox, and a negative sign for ranking; it ends a star."""
    return replace(mark_read(marks), skipped=True, starred=False, unseen=False)


def pass_over(marks: Marks) -> Marks:
    """Out of the Inbox without a look, which is no sign for ranking."""
    return replace(skip(marks), unseen=True)


def mark_sample(marks: Marks) -> Marks:
    """Remember that it was shown as a sample of what is passed over."""
    return replace(marks, sample=True)


def star_or_unstar(seen: Iterable[Marks]) -> tuple[str, Verb]:
    """Return the operation that stars papers as they are seen, or unstars them if all are."""
    return (Operation.UNSTAR, unstar) if all(m.starred for m in seen) else (Operation.STAR, star)


def read_or_unread(seen: Iterable[Marks]) -> tuple[str, Verb]:
    """Return the operation that marks papers as read, or as unread if all are read."""
    return (
        (Operation.UNREAD, mark_unread)
        if all(m.read for m in seen)
        else (Operation.READ, mark_read)
    )


def set_tags(tags: Sequence[str]) -> Verb:
    """Return the verb that gives a paper these tags and no others."""
    names = frozenset(filter(None, map(tag_name, tags)))
    return lambda marks: _tagged(marks, names)


def retag(text: str) -> Verb:
    """Return the verb of a line of tags, parted by commas: it adds them, and takes -TAG away."""
    named = [name.strip() for name in text.split(",")]
    added = frozenset(filter(None, (tag_name(n) for n in named if not n.startswith("-"))))
    removed = frozenset(tag_name(n[1:]) for n in named if n.startswith("-"))
    return lambda marks: _tagged(marks, (marks.tags | added) - removed)


def _tagged(marks: Marks, tags: frozenset[str]) -> Marks:
    # A tag is a decision; taking one away may be mere tidying, of papers that were never read.
    return replace(mark_read(marks) if tags - marks.tags else marks, tags=tags)


def tag_name(text: str) -> str:
    """Return a tag as it is kept: one printable line, its spaces single, Unicode composed."""
    return clean(text)


def set_note(note: str | None) -> Verb:
    """Return the verb that sets the note; one that is empty but for spaces takes it away."""
    text = (clean_note(note).strip() if note else "") or None

    def noted(marks: Marks) -> Marks:
        decided = text and text != marks.note
        return replace(mark_read(marks) if decided else marks, note=text)

    return noted
