"""Changing the settings from within the app; what is changed is kept in config.toml."""

import json
from typing import TYPE_CHECKING, cast

from tui_reader.config import SETTINGS, change
from tui_reader.errors import ConfigError
from tui_reader.ui.chooser import Choice, Chooser
from tui_reader.ui.lines import Lines

if TYPE_CHECKING:
    from tui_reader.ui.app import ReaderApp
    from tui_reader.ui.main_screen import MainScreen

_OFFERED = {name: setting for name, setting in SETTINGS.items() if name != "keys"}


def choose(main: "MainScreen") -> None:
    """Let the researcher choose a setting, and another value for it."""
    names = list(_OFFERED)
    choices = [
        Choice(f"{name:<13} {setting.meaning}", json.dumps(getattr(main.config, name)))
        for name, setting in _OFFERED.items()
    ]

    def take(index: int | None) -> None:
        if index is not None:
            main.doing(lambda: _choose_value(main, names[index]))

    main.app.push_screen(Chooser("Setting", choices, main.mode), take)


def _choose_value(main: "MainScreen", name: str) -> None:
    now = getattr(main.config, name)
    if isinstance(now, bool):
        keep(main, name, not now)
    elif isinstance(now, str):
        values = SETTINGS[name].choices or ("auto", *sorted(main.app.available_themes))

        def take(index: int | None) -> None:
            if index is not None:
                main.doing(lambda: keep(main, name, values[index]))

        choices = [Choice(value, "now" if value == now else "") for value in values]
        main.app.push_screen(Chooser(name, choices, main.mode), take)
    else:
        main.put(name, json.dumps(now), lambda text: _put_typed(main, name, text))


def _put_typed(main: "MainScreen", name: str, text: str) -> None:
    try:
        value = float(text)
    except ValueError:
        value = -1
    if problem := SETTINGS[name].problem(value):
        raise ConfigError(f"{name} must be {problem}")
    keep(main, name, value)


def keep(main: "MainScreen", name: str, value: object) -> None:
    """Use another value of a setting from now on, and keep it.

    Raises ConfigError where it can't be kept; it is used all the same.
    """
    main.config = main.config._replace(**{name: value})  # type: ignore[arg-type]
    if name == "theme":
        cast("ReaderApp", main.app).show_theme()
    _apply(main)
    said = f"{name} = {json.dumps(value)}"
    try:
        change(main.store.paths.config, name, value)
    except ConfigError as error:
        raise ConfigError(f"{said} until you quit. {error}") from error
    main.footer.say(f"{said}, also the next time.")


def _apply(main: "MainScreen") -> None:
    for drawn in main.query(Lines):
        drawn.mode = main.mode
        drawn.notify_style_update()
    main.list.lines_each = 1 if main.config.compact else 2
    main.list.forget()
    main.show(main.list.contents)
    main.hints.show()
