"""Changes to marks as values, and merging them: in any order, however often -> the same marks."""

import dataclasses
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, NamedTuple, Self

from tui_reader.model import NO_PAPER, Effect, Marks, PaperId, SavedFilter

Value = bool | str | None
ChangeId = tuple[int, str]
"""Lamport clock and machine."""

FLAGS = ("starred", "read", "skipped", "returned", "unseen", "sample")
EXCLUSIVE = ("starred", "skipped")
FILTER = "filter:"
"""What the field of a saved filter begins with; then comes its name."""


class Operation(StrEnum):
    """What a change did: the code that journals hold, for good, and the text that people read.

    Programs of other versions read the same journals: a code is never changed, and one that is
    not among these is `said` to be unknown.
    """

    said: str

    def __new__(cls, code: str, said: str) -> Self:
        operation = str.__new__(cls, code)
        operation._value_, operation.said = code, said
        return operation

    STAR = "Star", "Star"
    UNSTAR = "Unstar", "Unstar"
    SKIP = "Skip", "Skip"
    READ = "Read", "Read"
    UNREAD = "Unread", "Unread"
    READ_ALL = "Mark all as read", "Mark all as read"
    PASS_OVER = "Skip the less likely", "Skip the less likely"
    """Nobody looked at what it took."""
    TAG = "Tag", "Tag"
    NOTE = "Note", "Note"
    IN_PASSING = "Read in passing", "Read in passing"
    """What going on to the next paper does."""
    NEW_VERSION = "New version", "New version"
    """By which a paper that was read becomes unread when it is replaced; nobody did it."""
    TAKEN_BACK = "Undo all", "Undo all"
    """Many decisions taken back as one."""
    SAVE_FILTER = "Save filter", "Save filter"
    FORGET_FILTER = "Forget filter", "Forget filter"
    WATCH = "Watch", "Watch"
    MUTE = "Mute", "Mute"
    EDIT_FILTERS = "Edit filters", "Edit filters"
    MOVED_FILTERS = "Moved filters", "Moved filters"
    """By which filters come from the file that earlier programs kept them in; nobody did it."""
    RECOVERED = "Recovered", "Written back"
    """What was written down again after a journal had gone; nobody did it."""
    COMPACTION = "Compaction", "Shortened the journal"
    """Of the line that compaction leaves, where undoing ends."""


OPERATIONS = {str(operation): operation for operation in Operation}
"""By their codes."""


def operation_text(operation: str) -> str:
    """Return an operation as people read it."""
    known = OPERATIONS.get(operation)
    return known.said if known else "unknown"


class ValueSet(NamedTuple):
    """One value, such as `starred`, set to the same for papers that had the same old one."""

    papers: tuple[PaperId, ...]
    name: str
    old: Value
    new: Value


class Edit(NamedTuple):
    """What an operation wants to be different: marks and saved filters, before and after."""

    operation: str
    marks: Mapping[PaperId, tuple[Marks, Marks]] = {}
    filters: Mapping[str, tuple[SavedFilter | None, SavedFilter | None]] = {}
    undoes: ChangeId | None = None
    redoes: ChangeId | None = None


class Change(NamedTuple):
    """One line of a journal: all that one operation did."""

    lamport: int
    machine: str
    at: datetime
    """In UTC, whole seconds."""
    operation: str
    """An Operation, or the code of another version. An undo carries that of what it undoes."""
    sets: tuple[ValueSet, ...] = ()
    undoes: ChangeId | None = None
    redoes: ChangeId | None = None

    @property
    def id(self) -> ChangeId:
        return self.lamport, self.machine

    @property
    def papers(self) -> tuple[PaperId, ...]:
        """The papers it touched, each once."""
        touched = (paper for group in self.sets for paper in group.papers)
        return tuple(dict.fromkeys(paper for paper in touched if paper != NO_PAPER))

    @property
    def filters(self) -> tuple[str, ...]:
        """The names of the saved filters it touched."""
        kept = (group.name for group in self.sets if group.papers == (NO_PAPER,))
        return tuple(name.removeprefix(FILTER) for name in kept)


@dataclass(frozen=True, slots=True)
class Stamped:
    """A value, and who set it when."""

    value: Value
    lamport: int
    machine: str
    at: datetime = dataclasses.field(default=datetime.min.replace(tzinfo=UTC), compare=False)
    """In UTC; decides nothing, since clocks differ."""

    @property
    def order(self) -> tuple[int, str, str]:
        """The greater one wins. The value decides only where a clock was set back."""
        return self.lamport, self.machine, value_text(self.value)


