"""Whatever a terminal sends: it makes the same messages in one piece and in any others."""

from textual.events import Key, Paste
from textual.message import Message

from tui_reader.ui.terminal.grammar import PASTE_PATIENCE
from tui_reader.ui.terminal.input import Input, decoder

SEEDS = (
    b"\x01\x1b[106;1:3u\x1b[97;;99999999u\x1b[1;1:1B",
    b"\x03\x1b[?2048;2$y\x1b[48;40;120;0;0t\x1b[<0;5;8M\x1b[M !!",
    b"\x05\x1bP>|kitty\x1b\\\x1b[?62;4c\x1b]11;rgb:ff/ff/ff\x07\x1b_Gi=31;OK\x1b\\",
    b"\x07\x1b[200~title \x1b\nsss\x9b\xff\x1b[201~j\x1b[A\x1bOP\x1b[[A",
    b"\x02\x9b62;4c\x90s\x9c\x1b(s\x1bNs\x1b[3$\x1b\x1b[1;3A",
)


def check(data: bytes) -> None:
    step, sent = (data[0] if data else 0) % 16 + 1, data[1:]
    parts = [sent[at : at + step] for at in range(0, len(sent), step)]
    whole, cut = _messages([sent]), _messages(parts)
    assert whole == cut, (whole, cut)


def _messages(parts: list[bytes]) -> list[tuple[str, ...]]:
    decode, reader = decoder().decode, Input()
    grammar, found = reader.grammar, list[Message]()
    for part in parts:
        for whole in grammar.feed(decode(part), 0.0):
            found += reader.messages(whole)
    for whole in grammar.expire(PASTE_PATIENCE):
        found += reader.messages(whole)
    assert not grammar.begun
    assert grammar.pasted is None
    return [_described(message) for message in found]


def _described(message: Message) -> tuple[str, ...]:
    match message:
        case Key():
            return ("key", message.key, message.character or "")
        case Paste():
            return ("paste", message.text)
    return (type(message).__name__,)
