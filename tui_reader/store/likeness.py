"""The papers likest to some others, found through their strongest words, and queries for them."""

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from heapq import nlargest
from itertools import islice
from typing import TYPE_CHECKING

from tui_reader.errors import QueryError
from tui_reader.model import PaperId, paper_at, row_of
from tui_reader.query import And, Clause, Like, Not, Or, Query, Sort, terms
from tui_reader.rank import Profile

if TYPE_CHECKING:
    from tui_reader.store.cache import Cache

MOST_LIKE = 200
STRONGEST = 12  # words, of which a paper has to have some
MOST_HAVING = 20_000  # newest papers looked at that have a word
CANDIDATES = 1000  # papers compared whole
LEARNED_FROM = 500  # of more papers with a tag, the newest so many

Having = Callable[[str], Iterable[int]]
"""Gives papers that have a word, the newest first."""


def check(cache: "Cache", query: Query) -> None:
    """Raise QueryError where a query asks for what is like papers that are not there."""
    for like in _likes(query):
        _originals(cache, like)


def likened(cache: "Cache", query: Query, having: Having, others: Sequence[int] = ()) -> Query:
    """Return the query with what is known of likeness, which gives the order if nothing else does.

    `others` are compared, too, whatever words they have. Raises QueryError where a paper or a tag
    is not there.
    """
    likes = _likes(query)
    if not likes:
        return query
    found = {like.of: _likest(cache, like, having, others) for like in likes}
    wanted = {like.of for like in terms(query.root, excluded=False) if isinstance(like, Like)}
    place: dict[PaperId, int] = {}
    for of in wanted:
        for at, paper in enumerate(found[of]):
            place[paper] = min(at, place.get(paper, at))
    sort = query.sort
    if wanted and not sort:
        sort = Sort("like", "the likest first", lambda paper, _: place.get(paper.id, MOST_LIKE))
    return Query(_with(query.root, {of: frozenset(each) for of, each in found.items()}), sort)


def _likes(query: Query) -> list[Like]:
    return [term for term in terms(query.root) if isinstance(term, Like)]


def _with(clause: Clause, found: dict[str, frozenset[PaperId]]) -> Clause:
    match clause:
        case Like(of):
            return replace(clause, found=found[of])
        case Not(part):
            return Not(_with(part, found))
        case And(parts) | Or(parts):
            return type(clause)(tuple(_with(part, found) for part in parts))
    return clause


def _originals(cache: "Cache", like: Like) -> Sequence[int]:
    """Return the papers of which it asks for the likes."""
    if like.of.startswith("tag:"):
        tags = [tag for tag in cache.marked.tags() if tag.casefold() == like.of[4:]]
        rows = sorted({r for tag in tags for r in cache.marked.rows(f"tag:{tag}")}, reverse=True)
        rows = [*cache.papers.at(rows[:LEARNED_FROM])]
        problem = f"No stored paper is tagged {like.of[4:]}"
    else:
        rows = [*cache.papers.at([row_of(PaperId(like.of))])]
        problem = f"{like.of} is not stored"
    if not rows:
        raise QueryError(problem, like.at)
    return rows


def _likest(cache: "Cache", like: Like, having: Having, others: Sequence[int]) -> list[PaperId]:
    """Return the likest papers, the likest first; those that they are like to are among them."""
    taste, originals = cache.taste, _originals(cache, like)
    made_of = (cache.papers.edition(), tuple(originals))
    if taste.likest_kept.get(like.of, (None, []))[0] != made_of:
        vectors = taste.vectors(originals)
        profile = Profile(vectors.values(), (), taste.background())
        worths = dict.fromkeys(originals, math.inf)
        for word, worth in profile.strongest(STRONGEST):
            for row in islice(having(word), MOST_HAVING):
                worths[row] = worths.get(row, 0.0) + worth
        candidates = {*nlargest(CANDIDATES, worths, key=worths.__getitem__), *others}
        scores = {row: profile.score(v) for row, v in taste.vectors([*candidates]).items()}
        alike = (row for row in scores if scores[row] > 0 or row in originals)
        best = nlargest(MOST_LIKE, alike, key=scores.__getitem__)
        taste.likest_kept[like.of] = made_of, [*map(paper_at, best)]
    return taste.likest_kept[like.of][1]
