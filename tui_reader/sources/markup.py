"""Guarded parsing of HTML and XML: no entities, no network, no document that costs without end.

lxml is imported when a document is parsed, never before: the first screen must not wait for it.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, cast

from tui_reader.errors import ForeignError, SourceError
from tui_reader.sources.common import person, split_authors
from tui_reader.text import clean

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

MOST_TAGS = 300_000
MOST_ATTRIBUTES = 300_000
"""Of a document: about three times those of a page with 2,000 entries. A tag costs some hundred
bytes and an attribute twice as many, so both together take less than 200 MB."""

LONGEST_TAG = 8_192
"""In bytes, besides quoted values. libxml2 takes quadratic time over a tag's attributes."""

SMALL = 3 << 20
"""Bytes that no attributes can make too costly."""

MOST_ODD = 5
"""Values of attributes that hold a bracket: arXiv escapes them."""

MOST_BRACKETS = 2_000_000
"""Brackets and quotes in a page that has long or odd tags."""

AUTHORS_ON_A_PAGE = 100
"""A page shows no more, and older ones do not say so."""

_DOCTYPE = re.compile(rb"<!(?i:DOCTYPE\s+(\w*)([^>]*)|ENTITY)")
_ODD_VALUE = re.compile(rb"=\s*+(?:\"[^\"<>]*+[<>]|'[^'<>]*+[<>])")
# A quote after a name and = begins a value for certain; after another =, perhaps.
_MARK = re.compile(rb"<[a-zA-Z]|(\s[\w:.-]++\s*+)?=\s*+[\"']|[\"'>]")
_TAG = re.compile(rb"<[a-zA-Z][^>]*")
_VALUE = re.compile(rb"(\s[\w:.-]+\s*=\s*)(?:\"[^\">]*\"|'[^'>]*')")
_UNSHOWN = "script style noscript template button input select textarea object iframe svg".split()
"""Elements whose text a browser does not show as text of the page."""


def parse_html(page: bytes, origin: str) -> Element:
    """Return the root of an HTML page, however broken.

    Raises SourceError when the page is empty, too costly, or declares more than plain HTML.
    """
    from lxml import etree

    _refuse_traps(page, origin, plain_html=True)
    # Said outright: lxml guesses the encoding where only the HTTP headers name it.
    parser = etree.HTMLParser(encoding="utf-8", no_network=True, remove_comments=True)
    root = _root(page, parser, origin, "a page without content; save it again")
    _leave_shown(root)
    return root


def parse_paper(page: bytes, origin: str) -> Element:
    """Return the root of a paper's own page, of which drawings stay; else as `parse_html`."""
    from lxml import etree

    _refuse_traps(page, origin, plain_html=True)
    parser = etree.HTMLParser(
        encoding="utf-8", no_network=True, remove_comments=True, huge_tree=True
    )
    return _root(page, parser, origin, "a page without content; save it again")


def parse_xml(document: bytes, origin: str) -> tuple[Element, bool]:
    """Return the root of an XML document, and whether the document was whole.

    Raises SourceError when nothing can be read, or the document has a doctype.
    """
    from lxml import etree

    _refuse_traps(document, origin, plain_html=False)
    parser = etree.XMLParser(
        recover=True, resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True
    )
    nothing = "not a feed or an answer of arXiv; fetch it again"
    return _root(document.lstrip(), parser, origin, nothing), not len(parser.error_log)


def _root(document: bytes, parser: Any, origin: str, nothing: str) -> Element:
    from lxml import etree

    try:
        root = cast("Element | None", etree.fromstring(document, parser))
    except (etree.LxmlError, ValueError, AssertionError) as error:
        raise SourceError(origin, nothing) from error
    if root is None:
        raise SourceError(origin, nothing)
    return root


