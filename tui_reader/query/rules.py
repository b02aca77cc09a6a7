"""Rules, the saved filters that watch or mute: what `is:watched` and `is:muted` stand for."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

from tui_reader import fields
from tui_reader.errors import QueryError, UsageError
from tui_reader.model import Effect, SavedFilter
from tui_reader.query.language import TRAITS
from tui_reader.query.parse import parse
from tui_reader.query.tree import (
    And,
    Clause,
    DateRange,
    Has,
    HasTag,
    IdBegins,
    Is,
    Like,
    Not,
    Or,
    Phrase,
    Query,
    Word,
    terms,
    to_text,
)

_NOTHING = IdBegins("-")
"""No paper's identifier does."""
_ANY_DAY = date(2026, 1, 1)
"""Rules don't ask for days that pass."""


def rule(text: str) -> Query:
    """Read the filter of a rule, which has to find the same papers every day.

    Raises UsageError, a sentence that says what is in the way.
    """
    try:
        query = parse(text, _ANY_DAY)
    except QueryError as error:
        raise UsageError(f"{text}: {error}") from error
    if query.root == And():
        raise UsageError("A rule that finds every paper is none: say what it looks for")
    for term in terms(query.root):
        if _passes(term):
            passing = to_text(Query(term))
            raise UsageError(f"{passing} changes by itself: a rule can't ask for it")
    return query


def _passes(term: Clause) -> bool:
    match term:
        case Is(trait) if trait.effect or trait.passing:
            return True
        case Is(trait_or_feature) | Has(trait_or_feature):
            return bool(trait_or_feature.mark)
        case HasTag() | Like() | Word(field=fields.NOTE) | Phrase(field=fields.NOTE):
            return True
        case DateRange(text=text):
            return bool(re.search("[a-z]", text))  # 7d, today
    return False


def rules_of(filters: Mapping[str, SavedFilter]) -> dict[str, Query]:
    """Return what the rules among these filters look for, by name.

    Without those that are none, as where another version of the language was written elsewhere.
    """
    found = {}
    for name, saved in filters.items():
        if saved.effect is not Effect.PLAIN:
            try:
                found[name] = rule(saved.text)
            except UsageError:
                continue
    return found


def meant(query: Query, filters: Mapping[str, SavedFilter]) -> Query:
    """Return a query with what the rules look for in place of `is:watched` and `is:muted`."""
    found: dict[Effect, list[Clause]] = {effect: [] for effect in Effect}
    for name, each in rules_of(filters).items():
        found[filters[name].effect].append(each.root)
    watched, muted = _any_of(found[Effect.WATCH]), _any_of(found[Effect.MUTE])
    kept = Not(Is(TRAITS["starred"])), _not(watched)
    return replace(query, root=_replaced(query.root, watched, And((muted, *kept))))


def _any_of(parts: Sequence[Clause]) -> Clause:
    return Or(tuple(parts)) if len(parts) > 1 else parts[0] if parts else _NOTHING


def _not(part: Clause) -> Clause:
    return part.part if isinstance(part, Not) else Not(part)


def _replaced(clause: Clause, watched: Clause, muted: Clause) -> Clause:
    match clause:
        case Is(trait) if trait.effect:
            return watched if trait.effect is Effect.WATCH else muted
        case Not(part):
            return _not(_replaced(part, watched, muted))
        case And(parts) | Or(parts):
            return type(clause)(tuple(_replaced(part, watched, muted) for part in parts))
    return clause
