"""Any bytes are a reading of printable texts, or an error of our own."""

import unicodedata
from dataclasses import fields

from tui_reader import sources
from tui_reader.errors import SourceError
from tui_reader.model import Paper, parse_id
from tui_reader.text.clean import printable

_SEEDS = rf"""
@string{{a="B"}}@misc{{k, eprint={{2611.00001}}, author={{Bo, Jr., A and {{C D}}}}, title=a # "x"}}
=====
@article(k,
 title = {{Open,
 volume={{abs/2611.00001}}
}}
% @misc{{c, eprint={{1}}}}
=====
2611.00001v2, hep-th/9901001 # two
https://arxiv.org/pdf/1706.03762.pdf
(arXiv:2101.00005).
=====
/* Tue, 3 Mar 2026 */
{"-" * 70}
\\
arXiv:2611.00001
Title: T
  x
\\
  A
\\
=====
\\
Paper (*cross-listing*): hep-th/9901001
Title: T
Subj-class: Algebraic Geometry
\\
A
=====
<div id="abs-outer"><h1 class="title">T<script>x</script></h1><div class="authors"><a>A</a>, B (C)
</div><td class="label">Comments:</td><td>withdrawn</td><span class="arxivid">arXiv:2611.00001v2
</span><blockquote class='abstract'>A<br>B</blockquote></div>
=====
<div id='dlpage'><h3>Showing new listings for Friday, 20 November 2026</h3><dt>[1]
arXiv:2611.00001 (replaced) [pdf]<dd><div><div class='list-title mathjax'>T</div></div></div>
=====
<rss><channel><title>cs.PF updates on arXiv.org</title><pubDate>3 Mar 2026</pubDate><item>
<title>T. (arXiv:2611.00001v1 [cs.PF] UPDATED)</title><creator>&lt;a&gt;A&lt;/a&gt;</creator>
=====
<feed xmlns="http://www.w3.org/2005/Atom" xmlns:o="o"><o:totalResults>1</o:totalResults><entry><id>
2611.00001</id><title>T</title><author><name>A</name></author></entry></feed>
=====
<OAI-PMH><record><metadata><arXiv><id>2611.00001</id><title>T</title><created>2026-11-02</created>
</arXiv></metadata></record></OAI-PMH>
=====
{{"id":"2611.00001","title":"T","authors":"A, B","abstract":" a\n b","versions":[{{"version":"v1",
"created":"Mon, 2 Nov 2026 19:18:42 GMT"}}],"authors_parsed":[["B","A",""]]}}
=====
Showing new listings for Tuesday, 3 March 2026
- [1] arXiv:2603.00356 [pdf]
-
Title: On xAnn Bo, Cy DeSubjects: Performance (cs.PF)
A.
New submissions (showing 1 of 1 entries)
=====
From: a@b.c
Date: Mon, 23 Nov 2026 01:12:33 +0000
Content-Type: text/plain; charset=x

\\
"""
SEEDS = tuple(seed.encode() for seed in _SEEDS.strip().split("\n=====\n"))


def check(data: bytes) -> None:
    try:
        reading = sources.read(data, "file")
    except SourceError:
        return
    entries = [entry for listing in reading.listings for entry in listing.entries]
    for paper in [*reading.papers, *(entry.paper for entry in entries)]:
        assert parse_id(paper.id) == (paper.id, None)
        assert _is_printable(paper)


def _is_printable(paper: Paper) -> bool:
    texts = [getattr(paper, field.name) for field in fields(paper)]
    lines = [*(text for text in texts if isinstance(text, str)), *paper.authors]
    controls = any(unicodedata.category(c) in ("Cc", "Cs") for c in "".join(lines) if c != "\n")
    return not controls and lines == list(map(printable, lines))
