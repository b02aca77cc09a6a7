"""Small things worth remembering, such as the last place in a view."""

from contextlib import suppress

from tui_reader.errors import StoreError
from tui_reader.store.db import Database


class Memos:
    """Texts under keys, kept when the cache lets it; worth no complaint where it never does."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._pending: dict[str, str] = {}
        self._late = False
        """Whether the cache refused the last time; then it is not waited for."""

    def get(self, key: str) -> str | None:
        """Return what was kept under this key."""
        with suppress(StoreError):
            return self._pending.get(key) or next(
                iter(self._db.column("SELECT value FROM memo WHERE key = ?", [key])), None
            )
        return None

    def keep(self, key: str, value: str) -> None:
        """Keep it from the next `settle` on."""
        self._pending[key] = value

    def settle(self, patience: float) -> None:
        """Write what waits, if the cache lets it within so many seconds."""
        if not self._pending:
            return
        try:
            with self._db.writing(0 if self._late else patience):
                self._db.write_each(
                    "INSERT OR REPLACE INTO memo VALUES (?, ?)", self._pending.items()
                )
        except StoreError:
            self._late = True
        else:
            self._pending, self._late = {}, False
