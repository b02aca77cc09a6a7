"""Cleaning, cutting, wrapping and folding of outside text."""

import unicodedata

import pytest

from tui_reader.text import (
    Span,
    Style,
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
from tui_reader.text.clean import one_line

NASTY = {
    "A\x1b]52;c;UFdORUQ=\x07Z": "AZ",
    "A\x1b]8;;http://evil.test/\x1b\\L\x1b]8;;\x1b\\Z": "ALZ",
    "A\x1b[31337;7HZ": "AZ",
    'A\x1bP$q"pPW\x1b\\Z': "AZ",
    "A\x1b_GPWNED\x1b\\Z": "AZ",
    "A\x1bcZ": "AcZ",
    "A\x1b]0;never finished": "A]0;never finished",
    "A\x07\x00\x08\x0e\x7fZ": "AZ",
    "A\rZ\x0bY\x0cX\tW": "A Z Y X W",
    "it\x92s": "it’s",
    "A\x81Z": "AZ",
    "A\u202egnp.exe\u2067\u2069": "Agnp.exe",
    "A\u200b\u200d\xad\ufeff\u2060Z": "AZ",
    "A" + "".join(chr(0xE0000 + ord(char)) for char in "ignore") + "Z": "AZ",
    "A\u2028Z\u2029Y": "A Z Y",
    "A\ud800Z\uffffY\ue000X\U0001fffeW\U0010fffdV": "A�Z�Y�X�W�V",
    "❤\ufe0f": "❤",
    "\u2329x\u232a": "⟨x⟩",
    "  many   blanks\n here\xa0": "many blanks here",
    "e\u0301": "é",
    "\u0301 leading mark": "◌́ leading mark",
    "[bold]not markup[/]": "[bold]not markup[/]",
}


@pytest.mark.parametrize(("outside", "shown"), NASTY.items())
def test_outside_text_becomes_one_printable_line(outside: str, shown: str) -> None:
    assert clean(outside) == shown


@pytest.mark.parametrize("outside", [*NASTY, "a\u0301\u0316\u0489" * 40, "\u0344" * 9, "\r\n\r\n"])
def test_cleaning_twice_changes_nothing_more(outside: str) -> None:
    assert clean(clean(outside)) == clean(outside)
    assert clean_block(clean_block(outside)) == clean_block(outside)


def test_a_flood_of_marks_leaves_four_to_a_letter() -> None:
    cleaned = unicodedata.normalize("NFD", clean("x" + "\u0301\u0316" * 50_000 + "y"))
    assert sum(map(bool, map(unicodedata.combining, cleaned))) == 4
    assert cleaned[0] + cleaned[-1] == "xy"


def test_a_block_keeps_its_paragraphs_and_joins_its_lines() -> None:
    assert clean_block(" one\r\ntwo \n \t\n\n three\n") == "one two\n\nthree"


def test_wide_and_combining_characters_count_as_a_terminal_draws_them() -> None:
    assert [cells(text) for text in ("", "abc", "漢字", "x̄", "𝒪(n²)")] == [0, 3, 4, 1, 5]


@pytest.mark.parametrize(
    ("text", "width", "shown"),
    [
        ("abc", 3, "abc"),
        ("abcd", 3, "ab…"),
        ("ab cd", 4, "ab…"),
        ("ab, … +3", 6, "ab,…"),
        ("漢字漢字", 6, "漢字…"),
        ("漢字漢字", 4, "漢…"),
        ("x\u0304\u0332yz", 2, "x\u0304\u0332…"),
        ("abc", 1, "…"),
        ("abc", 0, ""),
        ("", 0, ""),
    ],
)
def test_a_cut_text_fits_and_keeps_marks_with_their_letters(
    text: str, width: int, shown: str
) -> None:
    assert fit(text, width) == shown


def lines(source: str, width: int) -> list[str]:
    return ["".join(span.text for span in line) for line in wrap(spans(source), width)]


def test_lines_break_between_words_and_keep_paragraphs() -> None:
    assert lines("one two three\n\nfour", 8) == ["one two", "three", "", "four"]


def test_a_short_formula_and_a_tie_stay_on_one_line() -> None:
    assert lines("we have $a + b = c$ so", 12) == ["we have", "a + b = c so"]
    assert lines("as seen in Fig.~12 here", 13) == ["as seen in", "Fig.\xa012 here"]


def test_a_formula_wider_than_short_breaks_at_its_blanks() -> None:
    assert lines("$a+b+c+d+e+f+g+h+i+j+k+l$ x", 20) == [
        "a + b + c + d + e +",
        "f + g + h + i + j +",
        "k + l x",
    ]


def test_a_word_wider_than_the_line_is_split() -> None:
    assert lines("ab abcdefghij", 4) == ["ab", "abcd", "efgh", "ij"]
    assert lines("漢字漢字", 3) == ["漢", "字", "漢", "字"]


def test_no_line_is_wider_than_asked_and_no_letter_goes() -> None:
    source = r"Some \emph{styled} text with $x^2 + \mathbf{y} \leq 10$, 漢字漢字 and \url{https://arxiv.org/abs/1}."
    for width in range(2, 60):
        wrapped = wrap(spans(source), width)
        assert all(sum(cells(span.text) for span in line) <= width for line in wrapped)
        drawn = "".join(span.text for line in wrapped for span in line)
        assert drawn.replace(" ", "") == plain(source).replace(" ", "")


def test_wrapping_keeps_styles_and_links() -> None:
    (line,) = wrap(spans(r"a \textbf{b c} \href{https://x.org}{d}"), 80)
    assert line == (
        Span("a "),
        Span("b c", Style.BOLD),
        Span(" "),
        Span("d", link="https://x.org"),
    )


@pytest.mark.parametrize(
    ("source", "folded"),
    [
        (r"Erd\H{o}s and Rényi", "erdos and renyi"),
        ("Søren Łukasz Straße Ærø Đặng", "soren lukasz strasse aero dang"),
        (r"$\delta$", "delta"),
        (r"$\delta_{BH}$", "delta bh"),
        ("$O(n^2)$", "o n 2"),
        ("O(n^2)", "o n 2"),
        (r"H$_2$O, CO$_2$", "h2o co2"),
        (r"$\Lambda$CDM", "lambda cdm"),
        (r"$\sigma_0$", "sigma0"),
        (r"cm$^{-2}$s$^{-1}$", "cm 2 s 1"),
        (r"$^{12}$CO", "12 co"),
        (r"$\mathcal{S}$ in $\mathbb{R}$", "s in r"),
        ("ﬁeld Å µ", "field a mu"),
        ("k-NN: 100% of C++!", "k nn 100 of cplusplus"),
        ("  ", ""),
    ],
)
def test_the_search_form_is_blind_to_case_accents_and_tex(source: str, folded: str) -> None:
    assert fold(source) == folded


@pytest.mark.parametrize(
    ("source", "needle", "found"),
    [
        ("SPARe: Stacked Sparse", " spar", ["SPAR", "Spar"]),
        (r"P. Erd\H{o}s and Rényi", " erdos ", ["Erdős"]),
        (r"P. Erd\H{o}s and Rényi", " ren", ["Rén"]),
        ("the KV-cache; a kv  cache", " kv cache ", ["KV-cache", "kv cache"]),
        ("a KV cache, cached", " kv cach", ["KV cach"]),
        (r"mass $\delta_{BH}$ of", " delta", ["δ_BH"]),
        (r"in $O(n^2)$ time", " n2 ", ["n²"]),
        ("Straße and strassen", " strass", ["Straße", "strass"]),
        ("in ½ of 2 cases", " 2 ", ["½", "2"]),
        ("a\u0301\u0302bc x\u0302y z", " xy", ["x\u0302y"]),
        ("one two three", " two on", []),
        ("aa aa aa aa", " aa aa", ["aa aa aa aa"]),
        ("", " a", []),
    ],
)
def test_a_filters_words_are_found_in_what_is_shown(
    source: str, needle: str, found: list[str]
) -> None:
    marked = highlighted(printed := spans(source), find("".join(s.text for s in printed), [needle]))
    assert [span.text for span in marked if Style.FOUND in span.style] == found
    assert "".join(span.text for span in marked) == "".join(span.text for span in printed)


@pytest.mark.parametrize("text", ["a\tb", "a\nb", "a\x0bb", "a\u2028b", "a\x1b[7;7Hb", "a\x85b"])
def test_what_is_drawn_is_one_line_that_no_terminal_acts_on(text: str) -> None:
    assert one_line(text).isprintable()
    assert one_line("naïve ★ text") == "naïve ★ text"
