"""Pages of papers that nobody would write: bounded work, no exception, no control character."""

import gzip
from collections.abc import Callable

import pytest

pytest.importorskip("hypothesis")

from hypothesis import given
from hypothesis import strategies as st

from tests.conftest import ROOT
from tests.test_paper_page import article
from tests.test_text_properties import ANY, is_safe
from tests.test_text_tex import calls
from tui_reader.document import FullText, Roll, Spot, TextState, lay_out
from tui_reader.document.values import Look
from tui_reader.sources import paper_page
from tui_reader.text import Mode, cells

FIXTURE = (ROOT / "tests" / "data" / "paper.html").read_text(encoding="utf-8")
FORMULA = '<math alttext="x_{1}^{2}"><semantics><mi>x</mi></semantics></math>'

HOSTILE: dict[str, Callable[[int], str]] = {
    "spans": lambda n: "<p class='ltx_p'>" + "<span>" * n + "x",
    "lists": lambda n: "<ul class='ltx_itemize'><li class='ltx_item'>" * n + "x",
    "own lists": lambda n: "<ol>" + "<li>x" * n,
    "tables": lambda n: "<table class='ltx_tabular'><tr class='ltx_tr'><td class='ltx_td'>" * n,
    "notes": lambda n: "<span class='ltx_note'><span class='ltx_note_content'>a" * n,
    "quotes": lambda n: "<blockquote class='ltx_quote'><p class='ltx_p'>x</p>" * n,
    "headings": lambda n: "<h2 class='ltx_title ltx_title_section'>x</h2>" * n,
    "formulas": lambda n: "<p class='ltx_p'>" + FORMULA * n,
    "unclosed formulas": lambda n: '<math alttext="' * n,
    "formulas without end": lambda n: "<math>" * n,
    "MathML": lambda n: f"<math alttext='\\foo'>{'<mrow>' * n}<mi>x</mi>{'</mrow>' * n}</math>",
    "spans of cells": lambda n: (
        "<table class='ltx_tabular'>"
        + "<tr class='ltx_tr'><td class='ltx_td' colspan='99999' rowspan='9999'>x</td></tr>" * n
    ),
    "columns": lambda n: (
        "<table class='ltx_tabular'><tr class='ltx_tr'>" + "<td class='ltx_td'>words in it</td>" * n
    ),
    "targets": lambda n: "".join(f"<a href='#i{x}'>x</a><i id='i{x}'></i>" for x in range(n)),
}


def drawn(text: FullText, mode: Mode = Mode.UNICODE) -> list[str]:
    roll = Roll(text.passages, 60, mode)
    return [line.text for at in range(len(text.passages)) for line in roll.lines(at)]


@pytest.mark.parametrize("name", HOSTILE)
def test_the_work_for_a_page_grows_as_it_does(name: str) -> None:
    small, large = (article(HOSTILE[name](n)) for n in (200, 800))
    few = calls(lambda: drawn(paper_page.read(small)))
    many = calls(lambda: drawn(paper_page.read(large)))
    assert many < 8 * few + 100_000


@pytest.mark.parametrize(
    "deep", [r"\frac{1}{1+", r"\sqrt{", "{", r"\begin{matrix}a&", "x^{", r"\left("]
)
def test_a_formula_may_be_a_thousand_deep(deep: str) -> None:
    tex = deep * 1000 + "x" + "}" * 1000
    display = f"""<table class="ltx_equation"><tr class="ltx_eqn_row"><td>
<math alttext="{tex.replace("&", "&amp;")}" display="block"></math></td></tr></table>"""
    text = paper_page.read(article(display))
    assert calls(lambda: drawn(text)) < 2_000_000


def test_no_terminal_acts_on_a_text() -> None:
    escape = "&#27;]52;c;UFdO&#7; &#x9b;31m &#155; \x1b[2J &#x202e;abc"
    page = article(f'<p class="ltx_p">{escape}</p><math alttext="\\text{{{escape}}}"></math>')
    assert all(map(is_safe, drawn(paper_page.read(page))))


def test_entities_of_its_own_are_refused() -> None:
    page = b'<!DOCTYPE html [<!ENTITY a "lol">]>' + article("&a;" * 1000)
    assert paper_page.read(page).state is TextState.OTHER


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "latin-1", "cp1252"])
def test_a_page_may_be_in_another_encoding(encoding: str) -> None:
    page = article("<p class='ltx_p'>Un café.</p>").decode().encode(encoding)
    assert drawn(paper_page.read(page)) == ["Un café."]


PIECES = st.one_of(
    st.text(max_size=20),
    st.sampled_from(FIXTURE.replace("<", "\0<").replace(">", ">\0").split("\0")),
)


@ANY
@given(st.lists(PIECES, max_size=60).map("".join), st.integers(10, 100), st.sampled_from(Mode))
def test_any_page_is_a_text_or_none(body: str, width: int, mode: Mode) -> None:
    text = paper_page.read(article(body))
    for passage in text.passages:
        for line in lay_out(passage, width, mode):
            assert is_safe(line.text)
            if line.look in (Look.BODY, Look.NOTE, Look.REFERENCE, Look.CAPTION):
                assert cells(line.text) <= width
    for spot in (Spot(), Roll(text.passages, width, mode).end) if text.passages else ():
        assert Roll(text.passages, width, mode).moved(spot, 0) == spot


@ANY
@given(st.binary(max_size=300))
def test_any_bytes_are_a_text_or_none(page: bytes) -> None:
    assert paper_page.read(page).state in TextState
    assert paper_page.read(gzip.compress(page)).state in TextState


@ANY
@given(st.integers(0, len(FIXTURE)))
def test_a_page_may_end_anywhere(length: int) -> None:
    text = paper_page.read(FIXTURE[:length].encode())
    assert text.state in TextState
    assert all(map(is_safe, drawn(text)))
