"""What is read as what, and what is said of damaged, foreign and hostile input."""

import base64
import gzip
import io
import json
import quopri
import random
import re
import subprocess
import sys
import zipfile
from datetime import UTC, date, datetime
from importlib import import_module
from pathlib import Path
from typing import get_type_hints

import pytest

from tui_reader import sources
from tui_reader.errors import SourceError
from tui_reader.model import Paper, Reading, Section, Version
from tui_reader.sources.common import split_authors

LISTINGS = Path(__file__).parents[1] / "snapshots" / "listings"

PAGE = b"""<!DOCTYPE html><html><head><title>Performance</title></head><body><div id='dlpage'>
<h1>Performance</h1><ul><li><a href="#item0">New submissions</a></li>
<li><a href="#item2">Cross-lists</a></li><li><a href="#item3">Replacements</a></li></ul>
<p>See <a id="recent-cs.PF" href="/list/cs.PF/recent">recent</a> articles</p>
<h3>Showing new listings for Friday, 20 November 2026</h3>
<div class='paging'>Total of 3 entries</div>
<dl id='articles'><h3>New submissions (showing 1 of 1 entries)</h3>
<dt><a name='item1'>[1]</a> <a href ="/abs/2611.00001" title="Abstract" id="2611.00001">
 arXiv:2611.00001 </a> [<a href="/pdf/2611.00001">pdf</a>,
 <a href="/html/2611.00001v1">html</a>]</dt>
<dd><div class='meta'><div class='list-title mathjax'><span class='descriptor'>Title:</span>
 On $[0,1]$ &amp; more</div><div class='list-authors'><a href="/a">Jin Lee</a> (MIT), <a
 href="/b">A. Bo</a></div><div
 class='list-comments mathjax'><span class='descriptor'>Comments:</span>
 Uses <a href="http://aastex.cls">this http URL</a>, code:
 <a href="https://x.org/y">this https URL</a>
</div><div class='list-subjects'><span class='descriptor'>Subjects:</span> <span
 class="primary-subject">Performance (cs.PF)</span>; Systems and Control (cs.SY)</div>
<p class='mathjax'>One.\n<br>Two.</p></div></dd></dl>
<dl id='articles'><h3>Cross submissions (showing 1 of 1 entries)</h3>
<dt><a name='item2'>[2]</a> <a href ="/abs/2611.00002" id="2611.00002">arXiv:2611.00002</a>
 (cross-list from math.NA) [<a href="/pdf/2611.00002">pdf</a>]</dt><dd><div class='meta'><div
 class='list-title mathjax'>Second</div><div
 class='list-authors'><a href="/c">C. De</a></div></div></dd>
</dl><dl id='articles'><h3>Replacement submissions (showing 1 of 1 entries)</h3>
<dt><a name='item3'>[3]</a> <a href ="/abs/hep-th/9901001" id="x">arXiv:hep-th/9901001</a>
 (replaced)
 [<a href="/pdf/hep-th/9901001">pdf</a>]</dt><dd><div class='meta'><div
 class='list-title mathjax'>Third
</div><div class='list-authors'><a href="/c">C. De</a></div></div></dd></dl></div></body></html>"""

ABSTRACT = b"""<!DOCTYPE html><html><body><div id="abs-outer"><h1 class="title mathjax"><span
class="descriptor">Title:</span>A Title</h1><div class="authors"><a href="/a">Jin Lee</a></div>
<blockquote class="abstract mathjax"><span class="descriptor">Abstract:</span> Words.</blockquote>
<table><tr><td class="tablecell label">Comments:</td><td class="tablecell comments">10 pages</td>
</tr>
<tr><td class="tablecell label">Subjects:</td><td class="tablecell subjects"><span
class="primary-subject">Performance (cs.PF)</span></td></tr></table><span class="arxivid">
arXiv:2611.00001v2</span><div class="submission-history"><h2>Submission history</h2> From: Jin Lee
[<a href="/x">view email</a>]<br/><strong>[v1]</strong> Mon, 2 Nov 2026 19:18:42 UTC (1,443 KB)<br/>
<strong>[v2]</strong> Tue, 3 Nov 2026 20:10:27 UTC (0 KB) <em>(withdrawn)</em><br/></div></div>"""

