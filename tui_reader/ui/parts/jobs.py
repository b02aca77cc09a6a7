"""Work behind the screen, in threads; a store that it needs is its own."""

from collections.abc import Callable
from functools import partial
from threading import Event

from tui_reader import crash
from tui_reader.errors import Cancelled, TuiReaderError
from tui_reader.ui.desk import Desk

Tell = Callable[[str], None]
Work = Callable[[Tell, Callable[[], bool]], str]
"""Returns what there is to say at the end.

It may tell in the footer how far it is, and should raise Cancelled when the second says so.
"""


class Jobs:
    """Some work that the main screen has done, each under its name."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
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
        desk, in_app = self._desk, self._desk.app.call_from_thread
        if name in self._ends:
            raise TuiReaderError(f"On its way already; {desk.key['clear']} ends it.")
        self._ends[name] = end = Event()

        def run() -> None:
            try:
                said = work(partial(in_app, desk.footer.show_work, name), end.is_set)
            except Cancelled:
                said = "Ended; nothing was kept."
            except TuiReaderError as error:
                said = str(error)
            except Exception as error:  # whatever it is, it must be possible to try again
                said = crash.noted(error, desk.store.paths.state)
            in_app(finish, said)

        def finish(said: str) -> None:
            del self._ends[name]
            desk.footer.show_work(name)
            if done:
                desk.doing(partial(done, said))
            elif said:
                desk.footer.say(said, stays=True)

        desk.footer.run_worker(run, thread=True, exit_on_error=False)
