"""The text of a paper, from arXiv's HTML: what it holds, and what state it is in."""

import gzip
import json
import os
import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import NOW, ROOT, Cli
from tui_reader import full_text
from tui_reader.config import Paths
from tui_reader.document import FullText, TextState, lay_out
from tui_reader.model import PaperId
from tui_reader.sources import paper_page
from tui_reader.text import plain_formula

CORPUS = ROOT.parent / "shared" / "corpus" / "html"
SAMPLES = sorted(folder.parent.name for folder in CORPUS.glob("*/truth.json"))
needs_corpus = pytest.mark.skipif(not SAMPLES, reason="no corpus beside the repository")


def page(name: str) -> bytes:
    return gzip.decompress((CORPUS / name).read_bytes())


def read(name: str) -> tuple[FullText, dict[str, Any]]:
    truth = json.loads((CORPUS / name / "truth.json").read_text())
    return paper_page.read(page(f"{name}/paper.html.gz")), truth


def article(body: str, *, title: str = "A Title") -> bytes:
    """Return a page as arXiv's converter makes it."""
    heading = f'<h1 class="ltx_title ltx_title_document">{title}</h1>' if title else ""
    return f"""<!DOCTYPE html><html><head><base href="/html/2401.00001v2/"></head><body>
<div class="ltx_page_content"><article class="ltx_document">{heading}{body}</article></div>
</body></html>""".encode()


def drawn(body: str, width: int = 60) -> str:
    text = paper_page.read(article(body))
    lines = [line.text for passage in text.passages for line in lay_out(passage, width)]
    return "\n".join(lines)


@needs_corpus
@pytest.mark.parametrize("name", SAMPLES)
def test_all_that_a_sample_holds_is_found(name: str) -> None:
    text, truth = read(name)
    headings = [
        (each["number"], _shown(each["text"]), each["level"], each["id"] or "")
        for each in truth["headings"]
        if each["kind"] != "abstract"
    ]
    assert [(x.number, x.title, x.level, x.id) for x in text.passages if x.heading] == headings
    labels = truth["figure_labels"] + truth["table_labels"] + truth["float_labels"]
    assert text.counts == {
        "equations": truth["display_equations"],
        "figures": sum(label.startswith("Figure") for label in labels),
        "tables": sum(label.startswith("Table") for label in labels),
        "references": truth["bibitems"],
        "footnotes": truth["footnotes"],
        "errors": truth["ltx_ERROR"],
    }
    wanted = set(truth["ref_targets"]) - set(truth["ref_targets_missing"])
    lines = [line for passage in text.passages for line in lay_out(passage, 80)]
    assert wanted <= {name for line in lines for name in line.ids}
    assert wanted <= text.targets.keys()


def _shown(text: str) -> str:
    return re.sub(r"\$([^$]*)\$", lambda formula: plain_formula(formula[1]), text).replace(
        "\xa0", " "
    )


STATES = {
    "synth-math-everything/paper.html.gz": TextState.WHOLE,
    "synth-broken-macros/paper.html.gz": TextState.WHOLE,
    "astro-truncated-no-bib/paper.html.gz": TextState.TRUNCATED,
    "stat-damaged-no-title/paper.html.gz": TextState.DAMAGED,
    "failed/truncated-with-banner.html.gz": TextState.TRUNCATED,
    "failed/404-no-html.html.gz": TextState.NONE,
    "failed/404-not-found.html.gz": TextState.UNKNOWN,
    "failed/fragment-includepdf.html.gz": TextState.FRAGMENT,
    "failed/stub200-fatal-empty.html.gz": TextState.STUB,
    "variants/old-2024-file.html.gz": TextState.WHOLE,
    "variants/old-2024-saved-after-js.html.gz": TextState.WHOLE,
}


@needs_corpus
@pytest.mark.parametrize(("name", "state"), STATES.items())
def test_states_are_told_apart(name: str, state: TextState) -> None:
    text = paper_page.read(page(name))
    assert text.state is state
    assert text.id.startswith("240")


@needs_corpus
def test_generations_of_a_page_read_alike() -> None:
    newest, _ = read("synth-math-everything")
    for variant in "old-2024-file", "old-2024-saved-after-js":
        older = paper_page.read(page(f"variants/{variant}.html.gz"))
        assert (older.id, older.version, older.counts) == ("2401.99901", 1, newest.counts)
        assert [x.heading for x in older.passages] == [x.heading for x in newest.passages]


@needs_corpus
def test_an_old_page_of_html_is_read_by_simple_rules(tmp_path: Path, cli: Cli) -> None:
    file = tmp_path / "2404.00903.html"
    file.write_bytes(page("failed/native-1999.html.gz"))
    assert cli(f"import {file}").lines[0].startswith("text of 2404.00903, native")
    found = json.loads(cli("text 2404.00903 --json").out)
    assert (found["state"], found["title"]) == ("native", "A Synthetic Survey of Nothing")
    assert [x["number"] for x in found["sections"]] == ["1.", "2.", ""]
    assert "Naïve café ö, x₁², α < 3." in cli("text 2404.00903").out


