"""What holds of rules, whatever they look for."""

from collections.abc import Iterator
from contextlib import closing
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

pytest.importorskip("hypothesis")

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.conftest import save_filters
from tests.test_query_properties import query_texts
from tests.test_search_properties import Kept, keep, libraries, opened
from tui_reader import store as store_module
from tui_reader.errors import UsageError
from tui_reader.model import Effect, SavedFilter, row_of
from tui_reader.rules_text import read, written
from tui_reader.store import Kind, Store, View
from tui_reader.text import clean

TODAY = date(2026, 3, 3)
FILTERS = st.dictionaries(
    st.sampled_from(["a", "b: c", "é é", "watch me"]),
    st.builds(SavedFilter, query_texts.map(clean).filter(bool), st.sampled_from(Effect)),
    max_size=4,
)


@pytest.fixture(scope="module")
def places() -> Iterator[Path]:
    before = store_module.LARGE
    with TemporaryDirectory() as folder:
        yield Path(folder)
    store_module.LARGE = before


def asked(store: Store, text: str) -> set[int]:
    library = store.contents(View(Kind.LIBRARY))
    return set(store.find(library, store.query(text, TODAY)).rows)


@settings(max_examples=40, deadline=None)
@given(libraries, FILTERS, st.sampled_from([0, 5000]))
def test_the_language_and_the_table_of_verdicts_find_the_same(
    places: Path, library: list[Kept], filters: dict[str, SavedFilter], large: int
) -> None:
    with closing(opened(places, large)) as store:
        keep(store, library)
        store.index(lambda _: None)
        save_filters(store, filters)
        rows = [row_of(paper.id) for paper, _, _ in library if paper.title]
        store.ask_rules(rows, float("inf"))
        stored = set(rows)  # the language finds papers that are only marked, too
        assert set(store.watched(rows)) == asked(store, "is:watched") & stored
        assert store.muted(rows) == asked(store, "is:muted") & stored
        assert not asked(store, "is:watched is:muted")


@given(FILTERS)
def test_saved_filters_are_a_text_that_reads_back(filters: dict[str, SavedFilter]) -> None:
    assert read(written(filters), filters, TODAY) == filters


@given(st.text(max_size=60))
def test_any_text_is_read_or_refused_with_its_line(text: str) -> None:
    try:
        read(text, {}, TODAY)
    except UsageError as error:
        said = str(error)
    else:
        said = "line"
    assert said.startswith("line")
