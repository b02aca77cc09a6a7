"""The one module that talks to arXiv, and how politely: one connection, pauses, bounds.

Nothing here retries without waiting, follows a link of a page, or trusts a size.
"""

import asyncio
import fcntl
import json
import os
import re
import ssl
import time
import zlib
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, replace
from datetime import UTC, date, datetime
from email.utils import parsedate_to_datetime
from functools import cache
from importlib import metadata
from pathlib import Path
from urllib.parse import quote, urlencode

import httpx

from tui_reader.errors import Cancelled, FetchError, Trouble
from tui_reader.model import PaperId
from tui_reader.text import clean

PAGE = 2000
"""Entries on a page of /new and /catchup, at most."""

TRIES = 2
PATIENCE = 600.0
"""Seconds that are waited for in place; when arXiv asks for more, the caller is told."""

_DAY = 86400.0
_LONGEST_WAIT = 3600.0
_HOPS = 3
_LOCK_TRIES = 120  # seconds: twice what a request may take
_XML_END = re.compile(rb"</(?:\w+:)?(?:rss|feed|OAI-PMH)\s*>\s*$")
_TYPES = ("text/html", "application/xhtml+xml", "text/xml", "application/xml")
_XML_TYPES = ("text/xml", "application/xml", "application/rss+xml", "application/atom+xml")


@dataclass(frozen=True, slots=True)
class Hosts:
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
    """How much is taken from a server; seconds and bytes."""

    total: float = 60.0
    """For a whole answer, redirects included."""
    connect: float = 15.0
    idle: float = 30.0
    raw: int = 16 << 20
    body: int = 32 << 20


@dataclass(frozen=True, slots=True)
class _Stamp:
    """What the processes of a person tell each other of one group of hosts; epoch seconds."""

    last: float = 0.0
    not_before: float = 0.0
    failures: int = 0
    refused: bool = False

    def by(self, now: float) -> "_Stamp":
        """Return it as it can be by `now`: nothing in it lies in the future, but for a wait."""
        wait = self.not_before if self.not_before <= now + _DAY else now
        return replace(self, last=min(self.last, now), not_before=wait)


