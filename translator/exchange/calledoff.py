"""What a partner's API says is cancelled of an order that we have: the order as it says it is goes in, a change comes out.

The change is one as partners with X12 send it, and a person decides on it in the same way; what we cancelled ourselves is none.
Which words a change has for it says the partner's ``derive.toml``. Nothing is stored here.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from translator.bodies.calls import Api
from translator.bodies.load import load
from translator.bodies.split import been
from translator.bodies.table import BodyTable
from translator.exchange.balance import balances
from translator.exchange.ledger import Movement, Order
from translator.exchange.ledger.books import COUNTED
from translator.exchange.paper import ACKNOWLEDGMENT
from translator.exchange.room import Room
from translator.findings import Finding, finding
from translator.tables.amounts import number, plain
from translator.tables.partner import program
from translator.tables.standard import parsed

Json = dict[str, Any]
CANCELLED = "cancelled"
_OURS = (*COUNTED, "rejected")  # of a document that the API refused, some may have been done before


def whole(document: Json, api: Api) -> bool:
    """Whether the API says that all of an order is cancelled."""
    return api.states.get(str(document.get("state", ""))) == CANCELLED


def touched(document: Json, api: Api) -> bool:
    """Whether the API says that anything of an order is cancelled."""
    return whole(document, api) or any(been(line, api, CANCELLED) for line in document.get("lines", ()))


def called_off(room: Room, order: Order, document: Json, api: Api) -> Json | None:
    """The change that the partner has made of an order by cancelling; None where it cancelled nothing that is not ours."""
    ours = _ours(room, order)
    first = {str(line.get("line")): number(line.get("quantity")) or Decimal(0) for line in order.original.get("lines", ())}
    now = {str(line.get("line")): number(line.get("quantity")) or Decimal(0) for line in order.current.get("lines", ())}
    all_of_it = whole(document, api)
    theirs: dict[str, Decimal] = {}
    for line in document.get("lines", ()):
        name = str(line.get("line"))
        gone = been(line, api, CANCELLED)
        if all_of_it and not gone:
            gone = first.get(name, Decimal(0))
        theirs[name] = max(gone - ours.get(name, Decimal(0)), Decimal(0))
    if not any(theirs.values()):
        return None
    rule: Json = parsed(f"mappings/{order.partner}/derive.toml", room.settings.mappings)["derive"]["change"]
    effects: dict[str, str] = {effect: code for code, effect in rule["effects"].items()}
    about: Json = {name: order.original[name] for name in ("number", "type", "release", "date") if name in order.original}
    change: Json = {"document": "change", "partner": order.partner, **about}
    if all_of_it:
        return {**change, "purpose": effects["cancel"]}
    less = next(code for code, one in rule["lines"].items() if one.get("quantity") == "less")
    lines = [
        {"line": name, "change": less, "quantity": plain(first[name] - much)}
        for name, much in theirs.items()
        if much and name in first and first[name] - much < now.get(name, Decimal(0))
    ]
    return {**change, "purpose": effects["change"], "lines": lines} if lines else None


def too_late(table: BodyTable, document: Json, orders: list[tuple[Order, list[Movement]]]) -> list[Finding]:
    """What an acknowledgment cancels although it was shipped by us: the partner may not know it yet."""
    found = []
    for n, (holder, (order, moves)) in enumerate(zip(document.get("orders", ()), orders, strict=False)):
        held = balances(order.original, order.current, moves, COUNTED)
        for k, line in enumerate(holder.get("lines", ())):
            balance = held.get(str(line.get("line")))
            gone = sum((number(one.get("quantity")) or Decimal(0) for one in _cancels(line, table.answers)), Decimal(0))
            if balance is not None and gone and balance.shipped > balance.ordered - gone:
                about = f"{plain(balance.shipped)} of {plain(balance.ordered)} were shipped already"
                found.append(finding("cancel-late", path=f"orders[{n}].lines[{k}]", value=plain(gone), expected=about))
    return found


def _cancels(line: Json, words: dict[str, str]) -> list[Json]:
    return [one for one in line.get("answers", ()) if words.get(one.get("status")) == CANCELLED]


def _ours(room: Room, order: Order) -> dict[str, Decimal]:
    """What we cancelled of each line, by our acknowledgments."""
    found = program(order.current, room.settings.mappings, room.settings.partner(order.partner).program)
    table = found.tables.get(ACKNOWLEDGMENT) if found else None
    words = load(table, room.settings.mappings).answers if table else {}
    made: dict[str, Decimal] = {}
    for one in room.ledger.documents.of(order.id, ACKNOWLEDGMENT):
        if one.state not in _OURS:
            continue
        for said in one.document.get("orders", ()):
            for line in said.get("lines", ()) if said.get("number") == order.number else ():
                name = str(line.get("line"))
                for answer in _cancels(line, words):
                    made[name] = made.get(name, Decimal(0)) + (number(answer.get("quantity")) or Decimal(0))
    return made
