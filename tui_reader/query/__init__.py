"""The filter language: text to Query, and the test of a paper that a Query makes.

`language` has its tables; `parse` and `tree` make a Query, `documents` makes papers ready, and
`evaluate` tests them.
"""

from tui_reader.query.complete import completions
from tui_reader.query.documents import Document, Haystacks, haystack, haystacks
from tui_reader.query.evaluate import Test, document, features, matcher, order
from tui_reader.query.language import (
    FEATURES,
    KEYWORDS,
    SORTS,
    SYNTAX,
    TRAITS,
    Feature,
    Sort,
    Trait,
)
from tui_reader.query.parse import DEEPEST, MOST_TERMS, parse
from tui_reader.query.rules import meant, rule, rules_of
from tui_reader.query.tree import (
    NEWEST,
    And,
    Clause,
    DateRange,
    Has,
    HasTag,
    IdBegins,
    IdIs,
    InCategory,
    Is,
    Like,
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
    "FEATURES",
    "KEYWORDS",
    "MOST_TERMS",
    "NEWEST",
    "SORTS",
    "SYNTAX",
    "TRAITS",
    "And",
    "Clause",
    "DateRange",
    "Document",
    "Feature",
    "Has",
    "HasTag",
    "Haystacks",
    "IdBegins",
    "IdIs",
    "InCategory",
    "Is",
    "Like",
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
    "meant",
    "needles",
    "order",
    "parse",
    "reads_texts",
    "rule",
    "rules_of",
    "terms",
    "to_text",
]  # fmt: skip
