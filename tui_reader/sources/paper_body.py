"""The body of a paper's HTML page, element by element, to passages and their blocks."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import unquote, urljoin

from tui_reader.document.values import (
    Block,
    Code,
    Equation,
    EquationRow,
    Grid,
    GridCell,
    Inline,
    Inlines,
    Look,
    Margin,
    Paragraph,
    Passage,
    Picture,
)
from tui_reader.sources.markup import emptied, whole_text
from tui_reader.text import Style, cells, clean
from tui_reader.text import symbols as tables
from tui_reader.text.clean import one_line, printable
from tui_reader.text.links import target

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

DEEPEST = 150
"""Elements within each other; what is deeper is taken as one text."""
MOST_SPANNED, MOST_TAKEN = 200, 20_000
"""Columns or rows of a table that one cell may take; places that all its such cells may."""
MOST_BLOCKS, MOST_INLINES = 60, 1_500
"""A passage or a paragraph with more goes on in another: each is laid out as a whole."""

LEVELS = {
    "part": 0, "chapter": 0, "section": 1, "appendix": 1, "bibliography": 1, "index": 1,
    "glossary": 1, "acknowledgements": 1, "subsection": 2, "subsubsection": 3, "paragraph": 4,
    "subparagraph": 5,
}  # fmt: skip
"""The level of a heading, by the kind that its class names."""

_DROPPED = frozenset(
    "ltx_TOC ltx_listing_data ltx_rdf ltx_bib_cited ltx_dates ltx_page_navbar ltx_page_footer"
    " package-alerts sr-only ar5iv-footer-button ltx_authors ltx_pubnotes ltx_title_document"
    " ltx_abstract ltx_pagination".split()
)
_DROPPED_TAGS = frozenset("script style button template noscript head title nav input".split())
_BLOCKS = frozenset(
    "p div section article blockquote ul ol dl li dt dd table tr td th figure figcaption center"
    " header footer main aside address hr form h1 h2 h3 h4 h5 h6 pre caption".split()
)
_STYLES = {
    "ltx_font_bold": Style.BOLD, "ltx_font_italic": Style.ITALIC, "ltx_font_slanted": Style.ITALIC,
    "ltx_font_typewriter": Style.MONO, "ltx_font_smallcaps": Style.SMALL_CAPS,
    "ltx_underline": Style.UNDERLINE, "ltx_ERROR": Style.DIM, "ltx_missing_label": Style.DIM,
    "ltx_missing_citation": Style.DIM,
}  # fmt: skip
_TAG_STYLES = {
    "b": Style.BOLD, "strong": Style.BOLD, "i": Style.ITALIC, "em": Style.ITALIC,
    "cite": Style.PLAIN, "tt": Style.MONO, "code": Style.MONO, "u": Style.UNDERLINE,
}  # fmt: skip
_UNDONE = {
    "ltx_font_upright": Style.ITALIC | Style.SMALL_CAPS,
    "ltx_font_medium": Style.BOLD,
    "ltx_font_serif": Style.MONO,
}
_TAKEN_FOR = {
    "ltx_equation": "equation", "ltx_equationgroup": "equation", "ltx_tabular": "grid",
    "ltx_caption": "caption", "ltx_note": "note", "ltx_item": "item", "ltx_bibitem": "reference",
    "ltx_quote": "quotation", "ltx_theorem": "statement", "ltx_proof": "statement",
    "ltx_bibblock": "apart", "ltx_p": "block", "ltx_graphics": "picture", "ltx_picture": "picture",
    "ltx_listing": "code", "ltx_sup": "script", "ltx_sub": "script", "ltx_title": "title",
    "ltx_missing_image": "picture",
}  # fmt: skip
_TAGS_TAKEN_FOR = {
    "math": "formula", "a": "link", "br": "line_end", "img": "picture", "svg": "picture",
    "object": "picture", "embed": "picture", "sup": "script", "sub": "script", "pre": "code",
    "blockquote": "quotation", "table": "grid", "li": "item", "dt": "item", "dd": "item",
    "figcaption": "caption", "caption": "caption", "font": "font", "h1": "title", "h2": "title",
    "h3": "title", "h4": "title", "h5": "title", "h6": "title",
}  # fmt: skip
_INTERNAL = re.compile(
    r"(?:(?:https?:)?//(?:[\w-]+\.)*arxiv\.org)?(?:(?:\./)?(?:/?html/)?[\w./-]*)?#(.+)", re.DOTALL
)
_BLANKS = re.compile(r"[^\S\xa0]+")
_NUMBER = re.compile(r"((?:[A-Z]|\d+|[IVXL]+)(?:\.\d+)*\.?)\s+(?=\S)")
_DOWN_THE_LINE = str.maketrans(dict.fromkeys("\u2003\u2002\u2001\u2000", "  "))


class PageFormula(NamedTuple):
    """What stands for a formula of the page."""

    tex: str
    instead: str = ""
    display: bool = False


class _Kind(NamedTuple):
    """What to do with elements of one tag and class."""

    taken_for: str
    classes: tuple[str, ...]
    given: Style
    undone: Style


class Body:
    """Reads the elements of a page; `passages` has what it read.

    `formulas` stand in the page as `<math n=INDEX>`. Only what is in `wanted` is a target. A page
    that is `native` has tags for what classes say in others. `base` is its address.
    """

    def __init__(
        self,
        formulas: Sequence[PageFormula],
        wanted: frozenset[str] = frozenset(),
        base: str = "",
        *,
        native: bool = False,
    ) -> None:
        self.passages: list[Passage] = []
        self._formulas, self._wanted, self._base, self._native = formulas, wanted, base, native
        self._kinds: dict[tuple[str, str], _Kind] = {}
        self._passage = Passage(())
        self._blocks: list[Block] = []
        self._notes: list[Block] = []
        self._inlines: list[Inline] = []
        self._ids: list[str] = []
        self._margin = Margin()
        self._weight = 0
        """How many inlines there are in the passage."""
        self._kept_open = -1
        """How many inlines a heading has that the next paragraph runs on from."""
        self._depth = 0
        self._items: Counter[Element] = Counter()
        """How many items there were of each list that does not number its own."""
        self._marks = 0
        """How many notes there were."""
        self._is_aside = False
        """Whether what is read is not a part of the passage yet."""
        self._in_float: list[bool] = []
        """In a float, whether its first block is still to come."""
        self._term: list[Inline] = []
        """What is described next, in a list of descriptions."""

    def read(self, element: Element) -> None:
        """Read an element and all that is in it, to its end."""
        self._children(element, Style.PLAIN, "")
        self._begin(Passage(()))

    def blocks_of(self, element: Element, margin: Margin = Margin()) -> tuple[Block, ...]:
        """Return the blocks of an element, apart from the passage it stands in."""
        with self._aside(margin) as blocks:
            self._children(element, Style.PLAIN, "")
            self._end_paragraph(forced=True)
        return tuple(blocks)

    # Passages, blocks and texts in the making

    @contextmanager
    def _aside(self, margin: Margin = Margin()) -> Iterator[list[Block]]:
        outside = self._blocks, self._inlines, self._margin, self._kept_open
        around = self._in_float, self._is_aside
        self._blocks, self._inlines, self._margin, self._kept_open = [], [], margin, -1
        self._in_float, self._is_aside = [], True
        yield self._blocks
        self._blocks, self._inlines, self._margin, self._kept_open = outside
        self._in_float, self._is_aside = around

    def _begin(self, passage: Passage) -> None:
        """End the passage and what is in the making of it, and begin another."""
        self._end_paragraph(forced=True)
        self._follow_with(passage)

    def _follow_with(self, passage: Passage) -> None:
        before = replace(self._passage, blocks=(*self._blocks, *self._notes))
        if before.blocks or before.inlines or before.number or before.ids:
            self.passages.append(before)
        self._passage, self._blocks, self._notes = passage, [], []
        self._weight = 0
        self._margin = Margin()

    def _go_on(self) -> None:
        """Let a long passage go on in one without a heading."""
        margin = self._margin
        self._follow_with(Passage(()))
        self._margin = margin

    def _taken_ids(self) -> tuple[str, ...]:
        ids = tuple(dict.fromkeys(self._ids))
        self._ids.clear()
        return ids

    def _add(self, block: Block) -> None:
        joined = bool(self._in_float) and not self._in_float[0]
        self._in_float[:1] = [False] if self._in_float else []
        ids = self._taken_ids()
        self._blocks.append(replace(block, margin=self._margin, ids=ids, joined=joined))
        self._margin = self._margin.after_first

    def _end_paragraph(self, look: Look = Look.BODY, *, forced: bool = False) -> None:
        if not forced and self._kept_open == len(self._inlines):
            return
        self._kept_open = -1
        inlines, self._inlines = _joined(self._inlines), []
        for at in range(0, len(inlines), MOST_INLINES):
            self._add(Paragraph(inlines[at : at + MOST_INLINES], look=look))
            self._weight += len(inlines[at : at + MOST_INLINES])
            if not (self._is_aside or self._in_float) and (
                len(self._blocks) >= MOST_BLOCKS or self._weight >= MOST_INLINES
            ):
                self._go_on()

    def _say(self, text: str | None, style: Style, link: str) -> None:
        if not text:
            return
        text = printable(_BLANKS.sub(" ", text))
        if text[:1] == " " and (not self._inlines or self._inlines[-1].text[-1:] in (" ", "\n")):
            text = text[1:]
        if text:
            self._inlines.append(Inline(text, style, link))

    # Elements

    def _children(self, element: Element, style: Style, link: str) -> None:
        self._say(element.text, style, link)
        for child in element:
            if isinstance(child.tag, str):
                self._element(child, style, link)
            self._say(child.tail, style, link)

    def _element(self, element: Element, style: Style, link: str) -> None:
        kind = self._kind(element)
        if kind.taken_for == "nothing":
            return
        for name in (element.get("id"), element.get("name") if self._native else None):
            if name in self._wanted:
                self._ids.append(name)
        if self._depth > DEEPEST:
            self._say(whole_text(element), style, link)
            return
        self._depth += 1
        if kind.given or kind.undone:
            style = (style & ~kind.undone) | kind.given
        getattr(self, f"_{kind.taken_for}")(element, kind, style, link)
        self._depth -= 1

    def _kind(self, element: Element) -> _Kind:
        tag, named = str(element.tag), element.get("class") or ""
        if (found := self._kinds.get((tag, named))) is None:
            found = self._kinds[tag, named] = self._kind_of(tag, named.split())
        return found

    def _kind_of(self, tag: str, classes: Sequence[str]) -> _Kind:
        taken_for = next((_TAKEN_FOR[name] for name in classes if name in _TAKEN_FOR), "")
        if tag in _DROPPED_TAGS or not _DROPPED.isdisjoint(classes):
            taken_for = "nothing"
        elif "ltx_verbatim" in classes and tag != "pre":
            taken_for = "inline"
        elif tag == "figure" or "ltx_figure" in classes:
            taken_for = "float"
        elif "ltx_framed" in classes and {"ltx_parbox", "ltx_minipage"} & set(classes):
            taken_for = "box"
        elif "ltx_listingline" in classes:
            taken_for = "block"
        taken_for = taken_for or _TAGS_TAKEN_FOR.get(tag, "")
        given = undone = Style.PLAIN
        for name in classes:
            given |= _STYLES.get(name, Style.PLAIN)
            undone |= _UNDONE.get(name, Style.PLAIN)
        if not any(name.startswith("ltx_font") for name in classes):
            given |= _TAG_STYLES.get(tag, Style.PLAIN)
        default = "block" if tag in _BLOCKS else "inline"
        return _Kind(taken_for or default, tuple(classes), given, undone)

    def _inline(self, element: Element, kind: _Kind, style: Style, link: str) -> None:
        self._children(element, style, link)

    def _apart(self, element: Element, kind: _Kind, style: Style, link: str) -> None:
        self._say(" ", style, link)
        self._children(element, style, link)

    def _block(self, element: Element, kind: _Kind, style: Style, link: str) -> None:
        self._end_paragraph()
        self._children(element, style, link)
        self._end_paragraph()

    def _float(self, element: Element, kind: _Kind, style: Style, link: str) -> None:
        """Read a figure, of which no blank line parts the pieces."""
        self._end_paragraph(forced=True)
        outer, self._in_float = self._in_float, self._in_float or [True]
        self._children(element, style, link)
        self._end_paragraph(forced=True)
        self._in_float = outer

    def _statement(self, element: Element, kind: _Kind, style: Style, link: str) -> None:
        self._end_paragraph(forced=True)
        self._children(element, style, link)
        self._end_paragraph(forced=True)

    def _line_end(self, element: Element, kind: _Kind, style: Style, link: str) -> None:
        if self._inlines and self._inlines[-1].text != "\n":
            self._inlines.append(Inline("\n"))

    def _formula(self, element: Element, kind: _Kind, style: Style, link: str) -> None:
        index = element.get("n", "")
        if not index.isdecimal() or int(index) >= len(self._formulas):
            self._say(whole_text(element), style, link)
            return
        tex, instead, display = self._formulas[int(index)]
        formula = Inline(tex, style | Style.MATH, link, instead)
        if display and not self._inlines:
            self._add(Equation((EquationRow((("center", (formula,)),)),)))
        elif tex:
            self._inlines.append(formula)

    def _link(self, element: Element, kind: _Kind, style: Style, link: str) -> None:
        href = (element.get("href") or "").strip()
        self._children(element, style, self._address(href) if href else link)

    def _address(self, href: str) -> str:
        """Return where a link leads: to a target, an address, or nowhere."""
        if internal := _INTERNAL.fullmatch(href):
            name = internal[1] if internal[1] in self._wanted else unquote(internal[1])
            return f"#{clean(name)}"
        if not re.match(r"[a-zA-Z][\w+.-]*:", href) and self._base:
            href = urljoin(self._base, href)
        href = re.sub(r"^(https?):/(?=[^/])", r"\1://", href)
        return target(clean(href).replace(" ", "%20")) or ""

    def _font(self, element: Element, kind: _Kind, style: Style, link: str) -> None:
        if (element.get("face") or "").strip().lower() == "symbol":
            greek = (_SYMBOL_FONT.get(char, char) for char in whole_text(element))
            self._say("".join(greek), style, link)
        else:
            self._children(element, style, link)

    def _script(self, element: Element, kind: _Kind, style: Style, link: str) -> None:
        """Raise or lower a text, in Unicode's letters where they exist for all of it."""
        outside, self._inlines = self._inlines, []
        self._children(element, style, link)
        body, self._inlines = self._inlines, outside
        raised = element.tag == "sup" or "ltx_sup" in kind.classes
        forms = tables.SUPERSCRIPTS if raised else tables.SUBSCRIPTS
        forms = {**forms, " ": "", ",": ",", "-": "⁻" if raised else "₋"}
        is_plain = not any(Style.MATH in inline.style for inline in body)
        whole = "".join(inline.text for inline in body).strip()
        if is_plain and all(char in forms or char in "†‡§∗*" for char in whole):
            for inline in body:
                shown = "".join(forms.get(char, char) for char in inline.text)
                self._inlines.append(inline._replace(text=shown))
        elif body:
            bare = len(whole) == 1 or len(body) == 1
            before, after = ("", "") if bare and " " not in whole else ("(", ")")
            self._inlines.append(Inline(("^" if raised else "_") + before, style))
            self._inlines += body
            self._inlines += [Inline(after, style)] if after else []

    def _picture(self, element: Element, kind: _Kind, style: Style, link: str) -> None:
        source = element.get("src") or element.get("data") or ""
        if source.startswith("data:"):
            source = ""
        width, height = element.get("width") or "", element.get("height") or ""
        size = f"{width}×{height}" if width.isdecimal() and height.isdecimal() else ""
        address = target(clean(urljoin(self._base, source)).replace(" ", "%20")) if source else ""
        picture = Picture(address or "", size)
        if self._inlines:
            self._inlines.append(Inline(picture.told, style | Style.DIM, picture.source))
        else:
            self._add(picture)

    def _note(self, element: Element, kind: _Kind, style: Style, link: str) -> None:
        """Put the note's mark here, and its text at the end of the passage."""
        marks = [each for each in element.iter("sup") if "ltx_note_mark" in _classes(each)]
        mark = clean(whole_text(marks[0])) if marks else "*"
        content = next((x for x in element.iter() if "ltx_note_content" in _classes(x)), element)
        for each in content:
            if {"ltx_note_mark", "ltx_tag_note", "ltx_note_type"} & set(_classes(each)):
                emptied(each)
        name = element.get("id") or ""
        ids, self._ids = self._ids, [name] if name in self._wanted else []
        first = f"{mark} "
        blocks = self.blocks_of(content, Margin(first, " " * cells(first)))
        looked = [replace(x, look=Look.NOTE) if isinstance(x, Paragraph) else x for x in blocks]
        self._ids = [each for each in ids if each != name]
        if blocks:
            name = name or f"note {self._marks}"
            looked[0] = replace(looked[0], ids=(*looked[0].ids, name))
            self._notes += looked
        self._marks += 1
        shown = "".join(tables.SUPERSCRIPTS.get(char, char) for char in mark)
        self._inlines.append(Inline(shown, link=f"#{name}" if name else "", is_note=True))

    # Headings and statements

    def _title(self, element: Element, kind: _Kind, style: Style, link: str) -> None:
        named = (x.removeprefix("ltx_title_") for x in kind.classes if x.startswith("ltx_title_"))
        level = LEVELS.get(next(named, ""))
        if self._native:
            level = max(int(str(element.tag)[1:]) - 1, 1)
        if level is not None and not self._is_aside:
            self._heading(element, level)
            return
        if "ltx_runin" not in kind.classes:
            self._end_paragraph(forced=True)
        self._children(element, style | Style.BOLD, link)
        self._say(" ", style, link)
        self._kept_open = len(self._inlines)

    def _heading(self, element: Element, level: int) -> None:
        parent = element.getparent()
        name = (parent.get("id") if parent is not None else None) or ""
        self._end_paragraph(forced=True)
        ids = self._taken_ids()
        self._begin(Passage((), level=level, id=clean(name), ids=ids))
        number = self._label_of(element, "ltx_tag")
        inlines = self._inlines_of(element)
        first = inlines[0].text if self._native and inlines else ""
        if not number and (numbered := _NUMBER.match(first)):
            number = numbered[1]
            inlines = (inlines[0]._replace(text=first[numbered.end() :]), *inlines[1:])
        more = self._taken_ids()
        self._passage = replace(self._passage, number=number, inlines=inlines, ids=(*ids, *more))

    def _label_of(self, element: Element, name: str) -> str:
        """Take out the label of a class that begins an element, and return it."""
        for child in element:
            if name in _classes(child):
                label = _plain(self._inlines_of(child))
                emptied(child)
                return label
        return ""

    def _inlines_of(self, element: Element, style: Style = Style.PLAIN) -> Inlines:
        """Return the text of an element as one paragraph's."""
        inlines: list[Inline] = []
        for block in self.blocks_of(element):
            if inlines:
                inlines.append(Inline("\n"))
            inlines += _flat(block)
            self._ids += block.ids
        return tuple(inlines)

    def _caption(self, element: Element, kind: _Kind, style: Style, link: str) -> None:
        self._end_paragraph(forced=True)
        self._inlines = list(self._inlines_of(element))
        self._end_paragraph(Look.CAPTION, forced=True)

    def _quotation(self, element: Element, kind: _Kind, style: Style, link: str) -> None:
        self._with_margin(element, style, Margin("    ", "    "))

    def _box(self, element: Element, kind: _Kind, style: Style, link: str) -> None:
        self._with_margin(element, style, Margin("│ ", "│ "))

    def _with_margin(self, element: Element, style: Style, margin: Margin) -> None:
        self._end_paragraph(forced=True)
        outer = self._margin
        self._margin = margin.within(outer)
        before = len(self._blocks)
        if self._term:
            self._inlines, self._term = self._term, []
            self._kept_open = len(self._inlines)
        self._children(element, style, "")
        self._end_paragraph(forced=True)
        self._margin = outer.after_first if len(self._blocks) > before else outer

    # Lists

    def _item(self, element: Element, kind: _Kind, style: Style, link: str) -> None:
        self._end_paragraph(forced=True)
        mark, is_term = "", element.tag == "dt"
        for child in element:
            if "ltx_tag" in _classes(child):
                if not is_term:
                    mark = _plain(self._inlines_of(child)).replace("\n", " ")
                    emptied(child)
                break
        else:
            mark = "" if element.tag in ("dt", "dd") else self._own_mark(element)
        if is_term:
            term = self._inlines_of(element)
            self._term += [x._replace(style=x.style | Style.BOLD) for x in term] + [Inline(" ")]
            return
        first = f"  {mark} " if mark else "  " if self._term else "    "
        margin = Margin(first, " " * min(max(cells(first), 4), 8))
        before = len(self._blocks)
        self._with_margin(element, style, margin)
        if len(self._blocks) == before and mark:
            self._blocks.append(Paragraph((), margin.within(self._margin), self._taken_ids()))

    def _own_mark(self, element: Element) -> str:
        parent = element.getparent()
        if parent is None or parent.tag != "ol":
            return "•"
        self._items[parent] += 1
        return f"{self._items[parent]}."

    def _reference(self, element: Element, kind: _Kind, style: Style, link: str) -> None:
        self._end_paragraph(forced=True)
        label = self._label_of(element, "ltx_tag_bibitem")
        short = cells(label) <= 6
        first = f"{label} ".rjust(6) if label and short else ""
        outer, self._margin = self._margin, Margin(first, " " * (cells(first) or 4))
        if label and not short:
            self._inlines += [Inline(label, Style.BOLD), Inline("  ")]
        self._children(element, style, link)
        self._end_paragraph(Look.REFERENCE, forced=True)
        self._margin = outer

    # Displays, tables, code

    def _equation(self, element: Element, kind: _Kind, style: Style, link: str) -> None:
        self._end_paragraph(forced=True)
        marked = [row for row in element.iter("tr") if "ltx_eqn_row" in _classes(row)]
        parents = {id(above) for row in marked for above in row.iterancestors("tr")}
        rows = [self._equation_row(row) for row in marked if id(row) not in parents]
        if not marked:
            inlines = self._inlines_of(element)
            rows = [EquationRow((("center", inlines),))] if inlines else []
        rows = [row for row in rows if row.cells or row.number or row.ids]
        if rows:
            self._add(Equation(tuple(rows)))

    def _equation_row(self, row: Element) -> EquationRow:
        outside, self._ids = self._ids, []
        number, found = "", list[tuple[str, Inlines]]()
        above = row.getparent()
        names = [row.get("id")]
        if above is not None and above.tag == "tbody" and row.getprevious() is None:
            names.append(above.get("id"))
        self._ids += [name for name in names if name in self._wanted]
        for cell in row:
            classes = _classes(cell)
            inlines = self._inlines_of(cell)
            if "ltx_eqn_eqno" in classes:
                number = _plain(inlines).replace("\n", " ")
            elif not any("pad" in name for name in classes) or inlines:
                found.append((_side(classes, "center"), _without_display_style(inlines)))
        while found and not found[-1][1]:
            found.pop()
        ids = self._taken_ids()
        self._ids = outside
        return EquationRow(tuple(found), number, ids)

    def _grid(self, element: Element, kind: _Kind, style: Style, link: str) -> None:
        if not self._native and "ltx_tabular" not in kind.classes:
            self._block(element, kind, style, link)
            return
        self._end_paragraph(forced=True)
        captions = [child for child in element if child.tag == "caption"]
        for caption in captions:
            self._element(caption, style, link)
        rows: list[tuple[GridCell, ...]] = []
        taken: dict[tuple[int, int], bool] = {}
        framed = self._native and (element.get("border") or "0") != "0"
        for at, row in enumerate(_rows_of(element)):
            found, column = [], 0
            for cell in row:
                classes = _classes(cell)
                if cell.tag not in ("td", "th") and "ltx_td" not in classes:
                    continue
                while (at, column) in taken:
                    column += 1
                columns, spanned = _spanned(cell.get("colspan")), _spanned(cell.get("rowspan"))
                if len(taken) + columns * spanned > MOST_TAKEN:
                    columns = spanned = 1
                for below in range(1, spanned):
                    for beside in range(column, column + columns):
                        taken[at + below, beside] = True
                found.append(
                    GridCell(
                        self._inlines_of(cell),
                        column,
                        columns,
                        spanned,
                        _side(classes, (cell.get("align") or "left").lower()),
                        cell.tag == "th" or "ltx_th" in classes,
                        frozenset("tblr") if framed else _rules(classes),
                        "ltx_nopad_r" in classes,
                    )
                )
                column += columns
            rows.append(tuple(found))
        if any(cell.inlines for row in rows for cell in row):
            self._add(Grid(tuple(rows)))

    def _code(self, element: Element, kind: _Kind, style: Style, link: str) -> None:
        self._end_paragraph(forced=True)
        lines: list[Inlines] = []
        if element.tag == "pre":
            text = printable(whole_text(element).expandtabs()).strip("\n")
            lines = [(Inline(one_line(line).rstrip(), Style.MONO),) for line in text.split("\n")]
        for row in element:
            if "ltx_listingline" in _classes(row):
                self._ids += [x for x in (row.get("id"),) if x in self._wanted]
                lines.append(self._line_of_code(row))
            elif element.tag != "pre":
                self._element(row, style, link)
        if any(lines):
            self._add(Code(tuple(lines)))

    def _line_of_code(self, row: Element) -> Inlines:
        """Return a line with its blanks as they stand, but for those of the page's own lines."""
        number = next((x for x in row if "ltx_tag_listingline" in _classes(x)), None)
        found: list[Inline] = []
        if number is not None:
            found.append(Inline(f"{clean(whole_text(number)):>3} ", Style.DIM))
            emptied(number)
        row.text = (row.text or "").lstrip("\n ")
        found += self._raw(row, Style.PLAIN, "")
        return _trimmed(found, at=number is not None)

    def _raw(self, element: Element, style: Style, link: str) -> Iterator[Inline]:
        """Yield the texts of an element, with their blanks."""
        kind = self._kind(element)
        if kind.taken_for == "nothing":
            return
        style = (style & ~kind.undone) | kind.given
        if element.tag == "math":
            outside, self._inlines = self._inlines, [Inline("")]
            self._formula(element, kind, style, link)
            found, self._inlines = self._inlines[1:], outside
            yield from found
            return
        if element.tag == "a" and element.get("href"):
            link = self._address(element.get("href") or "")
        yield from _raw_text(element.text, style, link)
        for child in element:
            if isinstance(child.tag, str):
                yield from self._raw(child, style, link)
            yield from _raw_text(child.tail, style, link)


