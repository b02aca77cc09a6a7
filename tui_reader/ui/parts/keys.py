"""From keys to actions: counts, sequences of keys, and which part does what is asked."""

from collections.abc import Callable, Sequence
from typing import Protocol

from tui_reader import actions
from tui_reader.actions import Action, Needs
from tui_reader.store import Contents
from tui_reader.ui.desk import Desk, methods
from tui_reader.ui.parts.hints import HintsPart


class KeysDesk(Desk, Protocol):
    """What keys use besides."""

    all: Contents
    """What the view holds."""


class KeysPart:
    """Does the actions of the table, at their keys or chosen from the palette."""

    def __init__(
        self,
        desk: KeysDesk,
        known: Sequence[Action],
        others: Sequence[object],
        own: dict[str, Callable[..., None]],
        hints: HintsPart,
    ) -> None:
        self._desk = desk
        self.actions = known
        self.parts = (*others, self)
        """What does the actions; each has one that does it, as a test sees to."""
        self._methods = methods(*self.parts) | own
        self._keys = actions.keymap(known)
        self.hints = hints
        self._pending = ""
        """The keys typed so far."""
        self._last: Action | None = None
        """What the palette was used for last."""

    def press(self, key: str) -> None:
        """Do what a key asks for, or wait for the rest of a count or a sequence."""
        alone = self._keys.get(key)
        if self._pending and alone and alone.name == "clear":
            self._wait("")
            return
        count, _, prefix = self._pending.rpartition(" ")
        if not count and prefix.isdigit():
            count, prefix = prefix, ""
        if key.isascii() and key.isdigit() and not prefix and (key != "0" or count):
            self._wait((count + key)[:4])
            return
        typed = f"{prefix} {key}" if prefix else key
        self._wait("")
        if action := self._keys.get(typed):
            self._do(action, int(count or 1))
        elif any(known.startswith(typed + " ") for known in self._keys):
            self._wait(f"{count} {typed}" if count else typed)
        elif not count or not prefix:
            desk = self._desk
            desk.footer.say(f"{typed} does nothing here. {desk.key['help']} shows the keys.")

    def _wait(self, pending: str) -> None:
        self._pending = self._desk.footer.pending = pending

    def do(self, name: str, of: Sequence[int] = ()) -> None:
        """Do the action of the table that has this name, `of` these papers if any."""
        self._do(actions.BY_NAME[name], of=of)

    def _do(self, action: Action, count: int = 1, of: Sequence[int] = ()) -> None:
        """Do an action of the table, `count` times where it can be repeated.

        What needs papers is done to these, or else to those that are chosen in the list.
        """
        method, shown = self._methods[action.name], self._desk.list
        rows = shown.contents.rows
        here = self._desk.all.rows if action.needs is Needs.VIEW else of or rows
        if action.needs is not Needs.NOTHING and not here:
            self._desk.footer.say("There is no paper here.")
            return
        match action.needs:
            case Needs.PAPERS:
                method(of or shown.chosen(count))
            case Needs.PAPER:
                method(of[0] if of else rows[shown.cursor])
            case _ if action.counts:
                method(count)
            case _:
                method()
        self.hints.used(action.name)

    def do_palette(self) -> None:
        offered = [
            ((action.label, ", ".join(action.keys), action.help), action)
            for action in self.actions
            if action.name != "palette"
        ]
        self._desk.panels.choose("Action", offered, self._do_chosen, enter="does", at=self._last)

    def _do_chosen(self, action: Action) -> None:
        self._last = action
        self._do(action)
