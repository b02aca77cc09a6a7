"""The copy of the marks in the cache: the journals, merged, so that one query can join them."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from operator import index
from typing import Any

from tui_reader.model import NO_PAPER, Marks, PaperId, SavedFilter, paper_at, row_of
from tui_reader.store.changes import (
    EXCLUSIVE,
    FILTER,
    Latest,
    Stamped,
    Value,
    filter_of,
    holding,
    later,
    marks_with,
    value_text,
)
from tui_reader.store.db import (
    AMONG,
    LONGEST_WAIT,
    Database,
    array_of,
    checked,
    checksum_of,
    with_checksum,
)
from tui_reader.store.journal import Position
from tui_reader.store.journal_line import Sifted

OVERRULED = "overruled"
"""The value of a star or skip that is set, but does not hold; see changes.holding."""
CHECKSUM = f"""
    checksum_of(row, field, replace(value, '{OVERRULED}', 'true'), lamport, machine, at)
"""
"""Whether a mark holds is no part of it."""
_LATER_WINS = """
    ON CONFLICT (row, field) DO UPDATE
    SET (lamport, machine, value, at, checksum) = (excluded.lamport, excluded.machine,
        excluded.value, excluded.at, excluded.checksum)
    WHERE (lamport, machine, value) < (excluded.lamport, excluded.machine, excluded.value)
