"""Any bytes are a journal: what is sound in them is kept, and nothing else is made of it."""

import zlib
from datetime import UTC, datetime
from unittest.mock import patch

from tui_reader.store import journal_line
from tui_reader.store.changes import merged
from tui_reader.store.journal_line import compacted, decode, encode, sift

NOW = datetime(2026, 3, 3, 9, tzinfo=UTC)
_STAR = (
    b'{"v":1,"l":7,"t":"2026-03-03T09:12:05Z","m":"desk","o":"Star",'
    b'"c":[[["2603.00356"],{"starred":[false,true],"tag:moe":[false,true]}]]}'
)
_NOTE = (
    b'{"v":1,"l":8,"t":"2026-03-03T09:12:05Z","m":"desk","o":"Note",'
    b'"c":[[["2603.00356","hep-th/9901001"],{"note":[null,"to\\nread"]}]],"u":[7,"desk"]}'
)
SEEDS = (_STAR, _NOTE, b'{"v":2,"l":9,"new":[]}\n{"v":1,"l":1e999}\n\xff\x00{"v":1,')
"""Lines without their checksums: those are put to them, else nothing would come past them."""


@patch.object(journal_line, "_MOST_MENDED", 100)  # a search of more is as slow, and no other
def check(data: bytes) -> None:
    lines = [b"%b\t%08x" % (line, zlib.crc32(line)) for line in data.split(b"\n")]
    for journal in (data, b"\n".join(lines), b"\n".join(lines)[: 2 * len(data)]):
        sifted = sift(journal)
        for change in sifted.changes:
            assert b"\n" not in encode(change)[:-1]
            assert decode(encode(change)[:-1]) == change
        latest = merged(sifted.changes)
        values = sorted(sifted.values(), key=lambda value: (*value[3:5], value[2]))
        assert {value[:2]: (*value[3:5], value[2]) for value in values} == {
            key: stamped.order for key, stamped in latest.items()
        }
        assert all(datetime.fromisoformat(at) for *_, at in values)
        if not sifted.newer:  # else it is refused
            after = sift(compacted(journal, "desk", NOW, 1))
            assert merged(after.changes) == latest
            assert after.lamport == sifted.lamport
