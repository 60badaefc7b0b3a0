"""A form and what stands in it: sections of fields, and what came of it when it was judged. Nothing is worked out here."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from attrs import define, field

from translator.serve.asks import TEXT

Json = dict[str, Any]


@define(eq=False)
class Field:
    """A field: ``name`` is its place in the document, or a word of the form's own; ``choices`` are values with their words."""

    name: str
    label: str
    help: str = ""
    kind: str = TEXT
    value: str = ""
    choices: dict[str, str] = field(factory=dict)
    errors: list[str] = field(factory=list)
    needed: bool = False
    about: str = ""  # the line or the carton that it is of

    @property
    def title(self) -> str:
        """What it is called where its row is not in sight."""
        return f"{self.about}: {self.label}" if self.about else self.label

    @property
    def id(self) -> str:
        """As the page names it."""
        return re.sub(r"[^a-z0-9]+", "-", self.name).strip("-")


@define(eq=False)
class Row:
    """A line of the order, or a carton: what it is, and its fields; ``more`` are those that are seldom needed."""

    title: str
    notes: list[str]
    fields: list[Field]
    more: list[Field] = field(factory=list)

    @property
    def all(self) -> list[Field]:
        """Its fields, each called after it."""
        for one in (*self.fields, *self.more):
            one.about = self.title
        return [*self.fields, *self.more]


@define(eq=False)
class Section:
    """Fields, or rows of fields, under a heading. ``again`` is the word on a button that works the form out anew."""

    title: str
    help: str = ""
    again: str = ""
    fields: list[Field] = field(factory=list)
    rows: list[Row] = field(factory=list)

    @property
    def all(self) -> Iterator[Field]:
        """Every field of it."""
        yield from self.fields
        for row in self.rows:
            yield from row.all


@define(eq=False)
class Form:
    """The form. ``errors`` are about no field, ``warnings`` keep nothing back; ``refused`` says why there is no form at all."""

    order: Json
    kind: str
    program: str
    set_id: str = ""
    sections: list[Section] = field(factory=list)
    errors: list[str] = field(factory=list)
    warnings: list[str] = field(factory=list)
    refused: list[str] = field(factory=list)
    data: bytes | None = None
    control: int = 0
    next_serial: int | None = None

    @property
    def fields(self) -> dict[str, Field]:
        """The fields by name."""
        return {one.name: one for section in self.sections for one in section.all}

    @property
    def faults(self) -> list[Field]:
        """The fields at which something is wrong."""
        return [one for one in self.fields.values() if one.errors]
