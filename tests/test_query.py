import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date

import pytest

from tests.plain_evaluator import evaluate
from tui_reader.errors import QueryError
from tui_reader.fields import ABSTRACT, AUTHORS, DOI, TITLE, Field
from tui_reader.model import Marks, Paper, PaperId, Section
from tui_reader.query import (
    DEEPEST,
    FEATURES,
    KEYWORDS,
    MOST_TERMS,
    NEWEST,
    SORTS,
    SYNTAX,
    TRAITS,
    And,
    Clause,
    DateRange,
    Has,
    HasTag,
    IdBegins,
    IdIs,
    InCategory,
    Is,
    Not,
    Or,
    Phrase,
    Query,
    VersionIs,
    Word,
    completions,
    document,
    features,
    highlights,
    matcher,
    parse,
    to_text,
)
from tui_reader.query.language import CHOICES

TODAY = date(2026, 3, 3)
SPARE = Paper(
    PaperId("2603.00357"),
    "SPARe: Stacked Parallelism for LLM Pretraining with 100k+ GPUs",
    ("Jin Lee", "Zhonghao Chen", "P. Erd\\H{o}s"),
    "Node failures become the norm, with probability $\\delta$ in O(n^2) time.",
    ("cs.DC", "eess.SY"),
    version=2,
    comments="10 pages, code at https://github.com/x/y",
    journal_ref="Nature 1 (2026)",
    doi="10.1145/3620666.3651359",
    formats=("pdf", "html"),
)


def root(text: str) -> Clause:
    return parse(text, TODAY).root


def word(text: str, field: Field | None = None) -> Word:
    return Word(text, field)


A, B, C = word("a"), word("b"), word("c")


def lines(text: str) -> list[str]:
    return re.split(r"\s*[|\n]\s*", text.strip())


def finds(
    text: str,
    marks: Marks | None = None,
    announced: Iterable[tuple[Section, date]] = ((Section.NEW, TODAY),),
    paper: Paper = SPARE,
) -> bool:
    """Whether the query finds the paper; both evaluators have to say the same."""
    query, marks = parse(text, TODAY), marks or Marks()
    found = matcher(query)(document(paper, marks, announced))
    assert found == evaluate(query, paper, marks, announced)
    return found


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", And()),
        (" \t\n", And()),
        ("a", A),
        ("a b", And((A, B))),
        ("a AND b", And((A, B))),
        ("(a b) c", And((A, B, C))),
        ("a OR b OR c", Or((A, B, C))),
        ("a OR (b OR c)", Or((A, B, C))),
        ("a OR b c", Or((A, And((B, C))))),
        ("(a OR b) c", And((Or((A, B)), C))),
        ("a or b", And((A, word("or"), B))),
        ("-a", Not(A)),
        ("NOT a", Not(A)),
        ("a ANDNOT b", And((A, Not(B)))),
        ("--a", Not(A)),
        ("-(-a)", A),
        ("-(a b)", Not(And((A, B)))),
        ("a-b", Word("a-b")),
        ("((((a))))", A),
        ("Moe", word("Moe")),
        ('"Kv Cache"', Phrase("Kv Cache")),
        ("“kv cache”", Phrase("kv cache")),
        ('-"a b"', Not(Phrase("a b"))),
        ('a"b"c', And((A, Phrase("b"), C))),
        ("O(n^2)", Word("O(n^2)")),
        ("(O(f(n)))", Word("O(f(n))")),
        ("a(b OR c)", And((A, Or((B, C))))),
        ("ti:a", word("a", TITLE)),
        ("title:a", word("a", TITLE)),
        ("author:a", word("a", AUTHORS)),
        ('au:"a b"', Phrase("a b", AUTHORS)),
        ("-abs:a", Not(word("a", ABSTRACT))),
        ("ti:(a OR abs:b) c", And((Or((word("a", TITLE), word("b", ABSTRACT))), C))),
        ("cat:(cs.DC OR math)", Or((InCategory("cs.dc"), InCategory("math")))),
        ("cat:CS.dc", InCategory("cs.dc")),
        ("cat:cs.*", InCategory("cs")),
        ("cat:cs.", InCategory("cs")),
        ("cat:cs.SY", InCategory("eess.sy")),
        ('cat:"astro-ph"', InCategory("astro-ph", whole=True)),
        ("tag:To-Read", HasTag("to-read")),
        ('tag:"To Read"', HasTag("to read", whole=True)),
        ("is:unread", Is(TRAITS["unread"])),
        ("is:(new OR cross)", Or((Is(TRAITS["new"]), Is(TRAITS["cross"])))),
        ("has:CODE", Has(FEATURES["code"])),
    ],
)
def test_a_text_is_read_as(text: str, expected: Clause) -> None:
    assert root(text) == expected


