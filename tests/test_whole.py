"""Whether a file has come whole: every prefix of every kind of file, dressings, and what only looks like an end."""

from __future__ import annotations

from pathlib import Path

import pytest

from translator.x12.whole import ends_whole

SAMPLES = Path(__file__).resolve().parent.parent / "samples"
ORDER = (SAMPLES / "guest/1-850.edi").read_bytes()
PLAIN = b"".join(line.strip() for line in ORDER.splitlines())
LINES = PLAIN.replace(b"~", b"\n")
WRAPPED = b"\r\n".join(PLAIN[n : n + 80] for n in range(0, len(PLAIN), 80)) + b"\r\n"
ISA13 = PLAIN.split(b"*")[13]
ZERO = PLAIN.replace(ISA13, b"0" * 9)
KINDS = {
    "as it is": ORDER,
    "without lines": PLAIN,
    "lines end segments": LINES,
    "eighty columns": WRAPPED,
    "other delimiters": PLAIN.replace(b"*", b"|").replace(b"~", b"\x1d"),
    "short number": PLAIN.replace(b"IEA*1*" + ISA13, b"IEA*1*" + ISA13.lstrip(b"0")),
    "number zero": ZERO,
    "number with a zero behind": PLAIN.replace(ISA13, b"000000050"),
    "a BOM before it": b"\xef\xbb\xbf" + PLAIN,
    "blanks before it": b"\r\n \r\n" + PLAIN,
    "two groups of blanks": ORDER.replace(b"~", b"~  "),
}


def test_the_sample_is_what_it_is_taken_for() -> None:
    assert ISA13.isdigit() and len(ISA13) == 9 and PLAIN.count(ISA13) == 2
    assert all(b"IEA" in data.replace(b"\r\n", b"") for data in KINDS.values())


@pytest.mark.parametrize("kind", KINDS)
def test_no_file_that_is_cut_is_whole(kind: str) -> None:
    data = KINDS[kind]
    end = len(data)
    while not data[end - 1 : end].isdigit():  # where IEA02 ends
        end -= 1
    assert [n for n in range(end) if ends_whole(data[:n])] == []
    assert [n for n in range(end, len(data) + 1) if not ends_whole(data[:n])] == []


@pytest.mark.parametrize("tail", [b"", b"\n", b"\r\n\r\n", b"   ", b"\0" * 700, b"\x1a", b"\r\n\x1a\0\0 "])
def test_padding_may_follow(tail: bytes) -> None:
    assert ends_whole(PLAIN + tail)
    assert ends_whole(PLAIN[:-1] + tail)


@pytest.mark.parametrize("tail", [b"I", b"IS", b"ISA", b"ISA*00*", PLAIN[:200], PLAIN[:-20], b"regards", b"GS*PO", b"x"])
def test_nothing_else_may(tail: bytes) -> None:
    assert not ends_whole(PLAIN + tail)
    assert not ends_whole(PLAIN + b"\r\n" + tail)


def test_the_last_of_several_counts() -> None:
    other = PLAIN.replace(b"*", b"|").replace(ISA13, b"000000077")
    for data in (PLAIN + other, PLAIN + b"\r\n" + other, other + PLAIN):
        assert ends_whole(data)
        assert not ends_whole(data[:-12])
    assert not ends_whole(PLAIN + other.replace(b"IEA|1|000000077", b"IEA|1|" + ISA13))
    assert ends_whole(PLAIN[:-30] + PLAIN), "the first was cut, the last is whole: read on, and the first is a finding"


@pytest.mark.parametrize(
    "data",
    [
        *(b"", b" ", b"\0", b"IEA*1*000000001~", b"ISA", b"%PDF-1.4", b"{}", b"\xff\xfeI\0S\0A\0", b"ISA*IEA*1*1~", b"~" * 5000),
        PLAIN.replace(b"IEA*1*", b"IEA*1**"),
        PLAIN.replace(b"IEA*1*" + ISA13, b"IEA*1"),
        PLAIN.replace(b"IEA*1*" + ISA13, b"IEA*1*999999999"),
        PLAIN.replace(b"IEA*1*" + ISA13, b"IEA*1*" + ISA13 + b"0"),
        PLAIN.replace(b"~IEA*", b"~XEA*"),
        PLAIN.replace(b"~IEA*", b"*IEA*"),
        PLAIN.split(b"~GE*")[0] + b"*IEA*1*" + ISA13 + b"~",
    ],
)
def test_what_is_no_end(data: bytes) -> None:
    assert not ends_whole(data)


def test_the_letters_of_a_header_in_a_value_are_no_header() -> None:
    name = PLAIN.replace(b"~SE*", b"~MSG*ISA AND VISA~ISAAC*1~SE*")
    assert ends_whole(name)
    assert not ends_whole(name[:-5])


def test_a_file_with_an_endless_segment_is_whole_too() -> None:
    assert ends_whole(PLAIN.replace(b"~SE*", b"~MSG*" + b"X" * 3_000_000 + b"~SE*"))
