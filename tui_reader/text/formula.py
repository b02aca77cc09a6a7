"""The TeX of a formula, read to its tree: the one parser of formulas, whatever sets them."""

import re
from itertools import pairwise
from typing import Final, Protocol

from tui_reader.late import late
from tui_reader.text import symbols as tables
from tui_reader.text.builders import BUILDERS, Builder, group
from tui_reader.text.ions import numbered_ion, numerals
from tui_reader.text.landmarks import TEX_ENVIRONMENT
from tui_reader.text.scanner import DEEPEST, TEX_LENGTH, Range, Scanner
from tui_reader.text.spans import Style
from tui_reader.text.tree import (
    Accent,
    Atom,
    Brace,
    Fraction,
    Group,
    Node,
    Nodes,
    Pair,
    Script,
    Table,
    as_source,
)

_TOKEN = late(
    r"\\([A-Za-z]+)|\\(.)|((?<!,)\d{1,3}(?:,\d{3})+(?![\d,])(?:\.\d+)?|\d+(?:\.\d+)*)|([A-Za-z]+)"
    r"|('+)|([{}^_&~$])|(\s+)|(.)",
    re.DOTALL,
)
_CELL_END = late(r"\\([A-Za-z]+|.)|[{&]", re.DOTALL)
_SUPERSYMMETRY = late(r"\s*=\s*[\d(]")
_INFIX = late(rf"\\(?:{'|'.join(tables.INFIX)})(?![A-Za-z])")
_CASES = late(r"\s*(?:\\displaystyle)?\s*(\\begin)\s*\{(?:array|matrix|aligned|gathered|split)\}")
_DELIMITED = ("(", "[", "|", r"\{", r"\left.")
"""What may stand before a matrix that brings no brackets of its own."""
_FONTS_OF_NAMES: Final = {
    "c": "cal", "cal": "cal", "scr": "cal", "bb": "bb", "frak": "frak", "b": "bold", "bf": "bold",
}  # fmt: skip
_FONTED = late(r"(?:(c|cal|scr|bb)[A-Z]|(frak|bf?)[A-Za-z])")
"""What authors call a letter in a font, without a package: as in `cL`, `bbR`, `frakg`, `bx`."""
_NULL_FENCE = late(r"\\end\s*\{[a-z]+\}\s*\\right\s*\.")
_FENCE_SIZE = late(r"[bB]igg?[lrm]?|left|right|middle")
_RULE = re.compile(r"(?:\s*\\(?:hline|midrule|toprule|bottomrule))+\s*")
_FOR_WORDS = frozenset(("roman", "caps"))

_ATOMS: Final[dict[str, Atom]] = {
    **{name: ("space", blank.replace("\xa0", " ")) for name, blank in tables.SPACES.items()},
    **{name: ("infix", name) for name in tables.INFIX},
    **dict.fromkeys(("bmod", "mod"), ("rel", "mod")),
    **{name: ("op", name) for name in tables.OPERATORS},
    **tables.SYMBOLS,
    **{name: ("ord", char) for name, char in tables.BLACKBOARD.items()},
}
"""Commands of formulas that are one atom."""
_BLANK: Final = ("space", " ")


class Prose(Protocol):
    """What reads the prose in a formula. It is shown as it is in a text, in one piece."""

    def words(self, inside: Range, style: Style) -> str:
        """Read a range of prose."""

    def accented(self, name: str, at: int) -> tuple[str, int] | None:
        """Read the letter that an accent of text belongs to, as Scanner says."""

    def command_words(self, name: str, at: int) -> tuple[str, int | None]:
        """Read a command of prose; nowhere if it is none."""


