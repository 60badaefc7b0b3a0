"""Where a value in a set comes from, and where it goes: an element goes in, what is known of it comes out.

Known are the segment, the value's place in the JSON, the table's row, and what the guide says there. Of an answer also the
rule by which it goes back, with the order's value and its place there; of an order the answers that give it back. Nothing is
judged: the comparison is ``walk.answer``'s. (Where a finding about a written segment comes from is ``tables.trace``.)
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path as FilePath
from typing import Any

from attrs import define, field

from translator.show.annotate import Annotated, Spot, annotated
from translator.show.rows import row_place, rule_place
from translator.show.search import Found
from translator.tables.carry import CarryRule, Compared
from translator.tables.guide import shelf
from translator.tables.load import load
from translator.tables.paths import nothing
from translator.tables.spots import line_of, word
from translator.tables.table import NO_LIMIT, Element, Path, Row, Table, path_text
from translator.tables.twins import label
from translator.walk.answer import compare
from translator.walk.inward import Source

Json = dict[str, Any]
Said = list[tuple[str, str]]  # what is known: a heading, a text

_ORDER = "order"
_SILENT = "not asked for"
_NEAR = 5
# What the writer of an envelope makes of the rest.
_COUNTED = {
    "SE01": "counted: the segments from ST to SE", "GE01": "counted: the sets of the group", "IEA01": "counted: the groups",
    "SE02": "the same as ST02", "GE02": "the same as GS06", "IEA02": "the same as ISA13",
    "ST01": "follows from the table: the set that it is for", "GS01": "follows from the table: the group of its set",
}  # fmt: skip


@define(eq=False, repr=False)
class Order:
    """An order that was given: its document, where it was, and its segments where it came as X12."""

    file: str
    document: Json
    piece: Annotated | None = None


def orders_in(source: Source, file: str, mappings: FilePath | None = None) -> list[Order]:
    """The orders in an X12 file, and other documents with them, each with its segments."""
    found = []
    for one in annotated(source, mappings=mappings):
        if one.reading.table is not None and one.reading.document:
            found.append(Order(file, one.reading.document, one))
    return found


# --- what is known ----------------------------------------------------------------------------------------------------------


@define(eq=False, repr=False)
class Teller:
    """Says all that is known of elements of one file; ``orders`` and ``documents`` are what else was given."""

    orders: list[Order] = field(factory=list)
    documents: list[tuple[str, Json]] = field(factory=list)
    mappings: FilePath | None = None
    reports: dict[int, list[Compared]] = field(factory=dict)
    tables: dict[str, list[Table]] = field(factory=dict)

    def tell(self, found: Found) -> Said:
        """What is known of it, under headings."""
        spot, line, table = found.spot, found.line, found.piece.reading.table
        said: Said = []
        if spot.value:
            said.append(("value", word(spot.value) if spot.value.strip() else "blanks"))
            said.append(("stands at", f"byte {spot.offset}, line {line.line}"))
        else:
            said.append(("value", "not sent"))
        said.append(
            ("segment", " ".join(word for word in (line.tag, line.name, f"(loop {line.loops[-1]})" if line.loops else "") if word))
        )
        said.append(("name", _named(spot)))
        if spot.meaning:
            said.append(("meaning", spot.meaning))
        if spot.path:
            value = _value_at(found.piece.reading.document, spot.path) if spot.value else None
            said.append(("in the JSON", spot.path + (f" = {word(value)}" if value is not None else "")))
        elif table:
            said.append(("in the JSON", "nowhere: see below" if spot.element or line.row else "nowhere"))
        row = line.row or (table.envelope.get(line.tag) if table else None)
        part = found.piece.reading.part
        if table is None:
            if part and part.is_set:
                said.append(("table", "none reads this set: names are the standard's"))
            said += _made(found, None)
        elif row is None:
            said.append(("table row", f"none: no row of {table.name} takes this segment"))
        else:
            said += self.of_row(table, row, spot)
        if table is not None:
            said += self.came(table, found, row)
        for one in spot.findings:
            said.append((one.severity, f"[{one.code}] {one.sentence} {one.cure}"))
        return said

    def of_row(self, table: Table, row: Row, spot: Spot) -> Said:
        """The row, and what it says of the element."""
        place = row_place(table, row, spot.ref, self.mappings)
        use = "mandatory" if row.mandatory else "optional"
        most = "" if row.most == NO_LIMIT else f", at most {row.most}"
        where = f"{place}: " if place else ""
        said = [("table row", f"{where}{row.area} {row.pos} {row.label}, {use}{most}".replace("  ", " "))]
        said.append(("guide", table.source))
        e = spot.element
        notes = [text for text in (row.note, e.note if e else "") if text]
        if row.pairs and row.pairs.first <= int(spot.ref[len(row.segment) :][:2]) <= row.pairs.last:
            notes += self.of_pair(row, spot)
        if e and e.need:
            notes.append(f"always sent: {', '.join(e.need)}")
        for rule in e.rules if e else ():
            when = " and ".join(f"{row.segment}{n:02d} is {' or '.join(sorted(codes))}" for n, codes in rule.when)
            if rule.note:
                notes.append(f"when {when}: {rule.note}" if when else rule.note)
        said += [("note", note) for note in notes]
        return said

    def of_pair(self, row: Row, spot: Spot) -> list[str]:
        """What the qualifier of a pair asks for."""
        assert row.pairs is not None
        last = spot.path.rpartition(".")[2]
        code = next((code for code, name in row.pairs.names.items() if name == last), spot.value)
        rule = row.pairs.values.get(code)
        return [rule.note] if rule and rule.note else []

    # --- where it comes from --------------------------------------------------------------------------------------------

    def came(self, table: Table, found: Found, row: Row | None) -> Said:
        """Where a value comes from, or goes to."""
        spot = found.spot
        if not table.answer:
            return self.goes(table, spot) if spot.path and not spot.path.startswith("envelope.") else _made(found, row)
        said = self.carried(table, found)
        own = [
            ("from the document", f"{file}: {spot.path} = {word(value)}" + ("" if _same(value, found) else ", which differs"))
            for file, document in self.documents
            if spot.path and (value := _value_at(document, spot.path)) is not None
        ]
        made = _made(found, row)
        if not said and not own and not made and spot.path:
            why = "no rule carries it back" if self.orders or not self.ruled(table, spot.path) else ""
            own = [("comes from", "the document that was written" + (f": {why}" if why else ""))]
        return [*said, *own, *([] if any(head == "carry rule" for head, _ in said) else made)]

    def ruled(self, table: Table, path: str) -> list[tuple[int, CarryRule]]:
        """The carry rules that speak of a place in an answer."""
        plain = _plain(path)
        return [(n, rule) for n, rule in enumerate(table.carry) if rule.here and _speaks(rule, rule.here, plain)]

    def carried(self, table: Table, found: Found) -> Said:
        """The carry rules of a place, and what the orders say by them."""
        spot = found.spot
        rules = self.ruled(table, spot.path) if spot.path else []
        if not rules:
            return []
        if not self.orders:
            said: Said = []
            for n, rule in rules:
                if not rule.setting or table.settings.get(rule.setting) in rule.chosen:
                    said += [
                        ("carry rule", self.rule_text(table, n, rule)),
                        ("the order's", " or ".join(map(path_text, rule.order))),
                    ]
            return [*said, ("not compared", "give the order with --order to see what it said")] if said else []
        document = found.piece.reading.document or {}
        if id(document) not in self.reports:
            done = compare(document, [one.document for one in self.orders], table, mappings=self.mappings)
            self.reports[id(document)] = done.report
        report = [
            one
            for one in self.reports[id(document)]
            if one.path == spot.path or spot.path.startswith((f"{one.path}.", f"{one.path}["))
        ]
        report = [one for one in report if one.verdict != _SILENT] or report[:1]
        said = []
        for one in report:
            by = next(((n, r) for n, r in rules if (r.ref, r.kind, r.source) == (one.ref, one.rule, one.source)), None)
            if by is None:
                continue
            said.append(("carry rule", self.rule_text(table, *by)))
            said += self.of_order(one, by[1], spot.path.removeprefix(one.path))
            said.append(("verdict", one.verdict))
        if not report:
            said.append(("the order", "no order that was given is the one that is answered here"))
        return said

    def rule_text(self, table: Table, number: int, rule: CarryRule) -> str:
        """A carry rule, and where it stands."""
        conditions = [f"when {one.text}" for one in rule.when] + [f"unless {one.text}" for one in rule.unless]
        if rule.setting:
            conditions.append(f"by setting {rule.setting} {' or '.join(rule.chosen)}")
        place = rule_place(table, number, self.mappings)
        about = ", ".join(part for part in (f"{rule.ref} {rule.kind}", *conditions) if part)
        return f"{about} ({rule.source})" + (f"; {place}" if place else "")

    def of_order(self, one: Compared, rule: CarryRule, rest: str) -> Said:
        """What the order said, where in its document, and where in its X12."""
        said: Said = []
        for order in self.orders:
            if label(order.document) != one.order or order.document.get("document") != _ORDER:
                continue
            places = [
                (path + rest, value)
                for steps in rule.order
                for path, value in _places(order.document, path_text(steps), one.line, one.path.rpartition(".")[2])
            ]
            same = [(path, value) for path, value in places if rest or value == one.asked]
            for path, value in (same or places)[:_NEAR]:
                if rest:
                    value = _value_at(order.document, path)
                if value is None:
                    continue
                said.append(("the order", f"{order.file}: {path} = {word(value)}"))
                said.append(("in its X12", _in_x12(order, path)))
            if not places:
                wanted = " or ".join(map(path_text, rule.order)) or "nothing"
                said.append(
                    ("the order", f"{order.file}: nothing at {wanted}" + (f"; the rule has {rule.value}" if rule.value else ""))
                )
            break
        return said

    def answers(self, partner: str) -> list[Table]:
        """The tables of a partner that answer orders."""
        if partner not in self.tables:
            names = [name for name, kind in shelf(self.mappings) if kind == "guide" and name.startswith(f"{partner}/")]
            self.tables[partner] = [one for one in (load(name, self.mappings) for name in names) if one.answer]
        return self.tables[partner]

    # --- where it goes --------------------------------------------------------------------------------------------------

    def goes(self, table: Table, spot: Spot) -> Said:
        """Which answers give a value of an order back."""
        plain, said = _plain(spot.path), []
        for other in self.answers(table.partner) if table.document == _ORDER else ():
            for n, rule in enumerate(other.carry):
                if rule.setting and other.settings.get(rule.setting) not in rule.chosen:
                    continue
                if any(_speaks(rule, steps, plain) for steps in rule.order):
                    said.append((f"goes back on {other.set_id}", f"{path_text(rule.here)}: {self.rule_text(other, n, rule)}"))
        return said or [("goes back", "on no answer: no carry rule speaks of it")]


def _made(found: Found, row: Row | None) -> Said:
    """How a value that no document has is made, or one that may be left out."""
    spot, e = found.spot, found.spot.element
    ref = spot.ref
    if ref in _COUNTED:
        return [("comes from", _COUNTED[ref])]
    if spot.path.startswith("envelope."):
        return [("comes from", "the envelope of the document that is written")]
    if e is None:
        if row and row.pairs and not spot.path and row.pairs.first <= int(ref[-2:]) <= row.pairs.last:
            return [("comes from", "the name of the value beside it, in the JSON")]
        return []
    said: Said = []
    if words := _computed(e):
        said.append(("comes from", words))
    elif e.names:
        said.append(("comes from", "the name under which the value stands in the JSON"))
    elif e.key and not e.json:
        said.append(("comes from", "the row of the table: by this code it is told from others of its segment"))
    elif e.constant is not None:
        said.append(("comes from", f"a constant of the table: {e.constant}"))
    if e.setting:
        said.append(("setting", f"{e.setting} of the partner's file is written where the document says nothing"))
    elif e.default and e.json:
        default = "the date or time of writing" if e.default == "now" else e.default
        said.append(("default", f"{default}, where the document says nothing"))
    return said


def _computed(e: Element) -> str:
    """How an element is worked out, in words."""
    if e.tree:
        return "numbered in the order of the file" if e.tree == "number" else "the number of the level above"
    if e.make:
        kind, of = e.make
        return f"counted: segments {of}" if kind == "count" else f"added up over all {of}"
    kind, *words = e.reckon or ("",)
    texts = {
        "size": f"counted: entries of {words[0] if words else ''}" + (f" that have {' or '.join(words[1:])}" if words[1:] else ""),
        "sum": f"added up over {words[0].removeprefix('/') if words else ''}",
        "verdict": f"follows from {words[1] if len(words) > 1 else 'the answers'}",
        "structure": "follows from the levels that the document has",
        "amount": "worked out: quantities times prices, with charges, less allowances",
    }
    return texts.get(kind, "")


def _named(spot: Spot) -> str:
    p = spot.piece
    if p is None:
        return "not in the standard's table here"
    length = f"{p.least}" if p.least == p.most else f"{p.least} to {p.most}"
    return (
        f"{p.name} (data element {p.number}, {p.type}, {length} characters)"
        if p.type != "C"
        else f"{p.name} ({p.number}, composite)"
    )


def _in_x12(order: Order, path: str) -> str:
    if order.piece is None:
        return "not known: the order was given as JSON; give its X12 to see the segment"
    for line in order.piece.lines:
        for spot in (spot for each in line.spots for spot in each.all):
            if spot.path == path:
                return f"segment {line.at} {line.tag}, {spot.ref}, byte {spot.offset} (line {line.line})"
    return "in no element of its own"


def _plain(path: str) -> str:
    return re.sub(r"\[[0-9]+\]", "[]", path)


def _speaks(rule: CarryRule, steps: Path, path: str) -> bool:
    """Whether a rule's place is this one, or holds it."""
    place = path_text(steps).replace("[0]", "[]")
    if place.endswith(".*"):
        return path.startswith(place[:-1]) and (not rule.names or path.removeprefix(place[:-1]) in rule.names)
    return path == place or path.startswith((f"{place}.", f"{place}["))


