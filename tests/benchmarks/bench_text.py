"""How well and how fast texts of real papers render.

python tests/benchmarks/bench_text.py reads the titles, comments and abstracts of the corpus
beside the repository; every text, or with `--tex` only those that hold TeX, and shows with
`--faults` what it counted. Where the corpus has a prototype renderer next to it, that runs over
the same texts.
"""

import gzip
import importlib.util
import json
import re
import sys
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from time import perf_counter

from tui_reader import text as reader_text

ROOT = Path(__file__).parents[2]
CORPUS = ROOT.parent / "shared" / "corpus"
PROTOTYPE = ROOT.parent / "shared" / "prototypes" / "tex.py"
SAMPLE = ROOT / "snapshots" / "listings" / "cs.DC-2026-03-03.txt"
FIELDS = ("title", "comments", "abstract")

TEX = re.compile(r"\\|\$|[_^]\{|\{|~\S|``|--")
COMMAND = re.compile(r"\\([A-Za-z]+|[^\sA-Za-z\d])")
LETTER = re.compile(r"[^\W_]")
# What a command stands for is no letter of the text; nor are the arguments that print nothing.
NOT_SHOWN = re.compile(
    r"\\(?:begin|end|label|color|vspace|hspace|phantom|textcolor|href|nocite)\s*\{[^{}]*\}"
    r"|\\unicode\{[^{}]*\}|\\[A-Za-z]+|&#?\w+;|\[-?[\d.]+(?:pt|em|ex|mm|cm)\]"
)


def texts() -> Iterator[str]:
    seen: set[str] = set()
    with gzip.open(CORPUS / "metadata" / "papers-2025.jsonl.gz", "rt", encoding="utf-8") as lines:
        records: list[object] = [json.loads(line) for line in lines]
    truths = sorted(CORPUS.glob("**/*.truth.json"))
    records += [json.loads(truth.read_text(encoding="utf-8")) for truth in truths]
    while records:
        record = records.pop()
        if isinstance(record, list):
            records += record
        elif isinstance(record, dict):
            records += [value for value in record.values() if isinstance(value, dict | list)]
            for field in FIELDS:
                found = record.get(f"{field}_raw") or record.get(field)
                if isinstance(found, str) and found not in seen:
                    seen.add(found)
                    yield found


def letters(shown: str) -> Counter[str]:
    """Count letters and digits, whatever their form, but for those that TeX has commands for."""
    plain = unicodedata.normalize("NFKD", shown.translate(FORMS)).casefold()
    return Counter(char for char in LETTER.findall(plain) if char.isascii())


FORMS = str.maketrans(
    dict.fromkeys("ıȷℏℓℜℑ∂§ΑΒ", " ") | {"ø": "", "ł": "", "ß": "", "æ": "", "œ": ""}
)


def changed(source: str, shown: str) -> Counter[str]:
    """Count the letters and digits that were lost or invented, beyond the names of commands."""
    before, after = letters(NOT_SHOWN.sub(" ", source)), letters(shown)
    names = letters(" ".join(re.findall(r"\\([A-Za-z]+)", source)))
    lost = before - after
    invented = after - before - names - letters("choosemod" * 3)
    return lost + invented


def measure(name: str, render: Callable[[str], str], sources: list[str], show: bool) -> None:
    leftover = altered = exceptions = characters = wrong = 0
    slowest, worst = 0.0, ""
    spent = 0.0
    for source in sources:
        start = perf_counter()
        try:
            shown = render(source)
        except Exception:
            exceptions += 1
            continue
        took = perf_counter() - start
        spent += took
        if took > slowest:
            slowest, worst = took, source
        commands = COMMAND.findall(shown)
        difference = changed(source, shown).total()
        leftover += bool(commands)
        altered += bool(difference)
        wrong += difference
        characters += letters(source).total()
        if show and (commands or difference):
            print(f"--- {commands} {dict(changed(source, shown))}\n{source}\n>>> {shown}")
    count = len(sources)
    print(f"{name}: {count:,} texts")
    print(f"  no leftover command     {1 - leftover / count:8.2%}  ({leftover} with one)")
    print(f"  letters and digits kept {1 - altered / count:8.2%}  ({altered} texts not)")
    print(f"  ... of all of them      {1 - wrong / max(characters, 1):8.3%}")
    print(f"  exceptions              {exceptions:8}")
    print(f"  time for one            {spent / count * 1e6:8.0f} us")
    print(f"  slowest                 {slowest * 1e3:8.1f} ms  ({len(worst):,} characters)")


def sample_abstracts() -> list[str]:
    entries = re.split(r"(?m)^- \[\d+\] |- \[\d+\] arXiv:", SAMPLE.read_text(encoding="utf-8"))[1:]
    return ["\n".join(entry.splitlines()[3:]) for entry in entries]


def best(action: Callable[[], object], rounds: int = 5) -> float:
    """Return the shortest of some runs, in seconds."""
    times = []
    for _ in range(rounds):
        start = perf_counter()
        action()
        times.append(perf_counter() - start)
    return min(times)


def main() -> None:
    every = list(texts())
    with_tex = [source for source in every if TEX.search(source)]
    show = "--faults" in sys.argv
    reader_text.plain("$x$")  # load the tables
    measure("texts with TeX", reader_text.plain, with_tex, show)
    abstracts = [source for source in with_tex if len(source) > 400 and re.search(r"\\|\$", source)]
    measure("abstracts with TeX", reader_text.plain, abstracts, False)
    if "--tex" not in sys.argv:
        measure("all texts", reader_text.plain, every, False)
    prose = [source for source in every if len(source) > 400 and source.isascii()]
    prose = [source for source in prose if not reader_text.maybe_tex(source)][:4000]
    fold = best(lambda: [reader_text.fold(source) for source in prose], 3)
    print(f"fold, plain ASCII abstract: {fold / len(prose) * 1e6:.0f} us")
    fold = best(lambda: [reader_text.fold(source) for source in abstracts], 3)
    print(f"fold, abstract with TeX: {fold / len(abstracts) * 1e6:.0f} us")
    drawn = [reader_text.spans(source) for source in abstracts]
    wrap = best(lambda: [reader_text.wrap(spans, 80) for spans in drawn], 3)
    print(f"wrap, abstract with TeX: {wrap / len(drawn) * 1e6:.0f} us")
    sample = sample_abstracts()
    took = best(lambda: [reader_text.spans(source) for source in sample])
    print(f"the sample's {len(sample)} abstracts: {took * 1e3:.1f} ms")
    if PROTOTYPE.exists():
        specification = importlib.util.spec_from_file_location("prototype", PROTOTYPE)
        assert specification
        assert specification.loader
        prototype = importlib.util.module_from_spec(specification)
        specification.loader.exec_module(prototype)
        measure("prototype, texts with TeX", prototype.render_plain, with_tex, False)
        measure("prototype, abstracts with TeX", prototype.render_plain, abstracts, False)


if __name__ == "__main__":
    main()
