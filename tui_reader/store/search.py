"""Queries of the whole cache, from its full-text index; for millions of papers as for a few.

The index holds each paper's folded texts, and facts of it as words of their own, so that FTS5
answers all of a query but for marks and identifiers, which SQL tests. What is not indexed yet is
tested as a day's list is, by `query.matcher`.
"""

import re
from array import array
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from heapq import merge
from itertools import islice, product
from json import dumps
from math import prod
from pathlib import Path
from string import punctuation
from typing import Any, NamedTuple

from tui_reader.errors import Cancelled
from tui_reader.model import ARCHIVES, Section, paper_at, row_of
from tui_reader.query import (
    And,
    DateRange,
    Document,
    Feature,
    Field,
    Has,
    HasTag,
    Haystacks,
    IdBegins,
    IdIs,
    InCategory,
    Is,
    Node,
    Not,
    Or,
    Phrase,
    Query,
    Sort,
    State,
    Test,
    VersionIs,
    Word,
    haystack,
    matcher,
    reads_texts,
    terms,
    weight,
)
from tui_reader.store.cache import NO_TEXTS, Cache
from tui_reader.store.contents import AllRows, Contents, Rows, together

FIRST, MORE = 200, 10_000  # hits of the first and of the second answer
MOST_ENDINGS = 1000  # words looked for where a query has the beginning of one
MOST_BRANCHES = 30
FEW = 2000  # papers with a mark that are tested one by one
MOST_SORTED = 20_000  # of more hits the newest are sorted
MOST_READ = 1000  # likewise, where sorting needs all of their texts
MOST_KEPT = 10_000  # papers kept ready to be tested
_BLOCK = 50
_FACT = "\u00b6"
"""Begins each fact; no folded text has it."""
_HIDDEN = {ord(sign): ord(sign) + 0x2000 for sign in punctuation}
"""FTS5's ASCII tokenizer parts words at ASCII signs, and at nothing beyond ASCII."""
_SHOWN = {hidden: sign for sign, hidden in _HIDDEN.items()}
_ALL, _NOTHING = f'"{_FACT}"', f'"{_FACT}{_FACT}"'
_UNSORTED = (None, Sort.ARXIV)
_EARLIEST, _LATEST = date(1980, 1, 1), date(2099, 12, 31)  # of all that papers may have
_LONGEST = {4: 366, 7: 31, 10: 1}
"""How many days a year, a month, a day has, by the length of its name."""


def columns(paper: Document) -> tuple[str, ...]:
    """Return what the index holds of a paper: its texts, folded, and its facts."""
    facts = [
        "",
        *(f"cat:{category}" for category in paper.categories.split()),
        *(f"is:{section}" for section in paper.sections),
        *(f"has:{feature}" for feature in paper.features),
        *(f"date:{str(day)[:end]}" for day in paper.days for end in (4, 7, 10)),
    ]
    if paper.withdrawn:
        facts.append("is:withdrawn")
    if paper.version is not None:
        facts.append(f"v:{paper.version}")
    texts = (paper.title, paper.authors, paper.abstract, paper.comments, paper.journal, paper.doi)
    return (*texts, " ".join(map(_fact, facts)))


def _fact(text: str) -> str:
    return _FACT + text.translate(_HIDDEN)


class Answer(NamedTuple):
    """The papers that a query asks for, as far as they are known."""

    contents: Contents
    complete: bool


class _Branch(NamedTuple):
    """Papers that an FTS5 expression finds and that meet all conditions."""

    match: str
    conditions: tuple[str, ...] = ()
    values: tuple[Any, ...] = ()


