"""python -m tests.fuzz NAME [SECONDS]: fuzz a target under atheris, then keep a small corpus."""

import re
import shlex
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.fuzz import corpus


def main() -> int:
    name, seconds = sys.argv[1], int(sys.argv[2]) if sys.argv[2:] else 1200
    if seconds < 0:  # the fuzzer itself, whose process libFuzzer ends
        _fuzz(name, sys.argv[3], sys.argv[4:])
    with tempfile.TemporaryDirectory() as folder:
        seeds, found, least = (Path(folder) / each for each in ("seeds", "found", "least"))
        for directory in (seeds, found, least):
            directory.mkdir()
        for number, data in enumerate(corpus.kept(name)):
            (seeds / str(number)).write_bytes(data)
        me = Path(folder) / "again"  # by which libFuzzer starts itself
        call = shlex.join([sys.executable, "-m", "tests.fuzz", name, "-1", str(me)])
        me.write_text(f'#!/bin/sh\nexec {call} "$@"\n', encoding="utf-8")
        me.chmod(0o700)
        options = ["-print_final_stats=1", f"-max_total_time={seconds}"]
        options += ["-max_len=512", "-timeout=20"]
        artefacts = f"-artifact_prefix={folder}/"
        run = [str(me), *options, artefacts, str(found), str(seeds)]
        done = subprocess.run(run, capture_output=True, text=True, check=False)
        executed = re.search(r"number_of_executed_units:\s*(\d+)", done.stderr)
        print(f"{name}: {int(executed[1]) if executed else 0:,} executions in {seconds} s")
        if done.returncode:
            print(done.stderr[-3000:])
            for failed in Path(folder).glob("*-*"):
                print(f"{failed.name}: {failed.read_bytes()!r}")
            return 1
        merge = [
            str(me),
            "-merge=1",
            f"-max_len={corpus.LONGEST}",
            *map(str, (least, found, seeds)),
        ]
        subprocess.run(merge, capture_output=True, check=True)
        corpus.keep(name, [file.read_bytes() for file in least.iterdir()])
    return 0


def _fuzz(name: str, me: str, options: list[str]) -> None:
    import atheris

    with atheris.instrument_imports(include=["tui_reader"]):
        check = corpus.target(name).check
    atheris.Setup([me, *options], check)
    atheris.Fuzz()


if __name__ == "__main__":
    sys.exit(main())
