"""How likely a person is to star a paper: learned from the stars and skips they made before.

A paper is its words, each weighted by how often it stands there and by how rare it is elsewhere
(tf-idf, the same in sum for papers of any length), and its authors. A profile is the mean of the
starred papers less a part of the mean of all papers and of that of the skipped ones; beside it
stands on how many stars each author is. A score is the sum of what a paper and the profile have
in common, so its largest parts are its reasons, and nothing but addition has to be believed.

On real papers this finds as much as logistic regression with many stars and more with few;
several means, latent factors and embeddings brought at most 3 % more. Skips at full weight cost
up to a quarter of what is found.
"""

import math
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from heapq import nlargest
from itertools import repeat
from typing import NamedTuple

from tui_reader.model import Paper
from tui_reader.text import fold

TITLE_WEIGHT = 2
"""A word of the title counts as so many of the abstract."""
BACKGROUND_WEIGHT = 0.5
"""Less than all of it: what stars share with other papers is theirs, too."""
SKIP_WEIGHT = 0.3
AUTHOR_WEIGHT = 0.1
"""What it is worth to be an author of every starred paper, where equal words are worth 1."""
FEWEST = 5
"""Stars that a profile needs."""
STEPS = (0.5, 0.75, 0.9, 0.97)
"""The share of usual papers below each step of strength but the first."""
VECTOR_FORM = 1
"""Of what `vector` makes; another number makes stored ones anew."""
_EMPTY = frozenset(
    "a about across against all also among an and another approach are as at based be been being"
    " between both but by can could do does during each et for from further had has have how"
    " however if in into is it its may method methods more most new no not of on only or other our"
    " out over paper propose results show since so some such than that the their them then there"
    " these they this those through thus to two under up use used using via was we well were what"
    " when where which while who will with within without would".split()
)
"""Words that tell nothing of what a paper is about."""


class Vector(NamedTuple):
    """A paper as ranking sees it."""

    authors: tuple[str, ...]
    """Folded names, each once."""
    words: tuple[tuple[str, ...], ...]
    """Folded words: at 0 those that count once, at 1 those that count twice, and so on."""

    def text(self) -> str:
        """Return it as one text, from which `Vector.read` makes it again."""
        return "\n".join(["\t".join(self.authors), *map(" ".join, self.words)])

    @classmethod
    def read(cls, text: str) -> "Vector":
        names, *lines = text.split("\n")
        return cls(
            tuple(names.split("\t")) if names else (), tuple(tuple(x.split()) for x in lines)
        )


def vector(paper: Paper) -> Vector:
    """Make the vector of a paper, from its TeX source; takes some 0.2 ms."""
    counts = Counter[str]()
    for text, weight in ((paper.title, TITLE_WEIGHT), (paper.abstract or "", 1)):
        for word in fold(text).split():
            if len(word) > 1 and word not in _EMPTY and not word.isdigit():
                counts[word] += weight
    words: list[list[str]] = [[] for _ in range(max(counts.values(), default=0))]
    for word, count in counts.items():
        words[count - 1].append(word)
    authors = dict.fromkeys(filter(None, map(fold, paper.authors)))
    return Vector(tuple(authors), tuple(map(tuple, words)))


class Background(NamedTuple):
    """What papers are like that nobody chose."""

    papers: int
    rarity: Mapping[str, float]
    """Of each word of two papers or more, the logarithm of one in how many it stands in (idf)."""
    mean: Mapping[str, float]
    """The mean of the papers' weights."""

    def text(self) -> str:
        """Return it as one text, from which `Background.read` makes it again."""
        words = ((word, rarity, self.mean[word]) for word, rarity in self.rarity.items())
        lines = (f"{word} {rarity:.4g} {mean:.4g}" for word, rarity, mean in words)
        return "\n".join([str(self.papers), *lines])

    @classmethod
    def read(cls, text: str) -> "Background":
        papers, *lines = text.split("\n")
        rarity, mean = dict[str, float](), dict[str, float]()
        for line in lines:
            word, rare, usual = line.split(" ")
            rarity[word], mean[word] = float(rare), float(usual)
        return cls(int(papers), rarity, mean)

    @property
    def rarest(self) -> float:
        return math.log(self.papers + 1)


def background(vectors: Sequence[Vector]) -> Background:
    """Return what these papers have in common; a thousand of the person's field are enough.

    Words of one paper alone are left out: to be rare is all that there is to them.
    """
    stands_in = Counter[str]()
    for each in vectors:
        for words in each.words:
            stands_in.update(words)
    total = len(vectors)
    common = {word: count for word, count in stands_in.items() if count > 1}
    rarity = {word: math.log((total + 1) / count) for word, count in common.items()}
    bare = Background(total, rarity, {})
    mean = _mean(vectors, bare)
    return bare._replace(mean={word: mean[word] for word in rarity})


def _weights(paper: Vector, background: Background) -> Iterator[tuple[str, float]]:
    """Yield each word and its weight."""
    length = _length(paper, background)
    rarity, rarest = background.rarity, background.rarest
    for index, words in enumerate(paper.words):
        weight = (1 + math.log(index + 1)) / length
        for word in words:
            yield word, weight * rarity.get(word, rarest)


def _length(paper: Vector, background: Background) -> float:
    """Return by what the weights are divided: it hardly matters that rarity has no part in it."""
    total = sum((1 + math.log(n)) ** 2 * len(words) for n, words in enumerate(paper.words, 1))
    return background.rarest * math.sqrt(total) or 1.0


