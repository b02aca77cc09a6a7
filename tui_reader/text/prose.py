"""Prose with TeX in it, read into styled fragments.

What authors write into arXiv's metadata is not quite TeX: `%`, `&` and `#` mean themselves,
nothing is defined, dollars may be money, and braces need not match. So this reads leniently, in
one pass, and shows as its exact source whatever it does not understand.
"""

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Callable, Sequence
from typing import TypeVar

from tui_reader.late import late
from tui_reader.text import symbols as tables
from tui_reader.text.clean import printable
from tui_reader.text.formula import FormulaParser
from tui_reader.text.ions import numbered_ion, numerals
from tui_reader.text.landmarks import TEX_ENVIRONMENT
from tui_reader.text.links import target, unescaped
from tui_reader.text.scanner import DEEPEST, TEX_LENGTH, Range, Scanner
from tui_reader.text.scripts import asymmetric, script
from tui_reader.text.spans import Style
from tui_reader.text.tree import Node, as_source
from tui_reader.text.typeset import typeset
from tui_reader.text.typography import Quotes, dash, is_tie
from tui_reader.text.width import INDENT

_PLAIN = r"[^\\${}^_~`'\n-]+"
_TOKEN = late(
    rf"({_PLAIN}(?:(?:-(?![->])|'(?=\w)){_PLAIN})*)|\\([A-Za-z]+)|\\(.)|([{{}}$^_~])|(``|''|[`'])|(-+)"
    r"|(\n+|\\)",
    re.DOTALL,
)
_POWER = late(r"[+-]?\d+(?![A-Za-z\d])|[+-](?!\d)")
_SYMBOL = late(r"\\([A-Za-z]+)")
_ERRORS = late(r"([_^])\{\s*([+-][\s\d.]+)\}\s*(?!\1)[_^]\{\s*([+-][\s\d.]+)\}")
_LITERAL_GROUP = late(r"[^\\{}$]*,[^\\{}$]*|[\d.]+")
_TEXT_IN_DOLLARS = late(
    r"\s*\\(?:href|url|text(?:bf|it|tt)|emph|unicode|footnote|ion|cite)\s*\{[^$]*\}\s*"
)
_OPENING_MARKS = ("(", "[", "{")
_OPENING_QUOTES = frozenset("‘“«„‚‹")
_CLOSING_MARKS = frozenset(".,;:!?)]'’”")
_LINKS = ("url", "nolinkurl", "path", "href")
_UNCLOSED = ("footnote", "url")
"""Commands that are left out, besides those of a style, where their argument does not end."""
_VERBATIM = ("verb", "lstinline")
_VERBATIM_BODY = late(r"\*?([^\sA-Za-z*{])(.{1,200}?)\1")
_TAKES = {"ion": 2, "SI": 2, "qty": 2, "SIrange": 3, "qtyrange": 3, "numrange": 2, "SIlist": 2}
_ROMAN = {
    str(at): numeral
    for at, numeral in enumerate(
        "I II III IV V VI VII VIII IX X XI XII XIII XIV XV XVI XVII XVIII".split(), 1
    )
}
_JOINED = late(
    r"(?:text)?mu\s+(?=(?:m|s|g|K|A|V|W|F|L|l|T|G|Jy|Hz|eV|as|rad|mol|M|sec|Gal|B)\b)|Lambda\s+(?=CDM)"
    r"|(?:[dD]elta|nabla|partial)\s+(?=[A-Za-z]\b)|[A-Za-z]+\s*(?=[_^])"
)
_EDGES = late(r"^ {2,}| {2,}$")
_MARKS = "".join(map(chr, range(0x300, 0x370)))

_JSON_CODE = late("(?:0[0-9a-f]|1e|20|21|22)[0-9a-f]{2}(?<!00[0-9][0-9a-f])", re.IGNORECASE)

Fragment = tuple[str, Style, str | None]
"""A stretch of text, how it looks, and where a click leads."""
_Read = TypeVar("_Read")


