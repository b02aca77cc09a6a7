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
_GONE = rf"(?:withdrawn|retracted|removed by arxiv)\b{_FROM_ELSEWHERE}"
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


def is_withdrawn(title: str, comments: str | None, abstract: str | None) -> bool:
    """Whether these texts, clean ones, say that their paper is withdrawn."""
    # What is said in nearly none is looked for first: every paper that is read comes here.
    if abstract and ("ithdr" in abstract or "etract" in abstract) and _says(abstract, _SAYS):
        return True
    short = f"{title} {comments}".lower()
    if "withdr" not in short and "retract" not in short and "removed by arxiv" not in short:
        return False
    return _says(title, _TITLE) or _says(comments or "", _COMMENTS, _SAYS)


def _says(text: str, *patterns: re.Pattern[str]) -> bool:
    said = " ".join(text.lower().split()).replace("with-dr", "withdr")
    return any(pattern.search(said) for pattern in patterns)
