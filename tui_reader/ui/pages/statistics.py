"""What was announced, read and starred, drawn as a page in lines of text."""

import math
from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import groupby

from tui_reader.stats import Ranking, Stats
from tui_reader.text import Mode, cells, fit
from tui_reader.ui.inks import Piece

SIGNS = {"read": "━", "skipped": "×", "starred": "★"}
"""What draws each of stats.DECISIONS."""
WEEKS = 12
FULL = 10  # papers that fill a line at the least: two stars are not much
_WIDEST = 100
_DAY = timedelta(days=1)


def layout(width: int, stats: Stats, mode: Mode) -> Iterator[list[Piece]]:
    """Yield the lines of a page."""
    width = min(width, _WIDEST) - 2
    yield from _announced(stats, width, mode)
    yield from ([], [(" What you did, by weeks", "strong")])
    yield from _weeks(stats, width)
    yield from ([], [(" The days you did it on", "strong")])
    yield from _calendar(stats, width, mode)
    for name, ranking in (("Authors", stats.authors), ("Words", stats.terms)):
        told = f"  of {stats.stars:,}"
        yield from ([], [(f" {name} of newest stars", "strong"), (told, "dim")])
        yield from _ranking(ranking, width)
    yield from ([], [(" Where your stars would have stood", "strong")])
    yield from _stood(stats, width, mode)


def _stood(stats: Stats, width: int, mode: Mode) -> Iterator[list[Piece]]:
    if not any(map(any, stats.stood.values())):
        yield [("  Nothing is known of that yet.", "dim")]
        return
    levels, wide = _levels(mode), min(4, (width - 22) // 10)
    total = max(map(sum, stats.stood.values()))
    said = f"  {total:,} stars by tenths of their day, and what the first fifth holds"
    yield [(fit(said, width), "dim")]
    for order, counts in stats.stood.items():
        top = max(counts)
        bars = "".join((levels[count * 7 // top] if count else " ") * wide for count in counts)
        yield [(f"  {order:<14}", ""), (bars, "accent"), (f"{sum(counts[:2]) / total:>6.0%}", "")]


def _levels(mode: Mode) -> str:
    return ".:-=+*%#" if mode is Mode.ASCII else "▁▂▃▄▅▆▇█"


def _ranking(ranking: Ranking, width: int) -> Iterator[list[Piece]]:
    top = max(FULL, *(count for _, count in ranking)) if ranking else FULL
    half = width // 2
    for text, count in ranking:
        left = fit(text, half)
        bar = "━" * max(1, (width - half - 8) * count // top)
        yield [(f"{count:>6}  {left}" + " " * (half - cells(left)), ""), (bar, "accent")]
    if not ranking:
        yield [("  None stand out yet.", "dim")]


def _announced(stats: Stats, width: int, mode: Mode) -> Iterator[list[Piece]]:
    levels = _levels(mode)
    days = sorted({day for found in stats.announced.values() for day in found})
    column = max(map(len, stats.announced), default=0)
    days = days[-max(1, width - column - 20) :]
    span = f"  {days[0]} to {days[-1]}" if days else "  none are stored yet"
    yield [(" Papers a day", "strong"), (span, "dim")]
    yield [(f"  {'':{column}} average    most", "dim")]
    for category, found in stats.announced.items():
        if counts := [found[day] for day in days if day in found]:
            top, average = max(1, *counts), round(sum(counts) / len(counts))
            bars = "".join(levels[found[day] * 7 // top] if day in found else " " for day in days)
            yield [(f"  {category:{column}}{average:>8,}{max(counts):>8,}  ", ""), (bars, "accent")]


def _weeks(stats: Stats, width: int) -> Iterator[list[Piece]]:
    mondays = _mondays(stats.today, WEEKS)
    weeks = [
        [sum(stats.done[name].get(monday + n * _DAY, 0) for n in range(7)) for name in SIGNS]
        for monday in mondays
    ]
    yield [("  week of" + "".join(f"{name:>8}" for name in SIGNS), "dim")]
    longest = max(FULL, *(max(read, skipped + starred) for read, skipped, starred in weeks))
    if not any(map(any, weeks)):
        yield [("  Nothing yet.", "dim")]
    for monday, counts in zip(mondays, weeks, strict=True):
        if not any(counts):
            continue
        read, skipped, starred = counts
        shares = [max(0, read - skipped - starred), skipped, starred]
        bars = zip(SIGNS.values(), shares, ("accent", "dim", "star"), strict=True)
        room = width - 35
        yield [
            (f"  {monday:%d %b} ", ""),
            *((f"{count:>8,}", "" if count else "dim") for count in counts),
            ("  ", ""),
            *((sign * -(-room * share // longest), ink) for sign, share, ink in bars),
        ]


def _calendar(stats: Stats, width: int, mode: Mode) -> Iterator[list[Piece]]:
    levels = ".:+*#" if mode is Mode.ASCII else "·░▒▓█"
    done = sum((Counter(found) for found in stats.done.values()), Counter[date]())
    top = max(done.values(), default=1)
    mondays = _mondays(stats.today, min(53, max(1, width - 6)))[::-1]
    months = ""
    for number, monday in enumerate(mondays):
        if monday.day <= 7 and len(months) <= number <= len(mondays) - 3:
            months = f"{months:<{number}}{monday:%b} "
    yield [(f"       {months}", "dim")]
    for weekday in range(7):
        days = [monday + weekday * _DAY for monday in mondays]
        row = "".join(
            levels[math.ceil(4 * math.sqrt(done[day] / top))] for day in days if day <= stats.today
        )
        parts = (("".join(part), none) for none, part in groupby(row, levels[0].__eq__))
        marks = [(text, "dim" if none else "accent") for text, none in parts]
        yield [(f"  {days[0]:%a}  ", "dim"), *marks]


def _mondays(today: date, weeks: int) -> list[date]:
    """Return the Mondays of this week and those before, newest first."""
    return [today - timedelta(days=today.weekday() + 7 * week) for week in range(weeks)]
