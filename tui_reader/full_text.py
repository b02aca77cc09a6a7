"""The texts of papers on this machine: kept as arXiv's HTML, packed, beside the PDFs."""

import gzip
import re
import zlib
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from tui_reader.config import Paths
from tui_reader.document import COUNTED, FullText, Passage, TextState, lay_out, with_source
from tui_reader.document.values import Block, Inline, Inlines, Paragraph
from tui_reader.errors import TuiReaderError, translated
from tui_reader.files import replace_file
from tui_reader.model import Paper, PaperId
from tui_reader.text import Mode, Style, clean, clean_block, spans

SECONDS_BELIEVED = 86400
"""How long it holds that arXiv has no text of a paper."""
MOST_BYTES = 32 << 20
"""Of a page, unpacked."""


_PAGE = re.compile(
    rb"ltx_page_content|<article[^>]{0,200}ltx_document|<h1[^>]{0,200}>\s*No (?:HTML|document) for "
)


_PICTURE = re.compile(r"https://arxiv\.org(/html/[\w./-]+\.(?:png|jpe?g|gif|svg|webp))")


class Copy(NamedTuple):
    """A page that is kept."""

    file: Path
    version: int
    """0 where the page did not say, or has no text."""


def recognises(page: bytes) -> bool:
    """Whether this is the page of a paper's text, or says that there is none."""
    return _PAGE.search(page) is not None


def is_offered(paper: Paper | None) -> bool:
    """Whether arXiv may have the text of a paper: its pages say where it has none."""
    return not paper or paper.may_have_html


def record(text: FullText) -> Paper:
    """Return what a text says of its paper, for where arXiv's record is not at hand."""
    typed = with_source(Passage(text.abstract))
    paragraphs = (block for block in typed.blocks if isinstance(block, Paragraph))
    abstract = "\n\n".join("".join(x.text for x in block.inlines) for block in paragraphs)
    return Paper(
        PaperId(text.id),
        clean(text.title),
        abstract=clean_block(abstract) or None,
        version=text.version,
        authors_omitted=None,
    )


def copies(paths: Paths, paper: PaperId) -> list[Copy]:
    """Return what is kept of a paper, the newest version first."""
    found = []
    for file in _folder(paths).glob(f"{_name(paper)}v*.html.gz"):
        version = file.name.removesuffix(".html.gz").rpartition("v")[2]
        if version.isdecimal():
            found.append(Copy(file, int(version)))
    return sorted(found, key=lambda copy: -copy.version)


def load(
    paths: Paths, paper: PaperId, version: int | None = None, now: datetime | None = None
) -> FullText | None:
    """Return the text of a paper, of its newest version that is kept; None if none is.

    So is one that was no text when it came, and came more than a day before `now`: arXiv may
    have one by then. Raises TuiReaderError where it can't be read.
    """
    for file, number in copies(paths, paper):
        if version is None or number in (version, 0):
            with translated(TuiReaderError, f"{file} can't be read"):
                came = file.stat().st_mtime_ns
            text = _read(file, paper, came)
            old = now and now.timestamp() - came / 1e9 > SECONDS_BELIEVED
            return None if old and not text.state.is_text else text
    return None


def keep(
    paths: Paths, page: bytes, paper: PaperId | None = None, version: int | None = None
) -> FullText:
    """Keep a page, of the `paper` and `version` it is taken for where it does not say.

    Raises TuiReaderError.
    """
    from tui_reader.sources import paper_page

    text = paper_page.read(page, paper)
    if not text.id:
        raise TuiReaderError("it does not say which paper it is of; name it so: 2401.00001.html")
    if text.state is not TextState.OTHER:
        number = (text.version or version or 0) if text.state.is_text else 0
        file = _folder(paths) / f"{_name(text.id)}v{number}.html.gz"
        with translated(TuiReaderError, f"{file} can't be written"):
            replace_file(file, [gzip.compress(page, 6, mtime=0)])
    return text


def fetch(
    paths: Paths,
    contact: str,
    paper: PaperId,
    version: int | None,
    report: Callable[[str], None],
    cancelled: Callable[[], bool] = lambda: False,
) -> FullText:
    """Ask arXiv for the text of a paper, and keep it; `report` is told how far that is.

    An answer that was cut off is asked for once more. Raises TuiReaderError, or Cancelled.
    """
    from tui_reader.fetch import TEXT, Client

    said = f"Text {paper}"
    report(said)
    client = Client(
        paths.state,
        contact=contact,
        report=lambda seconds, why: report(f"{said} in {seconds:.0f} s: {why}"),
        arrived=lambda taken, total: report(f"{said}: {taken / 1e6:.1f} MB"),
        cancelled=cancelled,
        bounds=TEXT,
    )
    for _ in range(2):
        text = keep(paths, client.html(paper, version), paper, version)
        if text.state is not TextState.CUT:
            break
    return text


