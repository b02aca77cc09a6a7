"""A small arXiv on 127.0.0.1: its listing pages, catch-up, feeds, API, delays and faults.

It announces what the tests put into it, at its own times and by the clock it is given; or it
serves a scenario of the real samples, where they are present.
"""

import gzip
import html
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import parse_qs, unquote, urlsplit

from tui_reader import calendar, taxonomy

CORPUS = Path(__file__).parents[2] / "shared" / "corpus" / "browse"
PAGE = 2000
HEADINGS = {"new": "New", "cross": "Cross", "replacement": "Replacement"}
FEED_TYPES = {"replacement": "replace"}
JUMPS = {"new": "New submissions", "cross": "Cross-lists", "replacement": "Replacements"}


class Item(NamedTuple):
    """An entry as the server knows it."""

    id: str
    section: str = "new"
    title: str = ""


class Answer(NamedTuple):
    status: int
    body: str | bytes
    type: str = "text/html; charset=utf-8"
    headers: tuple[tuple[str, str], ...] = ()


Fault = Callable[[str], Answer | None]
"""Given a path, an answer that comes instead of the true one, or None."""


def busy(retry_after: str | None = "300") -> Answer:
    headers = (("Retry-After", retry_after),) if retry_after else ()
    text = "This listing is temporarily unavailable; please retry in a few minutes."
    return Answer(503, text, headers=headers)


