"""Labels and packing lists: a shipment and its orders go in, rows for a label program and a text for people come out.

One row for each carton that has a serial number, from the same cartons as the ship notice. What a column holds:

    sscc                            18 digits, without the application identifier 00
    carton, cartons                 carton n of m, counted in its order
    ship_from_…, ship_to_…          name, location, street (all lines), city, state, postal_code, country
    number, release, department     the order as received, and the buyer's department
    dpci, upc, … (the ids there are) item numbers, by the names that the documents have for them
    quantity, unit, casepack        in the carton; units that a full carton holds
    description                     the words of the order
    mark_for_name, mark_for_location    the store that it is for, when it goes by way of a distribution center
    carrier, bill_of_lading, carrier_reference, tracking, pallet

What two items of a carton do not have in common is given for each, with "; " between. Nothing is rendered here.

CSV is opened in spreadsheets, and a spreadsheet runs a cell that begins with = + - or @. Every cell is in quotation marks;
words that begin so (names, addresses, descriptions) get an apostrophe before them, control characters in them become
blanks. Identifiers (numbers, codes, ids) are never changed, since a label must show them as received: one that begins so
or has a control character gives no CSV but a finding. No genuine one does; and -5, a plain number, is harmless.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from attrs import define

from translator.documents.derive import derived
from translator.findings import Finding, clean, finding
from translator.respond.draft import Json
from translator.tables.amounts import EXACT, number, plain
from translator.tables.sscc import faults
from translator.tables.twins import Lines, another, twin_orders

Row = dict[str, str]

PARTS = ("name", "location", "street", "city", "state", "postal_code", "country")
_WORDS = {"description", "mark_for_name", "carrier"} | {
    f"{side}_{part}" for side in ("ship_from", "ship_to") for part in ("name", "street", "city")
}
FORMULA = tuple("=+-@＝＋－＠")


def labels(shipment: Json, orders: Sequence[Json] = ()) -> tuple[list[Row], list[Finding]]:
    """One row a carton, all with the same columns; the orders add what the shipment does not say."""
    found = list(faults(dict(shipment)))
    names = _names(shipment, orders)
    rows = []
    bare = 0
    for one in shipment.get("orders", []):
        order, lines = _twin(one, orders)
        fixed = _order_columns(shipment, one, order)
        cartons = [pack for pack in one.get("packs", []) if pack.get("sscc")]
        bare += len(one.get("packs", [])) - len(cartons)
        for n, pack in enumerate(cartons, 1):
            count = {"sscc": str(pack["sscc"]), "carton": str(n), "cartons": str(len(cartons))}
            rows.append(count | fixed | _pack_columns(pack, lines, names))
    if bare:
        found.append(finding("sscc-missing", path="orders[].packs[]", value=str(bare)))
    return rows, found


def csv_text(rows: Sequence[Row]) -> tuple[str, list[Finding]]:
    """The rows as CSV with a heading, safe to open in a spreadsheet; no text when an identifier cannot be made so."""
    found = []
    out = io.StringIO()
    writer = csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\n")
    writer.writerow(rows[0] if rows else ())
    for n, row in enumerate(rows):
        for name, value in row.items():
            if name not in _WORDS and (reason := _unsafe(value)):
                found.append(finding("label-unsafe", path=f"labels[{n}].{name}", value=value, expected=reason))
        writer.writerow([harmless(value) if name in _WORDS else value for name, value in row.items()])
    return ("" if found or not rows else out.getvalue()), found


@define(eq=False)
class Packed:
    """An order in a shipment: ``about`` it what a label says, and its packs, each with its items as their lines complete them."""

    about: Row
    packs: list[tuple[Json, list[dict[str, Any]]]]

    @property
    def cartons(self) -> int:
        """How many of the packs are cartons with a label."""
        return sum(1 for pack, _ in self.packs if pack.get("sscc"))


def packed(shipment: Json, orders: Sequence[Json] = ()) -> Iterator[Packed]:
    """What is in a shipment, order by order, for whoever prints it."""
    for one in shipment.get("orders", []):
        order, lines = _twin(one, orders)
        packs = [(pack, [_completed(item, lines) for item in pack.get("items", [])]) for pack in one.get("packs", [])]
        yield Packed(_order_columns(shipment, one, order), packs)


def packing_list(shipment: Json, orders: Sequence[Json] = ()) -> str:
    """A packing list for people, order by order, carton by carton; nothing that does not print is left raw."""
    return "".join(clean(line) + "\n" for line in _listed(shipment, orders))


# --- columns ----------------------------------------------------------------------------------------------------------


def _order_columns(shipment: Json, one: Json, order: Json) -> Row:
    """What all cartons of an order in a shipment have in common."""
    references = order.get("references", {}) | one.get("references", {})
    mark_for, carrier = one.get("mark_for", {}), shipment.get("carrier", {})
    made = _party("ship_from", shipment.get("ship_from", {})) | _party("ship_to", _ship_to(shipment, order))
    made |= {
        "number": one.get("number"),
        "release": one.get("release"),
        "department": references.get("department", {}).get("id"),
        "mark_for_name": mark_for.get("name"),
        "mark_for_location": mark_for.get("location"),
        "carrier": carrier.get("scac") or carrier.get("name"),
    }
    for name in ("bill_of_lading", "carrier_reference"):
        made[name] = shipment.get("references", {}).get(name, {}).get("id")
    return _texts(made)


def _ship_to(shipment: Json, order: Json) -> Json:
    """The shipment's ship-to with what it leaves out, from an order that goes to the same location."""
    place, ordered = shipment.get("ship_to", {}), derived(order, {}).get("ship_to", {})
    if place.get("location", ordered.get("location")) != ordered.get("location"):
        return dict(place)
    return dict(ordered) | dict(place)


