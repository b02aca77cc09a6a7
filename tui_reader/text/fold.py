"""The search form of a text: what a query and a paper have in common when they match.

A printed text falls into compounds: words that stand together over hyphens, apostrophes or
scripts. The first wording of a compound is its words in a row, `k means`; it may have others, such
as `kmeans`: what people type for what they see. A text is searched as the first wordings of all
(`fold`) and, behind a barrier, so that no phrase is parted, the words of the others; `searched`
has both. A query asks for any one of its own `wordings`.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from functools import cache, lru_cache
from itertools import islice, product
from typing import NamedTuple

from tui_reader.late import late

BARRIER = "\u00a6"
"""Stands between words that are not in a row; no folded text has it."""
MOST_JOINED = 4  # words of a compound that are read as one
MOST_WORDINGS = 30

_ASCII_WORDS = "".join(chr(code).lower() if chr(code).isalnum() else " " for code in range(128))
_MARKS = "\u0300-\u036f\u20d0-\u20ff\u3099\u309a"
_PLAIN_MARKS = late(f"[{_MARKS}]")
_LETTERS = rf"[\w{_MARKS}]+(?:(?<=\w)[⊙☉]|(?<=_)[∞⊕])?"
_SIGNED = r"(?<![\w-])[A-Za-z][#♯*](?!\w)"
WORD = late(rf"{_SIGNED}|{_LETTERS}(?:[\^⁺⁻₊₋]+{_LETTERS})*(?:\+\+)?|[∞√∛∇∂∅×°]")
"""Of a printed text. C++, C# and A* are words; of others, signs are no part."""
_CHARGED = late(r"\b([A-Za-z]{1,3})\+\1-(?!\w)")
"""A pair of particles, typed without TeX."""
_ODD = late(r"[_^#*]")
"""Is, like ++, nowhere in an ASCII text whose words are all letters and digits."""
_AROUND = '.,;:()[]"?!'
"""What often stands around words, and is no part of them."""
_SPELT = {
    "∞": "infinity", "√": "sqrt", "∛": "cbrt", "∇": "nabla", "∂": "partial", "∅": "empty",
    "×": "x", "⊙": "sun", "☉": "sun", "⊕": "earth", "°": "deg",
}  # fmt: skip
_SIGNS = {"#": "sharp", "♯": "sharp", "*": "star"}
_RELATIONS = dict(
    zip(
        "∀∃∈∉≠≤⩽≥⩾≪≫≲≳≈≃≅≡∝⊂⊆⊃∪∩∖⊗⊕⊞⋊⋉∧∨∫∮∑∏±∓⊥∥→⇒↔↦†",
        "forall exists isin notin neq leq leq geq geq ll gg lesssim gtrsim approx simeq cong equiv"
        " propto subset subseteq supset cup cap setminus otimes oplus boxplus rtimes ltimes wedge"
        " vee int oint sum prod pm mp perp parallel rightarrow implies leftrightarrow mapsto"
        " dagger".split(),
        strict=True,
    )
)
"""Signs between words: a text is found by TeX's name for each, and a query by the sign alone."""
_RELATION = late(f"[{''.join(_RELATIONS)}]")
_NAMES = {
    "infty": "infinity", "inf": "infinity", "odot": "sun", "oplus": "earth",
    "varepsilon": "epsilon", "vartheta": "theta", "varphi": "phi", "varrho": "rho",
    "varsigma": "sigma",
}  # fmt: skip
"""TeX's names for what has another one here, as an index is typed."""
_UMLAUTS = str.maketrans({
    "ä": "ae", "ö": "oe", "ü": "ue", "ø": "oe", "å": "aa", "ő": "oe", "ű": "ue",
    "Ä": "Ae", "Ö": "Oe", "Ü": "Ue", "Ø": "Oe", "Å": "Aa", "Ő": "Oe", "Ű": "Ue",
    "ℓ": "ell", "ℏ": "hbar", "ħ": "hbar",
})  # fmt: skip
"""How letters are typed where there is no key for them, besides the letter without its sign."""
_AFTER_NUMBER = late(r"(?<=[\d²³¹⁰-⁹])[A-Za-z]_[\w⊙☉⊕]+$")
"""A symbol that TeX sets close to its number, as in 10⁶M_⊙."""
_ABBREVIATIONS = late("[A-Z0-9]{2,}s")
_MICRO = late(r"[µμ](?=(?:m|s|g|l|L|A|K|W|J|V|F|T|G|Hz|eV|as|Jy|b|M|sr|rad)$)")
_ACCENTED = late(r"([^\W_])([\u0302-\u0305\u0307\u20d7])")
"""A letter of a formula under a sign: where Unicode has it as one, it may be one of a name."""
_GENITIVE = late(r"['’](?:s|t|d|m|re|ve|ll)$", re.IGNORECASE)
_NOT_JOINED = frozenset("a an and as at by for in of on or the to with".split())
"""Words that nobody writes as one with what is before or after them, alone."""

