"""What rules, the saved filters that watch or mute, find: asked once of each paper, and kept."""

from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import date
from functools import cached_property
from time import monotonic
from typing import TYPE_CHECKING, NamedTuple
from zlib import crc32

from tui_reader.errors import StoreError
from tui_reader.model import Effect, SavedFilter
from tui_reader.store.db import AMONG, FOLDED, Database, array_of
from tui_reader.store.documents import Documents
from tui_reader.store.papers import Papers

if TYPE_CHECKING:  # loaded when a rule is asked
    from tui_reader.query import Test

_BLOCK = 50  # papers
SECONDS_TO_COUNT = 1.0
MOST_COUNTED = 20_000  # announced papers, the latest
_PARTED = "\n"
"""No name of a filter has it."""


class RuleHits(NamedTuple):
    """What a rule found of what was announced."""

    papers: int
    """Of late."""
    last: date | None


class Rules:
    """The rules as they are now, and which papers each of them finds.

    Rules find a paper by what arXiv says of it, so what they found is kept with the paper, until
    it or they change.
    """

    def __init__(
        self, filters: Mapping[str, SavedFilter], db: Database, papers: Papers, documents: Documents
    ) -> None:
        self._db, self._papers, self._documents = db, papers, documents
        self.filters = filters
        rules = ((name, s.text) for name, s in filters.items() if s.effect is not Effect.PLAIN)
        self._form = f"{FOLDED} {crc32(repr(sorted(rules)).encode()):08x}"
        """How what is kept was made."""
        self._edition: str | None = None
        self._found: dict[int, tuple[str, ...] | None] = {}
        """The rules that find each paper, of that edition; None: they were not asked."""

    @cached_property
    def _tests(self) -> "Mapping[str, Test]":
        """The test of a paper that each rule makes; loaded with the first that is asked."""
        from tui_reader.query import matcher, rules_of

        return {name: matcher(query) for name, query in rules_of(self.filters).items()}

    def found(self, rows: Sequence[int]) -> dict[int, tuple[str, ...]]:
        """Return the names of the rules that find each paper, of those that were asked of."""
        if (edition := self._papers.edition()) != self._edition:
            self._edition, self._found = edition, {}
        new = [row for row in rows if row not in self._found]
        if new:
            kept = f"SELECT row, rules FROM verdict WHERE form = ? AND row IN {AMONG}"
            found = self._db.made(_kept, kept, [self._form, array_of(new)])
            self._found |= dict.fromkeys(new) | dict(found)
        return {row: names for row in rows if (names := self._found[row]) is not None}

    def ask(self, rows: Sequence[int], seconds: float = float("inf")) -> bool:
        """Ask the rules of these papers, as many as there is time for; return whether more wait.

        However little time there is, some are asked.
        """
        until = monotonic() + seconds
        known = self.found(rows)
        lacking = [row for row in rows if row not in known]
        for start in range(0, len(lacking), _BLOCK):
            if start and monotonic() > until:
                return True
            block = lacking[start : start + _BLOCK]
            self._documents.make_texts(block, _BLOCK)
            papers = self._documents.at(block)
            found = {
                row: tuple(name for name, test in self._tests.items() if test(paper))
                for row, paper in papers.items()
            }
            self._found |= dict.fromkeys(block, ())
            self._found |= found
            # It can be asked again.
            with suppress(StoreError), self._db.writing(0):
                if self._papers.edition() == self._edition:  # else it may be another paper by now
                    self._db.write_each(
                        "INSERT OR REPLACE INTO verdict VALUES (?, ?, ?)",
                        ((row, self._form, _PARTED.join(names)) for row, names in found.items()),
                    )
        return False

    def hits(self, since: date) -> "dict[str, RuleHits]":
        """Return how many papers announced since then each rule found, and when the last ever."""
        announced = self._db.numbers(
            """
            SELECT row FROM entry JOIN listing ON listing = listing.id
            GROUP BY row ORDER BY max(announced) DESC LIMIT ?
            """,
            [MOST_COUNTED],
        )
        self.ask(announced, SECONDS_TO_COUNT)
        counts, last = Counter[str](), dict[str, date]()
        for names, day in self._db.made(
            _hit,
            """
            SELECT rules, max(announced) FROM verdict JOIN entry USING (row)
            JOIN listing ON listing = listing.id
            WHERE verdict.form = ? AND rules <> '' GROUP BY row
            """,
            [self._form],
        ):
            for name in names:
                counts[name] += day >= since
                last[name] = max(day, last.get(name, day))
        return {name: RuleHits(counts[name], last.get(name)) for name in self._tests}

    def watched(self, rows: Sequence[int]) -> dict[int, tuple[str, ...]]:
        """Return the papers that are watched, and by which rules, as far as it is known."""
        return self._by(Effect.WATCH, rows)

    def muted(self, rows: Sequence[int]) -> dict[int, tuple[str, ...]]:
        """Return the papers that rules mute, watched and starred ones too."""
        return self._by(Effect.MUTE, rows)

    def _by(self, effect: Effect, rows: Sequence[int]) -> dict[int, tuple[str, ...]]:
        rules = {name for name, saved in self.filters.items() if saved.effect is effect}
        some = {row: names for row, names in self.found(rows).items() if names}
        found = {row: tuple(filter(rules.__contains__, names)) for row, names in some.items()}
        return {row: names for row, names in found.items() if names}


def _kept(row: int, names: str) -> tuple[int, tuple[str, ...]]:
    return row, tuple(names.split(_PARTED)) if names else ()


def _hit(names: str, day: str) -> tuple[list[str], date]:
    return names.split(_PARTED), date.fromisoformat(day)
