"""Changing the settings from within the app; what is changed is kept in config.toml."""

import json
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, cast

from tui_reader.config import SETTINGS, change
from tui_reader.errors import ConfigError
from tui_reader.ui.line_widget import Lines

if TYPE_CHECKING:
    from tui_reader.ui.app import ReaderApp
    from tui_reader.ui.main_screen import MainScreen


class PreferencesPart:
    """The settings of the main screen."""

    def __init__(self, main: "MainScreen") -> None:
        self._main = main

    def do_settings(self) -> None:
        config = self._main.config
        offered = [
            (f"{name:<13} {setting.meaning}", json.dumps(getattr(config, name)), name)
            for name, setting in SETTINGS.items()
            if name != "keys"
        ]
        self._main.choose("Setting", offered, self._choose_value)

    def do_compact(self) -> None:
        self._keep("compact", not self._main.config.compact)

    def _choose_value(self, name: str) -> None:
        main, now = self._main, getattr(self._main.config, name)
        values = SETTINGS[name].choices
        if values:
            offered = [(value, "now" if value == now else "", value) for value in values]
            main.choose(name, offered, partial(self._keep, name))
        elif isinstance(now, bool):
            self._keep(name, not now)
        else:
            main.footer.ask(name, str(now), partial(self._keep_typed, name))

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
        main = self._main
        main.config = main.config._replace(**{name: value})  # type: ignore[arg-type]
        if name == "theme":
            cast("ReaderApp", main.app).show_theme()
        self._apply()
        said = f"{name} = {json.dumps(value)}"
        try:
            change(main.store.paths.config, name, value)
        except ConfigError as error:
            raise ConfigError(f"{said} until you quit. {error}") from error
        main.footer.say(f"{said}, also the next time.")

    def _apply(self) -> None:
        main = self._main
        for drawn in main.query(Lines):
            drawn.mode = main.mode
            drawn.notify_style_update()
        main.list.lines_each = 1 if main.config.compact else 2
        main.list.forget()
        main.show(main.list.contents)
        main.hints.show()
