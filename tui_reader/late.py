"""Patterns that are compiled when they are first used: a start needs few of them."""

import re
from typing import Any, AnyStr, cast


class _Late:
    def __init__(self, pattern: str | bytes, flags: int) -> None:
        self.pattern = pattern
        self.flags = flags

    def __getattr__(self, name: str) -> Any:
        # Whatever was asked for is an attribute from now on, as quick as that of a pattern.
        value = self.__dict__[name] = getattr(re.compile(self.pattern, self.flags), name)
        return value


def late(pattern: AnyStr, flags: int = 0) -> re.Pattern[AnyStr]:
    """Return what can be used as `re.compile` of the same would return."""
    return cast("re.Pattern[AnyStr]", _Late(pattern, flags))
