"""What a paper's text costs: `python -m tests.benchmarks.bench_document [FILE.html.gz]`.

Against the bare lxml parse of the same bytes in the same run: reading the page, its first screen,
all of its lines; then a page key, and the peak of memory. Without a file, a page of about a
megabyte with a thousand formulas is made of the one that the tests have.
"""

import gzip
import resource
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from lxml import etree

from tui_reader.document import Roll, Spot
from tui_reader.sources import paper_page
from tui_reader.text import Mode

FIXTURE = Path(__file__).parents[1] / "data" / "paper.html"
MATHML = (
    "<semantics><mrow><mi>x</mi><mo>=</mo><mfrac><mi>a</mi><mi>b</mi></mfrac></mrow></semantics>"
)
ROWS = 24
T = TypeVar("T")


def made() -> bytes:
    """Return a page of about a megabyte: the sections of the fixture several times."""
    text = FIXTURE.read_text(encoding="utf-8").replace("</math>", f"{MATHML}</math>")
    begin, end = text.index("<section"), text.index("</article>")
    return (text[:begin] + text[begin:end] * 11 + text[end:]).encode()


def timed(work: Callable[[], T]) -> tuple[float, T]:
    """Return the best of five times in milliseconds of the processor, and what came of it."""
    times = []
    for _ in range(5):
        started = time.process_time()
        result = work()
        times.append((time.process_time() - started) * 1000)
    return min(times), result


def main() -> None:
    file = Path(sys.argv[1]) if sys.argv[1:] else None
    page = gzip.decompress(file.read_bytes()) if file else made()
    formulas = page.count(b"<math")
    print(f"{len(page) / 1e6:.2f} MB, {formulas:,} formulas")
    bare, _ = timed(lambda: etree.fromstring(page, etree.HTMLParser(huge_tree=True)))
    read, text = timed(lambda: paper_page.read(page))

    def first() -> Roll:
        roll = Roll(text.passages, 80, Mode.UNICODE)
        list(roll.shown(Spot(), ROWS))
        return roll

    def all_lines() -> int:
        roll = Roll(text.passages, 80, Mode.UNICODE)
        return sum(len(roll.lines(at)) for at in range(len(text.passages)))

    shown, _ = timed(first)
    drawn, lines = timed(all_lines)
    for name, spent in (
        ("lxml's parse", bare),
        ("reading", read),
        ("first screen", shown),
        (f"all {lines:,} lines", drawn),
    ):
        print(f"  {name:20} {spent:8.1f} ms  {spent / bare:6.2f} of lxml's parse")
    roll, top, pages = first(), Spot(), list[float]()
    while top < roll.end:
        started = time.process_time()
        top = max(roll.moved(top, ROWS - 1), top)
        list(roll.shown(top, ROWS))
        pages.append((time.process_time() - started) * 1000)
        if roll.moved(top, ROWS - 1) == roll.end:
            break
    pages.sort()
    print(f"  {'a page key':20} {pages[len(pages) * 99 // 100]:8.1f} ms at the 99th percentile")
    print(
        f"  {'peak of memory':20} {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10:8} MB"
    )


if __name__ == "__main__":
    main()
