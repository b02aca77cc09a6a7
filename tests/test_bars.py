"""The bars say whole words, whatever the width."""

import re
from collections.abc import Callable
from functools import partial
from threading import Event

import pytest
from textual.geometry import Size

from tests.driver import INBOX, Reader, walk
from tui_reader.actions import ACTIONS
from tui_reader.store import Store
from tui_reader.ui.bars import HeaderBar
from tui_reader.ui.inks import found_in
from tui_reader.ui.line_widget import Lines
from tui_reader.ui.parts.jobs import Jobs, Tell

WORK = ("cs.DC 2 of 3 ━━━━ asks arXiv  Esc ends", "2 of 3  asks arXiv", "asks arXiv")
STATES = {
    "keys": (),
    "selected": ("v", "j", "j"),
    "counted": ("1", "2"),
    "begun": ("y",),
    "abstract": ("Enter",),
}


def sized(width: int, _: Lines) -> Size:
    return Size(width, 1)


@pytest.mark.parametrize("working", [False, True], ids=["idle", "working"])
@pytest.mark.parametrize("state", STATES)
def test_the_footers_words_never_run_into_each_other(
    sample: Store, monkeypatch: pytest.MonkeyPatch, state: str, working: bool
) -> None:
    whole = {f"{action.keys[0]} {action.label.lower()}" for action in ACTIONS}
    whole |= {f"{a.keys[0][2:]} {a.label.lower()}" for a in ACTIONS if a.keys[0][:2] == "y "}
    whole |= {"Esc back", "12", "y", *"  ".join(WORK).split("  ")}

    async def journey(reader: Reader) -> None:
        await reader.press(*STATES[state])
        footer = reader.main.footer
        if working:
            footer.show_work("sync", *WORK)
        for width in range(20, 251):
            with monkeypatch.context() as patched:
                patched.setattr(Lines, "size", property(partial(sized, width)))
                text = footer.line(0).text
            assert len(text) == width
            words = [word for word in re.split(r"\s{2,}", text.strip()) if word]
            assert not [word for word in words if word not in whole and "…" not in word], width

    walk(sample, journey)


def test_while_selecting_the_header_counts_and_the_footer_has_the_verbs(sample: Store) -> None:
    async def journey(reader: Reader) -> None:
        await reader.press("v", "2", "j")
        assert "3 selected" in reader.lines[0]
        assert reader.footer == "Esc back  s star  x skip  m read  t tags  e export"
        await reader.press("s")
        assert "selected" not in reader.screen
        assert "u undo" in reader.footer
        await reader.press("v", "Esc")
        assert "selected" not in reader.screen

    walk(sample, journey, view=INBOX)


def test_work_that_ends_leaves_what_is_told_of_other_work(sample: Store) -> None:
    async def journey(reader: Reader) -> None:
        ends = {name: Event() for name in ("sync", "export")}

        def work(name: str, tell: Tell, ended: Callable[[], bool]) -> str:
            tell(f"{name} goes on")
            ends[name].wait(20)
            return f"{name} is done"

        for name in ends:  # the latest is shown
            Jobs(reader.main).start(name, partial(work, name))
            await reader.until(f"{name} goes on")
        ends["export"].set()
        await reader.until("sync goes on")
        ends["sync"].set()
        await reader.until("sync is done")
        assert "goes on" not in reader.screen

    walk(sample, journey)


@pytest.mark.parametrize("width", [40, 80, 120])
def test_a_long_message_is_read_whole_and_moves_nothing(sample: Store, width: int) -> None:
    message = "arxiv.org can't be reached: its name is not known here; what is stored can be read."

    async def journey(reader: Reader) -> None:
        shown, room = reader.lines, reader.main.list.size
        reader.main.footer.say(message)
        await reader.settle()
        assert reader.footer == message
        assert reader.main.list.size == room
        assert reader.lines[:-3] == shown[:-3]
        reader.main.footer.say("")
        await reader.settle()
        assert reader.lines == shown

    walk(sample, journey, size=(width, 24))


def test_what_is_sought_is_marked_where_it_stands() -> None:
    pieces = found_in("Größe: ﬁt, FIT", "text", "fit")
    assert pieces == [("Größe: ﬁt, ", "text"), ("FIT", "text found"), ("", "text")]
    assert found_in("a.b", "", ".") == [("a", ""), (".", " found"), ("b", "")]
    assert found_in("a.b", "text", "") == [("a.b", "text")]


def test_parts_of_a_header_stand_nearer_together_before_one_is_left_out(
    sample: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def journey(reader: Reader) -> None:
        shown = []
        for width in range(80, 50, -1):
            monkeypatch.setattr(HeaderBar, "size", Size(width, 1))
            shown.append(reader.main.header.line(0).text.split(" 2026")[1].split("37")[0].strip())
        assert list(dict.fromkeys(shown))[:3] == [
            "19 new   5 cross   13 replaced",
            "19 new  5 cross  13 replaced",
            "19 new  5 cross",
        ]

    walk(sample, journey)
