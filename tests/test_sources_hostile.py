"""Files made to harm: endless work, endless memory, numbers nobody can keep, terminal codes.

What would take time without end is bounded by its size here: the sizes are such that a reader
of more than linear cost would not come back.
"""

import gzip
import io
import json
import unicodedata
import zipfile
from dataclasses import fields

import pytest

from tests.test_sources import ABSTRACT, API, BIBTEX, HEAD, MAIL, OAI, PAGE, RSS, papers
from tui_reader import sources
from tui_reader.errors import SourceError
from tui_reader.sources import mail, markup, plaintext

DAY = "Performance\nShowing new listings for Tuesday, 3 March 2026\n"
ENTRY = (
    "- [{at}] arXiv:2603.00356 [{formats}]\n-\nTitle: {title}Subjects: Performance (cs.PF)\nA.\n"
)
END = "New submissions (showing {count} of {count} entries)\n"
NESTED = b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n"
LONG_ROW = b" " + b"a" * 200 + b"\n"
ODD = b"<html>" + b'<b t="a>b">' * 6


def plain_listing(
    at: str = "1", formats: str = "pdf", title: str = "A title", count: str = "1"
) -> bytes:
    body = ENTRY.format(at=at, formats=formats, title=title)
    return (DAY + body + END.format(count=count)).encode()


def record(**more: object) -> bytes:
    whole = {"id": "2611.00001", "title": "A", "authors": "B", "categories": "cs.PF", **more}
    return (json.dumps(whole) + "\n").encode()


def head(*rows: bytes) -> bytes:
    return HEAD.replace(b"\n\n", b"\n" + b"\n".join(rows) + b"\n\n")


ENDLESS = {
    "values that could begin anywhere": ODD + b"<a " + b'=""' * 40 + b">" + b"<p>x</p>" * 2000,
    "blanks after =": ODD + (b"<a =" + b" " * 4000 + b">") * 3000,
    "tags in tags": ODD + b"<a >" * 300_000,
    "many quotes": ODD + b'<a ="">' * 100_000 + b'"',
    "glued capitals": plain_listing(title="xAa Bo" * 3300) * 30,
    "names and then none": plain_listing(title="x" + "Aa Bo, " * 2700 + "Bo 1") * 30,
    "suffixes": plain_listing(title="xAa Bo" + " I" * 60 + " 1"),
    "brackets": DAY.encode() + b"- [1] arXiv:" + b"[" * 500_000 + b"\nTitle:\n",
    "showings": plain_listing() + b"New submissions (" + b"showing " * 100_000 + b"\n",
    "addresses": plain_listing() + b"http://" * 200_000 + b" x",
    "line ends of mails": b"A: b\r\n" + b" c\r\n" * 100_000 + b"x",
    "encoded words": HEAD.replace(b"cs daily", b"=?utf-8?q?a?= " * 20_000) + MAIL,
    "parameters": head(b"Content-Type: text/plain" + b"; a=b" * 20_000) + MAIL,
    "parts in parts": HEAD[:-1] + b"".join(NESTED % (n, n) for n in range(999)) + MAIL,
    "messages in messages": HEAD[:-1] + b"Content-Type: message/rfc822\n\n" * 99_999 + MAIL,
    "mails received": HEAD + MAIL + b"received from " * 200_000,
    "days": HEAD + MAIL + b"/* " * 200_000,
    "a long field": HEAD + MAIL.replace(b"Comments: 10", b"Comments: 10\n" + LONG_ROW * 50_000),
    "senders": ABSTRACT.replace(b"From: Jin Lee\n[", b"From: " * 200_000 + b"("),
    "versions": PAGE.replace(b"/html/2611.00001v1", b"/html/v" * 1000),
    "an abstract after blanks": RSS.replace(b"new \nAbstract", b"new" + b"\n" * 200_000 + b"A"),
    "suffixed names": OAI.replace(b"Jin Lee (MIT)", b"Jin Lee" + b", Jr" * 200_000),
    "one identifier": b"2603.00001\n" * 300_000,
}  # fmt: skip


@pytest.mark.parametrize("kind", ENDLESS)
def test_no_file_takes_time_without_end(kind: str) -> None:
    try:
        reading = sources.read(ENDLESS[kind], "file")
    except SourceError:
        return
    assert reading.form


def test_a_long_tag_is_found_however_its_quotes_are_read() -> None:
    attributes = b" ".join(b'a%d=">"' % n for n in range(4000))
    for before in (b"", b'<!-- <a x=" -->', b"<!-- x=' -->", b'<a b==" ='):
        with pytest.raises(SourceError, match="a tag longer"):
            markup.parse_html(ODD + before + b"<p " + attributes + b">x", "page")
    long_value = b'<p title="' + b"a > b " * 9000 + b'">x</p>'
    assert markup.parse_html(ODD + long_value, "page") is not None


