"""The errors a person may see: each text is one sentence that names the thing and what to do."""


class TuiReaderError(Exception):
    """Something outside the program went wrong; its text can be shown as it is."""


class IdError(TuiReaderError):
    """A text is not an arXiv identifier."""


class SourceError(TuiReaderError):
    """A file or an answer could not be read as anything arXiv sends."""

    def __init__(self, origin: str, problem: str) -> None:
        super().__init__(f"{origin}: {problem}")
        self.origin = origin
        self.problem = problem


class QueryError(TuiReaderError):
    """The filter text is not a query."""

    def __init__(self, problem: str, at: int) -> None:
        super().__init__(f"{problem} (at character {at + 1})")
        self.problem = problem
        self.at = at  # offset into the text, where the filter bar draws its mark


class StoreError(TuiReaderError):
    """The reader's own data could not be read or written; nothing was changed."""


class ConfigError(TuiReaderError):
    """A setting is not one, or has a value it can't have."""
