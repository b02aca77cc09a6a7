"""Rules: what watches comes first, what mutes stays out, and both can be asked for."""

import json
import re
from collections.abc import Sequence
from contextlib import closing
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from tests.conftest import NOW, Cli, Golden, save_filters
from tests.driver import INBOX, LISTING, Reader, walk
from tests.test_screens import shoot
from tui_reader import store as store_module
from tui_reader.config import Config, Paths
from tui_reader.errors import UsageError
from tui_reader.model import (
    Effect,
    Entry,
    Listing,
    Paper,
    PaperId,
    Reading,
    SavedFilter,
    Section,
    paper_at,
    row_of,
)
from tui_reader.names import name_of
from tui_reader.offers import circles, spellings
from tui_reader.query import rule
from tui_reader.rules_text import read
from tui_reader.store import Contents, Kind, Operation, Run, Store, View
from tui_reader.store.rules import Rules
from tui_reader.triage import Triage, star

LIBRARY = View(Kind.LIBRARY)
TODAY = date(2026, 3, 3)
SIZES = {"wide": (120, 40), "narrow": (80, 24)}


def watch(text: str) -> SavedFilter:
    return SavedFilter(text, Effect.WATCH)


def mute(text: str) -> SavedFilter:
    return SavedFilter(text, Effect.MUTE)


def ids(contents: Contents) -> list[str]:
    return [paper_at(row) for row in contents.rows]


def asked(store: Store, text: str, view: View = LIBRARY) -> list[str]:
    return ids(store.find(store.contents(view), store.query(text, TODAY)))


def test_the_inbox_begins_with_what_is_watched_and_lacks_what_is_muted(sample: Store) -> None:
    before = sample.contents(INBOX)
    moe, serving = set(asked(sample, "moe")), set(asked(sample, "gpu"))
    save_filters(sample, {"experts": watch("moe"), "no serving": mute("gpu")})
    after = sample.contents(INBOX)
    assert after.runs[0] == Run(None, None, 0, len(moe), watched=True)
    assert set(ids(after)[: len(moe)]) == moe
    assert set(ids(after)) == set(ids(before)) - (serving - moe)
    assert serving & moe  # of which muting has no force
    sizes = [(run.day, run.section, run.size) for run in after.runs[1:]]
    assert sum(size for _, _, size in sizes) == len(after.rows) - len(moe)
    assert {paper_at(row) for row in sample.muted(before.rows)} == serving - moe


def test_what_is_starred_is_not_muted(sample: Store) -> None:
    [one, *others] = asked(sample, "ti:serving")
    save_filters(sample, {"no serving": mute("ti:serving")})
    Triage(sample).edit(Operation.STAR, [PaperId(one)], star)
    assert asked(sample, "is:muted") == others
    assert {paper_at(row) for row in sample.muted(sample.contents(LIBRARY).rows)} <= set(others)


def test_the_language_asks_for_what_rules_find(sample: Store) -> None:
    assert asked(sample, "is:watched") == asked(sample, "is:muted") == []
    assert len(asked(sample, "-is:watched")) == 37
    save_filters(
        sample,
        {
            "experts": watch("moe"),
            "gpus": watch("gpu -moe"),
            "no": mute("ti:serving"),
            "old": SavedFilter("federated"),
        },
    )
    assert asked(sample, "is:watched") == asked(sample, "moe OR (gpu -moe)")
    assert asked(sample, "is:muted") == asked(sample, "ti:serving -moe -(gpu -moe)")
    assert asked(sample, "-is:watched is:unread") == asked(sample, "-moe -gpu")
    assert asked(sample, 'is:"watched"') == asked(sample, "is:WATCHED") != []


def test_a_rule_that_asks_what_rules_find_or_is_no_query_finds_nothing(sample: Store) -> None:
    save_filters(
        sample,
        {
            "round": watch("is:watched OR is:muted"),
            "gone": watch("is:gone"),
            "open": mute("has:gone"),
            "all": mute(""),
            "good": watch("moe"),
        },
    )
    assert asked(sample, "is:watched") == asked(sample, "moe")
    assert asked(sample, "is:muted") == []
    assert len(sample.contents(INBOX).rows) == 37


