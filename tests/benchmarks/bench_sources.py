"""What reading costs: `python -m tests.benchmarks.bench_sources [RECORDS]`.

A page of about 500 entries, made of the bundled sample, against the bare lxml parse of the same
bytes in the same run, read alone and stored with its search forms; then a snapshot of RECORDS
records (100,000 by default), as a .json, a .gz and a .zip, read and imported in a process of its
own each, with its peak memory.
"""

import gc
import gzip
import html
import json
import resource
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from lxml import etree

from tui_reader import sources
from tui_reader.config import Paths
from tui_reader.importing import import_file
from tui_reader.model import Entry
from tui_reader.store import Store

SAMPLE = Path(__file__).parents[2] / "snapshots" / "listings" / "cs.DC-2026-03-03.txt"
AUTHORS = ("Jin Lee", "Zhonghao Chen", "Xuhang He", "Robert Underwood", "Sheng Di")


def listing_page(entries: int) -> bytes:
    """Return a /new page in arXiv's markup; the texts are the sample's, over and over."""
    (listing,) = sources.read(SAMPLE.read_bytes(), "sample").listings
    rows = [markup(listing.entries[at % 37], at + 1) for at in range(entries)]
    return (
        "<!DOCTYPE html><html><body><div id='dlpage'><h1>Performance</h1>"
        "<h3>Showing new listings for Tuesday, 3 March 2026</h3><dl id='articles'>"
        f"<h3>New submissions (showing {entries} of {entries} entries)</h3>"
        f"{''.join(rows)}</dl></div>"
    ).encode()


def markup(entry: Entry, position: int) -> str:
    paper = entry.paper
    number = f"2603.{position:05}"
    search = "https://arxiv.org/search/cs?searchtype=author&amp;query="
    authors = ", ".join(f'<a href="{search}{name}">{name}</a>' for name in paper.authors or AUTHORS)
    abstract = html.escape(paper.abstract or "").replace("\n\n", "\n<br>")
    return f"""
    <dt>
      <a name='item{position}'>[{position}]</a>
      <a href ="/abs/{number}" title="Abstract" id="{number}">
        arXiv:{number}
      </a>
        [<a href="/pdf/{number}" title="Download PDF" id="pdf-{number}"
         aria-labelledby="pdf-{number}">pdf</a>, <a href="https://arxiv.org/html/{number}v1"
         title="View HTML" id="html-{number}" aria-labelledby="html-{number}"
         rel="noopener noreferrer" target="_blank">html</a>, <a href="/format/{number}"
         title="Other formats" id="oth-{number}" aria-labelledby="oth-{number}">other</a>]
    </dt>
    <dd>
      <div class='meta'>
        <div class='list-title mathjax'><span class='descriptor'>Title:</span>
          {html.escape(paper.title)}
        </div>
        <div class='list-authors'>{authors}</div>
        <div class='list-comments mathjax'><span class='descriptor'>Comments:</span>
          {html.escape(paper.comments or "10 pages")}
        </div>
        <div class='list-subjects'><span class='descriptor'>Subjects:</span>
          <span class="primary-subject">Performance (cs.PF)</span>; Robotics (cs.RO)
        </div>
        <p class='mathjax'>
          {abstract}
        </p>
      </div>
    </dd>"""


def medians(*works: Callable[[], object], times: int = 25) -> list[float]:
    """Return the median cost of each in seconds; they take turns, so that all meet one machine."""
    took: list[list[float]] = [[] for _ in works]
    for _ in range(times):
        for work, costs in zip(works, took, strict=True):
            # The process's own time: what else the machine does must not count.
            start = time.process_time()
            result = work()
            costs.append(time.process_time() - start)
            del result
    return [sorted(costs)[times // 2] for costs in took]


def compare_page(what: str, page: bytes) -> None:
    def bare() -> None:
        etree.fromstring(page, etree.HTMLParser(encoding="utf-8"))

    # As the program itself does once it has started.
    gc.freeze()
    entries = len(sources.read(page, "page").listings[0].entries)
    base, read = medians(bare, lambda: sources.read(page, "page"))
    (stored,) = medians(lambda: read_and_store(page), times=9)
    print(
        f"{what}: {entries} entries, {len(page) / 1e6:.2f} MB: lxml alone {base * 1000:.1f} ms,"
        f" read {read * 1000:.1f} ms, {read / base:.2f} times;"
        f" read, stored and indexed {stored * 1000:.1f} ms, {stored / base:.2f} times"
    )


def read_and_store(page: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        store = Store(Paths.under(Path(folder)))
        store.save(sources.read(page, "page"), datetime.now(UTC))
        store.close()


def write_snapshot(folder: Path, records: int) -> list[Path]:
    """Write a snapshot three times: plain, .gz and .zip."""
    (listing,) = sources.read(SAMPLE.read_bytes(), "sample").listings
    plain, packed, archive = (folder / f"s.{end}" for end in ("json", "json.gz", "zip"))
    with plain.open("w") as file:
        for at in range(records):
            paper = listing.entries[at % 37].paper
            authors = paper.authors or AUTHORS
            record = {
                "id": f"{15 + at // 1_200_000:02}{at // 100_000 % 12 + 1:02}.{at % 99_999 + 1:05}",
                "submitter": authors[0],
                "authors": ", ".join(authors),
                "title": paper.title,
                "comments": paper.comments,
                "categories": " ".join(paper.categories),
                "abstract": f"  {paper.abstract}\n",
                "versions": [{"version": "v1", "created": "Mon, 2 Apr 2007 19:18:42 GMT"}],
                "authors_parsed": [[*reversed(name.split(" ", 1)), ""] for name in authors],
            }
            file.write(json.dumps(record) + "\n")
    with plain.open("rb") as source, gzip.open(packed, "wb", 1) as target:
        while block := source.read(1 << 20):
            target.write(block)
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as target_zip:
        target_zip.write(plain, "arxiv-metadata-oai-snapshot.json")
    return [plain, packed, archive]


def go_through(path: Path) -> None:
    """Read a snapshot, then import it; print the rates and this process's peak memory."""
    start = time.process_time()
    with path.open("rb") as file:
        count = sum(1 for _ in sources.Snapshot(file, path.name))
    rate = count / (time.process_time() - start)
    store = Store(Paths.under(path.parent / f"home{path.suffix}"))
    start = time.process_time()
    with path.open("rb") as file:
        import_file(store, file, path.name, datetime.now(UTC), lambda papers: None)
    imported = count / (time.process_time() - start)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"{path.suffix}: {count:,} records, {rate:,.0f} a second read, {imported:,.0f} imported,"
        f" peak {peak:.0f} MB",
        flush=True,
    )


def main(records: int) -> None:
    compare_page("made page", listing_page(500))
    corpus = Path(__file__).parents[3] / "shared" / "corpus" / "browse" / "week"
    if corpus.is_dir():
        compare_page("real page", (corpus / "list.math.new.html").read_bytes())
    with tempfile.TemporaryDirectory() as folder:
        for path in write_snapshot(Path(folder), records):
            subprocess.run([sys.executable, "-m", __spec__.name, str(path)], check=True)


if __name__ == "__main__":
    given = sys.argv[1] if len(sys.argv) > 1 else "100000"
    if given.isdigit():
        main(int(given))
    else:
        go_through(Path(given))
