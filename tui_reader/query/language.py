"""The words of the filter language, as tables: keywords, and the values of those that take few.

Parser, tests, errors, completions, the index and every help text come from them.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from tui_reader.fields import EVERYWHERE, FIELDS, TITLE, Field
from tui_reader.model import Effect, Paper, Section, row_of
from tui_reader.query.documents import Document


class Trait(NamedTuple):
    """A value of `is:`. Of `test`, `mark` and `effect` it has one."""

    name: str
    meaning: str
    test: Callable[[Document], bool] | None = None
    """Of what arXiv tells, which the index has, too."""
    mark: str = ""
    """The mark that tells."""
    marked: bool = True
    """Whether the mark has to be there, or else not to be there."""
    passing: bool = False
    """Whether it is true until the person has seen it; then the index does not have it."""
    effect: Effect | None = None
    """What rules that find the paper do; `rules.meant` puts them in its place."""


class Feature(NamedTuple):
    """A value of `has:`. Of `test` and `mark` it has one."""

    name: str
    meaning: str
    test: Callable[[Paper], object] | None = None
    """Of what arXiv tells, which the index has, too."""
    mark: str = ""
    """The mark that tells."""


class Sort(NamedTuple):
    """A value of `sort:`."""

    name: str
    meaning: str
    key: Callable[[Document, Sequence[str]], Any] | None
    """Of a paper and the needles of what is sought; None leaves arXiv's order.

    Papers of the same key stay as they were; of all that is stored, that is from new to old.
    """
    reads: tuple[Field, ...] = ()
    """The texts that the key looks at: making them ready is what takes time."""
    learned: bool = False
    """Whether what the person starred and skipped gives the key, and not `key`."""
    most: int = 20_000
    """Of more hits the newest so many are sorted, and the others follow."""


CODE_HOSTS = (
    "github.com", "github.io", "gitlab.", "bitbucket.org", "codeberg.org", "huggingface.co",
    "sourceforge.net", "zenodo.org", "osf.io", "figshare.com", "anonymous.4open.science",
)  # fmt: skip
"""Addresses that say a paper comes with code."""


def _links_code(paper: Paper) -> bool:
    text = f"{paper.abstract or ''} {paper.comments or ''}".lower()
    return any(host in text for host in CODE_HOSTS)


def _relevance(paper: Document, sought: Sequence[str]) -> tuple[int, int]:
    """Order by how often what is sought is there; a title counts three times more."""
    title, everywhere = paper.text(TITLE), paper.everywhere
    found = sum(3 * title.count(needle) + everywhere.count(needle) for needle in sought)
    return -found, -row_of(paper.id)


_TRAITS = (
    Trait("new", "announced as a new submission", lambda paper: Section.NEW in paper.sections),
    Trait("cross", "announced as a cross-list", lambda paper: Section.CROSS in paper.sections),
    Trait(
        name="replaced",
        meaning="announced as a replacement",
        test=lambda paper: Section.REPLACEMENT in paper.sections,
    ),
    Trait("unread", "not marked as read", mark="read", marked=False),
    Trait("read", "marked as read", mark="read"),
    Trait("starred", "starred", mark="starred"),
    Trait("skipped", "skipped", mark="skipped"),
    Trait("noted", "has a note of yours", mark="note"),
    Trait("withdrawn", "withdrawn by its authors or by arXiv", lambda paper: paper.withdrawn),
    Trait(
        name="updated",
        meaning="starred, and since replaced, published or withdrawn; until you see it",
        test=lambda paper: paper.updated and paper.marks.starred,
        passing=True,
    ),
    Trait("watched", "found by a saved filter that watches", effect=Effect.WATCH),
    Trait("muted", "found by one that mutes, and neither watched nor starred", effect=Effect.MUTE),
)
_FEATURES = (
    Feature("html", "an HTML version at arXiv", lambda paper: "html" in paper.formats),
    Feature("doi", "a DOI", lambda paper: paper.doi),
    Feature("journal", "a journal reference", lambda paper: paper.journal_ref),
    Feature("note", "a note of yours", mark="note"),
    Feature("code", "a link to code or data in its abstract or comments", _links_code),
)
_SORTS = (
    Sort(
        name="date",
        meaning="the newest first",
        key=lambda paper, _: (-max(paper.days).toordinal(), -row_of(paper.id)),
    ),
    Sort("arxiv", "in arXiv's order", key=None),
    Sort("relevance", "the best match first", _relevance, reads=EVERYWHERE, most=1000),
    Sort("title", "by title", lambda paper, _: paper.text(TITLE), reads=(TITLE,)),
    Sort("foryou", "what you may star first", key=None, learned=True),
)
TRAITS: Mapping[str, Trait] = {trait.name: trait for trait in _TRAITS}
FEATURES: Mapping[str, Feature] = {feature.name: feature for feature in _FEATURES}
SORTS: Mapping[str, Sort] = {sort.name: sort for sort in _SORTS}
CHOICES: Mapping[str, Mapping[str, Trait | Feature | Sort]] = {
    "is": TRAITS,
    "has": FEATURES,
    "sort": SORTS,
}
"""The values of the keywords that take only these."""


DAYS = ("today", "yesterday")
"""Days that have a name in `date:`, each a day before the other."""


class Keyword(NamedTuple):
    """What may stand before a colon."""

    name: str
    meaning: str
    example: str
    """A value of it."""
    also: tuple[str, ...] = ()
    """Other names of it."""
    known: bool = False
    """Whether what it may be followed by is among what is stored, and can be offered."""


def _of_text(*fields: Field) -> tuple[Keyword, ...]:
    return tuple(Keyword(f.name, f.meaning, f.example, f.also, f.known) for f in fields)


_KEYWORDS = (
    *_of_text(*EVERYWHERE),
    Keyword(
        name="cat",
        meaning="category or archive, cross-lists too",
        example="cs.DC",
        also=("category",),
        known=True,
    ),
    Keyword("id", "identifier, or its beginning", "2603.00356", also=("arxiv", "arXiv")),
    Keyword("tag", "a tag of yours", "to-read", also=("tags",), known=True),
    Keyword(
        name="like",
        meaning="the 200 likest to a paper, or to those of a tag of yours (tag:name)",
        example="2603.00356",
        known=True,
    ),
    *_of_text(*(field for field in FIELDS if not field.everywhere)),
    Keyword("is", "section or mark", "unread"),
    Keyword("has", "what comes with the paper", "code"),
    Keyword(
        name="date",
        meaning="day, month, year, range, today, yesterday, or the last 7d 2w 3m 1y",
        example="2026-03..2026-05",
    ),
    Keyword("v", "version number", ">1", also=("version",)),
    Keyword("sort", "order of the list", "title"),
)
KEYWORDS: Mapping[str, Keyword] = {keyword.name: keyword for keyword in _KEYWORDS}
KEYWORD_OF = {name: key.name for key in _KEYWORDS for name in (key.name, *key.also)}
"""The keyword that each of its names stands for."""

SYNTAX = (
    ("word", "words that begin so, in title, authors, abstract or comments", "distrib"),
    ('"a phrase"', "these whole words in a row", '"kv cache"'),
    ("-", "without what follows", "-survey"),
    ("OR", "one or the other; words side by side bind tighter", "moe OR lora"),
    ("( )", "taken together, also after a field", "ti:(moe OR lora)"),
    *((f"{key.name}:", key.meaning, f"{key.name}:{key.example}") for key in _KEYWORDS),
    *(
        (f"{name}:{choice.name}", choice.meaning, f"{name}:{choice.name}")
        for name, choices in CHOICES.items()
        for choice in choices.values()
    ),
)
"""The language for people, a row a piece: what is typed, what it means, an example."""
