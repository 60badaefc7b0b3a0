"""What a document means by its table: a table and a document go in, the segments that it means come out, with their values.

A second, plain reading of the tables, against which the writer is held. What a document comes to and may leave out is in
totals.py. No segment, code or JSON name of any guide is spelled out here, but those of the canonical tree of a shipment.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from itertools import groupby
from typing import Any

from translator.tables.guide import shelf
from translator.tables.load import load
from translator.tables.partner import partner
from translator.tables.table import Element, Loop, Path, Row, Table

Json = dict[str, Any]
Key = tuple[int, int]  # an element's place in its row: number, component

GUIDES = [name for name, kind in shelf() if kind == "guide"]


@cache
def spellings(name: str) -> list[tuple[Table, dict[str, str]]]:
    """A guide's table with the settings as shipped, and with each other value of each of them."""
    table = load(name)
    found: list[tuple[Table, dict[str, str]]] = [(table, {})]
    known = partner(table.partner).settings if table.settings else {}
    for setting in sorted(
        {row.setting for row in table.rows()} | {e.setting for row in table.rows() for e in row.elements.values()}
    ):
        for value in known[setting].values if setting else ():
            if value != table.settings[setting]:
                found.append((load(name, settings=((setting, value),)), {setting: value}))
    return found


# --- the segments that a document means -----------------------------------------------------------------------------------


@dataclass
class Place:
    """A value in a document: ``holder[key]``. ``fixed`` is one that stands nowhere: a code that a name or a level means, a
    constant of the row, a number of the tree."""

    holder: Any = None
    key: Any = None
    fixed: str = ""

    @property
    def value(self) -> Any:
        """What stands there."""
        return self.fixed or self.holder[self.key]


@dataclass
class Meant:
    """A segment that a document means: its row, the object that it speaks of, and where the value of each element stands."""

    row: Row
    into: Json
    places: dict[Key, Place]


@dataclass
class Branch:
    """An object of a document and, in a tree, its level and what stands below it."""

    holder: Json
    level: str = ""
    below: list[Branch] = field(default_factory=list)

    def paths(self, above: tuple[str, ...] = ()) -> Iterator[str]:
        """The levels from the top to each leaf."""
        here = (*above, self.level) if self.level else above
        for one in self.below:
            yield from one.paths(here)
        if not self.below:
            yield " ".join(here)


def branches(table: Table, document: Json) -> Branch:
    """The tree that a document means: orders, in them pallets and packs in their order, in these the items."""
    root, tree = Branch(document), table.tree
    if tree is None:
        return root
    pallets = {pallet["sscc"]: pallet for pallet in document.get("pallets", ())}
    for order in document.get("orders", ()):
        top, standing = Branch(order, tree.order), None
        for pack in order.get("packs", ()):
            if "pallet" not in pack:
                standing = None
            elif standing is None or standing.holder["sscc"] != pack["pallet"]:
                standing = Branch(pallets[pack["pallet"]], tree.pallet)
                top.below.append(standing)
            items = [Branch(item, tree.item) for item in pack.get("items", ())]
            under = top if standing is None else standing
            under.below += [Branch(pack, tree.pack, items)] if "sscc" in pack or "tracking" in pack else items
        root.below.append(top)
    return root


def segments(table: Table, document: Json) -> Iterator[Meant]:
    """The segments that the document means, in the order of the table and, in maps and trees, of the document."""
    return _Meaning().loop(table.root, branches(table, document), "")


class _Meaning:
    """Goes through a document once; counts what a tree numbers."""

    def __init__(self) -> None:
        self.numbered = 0

    def loop(self, loop: Loop, branch: Branch, above: str) -> Iterator[Meant]:
        number = above
        if loop.name and loop.trigger.number:
            self.numbered += 1
            number = str(self.numbered)
        for _, group in groupby(loop.items, key=lambda item: item.rank):
            items = list(group)
            for row in (item for item in items if isinstance(item, Row)):
                first = bool(loop.name) and row is loop.items[0]
                yield from _row(row, branch, {"number": number, "parent": above}, first)
            for inner, one in inside([item for item in items if isinstance(item, Loop)], branch):
                yield from self.loop(inner, one, number)


def inside(loops: list[Loop], branch: Branch) -> Iterator[tuple[Loop, Branch]]:
    """The objects of loops of one rank, in the order of the document: that of a map, that of a tree."""
    if not loops:
        return
    if loops[0].trigger.parent:
        yield from ((loop, one) for one in branch.below for loop in loops if one.level in _codes(loop))
        return
    holder = at(branch.holder, loops[0].json[:-1]) if len(loops) > 1 and loops[0].json[:-1] else None
    if isinstance(holder, dict):
        loops = sorted(loops, key=lambda loop: list(holder).index(loop.json[-1][0]) if loop.json[-1][0] in holder else -1)
    for loop in loops:
        for one in each(branch.holder, loop.json):
            yield loop, Branch(one, below=[] if loop.json else branch.below)


def _codes(loop: Loop) -> frozenset[str]:
    return loop.trigger.key[1] if loop.trigger.key else frozenset()


