"""The journal of marks: what was acknowledged is there, for every program on every machine."""

import errno
import json
import os
import stat
import zlib
from pathlib import Path
from typing import Any

import pytest

from tests.journal_store import NOW, JournalStore, marks_in, retag, set_note, star, toggle_star
from tests.journal_trials import PAPERS, FaultyOs
from tui_reader.errors import StoreError
from tui_reader.model import Marks, PaperId
from tui_reader.store import journal as journal_module
from tui_reader.store import journal_line as lines_module
from tui_reader.store.changes import Change, Edit, ValueSet
from tui_reader.store.journal import Journal
from tui_reader.store.journal_line import compacted, decode, encode
from tui_reader.triage import Triage, mark_read, skip

ONE, TWO = PaperId("2603.00356"), PaperId("hep-th/9901001")
STARRED = {ONE: Marks(starred=True)}


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A directory that is not there yet."""
    return tmp_path / "reader" / "data"


def triage_at(directory: Path, machine: str = "desk") -> Triage:
    return Triage(JournalStore(directory, machine), lambda: NOW)


def watched(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return the list that names every call of the journal that may write, as they come."""
    watching = FaultyOs(-1, OSError())
    monkeypatch.setattr(journal_module, "os", watching)
    return watching.calls


def line_of(change: dict[str, Any]) -> bytes:
    """Return a sound line with any content."""
    sample = json.loads(encode(Change(1, "lap", NOW, "Star")).split(b"\t")[0])
    text = json.dumps({**sample, **change}).encode()
    return b"%b\t%08x\n" % (text, zlib.crc32(text))


def test_a_mark_is_there_for_the_next_program(data: Path) -> None:
    triage_at(data).edit("Star", [ONE], toggle_star)
    assert marks_in(data) == STARRED


def test_a_person_can_read_the_journal(data: Path) -> None:
    triage_at(data).edit("Star", [ONE, TWO], star)
    triage_at(data).edit("Tag", [ONE], retag("Erdős"))
    assert (data / "journal-desk.jsonl").read_text() == (
        '{"v":1,"l":1,"t":"2026-03-03T09:00:00Z","m":"desk","o":"Star",'
        '"c":[[["2603.00356","hep-th/9901001"],{"starred":[false,true]}]]}\t3cdb7b30\n'
        '{"v":1,"l":2,"t":"2026-03-03T09:00:00Z","m":"desk","o":"Tag",'
        '"c":[[["2603.00356"],{"tag:Erd\\u0151s":[false,true]}]]}\t3c745b27\n'
    )


def test_an_edit_that_changes_nothing_writes_nothing(data: Path) -> None:
    triage = triage_at(data)
    triage.edit("Star", [ONE], star)
    size = (data / "journal-desk.jsonl").stat().st_size
    assert triage.edit("Star", [ONE], star) is None
    assert (data / "journal-desk.jsonl").stat().st_size == size


