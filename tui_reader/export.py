"""Papers to the forms of other programs: citations for managers, lists for people and scripts.

Every form takes outside text for what it is, never for its own syntax. Texts are plain Unicode
in all of them but BibTeX, where TeX belongs.
"""

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import asdict
from itertools import accumulate
from typing import Any

from tui_reader.fields import CLASSES, STORED
from tui_reader.model import Item, Name, Paper, PaperId, row_of, submitted
from tui_reader.names import names_of
from tui_reader.text import Mode, Span, clean, fold, plain, wrap

Form = Callable[[Iterable[Item]], Iterator[str]]
"""Writes papers, piece by piece."""


def url(paper: Paper) -> str:
    """Return the address of the abstract page, whatever the version."""
    return f"https://arxiv.org/abs/{paper.id}"


def title(paper: Paper) -> str:
    """Return the title in Unicode on one line; of an unknown paper, its identifier."""
    return _line(paper.title) or f"arXiv:{paper.id}"


def doi(paper: Paper) -> str:
    """Return the first DOI, as it may stand in an address: records may hold several."""
    first = clean(paper.doi or "").replace(",", " ").split()[:1]
    return re.sub(r"[{}\\%<>\"]", lambda char: f"%{ord(char[0]):02X}", "".join(first))


def _line(source: str | None) -> str:
    return " ".join(plain(source).split()) if source else ""


def authors(paper: Paper, most: int | None = None) -> str:
    """Return the names in a row, `most` of them at most, and whether there are more."""
    names = ", ".join(map(_line, paper.authors[:most]))
    omitted = paper.authors_omitted != 0 or len(paper.authors[:most]) < len(paper.authors)
    return f"{names}, et al." if names and omitted else names


OTHERS = Name("others")
"""Stands for the authors that the source left out."""

# Keys and dates

_DULL = frozenset(
    "a an the on of in for to from with and or by at as via is are be can do does how what when"
    " where which who why its it this that towards toward into over under using".split()
)
_NO_NAME = frozenset("the team group collaboration consortium project for of and".split())


def keys(papers: Iterable[Paper], others: Iterable[str] = ()) -> dict[PaperId, str]:
    """Return a key such as `lee2026spare` for each paper, unique among them in any order.

    None is among the `others`.

    The oldest of several that would share a key keeps it; to the others' keys the identifier is
    added, so that a key changes only when an older paper of the same key comes along.
    """
    found: dict[PaperId, str] = {}
    taken = set(others)
    for paper in sorted(papers, key=lambda paper: row_of(paper.id)):
        key = _key(paper)
        found[paper.id] = f"{key}-{paper.id.replace('/', '')}" if key in taken else key
        taken.add(key)
    return found


def _key(paper: Paper) -> str:
    first = next(iter(names_of(paper)), Name(""))
    words = _ascii_words(first.family or first.given.rpartition(" ")[2])
    if not first.given:
        words = [word for word in words if word not in _NO_NAME][:1]
    name = "".join(words)[:30] or "arxiv"
    for word in _ascii_words(paper.title):
        if word not in _DULL and not word.isdigit():
            return f"{name}{_submitted(paper)[0]}{word[:30]}"
    return f"{name}{paper.id.replace('/', '')}"


def _ascii_words(text: str) -> list[str]:
    return [word for word in fold(text).split() if word.isascii() and word.isalnum()]


def _submitted(paper: Paper) -> tuple[int, ...]:
    """Return year, month and, where it is known, day of the first version."""
    if paper.versions and (moment := paper.versions[0].submitted):
        return moment.year, moment.month, moment.day
    month = submitted(paper.id)
    return month.year, month.month


def _published(paper: Paper) -> tuple[int, ...]:
    """Return the year of the journal reference, or else when the paper was submitted."""
    year, journal = r"((?:19|20)\d\d)", paper.journal_ref or ""
    years = re.findall(rf"\({year}\)", journal) or re.findall(rf"(?<!\d){year}(?!\d)", journal)
    return (int(years[-1]),) if years else _submitted(paper)


def _cited(
    items: Iterable[Item], others: Iterable[str] = ()
) -> Iterator[tuple[str, Paper, list[Name], tuple[int, ...]]]:
    """Yield of each paper its key, which is none of the others, itself, its authors, its date."""
    papers = [item.paper for item in items]
    found = keys(papers, others)
    for paper in papers:
        omitted = bool(paper.authors) and paper.authors_omitted != 0
        names = [*names_of(paper), *[OTHERS] * omitted]
        yield found[paper.id], paper, names, _published(paper)


