import pytest

from tui_reader.errors import IdError
from tui_reader.model import PaperId, named_ids, paper_at, parse_id, row_of


@pytest.mark.parametrize(
    ("typed", "id_", "version"),
    [
        ("2603.00356", "2603.00356", None),
        ("2603.00356v2", "2603.00356", 2),
        (" arXiv:2603.00356 ", "2603.00356", None),
        ("ARXIV: 2603.356V12", "2603.00356", 12),
        ("https://arxiv.org/abs/2603.00356v1", "2603.00356", 1),
        ("http://export.arxiv.org/pdf/2603.00356v1.pdf", "2603.00356", 1),
        ("arxiv.org/html/2603.00356?x=1#S2", "2603.00356", None),
        ("https://doi.org/10.48550/arXiv.2603.00356", "2603.00356", None),
        ("oai:arXiv.org:hep-th/9901001", "hep-th/9901001", None),
        ("0704.22", "0704.0022", None),
        ("HEP-TH/9901001v3", "hep-th/9901001", 3),
        ("math.GT/0309136", "math/0309136", None),
        ("arXiv:hep-th/1601.07616", "1601.07616", None),
        ("cs.LG/2603.00356v2", "2603.00356", 2),
        ("doi:10.48550/arXiv.2603.00356", "2603.00356", None),
        ("DOI: https://doi.org/10.48550/ARXIV.2603.00356.", "2603.00356", None),
        ("arXiv:2603.00356 [cs.LG]", "2603.00356", None),
        ("arXiv:2603.00356v2  [cs.LG]  2 Mar 2026", "2603.00356", 2),
        ("2603.00356 (math-ph)", "2603.00356", None),
        ("arXiv preprint arXiv:2603.00356,", "2603.00356", None),
        ("eprint arXiv:2603.00356", "2603.00356", None),
        ("CoRR abs/2603.00356", "2603.00356", None),
        ("http://xxx.lanl.gov/abs/hep-th/9711200", "hep-th/9711200", None),
        ("http://arxiv.org:80/abs/cs.AI/0301001v1", "cs/0301001", 1),
        ("https://arxiv.org/abs/hep-th%2F9711200", "hep-th/9711200", None),
        ("https://ar5iv.labs.arxiv.org/html/2603.00356", "2603.00356", None),
        ("https://ar5iv.org/abs/2603.00356", "2603.00356", None),
        ("https://www.alphaxiv.org/overview/2603.00356v1", "2603.00356", 1),
        ("https://huggingface.co/papers/2603.00356", "2603.00356", None),
        ("https://scirate.com/arxiv/2603.00356", "2603.00356", None),
        ("https://dblp.org/rec/journals/corr/abs-2603-00356", "2603.00356", None),
        ("https://ui.adsabs.harvard.edu/abs/2026arXiv260300356L/abstract", "2603.00356", None),
        ("https://arxiv-org.proxy.lib.edu/abs/2603.00356", "2603.00356", None),
        ("https://www.google.com/url?q=https://arxiv.org/abs/2603.00356&sa=D", "2603.00356", None),
        ("https://arxiv.org/ftp/arxiv/papers/2603/2603.00356.pdf", "2603.00356", None),
        ("https://arxiv.org/src/2603.00356v1/anc", "2603.00356", 1),
        ("<https://arxiv.org/abs/2603.00356>", "2603.00356", None),
        ("(arXiv:2603.00356).", "2603.00356", None),
        ("[A title](https://arxiv.org/abs/2603.00356)".replace(" ", "_"), "2603.00356", None),
        (r"\href{https://arxiv.org/abs/2603.00356}{arXiv:2603.00356}", "2603.00356", None),
        ("2603.00356v3.tar.gz", "2603.00356", 3),
        ("\ufeff2603.00356\u200b", "2603.00356", None),
        ("arXiv：2603.00356", "2603.00356", None),
        ("hep‑th/9711200", "hep-th/9711200", None),
        ("hep-th 9711200", "hep-th/9711200", None),
        ("hep-th:9711200", "hep-th/9711200", None),
        ("https://dblp.org/rec/journals/corr/cs-AI-0102001", "cs/0102001", None),
        ("abs-cs-0102001", "cs/0102001", None),
        ("arXiv:hep-th/9901001v1 1 Jan 1999", "hep-th/9901001", 1),
        ("2603.00356, v2", "2603.00356", 2),
        ("2603.00356 (1).pdf", "2603.00356", None),
        ("2603.00356 [cs.DC], 2026", "2603.00356", None),
        ("~/Downloads/2603.00356v2.pdf", "2603.00356", 2),
        ("file:///home/me/my papers/2603.00356.pdf", "2603.00356", None),
        ("https://www.emergentmind.com/papers/2603.00356", "2603.00356", None),
        ("https://www.themoonlight.io/paper/2603.00356", "2603.00356", None),
        ("https://export.arxiv.org/api/query?id_list=2603.00356", "2603.00356", None),
        ("arXiv e-prints, arXiv:2603.00356", "2603.00356", None),
        ("arXiv preprint arXiv:2603.00356v1 (2026)", "2603.00356", 1),
        ("preprint arXiv 2603.00356 [cs.LG]", "2603.00356", None),
        ("arXiv:2603.00356 https://arxiv.org/abs/2603.00356", "2603.00356", None),
        ("[A title: of it](https://arxiv.org/abs/2603.00356)", "2603.00356", None),
        ("[2603.00356v2] A Title: Of A Paper", "2603.00356", 2),
        ("eprint = {2603.00356},", "2603.00356", None),
        (r"\cite{2603.00356}", "2603.00356", None),
    ],
)
def test_an_identifier_is_read_in_every_form_people_type(
    typed: str, id_: str, version: int | None
) -> None:
    assert parse_id(typed) == (id_, version)


