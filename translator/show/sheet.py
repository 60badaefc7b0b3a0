"""A sheet: what is to be shown of a document, before anybody decides on characters, colour or HTML.

Whoever knows documents makes sheets, whoever knows a terminal or a page prints them. Every text in a sheet may come from
outside and is as it was sent: what prints it makes it harmless for its medium. Nothing is read or printed here.
"""

from __future__ import annotations

from attrs import define, field

# What tells values apart beside colour, which nobody may depend on: their words say the same.
STRONG, QUIET, GOOD, WARNING, ERROR = "strong", "quiet", "good", "warning", "error"


@define
class Words:
    """A value: its ``text`` as sent, perhaps a ``label`` before it and, behind it, what it ``means``; ``tone`` for emphasis."""

    text: str = ""
    means: str = ""
    label: str = ""
    tone: str = ""


@define
class Field:
    """A label and what stands under it: values that go on in one line."""

    label: str
    values: list[Words]


@define
class Fields:
    """Labels with their values."""

    title: str
    rows: list[Field]


@define
class Card:
    """A short block of lines under a heading, such as an address."""

    title: str
    lines: list[list[Words]]


@define
class Cards:
    """Cards that may stand beside each other."""

    title: str
    cards: list[Card]


@define
class Column:
    """A column of a grid; ``right``: numbers, set to the right."""

    name: str
    right: bool = False


@define
class Row:
    """A row of a grid: a cell for each column, and below them, over the whole width, what no column has room for."""

    cells: list[Words]
    notes: list[list[Words]] = field(factory=list)


@define
class Grid:
    """A table; the meanings of codes in its cells may be told once, below it."""

    title: str
    columns: list[Column]
    rows: list[Row]


@define
class Node:
    """A node of a tree: what it is, notes about it, and what is in it."""

    words: list[Words]
    children: list[Node] = field(factory=list)


@define
class Tree:
    """A tree, such as a shipment's pallets, cartons and items."""

    title: str
    nodes: list[Node]


@define
class Note:
    """A sentence or a few, over the whole width."""

    text: str
    tone: str = ""
    title: str = ""


@define
class Raw:
    """Text that is shown line by line, as it came."""

    title: str
    lines: list[str]


@define
class Said:
    """A finding: its severity as a word, its code, sentence and cure, and the place."""

    severity: str
    code: str
    sentence: str
    cure: str
    where: str


@define
class Findings:
    """What was found, to be numbered from 1."""

    title: str
    found: list[Said]


Block = Fields | Cards | Grid | Tree | Note | Raw | Findings


@define
class Sheet:
    """A document as people read it: what it is, its name, what is to be known first, and its blocks in reading order."""

    title: str
    name: str
    lead: list[Words]
    blocks: list[Block]
