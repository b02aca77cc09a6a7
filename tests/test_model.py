import pytest

from tui_reader.errors import IdError
from tui_reader.model import PaperId, paper_at, parse_id, row_of


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
    ],
)
def test_an_identifier_is_read_in_every_form_people_type(
    typed: str, id_: str, version: int | None
) -> None:
    assert parse_id(typed) == (id_, version)


@pytest.mark.parametrize(
    "typed",
    [
        "", "hello", "2603", "2603.", "26033.00356", "2603.00356v0", "2603.00000", "2613.00001",
        "2600.00001", "9107.0001", "0703.0001", "0704.12345", "foo/9901001", "math/0704001",
        "hep-th/9106001", "2603.٣٤٥٦٧", "10.1000/2603.00356",
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