@dataclass
class World:
    """What arXiv announces, and what goes wrong there."""

    now: Callable[[], datetime]
    listings: dict[tuple[str, date], list[Item]] = field(default_factory=dict)
    closed: set[date] = field(default_factory=set)
    """Days that no announcement is dated, besides weekends."""
    delay: dict[date, timedelta] = field(default_factory=dict)
    """How much later than at 20:00 an announcement comes."""
    missing: dict[tuple[str, date], int] = field(default_factory=dict)
    """How many entries at the end a listing promises, and does not show."""
    fault: Fault = lambda path: None
    records: list[tuple[date, str]] = field(default_factory=list)
    """What OAI-PMH knows: the day of a paper's last change, and its identifier."""
    pdfs: dict[str, bytes] = field(default_factory=dict)
    """By what stands in their addresses: `2603.00001v1`."""
    texts: dict[str, "bytes | Answer"] = field(default_factory=dict)
    """The HTML of papers, by what stands in their addresses."""
    hits: list[str] = field(default_factory=list)
    agents: set[str] = field(default_factory=set)
    scenario: str = ""

    def newest(self) -> date:
        """Return the date of the announcement that /new shows now."""
        now = self.now()
        day = calendar.latest(now)
        while not self.announced(day) or calendar.moment_of(day) + self.late(day) > now:
            day -= timedelta(days=1)
        return day

    def announced(self, day: date) -> bool:
        return day.weekday() < 5 and day not in self.closed

    def late(self, day: date) -> timedelta:
        return self.delay.get(day, timedelta(0))

    def items(self, category: str, day: date) -> list[Item]:
        out = self.announced(day) and calendar.moment_of(day) + self.late(day) <= self.now()
        return self.listings.get((category, day), []) if out else []

    def answer(self, path: str) -> Answer:
        self.hits.append(path)
        if fault := self.fault(path):
            return fault
        if self.scenario:
            return sample(self.scenario, path)
        url = urlsplit(path)
        query = {name: values[0] for name, values in parse_qs(url.query).items()}
        match unquote(url.path).strip("/").split("/"):
            case ["list", category, "new"] if taxonomy.is_known(category):
                if query.keys() - {"skip", "show"} or query.get("show", "2000") != "2000":
                    return Answer(400, invalid("Invalid show"))
                return Answer(200, self.new(category, int(query.get("skip", 0))))
            case ["catchup", category, day] if taxonomy.is_known(category):
                return self.catch_up(category, day, query)
            case ["list" | "catchup", category, *_]:
                return Answer(400, invalid(f"Invalid archive or category: {category}"))
            case ["rss", contexts]:
                return Answer(200, self.feed(contexts.split("+")), "application/rss+xml")
            case ["pdf", *name] if (pdf := self.pdfs.get("/".join(name))) is not None:
                return Answer(200, pdf, "application/pdf")
            case ["html", *name] if (text := self.texts.get("/".join(name))) is not None:
                return text if isinstance(text, Answer) else Answer(200, text)
            case ["oai"]:
                return Answer(200, self.oai(query), "text/xml")
            case ["api", "query"]:
                return Answer(200, api_answer(query["id_list"]), "application/atom+xml")
        return Answer(404, invalid("Page not found"))

    def new(self, category: str, skip: int) -> str:
        day = self.newest()
        name, items = taxonomy.name_of(category), self.items(category, day)
        shown = items[: len(items) - self.missing.get((category, day), 0)][skip : skip + PAGE]
        last = (max(len(items), 1) - 1) // PAGE * PAGE
        jumps = {
            section: (
                f"/list/{category}/new?skip={start // PAGE * PAGE}&amp;show={PAGE}",
                start + 1,
            )
            if last
            else ("", start + 1)
            for section, start in starts(items)
        }
        top = (
            f'<h1>{name}</h1>{menu(jumps)}<p>See <a id="recent-{category}" '
            f'aria-labelledby="recent-{category}" href="/list/{category}/recent">recent</a></p>'
            f"<h3>Showing new listings for {day:%A}, {day.day} {day:%B} {day.year}</h3>"
        )
        if not shown and not items:
            return page(f"{top}<p>No updates today.</p>")
        total = f"<div class='paging'>Total of {len(items)} entries </div>"
        return page(
            top
            + total
            + entries(items, shown, skip)
            + ("" if shown else "<p>No updates today.</p>")
        )

    def catch_up(self, category: str, text: str, query: dict[str, str]) -> Answer:
        day, today = date.fromisoformat(text), self.now().date()
        if query.keys() - {"abs", "page"} or not today - timedelta(days=91) <= day <= today:
            return Answer(400, invalid("Invalid date: Catchup only allowed for past 90 days"))
        number = int(query.get("page", 1))
        items, skip = self.items(category, day), (number - 1) * PAGE
        shown = items[: len(items) - self.missing.get((category, day), 0)][skip : skip + PAGE]
        jumps = {}
        for section, start in starts(items):
            its_page = start // PAGE + 1
            away = f"/catchup/{category}/{day}?abs=True&amp;page={its_page}"
            jumps[section] = ("" if its_page == number else away, start % PAGE + 1)
        written = f"{day:%a}, {day.day} {day:%b} {day.year}"
        top = (
            f"<h1>Catchup results for {taxonomy.name_of(category)} on {written}</h1>{menu(jumps)}"
            f"<div>Total of {len(items)} entries for {written}</div>"
        )
        none = "There was either no announcement for this day, or no updates within the subject."
        if not shown:
            return Answer(200, page(f"{top}<p>No updates for {written}. {none}</p>"))
        return Answer(200, page(top + entries(items, shown, skip)))

    def feed(self, contexts: list[str]) -> str:
        day = self.newest()
        items = [
            f"<item><title>{html.escape(item.title or item.id)}</title>"
            f"<guid isPermaLink='false'>oai:arXiv.org:{item.id}v1</guid>"
            f"<description>arXiv:{item.id}v1 Announce Type: "
            f"{FEED_TYPES.get(item.section, item.section)} \nAbstract: A.</description>"
            f"<category>{context}</category><dc:creator>Ann Bo</dc:creator></item>"
            for context in contexts
            for item in self.items(context, day)
        ]
        return (
            '<?xml version="1.0" encoding="UTF-8"?><rss version="2.0" xmlns:dc='
            f'"http://purl.org/dc/elements/1.1/"><channel><title>{", ".join(contexts)} updates on'
            f" arXiv.org</title><pubDate>{day:%a, %d %b %Y} 00:00:00 -0500</pubDate>"
            f"{''.join(items)}</channel></rss>"
        )

    def oai(self, query: dict[str, str], most: int = 2) -> str:
        """Answer two records at a time, so that there is something to resume."""
        token = query.get("resumptionToken", f"{query.get('from')}&{query.get('until')}&0")
        first, until, start = token.split("&")
        found = [id_ for day, id_ in self.records if first <= str(day) <= until]
        records = "".join(
            f"<record><header><identifier>oai:arXiv.org:{id_}</identifier></header><metadata>"
            f'<arXivRaw xmlns="http://arxiv.org/OAI/arXivRaw/"><id>{id_}</id><version version="v1">'
            "<date>Tue, 3 Mar 2026 16:09:37 GMT</date><size>9kb</size></version>"
            f"<title>Paper {id_}</title><authors>Ann Bo</authors><categories>cs.DC</categories>"
            "<abstract>Text.</abstract></arXivRaw></metadata></record>"
            for id_ in found[int(start) : int(start) + most]
        )
        rest = f"{first}&amp;{until}&amp;{int(start) + most}"
        if len(found) > int(start) + most:
            records += f"<resumptionToken cursor='0'>{rest}</resumptionToken>"
        content = f"<ListRecords>{records}</ListRecords>"
        if not found:
            content = '<error code="noRecordsMatch">None match.</error>'
        return (
            '<?xml version="1.0" encoding="UTF-8"?>'
            f'<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/">{content}</OAI-PMH>'
        )


def starts(items: list[Item]) -> Iterator[tuple[str, int]]:
    """Yield each section that is there, and how many entries come before it."""
    before = 0
    for section in HEADINGS:
        count = sum(item.section == section for item in items)
        if count:
            yield section, before
        before += count