@needs_corpus
def test_a_saved_page_is_imported_and_written(paths: Paths, cli: Cli) -> None:
    answer = cli(f"import {CORPUS / 'synth-ml-everything' / 'paper.html.gz'}")
    assert answer.lines == ["text of 2402.99902v2, whole", "1 of 1 paper new to the cache."]
    assert [file.name for file in (paths.data / "html").iterdir()] == ["2402.99902v2.html.gz"]
    stored = json.loads(cli("show 2402.99902 --json").out)
    assert stored["title"]
    assert stored["abstract"]
    told = json.loads(cli("text 2402.99902 --json").out)
    assert list(told) == [
        "id", "version", "state", "title", "sections", "equations", "figures", "tables",
        "references", "footnotes", "errors",
    ]  # fmt: skip
    assert told["sections"][0] == {"number": "1", "title": "Introduction", "level": 1, "id": "S1"}
    written = cli("text 2402.99902 --width 60")
    assert max(map(len, written.out.split("Table 1:")[0].splitlines())) <= 60
    assert r"\beta_{1}=0.9" in cli("text 2402.99902 --tex").out
    assert cli("--ascii text 2402.99902").out.isascii()


def test_a_page_of_another_paper_is_not_taken_for_it() -> None:
    text = paper_page.read(article("<p class='ltx_p'>x</p>"), PaperId("2401.00002"))
    assert text.state is TextState.OTHER


def test_an_answer_that_ends_within_a_tag_is_cut() -> None:
    whole = article("<p class='ltx_p'>Text.</p>" * 200)
    assert paper_page.read(whole[: len(whole) // 2]).state is TextState.CUT


def test_a_sentence_goes_on_after_a_display() -> None:
    equation = """<table class="ltx_equation ltx_eqn_table"><tbody><tr class="ltx_eqn_row">
<td class="ltx_eqn_cell"><math alttext="a=b" display="block"></math></td>
<td class="ltx_eqn_cell ltx_eqn_eqno"><span class="ltx_tag">(1)</span></td></tr></tbody></table>"""
    shown = drawn(
        f"<div class='ltx_para'><p class='ltx_p'>So</p>{equation}<p class='ltx_p'>holds.</p></div>",
        20,
    )
    assert shown == "So\n\n       a = b     (1)\n\nholds."


def test_a_footnote_is_shown_once() -> None:
    note = """<span class="ltx_note ltx_role_footnote" id="footnote1"><sup class="ltx_note_mark">1
</sup><span class="ltx_note_outer"><span class="ltx_note_content"><sup class="ltx_note_mark">1</sup>
<span class="ltx_tag ltx_tag_note">1</span>Here.</span></span></span>"""
    assert drawn(f"<p class='ltx_p'>Text{note} goes on.</p>") == "Text¹ goes on.\n\n1 Here."


def test_a_footnote_of_a_heading_is_not_a_part_of_its_title() -> None:
    heading = """<section id="S1" class="ltx_section"><h2 class="ltx_title ltx_title_section">
<span class="ltx_tag ltx_tag_section">1 </span>Intro<span class="ltx_note ltx_role_footnote">
<sup class="ltx_note_mark">1</sup><span class="ltx_note_outer"><span class="ltx_note_content">
<sup class="ltx_note_mark">1</sup>Here.</span></span></span></h2></section>"""
    assert [x.heading for x in paper_page.read(article(heading)).passages] == ["1 Intro"]
    assert drawn(heading) == "1 Intro¹\n\n1 Here."


@pytest.mark.parametrize(
    ("kind", "label", "counted"),
    [
        ("figure", "Figure 1: ", "figures"),
        ("figure", "Table 3: ", "tables"),
        ("figure", "Abbildung 2", "figures"),
        ("table", "TABLE II", "tables"),
        ("table", "Tabelle 2", "tables"),
        ("figure", "Рис. 1", "figures"),
        ("figure", "(a) ", ""),
        ("float", "Algorithm 1", ""),
    ],
)
def test_figures_and_tables_are_counted_by_what_is_printed(
    kind: str, label: str, counted: str
) -> None:
    caption = f"""<figure class="ltx_{kind}"><figcaption class="ltx_caption">
<span class="ltx_tag ltx_tag_{kind}">{label}</span>A caption.</figcaption></figure>"""
    counts = paper_page.read(article(caption)).counts
    assert {name for name in ("figures", "tables") if counts[name]} == {*counted.split()}


@pytest.mark.parametrize(
    "href", ["javascript:alert(1)", "data:text/html,x", "vbscript:x", "file:///etc/passwd"]
)
def test_no_link_leads_where_a_reader_should_not_be_sent(href: str) -> None:
    text = paper_page.read(article(f'<p class="ltx_p"><a href="{href}">here</a></p>'))
    inlines = [x for p in text.passages for block in p.blocks for x in block.inlines]  # type: ignore[union-attr]
    assert not any(inline.link for inline in inlines)


def test_a_text_that_is_no_text_is_asked_for_again_after_a_day(paths: Paths) -> None:
    gone = b"<html><body><h1>No HTML for '2401.00001v1'</h1></body></html>"
    full_text.keep(paths, gone)
    paper = PaperId("2401.00001")
    [copy] = full_text.copies(paths, paper)
    os.utime(copy.file, (NOW.timestamp(), NOW.timestamp()))
    soon = full_text.load(paths, paper, now=NOW + timedelta(hours=1))
    assert soon
    assert soon.state is TextState.NONE
    assert full_text.load(paths, paper, now=NOW + timedelta(days=2)) is None