@pytest.mark.parametrize(
    ("text", "closed"),
    [
        ('a "b c d', And((A, Phrase("b c"), word("d")))),
        ('-ti:"b c', Not(And((Phrase("b", TITLE), word("c", TITLE))))),
        ("“kv", word("kv")),
        ('"kv ', Phrase("kv ")),
        ('"au:lee', Phrase("au:lee")),
        ('"a OR', And((Phrase("a"), word("or")))),
        ('tag:"To R', HasTag("to r", whole=True)),
        ("a (b", And((A, B))),
        ("(a (b OR c) -b", And((A, Or((B, C)), Not(B)))),
        ("-ti:(b OR", Not(word("b", TITLE))),
        ('(a "b', And((A, B))),
        ('"', And()),
        ("(", And()),
    ],
)
def test_what_is_open_at_the_end_is_closed_there_and_its_last_word_may_go_on(
    text: str, closed: Clause
) -> None:
    assert root(text) == closed


@pytest.mark.parametrize(
    "text", ["-", "- -", "...", "()", "a OR", "OR a", "🤖", '""', "ti:...", "NOT"]
)
def test_what_is_not_there_yet_is_ignored(text: str) -> None:
    assert root(f"{text} b") in (B, And((A, B)), Or((A, B)), Not(B))
    assert root(text) in (And(), A)


