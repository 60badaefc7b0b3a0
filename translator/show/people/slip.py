"""The packing slip of a shipment: a shipment and its orders go in, a sheet for each order in it comes out, carton by carton.

What is in the cartons is ``labels``' to say, as for labels and packing lists; here it becomes a sheet. No price is on it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from translator.respond.labels import PARTS, Packed, packed
from translator.show.people import head
from translator.show.people.codes import Codes
from translator.show.people.entry import Json
from translator.show.sheet import STRONG, Block, Card, Field, Fields, Node, Sheet, Tree, Words


def slips(shipment: Json, orders: Sequence[Json], codes: Codes) -> Iterator[Sheet]:
    """A slip for each order in the shipment; the orders add addresses, item numbers and words."""
    for one in packed(shipment, orders):
        yield _slip(shipment, one, codes)


def _slip(shipment: Json, one: Packed, codes: Codes) -> Sheet:
    about = one.about
    rows = [
        _field("Shipment", str(shipment.get("id") or ""), str(shipment.get("ship_date") or "")),
        _field("Department", about["department"]),
        _field("Carrier", about["carrier"]),
        _field("Bill of lading", about["bill_of_lading"]),
        _field("Carrier reference", about["carrier_reference"]),
        _field("Cartons", str(one.cartons)),
    ]
    cards = [_card(title, about, side) for title, side in (("From", "ship_from"), ("Ship to", "ship_to"))]
    store = [about["mark_for_name"], about["mark_for_location"]]
    cards.append(Card("Mark for", [[Words(word)] for word in store if word]))
    nodes: list[Node] = []
    count = 0
    for pack, items in one.packs:
        count += bool(pack.get("sscc"))
        title = f"carton {count} of {one.cartons}" if pack.get("sscc") else "carton" if pack.get("tracking") else "loose"
        labels = {"sscc": "", "tracking": "tracking", "pallet": "pallet"}
        said = [Words(str(pack[name]), label=label) for name, label in labels.items() if pack.get(name)]
        nodes.append(Node([Words(title), *said], [Node(_item(item, codes)) for item in items]))
    blocks: list[Block] = [Fields("", [row for row in rows if row.values]), *head.shown(cards), Tree("In this shipment", nodes)]
    return Sheet("Packing slip", about["number"], [Words(about["release"], label="release")] if about["release"] else [], blocks)


def _field(label: str, *values: str) -> Field:
    return Field(label, [Words(value) for value in values if value])


def _card(title: str, about: dict[str, str], side: str) -> Card:
    words = {part: about[f"{side}_{part}"] for part in PARTS}
    town = ", ".join(filter(None, (words["city"], f"{words['state']} {words['postal_code']}".strip())))
    lines = [words["name"], words["street"], town, words["country"]]
    made = [[Words(line)] for line in lines if line]
    return Card(title, [*made, *([[Words(words["location"], label="location")]] if words["location"] else [])])


def _item(item: dict[str, Any], codes: Codes) -> list[Words]:
    much = " ".join(str(item[name]) for name in ("quantity", "unit") if item.get(name))
    said = [Words(much, codes.means("orders[].packs[].items[].unit", str(item.get("unit", ""))), tone=STRONG)] if much else []
    said += [Words(str(item["line"]), label="line")] if item.get("line") else []
    said += [Words(str(item["description"]))] if item.get("description") else []
    return [*said, *(Words(str(value), label=codes.item(name)) for name, value in item["ids"].items())]
