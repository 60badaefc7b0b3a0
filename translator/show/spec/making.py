"""The making of a guide's page: a table's name goes in, a ``Guide`` of plain words comes out.

Rows, rules, settings, names and findings are brought together from the table, its partner's others, the schema and the
catalogue. Sentences are those of ``translator.tables.words``; nothing is laid out here.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path as FilePath

from translator.catalogue import CATALOGUE
from translator.show.spec import earns
from translator.show.spec.example import example, numbered
from translator.show.spec.head import head
from translator.show.spec.model import Carried, Choice, Code, Entry, Filled, Guide, Item, Part, Place, Said, Touch
from translator.show.spec.names import Names
from translator.tables import words
from translator.tables.carryrule import CarryRule
from translator.tables.guide import shelf
from translator.tables.load import load
from translator.tables.partner import partner
from translator.tables.table import NO_LIMIT, Element, Loop, Pairs, Path, Row, Table, path_text

_FEW = 3
ORDER = "order"  # the kind of document that others answer


def guide(name: str, mappings: FilePath | None = None) -> Guide:
    """Everything that is said of one guide. Raises ``TableError``."""
    return _Maker(name, mappings).guide()


def anchors(table: Table) -> Callable[[Row, str], str]:
    """What leads from a row of a table, and an element of it or "", to its place on the table's page; "" where there is none."""
    spots = _Spots(table)
    places = {id(row): n for n, row in enumerate(spots.rows)}

    def anchor(row: Row, ref: str) -> str:
        n = places.get(id(row))
        return "" if n is None else spots.place(n, ref).anchor if ref else spots.anchors[n]

    return anchor


class _Spots:
    """Where each element of a table stands on its page, and in the JSON document."""

    def __init__(self, table: Table) -> None:
        self.table = table
        self.rows = numbered(table)
        taken: dict[str, int] = {}
        self.anchors = []
        for row in self.rows:
            slug = re.sub(r"[^A-Za-z0-9.]", "", ".".join(filter(None, (*row.loop.split("/"), row.segment))))
            taken[slug] = taken.get(slug, 0) + 1
            self.anchors.append(slug if taken[slug] == 1 else f"{slug}-{taken[slug]}")
        self.bases: dict[int, list[str]] = {}
        for base, row in table.places():
            self.bases.setdefault(id(row), []).append(base)
        self.paths = self._paths()

    def base(self, row: Row) -> str:
        """The object of a row, as in ``lines[].``; a map's names are ``*``."""
        bases = self.bases.get(id(row), [""])
        if row.names and bases[0]:
            return bases[0].removesuffix(f"{next(iter(row.names.names.values()))}.") + "*."
        return bases[0]

    def place(self, n: int, ref: str) -> Place:
        """An element of the nth row."""
        return Place(self.table.name, f"{self.anchors[n]}-{ref[len(self.rows[n].segment) :].replace('/', '-')}", ref)

    def _paths(self) -> dict[str, list[Place]]:
        """Every path that an element fills, its map's names spelled out."""
        found: dict[str, list[Place]] = {}
        for n, row in enumerate(self.rows):
            for base in self.bases.get(id(row), ()):
                for e in row.elements.values():
                    if path := self.path(base, e):
                        found.setdefault(path, []).append(self.place(n, e.ref))
                if p := row.pairs:
                    place = self.place(n, words.pair_ref(row, p.first))
                    for name in p.names.values() or (p.qualifier, p.value):
                        found.setdefault(f"{base}{_plain(p.json)}.{name}", []).append(place)
        return found

    def path(self, base: str, e: Element) -> str:
        """Where an element's value goes; what only tells levels of a tree apart goes nowhere."""
        return base + _plain(e.json) if e.json and not (self.table.tree and e.key) else ""

    def matching(self, wanted: str, names: tuple[str, ...] = ()) -> list[Place]:
        """The elements at a path of a carry rule: the value itself, the names of a map, or all of an object; of likes the first."""
        found = [one for path, places in self.paths.items() if _meets(wanted, names, path) for one in places]
        return list({one.label: one for one in reversed(found)}.values())[::-1]


