"""What holds of merging and of lines, whatever the changes."""

import tempfile
import unicodedata
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from tests.journal_store import NOW, filters_of, marks_of
from tui_reader.errors import IdError
from tui_reader.model import Effect, Marks, PaperId, SavedFilter, parse_id, row_of
from tui_reader.store.changes import (
    Change,
    Edit,
    Latest,
    Value,
    ValueSet,
    differences,
    marks_with,
    merged,
    value_of,
)
from tui_reader.store.db import Database
from tui_reader.store.journal_line import clean_note, decode, encode, sift
from tui_reader.store.marks import Marked
from tui_reader.text import clean

hypothesis = pytest.importorskip("hypothesis")
from hypothesis import given, settings  # noqa: E402
from hypothesis import strategies as st  # noqa: E402

settings.register_profile("patient", deadline=None)  # a busy machine is no failure
settings.load_profile("patient")

PAPERS = st.sampled_from([PaperId("2603.00356"), PaperId("2603.00357"), PaperId("hep-th/9901001")])
NOTES = st.none() | st.text(max_size=9).map(clean_note)


@st.composite
def value_sets(draw: st.DrawFn) -> ValueSet:
    papers = tuple(draw(st.lists(PAPERS, min_size=1, max_size=3, unique=True)))
    field = draw(st.sampled_from(["starred", "read", "skipped", "note", "tag:moe", "tag:to JJ"]))
    values: st.SearchStrategy[Value] = NOTES if field == "note" else st.booleans()
    return ValueSet(papers, field, draw(values), draw(values))


NAMES = st.sampled_from(["experts", "Jin Lee", "a: b", "é"])
SAVED = st.none() | st.builds(
    SavedFilter, st.text(max_size=9).map(lambda text: clean(text) or "moe"), st.sampled_from(Effect)
)


@st.composite
def kept_filters(draw: st.DrawFn) -> ValueSet:
    edits = {draw(NAMES): (SavedFilter("before"), draw(SAVED))}
    [kept] = differences(Edit("Save", filters=edits))
    return kept


CHANGES = st.builds(
    Change,
    lamport=st.integers(1, 5),  # few, so that they clash, as where a clock was set back
    machine=st.sampled_from(["desk", "lap"]),
    at=st.integers(0, 10**9).map(lambda seconds: NOW + timedelta(seconds=seconds)),
    operation=st.sampled_from(["Star", "Note"]),
    sets=st.lists(
        value_sets() | kept_filters(), max_size=3, unique_by=lambda s: (s.papers, s.name)
    ).map(tuple),
    undoes=st.none() | st.tuples(st.integers(1, 9), st.just("desk")),
    redoes=st.none(),
)
MARKS = st.builds(
    Marks,
    st.booleans(),
    st.booleans(),
    st.booleans(),
    st.frozensets(st.sampled_from(["moe", "survey", "to JJ"])),
    NOTES,
)


@given(st.lists(CHANGES, max_size=8), st.randoms(use_true_random=False))
def test_merging_in_any_order_and_twice_gives_the_same_state(
    changes: list[Change], chance: "st.DataObject"
) -> None:
    # One change sets a field of a paper once.
    changes = [
        c
        for c in changes
        if len({(p, s.name) for s in c.sets for p in s.papers})
        == sum(len(s.papers) for s in c.sets)
    ]
    shuffled = [*changes, *changes[::2]]
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    state = merged(changes)
    assert merged(shuffled) == state
    assert merged(changes, state) == state
    one_by_one: Latest = {}
    for change in shuffled:
        one_by_one = merged([change], one_by_one)
    assert one_by_one == state


@settings(max_examples=60)
@given(st.lists(CHANGES, max_size=8), st.integers(0, 8))
def test_the_table_of_marks_says_what_the_journals_come_to(changes: list[Change], at: int) -> None:
    with tempfile.TemporaryDirectory() as folder, closing(Database(Path(folder) / "c")) as db:
        table = Marked(db)
        for some in (changes[:at], changes[at:], changes[:2]):
            table.merge(merged(some), {})
        state = merged(changes)
        marks = marks_of(state)
        kept = {name: saved for name, saved in table.filters().items() if saved}
        assert kept == filters_of(state)
        rows = {row_of(paper): paper for paper, _ in state}
        found = {rows[row]: each for row, each in table.at(list(rows)).items()}
        assert {paper: each for paper, each in found.items() if each != Marks()} == marks
        assert table.stamped() == state
        for field in ("starred", "skipped"):
            held = {paper for paper, each in marks.items() if getattr(each, field)}
            assert {rows[row] for row in table.rows(field)} == held
        table.pending = merged(changes)
        assert table.at(list(rows)) == {row: found[paper] for row, paper in rows.items()}


@settings(max_examples=60)
@given(st.lists(CHANGES, max_size=8), st.integers(0, 8))
def test_taken_over_at_once_marks_are_the_same_as_one_by_one(
    changes: list[Change], at: int
) -> None:
    with tempfile.TemporaryDirectory() as folder, closing(Database(Path(folder) / "c")) as db:
        one, other = Marked(db), Marked(Database(Path(folder) / "d"))
        one.merge(merged(changes), {})
        pieces = (sift(b"".join(map(encode, some))) for some in (changes[:at], changes[at:]))
        other.merge_all((piece, {}) for piece in pieces)
        assert one.stamped() == other.stamped() == merged(changes)
        for field in ("starred", "skipped"):
            assert one.rows(field) == other.rows(field)


@given(CHANGES)
def test_any_change_reads_back_as_it_was_written(change: Change) -> None:
    read = decode(encode(change)[:-1])
    assert isinstance(read, Change)
    assert merged([read]) == merged([change])
    assert (read.id, read.at, read.operation, read.undoes) == (
        change.id,
        change.at,
        change.operation,
        change.undoes,
    )


@given(st.text(max_size=20))
def test_a_note_is_cleaned_once_for_all(text: str) -> None:
    note = clean_note(text)
    assert clean_note(note) == note
    odd = {unicodedata.category(char) for char in note if char not in "\n\t"}
    assert not odd & {"Cc", "Cs", "Co", "Zl", "Zp"}


@settings(max_examples=300)
@given(st.binary(max_size=80))
def test_any_bytes_are_a_change_or_damage(line: bytes) -> None:
    with pytest.raises(ValueError, match="checksum"):
        decode(line)


@given(MARKS)
def test_marks_are_the_sum_of_their_fields(marks: Marks) -> None:
    fields = ["starred", "read", "skipped", "note", *(f"tag:{tag}" for tag in marks.tags)]
    assert marks_with(Marks(), {field: value_of(marks, field) for field in fields}) == marks


@given(st.lists(CHANGES, max_size=5))
def test_papers_without_marks_are_left_out(changes: list[Change]) -> None:
    assert Marks() not in marks_of(merged(changes)).values()


@given(st.from_regex(r"[0-9]{4}\.[0-9]{4,5}", fullmatch=True))
def test_an_identifier_in_a_journal_is_one_that_arxiv_can_have_given_out(text: str) -> None:
    try:
        canonical = parse_id(text)[0] == text
    except IdError:
        canonical = False
    change = Change(1, "desk", NOW, "Star", (ValueSet((PaperId(text),), "read", False, True),))
    if canonical:
        assert decode(encode(change)[:-1]) == change
    else:
        with pytest.raises(ValueError, match=r"canonical|not a change"):
            decode(encode(change)[:-1])
