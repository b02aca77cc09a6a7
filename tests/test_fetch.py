"""Asking arXiv: politely, within bounds, and never misled by what comes back."""

import errno
import fcntl
import gzip
import os
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tui_reader import fetch
from tui_reader.errors import Cancelled, FetchError, NotNeeded, Trouble
from tui_reader.fetch import Bounds, Client, Hosts, retry_after, user_agent
from tui_reader.fetch import client as client_module
from tui_reader.model import PaperId

PAGE = b"<!DOCTYPE html><html><body>All of it.</body></html>"
FEED = b'<?xml version="1.0"?><feed><title>t</title></feed>'
NOW = 1772503200.0
QUICK = Bounds(total=0.4, connect=0.4, body=2 << 20)


class Clock:
    """Time that passes only by waiting; a wait in vain would go on for ever, so it ends."""

    def __init__(self) -> None:
        self.seconds = NOW
        self.waits: list[tuple[float, str]] = []

    def __call__(self) -> float:
        return self.seconds

    def wait(self, seconds: float) -> None:
        self.seconds += seconds
        assert self.seconds < NOW + 9 * 86400

    def report(self, seconds: float, why: str) -> None:
        self.waits.append((seconds, why))


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def no_proxies(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """A machine whose environment names no proxy; returned to set some."""
    for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)
    return monkeypatch


@contextmanager
def saying(*answers: bytes) -> Iterator[tuple[str, list[bytes]]]:
    """Serve these answers, one a connection and the last for ever; give base and requests."""
    listener = socket.create_server(("127.0.0.1", 0))
    left, requests = list(answers), list[bytes]()

    def serve() -> None:
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            with connection:
                requests.append(connection.recv(65536))
                if requests[-1]:
                    connection.sendall(left.pop(0) if len(left) > 1 else left[0])

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}", requests
    finally:
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        thread.join()


def answer(
    body: bytes = PAGE, status: str = "200 OK", *headers: str, type_: str = "text/html"
) -> bytes:
    lines = [
        f"HTTP/1.1 {status}",
        f"Content-Type: {type_}",
        f"Content-Length: {len(body)}",
        *headers,
    ]
    return "\r\n".join([*lines, "Connection: close", "", ""]).encode() + body


def client(state: Path, base: str, clock: Clock, bounds: Bounds = Bounds()) -> Client:
    return Client(state, base, now=clock, wait=clock.wait, report=clock.report, bounds=bounds)


def trouble(url: str, state: Path, base: str) -> FetchError:
    with pytest.raises(FetchError) as caught:
        client(state, base, Clock(), QUICK).get(url)
    assert str(caught.value).isprintable()
    return caught.value


# What comes back


@pytest.mark.parametrize(
    "good",
    [
        answer(),
        answer(gzip.compress(PAGE), "200 OK", "Content-Encoding: gzip"),
        answer(FEED, type_="application/atom+xml"),
        b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n" + PAGE,
    ],
)
def test_a_whole_answer_is_returned_as_it_is(tmp_path: Path, clock: Clock, good: bytes) -> None:
    with saying(good) as (base, requests):
        body = client(tmp_path, base, clock).get(f"{base}/list/cs/new")
    assert body in (PAGE, FEED)
    head = requests[0].lower()
    assert b"accept-encoding: gzip\r\n" in head
    assert b"if-modified-since" not in head
    assert b"cookie" not in head


def test_a_server_that_never_ends_is_left_at_the_deadline(tmp_path: Path) -> None:
    listener = socket.create_server(("127.0.0.1", 0))
    base = f"http://127.0.0.1:{listener.getsockname()[1]}"
    error = trouble(f"{base}/list/cs/new", tmp_path, base)
    listener.close()
    assert error.trouble is Trouble.BROKEN


def test_a_request_is_cancelled_in_the_middle(tmp_path: Path, clock: Clock) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        base = f"http://127.0.0.1:{listener.getsockname()[1]}"
        polite = Client(tmp_path, base, now=clock, cancelled=lambda: polite.requests > 0)
        with pytest.raises(Cancelled):
            polite.get(f"{base}/list/cs/new")


def test_no_server_is_no_connection(tmp_path: Path) -> None:
    error = trouble("http://127.0.0.1:1/list/cs/new", tmp_path, "http://127.0.0.1:1")
    assert error.trouble is Trouble.OFFLINE
    assert "127.0.0.1 can't be reached: it refuses the connection" in str(error)


# Manners


