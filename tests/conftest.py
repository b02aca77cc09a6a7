"""What every test lives with: no network, a home of its own, golden files to compare with."""

import shlex
import socket
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from tui_reader import sources
from tui_reader.config import Paths
from tui_reader.model import SavedFilter
from tui_reader.store import Operation, Store
from tui_reader.triage import Triage

ROOT = Path(__file__).parents[1]
SAMPLE = ROOT / "snapshots" / "listings" / "cs.DC-2026-03-03.txt"
NOW = datetime(2026, 3, 3, 9, 0, tzinfo=UTC)

Golden = Callable[[str, str], None]


class Answer(NamedTuple):
    """What a command came to."""

    code: int
    out: str
    err: str

    @property
    def lines(self) -> list[str]:
        return self.out.splitlines()


Cli = Callable[..., Answer]


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update", action="store_true", help="rewrite the committed golden files")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say in one line how many tests were skipped, and for lack of what."""
    skipped = terminalreporter.stats.get("skipped", ())
    reasons = Counter(report.longrepr[2].removeprefix("Skipped: ") for report in skipped)
    if reasons:
        told = ", ".join(f"{count} ({reason})" for reason, count in reasons.most_common())
        terminalreporter.write_line(f"Skipped: {told}")


@pytest.fixture(autouse=True)
def no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """Refuse every connection that leaves this machine."""
    connect = socket.socket.connect

    def guarded(self: socket.socket, address: Any) -> None:
        if self.family != socket.AF_UNIX and address[0] not in ("127.0.0.1", "::1"):
            raise AssertionError(f"a test tried to reach {address}")
        connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", guarded)


@pytest.fixture(autouse=True)
def own_home(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Keep the reader's files of a test in a directory of its own, whose name fits a screen."""
    home = tmp_path_factory.mktemp("test") / "home"
    monkeypatch.setenv("TUI_READER_HOME", str(home))
    return home


@pytest.fixture(autouse=True)
def utc(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let local time be UTC."""
    monkeypatch.setenv("TZ", "UTC")
    time.tzset()


@pytest.fixture
def paths(own_home: Path) -> Paths:
    return Paths.under(own_home)


@pytest.fixture
def store(paths: Paths) -> Iterator[Store]:
    """A store with nothing in it."""
    store = Store(paths)
    yield store
    store.close()


@pytest.fixture
def sample(store: Store) -> Store:
    """A store with the bundled listing: 37 entries of cs.DC."""
    store.save(sources.read(SAMPLE.read_bytes(), SAMPLE.name), NOW)
    return store


def save_filters(store: Store, filters: Mapping[str, str | SavedFilter]) -> None:
    """Save filters, each a text or all of it, by their names."""
    wanted = {k: SavedFilter(v) if isinstance(v, str) else v for k, v in filters.items()}
    Triage(store).save_filters(Operation.SAVE_FILTER, wanted)


@pytest.fixture
def cli(capsys: pytest.CaptureFixture[str]) -> Cli:
    """Run a command that is typed as in a shell, with more words after it."""
    from tui_reader.cli import run

    def typed(command: str, *more: str | Path) -> Answer:
        capsys.readouterr()
        try:
            code = run([*shlex.split(command), *map(str, more)])
        except SystemExit as left:  # which is how argparse ends
            code = int(left.code or 0)
        return Answer(code, *capsys.readouterr())

    return typed


@pytest.fixture
def imported(cli: Cli) -> None:
    """Import the bundled listing from the command line."""
    cli("import", SAMPLE)


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> Golden:
    """Compare a text with a committed file below the project's root.

    `pytest --update` writes the file; a failure leaves the text beside it as `*.actual.*`.
    """

    def compare(name: str, actual: str) -> None:
        committed = ROOT / name
        beside = committed.with_suffix(f".actual{committed.suffix}")
        if request.config.getoption("--update"):
            committed.parent.mkdir(parents=True, exist_ok=True)
            committed.write_text(actual, encoding="utf-8")
        expected = committed.read_text(encoding="utf-8") if committed.exists() else ""
        if actual == expected:
            beside.unlink(missing_ok=True)
        else:
            beside.write_text(actual, encoding="utf-8")
            pytest.fail(f"{name} differs; see {beside.name}, or pytest --update", pytrace=False)

    return compare
