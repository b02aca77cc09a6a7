"""Changing the settings from within the app; what is changed is kept in config.toml."""

from contextlib import suppress
from functools import partial
from typing import Protocol, cast

from tui_reader.config import SETTINGS, change
from tui_reader.errors import ConfigError
from tui_reader.store import Contents
from tui_reader.ui.desk import Desk
from tui_reader.ui.line_widget import Lines
from tui_reader.ui.parts.hints import HintsPart


class Themed(Protocol):
    """The app, which has the colours and the mouse."""

    def use_settings(self) -> None:
        """Use the theme and the mouse as the settings say."""


class SettingsDesk(Desk, Protocol):
    """What changing settings uses besides."""

    def show(self, contents: Contents) -> None:
        """Show this part of the view."""


class PreferencesPart:
    """What the keys for settings do."""

    def __init__(self, desk: SettingsDesk, hints: HintsPart) -> None:
        self._desk = desk
        self._hints = hints

    def do_settings(self) -> None:
        config = self._desk.config
        offered = [
            ((name, _shown(getattr(config, name)), setting.meaning.replace("`", "")), name)
            for name, setting in SETTINGS.items()
            if name not in ("keys", "actions")
        ]
        self._desk.panels.choose("Setting", offered, self._choose_value, enter="changes")

    def do_compact(self) -> None:
        self._keep("compact", not self._desk.config.compact)

    def _choose_value(self, name: str) -> None:
        desk, now = self._desk, getattr(self._desk.config, name)
        values = (True, False) if isinstance(now, bool) else SETTINGS[name].choices
        if values:
            offered = [((_shown(value), "now" if value == now else ""), value) for value in values]
            preview = partial(self._preview, name, now)
            keep = partial(self._keep, name)
            desk.panels.choose(name, offered, keep, enter="uses", at=now, preview=preview)
        else:
            desk.panels.ask(name, str(now), partial(self._keep_typed, name))

    def _preview(self, name: str, now: object, value: object) -> None:
        """Show a value while it is being chosen; None: the one it had."""
        self._use(name, now if value is None else value)

    def _keep_typed(self, name: str, text: str) -> None:
        value: object = text
        with suppress(ValueError):
            value = float(text) if isinstance(SETTINGS[name].default, float) else text
        if problem := SETTINGS[name].problem(value):
            raise ConfigError(problem)  # beside the question, which names it
        self._keep(name, value)

    def _keep(self, name: str, value: object) -> None:
        """Use another value from now on, and keep it.

        Raises ConfigError where it can't be kept; it is used all the same.
        """
        desk = self._desk
        self._use(name, value)
        said = self._said(name, value)
        try:
            change(desk.store.paths.config, name, value)
        except ConfigError as error:
            raise ConfigError(f"{said}, until you quit. {error}") from error
        change_back = "compact" if name == "compact" else "settings"
        desk.footer.say(f"{said}; {desk.key[change_back]} changes it.")

    def _said(self, name: str, value: object) -> str:
        """Return what holds from now on, as the beginning of a sentence."""
        if name == "compact":
            return "One line a paper" if value else "Two lines a paper"
        return f"From now on {name} is {_shown(value)}"

    def _use(self, name: str, value: object) -> None:
        desk = self._desk
        desk.config = desk.config._replace(**{name: value})  # type: ignore[arg-type]
        cast("Themed", desk.app).use_settings()
        desk.footer.in_words = desk.config.accessible
        for drawn in desk.list.screen.query(Lines):
            drawn.mode = desk.mode
            drawn.notify_style_update()
        desk.list.lines_each = 1 if desk.config.compact else 2
        desk.list.forget()
        desk.show(desk.list.contents)
        self._hints.show()


def _shown(value: object) -> str:
    """Return a value of a setting as people read it."""
    if isinstance(value, bool):
        return "on" if value else "off"
    return str(value) or "not set"
