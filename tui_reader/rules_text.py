"""Saved filters as a text that people edit: written, and read back."""

from collections.abc import Mapping
from datetime import date

from tui_reader.errors import QueryError, UsageError
from tui_reader.model import Effect, SavedFilter
from tui_reader.query import parse, rule
from tui_reader.text import clean

_WORDS = {"watch": Effect.WATCH, "mute": Effect.MUTE, "filter": Effect.PLAIN}
_WORD_OF = {effect: word for word, effect in _WORDS.items()}
HEAD = """\
# What is watched comes first in the Inbox, what is muted stays out of it. A line begins with
# watch, mute or filter, which is only saved, and has a name; what it looks for is indented below.
# What you take out of here is forgotten.
"""


def written(filters: Mapping[str, SavedFilter]) -> str:
    """Return saved filters as a text that `read` reads."""
    return "\n".join(
        f"{_WORD_OF[saved.effect]} {name}\n    {saved.text}\n" for name, saved in filters.items()
    )


def read(text: str, known: Mapping[str, SavedFilter], today: date) -> dict[str, SavedFilter]:
    """Read saved filters by their names.

    Those `known` need not be right: another version of the language may have been written in.
    Raises UsageError, which names the line, where one is wrong.
    """
    begun: dict[str, tuple[int, Effect, list[str]]] = {}
    name = ""
    for number, line in enumerate(text.splitlines(), 1):
        if line.startswith("#") or not line.strip():
            continue
        if not line[0].isspace():
            word, _, rest = line.partition(" ")
            name = clean(rest)
            if word not in _WORDS or not name:
                raise UsageError(f"line {number}: write watch, mute or filter, and a name: {line}")
            if name in begun:
                raise UsageError(f"line {number}: there is another {name} in line {begun[name][0]}")
            begun[name] = number, _WORDS[word], []
        elif name:
            begun[name][2].append(clean(line))
        else:
            raise UsageError(f"line {number}: this filter has no name: write one above it")
    return {name: _checked(name, *parts, known, today) for name, parts in begun.items()}


def _checked(
    name: str,
    number: int,
    effect: Effect,
    lines: list[str],
    known: Mapping[str, SavedFilter],
    today: date,
) -> SavedFilter:
    saved = SavedFilter(" ".join(lines), effect)
    if not saved.text:
        raise UsageError(f"line {number}: write what {name} looks for below it, indented")
    if known.get(name) != saved:
        try:
            parse(saved.text, today)
            if effect is not Effect.PLAIN:
                rule(saved.text)
        except (QueryError, UsageError) as error:
            raise UsageError(f"line {number + 1}: {name}: {error}") from error
    return saved
