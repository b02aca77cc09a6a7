"""Exported papers, as other programs read them."""

import csv
import importlib
import io
import json
import os
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import SAMPLE
from tui_reader import export, sources
from tui_reader.export import FORMATS, bibtex_text, keys
from tui_reader.model import Announced, Item, Marks, Name, Paper, PaperId, Section, Version
from tui_reader.names import name_of

CORPUS = Path(__file__).parents[2] / "shared" / "corpus" / "metadata" / "papers-2025.jsonl.gz"

SPARE = Paper(
    PaperId("2603.00357"),
    "SPARe: Stacked Parallelism for 100k+ GPUs",
    ("Jin Lee", "Zhonghao Chen"),
    "Failures become the norm.\n\nWe mask them.",
    ("cs.DC", "eess.SY"),
)
OLD = Paper(
    PaperId("hep-th/9901001"),
    r"Erd\H{o}s & the 5% of $\mathcal{N}=2$",
    ("Ludwig van der Berg", "ATLAS Collaboration", "Robert W. Heath, Jr."),
    categories=("hep-th",),
    journal_ref="Nucl. Phys. B 76 (2001) 1999",
    doi="10.1000/a_b{c}, 10.1000/second",
    versions=(Version(1, datetime(1998, 12, 31, tzinfo=UTC)),),
    authors_omitted=5,
    msc_class="11A41, 14H52",
)
BARE = Paper(PaperId("0704.0022"), "")


def written(form: str, *papers: Paper) -> str:
    return "".join(FORMATS[form][0](map(Item, papers)))


def reader(name: str) -> Any:
    """Return an independent reader of a form; it may be missing, but not in CI."""
    return importlib.import_module(name) if "CI" in os.environ else pytest.importorskip(name)


def everything() -> list[Paper]:
    """Return the papers of the sample listing, and some hundred real ones where they are."""
    reading = sources.read(SAMPLE.read_bytes(), SAMPLE.name)
    papers = [entry.paper for listing in reading.listings for entry in listing.entries]
    if CORPUS.exists():
        import gzip

        with gzip.open(CORPUS) as file:
            some = b"".join(line for number, line in enumerate(file) if number % 50 == 0)
        papers += sources.read(some, "papers.jsonl").papers
    unique = {paper.id: paper for paper in papers if paper.id != SPARE.id}
    return [*unique.values(), SPARE, OLD, BARE]


# Independent readers


def test_a_bibtex_program_reads_every_paper() -> None:
    parse = reader("pybtex.database").parse_string
    papers = everything()
    library = parse(written("bibtex", *papers), "bibtex")
    names = keys(papers)
    assert len(library.entries) == len(papers)
    for paper in papers:
        entry = library.entries[names[paper.id]]
        others = bool(paper.authors) and paper.authors_omitted != 0
        assert entry.fields["eprint"] == paper.id
        assert len(entry.persons.get("author", ())) == len(paper.authors) + others


def test_a_bibtex_program_parts_names_as_we_do() -> None:
    library = reader("pybtex.database").parse_string(written("bibtex", OLD), "bibtex")
    berg, atlas, heath, others = library.entries["berg1998erdos"].persons["author"]
    assert (berg.first_names, berg.prelast_names, berg.last_names) == (
        ["Ludwig"], ["van", "der"], ["Berg"],
    )  # fmt: skip
    assert atlas.last_names == ["{ATLAS Collaboration}"]
    assert heath.lineage_names == ["Jr."]
    assert str(others) == "others"


@pytest.mark.parametrize(
    ("author", "bib", "ris", "csl"),
    [
        ("Minh Le Nguyen", "Minh Le Nguyen", "Minh Le Nguyen", {"literal": "Minh Le Nguyen"}),
        (
            "Flor Plaza-del-Arco",
            "{Plaza-del-Arco}, Flor",
            "Plaza-del-Arco, Flor",
            {"family": "Plaza-del-Arco", "given": "Flor"},
        ),
        ("Inclusion AI", "{Inclusion AI}", "Inclusion AI", {"literal": "Inclusion AI"}),
    ],
)
def test_an_unsure_name_is_written_as_it_stands_and_a_whole_one_is_kept_whole(
    author: str, bib: str, ris: str, csl: dict[str, str]
) -> None:
    one = paper("2603.00001", "A Report", author)
    assert f"author={{{bib}}}" in written("bibtex", one)
    assert f"AU  - {ris}\r\n" in written("ris", one)
    assert json.loads(written("csl", one))[0]["author"] == [csl]