def test_a_star_is_forced_to_the_disk_before_it_is_acknowledged(
    data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    triage = triage_at(data)
    triage.edit("Star", [ONE], star)
    calls = watched(monkeypatch)
    triage.edit("Star", [TWO], star)
    assert calls[-2:] == ["write", "fdatasync"]


def test_the_name_of_a_new_journal_is_forced_to_the_disk_before_its_first_line(
    data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls = watched(monkeypatch)
    triage_at(data).edit("Star", [ONE], star)
    assert "fsync" in calls[: calls.index("write")]


def test_a_change_of_five_thousand_papers_is_one_write(
    data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    papers = [PaperId(f"2603.{number:05}") for number in range(1, 5001)]
    triage = triage_at(data)
    triage.edit("Note", papers[:1], set_note("mine"))
    calls = watched(monkeypatch)
    triage.edit("Skip", papers, skip)
    assert (calls.count("write"), calls.count("fdatasync")) == (1, 1)
    assert sum(marks.skipped for marks in marks_in(data).values()) == 5000


def test_what_was_made_is_private(data: Path) -> None:
    triage_at(data).edit("Star", [ONE], star)
    assert stat.S_IMODE(data.stat().st_mode) == 0o700
    assert stat.S_IMODE((data / "journal-desk.jsonl").stat().st_mode) == 0o600


def test_another_process_sees_the_mark_when_it_looks(data: Path) -> None:
    other = JournalStore(data)
    assert other.all_marks() == {}
    triage_at(data).edit("Star", [ONE], star)
    assert other.all_marks() == STARRED


def test_looking_costs_no_reading_while_nothing_happened(
    data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    triage_at(data).edit("Star", [ONE], star)
    store = JournalStore(data)
    store.all_marks()
    calls = watched(monkeypatch)
    store.all_marks()
    assert calls == []


def test_machines_merge_and_the_later_change_wins(data: Path) -> None:
    triage_at(data, "desk").edit("Star", [ONE], star)
    triage_at(data, "lap").edit("Star", [ONE], toggle_star)
    triage_at(data, "desk").edit("Note", [ONE], set_note("read again"))
    assert marks_in(data) == {ONE: Marks(note="read again")}


def test_tags_given_on_two_machines_that_had_not_met_are_both_kept(tmp_path: Path) -> None:
    triage_at(tmp_path / "desk", "desk").edit("Tag", [ONE], retag("moe"))
    triage_at(tmp_path / "lap", "lap").edit("Tag", [ONE], retag("survey"))
    os.rename(tmp_path / "lap" / "journal-lap.jsonl", tmp_path / "desk" / "journal-lap.jsonl")
    assert marks_in(tmp_path / "desk") == {ONE: Marks(tags=frozenset({"moe", "survey"}))}


@pytest.mark.parametrize(
    "name",
    [
        "journal-desk.sync-conflict-20260303-101010-ABCDEFG.jsonl",
        "journal-desk (conflicted copy 2026-03-03 101010).jsonl",
        "journal-desk (1).jsonl",
    ],
)
def test_a_conflict_copy_adds_what_only_it_has(data: Path, name: str) -> None:
    triage_at(data).edit("Star", [ONE], star)
    journal = data / "journal-desk.jsonl"
    older = journal.read_bytes()
    triage_at(data).edit("Tag", [TWO], retag("moe"))
    journal.rename(data / name)
    journal.write_bytes(older)
    assert marks_in(data) == {**STARRED, TWO: Marks(tags=frozenset({"moe"}))}


def test_a_change_wins_after_an_older_copy_of_the_journal_was_put_back(data: Path) -> None:
    store = JournalStore(data)
    triage = Triage(store, lambda: NOW)
    triage.edit("Star", [ONE], star)
    older = store.journal.file.read_bytes()
    for note in ("a", "b", "c"):
        triage.edit("Note", [ONE], set_note(note))
    store.all_marks()
    store.journal.file.write_bytes(older)
    assert store.all_marks()[ONE].note == "c", "what a reader took over stays with it"
    # A program that starts now knows the clock from the positions that were kept.
    restarted = JournalStore(data)
    restarted.state, restarted.positions = store.state, store.positions
    Triage(restarted, lambda: NOW).edit("Note", [ONE], set_note("d"))
    assert restarted.all_marks()[ONE].note == "d"


def test_a_journal_of_another_machine_is_read_afresh_when_it_is_replaced(data: Path) -> None:
    triage_at(data, "lap").edit("Star", [ONE], star)
    store = JournalStore(data)
    store.all_marks()
    (data / "journal-lap.jsonl").unlink()
    lap = triage_at(data, "lap")
    lap.edit("Read", [TWO], mark_read)
    lap.edit("Note", [TWO], set_note("a text that makes the new file longer than the old one"))
    assert store.all_marks()[TWO].read


def test_a_journal_that_vanishes_and_comes_back_is_read_on(data: Path) -> None:
    triage_at(data, "lap").edit("Star", [ONE], star)
    store = JournalStore(data)
    store.all_marks()
    (data / "journal-lap.jsonl").rename(data / "elsewhere")
    assert store.all_marks() == STARRED
    (data / "elsewhere").rename(data / "journal-lap.jsonl")
    triage_at(data, "lap").edit("Read", [ONE], mark_read)
    assert store.all_marks() == {ONE: Marks(starred=True, read=True)}


def test_a_line_of_someone_elses_that_misses_its_newline_counts(data: Path) -> None:
    triage_at(data).edit("Star", [ONE], star)
    journal = data / "journal-desk.jsonl"
    journal.write_bytes(journal.read_bytes()[:-1])
    assert marks_in(data) == STARRED


def test_a_damaged_line_is_set_aside_once_reported_and_left_alone(data: Path) -> None:
    triage = triage_at(data)
    triage.edit("Star", [ONE], star)
    journal = data / "journal-desk.jsonl"
    harmed = journal.read_bytes() + b'{"v":1,"l":2,"t":"2026\n'
    journal.write_bytes(harmed)
    for _ in range(2):
        store = JournalStore(data)
        assert store.all_marks() == STARRED
        assert store.journal.problems == (
            "journal-desk.jsonl: 1 damaged line was set aside in damaged-desk.jsonl",
        )
    triage.edit("Star", [TWO], star)
    assert (data / "damaged-desk.jsonl").read_bytes() == b'{"v":1,"l":2,"t":"2026\n'
    assert journal.read_bytes().startswith(harmed)


def test_a_line_mended_by_hand_is_taken_in(data: Path) -> None:
    triage_at(data).edit("Star", [ONE], star)
    triage_at(data).edit("Star", [TWO], star)
    journal = data / "journal-desk.jsonl"
    sound = journal.read_bytes()
    journal.write_bytes(sound.replace(b"2603.00356", b"0000000000"))
    store = JournalStore(data)
    assert ONE not in store.all_marks()
    journal.write_bytes(sound)
    os.utime(journal, ns=(0, 0))
    assert store.all_marks()[ONE] == Marks(starred=True)
    assert store.journal.problems == ()


@pytest.mark.parametrize(
    "content",
    [
        {"l": 0},
        {"l": True},
        {"l": "7"},
        {"l": 2**60},
        {"t": "yesterday"},
        {"t": "2026-03-03T09:00:00"},
        {"t": "0001-01-01T00:00:00+23:00"},
        {"m": 4},
        {"c": None},
        {"c": [["2603.00356"]]},
        {"c": [[["2613.00356"], {"starred": [False, True]}]]},
        {"c": [[["2603.00356v2"], {"starred": [False, True]}]]},
        {"c": [[["nowhere/9901001"], {"starred": [False, True]}]]},
        {"c": [[["2603.00356"], {"starred": [False, "yes"]}]]},
        {"c": [[["2603.00356"], {"note": [None, True]}]]},
        {"c": [[["2603.00356"], {"tag:moe": [False]}]]},
        {"u": 3},
        {"v": "one"},
    ],
)
def test_a_line_that_is_no_change_is_damage_whatever_its_checksum(
    data: Path, content: dict[str, Any]
) -> None:
    triage_at(data).edit("Star", [ONE], star)
    (data / "journal-lap.jsonl").write_bytes(line_of(content))
    store = JournalStore(data)
    assert store.all_marks() == STARRED
    assert len(store.journal.problems) == 1
    assert triage_at(data).edit("Star", [TWO], star)


def test_deeply_nested_json_is_damage(data: Path) -> None:
    text = b"[" * 100_000
    data.mkdir(parents=True)
    (data / "journal-lap.jsonl").write_bytes(b"%b\t%08x\n" % (text, zlib.crc32(text)))
    assert marks_in(data) == {}


def test_a_note_can_hold_no_control_that_a_terminal_acts_on(data: Path) -> None:
    triage_at(data).edit("Note", [ONE], set_note("two\nlines\x1b[2J\x9b5m and \udcff"))
    assert marks_in(data)[ONE].note == "two\nlines\u203a5m and \ufffd"
    hostile = {"note": [None, "a\u202eb\u2069\U000e0069\r\n\tc\x1b[31md\x85e"]}
    (data / "journal-lap.jsonl").write_bytes(line_of({"c": [[[TWO], hostile]]}))
    assert marks_in(data)[TWO].note == "ab\n\tcd\u2026e"


def test_names_from_other_machines_are_cleaned_like_ones_own(data: Path) -> None:
    tags = {f"tag:{tag}": [False, True] for tag in ("to\u202e\tJJ\n", "Erdo\u030bs", "\u200b")}
    data.mkdir(parents=True)
    (data / "journal-lap.jsonl").write_bytes(
        line_of({"m": "la\u202ep\x1b]", "o": "St\u202ear\nnow", "c": [[[ONE], tags]]})
    )
    triage = triage_at(data)
    assert marks_in(data) == {ONE: Marks(tags=frozenset({"to JJ", "Erd\u0151s"}))}
    [change] = Journal(data, "desk").history(ONE)
    assert (change.operation, change.machine) == ("Star now", "lap]")
    for tag in ("to JJ", "Erd\u0151s"):
        triage.edit("Untag", [ONE], retag(f"-{tag}"))
    assert marks_in(data) == {}


def test_a_journal_from_a_newer_version_is_not_touched(data: Path) -> None:
    triage = triage_at(data)
    triage.edit("Star", [ONE], star)
    journal = data / "journal-desk.jsonl"
    newer = journal.read_bytes() + line_of({"v": 2, "l": 2, "c": {"like": "nothing we know"}})
    journal.write_bytes(newer)
    for change in (
        lambda: triage.edit("Star", [TWO], star),
        lambda: JournalStore(data).journal.compact(NOW),
        lambda: triage_at(data).undo(),
    ):
        with pytest.raises(StoreError, match="newer tui-reader: upgrade"):
            change()
    assert journal.read_bytes() == newer
    assert marks_in(data) == STARRED


def test_another_machine_may_be_newer_and_its_clock_still_counts(data: Path) -> None:
    data.mkdir(parents=True)
    (data / "journal-lap.jsonl").write_bytes(line_of({"v": 2, "l": 41}))
    change = triage_at(data).edit("Star", [ONE], star)
    assert change
    assert change.lamport == 42
    store = JournalStore(data)
    store.all_marks()
    assert "newer tui-reader" in store.journal.problems[0]


def test_an_upgraded_reader_reads_again_what_the_older_one_skipped(
    data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data.mkdir(parents=True)
    (data / "journal-lap.jsonl").write_bytes(line_of({"v": 2, "c": [[[ONE], {"read": [0, 1]}]]}))
    _, positions = Journal(data, "desk").read_new({})
    with (data / "journal-lap.jsonl").open("ab") as file:
        file.write(line_of({"v": 2, "c": [[[ONE], {"starred": [False, True]}]]}))
    monkeypatch.setattr(lines_module, "FORMAT", 2)
    monkeypatch.setattr(journal_module, "UNDERSTOOD", 3)
    _, positions = Journal(data, "desk").read_new(positions)
    assert positions["journal-lap.jsonl"].newer == 0


def test_a_journal_that_can_not_be_written_can_still_be_read(
    data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    triage_at(data).edit("Star", [ONE], star)
    with (data / "journal-desk.jsonl").open("ab") as file:
        file.write(b"damage\n")
    real = os.open

    def read_only(path: Any, flags: int, mode: int = 0o777) -> int:
        if flags & (os.O_RDWR | os.O_WRONLY | os.O_CREAT):
            raise PermissionError(13, "Permission denied")
        return real(path, flags, mode)

    monkeypatch.setattr(os, "open", read_only)
    assert marks_in(data) == STARRED
    with pytest.raises(StoreError, match=r"journal-desk\.jsonl can't be written, nothing was"):
        triage_at(data).edit("Star", [TWO], star)


def test_nothing_is_written_to_a_journal_that_can_not_be_read_back(
    data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    triage_at(data).edit("Star", [ONE], star)

    def broken(name: str, since: object) -> None:
        raise OSError(5, "Input/output error")

    # Its clock would be unknown, and the new change might lose against the old ones.
    store = JournalStore(data)
    monkeypatch.setattr(store.journal, "begins", broken)
    with pytest.raises(StoreError, match="can't be read"):
        store.append(Edit("Star", {TWO: (Marks(), Marks(starred=True))}), NOW)
    assert marks_in(data) == STARRED


def test_a_clock_that_a_broken_journal_has_used_up_is_an_error(data: Path) -> None:
    data.mkdir(parents=True)
    leaps = b"".join(line_of({"l": clock}) for clock in range(2**40, 2**53, 2**40))
    (data / "journal-lap.jsonl").write_bytes(leaps + line_of({"l": 2**53 - 1}))
    with pytest.raises(StoreError, match=r"journal-lap\.jsonl is broken.*[Mm]ove the file"):
        triage_at(data).edit("Star", [ONE], star)
    (data / "journal-lap.jsonl").unlink()
    assert triage_at(data).edit("Star", [ONE], star)


@pytest.mark.parametrize("name", ["lap", "desk"])
@pytest.mark.parametrize("clock", [2**53 - 1, 2**53 - 2, 2**41 + 3])
def test_a_clock_that_no_machine_can_have_reached_is_damage(
    data: Path, name: str, clock: int
) -> None:
    triage_at(data).edit("Star", [ONE], star)
    absurd = line_of({"l": clock, "c": [[[ONE], {"starred": [True, False]}]]})
    with (data / f"journal-{name}.jsonl").open("ab") as file:
        file.write(absurd)
    store = JournalStore(data)
    assert store.all_marks() == STARRED
    assert store.journal.problems == (
        f"journal-{name}.jsonl: 1 damaged line was set aside in damaged-desk.jsonl",
    )
    change = triage_at(data).edit("Star", [TWO], star)
    assert change
    assert change.lamport == 2


@pytest.mark.parametrize("clock", [2**40 - 1, 2**40])
def test_what_was_marked_after_a_leaping_clock_is_kept_without_its_journal(
    data: Path, clock: int
) -> None:
    data.mkdir(parents=True)
    (data / "journal-lap.jsonl").write_bytes(line_of({"l": clock}))
    assert triage_at(data).edit("Star", [ONE], star)
    assert triage_at(data).edit("Star", [TWO], star)
    (data / "journal-lap.jsonl").unlink()
    assert set(JournalStore(data, "desk").all_marks()) == {ONE, TWO}


def test_a_journal_behind_a_link_is_followed_and_rewritten_there(
    data: Path, tmp_path: Path
) -> None:
    kept = tmp_path / "dotfiles"
    kept.mkdir()
    data.mkdir(parents=True)
    link = data / "journal-desk.jsonl"
    link.symlink_to(kept / "marks.jsonl")
    triage = triage_at(data)
    for _ in range(9):
        triage.edit("Star", [ONE], toggle_star)
    assert marks_in(data) == STARRED
    store = JournalStore(data)
    store.all_marks()
    assert store.journal.compact(NOW, keep=0)
    assert store.journal.problems == ()
    assert link.is_symlink()
    assert [file.name for file in kept.iterdir()] == ["marks.jsonl"]
    assert marks_in(data) == STARRED


def test_a_link_to_what_is_of_somebody_else_is_never_written_through(
    data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data.mkdir(parents=True)
    precious = tmp_path / "precious"
    precious.write_text("")
    (data / "journal-desk.jsonl").symlink_to(precious)
    monkeypatch.setattr(os, "getuid", lambda: 12345)
    with pytest.raises(StoreError, match="symbolic link"):
        triage_at(data).edit("Star", [ONE], star)
    assert precious.read_text() == ""


def test_locks_that_fail_are_told_as_what_they_are(
    data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_locks(*_: object) -> None:
        raise OSError(errno.ENOLCK, os.strerror(errno.ENOLCK))

    monkeypatch.setattr("fcntl.flock", no_locks)
    with pytest.raises(StoreError, match=r"knows no locks.*--home"):
        triage_at(data).edit("Star", [ONE], star)


def test_very_many_changes_are_read_piece_by_piece_to_the_same_marks(
    data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    triage = triage_at(data)
    for number in range(1, 60):
        triage.edit("Tag", [PaperId(f"2603.{number:05}")], retag("J"))
    file = data / "journal-desk.jsonl"
    lines = file.read_bytes().split(b"\n")
    lines[20] = lines[20].replace(b"J", b"\n")  # one bit was flipped
    lines[30] = b"x" * 900
    file.write_bytes(b"\n".join(lines))
    whole = marks_in(data)
    assert len(whole) == 58
    for size in range(500, 2000, 37):
        monkeypatch.setattr(journal_module, "BYTES_AT_ONCE", size)
        store = JournalStore(data)
        assert store.all_marks() == whole
        assert store.positions == JournalStore(data).journal.read_new({})[1]
        assert store.journal.problems == (
            "journal-desk.jsonl: 1 damaged line was set aside in damaged-desk.jsonl",
            "journal-desk.jsonl: 1 damaged line was set right",
        )


def test_a_pipe_among_the_journals_is_reported_and_does_not_stop_anything(data: Path) -> None:
    triage_at(data).edit("Star", [ONE], star)
    os.mkfifo(data / "journal-pipe.jsonl")
    store = JournalStore(data)
    assert store.all_marks() == STARRED
    assert "journal-pipe.jsonl can't be read" in store.journal.problems[0]


def test_a_file_in_the_place_of_the_directory_is_an_error_with_its_name(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("")
    with pytest.raises(StoreError, match="data"):
        marks_in(tmp_path / "data")


def test_a_lock_that_is_never_released_is_an_error_in_the_end(
    data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(journal_module, "_LOCK_TRIES", 1)
    triage_at(data).edit("Star", [ONE], star)
    journal = JournalStore(data).journal
    with (
        journal.locked(journal.file),
        pytest.raises(StoreError, match="another tui-reader has held it"),
    ):
        triage_at(data).edit("Star", [TWO], star)
    assert triage_at(data).edit("Star", [TWO], star)


def test_a_line_goes_where_the_journal_is_though_it_was_replaced_meanwhile(
    data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    triage = triage_at(data)
    triage.edit("Star", [ONE], star)
    journal = data / "journal-desk.jsonl"
    older = journal.read_bytes()
    real, replaced = os.fdatasync, list[bool]()

    def while_a_synchroniser_works(file: int) -> None:
        real(file)
        if not replaced:
            journal.unlink()
            journal.write_bytes(older)
            replaced.append(True)

    monkeypatch.setattr(os, "fdatasync", while_a_synchroniser_works)
    triage.edit("Star", [TWO], star)
    assert marks_in(data)[TWO] == Marks(starred=True)


def test_compaction_drops_only_what_was_overwritten(data: Path) -> None:
    store = JournalStore(data)
    triage = Triage(store, lambda: NOW)
    triage.edit("Skip", PAPERS, skip)
    for number in range(40):
        triage.edit("Star", [PAPERS[number % 3]], toggle_star)
        triage.edit("Note", [ONE], set_note(f"draft {number}"))
    before = marks_in(data)
    size = store.journal.file.stat().st_size
    saved = store.journal.compact(NOW, keep=4)
    assert size - saved == store.journal.file.stat().st_size < size / 4
    assert marks_in(data) == before == store.all_marks()
    assert store.journal.compact(NOW, keep=4) == 0


def test_undo_goes_back_to_the_compaction_and_no_further(data: Path) -> None:
    store = JournalStore(data)
    triage = Triage(store, lambda: NOW)
    for number in range(9):
        triage.edit("Note", [ONE], set_note(f"draft {number}"))
    store.journal.compact(NOW, keep=2)
    assert triage.undo()
    assert triage.undo()
    assert marks_in(data)[ONE].note == "draft 6"
    assert triage.undo() is None
    assert triage.redo()
    assert marks_in(data)[ONE].note == "draft 7"


def test_compaction_keeps_other_machines_changes_and_damaged_lines(data: Path) -> None:
    triage = triage_at(data)
    triage.edit("Star", [ONE], star)
    triage.edit("Star", [ONE], toggle_star)
    triage_at(data, "lap").edit("Note", [ONE], set_note("kept"))
    journal = JournalStore(data).journal
    with journal.file.open("ab") as file:
        file.write(b"a line that someone may still be able to repair\n")
    for _ in range(5):
        triage.edit("Star", [ONE], toggle_star)
    assert journal.compact(NOW, keep=0)
    assert b"may still be able to repair" in journal.file.read_bytes()
    assert marks_in(data) == {ONE: Marks(starred=True, note="kept")}


def test_a_change_that_waited_for_compaction_lands_in_the_new_file(
    data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = JournalStore(data)
    triage = Triage(store, lambda: NOW)
    for _ in range(20):
        triage.edit("Star", [ONE], toggle_star)
    lock, waited = journal_module.lock, list[bool]()

    def compacting_first(file: int) -> None:
        if not waited:
            waited.append(True)
            assert store.journal.compact(NOW, keep=0)
        lock(file)

    monkeypatch.setattr(journal_module, "lock", compacting_first)
    triage.edit("Star", [TWO], star)
    assert marks_in(data)[TWO] == Marks(starred=True)


def test_a_change_made_while_compaction_thinks_is_kept(
    data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = JournalStore(data)
    triage = Triage(store, lambda: NOW)
    for _ in range(20):
        triage.edit("Star", [ONE], toggle_star)

    def slowly(*args: Any) -> bytes:
        triage.edit("Star", [ONE, TWO], toggle_star)
        return compacted(*args)

    monkeypatch.setattr(journal_module, "compacted", slowly)
    assert store.journal.compact(NOW, keep=0)
    assert marks_in(data) == {ONE: Marks(starred=True), TWO: Marks(starred=True)}


def test_what_a_killed_compaction_left_is_cleared_away(data: Path) -> None:
    triage = triage_at(data)
    for _ in range(20):
        triage.edit("Star", [ONE], toggle_star)
    (data / ".journal-desk.jsonl.123.tmp").write_text("half")
    assert JournalStore(data).journal.compact(NOW, keep=0)
    assert [file.name for file in data.iterdir()] == ["journal-desk.jsonl"]


def test_history_tells_when_and_where_a_paper_was_marked(data: Path) -> None:
    triage_at(data, "desk").edit("Star", [ONE, TWO], star)
    triage_at(data, "lap").edit("Skip", [TWO], skip)
    triage_at(data, "lap").undo()
    history = Journal(data, "desk").history(TWO)
    assert [(change.machine, change.operation, change.undoes) for change in history] == [
        ("desk", "Star", None),
        ("lap", "Skip", None),
        ("lap", "Skip", (2, "lap")),
    ]
    assert history[0].at == NOW


def test_a_backup_brings_every_machines_marks_back(data: Path, tmp_path: Path) -> None:
    triage_at(data, "desk").edit("Star", [ONE], star)
    triage_at(data, "lap").edit("Note", [TWO], set_note("kept"))
    marks = marks_in(data)
    assert Journal(data, "desk").backup(tmp_path / "marks.jsonl") == 2
    assert stat.S_IMODE((tmp_path / "marks.jsonl").stat().st_mode) == 0o600
    empty = Journal(tmp_path / "new", "desk")
    assert empty.restore(tmp_path / "marks.jsonl") == 2
    assert empty.restore(tmp_path / "marks.jsonl") == 0
    assert marks_in(tmp_path / "new") == marks


def test_restoring_merges_and_the_later_change_stands(data: Path, tmp_path: Path) -> None:
    triage = triage_at(data)
    triage.edit("Note", [ONE], set_note("old"))
    journal = JournalStore(data).journal
    journal.backup(tmp_path / "marks.jsonl")
    triage.edit("Note", [ONE], set_note("new"))
    triage.edit("Star", [TWO], star)
    assert journal.restore(tmp_path / "marks.jsonl") == 0
    journal.file.unlink()
    triage_at(data).edit("Star", [TWO], star)
    assert journal.restore(tmp_path / "marks.jsonl") == 1
    assert marks_in(data) == {ONE: Marks(note="old"), TWO: Marks(starred=True)}


@pytest.mark.parametrize("content", [b"", b"not a backup\n", b"\x00" * 5000])
def test_a_file_that_is_no_backup_is_refused(data: Path, tmp_path: Path, content: bytes) -> None:
    (tmp_path / "file").write_bytes(content)
    with pytest.raises(StoreError, match="is not a backup"):
        Journal(data, "desk").restore(tmp_path / "file")
    with pytest.raises(StoreError, match="can't be read"):
        Journal(data, "desk").restore(tmp_path / "absent")


def test_a_backup_replaces_no_device(data: Path) -> None:
    triage_at(data).edit("Star", [ONE], star)
    with pytest.raises(StoreError, match="not a plain file"):
        Journal(data, "desk").backup(Path(os.devnull))


def test_a_machine_s_name_makes_a_plain_file_name(data: Path) -> None:
    assert Journal(data, "../Jane's Mac").file == data / "journal-Jane-s-Mac.jsonl"
    assert Journal(data, "..").machine == "machine"


def test_a_line_reads_back_as_it_was_written() -> None:
    sets = (ValueSet((ONE,), "note", None, "a\ttab\nand ∇"), ValueSet((TWO,), "read", False, True))
    change = Change(7, "desk", NOW, "Note", sets, undoes=(3, "lap"))
    assert decode(encode(change)[:-1]) == change
