"""What is private to Textual and leaned on: a new version that changes it fails here first."""

import inspect
import subprocess
import sys

import pytest
from textual.app import App
from textual.driver import Driver
from textual.screen import Screen
from textual.strip import Strip
from textual.widget import Widget

from tui_reader.ui import textual_private
from tui_reader.ui.textual_private import (
    Compositor,
    CompositorUpdate,
    LinuxDriver,
    XTermParser,
)

LEANED_ON: dict[type, tuple[str, ...]] = {
    Compositor: ("render_update", "visible_widgets"),
    CompositorUpdate: ("render_segments",),
    Strip: ("crop", "render_ansi"),
    XTermParser: ("_sequence_to_key_events", "parse_mouse_code", "feed", "tick"),
    LinuxDriver: (
        "_get_terminal_size",
        "_patch_iflag",
        "_patch_lflag",
        "_run_input_thread",
        "_sigcont_application",
        "run_input_thread",
    ),
    Driver: ("send_message", "process_message", "SignalResume"),
    Widget: (
        "background_colors",
        "get_line_filters",
        "notify_style_update",
        "render_line",
        "render_lines",
        "rich_style",
    ),
    App: ("_handle_exception", "_close_messages_no_wait", "get_driver_class"),
}
SET_BY_THE_DRIVER = ("_must_signal_resume", "_auto_restart", "_size", "_loop", "attrs_before")


@pytest.mark.parametrize("of", LEANED_ON, ids=lambda of: of.__name__)
def test_textual_has_what_is_leaned_on(of: type) -> None:
    assert [name for name in LEANED_ON[of] if not hasattr(of, name)] == []


def test_textuals_driver_keeps_its_state_where_we_look_for_it() -> None:
    source = inspect.getsource(LinuxDriver) + inspect.getsource(Driver)
    assert [name for name in SET_BY_THE_DRIVER if f"self.{name}" not in source] == []


def test_textuals_screens_are_painted_by_what_we_put_there() -> None:
    assert "_compositor" in vars(Screen())
    assert {"root", "size", "_dirty_regions"} <= vars(Compositor()).keys()
    assert "self._compositor.render_update(" in inspect.getsource(Screen)


def test_textuals_tables_of_keys_are_what_they_were() -> None:
    assert textual_private.FUNCTIONAL_KEYS["13u"] == "enter"
    assert textual_private.FUNCTIONAL_KEYS["57441u"] == "left_shift"
    assert "\x1b[A" in textual_private.ANSI_SEQUENCES_KEYS
    assert textual_private.ANSI_SEQUENCES_KEYS["\x1b[E"] is textual_private.IGNORE_SEQUENCE


@pytest.mark.parametrize("breaks", [False, True])
def test_textual_loads_without_its_palette_and_where_it_can_not_with_it(breaks: bool) -> None:
    code = f"""
import sys
from tui_reader.ui import spared
if {breaks}:
    spared._Empty.__getattr__ = lambda *_: 1 / 0
spared.load_textual()
from tui_reader.ui.app import ReaderApp
assert ("textual.widgets._input" in sys.modules) == {breaks}
from textual.command import CommandPalette
assert CommandPalette.__module__ == "textual.command"
assert "_ssl" not in sys.modules
import ssl
assert isinstance(ssl.create_default_context(), ssl.SSLContext)
assert "_ssl" in sys.modules
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