def test_a_ris_program_reads_every_paper() -> None:
    papers = everything()
    read = reader("rispy").loads(written("ris", *papers))
    assert [entry["title"] for entry in read] == [export.title(paper) for paper in papers]
    assert not [entry for entry in read if "unknown_tag" in entry]
    berg = read[-2]
    assert berg["authors"] == [
        "van der Berg, Ludwig", "ATLAS Collaboration", "Heath, Robert W., Jr.", "others",
    ]  # fmt: skip
    assert (berg["type_of_reference"], berg["year"]) == ("JOUR", "2001")


def test_a_citation_processor_cites_every_paper() -> None:
    citeproc, source = reader("citeproc"), reader("citeproc.source.json")
    papers = everything()[-40:]
    items = source.CiteProcJSON(json.loads(written("csl", *papers)))
    style = citeproc.CitationStylesStyle("harvard-cite-them-right", validate=False)
    bibliography = citeproc.CitationStylesBibliography(style, items, citeproc.formatter.plain)
    for name in keys(papers).values():
        bibliography.register(citeproc.Citation([citeproc.CitationItem(name)]))
    cited = [str(line) for line in bibliography.bibliography()]
    assert len(cited) == len(papers)
    assert any(
        line.startswith("Lee, J. and Chen, Z. (2026) “SPARe: Stacked Parallelism for 100k+ GPUs”.")
        for line in cited
    )


def test_csv_has_a_row_of_the_same_width_for_every_paper() -> None:
    papers = everything()
    heading, *rows = csv.reader(io.StringIO(written("csv", *papers), newline=""))
    assert {len(row) for row in rows} == {len(heading)}
    assert [row[2] for row in rows] == [export.title(paper) for paper in papers]


# BibTeX


def test_bibtex_is_as_arxiv_writes_it() -> None:
    assert written("bibtex", SPARE) == (
        "@misc{lee2026spare,\n"
        "      title={{SPARe: Stacked Parallelism for 100k+ GPUs}},\n"
        "      author={Lee, Jin and Chen, Zhonghao},\n"
        "      year={2026},\n"
        "      eprint={2603.00357},\n"
        "      archivePrefix={arXiv},\n"
        "      primaryClass={cs.DC},\n"
        "      url={https://arxiv.org/abs/2603.00357},\n"
        "}\n\n"
    )


def test_a_published_paper_is_an_article_of_the_year_of_its_journal() -> None:
    assert written("bibtex", OLD) == (
        "@article{berg1998erdos,\n"
        "      title={{Erd\\H{o}s \\& the 5\\% of $\\mathcal{N}=2$}},\n"
        "      author={van der Berg, Ludwig and {ATLAS Collaboration} and Heath, Jr., Robert W."
        " and others},\n"
        "      journal={Nucl. Phys. B 76 (2001) 1999},\n"
        "      year={2001},\n"
        "      eprint={hep-th/9901001},\n"
        "      archivePrefix={arXiv},\n"
        "      primaryClass={hep-th},\n"
        "      doi={10.1000/a_b%7Bc%7D},\n"
        "      url={https://arxiv.org/abs/hep-th/9901001},\n"
        "}\n\n"
    )


def test_of_a_paper_that_is_not_stored_the_identifier_is_written() -> None:
    assert "@misc{arxiv0704.0022,\n      year={2007},\n      eprint={0704.0022}," in written(
        "bibtex", BARE
    )
    assert written("plain", BARE) == "arXiv:0704.0022 (2007).\n"
    assert "TI  - arXiv:0704.0022\r\n" in written("ris", BARE)
    assert json.loads(written("csl", BARE))[0]["title"] == "arXiv:0704.0022"
    assert written("markdown", BARE).startswith("- [arXiv:0704.0022](https://arxiv.org/abs/0704.")


