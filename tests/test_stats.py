"""What is counted, and that its drawing fits wherever it is shown."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest

from tests.conftest import NOW
from tests.driver import Reader, walk
from tests.past import live
from tui_reader import stats, triage
from tui_reader.config import Config
from tui_reader.model import Paper, PaperId
from tui_reader.store import Store
from tui_reader.text import Mode, cells
from tui_reader.ui.pages import statistics
from tui_reader.ui.row_text import ASCII

ONE, TWO = PaperId("2603.00356"), PaperId("2603.00357")


def papers(*titles: str) -> list[Paper]:
    return [
        Paper(PaperId(f"2603.{number:05}"), title, authors=("Ana Ito", f"Bo {number}"))
        for number, title in enumerate(titles, 1)
    ]


def test_marks_are_counted_on_the_persons_own_day(
    sample: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    evening = datetime(2026, 3, 2, 23, 30, tzinfo=UTC)
    marker = triage.Triage(sample, lambda: evening)
    marker.edit("Skip", [ONE, TWO], triage.skip)
    marker.edit("Unread", [TWO], triage.mark_unread)
    marker.edit("Star", [TWO], triage.star)
    found = sample.stats(NOW)
    day = date(2026, 3, 2)
    assert found.announced == {"cs.DC": {date(2026, 3, 3): 37}}
    assert found.done == {"read": {day: 2}, "skipped": {day: 1}, "starred": {day: 1}}
    assert found.stars == 1


def test_small_words_are_no_terms() -> None:
    assert stats.terms_of(papers("Caches for All", "Maps for Us"), papers("Oh", "for")) == []


def test_terms_are_what_tells_the_stars_from_other_papers() -> None:
    starred = papers("The cache of experts", "A cache for the edge", "On the graphs")
    others = papers("The graphs", "The edge", "On the law", "The sea", "On the experts")
    assert stats.terms_of(starred, [*starred, *others]) == [("cache", 2)]
    assert stats.authors_of(starred) == [("Ana Ito", 3)], "who is on one stands not out"
    assert stats.terms_of([], others) == []


def some() -> Iterator[stats.Stats]:
    day = date(2026, 3, 3)
    yield stats.Stats(day, {}, {name: {} for name in stats.DECISIONS}, 0, (), (), {})
    days = {day - timedelta(days=n): n * n for n in range(0, 400, 3)}
    yield stats.Stats(
        day,
        {"cs.DC": days, "astro-ph.GA": {day: 0}, "math": {}},
        dict.fromkeys(stats.DECISIONS, days),
        123_456,
        [("Ana Ito", 12), ("名" * 60, 1)],
        [("cache", 3)],
        {"for you": [60, 20, 9, 0, 0, 0, 0, 0, 0, 1], "arXiv's order": [9] * 10},
    )


def test_where_stars_stood_is_counted_by_tenths_of_their_day(store: Store) -> None:
    assert stats.tenths([0, 0.05, 0.1, 0.99, 1]) == [2, 1, 0, 0, 0, 0, 0, 0, 0, 2]
    assert not any(map(any, store.stats(NOW).stood.values()))
    live(store)
    store.cache.taste.keep_past()
    found = store.stats(NOW).stood
    assert found == {
        "for you": [84, 0, 0, 0, 0, 0, 0, 0, 0, 0],
        "arXiv's order": [42, 0, 0, 0, 0, 0, 0, 0, 0, 42],
    }


@pytest.mark.parametrize("found", [*some()], ids=["nothing", "much"])
@pytest.mark.parametrize("width", [40, 80, 200])
def test_the_drawing_fits_and_has_an_ascii_form(found: stats.Stats, width: int) -> None:
    for mode in Mode:
        for line in statistics.layout(width, found, mode):
            text = "".join(text for text, _ in line)
            assert cells(text) <= width
            assert mode is not Mode.ASCII or "名" in text or text.translate(ASCII).isascii()


def test_the_statistics_open_on_their_key_and_close_again(sample: Store) -> None:
    async def journey(reader: Reader) -> None:
        await reader.press("s", "#")
        assert "cs.DC" in reader.screen
        assert "starred" in reader.screen
        assert reader.screen.isascii()
        await reader.press("#")
        assert "Token Management" in reader.screen

    walk(sample, journey, config=Config(ascii=True))
