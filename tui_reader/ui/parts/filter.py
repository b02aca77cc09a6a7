"""The filter: what each key makes of the text, and of the list."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import date
from functools import partial
from typing import TYPE_CHECKING, Protocol

from tui_reader import actions, taxonomy
from tui_reader.errors import QueryError
from tui_reader.following import of_inbox
from tui_reader.model import paper_at
from tui_reader.store import Contents, Kind, View
from tui_reader.text import plain
from tui_reader.ui.abstract_pane import AbstractPane
from tui_reader.ui.bars import FilterBar
from tui_reader.ui.desk import Desk, methods
from tui_reader.ui.line_edit import PastLines, Typed
from tui_reader.ui.parts.search_thread import SearchThread

if TYPE_CHECKING:
    from tui_reader.query import Clause, Query
    from tui_reader.store.search import Answer

# How a key becomes a list.
#
# `ask` reads the text. In a view of some thousand papers `Store.find_soon` tests each of them, made
# ready before (`query.documents`), in a few milliseconds; the list is painted with the bar. Right
# after the view was opened not all may be ready: then they are made so in steps (`_find_on`). In a
# large Library, or a saved filter of it, the index answers, in four steps and as many waits:
#
# 1. `Store.newest` asks `store.search` for the newest hits, through the screen's own connection.
#    The key waits for it, SECONDS_TO_FIND at most, so some hits will do: the commonest words that
#    begin as the typed one, the latest months. The list is painted with these.
# 2. Where they are not all, a timer waits until that is painted: SECONDS_TO_PAINT, SECONDS_TO_SAY
#    where there is only the bar to paint. While Python works elsewhere, painting stands still.
# 3. `parts.search_thread` asks again, exactly, through a connection of its own. Where step 1 found
#    nothing, the newest hits come first, and of many hits the first ten thousand. SQLite asks at
#    every hundredth of its steps whether a newer key came, which ends it.
# 4. Each answer waits for the screen's turn (`_take`), and is dropped where a newer key came. The
#    list grows below what is painted, and the cursor stays.
#
# In each of them, what is not indexed yet is tested paper by paper, as in a small view.
SECONDS_TO_FIND = 0.006
SECONDS_TO_PAINT = 0.02
SECONDS_TO_SAY = 0.003
MOST_FILTERS = 100  # that are remembered
LONGEST_FILTER = 500  # characters of one
SHOWN = 24  # papers whose authors and categories are offered
LIBRARY = View(Kind.LIBRARY)


class FilterDesk(Desk, Protocol):
    """What filtering uses besides."""

    all: Contents
    """What the view holds."""
    complete: bool
    """Whether all of it is known."""
    filter: FilterBar
    abstract: AbstractPane

    def show(self, contents: Contents, *, complete: bool = True, more: bool = False) -> None:
        """Show this part of the view, which may not be complete, or be more than before."""

    def show_all(self, contents: Contents, complete: bool, *, more: bool = False) -> None:
        """Show what the view holds."""

    def follow_typing(self) -> None:
        """Let the footer follow where keys go."""


class FilterPart:
    """The filter of the main screen; its list follows each keystroke."""

    def __init__(self, desk: FilterDesk) -> None:
        self._desk = desk
        self.bar = desk.filter
        self._earlier = PastLines(desk.store, "filters", MOST_FILTERS)
        self._keys = actions.keymap(actions.TYPING)
        self._methods = methods(self)
        self._error: QueryError | None = None
        self._start = 0
        """Where in the text the choices of the bar would go."""
        self._turned: tuple[str, Typed] = ("", Typed())
        """What a key goes through line by line, and the line that it put into the bar last."""
        self._lines: Sequence[tuple[Typed, Sequence[str]]] = ()
        self._line = 0
        self.whole = False
        """Whether queries are asked of all that is stored, which is too much for a key."""
        self._own: Query | None = None
        """The filter that the view itself is."""
        self._asked: Query | None = None
        """The filter of the view."""
        self.searching: SearchThread | None = None
        self._answered = False
        """Whether some of the last query's papers are shown."""
        self.found_nothing: Callable[[str], None] = lambda text: None
        """Told of a filter that is kept though it leaves nothing."""

    def do_filter(self) -> None:
        """Let the keys go into the bar."""
        if self._desk.all.rows:
            self._desk.select(None)
            self.bar.typing, self.bar.typed = True, Typed.of(self.bar.typed.text)
            self.offer()

    def press(self, key: str, character: str | None) -> None:
        """Edit the filter's text, or do what else the key is for."""
        bar = self.bar
        if action := self._keys.get(key):
            steps = [-1 if key in action.back else 1] if action.counts else []
            self._methods[action.name](*steps)
        elif key == "Backspace" and not bar.typed.text:
            self.do_keep()
        elif (typed := bar.typed.key(key, character)) and typed.text == bar.typed.text:
            bar.typed = typed
            self.offer()
        elif typed:
            self.ask(typed)

    def reset(self) -> None:
        """Begin without a filter, as a view does."""
        from_all = self._desk.view.kind in (Kind.LIBRARY, Kind.SAVED)
        self.whole = from_all and self._desk.store.is_large(self._desk.store.contents(LIBRARY))
        if self.searching:
            self.searching.stop()
        elif self.whole:
            self.searching = SearchThread(self._desk.store, self.bar.call_later, self._take)
        self._error = self._own = self._asked = None
        view = self._desk.view
        if view.today:
            self._own = self._desk.store.query(view.text, view.today)
        self.bar.own, self.bar.typed, self.bar.notice = view.text, Typed(), ""
        self._seek()
        self.offer()

    def contents(self, kept: Sequence[int] = ()) -> "tuple[Contents, bool]":
        """Return what the view holds and whether that is all; the rest comes later.

        The rows `kept` stay in the Inbox though they are read.
        """
        if self.whole and self._own:
            return self._newest(self._own)
        store = self._desk.store
        followed = of_inbox(store.paths.config)
        return store.contents(self._desk.view, kept, followed), True

    def _newest(self, query: "Query") -> "Answer":
        """Find the newest papers at once, and have the others found when they are on the screen."""
        assert self.searching
        answer = self._desk.store.newest(query, SECONDS_TO_FIND)
        self._answered = bool(answer.contents.rows)
        if not answer.complete:
            number, newest = self.searching.stop(), not self._answered
            ask = partial(self.searching.ask, query, number, newest=newest)
            self.bar.set_timer(SECONDS_TO_SAY if newest else SECONDS_TO_PAINT, ask)
        return answer

    def _seek(self) -> None:
        """Highlight what the view and the filter look for, when the list is shown next."""
        found: Mapping[str, Sequence[str]] = {}
        if asked := [query for query in (self._own, self._asked) if query]:
            from tui_reader.query import needles

            found = needles(*asked)
        self._desk.list.sought = self._desk.abstract.sought = found

    @property
    def today(self) -> date:
        """The day from which `7d` and the like count back."""
        return self._desk.now().astimezone().date()

    def ask(self, typed: Typed) -> None:
        """Filter the view; where a text is not a query, say what is wrong.

        While a field is typed, such as `is:un`, or `sort` of which there is nothing, the list
        follows what stands before it; else it stays as it is.
        """
        self.bar.typed, self.bar.notice, self._error = typed, "", None
        before, _, typing = typed.text[: typed.at].rpartition(" ")
        try:
            self._look_for(typed.text)
            is_field = not self._desk.list.contents.rows and typing and self._may_be_field()
        except QueryError as error:
            self._error = error
            is_field = ":" in typing
        if is_field and typed.at == len(typed.text):
            with suppress(QueryError):
                self._look_for(before)
        self.offer()

    def _may_be_field(self) -> bool:
        return any(choice.endswith(":") for choice in self._choices())

    def ask_library(self, text: str) -> None:
        """Show the Library under this filter."""
        self._desk.visit(LIBRARY)
        self._desk.doing(partial(self.ask, Typed.of(text)))

    def _look_for(self, text: str) -> None:
        asked = self._desk.store.query(text, self.today)
        self._asked = asked if text.strip() else None
        if asked.unused:
            self.bar.notice = f"Not looked for: {', '.join(asked.unused)}."
        elif asked.order and asked.order.learned and (missing := self._missing()):
            self.bar.notice = f"For you {missing}."
        self._seek()
        self._filter()

    def _filter(self) -> None:
        desk, own, asked = self._desk, self._own, self._asked
        if self.searching:
            self.searching.stop()
        if self.whole and (asked or not desk.complete):
            self._show(self._newest(_every(filter(None, (own, asked)))), more=False)
        elif asked:
            self._find_on(asked, more=False)
        else:
            desk.show(desk.all)

    def _find_on(self, asked: "Query", *, more: bool) -> None:
        """Show what can be found at once in a view whose papers may not all be ready, and go on."""
        if asked is not self._asked:
            return  # a newer key came
        found, complete = self._desk.store.find_soon(self._desk.all, asked, SECONDS_TO_FIND)
        if found.rows or complete:
            self._desk.show(found, complete=complete, more=more)
        if not complete:
            go_on = partial(self._find_on, asked, more=bool(found.rows))
            self.bar.set_timer(SECONDS_TO_PAINT, partial(self._desk.doing, go_on))

    def _take(self, answer: "Answer | str") -> None:
        """Show an answer that was found behind the screen."""
        if isinstance(answer, str):
            self._desk.footer.say(answer)
        else:
            self._desk.doing(partial(self._show, answer, more=self._answered))

    def _show(self, answer: "tuple[Contents, bool]", *, more: bool) -> None:
        """Show what was found, or `more` of it than before."""
        contents, complete = answer
        if contents.rows or complete:
            if self._asked:
                self._desk.show(contents, complete=complete, more=more)
            else:
                self._desk.show_all(contents, complete=complete, more=more)
            self._answered = True

    def offer(self) -> None:
        """Offer what the text may become at the cursor, else say what is wrong with it."""
        bar, error = self.bar, self._error
        bar.choices = self._choices() if bar.typing else ()
        if bar.choices and error and error.at >= self._start:
            error = None  # what is wrong is that it is not finished
        bar.problem, bar.wrong = (error.problem, error.at) if error else ("", None)
        self._desk.follow_typing()
        if bar.problem and not bar.problem_fits:
            self._desk.footer.say(bar.problem)

    def _choices(self) -> Sequence[str]:
        from tui_reader.query import completions

        text, at = self.bar.typed
        found = completions(text, at, self._values)
        begun = text[found.start : at]
        self._start = found.start
        if text[at : at + 1] not in ("", " ", ")") or not (
            begun or not text or text[at - 1] == ":"
        ):
            return ()
        return [choice for choice in found.choices if choice != begun]

    def _values(self, field: str) -> Iterable[str]:
        """Return what is known to stand after a field, the most frequent on the screen first."""
        if field == "tag":
            return self._desk.store.marked.tags()
        shown = self._desk.list
        if field == "like":
            tags = [f"tag:{tag}" for tag in self._desk.store.marked.tags()]
            return [*map(paper_at, shown.contents.rows[shown.cursor :][:1]), *tags]
        papers = self._desk.store.papers.at(shown.contents.rows[:SHOWN]).values()
        if field == "au":
            names = Counter(plain(name) for paper in papers for name in paper.authors)
            return [name for name, _ in names.most_common()]
        codes = Counter(code for paper in papers for code in paper.categories)
        return dict.fromkeys((*(code for code, _ in codes.most_common()), *taxonomy.categories()))

    # What the keys of actions.TYPING do

    def do_keep(self) -> None:
        if self._error:
            self._desk.footer.say(self._error.problem)
            return
        if self.bar.typed.text.strip() and self._may_be_field():
            self._look_for(self.bar.typed.text)  # the word was meant
        self.remember(self.bar.typed.text.strip())
        self.bar.typing = False
        self.offer()
        if not self._desk.list.contents.rows:
            self.found_nothing(self.bar.typed.text)

    def do_drop(self) -> None:
        self._error = None  # nobody cares any more
        self.do_keep()
        self.ask(Typed())

    def do_move(self, step: int) -> None:
        self._desk.cursor.go(self._desk.list.cursor + step)

    def do_complete(self, step: int) -> None:
        (text, at), choices = self.bar.typed, list(self.bar.choices)
        begun = text[: self._start]
        lines = [Typed(begun + choice + text[at:], len(begun + choice)) for choice in choices]
        if len(choices) == 1:
            self.ask(lines[0])
        else:
            rest = [choices[n:] + choices[:n] for n in range(1, len(choices) + 1)]
            self._turn("choices", step, zip(lines, rest, strict=True))

    def do_recall(self, step: int) -> None:
        typed = self.bar.typed.text.lower()
        fits = [text for text in self._earlier.lines if typed in text.lower() != typed]
        self._turn("earlier", step, [(Typed.of(text), ()) for text in fits])

    def _turn(self, what: str, step: int, lines: Iterable[tuple[Typed, Sequence[str]]]) -> None:
        """Put the next of some lines into the bar, with its choices; after the last, the typed."""
        bar = self.bar
        if self._turned != (what, bar.typed):
            self._lines, self._line = [(bar.typed, bar.choices), *lines], 0
        self._line = (self._line + step) % len(self._lines)
        typed, choices = self._lines[self._line]
        self.ask(typed)
        self._turned = (what, typed)
        bar.choices = choices or bar.choices

    def remember(self, text: str) -> None:
        """Let a filter come back among the earlier ones."""
        if text and len(text) <= LONGEST_FILTER:
            self._earlier.add(text)

    def do_language(self) -> None:
        from tui_reader.ui.pages.help import layout, while_typing

        self._desk.panels.show_page(partial(layout, entries=[*while_typing()]), "F1")

    # What keys of the main screen do

    def do_sort(self) -> None:
        """Choose an order, and put it into the filter."""
        from tui_reader.query import SORTS, Sort, parse, to_text

        query = parse(self.bar.typed.text, self.today)
        offered = [
            ((sort.name, sort.meaning, self._missing() if sort.learned else ""), sort)
            for sort in SORTS.values()
        ]

        def take(sort: Sort) -> None:
            named = sort if sort.key or sort.learned else None
            self.ask(Typed.of(to_text(replace(query, sort=named))))
            if sort.learned:  # the likeliest are what it is for
                self._desk.cursor.jump(0)

        here = query.order or SORTS["arxiv"]
        self._desk.panels.choose("Order", offered, take, enter="orders", at=here)

    def _missing(self) -> str:
        """Say how many stars are missing for the order that is learned; empty where none is."""
        missing = self._desk.store.cache.taste.missing()
        stars = f"{missing} more star{'s' * (missing > 1)}"
        return f"from {stars} on; until then as arXiv does" if missing else ""


def _every(asked: "Iterable[Query]") -> "Query":
    """Return what all of the queries ask for, in the order of the last that names one."""
    from tui_reader.query import And, Query

    parts: list[Clause] = []
    order = None
    for query in asked:
        parts += query.root.parts if isinstance(query.root, And) else (query.root,)
        order = query.sort or order
    return Query(And(tuple(parts)), order)