@pytest.mark.parametrize(
    "text",
    [
        "2603.00356", "2603.00356v2", "arXiv:2603.00356", "[2603.00356],", "id:2603.00356",
        "https://arxiv.org/abs/2603.00356v1", "http://arxiv.org/pdf/2603.00356.pdf",
        "id:https://arxiv.org/abs/2603.00356", "10.48550/arXiv.2603.00356",
    ],
)  # fmt: skip
def test_a_pasted_identifier_asks_for_its_paper(text: str) -> None:
    assert root(text) == IdIs(PaperId("2603.00356"))
    assert root(f"-({text} OR a)") == Not(Or((IdIs(PaperId("2603.00356")), A)))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("hep-th/9901001", IdIs(PaperId("hep-th/9901001"))),
        ("math.GT/0309136", IdIs(PaperId("math/0309136"))),
        ("2603.003", IdBegins("2603.003")),
        ("id:2603", IdBegins("2603")),
        ("arXiv:2603.0", IdBegins("2603.0")),
        ("id:hep-th/99", IdBegins("hep-th/99")),
        ("10.1145/36.1", Word("10.1145/36.1", DOI)),
        ("https://doi.org/10.1145/36", Word("10.1145/36", DOI)),
        ("doi:10.1145", Word("10.1145", DOI)),
        ("DOI: 10.1145/36.1", Word("10.1145/36.1", DOI)),
        ("DOI:10.1145/36.1", Word("10.1145/36.1", DOI)),
    ],
)
def test_identifiers_work_while_they_are_typed(text: str, expected: Clause) -> None:
    assert root(text) == expected


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("10:30", [("10", "30")]),
        ("http://example.org/a", [("http", "example", "org", "a")]),
        ("std::move", [("std", "move")]),
        ("SPARe: Stacked", [("spare",), ("stacked",)]),
        ("CAT: a tool", [("cat",), ("a",), ("tool",)]),
        ("TI: a tool", [("ti",), ("a",), ("tool",)]),
        ("Note: a tool", [("note",), ("a",), ("tool",)]),
        ("CAT:Tool", [("cat", "tool")]),
        ("Date:Tool", [("date", "tool")]),
        ('V:"Tool of (a" b', [("v", "tool", "of", "a"), ("b",)]),
        (":a", [("a",)]),
        ("3.5", [("3", "5")]),
    ],
)
def test_a_colon_in_a_pasted_text_is_no_field(text: str, tokens: list[tuple[str, ...]]) -> None:
    found = highlights(parse(text, TODAY))
    assert [term.wordings[0].words for term in found] == tokens


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2026-03-03", date(2026, 3, 3), date(2026, 3, 3)),
        ("2026-3-3", date(2026, 3, 3), date(2026, 3, 3)),
        ("2024-02", date(2024, 2, 1), date(2024, 2, 29)),
        ("2026", date(2026, 1, 1), date(2026, 12, 31)),
        ("2025-12..2026-02", date(2025, 12, 1), date(2026, 2, 28)),
        ("2026-02..", date(2026, 2, 1), date.max),
        ("..2026", date.min, date(2026, 12, 31)),
        ("today", TODAY, TODAY),
        ("Yesterday", date(2026, 3, 2), date(2026, 3, 2)),
        ("yesterday..", date(2026, 3, 2), date.max),
        ("7d..yesterday", date(2026, 2, 24), date(2026, 3, 2)),
        ("0d", TODAY, date.max),
        ("7d", date(2026, 2, 24), date.max),
        ("2w", date(2026, 2, 17), date.max),
        ("3m", date(2025, 12, 3), date.max),
        ("1y", date(2025, 3, 3), date.max),
        ("30d..7d", date(2026, 2, 1), date(2026, 2, 24)),
        ("..7d", date.min, date(2026, 2, 24)),
        ("999999d", date.min, date.max),
        ("999999y", date(1, 1, 3), date.max),
        ("9999", date(9999, 1, 1), date.max),
    ],
)
def test_a_date_is_a_range_of_days(text: str, first: date, last: date) -> None:
    assert root(f"date:{text}") == DateRange(first, last)


def test_a_month_ago_is_a_day_of_that_month() -> None:
    assert parse("date:1m", date(2026, 3, 31)).root == DateRange(date(2026, 2, 28))


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2", 2, 2), ("v2", 2, 2), ("=2", 2, 2), (">1", 2, NEWEST), (">=2", 2, NEWEST),
        ("<3", 0, 2), ("<=2", 0, 2), ("<0", 0, 0), (">9999", NEWEST, NEWEST),
    ],
)  # fmt: skip
def test_a_version_is_a_range(text: str, first: int, last: int) -> None:
    assert root(f"v:{text}") == VersionIs(first, last)


def test_a_sort_is_no_part_of_the_condition_and_the_last_one_wins() -> None:
    assert parse("sort:date a OR sort:title b", TODAY) == Query(Or((A, B)), SORTS["title"])
    assert parse("sort:relevance", TODAY) == Query(And(), SORTS["relevance"])