def test_the_identifiers_that_a_text_names_are_found_and_bare_numbers_are_not() -> None:
    text = "See arXiv:2603.00356v2, 2603.00357, math.GT/0309136 (10.1103/1706.03762)."
    assert list(named_ids(text)) == [("2603.00356", 2), ("math/0309136", None)]


@pytest.mark.parametrize(
    "typed",
    [
        "", "hello", "2603", "2603.", "26033.00356", "2603.00356v0", "2603.00000", "2613.00001",
        "2600.00001", "9107.0001", "0703.0001", "0704.12345", "foo/9901001", "math/0704001",
        "hep-th/9106001", "10.1000/2603.00356", "foo/2603.00356",
        "2603.00356 2603.00357", "see 2603.00356", "arXiv:2603.00356 and more", "cs.LG",
        "https://arxiv.org/list/cs.LG/recent", "https://example.org/2603.00356",
        "arxiv.org/abs/2603.00356/arxiv.org/abs/2603.00357", "arxiv" * 200_000,
    ],
)  # fmt: skip
def test_what_arxiv_can_not_have_given_out_is_refused_by_name(typed: str) -> None:
    with pytest.raises(IdError, match="arXiv"):
        parse_id(typed)


@pytest.mark.parametrize(
    "id_", ["acc-phys/9411002", "hep-th/9901999", "math/0703999", "0704.0001", "1412.9999",
            "1501.00001", "2603.99999", "9012.00001"],
)  # fmt: skip
def test_a_row_number_gives_its_paper_back(id_: str) -> None:
    assert paper_at(row_of(PaperId(id_))) == id_


def test_row_numbers_are_chronological() -> None:
    ids = ["hep-th/9108001", "math/9912001", "hep-th/0001001", "cs/0703999", "0704.0001",
           "1412.9999", "1501.00001", "2603.00356"]  # fmt: skip
    rows = [row_of(PaperId(id_)) for id_ in ids]
    assert rows == sorted(rows)


@pytest.mark.parametrize("follows", ["/" * 200 + ":é", "[a" * 200 + "!?é"])
def test_what_follows_an_identifier_is_looked_through_once(follows: str) -> None:
    with pytest.raises(IdError):  # at once: looking through it in every way would take years
        parse_id("2603.00356" + follows)
