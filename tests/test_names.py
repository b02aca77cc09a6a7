"""Family names as a source tells them, from the file that has them to the one that is written."""

import json
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace

import pytest

from tests.conftest import NOW
from tui_reader import sources
from tui_reader.config import Paths
from tui_reader.export import FORMATS
from tui_reader.model import Item, Name, Paper, PaperId, Reading, row_of
from tui_reader.names import names_of
from tui_reader.sources.common import told
from tui_reader.store import Store

ID = PaperId("2611.00001")
PEOPLE = ("Gabriel García Márquez", "Jan van der Berg", "John Lee Smith, Jr.", "Yun San Chan")
PLAIN = Paper(ID, "A Title", PEOPLE, "An abstract.", ("cs.DC",))

BIBTEX = r"""@misc{a, eprint={2611.00001}, title={A Title},
  author={Garc{\'\i}a M{\'a}rquez, Gabriel
    and van der Berg, Jan and Lee Smith, Jr., John and Chan, Yun San}}"""
OAI = """<?xml version="1.0"?><OAI-PMH><ListRecords><record><metadata><arXiv>
<id>2611.00001</id><title>A Title</title><categories>cs.DC</categories><authors>
<author><keyname>García Márquez</keyname><forenames>Gabriel</forenames></author>
<author><keyname>van der Berg</keyname><forenames>Jan</forenames></author>
<author><keyname>Lee Smith,</keyname><forenames>John</forenames><suffix>Jr.</suffix></author>
<author><keyname>Chan</keyname><forenames>Yun San</forenames></author>
</authors></arXiv></metadata></record></ListRecords></OAI-PMH>"""
SNAPSHOT = json.dumps(
    {
        "id": "2611.00001",
        "title": "A Title",
        "categories": "cs.DC",
        "authors_parsed": [
            ["García Márquez", "Gabriel", ""],
            ["van der Berg", "Jan", ""],
            ["Lee Smith", "John", "Jr."],
            ["Chan", "Yun San", "", "MIT"],
        ],
    }
)
SOURCES = {"BibTeX": BIBTEX, "OAI": OAI, "snapshot": SNAPSHOT}


@pytest.fixture
def store(paths: Paths) -> Iterator[Store]:
    with closing(Store(paths)) as opened:
        yield opened


def read(text: str) -> Reading:
    return sources.read(text.encode(), "papers.json")


@pytest.mark.parametrize("text", SOURCES.values(), ids=SOURCES)
@pytest.mark.parametrize("plain_first", [True, False])
def test_family_names_that_a_source_tells_are_handed_on_whatever_else_is_read(
    store: Store, text: str, plain_first: bool
) -> None:
    plain = Reading("listing page", (), (PLAIN,))
    for reading in [plain, read(text)][:: 1 if plain_first else -1]:
        store.save(reading, NOW)
    store.save(plain, NOW)
    paper = store.papers.at([row_of(ID)])[row_of(ID)]
    wanted = [
        "García Márquez, Gabriel",
        "van der Berg, Jan",
        "Lee Smith, Jr., John",
        "Chan, Yun San",
    ]
    assert f"author={{{' and '.join(wanted)}}}" in "".join(FORMATS["bibtex"][0]([Item(paper)]))
    assert "AU  - Lee Smith, John, Jr.\r\n" in "".join(FORMATS["ris"][0]([Item(paper)]))
    [csl] = json.loads("".join(FORMATS["csl"][0]([Item(paper)])))
    assert csl["author"][:2] == [
        {"family": "García Márquez", "given": "Gabriel"},
        {"family": "Berg", "given": "Jan", "non-dropping-particle": "van der"},
    ]


def test_what_is_written_is_read_with_the_same_parts() -> None:
    parted = tuple(read(BIBTEX).papers[0].parted)
    [again] = read("".join(FORMATS["bibtex"][0]([Item(replace(PLAIN, parted=parted))]))).papers
    assert list(names_of(again)) == list(names_of(replace(PLAIN, parted=parted)))


@pytest.mark.parametrize(
    ("author", "parts", "name"),
    [
        # Initials tell where the family name begins; the given names are those at hand.
        ("Gabriel Garcia Marquez", told("García Márquez", "G."), ("García Márquez", "Gabriel")),
        # Another person of that family name is another person.
        ("Ana Lee Smith", told("Lee Smith", "John"), ("Smith", "Ana Lee")),
        # Who parts names by program takes the last word for the family name.
        ("Claude Le Bris", told("Bris", "Claude Le"), ("Le Bris", "Claude")),
        ("Rosa de los Reyes", told("Reyes", "Rosa de los"), ("de los Reyes", "Rosa")),
        ("Gemini Team", told("Team", "Gemini"), ("Gemini Team", "")),
        ("Barnes and Noble", told("Barnes and Noble"), ("Barnes and Noble", "")),
    ],
)
def test_what_a_source_tells_is_taken_for_the_author_it_tells_of(
    author: str, parts: Name, name: tuple[str, str]
) -> None:
    [found] = names_of(Paper(ID, "A Title", (author,), parted=(parts,)))
    assert (found.last, found.given) == name
