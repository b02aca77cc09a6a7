"""The table of actions. Keys, footer, palette, help and the README's table all come from here."""

import re
from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum
from typing import NamedTuple

_PLAIN = "space enter tab up down left right home end backspace delete".split()
_SAME = "escape=Esc esc=Esc shift+tab=Shift-Tab pageup=PageUp pagedown=PageDown"
_SAME += " ctrl+j=Enter ctrl+m=Enter ctrl+i=Tab ctrl+h=Backspace"
KEY_NAMES = {name: name.capitalize() for name in _PLAIN}
KEY_NAMES |= dict(pair.split("=") for pair in _SAME.split())
"""How keys without a character are written; a terminal sends the same for some."""


class Topic(StrEnum):
    """A heading of the help page, in its order."""

    MOVE = "Move"
    TRIAGE = "Triage"
    GO = "Go"
    TAKE = "Take"
    FILTER = "Filter"
    TYPING = "While typing a filter"
    REST = "Rest"


class Action(NamedTuple):
    """Something the researcher can ask of the main screen.

    It, or a part of it, has a method `do_<name>`; for those of TYPING its filter has.
    """

    name: str
    keys: tuple[str, ...]
    """As people write them: `j`, `g g` (two keys), `Ctrl-d`, `PageDown`. The first is shown."""
    label: str
    """A word or two, for footer and palette."""
    help: str
    group: Topic
    counts: bool
    """Whether a number typed before the key repeats it."""


FOOTER = """
star skip read undo filter help quit tags open_page note read_on palette
keep drop complete recall language
""".split()
"""The footer's actions, in two modes; the last ones go when room is short."""
COUNTED = """
down up half_down half_up page_down page_up scroll_down scroll_up star skip read tags undo redo
yank_id yank_url yank_bibtex yank_title yank_citation smaller_list larger_list
move complete recall
""".split()
"""The actions that a number typed before the key repeats, or that one of BACK takes back."""

_TABLE = {
    Topic.MOVE: (
        ("down", "j, Down", "Down", "Go to the next paper."),
        ("up", "k, Up", "Up", "Go to the previous paper."),
        ("first", "g g, Home", "First", "Go to the first paper."),
        ("last", "G, End", "Last", "Go to the last paper."),
        ("half_down", "Ctrl-d", "Half page down", "Go half a page down."),
        ("half_up", "Ctrl-u", "Half page up", "Go half a page up."),
        ("page_down", "PageDown, Ctrl-f", "Page down", "Go a page down."),
        ("page_up", "PageUp, Ctrl-b", "Page up", "Go a page up."),
        ("scroll_down", "J", "Scroll down", "Scroll the abstract down."),
        ("scroll_up", "K", "Scroll up", "Scroll the abstract up."),
        ("read_on", "Space", "Read on", "Page through the abstract, then to the next unread."),
        ("source", "M", "Source", "Show texts as their authors typed them, or as in print."),
        ("other_pane", "Tab", "Other pane", "Go between the list and the abstract."),
        ("open_pane", "Enter", "Abstract", "Go to the abstract."),
    ),
    Topic.TRIAGE: (
        ("star", "s", "star", "Star the paper, or unstar it."),
        ("skip", "x", "skip", "Skip the paper: read, and out of the Inbox; goes to the next one."),
        ("read", "m", "read", "Mark the paper as read, or as unread."),
        ("tags", "t", "tags", "Tag the paper; Tab completes. On several, -tag takes one away."),
        ("note", "n", "note", "Write a note of one line."),
        ("edit_note", "N", "Edit note", "Write the note in your $EDITOR."),
        ("select", "v", "Select", "Start selecting, or stop; the next verb takes all selected."),
        ("read_all", "A", "All read", "Mark everything that is shown as read."),
        ("undo", "u", "undo", "Take the last change back."),
        ("redo", "Ctrl-r", "redo", "Make the change again that was taken back."),
    ),
    Topic.GO: (
        ("listing", "l", "Listing", "Choose a listing: category and day."),
        ("inbox", "i", "Inbox", "Show every unread paper."),
        ("starred", "*", "Starred", "Show the starred papers."),
        ("library", "a", "Library", "Show everything that is stored."),
        ("saved", "'", "Saved filters", "Choose one of your saved filters."),
        ("older_day", "]", "Older day", "Show the listing of the announcement before."),
        ("newer_day", "[", "Newer day", "Show the listing of the announcement after."),
        ("difference", "d", "Difference", "Show what changed since the earlier version."),
    ),
    Topic.TAKE: (
        ("open_page", "o", "open", "Open the abstract page in the browser."),
        ("open_pdf", "p", "PDF", "Open the PDF, downloaded once; Esc ends it."),
        ("open_html", "h", "HTML", "Open the HTML in the browser."),
        ("open_doi", "D", "DOI", "Open the published paper in the browser."),
        ("yank_id", "y i", "id", "Copy the identifier."),
        ("yank_url", "y u", "URL", "Copy the URL."),
        ("yank_bibtex", "y b", "BibTeX", "Copy the BibTeX entry."),
        ("yank_title", "y t", "title", "Copy the title."),
        ("yank_citation", "y c", "citation", "Copy a citation."),
        ("export", "e", "Export", "Write what is selected, or else shown: BibTeX, RIS ..."),
    ),
    Topic.FILTER: (
        ("filter", "/", "filter", "Filter the list as you type; Enter keeps it."),
        ("save_filter", '"', "Save filter", "Save the filter under a name; no name: forget it."),
        ("sort", "S", "Sort", "Sort by date, by relevance, by title, or as arXiv does."),
        ("clear", "Esc, Ctrl-c", "Clear", "Clear the filter; close what is open."),
    ),
    Topic.TYPING: (
        ("keep", "Enter", "keep", "Keep the filter."),
        ("drop", "Esc, Ctrl-c", "clear", "Clear the filter."),
        ("move", "Down, Up, Ctrl-n, Ctrl-p", "Move", "Go to the next paper, or the previous one."),
        ("complete", "Tab, Shift-Tab", "complete", "Take the first completion; again: the next."),
        ("recall", "Ctrl-r, Alt-Up, Alt-Down", "earlier", "Find what is typed in earlier filters."),
        ("language", "F1", "language", "Show the filter language."),
    ),
    Topic.REST: (
        ("sync", "r", "Sync", "Fetch what arXiv announced; Esc ends it."),
        ("force_sync", "R", "Sync all the same", "Ask arXiv even if nothing can be new."),
        ("status", "w", "Sync status", "Show how each day stands, and what arXiv said."),
        ("follow", "c", "Categories", "Choose the categories to follow."),
        ("palette", ":, Ctrl-p", "Palette", "Find an action by its words."),
        ("help", "?, F1", "help", "Show the keys and the filter language."),
        ("settings", ",", "Settings", "Change a setting: theme, ASCII, …"),
        ("compact", "z", "Compact", "Show a paper in one line, or in two."),
        ("smaller_list", "<", "Smaller list", "Give the list less room."),
        ("larger_list", ">", "Larger list", "Give the list more room."),
        ("stats", "#", "Statistics", "Draw what was announced, read, starred."),
        ("suspend", "Ctrl-z", "Suspend", "Go back to the shell; fg returns."),
        ("quit", "q, Ctrl-q", "quit", "Quit; everything is already saved."),
    ),
}
"""Of each action: name, keys, label and help."""