@pytest.mark.parametrize(
    ("source", "tex"),
    [
        ("Vision & Language at 100%", r"Vision \& Language at 100\%"),
        ("from $5 to $10 a #token_id", r"from \$5 to \$10 a \#token\_id"),
        (r"$a_1^2 \& 5%$ and \alpha", r"$a_1^2 \& 5\%$ and \alpha"),
        ("H_{2}O, M^3Detection", r"H\textsubscript{2}O, M\textsuperscript{3}Detection"),
        (r"\'Etale {\bf sets} \{0, 1\}", r"\'Etale {\bf sets} \{0, 1\}"),
        (r"a } b { c \{ d", r"a \rbrace  b \lbrace  c \lbrace  d"),
        (r"{a \{ b} \}", r"{a \{ b} \}"),
        ("ends in \\", r"ends in \textbackslash{}"),
        ("AT&amp;T &lt;1", r"AT\&T <1"),
        ("Fig.~1, ~100 at http://a.b/~c", (r"Fig.~1, \textasciitilde{}100 at "
         r"http://a.b/\textasciitilde{}c")),
        (r"$\begin{matrix} a & b \end{matrix}$", r"$\begin{matrix} a & b \end{matrix}$"),
        ("2~3 of 5~GeV", r"2\textasciitilde{}3 of 5~GeV"),
        ("Ωmega, 漢字 and Erdős", "Ωmega, 漢字 and Erdős"),
    ],
)  # fmt: skip
def test_tex_stays_and_all_else_is_escaped(source: str, tex: str) -> None:
    assert bibtex_text(source) == tex


# Names


@pytest.mark.parametrize(
    ("author", "name"),
    [
        ("Jin Lee", Name("Lee", "Jin")),
        ("Ludwig van der Berg", Name("Berg", "Ludwig", "van der")),
        ("Luc Van Gool", Name("Van Gool", "Luc")),
        ("V. De la Luz", Name("De la Luz", "V.")),
        ("Hervé Le Borgne", Name("Le Borgne", "Hervé")),
        ("Riccardo La Grassa", Name("La Grassa", "Riccardo")),
        ("Oisin Mac Aodha", Name("Mac Aodha", "Oisin")),
        ("Blaise Agüera y Arcas", Name("Agüera y Arcas", "Blaise")),
        ("João da Costa e Silva", Name("Costa e Silva", "João", "da")),
        ("Dáibhidh Ó Luinín", Name("Ó Luinín", "Dáibhidh")),
        ("Eva St. John", Name("St. John", "Eva")),
        ("Mauro Dalla Mura", Name("Dalla Mura", "Mauro")),
        ("Le Minh Nguyen", Name("Nguyen", "Le Minh")),
        ("Minh Le Nguyen", Name("", "Minh Le Nguyen")),
        ("Pham Van Anh", Name("", "Pham Van Anh")),
        ("Inclusion AI", Name("Inclusion AI")),
        ("Qi Ai", Name("Ai", "Qi")),
        ("BigScience Workshop", Name("BigScience Workshop")),
        ("Eyened Reading Center", Name("Eyened Reading Center")),
        ("Microsoft Research", Name("Microsoft Research")),
        ("Di Wu", Name("Wu", "Di")),
        ("Quoc V. Le", Name("Le", "Quoc V.")),
        ("Hal Daumé III", Name("Daumé", "Hal", "", "III")),
        ("Robert W. Heath, Jr.", Name("Heath", "Robert W.", "", "Jr.")),
        ("Lee, Jin", Name("Lee", "Jin")),
        ("Krishnan V. R.", Name("Krishnan", "V. R.")),
        ("C.Klein", Name("Klein", "C.")),
        (r"P\'al Erd\H{o}s", Name("Erdős", "Pál")),
        ("H.E.S.S. Collaboration", Name("H.E.S.S. Collaboration")),
        ("The ATLAS Collaboration", Name("The ATLAS Collaboration")),
        ("5 Team", Name("5 Team")),
        ("Qwen", Name("Qwen")),
        ("李明", Name("李明")),
        ("The Anh Han", Name("Han", "The Anh")),
        ("van Gogh", Name("van Gogh")),
        ("A, B, C", Name("A, B, C")),
        ("", Name("")),
    ],
)
def test_names_are_parted_and_groups_stay_whole(author: str, name: Name) -> None:
    assert name_of(author) == name


# Keys


def paper(id_: str, title: str, *authors: str) -> Paper:
    return Paper(PaperId(id_), title, authors)