def _row(row: Row, branch: Branch, numbers: dict[str, str], first: bool) -> Iterator[Meant]:
    into = branch.holder
    if row.mute or at(into, row.unless) is not None or (row.given and at(into, row.given) is None):
        return
    if row.json and row.json[-1][1] == "*":
        assert row.names
        codes = {name: code for code, name in row.names.names.items()}
        for name, held in (at(into, row.json[:-1]) or {}).items():
            yield _segment(row, held, {row.names.ref: Place(fixed=codes[name])})
    elif row.json:
        for held in each(into, row.json):
            yield _segment(row, held)
    elif (lists := listed(row)) and not mixed(row):
        values = at(into, lists[0].json) or []
        for n in range(0, len(values), len(lists)):
            yield _segment(row, into, {e.ref: Place(values, n + i) for i, e in enumerate(lists) if n + i < len(values)})
    elif first or (row.mandatory and not row.loop) or _says(row, into):
        known = {e.ref: Place(fixed=numbers[e.tree]) for e in row.elements.values() if e.tree}
        known |= {e.ref: Place(fixed=branch.level) for e in row.elements.values() if is_level(row, e)}
        for path in {e.json for e in lists}:
            values = at(into, path) or []
            known |= {e.ref: Place(values, n) for n, e in zip(range(len(values)), lists, strict=False)}
        yield _segment(row, into, known)


def _says(row: Row, into: Json) -> bool:
    places = [e.json for e in row.elements.values() if e.json and not e.again] + ([row.pairs.json] if row.pairs else [])
    return any(at(into, place) is not None for place in places)


def _segment(row: Row, into: Json, known: dict[str, Place] | None = None) -> Meant:
    places: dict[Key, Place] = {}
    for key, e in row.elements.items():
        if known and e.ref in known:
            places[key] = known[e.ref]
        elif e.json and e not in listed(row) and not e.again and at(into, e.json) is not None:
            holder = at(into, e.json[:-1]) if e.json[:-1] else into
            places[key] = Place(holder, e.json[-1][0])
    if row.pairs and (held := at(into, row.pairs.json)) is not None:
        codes = {name: code for code, name in row.pairs.names.items()}
        pairs = (
            [(Place(fixed=codes[name]), Place(held, name)) for name in held]
            if row.pairs.names
            else [(Place(one, row.pairs.qualifier), Place(one, row.pairs.value)) for one in held]
        )
        for n, (code, value) in zip(range(row.pairs.first, row.pairs.last, 2), pairs, strict=False):
            places[n, 0], places[n + 1, 0] = code, value
    for key in constants(row, frozenset(places)):
        places[key] = Place(fixed=row.elements[key].constant or "")
    return Meant(row, into, places)


def constants(row: Row, present: frozenset[Key]) -> frozenset[Key]:
    """Elements without a place in the JSON that are written beside those that are there: the mandatory, and the called for."""
    found: set[Key] = set()
    for key, e in row.elements.items():
        if e.constant and key not in present and not e.tree and (e.mandatory or called(row, e, present | found)):
            found.add(key)
    return frozenset(found)


def called(row: Row, e: Element, present: frozenset[Key] | set[Key]) -> bool:
    """Whether a syntax note ties an element to one that is there."""
    numbers = {number for number, _ in present}
    return any(note.kind in "PC" and e.number in note.numbers and numbers & set(note.numbers) for note in row.standard.notes)


def listed(row: Row) -> list[Element]:
    """The elements of a row that fill a list, one value each."""
    return [e for e in row.elements.values() if e.json and e.json[-1][1] == "[]"]


def mixed(row: Row) -> bool:
    """Whether a row has values of its own beside a list: then it is one segment, with room for so many."""
    return bool(listed(row)) and any(e.json and e not in listed(row) for e in row.elements.values())


def is_level(row: Row, e: Element) -> bool:
    """Whether an element says which level of a tree its segment begins."""
    return bool(e.key and e.json and row.number)


def at(into: Any, path: Path) -> Any:
    """What stands at a path of an object; None where nothing does, or where there is no path."""
    for name, kind in path:
        if not isinstance(into, dict) or name not in into:
            return None
        into = into[name][0] if kind == "0" else into[name]
    return into if path else None


def each(into: Json, path: Path) -> list[Any]:
    """Every object at a path; the object itself where there is none."""
    held = at(into, path) if path else into
    if held is None:
        return []
    return list(held) if path and path[-1][1] == "[]" else [held]


def maps(table: Table, document: Json) -> list[list[str]]:
    """The keys, in their order, of every map by name: their order is part of what a document says."""
    found: list[list[str]] = []

    def look(loop: Loop, branch: Branch) -> None:
        for _, group in groupby(loop.items, key=lambda item: item.rank):
            items = list(group)
            for row in (item for item in items if isinstance(item, Row)):
                if row.json and row.json[-1][1] == "*":
                    found.append(list(at(branch.holder, row.json[:-1]) or {}))
                elif row.pairs and row.pairs.names:
                    found.extend(list(at(holder, row.pairs.json) or {}) for holder in each(branch.holder, row.json))
            loops = [item for item in items if isinstance(item, Loop)]
            shared = {item.json[-1][0] for item in loops if len(loops) > 1 and item.json[:-1] and not item.trigger.parent}
            if shared:
                found.append([name for name in at(branch.holder, loops[0].json[:-1]) or {} if name in shared])
            for inner, one in inside(loops, branch):
                look(inner, one)

    look(table.root, branches(table, document))
    return [names for names in found if names]


def label(row: Row) -> str:
    """What tells a row from all others."""
    name = f"{row.area} {row.loop}/{row.segment}" if row.loop else f"{row.area} {row.segment}"
    return f"{name} {' '.join(sorted(row.key[1]))}" if row.key else name
