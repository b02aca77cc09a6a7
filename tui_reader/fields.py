"""The texts that a paper is searched by, a row each: all that is done with texts is made of it."""

from typing import NamedTuple

from tui_reader.model import Paper


class Field(NamedTuple):
    """A text of a paper. Each that arXiv sends has a column in the tables `haystack` and `words`.

    So a new row needs a migration for those two, and no more.
    """

    name: str
    """What stands before the colon in a filter."""
    meaning: str
    """For people, in the table of the filter language."""
    example: str
    """A value of it."""
    of: str
    """The attribute of Paper that it is, and its key in JSON; of NOTE, that of Marks."""
    column: str = ""
    """Empty where it is the person's own text, which is searched but not indexed."""
    also: tuple[str, ...] = ()
    """Other names of it."""
    everywhere: bool = False
    """Whether words without a field are looked for in it, too."""
    label: str = ""
    """What it stands under where a paper is shown whole; empty where it has a place of its own."""
    known: bool = False
    """Whether its values among the papers at hand are offered while it is typed."""
    tex: bool = False
    """Whether authors write TeX in it; then JSON has it as they wrote it, too."""

    def text(self, paper: Paper) -> str:
        """Return the paper's text as its source has it, or nothing."""
        value = getattr(paper, self.of)
        return ", ".join(value) if isinstance(value, tuple) else value or ""


TITLE = Field(
    name="ti",
    also=("title",),
    meaning="word in the title",
    example="attention",
    of="title",
    column="title",
    everywhere=True,
    tex=True,
)
AUTHORS = Field(
    name="au",
    also=("author", "authors"),
    meaning="author; in quotes, these names in a row",
    example='"jin lee"',
    of="authors",
    column="authors",
    everywhere=True,
    known=True,
)
ABSTRACT = Field(
    name="abs",
    also=("abstract",),
    meaning="word in the abstract",
    example="entropy",
    of="abstract",
    column="abstract",
    everywhere=True,
    tex=True,
)
COMMENTS = Field(
    name="co",
    also=("comment", "comments"),
    meaning="word in the comments",
    example="accepted",
    of="comments",
    column="comments",
    everywhere=True,
    label="Comments",
    tex=True,
)
NOTE = Field(
    name="note",
    also=("notes",),
    meaning="word in your note",
    example="idea",
    of="note",
)
JOURNAL = Field(
    name="jr",
    also=("journal",),
    meaning="word in the journal reference",
    example="nature",
    of="journal_ref",
    column="journal",
    label="Journal",
    tex=True,
)
DOI = Field(
    name="doi",
    meaning="DOI, or its beginning",
    example="10.1145/3620666",
    of="doi",
    column="doi",
    label="DOI",
)
REPORT = Field(
    name="rn",
    meaning="word in the report number",
    example="cern-th",
    of="report_no",
    column="report",
    label="Report",
)

FIELDS = (TITLE, AUTHORS, ABSTRACT, COMMENTS, NOTE, JOURNAL, DOI, REPORT)
STORED = tuple(field for field in FIELDS if field.column)
"""Those that arXiv sends."""
OWN = tuple(field for field in FIELDS if not field.column)
"""Those that the person writes."""
CLASSES = {"acm_class": "ACM classes", "msc_class": "MSC classes"}
"""What arXiv sends besides and nobody searches: attributes of Paper, and what they stand under."""
EVERYWHERE = tuple(field for field in FIELDS if field.everywhere)
"""Those that words without a field are looked for in."""