_ELEMENTS = (
    "ag|al|ar|au|b|ba|be|bi|br|c|ca|cd|ce|cl|co|cr|cs|cu|f|fe|ga|ge|h|he|hg|i|k|kr|la|li|mg|mn|mo"
    "|n|na|nb|nd|ne|ni|o|p|pb|pd|pt|rb|ru|s|sc|se|si|sn|sr|tc|te|ti|u|v|w|xe|y|zn|zr"
)
_RUN = late(r"\d+|[^\W\d_]+")


# Made when they are first used, as no start needs them.


@cache
def _cjk() -> re.Pattern[str]:
    """Return what finds a run of Chinese, Japanese or Korean, in which nothing parts the words."""
    return re.compile(
        "([\u1100-\u11ff\u3005\u3007\u3041-\u309f\u30a1-\u30ff\u31f0-\u31ff\u3400-\u4dbf"
        "\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff\uff66-\uff9f\U00020000-\U0003ffff]+)"
    )


@cache
def _unparted() -> tuple[re.Pattern[str], re.Pattern[str]]:
    """Return what finds words written without blanks: ions, as feii, and terms, as nxn or nlogn."""
    return (
        re.compile(rf"({_ELEMENTS})(i{{1,3}}|iv|vi{{0,3}}|ix|x)"),
        re.compile(r"([^\W\d_])(x)([^\W\d_])|(\w{1,2})((?:poly|log)?log|exp|sin|cos)(\w{0,2})"),
    )


@cache
def _compound() -> re.Pattern[str]:
    return re.compile(rf"(?:{WORD.pattern})(?:[-'‐‑–’×]+(?:{WORD.pattern}))*")


class Wording(NamedTuple):
    """Words in a row, as which a query may be found."""

    words: tuple[str, ...]
    """Never none."""
    whole: bool = False
    """Whether the last word ends there; else it may be one that is being typed."""

    @property
    def needle(self) -> str:
        """What is in a text's `searched` form where it is found."""
        return f" {' '.join(self.words)}{' ' if self.whole else ''}"


class Placed(NamedTuple):
    """A word of a search form, and where the text has what it stands for."""

    word: str
    start: int
    end: int


def fold(source: str) -> str:
    """Return the words of `source` as a search sees them, parted by single spaces.

    TeX is rendered; case and accents go. A lowered index stays with its letter (`h2o`), a
    raised one and a Greek letter, under its name, are words of their own: O(n^2) is `o n 2`.
    Of Chinese, Japanese and Korean each pair of characters is a word, and the last one.
    A part of a text folds to a part of what the text folds to, so queries pass through here too.
    """
    return " ".join(_words(_printed(source)))


def searched(source: str) -> str:
    """Return all that a text is found by: words, each with a space before and after it."""
    printed = _printed(source)
    words = " ".join(_words(printed))
    return f" {f' {BARRIER} '.join((words, *dict.fromkeys(_asides(printed))))} "


def placed(printed: str) -> Iterator[Placed]:
    """Yield the words of the `searched` form of a printed text; barriers are nowhere in it."""
    printed = _raised(printed)
    for found in WORD.finditer(printed):
        start, end = found.span()
        made = parts(found[0])
        if len(made) > 1 and len(made) == end - start and _cjk().fullmatch(found[0]):
            yield from (Placed(word, at, at + len(word)) for at, word in enumerate(made, start))
        else:
            yield from (Placed(word, start, end) for word in made)
    asides: dict[str, Placed] = {}
    for found in _compound().finditer(printed):
        for word in _asides_of(found[0]):
            asides.setdefault(word, Placed(word, *found.span()))
    for found in _RELATION.finditer(printed):
        word = _RELATIONS[found[0]]
        asides.setdefault(word, Placed(word, *found.span()))
    for aside in asides.values():
        yield Placed(BARRIER, 0, 0)
        yield aside


def unsearched(source: str) -> str:
    """Return the signs of a text that a search does not see, and that do not just part words."""
    printed = _printed(source)
    left = "" if printed in _RELATIONS else _compound().sub(" ", printed)
    signs = (c for c in left if unicodedata.category(c)[0] == "S" or c in "*#@%†‡§¶•")
    return "".join(dict.fromkeys(signs))


