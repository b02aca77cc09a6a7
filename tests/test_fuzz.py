"""What fuzzing found is run again, without its engine."""

import pytest

from tests.fuzz import corpus


@pytest.mark.parametrize("name", corpus.names())
def test_the_kept_inputs_of_the_fuzzer_hold(name: str) -> None:
    check = corpus.target(name).check
    for data in corpus.kept(name):
        check(data)


@pytest.mark.parametrize("name", corpus.names())
def test_a_corpus_is_small(name: str) -> None:
    inputs = corpus.kept(name)
    assert len(inputs) <= corpus.MOST + len(corpus.target(name).SEEDS)
    assert sum(map(len, inputs)) < 100_000
