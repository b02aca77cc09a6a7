"""Syncing with a small arXiv of our own, over a real socket; only clock and waits are injected."""

import errno
import fcntl
import json
import os
import re
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from tests import arxiv_server
from tests.arxiv_server import CORPUS, Answer, Item, World, busy
from tests.conftest import save_filters
from tui_reader import calendar, sync
from tui_reader.cli import run
from tui_reader.config import Paths
from tui_reader.errors import Cancelled, ConfigError, FetchError, SourceError
from tui_reader.fetch import Client
from tui_reader.following import follow, followed, unfollow
from tui_reader.model import Effect, PaperId, SavedFilter, Section
from tui_reader.store import Kind, Known, Operation, Store, View
from tui_reader.sync import DayState, Outcome, Standing, Step
from tui_reader.sync.harvest import set_of
from tui_reader.triage import Triage, star

MON, TUE, WED, THU, FRI = (date(2026, 3, day) for day in range(2, 7))
CATEGORY = "math.CO"
Capture = pytest.CaptureFixture[str]


@dataclass
class Clock:
    """Time that passes only by waiting."""

    seconds: float

    def __call__(self) -> float:
        return self.seconds

    def wait(self, seconds: float) -> None:
        self.seconds += seconds

    def now(self) -> datetime:
        return datetime.fromtimestamp(self.seconds, UTC)

    def set(self, text: str) -> None:
        """Set it to an hour in US Eastern time."""
        at = datetime.fromisoformat(text).replace(tzinfo=calendar.eastern())
        self.seconds = at.timestamp()


@dataclass
class Desk:
    """A person's program, and the arXiv it talks to."""

    clock: Clock
    world: World
    store: Store
    base: str
    followed: dict[str, date | None]
    progress: list[Step] = field(default_factory=list)
    cancelled: bool = False

    def client(self) -> Client:
        return Client(
            self.store.paths.state,
            self.base,
            now=self.clock,
            wait=self.clock.wait,
            cancelled=lambda: self.cancelled,
        )

    def sync(self, *, force: bool = False) -> Outcome:
        """Sync; return the outcome of the first category."""
        return self.sync_all(force=force)[0]

    def sync_all(self, *, force: bool = False) -> list[Outcome]:
        report = self.progress.append
        return sync.run(
            self.store, self.client(), self.followed, self.clock.now, report, force=force
        )

    def announce(self, day: date, *sections: int, category: str = CATEGORY) -> list[Item]:
        """Let arXiv announce so many new, cross-listed and replaced papers."""
        names = (
            section for section, size in zip(Section, sections, strict=False) for _ in range(size)
        )
        number = 100 * day.day + sum(map(ord, category)) % 89 * 1000
        items = [Item(f"2603.{number + at:05}", name) for at, name in enumerate(names)]
        self.world.listings[category, day] = items
        return items

    def stored(self, day: date, category: str = CATEGORY) -> int:
        return len(self.store.contents(View(Kind.LISTING, category, day)).rows)

    def known(self, day: date, category: str = CATEGORY) -> Known:
        cells = {cell[:2]: cell for cell in self.store.listings.ledger(day)}
        return cells.get((category, day), Known(category, day))


@pytest.fixture
def desk(store: Store) -> Iterator[Desk]:
    """A program that follows one category since Monday; it is Tuesday, 9 in the evening before."""
    clock = Clock(0.0)
    clock.set("2026-03-02 21:00")
    world = World(clock.now)
    with arxiv_server.serving(world) as base:
        yield Desk(clock, world, store, base, {CATEGORY: TUE})


def test_the_newest_announcement_is_stored_complete(desk: Desk) -> None:
    desk.announce(TUE, 3, 2, 1)
    outcome = desk.sync()
    assert (outcome.state, outcome.day, outcome.entries) == (DayState.COMPLETE, TUE, 6)
    assert desk.known(TUE).complete
    assert desk.world.hits == ["/list/math.CO/new"]


def test_nothing_is_asked_twice(desk: Desk) -> None:
    desk.announce(TUE, 3)
    desk.sync()
    outcome = desk.sync()
    assert outcome.state is DayState.CURRENT
    assert outcome.says == (
        "Nothing can be new before Tuesday 20:00 US Eastern (Wednesday 01:00 your time)."
    )
    assert len(desk.world.hits) == 1


def test_forced_it_asks_all_the_same(desk: Desk) -> None:
    desk.announce(TUE, 3)
    desk.sync()
    assert desk.sync(force=True).state is DayState.COMPLETE
    assert len(desk.world.hits) == 2


def test_missed_days_are_caught_up_on_newest_first(desk: Desk) -> None:
    for day in (TUE, WED, THU, FRI):
        desk.announce(day, 2, 1)
    desk.clock.set("2026-03-07 10:00")
    outcome = desk.sync()
    assert (outcome.state, outcome.missing, outcome.entries) == (DayState.COMPLETE, (), 12)
    assert desk.world.hits == [
        "/list/math.CO/new",
        "/catchup/math.CO/2026-03-05?abs=True",
        "/catchup/math.CO/2026-03-04?abs=True",
        "/catchup/math.CO/2026-03-03?abs=True",
    ]


def test_on_a_weekend_nothing_new_can_exist(desk: Desk) -> None:
    desk.announce(TUE, 1)
    desk.followed = {CATEGORY: FRI}
    desk.announce(FRI, 1)
    desk.clock.set("2026-03-07 10:00")
    desk.sync()
    outcome = desk.sync()
    assert outcome.state is DayState.RESTING
    assert "Sunday 20:00 US Eastern" in outcome.says


