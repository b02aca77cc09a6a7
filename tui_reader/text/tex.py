"""TeX source to styled text, for what authors write into arXiv's metadata.

That is not quite TeX: `%`, `&` and `#` mean themselves, nothing is defined, dollars may be
money, and braces need not match. So this reads leniently, in one pass, and shows as its exact
source whatever it does not understand.
"""

import html
import re
from bisect import bisect_right
from collections.abc import Callable, Iterable
from itertools import groupby, pairwise
from operator import itemgetter
from typing import Any, Final, TypeVar

from tui_reader.text import symbols as tables
from tui_reader.text.clean import printable
from tui_reader.text.formula import (
    BUILDERS,
    SOURCE,
    Atom,
    asymmetric,
    group,
    script,
    source,
    typeset,
)
from tui_reader.text.layout import ENVIRONMENT, Layout, target, unescaped
from tui_reader.text.spans import Mode, Span, Style
from tui_reader.text.spelling import spell

LONGEST: Final = 200_000
"""Longer texts, in characters, are shown as they come: nobody wrote them for a reader."""
DEEPEST: Final = 40
"""What is nested deeper is shown as source."""

_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,30});")
_TEXT = re.compile(
    r"([^\\${}^_~`'\n-]+)|\\([A-Za-z]+)\*?|\\(.)|([{}$^_~])|(``|''|[`'])|(-+)|(\n+|\\)", re.DOTALL
)
_MATH = re.compile(
    r"\\([A-Za-z]+)\*?|\\(.)|((?<!,)\d{1,3}(?:,\d{3})+(?![\d,])(?:\.\d+)?|\d+(?:\.\d+)*)|([A-Za-z]+)"
    r"|('+)|([{}^_&~$])|(\s+)|(.)",
    re.DOTALL,
)
_CELL_END = re.compile(r"\\([A-Za-z]+|.)|[{&]", re.DOTALL)
_OPTION = re.compile(r"\[((?:[^][{}]|\{[^{}]{0,300}\}){0,300}+)\]")
_LENGTH = re.compile(r"\s*-?[\d.]+\s*(?:mu|pt|em|ex|cm|mm|in)\b")
_CODE = re.compile(r"\s*(?:[xX\"]([0-9a-fA-F]{1,6})|(\d{1,7}))\s*")
_POWER = re.compile(r"[+-]?\d+(?![A-Za-z\d])|[+-](?!\d)")
_SYMBOL = re.compile(r"\\([A-Za-z]+)")
# What may stand before the tilde of a range, as in 40~50% and 2.01x~3.81x: nothing but a number.
_NUMBER = re.compile(r"(?:^|[\s(\[])[+±∼~-]?\$?\d[\d.,]*(?:\\?%|x|×|\\times)?\$?$")
_ERRORS = re.compile(r"([_^])\{\s*([+-][\s\d.]+)\}\s*(?!\1)[_^]\{\s*([+-][\s\d.]+)\}")
_LITERAL_GROUP = re.compile(r"[^\\{}$]*,[^\\{}$]*|[\d.]+")
_FENCE_SIZE = re.compile(r"[bB]igg?[lrm]?|left|right|middle")
_TEXT_IN_DOLLARS = re.compile(
    r"\s*\\(?:href|url|text(?:bf|it|tt)|emph|unicode|footnote|ion|cite)\s*\{[^$]*\}\s*"
)
_DECODED = re.compile(
    "([\U000f0000-\U000fffff]+)"
    "|([\U0001d400-\U0001d433\U0001d6a8-\U0001d6e1\U0001d7ce-\U0001d7d7]+)"
)
_BOLD = str.maketrans(tables.FONTS["bold"])
_UNBOLD = {ord(bold): plain for plain, bold in tables.FONTS["bold"].items()}
_BRACKETS = str.maketrans("\u3008\u3009", "⟨⟩")  # wide, where TeX's are meant

# Commands of formulas that are one atom.
_ATOMS: Final[dict[str, Atom]] = {
    **{name: ("space", blank.replace("\xa0", " ")) for name, blank in tables.SPACES.items()},
    **{name: ("infix", sign) for name, sign in tables.INFIX.items()},
    **dict.fromkeys(("bmod", "mod"), ("rel", " mod ")),
    **{name: ("op", name) for name in tables.OPERATORS},
    **tables.SYMBOLS,
}

