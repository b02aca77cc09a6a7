"""What the costliest documents take: `python -m tests.document_trials [PART OF A NAME]`.

Each document is made to take as much memory or time as its form allows, and imported in a process
of its own: peak memory of the whole process, and its processor time without the start. A line of
the answer is a document; the last one says how many went beyond what is promised.

`--unbounded` takes the limits of markup away, which shows that the trials can fail.
"""

import argparse
import gzip
import io
import json
import random
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from tests.conftest import NOW

MOST_MEGABYTES = 300
MOST_SECONDS = 5.0

Document = Callable[[], bytes]


def filled(head: bytes, piece: bytes, tail: bytes = b"", size: int = 0) -> Document:
    """Return what makes a document of the longest size that is read, full of one piece.

    In a piece, `%d` is counted up.
    """

    def made() -> bytes:
        from tui_reader import sources

        room = (size or sources.MOST_BYTES) - len(head) - len(tail) - 100
        whole = bytearray(head)
        at = 1
        while len(whole) < room:
            several = b"".join(piece.replace(b"%d", b"%d" % (at + n)) for n in range(1000))
            whole += several[: room - len(whole)]
            at += 1000
        return bytes(whole + tail)

    return made


def limited(head: bytes, piece: bytes, count: int, tail: bytes = b"") -> Document:
    """Return what makes a document with so many pieces, within the limits of markup."""
    return lambda: head + b"".join(piece.replace(b"%d", b"%d" % n) for n in range(count)) + tail


NUMBER = b"%05d"
LISTING = (
    b"<div id='dlpage'><h1>A</h1><h3>Showing new listings for Friday, 20 November 2026</h3><dl>"
)
ABSTRACT = (
    b'<div id="abs-outer"><h1 class="title">T</h1><span class="arxivid">arXiv:2611.00001</span>'
)
BARE = b"".join(b" a%03d" % at for at in range(900))
VALUED = b"".join(b' a%03d=""' % at for at in range(700))
SPACES = b"".join(b' xmlns:a%03d="b"' % at for at in range(450))
FEED = b"<rss><channel><title>cs.PF updates on arXiv.org</title>"
API = b'<feed xmlns="http://www.w3.org/2005/Atom" xmlns:o="o"><o:totalResults>1</o:totalResults>'
OAI = b"<OAI-PMH><ListRecords>"
DAY = b"A\nShowing new listings for Tuesday, 3 March 2026\n"
MAIL = b"/* Tue, 3 Mar 2026 */\n" + b"-" * 78 + b"\n"


def numbered(
    count: int, row: Callable[[str], str], head: bytes = b"", tail: bytes = b""
) -> Document:
    """Return what makes a document of so many papers, each with its identifier."""

    def made() -> bytes:
        ids = (f"{month:04}.{at:05}" for month in range(1501, 1513) for at in range(1, 99_999))
        return head + "".join(row(next(ids)) for _ in range(count)).encode() + tail

    return made


def snapshot(count: int, **fields: object) -> Iterator[bytes]:
    for at in range(1, count + 1):
        yield json.dumps({"id": f"2611.{at:05}", "title": "T", "authors": "A", **fields}).encode()


def noise(size: int) -> bytes:
    return random.Random(1).randbytes(size)