@pytest.mark.parametrize(
    ("text", "at", "problem"),
    [
        ("a) b", 1, "Nothing is open here: take this ) away"),
        ("(" * 60, DEEPEST, f"Use fewer parentheses, {DEEPEST} inside each other at most"),
        ("a " * (MOST_TERMS + 1), 2 * MOST_TERMS, f"Use fewer words, {MOST_TERMS} at most"),
        ("b " + "a." * MOST_TERMS, 2, f"Use fewer words, {MOST_TERMS} at most"),
        ("a tit:b", 2, "There is no field tit:, did you mean ti:?"),
        ("autor:b", 0, "There is no field autor:, did you mean au:?"),
        ("a cats:b", 2, "There is no field cats:, did you mean cat:?"),
        ('qqq:"b"', 0, "There is no field qqq:, write one of ti:, au:, abs:, co:,"),
        ("is:", 3, "Write one of new, cross, replaced, unread, read, starred,"),
        ("(is:)", 4, "Write one of new,"),
        ("a is:unred", 5, "There is no is:unred, did you mean is:unread"),
        ("is:st", 3, "There is no is:st, did you mean is:starred?"),
        ("is:zzz", 3, "There is no is:zzz, write one of new,"),
        ('is:""', 4, "Write one of new,"),
        ("has:htm", 4, "There is no has:htm, did you mean has:html?"),
        ("sort:dat", 5, "There is no sort:dat, did you mean sort:date?"),
        ("-sort:date", 6, "Take the - away: sort: leaves nothing out"),
        ("au:", 3, 'Write something right after au:, such as au:"jin lee"'),
        ("au: lee", 3, 'Write something right after au:, such as au:"jin lee"'),
        ("cat:*", 4, "Write something right after cat:, such as cat:cs.DC"),
        ("arxiv:", 6, "Write something right after id:, such as id:2603.00356"),
        ("tag:\\", 4, "Write something right after tag:, such as tag:to-read"),
        ("date:", 5, "Write something right after date:"),
        ("date:..", 5, "Write something right after date:"),
        ("date:202", 5, "202 is no date: write one as 2026, 2026-03, 2026-03-03, 7d or today"),
        ("date:2026-03..soon", 14, "soon is no date:"),
        ("date:2026-13", 5, "2026-13 is not in the calendar: correct the date"),
        ("date:2026-02-29", 5, "2026-02-29 is not in the calendar: correct the date"),
        ("date:0000", 5, "0000 is not in the calendar: correct the date"),
        ("date:٢٠٢٦", 5, "٢٠٢٦ is no date"),
        ("date:2026-03..2026-01", 5, "Put the earlier date first in this range"),
        ("v:>", 2, "Write a version as 2, >1, >=2, <3 or <=2"),
        ("v:two", 2, "Write a version as 2,"),
    ],
)  # fmt: skip
def test_an_error_says_where_and_what_to_do(text: str, at: int, problem: str) -> None:
    with pytest.raises(QueryError) as caught:
        parse(text, TODAY)
    assert caught.value.at == at
    assert caught.value.problem.startswith(problem)
    assert f"(at character {at + 1})" in str(caught.value)


@pytest.mark.parametrize("name", [name for name in KEYWORDS if name != "sort"])
def test_every_field_is_written_with_something_after_it(name: str) -> None:
    for text in (f"{name}:", f"a {name}: b", f"({name}:)"):
        with pytest.raises(QueryError, match="right after") as caught:
            parse(text, TODAY)
        assert caught.value.at == text.index(":") + 1


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        ("a AND b", "a b"),
        ("(a b) OR NOT c", "a b OR -c"),
        ("ti:(a OR b) c", "(ti:a OR ti:b) c"),
        ("-(a b)", "-(a b)"),
        ("sort:title a", "a sort:title"),
        ("arXiv:2603.00356v2", "id:2603.00356"),
        ("date:2026-03..", "date:2026-03.."),
        ("date:7d", "date:7d"),
        ("v:>1", "v:>1"),
        ('tag:"to-read"', 'tag:"to-read"'),
        ('"G\\"odel"', '"G\\"odel"'),
        ("-(a b\\ )", "-(a b\\ )"),
        ("-(a b\\", "-(a b\\ )"),
        ('TAG:"a) b"', '"TAG:a) b"'),
    ],
)
def test_a_query_is_printed_as(text: str, printed: str) -> None:
    assert to_text(parse(text, TODAY)) == printed
    assert parse(printed, TODAY) == parse(text, TODAY)


