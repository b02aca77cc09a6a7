"""Key presses, named as people write them."""

from textual import events

from tui_reader.actions import KEY_NAMES


def name_of(event: events.Key) -> str:
    """Return a key press as the table of actions writes it: `j`, `G`, `?`, `Ctrl-d`, `PageDown`."""
    if event.key in KEY_NAMES:
        return KEY_NAMES[event.key]
    if event.is_printable and event.character:
        return event.character
    *modifiers, key = event.key.split("+")
    return "-".join(
        [
            *(m.capitalize() for m in modifiers),
            KEY_NAMES.get(key, key if modifiers else key.upper()),
        ]
    )
