"""Papers to the forms of other programs: citations for managers, lists for people and scripts.

Every form takes outside text for what it is, never for its own syntax. Texts are plain Unicode
in all of them but BibTeX, where TeX belongs.
"""

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple, Protocol

from tui_reader.model import Marks, Paper, PaperId, Section, row_of
from tui_reader.text import Mode, Span, clean, clean_block, fold, plain, spans, wrap


class Place(Protocol):
    """Where a paper was announced."""

    @property
    def category(self) -> str: ...
    @property
    def day(self) -> date: ...
    @property
    def section(self) -> Section: ...
    @property
    def position(self) -> int: ...


class Item(NamedTuple):
    """A paper and what else is known of it."""

    paper: Paper
    marks: Marks = Marks()
    announced: Sequence[Place] = ()


def url(paper: Paper) -> str:
    """Return the address of the abstract page, whatever the version."""
    return f"https://arxiv.org/abs/{paper.id}"


def title(paper: Paper) -> str:
    """Return the title in Unicode on one line; of an unknown paper, its identifier."""
    return _line(paper.title) or f"arXiv:{paper.id}"


def _line(source: str | None) -> str:
    return " ".join(plain(source).split()) if source else ""


def _note(marks: Marks) -> str:
    # Synchronised journals come from outside too.
    return "\n".join(map(clean, (marks.note or "").splitlines())).strip()


def _doi(paper: Paper) -> str:
    """Return the first DOI, as it may stand in an address: records may hold several."""
    first = clean(paper.doi or "").replace(",", " ").split()[:1]
    return re.sub(r"[{}\\%<>\"]", lambda char: f"%{ord(char[0]):02X}", "".join(first))


# Names


class Name(NamedTuple):
    """An author's name in its parts; a group, or a name of one word, has only a family."""

    family: str
    given: str = ""
    particle: str = ""
    """What stands before the family name in lower case: van der, de la."""
    suffix: str = ""


_GROUP = re.compile(
    r"\b(?:collaborations?|consortium|team|group|project|experiment|survey|institute|university"
    r"|alliance|network|society|committee|laborator(?:y|ies)|authors|others|and|for|(?-i:the))\b"
    r"|[:;&\d]",
    re.IGNORECASE,
)
_SUFFIX = re.compile(r"(?:[JS]r\.?|I{2,3}|IV)")
_PARTICLES = frozenset(
    "af al av bin da das de del dela della den der des di do dos du el ibn int la las le lo los te"
    " ten ter 't van von vom zu zum zur".split()
)
_PART_OF_FAMILY = frozenset("Van Von De Del Della Den Der Di Da Dos Du El Al Bin Ibn Ter".split())
_INITIALS = re.compile(r"\w\.?(?:-?\w\.)*")


def name_of(author: str) -> Name:
    """Part a name as arXiv writes it, given names first; collaborations stay whole."""
    whole = _line(author)
    base, comma, after = whole.partition(",")
    suffix = after.strip() if _SUFFIX.fullmatch(after.strip()) else ""
    if comma and not suffix:
        family, given = base.strip(), after.strip()
        odd = "," in given or not family or not given or _GROUP.search(whole)
        return Name(whole) if odd else Name(family, given)
    if _GROUP.search(base):
        return Name(whole)
    words = re.sub(r"\.(?=[^\W\d_]{2})", ". ", base).split()  # C.Klein
    if len(words) > 2 and _SUFFIX.fullmatch(words[-1]):
        suffix = words.pop()
    if len(words) < 2 or words[0] in _PARTICLES:
        return Name(whole)
    full = [at for at, word in enumerate(words) if not _INITIALS.fullmatch(word)]
    if full and full[-1] < len(words) - 1:  # Krishnan V. R.
        family = words.pop(full[0])
        return Name(family, " ".join(words), "", suffix)
    start = len(words) - 1
    while start > 1 and (words[start - 1] in _PARTICLES or words[start - 1] in _PART_OF_FAMILY):
        start -= 1
    low = start
    while words[low] in _PARTICLES and low < len(words) - 1:
        low += 1
    given, particle = " ".join(words[:start]), " ".join(words[start:low])
    return Name(" ".join(words[low:]), given, particle, suffix)


# Keys