def test_the_work_over_a_title_is_bounded_by_its_last_names(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    looked_at = 0
    is_name = plaintext.is_name

    def counted(text: str) -> bool:
        nonlocal looked_at
        looked_at += len(text)
        return is_name(text)

    monkeypatch.setattr(plaintext, "is_name", counted)
    for title in ("xAa Bo" * 3300, "x" + "Aa Bo, " * 2700 + "Bo 1", "Aa Bo, " * 2800):
        looked_at = 0
        sources.read(plain_listing(title=title), "listing")
        assert looked_at < 3 * len(title)


class Rows(io.BytesIO):
    """A file without line ends, of 1 GB; it counts what it gives."""

    given = 0
    longest = 0

    def readline(self, size: int | None = -1, /) -> bytes:
        assert size
        assert size > 0
        self.longest = max(self.longest, size)
        first, self.given = not self.given, self.given + size
        return b"From x\n" if first else b"" if self.given > 1 << 30 else bytes(size)


def test_a_mailbox_without_line_ends_is_never_held_whole() -> None:
    file = Rows()
    (message,) = mail.split_mbox(file)
    assert file.longest <= 1 << 20
    assert len(message) <= mail.LONGEST_MAIL + file.longest


def test_a_line_of_a_mail_that_goes_on_begins_no_mail() -> None:
    row = b"x" * mail.LONGEST_ROW + b"From y\n"
    assert list(mail.split_mbox(io.BytesIO(b"From x\n" + row + b"From z\nb\n"))) == [row, b"b\n"]


def compressed(method: int) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as archive:
        archive.writestr("a.json", record() * 300)
    return buffer.getvalue()


METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA)


