"""What a paper's texts mention that can be opened: addresses, DOIs, other papers."""

from collections.abc import Iterator
from contextlib import suppress
from itertools import chain
from typing import NamedTuple

from tui_reader.errors import IdError
from tui_reader.model import Item, PaperId, named_ids, parse_id
from tui_reader.text import spans


class Mention(NamedTuple):
    """Something that a text names."""

    text: str
    """As it stands there."""
    address: str
    """Where it leads."""
    paper: PaperId | None = None
    """The paper of arXiv that it is."""


def mentions(item: Item) -> list[Mention]:
    """Return what abstract, comments, journal reference and note name, each once, in that order."""
    paper = item.paper
    found: dict[str, Mention] = {}
    texts = (paper.abstract, paper.comments, paper.journal_ref, item.marks.note)
    # In a note of their own people write a number alone, too.
    words = map(_paper, (item.marks.note or "").split())
    for mention in (
        *chain.from_iterable(map(_in, filter(None, texts))),
        *(_of_paper(word) for word in words if word),
    ):
        if mention.paper != paper.id:
            found.setdefault(mention.paper or mention.address, mention)
    return list(found.values())


def _in(source: str) -> Iterator[Mention]:
    for span in spans(source):
        if span.link:
            yield Mention(span.text, span.link, _paper(span.link))
    for id_, _ in named_ids(source):
        yield _of_paper(id_)


def _of_paper(id_: PaperId) -> Mention:
    return Mention(f"arXiv:{id_}", f"https://arxiv.org/abs/{id_}", id_)


def _paper(address: str) -> PaperId | None:
    with suppress(IdError):
        return parse_id(address)[0]
    return None
