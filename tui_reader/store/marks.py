"""The copy of the marks in the cache: the journals, folded, so that one query can join them."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime

from tui_reader.model import Marks, paper_at, row_of
from tui_reader.store.changes import (
    EXCLUSIVE,
    Latest,
    Stamped,
    Value,
    holding,
    later,
    marks_with,
    value_text,
)
from tui_reader.store.db import AMONG, LONGEST_WAIT, Database, array_of
from tui_reader.store.journal import Position

OVERRULED = "overruled"
"""The value of a star or skip that is set, but does not hold; see changes.holding."""
_THE_OTHER_COUNTS = f"""(
    SELECT 1 FROM mark AS other
    WHERE other.row = mark.row AND other.field <> mark.field
        AND other.field IN ('starred', 'skipped') AND other.value IN ('true', '{OVERRULED}')
        AND CASE WHEN other.machine = mark.machine THEN other.field = 'starred'
            ELSE (other.lamport, other.machine) > (mark.lamport, mark.machine) END
)"""


class Marked:
    """What is marked in which way, as far as the journals have been folded."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self.pending: Latest = {}
        """Marks of the journals that the table could not take yet."""

    def at(self, rows: Sequence[int]) -> dict[int, Marks]:
        """Return the marks of these papers; a paper without any has empty ones."""
        fields: dict[int, dict[str, Value]] = {row: {} for row in rows}
        for row, field, value in self._db.rows(
            f"SELECT row, field, value FROM mark WHERE row IN {AMONG}", [array_of(rows)]
        ):
            fields[row][field] = value != OVERRULED and json.loads(value)
        if self.pending:
            latest: dict[int, dict[str, Stamped]] = {}
            for (paper, field), new in self.stamped(rows).items():
                latest.setdefault(row_of(paper), {})[field] = new
            fields |= {row: holding(latest[row]) for row in rows if row in latest}
        return {row: marks_with(Marks(), found) for row, found in fields.items()}

    def stamped(self, rows: Sequence[int] | None = None) -> Latest:
        """Return the marks of these papers, or all, with who set them when."""
        among = "" if rows is None else f"WHERE row IN {AMONG}"
        state = {
            (paper_at(row), field): Stamped(
                value == OVERRULED or json.loads(value),
                lamport,
                machine,
                datetime.fromisoformat(at),
            )
            for row, field, value, lamport, machine, at in self._db.rows(
                f"SELECT row, field, value, lamport, machine, at FROM mark {among}",
                [] if rows is None else [array_of(rows)],
            )
        }
        return state | later(self.pending, state)

    def rows(self, field: str) -> list[int]:
        """Return the papers whose mark `field` is set, newest first."""
        return self._db.column(
            "SELECT row FROM mark WHERE field = ? AND value = 'true' ORDER BY row DESC", (field,)
        )

    def count(self, field: str, rows: Sequence[int] | None = None) -> int:
        """Count the papers, among these or in all, whose mark `field` is set."""
        among = "" if rows is None else f"AND row IN {AMONG}"
        [count] = self._db.column(
            f"SELECT count(*) FROM mark WHERE field = ? AND value = 'true' {among}",
            [field] if rows is None else [field, array_of(rows)],
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

    def moments(self, fields: Sequence[str], since: datetime) -> list[tuple[str, datetime, int]]:
        """Return how many marks of a field were set at each moment since, and still are."""
        return [
            (field, datetime.fromisoformat(at), count)
            for field, at, count in self._db.rows(
                f"""
                SELECT field, at, count(*)
                FROM mark
                WHERE field IN {AMONG} AND value = 'true' AND at >= ?
                GROUP BY field, at
                """,
                (json.dumps(fields), since.isoformat()),
            )
        ]

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
        found = self._db.rows("SELECT row, value FROM mark WHERE field = 'note'")
        return {row: json.loads(value) or "" for row, value in found}

    def positions(self) -> dict[str, Position]:
        """Return how far into each journal file the marks have come."""
        found = self._db.rows("SELECT file, position FROM journal")
        return {file: Position(*json.loads(position)) for file, position in found}

    def fold(
        self, state: Latest, positions: Mapping[str, Position], patience: float = LONGEST_WAIT
    ) -> None:
        """Take over what was read from journals up to these positions, in one transaction.

        Where the cache knows a later value of a field, that one stays.
        """
        with self._db.writing(patience):
            self._db.write_each(
                """
                INSERT INTO mark VALUES (?, ?, ?, ?, ?, ?)
                ON CONFLICT (row, field) DO UPDATE
                SET (lamport, machine, value, at)
                    = (excluded.lamport, excluded.machine, excluded.value, excluded.at)
                WHERE (lamport, machine, value)
                    < (excluded.lamport, excluded.machine, excluded.value)
                """,
                [
                    (
                        row_of(paper),
                        field,
                        value_text(new.value),
                        new.lamport,
                        new.machine,
                        new.at.isoformat(),
                    )
                    for (paper, field), new in state.items()
                ],
            )
            self._db.write(
                f"""
                UPDATE mark
                SET value = CASE WHEN EXISTS {_THE_OTHER_COUNTS} THEN '{OVERRULED}' ELSE 'true' END
                WHERE row IN {AMONG}
                    AND field IN ('starred', 'skipped') AND value IN ('true', '{OVERRULED}')
                """,
                [array_of({row_of(paper) for paper, field in state if field in EXCLUSIVE})],
            )
            self._db.write_each(
                "INSERT OR REPLACE INTO journal VALUES (?, ?)",
                [(file, json.dumps(position)) for file, position in positions.items()],
            )
