"""Where, in a text, its braces, environments, formulas and links are."""

import re
from typing import NamedTuple

from tui_reader.late import late
from tui_reader.text.links import find_links
from tui_reader.text.symbols import FORMULA_ENVIRONMENTS

TEX_ENVIRONMENT = late(r"\\(begin|end)\s*\{([A-Za-z]+\*?)\}")
_BRACE = late(r"\\.|[{}]", re.DOTALL)
_OPENING = late(r"\\(?:begin\s*\{([A-Za-z]+\*?)\}|(.))|\$\$?", re.DOTALL)
_CLOSING = late(r"\\.|[{}]|\n\n|\$\$?", re.DOTALL)


# What tells a dollar sign that is money, or one before prose, from one that opens a formula.
_AMOUNT = late(
    r"\s*[\d.,]+\s?(?:[kKMBT]|bn|million|billion|trillion|thousand|USD|US)?\b"
    r"(?![^$]*(?:\\(?![$%&#])|[\^_=]))"
)
_AFTER_AMOUNT = late(r"[^\\^_=$]*\s[A-Za-z]{2,}\s[^\\^_=$]*\d")
_BETWEEN_AMOUNTS = late(r"\s+(?:[^\\^_=$\s]*\s+)*")
_TEXT_IN_FORMULA = late(
    r"\\(?:text(?:rm|it|bf|sf|tt|sc)?|mbox|hbox|math(?:rm|it|bf|sf)|operatorname|href)\s*"
    r"\{[^{}]*\}(?:\{[^{}]*\})?|\{\s*\\(?:rm|it|bf|em|sf|tt)\b[^{}]*\}"
)
_SENTENCE = late(r"(?:(?<![\\A-Za-z{])[A-Za-z]{2,}[,.;:)]*\s+){3}[A-Za-z]{2,}")
_PLAIN_WORDS = late(r"\s+[A-Za-z]{3,}(?:\s+[A-Za-z]+)*\s+")


class Formula(NamedTuple):
    """The range between its delimiters (with them, for an environment), and what follows it."""

    start: int
    end: int
    after: int
    display: bool


class Landmarks:
    """The braces, environments, formulas and links of a source, found in linear time."""

    def __init__(self, source: str) -> None:
        self._source = source
        self.braces = _matching(_BRACE, source, "{", "}") if "{" in source else {}
        """The position of each brace -> of the one that matches it."""
        self.environments = (
            _matching(TEX_ENVIRONMENT, source, "\\begin", "\\end") if "\\begin" in source else {}
        )
        """The position of each \\begin -> of its \\end."""
        self.links = find_links(source)
        """Where a bare link starts -> where it ends."""
        self.formulas: dict[int, Formula] = {}
        """By the position of what opens them."""
        if "$" in source or "\\" in source:
            self.find_formulas(0, len(source))

    def find_formulas(self, at: int, end: int) -> None:
        hopeless: set[str] = set()  # closers known to be missing from here on
        while opening := _OPENING.search(self._source, at, end):
            start, at = opening.span()
            formula: Formula | None = None
            if opening[1]:
                closing = TEX_ENVIRONMENT.match(
                    self._source, self.environments.get(start, end), end
                )
                if closing and opening[1] in FORMULA_ENVIRONMENTS:
                    formula = Formula(start, closing.end(), closing.end(), opening[1] != "math")
            elif closer := {"(": "\\)", "[": "\\]"}.get(opening[2]):
                close = -1 if closer in hopeless else self._source.find(closer, at, end)
                if close < 0:
                    hopeless.add(closer)
                else:
                    formula = Formula(at, close, close + 2, closer == "\\]")
            elif not opening[2]:
                formula = self._dollars(opening[0], at, end)
                if not formula and opening[0] == "$$":
                    at -= 1  # a stray one may open a formula with its second half
            if formula:
                self.formulas[start] = formula
                at = formula.after

    def _dollars(self, opener: str, start: int, end: int) -> Formula | None:
        """Find the dollar that closes the one before `start`; None if it opens no formula."""
        at = start
        while token := _CLOSING.search(self._source, at, end):
            close, at = token.span()
            if token[0] == "{":
                at = self.braces.get(close, close) + 1
            elif token[0] == "\n\n" or (token[0] == "}" and close in self.braces):
                return None
            elif token[0].startswith(opener):
                at = close + len(opener)
                body = self._source[start:close]
                if not body.strip():
                    return None
                display = opener == "$$"
                before, after = self._source[start - 2 : start - 1], self._source[at : at + 1]
                if not display and (_is_money(before, body, after) or _is_prose(body)):
                    return None
                return Formula(start, close, at, display)
        return None


def _matching(pattern: re.Pattern[str], text: str, opener: str, closer: str) -> dict[int, int]:
    """Pair what opens with what closes it, by their positions, both ways."""
    pairs: dict[int, int] = {}
    opened: list[int] = []
    for token in pattern.finditer(text):
        if token[0].startswith(opener):
            opened.append(token.start())
        elif opened and token[0].startswith(closer):
            start = opened.pop()
            pairs |= {start: token.start(), token.start(): start}
    return pairs


def _is_money(before: str, body: str, after: str) -> bool:
    """Whether the dollar before `body` is a currency: an amount, and prose up to the next one."""
    if before.isdigit() and (
        _AFTER_AMOUNT.fullmatch(body) or (after.isdigit() and _BETWEEN_AMOUNTS.fullmatch(body))
    ):
        return True
    if not (amount := _AMOUNT.match(body)):
        return False
    words = len(re.findall(r"[A-Za-z]{2,}", body))
    prose = words >= 2 and re.search(r"[a-z] [a-z]", body)
    another = after.isdigit() and amount.end() < len(body)
    torn = body.count("(") != body.count(")") or body[-2:-1] in (",", ";", ":")
    return bool(prose) or another or torn or (body[-1].isspace() and (after.isdigit() or words > 0))


def _is_prose(body: str) -> bool:
    return bool(_SENTENCE.search(_TEXT_IN_FORMULA.sub("", body)) or _PLAIN_WORDS.fullmatch(body))
