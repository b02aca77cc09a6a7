"""The person's own editor, in place of the app for a while."""

import os
import shlex
import subprocess
import tempfile
from pathlib import Path
from typing import Any

from textual.app import App, SuspendNotSupported

from tui_reader.errors import TuiReaderError


def edited(app: App[Any], text: str, name: str) -> str | None:
    """Return the text as the person left it in $VISUAL or $EDITOR; None if that failed.

    Raises TuiReaderError where there is no editor to run.
    """
    editor = os.environ.get("VISUAL") or os.environ.get("EDITOR") or ""
    try:
        command = shlex.split(editor) or ["vi"]
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / name
            file.write_text(text, encoding="utf-8")
            with app.suspend():
                done = subprocess.run([*command, str(file)], check=False)
            if done.returncode:
                return None
            return file.read_text(encoding="utf-8", errors="replace")
    except (OSError, ValueError, SuspendNotSupported) as error:
        why = getattr(error, "strerror", None) or error
        raise TuiReaderError(f"{editor or 'vi'} can't be run: {why}; set EDITOR") from error
