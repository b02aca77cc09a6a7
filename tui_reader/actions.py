"""The table of actions. Keys, footer, palette, help and the README's table all come from here."""

import re
from collections.abc import Iterable, Mapping, Sequence
from enum import Enum, StrEnum, auto
from typing import NamedTuple

KEY_NAMES = {
    "space": "Space", "enter": "Enter", "tab": "Tab", "backspace": "Backspace", "delete": "Delete",
    "up": "Up", "down": "Down", "left": "Left", "right": "Right", "home": "Home", "end": "End",
    "pageup": "PageUp", "pagedown": "PageDown", "shift+tab": "Shift-Tab",
    "escape": "Esc", "esc": "Esc",
    "ctrl+m": "Enter", "ctrl+i": "Tab", "ctrl+h": "Backspace",
}  # fmt: skip
"""How keys without a character are written; a terminal sends the same for some."""


class Topic(StrEnum):
    """A heading of the help page, in its order."""

    MOVE = "Move"
    TRIAGE = "Triage"
    GO = "Go"
    TAKE = "Take"
    OWN = "Your own"
    """What the person made, in the settings."""
    FILTER = "Filter"
    TYPING = "While typing a filter"
    REST = "Rest"


class Needs(Enum):
    """What must be there for an action; papers are given to the method that does it."""

    NOTHING = auto()
    VIEW = auto()
    """A view that is not empty."""
    LIST = auto()
    """Papers in the list: a filter may have left none."""
    PAPER = auto()
    """The paper under the cursor: its row number."""
    PAPERS = auto()
    """The selected papers, or as many from the cursor on as the number before the key says."""


class Action(NamedTuple):
    """Something a person can ask of the main screen.

    A part of the screen has the method `do_<name>`. It takes what the action needs of papers, else
    the number before the key where it `counts`, else nothing.
    """

    name: str
    keys: tuple[str, ...]
    """As people write them: `j`, `g g` (two keys), `Ctrl-d`, `PageDown`. The first is shown.

    One of the person's own may have none, and is found in the palette.
    """
    label: str
    """A word or two, for footer and palette."""
    help: str
    topic: Topic
    needs: Needs = Needs.NOTHING
    counts: bool = False
    """Whether a number typed before the key repeats it."""
    back: tuple[str, ...] = ()
    """Those of the keys that go the other way: they count -1."""
    footer: int = 0
    """The place in the footer, where the last go when room is short; 0: it is not there."""
    hint: str = ""
    """A sentence for someone who never used it, `{}` in place of the key."""