_DULL = frozenset(
    "a an the on of in for to from with and or by at as via is are be can do does how what when"
    " where which who why its it this that towards toward into over under using".split()
)
_NO_NAME = frozenset("the team group collaboration consortium project for of and".split())


def keys(papers: Iterable[Paper]) -> dict[PaperId, str]:
    """Return a key such as `lee2026spare` for each paper, unique among them in any order.

    The oldest of several that would share a key keeps it; to the others' keys the identifier is
    added, so that a key changes only when an older paper of the same key comes along.
    """
    found: dict[PaperId, str] = {}
    taken: set[str] = set()
    for paper in sorted(papers, key=lambda paper: row_of(paper.id)):
        key = _key(paper)
        found[paper.id] = f"{key}-{paper.id.replace('/', '')}" if key in taken else key
        taken.add(key)
    return found


def _key(paper: Paper) -> str:
    first = name_of(paper.authors[0]) if paper.authors else Name("")
    words = _ascii_words(first.family)
    name = "".join(words) if first.given else "".join([w for w in words if w not in _NO_NAME][:1])
    telling = [w for w in _ascii_words(paper.title) if w not in _DULL and not w.isdigit()]
    if not telling:
        return f"{name or 'arxiv'}{paper.id.replace('/', '')}"
    return f"{name[:30] or 'arxiv'}{_submitted(paper)[0]}{telling[0][:30]}"


def _ascii_words(text: str) -> list[str]:
    return [word for word in fold(text).split() if word.isascii() and word.isalnum()]


# Dates


def _submitted(paper: Paper) -> tuple[int, ...]:
    """Return year, month and, where it is known, day of the first version."""
    if paper.versions and (moment := paper.versions[0].submitted):
        return moment.year, moment.month, moment.day
    digits = paper.id.rpartition("/")[2]
    year = int(digits[:2])
    return (1900 if year > 90 else 2000) + year, int(digits[2:4])


def _published(paper: Paper) -> tuple[int, ...]:
    """Return the year of the journal reference, or else when the paper was submitted."""
    years = re.findall(r"(?<!\d)(?:19|20)\d\d(?!\d)", paper.journal_ref or "")
    bracketed = re.findall(r"\(((?:19|20)\d\d)\)", paper.journal_ref or "")
    return (int((bracketed or years)[-1]),) if years else _submitted(paper)


# BibTeX

_TOKEN = re.compile(r"\\(?:[A-Za-z]+|.|$)|\^\d+|[{}%&#$^_~]|[^\\{}%&#$^_~]+", re.DOTALL)
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,30});")
_BRACES = {"{": r"\lbrace ", "}": r"\rbrace ", r"\{": r"\lbrace ", r"\}": r"\rbrace "}
_LITERAL = {"\\": r"\textbackslash{}", "~": r"\textasciitilde{}", "^": r"\^{}"} | {
    char: "\\" + char for char in "%&#$_"
}
_TIE = re.compile(r"[^ {/(\d]~(?! |$)|\d~(?=[^\d ])")
_SCRIPTS = {"^": r"\textsuperscript", "_": r"\textsubscript"}


def bibtex(items: Iterable[Item]) -> Iterator[str]:
    """Write BibTeX as arXiv does, in UTF-8; @article where there is a journal reference."""
    papers = [item.paper for item in items]
    names = keys(papers)
    for paper in papers:
        year = _published(paper)[0]
        fields = {
            "title": f"{{{bibtex_text(paper.title)}}}" if paper.title else "",
            "author": " and ".join(_bibtex_authors(paper)),
            "journal": bibtex_text(paper.journal_ref or ""),
            "year": str(year),
            "eprint": paper.id,
            "archivePrefix": "arXiv",
            "primaryClass": "".join(paper.categories[:1]),
            "doi": _doi(paper),
            "url": url(paper),
        }
        kind = "article" if fields["journal"] else "misc"
        lines = "".join(f"      {name}={{{value}}},\n" for name, value in fields.items() if value)
        yield f"@{kind}{{{names[paper.id]},\n{lines}}}\n\n"


