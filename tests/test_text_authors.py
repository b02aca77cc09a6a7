"""What authors write that is easily shown wrong: a table a kind, of source and what is shown."""

import pytest

from tui_reader.text import Mode, cells, plain, spans, wrap

SHOWN = {
    "a star is taken only by a command that has a form with one": {
        r"$\phi*f$": "ϕ * f",
        r"\section*{Aim}, $2*3$": "Aim, 2 * 3",
        r"\alpha* and $C^*\alpha^*$": "α* and C*α*",
        r"$\operatorname*{argmin}_x f$": "argminₓ f",
        r"a\hspace*{1em}b, \cite*{k}": "ab, [k]",
    },
    "a blank that is asked for at the end of a formula parts it from the text": {
        r"10$\,\mu$m, $1\,h\,$Mpc, $24.6\ $eV": "10 μm, 1 h Mpc, 24.6 eV",
        r"$10^{-3}$$\,$yr": "10⁻³ yr",
        r"$x\,$, $y\ $. ($z\;$) $\quad w$": "x, y. (z) w",
        r"$E = mc^2\,.$": "E = mc².",
    },
    "a tie before or after a formula is a blank, unless it says about": {
        r"3.3~$\mu$m, 850~$^\circ$C, 33~$\pm$~10": "3.3 μm, 850 °C, 33 ± 10",
        r"$z$~=~0.5, $x$~$<$~3": "z = 0.5, x < 3",
        r"$R$~140, $z_{p}$~2, ~600 km/s, (~5)": "R ~140, zₚ ~2, ~600 km/s, (~5)",
        r"3.3 ~$\mu$m, Fig.~~3, 10~$-$~20, p~<~0.05": "3.3 μm, Fig. 3, 10 − 20, p < 0.05",
        r"km~/~s, ~/bin, $5$~$10$, 5~10, $x_0$~5": "km / s, ~/bin, 5~10, 5~10, x₀ ~5",
        r"of~$4\times$, shown ~\cite{k}": "of 4×, shown [k]",
    },
    "the blank after a switch of fonts is the switch's": {
        r"$\mu{\rm eV}$, $[{\rm M/H}]$, $/{\rm pc}^3$": "μeV, [M/H], /pc³",
        r"$5\,{\rm \mu m}$, $\rm H\alpha$, $\mathrm{ km }x$": "5 μm, Hα, km x",
        r"$\log({\rm N/O})$, ${\rm km s}^{-1}$, ${\rm a }b$": "log(N/O), km s⁻¹, ab",
    },
    "two quotes after a number are seconds of arc, where no quotation is open": {
        r"$3^{\prime\prime}$": "3″",
        "0.3'' and 12'' wide": "0.3″ and 12″ wide",
        "``size 5'' and ''in 2020''": "“size 5” and “in 2020”",
    },
    "what is raised twice, or a fraction, stands in parentheses": {
        r"${10^{10}}^{100}$, ${x^2}^3$, ${x_i}^2$": "(10¹⁰)¹⁰⁰, (x²)³, xᵢ²",
        r"$\mathrm{10^5}^2$, $\hat{x^2}^3$": "(10⁵)², (x̂²)³",
        r"$\frac{a}{b}^2$, $\sqrt{x}^3$": "(a/b)², (√x)³",
    },
    "a sign is not parted from what it is the sign of": {
        r"$-\frac{3}{2}$, $x = -\log y$, $\pm\frac12$, $a - \log x$": (
            "−3/2, x = −log y, ±½, a − log x"
        ),
        r"$\log\frac{a}{b}\,c$, $\underbrace{b+b}_{2}$": "log(a/b) c, (b + b)₂",
    },
    "commands of authors' and editors' packages show what is left": {
        r"$\ket\psi$, \replaced{a}{b}c\deleted{d}, \gls{e}": "|ψ⟩, ac, e",
    },
    "two accents on one letter are one letter, if there is one": {
        r"Nguy\~{\^e}n, \'{\^e}, \^{\'e}, \^{\'{e}}": "Nguyễn, ế, ế, ế",
    },
    "what a tag holds is set": {r"$x \tag{$\star$}$": "x  (⋆)"},
    "the numbers of ions are capitals": {
        r"[O\,{\sc iii}], H\textsc{i}, \ion{C}{4}, C{\sc iv}, H~{\sc ii}": (
            "[O III], HI, C IV, CIV, H II"
        ),
        r"\HII, $\CaII$, \CI, \textsc{[O~iii]}": r"H II, Ca II, \CI, [O III]",
        r"\textsc{Hii}, {\sc vi}, $\rm O\,{\sc vi}$": "HII, VI, O VI",
        r"\textsc{Ebhs}, {\sc gadget}, \textsc{mix}": "Ebhs, gadget, mix",
    },
    "where an environment stands, and how its columns do, is not shown": {
        r"$\bigl(\begin{smallmatrix}a&b\\c&d\end{smallmatrix}\bigr)$": "(a b; c d)",
        r"$\begin{array}[c]{ll}a & b\\ c & d\end{array}$": "a b; c d",
    },
    "what an accent can't lie over is shown without it": {
        r"$\widetilde{\mathrm{SL}}_2$, $\vec{AB}$, $\overline{x+y}$": "SL₂, AB, x + y",
    },
    "commands of packages that authors use are known": {
        r"\SI{5}{\kilo\metre\per\second}, \qty{3}{\um}, \num{1.5e-3}": "5 km s⁻¹, 3 μm, 1.5 × 10⁻³",
        r"\si{\joule\per\kelvin\squared}, \ang{30}, \SI{20}{\degree}": "J K⁻², 30°, 20°",
        r"\SIrange{1}{2}{\GeV}, \unit{m.s^{-1}}, \qty{5}{\percent}": "1–2 GeV, m s⁻¹, 5 %",
        r"\ch{H2O}, \ce{Fe^3+}": "H₂O, Fe³⁺",
        r"\eg, \ie{} and \etc.": "e.g., i.e. and etc.",
        r"300\kms, 10$\Msun$, 10 \msun, \HI{}, 0\farcs3": "300 km s⁻¹, 10 M_⊙, 10 M_⊙, H I, 0″.3",
        r"$\ket{0}\bra{1}$, $\ket\psi$, $\abs{x}$, $\norm{x}_2$": "|0⟩⟨1|, |ψ⟩, |x|, ‖x‖₂",
        r"$\braket{a}{b}$, $\dv{f}{x}$, $\pdv[2]{f}{x}$": "⟨a|b⟩, df/dx, ∂²f/∂x²",
        r"\hyperlink{a}{text}, \verb|a_b|, \textrightarrow": "text, a_b, →",
        r"$a\lt b\gt c$, $\vartriangle$": "a < b > c, △",
        r"$\cases{a & b \cr c & d}$": "{ a, b; c, d",
        r"$\begin{array}{l}a\newline b\end{array}$": "a; b",
        r"a\arraycolsep=1.4pt b\rule{1pt}{2pt}": "ab",
    },
    "sets of numbers have their letters by any name; other macros stay": {
        r"$\R^n$, $\C$, $\N$, $\Z_2$, $\Q$, $\RR$": "ℝⁿ, ℂ, ℕ, ℤ₂, ℚ, ℝ",
        r"$\N=4$": "𝒩 = 4",
        r"\method{} and \foo{x} in SL(2,Z)\SL(2,R)": r"\method and \foo{x} in SL(2,Z)\SL(2,R)",
    },
    "words of three letters and more are not set in raised or lowered letters": {
        r"$M_{halo}$, $\kappa_{\rm in-plane}$, $x^{max}$": "M_halo, κ_in-plane, x^(max)",
        r"$T_{eff}$, $a_{ij}$, $N_{200mean}$": "T_eff, aᵢⱼ, N_200mean",
    },
    "no blank is left over": {
        r"$<x>$, $\rho = <\sigma v>^2$, $a<b>c$, $0.\!\!^{\prime\prime}3$": (
            "<x>, ρ = <σv>², a < b > c, 0.″3"
        ),
        r"$|a><b|$, $<\psi|H|\psi>$, $|\psi>$, $|x|>5$, $0<|x|<1$": (
            "|a><b|, <ψ|H|ψ>, |ψ>, |x| > 5, 0 < |x| < 1"
        ),
        r"$\not\!\!E_T$, $\slashed{E}$, $\not D$": "E̸_T, E̸, D̸",
        r"($\, x$) 5$\deg$ 10$\mathrm{\,km}$": "(x) 5° 10 km",
        r"$\frac{1}{2}.$, $a \bmod n$, $x_{i\bmod n}$": "½., a mod n, x_(i mod n)",
        r"$a/-b$, 5 \textmu m": "a/−b, 5 μm",
        r"5 \mu m, \Lambda CDM, \Delta T, \alpha decay": "5 μm, ΛCDM, ΔT, α decay",
    },
    "cases are shown alike, whatever makes them": {
        r"$\begin{cases}n & \text{if } x\\ m & y\end{cases}$": "{ n, if x; m, y",
        r"$\left\{\begin{array}{ll}n & \text{if } x\\ m & y\end{array}\right.$": "{ n, if x; m, y",
    },
    "a dollar that is money stays": {
        "costs $5--$10 an hour": "costs $5–$10 an hour",
        "~$15 (vs ~$40)": "~$15 (vs ~$40)",
        "$x$-axis costs $5, $y$-axis $6; from $20 to $5, a $4\\times$ drop": (
            "x-axis costs $5, y-axis $6; from $20 to $5, a 4× drop"
        ),
        "a $10^6$, $5k GPU; $10k GPU; $x$, $1,000$": "a 10⁶, $5k GPU; $10k GPU; x, 1,000",
        "5$/h and 7$/h": "5$/h and 7$/h",
        "($0.15/$0.60), $15k-$20k": "($0.15/$0.60), $15k-$20k",
        "save $148+ to $19 (87% less), yearly $1,550; also \\$15/month, US$3 and $k$-means": (
            "save $148+ to $19 (87% less), yearly $1,550; also $15/month, US$3 and k-means"
        ),
    },
}