class Search:
    """Answers queries through one connection, in one thread."""

    def __init__(self, cache: Cache, stale: Callable[[], bool] = lambda: False) -> None:
        self._cache = cache
        self._stale = stale
        self._quick = False
        """Whether some hits will do, if they come at once."""
        self._guessed = False
        """Whether it made a difference."""
        self._endings = MOST_ENDINGS
        self._texts: Haystacks | None = None
        """What stands for the papers' texts where a query does not read them."""
        self._documents: dict[int, Document] = {}
        self._seen = 0
        """The version of the cache that they are of."""

    def answers(self, query: Query) -> Iterator[Answer]:
        """Yield the newest hits, then more, then all of them; sorted ones all at once.

        Raises Cancelled or StoreError as soon as the answer is stale.
        """
        if (version := self._cache.version()) != self._seen:
            self._documents.clear()
            self._seen = version
        self._texts = None if reads_texts(query) else NO_TEXTS
        with self._cache.reading():
            if query.sort in _UNSORTED:
                first = array("I", islice(self._hits(query, quick=True), FIRST))
                complete = len(first) < FIRST and not self._guessed
                yield Answer(together(first), complete)
                if complete:
                    return
            hits = self._hits(query)
            found = array("I", islice(hits, MORE))
            if len(found) == MORE:
                if query.sort in _UNSORTED:
                    yield Answer(together(found[:]), False)
                found.extend(hits)
            yield Answer(together(self._sorted(found, query)), True)

    def _hits(self, query: Query, *, quick: bool = False) -> Iterator[int]:
        """Yield what a query asks for, the newest first; `quick`: as good as all of it."""
        matches = matcher(query)
        few = self._few(query.root)
        if few is not None:
            return self._tested(few, matches)
        self._quick, self._guessed = quick, False
        words = sum(isinstance(term, Word) for term in terms(query.root))
        self._endings = max(1, MOST_ENDINGS // max(1, words))
        branches = self._branches(query.root, True)
        if len(branches) > MOST_BRANCHES:
            return self._tested(AllRows(self._cache), matches)
        found = self._cache.select(
            " UNION ".join(
                " AND ".join(("SELECT rowid FROM words WHERE words MATCH ?", *branch.conditions))
                for branch in branches
            )
            + " ORDER BY 1 DESC",
            [value for branch in branches for value in (branch.match or _ALL, *branch.values)],
        )
        waiting = self._cache.select("SELECT row FROM unindexed ORDER BY row DESC")
        return merge(found, self._tested(waiting, matches), reverse=True)

    def _few(self, root: Node) -> Sequence[int] | None:
        """Return the newest papers first that a mark leaves, where they are few."""
        smallest: Sequence[int] | None = None
        for part in root.parts if isinstance(root, And) else (root,):
            if isinstance(part, IdIs):
                return (row_of(part.id),)
            if condition := self._mark(part):
                sql = "SELECT DISTINCT row FROM mark WHERE {} ORDER BY row DESC LIMIT ?"
                rows = list(self._cache.select(sql.format(condition[0]), [*condition[1], FEW]))
                if len(rows) < (FEW if smallest is None else len(smallest)):
                    smallest = rows
        return smallest

    def _tested(self, rows: Iterable[int], matches: Test) -> Iterator[int]:
        rest = iter(rows)
        while block := list(islice(rest, _BLOCK)):
            if self._stale():
                raise Cancelled
            known = self._prepared(block)
            yield from (row for row in block if row in known and matches(known[row]))

    def _prepared(self, rows: Sequence[int]) -> Mapping[int, Document]:
        if self._texts:
            return self._cache.documents(rows, dict.fromkeys(rows, self._texts))
        if len(self._documents) > MOST_KEPT:
            self._documents.clear()
        if new := [row for row in rows if row not in self._documents]:
            self._documents |= self._cache.documents(new)
        return self._documents

    def _sorted(self, found: Rows, query: Query) -> Rows:
        """Sort the newest of what was found; the rest stays behind them."""
        if query.sort in _UNSORTED:
            return found
        most = MOST_READ if query.sort is Sort.RELEVANCE else MOST_SORTED
        keys: dict[int, Any] = {}
        for start in range(0, min(most, len(found)), _BLOCK):
            if self._stale():
                raise Cancelled
            block = found[start : min(start + _BLOCK, most)]
            if query.sort is Sort.TITLE:
                papers = self._cache.papers(block)
                keys |= {row: haystack(paper.title) for row, paper in papers.items()}
            else:
                texts = None if query.sort is Sort.RELEVANCE else dict.fromkeys(block, NO_TEXTS)
                documents = self._cache.documents(block, texts)
                keys |= {row: order(query)(paper) for row, paper in documents.items()}
        return array("I", sorted(keys, key=keys.__getitem__)) + found[len(keys) :]

    # A query as expressions of FTS5 and conditions of SQL: all of its text is bound or quoted

    def _branches(self, node: Node, wanted: bool) -> list[_Branch]:
        """Return what finds the papers that a node asks for, or else all others."""
        kinds = set(map(_is_beyond, terms(node)))
        if True not in kinds:
            expression, inverted = self._expression(node)
            return [_Branch(f"{_ALL} NOT ({expression})" if wanted == inverted else expression)]
        if False not in kinds:
            sql, values = self._condition(node)
            return [_Branch("", (f"{'' if wanted else 'NOT '}({sql})",), values)]
        if isinstance(node, Not):
            return self._branches(node.part, not wanted)
        assert isinstance(node, And | Or)
        groups = [self._branches(part, wanted) for part in node.parts]
        if isinstance(node, And) != wanted:
            return [branch for group in groups for branch in group]
        if prod(map(len, groups)) > MOST_BRANCHES:
            return [_Branch("")] * (MOST_BRANCHES + 1)
        return [
            _Branch(
                " AND ".join(f"({branch.match})" for branch in branches if branch.match),
                tuple(condition for branch in branches for condition in branch.conditions),
                tuple(value for branch in branches for value in branch.values),
            )
            for branches in product(*groups)
        ]

    def _expression(self, node: Node) -> tuple[str, bool]:
        """Return an expression, and whether it finds all papers but those the node asks for."""
        match node:
            case And(parts):
                return _every(map(self._expression, parts))
            case Or(parts):
                found = ((text, not inverted) for text, inverted in map(self._expression, parts))
                expression, inverted = _every(found)
                return expression, not inverted
            case Not(part):
                expression, inverted = self._expression(part)
                return expression, not inverted
            case Word(_, (*before, last), where):
                return f"{_column(where)} : ({self._begun(before, last)})", False
            case Phrase(_, tokens, where):
                return f"{_column(where)} : {_quoted(*tokens)}", False
            case term:
                return _any(self._facts(term)), False

    def _begun(self, before: Sequence[str], last: str) -> str:
        """Return what finds these tokens in a row, of the last one only the beginning."""
        endings = self._cache.terms(last, self._endings + 1)
        if len(endings) > self._endings:
            if not self._quick:
                return f"{_quoted(*before, last)} *"
            self._guessed = True
            endings = self._cache.common_terms(last, self._endings)
        return " OR ".join(_quoted(*before, ending) for ending in endings) or _NOTHING

    def _facts(self, term: Node) -> Iterable[str]:
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
            case Is(State.REPLACED):
                return (f"is:{Section.REPLACEMENT}",)
            case Is(state):
                return (f"is:{state}",)
            case Has(feature):
                return (f"has:{feature}",)
            case VersionIs(first, last):
                return (f"v:{v}" for v in self._known("v:") if first <= int(v) <= last)
            case DateRange(first, last):
                return (f"date:{period}" for period in _periods(first, last))
        raise AssertionError(term)

    def _known(self, kind: str) -> Iterator[str]:
        """Yield what is known to stand behind `cat:` or `v:`."""
        begun = _fact(kind)
        for term in self._cache.terms(begun, -1):
            yield term.removeprefix(begun).translate(_SHOWN)

    def _condition(self, node: Node) -> tuple[str, tuple[Any, ...]]:
        """Return the condition that marks or the identifier have to meet, and its values."""
        match node:
            case And(parts) | Or(parts):
                found = [self._condition(part) for part in parts]
                link = " AND " if isinstance(node, And) else " OR "
                values = tuple(value for _, values in found for value in values)
                return link.join(f"({sql})" for sql, _ in found), values
            case Not(part):
                sql, values = self._condition(part)
                return f"NOT ({sql})", values
            case Is(State.UNREAD):
                return self._condition(Not(Is(State.READ)))
            case IdIs(id_):
                return "words.rowid = ?", (row_of(id_),)
            case IdBegins(prefix):
                digits = prefix.rpartition("/")[2] if re.match(r"[0-9]|.*/", prefix) else ""
                months = [
                    month
                    for month, _ in self._cache.months()
                    if _stamp(month).startswith(digits[:4])
                ] or [0]
                return (
                    "words.rowid BETWEEN ? AND ? AND substr(paper_at(words.rowid), 1, ?) = ?",
                    (months[-1] << 17, (months[0] + 1) << 17, len(prefix), prefix),
                )
        condition = self._mark(node)
        assert condition
        sql, values = condition
        return f"EXISTS (SELECT 1 FROM mark WHERE mark.row = words.rowid AND {sql})", values

    def _mark(self, node: Node) -> tuple[str, tuple[Any, ...]] | None:
        """Return the condition that a row of `mark` has to meet, where the node asks for one."""
        match node:
            case Is(State.READ | State.STARRED | State.SKIPPED as state):
                return "field = ? AND value = 'true'", (state.value,)
            case Is(State.NOTED) | Has(Feature.NOTE):
                return "field = 'note' AND value NOT IN ('null', '\"\"')", ()
            case HasTag(wanted, whole):
                tags = [
                    tag
                    for tag in self._cache.tags()
                    if tag.casefold() == wanted or (not whole and tag.casefold().startswith(wanted))
                ]
                among = "field IN (SELECT 'tag:' || value FROM json_each(?))"
                return f"{among} AND value = 'true'", (dumps(tags),)
            case Word(_, _, Field.NOTE) | Phrase(_, _, Field.NOTE):
                notes = self._cache.notes()
                rows = [row for row, note in notes.items() if node.needle in haystack(note)]
                among = "row IN (SELECT value FROM json_each(?))"
                return f"field = 'note' AND {among}", (dumps(rows),)
        return None


def search_in(file: Path, stale: Callable[[], bool]) -> Search:
    """Return a search of its own for a thread, whose work ends as soon as it is `stale`."""
    cache = Cache(file)
    cache.stop_when(stale)
    return Search(cache, stale)


def order(query: Query) -> Callable[[Document], Any]:
    """Return the key by which papers are sorted, where a query asks for that."""
    match query.sort:
        case Sort.TITLE:
            return lambda paper: paper.title
        case Sort.RELEVANCE:
            return lambda paper: (-weight(query, paper), -row_of(paper.id))
    return lambda paper: (-max(paper.days).toordinal(), -row_of(paper.id))


def _is_beyond(term: Node) -> bool:
    """Whether a term is beyond the index."""
    match term:
        case Is(State.UNREAD | State.READ | State.STARRED | State.SKIPPED | State.NOTED):
            return True
        case Has(Feature.NOTE) | HasTag() | IdIs() | IdBegins():
            return True
        case Word(_, _, Field.NOTE) | Phrase(_, _, Field.NOTE):
            return True
    return False


def _every(found: Iterable[tuple[str, bool]]) -> tuple[str, bool]:
    """Join expressions with AND; see `Search._expression`."""
    parts = list(found)
    refused = " OR ".join(f"({text})" for text, inverted in parts if inverted)
    wanted = " AND ".join(f"({text})" for text, inverted in parts if not inverted)
    if refused and wanted:
        return f"({wanted}) NOT ({refused})", False
    return (refused, True) if refused else (wanted or _ALL, False)


def _any(facts: Iterable[str]) -> str:
    return " OR ".join(_quoted(_fact(fact)) for fact in facts) or _NOTHING


def _column(where: Field | None) -> str:
    return where.name.lower() if where else "{title authors abstract comments}"


def _quoted(*tokens: str) -> str:
    text = " ".join(tokens).replace('"', '""')
    return f'"{text}"'


def _periods(first: date, last: date) -> Iterator[str]:
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
