from datetime import UTC, date, datetime

import pytest

pytest.importorskip("hypothesis")

from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from tests.plain_evaluator import evaluate
from tui_reader.errors import QueryError
from tui_reader.fields import AUTHORS, DOI, FIELDS, STORED, TITLE
from tui_reader.model import Marks, Paper, PaperId, Section, Version
from tui_reader.query import (
    FEATURES,
    KEYWORDS,
    TRAITS,
    Query,
    completions,
    document,
    highlights,
    matcher,
    parse,
    to_text,
)

TODAY = date(2026, 3, 3)
WORDS = [
    "moe", "Moe", "mo", "kv", "cache", "caching", "h2o", "H$_2$O", "état-major", "ETAT", "Erdős",
    'G\\"odel', "$\\delta$", "O(n^2)", "100k+", "x", "survey", "github.com/a/b", "🤖", "-", "...",
    "10:30", "lee", "jin", "C++", "multi-agent", "multiagent", "data", "set", "dataset", "GPT-4",
    "GPT4", "GPT", "4", "$H_0$", "H_0", "深度学习", "学习", "3×3", "3x3", "Gödel", "goedel",
    "k-means",
]  # fmt: skip
IDS = ["2603.00356", "2603.00357", "2602.12345", "0704.0022", "hep-th/9901001", "math/0309136"]
CATEGORIES = "cs.DC cs.LG math-ph math.CO hep-th eess.SY astro-ph physics.ao-ph".split()
TAGS = ["to-read", "To Read", "moe", "Straße", "c++", "mo"]
DAYS = [TODAY, date(2026, 3, 2), date(2026, 2, 24), date(2025, 12, 31), date(1999, 1, 4)]

texts = st.lists(st.sampled_from([*WORDS, "a", "of the"]), max_size=6).map(" ".join)
papers = st.builds(
    Paper,
    id=st.sampled_from(IDS).map(PaperId),
    title=texts,
    authors=st.lists(st.sampled_from(["Jin Lee", "Lee Jin", "P. Erd\\H{o}s"]), max_size=3).map(
        tuple
    ),
    categories=st.lists(st.sampled_from(CATEGORIES), max_size=3).map(tuple),
    version=st.none() | st.integers(1, 4),
    doi=st.none() | st.sampled_from(["10.1145/3620666.36", "10.1103/PhysRevD.1"]),
    **{field.of: st.none() | texts for field in STORED if field not in (TITLE, AUTHORS, DOI)},
    formats=st.sampled_from([(), ("pdf",), ("pdf", "html")]),
    versions=st.sampled_from(
        [(), (Version(1),), (Version(1, datetime(2026, 2, 24, 9, tzinfo=UTC)), Version(2))]
    ),
    withdrawn=st.booleans(),
)
"""Papers that have words, days and identifiers in common with each other and with `queries`."""

marks = st.builds(
    Marks,
    starred=st.booleans(),
    read=st.booleans(),
    skipped=st.booleans(),
    tags=st.frozensets(st.sampled_from(TAGS), max_size=2),
    note=st.none() | texts,
)
announcements = st.lists(st.tuples(st.sampled_from(Section), st.sampled_from(DAYS)), max_size=2)

_phrases = st.sampled_from(
    ['"kv cache"', '"kv cach"', '"mo"', '"moe moe"', '"moe lee"', '"lee p"', '"jin lee"']
)
_terms = """
    cat:cs cat:cs.DC cat:cs.d cat:math cat:"astro-ph" cat:cs.SY cat:hep cat:physics.* tag:mo
    tag:"moe" tag:"mo" tag:"to-read" tag:Straße id:2603.00356 id:2603 math.GT/0309136
    arXiv:2603.00357v2 2603.003 doi:10.1145/3620666 10.1103/physrevd v:2 v:>1 v:<=2
    v:<0 v:>=9999 date:2026-03-03 date:2026-03 date:2025
    date:7d date:1w date:2m date:30y date:2025..2026-02 date:..2026-02 date:2026..
""".split()
_terms += [f"is:{trait}" for trait in TRAITS] + [f"has:{feature}" for feature in FEATURES]
_fields = st.sampled_from(["", "", "", *(f"{field.name}:" for field in FIELDS)])
_values = st.sampled_from(_terms) | st.tuples(_fields, st.sampled_from(WORDS) | _phrases).map(
    "".join
)
_of_a_kind: dict[str, list[str]] = {field.name: WORDS for field in FIELDS}
for _name, _, _value in (term.partition(":") for term in _terms):
    if _value and _name in KEYWORDS:
        _of_a_kind.setdefault(_name, []).append(_value)
