"""All that is private to Textual and used here, in one place; a test names what is leaned on."""

from textual._ansi_sequences import ANSI_SEQUENCES_KEYS, IGNORE_SEQUENCE
from textual._compositor import Compositor, CompositorUpdate
from textual._context import visible_screen_stack
from textual._keyboard_protocol import FUNCTIONAL_KEYS
from textual._xterm_parser import XTermParser
from textual.drivers.linux_driver import LinuxDriver

__all__ = [
    "ANSI_SEQUENCES_KEYS",
    "FUNCTIONAL_KEYS",
    "IGNORE_SEQUENCE",
    "Compositor",
    "CompositorUpdate",
    "LinuxDriver",
    "XTermParser",
    "visible_screen_stack",
]
