"""A late pattern does what a compiled one does, and is compiled with its first use."""

import re

import pytest

from tui_reader.late import late


def test_a_late_pattern_is_used_as_a_compiled_one() -> None:
    pattern, compiled = late(r"(a)|b", re.IGNORECASE), re.compile(r"(a)|b", re.IGNORECASE)
    for _ in range(2):
        assert pattern.sub("-", "xAbx") == compiled.sub("-", "xAbx")
        assert [found.groups() for found in pattern.finditer("ab")] == [("a",), (None,)]
    assert pattern.pattern == compiled.pattern
    assert late(rb"\d+").findall(b"1 22") == [b"1", b"22"]


def test_what_is_no_pattern_is_told_when_it_is_used() -> None:
    broken = late("(")
    with pytest.raises(re.error):
        broken.match("")
