"""TeX as people write it into arXiv's metadata, and what a reader should see."""

import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tui_reader.text import Mode, Span, Style, plain, spans

EXAMPLES = [
    line.split("\t")
    for line in (Path(__file__).parent / "data" / "tex_examples.tsv")
    .read_text(encoding="utf-8")
    .splitlines()[1:]
]


@pytest.mark.parametrize(("source", "shown"), [row[1:] for row in EXAMPLES])
def test_texts_of_real_papers_read_like_print(source: str, shown: str) -> None:
    assert plain(source) == shown


FORMULAS = {
    r"p\bar{p} \to W^\pm X": "pp̄ → W^± X",
    r"B^0_s\to\mu^+\mu^-": "B⁰ₛ → μ⁺μ⁻",
    r"\sqrt{s}=13": "√s = 13",
    r"\sqrt[3]{x+y}": "∛(x + y)",
    r"\frac{a+b}{2}": "(a + b)/2",
    r"\frac{\Delta m^2_{21}}{2E}": "Δm²₂₁/(2E)",
    r"\frac{\partial f}{\partial x}": "∂f/∂x",
    r"\frac{1}{f(x)}": "1/f(x)",
    r"\frac{1}{k(4k-1)}": "1/(k(4k − 1))",
    r"\frac12": "½",
    r"{n \choose k}+{a\over b}": "(n choose k) + a/b",
    r"e^{i\pi}+1=0": "e^(iπ) + 1 = 0",
    r"x^{2^n}, a_{n_k}": "x^(2ⁿ), a_(nₖ)",
    r"\sum_{i=1}^n x_i \leq \int_0^\infty f": "∑ᵢ₌₁ⁿ xᵢ ≤ ∫₀^∞ f",
    r"O(\log^2 n/\log\log n)": "O(log² n/log log n)",
    r"\mathbf{x}^\top\mathbf{A}": "x^⊤ A",
    r"C^*, x^\dagger, f'', 30^\circ": "C*, x†, f″, 30°",
    r"-1, x=-1, (-1)^n, \pm1, a-b": "−1, x = −1, (−1)ⁿ, ±1, a − b",
    r"|x-y|<\epsilon, \|f\|_2": "|x − y| < ϵ, ‖f‖₂",
    r"f\colon X\to Y, 10:1": "f: X → Y, 10:1",
    r"\{x \mid x>0\}\subset\mathbb{R}^n": "{x | x > 0} ⊂ ℝⁿ",
    r"\left\langle \psi \middle| H \right\rangle": "⟨ψ|H⟩",
    r"\not\subset, \not=, \not\propto": "⊄, ≠, ∝̸",
    r"\mathrm{Tr}\rho, {\rm km\,s^{-1}}": "Tr ρ, km s⁻¹",
    r"\operatorname{Hom}(A,B)": "Hom(A, B)",
    r"\arg\max_x f(x)": "arg maxₓ f(x)",
    r"a \equiv b \pmod{p}": "a ≡ b (mod p)",
    r"\overline{AB}, \hat{H}, \bar{\nu}_e": "A̅B̅, Ĥ, ν̄ₑ",
    r"\widehat{SL}_2": "SL₂",
    r"\text{if $x>0$ then } y": "if x > 0 then y",
    r"\begin{pmatrix} a & b \\ c & d\end{pmatrix}": "(a b; c d)",
    r"10,000 + \{1,2,3\}": "10,000 + {1, 2, 3}",
    r"\foo{a}{b}_1": r"\foo{a}{b}₁",
    r"\upmu, \varphi, \phi": "μ, φ, ϕ",
    r"a\mathrm{}b": "ab",
    r"\mathsf{Cin\acute{e}aste}": "Cinéaste",
    r"12^{\rm h}34^{\rm m}56\fs7, -30^\circ15'20''": "12ʰ34ᵐ56ˢ.7, −30°15′20″",
    r"\left\{\begin{aligned}u_t &= f\\u &\geq 0\end{aligned}\right.": "{ uₜ = f; u ≥ 0",
    r"\varlimsup_n a_n, \varprojlim A_i": "lim supₙ aₙ, proj lim Aᵢ",
    r"\lam, \veps, \Om, \om_1": "λ, ε, Ω, ω₁",
    r"\cL(\bbR), \calM, \frakg, \bfx, \bQ, \bx": "ℒ(ℝ), ℳ, 𝔤, x, ℚ, x",
    r"2^{O(\sqrt{k}\log k)}, A\hat\otimes B": "2^(O(√k log k)), A ⊗̂ B",
    r"\mc{A}, \mf{g}_2, \wt{M}, \ov{z}": "𝒜, 𝔤₂, M̃, z̄",
    r"\Pic X, \Irr(G), \Ric": "Pic X, Irr(G), Ric",
}


