"""The command line: arguments to the app, or to one headless command.

Data goes to standard output, talk to standard error. Exit codes: DONE, PARTLY, USAGE, FAILED.
"""

import argparse
import json
import os
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from shutil import get_terminal_size
from time import monotonic
from typing import TYPE_CHECKING, Any, BinaryIO, NoReturn

from tui_reader import calendar
from tui_reader.config import Config, Paths, load
from tui_reader.errors import ConfigError, IdError, QueryError, SourceError, TuiReaderError
from tui_reader.following import category_code, follow, followed, unfollow
from tui_reader.model import Listing, Marks, Paper, PaperId, Section, paper_at, parse_id, row_of
from tui_reader.store import Kind, Store, View
from tui_reader.text import Mode, cells, clean, clean_block, fit, plain
from tui_reader.triage import (
    Triage,
    change_tags,
    mark_read,
    mark_unread,
    set_note,
    skip,
    star,
    unstar,
)

if TYPE_CHECKING:  # loaded by the commands that need them
    from tui_reader.export import Item
    from tui_reader.sync import Progress

DONE, PARTLY, USAGE, FAILED = 0, 1, 2, 3
INTERRUPTED = 130

VERBS: dict[str, tuple[Callable[[Marks], Marks], str]] = {
    "star": (star, "Star papers."),
    "unstar": (unstar, "Take stars away."),
    "skip": (skip, "Skip papers: read, and not worth more."),
    "read": (mark_read, "Mark papers as read."),
    "unread": (mark_unread, "Mark papers as unread."),
}


def run(arguments: Sequence[str]) -> int:
    """Do what the command line asks for; return the process's exit code."""
    _mend_streams()
    try:
        options = _parser().parse_args(_with_command(arguments))
        code: int = options.run(options)
        sys.stdout.flush()
    except QueryError as error:
        return _refuse(str(error), USAGE)
    except (ConfigError, IdError) as error:
        return _refuse(str(error), USAGE)
    except TuiReaderError as error:
        return _refuse(str(error), FAILED)
    except BrokenPipeError:
        # The reader of the pipe had enough. Python would complain once more at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return DONE
    except OSError as error:
        # Everything else that fails has an error of our own: this is a full disk behind a pipe.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return _refuse(f"{error.filename or 'standard output'}: {error.strerror}", FAILED)
    except KeyboardInterrupt:
        return INTERRUPTED
    return code