_ALL = tuple(
    Action(name, tuple(keys.split(", ")), label, help_, group, name in COUNTED)
    for group, rows in _TABLE.items()
    for name, keys, label, help_ in rows
)
ACTIONS = tuple(action for action in _ALL if action.group is not Topic.TYPING)
TYPING = tuple(action for action in _ALL if action.group is Topic.TYPING)
"""What a key does while a filter is typed, besides editing it."""
BACK = ("Up", "Ctrl-p", "Shift-Tab", "Alt-Down")
"""Those of the keys that go the other way."""

BY_NAME: Mapping[str, Action] = {action.name: action for action in ACTIONS}


def remapped(keys: Mapping[str, Sequence[str]]) -> tuple[Action, ...]:
    """Return the actions, those named in `keys` with these in place of the table's."""
    return tuple(a._replace(keys=tuple(keys.get(a.name, a.keys))) for a in ACTIONS)


def clash(actions: Iterable[Action]) -> tuple[tuple[str, str], str] | None:
    """Return two actions that one key would ask for, and a sentence about it, if there are any."""
    taken: dict[str, Action] = {}
    for action in actions:
        for key in action.keys:
            for known, other in taken.items():
                shorter, longer = sorted((key, known), key=len)
                if other is not action and f"{longer} ".startswith(f"{shorter} "):
                    both = f"{key!r} of {action.name} and {known!r} of {other.name}"
                    problem = f"{both} are in each other's way; give one of them another key"
                    return (action.name, other.name), problem
            taken[key] = action
    return None


def key_named(text: str) -> str | None:
    """Return a key, or two one after the other, as the table writes it, or None if it is none.

    Taken as people type them: `ctrl+s`, `Ctrl-S`, `escape`, `g g`. A number can't be a key.
    """
    names = [_one_key(part) for part in text.split()]
    if None in names or not 1 <= len(names) <= 2 or text.strip()[0] in "0123456789":
        return None
    return " ".join(filter(None, names))


def _one_key(text: str) -> str | None:
    if len(text) == 1:
        return text if text.isprintable() else None
    plain = text.replace("-", "+").lower()
    if re.fullmatch(r"f([1-9]|1[0-2])", plain):
        return plain.upper()
    if plain not in KEY_NAMES and re.fullmatch(r"(ctrl|alt)\+[a-z0-9]", plain):
        return text[:-2].capitalize() + "-" + plain[-1]
    return KEY_NAMES.get(plain)


def keymap(actions: Iterable[Action] = ACTIONS) -> dict[str, Action]:
    """Return which action each key, or sequence of keys, asks for."""
    return {key: action for action in actions for key in action.keys}


def footer(actions: Iterable[Action], typed: str = "") -> tuple[Action, ...]:
    """Return the footer's actions, the most important first; after a first key, what it begins."""
    offered = {action.name: action for action in actions}
    begun = [a for a in offered.values() if typed and a.keys[0].startswith(typed + " ")]
    return tuple(begun or (offered[name] for name in FOOTER if name in offered))


def grouped(actions: Iterable[Action] = ACTIONS) -> dict[Topic, list[Action]]:
    """Return the actions under the help page's headings, in its order."""
    found = (*actions, *TYPING)
    return {group: [a for a in found if a.group is group] for group in Topic}