@pytest.mark.parametrize(("source", "shown"), FORMULAS.items())
def test_formulas_are_set_as_tex_sets_them(source: str, shown: str) -> None:
    assert plain(f"${source}$").strip() == shown


PROSE = {
    "M{\\\"o}bius, \\v{C}ech, Fran\\c{c}ois, \\'{\\i}": "Möbius, Čech, François, í",
    'C\\^arstea, \\AA ngstr\\"om': "Cârstea, Ångström",
    r"na\"{\i}ve, Stra\ss e, \O rsted, 5 \AA\ long": "naïve, Straße, Ørsted, 5 Å long",
    "``quoted'' and `single', it's": "“quoted” and ‘single’, it's",
    "pages 1--2 --- yes; run --flag; -->": "pages 1–2 — yes; run --flag; -->",
    "100% of R&D, item #1": "100% of R&D, item #1",
    "from $1 to $2 million": "from $1 to $2 million",
    "$100M for $x$": "$100M for x",
    "&lt;b&gt; &eacute; AT&T": "<b> é AT&T",
    r"\cite[p.~3]{A,B}, \ref{s}, \eqref{e}": "[A, B, p. 3], [s], (e)",
    r"great\footnote{See $x$.}": "great (See x.)",
    r"\unknown{arg $x$}[opt]{b} \method": r"\unknown{arg $x$}[opt]{b} \method",
    r"\ce{SO4^2-}, \ion{Fe}{ii}": "SO₄²⁻, Fe II",
    "a $x and {y and \\textbf{z": "a $x and {y and z",
    r"KRLM\footnote{See a, \url{https://x.org": "KRLM (See a, https://x.org",
    r"\lq x\rq, \textquotedblleft x\textquotedblright": "‘x’, “x”",
    r"\int_0^1 f, x_0": "∫₀¹ f, x_0",
    "pay 5$ and 6$ per hour, or $5/h and $6/h": "pay 5$ and 6$ per hour, or $5/h and $6/h",
    r"DeepLabV3\+, x\^{}2, a\~{}b": "DeepLabV3+, x^2, a~b",
    r"Nguy\~\^en, Nguy\^\~en": "Nguyễn, Nguyễn",
    r"Bird\u2019s eye, \u00e9, \u{e}": "Bird’s eye, é, ĕ",
    r"\citet[see][p.~2]{A}, \citep[see][]{B}": "[see A, p. 2], [see B]",
    r"\revision{a} \red{b} \acrfull{llm} \new": r"a b llm \new",
    r"\R^n, \Z-graded, over \C.": "ℝⁿ, ℤ-graded, over ℂ.",
    r"5 \AA~ and \M~ is; R~ 140": r"5 Å and \M is; R~ 140",
    r"\cf. \code{x\_y}, \pkg{ggplot2}": "cf. x_y, ggplot2",
    r"a \begin{math}b\end{math} c": "a b c",
    "half a command \\": "half a command \\",
    "file_name and C_2H_5": "file_name and C_2H_5",
    "so $$E=mc^2$$ holds": "so\n  E = mc²\nholds",
    "one\n\ntwo $x$": "one\n\ntwo x",
    r"\unicode{x202e}a&#x202e;&#27;[1mb": r"\unicode{x202e}a[1mb",
}