def menu(jumps: dict[str, tuple[str, int]]) -> str:
    links = "".join(
        f'<li><a href="{path}#item{number}">{JUMPS[section]}</a></li>'
        for section, (path, number) in jumps.items()
    )
    return f"<ul>{links}</ul>"


def entries(items: list[Item], shown: list[Item], skip: int) -> str:
    """Return the sections of a page; a section that is cut says so in its heading."""
    parts = []
    for section, heading in HEADINGS.items():
        of = sum(item.section == section for item in items)
        here = [(skip + at + 1, item) for at, item in enumerate(shown) if item.section == section]
        if not here:
            continue
        first = next(at for at, item in enumerate(items, 1) if item.section == section)
        words = ["continued, "] * (here[0][0] > first) + ["showing "]
        if len(here) < of:
            words += (
                ["first "] if here[0][0] == first else ["last "] * (here[-1][0] == first + of - 1)
            )
        title = f"{heading} submissions ({''.join(words)}{len(here)} of {of} entries)"
        parts += [f"<h3>{title}</h3>", *(entry(at, item) for at, item in here)]
    return f"<dl id='articles'>{''.join(parts)}</dl>"


def entry(at: int, item: Item) -> str:
    label = {"cross": "(cross-list from math.CO)", "replacement": "(replaced)"}.get(
        item.section, ""
    )
    return f"""<dt><a name='item{at}'>[{at}]</a>
<a href ="/abs/{item.id}" title="Abstract" id="{item.id}">arXiv:{item.id}</a> {label}
[<a href="/pdf/{item.id}" title="Download PDF" id="pdf-{item.id}">pdf</a>]</dt>
<dd><div class='meta'><div class='list-title mathjax'><span class='descriptor'>Title:</span>
{html.escape(item.title or f"Paper {item.id}")}</div>
<div class='list-authors'><a href="https://arxiv.org/search/cs?query=Bo">Ann Bo</a></div>
<div class='list-subjects'><span class='descriptor'>Subjects:</span>
<span class="primary-subject">Combinatorics (math.CO)</span></div>
<p class='mathjax'>An abstract.</p></div></dd>"""


def page(content: str) -> str:
    return (
        '<!DOCTYPE html><html lang="en"><head><title>arXiv</title></head><body>'
        '<a aria-hidden="true" href="https://arxiv.org/IgnoreMe"></a>'
        f"<div id='content'><div id='dlpage'>{content}</div></div></body></html>"
    )


def invalid(title: str) -> str:
    return f"<html><head><title>{title}</title></head><body>{title}</body></html>"


def api_answer(ids: str) -> str:
    found = "".join(
        f"<entry><id>http://arxiv.org/abs/{id_}v1</id><title>Paper {id_}</title>"
        "<summary>Text.</summary><author><name>Ann Bo</name></author></entry>"
        for id_ in ids.split(",")
        if not id_.startswith("9")
    )
    count = found.count("<entry>")
    return (
        '<?xml version="1.0" encoding="UTF-8"?><feed xmlns="http://www.w3.org/2005/Atom"'
        ' xmlns:s="http://a9.com/-/spec/opensearch/1.1/">'
        f"<s:totalResults>{count}</s:totalResults><s:startIndex>0</s:startIndex>"
        f"<s:itemsPerPage>{count}</s:itemsPerPage>{found}</feed>"
    )


def sample(scenario: str, path: str) -> Answer:
    """Return what arXiv's own application answered in a scenario of the samples."""
    for line in (CORPUS / "index.tsv").read_text("utf-8").splitlines():
        name, method, url, status, type_, *_ = line.split("\t")
        if name.startswith(f"{scenario}/") and method == "GET" and url == path:
            file = CORPUS / name
            headers = file.with_suffix(".headers").read_text("utf-8").splitlines()
            retry = tuple(
                ("Retry-After", h[12:].strip()) for h in headers if h[:11] == "Retry-After"
            )
            return Answer(int(status), file.read_bytes(), type_, retry)
    return Answer(404, invalid("Page not found"))


@contextmanager
def serving(world: World) -> Iterator[str]:
    """Serve a world on a port of its own; give its base address."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            world.agents.add(self.headers["User-Agent"])
            answer = world.answer(self.path)
            body = answer.body.encode() if isinstance(answer.body, str) else answer.body
            packed = "gzip" in self.headers.get("Accept-Encoding", "") and answer.status == 200
            if packed:
                body = gzip.compress(body, 1)
            self.send_response(answer.status)
            self.send_header("Content-Type", answer.type)
            self.send_header("Content-Length", str(len(body)))
            for header in [("Content-Encoding", "gzip")] * packed + list(answer.headers):
                self.send_header(*header)
            self.end_headers()
            with suppress(ConnectionError):  # the reader had enough
                self.wfile.write(body)

        def log_message(self, *arguments: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