"""
_THE_OTHER_COUNTS = f"""(
    SELECT 1 FROM mark AS other
    WHERE other.row = mark.row AND other.field <> mark.field
        AND other.field IN ('starred', 'skipped') AND other.value IN ('true', '{OVERRULED}')
        AND CASE WHEN other.machine = mark.machine THEN other.field = 'starred'
            ELSE (other.lamport, other.machine) > (mark.lamport, mark.machine) END
)"""


class Marked:
    """What is marked in which way, as far as the journals have been merged."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self.pending: Latest = {}
        """Marks of the journals that the table could not take yet."""

    def at(self, rows: Sequence[int]) -> dict[int, Marks]:
        """Return the marks of these papers; a paper without any has empty ones."""
        values: dict[int, dict[str, Value]] = {row: {} for row in rows}
        found = f"SELECT * FROM mark WHERE row IN {AMONG}"
        for row, name, value in self._db.made(_mark, found, [array_of(rows)]):
            values[row][name] = value
        if self.pending:
            latest: dict[int, dict[str, Stamped]] = {}
            for (paper, name), new in self.stamped(rows).items():
                latest.setdefault(row_of(paper), {})[name] = new
            values |= {row: holding(latest[row]) for row in rows if row in latest}
        return {row: marks_with(Marks(), found) for row, found in values.items()}

    def stamped(self, rows: Sequence[int] | None = None) -> Latest:
        """Return the marks of these papers, or all, with who set them when."""
        among = "" if rows is None else f"WHERE row IN {AMONG}"
        found = f"SELECT * FROM mark {among}"
        state = dict(self._db.made(_stamped, found, [] if rows is None else [array_of(rows)]))
        return state | later(self.pending, state)

    def rows(self, mark: str) -> list[int]:
        """Return the papers with this mark, such as `starred`, newest first."""
        return self._db.numbers(
            "SELECT row FROM mark WHERE field = ? AND value = 'true' ORDER BY row DESC", (mark,)
        )

    def latest(self, mark: str, most: int) -> list[int]:
        """Return the stored papers that got this mark last, the last first, but none unseen."""
        return self._db.numbers(
            """
            SELECT row FROM mark WHERE field = ? AND value = 'true'
                AND EXISTS (SELECT 1 FROM paper WHERE paper.row = mark.row)
                AND row NOT IN (SELECT row FROM mark WHERE field = 'unseen' AND value = 'true')
            ORDER BY at DESC, row DESC LIMIT ?
            """,
            (mark, most),
        )

    def not_stored(self) -> list[int]:
        """Return the marked papers that are not in the cache, newest first."""
        return self._db.numbers(
            """
            SELECT DISTINCT row FROM mark
            WHERE value NOT IN ('false', 'null', '""') AND row > ?
                AND row NOT IN (SELECT row FROM paper)
            ORDER BY row DESC
            """,
            [row_of(NO_PAPER)],
        )

    def count(self, mark: str, rows: Sequence[int] | None = None) -> int:
        """Count the papers, among these or in all, that have this mark."""
        among = "" if rows is None else f"AND row IN {AMONG}"
        [count] = self._db.column(
            f"SELECT count(*) FROM mark WHERE field = ? AND value = 'true' {among}",
            [mark] if rows is None else [mark, array_of(rows)],
        )
        return int(count)

    def count_all_unread(self) -> int:
        """Count the papers in the cache that are not marked as read."""
        [count] = self._db.column(
            """
            SELECT (SELECT coalesce(sum(papers), 0) FROM month) - count(*)
            FROM mark JOIN paper USING (row)
            WHERE field = 'read' AND value = 'true'
            """
        )
        return int(count)

    def moments(self, marks: Sequence[str], since: datetime) -> list[tuple[str, datetime, int]]:
        """Return how many of these marks were set at each moment since, and still are."""
        return self._db.made(
            lambda mark, at, count: (mark, datetime.fromisoformat(at), count),
            f"""
            SELECT field, at, count(*)
            FROM mark
            WHERE field IN {AMONG} AND value = 'true' AND at >= ?
            GROUP BY field, at
            """,
            (json.dumps(marks), since.isoformat()),
        )

    def when(self, mark: str, rows: Sequence[int]) -> dict[PaperId, datetime]:
        """Return when those of these papers that have a mark got it."""
        return {
            paper: stamped.at
            for (paper, name), stamped in self.stamped(rows).items()
            if name == mark and stamped.value is True
        }

    def tags(self) -> list[str]:
        """Return every tag in use, the most used first."""
        return self._db.column(
            """
            SELECT substr(field, 5) FROM mark
            WHERE field >= 'tag:' AND field < 'tag;' AND value = 'true'
            GROUP BY field
            ORDER BY count(*) DESC, field
            """
        )

    def notes(self) -> dict[int, str]:
        """Return every note."""
        found = "SELECT * FROM mark WHERE field = 'note'"
        return {row: str(value or "") for row, _, value in self._db.made(_mark, found)}

    def filters(self) -> dict[str, SavedFilter | None]:
        """Return the saved filters by name, in alphabetical order; None: it was forgotten."""
        kept = {
            field.removeprefix(FILTER): filter_of(stamped.value)
            for (of, field), stamped in self.stamped([row_of(NO_PAPER)]).items()
            if of == NO_PAPER and field.startswith(FILTER)
        }
        return dict(sorted(kept.items(), key=lambda pair: (pair[0].casefold(), pair[0])))

    def positions(self) -> dict[str, Position]:
        """Return how far into each journal file the marks have come."""
        return dict(self._db.made(_position, "SELECT file, position FROM journal"))

    def merge(
        self, state: Latest, positions: Mapping[str, Position], patience: float = LONGEST_WAIT
    ) -> None:
        """Take over what was read from journals up to these positions, in one transaction.

        Where the cache knows a later value, that one stays.
        """
        with self._db.writing(patience):
            self._db.write_each(
                f"INSERT INTO mark {with_checksum(6)} WHERE true {_LATER_WINS}",
                (
                    (
                        row_of(paper),
                        field,
                        value_text(new.value),
                        new.lamport,
                        new.machine,
                        new.at.isoformat(),
                    )
                    for (paper, field), new in state.items()
                ),
            )
            changed = array_of({row_of(paper) for paper, field in state if field in EXCLUSIVE})
            self._overrule(AMONG, [changed])
            self._keep_positions(positions)

    def _overrule(self, rows: str, values: Sequence[str] = ()) -> None:
        """Let of a star and a skip of the same paper the later one count."""
        self._db.write(
            f"""
            UPDATE mark
            SET value = CASE WHEN EXISTS {_THE_OTHER_COUNTS} THEN '{OVERRULED}' ELSE 'true' END
            WHERE row IN {rows}
                AND field IN ('starred', 'skipped') AND value IN ('true', '{OVERRULED}')
            """,
            values,
        )

    def _keep_positions(self, positions: Mapping[str, Position]) -> None:
        self._db.write_each(
            "INSERT OR REPLACE INTO journal VALUES (?, ?)",
            [(file, json.dumps(position)) for file, position in positions.items()],
        )

    def merge_all(self, pieces: Iterable[tuple[Sifted, Mapping[str, Position]]]) -> None:
        """Take over all that there is, where nothing was taken over yet; for very many changes.

        They are sorted by SQLite before they come into the table: each in a place of its own they
        would touch all of it again and again.
        """
        with self._db.writing():
            self._db.write(
                "CREATE TEMP TABLE arriving (row, field, value, lamport, machine, at, checksum)"
            )
            come: Mapping[str, Position] = {}
            for found, positions in pieces:
                come = positions
                self._db.write_each(
                    "INSERT INTO arriving VALUES (?, ?, ?, ?, ?, ?, ?)",
                    _with_checksums(found.values()),
                )
            self._db.write("DROP INDEX mark_by_field")
            self._db.write(
                f"INSERT INTO mark SELECT * FROM arriving WHERE true ORDER BY row {_LATER_WINS}"
            )
            self._db.write("CREATE INDEX mark_by_field ON mark (field, value, row)")
            self._db.write("DROP TABLE arriving")
            self._overrule("(SELECT row FROM mark WHERE field = 'skipped' AND value = 'true')")
            self._keep_positions(come)


def _with_checksums(
    values: Iterable[tuple[PaperId, str, str, int, str, str]],
) -> Iterator[tuple[object, ...]]:
    for paper, field, value, lamport, machine, at in values:
        row = row_of(paper)
        checksum = checksum_of(row, field, value, lamport, machine, at)
        yield row, field, value, lamport, machine, at, checksum


def _mark(*columns: Any) -> tuple[int, str, Value]:
    row, field, value, *_ = _checked(columns)
    return row, field, value != OVERRULED and json.loads(value)


def _stamped(*columns: Any) -> tuple[tuple[PaperId, str], Stamped]:
    row, field, value, lamport, machine, at = _checked(columns)
    was_set = value == OVERRULED or json.loads(value)
    return (paper_at(row), field), Stamped(was_set, lamport, machine, datetime.fromisoformat(at))


def _checked(columns: Sequence[Any]) -> Sequence[Any]:
    row, field, value, *rest = columns
    checked((row, field, "true" if value == OVERRULED else value, *rest))
    return columns[:-1]


def _position(file: str, position: str) -> tuple[str, Position]:
    return str(file), Position(*map(index, json.loads(position)))
