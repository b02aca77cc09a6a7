"""Withdrawn papers have no mark but words, and words about other papers are none."""

import pytest

from tests.test_sources import API, LINES, MAIL, OAI, PAGE, papers
from tui_reader import sources
from tui_reader.sources.withdrawal import is_withdrawn

COMMENTS = [
    "Withdrawn", "WITHDRAWN", "withdrawn.", "10 pages (withdrawn)", "10 pages, withdrawn",
    "Withdrawn; superseded by 2405.13351", "v2: withdrawn, replaced by arXiv:2504.01234",
    "This paper has been withdrawn by the author due to an error in Eq. 4",
    "This paper as been withdrawn", "This papers has been withdrawn",
    "Methodology error found; we withdraw the paper", "The authors withdrew this submission",
    "The paper is being withdrawn since the manuscript needs revision",
    "Withdrawn by arXiv administrators due to overlap",
    "This has been withdrawn by arXiv administrators due to an authorship dispute",
    "arXiv admin note: this paper has been withdrawn by arXiv",
    "arXiv admin note: removed by arXiv administrators",
    "Author list changed. Paper withdrawn: duplicate upload of 2210.14450",
    "paper withdrawn by author", "Retracted by the authors",
    "retracted due to an error in Section 5",
    "Retracted. See arXiv:2504.01234 for the corrected version.",
    "This manuscript has been retracted from publication", "The paper was retracted",
    "Withdrew the paper, resubmit a rewritten version",
    "This version is withdrawn as the results do not hold.",
    "supersedes arXiv:2011.10199; this paper has been withdrawn",
    "The previous version had an error; this paper has been withdrawn entirely.",
    "This submission has been temporarily withdrawn", "Withdrawn from arXiv at the authors' wish",
    "has been withdrawn by the author", "This comment has been withdrawn",
    "withdrawn from publication",
    "This paper has been with-drawn by the author", "we're withdrawing this submission",
    "This paper was mistakenly submitted and is withdrawn", "This paper should be withdrawn",
    "Please withdraw this paper", "ABSTRACT WITHDRAWN",
]  # fmt: skip

OTHER_COMMENTS = [
    "", "10 pages", "Supersedes the withdrawn arXiv:2001.00001",
    "The previous version was withdrawn because of a proof error; this one fixes it.",
    "Earlier version withdrawn. This revision corrects Theorem 3.",
    'incorporates arXiv:2011.10199 "Super-clustering", which has been withdrawn',
    "Withdrawn from ICLR 2025, now under review", "This paper was withdrawn from ICLR 2025",
    "A first version of this paper was withdrawn", "Retracted simplices; 12 pages",
    "Workshop on withdrawal; 3 figures",
    "submitted to ICLR 2024 (withdrawn)", "An analysis of papers withdrawn by their authors",
    "Replaces an earlier, withdrawn version", "the author of the paper withdrawn in 2015 claims it",
]  # fmt: skip

ABSTRACTS = [
    "This paper has been withdrawn by the author due to a crucial sign error.",
    "We prove it. This article has been withdrawn because it has been merged with another.",
    "This paper (arXiv:0704.1234) has been withdrawn.",
    "The author has withdrawn this paper.",
    "Withdrawn.",
    "[Withdrawn]",
    "Paper withdrawn.",
    "Withdrawn because it was superseded by arXiv:2101.00001",
    "Temporarily withdrawn",
    "This submission has been removed by arXiv administrators because of its license.",
]

OTHER_ABSTRACTS = [
    "We study withdrawn users.", "Drugs withdrawn from the market between 1990 and 2020.",
    "Bidders may withdraw the bid.", "Withdrawal symptoms are modelled.",
    "We ask why papers are retracted.", "The complex retracts onto this version.",
    "Withdrawn, they act alone.", "We collect papers that were withdrawn or retracted.",
    "Retracted articles by country are counted.",
    "An analysis of papers withdrawn by their authors.",
    "The author of the paper withdrawn in 2015 claims it.", "Consent may be withdrawn by the user.",
]  # fmt: skip


@pytest.mark.parametrize("comments", COMMENTS)
def test_a_paper_whose_comments_say_so_is_withdrawn(comments: str) -> None:
    assert is_withdrawn("A title", comments, "We study X.")


@pytest.mark.parametrize("comments", OTHER_COMMENTS)
def test_comments_on_other_papers_and_versions_withdraw_nothing(comments: str) -> None:
    assert not is_withdrawn("A title", comments, None)


@pytest.mark.parametrize("abstract", ABSTRACTS)
def test_a_paper_whose_abstract_says_so_is_withdrawn(abstract: str) -> None:
    assert is_withdrawn("A title", None, abstract)


@pytest.mark.parametrize("abstract", OTHER_ABSTRACTS)
def test_an_abstract_may_speak_of_withdrawing(abstract: str) -> None:
    assert not is_withdrawn("A title", None, abstract)


@pytest.mark.parametrize("title", ["Withdrawn", "Paper withdrawn", "A Tight Bound (withdrawn)"])
def test_a_title_that_is_the_notice_withdraws_its_paper(title: str) -> None:
    assert is_withdrawn(title, None, None)
    assert not is_withdrawn(f"{title} users and their friends", None, None)


@pytest.mark.parametrize(
    "mark", ["[Withdrawn] {}", "Withdrawn: {}", "RETRACTED: {}", "{} - withdrawn"]
)
def test_a_title_that_is_marked_withdraws_its_paper(mark: str) -> None:
    assert is_withdrawn(mark.format("A Tight Bound"), None, None)


ABSTRACT = b"This paper has been withdrawn by the author."


@pytest.mark.parametrize(
    "data",
    [
        API.replace(b"Words.", ABSTRACT),
        OAI.replace(b"Words.", ABSTRACT),
        LINES.replace(b"  One\\nline.", ABSTRACT),
        MAIL.replace(b"10 pages", b"Withdrawn"),
        PAGE.replace(b"\n One.", ABSTRACT).replace(b"One.", ABSTRACT),
    ],
)
def test_every_source_tells_withdrawn_papers(data: bytes) -> None:
    assert papers(sources.read(data, "file"))[0].withdrawn
