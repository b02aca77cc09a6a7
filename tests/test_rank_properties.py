"""What holds of scores, whatever the papers."""

import pytest

from tui_reader.rank import Background, Profile, Vector, background

hypothesis = pytest.importorskip("hypothesis")
from hypothesis import given  # noqa: E402
from hypothesis import strategies as st  # noqa: E402

WORDS = st.sampled_from("cache model graph galaxy halo colour serving planar".split())


@st.composite
def vectors(draw: st.DrawFn) -> Vector:
    authors = draw(st.lists(st.sampled_from(["ana silva", "jin lee", "wei chen"]), unique=True))
    counts = draw(st.dictionaries(WORDS, st.integers(1, 4)))
    lines = range(1, max(counts.values(), default=0) + 1)
    words = tuple(tuple(word for word in counts if counts[word] == line) for line in lines)
    return Vector(tuple(authors), words)


VECTORS = vectors()
MANY = st.lists(VECTORS, max_size=6)


@given(MANY, MANY, MANY, VECTORS)
def test_the_reasons_add_up_to_the_score(
    starred: list[Vector], skipped: list[Vector], others: list[Vector], paper: Vector
) -> None:
    profile = Profile(starred, skipped, background(others))
    reasons = profile.reasons(paper)
    assert sum(reason.worth for reason in reasons) == pytest.approx(profile.score(paper), abs=1e-9)
    assert [r.worth for r in reasons] == sorted((r.worth for r in reasons), reverse=True)
    assert all(0 <= reason.stars <= len(starred) for reason in reasons)


@given(MANY, MANY, MANY, VECTORS)
def test_a_profile_that_forgets_is_one_that_never_knew(
    starred: list[Vector], forgotten: list[Vector], others: list[Vector], paper: Vector
) -> None:
    field = background(others)
    profile = Profile([*starred, *forgotten], forgotten, field)
    for each in forgotten:
        profile.star(each, -1)
        profile.skip(each, -1)
    knew_less = Profile(starred, [], field)
    assert profile.score(paper) == pytest.approx(knew_less.score(paper), abs=1e-9)
    assert [r.stars for r in profile.reasons(paper) if r.author] == [
        r.stars for r in knew_less.reasons(paper) if r.author
    ]


@given(MANY)
def test_a_background_reads_back_nearly_as_it_was_written(others: list[Vector]) -> None:
    field = background(others)
    read = Background.read(field.text())
    assert read.papers == field.papers
    assert read.rarity == pytest.approx(field.rarity, rel=1e-3)
    assert read.mean == pytest.approx(field.mean, rel=1e-3)


@given(VECTORS)
def test_any_vector_reads_back_as_it_was_written(vector: Vector) -> None:
    read = Vector.read(vector.text())
    assert (read.authors, read.words) == (vector.authors, vector.words)