def _raw_text(text: str | None, style: Style, link: str) -> Iterator[Inline]:
    if text:
        text = one_line(text.translate(_DOWN_THE_LINE).replace("\n", " ").expandtabs())
        yield Inline(text.replace("␣", " "), style, link)


def _trimmed(inlines: list[Inline], *, at: int) -> Inlines:
    """Take the blanks at the end of a line away, and the page's own before it begins."""
    while len(inlines) > at and not inlines[-1].text.strip():
        inlines.pop()
    if inlines:
        inlines[-1] = inlines[-1]._replace(text=inlines[-1].text.rstrip())
    return tuple(inlines)


def _joined(inlines: Sequence[Inline]) -> Inlines:
    """Join what looks alike, without blanks at the ends."""
    found: list[Inline] = []
    for inline in inlines:
        if Style.MATH not in inline.style and found and found[-1][1:] == inline[1:]:
            found[-1] = found[-1]._replace(text=found[-1].text + inline.text)
        else:
            found.append(inline)
    while found and not found[-1].text.strip():
        found.pop()
    while found and not found[0].text.strip():
        found.pop(0)
    if found and Style.MATH not in found[-1].style:
        found[-1] = found[-1]._replace(text=found[-1].text.rstrip(" \n"))
    return tuple(found)