@pytest.mark.parametrize("method", METHODS)
def test_a_damaged_zip_gives_what_can_be_read_or_a_sentence(method: int) -> None:
    whole = compressed(method)
    for at in range(26, len(whole) - 1, len(whole) // 40):
        damaged = bytearray(whole)
        damaged[at] ^= 0xFF
        try:
            sources.read(bytes(damaged), "file.zip")
        except SourceError:
            continue


NUMBERS = ["9" * 25, "9" * 5000, "²", "-1", ""]


def with_number(digits: str) -> dict[str, bytes]:
    number = digits.encode()
    return {
        "a position": plain_listing(at=digits),
        "a count": plain_listing(count=digits),
        "a position on a page": PAGE.replace(b"[1]", b"[%s]" % number),
        "a count on a page": PAGE.replace(b"of 1 entries", b"of %s entries" % number),
        "a total": PAGE.replace(b"Total of 3", b"Total of " + number),
        "a jump": PAGE.replace(b"#item2", b"#item" + number),
        "a page's version": PAGE.replace(b"00001v1", b"00001v" + number),
        "a size": MAIL.replace(b"215kb", number + b"kb"),
        "the counts of a mail": HEAD.replace(
            b"daily", b"daily %s new + %s crosses received" % (number, number)
        )
        + MAIL,
        "authors": record(authors=f"A B ( {digits} additional authors not shown)"),
        "a version": record(versions=[{"version": f"v{digits}", "created": None}]) + record(),
        "a version of OAI": OAI.replace(b'"v1"', b'"v%s"' % number),
        "a size of OAI": OAI.replace(b"34kb", number + b"kb"),
        "a total of the API": API.replace(b">1<", b">%s<" % number),
        "a version of an abstract": ABSTRACT.replace(b"[v1]", b"[v%s]" % number),
        "a size of an abstract": ABSTRACT.replace(b"1,443", number),
        "a version in BibTeX": BIBTEX.replace(b"1706.03762", b"1706.03762v" + number),
        "a year": MAIL.replace(b"2026", number),
    }


@pytest.mark.parametrize("kind", with_number(""))
@pytest.mark.parametrize("digits", NUMBERS, ids=["25 digits", "5000 digits", "²", "-1", "none"])
def test_no_number_is_larger_than_a_database_keeps(kind: str, digits: str) -> None:
    try:
        reading = sources.read(with_number(digits)[kind], "file")
    except SourceError:
        return
    for listing in reading.listings:
        numbers = [*listing.promised.values(), *(entry.position for entry in listing.entries)]
        assert all(abs(number) < 10**7 for number in numbers)
    for paper in papers(reading):
        numbers = [paper.version or 0, paper.authors_omitted or 0]
        numbers += [n for version in paper.versions for n in (version.number, version.size_kb or 0)]
        assert all(abs(number) < 10**7 for number in numbers)


@pytest.mark.parametrize("authors", [{"a": 1}, [[]], [["x"]], [3], "x", [[1, 2, 3]]])
def test_a_record_whose_authors_have_a_strange_shape_is_damaged(authors: object) -> None:
    reading = sources.read(record(authors_parsed=authors) + record(), "file")
    assert len(reading.papers) == 1
    assert reading.problems == ("1 entry is damaged and could not be read",)


CODES = "\x1b[31;7H|\x9b31;7H|\u202eevil|\x07|\x1b]0;x\x07"
IN_BRACKETS = CODES.replace("]", "")
CODES_OF_XML = "\x9b31;7H|\u202eevil|\x85"


def with_codes() -> dict[str, bytes]:
    xml = CODES_OF_XML.encode()
    fields = ("submitter", "comments", "doi", "license", "report-no")
    in_json = record(
        categories=f"cs.{CODES}",
        versions=[{"version": "v1", "created": CODES}],
        **dict.fromkeys(fields, CODES),
    )
    unlinked = "Jin ⟦7⟧".encode() + xml
    bibtex = f"@misc{{x, eprint={{2611.00003}}, primaryclass={{cs.{CODES}}}}}".encode()
    return {
        "formats of a text": plain_listing(formats=f"pdf, {IN_BRACKETS}, PS, html"),
        "formats of a page": PAGE.replace(b">pdf<", b">pdf," + xml + b"<"),
        "a page": PAGE.replace(b"cs.PF", b"cs." + xml).replace(b"(MIT)", unlinked),
        "an abstract page": ABSTRACT.replace(b"(cs.PF)", b"(cs." + xml + b")").replace(b"Jin", xml),
        "a feed": RSS.replace(b"y>cs.PF", b"y>cs." + xml).replace(b"PF u", b"PF+" + xml + b" u"),
        "an answer": API.replace(b"cs.PF", b"cs." + xml).replace(b"Jin", xml),
        "an OAI answer": OAI.replace(b"cs.PF", b"cs." + xml).replace(b"68T45", xml),
        "a mail": MAIL.replace(b"cs.PF", b"cs." + xml).replace(b"To: cs", b"To: cs" + xml),
        "a snapshot": in_json,
        "BibTeX": BIBTEX.replace(b"Jin", CODES.encode()) + bibtex,
        "identifiers": f"2611.00001\n{CODES}\n2611.00002".encode(),
    }  # fmt: skip


def printable(text: str) -> bool:
    return not any(unicodedata.category(char) in ("Cc", "Cf", "Cs", "Co") for char in text)


@pytest.mark.parametrize("kind", with_codes())
def test_no_terminal_code_comes_through_in_any_field(kind: str) -> None:
    reading = sources.read(with_codes()[kind], "file")
    assert papers(reading)
    for paper in papers(reading):
        for field in fields(paper):
            value = getattr(paper, field.name)
            texts = value if isinstance(value, tuple) else (value,)
            assert all(printable(t.replace("\n\n", "")) for t in texts if isinstance(t, str))
        assert set(paper.formats) <= {"pdf", "html", "ps", "other"}
    assert all(map(printable, reading.problems))
    assert all(printable(listing.category) for listing in reading.listings)


def test_formats_are_those_that_arxiv_offers() -> None:
    (listing,) = sources.read(
        plain_listing(formats=f"pdf, {IN_BRACKETS}, PS, html"), "file"
    ).listings
    assert listing.entries[0].paper.formats == ("pdf", "ps", "html")


@pytest.mark.parametrize(
    "data",
    [
        OAI.replace(b"<GetRecord>", '<error code="\x9b31m">\u202ex</error><GetRecord>'.encode()),
        RSS.replace(b"cs.PF updates", "Feed error \u202e\x9b31m".encode()),
        RSS.replace(b"cs.PF updates on arXiv.org", "A blog \u202e\x9b31m".encode()),
        "<html><title>Login \u202e\x9b31m</title>".encode() + b"x" * 9999,
    ],
)
def test_errors_are_printable_and_short(data: bytes) -> None:
    with pytest.raises(SourceError) as caught:
        sources.read(data, "file")
    assert printable(str(caught.value))
    assert len(str(caught.value)) < 500


def test_a_compressed_page_is_bounded_too() -> None:
    bomb = gzip.compress(b"<" + bytes(sources.MOST_BYTES + 9), 1)
    with pytest.raises(SourceError, match="far too large"):
        sources.read(bomb, "file.gz")
