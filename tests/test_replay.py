"""The past gone through again, and what it says of the part that may be passed over."""

import pytest

from tui_reader.rank import Background, Vector
from tui_reader.rank.replay import (
    BEST,
    LOST_OF,
    Measured,
    Passable,
    Past,
    PastDay,
    Star,
    by_chance,
    measured,
    passable,
    replay,
)

BACKGROUND = Background(100, {}, {})
NOTHING = frozenset[int]()


def about(word: str) -> Vector:
    return Vector((), ((word, "paper"),))


def stars(*places: int, size: int = 100) -> list[Star]:
    return [Star(9, size, place, 0) for place in places]


def test_each_day_is_ranked_by_what_was_starred_before_it() -> None:
    past = PastDay([(row, about("cache")) for row in range(5)], frozenset(range(5)), NOTHING)
    day = PastDay([(11, about("galaxy")), (12, about("graph")), (13, about("cache"))],
              frozenset({11, 13}), NOTHING)  # fmt: skip
    assert replay([day], BACKGROUND).stars == []
    assert replay([past, day], BACKGROUND).stars == [Star(5, 3, 1, 0), Star(5, 3, 0, 2)]
    likes = PastDay([(14, about("galaxy")), (15, about("cache"))], frozenset({14}), NOTHING)
    assert replay([past, day, likes], BACKGROUND).stars[-1] == Star(7, 2, 1, 0)


def test_an_order_is_measured_by_where_the_stars_stand() -> None:
    best = measured(stars(0, 1, 2, 3), lambda star: star.place)
    assert best == pytest.approx((1, 1, 1, 1))
    worst = measured(stars(96, 97, 98, 99), lambda star: star.place)
    assert worst == Measured(0, 0, 0, 0)
    assert measured(stars(9, 10, 19, 49), lambda star: star.place)[:3] == (0.25, 0.75, 1)
    assert measured([], lambda star: star.place) == Measured(0, 0, 0, 0)


def test_chance_is_what_all_orders_come_to_on_average() -> None:
    two = stars(0, 1, size=3)
    expected = by_chance(two).ndcg
    orders = [(0, 1), (0, 2), (1, 2)]
    found = [measured(stars(*order, size=3), lambda star: star.place).ndcg for order in orders]
    assert sum(found) / 3 == pytest.approx(expected)
    assert BEST == 20


@pytest.mark.parametrize(
    ("past", "expected"),
    [
        ([], None),
        (stars(*[10] * 79), None),
        (stars(*[10] * 80), Passable(0.89, 80, 0)),
        (stars(*[10] * 79, 60), Passable(0.39, 80, 0)),
        (stars(*[10] * 199, 60), Passable(0.89, 200, 1)),
        (stars(*[99] * 200), None),
    ],
)
def test_no_more_is_passed_over_than_the_past_allows(
    past: list[Star], expected: Passable | None
) -> None:
    assert passable(Past(past)) == expected


def test_the_promise_is_one_star_in_fifty_whatever_was_lost() -> None:
    for number in range(80, 900, 40):
        found = passable(Past(stars(*range(0, 100, 7), *[5] * number)))
        assert found is None or found.lost <= found.stars / LOST_OF


def test_a_day_that_was_passed_over_counts_by_its_samples_alone() -> None:
    past = PastDay([(row, about("cache")) for row in range(5)], frozenset(range(5)), NOTHING)
    papers = [(row, about("galaxy" if row % 2 else "cache")) for row in range(11, 21)]
    passed = PastDay(papers, frozenset({12, 13}), NOTHING, False, frozenset({13, 15, 17}))
    assert replay([past, passed], BACKGROUND) == Past([], [(0, 0)] * 5, 3, 1)
    seen = replay([past, passed._replace(whole=True)], BACKGROUND)
    assert (len(seen.stars), seen.samples) == (2, 0)


def test_a_sample_that_was_starred_is_a_star_that_was_lost() -> None:
    assert passable(Past(stars(*[10] * 80), samples=9)) == Passable(0.89, 80, 0, 9)
    assert passable(Past(stars(*[10] * 80), samples=9, samples_starred=1)) is None
    assert passable(Past(stars(*[10] * 199), samples=9, samples_starred=1)) == Passable(
        0.89, 199, 0, 9, 1
    )


def test_the_steps_say_how_much_of_them_was_starred() -> None:
    past = PastDay([(row, about("cache")) for row in range(5)], frozenset(range(5)), NOTHING)
    usual = [*map(about, ["galaxy"] * 9), about("cache")]
    day = PastDay([(11, about("galaxy")), (12, about("cache")), (13, about("cache"))],
                  frozenset({13}), NOTHING)  # fmt: skip
    found = replay([past, day], BACKGROUND, usual)
    assert found.steps == [(0, 0), (0, 0), (1, 0), (0, 0), (2, 1)]
    assert Past.read(found.text()) == found
    assert Past.read("") == Past([], [])