def _mean(vectors: Sequence[Vector], background: Background) -> dict[str, float]:
    mean: dict[str, float] = {}
    share = 1 / max(1, len(vectors))
    for each in vectors:
        for word, weight in _weights(each, background):
            mean[word] = mean.get(word, 0.0) + weight * share
    return mean


class Reason(NamedTuple):
    """A part of a score."""

    name: str
    """A word, or an author, folded."""
    author: bool
    worth: float
    stars: int
    """In how many starred papers it stands."""


class Profile:
    """What a person looks for; it learns more with each star and skip."""

    def __init__(
        self, starred: Iterable[Vector], skipped: Iterable[Vector], background: Background
    ) -> None:
        self.stars = self._skips = 0
        self._background = background
        self._starred: dict[str, float] = {}
        """Of each word the sum of its weights in what was starred, without its rarity."""
        self._skipped: dict[str, float] = {}
        self._starred_words = Counter[str]()
        self._authors = Counter[str]()
        self._known: tuple[dict[str, float], dict[str, float]] | None = None
        for paper in starred:
            self.star(paper)
        for paper in skipped:
            self.skip(paper)

    def star(self, paper: Vector, times: int = 1) -> None:
        """Learn from a star; -1 times: forget it."""
        self.stars += times
        self._add(self._starred, paper, times)
        for words in paper.words:
            self._starred_words.update(dict.fromkeys(words, times))
        self._authors.update(dict.fromkeys(paper.authors, times))

    def skip(self, paper: Vector, times: int = 1) -> None:
        """Learn from a skip; -1 times: forget it."""
        self._skips += times
        self._add(self._skipped, paper, times)

    def _add(self, sums: dict[str, float], paper: Vector, times: int) -> None:
        self._known = None
        length = _length(paper, self._background)
        for index, words in enumerate(paper.words):
            weight = times * (1 + math.log(index + 1)) / length
            for word in words:
                sums[word] = sums.get(word, 0.0) + weight

    def _worths(self) -> tuple[dict[str, float], dict[str, float]]:
        """Return what each word is worth, and that times its rarity, which can be taken ahead."""
        if not self._known:
            stars, skips = 1 / max(1, self.stars), SKIP_WEIGHT / max(1, self._skips)
            rarity, rarest = self._background.rarity, self._background.rarest
            worth = {w: total * stars * rarity.get(w, rarest) for w, total in self._starred.items()}
            for word, usual in self._background.mean.items():
                worth[word] = worth.get(word, 0.0) - BACKGROUND_WEIGHT * usual
            for word, total in self._skipped.items():
                worth[word] = worth.get(word, 0.0) - total * skips * rarity.get(word, rarest)
            self._known = worth, {w: value * rarity.get(w, rarest) for w, value in worth.items()}
        return self._known

    def strongest(self, most: int) -> list[tuple[str, float]]:
        """Return the words that speak most for papers, of those that others have too."""
        _, worth = self._worths()
        common = filter(self._background.rarity.__contains__, self._starred)
        found = nlargest(most, common, key=worth.__getitem__)
        return [(word, worth[word]) for word in found if worth[word] > 0]

    def score(self, paper: Vector) -> float:
        """Return how much speaks for a paper, to compare with other papers'; 0 is neither way."""
        total, (_, rare_worth) = 0.0, self._worths()
        for index, words in enumerate(paper.words):
            common = sum(map(rare_worth.get, words, repeat(0.0)))
            total += (1 + math.log(index + 1)) * common
        return total / _length(paper, self._background) + sum(
            map(self._author_worth, paper.authors)
        )

    def _author_worth(self, name: str) -> float:
        return AUTHOR_WEIGHT * self._authors[name] / max(1, self.stars)

    def reasons(self, paper: Vector) -> list[Reason]:
        """Return all parts of a score, the largest first; they add up to it."""
        worth, _ = self._worths()
        words = [
            Reason(word, False, weight * worth.get(word, 0.0), self._starred_words[word])
            for word, weight in _weights(paper, self._background)
        ]
        authors = [
            Reason(name, True, self._author_worth(name), self._authors[name])
            for name in paper.authors
        ]
        return sorted(
            (part for part in words + authors if part.worth), key=lambda part: -part.worth
        )

    def scale(self, usual: Iterable[Vector]) -> tuple[float, ...]:
        """Return the scores at which the steps of strength begin, by what papers usually score."""
        scores = sorted(map(self.score, usual))
        return tuple(scores[int(share * len(scores))] for share in STEPS) if scores else ()


def step(score: float, scale: Sequence[float]) -> int:
    """Return how strong a score is, from 1 to 5, in a scale that is not empty."""
    return 1 + bisect_right(scale, score)


def told(reasons: Iterable[Reason], names: Iterable[str], most: int = 3) -> str:
    """Return what speaks most for a paper, such as "cache (6), serving (4) · Jin Lee (2)".

    In parentheses stands in how many starred papers each is. `names` are the paper's authors as
    they are printed. Empty where nothing that the stars share speaks for it.
    """
    printed = {fold(name): name for name in names}
    parts: dict[bool, list[str]] = {False: [], True: []}
    for reason in reasons:
        shown = parts[reason.author]
        if reason.worth > 0 and reason.stars and len(shown) < most:
            name = printed.get(reason.name, reason.name) if reason.author else reason.name
            shown.append(f"{name} ({reason.stars})")
    return " · ".join(", ".join(part) for part in parts.values() if part)
