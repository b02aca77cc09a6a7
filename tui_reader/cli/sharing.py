"""Commands that make of one's stars something for others: a feed, a digest."""

from datetime import timedelta

from tui_reader.cli import output, shell
from tui_reader.cli.papers import found, write_out
from tui_reader.store import Kind, View

WEEK = 7  # days


@shell.command("feed", shell.QUERY, shell.SAVED, *shell.OUTPUT)
def _feed(options: shell.Options) -> None:
    """Write an Atom feed of the stars, or of what a filter matches."""
    from tui_reader import digest

    options.query = options.query or ([] if options.saved else ["is:starred"])
    rows, store = found(options), options.store
    dates = store.marked.when("starred", rows)
    name = options.saved or " ".join(options.query)
    pieces = digest.atom(f"arXiv: {name}", f"tui-reader {name}", store.items(rows), dates)
    write_out(options, pieces, len(rows))


@shell.command(
    "digest",
    shell.flag("--week", "of the last seven days, not of one"),
    shell.argument(
        "--format", choices=("md", "html", "txt"), default="txt", help="if not told, txt"
    ),
    *shell.OUTPUT,
)
def _digest(options: shell.Options) -> None:
    """Write what was starred lately, for mail or a page."""
    from tui_reader import digest

    store, days = options.store, WEEK if options.week else 1
    begin, end = shell.now() - timedelta(days=days), shell.now()
    rows = store.contents(View(Kind.STARRED)).rows
    dates = store.marked.when("starred", rows)
    starred = [item for item in store.items(rows) if dates[item.paper.id] >= begin]
    if not starred:
        within = f"the last {WEEK} days" if options.week else "the last 24 hours"
        raise shell.NothingError(f"Nothing was starred in {within}.")
    starred.sort(key=lambda item: dates[item.paper.id])
    title = f"arXiv, {begin.astimezone():%d %B} to {end.astimezone():%d %B %Y}"
    count = output.counted(len(starred), "paper", "papers")
    parts = [digest.Headed(f"Starred: {count}", starred)]
    write_out(options, digest.DIGESTS[options.format](title, parts), len(starred))
