"""The plain-text listing: an arXiv listing page that was saved or copied as text.

Nothing parts the labels of an entry (`Title: ...AuthorsComments: ...Subjects: ...`), the heading
of a section comes after its entries, and an entry may begin at the end of the abstract before it.
"""

import re
from collections.abc import Iterator

from tui_reader.errors import SourceError
from tui_reader.model import Entry, Listing, Reading, Section
from tui_reader.sources.common import (
    category_named,
    find_date,
    line,
    number,
    offered_formats,
    paper_of,
    promise_problems,
    subjects,
    unreadable_entries,
)
from tui_reader.text import clean

FORM = "plain-text listing"

_DAY = re.compile(r"^(?:Showing new listings|New submissions) for [^\n]*", re.MULTILINE)
_START = re.compile(r"(?:^|(?<= ))- ?\[(\d+)\] *arXiv:", re.MULTILINE)
_HEAD = re.compile(
    r"(?P<id>[^\s\[]++)(?: \((?:cross-list from (?P<home>[\w.-]+)|(?P<replaced>replaced))\))?"
    r" *\[(?P<formats>[^\]\n]*)\] *\n(?:- *\n)?"
)
_COUNT = re.compile(
    r"^(New|Cross|Replacement) submissions"
    r" \([a-z ,]{0,80}showing [a-z ]{0,20}\d+ of (\d{1,6}) entries ?\)$",
    re.MULTILINE,
)
_SUBJECTS = re.compile(r"[^()]+ \([\w.-]+\)(?:; [^();]+ \([\w.-]+\))*")
MOST_NAMES = 20_000
"""In characters, of title and authors: with more, the authors are not looked for."""

LONGEST_AUTHOR = 100
"""In characters, of one author."""

# A name of an author: capitalised words and initials, with particles between them.
_WORD = r"(?:[^\W\d_a-z][^\W\d_]*\.?(?:[-'’.][^\W\d_]+\.?)*|d'[^\W\d_]+)"
_PARTICLE = (
    r"(?:van|von|der|den|de|del|della|di|da|do|dos|du|la|le|el|al|bin|ibn|ben|ten|ter|zu|zur|y|e)"
)
_NAME = re.compile(rf"{_WORD}(?: (?:{_PARTICLE}|{_WORD}))*")
_HUMP = re.compile(r"(?<=[a-z0-9])[A-Z]")
_PREFIXES = ("Mc", "Mac", "De", "Di", "Du", "La", "Le", "Van", "Von", "Fitz", "Mb", "Nd", "Ab")


def recognises(text: str) -> bool:
    """Whether this looks like a listing saved as text."""
    return bool(_START.search(text)) and "Title:" in text


def read(text: str, origin: str) -> Reading:
    """Read the listing; an entry that is damaged is counted and the rest are kept.

    Raises SourceError when no day is named or no entry can be read.
    """
    day = _DAY.search(text)
    if not day or not (announced := find_date(day[0])):
        raise SourceError(
            origin,
            "a listing without the line 'Showing new listings for ...' that names its day;"
            " save the page whole and try again",
        )
    promised = {Section(name.lower()): int(count) for name, count in _COUNT.findall(text)}
    _, *pieces = _START.split(text)
    numbered = list(zip(pieces[::2], pieces[1::2], strict=True))
    read = (_entry(number(at), _COUNT.split(body)[0]) for at, body in numbered)
    entries = tuple(filter(None, read))
    if not entries:
        raise SourceError(origin, "a listing whose entries can't be read; save the page again")
    heading = text[: day.start()].strip().partition("\n")[0]
    listing = Listing(
        category_named(clean(heading), entries),
        announced,
        entries,
        promised,
        unreadable=len(numbered) - len(entries),
    )
    return Reading(FORM, (listing,), problems=tuple(_problems(listing)))