# BibTeX

_TOKEN = re.compile(r"\\(?:[A-Za-z]+|.|$)|\^\d+|[{}%&#$^_~]|[^\\{}%&#$^_~]+", re.DOTALL)
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,30});")
_LITERAL = str.maketrans({char: "\\" + char for char in "%&#$_"}) | str.maketrans(
    {"\\": r"\textbackslash{}", "~": r"\textasciitilde{}", "^": r"\^{}"}
    | {"{": r"\lbrace ", "}": r"\rbrace "}
)
_TIE = re.compile(r"[^ {/(\d]~(?! |$)|\d~(?=[^\d ])")
_SCRIPTS = {"^": r"\textsuperscript", "_": r"\textsubscript"}


def bibtex(items: Iterable[Item], others: Iterable[str] = ()) -> Iterator[str]:
    """Write BibTeX as arXiv does, in UTF-8; @article where there is a journal reference.

    No entry has one of the `others` as its key.
    """
    for key, paper, names, issued in _cited(items, others):
        fields = {
            "title": f"{{{bibtex_text(paper.title)}}}" if paper.title else "",
            "author": " and ".join(map(_bibtex_name, names)),
            "journal": bibtex_text(paper.journal_ref or ""),
            "year": str(issued[0]),
            "eprint": paper.id,
            "archivePrefix": "arXiv",
            "primaryClass": "".join(paper.categories[:1]),
            "doi": doi(paper),
            "url": url(paper),
        }
        kind = "article" if fields["journal"] else "misc"
        lines = "".join(f"      {name}={{{value}}},\n" for name, value in fields.items() if value)
        yield f"@{kind}{{{key},\n{lines}}}\n\n"


SMALL_FIRST = re.compile("[^A-Za-z]*[a-z]|$")


def _bibtex_name(name: Name) -> str:
    if name == OTHERS:
        return name.family
    particle, family, suffix, given = (
        part.translate(_LITERAL) for part in (name.particle, name.family, name.suffix, name.given)
    )
    # In braces, where BibTeX would take a word of it for a particle, or for a person's name. It
    # looks at the first letter of ASCII, and takes a hyphen for the end of a word.
    words = re.split("[ -]", family)
    if not given or (words[1:] and any(map(SMALL_FIRST.match, words))) or family[:1].islower():
        family = f"{{{family}}}"
    given = re.sub(r"(?<!\S)-\S+", r"{\g<0>}", given)
    last = f"{particle} {family}".strip() if family else ""
    return ", ".join(filter(None, (last, suffix, given)))


def bibtex_text(source: str) -> str:
    """Return TeX as arXiv sends it as TeX that BibTeX takes between braces, and LaTeX prints.

    Formulas and commands stay. What means itself at arXiv (%, &, #, a price in $) is escaped.
    Braces are balanced as BibTeX counts them, escaped ones too.
    """
    # Late: no other form, and no list, needs their tables.
    import html

    from tui_reader.text.landmarks import Landmarks

    source = clean(_ENTITY.sub(lambda entity: html.unescape(entity[0]), source))
    landmarks = Landmarks(source)
    turns = [(char == "{") - (char == "}") for char in re.findall(r"\\(.)", source)]
    escaped_balance = not sum(turns) and min(accumulate(turns), default=0) == 0
    written: list[str] = []
    formula = 0  # where the one we are in ends
    for token in _TOKEN.finditer(source):
        part, at = token[0], token.start()
        if at in landmarks.formulas:
            formula = max(formula, landmarks.formulas[at].after)
            table = re.search(r"\\begin|matrix|cases", source[at:formula]) is not None
        if part in ("{", "}", r"\{", r"\}"):
            if not (escaped_balance if part[1:] else at in landmarks.braces):
                part = part[-1].translate(_LITERAL)
        elif at < formula:
            part = "\\" + part if part in ("%", "#") or (part == "&" and not table) else part
        elif part[0] == "^" and part[1:]:
            part = f"\\textsuperscript{{{part[1:]}}}"
        elif part in _SCRIPTS and source[at + 1 : at + 2] == "{" and at + 1 in landmarks.braces:
            part = _SCRIPTS[part]
        elif len(part) == 1 and (part != "~" or not _TIE.match(source, at - 1)):
            part = part.translate(_LITERAL)
        # Some readers take the brace after \\ for an escaped one.
        written.append(part + " " if part == r"\\" and source[at + 2 : at + 3] in "{}" else part)
    return "".join(written)


