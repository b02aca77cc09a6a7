"""Our themes: in each, every ink can be read on every ground, as a test computes."""

from textual.theme import BUILTIN_THEMES, Theme

DARK, LIGHT, TERMINAL = "reader-dark", "reader-light", "terminal"

OWN_THEMES = (
    Theme(
        DARK,
        primary="#82aaff",
        accent="#82aaff",
        warning="#f2b84b",
        error="#ff7a85",
        foreground="#d7dae0",
        background="#14161b",
        surface="#1b1e25",
        panel="#262b36",
    ),
    Theme(
        LIGHT,
        primary="#1f56c3",
        accent="#1f56c3",
        warning="#985000",
        error="#b3261e",
        foreground="#22262d",
        background="#fbfaf7",
        surface="#f0efec",
        panel="#dfe5f2",
        dark=False,
    ),
    # Of Okabe and Ito's colours, but for errors: told apart with every kind of colour blindness.
    Theme(
        "reader-colour-blind",
        primary="#56b4e9",
        accent="#56b4e9",
        warning="#e69f00",
        error="#fc5a70",
        foreground="#e8e8e8",
        background="#101010",
        surface="#1a1a1a",
        panel="#2a2a2a",
    ),
)
TERMINALS = Theme(
    TERMINAL,
    # Magenta and red can be read on a dark ground and on a light one.
    primary="ansi_magenta",
    accent="ansi_magenta",
    warning="ansi_magenta",
    error="ansi_red",
    foreground="ansi_default",
    background="ansi_default",
    surface="ansi_default",
    panel="ansi_default",
    variables={"ansi-background": "ansi_default", "ansi-foreground": "ansi_default"},
)
"""Of the terminal's own sixteen colours."""
THEMES = {**BUILTIN_THEMES, **{theme.name: theme for theme in (*OWN_THEMES, TERMINALS)}}
