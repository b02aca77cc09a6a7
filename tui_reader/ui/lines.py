"""Drawing by lines: pieces of text with styles, put into strips of an exact width."""

from collections.abc import Iterable, Sequence

from rich.segment import Segment
from rich.style import Style as RichStyle
from textual.geometry import Region
from textual.strip import Strip
from textual.widget import Widget

from tui_reader.text import Span, Style, cells, fit

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

    A right side that would leave the left one less than `least` cells is left out.
    """
    tail = sum(cells(text) for text, _ in right)
    if tail + min(least, width) > width:
        right, tail = (), 0
    room = width - tail
    segments = []
    for text, style in left:
        taken = cells(text)
        if taken > room:
            text = fit(text, room)
            taken = cells(text)
        if text:
            segments.append(Segment(text, base + style))
        room -= taken
        if room <= 0:
            break
    if room > 0:
        segments.append(Segment(" " * room, base))
    segments.extend(Segment(text, base + style) for text, style in right)
    return Strip(segments, width)


def styled(spans: Iterable[Span], base: RichStyle = NO_STYLE) -> list[Piece]:
    """Turn the styled spans of a rendered text into pieces to draw."""
    pieces = []
    for span in spans:
        style = base
        for flag, rich in _RICH.items():
            if flag in span.style:
                style += rich
        pieces.append((span.text, style))
    return pieces


class Lines(Widget):
    """A widget that draws itself line by line, at a cost that only its height decides."""

    def __init__(self) -> None:
        super().__init__()
        self._styles: dict[str, RichStyle] = {}

    def style(self, name: str) -> RichStyle:
        """Return what the component class `<widget>--<name>` adds to the style of its line."""
        if name not in self._styles:
            component = f"{self._css_type_name.lower()}--{name}"
            adds = self.get_component_rich_style(component, partial=True)
            blended = self.get_component_rich_style(component).color if adds.color else None
            self._styles[name] = adds + RichStyle(color=blended)
        return self._styles[name]

    def notify_style_update(self) -> None:
        self._styles.clear()
        super().notify_style_update()

    def line(self, y: int) -> Strip:
        """Draw the line `y`, which is 0 at the top of the widget."""
        raise NotImplementedError

    def render_line(self, y: int) -> Strip:
        return self.line(y)

    def redraw(self, y: int, count: int = 1) -> None:
        """Draw these lines again."""
        self.refresh(Region(0, y, self.size.width, count))
