"""Triage in linear text, for screen readers and plain terminals: one prompt a paper."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from datetime import datetime
from typing import NamedTuple

from tui_reader import triage
from tui_reader.model import Marks, Paper, paper_at
from tui_reader.store import Store
from tui_reader.text import Mode, plain

Say = Callable[[str], None]
Ask = Callable[[str], str]
"""Shows a prompt and returns the line typed; raises EOFError at the end of the input."""


class Verb(NamedTuple):
    """What an answer at the prompt does."""

    letter: str
    help: str
    operation: str = ""
    edit: triage.Verb | None = None


VERBS = (
    Verb("", "next paper, which counts as read", "Read", triage.mark_read),
    Verb("s", "star it, and go on", "Star", lambda m: triage.mark_read(triage.star(m))),
    Verb("x", "skip it", "Skip", triage.skip),
    Verb("k", "keep it unread, and go on"),
    Verb("b", "back to the paper before"),
    Verb("a", "read the abstract again"),
    Verb("t", "tags, parted by commas"),
    Verb("n", "write a note"),
    Verb("u", "undo the last change"),
    Verb("q", "quit; everything is saved"),
    Verb("?", "this help"),
)
_EDITS = {verb.letter: verb for verb in VERBS if verb.edit}


def run(
    store: Store, rows: Sequence[int], say: Say, ask: Ask, now: Callable[[], datetime], mode: Mode
) -> int:
    """Go through these papers; return how many are still unread at the end."""
    with suppress(EOFError):
        _go_through(store, rows, say, ask, now, mode)
    marks = store.marks([paper_at(row) for row in rows])
    return sum(not found.read for found in marks.values())


def _go_through(
    store: Store, rows: Sequence[int], say: Say, ask: Ask, now: Callable[[], datetime], mode: Mode
) -> None:
    marker = triage.Triage(store, now)
    index, shown = 0, -1
    say(f"{len(rows)} papers. Enter goes on, ? helps, q quits.")
    while index < len(rows):
        id_ = paper_at(rows[index])
        if index != shown:
            say("\n".join(_told(store, rows[index], f"{index + 1} of {len(rows)}", mode)))
            shown = index
        answer = ask("> ").strip()
        if verb := _EDITS.get(answer):
            assert verb.edit
            marker.edit(verb.operation, [id_], verb.edit)
            index += 1
        elif answer == "k":
            index += 1
        elif answer == "b":
            index = max(0, index - 1)
        elif answer == "a":
            shown = -1
        elif answer == "t":
            marker.edit("Tag", [id_], triage.change_tags(ask("Tags: ").split(",")))
        elif answer == "n":
            marker.edit("Note", [id_], triage.set_note(ask("Note: ")))
        elif answer == "u":
            undone = marker.undo()
            done = f"{undone.operation} {' '.join(undone.papers)}" if undone else "nothing"
            say(f"Took back: {done}.")
        elif answer == "q":
            break
        else:
            say("\n".join(f"{verb.letter or 'Enter':<6} {verb.help}" for verb in VERBS))


def _told(store: Store, row: int, place: str, mode: Mode) -> Iterator[str]:
    id_ = paper_at(row)
    paper = store.papers([row]).get(row) or Paper(id_, f"{id_} (not in the cache)")
    yield ""
    yield f"{place}: {plain(paper.title, mode)}"
    yield f"By {plain(', '.join(paper.authors), mode)}" if paper.authors else "No authors named."
    yield " ".join([id_, *paper.categories, *_states(store.marks([id_])[id_])])
    if paper.comments:
        yield f"Comments: {plain(paper.comments, mode)}"
    yield plain(paper.abstract or "No abstract.", mode)


def _states(marks: Marks) -> Iterator[str]:
    yield "starred" if marks.starred else "not starred"
    if marks.skipped:
        yield "skipped"
    if marks.read:
        yield "read"
    if marks.tags:
        yield f"tags: {', '.join(sorted(marks.tags))}"
    if marks.note:
        yield f"note: {marks.note}"
