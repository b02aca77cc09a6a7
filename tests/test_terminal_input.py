"""What a terminal sends: keys are keys, texts are texts, and nothing else is either."""

import re
from collections.abc import Iterable, Iterator, Sequence

import pytest
from textual import events
from textual.message import Message
from textual.messages import TerminalSupportsSynchronizedOutput

from tui_reader.ui.terminal import grammar
from tui_reader.ui.terminal.background import Told
from tui_reader.ui.terminal.grammar import Grammar, Paste
from tui_reader.ui.terminal.input import MOST_PASTED, Input, decoder

LIGHT, DARK = "\x1b]11;rgb:ffff/ffff/dddd\x1b\\", "\x1b]11;rgb:14/16/1b\x07"
REPLIES = [
    "\x1bP>|kitty(0.31.0)\x1b\\",
    "\x1b[?62;4c",
    "\x1b[>0;10;1c",
    "\x1b[=1;2c",
    "\x1b]10;rgb:d8d8/d8d8/d8d8\x1b\\",
    "\x1b]4;1;rgb:a/b/c\x07",
    "\x1b]52;c;c3NzeHg=\x07",
    "\x1bP1+r544e=787465726d\x1b\\",
    "\x1bP1$r0m\x1b\\",
    "\x1bP!|00000000\x1b\\",
    "\x1b_Gi=31;OK\x1b\\",
    "\x1b^sss\x1b\\",
    "\x1bXsss\x1b\\",
    "\x1b[8;40;120t",
    "\x1b[4;0;0t",
    "\x1b[6;0;0t",
    "\x1b[48;40;120;0;0t",
    "\x1b[?2048;2$y",
    "\x1b[?1;3s",
    "\x1b[0n",
    "\x1b[12;40R",
    "\x1b[1;2R",
    "\x1b[?1;2R",
    "\x1b[?25u",
    "\x1b[106;1:3u",
    "\x1b[115:83;2u",
    "\x1b[115::115;1u",
    "\x1b[115;1:3;115u",
    "\x1b[57441;2u",
    "\x1b[57358;1u",
    "\x1b[1;1:3B",
    "\x1b[97;;99999999u",
    "\x1b[99999999u",
    "\x1b[55296u",
    "\x1b[115;999u",
    "\x1b[115;1;115;115u",
    "\x1b[106;1A",
    "\x1b[115;1~",
    "\x1b[<0;99999999999;1M",
    "\x1b[<0;-5;8M",
    "\x1b[M ss",
    "\x1b[32;10;10M",
    "\x1b[1\r\ns",
    "\x1b[é1s",
    "\x1b(s",
    "\x1b#8",
    "\x1bNs",
    "\x9b?62;4c",
    "\x90>|kitty\x9c",
]
"""What terminals answer, report or get wrong; no key sends any of it."""


def messages(*parts: str) -> list[Message]:
    """Return what comes of the parts, which come at once, and of waiting after them."""
    sent = Input()
    found = [message for part in parts for message in sent.feed(part)]
    sent.grammar.last -= grammar.PATIENCE  # as if it had been waited for
    return [*found, *sent.tick()]


def keys(*parts: str) -> list[str]:
    return [message.key for message in messages(*parts) if isinstance(message, events.Key)]


def cut(text: str) -> Iterator[tuple[str, str]]:
    return ((text[:at], text[at:]) for at in range(len(text) + 1))


@pytest.mark.parametrize("reply", REPLIES)
def test_what_no_key_sends_is_swallowed_whole_wherever_it_is_cut(reply: str) -> None:
    for parts in cut(reply):
        assert messages(*parts, "j")[-1:] != [], parts
        assert keys(*parts, "j") == ["j"], parts
    assert keys(*reply, "j") == ["j"]


@pytest.mark.parametrize(
    ("sent", "key"),
    [
        ("j", "j"),
        ("é", "é"),
        ("日", "日"),
        ("\r", "enter"),
        ("\x7f", "backspace"),
        ("\x03", "ctrl+c"),
        ("\x1b", "escape"),
        ("\x1b[A", "up"),
        ("\x1bOB", "down"),
        ("\x1b[5~", "pageup"),
        ("\x1b[1;3A", "alt+up"),
        ("\x1b[[A", "f1"),
        ("\x1bOP", "f1"),
        ("\x1b[3$", "shift+delete"),
        ("\x1b[Z", "shift+tab"),
        ("\x1bx", "alt+x"),
        ("\x1bX", "alt+shift+x"),
        ("\x1b[", "alt+left_square_bracket"),
        ("\x1b\r", "alt+enter"),
        ("\x1b[27u", "escape"),
        ("\x1b[9;2u", "shift+tab"),
        ("\x1b[106u", "j"),
        ("\x1b[97;2;65u", "A"),
        ("\x1b[115;3u", "alt+s"),
        ("\x1b[99;5u", "ctrl+c"),
        ("\x1b[106;129;106u", "j"),
        ("\x1b[0;;26085u", "日"),
        ("\x1b[106;1:1u", "j"),
        ("\x1b[106;1:2;106u", "j"),
        ("\x1b[1;1:1B", "down"),
        ("\x1b[13;1:1u", "enter"),
    ],
)
def test_keys_come_through_wherever_they_are_cut(sent: str, key: str) -> None:
    assert keys(sent) == keys(*sent) == [key]
    for parts in cut(sent):
        assert keys(*parts) == [key]


