"""The person's BibTeX file, kept in step with their stars behind the screen."""

from collections.abc import Callable
from contextlib import closing
from typing import TYPE_CHECKING

from tui_reader.model import PaperId
from tui_reader.store import Change, Store
from tui_reader.ui.desk import Desk
from tui_reader.ui.parts.jobs import Jobs, Tell

if TYPE_CHECKING:  # late: many people have no such file
    from tui_reader.bibliography import Brought


class BibliographyPart:
    """Brings the file in step after each change of what belongs into it."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._jobs = Jobs(desk)
        self._changed: set[PaperId] = set()
        """What was marked, or no longer, since the file was written."""

    def follow(self, change: Change) -> None:
        """Do what a change of marks means for the file; of a new one, ask what goes in."""
        desk = self._desk
        if not desk.config.bibliography:
            return
        from tui_reader.bibliography import Bibliography

        kept = Bibliography(desk.store.paths, desk.config)
        if not (ids := kept.concerns(change)):
            return
        self._changed.update(ids)

        def answer(yes: bool) -> None:
            kept.begin(() if yes else before)
            self._bring()

        if before := kept.left_out(desk.store, change):
            count = f"{len(before):,} earlier {'paper' if len(before) == 1 else 'papers'}"
            desk.panels.confirm(f"{kept.file.name} is new; put {count} in, too?", answer)
        else:
            self._bring()

    def _bring(self) -> None:
        if self._jobs.under_way:
            return
        desk, changed = self._desk, self._changed
        self._changed = set()
        brought: list[Brought] = []

        def work(_tell: Tell, _ended: Callable[[], bool]) -> str:
            from tui_reader.bibliography import Bibliography

            with closing(Store(desk.store.paths)) as store:
                kept = Bibliography(store.paths, desk.config)
                brought.append(kept.bring(store, changed))
                return brought[0].said(kept.file)

        def done(said: str) -> None:
            more = bool(self._changed)
            if not brought:
                self._changed |= changed  # tried again after the next change
            if more:
                self._bring()
            elif said and not (brought and desk.footer.message):  # what a key did is said first
                desk.footer.say(said)

        self._jobs.start("bibliography", work, done)
