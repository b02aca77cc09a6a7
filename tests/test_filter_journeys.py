"""Filtering, told as a researcher would tell it."""

import pytest

from tests.conftest import Golden, save_filters
from tests.driver import Reader, walk
from tests.test_screens import shoot
from tui_reader.config import Config, Paths
from tui_reader.store import Store


def marked(reader: Reader) -> set[str]:
    """Return the texts on the screen that are underlined."""
    strips = reader.strips[2:]
    return {s.text for strip in strips for s in strip if s.style and s.style.underline}


def test_i_see_why_a_paper_matches(sample: Store) -> None:
    async def journey(reader: Reader) -> None:
        await reader.press("/")
        await reader.type("au:chen ti:(stacked) -moe")
        assert marked(reader) == {"Chen", "Stacked"}
        await reader.press("Ctrl-u")
        assert not marked(reader)
        await reader.type('"large language" is:new (')
        assert {text.lower() for text in marked(reader)} == {"large language"}
        await reader.press("Esc")
        assert not marked(reader)

    walk(sample, journey)


def test_what_is_found_is_marked_without_colour_and_in_my_note(
    sample: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NO_COLOR", "1")

    async def journey(reader: Reader) -> None:
        await reader.press("n")
        await reader.type("ask Ana")
        await reader.press("Enter", "/")
        await reader.type("note:an")
        assert marked(reader) == {"An"}
        await reader.press("Enter", "i")
        assert not marked(reader)

    walk(sample, journey)


def bar(reader: Reader) -> str:
    return reader.lines[1].strip()


def test_the_list_follows_what_stands_before_a_word_that_is_not_finished(sample: Store) -> None:
    async def journey(reader: Reader) -> None:
        papers = len(reader.main.all.rows)
        await reader.press("/")
        await reader.type("sort:ti")
        assert len(reader.main.list.contents.rows) == papers
        await reader.press("Ctrl-u")
        await reader.type("quantum")
        found = len(reader.main.list.contents.rows)
        await reader.type(" is:unr")
        assert 0 < found == len(reader.main.list.contents.rows) < papers
        await reader.press("Ctrl-u")
        await reader.type("rn")
        assert len(reader.main.list.contents.rows) == papers
        await reader.press("Enter")
        assert not reader.main.list.contents.rows
        await reader.press("/", "Ctrl-u")
        await reader.type("xyz:foo")
        assert "There is no field xyz:" in bar(reader)
        assert len(reader.main.list.contents.rows) == papers

    walk(sample, journey)


def test_the_list_follows_a_quote_and_a_parenthesis_that_are_not_closed_yet(sample: Store) -> None:
    async def journey(reader: Reader) -> None:
        papers = len(reader.main.all.rows)
        await reader.press("/")
        for typed in '(ti:"feder', "ated lear", "ning":
            await reader.type(typed)
            assert 0 < len(reader.main.list.contents.rows) < papers
            assert reader.main.filter.wrong is None
        found = reader.main.list.contents.rows
        await reader.type('")')
        assert reader.main.list.contents.rows == found

    walk(sample, journey)


def test_the_bar_says_what_is_not_looked_for_beside_how_many_are_found(sample: Store) -> None:
    async def journey(reader: Reader) -> None:
        await reader.press("/")
        await reader.type("100k+")
        assert "Not looked for: + in 100k+." in bar(reader)
        assert bar(reader).endswith(f" of {len(reader.main.all.rows)}")
        await reader.press("Backspace")
        assert "Not looked for" not in bar(reader)

    walk(sample, journey)


def test_the_bar_offers_what_may_be_meant_and_tab_takes_it(sample: Store) -> None:
    async def journey(reader: Reader) -> None:
        await reader.press("/")
        assert "Tab  ti:  au:  abs:" in bar(reader)
        await reader.type("is:un")
        assert bar(reader).startswith("/ is:un  Tab  unread")
        await reader.press("Tab")
        assert bar(reader).split() == ["/", "is:unread", "37", "of", "37"]
        await reader.type(" cat:cs.d")
        await reader.press("Tab")
        assert bar(reader).startswith("/ is:unread cat:cs.DC  Tab  cs.DB  cs.DL")
        await reader.press("Tab")
        assert bar(reader).startswith("/ is:unread cat:cs.DB")
        await reader.press("Shift-Tab", "Shift-Tab")
        assert bar(reader).startswith("/ is:unread cat:cs.d  Tab  cs.DC  cs.DB")
        await reader.press("Left")
        assert "Tab" not in bar(reader)

    walk(sample, journey)


def test_a_single_completion_can_be_completed_on(sample: Store) -> None:
    async def journey(reader: Reader) -> None:
        await reader.press("/")
        await reader.type("moe -so")
        await reader.press("Tab")
        assert bar(reader).startswith("/ moe -sort:  Tab  date  arxiv")

    walk(sample, journey)


def test_the_bar_knows_my_tags_and_the_authors_that_are_shown(sample: Store) -> None:
    async def journey(reader: Reader) -> None:
        await reader.press("t")
        await reader.type("to read")
        await reader.press("Enter", "/")
        await reader.type("tag:t")
        assert 'Tab  "to read"' in bar(reader)
        await reader.press("Ctrl-u")
        await reader.type("au:zhongh")
        assert 'Tab  "Zhonghao Chen"' in bar(reader)
        await reader.press("Tab")
        assert bar(reader).startswith('/ au:"Zhonghao Chen"')
        assert "1 of 37" in bar(reader)

    walk(sample, journey)


def test_what_is_half_typed_is_no_error_until_i_keep_it(sample: Store) -> None:
    async def journey(reader: Reader) -> None:
        await reader.press("/")
        await reader.type("is:un")
        assert "did you mean" not in reader.screen
        await reader.press("Enter")
        assert "did you mean is:unread?" in reader.footer
        await reader.press("Home")
        assert "did you mean is:unread?" in bar(reader)
        await reader.press("Esc", "j")
        assert not reader.main.filter.typed.text

    walk(sample, journey)


def test_earlier_filters_come_back_also_after_a_restart(sample: Store, paths: Paths) -> None:
    async def ask(reader: Reader) -> None:
        for text in ("moe", "fed is:unread", "tensor cores"):
            await reader.press("/", "Ctrl-u")
            await reader.type(text)
            await reader.press("Enter")
        await reader.press("q")

    async def ask_again(reader: Reader) -> None:
        await reader.press("/", "Ctrl-r")
        assert bar(reader).startswith("/ tensor cores")
        await reader.press("Alt-Up", "Alt-Up")
        assert bar(reader).startswith("/ moe")
        assert "4 of 37" in bar(reader)
        await reader.press("Alt-Down", "Ctrl-u")
        await reader.type("ED")
        await reader.press("Ctrl-r")
        assert bar(reader).startswith("/ fed is:unread")
        await reader.press("Ctrl-r")
        assert bar(reader).startswith("/ ED")

    walk(sample, ask)
    sample.close()
    walk(Store(paths), ask_again)


def test_f1_explains_the_language_and_leaves_my_text_alone(sample: Store) -> None:
    async def journey(reader: Reader) -> None:
        await reader.press("/")
        await reader.type("moe is:")
        before = reader.lines
        await reader.press("F1")
        assert "these whole words in a row" in reader.screen
        await reader.press("F1")
        assert reader.lines == before
        await reader.type("unread")
        assert "4 of 37" in bar(reader)

    walk(sample, journey)


@pytest.mark.parametrize("size", [(120, 40), (80, 24)], ids=["wide", "narrow"])
def test_highlights_and_completions_as_a_picture(
    sample: Store, golden: Golden, size: tuple[int, int]
) -> None:
    async def journey(reader: Reader) -> None:
        await reader.press("/")
        await reader.type('"large language" OR gpu au:c')
        await shoot(reader, golden, f"completions-{size[0]}x{size[1]}")

    walk(sample, journey, size=size)


async def save(reader: Reader, text: str, name: str) -> None:
    """Type a filter, keep it, and save it under a name."""
    await reader.press("/", "Ctrl-u")
    await reader.type(text)
    await reader.press("Enter", '"', "Ctrl-u")
    await reader.type(name)
    await reader.press("Enter")


@pytest.mark.parametrize("theme", ["dark", "light"])
def test_a_filter_that_i_saved_is_a_view(sample: Store, golden: Golden, theme: str) -> None:
    async def journey(reader: Reader) -> None:
        await reader.press("'")
        assert "No filter is saved yet." in reader.footer
        await reader.press('"')
        assert "no filter to save" in reader.footer
        await save(reader, "moe -serving", "experts")
        await reader.press("i", "'")
        assert "1 experts  3 unread  moe -serving" in reader.screen
        await shoot(reader, golden, f"saved-filters-{theme}")
        await reader.press("Enter")
        assert reader.lines[0].startswith(" experts")
        assert "3 unread" in reader.lines[0]
        assert bar(reader) == "/ moe -serving"
        assert "MoE" in marked(reader)
        await shoot(reader, golden, f"saved-view-{theme}")
        await reader.press("j", "x", "u", "/")
        await reader.type("trimoe")
        assert "1 of 3" in bar(reader)
        await reader.press("Esc", "]")
        assert reader.lines[0].startswith(" cs.DC")
        await reader.press("'", "Enter")
        assert reader.main.list.cursor == 1

    walk(sample, journey, config=Config(theme=f"reader-{theme}"))


def test_a_saved_filter_is_renamed_narrowed_and_forgotten(sample: Store) -> None:
    def saved() -> dict[str, str]:
        return {name: saved.text for name, saved in sample.filters().items()}

    async def journey(reader: Reader) -> None:
        await save(reader, "moe OR fed", "both")
        await reader.press("'", "Enter", '"', "Ctrl-u")
        await reader.type("experts")
        await reader.press("Enter")
        assert reader.lines[0].startswith(" experts")
        assert saved() == {"experts": "moe OR fed"}
        await save(reader, "is:new", "new ones")
        assert saved()["new ones"] == "(moe OR fed) (is:new)"
        await save(reader, "is:cross", "new ones")
        assert saved()["new ones"] == "(moe OR fed) (is:cross)"
        assert "brings back what it was" in reader.footer
        await reader.press("Esc", '"', "Ctrl-u", "Enter")
        assert reader.footer == "Forgot experts; u brings it back."
        assert "experts" not in saved()
        await reader.press("u")
        assert reader.footer == "Took back: Forget filter experts"
        assert saved()["experts"] == "moe OR fed"

    walk(sample, journey)


def test_a_saved_filter_that_no_longer_works_changes_nothing(sample: Store) -> None:
    save_filters(sample, {"old": "is:gone"})

    async def journey(reader: Reader) -> None:
        await reader.press("'", "Enter")
        assert "There is no is:gone" in reader.footer
        assert reader.lines[0].startswith(" cs.DC")

    walk(sample, journey)


NASTY = {
    "close": ("moe) kv", "Nothing is open here: take this ) away", 3),
    "field": ("x foo:bar", "There is no field foo:", 2),
    "date": ("date:2026-02-30 x", "2026-02-30 is not in the calendar: correct the date", 5),
    "long": ("(" * 10_000, "Use fewer parentheses", 50),
    "words": ("a " * 5_000, "Use fewer words", 1000),
}


@pytest.mark.parametrize("text", NASTY)
def test_what_is_wrong_with_a_filter_is_shown_in_its_place(sample: Store, text: str) -> None:
    pasted, problem, at = NASTY[text]

    async def journey(reader: Reader) -> None:
        await reader.press("/")
        await reader.type("fed")
        await reader.press("Home")
        shown = reader.lines[2:-2]  # a long problem lies over the last
        await reader.paste(pasted)
        assert reader.main.filter.wrong == at
        assert problem in bar(reader) + reader.footer
        assert reader.lines[2:-2] == shown

    walk(sample, journey)


@pytest.mark.parametrize(
    ("pasted", "typed"),
    [("!? ...", "!? ..."), ("🦙 moe", "🦙 moe"), ("m\0oe", "moe"), (" moe\n\nkv\r\n", "moe kv")],
    ids=["punctuation", "emoji", "NUL", "newlines"],
)
def test_any_text_can_be_pasted_into_the_filter(sample: Store, pasted: str, typed: str) -> None:
    async def journey(reader: Reader) -> None:
        await reader.press("/")
        await reader.paste(pasted)
        assert bar(reader).startswith(f"/ {typed}")
        assert reader.main.filter.wrong is None
        await reader.press("Enter", '"')
        await reader.type("odd")
        await reader.press("Enter", "'", "Enter")
        assert reader.lines[0].startswith(" odd")

    walk(sample, journey)
