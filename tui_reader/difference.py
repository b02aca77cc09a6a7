"""What changed from one version of a text to the next, word by word."""

import re
from collections.abc import Iterator
from difflib import SequenceMatcher
from enum import Enum
from typing import NamedTuple


class Fate(Enum):
    """What became of a stretch of text."""

    KEPT = "kept"
    REMOVED = "removed"
    ADDED = "added"


class Stretch(NamedTuple):
    """Words in a row that share their fate, with the blanks between them."""

    fate: Fate
    text: str


# A no-break blank holds words together, as those of a name.
_WORD = re.compile(r"\n+|[^ \n]+")
LONGEST = 20_000
"""Words of both texts together that are compared; longer ones are shown as replaced whole."""


def stretches(before: str, after: str) -> list[Stretch]:
    """Return the two texts as one: what was kept, removed and added, in reading order.

    What was removed comes before what was added in its place.
    """
    old, new = _WORD.findall(before), _WORD.findall(after)
    if len(old) + len(new) > LONGEST:
        return [Stretch(Fate.REMOVED, before), Stretch(Fate.ADDED, after)]
    return list(_stretches(old, new))


def _stretches(old: list[str], new: list[str]) -> Iterator[Stretch]:
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    for tag, old_from, old_to, new_from, new_to in matcher.get_opcodes():
        if tag == "equal":
            yield Stretch(Fate.KEPT, _joined(new[new_from:new_to]))
            continue
        if old_to > old_from:
            yield Stretch(Fate.REMOVED, _joined(old[old_from:old_to]))
        if new_to > new_from:
            yield Stretch(Fate.ADDED, _joined(new[new_from:new_to]))


def _joined(words: list[str]) -> str:
    return re.sub(r" ?(\n+) ?", r"\1", " ".join(words))