@lru_cache(maxsize=1024)
def wordings(source: str, *, whole: bool = False) -> Sequence[Wording]:
    """Return what a query's words may be found as; nothing where it has none.

    The first is what `fold` says. Unless they are a `whole` phrase, what is written as one word
    may be parted in a text: between letters and digits, or into two words of three letters or more.
    """
    printed = _printed(source)
    if relation := _RELATIONS.get(printed):
        return (Wording((relation,), whole=True),)
    compounds = [found for found in _compound().findall(printed) if _wordings(found)]
    each = [list(map(Wording, _wordings(compound))) for compound in compounds]
    for compound, found in zip(compounds, each, strict=True):
        if not whole and compound.isalnum() and compound.isascii():
            found += _parted(compound.lower(), alone=len(compounds) == 1)
            found += _meant(compound)
    rows = (
        Wording(
            _unended(tuple(word for wording in chosen for word in wording.words)),
            whole or chosen[-1].whole,
        )
        for chosen in product(*each)
        if chosen
    )
    return tuple(dict.fromkeys(islice(rows, MOST_WORDINGS)))


def _meant(word: str) -> Iterator[Wording]:
    """Yield what else a typed word is looked for as: LLMs as LLM, infty as infinity."""
    if _ABBREVIATIONS.fullmatch(word):
        yield Wording((word[:-1].lower(),))
    if word.startswith(("var", "infty")) and word in _NAMES:
        yield Wording((_NAMES[word],))


def joins(one: str, two: str) -> bool:
    """Whether two words, with nothing but a blank between them, may be written as one."""
    return any(wording.words == (one, two) for wording in _parted(one + two, alone=True))


def _unended(words: tuple[str, ...]) -> tuple[str, ...]:
    """Return the words without a last character that is the end of a pair: it may go on."""
    *_, before, last = ("", "", *words)
    return words[:-1] if len(last) == 1 and before.endswith(last) and _cjk().match(last) else words


def _printed(source: str) -> str:
    from tui_reader.text.render import maybe_tex, plain

    return _raised(source if source.isascii() and not maybe_tex(source) else plain(source))


def _raised(printed: str) -> str:
    """Return a text, as long as before, whose e+e- is e⁺e⁻."""
    return _CHARGED.sub(r"\1⁺\1⁻", printed) if "+" in printed else printed


def _words(printed: str) -> Sequence[str]:
    if printed.isascii() and "++" not in printed and not _ODD.search(printed):
        return printed.translate(_ASCII_WORDS).split()
    return [part for word in WORD.findall(printed) for part in parts(word)]


def _asides(printed: str) -> Iterator[str]:
    """Yield what compounds are read as besides their first wording."""
    ascii_only = printed.isascii()
    for chunk in printed.split():
        core = chunk if chunk.isalnum() else chunk.strip(_AROUND)
        if not (core.isalnum() and (ascii_only or core.isascii())):
            yield from _asides_of(core)
    if not ascii_only:
        yield from (_RELATIONS[sign] for sign in _RELATION.findall(printed))


@lru_cache(maxsize=1 << 14)
def _asides_of(chunk: str) -> Sequence[str]:
    words: list[str] = []
    for compound in _compound().findall(chunk):
        found = _wordings(compound)
        words += (word for other in found[1:] for word in other if word not in found[0])
    return words


@lru_cache(maxsize=1 << 14)
def _wordings(compound: str) -> Sequence[tuple[str, ...]]:
    """Return the wordings of a compound, words in a row; none where it has no words."""
    words = WORD.findall(compound)
    rows = [[tuple(parts(word)), *_others(word)] for word in words]
    if len(words) > MOST_JOINED:
        rows = [row[:1] for row in rows]
    found = [
        tuple(part for row in chosen for part in row)
        for chosen in islice(product(*rows), MOST_WORDINGS)
    ]
    if len(words) <= MOST_JOINED:
        ones = ["".join(row[0]) for row in rows]
        end = ones[-1:] if _GENITIVE.search(compound) else []
        found += ((*row, *end) for row in _joined(ones[: len(ones) - len(end)], compound))
    return tuple(dict.fromkeys(row for row in found if row and all(row)))


def _joined(words: Sequence[str], compound: str) -> Iterator[tuple[str, ...]]:
    """Return the words of a compound with some written as one."""
    rows: list[tuple[str, ...]] = [("".join(words),)]
    if len(words) == 3 and "×" not in compound and _NOT_JOINED.isdisjoint(words):
        one, two, three = words
        rows += [(one + two, three), (one, two + three)]
    return (row for row in rows if not any(map(str.isdigit, row)))