def _leave_shown(root: Element) -> None:
    """Take out what a browser does not show, and put a formula's source where MathJax drew it."""
    from lxml import etree

    formulas = [each for each in root.iter("script") if _is_formula(each)]
    for formula in formulas:
        dollars = "$$" if "mode=display" in (formula.get("type") or "") else "$"
        formula.tag, formula.text = "span", f"{dollars}{formula.text}{dollars}"
    for drawn in root.iter("span", "div") if formulas else ():
        if (drawn.get("class") or "").startswith(("MathJax", "MJX")):
            drawn.tag = "script"
    etree.strip_elements(root, *_UNSHOWN, with_tail=False)


def _is_formula(script: Element) -> bool:
    return bool(script.text) and (script.get("type") or "").startswith("math/tex")


def local_name(element: Element) -> str:
    """Return the name of an XML element without its namespace."""
    return str(element.tag).rpartition("}")[2]


def texts_in(element: Element) -> dict[str, str]:
    """Return what stands in the first child of each name, without namespaces."""
    return {local_name(child): child.text or "" for child in reversed(element)}


def emptied(element: Element) -> None:
    """Take what is in an element out of the page, but not what follows it."""
    for child in [*element]:
        element.remove(child)
    element.text = None


def page_title(root: Element) -> str:
    """Return what a page calls itself, as far as a message has room for it."""
    title = root.find(".//title")
    return clean(whole_text(title))[:100] if title is not None else ""


def whole_text(element: Element) -> str:
    """Return all text inside an element, as it stands."""
    from lxml import etree

    return etree.tostring(element, encoding="unicode", method="text", with_tail=False)


def text_of(element: Element) -> str:
    """Return the source text of an element as one line, links resolved, without its label."""
    return _tidy("".join(_pieces(element)))


def paragraphs_of(element: Element) -> str:
    """Return the source text of an element, its paragraphs parted by a blank line."""
    pieces = "".join(_pieces(element)) if len(element) else element.text or ""
    if "\0" not in pieces:
        return _tidy(pieces)
    return "\n\n".join(filter(None, map(_tidy, pieces.split("\0"))))


def _tidy(text: str) -> str:
    """Clean one line, at once where a look shows that there is nothing to do but join lines."""
    # `replace` and `strip` give back the same text where they change nothing.
    joined = text.replace("\n", " ").strip(" ")
    if joined.isascii() and joined.isprintable() and "  " not in joined:
        return joined
    return clean(joined)


def author_names(element: Element, most: int | None = None) -> tuple[tuple[str, ...], int | None]:
    """Return the authors and how many were left out (None: an unknown number).

    A linked name is taken whole; what has no link is parted as in `split_authors`. A page that
    shows `most` authors may have left out others without saying so.
    """
    linked: list[str] = []
    omitted: int | None = 0
    names = _plain_names(element)
    if not names:
        parted, omitted = split_authors("".join(_loose(element, linked)))
        # "The ⟦0⟧" is one author too, of whose name only a part is linked.
        names = tuple(re.sub(r"⟦(\d+)⟧", lambda at: linked[int(at[1])], name) for name in parted)
    if omitted == 0 and most and max(len(linked), len(names)) >= most:
        omitted = None
    return names, omitted


def _loose(element: Element, linked: list[str]) -> Iterator[str]:
    """Yield the texts of an element; `linked` gets what links hold, and a mark is in its place."""
    yield _without_marks(element.text)
    for child in element:
        if child.tag != "a":
            if child.get("class") != "descriptor":
                yield from _loose(child, linked)
        elif not (child.get("href") or "").startswith("javascript:"):  # which shows the others
            yield f"⟦{len(linked)}⟧,"
            linked.append(person(whole_text(child)))
        yield _without_marks(child.tail)


def _without_marks(text: str | None) -> str:
    # Twice: `split_authors` resolves references that were escaped twice.
    return html.unescape(text or "").replace("⟦", "")


def _plain_names(element: Element) -> tuple[str, ...]:
    """Return the names where they are links parted by commas and nothing else, as in most."""
    names = [child.text or "" for child in element]
    joined = ", ".join(names)
    if not all(names) or joined != whole_text(element).strip() or "&" in joined:
        return ()
    if _tidy(joined) is joined and "and " not in joined:
        return tuple(names)
    return tuple(map(person, names))


