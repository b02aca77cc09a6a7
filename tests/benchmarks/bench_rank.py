"""What ranking finds, and what it costs: `python -m tests.benchmarks.bench_rank [METADATA]`.

METADATA is a .jsonl.gz in the shape of the bulk snapshot; by default the corpus beside the
project. People are made of authors: a person is the largest set of one author's papers that hang
together by their other authors. First the earlier half is starred, and the later half is sought
among 1,000 papers of others; people with many stars are four together, as if one had four
interests. Printed are nDCG@20 and the share of the later stars that come to lie in the lower half,
for the words alone and with authors, beside arXiv's order, chance, and a linear SVM on tf-idf (as
in arxiv-sanity-lite) where scikit-learn is installed.

Then each person goes through the days on which the papers were announced, each day ranked by what
they starred before it: where their stars stand, which part of a day half of the people may pass
over and what the other half would lose by it, and how much of each step of strength is starred.
At last times and sizes.
"""

import gzip
import json
import math
import random
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

from tui_reader import rank
from tui_reader.model import Paper, row_of
from tui_reader.rank.replay import (
    Measured,
    Past,
    PastDay,
    Star,
    by_chance,
    measured,
    passable,
    replay,
)
from tui_reader.sources.snapshot import Snapshot
from tui_reader.store.taste import USUAL_PAPERS
from tui_reader.text import fold

CORPUS = Path(__file__).parents[3] / "shared" / "corpus" / "metadata" / "papers-2025.jsonl.gz"
FEWEST_PAPERS = 8
OTHERS = 1000
FIELD = 1500  # papers for the background
TOP = 20

Order = Callable[[Sequence[int], Sequence[int]], Sequence[int]]
"""Of (starred, candidates): the candidates, the likeliest first."""


class Person(NamedTuple):
    starred: Sequence[int]
    later: Sequence[int]
    others: Sequence[int]


def people(papers: Sequence[Paper], chance: random.Random) -> list[Person]:
    """Make people of authors; a paper is its place in `papers`, which run from old to new."""
    written: dict[str, list[int]] = defaultdict(list)
    for at, paper in enumerate(papers):
        for name in {fold(name) for name in paper.authors}:
            written[name].append(at)
    found = []
    for name, own in sorted(written.items()):
        if len(own) < FEWEST_PAPERS:
            continue
        group = max(_hanging_together(papers, own, name), key=len)
        if len(group) < FEWEST_PAPERS:
            continue
        half = len(group) // 2
        others = [at for at in range(len(papers)) if at not in set(group)]
        found.append(Person(group[:half], group[half:], chance.sample(others, OTHERS)))
    return found


def _hanging_together(papers: Sequence[Paper], own: Iterable[int], name: str) -> list[list[int]]:
    groups: list[tuple[set[str], list[int]]] = []
    for at in own:
        names, members = {fold(other) for other in papers[at].authors} - {name}, [at]
        apart = []
        for known in groups:
            if known[0] & names:
                names, members = names | known[0], known[1] + members
            else:
                apart.append(known)
        groups = [*apart, (names, members)]
    return [sorted(members) for _, members in groups]


def judged(order: Order, persons: Iterable[Person], stars: int | None) -> tuple[float, float, int]:
    """Return nDCG@20, the share of later stars in the lower half, and of how many persons."""
    gains, low, sought, count = 0.0, 0, 0, 0
    for person in persons:
        if stars and len(person.starred) < stars:
            continue
        starred = person.starred[-stars:] if stars else person.starred
        candidates = sorted([*person.others, *person.later])
        place = {at: number for number, at in enumerate(order(starred, candidates))}
        places = [place[at] for at in person.later]
        best = sum(1 / math.log2(number + 2) for number in range(min(TOP, len(places))))
        gains += sum(1 / math.log2(number + 2) for number in places if number < TOP) / best
        low += sum(number >= len(candidates) / 2 for number in places)
        sought += len(places)
        count += 1
    return gains / max(1, count), low / max(1, sought), count