class FormulaParser:
    """Reads ranges of one source as formulas."""

    def __init__(self, scanner: Scanner, prose: Prose) -> None:
        self._scan = scanner
        self._source = scanner.text
        self._prose = prose
        self._has_infixes = _INFIX.search(scanner.text) is not None
        self._font = ""
        self._in_script = False

    def nodes(self, at: int, end: int, font: str | None = None) -> list[Node]:
        """Read a range of a formula, in the font around it if none is given."""
        scan = self._scan
        if scan.depth >= DEEPEST:
            return [("source", as_source(self._source[at:end]))]
        outside = scan.end, self._font
        scan.end = end
        self._font = self._font if font is None else font
        scan.depth += 1
        nodes: list[Node] = []
        while at < end:
            token = _TOKEN.match(self._source, at, end)
            assert token  # the expression takes any character
            at = self._read(token, nodes)
        if self._font in _FOR_WORDS:
            _part_letters(nodes)
        if self._has_infixes:
            nodes = _split(nodes)
        scan.depth -= 1
        scan.end, self._font = outside
        return nodes

    def _read(self, token: re.Match[str], nodes: list[Node]) -> int:
        """Add what a token means to the nodes, and return what follows."""
        text, at = token[0], token.end()
        match token.lastindex:
            case 1:
                switch = tables.MATH_FONTS.get(token[1])
                if switch is not None and not self._takes_argument(token[1], at):
                    self._font = switch
                    return self._scan.skip_blanks(at) if switch in _FOR_WORDS else at
                found, at = self.command(token[1], at)
                nodes += found
                return self._scan.skip_blanks(at) if self._font in _FOR_WORDS else at
            case 2:
                found, at = self._control(token[2], at)
                nodes += found
            case 3:
                digits = tables.FONTS.get(self._font, {})
                nodes.append(("ord", "".join(digits.get(char, char) for char in text)))
            case 5:
                nodes.append(("prime", {2: "″", 3: "‴"}.get(len(text), "′" * len(text))))
            case 6:
                return self._special(text, at, nodes)
            case 7 if self._font in _FOR_WORDS and nodes and at < self._scan.end:
                nodes.append(("space", " "))  # not TeX's way, but what was meant
            case 8 if self._is_hyphen(at):
                nodes.append(("ord", "-"))
            case 4 | 8:
                nodes.append(self._letters(text))
        return at

    def _is_hyphen(self, at: int) -> bool:
        """Whether a minus before `at` stands between words of a font for words."""
        around = self._source[max(at - 3, 0) : at + 2]
        words = around[:2].isalpha() and around[2:3] == "-" and around[3:].isalpha()
        return words and len(around) == 5 and self._font in ("roman", "caps", "bold")

    def _special(self, char: str, at: int, nodes: list[Node]) -> int:
        """Read one of { } ^ _ & ~ $, which stands before `at`."""
        if char in "^_":
            outside, self._in_script = self._in_script, True
            body, at = self._argument(at, None)
            self._in_script = outside
            if len(body) == 1 and isinstance(body[0], Script):
                nodes.append(Script(char, body[0].body))
            else:
                nodes.append(Script(char, body))
        elif char == "{" and (inside := self._scan.group(at - 1)):
            at = inside[1] + 1
            body = group(self.nodes(*inside))
            nodes += [Group(body)] if _torn(body, self._scan.peek(at)) else body
            return at
        elif char in "{}":
            nodes.append(("open" if char == "{" else "close", char))
        elif char in "~&":
            nodes.append(("space", " "))
        return at

    def _takes_argument(self, name: str, at: int) -> bool:
        """Whether a font command is for one argument, not for the rest of its group."""
        fonts = ("math", "bo", "bm", "pmb", "Bbb", "mc", "mf", "mr", "bs")
        return name.startswith(fonts) or self._scan.group(at) is not None

    def _argument(self, at: int, font: str | None) -> tuple[list[Node], int]:
        """Read one argument: a group, a command with its own, or a single character."""
        scan = self._scan
        at = scan.skip_blanks(at)
        if inside := scan.group(at):
            return self.nodes(*inside, font), inside[1] + 1
        token = _TOKEN.match(self._source, at, scan.end)
        if not token:
            return [], at
        if token.lastindex == 5:
            return [("prime", "′")], at + 1
        if token.lastindex in (1, 2) and scan.depth >= DEEPEST:
            return [("source", as_source(token[0]))], token.end()
        outside = self._font
        self._font = self._font if font is None else font
        scan.depth += 1
        nodes: list[Node]
        if token.lastindex in (1, 2):
            read = self.command if token.lastindex == 1 else self._control
            nodes, at = read(token[token.lastindex], token.end())
        else:
            nodes, at = [self._letters(token[0][0])], at + 1
        scan.depth -= 1
        self._font = outside
        return nodes, at

    def _letters(self, text: str) -> Atom:
        """Return letters that stand together, or a single character, as an atom."""
        if self._font == "caps":
            text = numerals(text)
        if self._font in _FOR_WORDS and len(text) > 1:
            return "op" if text in tables.OPERATORS else "word", text
        kind = tables.KINDS.get(text, "ord")
        if letters := tables.FONTS.get(self._font):
            text = "".join(letters.get(char, char) for char in text)
        return kind, {"-": "−", "`": "‘"}.get(text, text)

    def _control(self, char: str, at: int) -> tuple[list[Node], int]:
        """Read a command of one character that is no letter."""
        if char in tables.SPACES:
            return [_ATOMS[char]], at
        if char == "\\":
            return [("punct", ";")], self._scan.after_option(at)
        if char in "()[]":
            return [], at
        if char in "{}|":
            return [({"{": "open", "}": "close"}.get(char, "fence"), char.replace("|", "‖"))], at
        if char in tables.TEXT_ACCENTS and (letter := self._prose.accented(char, at)):
            return [("ord", letter[0])], letter[1]
        return [("ord", char if char in "%$&#_'`\"~^" else as_source("\\" + char))], at

    def command(self, name: str, at: int) -> tuple[list[Node], int]:
        """Read a command named by letters."""
        start = at - len(name) - 1
        if name == "deg" and (self._in_script or self._after_number(start)):
            return [("ord", "°")], at
        builder = BUILDERS.get(name)
        if builder and (built := self._built(name, builder, at)):
            nodes, end = built
            return ([Group(nodes)] if _torn(nodes, self._scan.peek(end)) else nodes), end
        if name in tables.STYLES or name in tables.SCRIPTS:
            return self._words(name, at)
        if atom := _ATOMS.get(name):
            kind, char = atom
            if name == "N" and _SUPERSYMMETRY.match(self._source, at):
                char = "𝒩"
            bold = self._font == "bold" and len(char) == 1
            return [(kind, char.translate(tables.BOLD) if bold else char)], at
        if _FENCE_SIZE.fullmatch(name):
            return self._fence(name, at)
        if name in tables.SILENT:
            return [], at
        if name in tables.LENGTHS:
            return [], self._scan.after_length(at)
        if name in ("kern", "mkern", "hskip", "mskip") and (
            length := TEX_LENGTH.match(self._source, at, self._scan.end)
        ):
            return [("space", " ")], length.end()
        if name in ("begin", "end"):
            return self._environment(start, at)
        return self._command_of_text(name, at)

    def _after_number(self, at: int) -> bool:
        return self._source[max(at - 4, 0) : at].rstrip("$ \n~")[-1:].isdigit()

    def _built(self, name: str, builder: Builder, at: int) -> tuple[list[Node], int] | None:
        """Read a command with its arguments; None if it has to have them in braces, and has not."""
        scan = self._scan
        at = scan.after_star(name, at)
        arguments: list[Nodes] = []
        if builder.option:
            option = scan.option(at)
            arguments.append(self.nodes(*option) if option else [])
            at = option[1] + 1 if option else at
        state = name.endswith(("ket", "bra")) and scan.peek(at) == "\\"
        while name == "not" and self._source.startswith("\\!", at):
            at += 2
        if builder.braced and not state and not scan.group(scan.skip_blanks(at)):
            return None
        for _ in range(builder.takes):
            argument, at = self._argument(at, builder.font)
            arguments.append(argument)
        for _ in range(builder.more):
            if inside := scan.group(at):
                arguments.append(self.nodes(*inside))
                at = inside[1] + 1
        return builder.build(name, *arguments), at

    def _command_of_text(self, name: str, at: int) -> tuple[list[Node], int]:
        """Read a command that is known from prose, or shown as source."""
        scan = self._scan
        start = at - len(name) - 1
        at = scan.after_star(name, at)
        count, shown = tables.ARGUMENTS.get(name, (1, 0))
        groups = scan.groups(at, count)
        after = groups[-1][1] + 1 if groups else at
        if groups and name in ("tag", "eqno", "leqno"):
            return [("space", "  "), ("ord", f"({self._prose_words(groups[0])})")], after
        if groups and (table := tables.BRACED_TABLES.get(name)):
            return [self._table(table, *groups[0])], after
        if groups and name in tables.ARGUMENTS:
            space: list[Node] = [("space", " ")] if name.endswith("space") else []
            return (space if shown is None else self.nodes(*groups[shown])), after
        if name[-1] in "IVX" and (ion := numbered_ion(name)):
            return [("word", ion)], at
        if unit := tables.UNITS.get(name):
            return [*([_BLANK] if self._after_number(start) else []), ("word", unit)], at
        known = tables.LETTERS.get(name) or tables.TEXT_SYMBOLS.get(name)
        # Authors use the other names of one letter, such as \P and \S, for macros of their own.
        if known and (len(name) > 1 or name in "ij"):
            return [("ord", known)], at
        if name in tables.TEXT_ACCENTS and groups and (letter := self._prose.accented(name, at)):
            return [("ord", letter[0])], letter[1]
        words, end = self._prose.command_words(name, at)
        if end is not None:
            return [("text", words)], end
        if fonted := _FONTED.fullmatch(name):
            font, char = fonted[1] or fonted[2], name[-1]
            known_font = "bb" if font == "b" and char in "CNQRZ" else _FONTS_OF_NAMES[font]
            return [("ord", tables.FONTS[known_font][char])], at
        unknown, after = scan.unknown(start, at)
        return [("source", as_source(unknown))], after

    def _words(self, name: str, at: int) -> tuple[list[Node], int]:
        """Read prose."""
        scan = self._scan
        inside = scan.group(scan.skip_blanks(at))
        if not inside:
            return [], at
        style = tables.STYLES.get(name, Style.PLAIN) & (Style.BOLD | Style.SMALL_CAPS)
        text: Node = ("text", self._prose_words(inside, style))
        if sign := tables.SCRIPTS.get(name):
            text = Script(sign, [text])
        return [text], inside[1] + 1

    def _prose_words(self, inside: Range, style: Style = Style.PLAIN) -> str:
        if "$" in self._source[slice(*inside)]:
            self._scan.landmarks.find_formulas(*inside)
        return self._prose.words(inside, style)

    def _fence(self, name: str, at: int) -> tuple[list[Node], int]:
        """Read the delimiter after the command for its size."""
        scan = self._scan
        body, at = self._argument(at, None)
        if not body or not isinstance(body[0], tuple):
            return body, at
        kind, char = body[0]
        if name == "left" and char == "{" and (cases := _CASES.match(self._source, at, scan.end)):
            close = scan.landmarks.environments.get(cases.start(1), at)
            if null := _NULL_FENCE.match(self._source, close, scan.end):
                nodes, _ = self._environment(cases.start(1), cases.end(1) + 6, "cases")
                return nodes, null.end()
        if char == "." and name in ("left", "right", "middle"):
            return [({"left": "open", "right": "close"}.get(name, "ord"), "")], at
        if name == "middle":
            return [("middle", char), *body[1:]], at
        if name == "left" or name.endswith("l"):
            kind = "open"
        elif name == "right" or name.endswith("r"):
            kind = "close"
        return [(kind, {"<": "⟨", ">": "⟩"}.get(char, char)), *body[1:]], at

    def _environment(self, start: int, at: int, shape: str = "") -> tuple[list[Node], int]:
        """Read an environment that starts at `start`; `shape` if it is not that of its name."""
        scan = self._scan
        opening = TEX_ENVIRONMENT.match(self._source, start, scan.end)
        close = scan.landmarks.environments.get(start, scan.end)
        closing = TEX_ENVIRONMENT.match(self._source, close, scan.end)
        if not opening or not closing or close < start:
            return [("source", as_source(self._source[start:at]))], at
        name, at = opening[2].rstrip("*"), scan.after_option(opening.end())
        if name in ("matrix", "smallmatrix") and self._source[
            max(start - 9, 0) : start
        ].rstrip().endswith(_DELIMITED):
            shape = shape or "array"
        columns = ""
        if name in ("array", "subarray", "alignedat", "alignat", "tabular"):
            groups = scan.groups(at, 1)
            at = groups[0][1] + 1 if groups else at
            columns = self._source[slice(*groups[0])] if groups else ""
        return [self._table(shape or name, at, close, columns)], closing.end()

    def _table(self, name: str, at: int, end: int, columns: str = "") -> Table:
        rows: list[list[list[Node]]] = []
        for (first, last), *others in self._cells(at, end):
            if rule := _RULE.match(self._source, first, last):
                rows.append([])
                first = rule.end()
                if first == last and not others:
                    continue
            rows.append([self.nodes(*cell) for cell in ((first, last), *others)])
        return Table(name, rows, columns)

    def _cells(self, at: int, end: int) -> list[list[Range]]:
        """Return the ranges of the cells of an environment, by rows."""
        rows: list[list[Range]] = [[]]
        start = at
        while token := _CELL_END.search(self._source, at, end):
            close, at = token.span()
            if token[0] == "{":
                at = self._scan.landmarks.braces.get(close, close) + 1
            elif token[1] == "begin":
                at = max(at, self._scan.landmarks.environments.get(close, at))
            elif token[0] == "&" or token[1] in ("\\", "cr", "newline"):
                rows[-1].append((start, close))
                if token[0] != "&":
                    rows.append([])
                    option = self._scan.option(at)
                    if option and TEX_LENGTH.fullmatch(self._source, *option):
                        at = option[1] + 1
                start = at
        rows[-1].append((start, end))
        return rows

    def has_arguments(self, name: str, at: int) -> bool:
        """Whether this is a command of formulas, with arguments that can only be its own."""
        scan = self._scan
        if name not in BUILDERS:
            return bool(_FENCE_SIZE.fullmatch(name))
        at = scan.after_star(name, at)
        if BUILDERS[name].option:
            at = scan.after_option(at)
        for _ in range(BUILDERS[name].takes):
            at = scan.skip_blanks(at)
            token = _TOKEN.match(self._source, at, scan.end)
            if inside := scan.group(at):
                at = inside[1] + 1
            elif token and token.lastindex in (1, 2):
                at = token.end()
            elif scan.peek(at).isalnum() and not scan.peek(at + 1).isalpha():
                at += 1
            else:
                return False
        return True


