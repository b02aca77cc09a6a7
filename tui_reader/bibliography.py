"""A person's own BibTeX file, kept in step with their stars.

What is starred is appended once; what is there already, by identifier or DOI, stays as it is. When
a star is taken back, its entry goes if nobody touched it. Every other byte of the file stays.
Which papers were put in is remembered, so that an entry a person took out does not come back.
"""

import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from tui_reader import export
from tui_reader.config import Config, Paths
from tui_reader.errors import ConfigError, StoreError, TuiReaderError, translated
from tui_reader.files import alone, keep_lines, own_lines, replace_file
from tui_reader.model import Item, PaperId, paper_at
from tui_reader.sources import bibtex
from tui_reader.store import Change, Store


class Brought(NamedTuple):
    """What bringing a bibliography in step did."""

    added: int = 0
    removed: int = 0

    def said(self, file: Path) -> str:
        """Return it as a sentence, or nothing where nothing was done."""
        parts = [f"{count:,} {what}" for what, count in self._asdict().items() if count]
        return f"{file.name}: {', '.join(parts)}." if parts else ""


class Bibliography:
    """The file that the setting `bibliography` names. Its errors are TuiReaderErrors."""

    def __init__(self, paths: Paths, config: Config) -> None:
        self.file = Path(os.path.expanduser(config.bibliography))
        self.mark = f"tag:{config.bibliography_tag}" if config.bibliography_tag else "starred"
        """What papers have that belong into it."""
        self._memory = paths.state / "bibliography"

    def known(self) -> set[PaperId] | None:
        """Return which papers were put in, or left out on purpose; None for another file."""
        file, *ids = own_lines(self._memory) or [""]
        return set(map(PaperId, ids)) if file == self._name else None

    def concerns(self, change: Change) -> list[PaperId]:
        """Return the papers that a change puts in or takes out."""
        return [id_ for group in change.sets if group.name == self.mark for id_ in group.papers]

    def left_out(self, store: Store, change: Change) -> list[PaperId]:
        """Return what belonged into a new file before a change; nothing for a file in use."""
        if self.known() is not None:
            return []
        changed = set(self.concerns(change))
        return [id_ for id_ in self._wanted(store) if id_ not in changed]

    def begin(self, ids: Iterable[PaperId]) -> None:
        """Begin with a new file: these papers are none of its concern."""
        self._remember(ids)

    def bring(self, store: Store, lost: Iterable[PaperId] = ()) -> Brought:
        """Put in what belongs there and was not put in before.

        Of what `lost` its mark just now, take out what was put in and was not touched since; of
        nothing else: that marks are missing may have other reasons.
        """
        with self._alone():
            wanted = dict.fromkeys(self._wanted(store))
            known = self.known() or set()
            new = [id_ for id_ in wanted if id_ not in known]
            gone = known.intersection(lost).difference(wanted)
            if not new and not gone:
                return Brought()
            done = self._change(list(store.items_of(new)), list(store.items_of(sorted(gone))))
            self._remember(sorted(known.difference(gone).union(new)))
            return done

    def add(self, items: Sequence[Item]) -> Brought:
        """Put papers in, whatever is thought of them."""
        with self._alone():
            return self._change(items, ())

    def offers(self, store: Store) -> Iterator[str]:
        """Yield a line for each entry of a preprint that was published since: what it lacks."""
        held = bibtex.entries(self._text(), self.file.name).ids
        for item in store.items_of(list(held)):
            paper = item.paper
            if (entry := held.get(paper.id)) is None:
                continue
            known = {
                "journal": export.bibtex_text(paper.journal_ref or ""),
                "doi": export.doi(paper),
            }
            lacks = [
                f"{name} = {{{value}}}"
                for name, value in known.items()
                if value and not entry.get(name) and not entry.get(f"{name}title")
            ]
            if lacks:
                yield f"{paper.id}: {', '.join(lacks)}"

    def _wanted(self, store: Store) -> list[PaperId]:
        return list(map(paper_at, store.marked.rows(self.mark)))

    @property
    def _name(self) -> str:
        return f"{self.file.absolute()} {self.mark}"

    def _remember(self, ids: Iterable[PaperId]) -> None:
        keep_lines(self._memory, [self._name, *ids])

    @contextmanager
    def _alone(self) -> Iterator[None]:
        folder = self._memory.parent
        with translated(StoreError, f"{folder} can't be written"), alone(folder):
            yield

    def _text(self) -> str:
        with translated(ConfigError, f"{self.file} can't be read"):
            return self.file.read_bytes().decode() if self.file.exists() else ""

    def _change(self, new: Sequence[Item], gone: Sequence[Item]) -> Brought:
        while True:
            before = self._stamp()
            text = self._text()
            after, done = changed(text, self.file.name, new, gone)
            if after == text:
                return done
            # Another program may have written it meanwhile; then what it wrote is begun with.
            if self._stamp() == before:
                with translated(TuiReaderError, f"{self.file} can't be written"):
                    replace_file(self.file.resolve(), [after], private=False)
                return done

    def _stamp(self) -> tuple[int, ...]:
        try:
            found = self.file.stat()
        except OSError:
            return ()
        return found.st_mtime_ns, found.st_size, found.st_ino


def changed(
    text: str, origin: str, new: Iterable[Item], gone: Iterable[Item]
) -> tuple[str, Brought]:
    """Return a BibTeX file with and without these papers, and how many came and went.

    Raises TuiReaderError where an entry is damaged: what is put behind it might become part of it.
    """
    held = bibtex.entries(text, origin)
    if held.damaged:
        raise TuiReaderError(
            f"{origin}: the entry {held.damaged[0]!r} is damaged (a brace, quote or value is "
            "missing, or one too many); mend it, then what was starred goes in"
        )
    end = "\r\n" if "\r\n" in text else "\n"
    removed = 0
    for item in gone:
        for entry in _forms(item, end):
            if entry in text:
                text, removed = _without(text, entry, end), removed + 1
                break
    wanted = [
        item
        for item in new
        if item.paper.id not in held.ids and export.doi(item.paper).lower() not in held.dois - {""}
    ]
    added = [entry.strip().replace("\n", end) for entry in export.bibtex(wanted, held.keys)]
    for entry in added:
        if text and not text.endswith(end):
            text += end
        text += f"{end * bool(text.strip())}{entry}{end}"
    return text, Brought(len(added), removed)


def _forms(item: Item, end: str) -> Iterator[str]:
    """Yield the entry of a paper as it may have been put in, with each key that it may have."""
    for taken in ((), export.keys([item.paper]).values()):
        [entry] = export.bibtex([item], taken)
        yield entry.strip().replace("\n", end) + end


def _without(text: str, entry: str, end: str) -> str:
    before, _, after = text.partition(entry)
    return before.removesuffix(end) + after if before.endswith(end * 2) else before + after
