"""What the help page says; everything on it comes from where it is defined."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import zip_longest

from tui_reader import query
from tui_reader.actions import TYPING, Action, Topic, by_topic
from tui_reader.config import Paths
from tui_reader.text import Span, cells, wrap
from tui_reader.ui import row_text
from tui_reader.ui.inks import Piece, styled, width_of

_KEYS = 22  # cells for the column of keys, where there is room
_TWO_COLUMNS = 110  # cells from which there is room for two columns


HelpRow = tuple[str, str]
"""A key, or what else is typed, and what it does; or a heading and nothing."""


IN_TEXT: tuple[HelpRow, ...] = (
    ("In a paper's text", ""),
    ("Space, j, k", "Scroll; Ctrl-d and Ctrl-u half a page, g and G to the ends."),
    ("], [", "Go to the next section, or to the one before."),
    ("Tab", "Choose a section."),
    ("/", "Search; n goes to what was found next, N to what was found before."),
    ("O", "Number the links in sight; the number follows one."),
    ("y", "Number formulas and paragraphs; the number copies TeX, or a quotation."),
    ("i", "Open the picture in sight."),
    ("Right, Left", "Go sideways in a wide table."),
    ("Backspace", "Go back to where a link was followed, a section chosen or something found."),
    ("r", "Get the text of a newer version."),
    ("s, x, m, t, n, u", "Do what they do in the list."),
    ("o, h, p", "Open the HTML in the browser, or the PDF."),
    ("Esc, q", "Go back to the list."),
    ("", ""),
)


def layout(width: int, entries: Iterable[HelpRow]) -> Iterator[list[Piece]]:
    """Yield the lines of a help page, in two columns where there is room."""
    if width < _TWO_COLUMNS:
        yield from _column(width, entries)
        return
    half, entries = (width - 2) // 2, list(entries)
    # What has a word that no column holds, such as a path to copy, stands below, with its heading.
    fits = [max(map(cells, text.split()), default=0) < half - _KEYS for _, text in entries]
    below = fits.index(False) if False in fits else len(entries)
    while below < len(entries) and entries[below][1]:
        below -= 1
    lines = list(_column(half, entries[:below]))
    # The columns part at the blank line that is nearest to the middle.
    blank = [at for at, line in enumerate(lines) if not "".join(text for text, _ in line).strip()]
    middle = min(blank, key=lambda at: abs(2 * at - len(lines)), default=len(lines)) + 1
    nothing = list[Piece]()
    for left, right in zip_longest(lines[:middle], lines[middle:], fillvalue=nothing):
        yield [*left, (" " * (half + 2 - width_of(left)), ""), *right]
    yield from _column(width, entries[below:])


def _column(width: int, entries: Iterable[HelpRow]) -> Iterator[list[Piece]]:
    column = min(_KEYS, width // 3)
    for key, text in entries:
        if not text:
            for line in wrap((Span(key),), max(1, width - 2)) or [()]:
                yield [(" ", ""), *styled(line, "strong")]
            continue
        first = f"  {key}"
        if cells(first) >= column:
            yield [(first, "title")]
            first = ""
        for line in wrap((Span(text),), max(1, width - column - 1)):
            yield [(first.ljust(column), "title"), *styled(line)]
            first = ""


def while_typing() -> Iterator[HelpRow]:
    """Yield what to know while typing a filter."""
    yield from _language()
    yield from _keys(Topic.TYPING, TYPING)


def everything(
    paths: Paths, offered: Iterable[Action], steps: Sequence[tuple[int, int]] = ()
) -> Iterator[HelpRow]:
    """Yield what there is to know: the keys, the filter language, the files.

    `steps` are those of strength: how many papers of each there were, and how many were starred.
    """
    for topic, found in by_topic(offered).items():
        yield from _keys(topic, found)
    yield from IN_TEXT
    yield "A number before a key repeats it: 5j goes five papers down.", ""
    yield "", ""
    yield "Signs", ""
    yield row_text.UNREAD, "unread"
    yield row_text.STAR, "starred"
    yield row_text.WATCHED, "found by a saved filter that watches"
    yield row_text.SKIPPED, "skipped"
    yield row_text.NOTED, "a note of yours"
    yield "#to-read", "a tag of yours"
    yield "".join(row_text.STRENGTHS).strip(), _of_strength(steps)
    yield "", ""
    yield from _language()
    yield "Files", ""
    yield from paths.told().items()


def _of_strength(steps: Sequence[tuple[int, int]]) -> str:
    """Say what the signs of strength are, and how much of each step was starred, where known."""
    said = "how like your stars an unread paper is, from 5 stars on; half of all papers have none"
    if not any(starred for _, starred in steps):
        return said
    shares = (f"{starred / papers:.0%}" if papers else "none" for papers, starred in steps)
    return f"{said}. Of the past's papers you starred, from no sign to ▇, {', '.join(shares)}"


def _language() -> Iterator[HelpRow]:
    yield "Filter language", ""
    for typed, meaning, example in query.SYNTAX:
        yield example if typed.endswith(":") else typed, meaning
    yield "", ""


def _keys(heading: str, found: Iterable[Action]) -> Iterator[HelpRow]:
    yield heading, ""
    for action in found:
        yield ", ".join(action.keys), action.help
    yield "", ""
