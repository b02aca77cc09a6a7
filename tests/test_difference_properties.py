import pytest

hypothesis = pytest.importorskip("hypothesis")

from hypothesis import given  # noqa: E402
from hypothesis import strategies as st  # noqa: E402

from tui_reader.difference import Fate, stretches  # noqa: E402

TEXTS = st.lists(st.sampled_from(["a", "b", "c", "dd"]), max_size=30).map(" ".join)


@given(TEXTS, TEXTS)
def test_both_texts_can_be_read_out_of_the_difference(before: str, after: str) -> None:
    found = stretches(before, after)
    assert " ".join(s.text for s in found if s.fate is not Fate.ADDED) == before
    assert " ".join(s.text for s in found if s.fate is not Fate.REMOVED) == after
