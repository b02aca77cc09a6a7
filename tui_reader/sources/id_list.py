"""Plain lists of identifiers or addresses: a way to bring in stars."""

import re

from tui_reader.model import Paper, PaperId, Reading, named_ids
from tui_reader.sources.common import paper_id, several
from tui_reader.text import clean

LONGEST_LIST = 4 << 20
"""In characters: more than a hundred thousand identifiers."""

MOST_STRANGE = 20
"""Lines without an identifier that are named one by one."""


def read(text: str) -> Reading | None:
    """Read a list of identifiers or addresses; None when most of its lines have none.

    What stands after a # is a comment; a line may hold several, parted by blanks or commas.
    """
    if len(text) > LONGEST_LIST:
        return None
    found: dict[PaperId, Paper] = {}
    strange: list[str] = []
    rows = [row.partition(" #")[0].strip() for row in text.splitlines()]
    rows = [row for row in rows if row and not row.startswith("#")]
    for row in rows:
        words = map(paper_id, re.split(r"[\s,;]+", row))
        named = [*filter(None, words)] or [*named_ids(row)]
        if not named:
            strange.append(clean(row)[:60])
        for number, version in named:
            if number not in found:
                found[number] = Paper(number, "", version=version, authors_omitted=None)
    if len(strange) * 2 > len(rows) or not found:
        return None
    problems = [f"{row!r} is no arXiv identifier" for row in strange[:MOST_STRANGE]]
    if others := len(strange) - len(problems):
        problems.append(f"nor is there one in {several(others, 'other line')}")
    return Reading("list of identifiers", (), tuple(found.values()), tuple(problems))