def test_a_letter_with_alt_types_nothing() -> None:
    assert [getattr(key, "character", "") for key in messages("\x1bs")] == [None]


def test_esc_is_a_key_after_a_short_wait_and_the_rest_of_a_report_is_none_even_then() -> None:
    clock = Grammar(lambda begun: begun == "\x1b", 0.1)

    def at(now: float, data: str = "") -> list[str | Paste]:
        return list(clock.feed(data, now)) if data else list(clock.expire(now))

    assert at(0, "\x1b") == at(0.09) == []
    assert at(0.1) == ["\x1b"]
    assert at(0.2, "[?62;4c") == ["\x1b[?62;4c"]
    assert at(0.3, "\x1b") == []
    assert at(0.4, "[") == ["\x1b", "["]  # a key that a person pressed after it
    assert at(0.5, "\x1b[?6") == at(1.4) == []
    assert at(1.45, "2;4c") == ["\x1b[?62;4c"]
    assert at(2.0, "\x1b]11;") == at(3.1) == []
    assert at(3.2, "s") == ["s"]


@pytest.mark.parametrize(
    "reply",
    [r for r in (*REPLIES, LIGHT, DARK) if re.match(r"\x1b([]P_]|\[[=>?]?\d[\d:;]*[ -~])", r)],
)
def test_the_rest_of_a_report_that_was_held_up_after_its_esc_types_nothing(reply: str) -> None:
    sent = Input()
    found = list(sent.feed("\x1b"))
    sent.grammar.last -= 0.9 * grammar.PATIENCE  # as if the rest had been late
    found += [*sent.feed(reply[1:]), *sent.feed("j")]
    keys = [message.key for message in found if isinstance(message, events.Key)]
    assert keys == ["escape", "j"]


@pytest.mark.parametrize(
    "text",
    [
        "title \x1b\nsss",
        "\x1b]\nsss",
        "\x1bP\nsss",
        "\x1bA\nsss",
        "\x1b[200~",
        "\x1b[201",
        "\x1b[\x1b[20",
        "\x9b\x18\x1a\x03",
        "",
    ],
)
def test_what_is_pasted_is_text_up_to_the_end_mark(text: str) -> None:
    def texts(parts: Iterable[str]) -> list[str]:
        return [message.text for message in messages(*parts) if isinstance(message, events.Paste)]

    whole = f"\x1b[200~{text}\x1b[201~"
    assert texts([whole]) == texts(whole) == [text]
    for parts in cut(whole):
        assert texts(parts) == [text]
        assert keys(*parts, "j") == ["j"]


def test_a_long_paste_is_cut() -> None:
    [pasted] = messages("\x1b[200~", *["x" * 4096] * 99, "\x1b[201~")
    assert isinstance(pasted, events.Paste)
    assert len(pasted.text) == MOST_PASTED


def test_a_paste_that_never_ends_does_not_take_the_keys_for_ever() -> None:
    pasting = Grammar(lambda _: False, 0.1)
    assert [*pasting.feed("\x1b[200~text\x1b[2", 0), *pasting.expire(9)] == []
    assert list(pasting.expire(10)) == [Paste("text\x1b[2")]
    assert list(pasting.feed("j", 10)) == ["j"]


def test_what_the_terminal_says_of_itself_is_heard() -> None:
    found = messages(LIGHT, DARK, "\x1b[?2026;2$y", "\x1b[I", "\x1b[O")
    assert [message.light for message in found if isinstance(message, Told)] == [True, False]
    assert [type(message) for message in found[2:]] == [
        TerminalSupportsSynchronizedOutput,
        events.AppFocus,
        events.AppBlur,
    ]


def test_the_mouse_is_where_it_is_whatever_sizes_are_told() -> None:
    sizes = ["\x1b[?2048;2$y", "\x1b[48;40;120;0;0t", "\x1b[48;40;120;800;1200t"]
    found = messages(*sizes, "\x1b[<0;5;8M", "\x1b[<0;5;8m", "\x1b[<65;1;1M")
    clicks: Sequence[events.MouseEvent] = [m for m in found if isinstance(m, events.MouseEvent)]
    assert [(type(click).__name__, click.x, click.y) for click in clicks] == [
        ("MouseDown", 4, 7),
        ("MouseUp", 4, 7),
        ("MouseScrollDown", 0, 0),
    ]


def test_bytes_that_are_no_text_are_no_end() -> None:
    decode = decoder().decode
    found = "".join(map(decode, [b"\xe2", b"j\xff", b"\xc3", b"\xa9", b"\x9b?62", b";4c"]))
    assert found == "\ufffdj\ufffdé\x9b?62;4c"
