"""Queries of the whole cache, from its full-text index; for millions of papers as for a few.

FTS5 answers all of a query but for marks and identifiers, which SQL tests; `index` says what it
has. What is not indexed yet is tested as a day's list is, by `query.matcher`.
"""

import re
from array import array
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import date, timedelta
from heapq import merge
from itertools import islice, product
from json import dumps
from math import prod
from time import monotonic
from typing import Any, NamedTuple

from tui_reader import fields
from tui_reader.errors import Cancelled, StoreError
from tui_reader.fields import EVERYWHERE, OWN, Field
from tui_reader.model import ARCHIVES, Marks, Paper, PaperId, paper_at, row_of
from tui_reader.query import (
    TRAITS,
    And,
    Clause,
    DateRange,
    Document,
    Feature,
    Has,
    HasTag,
    IdBegins,
    IdIs,
    InCategory,
    Is,
    Like,
    Not,
    Or,
    Phrase,
    Query,
    Test,
    Trait,
    VersionIs,
    Word,
    document,
    haystack,
    matcher,
    order,
    reads_texts,
    terms,
)
from tui_reader.store.cache import Cache
from tui_reader.store.contents import AllRows, Contents, Rows, together
from tui_reader.store.db import AMONG, array_of
from tui_reader.store.index import FACT, fact, shown
from tui_reader.text.fold import Wording

FIRST = 200  # hits that a key shows
MANY = 10_000  # hits of the first answer after them
MOST_ENDINGS = 100  # words looked for where a query has the beginning of one
MOST_AT_ONCE = 20  # of them, where some hits will do: each is another few pages of the disk
REACH = 100_000  # how far a key goes for its hits, as _Branch.cost says
MOST_LOOKED_AT = 500  # words that are counted to find out how to look for them
SOON_MERGED = 20_000  # places in papers that FTS5 itself goes through in some milliseconds
MANY_PAPERS = 2000  # that have a word as it is written: enough for the hits of a key
MOST_BRANCHES = 30
LAST_ROW = (1 << 32) - 1  # of all that papers may have, see model.row_of
EVERY_ROW = 0, LAST_ROW
DEEPEST_MATCH = 15  # parts of a query inside each other: FTS5 has no stack for some 30
FEW = 2000  # papers with a mark that are tested one by one
MOST_KEPT = 10_000  # papers kept ready to be tested
MOST_WORDS_KEPT = 50  # words whose endings are kept, up to MOST_LOOKED_AT of each
_BLOCK = 50
_ALL, _NOTHING = f'"{FACT}"', f'"{FACT}{FACT}"'
_EARLIEST, _LATEST = date(1980, 1, 1), date(2099, 12, 31)  # of all that papers may have
_LONGEST = {4: 366, 7: 31, 10: 1}
"""How many days a year, a month, a day has, by the length of its name."""
_BLANK = Paper(PaperId("test/9912999"), "")
"""One of which nothing is known."""


class Answer(NamedTuple):
    """The papers that a query asks for, as far as they are known."""

    contents: Contents
    complete: bool


class _Expression(NamedTuple):
    """An expression of FTS5."""

    text: str
    papers: int
    """How many it finds at most."""
    words: int = 1
    """How many are looked for."""
    inverted: bool = False
    """Whether all papers are meant but those that it finds."""

    def __invert__(self) -> "_Expression":
        return self._replace(inverted=not self.inverted)


class _Branch(NamedTuple):
    """Papers that an FTS5 expression finds and that meet all conditions."""

    match: str
    cost: float
    """Of finding them all, in a unit of some 0.1 microseconds."""
    conditions: tuple[str, ...] = ()
    """None that SQLite would look rows up by: it can't, and take the expression at once."""
    values: tuple[Any, ...] = ()
    first: int = 0
    last: int = LAST_ROW
    """The first and the last row of which they may be."""


