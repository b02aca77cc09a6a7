"""The words of the filter language, as tables: fields, states, features, orders, keywords.

Parser, errors, completions and every help text come from them.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import NamedTuple, Self


class Field(StrEnum):
    """A part of a paper that is searched for words."""

    TITLE = "ti"
    AUTHORS = "au"
    ABSTRACT = "abs"
    COMMENTS = "co"
    NOTE = "note"
    JOURNAL = "jr"
    DOI = "doi"


class _Choice(StrEnum):
    """A value that a keyword takes, and what it means."""

    meaning: str

    def __new__(cls, value: str, meaning: str = "") -> Self:
        member = str.__new__(cls, value)
        member._value_ = value
        member.meaning = meaning
        return member


class Trait(_Choice):
    """What `is:` asks for."""

    NEW = "new", "announced as a new submission"
    CROSS = "cross", "announced as a cross-list"
    REPLACED = "replaced", "announced as a replacement"
    UNREAD = "unread", "not marked as read"
    READ = "read", "marked as read"
    STARRED = "starred", "starred"
    SKIPPED = "skipped", "skipped"
    NOTED = "noted", "has a note of yours"
    WITHDRAWN = "withdrawn", "withdrawn by its authors or by arXiv"


class Feature(_Choice):
    """What `has:` asks for."""

    HTML = "html", "an HTML version at arXiv"
    DOI = "doi", "a DOI"
    JOURNAL = "journal", "a journal reference"
    NOTE = "note", "a note of yours"
    CODE = "code", "a link to code or data in its abstract or comments"


class Sort(_Choice):
    """What `sort:` asks for."""

    DATE = "date", "the newest first"
    ARXIV = "arxiv", "in arXiv's order"
    RELEVANCE = "relevance", "the best match first"
    TITLE = "title", "by title"


class Keyword(NamedTuple):
    """What may stand before a colon, what it means, an example of its value, its other names."""

    name: str
    meaning: str
    value: str
    also: tuple[str, ...] = ()


_KEYWORDS = (
    Keyword("ti", "word in the title", "attention", ("title",)),
    Keyword("au", "author; in quotes, these names in a row", '"jin lee"', ("author", "authors")),
    Keyword("abs", "word in the abstract", "entropy", ("abstract",)),
    Keyword("co", "word in the comments", "accepted", ("comment", "comments")),
    Keyword("cat", "category or archive, cross-lists too", "cs.DC", ("category",)),
    Keyword("id", "identifier, or its beginning", "2603.00356", ("arxiv",)),
    Keyword("tag", "a tag of yours", "to-read", ("tags",)),
    Keyword("note", "word in your note", "idea", ("notes",)),
    Keyword("jr", "word in the journal reference", "nature", ("journal",)),
    Keyword("doi", "DOI, or its beginning", "10.1145/3620666"),
    Keyword("is", "section or mark", "unread"),
    Keyword("has", "what comes with the paper", "code"),
    Keyword("date", "day, month, year, range, or the last 7d 2w 3m 1y", "2026-03..2026-05"),
    Keyword("v", "version number", ">1", ("version",)),
    Keyword("sort", "order of the list", "title"),
)
KEYWORDS: Mapping[str, Keyword] = {keyword.name: keyword for keyword in _KEYWORDS}

_TABLES: dict[str, type[_Choice]] = {"is": Trait, "has": Feature, "sort": Sort}

SYNTAX = (
    ("word", "words that begin so, in title, authors, abstract or comments", "distrib"),
    ('"a phrase"', "these whole words in a row", '"kv cache"'),
    ("-", "without what follows", "-survey"),
    ("OR", "one or the other; words side by side bind tighter", "moe OR lora"),
    ("( )", "taken together, also after a field", "ti:(moe OR lora)"),
    *((f"{name}:", meaning, f"{name}:{example}") for name, meaning, example, _ in _KEYWORDS),
    *(
        (f"{name}:{choice}", choice.meaning, f"{name}:{choice}")
        for name, choices in _TABLES.items()
        for choice in choices
    ),
)
"""The language for people, a row a piece: what is typed, what it means, an example."""

KEYWORD_OF = {name: key.name for key in _KEYWORDS for name in (key.name, *key.also)}
"""The keyword that each of its names stands for."""

CHOICES = {name: [str(choice) for choice in choices] for name, choices in _TABLES.items()}
"""The values of the keywords that take only these."""

ANYWHERE = (Field.TITLE, Field.AUTHORS, Field.ABSTRACT, Field.COMMENTS)
"""Where a word without a field is looked for."""
