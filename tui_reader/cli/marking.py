"""Commands that mark papers, and keep the marks."""

import argparse
from collections.abc import Sequence

from tui_reader.cli import shell
from tui_reader.cli.papers import found, read_ids
from tui_reader.errors import UsageError
from tui_reader.model import PaperId, parse_id, row_of
from tui_reader.store import Kind, Store
from tui_reader.text import clean, clean_block, fit, plain
from tui_reader.triage import (
    Triage,
    Verb,
    change_tags,
    mark_read,
    mark_unread,
    set_note,
    skip,
    star,
    unstar,
)

VERBS: dict[str, tuple[Verb, str]] = {
    "star": (star, "Star papers."),
    "unstar": (unstar, "Take stars away."),
    "skip": (skip, "Skip papers: read, and not worth more."),
    "read": (mark_read, "Mark papers as read."),
    "unread": (mark_unread, "Mark papers as unread."),
}


def _edit(
    options: argparse.Namespace,
    operation: str,
    ids: Sequence[PaperId],
    verb: Verb,
) -> Store:
    store = shell.open_store(options)
    Triage(store, shell.now).edit(operation, ids, verb)
    return store


def _mark(options: argparse.Namespace) -> int | None:
    verb, _ = VERBS[options.command]
    ids = read_ids(options.ids)
    if not ids:
        return shell.PARTLY
    store = _edit(options, options.command.capitalize(), ids, verb)
    known = store.papers([row_of(id_) for id_ in ids])
    for id_ in ids:
        paper = known.get(row_of(id_))
        title = fit(plain(paper.title), 60) if paper else "(not in the cache; marked all the same)"
        print(f"{options.command}: {id_} {title}")
    return None


for name, (_, help_) in VERBS.items():
    shell.command(name, shell.IDS, help_=help_)(_mark)


@shell.command(
    "tag", shell.argument("tags", metavar="TAG,...", help="tags, parted by commas"), shell.IDS
)
def _tag(options: argparse.Namespace) -> None:
    """Tag papers; -TAG takes a tag away."""
    named = [name.strip() for name in options.tags.split(",")]
    gone = [name[1:] for name in named if name.startswith("-")]
    verb = change_tags([name for name in named if not name.startswith("-")], gone)
    _edit(options, "Tag", read_ids(options.ids), verb)


@shell.command("note", shell.argument("id", metavar="ID"), shell.argument("text", metavar="TEXT"))
def _note(options: argparse.Namespace) -> None:
    """Write a paper's note; an empty one takes it away."""
    id_, _ = parse_id(options.id)
    Triage(shell.open_store(options), shell.now).edit(
        "Note", [id_], set_note(clean_block(options.text))
    )


@shell.command("triage", shell.QUERY, shell.flag("--plain", "linear text; the only way, for now"))
def _triage(options: argparse.Namespace) -> int | None:
    """Go through the Inbox in linear text, a prompt a paper."""
    from tui_reader import linear

    store = shell.open_store(options)
    rows = found(store, options.query, Kind.INBOX)
    if not rows:
        return shell.PARTLY
    left = linear.run(store, rows, print, input, shell.now, shell.mode(options))
    print(f"{left} of {len(rows)} papers are still unread.")
    return None


@shell.command("history", shell.argument("id", nargs="?", metavar="ID"))
def _history(options: argparse.Namespace) -> int:
    """Say what was done, to one paper or lately."""
    store = shell.open_store(options)
    changes = store.history(parse_id(options.id)[0]) if options.id else store.recent()
    for change in changes:
        done = f"Undo {change.operation}" if change.undoes else change.operation
        ids = " ".join(change.papers[:5]) + (" ..." if len(change.papers) > 5 else "")
        when = change.at.astimezone().strftime("%Y-%m-%d %H:%M")
        print(f"{when}  {clean(change.machine)}  {clean(done)}  {ids}")
    if not changes:
        shell.say("Nothing was done yet.")
    return shell.DONE if changes else shell.PARTLY


@shell.command("backup", shell.FILE)
def _backup(options: argparse.Namespace) -> None:
    """Write every mark into one file."""
    if options.file.exists():
        raise UsageError(f"{options.file} exists; choose another name")
    count = shell.open_store(options).journal.backup(options.file)
    print(f"{count:,} changes written to {clean(str(options.file))}.")


@shell.command("restore", shell.FILE)
def _restore(options: argparse.Namespace) -> None:
    """Take over the marks of a backup; nothing goes away."""
    store = shell.open_store(options)
    count = store.journal.restore(options.file)
    store.refresh()
    print(f"{count:,} changes were missing here, and are restored.")
