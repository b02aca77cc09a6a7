"""A client that asks arXiv politely: one connection, pauses, bounds.

Nothing here retries without waiting, follows a link of a page, or trusts a size.
"""

import asyncio
import os
import re
import ssl
import time
import zlib
from collections.abc import Callable, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from datetime import UTC, date, datetime
from email.utils import parsedate_to_datetime
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, TypeAlias, cast
from urllib.parse import quote, urlencode

import httpx

import tui_reader
from tui_reader.errors import Cancelled, FetchError, NotNeeded, Trouble
from tui_reader.fetch.failures import Proxy, broken, failure, proxy_for
from tui_reader.fetch.turns import DAY, PAUSES, Turn, Turns
from tui_reader.model import PaperId
from tui_reader.text import clean

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

LONGEST_PAUSE = 600.0
"""Seconds that are waited for in place; when arXiv asks for more, the caller is told."""
_LONGEST_WAIT = 3600.0
_HOPS = 3
_BREATH = 0.06  # seconds
_REFUSAL = "arXiv refuses this program (403), and going on would count as an attack"
_XML_END = re.compile(rb"</(?:\w+:)?(?:rss|feed|OAI-PMH)\s*>\s*$")
_PAGES = r"text/html|application/xhtml\+xml|(text|application)/(rss\+|atom\+)?xml"


class Hosts(NamedTuple):
    """Where arXiv's services are."""

    site: str = "https://arxiv.org"
    feeds: str = "https://rss.arxiv.org"
    api: str = "https://export.arxiv.org"
    oai: str = "https://oaipmh.arxiv.org"

    @classmethod
    def at(cls, base: str) -> "Hosts":
        """Take everything from one address, such as a mirror's; plain http only on this machine.

        Raises FetchError when the address is none.
        """
        try:
            url = httpx.URL(base)
        except (httpx.InvalidURL, ValueError):
            url = httpx.URL("")
        local = url.host in ("127.0.0.1", "localhost", "::1")
        if not url.host or url.userinfo or url.scheme not in ("https", "http" if local else ""):
            raise FetchError(
                f"{clean(base)!r} can't be arXiv's address; TUI_READER_ARXIV takes one such as"
                " https://mirror.example.org",
                Trouble.SETUP,
            )
        return cls(*[str(url).rstrip("/")] * 4)


@dataclass(frozen=True, slots=True)
class Bounds:
    """What is taken from a server, and how much; seconds and bytes."""

    total: float = 60.0
    """For a whole answer, redirects included."""
    connect: float = 15.0
    body: int = 32 << 20
    """Packed or unpacked."""
    types: str = _PAGES
    """A pattern of the content types."""
    missing: bool = False
    """Whether a page that says that there is nothing (400, 404) is an answer, and one cut off."""


TEXT = Bounds(total=180.0, types="text/html", missing=True)
"""For a client that asks for the texts of papers."""
PICTURE = Bounds(types="image/.*")
"""For a client that asks for their pictures."""
PDF = Bounds(total=300.0, body=128 << 20, types="application/pdf")
"""For a client that asks for PDFs."""


Needed: TypeAlias = Callable[[], bool]
"""Asked when a request has its turn: another process may have stored its answer meanwhile."""


def _always() -> bool:
    return True


