"""What is on the inspector page, as plain values: segments, elements, loops, findings, blocks. ``model`` makes them, ``page.html``
prints them; nothing is worked out here.
"""

from __future__ import annotations

from attrs import define, field

from translator.findings import ERROR
from translator.show.page.document import Token
from translator.show.page.rules import Rule
from translator.show.sheet import Sheet


@define(eq=False, repr=False)
class Note:
    """A finding on the page, ``f1``; ``to`` is where it leads: ``e12``, ``s3``, or nothing."""

    number: int
    severity: str
    code: str
    sentence: str
    cure: str
    where: str
    rule: str
    to: str = ""
    block: int = 0


@define(eq=False, repr=False)
class Item:
    """An element: ``raw`` as it stands in the file, ``after`` what follows it there.

    ``json`` is the number of its value in the JSON, ``rule`` of its part of a rule, 0 where it has none. An element that is empty
    and blameless has number 0, and is raw text only.
    """

    number: int
    ref: str
    name: str
    about: str
    value: str
    raw: str
    after: str
    meaning: str = ""
    note: str = ""
    path: str = ""
    json: int = 0
    rule: int = 0
    inner: bool = False
    whole: bool = False  # a composite: its components are linked, not itself
    notes: list[Note] = field(factory=list)

    @property
    def worst(self) -> str:
        """The severity that marks it, or nothing."""
        return worst(self.notes)


@define(eq=False, repr=False)
class Segment:
    """A segment, ``r3`` in the raw text and ``s3`` where it is explained. Raw text stands around its tag and at its end."""

    number: int
    tag: str
    name: str
    before: str
    after: str
    depth: int
    place: str
    rule: int
    note: str
    items: list[Item]
    notes: list[Note] = field(factory=list)
    end: str = ""

    @property
    def fold(self) -> bool:
        """A segment is no loop."""
        return False

    @property
    def explained(self) -> list[Item]:
        """The elements that say something."""
        return [item for item in self.items if item.number]

    @property
    def worst(self) -> str:
        """The severity that marks it, or nothing."""
        return worst(self.notes)


@define(eq=False, repr=False)
class Fold:
    """A loop that came: its segments, and the loops in it."""

    title: str
    name: str
    inside: list[Segment | Fold] = field(factory=list)
    findings: int = 0
    times: dict[str, int] = field(factory=dict)  # how often each loop came in it

    @property
    def fold(self) -> bool:
        """It folds."""
        return True


@define(eq=False, repr=False)
class Block:
    """A set, or what stands outside of sets, ``b1``: raw text (``segments``, then ``tail``), document, explanations."""

    number: int
    title: str = "Outside any set"
    kind: str = ""
    about: list[tuple[str, str]] = field(factory=list)
    facts: list[tuple[str, str]] = field(factory=list)
    segments: list[Segment] = field(factory=list)
    inside: list[Segment | Fold] = field(factory=list)
    json: list[Token] = field(factory=list)
    tail: str = ""
    notes: list[Note] = field(factory=list)
    cut: bool = False
    sheet: Sheet | None = None

    def count(self, severity: str) -> int:
        """How many findings of a severity it has."""
        return sum(note.severity == severity for note in self.notes)


@define(eq=False, repr=False)
class Said:
    """The whole page. ``left`` says in words what is not on it."""

    blocks: list[Block] = field(factory=list)
    notes: list[Note] = field(factory=list)
    rules: list[Rule] = field(factory=list)
    segments: int = 0
    left: str = ""

    def count(self, severity: str) -> int:
        """How many findings of a severity it has."""
        return sum(note.severity == severity for note in self.notes)


def worst(notes: list[Note]) -> str:
    """The most severe of some findings' severities."""
    return ERROR if any(note.severity == ERROR for note in notes) else notes[0].severity if notes else ""
