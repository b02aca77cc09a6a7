"""The table of actions: every row is whole, and says so in a sentence where it is not."""

from collections import Counter
from collections.abc import Iterable, Iterator

import pytest

from tui_reader.actions import ACTIONS, TYPING, Action, Needs, Topic, key_named

SMALL = Action("fly", keys=("F9",), label="Fly", help="Fly over the list.", topic=Topic.MOVE)


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
        ({"footer": 1}, "footer=1 is the place of 2 actions"),
    ],
)
def test_a_half_filled_row_is_told_in_a_sentence(change: dict[str, object], said: str) -> None:
    assert not [*lacking([SMALL])]
    [problem] = lacking([SMALL._replace(**change), SMALL._replace(name="swim", footer=1)])  # type: ignore[arg-type]
    assert problem.startswith(said)
