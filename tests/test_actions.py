"""The table of actions: every row is whole, and says so in a sentence where it is not."""

from collections import Counter
from collections.abc import Iterable, Iterator
from inspect import signature

import pytest

from tests.driver import Reader, walk
from tui_reader.actions import ACTIONS, TYPING, Action, Needs, Topic, clash, key_named
from tui_reader.store import Store
from tui_reader.ui.desk import methods

SMALL = Action("fly", keys=("F9",), label="Fly", help="Fly over the list.", topic=Topic.MOVE)
SWIM = SMALL._replace(name="swim", keys=("F8",), footer=1)


def lacking(actions: Iterable[Action]) -> Iterator[str]:
    """Yield a sentence for whatever a row lacks, or says twice."""
    actions = list(actions)
    for a in actions:
        if not a.keys or any(key_named(key) != key for key in a.keys):
            yield f"{a.name}: keys must be written as key_named returns them, not {a.keys}"
        if not a.label or a.label[0] != a.label[0].upper():
            yield f"{a.name}: label must be a word or two that begin in upper case"
        if not a.help.endswith(".") or len(a.help.split()) < 2:
            yield f"{a.name}: help must be a sentence that ends with a full stop"
        if a.hint and ("{}" not in a.hint or not a.hint.endswith(".")):
            yield f"{a.name}: hint must be a sentence with {{}} where the key goes"
        if a.counts and a.needs in (Needs.PAPER, Needs.PAPERS):
            yield f"{a.name}: counts has no meaning where papers are needed; needs says it all"
        if not {*a.back} <= {*a.keys} or (a.back and not a.counts):
            yield f"{a.name}: back must be some of its keys, and then it counts"
    for place, count in Counter(a.footer for a in actions if a.footer).items():
        if count > 1:
            yield f"footer={place} is the place of {count} actions; each needs its own"
    if found := clash(actions):
        yield found[1]


@pytest.mark.parametrize("table", [ACTIONS, TYPING], ids=["screen", "typing"])
def test_every_row_is_whole(table: Iterable[Action]) -> None:
    assert not [*lacking(table)]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"keys": ("F99",)}, "fly: keys must be written"),
        ({"keys": ()}, "fly: keys must be written"),
        ({"label": ""}, "fly: label must be"),
        ({"help": "Fly"}, "fly: help must be a sentence"),
        ({"hint": "Try it."}, "fly: hint must be a sentence"),
        ({"needs": Needs.PAPERS, "counts": True}, "fly: counts has no meaning"),
        ({"back": ("F9",)}, "fly: back must be some of its keys"),
        ({"keys": ("F9", "F8")}, "'F8' of swim and 'F8' of fly are"),
        ({"footer": 1}, "footer=1 is the place of 2 actions"),
    ],
)
def test_a_half_filled_row_is_told_in_a_sentence(change: dict[str, object], said: str) -> None:
    assert not [*lacking([SMALL])]
    [problem] = lacking([SMALL._replace(**change), SWIM])  # type: ignore[arg-type]
    assert problem.startswith(said)


def promised(action: Action) -> list[str]:
    """Return what the method of an action takes."""
    if action.needs in (Needs.PAPER, Needs.PAPERS):
        return ["row" if action.needs is Needs.PAPER else "chosen"]
    return ["step" if action.back else "count"] if action.counts else []


def test_every_action_is_done_by_one_part_as_its_row_promises(sample: Store) -> None:
    async def journey(reader: Reader) -> None:
        for action in (*ACTIONS, *TYPING):
            name = f"do_{action.name}"
            does = [getattr(part, name) for part in reader.main.keys.parts if name in dir(part)]
            assert len(does) == 1, f"{len(does)} parts of the screen have {name}; one must"
            takes, promise = list(signature(does[0]).parameters), promised(action)
            row = f"the row of {action.name} in actions.py, with its needs and counts,"
            assert takes == promise, f"{row} promises {name}{promise}; it takes {takes}"

    walk(sample, journey)


def test_every_method_of_an_action_has_its_row(sample: Store) -> None:
    async def journey(reader: Reader) -> None:
        done = set(methods(*reader.main.keys.parts))
        assert done == {action.name for action in (*ACTIONS, *TYPING)}

    walk(sample, journey)
