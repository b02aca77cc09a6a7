"""Rules, the saved filters that watch or mute: made from a paper, and gone through on a page."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING

from tui_reader.errors import TuiReaderError, UsageError
from tui_reader.model import Effect, SavedFilter
from tui_reader.store import Operation
from tui_reader.text import clean, fit
from tui_reader.ui.desk import Desk
from tui_reader.ui.parts.mark import MarkPart
from tui_reader.ui.parts.saved import SavedPart

if TYPE_CHECKING:
    from tui_reader.offers import Offer
    from tui_reader.store.rules import RuleHits

SECONDS_TO_TRY = 0.1
LONGEST_NAME = 30  # cells
DOES = {Effect.PLAIN: "", Effect.WATCH: "watches", Effect.MUTE: "mutes"}
_DONE = {Effect.WATCH: "watched", Effect.MUTE: "muted"}
_OPERATIONS = {
    Effect.PLAIN: Operation.SAVE_FILTER,
    Effect.WATCH: Operation.WATCH,
    Effect.MUTE: Operation.MUTE,
}


class RulesPart:
    """What the keys for rules do."""

    def __init__(self, desk: Desk, marking: MarkPart, saved: SavedPart) -> None:
        self._desk = desk
        self._marking = marking
        self._saved = saved

    def do_watch(self, row: int) -> None:
        """Let the person choose what of a paper to watch, or to mute."""
        from tui_reader.offers import offers

        found = [*offers(next(self._desk.store.items([row])).paper)]
        offered = [
            ((f"{effect} {offer.name}", offer.kind), (effect, offer))
            for effect in (Effect.WATCH, Effect.MUTE)
            for offer in found
        ]
        if not offered:
            raise TuiReaderError("Nothing is known of this paper that a rule could look for.")
        self._desk.panels.choose("From this paper", offered, self._follow, enter="")

    def _follow(self, chosen: "tuple[Effect, Offer]") -> None:
        """Make a rule, or add to the one of that name."""
        effect, offer = chosen
        known = self._desk.store.filters().get(offer.name, SavedFilter(""))
        saved = SavedFilter(offer.added_to(known.text), effect)
        if saved == known:
            self._desk.footer.say(f"{offer.name} is {_DONE[effect]} already.")
        else:
            self._save(offer.name, saved, offer)

    def _save(self, name: str, saved: SavedFilter, offer: "Offer | None" = None) -> None:
        """Keep a filter under its name, and say what it comes to."""
        desk, said = self._desk, f"Saved {name}"
        if saved.effect is not Effect.PLAIN:
            from tui_reader.query import rule

            found, complete = desk.store.find_at_once(rule(saved.text), SECONDS_TO_TRY)
            papers = f"{len(found.rows):,}{'' if complete else '+'} stored"
            said = f"{name} is {_DONE[saved.effect]}: {papers}"
            if offer and offer.kind == "author" and (several := self._people(found.rows, offer)):
                said += f". {several}"
        self._marking.save_filters(_OPERATIONS[saved.effect], {name: saved})
        desk.footer.say(f"{said}; {desk.key['undo']} takes it back.")

    def _people(self, rows: Sequence[int], offer: "Offer") -> str:
        """Say where the papers of a name seem to be several people's, by whom they are with."""
        from tui_reader.offers import circles, spelled

        papers = self._desk.store.papers.at(rows[:500]).values()
        found = circles(papers, spelled(offer))
        with_ = " or ".join(
            f"{', '.join(name for name, _ in circle.authors.most_common(2))} ({circle.papers})"
            for circle in found[:2]
        )
        return f"Perhaps {len(found)} people: with {with_}" if len(found) > 1 else ""

    # The page of rules

    def do_rules(self) -> None:
        self._show_rules("")

    def _show_rules(self, at: str) -> None:
        """Show every saved filter, what it does, and what it found of late."""
        desk = self._desk
        filters, hits = desk.store.filters(), desk.store.hits(desk.now().astimezone().date())
        if not filters:
            keys = desk.key
            raise TuiReaderError(
                f"There is no rule yet: {keys['watch']} makes one from a paper,"
                f" {keys['save_filter']} saves a filter."
            )
        offered = []
        for name, saved in filters.items():
            told = DOES[saved.effect], *_hits(saved, hits.get(name)), saved.text
            offered.append(((fit(name, LONGEST_NAME), *told), name))
        desk.panels.choose("Rules", offered, self._change, enter="changes", at=at)

    def _change(self, name: str) -> None:
        """Let the person choose what becomes of a saved filter."""
        saved = self._desk.store.filters().get(name)
        if not saved:  # another window forgot it meanwhile
            return
        does = {
            Effect.WATCH: ("Watch", "first in the Inbox, with a sign, and told of"),
            Effect.MUTE: ("Mute", "kept out of the Inbox"),
            Effect.PLAIN: ("Neither", "only saved"),
        }
        ways: list[tuple[tuple[str, str], Callable[[], None]]] = [
            (("Show", "all that it finds"), partial(self._saved.open, name, saved.text)),
            *(
                (told, partial(self._keep, name, saved._replace(effect=effect)))
                for effect, told in does.items()
                if effect is not saved.effect
            ),
            (("Edit", saved.text), partial(self._edit, name, saved)),
            (("Rename", name), partial(self._rename, name, saved)),
            (("Forget", f"{self._desk.key['undo']} brings it back"), partial(self._forget, name)),
        ]
        self._desk.panels.choose(fit(name, LONGEST_NAME), ways, lambda way: way(), enter="")

    def _keep(self, name: str, saved: SavedFilter) -> None:
        self._save(name, saved)
        self._show_rules(name)

    def _edit(self, name: str, saved: SavedFilter) -> None:
        def answer(text: str) -> None:
            self._desk.store.query(text, self._desk.now().astimezone().date())
            self._keep(name, saved._replace(text=clean(text)))

        self._desk.panels.ask(f"Filter of {name}", saved.text, answer)

    def _rename(self, name: str, saved: SavedFilter) -> None:
        def answer(text: str) -> None:
            new = clean(text)
            if not new or (new != name and new in self._desk.store.filters()):
                raise UsageError(f"There is {new} already" if new else "A filter needs a name")
            self._marking.save_filters(Operation.SAVE_FILTER, {name: None, new: saved})
            self._show_rules(new)

        self._desk.panels.ask("Name of the filter", name, answer)

    def _forget(self, name: str) -> None:
        self._marking.save_filters(Operation.FORGET_FILTER, {name: None})
        self._desk.footer.say(f"Forgot {name}; {self._desk.key['undo']} brings it back.")
        if self._desk.store.filters():
            self._show_rules("")


def _hits(saved: SavedFilter, hits: "RuleHits | None") -> tuple[str, str]:
    """Return how many a rule found in 30 days, and when the last; nothing of what is no rule."""
    if not hits:
        return "" if saved.effect is Effect.PLAIN else "no rule any more", ""
    last = f"last {hits.last.day} {hits.last:%b %Y}" if hits.last else "never"
    return f"{hits.papers:,} in 30 days", last