def _mend_streams() -> None:
    """Make the standard streams fit for anything: a closed one, a locale without Unicode."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, mode))  # noqa: SIM115  for as long as we run
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")


class _Parser(argparse.ArgumentParser):
    """A parser whose complaints repeat what was typed, but nothing a terminal acts on."""

    def error(self, message: str) -> NoReturn:
        super().error(clean(message))


def _refuse(message: str, code: int) -> int:
    _say(f"tui-reader: {message}")
    return code


def _say(message: str) -> None:
    print(clean(message), file=sys.stderr)


def _with_command(arguments: Sequence[str]) -> list[str]:
    """Let FILE... mean `import FILE...`, and `-word` in a query mean what it does in the bar."""
    given = list(arguments)
    for at, argument in enumerate(given):
        if argument.startswith("-") or (at and given[at - 1] == "--home"):
            continue
        if negated := _NEGATED.get(argument):
            # A blank before it keeps argparse from taking it for an option.
            given[at + 1 :] = [f" {a}" if negated.match(a) else a for a in given[at + 1 :]]
        elif argument not in COMMANDS and Path(argument).exists():
            given.insert(at, "import")
        break
    return given


_NEGATED = {
    **dict.fromkeys(("list", "tag", "triage"), re.compile(r"-(?!-|h?$)")),
    "export": re.compile(r"-(?!-|[ho]?$)"),
}


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(
        prog="tui-reader",
        description="Keep up with arXiv from the terminal. Without a command, opens the reader.",
        epilog="Exit codes: 0 done, 1 nothing matched or partly failed, 2 wrong usage, "
        "3 data or network error.",
    )
    parser.set_defaults(run=_open)
    parser.add_argument(
        "--version", action="store_const", dest="run", const=_version, help="say it"
    )
    parser.add_argument(
        "--home",
        type=_directory,
        metavar="DIR",
        help="keep everything under DIR (or set TUI_READER_HOME)",
    )
    parser.add_argument(
        "--sample", action="store_true", help="use the bundled sample listing, kept apart"
    )
    parser.add_argument(
        "--ascii", action="store_true", help="draw and write nothing but ASCII: alpha, <=, x^2"
    )
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", dest="command")

    def command(name: str, help_: str, run: Callable[[argparse.Namespace], int]) -> Any:
        added = commands.add_parser(name, help=help_, description=help_)
        added.set_defaults(run=run)
        return added

    import_ = command("import", "Read files that came from arXiv.", _import)
    import_.add_argument("--star", action="store_true", help="star every paper in the files")
    import_.add_argument("files", nargs="+", metavar="FILE", help="a file, or - for standard input")
    sync = command("sync", "Fetch what arXiv has announced in the followed categories.", _sync)
    sync.add_argument("categories", nargs="*", metavar="CATEGORY", help="these instead")
    sync.add_argument("--force", action="store_true", help="ask, even if nothing can be new")
    sync.add_argument("--json", action="store_true", help="one JSON object a category")
    sync.add_argument("--harvest", metavar="CATEGORY", help="fetch all papers of a category")
    sync.add_argument("--from", dest="first", metavar="DATE", help="... changed since: 2020-01-01")
    follow_ = command("follow", "Follow categories from now on, or say which are.", _follow)
    follow_.add_argument("categories", nargs="*", metavar="CATEGORY", help="such as cs.DC, hep-th")
    unfollow_ = command("unfollow", "Follow categories no longer.", _follow)
    unfollow_.add_argument("categories", nargs="+", metavar="CATEGORY")
    command("status", "Say what is stored of the followed categories, and what is next.", _status)
    list_ = command("list", "List the stored papers that a filter matches.", _list)
    list_.add_argument("query", nargs="*", metavar="QUERY", help="as in the filter bar")
    list_.add_argument("--json", action="store_true", help="one JSON object a line")
    list_.add_argument("--ids", action="store_true", help="one identifier a line")
    show = command("show", "Show papers in full.", _show)
    show.add_argument("ids", nargs="+", metavar="ID", help=IDS)
    show.add_argument("--json", action="store_true", help="one JSON object a line")
    export = command("export", "Write papers for other programs.", _export)
    export.add_argument("query", nargs="*", metavar="QUERY", help=f"as in the filter bar; or {IDS}")
    export.add_argument(
        "--format",
        choices=("bibtex", "ris", "csl", "markdown", "csv", "jsonl", "plain"),
        help="told by the file's ending where there is one; else bibtex",
    )
    export.add_argument("-o", "--output", metavar="FILE", help="write a file, in UTF-8")
    export.add_argument("--force", action="store_true", help="replace the file if it exists")
    for name, (_, help_) in VERBS.items():
        verb = command(name, help_, _mark)
        verb.add_argument("ids", nargs="+", metavar="ID", help=IDS)
    tag = command("tag", "Tag papers; -TAG takes a tag away.", _tag)
    tag.add_argument("tags", metavar="TAG,...", help="tags, parted by commas")
    tag.add_argument("ids", nargs="+", metavar="ID", help=IDS)
    note = command("note", "Write a paper's note; an empty one takes it away.", _note)
    note.add_argument("id", metavar="ID")
    note.add_argument("text", metavar="TEXT")
    triage = command("triage", "Go through the Inbox in linear text, a prompt a paper.", _triage)
    triage.add_argument("query", nargs="*", metavar="QUERY", help="as in the filter bar")
    triage.add_argument("--plain", action="store_true", help="linear text; the only way, for now")
    history = command("history", "Say what was done, to one paper or lately.", _history)
    history.add_argument("id", nargs="?", metavar="ID")
    backup = command("backup", "Write every mark into one file.", _backup)
    backup.add_argument("file", type=Path, metavar="FILE")
    restore = command("restore", "Take over the marks of a backup; nothing goes away.", _restore)
    restore.add_argument("file", type=Path, metavar="FILE")
    return parser


COMMANDS = (
    "import",
    "sync",
    "follow",
    "unfollow",
    "status",
    "list",
    "show",
    "export",
    *VERBS,
    "tag",
    "note",
    "triage",
    "history",
    "backup",
    "restore",
)
IDS = "arXiv identifiers, in any form; - reads them from standard input, one a line"


def _directory(name: str) -> Path:
    if not name:
        raise argparse.ArgumentTypeError("needs the name of a directory")
    return Path(name)


def _paths(options: argparse.Namespace) -> Paths:
    home = options.home or os.environ.get("TUI_READER_HOME")
    if home:
        try:
            paths = Paths.under(Path(home).expanduser().absolute())
        except RuntimeError as error:
            raise ConfigError(f"{home}: no such home directory; name another") from error
    else:
        import platformdirs

        dirs = platformdirs.PlatformDirs("tui-reader", appauthor=False)
        paths = Paths(
            dirs.user_data_path, dirs.user_cache_path, dirs.user_config_path, dirs.user_state_path
        )
    return Paths.under(paths.state / "sample") if options.sample else paths


def _config(options: argparse.Namespace) -> Config:
    config = load(_paths(options).config)
    return config._replace(ascii=True) if options.ascii else config


def _store(options: argparse.Namespace) -> Store:
    store = Store(_paths(options))
    for problem in store.problems:
        _say(f"tui-reader: {problem}")
    if options.sample and not store.days():
        from tui_reader import sources

        sample = _sample()
        store.save(sources.read(sample.read_bytes(), sample.name), _now())
    return store


def _sample() -> Path:
    """Return the bundled listing: beside the package when installed, else in the checkout."""
    package = Path(__file__).parent
    installed = package / "sample.txt"
    if installed.exists():
        return installed
    return package.parent / "snapshots" / "listings" / "cs.DC-2026-03-03.txt"


def _now() -> datetime:
    return datetime.now(UTC)


# The reader


def _version(options: argparse.Namespace) -> int:
    from importlib.metadata import version

    print(f"tui-reader {version('tui-reader')}")
    return DONE


def _open(options: argparse.Namespace) -> int:
    from tui_reader.ui import guard

    if why := guard.unusable():
        return _refuse(why, USAGE)
    store = _store(options)
    view = View(Kind.INBOX)
    if options.sample:
        newest = store.days()[0]
        view = View(Kind.LISTING, newest.category, newest.announced)
    from tui_reader.ui.app import ReaderApp, theme_problem

    config = _config(options)
    if problem := theme_problem(config.theme):
        return _refuse(f"{store.paths.config / 'config.toml'}: {problem}", USAGE)
    code = guard.run(ReaderApp(store, view, config), store.paths.state)
    if code == DONE:
        store.tidy(_now())
    return code


# Commands


def _import(options: argparse.Namespace) -> int:
    from tui_reader.importing import import_file

    store = _store(options)
    failed = partial = 0
    for name in options.files:
        origin = clean(name)
        try:
            with _opened(name) as file, _Progress(origin, file) as progress:
                done = import_file(store, file, origin, _now(), progress, star=options.star)
        except SourceError as error:
            _say(f"tui-reader: {error}")
            failed += 1
            continue
        for listing in done.listings:
            print(_imported(listing))
        if not done.listings:
            print(f"{done.form}: {_counted(done.papers, 'paper', 'papers')}")
        if done.papers:
            papers = _counted(done.papers, "paper", "papers")
            print(f"{done.unknown:,} of {papers} new to the cache.")
        if options.star:
            starred = Triage(store, _now).edit("Star", done.ids, star)
            count = len(starred.papers) if starred else 0
            print(f"{_counted(count, 'paper', 'papers')} starred.")
        for problem in done.problems:
            _say(f"{origin}: {problem}")
        partial += bool(done.problems)
    if failed == len(options.files):
        return FAILED
    return PARTLY if failed or partial else DONE


def _opened(name: str) -> BinaryIO:
    """Open a file for reading, `-` for standard input; raise SourceError where that fails."""
    try:
        return sys.stdin.buffer if name == "-" else Path(name).open("rb")
    except IsADirectoryError as error:
        raise SourceError(clean(name), "a directory; name the files in it") from error
    except FileNotFoundError as error:
        raise SourceError(clean(name), "no such file; check its name") from error
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise SourceError(clean(name), f"can't be read: {reason}") from error


class _Progress:
    """A bar with counts and rate on standard error, while it is a terminal."""

    def __init__(self, origin: str, file: BinaryIO) -> None:
        self.origin = origin
        self.file = file
        self.started = monotonic()
        self.shown = 0.0
        self.size = 0

    def __enter__(self) -> "_Progress":
        if sys.stderr.isatty() and self.file.seekable():
            self.size = os.fstat(self.file.fileno()).st_size
        return self

    def __call__(self, papers: int) -> None:
        now = monotonic()
        if not self.size or now - self.shown < 0.1:
            return
        self.shown = now
        share = min(1.0, self.file.tell() / self.size)
        bar = ("━" * round(share * 20)).ljust(20, "·")
        rate = papers / max(now - self.started, 0.001)
        line = f"{bar} {share:4.0%}  {papers:,} papers  {rate:,.0f}/s  {self.origin}"
        print(f"\r{fit(line, get_terminal_size().columns - 1)}\x1b[K", end="", file=sys.stderr)
        sys.stderr.flush()

    def __exit__(self, *_: object) -> None:
        if self.shown:
            print("\r\x1b[K", end="", file=sys.stderr, flush=True)


def _imported(listing: Listing) -> str:
    if not listing.entries and listing.complete:
        return f"{listing.category} {listing.announced}: nothing was announced"
    counts = ", ".join(
        f"{sum(entry.section is section for entry in listing.entries)} {section}"
        for section in Section
    )
    entries = _counted(len(listing.entries), "entry", "entries")
    return f"{listing.category} {listing.announced}: {entries} ({counts})"


def _counted(count: int, one: str, several: str) -> str:
    return f"{count:,} {one if count == 1 else several}"


# arXiv


def _sync(options: argparse.Namespace) -> int:
    from tui_reader import sync
    from tui_reader.fetch import Client

    if options.harvest or options.first:
        return _harvest(options)
    paths = _paths(options)
    following = followed(paths.config)
    if options.categories:
        newest = dict.fromkeys(map(category_code, options.categories), calendar.latest(_now()))
        following = {code: following.get(code, day) for code, day in newest.items()}
    if not following:
        return _refuse("no category is followed yet; for one: tui-reader follow cs.DC", USAGE)
    with _Talk() as talk:
        client = Client(paths.state)
        outcomes = sync.run(
            _store(options), client, following, _now, talk.show, force=options.force
        )
    for outcome in outcomes:
        if options.json:
            print(json.dumps(outcome._asdict(), default=str))
        else:
            print(
                f"{outcome.category:<{max(map(len, following))}}  {outcome.state}: {outcome.says}"
            )
    if all(outcome.state is sync.State.FAILED for outcome in outcomes):
        return FAILED
    return DONE if all(outcome.state.settled for outcome in outcomes) else PARTLY


def _harvest(options: argparse.Namespace) -> int:
    from tui_reader import sync
    from tui_reader.fetch import Client

    try:
        first = date.fromisoformat(options.first or "")
        category = category_code(options.harvest or "")
    except ValueError:
        return _refuse("sync --harvest CATEGORY --from DATE takes a date as 2020-01-01", USAGE)
    store = _store(options)
    with _Talk() as talk:
        client = Client(store.paths.state)
        count = sync.harvest(store, client, category, first, _now, talk.show)
    print(f"{category}: {count:,} papers, changed at arXiv since {first}")
    return DONE


class _Talk:
    """What a sync is doing, in one line on standard error, while that is a terminal."""

    def __enter__(self) -> "_Talk":
        return self

    def show(self, progress: "Progress") -> None:
        if sys.stderr.isatty():
            line = fit(str(progress), get_terminal_size().columns - 1)
            print(f"\r{line}\x1b[K", end="", file=sys.stderr, flush=True)

    def __exit__(self, *_: object) -> None:
        if sys.stderr.isatty():
            print("\r\x1b[K", end="", file=sys.stderr, flush=True)


def _follow(options: argparse.Namespace) -> int:
    from tui_reader import taxonomy

    config = _paths(options).config
    if options.command == "unfollow":
        following = unfollow(config, options.categories)
    elif options.categories:
        following = follow(config, options.categories, _now())
    else:
        following = followed(config)
    for code in following:
        print(f"{code}\t{taxonomy.name_of(code)}")
    if not following:
        _say("No category is followed.")
    return DONE


def _status(options: argparse.Namespace) -> int:
    from tui_reader import sync

    now = _now()
    store = _store(options)
    following = followed(store.paths.config)
    ledger = store.ledger(now.date() - timedelta(days=calendar.CATCH_UP_DAYS))
    signs = dict(zip(sync.Mark, "#o+!." if options.ascii else "■□▣!·", strict=True))
    standings = sync.standings(ledger, following, now)
    wide = max(map(len, following), default=0)
    for number, standing in enumerate(standings):
        if not number:
            mondays = "".join(f"{day:%d %b} " for day, _ in standing.days[::5])
            print(f"{'':{wide}}  {mondays.rstrip()}")
        row = "".join(signs[mark] for _, mark in standing.days)
        weeks = " ".join(row[at : at + 5] for at in range(0, len(row), 5))
        newest = f"{standing.newest:%d %B}" if standing.newest else "nothing stored"
        print(f"{standing.category:<{wide}}  {weeks}  {newest}  {standing.trouble}".rstrip())
    if following:
        print("  ".join(f"{sign} {mark}" for mark, sign in signs.items()))
    else:
        print("No category is followed; for one: tui-reader follow cs.DC")
    due = sync.next_due(ledger, following, now)
    print(
        "A sync is due now."
        if following and due <= now
        else f"Next: {due.astimezone():%A %d %B %H:%M}; nothing can be new before"
        f" {sync.next_announcement(now)}."
    )
    return DONE


def _list(options: argparse.Namespace) -> int:
    store = _store(options)
    rows = _found(store, options.query)
    mode = Mode.ASCII if _config(options).ascii else Mode.UNICODE
    line = _table_line if sys.stdout.isatty() else _plain_line
    if options.ids:
        for row in rows:
            print(paper_at(row))
        return DONE if rows else PARTLY
    for item in _items(store, rows):
        if options.json:
            from tui_reader.export import json_line

            print(json_line(item))
        else:
            print(line(item.paper, item.marks, mode))
    return DONE if rows else PARTLY


def _found(store: Store, words: Sequence[str]) -> Sequence[int]:
    """Return the rows of the papers that a query matches; say so where there are none."""
    from tui_reader.query import parse

    query = parse(" ".join(words), date.today())  # noqa: DTZ011  the person's own day
    contents = store.contents(View(Kind.LIBRARY))
    if words:
        contents = store.find(contents, query)
    if not contents.rows:
        _say("Nothing matches." if words else "Nothing is stored yet: tui-reader import FILE")
    return contents.rows


def _items(store: Store, rows: Sequence[int]) -> "Iterator[Item]":
    """Yield all that is known of these papers, in this order; of some only the identifier."""
    from tui_reader.export import Item

    for start in range(0, len(rows), 1000):
        block = rows[start : start + 1000]
        papers, places = store.papers(block), store.announced(block)
        marks = store.marks([paper_at(row) for row in block])
        for row in block:
            paper = papers.get(row) or Paper(paper_at(row), "")
            yield Item(paper, marks[paper.id], places.get(row, ()))


def _show(options: argparse.Namespace) -> int:
    from tui_reader.export import json_line, sheet

    ids = _ids(options.ids)
    store = _store(options)
    known, unknown = _known(store, ids)
    width = min(get_terminal_size().columns - 1, 90) if sys.stdout.isatty() else None
    mode = Mode.ASCII if _config(options).ascii else Mode.UNICODE
    for number, item in enumerate(_items(store, known)):
        if options.json:
            print(json_line(item))
        else:
            print("\n" * bool(number) + sheet(item, width, mode), end="")
    for id_ in unknown:
        _say(f"tui-reader: {id_}: not stored; import a listing that has it")
    return PARTLY if unknown or not ids else DONE


def _known(store: Store, ids: Sequence[PaperId]) -> tuple[list[int], list[PaperId]]:
    """Part papers into the rows of those that are stored, and those that are not."""
    papers = store.papers([row_of(id_) for id_ in ids])
    known = [row_of(id_) for id_ in ids if row_of(id_) in papers]
    return known, [id_ for id_ in ids if row_of(id_) not in papers]


def _ids(words: Iterable[str]) -> list[PaperId]:
    """Read identifiers, each kept once; `-` stands for those on standard input."""
    found: dict[PaperId, None] = {}
    for word in words:
        if word != "-":
            found[parse_id(word)[0]] = None
            continue
        for number, line in enumerate(iter(lambda: sys.stdin.buffer.readline(1 << 16), b""), 1):
            text = line.decode("utf-8", "replace").partition("\t")[0].strip()
            try:
                if text:
                    found[parse_id(text[:100])[0]] = None
            except IdError as error:
                raise IdError(f"standard input, line {number}: {error}") from error
    if not found:
        _say("There are no identifiers on standard input.")
    return list(found)


def _export(options: argparse.Namespace) -> int:
    from tui_reader import export

    words, output = options.query, options.output
    by_ending = {ending: name for name, (_, ending) in export.FORMATS.items()}
    ending = Path(output or "").suffix.lower()
    write, _ = export.FORMATS[options.format or by_ending.get(ending, "bibtex")]
    by_id = bool(words) and all(word == "-" or _is_id(word) for word in words)
    ids = _ids(words) if by_id else []
    store = _store(options)
    rows = [row_of(id_) for id_ in ids] if by_id else _found(store, words)
    if not rows:
        return PARTLY
    pieces = write(_items(store, rows))
    if output in (None, "-"):
        if hasattr(sys.stdout, "reconfigure"):
            sys.stdout.reconfigure(encoding="utf-8", newline="")
        sys.stdout.writelines(pieces)
    else:
        _write_file(Path(output), pieces, options.force)
        _say(f"{output}: {len(rows):,} {'paper' if len(rows) == 1 else 'papers'} written.")
    unknown = _known(store, ids)[1]
    for id_ in unknown:
        _say(f"tui-reader: {id_}: not stored; only its identifier could be written")
    return PARTLY if unknown else DONE


def _is_id(word: str) -> bool:
    with suppress(IdError):
        return bool(parse_id(word))
    return False


def _write_file(file: Path, pieces: Iterable[str], force: bool) -> None:
    """Write a file, whole or not at all; never over another one without `force`."""
    exists = TuiReaderError(
        f"{file}: exists already; choose another file, or --force to replace it"
    )
    draft: Path | None = None
    try:
        target = file.resolve()
        if target.exists() and not target.is_file():
            raise TuiReaderError(f"{file}: not a file to write; without -o, papers go to the pipe")
        if target.exists() and not force:
            raise exists
        unfinished = target.with_name(f".{target.name}.{os.getpid()}")
        with unfinished.open("x", encoding="utf-8", errors="replace", newline="") as out:
            draft = unfinished
            out.writelines(pieces)
            out.flush()
            os.fsync(out.fileno())
        if force:
            if target.exists():
                draft.chmod(target.stat().st_mode)
            draft.replace(target)
            return
        try:
            target.hardlink_to(draft)  # unlike a renaming, never over a file made meanwhile
        except FileExistsError:
            raise exists from None
        except OSError:  # a file system without links
            draft.rename(target)
    except (OSError, RuntimeError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise TuiReaderError(f"{file}: can't be written: {reason}") from error
    finally:
        if draft:
            with suppress(OSError):
                draft.unlink(missing_ok=True)


def _state(marks: Marks) -> str:
    """Return the marks as words: "starred unread", "skipped read"."""
    words = ["starred"] * marks.starred + ["skipped"] * marks.skipped
    return " ".join([*words, "read" if marks.read else "unread"])


def _plain_line(paper: Paper, marks: Marks, mode: Mode) -> str:
    title = plain(paper.title, mode).replace("\n", " ")
    return "\t".join((paper.id, _state(marks), " ".join(paper.categories), title))


def _table_line(paper: Paper, marks: Marks, mode: Mode) -> str:
    from tui_reader.ui.rows import ASCII, signs

    primary = paper.categories[0] if paper.categories else ""
    left = f"{''.join(signs(marks))} {paper.id:<12} {primary:<9} "
    room = max(20, get_terminal_size().columns - cells(left))
    drawn = left + fit(plain(paper.title, mode).replace("\n", " "), room)
    return drawn.translate(ASCII) if mode is Mode.ASCII else drawn


def _mark(options: argparse.Namespace) -> int:
    verb, _ = VERBS[options.command]
    ids = _ids(options.ids)
    if not ids:
        return PARTLY
    store = _store(options)
    known = store.papers([row_of(id_) for id_ in ids])
    Triage(store, _now).edit(options.command.capitalize(), ids, verb)
    for id_ in ids:
        paper = known.get(row_of(id_))
        title = fit(plain(paper.title), 60) if paper else "(not in the cache; marked all the same)"
        print(f"{options.command}: {id_} {title}")
    return DONE


def _tag(options: argparse.Namespace) -> int:
    named = [name.strip() for name in options.tags.split(",")]
    gone = [name[1:] for name in named if name.startswith("-")]
    verb = change_tags([name for name in named if not name.startswith("-")], gone)
    ids = _ids(options.ids)
    Triage(_store(options), _now).edit("Tag", ids, verb)
    return DONE


def _note(options: argparse.Namespace) -> int:
    id_, _ = parse_id(options.id)
    Triage(_store(options), _now).edit("Note", [id_], set_note(clean_block(options.text)))
    return DONE


def _triage(options: argparse.Namespace) -> int:
    from tui_reader import linear
    from tui_reader.query import parse

    query = parse(" ".join(options.query), date.today())  # noqa: DTZ011  the person's own day
    store = _store(options)
    contents = store.contents(View(Kind.INBOX))
    if options.query:
        contents = store.find(contents, query)
    if not contents.rows:
        _say("Nothing unread matches." if options.query else "Nothing is unread.")
        return PARTLY
    mode = Mode.ASCII if _config(options).ascii else Mode.UNICODE
    left = linear.run(store, contents.rows, print, input, _now, mode)
    print(f"{left} of {len(contents.rows)} papers are still unread.")
    return DONE


def _history(options: argparse.Namespace) -> int:
    store = _store(options)
    changes = store.history(parse_id(options.id)[0]) if options.id else store.recent()
    for change in changes:
        done = f"Undo {change.operation}" if change.undoes else change.operation
        ids = " ".join(change.papers[:5]) + (" ..." if len(change.papers) > 5 else "")
        when = change.at.astimezone().strftime("%Y-%m-%d %H:%M")
        print(f"{when}  {clean(change.machine)}  {clean(done)}  {ids}")
    if not changes:
        _say("Nothing was done yet.")
    return DONE if changes else PARTLY


def _backup(options: argparse.Namespace) -> int:
    if options.file.exists():
        return _refuse(f"{options.file} exists; choose another name", USAGE)
    count = _store(options).journal.backup(options.file)
    print(f"{count:,} changes written to {clean(str(options.file))}.")
    return DONE


def _restore(options: argparse.Namespace) -> int:
    store = _store(options)
    count = store.journal.restore(options.file)
    store.refresh()
    print(f"{count:,} changes were missing here, and are restored.")
    return DONE
