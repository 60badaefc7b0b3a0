"""How far an order is: the order, its answers and what they took go in; its stage, and what is still due of it, come out.

Records of the ledger in, nothing is read or stored here. What is due when is for ``deadlines``; this file tells it what was done.
A shipment that is held, waits, or was rejected has left all the same: its notice is due. What was rejected and given again under
the same number counts once.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from attrs import define, field

from translator.documents.derive import derived
from translator.documents.parts import day
from translator.exchange.balance import INVOICE, SHIPMENT, balances
from translator.exchange.deadlines import Awaited, Dispatch, Due, State, due, ends
from translator.exchange.ledger import Document, Movement, Order
from translator.exchange.ledger.books import COUNTED, WENT
from translator.exchange.manifest import counted, key, labels, mapping, mappings, text, window
from translator.exchange.room import moment
from translator.exchange.rules import BY_DATES, Rules
from translator.x12.numbers import decimal

Json = dict[str, Any]
_LIVE = (*COUNTED, "held")
ENDED = {"cancelled": "cancelled", "refused": "refused", "closed": "closed"}  # an order's state -> its last stage
_NOTHING = Decimal(0)


@define(eq=False)
class Known:
    """What is known beside the ledger: the partner's rules and ``derive.toml``, what its program has, the zone, the moment."""

    rules: Rules
    derive: Json
    answers: frozenset[str]
    zone: datetime.tzinfo
    now: datetime.datetime


@define(eq=False)
class Progress:
    """The stage of an order, all that is or was due of it, and whether nothing more will come of it."""

    stage: str
    dues: list[Due] = field(factory=list)
    finished: bool = False

    @property
    def open(self) -> list[Due]:
        """What is not done yet."""
        return [one for one in self.dues if one.done is None]

    def next(self, now: datetime.datetime) -> datetime.datetime | None:
        """When the next thing will be late."""
        return min((one.due for one in self.open if not one.late and one.due >= now), default=None)


def progress(order: Order, documents: Iterable[Document], movements: Iterable[Movement], pending: bool, known: Known) -> Progress:
    """How far an order is. ``pending``: a change to it waits for a decision."""
    held = live(documents)
    moves = [move for move in movements if any(one.id == move.document for one in held)]
    about = derived({**order.current, "lines": []}, known.derive)
    gone = balances(order.original, order.current, moves, (*_LIVE, "rejected"))
    state = _state(order, held, moves, known)
    begun = any(line.shipped > 0 for line in gone.values())
    over = begun and about.get("back_order") is False and _window_over(order.current, known)
    state.complete = bool(gone) and (over or all(not line.open for line in gone.values()))
    dues = due({**order.current, "derived": about}, state, known.rules, known.zone, known.now)
    stage, done = _stage(order, moves, known, bool(state.taken_at), over)
    waits = pending or any(_went(one) is None for one in held) or any(one.done is None for one in dues)
    finished = done and not waits
    return Progress("closed" if finished and stage not in ENDED.values() else stage, dues, finished)


def live(documents: Iterable[Document]) -> list[Document]:
    """The answers that stand: neither withdrawn, nor rejected and given again."""
    held = [one for one in documents if one.state != "withdrawn"]
    newest = {(one.kind, one.name): one.id for one in held if one.state in _LIVE}
    return [one for one in held if one.state in _LIVE or newest.get((one.kind, one.name), 0) < one.id]


def _state(order: Order, held: list[Document], moves: list[Movement], known: Known) -> State:
    """What was done about an order, for the deadlines."""
    history = order.state == "history"
    from_erp = [one.made for one in held if one.source]  # whoever answers an order has taken it, wherever its file lies
    taken = order.taken or min(from_erp, default=None)
    state = State(
        received_at=None if history else moment(order.received),
        program=order.program,
        answers=known.answers,
        handed_over_at=None if order.state in ENDED else _moment(order.handed),
        taken_at=_moment(taken) if order.handed else None,
        acknowledged_at=_moment(order.acknowledged),
        cancelled=order.state in ENDED,
    )
    shipments = [one for one in held if one.kind == SHIPMENT]
    billed = _billed(shipments, [one for one in held if one.kind == INVOICE and one.state in WENT], moves)
    state.dispatches = [_dispatch(order, one, billed.get(one.id), known.zone) for one in shipments]
    state.awaited = [
        Awaited(document=one.kind, name=one.name, sent_at=_moment(one.sent), answered_at=_moment(one.answered))
        for one in held
        if one.sent and one.state != "history"
    ]
    return state


