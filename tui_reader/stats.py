"""What was announced, read and starred: counted."""

import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from tui_reader.model import Paper
from tui_reader.text import plain

Counts = Mapping[date, int]
Ranking = Sequence[tuple[str, int]]

DECISIONS = ("read", "skipped", "starred")
"""What is counted of a day's work; the days are the person's own."""
TOP = 8
_WORD = re.compile(r"[^\W\d_][\w-]+\w")
_SMALL = frozenset(
    "and are but can does for from has how into its not off one our over than that the their them"
    " they this through towards two under using via was what when where which who why with without"
    " your".split()
)
"""Words that tell nothing of what a paper is about."""


class Stats(NamedTuple):
    """All that is counted."""

    today: date
    announced: Mapping[str, Counts]
    """Of each category, the entries of each announcement that is stored."""
    done: Mapping[str, Counts]
    """For each of DECISIONS, how many papers came by this mark on a day, and still have it."""
    stars: int
    authors: Ranking
    """Who is on most of the starred papers, the most frequent first."""
    terms: Ranking
    """Words of the starred papers' titles, those that best tell them from others first."""
    stood: Mapping[str, Sequence[int]]
    """Of some orders, how many later stars stood in each tenth of their announcements."""

    def data(self) -> dict[str, object]:
        """Return them as they stand in JSON."""

        def dated(found: Mapping[str, Counts]) -> dict[str, dict[str, int]]:
            return {name: {str(day): n for day, n in days.items()} for name, days in found.items()}

        changed = {"announced": dated(self.announced), "done": dated(self.done)}
        return self._asdict() | changed | {"authors": dict(self.authors), "terms": dict(self.terms)}


def tenths(depths: Iterable[float]) -> Sequence[int]:
    """Count depths, up to 1, by tenths."""
    counted = Counter(min(9, int(10 * depth)) for depth in depths)
    return [counted[tenth] for tenth in range(10)]


def authors_of(starred: Iterable[Paper]) -> Ranking:
    """Return who is on several of these papers, and on how many, the most frequent first."""
    counted = Counter(name for paper in starred for name in dict.fromkeys(paper.authors))
    return [(plain(name), count) for name, count in counted.most_common(TOP) if count > 1]


def terms_of(starred: Sequence[Paper], others: Sequence[Paper]) -> Ranking:
    """Return in how many of these titles each word is, first what is rarest in the others."""
    mine, common = _words(starred), _words(others)

    def tells(word: str) -> float:
        return mine[word] * math.log(mine[word] / len(starred) * len(others) / common[word])

    found = (word for word in mine if mine[word] > 1 and common[word] and tells(word) > 0)
    return [(word, mine[word]) for word in sorted(found, key=lambda w: (-tells(w), w))[:TOP]]


def _words(papers: Iterable[Paper]) -> Counter[str]:
    titles = (set(_WORD.findall(plain(paper.title).lower())) for paper in papers)
    return Counter(word for title in titles for word in title - _SMALL)
