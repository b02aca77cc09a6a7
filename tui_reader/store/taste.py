"""What ranking needs of the cache: vectors of papers, kept once made, and the person's profile."""

import math
from array import array
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import date
from itertools import groupby
from operator import itemgetter
from typing import NamedTuple
from zlib import crc32

from tui_reader import rank
from tui_reader.errors import Cancelled, StoreError
from tui_reader.model import PaperId
from tui_reader.rank import Background, Profile, Vector
from tui_reader.rank.replay import Passable, Past, PastDay, passable, replay
from tui_reader.store.contents import Portion, Rows, Run
from tui_reader.store.db import AMONG, FOLDED, Database, array_of
from tui_reader.store.marks import Marked
from tui_reader.store.memos import Memos
from tui_reader.store.papers import Papers

MOST_LEARNED_FROM = 1000
"""Of more stars, and of more skips, the latest so many say what a person looks for."""
BACKGROUND_PAPERS = 1500
"""Papers announced last, or else the newest: what papers are like that nobody chose."""
USUAL_PAPERS = 200
"""Of these, announced last, each step of strength has its share."""
SAMPLES_SHOWN = 3
"""So many of the less likely are shown all the same."""
MOST_DAYS = 200
"""So many of the last days with stars are gone through whole."""
NEW_STARS = 20
"""So many more stars, and the past is gone through again."""
PAST = "past"
"""Under which what ranking came to is remembered."""
MADE_AS = f"{rank.VECTOR_FORM} {FOLDED}"
"""How vectors and the background were made."""


class Learned(NamedTuple):
    """What the person looks for, and of what that was learned."""

    made_of: tuple[str | None, str | None]
    """The background and the papers."""
    starred: frozenset[int]
    skipped: frozenset[int]
    profile: Profile
    usual: Sequence[Vector]
    scale: Sequence[float]
    """Where the steps of strength begin."""
    scores: dict[int, float]
    """Those that were asked for."""

    @property
    def enough(self) -> bool:
        """Whether there are stars enough to rank by."""
        return self.profile.stars >= rank.FEWEST


