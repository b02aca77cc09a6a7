"""Any text is a query or an error inside it; a query means what it says when written out."""

from datetime import date
from functools import cache

from tui_reader.errors import QueryError
from tui_reader.model import Marks, Paper, PaperId
from tui_reader.query import Document, completions, document, highlights, matcher, parse, to_text

TODAY = date(2026, 3, 3)
SEEDS = (
    b'moe "kv cache" -survey is:unread',
    b"(ti:erdos OR au:lee) cat:cs.LG date:2026-03..2026-05 sort:arxiv",
    b"(2603.00356////////////////////////////////////////:\xc3\xa9",
    b"_++m c++ _",
    b"id:(2603.00356 hep-th/9901001) v:>1 has:html -(a b)",
    'tag:"to read" note:état rn:x co:$\\delta$ date:7d'.encode(),
)


@cache
def _paper() -> Document:
    paper = Paper(
        PaperId("2603.00356"), "Erdős on $\\delta$", ("Jin Lee",), "kv caching", ("cs.LG",)
    )
    return document(paper, Marks(read=True, tags=frozenset({"moe"})), ())


def check(data: bytes) -> None:
    text = data.decode("utf-8", "replace")
    offered = completions(text, min(len(text), 7), lambda _: ("cs.LG", "Jin Lee", 'a "b'))
    assert 0 <= offered.start <= offered.end <= len(text)
    try:
        query = parse(text, TODAY)
    except QueryError as error:
        if not 0 <= error.at <= len(text):
            raise
        return
    highlights(query)
    assert parse(to_text(query), TODAY) == query
    matcher(query)(_paper())
