"""What a table of JSON fields says, as attrs classes: fields with a place on either side, and requests made of them.

Made by ``load``; nothing is read or judged here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from attrs import define, field

from translator.documents.places import Step, Steps, text_of
from translator.tables.carryrule import CarryRule
from translator.tables.paths import Condition


@define(eq=False, repr=False)
class Field:
    """A field: its place in their JSON (``body``, () for a constant of the document) and in ours (``json``, () for what is known
    and not taken). ``json`` may be several places, of which the first that says something is written. ``after`` is a moment of the
    order, before which a day may not be, and ``check`` what is looked at beside: a tracking number. ``private``: what the value is
    that no stranger should read."""

    body: Steps
    json: tuple[Steps, ...] = ()
    kind: str = "text"
    required: bool = False
    value: Any = None
    codes: dict[str, str] = field(factory=dict)
    like: re.Pattern[str] | None = None
    join: Steps = ()
    only: str = ""
    form: str = ""
    carrier: str = ""
    setting: str = ""
    after: Steps = ()
    check: str = ""
    note: str = ""
    rule: str = ""
    private: str = ""

    @property
    def place(self) -> str:
        """Where it stands in their JSON, as the table writes it."""
        return text_of(self.body)

    @property
    def constant(self) -> bool:
        """Whether one side always says the same."""
        return self.value is not None


@define(eq=False, repr=False)
class Split:
    """How the quantity of a line is told in parts: the list and its two names, the state of each part, in their order."""

    place: Steps
    state: str
    quantity: str
    parts: dict[str, str]
    rule: str


@define(eq=False, repr=False)
class Request:
    """A request for each object at ``each`` for which ``when`` holds: the ``call`` of the API, and the fields of its body.

    ``fill`` are places in the document for what the path of the call names; ``entries`` the list of the body and the lists of
    the document that its entries are made of, ``add`` the field that is added up where all others are the same.
    """

    call: str
    each: Steps
    fill: dict[str, Steps]
    fields: tuple[Field, ...]
    when: tuple[Condition, ...] = ()
    entries: tuple[Steps, Steps] | None = None
    add: str = ""
    split: Split | None = None
    rule: str = ""


@define(eq=False, repr=False)
class Node:
    """What the table knows of an object of their JSON: the objects, lists and fields in it, by name."""

    path: Steps
    listed: bool = False
    fields: list[Field] = field(factory=list)
    below: dict[str, Node] = field(factory=dict)

    @property
    def needed(self) -> bool:
        """Whether one of the fields right in it is required: a list of such entries may not be empty."""
        return any(f.required for node in self.below.values() for f in node.fields)


def tree(fields: Iterable[Field]) -> Node:
    """The tree of the places of fields in their JSON."""
    top = Node(())
    for one in fields:
        for path in (one.body, one.join):
            here = top
            for n, step in enumerate(path):
                here = here.below.setdefault(step.name, Node(path[: n + 1], step.each))
            if path:
                here.fields.append(one)
    return top


@define(eq=False, repr=False)
class BodyTable:
    """A table: of ``fields`` both ways (orders), or of ``requests`` that say what a document says (answers)."""

    name: str
    partner: str
    document: str
    source: str
    fields: tuple[Field, ...] = ()
    requests: tuple[Request, ...] = ()
    key: Steps = ()
    answer: dict[str, str] = field(factory=dict)
    carry: tuple[CarryRule, ...] = ()
    answers: dict[str, str] = field(factory=dict)
    settings: dict[str, str] = field(factory=dict)
    schema: dict[str, Any] = field(factory=dict)
    tree: Node = field(factory=lambda: Node(()))

    @property
    def file(self) -> str:
        """The mapping file, for messages."""
        return f"mappings/{self.name}.toml"


def lists(path: Steps) -> tuple[Steps, ...]:
    """The lists on a path that are gone through whole, outermost first: each the steps down to it."""
    return tuple(path[: n + 1] for n, step in enumerate(path) if step.each)


def numbered(path: Steps, numbers: tuple[int, ...]) -> Steps:
    """The path with a number in place of each ``[]``, as many as are given."""
    left = iter(numbers)
    return tuple(Step(s.name, index=n) if s.each and (n := next(left, None)) is not None else s for s in path)
