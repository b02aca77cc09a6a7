"""The inputs that are kept of a target: a line each, as Python writes bytes."""

import ast
from importlib import import_module
from pathlib import Path
from typing import Protocol, cast

HERE = Path(__file__).parent
MOST, LONGEST = 300, 300
"""How many inputs are kept, and how many bytes of each: enough to replay in a second."""


class Target(Protocol):
    SEEDS: tuple[bytes, ...]

    def check(self, data: bytes) -> None: ...


def names() -> list[str]:
    return sorted(file.stem.removeprefix("fuzz_") for file in HERE.glob("fuzz_*.py"))


def target(name: str) -> Target:
    return cast("Target", import_module(f"tests.fuzz.fuzz_{name}"))


def kept(name: str) -> list[bytes]:
    file = HERE / "corpus" / f"{name}.txt"
    lines = file.read_text(encoding="ascii").splitlines() if file.exists() else []
    return [*target(name).SEEDS, *map(ast.literal_eval, lines)]


def keep(name: str, inputs: list[bytes]) -> None:
    """Keep the shortest of these."""
    new = sorted(set(inputs) - set(target(name).SEEDS), key=lambda data: (len(data), data))
    lines = [f"{data!r}\n" for data in new[:MOST] if len(data) <= LONGEST]
    file = HERE / "corpus" / f"{name}.txt"
    file.write_text("".join(lines), encoding="ascii")