class Client:
    """Asks arXiv, one request at a time over all of a person's processes on this machine.

    `now` gives seconds of the epoch; `wait` sleeps so many seconds, at most one at a time, and
    `report` is told before each how many are left and why. `cancelled` is looked at all along.
    Every method blocks, and raises FetchError, or Cancelled. Not for a thread with an event loop.
    """

    def __init__(
        self,
        state: Path,
        base: str | None = None,
        *,
        now: Callable[[], float] = time.time,
        wait: Callable[[float], object] = time.sleep,
        report: Callable[[float, str], None] = lambda seconds, why: None,
        cancelled: Callable[[], bool] = lambda: False,
        bounds: Bounds = Bounds(),
    ) -> None:
        base = base or os.environ.get("TUI_READER_ARXIV")
        self.hosts = Hosts.at(base) if base else Hosts()
        self.report = report
        self.requests = 0
        self._state = state
        self._now, self._wait, self._cancelled = now, wait, cancelled
        self._bounds = bounds

    # What can be asked for

    def new(self, category: str, skip: int = 0) -> bytes:
        """Return a page of the newest announcement, from its entry number `skip` on."""
        paging = f"?skip={skip}&show={PAGE}" if skip else ""
        return self.get(f"{self.hosts.site}/list/{quote(category)}/new{paging}")

    def catch_up(self, category: str, day: date, page: int = 1) -> bytes:
        """Return a page of an earlier announcement, at most 90 days back; pages count from 1."""
        paging = f"&page={page}" if page > 1 else ""
        return self.get(f"{self.hosts.site}/catchup/{quote(category)}/{day}?abs=True{paging}")

    def feed(self, categories: Sequence[str]) -> bytes:
        """Return the newest announcement of several categories, without a promise of counts."""
        return self._ask(f"{self.hosts.feeds}/rss/{quote('+'.join(categories), safe='+')}")

    def papers(self, ids: Sequence[PaperId]) -> bytes:
        """Return the query API's answer on these papers, at most 100."""
        query = urlencode({"id_list": ",".join(ids), "max_results": len(ids)})
        return self.get(f"{self.hosts.api}/api/query?{query}")

    def records(self, arguments: dict[str, str]) -> bytes:
        """Return an OAI-PMH answer; a resumption token stands alone in the arguments."""
        query = urlencode({"verb": "ListRecords"} | arguments)
        return self.get(f"{self.hosts.oai}/oai?{query}")

    def get(self, url: str) -> bytes:
        """Return what is at an address, whole, when it is arXiv's turn to be asked.

        Where arXiv asks for patience of up to PATIENCE seconds, that is waited for.
        """
        for _ in range(TRIES - 1):
            try:
                return self._ask(url)
            except FetchError as error:
                soon = error.again and error.again.timestamp() - self._now() <= PATIENCE
                if error.trouble is not Trouble.BUSY or not soon:
                    raise
        return self._ask(url)

    # When it may be asked

    def _ask(self, url: str) -> bytes:
        hosts = self.hosts
        services = (f"{hosts.feeds}/rss/", f"{hosts.api}/api/", f"{hosts.oai}/oai?")
        group, pause = ("services", 3.0) if url.startswith(services) else ("site", 15.0)
        while True:
            if self._cancelled():
                raise Cancelled
            with self._alone() as stamps:
                stamp = stamps.get(group, _Stamp())
                left, why = self._left(stamp, pause, stamps)
                if left <= 0:
                    return self._in_turn(url, group, pause, stamp, stamps)
            self._pause(left, why)

    def _left(self, stamp: _Stamp, pause: float, stamps: dict[str, _Stamp]) -> tuple[float, str]:
        """Return how long to wait, and why. Raises FetchError when that is too long."""
        now = self._now()
        for other in stamps.values():
            if other.refused and other.not_before > now:
                raise _refusal(other.not_before)
        asked_for, since = stamp.not_before - now, now - stamp.last
        if asked_for > PATIENCE:
            raise _busy("arXiv has asked for patience", stamp.not_before)
        if asked_for > pause - since:
            return asked_for, "arXiv is busy and has asked for patience"
        return pause - since, f"arXiv wants {pause:.0f} seconds between requests"

    def _in_turn(
        self, url: str, group: str, pause: float, stamp: _Stamp, stamps: dict[str, _Stamp]
    ) -> bytes:
        """Make the request, and leave word for the next one, in this process or another."""
        self._leave_word(stamps | {group: replace(stamp, last=self._now())})
        after = replace(stamp, last=self._now())
        try:
            body = self._download(url)
            after = _Stamp()
            return body
        except _Unwell as error:
            wait = max(min(pause * 2.0 ** (stamp.failures + 1), _LONGEST_WAIT), error.retry_after)
            after = _Stamp(0.0, self._now() + wait, stamp.failures + 1)
            raise _busy(error.problem, after.not_before) from None
        except FetchError as error:
            if error.trouble is Trouble.REFUSED:
                after = _Stamp(0.0, self._now() + _DAY, 0, refused=True)
                raise _refusal(after.not_before) from None
            raise
        finally:
            self._leave_word(stamps | {group: replace(after, last=self._now())})

    @contextmanager
    def _alone(self) -> Iterator[dict[str, _Stamp]]:
        """Hold the lock that one request at a time has, and know what the last one left."""
        try:
            self._state.mkdir(mode=0o700, parents=True, exist_ok=True)
            lock = os.open(self._state / "arxiv.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError as error:
            raise self._no_state(error) from error
        try:
            for _ in range(_LOCK_TRIES):
                with suppress(BlockingIOError):
                    fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    break
                self._pause(1.0, "another tui-reader is asking arXiv")
            else:
                raise FetchError(
                    "another tui-reader has been asking arXiv for minutes; end it first",
                    Trouble.SETUP,
                )
            yield self._words()
        finally:
            os.close(lock)

    def _words(self) -> dict[str, _Stamp]:
        now = self._now()
        try:
            found = json.loads((self._state / "arxiv.json").read_text("ascii"))
            stamps = {str(group): _Stamp(**stamp) for group, stamp in found.items()}
            # A clock that was set back since must not lock anyone out.
            sound = {group: stamp.by(now) for group, stamp in stamps.items()}
        except FileNotFoundError:
            return {}
        except (OSError, ValueError, TypeError, AttributeError):
            stamps, sound = {}, dict.fromkeys(("site", "services"), _Stamp(last=now))
        if sound != stamps:
            self._leave_word(sound)
        return sound

    def _leave_word(self, stamps: dict[str, _Stamp]) -> None:
        draft = self._state / "arxiv.json.new"
        try:
            draft.write_text(json.dumps({group: asdict(stamps[group]) for group in stamps}))
            draft.chmod(0o600)
            os.replace(draft, self._state / "arxiv.json")
        except OSError as error:
            raise self._no_state(error) from error

    def _no_state(self, error: OSError) -> FetchError:
        return FetchError(
            f"{self._state} can't be written ({error.strerror}), so arXiv can't be asked politely;"
            " choose another place with --home",
            Trouble.SETUP,
        )

    def _pause(self, seconds: float, why: str) -> None:
        end = self._now() + seconds
        while (left := min(end - self._now(), seconds)) > 0:
            if self._cancelled():
                raise Cancelled
            self.report(left, why)
            self._wait(min(left, 1.0))

    # One request

    def _download(self, url: str) -> bytes:
        self.requests += 1
        loop = asyncio.new_event_loop()
        try:
            return loop.run_until_complete(self._watched(url))
        except FetchError:
            raise
        except TimeoutError as error:
            problem = f"did not finish its answer within {self._bounds.total:.0f} seconds"
            raise _broken(url, f"{problem}; try again later") from error
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.ProxyError) as error:
            raise _unreachable(url, error) from error
        except httpx.TimeoutException as error:
            raise _broken(url, "went silent in the middle; try again later") from error
        except (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError) as error:
            raise _broken(url, f"sent a damaged answer ({clean(str(error))[:80]})") from error
        except (OSError, ValueError, ImportError) as error:
            raise FetchError(
                f"arXiv can't be asked from here: {clean(str(error))[:160]}; check the proxy and"
                " certificate settings (HTTPS_PROXY, SSL_CERT_FILE)",
                Trouble.SETUP,
            ) from error
        finally:
            for task in asyncio.all_tasks(loop):  # after Ctrl-C
                task.cancel()
                loop.run_until_complete(asyncio.wait({task}))
            loop.run_until_complete(loop.shutdown_asyncgens())
            loop.close()

    async def _watched(self, url: str) -> bytes:
        task = asyncio.ensure_future(self._fetched(url))
        while not task.done():
            await asyncio.wait({task}, timeout=0.2)
            if not task.done() and self._cancelled():
                task.cancel()
                await asyncio.wait({task})
                raise Cancelled
        return task.result()

    async def _fetched(self, url: str) -> bytes:
        bounds = self._bounds
        headers = {"User-Agent": user_agent(), "Accept-Encoding": "gzip", "Accept": "*/*"}
        timeout = httpx.Timeout(bounds.idle, connect=bounds.connect)
        async with (
            asyncio.timeout(bounds.total),
            httpx.AsyncClient(headers=headers, timeout=timeout, verify=_trusted()) as client,
        ):
            at = httpx.URL(url)
            for _ in range(_HOPS):
                async with client.stream("GET", at) as response:
                    client.cookies.clear()
                    if not response.is_redirect:
                        return await self._body(response)
                    at = self._redirected(at, response.headers.get("location", ""))
        raise _broken(url, "redirects in a circle; try again later")

    def _redirected(self, at: httpx.URL, location: str) -> httpx.URL:
        try:
            target = at.join(location)
        except (httpx.InvalidURL, ValueError):
            target = httpx.URL("")
        known = {_origin(httpx.URL(host)) for host in asdict(self.hosts).values()}
        if _origin(target) not in known or target.userinfo:
            raise _broken(
                str(at),
                f"sends on to {clean(location)[:80]!r}, which is not arXiv; is there a login page"
                " in this network?",
            )
        return target

    async def _body(self, response: httpx.Response) -> bytes:
        url = str(response.url)
        _check_status(response, self._now())
        kind = response.headers.get("content-type", "").partition(";")[0].strip().lower()
        if kind not in (*_TYPES, *_XML_TYPES):
            raise _broken(url, f"sent {clean(kind)[:60] or 'something'!r}, not a page or a feed")
        coding = response.headers.get("content-encoding", "").strip().lower()
        if coding not in ("", "identity", "gzip", "x-gzip"):
            raise _broken(url, f"sent an answer packed as {clean(coding)[:60]!r}")
        raw = response.aiter_raw()
        body = await self._taken(raw, "gzip" in coding, url)
        if not _is_whole(body, kind):
            raise _broken(url, "sent an answer that is empty or cut off; try again later")
        return body

    async def _taken(self, chunks: AsyncIterator[bytes], packed: bool, url: str) -> bytes:
        """Return the body, unpacked, within the bounds on both forms of it."""
        unpacker = zlib.decompressobj(31)
        body = bytearray()
        taken = 0
        async for chunk in chunks:
            taken += len(chunk)
            if packed:
                try:
                    chunk = unpacker.decompress(chunk, self._bounds.body + 1 - len(body))
                except zlib.error as error:
                    raise _broken(url, "sent an answer whose packing is damaged") from error
            body += chunk
            if taken > self._bounds.raw or len(body) > self._bounds.body:
                raise _broken(
                    url, f"sent more than {self._bounds.body >> 20} MB, so it was refused"
                )
        if packed and not unpacker.eof:
            raise _broken(url, "sent an answer that is cut off; try again later")
        return bytes(body)


