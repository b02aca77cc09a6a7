"""What shells offer at the Tab key: their scripts ask this program what may come next.

It answers from the table of commands and from what is stored. A shell tells the line up to its
cursor in COMP_LINE, and gets a word and its meaning a line; the exit code PARTLY says that a
file's name may stand there, too.
"""

import argparse
import itertools
import os
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path

from tui_reader import taxonomy
from tui_reader.cli import shell
from tui_reader.model import paper_at
from tui_reader.store import Kind, View
from tui_reader.text import fit, plain

MOST_OFFERED, OFFER_WIDTH = 60, 70
SEEN = 100_000
"""Of so many papers, the newest ones, identifiers are offered."""
AUTHORS_OF = 300

_BASH = r"""
_tui_reader() {
  local line=${COMP_LINE:0:COMP_POINT} found word begun
  COMPREPLY=()
  found=$(COMP_LINE=$line "$1" completions bash 2>/dev/null) && compopt +o default 2>/dev/null
  begun=${line##*[[:space:]]}
  case $COMP_WORDBREAKS in *:*) begun=${begun%"${begun##*:}"} ;; *) begun= ;; esac
  while IFS= read -r word; do
    [ -n "$word" ] || continue
    case $line in *[\'\"]*) ;; *) printf -v word %q "$word" ;; esac
    COMPREPLY+=("${word#"$begun"}")
  done <<<"$found"
  case ${COMPREPLY[0]} in *[:,]) [ ${#COMPREPLY[@]} = 1 ] && compopt -o nospace 2>/dev/null ;; esac
}
complete -o default -F _tui_reader tui-reader
"""
_ZSH = r"""
#compdef tui-reader
_tui_reader() {
  local found files line word
  local -a open closed
  found=$(COMP_LINE="${(j: :)words[1,CURRENT-1]} $QIPREFIX$PREFIX" \
    ${(Q)words[1]} completions zsh 2>/dev/null)
  files=$?
  for line in ${(f)found}; do
    word=${${${line%%$'\t'*}//\\/\\\\}//:/\\:}
    [[ $line == *$'\t'?* ]] && word+=:${line#*$'\t'}
    if [[ ${line%%$'\t'*} == *[:,] ]]; then open+=($word); else closed+=($word); fi
  done
  (( $#closed )) && _describe -V -t words word closed -U
  (( $#open )) && _describe -V -t words word open -U -S ''
  (( files )) && _files
  return 0
}
if [[ $funcstack[1] == _tui-reader ]]; then
  _tui_reader
else
  (( $+functions[compdef] )) || { autoload -Uz compinit && compinit -i }
  compdef _tui_reader tui-reader
fi
"""
_FISH = r"""
function __tui_reader
    set -lx COMP_LINE (commandline -cp)
    set -l program (commandline -opc)[1]
    $program completions fish 2>/dev/null
    or __fish_complete_path (commandline -ct)
end
complete -c tui-reader -f -k -a '(__tui_reader)'
"""
SHELL_SCRIPTS = {"bash": _BASH, "zsh": _ZSH, "fish": _FISH}


@shell.command(
    "completions",
    shell.argument("shell", choices=tuple(SHELL_SCRIPTS), help="such as the one you use"),
)
def _completions(options: shell.Options) -> int:
    """Write what makes a shell complete commands: source <(tui-reader completions bash)."""
    line = os.environ.get("COMP_LINE")
    if not line:
        print(SHELL_SCRIPTS[options.shell].strip())
        return shell.DONE
    *typed, last = _words(line)
    _look_where_told(options, typed)
    argument, names = _place(typed[1:])
    known = {name: names[name] for name in names if last or not name.startswith("-")}
    fits = ((name, meaning) for name, meaning in known.items() if name.startswith(last))
    for word, meaning in itertools.chain(fits, _values(options, argument, last)):
        print(word if options.shell == "bash" else f"{word}\t{meaning}")
    return shell.PARTLY if argument in ("FILE", "DIR") else shell.DONE


def _words(line: str) -> list[str]:
    """Return the words of a line that is being typed, without quotes; the last may be empty."""
    import shlex

    for closing in ("", "'", '"'):
        with suppress(ValueError):
            *words, last = shlex.split(f"{line}x{closing}")
            return [*words, last[:-1]]
    return line.split(" ")


def _look_where_told(options: shell.Options, typed: Sequence[str]) -> None:
    """Take over from the line where the command will find what is stored."""
    for option, value in itertools.pairwise(typed):
        if option == "--home" and value:
            options.home = Path(value)
    options.sample = options.sample or "--sample" in typed


