"""What a person starred, for others to read: an Atom feed, and a digest for mail or a page."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, time
from html import escape
from typing import NamedTuple

from tui_reader import export
from tui_reader.model import Item, PaperId, submitted
from tui_reader.text import plain


class Headed(NamedTuple):
    """Papers under a heading."""

    heading: str
    items: Sequence[Item]


# Atom


def atom(
    title: str, name: str, items: Iterable[Item], starred: Mapping[PaperId, datetime]
) -> Iterator[str]:
    """Write an Atom feed (RFC 4287) of these papers, in this order.

    `name` is what the feed is told from others by, for good. An entry is dated when its paper was
    `starred`, by identifier, or else announced; so the same stars are the same feed, whenever it
    is written, and no reader shows them twice.
    """
    import uuid

    entries = [(item, starred.get(item.paper.id) or _announced(item)) for item in items]
    newest = max((moment for _, moment in entries), default=datetime(1991, 8, 14, tzinfo=UTC))
    yield '<?xml version="1.0" encoding="utf-8"?>\n<feed xmlns="http://www.w3.org/2005/Atom">\n'
    yield f"  <id>{uuid.uuid5(uuid.NAMESPACE_URL, name).urn}</id>\n"
    yield _element("title", title)
    yield _element("updated", _stamp(newest))
    yield _element("generator", "tui-reader")
    for item, moment in entries:
        paper = item.paper
        yield "  <entry>\n"
        yield _element("id", export.url(paper), 4)
        yield _element("title", export.title(paper), 4)
        yield _element("updated", _stamp(moment), 4)
        yield f'    <link rel="alternate" href="{escape(export.url(paper))}"/>\n'
        for author in paper.authors or ["arXiv"]:
            yield f"    <author><name>{_text(plain(author))}</name></author>\n"
        for category in paper.categories:
            yield f'    <category term="{escape(category)}"/>\n'
        if paper.abstract:
            yield _element("summary", plain(paper.abstract), 4)
        yield "  </entry>\n"
    yield "</feed>\n"


def _element(name: str, text: str, indent: int = 2) -> str:
    return f"{' ' * indent}<{name}>{_text(text)}</{name}>\n"


def _text(text: str) -> str:
    return escape(text, quote=False)


def _stamp(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _announced(item: Item) -> datetime:
    day = min((place.day for place in item.announced), default=submitted(item.paper.id))
    return datetime.combine(day, time(), UTC)


# Digests


def markdown(title: str, parts: Iterable[Headed]) -> Iterator[str]:
    """Write a digest in Markdown."""
    yield f"# {title}\n"
    for heading, items in parts:
        yield f"\n## {heading}\n\n"
        yield from export.markdown(items)


def text(title: str, parts: Iterable[Headed]) -> Iterator[str]:
    """Write a digest as plain text."""
    yield f"{title}\n"
    for heading, items in parts:
        yield f"\n{heading}\n\n"
        for item in items:
            yield f"  {export.title(item.paper)}\n"
            if authors := export.authors(item.paper, 10):
                yield f"  {authors}\n"
            yield f"  {export.url(item.paper)}\n"
            yield from (f"  > {line}\n" for line in (item.marks.note or "").splitlines())
            yield "\n"


def html(title: str, parts: Iterable[Headed]) -> Iterator[str]:
    """Write a digest as a page."""
    yield '<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8">'
    yield f"<title>{_text(title)}</title></head>\n<body>\n<h1>{_text(title)}</h1>\n"
    for heading, items in parts:
        yield f"<h2>{_text(heading)}</h2>\n<ul>\n"
        for item in items:
            address, named = escape(export.url(item.paper)), _text(export.title(item.paper))
            yield f'<li><a href="{address}">{named}</a><br>{_text(export.authors(item.paper, 10))}'
            if item.marks.note:
                yield f"<br><em>{_text(item.marks.note)}</em>"
            yield "</li>\n"
        yield "</ul>\n"
    yield "</body></html>\n"


DIGESTS: Mapping[str, Callable[[str, Iterable[Headed]], Iterator[str]]] = {
    "md": markdown,
    "html": html,
    "txt": text,
}
"""What writes a digest, by how its files end."""
