"""Syncing behind the main screen: what it says on the way, what came, and what is followed."""

from collections.abc import Callable, Mapping
from contextlib import closing
from datetime import date
from functools import partial, partialmethod
from typing import TYPE_CHECKING

from tui_reader.calendar import next_in_words
from tui_reader.config import Paths
from tui_reader.errors import TuiReaderError
from tui_reader.following import follow, followed, unfollow
from tui_reader.store import Kind, Store, View
from tui_reader.ui.parts.jobs import Jobs, Tell

if TYPE_CHECKING:
    from tui_reader.sync import Standings, Step
    from tui_reader.ui.main_screen import MainScreen


class SyncPart:
    """What a main screen does about arXiv."""

    def __init__(self, main: "MainScreen") -> None:
        self._main = main
        self.jobs = Jobs(main)
        self._new = 0
        """How many papers came."""
        self._filling: View | None = None
        """The view that was empty when it began: papers appear there as they come."""
        self._said = ""
        """What the last sync came to."""

    def following(self) -> Mapping[str, date | None]:
        try:
            return followed(self._main.store.paths.config)
        except TuiReaderError as error:
            self._main.footer.say(str(error))
            return {}

    def _standings(self) -> "Standings":
        """Return how each followed category stands; raises TuiReaderError where there is none."""
        from tui_reader import sync

        main, following = self._main, followed(self._main.store.paths.config)
        if not following:
            advice = f"{main.key['follow']} chooses one."
            raise TuiReaderError(f"No category is followed yet; {advice}")
        return sync.standings(main.store, following, main.now())

    def do_sync(self, *, force: bool = False) -> None:
        """Sync where something is due, or `force` wants it; else say when something will be."""
        from tui_reader import sync

        main, now = self._main, self._main.now()
        if self.jobs.under_way:
            raise TuiReaderError(f"Syncing already. {main.key['clear']} ends it.")
        stand = self._standings()
        if force or sync.plan(stand, now):
            self.start(force=force)
            return
        said = f"Nothing can be new before {next_in_words(now)}."
        for category, each in stand.items():
            if not each.wanted[0].complete:
                said = f"{category}: {sync.standing(each.wanted[0], now)[1]}"
        main.footer.say(f"{said} {main.key['force_sync']} asks all the same.")

    do_force_sync = partialmethod(do_sync, force=True)

    def start(self, *, force: bool = False, quiet: bool = False) -> None:
        """Sync in a thread; at its end say what came of it, if anything where `quiet`."""
        main = self._main
        self._new, self._said, self._filling = 0, "", None if main.all.rows else main.view
        self.jobs.start("sync", partial(self._work, force, quiet), self._end)
        main.show_emptiness()

    def _work(self, force: bool, quiet: bool, _: Tell, cancelled: Callable[[], bool]) -> str:
        # Late: they load the network, which most sessions can do without.
        from tui_reader import sync
        from tui_reader.fetch import Client

        main, paths = self._main, self._main.store.paths
        show = partial(main.app.call_from_thread, self._show)
        with closing(Store(paths, main.config.replacements)) as store:
            client = Client(paths.state, contact=main.config.contact, cancelled=cancelled)
            outcomes, asked = [], set[str]()
            # Whatever is chosen while this goes on comes after it.
            while new := {c: d for c, d in followed(paths.config).items() if c not in asked}:
                outcomes += sync.run(store, client, new, main.now, show, force=force)
                asked |= new.keys()
        self._new = sum(outcome.unknown for outcome in outcomes)
        self._said = sync.summary(outcomes)
        if any(not outcome.state.settled for outcome in outcomes):
            return f"{self._said} {main.key['status']} tells more."
        return "" if quiet or self._new else self._said

    def _show(self, step: "Step") -> None:
        what = f"waits {step.seconds:.0f} s" if step.seconds else "asks arXiv"
        short = f"{step.counts}  {what}"
        ends = f"  {self._main.key['clear']} ends"
        self._main.footer.show_work(
            f"{step}{ends}",
            f"{step}",
            f"{step.bar} {short}{ends}",
            f"{short}{ends}",
            short,
            what,
        )
        if step.stored and self._filling == self._main.view:
            self._main.doing(self._main.take_in)

    def _end(self, said: str) -> None:
        main, new, filled = self._main, self._new, self._filling == self._main.view
        self._said, self._filling = self._said or said, None
        main.index()
        if filled:
            main.doing(main.take_in)
        if new:
            papers = f"{new:,} new {'paper' if new == 1 else 'papers'}"
            shows = "." if filled else f"; {main.key['inbox']} shows them."
            said = f"{papers}{shows} {said}"
        if said:
            main.footer.say(said.strip())

    def do_status(self) -> None:
        """Show how each category and day stands."""
        from tui_reader.ui.pages import sync_status

        stand, main = self._standings(), self._main
        page = partial(sync_status.layout, stand=stand, now=main.now(), last=self._said)
        main.show_page(page, main.key["status"])

    # What is followed

    def do_follow(self) -> None:
        """Let the person choose from all categories and archives, several in one go."""
        from tui_reader import taxonomy
        from tui_reader.ui.popups import Chooser, Popup

        main, following = self._main, self.following()
        archives, every = taxonomy.archives(), {*taxonomy.categories(), *taxonomy.archives()}
        codes = [*following, *sorted(every - following.keys())]
        choices = [
            (
                f"{code:<18} {' = '.join((taxonomy.name_of(code), *taxonomy.also(code)))}",
                "all of it" if code in archives else archives.get(code.partition(".")[0], ""),
            )
            for code in codes
        ]

        def take(index: int | None) -> None:
            if index is not None:
                main.doing(partial(self._follow, {codes[at] for at in chooser.marked}))

        chooser = Chooser("Categories", choices, main.mode, set(range(len(following))))
        main.app.push_screen(Popup(chooser), take)

    def _follow(self, wanted: set[str]) -> None:
        main, before = self._main, self.following().keys()
        config, new, gone = main.store.paths.config, sorted(wanted - before), before - wanted
        if not new and not gone:
            return
        unfollow(config, gone)
        follow(config, new, main.now())
        if main.view.kind is Kind.INBOX:
            main.visit(main.view)
        said = [f"Following {', '.join(new)} from now on."] if new else []
        if gone:
            said += [f"{', '.join(sorted(gone))}: followed no longer; the papers stay."]
        main.footer.say(" ".join(said))
        if new and not self.jobs.under_way:
            self.start()

    def open_sample(self) -> None:
        """Show the bundled listing in a screen of its own, kept apart from the person's papers."""
        from tui_reader.ui.main_screen import MainScreen

        main = self._main
        store = Store(Paths.under(main.store.paths.state / "sample"))
        if not store.listings.days():
            from tui_reader.importing import take_sample

            take_sample(store, main.now())
        day = store.listings.days()[0]
        said = f"A sample, kept apart from your own papers; {main.key['quit']} goes back."
        view = View(Kind.LISTING, day.category, day.announced)
        screen = MainScreen(store, view, main.config._replace(sync=False), main.now)
        screen.problems = [said]
        main.app.push_screen(screen)
