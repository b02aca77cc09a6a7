"""The HTML page of a paper, as arXiv serves it at /html: which paper, what state, what text.

A page is one of arXiv's conversions (by LaTeXML), or the authors' own, or says that there is none.
"""

from __future__ import annotations

import html
import re
from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from tui_reader.document.values import (
    COUNTED,
    Block,
    Equation,
    FullText,
    Paragraph,
    Passage,
    TextState,
)
from tui_reader.errors import IdError, SourceError
from tui_reader.model import PaperId, parse_id
from tui_reader.sources import markup, mathml
from tui_reader.sources.common import decoded
from tui_reader.sources.paper_body import Body, PageFormula
from tui_reader.text import clean

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

MOST_ERRORS = 10
"""Commands that arXiv's converter did not know; a page with more is damaged."""
LEAST_TEXT = 500
"""Characters of text, without headings and bibliography; less is no paper."""

_ATTRIBUTES = r"(?:[^<>\"']++|\"[^\"]*+\"|'[^']*+')*+"
_FORMULA = re.compile(rf"<math\b({_ATTRIBUTES})>", re.IGNORECASE)
_ALTTEXT = re.compile(r"\balttext\s*=\s*(?:\"([^\"]*)\"|'([^']*)')", re.IGNORECASE)
_DISPLAYED = re.compile(r"\bdisplay\s*=\s*[\"']?block", re.IGNORECASE)
_CHARSET = re.compile(rb"charset\s*=\s*[\"']?([\w-]{3,20})", re.IGNORECASE)
_FAILED = re.compile(r"had a Fatal error|may be truncated or damaged")
_UNKNOWN = re.compile(
    r"no (?:document|paper) for|.*(?:not recognized|invalid|malformed|not found|bad paper|no such)",
    re.IGNORECASE,
)
_TELLING = re.compile("ltx_(?:ERROR|role_footnote|bibitem|missing_citation|equation)")
_DISPLAYS = frozenset(("ltx_equation", "ltx_equationgroup"))
_FIGURE_WORD = re.compile(r"fig|abb|рис|図|图|圖|obr|rys|ábra|kuva|그림", re.IGNORECASE)
_TABLE_WORD = re.compile(r"tab|табл|表|taulukko|표|cuadro|quadro", re.IGNORECASE)
_NAMES_ITSELF = (
    re.compile(r"id=[\"']watermark-tr[\"'][^>]*>\s*arXiv:\s*([\w./-]{7,30})", re.IGNORECASE),
    re.compile(
        r"<h1[^>]*>\s*No (?:HTML|document) for &?[#\w;]*['\"]?([\w./-]{7,30})", re.IGNORECASE
    ),
    re.compile(r"<base[^>]*href=[\"'](?:https?://[\w.]*arxiv\.org)?/html/([\w./-]{7,30})"),
    re.compile(r"href=[\"'][./]*(?:html/)?([\w./-]{7,30}?)/__stdout\.txt"),
    re.compile(
        r"rel=[\"']?canonical[\"']?\s+href=[\"']https?://[\w.]*arxiv\.org/\w+/([\w./-]{7,30})"
    ),
    re.compile(r"saved from url=\(\d+\)https?://[\w.]*arxiv\.org/html/([\w./-]{7,30})"),
    re.compile(
        r"(?:src|href)=[\"']\.?/?([\w.-]{4,20}(?:/\d{7})?v\d+)/[\w.-]+\.(?:png|jpe?g|svg|gif)"
    ),
    re.compile(r"https?://[\w.]*arxiv\.org/html/([\w./-]{7,30})"),
)
"""Where a page names its paper; the first that does is believed."""


class Named(NamedTuple):
    """The paper that a page is of."""

    id: PaperId
    version: int | None


def named(page: bytes) -> Named | None:
    """Return the paper that a page says it is of; None if it does not say."""
    text = page.decode("utf-8", "replace")
    for pattern in _NAMES_ITSELF:
        for found in pattern.finditer(text[:2_000_000]):
            try:
                return Named(*parse_id(found[1].rstrip("/.")))
            except IdError:
                continue
    return None


def read(page: bytes, paper: PaperId | None = None) -> FullText:
    """Read the page of a paper's text, whatever became of it.

    Of the `paper` asked for, if one is; a page of another one is none of it. Never raises
    for what a page holds.
    """
    known = named(page)
    about = FullText(TextState.OTHER, id=paper or "")
    if known:
        about = replace(about, id=known.id, version=known.version)
    if paper and known and known.id != paper:
        return about
    text = _text(page)
    if said := _said_instead(text):
        return replace(about, state=said)
    if _is_cut(text):
        return replace(about, state=TextState.CUT)
    try:
        return _read(text, about)
    except SourceError:
        return about


