"""Small files of the person's own, replaced whole or not at all."""

import os
from collections.abc import Iterable
from pathlib import Path


def replace_file(file: Path, lines: Iterable[str]) -> None:
    """Write a file anew, forced to disk and the owner's alone; its directory is made if need be.

    Raises OSError; then the file is as it was.
    """
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = file.with_name(f".{file.name}.{os.getpid()}")
    with draft.open("w", encoding="utf-8") as written:
        draft.chmod(0o600)
        written.writelines(lines)
        written.flush()
        os.fsync(written.fileno())
    draft.replace(file)
