"""Commands that get papers here: from files, and from arXiv."""

import os
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from functools import partial
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, BinaryIO

from tui_reader import calendar, taxonomy
from tui_reader.cli import output, shell
from tui_reader.cli.output import Line
from tui_reader.errors import FetchError, SourceError, Trouble, UsageError, translated
from tui_reader.following import (
    categories_meant,
    category_code,
    follow,
    followed,
    of_inbox,
    unfollow,
)
from tui_reader.model import Listing, Section, paper_at, row_of
from tui_reader.store import Kind, Operation, Store, View
from tui_reader.text import bar, clean, plain
from tui_reader.triage import Triage, star
from tui_reader.ui.row_text import long_date

if TYPE_CHECKING:  # loads the network
    from tui_reader.fetch import Client
    from tui_reader.importing import Imported


@shell.command(
    "import",
    shell.flag("--star", "star every paper in the files"),
    shell.JSON,
    shell.argument("files", nargs="+", metavar="FILE", help="or a folder; - for standard input"),
)
def _import(options: shell.Options) -> int:
    """Read files that came from arXiv."""
    from tui_reader.cli.papers import lacking  # its commands come after these

    store = options.store
    codes = set()
    brought = set[tuple[str, date]]()
    for name in options.files:
        origin = clean(name)
        try:
            done = _brought_in(options, name, origin)
        except SourceError as error:
            output.say(f"tui-reader: {error}")
            codes.add(shell.FAILED)
            continue
        starred = Triage(store).edit(Operation.STAR, done.ids, star) if options.star else None
        stars = len(starred.papers) if starred else 0
        shell.keep_bibliography(options, starred)
        papers = output.counted(done.papers, "paper", "papers")
        told = [*map(_imported, done.listings)]
        told = told or [done.form if done.texts else f"{done.form}: {papers}"]
        if done.form == "folder":
            told = [_folder(done)]
        if done.papers:
            told.append(f"{done.unknown:,} of {papers} new to the cache.")
        if options.star:
            told.append(f"{output.counted(stars, 'paper', 'papers')} starred.")
            if not store.cache.taste.missing():
                told.append("Papers can be ordered for you: sort:foryou, or S at the screen.")
        data = {"file": origin, "form": done.form, "papers": done.papers, "new": done.unknown}
        data |= {"starred": stars, "problems": done.problems}
        options.write([Line([text], data) for text in told[: 1 if options.json else None]])
        lacking(store, done.texts)
        brought |= {(listing.category, listing.announced) for listing in done.listings}
        for problem in done.problems:
            output.say(f"{origin}: {problem}")
        codes.add(shell.PARTLY if done.problems else shell.DONE)
    _tell_elsewhere(store, brought)
    shell.index(store)
    return codes.pop() if len(codes) == 1 else shell.PARTLY


def _brought_in(options: shell.Options, name: str, origin: str) -> "Imported":
    from tui_reader.importing import import_file, import_folder

    with shell.talk(options.paths) as talk:
        if Path(name).is_dir():
            files = "file", "files"
            return import_folder(
                options.store,
                Path(name),
                shell.now(),
                lambda at, count: talk.show(f"{at:,} of {output.counted(count, *files)}  {origin}"),
                star=options.star,
            )
        with _opened(name) as file:
            progress = progress_of(talk, file, origin)
            return import_file(
                options.store, file, origin, shell.now(), progress, star=options.star
            )


def _folder(done: "Imported") -> str:
    files = output.counted(done.files, "file", "files")
    listings = output.counted(len(done.listings), "listing", "listings")
    before = f"; {done.known_files:,} were looked at before" if done.known_files else ""
    return f"folder: {files} of arXiv, {listings}{before}"


def _tell_elsewhere(store: Store, brought: Iterable[tuple[str, date]]) -> None:
    """Say once of all listings that came which are of categories that nobody follows."""
    following = of_inbox(store.paths.config)
    others = [(code, day) for code, day in brought if code not in following]
    if not following or not others:
        return
    rows = {row for listing in others for row, _ in store.listings.rows(*listing)}
    inbox = store.contents(View(Kind.INBOX), followed=following)
    shown = len(rows.intersection(inbox.rows))
    codes = sorted({code for code, _ in others})
    verb, its = ("is", "its") if len(codes) == 1 else ("are", "their")
    papers = output.counted(len(rows), "paper", "papers")
    said = f"{', '.join(codes)} {verb} not followed: the Inbox shows {shown:,} of {its} {papers}"
    known = " ".join(filter(taxonomy.is_known, codes))
    output.say(
        f"{said}, l shows all" + (f"; to follow: tui-reader follow {known}" if known else "")
    )