@pytest.mark.parametrize(
    "text", ["moe is:unread", "tag:x", "note:idea", "date:7d", "-is:muted", "is:gone", ""]
)
def test_what_is_true_today_and_not_tomorrow_is_no_rule(text: str) -> None:
    with pytest.raises(UsageError):
        rule(text)


def test_a_listing_keeps_the_order_of_arxiv_and_foryou_begins_with_what_is_watched(
    sample: Store,
) -> None:
    before = sample.contents(LISTING)
    save_filters(sample, {"experts": watch("moe"), "no": mute("gpu")})
    sample.ask_rules(before.rows, 9)
    assert sample.contents(LISTING) == before
    for id_ in ids(before)[:6]:
        Triage(sample).edit(Operation.STAR, [PaperId(id_)], star)
    first = asked(sample, "sort:foryou", LISTING)[:4]
    assert set(first) == set(asked(sample, "moe"))


def test_rules_are_asked_once_of_each_paper_even_by_another_program(
    sample: Store, paths: Paths, monkeypatch: pytest.MonkeyPatch
) -> None:
    save_filters(sample, {"experts": watch("moe")})
    rows = sample.contents(INBOX).rows
    with closing(Store(paths)) as other:
        monkeypatch.setattr(Rules, "_tests", None)
        assert other.contents(INBOX).rows == rows
        assert not other.ask_rules(rows, 9)


def test_a_paper_that_changes_is_asked_again(sample: Store) -> None:
    save_filters(sample, {"experts": watch("zebra")})
    row = sample.contents(INBOX).rows[5]
    assert not sample.watched([row])
    known = sample.papers.at([row])[row]
    sample.save(Reading("test", (), (replace(known, title="Zebras", version=9),)), NOW)
    sample.ask_rules([row], 9)
    assert sample.watched([row]) == {row: ("experts",)}


def test_what_comes_is_asked_as_it_is_stored(store: Store, paths: Paths) -> None:
    save_filters(store, {"experts": watch("ti:moe")})
    papers = [Paper(PaperId(f"2603.0000{n}"), f"Moe number {n}") for n in range(1, 4)]
    entries = tuple(Entry(paper, Section.NEW, at) for at, paper in enumerate(papers, 1))
    old = Listing("cs.DC", TODAY - timedelta(days=90), entries[2:])
    store.save(Reading("test", (Listing("cs.DC", TODAY, entries[:2]), old)), NOW)
    with closing(Store(paths)) as other:
        assert [*other.watched([row_of(paper.id) for paper in papers])] == [
            row_of(paper.id) for paper in papers[:2]
        ]


def test_a_rule_of_another_process_counts_at_once(sample: Store, paths: Paths) -> None:
    rows: Sequence[int] = sample.contents(INBOX).rows
    with closing(Store(paths)) as other:
        save_filters(other, {"experts": watch("moe")})
    sample.refresh()
    assert sample.contents(INBOX).runs[0].watched
    with closing(Store(paths)) as other:
        Triage(other).undo()
    sample.refresh()
    assert sample.contents(INBOX).rows == rows


@pytest.mark.parametrize("large", [5000, 10])
def test_five_hundred_rules_are_asked_together(
    sample: Store, monkeypatch: pytest.MonkeyPatch, large: int
) -> None:
    monkeypatch.setattr(store_module, "LARGE", large)  # from where on the index answers
    sample.index(lambda _: None)
    rules = {f"author {n}": watch(f'au:"name {n}" OR ti:nothing{n}') for n in range(500)}
    save_filters(sample, rules | {"experts": watch("moe"), "no": mute("serving")})
    assert sample.contents(INBOX).runs[0].watched
    assert asked(sample, "is:watched") == asked(sample, "moe")
    assert asked(sample, "is:muted") == asked(sample, "serving -moe")