class Taste:
    """What the person looks for, learned from what they starred and skipped.

    Vectors are kept for papers that are announced or marked; those of others are made when they
    are asked for, as a bulk snapshot holds millions.
    """

    def __init__(self, db: Database, papers: Papers, marked: Marked, memos: Memos) -> None:
        self._db, self._papers, self._marked, self._memos = db, papers, marked, memos
        self._background: tuple[str, Background] | None = None
        """And of which day it is."""
        self.learned: Learned | None = None
        """What was learned last; a Taste of another thread may take it over."""
        self.likest_kept: dict[str, tuple[object, list[PaperId]]] = {}
        """What `likeness` found, and of which papers that was."""
        self._learned_at: tuple[int, int, int] | None = None
        """At which version of the cache."""
        self._past: tuple[str, Past, Passable | None] = "", Past(), None
        """As it was kept, as it reads, and what it lets pass."""

    def vectors(self, rows: Sequence[int]) -> dict[int, Vector]:
        """Return the vectors of the papers among these that are stored."""
        found = dict(
            self._db.made(
                lambda row, text: (row, Vector.read(text)),
                f"SELECT row, text FROM vector WHERE form = ? AND row IN {AMONG}",
                [MADE_AS, array_of(rows)],
            )
        )
        lacking = [row for row in rows if row not in found]
        if not lacking:
            return found
        edition = self._papers.edition()
        made = {row: rank.vector(paper) for row, paper in self._papers.at(lacking).items()}
        if made and not self._db.in_snapshot:
            self._keep(made, edition)
        return found | made

    def _keep(self, made: Mapping[int, Vector], edition: str | None) -> None:
        wanted = self._db.column(
            """
            SELECT value FROM json_each(?) AS made
            WHERE EXISTS (SELECT 1 FROM entry WHERE row = made.value)
                OR EXISTS (SELECT 1 FROM mark WHERE row = made.value)
            """,
            [array_of(made)],
        )
        # Someone waits, and they can be made again.
        with suppress(StoreError), self._db.writing(0):
            if self._papers.edition() == edition:  # else they may be other papers by now
                values = [(row, MADE_AS, made[row].text()) for row in wanted]
                self._db.write_each("INSERT OR REPLACE INTO vector VALUES (?, ?, ?)", values)

    def profile(self) -> Profile:
        """Return what the person looks for now."""
        return self._learn().profile

    def missing(self) -> int:
        """Return how many stars are missing until papers can be ranked."""
        return max(0, rank.FEWEST - self.profile().stars)

    def _learn(self) -> Learned:
        version = self._db.version()
        if not self.learned or version != self._learned_at:
            self.learned = self._learned_now(self.learned)
            self._learned_at = version
        return self.learned

    def _learned_now(self, old: Learned | None) -> Learned:
        starred, skipped = (
            frozenset(self._marked.latest(field, MOST_LEARNED_FROM))
            for field in ("starred", "skipped")
        )
        background = self.background()
        made_of = self._background and self._background[0], self._papers.edition()
        if old and old.made_of == made_of:
            if (old.starred, old.skipped) == (starred, skipped):
                return old
            profile, usual = old.profile, old.usual
            was_starred, was_skipped = old.starred, old.skipped
        else:
            profile = Profile((), (), background)
            usual = list(self.vectors(self._announced_last(USUAL_PAPERS)).values())
            was_starred = was_skipped = frozenset[int]()
        # What changed is learned, and not all of it again: half a second of a thousand stars.
        changed = self.vectors([*(starred ^ was_starred), *(skipped ^ was_skipped)])
        for row, vector in changed.items():
            if times := (row in starred) - (row in was_starred):
                profile.star(vector, times)
            if times := (row in skipped) - (row in was_skipped):
                profile.skip(vector, times)
        scale = profile.scale(usual)
        return Learned(made_of, starred, skipped, profile, usual, scale, {})

    def background(self) -> Background:
        """Return what papers are like that nobody chose."""
        [day] = self._db.column("SELECT coalesce(max(announced), '') FROM listing")
        newest = self._db.column(
            "SELECT row FROM paper ORDER BY row DESC LIMIT ?", [BACKGROUND_PAPERS]
        )
        made_of = f"{MADE_AS} {day} {len(newest)}"
        if self._background and self._background[0] == made_of:
            return self._background[1]
        name, _, text = (self._memos.get("background") or "").partition("\n")
        if name != made_of:
            announced = self._announced_last(BACKGROUND_PAPERS)
            rows = list(dict.fromkeys([*announced, *newest]))[:BACKGROUND_PAPERS]
            text = rank.background(list(self.vectors(rows).values())).text()
            self._memos.keep("background", f"{made_of}\n{text}")
        background = Background.read(text)  # rounded: the same today and tomorrow
        self._background = made_of, background
        return background

    def _announced_last(self, most: int) -> list[int]:
        return self._db.numbers("SELECT DISTINCT row FROM entry ORDER BY row DESC LIMIT ?", [most])

    def reasons(self, row: int) -> list[rank.Reason]:
        """Return what speaks for a paper, and against it, by what was learned last.

        Nothing while the stars are too few.
        """
        profile = (self.learned or self._learn()).profile
        vector = self.vectors([row]).get(row)
        return profile.reasons(vector) if vector and profile.stars >= rank.FEWEST else []

    def days(self, progress: Callable[[int, int], None] = lambda *_: None) -> Iterator[PastDay]:
        """Yield the announcements, oldest first; whole are the last MOST_DAYS with stars.

        A paper counts on the first of its days. `progress` is told how many days are done, and of
        how many; what it raises ends the work.
        """
        placed = self._db.rows(
            """
            SELECT min(announced) AS day, row FROM entry JOIN listing ON listing = listing.id
            GROUP BY row ORDER BY day, min(section), row
            """
        )
        days = [(day, [row for _, row in same]) for day, same in groupby(placed, itemgetter(0))]
        all_starred, all_skipped, all_unseen, all_samples = (
            frozenset(self._marked.rows(mark))
            for mark in ("starred", "skipped", "unseen", "sample")
        )
        with_stars = [day for day, rows in days if not all_starred.isdisjoint(rows)]
        first = with_stars[-MOST_DAYS:][0] if with_stars else ""
        for number, (day, rows) in enumerate(days, 1):
            progress(number, len(days))
            here = frozenset(rows)
            starred, unseen = here & all_starred, here & all_unseen
            skipped = (here & all_skipped) - unseen
            whole = bool(starred) and not unseen and day >= first
            wanted = rows if whole else [*starred, *skipped]
            vectors = self.vectors(wanted)
            papers = [(row, vectors[row]) for row in wanted if row in vectors]
            yield PastDay(papers, starred, skipped, whole, here & all_samples)

    def replayed(self, progress: Callable[[int, int], None] = lambda *_: None) -> Past:
        """Return what ranking comes to on the person's own past; it takes seconds."""
        usual = list(self.vectors(self._announced_last(USUAL_PAPERS)).values())
        return replay(self.days(progress), self.background(), usual)

    def past(self) -> Past:
        """Return what ranking came to when that was kept last; nothing before."""
        kept = self._memos.get(PAST) or ""
        if kept != self._past[0]:
            past = Past.read(kept.partition("\n")[2])
            self._past = kept, past, passable(past)
        return self._past[1]

    def _passable(self) -> Passable | None:
        self.past()
        return self._past[2] if self.profile().stars >= rank.FEWEST else None

    def keep_past(self, progress: Callable[[int, int], None] = lambda *_: None) -> None:
        """Go through the past again, where there are days or some more stars since it was kept."""
        self.background()
        assert self._background
        made_of = f"{self._background[0]} {self._marked.count('starred') // NEW_STARS}"
        if (self._memos.get(PAST) or "").partition("\n")[0] != made_of:
            self._memos.keep(PAST, f"{made_of}\n{self.replayed(progress).text()}")

    def _scores(
        self, rows: Sequence[int], stale: Callable[[], bool] = lambda: False
    ) -> dict[int, float]:
        """Return how likely papers are by what was learned last; of unknown ones nothing is."""
        learned = self.learned or self._learn()
        known = learned.scores
        lacking = [row for row in rows if row not in known]
        for start in range(0, len(lacking), 200):
            if stale():
                raise Cancelled
            block = lacking[start : start + 200]
            known |= dict.fromkeys(block, -math.inf)
            known |= {row: learned.profile.score(v) for row, v in self.vectors(block).items()}
        return {row: known[row] for row in rows}

    def steps(self, rows: Sequence[int]) -> dict[int, int]:
        """Return how strong papers are, 1 to 5, by what was learned last, where it is known."""
        learned = self.learned or self._learn()
        if not learned.enough or not learned.scale:
            return {}
        scores = self._scores(rows).items()
        return {row: rank.step(score, learned.scale) for row, score in scores if score > -math.inf}

    def likest(self, rows: Rows, stale: Callable[[], bool] = lambda: False) -> Rows:
        """Return these papers, the likeliest first; as they are while the stars are too few.

        Raises Cancelled as soon as the answer is stale.
        """
        if self.profile().stars < rank.FEWEST:
            return rows
        scores = self._scores(rows, stale)
        return array("I", sorted(rows, key=scores.__getitem__, reverse=True))

    def parts(self, most: int, first: Run, announced: Rows, shown: Rows) -> list[Portion]:
        """Return what is shown of an announcement, the likeliest first, the less likely apart.

        Of what is no announcement, the newest `most` are ordered; the others follow.
        Those are the largest part at its end that the past lets pass, whatever else of the
        announcement is shown. Some of them stand before it, always the same.
        """
        order, past = self.likest(shown[:most]) + shown[most:], self._passable()
        if not past or not first.section:
            return [Portion(order)]
        whole = self._scores(self._announced_on(first.day) if first.day else announced)
        likely_from = sorted(whole.values())[int(past.share * len(whole))]
        less = sorted((row for row in whole if whole[row] < likely_from), key=_lot)
        if len(less) <= SAMPLES_SHOWN:
            return [Portion(order)]
        scores, samples = self._scores(order), set(less[:SAMPLES_SHOWN])
        upper = array("I", (row for row in order if scores[row] >= likely_from))
        return [
            Portion(upper),
            Portion(array("I", filter(samples.__contains__, order)), sample=True),
            Portion(array("I", (r for r in order[len(upper) :] if r not in samples)), past=past),
        ]

    def _announced_on(self, day: date) -> Rows:
        return array(
            "I",
            self._db.numbers(
                """
                SELECT DISTINCT row FROM entry JOIN listing ON listing = listing.id
                WHERE announced = ?
                """,
                [day.isoformat()],
            ),
        )


def _lot(row: int) -> int:
    """Draw papers as by lot, but always the same."""
    return crc32(b"%d" % row)