def _opened(name: str) -> BinaryIO:
    """Open a file for reading, `-` for standard input; raise SourceError where that fails."""
    with translated(partial(SourceError, clean(name)), "can't be read"):
        return sys.stdin.buffer if name == "-" else Path(name).open("rb")


def progress_of(talk: output.Talk, file: BinaryIO, origin: str) -> Callable[[int], None]:
    """Return what draws a bar with counts and rate, where the size of the file is known."""
    size = os.fstat(file.fileno()).st_size if talk.heard and file.seekable() else 0
    started = monotonic()

    def show(papers: int) -> None:
        if size:
            share = min(1.0, file.tell() / size)
            rate = papers / max(monotonic() - started, 0.001)
            talk.show(f"{bar(share, 20)} {share:4.0%}  {papers:,} papers  {rate:,.0f}/s  {origin}")

    return show


def _imported(listing: Listing) -> str:
    listed = f"{listing.category} {listing.announced}"
    if not listing.entries and listing.complete:
        return f"{listed}: nothing was announced"
    found = Counter(entry.section for entry in listing.entries)
    counts = ", ".join(f"{found[section]} {section}" for section in Section)
    return f"{listed}: {output.counted(len(listing.entries), 'entry', 'entries')} ({counts})"


@shell.command(
    "sync",
    shell.argument("categories", nargs="*", metavar="CATEGORY", help="these instead"),
    shell.flag("--force", "ask, even if nothing can be new"),
    shell.flag("--quiet", "say only which new papers are watched"),
    shell.JSON,
    shell.argument("--harvest", metavar="CATEGORY", help="fetch all papers of a category"),
    shell.argument("--from", dest="first", metavar="DATE", help="... changed since: 2020-01-01"),
)
def _sync(options: shell.Options) -> int | None:
    """Fetch what arXiv has announced in the followed categories."""
    from tui_reader import sync

    if options.harvest or options.first:
        _harvest(options)
        return None
    following = followed(options.paths.config)
    if options.categories:
        newest = dict.fromkeys(categories_meant(options.categories), calendar.latest(shell.now()))
        following = {code: following.get(code, day) for code, day in newest.items()}
    if not following:
        raise shell.NothingError(shell.NOTHING_FOLLOWED)
    with shell.talk(options.paths) as talk:
        store, client = options.store, _client(options)
        inbox = of_inbox(options.paths.config)
        before = store.watched_in_inbox(inbox)
        outcomes = sync.run(store, client, following, shell.now, talk.show, force=options.force)
    lines = [Line((x.category, f"{x.state.text}: {x.says}"), x._asdict()) for x in outcomes]
    new = [row for row in store.watched_in_inbox(inbox) if row not in before]
    options.write([] if options.quiet else lines)
    options.write(_watched(options, new))
    if all(outcome.state.settled for outcome in outcomes):
        return shell.DONE
    failed = all(outcome.state is sync.DayState.FAILED for outcome in outcomes)
    return shell.FAILED if failed else shell.PARTLY


def _watched(options: shell.Options, rows: Sequence[int]) -> list[Line]:
    """Return the line that tells of papers that are watched; none where there are none."""
    items = [*options.store.items(rows)]
    if not items:
        return []
    told = [f"{plain(x.paper.title, options.mode)} ({', '.join(x.watched)})" for x in items]
    ids = [item.paper.id for item in items]
    return [Line([f"{len(items):,} watched: {'; '.join(told)}"], {"watched": ids})]


def _harvest(options: shell.Options) -> None:
    from tui_reader import sync

    try:
        first = date.fromisoformat(options.first or "")
        category = category_code(options.harvest or "")
    except ValueError as error:
        raise UsageError(
            "sync --harvest CATEGORY --from DATE takes a date as 2020-01-01"
        ) from error
    with shell.talk(options.paths) as talk:
        store, client = options.store, _client(options)
        count = sync.harvest(store, client, category, first, shell.now, talk.show)
    shell.index(store)
    print(f"{category}: {count:,} papers, changed at arXiv since {first}")


@shell.command(
    "get",
    shell.QUERY_OR_IDS,
    shell.SAVED,
    shell.JSON,
    shell.flag("--text", "the texts of these papers, or of those a query finds, for a journey"),
)
def _get(options: shell.Options) -> int:
    """Fetch what arXiv knows of papers, and store it."""
    from tui_reader import sync
    from tui_reader.cli.papers import read_ids, tell

    if options.text:
        return _get_texts(options)
    ids, store = read_ids(options.query), options.store
    with shell.talk(options.paths) as talk:
        missing = sync.fetch_records(store, _client(options), ids, shell.now, talk.show)
    shell.index(store)
    tell(options, [row_of(id_) for id_ in ids if id_ not in missing])
    for id_ in missing:
        output.say(f"tui-reader: {id_}: arXiv sent no record of it; is the identifier right?")
    return shell.PARTLY if missing else shell.DONE


