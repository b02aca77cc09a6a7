"""Syncing behind the main screen: what it says on the way, what came, and what is followed."""

import sys
from collections.abc import Mapping
from datetime import date
from functools import partial
from threading import Event
from typing import TYPE_CHECKING

from tui_reader.calendar import next_in_words
from tui_reader.config import Paths
from tui_reader.errors import TuiReaderError
from tui_reader.following import follow, followed, unfollow
from tui_reader.store import Kind, Store, View

if TYPE_CHECKING:
    from tui_reader.sync import Outcome, Progress
    from tui_reader.ui.main_screen import MainScreen


class Syncing:
    """What a main screen does about arXiv."""

    def __init__(self, main: "MainScreen") -> None:
        self._main = main
        self._cancelled: Event | None = None
        """Set to end the sync that is under way, where one is."""
        self._filling: View | None = None
        """The view that was empty when it began: papers appear there as they come."""
        self._said = ""
        """What the last sync came to."""

    @property
    def under_way(self) -> bool:
        return self._cancelled is not None

    def cancel(self) -> None:
        """End a sync as soon as may be; what it stored stays."""
        if self._cancelled:
            self._cancelled.set()

    def following(self) -> Mapping[str, date | None]:
        try:
            return followed(self._main.store.paths.config)
        except TuiReaderError as error:
            self._main.footer.say(str(error))
            return {}

    def ask(self, *, force: bool = False) -> None:
        """Sync where something is due, or `force` wants it; else say when something will be."""
        from tui_reader import sync

        main, now = self._main, self._main.now()
        following = self.following()
        if self.under_way:
            main.footer.say(f"Syncing already. {main.key['clear']} ends it.")
            return
        if not following:
            main.footer.say(f"No category is followed yet; {main.key['follow']} chooses one.")
            return
        stand = sync.standings(main.store, following, now)
        if force or sync.plan(stand, now):
            self.start(following, force=force)
            return
        said = f"Nothing can be new before {next_in_words(now)}."
        for category, (newest, *_) in stand.items():
            if not newest.complete:
                said = f"{category}: {sync.standing(newest, now)[1]}"
        main.footer.say(f"{said} {main.key['force_sync']} asks all the same.")

    def start(
        self, following: Mapping[str, date | None], *, force: bool = False, quiet: bool = False
    ) -> None:
        """Sync in a thread; at its end say what came of it, if anything where `quiet`."""
        main = self._main
        sys.setswitchinterval(0.0005)  # no key waits long for what the other thread computes
        self._cancelled = Event()
        self._filling = None if main.all.rows else main.view
        main.show_emptiness()
        work = partial(self._work, following, self._cancelled, force, quiet)
        main.run_worker(work, thread=True, exit_on_error=False)

    def _work(
        self, following: Mapping[str, date | None], cancelled: Event, force: bool, quiet: bool
    ) -> None:
        # Late: they load the network, which most sessions can do without.
        from tui_reader import sync
        from tui_reader.fetch import Client

        main, tell = self._main, self._main.app.call_from_thread
        paths, problem, outcomes = main.store.paths, "", list["Outcome"]()
        try:
            store = Store(paths, main.config.replacements)
            try:
                contact = main.config.contact
                client = Client(paths.state, contact=contact, cancelled=cancelled.is_set)
                show = partial(tell, self._show)
                outcomes = sync.run(store, client, following, main.now, show, force=force)
            finally:
                store.close()
        except TuiReaderError as error:
            problem = str(error)
        except Exception as error:  # whatever it is, it must not end all syncing
            problem = f"Syncing failed: {type(error).__name__}: {error}"[:200]
        new = sum(outcome.unknown for outcome in outcomes)
        wrong = problem or any(not outcome.state.settled for outcome in outcomes)
        said = problem or sync.summary(outcomes)
        self._said = said
        if wrong and not problem:
            said += f" {main.key['status']} tells more."
        tell(self._end, said if wrong or not (quiet or new) else "", new)

    def _show(self, progress: "Progress") -> None:
        what = f"waits {progress.seconds:.0f} s" if progress.seconds else "asks arXiv"
        short = f"{progress.counts}  {what}"
        ends = f"  {self._main.key['clear']} ends"
        self._main.footer.show_work(
            f"{progress}{ends}",
            f"{progress}",
            f"{progress.bar} {short}{ends}",
            f"{short}{ends}",
            short,
            what,
        )
        if progress.stored and self._filling == self._main.view:
            self._main.doing(self._main.take_in)

    def _end(self, said: str, new: int) -> None:
        main, filled = self._main, self._filling == self._main.view
        self._cancelled = self._filling = None
        main.footer.show_work()
        main.index()
        if filled:
            main.doing(main.take_in)
        if new:
            papers = f"{new:,} new {'paper' if new == 1 else 'papers'}"
            shows = "." if filled else f"; {main.key['inbox']} shows them."
            said = f"{papers}{shows} {said}"
        if said:
            main.footer.say(said.strip())

    def details(self) -> None:
        """Show how each category and day stands."""
        from tui_reader import sync
        from tui_reader.ui import sync_page
        from tui_reader.ui.page import PageScreen

        main, following, now = self._main, self.following(), self._main.now()
        if not following:
            main.footer.say(f"No category is followed yet; {main.key['follow']} chooses one.")
            return
        stand = sync.standings(main.store, following, now)
        layout = partial(sync_page.layout, stand=stand, now=now, last=self._said)
        main.app.push_screen(PageScreen(layout, main.mode, main.key["status"]))

    # What is followed

    def choose(self) -> None:
        """Let the person choose from all categories and archives, several in one go."""
        from tui_reader import taxonomy
        from tui_reader.ui.chooser import Choice, Chooser

        main, following = self._main, self.following()
        archives, every = taxonomy.archives(), {*taxonomy.categories(), *taxonomy.archives()}
        codes = [*following, *sorted(every - following.keys())]
        choices = [
            Choice(
                f"{code:<18} {' = '.join((taxonomy.name_of(code), *taxonomy.also(code)))}",
                "all of it" if code in archives else archives.get(code.partition(".")[0], ""),
            )
            for code in codes
        ]

        def take(index: int | None) -> None:
            if index is not None:
                main.doing(partial(self._follow, {codes[at] for at in chooser.marked}))

        chooser = Chooser("Categories", choices, main.mode, set(range(len(following))))
        main.app.push_screen(chooser, take)

    def _follow(self, wanted: set[str]) -> None:
        main, before = self._main, self.following().keys()
        config, new, gone = main.store.paths.config, sorted(wanted - before), before - wanted
        if not new and not gone:
            return
        unfollow(config, gone)
        following = follow(config, new, main.now())
        if main.view.kind is Kind.INBOX:
            main.visit(main.view)
        said = [f"Following {', '.join(new)} from now on."] if new else []
        if gone:
            said += [f"{', '.join(sorted(gone))}: followed no longer; the papers stay."]
        main.footer.say(" ".join(said))
        if new and not self.under_way:
            self.start(following)

    def open_sample(self) -> None:
        """Show the bundled listing in a screen of its own, kept apart from the person's papers."""
        from tui_reader.importing import take_sample
        from tui_reader.ui.main_screen import MainScreen

        main = self._main
        store = Store(Paths.under(main.store.paths.state / "sample"))
        take_sample(store, main.now())
        day = store.days()[0]
        said = f"A sample, kept apart from your own papers; {main.key['quit']} goes back."
        view = View(Kind.LISTING, day.category, day.announced)
        screen = MainScreen(store, view, main.config._replace(sync=False), main.now)
        screen.problems = [said]
        main.app.push_screen(screen)
