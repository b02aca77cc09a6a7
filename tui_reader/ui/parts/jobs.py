"""Work behind the screen, in threads; a store that it needs is its own."""

from collections.abc import Callable
from functools import partial
from threading import Event
from typing import TYPE_CHECKING

from tui_reader import crash
from tui_reader.errors import Cancelled, TuiReaderError

if TYPE_CHECKING:
    from tui_reader.ui.main_screen import MainScreen

Tell = Callable[[str], None]
Work = Callable[[Tell, Callable[[], bool]], str]
"""Returns what there is to say at the end.

It may report in the footer how far it is, and should raise Cancelled when the second says so.
"""


class Jobs:
    """Some work that the main screen has done, each under its name."""

    def __init__(self, main: "MainScreen") -> None:
        self._main = main
        self._ends: dict[str, Event] = {}

    @property
    def under_way(self) -> bool:
        return bool(self._ends)

    def cancel(self) -> bool:
        """Have the work end as soon as may be; return whether there is any."""
        for end in self._ends.values():
            end.set()
        return self.under_way

    def start(self, name: str, work: Work, done: Callable[[str], None] | None = None) -> None:
        """Begin work; `done` gets what there is to say of it, or else the footer.

        Raises TuiReaderError while it is under way.
        """
        main, in_app = self._main, self._main.app.call_from_thread
        if name in self._ends:
            raise TuiReaderError(f"On its way already; {main.key['clear']} ends it.")
        self._ends[name] = end = Event()

        def run() -> None:
            try:
                said = work(partial(in_app, main.footer.show_work), end.is_set)
            except Cancelled:
                said = "Ended; nothing was kept."
            except TuiReaderError as error:
                said = str(error)
            except Exception as error:  # whatever it is, it must be possible to try again
                said = crash.noted(error, main.store.paths.state)
            in_app(finish, said)

        def finish(said: str) -> None:
            del self._ends[name]
            main.footer.show_work()
            if done:
                done(said)
            elif said:
                main.footer.say(said)

        main.run_worker(run, thread=True, exit_on_error=False)
