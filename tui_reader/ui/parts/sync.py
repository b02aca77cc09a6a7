"""Syncing behind the screen: what it says on the way, what came, and what is followed."""

from collections.abc import Callable, Mapping
from contextlib import closing
from datetime import date
from functools import partial, partialmethod
from typing import TYPE_CHECKING, Protocol

from tui_reader.calendar import next_in_words
from tui_reader.errors import TuiReaderError
from tui_reader.following import follow, followed, of_inbox, unfollow
from tui_reader.store import Contents, Kind, Store, View
from tui_reader.ui.bars import HeaderBar
from tui_reader.ui.desk import Desk
from tui_reader.ui.parts.jobs import Jobs, Tell
from tui_reader.ui.parts.ready import ReadyPart

if TYPE_CHECKING:
    from tui_reader.sync import Standings, Step

JOB = "sync"


class SyncDesk(Desk, Protocol):
    """What syncing uses besides."""

    header: HeaderBar
    all: Contents
    """What the view holds."""

    def take_in(self) -> None:
        """Show what came into the view meanwhile."""


class SyncPart:
    """Syncs, tells how it stands, and changes what is followed."""

    def __init__(self, desk: SyncDesk, ready: ReadyPart) -> None:
        self._desk = desk
        self._ready = ready
        self.jobs = Jobs(desk)
        self._new = 0
        """How many papers came."""
        self._watched: list[tuple[str, ...]] = []
        """Of each that is watched, by which rules."""
        self._filling: View | None = None
        """The view that was empty when it began: papers appear there as they come."""
        self._said = ""
        """What the last sync came to."""

    def following(self) -> Mapping[str, date | None]:
        try:
            return followed(self._desk.store.paths.config)
        except TuiReaderError as error:
            self._desk.footer.say(str(error))
            return {}

    def _standings(self) -> "Standings":
        """Return how each followed category stands; raises TuiReaderError where there is none."""
        from tui_reader import sync

        desk, following = self._desk, followed(self._desk.store.paths.config)
        if not following:
            advice = f"{desk.key['follow']} chooses one."
            if days := desk.store.listings.days():
                listings = "1 listing" if len(days) == 1 else f"{len(days):,} listings"
                advice += f" {desk.key['listing']} has {listings} that came otherwise."
            raise TuiReaderError(f"No category is followed yet; {advice}")
        return sync.standings(desk.store, following, desk.now())

    def _sync(self, force: bool) -> None:
        """Sync where something is due, or `force` wants it; else say when something will be."""
        from tui_reader import sync

        desk, now = self._desk, self._desk.now()
        if self.jobs.under_way:
            raise TuiReaderError(f"Syncing already. {desk.key['clear']} ends it.")
        stand = self._standings()
        if force or sync.plan(stand, now):
            self.start(force=force)
            return
        said = f"Nothing can be new before {next_in_words(now)}."
        for category, each in stand.items():
            if not each.wanted[0].complete:
                said = f"{category}: {sync.standing(each.wanted[0], now)[1]}"
        desk.footer.say(f"{said} {desk.key['force_sync']} asks all the same.")

    do_sync = partialmethod(_sync, False)
    do_force_sync = partialmethod(_sync, True)

    def start(self, *, force: bool = False, quiet: bool = False) -> None:
        """Sync in a thread, unless one is; at its end say what came of it, if not `quiet`."""
        desk = self._desk
        if self.jobs.under_way:
            return
        self._new, self._said, self._filling = 0, "", None if desk.all.rows else desk.view
        self.jobs.start(JOB, partial(self._work, force, quiet), self._end)
        desk.show_emptiness()

    def _work(self, force: bool, quiet: bool, _: Tell, cancelled: Callable[[], bool]) -> str:
        # Late: they load the network, which most sessions can do without.
        from tui_reader import sync
        from tui_reader.fetch import Client

        desk, paths = self._desk, self._desk.store.paths
        show = partial(desk.app.call_from_thread, self._show)
        with closing(Store(paths, desk.config.replacements)) as store:
            client = Client(paths.state, contact=desk.config.contact, cancelled=cancelled)
            outcomes, asked = [], set[str]()
            before = store.watched_in_inbox(of_inbox(paths.config))
            # Whatever is chosen while this goes on comes after it.
            while new := {c: d for c, d in followed(paths.config).items() if c not in asked}:
                outcomes += sync.run(store, client, new, desk.now, show, force=force)
                asked |= new.keys()
            watched = store.watched_in_inbox(of_inbox(paths.config))
        self._watched = [names for row, names in watched.items() if row not in before]
        self._new = sum(outcome.unknown for outcome in outcomes)
        self._said = sync.summary(outcomes)
        if any(not outcome.state.settled for outcome in outcomes):
            return f"{self._said} {desk.key['status']} tells more."
        return "" if quiet or self._new else self._said

    def _show(self, step: "Step") -> None:
        what = f"waits {step.seconds:.0f} s" if step.seconds else "asks arXiv"
        short = f"{step.counts}  {what}"
        ends = f"  {self._desk.key['clear']} ends"
        self._desk.footer.show_work(
            JOB,
            f"{step}{ends}",
            f"{step}",
            f"{step.bar} {short}{ends}",
            f"{short}{ends}",
            short,
            what,
        )
        if step.stored and self._takes_in:
            self._desk.doing(self._desk.take_in)

    @property
    def _takes_in(self) -> bool:
        """Whether papers are shown as they come: in the Inbox, and where nothing was shown."""
        desk = self._desk
        unfiltered = desk.list.contents is desk.all
        return unfiltered and (desk.view.kind is Kind.INBOX or desk.view == self._filling)

    def _end(self, said: str) -> None:
        desk, new = self._desk, self._new
        self._said = self._said or said
        self._ready.index()
        if self._takes_in:
            desk.doing(desk.take_in)
        if new:
            papers = f"{new:,} new {'paper' if new == 1 else 'papers'}"
            if self._watched:
                names = dict.fromkeys(name for names in self._watched for name in names)
                papers += f", {len(self._watched):,} watched ({', '.join(names)})"
            key = desk.key["first" if self._takes_in else "inbox"]
            leads = f"; {key} shows them" if not self._takes_in or desk.header.above else ""
            said = f"{papers}{leads}. {said}"
        self._filling = None
        if said:
            desk.footer.say(said.strip(), stays=True)

    def do_status(self) -> None:
        """Show how each category and day stands."""
        from tui_reader.sync import last_trouble
        from tui_reader.ui.pages import sync_status

        stand, desk = self._standings(), self._desk
        last = self._said or last_trouble(desk.store)
        page = partial(sync_status.layout, stand=stand, now=desk.now(), last=last)
        desk.panels.show_page(page, desk.key["status"])

    # What is followed

    def do_follow(self) -> None:
        """Let the person choose from all categories and archives, several in one go."""
        from tui_reader import taxonomy
        from tui_reader.ui.popups import Chooser, Popup

        desk, following = self._desk, self.following()
        archives, every = taxonomy.archives(), {*taxonomy.categories(), *taxonomy.archives()}
        codes = [*following, *sorted(every - following.keys())]
        choices = [
            (
                code,
                ", also ".join((taxonomy.name_of(code), *taxonomy.also(code))),
                "all of it" if code in archives else archives.get(code.partition(".")[0], ""),
            )
            for code in codes
        ]

        def take(index: int | None) -> None:
            if index is not None:
                desk.doing(partial(self._follow, {codes[at] for at in chooser.marked}))

        followed = range(len(following))
        chooser = Chooser("Categories", choices, desk.mode, enter="follows", marked=followed)
        desk.app.push_screen(Popup(chooser), take)

    def _follow(self, wanted: set[str]) -> None:
        desk, before = self._desk, self.following().keys()
        config, new, gone = desk.store.paths.config, sorted(wanted - before), before - wanted
        if not new and not gone:
            return
        unfollow(config, gone)
        follow(config, new, desk.now())
        if desk.view.kind is Kind.INBOX:
            desk.visit(desk.view)
        said = [f"Following {', '.join(new)} from now on."] if new else []
        if gone:
            said += [f"{', '.join(sorted(gone))}: followed no longer; the papers stay."]
        desk.footer.say(" ".join(said))
        if new:
            self.start()
