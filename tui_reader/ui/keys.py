"""Key presses, named as people write them."""

from textual import events

_NAMES = {
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


def name_of(event: events.Key) -> str:
    """Return a key press as the table of actions writes it: `j`, `G`, `?`, `Ctrl-d`, `PageDown`."""
    if event.key in _NAMES:
        return _NAMES[event.key]
    if event.is_printable and event.character:
        return event.character
    *modifiers, key = event.key.split("+")
    return "-".join([*(m.capitalize() for m in modifiers), key if modifiers else key.upper()])
