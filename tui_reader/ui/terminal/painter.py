"""Painting with few bytes: what the terminal does not show yet, a style only where it turns.

`Painter` is a screen's compositor. It puts whole lines together, each of parts that widgets drew,
and skips widgets that others cover. A `Painting` compares them with what the terminal shows:
parts that are the same are skipped, of others are written the cells that changed. Blanks that were
blank on the same ground are not written, nor styled.
"""

from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import chain
from typing import NamedTuple, Self, cast

from rich.color import ColorSystem
from rich.console import Console, RenderableType
from rich.style import Style
from textual.geometry import Region
from textual.screen import Screen
from textual.strip import Strip

from tui_reader.late import late
from tui_reader.ui.terminal.driver import ScreenLine, Shown, TerminalDriver
from tui_reader.ui.terminal.first_frame import Frame
from tui_reader.ui.textual_private import Compositor, CompositorUpdate, visible_screen_stack

_NARROW = late(
    "[ -~\u00a1-\u00ac\u00ae-\u02ff\u0370-\u0482\u048a-\u052f\u2010-\u2027\u2030-\u205e"
    "\u2070-\u209c\u2190-\u22ff\u2500-\u25fc\u2605\u2606\u270e]*"
)
"""Texts of which each character takes one cell, in every terminal that knows Unicode."""
SHORT_GAP = 8
"""Cells that are written again, as the sequence that goes over them is as long."""
_RESET = "\x1b[0m"
_OFF = {"1": "22", "2": "22", "3": "23", "4": "24", "5": "25", "7": "27", "8": "28", "9": "29"}
"""What ends each attribute."""


class Painter(Compositor):
    """Puts a screen together."""

    def render_update(
        self,
        full: bool = False,
        screen_stack: list[Screen[object]] | None = None,
        simplify: bool = False,
    ) -> RenderableType | None:
        if full:  # as for a picture in a file
            return super().render_update(full, screen_stack, simplify)
        visible_screen_stack.set(screen_stack or [])
        regions, self._dirty_regions = self._dirty_regions, set()
        changed = {y for region in regions for y in region.line_range if 0 <= y < self.size.height}
        driver = self.root.app._driver if self.root else None
        if not changed:
            return None
        terminal = driver if isinstance(driver, TerminalDriver) else None
        shown, frame = (terminal.shown, terminal.frame) if terminal else ({}, None)
        return cast("RenderableType", Painting(self._composed(changed), shown, frame))

    def whole(self) -> Shown:
        """Put all lines together."""
        return self._composed(set(range(self.size.height)))

    def _composed(self, lines: set[int]) -> Shown:
        """Put these lines together, from what is in front to what is covered."""
        composed: Shown = {y: [] for y in lines}
        free = {y: [(0, self.size.width)] for y in lines}
        for widget, (region, clip) in self.visible_widgets.items():
            seen = region.intersection(clip)
            rows = sorted(y for y in free if seen.y <= y < seen.bottom)
            if rows and any(x < seen.right and end > seen.x for y in rows for x, end in free[y]):
                first, height = rows[0], rows[-1] - rows[0] + 1
                crop = Region(seen.x, first, seen.width, height).translate(-region.offset)
                strips = widget.render_lines(crop)
                for y in rows:
                    left = _put(composed[y], free.pop(y), seen, strips[y - first])
                    if left:
                        free[y] = left
            if not free:
                break
        for line in composed.values():
            line.sort(key=lambda part: part[0])
        return composed


def _put(
    line: ScreenLine, free: list[tuple[int, int]], seen: Region, strip: Strip
) -> list[tuple[int, int]]:
    """Put a strip where a line is free; return what is free then."""
    left = []
    for x, end in free:
        start, stop = max(x, seen.x), min(end, seen.right)
        if start >= stop:
            left.append((x, end))
            continue
        line.append((start, strip.crop(start - seen.x, stop - seen.x)))
        left += [each for each in ((x, start), (stop, end)) if each[0] < each[1]]
    return left


class Painting(CompositorUpdate):
    """Lines of the screen to be painted; what the terminal shows then is taken note of."""

    def __init__(self, lines: Shown, shown: Shown, frame: Frame | None = None) -> None:
        self._lines = lines
        self._shown = shown
        self._frame = frame

    def render_segments(self, console: Console) -> str:
        pen = _Pen(console._color_system or ColorSystem.TRUECOLOR)
        for y, line in sorted(self._lines.items()):
            before = self._shown.get(y)
            if line != before:
                self._shown[y] = line
                for x, new, old in _rows(line, before):
                    pen.paint(x, y, new, old)
        return "" if self._frame and self._frame.is_still(pen.written) else pen.written


class _Row(NamedTuple):
    """A text in its styles."""

    text: str
    runs: list[tuple[int, Style]]
    """Behind which character each style ends."""

    @classmethod
    def of(cls, strips: Iterable[Strip]) -> Self:
        text, runs = "", []
        for piece, style, _ in chain.from_iterable(strips):
            text += piece
            runs.append((len(text), style or _PLAIN))
        return cls(text, runs)

    @property
    def is_narrow(self) -> bool:
        return self.text.isascii() or bool(_NARROW.fullmatch(self.text))


