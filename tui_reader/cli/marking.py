"""Commands that mark papers, and keep the marks."""

import sys
from functools import partial
from pathlib import Path

from tui_reader import actions, taxonomy, triage
from tui_reader.cli import output, shell
from tui_reader.cli.output import Line
from tui_reader.cli.papers import found, read_ids, tell
from tui_reader.errors import UsageError
from tui_reader.model import parse_id, row_of
from tui_reader.store import Kind, Operation, Store, View, operation_text

VERBS: dict[str, tuple[Operation, triage.Verb, str]] = {
    "star": (Operation.STAR, triage.star, "Star papers."),
    "unstar": (Operation.UNSTAR, triage.unstar, "Take stars away."),
    "skip": (Operation.SKIP, triage.skip, "Skip papers: read, and not worth more."),
    "read": (Operation.READ, triage.mark_read, "Mark papers as read."),
    "unread": (Operation.UNREAD, triage.mark_unread, "Mark papers as unread."),
}


def _edit(operation: Operation, verb: triage.Verb, options: shell.Options) -> None:
    """Edit the papers that are named, and tell what they are like now."""
    ids = read_ids(options.ids)
    change = triage.Triage(options.store).edit(operation, ids, verb)
    shell.keep_bibliography(options, change)
    tell(options, [row_of(id_) for id_ in ids])


@shell.command(
    "bibliography", shell.flag("--all", "also what was there before the setting was made")
)
def _bibliography(options: shell.Options) -> None:
    """Bring the BibTeX file of the settings in step with the stars, and say what it lacks."""
    from tui_reader.bibliography import Bibliography

    if not options.config.bibliography:
        raise UsageError('no file is set: in config.toml, bibliography = "~/refs.bib"')
    store = options.store
    kept = Bibliography(store.paths, options.config)
    if options.all or kept.known() is None:
        kept.begin(())
    output.say(kept.bring(store).said(kept.file) or f"{kept.file}: in step.")
    for offer in kept.offers(store):
        print(offer)


for name, (operation, verb, help_) in VERBS.items():
    shell.command(name, shell.IDS, shell.JSON, help_=help_)(partial(_edit, operation, verb))


@shell.command(
    "tag",
    shell.argument("tags", metavar="TAG,...", help="tags, parted by commas"),
    shell.IDS,
    shell.JSON,
)
def _tag(options: shell.Options) -> None:
    """Tag papers; -TAG takes a tag away."""
    _edit(Operation.TAG, triage.retag(options.tags), options)


@shell.command(
    "note",
    shell.argument("ids", nargs=1, metavar="ID"),
    shell.argument("text", nargs="+", metavar="TEXT"),
    shell.JSON,
)
def _note(options: shell.Options) -> None:
    """Write a paper's note; an empty one takes it away."""
    text = " ".join(word.removeprefix(" ") for word in options.text)
    _edit(Operation.NOTE, triage.set_note(text), options)


@shell.command(
    "triage",
    shell.QUERY,
    shell.SAVED,
    shell.argument(
        "--view",
        default="inbox",
        metavar="VIEW",
        help="inbox, starred, library, or a listing: cs.DC, the newest, or cs.DC/2026-03-03",
    ),
    shell.flag("--plain", "linear text, as without it"),
)
def _triage(options: shell.Options) -> None:
    """Go through the Inbox, or another view, in linear text: a prompt a paper."""
    from tui_reader import linear

    store = options.store
    rows = found(options, _view(store, options.view))
    keys = actions.remapped(options.config.keys)
    left = linear.Walk(store, rows, shell.now, options.mode, keys).go()
    print(f"{left} of {len(rows)} papers are still unread.")


def _view(store: Store, name: str) -> View:
    if name in (Kind.INBOX, Kind.STARRED, Kind.LIBRARY):
        return View(Kind(name))
    category, _, day = name.lower().partition("/")
    days = store.listings.days()
    for each in days:
        if each.category.lower() == category and day in ("", each.announced.isoformat()):
            return View(Kind.LISTING, each.category, each.announced)
    stored = f"{days[0].category}/{days[0].announced}" if days else "none"
    if taxonomy.is_known(taxonomy.canonical(category)):
        code = taxonomy.canonical(category)
        newest = f"; the newest: {stored}" * bool(days)
        fetch = f"to fetch it: tui-reader sync {code}"
        raise shell.NothingError(f"No listing {name!r} is stored{newest}; {fetch}")
    raise UsageError(
        f"{name!r} is no view: inbox, starred, library, or a stored listing; the newest: {stored}"
    )


@shell.command("history", shell.argument("id", nargs="?", metavar="ID"), shell.JSON)
def _history(options: shell.Options) -> None:
    """Say what was done, to one paper or lately."""
    journal = options.store.journal
    lines = []
    for change in journal.history(parse_id(options.id)[0]) if options.id else journal.recent():
        done = "Undo " * bool(change.undoes) + operation_text(change.operation)
        at, papers = change.at.astimezone(), change.papers
        ids = " ".join(papers[:5]) + (" ..." if len(papers) > 5 else "")
        data = {"at": at.isoformat(), "machine": change.machine, "done": done, "papers": papers}
        data |= {"filters": change.filters}
        what = ids or ", ".join(change.filters)
        lines.append(Line((f"{at:%Y-%m-%d %H:%M}", change.machine, done, what), data))
    if not lines:
        to = f" to {options.id}" if options.id else ""
        raise shell.NothingError(f"Nothing was done{to} yet.")
    options.write(lines)


@shell.command("backup", shell.FILE, shell.JSON)
def _backup(options: shell.Options) -> None:
    """Write every mark into one file."""
    if options.file == Path("-"):
        from tempfile import TemporaryDirectory

        with TemporaryDirectory() as folder:
            file = Path(folder, "marks")
            count = options.store.journal.backup(file)
            sys.stdout.buffer.write(file.read_bytes())
        output.say(f"{output.counted(count, 'change', 'changes')} written.")
        return
    if options.file.exists():
        raise UsageError(f"{options.file} exists; choose another name")
    count = options.store.journal.backup(options.file)
    _tell(options, count, f"written to {options.file}.")


@shell.command("restore", shell.FILE, shell.JSON)
def _restore(options: shell.Options) -> None:
    """Take over the marks of a backup; nothing goes away."""
    store = options.store
    file = Path("/dev/stdin") if options.file == Path("-") else options.file
    count = store.journal.restore(file)
    store.refresh()
    _tell(options, count, "restored that were missing here.")


def _tell(options: shell.Options, changes: int, done: str) -> None:
    told = f"{output.counted(changes, 'change', 'changes')} {done}"
    options.write([Line([told], {"file": options.file, "changes": changes})])
