"""What holds for any text whatever."""

import unicodedata

import pytest

pytest.importorskip("hypothesis")

from hypothesis import given, settings
from hypothesis import strategies as st

from tui_reader.text import (
    Mode,
    cells,
    clean,
    clean_block,
    find,
    fit,
    fold,
    highlighted,
    plain,
    spans,
    wrap,
)
from tui_reader.text.fold import searched

TEX = (
    r"\ $ $$ { } ^ _ ~ & % # [ ] ( ) \\ \( \) \[ \] \frac \sqrt \mathbf \mathrm \alpha \text \left"
    r" \right \begin{cases} \end{cases} \bar \' \v \over \cite \href \unicode{x202e} `` ''"
    r" -- x y 12 ="
)
ODD = [" ", "\n\n", "é", "漢", "\u0301", "\u202e", "\x1b[1m", "\x9b", "\ud800", "\U000f0041"]
FRAGMENTS = st.sampled_from([*TEX.split(), *ODD])
TEXTS = st.one_of(st.text(max_size=60), st.lists(FRAGMENTS, max_size=40).map("".join))
ANY = settings(max_examples=150, deadline=None, derandomize=True)


def is_safe(text: str) -> bool:
    return all(
        char == "\n" or unicodedata.category(char) not in ("Cc", "Cs", "Co") for char in text
    ) and not set(text) & set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200b\u2060")


@ANY
@given(TEXTS)
def test_cleaning_is_total_safe_and_idempotent(text: str) -> None:
    for cleaner in (clean, clean_block):
        cleaned = cleaner(text)
        assert is_safe(cleaned)
        assert cleaner(cleaned) == cleaned


@ANY
@given(TEXTS, st.sampled_from(Mode))
def test_any_text_renders_and_nothing_it_makes_is_dangerous(text: str, mode: Mode) -> None:
    shown = plain(text, mode)
    assert is_safe(shown)
    assert mode is not Mode.ASCII or shown.isascii()
    assert mode is Mode.UNICODE or all(char <= "\uffff" for char in shown)
    assert all(span.text for span in spans(text, mode))


@ANY
@given(st.text(alphabet="ab1 ${}^_~", max_size=40))
def test_letters_and_digits_are_kept(text: str) -> None:
    shown = unicodedata.normalize("NFKD", plain(text))
    assert sorted(filter(str.isalnum, shown)) == sorted(filter(str.isalnum, text))


@ANY
@given(TEXTS)
def test_the_search_form_is_words_and_single_blanks(text: str) -> None:
    folded = fold(text)
    assert folded == " ".join(folded.split())
    assert all(word.isalnum() for word in folded.split())


@ANY
@given(TEXTS, st.integers(2, 50))
def test_lines_fit_and_cuts_fit(text: str, width: int) -> None:
    for line in wrap(spans(text), width):
        assert sum(cells(span.text) for span in line) <= width
    assert cells(fit(clean(text), width)) <= width


@ANY
@given(TEXTS, st.integers(0, 30), st.integers(1, 8), st.booleans())
def test_what_a_filter_finds_in_a_text_is_found_in_what_is_shown_of_it(
    text: str, at: int, size: int, whole: bool
) -> None:
    text = clean_block(text)  # as every text is that comes in
    form = searched(text)
    for needle in (f" {fold(text[at : at + size])}{' ' if whole else ''}", " a", " 1 ", " 2"):
        if needle.strip():
            shown = "".join(span.text for span in spans(text))
            bounds = find(shown, [needle])
            assert bool(bounds) == (needle in form)
            assert list(bounds) == sorted(set(bounds))
            assert "".join(s.text for s in highlighted(spans(text), bounds)) == shown
