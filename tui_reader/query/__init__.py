"""The filter language: text to Query, and the test of a paper that a Query makes.

`language` has its tables; `parse` and `tree` make a Query, `documents` makes papers ready, and
`evaluate` tests them.
"""

from tui_reader.query.complete import Completions, completions
from tui_reader.query.documents import (
    Document,
    Haystacks,
    document,
    features,
    haystack,
    haystacks,
)
from tui_reader.query.evaluate import Test, matcher, weight
from tui_reader.query.language import KEYWORDS, SYNTAX, Feature, Field, Sort, Trait
from tui_reader.query.parse import DEEPEST, MOST_TERMS, parse
from tui_reader.query.tree import (
    NEWEST,
    And,
    DateRange,
    Has,
    HasTag,
    IdBegins,
    IdIs,
    InCategory,
    Is,
    Node,
    Not,
    Or,
    Phrase,
    Query,
    VersionIs,
    Word,
    highlights,
    needles,
    reads_texts,
    terms,
    to_text,
)

__all__ = [
    "DEEPEST",
    "KEYWORDS",
    "MOST_TERMS",
    "NEWEST",
    "SYNTAX",
    "And",
    "Completions",
    "DateRange",
    "Document",
    "Feature",
    "Field",
    "Has",
    "HasTag",
    "Haystacks",
    "IdBegins",
    "IdIs",
    "InCategory",
    "Is",
    "Node",
    "Not",
    "Or",
    "Phrase",
    "Query",
    "Sort",
    "Test",
    "Trait",
    "VersionIs",
    "Word",
    "completions",
    "document",
    "features",
    "haystack",
    "haystacks",
    "highlights",
    "matcher",
    "needles",
    "parse",
    "reads_texts",
    "terms",
    "to_text",
    "weight",
]
