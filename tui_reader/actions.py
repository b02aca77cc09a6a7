"""The table of actions. Keys, footer, palette, help and the README's table all come from here."""

import re
from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum
from typing import NamedTuple

KEY_NAMES = {
    "escape": "Esc",
    "space": "Space",
    "enter": "Enter",
    "tab": "Tab",
    "shift+tab": "Shift-Tab",
    "up": "Up",
    "down": "Down",
    "left": "Left",
    "right": "Right",
    "home": "Home",
    "end": "End",
    "pageup": "PageUp",
    "pagedown": "PageDown",
    "backspace": "Backspace",
    "delete": "Delete",
    "ctrl+j": "Enter",
    "ctrl+h": "Backspace",
    "ctrl+i": "Tab",
    "ctrl+m": "Enter",
}
"""How keys without a character are written; a terminal sends the same for some."""


class Group(StrEnum):
    """A heading of the help page, in its order."""

    MOVE = "Move"
    TRIAGE = "Triage"
    GO = "Go"
    TAKE = "Take"
    FILTER = "Filter"
    TYPING = "While typing a filter"
    REST = "Rest"


class Action(NamedTuple):
    """Something the researcher can ask of the main screen, which has a method `do_<name>`.

    Those of TYPING are asked of its filter.
    """

    name: str
    keys: tuple[str, ...]
    """As people write them: `j`, `g g` (two keys), `Ctrl-d`, `PageDown`. The first is shown."""
    label: str
    """A word or two, for footer and palette."""
    help: str
    group: Group
    footer: int = 0
    """Where it stands in the footer, from 1; the last ones go when room is short. 0: not there."""
    counts: bool = False
    """Whether a number typed before the key repeats it."""


def _action(name: str, keys: str, label: str, help_: str, group: Group, **rest: int) -> Action:
    return Action(name, tuple(keys.split(", ")), label, help_, group, **rest)  # type: ignore[arg-type]


