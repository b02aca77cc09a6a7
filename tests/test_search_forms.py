"""What people type for what they see, and what is in the text they look for."""

from datetime import date
from pathlib import Path

import pytest

from tests.conftest import NOW
from tests.plain_evaluator import evaluate
from tui_reader import store as store_module
from tui_reader.config import Paths
from tui_reader.model import Marks, Paper, PaperId, Reading
from tui_reader.query import Query, Word, document, matcher, parse
from tui_reader.store import Edit, Kind, Store, View
from tui_reader.text import Mode, fold, plain

TODAY = date(2026, 3, 3)
FOUND = """
forall                 | $\\forall x\\,\\exists y$
≤                      | $n \\leq 5$
\\leq                   | $n \\le 5$
leq                    | $n \\leqslant 5$
Msun                   | $10^6M_\\odot$
M_sun                  | $5M_\\odot$
M_Jup                  | $10^{-3}M_{\\rm Jup}$
LCDM                   | $\\Lambda$CDM
infty                  | $n \\to \\infty$
LLMs                   | An LLM
subseteq               | $V \\subseteq W$
→                      | $B \\to K$
\\to                    | $B \\rightarrow K$
B → K                  | $B \\to K$
H_0                    | The $H_0$ tension
sigma_8                | Low $\\sigma_8$
CO_2                   | CO$_2$ capture
Z_2                    | A $\\mathbb{Z}_2$ gauge theory
x_i                    | Each $x_i$ counts
X_max                  | Air showers: $X_{\\rm max}$
T_eff                  | $T_{\\mathrm{eff}}$ of stars
n^1.5                  | In $n^{1.5}$ steps
pi_0.5                 | $\\pi_{0.5}$: a robot
pi_0.5                 | $\\pi_0.5$
E_infty                | $E_\\infty$ rings
E_inf                  | $E_\\infty$ rings
L^infty                | $L^\\infty$ bounds
ell_2                  | $\\ell_2$ norms
ell2                   | $\\ell_2$ norms
l_2                    | $\\ell_2$ norms
nu_mu                  | $\\nu_\\mu$ beams
B_s^0                  | $B_s^0$ mixing
C++                    | A C++ library
c++17                  | Modern C++17
C#                     | From C\\# to Rust
F#                     | An F# compiler
A*                     | Bounded A* search
k-means++              | Seeding with k-means++
multiagent             | Multi-agent planning
multi-agent            | A multiagent system
pretraining            | Pre-training at scale
pre-training           | Pretraining at scale
dataset                | A new data set
datasets               | Two data sets
"data set"             | A data-set of our own
data set               | A dataset of our own
GPT4                   | GPT-4 and others
GPT-4                  | GPT4 and others
GPT 4                  | GPT4 and others
GPT4                   | GPT 4 and others
ResNet50               | A ResNet-50 backbone
llama3                 | LLaMA 3 models
3D                     | 3-D scenes
3-D                    | 3D scenes
NGC1068                | Dust in NGC 1068
NGC 1068               | Dust in NGC1068
M31                    | The halo of M 31
OIII                   | [O III] emission
O III                  | [OIII] emission
HII                    | H\\,{\\sc ii} regions
kmeans                 | $k$-means clustering
k-means                | kmeans clustering
unet                   | A U-Net-based model
10GeV                  | At 10 GeV
10 GeV                 | At 10GeV
Schroedinger           | The Schr\\"odinger equation
Schrodinger            | The Schr\\"odinger equation
Schrödinger            | The Schroedinger equation
Goedel                 | G\\"odel numbers
Mueller                | Müller cells
Soerensen              | Sørensen
3x3                    | $3\\times3$ kernels
3×3                    | 3x3 kernels
3x3                    | 3 × 3 kernels
3x3                    | 3 x 3 kernels
nxn                    | An $n \\times n$ matrix
Msun                   | $10^8\\,M_\\odot$ black holes
M_odot                 | $10^8\\,M_\\odot$ black holes
M_sun                  | $10^8\\,M_{\\rm sun}$ black holes
Msun                   | 10$^8$ M$_{\\odot}$ black holes
e+e-                   | $e^+e^-$ collisions
e^+e^-                 | e+e- collisions
mu+mu-                 | $\\mu^+\\mu^-$ pairs
S&P                    | The S\\&P 500
AT&T                   | From AT&T
x86_64                 | On x86\\_64
x86                    | On x86-64
.NET                   | In .NET
1/f                    | $1/f$ noise
ttbar                  | $t\\bar{t}$ production
pbar                   | $\\bar p$ beams
hbar                   | Of order $\\hbar$
a_1b_2                 | For $a_1b_2$
"D^2HScore: reasoning" | D$^2$HScore: Reasoning-aware
"360 deg video"        | A 360° video
25 deg                 | At 25$^\\circ$C
betahat                | The estimator $\\hat\\beta$
OBrien                 | O'Brien's theorem
O'Brien                | OBrien's theorem
O(nlogn)               | In $O(n\\log n)$ time
um                     | At 10 $\\mu$m
综述                   | 深度学习的综述
学习                   | 深度学习的综述
"学习"                 | 深度学习的综述
述                     | 深度学习的综述
度                     | 深度学习的综述
方法                   | 基于Transformer的方法
학습                   | 심층학습모델
ラーニング             | ディープラーニング入門
がく                   | ぶつりか\u3099く
"""
NOT_FOUND = """
C++                    | Cats and code
C#                     | Cats and code
F#                     | Few and far
A*                     | Any agent
forest                 | A method for estimating
together               | To get her
H_0                    | H and 10
综学                   | 深度学习的综述
GPT4                   | GPT and 4
"kv cache"             | A kvcache
3D                     | In Table 3 data
Mueller                | Muller cells
data -set              | A data set
"multi agents"         | Multi, many-agents
value                  | Valu and vala
"multiagent unet"      | Multi-agent, then U-Net
"""


