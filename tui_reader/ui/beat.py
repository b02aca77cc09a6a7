"""What is done again and again: each second while keys come, and ever seldomer without."""

from asyncio import TimerHandle, get_running_loop
from collections.abc import Callable

SHORTEST, LONGEST = 1.0, 32.0
"""Seconds: what others write is seen so soon while somebody is there, and so late at night."""


class Beat:
    """Does some work again and again."""

    def __init__(self, work: Callable[[], object]) -> None:
        self._work = work
        self._seconds = SHORTEST
        self._next: TimerHandle | None = None

    def begin(self) -> None:
        self._next = get_running_loop().call_later(self._seconds, self._strike)

    def _strike(self) -> None:
        self._seconds = min(2 * self._seconds, LONGEST)
        self.begin()
        self._work()

    def hasten(self) -> None:
        """Begin anew, as somebody is there."""
        if self._next and self._seconds > SHORTEST:
            self.end()
            self._seconds = SHORTEST
            self.begin()

    def end(self) -> None:
        if self._next:
            self._next.cancel()
