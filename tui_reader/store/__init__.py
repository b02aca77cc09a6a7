"""The one package that keeps things: the journal of marks and the cache of papers."""

from array import array
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from functools import cached_property, partial
from heapq import merge
from time import monotonic
from typing import TYPE_CHECKING, NamedTuple
from weakref import WeakMethod

from tui_reader.config import Paths, Replacements
from tui_reader.errors import StoreError, TuiReaderError
from tui_reader.files import own_lines
from tui_reader.model import (
    NO_PAPER,
    Effect,
    Item,
    Marks,
    News,
    Paper,
    PaperId,
    Reading,
    SavedFilter,
    paper_at,
    row_of,
)
from tui_reader.store.cache import Cache, Saved
from tui_reader.store.changes import Change, Edit, Operation, operation_text
from tui_reader.store.contents import AllRows, Contents, Rows, Run, grouped, place, together, where
from tui_reader.store.journal import Journal
from tui_reader.store.listings import CONFIRMED_AFTER, Day, Held, Known
from tui_reader.store.machine import machine_name
from tui_reader.store.papers import Earlier
from tui_reader.store.takeover import AT_A_SCREEN, TakeOver
from tui_reader.text.clean import clean

if TYPE_CHECKING:  # what filters need is loaded with the first one
    from tui_reader.query import Document, Query
    from tui_reader.stats import Stats
    from tui_reader.store.rules import RuleHits, Rules
    from tui_reader.store.search import Answer, Search

__all__ = [
    "CONFIRMED_AFTER",
    "SECONDS_FOR_RULES",
    "Change",
    "Contents",
    "Day",
    "Earlier",
    "Edit",
    "Held",
    "Kind",
    "Known",
    "Operation",
    "Rows",
    "Run",
    "Saved",
    "Store",
    "View",
    "operation_text",
    "place",
    "where",
]


LONG_JOURNAL = 8 << 20
"""In bytes: some 60,000 changes. Shortening it takes seconds, and is done after the last screen."""
PREPARED_AT_ONCE = 50  # papers
COUNTED_FOR_STATS = 500  # newest papers and stars, of which authors and terms are counted
MANY_COUNTED = 50_000  # papers; of more it is faster to look at the marks
FEW_READY_AT_ONCE = 100
"""So many papers are made ready while a key waits, for they take no time to speak of."""
FOLDED_AT_ONCE = 8  # papers made searchable at once, which costs far more than loading them
MOST_TESTED = 20_000
"""Papers of other views that queries test one by one; of more, too, the index knows the answer."""
LARGE = 5000
"""From so many papers on, the Library is searched through the index."""
INDEXED_AT_ONCE = 2000  # papers
DAYS_ASKED = timedelta(days=30)
"""Of announcements no older than this, rules are asked as they come, and their hits counted."""
SECONDS_FOR_RULES = 0.5
"""So long a view waits for rules that changed; what they find after that is shown later."""
MANY_INDEXED = 5000
"""After so many papers at once it is worth to put the index in order."""


class Kind(StrEnum):
    """What a view shows."""

    INBOX = "inbox"
    LISTING = "listing"
    STARRED = "starred"
    LIBRARY = "library"
    SAVED = "saved"


class View(NamedTuple):
    """What the list pane shows; the rest is only a listing's, or only a saved filter's."""

    kind: Kind
    category: str = ""
    day: date | None = None
    name: str = ""
    text: str = ""
    """A filter; the view is what it leaves of the Library."""
    today: date | None = None
    """From which `7d` and the like count back."""


