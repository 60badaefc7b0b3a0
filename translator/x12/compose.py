"""The envelope written: headers and sets in, the text of an interchange out. Widths, counts and control numbers are made here.

Nothing is judged: what is written is read back by whoever asked for it.
"""

from __future__ import annotations

from collections.abc import Sequence

from attrs import define

from translator.x12.wire import ISA_WIDTHS, Delimiters


@define
class Group:
    """A functional group to write: GS01 to GS08, and its sets as lists of segments, ST and SE included."""

    header: list[str]
    sets: list[list[str]]


def isa(elements: Sequence[str], d: Delimiters) -> str:
    """An ISA of 105 characters and no terminator; texts are padded with blanks, ISA13 with zeros (X12.5)."""
    values = []
    for n, (value, width) in enumerate(zip(elements, ISA_WIDTHS, strict=True), 1):
        values.append(value.rjust(width, "0") if n == 13 else value.ljust(width))
    return d.element.join(["ISA", *values])


def wrap(set_id: str, control: str, body: list[str], d: Delimiters) -> list[str]:
    """A set with its ST and SE; SE01 counts both."""
    return [d.element.join(["ST", set_id, control]), *body, d.element.join(["SE", str(len(body) + 2), control])]


def interchange(elements: Sequence[str], groups: list[Group], d: Delimiters, notices: Sequence[list[str]] = ()) -> str:
    """A whole interchange, every segment ended by terminator and tail; ``notices`` are TA1, which stand before all groups."""
    segments = [isa(elements, d), *(d.element.join(values) for values in notices)]
    for group in groups:
        segments.append(d.element.join(["GS", *group.header]))
        for one in group.sets:
            segments += one
        segments.append(d.element.join(["GE", str(len(group.sets)), group.header[5]]))
    segments.append(d.element.join(["IEA", str(len(groups)), elements[12].rjust(9, "0")]))
    end = d.segment + d.tail
    return end.join(segments) + end