# fmt: off
ACTIONS = (
    Action("down", keys=("j", "Down"), label="Down", topic=Topic.MOVE, counts=True,
           help="Go to the next paper."),
    Action("up", keys=("k", "Up"), label="Up", topic=Topic.MOVE, counts=True,
           help="Go to the previous paper."),
    Action("first", keys=("g g", "Home"), label="First", topic=Topic.MOVE,
           help="Go to the first paper."),
    Action("last", keys=("G", "End"), label="Last", topic=Topic.MOVE,
           help="Go to the last paper."),
    Action("half_down", keys=("Ctrl-d",), label="Half page down", topic=Topic.MOVE, counts=True,
           help="Go half a page down."),
    Action("half_up", keys=("Ctrl-u",), label="Half page up", topic=Topic.MOVE, counts=True,
           help="Go half a page up."),
    Action("page_down", keys=("PageDown", "Ctrl-f"), label="Page down", topic=Topic.MOVE,
           help="Go a page down.", counts=True),
    Action("page_up", keys=("PageUp", "Ctrl-b"), label="Page up", topic=Topic.MOVE, counts=True,
           help="Go a page up."),
    Action("scroll_down", keys=("J",), label="Scroll down", topic=Topic.MOVE, counts=True,
           help="Scroll the abstract down."),
    Action("scroll_up", keys=("K",), label="Scroll up", topic=Topic.MOVE, counts=True,
           help="Scroll the abstract up."),
    Action("read_on", keys=("Space",), label="Read on", topic=Topic.MOVE,
           help="Page through the abstract, then to the next unread.", needs=Needs.VIEW, footer=11,
           hint="{} pages through the abstract, then goes to the next unread paper."),
    Action("source", keys=("M",), label="Source", topic=Topic.MOVE,
           help="Show texts as their authors typed them, or as in print."),
    Action("other_pane", keys=("Tab",), label="Other pane", topic=Topic.MOVE,
           help="Go between the list and the abstract."),
    Action("open_pane", keys=("Enter",), label="Abstract", topic=Topic.MOVE,
           help="Go to the abstract, and from there into the paper's text."),
    Action("read_text", keys=("g t",), label="Text", topic=Topic.MOVE, needs=Needs.PAPER,
           help="Read the paper: arXiv's HTML, fetched once; Esc ends that."),
    Action("star", keys=("s",), label="Star", topic=Topic.TRIAGE, needs=Needs.PAPERS, footer=1,
           help="Star the paper, or unstar it."),
    Action("skip", keys=("x",), label="Skip", topic=Topic.TRIAGE, needs=Needs.PAPERS, footer=2,
           help="Skip the paper: read, and out of the Inbox; goes to the next one.",
           hint="{} skips a paper: out of the Inbox, and on to the next."),
    Action("pass_over", keys=("X",), label="Skip less likely", topic=Topic.TRIAGE,
           needs=Needs.LIST,
           help="Skip what is less likely of the announcement here, unread and unseen."),
    Action("read", keys=("m",), label="Read", topic=Topic.TRIAGE, needs=Needs.PAPERS, footer=3,
           help="Mark the paper as read, or as unread."),
    Action("tags", keys=("t",), label="Tags", topic=Topic.TRIAGE, needs=Needs.PAPERS, footer=8,
           help="Tag the paper; Tab completes. On several, -tag takes one away."),
    Action("note", keys=("n",), label="Note", topic=Topic.TRIAGE, needs=Needs.PAPER, footer=10,
           help="Write a note of one line."),
    Action("edit_note", keys=("N",), label="Edit note", topic=Topic.TRIAGE, needs=Needs.PAPER,
           help="Write the note in your $EDITOR."),
    Action("select", keys=("v",), label="Select", topic=Topic.TRIAGE, needs=Needs.LIST,
           help="Start selecting, or stop; the next verb takes all selected."),
    Action("read_all", keys=("A",), label="All read", topic=Topic.TRIAGE, needs=Needs.LIST,
           help="Mark everything that is shown as read."),
    Action("watch", keys=("f",), label="Watch", topic=Topic.TRIAGE, needs=Needs.PAPER,
           help="Watch or mute an author, a word or a category of the paper.",
           hint="{} watches an author or a word of the paper, or mutes it."),
    Action("undo", keys=("u",), label="Undo", topic=Topic.TRIAGE, counts=True, footer=4,
           help="Take the last change back."),
    Action("undo_all", keys=("U",), label="Undo all", topic=Topic.TRIAGE,
           help="Take back every decision made in this view since it was opened."),
    Action("redo", keys=("Ctrl-r",), label="Redo", topic=Topic.TRIAGE, counts=True,
           help="Make the change again that was taken back."),
    Action("listing", keys=("l",), label="Listing", topic=Topic.GO,
           help="Choose a listing: category and day.",
           hint="{} chooses a listing: category and day."),
    Action("inbox", keys=("i",), label="Inbox", topic=Topic.GO,
           help="Show every unread paper."),
    Action("starred", keys=("*",), label="Starred", topic=Topic.GO,
           help="Show the starred papers.",
           hint="{} shows what you starred."),
    Action("library", keys=("a",), label="Library", topic=Topic.GO,
           help="Show everything that is stored."),
    Action("saved", keys=("'",), label="Saved filters", topic=Topic.GO,
           help="Choose one of your saved filters."),
    Action("rules", keys=("F",), label="Rules", topic=Topic.GO,
           help="Go through what is watched and muted, and change it."),
    Action("older_day", keys=("]",), label="Older day", topic=Topic.GO,
           help="Show the listing of the announcement before."),
    Action("newer_day", keys=("[",), label="Newer day", topic=Topic.GO,
           help="Show the listing of the announcement after."),
    Action("back", keys=("Backspace",), label="Back", topic=Topic.GO,
           help="Go back to what was shown before."),
    Action("like", keys=("=",), label="More like this", topic=Topic.GO, needs=Needs.PAPER,
           help="Show the papers likest to this one."),
    Action("by_authors", keys=("@",), label="By its authors", topic=Topic.GO, needs=Needs.PAPER,
           help="Show the papers of its authors; of several, choose one."),
    Action("difference", keys=("d",), label="Difference", topic=Topic.GO, needs=Needs.PAPER,
           help="Show what changed since the earlier version."),
    Action("open_page", keys=("o",), label="Open", topic=Topic.TAKE, needs=Needs.PAPER, footer=9,
           help="Open the abstract page in the browser."),
    Action("open_pdf", keys=("p",), label="PDF", topic=Topic.TAKE, needs=Needs.PAPER,
           help="Open the PDF, downloaded once; Esc ends it."),
    Action("open_html", keys=("h",), label="HTML", topic=Topic.TAKE, needs=Needs.PAPER,
           help="Open the HTML in the browser."),
    Action("open_doi", keys=("D",), label="DOI", topic=Topic.TAKE, needs=Needs.PAPER,
           help="Open the published paper in the browser."),
    Action("links", keys=("O",), label="Links", topic=Topic.TAKE, needs=Needs.PAPER,
           help="Open what the paper names: addresses, DOIs, other papers."),
    Action("yank_id", keys=("y i", "y y"), label="Id", topic=Topic.TAKE, needs=Needs.PAPERS,
           help="Copy the identifier."),
    Action("yank_url", keys=("y u",), label="URL", topic=Topic.TAKE, needs=Needs.PAPERS,
           help="Copy the URL."),
    Action("yank_bibtex", keys=("y b",), label="BibTeX", topic=Topic.TAKE, needs=Needs.PAPERS,
           help="Copy the BibTeX entry."),
    Action("yank_title", keys=("y t",), label="Title", topic=Topic.TAKE, needs=Needs.PAPERS,
           help="Copy the title."),
    Action("yank_citation", keys=("y c",), label="Citation", topic=Topic.TAKE, needs=Needs.PAPERS,
           help="Copy a citation."),
    Action("pipe", keys=("|",), label="Pipe", topic=Topic.TAKE, needs=Needs.PAPERS,
           help="Give papers to a command of yours, and show what it writes.",
           hint="{} gives the paper to a command of yours."),
    Action("command", keys=("!",), label="Command", topic=Topic.TAKE, needs=Needs.PAPERS,
           help="Run a command with {id}, {url}, {pdf}, {title} ... filled in."),
    Action("export", keys=("e",), label="Export", topic=Topic.TAKE, needs=Needs.LIST, footer=13,
           help="Write what is selected, or else shown: BibTeX, RIS ..."),
    Action("filter", keys=("/",), label="Filter", topic=Topic.FILTER, needs=Needs.VIEW, footer=5,
           help="Filter the list as you type; Enter keeps it."),
    Action("save_filter", keys=('"',), label="Save filter", topic=Topic.FILTER,
           help="Save the filter under a name; no name: forget it."),
    Action("sort", keys=("S",), label="Sort", topic=Topic.FILTER, needs=Needs.VIEW,
           help="Choose the order: for you, by date, by relevance, by title."),
    Action("clear", keys=("Esc", "Ctrl-c"), label="Clear", topic=Topic.FILTER,
           help="Clear the filter; close what is open."),
    Action("sync", keys=("r",), label="Sync", topic=Topic.REST,
           help="Fetch what arXiv announced; Esc ends it."),
    Action("force_sync", keys=("R",), label="Sync all the same", topic=Topic.REST,
           help="Ask arXiv even if nothing can be new."),
    Action("get_records", keys=("g r",), label="Get records", topic=Topic.REST,
           help="Ask arXiv for papers that are not stored."),
    Action("status", keys=("w",), label="Sync status", topic=Topic.REST,
           help="Show how each day stands, and what arXiv said."),
    Action("follow", keys=("c",), label="Categories", topic=Topic.REST,
           help="Choose the categories to follow."),
    Action("palette", keys=(":", "Ctrl-p"), label="Palette", topic=Topic.REST, footer=12,
           help="Find an action by its words.",
           hint="{} finds whatever you want to do by its words."),
    Action("help", keys=("?", "F1"), label="Help", topic=Topic.REST, footer=6,
           help="Show the keys and the filter language."),
    Action("settings", keys=(",",), label="Settings", topic=Topic.REST,
           help="Change a setting, such as the theme.",
           hint="{} changes a setting, such as the theme."),
    Action("compact", keys=("z",), label="Compact", topic=Topic.REST,
           help="Show a paper in one line, or in two."),
    Action("one_pane", keys=("Z",), label="One pane", topic=Topic.REST,
           help="Show the list alone, or the abstract; again: both."),
    Action("smaller_list", keys=("<",), label="Smaller list", topic=Topic.REST, counts=True,
           help="Give the list less room."),
    Action("larger_list", keys=(">",), label="Larger list", topic=Topic.REST, counts=True,
           help="Give the list more room."),
    Action("stats", keys=("#",), label="Statistics", topic=Topic.REST,
           help="Draw what was announced, read, starred."),
    Action("redraw", keys=("Ctrl-l",), label="Draw anew", topic=Topic.REST,
           help="Draw the screen anew, where something else wrote on it."),
    Action("suspend", keys=("Ctrl-z",), label="Suspend", topic=Topic.REST,
           help="Go back to the shell; fg returns."),
    Action("quit", keys=("q", "Ctrl-q"), label="Quit", topic=Topic.REST, footer=7,
           help="Quit; everything is already saved."),
)
"""What a key does on the main screen."""
TYPING = (
    Action("keep", keys=("Enter",), label="Keep", topic=Topic.TYPING, footer=1,
           help="Keep the filter."),
    Action("drop", keys=("Esc", "Ctrl-c"), label="Clear", topic=Topic.TYPING, footer=2,
           help="Clear the filter."),
    Action("move", keys=("Down", "Up", "Ctrl-n", "Ctrl-p"), label="Move", topic=Topic.TYPING,
           help="Go to the next paper, or the previous one.", counts=True, back=("Up", "Ctrl-p")),
    Action("complete", keys=("Tab", "Shift-Tab"), label="Complete", topic=Topic.TYPING,
           help="Take the first completion; again: the next.",
           counts=True, footer=3, back=("Shift-Tab",)),
    Action("recall", keys=("Ctrl-r", "Alt-Up", "Alt-Down"), label="Earlier", topic=Topic.TYPING,
           help="Find what is typed in earlier filters.",
           counts=True, footer=4, back=("Alt-Down",)),
    Action("language", keys=("F1",), label="Language", topic=Topic.TYPING, footer=5,
           help="Show the filter language."),
)
"""What a key does while a filter is typed, besides editing it."""
# fmt: on

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
    modifier, _, key = plain.rpartition("+")
    if plain not in KEY_NAMES and modifier in ("ctrl", "alt", "shift") and key in KEY_NAMES:
        return f"{modifier.capitalize()}-{KEY_NAMES[key]}"
    return KEY_NAMES.get(plain)


def keymap(actions: Iterable[Action] = ACTIONS) -> dict[str, Action]:
    """Return which action each key, or sequence of keys, asks for."""
    return {key: action for action in actions for key in action.keys}


def footer(offered: Iterable[Action], typed: str = "") -> list[Action]:
    """Return the footer's actions, the most important first; after a first key, what it begins."""
    offered = [action for action in offered if action.keys]
    begun = [a for a in offered if typed and a.keys[0].startswith(typed + " ")]
    return begun or sorted((a for a in offered if a.footer), key=lambda a: a.footer)


def by_topic(actions: Iterable[Action] = ACTIONS) -> dict[Topic, list[Action]]:
    """Return the actions under the help page's headings, in its order."""
    found = (*actions, *TYPING)
    headed = {topic: [a for a in found if a.topic is topic] for topic in Topic}
    return {topic: rows for topic, rows in headed.items() if rows}