def test_the_pause_holds_across_processes(tmp_path: Path, clock: Clock) -> None:
    with saying(answer()) as (base, requests):
        client(tmp_path, base, clock).new("cs.DC")
        assert clock() == NOW
        client(tmp_path, base, clock).new("cs.LG")
        assert clock() == NOW + 15
        client(tmp_path, base, clock).feed(["cs.DC"])
        client(tmp_path, base, clock).feed(["cs.DC"])
        assert clock() == NOW + 18
    assert len(requests) == 4
    assert clock.waits[0] == (15.0, "arXiv wants 15 seconds between requests")


def test_one_process_asks_at_a_time(tmp_path: Path, clock: Clock) -> None:
    held = os.open(tmp_path / "arxiv.json", os.O_RDWR | os.O_CREAT)
    fcntl.flock(held, fcntl.LOCK_EX)

    def wait(seconds: float) -> None:
        clock.wait(seconds)
        if clock() == NOW + 5 and not requests:
            os.close(held)

    with saying(answer()) as (base, requests):
        Client(tmp_path, base, now=clock, wait=wait, report=clock.report).new("cs.DC")
    assert clock() == NOW + 5
    assert {why for _, why in clock.waits} == {"another tui-reader is asking arXiv"}


def test_a_process_that_hangs_is_not_waited_for_for_ever(tmp_path: Path, clock: Clock) -> None:
    held = os.open(tmp_path / "arxiv.json", os.O_RDWR | os.O_CREAT)
    fcntl.flock(held, fcntl.LOCK_EX)
    with saying(answer()) as (base, _), pytest.raises(FetchError, match="end it first"):
        client(tmp_path, base, clock, Bounds()).new("cs.DC")
    os.close(held)


@pytest.mark.parametrize("code", [errno.ENOLCK, errno.EOPNOTSUPP, errno.EINVAL])
def test_on_a_disk_without_locks_it_asks_and_keeps_the_pauses(
    tmp_path: Path, clock: Clock, monkeypatch: pytest.MonkeyPatch, code: int
) -> None:
    def refuse(file: int, operation: int) -> None:
        raise OSError(code, os.strerror(code))

    monkeypatch.setattr(fcntl, "flock", refuse)
    with saying(answer()) as (base, requests):
        client(tmp_path, base, clock).new("cs.DC")
        client(tmp_path, base, clock).new("cs.LG")
    assert (len(requests), clock()) == (2, NOW + 15)


@pytest.mark.parametrize("word", [b"[]", b"{", b'{"site": 3}', b'{"site": {"x": 1}}', b"\xff\0"])
def test_a_damaged_stamp_costs_one_pause(tmp_path: Path, clock: Clock, word: bytes) -> None:
    (tmp_path / "arxiv.json").write_bytes(word)
    with saying(answer()) as (base, _):
        client(tmp_path, base, clock).new("cs.DC")
    assert clock() == NOW + 15


def test_a_clock_that_was_set_back_locks_nobody_out(tmp_path: Path, clock: Clock) -> None:
    with saying(answer()) as (base, _):
        clock.seconds += 8 * 86400
        client(tmp_path, base, clock).new("cs.DC")
        clock.seconds = NOW
        client(tmp_path, base, clock).new("cs.DC")
    assert clock() == NOW + 15


def test_waits_grow_while_arxiv_asks_for_patience(tmp_path: Path, clock: Clock) -> None:
    with saying(answer(b"", "429 Slow down")) as (base, requests):
        with pytest.raises(FetchError, match="busy or behind") as caught:
            client(tmp_path, base, clock).get(f"{base}/abs/2603.00356")
        assert (len(requests), clock()) == (2, NOW + 30)
        assert caught.value.again
        assert caught.value.again.timestamp() == clock() + 60


@pytest.mark.parametrize("status", ["500 Broken", "502 Bad", "503 Busy", "504 Slow"])
def test_one_page_that_fails_costs_the_others_no_more_than_the_usual_pause(
    tmp_path: Path, clock: Clock, status: str
) -> None:
    with saying(answer(b"", status), answer()) as (base, _):
        with pytest.raises(FetchError) as caught:
            client(tmp_path, base, clock).new("cs.DC")
        assert (caught.value.trouble, caught.value.again) == (Trouble.BUSY, None)
        assert client(tmp_path, base, clock).new("cs.LG") == PAGE
    assert clock() == NOW + 15


@pytest.mark.parametrize("status", ["429 Slow down", "500 Broken", "503 Busy"])
def test_who_asks_for_a_rest_has_it_and_the_feeds_go_on(
    tmp_path: Path, clock: Clock, status: str
) -> None:
    resting = answer(b"", status, "Retry-After: 300")
    with saying(resting, answer(FEED, type_="text/xml"), answer()) as (base, _):
        with pytest.raises(FetchError):
            client(tmp_path, base, clock).new("cs.DC")
        assert client(tmp_path, base, clock).feed(["cs.DC"]) == FEED
        assert clock() == NOW
        client(tmp_path, base, clock).new("cs.LG")
    assert clock() == NOW + 300