class _Maker:
    def __init__(self, name: str, mappings: FilePath | None) -> None:
        self.mappings = mappings
        self.table = load(name, mappings)
        folder = name.rpartition("/")[0]
        others = [other for other, kind in shelf(mappings) if kind == "guide" and other.rpartition("/")[0] == folder]
        self.tables = {other: load(other, mappings) for other in others} | {name: self.table}
        self.spots = {other: _Spots(table) for other, table in self.tables.items()}
        self.here = self.spots[name]
        self.schema = Names(self.table.document)
        self.example = example(self.table, self.schema, mappings)
        self.touches = self._touches()

    def guide(self) -> Guide:
        t = self.table
        parts = [self.part(n, row) for n, row in enumerate(self.here.rows)]
        carried = [self.carried(n, rule) for n, rule in enumerate(t.carry, 1)]
        wanted = [(text, said) for text, said, _ in t.wanted]
        return Guide(
            t.name, t.partner, t, t.source, head(t.name, self.mappings), list(self.overview(t.root, 0)), parts, carried,
            list(self.choices(parts, carried)), list(self.names()), list(self.findings(parts, carried)), wanted, self.example,
        )  # fmt: skip

    def overview(self, loop: Loop, depth: int) -> Iterator[Entry]:
        for item in loop.items:
            limits = words.use(item.mandatory), "any" if item.most == NO_LIMIT else str(item.most)
            if isinstance(item, Loop):
                yield Entry(depth, True, item.name, "", item.title, "", *limits, self.anchor(item.trigger))
                yield from self.overview(item, depth + 1)
            else:
                yield Entry(depth, False, item.segment, _which(item), item.standard.name, item.pos, *limits, self.anchor(item))

    def anchor(self, row: Row) -> str:
        return next(anchor for anchor, one in zip(self.here.anchors, self.here.rows, strict=True) if one is row)

    # --- segments and elements ----------------------------------------------------------------------------------------

    def part(self, n: int, row: Row) -> Part:
        loop = next((one for one in self.table.loops() if one.trigger is row), None)
        codes = [*(earns.of_loop(loop) if loop else ()), *(earns.of_row(row) if row.area != "envelope" else ())]
        limits = words.use(row.mandatory), words.most(row.most)
        sentences, line = list(words.of_row(row, self.table)), self.example.lines.get(n, "")
        return Part(
            self.here.anchors[n], row.segment, _which(row), row.standard.name, row.area, row.pos, row.loop, *limits, row.note,
            row.setting, sentences, list(self.items(n, row)), line, codes,
        )  # fmt: skip

    def items(self, n: int, row: Row) -> Iterator[Item]:
        for number in range(1, len(row.standard.elements) + 1):
            if (p := row.pairs) and p.first <= number < p.last and (number - p.first) % 2 == 0:
                yield self.pair(n, row, p, number)
            for key in sorted(key for key in row.elements if key[0] == number):
                yield self.item(n, row, row.elements[key])

    def item(self, n: int, row: Row, e: Element) -> Item:
        base = self.here.base(row)
        path = self.here.path(base, e)
        paths = {self.here.path(one, e) for one in self.here.bases.get(id(row), ())} - {""}
        codes = [Code(code, meaning, e.names.get(code, "")) for code, meaning in e.codes.items()]
        if e.constant and [one.meaning for one in codes] == [""]:
            codes = []  # a sentence says it
        sentences = list(words.of_element(e, row))
        for form, pattern in self.table.forms.get(e.classify, {}).items():
            sentences.append(f"form {form}: {pattern.pattern}")
        return Item(
            e.ref, self.here.place(n, e.ref).anchor, "M" if e.mandatory else "O", e.name, e.type, words.length(e.least, e.most),
            codes, path, _anchor(path), sentences, e.note, e.setting, e.level or "", self.touching(paths),
            [code for code in earns.of_element(e) if code],
        )  # fmt: skip

    def pair(self, n: int, row: Row, p: Pairs, number: int) -> Item:
        ref, piece = words.pair_ref(row, number), row.standard.elements[number]
        path = f"{self.here.base(row)}{_plain(p.json)}"
        made = Item(
            ref, self.here.place(n, ref).anchor, "M" if words.pair_use(p, number) else "O", "qualifier and value",
            f"{row.standard.elements[number - 1].type}, {piece.type}", words.length(piece.least, piece.most),
            path=path, at=_anchor(path), findings=list(earns.of_pairs(p, number)),
        )  # fmt: skip
        if number > p.first:
            made.sentences.append(f"the same codes as {words.pair_ref(row, p.first)}")
            return made
        for code, meaning in p.codes.items():
            rule = p.values.get(code)
            name = f"{path}.{p.names[code]}" if code in p.names else "" if p.names else f"{path}.{p.value}"
            made.codes.append(Code(code, meaning, name, list(words.of_value(rule)) if rule else [], rule.note if rule else ""))
        names = p.names.values() or (p.qualifier, p.value)
        made.touches = self.touching({f"{path}.{name}" for name in names})
        return made

    # --- carry rules --------------------------------------------------------------------------------------------------

    def _touches(self) -> list[tuple[str, tuple[str, ...] | None, Touch]]:
        """What touches this guide's elements: its own rules, and those of others that take from its document.

        By path, with the names of a map that are meant; None where only the value at that very path is.
        """
        found: list[tuple[str, tuple[str, ...] | None, Touch]] = []
        for name, table in self.tables.items():
            for n, rule in enumerate(table.carry, 1):
                at = Place(name, f"carry-{n}", f"{table.set_id} {rule.ref}")
                said = "; ".join((words.of_carry(rule), *words.carry_when(rule)))
                if name == self.table.name:
                    if rule.here:
                        touch = Touch(words.takes(rule), at, self.sources(rule), words.carry_from(rule), said)
                        found.append((_plain(rule.here), rule.names, touch))
                elif self.table.document == ORDER:
                    goes = self.spots[name].matching(_plain(rule.here), rule.names) if rule.here else []
                    touch = Touch(words.gives(rule), at, goes, _plain(rule.here), said)
                    found += [(_plain(path), rule.names, touch) for path in rule.order]
                    touch = Touch("decides about it", at, goes, _plain(rule.here), said)
                    tested = dict.fromkeys(_plain(one.path) for one in (*rule.when, *rule.unless))
                    found += [(path, None, touch) for path in tested]
        return found

    def sources(self, rule: CarryRule) -> list[Place]:
        """The elements of the partner's orders that a rule takes from."""
        orders = [spots for spots in self.spots.values() if spots.table.document == ORDER]
        return [one for order in orders for path in rule.order for one in order.matching(_plain(path), rule.names)]

    def touching(self, paths: set[str]) -> list[Touch]:
        """What touches the values at these paths."""
        found = [touch for path, names, touch in self.touches if any(_meets(path, names, one) for one in paths)]
        return list({id(touch): touch for touch in found}.values())

    def carried(self, n: int, rule: CarryRule) -> Carried:
        goes = self.here.matching(_plain(rule.here), rule.names) if rule.here else []
        return Carried(
            f"carry-{n}", rule.ref, words.carry_from(rule), _plain(rule.here), words.of_carry(rule), list(words.carry_when(rule)),
            rule.source, rule.note, rule.setting, self.sources(rule), goes, list(earns.of_carry(rule)),
        )  # fmt: skip

    # --- what the guide rests on, fills and can bring --------------------------------------------------------------------

    def choices(self, parts: list[Part], carried: list[Carried]) -> Iterator[Choice]:
        used: dict[str, list[Place]] = {name: [] for name in self.table.settings}
        for part in parts:
            spots = [(part.setting, part.anchor, part.segment), *((item.setting, item.anchor, item.ref) for item in part.used)]
            for name, anchor, label in spots:
                if name:
                    used.setdefault(name, []).append(Place(self.table.name, anchor, label))
        for rule in carried:
            if rule.setting:
                used.setdefault(rule.setting, []).append(Place(self.table.name, rule.anchor, rule.ref))
        known = partner(self.table.name.rpartition("/")[0], self.mappings).settings if used else {}
        free = [place for path in sorted(self.table.free) for place in self.here.paths.get(path, ())]
        for name, places in used.items():
            if name in known:
                places = places or list({one.label: one for one in free}.values())  # what may be replaced in texts
                yield Choice(known[name], places)

    def names(self) -> Iterator[Filled]:
        found: dict[str, list[Place]] = {}
        for n, row in enumerate(self.here.rows):
            base = self.here.base(row)
            for e in row.elements.values():
                if path := self.here.path(base, e):
                    found.setdefault(path, []).append(self.here.place(n, e.ref))
            if p := row.pairs:
                path, place = f"{base}{_plain(p.json)}", self.here.place(n, words.pair_ref(row, p.first))
                for one in (path, *(f"{path}.{name}" for name in p.names.values() or (p.qualifier, p.value))):
                    found.setdefault(one, []).append(place)
        for path, used in found.items():
            yield Filled(_anchor(path), path, self.schema.find(path), used)

    def findings(self, parts: list[Part], carried: list[Carried]) -> Iterator[Said]:
        whole = Place(self.table.name, "overview", "the document as a whole")
        used = {code: [whole] for code in earns.of_table(self.table)}
        for part in parts:
            for code in part.findings:
                used.setdefault(code, []).append(Place(self.table.name, part.anchor, part.segment))
            for item in part.used:
                for code in item.findings:
                    used.setdefault(code, []).append(Place(self.table.name, item.anchor, item.ref))
        for rule in carried:
            for code in rule.findings:
                used.setdefault(code, []).append(Place(self.table.name, rule.anchor, rule.ref))
        for code in (*used, *(code for code in earns.ANYWHERE if code not in used)):
            entry = CATALOGUE[code]
            yield Said(code, entry.severity, entry.general, entry.cure, used.get(code, []))


def _which(row: Row) -> str:
    """The codes that tell a row from others that begin alike, where they are few."""
    return "/".join(sorted(row.key[1])) if row.key and len(row.key[1]) <= _FEW else ""


def _plain(path: Path) -> str:
    """A path without the difference between a list and a list of one."""
    return path_text(path).replace("[0]", "[]")


def _anchor(path: str) -> str:
    return "json-" + path.replace("[]", "-").replace("*", "--") if path else ""


def _meets(wanted: str, names: tuple[str, ...] | None, path: str) -> bool:
    """Whether a carry rule's path speaks of the value at a path; without ``names`` only of that very value."""
    if names is None:
        return path == wanted
    if wanted.endswith(".*"):
        head, _, name = path.rpartition(".")
        return head == wanted[:-2] and (not names or name in names)
    return path == wanted or path.startswith(f"{wanted}.")