RSS = b"""<?xml version='1.0' encoding='UTF-8'?>
<rss xmlns:arxiv="http://arxiv.org/schemas/atom" xmlns:dc="http://purl.org/dc/elements/1.1/"
 version="2.0"><channel><title>cs.PF updates on arXiv.org</title>
<pubDate>Fri, 20 Nov 2026 00:00:00 -0500</pubDate><item><title>A Title</title>
<description>arXiv:2611.00001v1 Announce Type: new \nAbstract:   One\nline.\n  Two.\n</description>
<guid isPermaLink="false">oai:arXiv.org:2611.00001v1</guid><category>cs.PF</category>
<arxiv:announce_type>new</arxiv:announce_type><dc:creator>Jin Lee, A. Bo</dc:creator></item>
</channel></rss>"""

API = b"""<?xml version='1.0' encoding='UTF-8'?><feed xmlns="http://www.w3.org/2005/Atom"
 xmlns:arxiv="http://arxiv.org/schemas/atom"
 xmlns:opensearch="http://a9.com/-/spec/opensearch/1.1/"><opensearch:itemsPerPage>10
</opensearch:itemsPerPage><opensearch:totalResults>1</opensearch:totalResults>
<opensearch:startIndex>0</opensearch:startIndex><entry><id>http://arxiv.org/abs/2611.00001v2</id>
<title>A Title</title><updated>2026-11-03T20:10:27Z</updated><summary>Words.</summary>
<category term="cs.PF"/><published>2026-11-02T19:18:42Z</published><author><name>Jin Lee</name>
</author></entry></feed>"""

OAI = b"""<?xml version="1.0" encoding="UTF-8"?><OAI-PMH
 xmlns="http://www.openarchives.org/OAI/2.0/"><GetRecord><record><header></header><metadata>
<arXivRaw xmlns="http://arxiv.org/OAI/arXivRaw/"><id>2611.00001</id><submitter>Jin Lee</submitter>
<version version="v1"><date>Mon, 2 Nov 2026 19:18:42 GMT</date><size>34kb</size></version>
<title>A Title</title><authors>Jin Lee (MIT)</authors><categories>cs.PF</categories>
<msc-class>68T45</msc-class><acm-class>68T45</acm-class><abstract> Words.</abstract></arXivRaw>
</metadata></record></GetRecord></OAI-PMH>"""

RULE = "-" * 78
MAIL = rf"""{RULE}
Send any comments regarding submissions directly to submitter.
To unsubscribe, e-mail To: cs@arXiv.org, Subject: cancel
{RULE}
 received from  Thu 19 Nov 26 19:00:00 GMT  to  Fri 20 Nov 26 19:00:00 GMT
{RULE}
\\
arXiv:2611.00001
Date: Thu, 19 Nov 2026 20:33:39 GMT   (215kb,D)

Title: A Title that is
  wrapped
Authors: Jin Lee (MIT) and A. Bo
Categories: cs.PF cs.SY
Comments: 10 pages
\\
  One
line.
  Two.
\\ ( https://arxiv.org/abs/2611.00001 ,  215kb)
{"%%--" * 19}%%
{RULE}
\\
arXiv:hep-th/9901001
replaced with revised version Thu, 19 Nov 2026 20:33:39 GMT   (21kb)

Title: Third
Authors: C. De
Categories: hep-th
\\ ( https://arxiv.org/abs/hep-th/9901001 ,  21kb)
{"%%%---" * 13}
For subscribe options to combined archives,
""".encode()

HEAD = b"From: no-reply@arxiv.org\nDate: Mon, 23 Nov 2026 01:12:33 +0000\nSubject: cs daily\n\n"
LETTER = b"From: aunt@example.org\nDate: Mon, 23 Nov 2026 01:12:33 +0000\nSubject: Hello\n\nDear\n"
RECORD = {
    "id": "2611.00001",
    "submitter": "Jin Lee",
    "authors": "Jin Lee (MIT), A. Bo",
    "title": "A Title\n  that is wrapped",
    "categories": "cs.PF 68T45 I.2.10",
    "abstract": "  One\nline.\n  Two.\n",
    "versions": [{"version": "v1", "created": "Mon, 2 Nov 2026 19:18:42 GMT"}],
    "authors_parsed": [["Lee", "Jin", ""], ["Bo", "A.", "Jr."]],
}
LINES = json.dumps(RECORD).encode() + b"\n" + json.dumps(RECORD).encode() + b"\n"
BIBTEX = b"""@string{x = "y"}
@misc{lee2026, title={A {Title} of
 two lines}, author={Lee, Jin and A. Bo}, eprint = "2611.00001", archivePrefix={arXiv}}
@article{b, title = {B}, journal={arXiv preprint arXiv:1706.03762}}
@book{c, title = {No arXiv here}}
"""
IDENTIFIERS = (
    b"# mine\n2611.00001v2, hep-th/9901001 # two\nhttps://arxiv.org/pdf/1706.03762.pdf\nhm\n"
)

