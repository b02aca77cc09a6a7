"""A past for the order that is learned: days of papers, and what was starred of them."""

from collections.abc import Sequence
from datetime import date, timedelta

from tests.conftest import NOW
from tui_reader.model import Entry, Listing, Paper, PaperId, Reading, Section
from tui_reader.store import Store
from tui_reader.triage import Triage, mark_read, star

CACHE = "The key value cache of a language model is compressed while it serves requests"
GALAXY = "Dwarf galaxies around the Milky Way lose their gas to its halo"
TUE, WED = date(2026, 3, 3), date(2026, 3, 4)


def papers(first: int, *abstracts: str) -> list[Paper]:
    return [
        Paper(PaperId(f"2603.{first + number:05}"), f"Paper {first + number}", abstract=abstract)
        for number, abstract in enumerate(abstracts)
    ]


def announce(store: Store, day: date, found: Sequence[Paper]) -> None:
    sections = [Section.NEW, *[Section.CROSS] * (len(found) - 1)]
    entries = tuple(map(Entry, found, sections, range(1, len(found) + 1)))
    store.save(Reading("page", (Listing("cs.DC", day, entries),)), NOW)


def live(store: Store) -> None:
    """Go through 45 days of galaxies, starring two papers about caches on each; then one more."""
    galaxies = [GALAXY] * 18
    for number in range(1, 46):
        day = WED - timedelta(46 - number)
        found = papers(100 * number, CACHE, *galaxies, CACHE)
        announce(store, day, found)
        Triage(store).edit("Star", [found[0].id, found[-1].id], star)
        Triage(store).edit("Read", [paper.id for paper in found], mark_read)
    announce(store, WED, papers(9000, CACHE, *galaxies, CACHE))
