"""Where the words of a filter stand in a text that is shown."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import accumulate, chain, pairwise

from tui_reader.text.fold import BARRIER, Placed, placed
from tui_reader.text.spans import Span, Style


def find(text: str, needles: Iterable[str]) -> tuple[int, ...]:
    """Return where in a printed text the needles start and end, in turns and in order.

    Needles are folded: ` a b` begins a word with b, ` a b ` is whole words. Of a word that folds to
    something of another length, as ß and n² do, all counts as found; so it does of a compound that
    is found as no words of it are, as `kmeans` in k-means.
    """
    folded, words, starts = _folded(text)
    hits = bytearray(len(text))
    asides: list[slice] = []
    barrier = folded.find(BARRIER)  # behind it are the words that compounds make
    for needle in needles:
        at = folded.find(needle)
        while at >= 0:
            place = _in_text(words, starts, at, at + len(needle.rstrip()))
            if 0 <= barrier < at:
                asides.append(place)
            else:
                _mark(hits, place)
            at = folded.find(needle, at + 1)
    for place in asides:
        if not any(hits[place]):
            _mark(hits, place)
    return tuple(chain.from_iterable(run.span() for run in re.finditer(b"\1+", hits)))


def _in_text(words: list[Placed], starts: list[int], at: int, end: int) -> slice:
    """Return where in a text that stands which is from `at` to `end` in its search form."""
    first, last = bisect_right(starts, at + 1) - 1, bisect_left(starts, end) - 1
    word, start, stop = words[last]
    if stop - start == len(word):
        stop = start + end - starts[last]
    return slice(words[first].start, stop)


def _mark(hits: bytearray, place: slice) -> None:
    hits[place] = b"\1" * (place.stop - place.start)


@lru_cache(maxsize=1024)  # the lines of a list are looked through anew with each key
def _folded(text: str) -> tuple[str, list[Placed], list[int]]:
    """Return a text's search form, its words with where they stand in the text, and in the form."""
    words = list(placed(text))
    folded = f" {' '.join(word for word, _, _ in words)} "
    return folded, words, list(accumulate((len(word) + 1 for word, _, _ in words), initial=1))


def highlighted(spans: Sequence[Span], bounds: Sequence[int]) -> tuple[Span, ...]:
    """Return the spans with the Style.FOUND between bounds, as `find` returns them."""
    if not bounds:
        return tuple(spans)
    marked = []
    start = 0
    for span in spans:
        end = start + len(span.text)
        inside = bounds[bisect_right(bounds, start) : bisect_left(bounds, end)]
        for first, last in pairwise((start, *inside, end)):
            style = span.style | Style.FOUND if bisect_right(bounds, first) % 2 else span.style
            marked.append(Span(span.text[first - start : last - start], style, span.link))
        start = end
    return tuple(marked)


def cut(spans: Iterable[Span], start: int, end: int) -> tuple[Span, ...]:
    """Return the part of the spans from one character to another, without blanks around it."""
    parts: list[Span] = []
    at = 0
    for span in spans:
        text = span.text[max(0, start - at) : max(0, end - at)]
        at += len(span.text)
        if not parts:
            text = text.lstrip()
        if text:
            parts.append(Span(text, span.style, span.link))
    return tuple(parts)
