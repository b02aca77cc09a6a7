"""The person's own editor, in place of the app for a while."""

from typing import Any

from textual.app import App, SuspendNotSupported

from tui_reader import programs
from tui_reader.errors import TuiReaderError


def edited(app: App[Any], text: str, name: str) -> str | None:
    """Return the text as the person left it in $VISUAL or $EDITOR; None if that failed.

    Raises TuiReaderError where there is no editor to run.
    """
    try:
        return programs.edited(text, name, app.suspend())
    except SuspendNotSupported as error:
        raise TuiReaderError(f"The editor can't be run: {error}") from error