def _part_letters(nodes: list[Node]) -> None:
    """Let upright letters that stand next to others not be words of their own."""
    for place, (node, following) in enumerate(pairwise(nodes)):
        letters = isinstance(following, tuple) and following[0] in ("ord", "word")
        joined = letters or isinstance(following, Accent)
        if joined and isinstance(node, tuple) and node[0] == "word":
            nodes[place] = ("ord", node[1])


def _split(nodes: list[Node]) -> list[Node]:
    """Make what stands around an infix command its two parts."""
    infixes = [
        at for at, node in enumerate(nodes) if isinstance(node, tuple) and node[0] == "infix"
    ]
    if len(infixes) == 1:  # TeX takes no more than one in a group
        at = infixes[0]
        name = nodes[at][1]  # type: ignore[index]
        top, bottom = nodes[:at], nodes[at + 1 :]
        return [Fraction(top, bottom) if name == "over" else Pair(name, top, bottom)]
    for at in infixes:
        nodes[at] = ("ord", tables.INFIX[nodes[at][1]])  # type: ignore[index]
    return nodes


def _torn(nodes: Nodes, following: str) -> bool:
    """Whether a script after these nodes would run into one in them."""
    last = nodes[-1] if nodes else None
    if isinstance(last, Brace):
        return len(last.body) > 1 and following in ("^", "_")
    if isinstance(last, Accent):
        return _torn(last.body, following)
    return isinstance(last, Script) and last.sign == following
