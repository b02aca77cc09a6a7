"""What became of the stars: starred papers of which arXiv told something new, until it is seen."""

from collections.abc import Iterable, Mapping, Sequence

from tui_reader.model import News, Paper
from tui_reader.store.db import AMONG, Database, array_of


class StarNews:
    """What is new of starred papers, by row number."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def at(self, rows: Sequence[int]) -> dict[int, tuple[News, ...]]:
        """Return what is new of these papers."""
        found = f"SELECT row, news FROM updated WHERE row IN {AMONG}"
        return dict(self._db.made(_news, found, [array_of(rows)]))

    def all(self) -> list[tuple[News, ...]]:
        """Return of each starred paper that has any what is new."""
        found = """
            SELECT row, news FROM updated JOIN mark USING (row)
            WHERE field = 'starred' AND value = 'true'
        """
        return [news for _, news in self._db.made(_news, found)]

    def add(self, news: Mapping[int, Iterable[News]]) -> None:
        """Keep what is new of papers, where they are starred; inside `writing`."""
        self._db.write_each(
            """
            INSERT INTO updated
            SELECT row, ? FROM mark WHERE row = ? AND field = 'starred' AND value = 'true'
            ON CONFLICT DO UPDATE SET news = news || ' ' || excluded.news
            """,
            [(" ".join(found), row) for row, found in news.items()],
        )

    def seen(self, rows: Sequence[int]) -> None:
        """Be done with what is new of these papers."""
        with self._db.writing():
            self._db.write(f"DELETE FROM updated WHERE row IN {AMONG}", [array_of(rows)])


def news_of(before: Paper, after: Paper) -> list[News]:
    """Return what is new of a paper.

    What told no version says nothing of publication, so that is none before any other did.
    """
    told = before.version is not None
    found = {
        News.VERSION: told and (after.version or 0) > (before.version or 0),
        News.JOURNAL: told and after.journal_ref and not before.journal_ref,
        News.DOI: told and after.doi and not before.doi,
        News.WITHDRAWN: after.withdrawn and not before.withdrawn,
    }
    return [news for news, true in found.items() if true]


def _news(row: int, codes: str) -> tuple[int, tuple[News, ...]]:
    return row, tuple(news for news in News if news in codes.split())
