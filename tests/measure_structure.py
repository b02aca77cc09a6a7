"""What the structure comes to, in numbers: python tests/measure_structure.py [DIRECTORY].

Import circles (groups of modules that import each other, at any depth, for types too), the largest
class, the length of functions in lines, and lines of code without blanks, comments, docstrings.
"""

import ast
import sys
import tokenize
from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter
from pathlib import Path
from statistics import median, quantiles

Function = ast.FunctionDef | ast.AsyncFunctionDef
WITHOUT_CODE = {
    tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT,
    tokenize.ENCODING, tokenize.ENDMARKER,
}  # fmt: skip


def modules(root: Path) -> dict[str, ast.Module]:
    """Return the tree of each module below a directory, by its full name."""
    found = {}
    for file in sorted(root.rglob("*.py")):
        name = ".".join(file.relative_to(root.parent).with_suffix("").parts)
        found[name.removesuffix(".__init__")] = ast.parse(file.read_text("utf-8"))
    return found


def imported(name: str, tree: ast.Module, known: set[str]) -> set[str]:
    """Return which of the known modules a module imports, wherever in it."""
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            # A package that is only the way to a module is not what is imported.
            inner = {f"{node.module}.{alias.name}" for alias in node.names} & known
            found |= inner if len(inner) == len(node.names) else inner | {node.module}
    return (found & known) - {name}


def circles(trees: dict[str, ast.Module]) -> list[list[str]]:
    """Return circles of imports: one is taken apart before the next is looked for."""
    graph = {name: imported(name, tree, set(trees)) for name, tree in trees.items()}
    found = []
    while True:
        try:
            TopologicalSorter(graph).prepare()
        except CycleError as error:
            circle = error.args[1]
            found.append(circle)
            graph[circle[1]].discard(circle[0])
        else:
            return found


def classes(trees: dict[str, ast.Module]) -> Iterator[tuple[int, int, str]]:
    """Yield of each class its own methods, the fields that they set, and its name."""
    for name, tree in trees.items():
        for node in ast.walk(tree):
            if isinstance(node, ast.ClassDef):
                methods = [each for each in node.body if isinstance(each, Function)]
                fields = {
                    each.attr
                    for method in methods
                    for each in ast.walk(method)
                    if isinstance(each, ast.Attribute)
                    and isinstance(each.ctx, ast.Store)
                    and isinstance(each.value, ast.Name)
                    and each.value.id == "self"
                }
                yield len(methods), len(fields), f"{name}.{node.name}"


def lengths(trees: dict[str, ast.Module]) -> list[int]:
    return [
        (node.end_lineno or 0) - node.lineno + 1
        for tree in trees.values()
        for node in ast.walk(tree)
        if isinstance(node, Function)
    ]


def code_lines(file: Path) -> int:
    lines: set[int] = set()
    with file.open("rb") as text:
        for token in tokenize.tokenize(text.readline):
            if token.type not in WITHOUT_CODE:
                lines |= {*range(token.start[0], token.end[0] + 1)}
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        if (
            isinstance(node, ast.Expr)
            and isinstance(node.value, ast.Constant)
            and isinstance(node.value.value, str)
        ):
            lines -= {*range(node.lineno, (node.end_lineno or 0) + 1)}
    return len(lines)


def main() -> None:
    root = Path(sys.argv[1] if sys.argv[1:] else Path(__file__).parents[1]) / "tui_reader"
    trees = modules(root)
    found, long = circles(trees), lengths(trees)
    print(f"{len(found)} import circles")
    for circle in found:
        print("    " + " -> ".join(circle))
    for methods, fields, name in sorted(classes(trees), reverse=True)[:3]:
        print(f"{name}: {methods} methods, {fields} fields")
    print(f"{len(long)} functions of {median(long):.0f} lines, 95 in 100 up to ", end="")
    print(f"{quantiles(long, n=20)[-1]:.0f}, the longest {max(long)}")
    print(f"{sum(map(code_lines, root.rglob('*.py'))):,} lines of code in {len(trees)} files")


if __name__ == "__main__":
    main()