@pytest.mark.parametrize(
    ("source", "shown"),
    [case for cases in SHOWN.values() for case in cases.items()],
    ids=[f"{kind}: {source}" for kind, cases in SHOWN.items() for source in cases],
)
def test_what_authors_write_reads_as_they_mean_it(source: str, shown: str) -> None:
    assert plain(source) == shown


@pytest.mark.parametrize(
    ("source", "shown"),
    [
        (r"speedups of~$4\times$", "speedups of 4x"),
        (r"Fig.~\ref{a}, [N~{\sc ii}]", "Fig. [a], [N II]"),
        (r"5~$\mu$m, 5 \mu s, $\mu$", "5 um, 5 us, mu"),
        (r"$\bar{D}^0$, $\alpha$decay", "Dbar^0, alpha decay"),
        ("● □ △ ↓", "* [] ^ v"),
    ],
)
def test_ascii_keeps_blanks_and_spells_signs(source: str, shown: str) -> None:
    assert plain(source, Mode.ASCII) == shown


def test_a_display_keeps_its_indent_where_it_is_broken() -> None:
    lines = wrap(spans(r"We show $$a = b + c + d + e + f + g + h + i + j + k + l$$ here."), 20)
    shown = ["".join(span.text for span in line).replace("\xa0", " ") for line in lines]
    assert shown == [
        "We show",
        "  a = b + c + d + e",
        "  + f + g + h + i +",
        "  j + k + l",
        "here.",
    ]


def test_a_broken_display_fits_in_its_indent_too() -> None:
    for line in wrap(spans("$$ab " + "漢" * 30 + "x" * 45 + "$$"), 20):
        assert sum(cells(span.text) for span in line) <= 20


def test_a_formula_in_ascii_holds_nothing_else() -> None:
    assert plain("$\u06c2x$", Mode.ASCII).isascii()