def _text(page: bytes) -> str:
    if page.startswith((b"\xff\xfe", b"\xfe\xff")):
        return page.decode("utf-16", "replace")
    charset = _CHARSET.search(page[:4096])
    try:
        return page.decode("utf-8-sig").replace("\0", "")
    except UnicodeDecodeError:
        text, _ = decoded(page, charset[1].decode() if charset else "")
        return text.replace("\0", "")


def _said_instead(text: str) -> TextState | None:
    """Return what a page of arXiv's site says in place of a paper."""
    if "ltx_" in text[:200_000] and "<article" in text:
        return None
    heading = re.search(r"<h1[^>]*>(.*?)</h1>", text[:200_000], re.DOTALL)
    said = html.unescape(heading[1]) if heading else ""
    if said.startswith("No HTML for") or "HTML is not available for the source" in text:
        return TextState.NONE
    if re.search(r"withdrawn", said, re.IGNORECASE) or "has been withdrawn" in text[:20_000]:
        return TextState.WITHDRAWN
    if _UNKNOWN.match(said):
        return TextState.UNKNOWN
    return None


def _is_cut(text: str) -> bool:
    """Whether a page ends before its end."""
    if re.search(r"</html\s*>", text[-4096:], re.IGNORECASE):
        return False
    return text.rfind("<") > text.rfind(">") or ("<article" in text and "</article" not in text)


def _read(text: str, about: FullText) -> FullText:
    bare, formulas, errors = _without_formulas(text)
    root = markup.parse_paper(bare.encode("utf-8", "replace"), about.id or "page")
    base = f"https://arxiv.org/html/{about.id}v{about.version or ''}".rstrip("v") + "/"
    for each in root.iter("base"):
        base = each.get("href") or base
    base = base if base.startswith("http") else f"https://arxiv.org{base}"
    article = next((x for x in root.iter("article") if "ltx_document" in _class(x)), None)
    if article is None:
        if "ltx_" in text or not about.id:
            return replace(about, state=TextState.STUB if "ltx_" in text else TextState.OTHER)
        return _native(root, about, formulas, base)
    if "/" in base and re.search(r"src=[\"'][\w.-]*v\d+/", bare):
        base = "https://arxiv.org/html/"
    wanted = _wanted(article)
    counts, failed, lost = _counted(article)
    counts["errors"] += errors
    body = Body(formulas, wanted, base)
    title, abstract = _first(article, "ltx_title_document"), _first(article, "ltx_abstract")
    front = Body(formulas, frozenset(), base)
    said = _title(front, title) if title is not None else ""
    summary: tuple[Block, ...] = ()
    if abstract is not None:
        for heading in abstract.iter("h6"):
            markup.emptied(heading)
        summary = front.blocks_of(abstract)
    body.read(article)
    licence = next((x for x in root.iter("a", "div") if x.get("id") == "license-tr"), None)
    terms = clean(markup.whole_text(licence)) if licence is not None else ""
    full = replace(
        about,
        title=said,
        abstract=summary,
        licence=terms.removeprefix("License: "),
        passages=tuple(body.passages),
        counts=counts,
    )
    return replace(full, state=_state(full, wanted, failed=failed, lost=lost))


def _state(full: FullText, wanted: frozenset[str], *, failed: bool, lost: bool) -> TextState:
    length = sum(map(_length, full.passages))
    sections = [passage for passage in full.passages if passage.level]
    summary = sum(len(_told(block)) for block in full.abstract)
    if (length < LEAST_TEXT and not sections) or (not sections and length < 2 * summary):
        return TextState.FRAGMENT
    if length < LEAST_TEXT and not full.title:
        return TextState.FRAGMENT
    lost = lost or any(name.startswith("bib") and name not in full.targets for name in wanted)
    if failed or (lost and not full.counts["references"]):
        return TextState.TRUNCATED
    numbers = [passage.number for passage in sections if passage.number]
    in_the_middle = bool(numbers) and not re.match(r"(?:1|I|A|Section 1|Section I)\b", numbers[0])
    if full.counts["errors"] > MOST_ERRORS or (not full.title and in_the_middle):
        return TextState.DAMAGED
    return TextState.WHOLE


def _told(block: object) -> str:
    match block:
        case Paragraph(inlines):
            return "".join(inline.text for inline in inlines)
        case Equation():
            return block.tex
    return ""


def _length(passage: Passage) -> int:
    return sum(len(_told(block)) for block in passage.blocks if not passage.id.startswith("bib"))


