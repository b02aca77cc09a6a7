"""What changed from one version of a text to the next, word by word."""

import re
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
MOST_WORDS = 20_000
"""Words of both texts together that are compared; longer ones are shown as replaced whole."""


def stretches(before: str, after: str) -> list[Stretch]:
    """Return the two texts as one: what was kept, removed and added, in reading order.

    What was removed comes before what was added in its place.
    """
    old, new = _WORD.findall(before), _WORD.findall(after)
    if len(old) + len(new) > MOST_WORDS:
        return [Stretch(Fate.REMOVED, before), Stretch(Fate.ADDED, after)]
    found = []
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    for tag, old_from, old_to, new_from, new_to in matcher.get_opcodes():
        if tag != "equal" and old_to > old_from:
            found.append(Stretch(Fate.REMOVED, _joined(old[old_from:old_to])))
        if new_to > new_from:
            fate = Fate.KEPT if tag == "equal" else Fate.ADDED
            found.append(Stretch(fate, _joined(new[new_from:new_to])))
    return found


def _joined(words: list[str]) -> str:
    return re.sub(r" ?(\n+) ?", r"\1", " ".join(words))
