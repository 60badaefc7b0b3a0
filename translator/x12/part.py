"""The pieces of a file that the envelope gives out: nothing goes in, two records come out. They hold, they do not judge."""

from __future__ import annotations

from attrs import define, field

from translator.findings import Finding
from translator.x12.wire import Delimiters


@define(eq=False, repr=False)
class Envelope:
    """The headers in force: an ISA's elements and delimiters, and the GS's elements (empty before any GS)."""

    isa: list[str]
    delimiters: Delimiters
    group: list[str] = field(factory=list)
    isa_place: tuple[int, int] = (0, 1)  # byte and line of the ISA
    group_place: tuple[int, int] = (0, 1)  # and of the GS
    sets: int = 0  # seen under these headers so far


@define(eq=False, repr=False)
class Part:
    """A piece of the file. ``set_id`` and ``control`` are ST01 and ST02 of a set; both empty where it is none.

    ``values`` are the elements of the header, trailer or TA1 that ends a piece of the envelope, tag first; empty else.
    """

    text: str
    offset: int
    view: tuple[str, int, int] = field(repr=False)  # the window's text, the lines before it, this part's place in it
    envelope: Envelope | None = None
    is_set: bool = False
    first: bool = False  # the first set under its headers, which speaks for them
    set_id: str = ""
    control: str = ""
    segments: int = 0
    findings: list[Finding] = field(factory=list)
    values: list[str] = field(factory=list)

    @property
    def speaks(self) -> bool:
        """Whether there is more to it than text between sets: a set, an interchange acknowledgment, a finding."""
        return self.is_set or bool(self.findings) or self.values[:1] == ["TA1"]

    def line(self, at: int = 0) -> int:
        """The line number, from 1, of a place in this part; counted only when somebody asks."""
        text, before, place = self.view
        return before + text.count("\n", 0, place + at) + 1
