"""Listings in the cache: the day ledger, where each paper was announced, and the Inbox."""

import json
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, date, datetime, timedelta
from operator import index
from typing import NamedTuple

from tui_reader.model import Announced, Listing, Section, paper_at, row_of
from tui_reader.store.db import AMONG, Database, array_of

SECTIONS = tuple(Section)
"""Their indexes are what is stored of them."""
_MARKED = """(SELECT 1 FROM mark WHERE row = read.row AND field = '{}' AND value = 'true')"""
_REPLACEMENTS = {
    "starred": f"EXISTS {_MARKED.format('starred')}",
    "all": f"NOT EXISTS {_MARKED.format('skipped')}",
    "none": "false",
}
CHECKSUM = """checksum_of(
    category, announced, complete,
    (SELECT group_concat(row || ' ' || section || ' ' || position) FROM (
        SELECT row, section, position FROM entry WHERE listing = id ORDER BY position
    ))
)"""
"""Of a listing and its entries."""


class Day(NamedTuple):
    """A row of the day ledger: one category's listing and how much of it is unread."""

    category: str
    announced: date
    counts: tuple[int, int, int]
    """Stored entries of each section, in arXiv's order."""
    unread: int
    complete: bool


class Known(NamedTuple):
    """What is known of one category's announcement, whether it is stored or was only asked for."""

    category: str
    announced: date
    stored: int = 0
    """How many entries are."""
    complete: bool = False
    state: str = ""
    """What asking arXiv for it came to; empty where that was never done."""
    said: str = ""
    tries: int = 0
    last: datetime | None = None
    """When arXiv was last asked for it, in UTC."""


class Held(NamedTuple):
    """A reading that shows less than is stored, or nothing: it waits for one that agrees."""

    category: str
    announced: date
    entries: int
    stored: int


CONFIRMED_AFTER = timedelta(hours=1)
"""So much later a second reading proves an absence; arXiv's faults are shorter."""


