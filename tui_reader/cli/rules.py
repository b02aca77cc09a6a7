"""The command that shows saved filters, and lets them be edited as a text."""

import sys

from tui_reader.cli import output, shell
from tui_reader.cli.output import Line
from tui_reader.errors import UsageError
from tui_reader.model import SavedFilter
from tui_reader.programs import edited
from tui_reader.store import Operation
from tui_reader.triage import Triage

SECONDS_TO_ASK = 10.0
"""So long what changed is asked of unread papers, so that the reader need not."""


@shell.command("rules", shell.flag("--edit", "change them in your $EDITOR"), shell.JSON)
def _rules(options: shell.Options) -> None:
    """Say which filters are saved, and what they watch or mute."""
    from tui_reader.rules_text import written

    store = options.store
    filters = store.filters()
    if options.edit:
        _edit(options)
        return
    if not filters:
        raise shell.NothingError("No filter is saved; f in the reader makes a rule from a paper.")
    if not options.json:
        sys.stdout.write(written(filters))
        return
    hits = store.hits(shell.now().astimezone().date())
    lines = []
    for name, saved in filters.items():
        found = hits.get(name)
        of_late, last = found or (None, None)
        data = {"name": name, "does": saved.effect, "filter": saved.text}
        lines.append(Line((), {**data, "papers_in_30_days": of_late, "last": last}))
    options.write(lines)


def _edit(options: shell.Options) -> None:
    from tui_reader.rules_text import HEAD, read, written

    known = options.store.filters()
    text = f"{HEAD}\n{written(known)}"
    while True:
        after = edited(text, "rules.txt")
        if after is None:
            raise UsageError("The editor ended with an error: nothing was changed.")
        text = after
        try:
            wanted = read(text, known, shell.now().astimezone().date())
        except UsageError as error:
            output.say(f"tui-reader: {error}")
            if not _again():
                raise UsageError("Nothing was changed.") from error
        else:
            break
    changed: dict[str, SavedFilter | None] = {
        name: wanted.get(name) for name in known | wanted if wanted.get(name) != known.get(name)
    }
    if not changed:
        output.say("All as it was.")
        return
    store = options.store
    Triage(store).save_filters(Operation.EDIT_FILTERS, changed)
    store.ask_rules([row for row, *_ in store.listings.inbox((), ())], SECONDS_TO_ASK)
    forgotten = sum(saved is None for saved in changed.values())
    said = [f"{len(changed) - forgotten} saved"] * (len(changed) > forgotten)
    said += [f"{forgotten} forgotten"] * bool(forgotten)
    output.say(f"{', '.join(said)}; u in the reader takes it back.")


def _again() -> bool:
    """Ask whether to go on editing, where there is anyone to ask."""
    if not sys.stdin.isatty():
        return False
    print("Edit again? [Y/n] ", end="", file=sys.stderr, flush=True)
    return not sys.stdin.readline().strip().lower().startswith("n")
