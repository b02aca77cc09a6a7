"""What ranking needs of the cache: vectors of papers, kept once made, and the person's profile."""

import math
from array import array
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from itertools import groupby
from operator import itemgetter

from tui_reader import rank
from tui_reader.errors import Cancelled, StoreError
from tui_reader.rank import Background, Profile, Vector
from tui_reader.rank.replay import PastDay
from tui_reader.store.contents import Rows
from tui_reader.store.db import AMONG, FOLDED, Database, array_of
from tui_reader.store.marks import Marked
from tui_reader.store.memos import Memos
from tui_reader.store.papers import Papers

MOST_LEARNED_FROM = 1000
"""Of more stars, and of more skips, the latest so many say what a person looks for."""
BACKGROUND_PAPERS = 1500
"""Papers announced last, or else the newest: what papers are like that nobody chose."""
MADE_AS = f"{rank.VECTOR_FORM} {FOLDED}"
"""How vectors and the background were made."""


class Taste:
    """What the person looks for, learned from what they starred and skipped.

    Vectors are kept for papers that are announced or marked; those of others are made when they
    are asked for, as a bulk snapshot holds millions.
    """

    def __init__(self, db: Database, papers: Papers, marked: Marked, memos: Memos) -> None:
        self._db, self._papers, self._marked, self._memos = db, papers, marked, memos
        self._background: tuple[str, Background] | None = None
        """And of which day it is."""
        self._profile: tuple[object, Profile] | None = None
        """And of which stars and skips."""

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
        starred = self._marked.latest("starred", MOST_LEARNED_FROM)
        skipped = self._marked.latest("skipped", MOST_LEARNED_FROM)
        background = self.background()
        known = (starred, skipped, id(background))
        if self._profile is None or self._profile[0] != known:
            vectors = self.vectors([*starred, *skipped])
            stars, skips = (
                [vectors[row] for row in rows if row in vectors] for rows in (starred, skipped)
            )
            self._profile = known, Profile(stars, skips, background)
        return self._profile[1]

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
        if name == made_of:
            background = Background.read(text)
        else:
            announced = self._db.column(
                "SELECT DISTINCT row FROM entry ORDER BY row DESC LIMIT ?", [BACKGROUND_PAPERS]
            )
            rows = list(dict.fromkeys([*announced, *newest]))[:BACKGROUND_PAPERS]
            background = rank.background(list(self.vectors(rows).values()))
            self._memos.keep("background", f"{made_of}\n{background.text()}")
        self._background = made_of, background
        return background

    def reasons(self, row: int, profile: Profile) -> list[rank.Reason]:
        """Return what speaks for a paper, and against it; nothing while the stars are too few."""
        vector = self.vectors([row]).get(row)
        return profile.reasons(vector) if vector and profile.stars >= rank.FEWEST else []

    def past(self, progress: Callable[[int, int], None] = lambda *_: None) -> list[PastDay]:
        """Return the announcements in which anything was starred, and those between, oldest first.

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
        all_starred, all_skipped = (
            frozenset(self._marked.rows(mark)) for mark in ("starred", "skipped")
        )
        found = []
        for number, (_, rows) in enumerate(days, 1):
            progress(number, len(days))
            here = frozenset(rows)
            starred, skipped = here & all_starred, here & all_skipped
            wanted = rows if starred else [*skipped]
            vectors = self.vectors(wanted)
            papers = [(row, vectors[row]) for row in wanted if row in vectors]
            found.append(PastDay(papers, starred, skipped))
        return found

    def likest(self, rows: Rows, stale: Callable[[], bool] = lambda: False) -> Rows:
        """Return these papers, the likeliest first; as they are while the stars are too few.

        Raises Cancelled as soon as the answer is stale.
        """
        profile = self.profile()
        if profile.stars < rank.FEWEST:
            return rows
        scores = dict.fromkeys(rows, -math.inf)  # of papers that are not stored nothing is known
        for start in range(0, len(rows), 200):
            if stale():
                raise Cancelled
            vectors = self.vectors(rows[start : start + 200])
            scores |= {row: profile.score(each) for row, each in vectors.items()}
        return array("I", sorted(rows, key=scores.__getitem__, reverse=True))
