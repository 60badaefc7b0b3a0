"""An answer in the ERP's own words: a document that names skus and own units in, one with the order's lines and units out.

A line of an acknowledgment or an invoice, or an item of a shipment, may be named by ``erp.sku`` instead of ``line`` or
``ids``. Its quantity may be ``erp.quantity`` (in ``erp.unit``, or the own unit), or ``quantity`` with ``unit`` = the own unit; a
``price`` beside it is then for one own unit too. What an order's line was handed over with counts: its ``erp`` goes before the
list, which may have changed since. A copy of that ``erp`` on an answer, as drafts have it, says nothing about quantities.

Nothing is rounded, and ``erp`` stays as it is. What names no order or line at all is left for the checks that follow.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Any

from attrs import define

from translator.exchange.crossref.itemlist import Items
from translator.exchange.crossref.lookup import decimals, found_for, numbers_of, price_units, unit_of
from translator.exchange.crossref.quantity import converted, exact
from translator.findings import Finding, finding
from translator.tables.amounts import number
from translator.tables.carry import copied
from translator.tables.paths import nothing
from translator.tables.twins import Lines, label, twin_orders

Json = dict[str, Any]


@define(eq=False, repr=False)
class _Own:
    """What a line of the order is in own terms: ``ratio`` units of the order are one own unit; None where nobody knows."""

    sku: str | None
    unit: str | None
    ratio: Fraction | None
    decimals: int
    told: Json


def back(document: Mapping[str, Any], orders: Sequence[Mapping[str, Any]], items: Items) -> tuple[Json, list[Finding]]:
    """A copy of an answer with the order's lines, quantities and units; ``orders`` are those that it may answer.

    Findings name the place in the document. With an error among them the copy is not to be sent.
    """
    made: Json = copied(dict(document))
    known = [dict(order) for order in orders]
    found: list[Finding] = []
    for named, at, entries in _answered(made):
        speaking = [(entry, path) for entry, path in entries if _speaks(entry)]
        if not speaking:
            continue
        twins = twin_orders(named, known)
        if len(twins) == 1:
            order = _Order(twins[0], items)
            for entry, path in speaking:
                found += order.entry(entry, path)
        elif any(isinstance(entry.get("erp"), dict) for entry, _ in speaking):
            there = ", ".join(label(order) for order in known) or "none"
            found.append(finding("order-unknown", path=f"{at}number", value=label(named), expected=there))
    return made, found


class _Order:
    """One order, and the answers to its lines."""

    def __init__(self, order: Json, items: Items) -> None:
        self.items = items
        self.lines = Lines(order.get("lines"))
        self.own = {id(line): _own(line, items) for line in self.lines.lines}
        self.by_sku: dict[str, list[Json]] = {}
        for line in self.lines.lines:
            if (sku := self.own[id(line)].sku) is not None:
                self.by_sku.setdefault(sku, []).append(line)

    def entry(self, entry: Json, path: str) -> Iterator[Finding]:
        """A line of the answer, made one of the order's."""
        erp = _erp(entry)
        sku = erp.get("sku")
        named = not nothing(entry.get("line")) or not nothing(entry.get("ids"))
        lines = self.lines.twins(entry) if named else self.lines.lines
        if not nothing(sku):
            those = [line for line in lines if self.own[id(line)].sku == str(sku)] if named else self.by_sku.get(str(sku), [])
            if not those and (lines or not named):
                code = "sku-differs" if named else "sku-unknown"
                yield finding(code, path=f"{path}.erp.sku", value=str(sku), expected=self.listed(lines))
                return
            if len(those) > 1:
                yield finding("sku-ambiguous", path=f"{path}.erp.sku", value=str(sku), expected=self.listed(those))
                return
            lines = those
        elif not named:
            return
        if len(lines) != 1:
            return
        [line] = lines
        if not named:
            entry["line"] = line.get("line")
        for holder, at in [(entry, path), *_objects(entry, "answers", f"{path}.")]:
            yield from self.quantity(holder, at, line)

    def quantity(self, holder: Json, path: str, line: Json) -> Iterator[Finding]:
        """A quantity and a price, made the order's."""
        own, erp, unit = self.own[id(line)], _erp(holder), line.get("unit")
        said, counted = erp.get("quantity"), erp.get("unit") or own.unit
        if nothing(holder.get("quantity")):
            place = f"{path}.erp.quantity"
            if nothing(said):
                return
            if counted == own.unit and own.ratio is not None:
                yield from self.converted(holder, place, said, line)
            elif counted == unit:
                holder["quantity"] = said
            elif own.ratio is None:
                row = self.items.row_for(numbers_of(line), unit_of(line))
                yield finding("item-unknown", path=place, value=f"line {line.get('line')}", expected=row)
            else:
                yield _strange(f"{path}.erp.unit", counted, unit, own.unit)
            return
        found: list[Finding] = []
        given = holder.get("unit")
        if not nothing(given) and given != unit:
            if own.ratio is None:
                return  # nothing is known of the line in own terms: its unit is judged as in any answer
            if given != own.unit:
                yield _strange(f"{path}.unit", given, unit, own.unit)
                return
            found += self.converted(holder, f"{path}.quantity", holder["quantity"], line)
            if not found and not nothing(holder.get("price")):
                found += self.price(holder, path, line, own.ratio, own.unit)
        yield from found
        if not found and not nothing(said) and not _copied(erp, own.told):
            ratio = own.ratio if counted == own.unit else Fraction(1) if counted == unit else None
            there, amount = number(holder["quantity"]), number(said)
            if there is None or amount is None or ratio is None or Fraction(there) != Fraction(amount) * ratio:
                stands = _counted(holder["quantity"], unit)
                yield finding("quantity-disagrees", path=f"{path}.erp.quantity", value=_counted(said, counted), expected=stands)

    def converted(self, holder: Json, place: str, given: Any, line: Json) -> Iterator[Finding]:
        """A quantity in own units, made the order's."""
        own, unit = self.own[id(line)], line.get("unit")
        amount = number(given)
        if amount is None or own.ratio is None:
            yield finding("quantity-unusable", path=place, value=str(given), expected="a number as text, as 24 or 12.5")
            return
        text = converted(amount, own.ratio, own.decimals)
        if text is None:
            wanted = f"{exact(own.ratio) or own.ratio} {unit or 'of the order'} to 1 {own.unit or 'of your own'}"
            yield finding("quantity-uneven", path=place, value=_counted(given, own.unit), expected=wanted)
            return
        holder["quantity"] = text
        if not nothing(unit):
            holder["unit"] = unit

    def price(self, holder: Json, path: str, line: Json, ratio: Fraction, own_unit: str | None) -> Iterator[Finding]:
        """The price of one own unit, made one by the order's price basis."""
        each = number(holder["price"])
        basis = line.get("price_basis") if nothing(holder.get("price_basis")) else holder["price_basis"]
        per = price_units(basis, line.get("unit"), self.items)
        text = None if each is None or per is None else exact(Fraction(each) / ratio * per)
        if text is None:
            yield finding("price-uneven", path=f"{path}.price", value=f"{holder['price']}", expected=own_unit or "own unit")
        else:
            holder["price"] = text

    def listed(self, lines: Sequence[Json]) -> str:
        """Lines for people, each with its sku."""
        words = [f"line {line.get('line', 'without number')} is {self.own[id(line)].sku or 'without sku'}" for line in lines[:20]]
        return ", ".join(words) + (f" and {len(lines) - 20} more" if len(lines) > 20 else "") or "no lines"


