"""What is done again and again is done seldom while nobody is there."""

from collections.abc import Callable
from types import SimpleNamespace

import pytest

from tui_reader.ui import beat
from tui_reader.ui.beat import LONGEST, SHORTEST, Beat


class Clock:
    """Stands for the loop: goes to the next thing to do at once."""

    def __init__(self) -> None:
        self.now = 0.0
        self.next: tuple[float, Callable[[], None]] | None = None

    def call_later(self, seconds: float, work: Callable[[], None]) -> SimpleNamespace:
        self.next = self.now + seconds, work
        return SimpleNamespace(cancel=lambda: setattr(self, "next", None))

    def go_on(self) -> None:
        assert self.next
        self.now, work = self.next
        work()


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(beat, "get_running_loop", lambda: clock)
    return clock


def test_an_hour_alone_takes_few_looks_and_a_key_brings_the_next_within_a_second(
    clock: Clock,
) -> None:
    done: list[float] = []
    beats = Beat(lambda: done.append(clock.now))
    beats.begin()
    while clock.now < 3600:
        clock.go_on()
    assert len(done) < 3600 / LONGEST + 10
    beats.hasten()
    clock.go_on()
    assert done[-1] - done[-2] == SHORTEST
    beats.end()
    assert not clock.next


def test_keys_that_come_all_the_time_do_not_put_it_off(clock: Clock) -> None:
    beats = Beat(lambda: None)
    beats.begin()
    begun = clock.next
    beats.hasten()
    assert clock.next == begun