Latest = dict[tuple[PaperId, str], Stamped]


def merged(changes: Iterable[Change], state: Mapping[tuple[PaperId, str], Stamped] = {}) -> Latest:
    """Return the state after these changes; neither their order nor repetition matters."""
    after = dict(state)
    for change in changes:
        for group in change.sets:
            new = Stamped(group.new, change.lamport, change.machine, change.at)
            for paper in group.papers:
                old = after.get((paper, group.name))
                if old is None or new.order > old.order:
                    after[paper, group.name] = new
    return after


def value_text(value: Value) -> str:
    """Return the value as ASCII JSON, which also orders values where stamps are equal."""
    return "true" if value is True else "false" if value is False else json.dumps(value)


def later(state: Mapping[tuple[PaperId, str], Stamped], other: Latest) -> Latest:
    """Return the part of `state` that wins over `other`, or that `other` does not know."""
    return {
        key: new for key, new in state.items() if key not in other or new.order > other[key].order
    }


def holding(found: Mapping[str, Stamped]) -> dict[str, Value]:
    """Return the values that hold of one paper: star and skip exclude each other.

    Whoever makes one of them ends the other, so both are set only where machines meet that did
    not know of each other: there the later one counts. A machine that set both is one of 0.1,
    where that was possible: its star stays. What does not count comes back when the other ends.
    """
    values = {name: stamped.value for name, stamped in found.items()}
    if values.get("starred") and values.get("skipped"):
        star, skip = found["starred"], found["skipped"]
        star_stays = star.machine == skip.machine or star.order > skip.order
        values["skipped" if star_stays else "starred"] = False
    return values


def value_of(marks: Marks, name: str) -> Value:
    """Return one value of the marks: a flag, the note, or whether a tag is there."""
    if name.startswith("tag:"):
        return name[4:] in marks.tags
    value: Value = getattr(marks, name) if name == "note" or name in FLAGS else None
    return value


def marks_with(marks: Marks, values: Mapping[str, Value]) -> Marks:
    """Return the marks with these values set; unknown names are passed over."""
    tags = set(marks.tags)
    for name, value in values.items():
        if name.startswith("tag:"):
            (tags.add if value else tags.discard)(name[4:])
    flags: dict[str, Any] = {name: values[name] for name in (*FLAGS, "note") if name in values}
    return replace(marks, tags=frozenset(tags), **flags)


def differences(edit: Edit) -> tuple[ValueSet, ...]:
    """Return what differs between marks and filters before and after."""
    groups: dict[tuple[tuple[str, Value, Value], ...], list[PaperId]] = {}
    for paper, (before, after) in edit.marks.items():
        if before == after:
            continue
        tags = sorted(f"tag:{tag}" for tag in before.tags ^ after.tags)
        pairs = ((n, value_of(before, n), value_of(after, n)) for n in (*FLAGS, "note", *tags))
        if changed := tuple(pair for pair in pairs if pair[1] != pair[2]):
            groups.setdefault(changed, []).append(paper)
    return (
        *(ValueSet(tuple(papers), *pair) for changed, papers in groups.items() for pair in changed),
        *(
            ValueSet((NO_PAPER,), FILTER + name, filter_value(before), filter_value(after))
            for name, (before, after) in edit.filters.items()
            if before != after
        ),
    )


def filter_value(saved: SavedFilter | None) -> str | None:
    """Return a saved filter as journals hold it: what it does, a blank, its text."""
    return saved and f"{saved.effect} {saved.text}"


def filter_of(value: Value) -> SavedFilter | None:
    """Read what journals hold of a saved filter; what a newer program lets it do is not done."""
    if not isinstance(value, str):
        return None
    code, _, text = value.partition(" ")
    return SavedFilter(text, Effect(code) if code in [*Effect] else Effect.PLAIN)


def recovered(state: Latest) -> list[Change]:
    groups: dict[tuple[int, str, datetime], list[ValueSet]] = {}
    for (paper, name), s in state.items():
        # What it was before is not known.
        old = not s.value if isinstance(s.value, bool) else None
        group = groups.setdefault((s.lamport, s.machine, s.at), [])
        group.append(ValueSet((paper,), name, old, s.value))
    return [Change(*stamp, Operation.RECOVERED, tuple(groups[stamp])) for stamp in sorted(groups)]
