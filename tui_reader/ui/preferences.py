"""Changing the settings from within the app; what is changed is kept in config.toml."""

import json
from contextlib import suppress
from typing import TYPE_CHECKING, cast

from tui_reader.config import SETTINGS, change
from tui_reader.errors import ConfigError
from tui_reader.ui.lines import Lines

if TYPE_CHECKING:
    from tui_reader.ui.app import ReaderApp
    from tui_reader.ui.main_screen import MainScreen


def choose(main: "MainScreen") -> None:
    """Let the researcher choose a setting, and another value for it."""
    names = [name for name in SETTINGS if name != "keys"]
    choices = [
        (f"{name:<13} {SETTINGS[name].meaning}", json.dumps(getattr(main.config, name)))
        for name in names
    ]
    main.choose("Setting", choices, lambda index: _choose_value(main, names[index]))


def _choose_value(main: "MainScreen", name: str) -> None:
    now = getattr(main.config, name)
    values = SETTINGS[name].choices
    if name == "theme":
        values = ("auto", *sorted(main.app.available_themes))
    if values:
        choices = [(value, "now" if value == now else "") for value in values]
        main.choose(name, choices, lambda index: keep(main, name, values[index]))
    elif isinstance(now, bool):
        keep(main, name, not now)
    else:
        main.put(name, str(now), lambda text: _keep_typed(main, name, text))


def _keep_typed(main: "MainScreen", name: str, text: str) -> None:
    value: object = text
    with suppress(ValueError):
        value = float(text) if isinstance(SETTINGS[name].default, float) else text
    if problem := SETTINGS[name].problem(value):
        raise ConfigError(problem)  # beside the question, which names it
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