def _flat(block: Block) -> Iterator[Inline]:
    """Yield a block as a part of one text, such as that of a cell."""
    match block:
        case Paragraph(inlines):
            yield from inlines
        case Equation(rows):
            for at, row in enumerate(rows):
                yield from [Inline("\n")] if at else []
                for _, cell in row.cells:
                    yield from cell
                yield from [Inline(f"  {row.number}")] if row.number else []
        case Grid(rows):
            for at, line in enumerate(rows):
                yield from [Inline("\n")] if at else []
                for index, each in enumerate(line):
                    yield from [Inline("  ")] if index else []
                    yield from each.inlines
        case Code(lines):
            for at, typed in enumerate(lines):
                yield from [Inline("\n")] if at else []
                yield from typed
        case Picture():
            yield Inline(block.told, Style.DIM, block.source)


def _plain(inlines: Inlines) -> str:
    return "".join(inline.shown for inline in inlines).strip()


def _without_display_style(inlines: Inlines) -> Inlines:
    """Take away what stands before every formula of an aligned row."""
    return tuple(
        inline._replace(text=inline.text.removeprefix("\\displaystyle").lstrip())
        if Style.MATH in inline.style
        else inline
        for inline in inlines
    )


def _classes(element: Element) -> list[str]:
    return (element.get("class") or "").split() if isinstance(element.tag, str) else []


