"""When arXiv announces: evenings, weekends, holidays, and the two changes of the clock."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import pytest

from tui_reader import calendar
from tui_reader.calendar import Expected, _Eastern, expected, latest, moment_of, next_after


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=calendar.eastern())


@pytest.fixture(params=["database", "rules"], autouse=True)
def zone(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ask everything twice: with a time zone database, and on a system without one."""
    if request.param == "rules":
        monkeypatch.setattr(calendar, "eastern", _Eastern)
    else:
        pytest.importorskip("zoneinfo")
        try:
            ZoneInfo("America/New_York")
        except ZoneInfoNotFoundError:
            pytest.skip("no time zone database here")


@pytest.mark.parametrize(
    ("now", "newest"),
    [
        ("2026-03-02 19:59", date(2026, 3, 2)),  # Monday, just before
        ("2026-03-02 20:00", date(2026, 3, 3)),
        ("2026-03-06 12:00", date(2026, 3, 6)),
        ("2026-03-06 23:00", date(2026, 3, 6)),  # nothing on Friday evening
        ("2026-03-07 23:00", date(2026, 3, 6)),
        ("2026-03-08 19:59", date(2026, 3, 6)),  # Sunday, the day the clocks change
        ("2026-03-08 20:00", date(2026, 3, 9)),
        ("2026-11-01 20:00", date(2026, 11, 2)),
    ],
)
def test_the_newest_announcement_is_dated_the_day_after_its_evening(now: str, newest: date) -> None:
    assert latest(at(now)) == newest


def test_the_evening_moves_with_daylight_saving_time() -> None:
    assert moment_of(date(2026, 3, 6)).astimezone(UTC).hour == 1
    assert moment_of(date(2026, 3, 9)).astimezone(UTC).hour == 0
    assert moment_of(date(2026, 10, 30)).astimezone(UTC).hour == 0
    assert moment_of(date(2026, 11, 2)).astimezone(UTC).hour == 1


def test_after_a_friday_nothing_can_come_before_sunday_evening() -> None:
    assert next_after(at("2026-11-20 10:00")) == at("2026-11-22 20:00")
    assert next_after(at("2026-11-22 20:00")) == at("2026-11-23 20:00")


def test_around_a_holiday_either_evening_may_be_left_out() -> None:
    assert expected(date(2026, 11, 25)) is Expected.YES
    assert expected(date(2026, 11, 26)) is Expected.PERHAPS
    assert expected(date(2026, 11, 27)) is Expected.PERHAPS
    assert expected(date(2026, 11, 28)) is Expected.NO
    assert calendar.rests(at("2026-11-26 12:00"))
    assert not calendar.rests(at("2026-11-25 12:00"))


def test_now_always_lies_between_the_newest_announcement_and_the_next() -> None:
    now = datetime(2026, 1, 1, tzinfo=UTC)
    while now.year == 2026:
        assert moment_of(latest(now)) <= now < next_after(now)
        now += timedelta(hours=7)


def test_a_year_has_five_announcement_days_a_week() -> None:
    days = list(calendar.days(date(2026, 1, 1), date(2026, 12, 31)))
    assert len(days) == 261
    assert all(day.weekday() < 5 for day in days)


def test_the_rules_agree_with_the_database() -> None:
    try:
        zone = ZoneInfo("America/New_York")
    except ZoneInfoNotFoundError:
        pytest.skip("no time zone database here")
    moment = datetime(2024, 1, 1, tzinfo=UTC)
    while moment.year < 2030:
        assert moment.astimezone(_Eastern()).isoformat() == moment.astimezone(zone).isoformat()
        moment += timedelta(hours=11)