def _rows(line: ScreenLine, before: ScreenLine | None) -> Iterator[tuple[int, _Row, _Row | None]]:
    """Yield a column, what is to stand there, and what does; None: that is not known."""
    if before is None:
        yield from ((x, _Row.of([strip]), None) for x, strip in line)
    elif [x for x, _ in line] == [x for x, _ in before]:
        for (x, new), (_, old) in zip(line, before, strict=True):
            if new != old:
                yield x, _Row.of([new]), _Row.of([old])
    else:
        yield 0, _Row.of(strip for _, strip in line), _Row.of(strip for _, strip in before)


def _changes(new: _Row, old: _Row) -> Iterator[tuple[int, int, Style]]:
    """Yield from where to where rows of the same width differ, one style at a time."""
    theirs = iter(old.runs)
    at, old_end, old_style = 0, *next(theirs)
    for run_end, style in new.runs:
        first = last = -1
        while at < run_end:
            end = min(run_end, old_end)
            start, stop = _difference(new.text[at:end], old.text[at:end], style, old_style)
            if start < stop:
                if last >= 0 and at + start - last > SHORT_GAP:
                    yield first, last, style
                    first = -1
                first, last = at + start if first < 0 else first, at + stop
            at = end
            if at == old_end:
                old_end, old_style = next(theirs, (old_end, old_style))
        if last >= 0:
            yield first, last, style


def _difference(here: str, there: str, style: Style, other: Style) -> tuple[int, int]:
    """Return from where to where texts in these styles, of the same length, look different."""
    if style != other:
        blank = here.isspace() and there.isspace()
        return (0, 0) if blank and _ground(style) == _ground(other) else (0, len(here))
    if here == there:
        return 0, 0
    differs = [a != b for a, b in zip(here, there, strict=True)]
    return differs.index(True), len(here) - differs[::-1].index(True)


class _Pen:
    """Writes to a terminal; knows where its cursor is, and in which style it writes."""

    def __init__(self, colours: ColorSystem) -> None:
        self._colours = colours
        self._parts: list[str] = []
        self._style: Style | None = None
        self._at: tuple[int, int] | None = None

    @property
    def written(self) -> str:
        return "".join([*self._parts, _RESET] if self._style else self._parts)

    def paint(self, x: int, y: int, new: _Row, old: _Row | None) -> None:
        """Paint a row, or what of it differs from the old one."""
        if old and new.is_narrow and old.is_narrow and len(new.text) == len(old.text):
            changes = _changes(new, old)
        else:
            starts = (0, *(end for end, _ in new.runs))
            changes = ((start, *run) for start, run in zip(starts, new.runs, strict=False))
        written = 0  # characters
        for start, end, style in changes:
            gap = new.text[written:start]
            if not written or gap:
                self._go(x + start, y)
            self._write(new.text[start:end], style)
            written = end
        if written:
            # How wide it is drawn, the terminal alone knows: what follows goes to its own place.
            whole = new.text[:written].isascii()
            self._at = (x + written, y) if whole else None

    def _go(self, x: int, y: int) -> None:
        if self._at != (x, y):
            self._parts.append(f"\x1b[{y + 1};{x + 1}H")

    def _write(self, text: str, style: Style) -> None:
        if self._style is None or not (text.isspace() and _ground(style) == _ground(self._style)):
            self._parts.append(_turn(self._style, style, self._colours))
            self._style = style
        self._parts.append(text)


_PLAIN = Style()


@lru_cache(maxsize=4096)
def _ground(style: Style) -> object:
    """Return what is seen of a blank in this style."""
    lined = style.reverse or style.underline or style.strike or style.underline2 or style.overline
    return style if lined else style.bgcolor


@lru_cache(maxsize=4096)
def _turn(before: Style | None, after: Style, colours: ColorSystem) -> str:
    """Return what has a terminal write in another style."""
    wanted, *inks = _codes(after, colours)
    had, *old_inks = _codes(before, colours) if before else (frozenset(), "", "")
    gone = {_OFF[each] for each in had - wanted}
    kept = had if "22" not in gone else had - {"1", "2"}
    changed = [*sorted(gone), *sorted(wanted - kept)]
    changed += [ink for ink, old in zip(inks, old_inks, strict=True) if ink != old]
    return f"\x1b[{';'.join(changed)}m" if changed else ""


@lru_cache(maxsize=4096)
def _codes(style: Style, colours: ColorSystem) -> tuple[frozenset[str], str, str]:
    """Return the codes of a style: its attributes, its colour, and its ground."""
    attributes, inks = [], {"3": "39", "4": "49"}
    codes = iter(filter(None, Strip.render_ansi(style, colours).split(";")))
    for code in codes:
        if code in ("38", "48"):
            kind = next(codes)
            rest = [next(codes) for _ in range(3 if kind == "2" else 1)]
            inks[code[0]] = ";".join((code, kind, *rest))
        elif len(code) == 1:
            attributes.append(code)
        else:
            inks["3" if code[:-1] in ("3", "9") else "4"] = code
    return frozenset(attributes), inks["3"], inks["4"]