@pytest.mark.parametrize(("source", "shown"), PROSE.items())
def test_prose_reads_like_print(source: str, shown: str) -> None:
    assert plain(source) == shown


@pytest.mark.parametrize(
    ("source", "text", "style"),
    [
        (r"\textbf{x}", "x", Style.BOLD),
        (r"{\it x}", "x", Style.ITALIC),
        (r"\emph{\textbf{x}}", "x", Style.BOLD | Style.ITALIC),
        (r"\texttt{x\_y}", "x_y", Style.MONO),
        (r"\textsc{x}", "x", Style.SMALL_CAPS),
        (r"\cite{k}", "[k]", Style.DIM),
        (r"\method{}", r"\method", Style.DIM),
        (r"$\mathbf{k}$", "k", Style.BOLD | Style.MATH),
        (r"$\boldsymbol{\alpha}$", "α", Style.BOLD | Style.MATH),
        (r"$\foo$", r"\foo", Style.DIM | Style.MATH),
        ("$x$", "x", Style.MATH),
    ],
)
def test_type_becomes_the_style_of_a_span(source: str, text: str, style: Style) -> None:
    assert spans(source) == (Span(text, style),)


@pytest.mark.parametrize(
    ("source", "text", "link"),
    [
        (r"\href{https://x.org/a\_b}{the page}", "the page", "https://x.org/a_b"),
        (r"\url{http://x.org/~me}", "http://x.org/~me", "http://x.org/~me"),
        ("https://x.org/a_b--c", "https://x.org/a_b--c", "https://x.org/a_b--c"),
        ("www.x.org", "www.x.org", "https://www.x.org"),
        ("doi:10.1000/x(1)", "doi:10.1000/x(1)", "https://doi.org/10.1000/x(1)"),
        ("arXiv:2101.00001v2", "arXiv:2101.00001v2", "https://arxiv.org/abs/2101.00001v2"),
        (r"\href{javascript:alert(1)}{x}", "x", None),
    ],
)
def test_links_lead_where_they_say_and_nowhere_odd(
    source: str, text: str, link: str | None
) -> None:
    assert spans(source) == (Span(text, link=link),)


def test_a_link_ends_before_the_punctuation_of_its_sentence() -> None:
    links = [span.link for span in spans("(see https://x.org/a_(b)), or https://y.org.")]
    assert links == [None, "https://x.org/a_(b)", None, "https://y.org", None]


@pytest.mark.parametrize(
    ("source", "ascii_"),
    [
        (r"$\mathcal{O}(n^2)$", "O(n^2)"),
        (r"$x \leq \frac12 \alpha\beta$", "x <= 1/2 alpha beta"),
        (r"$p\bar{p} \to \mu^+\mu^-$", "ppbar -> mu^+ mu^-"),
        (r"$n^{+104}_{-89}$", "n^+104_-89"),
        (r"$\sqrt2$, $\sqrt{x+y}$, 5$\sigma$", "sqrt(2), sqrt(x + y), 5sigma"),
        ("Łukasz Erd\\H{o}s", "Lukasz Erdos"),
        ("30$^\\circ$ --- “q”", '30deg --- "q"'),
        ("😀 漢", "? ?"),
    ],
)
def test_ascii_spells_out_what_it_lacks(source: str, ascii_: str) -> None:
    assert plain(source, Mode.ASCII).replace("  ", " ") == ascii_


def calls(action: Callable[[], object]) -> int:
    """Count the calls of functions that `action` takes, as a measure of its work."""
    count = 0

    def counting(*_: object) -> None:
        nonlocal count
        count += 1

    before = sys.getprofile()
    sys.setprofile(counting)
    try:
        action()
    finally:
        sys.setprofile(before)
    return count


