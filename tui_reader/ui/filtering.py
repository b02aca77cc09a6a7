"""Typing a filter: what each key makes of it, and the filters that were saved."""

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from tui_reader.config import save_filter, saved_filters
from tui_reader.errors import QueryError
from tui_reader.store import Kind, View
from tui_reader.text import clean
from tui_reader.ui.editing import Typed

if TYPE_CHECKING:
    from tui_reader.ui.main_screen import MainScreen


class Filtering:
    """The filter of the main screen; its list follows each keystroke."""

    def __init__(self, main: "MainScreen") -> None:
        self.main = main
        self.bar = main.filter

    def press(self, key: str, character: str | None) -> None:
        """Edit the filter's text."""
        bar, main = self.bar, self.main
        match key:
            case "Enter":
                bar.typing = False
                bar.refresh()
            case "Esc" | "Ctrl-c":
                bar.typing = False
                self.ask(Typed())
            case "Down" | "Ctrl-n":
                main.go(main.list.cursor + 1)
            case "Up" | "Ctrl-p":
                main.go(main.list.cursor - 1)
            case "Backspace" if not bar.typed.text:
                bar.typing = False
                bar.refresh()
            case _:
                typed = bar.typed.key(key, character)
                if typed and typed.text == bar.typed.text:
                    bar.set(typed)
                elif typed:
                    self.ask(typed)

    def reset(self) -> None:
        """Begin without a filter, as a view does."""
        self.bar.problem, self.bar.wrong = "", None
        self.bar.set(Typed())
        self.main.list.sought = self.main.abstract.sought = {}

    def ask(self, typed: Typed) -> None:
        """Filter the view; a text that is not a query leaves the list and says what is wrong."""
        from tui_reader.query import needles, parse

        bar, main = self.bar, self.main
        bar.problem, bar.wrong = "", None
        try:
            asked = parse(typed.text, main.now().astimezone().date())
        except QueryError as error:
            bar.problem, bar.wrong = error.problem, error.at
        else:
            main.list.sought = main.abstract.sought = needles(asked)
            main.show(main.store.find(main.all, asked) if typed.text.strip() else main.all)
        bar.set(typed)
        main.place_terminal_cursor()
        if bar.problem and not bar.problem_fits:
            main.footer.say(bar.problem)

    def sort(self) -> None:
        """Put the next order into the filter; after the last, arXiv's own."""
        from tui_reader.query import Sort, parse, to_text

        query = parse(self.bar.typed.text, self.main.now().astimezone().date())
        orders = [None, *(order for order in Sort if order is not Sort.ARXIV)]
        at = orders.index(query.sort) + 1 if query.sort in orders else 1
        order = orders[at % len(orders)]
        self.ask(Typed.of(to_text(replace(query, sort=order))))
        self.main.footer.say(f"Order: {(order or Sort.ARXIV).meaning}.")

    def choose_saved(self) -> None:
        """Let the researcher choose a saved filter, and show the Library through it."""
        from tui_reader.ui.chooser import Choice, Chooser

        main = self.main
        filters = list(saved_filters(main.store.paths.config).items())
        if not filters:
            keys = f"Filter with {main.key['filter']}, then save it with {main.key['save_filter']}."
            main.footer.say(f"No filter is saved yet. {keys}")
            return

        def take(index: int | None) -> None:
            if index is not None:
                main.doing(partial(main.visit, View(Kind.LIBRARY)))
                main.doing(partial(self.ask, Typed.of(filters[index][1])))

        choices = [Choice(name, text) for name, text in filters]
        main.app.push_screen(Chooser("Saved filter", choices, main.mode), take)

    def save(self) -> None:
        """Ask for a name to save the filter under; without one it is forgotten."""
        main, text = self.main, self.bar.typed.text
        if not text.strip() or self.bar.problem:
            main.footer.say(f"There is no filter to save: type one with {main.key['filter']}.")
            return
        directory = main.store.paths.config
        known = next((n for n, saved in saved_filters(directory).items() if saved == text), "")

        def answer(name: str) -> None:
            if known:
                save_filter(directory, known, "")
            if name.strip():
                save_filter(directory, clean(name), text)
                main.footer.say(f"Saved as {clean(name)}; {main.key['saved']} brings it back.")

        main.put("Name of the filter", known, answer)
