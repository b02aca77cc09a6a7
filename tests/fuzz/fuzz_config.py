"""Any bytes are settings, with a sentence for what is wrong in them."""

import tempfile
from pathlib import Path

from tui_reader import actions
from tui_reader.config import SETTINGS, read

SEEDS = (
    b'theme = "nord"\ncompact = true\nread_after = 0.5\n[keys]\nstar = "+, Ctrl-s"\n',
    b"theme = 3\nread_after = nan\nreplacements = 'al'\nkeys.star = ['+', 'g s']\n[keys.skip]\n",
    b'\xef\xbb\xbfsync = false\r\ncontact = "\\u001b[31m"\r\nnew = 2026-03-03\r\n',
    b'[actions.mail]\ncommand = "mutt -s {title}"\nkey = "g m"\noutput = "terminal"\ninput = "id"',
    b'[actions.a]\ncommand = ["x"]\nkey = "s"\n[actions.b]\nshell = true\ncommand = "a | b"',
    b'keys = {star = "x", skip = "s", help = ","}\n[ui]\ntheme = "x"',
)
_FOLDER = Path(tempfile.mkdtemp(dir="/dev/shm" if Path("/dev/shm").is_dir() else None))


def check(data: bytes) -> None:
    (_FOLDER / "config.toml").write_bytes(data)
    settings = read(_FOLDER)
    for problem in settings.problems:
        assert str(_FOLDER) in problem
        assert problem.isprintable(), problem
    for name, row in SETTINGS.items():
        if name not in ("keys", "actions"):
            value = getattr(settings.config, name)
            assert row.problem(value) is None, (name, value)
    assert actions.clash(settings.config.offered) is None
