"""Commands that show stored papers, and hand them to other programs."""

import sys
from collections.abc import Iterable, Sequence
from contextlib import suppress
from datetime import date
from pathlib import Path
from shutil import get_terminal_size

from tui_reader.cli import output, shell
from tui_reader.cli.output import Line
from tui_reader.config import nearest
from tui_reader.errors import ConfigError, IdError, TuiReaderError
from tui_reader.following import of_inbox
from tui_reader.model import LONGEST_ID, Item, Marks, PaperId, paper_at, parse_id, row_of
from tui_reader.store import Kind, Operation, Store, View
from tui_reader.text import Mode, plain
from tui_reader.triage import Triage, mark_read
from tui_reader.ui.row_text import NOTED, signs


@shell.command(
    "list", shell.QUERY, shell.SAVED, shell.JSON, shell.flag("--ids", "one identifier a line")
)
def _list(options: shell.Options) -> None:
    """List the stored papers that a filter matches."""
    rows = found(options)
    if options.ids:
        sys.stdout.writelines(f"{paper_at(row)}\n" for row in rows)
    else:
        tell(options, rows)


def tell(options: shell.Options, rows: Sequence[int]) -> None:
    """Write a line of each paper, or all that is known of it as JSON."""
    items, mode = options.store.items(rows), options.mode
    if options.json:
        from tui_reader.export import json_line

        output.write_json(map(json_line, items))
    else:
        output.write((_line(item, mode) for item in items), mode, cut=True)


def _line(item: Item, mode: Mode) -> Line:
    """Return a paper's line: with signs and its primary category on a terminal, else in words."""
    paper, marks, _, watched, _ = item
    unknown = (
        "(not in the cache; marked all the same)" if marks != Marks() else "(not in the cache)"
    )
    title = plain(paper.title, mode) or unknown
    tags = [f"#{tag}" for tag in sorted(marks.tags)]
    if sys.stdout.isatty():
        mine = [*tags, *[NOTED] * bool(marks.note), title]
        cells = (
            "".join(signs(marks, watched)),
            paper.id,
            "".join(paper.categories[:1]),
            " ".join(mine),
        )
        if marks.starred:
            return Line(cells, sign="star")
        return Line(cells, ink="dim" if marks.read else "")
    state = ["watched"] * bool(watched) + ["starred"] * marks.starred + ["skipped"] * marks.skipped
    state.append("read" if marks.read else "unread")
    state += ["noted"] * bool(marks.note)
    return Line((paper.id, " ".join(state), " ".join(paper.categories), title, " ".join(tags)))


@shell.command("show", shell.IDS, shell.JSON)
def _show(options: shell.Options) -> int:
    """Show papers in full."""
    from tui_reader.export import json_line, sheet

    ids = read_ids(options.ids)
    store = options.store
    unknown = lacking(store, ids)
    known = [row_of(id_) for id_ in ids if id_ not in unknown]
    items, mode = store.items(known), options.mode
    if options.json:
        output.write_json(map(json_line, items))
    else:
        width = min(get_terminal_size().columns - 1, 90) if sys.stdout.isatty() else None
        sys.stdout.write("\n".join(sheet(item, width, mode) for item in items))
    return shell.PARTLY if unknown else shell.DONE


@shell.command("stats", shell.JSON)
def _stats(options: shell.Options) -> None:
    """Draw what was announced, read and starred."""
    from tui_reader.ui.pages.statistics import layout

    if not options.store.papers.any():
        raise shell.NothingError(shell.NOTHING_STORED)
    options.store.cache.taste.keep_past()
    found, mode = options.store.stats(shell.now()), options.mode
    if options.json:
        options.write([Line((), found.data())])
        return
    for line in layout(get_terminal_size().columns, found, mode):
        output.draw(line, mode)


@shell.command(
    "open",
    shell.IDS,
    shell.flag("--pdf", "the PDF, downloaded once"),
    shell.flag("--html", "the HTML"),
    shell.flag("--doi", "the published paper"),
)
def _open(options: shell.Options) -> int:
    """Open papers in the browser, and say what was opened."""
    from tui_reader import handing_on

    ids, config, store = read_ids(options.ids), options.config, options.store
    what = next((name for name in ("pdf", "html", "doi") if getattr(options, name)), "page")
    unknown = lacking(store, ids) if what == "doi" else []
    known = [row_of(id_) for id_ in ids if id_ not in unknown]
    failed = 0
    for item in store.items(known):
        try:
            target = handing_on.target(store.paths, item.paper, what)
            if what == "pdf":
                with shell.talk(options.paths) as talk:
                    handing_on.fetch_pdf(store.paths, config.contact, item.paper, talk.show)
            print(target)
            handing_on.show(config, target)
        except TuiReaderError as error:
            output.say(f"tui-reader: {error}")
            failed += 1
        else:
            Triage(store).edit(Operation.READ, [item.paper.id], mark_read)
    if failed and failed == len(ids):
        return shell.FAILED
    return shell.PARTLY if failed or unknown else shell.DONE


