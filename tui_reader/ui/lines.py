"""Drawing by lines: pieces of text with styles, put into strips of an exact width."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from rich.segment import Segment
from rich.style import Style as RichStyle
from textual.color import Color
from textual.geometry import Region
from textual.strip import Strip
from textual.widget import Widget

from tui_reader.text import Mode, Span, Style, cells, fit
from tui_reader.text.clean import printable
from tui_reader.ui.rows import ASCII

Piece = tuple[str, RichStyle]

NO_STYLE = RichStyle()
_RICH = {
    Style.BOLD: RichStyle(bold=True),
    Style.ITALIC: RichStyle(italic=True),
    Style.UNDERLINE: RichStyle(underline=True),
    Style.DIM: RichStyle(dim=True),
}


def strip(
    width: int,
    base: RichStyle,
    left: Iterable[Piece],
    right: Sequence[Piece] = (),
    *,
    least: int = 20,
) -> Strip:
    """Draw one line of exactly `width` cells; when room is short, the left side is cut.

    Text from outside was cleaned where it came in; here stands the last guard of the terminal.
    A right side that would leave the left one less than `least` cells is left out.
    """
    left = [(text if text.isprintable() else printable(text), style) for text, style in left]
    tail = sum(cells(text) for text, _ in right)
    if tail + min(least, width) > width:
        right, tail = (), 0
    room = width - tail
    segments = []
    for text, style in left:
        shown = fit(text, room)
        room -= cells(shown)
        if shown:
            segments.append(Segment(shown, base + style))
        if shown != text or not room:
            break
    if room > 0:
        segments.append(Segment(" " * room, base))
    segments.extend(Segment(text, base + style) for text, style in right)
    return Strip(segments, width)


def styled(
    spans: Iterable[Span], base: RichStyle = NO_STYLE, found: RichStyle = NO_STYLE
) -> list[Piece]:
    """Turn the styled spans of a text into pieces to draw; `found` is for Style.FOUND."""
    pieces = []
    for span in spans:
        style = base
        for flag, rich in _RICH.items():
            if flag in span.style:
                style += rich
        if Style.FOUND in span.style:
            style += found
        pieces.append((span.text, style))
    return pieces


class Ink(NamedTuple):
    """How a kind of text looks in any theme."""

    colour: str
    """A variable of the theme."""
    opacity: float = 1.0
    """How much of the colour there is over the background; it must stay readable."""
    attributes: str = ""
    """As Rich writes them: "bold", "italic", "underline", "reverse"."""


INKS = {
    "strong": Ink("foreground", 1, "bold"),
    "text": Ink("foreground"),
    "soft": Ink("foreground", 0.8),
    "dim": Ink("foreground", 0.62),
    "faint": Ink("foreground", 0.3),
    "mine": Ink("foreground", 0.8, "italic"),
    "accent": Ink("accent"),
    "title": Ink("accent", 1, "bold"),
    "star": Ink("warning"),
    "found": Ink("accent", 1, "bold underline"),
    "error": Ink("error"),
    "wrong": Ink("error", 1, "underline"),
    "caret": Ink("foreground", 1, "reverse"),
}
"""One accent, one warm colour for stars, and the rest in shades of the text's own."""


class Lines(Widget):
    """A widget that draws itself line by line, at a cost that only its height decides."""

    def __init__(self, mode: Mode = Mode.UNICODE) -> None:
        super().__init__()
        self.mode = mode
        self._inks: dict[str, RichStyle] = {}

    @property
    def base(self) -> RichStyle:
        """The widget's own colours."""
        if "" not in self._inks:
            self._inks[""] = self.rich_style
        return self._inks[""]

    def ink(self, name: str) -> RichStyle:
        """Return one of INKS on the widget's background."""
        if name not in self._inks:
            colour, opacity, attributes = INKS[name]
            ground = self.background_colors[1]
            blended = ground.blend(Color.parse(self.app.theme_variables[colour]), opacity)
            self._inks[name] = RichStyle.parse(attributes) + RichStyle(color=blended.rich_color)
        return self._inks[name]

    def ground(self, variable: str) -> RichStyle:
        """Return a background in a colour of the theme."""
        if variable not in self._inks:
            colour = Color.parse(self.app.theme_variables[variable])
            self._inks[variable] = RichStyle(bgcolor=colour.rich_color)
        return self._inks[variable]

    def notify_style_update(self) -> None:
        self._inks.clear()
        super().notify_style_update()

    def line(self, y: int) -> Strip:
        """Draw the line `y`, which is 0 at the top of the widget."""
        raise NotImplementedError

    def render_line(self, y: int) -> Strip:
        drawn = self.line(y)
        if self.mode is Mode.ASCII:
            plainer = [Segment(text.translate(ASCII), style) for text, style, _ in drawn]
            return Strip(plainer, self.size.width)
        return drawn

    def render_lines(self, crop: Region) -> list[Strip]:
        # Without borders, padding and opacity there is nothing for Textual's style cache to add.
        filters, ground = self.get_line_filters(), self.background_colors[1]
        whole = crop.x == 0 and crop.width == self.size.width
        drawn = []
        for y in crop.line_range:
            line = self.render_line(y)
            for chosen in filters:
                line = line.apply_filter(chosen, ground)
            drawn.append(line if whole else line.crop(crop.x, crop.right))
        return drawn

    def redraw(self, y: int, count: int = 1) -> None:
        """Draw these lines again."""
        self.refresh(Region(0, y, self.size.width, count))