@pytest.mark.parametrize(
    ("given", "key"),
    [
        (paper("2603.00001", "The SPARe of $\\delta$", "Jin Lee"), "lee2026spare"),
        (paper("2603.00001", "On $\\delta$-rings", "Anne O'Brien"), "obrien2026delta"),
        (paper("2603.00001", "A Report", "The ATLAS Collaboration"), "atlas2026report"),
        (paper("2603.00001", "A Report", "Luc Van Gool"), "vangool2026report"),
        (paper("2603.00001", "A Report"), "arxiv2026report"),
        (paper("2603.00001", "报告", "李明"), "arxiv2603.00001"),
        (paper("2603.00001", "100 of them", "Özgür Şahin"), "sahin2026them"),
        (paper("math/0309136", "", "Jin Lee"), "leemath0309136"),
    ],
)
def test_keys_are_made_of_name_year_and_first_telling_word(given: Paper, key: str) -> None:
    assert keys([given]) == {given.id: key}


def test_keys_are_unique_whatever_the_order_and_the_oldest_keeps_its_own() -> None:
    papers = [paper(f"2603.0000{number}", "Deep Learning", "Jin Lee") for number in (1, 2, 3)]
    assert keys(papers) == keys(reversed(papers))
    assert list(keys(papers).values()) == [
        "lee2026deep", "lee2026deep-2603.00002", "lee2026deep-2603.00003",
    ]  # fmt: skip


# Lists


def test_markdown_takes_no_text_for_markup() -> None:
    odd = Paper(
        PaperId("2603.00001"), "<b>*a*</b> [x](y) |c| &amp; _d_ ![e]", ("1. Lee", "# Bo"), None, ()
    )
    text = "".join(export.markdown([Item(odd, Marks(note="# one\n- two", tags=frozenset("a")))]))
    assert text == (
        r"- [\<b\>\*a\*\</b\> \[x\](y) \|c\| \& \_d\_ !\[e\]](https://arxiv.org/abs/2603.00001)"
        "  \n  1\\. Lee, # Bo  \n  arXiv:2603.00001 · #a\n\n  > \\# one  \n  > \\- two\n\n"
    )


@pytest.mark.parametrize("title", ["=1+1", "+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)"])
def test_a_spreadsheet_takes_no_text_for_a_formula(title: str) -> None:
    row = list(csv.reader(io.StringIO(written("csv", paper("2603.00001", title)))))[1]
    assert row[2] == f"'{title}"


def test_a_citation_is_one_line_with_ten_authors_at_most() -> None:
    many = paper("2603.00001", "Are We There?", *(f"Jin L{number}" for number in "abcdefghijkl"))
    assert written("plain", many, OLD) == (
        "Jin La, Jin Lb, Jin Lc, Jin Ld, Jin Le, Jin Lf, Jin Lg, Jin Lh, Jin Li, Jin Lj, et al."
        " Are We There? arXiv:2603.00001 (2026).\n"
        "Ludwig van der Berg, ATLAS Collaboration, Robert W. Heath, Jr., et al. Erdős & the 5% of"
        " 𝒩 = 2. Nucl. Phys. B 76 (2001) 1999, arXiv:hep-th/9901001 [hep-th].\n"
    )


def test_json_lines_are_what_list_prints() -> None:
    place = Announced("cs.DC", date(2026, 3, 3), Section.NEW, 2)
    (line,) = export.json_lines([Item(SPARE, Marks(starred=True), (place,))])
    read = json.loads(line)
    assert read["announcements"] == [
        {"category": "cs.DC", "date": "2026-03-03", "section": "new", "position": 2}
    ]
    assert read["marks"]["starred"] is True


def test_no_papers_are_no_mistake_in_any_form() -> None:
    assert json.loads(written("csl")) == []
    assert [written(form) for form in ("bibtex", "ris", "markdown", "jsonl", "plain")] == [""] * 5


def test_a_sheet_tells_all_and_fits_the_width() -> None:
    marks = Marks(starred=True, tags=frozenset({"to-read"}), note="costs $5 and $6")
    place = Announced("cs.DC", date(2026, 3, 3), Section.NEW, 2)
    text = export.sheet(Item(OLD, marks, (place,)), 40)
    assert max(map(len, text.splitlines())) <= 40
    for told in (
        "Erdős & the 5%",
        "5 more",
        "MSC classes: 11A41",
        "cs.DC 2026-03-03 (new)",
        "#to-read",
        "$5 and $6",
    ):
        assert told in text
    assert "(no abstract known)" in export.sheet(Item(BARE))
