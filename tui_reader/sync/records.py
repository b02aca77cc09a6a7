"""Records of single papers, from arXiv's query API."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from datetime import datetime
from typing import TYPE_CHECKING

from tui_reader import sources
from tui_reader.errors import FetchError, NotNeeded, SourceError, Trouble
from tui_reader.model import PaperId, Reading, paper_at
from tui_reader.store import Kind, Store, View
from tui_reader.sync.telling import Step

if TYPE_CHECKING:  # loads the network
    from tui_reader.fetch import Client

PAPERS_A_REQUEST = 100
_ORIGIN = "arXiv's answer on these papers"


def fetch_records(
    store: Store,
    client: "Client",
    ids: Sequence[PaperId],
    now: Callable[[], datetime],
    report: Callable[[Step], None] = lambda step: None,
) -> list[PaperId]:
    """Fetch the records of papers and store them; return the papers that arXiv sent none of.

    What came before an error is stored. Raises FetchError, SourceError, StoreError, Cancelled.
    """
    missing: list[PaperId] = []
    unknown, done = 0, 0

    def say(says: str, seconds: float = 0.0, *, stored: bool = False) -> None:
        report(Step(done, len(ids), says, seconds, stored, unknown))

    client.report = lambda seconds, why: say(why, seconds)
    for start in range(0, len(ids), PAPERS_A_REQUEST):
        asked = ids[start : start + PAPERS_A_REQUEST]
        say("Asking arXiv for the records")
        for reading in _readings(client, asked):
            unknown += store.save(reading, now()).unknown
            asked = [id_ for id_ in asked if id_ not in {paper.id for paper in reading.papers}]
        missing += asked
        done = min(start + PAPERS_A_REQUEST, len(ids))
        say(f"{done:,} of {len(ids):,} papers", stored=True)
    return missing


def _readings(client: "Client", ids: Sequence[PaperId]) -> Iterator[Reading]:
    """Yield what arXiv knows of papers; one that it refuses must not cost the others."""
    try:
        yield sources.read(client.papers(ids), _ORIGIN)
    except (FetchError, SourceError) as error:
        if isinstance(error, FetchError) and error.trouble is not Trouble.UNKNOWN:
            raise
        if len(ids) > 1:
            half = len(ids) // 2
            yield from _readings(client, ids[:half])
            yield from _readings(client, ids[half:])


def fetch_starred(store: Store, client: "Client", now: Callable[[], datetime]) -> None:
    """Fetch starred papers that are not stored, such as those of another machine; each once."""

    def lacking() -> list[PaperId]:
        rows = store.contents(View(Kind.STARRED)).rows
        known = store.papers.at(rows)
        sought = (store.recall("sought") or "").split()
        ids = (paper_at(row) for row in rows if row not in known)
        return [id_ for id_ in ids if id_ not in sought][:PAPERS_A_REQUEST]

    if not (ids := lacking()):
        return
    with suppress(FetchError, SourceError, NotNeeded):
        reading = sources.read(client.papers(ids, lambda: lacking() == ids), _ORIGIN)
        store.save(reading, now())
        gone = set(ids) - {paper.id for paper in reading.papers}
        sought = (store.recall("sought") or "").split()
        store.remember("sought", " ".join([*sought, *sorted(gone)][-1000:]))
