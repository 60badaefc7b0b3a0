"""The envelope written: headers and sets in, the text of an interchange out. Widths, counts and control numbers are made here.

Nothing is judged: what is written is read back by whoever asked for it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from attrs import define

from translator.x12.wire import ISA_WIDTHS, Delimiters


@define
class Group:
    """A functional group to write: GS01 to GS08, and the texts of its sets, from ST to the end of SE."""

    header: list[str]
    sets: Iterable[str]


def isa(elements: Sequence[str], d: Delimiters) -> str:
    """An ISA of 105 characters and no terminator; texts are padded with blanks, ISA13 with zeros (X12.5)."""
    values = []
    for n, (value, width) in enumerate(zip(elements, ISA_WIDTHS, strict=True), 1):
        values.append(value.rjust(width, "0") if n == 13 else value.ljust(width))
    return d.element.join(["ISA", *values])


def wrap(set_id: str, control: str, body: str, d: Delimiters) -> str:
    """The text of a set with its ST and SE, of its segments between them, the last one without end; SE01 counts both."""
    end = d.segment + d.tail
    many = body.count(end) + 3 if body else 2
    header, trailer = d.element.join(["ST", set_id, control]), d.element.join(["SE", str(many), control])
    return end.join([header, body, trailer, ""] if body else [header, trailer, ""])


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
            yield one
        yield d.element.join(["GE", str(sets), group.header[5]]) + end
    yield d.element.join(["IEA", str(many), elements[12].rjust(9, "0")]) + end