_Piece = tuple[str, Style, str | None]
_Read = TypeVar("_Read")


def render(text: str, mode: Mode) -> tuple[Span, ...]:
    """Render a clean text."""
    if len(text) > LONGEST:
        return _finish([(text, Style.PLAIN, None)], mode)
    if "&" in text:
        text = _ENTITY.sub(lambda entity: printable(html.unescape(entity[0])), text)
    reader = _Reader(text.translate(_BRACKETS))
    reader.text(0, len(text))
    return _finish(reader.pieces, mode)


def _finish(pieces: Iterable[_Piece], mode: Mode) -> tuple[Span, ...]:
    parts = [part for piece in pieces for part in _decoded(*piece)]
    spans: list[Span] = []
    for (style, link), alike in groupby(parts, itemgetter(1, 2)):
        whole = printable("".join(part for part, *_ in alike))
        if text := spell(whole, mode, Style.MATH in style):
            spans.append(Span(text, style, link))
    while spans:
        last = spans.pop()
        if text := last.text.rstrip(" \n\xa0"):
            return (*spans, Span(text, last.style, last.link))
    return ()


def _decoded(piece: str, style: Style, link: str | None) -> list[_Piece]:
    """Part a piece where it holds source, which is dim, or bold letters."""
    if piece.isascii():
        return [(piece, style, link)]
    parts = []
    for at, part in enumerate(_DECODED.split(piece)):
        if part and at % 3 == 0:
            parts.append((part, style, link))
        elif part and at % 3 == 1:
            shown = "".join(chr(ord(char) - SOURCE) for char in part)
            parts.append((shown, style | Style.DIM, link))
        elif part:
            parts.append((part.translate(_UNBOLD), style | Style.BOLD, link))
    return parts


