"""Keys, and one line of text being typed: what each makes of it, as in a shell."""

from typing import Any, NamedTuple

from textual import events
from textual.screen import Screen

from tui_reader.actions import KEY_NAMES
from tui_reader.store import Store

SUSPEND = "Ctrl-z"
"""Goes back to the shell wherever one types, too."""


def pressed(screen: Screen[Any], event: events.Key) -> tuple[str, str | None] | None:
    """Take a key press; return its name, as the table of actions writes it, and what it types.

    Keys that come in one go are all sent to the screen that was there before the first of them:
    None where another one is there by now, which gets this key.
    """
    event.stop()
    event.prevent_default()
    if (shown := screen.app.screen) is not screen:
        shown.post_message(events.Key(event.key, event.character))
        return None
    typed = event.character if event.is_printable else None
    *modifiers, key = event.key.split("+")
    name = KEY_NAMES.get(event.key) or typed
    if not name:
        last = KEY_NAMES.get(key, key if modifiers else key.upper())
        name = "-".join((*map(str.capitalize, modifiers), last))
    return name, typed


def scrolled(key: str, fitting: int) -> int | None:
    """Return by how many lines a key scrolls a page of which so many fit; None: it scrolls none."""
    match key:
        case "j" | "Down" | "J":
            return 1
        case "k" | "Up" | "K":
            return -1
        case "Space" | "PageDown" | "Ctrl-f":
            return fitting - 1
        case "PageUp" | "Ctrl-b":
            return 1 - fitting
        case "Ctrl-d":
            return fitting // 2
        case "Ctrl-u":
            return -(fitting // 2)
    return None


class PastLines:
    """Lines that were typed, the latest first: they can come back."""

    def __init__(self, store: Store, key: str, most: int) -> None:
        self._store = store
        self._key = key
        self._most = most

    @property
    def lines(self) -> list[str]:
        return (self._store.recall(self._key) or "").splitlines()

    def add(self, line: str) -> None:
        """Put a line first, and no longer where it stood before."""
        others = [other for other in self.lines if other != line]
        self._store.remember(self._key, "\n".join([line, *others][: self._most]))


class Typed(NamedTuple):
    """A line, and where in it the next character goes."""

    text: str = ""
    at: int = 0

    @classmethod
    def of(cls, text: str) -> "Typed":
        """Return the text with the cursor at its end."""
        return cls(text, len(text))

    def inserted(self, text: str) -> "Typed":
        return Typed(self.text[: self.at] + text + self.text[self.at :], self.at + len(text))

    def key(self, name: str, character: str | None) -> "Typed | None":
        """Return the line after a key, or None where the key does not edit lines."""
        text, at = self
        match name:
            case "Left" | "Ctrl-b":
                return Typed(text, max(0, at - 1))
            case "Right" | "Ctrl-f":
                return Typed(text, min(len(text), at + 1))
            case "Home" | "Ctrl-a":
                return Typed(text, 0)
            case "End" | "Ctrl-e":
                return Typed.of(text)
            case "Backspace":
                return Typed(text[: max(0, at - 1)] + text[at:], max(0, at - 1))
            case "Delete" | "Ctrl-d":
                return Typed(text[:at] + text[at + 1 :], at)
            case "Ctrl-u":
                return Typed(text[at:], 0)
            case "Ctrl-k":
                return Typed(text[:at], at)
            case "Ctrl-w":
                kept, space, _ = text[:at].rstrip().rpartition(" ")
                return Typed(kept + space + text[at:], len(kept + space))
        return self.inserted(character) if character else None
