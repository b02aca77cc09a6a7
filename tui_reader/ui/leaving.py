"""Keeping what the next opening will show: the reader opened once more, without a terminal."""

import asyncio
from collections.abc import Callable, Mapping
from contextlib import suppress

from tui_reader.config import Paths
from tui_reader.errors import TuiReaderError
from tui_reader.files import replace_file
from tui_reader.ui.app import ReaderApp
from tui_reader.ui.terminal import first_frame
from tui_reader.ui.terminal.painter import Painting
from tui_reader.ui.terminal.usable import size_of


class OpenedUnseen(ReaderApp):
    """Opens, takes down what it would have painted, and ends."""

    painted = ""

    def painted_first(self) -> None:
        self.painted = Painting(self.main.painter.whole(), {}).render_segments(self.console)
        self.exit()

    def _handle_exception(self, error: Exception) -> None:
        # The next opening will meet it as well, and report it.
        self.painted = ""
        self._close_messages_no_wait()


def keep_frame(
    paths: Paths, opened: Callable[[type[ReaderApp]], ReaderApp], said: Mapping[str, object]
) -> None:
    """Keep the first frame of the app that `opened` opens, if nothing is written meanwhile."""
    folders = [str(paths.data), str(paths.cache), str(paths.config)]
    seen, size = first_frame.state(folders), size_of(2)
    try:
        app = opened(OpenedUnseen)
    except TuiReaderError:
        return
    app.main.works = False
    asyncio.run(app.run_async(headless=True, size=size, mouse=False))
    app.store.close()
    painted = app.painted if isinstance(app, OpenedUnseen) else ""
    if painted and first_frame.state(folders) == seen:
        row, known = app.main.list.row or 0, first_frame.identity(said)
        frame = first_frame.written(painted, row, seen, folders, known)
        with suppress(OSError):  # without it the next start is slower, and nothing else
            replace_file(paths.cache / first_frame.NAME, [frame], forced=False)


def forget_frame(paths: Paths) -> None:
    """Let the next opening have none."""
    with suppress(OSError):
        (paths.cache / first_frame.NAME).unlink(missing_ok=True)