def _dispatch(order: Order, shipment: Document, invoiced: str | None, zone: datetime.tzinfo) -> Dispatch:
    """What a shipment says of one of its orders."""
    said = shipment.document
    part = next((one for one in mappings(said.get("orders")) if key(one) == (order.number, order.release)), {})
    many = max(len(labels(part)), counted(part) or 0)
    return Dispatch(
        name=shipment.name,
        ship_date=day(text(part.get("ship_date", said.get("ship_date")))),
        delivery_date=day(text(part.get("delivery_date", said.get("delivery_date")))),
        trailer_closed_at=_told(mapping(said.get("erp")).get("trailer_closed_at"), zone),
        sent_at=_moment(_went(shipment)),
        invoiced_at=_moment(invoiced),
        cartons=many or None,
    )


def _went(document: Document) -> str | None:
    """When an answer went out. One in an interchange is as good as gone; what an API is told has gone when it was done."""
    if document.state not in WENT:
        return None
    waits = document.interchange is None and document.state == "sent"
    return document.sent or (None if waits else document.made)


def _billed(shipments: list[Document], invoices: list[Document], moves: list[Movement]) -> dict[int, str]:
    """When all of each shipment was invoiced: by the invoices that name it, else by the others, first goods first."""
    taken: dict[int, dict[str, Decimal]] = {}
    for move in moves:
        lines = taken.setdefault(move.document, {})
        lines[move.line] = lines.get(move.line, _NOTHING) + (decimal(move.quantity) or _NOTHING)
    names = {one.name for one in shipments}
    of = {one.id: text(one.document.get("shipment")) for one in invoices}
    done: dict[int, str] = {}
    earlier: dict[str, Decimal] = {}
    for shipment in shipments:
        need = {line: much for line, much in taken.get(shipment.id, {}).items() if much > 0}
        own = [one for one in invoices if of[one.id] == shipment.name]
        if not own:
            for line, much in need.items():
                earlier[line] = earlier.get(line, _NOTHING) + much
            need = {line: earlier[line] for line in need}
            own = [one for one in invoices if of[one.id] not in names]
        if not need:
            done[shipment.id] = shipment.sent or shipment.made  # nothing to invoice
        so_far: dict[str, Decimal] = {}
        for one in sorted(own, key=lambda one: (one.sent or one.made, one.id)):
            for line, much in taken.get(one.id, {}).items():
                so_far[line] = so_far.get(line, _NOTHING) + much
            if need and all(so_far.get(line, _NOTHING) >= much for line, much in need.items()):
                done[shipment.id] = one.sent or one.made
                break
    return done


def _window_over(order: Json, known: Known) -> bool:
    """Whether the order's window is over: where it allows no back order, what was not shipped by then is not wanted any more."""
    last = [closes for kind in BY_DATES if (closes := window(order, kind)[1]) is not None]
    return bool(last) and all(ends(closes, known.zone) < known.now for closes in last)


def _stage(order: Order, moves: list[Movement], known: Known, taken: bool, over: bool) -> tuple[str, bool]:
    """The word for how far an order is, by what was sent; and whether nothing more is to be sent."""
    if order.state in ENDED:
        return ENDED[order.state], True
    if order.state in ("new", "held"):
        return {"new": "received"}.get(order.state, order.state), False
    lines = balances(order.original, order.current, moves, WENT).values()
    shipped = any(line.shipped > 0 for line in lines)
    complete = bool(lines) and (all(not line.open for line in lines) or (over and shipped))
    billed = INVOICE not in known.answers or all(line.billable <= 0 for line in lines)
    if complete and not shipped:
        return "closed", True
    if shipped:
        stage = "shipped-in-part" if not complete else "invoiced" if billed and INVOICE in known.answers else "shipped"
        return stage, complete and billed
    if order.acknowledged:
        return "acknowledged", False
    if taken or order.state == "history":
        return "taken", False
    return ("handed-over" if order.handed else "received"), False


def _moment(stamp: str | None) -> datetime.datetime | None:
    return moment(stamp) if stamp else None


def _told(value: object, zone: datetime.tzinfo) -> datetime.datetime | None:
    """A moment as the ERP says it; without an offset it is local. What is none is not there."""
    try:
        found = datetime.datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None
    return found if found is None or found.tzinfo else found.replace(tzinfo=zone)
