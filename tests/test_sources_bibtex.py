"""BibTeX as people have it: each file in tests/data/bibtex is of a kind that lost something."""

import re
import time
from collections.abc import Mapping
from contextlib import suppress

import pytest

from tests.conftest import ROOT
from tui_reader import sources
from tui_reader.errors import SourceError
from tui_reader.model import Paper, Reading
from tui_reader.sources import bibtex

DATA = ROOT / "tests" / "data" / "bibtex"


def read(name: str) -> Reading:
    return sources.read((DATA / f"{name}.bib").read_bytes(), name)


def by_id(name: str) -> Mapping[str, Paper]:
    return {paper.id: paper for paper in read(name).papers}


def test_an_entry_ends_at_its_brace_or_parenthesis_wherever_that_stands() -> None:
    reading = read("one-line")
    assert [paper.title for paper in reading.papers] == ["One", "Two", "Three", "Four"]
    assert not reading.problems


def test_strings_are_put_in_and_values_are_joined() -> None:
    (paper,) = read("joined").papers
    assert paper.authors == ("Ann Bo", "C. De")
    assert paper.title == 'The {"}first and the second half'


def test_names_are_parted_and_ordered_as_bibtex_does() -> None:
    papers = by_id("people")
    assert papers["2611.00001"].authors == (
        "Ann Bo, Jr.", "Cy De", "Dee and Ef Group", "Hal van der Gee", r"{\'E}mile Jot",
        "Lu Kay", "Max and Nil",
    )  # fmt: skip
    assert papers["2611.00001"].authors_omitted is None
    assert (papers["2611.00002"].authors, papers["2611.00002"].authors_omitted) == (
        ("Ann Bo",),
        None,
    )
    assert papers["2611.00003"].authors == ("Bo de la Cruz III", r"J{\"o}rg M{\"u}ller")


def test_the_parts_of_names_are_kept_where_they_are_told() -> None:
    parts = by_id("people")["2611.00001"].parted
    assert [(name.last, name.given, name.suffix) for name in parts] == [
        ("Bo", "Ann", "Jr."), ("Dee and Ef Group", "", ""), ("van der Gee", "Hal", ""),
        ("Kay", "Lu", ""), ("Max and Nil", "", ""),
    ]  # fmt: skip
    assert parts[2].particle == "van der"
    assert by_id("people")["2611.00004"].authors == (
        "Ann Bo", "Cy De", "Ed Ef", "Al Gee, Jr.", r"Gabriel Garc{\'\i}a M{\'a}rquez",
    )  # fmt: skip
    assert [name.family for name in by_id("people")["2611.00004"].parted] == [
        "Gee", r"Garc{\'\i}a M{\'a}rquez",
    ]  # fmt: skip


def test_a_paper_that_is_only_mentioned_is_not_taken() -> None:
    reading = read("mentions")
    assert [paper.id for paper in reading.papers] == ["2611.00001"]
    assert reading.problems == ("1 of its 2 entries names no arXiv identifier",)


def test_an_entrys_own_identifier_is_found_in_every_field_that_gives_it() -> None:
    reading = read("where")
    assert [paper.id for paper in reading.papers] == [
        "2611.00001", "2611.00002", "2611.00003", "hep-th/9901001", "2611.00005", "2611.00006",
        "hep-th/9901002", "math/0309136", "2611.00009", "2611.00010", "2611.00011", "2611.00012",
        "2611.00013", "2611.00014",
    ]  # fmt: skip
    assert reading.problems == ("2 of its 16 entries name no arXiv identifier",)


def test_what_programs_write_is_read_as_they_meant_it() -> None:
    papers = by_id("programs")
    assert [paper.title for paper in papers.values()] == [
        r"A title with $\alpha_1$ in it", "Zotero", "ADS", "DBLP", "INSPIRE", "A key",
    ]  # fmt: skip
    assert list(papers) == [f"2611.0000{at}" for at in range(1, 7)]
    assert [name.family for name in papers["2611.00001"].parted] == [
        "Bo", "van der Gee", r"D{\'{i}}az Jot",
    ]  # fmt: skip
    assert papers["2611.00003"].authors == ("Ann Bo", "LIGO Scientific Collaboration", "P. O'De")
    assert papers["2611.00003"].authors_omitted is None
    assert papers["2611.00004"].authors == ("Ann Bo", "Cy De")


def test_a_fault_costs_no_other_entry_and_is_named() -> None:
    reading = read("faults")
    papers = {str(paper.id): paper.title for paper in reading.papers}
    assert list(papers) == [f"2611.0000{at}" for at in range(1, 10)]
    assert (papers["2611.00004"], papers["2611.00007"]) == ("No comma", "Twice")
    (problem,) = reading.problems
    assert re.findall(r"'(\w+)'", problem) == ["open", "shut", "quote", "empty", "cut"]
    assert problem.startswith("5 entries are damaged")


@pytest.mark.parametrize("name", ["cp1252", "unsaid"])
def test_a_file_of_8_bits_is_read_as_what_it_says_or_as_western(name: str) -> None:
    (paper,) = read(name).papers
    assert (paper.title, paper.authors) == ("Über Größen", ("Jörg Müller",))
    assert ("Windows-1252" in "".join(read(name).problems)) == (name == "unsaid")


def test_other_encodings_are_read_where_they_are_named_and_mixed_lines_each_as_it_is() -> None:
    (paper,) = read("gbk").papers
    assert (paper.title, paper.authors) == ("深度学习", ("三 张",))
    assert {paper.title for paper in read("mixed").papers} == {"Größe"}


ENDLESS = {
    "strings of strings": "@string{a = {xxxxxxxx}}"
    + "".join(f"@string{{a{at} = a # a}} @string{{a = a{at}}}" for at in range(99))
    + "@misc{k, eprint={2611.00001}, title=a # a98 # a97}" * 2000,
    "never closed": "@a{k,\n t={x\n t={x}\n ) " * 40_000,
    "never closed in a line": "@a{k, t={x} " * 100_000,
    "quotes": '@a{k, t="x ' * 100_000,
    "only starts": "@a{" * 300_000,
    "commented": "% @a{" * 200_000,
    "braces": "@a{k, t=" + "{" * 1_000_000,
    "joints": "@a{k, t=" + "x # " * 300_000,
    "names": "@misc{k, eprint={2611.00001}, author={" + "a and " * 200_000 + "}}",
    "blanks": "@misc{k, eprint={2611.00001}, author={a" + " " * 300_000 + "}" + " " * 300_000 + "}",
}


@pytest.mark.parametrize("kind", ENDLESS)
def test_no_bibtex_takes_time_without_end(kind: str) -> None:
    started = time.process_time()
    with suppress(SourceError):
        bibtex.read(ENDLESS[kind], "file")
    assert time.process_time() - started < 10
