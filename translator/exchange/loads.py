"""Which cartons travel together: what an ERP says was shipped goes in, one shipment for each bill of lading and ship-to comes out.

A ship notice has one ship-to and one bill of lading. Shipments of one file that share both become one; one whose orders go to
several places is split. Numbers are not made up: parts of a split shipment bear the location that they go to after its number.
Nothing else of a document is changed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

Json = dict[str, Any]
Place = Callable[[Json], str]  # an order as a shipment names it -> where it goes; nothing where that is not known


def loads(shipments: Iterable[Json], place: Place) -> list[tuple[Json, list[tuple[int, int]]]]:
    """The shipments as they are sent, each with where its orders came from: (shipment, order) of what was given."""
    split = [part for n, one in enumerate(shipments) for part in _split(n, one, place)]
    made: list[tuple[Json, list[tuple[int, int]]]] = []
    known: dict[tuple[str, str], int] = {}
    for where, one, sources in split:
        lading = _lading(one)
        if lading and (lading, where) in known:
            _merge(made[known[lading, where]], one, sources)
            continue
        if lading:
            known[lading, where] = len(made)
        made.append((one, sources))
    return made


def _split(n: int, shipment: Json, place: Place) -> list[tuple[str, Json, list[tuple[int, int]]]]:
    orders = shipment.get("orders")
    if not isinstance(orders, list) or not all(isinstance(order, dict) for order in orders):
        return [("", shipment, [])]
    places: dict[str, list[int]] = {}
    for i, order in enumerate(orders):
        places.setdefault(place(order), []).append(i)
    if len(places) < 2:
        return [(next(iter(places), ""), shipment, [(n, i) for i in range(len(orders))])]
    parts = []
    for m, (where, held) in enumerate(places.items()):
        part = {**shipment, "orders": [orders[i] for i in held]}
        if m and isinstance(part.get("id"), str):
            part["id"] = f"{part['id']}-{where or m}"
        pallets = {pack.get("pallet") for i in held for pack in orders[i].get("packs", ()) if isinstance(pack, dict)}
        if isinstance(part.get("pallets"), list):
            part["pallets"] = [one for one in part["pallets"] if isinstance(one, dict) and one.get("sscc") in pallets]
            if not part["pallets"]:
                del part["pallets"]
        parts.append((where, part, [(n, i) for i in held]))
    return parts


def _merge(into: tuple[Json, list[tuple[int, int]]], one: Json, sources: list[tuple[int, int]]) -> None:
    """The orders of another shipment, beside those that are there; the same order in both has the cartons of both."""
    held, places = into
    held["orders"] = list(held["orders"])
    for order, source in zip(one.get("orders", ()), sources, strict=True):
        same = next((n for n, known in enumerate(held["orders"]) if _named(known) == _named(order)), None)
        if same is None:
            held["orders"].append(order)
            places.append(source)
        else:
            held["orders"][same] = {
                **held["orders"][same],
                "packs": [*held["orders"][same].get("packs", ()), *order.get("packs", ())],
            }
    if one.get("pallets"):
        known = held.get("pallets", [])
        held["pallets"] = [*known, *(pallet for pallet in one["pallets"] if pallet not in known)]


def _named(order: Json) -> tuple[str, ...]:
    erp = order.get("erp")
    return (
        str(order.get("number", "")), str(order.get("release", "")),
        str(erp.get("order_number", "")) if isinstance(erp, dict) else "",
    )  # fmt: skip


def _lading(shipment: Json) -> str:
    references = shipment.get("references")
    held = references.get("bill_of_lading") if isinstance(references, dict) else None
    return str(held.get("id", "")) if isinstance(held, dict) else ""