def _is_whole(body: bytes, kind: str) -> bool:
    """Whether the end of a page or a feed is there: its length is not always given."""
    end = body[-4096:]
    return b"</html>" in end.lower() if "html" in kind else bool(_XML_END.search(end))


class _Unwell(Exception):  # noqa: N818
    """The server wants to be left alone for a while."""

    def __init__(self, problem: str, retry_after: float) -> None:
        super().__init__(problem)
        self.problem = problem
        self.retry_after = retry_after


def _check_status(response: httpx.Response, now: float) -> None:
    status, url = response.status_code, response.url
    if status == 200:
        return
    if status == 403:
        raise FetchError("refused", Trouble.REFUSED)
    if status in (429, 500, 502, 503, 504):
        after = retry_after(response.headers.get("retry-after"), now)
        raise _Unwell(f"{url.host} is busy or behind ({status})", after)
    raise FetchError(
        f"{url.host} has no page {clean(url.path)[:80]} ({status}); check the category and the day",
        Trouble.UNKNOWN,
    )


def retry_after(header: str | None, now: float) -> float:
    """Return how many seconds a Retry-After header asks for, at most a day: 0 where it can't say.

    Takes both forms, seconds and a date; `now` is in seconds of the epoch.
    """
    text = (header or "").strip()[:40]
    if re.fullmatch(r"[0-9]{1,9}", text):
        return min(float(text), _DAY)
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError, OverflowError):
        return 0.0
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return min(max(moment.timestamp() - now, 0.0), _DAY)