def test_what_is_needed_no_longer_is_not_asked_for(tmp_path: Path, clock: Clock) -> None:
    with saying(answer()) as (base, requests):
        client(tmp_path, base, clock).new("cs.DC")
        with pytest.raises(NotNeeded):
            client(tmp_path, base, clock).new("cs.LG", needed=lambda: clock() < NOW + 15)
    assert len(requests) == 1


def test_a_long_retry_after_is_kept_in_mind_and_not_waited_for(
    tmp_path: Path, clock: Clock
) -> None:
    with saying(answer(b"", "429 Slow down", "Retry-After: 7200"), answer()) as (base, requests):
        for _ in range(2):
            with pytest.raises(FetchError) as caught:
                client(tmp_path, base, clock).new("cs.DC")
            assert caught.value.trouble is Trouble.BUSY
        assert len(requests) == 1
        clock.seconds += 6900
        assert client(tmp_path, base, clock).new("cs.DC") == PAGE
        assert clock() == NOW + 7200


def test_a_403_ends_everything_for_a_day(tmp_path: Path, clock: Clock) -> None:
    with saying(answer(b"", "403 Forbidden"), answer()) as (base, requests):
        polite = client(tmp_path, base, clock)
        with pytest.raises(FetchError, match="403"):
            polite.new("cs.DC")
        with pytest.raises(FetchError, match="403") as caught:
            polite.feed(["cs.DC"])
        assert caught.value.trouble is Trouble.REFUSED
        assert len(requests) == 1
        clock.seconds += 86401
        assert polite.new("cs.DC") == PAGE


def test_a_state_directory_that_can_not_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    error = trouble("http://127.0.0.1:1/", tmp_path / "file", "http://127.0.0.1:1")
    assert str(tmp_path / "file") in str(error)


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        (None, 0), ("", 0), ("120", 120), (" 7 ", 7), ("-5", 0), ("1e9", 0), ("١٢", 0),
        ("99999999999", 0), ("999999999", 86400), ("soon", 0), ("9" * 5000, 0),
        ("Tue, 03 Mar 2026 02:05:00 GMT", 300), ("Tue, 03 Mar 2026 02:05:00", 300),
        ("Mon, 02 Mar 2020 02:05:00 GMT", 0), ("Tue, 03 Mar 2099 02:05:00 GMT", 86400),
        ("Tue, 99 Foo 2026 99:99:99 GMT", 0),
    ],
)  # fmt: skip
def test_retry_after_is_read_in_both_forms(header: str | None, seconds: float) -> None:
    assert retry_after(header, NOW) == seconds


# Where to, and as whom


@pytest.mark.parametrize(
    "base",
    [
        "http://arxiv.org",
        "ftp://127.0.0.1",
        "arxiv.org",
        "https://me:pw@x.org",
        "https://",
        "\x1b[",
    ],
)
def test_only_a_safe_address_is_taken(base: str) -> None:
    with pytest.raises(FetchError, match="TUI_READER_ARXIV") as caught:
        Hosts.at(base)
    assert str(caught.value).isprintable()


