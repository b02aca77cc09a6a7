"""The same paper from several sources, and the same listing from several pages, put together."""

from collections.abc import Iterable
from dataclasses import fields, replace

from tui_reader.model import Entry, Listing, Name, Paper, Section, Version


def merged(old: Paper, new: Paper) -> Paper:
    """Return what `old` and `new` together say of one paper; `new` was read later.

    What either knows is never blanked. Where both say something, the newer version wins; of the
    same version, or where one does not tell its version, `new` does, unless only `old` has an
    abstract: then `new` is a mere mention, and fills gaps.
    """
    known = old.version is not None and new.version is not None
    lesser, better = old, new
    if known and old.version != new.version:
        lesser, better = sorted((old, new), key=lambda paper: paper.version or 0)
    elif old.abstract and not new.abstract:
        lesser, better = new, old
    gaps = {
        field.name: getattr(lesser, field.name)
        for field in fields(Paper)
        if getattr(better, field.name) in (None, (), "")
    }
    whole = better
    if better.authors_omitted != 0 and len(lesser.authors) > len(better.authors):
        whole = lesser
    categories = better.categories
    if old.version == new.version and set(categories) <= set(lesser.categories):
        categories = lesser.categories
    return replace(
        better,
        **gaps
        | {
            "authors": whole.authors,
            "authors_omitted": whole.authors_omitted,
            "categories": categories,
            "parted": _parted(lesser, better),
            "versions": _histories(lesser, better),
            "withdrawn": better.withdrawn or (lesser.withdrawn and old.version == new.version),
        },
    )


def _parted(lesser: Paper, better: Paper) -> tuple[Name, ...]:
    names = {(name.last, name.given[:1]): name for name in (*lesser.parted, *better.parted)}
    return tuple(names.values())


def _histories(older: Paper, newer: Paper) -> tuple[Version, ...]:
    lines = {version.number: version for version in older.versions}
    for version in newer.versions:
        before = lines.get(version.number, version)
        lines[version.number] = replace(
            version,
            submitted=version.submitted or before.submitted,
            size_kb=before.size_kb if version.size_kb is None else version.size_kb,
        )
    return tuple(lines[number] for number in sorted(lines))


def joined(pages: Iterable[Listing]) -> Listing:
    """Put the pages of one long listing together: its entries by position, each once.

    The pages are of one category and day; a listing whose every page is there is complete.
    """
    every = list(pages)
    entries: dict[int, Entry] = {}
    promised: dict[Section, int] = {}
    for page in every:
        entries |= {entry.position: entry for entry in page.entries}
        promised |= {
            name: max(count, promised.get(name, 0)) for name, count in page.promised.items()
        }
    return replace(
        every[0],
        entries=tuple(entries[position] for position in sorted(entries)),
        promised=promised,
        unreadable=sum(page.unreadable for page in every),
    )
