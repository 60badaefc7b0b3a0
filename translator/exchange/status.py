"""What is done, what waits, what is late: an open exchange goes in, a record for each order comes out.

A pass works out anew only the orders to which something happened or of which a deadline passed (``refresh``), and keeps the result
in the ledger; whoever asks reads that, and no documents. It is seen here, too, that the ERP took an order's file.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from typing import Any

from attrs import define, evolve, field

from translator import shipped
from translator.exchange import files
from translator.exchange.deadlines import Due, zone_named
from translator.exchange.ledger import Hold, Order, Watched
from translator.exchange.privacy import mask_of
from translator.exchange.progress import Known, Progress, progress
from translator.exchange.room import Room, stamp
from translator.exchange.rules import load
from translator.tables.partner import program
from translator.tables.standard import parsed

Json = dict[str, Any]
_AT_ONCE = 500  # orders of a transaction
_FILES = ("compliance.toml", "derive.toml", "partner.toml")


@define(eq=False)
class Standing:
    """How far an order is, its answers that count, what holds it, and whether a change waits. ``order.dues`` is what is due."""

    order: Watched
    documents: list[Json] = field(factory=list)
    holds: list[Hold] = field(factory=list)
    change_waits: bool = False

    @property
    def late(self) -> list[Json]:
        """What is late by now."""
        return [one for one in self.order.dues if one["late"]]


def late(room: Room) -> list[str]:
    """At the end of a pass: see what the ERP took, work out what changed, and say what is late."""
    collected(room)
    refresh(room)
    return [one["sentence"] for one in room.ledger.watches.late()]


def collected(room: Room) -> int:
    """Record which files of orders the ERP has taken from its folder; answers how many."""
    waiting = room.ledger.orders.untaken()
    if not waiting:
        return 0
    there = files.names(room.folder("orders"))
    gone = [(id, name) for id, name in waiting if name not in there]
    with room.ledger.transaction():
        for id, name in gone:
            room.ledger.orders.set(id, taken=room.stamp)
            room.note("collected", f"the ERP has taken {name}", order=id)
    return len(gone)


def refresh(room: Room) -> int:
    """Work out anew the orders to which something happened, or of which a deadline passed; answers how many."""
    watches, basis = room.ledger.watches, _basis(room)
    if watches.basis != basis:
        with room.ledger.transaction():
            watches.begin_again(basis)
    stale = watches.stale(room.stamp)
    for begin in range(0, len(stale), _AT_ONCE):
        with room.ledger.transaction():
            for id in stale[begin : begin + _AT_ONCE]:
                found = _worked_out(room, id)
                next = found.next(room.now)
                watches.keep(
                    id, stage=found.stage, finished=found.finished, dues=[told(one) for one in found.open],
                    next=stamp(next) if next else None, at=room.stamp,
                )  # fmt: skip
    return len(stale)


def standings(room: Room, *, everything: bool = False) -> Iterator[Standing]:
    """The orders that are not finished, or all; nothing is written. Of what changed since the last pass the news is told."""
    with room.ledger.snapshot():
        watches = room.ledger.watches
        doubted = watches.basis != _basis(room)
        documents: dict[int, list[Json]] = {}
        for one in watches.documents(everything=everything):
            documents.setdefault(one.pop("order"), []).append(one)
        holds: dict[int, list[Hold]] = {}
        for hold, orders in about_orders(room):
            for id in orders:
                holds.setdefault(id, []).append(hold)
        pending = watches.pending()
        now = room.stamp
        for row in watches.rows(everything=everything):
            order = _anew(room, row) if row.stale(now) or (doubted and not row.finished) else row
            if everything or not order.finished:
                found = Standing(order, documents.get(row.id, []), holds.get(row.id, []), row.id in pending)
                if room.settings.mask and (found.holds or any(one["why"] for one in found.documents)):
                    _masked(room, found)
                yield found


def other_holds(room: Room) -> list[Hold]:
    """What waits for a person and is about no order that is known."""
    return [hold for hold, orders in about_orders(room) if not orders]


def about_orders(room: Room) -> Iterator[tuple[Hold, list[int]]]:
    """Everything that waits for a person, each with the orders that it is about."""
    books = room.ledger
    for hold in books.holds.open():
        orders: list[int] = []
        if hold.subject is not None and hold.what in ("order", "answer"):
            orders = [hold.subject]
        elif hold.subject is not None and hold.what == "change":
            change = books.changes.get(hold.subject)
            orders = [change.order_id] if change.order_id is not None else []
        elif hold.subject is not None and hold.what in ("document", "verdict"):
            orders = books.documents.orders_of(hold.subject)
        yield hold, orders


def told(due: Due) -> Json:
    """A thing that is due, in the form that the ledger and ``--json`` have."""
    return {"what": due.what, "due": stamp(due.due), "late": due.late, "rule": due.rule, "sentence": due.sentence}


def known(room: Room, order: Order) -> Known:
    """The rules that an order is under."""
    settings = room.settings
    cache = room.caches.setdefault("known", {})
    if order.partner not in cache:
        derive = parsed(f"mappings/{order.partner}/derive.toml", settings.mappings)
        cache[order.partner] = (load(order.partner, settings.mappings), derive, zone_named(settings.zone))
    rules, derive, zone = cache[order.partner]
    agreed = next((one.program for one in settings.partners if one.name == order.partner), None)
    found = program(order.current, settings.mappings, agreed)
    return Known(rules, derive, frozenset(found.tables if found else ()), zone, room.now)


def _worked_out(room: Room, id: int) -> Progress:
    books = room.ledger
    order = books.orders.get(id)
    pending = bool(books.changes.pending(id))
    return progress(order, books.documents.of(id), books.documents.movements(id), pending, known(room, order))


def _anew(room: Room, row: Watched) -> Watched:
    found = _worked_out(room, row.id)
    dues = [told(one) for one in found.open]
    return evolve(row, stage=found.stage, finished=found.finished, dues=dues, late=sum(one["late"] for one in dues))


def _masked(room: Room, one: Standing) -> None:
    """Without the names of guests in what people wrote or read about it."""
    mask = mask_of(room, [room.ledger.orders.get(one.order.id)], room.ledger.changes.of(one.order.id))
    one.holds = [evolve(hold, sentence=mask(hold.sentence)) for hold in one.holds]
    one.documents = [document | {"why": mask(document["why"])} for document in one.documents]


def _basis(room: Room) -> str:
    """What deadlines rest on beside the ledger: when it changes, all are worked out anew."""
    settings = room.settings
    held = hashlib.sha256(settings.zone.encode())
    for partner in settings.partners:
        held.update(f"{partner.name}|{partner.program}".encode())
        for name in _FILES:
            file = f"mappings/{partner.name}/{name}"
            if file in shipped.names("mappings", name, settings.mappings):
                held.update(shipped.text(file, settings.mappings).encode())
    return held.hexdigest()