class Client:
    """Asks arXiv, one request at a time over all of a person's processes on this machine.

    `now` gives seconds of the epoch; `wait` sleeps so many seconds, at most one at a time, and
    `report` is told before each how many are left and why. `arrived` is told how many bytes of an
    answer came, and of how many, 0 if that is unknown. `cancelled` is looked at all along.
    Every method blocks, and raises FetchError, Cancelled, or NotNeeded where it is asked `needed`
    and that says no. Not for a thread with an event loop.
    """

    def __init__(
        self,
        state: Path,
        base: str | None = None,
        *,
        contact: str = "",
        now: Callable[[], float] = time.time,
        wait: Callable[[float], object] = time.sleep,
        report: Callable[[float, str], None] = lambda seconds, why: None,
        arrived: Callable[[int, int], None] = lambda taken, total: None,
        cancelled: Callable[[], bool] = lambda: False,
        bounds: Bounds = Bounds(),
    ) -> None:
        base = base or os.environ.get("TUI_READER_ARXIV")
        self.hosts = Hosts.at(base) if base else Hosts()
        self.report = report
        self._arrived = arrived
        self.requests = 0
        self._contact, self._bounds = contact, bounds
        self._now, self._wait, self._cancelled = now, wait, cancelled
        self._turns = Turns(state, now, self._pause)

    # What can be asked for

    PAGE = 2000
    """Entries on a page of `new` and `catch_up`, at most."""

    def new(self, category: str, skip: int = 0, needed: Needed = _always) -> bytes:
        """Return a page of the newest announcement, from its entry number `skip` on."""
        paging = f"?skip={skip}&show={self.PAGE}" if skip else ""
        return self._ask(f"{self.hosts.site}/list/{quote(category)}/new{paging}", needed)

    def catch_up(self, category: str, day: date, page: int = 1, needed: Needed = _always) -> bytes:
        """Return a page of an earlier announcement, at most 90 days back; pages count from 1."""
        paging = f"&page={page}" if page > 1 else ""
        path = f"/catchup/{quote(category)}/{day}?abs=True{paging}"
        return self._ask(self.hosts.site + path, needed)

    def feed(self, categories: Sequence[str], needed: Needed = _always) -> bytes:
        """Return the newest announcement of several categories, without a promise of counts."""
        path = f"/rss/{quote('+'.join(categories), safe='+')}"
        return self._ask(self.hosts.feeds + path, needed)

    def papers(self, ids: Sequence[PaperId], needed: Needed = _always) -> bytes:
        """Return the query API's answer on these papers, at most 100."""
        query = urlencode({"id_list": ",".join(ids), "max_results": len(ids)})
        url = f"{self.hosts.api}/api/query?{query}"
        return self.patiently(partial(self._ask, url, needed))

    def records(self, arguments: dict[str, str]) -> bytes:
        """Return an OAI-PMH answer; a resumption token stands alone in the arguments."""
        query = urlencode({"verb": "ListRecords"} | arguments)
        return self.get(f"{self.hosts.oai}/oai?{query}")

    def pdf(self, paper: PaperId, version: int | None) -> bytes:
        """Return the PDF of a version of a paper, None for the newest; needs the bounds PDF."""
        name = f"{paper}v{version}" if version else paper
        return self.get(f"{self.hosts.site}/pdf/{name}")

    def html(self, paper: PaperId, version: int | None) -> bytes:
        """Return the HTML of a version of a paper, None for the newest; needs the bounds TEXT."""
        name = f"{paper}v{version}" if version else paper
        return self.get(f"{self.hosts.site}/html/{name}")

    def picture(self, address: str) -> bytes:
        """Return a picture of a text, by its address at arXiv; needs the bounds PICTURE."""
        return self.get(self.hosts.site + address.removeprefix("https://arxiv.org"))

    def get(self, url: str) -> bytes:
        """Return what is at an address, whole, when it is arXiv's turn to be asked."""
        return self.patiently(partial(self._ask, url))

    def patiently(self, ask: Callable[[], bytes]) -> bytes:
        """Ask, and where arXiv is busy once more, after LONGEST_PAUSE seconds at most."""
        try:
            return ask()
        except FetchError as error:
            if error.trouble is not Trouble.BUSY or self.is_long(error.again):
                raise
        return ask()

    def is_long(self, again: datetime | None) -> bool:
        """Whether it is too long until then to be waited for in place."""
        return again is not None and again.timestamp() - self._now() > LONGEST_PAUSE

    # When it may be asked

    def _ask(self, url: str, needed: Needed = _always) -> bytes:
        hosts = self.hosts
        services = (f"{hosts.feeds}/rss/", f"{hosts.api}/api/", f"{hosts.oai}/oai?")
        group = "services" if url.startswith(services) else "site"
        why = f"arXiv wants {PAUSES[group]:.0f} seconds between requests"
        while True:
            with self._turns.alone() as (turns, keep):
                now = self._now()
                for other in turns.values():
                    if other.refused and other.at > now:
                        raise _later(_REFUSAL, other.at, Trouble.REFUSED)
                at, failures, _ = turns[group]
                if not at > now:
                    if not needed():
                        raise NotNeeded
                    return self._in_turn(url, failures, partial(keep, group), PAUSES[group])
            if at - now > LONGEST_PAUSE:
                raise _later("arXiv has asked for patience", at)
            self._pause(at - now, "arXiv is busy and has asked for patience" if failures else why)

    def _in_turn(self, url: str, failures: int, keep: Callable[[Turn], None], wait: float) -> bytes:
        """Make the request, and leave word for the next one, in this process or another."""
        refused = False
        keep(Turn(self._now() + wait, failures))
        try:
            body = self._download(url)
            failures = 0
            return body
        except FetchError as error:
            if error.trouble is Trouble.BUSY and error.again:
                failures += 1
                asked = error.again.timestamp() - self._now()
                wait = max(min(wait * 2.0 ** min(failures, 20), _LONGEST_WAIT), asked)
                raise _later(str(error), self._now() + wait) from None
            if error.trouble is Trouble.REFUSED:
                wait, refused = DAY, True
                raise _later(_REFUSAL, self._now() + wait, error.trouble) from None
            raise
        finally:
            keep(Turn(self._now() + wait, failures, refused))

    def _pause(self, seconds: float, why: str) -> None:
        end = self._now() + seconds
        while (left := min(end - self._now(), seconds)) > 0:
            self._heed()
            self.report(left, why)
            self._wait(min(left, 1.0))
        self._heed()

    def breathe(self) -> None:
        """Leave the processor to other threads for a moment: one may draw a screen."""
        self._heed()
        self._wait(_BREATH)

    def _heed(self) -> None:
        if self._cancelled():
            raise Cancelled

    # One request

    def _download(self, url: str) -> bytes:
        self._heed()
        self.requests += 1
        proxy = proxy_for(url)
        loop = asyncio.new_event_loop()
        try:
            return loop.run_until_complete(self._watched(url, proxy))
        except TimeoutError as error:
            problem = f"did not finish its answer within {self._bounds.total:.0f} seconds"
            raise broken(url, f"{problem}; try again later") from error
        except (httpx.HTTPError, httpx.InvalidURL, OSError, ValueError, ImportError) as error:
            raise failure(url, error, proxy) from error
        finally:
            for task in asyncio.all_tasks(loop):  # after Ctrl-C
                task.cancel()
                loop.run_until_complete(asyncio.wait({task}))
            loop.run_until_complete(loop.shutdown_asyncgens())
            loop.close()  # unlike asyncio.run, without waiting for a name to be resolved

    async def _watched(self, url: str, proxy: Proxy | None) -> bytes:
        task = asyncio.ensure_future(self._fetched(url, proxy))
        while not task.done():
            await asyncio.wait({task}, timeout=0.2)
            if not task.done() and self._cancelled():
                task.cancel()
                await asyncio.wait({task})
                raise Cancelled
        return task.result()

    async def _fetched(self, url: str, proxy: Proxy | None) -> bytes:
        agent = user_agent(self._contact)
        headers = {"User-Agent": agent, "Accept-Encoding": "gzip", "Accept": "*/*"}
        timeout = httpx.Timeout(None, connect=self._bounds.connect)
        async with (
            asyncio.timeout(self._bounds.total),
            httpx.AsyncClient(
                headers=headers,
                timeout=timeout,
                verify=trusted(),
                proxy=proxy.url if proxy else None,
                trust_env=False,
            ) as client,
        ):
            at = httpx.URL(url)
            for _ in range(_HOPS):
                async with client.stream("GET", at) as response:
                    client.cookies.clear()
                    if not response.is_redirect:
                        return await self._body(response)
                    at = self._redirected(at, response.headers.get("location", ""))
        raise broken(url, "redirects in a circle; try again later")

    def _redirected(self, at: httpx.URL, location: str) -> httpx.URL:
        try:
            target = at.join(location)
        except (httpx.InvalidURL, ValueError):
            target = httpx.URL("")
        if _origin(target) not in map(_origin, map(httpx.URL, self.hosts)) or target.userinfo:
            raise broken(
                str(at),
                f"sends on to {clean(location)[:80]!r}, which is not arXiv; is there a login page"
                " in this network?",
            )
        return target

    async def _body(self, response: httpx.Response) -> bytes:
        """Return the body, unpacked, within the bounds on both forms of it."""
        if not (self._bounds.missing and response.status_code in (400, 404)):
            _check_status(response, self._now())
        url, bounds, taken, body = str(response.url), self._bounds, 0, bytearray()
        kind = response.headers.get("content-type", "").partition(";")[0].strip().lower()
        if not re.fullmatch(bounds.types, kind):
            raise broken(
                url,
                f"sent {clean(kind)[:60] or 'a page'!r}, not what was asked for; try again later",
            )
        coding = response.headers.get("content-encoding", "").strip().lower()
        if coding not in ("", "identity", "gzip", "x-gzip"):
            raise broken(url, f"sent an answer packed as {clean(coding)[:60]!r}; try again later")
        unpacker = zlib.decompressobj(31) if "gzip" in coding else None
        total = int(response.headers.get("content-length", 0))
        # Closed at once, or an answer that is refused in the middle leaves a task behind.
        arriving = cast("AsyncGenerator[bytes]", response.aiter_raw())
        async with aclosing(arriving) as chunks:
            async for chunk in chunks:
                taken += len(chunk)
                self._arrived(taken, total)
                room = bounds.body + 1 - len(body)
                try:
                    body += unpacker.decompress(chunk, room) if unpacker else chunk
                except zlib.error as error:
                    raise broken(
                        url, "sent an answer whose packing is damaged; try again later"
                    ) from error
                if max(taken, len(body)) > bounds.body:
                    raise broken(url, f"sent more than {bounds.body >> 20} MB, so it was refused")
        # The length of an answer is not always given, but its end is known.
        end = bytes(body[-4096:])
        whole = b"</html>" in end.lower() if "html" in kind else _XML_END.search(end)
        if "pdf" in kind:
            whole = body.startswith(b"%PDF-") and b"%%EOF" in end
        whole = bool(whole) or bounds.missing or "image" in kind
        if not whole or (unpacker and not unpacker.eof):
            raise broken(url, "sent an answer that is empty or cut off; try again later")
        return bytes(body)