def _pieces(element: Element) -> list[str]:
    """Return the texts in order; a NUL, which no document can hold, parts paragraphs."""
    pieces = [element.text or ""]
    for child in element:
        if child.tag == "br":
            pieces.append("\0")
        elif child.tag == "a":
            pieces.append(_link(child))
        elif child.get("class") != "descriptor":
            pieces.extend(_pieces(child))
        pieces.append(child.tail or "")
    return pieces


def _has_long_gap(document: bytes) -> bool:
    """Whether a tag could be longer than LONGEST_TAG; leaps from one > to a far one."""
    at = 0
    while len(document) - at > LONGEST_TAG:
        end = document.rfind(b">", at, at + LONGEST_TAG)
        if end < 0:
            return True
        at = end + 1
    return False


def _has_long_tag(document: bytes) -> bool:
    """Whether a tag could have more than LONGEST_TAG bytes besides its quoted values.

    What is quoted is hard to tell in a damaged page: of all readings that are possible at each
    bracket and quote, the longest is followed, in one pass.
    """
    nowhere = len(document)
    tag = nowhere  # where it would begin if it had no values
    opened = {b'"': -1, b"'": -1}  # how long it is at the value that is open, if one is
    for count, mark in enumerate(_MARK.finditer(document)):
        found, end = mark[0], mark.end()
        if end - tag > LONGEST_TAG or count > MOST_BRACKETS:
            return True
        quote = found[-1:]
        if quote in opened:
            closed = opened[quote]
            opened[quote] = end - tag if tag < nowhere and len(found) > 1 else -1
            if mark[1]:
                tag = nowhere
            if closed >= 0:
                tag = min(tag, end - closed)
        elif quote == b">":
            tag = nowhere
        else:
            tag = min(tag, mark.start())
    return nowhere - tag > LONGEST_TAG


def _attributes(document: bytes) -> int:
    """Return how many attributes there are at most, if no value holds a bracket."""
    if (many := document.count(b"=")) > 4 * MOST_ATTRIBUTES:
        return many
    tags = _VALUE.sub(rb"\1", b">".join(_TAG.findall(document)))
    return sum(map(tags.count, (b" ", b"\n", b"\t", b"\r", b"\f", b"/")))


def _link(link: Element) -> str:
    """Return what a link's author wrote: the address where the page shows "this https URL".

    arXiv also links words with a dot in them, such as IEEEtran.cls, and DOIs; those become words
    again.
    """
    shown = "".join(_pieces(link))
    if doi := link.get("data-doi"):
        return doi
    if not re.fullmatch(r"\s*this \w+ URL\s*", shown):
        return shown
    address = link.get("href") or shown
    word = address.removeprefix("http://")
    return address if "/" in word or word.startswith("www.") else word


def _refuse_traps(document: bytes, origin: str, *, plain_html: bool) -> None:
    for doctype in _DOCTYPE.finditer(document):
        plain = plain_html and (doctype[1] or b"").lower() == b"html" and b"[" not in doctype[2]
        if not plain:
            raise ForeignError(origin, "it declares a document type that arXiv never sends")
    far = "far more than arXiv ever sends"
    if len(document) > 3 * MOST_TAGS and document.count(b"<") > MOST_TAGS:
        raise SourceError(origin, f"more than {MOST_TAGS:,} tags, {far}")
    # Quoted attributes that hold brackets could hide a long tag.
    odd = len(_ODD_VALUE.findall(document)) > MOST_ODD
    if (odd or _has_long_gap(document)) and _has_long_tag(document):
        raise SourceError(origin, "a tag longer than arXiv ever sends")
    if len(document) > SMALL and (odd or _attributes(document) > MOST_ATTRIBUTES):
        raise SourceError(origin, f"more than {MOST_ATTRIBUTES:,} attributes, {far}")
