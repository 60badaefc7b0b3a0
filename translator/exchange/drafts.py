"""An answer drafted from what the ledger knows: numbers of orders go in, a document with what follows from them comes out.

For whoever has no ERP to write it, and for labels: cartons are numbered from the exchange's own series, which never gives a number
twice. Nothing is sent: a draft that was completed is put among the ERP's answers like any other.
"""

from __future__ import annotations

from typing import Any

from translator.errors import Refused
from translator.exchange.balance import INVOICE, SHIPMENT
from translator.exchange.ledger import Order
from translator.exchange.ledger.books import COUNTED
from translator.exchange.room import Room
from translator.exchange.series import labels
from translator.findings import Finding, finding
from translator.respond.acknowledgment import acknowledge
from translator.respond.draft import Draft
from translator.respond.invoice import bill
from translator.respond.missing import missing
from translator.respond.shipment import ship
from translator.respond.sscc import Serials
from translator.tables.partner import program
from translator.tables.standard import parsed

Json = dict[str, Any]
Drafted = tuple[Json | None, list[Finding], list[str]]


def draft(room: Room, kind: str, numbers: list[str], *, shipment: str | None = None) -> Drafted:
    """A draft, what is to be known about it, and what only the supplier can add. ``shipment`` is the number of what is billed.

    Raises ``Refused`` for an order or a shipment that is not known, or a kind that several orders cannot share.
    """
    orders = [_order(room, number) for number in numbers]
    if kind != SHIPMENT and len(orders) > 1:
        raise Refused(f"one order at a time has an {kind}; only a shipment can hold several")
    if len({order.partner for order in orders}) > 1:
        raise Refused("these orders are of several partners")
    for order in orders:
        found = program(order.current, room.settings.mappings, room.settings.partner(order.partner).program)
        if found is not None and kind not in found.tables:
            return None, [finding("answer-none", path="document", value=order.number, expected=f"{found.name}: {found.why}")], []
    rules = parsed(f"mappings/{orders[0].partner}/derive.toml", room.settings.mappings)
    current = [order.current for order in orders]
    if kind == SHIPMENT:
        made, said = _shipped(room, current, rules)
    elif kind == INVOICE:
        made, said = bill(current[0], rules, _shipment(room, orders[0], shipment))
    else:
        made, said = acknowledge(current[0], rules, now=room.local)
    if made is None:
        return None, said, []
    addressed = made | {"envelope": {side: {"id": "of the settings"} for side in ("sender", "receiver")}}  # as when it is sent
    return made, said, [one.sentence for one in missing(addressed, rules)]


def _shipped(room: Room, orders: list[Json], rules: Json) -> Draft:
    """Packed and, where there is a GS1 prefix, numbered; the numbers are used up when the draft is made."""
    prefix = room.settings.gs1_prefix
    if not prefix:
        return ship(orders, rules)
    most = 10 ** (16 - len(prefix)) - 1
    with room.ledger.transaction():
        last = room.ledger.series().get(labels(prefix), 0)
        first = last + 1 if last < most else 1
        serials = Serials(prefix, first, rules.get("derive", {}).get("sscc", {}).get("extension", "0"))
        made, found = ship(orders, rules, serials=serials)
        if made is not None and serials.next > first:
            room.ledger.next(labels(prefix), serials.next - first, most)
    return made, found


def _order(room: Room, number: str) -> Order:
    found = [one for one in room.ledger.orders.numbered(number) if one.state not in ("cancelled", "refused", "pruned")]
    if len(found) != 1:
        words = "several orders (a blanket order and its releases)" if found else "no open order"
        raise Refused(f"{number} is the number of {words}; `translator exchange status DIR --all` lists them")
    return found[0]


def _shipment(room: Room, order: Order, name: str | None) -> Json:
    """The shipment that is billed: the one of this number, or the only one."""
    found = [one for one in room.ledger.documents.of(order.id, SHIPMENT) if one.state in COUNTED and name in (None, one.name)]
    if len(found) != 1:
        listed = ", ".join(one.name for one in found) or "none"
        raise Refused(f"name the shipment that is billed (--shipment): order {order.number} has {listed}")
    return found[0].document
