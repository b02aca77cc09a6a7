"""Answers of arXiv's OAI-PMH server, in its formats arXiv, arXivOld and arXivRaw."""

from __future__ import annotations

import html
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from tui_reader.errors import SourceError
from tui_reader.model import Paper, Reading, Version
from tui_reader.sources.common import (
    block,
    category_codes,
    find_time,
    line,
    number,
    paper_id,
    person,
    split_authors,
    unreadable_entries,
)
from tui_reader.text import clean

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

_OAI = "{http://www.openarchives.org/OAI/2.0/}"
_FORMATS = ("arXiv", "arXivRaw", "arXivOld")


def read(root: Element, whole: bool, origin: str) -> Reading:
    """Read an answer; `whole` says whether its XML was undamaged.

    Raises SourceError for an error of the server, and for an answer without papers' metadata.
    """
    error = root.find(f"{_OAI}error")
    if error is not None:
        said = clean(error.text or "") or "no reason given"
        code = clean(error.get("code") or "")[:60]
        raise SourceError(origin, f"arXiv's server answered {code}: {said[:300]}")
    records = list(root.iter(f"{_OAI}record"))
    papers = []
    unreadable = deleted = 0
    for record in records:
        header = record.find(f"{_OAI}header")
        if header is not None and header.get("status") == "deleted":
            deleted += 1
        elif paper := _paper(record):
            papers.append(paper)
        else:
            unreadable += 1
    if not papers and not deleted:
        raise SourceError(
            origin, "an OAI-PMH answer without papers; ask for metadataPrefix=arXiv or arXivRaw"
        )
    problems = [] if whole else ["the file is damaged or cut off; what could be read was kept"]
    problems += unreadable_entries(unreadable)
    if deleted:
        problems.append(f"arXiv has deleted {deleted} of these papers")
    token = root.find(f".//{_OAI}resumptionToken")
    if token is not None and token.text:
        problems.append("this is one part of a longer answer; the rest must be asked for")
    return Reading("OAI-PMH answer", (), tuple(papers), tuple(problems))


def _paper(record: Element) -> Paper | None:
    holder = record.find(f"{_OAI}metadata")
    metadata = holder[0] if holder is not None and len(holder) else None
    if metadata is None or str(metadata.tag).rpartition("}")[2] not in _FORMATS:
        return None
    fields: dict[str, Element] = {}
    for child in metadata:
        fields.setdefault(str(child.tag).rpartition("}")[2], child)

    def text(name: str) -> str | None:
        return line(fields[name].text) if name in fields else None

    identifier = paper_id(text("id") or "")
    title = text("title")
    if not identifier or not title:
        return None
    authors, omitted = _authors(fields.get("authors"))
    versions = tuple(_versions(metadata, text("created")))
    acm, msc = text("acm-class"), text("msc-class")
    return Paper(
        identifier[0],
        title,
        authors,
        block(fields["abstract"].text) if "abstract" in fields else None,
        category_codes(text("categories")),
        version=versions[-1].number if text("created") is None and versions else None,
        comments=text("comments"),
        journal_ref=text("journal-ref"),
        doi=text("doi"),
        report_no=text("report-no"),
        # The server fills in the MSC class here too: a known fault.
        acm_class=acm if acm != msc else None,
        msc_class=msc,
        submitter=text("submitter"),
        license=text("license"),
        versions=versions,
        authors_omitted=omitted,
    )


def _authors(element: Element | None) -> tuple[tuple[str, ...], int | None]:
    if element is None or not len(element):
        return split_authors(element.text if element is not None else None)
    names = []
    for author in element:
        parts = {
            str(part.tag).rpartition("}")[2]: html.unescape(part.text or "") for part in author
        }
        wanted = (parts.get(name, "") for name in ("forenames", "keyname", "suffix"))
        names.append(person(" ".join(wanted)))
    return tuple(filter(None, names)), 0


def _versions(metadata: Element, created: str | None) -> list[Version]:
    versions = []
    for element in metadata:
        version = number((element.get("version") or "").removeprefix("v"))
        if version is None:
            continue
        parts = {str(part.tag).rpartition("}")[2]: part.text or "" for part in element}
        size = number(parts.get("size", "").strip().removesuffix("kb").strip())
        moment = find_time(parts.get("date"))
        versions.append(Version(version, moment, size))
    if created and not versions:
        try:
            day = datetime.fromisoformat(created).replace(tzinfo=UTC)
        except ValueError:
            return []
        return [Version(1, day)]
    return sorted(versions, key=lambda version: version.number)