def bibtex_text(source: str) -> str:
    """Return TeX as arXiv sends it as TeX that BibTeX takes between braces, and LaTeX prints.

    Formulas and commands stay. What means itself at arXiv (%, &, #, a price in $) is escaped.
    Braces are balanced as BibTeX counts them, escaped ones too.
    """
    # Late: no other form, and no list, needs their tables.
    import html

    from tui_reader.text.layout import Layout

    source = clean(_ENTITY.sub(lambda entity: html.unescape(entity[0]), source))
    layout = Layout(source)
    paired = _paired_braces(source, layout.braces)
    written: list[str] = []
    formula = link = 0  # where the one we are in ends
    for token in _TOKEN.finditer(source):
        part, at = token[0], token.start()
        link = max(link, layout.links.get(at, 0))
        if at in layout.formulas:
            formula = max(formula, layout.formulas[at].after)
            table = re.search(r"\\begin|matrix|cases", source[at:formula]) is not None
        if part in _BRACES:
            if at not in paired:
                part = _BRACES[part]
        elif at < formula:
            part = "\\" + part if part in ("%", "#") or (part == "&" and not table) else part
        elif part[0] == "^" and part[1:]:
            part = f"\\textsuperscript{{{part[1:]}}}"
        elif part in _SCRIPTS and source[at + 1 : at + 2] == "{" and at + 1 in paired:
            part = _SCRIPTS[part]
        elif part != "~" or at < link or not _TIE.match(source, at - 1):
            part = _LITERAL.get(part, part)
        # Some readers take the brace after \\ for an escaped one.
        written.append(part + " " if part == r"\\" and source[at + 2 : at + 3] in "{}" else part)
    return "".join(written)


def _paired_braces(source: str, braces: Mapping[int, int]) -> set[int]:
    """Return the positions of the braces, plain and escaped, that are nested in each other.

    `braces` pairs the plain ones, which win where the escaped ones cross them.
    """
    paired: set[int] = set()
    opened: list[int] = []
    for token in _TOKEN.finditer(source):
        part, at = token[0], token.start()
        if part == r"\{" or (part == "{" and at in braces):
            opened.append(at)
        elif part == "}" and at in braces:
            while opened[-1] != braces[at]:
                opened.pop()
            paired |= {opened.pop(), at}
        elif part == r"\}" and opened and source[opened[-1]] == "\\":
            paired |= {opened.pop(), at}
    return paired


def _bibtex_authors(paper: Paper) -> Iterator[str]:
    for author in paper.authors:
        name = name_of(author)
        family, given, particle, suffix = (_literal(part) for part in name)
        if given:
            before = f"{particle} {family}".strip()
            yield ", ".join(filter(None, (before, suffix, given)))
        else:
            yield f"{{{family}}}"
    if paper.authors and paper.authors_omitted != 0:
        yield "others"


def _literal(text: str) -> str:
    return "".join(
        _BRACES[char].rstrip() + "{}" if char in "{}" else _LITERAL.get(char, char) for char in text
    )


# RIS and CSL


def ris(items: Iterable[Item]) -> Iterator[str]:
    """Write RIS: a line for each value, ended by CR LF."""
    papers = [item.paper for item in items]
    names = keys(papers)
    for paper in papers:
        journal, issued = _line(paper.journal_ref), _published(paper)
        fields = [
            ("TY", "JOUR" if journal else "UNPB"),
            ("ID", names[paper.id]),
            ("TI", title(paper)),
            *(("AU", _inverted(name_of(author))) for author in paper.authors),
            ("AU", "others" if paper.authors and paper.authors_omitted != 0 else ""),
            ("PY", str(issued[0])),
            ("DA", "/".join(f"{part:02}" for part in issued) if len(issued) == 3 else ""),
            ("AB", _line(paper.abstract)),
            ("JO", journal),
            ("DO", _doi(paper)),
            ("UR", url(paper)),
            ("M1", f"arXiv:{paper.id}"),
            ("PB", "" if journal else "arXiv"),
            *(("KW", category) for category in paper.categories),
            ("N1", _line(paper.comments)),
        ]
        lines = "".join(f"{tag}  - {value}\r\n" for tag, value in fields if value)
        yield f"{lines}ER  - \r\n\r\n"


def _inverted(name: Name) -> str:
    family = f"{name.particle} {name.family}".strip()
    return ", ".join(filter(None, (family, name.given, name.suffix)))


