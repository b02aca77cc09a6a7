"""A person's own past gone through again: each day ranked with what was known before it.

It says how well ranking does for this person, and how much of an announcement may be passed over.
A star far down in its day is one that would have been lost.
"""

import math
from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from tui_reader.rank import FEWEST, STEPS, Background, Profile, Vector, step

LOST_OF = 50
"""At most one star in so many may be lost in what is passed over."""
DOUBT = 0.2
"""How likely the true share may be greater than the bound that is kept."""
BEST = 20


class PastDay(NamedTuple):
    """An announcement, or what the person follows of it."""

    papers: Sequence[tuple[int, Vector]]
    """In arXiv's order."""
    starred: frozenset[int]
    skipped: frozenset[int]
    whole: bool = True
    """Whether all of it is here and was looked at. Else only the samples tell what was there."""
    samples: frozenset[int] = frozenset()
    """Of what is less likely, what was shown all the same."""


class Star(NamedTuple):
    """Where a starred paper stood in its announcement."""

    known: int
    """How many stars there were before that day."""
    size: int
    place: int
    """From 0, the likeliest first."""
    listed: int
    """Its place in arXiv's order."""

    @property
    def depth(self) -> float:
        """How much of its day is read when it is, up to 1 for the last paper."""
        return (self.place + 1) / self.size


class Past(NamedTuple):
    """What ranking the past came to, of days that were looked at whole, and of samples of others.

    Those before there were FEWEST stars are left out.
    """

    stars: Sequence[Star] = ()
    """The oldest first."""
    steps: Sequence[tuple[int, int]] = ()
    """For each step of strength, how many papers there were, and how many were starred."""
    samples: int = 0
    samples_starred: int = 0

    def text(self) -> str:
        """Return it as one text, from which `Past.read` makes it again."""
        pairs = [(self.samples, self.samples_starred), *self.steps]
        return "\n".join(" ".join(map(str, line)) for line in (*self.stars, *pairs))

    @classmethod
    def read(cls, text: str) -> "Past":
        lines = [tuple(map(int, line.split())) for line in text.splitlines()]
        pairs = [line for line in lines if len(line) == 2]
        (samples, starred), *steps = pairs or [(0, 0)]
        stars = [Star(*line) for line in lines if len(line) > 2]
        return cls(stars, steps, samples, starred)


def replay(days: Iterable[PastDay], background: Background, usual: Sequence[Vector] = ()) -> Past:
    """Rank each day, the oldest first, by the stars and skips of the days before it.

    By how `usual` papers score, each paper's strength is told.
    """
    profile = Profile((), (), background)
    stars, samples, samples_starred = list[Star](), 0, 0
    steps = [[0, 0] for _ in range(len(STEPS) + 1)]
    for day in days:
        enough = profile.stars >= FEWEST
        if enough and not day.whole:
            samples += len(day.samples)
            samples_starred += len(day.samples & day.starred)
        elif enough and day.starred:
            scores = {row: profile.score(vector) for row, vector in day.papers}
            # A stable sort: what is equally likely stays in arXiv's order.
            order = sorted(scores, key=scores.__getitem__, reverse=True)
            place = {row: at for at, row in enumerate(order)}
            stars += [
                Star(profile.stars, len(order), place[row], at)
                for at, row in enumerate(scores)
                if row in day.starred
            ]
            scale = profile.scale(usual)
            for row, score in scores.items() if scale else ():
                found = steps[step(score, scale) - 1]
                found[0] += 1
                found[1] += row in day.starred
        for row, vector in day.papers:
            if row in day.starred:
                profile.star(vector)
            elif row in day.skipped:
                profile.skip(vector)
    return Past(stars, [(papers, starred) for papers, starred in steps], samples, samples_starred)


class Measured(NamedTuple):
    """How well an order did."""

    top_10: float
    """The share of the stars in the first tenth of their days."""
    top_20: float
    top_50: float
    ndcg: float
    """nDCG@20, over days."""


def measured(stars: Sequence[Star], place: Callable[[Star], int]) -> Measured:
    """Return how well an order did, in which a star stands at that place; nothing for none."""
    if not stars:
        return Measured(0.0, 0.0, 0.0, 0.0)
    top_10, top_20, top_50 = (
        sum(place(star) < share * star.size for star in stars) / len(stars)
        for share in (0.1, 0.2, 0.5)
    )
    days = dict[tuple[int, int], list[int]]()
    for star in stars:
        days.setdefault((star.known, star.size), []).append(place(star))
    gains = (
        sum(_gain(at) for at in places if at < BEST)
        / sum(map(_gain, range(min(BEST, len(places)))))
        for places in days.values()
    )
    return Measured(top_10, top_20, top_50, sum(gains) / len(days))


def by_chance(stars: Sequence[Star]) -> Measured:
    """Return how well chance would do: each place of a day as likely as any other."""
    days = dict[tuple[int, int], int]()
    for star in stars:
        days[star.known, star.size] = days.get((star.known, star.size), 0) + 1
    gains = (
        number * sum(map(_gain, range(min(BEST, size)))) / size
        / sum(map(_gain, range(min(BEST, number))))
        for (_, size), number in days.items()
    )  # fmt: skip
    return Measured(0.1, 0.2, 0.5, sum(gains) / max(1, len(days)))


def _gain(place: int) -> float:
    return 1 / math.log2(place + 2)


class Passable(NamedTuple):
    """What part of an announcement may be passed over, by the past."""

    share: float
    """Of the announcement, at its end."""
    stars: int
    """Of how many stars that is known."""
    lost: int
    """How many of them stood down there."""
    samples: int = 0
    """How many papers from down there were shown where the rest was passed over."""
    samples_starred: int = 0


def passable(past: Past) -> Passable | None:
    """Return the largest part below which at most one star in LOST_OF is lost, or None.

    That is so for the upper bound of the share (Clopper and Pearson's), which is passed with a
    chance of DOUBT: where no star at all was down there, it takes 80 of them to say so. A sample
    that was starred is a star that would have been lost.
    """
    depths, more = [star.depth for star in past.stars], past.samples_starred
    best = None
    for above in sorted({*depths, 1.0}, reverse=True):
        lost = sum(depth > above for depth in depths)
        if not _is_bounded(lost + more, len(depths) + more):
            break
        best = Passable(round(1 - above, 4), len(depths), lost, past.samples, more)
    return best if best and best.share > 0 else None


def _is_bounded(lost: int, stars: int) -> bool:
    """Whether so few would be lost by chance at most DOUBT times, were it one in LOST_OF."""
    share = 1 / LOST_OF
    few = (
        math.comb(stars, number) * share**number * (1 - share) ** (stars - number)
        for number in range(lost + 1)
    )
    return sum(few) <= DOUBT
