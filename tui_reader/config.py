"""Where things are kept."""

from pathlib import Path
from typing import NamedTuple


class Paths(NamedTuple):
    """The four directories of a reader; none has to exist yet."""

    data: Path
    """What the person made: the journals of marks. Precious."""
    cache: Path
    """What arXiv made: can be deleted, and fetched or imported again."""
    config: Path
    state: Path
    """Logs, crash reports, this machine's name."""

    @classmethod
    def under(cls, home: Path) -> "Paths":
        """Put all four under one directory."""
        return cls(home / "data", home / "cache", home / "config", home / "state")
