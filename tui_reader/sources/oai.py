"""Answers of arXiv's OAI-PMH server, in its formats arXiv, arXivOld and arXivRaw."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from tui_reader.errors import SourceError
from tui_reader.model import Paper, Reading, Version
from tui_reader.sources.common import (
    CUT_OFF,
    find_time,
    in_parts,
    known_people,
    number,
    paper_of,
    person,
    unreadable_entries,
)
from tui_reader.sources.markup import local_name, texts_in
from tui_reader.text import clean

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

_FORMATS = ("arXiv", "arXivRaw", "arXivOld")


def read(root: Element, whole: bool, origin: str) -> Reading:
    """Read an answer; `whole` says whether its XML was undamaged.

    Raises SourceError for an error of the server, and for an answer without papers' metadata.
    """
    if (error := root.find("{*}error")) is not None:
        said = clean(error.text or "") or "no reason given"
        code = clean(error.get("code") or "")[:60]
        raise SourceError(origin, f"arXiv's server answered {code}: {said[:300]}")
    records = list(root.iter("{*}record"))
    found = [paper for record in records if (paper := _paper(record))]
    deleted = len(root.findall(".//{*}record/{*}header[@status='deleted']"))
    if not found and not deleted:
        raise SourceError(
            origin, "an OAI-PMH answer without papers; ask for metadataPrefix=arXiv or arXivRaw"
        )
    problems = [] if whole else [CUT_OFF]
    problems += unreadable_entries(len(records) - len(found) - deleted)
    if deleted:
        problems.append(f"arXiv has deleted {deleted} of these papers")
    if root.findtext(".//{*}resumptionToken"):
        problems.append("this is one part of a longer answer; the rest must be asked for")
    return Reading("OAI-PMH answer", (), tuple(found), tuple(problems))


def _paper(record: Element) -> Paper | None:
    metadata = record.find("{*}metadata/*")
    if metadata is None or local_name(metadata) not in _FORMATS:
        return None
    fields = texts_in(metadata)
    if fields.get("acm-class") == fields.get("msc-class"):
        fields.pop("acm-class", None)  # the server fills in the MSC class here too: a known fault
    versions = _versions(metadata, fields.get("created"))
    parts = _parts(metadata.find("{*}authors"))
    return paper_of(
        fields,
        known_people(map(person, map(" ".join, parts))) if parts else None,
        parted=in_parts(parts),
        version=versions[-1].number if versions and "created" not in fields else None,
        versions=versions,
    )


def _parts(authors: Element | None) -> list[list[str]]:
    """Return given names, family name and suffix of each author that has an element."""
    said = map(texts_in, authors if authors is not None else ())
    return [[parts.get(name, "") for name in ("forenames", "keyname", "suffix")] for parts in said]


def _versions(metadata: Element, created: str | None) -> tuple[Version, ...]:
    versions = []
    for element in metadata:
        at = number((element.get("version") or "").removeprefix("v"))
        if at is not None:
            said = texts_in(element)
            size = number(said.get("size", "").strip().removesuffix("kb").strip())
            versions.append(Version(at, find_time(said.get("date")), size))
    if created and not versions:
        try:
            return (Version(1, datetime.fromisoformat(created.strip()).replace(tzinfo=UTC)),)
        except ValueError:
            return ()
    return tuple(sorted(versions, key=lambda version: version.number))