@shell.command(
    "export",
    shell.QUERY_OR_IDS,
    shell.SAVED,
    shell.argument(
        "--format",
        choices=("bibtex", "ris", "csl", "markdown", "csv", "jsonl", "plain"),
        help="told by the file's ending where there is one; else bibtex",
    ),
    *shell.OUTPUT,
)
def _export(options: shell.Options) -> int:
    """Write papers for other programs."""
    from tui_reader import export

    file = Path(options.output or "-")
    by_ending = {ending: name for name, (_, ending) in export.FORMATS.items()}
    write, _ = export.FORMATS[options.format or by_ending.get(file.suffix.lower(), "bibtex")]
    ids, store = _named(options), options.store
    rows = [row_of(id_) for id_ in ids] or found(options)
    pieces = write(store.items(rows))
    write_out(options, pieces, len(rows))
    unknown = lacking(store, ids, "only its identifier could be written; ")
    return shell.PARTLY if unknown else shell.DONE


def write_out(options: shell.Options, pieces: Iterable[str], papers: int) -> None:
    """Write so many papers to the file that OUTPUT names, or to standard output."""
    if options.output in (None, "-"):
        output.in_utf8()
        sys.stdout.writelines(pieces)
        return
    from tui_reader import handing_on

    handing_on.write_file(Path(options.output), pieces, over=options.force)
    output.say(f"{options.output}: {output.counted(papers, 'paper', 'papers')} written.")


# Papers by query and by identifier


def found(options: shell.Options, view: View = View(Kind.LIBRARY)) -> Sequence[int]:
    """Return the rows of a view's papers that the query matches; raise NothingError for none."""
    store = options.store
    texts = [" ".join(options.query)] if options.query else []
    if options.saved is not None:
        texts.insert(0, _saved(store, options.saved))
    queries = [store.query(text, date.today()) for text in texts]  # noqa: DTZ011  the person's own day
    if unused := [sign for query in queries for sign in query.unused]:
        output.say(f"tui-reader: not looked for: {', '.join(unused)}")
    contents = store.contents(view, followed=of_inbox(store.paths.config))
    if queries and store.is_large(contents):
        shell.index(store)
    for query in queries:
        contents = store.find(contents, query)
    if contents.rows:
        return contents.rows
    if not store.papers.any():
        raise shell.NothingError(shell.NOTHING_STORED)
    if queries:
        raise shell.NothingError("Nothing matches.")
    nothing = {Kind.INBOX: "Nothing is unread.", Kind.STARRED: "Nothing is starred."}
    raise shell.NothingError(nothing.get(view.kind, "Nothing is there."))


def _saved(store: Store, name: str) -> str:
    """Return the text of a saved filter; raise ConfigError where there is none of that name."""
    filters = store.filters()
    if name not in filters:
        advice = f"is it {nearest(name, filters)!r}?" if filters else "save one in the reader"
        raise ConfigError(f"there is no saved filter {name!r}; {advice}")
    return filters[name].text


def chosen(options: shell.Options) -> Sequence[int]:
    """Return the rows of the papers named by their identifiers, or found by the query."""
    return [row_of(id_) for id_ in _named(options)] or found(options)


def _named(options: shell.Options) -> list[PaperId]:
    """Return the papers that are named by their identifiers; none where a query is typed."""
    words = options.query
    by_id = words and options.saved is None and all(word == "-" or _is_id(word) for word in words)
    return read_ids(words) if by_id else []


def lacking(store: Store, ids: Sequence[PaperId], told: str = "") -> list[PaperId]:
    """Return which of these papers are not stored, having said so."""
    known = store.papers.at([row_of(id_) for id_ in ids])
    unknown = [id_ for id_ in ids if row_of(id_) not in known]
    for id_ in unknown:
        output.say(f"tui-reader: {id_}: not stored; {told}tui-reader get {id_} fetches its record")
    return unknown


def read_ids(words: Iterable[str]) -> list[PaperId]:
    """Read identifiers, each kept once; `-` stands for those on standard input."""
    ids: dict[PaperId, None] = {}
    for word in words:
        if word != "-":
            ids[parse_id(word)[0]] = None
            continue
        for number, line in enumerate(iter(lambda: sys.stdin.buffer.readline(1 << 16), b""), 1):
            text = line.decode("utf-8", "replace").partition("\t")[0].strip()
            try:
                if text:
                    ids[parse_id(text[:LONGEST_ID])[0]] = None
            except IdError as error:
                raise IdError(f"standard input, line {number}: {error}") from error
    if not ids:
        raise shell.NothingError("There are no identifiers on standard input.")
    return list(ids)


def _is_id(word: str) -> bool:
    with suppress(IdError):
        return bool(parse_id(word))
    return False
