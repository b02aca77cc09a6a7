"""Where things are kept, and the settings a person can make in config.toml."""

import json
import re
from collections.abc import Iterable, Mapping
from contextlib import suppress
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated, Any, Literal, NamedTuple, get_args

from tui_reader.actions import BY_NAME, Action, Needs, Topic, clash, key_named, remapped
from tui_reader.errors import ConfigError, translated
from tui_reader.files import alone, own_bytes, replace_file
from tui_reader.text import clean


class Paths(NamedTuple):
    """The four directories that all is kept in; none has to exist yet."""

    data: Path
    """What the person made: the journals of marks. Precious."""
    cache: Path
    """What arXiv made: can be deleted, and fetched or imported again."""
    config: Path
    state: Path
    """Crash reports, this machine's name, when arXiv may be asked again, the sample."""

    @classmethod
    def under(cls, home: Path) -> "Paths":
        """Put all four under one directory."""
        return cls(home / "data", home / "cache", home / "config", home / "state")

    def told(self) -> dict[str, str]:
        """Return where a person finds what matters to them, by what it is."""
        return {
            "Stars, marks, filters": clean(str(self.data)),
            "Papers (can be deleted)": clean(str(self.cache)),
            "Settings": clean(str(self.config / "config.toml")),
            "Categories": clean(str(self.config)),
            "Crash reports": clean(str(self.state)),
        }


class Setting(NamedTuple):
    """What is known of one setting, besides its type."""

    meaning: str = ""
    choices: tuple[str, ...] = ()
    """The texts it may be, where they are known."""
    default: Any = None

    def problem(self, value: object) -> str | None:
        """Return what a value has to be instead, or None where it will do."""
        match self.default:
            case bool():
                return None if type(value) is bool else "true or false"
            case float() if type(value) not in (int, float) or not 0 <= value <= MOST_SECONDS:  # type: ignore[operator]
                return f"a number of seconds from 0 to {MOST_SECONDS}"
            case int() if type(value) is not int or not LEAST_WIDTH <= value <= MOST_WIDTH:
                return f"a number of columns from {LEAST_WIDTH} to {MOST_WIDTH}"
            case str() if not isinstance(value, str):
                return "a text in quotes"
        if not self.choices or value in self.choices:
            return None
        if len(self.choices) < MANY_CHOICES:
            return " or ".join(map(json.dumps, self.choices))
        near = json.dumps(nearest(str(value), self.choices))
        return f"{near}, or another of: {', '.join(self.choices)}"


MOST_SECONDS = 3600
LEAST_WIDTH, MOST_WIDTH = 30, 400
MANY_CHOICES = 5
Replacements = Literal["starred", "all", "none"]
AfterStar = Literal["stay", "next"]
THEME_NAMES = (
    "auto", "reader-dark", "reader-light", "reader-colour-blind", "terminal", "ansi-dark",
    "ansi-light", "atom-one-dark", "atom-one-light", "catppuccin-frappe", "catppuccin-latte",
    "catppuccin-macchiato", "catppuccin-mocha", "dracula", "flexoki", "gruvbox", "monokai",
    "nord", "rose-pine", "rose-pine-dawn", "rose-pine-moon", "solarized-dark",
    "solarized-light", "textual-dark", "textual-light", "tokyo-night",
)  # fmt: skip
"""Ours first, then Textual's. Named here, as loading it takes longer than all else."""


def _rows(table: type[NamedTuple]) -> Mapping[str, Setting]:
    rows = {}
    for name in table._fields:
        said = getattr(table.__annotations__[name], "__metadata__", ())
        row = next((each for each in said if isinstance(each, Setting)), Setting())
        rows[name] = row._replace(default=table._field_defaults.get(name))
    return rows


Output = Literal["page", "terminal", "none"]
FORMS = (
    "jsonl", "bibtex", "ris", "csl", "markdown", "csv", "plain", "id", "url", "title", "citation",
)  # fmt: skip
"""How papers are written for a command. Named here, as what writes them is loaded late."""


