"""Triage in linear text, for screen readers and plain terminals: one prompt a paper."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from tui_reader import triage
from tui_reader.actions import Action
from tui_reader.errors import TuiReaderError
from tui_reader.model import Item, paper_at, row_of
from tui_reader.store import Change, Operation, Store, operation_text, where
from tui_reader.text import Mode, clean, plain


@dataclass
class Walk:
    """Goes through papers, and does with each what the answers at its prompt ask for.

    An answer is the key of an action, or its name. Those that have a method `do_<name>` here are
    understood, and do what they do on the screen; what the method says of itself, where it is
    something else than on the screen, is the help.
    """

    store: Store
    rows: Sequence[int]
    now: Callable[[], datetime]
    mode: Mode
    actions: Iterable[Action]
    _at: int = 0

    def __post_init__(self) -> None:
        self._triage = triage.Triage(self.store, self.now)
        self.actions = [action for action in self.actions if hasattr(self, f"do_{action.name}")]
        self._answers = {word: a.name for a in self.actions for word in (*a.keys, a.name)}

    @property
    def _item(self) -> Item:
        return next(self.store.items([self.rows[self._at]]))

    def go(self) -> int:
        """Go on until the last paper, `quit` or the end of the input; return how many are unread.

        Everything is kept as it is done, so it may be interrupted too.
        """
        key = {action.name: _typed(action) for action in self.actions}
        print(f"{len(self.rows)} papers. Enter goes on, {key['help']} helps, {key['quit']} quits.")
        told = -1
        try:
            while self._at < len(self.rows):
                if self._at != told:
                    self._tell()
                    told = self._at
                self._do(input("> ").strip())
        except (EOFError, KeyboardInterrupt):
            print()
        marks = self.store.marks([paper_at(row) for row in self.rows])
        return sum(not found.read for found in marks.values())

    def _do(self, answer: str) -> None:
        try:
            if not answer:
                self._triage.edit(Operation.IN_PASSING, [self._item.paper.id], triage.mark_read)
                self.do_down()
            elif answer == ".":
                self._tell()
            else:
                getattr(self, f"do_{self._answers.get(answer, 'help')}")()
        except TuiReaderError as error:
            print(str(error))

    def _edit(self, operation: str, verb: triage.Verb) -> None:
        self._triage.edit(operation, [self._item.paper.id], verb)
        print(", ".join(self._states()) + ".")

    def do_star(self) -> None:
        self._edit(*triage.star_or_unstar([self._item.marks]))

    def do_skip(self) -> None:
        """Skip the paper: read, and out of the Inbox; goes on."""
        self._edit(Operation.SKIP, triage.skip)
        self.do_down()

    def do_read(self) -> None:
        self._edit(*triage.read_or_unread([self._item.marks]))

    def do_tags(self) -> None:
        """Tag the paper: tags, parted by commas; -tag takes one away."""
        self._edit(Operation.TAG, triage.retag(input("Tags: ")))

    def do_note(self) -> None:
        """Write a note of one line; - takes it away."""
        if text := input("Note: ").strip():
            self._edit(Operation.NOTE, triage.set_note("" if text == "-" else text))

    def do_undo(self) -> None:
        self._tell_step("Took back", self._triage.undo())

    def do_redo(self) -> None:
        self._tell_step("Did again", self._triage.redo())

    def do_down(self) -> None:
        """Go to the next paper, and leave this one as it is."""
        self._at += 1

    def do_up(self) -> None:
        self._at = max(0, self._at - 1)

    def do_help(self) -> None:
        """Show these answers."""
        print("Enter  Go to the next paper; this one counts as read.")
        print(".      Read this paper again.")
        for action in self.actions:
            help_ = getattr(self, f"do_{action.name}").__doc__ or action.help
            print(f"{_typed(action):<6} {help_}")

    def do_quit(self) -> None:
        self._at = len(self.rows)

    def _tell_step(self, said: str, change: Change | None) -> None:
        """Say what came back, and go there."""
        papers = change.papers if change else ()
        named = papers[0] if len(papers) == 1 else f"{len(papers):,} papers"
        done = f"{operation_text(change.operation)} {named}" if change else "nothing"
        print(f"{said}: {done}.")
        there = (where(self.rows, row_of(paper)) for paper in papers)
        self._at = next((at for at in there if at is not None), self._at)

    def _tell(self) -> None:
        paper, mode = self._item.paper, self.mode
        title = plain(paper.title, mode) or "(not in the cache)"
        authors = plain(", ".join(paper.authors), mode)
        print(f"\n{self._at + 1} of {len(self.rows)}: {title}")
        print(f"By {authors}" if authors else "No authors named.")
        print(" ".join([paper.id, *paper.categories, ", ".join(self._states())]))
        if paper.comments:
            print(f"Comments: {plain(paper.comments, mode)}")
        print(plain(paper.abstract or "No abstract.", mode))

    def _states(self) -> Iterator[str]:
        marks = self._item.marks
        yield "starred" if marks.starred else "not starred"
        if marks.skipped:
            yield "skipped"
        yield "read" if marks.read else "unread"
        if marks.tags:
            yield f"tags: {', '.join(sorted(marks.tags))}"
        if marks.note:
            yield f"note: {clean(marks.note)}"


def _typed(action: Action) -> str:
    """Return what to answer for an action: its key, if it can be typed as a line."""
    return next((key for key in action.keys if len(key) == 1), action.name)
