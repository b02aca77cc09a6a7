"""Every ink can be read on every ground of our themes."""

import pytest
from rich.color import Color as RichColor
from rich.color import ColorSystem
from textual.color import Color
from textual.theme import Theme

from tui_reader.ui.inks import INKS
from tui_reader.ui.themes import OWN_THEMES

LEAST = 4.5  # to 1, as the WCAG asks of text


@pytest.mark.parametrize("ground", ["background", "surface", "panel"])
@pytest.mark.parametrize("theme", OWN_THEMES, ids=lambda theme: theme.name)
def test_every_ink_can_be_read_on_every_ground(theme: Theme, ground: str) -> None:
    paper = Color.parse(getattr(theme, ground))
    found = {}
    for name, ink in INKS.items():
        if ink.colour and name != "line":
            drawn = paper.blend(Color.parse(getattr(theme, ink.colour)), ink.opacity)
            lighter, darker = sorted((luminance(drawn), luminance(paper)), reverse=True)
            found[name] = round((lighter + 0.05) / (darker + 0.05), 2)
    assert {name: contrast for name, contrast in found.items() if contrast < LEAST} == {}


def luminance(colour: Color) -> float:
    """Return how bright a colour is, from 0 to 1, as the WCAG computes it."""
    linear = (
        v / 12.92 if v <= 0.03928 else ((v + 0.055) / 1.055) ** 2.4 for v in colour.normalized
    )
    return sum(share * value for share, value in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


@pytest.mark.parametrize("theme", OWN_THEMES, ids=lambda theme: theme.name)
def test_grounds_stay_near_themselves_in_a_terminal_of_256_colours(theme: Theme) -> None:
    for ground in (theme.background, theme.surface):
        near = RichColor.parse(ground or "").downgrade(ColorSystem.EIGHT_BIT).get_truecolor()
        assert max(near) - min(near) < 24, f"{ground} becomes {near}"