def four_together(persons: Sequence[Person]) -> list[Person]:
    return [
        Person(
            sorted({at for one in four for at in one.starred}),
            sorted({at for one in four for at in one.later}),
            sorted({at for one in four for at in one.others[: OTHERS // 4]}),
        )
        for four in zip(*(persons[start::4] for start in range(4)), strict=False)
    ]


def lived(days: Iterable[Sequence[int]], vectors: Sequence[rank.Vector], own: set[int]) -> Past:
    """Return what ranking comes to for a person who starred their own papers on their days."""
    past = (
        PastDay([(at, vectors[at]) for at in day], frozenset(own.intersection(day)), frozenset())
        for day in days
        if own.intersection(day)
    )
    return replay(past, rank.background(vectors[:FIELD]), vectors[-USUAL_PAPERS:])


def tell_days(name: str, pasts: Sequence[Past]) -> None:
    pasts = [past for past in pasts if past.stars]
    stars = [star for past in pasts for star in past.stars]
    orders: dict[str, Callable[[Sequence[Star]], Measured]] = {
        name: lambda some: measured(some, lambda star: star.place),
        "arXiv's order": lambda some: measured(some, lambda star: star.listed),
        "chance": by_chance,
    }
    for order, measure in orders.items():
        found = measure(stars)
        shares = ", ".join(f"{share:.0%}" for share in found[:3])
        lower = f"{1 - found.top_50:.1%} in the lower half"
        ndcg = sum(measure(past.stars).ndcg for past in pasts) / len(pasts)
        print(f"{order:<14} top 10, 20, 50 %: {shares}; {lower}; nDCG@20 {ndcg:.3f}")
    known, others = (
        Past([star for past in pasts[start::2] for star in past.stars]) for start in range(2)
    )
    if rest := passable(known):
        lost = sum(star.depth > 1 - rest.share for star in others.stars)
        told = (
            f"of {rest.stars} stars {rest.lost} were there, of others' {len(others.stars)} {lost}"
        )
        print(f"{'':<14} passed over: the last {rest.share:.0%} of a day; {told}")
    steps = [
        [sum(past.steps[step][part] for past in pasts) for part in range(2)]
        for step in range(len(rank.STEPS) + 1)
    ]
    shares = ", ".join(f"{starred / papers:.1%} of {papers:,}" for papers, starred in steps)
    print(f"{'':<14} starred by steps of strength: {shares}")


def ranked(
    vectors: Sequence[rank.Vector],
    field: rank.Background,
    starred: Sequence[int],
    candidates: Sequence[int],
) -> list[int]:
    profile = rank.Profile([vectors[at] for at in starred], [], field)
    return sorted(candidates, key=lambda at: -profile.score(vectors[at]))


def by_svm(papers: Sequence[Paper], *, authors: bool) -> Order:
    """Return arxiv-sanity-lite's order: its features and its classifier, with its settings."""
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.svm import LinearSVC

    texts = [" ".join([p.title, p.abstract or "", *p.authors * authors]) for p in papers]
    features: Any = TfidfVectorizer(
        strip_accents="unicode",
        token_pattern=r"(?u)\b[a-zA-Z_][a-zA-Z0-9_]+\b",  # noqa: S106 - no password
        ngram_range=(1, 2),
        max_features=20000,
        sublinear_tf=True,
        min_df=5,
        max_df=0.1,
    ).fit_transform(texts)

    def order(starred: Sequence[int], candidates: Sequence[int]) -> list[int]:
        rows = [*starred, *candidates]
        wanted = [1] * len(starred) + [0] * len(candidates)
        svm = LinearSVC(class_weight="balanced", max_iter=10000, tol=1e-6, C=0.01)
        svm.fit(features[rows], wanted)
        scores = svm.decision_function(features[candidates])
        return [at for _, at in sorted(zip(-scores, candidates, strict=True))]

    return order


def seconds(work: Callable[[], object], times: int = 5) -> float:
    """Return the CPU time of the quickest run."""
    taken = []
    for _ in range(times):
        before = time.process_time()
        work()
        taken.append(time.process_time() - before)
    return min(taken)


def main() -> None:
    file = Path(sys.argv[1]) if len(sys.argv) > 1 else CORPUS
    with file.open("rb") as stream:
        papers = sorted(Snapshot(stream, file.name), key=lambda paper: row_of(paper.id))
    place = {paper.id: at for at, paper in enumerate(papers)}
    days: dict[str, list[int]] = defaultdict(list)
    with gzip.open(file) as lines:
        for record in map(json.loads, lines):
            days[record["update_date"]].append(place[record["id"]])
    chance = random.Random(1)
    persons = people(papers, chance)
    vectors = [rank.vector(paper) for paper in papers]
    bare = [rank.Vector((), vector.words) for vector in vectors]
    field = rank.background(chance.sample(vectors, FIELD))

    def shuffled(_: Sequence[int], candidates: Sequence[int]) -> list[int]:
        return chance.sample(list(candidates), len(candidates))

    orders: dict[str, Order] = {
        "words alone": partial(ranked, bare, field),
        "with authors": partial(ranked, vectors, field),
        "arXiv's order": lambda _, candidates: candidates,
        "chance": shuffled,
    }
    try:
        orders["SVM, words"] = by_svm(papers, authors=False)
        orders["SVM, authors"] = by_svm(papers, authors=True)
    except ImportError:
        print("scikit-learn is not installed: no linear SVM to compare with")
    many = four_together(persons)
    print(f"{len(papers):,} papers, {len(persons)} people; nDCG@20, later stars in the lower half")
    for name, order in orders.items():
        told = []
        for stars, some in ((2, persons), (6, persons), (None, persons), (20, many)):
            gain, low, count = judged(order, some, stars)
            if count:
                told.append(f"{stars or 'all'} stars ({count}): {gain:.3f} {low:5.1%}")
        print(f"{name:<14} {'   '.join(told)}")

    print(f"\n{len(days)} days of {len(papers) // len(days)} papers, from {rank.FEWEST} stars on")
    ordered = [sorted(days[day]) for day in sorted(days)]
    for name, seen in (("words alone", bare), ("with authors", vectors)):
        tell_days(name, [lived(ordered, seen, {*p.starred, *p.later}) for p in persons])
    print()
    stored = [vector.text() for vector in vectors[:2000]]
    starred = vectors[-500:]
    print(f"a vector: {sum(map(len, stored)) / len(stored):.0f} characters")
    made = seconds(lambda: [rank.vector(paper) for paper in papers[:500]]) / 500
    print(f"to make one: {made * 1e6:.0f} µs")

    def rank_all() -> object:
        profile = rank.Profile(starred, [], field)
        return sorted(map(rank.Vector.read, stored), key=profile.score)

    def one_more() -> object:
        profile.star(starred[0])
        profile.star(starred[0], -1)
        return profile.scale(vectors[-USUAL_PAPERS:])

    print(f"2,000 stored papers ranked by 500 stars: {seconds(rank_all) * 1e3:.0f} ms")
    profile = rank.Profile(starred, [], field)
    print(f"one more star, then the steps of strength: {seconds(one_more) * 1e3:.0f} ms")
    print(
        f"background of {FIELD:,}: {seconds(lambda: rank.background(vectors[:FIELD])) * 1e3:.0f} ms"
    )


if __name__ == "__main__":
    main()