def test_a_quiet_day_is_asked_for_once_more_before_it_counts_as_complete(desk: Desk) -> None:
    assert desk.sync().state is DayState.UNCONFIRMED
    assert not desk.known(TUE).complete
    desk.clock.wait(3500)
    assert desk.sync().state is DayState.UNCONFIRMED
    assert len(desk.world.hits) == 1
    desk.clock.wait(100)
    assert desk.sync().state is DayState.QUIET
    assert desk.known(TUE).complete
    desk.clock.wait(3600)
    assert desk.sync().state is DayState.QUIET
    assert len(desk.world.hits) == 2


@pytest.mark.parametrize("forced", [False, True])
def test_silence_for_a_moment_costs_no_day(desk: Desk, forced: bool) -> None:
    """One "No updates today." under the new date, which arXiv keeps for five minutes."""
    silent = Answer(200, desk.world.new(CATEGORY, 0))
    desk.announce(TUE, 50)
    if forced:
        desk.sync()
    desk.world.fault = lambda path: silent if "/list/" in path else None
    assert desk.sync(force=forced).state is not DayState.QUIET
    assert desk.stored(TUE) == (50 if forced else 0)
    desk.world.fault = lambda path: None
    desk.clock.wait(12 * 3600)
    desk.sync()
    assert desk.stored(TUE) == 50
    assert desk.known(TUE).complete


@pytest.mark.parametrize("left", [0, 3, 49])
def test_a_stored_day_becomes_emptier_only_by_two_readings(desk: Desk, left: int) -> None:
    items = desk.announce(TUE, 50)
    desk.sync()
    desk.world.listings[CATEGORY, TUE] = items[:left]
    outcome = desk.sync(force=True)
    assert outcome.state is DayState.BEHIND
    assert "50 are stored, which stay" in outcome.says
    desk.clock.wait(1800)
    desk.sync(force=True)
    assert desk.stored(TUE) == 50
    desk.clock.wait(1800)
    desk.sync(force=True)
    assert desk.stored(TUE) == left


def test_an_announcement_that_is_late_is_no_quiet_day(desk: Desk) -> None:
    desk.announce(MON, 2)
    desk.announce(TUE, 3)
    desk.world.delay[TUE] = timedelta(hours=2)
    outcome = desk.sync()
    assert outcome.state is DayState.NOT_YET
    assert desk.stored(MON) == 2  # what /new showed is not thrown away
    assert not desk.known(TUE).complete
    desk.clock.wait(60 * 5)
    assert desk.sync().state is DayState.NOT_YET
    assert len(desk.world.hits) == 1  # only five minutes later
    desk.clock.wait(3600 * 2)
    assert desk.sync().state is DayState.COMPLETE


def test_an_announcement_that_is_very_late_is_arxivs_fault(desk: Desk) -> None:
    desk.announce(MON, 2)
    desk.world.delay[TUE] = timedelta(hours=20)
    desk.clock.set("2026-03-03 09:00")
    outcome = desk.sync()
    assert outcome.state is DayState.BEHIND
    assert "Monday 2 March" in outcome.says


def test_a_holiday_is_found_by_asking_once_for_all_categories(desk: Desk) -> None:
    thanksgiving, friday, monday = (date(2026, 11, day) for day in (26, 27, 30))
    desk.world.closed = {friday}
    desk.followed = {CATEGORY: thanksgiving, "cs.DC": thanksgiving, "cs.LG": thanksgiving}
    for category in desk.followed:
        desk.announce(thanksgiving, 2, category=category)
        desk.announce(monday, 2, category=category)
    desk.clock.set("2026-11-25 21:00")
    assert {outcome.state for outcome in desk.sync_all()} == {DayState.COMPLETE}
    desk.clock.set("2026-11-26 21:00")
    desk.world.hits.clear()
    assert {outcome.state for outcome in desk.sync_all()} == {DayState.RESTING}
    assert desk.world.hits == ["/list/math.CO/new"]
    desk.clock.set("2026-11-29 21:00")
    desk.sync_all()
    desk.clock.wait(3600)
    outcomes = desk.sync_all()
    assert {outcome.missing for outcome in outcomes} == {()}
    assert all(outcome.state.settled for outcome in outcomes)
    assert desk.known(friday).state == DayState.RESTING


def test_a_holiday_in_a_busy_category_is_one_in_all(desk: Desk) -> None:
    first, friday = date(2026, 11, 23), date(2026, 11, 27)
    desk.world.closed = {friday}
    desk.followed = {CATEGORY: first, "cs.DC": first, "cs.LG": first}
    for day in range(23, 27):
        for category in desk.followed:
            desk.announce(date(2026, 11, day), 12, category=category)
    desk.clock.set("2026-11-25 21:00")
    desk.sync_all()
    desk.clock.set("2026-11-29 21:00")
    desk.sync_all()
    desk.clock.wait(3600)
    outcomes = desk.sync_all()
    assert {outcome.missing for outcome in outcomes} == {()}
    assert [hit for hit in desk.world.hits if str(friday) in hit] == [
        "/catchup/math.CO/2026-11-27?abs=True"
    ] * 2


def test_while_arxivs_databases_are_behind_one_category_tells_it(desk: Desk) -> None:
    desk.followed = {CATEGORY: TUE, "cs.DC": TUE}
    for category in desk.followed:
        desk.announce(TUE, 5, category=category)
        desk.world.missing[category, TUE] = 2
    assert {outcome.state for outcome in desk.sync_all()} == {DayState.PARTIAL}
    desk.clock.wait(3600)
    desk.sync_all()
    assert desk.world.hits[-1] == "/list/math.CO/new"
    assert len(desk.world.hits) == 4
    desk.world.missing.clear()
    desk.clock.wait(3600)
    assert {outcome.state for outcome in desk.sync_all()} == {DayState.COMPLETE}