SAMPLES = {
    "listing page": PAGE,
    "abstract page": ABSTRACT,
    "RSS feed": RSS,
    "answer of the arXiv API": API,
    "OAI-PMH answer": OAI,
    "announcement e-mail": MAIL,
    "metadata snapshot": LINES,
    "BibTeX": BIBTEX,
    "list of identifiers": IDENTIFIERS,
    "plain-text listing": (LISTINGS / "cs.DC-2026-03-03.txt").read_bytes(),
}


MODULES = [file.stem for file in Path(sources.__file__).parent.glob("[a-z]*.py")]


@pytest.mark.parametrize("name", MODULES)
def test_what_a_module_recognises_is_read_by_it_and_has_a_sample(name: str) -> None:
    recognises = getattr(import_module(f"tui_reader.sources.{name}"), "recognises", None)
    if recognises:
        asked = f"{name}.recognises(" in Path(sources.__file__).read_text("utf-8")
        assert asked, f"sources.read asks {name} for nothing; add a line to sources/__init__.py"
        [takes] = [kind for of, kind in get_type_hints(recognises).items() if of != "return"]
        given = [sample if takes is bytes else sample.decode() for sample in SAMPLES.values()]
        assert any(map(recognises, given)), f"{name} has no sample in SAMPLES of this file"


def papers(reading: Reading) -> list[Paper]:
    announced = [entry.paper for listing in reading.listings for entry in listing.entries]
    return [*announced, *reading.papers]


@pytest.mark.parametrize("form", SAMPLES)
def test_a_file_is_read_as_what_it_is(form: str) -> None:
    reading = sources.read(SAMPLES[form], "file")
    assert reading.form == form
    assert papers(reading)


@pytest.mark.parametrize("form", SAMPLES)
def test_compression_a_byte_order_mark_and_line_ends_do_not_matter(form: str) -> None:
    expected = sources.read(SAMPLES[form], "file")
    assert sources.read(gzip.compress(SAMPLES[form]), "file") == expected
    assert sources.read(b"\xef\xbb\xbf" + SAMPLES[form], "file") == expected
    assert sources.read(SAMPLES[form].replace(b"\n", b"\r\n"), "file") == expected


def test_a_listing_page_gives_its_entries_and_links_back() -> None:
    (listing,) = sources.read(PAGE, "page").listings
    first, second, third = listing.entries
    assert first.paper.title == "On $[0,1]$ & more"
    assert first.paper.authors == ("Jin Lee", "A. Bo")
    assert first.paper.comments == "Uses aastex.cls, code: https://x.org/y"
    assert first.paper.categories == ("cs.PF", "eess.SY")
    assert first.paper.abstract == "One.\n\nTwo."
    assert (first.paper.version, first.paper.formats) == (1, ("pdf", "html"))
    assert [entry.section for entry in listing.entries] == list(Section)
    assert (second.position, third.paper.id) == (2, "hep-th/9901001")
    assert (listing.category, listing.announced) == ("cs.PF", date(2026, 11, 20))
    assert listing.complete


def test_a_page_cut_off_says_how_much_is_missing() -> None:
    reading = sources.read(PAGE[: PAGE.index(b"Replacement submissions")], "page")
    assert reading.problems == (
        "it holds 2 of 3 entries: the file is cut off before the page's end; save the page again",
    )
    assert not reading.listings[0].complete
    many = PAGE.replace(b"showing 1 of 1", b"showing 1 of 9", 1)
    assert sources.read(many, "page").problems == (
        "the page holds 3 of 11 entries; the others are on its other pages",
    )
    reading = sources.read(PAGE[: PAGE.index(b"Third")], "page")
    assert "1 entry is damaged and could not be read" in reading.problems


QUIET = (
    PAGE[: PAGE.index(b"<ul>")] + PAGE[PAGE.index(b"<p>See") : PAGE.index(b"<div class='paging")]
)