def _value_at(document: Any, path: str) -> Any:
    for name, number in re.findall(r"([^.\[\]]+)|\[(\d+)\]", path):
        if number:
            document = document[int(number)] if isinstance(document, list) and int(number) < len(document) else None
        else:
            document = document.get(name) if isinstance(document, dict) else None
    return document


def _places(document: Json, steps: str, line: str | None, star: str) -> Iterator[tuple[str, Any]]:
    """Every place of a document at a rule's path, with its value; of lines only the one that is called so."""

    def walk(held: Any, names: list[str], path: str) -> Iterator[tuple[str, Any]]:
        if not names:
            if not nothing(held):
                yield path, held
            return
        name, rest = names[0], names[1:]
        key = star if name == "*" else name.partition("[")[0]
        value = held.get(key) if isinstance(held, dict) else None
        path = f"{path}.{key}" if path else key
        if "[" not in name:
            yield from walk(value, rest, path)
            return
        for n, one in enumerate(value if isinstance(value, list) else []):
            if path == "lines" and line is not None and line_of([one] if isinstance(one, dict) else []) != line:
                continue
            if name.endswith("[0]") and n:
                break
            yield from walk(one, rest, f"{path}[{n}]")

    yield from walk(document, steps.split("."), "")


def _same(value: Any, found: Found) -> bool:
    return bool(value == _value_at(found.piece.reading.document, found.spot.path))