@pytest.mark.parametrize(
    "text",
    lines("""
    spare | stack paral | erdos | Erdős | P. "Erd\\H{o}s" | delta | $\\delta$ | O(n^2) | 100k | jin
    "jin lee" | au:lee | ti:"stacked parallelism" | co:pages | abs:norm | cat:cs | cat:cs.D
    cat:eess | cat:CS.DC | cat:cs.SY
    jr:nature | doi:10.1145/3620666 | id:2603 | 2603.00357 | is:new | is:unread
    -is:starred | has:html | has:doi | has:journal | has:code | date:2026-03-03 | date:7d
    date:..2026-03 | v:>1 | v:2 | nonsense OR spare | -(nonsense spare)
    """),
)
def test_the_paper_is_found_by(text: str) -> None:
    assert finds(text)
    assert not finds(f"-({text})")


@pytest.mark.parametrize(
    "text",
    lines("""
    pare | "jin le" | ti:jin | stackedparallel | "gpus node" | au:spare | cat:math | cat:"cs"
    cat:s | id:2603.00356 | is:cross | is:replaced | is:read | is:withdrawn | has:note | tag:a
    note:a | date:2026-02 | v:1 | v:>2 | spare -jin | nature
    """),
)
def test_the_paper_is_not_found_by(text: str) -> None:
    assert not finds(text)


def test_marks_are_searched() -> None:
    marks = Marks(
        starred=True, read=True, tags=frozenset({"To Read", "c++"}), note="An idea of Erdős"
    )
    for text in (
        "is:starred",
        "is:read",
        "tag:to",
        'tag:"to read"',
        "tag:c++",
        "note:erd",
        "has:note",
        "is:noted",
    ):
        assert finds(text, marks)
    for text in ("is:unread", "is:skipped", 'tag:"to"', "tag:read", "idea"):
        assert not finds(text, marks)


@pytest.mark.parametrize("text", ["tag:straße", "tag:STRASSE", 'tag:"Straße"', "tag:STRA"])
def test_a_tag_is_found_whatever_the_case(text: str) -> None:
    assert finds(text, Marks(tags=frozenset({"Straße"})))
    assert finds(text, Marks(tags=frozenset({"STRASSE"})))


def test_any_announcement_counts_for_its_section_and_its_day() -> None:
    announced = ((Section.NEW, date(2026, 3, 2)), (Section.REPLACEMENT, date(2026, 5, 1)))
    assert finds("is:new is:replaced -is:cross date:2026-03 date:2026-05", announced=announced)


def test_a_paper_that_no_listing_announced_has_the_month_of_its_identifier() -> None:
    old = Paper(PaperId("hep-th/9901001"), "Old")
    assert finds("date:1999-01 -is:new", announced=(), paper=old)
    assert not finds("date:2026", announced=(), paper=old)


def test_an_unknown_version_is_in_no_range() -> None:
    unknown = Paper(PaperId("2603.00001"), "A title")
    assert not finds("v:>0 OR v:<9", paper=unknown)
    assert finds("-v:1", paper=unknown)


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ("cs", ["cs.DC", "cs.LG"]),
        ("cs.D", ["cs.DC"]),
        ("math", ["math.CO"]),
        ("mat", ["math.CO", "math-ph"]),
        ("astro-ph", ["astro-ph", "astro-ph.CO"]),
        ('"astro-ph"', ["astro-ph"]),
        ("hep", ["hep-th"]),
    ],
)
def test_a_category_is_found_by_its_archive_or_its_beginning(wanted: str, found: list[str]) -> None:
    known = "cs.DC cs.LG math.CO math-ph astro-ph astro-ph.CO hep-th".split()
    papers = {code: replace(SPARE, categories=(code,)) for code in known}
    assert [code for code in known if finds(f"cat:{wanted}", paper=papers[code])] == found


def test_code_is_a_link_in_the_abstract_or_the_comments() -> None:
    assert "code" in features(SPARE)
    assert not features(Paper(PaperId("2603.00001"), "The github.com of things"))


