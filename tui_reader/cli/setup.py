"""Commands that say how the program is set up."""

import argparse
import json
import sys

from tui_reader import actions
from tui_reader.cli import shell
from tui_reader.config import read
from tui_reader.text import clean


@shell.command("keys", shell.JSON)
def _keys(options: argparse.Namespace) -> int:
    """Say which keys do what, as they are now."""
    settings = read(shell.paths(options).config)
    for action in actions.remapped(settings.config.keys):
        keys = ", ".join(action.keys)
        if options.json:
            print(json.dumps({"action": action.name, "keys": action.keys, "help": action.help}))
        elif sys.stdout.isatty():
            print(f"{action.name:<12} {keys:<17} {action.help}")
        else:
            print(action.name, keys, action.help, sep="\t")
    return _told(settings.problems)


@shell.command(
    "config",
    shell.flag("--show", "do so; the same without it"),
    shell.flag("--path", "only name the file"),
    shell.JSON,
)
def _config(options: argparse.Namespace) -> int:
    """Say what is set, and where: in which line of the file, or by default."""
    from tui_reader.ui.app import theme_problem

    paths = shell.paths(options)
    settings = read(paths.config)
    if options.path:
        print(clean(str(settings.file)))
        return shell.DONE
    values = settings.config._asdict()
    values |= {f"keys.{name}": ", ".join(own) for name, own in values.pop("keys").items()}
    origins = {name: f"{settings.file}:{line}" for name, line in settings.lines.items()}
    if options.ascii:
        values["ascii"], origins["ascii"] = True, "command line"
    for name, path in paths._asdict().items():
        values[f"{name} directory"] = str(path)
        origins[f"{name} directory"] = shell.home(options)[1]
    for name, value in values.items():
        origin = origins.get(name, "default")
        if options.json:
            print(json.dumps({"setting": name, "value": value, "from": origin}))
        else:
            shown = clean(json.dumps(value, ensure_ascii=False))
            print(f"{name:<16} {shown:<24} {clean(origin)}")
    wrong = theme_problem(settings.config.theme)
    return _told((*settings.problems, *([settings.at("theme", wrong)] if wrong else ())))


def _told(problems: tuple[str, ...]) -> int:
    for problem in problems:
        shell.say(f"tui-reader: {problem}")
    return shell.USAGE if problems else shell.DONE
