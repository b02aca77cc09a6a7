"""The name of this machine, by which its journal is called: no two may have the same.

It is made once and kept in the state directory with the place it is of: this machine and that
directory. A home that was cloned with its name, or is shared by machines, has it of another place,
and gets one more of its own; the journal of the old name is read as any other.
"""

import os
import re
import zlib
from contextlib import suppress
from pathlib import Path

from tui_reader.files import alone, own_bytes, replace_file
from tui_reader.late import late

_NAME = late(r"[a-z0-9-]{1,60}")
_IDENTITIES = ("/etc/machine-id", "/var/lib/dbus/machine-id")


def machine_name(state: Path) -> str:
    """Return this machine's name; the host's where nothing can be written, to read with.

    The host's name alone would do harm where two machines share it.
    """
    host = re.sub(r"[^a-z0-9]+", "-", os.uname().nodename.lower()).strip("-")[:30] or "machine"
    file, place = state / "machine", _place(state)
    try:
        names = _names(file)
        if place in names:
            return names[place]
        with alone(state):
            names = _names(file)  # another process may have been first
            if place not in names:
                names[place] = names.pop("", "") or f"{host}-{os.urandom(2).hex()}"
                replace_file(file, (f"{name} {place}\n" for place, name in names.items()))
            return names[place]
    except OSError:
        return host


def _place(state: Path) -> str:
    identity = ""
    for file in map(Path, _IDENTITIES):
        with suppress(OSError):
            identity = identity or file.read_text(encoding="ascii", errors="replace").strip()
    place = f"{identity} {state.resolve()}"
    return f"{zlib.crc32(place.encode('utf-8', 'surrogateescape')):08x}"


def _names(file: Path) -> dict[str, str]:
    """Return the names by their places; one that version 0.1 kept has none."""
    names: dict[str, str] = {}
    for line in own_bytes(file).decode("ascii", "replace").splitlines():
        name, _, place = line.strip().partition(" ")
        if _NAME.fullmatch(name) and re.fullmatch("[0-9a-f]{8}|", place):
            names[place] = name
    return names
