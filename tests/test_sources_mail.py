"""Announcement mails of every age, and as they come out of other programs."""

import base64
import html
import quopri
from datetime import date

import pytest

from tests.conftest import ROOT
from tests.test_sources import HEAD, MAIL, RULE
from tui_reader import sources
from tui_reader.model import Section

DATA = ROOT / "tests" / "data" / "mails"


@pytest.mark.parametrize("indent", ["\xa0 ", "\t", " ", "", "\u3000"])
def test_a_field_goes_on_until_the_next_whatever_begins_its_lines(indent: str) -> None:
    pasted = MAIL.decode().replace("\n  ", f"\n{indent}").replace("   (", "\xa0 (")
    (listing,) = sources.read(pasted.encode(), "mail").listings
    (expected,) = sources.read(MAIL, "mail").listings
    paper = listing.entries[0].paper
    assert paper.title == "A Title that is wrapped"
    assert paper.versions == expected.entries[0].paper.versions
    if indent in ("\xa0 ", "\t", " "):
        assert listing == expected


def test_a_line_of_a_field_may_begin_with_an_identifier() -> None:
    mail = MAIL.replace(b"Comments: 10 pages", b"Comments: 10 pages, see\narXiv:2610.00009")
    (listing,) = sources.read(mail, "mail").listings
    paper = listing.entries[0].paper
    assert (paper.id, paper.comments) == ("2611.00001", "10 pages, see arXiv:2610.00009")


def test_announcements_of_before_2007_are_read() -> None:
    reading = sources.read((DATA / "before-2007.txt").read_bytes(), "mail")
    (listing,) = reading.listings
    assert not reading.problems
    assert (listing.category, listing.announced) == ("math", date(1999, 12, 10))
    first, second, third = (entry.paper for entry in listing.entries)
    assert [entry.section for entry in listing.entries] == list(Section)
    assert (first.id, first.title) == ("math/9912001", "On curves that go on")
    assert (first.authors, first.submitter) == (("Ann Bo",), "Ann Bo")
    assert first.categories == ("math.AG", "math.NT")
    assert first.comments == "10 pages, see arXiv:math/9911001"
    assert (first.report_no, first.abstract) == ("BO-1", "One line.\n\nTwo.")
    assert (second.id, second.authors) == ("hep-th/9912002", ("Cy De", "Ed Ef"))
    assert (third.id, third.categories) == ("math/9901003", ("math",))


def test_an_abs_file_gives_its_paper_and_no_announcement() -> None:
    reading = sources.read((DATA / "one-paper.abs").read_bytes(), "9709001.abs")
    (paper,) = reading.papers
    assert not reading.listings
    assert not reading.problems
    assert (paper.id, paper.version, paper.abstract) == ("hep-th/9709001", None, "One abstract.")
    assert paper.journal_ref == "J. Bo 1 (1998) 1-9"


def test_an_announcement_without_its_day_gives_papers_and_says_so() -> None:
    text = MAIL[MAIL.index(b"\\\\") :]
    reading = sources.read(RULE.encode() + b"\n" + text, "mail")
    assert [paper.id for paper in reading.papers] == ["2611.00001", "hep-th/9901001"]
    assert "does not tell its day" in reading.problems[0]


@pytest.mark.parametrize("charset", [b"", b"; charset=iso-8859-1", b"; charset=unknown-8bit"])
def test_letters_of_8_bits_are_read_whatever_the_mail_says_of_them(charset: bytes) -> None:
    head = HEAD.replace(b"\n\n", b"\nContent-Type: text/plain" + charset + b"\n\n")
    mail = head + MAIL.replace(b"A. Bo", "Åke Müller".encode("latin-1"))
    reading = sources.read(mail, "mail")
    assert reading.listings[0].entries[0].paper.authors == ("Jin Lee", "Åke Müller")
    assert bool(reading.problems) == (b"iso" not in charset)


def sent(body: bytes, *fields: str) -> bytes:
    """Return a mail with these fields in its head, besides those that every one has."""
    return HEAD[:-1] + "".join(f"{field}\n" for field in fields).encode() + b"\n" + body


PLAIN = HEAD + MAIL
PAGE = b"<html><body>%s</body></html>"
ESCAPED = html.escape(MAIL.decode()).encode()
LATER = (
    b"From: me@example.org\nDate: Fri, 27 Nov 2026 09:00:00 +0000\nSubject: %s: cs daily\n\nHi\n\n"
)
AS_SENT = {
    "lines of Windows": PLAIN.replace(b"\n", b"\r\n"),
    "lines of old Macs": MAIL.replace(b"\n", b"\r"),
    "blanks at the ends": PLAIN.replace(b"\n", b"  \n"),
    "quoted-printable": sent(
        quopri.encodestring(MAIL), "Content-Transfer-Encoding: Quoted-Printable"
    ),
    "base64": sent(base64.encodebytes(MAIL), "Content-Transfer-Encoding: base64"),
    "of several parts": sent(
        b"--B\nContent-Type: text/plain\n\n"
        + MAIL
        + b"\n--B\nContent-Type: text/html\n\nx\n--B--\n",
        'Content-Type: multipart/alternative; boundary="B"',
    ),
    "attached": sent(
        b"--B\n\nFYI\n--B\nContent-Type: message/rfc822\n\n" + PLAIN + b"\n--B--\n",
        "Content-Type: multipart/mixed; boundary=B",
    ),
    "forwarded": LATER % b"Fwd" + b"---------- Forwarded message ---------\nFrom: arXiv\n\n" + MAIL,
    "quoted": LATER % b"Re" + b"".join(b"> %s\n" % row for row in MAIL.split(b"\n")),
    "indented": b"".join(b"    %s\n" % row for row in MAIL.split(b"\n")),
    "HTML": sent(PAGE % ESCAPED.replace(b"\n", b"<br>\n"), "Content-Type: text/html"),
    "a page": PAGE % b"<pre>" + ESCAPED + b"</pre>",
}


@pytest.mark.parametrize("data", AS_SENT.values(), ids=AS_SENT)
def test_an_announcement_is_read_in_whatever_form_people_have_it(data: bytes) -> None:
    reading = sources.read(data, "mail")
    assert reading.listings == sources.read(MAIL, "mail").listings
    assert not reading.problems