def test_a_busy_arxiv_is_waited_for(desk: Desk) -> None:
    desk.announce(TUE, 3)
    answers = [busy("300")]
    desk.world.fault = lambda path: answers.pop(0) if answers else None
    start = desk.clock()
    assert desk.sync().state is DayState.COMPLETE
    assert desk.clock() - start >= 300
    waits = [step for step in desk.progress if step.seconds]
    assert waits[0].seconds == pytest.approx(300, abs=1)
    assert "patience" in waits[0].says


def test_a_busy_arxiv_is_never_a_quiet_day_and_the_feed_helps_out(desk: Desk) -> None:
    desk.followed = {CATEGORY: TUE, "cs.DC": TUE}
    desk.announce(TUE, 3, 1, 2)
    desk.announce(TUE, 2, category="cs.DC")
    desk.world.fault = lambda path: busy() if "/list/" in path else None
    outcomes = desk.sync_all()
    assert [(o.state, o.entries) for o in outcomes] == [
        (DayState.PARTIAL, 6),
        (DayState.PARTIAL, 2),
    ]
    assert "feed" in outcomes[0].says
    assert not desk.known(TUE).complete
    assert desk.world.hits == ["/rss/math.CO+cs.DC", "/list/math.CO/new", "/list/cs.DC/new"]
    desk.world.fault = lambda path: None
    desk.clock.wait(3600)
    assert {outcome.state for outcome in desk.sync_all()} == {DayState.COMPLETE}
    assert desk.stored(TUE) == 6


@pytest.mark.parametrize("size", [1, 9, 10, 60])
def test_a_feed_is_believed_without_counts_however_busy_the_category_is(
    desk: Desk, size: int
) -> None:
    for day in (TUE, WED, THU):
        desk.announce(day, size)
    for evening in ("02", "03", "04"):
        desk.clock.set(f"2026-03-{evening} 21:00")
        desk.sync()
    desk.announce(FRI, size)
    desk.world.fault = lambda path: busy() if "/list/" in path else None
    desk.clock.set("2026-03-05 21:00")
    outcome = desk.sync()
    assert (outcome.state, outcome.entries) == (DayState.PARTIAL, size)
    assert desk.stored(FRI) == size
    assert not desk.known(FRI).complete


def test_the_first_papers_of_all_categories_come_with_one_request(desk: Desk) -> None:
    desk.followed = dict.fromkeys(("math.CO", "math.AG", "cs.DC", "hep-th", "econ.GN"), TUE)
    for category in desk.followed:
        desk.announce(TUE, 3, 1, category=category)
    start, stored = desk.clock(), dict[str, float]()

    def note(step: Step) -> None:
        if step.stored:
            stored.setdefault(step.says.partition(",")[0], desk.clock() - start)

    outcomes = sync.run(desk.store, desk.client(), desk.followed, desk.clock.now, note)
    assert stored == dict.fromkeys(desk.followed, 0.0)
    assert desk.world.hits[0] == "/rss/math.CO+math.AG+cs.DC+hep-th+econ.GN"
    assert {outcome.state for outcome in outcomes} == {DayState.COMPLETE}
    assert [outcome.unknown for outcome in outcomes] == [4] * 5
    assert len(desk.world.hits) == 6


def test_the_feed_of_another_category_is_passed_over(desk: Desk) -> None:
    desk.announce(TUE, 2, category="cs.DC")
    feed = Answer(200, desk.world.feed(["cs.DC"]), "application/rss+xml")
    desk.world.fault = lambda path: busy() if "/list/" in path else feed
    assert desk.sync().state is DayState.BEHIND


def test_promised_entries_that_are_not_there_are_fetched_later(desk: Desk) -> None:
    desk.announce(TUE, 5)
    desk.world.missing[CATEGORY, TUE] = 2
    outcome = desk.sync()
    assert (outcome.state, outcome.entries) == (DayState.PARTIAL, 3)
    assert desk.stored(TUE) == 3
    desk.world.missing.clear()
    desk.clock.wait(3600)
    assert desk.sync().state is DayState.COMPLETE
    assert desk.stored(TUE) == 5


def test_a_page_that_promises_all_and_shows_nothing_stores_nothing(desk: Desk) -> None:
    desk.announce(TUE, 5)
    desk.world.missing[CATEGORY, TUE] = 5
    desk.world.fault = lambda path: Answer(404, "") if "/rss/" in path else None
    assert desk.sync().state is DayState.BEHIND
    assert desk.stored(TUE) == 0
    assert not desk.known(TUE).complete


def test_yesterdays_papers_under_todays_date_are_not_believed(desk: Desk) -> None:
    desk.world.listings[CATEGORY, WED] = desk.announce(TUE, 5)
    desk.sync()
    desk.clock.set("2026-03-03 21:00")
    assert desk.sync().state is DayState.BEHIND
    assert not desk.known(WED).complete


def test_sudden_silence_in_a_busy_category_is_not_believed_at_once(desk: Desk) -> None:
    for day in (TUE, WED, THU):
        desk.announce(day, 12)
    desk.clock.set("2026-03-04 21:00")
    desk.sync()
    desk.clock.set("2026-03-05 21:00")
    assert desk.sync().state is DayState.BEHIND
    desk.announce(date(2026, 3, 9), 12)
    desk.clock.set("2026-03-08 21:00")
    desk.sync()
    desk.clock.wait(3600)
    assert desk.sync().missing == ()
    assert desk.known(FRI).state == DayState.QUIET


# One category must not starve the others