def _folder(paths: Paths) -> Path:
    return paths.data / "html"


def _name(paper: str) -> str:
    return paper.replace("/", "-")


@lru_cache(maxsize=8)
def _read(file: Path, paper: PaperId, _: int) -> FullText:
    """Read a page that is kept; of the last few it is known what came of it, while they stay."""
    from tui_reader.sources import paper_page

    return paper_page.read(_unpacked(file), paper)


def _unpacked(file: Path) -> bytes:
    with translated(TuiReaderError, f"{file} can't be read"):
        packed = file.read_bytes()
    try:
        unpacker = zlib.decompressobj(31)
        page = unpacker.decompress(packed, MOST_BYTES)
    except zlib.error as error:
        raise TuiReaderError(f"{file} is damaged; delete it, and get it again") from error
    return page


def fetch_picture(
    paths: Paths,
    contact: str,
    address: str,
    report: Callable[[str], None],
    cancelled: Callable[[], bool] = lambda: False,
) -> Path:
    """Return the file of a picture of a text, having asked arXiv for it if it is not here yet.

    Raises TuiReaderError, or Cancelled.
    """
    name = re.sub(r"[^\w.-]", "-", address.rpartition("/html/")[2])
    file = _folder(paths) / name
    if not is_picture(address):
        raise TuiReaderError(f"{address} is no picture of arXiv's.")
    if not file.exists():
        from tui_reader.fetch import PICTURE, Client

        client = Client(
            paths.state,
            contact=contact,
            report=lambda seconds, why: report(f"Picture in {seconds:.0f} s: {why}"),
            cancelled=cancelled,
            bounds=PICTURE,
        )
        with translated(TuiReaderError, f"{file} can't be written"):
            replace_file(file, [client.picture(address)])
    return file


def is_picture(address: str) -> bool:
    """Whether an address is that of a picture in a paper's text."""
    return _PICTURE.fullmatch(address) is not None


def summary(text: FullText, title: str) -> Mapping[str, object]:
    """Return what programs are told of a text."""
    sections = [
        {"number": each.number, "title": each.title, "level": each.level, "id": each.id}
        for each in text.passages
        if each.heading
    ]
    about = {"id": text.id, "version": text.version, "state": text.state, "title": title}
    return about | {"sections": sections} | {name: text.counts.get(name, 0) for name in COUNTED}


def front(text: FullText, paper: Paper | None, mode: Mode) -> Passage:
    """Return what stands before a text: title, authors and abstract, as arXiv's record has them."""
    name = f"arXiv:{text.id}v{text.version}" if text.version else f"arXiv:{text.id}"
    about = "  ".join(filter(None, (name, text.licence)))
    title = _inlines(paper.title, mode) if paper and paper.title else (Inline(text.title),)
    blocks: list[Block] = [Paragraph(tuple(x._replace(style=Style.BOLD) for x in title))]
    if paper and paper.authors:
        blocks.append(Paragraph(_inlines(", ".join(paper.authors), mode)))
    blocks.append(Paragraph((Inline(about, Style.DIM),)))
    if text.state.says:
        blocks.append(Paragraph((Inline(text.state.says, Style.ITALIC),)))
    if text.state is TextState.WHOLE and (errors := text.counts.get("errors")):
        said = "1 command" if errors == 1 else f"{errors} commands"
        said += " of TeX that arXiv's converter did not know; each is shown as it is."
        blocks.append(Paragraph((Inline(said, Style.ITALIC),)))
    if paper and paper.version and text.version and paper.version > text.version:
        said = f"Version {paper.version} is out; in the reader, r gets its text."
        blocks.append(Paragraph((Inline(said, Style.ITALIC),)))
    if paper and paper.abstract:
        return Passage((*blocks, Paragraph(_inlines(paper.abstract, mode))))
    return Passage((*blocks, *text.abstract))


def _inlines(source: str, mode: Mode) -> Inlines:
    """Return a text of arXiv's record, set."""
    found = (Inline(x.text, x.style & ~Style.MATH, x.link or "") for x in spans(source, mode))
    return tuple(found)


def written(
    text: FullText, paper: Paper | None, width: int, mode: Mode, *, tex: bool
) -> Iterator[str]:
    """Yield the lines of a text, and what stands before it; `tex`: its formulas as their TeX."""
    for at, passage in enumerate((front(text, paper, mode), *text.passages)):
        yield from [""] if at else []
        shown = with_source(passage) if tex else passage
        yield from (line.text for line in lay_out(shown, width, mode))
