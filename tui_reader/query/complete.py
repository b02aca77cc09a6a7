"""What may be meant at the cursor of a filter that is being typed."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import islice

from tui_reader.query.documents import haystack
from tui_reader.query.language import CHOICES, DAYS, KEYWORD_OF, KEYWORDS
from tui_reader.query.parse import tokens
from tui_reader.text import fold


@dataclass(frozen=True, slots=True)
class Completions:
    """What may stand instead of the text from `start` to `end`."""

    start: int
    end: int
    choices: tuple[str, ...]


def completions(
    text: str, cursor: int, values: Callable[[str], Iterable[str]], limit: int = 50
) -> Completions:
    """Return what could be meant at the cursor: a field's name, or a value after one.

    `values` gives those of `cat`, `tag` and `au`, and the choices keep their order. Authors are
    found by the beginning of any of their names, the rest by their own beginning.
    """
    names: list[str | None] = [None]
    name, typed, start = None, "", cursor
    for token in tokens(text[:cursor]):
        written = token["name"]
        if token["open"]:
            names.append(KEYWORD_OF.get(written) if written else names[-1])
        elif token["close"] and len(names) > 1:
            names.pop()
        name, typed, start = names[-1], "", cursor
        if token.end() == cursor and not any((token["open"], token["close"], token["end"])):
            name = KEYWORD_OF.get(written) if written else name
            typed = (token["quoted"] or token["bare"] or "") if name else token[0].lstrip(" -")
            start = cursor - len(typed) - (1 if name and token["end"] == "" else 0)
    found: Iterable[str]
    if name == "au":
        begun = f" {fold(typed)}"
        found = (author for author in values(name) if begun in haystack(author))
    else:
        offered = _offered(name, values)
        found = (choice for choice in offered if choice.lower().startswith(typed.lower()))
    quoted = (f'"{choice}"' if re.search(r'[\s"()]', choice) else choice for choice in found)
    return Completions(start, cursor, tuple(islice(quoted, limit)))


def _offered(name: str | None, values: Callable[[str], Iterable[str]]) -> Iterable[str]:
    if name is None:
        return [f"{keyword}:" for keyword in KEYWORDS]
    if name == "date":
        return DAYS
    return values(name) if KEYWORDS[name].known else CHOICES.get(name, ())