def _party(side: str, place: Json) -> dict[str, Any]:
    address = place.get("address", {})
    flat = {**address, **place, "street": ", ".join(address.get("lines", []))}
    return {f"{side}_{part}": flat.get(part) for part in PARTS}


def _pack_columns(pack: Json, lines: Lines, names: Iterable[str]) -> Row:
    items = [_completed(item, lines) for item in pack.get("items", [])]
    made: dict[str, Any] = {name: _joined(item.get("ids", {}).get(name) for item in items) for name in names}
    units = {item.get("unit") for item in items}
    quantities = [number(item.get("quantity")) for item in items]
    alike = len(units) == 1 and None not in quantities
    made |= {
        "quantity": _sum([one for one in quantities if one is not None]) if alike else _joined(i.get("quantity") for i in items),
        "unit": _joined(item.get("unit") for item in items),
        "casepack": _joined(_casepack(item) for item in items),
        "description": _joined(item.get("description") for item in items),
        "tracking": pack.get("tracking"),
        "pallet": pack.get("pallet"),
    }
    return _texts(made)


def _completed(item: Json, lines: Lines) -> dict[str, Any]:
    """An item with the ids and the words of its line."""
    twins = lines.twins(dict(item))
    line = twins[0] if len(twins) == 1 else {}
    texts = [text["text"] for text in item.get("descriptions", line.get("descriptions", [])) if "text" in text]
    ids = item["ids"] if another(line, item) else line.get("ids", {}) | item.get("ids", {})
    return {**item, "ids": ids, "description": texts[0] if texts else None}


def _casepack(item: Json) -> str | None:
    pack, inner = item.get("pack"), item.get("inner_pack", 1)
    return str(pack * inner) if isinstance(pack, int) and isinstance(inner, int) else None


def _names(shipment: Json, orders: Sequence[Json]) -> list[str]:
    """The names of all item numbers that there are, as they come."""
    found: dict[str, None] = {}
    for one in shipment.get("orders", []):
        lines = _twin(one, orders)[1]
        for pack in one.get("packs", []):
            for item in pack.get("items", []):
                found |= dict.fromkeys(_completed(item, lines)["ids"])
    return list(found)


def _twin(one: Json, orders: Sequence[Json]) -> tuple[Json, Lines]:
    """The order that an order in a shipment is, and its lines; one that says nothing where none was given."""
    twins = twin_orders(dict(one), [dict(order) for order in orders])
    order: Json = twins[0] if len(twins) == 1 else {}
    return order, Lines(order.get("lines", []))


def _joined(values: Iterable[Any]) -> str:
    return "; ".join(dict.fromkeys(str(value) for value in values if value))


def _sum(quantities: Sequence[Decimal]) -> str:
    total = Decimal(0)
    for quantity in quantities:
        total = EXACT.add(total, quantity)
    return plain(total)


def _texts(columns: Mapping[str, Any]) -> Row:
    return {name: "" if value is None else str(value) for name, value in columns.items()}


# --- cells ------------------------------------------------------------------------------------------------------------


def _unsafe(value: str) -> str | None:
    """Why an identifier cannot stand in a cell as it is; None when it can."""
    if any(not c.isprintable() for c in value):
        return "it holds a control character, which no label shows"
    if value.lstrip().startswith(FORMULA) and number(value) is None:
        return f"a spreadsheet would run a cell that begins with {value.lstrip()[0]}"
    return None


def harmless(words: str) -> str:
    """Words that no spreadsheet runs."""
    printed = "".join(c if c.isprintable() else " " for c in words)
    return f"'{printed}" if printed.lstrip().startswith(FORMULA) else printed


# --- the packing list -------------------------------------------------------------------------------------------------


def _listed(shipment: Json, orders: Sequence[Json]) -> Iterator[str]:
    for n, one in enumerate(packed(shipment, orders)):
        about = one.about
        if n:
            yield ""
        yield f"PACKING LIST   order {about['number']}" + (f", release {about['release']}" if about["release"] else "")
        yield f"shipment       {shipment.get('id', '')}   {shipment.get('ship_date', '')}".rstrip()
        for title, side in (("from", "ship_from"), ("to", "ship_to")):
            words = [about[f"{side}_{part}"] for part in PARTS]
            yield f"{title:<14} {', '.join(word for word in words if word)}".rstrip()
        for title, words in (
            ("mark for", [about["mark_for_name"], about["mark_for_location"]]),
            ("department", [about["department"]]),
            ("carrier", [about["carrier"], about["bill_of_lading"], about["carrier_reference"]]),
        ):
            if any(words):
                yield f"{title:<14} {', '.join(word for word in words if word)}"
        cartons = one.cartons
        yield f"cartons        {cartons}"
        count = 0
        for pack, items in one.packs:
            count += bool(pack.get("sscc"))
            yield ""
            yield (f"carton {count} of {cartons}   {pack['sscc']}" if pack.get("sscc") else "loose") + (
                f"   pallet {pack['pallet']}" if pack.get("pallet") else ""
            )
            for item in items:
                ids = "  ".join(f"{name} {value}" for name, value in item["ids"].items())
                words = [f"line {item.get('line', '')}", f"{item.get('quantity', '')} {item.get('unit', '')}".strip()]
                yield "  " + "   ".join(word for word in (*words, ids, item["description"] or "") if word)
