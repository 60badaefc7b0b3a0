"""What a mapping table says: in goes a guide's TOML, out comes a ``Table`` of loops, rows and elements, or a ``TableError``.

The format is taught in ``mappings/README.md``. Loading is strict: an unknown key, an element that the standard does not
have, a length wider than the standard, or a table that can be read in two ways does not load, and the error names file
and row. What a table says is never changed after loading. Reading and writing with it happens elsewhere.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any

from attrs import define, field

from translator.tables.standard import Segment, SetLimits
from translator.x12.wire import Delimiters

AREAS = ("envelope", "heading", "detail", "summary")
NO_LIMIT = 1 << 31
_LEVELS = {"order": "orders[].", "pallet": "pallets[].", "pack": "orders[].packs[].", "item": "orders[].packs[].items[]."}
Plan = Callable[..., dict[str, Any] | None]  # of the text of a set, a dictionary to fill, the runs that may be in it
# Steps of a JSON path: (name, kind). Kind "" is an object's key, "[]" one more in a list, "0" the one of a list, "*" by name.
Path = tuple[tuple[str, str], ...]


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
    default: str = ""  # written where the document says nothing; "now": the date or time of writing
    setting: str = ""  # the partner's setting that the default is taken from
    prefix: str = ""  # stands before the value in X12, and not in the JSON
    again: bool = False  # says once more what another element says: read, never written
    floor: Decimal | None = None  # the least amount
    once: bool = False  # written once: what has it again is the same thing again
    tree: str = ""  # "number" or "parent": a number that follows from the tree
    reckon: tuple[str, ...] = ()  # worked out on the canonical document: a kind and its arguments

    @property
    def constant(self) -> str | None:
        """What is written for an element that has no place in the JSON: its one code, or its default."""
        if self.json or self.names:
            return None
        return self.default or (next(iter(self.codes)) if len(self.codes) == 1 else None)


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
    unless: Path = ()  # not written where the object has this
    given: Path = ()  # written only where the object has this
    setting: str = ""  # the partner's setting that decides whether the row is written
    mute: bool = False  # read, and by the setting not written

    @property
    def number(self) -> Element | None:
        """The element that numbers the loop in a tree (HL01)."""
        return next((e for e in self.elements.values() if e.tree == "number"), None)

    @property
    def parent(self) -> Element | None:
        """The element that names the loop above it in a tree (HL02)."""
        return next((e for e in self.elements.values() if e.tree == "parent"), None)

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

    def loops(self) -> Iterator[Loop]:
        """Every loop below this one."""
        return _loops(self)


@define(eq=False, repr=False)
class Tree:
    """How a tree of loops stands in the canonical document: which level code is an order, a pallet, a pack, an item.

    ``structures`` has for each structure code the paths of levels that it stands for, as in ``S O P I``.
    """

    order: str
    pallet: str
    pack: str
    item: str
    structures: dict[str, frozenset[str]]

    def role(self, level: str) -> str:
        """Which of the four a level code is."""
        return next((name for name in ("order", "pallet", "pack") if getattr(self, name) == level), "item")


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
    tree: Tree | None = None
    verdicts: dict[str, dict[str, frozenset[str]]] = field(factory=dict)
    aside: tuple[Path, ...] = ()  # what a document may say that the set has no place for
    answer: dict[str, str] = field(factory=dict)  # where the answered orders and their lines stand
    carry: tuple[Any, ...] = ()  # the rules of what goes back as it came
    wanted: tuple[tuple[str, str, tuple[Path, ...]], ...] = ()  # what it should say though no row makes it: text, words, paths
    reckonings: tuple[tuple[str, Row, Element], ...] = ()  # what is worked out on the document: object's path, row, element
    onces: tuple[str, ...] = ()  # paths of what is written once
    free: frozenset[str] = frozenset()  # paths of texts in which what could forge a segment may be replaced
    replacement: str = ""  # by this, as a setting says; nothing: such a text is refused
    price_bases: dict[str, Any] = field(factory=dict)  # for how many units a price is, by the partner's derive.toml
    settings: dict[str, str] = field(factory=dict)  # the partner's settings that the table was loaded with
    plans: dict[Delimiters, Plan] = field(factory=dict, repr=False)  # what was compiled of it, by delimiters
    pens: dict[Delimiters, Any] = field(factory=dict, repr=False)  # and for writing
    seen: Counter[Delimiters] = field(factory=Counter, repr=False)  # characters read without a plan so far, by delimiters

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
        for base, row in self.places():
            for e in row.elements.values():
                if e.json and not (self.tree and e.key):
                    found[base + path_text(e.json).replace("[0]", "[]")] = e.type
                if e.classify:
                    found[base + e.classify] = "AN"
            if p := row.pairs:
                places = [f"{path_text(p.json)}.{n}" for n in p.names.values()]
                for place in places or [f"{path_text(p.json)}.{n}" for n in (p.qualifier, p.value)]:
                    found[base + place] = "AN"
        return found

    def kind(self, row: Row) -> str:
        """What the level of a tree is that a row begins: order, pallet, pack, item."""
        assert self.tree and row.key
        return self.tree.role(next(iter(row.key[1])))

    def level(self, loop: Loop) -> str | None:
        """Where the objects of a loop stand that is a level of the tree, as in ``orders[].packs[].``; None for other loops."""
        if self.tree is None or not loop.trigger.key or not loop.trigger.parent:
            return None
        return _LEVELS[self.kind(loop.trigger)]

    def places(self) -> Iterator[tuple[str, Row]]:
        """Every row with the object that its values go into, as in ``lines[].``; once for each name of a map."""
        return self._places(self.root, "")

    def _places(self, loop: Loop, prefix: str) -> Iterator[tuple[str, Row]]:
        for item in loop.items:
            if isinstance(item, Loop):
                inner = prefix + path_text(item.json).replace("[0]", "[]") + "." if item.json else prefix
                yield from self._places(item, self.level(item) or inner)
                continue
            base = prefix + path_text(item.json).replace("[0]", "[]") + "." if item.json else prefix
            if item.names:
                for name in item.names.names.values():
                    yield base.replace("*", name), item
            else:
                yield base, item


def path_text(path: Path) -> str:
    """A path as tables and findings write it."""
    return ".".join(name + {"[]": "[]", "0": "[0]"}.get(kind, "") for name, kind in path)


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