def _own(line: Json, items: Items) -> _Own:
    """What a line was handed over as; what the list says, where it was not."""
    told = _erp(line)
    item, _ = found_for(line, items, "") if items.kept else (None, [])
    if not items.kept and not told:
        return _Own(None, unit_of(line), Fraction(1), 0, told)  # a supplier without list counts as the order does
    ordered, own = number(line.get("quantity")), number(told.get("quantity"))
    ratio = Fraction(ordered) / Fraction(own) if ordered and own else None
    places = 0
    if item is not None and item.sku == told.get("sku", item.sku) and ratio in (None, item.ratio):
        ratio, places = item.ratio, decimals(item)
    unit = told["unit"] if isinstance(told.get("unit"), str) else (None if item is None else item.unit or unit_of(line))
    sku = str(told["sku"]) if not nothing(told.get("sku")) else item.sku if item is not None else None
    return _Own(sku, unit, ratio, places, told)


def _answered(document: Json) -> Iterator[tuple[Json, str, list[tuple[Json, str]]]]:
    """Each order that a document answers: what names it, the path before its keys, and its lines or items with their paths."""
    if isinstance(document.get("lines"), list):
        yield document, "", _objects(document, "lines", "")
    for order, at in _objects(document, "orders", ""):
        entries = _objects(order, "lines", f"{at}.")
        for pack, place in _objects(order, "packs", f"{at}."):
            entries += _objects(pack, "items", f"{place}.")
        yield order, f"{at}.", entries


def _objects(holder: Json, key: str, before: str) -> list[tuple[Json, str]]:
    value = holder.get(key)
    listed = value if isinstance(value, list) else []
    return [(one, f"{before}{key}[{n}]") for n, one in enumerate(listed) if isinstance(one, dict)]


def _speaks(entry: Json) -> bool:
    """Whether a line may say something in own terms: it has ``erp``, or a unit."""
    holders = [entry, *(answer for answer, _ in _objects(entry, "answers", ""))]
    return any(_erp(one) or not nothing(one.get("unit")) for one in holders)


def _erp(holder: Json) -> Json:
    erp = holder.get("erp")
    return erp if isinstance(erp, dict) else {}


def _counted(quantity: object, unit: object) -> str:
    return f"{quantity} {unit or ''}".rstrip()


def _strange(path: str, said: object, *units: object) -> Finding:
    known = " or ".join(str(unit) for unit in dict.fromkeys(unit for unit in units if isinstance(unit, str)))
    return finding("unit-unknown", path=path, value=str(said), expected=known)


def _copied(erp: Json, told: Json) -> bool:
    return all(erp.get(key) == told.get(key) for key in ("sku", "quantity", "unit"))