def test_a_watched_row_says_so_and_the_header_counts_it(sample: Store) -> None:
    save_filters(sample, {"experts": watch("moe")})

    async def journey(reader: Reader) -> None:
        assert "◆ Watched" in reader.screen
        assert "◆ experts" in reader.screen
        assert "◆ 4" in reader.lines[0]
        assert reader.selected.startswith("◆●")

    walk(sample, journey, view=INBOX)


def test_in_ascii_too(sample: Store) -> None:
    save_filters(sample, {"experts": watch("moe")})

    async def journey(reader: Reader) -> None:
        assert reader.screen.isascii()
        assert "! 4" in reader.lines[0]
        assert "! experts" in reader.screen

    walk(sample, journey, view=INBOX, config=Config(ascii=True))


def test_some_papers_are_asked_however_little_time_there_is(sample: Store) -> None:
    save_filters(sample, {"experts": watch("moe")})
    rows = 3 * [*sample.contents(LIBRARY).rows[:]]  # more than are asked in one go
    assert sample.ask_rules(rows, 0)
    assert not sample.ask_rules(rows, 0)
    assert sample.watched(rows)


# From a paper


@pytest.mark.parametrize(
    ("name", "ways"),
    [
        ("Jin Lee", ["jin lee", "j lee"]),
        ("Jin W. Lee", ["jin w lee", "j w lee", "jin lee", "j lee"]),
        ("J.-W. Lee", ["j w lee", "j lee"]),
        ("Paul Erd\\H{o}s", ["paul erdos", "p erdos"]),
        ("Robert van de Geijn", ["robert van de geijn", "r van de geijn"]),
        ("LHCb Collaboration", ["lhcb collaboration"]),
        ("Plato", ["plato"]),
    ],
)
def test_a_name_is_looked_for_as_people_write_it(name: str, ways: list[str]) -> None:
    assert spellings(name_of(name)) == ways


def paper(number: int, *authors: str) -> Paper:
    return Paper(PaperId(f"2603.0000{number}"), f"Moe {number}", authors, "x", ("cs.DC",))


def test_people_of_one_name_are_told_apart_by_their_co_authors() -> None:
    spelled = {"jin lee", "j lee"}
    papers = [
        paper(1, "Jin Lee", "Ana Ruiz"),
        paper(2, "J. Lee", "A. Ruiz", "Bo Xu"),
        paper(3, "Bo Xu", "J. Lee"),
        paper(4, "J. Lee", "Tom Ode"),
        paper(5, "J. Lee", "T. Ode"),
        paper(6, "J. Lee", "Who Once"),
        paper(7, "J. Lee"),
    ]
    found = circles(papers, spelled)
    assert [circle.papers for circle in found] == [3, 2]
    assert found[1].authors == {"T. Ode": 2}
    assert len(circles(papers[:3], spelled)) == 1


def test_following_an_author_takes_two_keys(store: Store) -> None:
    papers = [
        paper(1, "Jin Lee", "Ana Ruiz"),
        paper(2, "J. Lee", "A. Ruiz"),
        paper(3, "J. Lee", "Tom Ode"),
        paper(4, "Tom Ode", "Jin Lee"),
        paper(5, "Ana Ruiz"),
    ]
    entries = tuple(Entry(each, Section.NEW, at) for at, each in enumerate(papers, 1))
    store.save(Reading("test", (Listing("cs.DC", TODAY, entries),)), NOW)

    async def journey(reader: Reader) -> None:
        await reader.press("f", "Enter")
        assert store.filters() == {"Jin Lee": watch('au:"jin lee" OR au:"j lee"')}
        assert reader.footer == (
            "Jin Lee is watched: 4 stored. Perhaps 2 people: with A. Ruiz (2) or T. Ode (2);"
            " u takes it back."
        )
        assert "◆ 4" in reader.lines[0]
        assert reader.selected.startswith("◆●")
        await reader.press("f", "Enter")
        assert reader.footer == "Jin Lee is watched already."
        await reader.press("u")
        assert reader.footer == "Took back: Watch Jin Lee"
        assert store.filters() == {}
        assert "◆" not in reader.screen
        await reader.press("f")
        await reader.type("mute moe")
        await reader.press("Enter")
        assert store.filters() == {"Moe": mute('ti:"Moe"')}
        await reader.press("i")
        assert "All read." in reader.screen

    walk(store, journey, view=INBOX)