# RIS and CSL


def ris(items: Iterable[Item]) -> Iterator[str]:
    """Write RIS: a line for each value, ended by CR LF."""
    for key, paper, names, issued in _cited(items):
        fields = [
            ("TY", "JOUR" if paper.journal_ref else "UNPB"),
            ("ID", key),
            *(("AU", ", ".join(filter(None, (n.last, n.given, n.suffix)))) for n in names),
            ("PY", str(issued[0])),
            ("DA", "/".join(f"{part:02}" for part in issued) if len(issued) == 3 else ""),
            *((tag, value) for tag, _, value in _described(paper)),
            *(("KW", category) for category in paper.categories),
        ]
        lines = "".join(f"{tag}  - {value}\r\n" for tag, value in fields if value)
        yield f"{lines}ER  - \r\n\r\n"


def csl(items: Iterable[Item]) -> Iterator[str]:
    """Write CSL-JSON, one array of items."""
    written = []
    for key, paper, names, issued in _cited(items):
        fields = {
            "id": key,
            "type": "article-journal" if paper.journal_ref else "article",
            "genre": "" if paper.journal_ref else "preprint",
            "author": list(map(_csl_name, names)),
            "issued": {"date-parts": [issued]},
        }
        fields |= {name: value for _, name, value in _described(paper)}
        known = {name: value for name, value in fields.items() if value}
        written.append(json.dumps(known, ensure_ascii=False))
    yield "[\n" + ",\n".join(written) + "\n]\n"


def _described(paper: Paper) -> list[tuple[str, str, str]]:
    """Return a paper's texts, some empty, each with RIS's tag and CSL's name for it."""
    return [
        ("TI", "title", title(paper)),
        ("AB", "abstract", _line(paper.abstract)),
        ("JO", "container-title", _line(paper.journal_ref)),
        ("PB", "publisher", "" if paper.journal_ref else "arXiv"),
        ("M1", "number", f"arXiv:{paper.id}"),
        ("DO", "DOI", doi(paper)),
        ("UR", "URL", url(paper)),
        ("N1", "note", _line(paper.comments)),
    ]


def _csl_name(name: Name) -> dict[str, str]:
    if not (name.given and name.family):
        return {"literal": name.family or name.given}
    parts = zip(("family", "given", "non-dropping-particle", "suffix"), name, strict=True)
    return {part: value for part, value in parts if value}


# Lists for people


def citation(paper: Paper) -> str:
    """Return one line that cites the paper, with ten authors at most."""
    where = ", ".join(filter(None, (_line(paper.journal_ref), f"arXiv:{paper.id}")))
    primary = f" [{paper.categories[0]}]" if paper.categories else ""
    year = f" ({_submitted(paper)[0]})" if not paper.journal_ref else ""
    parts = [authors(paper, 10), _line(paper.title), where + primary + year]
    return " ".join(part if part[-1] in ".?!" else part + "." for part in parts if part)


def a_line(of: Callable[[Paper], str]) -> Form:
    """Return the form that writes a text a line."""
    return lambda items: (of(item.paper) + "\n" for item in items)


_MARKUP = re.compile(r"[\\`*_\[\]<>&|~$^@]|^[#+=-]|(?<=^\d)[.)]|(?<=^\d\d)[.)]|^\d{3,9}(?=[.)])")


def markdown(items: Iterable[Item]) -> Iterator[str]:
    """Write a Markdown list: linked title, authors, what is known, tags and note."""
    for paper, marks, *_ in items:
        facts = [
            f"arXiv:{paper.id}",
            " ".join(paper.categories),
            _line(paper.journal_ref),
            f"doi:{doi(paper)}" if paper.doi else "",
            "starred" if marks.starred else "",
            *(f"#{tag}" for tag in sorted(marks.tags)),
        ]
        lines = [authors(paper), " · ".join(filter(None, facts))]
        yield f"- [{_escaped(title(paper))}]({url(paper)})"
        yield "".join(f"  \n  {_escaped(line)}" for line in lines if line)
        yield "\n\n"
        if marks.note:
            noted = [f"  > {_escaped(line.strip())}".rstrip() for line in marks.note.split("\n")]
            yield "  \n".join(noted) + "\n\n"