many_of_a_kind = st.sampled_from(sorted(_of_a_kind)).flatmap(
    lambda name: st.tuples(
        st.sampled_from([" ", " OR ", " -"]),
        st.lists(st.sampled_from(_of_a_kind[name]), min_size=2, max_size=12),
    ).map(lambda chosen: f"{name}:({chosen[0].join(chosen[1])})")
)
"""Queries of many parts of one kind, for each keyword there is."""
query_texts = st.recursive(
    _values | many_of_a_kind,
    lambda inner: st.one_of(
        st.lists(inner, min_size=2, max_size=3).map(" ".join),
        st.lists(inner, min_size=2, max_size=3).map(" OR ".join),
        inner.map("({})".format),
        inner.map("-({})".format),
        inner.map("ti:({})".format),
        inner.map("-{}".format),
    ),
    max_leaves=6,
)
_pieces = st.sampled_from(
    "ti: is: id: tag: cat: date: v: sort: arxiv: http:// OR NOT .. read cs 2603.00356 7d a".split()
) | st.sampled_from('()"-:.\\ \0“*v<>=,\ud800éßİ🤖')
any_text = st.text() | st.lists(_pieces, max_size=12).map("".join)


def _error(text: str) -> QueryError | None:
    try:
        parse(text, TODAY)
    except QueryError as error:
        return error
    return None


def read(text: str) -> Query:
    """Return the query of a text that is one; others are no examples."""
    assume(not _error(text))
    return parse(text, TODAY)


@settings(deadline=None, derandomize=True)
@given(any_text)
@example("(" * 10_000)
@example("-(" * 10_000 + "a" + ")" * 10_000)
@example("a " * 5_000)
@example('"' + "\\" * 9_999)
@example("a\0" * 5_000)
@example("a OR " * 2_000)
@example("x:" * 5_000)
@example("🤖" * 10_000)
@example("is:" + "🤖" * 10_000)
@example("date:" + "1" * 10_000)
def test_any_text_is_a_query_or_an_error_inside_it(text: str) -> None:
    error = _error(text)
    if error:
        assert 0 <= error.at <= len(text)
        assert len(error.problem) < 200
    else:
        query = parse(text, TODAY)
        assert parse(to_text(query), TODAY) == query


@settings(deadline=None, derandomize=True)
@given(query_texts)
def test_a_printed_query_parses_to_itself(text: str) -> None:
    query = read(text)
    assert parse(to_text(query), TODAY) == query


@settings(deadline=None, derandomize=True, max_examples=60)
@given(
    st.lists(query_texts, min_size=5, max_size=8),
    st.lists(st.tuples(papers, marks, announcements), min_size=5, max_size=8),
)
def test_the_fast_evaluator_answers_as_the_plain_one(
    asked: list[str], library: list[tuple[Paper, Marks, list[tuple[Section, date]]]]
) -> None:
    prepared = [document(*kept) for kept in library]
    for query in [parse(text, TODAY) for text in asked if not _error(text)]:
        found = list(map(matcher(query), prepared))
        assert found == [evaluate(query, *kept) for kept in library]


@settings(deadline=None, derandomize=True)
@given(query_texts)
def test_what_is_highlighted_is_in_the_query(text: str) -> None:
    query = read(text)
    assert all(term.wordings and repr(term) in repr(query) for term in highlights(query))


@settings(deadline=None, derandomize=True)
@given(any_text, st.integers(0, 60))
def test_completing_never_fails_and_replaces_text_before_the_cursor(text: str, cursor: int) -> None:
    cursor = min(cursor, len(text))
    values = {"cat": CATEGORIES, "tag": TAGS, "au": ["Jin Lee"]}
    found = completions(text, cursor, lambda name: values.get(name, ()))
    assert 0 <= found.start <= found.end == cursor
