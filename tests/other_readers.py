"""Readers that nobody here wrote, asked what they see in an interchange: bytes go in, segments and objections come out.

x12-doctor and x12-tidy know the envelope, and some arithmetic and codes that no guide of ours goes by; of these nothing is
heard here. test_second_opinion.py shows them our samples, and hears everything.
"""

from __future__ import annotations

import x12_tidy
from x12doctor import diagnose, tokenize

# What x12-doctor says of values that it knows better, and not of structure: delimiters (which X12 leaves to each ISA), years
# far off, numbers that look a hundred times too large, totals (a hash total drops points), codes, the 00 before an SSCC,
# barcodes, a release that differs, and what an acknowledgment tells.
OF_CONTENTS = {"A05", "A08", "B02", "B03", "B04", "B06", "C01", "C03", "D02", "D04"}
RELEASES = {x12_tidy.diagnostics.Code.GS_VERSION_MISMATCH, x12_tidy.diagnostics.Code.ISA_VERSION_UNRECOGNIZED}


def seen(data: bytes) -> list[list[str]]:
    """The segments of an interchange that x12-doctor sees, as lists of tag and elements."""
    found = tokenize(data.decode("latin-1")).segments
    return [[one.id, *one.elements] for one in found]


def objections(data: bytes) -> set[str]:
    """What either of them has against the structure of an interchange."""
    doctor = {finding.code for finding in diagnose(data).findings} - OF_CONTENTS
    known = set(RELEASES)
    if data[:106].count(b"GS" + data[3:4]):  # x12-tidy takes an id that ends in GS for the next segment
        known.add(x12_tidy.diagnostics.Code.ISA_SEPARATOR_COUNT_LOW)
    return doctor | {str(said) for said in x12_tidy.tidy(data).diagnostics if said.code not in known}


def knows(segment: str) -> bool:
    """Whether x12-doctor can read an interchange with this terminator: it takes a carriage return for a line's end only."""
    return segment != "\r"


def trimmed(values: list[str], element: str) -> list[str]:
    """A segment as x12-doctor sees it: without the blanks around it."""
    return element.join(values).strip(" \t\r\n").split(element)
