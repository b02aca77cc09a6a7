"""What is raised and lowered on one line: in Unicode's letters for it, or after a sign."""

import unicodedata

from tui_reader.late import late
from tui_reader.text import symbols as tables

_PLUS, _MINUS = late(r"\+\s?([\d.]+)"), late(r"−\s?([\d.]+)")
_PRIMES = {"′′": "″", "′′′": "‴", "′′′′": "⁗"}
SCRIPT_CHARACTERS = "".join((*tables.SUPERSCRIPTS.values(), *tables.SUBSCRIPTS.values()))
_LETTER = rf"[^\W\d_{SCRIPT_CHARACTERS}][\u0300-\u036f]*|[\U000f0000-\U000fffff]"
_WORD = late(rf"(?:{_LETTER})+(?:-(?:{_LETTER})+)*|\d+[A-Za-z]{{3,}}")
_LONG_WORD = late(r"[A-Za-z]{3}")
_HYPHENATED = late(r"[A-Za-z]{2,}(?:[-−][A-Za-z]{2,})+")


def script(kind: str, body: str, after: str = "") -> str:
    """Raise (`kind` "^") or lower ("_") `body`, in Unicode if all of it has such a form.

    Else a lowered word stands bare (x_BH), and all the rest in parentheses: x^(a+b). So do words
    of three letters and more that have such a form: nobody reads them well in it.
    `after` is what follows; a blank parts it where it would run into the script.
    """
    body = body.strip()
    if body[:2] == "′′":
        body = _PRIMES.get(body, body)
    forms = tables.SUPERSCRIPTS if kind == "^" else tables.SUBSCRIPTS
    raised = [forms.get(char, "") for char in body.translate(tables.UNBOLD) if char != " "]
    if all(raised) and not _LONG_WORD.search(body):
        return "".join(raised)
    if _HYPHENATED.fullmatch(body):
        body = body.replace("−", "-")
    core = [c for c in unicodedata.normalize("NFD", body) if not unicodedata.combining(c)]
    if len(core) > 1 and not (kind == "_" and _WORD.fullmatch(body)):
        return f"{kind}({body})"
    return kind + body + (" " if after[:1].isalnum() else "")


def asymmetric(up: str, down: str) -> str | None:
    """Return the errors of a measurement as (+0.6/−0.5); None if it is none, or all digits."""
    plus, minus = _PLUS.fullmatch(up.strip()), _MINUS.fullmatch(down.strip().replace("-", "−"))
    if plus and minus and "." in plus[1] + minus[1]:
        return f"(+{plus[1]}/−{minus[1]})"
    return None
