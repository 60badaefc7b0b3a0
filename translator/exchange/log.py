"""Everything that ever happened to an order: its number goes in, entries in order of time come out, each with the file behind it.

From the interchange that brought it over its receipt, the ERP's file and our answers to what the partner said of them. What names
a guest is masked, unless it is asked for. Nothing is written.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from attrs import define, field

from translator.bodies.read import key_of
from translator.errors import Refused
from translator.exchange.deadlines import zone_named
from translator.exchange.ledger import Called, Change, Document, Event, Interchange, Order
from translator.exchange.privacy import mask_of
from translator.exchange.room import Room, moment
from translator.findings import clean

Json = dict[str, Any]


@define(eq=False)
class History:
    """All that the ledger has on the orders of one number: a blanket order and its releases share it."""

    number: str
    orders: list[Order] = field(factory=list)
    changes: list[Change] = field(factory=list)
    documents: dict[int, Document] = field(factory=dict)
    interchanges: dict[int, Interchange] = field(factory=dict)
    events: list[Event] = field(factory=list)
    calls: list[Called] = field(factory=list)  # what its API was asked and told of it


def history(room: Room, number: str) -> History:
    """What is known of an order. Raises ``Refused`` where there is none of that number."""
    with room.ledger.snapshot():
        books = room.ledger
        found = History(number, books.orders.numbered(number))
        if not found.orders:
            raise Refused(f"order {clean(number)} is not known here; `translator exchange status DIR --all` lists those that are")
        events: dict[int, Event] = {}
        within: set[int] = set()  # interchanges of which all is told, not only what concerns the order
        for order in found.orders:
            found.changes += books.changes.of(order.id)
            found.documents |= {one.id: one for one in books.documents.of(order.id)}
            if key := key_of(order.original, room.settings.mappings):
                found.calls += books.calls.about(order.partner, quote(key, safe=""))
            events |= {one.id: one for one in books.events.about(order.id)}
            within.add(order.interchange)
        within |= {one.interchange for one in found.changes}
        within |= {one.interchange for one in found.documents.values() if one.interchange is not None}
        within |= {answer.id for id in list(within) for answer in books.interchanges.answers(id)}
        events |= {one.id: one for id in within for one in books.events.within(id)}
        touched = within | {one.interchange for one in events.values() if one.interchange is not None}
        found.interchanges = {id: books.interchanges.get(id) for id in sorted(touched)}
        found.events = [events[id] for id in sorted(events)]
        return found


def entries(room: Room, number: str, *, unmasked: bool = False) -> list[Json]:
    """The log of an order. Raises ``Refused`` where there is none of that number.

    An entry has ``at`` (UTC), ``local``, ``what`` and ``sentence``, and where there is one ``order``, ``release``, ``document`` and
    ``file``: its name, way, place in the archive, control numbers, hash and size.
    """
    return told(room, history(room, number), unmasked=unmasked)


def told(room: Room, held: History, *, unmasked: bool = False) -> list[Json]:
    """The log of what is known of an order."""
    zone = zone_named(room.settings.zone)
    masked = room.settings.mask and not unmasked
    mask = mask_of(room, held.orders if masked else (), held.changes if masked else ())
    orders = {order.id: order for order in held.orders}
    made = []
    for event in held.events:
        entry: Json = {
            "at": event.at, "local": moment(event.at).astimezone(zone).isoformat(), "what": event.what,
            "sentence": mask(clean(event.sentence)),
        }  # fmt: skip
        if order := orders.get(event.order_id or 0):
            entry["order"] = order.number
            if order.release:
                entry["release"] = order.release
        document = held.documents.get(event.document or 0)
        if document is not None:
            entry["document"] = {"kind": document.kind, "name": document.name, "state": document.state}
        interchange = held.interchanges.get(event.interchange or (document.interchange if document else None) or 0)
        if interchange is not None:
            entry["file"] = file_of(interchange, document)
        made.append(entry)
    for call in held.calls:
        if call.body is not None:  # what is only asked happens every few minutes, and is for the dossier
            came = call.said or "no answer yet"
            made.append(
                {"at": call.at, "local": moment(call.at).astimezone(zone).isoformat(), "what": "request",
                 "sentence": mask(clean(f"{call.method} {call.path} {call.body}: {came}"))}
            )  # fmt: skip
    return sorted(made, key=lambda entry: str(entry["at"]))


def file_of(interchange: Interchange, document: Document | None) -> Json:
    """The file behind an entry: what its interchange is called and numbered, and its hash."""
    made: Json = {
        "name": clean(interchange.file), "way": interchange.way, "interchange": interchange.control,
        "sha256": interchange.sha256, "size": interchange.size,
    }  # fmt: skip
    if interchange.archived:
        made["archived"] = interchange.archived
    if document is not None and document.interchange == interchange.id and document.group_control:
        made["group"] = f"{document.functional} {document.group_control}"
        made["set"] = document.set_control
    return made