def csl(items: Iterable[Item]) -> Iterator[str]:
    """Write CSL-JSON, one array of items."""
    papers = [item.paper for item in items]
    names = keys(papers)
    before = "[\n"
    for paper in papers:
        journal = _line(paper.journal_ref)
        authors = [_csl_name(name_of(author)) for author in paper.authors]
        if authors and paper.authors_omitted != 0:
            authors.append({"literal": "others"})
        fields: dict[str, Any] = {
            "id": names[paper.id],
            "type": "article-journal" if journal else "article",
            "genre": "" if journal else "preprint",
            "title": title(paper),
            "author": authors,
            "issued": {"date-parts": [list(_published(paper))]},
            "container-title": journal,
            "publisher": "" if journal else "arXiv",
            "number": f"arXiv:{paper.id}",
            "abstract": _line(paper.abstract),
            "note": _line(paper.comments),
            "DOI": _doi(paper),
            "URL": url(paper),
        }
        known = {name: value for name, value in fields.items() if value}
        yield before + json.dumps(known, ensure_ascii=False)
        before = ",\n"
    yield "\n]\n" if papers else "[]\n"


def _csl_name(name: Name) -> dict[str, str]:
    if not name.given:
        return {"literal": name.family}
    parts = {
        "family": name.family,
        "given": name.given,
        "non-dropping-particle": name.particle,
        "suffix": name.suffix,
    }
    return {part: value for part, value in parts.items() if value}


# Lists for people


def citation(paper: Paper) -> str:
    """Return one line that cites the paper, with ten authors at most."""
    authors = ", ".join([_line(name) for name in paper.authors[:10]])
    if authors and (len(paper.authors) > 10 or paper.authors_omitted != 0):
        authors += ", et al"
    where = ", ".join(filter(None, (_line(paper.journal_ref), f"arXiv:{paper.id}")))
    primary = f" [{paper.categories[0]}]" if paper.categories else ""
    year = f" ({_submitted(paper)[0]})" if not paper.journal_ref else ""
    parts = [authors, _line(paper.title), where + primary + year]
    return " ".join(part if part[-1] in ".?!" else part + "." for part in parts if part)


def citations(items: Iterable[Item]) -> Iterator[str]:
    """Write a citation a line."""
    return (citation(item.paper) + "\n" for item in items)


_MARKUP = re.compile(r"[\\`*_\[\]<>&|~$^@]|^[#+=-]|(?<=^\d)[.)]|(?<=^\d\d)[.)]|^\d{3,9}(?=[.)])")


def markdown(items: Iterable[Item]) -> Iterator[str]:
    """Write a Markdown list: linked title, authors, what is known, tags and note."""
    for paper, marks, _ in items:
        authors = ", ".join([_line(name) for name in paper.authors])
        if authors and paper.authors_omitted != 0:
            authors += ", et al."
        facts = [
            f"arXiv:{paper.id}",
            " ".join(paper.categories),
            _line(paper.journal_ref),
            f"doi:{_doi(paper)}" if paper.doi else "",
            "starred" if marks.starred else "",
            clean(" ".join(f"#{tag}" for tag in sorted(marks.tags))),
        ]
        lines = [authors, " · ".join(filter(None, facts))]
        yield f"- [{_escaped(title(paper))}]({url(paper)})"
        yield "".join(f"  \n  {_escaped(line)}" for line in lines if line)
        yield "\n\n"
        if note := _note(marks):
            lines = [f"  > {_escaped(line)}".rstrip() for line in note.split("\n")]
            yield "  \n".join(lines) + "\n\n"


def _escaped(text: str) -> str:
    return _MARKUP.sub(lambda found: "\\" + found[0], text)


_COLUMNS = (
    "id version title authors categories journal_ref doi comments abstract url announced starred"
    " read skipped tags note".split()
)
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")


def csv(items: Iterable[Item]) -> Iterator[str]:
    """Write CSV (RFC 4180) with a heading.

    A text that a spreadsheet would take for a formula gets an apostrophe before it.
    """
    yield _row_of_cells(_COLUMNS)
    for paper, marks, places in items:
        yield _row_of_cells(
            (
                paper.id,
                str(paper.version or ""),
                title(paper),
                "; ".join([_line(name) for name in paper.authors]),
                " ".join(paper.categories),
                _line(paper.journal_ref),
                paper.doi or "",
                _line(paper.comments),
                plain(paper.abstract or ""),
                url(paper),
                min(place.day for place in places).isoformat() if places else "",
                *("yes" if mark else "" for mark in (marks.starred, marks.read, marks.skipped)),
                clean(" ".join(sorted(marks.tags))),
                _note(marks),
            )
        )


