"""A slow evaluator of queries, right by inspection: what every fast one is compared with.

It shares with them the syntax tree, the folding of texts and the list of code hosts, no more.
"""

from collections.abc import Iterable
from datetime import date
from functools import cache

from tui_reader import query as q
from tui_reader.model import ARCHIVES, Marks, Paper, Section
from tui_reader.query.documents import CODE_HOSTS
from tui_reader.text import fold


def evaluate(
    query: q.Query,
    paper: Paper,
    marks: Marks | None = None,
    announced: Iterable[tuple[Section, date]] = (),
) -> bool:
    """Whether the query asks for this paper."""
    return _holds(query.root, paper, marks or Marks(), list(announced))


def _holds(node: q.Node, paper: Paper, marks: Marks, announced: list[tuple[Section, date]]) -> bool:
    match node:
        case q.And(parts):
            return all(_holds(part, paper, marks, announced) for part in parts)
        case q.Or(parts):
            return any(_holds(part, paper, marks, announced) for part in parts)
        case q.Not(part):
            return not _holds(part, paper, marks, announced)
        case q.Word(_, tokens, field):
            return any(_row(tokens, text, True) for text in _texts(field, paper, marks))
        case q.Phrase(_, tokens, field):
            return any(_row(tokens, text, False) for text in _texts(field, paper, marks))
        case q.InCategory(code, whole):
            return any(_in_category(own.lower(), code, whole) for own in paper.categories)
        case q.Is(state):
            return _is(state, paper, marks, {section for section, _ in announced})
        case q.Has(feature):
            return _has(feature, paper, marks)
        case q.DateRange(first, last):
            days = [day for _, day in announced] or [_own_day(paper)]
            return any(first <= day <= last for day in days)
        case q.VersionIs(first_version, last_version):
            return paper.version is not None and first_version <= paper.version <= last_version
        case q.HasTag(tag, whole):
            own_tags = [own.casefold() for own in marks.tags]
            return tag in own_tags if whole else any(own.startswith(tag) for own in own_tags)
        case q.IdIs(id_):
            return paper.id == id_
        case q.IdBegins(prefix):
            return paper.id.startswith(prefix)


def _row(tokens: tuple[str, ...], text: str, last_is_a_beginning: bool) -> bool:
    """Whether the tokens stand in a row somewhere in the text."""
    words = _words(text)
    for start in range(len(words) - len(tokens) + 1):
        here = words[start : start + len(tokens)]
        if last_is_a_beginning and here[-1].startswith(tokens[-1]):
            here[-1] = tokens[-1]
        if here == list(tokens):
            return True
    return False


@cache
def _words(text: str) -> list[str]:
    return fold(text).split()


def _texts(field: q.Field | None, paper: Paper, marks: Marks) -> list[str]:
    texts = {
        "ti": paper.title,
        "au": ", ".join(paper.authors),
        "abs": paper.abstract,
        "co": paper.comments,
        "note": marks.note,
        "jr": paper.journal_ref,
        "doi": paper.doi,
    }
    return [texts[name] or "" for name in ([field.value] if field else ["ti", "au", "abs", "co"])]


def _in_category(own: str, code: str, whole: bool) -> bool:
    if own == code:
        return True
    if whole:
        return False
    if code in ARCHIVES:
        return own.partition(".")[0] == code
    return own.startswith(code)


def _is(state: q.Trait, paper: Paper, marks: Marks, sections: set[Section]) -> bool:
    match state:
        case q.Trait.NEW:
            return Section.NEW in sections
        case q.Trait.CROSS:
            return Section.CROSS in sections
        case q.Trait.REPLACED:
            return Section.REPLACEMENT in sections
        case q.Trait.READ:
            return marks.read
        case q.Trait.UNREAD:
            return not marks.read
        case q.Trait.STARRED:
            return marks.starred
        case q.Trait.SKIPPED:
            return marks.skipped
        case q.Trait.NOTED:
            return marks.note not in (None, "")
        case q.Trait.WITHDRAWN:
            return paper.withdrawn


def _has(feature: q.Feature, paper: Paper, marks: Marks) -> bool:
    match feature:
        case q.Feature.HTML:
            return "html" in paper.formats
        case q.Feature.DOI:
            return paper.doi not in (None, "")
        case q.Feature.JOURNAL:
            return paper.journal_ref not in (None, "")
        case q.Feature.NOTE:
            return marks.note not in (None, "")
        case q.Feature.CODE:
            texts = [(paper.abstract or "").lower(), (paper.comments or "").lower()]
            return any(host in text for host in CODE_HOSTS for text in texts)


def _own_day(paper: Paper) -> date:
    """The first submission, or else the first day of the month that the identifier names."""
    for version in paper.versions[:1]:
        if version.submitted:
            return version.submitted.date()
    digits = paper.id.split("/")[-1]
    year, month = int(digits[0:2]), int(digits[2:4])
    return date(1900 + year if year > 90 else 2000 + year, month, 1)