@pytest.mark.parametrize(
    ("text", "unused"),
    [
        ("100k+ GPUs", ("+ in 100k+",)),
        ("distrib*", ("* in distrib*",)),
        ("🤖 ti:(⇌ a) →", ("🤖", "⇌")),
        ('"a = b" c@d', ("= in a = b", "@ in c@d")),
        ("... a", ("...",)),
        ("C++ C# A* k-means++ 3×3 M_⊙ $x^2$ O(n^2) a/b Q&A (it's) tag:🤖 cat:cs.*", ()),
        ("- a OR", ()),
        ("10.1145/36+20", ()),
    ],
)
def test_what_a_query_does_not_look_for_is_told(text: str, unused: tuple[str, ...]) -> None:
    assert parse(text, TODAY).unused == unused


def test_what_is_excluded_is_not_highlighted_and_nothing_twice() -> None:
    query = parse('a -b (a OR "c") ti:a is:new -(c OR -b)', TODAY)
    assert highlights(query) == (A, Phrase("c"), word("a", TITLE))


def known_values(field: str) -> Sequence[str]:
    known = {
        "cat": ["cs.DC", "cs.LG", "math.CO"],
        "tag": ["to read", "todo"],
        "au": ["Jin Lee", "Paul Erdős"],
    }
    return known.get(field, ())


@pytest.mark.parametrize(
    ("text", "choices"),
    [
        ("", tuple(f"{name}:" for name in KEYWORDS)),
        ("moe ", tuple(f"{name}:" for name in KEYWORDS)),
        ("moe t", tuple(f"{name}:" for name in KEYWORDS if name[0] == "t")),
        ("-A", tuple(f"{name}:" for name in KEYWORDS if name[0] == "a")),
        ("is:un", ("unread",)),
        ("-is:(new OR re", ("replaced", "read")),
        ("sort:", tuple(SORTS)),
        ("has:", tuple(FEATURES)),
        ("cat:CS.", ("cs.DC", "cs.LG")),
        ("category:m", ("math.CO",)),
        ("tag:to", ('"to read"', "todo")),
        ('tag:"to r', ('"to read"',)),
        ("au:le", ('"Jin Lee"',)),
        ('au:"jin l', ('"Jin Lee"',)),
        ("au:erdos", ('"Paul Erdős"',)),
        ("foo:t", ()),
        ('"t', ()),
        ("zzz", ()),
        ("date:", ("today", "yesterday")),
        ("ti:", ()),
        ("ti:cs", ()),
        ("id:2", ()),
        ("v:", ()),
    ],
)
def test_completions_at_the_end(text: str, choices: tuple[str, ...]) -> None:
    found = completions(text, len(text), known_values)
    assert found.choices == choices
    for choice in choices:
        completed = text[: found.start] + choice + text[found.end :]
        assert completed.endswith(choice)
        if not choice.endswith(":"):
            parse(completed + ")" * completed.count("("), TODAY)


def test_a_completion_takes_the_place_of_what_stands_before_the_cursor() -> None:
    found = completions("is:un moe", 5, known_values)
    assert (found.start, found.end, found.choices) == (3, 5, ("unread",))
    assert len(completions("cat:c", 5, known_values, limit=1).choices) == 1


def test_the_table_of_the_language_has_examples_that_work() -> None:
    for typed, meaning, example in SYNTAX:
        assert typed
        assert meaning
        parse(example, TODAY)
    named = {typed for typed, _, _ in SYNTAX}
    assert {f"{name}:" for name in KEYWORDS} <= named
    for name, choices in CHOICES.items():
        assert {f"{name}:{choice}" for choice in choices} <= named


@pytest.mark.parametrize(
    "pasted",
    [
        "arXiv:2603.00356 [cs.DC]", "arXiv:2603.00356v2  [cs.DC]  1 Mar 2026",
        "doi:10.48550/arXiv.2603.00356", "arXiv preprint arXiv:2603.00356",
        "https://dblp.org/rec/journals/corr/abs-2603-00356", "2603.00356\u200b",
        "<https://arxiv.org/abs/2603.00356>", "https://ar5iv.labs.arxiv.org/html/2603.00356",
    ],
)  # fmt: skip
def test_an_identifier_in_any_form_that_is_copied_asks_for_its_paper(pasted: str) -> None:
    assert parse(pasted, TODAY).root == IdIs(PaperId("2603.00356"))
