"""The tables of texts, traits, features and sorts: a row that is half filled in is told here."""

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from dataclasses import fields as attributes

import pytest

from tui_reader.config import Paths
from tui_reader.fields import FIELDS, OWN, STORED, Field
from tui_reader.model import Marks, Paper, PaperId
from tui_reader.query import Document, document, haystacks
from tui_reader.query.language import (
    CHOICES,
    FEATURES,
    KEYWORDS,
    SORTS,
    TRAITS,
    Feature,
    Sort,
    Trait,
)
from tui_reader.store import Store

PAPERS, MARKS = ({a.name for a in attributes(kind)} for kind in (Paper, Marks))

SOUGHT = [" deep"]


def told_of(known: Sequence[Field]) -> Document:
    """Return a paper of which only these texts are known."""
    texts = {field.of: "Deep" for field in STORED} | {"authors": ("Deep",)}
    paper = Paper(PaperId("2603.00356"), **texts)  # type: ignore[arg-type]
    return document(paper, Marks(), (), haystacks(paper, known))


def lacks(field: Field, columns: dict[str, set[str]]) -> str:
    """Return what a row of the table of texts lacks, as a sentence."""
    named = f"the field {field.name or field.of}"
    holder, known = ("Paper", PAPERS) if field.column else ("Marks", MARKS)
    if not (field.name and field.meaning and field.example):
        return f"{named} needs a name, a meaning and an example"
    if field.of not in known:
        return f"{named}: {holder} has no {field.of}"
    for table, there in columns.items():
        if field.column and field.column not in there:
            return f"{named}: {table} has no column {field.column}; add a migration"
    return ""


def unchosen(choice: Trait | Feature | Sort) -> str:
    """Return what a row of a table of choices lacks, as a sentence."""
    if not (choice.name and choice.meaning):
        return f"{choice.name or choice} needs a name and a meaning"
    if isinstance(choice, Sort):
        wrong = [field.name for field in choice.reads if field not in STORED]
        if wrong:
            return f"sort:{choice.name} reads {wrong}, which arXiv does not send"
        if choice.key and choice.key(told_of(choice.reads), SOUGHT) != choice.key(
            told_of(STORED), SOUGHT
        ):
            return f"sort:{choice.name} looks at texts that its reads do not name"
        return ""
    effect = choice.effect if isinstance(choice, Trait) else None
    if sum(map(bool, (choice.test, choice.mark, effect))) != 1:
        return f"{choice.name} needs a test of the paper, a mark or an effect; and just one"
    if choice.mark and choice.mark not in MARKS:
        return f"{choice.name}: Marks has no {choice.mark}"
    return ""


@pytest.fixture
def columns(paths: Paths) -> dict[str, set[str]]:
    with closing(Store(paths)) as store, closing(sqlite3.connect(store.cache.db.file)) as db:
        return {
            table: {name for _, name, *_ in db.execute(f"PRAGMA table_info({table})")}
            for table in ("haystack", "words")
        }


def test_every_text_is_filled_in(columns: dict[str, set[str]]) -> None:
    assert [told for field in FIELDS if (told := lacks(field, columns))] == []
    assert {*STORED, *OWN} == set(FIELDS)


@pytest.mark.parametrize(
    ("field", "told"),
    [
        (Field("xx", "a word", "", "title"), "the field xx needs a name, a meaning and an example"),
        (Field("xx", "a word", "a", "titel", "title"), "the field xx: Paper has no titel"),
        (Field("xx", "a word", "a", "titel"), "the field xx: Marks has no titel"),
        (
            Field("xx", "a word", "a", "license", "license"),
            "the field xx: haystack has no column license; add a migration",
        ),
    ],
)
def test_what_a_text_lacks_is_told(columns: dict[str, set[str]], field: Field, told: str) -> None:
    assert lacks(field, columns) == told


def test_every_choice_is_filled_in() -> None:
    every: list[Trait | Feature | Sort] = [*TRAITS.values(), *FEATURES.values(), *SORTS.values()]
    assert [told for choice in every if (told := unchosen(choice))] == []
    assert CHOICES.keys() <= KEYWORDS.keys()


@pytest.mark.parametrize(
    ("choice", "told"),
    [
        (
            Trait("old", "is old"),
            "old needs a test of the paper, a mark or an effect; and just one",
        ),
        (Trait("old", "is old", mark="age"), "old: Marks has no age"),
        (Feature("pdf", ""), "pdf needs a name and a meaning"),
        (
            Sort("note", "by note", None, reads=OWN),
            "sort:note reads ['note'], which arXiv does not send",
        ),
        (
            Sort("title", "by title", SORTS["title"].key),
            "sort:title looks at texts that its reads do not name",
        ),
    ],
)
def test_what_a_choice_lacks_is_told(choice: Trait | Feature | Sort, told: str) -> None:
    assert unchosen(choice) == told


def test_no_name_stands_for_two_keywords() -> None:
    names = [name for key in KEYWORDS.values() for name in (key.name, *key.also)]
    assert len(names) == len(set(names))
