"""A hostile arXiv, and what must still be true afterwards; the tests run a few of each.

python -m tests.network_trials answers
python -m tests.network_trials mutations 2000
"""

import gzip
import os
import random
import resource
import socket
import struct
import sys
import tempfile
import threading
import time
import zlib
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, date, datetime
from pathlib import Path

from tests.arxiv_server import Item, World
from tui_reader import calendar, sync
from tui_reader.config import Paths
from tui_reader.fetch import Bounds, Client
from tui_reader.store import Kind, Store, View
from tui_reader.sync import DayState, Outcome

DAY = date(2026, 3, 3)
NOW = datetime(2026, 3, 3, 2, tzinfo=UTC)  # 9 in the evening of Monday, in Eastern time
CATEGORY = "math.CO"
OTHER = "cs.DC"
SIZE = 40
QUICK = Bounds(total=2.0, connect=1.0, body=4 << 20)
"""As in the program, but on a smaller scale."""
FULL_SCALE = Bounds(total=20.0)

Answer = bytes | Callable[[socket.socket], None]
"""What is sent, or who sends it."""

PAGE = b"<!DOCTYPE html><html><body>All of it.</body></html>"


def answer(
    body: bytes = PAGE, status: str = "200 OK", *headers: str, kind: str = "text/html"
) -> bytes:
    lines = [
        f"HTTP/1.1 {status}",
        f"Content-Type: {kind}",
        f"Content-Length: {len(body)}",
        *headers,
    ]
    return "\r\n".join([*lines, "Connection: close", "", ""]).encode() + body


def packed(body: bytes, coding: str = "gzip") -> bytes:
    return answer(body, "200 OK", f"Content-Encoding: {coding}")


