import pytest

from tui_reader.difference import MOST_WORDS, Fate, Stretch, stretches

KEPT, REMOVED, ADDED = Fate.KEPT, Fate.REMOVED, Fate.ADDED


def test_words_are_compared_in_reading_order() -> None:
    assert stretches("We show a weak bound.", "We prove a bound for all n.") == [
        Stretch(KEPT, "We"),
        Stretch(REMOVED, "show"),
        Stretch(ADDED, "prove"),
        Stretch(KEPT, "a"),
        Stretch(REMOVED, "weak bound."),
        Stretch(ADDED, "bound for all n."),
    ]


def test_paragraphs_are_kept_apart() -> None:
    assert stretches("One.\n\nTwo.", "One.\n\nTwo.") == [Stretch(KEPT, "One.\n\nTwo.")]


@pytest.mark.parametrize(("before", "after"), [("", ""), ("", "new"), ("old", "")])
def test_an_empty_text_is_a_text(before: str, after: str) -> None:
    found = stretches(before, after)
    assert " ".join(s.text for s in found if s.fate is not ADDED) == before
    assert " ".join(s.text for s in found if s.fate is not REMOVED) == after


def test_texts_too_long_to_compare_are_shown_whole() -> None:
    long = "word " * MOST_WORDS
    assert [s.fate for s in stretches(long, long)] == [REMOVED, ADDED]