def _get_texts(options: shell.Options) -> int:
    """Fetch the texts that are not here yet; each is a request, as arXiv wants it."""
    from tui_reader import full_text
    from tui_reader.cli.papers import chosen
    from tui_reader.fetch import PAUSES

    paths, now = options.paths, shell.now()
    rows = chosen(options)
    known = options.store.papers.at(rows)
    ids = [paper_at(row) for row in rows if full_text.is_offered(known.get(row))]
    missing = [id_ for id_ in ids if not full_text.load(paths, id_, now=now)]
    minutes = round(len(missing) * PAUSES["site"] / 60)
    if minutes:
        several = output.counted(len(missing), "text", "texts")
        output.say(f"{several} to get: about {output.counted(minutes, 'minute', 'minutes')}.")
    codes = {shell.DONE}
    with shell.talk(paths) as talk:
        for at, id_ in enumerate(missing, 1):
            show = partial(_show_one, talk, f"{at} of {len(missing)}")
            try:
                text = full_text.fetch(paths, options.config.contact, id_, None, show)
            except FetchError as error:
                output.say(f"tui-reader: {id_}: {error}")
                if error.trouble is not Trouble.UNKNOWN:
                    return shell.FAILED
                codes.add(shell.PARTLY)
                continue
            if text.state.says:
                output.say(f"tui-reader: {id_}: {text.state.says}")
            if not text.state.is_text:
                codes.add(shell.PARTLY)
    here = output.counted(len(ids) - len(missing), "was", "were")
    print(f"{output.counted(len(ids), 'paper', 'papers')}, {here} here before.")
    return max(codes)


def _show_one(talk: output.Talk, which: str, said: str) -> None:
    talk.show(f"{which}  {said}")


def _client(options: shell.Options) -> "Client":
    from tui_reader.fetch import Client

    return Client(options.paths.state, contact=options.config.contact)


@shell.command(
    "follow",
    shell.argument(
        "categories", nargs="*", metavar="CATEGORY", help="such as cs.DC, hep-th, or by its words"
    ),
    shell.JSON,
)
def _follow(options: shell.Options) -> None:
    """Follow categories from now on, or say which are."""
    config = options.paths.config
    if options.categories:
        _tell(options, follow(config, categories_meant(options.categories), shell.now()))
    elif following := followed(config):
        _tell(options, following)
    else:
        raise shell.NothingError(shell.NOTHING_FOLLOWED)


@shell.command("unfollow", shell.argument("categories", nargs="+", metavar="CATEGORY"), shell.JSON)
def _unfollow(options: shell.Options) -> int:
    """Follow categories no longer."""
    config, categories = options.paths.config, categories_meant(options.categories)
    others = [code for code in categories if code not in followed(config)]
    _tell(options, unfollow(config, categories))
    for code in others:
        output.say(f"tui-reader: {code} was not followed.")
    return shell.PARTLY if others else shell.DONE


def _tell(options: shell.Options, following: Mapping[str, date | None]) -> None:
    lines = []
    for code, since in following.items():
        name = taxonomy.name_of(code)
        lines.append(Line((code, name), {"category": code, "name": name, "since": since}))
    options.write(lines)
    if not following:
        output.say(shell.NOTHING_FOLLOWED)


@shell.command("status", shell.JSON)
def _status(options: shell.Options) -> None:
    """Say what is stored of the followed categories, and what is next."""
    from tui_reader import sync

    moment = shell.now()
    stand = sync.standings(options.store, followed(options.paths.config), moment)
    lines: list[Line] = []
    if not stand:
        for day in options.store.listings.days():
            entries = sum(day.counts)
            told = f"{day.unread:,} unread of {entries:,}"
            data = {"category": day.category, "stored": day.announced, "entries": entries}
            lines.append(Line((day.category, long_date(day.announced), told), data))
        options.write(lines)
        raise shell.NothingError(shell.NOTHING_FOLLOWED)
    for category, each in stand.items():
        cells = each.days
        mondays, signs = sync.weeks(cells)
        if not lines and not options.json:
            lines.append(Line(("", mondays, "")))
        newest = next((cell.announced for cell in cells if cell.stored), None)
        state, says = sync.standing(cells[0], moment)
        days = {str(cell.announced): sync.state_of(cell) for cell in cells}
        data = {"category": category, "newest": newest, "state": state, "says": says, "days": days}
        last = f"{newest:%d %B}" if newest else "nothing stored"
        lines.append(Line((category, signs, f"{last}  {state.text}: {says}"), data))
    options.write(lines)
    if options.json:
        return
    output.draw([(sync.LEGEND, "dim")], options.mode)
    if trouble := sync.last_trouble(options.store):
        print(trouble)
    print(sync.next_step(stand, moment))
