"""Filters saved under names: choosing one as a view, saving, renaming, forgetting."""

from tui_reader.config import save_filters, saved_filters
from tui_reader.store import Kind, View
from tui_reader.text import clean
from tui_reader.ui.filtering import Filtering


def choose(filtering: Filtering) -> None:
    """Let the researcher choose a saved filter, and show what it leaves of the Library."""
    main = filtering.main
    filters = list(saved_filters(main.store.paths.config).items())
    if not filters:
        keys = f"Filter with {main.key['filter']}, then save it with {main.key['save_filter']}."
        main.footer.say(f"No filter is saved yet. {keys}")
        return

    choices = [(f"{name:<20}  {text}", "") for name, text in filters]
    main.choose("Saved filter", choices, lambda index: _open(filtering, *filters[index]))


def _open(filtering: Filtering, name: str, text: str) -> None:
    from tui_reader.query import parse

    parse(text, filtering.today)  # may have been edited: then say so before anything changes
    filtering.main.visit(View(Kind.SAVED, name=name, text=text, today=filtering.today))


def save(filtering: Filtering) -> None:
    """Ask for a name to save the filter under; without one a saved filter is forgotten."""
    main, typed = filtering.main, filtering.bar.typed.text.strip()
    view, directory, keys = main.view, main.store.paths.config, main.key
    text = f"({view.text}) ({typed})" if view.text and typed else typed or view.text
    if not text or filtering.bar.problem:
        main.footer.say(f"There is no filter to save: type one with {keys['filter']}.")
        return
    names = [name for name, saved in saved_filters(directory).items() if saved == text]
    known = view.name if view.name in names else next(iter(names), "")

    def answer(wanted: str) -> None:
        name, filters = clean(wanted), saved_filters(directory)
        if not name and not known:
            return
        lost = filters.pop(name or known, text)
        filters.pop(known, None)
        save_filters(directory, filters | {name: text} if name else filters)
        said = f"Saved as {name}; {keys['saved']} brings it back." if name else f"Forgot {known}."
        if not name or lost != text:
            filtering.remember(lost)
            said += f" {keys['filter']} Ctrl-r brings back what it was."
        main.footer.say(said)
        if name and view.name in names:
            main.view = view._replace(name=name)
            main.show_counts()

    main.put("Name of the filter", known, answer)
