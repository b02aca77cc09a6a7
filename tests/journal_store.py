"""The smallest store triage can work with: a journal, and its marks merged in memory."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from tui_reader import triage
from tui_reader.model import NO_PAPER, Marks, PaperId, SavedFilter
from tui_reader.store.changes import (
    FILTER,
    Change,
    Edit,
    Latest,
    Stamped,
    filter_of,
    holding,
    marks_with,
    merged,
)
from tui_reader.store.journal import Journal, Position
from tui_reader.triage import Verb

NOW = datetime(2026, 3, 3, 9, 0, tzinfo=UTC)


def toggle_star(marks: Marks) -> Marks:
    return replace(marks, starred=not marks.starred)


def toggle_read(marks: Marks) -> Marks:
    return replace(marks, read=not marks.read)


def star(marks: Marks) -> Marks:
    """Set one field; triage's own verb sets several, of which tests of a journal know nothing."""
    return replace(marks, starred=True)


def retag(text: str) -> Verb:
    return lambda marks: replace(triage.retag(text)(marks), read=marks.read)


def set_note(note: str | None) -> Verb:
    return lambda marks: replace(triage.set_note(note)(marks), read=marks.read)


class JournalStore:
    def __init__(self, directory: Path, machine: str = "desk") -> None:
        self.journal = Journal(directory, machine)
        self.state: Latest = {}
        self.positions: dict[str, Position] = {}

    def all_marks(self) -> dict[PaperId, Marks]:
        changes, self.positions = self.journal.read_new(self.positions)
        self.state = merged(changes, self.state)
        return marks_of(self.state)

    def marks(self, ids: Sequence[PaperId]) -> Mapping[PaperId, Marks]:
        marks = self.all_marks()
        return {paper: marks.get(paper, Marks()) for paper in ids}

    def filters(self) -> dict[str, SavedFilter]:
        self.all_marks()
        return filters_of(self.state)

    def append(self, edit: Edit, now: datetime) -> Change | None:
        return self.journal.append(edit, now)

    def recent(self) -> Sequence[Change]:
        return self.journal.recent()


def marks_of(state: Latest) -> dict[PaperId, Marks]:
    """Return the marks of every paper that has any."""
    fields: dict[PaperId, dict[str, Stamped]] = {}
    for (paper, field), stamped in state.items():
        fields.setdefault(paper, {})[field] = stamped
    marks = {paper: marks_with(Marks(), holding(found)) for paper, found in fields.items()}
    return {paper: m for paper, m in marks.items() if m != Marks() and paper != NO_PAPER}


def filters_of(state: Latest) -> dict[str, SavedFilter]:
    """Return every saved filter that was not forgotten, by name."""
    kept = {field: filter_of(s.value) for (of, field), s in state.items() if of == NO_PAPER}
    return {field.removeprefix(FILTER): saved for field, saved in kept.items() if saved}


def marks_in(directory: Path) -> dict[PaperId, Marks]:
    """Return what a program that starts now finds."""
    return JournalStore(directory, "reader").all_marks()
