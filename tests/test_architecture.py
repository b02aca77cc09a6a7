"""The direction of imports, and one home for each library."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT

PACKAGE = ROOT / "tui_reader"

LAYERS = [
    {"__main__"},
    {"cli"},
    {"ui", "linear"},
    {"triage", "sync", "importing", "handing_on"},
    {"store"},
    {"sources", "fetch", "stats", "query", "rank", "export", "config", "following", "crash"},
    {"text", "fields", "taxonomy", "merge", "difference", "calendar", "files", "actions"},
    {"model"},
    {"errors"},
]
"""From the top; a part may import what is below it, and no sibling."""

HOMES = {
    "textual": {"ui"},
    "rich": {"ui", "text"},
    "httpx": {"fetch"},
    "lxml": {"sources"},
    "sqlite3": {"store"},
    "platformdirs": {"cli"},
}
"""Which part may import a library. rich counts cells, which `text` needs to cut and wrap."""


def part(module: str) -> str:
    """Return the part of the package that a module, such as tui_reader.ui.app, belongs to."""
    return module.split(".")[1] if "." in module else ""


def imports() -> list[tuple[Path, str, str]]:
    """Return (file, part, imported module) of every import in the package."""
    found = []
    for file in sorted(PACKAGE.rglob("*.py")):
        own = file.relative_to(PACKAGE).parts[0].removesuffix(".py")
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                found += [(file, own, alias.name) for alias in node.names]
            elif isinstance(node, ast.ImportFrom):
                assert not node.level, f"{file}: relative import"
                module = node.module or ""
                names = [module]
                if module == "tui_reader":
                    names = [f"tui_reader.{alias.name}" for alias in node.names]
                found += [(file, own, name) for name in names]
    return found


def level(name: str) -> int:
    return next(number for number, layer in enumerate(LAYERS) if name in layer)


def test_imports_run_downwards_only() -> None:
    wrong = [
        f"{file.relative_to(ROOT)} imports {module}"
        for file, own, module in imports()
        if module.startswith("tui_reader.") and own not in ("__init__", part(module))
        if level(part(module)) <= level(own)
    ]
    assert not wrong


@pytest.mark.parametrize("library", HOMES)
def test_each_library_has_one_home(library: str) -> None:
    wrong = [
        f"{file.relative_to(ROOT)} imports {module}"
        for file, own, module in imports()
        if module.split(".")[0] == library and own not in HOMES[library]
    ]
    assert not wrong


def test_the_first_screen_loads_nothing_it_does_not_draw() -> None:
    code = f"""
import sys
sys.path.insert(0, {str(ROOT)!r})
from tests import driver, conftest
from tui_reader.config import Paths
from tui_reader.store import Store
import pathlib, tempfile
async def journey(reader):
    for name in ("httpx", "lxml", "markdown_it", "textual.widgets._markdown", "tui_reader.fetch"):
        assert name not in sys.modules, name
    assert "Token Management" in reader.screen
home = pathlib.Path(tempfile.mkdtemp())
store = Store(Paths.under(home))
from tui_reader import sources
store.save(sources.read(conftest.SAMPLE.read_bytes(), "sample"), conftest.NOW)
driver.walk(store, journey)
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]


@pytest.mark.parametrize("command", ["config", "doctor", "keys", "list", "status", "man"])
def test_a_command_draws_no_screen_and_loads_nothing_to_do_so(tmp_path: Path, command: str) -> None:
    code = """
import sys
from tui_reader.cli import run
run(sys.argv[1:])
assert not {"textual", "asyncio"} & sys.modules.keys()
"""
    started = [sys.executable, "-c", code, "--home", str(tmp_path), command]
    done = subprocess.run(started, capture_output=True, text=True, check=False, cwd=ROOT)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("missing", ["fcntl", "termios"])
def test_a_system_that_is_not_posix_is_told_so_in_a_sentence(missing: str) -> None:
    code = f"""
import sys
sys.modules["{missing}"] = None
sys.argv = ["tui-reader", "list"]
from tui_reader.__main__ import main
main()
"""
    started = [sys.executable, "-c", code]
    done = subprocess.run(started, capture_output=True, text=True, check=False, cwd=ROOT)
    assert done.returncode == 2
    assert done.stderr.startswith("tui-reader: runs on Linux, macOS and other POSIX systems")
    assert len(done.stderr.splitlines()) == 1


def test_a_start_with_what_is_stored_loads_nothing_to_read_sources(tmp_path: Path) -> None:
    code = """
import sys
from tui_reader.cli import parser, shell
options = shell.Options()
parser([]).parse_args(sys.argv[1:], options)
assert options.open_store(options.config.replacements).listings.days()
print(*{"tui_reader.sources", "tomllib", "email"} & sys.modules.keys())
"""
    for loaded in "tui_reader.sources", "":
        started = [sys.executable, "-c", code, "--home", str(tmp_path), "--sample"]
        done = subprocess.run(started, capture_output=True, text=True, check=True, cwd=ROOT)
        assert loaded in done.stdout if loaded else not done.stdout.split()
