"""Triage in linear text, for screen readers and plain terminals: one prompt a paper."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime

from tui_reader import triage
from tui_reader.actions import Action
from tui_reader.errors import TuiReaderError
from tui_reader.model import Marks, Paper, PaperId, paper_at
from tui_reader.store import Change, Store
from tui_reader.text import Mode, plain

Say = Callable[[str], None]
Ask = Callable[[str], str]
"""Shows a prompt and returns the line typed; raises EOFError at the end of the input."""


class Walk:
    """Goes through papers, and does with each what the answers at its prompt ask for.

    An answer is the key of an action, or its name. Those that have a method `do_<name>` here are
    understood, and do what they do on the screen; what the method says of itself is the help.
    """

    def __init__(
        self,
        store: Store,
        rows: Sequence[int],
        say: Say,
        ask: Ask,
        now: Callable[[], datetime],
        mode: Mode,
        actions: Iterable[Action],
    ) -> None:
        self._store = store
        self._triage = triage.Triage(store, now)
        self._rows = rows
        self._say = say
        self._ask = ask
        self._mode = mode
        self._actions = [action for action in actions if hasattr(self, f"do_{action.name}")]
        self._answers = {w: a.name for a in self._actions for w in (*a.keys, a.name)}
        self._at = 0

    @property
    def _id(self) -> PaperId:
        return paper_at(self._rows[self._at])

    def go(self) -> int:
        """Go on until the last paper, `quit` or the end of the input; return how many are unread.

        Everything is kept as it is done, so it may be interrupted too.
        """
        key = {action.name: _typed(action) for action in self._actions}
        self._say(
            f"{len(self._rows)} papers. Enter goes on, {key['help']} helps, {key['quit']} quits."
        )
        told = -1
        try:
            while self._at < len(self._rows):
                if self._at != told:
                    self._say("\n".join(self._told()))
                    told = self._at
                self._do(self._ask("> ").strip())
        except (EOFError, KeyboardInterrupt):
            self._say("")
        marks = self._store.marks([paper_at(row) for row in self._rows])
        return sum(not found.read for found in marks.values())

    def _do(self, answer: str) -> None:
        try:
            if not answer:
                self._triage.edit(triage.IN_PASSING, [self._id], triage.mark_read)
                self.do_down()
            elif answer == ".":
                self._say("\n".join(self._told()))
            else:
                getattr(self, f"do_{self._answers.get(answer, 'help')}")()
        except TuiReaderError as error:
            self._say(str(error))

    def _edit(self, operation: str, verb: triage.Verb) -> None:
        self._triage.edit(operation, [self._id], verb)
        self._say(", ".join(self._states()) + ".")

    def do_star(self) -> None:
        """Star the paper, or unstar it."""
        self._edit(*triage.starring([self._marks]))

    def do_skip(self) -> None:
        """Skip the paper: read, and out of the Inbox; goes on."""
        self._edit("Skip", triage.skip)
        self.do_down()

    def do_read(self) -> None:
        """Mark the paper as read, or as unread."""
        self._edit(*triage.reading([self._marks]))

    def do_tags(self) -> None:
        """Tag the paper: tags, parted by commas; -tag takes one away."""
        self._edit("Tag", triage.retag(self._ask("Tags: ")))

    def do_note(self) -> None:
        """Write a note of one line; - takes it away."""
        if text := self._ask("Note: ").strip():
            self._edit("Note", triage.set_note("" if text == "-" else text))

    def do_undo(self) -> None:
        """Take the last change back."""
        self._say(self._done("Took back", self._triage.undo()))

    def do_redo(self) -> None:
        """Make the change again that was taken back."""
        self._say(self._done("Did again", self._triage.redo()))

    def do_down(self) -> None:
        """Go to the next paper, and leave this one as it is."""
        self._at += 1

    def do_up(self) -> None:
        """Go to the previous paper."""
        self._at = max(0, self._at - 1)

    def do_help(self) -> None:
        """Show these answers."""
        answers = {
            "Enter": "Go to the next paper; this one counts as read.",
            ".": "Read this paper again.",
        }
        answers |= {_typed(a): getattr(self, f"do_{a.name}").__doc__ for a in self._actions}
        self._say("\n".join(f"{answer:<6} {help_}" for answer, help_ in answers.items()))

    def do_quit(self) -> None:
        """Quit; everything is already saved."""
        self._at = len(self._rows)

    @property
    def _marks(self) -> Marks:
        return self._store.marks([self._id])[self._id]

    def _done(self, said: str, change: Change | None) -> str:
        papers = change.papers if change else ()
        named = papers[0] if len(papers) == 1 else f"{len(papers):,} papers"
        return f"{said}: {change.operation} {named}." if change else f"{said}: nothing."

    def _told(self) -> Iterator[str]:
        row, mode = self._rows[self._at], self._mode
        paper = self._store.papers([row]).get(row) or Paper(self._id, "(not in the cache)")
        yield ""
        yield f"{self._at + 1} of {len(self._rows)}: {plain(paper.title, mode)}"
        authors = plain(", ".join(paper.authors), mode)
        yield f"By {authors}" if authors else "No authors named."
        yield " ".join([self._id, *paper.categories, ", ".join(self._states())])
        if paper.comments:
            yield f"Comments: {plain(paper.comments, mode)}"
        yield plain(paper.abstract or "No abstract.", mode)

    def _states(self) -> Iterator[str]:
        marks = self._marks
        yield "starred" if marks.starred else "not starred"
        if marks.skipped:
            yield "skipped"
        yield "read" if marks.read else "unread"
        if marks.tags:
            yield f"tags: {', '.join(sorted(marks.tags))}"
        if marks.note:
            yield f"note: {marks.note}"


def _typed(action: Action) -> str:
    """Return what to answer for an action: its key, if it can be typed as a line."""
    return next((key for key in action.keys if len(key) == 1), action.name)