class OwnAction(NamedTuple):
    """The table of what can be said of an action that a person made, under [actions.NAME]."""

    command: Annotated[
        tuple[str, ...],
        Setting(
            "The program and its arguments, with {id}, {url}, {pdf}, {title}, {authors} or "
            "{bibtex} filled in."
        ),
    ] = ()
    """With a shell, one word: the line that it reads."""
    shell: Annotated[bool, Setting("Whether your shell reads the command.")] = False
    key: Annotated[str, Setting("Its key, or two one after the other.")] = ""
    input: Annotated[
        str, Setting("How the papers are written that the command reads.", choices=FORMS)
    ] = ""
    output: Annotated[
        Output,
        Setting(
            "Where what it writes is shown: in a page, in the terminal, which it has to itself, or "
            "nowhere.",
            choices=get_args(Output),
        ),
    ] = "page"


OWN_ACTION = _rows(OwnAction)


class Config(NamedTuple):
    """The table of settings: each is a key of config.toml, with its type, meaning and default.

    The app, the README, the manual page and what is said of wrong values come from here.
    """

    theme: Annotated[
        str,
        Setting(
            "The colours: auto (as light as the terminal's background), reader-dark, reader-light, "
            "reader-colour-blind, terminal (its own), or one of Textual's.",
            choices=THEME_NAMES,
        ),
    ] = "auto"
    compact: Annotated[bool, Setting("One line a paper in the list, not two.")] = False
    ascii: Annotated[
        bool, Setting("Draw with ASCII alone, and spell formulas out: alpha, <=, x^2.")
    ] = False
    mouse: Annotated[
        bool, Setting("Take what the mouse does; without it, the terminal selects text with it.")
    ] = True
    first_frame: Annotated[
        bool, Setting("Show at once what was left, and load the program behind it.")
    ] = True
    accessible: Annotated[
        bool,
        Setting(
            "For screen readers: ASCII alone, the terminal's own colours and cursor, no mouse, and "
            "progress as lines of text."
        ),
    ] = False
    read_after: Annotated[
        float, Setting("Seconds a paper is shown before going on marks it as read; 0: it does not.")
    ] = 0.5
    after_star: Annotated[
        AfterStar,
        Setting(
            "Where the cursor is after a star: it stays, or goes to the next paper.",
            choices=get_args(AfterStar),
        ),
    ] = "stay"
    replacements: Annotated[
        Replacements,
        Setting(
            "Which papers that you have read come back to the Inbox when they are replaced: "
            "starred ones, all but skipped ones, or none.",
            choices=get_args(Replacements),
        ),
    ] = "starred"
    sync: Annotated[bool, Setting("Fetch what is due when the reader opens.")] = True
    contact: Annotated[
        str, Setting("An address by which arXiv can reach you; each request tells it.")
    ] = ""
    browser: Annotated[
        str,
        Setting("The command that opens pages, such as firefox or w3m; without it, the system's."),
    ] = ""
    pdf_viewer: Annotated[
        str, Setting("The command that opens PDFs, such as zathura; without it, the system's.")
    ] = ""
    text_width: Annotated[
        int, Setting("Columns that a line of a paper's text may take; it stands in the middle.")
    ] = 88
    bibliography: Annotated[
        str, Setting("A BibTeX file, such as ~/refs.bib, that what you star is added to.")
    ] = ""
    bibliography_tag: Annotated[
        str, Setting("The tag of the papers that go into it, in place of the starred ones.")
    ] = ""
    hints: Annotated[bool, Setting("Name a key that you have never used, one at a time.")] = True
    pipe: Annotated[
        str,
        Setting("How `|` writes papers; `bibtex:` before a command has them so.", choices=FORMS),
    ] = "jsonl"
    keys: Annotated[
        Mapping[str, tuple[str, ...]],
        Setting(
            'Keys of your own: under [keys], lines such as star = "+, Ctrl-s". '
            "`tui-reader keys` has the names."
        ),
    ] = {}
    actions: Annotated[
        Mapping[str, OwnAction],
        Setting("Actions of your own: under [actions.NAME], a command and its key."),
    ] = {}

    @property
    def offered(self) -> tuple[Action, ...]:
        """Every action with the keys that it has now, the person's own at the end."""
        own = (_action(name, action) for name, action in self.actions.items())
        return (*remapped(self.keys), *own)

    @property
    def in_ascii(self) -> bool:
        return self.ascii or self.accessible

    @property
    def takes_mouse(self) -> bool:
        return self.mouse and not self.accessible

    @property
    def colours(self) -> str:
        """The theme, which `accessible` has a say in."""
        return "terminal" if self.accessible else self.theme