def _escaped(text: str) -> str:
    return _MARKUP.sub(lambda found: "\\" + found[0], text)


_COLUMNS = (
    "id version title authors categories journal_ref doi report_no comments abstract url announced"
    " starred read skipped tags note".split()
)
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")


def csv(items: Iterable[Item]) -> Iterator[str]:
    """Write CSV (RFC 4180) with a heading.

    A text that a spreadsheet would take for a formula gets an apostrophe before it.
    """
    yield ",".join(_COLUMNS) + "\r\n"
    for item in items:
        facts = _facts(item)
        facts |= facts["marks"] | {
            "title": title(item.paper),
            "authors": "; ".join(map(_line, item.paper.authors)),
            "url": url(item.paper),
            "announced": min((str(place.day) for place in item.announced), default=""),
        }
        yield ",".join(_cell(facts[column]) for column in _COLUMNS) + "\r\n"


def _cell(value: Any) -> str:
    text = " ".join(value) if isinstance(value, tuple | list) else str(value or "")
    text = "yes" if value is True else "'" * text.startswith(_FORMULA) + text
    return '"' + text.replace('"', '""') + '"' if re.search(r'[",\r\n]', text) else text


# For programs


def json_lines(items: Iterable[Item]) -> Iterator[str]:
    """Write one JSON object a line."""
    return (json_line(item) + "\n" for item in items)


def json_line(item: Item) -> str:
    """Return the paper in the form other programs rely on, described in the README."""
    return json.dumps(_facts(item), ensure_ascii=False)


def _facts(item: Item) -> dict[str, Any]:
    paper, marks, places, watched, news = item
    direct = ("id", "version", "categories", "formats", *CLASSES)
    sent = {field.of: getattr(paper, field.of) for field in STORED}
    written = {field.of: sent[field.of] for field in STORED if field.tex}
    return {
        **{name: getattr(paper, name) for name in direct},
        **sent,
        **{name: text and plain(text) for name, text in written.items()},
        **{f"{name}_tex": text for name, text in written.items()},
        "authors": [plain(name) for name in paper.authors],
        "announcements": [
            {"category": category, "date": str(day), "section": section, "position": position}
            for category, day, section, position in places
        ],
        "marks": asdict(marks) | {"tags": sorted(marks.tags)},
        "watched": watched,
        "news": news,
    }


FORMATS: Mapping[str, tuple[Form, str]] = {
    "bibtex": (bibtex, ".bib"),
    "ris": (ris, ".ris"),
    "csl": (csl, ".json"),
    "markdown": (markdown, ".md"),
    "csv": (csv, ".csv"),
    "jsonl": (json_lines, ".jsonl"),
    "plain": (a_line(citation), ".txt"),
}
"""Each form's name, what writes it, and how its files end. Lines end as the form wants it."""


# One paper in full


def sheet(item: Item, width: int | None = None, mode: Mode = Mode.UNICODE) -> str:
    """Return all that is known of a paper as text, wrapped to `width` cells if one is given."""
    paper, marks, places, *_ = item
    authors = ", ".join(paper.authors) or "(no authors known)"
    if paper.authors and paper.authors_omitted != 0:
        authors += f", and {paper.authors_omitted or 'an unknown number of'} more"
    name = f"{paper.id}v{paper.version}" if paper.version else paper.id
    done = [name for name in ("starred", "read", "skipped") if getattr(marks, name)]
    facts = {
        **{
            field.label: plain(text, mode) if field.tex else text
            for field in STORED
            for text in [field.text(paper)]
            if field.label
        },
        **{label: getattr(paper, name) for name, label in CLASSES.items()},
        "Announced": "; ".join(f"{p.category} {p.day} ({p.section})" for p in places),
        "Marks": " ".join([*done, *(f"#{tag}" for tag in sorted(marks.tags))]),
        "Note": (marks.note or "").replace("\t", " "),
        "Page": url(paper),
    }
    lines = [
        plain(paper.title, mode) or title(paper),
        *(plain(authors, mode), ""),
        " ".join([name, *paper.categories, *["(withdrawn)"] * paper.withdrawn]),
        *(f"{name}: {value}" for name, value in facts.items() if value),
        *("", plain(paper.abstract or "(no abstract known)", mode)),
    ]
    if width:
        blocks = [wrap((Span(line),), width) or [()] for line in lines]
        lines = ["".join(span.text for span in line) for block in blocks for line in block]
    return "\n".join(lines) + "\n"
