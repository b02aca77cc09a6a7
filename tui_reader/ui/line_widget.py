"""Widgets that draw themselves line by line: pieces of text, put into strips of an exact width."""

from collections.abc import Iterable, Sequence
from typing import Self

from rich.segment import Segment
from rich.style import Style as RichStyle
from textual.color import Color
from textual.geometry import Offset, Region, Size
from textual.strip import Strip
from textual.widget import Widget

from tui_reader.text import Mode, cells, fit
from tui_reader.text.clean import one_line
from tui_reader.ui.inks import INKS, Piece, width_of
from tui_reader.ui.row_text import ASCII


class Lines(Widget):
    """A widget that draws itself line by line, at a cost that only its height decides."""

    def __init__(self, mode: Mode = Mode.UNICODE) -> None:
        self._painted: dict[int, Strip] = {}
        """What is on the screen; Textual asks for it anew when it paints what is beside it."""
        self._painted_in = Size()
        super().__init__()
        self.mode = mode
        self._inked: dict[tuple[str, str], RichStyle] = {}
        self._drawn_in: Size | None = None
        self.caret = Offset()
        """Where the place of typing was drawn last."""
        self._caret_x: int | None = None

    @property
    def size(self) -> Size:
        # While lines are drawn it is the same for all; Textual looks for it anew each time.
        return self._drawn_in or super().size

    def strip(
        self,
        left: Iterable[Piece],
        right: Sequence[Piece] = (),
        *,
        least: int = 20,
        ground: str = "",
    ) -> Strip:
        """Draw one line as wide as the widget; when room is short, the left side is cut.

        Text from outside was cleaned where it came in; here stands the last guard of the terminal.
        A right side that would leave the left one less than `least` cells is left out.
        """
        width = self.size.width
        right = [(one_line(text), inks) for text, inks in right]
        tail = width_of(right)
        if tail + min(least, width) > width:
            right, tail = [], 0
        room = width - tail
        segments = []
        for text, inks in left:
            text = one_line(text)
            shown = fit(text, room)
            if "caret" in inks:
                self._caret_x = width - tail - room
            room -= cells(shown)
            if shown:
                segments.append(Segment(shown, self._style(inks, ground)))
            if shown != text or not room:
                break
        if room > 0:
            segments.append(Segment(" " * room, self._style("", ground)))
        segments.extend(Segment(text, self._style(inks, ground)) for text, inks in right)
        return Strip(segments, width)

    def _style(self, inks: str, ground: str) -> RichStyle:
        if (inks, ground) not in self._inked:
            variables = self.app.theme_variables
            style = self.rich_style
            behind = Color.parse(variables[ground]) if ground else self.background_colors[1]
            if ground:
                # The terminal's own colours have no ground that is a little lighter.
                own = behind.ansi is not None
                style += RichStyle(reverse=True) if own else RichStyle(bgcolor=behind.rich_color)
            for colour, opacity, attributes in map(INKS.__getitem__, inks.split()):
                style += RichStyle.parse(attributes)
                if colour:
                    blended = behind.blend(Color.parse(variables[colour]), opacity)
                    style += RichStyle(color=blended.rich_color)
            segments = [Segment(" ", style)]
            for chosen in self.get_line_filters():
                segments = chosen.apply(segments, behind)
            self._inked[inks, ground] = segments[0].style or style
        return self._inked[inks, ground]

    def notify_style_update(self) -> None:
        self._inked.clear()
        self._painted.clear()
        super().notify_style_update()

    def line(self, y: int) -> Strip:
        """Draw the line `y`, which is 0 at the top of the widget."""
        raise NotImplementedError

    def render_line(self, y: int) -> Strip:
        self._caret_x = None
        drawn = self.line(y)
        if self._caret_x is not None:
            self.caret = Offset(self._caret_x, y)
        if self.mode is Mode.ASCII:
            plainer = [Segment(text.translate(ASCII), style) for text, style, _ in drawn]
            return Strip(plainer, self.size.width)
        return drawn

    def render_lines(self, crop: Region) -> list[Strip]:
        # Without borders, padding and opacity there is nothing for Textual's style cache to add.
        self.fit()
        self._drawn_in = size = self.size
        painted = self._painted
        for y in crop.line_range:
            if y not in painted:
                painted[y] = self.render_line(y)
        self._drawn_in = None
        drawn = [painted[y] for y in crop.line_range]
        if crop.x == 0 and crop.width == size.width:
            return drawn
        return [line.crop(crop.x, crop.right) for line in drawn]

    def fit(self) -> None:
        """Fit what is shown to the size, if that has changed."""
        if self._painted_in != self.size:
            self._painted, self._painted_in = {}, self.size
            self.resized()

    def resized(self) -> None:
        """Fit what is shown to another size, just before it is drawn in that."""

    def refresh(
        self,
        *regions: Region,
        repaint: bool = True,
        layout: bool = False,
        recompose: bool = False,
    ) -> Self:
        if not regions:
            self._painted.clear()
        for region in regions:
            for y in region.line_range:
                self._painted.pop(y, None)
        return super().refresh(*regions, repaint=repaint, layout=layout, recompose=recompose)

    def redraw(self, y: int, count: int = 1) -> None:
        """Draw these lines again."""
        self.refresh(Region(0, y, self.size.width, count))


class OverScreen(Lines):
    """Lines that have a screen of their own, and its keys."""

    @property
    def focus_at(self) -> Offset:
        """Where in it the terminal's own cursor belongs."""
        raise NotImplementedError

    def press(self, key: str, character: str | None) -> None:
        """Do what a key asks for."""
        raise NotImplementedError

    def paste(self, text: str) -> None:
        """Take a pasted text for typed, where one is."""
        raise NotImplementedError


class Text(Lines):
    """Lines laid out for the widget's width, and scrolled."""

    top = 0
    _lines: list[list[Piece]] | None = None
    _laid_out_for = 0

    def lay_out(self) -> Iterable[list[Piece]]:
        """Give all lines."""
        raise NotImplementedError

    @property
    def laid_out(self) -> list[list[Piece]]:
        """All lines."""
        width = self.size.width
        if self._lines is None or self._laid_out_for != width:
            self._lines, self._laid_out_for = list(self.lay_out()), width
        return self._lines

    @property
    def fitting(self) -> int:
        """How many lines are shown at once."""
        return max(1, self.size.height)

    def scroll(self, lines: int) -> bool:
        """Scroll by this many lines; return whether there was anything to scroll to."""
        before = self.top
        self.top = self._within(self.top + lines)
        if self.top != before:
            self.refresh()
        return self.top != before

    def _within(self, top: int) -> int:
        return max(0, min(top, len(self.laid_out) - self.fitting))

    def resized(self) -> None:
        self.top = self._within(self.top)

    def on_mouse_scroll_down(self) -> None:
        self.scroll(3)

    def on_mouse_scroll_up(self) -> None:
        self.scroll(-3)
