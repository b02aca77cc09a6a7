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
from tui_reader.text import symbols
from tui_reader.text.builders import BUILDERS

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


def known_commands() -> frozenset[str]:
    """Return the names that the renderer has a meaning for; all others are macros of authors."""
    held = (getattr(symbols, name) for name in dir(symbols) if name.isupper())
    tables = [table for table in held if isinstance(table, dict | frozenset)]
    names = {name for table in tables for name in table if isinstance(name, str)}
    return frozenset((*names, *BUILDERS, "begin", "end", "footnote", "url", "href"))


# An independent reader of the same sources, far simpler than the renderer: what it is sure of
# has to be in what is shown.

MASK = "\0"
KNOWN = known_commands()
STARRED = re.compile(
    r"\\(?:[hv]space|operatorname|tag|cite\w*|\w*section|begin\{\w+)\*|\w+\*\}|\\\\\*"
)
MASKED = re.compile(
    r"(?P<formula>\$\$.+?\$\$|(?<!\\)\$(?:\\.|[^$\\])+\$|\\\(.+?\\\)|\\\[.+?\\\]"
    r"|\\begin\{(\w+\*?)\}.*?\\end\{\2\})"
    r"|(?P<command>\\[A-Za-z]+\*?(?:\s*\[[^][]*\])*(?:\{(?:[^{}]|\{[^{}]*\})*\})*|\\\W\s*\{?\\?\w*\}?\w*)",
    re.DOTALL,
)
SPACE = re.compile(r"(?:\\[,;: ]|~|\\q?quad|\\h(?:space|skip))")
ADDRESS = re.compile(r"\S*(?:://|www\.)\S*")
PRICE = re.compile(r"\$\s?\d|\d\s?\$[/\s]")


def faults(source: str, shown: str) -> set[str]:
    """Return the kinds of faults in what is shown of `source`, as far as they can be told."""
    found = set()
    source, shown = ADDRESS.sub(" ", source), ADDRESS.sub(" ", shown)
    if PRICE.search(source):
        if shown.count("$") < source.count("\\$"):
            found.add("dollar lost")
        return found
    if source.count("$") % 2 == 0 and "$" in shown.replace("\\$", "") and "\\$" not in source:
        found.add("dollar left")
    if sum(map(shown.count, "*∗⋆★")) < STARRED.sub("", source).count("*"):
        found.add("star lost")
    if re.search(r"[\w)%]~(?:[^\W\d]|[(\[±])", shown):
        found.add("tie shown")
    if re.search(r"(?<=\w) [.,;)](?=\s|$)", shown) and not re.search(
        r"\s[.,;)]|[{}$]\s*[.,;)]", source
    ):
        found.add("blank left")
    if re.search(r"(?<=\S)  (?=\S)", shown) and "quad" not in source:
        found.add("blank left")
    if "$" in source or "\\" in source:
        found |= misplaced(source, shown)
    return found


def misplaced(source: str, shown: str) -> set[str]:
    """Follow the plain prose of the source through what is shown, and look at its edges."""
    found = set()
    shown = " ".join(shown.split())
    at = 0
    parts = list(MASKED.finditer(source))
    for before, mask in zip([None, *parts], [*parts, None], strict=True):
        chunk = source[before.end() if before else 0 : mask.start() if mask else len(source)]
        if re.search(r"[{}^_~$`'&-]", chunk):  # not plain
            words = re.findall(r"[A-Za-z]{2,}", chunk)
            for word in words:
                place = shown.find(word, at)
                at = place + len(word) if place >= 0 else at
            continue
        plain_chunk = re.sub(r"\s+", " ", chunk)
        bare = plain_chunk.strip()
        if not re.search(r"\w", bare):
            continue
        place = shown.find(bare, at)
        if place < 0:
            found.add("prose lost")
            continue
        at = place + len(bare)
        if mask and mask["formula"] and not mask["formula"].startswith(("$$", "\\[", "\\begin")):
            inside = mask["formula"].strip("$").removeprefix("\\(").strip()
            blank = plain_chunk[-1] == " " or bool(SPACE.match(inside))
            if (
                inside
                and not inside.startswith(("{", "\\phantom"))
                and (shown[at : at + 1] == " ") != blank
            ):
                found.add("blank lost" if blank else "blank left")
        if (
            before
            and before["formula"]
            and not before["formula"].startswith(("$$", "\\[", "\\begin"))
        ):
            inside = before["formula"].strip("$").removesuffix("\\)").strip()
            blank = plain_chunk[0] == " " or bool(
                re.search(r"(?:\\[,;: ]|~|\\q?quad)$", inside + " " * inside.endswith("\\"))
            )
            mark = bare[0] in ".,;:!?)"
            if place and (shown[place - 1] == " ") != blank and not mark:
                found.add("blank lost" if blank else "blank left")
    return found


def measure(name: str, render: Callable[[str], str], sources: list[str], show: bool) -> None:
    leftover = macros = altered = exceptions = characters = wrong = faulty = 0
    unknown: Counter[str] = Counter()
    kinds: Counter[str] = Counter()
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
        commands = set(COMMAND.findall(shown))
        authors_own = {name for name in commands if name not in KNOWN or len(name) == 1}
        authors_own = set(filter(str.isalpha, authors_own))
        commands -= authors_own
        unknown.update(authors_own)
        macros += bool(authors_own)
        difference = changed(source, shown).total()
        wrongs = faults(source, shown)
        kinds.update(wrongs)
        faulty += bool(wrongs or commands or difference)
        leftover += bool(commands)
        altered += bool(difference)
        wrong += difference
        characters += letters(source).total()
        if show and (commands or difference or wrongs):
            print(f"--- {commands} {dict(changed(source, shown))} {sorted(wrongs)}")
            print(f"{source}\n>>> {shown}")
    count = len(sources)
    print(f"{name}: {count:,} texts")
    print(f"  no leftover command     {1 - leftover / count:8.2%}  ({leftover} with one)")
    print(f"  letters and digits kept {1 - altered / count:8.2%}  ({altered} texts not)")
    print(f"  ... of all of them      {1 - wrong / max(characters, 1):8.3%}")
    print(f"  nothing found wrong     {1 - faulty / count:8.2%}  {dict(kinds)}")
    print(f"  with authors' macros    {macros / count:8.2%}  ({macros}, which are shown as source)")
    if show:
        print("    " + " ".join(f"{name} {number}" for name, number in unknown.most_common()))
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