def _side(classes: Sequence[str], default: str) -> str:
    for name in classes:
        side = name.removeprefix("ltx_align_")
        if side in ("left", "center", "right"):
            return side
        if side.startswith("char"):
            return "right"
    return default if default in ("left", "center", "right") else "left"


_RULES: Mapping[str, str] = {
    f"ltx_border_{name}": name for name in ("t", "tt", "b", "bb", "l", "ll", "r", "rr")
}


def _rules(classes: Sequence[str]) -> frozenset[str]:
    return frozenset(_RULES[name][0] for name in classes if name in _RULES)


def _rows_of(table: Element) -> Iterator[Element]:
    """Yield the rows of a table, and not of those in it."""
    for child in table:
        if child.tag == "tr" or "ltx_tr" in _classes(child):
            yield child
        elif child.tag in ("thead", "tbody", "tfoot") or "ltx_tbody" in _classes(child):
            yield from _rows_of(child)


def _spanned(value: str | None) -> int:
    return min(max(int(value), 1), MOST_SPANNED) if value and value.isdecimal() else 1


_SYMBOL_FONT = dict(
    zip(
        "abgdezhqiklmnxoprstufcywABGDEZHQIKLMNXOPRSTUFCYW",
        "αβγδεζηθικλμνξοπρστυφχψωΑΒΓΔΕΖΗΘΙΚΛΜΝΞΟΠΡΣΤΥΦΧΨΩ",
        strict=True,
    )
)
