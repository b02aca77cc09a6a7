"""Harm done to journals: no mark whose line was left alone is ever lost."""

import errno
import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests import power_trials
from tests.journal_store import NOW, JournalStore, marks_in, set_note, star
from tests.journal_trials import (
    PAPERS,
    STEPS,
    Killed,
    clone_trial,
    damage_trial,
    fault_trial,
    sync_trial,
)
from tui_reader.model import PaperId
from tui_reader.store import journal as journal_module
from tui_reader.store import journal_line as lines_module
from tui_reader.triage import Triage


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize(
    "error",
    [OSError(errno.ENOSPC, "No space left on device"), OSError(errno.EIO, "I/O error"), Killed()],
    ids=["disk full", "disk broken", "killed"],
)
def test_whichever_call_fails_what_was_there_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str, error: BaseException
) -> None:
    fault = 0
    while fault_trial(
        tmp_path / str(fault),
        fault,
        error,
        STEPS[step],
        lambda put: monkeypatch.setattr(journal_module, "os", put),
    ):
        fault += 1
    assert fault > 2


@pytest.mark.parametrize("seed", range(40))
def test_a_flipped_bit_or_a_cut_line_loses_no_other_mark(tmp_path: Path, seed: int) -> None:
    lost, _ = damage_trial(tmp_path, seed)
    assert lost == 0


@pytest.mark.parametrize("seed", range(20))
def test_machines_that_carry_files_to_each_other_agree_in_the_end(
    tmp_path: Path, seed: int
) -> None:
    assert sync_trial(tmp_path, seed) == 0


def test_any_one_flipped_bit_is_set_right(tmp_path: Path) -> None:
    triage = Triage(JournalStore(tmp_path), lambda: NOW)
    for paper in PAPERS[:3]:
        triage.edit("Note", [paper], set_note("J*J*"))  # a flip can make a newline of J and *
    journal = tmp_path / "journal-desk.jsonl"
    sound, marks = journal.read_bytes(), marks_in(tmp_path)
    for at in range(len(sound)):
        harmed = bytearray(sound)
        harmed[at] ^= 1 << at % 8
        journal.write_bytes(harmed)
        assert marks_in(tmp_path) == marks, harmed
    journal.write_bytes(sound.replace(b"J*J*", b"J*Z*", 1))
    store = JournalStore(tmp_path)
    store.all_marks()
    assert store.journal.problems == ("journal-desk.jsonl: 1 damaged line was set right",)


def test_a_flipped_bit_in_a_change_of_five_thousand_papers_is_set_right(tmp_path: Path) -> None:
    papers = [PaperId(f"2603.{number:05}") for number in range(1, 5001)]
    Triage(JournalStore(tmp_path), lambda: NOW).edit("Star", papers, star)
    journal = tmp_path / "journal-desk.jsonl"
    harmed = bytearray(journal.read_bytes())
    harmed[1000] ^= 4
    journal.write_bytes(harmed)
    assert len(marks_in(tmp_path)) == 5000


def test_a_sound_line_is_found_where_the_newline_before_it_is_missing(tmp_path: Path) -> None:
    triage = Triage(JournalStore(tmp_path), lambda: NOW)
    for paper in PAPERS[:3]:
        triage.edit("Star", [paper], star)
    journal = tmp_path / "journal-desk.jsonl"
    marks, lines = marks_in(tmp_path), journal.read_bytes().splitlines()
    journal.write_bytes(b"".join(lines))
    assert marks_in(tmp_path) == marks
    journal.write_bytes(lines[0][:50] + lines[1] + lines[2][20:] + b"\n")
    assert set(marks_in(tmp_path)) == {PAPERS[1]}


@pytest.mark.parametrize(
    "harm",
    [
        b"x\t00000000" * 16_000,
        b"\n".join(b'{"v":1,"l":%d,"t":\t%08x' % (n, n) for n in range(5_000)),
        b'{"v":1,"l":1}\t00000000\n\n' * 5_000,
        b"\n".join(b"z" * 3_000 + b"\t00000000" for _ in range(100)),
    ],
    ids=["frames", "unlike", "alike", "long"],
)
def test_mending_gives_up_before_a_ruined_journal_keeps_anyone_waiting(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, harm: bytes
) -> None:
    Triage(JournalStore(tmp_path), lambda: NOW).edit("Star", PAPERS[:1], star)
    read: list[int] = []
    real = lines_module.sound_line

    def counted(line: bytes) -> object:
        read.append(len(line))
        return real(line)

    monkeypatch.setattr(lines_module, "sound_line", counted)
    (tmp_path / "journal-lap.jsonl").write_bytes(harm + b"\n")
    assert set(marks_in(tmp_path)) == set(PAPERS[:1])
    assert sum(read) + 1000 * len(read) < 80_000_000


def test_a_last_line_torn_anywhere_is_healed_by_the_next_change(tmp_path: Path) -> None:
    triage = Triage(JournalStore(tmp_path), lambda: NOW)
    triage.edit("Star", PAPERS[:1], star)
    journal = tmp_path / "journal-desk.jsonl"
    first = journal.read_bytes()
    triage.edit("Star", PAPERS[1:2], star)
    second = journal.read_bytes()[len(first) :]
    for cut in range(1, len(second), 7):
        journal.write_bytes(first + second[:cut])
        Triage(JournalStore(tmp_path), lambda: NOW).edit("Star", PAPERS[2:3], star)
        marks = marks_in(tmp_path)
        assert marks[PAPERS[0]].starred
        assert marks[PAPERS[2]].starred


def test_what_killed_processes_acknowledged_is_there(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "tests.kill9_worker", "worker", str(tmp_path)]
    workers = [
        subprocess.Popen(
            [*command, str(me), "7"], stdout=subprocess.PIPE, cwd=Path(__file__).parents[1]
        )
        for me in range(2)
    ]
    said: list[list[bytes]] = []
    for worker in workers:
        assert worker.stdout
        said.append([worker.stdout.readline() for _ in range(80)])
    for worker in workers:
        os.kill(worker.pid, signal.SIGKILL)
    for worker, lines in zip(workers, said, strict=True):
        lines += (worker.communicate()[0] or b"").splitlines()
    notes = {paper: marks.note for paper, marks in marks_in(tmp_path).items()}
    for me, lines in enumerate(said):
        told = [json.loads(line) for line in lines if line.endswith((b"}", b"}\n"))]
        under_way = told[-1].get("try", [None])[0]
        kept = dict(entry["ack"] for entry in told if "ack" in entry)
        own = [paper for paper in kept if paper.startswith(f"2603.{me}") and paper != under_way]
        assert {paper: notes.get(paper) for paper in own} == {paper: kept[paper] for paper in own}


def test_what_a_power_cut_leaves_has_every_mark_that_was_acknowledged() -> None:
    assert power_trials.run(75) == []


@pytest.mark.parametrize("seed", range(12))
def test_cloned_homes_and_clocks_set_back_lose_no_mark(tmp_path: Path, seed: int) -> None:
    assert clone_trial(tmp_path, seed) == 0


def test_a_journal_that_links_to_itself_is_said_and_costs_no_other(tmp_path: Path) -> None:
    store = JournalStore(tmp_path)
    Triage(store, lambda: NOW).edit("Star", PAPERS[:1], star)
    (tmp_path / "journal-loop.jsonl").symlink_to("journal-loop.jsonl")
    assert set(store.all_marks()) == set(PAPERS[:1])
    [problem] = store.journal.problems
    assert problem.startswith("journal-loop.jsonl can't be read")
