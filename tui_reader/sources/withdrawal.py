"""Whether a paper says in its texts that it is withdrawn: most sources have no other mark for it.

An abstract may speak of withdrawing, and a paper of others that are withdrawn, so only what is
said of this paper counts.
"""

import re

from tui_reader.late import late

_KIND = (
    r"(?:papers?|article|submission|manuscript|pre-?print|e-?print|work|version|letter|note|draft"
    r"|document|report|study|replacement|thesis|book|chapter|contribution|result|comment|entry"
    r"|abstract)"
)
_FROM_ELSEWHERE = r"(?! from (?!(?:the )?arxiv|publi|circulation))"
_GONE = rf"(?:withdrawn|retracted|removed by arxiv)\b{_FROM_ELSEWHERE}"
_BE = (
    r"(?:(?:(?:has|have|had|as) (?:\w+ )?been|is|are|was|were|being|be|hereby|now|temporarily"
    r"|therefore|currently|(?:needs? to|should|must|will) be) )"
)
_IS = rf"{_BE}{{0,3}}"
_THIS = rf"(?:this|the|our|my|present|current|arxiv) (?:(?:present|current|whole|entire) )?{_KIND}"
_ENDS = r"(?= *$| *[^\w\s,-]| (?:by|due|because|since|as|after|pending|at|owing|for further)\b"
_FROM_HERE = r"| from (?:the )?(?:arxiv|publication|circulation))"
_SAYS = re.compile(
    rf"(?<!version of )(?<!versions of )\b{_THIS}(?: \([^()]*\))?"
    rf" (?:was [\w ]{{0,40}} and )?{_BE}{{1,3}}{_GONE}|\bthis {_KIND} {_GONE}"
    rf"|^\W*(?:{_KIND} |this )?{_IS}(?:withdrawn|retracted)\b{_ENDS}{_FROM_HERE}"
    rf"|\bplease withdraw {_THIS}|\bthis (?:has been|is|was) (?:withdrawn|retracted) by\b"
    r"|\b(?:we|i|authors?)(?:'re|'m)?(?: (?:have|has|had|hereby|would like to|wish(?:es)? to"
    r"|decided|chose|to|must|therefore|now|also|are|am)){0,4}"
    r" (?:withdr(?:aw|ew|awn|awing)|retract(?:ed|ing)?)s?"
    rf" (?:{_THIS}|it\b)"
    r"|\bwithdrawn (?:by|on behalf of|at the request of) (?!their )(?:the |its |all )?(?:\w+ )?"
    r"(?:authors?|arxiv|submitters?|admin\w*)\b"
)
# In comments each part speaks of the paper.
_COMMENTS = re.compile(
    rf"(?:^|[.;:,!(\[*-] *)(?:{_KIND} {_IS}{_GONE}|(?:withdrew|withdrawing) {_THIS}"
    rf"|removed by arxiv admin|(?:this )?{_IS}(?:withdrawn|retracted|withdrawal)\b"
    rf"{_ENDS}| *[,-]| (?:for|on|in|to|and|until)\b{_FROM_HERE})"
)
_TITLE = re.compile(
    rf"^\W*(?:(?:{_THIS}|{_KIND}) {_IS})?(?:withdrawn|retracted)\W*$"
    r"|[(\[] ?(?:withdrawn|retracted)[^)\]]*.$|^\W*(?:withdrawn|retracted) ?[)\]:–—]"
    r"|[–—:,-] (?:paper )?(?:withdrawn|retracted)\W*$"
)
_AT_A_VENUE = late(
    r"(?:submitted to|(?:re)?view at|iclr|neurips|icml|aaai)[^.;]{0,40}\(withdrawn\)"
)
_STEMS = ("thdr", "THDR", "th-dr", "etract", "ETRACT", "emoved by")


def is_withdrawn(title: str, comments: str | None, abstract: str | None) -> bool:
    """Whether these texts, clean ones, say that their paper is withdrawn."""
    # What is said in nearly none is looked for first: every paper that is read comes here.
    if abstract and any(map(abstract.__contains__, _STEMS)) and _says(abstract, _SAYS):
        return True
    short = f"{title} {comments}".lower()
    if not any(map(short.__contains__, _STEMS)):
        return False
    return _says(title, _TITLE) or _says(comments or "", _COMMENTS, _SAYS)


def _says(text: str, *patterns: re.Pattern[str]) -> bool:
    said = _AT_A_VENUE.sub("", " ".join(text.lower().split()).replace("with-dr", "withdr"))
    return any(pattern.search(said) for pattern in patterns)
