"""Whatever stands in arXiv's place: a sentence, nothing lost, nothing left behind."""

import gc
from dataclasses import replace
from pathlib import Path

import pytest

from tests.network_trials import CATEGORY, OTHER, QUICK, Trial, hostile, mutations
from tui_reader.sync import DayState

HOSTILE = hostile()


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_answer_ends_in_a_sentence_and_costs_nothing(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, name: str
) -> None:
    trial = Trial(tmp_path)
    trial.bounds = replace(QUICK, total=0.4)
    outcomes = trial.sync(lambda request: HOSTILE[name], [CATEGORY, OTHER])
    assert not trial.wrong(outcomes)
    assert all(outcome.says and not outcome.state.settled for outcome in outcomes)
    assert {outcome.state for outcome in outcomes} <= {
        DayState.BEHIND, DayState.FAILED, DayState.UNREADABLE
    }  # fmt: skip
    trial.store.close()
    gc.collect()
    assert not [record for record in caplog.records if record.name == "asyncio"]


def test_true_answers_with_faults_in_them_cost_nothing() -> None:
    found = mutations(40)
    assert (found["answers"], found["wrong"]) == (40, 0)
