"""The errors a person may see: each text is one sentence that names the thing and what to do."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from enum import StrEnum


class TuiReaderError(Exception):
    """Something outside the program went wrong; its text can be shown as it is."""


class UsageError(TuiReaderError):
    """A command was asked for what it can't do."""


class IdError(TuiReaderError):
    """A text is not an arXiv identifier."""


class SourceError(TuiReaderError):
    """A file or an answer could not be read as anything arXiv sends."""

    def __init__(self, origin: str, problem: str) -> None:
        super().__init__(f"{origin}: {problem}")
        self.origin = origin
        self.problem = problem


class ForeignError(SourceError):
    """A file is nothing that arXiv sends."""


class Trouble(StrEnum):
    """What kind of thing went wrong between here and arXiv."""

    OFFLINE = "offline"
    """No connection: nothing has reached arXiv."""
    BUSY = "busy"
    """arXiv asks for patience, or has a fault of its own."""
    REFUSED = "refused"
    """arXiv refuses this program (403): going on would count as an attack."""
    UNKNOWN = "unknown"
    """arXiv has no such page."""
    BROKEN = "broken"
    """An answer came that is damaged, endless, too slow or not arXiv's."""
    SETUP = "setup"
    """Something is wrong on this machine: a proxy, a certificate, a directory."""


class FetchError(TuiReaderError):
    """arXiv could not be asked, or its answer can't be used; the text says which and why."""

    def __init__(self, problem: str, trouble: Trouble, again: datetime | None = None) -> None:
        super().__init__(problem)
        self.trouble = trouble
        self.again = again  # when asking makes sense again, where that is known


class Cancelled(Exception):  # noqa: N818  nothing is wrong: the person had enough
    """The person took back what they had asked for."""


class NotNeeded(Exception):  # noqa: N818  nothing is wrong: it is there already
    """What was to be asked for came another way meanwhile."""


class QueryError(TuiReaderError):
    """The filter text is not a query."""

    def __init__(self, problem: str, at: int) -> None:
        super().__init__(f"{problem} (at character {at + 1})")
        self.problem = problem
        self.at = at  # offset into the text, where the filter bar draws its mark


class StoreError(TuiReaderError):
    """The reader's own data could not be read or written; nothing was changed."""


class BusyError(StoreError):
    """Another process is writing; the same may succeed a moment later."""


class ConfigError(TuiReaderError):
    """A setting is not one, or has a value it can't have."""


@contextmanager
def translated(kind: Callable[[str], TuiReaderError], said: str) -> Iterator[None]:
    """Raise what the system finds wrong as an error of our own: what is `said`, and why."""
    try:
        yield
    except (OSError, ValueError, RuntimeError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        if isinstance(error, UnicodeDecodeError):
            reason = "it is not in UTF-8; save it so"
        raise kind(f"{said}: {reason}") from error
