"""Starts the program again and again while keys are typed at random; counts what became of them.

Run with `python -m tests.typing_trials [starts]`. The program is typed at from its first
millisecond on, for as long as it loads: moves, and tags for the paper under the cursor, each tag
another. A model of the list says which paper gets which. What is stored afterwards tells keys that
were lost, doubled, or applied to another paper; what the terminal shows, keys that were echoed.
"""

import random
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from tests.terminal import PROGRAM, Terminal
from tui_reader.config import Paths
from tui_reader.store import Kind, Store, View

STARTS = 1_000
MOST_KEYS, MOST_SECONDS = 12, 0.5
BEGUN, LOADED = b"\x1b[?1049h\x1b[?25l\x1b[?7l\x1b[?2004h", b"\x1b]11;?"
KEYS = "jjjkkGt"
TAG = "q"
"""Begins each tag: were its letters taken for verbs, the program would end."""


def tags(home: Path) -> list[frozenset[str]]:
    """Return the tags of each paper of the sample listing."""
    store = Store(Paths.under(home / "state" / "sample"))
    newest = store.listings.days()[0]
    rows = store.contents(View(Kind.LISTING, newest.category, newest.announced)).rows
    found = [item.marks.tags for item in store.items(rows)]
    store.close()
    return found


def typed(
    chance: random.Random, start: int, at: int, count: int
) -> tuple[str, dict[str, int], int]:
    """Return keys, which paper gets which tag by them, and where the cursor is then."""
    keys, tagged = "", {}
    for number in range(chance.randint(1, MOST_KEYS)):
        key = chance.choice(KEYS)
        if key == "t":
            tag = f"{TAG}{start}-{number}"
            tagged[tag], key = at, f"t{tag}\r"
        at = {"j": min(at + 1, count - 1), "k": max(at - 1, 0), "G": count - 1}.get(key, at)
        keys += key
    return keys, tagged, at


def started(home: Path, keys: str, chance: random.Random) -> Counter[str]:
    """Start, type the keys, leave; return how often what was seen."""
    terminal = Terminal([*PROGRAM, "--home", str(home), "--sample"], (100, 30))
    terminal.until(b"\x1b[?1049h")  # before, a shell's modes are on, which echo
    ends = time.monotonic() + chance.random() * MOST_SECONDS
    while keys and time.monotonic() < ends:
        terminal.take(chance.choice((0.0, 0.001, 0.02, 0.1)))
        many = chance.choice((1, 1, 1, 3, len(keys)))
        terminal.send(keys[:many].encode())
        keys = keys[many:]
    terminal.send(keys.encode())
    terminal.until(LOADED)
    terminal.settle(0.15)
    terminal.send(b"q")
    well = terminal.end() == 0 and terminal.is_given_back
    if not well:
        print(terminal.code, terminal.written[-400:], file=sys.stderr)
    seen = Counter(
        {
            "shown at once": int(BEGUN in terminal.written),
            "not ended well": int(not well),
            "echoed": int(f"t{TAG}".encode() in terminal.written),
        }
    )
    terminal.close()
    return seen


def main() -> None:
    starts = int(sys.argv[1]) if len(sys.argv) > 1 else STARTS
    chance = random.Random(1)
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        config = home / "state" / "sample" / "config"
        config.mkdir(parents=True)
        (config / "config.toml").write_text("read_after = 0\nhints = false\n")
        started(home, "", chance)
        found, at, count = Counter[str](), 0, len(tags(home))
        for start in range(starts):
            keys, tagged, at = typed(chance, start, at, count)
            found += started(home, keys, chance)
            there = tags(home)
            for tag, row in tagged.items():
                papers = [place for place, each in enumerate(there) if tag in each]
                found["tags"] += 1
                found["lost"] += not papers
                found["for another paper"] += papers not in ([], [row])
            found["doubled or cut"] += sum(
                tag not in tagged for each in there for tag in each if f"{TAG}{start}-" in tag
            )
        print(f"{starts} starts:", dict(found))


if __name__ == "__main__":
    main()
