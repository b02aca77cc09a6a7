"""Whether a paper says in its texts that it is withdrawn: most sources have no other mark for it.

An abstract may speak of withdrawing, and a paper of others that are withdrawn, so only what is
said of this paper counts.
"""

import re

_KIND = (
    r"(?:papers?|article|submission|manuscript|pre-?print|e-?print|work|version|letter|note|draft"
    r"|document|report|study|replacement|thesis|book|chapter|contribution|result)"
)
_FROM_ELSEWHERE = r"(?! from (?!(?:the )?arxiv|publi|circulation))"
_GONE = rf"(?:with-?drawn|retracted|removed by arxiv)\b{_FROM_ELSEWHERE}"
_IS = (
    r"(?:(?:(?:has|have|had|as) (?:\w+ )?been|is|are|was|were|being|be|hereby|now|temporarily"
    r"|therefore|currently) ){0,3}"
)
_THIS = rf"(?:this|the|our|my|present|current|arxiv) (?:(?:present|current|whole|entire) )?{_KIND}"
_SAYS = re.compile(
    rf"(?<!version of )(?<!versions of )\b{_THIS}(?: \([^()]*\))? {_IS}{_GONE}"
    r"|\bthis (?:has been|is|was) (?:withdrawn|retracted) by\b"
    r"|\b(?:we|i|authors?)(?: (?:have|has|had|hereby|would like to|wish(?:es)? to|decided|chose|to"
    r"|must|therefore|now|also|are|am)){0,4} (?:withdr(?:aw|ew|awn|awing)|retract(?:ed|ing)?)s?"
    rf" (?:{_THIS}|it\b)"
    r"|\bwithdrawn (?:by|on behalf of|at the request of) (?:the |its |all )?(?:\w+ )?"
    r"(?:authors?|arxiv|submitters?|admin\w*)\b"
)
# In comments each part speaks of the paper.
_COMMENTS = re.compile(
    rf"(?:^|[.;:,!(\[*-] *)(?:{_KIND} {_IS}{_GONE}|(?:withdrew|withdrawing) {_THIS}"
    r"|removed by arxiv admin|(?:temporarily )?(?:withdrawn|retracted|withdrawal)\b"
    r"(?= *$| *[^\w\s]| (?:by|due|because|for|since|as|on|after|pending|in|to|and|at|until|owing)\b"
    r"| from (?:the )?arxiv))"
)
_TITLE = re.compile(
    rf"^\W*(?:{_THIS} {_IS})?(?:withdrawn|retracted)\W*$|[(\[] ?(?:withdrawn|retracted)[^)\]]*.$"
)
_HINTS = ("ithdr", "ITHDR", "ith-dr", "etract", "ETRACT", "emoved by arXiv")


def is_withdrawn(title: str, comments: str | None, abstract: str | None) -> bool:
    """Whether these texts, clean ones, say that their paper is withdrawn."""
    return _says(title, _TITLE) or _says(comments, _COMMENTS, _SAYS) or _says(abstract, _SAYS)


def _says(text: str | None, *patterns: re.Pattern[str]) -> bool:
    if not text or not any(hint in text for hint in _HINTS):
        return False
    said = " ".join(text.lower().split())
    return any(pattern.search(said) for pattern in patterns)
