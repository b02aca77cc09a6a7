"""How the cache comes to know the marks: taking over what was written to the journals.

The journals are the truth. Several processes, and machines by way of a synchroniser, write them
at any time; the cache has them merged, and how far into each file that goes (`Position`).

1. Each look (before marks are read, after they are changed, at every refresh) asks
   the journal for what came after those positions. Files in which nothing happened cost one stat.
2. What came is merged, the later clock wins, and given to the table of marks in one transaction
   with the new positions: so it is taken over once, or, after a crash between, twice to no harm.
3. Where the cache can't take it (another process writes, the disk is full), it waits in
   `Marked.pending`, which every reading of marks has on top; the next look tries again.
4. A change of this process goes the same way. It is on the disk before it is looked for here, and
   counts even if its journal vanished meanwhile.
5. Where a journal is gone, cut short or replaced by an older copy, the cache may be the only one
   that still has its marks. They are written to this machine's journal before the positions move
   on, for whoever comes next would not know that anything had been there. Until that succeeds
   nothing counts as kept.
6. A cache that is new, or took the place of a damaged one, takes over all there is; where that is
   very much, SQLite sorts and merges it in one transaction (`Marked.merge_all`).
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress

from tui_reader.errors import BusyError, StoreError
from tui_reader.model import PaperId
from tui_reader.store.changes import Change, later, merged
from tui_reader.store.db import ReplacedError
from tui_reader.store.journal import Journal, Position
from tui_reader.store.journal_line import Sifted
from tui_reader.store.marks import Marked

MANY_BYTES = 4 << 20
"""Of journals, which take more than a moment to read."""
AT_A_SCREEN = 0.25
"""Seconds to wait for another process that is writing to the cache."""

_Piece = tuple[Sifted, dict[str, Position]]


class TakeOver:
    """Keeps the table of marks up with the journals."""

    def __init__(self, journal: Journal, marked: Marked) -> None:
        self._journal, self._marked = journal, marked
        self._read = marked.positions()
        """How far into each journal this has come."""
        self._settled = True
        """Whether the cache has come as far."""
        self._recovered = 0
        self._late: StoreError | None = None
        """Why the cache could not take the marks over."""
        self.unsafe: StoreError | None = None
        """Why marks are in the cache only."""
        self._changed: set[PaperId] = set()

    def begin(self, progress: Callable[[float], object]) -> None:
        """Take over what was written since the last process, perhaps very much."""
        size = self._journal.size()
        if not self._read and size > MANY_BYTES:
            with suppress(StoreError):  # piece by piece it may be taken over all the same
                self._marked.merge_all(
                    self._told(self._journal.pieces({}), lambda done: progress(done / size))
                )
                self._read = self._marked.positions()
        self.look()

    @staticmethod
    def _told(pieces: Iterator[_Piece], progress: Callable[[int], object]) -> Iterator[_Piece]:
        for piece in pieces:
            yield piece
            progress(sum(position.offset for position in piece[1].values()))

    def look(self, done: Change | None = None) -> frozenset[PaperId]:
        """Take over what was written since, here or elsewhere; return the papers it is about.

        `done` was written by this process.
        """
        self.unsafe = None
        touched = {paper for group in done.sets for paper in group.papers} if done else set()
        if done:
            self._marked.pending |= later(merged([done]), self._marked.pending)
            self._settled = False
        pieces = self._journal.pieces(self._read)
        for found, positions in pieces:
            changes = found.changes
            lost = self._journal.lost
            if done or lost:  # then it has to be known as a whole
                for more, last in pieces:
                    changes += more.changes
                    positions |= last
                self._marked.pending |= later(merged(changes), self._marked.pending)
                vanished = done is not None and done not in changes  # the journal went right after
                if vanished or lost:
                    positions = self._recover(positions, lost)
            new = merged(changes)
            touched |= {paper for paper, _ in new}
            others = (change for change in changes if change != done)
            self._changed |= {p for c in others for group in c.sets for p in group.papers}
            if new or positions != self._read:
                self._marked.pending |= later(new, self._marked.pending)
                self._read, self._settled = positions, False
            self.settle()
        return frozenset(touched)

    def _recover(self, positions: dict[str, Position], lost: Iterable[str]) -> dict[str, Position]:
        """Write down what is in the cache only; return how far the cache may say it has come."""
        try:
            self._recovered += self._journal.recover(self._marked.stamped())
        except StoreError as error:
            self.unsafe = error
            return positions | {name: self._read[name] for name in lost}
        return positions

    def begin_again(self) -> None:
        """Take all of it over: the cache was replaced by an empty one."""
        self._read, self._marked.pending, self._settled = {}, {}, True
        self.begin(lambda _: None)

    def changed(self) -> frozenset[PaperId]:
        """Return the papers that others marked, or the cache was late to know, since last asked."""
        changed, self._changed = frozenset(self._changed), set()
        return changed

    @property
    def refused(self) -> str:
        """Why the cache takes no marks over, so that views and counts lag; empty if it does."""
        return "" if isinstance(self._late, BusyError) else str(self._late or "")

    @property
    def problems(self) -> tuple[str, ...]:
        """What is wrong with the journals, each a sentence for the person."""
        told = []
        if self._recovered:
            told.append(
                "a journal was gone or cut short: marks that only the cache had were written back"
                f" to {self._journal.file.name} ({self._recovered})"
            )
        if self.unsafe:
            told.append(
                f"a journal is gone or cut short, marks are in the cache only: {self.unsafe}"
            )
        return (*told, *self._journal.problems)

    def settle(self) -> None:
        """Give the cache what it could not take yet; it may be that it still can't."""
        if self._settled:
            return
        pending = self._marked.pending
        try:
            self._marked.merge(pending, self._read, 0 if self._late else AT_A_SCREEN)
        except ReplacedError:
            return  # by what all of it was taken over anew
        except StoreError as error:
            self._late = error
            return
        if self._late:  # the counts and views lagged behind
            self._changed |= {paper for paper, _ in pending}
        self._marked.pending, self._late, self._settled = {}, None, True
