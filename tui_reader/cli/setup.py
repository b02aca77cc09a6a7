"""Commands that say how the program is set up."""

import json
from collections.abc import Mapping, Sequence

from tui_reader.cli import output, shell
from tui_reader.cli.output import Line
from tui_reader.config import nearest, read
from tui_reader.errors import UsageError


@shell.command(
    "keys", shell.argument("names", nargs="*", metavar="NAME", help="of actions"), shell.JSON
)
def _keys(options: shell.Options) -> int:
    """Say which keys do what, as they are now."""
    settings = read(options.paths.config)
    lines = {}
    for action in settings.config.offered:
        data = {"action": action.name, "keys": action.keys, "help": action.help}
        lines[action.name] = Line((action.name, ", ".join(action.keys), action.help), data)
    options.write(_of(lines, options.names))
    return _told(settings.problems)


@shell.command(
    "config", shell.argument("names", nargs="*", metavar="NAME", help="of settings"), shell.JSON
)
def _config(options: shell.Options) -> int:
    """Say what is set, and where: in which line of the file, or by default."""
    paths = options.paths
    settings = read(paths.config)
    values = settings.config._asdict()
    values |= {f"keys.{name}": ", ".join(own) for name, own in values.pop("keys").items()}
    values |= {
        f"actions.{name}": " ".join(own.command) for name, own in values.pop("actions").items()
    }
    origins = {name: f"{settings.file}:{line}" for name, line in settings.lines.items()}
    if options.ascii:
        values["ascii"], origins["ascii"] = True, "command line"
    for name, path in paths._asdict().items():
        place = f"{name} directory"
        values[place], origins[place] = str(path), options.under[1]
    lines = {}
    for name, value in values.items():
        data = {"setting": name, "value": value, "from": origins.get(name, "default")}
        lines[name] = Line((name, json.dumps(value, ensure_ascii=False), data["from"]), data)
    options.write(_of(lines, options.names))
    return _told(settings.problems)


def _of(lines: Mapping[str, Line], names: Sequence[str]) -> list[Line]:
    """Return the lines of these names, or without any all; raise UsageError for an unknown name."""
    found = []
    for name in names or lines:
        if name not in lines:
            raise UsageError(f"there is no {name!r}; is it {nearest(name, lines)!r}?")
        found.append(lines[name])
    return found


def _told(problems: tuple[str, ...]) -> int:
    for problem in problems:
        output.say(f"tui-reader: {problem}")
    return shell.USAGE if problems else shell.DONE