def _problems(listing: Listing) -> Iterator[str]:
    yield from unreadable_entries(listing.unreadable)
    yield from promise_problems(listing.entries, listing.promised)
    positions = [entry.position for entry in listing.entries]
    if len(positions) + listing.unreadable < positions[-1] - positions[0] + 1:
        yield f"the numbers of the entries leave gaps between {positions[0]} and {positions[-1]}"
    last = listing.entries[-1]
    # The text ends with the last abstract: the heading that would close that section is lost.
    if last.section is not Section.REPLACEMENT and last.section not in listing.promised:
        yield "the text ends before the count of its last section, so entries may be missing"
    elif not _is_finished(last.paper.abstract or ""):
        yield f"the text ends in the middle of {last.paper.id}"


def _is_finished(abstract: str) -> bool:
    return bool(re.search(r"(?:[.!?:)\]}$\"'”’]|(?<!\S)https?://\S*)$", abstract))


def _entry(position: int | None, body: str) -> Entry | None:
    head = _HEAD.match(body)
    if position is None or not head or not body.startswith("Title:", head.end()):
        return None
    labelled, _, abstract = body[head.end() + len("Title:") :].partition("\n")
    labelled, _, named_subjects = labelled.rpartition("Subjects:")
    if not _SUBJECTS.fullmatch(named_subjects.strip()):
        return None
    labelled, _, journal = labelled.partition("Journal-ref:")
    names, _, comments = labelled.partition("Comments:")
    title, authors = _border(clean(names), clean(abstract))
    paper = paper_of(
        # Each line is a paragraph here.
        {"id": head["id"], "title": title, "abstract": abstract.strip().replace("\n", "\n\n")},
        (authors, 0 if authors else None),
        categories=subjects(named_subjects),
        comments=line(comments),
        journal_ref=line(journal),
        formats=offered_formats(head["formats"]),
    )
    if not paper:
        return None
    section = Section.CROSS if head["home"] else Section.NEW
    return Entry(paper, Section.REPLACEMENT if head["replaced"] else section, position)


def _border(text: str, abstract: str) -> tuple[str, tuple[str, ...]]:
    """Part a title from the authors that may be glued to it; without any, the title is all.

    The border is where a capital follows without a space and names fill the rest. A word such as
    DeepSpeed has such a place too, but it is used elsewhere in the title or the abstract.
    """
    for at, names in _possible_borders(text) if len(text) < MOST_NAMES else ():
        glued = text[text.rfind(" ", 0, at) + 1 :].partition(" ")[0].rstrip(",")
        if glued not in abstract[:MOST_NAMES] and glued not in text[:at]:
            return text[:at], tuple(names)
    return text, ()


def _possible_borders(text: str) -> Iterator[tuple[int, list[str]]]:
    """Yield each place from where on the text is names, and the names, the longest list first."""
    pieces = text.split(", ")
    first = len(pieces) - 1
    while first and is_name(pieces[first]):
        first -= 1
    end = sum(len(piece) + 2 for piece in pieces[:first]) - 2
    for number_of_piece, piece in enumerate(pieces[first:], first):
        start, end = end + 2, end + 2 + len(piece)
        for at in range(max(start, end - LONGEST_AUTHOR, 1), min(end, len(text) - 3)):
            begins = text[at].isupper() and (text[at + 1].islower() or text[at + 1] in ".'’")
            if not begins or text[at - 1] in " -–'’.(/\"“":
                continue
            name = text[at:end]
            if " " in name and is_name(name):
                yield at, [name, *pieces[number_of_piece + 1 :]]


def is_name(text: str) -> bool:
    name = len(text) <= LONGEST_AUTHOR and _NAME.fullmatch(text)
    return bool(name) and all(map(_one_word, text.split()))


def _one_word(word: str) -> bool:
    """Whether a name's word has no capital inside, except as in McDonald or LeCun."""
    hump = _HUMP.search(word)
    return not hump or word[: hump.start()] in _PREFIXES
