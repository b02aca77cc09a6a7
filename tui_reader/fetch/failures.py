"""Why arXiv can't be asked from here, each as a sentence, and the proxies that may be between."""

import os
import socket
import ssl
from collections.abc import Iterator
from typing import NamedTuple
from urllib.request import getproxies, proxy_bypass

import httpx

from tui_reader.errors import FetchError, Trouble
from tui_reader.text import clean

_PROXIES = ("http", "https")
_ALL_THE_SAME = "what is stored can be read all the same"


class Proxy(NamedTuple):
    """A proxy that this machine wants to be used."""

    url: str
    setting: str
    """The variable that names it."""

    @property
    def name(self) -> str:
        """Where it is, without the password that may stand in its address."""
        place = self.url.rpartition("@")[2].partition("//")[2] or self.url.rpartition("@")[2]
        return f"the proxy {clean(place.strip('/'))[:80]} ({self.setting})"


def proxy_for(url: str) -> Proxy | None:
    """Return the proxy for an address; raise FetchError where it is of a kind that is not known."""
    target, known = httpx.URL(url), getproxies()
    found = known.get(target.scheme) or known.get("all")
    if not found or proxy_bypass(target.netloc.decode()) or proxy_bypass(target.host):
        return None
    names = (f"{target.scheme}_proxy", "all_proxy")
    settings = (name for lower in names for name in (lower.upper(), lower) if os.environ.get(name))
    proxy = Proxy(found if "://" in found else f"http://{found}", next(settings, "the system"))
    kind = proxy.url.partition("://")[0].lower()
    if kind not in _PROXIES:
        raise FetchError(
            f"{proxy.setting} names a proxy of the kind {clean(kind)[:20]}://, and tui-reader can"
            " use http:// and https:// ones; set HTTPS_PROXY to such a one, or NO_PROXY to"
            f" {target.host}; {_ALL_THE_SAME}",
            Trouble.SETUP,
        )
    return proxy


def failure(url: str, error: Exception, proxy: Proxy | None) -> FetchError:
    """Return what went wrong with a request: that no answer came, and why, or a damaged one."""
    host = httpx.URL(url).host
    if isinstance(error, httpx.ProtocolError | httpx.ReadError):
        return broken(url, f"sent a damaged answer ({clean(str(error))[:80]}); try again later")
    causes = list(_causes(error))
    said = clean(str(error))[:160]
    if any(isinstance(cause, ssl.SSLError) for cause in causes) or "CERTIFICATE" in said:
        return FetchError(
            f"the certificate of {host} can't be trusted ({said}); is there a login page in this"
            " network, or a proxy with a certificate of its own, which SSL_CERT_FILE can name?"
            f" {_ALL_THE_SAME.capitalize()}",
            Trouble.SETUP,
        )
    if isinstance(error, httpx.ProxyError) and proxy:
        return FetchError(f"{proxy.name} refuses: {said}; {_ALL_THE_SAME}", Trouble.SETUP)
    if isinstance(error, httpx.HTTPError):
        asked = proxy.name if proxy else host
        why = _reason(causes)
        return FetchError(f"{asked} can't be reached: {why}; {_ALL_THE_SAME}", Trouble.OFFLINE)
    return FetchError(
        f"arXiv can't be asked from here: {said}; check the proxy and the certificates of this"
        f" machine (HTTPS_PROXY, SSL_CERT_FILE); {_ALL_THE_SAME}",
        Trouble.SETUP,
    )


def broken(url: str, problem: str) -> FetchError:
    return FetchError(f"{httpx.URL(url).host} {problem}", Trouble.BROKEN)


def _reason(causes: list[BaseException]) -> str:
    for cause in causes:
        match cause:
            case socket.gaierror():
                return "its name is not known here (is there a network?)"
            case ConnectionRefusedError():
                return "it refuses the connection"
            case TimeoutError() | httpx.TimeoutException():
                return "it does not answer"
            case OSError(strerror=str(why)):
                return clean(why)
    return "no connection"


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    """Yield an error and what it came of, the deepest first."""
    if error:
        yield from _causes(error.__cause__ or error.__context__)
        if isinstance(error, BaseExceptionGroup):
            for one in error.exceptions:
                yield from _causes(one)
        yield error