def _others(word: str) -> Iterator[tuple[str, ...]]:
    """Yield what a WORD may be read as besides its parts."""
    if word.isascii() and word.isalnum():
        return
    groups = _groups(word)
    ones = tuple("".join(group) for group in groups)
    if len(ones) < sum(map(len, groups)) and not any(map(str.isdigit, ones)):
        yield ones
    if symbol := _AFTER_NUMBER.search(word):
        yield ("".join(parts(symbol[0])),)
    if not word.isascii():
        for typed in _typed(unicodedata.normalize("NFC", word)):
            yield ("".join(parts(typed)),)


def _typed(word: str) -> Iterator[str]:
    """Yield how a word is typed where its letters have no keys."""
    from tui_reader.text.symbols import ASCII_MARKS

    known = word.translate(_UMLAUTS)
    bare = unicodedata.normalize("NFD", word) if len(word) == 1 else word
    named = _ACCENTED.sub(lambda found: found[1] + ASCII_MARKS[found[2]], bare)
    micro = _MICRO.sub("u", word) if word[0] in "µμ" else word
    other = {"Å": "angstrom", "ΛCDM": "LCDM"}.get(word, word)
    yield from {known, named, micro, other} - {word, bare}


def parts(word: str) -> Sequence[str]:
    """Return what a WORD of a printed text is folded to."""
    if word.isascii() and word.isalnum():
        return (word.lower(),)
    return _parts(word)


@lru_cache(maxsize=1 << 14)
def _parts(word: str) -> Sequence[str]:
    return [part for group in _groups(word) for part in group]


def _groups(word: str) -> Sequence[Sequence[str]]:
    """Return the parts that a WORD holds; those in a group make one word when they are joined."""
    if word.endswith("++"):
        *before, group = _groups(word[:-2]) or [[""]]  # a line alone, _++, has none
        return [*before, [*group[:-1], f"{group[-1]}plusplus"]]
    if word[-1] in _SIGNS:
        return [[word[0].lower() + _SIGNS[word[-1]]]]
    if not _cjk().search(word):
        return _scripted(_PLAIN_MARKS.sub("", word))
    groups: list[Sequence[str]] = []
    for number, run in enumerate(_cjk().split(unicodedata.normalize("NFKC", word))):
        if number % 2:
            groups += ([run[at : at + 2]] for at in range(len(run)))
        elif run:
            groups += _scripted(_PLAIN_MARKS.sub("", run))
    return groups


@cache
def _form(char: str) -> tuple[bool, str]:
    """Return whether a character starts a word of its own, and its plain form."""
    from tui_reader.text.spelling import greek_name
    from tui_reader.text.symbols import PLAIN_LETTERS

    if char in _SPELT:
        return True, _SPELT[char]
    plain = "".join(
        PLAIN_LETTERS.get(part, part) if part.isalnum() else " " if part == "\u2044" else ""
        for part in unicodedata.normalize("NFKD", char)
    )
    if name := greek_name(plain):
        return True, name.lower()
    return unicodedata.decomposition(char).startswith("<super>"), plain.casefold()


def _scripted(word: str) -> Sequence[Sequence[str]]:
    """Return the groups of a word with scripts or Greek letters."""
    groups: list[list[str]] = [[]]
    before = ""  # the kind of character on the left, or none after a script sign
    typed = False  # whether digits on the left are a script for the sign before them
    for char in word:
        if char in "_^⁺⁻₊₋":
            before = "" if char in "_^" else before
            continue
        apart, plain = _form(char)
        kind = "greek" if len(plain) > 1 and apart else "raised" if apart else "plain"
        typed = char.isdecimal() and (typed or (not before and bool(groups[-1])))
        kind = "raised" if typed else kind
        lowered = unicodedata.decomposition(char).startswith("<sub>")
        if kind == "plain" and before == "raised" and len(groups[-1]) > 1:
            groups.append([plain])
        elif kind == before != "greek" or (lowered and groups[-1]):
            groups[-1][-1] += plain
            kind = before if lowered else kind
        else:
            groups[-1].append(plain)
        before = kind
    named = ([_NAMES.get(part, part) for part in group if part] for group in groups)
    return [group for group in named if group]


def _parted(word: str, *, alone: bool) -> Iterator[Wording]:
    """Yield what a word may be parted into; into two of letters only where it is `alone`."""
    runs = _RUN.findall(word)
    if len(runs) > 1:
        at = 0
        for run in runs[:-1]:
            at += len(run)
            if run.isalpha():
                yield Wording((word[:at], word[at:]))
        if len(runs) > 2 or runs[0].isdigit():
            yield Wording(tuple(runs), whole=True)
        return
    for pattern in _unparted():
        if found := pattern.fullmatch(word):
            yield Wording(tuple(filter(None, found.groups())), whole=True)
    for at in range(3, len(word) - 2) if alone else ():
        yield Wording((word[:at], word[at:]), whole=True)
