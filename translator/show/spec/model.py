"""What a guide's page says, in plain words and places: classes, made by ``making``.

The page, the Markdown and the site are laid out from a ``Guide``, and say nothing else.
"""

from __future__ import annotations

from collections.abc import Iterator

from attrs import define, field

from translator.show.spec.example import Example
from translator.show.spec.head import Paragraph
from translator.show.spec.names import Name
from translator.tables.partner import Setting
from translator.tables.table import Table


@define(eq=False, repr=False)
class Place:
    """Somewhere in a guide: its table, the anchor there, and what people call it."""

    table: str
    anchor: str
    label: str


@define(eq=False, repr=False)
class Entry:
    """A line of the overview: a loop, or (with ``pos``) a segment. ``depth`` is how many loops it stands in."""

    depth: int
    loop: bool
    label: str
    which: str
    title: str
    pos: str
    use: str
    most: str
    anchor: str


@define(eq=False, repr=False)
class Code:
    """A code with its meaning, the JSON name or path that it stands for, and what holds for a value under it."""

    code: str
    meaning: str
    name: str = ""
    sentences: list[str] = field(factory=list)
    note: str = ""


@define(eq=False, repr=False)
class Touch:
    """A carry rule that touches an element: what it does with it, the rule's place, the other end of it, and what it asks for."""

    does: str
    rule: Place
    ends: list[Place]
    other: str
    said: str


@define(eq=False, repr=False)
class Item:
    """An element, or a pair of qualifier and value."""

    ref: str
    anchor: str
    use: str
    name: str
    type: str
    length: str
    codes: list[Code] = field(factory=list)
    path: str = ""
    at: str = ""  # the anchor of that path among the names
    sentences: list[str] = field(factory=list)
    note: str = ""
    setting: str = ""
    level: str = ""
    touches: list[Touch] = field(factory=list)
    findings: list[str] = field(factory=list)


@define(eq=False, repr=False)
class Part:
    """A segment in its loop. ``used`` are its elements that the guide speaks of."""

    anchor: str
    segment: str
    which: str  # the codes that tell it from others like it
    name: str
    area: str
    pos: str
    loop: str
    use: str
    most: str
    note: str
    setting: str
    sentences: list[str]
    used: list[Item]
    line: str
    findings: list[str]


@define(eq=False, repr=False)
class Carried:
    """A carry rule of the guide: what of the order goes where, and when. ``comes`` and ``goes`` are elements of guides."""

    anchor: str
    ref: str
    order: str
    here: str
    said: str
    when: list[str]
    source: str
    note: str
    setting: str
    comes: list[Place]
    goes: list[Place]
    findings: list[str]


@define(eq=False, repr=False)
class Choice:
    """A setting that the guide rests on, and where."""

    setting: Setting
    used: list[Place]


@define(eq=False, repr=False)
class Said:
    """A finding that the guide can bring, and where."""

    code: str
    severity: str
    sentence: str
    cure: str
    used: list[Place]


@define(eq=False, repr=False)
class Filled:
    """A place in the JSON document: its path, what the schema says of it, and which elements fill it."""

    anchor: str
    path: str
    name: Name | None
    used: list[Place]


@define(eq=False, repr=False)
class Guide:
    """A guide, ready to be laid out."""

    name: str
    partner: str
    table: Table
    title: str
    about: list[Paragraph]
    overview: list[Entry]
    parts: list[Part]
    carried: list[Carried]
    choices: list[Choice]
    names: list[Filled]
    findings: list[Said]
    wanted: list[tuple[str, str]]
    example: Example

    @property
    def areas(self) -> Iterator[tuple[str, list[Part]]]:
        """The segments by area, in the guide's order."""
        for area in dict.fromkeys(part.area for part in self.parts):
            yield area, [part for part in self.parts if part.area == area]
