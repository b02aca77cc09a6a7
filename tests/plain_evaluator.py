"""A slow evaluator of queries, right by inspection: what every fast one is compared with.

It shares with them the syntax tree, the folding of texts and the list of code hosts, no more.
"""

from collections.abc import Iterable
from datetime import date
from functools import cache

from tui_reader import query as q
from tui_reader.fields import AUTHORS, EVERYWHERE, NOTE, Field
from tui_reader.model import ARCHIVES, Marks, Paper, Section
from tui_reader.query.language import CODE_HOSTS
from tui_reader.text.fold import Wording, searched


def evaluate(
    query: q.Query,
    paper: Paper,
    marks: Marks | None = None,
    announced: Iterable[tuple[Section, date]] = (),
) -> bool:
    """Whether the query asks for this paper."""
    return _holds(query.root, paper, marks or Marks(), list(announced))


def _holds(
    clause: q.Clause, paper: Paper, marks: Marks, announced: list[tuple[Section, date]]
) -> bool:
    match clause:
        case q.And(parts):
            return all(_holds(part, paper, marks, announced) for part in parts)
        case q.Or(parts):
            return any(_holds(part, paper, marks, announced) for part in parts)
        case q.Not(part):
            return not _holds(part, paper, marks, announced)
        case q.Word(field=field) | q.Phrase(field=field):
            texts = _texts(field, paper, marks)
            return any(_row(wording, text) for wording in clause.wordings for text in texts)
        case q.InCategory(code, whole):
            return any(_in_category(own.lower(), code, whole) for own in paper.categories)
        case q.Is(trait):
            return _is(trait.name, paper, marks, {section for section, _ in announced})
        case q.Has(feature):
            return _has(feature.name, paper, marks)
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
        case q.Like(found=found):
            return paper.id in found
        case q.IdBegins(prefix):
            return paper.id.startswith(prefix)


def asks_for_marks(query: q.Query) -> bool:
    """Whether any part of the query is about marks or identifiers."""
    for term in q.terms(query.root):
        match term:
            case q.Is(trait_or_feature) | q.Has(trait_or_feature):
                if trait_or_feature.mark:
                    return True
            case q.Word(field=field) | q.Phrase(field=field):
                if field is NOTE:
                    return True
            case q.HasTag() | q.IdIs() | q.IdBegins() | q.Like():
                return True
    return False


def _row(wording: Wording, text: str) -> bool:
    """Whether the words stand in a row somewhere in the text."""
    words, sought = _words(text), list(wording.words)
    for start in range(len(words) - len(sought) + 1):
        here = words[start : start + len(sought)]
        if not wording.whole and here[-1].startswith(sought[-1]):
            here[-1] = sought[-1]
        if here == sought:
            return True
    return False


@cache
def _words(text: str) -> list[str]:
    return searched(text).split()


def _texts(field: Field | None, paper: Paper, marks: Marks) -> list[str]:
    if field is NOTE:
        return [marks.note or ""]
    if field is AUTHORS:
        return [", ".join(paper.authors)]
    if field:
        return [getattr(paper, field.of) or ""]
    return [text for field in EVERYWHERE for text in _texts(field, paper, marks)]


def _in_category(own: str, code: str, whole: bool) -> bool:
    if own == code:
        return True
    if whole:
        return False
    if code in ARCHIVES:
        return own.partition(".")[0] == code
    return own.startswith(code)


def _is(trait: str, paper: Paper, marks: Marks, sections: set[Section]) -> bool:
    match trait:
        case "new":
            return Section.NEW in sections
        case "cross":
            return Section.CROSS in sections
        case "replaced":
            return Section.REPLACEMENT in sections
        case "read":
            return marks.read
        case "unread":
            return not marks.read
        case "starred":
            return marks.starred
        case "skipped":
            return marks.skipped
        case "noted":
            return marks.note not in (None, "")
        case "withdrawn":
            return paper.withdrawn
        case "watched" | "muted" | "updated":
            return False  # as there are no rules, and no news
    raise AssertionError(f"say in tests/plain_evaluator.py when a paper is:{trait}")


def _has(feature: str, paper: Paper, marks: Marks) -> bool:
    match feature:
        case "html":
            return "html" in paper.formats
        case "doi":
            return paper.doi not in (None, "")
        case "journal":
            return paper.journal_ref not in (None, "")
        case "note":
            return marks.note not in (None, "")
        case "code":
            texts = [(paper.abstract or "").lower(), (paper.comments or "").lower()]
            return any(host in text for host in CODE_HOSTS for text in texts)
    raise AssertionError(f"say in tests/plain_evaluator.py when a paper has:{feature}")


def _own_day(paper: Paper) -> date:
    """The first submission, or else the first day of the month that the identifier names."""
    for version in paper.versions[:1]:
        if version.submitted:
            return version.submitted.date()
    digits = paper.id.split("/")[-1]
    year, month = int(digits[0:2]), int(digits[2:4])
    return date(1900 + year if year > 90 else 2000 + year, month, 1)
