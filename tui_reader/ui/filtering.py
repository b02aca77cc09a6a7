"""Typing a filter: what each key makes of it."""

from collections import Counter
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from tui_reader import actions, taxonomy
from tui_reader.errors import QueryError, TuiReaderError
from tui_reader.text import plain
from tui_reader.ui.editing import Typed
from tui_reader.ui.searching import Searching

if TYPE_CHECKING:
    from tui_reader.query import Query
    from tui_reader.store.search import Answer
    from tui_reader.ui.main_screen import MainScreen

AT_ONCE = 0.015  # seconds that a key may take to find its papers, before others find the rest
MOST_REMEMBERED = 100  # filters
LONGEST_REMEMBERED = 500  # characters
SHOWN = 64  # papers whose authors and categories are offered


class Filtering:
    """The filter of the main screen; its list follows each keystroke."""

    def __init__(self, main: "MainScreen") -> None:
        self.main = main
        self.bar = main.filter
        self._keys = actions.keymap(actions.TYPING)
        self._error: QueryError | None = None
        self._start = 0
        """Where in the text the choices of the bar would go."""
        self._turned: tuple[str, Typed] = ("", Typed())
        """What a key goes through line by line, and the line that it put into the bar last."""
        self._lines: Sequence[tuple[Typed, Sequence[str]]] = ()
        self._line = 0
        self.searching: Searching | None = None
        self._unfinished: Query | None = None
        self._answered = False
        """Whether some of the last query's papers are shown."""

    def begin(self) -> None:
        """Let the keys go into the bar."""
        self.bar.typing = True
        self.bar.set(Typed.of(self.bar.typed.text))
        self.main.footer.offer(actions.TYPING)
        self.offer()

    def press(self, key: str, character: str | None) -> None:
        """Edit the filter's text, or do what else the key is for."""
        bar = self.bar
        if action := self._keys.get(key):
            steps = [-1 if key in actions.BACK else 1] if action.counts else []
            getattr(self, f"do_{action.name}")(*steps)
        elif key == "Backspace" and not bar.typed.text:
            self.do_keep()
        elif (typed := bar.typed.key(key, character)) and typed.text == bar.typed.text:
            bar.set(typed)
            self.offer()
        elif typed:
            self.ask(typed)

    def reset(self) -> None:
        """Begin without a filter, as a view does."""
        self._error = None
        self.bar.own = self.main.view.text
        self.bar.set(Typed())
        self._seek()
        self.offer()
        self._unfinished = None
        if self.searching:
            self.searching.stop()
        elif self.main.store.is_large(self.main.all):
            self.searching = Searching(self.main.store, self.main.call_later, self._take)

    def _seek(self, *asked: "Query") -> None:
        """Highlight what the view and the filter look for, when the list is shown next."""
        main, view = self.main, self.main.view
        main.list.sought = main.abstract.sought = {}
        if view.text or asked:
            from tui_reader.query import needles, parse

            own = [parse(view.text, view.today)] if view.today else []
            main.list.sought = main.abstract.sought = needles(*own, *asked)

    @property
    def today(self) -> date:
        """The day from which `7d` and the like count back."""
        return self.main.now().astimezone().date()

    def ask(self, typed: Typed) -> None:
        """Filter the view; a text that is not a query leaves the list and says what is wrong."""
        from tui_reader.query import parse

        self.bar.set(typed)
        self._error = None
        try:
            asked = parse(typed.text, self.today)
        except QueryError as error:
            self._error = error
        else:
            self._seek(asked)
            self._filter(asked if typed.text.strip() else None)
        self.offer()

    def _filter(self, query: "Query | None") -> None:
        main = self.main
        self._unfinished = None
        if self.searching:
            self.searching.stop()
        if not query:
            main.show(main.all)
        elif self.searching and main.store.is_large(main.all):
            answer = main.store.newest(query, AT_ONCE)
            self._answered = False
            self._take(answer)
            if not answer.complete:
                self._unfinished = query
                main.call_after_refresh(self._find_rest, query)
        else:
            main.show(main.store.find(main.all, query))

    def _find_rest(self, query: "Query") -> None:
        """Find all papers, now that the newest are on the screen."""
        if self.searching and query is self._unfinished:
            self.searching.ask(query)

    def offer(self) -> None:
        """Offer what the text may become at the cursor, else say what is wrong with it."""
        bar, error = self.bar, self._error
        bar.choices = self._choices() if bar.typing else ()
        if bar.choices and error and error.at >= self._start:
            error = None  # what is wrong is that it is not finished
        bar.problem, bar.wrong = (error.problem, error.at) if error else ("", None)
        bar.refresh()
        self.main.place_terminal_cursor()
        if bar.problem and not bar.problem_fits:
            self.main.footer.say(bar.problem)

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
            return self.main.store.tags()
        papers = self.main.store.papers(self.main.list.contents.rows[:SHOWN]).values()
        if field == "au":
            names = Counter(plain(name) for paper in papers for name in paper.authors)
            return [name for name, _ in names.most_common()]
        codes = Counter(code for paper in papers for code in paper.categories)
        return dict.fromkeys((*(code for code, _ in codes.most_common()), *taxonomy.categories()))

    # What the keys of actions.TYPING do

    def do_keep(self) -> None:
        if self._error:
            self.main.footer.say(self._error.problem)
            return
        self.remember(self.bar.typed.text.strip())
        self.bar.typing = False
        self.main.footer.offer(self.main.actions)
        self.offer()

    def do_drop(self) -> None:
        self._error = None  # nobody cares any more
        self.do_keep()
        self.ask(Typed())

    def do_move(self, step: int) -> None:
        self.main.go(self.main.list.cursor + step)

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
        fits = [text for text in self._past() if typed in text.lower() != typed]
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

    def _past(self) -> list[str]:
        """Return the filters that were typed, the latest first."""
        return (self.main.store.recall("filters") or "").splitlines()

    def remember(self, text: str) -> None:
        """Let a filter come back among the earlier ones."""
        if text and len(text) <= LONGEST_REMEMBERED:
            past = [text, *(other for other in self._past() if other != text)]
            with suppress(TuiReaderError):  # an earlier filter is worth no complaint
                self.main.store.remember("filters", "\n".join(past[:MOST_REMEMBERED]))

    def do_language(self) -> None:
        from tui_reader.ui.help import while_typing

        self.main.show_help(while_typing(), "F1")

    def sort(self) -> None:
        """Put the next order into the filter; after the last, arXiv's own."""
        from tui_reader.query import Sort, parse, to_text

        query = parse(self.bar.typed.text, self.today)
        orders = [None, *(order for order in Sort if order is not Sort.ARXIV)]
        at = orders.index(query.sort) + 1 if query.sort in orders else 1
        order = orders[at % len(orders)]
        self.ask(Typed.of(to_text(replace(query, sort=order))))
        self.main.footer.say(f"Order: {(order or Sort.ARXIV).meaning}.")

    def _take(self, answer: "Answer | str") -> None:
        """Show an answer, or more of it than before."""
        if isinstance(answer, str):
            self.main.footer.say(answer)
        elif answer.contents.rows or answer.complete:
            self.main.show(answer.contents, complete=answer.complete, more=self._answered)
            self._answered = True