def zeros(megabytes: int) -> bytes:
    """Return a gzip stream of so many zeros; its blocks are independent, so one is made once."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    block = packer.compress(bytes(16 << 20)) + packer.flush(zlib.Z_FULL_FLUSH)
    return b"\x1f\x8b\x08\0\0\0\0\0\0\xff" + block * (megabytes // 16) + b"\x03\0" + bytes(8)


def again_and_again(
    head: bytes, piece: bytes, pause: float = 0.0
) -> Callable[[socket.socket], None]:
    """Send a head, then the same for ever, or until it is refused."""

    def send(connection: socket.socket) -> None:
        connection.sendall(head)
        end = time.monotonic() + 30
        while time.monotonic() < end:
            connection.sendall(piece)
            time.sleep(pause)

    return send


def reset(connection: socket.socket) -> None:
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\nabc")
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


_HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"
_CHUNKED = _HEAD + b"Transfer-Encoding: chunked\r\n\r\n"
_NESTED = b"<div>" * 300_000
_ENTITIES = (
    b'<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY a "aaaaaaaaaa">'
    + b"".join(b'<!ENTITY %c "%s">' % (c, b"&%c;" % (c - 1) * 10) for c in range(98, 110))
    + b']><rss version="2.0"><channel><title>arXiv &m;</title></channel></rss>'
)
_OUTSIDE = (
    b'<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
    b'<rss version="2.0"><channel><title>arXiv &x;</title></channel></rss>'
)


def _page(items: list[Item]) -> bytes:
    """Return a page of the day with nothing but these."""
    world = World(lambda: NOW)
    world.listings[CATEGORY, DAY] = items
    return world.new(CATEGORY, 0).encode()


def hostile() -> dict[str, Answer]:
    """Return answers that no arXiv gives, by what they are."""
    stacked = PAGE
    for _ in range(9):
        stacked = gzip.compress(stacked)
    to = "302 Found"
    return {
        "a bomb of 1 GB": packed(zeros(1024)),
        "a bomb in a bomb": packed(gzip.compress(zeros(64))),
        "packed twice": packed(gzip.compress(gzip.compress(PAGE)), "gzip, gzip"),
        "packed nine times": packed(stacked, ", ".join(["gzip"] * 9)),
        "half a package": packed(gzip.compress(PAGE)[:-9]),
        "no package": packed(PAGE),
        "two packages": packed(gzip.compress(PAGE) * 2),
        **{f"packed as {name}": packed(PAGE, name) for name in ("br", "zstd", "deflate", "x")},
        "half": answer()[:-5],
        "half, of unknown length": _HEAD + b"\r\n" + PAGE[:-5],
        "half a chunk": _CHUNKED + b"20\r\n<html>",
        "a chunk of a wrong size": _CHUNKED + b"zz\r\n<html>\r\n0\r\n\r\n",
        "a chunk of an endless size": _CHUNKED + b"f" * 100_000 + b"\r\n",
        "chunks of a byte": again_and_again(_CHUNKED, b"1\r\nA\r\n" * 999),
        "endless trailers": again_and_again(_CHUNKED + b"0\r\n", b"X: a\r\n" * 999),
        "too long": answer(bytes(33 << 20)),
        "endless": again_and_again(_HEAD + b"\r\n", b"A" * 65536),
        "a byte at a time": again_and_again(_HEAD + b"\r\n", b"A", 0.05),
        "headers a byte at a time": again_and_again(b"HTTP/1.1 200 OK\r\nX: ", b"a", 0.05),
        "silence": again_and_again(b"", b"", 0.2),
        "endless headers": again_and_again(b"HTTP/1.1 200 OK\r\n", b"X: a\r\n" * 999),
        "one endless header": again_and_again(b"HTTP/1.1 200 OK\r\nX: ", b"a" * 65536),
        "an endless status": again_and_again(b"HTTP/1.1 200 ", b"O" * 65536),
        "continue for ever": again_and_again(b"", b"HTTP/1.1 100 Continue\r\n\r\n" * 99),
        "two lengths": answer(PAGE, "200 OK", "Content-Length: 7"),
        "a negative length": _HEAD + b"Content-Length: -1\r\n\r\n" + PAGE,
        "a huge length": _HEAD + b"Content-Length: 99999999999999999999\r\n\r\n" + PAGE,
        "a length in words": _HEAD + b"Content-Length: many\r\n\r\n" + PAGE,
        "empty": answer(b""),
        "nothing": b"",
        "garbage": bytes(range(256)) * 9,
        "an old protocol": PAGE,
        "a later protocol": b"HTTP/9.9 200 OK\r\n\r\n" + PAGE,
        "a mail server": b"220 mail.example.org ESMTP\r\n",
        "a secure server": b"\x15\x03\x01\0\x02\x02\x46",
        "reset": reset,
        "zeros in a header": b"HTTP/1.1 200 OK\r\nX: \0\r\n\r\n" + PAGE,
        "escape sequences in a header": b"HTTP/1.1 200 OK\r\nEv\x1b[2Jil: x\r\n\r\n" + PAGE,
        "escape sequences in the status": answer(b"", "404 \x1b]0;x\x07No"),
        "escape sequences in a place": answer(b"", to, "Location: \x1b[2J"),
        "a circle": answer(b"", to, "Location: /list/math.CO/new"),
        **{
            f"sent on to {place}": answer(b"", to, f"Location: {place}")
            for place in ("http://10.0.0.1/login", "http://127.0.0.1:1/", "file:///etc/passwd",
                          "ftp://127.0.0.1/", "//me:secret@127.0.0.1/", "http://[::", "")
        },
        **{
            f"status {status}": answer(PAGE, status)
            for status in ("204 No", "206 Part", "304 Same", "400 Bad", "401 Who", "404 No",
                           "407 Proxy", "410 Gone", "418 Tea", "500 Broken", "502 Bad", "999 x")
        },
        **{
            f"rest for {rest}": answer(b"", "503 Busy", f"Retry-After: {rest}")
            for rest in ("90000", "-1", "1e99", "soon", "Tue, 99 Foo 2026 99:99:99 GMT", "9" * 999)
        },
        "a login page": answer(b"<html><title>WiFi</title><body>Log in</body></html>"),
        "a login page as a feed": answer(PAGE, kind="application/atom+xml"),
        "a picture": answer(PAGE, kind="image/png"),
        "a PDF": answer(b"%PDF-1.5 %%EOF", kind="application/pdf"),
        "another alphabet": answer(PAGE.decode().encode("utf-16")),
        "a cookie": answer(PAGE, "200 OK", "Set-Cookie: sid=SECRET; Domain=127.0.0.1"),
        "a page nested 300,000 deep": answer(b"<html><div id='dlpage'>" + _NESTED + b"</html>"),
        "entities within entities": answer(_ENTITIES, kind="text/xml"),
        "an entity from outside": answer(_OUTSIDE, kind="text/xml"),
        "300,000 empty entries": answer(
            b"<html><div id='dlpage'><h3>Showing new listings for Tuesday, 3 March 2026</h3>"
            + b"<dt></dt><dd></dd>" * 300_000 + b"</div></html>"
        ),
        "the day, but empty": answer(_page([])),
        "the day, but three of its papers": answer(_page([Item(f"2603.0000{n}") for n in "123"])),
        "refused": answer(b"", "403 \x1b]0;x\x07No"),
    }  # fmt: skip


@contextmanager
def saying(what: Callable[[bytes], Answer]) -> Iterator[str]:
    """Serve on a port of its own what there is to say to each request; give the address."""
    listener = socket.create_server(("127.0.0.1", 0))

    def serve(connection: socket.socket) -> None:
        with connection, suppress(OSError):
            connection.settimeout(30)
            said = what(connection.recv(65536))
            if callable(said):
                said(connection)
            else:
                connection.sendall(said)

    def listen() -> None:
        with suppress(OSError):
            while True:
                connection, _ = listener.accept()
                threading.Thread(target=serve, args=(connection,), daemon=True).start()

    thread = threading.Thread(target=listen, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        with suppress(OSError):
            listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        thread.join()


class Trial:
    """A person's store with one day in it, and a world that announces another category."""

    def __init__(self, home: Path) -> None:
        self.seconds = NOW.timestamp()
        self.world = World(self.now)
        for number, category in enumerate((CATEGORY, OTHER)):
            start = 1 + number * SIZE
            items = [Item(f"2603.{at:05}") for at in range(start, start + SIZE)]
            self.world.listings[category, DAY] = items
        self.store = Store(Paths.under(home))
        self.bounds = FULL_SCALE
        self.sync(self.true, [CATEGORY])
        assert self.stored(CATEGORY) == SIZE
        self.bounds = QUICK

    def now(self) -> datetime:
        return datetime.fromtimestamp(self.seconds, UTC)

    def wait(self, seconds: float) -> None:
        self.seconds += seconds

    def true(self, request: bytes) -> bytes:
        """Return what the world answers, in the bytes of the wire."""
        path = request.split(b" ")[1].decode("latin1") if b" " in request else "/"
        said = self.world.answer(path)
        body = said.body.encode() if isinstance(said.body, str) else said.body
        packing = gzip.compress(body, 1)
        return answer(packing, f"{said.status} OK", "Content-Encoding: gzip", kind=said.type)

    def sync(self, what: Callable[[bytes], Answer], categories: list[str]) -> list[Outcome]:
        with saying(what) as base:
            state = self.store.paths.state
            (state / "arxiv.json").unlink(missing_ok=True)  # a refusal would last for a day
            client = Client(
                state, base, now=lambda: self.seconds, wait=self.wait, bounds=self.bounds
            )
            following = dict.fromkeys(categories, DAY)
            return sync.run(self.store, client, following, self.now, force=True)

    def stored(self, category: str) -> int:
        return len(self.store.contents(View(Kind.LISTING, category, DAY)).rows)

    def wrong(self, outcomes: list[Outcome]) -> str:
        """Say what a hostile answer has done that it must not."""
        if self.stored(CATEGORY) < SIZE:
            return "what was stored is gone"
        for cell in self.store.listings.ledger(DAY):
            if cell.complete and cell.stored < SIZE:
                return f"{cell.category} counts as complete with {cell.stored} entries"
        for outcome in outcomes:
            if not outcome.says.isprintable():
                return f"{outcome.says!r} reaches the terminal"
        return ""