SETTINGS = _rows(Config)


class Settings(NamedTuple):
    """What config.toml says."""

    file: Path
    config: Config = Config()
    """Where the file is wrong, the defaults."""
    lines: Mapping[str, int] = {}
    """The line of each key that is set in the file: `theme`, `keys.star`."""
    problems: tuple[str, ...] = ()
    """Each a sentence that names the file, the line and what would be right."""

    def at(self, key: str, problem: str) -> str:
        """Say where in the file a problem is."""
        line = self.lines.get(key) or self.lines.get(key.partition(".")[0])
        return f"{self.file}, line {line}: {problem}" if line else f"{self.file}: {problem}"


def read(directory: Path) -> Settings:
    """Read config.toml in this directory; without one, every setting has its default."""
    settings = Settings(directory / "config.toml")
    try:
        with translated(ConfigError, settings.at("", "can't be read")):
            text = _text(settings.file)
            found = _parsed(text)
    except ConfigError as error:
        return settings._replace(problems=(str(error),))
    settings = settings._replace(lines=_lines(text))
    keys, wrong = _keys(found.pop("keys", {}))
    own, problems = _own_actions(found.pop("actions", {}), keys)
    right, more = _checked(found, SETTINGS, "setting")
    wrong |= problems | more
    right |= {"keys": keys, "actions": own}
    good = {*right, *(f"keys.{name}" for name in keys), *(f"actions.{name}" for name in own)}
    return settings._replace(
        config=Config(**right),
        lines={key: line for key, line in settings.lines.items() if key in good},
        problems=tuple(settings.at(key, problem) for key, problem in wrong.items()),
    )


def _checked(
    found: Mapping[str, object], table: Mapping[str, Setting], of: str, within: str = ""
) -> tuple[dict[str, Any], dict[str, str]]:
    """Return the values that the table allows, and by setting what is wrong with the others."""
    right, wrong = {}, {}
    for name, value in found.items():
        if name not in table:
            wrong[within + name] = f"there is no {of} {name!r}; is it {nearest(name, table)}?"
        elif problem := table[name].problem(value):
            wrong[within + name] = f"{name} is {value!r}; it must be {problem}"
        else:
            right[name] = value
    return right, wrong


def nearest(word: str, known: Iterable[str]) -> str:
    """Return which of the known words looks most like this one."""
    return get_close_matches(word, known, 1, 0)[0]


def _text(file: Path) -> str:
    return own_bytes(file).decode("utf-8-sig")


def _parsed(text: str) -> dict[str, Any]:
    if not text:
        return {}
    import tomllib

    return tomllib.loads(text)


def _lines(text: str) -> dict[str, int]:
    """Return where each key stands, which tomllib does not tell; only the obvious is understood."""
    table = ""
    found: dict[str, int] = {}
    for number, line in enumerate(text.split("\n"), 1):
        if heading := re.match(r"\s*\[([^\[\]]+)\]", line):
            table = heading[1] + "."
        elif named := re.match(r"([^#=]+)=", line):
            found.setdefault(re.sub(r"[\s\"']", "", table + named[1]), number)
    return found


