"""What a page shows is its text: what a browser hides, draws or links is not what was written."""

import pytest

from tests.conftest import ROOT
from tests.test_sources import ABSTRACT, API, OAI, PAGE, RSS, papers
from tui_reader import sources
from tui_reader.model import Paper, Section

FEEDS = ROOT / "tests" / "data" / "feeds"
NAMES = b'<a href="/a">Jin Lee</a></div>'


def read(page: bytes) -> Paper:
    return papers(sources.read(page, "page"))[0]


def long_list(names: int) -> bytes:
    """Return the authors of an abstract page as arXiv writes more than a hundred."""
    links = [b'<a href="/a">Jin Lee%d</a>' % at for at in range(names)]
    return (
        b", ".join(links[:100])
        + b"""<script type="text/javascript"><!--
function toggleAuthorList(whichLayer,toggleThis) { var elem, vis; if (a && b) {} }
//--></script><div id="long-author-list" style="display: none;">, """
        + b", ".join(links[100:])
        + b"""</div><a href="javascript:toggleAuthorList('long-author-list','et al.');" id="toggle">
 et al. (%d additional authors not shown)</a><noscript>&nbsp;You must enable JavaScript to view
 entire author list.</noscript></div>"""
        % (names - 100)
    )


def test_the_authors_behind_a_fold_are_authors_and_the_fold_is_none() -> None:
    paper = read(ABSTRACT.replace(NAMES, long_list(103)))
    assert paper.authors == tuple(f"Jin Lee{at}" for at in range(103))
    assert paper.authors_omitted == 0


def test_an_abstract_page_shows_every_author_of_a_hundred_and_a_listing_may_not() -> None:
    links = b", ".join([b'<a href="/a">Jin Lee</a>'] * 100)
    assert read(ABSTRACT.replace(NAMES, links + b"</div>")).authors_omitted == 0
    listed = PAGE.replace(b'<a href="/a">Jin Lee</a> (MIT), <a\n href="/b">A. Bo</a>', links)
    assert (len(read(listed).authors), read(listed).authors_omitted) == (100, None)


@pytest.mark.parametrize(
    "hidden",
    [
        b"<script>var x = 'y';</script>", b"<style>p { x }</style>", b"<noscript>On!</noscript>",
        b"<template>T</template>", b"<button>Copy</button>", b"<select><option>1</select>",
        b"<textarea>T</textarea>", b"<!-- C -->", b"<svg><text>S</text></svg>",
    ],
)  # fmt: skip
def test_text_that_a_browser_does_not_show_is_no_text(hidden: bytes) -> None:
    page = ABSTRACT
    for shown in (b"A Title", b"Jin Lee</a>", b"Words.", b"10 pages", b"Performance"):
        page = page.replace(shown, shown + hidden)
    assert read(page) == read(ABSTRACT)


def test_a_formula_that_a_browser_drew_before_saving_is_its_source_again() -> None:
    drawn = (
        b'of <span class="MathJax_Preview"></span><span class="MathJax" id="m"><nobr>x 2</nobr>'
        b'<span class="MJX_Assistive_MathML"><math><mi>x</mi></math></span></span>'
        b'<script type="math/tex">x^2</script> words.'
    )
    assert read(ABSTRACT.replace(b"Words.", drawn)).abstract == "of $x^2$ words."


def test_a_doi_in_comments_comes_out_as_it_was_written() -> None:
    link = b'<a href="https://doi.org/%s"%s class="link-https">%s</a>'
    bare = link % (b"10.1/x-y", b' data-doi="10.1/x-y"', b"https://doi.org/10.1/x-y")
    whole = link % (b"10.1/x", b"", b"this https URL")
    page = ABSTRACT.replace(b"10 pages", b"DOI: %s and %s." % (bare, whole))
    assert read(page).comments == "DOI: 10.1/x-y and https://doi.org/10.1/x."


@pytest.mark.parametrize("text", ["a = b and c='d' ", "it's = o'x ", "a &gt; b, ", "x = ' y "])
def test_a_long_abstract_in_a_meta_tag_does_not_refuse_its_page(text: str) -> None:
    meta = f'<meta name="citation_abstract" content="{text * 2000}"/>'.encode()
    assert read(ABSTRACT.replace(b"<body>", meta + b"<body>")) == read(ABSTRACT)


def test_escaped_names_are_decoded_before_they_are_cleaned() -> None:
    name = b"Jin&amp;nbsp;&amp;#27;L&amp;eacute;e &amp;amp; Co"
    shown = "Jin Lée & Co"
    assert read(API.replace(b"Jin Lee", name)).authors == (shown,)
    assert read(ABSTRACT.replace(b"Jin Lee", name)).authors == (shown,)
    keyname = b"<authors><author><keyname>%s</keyname></author></authors>" % name
    assert read(OAI.replace(b"<title>", keyname + b"<title>")).authors == (shown,)


def test_et_al_is_nobody_on_any_source() -> None:
    more = b"</name></author><author><name>et al."
    paper = read(API.replace(b"Jin Lee</name>", b"Jin Lee" + more + b"</name>"))
    assert (paper.authors, paper.authors_omitted) == (("Jin Lee",), None)
    paper = read(RSS.replace(b"Jin Lee, A. Bo", b"Jin Lee, A. Bo et al"))
    assert (paper.authors, paper.authors_omitted) == (("Jin Lee", "A. Bo"), None)
    paper = read(OAI.replace(b"Jin Lee (MIT)", b"Jin Lee and others"))
    assert (paper.authors, paper.authors_omitted) == (("Jin Lee",), None)


def test_a_name_that_a_source_gives_alone_is_not_parted() -> None:
    group = b"Barnes, Bo and Co Team"
    assert read(API.replace(b"Jin Lee", group)).authors == (group.decode(),)


def test_a_feed_of_before_2024_is_read() -> None:
    reading = sources.read((FEEDS / "rdf-2020.xml").read_bytes(), "feed")
    (listing,) = reading.listings
    assert not reading.problems
    assert (listing.category, str(listing.announced)) == ("cs.PF", "2020-01-09")
    assert [entry.section for entry in listing.entries] == list(Section)
    first, second, third = (entry.paper for entry in listing.entries)
    assert (first.id, first.version, first.title) == ("2001.00001", 1, "Is $x < y$ (or not)?")
    assert first.authors == ("Ann Bo", "Cy De")
    assert first.abstract == "We show that $x < y$, see http://example.org/code and more.\n\nTwo."
    assert (second.categories, second.abstract) == (("math.NA",), "Three.")
    assert (third.title, third.version, third.authors) == ("Replaced", 2, ("Gil Ha",))