def user_agent() -> str:
    """Return who asks, as robots rules want it: program, version, where to complain."""
    version, urls = "0", []
    with suppress(metadata.PackageNotFoundError):
        version = metadata.version("tui-reader")
        urls = metadata.metadata("tui-reader").get_all("Project-URL") or []
    contact = os.environ.get("TUI_READER_CONTACT", "").encode("ascii", "ignore").decode()
    named = [contact] if contact.isprintable() and contact else []
    named += [url.rpartition(", ")[2] for url in urls[:1]]
    return f"tui-reader/{version} ({'; '.join(['terminal reader for arXiv', *named])})"


@cache
def _trusted() -> ssl.SSLContext:
    """Return the certificates to trust; SSL_CERT_FILE and SSL_CERT_DIR name others."""
    return httpx.create_ssl_context()


def _origin(url: httpx.URL) -> tuple[str, str, int | None]:
    return url.scheme, url.host, url.port


def _busy(problem: str, until: float) -> FetchError:
    again = datetime.fromtimestamp(until, UTC)
    return FetchError(f"{problem}; it can be asked again {_at(again)}", Trouble.BUSY, again)


def _refusal(until: float) -> FetchError:
    again = datetime.fromtimestamp(until, UTC)
    return FetchError(
        f"arXiv refuses this program (403), so it is not asked again before {_at(again)};"
        " going on would count as an attack",
        Trouble.REFUSED,
        again,
    )


def _at(moment: datetime) -> str:
    return f"{moment.astimezone():%a %d %b %H:%M}"


def _broken(url: str, problem: str) -> FetchError:
    return FetchError(f"{httpx.URL(url).host} {problem}", Trouble.BROKEN)


def _unreachable(url: str, error: httpx.TransportError) -> FetchError:
    host = httpx.URL(url).host
    if "CERTIFICATE" in str(error).upper():
        return FetchError(
            f"{host} shows a certificate that can't be trusted; is there a login page or a proxy"
            " in this network? SSL_CERT_FILE names the certificates to trust",
            Trouble.SETUP,
        )
    return FetchError(
        f"{host} can't be reached; what is stored can be read all the same", Trouble.OFFLINE
    )
