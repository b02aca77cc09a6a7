"""Imports run down and never in a circle, libraries have one home, and names one meaning."""

import ast
import subprocess
import sys
from collections.abc import Mapping
from functools import cache
from pathlib import Path

import pytest

from tests.conftest import ROOT

PACKAGE = ROOT / "tui_reader"

LAYERS = [
    {"__main__"},
    {"cli"},
    {"ui", "linear"},
    {"triage", "sync", "importing", "handing_on", "digest", "rules_text", "bibliography"},
    {"full_text"},
    {"store"},
    {
        "sources",
        "fetch",
        "stats",
        "query",
        "rank",
        "export",
        "config",
        "following",
        "crash",
        "mentions",
        "offers",
    },
    {"document", "names"},
    {
        "text",
        "fields",
        "taxonomy",
        "merge",
        "difference",
        "calendar",
        "files",
        "actions",
        "programs",
    },
    {"model"},
    {"errors", "late", "opening"},
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


@cache
def parsed() -> list[tuple[Path, ast.Module]]:
    """Return every file of the package, and what is in it."""
    files = sorted(PACKAGE.rglob("*.py"))
    return [(file, ast.parse(file.read_text(encoding="utf-8"))) for file in files]


def imports() -> list[tuple[Path, str, str]]:
    """Return (file, part, imported module) of every import in the package."""
    found = []
    for file, tree in parsed():
        own = file.relative_to(PACKAGE).parts[0].removesuffix(".py")
        for node in ast.walk(tree):
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


def reached(graph: Mapping[str, set[str]], start: str) -> set[str]:
    """Return all modules that a module imports, itself or through others."""
    found, left = set[str](), [start]
    while left:
        new = graph[left.pop()] - found
        found |= new
        left += new
    return found


def test_no_file_imports_in_a_circle_not_even_for_types() -> None:
    trees = {
        ".".join(file.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): tree
        for file, tree in parsed()
    }
    graph: dict[str, set[str]] = {module: set() for module in trees}
    for module, tree in trees.items():
        for node in ast.walk(tree):
            if isinstance(node, ast.Import):
                graph[module] |= trees.keys() & {alias.name for alias in node.names}
            elif isinstance(node, ast.ImportFrom):
                below = {f"{node.module}.{alias.name}" for alias in node.names} & trees.keys()
                graph[module] |= below or trees.keys() & {node.module}
        graph[module].discard(module)
    assert not [module for module in graph if module in reached(graph, module)]


def test_a_public_name_of_a_class_or_type_has_one_meaning() -> None:
    homes: dict[str, set[Path]] = {}
    for file, tree in parsed():
        for node in tree.body:
            for name in names_of(node):
                if name[0].isupper() and not name.isupper():
                    homes.setdefault(name, set()).add(file)
    assert not {name: files for name, files in homes.items() if len(files) > 1}


def names_of(node: ast.stmt) -> list[str]:
    """Return what a statement of a module gives a name to."""
    if isinstance(node, ast.ClassDef):
        return [node.name]
    targets = node.targets if isinstance(node, ast.Assign) else []
    targets = [node.target] if isinstance(node, ast.AnnAssign) else targets
    return [target.id for target in targets if isinstance(target, ast.Name)]


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
from tui_reader.cli import shell
from tui_reader.cli.parsing import parser
options = shell.Options()
parser([]).parse_args(sys.argv[1:], options)
assert options.open_store(options.config.replacements).listings.days()
print(*{"tui_reader.sources", "tomllib", "email"} & sys.modules.keys())
"""
    for loaded in "tui_reader.sources", "":
        started = [sys.executable, "-c", code, "--home", str(tmp_path), "--sample"]
        done = subprocess.run(started, capture_output=True, text=True, check=True, cwd=ROOT)
        assert loaded in done.stdout if loaded else not done.stdout.split()
