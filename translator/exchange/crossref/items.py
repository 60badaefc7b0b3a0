"""Items between the order's numbers and units and the supplier's own: documents and the list in, documents and findings out.

``applied`` gives an order's lines ``erp: {sku, quantity, unit, price}`` beside what the order says, which stays. ``back`` (in
``answers``) turns an answer that speaks of skus and own units into one of the order's lines and units. Exact decimals: what
does not come out even is a finding. Which numbers are tried, and in which order, is data. The list is read by ``itemlist``.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any

from translator.exchange.crossref.answers import back
from translator.exchange.crossref.itemlist import NAME, Item, Items, read, template
from translator.exchange.crossref.lookup import decimals, found_for, price_units, unit_of
from translator.exchange.crossref.quantity import converted, exact, same_price
from translator.findings import Finding, finding
from translator.tables.amounts import number
from translator.tables.carry import copied

__all__ = ["Items", "applied", "back", "read", "template"]

Json = dict[str, Any]

_OURS = ("sku", "quantity", "unit", "price")


def applied(order: Mapping[str, Any], items: Items) -> tuple[Json, list[Finding]]:
    """A copy of the order whose lines have the supplier's own sku, quantity, unit and price in ``erp``.

    ``erp.price`` is the order's price of one own unit, where it is an exact decimal. A line without item, or with a quantity
    that does not come out even, earns an error: the order is not to be handed on. No list, no change.
    """
    made: Json = copied(dict(order))
    found: list[Finding] = []
    lines = made.get("lines")
    if not items.kept or not isinstance(lines, list):
        return made, found
    if not items.sheet.readable:
        return made, [finding("list-awaited", path="lines", expected=NAME)]
    for n, line in enumerate(lines):
        if isinstance(line, dict):
            item, said = found_for(line, items, f"lines[{n}]")
            found += said
            own: Json = {}
            if item is not None:
                own, said = _own(line, item, items, f"lines[{n}]")
                found += said
            # What an earlier revision of the order came to holds no longer.
            erp = line.pop("erp", None)
            rest = {key: value for key, value in erp.items() if key not in _OURS} if isinstance(erp, dict) else {}
            if rest or own:
                line["erp"] = rest | own
    return made, found


def _own(line: Json, item: Item, items: Items, path: str) -> tuple[Json, list[Finding]]:
    """What a line is in own terms."""
    found: list[Finding] = []
    own: Json = {"sku": item.sku}
    unit, quantity, price = unit_of(line), number(line.get("quantity")), number(line.get("price"))
    own_unit = item.unit or unit
    if quantity is not None:
        text = converted(quantity, 1 / item.ratio, decimals(item))
        if text is None:
            value = f"{line['quantity']} {unit or ''}".rstrip()
            found.append(finding("quantity-uneven", path=f"{path}.quantity", value=value, expected=_factor(item, unit)))
        else:
            own |= {"quantity": text} | ({"unit": own_unit} if own_unit else {})
    if price is not None:
        per = price_units(line.get("price_basis"), unit, items)
        each = None if per is None else exact(Fraction(price) * item.ratio / per)
        if each is not None:
            own["price"] = each
        found += _price_found(line, item, price, per, path)
    return own, found


def _price_found(line: Json, item: Item, price: Decimal, per: int | None, path: str) -> list[Finding]:
    if item.price is None or (per is not None and same_price(price, per, item.price)):
        return []
    basis = f" (basis {line['price_basis']})" if per != 1 and line.get("price_basis") else ""
    agreed = f"{item.price:f} in row {item.row} of {NAME}"
    return [finding("price-differs", path=f"{path}.price", value=f"{line['price']}{basis}", expected=agreed)]


def _factor(item: Item, unit: str | None) -> str:
    return f"{item.factor:f} {unit or 'of the order'} to {item.per:f} {item.unit or 'of your own'} (row {item.row} of {NAME})"
