"""Where things are kept, and the settings a person can make in config.toml."""

from difflib import get_close_matches
from pathlib import Path
from typing import Any, NamedTuple

from tui_reader.errors import ConfigError
from tui_reader.files import replace_file
from tui_reader.text import clean


class Paths(NamedTuple):
    """The four directories of a reader; none has to exist yet."""

    data: Path
    """What the person made: the journals of marks. Precious."""
    cache: Path
    """What arXiv made: can be deleted, and fetched or imported again."""
    config: Path
    state: Path
    """Logs, crash reports, this machine's name."""

    @classmethod
    def under(cls, home: Path) -> "Paths":
        """Put all four under one directory."""
        return cls(home / "data", home / "cache", home / "config", home / "state")


class Config(NamedTuple):
    """The settings; each field is a key of config.toml, and MEANINGS says what it does."""

    ascii: bool = False
    theme: str = "reader-dark"
    read_after: float = 0.5
    sync: bool = True


MEANINGS = {
    "ascii": "Draw with ASCII alone, and spell formulas out: alpha, <=, x^2.",
    "read_after": "Seconds a paper is shown before going on marks it as read; 0: it does not.",
    "sync": "Fetch what is due when the reader opens.",
    "theme": "The colours: reader-dark, reader-light, or any theme of Textual's.",
}


def load(directory: Path) -> Config:
    """Read config.toml in this directory; without one, every setting has its default.

    Raises ConfigError, which names the file, the line or the key, and what would be right.
    """
    file = directory / "config.toml"
    if not file.exists():
        return Config()
    import tomllib

    try:
        settings = tomllib.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        raise ConfigError(f"{file}: {error}") from error
    for key, value in settings.items():
        _check(file, key, value)
    return Config(**settings)


def _check(file: Path, key: str, value: Any) -> None:
    if key not in MEANINGS:
        near = get_close_matches(key, MEANINGS, 1) or sorted(MEANINGS)
        raise ConfigError(f"{file}: there is no setting {key!r}; is it {' or '.join(near)}?")
    wanted = type(Config._field_defaults[key])
    if type(value) is not wanted and not (wanted is float and type(value) is int):
        example = {bool: "true or false", float: "a number"}.get(wanted, "a text in quotes")
        raise ConfigError(f"{file}: {key} is {value!r}; it must be {example}")
    if wanted is float and not 0 <= value < 3600:
        raise ConfigError(f"{file}: {key} is {value!r}; it must be a number of seconds from 0 on")


def saved_filters(directory: Path) -> dict[str, str]:
    """Return the filters a person saved, by name, in the order they were saved.

    Raises ConfigError where the file can't be read as what `save_filter` writes.
    """
    file = directory / "filters"
    try:
        lines = file.read_text(encoding="utf-8").splitlines() if file.exists() else []
    except (OSError, ValueError) as error:
        raise ConfigError(f"{file}: {error}") from error
    pairs = (line.partition("\t") for line in lines if line.strip())
    return {clean(name): clean(text) for name, _, text in pairs}


def save_filter(directory: Path, name: str, text: str) -> None:
    """Save a filter under a name; one without text is forgotten.

    Raises ConfigError where it can't be written; then nothing has changed.
    """
    filters = saved_filters(directory)
    filters.pop(name, None)
    if text:
        filters[name] = text
    file = directory / "filters"
    try:
        replace_file(file, (f"{name}\t{text}\n" for name, text in filters.items()))
    except OSError as error:
        raise ConfigError(f"{file} can't be written: {error.strerror}") from error