@pytest.mark.parametrize("first", [0, 1, 2])
@pytest.mark.parametrize(
    "broken",
    [
        Answer(500, "broken"),
        busy(None),
        busy("300"),
        Answer(429, "Rate exceeded."),
        Answer(404, "gone"),
        Answer(200, "<html>cut"),
        Answer(200, "<html>A new design!</html>"),
    ],
)
def test_a_category_that_fails_for_days_does_not_starve_the_others(
    desk: Desk, broken: Answer, first: int
) -> None:
    codes = ["math.CO", "math.AG", "math.NT"]
    codes = codes[first:] + codes[:first]
    desk.followed = dict.fromkeys(codes, TUE)
    for day in (TUE, WED):
        for category in codes:
            desk.announce(day, 3, category=category)
    desk.world.fault = lambda path: broken if "/math.CO/" in path else None
    for moment in ("02 21:00", "03 09:00", "03 21:00", "04 09:00"):
        desk.clock.set(f"2026-03-{moment}")
        desk.sync_all()
    for day in (TUE, WED):
        assert desk.known(day, "math.AG").complete
        assert desk.known(day, "math.NT").complete
    pages = [hit for hit in desk.world.hits if "/math.CO/" in hit]
    assert len(pages) <= 8
    desk.world.fault = lambda path: None
    desk.clock.wait(86400)
    desk.sync_all()
    assert desk.known(TUE).complete


def test_two_broken_categories_of_five_starve_none(desk: Desk) -> None:
    codes = ["math.CO", "math.AG", "math.NT", "cs.DC", "cs.LG"]
    desk.followed = dict.fromkeys(codes, TUE)
    for category in codes:
        desk.announce(TUE, 3, category=category)
    faulty = ("/list/math.CO/", "/list/math.AG/")
    desk.world.fault = lambda path: Answer(500, "x") if path.startswith(faulty) else None
    desk.sync_all()
    assert desk.world.hits[1:] == ["/list/math.CO/new", "/list/math.AG/new"]  # two are enough
    desk.clock.wait(3600)
    desk.sync_all()
    assert all(desk.known(TUE, code).complete for code in codes[2:])


def test_an_arxiv_in_trouble_is_asked_less_and_less(desk: Desk) -> None:
    desk.followed = dict.fromkeys(["math.CO", "math.AG", "math.NT", "cs.DC", "cs.LG"], TUE)
    desk.world.fault = lambda path: busy(None)
    for _ in range(30):
        desk.sync_all()
        desk.clock.wait(3600)
    assert len(desk.world.hits) < 45  # of 90 that 30 syncs might have asked


def test_a_day_that_fails_does_not_starve_the_category_s_other_days(desk: Desk) -> None:
    for day in (TUE, WED, THU):
        desk.announce(day, 3)
    desk.world.fault = lambda path: Answer(500, "x") if str(WED) in path else None
    desk.clock.set("2026-03-04 21:00")
    for _ in range(3):
        desk.sync()
        desk.clock.wait(1800)
    assert desk.known(THU).complete
    assert desk.known(TUE).complete
    assert not desk.known(WED).complete


