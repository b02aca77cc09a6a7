"""Any text renders, in every mode, to what a terminal may be sent; no source is shown for long."""

import unicodedata

import tui_reader.text.tex  # noqa: F401 - imported late elsewhere, and to be instrumented
from tui_reader.document.display import display
from tui_reader.text import Mode, Style, cells, clean_block, find, fold, spans, wrap

SEEDS = (
    rb"$\frac{a+b}{\sqrt[3]{c}}^2 \to \mathcal{O}(n^{1/2})$, {\rm pc}^3 and \mu m",
    rb"{\sc ii} \ion{C}{4} \'{\^e} \cite[p.~3]{a,b} \href{https://x.org/a_b}{c} \verb|d|",
    rb"$$\left\{\begin{array}{ll} n & \text{if $x$} \\ m & \newline y\end{array}\right.\tag{1}$$",
    rb"\SI{5e-3}{\kilo\metre\per\second\squared} \ce{SO4^2-} \ket{0} \pdv[2]{f}{x} \num{1+-2}",
    rb"~$15 (vs ~$40), $R$~140 at 0.3'' ``a'' 5--6 &lt; \unicode{x202e} \cases{a & b \cr c} \R^n",
)
FORBIDDEN = frozenset(("Cc", "Cs", "Co"))
UNSEEN = frozenset(
    "\u00ad\u200b\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\u2066\u2067\u2069\ufeff"
)


def is_safe(char: str) -> bool:
    return char == "\n" or not (unicodedata.category(char) in FORBIDDEN or char in UNSEEN)


def check(data: bytes) -> None:
    text = data.decode("utf-8", "replace")
    source = clean_block(text)
    for mode in Mode:
        drawn = spans(text, mode)
        shown = "".join(span.text for span in drawn)
        assert all(span.text for span in drawn)
        assert all(map(is_safe, shown)), shown
        assert mode is not Mode.ASCII or shown.isascii(), shown
        assert mode is Mode.UNICODE or all(c <= "\uffff" for c in shown), shown
        assert len(shown) <= 12 * len(source) + 12, shown
        for span in drawn:
            scheme = (span.link or "http:").partition(":")[0].lower()
            assert scheme in ("http", "https", "mailto"), span
        for line in wrap(drawn, 20):
            assert sum(cells(span.text) for span in line) <= 20
    for row in display(text[:200], 40):
        assert all(map(is_safe, row)), row
        assert cells(row) <= 40, row
    drawn = spans(text)
    folded = fold(source)
    assert folded == " ".join(folded.split())
    for word in folded.split()[:3]:
        assert find("".join(span.text for span in drawn), [f" {word} "]), word
    if "\\" not in source and "$" not in source:
        assert not any(Style.MATH in span.style for span in drawn)
