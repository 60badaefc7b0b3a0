"""The envelope written: headers and sets in, the text of an interchange out. Widths, counts and control numbers are made here.

Nothing is judged: what is written is read back by whoever asked for it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from attrs import define

from translator.x12.wire import ISA_WIDTHS, Delimiters


@define
class Group:
    """A functional group to write: GS01 to GS08, and its sets as lists of segments, ST and SE included."""

    header: list[str]
    sets: Iterable[list[str]]


def isa(elements: Sequence[str], d: Delimiters) -> str:
    """An ISA of 105 characters and no terminator; texts are padded with blanks, ISA13 with zeros (X12.5)."""
    values = []
    for n, (value, width) in enumerate(zip(elements, ISA_WIDTHS, strict=True), 1):
        values.append(value.rjust(width, "0") if n == 13 else value.ljust(width))
    return d.element.join(["ISA", *values])


def wrap(set_id: str, control: str, body: list[str], d: Delimiters) -> list[str]:
    """A set with its ST and SE; SE01 counts both."""
    return [d.element.join(["ST", set_id, control]), *body, d.element.join(["SE", str(len(body) + 2), control])]


def interchange(
    elements: Sequence[str], groups: Iterable[Group], d: Delimiters, notices: Sequence[list[str]] = ()
) -> Iterator[str]:
    """A whole interchange, header by header and set by set, every segment ended by terminator and tail; ``notices`` are TA1,
    which stand before all groups."""
    end = d.segment + d.tail
    yield end.join([isa(elements, d), *(d.element.join(values) for values in notices), ""])
    many = 0
    for group in groups:
        many += 1
        yield d.element.join(["GS", *group.header]) + end
        sets = 0
        for one in group.sets:
            sets += 1
            yield end.join(one) + end
        yield d.element.join(["GE", str(sets), group.header[5]]) + end
    yield d.element.join(["IEA", str(many), elements[12].rjust(9, "0")]) + end