def test_only_arxivs_own_word_makes_a_quiet_day() -> None:
    (listing,) = sources.read(QUIET + b"<p>No updates today.</p></div>", "page").listings
    assert listing.complete
    assert not listing.entries
    with pytest.raises(SourceError, match=r"says nothing about the day$"):
        sources.read(QUIET + b"</div>", "page")


def test_a_page_that_promises_entries_and_has_none_is_not_quiet() -> None:
    lag = PAGE[: PAGE.index(b"<dl")] + b"<p>No updates today.</p>"
    reading = sources.read(lag, "page")
    assert not reading.listings[0].complete
    assert reading.problems[0] == "arXiv announced 1 new submission, but 0 could be read"
    past = (
        lag + b"<div class='morefewer'>Showing up to 50 entries per page: <a href=/x?skip=50&amp;"
    )
    assert "begins past the end" in sources.read(past, "page").problems[0]


def test_a_total_speaks_against_a_quiet_day() -> None:
    page = QUIET + b"<div class='paging'>Total of 9 entries</div><p>No updates today.</p></div>"
    reading = sources.read(page, "page")
    assert reading.problems == ("arXiv announced 9 entries, but 0 could be read",)
    assert not reading.listings[0].complete


def test_an_abstract_page_gives_its_history() -> None:
    (paper,) = sources.read(ABSTRACT, "page").papers
    assert (paper.id, paper.version, paper.withdrawn) == ("2611.00001", 2, True)
    assert paper.versions == (
        Version(1, datetime(2026, 11, 2, 19, 18, 42, tzinfo=UTC), 1443),
        Version(2, datetime(2026, 11, 3, 20, 10, 27, tzinfo=UTC), 0),
    )
    assert (paper.submitter, paper.comments) == ("Jin Lee", "10 pages")


def test_a_feed_without_papers_leaves_open_why() -> None:
    empty = RSS[: RSS.index(b"<item>")] + b"</channel></rss>"
    reading = sources.read(empty, "feed")
    assert not reading.listings[0].complete
    assert "can't tell" in reading.problems[0]


def test_an_error_that_comes_as_a_feed_is_an_error() -> None:
    feed = RSS.replace(b"cs.PF updates", b"Feed error")
    with pytest.raises(SourceError, match=r"^feed: arXiv answered"):
        sources.read(feed, "feed")


def test_a_mail_is_announced_on_the_next_working_day_or_when_its_head_says() -> None:
    (listing,) = sources.read(MAIL, "mail").listings
    assert (listing.category, listing.announced) == ("cs", date(2026, 11, 23))
    assert listing.entries[0].paper.abstract == "One line.\n\nTwo."
    assert listing.entries[0].paper.title == "A Title that is wrapped"
    assert [entry.section for entry in listing.entries] == [Section.NEW, Section.REPLACEMENT]
    (again,) = sources.read(HEAD + MAIL, "mail").listings
    assert again == listing


@pytest.mark.parametrize("encoding", ["quoted-printable", "base64"])
def test_a_saved_mail_is_decoded(encoding: str) -> None:
    body = quopri.encodestring(MAIL) if encoding == "quoted-printable" else base64.encodebytes(MAIL)
    head = HEAD.replace(b"\n\n", b"\nContent-Type: text/plain; charset=utf-8\n")
    message = head + b"Content-Transfer-Encoding: " + encoding.encode() + b"\n\n" + body
    assert sources.read(message, "x.eml").listings == sources.read(HEAD + MAIL, "x.eml").listings


def test_a_mailbox_gives_its_announcements_and_counts_the_other_mails() -> None:
    box = b"".join(b"From x\n" + mail for mail in (HEAD + MAIL, LETTER, HEAD + MAIL))
    reading = sources.read(box, "mbox")
    assert (reading.form, len(reading.listings)) == ("mailbox", 2)
    assert reading.problems == ("1 of its 3 mails is no announcement of arXiv",)
    assert len(list(sources.read_mailbox(io.BytesIO(box), "mbox"))) == 2


def test_a_snapshot_gives_whole_records() -> None:
    (paper, _) = sources.Snapshot(io.BytesIO(LINES), "x.json")
    assert paper.title == "A Title that is wrapped"
    assert paper.authors == ("Jin Lee", "A. Bo Jr.")
    assert paper.categories == ("cs.PF",)
    assert paper.abstract == "One line.\n\nTwo."
    assert paper.version == 1