def _place(typed: Sequence[str]) -> tuple[str, dict[str, str]]:
    """Return what is to come after these words: what kind of value, and which known words.

    Values are of the kind that an argument's metavar names.
    """
    words = zip(typed, ["", *typed], strict=False)
    at, command = next(
        (
            (at, word)
            for at, (word, last) in enumerate(words, 1)
            if word in shell.COMMANDS and last != "--home"
        ),
        (0, ""),
    )
    arguments = shell.understood(shell.COMMANDS[command].arguments if command else shell.OPTIONS)
    takers = {name: each for each in arguments for name in each.option_strings if each.nargs != 0}
    if typed and typed[-1] in takers:
        return _kind(takers[typed[-1]])
    options = {"--help": "show help"}
    options |= {name: each.help or "" for each in arguments for name in each.option_strings}
    if not command:
        commands = {name: known.help for name, known in shell.COMMANDS.items()}
        return "FILE", commands | options
    given = sum(
        word not in options and last not in takers
        for last, word in itertools.pairwise(["", *typed[at:]])
    )
    for each in (each for each in arguments if not each.option_strings):
        if each.nargs in ("*", "+") or not given:
            kind, choices = _kind(each)
            return kind, choices | options
        given -= 1
    return "", options


def _kind(argument: argparse.Action) -> tuple[str, dict[str, str]]:
    return str(argument.metavar or ""), dict.fromkeys(map(str, argument.choices or ()), "")


def _values(options: shell.Options, kind: str, typed: str) -> Iterable[tuple[str, str]]:
    """Return the values of this kind that begin as typed, and what they mean."""
    match kind:
        case "CATEGORY":
            known = {**taxonomy.categories(), **taxonomy.archives()}
        case "TAG,...":
            begun = typed[: typed.rfind(",") + 1] or "-" * typed.startswith("-")
            tags = [tag for tag in options.store.marked.tags() if tag not in typed.split(",")]
            known = {f"{begun}{tag}": "" for tag in tags}
        case "NAME":
            known = {name: saved.text for name, saved in options.store.filters().items()}
        case "VIEW":
            listings = {f"{x.category}/{x.announced}": "" for x in options.store.listings.days()}
            known = dict.fromkeys((Kind.INBOX, Kind.STARRED, Kind.LIBRARY), "") | listings
        case "ID":
            known = _papers(options, typed)
        case "QUERY":
            return _meant(options, typed)
        case "QUERY|ID":
            return [*_meant(options, typed), *_papers(options, typed).items()]
        case _:
            known = {}
    fits = (pair for pair in known.items() if pair[0].lower().startswith(typed.lower()))
    return itertools.islice(fits, MOST_OFFERED)


def _papers(options: shell.Options, typed: str) -> dict[str, str]:
    """Return the newest papers whose identifiers begin so, and their titles."""
    store = options.store
    rows = store.contents(View(Kind.LIBRARY)).rows[:SEEN]
    fits = [row for row in rows if paper_at(row).startswith(typed)]
    items = store.items(fits[:MOST_OFFERED])
    return {
        item.paper.id: fit(plain(item.paper.title, options.mode), OFFER_WIDTH) for item in items
    }


def _meant(options: shell.Options, typed: str) -> list[tuple[str, str]]:
    """Return what a filter that is being typed may become, and what its last word means."""
    if typed.startswith("--"):  # an option
        return []
    from tui_reader.query import completions
    from tui_reader.query.language import CHOICES, KEYWORD_OF, KEYWORDS

    meanings = {f"{name}:": keyword.meaning for name, keyword in KEYWORDS.items()}
    found = completions(typed, len(typed), partial(_after, options), MOST_OFFERED)
    begun = typed[: found.start]
    if field := re.search(r"(\w+):\"?$", begun):
        name = KEYWORD_OF.get(field[1], "")
        meanings = {value: each.meaning for value, each in CHOICES.get(name, {}).items()}
        meanings |= taxonomy.categories() if name == "cat" else {}
    return [(begun + choice, meanings.get(choice, "")) for choice in found.choices]


def _after(options: shell.Options, field: str) -> Iterable[str]:
    """Return the values after a field that are known."""
    if field == "cat":
        return taxonomy.categories()
    store = options.store
    if field == "tag":
        return store.marked.tags()
    if field == "like":
        starred = map(paper_at, store.marked.latest("starred", MOST_OFFERED))
        return [*(f"tag:{tag}" for tag in store.marked.tags()), *starred]
    rows = store.contents(View(Kind.LIBRARY)).rows[:AUTHORS_OF]
    papers = store.papers.at(rows).values()
    names = Counter(plain(name) for paper in papers for name in paper.authors)
    return [name for name, _ in names.most_common()]