class _Reader:
    """One text being read: `text` reads prose into pieces, `_atoms` a formula into atoms.

    Positions are offsets into the source. Whatever reads a command takes the position after its
    name, and returns the position after its arguments; none looks beyond `_end`.
    """

    def __init__(self, source: str) -> None:
        self.pieces: list[_Piece] = []
        self._source = source
        self._layout = Layout(source)
        self._link_starts = sorted(self._layout.links)
        self._end = len(source)
        self._depth = 0
        # How prose is shown now
        self._style = Style.PLAIN
        self._link: str | None = None
        self._last = ""  # the last character shown
        self._quote = False  # whether a single quote is open
        # How formulas are set now
        self._font = ""
        self._tight = False

    # Prose

    def text(self, at: int, end: int, style: Style = Style.PLAIN, link: str | None = None) -> None:
        """Read a range of prose; `style` is added to the one around it."""
        outside = self._end, self._style, self._link
        self._end, self._style, self._link = end, self._style | style, link or self._link
        self._depth += 1
        if self._depth > DEEPEST:
            self._show(source(self._source[at:end]))
            at = end
        while at < end:
            at = self._token(at)
        self._depth -= 1
        self._end, self._style, self._link = outside

    def _token(self, at: int) -> int:
        stop = self._end
        if self._link_starts and not self._link:
            if self._layout.links.get(at, stop + 1) <= stop:
                self._show_link(self._source[at : self._layout.links[at]])
                return self._layout.links[at]
            following = bisect_right(self._link_starts, at)
            if following < len(self._link_starts):
                stop = min(stop, self._link_starts[following])
        token = _TEXT.match(self._source, at, stop) or _TEXT.match(self._source, at, self._end)
        assert token  # the expression takes any character
        kind, shown, start, at = token.lastindex, token[0], at, token.end()
        if start in self._layout.formulas:
            return self._show_formula(start)
        match kind:
            case 2:
                return self._command(token[2], at)
            case 3:
                return self._control(token[3], at)
            case 4:
                return self._special(shown, at)
            case 5:
                shown = self._quotation(shown, self._peek(at))
            case 6:
                shown = _dash(shown, self._last, self._peek(at))
        self._show(shown)
        return at

    def _special(self, char: str, at: int) -> int:
        """Read one of { } $ ^ _ ~, which stands before `at`."""
        before = self._source[max(at - 2, 0) : at - 1]
        if char == "{" and (inside := self._group(at - 1)):
            body = self._source[slice(*inside)]
            literal = before in ("", " ", "(", "=") and (
                _LITERAL_GROUP.fullmatch(body) or self._peek(inside[1] + 1) == "^"
            )
            if literal:
                self._show("{")
            self.text(*inside)
            if literal:
                self._show("}")
            return inside[1] + 1
        if char in "^_" and self._last.strip():
            return self._script(char, at)
        if char == "~" and self._is_tie(before, self._peek(at), at):
            char = "\xa0"
        self._show(char)
        return at

    def _is_tie(self, before: str, after: str, at: int) -> bool:
        """Whether a tilde is TeX's blank, and not "about", or part of a path."""
        if not before.strip("\n (=[<>/~") or not after.strip("\n /~"):
            return False
        initial = before.isalpha() and self._source[max(at - 3, 0) : at - 2] in ("", " ", "(", "$")
        if initial and after.isdigit():
            return False
        return after not in "0123456789.$" or not _NUMBER.search(
            self._source[max(at - 16, 0) : at - 1]
        )

    def _script(self, char: str, at: int) -> int:
        """Read a script outside a formula, where it can't be anything else."""
        if errors := _ERRORS.match(self._source, at - 1, self._end):
            up, down = errors[2], errors[3]
            if pair := asymmetric(up, down) or asymmetric(down, up):
                self._show(pair)
                return errors.end()
        symbol = _SYMBOL.match(self._source, at, self._end)
        if inside := self._group(at):
            body, at = typeset(self._atoms(*inside, tight=True), True), inside[1] + 1
        elif char == "^" and (power := _POWER.match(self._source, at, self._end)):
            body, at = power[0], power.end()
        elif symbol and symbol[1] in tables.SYMBOLS:
            body, at = tables.SYMBOLS[symbol[1]][1], symbol.end()
        else:
            self._show(char)
            return at
        self._show(script(char, body, self._peek(at)))
        return at

    def _quotation(self, mark: str, after: str) -> str:
        if len(mark) == 2:
            return "“" if mark == "``" else "”"
        if mark == "`" and self._last in ("", " ", "(", "[", "\n", "“", "\xa0", "—", "–"):
            self._quote = True
            return "‘"
        if mark == "'" and self._quote and self._last not in ("", " ") and not after.isalnum():
            self._quote = False
            return "’"
        return mark

    def _control(self, char: str, at: int) -> int:
        """Read a command of one character that is no letter."""
        if char in tables.TEXT_ACCENTS:
            if letter := self._accent(char, at):
                self._show(letter[0])
                return letter[1]
            self._show(char if char in "'`\"~" else "\\" + char)
        elif char in "%$&#_{}" or char.isalpha():
            self._show(char)
        else:
            known = {"\\": " ", "|": "‖"} | tables.SPACES
            self._show(known.get(char, "\\" + char))
        return at

    def _accent(self, name: str, at: int) -> tuple[str, int] | None:
        """Read the letter an accent belongs to; return it accented, and where it ends."""
        mark = tables.TEXT_ACCENTS[name]
        at = self._skip_blanks(at)
        if self._peek(at).isalpha():
            return self._peek(at) + mark, at + 1
        if inside := self._group(at):
            body, _ = self._aside(self.text, *inside)
            first = tables.DOTLESS.get(body[:1], body[:1])
            if first and not first.isalpha():  # reading it again would take exponential time
                return ("" if name in "'`\"~" else "\\") + name + body, inside[1] + 1
            return first + (mark if body else "") + body[1:], inside[1] + 1
        if command := _SYMBOL.match(self._source, at, self._end):
            letter = tables.LETTERS.get(command[1], "")
            if len(letter) == 1:
                return tables.DOTLESS.get(letter, letter) + mark, self._after_word(command.end())
        return None

    def _command(self, name: str, at: int) -> int:
        """Read a command named by letters, in prose."""
        inside = self._group(self._skip_blanks(at))
        style = tables.STYLES.get(name)
        if style is None and self._peek(at) == "{":
            style = tables.SWITCHES.get(name)
        if inside and style is not None:
            self.text(*inside, style)
            return inside[1] + 1
        if name in tables.SWITCHES:
            # At the top, TeX would go on to the end of the text; its author did not mean that.
            if self._depth > 1:
                self._style |= tables.SWITCHES[name]
            return self._skip_blanks(at)
        accent = name in tables.TEXT_ACCENTS and self._peek(at) in ("{", " ", "\\")
        if accent and (letter := self._accent(name, at)):
            self._show(letter[0])
            return letter[1]
        if char := tables.LETTERS.get(name) or tables.TEXT_SYMBOLS.get(name):
            self._show(char)
            return self._after_letter(name, at) if name in tables.LETTERS else self._after_word(at)
        if name in tables.SPACES or name in tables.SILENT:
            self._show(tables.SPACES.get(name, ""))
            return at if name in tables.SPACES else self._skip_blanks(self._after_word(at))
        for read in (self._with_arguments, self._structure):
            if (after := read(name, at)) is not None:
                return after
        return self._stray_formula(name, at)

    def _with_arguments(self, name: str, at: int) -> int | None:
        """Read a command of prose that does something to its arguments."""
        notes = []
        while name in tables.CITATIONS and (option := self._option(at)):
            notes.append(self._source[slice(*option)].replace("~", " "))
            at = option[1] + 1
        count, shown = tables.ARGUMENTS.get(name, (2 if name == "ion" else 1, 0))
        groups = self._groups(at, count)
        if not groups:
            return None
        first, body, after = groups[0], self._source[slice(*groups[0])], groups[-1][1] + 1
        if name in tables.ARGUMENTS:
            if shown is not None:
                self.text(*groups[shown])
        elif name in tables.CITATIONS:
            keys = [key.strip() for key in body.split(",")]
            self._show(f"[{', '.join(keys + notes)}]", Style.DIM)
        elif name in tables.REFERENCES:
            self._show(f"({body})" if name == "eqref" else f"[{body}]", Style.DIM)
        elif name in ("url", "nolinkurl", "path", "href"):
            label = self._group(self._skip_blanks(after)) if name == "href" else None
            if label and self._source[slice(*label)].strip():
                self.text(*label, link=target(unescaped(body)))
            else:
                self._show_link(body)
            after = label[1] + 1 if label else after
        elif name in tables.QUOTED:
            opening, closing = tables.QUOTED[name]
            self._show(f" {opening}" if opening == "(" and self._last.strip() else opening)
            self.text(*first)
            self._show(closing)
        elif name in tables.SCRIPTS:
            self._show(script(tables.SCRIPTS[name], self._aside(self.text, *first)[0]))
        elif name == "ce":
            self._show(_chemistry(body))
        elif name == "ion":
            self.text(*first)
            self._show("\xa0" + self._source[slice(*groups[1])].upper())
        elif name == "unicode" and (char := _character(body)):
            self._show(char)
        else:
            return None
        return after

    def _structure(self, name: str, at: int) -> int | None:
        """Read a break, an item of a list, or the start or end of an environment."""
        if name in ("par", "newline", "linebreak", "break"):
            self._show("\n\n" if name == "par" else " ")
        elif name == "item":
            option = self._option(at)
            self._show(f"\n{self._source[slice(*option)] if option else '•'} ")
            at = option[1] + 1 if option else at
        elif name in ("begin", "end"):
            environment = ENVIRONMENT.match(self._source, at - len(name) - 1, self._end)
            if not environment or environment[2] not in tables.PROSE_ENVIRONMENTS:
                return None
            self._show("\n")
            at = environment.end()
        else:
            return None
        return self._skip_blanks(self._after_word(at))

    def _stray_formula(self, name: str, at: int) -> int:
        """Read a command that belongs in a formula, but stands in prose; or show its source."""
        if name in tables.SYMBOLS or name in tables.OPERATORS:
            self._show(tables.SYMBOLS[name][1] if name in tables.SYMBOLS else name)
            # Authors mean the blank after it, unless it parts a symbol from its script.
            after = self._skip_blanks(at)
            return after if self._peek(after) in ("^", "_") else self._after_word(at)
        if self._has_arguments(name, at):
            atoms, at = self._built(name, at)
            self._show(typeset(atoms).strip(" "), Style.MATH)
            return at
        start, at = at - len(name) - 1, self._unknown_end(at)
        self._show(source(self._source[start:at]))
        return at

    def _has_arguments(self, name: str, at: int) -> bool:
        """Whether this is a command of formulas, with arguments that can only be its own."""
        if name not in BUILDERS:
            return bool(_FENCE_SIZE.fullmatch(name))
        if BUILDERS[name].option and (option := self._option(at)):
            at = option[1] + 1
        for _ in range(BUILDERS[name].takes):
            at = self._skip_blanks(at)
            token = _MATH.match(self._source, at, self._end)
            if inside := self._group(at):
                at = inside[1] + 1
            elif token and token.lastindex in (1, 2):
                at = token.end()
            elif self._peek(at).isalnum() and not self._peek(at + 1).isalpha():
                at += 1
            else:
                return False
        return True

    def _after_letter(self, name: str, at: int) -> int:
        """Skip the blank that TeX takes after a letter, if it stands inside a word."""
        inside_word = self._peek(at) == " " and (self._peek(at + 1).islower() or name == "S")
        unit = name == "AA" and self._source[: at - 3].rstrip(" ~$\xa0")[-1:].isdigit()
        return at + 1 if inside_word and not unit else self._after_word(at)

    def _after_word(self, at: int) -> int:
        """Skip the {} that ends a command."""
        return at + 2 if self._source.startswith("{}", at, self._end) else at

    # Showing

    def _show(self, text: str, style: Style | None = None) -> None:
        if self._last in ("", " ", "\n", "\xa0"):
            text = text.lstrip(" ") if self._last else text.lstrip(" \n")
        if text:
            if text[0] == "\n" and self._last == " ":
                last, looks, link = self.pieces.pop()
                self.pieces.append((last.rstrip(" "), looks, link))
            self._last = text[-1]
            looks = self._style | style if style else self._style
            self.pieces.append((text, looks, self._link))

    def _show_link(self, address: str) -> None:
        address = unescaped(address)
        outside, self._link = self._link, target(address)
        self._show(address)
        self._link = outside

    def _show_formula(self, at: int) -> int:
        formula = self._layout.formulas[at]
        if formula.after > self._end:
            self._show(self._source[at])
            return at + 1
        if _TEXT_IN_DOLLARS.fullmatch(self._source, formula.start, formula.end):
            self.text(formula.start, formula.end)
            return formula.after
        shown = typeset(self._atoms(formula.start, formula.end)).strip()
        if formula.display:
            self._show("\n")
            self._show(re.sub(r"(?m)^", "\xa0\xa0", shown), Style.MATH)
            self._show("\n")
        else:
            self._show(shown, Style.MATH)
        return formula.after

    def _aside(self, read: Callable[..., _Read], *arguments: Any) -> tuple[str, _Read]:
        """Return what `read` would show, as part of a formula, and what it returns."""
        outside = self.pieces, self._last, self._quote
        self.pieces, self._last = [], "("  # so that blanks at its edges stay
        result = read(*arguments)
        shown = ""
        for text, style, _ in self.pieces:
            text = text.translate(_BOLD) if Style.BOLD in style else text
            shown += source(text) if Style.DIM in style else text
        self.pieces, self._last, self._quote = outside
        return shown, result

    # Arguments

    def _peek(self, at: int) -> str:
        """Return the character at `at`, or "" beyond the end."""
        return self._source[at] if at < self._end else ""

    def _skip_blanks(self, at: int) -> int:
        while self._peek(at) == " ":
            at += 1
        return at

    def _group(self, at: int) -> tuple[int, int] | None:
        """Return the range inside the braces that open at `at`, if they do and are closed."""
        close = self._layout.braces.get(at, self._end) if self._peek(at) == "{" else self._end
        return (at + 1, close) if close < self._end else None

    def _groups(self, at: int, count: int) -> list[tuple[int, int]]:
        """Return the ranges of `count` groups that follow each other, or none."""
        found: list[tuple[int, int]] = []
        for _ in range(count):
            option = self._option(at)
            inside = self._group(self._skip_blanks(option[1] + 1 if option else at))
            if not inside:
                return []
            found.append(inside)
            at = inside[1] + 1
        return found

    def _option(self, at: int) -> tuple[int, int] | None:
        """Return the range inside the brackets that open at `at`, if they do and are closed."""
        option = _OPTION.match(self._source, at, self._end)
        return option.span(1) if option else None

    def _unknown_end(self, at: int) -> int:
        """Return where the arguments of an unknown command end."""
        while True:
            option = self._option(at)
            inside = self._group(option[1] + 1 if option else at)
            if not inside:
                return at
            at = inside[1] + 1

    # Formulas

    def _atoms(
        self, at: int, end: int, font: str | None = None, tight: bool | None = None
    ) -> list[Atom]:
        """Read a range of a formula; font and tightness are those around it, if not given."""
        if self._depth >= DEEPEST:
            return [("source", source(self._source[at:end]))]
        outside = self._end, self._font, self._tight
        self._end = end
        self._font = self._font if font is None else font
        self._tight = self._tight if tight is None else tight
        self._depth += 1
        atoms: list[Atom] = []
        while at < end:
            token = _MATH.match(self._source, at, end)
            assert token  # the expression takes any character
            at = self._atom(token, atoms)
        if self._font == "roman":  # letters next to each other are one word
            for place, ((kind, text), (following, _)) in enumerate(pairwise(atoms)):
                if kind == "word" and following in ("ord", "word"):
                    atoms[place] = ("ord", text)
        self._depth -= 1
        self._end, self._font, self._tight = outside
        return atoms

    def _atom(self, token: re.Match[str], atoms: list[Atom]) -> int:
        """Add what a token means to the atoms, and return what follows."""
        text, at = token[0], token.end()
        match token.lastindex:
            case 1:
                switch = tables.MATH_FONTS.get(token[1])
                if switch is not None and not self._takes_argument(token[1], at):
                    self._font = switch
                    return at
                found, at = self._built(token[1], at)
                atoms += found
            case 2:
                found, at = self._math_control(token[2], at)
                atoms += found
            case 3:
                digits = tables.FONTS.get(self._font, {})
                atoms.append(("ord", "".join(digits.get(char, char) for char in text)))
            case 5:
                atoms.append(("prime", {2: "″", 3: "‴"}.get(len(text), "′" * len(text))))
            case 6:
                return self._math_special(text, at, atoms)
            case 7 if self._font == "roman":  # not TeX's way, but what was meant
                atoms.append(("space", " "))
            case 8 if self._is_hyphen(at):
                atoms.append(("ord", "-"))
            case 4 | 8:
                atoms.append(self._letters(text))
        return at

    def _is_hyphen(self, at: int) -> bool:
        """Whether a minus before `at` stands between words of a font for words."""
        around = self._source[max(at - 3, 0) : at + 2]
        words = around[:2].isalpha() and around[2:3] == "-" and around[3:].isalpha()
        return words and len(around) == 5 and self._font in ("roman", "bold")

    def _math_special(self, char: str, at: int, atoms: list[Atom]) -> int:
        """Read one of { } ^ _ & ~ $, which stands before `at`."""
        if char in "^_":
            body, at = self._argument(at, None, True)
            nested = len(body) == 1 and body[0][0] in ("sup", "sub")
            atoms.append(
                ("sup" if char == "^" else "sub", body[0][1] if nested else typeset(body, True))
            )
        elif char == "{" and (inside := self._group(at - 1)):
            atoms += group(self._atoms(*inside), self._tight)
            return inside[1] + 1
        elif char in "{}":
            atoms.append(("open" if char == "{" else "close", char))
        elif char in "~&":
            atoms.append(("space", " "))
        return at

    def _takes_argument(self, name: str, at: int) -> bool:
        """Whether a font command is for one argument, not for the rest of its group."""
        return name.startswith(("math", "bo", "bm", "pmb", "Bbb")) or self._group(at) is not None

    def _argument(self, at: int, font: str | None, tight: bool | None) -> tuple[list[Atom], int]:
        """Read one argument: a group, a command with its own, or a single character."""
        at = self._skip_blanks(at)
        if inside := self._group(at):
            return self._atoms(*inside, font, tight), inside[1] + 1
        token = _MATH.match(self._source, at, self._end)
        if not token:
            return [], at
        if token.lastindex == 5:
            return [("prime", "′")], at + 1
        if token.lastindex in (1, 2) and self._depth >= DEEPEST:
            return [("source", source(token[0]))], token.end()
        outside = self._font, self._tight
        self._font = self._font if font is None else font
        self._tight = self._tight if tight is None else tight
        self._depth += 1
        if token.lastindex in (1, 2):
            read = self._built if token.lastindex == 1 else self._math_control
            atoms, at = read(token[token.lastindex], token.end())
        else:
            atoms, at = [self._letters(token[0][0])], at + 1
        self._depth -= 1
        self._font, self._tight = outside
        return atoms, at

    def _letters(self, text: str) -> Atom:
        """Return letters that stand together, or a single character, as an atom."""
        if self._font == "roman" and len(text) > 1:
            return "op" if text in tables.OPERATORS else "word", text
        kind = tables.KINDS.get(text, "ord")
        if letters := tables.FONTS.get(self._font):
            text = "".join(letters.get(char, char) for char in text)
        return kind, {"-": "−", "`": "‘"}.get(text, text)

    def _math_control(self, char: str, at: int) -> tuple[list[Atom], int]:
        """Read a command of one character that is no letter, in a formula."""
        if char in tables.SPACES:
            return [_ATOMS[char]], at
        if char == "\\":
            option = self._option(at)
            return [("punct", ";")], option[1] + 1 if option else at
        if char in "()[]":
            return [], at
        if char in "{}|":
            return [({"{": "open", "}": "close"}.get(char, "fence"), char.replace("|", "‖"))], at
        if char in tables.TEXT_ACCENTS and (letter := self._accent(char, at)):
            return [("ord", letter[0])], letter[1]
        return [("ord", char if char in "%$&#_'`\"~^" else source("\\" + char))], at

    def _built(self, name: str, at: int) -> tuple[list[Atom], int]:
        """Read a command named by letters, in a formula."""
        start = at - len(name) - 1
        if name == "deg" and (
            self._tight or self._source[max(start - 2, 0) : start].strip().isdigit()
        ):
            return [("ord", "°")], at
        if builder := BUILDERS.get(name):
            arguments = []
            if builder.option:
                option = self._option(at)
                arguments.append(self._atoms(*option, tight=True) if option else [])
                at = option[1] + 1 if option else at
            for _ in range(builder.takes):
                argument, at = self._argument(at, builder.font, builder.tight or None)
                arguments.append(argument)
            built = builder.build(name, self._tight, *arguments)
            return ([("source", source(self._source[start:at]))] if built is None else built), at
        if name in tables.STYLES or name in tables.SCRIPTS:
            return self._words(name, at)
        if atom := _ATOMS.get(name):
            kind, char = atom
            bold = self._font == "bold" and len(char) == 1
            return [(kind, char.translate(_BOLD) if bold else char)], at
        if _FENCE_SIZE.fullmatch(name):
            return self._fence(name, at)
        if name in tables.SILENT:
            return [], at
        if name in ("kern", "mkern", "hskip", "mskip") and (
            length := _LENGTH.match(self._source, at, self._end)
        ):
            return [("space", " ")], length.end()
        if name in ("begin", "end"):
            return self._environment(start, at)
        count, shown = tables.ARGUMENTS.get(name, (1, 0))
        groups = self._groups(at, count)
        after = groups[-1][1] + 1 if groups else at
        if groups and name in ("tag", "eqno", "leqno"):
            return [("space", "  "), ("ord", f"({self._source[slice(*groups[0])]})")], after
        if groups and name in tables.ARGUMENTS:
            space: list[Atom] = [("space", " ")] if name.endswith("space") else []
            return (space if shown is None else self._atoms(*groups[shown])), after
        known = tables.LETTERS.get(name) or tables.TEXT_SYMBOLS.get(name)
        # Authors use the other names of one letter, such as \P and \S, for macros of their own.
        if known and (len(name) > 1 or name in "ij"):
            return [("ord", known)], at
        if name in tables.TEXT_ACCENTS and groups and (letter := self._accent(name, at)):
            return [("ord", letter[0])], letter[1]
        words, end = self._aside(self._with_arguments, name, at)
        if end is not None:
            return [("text", words)], end
        at = self._unknown_end(at)
        return [("source", source(self._source[start:at]))], at

    def _words(self, name: str, at: int) -> tuple[list[Atom], int]:
        """Read prose in a formula."""
        inside = self._group(self._skip_blanks(at))
        if not inside:
            return [], at
        if "$" in self._source[slice(*inside)]:
            self._layout.find_formulas(*inside)
        style = tables.STYLES.get(name, Style.PLAIN) & Style.BOLD
        words, _ = self._aside(self.text, *inside, style)
        kind = {"^": "sup", "_": "sub"}.get(tables.SCRIPTS.get(name, ""), "text")
        return [(kind, words)], inside[1] + 1

    def _fence(self, name: str, at: int) -> tuple[list[Atom], int]:
        r"""Read the delimiter after \left, \big and the like."""
        body, at = self._argument(at, None, None)
        if not body or (body[0][1] == "." and name in ("left", "right", "middle")):
            return [], at
        kind, char = body[0]
        if name == "left" or name.endswith("l"):
            kind = "open"
        elif name == "right" or name.endswith("r"):
            kind = "close"
        return [(kind, {"<": "⟨", ">": "⟩"}.get(char, char)), *body[1:]], at

    def _environment(self, start: int, at: int) -> tuple[list[Atom], int]:
        """Read an environment that starts at `start`, on one line if it is part of a formula."""
        opening = ENVIRONMENT.match(self._source, start, self._end)
        close = self._layout.environments.get(start, self._end)
        closing = ENVIRONMENT.match(self._source, close, self._end)
        if not opening or not closing or close < start:
            return [("source", source(self._source[start:at]))], at
        name, at = opening[2].rstrip("*"), opening.end()
        if name in ("array", "subarray", "alignedat", "alignat"):
            columns = self._groups(at, 1)
            at = columns[0][1] + 1 if columns else at
        rows = [
            [cell for inside in row if (cell := typeset(self._atoms(*inside), self._tight).strip())]
            for row in self._rows(at, close)
        ]
        if name in tables.MATRICES:
            brackets = tables.MATRICES[name]
            body = "; ".join(" ".join(row) for row in rows if row)
            return [("open", brackets[0]), ("ord", body), ("close", brackets[1])], closing.end()
        between = ", " if name in ("cases", "dcases") else " "
        lines = [between.join(cell.rstrip(" ,;") for cell in row) for row in rows if row]
        if between == ", ":
            return [("open", "{ "), ("ord", "; ".join(lines))], closing.end()
        inner = name in ("split", "aligned", "gathered", "alignedat", "array", "subarray")
        return [("ord", ("; " if inner else "\n").join(lines))], closing.end()

    def _rows(self, at: int, end: int) -> list[list[tuple[int, int]]]:
        r"""Part an environment at its & and \\, and return the ranges of its cells."""
        rows: list[list[tuple[int, int]]] = [[]]
        start = at
        while token := _CELL_END.search(self._source, at, end):
            close, at = token.span()
            if token[0] == "{":
                at = self._layout.braces.get(close, close) + 1
            elif token[1] == "begin":
                at = max(at, self._layout.environments.get(close, at))
            elif token[0] == "&" or token[1] in ("\\", "cr"):
                rows[-1].append((start, close))
                if token[0] != "&":
                    rows.append([])
                    option = self._option(at)
                    if option and _LENGTH.fullmatch(self._source, *option):
                        at = option[1] + 1
                start = at
        rows[-1].append((start, end))
        return rows


def _dash(dashes: str, before: str, after: str) -> str:
    flag = before in ("", " ", "(", "\n") and after.isalpha()
    if dashes == "--" and not flag and after not in (">", "[") and before != "<":
        return "–"
    return "—" if dashes == "---" else dashes


def _chemistry(formula: str) -> str:
    """Set a chemical formula in the notation of mhchem."""
    formula = formula.replace("<=>", "⇌").replace("->", "→").replace("$", "")
    formula = re.sub(
        r"([_^])(?:\{([^{}]*)\}|(\d*[+-]|\w))", lambda m: script(m[1], m[2] or m[3] or ""), formula
    )
    formula = re.sub(r"(?<=[A-Za-z)\]])\d+", lambda m: script("_", m[0]), formula)
    return re.sub(r"(?<=[A-Za-z)\]₀-₉])[+-](?=$|\s)", lambda m: script("^", m[0]), formula)


def _character(code: str) -> str | None:
    if not (number := _CODE.fullmatch(code)):
        return None
    point = int(number[1], 16) if number[1] else int(number[2])
    return printable(chr(point)) if point < 0x110000 else None