def zipped(**files: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return buffer.getvalue()


def test_damaged_records_are_counted_and_the_others_kept() -> None:
    rows = [LINES, b'{"id": 3}\n', b"[1]\n", b'{"id": "2611.00002", "ti\n', b"[" * 99999 + b"\n"]
    for data in (
        b"".join(rows),
        gzip.compress(b"".join(rows)),
        zipped(**{"a.json": b"".join(rows)}),
    ):
        snapshot = sources.Snapshot(io.BytesIO(data), "x")
        assert len(list(snapshot)) == 2
        assert snapshot.damaged == 4
        assert snapshot.problems == ("4 entries are damaged and could not be read",)


def test_a_snapshot_cut_off_keeps_what_was_there_and_says_so() -> None:
    noise = random.Random(1).randbytes(20_000).hex().encode()
    data = gzip.compress(LINES * 50 + b'{"x": "' + noise + b'"}\n' + LINES)
    snapshot = sources.Snapshot(io.BytesIO(data[:-9000]), "x.gz")
    assert len(list(snapshot)) == 100
    assert "cut off" in snapshot.problems[-1]


def test_a_line_without_end_is_one_damaged_record() -> None:
    snapshot = sources.Snapshot(io.BytesIO(b'{"' + b"x" * (9 << 20) + b"\n" + LINES), "x")
    assert len(list(snapshot)) == 2
    assert snapshot.damaged == 1


@pytest.mark.parametrize("name", ["x.json", "x.json.gz", "x.zip", "anything"])
def test_a_snapshot_is_told_from_a_page_by_its_head(name: str) -> None:
    assert sources.is_bulk(LINES[:200], name)
    assert sources.is_bulk(gzip.compress(LINES)[:200], name)
    assert sources.is_bulk(zipped(a=LINES)[:200], name)
    for data in (PAGE, MAIL, RSS, BIBTEX, gzip.compress(PAGE)):
        assert not sources.is_bulk(data[:200], name)


def test_bibtex_gives_the_papers_it_names() -> None:
    reading = sources.read(BIBTEX, "x.bib")
    assert [paper.id for paper in reading.papers] == ["2611.00001", "1706.03762"]
    assert reading.papers[0].title == "A {Title} of two lines"
    assert reading.papers[0].authors == ("Jin Lee", "A. Bo")
    assert reading.problems == ("1 of its 3 entries names no arXiv identifier",)


def test_bibtex_titles_and_names_lose_what_only_bibtex_needs() -> None:
    entry = b"@misc{a, eprint={2611.00001}, title={{%s}}, author={A. Bo and and C. De}}"
    (paper,) = sources.read(entry % b"A Title", "x.bib").papers
    assert (paper.title, paper.authors) == ("A Title", ("A. Bo", "C. De"))
    (paper,) = sources.read(entry.replace(b"{{%s}}", b"{{A} and {B}}"), "x.bib").papers
    assert paper.title == "{A} and {B}"


def test_a_list_of_identifiers_takes_every_form() -> None:
    reading = sources.read(IDENTIFIERS, "list")
    assert [paper.id for paper in reading.papers] == ["2611.00001", "hep-th/9901001", "1706.03762"]
    assert reading.papers[0].version == 2
    assert reading.problems == ("'hm' is no arXiv identifier",)


HOSTILE = {
    "nothing": b"",
    "blanks": b" \n\t ",
    "a gzip that is none": b"\x1f\x8b\x08 but no",
    "a zip with nothing in it": zipped(),
    "a zip without a snapshot": zipped(**{"a.txt": b"x"}),
    "a zip that is none": b"PK\x03\x04 but no",
    "an error page": b"<html><head><title>503 Backend fetch failed</title></head><body>x</body>",
    "a captive portal": b"<!DOCTYPE html><html><title>Wi-Fi login</title><form>Accept?</form>",
    "arXiv is busy": b"Rate exceeded.",
    "a new design": PAGE.replace(b"dlpage", b"new-page").replace(b"list-title", b"t"),
    "new markup": PAGE.replace(b"list-title", b"headline"),
    "deep nesting": b"<div id='dlpage'>" * 200_000,
    "deep XML": RSS[:200] + b"<a>" * 200_000,
    "200,000 attributes": b"<p " + b" ".join(b"a%d=1" % n for n in range(200_000)) + b">x",
    "bracketed attributes": b"<p " + b" ".join(b'a%d=">"' % n for n in range(200_000)) + b">x",
    "a million tags": b"<p>" * 1_000_000,
    "a doctype": b'<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]><rss>&x;</rss>',
    "a doctype in a page": PAGE.replace(b"<!DOCTYPE html>", b"<!DOCTYPE html [<!ENTITY a 'b'>]>"),
    "entities": b"<rss><!ENTITY a 'b'></rss>",
    "a foreign feed": b"<rss><channel><title>A blog</title><item/></channel></rss>",
    "many labels": b"Showing new listings for Friday, 20 November 2026\n- [1] arXiv:2603.00356 [a]"
    b"\n-\nTitle: " + b"Comments: Journal-ref: Aa Bb, " * 50_000,
    "many totals": QUIET + b"Total of 9 entries " * 50_000,
    "a long BibTeX word": b"@misc{" + b"a" * 500_000,
    "many mails": b"From x\n" * 100_000,
    "many heads": b"A: b\n" * 100_000,
    "a letter": LETTER,
    "prose": b"Dear diary, today arXiv was quiet.\nI read 2603.00356.\nIt was fine.\nAnd long.\n",
    "binary": bytes(range(256)) * 100,
    "a PDF": b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n",
}  # fmt: skip


@pytest.mark.parametrize("kind", HOSTILE)
def test_what_is_nothing_of_arxiv_is_refused_with_a_sentence(kind: str) -> None:
    with pytest.raises(SourceError, match=r"^file: [^\n]{5,}$"):
        sources.read(HOSTILE[kind], "file")


def test_a_file_too_large_for_a_page_is_refused() -> None:
    with pytest.raises(SourceError, match="larger than 16 MB"):
        sources.read(b"<" + b" " * sources.MOST_BYTES, "file")


@pytest.mark.parametrize("form", SAMPLES)
def test_damage_anywhere_gives_an_error_or_a_reading(form: str) -> None:
    sample = SAMPLES[form]
    whole = len(papers(sources.read(sample, "file")))
    chance = random.Random(form)
    for _ in range(60):
        damaged = bytearray(sample)
        kind = chance.randrange(4)
        if kind == 0:
            damaged = damaged[: chance.randrange(len(damaged))]
        elif kind == 1:
            for _ in range(20):
                damaged[chance.randrange(len(damaged))] = chance.randrange(256)
        elif kind == 2:
            start = chance.randrange(len(damaged))
            del damaged[start : start + chance.randrange(500)]
        else:
            damaged = bytearray(
                sample.decode().encode(chance.choice(["utf-16", "utf-16-le", "cp500"]))
            )
        try:
            reading = sources.read(bytes(damaged), "file")
        except SourceError:
            continue
        lost = len(papers(reading)) < whole
        assert not (lost and any(listing.complete for listing in reading.listings))


@pytest.mark.parametrize("form", ["listing page", "plain-text listing"])
def test_a_listing_that_lost_entries_is_never_complete(form: str) -> None:
    sample = SAMPLES[form]
    whole = len(papers(sources.read(sample, "file")))
    for cut in range(0, len(sample), len(sample) // 150):
        try:
            reading = sources.read(sample[:cut], "file")
        except SourceError:
            continue
        for listing in reading.listings:
            assert not listing.complete or len(listing.entries) == whole


def test_the_sources_load_lxml_only_when_a_page_is_read() -> None:
    code = (
        "import sys; from tui_reader import sources; "
        "sources.read(sys.stdin.buffer.read(), 'x'); sys.exit('lxml' in sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], input=SAMPLES["plain-text listing"], check=True)


@pytest.mark.parametrize(
    ("text", "omitted"),
    [
        ("Jin Lee, A. Bo, et al", None),
        ("Jin Lee, A. Bo et alii", None),
        ("Jin Lee, A. Bo & others", None),
        ("Jin Lee, A. Bo, …", None),
        ("Jin Lee, A. Bo and 12 others", 12),
        ("Jin Lee, A. Bo, and 5 more authors", 5),
        ("Jin Lee, A. Bo, 7 additional authors not shown", 7),
        ("Jin Lee、A. Bo", 0),
        ("Jin Lee, A. Bo", 0),
    ],
)
def test_who_stands_for_others_is_no_author(text: str, omitted: int | None) -> None:
    assert split_authors(text) == (("Jin Lee", "A. Bo"), omitted)


def test_a_feed_that_lost_its_identifiers_on_the_way_has_links() -> None:
    bare = re.sub(rb"<guid.*?</guid>", b"<link>https://arxiv.org/abs/2611.00001</link>", RSS)
    assert papers(sources.read(bare, "feed"))[0].id == "2611.00001"