def _check_status(response: httpx.Response, now: float) -> None:
    status, url = response.status_code, response.url
    if status == 403:
        raise FetchError("refused", Trouble.REFUSED)
    if status in (429, 500, 502, 503, 504):
        rest = retry_after(response.headers.get("retry-after"), now)
        # Without a word on it one page fails, and not the whole host.
        again = datetime.fromtimestamp(now + rest, UTC) if rest or status == 429 else None
        raise FetchError(f"{url.host} is busy or behind ({status})", Trouble.BUSY, again)
    if status != 200:
        problem = f"{url.host} has no page {clean(url.path)[:80]} ({status})"
        raise FetchError(problem, Trouble.UNKNOWN)


def retry_after(header: str | None, now: float) -> float:
    """Return how many seconds a Retry-After header asks for, at most a day: 0 where it can't say.

    Takes both forms, seconds and a date; `now` is in seconds of the epoch.
    """
    text = (header or "").strip()[:40]
    if re.fullmatch(r"[0-9]{1,9}", text):
        return min(float(text), DAY)
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError, OverflowError):
        return 0.0
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return min(max(moment.timestamp() - now, 0.0), DAY)


def user_agent(contact: str = "") -> str:
    """Return who asks, as robots rules want it: program, version, where to complain."""
    about = "terminal reader for arXiv"
    if contact.isascii() and contact.isprintable() and contact:
        about += f"; {contact}"
    return f"tui-reader/{tui_reader.__version__} ({about})"


@cache
def trusted() -> ssl.SSLContext:
    """Return the certificates to trust; SSL_CERT_FILE and SSL_CERT_DIR name others."""
    return httpx.create_ssl_context()


def _origin(url: httpx.URL) -> tuple[str, str, int | None]:
    return url.scheme, url.host, url.port


def _later(problem: str, until: float, trouble: Trouble = Trouble.BUSY) -> FetchError:
    again = datetime.fromtimestamp(until, UTC)
    when = f"{again.astimezone():%a %d %b %H:%M}"
    return FetchError(f"{problem}; it can be asked again {when}", trouble, again)