def test_where_the_journal_refuses_the_other_categories_come_all_the_same(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A listing that makes a starred paper unread again needs the journal, and no other does."""
    desk.followed = {CATEGORY: TUE, "cs.DC": TUE}
    [item] = desk.announce(TUE, 0, 0, 1)
    desk.announce(TUE, 2, category="cs.DC")
    Triage(desk.store, desk.clock.now).edit(Operation.STAR, [PaperId(item.id)], star)

    def refuse(*_: object) -> None:
        raise OSError(errno.ENOLCK, os.strerror(errno.ENOLCK))

    monkeypatch.setattr(fcntl, "flock", refuse)
    desk.clock.wait(60)
    outcomes = desk.sync_all()
    assert [outcome.state for outcome in outcomes] == [DayState.FAILED, DayState.COMPLETE]
    assert "can't be written" in outcomes[0].says
    monkeypatch.undo()
    desk.clock.wait(3600)
    assert {outcome.state for outcome in desk.sync_all()} <= {DayState.COMPLETE, DayState.CURRENT}


def test_a_long_rest_is_kept_and_the_feed_goes_on(desk: Desk) -> None:
    desk.announce(TUE, 3)
    desk.world.fault = lambda path: busy("7200") if "/list/" in path else None
    start = desk.clock()
    assert desk.sync().state is DayState.PARTIAL
    assert desk.clock() - start < 60
    assert desk.world.hits == ["/list/math.CO/new", "/rss/math.CO"]
    desk.clock.wait(1800)
    desk.sync()
    assert desk.world.hits.count("/list/math.CO/new") == 1


# Two at once


def test_two_syncs_at_once_do_not_ask_twice(desk: Desk) -> None:
    desk.followed = dict.fromkeys(("math.CO", "math.AG", "cs.DC"), TUE)
    for category in desk.followed:
        desk.announce(TUE, 3, category=category)
    others: list[Outcome] = []

    def another(step: Step) -> None:
        """Let another process sync while this one waits for its turn."""
        if step.seconds and not others:
            others.append(desk.sync())  # which waits for its own turns

    outcomes = sync.run(desk.store, desk.client(), desk.followed, desk.clock.now, another)
    assert len(desk.world.hits) == len(set(desk.world.hits)) == 4
    assert {outcome.state for outcome in outcomes} <= {DayState.COMPLETE, DayState.CURRENT}


def test_what_is_stored_after_a_kill_between_pages_is_said(desk: Desk) -> None:
    desk.world.listings[CATEGORY, TUE] = [Item(f"2603.{at:05}") for at in range(1, 2101)]

    def kill(path: str) -> None:
        if "skip" in path:
            raise KeyboardInterrupt

    class Killed(Client):
        def new(self, category: str, skip: int = 0, *rest: Any) -> bytes:
            kill(f"skip={skip}" if skip else "")
            return super().new(category, skip, *rest)

    client = Killed(desk.store.paths.state, desk.base, now=desk.clock, wait=desk.clock.wait)
    with pytest.raises(KeyboardInterrupt):
        sync.run(desk.store, client, desk.followed, desk.clock.now)
    state, says = sync.standing(desk.known(TUE), desk.clock.now())
    assert (state, says) == (DayState.PARTIAL, "2,000 entries stored, perhaps not all.")


def test_a_changed_page_is_unreadable_not_empty(desk: Desk) -> None:
    desk.world.fault = lambda path: Answer(200, "<html><body>A new design!</body></html>")
    outcome = desk.sync()
    assert outcome.state is DayState.UNREADABLE
    assert not desk.known(TUE).complete
    assert not desk.store.listings.days()


def test_the_page_of_another_category_is_refused(desk: Desk) -> None:
    page = desk.world.new("cs.DC", 0)
    desk.world.fault = lambda path: Answer(200, page)
    assert desk.sync().state is DayState.UNREADABLE


def test_offline_is_told_at_once_and_costs_no_try(desk: Desk) -> None:
    desk.followed = {CATEGORY: TUE, "cs.DC": TUE}
    base, desk.base = desk.base, "http://127.0.0.1:1"
    outcomes = desk.sync_all()
    assert {outcome.state for outcome in outcomes} == {DayState.FAILED}
    assert "stored can be read" in outcomes[1].says
    assert desk.known(TUE).tries == 0
    desk.base = base
    assert desk.sync_all()[0].state is DayState.UNCONFIRMED


def test_after_a_refusal_arxiv_is_left_alone_for_a_day(desk: Desk) -> None:
    desk.followed = {CATEGORY: TUE, "cs.DC": TUE}
    desk.announce(TUE, 3)
    desk.world.fault = lambda path: Answer(403, "Forbidden")
    assert {outcome.state for outcome in desk.sync_all()} == {DayState.FAILED}
    assert len(desk.world.hits) == 1
    desk.world.fault = lambda path: None
    desk.clock.wait(23 * 3600)
    assert "403" in desk.sync(force=True).says
    assert len(desk.world.hits) == 1
    desk.clock.set("2026-03-03 21:30")
    assert desk.sync().state is not DayState.FAILED


@pytest.mark.parametrize("when", ["2026-03-02 21:00", "2026-03-03 21:00"])
def test_a_listing_of_more_than_two_thousand_comes_whole(desk: Desk, when: str) -> None:
    names = [Section.NEW] * 2500 + [Section.CROSS] * 300 + [Section.REPLACEMENT] * 1400
    desk.world.listings[CATEGORY, TUE] = [
        Item(f"2603.{at + 1:05}", name) for at, name in enumerate(names)
    ]
    desk.followed["cs.DC"] = TUE
    desk.clock.set(when)
    outcome = desk.sync()
    assert outcome.state in (DayState.COMPLETE, DayState.UNCONFIRMED), outcome.says
    assert desk.stored(TUE) == 4200
    assert desk.known(TUE).complete
    saved = [step.says.partition(": ")[2] for step in desk.progress if "math" in step.says]
    # The first page was there before the last was asked for.
    assert [said for said in saved if said][-3:] == [
        f"{n} entries" for n in ("2,000", "4,000", "4,200")
    ]


def test_a_long_listing_whose_second_page_fails_is_partly_there(desk: Desk) -> None:
    desk.world.listings[CATEGORY, TUE] = [Item(f"2603.{at:05}") for at in range(1, 2101)]
    desk.world.fault = lambda path: Answer(200, "<html></html>") if "skip" in path else None
    assert desk.sync().state is DayState.UNREADABLE
    assert desk.stored(TUE) == 2000
    desk.world.fault = lambda path: None
    desk.clock.wait(3600)
    assert desk.sync().state is DayState.COMPLETE
    assert desk.stored(TUE) == 2100


def test_it_works_in_a_thread_of_its_own(desk: Desk) -> None:
    desk.announce(TUE, 3)
    outcomes: list[Outcome] = []

    def work() -> None:
        store = Store(desk.store.paths)
        outcomes.extend(sync.run(store, desk.client(), desk.followed, desk.clock.now))
        store.close()

    thread = Thread(target=work)
    thread.start()
    thread.join()
    assert outcomes[0].state is DayState.COMPLETE
    assert desk.stored(TUE) == 3


def test_cancelled_it_keeps_what_has_come(desk: Desk) -> None:
    for day in (TUE, WED, THU):
        desk.announce(day, 2)
    desk.clock.set("2026-03-04 21:00")

    def cancel(step: Step) -> None:
        desk.cancelled = step.seconds > 0

    (outcome,) = sync.run(desk.store, desk.client(), desk.followed, desk.clock.now, cancel)
    assert (outcome.state, outcome.missing) == (DayState.CANCELLED, (WED, TUE))
    assert desk.known(THU).complete
    desk.cancelled = False
    assert desk.sync().missing == ()


def test_what_is_too_long_ago_is_named_with_the_way_to_get_it(desk: Desk) -> None:
    desk.announce(TUE, 2)
    desk.followed = {CATEGORY: date(2025, 11, 20)}
    outcome = desk.sync()
    assert outcome.beyond[0] == date(2025, 11, 20)
    assert "--harvest math.CO --from 2025-11-20" in outcome.says
    asked = [hit for hit in desk.world.hits if "catchup" in hit]
    assert asked[-1] == "/catchup/math.CO/2025-12-04?abs=True"


def test_starred_papers_that_are_not_stored_are_fetched_once(desk: Desk) -> None:
    ids = [PaperId("2601.00001"), PaperId("hep-th/9901001")]
    Triage(desk.store, desk.clock.now).edit("Star", ids, star)
    desk.sync()
    desk.sync()
    assert [hit for hit in desk.world.hits if "/api/" in hit] == [
        "/api/query?id_list=2601.00001%2Chep-th%2F9901001&max_results=2"
    ]


def test_two_syncs_at_once_fetch_a_starred_paper_once(desk: Desk) -> None:
    desk.announce(TUE, 3)
    Triage(desk.store, desk.clock.now).edit(Operation.STAR, [PaperId("2601.00001")], star)
    others: list[Outcome] = []

    def another(step: Step) -> None:
        if step.stored and not others:
            others.append(desk.sync())

    sync.run(desk.store, desk.client(), desk.followed, desk.clock.now, another)
    assert len([hit for hit in desk.world.hits if "/api/" in hit]) == 1


def test_single_papers_are_fetched_a_hundred_a_request(desk: Desk) -> None:
    ids = [PaperId(f"2601.{at:05}") for at in range(1, 251)]
    missing = sync.fetch_records(desk.store, desk.client(), ids, desk.clock.now)
    assert missing == []
    assert [hit.count("2601.") for hit in desk.world.hits] == [100, 100, 50]
    assert len(desk.store.contents(View(Kind.LIBRARY)).rows) == 250
    assert not desk.store.contents(View(Kind.INBOX)).rows


def test_a_paper_that_arxiv_refuses_does_not_cost_the_others(desk: Desk) -> None:
    ids = [PaperId(f"2601.{at:05}") for at in range(1, 9)]

    def refuse(path: str) -> Answer | None:
        return Answer(400, "<html></html>") if "2601.00003" in path else None

    desk.world.fault = refuse
    missing = sync.fetch_records(desk.store, desk.client(), ids, desk.clock.now)
    assert missing == ["2601.00003"]
    assert len(desk.store.contents(View(Kind.LIBRARY)).rows) == 7


def test_what_came_before_a_failure_is_stored(desk: Desk) -> None:
    ids = [PaperId(f"2601.{at:05}") for at in range(1, 201)]
    desk.world.fault = lambda path: busy("90000") if "2601.00101" in path else None
    with pytest.raises(FetchError):
        sync.fetch_records(desk.store, desk.client(), ids, desk.clock.now)
    assert len(desk.store.contents(View(Kind.LIBRARY)).rows) == 100


def test_requests_keep_fifteen_seconds_apart(desk: Desk) -> None:
    times: list[float] = []

    def note(path: str) -> None:
        times.append(desk.clock())

    desk.world.fault = note
    desk.clock.set("2026-03-06 10:00")
    desk.sync()
    assert len(times) == 4
    assert min(b - a for a, b in pairwise(times)) >= 15


def test_a_day_that_never_completes_is_given_up_after_about_a_week() -> None:
    clock = Clock(0.0)
    clock.set("2026-03-02 21:00")
    start, tries = clock.now(), 0
    cell = Known(CATEGORY, TUE)
    while (due := sync.due_at(cell, clock.now())).year < 9999:
        clock.seconds = max(due.timestamp(), clock.seconds)
        tries += 1
        cell = cell._replace(tries=tries, last=clock.now(), state="partial")
    assert tries == sync.MOST_TRIES
    assert timedelta(days=5) < clock.now() - start < timedelta(days=9)


def test_the_next_sync_is_due_with_the_next_announcement_or_try(desk: Desk) -> None:
    desk.announce(TUE, 2)
    now = desk.clock.now
    assert sync.next_due(sync.standings(desk.store, desk.followed, now()), now()) == now()
    desk.sync()
    evening = sync.next_due(sync.standings(desk.store, desk.followed, now()), now())
    assert evening == datetime(2026, 3, 4, 1, tzinfo=UTC)


# Codes and texts


def test_every_state_of_a_day_has_a_code_and_a_text_of_its_own() -> None:
    assert all(re.fullmatch("[a-z-]+", state) for state in DayState)
    assert all(state.text for state in DayState), "a state without a text to show"
    signs = [state.sign for state in DayState if state.sign]
    assert len(signs) == len(set(signs))


@pytest.mark.parametrize(
    ("stored", "state"),
    [
        ("complete", DayState.COMPLETE), ("nothing", DayState.QUIET),
        ("up to date", DayState.CURRENT), ("holiday or weekend", DayState.RESTING),
        ("not announced yet", DayState.NOT_YET), ("due", DayState.DUE),
        ("partial", DayState.PARTIAL), ("arXiv is behind", DayState.BEHIND),
        ("could not be read", DayState.UNREADABLE), ("failed", DayState.FAILED),
        ("cancelled", DayState.CANCELLED), ("holiday", DayState.UNKNOWN),
        ("of a later version", DayState.UNKNOWN),
    ],
)  # fmt: skip
def test_what_0_1_stored_is_understood_and_the_rest_is_unknown(
    stored: str, state: DayState
) -> None:
    assert DayState(stored) is state


def test_a_day_of_unknown_state_is_due_whatever_was_tried() -> None:
    clock = Clock(0.0)
    clock.set("2026-03-02 21:00")
    now = clock.now()
    cell = Known(CATEGORY, TUE, state="of a later version", tries=99, last=now)
    assert sync.state_of(cell) is DayState.UNKNOWN
    assert sync.plan({CATEGORY: Standing([cell], [])}, now) == [cell]
    assert sync.standing(cell, now) == (DayState.UNKNOWN, "It is asked for with the next sync.")


# Harvesting


def test_a_harvest_goes_on_where_it_was_interrupted(desk: Desk) -> None:
    desk.world.records = [
        (date(2026, month, 5), f"26{month:02}.0000{n}") for month in (1, 3) for n in (1, 2, 3)
    ]
    desk.clock.set("2026-04-01 12:00")

    def harvest() -> int:
        first = date(2025, 12, 31)
        return sync.harvest(desk.store, desk.client(), "cs.DC", first, desk.clock.now)

    faults = [None, None, None, Answer(404, "")]
    desk.world.fault = lambda path: faults.pop(0) if faults else None
    with pytest.raises(FetchError):
        harvest()
    assert len(desk.store.contents(View(Kind.LIBRARY)).rows) == 3
    assert harvest() == 3
    assert len(desk.store.contents(View(Kind.LIBRARY)).rows) == 6
    assert not desk.store.contents(View(Kind.INBOX)).rows
    asked = [hit.partition("from=")[2] for hit in desk.world.hits]
    assert asked == [
        "2025-12-31&until=2026-01-30", "", "2026-01-31&until=2026-03-02",
        "2026-03-03&until=2026-04-01", "2026-03-03&until=2026-04-01", "",
    ]  # fmt: skip


def test_a_harvest_that_is_led_in_a_circle_ends(desk: Desk) -> None:
    desk.world.records = [(TUE, f"2603.0000{n}") for n in range(1, 4)]
    circle = desk.world.oai({"from": str(MON), "until": str(FRI)})
    desk.world.fault = lambda path: Answer(200, circle, "text/xml")
    with pytest.raises(SourceError, match="again"):
        sync.harvest(desk.store, desk.client(), "cs.DC", MON, desk.clock.now)


@pytest.mark.parametrize(
    ("category", "name"),
    [("cs.DC", "cs:cs:DC"), ("hep-th", "physics:hep-th"), ("math", "math:math"),
     ("astro-ph.GA", "physics:astro-ph:GA"), ("physics.optics", "physics:physics:optics")],
)  # fmt: skip
def test_categories_have_other_names_in_oai(category: str, name: str) -> None:
    assert set_of(category) == name


# On the command line


@pytest.fixture
def live(monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    """An arXiv that lives now, with three papers in cs.DC, for the command line."""
    world = World(lambda: datetime.now(UTC))
    items = [Item(f"2603.0000{at}") for at in (1, 2, 3)]
    world.listings = {("cs.DC", world.newest()): items}
    with arxiv_server.serving(world) as base:
        monkeypatch.setenv("TUI_READER_ARXIV", base)
        yield world


def test_follow_then_sync_then_status(live: World, capsys: Capture) -> None:
    assert run(["follow", "cs.dc"]) == 0
    assert run(["status"]) == 0
    assert "Something is due now." in capsys.readouterr().out
    assert run(["sync"]) == 0
    done = capsys.readouterr()
    assert done.out.startswith("cs.DC\tcomplete: 3 entries of ")
    assert done.err == ""  # quiet in a pipe
    assert run(["status"]) == 0
    assert "■" in capsys.readouterr().out
    assert run(["sync", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["state"] in ("current", "resting")
    assert len(live.hits) == 1
    assert run(["list"]) == 0


def test_status_shows_a_state_that_it_does_not_know(
    paths: Paths, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = datetime.now(UTC)
    follow(paths.config, ["cs.DC"], now)
    store = Store(paths)
    store.listings.record("cs.DC", calendar.latest(now), "of a later version", "Told by it.", now)
    store.close()
    assert run(["--home", str(paths.cache.parent), "status"]) == 0
    assert "unknown: It is asked for with the next sync." in capsys.readouterr().out


def test_get_stores_papers_and_names_those_that_arxiv_does_not_have(
    live: World, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert run(["show", "2601.00001"]) == 1
    assert "tui-reader get" in capsys.readouterr().err
    assert run(["get", "arXiv:2601.00001v2", "hep-th/9901001"]) == 0
    assert "Paper 2601.00001" in capsys.readouterr().out
    assert run(["show", "2601.00001"]) == 0
    none = arxiv_server.api_answer("9")
    monkeypatch.setattr(arxiv_server, "api_answer", lambda ids: none)
    assert run(["get", "2601.00009"]) == 1
    assert "2601.00009: arXiv sent no record of it" in capsys.readouterr().err


def test_status_says_why_arxiv_could_not_be_asked(
    live: World, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(["follow", "cs.DC"])
    base = os.environ["TUI_READER_ARXIV"]
    monkeypatch.setenv("TUI_READER_ARXIV", "http://127.0.0.1:1")
    assert run(["sync"]) == 3
    capsys.readouterr()
    run(["status"])
    said = capsys.readouterr().out
    assert "127.0.0.1 can't be reached: it refuses the connection; what is stored can be" in said
    monkeypatch.setenv("TUI_READER_ARXIV", base)
    assert run(["sync"]) == 0
    run(["status"])
    assert "can't be reached" not in capsys.readouterr().out


def test_status_counts_what_was_imported_before_a_category_was_followed(
    live: World, capsys: Capture, tmp_path: Path
) -> None:
    day = live.newest()
    before = max(d for d in calendar.days(day - timedelta(days=9), day) if d < day)
    live.listings["cs.DC", before] = [Item("2603.00009")]
    page = live.catch_up("cs.DC", str(before), {}).body
    (tmp_path / "page.html").write_text(str(page))
    assert run(["import", str(tmp_path / "page.html")]) == 0
    run(["follow", "cs.DC"])
    capsys.readouterr()
    run(["status"])
    told = capsys.readouterr().out
    assert f"{before:%d %B}  due: It was not asked for yet." in told
    assert "■" in told
    run(["sync"])
    assert not [hit for hit in live.hits if "catchup" in hit]  # nobody wants it asked for


def test_sync_takes_categories_that_are_not_followed(live: World, capsys: Capture) -> None:
    assert run(["sync", "cs.DC"]) == 0
    assert "3 entries" in capsys.readouterr().out
    assert run(["follow"]) == 1
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["follow", "cs.XX"], 2), (["sync", "cs.XX"], 2), (["unfollow", "nope"], 2),
        (["sync", "--harvest", "cs.DC"], 2), (["sync", "--harvest", "cs.DC", "--from", "2020"], 2),
    ],
)  # fmt: skip
def test_a_wrong_use_is_said(live: World, capsys: Capture, words: list[str], code: int) -> None:
    assert run(words) == code
    assert "tui-reader: " in capsys.readouterr().err
    assert not live.hits


def test_exit_codes_tell_partly_from_wholly_failed(
    live: World, capsys: Capture, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    live.fault = lambda path: Answer(200, "<html>A new design!</html>")
    assert run(["sync", "cs.DC"]) == 1
    monkeypatch.setenv("TUI_READER_ARXIV", "http://127.0.0.1:1")
    assert run(["--home", str(tmp_path / "other"), "sync", "cs.DC"]) == 3


# Which categories are followed


def test_no_day_before_arxivs_first_is_wanted(paths: Paths) -> None:
    paths.config.mkdir(parents=True)
    (paths.config / "categories").write_text("cs.DC 0001-01-01\nmath 2026-03-03\n")
    assert followed(paths.config) == {"cs.DC": date(1991, 8, 14), "math": date(2026, 3, 3)}


def test_followed_categories_survive_the_loss_of_the_cache(paths: Paths) -> None:
    now = datetime(2026, 3, 3, 12, tzinfo=UTC)
    follow(paths.config, ["cs.DC", "stat.TH"], now)
    assert followed(paths.config) == {"cs.DC": TUE, "math.ST": TUE}
    follow(paths.config, ["cs.dc", "hep-th"], now + timedelta(days=1))
    assert followed(paths.config)["cs.DC"] == TUE
    unfollow(paths.config, ["math.ST"])
    assert list(followed(paths.config)) == ["cs.DC", "hep-th"]


def test_a_wrong_category_is_named_with_what_comes_near(paths: Paths) -> None:
    with pytest.raises(ConfigError, match=r"'cs\.DD' is not a category.*cs\.D"):
        follow(paths.config, ["cs.DD"], datetime(2026, 3, 3, tzinfo=UTC))


def test_the_file_of_categories_can_be_written_by_hand(paths: Paths) -> None:
    paths.config.mkdir(parents=True)
    file = paths.config / "categories"
    file.write_text("# mine\ncs.DC\nhep-th 2026-03-02 # since then\n\n")
    assert followed(paths.config) == {"cs.DC": None, "hep-th": MON}
    file.write_text("cs.DC\nhep-th soon\n")
    with pytest.raises(ConfigError, match=r"line 2: .*'soon'"):
        followed(paths.config)


# arXiv's own application


needs_corpus = pytest.mark.skipif(not CORPUS.exists(), reason="no ../shared here")


@needs_corpus
@pytest.mark.parametrize(
    ("scenario", "category", "state"),
    [
        ("week", "cs", DayState.COMPLETE),
        ("week", "math", DayState.COMPLETE),
        ("week", "cs.CV", DayState.COMPLETE),
        ("weekend", "cs", DayState.COMPLETE),
        ("reponly", "math", DayState.COMPLETE),
        ("empty", "math.CO", DayState.UNCONFIRMED),
        ("lag", "hep-th", DayState.BEHIND),
    ],
)
def test_what_arxiv_itself_answers_is_told_apart(
    desk: Desk, scenario: str, category: str, state: DayState
) -> None:
    desk.world.scenario = scenario
    desk.followed = {category: date(2026, 11, 20)}
    desk.clock.set("2026-11-20 10:00")
    assert desk.sync().state is state


@needs_corpus
def test_under_lag_a_catch_up_page_stores_nothing(desk: Desk) -> None:
    desk.world.scenario = "lag"
    real = arxiv_server.sample
    desk.world.fault = lambda path: real("lag", path.partition("?")[0])
    desk.followed = {"hep-th": date(2026, 11, 20)}
    desk.clock.set("2026-11-22 21:00")
    desk.sync()
    assert not desk.store.listings.days()


def test_a_cancelled_wait_raises_at_once(desk: Desk, tmp_path: Path) -> None:
    desk.cancelled = True
    client = desk.client()
    with pytest.raises(Cancelled):
        client.get(f"{desk.base}/list/cs/new")
    assert not desk.world.hits


def test_a_quiet_sync_says_only_what_is_watched_and_nothing_where_nothing_is(
    live: World, capsys: Capture, paths: Paths
) -> None:
    run(["follow", "cs.DC"])
    with closing(Store(paths)) as store:
        save_filters(store, {"first": SavedFilter("id:2603.00001", Effect.WATCH)})
    capsys.readouterr()
    assert run(["sync", "--quiet"]) == 0
    done = capsys.readouterr()
    assert done.out == "1 watched: Paper 2603.00001 (first)\n"
    assert done.err == ""
    assert run(["sync", "--quiet"]) == 0
    assert capsys.readouterr() == ("", "")


def test_a_sync_tells_what_is_watched_beside_each_category(
    live: World, capsys: Capture, paths: Paths
) -> None:
    run(["follow", "cs.DC"])
    with closing(Store(paths)) as store:
        save_filters(store, {"papers": SavedFilter("ti:paper", Effect.WATCH)})
    capsys.readouterr()
    assert run(["sync", "--json"]) == 0
    category, watched = map(json.loads, capsys.readouterr().out.splitlines())
    assert category["category"] == "cs.DC"
    assert watched == {"watched": ["2603.00001", "2603.00002", "2603.00003"]}


@pytest.mark.parametrize(
    ("states", "told"),
    [
        (["complete", "complete"], "It is so."),
        (["complete", "quiet", "complete"], "2 complete, 1 nothing."),
        (["complete", "failed", "behind"], "B: failed. It is so. 1. And 1 more."),
        (["failed", "cancelled"], "Ended; the rest comes later."),
    ],
)
def test_several_categories_are_summed_up_in_a_line(states: list[str], told: str) -> None:
    same = len(set(states)) == 1
    outcomes = [
        Outcome(category, DayState(state), MON, "It is so." if same else f"It is so. {at}.")
        for at, (category, state) in enumerate(zip("ABC", states, strict=False))
    ]
    assert sync.summary(outcomes) == told