def _keys(table: object) -> tuple[dict[str, tuple[str, ...]], dict[str, str]]:
    """Return the keys of each action in a table, and by setting what is wrong in it."""
    if not isinstance(table, dict):
        return {}, {"keys": 'keys must be a table: [keys], and below it star = "+"'}
    right, wrong = {}, {}
    for name, value in table.items():
        texts = value.split(",") if isinstance(value, str) and value.strip() != "," else value
        texts = texts if isinstance(texts, list) else [texts]
        named = [key_named(text) if isinstance(text, str) else None for text in texts]
        if name not in BY_NAME:
            near = nearest(name, BY_NAME)
            wrong[f"keys.{name}"] = f"there is no action {name!r}; is it {near}?"
        elif None in named or not named:
            wrong[f"keys.{name}"] = f"{name} is {value!r}; it must be keys, such as {KEYS_EXAMPLE}"
        else:
            right[name] = tuple(filter(None, named))
    if found := clash(remapped(right)):
        names, problem = found
        wrong[f"keys.{next(name for name in names if name in right)}"] = problem
        right = {}
    return right, wrong


def _own_actions(
    table: object, keys: Mapping[str, tuple[str, ...]]
) -> tuple[dict[str, OwnAction], dict[str, str]]:
    """Return the person's actions, and by setting what is wrong in their table.

    One whose key is taken, or is none, is there without it.
    """
    if not isinstance(table, dict) or not all(isinstance(each, dict) for each in table.values()):
        example = 'actions must be tables: [actions.mail], and below it command = "mutt"'
        return {}, {"actions": example}
    own, wrong = dict[str, OwnAction](), dict[str, str]()
    taken = remapped(keys)
    for written, values in table.items():
        name, here = clean(written), f"actions.{written}."
        command = _words(values.pop("command", ""), shell=values.get("shell") is True)
        right, problems = _checked(values, OWN_ACTION, "setting of an action", here)
        if not any(command[:1]):
            problems[f"{here}command"] = (
                f"the command of {name} must be a text, or a list of texts: "
                'command = ["mutt", "-s", "{title}"]'
            )
        wrong |= problems
        if problems:
            continue
        key = key_named(right.get("key", "")) or ""
        action = OwnAction(**right | {"command": command, "key": key})
        problem = "" if key or not right.get("key") else f"key must be {KEYS_EXAMPLE}"
        if found := clash((*taken, _action(name, action))):
            problem, action = found[1], action._replace(key="")
        if problem:
            wrong[f"{here}key"] = f"{name} has no key: {problem}"
        own[name] = action
        taken = (*taken, _action(name, action))
    return own, wrong


def _words(command: object, *, shell: bool) -> tuple[str, ...]:
    """Return the words of a command, or the one line that a shell reads; none if it is neither."""
    words = command if isinstance(command, list) else [command]
    texts = tuple(word for word in words if isinstance(word, str) and "\0" not in word)
    if len(texts) < len(words):
        return ()
    if shell:
        return texts if len(texts) == 1 else ()
    if isinstance(command, str):
        import shlex  # late: most people have no actions of their own

        with suppress(ValueError):  # a quote that is not closed
            return tuple(shlex.split(command))
        return ()
    return texts


def _action(name: str, own: OwnAction) -> Action:
    return Action(
        f"actions.{name}",
        keys=(own.key,) if own.key else (),
        label=name,
        help=f"Run {clean(' '.join(own.command))[:60]}",
        topic=Topic.OWN,
        needs=Needs.PAPERS,
        footer=20,
    )


KEYS_EXAMPLE = '"+", "Ctrl-s, F5" or "g s"'


def change(directory: Path, name: str, value: object) -> None:
    """Set one setting in config.toml; every other line, and each comment, stays as it is.

    Raises ConfigError where that can't be done; then the file is as it was.
    """
    file = directory / "config.toml"
    by_hand = f"{file} can't be changed; set {name} there by hand"
    with translated(ConfigError, by_hand), alone(directory):
        # TOML takes no halves of emoji.
        before, put = _text(file), json.dumps(value, ensure_ascii=False)
        lines, at = before.split("\n"), _lines(before).get(name)
        if at:
            value_there = r"""(=\s*)("[^"]*"|'[^']*'|[^\s#]+)"""
            lines[at - 1] = re.sub(value_there, lambda m: m[1] + put, lines[at - 1], count=1)
        else:
            lines.insert(0, f"{name} = {put}")  # before any [table]
        after = "\n".join(lines)
        if _parsed(after) != _parsed(before) | {name: value}:
            raise ConfigError(by_hand)
        replace_file(file.resolve(), [after])