def mutated(true: bytes, chance: random.Random) -> bytes:
    """Return an answer with a few faults in it, in its head or its body."""
    head, _, body = true.partition(b"\r\n\r\n")
    if chance.random() < 0.5 and b"gzip" in head:  # faults that no checksum tells
        body = gzip.decompress(body)
        head = head.replace(b"Content-Encoding: gzip", b"X: y")
        length = b"Content-Length: %d" % len(body)
        head = b"\r\n".join(length if b"Length" in line else line for line in head.split(b"\r\n"))
    wire = bytearray(head + b"\r\n\r\n" + body)
    for _ in range(chance.choice((1, 1, 2, 5))):
        at = chance.randrange(len(head) if chance.random() < 0.3 else max(len(wire), 1))
        match chance.randrange(6):
            case 0:
                wire[at : at + 1] = bytes([chance.randrange(256)])
            case 1:
                del wire[at : at + chance.choice((1, 9, 200, 99999))]
            case 2:
                wire[at:at] = wire[at : at + chance.choice((9, 200, 2000))]
            case 3:
                wire[at:at] = chance.randbytes(chance.choice((1, 30)))
            case 4:
                wire[at:at] = chance.choice((b"\r\n", b"\0", b"\x1b[2J", b"<", b"&#0;", b"]]>"))
            case _:
                line = chance.choice(
                    (b"Content-Length: 7", b"Transfer-Encoding: chunked", b"A" * 99)
                )
                wire[0:0] = b"" if chance.random() < 0.5 else line + b"\r\n"
        if not wire:
            break
    return bytes(wire)


