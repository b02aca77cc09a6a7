"""What changed from an earlier version to the newest, marked as git marks words."""

from collections.abc import Iterator, Sequence

from tui_reader.difference import Fate, Stretch, stretches
from tui_reader.model import Paper
from tui_reader.store import Earlier
from tui_reader.text import Span, Style, plain, wrap
from tui_reader.ui.inks import Piece

WIDEST = 100
_MARKED = {Fate.REMOVED: "[-{}-]", Fate.ADDED: "{{+{}+}}", Fate.KEPT: "{}"}
# A span carries its fate through wrapping as a style of its own.
_STYLES = {Fate.REMOVED: Style.DIM, Fate.ADDED: Style.BOLD, Fate.KEPT: Style.PLAIN}
_INKS = {Style.DIM: "error", Style.BOLD: "accent", Style.PLAIN: "text"}


def layout(width: int, before: Earlier, after: Paper) -> Iterator[list[Piece]]:
    """Yield the lines of the page."""
    versions = f"Version {before.version} to {after.version or 'the newest'}"
    yield [(f" {after.id}  {versions}", "title")]
    legend = (Stretch(Fate.REMOVED, "removed"), Stretch(Fate.ADDED, "added"))
    yield from _drawn(width, list(legend))
    for name, old, new in (
        ("Title", plain(before.title), plain(after.title)),
        ("Authors", _names(before.authors), _names(after.authors)),
        ("Abstract", plain(before.abstract or ""), plain(after.abstract or "")),
        ("Comments", plain(before.comments or ""), plain(after.comments or "")),
    ):
        found = stretches(old, new)
        same = all(stretch.fate is Fate.KEPT for stretch in found)
        yield []
        yield [(f" {name}", "title"), ("  unchanged" if same else "", "dim")]
        if not same:
            yield from _drawn(width, found)


def _names(authors: Sequence[str]) -> str:
    """Return the names so that each is compared as a whole."""
    return " ".join(f"{plain(name)};".replace(" ", "\xa0") for name in authors)


def _drawn(width: int, found: list[Stretch]) -> Iterator[list[Piece]]:
    spans = []
    for fate, text in found:
        spans += [Span(_MARKED[fate].format(text), _STYLES[fate]), Span(" ")]
    for line in wrap(spans, max(1, min(width - 2, WIDEST))):
        yield [(" ", ""), *((span.text, _INKS[span.style]) for span in line)]
