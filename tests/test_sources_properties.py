"""Any bytes give a reading or our own error, and nothing unprintable comes through."""

import unicodedata
from dataclasses import fields

import pytest

pytest.importorskip("hypothesis")

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.test_sources import SAMPLES, papers
from tui_reader import sources
from tui_reader.errors import SourceError
from tui_reader.merge import merged
from tui_reader.model import Paper, PaperId

ANY_BYTES = st.binary(max_size=400)
FORMS = st.sampled_from(sorted(SAMPLES))
TEXTS = st.none() | st.text(max_size=3)


def printable(paper: Paper) -> bool:
    texts = [getattr(paper, field.name) for field in fields(paper)]
    lines = [text.replace("\n\n", "") for text in texts if isinstance(text, str)]
    return not any(
        unicodedata.category(char) in ("Cc", "Cf", "Cs")
        for char in "".join([*lines, *paper.authors])
    )


@given(ANY_BYTES)
def test_any_bytes_are_a_reading_or_a_source_error(data: bytes) -> None:
    try:
        sources.read(data, "file")
    except SourceError:
        return


@given(FORMS, st.data())
@settings(deadline=None, max_examples=200)
def test_any_bytes_inside_a_sample_leave_a_reading_or_a_source_error(
    form: str, data: st.DataObject
) -> None:
    sample = SAMPLES[form][-3000:] if form == "plain-text listing" else SAMPLES[form]
    start = data.draw(st.integers(0, len(sample)))
    end = data.draw(st.integers(start, min(start + 40, len(sample))))
    damaged = sample[:start] + data.draw(ANY_BYTES) + sample[end:]
    try:
        reading = sources.read(damaged, "file")
    except SourceError:
        return
    assert all(map(printable, papers(reading)))


@given(
    st.builds(
        Paper, st.just(PaperId("2611.00001")), st.text(max_size=3), abstract=TEXTS, doi=TEXTS
    ),
    st.builds(
        Paper, st.just(PaperId("2611.00001")), st.text(max_size=3), abstract=TEXTS, doi=TEXTS
    ),
)
def test_merging_never_blanks_what_is_known(old: Paper, new: Paper) -> None:
    both = merged(old, new)
    for field in fields(Paper):
        either = getattr(old, field.name) or getattr(new, field.name)
        assert bool(getattr(both, field.name)) == bool(either)
    assert merged(both, new) == both
