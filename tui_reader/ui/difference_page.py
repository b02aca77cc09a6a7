"""What changed from an earlier version to the newest, marked as git marks words."""

from collections.abc import Iterator, Sequence

from tui_reader.difference import Fate, Stretch, stretches
from tui_reader.model import Paper
from tui_reader.store import Earlier
from tui_reader.text import Span, Style, plain, wrap
from tui_reader.ui.lines import Lines, Piece

WIDEST = 100
_MARKS = {Fate.REMOVED: ("[-", "-]"), Fate.ADDED: ("{+", "+}"), Fate.KEPT: ("", "")}
_INKS = {Fate.REMOVED: "error", Fate.ADDED: "accent", Fate.KEPT: "text"}
# A span carries its fate through wrapping as a style of its own.
_STYLES = {Fate.REMOVED: Style.DIM, Fate.ADDED: Style.BOLD, Fate.KEPT: Style.PLAIN}
_FATES = {style: fate for fate, style in _STYLES.items()}


def layout(page: Lines, before: Earlier, after: Paper) -> Iterator[list[Piece]]:
    """Yield the lines of the page for the widget's width."""
    versions = f"Version {before.version} to {after.version or 'the newest'}"
    yield [(f" {after.id}  {versions}", page.ink("title"))]
    legend = (Stretch(Fate.REMOVED, "removed"), Stretch(Fate.ADDED, "added"))
    yield from _drawn(page, list(legend))
    for name, old, new in (
        ("Title", plain(before.title), plain(after.title)),
        ("Authors", _names(before.authors), _names(after.authors)),
        ("Abstract", plain(before.abstract or ""), plain(after.abstract or "")),
        ("Comments", plain(before.comments or ""), plain(after.comments or "")),
    ):
        found = stretches(old, new)
        same = all(stretch.fate is Fate.KEPT for stretch in found)
        yield []
        yield [(f" {name}", page.ink("title")), ("  unchanged" if same else "", page.ink("dim"))]
        if not same:
            yield from _drawn(page, found)


def _names(authors: Sequence[str]) -> str:
    """Return the names so that each is compared as a whole."""
    return " ".join(f"{plain(name)};".replace(" ", "\xa0") for name in authors)


def _drawn(page: Lines, found: list[Stretch]) -> Iterator[list[Piece]]:
    spans = []
    for fate, text in found:
        opening, closing = _MARKS[fate]
        spans += [Span(f"{opening}{text}{closing}", _STYLES[fate]), Span(" ")]
    for line in wrap(spans, max(1, min(page.size.width - 2, WIDEST))):
        yield [(" ", page.ink("text")), *((s.text, page.ink(_INKS[_FATES[s.style]])) for s in line)]