class Listings:
    """The listings in the cache, by category and day."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def days(self) -> list[Day]:
        """Return the day ledger, newest announcement first, then by category."""
        return self._db.made(
            _day,
            """
            SELECT listing.category, listing.announced, listing.complete,
                   count(entry.row) FILTER (WHERE section = 0),
                   count(entry.row) FILTER (WHERE section = 1),
                   count(entry.row) FILTER (WHERE section = 2),
                   count(entry.row) FILTER (WHERE coalesce(read.value, 'false') = 'false')
            FROM listing
            LEFT JOIN entry ON entry.listing = listing.id
            LEFT JOIN mark AS read ON read.row = entry.row AND read.field = 'read'
            GROUP BY listing.id
            ORDER BY listing.announced DESC, listing.category
            """,
        )

    def ledger(self, first: date) -> list[Known]:
        """Return what is known of every announcement since `first`, newest first."""
        return self._db.made(
            _known,
            """
            SELECT category, announced,
                   (SELECT count(*) FROM entry WHERE entry.listing = listing.id),
                   complete, state, said, tries, last
            FROM (SELECT category, announced FROM listing WHERE announced >= :first
                  UNION SELECT category, announced FROM asked WHERE announced >= :first)
            LEFT JOIN listing USING (category, announced)
            LEFT JOIN asked USING (category, announced)
            ORDER BY announced DESC, category
            """,
            {"first": first.isoformat()},
        )

    def record(self, category: str, day: date, state: str, said: str, now: datetime) -> None:
        """Keep what asking arXiv for a listing came to."""
        with self._db.writing():
            self._db.write(
                """
                INSERT INTO asked VALUES (:category, :day, :state, :said, 1, :now)
                ON CONFLICT DO UPDATE
                SET state = :state, said = :said, last = :now, tries = tries + 1
                """,
                {
                    "category": category,
                    "day": day.isoformat(),
                    "state": state,
                    "said": said,
                    "now": now.astimezone(UTC).isoformat(timespec="seconds"),
                },
            )

    def places(self, rows: Sequence[int]) -> dict[int, tuple[Announced, ...]]:
        """Return where each of these papers was announced, newest first."""
        places: dict[int, list[Announced]] = {row: [] for row in rows}
        for row, place in self._db.made(
            _place,
            f"""
            SELECT entry.row, listing.category, listing.announced, entry.section, entry.position
            FROM entry JOIN listing ON listing.id = entry.listing
            WHERE entry.row IN {AMONG}
            ORDER BY listing.announced DESC, listing.category
            """,
            [array_of(rows)],
        ):
            places[row].append(place)
        return {row: tuple(found) for row, found in places.items()}

    def rows(self, category: str, day: date) -> list[tuple[int, int]]:
        """Return (row, section) of a listing's papers: by section, then in arXiv's order."""
        values = [category, day.isoformat()]
        self._db.made(
            _sound,
            f"SELECT checksum, {CHECKSUM} FROM listing WHERE category = ? AND announced = ?",
            values,
        )
        return self._db.made(
            _row_and_section,
            """
            SELECT entry.row, entry.section
            FROM entry JOIN listing ON listing.id = entry.listing
            WHERE listing.category = ? AND listing.announced = ?
            ORDER BY entry.section, entry.position
            """,
            values,
        )

    def inbox(self, followed: Sequence[str], kept: Sequence[int]) -> list[tuple[int, str, int]]:
        """Return (row, ISO day, section) of each unread paper, at its newest announcement.

        Newest day first; within a day by section, category and arXiv's order. Where categories
        are `followed`, only papers that are announced in them or cross-listed into them. `kept`
        are rows that stay though they are read.
        """
        found: dict[int, tuple[int, str, int]] = {}
        for place in self._db.made(
            _row_day_section,
            """
            SELECT entry.row, listing.announced, entry.section
            FROM entry JOIN listing ON listing.id = entry.listing
            LEFT JOIN mark ON mark.row = entry.row AND mark.field = 'read'
            WHERE (coalesce(mark.value, 'false') = 'false'
                   OR entry.row IN (SELECT value FROM json_each(:kept)))
              AND (:followed = '[]' OR EXISTS (
                  SELECT 1 FROM json_each(:followed) AS code
                  LEFT JOIN paper ON paper.row = entry.row
                  WHERE listing.category = code.value
                     OR instr(' ' || paper.categories || ' ', ' ' || code.value || ' ')
                     OR instr(' ' || paper.categories, ' ' || code.value || '.')
              ))
            ORDER BY listing.announced DESC, entry.section, listing.category, entry.position
            """,
            {"followed": json.dumps(followed), "kept": array_of(kept)},
        ):
            found.setdefault(place[0], place)
        return [*found.values()]

    def replaced_since_read(self, listings: Iterable[Listing], which: str) -> set[int]:
        """Return the papers that listings, not stored yet, replace, and that were read until then.

        `which` of them: "starred" ones, "all" that were not skipped, or "none". What is stored of
        a listing is no news; nor is what another one of that day, or a later one, has said already.
        """
        found: set[int] = set()
        for listing in listings:
            category, day = listing.category, listing.announced.isoformat()
            replaced = (e.paper.id for e in listing.entries if e.section is Section.REPLACEMENT)
            found |= set(
                self._db.numbers(
                    f"""
                    SELECT read.row FROM mark AS read
                    WHERE {_REPLACEMENTS[which]}
                      AND field = 'read' AND value = 'true' AND substr(at, 1, 10) <= :day
                      AND row IN (SELECT value FROM json_each(:rows))
                      AND NOT EXISTS (
                          SELECT 1 FROM entry JOIN listing ON listing.id = entry.listing
                          WHERE entry.row = read.row
                            AND iif(category = :category, announced = :day,
                                    announced >= :day AND section = 2)
                      )
                    """,
                    {"day": day, "category": category, "rows": array_of(map(row_of, replaced))},
                )
            )
        return found

    def add(
        self,
        listing: Listing,
        form: str,
        now: datetime,
        about_to_change: Callable[[Sequence[int]], None],
    ) -> Held | None:
        """Store a listing; its papers are stored on their own.

        A complete one replaces what was stored of that day; an incomplete one only adds. One
        that shows less than is known of, or nothing, is held back until another, CONFIRMED_AFTER
        or later, shows the same. Inside `writing`; `about_to_change` is told the rows before
        their places change.
        """
        if not listing.entries and not listing.complete:
            return None  # it says nothing of the day: an empty feed, a page past the end
        held = self._held(listing, now)
        stored = self._number(listing) if held else self._heading(listing, form, now)
        if not stored:
            return held
        [number] = stored
        entries = {
            entry.position: (row_of(entry.paper.id), SECTIONS.index(entry.section))
            for entry in listing.entries
        }
        if held or not listing.complete:
            self._keep(number, entries)
        before = self._db.rows("SELECT row, section FROM entry WHERE listing = ?", (number,))
        about_to_change([row for row, _ in set(before) ^ set(entries.values())])
        self._db.write("DELETE FROM entry WHERE listing = ?", (number,))
        self._db.write_each(
            "INSERT INTO entry VALUES (?, ?, ?, ?)",
            [(number, position, *entry) for position, entry in entries.items()],
        )
        self._db.write(f"UPDATE listing SET checksum = {CHECKSUM} WHERE id = ?", [number])
        return held

    def _number(self, listing: Listing) -> list[int]:
        return self._db.column(
            "SELECT id FROM listing WHERE category = ? AND announced = ?",
            (listing.category, listing.announced.isoformat()),
        )

    def _heading(self, listing: Listing, form: str, now: datetime) -> list[int]:
        """Store all but the entries; return the listing's number, none where a better is stored."""
        return self._db.column(
            """
            INSERT INTO listing (category, announced, promised, unreadable, complete, form, stored)
            VALUES (?, ?, ?, ?, ?, ?, ?)
            ON CONFLICT DO UPDATE
            SET (promised, unreadable, complete, form, stored) = (excluded.promised,
                excluded.unreadable, excluded.complete, excluded.form, excluded.stored)
            WHERE excluded.complete >= listing.complete
            RETURNING id
            """,
            [
                listing.category,
                listing.announced.isoformat(),
                json.dumps({section.value: count for section, count in listing.promised.items()}),
                listing.unreadable,
                listing.complete,
                form,
                now.isoformat(timespec="seconds"),
            ],
        )

    def _held(self, listing: Listing, now: datetime) -> Held | None:
        """Say whether a complete listing has to wait for another one that shows the same."""
        if not listing.complete:
            return None
        category, day, count = listing.category, listing.announced, len(listing.entries)
        stored, expected = self._expected(category, day)
        memo = f"held {category} {day}"
        if count >= expected or self._waited(memo, count, now) >= CONFIRMED_AFTER:
            self._db.write("DELETE FROM memo WHERE key = ?", [memo])
            return None
        return Held(category, day, count, stored)

    def _expected(self, category: str, day: date) -> tuple[int, int]:
        """Return how many entries of a listing are stored, and how many at least are in order."""
        known = self._db.rows(
            """
            SELECT (SELECT count(*) FROM entry WHERE entry.listing = listing.id),
                   promised, complete
            FROM listing WHERE category = ? AND announced = ?
            """,
            (category, day.isoformat()),
        )
        for stored, promised, complete in known:
            if complete and not stored:
                return 0, 0
            # Feeds and mails, which promise nothing, have cross-lists that pages leave out.
            return stored, max(1, sum(json.loads(promised).values()) or stored // 2)
        return 0, 1

    def _waited(self, memo: str, count: int, now: datetime) -> timedelta:
        """Return how long the listing has shown so many entries; the first time is remembered."""
        told = self._db.column("SELECT value FROM memo WHERE key = ?", [memo])
        since, _, before = told[0].partition(" ") if told else ("", "", "")
        waited = now - datetime.fromisoformat(since) if before == str(count) else timedelta(-1)
        if waited < timedelta(0):  # the first one, or the clock was set back
            first = f"{now.isoformat()} {count}"
            self._db.write("INSERT OR REPLACE INTO memo VALUES (?, ?)", [memo, first])
        return waited

    def _keep(self, listing: int, entries: dict[int, tuple[int, int]]) -> None:
        """Add what is stored of a listing to `entries`; sources number them differently."""
        rows = {row for row, _ in entries.values()}
        for position, row, section in self._db.rows(
            "SELECT position, row, section FROM entry WHERE listing = ? ORDER BY position",
            (listing,),
        ):
            if row not in rows:
                free = max(entries) + 1 if position in entries else position
                entries[free] = (row, section)


def _day(
    category: str, announced: str, complete: int, new: int, cross: int, replaced: int, unread: int
) -> Day:
    counts = new, cross, replaced
    return Day(str(category), date.fromisoformat(announced), counts, unread, bool(complete))


def _known(
    category: str,
    announced: str,
    stored: int,
    complete: int | None,
    state: str | None,
    said: str | None,
    tries: int | None,
    last: str | None,
) -> Known:
    return Known(
        str(category),
        date.fromisoformat(announced),
        stored,
        bool(complete),
        str(state or ""),
        str(said or ""),
        index(tries or 0),
        datetime.fromisoformat(last) if last else None,
    )


def _place(row: int, category: str, day: str, section: int, position: int) -> tuple[int, Announced]:
    place = Announced(str(category), date.fromisoformat(day), SECTIONS[section], index(position))
    return index(row), place


def _row_and_section(row: int, section: int) -> tuple[int, int]:
    return _row(row), SECTIONS.index(SECTIONS[section])


def _row_day_section(row: int, day: str, section: int) -> tuple[int, str, int]:
    return _row(row), str(date.fromisoformat(day)), SECTIONS.index(SECTIONS[section])


def _row(row: int) -> int:
    if row_of(paper_at(row)) != row:
        raise ValueError("no row of a paper")
    return row


def _sound(checksum: int, computed: int) -> None:
    if checksum != computed:
        raise ValueError("a checksum does not match")
