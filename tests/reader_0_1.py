"""A reader of journals as version 0.1 had it, frozen: what it does not understand is lost to it.

A machine that was not upgraded reads the journals of those that were. This imports nothing of the
program, so that no change there can reach it.
"""

import json
import re
import zlib
from pathlib import Path
from typing import Any

STEPS_BY_NOBODY = ("Recovered", "New version")
END_OF_UNDO = "Compaction"
IN_PASSING = "Read in passing"
FLAGS = ("starred", "read", "skipped", "returned")
_ID = re.compile(r"\d{4}\.\d{4,5}|[a-z-]+/\d{7}")

Marks = dict[str, dict[str, Any]]


def changes(directory: Path) -> tuple[list[dict[str, Any]], list[bytes]]:
    """Return the changes in all journals of a directory, and the lines that can't be read."""
    read, damaged = [], []
    for file in sorted(directory.glob("journal-*.jsonl")):
        for line in filter(None, file.read_bytes().split(b"\n")):
            text, _, check = line.rpartition(b"\t")
            record = json.loads(text) if check == b"%08x" % zlib.crc32(text) else None
            if record and record["v"] == 1 and _is_known(record):
                read.append(record)
            else:
                damaged.append(line)
    return read, damaged


def _is_known(record: dict[str, Any]) -> bool:
    """Whether a record of format 1 has what one has to have; other keys do no harm."""
    return (
        type(record["l"]) is int
        and all(isinstance(record[key], str) for key in "tmo")
        and record["t"].endswith("Z")
        and all(
            all(map(_ID.fullmatch, papers))
            and all(_is_pair(field, pair) for field, pair in fields.items())
            for papers, fields in record["c"]
        )
    )


def _is_pair(field: str, pair: list[object]) -> bool:
    if field in FLAGS or field.startswith("tag:"):
        return all(isinstance(value, bool) for value in pair)
    return len(pair) == 2 and all(isinstance(value, bool | str | None) for value in pair)


def marks(directory: Path) -> Marks:
    """Return the marks of each paper that has any: the later clock wins, then the machine."""
    newest: dict[tuple[str, str], tuple[int, str, str, Any]] = {}
    for record in changes(directory)[0]:
        for papers, fields in record["c"]:
            for field, (_, value) in fields.items():
                stamp = (record["l"], record["m"], json.dumps(value), value)
                for paper in papers:
                    newest[paper, field] = max(newest.get((paper, field), stamp), stamp, key=_order)
    found: Marks = {}
    for (paper, field), (*_, value) in newest.items():
        if value and (field in (*FLAGS, "note") or field.startswith("tag:")):
            found.setdefault(paper, {})[field] = value
    return found


def _order(stamp: tuple[int, str, str, Any]) -> tuple[int, str, str]:
    return stamp[:3]


def undoable(directory: Path, machine: str) -> list[str]:
    """Return what the machine can undo, the next one last: operations as their codes."""
    steps: dict[tuple[int, str], str] = {}
    undone: dict[tuple[int, str], str] = {}
    for record in changes(directory)[0]:
        if record["m"] != machine or record["o"] in STEPS_BY_NOBODY:
            continue
        if record["o"] == END_OF_UNDO:
            steps, undone = {}, {}
        elif (of := tuple(record.get("u", ()))) and of in steps:
            undone[of] = steps.pop(of)
        elif (of := tuple(record.get("r", ()))) and of in undone:
            steps[of] = undone.pop(of)
        elif not ("u" in record or "r" in record):
            steps[record["l"], record["m"]] = record["o"]
    return list(steps.values())
