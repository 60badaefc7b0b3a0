"""What a mapping table says: in goes a guide's TOML, out comes a ``Table`` of loops, rows and elements, or a ``TableError``.

The format is taught in ``mappings/README.md``. Loading is strict: an unknown key, an element that the standard does not
have, a length wider than the standard, or a table that can be read in two ways does not load, and the error names file
and row. What a table says is never changed after loading. Reading and writing with it happens elsewhere.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

from attrs import define, field

from translator.tables.standard import Segment, SetLimits
from translator.x12.wire import Delimiters

AREAS = ("envelope", "heading", "detail", "summary")
NO_LIMIT = 1 << 31
Plan = Callable[[str, dict[str, Any]], dict[str, Any] | None]
Path = tuple[tuple[str, str], ...]  # steps of a JSON path: (name, kind), kind "" an object's key, "[]" one more, "*" by name


@define(eq=False, repr=False)
class Rule:
    """A usage note about an element that holds when other elements have certain codes.

    ``document`` asks for a value elsewhere in the document: (path, code).
    """

    when: tuple[tuple[int, frozenset[str]], ...]
    codes: tuple[str, ...] = ()
    like: re.Pattern[str] | None = None
    use: str = "O"
    document: tuple[Path, str] | None = None
    note: str = ""


@define(eq=False, repr=False)
class ValueRule:
    """What a value under a qualifier must look like: a pattern, a named check digit, agreement with another value."""

    like: re.Pattern[str] | None = None
    check: str = ""
    agrees: tuple[re.Pattern[str], str] | None = None
    note: str = ""


@define(eq=False, repr=False)
class Element:
    """An element of a row, narrowed by the guide. ``component`` is 0, or the place in a composite."""

    ref: str
    number: int
    component: int
    name: str
    type: str
    least: int
    most: int
    mandatory: bool
    codes: dict[str, str] = field(factory=dict)
    json: Path = ()
    names: dict[str, str] = field(factory=dict)
    need: tuple[str, ...] = ()
    key: bool = False
    only: tuple[int, frozenset[str]] | None = None
    rules: tuple[Rule, ...] = ()
    like: re.Pattern[str] | None = None
    check: str = ""
    classify: str = ""
    agrees: tuple[re.Pattern[str], Path] | None = None
    make: tuple[str, str] | None = None
    unique: bool = False
    expect: str = ""
    level: str | None = None
    note: str = ""

    @property
    def constant(self) -> str | None:
        """The one code of an element that has no place in the JSON."""
        return next(iter(self.codes)) if len(self.codes) == 1 and not self.json and not self.names else None


@define(eq=False, repr=False)
class Pairs:
    """Qualifier and value pairs of a row: from element ``first`` to ``last``, into a map (``names``) or a list."""

    first: int
    last: int
    codes: dict[str, str]
    json: Path
    names: dict[str, str] = field(factory=dict)
    values: dict[str, ValueRule] = field(factory=dict)
    qualifier: str = ""
    value: str = ""
    need: int = 0


@define(eq=False, repr=False)
class Row:
    """A segment in its loop."""

    area: str
    loop: str
    segment: str
    pos: str
    mandatory: bool
    most: int
    rank: int
    standard: Segment
    elements: dict[tuple[int, int], Element]
    json: Path = ()
    pairs: Pairs | None = None
    expect: str = ""
    note: str = ""
    rule: str = ""
    key: tuple[int, frozenset[str]] | None = None
    names: Element | None = None
    often: bool = False  # came twice in a loop that was read: worth a place of its own in a plan
    reach: int = 0  # the last element that could be missed: mandatory, or expected by the guide

    @property
    def label(self) -> str:
        """What people call it: the loop, if any, and the segment."""
        return f"{self.loop}/{self.segment}" if self.loop and self.loop.split("/")[-1] != self.segment else self.segment


@define(eq=False, repr=False)
class Loop:
    """A loop, or the whole set (name ""): its items in rank order. ``trigger`` is the row that begins it."""

    name: str
    mandatory: bool
    most: int
    json: Path = ()
    title: str = ""
    rank: int = 0
    items: list[Row | Loop] = field(factory=list)
    by_tag: dict[str, list[Row | Loop]] = field(factory=dict)
    often: bool = False

    @property
    def trigger(self) -> Row:
        """The row whose segment begins the loop."""
        first = self.items[0]
        assert isinstance(first, Row)
        return first

    @property
    def tag(self) -> str:
        """The segment that begins the loop."""
        return self.trigger.segment


@define(eq=False, repr=False)
class Table:
    """A guide as data. ``name`` is ``target/850``-like; ``root`` holds the rows; ``envelope`` narrows ISA and GS."""

    name: str
    partner: str
    set_id: str
    release: str
    group: str
    document: str
    source: str
    root: Loop
    envelope: dict[str, Row]
    header: Segment  # ST, by the standard
    forms: dict[str, dict[str, re.Pattern[str]]]
    limits: SetLimits
    plans: dict[Delimiters, Plan] = field(factory=dict, repr=False)  # what was compiled of it, by delimiters
    seen: int = 0  # bytes read without a plan so far

    @property
    def homes(self) -> dict[str, list[str]]:
        """Segment -> the loops that hold it, for segments that stand in loops only."""
        found: dict[str, list[str]] = {}
        for row in self.rows():
            names = found.setdefault(row.segment, [])
            if row.loop not in names:
                names.append(row.loop)
        return {tag: names for tag, names in found.items() if "" not in names}

    def rows(self) -> Iterator[Row]:
        """Every row of the set in the guide's order."""
        return _rows(self.root)

    def loops(self) -> Iterator[Loop]:
        """Every loop below the whole set, in the guide's order."""
        return _loops(self.root)

    def paths(self) -> dict[str, str]:
        """Every place in the JSON document that the table fills: path -> X12 type (``lines[].ids.*`` names spelled out)."""
        found: dict[str, str] = {}
        _paths(self.root, "", found)
        return found


def path_text(path: Path) -> str:
    """A path as tables write it."""
    return ".".join(name + ("[]" if kind == "[]" else "") for name, kind in path)


def _rows(loop: Loop) -> Iterator[Row]:
    for item in loop.items:
        if isinstance(item, Row):
            yield item
        else:
            yield from _rows(item)


def _loops(loop: Loop) -> Iterator[Loop]:
    for item in loop.items:
        if isinstance(item, Loop):
            yield item
            yield from _loops(item)


def _paths(loop: Loop, prefix: str, found: dict[str, str]) -> None:
    for item in loop.items:
        if isinstance(item, Loop):
            _paths(item, prefix + path_text(item.json) + "." if item.json else prefix, found)
            continue
        bases = [prefix + path_text(item.json) + "." if item.json else prefix]
        if item.names:
            bases = [bases[0].replace("*", name) for name in item.names.names.values()]
        for base in bases:
            for e in item.elements.values():
                if e.json:
                    found[base + path_text(e.json)] = e.type
                if e.classify:
                    found[base + e.classify] = "AN"
            if p := item.pairs:
                places = [f"{path_text(p.json)}.{n}" for n in p.names.values()]
                for place in places or [f"{path_text(p.json)}.{n}" for n in (p.qualifier, p.value)]:
                    found[base + place] = "AN"