def test_a_paper_without_authors_offers_words_and_categories(sample: Store) -> None:
    async def journey(reader: Reader) -> None:
        await reader.press("f")
        assert "Enter watch Token" in reader.screen
        await reader.type("mute cs.dc")
        assert "Enter mute cs.DC" in reader.screen
        await reader.press("Esc")
        assert sample.filters() == {}

    walk(sample, journey)


# The page of rules, and the saved filters with what they leave unread


def test_the_page_of_rules_says_what_each_found_and_changes_them(
    sample: Store, golden: Golden
) -> None:
    save_filters(
        sample,
        {
            "experts": watch("moe"),
            "no": mute("ti:zebra"),
            "old": SavedFilter("federated is:unread"),
        },
    )

    async def journey(reader: Reader) -> None:
        await reader.press("F")
        assert "experts  watches  4 in 30 days  last 3 Mar 2026  moe" in reader.screen
        assert "no       mutes    0 in 30 days  never" in reader.screen
        await reader.press("Enter", "Down", "Enter")  # Mute
        assert sample.filters()["experts"] == mute("moe")
        assert "experts  mutes" in reader.screen
        await reader.type("old")
        await reader.press("Enter", "Down", "Enter")  # Watch
        assert "is:unread changes by itself" in reader.footer
        await reader.press("F")
        await reader.type("old")
        await reader.press("Enter")
        await reader.type("edit\r")
        await reader.press("Ctrl-u")
        await reader.type("federated\r")
        assert sample.filters()["old"] == SavedFilter("federated")
        await reader.press("Esc", "F")
        await reader.type("no")
        await reader.press("Enter")
        await reader.type("forget\r")
        await reader.press("Esc")
        assert "no" not in sample.filters()
        await reader.press("u")
        assert sample.filters()["no"] == mute("ti:zebra")

    walk(sample, journey)


@pytest.mark.parametrize("size", SIZES)
def test_panels_of_rules(sample: Store, golden: Golden, size: str) -> None:
    save_filters(
        sample,
        {
            "experts": watch("moe"),
            "no surveys": mute("ti:survey OR ti:review"),
            "Jin Lee": watch('au:"jin lee" OR au:"j lee"'),
            "federated, unread": SavedFilter("federated is:unread"),
            "of an older program": watch("is:gone"),
        },
    )

    async def journey(reader: Reader) -> None:
        await shoot(reader, golden, f"watched-{size}")
        await reader.press("F")
        await shoot(reader, golden, f"rules-{size}")
        await reader.press("Enter")
        await shoot(reader, golden, f"rule-{size}")
        await reader.press("Esc", "'")
        await shoot(reader, golden, f"folders-{size}")
        await reader.press("2")
        assert reader.lines[0].startswith(" federated, unread")
        await reader.press("f")
        await shoot(reader, golden, f"watch-{size}")

    walk(sample, journey, view=INBOX, size=SIZES[size])


def test_the_end_of_the_inbox_says_how_much_is_muted(sample: Store) -> None:
    rows = len(asked(sample, "gpu"))
    save_filters(sample, {"no": mute("gpu")})

    async def journey(reader: Reader) -> None:
        await reader.press("A", "i")
        assert f"{rows} muted: is:muted in a shows them." in reader.screen
        done, muted, next_ = (
            reader.screen.index(each) for each in ("All read.", " muted: ", "arXiv announces next")
        )
        assert done < muted < next_

    walk(sample, journey, view=INBOX)


def test_the_footer_says_at_the_end_how_much_is_muted(sample: Store) -> None:
    rows = len(asked(sample, "gpu"))
    save_filters(sample, {"no": mute("gpu")})

    async def journey(reader: Reader) -> None:
        await reader.press("G", "x")
        assert f", {rows} muted" in reader.footer

    walk(sample, journey, view=INBOX)


# As a text


