"""Which item of the list a line of an order is: the line and the list in, the item out, or why there is none.

The first of the line's numbers that the list has finds it, in the order of the rules; the others narrow it, and must not be
those of another item. A number that several items share finds none whose other numbers differ. A row for the unit of the line
goes before one for any unit. Nothing is guessed.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from translator.exchange.crossref.itemlist import Item, Items, plain
from translator.exchange.crossref.quantity import places
from translator.findings import WARNING, Finding, finding


def found_for(line: Mapping[str, Any], items: Items, path: str) -> tuple[Item | None, list[Finding]]:
    """The item of a line: by the first of its numbers that the list has; the others narrow it, and must not contradict."""
    ids = numbers_of(line)
    mine = {one.name: value for one in items.rules.numbers if (value := plain(one, ids.get(one.name, "")))}
    place, possible, by = f"{path}.ids", list[Item](), ""
    for one in items.rules.numbers:
        rows = items.known.get((one.name, mine.get(one.name, "")), [])
        skus = {item.sku for item in possible}
        if one.shared and not (len(skus) == 1 and any(item.sku in skus for item in rows)):
            rows = [item for item in rows if not _contradiction(item, mine)]
        if not rows:
            continue
        said = f"{one.name} {mine[one.name]}"
        if possible and not any(item.sku in skus for item in rows):
            value, expected = f"{by} is {_skus(possible)}", f"{said} is {_skus(rows)}"
            return None, [finding("item-conflict", path=place, value=value, expected=expected)]
        if possible:
            skus &= {item.sku for item in rows}
            possible = [item for item in possible if item.sku in skus]
        else:
            possible = rows
        by = f"{by}, {said}" if by else said
    if not possible:
        row = items.row_for(ids, unit_of(line))
        return None, [finding("item-unknown", path=place, value=_named(ids), expected=row)]
    unit = unit_of(line)
    if len({item.sku for item in possible}) > 1:
        return None, [finding("item-ambiguous", path=place, value=by, expected=_rows(possible))]
    fitting = [item for item in possible if item.order_unit == unit] or [item for item in possible if not item.order_unit]
    if not fitting:
        units = ", ".join(f"row {item.row} is for {item.order_unit}" for item in possible)
        return None, [finding("item-unit", path=f"{path}.unit", value=unit, expected=units)]
    if len({item.says() for item in fitting}) > 1:
        return None, [finding("item-ambiguous", path=place, value=by, expected=_rows(fitting))]
    if fitting[0].broken:
        return None, [finding("item-broken", path=place, value=by, expected=f"row {fitting[0].row}")]
    if all(_contradiction(item, mine) for item in fitting):
        value, expected = f"{by} is {_skus(fitting)}", _contradiction(fitting[0], mine)
        return fitting[0], [finding("item-conflict", level=WARNING, path=place, value=value, expected=expected)]
    return fitting[0], []


def decimals(item: Item) -> int:
    """How many decimals the factor of an item has."""
    return max(places(item.factor), places(item.per))


def price_units(basis: object, unit: object, items: Items) -> int | None:
    """For how many units of the order a price is, by its basis; None where the basis is not known or does not fit."""
    rule = items.rules.price_bases.get(basis or "") if basis is None or isinstance(basis, str) else None
    if rule is None or ("units" in rule and unit not in rule["units"]):
        return None
    per: int = rule["per"]
    return per


def numbers_of(line: Mapping[str, Any]) -> dict[str, str]:
    """The item numbers of a line that are texts."""
    ids = line.get("ids")
    return {name: value for name, value in ids.items() if isinstance(value, str)} if isinstance(ids, dict) else {}


def unit_of(line: Mapping[str, Any]) -> str | None:
    """The unit of a line, where it is a text."""
    unit = line.get("unit")
    return unit if isinstance(unit, str) else None


def _contradiction(item: Item, mine: Mapping[str, str]) -> str:
    """Which number the list has otherwise for an item; empty where none."""
    other = next((name for name, value in item.numbers.items() if name in mine and mine[name] != value), None)
    return f"row {item.row} has {other} {item.numbers[other]}, not {mine[other]}" if other else ""


def _named(ids: Mapping[str, str]) -> str:
    return ", ".join(f"{name} {value}" for name, value in ids.items()) or "an item without number"


def _skus(rows: list[Item]) -> str:
    return " or ".join(dict.fromkeys(item.sku for item in rows))


def _rows(rows: list[Item]) -> str:
    return ", ".join(f"row {item.row} ({item.sku})" for item in rows)
