"""What of a paper can be watched or muted: its authors, words of its title, its categories."""

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from typing import NamedTuple

from tui_reader import taxonomy
from tui_reader.model import Name, Paper
from tui_reader.names import name_of, names_of
from tui_reader.text import fold, plain

MOST_AUTHORS = 30
MOST_TOGETHER = 30
"""Authors of a paper; of larger groups it tells little who is in them."""
FEWEST_OF_ONE = 2
"""Papers that tell one person from another of the same name."""
_WORD = re.compile(r"[^\W_][\w+-]*")
_EMPTY = frozenset(
    "about across against among analysis approach based between beyond case data from into large"
    " learning method methods model models more new novel over problem study system systems than"
    " that their through toward towards under using when where with within without".split()
)
"""Words of four letters or more of titles, which tell too little."""


class Offer(NamedTuple):
    """Something of a paper that a rule may look for."""

    name: str
    """Of the rule."""
    kind: str
    terms: tuple[str, ...]
    """Any one of these is looked for."""

    def added_to(self, text: str) -> str:
        """Return the filter that looks for this, too."""
        return " OR ".join([*filter(None, [text]), *(t for t in self.terms if t not in text)])


def spelled(offer: Offer) -> set[str]:
    """Return the ways in which the name of a person who is offered is written."""
    return {term.removeprefix('au:"').removesuffix('"') for term in offer.terms}


class Circle(NamedTuple):
    """Papers that have authors in common."""

    papers: int
    authors: Counter[str]
    """By a name that is the same however it is written, in how many of the papers each is."""


def offers(paper: Paper) -> Iterator[Offer]:
    """Yield what a rule can be made of, the authors first."""
    for name in [*names_of(paper)][:MOST_AUTHORS]:
        yield Offer(called(name), "author", tuple(f'au:"{text}"' for text in spellings(name)))
    for word in dict.fromkeys(_WORD.findall(plain(paper.title))):
        telling = len(word) > 3 or (len(word) > 1 and word != word.lower())
        if telling and word.lower() not in _EMPTY:
            # Longer ones with their plural, and other endings.
            sought = word if len(word) > 3 and word.isalnum() else f'"{word}"'
            yield Offer(word, "word of the title", (f"ti:{sought}",))
    for code in paper.categories:
        yield Offer(code, taxonomy.name_of(code), (f'cat:"{code}"',))


def called(name: Name) -> str:
    """Return what a rule for a person is called: the first of their names and the last."""
    first, *_ = name.given.split() or [""]
    return f"{first} {name.last}".strip() if name.family else name.given


def spellings(name: Name) -> list[str]:
    """Return how papers may write a name, folded: with all given names, or with initials."""
    last, given = fold(name.last), fold(name.given).split()
    if not (last and given):
        return [last or " ".join(given)]
    first, *middle = given
    initials = [word[0] for word in given]
    ways = [given, [first, *initials[1:]], initials]
    if middle:
        ways += [[first], initials[:1]]
    return list(dict.fromkeys(" ".join([*way, last]) for way in ways))


def circles(papers: Iterable[Paper], spelled: Collection[str]) -> list[Circle]:
    """Return the papers of a name, told apart by its co-authors; the largest circle first.

    Circles that share nobody may be people of one name, which is `spelled` in any of these ways.
    What one paper alone shows, or a large group, is no circle.
    """
    found: list[Circle] = []
    for paper in papers:
        others = Counter(_key(author) for author in paper.authors if fold(author) not in spelled)
        if not 0 < len(others) <= MOST_TOGETHER:
            continue
        joined = [circle for circle in found if circle.authors.keys() & others.keys()]
        found = [circle for circle in found if circle not in joined]
        authors = sum((circle.authors for circle in joined), others)
        found.append(Circle(1 + sum(circle.papers for circle in joined), authors))
    large = (circle for circle in found if circle.papers >= FEWEST_OF_ONE)
    return sorted(large, key=lambda circle: -circle.papers)


def _key(author: str) -> str:
    """Return the last name and the first letter, for people."""
    name = name_of(author)
    return f"{name.given[:1]}. {name.last}" if name.given and name.family else plain(author)