def _row_of_cells(values: Iterable[str]) -> str:
    cells = [f"'{value}" if value.startswith(_FORMULA) else value for value in values]
    quoted = [
        '"' + cell.replace('"', '""') + '"' if re.search(r'[",\r\n]', cell) else cell
        for cell in cells
    ]
    return ",".join(quoted) + "\r\n"


# For programs


def json_lines(items: Iterable[Item]) -> Iterator[str]:
    """Write one JSON object a line."""
    return (json_line(item) + "\n" for item in items)


def json_line(item: Item) -> str:
    """Return the paper in the form other programs rely on, described in the README."""
    paper, marks, places = item
    return json.dumps(
        {
            "id": paper.id,
            "version": paper.version,
            "title": plain(paper.title),
            "title_tex": paper.title,
            "authors": [plain(name) for name in paper.authors],
            "abstract": None if paper.abstract is None else plain(paper.abstract),
            "abstract_tex": paper.abstract,
            "comments": None if paper.comments is None else plain(paper.comments),
            "journal_ref": None if paper.journal_ref is None else plain(paper.journal_ref),
            "doi": paper.doi,
            "categories": paper.categories,
            "formats": paper.formats,
            "announcements": [
                {
                    "category": place.category,
                    "date": place.day.isoformat(),
                    "section": place.section,
                    "position": place.position,
                }
                for place in places
            ],
            "marks": {
                "starred": marks.starred,
                "read": marks.read,
                "skipped": marks.skipped,
                "tags": sorted(map(clean, marks.tags)),
                "note": None if marks.note is None else _note(marks),
            },
        },
        ensure_ascii=False,
    )


FORMATS: Mapping[str, tuple[Callable[[Iterable[Item]], Iterator[str]], str]] = {
    "bibtex": (bibtex, ".bib"),
    "ris": (ris, ".ris"),
    "csl": (csl, ".json"),
    "markdown": (markdown, ".md"),
    "csv": (csv, ".csv"),
    "jsonl": (json_lines, ".jsonl"),
    "plain": (citations, ".txt"),
}
"""Each form's name, what writes it, and how its files end. Lines end as the form wants it."""


# One paper in full


def sheet(item: Item, width: int | None = None, mode: Mode = Mode.UNICODE) -> str:
    """Return all that is known of a paper as text, wrapped to `width` cells if one is given."""
    paper, marks, places = item
    authors = ", ".join(paper.authors) or "(no authors known)"
    if paper.authors and paper.authors_omitted != 0:
        authors += f", and {paper.authors_omitted or 'an unknown number of'} more"
    version = f"v{paper.version}" if paper.version else ""
    done = [name for name in ("starred", "read", "skipped") if getattr(marks, name)]
    withdrawn = ["(withdrawn)"] * paper.withdrawn
    facts = {
        "Comments": spans(paper.comments or "", mode),
        "Journal": spans(paper.journal_ref or "", mode),
        "DOI": _bare(paper.doi),
        "Report": _bare(paper.report_no),
        "Announced": _bare("; ".join(f"{p.category} {p.day} ({p.section})" for p in places)),
        "Marks": _bare(" ".join([*done, *(f"#{tag}" for tag in sorted(marks.tags))])),
        "Note": _bare(_note(marks)),
        "Page": _bare(url(paper)),
    }
    blocks = [
        [spans(paper.title, mode) or _bare(title(paper)), spans(authors, mode)],
        [
            _bare(" ".join([paper.id + version, *paper.categories, *withdrawn])),
            *((Span(f"{name}: "), *value) for name, value in facts.items() if value),
        ],
        [spans(paper.abstract or "(no abstract known)", mode)],
    ]
    return "\n\n".join("\n".join(_laid(text, width) for text in block) for block in blocks) + "\n"


def _bare(text: str | None) -> tuple[Span, ...]:
    return (Span(clean_block(text)),) if text else ()


def _laid(text: tuple[Span, ...], width: int | None) -> str:
    lines = wrap(text, width) if width else [text]
    return "\n".join("".join(span.text for span in line) for line in lines).replace("\xa0", " ")
