"""Display formulas in two dimensions."""

import gzip
import html
import re
import unicodedata
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

pytest.importorskip("hypothesis")

from hypothesis import given
from hypothesis import strategies as st

from tests.conftest import ROOT
from tests.test_text_properties import ANY, FRAGMENTS, is_safe
from tests.test_text_tex import HOSTILE, calls
from tui_reader.document.display import LONGEST, display
from tui_reader.text import Mode, cells, plain

CORPUS = ROOT.parent / "shared" / "corpus" / "html"

FORMULAS = {
    r"x = \frac{-b \pm \sqrt{b^2-4ac}}{2a}": """
           ________
     −b ± √b² − 4ac
x = ────────────────
           2a""",
    r"\lim_{n\to\infty}\left(1+\frac1n\right)^n = e": """
    ⎛     1 ⎞n
lim ⎜1 + ───⎟  = e
n→∞ ⎝     n ⎠""",
    r"\sum_{k=1}^{K} A^{(k)} = \int_{-\infty}^{\infty} e^{-x^2/2}\,dx": """
 K          ∞   −x²/2
 ∑  A⁽ᵏ⁾ = ∫   e      dx
k=1         −∞""",
    r"f(x) = \begin{cases} x & x>0, \\ 0 & \text{otherwise}. \end{cases}": """
f(x) = ⎰x  x > 0,
       ⎱0  otherwise.""",
    r"A = \begin{pmatrix} a&\cdots&b \\ \vdots&\ddots&\vdots \\ c&\cdots&d \end{pmatrix}": """
    ⎛a  ⋯  b⎞
A = ⎜⋮  ⋱  ⋮⎟
    ⎝c  ⋯  d⎠""",
    r"\overbrace{a+\cdots+a}^{m\text{ times}} - \underbrace{b+b}_{2}": """
 m times
╭───┴───╮
a + ⋯ + a − b + b
            ╰─┬─╯
              2""",
    r"\begin{aligned} a &= b+c \\ &= d+\frac{e}{f} \end{aligned}": """
a = b + c

         e
  = d + ───
         f""",
    r"\binom{n}{k} \xrightarrow{n\to\infty} \overline{x+y}": """
⎛n⎞ n→∞  _____
⎜ ⎟ ───→ x + y
⎝k⎠""",
    r"\sqrt[3]{\frac{a}{b}+1}": """
  _______
 │ a
 │─── + 1
³√ b""",
    r"x^{2^n}_{ij} + y_{\rm eff} + \hat{z}_i^2 \stackrel{\text{def}}{=} 1": """
 2ⁿ              def
x   + y    + ẑᵢ²  =  1
 ij    eff""",
    r"\left\{ x \middle| \frac{a}{b} \right\}": """
⎧  │  a ⎫
⎨x │ ───⎬
⎩  │  b ⎭""",
    r"\left[\begin{array}{c|c} 1 & 0 \\ \hline 0 & 1 \end{array}\right]": """
⎡1 │ 0⎤
⎢──┼──⎥
⎣0 │ 1⎦""",
    r"P\left( A \,|\, \frac{a}{b} \right)": """
 ⎛     a ⎞
P⎜A | ───⎟
 ⎝     b ⎠""",
    r"\sum_{\begin{subarray}{c} i<n \\ j<m \end{subarray}} a + b \\ = c": """
  ∑   a + b
i < n
j < m

    = c""",
    r"\left\{\begin{array}{l} \frac12 \\ b \\ c \end{array}\right.": """
⎧½
⎨b
⎩c""",
}


@pytest.mark.parametrize(("tex", "drawn"), FORMULAS.items())
def test_a_formula_is_drawn_as_it_is_printed(tex: str, drawn: str) -> None:
    assert "\n" + "\n".join(display(tex, 70)) == drawn


def test_in_ascii_formulas_have_two_dimensions_too() -> None:
    tex = r"\sum_{i=1}^{n} \sqrt{\alpha_i} \leq \left(\frac{1}{\pi}+x^2\right)"
    drawn = r"""
 n   _______    / 1        \
sum \alpha_i <= |---- + x^2|
i=1             \ pi       /"""
    assert "\n" + "\n".join(display(tex, 60, Mode.ASCII)) == drawn


def test_what_is_not_understood_is_shown_whole_as_its_source() -> None:
    assert display(r"\frac{a}{b} + \foo{1}", 40) == (r"\frac{a}{b} + \foo{1}",)


def test_a_wide_formula_is_broken_before_what_joins_its_parts() -> None:
    lines = display(r"a + b = c + d = \frac{e}{f} + g + h + i + j", 22)
    first = ("                 e", "a + b = c + d = ───", "                 f")
    assert lines == (*first, "", "    + g + h + i + j")


def test_what_is_too_wide_or_too_long_is_set_on_lines() -> None:
    assert display(r"\frac{a+b+c+d+e}{f}", 12) == tuple(
        line.rstrip() for line in ("  (a + b + c", "  + d + e)/f")
    )

    assert len(display("x+" * 5000, 40)) > 100


@ANY
@given(st.lists(FRAGMENTS, max_size=40).map("".join), st.integers(4, 60))
def test_any_formula_is_drawn_within_its_width(tex: str, width: int) -> None:
    rows = display(tex, width)
    assert all(is_safe(row) and cells(row) <= width for row in rows)
    assert sum(map(len, rows)) <= 40 * (len(tex) + 10) ** 1.5


@pytest.mark.parametrize("hostile", HOSTILE.values(), ids=HOSTILE)
def test_the_work_for_a_formula_has_a_bound(hostile: Callable[[int], str]) -> None:
    tex = hostile(LONGEST).strip("$")[:LONGEST]
    assert calls(lambda: display(tex, 80)) < 500 * LONGEST


@pytest.mark.skipif(not CORPUS.exists(), reason="no corpus beside the repository")
def test_formulas_of_real_papers_keep_their_letters() -> None:
    for tex in sorted(_formulas()):
        rows = "\n".join(display(tex, 500))
        lost = _letters(plain(f"$${tex}$$")) - _letters(rows) - Counter("choosemod")
        assert not lost or "\\begin" in tex or "\\" in rows, (tex, lost)


def _formulas() -> set[str]:
    found = set()
    for page in CORPUS.glob("*/paper.html.gz"):
        text = gzip.decompress(Path(page).read_bytes()).decode("utf-8", "replace")
        found |= {html.unescape(tex) for tex in re.findall(r'<math[^>]* alttext="([^"]*)"', text)}
    return {tex for tex in found if "\n" not in tex}


def _letters(text: str) -> Counter[str]:
    return Counter(filter(str.isalnum, unicodedata.normalize("NFKD", text).casefold()))