class Store:
    """All that is kept: the cache, with the marks of the journals; for one thread of one process.

    Other processes may write at the same time; `refresh` takes over what they did.
    Every method raises StoreError when the disk does not let it do its work.
    """

    def __init__(
        self,
        paths: Paths,
        replacements: Replacements = "starred",
        progress: Callable[[float], object] = lambda _: None,
    ) -> None:
        """`replacements` are the papers that come back to the Inbox when they are replaced.

        `progress` is told how much, up to 1, of many marks the cache knows: it takes seconds to
        take them over from the journals.
        """
        self.paths = paths
        self._replacements = replacements
        self.cache = Cache(paths.cache / "papers.sqlite3")
        self.papers, self.listings = self.cache.papers, self.cache.listings
        self.marked = self.cache.marked
        self.journal = Journal(paths.data, machine_name(paths.state))
        self._takeover = TakeOver(self.journal, self.marked)
        self.cache.db.on_replaced = WeakMethod(self._takeover.begin_again)
        self._documents: dict[int, Document | None] = {}
        self._edition: str | None = None
        """Of the papers in `_documents`."""
        self._told: set[str] = set()
        self._filters: dict[str, SavedFilter] | None = None
        """The saved filters as they were read last."""
        self._rules: Rules | None = None
        self._takeover.begin(progress)
        self._unmoved = ""
        """Why the filters of an earlier program are still in their file."""
        self._move_filters()
        self._takeover.changed()  # which nobody has seen otherwise

    def _move_filters(self) -> None:
        """Move the filters that earlier programs kept in a file to the journal.

        What the journals know is left as it is: it may have been forgotten on another machine.
        """
        file = self.paths.config / "filters"
        try:
            at = datetime.fromtimestamp(file.stat().st_mtime, UTC)
            known, edits = self.marked.filters(), {}
            for line in own_lines(file):
                name, text = map(clean, line.partition("\t")[::2])
                saved = known.get(name)
                if saved and saved.text != text:
                    name, saved = f"{name} ({self.journal.machine})", None
                if name and text and name not in known:
                    edits[name] = None, SavedFilter(text)
            self.append(Edit(Operation.MOVED_FILTERS, filters=edits), at)
            file.rename(file.with_name("filters.moved"))
        except FileNotFoundError:
            return
        except (OSError, TuiReaderError) as error:
            self._unmoved = f"{file}: your saved filters can't be taken over: {error}"

    def close(self) -> None:
        self._takeover.settle()
        self.cache.memos.settle(AT_A_SCREEN)
        self.cache.db.close()

    # Papers

    def save(self, reading: Reading, now: datetime) -> Saved:
        """Store all that a file or an answer held, in one transaction.

        What was read and is replaced now becomes unread again, where the person wants it.
        """
        # Before the listings are stored: after a crash between, they would be no news any more.
        stars = self.listings.replaced_since_read(reading.listings, "starred")
        if back := self.listings.replaced_since_read(reading.listings, self._replacements):
            marked = self.marks(map(paper_at, back))
            edits = {id_: (m, replace(m, read=False, returned=True)) for id_, m in marked.items()}
            self.append(Edit(Operation.NEW_VERSION, edits), now)
        saved = self.cache.save(reading, now, dict.fromkeys(stars, (News.VERSION,)))
        since = now.date() - DAYS_ASKED
        recent = [listing for listing in reading.listings if listing.announced >= since]
        papers = {entry.paper.id for listing in recent for entry in listing.entries}
        self.ask_rules([*map(row_of, papers)], float("inf"))
        return saved

    def items(self, rows: Sequence[int]) -> Iterator[Item]:
        """Yield all that is known of these papers, in this order; of some only the identifier."""
        for start in range(0, len(rows), 1000):
            block = rows[start : start + 1000]
            papers, places = self.papers.at(block), self.listings.places(block)
            self._take_over()
            marks, watched = self.marked.at(block), self.watched(block)
            starred = [row for row in block if marks[row].starred]
            news = self.cache.news.at(starred) if starred else {}
            for row in block:
                paper = papers.get(row) or Paper(paper_at(row), "")
                told = watched.get(row, ()), news.get(row, ())
                yield Item(paper, marks[row], places.get(row, ()), *told)

    def items_of(self, ids: Iterable[PaperId]) -> Iterator[Item]:
        """Yield what `items` does of these papers."""
        return self.items([row_of(id_) for id_ in ids])

    # Views

    def contents(
        self, view: View, kept: Sequence[int] = (), followed: Sequence[str] = ()
    ) -> Contents:
        """Return what a view holds now.

        The Inbox has what is unread in the `followed` categories, or in all where none is, but
        for what is muted, and first what is watched. The rows `kept` stay in it though they are
        read.
        """
        match view.kind:
            case Kind.LISTING:
                assert view.day is not None
                listed = self.listings.rows(view.category, view.day)
                return grouped((row, None, section) for row, section in listed)
            case Kind.STARRED:
                starred = self.marked.rows("starred")
                return grouped((row, None, None) for row in starred)
            case Kind.INBOX:
                inbox = grouped(self.listings.inbox(followed, kept))
                self.ask_rules(inbox.rows, SECONDS_FOR_RULES)
                if muted := self.muted(inbox.rows) - set(kept):
                    inbox = inbox.only(lambda row: row not in muted)
                return inbox.led_by(self.watched(inbox.rows))
            case Kind.LIBRARY:
                return together(AllRows(self.papers))
            case Kind.SAVED:
                assert view.today is not None
                query = self.query(view.text, view.today)
                return self.find(self.contents(View(Kind.LIBRARY)), query)

    def query(self, text: str, today: date) -> "Query":
        """Return what a filter text asks for, by the rules as they are; raises QueryError."""
        from tui_reader.query import meant, parse

        query = parse(text, today)
        if query.likens:
            from tui_reader.store import likeness

            likeness.check(self.cache, query)
        return meant(query, self.filters()) if query.names_rules else query

    @cached_property
    def _search(self) -> "Search":
        from tui_reader.store.search import Search

        return Search(self.cache)

    def newest(self, query: "Query", seconds: float) -> "Answer":
        """Return the newest papers that a query asks for, as many as can be found in a time."""
        return self._search.newest(query, seconds)

    def find_at_once(self, query: "Query", seconds: float) -> tuple[Contents, bool]:
        """Return what of all that is stored can be found in a time, and whether that is all."""
        library = self.contents(View(Kind.LIBRARY))
        if self.is_large(library):
            return self.newest(query, seconds)
        return self.find_soon(library, query, seconds)

    def is_large(self, contents: Contents) -> bool:
        """Whether these are so many papers that `Search` has to answer queries."""
        # One in memory is not there for the thread that searches.
        return (
            isinstance(contents.rows, AllRows)
            and len(contents.rows) >= LARGE
            and not self.cache.db.in_memory
        )

    @property
    def lags(self) -> bool:
        """Whether papers wait for `index`."""
        return (
            self.cache.db.writable
            and len(AllRows(self.papers)) >= LARGE
            and bool(self.cache.index.waiting(1))
        )

    def index(self, progress: Callable[[int], None], most: int = INDEXED_AT_ONCE) -> None:
        """Index the papers that wait for it, if all are so many that this is of use.

        `progress` is told how many are left; what it raises ends the work, and nothing is lost.
        """
        done = 0
        while self.lags:
            done += most
            progress(self.cache.index.add_some(most))
        more = done >= MANY_INDEXED
        begin = True
        while more:
            more, begin = self.cache.index.merge_some(begin=begin), False
            progress(0)

    def find(self, contents: Contents, query: "Query") -> Contents:
        """Return the part of `contents` that a query asks for, in the order that it asks for."""
        return self.cache.db.again(lambda: self._find(contents, query))[0]

    def find_soon(
        self, contents: Contents, query: "Query", seconds: float
    ) -> tuple[Contents, bool]:
        """Return what of `find` can be found in a time, and whether that is all.

        Papers that are not ready yet are made so, as many as there is time for: ask again for the
        rest. What is sorted is found at the end.
        """
        until = monotonic() + seconds if len(contents.rows) > FEW_READY_AT_ONCE else None
        return self.cache.db.again(lambda: self._find(contents, query, until))

    def _find(
        self, contents: Contents, query: "Query", until: float | None = None
    ) -> tuple[Contents, bool]:
        if self.is_large(contents):
            return self._answer(query), True
        if query.likens:
            query = self._likened(query)
        if isinstance(contents.rows, AllRows):
            also = self._search.not_stored(query)
            contents = together(array("I", merge(contents.rows, also, reverse=True)))
        if len(contents.rows) > MOST_TESTED:
            known = self._answer(query).rows
            found, complete = array("I", filter(set(contents.rows).__contains__, known)), True
        else:
            found, complete = self._tested(contents.rows, query, until)
        if query.order and not complete:
            return together(()), False
        if query.order and not query.order.learned:
            return together(found), True
        left = set(found)
        if query.order:
            ordered = contents.parted(left, partial(self.cache.taste.parts, query.order.most))
            return ordered.led_by(self.watched(ordered.rows)), complete
        return contents.only(left.__contains__), complete

    def _likened(self, query: "Query") -> "Query":
        from tui_reader.query import Phrase, Query
        from tui_reader.store import likeness

        library = self.contents(View(Kind.LIBRARY))
        if self.is_large(library):
            return self._search.likened(query)
        return likeness.likened(
            self.cache, query, lambda word: self._find(library, Query(Phrase(word)))[0].rows
        )

    def _answer(self, query: "Query") -> Contents:
        *_, answer = self._search.answers(query)
        return answer.contents

    def _tested(
        self, rows: Sequence[int], query: "Query", until: float | None
    ) -> tuple[Rows, bool]:
        """Return which of these papers a query asks for, in its order, and whether that is all."""
        from tui_reader.query import matcher, order, reads_texts

        complete = True
        if reads_texts(query) or (query.order and query.order.reads):
            while complete and self.prepare(rows):
                complete = until is None or monotonic() <= until
            documents = self._documents
        else:
            new = self._unready(rows)
            without_texts = self.cache.documents.at(new, texts=(), unknown=True)
            documents = {**self._documents, **without_texts}
        matches = matcher(query)
        hits = {row: paper for row in rows[:] if (paper := documents.get(row)) and matches(paper)}
        if query.order and query.order.key:
            key = order(query)
            return array("I", sorted(hits, key=lambda row: key(hits[row]))), complete
        return array("I", hits), complete

    def prepare(self, rows: Sequence[int]) -> bool:
        """Make some of these papers ready for filters; return whether there is more to do.

        Takes some milliseconds. What was made is stored, so that it need not be made again.
        """
        new = self._unready(rows)
        if not new:
            return False
        batch = new[:PREPARED_AT_ONCE]
        left = set(self.cache.documents.make_texts(batch, FOLDED_AT_ONCE))
        ready = [row for row in batch if row not in left]
        self._documents |= dict.fromkeys(ready) | self.cache.documents.at(ready, unknown=True)
        return len(new) > len(ready)

    def _unready(self, rows: Sequence[int]) -> list[int]:
        stored = self.papers.edition()
        if stored != self._edition or len(self._documents) > MOST_TESTED:
            # Someone stored papers, here or elsewhere; or they would become too many.
            self._edition, self._documents = stored, {}
        return [row for row in rows[:] if row not in self._documents]

    def stats(self, now: datetime) -> "Stats":
        """Count what is stored; authors and terms only of the COUNTED_FOR_STATS newest."""
        from tui_reader import stats

        announced: dict[str, dict[date, int]] = {}
        for day in sorted(self.listings.days()):
            announced.setdefault(day.category, {})[day.announced] = sum(day.counts)
        done: dict[str, Counter[date]] = {name: Counter() for name in stats.DECISIONS}
        for mark, at, count in self.marked.moments(list(done), now - timedelta(days=371)):
            done[mark][at.astimezone().date()] += count
        rows = self.marked.rows("starred")
        starred = list(self.papers.at(rows[:COUNTED_FOR_STATS]).values())
        others = list(self.papers.at(AllRows(self.papers)[:COUNTED_FOR_STATS]).values())
        past = self.cache.taste.past()
        return stats.Stats(
            now.astimezone().date(),
            announced,
            done,
            len(rows),
            stats.authors_of(starred),
            stats.terms_of(starred, others),
            {
                "for you": stats.tenths(star.place / star.size for star in past.stars),
                "arXiv's order": stats.tenths(star.listed / star.size for star in past.stars),
            },
        )

    # Marks

    def marks(self, ids: Iterable[PaperId]) -> dict[PaperId, Marks]:
        """Return the marks of these papers as they are now; a paper without any has empty ones."""
        self._take_over()
        found = self.marked.at([row_of(id_) for id_ in ids])
        return {paper_at(row): marks for row, marks in found.items()}

    def seen(self, rows: Sequence[int]) -> None:
        """Be done with what is new of these starred papers; they stay new where that fails."""
        with suppress(StoreError):
            self.cache.news.seen(rows)
        for row in rows:
            self._documents.pop(row, None)

    def count_unread(self, view: View, contents: Contents) -> int:
        """Count what is not marked as read in the contents of a view."""
        if view.kind is Kind.LIBRARY:
            return self.marked.count_all_unread()
        if len(contents.rows) > MANY_COUNTED:
            read = len(set(self.marked.rows("read")).intersection(contents.rows))
        else:
            read = self.marked.count("read", contents.rows)
        return len(contents.rows) - read

    def append(self, edit: Edit, now: datetime) -> Change | None:
        """Keep these marks and filters (before, after) for good; None where nothing differs.

        When it returns, the change is on the disk; raises StoreError when it is not. A cache that
        can't take it over does so later, and `marks` has it all the same; see `refused`.
        """
        change = self.journal.append(edit, now)
        if change:
            self._take_over(change)
        if self._takeover.unsafe:
            raise self._takeover.unsafe  # even an edit that found nothing to do would count as kept
        return change

    def filters(self) -> dict[str, SavedFilter]:
        """Return the saved filters as they are now by name, in alphabetical order."""
        self._take_over()
        return self._read_filters()

    def _read_filters(self) -> dict[str, SavedFilter]:
        if self._filters is None:
            kept = self.marked.filters()
            self._filters = {name: saved for name, saved in kept.items() if saved}
            self._rules = None
            if any(saved.effect is not Effect.PLAIN for saved in self._filters.values()):
                from tui_reader.store.rules import Rules

                cache = self.cache
                self._rules = Rules(self._filters, cache.db, cache.papers, cache.documents)
        return self._filters

    @property
    def rules(self) -> "Rules | None":
        """What saved filters that watch or mute find; None where there are none."""
        self._read_filters()
        return self._rules

    def ask_rules(self, rows: Sequence[int], seconds: float) -> bool:
        """Ask the rules of papers that they were not asked of; return whether more wait for it."""
        rules = self.rules
        return self.cache.db.again(lambda: rules.ask(rows, seconds)) if rules else False

    def hits(self, today: date) -> "Mapping[str, RuleHits]":
        """Return how many papers each rule found of late, and when the last."""
        return self.rules.hits(today - DAYS_ASKED) if self.rules else {}

    def watched(self, rows: Sequence[int]) -> Mapping[int, tuple[str, ...]]:
        """Return the papers among these that are watched, and by which rules."""
        return self.rules.watched(rows) if self.rules else {}

    def watched_in_inbox(self, followed: Sequence[str]) -> Mapping[int, tuple[str, ...]]:
        """Return the unread papers that are watched, and by which rules."""
        if not self.rules:
            return {}
        return self.watched(self.contents(View(Kind.INBOX), followed=followed).rows)

    def count_muted(self, followed: Sequence[str]) -> int:
        """Count what the Inbox lacks because it is muted."""
        rows = [row for row, *_ in self.listings.inbox(followed, ())] if self.rules else []
        return len(self.muted(rows))

    def muted(self, rows: Sequence[int]) -> set[int]:
        """Return the papers among these that are muted, and neither watched nor starred."""
        if not self.rules:
            return set()
        muted = self.rules.muted(rows)
        marks = self.marked.at([*muted])
        return {row for row in muted if not marks[row].starred} - self.watched([*muted]).keys()

    def recent(self) -> Sequence[Change]:
        """Return this machine's latest changes, oldest first."""
        return self.journal.recent()

    def tidy(self, now: datetime) -> None:
        """Make this machine's journal shorter where it has grown long; says nothing if it can't."""
        with suppress(OSError, StoreError):
            if self.journal.file.stat().st_size > LONG_JOURNAL:
                self.journal.compact(now)

    def refresh(self) -> frozenset[PaperId]:
        """Return the papers that others have marked since it was last asked.

        And those marked here of which the views and counts knew late, see `refused`.
        """
        self._take_over()
        return self._takeover.changed()

    @property
    def refused(self) -> str:
        """Why the cache takes no marks over, so that views and counts lag; empty if it does."""
        return self._takeover.refused

    @property
    def problems(self) -> tuple[str, ...]:
        """What is wrong with what is kept, each a sentence for the person."""
        own = filter(None, [self.cache.db.problem, self._unmoved])
        return (*own, *self._takeover.problems)

    def new_problems(self) -> list[str]:
        """Return what is wrong and was not returned before."""
        new = [problem for problem in self.problems if problem not in self._told]
        self._told.update(new)
        return new

    def _take_over(self, done: Change | None = None) -> None:
        for paper in self._takeover.look(done):
            self._documents.pop(row_of(paper), None)
            if paper == NO_PAPER:
                self._filters = None
        self.cache.memos.settle(AT_A_SCREEN)

    # Small things worth remembering

    def recall(self, key: str) -> str | None:
        """Return what was remembered under this key, such as the last place in a view."""
        return self.cache.memos.get(key)

    def remember(self, key: str, value: str) -> None:
        """Remember it, now or when the cache lets it; worth no complaint where it never does."""
        self.cache.memos.keep(key, value)
        self.cache.memos.settle(AT_A_SCREEN)