DOCUMENTS: dict[str, Document] = {
    "html, tags": filled(ABSTRACT, b"<p>"),
    "html, as many tags as may be": limited(ABSTRACT, b"<p>x", 299_000),
    "html, tags with an attribute": limited(ABSTRACT, b"<p a%d>x", 250_000),
    "html, attributes without values": filled(ABSTRACT, b"<p" + BARE + b">"),
    "html, attributes with values": filled(ABSTRACT, b"<p" + VALUED + b">"),
    "html, attributes parted by slashes": filled(
        ABSTRACT, b"<p" + BARE.replace(b" ", b"/") + b">"
    ),
    "html, attributes behind brackets": filled(ABSTRACT, b'<p a=">"' + BARE + b">"),
    "html, attributes, just small": filled(ABSTRACT, b"<p" + BARE + b">", size=3 << 20),
    "html, as many attributes as may be": limited(ABSTRACT, b"<p" + BARE + b">", 330),
    "html, a long tag": filled(ABSTRACT + b"<p", b" a%d"),
    "html, text": filled(ABSTRACT, "ab é 漢 😀 ".encode()),
    "html, entities": filled(ABSTRACT, b"&amp;&eacute;&#128512;"),
    "html, formatting in formatting": limited(ABSTRACT, b"<b><i><font>", 99_000),
    "html, links in authors": limited(
        ABSTRACT + b'<div class="authors">', b"<a>A B</a>, ", 140_000
    ),
    "html, entries": numbered(
        49_000,
        lambda id_: f'<dt>[1]arXiv:{id_}<dd><div><div class="list-title mathjax">T</div></div>',
        LISTING,
    ),
    "html, a long abstract in each entry": numbered(
        8_000,
        lambda id_: f"<dt>[1]arXiv:{id_}<dd><div><div class='list-title mathjax'>T</div>"
        f"<p class='mathjax'>{'a word $x^2$ ' * 140}</div>",
        LISTING,
    ),
    "xml, tags": filled(FEED, b"<a/>"),
    "xml, as many tags as may be": limited(FEED, b"<a/>x", 299_000),
    "xml, attributes": filled(FEED, b"<a" + VALUED + b"/>"),
    "xml, namespaces": filled(FEED, b"<a" + SPACES + b"/>", size=3 << 20),
    "xml, items": numbered(
        33_000,
        lambda id_: f"<item><title>T</title><guid>{id_}</guid>"
        "<announce_type>new</announce_type></item>",
        FEED + b"<pubDate>3 Mar 2026</pubDate>",
    ),
    "xml, entries of the API": numbered(
        49_000, lambda id_: f"<entry><id>{id_}</id><title>T</title></entry>", API, b"</feed>"
    ),
    "xml, records": numbered(
        29_000,
        lambda id_: f"<record><metadata><arXiv><id>{id_}</id><title>T</title></arXiv></metadata>"
        "</record>",
        OAI,
    ),
    "text, prose": filled(b"", "Dear diary é 漢 😀.\n".encode()),
    "text, a list of identifiers": numbered(380_000, lambda id_: f"{id_}\n"),
    "text, BibTeX with identifiers": numbered(99_000, lambda id_: f"@a{{k,eprint={{{id_}}}}}\n"),
    "text, BibTeX without": filled(b"@a{k,eprint={2611.00001}}", b"@a{k,t={x}}\n"),
    "text, BibTeX of one entry": filled(b"@a{k,eprint={2611.00001},", b"t%d={x},"),
    "text, BibTeX never closed": filled(b"@a{k,eprint={2611.00001}}", b"@a{k,\n t={x\n t={x}\n ) "),
    "text, entries of a listing": numbered(
        100_000,
        lambda id_: f"- [1] arXiv:{id_} [pdf]\n-\nTitle: TSubjects: Performance (cs.PF)\nA.\n",
        DAY,
    ),
    "text, a mail of entries": numbered(
        70_000, lambda id_: f"\\\\\narXiv:{id_}\nTitle: T\n\\\\\n  A\n\\\\\n{'-' * 78}\n", MAIL
    ),
    "text, fields of a mail": filled(
        MAIL + b"\\\\\narXiv:2611.00001\nTitle: T\n", b" go on\n", size=8 << 20
    ),
    "json, one record of authors": lambda: b"".join(
        snapshot(1, authors_parsed=[["B", "A", ""]] * 280_000)
    ),
    "json, deep records": lambda: (b'{"id":' + b"[" * 100_000 + b"\n") * 100,
    "gzip, junk records": lambda: gzip.compress(b'{"\n' * 30_000_000),
    "gzip, one endless line": lambda: gzip.compress(b'{"' + b"x" * (1 << 30)),
    "gzip, noise": lambda: b"\x1f\x8b\x08\0" + noise(1 << 20),
}  # fmt: skip
"""By form and what it is full of."""


def imported(name: str, unbounded: bool) -> None:
    """Import one document here, and print what it took and what was said of it."""
    from tui_reader import importing
    from tui_reader.config import Paths
    from tui_reader.errors import SourceError
    from tui_reader.sources import markup
    from tui_reader.store import Store

    if unbounded:
        markup.MOST_TAGS = markup.MOST_ATTRIBUTES = markup.LONGEST_TAG = 1 << 40
    with tempfile.TemporaryDirectory() as home:
        file = io.BytesIO(Path(sys.stdin.readline().strip()).read_bytes())
        store = Store(Paths.under(Path(home)))
        started = time.process_time()
        try:
            done = importing.import_file(store, file, name, NOW, lambda papers: None)
            said = f"{done.form}, {done.papers:,} papers"
        except SourceError as error:
            said = str(error).partition(": ")[2]
        seconds = time.process_time() - started
    # Not ru_maxrss, which begins with what the parent had.
    memory = re.findall(r"VmHWM:\s+(\d+) kB", Path("/proc/self/status").read_text("ascii"))
    peak = int(memory[0]) >> 10
    print(json.dumps([peak, seconds, said]))


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("part", nargs="?", default="")
    parser.add_argument("--unbounded", action="store_true")
    parser.add_argument("--one", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.one:
        imported(options.one, options.unbounded)
        return
    beyond = 0
    chosen = [name for name in DOCUMENTS if options.part in name]
    with tempfile.TemporaryDirectory() as folder:
        for name in chosen:
            file = Path(folder) / "document"
            file.write_bytes(DOCUMENTS[name]())
            command = [sys.executable, "-m", "tests.document_trials", "--one", name]
            command += ["--unbounded"] * options.unbounded
            try:
                done = subprocess.run(
                    command,
                    input=f"{file}\n",
                    capture_output=True,
                    text=True,
                    timeout=300,
                    check=False,
                )
            except subprocess.TimeoutExpired:
                print(f"! {name:40} more than five minutes")
                beyond += 1
                continue
            size = file.stat().st_size / 1e6
            if done.returncode:
                peak, seconds, said = 0, 0.0, f"ended with {done.returncode}: {done.stderr[-200:]}"
            else:
                peak, seconds, said = json.loads(done.stdout)
            within = not done.returncode and peak <= MOST_MEGABYTES and seconds <= MOST_SECONDS
            beyond += not within
            sign = " " if within else "!"
            print(f"{sign} {name:40} {size:6.1f} MB {peak:5} MB {seconds:6.2f} s  {said[:90]}")
    print(
        f"{len(chosen)} documents, {beyond} beyond {MOST_MEGABYTES} MB or {MOST_SECONDS:.0f} s each"
    )


if __name__ == "__main__":
    main()