def _native(root: Element, about: FullText, formulas: list[PageFormula], base: str) -> FullText:
    body = Body(formulas, _wanted(root), base, native=True)
    heading = root.find(".//h1")
    title = root.find(".//title")
    said = ""
    for each in (heading, title):
        if each is not None and not said:
            said = clean(markup.whole_text(each))
    if heading is not None:
        markup.emptied(heading)
        heading.tag = "span"
    body.read(root)
    references = 0
    for passage in body.passages:
        if re.match(r"(?:references|bibliography|literature)", passage.title, re.IGNORECASE):
            references += sum(block.margin.first.strip() != "" for block in passage.blocks)
    labels = _labels(root)
    counts = dict.fromkeys(COUNTED, 0) | {"figures": labels["figure"], "tables": labels["table"]}
    return replace(
        about,
        state=TextState.NATIVE,
        title=said,
        passages=tuple(body.passages),
        counts=counts | {"references": references},
    )


def _counted(article: Element) -> tuple[dict[str, int], bool, bool]:
    """Count what is in a paper; tell whether its conversion failed, and citations are lost."""
    counts = dict.fromkeys(COUNTED, 0)
    failed = lost = False
    for element in article.iter():
        classes = _class(element)
        if not _TELLING.search(classes):
            continue
        names = classes.split()
        counts["errors"] += "ltx_ERROR" in names
        counts["footnotes"] += "ltx_role_footnote" in names
        counts["references"] += "ltx_bibitem" in names and element.tag == "li"
        lost = lost or "ltx_missing_citation" in names
        if not _DISPLAYS.isdisjoint(names):
            around = (_class(above).split() for above in element.iterancestors())
            counts["equations"] += all(map(_DISPLAYS.isdisjoint, around))
        if "ltx_ERROR" in names and _FAILED.search(markup.whole_text(element)):
            failed = True
    labels = _labels(article)
    counts |= {"figures": labels["figure"], "tables": labels["table"]}
    return counts, failed, lost


def _labels(root: Element) -> Counter[str]:
    """Count figures and tables by their printed labels: a figure may be called Table 3."""
    found = Counter[str]()
    for caption in root.iter("figcaption", "caption"):
        tags = (x for x in caption.iter() if _class(x).startswith("ltx_tag "))
        tag = next(tags, caption if caption.tag == "caption" else None)
        label = clean(markup.whole_text(tag)) if tag is not None else ""
        classes = _class(tag).split() if tag is not None else []
        if label.startswith("("):
            continue
        if _TABLE_WORD.match(label):
            found["table"] += 1
        elif _FIGURE_WORD.match(label) or "ltx_tag_figure" in classes:
            found["figure"] += 1
        elif "ltx_tag_table" in classes:
            found["table"] += 1
    return found


def _title(front: Body, element: Element) -> str:
    for each in element.iter():
        if {"ltx_note", "ltx_pubnotes"} & set(_class(each).split()):
            markup.emptied(each)
    blocks = front.blocks_of(element)
    texts = (inline.shown for x in blocks if isinstance(x, Paragraph) for inline in x.inlines)
    return clean("".join(texts))


def _wanted(root: Element) -> frozenset[str]:
    """Return the targets that links of a page lead to."""
    hrefs = (link.get("href") or "" for link in root.iter("a"))
    return frozenset(href.partition("#")[2] for href in hrefs if "#" in href)


def _first(root: Element, name: str) -> Element | None:
    return next((x for x in root.iter() if name in _class(x).split()), None)


def _class(element: Element) -> str:
    return (element.get("class") or "") if isinstance(element.tag, str) else ""


def _without_formulas(text: str) -> tuple[str, list[PageFormula], int]:
    """Put a sign in the place of each formula, whose MathML is most of a page.

    Returns the page, the formulas, and how many errors are in them.
    """
    parts, formulas, errors, at = [], list[PageFormula](), 0, 0
    understood = _Understood()
    while found := _FORMULA.search(text, at):
        end = text.find("</math", found.end())
        if end < 0:
            break
        inside = text[found.end() : end]
        errors += inside.count("ltx_ERROR")
        parts.append(text[at : found.start()] + f'<math n="{len(formulas)}">')
        formulas.append(_formula(found[1], inside, understood))
        at = end
    return "".join(parts) + text[at:], formulas, errors


def _formula(attributes: str, inside: str, understood: _Understood) -> PageFormula:
    found = _ALTTEXT.search(attributes)
    tex = clean(html.unescape(found[1] or found[2] or "")) if found else ""
    instead = ""
    if not found or not understood(tex):
        instead = mathml.tex_of(inside)
    return PageFormula(
        tex or instead, instead if instead != tex else "", bool(_DISPLAYED.search(attributes))
    )


class _Understood:
    """Tells whether all commands of a formula are known; each is tried once."""

    def __init__(self) -> None:
        self._known: dict[str, bool] = {}

    def __call__(self, tex: str) -> bool:
        return all(self._knows(name) for name in mathml.COMMAND.findall(tex))

    def _knows(self, name: str) -> bool:
        if name not in self._known:
            self._known[name] = name in mathml.STRUCTURE or (
                name not in mathml.LOSING and mathml.is_known(name)
            )
        return self._known[name]
