"""Whatever a paper's texts are, each form holds exactly the papers it was given."""

import csv
import io
import json
import re

import pytest

pytest.importorskip("hypothesis")

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.test_export import reader
from tui_reader import export
from tui_reader.export import FORMATS, bibtex_text, keys
from tui_reader.model import Item, Marks, Paper, paper_at
from tui_reader.names import name_of
from tui_reader.store.journal_line import clean_note
from tui_reader.text import clean, clean_block, plain

HOSTILE = [
    "@misc{x,", "}\n\n@article{y, title={z}}", '", author="', "\\", "\\\\", "{", "}", "\\{", "\\}",
    "$", "$$", "\\(", "\\)", "\\begin{matrix}", "%", "&", "#", "~", "^", "_", "^{", " and ",
    "\r\nER  - \r\nTY  - JOUR", "TI  - ", '"', ",", ";", "\n", "\r", "=1+1", "@SUM", "</script>",
    "[x](y)", "<b>", "`", "*", "![", "\u2028", "\x85", "\x1b[31m", "\x1b]0;t\x07", "\u202e",
    "\ud800", "\uffff", "漢", "e\u0301", "von", "Jr.", "others", "Collaboration", "10.1/x", "http://a.b/~c",
]  # fmt: skip
ODD = st.lists(st.sampled_from(HOSTILE) | st.text(max_size=3), max_size=8).map("".join)
LINES = ODD.map(clean)
BLOCKS = ODD.map(clean_block)
PAPERS = st.builds(
    Paper,
    st.integers(0, 5000).map(lambda number: paper_at(422 << 17 | number + 1)),
    LINES,
    st.lists(LINES.filter(bool), max_size=3).map(tuple),
    st.none() | BLOCKS,
    st.sampled_from([(), ("cs.DC",), ("math.AG", "hep-th")]),
    comments=st.none() | LINES,
    journal_ref=st.none() | LINES,
    doi=st.none() | LINES,
    authors_omitted=st.sampled_from([0, 3, None]),
)
MARKS = st.builds(
    Marks, tags=st.frozensets(LINES.filter(bool), max_size=2), note=ODD.map(clean_note)
)
NOTHING = st.just(())
ITEMS = st.lists(
    st.builds(Item, PAPERS, MARKS, NOTHING, NOTHING, NOTHING),
    max_size=3,
    unique_by=lambda item: item.paper.id,
)


def written(form: str, items: list[Item]) -> str:
    return "".join(FORMATS[form][0](items))


def balanced(text: str, brace: str) -> bool:
    depth = 0
    for found in re.finditer(brace, text):
        depth += 1 if found[0] == "{" else -1
        if depth < 0:
            return False
    return not depth


@given(ODD)
@settings(deadline=None, max_examples=300)
def test_braces_balance_whether_or_not_a_reader_counts_escaped_ones(source: str) -> None:
    tex = "{" + bibtex_text(source) + "}"
    assert balanced(tex, r"[{}]")
    assert balanced(tex, r"(?<!\\)[{}]")
    assert "\n" not in tex


@given(ITEMS)
@settings(deadline=None)
def test_bibtex_holds_its_papers(items: list[Item]) -> None:
    parse = reader("pybtex.database").parse_string
    library = parse(written("bibtex", items), "bibtex")
    papers = {item.paper.id: item.paper for item in items}
    assert {entry.fields["eprint"] for entry in library.entries.values()} == set(papers)
    for entry in library.entries.values():
        paper = papers[entry.fields["eprint"]]
        others = bool(paper.authors) and paper.authors_omitted != 0
        assert len(entry.persons.get("author", ())) == len(paper.authors) + others


@given(ITEMS)
@settings(deadline=None)
def test_ris_holds_its_papers(items: list[Item]) -> None:
    read = reader("rispy").loads(written("ris", items))
    assert [entry["id"] for entry in read] == [
        keys([*_papers(items)])[p.id] for p in _papers(items)
    ]
    assert not [entry for entry in read if "unknown_tag" in entry]
    assert [" ".join(entry["title"].split()) for entry in read] == [
        export.title(paper) for paper in _papers(items)
    ]


@given(ITEMS)
@settings(deadline=None)
def test_json_and_csv_hold_their_papers(items: list[Item]) -> None:
    titles = [export.title(paper) for paper in _papers(items)]
    assert [item["title"] for item in json.loads(written("csl", items))] == titles
    lines = written("jsonl", items).splitlines()
    assert [json.loads(line)["id"] for line in lines] == [paper.id for paper in _papers(items)]
    rows = list(csv.reader(io.StringIO(written("csv", items), newline="")))[1:]
    assert [row[0] for row in rows] == [paper.id for paper in _papers(items)]
    assert [row[2].removeprefix("'") for row in rows] == [t.removeprefix("'") for t in titles]
    assert not [cell for row in rows for cell in row if cell.startswith(("=", "+", "-", "@"))]


@given(ITEMS)
@settings(deadline=None)
def test_a_citation_is_one_line_each(items: list[Item]) -> None:
    assert len(written("plain", items).splitlines()) == len(items)


@given(ITEMS)
@settings(deadline=None)
def test_markdown_is_text_and_one_link_a_paper(items: list[Item]) -> None:
    parser = reader("markdown_it").MarkdownIt("commonmark").enable(["table", "strikethrough"])
    blocks = parser.parse(written("markdown", items))
    inline = [token for block in blocks for token in block.children or ()]
    assert {token.type for token in blocks} <= {
        f"{kind}_{end}"
        for kind in ("bullet_list", "list_item", "paragraph", "blockquote")
        for end in ("open", "close")
    } | {"inline"}
    assert {token.type for token in inline} <= {
        "text", "text_special", "softbreak", "hardbreak", "link_open", "link_close",
    }  # fmt: skip
    assert [token.attrs["href"] for token in inline if token.type == "link_open"] == [
        export.url(paper) for paper in _papers(items)
    ]


@given(LINES)
def test_a_name_loses_no_letter(author: str) -> None:
    name = name_of(author)
    assert sorted("".join(name).replace(" ", "").replace(",", "")) == sorted(
        " ".join(plain(author).split()).replace(" ", "").replace(",", "")
    )


def _papers(items: list[Item]) -> list[Paper]:
    return [item.paper for item in items]