ACTIONS = (
    _action("down", "j, Down", "Down", "Go to the next paper.", Group.MOVE, counts=True),
    _action("up", "k, Up", "Up", "Go to the previous paper.", Group.MOVE, counts=True),
    _action("first", "g g, Home", "First", "Go to the first paper.", Group.MOVE),
    _action("last", "G, End", "Last", "Go to the last paper.", Group.MOVE),
    _action(
        "half_down", "Ctrl-d", "Half page down", "Go half a page down.", Group.MOVE, counts=True
    ),
    _action("half_up", "Ctrl-u", "Half page up", "Go half a page up.", Group.MOVE, counts=True),
    _action(
        "page_down", "PageDown, Ctrl-f", "Page down", "Go a page down.", Group.MOVE, counts=True
    ),
    _action("page_up", "PageUp, Ctrl-b", "Page up", "Go a page up.", Group.MOVE, counts=True),
    _action(
        "scroll_down", "J", "Scroll down", "Scroll the abstract down.", Group.MOVE, counts=True
    ),
    _action("scroll_up", "K", "Scroll up", "Scroll the abstract up.", Group.MOVE, counts=True),
    _action(
        "read_on",
        "Space",
        "Read on",
        "Page through the abstract; at its end go to the next unread paper.",
        Group.MOVE,
        footer=11,
    ),
    _action(
        "source",
        "M",
        "Source",
        "Show texts as their authors typed them, or as in print.",
        Group.MOVE,
    ),
    _action("other_pane", "Tab", "Other pane", "Go between the list and the abstract.", Group.MOVE),
    _action("open_pane", "Enter", "Abstract", "Go to the abstract.", Group.MOVE),
    _action(
        "star", "s", "star", "Star the paper, or unstar it.", Group.TRIAGE, footer=1, counts=True
    ),
    _action(
        "skip",
        "x",
        "skip",
        "Skip the paper: read, and out of the Inbox; goes to the next one.",
        Group.TRIAGE,
        footer=2,
        counts=True,
    ),
    _action(
        "read",
        "m",
        "read",
        "Mark the paper as read, or as unread.",
        Group.TRIAGE,
        footer=3,
        counts=True,
    ),
    _action(
        "tags",
        "t",
        "tags",
        "Tag the paper; Tab completes. On several papers, -tag takes one away.",
        Group.TRIAGE,
        footer=8,
        counts=True,
    ),
    _action("note", "n", "note", "Write a note of one line.", Group.TRIAGE, footer=10),
    _action("edit_note", "N", "Edit note", "Write the note in your $EDITOR.", Group.TRIAGE),
    _action(
        "select",
        "v",
        "Select",
        "Start selecting, or stop; the next verb takes all that is selected.",
        Group.TRIAGE,
    ),
    _action("read_all", "A", "All read", "Mark everything that is shown as read.", Group.TRIAGE),
    _action("undo", "u", "undo", "Take the last change back.", Group.TRIAGE, footer=4, counts=True),
    _action(
        "redo",
        "Ctrl-r",
        "redo",
        "Make the change again that was taken back.",
        Group.TRIAGE,
        counts=True,
    ),
    _action("listing", "l", "Listing", "Choose a listing: category and day.", Group.GO),
    _action("inbox", "i", "Inbox", "Show every unread paper.", Group.GO),
    _action("starred", "*", "Starred", "Show the starred papers.", Group.GO),
    _action("library", "a", "Library", "Show everything that is stored.", Group.GO),
    _action("saved", "'", "Saved filters", "Choose one of your saved filters.", Group.GO),
    _action(
        "older_day", "]", "Older day", "Show the listing of the announcement before.", Group.GO
    ),
    _action("newer_day", "[", "Newer day", "Show the listing of the announcement after.", Group.GO),
    _action(
        "difference", "d", "Difference", "Show what changed since the earlier version.", Group.GO
    ),
    _action(
        "open_page", "o", "open", "Open the abstract page in the browser.", Group.TAKE, footer=9
    ),
    _action("open_pdf", "p", "PDF", "Open the PDF, downloaded once; Esc ends it.", Group.TAKE),
    _action("open_html", "h", "HTML", "Open the HTML in the browser.", Group.TAKE),
    _action("open_doi", "D", "DOI", "Open the published paper in the browser.", Group.TAKE),
    _action("yank_id", "y i", "id", "Copy the identifier.", Group.TAKE, counts=True),
    _action("yank_url", "y u", "URL", "Copy the URL.", Group.TAKE, counts=True),
    _action("yank_bibtex", "y b", "BibTeX", "Copy the BibTeX entry.", Group.TAKE, counts=True),
    _action("yank_title", "y t", "title", "Copy the title.", Group.TAKE, counts=True),
    _action("yank_citation", "y c", "citation", "Copy a citation.", Group.TAKE, counts=True),
    _action(
        "export",
        "e",
        "Export",
        "Write what is selected, or all that is shown, to a file, as BibTeX, RIS, CSV ...",
        Group.TAKE,
    ),
    _action(
        "filter",
        "/",
        "filter",
        "Filter the list as you type; Enter keeps it.",
        Group.FILTER,
        footer=5,
    ),
    _action(
        "save_filter",
        '"',
        "Save filter",
        "Save the filter under a name; no name: forget it.",
        Group.FILTER,
    ),
    _action(
        "sort", "S", "Sort", "Sort by date, by relevance, by title, or as arXiv does.", Group.FILTER
    ),
    _action("clear", "Esc, Ctrl-c", "Clear", "Clear the filter; close what is open.", Group.FILTER),
    _action("sync", "r", "Sync", "Fetch what arXiv announced; Esc ends it.", Group.REST),
    _action(
        "force_sync", "R", "Sync all the same", "Ask arXiv even if nothing can be new.", Group.REST
    ),
    _action(
        "status", "w", "Sync status", "Show how each day stands, and what arXiv said.", Group.REST
    ),
    _action("follow", "c", "Categories", "Choose the categories to follow.", Group.REST),
    _action(
        "palette", ":, Ctrl-p", "Palette", "Find an action by its words.", Group.REST, footer=12
    ),
    _action(
        "help", "?, F1", "help", "Show the keys and the filter language.", Group.REST, footer=6
    ),
    _action("settings", ",", "Settings", "Change a setting: theme, ASCII, …", Group.REST),
    _action("compact", "z", "Compact", "Show a paper in one line, or in two.", Group.REST),
    _action(
        "smaller_list", "<", "Smaller list", "Give the list less room.", Group.REST, counts=True
    ),
    _action("larger_list", ">", "Larger list", "Give the list more room.", Group.REST, counts=True),
    _action("stats", "#", "Statistics", "Draw what was announced, read, starred.", Group.REST),
    _action("suspend", "Ctrl-z", "Suspend", "Go back to the shell; fg returns.", Group.REST),
    _action(
        "quit", "q, Ctrl-q", "quit", "Quit; everything is already saved.", Group.REST, footer=7
    ),
)

