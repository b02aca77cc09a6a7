"""What speaks for a paper: learned from stars and skips."""

import pytest

from tui_reader import rank
from tui_reader.model import Paper, PaperId
from tui_reader.rank import Background, Profile, Vector, background, vector

TOPICS = {
    "cache": "The key value cache of a language model is compressed while it serves requests",
    "graph": "Planar graphs of bounded degree have a colouring with five colours",
    "galaxy": "Dwarf galaxies around the Milky Way lose their gas to its halo",
}


def paper(topic: str, number: int = 1, authors: tuple[str, ...] = ()) -> Paper:
    return Paper(
        PaperId(f"2603.{number:05}"), f"On {topic} {number}", authors, abstract=TOPICS[topic]
    )


def vectors(*topics: str) -> list[Vector]:
    return [vector(paper(topic, number)) for number, topic in enumerate(topics)]


@pytest.fixture
def field() -> Background:
    return background(vectors(*TOPICS, *TOPICS, *TOPICS))


def test_what_is_like_the_stars_comes_first_and_what_is_like_the_skips_last(
    field: Background,
) -> None:
    profile = Profile(vectors("cache", "cache"), vectors("galaxy"), field)
    galaxy, graph, cache = map(profile.score, vectors("galaxy", "graph", "cache"))
    assert cache > graph > galaxy


def test_the_reasons_are_the_words_and_authors_that_the_stars_share(field: Background) -> None:
    starred = [vector(paper("cache", number, ("Jin Lee", "Ana Silva"))) for number in range(2)]
    profile = Profile([*starred, *vectors("cache")], [], field)
    reasons = profile.reasons(vector(paper("cache", 9, ("Ana Silva", "Wei Chen"))))
    [author] = [reason for reason in reasons if reason.author]
    assert (author.name, author.stars) == ("ana silva", 2)
    assert {"cache", "compressed"} <= {reason.name for reason in reasons if reason.stars == 3}
    assert "of" not in {reason.name for reason in reasons}


def test_authors_alone_can_speak_for_a_paper(field: Background) -> None:
    profile = Profile([vector(paper("cache", 1, ("Jin Lee",)))], [], field)
    known, unknown = (vector(paper("graph", 2, (name,))) for name in ("Jin Lee", "J. Bond"))
    assert profile.score(known) > profile.score(unknown)


@pytest.mark.parametrize(
    "odd",
    [
        Paper(PaperId("2603.00001"), ""),
        Paper(PaperId("2603.00001"), "12 + 7 = $19$", ("",), abstract=""),
        Paper(PaperId("2603.00001"), "  ", ("\u200b", "et al."), abstract="\n\n"),
    ],
)
def test_a_paper_without_words_has_a_vector_too(odd: Paper, field: Background) -> None:
    made = vector(odd)
    assert Vector.read(made.text()) == made
    assert Profile([made], [made], background([made])).score(vector(paper("cache"))) == 0
    assert Profile([made], [], field).score(made) <= rank.AUTHOR_WEIGHT


def test_no_stars_and_no_background_are_no_error() -> None:
    profile = Profile([], [], background([]))
    assert profile.score(vector(paper("cache"))) == 0
    assert profile.reasons(vector(paper("cache"))) == []


def test_a_vector_is_small_and_reads_back_as_it_was_written() -> None:
    made = vector(paper("cache", 1, ("Erd\u0151s, P.", "Ana  Silva", "Ana Silva")))
    assert made.authors == ("erdos p", "ana silva")
    assert Vector.read(made.text()) == made
    assert len(made.text()) < 2 * len(TOPICS["cache"])
    assert "cache" in made.words[rank.TITLE_WEIGHT], "in the title and once in the abstract"