def test_rules_are_written_as_a_text_that_reads_back(
    cli: Cli, imported: None, paths: Paths
) -> None:
    filters = {
        "a: b = c": SavedFilter("moe is:unread"),
        "Jin Lee": watch('au:"jin lee" OR au:"j lee"'),
        "no surveys": mute("ti:survey"),
    }
    with closing(Store(paths)) as store:
        save_filters(store, filters)
    text = cli("rules").out
    assert read(text, {}, TODAY) == filters
    told = [json.loads(line) for line in cli("rules --json").lines]
    assert told[1] == {
        "name": "Jin Lee",
        "does": "watch",
        "filter": 'au:"jin lee" OR au:"j lee"',
        "papers_in_30_days": 0,
        "last": "2026-03-03",
    }


def test_without_rules_there_is_nothing(cli: Cli) -> None:
    answer = cli("rules")
    assert (answer.code, answer.out) == (1, "")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("watch\n  moe\n", "line 1: write watch, mute or filter, and a name"),
        ("\nsee Jin Lee\n  moe\n", "line 2: write watch, mute or filter, and a name: see Jin Lee"),
        ("  moe\n", "line 1: this filter has no name"),
        ("watch a\n\n# x\nmute b\n  moe", "line 1: write what a looks for below it, indented"),
        ("watch a\n  moe\nmute a\n  kv", "line 3: there is another a in line 1"),
        ("filter a\n  is:unraed", "line 2: a: There is no is:unraed"),
        ("watch a\n  moe is:unread", "line 2: a: is:unread changes by itself"),
    ],
)
def test_a_wrong_line_is_named(text: str, said: str) -> None:
    with pytest.raises(UsageError, match=f"^{re.escape(said)}"):
        read(text, {}, TODAY)


def test_what_an_older_program_left_wrong_need_not_be_mended() -> None:
    known = {"old": watch("is:gone")}
    assert read("watch old\n  is:gone\nmute new\n  moe\n", known, TODAY) == known | {
        "new": mute("moe")
    }


def edit(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, script: str) -> None:
    editor = tmp_path / "editor"
    editor.write_text(f"#!/bin/sh\n{script}\n")
    editor.chmod(0o755)
    monkeypatch.delenv("VISUAL", raising=False)
    monkeypatch.setenv("EDITOR", str(editor))


def test_the_text_is_edited_and_taken_back_as_one_change(
    cli: Cli, imported: None, paths: Paths, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with closing(Store(paths)) as store:
        save_filters(store, {"experts": watch("moe"), "gone": mute("kv"), "same": watch("gpu")})
    edit(
        monkeypatch,
        tmp_path,
        r"""sed -i 's/^watch experts/mute experts/; /^mute gone/,$d' "$1"
        printf 'watch new\n  gpu\n' >> "$1" """,
    )
    answer = cli("rules --edit")
    assert answer == (0, "", "2 saved, 2 forgotten; u in the reader takes it back.\n")
    with closing(Store(paths)) as store:
        assert store.filters() == {"experts": mute("moe"), "new": watch("gpu")}
        Triage(store).undo()
        assert [*store.filters()] == ["experts", "gone", "same"]
    edit(monkeypatch, tmp_path, "true")
    assert cli("rules --edit").err == "All as it was.\n"


@pytest.mark.parametrize(
    ("script", "said"),
    [
        ("echo 'watch x' >> \"$1\"", "write what x looks for below it"),
        ("exit 3", "The editor ended with an error: nothing was changed."),
    ],
)
def test_nothing_is_taken_until_it_is_mended(
    cli: Cli, paths: Paths, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, script: str, said: str
) -> None:
    with closing(Store(paths)) as store:
        save_filters(store, {"experts": watch("moe")})
    edit(monkeypatch, tmp_path, script)
    answer = cli("rules --edit")
    assert answer.code == 2
    assert said in answer.err
    with closing(Store(paths)) as store:
        assert store.filters() == {"experts": watch("moe")}


def test_an_editor_that_is_not_there_is_said(
    cli: Cli, paths: Paths, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("VISUAL", raising=False)
    monkeypatch.setenv("EDITOR", "no-such-editor")
    answer = cli("rules --edit")
    assert "no-such-editor can't be run; set EDITOR" in answer.err
