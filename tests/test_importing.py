"""Files into the store: what is damaged beyond foresight, and which papers can be starred."""

import io
import json
from pathlib import Path

import pytest

from tests import arxiv_server
from tests.conftest import NOW, SAMPLE
from tests.test_sources import HEAD, IDENTIFIERS, MAIL
from tui_reader import importing, sources
from tui_reader.cli import run
from tui_reader.errors import SourceError
from tui_reader.following import of_inbox
from tui_reader.importing import Imported, import_file, take_sample
from tui_reader.store import Kind, Store, View


def snapshot(papers: int) -> io.BytesIO:
    rows = ({"id": f"2611.{at:05}", "title": "A", "authors": "B"} for at in range(1, papers + 1))
    return io.BytesIO("".join(f"{json.dumps(row)}\n" for row in rows).encode())


def brought_in(store: Store, file: io.BytesIO, *, star: bool = False) -> Imported:
    return import_file(store, file, "file", NOW, lambda papers: None, star=star)


def test_the_papers_of_a_snapshot_are_named_when_they_are_to_be_starred(store: Store) -> None:
    assert brought_in(store, snapshot(3)).ids == []
    starred = brought_in(store, snapshot(3), star=True)
    assert starred.ids == ["2611.00001", "2611.00002", "2611.00003"]
    assert starred.papers == 3


def test_an_empty_page_of_a_stored_day_takes_nothing_away(store: Store) -> None:
    page = arxiv_server.World(lambda: NOW)
    page.listings["math.CO", NOW.date()] = [arxiv_server.Item("2603.00001")]
    full = page.new("math.CO", 0).encode()
    page.listings.clear()
    assert not brought_in(store, io.BytesIO(full)).problems
    told = brought_in(store, io.BytesIO(page.new("math.CO", 0).encode())).problems
    assert told == ["math.CO 2026-03-03: 0 entries where 1 are stored, which stay"]
    assert len(store.contents(View(Kind.LISTING, "math.CO", NOW.date())).rows) == 1


def test_importing_a_snapshot_with_stars_stars_its_papers(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "arxiv.json"
    file.write_bytes(snapshot(3).getvalue())
    assert run(["import", "--star", str(file)]) == 0
    assert "3 papers starred" in capsys.readouterr().out


def test_what_a_snapshot_lost_is_told_and_one_that_lost_all_is_refused(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importing, "BATCH", 2)
    damaged = io.BytesIO(snapshot(4).getvalue() + b'{"id": 5}\n')
    assert brought_in(store, damaged).problems == ["1 entry is damaged and could not be read"]
    with pytest.raises(SourceError, match="without a readable record"):
        brought_in(store, io.BytesIO(b'{"id": 5}\n'))


def test_junk_in_a_snapshot_is_read_step_by_step_and_given_up_where_nothing_else_is(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importing, "BATCH", 2)
    monkeypatch.setattr(importing, "MOST_DAMAGED", 5)
    steps: list[int] = []
    file = io.BytesIO(snapshot(1).getvalue() + b'{"\n' * 20)
    done = import_file(store, file, "file", NOW, steps.append)
    assert (done.papers, len(steps)) == (1, 12)
    junk = io.BytesIO(b'{"\n' * 20 + snapshot(1).getvalue())
    with pytest.raises(SourceError, match="without a readable record"):
        brought_in(store, junk)
    assert junk.tell() < 30


@pytest.mark.parametrize("form", ["snapshot", "mailbox", "list"])
def test_too_many_papers_to_star_are_refused_before_any_is_stored(
    store: Store, form: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importing, "MOST_STARS", 2)
    files = {
        "snapshot": snapshot(3),
        "mailbox": io.BytesIO((b"From x\n" + HEAD + MAIL) * 2),
        "list": io.BytesIO(IDENTIFIERS),
    }
    saved: list[object] = []
    monkeypatch.setattr(Store, "save", lambda *arguments: saved.append(arguments))
    with pytest.raises(SourceError, match=r"^file: --star takes at most"):
        brought_in(store, files[form], star=True)
    assert not saved


@pytest.mark.parametrize("error", [ValueError("4300 digits"), OverflowError(), RecursionError()])
def test_a_damage_nobody_foresaw_is_told_in_a_sentence(
    store: Store, error: Exception, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(data: bytes, origin: str) -> None:
        raise error

    monkeypatch.setattr(sources, "read", fail)
    with pytest.raises(SourceError, match=r"^file: can't be read; the file is damaged"):
        brought_in(store, io.BytesIO(b"x"))


def test_a_file_that_fails_while_it_is_read_is_told_in_a_sentence(
    store: Store, tmp_path: Path
) -> None:
    class Failing(io.BytesIO):
        def read(self, size: int | None = -1, /) -> bytes:
            raise OSError(5, "Input/output error")

    with pytest.raises(SourceError, match="Input/output error"):
        brought_in(store, Failing())
    closed = io.BytesIO()
    closed.close()
    with pytest.raises(SourceError, match="can't be read"):
        brought_in(store, closed)


def test_importing_what_is_not_followed_says_where_it_is(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert run(["import", str(SAMPLE)]) == 0
    assert "not followed" not in capsys.readouterr().err
    run(["follow", "hep-th"])
    assert run(["import", str(SAMPLE)]) == 0
    said = "cs.DC is not followed: the Inbox shows 0 of its 37 papers, l shows all;"
    assert said in capsys.readouterr().err
    run(["follow", "cs.LG"])
    assert run(["import", str(SAMPLE), str(SAMPLE)]) == 0
    told = capsys.readouterr().err
    assert told.count("not followed") == 1
    assert "the Inbox shows 9 of its 37 papers" in told


def test_a_page_of_all_of_physics_is_not_the_archive_of_that_name(store: Store) -> None:
    physics = arxiv_server.World(lambda: NOW)
    physics.listings["physics", NOW.date()] = [arxiv_server.Item("2603.00001")]
    page = str(physics.catch_up("physics", "2026-03-03", {}).body)
    wide = page.replace("Combinatorics (math.CO)", "High Energy Physics - Theory (hep-th)")
    narrow = page.replace("Combinatorics (math.CO)", "Optics (physics.optics)")
    for text, category in ((narrow, "physics"), (wide, "grp_physics")):
        [listing] = brought_in(store, io.BytesIO(text.encode())).listings
        assert listing.category == category
    inbox = store.contents(View(Kind.INBOX), followed=["hep-th"])
    assert len(inbox.rows) == 1


def test_the_sample_opens_on_its_newest_day_and_holds_formulas_in_the_library(store: Store) -> None:
    take_sample(store, NOW)
    newest, older = store.listings.days()
    assert (newest.category, sum(newest.counts)) == ("cs.DC", 37)
    assert (older.category, sum(older.counts)) == ("astro-ph.CO", 23)
    inbox = store.contents(View(Kind.INBOX), followed=of_inbox(store.paths.config))
    assert len(inbox.rows) == 37
    library = store.papers.at(store.contents(View(Kind.LIBRARY)).rows)
    assert any(paper.authors and "$" in (paper.abstract or "") for paper in library.values())