HOSTILE: dict[str, Callable[[int], str]] = {
    "backslashes": lambda n: "\\" * n,
    "dollars": lambda n: "$a" * n,
    "braces": lambda n: "{" * n,
    "groups": lambda n: "{" * n + "Q" + "}" * n,
    "formula": lambda n: "$" + "{" * n + "Q" + "}" * n + "$",
    "fractions": lambda n: "$" + r"\frac{" * n + "Q" + "}{y}" * n + "$",
    "roots": lambda n: "$" + r"\sqrt" * n + "$",
    "scripts": lambda n: "$" + "Q_{" * n + "}" * n + "$",
    "accents": lambda n: r"\'{" * n + "1" + "}" * n,
    "overs": lambda n: "$" + r"a\over " * n + "$",
    "environments": lambda n: r"\begin{cases}" * n + r"\end{cases}" * n,
    "openings": lambda n: r"\(" * n,
    "unknown": lambda n: r"\foo{" * n,
    "switches": lambda n: r"{\bf " * n + "Q" + "}" * n,
    "options": lambda n: r"\cite[" * n,
    "text": lambda n: "$" + r"\text{$" * n + "Q" + r"$}" * n + "$",
    "links": lambda n: "https://" + ")" * n,
    "tildes": lambda n: "a~" * n,
    "kets": lambda n: "$" + r"\ket" * n + "$",
    "cases": lambda n: r"$\left\{\begin{array}{l}" * n + r"\end{array}\right." * n + "$",
    "stacks": lambda n: "$" + "{" * n + "Q" + "^2}" * n + "^2$",
    "verbatim": lambda n: r"\verb|" * n,
    "units": lambda n: r"\SI{1}{" + r"\per\m\tothe{2}" * n + "}",
    "numbers": lambda n: r"\num{" + "1e" * n + "}",
    "chemistry": lambda n: r"\ce{" + "A^{2}_3" * n + "}",
    "ions": lambda n: r"{\sc " + "H i" * n + "}",
    "hyphens": lambda n: "a-'" * n,
    "prices": lambda n: "$5 (" * n,
    "quotes": lambda n: "``1''" * n,
    "lengths": lambda n: r"\arraycolsep=" * n,
    "rows": lambda n: r"\begin{matrix}" + r"a & b \\" * n + r"\end{matrix}",
    "accents of accents": lambda n: "$" + r"\hat{" * n + "Q" + "}" * n + "$",
    "braces with labels": lambda n: "$" + r"\underbrace{" * n + "Q" + "}_a" * n + "$",
}


@pytest.mark.parametrize("hostile", HOSTILE.values(), ids=HOSTILE)
def test_work_grows_no_faster_than_the_text(hostile: Callable[[int], str]) -> None:
    plain("$x$")
    small, large = (calls(lambda n=n: plain(hostile(n))) for n in (500, 1000))  # type: ignore[misc]
    assert large <= 2.5 * small + 500


@pytest.mark.parametrize("hostile", HOSTILE.values(), ids=HOSTILE)
def test_nesting_ten_thousand_deep_loses_nothing(hostile: Callable[[int], str]) -> None:
    source = hostile(10_000)
    assert plain(source).count("Q") == source.count("Q")


def test_a_megabyte_of_backslashes_comes_back_as_it_is() -> None:
    assert plain("\\" * 1_000_000) == "\\" * 1_000_000


@pytest.mark.parametrize(
    "source", ["only 2~3x", "by 40~50% compared", "by 9.2~20.2%", "+4~8%", "2.01x~3.81x"]
)
def test_a_tilde_between_digits_is_a_range(source: str) -> None:
    assert plain(source) == source


@pytest.mark.parametrize(
    ("source", "shown"),
    [
        ("LLaMA-2~13B", "LLaMA-2 13B"),
        ("Gemini~2.5~Flash", "Gemini 2.5 Flash"),
        ("Recall@1~0.45", "Recall@1 0.45"),
        ("Fig.~3", "Fig. 3"),
        (r"$6\times$~$58\times$", "6×~58×"),
    ],
)
def test_a_tilde_after_a_name_is_a_tie(source: str, shown: str) -> None:
    assert plain(source) == shown
