"""Real BibTeX and biber over exported papers: `python -m tests.bibliography_trials SNAPSHOT`.

Exports the papers of a bulk metadata file (.json or .gz), runs `bibtex` and `biber` on them (of
Debian's texlive-binaries and biber), and compares every author that these read, part by part,
with the name that was exported. Says how many warnings, errors and changed names there are.

`--broken` exports family names without the braces that guard them, so that the trial fails.
"""

import argparse
import re
import subprocess
import tempfile
from collections.abc import Iterable, Mapping
from itertools import islice
from pathlib import Path
from xml.etree import ElementTree as ET

from tui_reader import export, sources
from tui_reader.model import Item, Name, Paper
from tui_reader.names import names_of

# A style that writes a line for each author: key, given, particle, family, suffix.
STYLE = r"""
ENTRY { author } { } { }
INTEGERS { at count }
FUNCTION {names} {
  author empty$ { }
    { author num.names$ 'count :=
      #1 'at :=
      { at count > #0 = }
      { "@@" cite$ * "|" * author at "{ff}" format.name$ * "|" * author at "{vv}" format.name$ *
        "|" * author at "{ll}" format.name$ * "|" * author at "{jj}" format.name$ * write$ newline$
        at #1 + 'at := }
      while$ }
  if$
}
FUNCTION {misc} { names }
FUNCTION {article} { names }
FUNCTION {default.type} { names }
READ
ITERATE {call.type$}
"""
NAMESPACE = "{http://biblatex-biber.sourceforge.net/biblatexml}"

AT_ONCE = 500

Parts = tuple[str, str, str, str]


def exported(papers: Iterable[Paper]) -> tuple[str, dict[str, list[Parts]]]:
    """Return the BibTeX of papers, and of each key the names in it."""
    items = [Item(paper) for paper in papers]
    keys = export.keys(item.paper for item in items)
    names = {}
    for paper, *_ in items:
        found = list(map(parts, names_of(paper)))
        omitted = [("", "", "others", "")] * (bool(paper.authors) and paper.authors_omitted != 0)
        names[keys[paper.id]] = found + omitted
    return "".join(export.bibtex(items)), names


def parts(name: Name) -> Parts:
    """Return a name as BibTeX parts it: what is unsure at its last blank, what is whole not."""
    if not name.family:
        given, _, family = name.given.rpartition(" ")
        return given, "", family, ""
    return name.given, name.particle, name.family, name.suffix


def plain(text: str) -> str:
    """Return what a part of a name says, without braces, ties and escapes."""
    text = text.replace(r"\textbackslash", "\\").replace("~", " ")
    return " ".join(re.sub(r"\\([%&#$_{}])", r"\1", text).replace("{", "").replace("}", "").split())


def by_bibtex(folder: Path) -> tuple[dict[str, list[Parts]], list[str]]:
    (folder / "names.bst").write_text(STYLE)
    (folder / "all.aux").write_text("\\citation{*}\n\\bibstyle{names}\n\\bibdata{all}\n")
    subprocess.run(["bibtex", "all"], cwd=folder, capture_output=True, check=False)
    log = (folder / "all.blg").read_text("utf-8", "replace")
    rows = (folder / "all.bbl").read_text("utf-8").replace("\n  ", " ").split("@@")
    names: dict[str, list[Parts]] = {}
    for row in filter(None, map(str.strip, rows)):
        key, given, particle, family, suffix = map(plain, row.split("|"))
        names.setdefault(key, []).append((given, particle, family, suffix))
    return names, re.findall(r"(?m)^(?:Warning--|I was|I'm|Repeated|Too|.*---line).*", log)


def by_biber(folder: Path) -> tuple[dict[str, list[Parts]], list[str]]:
    command = ["biber", "--tool", "--output-format=biblatexml", "--output-file=some.xml", "--nolog"]
    entries = (folder / "all.bib").read_text("utf-8").removesuffix("\n\n").split("\n\n")
    names: dict[str, list[Parts]] = {}
    said: list[str] = []
    # Not all at once: biber takes more than twice the time for twice the entries.
    for at in range(0, len(entries), AT_ONCE):
        (folder / "some.bib").write_text("\n\n".join(entries[at : at + AT_ONCE]), "utf-8")
        done = subprocess.run(
            [*command, "some.bib"], cwd=folder, capture_output=True, text=True, check=False
        )
        said += re.findall(r"(?m)^(?:WARN|ERROR|FATAL).*", done.stdout + done.stderr)
        for entry in ET.parse(folder / "some.xml").iter(f"{NAMESPACE}entry"):
            people = names[entry.get("id", "")] = []
            for listed in entry.iter(f"{NAMESPACE}names"):
                people += map(_xml_name, listed.iter(f"{NAMESPACE}name"))
                if listed.get("morenames"):
                    people.append(("", "", "others", ""))
    return names, said


def _xml_name(name: ET.Element) -> Parts:
    found = {
        part.get("type"): plain(" ".join(part.itertext()))
        for part in name.iter(f"{NAMESPACE}namepart")
        if part.get("type")
    }
    given, prefix = found.get("given", ""), found.get("prefix", "")
    return given, prefix, found.get("family", ""), found.get("suffix", "")


def told(
    program: str,
    expected: Mapping[str, list[Parts]],
    names: Mapping[str, list[Parts]],
    said: list[str],
) -> bool:
    changed = [
        (key, wanted, found)
        for key, people in expected.items()
        for wanted, found in zip(people, names.get(key, []), strict=False)
        if tuple(map(plain, wanted)) != found
    ]
    lost = [key for key, people in expected.items() if len(names.get(key, [])) != len(people)]
    count = sum(map(len, expected.values()))
    print(
        f"{program}: {len(expected):,} papers, {count:,} names: {len(changed)} changed,"
        f" {len(lost)} papers with others, {len(said)} warnings and errors"
    )
    for line in [*changed[:10], *lost[:10], *said[:10]]:
        print("   ", line)
    return bool(changed or lost or said)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("snapshot", type=Path)
    parser.add_argument("--papers", type=int, help="the first so many")
    parser.add_argument("--broken", action="store_true")
    options = parser.parse_args()
    if options.broken:
        export.SMALL_FIRST = re.compile("(?!)")
    with options.snapshot.open("rb") as file:
        papers = sources.Snapshot(file, options.snapshot.name)
        text, expected = exported(islice(papers, options.papers))
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "all.bib").write_text(text, "utf-8")
        wrong = [
            told(program, expected, *run(Path(folder)))
            for program, run in (("bibtex", by_bibtex), ("biber", by_biber))
        ]
    raise SystemExit(any(wrong))


if __name__ == "__main__":
    main()
