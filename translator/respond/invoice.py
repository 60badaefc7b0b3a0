"""An order billed: a canonical order, its shipment and the rules go in, the draft of an invoice comes out.

With a shipment, what was shipped of the order in it is billed, line by line; without one, all that was ordered. A line of
which another item was shipped names that one. Prices are the order's. The total follows the price basis of each line
(``tables.amounts`` states the rounding); a basis that does not fit its unit, a credit or a negative total holds the invoice.
Charges and allowances are added as they are given. Numbers, dates and whatever else only the supplier knows are not guessed.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from copy import deepcopy
from decimal import Decimal
from typing import Any

from attrs import define, field

from translator.findings import Finding, finding, has_errors
from translator.respond.draft import Draft, Json, begun, blocked, named, own, present, unanswerable
from translator.tables.amounts import EXACT, held, invoice_amount, number, plain
from translator.tables.twins import Lines, another, label, twin_orders

_LISTED = 20  # lines named in a finding
_CARRIER = ("mode", "scac", "routing", "name")


def bill(order: Json, rules: Json, shipment: Json | None = None, *, charges: Sequence[Json] = ()) -> Draft:
    """The invoice of an order, for what went with ``shipment`` or, without one, for all of it.

    ``charges`` stand below the lines, as in the document. ``rules`` is a partner's ``derive.toml``, loaded.
    """
    rule = rules.get("derive", {})
    found = [*blocked(order, rules), *unanswerable(order)]
    if has_errors(found):
        return None, found
    shipped = None
    if shipment is not None:
        shipped = _Shipped(order, shipment)
        found += shipped.found
    lines = list(_lines(order, shipped, rule.get("substitutes", {}), found))
    if not lines and not has_errors(found):
        found.append(finding("nothing-shipped", path="orders", value=label(dict(order))))
    if has_errors(found):
        return None, found
    made = (
        begun("invoice", order)
        | named(order)
        | present(
            shipment=None if shipment is None else shipment.get("id"),
            ship_date=None if shipped is None else shipped.date(),
            lines=lines,
            charges=deepcopy(list(charges)) or None,
            carrier=None if shipment is None else _carrier(shipment, rule.get("carrier_references", {})) or None,
            shipped=_total(lines, shipped) or None,
            erp=own(order),
        )
    )
    bases = rule.get("price_basis", {})
    found += held(made, bases)
    if has_errors(found):
        return None, found
    total = invoice_amount(made, bases)
    return made if total is None else made | {"totals": {"amount": f"{total:f}"}}, found


def _lines(order: Json, shipped: _Shipped | None, rule: Json, found: list[Finding]) -> Iterator[dict[str, Any]]:
    for n, line in enumerate(order["lines"]):
        quantity = line.get("quantity") if shipped is None else shipped.quantity(line)
        if shipped is not None and quantity is None:
            continue
        if quantity is not None and number(quantity) is None:
            found.append(finding("quantity-unusable", path=f"lines[{n}].quantity", value=str(quantity), expected="a number"))
        instead = {} if shipped is None else shipped.instead(line, rule)
        yield (
            present(
                line=line.get("line"),
                quantity=quantity,
                unit=line.get("unit"),
                price=line.get("price"),
                price_basis=line.get("price_basis"),
                erp=own(line),
            )
            | instead
        )


@define
class _Shipped:
    """What a shipment holds of one order: quantities by line; what does not fit the order is found."""

    order: Json
    shipment: Json
    found: list[Finding] = field(factory=list)
    parts: list[Json] = field(factory=list)
    said: dict[int, list[str]] = field(factory=dict)
    others: dict[int, list[tuple[Json, str]]] = field(factory=dict)  # of a line: the ids of another item, and how much of it
    lines: Lines = field(init=False)

    def __attrs_post_init__(self) -> None:
        self.lines = Lines(self.order["lines"])
        for n, one in enumerate(self.shipment.get("orders", [])):
            if not twin_orders(one, [dict(self.order)]):
                continue
            self.parts.append(one)
            for k, pack in enumerate(one.get("packs", [])):
                for m, item in enumerate(pack.get("items", [])):
                    self.item(item, f"orders[{n}].packs[{k}].items[{m}]")
        if not self.parts:
            self.found.append(finding("nothing-shipped", path="orders", value=label(dict(self.order))))

    def item(self, item: Json, path: str) -> None:
        twins = self.lines.twins(dict(item))
        if len(twins) != 1:
            said, known = item.get("line", item.get("ids")), ", ".join(str(one.get("line")) for one in self.lines.lines[:_LISTED])
            self.found.append(
                finding("line-unknown", path=f"{path}.line", value=None if said is None else str(said), expected=known)
            )
            return
        unit = twins[0].get("unit")
        if item.get("unit", unit) != unit:
            self.found.append(finding("unit-differs", path=f"{path}.unit", value=item["unit"], expected=unit))
        quantity = item.get("quantity")
        if (value := number(quantity)) is None or value < 0:
            self.found.append(finding("quantity-unusable", path=f"{path}.quantity", value=quantity, expected="a number from 0"))
        else:
            self.said.setdefault(id(twins[0]), []).append(item["quantity"])
            if another(twins[0], item):
                self.others.setdefault(id(twins[0]), []).append((item["ids"], item["quantity"]))

    def quantity(self, line: Json) -> str | None:
        """What was shipped of a line; None where that is nothing."""
        said = self.said.get(id(line), [])
        total = _sum(said)
        return None if not total else said[0] if len(said) == 1 else plain(total)

    def instead(self, line: Json, rule: Json) -> dict[str, Any]:
        """What a billed line says of items that were shipped instead of what was ordered; nothing where none was."""
        shipped = self.others.get(id(line), []) if rule.get("status") else []
        each: list[tuple[Json, list[str]]] = []
        for ids, quantity in shipped:
            known = next((quantities for other, quantities in each if other == ids), None)
            if known is None:
                each.append((ids, [quantity]))
            else:
                known.append(quantity)
        parts = [
            present(line=str(n), quantity=said[0] if len(said) == 1 else plain(_sum(said)), unit=line.get("unit"), ids=dict(ids))
            for n, (ids, said) in enumerate(each, 1)
        ]
        return {"status": rule["status"], "components": parts} if parts else {}

    def date(self) -> str | None:
        """The day on which the order left, or its shipment did."""
        own_days = {part["ship_date"] for part in self.parts if "ship_date" in part}
        day: str | None = own_days.pop() if len(own_days) == 1 else self.shipment.get("ship_date")
        return day

    def weight(self) -> dict[str, Any]:
        """The order's weight and its unit: as said of the order, or the sum of its packs where each says one."""
        units = {part.get("weight_unit") for part in self.parts}
        weights: list[Any] = []
        for part in self.parts:
            packs = [pack.get("weight") for pack in part.get("packs", [])]
            weights += [part["weight"]] if "weight" in part else packs or [None]
        if len(units) != 1 or not all(number(weight) is not None for weight in weights):
            return {}
        text = weights[0] if len(weights) == 1 else plain(_sum(weights))
        return present(weight=text, weight_unit=units.pop())


def _total(lines: list[dict[str, Any]], shipped: _Shipped | None) -> dict[str, Any]:
    """What was shipped in all: a quantity where all lines have one unit, and the weight."""
    units = {line.get("unit") for line in lines}
    quantities = [line.get("quantity") for line in lines]
    made: dict[str, Any] = {}
    if len(units) == 1 and None not in units and None not in quantities:
        text = quantities[0] if len(quantities) == 1 else plain(_sum([str(quantity) for quantity in quantities]))
        made = {"quantity": text, "unit": units.pop()}
    return made if shipped is None else made | shipped.weight()


def _carrier(shipment: Json, types: Json) -> dict[str, Any]:
    """The carrier, and the first of the shipment's references that an invoice takes."""
    carrier, references = shipment.get("carrier", {}), shipment.get("references", {})
    made = present(**{name: carrier.get(name) for name in _CARRIER})
    for name, kind in types.items():
        if reference := references.get(name, {}).get("id"):
            return made | {"reference_type": kind, "reference": reference}
    return made


def _sum(quantities: Sequence[str]) -> Decimal:
    total = Decimal(0)
    for quantity in quantities:
        total = EXACT.add(total, Decimal(quantity))
    return total