def answers(bounds: Bounds) -> Counter[str]:
    """Sync from every hostile answer; print and count what came of it."""
    found: Counter[str] = Counter()
    for name, what in hostile().items():
        with tempfile.TemporaryDirectory() as home:
            trial = Trial(Path(home))
            trial.bounds = bounds
            start = time.perf_counter()
            outcomes = trial.sync(lambda request, what=what: what, [CATEGORY, OTHER])  # type: ignore[misc]
            took = time.perf_counter() - start
            problem = trial.wrong(outcomes)
            found["answers"] += 1
            found["wrong"] += bool(problem)
            found["longest ms"] = max(found["longest ms"], round(1000 * took))
            print(f"{name:<40} {took:6.2f} s  {problem or outcomes[-1].says[:90]}")
            trial.store.close()
    return found


def mutations(count: int, first: int = 0) -> Counter[str]:
    """Sync from true answers with faults in them, and count what came of it."""
    found: Counter[str] = Counter()
    for seed in range(first, first + count):
        chance = random.Random(seed)
        with tempfile.TemporaryDirectory(dir=_fast()) as home:
            trial = Trial(Path(home))
            outcomes = trial.sync(
                lambda request: mutated(trial.true(request), chance),  # noqa: B023  at once
                [CATEGORY, OTHER],
            )
            problem = trial.wrong(outcomes)
            found["answers"] += 1
            found["wrong"] += bool(problem)
            found["taken"] += any(outcome.state is DayState.COMPLETE for outcome in outcomes)
            if problem:
                print(f"seed {seed}: {problem}")
            trial.store.close()
    return found


def _fast() -> str | None:
    return "/dev/shm" if os.path.isdir("/dev/shm") else None


def main() -> int:
    assert calendar.latest(NOW) == DAY
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    start = time.perf_counter()
    match sys.argv[1:]:
        case ["answers"]:
            found = answers(FULL_SCALE)
        case ["mutations", count]:
            found = mutations(int(count))
        case _:
            print(__doc__)
            return 2
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(f"{dict(found)} in {time.perf_counter() - start:.0f} s, peak memory {peak / 1024:.0f} MB"
          f" ({before / 1024:.0f} MB before)")  # fmt: skip
    return bool(found["wrong"])


if __name__ == "__main__":
    sys.exit(main())
