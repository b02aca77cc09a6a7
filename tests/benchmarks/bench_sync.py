"""What syncing costs: `python -m tests.benchmarks.bench_sync [bomb|slow|year]`.

A year of five categories with holidays, late evenings, lag, two outages and an absence of three
weeks, by a person whose machine syncs every hour: requests against the smallest number possible,
days complete, papers lost. Memory at a packed 10 GB; time to give up on a body that drips.
"""

import random
import resource
import subprocess
import sys
import tempfile
import time
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from tests.arxiv_server import Answer, Item, World, busy, serving
from tests.network_trials import hostile, packed, saying, zeros
from tui_reader import calendar, sync
from tui_reader.config import Paths
from tui_reader.errors import FetchError
from tui_reader.fetch import Bounds, Client
from tui_reader.following import follow
from tui_reader.model import row_of
from tui_reader.store import Kind, Store, View

USUAL = {"cs.LG": 60, "cs.DC": 15, "hep-th": 20, "math.CO": 12, "econ.GN": 1}
FIRST, LAST = date(2026, 1, 2), date(2026, 12, 30)
HOUR = 3600


class Year:
    """A year at arXiv, and at the desk of somebody who follows it."""

    def __init__(self, seed: int) -> None:
        chance = random.Random(seed)
        self.seconds = calendar.moment_of(FIRST).timestamp() + HOUR
        self.world = world = World(self.now)
        for holiday in calendar.HOLIDAYS:
            after = holiday + timedelta(days=1)
            world.closed.add(after if after.weekday() < 5 else holiday)
        number: Counter[int] = Counter()
        for day in calendar.days(FIRST, LAST):
            if not world.announced(day):
                continue
            if chance.random() < 0.1:
                world.delay[day] = timedelta(minutes=chance.randrange(10, 300))
            for category, usual in USUAL.items():
                size = 2100 if (category, day) == ("cs.LG", date(2026, 6, 2)) else usual
                size = chance.randrange(size // 2, size * 3 // 2 + 1)
                number[day.month] += size
                start = number[day.month] - size
                sections = sorted(chance.choices("abc", (6, 2, 2), k=size))
                names = {"a": "new", "b": "cross", "c": "replacement"}
                world.listings[category, day] = [
                    Item(f"{day:%y%m}.{start + at + 1:05}", names[section])
                    for at, section in enumerate(sections)
                ]
        self.busy = self.hours("2026-03-10 19:00", 30)
        self.unreachable = self.hours("2026-10-06 12:00", 50)
        self.away = self.hours("2026-08-03 00:00", 21 * 24)
        self.lags = [self.hours(f"2026-{month:02}-14 20:00", 3) for month in (1, 4, 5, 7, 10)]
        world.fault = self.fault

    def now(self) -> datetime:
        return datetime.fromtimestamp(self.seconds, UTC)

    def wait(self, seconds: float) -> None:
        self.seconds += seconds

    @staticmethod
    def hours(text: str, count: int) -> tuple[float, float]:
        start = datetime.fromisoformat(text).replace(tzinfo=calendar.eastern()).timestamp()
        return start, start + count * HOUR

    def during(self, span: tuple[float, float]) -> bool:
        return span[0] <= self.seconds < span[1]

    def fault(self, path: str) -> Answer | None:
        newest = self.world.newest()
        lagging = any(self.during(lag) for lag in self.lags)
        self.world.missing = (
            {
                (category, newest): 1 + len(self.world.items(category, newest)) // 3
                for category in USUAL
            }
            if lagging
            else {}
        )
        return busy() if self.during(self.busy) else None


def year() -> None:
    """Live through the year; print what was asked and what was lost."""
    life = Year(seed=7)
    states: Counter[str] = Counter()
    phases: Counter[str] = Counter()
    with tempfile.TemporaryDirectory() as home, serving(life.world) as base:
        store = Store(Paths.under(Path(home)))
        following = follow(store.paths.config, USUAL, life.now())
        started, syncs = time.perf_counter(), 0
        while life.now().date() <= LAST:
            if not life.during(life.away):
                there = base if not life.during(life.unreachable) else "http://127.0.0.1:1"
                client = Client(store.paths.state, there, now=lambda: life.seconds, wait=life.wait)
                before = len(life.world.hits)
                outcomes = sync.run(store, client, following, life.now)
                syncs += 1
                states.update(outcome.state.value for outcome in outcomes)
                phase = "outage" if life.during(life.busy) else "else"
                phases[phase] += len(life.world.hits) - before
            life.seconds += HOUR - life.seconds % HOUR
        known = {cell[:2]: cell for cell in store.listings.ledger(FIRST)}
        lost = complete = 0
        for (category, day), items in life.world.listings.items():
            rows = store.contents(View(Kind.LISTING, category, day)).rows
            lost += len({row_of(item.id) for item in items} - set(rows))  # type: ignore[arg-type]
            complete += known[category, day].complete
        days = len(life.world.listings)
        least = sum(max(1, -(-len(items) // 2000)) for items in life.world.listings.values())
        hits = life.world.hits
        kinds = Counter(hit.split("/")[1] for hit in hits)
        print(f"{syncs} syncs in {time.perf_counter() - started:.0f} s, {days} listings")
        print(
            f"requests {len(hits)} ({dict(kinds)}), least possible {least}: {len(hits) / least:.3f}"
        )
        print(f"  of them during the outage: {phases['outage']}; on days without announcement: "
              f"{sum(str(day) in hit for hit in hits for day in life.world.closed)}")  # fmt: skip
        print(f"days complete {complete} of {days}; papers lost {lost}")
        print(f"outcomes: {dict(states)}")
        store.close()


def refusal(base: str, bounds: Bounds) -> str:
    with tempfile.TemporaryDirectory() as state:
        try:
            Client(Path(state), base, bounds=bounds).new("cs.DC")
        except FetchError as error:
            return str(error)
    return "accepted"


def bomb() -> None:
    """Print the peak memory of a process that is sent 10 GB, packed; then of one that is not."""
    body = zeros(10 << 10)
    for name, sent in (
        (f"10 GB packed into {len(body) / 1e6:.0f} MB", packed(body)),
        ("nothing", packed(b"")),
    ):
        with saying(lambda request, sent=sent: sent) as base:  # type: ignore[misc]
            command = [sys.executable, "-m", "tests.benchmarks.bench_sync", "ask", base]
            done = subprocess.run(command, capture_output=True, text=True, check=True)
        print(f"{name}: {done.stdout.strip()}")


def ask(base: str) -> None:
    said = refusal(base, Bounds())
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"peak memory {peak:.0f} MB; {said}")


def slow() -> None:
    """Print how long it takes to give up on a byte a second, in headers and in the body."""
    for name in ("headers a byte at a time", "a byte at a time", "silence"):
        for total in (3.0, 6.0):
            with saying(lambda request, name=name: hostile()[name]) as base:  # type: ignore[misc]
                start = time.perf_counter()
                refusal(base, Bounds(total=total))
                took = time.perf_counter() - start
            print(f"{name}, deadline {total:.0f} s: given up after {took:.2f} s")


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["ask", base]:
            ask(base)
        case names:
            for each in (bomb, slow, year):
                if not names or each.__name__ in names:
                    each()