def rows(table: str) -> list[tuple[str, str]]:
    return [
        (typed.strip(), text.strip())
        for typed, _, text in (line.partition(" | ") for line in table.strip().splitlines())
    ]


@pytest.mark.parametrize(("typed", "text"), rows(FOUND))
def test_what_people_type_for_what_they_see_finds_it(typed: str, text: str) -> None:
    paper, query = Paper(PaperId("2603.00001"), text), parse(typed, TODAY)
    assert matcher(query)(document(paper, Marks(), ()))
    assert evaluate(query, paper)


@pytest.mark.parametrize(("typed", "text"), rows(NOT_FOUND))
def test_what_is_something_else_is_not_found(typed: str, text: str) -> None:
    paper, query = Paper(PaperId("2603.00001"), text), parse(typed, TODAY)
    assert not matcher(query)(document(paper, Marks(), ()))
    assert not evaluate(query, paper)


@pytest.mark.parametrize("mode", Mode)
@pytest.mark.parametrize("text", [*dict.fromkeys(text for _, text in rows(FOUND))])
def test_each_word_that_is_shown_of_a_text_finds_it(text: str, mode: Mode) -> None:
    document_of = document(Paper(PaperId("2603.00001"), text), Marks(), ())
    for word in plain(text, mode).split():
        if fold(word) and (mode is Mode.UNICODE or "?" not in word):
            assert matcher(Query(Word(word)))(document_of), word


def test_the_index_and_notes_answer_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store_module, "LARGE", 0)
    pairs = rows(FOUND) + rows(NOT_FOUND)
    texts = [*dict.fromkeys(text for _, text in pairs)]
    papers = [Paper(PaperId(f"2603.{n:05}"), text) for n, text in enumerate(texts, 1)]
    noted = {paper.id: (Marks(), Marks(note=paper.title)) for paper in papers}
    store = Store(Paths.under(tmp_path))
    store.save(Reading("made", (), tuple(papers)), NOW)
    store.append(Edit("Note", noted), NOW)
    store.index(lambda _: None)
    library = store.contents(View(Kind.LIBRARY))
    for typed, text in pairs:
        row = next(
            row
            for row, item in zip(library.rows, store.items(library.rows), strict=True)
            if item.paper.title == text
        )
        found = (typed, text) in rows(FOUND)
        for query in typed, f"note:({typed})":
            assert (row in store.find(library, parse(query, TODAY)).rows) == found, query
    store.close()