TYPING = (
    _action("keep", "Enter", "keep", "Keep the filter.", Group.TYPING, footer=1),
    _action("drop", "Esc, Ctrl-c", "clear", "Clear the filter.", Group.TYPING, footer=2),
    _action("go_down", "Down, Ctrl-n", "Down", "Go to the next paper.", Group.TYPING),
    _action("go_up", "Up, Ctrl-p", "Up", "Go to the previous paper.", Group.TYPING),
    _action(
        "complete",
        "Tab",
        "complete",
        "Take the completion; again: the next.",
        Group.TYPING,
        footer=3,
    ),
    _action("complete_back", "Shift-Tab", "Back", "The completion before.", Group.TYPING),
    _action(
        "recall",
        "Ctrl-r, Alt-Up",
        "earlier",
        "Bring an earlier filter back, one that holds what is typed; again: an older one.",
        Group.TYPING,
        footer=4,
    ),
    _action("recall_back", "Alt-Down", "Later", "The filter after it.", Group.TYPING),
    _action("language", "F1", "language", "Show the filter language.", Group.TYPING, footer=5),
)
"""What a key does while a filter is typed, besides editing it."""

BY_NAME: Mapping[str, Action] = {action.name: action for action in ACTIONS}


def remapped(keys: Mapping[str, Sequence[str]]) -> tuple[Action, ...]:
    """Return the actions, those named in `keys` with these in place of the table's."""
    return tuple(a._replace(keys=tuple(keys.get(a.name, a.keys))) for a in ACTIONS)


def clash(actions: Iterable[Action]) -> tuple[tuple[str, str], str] | None:
    """Return two actions that one key would ask for, and a sentence about it, if there are any."""
    taken: dict[str, Action] = {}
    for action in actions:
        for key in action.keys:
            first = key.split()[0]
            for known, other in taken.items():
                if other is not action and (known in (key, first) or known.split()[0] == key):
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
    if found := KEY_NAMES.get(plain):
        return found
    if re.fullmatch(r"f([1-9]|1[0-2])", plain):
        return plain.upper()
    if re.fullmatch(r"(ctrl|alt)\+[a-z0-9]", plain):
        return text[:-2].capitalize() + "-" + plain[-1]
    return next((name for name in KEY_NAMES.values() if name.lower() == text.lower()), None)


def keymap(actions: Iterable[Action] = ACTIONS) -> dict[str, Action]:
    """Return which action each key, or sequence of keys, asks for."""
    return {key: action for action in actions for key in action.keys}


def footer(actions: Iterable[Action], typed: str = "") -> tuple[Action, ...]:
    """Return the footer's actions, the most important first; after a first key, what it begins."""
    begun = [a for a in actions if typed and a.keys[0].startswith(typed + " ")]
    return tuple(begun or sorted((a for a in actions if a.footer), key=lambda a: a.footer))


def grouped(actions: Iterable[Action] = ACTIONS) -> dict[Group, list[Action]]:
    """Return the actions under the help page's headings, in its order."""
    found = (*actions, *TYPING)
    return {group: [a for a in found if a.group is group] for group in Group}


def markdown_table() -> str:
    """Return the README's table of keys."""
    lines = ["| Keys | What they do |", "|---|---|"]
    for group, actions in grouped().items():
        lines.append(f"| **{group}** | |")
        for action in actions:
            keys = ", ".join(f"`{key}`" for key in action.keys)
            lines.append(f"| {keys} | {action.help} |")
    return "\n".join(lines)