def test_a_mirror_is_asked_for_everything(
    tmp_path: Path, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    with saying(answer()) as (base, requests):
        monkeypatch.setenv("TUI_READER_ARXIV", f"{base}/")
        polite = Client(tmp_path, now=clock, wait=clock.wait)
        calls: list[Callable[[], bytes]] = [
            lambda: polite.new("cs.DC", 2000),
            lambda: polite.feed(["cs.DC", "hep-th"]),
            lambda: polite.records({"metadataPrefix": "arXiv"}),
        ]
        for call in calls:
            call()
    assert [request.split()[1] for request in requests] == [
        b"/list/cs.DC/new?skip=2000&show=2000",
        b"/rss/cs.DC+hep-th",
        b"/oai?verb=ListRecords&metadataPrefix=arXiv",
    ]


def test_the_agent_says_what_it_is() -> None:
    assert user_agent().startswith("tui-reader/")
    assert user_agent().endswith("(terminal reader for arXiv)")
    assert "terminal reader for arXiv; me@example.org" in user_agent("me@example.org")
    assert "evil" not in user_agent("evil\r\nX: y")


def test_a_proxy_of_the_environment_is_used(
    tmp_path: Path, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    with saying(answer()) as (proxy, requests):
        monkeypatch.setenv("HTTP_PROXY", proxy)
        monkeypatch.delenv("NO_PROXY", raising=False)
        monkeypatch.delenv("no_proxy", raising=False)
        client(tmp_path, "http://127.0.0.1:1", clock).new("cs.DC")
    assert requests[0].startswith(b"GET http://127.0.0.1:1/list/cs.DC/new ")


@pytest.mark.parametrize(
    ("variable", "value", "kind"),
    [
        ("ALL_PROXY", "socks5://127.0.0.1:1080", "socks5"),
        ("all_proxy", "socks5h://me:secret@127.0.0.1:1080", "socks5h"),
        ("HTTP_PROXY", "socks4://127.0.0.1", "socks4"),
        ("http_proxy", "ftp://127.0.0.1", "ftp"),
    ],
)
def test_a_proxy_of_another_kind_is_named_with_the_kinds_that_work(
    tmp_path: Path, no_proxies: pytest.MonkeyPatch, variable: str, value: str, kind: str
) -> None:
    no_proxies.setenv(variable, value)
    error = trouble("http://127.0.0.1:1/list/cs/new", tmp_path, "http://127.0.0.1:1")
    assert error.trouble is Trouble.SETUP
    assert str(error).startswith(f"{variable} names a proxy of the kind {kind}://")
    assert "http:// and https://" in str(error)
    assert "secret" not in str(error)


def test_a_proxy_is_left_out_where_the_environment_says_so(
    tmp_path: Path, clock: Clock, no_proxies: pytest.MonkeyPatch
) -> None:
    no_proxies.setenv("ALL_PROXY", "socks5://127.0.0.1:1080")
    no_proxies.setenv("NO_PROXY", "127.0.0.1")
    with saying(answer()) as (base, _):
        assert client(tmp_path, base, clock).new("cs.DC") == PAGE


def test_a_proxy_that_is_not_there_is_named_without_its_password(
    tmp_path: Path, no_proxies: pytest.MonkeyPatch
) -> None:
    no_proxies.setenv("http_proxy", "http://me:secret@127.0.0.1:2")
    error = trouble("http://127.0.0.1:1/list/cs/new", tmp_path, "http://127.0.0.1:1")
    assert error.trouble is Trouble.OFFLINE
    told = "the proxy 127.0.0.1:2 (http_proxy) can't be reached: it refuses the connection"
    assert str(error).startswith(told)


def test_why_arxiv_can_not_be_reached_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unknown(*_: object, **__: object) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    error = trouble("https://localhost:1/list/cs/new", tmp_path, "https://localhost:1")
    assert error.trouble is Trouble.OFFLINE
    assert "its name is not known here" in str(error)
    assert "what is stored can be read" in str(error)


def test_a_server_without_a_certificate_is_told_from_one_that_is_not_there(
    tmp_path: Path,
) -> None:
    with saying(answer()) as (base, _):
        secure = base.replace("http:", "https:")
        error = trouble(f"{secure}/list/cs/new", tmp_path, secure)
    assert error.trouble is Trouble.SETUP
    assert "the certificate of 127.0.0.1 can't be trusted" in str(error)


@pytest.mark.parametrize("variable", ["SSL_CERT_FILE", "HTTPS_PROXY"])
def test_a_wrong_setting_of_this_machine_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, variable: str
) -> None:
    client_module.trusted.cache_clear()
    monkeypatch.setenv(variable, "nonsense://nowhere")
    error = trouble("https://127.0.0.1:1/", tmp_path, "https://127.0.0.1:1")
    client_module.trusted.cache_clear()
    assert error.trouble is Trouble.SETUP
    assert variable in str(error)


def test_what_arrives_of_a_pdf_is_told(tmp_path: Path, clock: Clock) -> None:
    body = b"%PDF-1.5" + bytes(200_000) + b"%%EOF"
    told: list[tuple[int, int]] = []
    with saying(answer(body, type_="application/pdf")) as (base, requests):
        asking = Client(
            tmp_path, base, now=clock, arrived=lambda *far: told.append(far), bounds=fetch.PDF
        )
        assert asking.pdf(PaperId("hep-th/9901001"), 2) == body
    assert requests[0].startswith(b"GET /pdf/hep-th/9901001v2 ")
    assert told[-1] == (len(body), len(body))


def test_a_page_is_not_taken_for_a_pdf(tmp_path: Path, clock: Clock) -> None:
    with saying(answer()) as (base, _), pytest.raises(FetchError, match="not what was asked for"):
        Client(tmp_path, base, now=clock, bounds=fetch.PDF).pdf(PaperId("2603.00356"), None)