class ProseReader:
    """Reads a text into fragments; the formulas in it go through the parser, and are set."""

    def __init__(self, text: str) -> None:
        self.fragments: list[Fragment] = []
        self._source = text
        self._scan = Scanner(text)
        self._formulas = FormulaParser(self._scan, self)
        self._link_starts = sorted(self._scan.landmarks.links)
        self._style = Style.PLAIN
        self._link: str | None = None
        self._last = ""  # the last character shown
        self._quotes = Quotes()

    def formula(self) -> list[Node]:
        """Read all of it as one formula."""
        return self._formulas.nodes(0, len(self._source))

    def text(self, at: int, end: int, style: Style = Style.PLAIN, link: str | None = None) -> None:
        """Read a range of prose; `style` is added to the one around it."""
        outside = self._scan.end, self._style, self._link
        self._scan.end, self._style, self._link = end, self._style | style, link or self._link
        self._scan.depth += 1
        if self._scan.depth > DEEPEST:
            self._show(as_source(self._source[at:end]))
            at = end
        while at < end:
            at = self._token(at)
        self._scan.depth -= 1
        self._scan.end, self._style, self._link = outside

    def _token(self, at: int) -> int:
        stop = self._scan.end
        if self._link_starts and not self._link:
            if self._scan.landmarks.links.get(at, stop + 1) <= stop:
                self._show_link(self._source[at : self._scan.landmarks.links[at]])
                return self._scan.landmarks.links[at]
            following = bisect_right(self._link_starts, at)
            if following < len(self._link_starts):
                stop = min(stop, self._link_starts[following])
        token = _TOKEN.match(self._source, at, stop)
        token = token or _TOKEN.match(self._source, at, self._scan.end)
        assert token  # the expression takes any character
        kind, shown, start, at = token.lastindex, token[0], at, token.end()
        if start in self._scan.landmarks.formulas:
            return self._show_formula(start)
        match kind:
            case 2:
                return self._command(token[2], at)
            case 3:
                return self._control(token[3], at)
            case 4:
                return self._special(shown, at)
            case 5:
                shown = self._quotes.shown(shown, self._last, self._scan.peek(at))
            case 6:
                shown = dash(shown, self._last, self._scan.peek(at))
        self._show(shown)
        return at

    def _special(self, char: str, at: int) -> int:
        """Read one of { } $ ^ _ ~, which stands before `at`."""
        before = self._source[max(at - 2, 0) : at - 1]
        if char == "{" and (inside := self._scan.group(at - 1)):
            body = self._source[slice(*inside)]
            literal = before in ("", " ", "(", "=") and (
                _LITERAL_GROUP.fullmatch(body) or self._scan.peek(inside[1] + 1) == "^"
            )
            if literal:
                self._show("{")
            self.text(*inside)
            if literal:
                self._show("}")
            return inside[1] + 1
        if char in "^_" and self._last.strip():
            return self._script(char, at)
        if char == "~":
            if is_tie(self._source, at - 1, self._scan.end):
                char = "\xa0"
            elif before == "$" and self._last.isalnum() and not self._last.isdecimal():
                char = " ~"
        self._show(char)
        return at

    def _script(self, char: str, at: int) -> int:
        """Read a script outside a formula, where it can't be anything else."""
        if errors := _ERRORS.match(self._source, at - 1, self._scan.end):
            up, down = errors[2], errors[3]
            if pair := asymmetric(up, down) or asymmetric(down, up):
                self._show(pair)
                return errors.end()
        symbol = _SYMBOL.match(self._source, at, self._scan.end)
        if inside := self._scan.group(at):
            body, at = typeset(self._formulas.nodes(*inside), True), inside[1] + 1
        elif char == "^" and (power := _POWER.match(self._source, at, self._scan.end)):
            body, at = power[0], power.end()
        elif self._takes_script(char) and self._scan.peek(at).isalnum():
            body, at = self._scan.peek(at), at + 1
        elif symbol and symbol[1] in tables.SYMBOLS:
            body, at = tables.SYMBOLS[symbol[1]][1], symbol.end()
        else:
            self._show(char)
            return at
        self._show(script(char, body, self._scan.peek(at)))
        return at

    def _takes_script(self, char: str) -> bool:
        """Whether a letter alone after this sign is a script of what was shown last."""
        power = char == "^" and self._last in tables.FONTS["bb"].values()
        return power or tables.KINDS.get(self._last) == "bigop"

    def _control(self, char: str, at: int) -> int:
        """Read a command of one character that is no letter."""
        if char in tables.TEXT_ACCENTS:
            if letter := self.accented(char, at):
                self._show(letter[0])
                return letter[1]
            self._show(char if char in "'`\"~" else "\\" + char)
        elif char in "%$&#_{}+" or char.isalpha():
            self._show(char)
        else:
            known = {"\\": " ", "|": "‖"} | tables.SPACES
            self._show(known.get(char, "\\" + char))
            if char == "\\":
                at += self._scan.peek(at) == "*"
                option = self._scan.option(at)
                if option and TEX_LENGTH.fullmatch(self._source, *option):
                    at = option[1] + 1
        return at

    def accented(self, name: str, at: int) -> tuple[str, int] | None:
        """Read the letter an accent belongs to; return it accented, and where it ends."""
        mark = tables.TEXT_ACCENTS[name]
        at = self._scan.skip_blanks(at)
        if self._scan.peek(at).isalpha():
            return self._scan.peek(at) + mark, at + 1
        second = tables.TEXT_ACCENTS.get(self._scan.peek(at + 1))
        if second and self._scan.peek(at) == "\\" and self._scan.peek(at + 2).isalpha():
            return _composed(self._scan.peek(at + 2), second + mark), at + 3
        if self._source.startswith("{}", at) and name in "^~":
            return name, at + 2
        if inside := self._scan.group(at):
            body = unicodedata.normalize("NFD", self.words(inside))
            first = tables.DOTLESS.get(body[:1], body[:1])
            marks = len(body[1:]) - len(body[1:].lstrip(_MARKS)) + 1
            if first and not first.isalpha():  # reading it again would take exponential time
                return ("" if name in "'`\"~" else "\\") + name + body, inside[1] + 1
            accents = body[1:marks] + (mark if body else "")
            return _composed(first, accents) + body[marks:], inside[1] + 1
        if command := _SYMBOL.match(self._source, at, self._scan.end):
            letter = tables.LETTERS.get(command[1], "")
            if len(letter) == 1:
                return tables.DOTLESS.get(letter, letter) + mark, self._after_word(command.end())
        return None

    def _command(self, name: str, at: int) -> int:
        """Read a command named by letters, in prose."""
        inside = self._scan.group(self._scan.skip_blanks(self._scan.after_star(name, at)))
        style = tables.STYLES.get(name)
        if style is None and self._scan.peek(at) == "{":
            style = tables.SWITCHES.get(name)
        if inside and style is not None:
            self.text(*inside, style)
            return inside[1] + 1
        if self._scan.peek(at) == "{" and not inside and (style is not None or name in _UNCLOSED):
            self._show(" (" if name == "footnote" else "")
            return at + 1
        if name in tables.SWITCHES:
            # At the top, TeX would go on to the end of the text; its author did not mean that.
            if self._scan.depth > 1:
                self._style |= tables.SWITCHES[name]
            return self._scan.skip_blanks(at)
        accent = name in tables.TEXT_ACCENTS and self._scan.peek(at) in ("{", " ", "\\")
        if accent and (letter := self.accented(name, at)):
            self._show(letter[0])
            return letter[1]
        if char := tables.LETTERS.get(name) or tables.TEXT_SYMBOLS.get(name):
            full_stop = char[-1] == "." and self._scan.peek(at) == "."
            self._show(char[:-1] if full_stop else char)
            if char in _OPENING_QUOTES:
                return self._scan.skip_blanks(at)
            if name == "textmu" and (joined := _JOINED.match(self._source, at - len(name))):
                return joined.end()
            return self._after_letter(name, at) if name in tables.LETTERS else self._after_word(at)
        if name == "u" and (code := _JSON_CODE.match(self._source, at, self._scan.end)):
            self._show(printable(chr(int(code[0], 16))))
            return code.end()
        if name[-1] in "IVX" and (ion := numbered_ion(name)):
            self._show(ion)
            return self._after_word(at)
        if unit := tables.UNITS.get(name):
            self._show(f"\xa0{unit}" if self._last.isdigit() else unit)
            return self._after_word(at)
        if name in tables.SPACES or name in tables.SILENT:
            self._show(tables.SPACES.get(name, ""))
            return at if name in tables.SPACES else self._scan.skip_blanks(self._after_word(at))
        for read in (self._with_arguments, self._structure):
            if (after := read(name, at)) is not None:
                return after
        return self._stray_formula(name, at)

    def _with_arguments(self, name: str, at: int) -> int | None:
        """Read a command of prose that does something to its arguments."""
        scan = self._scan
        if name in _VERBATIM and (verbatim := _VERBATIM_BODY.match(self._source, at, scan.end)):
            self._show(verbatim[2], Style.MONO)
            return verbatim.end()
        at = scan.after_star(name, at)
        notes = []
        while name in tables.CITATIONS and (option := scan.option(at)):
            notes.append(self._source[slice(*option)].replace("~", " "))
            at = option[1] + 1
        count, _ = tables.ARGUMENTS.get(name, (_TAKES.get(name, 1), 0))
        groups = scan.groups(at, count)
        if not groups:
            return None
        after = groups[-1][1] + 1
        if name in _LINKS:
            return self._linked(name, groups[0], after)
        return after if self._show_done(name, groups, notes) else None

    def _show_done(self, name: str, groups: Sequence[Range], notes: Sequence[str]) -> bool:
        """Show what a command makes of its arguments; return whether it is known."""
        sources = [self._source[slice(*inside)] for inside in groups]
        if name in tables.ARGUMENTS:
            _, shown = tables.ARGUMENTS[name]
            if shown is not None:
                self.text(*groups[shown])
        elif name in tables.CITATIONS:
            keys = [key.strip() for key in sources[0].split(",")]
            *before, after = notes or [""]
            cited = " ".join((*before, ", ".join(filter(None, (*keys, after))))).strip()
            self._show(f"[{cited}]", Style.DIM)
        elif name in tables.REFERENCES:
            self._show(f"({sources[0]})" if name == "eqref" else f"[{sources[0]}]", Style.DIM)
        elif name in tables.QUOTED:
            opening, closing = tables.QUOTED[name]
            self._show(f" {opening}" if opening == "(" and self._last.strip() else opening)
            self.text(*groups[0])
            self._show(closing)
        elif name in tables.SCRIPTS:
            self._show(script(tables.SCRIPTS[name], self.words(groups[0])))
        elif name in tables.NOTATION_COMMANDS:
            from tui_reader.text.notations import NOTATIONS  # late: few texts need it

            if (text := NOTATIONS[name](*sources)) is None:
                return False
            self._show(text)
        elif name == "ion":
            self.text(*groups[0])
            state = sources[1].strip()
            self._show("\xa0" + _ROMAN.get(state, state.upper()))
        else:
            return False
        return True

    def _linked(self, name: str, address: Range, after: int) -> int:
        """Read a link, with its label if it may have one."""
        source = self._source[slice(*address)]
        label = self._scan.group(self._scan.skip_blanks(after)) if name == "href" else None
        if label and self._source[slice(*label)].strip():
            self.text(*label, link=target(unescaped(source)))
        else:
            self._show_link(source)
        return label[1] + 1 if label else after

    def _structure(self, name: str, at: int) -> int | None:
        """Read a break, an item of a list, or the start or end of an environment."""
        if name in tables.LENGTHS:
            at = self._scan.after_length(at)
        elif name in ("par", "newline", "linebreak", "break"):
            self._show("\n\n" if name == "par" else " ")
        elif name == "item":
            option = self._scan.option(at)
            self._show(f"\n{self._source[slice(*option)] if option else '•'} ")
            at = option[1] + 1 if option else at
        elif name in ("begin", "end"):
            environment = TEX_ENVIRONMENT.match(self._source, at - len(name) - 1, self._scan.end)
            if not environment or environment[2] not in tables.PROSE_ENVIRONMENTS:
                return None
            self._show("\n")
            at = environment.end()
        else:
            return None
        return self._scan.skip_blanks(self._after_word(at))

    def _stray_formula(self, name: str, at: int) -> int:
        """Read a command that belongs in a formula, but stands in prose; or show its source."""
        scan = self._scan
        quotient = name[0].isupper() and self._last not in ("", *" (\xa0\n")  # as in H\SL(2, R)
        signs = tables.SYMBOLS.get(name, ("", ""))[1] or tables.BLACKBOARD.get(name, "")
        if signs or (name in tables.OPERATORS and not quotient):
            self._show(signs or name)
            # Authors mean the blank after it, unless it parts a symbol from what belongs to it.
            joined = _JOINED.match(self._source, at - len(name), scan.end)
            return joined.end() if joined else self._after_word(at)
        if self._formulas.has_arguments(name, at):
            nodes, at = self._formulas.command(name, at)
            self._show(typeset(nodes).strip(" "), Style.MATH)
            return at
        shown, at = scan.unknown(at - len(name) - 1, at)
        self._show(as_source(shown))
        return at

    def _after_letter(self, name: str, at: int) -> int:
        """Skip the blank that TeX takes after a letter, if it stands inside a word."""
        before_word = self._scan.peek(at + 1).islower() or name == "S"
        inside_word = self._scan.peek(at) == " " and before_word
        unit = name == "AA" and self._source[: at - 3].rstrip(" ~$\xa0")[-1:].isdigit()
        return at + 1 if inside_word and not unit else self._after_word(at)

    def _after_word(self, at: int) -> int:
        """Skip the {} that ends a command."""
        return at + 2 if self._source.startswith("{}", at, self._scan.end) else at

    def _show(self, text: str, style: Style | None = None) -> None:
        if self._last in ("", " ", "\n", "\xa0"):
            text = (
                text.lstrip(" \xa0" if self._last in " \xa0" else " ")
                if self._last
                else text.lstrip(" \n")
            )
        if Style.SMALL_CAPS in self._style:
            text = numerals(text)
        if text:
            if text[0] == "\n" and self._last == " ":
                last, looks, link = self.fragments.pop()
                self.fragments.append((last.rstrip(" "), looks, link))
            self._last = text[-1]
            looks = self._style | style if style else self._style
            self.fragments.append((text, looks, self._link))

    def _show_link(self, address: str) -> None:
        address = unescaped(address)
        outside, self._link = self._link, target(address)
        self._show(address)
        self._link = outside

    def _show_formula(self, at: int) -> int:
        formula = self._scan.landmarks.formulas[at]
        if formula.after > self._scan.end:
            self._show(self._source[at])
            return at + 1
        if _TEXT_IN_DOLLARS.fullmatch(self._source, formula.start, formula.end):
            self.text(formula.start, formula.end)
            return formula.after
        shown = typeset(self._formulas.nodes(formula.start, formula.end))
        if formula.display:
            self._show("\n")
            self._show(re.sub(r"(?m)^", INDENT, shown.strip()), Style.MATH)
            self._show("\n")
            return formula.after
        if shown[-1:] == " " and self._scan.peek(formula.after) in _CLOSING_MARKS:
            shown = shown.rstrip()
        if self._last in _OPENING_MARKS:
            shown = shown.lstrip()
        self._show(_EDGES.sub(" ", shown), Style.MATH)
        return formula.after

    # What formulas ask for

    def words(self, inside: Range, style: Style = Style.PLAIN) -> str:
        """Return what a range of prose shows, as one text of a formula."""
        return self._aside(lambda: self.text(*inside, style))[0]

    def command_words(self, name: str, at: int) -> tuple[str, int | None]:
        """Return what a command of prose shows, and where it ends; nowhere if it is none."""
        return self._aside(lambda: self._with_arguments(name, at))

    def _aside(self, read: Callable[[], _Read]) -> tuple[str, _Read]:
        """Return what `read` would show, as part of a formula, and what it returns."""
        outside = self.fragments, self._last, self._quotes
        self.fragments, self._last = [], "("  # so that blanks at its edges stay
        self._quotes = Quotes()
        result = read()
        shown = ""
        for text, style, _ in self.fragments:
            text = text.translate(tables.BOLD) if Style.BOLD in style else text
            shown += as_source(text) if Style.DIM in style else text
        self.fragments, self._last, self._quotes = outside
        return shown, result


def _composed(letter: str, marks: str) -> str:
    """Return a letter under its marks, in one character where there is one."""
    one = unicodedata.normalize("NFC", letter + marks[::-1])  # authors take either order
    return one if len(one) == 1 else unicodedata.normalize("NFC", letter + marks)
