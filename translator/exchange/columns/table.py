"""What a column table says, as attrs classes: the form of the file, its columns, and the levels of objects that rows repeat.

Made by ``load``; nothing is read or judged here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from attrs import define, field

from translator.documents.places import Step, Steps, text_of

REPORT = ("error", "cure")
"""The columns that a reject file has more; a corrected reject file is read as if they were not there."""


@define(frozen=True)
class FileForm:
    """How the file is written."""

    layout: str = "delimited"
    delimiter: str = ","
    quote: str = "needed"
    encoding: str = "utf-8"
    line_end: str = "\r\n"
    header: bool = True
    date: str = "YYYY-MM-DD"
    time: str = "HH:MM"
    decimal: str = "."
    one_file: str = "document"
    name: str = ""
    trigger: str = ""
    other_columns: str = "refuse"


@define(frozen=True)
class Column:
    """A column: its ``name`` in the file ("" for a constant of the document), and the ``path`` of its value in the object
    of its ``level`` (() for a constant of the file). ``unless`` are columns of which one being filled is enough."""

    name: str
    whole: Steps = ()
    level: int = 0
    path: Steps = ()
    kind: str = "text"
    key: bool = False
    required: bool = False
    unless: tuple[str, ...] = ()
    value: Any = None
    lengths: tuple[int, ...] = ()
    like: re.Pattern[str] | None = None
    check: str = ""
    codes: dict[str, str] = field(factory=dict, hash=False)
    words: bool = False
    width: int = 0
    align: str = "left"
    pad: str = " "
    note: str = ""
    rule: str = ""
    constant: bool = field(init=False)
    places: tuple[str, ...] = field(init=False)

    def __attrs_post_init__(self) -> None:
        put = object.__setattr__
        put(self, "constant", bool(self.name) and not self.whole)  # the file always says the same, the document nothing
        known = not any(step.codes for step in self.path)
        put(self, "places", tuple(text_of(self.path[: n + 1]) for n in range(len(self.path))) if known else ())

    @property
    def place(self) -> str:
        """The path as the table writes it."""
        return text_of(self.whole)


@define(frozen=True)
class Listed:
    """A list of which columns show some entries: the first ``most``, or the one that ``step`` chooses by its codes."""

    level: int
    path: Steps
    step: Step
    most: int
    column: Column


@define(frozen=True)
class ColumnTable:
    """A column table. ``levels`` are the lists from the document to the innermost object: each the steps from the object
    before it, the last of them the list."""

    name: str
    document: str
    title: str
    levels: tuple[Steps, ...]
    without: str
    form: FileForm
    columns: tuple[Column, ...]
    in_file: tuple[Column, ...] = field(init=False)
    said: tuple[Column, ...] = field(init=False)
    fixed: tuple[Column, ...] = field(init=False)
    lists: tuple[Listed, ...] = field(init=False)
    of: tuple[tuple[Column, ...], ...] = field(init=False)
    _keys: tuple[tuple[Column, ...], ...] = field(init=False)

    def __attrs_post_init__(self) -> None:
        put = object.__setattr__
        put(self, "in_file", tuple(c for c in self.columns if c.name))  # the file's columns
        put(self, "said", tuple(c for c in self.columns if c.name and c.whole))  # of those, the document's
        put(self, "fixed", tuple(c for c in self.columns if not c.name))  # what the document always says
        put(self, "lists", tuple(_lists(self.said)))
        put(self, "of", tuple(tuple(c for c in self.said if c.level == n) for n in range(self.depth + 1)))  # by level
        put(self, "_keys", tuple(tuple(c for c in columns if c.key) for columns in self.of))

    @property
    def file(self) -> str:
        """The mapping file, for messages."""
        return f"mappings/{self.name}.toml"

    @property
    def depth(self) -> int:
        """The level of the innermost object; the document is 0."""
        return len(self.levels)

    def keys(self, level: int) -> tuple[Column, ...]:
        """The columns that tell the objects of a level apart."""
        return self._keys[level]

    def column(self, name: str) -> Column | None:
        """The column of that name."""
        return next((c for c in self.in_file if c.name == name), None)


def split(each: Steps) -> tuple[Steps, ...]:
    """The levels of a path of lists: ``orders[].packs[]`` has two."""
    found: list[Steps] = []
    part: list[Step] = []
    for step in each:
        part.append(step)
        if step.each:
            found.append(tuple(part))
            part = []
    return tuple(found)


def _lists(columns: tuple[Column, ...]) -> Iterator[Listed]:
    """The lists of which the columns show entries."""
    found: dict[tuple[Any, ...], Listed] = {}
    for column in columns:
        for n, step in enumerate(column.path):
            if step.index is not None or step.codes:
                path = (*column.path[:n], Step(step.name))
                before = found.get((column.level, path, step.codes))
                most = max(before.most if before else 1, 1 + (step.index or 0))
                found[column.level, path, step.codes] = Listed(column.level, path, step, most, before.column if before else column)
    yield from found.values()