class Search:
    """Answers queries through one connection, in one thread, until the answer is stale."""

    def __init__(self, cache: Cache, stale: Callable[[], bool] = lambda: False) -> None:
        self._cache = cache
        self._stale = stale
        self._quick = False
        """Whether some hits will do, if they come at once."""
        self._guessed = False
        """Whether it made a difference."""
        self._endings = MOST_ENDINGS
        self._all = 0
        """How many papers there are."""
        self._reads_texts = True
        self._documents: dict[int, Document] = {}
        self._terms: dict[str, dict[str, int]] = {}
        """What begins as words of the queries do; the next query has most of them, too."""
        self._having: dict[str, int] = {}
        """How many papers have had a word, likewise."""
        self._not_stored: Sequence[int] | None = None
        """The papers that are only marked."""
        self._seen = (0, 0, 0)
        """The version of the cache that these three are of."""

    def newest(self, query: Query, seconds: float) -> Answer:
        """Return the newest hits, as many as can be found in a time; sorted ones take longer."""
        until, stale = monotonic() + seconds, self._stale
        self._stale = lambda: monotonic() > until
        found: Rows = array("I")
        complete = False
        if not query.order and not query.likens:
            with suppress(Cancelled, StoreError), self._cache.db.snapshot(self._stale):
                for row in islice(self._hits(query, quick=True), FIRST):
                    found.append(row)
                complete = len(found) < FIRST and not self._guessed
        self._stale = stale
        return Answer(together(found), complete)

    def answers(self, query: Query, *, newest: bool = False) -> Iterator[Answer]:
        """Yield many hits, and then all of them; sorted ones all at once.

        Before them the `newest`, where wanted, as that method has them. Raises Cancelled or
        StoreError as soon as the answer is stale.
        """
        with self._cache.db.snapshot(self._stale):
            query = self.likened(query) if query.likens else query
            if newest and not query.order:
                found = array("I", islice(self._hits(query, quick=True), FIRST))
                yield Answer(together(found), False)
            hits = self._hits(query)
            found = array("I", islice(hits, MANY))
            if len(found) == MANY:
                if not query.order:
                    yield Answer(together(found[:]), False)
                found.extend(hits)
            yield Answer(together(self._sorted(found, query)), True)

    def likened(self, query: Query) -> Query:
        """Return the query with the papers that it finds likest to others."""
        from tui_reader.store import likeness

        def having(word: str) -> Iterator[int]:
            return self._cache.db.select(
                "SELECT rowid FROM words WHERE words MATCH ? ORDER BY rowid DESC",
                [f"{_column(None)} : {_quoted(word)}"],
            )

        waiting = self._cache.db.numbers(
            "SELECT row FROM unindexed JOIN paper USING (row) ORDER BY row DESC LIMIT ?",
            [likeness.CANDIDATES],
        )
        return likeness.likened(self._cache, query, having, waiting)

    def _hits(self, query: Query, *, quick: bool = False) -> Iterator[int]:
        """Yield what a query asks for, the newest first; `quick`: as good as all of it."""
        self._begin(query)
        self._quick, self._guessed = quick, False
        matches = matcher(query)
        few = self._few(query.root)
        if few is not None:
            return self._tested(few, matches)
        others = self._only_marked(query)
        words = sum(len(t.wordings[0].words) for t in terms(query.root) if isinstance(t, Word))
        self._all = sum(papers for _, papers in self._cache.papers.months())
        self._endings = max(1, (MOST_AT_ONCE if quick else MOST_ENDINGS) // max(1, words))
        if _depth(query.root) > DEEPEST_MATCH:
            hits = self._tested(AllRows(self._cache.papers), matches)
            return merge(hits, others, reverse=True)
        branches = self._branches(query.root, True)
        if len(branches) > MOST_BRANCHES:
            hits = self._tested(AllRows(self._cache.papers), matches)
            return merge(hits, others, reverse=True)
        first, last = self._reach(branches, _latest(query.root))
        most = FIRST if quick else -1
        select = self._cache.db.select_at_once if quick else self._cache.db.select
        found = select(
            " UNION ".join(
                " AND ".join(
                    (
                        "SELECT rowid AS row FROM words WHERE words MATCH ?",
                        f"rowid BETWEEN {max(first, branch.first)} AND {min(last, branch.last)}",
                        *branch.conditions,
                    )
                )
                for branch in branches
            )
            + f" ORDER BY 1 DESC LIMIT {most}",
            [value for branch in branches for value in (branch.match or _ALL, *branch.values)],
        )
        waiting = self._cache.db.select(
            "SELECT row FROM unindexed JOIN paper USING (row) ORDER BY row DESC"
        )
        return merge(found, self._tested(waiting, matches), others, reverse=True)

    def _begin(self, query: Query) -> None:
        """Forget what may have changed since the last query."""
        if (version := self._cache.db.version()) != self._seen:
            self._documents.clear()
            self._terms.clear()
            self._having.clear()
            self._not_stored = None
            self._seen = version
        if len(self._terms) > MOST_WORDS_KEPT:
            self._terms.clear()
            self._having.clear()
        self._reads_texts = reads_texts(query)

    def not_stored(self, query: Query) -> Iterator[int]:
        """Yield the papers that are only marked and asked for because they are, newest first.

        Of a paper without texts and places much is true that nobody means, such as `-ti:moss`.
        """
        self._begin(query)
        return self._only_marked(query)

    def _only_marked(self, query: Query) -> Iterator[int]:
        if not any(map(_is_beyond, terms(query.root))):
            return
        if self._not_stored is None:
            self._not_stored = self._cache.marked.not_stored()
        matches = matcher(query)
        if self._not_stored and not matches(document(_BLANK, Marks(), ())):
            yield from self._tested(self._not_stored, matches)

    def _reach(self, branches: Sequence[_Branch], latest: date) -> tuple[int, int]:
        """Return the first and the last of the papers that can be searched at once.

        FTS5 can't be stopped on its way to the next hit, however far that is. Those asked for are
        of days until the `latest`; few papers have a much later identifier.
        """
        share = REACH / (sum(branch.cost for branch in branches) + 1)
        if not self._quick or share >= 1:
            return 0, LAST_ROW
        self._guessed = True
        left = share * self._all
        until = (latest.year - 1991) * 12 + latest.month - 1
        last = min(LAST_ROW, (until + 2) << 17)
        for month, papers in self._cache.papers.months():
            if month <= until:
                left -= papers
                if left <= 0:
                    return month << 17, last
        return 0, last

    def _few(self, root: Clause) -> Sequence[int] | None:
        """Return the newest papers first that a mark leaves, where they are few."""
        smallest: Sequence[int] | None = None
        for part in root.parts if isinstance(root, And) else (root,):
            if isinstance(part, IdIs):
                return (row_of(part.id),)
            if isinstance(part, Like):
                return sorted(map(row_of, part.found), reverse=True)
            if condition := self._mark(part):
                sql = "SELECT DISTINCT row FROM mark WHERE {} ORDER BY row DESC LIMIT ?"
                rows = list(self._cache.db.select(sql.format(condition[0]), [*condition[1], FEW]))
                if len(rows) < (FEW if smallest is None else len(smallest)):
                    smallest = rows
        return smallest

    def _tested(self, rows: Iterable[int], matches: Test) -> Iterator[int]:
        rest = iter(rows)
        while block := list(islice(rest, _BLOCK)):
            if self._stale():
                raise Cancelled
            if len(self._documents) > MOST_KEPT:
                self._documents.clear()
            known: Mapping[int, Document] = self._documents
            if not self._reads_texts:
                known = self._cache.documents.at(block, texts=(), unknown=True)
            elif new := [row for row in block if row not in known]:
                self._documents |= self._cache.documents.at(new, unknown=True)
            yield from (row for row in block if row in known and matches(known[row]))

    def _sorted(self, found: Rows, query: Query) -> Rows:
        """Sort the newest of what was found; the rest stays behind them."""
        if not query.order:
            return found
        newest, rest = found[: query.order.most], found[query.order.most :]
        if query.order.learned:
            return self._cache.taste.likest(newest, self._stale) + rest
        key, keys = order(query), dict[int, Any]()
        for start in range(0, len(newest), _BLOCK):
            if self._stale():
                raise Cancelled
            documents = self._cache.documents.at(
                newest[start : start + _BLOCK], texts=query.order.reads, unknown=True
            )
            keys |= {row: key(paper) for row, paper in documents.items()}
        return array("I", sorted(keys, key=keys.__getitem__)) + rest

    # A query as expressions of FTS5 and conditions of SQL: all of its text is bound or quoted

    def _branches(self, clause: Clause, wanted: bool) -> list[_Branch]:
        """Return what finds the papers that a clause asks for, or else all others."""
        kinds = set(map(_is_beyond, terms(clause)))
        if True not in kinds:
            text, papers, words, inverted = self._expression(clause)
            if wanted == inverted:
                text, papers = f"{_ALL} NOT ({text})", self._all
            return [_Branch(text, papers * (1 + words / 50))]
        if False not in kinds:
            sql, values = self._condition(clause)
            sql = f"{'' if wanted else 'NOT '}({sql})"
            first, last = self._span(clause) if wanted else EVERY_ROW
            return [_Branch("", self._all, (sql,), values, first, last)]
        if isinstance(clause, Not):
            return self._branches(clause.part, not wanted)
        assert isinstance(clause, And | Or)
        groups = [self._branches(part, wanted) for part in clause.parts]
        if isinstance(clause, And) != wanted:
            return [branch for group in groups for branch in group]
        if prod(map(len, groups)) > MOST_BRANCHES:
            return [_Branch("", 0)] * (MOST_BRANCHES + 1)
        return [
            _Branch(
                " AND ".join(f"({branch.match})" for branch in branches if branch.match),
                min(branch.cost for branch in branches),
                tuple(condition for branch in branches for condition in branch.conditions),
                tuple(value for branch in branches for value in branch.values),
                max(branch.first for branch in branches),
                min(branch.last for branch in branches),
            )
            for branches in product(*groups)
        ]

    def _expression(self, clause: Clause) -> _Expression:
        match clause:
            case And(parts):
                return self._every(map(self._expression, self._telling(parts)))
            case Or(parts):
                return ~self._every(~self._expression(part) for part in parts)
            case Not(part):
                return ~self._expression(part)
            case Word(field=where) | Phrase(field=where):
                found = self._worded(clause.wordings)
                text = " OR ".join(part.text for part in found) or _NOTHING
                papers = min(self._all, sum(part.papers for part in found))
                words = sum(part.words for part in found)
                return _Expression(f"{_column(where)} : ({text})", papers, words)
        facts = [_quoted(fact(told)) for told in self._facts(clause)]
        return _Expression(" OR ".join(facts) or _NOTHING, self._all, len(facts))

    def _telling(self, parts: Sequence[Clause]) -> Sequence[Clause]:
        """Return these parts; where some hits will do, without words of which one letter is typed.

        Those are costly to look for, and leave about as much as there was.
        """
        telling = [part for part in parts if not _is_hardly_begun(part)] if self._quick else parts
        self._guessed |= 0 < len(telling) < len(parts)
        return telling or parts

    def _every(self, found: Iterable[_Expression]) -> _Expression:
        """Join expressions with AND."""
        parts = list(found)
        words = sum(part.words for part in parts)
        refused = [part for part in parts if part.inverted]
        wanted = [part for part in parts if not part.inverted]
        without = " OR ".join(f"({part.text})" for part in refused)
        if refused and not wanted:
            papers = min(self._all, sum(part.papers for part in refused))
            return _Expression(without, papers, words, inverted=True)
        text = " AND ".join(f"({part.text})" for part in wanted) or _ALL
        papers = min((part.papers for part in wanted), default=self._all)
        return _Expression(f"({text}) NOT ({without})" if refused else text, papers, words)

    def _worded(self, wordings: Sequence[Wording]) -> list[_Expression]:
        """Return what finds the wordings of a word or phrase that papers have.

        Where some hits will do, and the first wording has them, a word need not be parted.
        """
        first = self._as(wordings[0])
        others: Sequence[Wording] = wordings[1:]
        if self._quick and not wordings[0].whole and first and first.papers > MANY_PAPERS:
            others = [wording for wording in others if not wording.whole]
            self._guessed |= len(others) < len(wordings) - 1
        return list(filter(None, (first, *map(self._as, others))))

    def _as(self, wording: Wording) -> _Expression | None:
        """Return what finds a wording; None where no paper can have it."""
        *before, last = wording.words
        most = self._all
        for word in wording.words if wording.whole else before:
            if word not in self._having:
                self._having[word] = self._cache.index.terms(word, 1).get(word, 0)
            most = min(most, self._having[word])
            if not most:
                return None
        if wording.whole:
            return _Expression(_quoted(*wording.words), most)
        begun = self._begun(before, last)
        return begun._replace(papers=min(most, begun.papers))

    def _begun(self, before: Sequence[str], last: str) -> _Expression:
        """Return what finds these tokens in a row, of the last one only the beginning."""
        if last not in self._terms:
            self._terms[last] = self._cache.index.terms(last, MOST_LOOKED_AT)
        known = self._terms[last]
        counted = len(known) < MOST_LOOKED_AT
        papers = sum(known.values()) if counted else self._all
        if (counted and papers < SOON_MERGED) or (len(known) > self._endings and not self._quick):
            return _Expression(f"{_quoted(*before, last)} *", papers)
        endings: Collection[str] = known
        if len(known) > self._endings:
            self._guessed = True
            # Most papers have one of the first few that begin with a letter.
            most = self._endings if len(last) > 1 else -(-self._endings // 3)
            endings = self._cache.index.common_terms(last, most)
        text = " OR ".join(_quoted(*before, ending) for ending in endings)
        return _Expression(text or _NOTHING, min(papers, self._all), len(endings))

    def _facts(self, term: Clause) -> Iterable[str]:
        """Return the facts of which papers have one that the term asks for."""
        match term:
            case InCategory(code, whole):
                begun = f"{code}." if code in ARCHIVES else code
                known = self._known("cat:")
                return (
                    f"cat:{own}"
                    for own in known
                    if own == code or (not whole and own.startswith(begun))
                )
            case Is(trait):
                return (f"is:{trait.name}",)
            case Has(feature):
                return (f"has:{feature.name}",)
            case VersionIs(first, last):
                return (f"v:{v}" for v in self._known("v:") if first <= int(v) <= last)
            case DateRange(first, last):
                return (f"date:{period}" for period in periods(first, last))
        raise AssertionError(term)

    def _known(self, kind: str) -> Iterator[str]:
        """Yield what is known to stand behind `cat:` or `v:`."""
        begun = fact(kind)
        for term in self._cache.index.terms(begun, -1):
            yield shown(term.removeprefix(begun))

    def _condition(self, clause: Clause) -> tuple[str, tuple[Any, ...]]:
        """Return the condition that marks or the identifier have to meet, and its values."""
        match clause:
            case And(parts) | Or(parts):
                found = [self._condition(part) for part in parts]
                link = " AND " if isinstance(clause, And) else " OR "
                values = tuple(value for _, values in found for value in values)
                return link.join(f"({sql})" for sql, _ in found), values
            case Not(part):
                sql, values = self._condition(part)
                return f"NOT ({sql})", values
            case Is(Trait(marked=False) as trait):
                return self._condition(Not(Is(trait._replace(marked=True))))
            case Is(Trait(passing=True)):
                starred, values = self._condition(Is(TRAITS["starred"]))
                return f"{starred} AND words.rowid IN (SELECT row FROM updated)", values
            case IdIs(id_):
                return "+words.rowid = ?", (row_of(id_),)
            case Like(found=found):
                among = array_of(map(row_of, found))
                return f"+words.rowid IN {AMONG}", (among,)
            case IdBegins(prefix):
                return (
                    "+words.rowid BETWEEN ? AND ? AND substr(paper_at(words.rowid), 1, ?) = ?",
                    (*self._span(clause), len(prefix), prefix),
                )
        condition = self._mark(clause)
        assert condition
        sql, values = condition
        return f"EXISTS (SELECT 1 FROM mark WHERE mark.row = words.rowid AND {sql})", values

    def _span(self, clause: Clause) -> tuple[int, int]:
        """Return the first and the last row that what is asked of marks and identifiers leaves."""
        match clause:
            case IdIs(id_):
                return row_of(id_), row_of(id_)
            case IdBegins(prefix):
                digits = prefix.rpartition("/")[2] if re.match(r"[0-9]|.*/", prefix) else ""
                known = (month for month, _ in self._cache.papers.months())
                months = [m for m in known if _stamp(m).startswith(digits[:4])] or [0]
                return months[-1] << 17, (months[0] + 1) << 17
            case And(parts) | Or(parts):
                firsts, lasts = zip(*map(self._span, parts), strict=True)
                inner = isinstance(clause, And)
                return (max(firsts), min(lasts)) if inner else (min(firsts), max(lasts))
        return EVERY_ROW

    def _mark(self, clause: Clause) -> tuple[str, tuple[Any, ...]] | None:
        """Return the condition that a row of `mark` has to meet, where the clause asks for one."""
        match clause:
            case Is(Trait(mark="note")) | Has(Feature(mark="note")):
                return "field = 'note' AND value NOT IN ('null', '\"\"')", ()
            case Is(Trait(mark=mark, marked=True)) | Has(Feature(mark=mark)) if mark:
                return "field = ? AND value = 'true'", (mark,)
            case HasTag(wanted, whole):
                tags = [
                    tag
                    for tag in self._cache.marked.tags()
                    if tag.casefold() == wanted or (not whole and tag.casefold().startswith(wanted))
                ]
                among = "field IN (SELECT 'tag:' || value FROM json_each(?))"
                return f"{among} AND value = 'true'", (dumps(tags),)
            case Word(field=fields.NOTE) | Phrase(field=fields.NOTE):
                sought = [wording.needle for wording in clause.wordings]
                notes = self._cache.marked.notes()
                texts = {row: haystack(note) for row, note in notes.items()}
                rows = [r for r, text in texts.items() if any(needle in text for needle in sought)]
                among = "row IN (SELECT value FROM json_each(?))"
                return f"field = 'note' AND {among}", (dumps(rows),)
        return None


def _is_beyond(term: Clause) -> bool:
    """Whether a term is beyond the index."""
    match term:
        case Is(Trait(passing=True)):
            return True
        case Is(Trait(mark=mark)) | Has(Feature(mark=mark)):
            return bool(mark)
        case Word(field=field) | Phrase(field=field):
            return field in OWN
        case HasTag() | IdIs() | IdBegins() | Like():
            return True
    return False


def _latest(root: Clause) -> date:
    """Return the last day of which papers are asked for."""
    parts = root.parts if isinstance(root, And) else (root,)
    return min((part.last for part in parts if isinstance(part, DateRange)), default=_LATEST)


def _is_hardly_begun(clause: Clause) -> bool:
    match clause:
        case Word():
            return len("".join(clause.wordings[0].words)) == 1
        case Not(part):
            return _is_hardly_begun(part)
    return False


def _depth(clause: Clause) -> int:
    """Return how many parts of a query stand inside each other."""
    match clause:
        case And(parts) | Or(parts):
            return 1 + max(map(_depth, parts), default=0)
        case Not(part):
            return 1 + _depth(part)
    return 0


def _column(where: Field | None) -> str:
    return where.column if where else f"{{{' '.join(field.column for field in EVERYWHERE)}}}"


def _quoted(*tokens: str) -> str:
    text = " ".join(tokens).replace('"', '""')
    return f'"{text}"'


def periods(first: date, last: date) -> Iterator[str]:
    """Yield the years, months and days that a range of days consists of."""
    day, last = max(first, _EARLIEST), min(last, _LATEST)
    while day <= last:
        for length, days in _LONGEST.items():
            rest = "-01-01"[length - 4 :]
            after = date.fromisoformat(str(day + timedelta(days))[:length] + rest)
            if str(day).endswith(rest) and after <= last + timedelta(1):
                break
        yield str(day)[:length]
        day = after


def _stamp(month: int) -> str:
    """Return a month as identifiers have it: YYMM."""
    return paper_at(month << 17 | 1 << 6).rpartition("/")[2][:4]
