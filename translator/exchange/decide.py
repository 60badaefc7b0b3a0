"""What a person decides: a change accepted or refused, a document released, given up or sent again, an order closed.

A number or an id goes in, a sentence comes out that says what was done. What cannot be decided so raises ``Refused``, with what to
do instead. Each decision is one transaction, recorded for ever; publishing is for the next pass, or for whoever calls.
"""

from __future__ import annotations

import hashlib

from translator.errors import Refused
from translator.exchange.dispatch import kept
from translator.exchange.handover import HELD, OPEN, REVISION, hand_over, hand_over_together, kept_back, revised
from translator.exchange.ledger import Change, Hold, Order
from translator.exchange.paper import REFUSED, SENT, WAITING
from translator.exchange.problems import cure
from translator.exchange.requests import again as told_again
from translator.exchange.revise import CANCEL, NONE, RESENT
from translator.exchange.room import Room
from translator.exchange.send import offer


def accept(room: Room, number: str) -> list[str]:
    """Take the changes to an order that wait, oldest first: from now on the order is what it was changed to."""
    done = []
    for change in _pending(room, number):
        with room.ledger.transaction():
            assert change.order_id is not None
            order = room.ledger.orders.get(change.order_id)
            unseen = _unseen(room, order, change)
            change = room.ledger.changes.get(change.id)
            state = {CANCEL: "cancelled", RESENT: HELD if kept_back(room, order) else OPEN}.get(change.effect, order.state)
            if change.effect != NONE and change.revised is not None:
                number_of = int(change.revised.get("revision", order.revision + 1))
                room.ledger.orders.set(order.id, current=change.revised, revision=number_of, state=state)
            room.ledger.changes.set(change.id, state="accepted")
            room.ledger.holds.close("change", change.id, room.stamp, "accepted")
            what = f"change {change.id} to order {number} was accepted: {change.effect}"
            room.note("accepted", what, order=order.id)
            if unseen and not kept_back(room, order):
                hand_over(room, room.ledger.orders.get(order.id), change)
                hand_over_together(room)
        done.append(what)
    return done


def _unseen(room: Room, order: Order, change: Change) -> bool:
    """Whether the ERP has not been shown what the order becomes: it came again, or what it was changed on top of did not hold."""
    if change.effect in (NONE, RESENT) or change.revised is None:
        return change.effect == RESENT
    number = int(change.revised.get("revision", 1))
    if revised(room, order, order.current, change.document, number).order == change.revised:
        return False
    done = revised(room, order, order.current, change.document)
    room.ledger.changes.set(change.id, revised=done.order, effect=done.effect)
    return done.effect != NONE


def refuse(room: Room, which: str) -> list[str]:
    """Refuse the changes to an order (by its number), or take a thing off the list that waits (by its id)."""
    if (hold := _held(room, which)) is not None:
        return [_dismiss(room, hold)]
    done = []
    for change in _pending(room, which):
        with room.ledger.transaction():
            room.ledger.changes.set(change.id, state="refused")
            for what in ("change", REVISION):
                room.ledger.holds.close(what, change.id, room.stamp, "refused")
            what = f"change {change.id} to order {which} was refused: the order stays as it is. Tell the partner so"
            room.note("refused", what, order=change.order_id)
        done.append(what)
    return done


def release(room: Room, which: str) -> str:
    """Let a held thing go on as it is: a document is sent, an order handed over."""
    hold = _held(room, which)
    if hold is None:
        raise Refused(f"nothing with the id {which} waits; `translator exchange held DIR` lists what does")
    if hold.what == "change" and hold.subject is not None:
        raise Refused(f"a change is decided with `translator exchange accept DIR {hold.about}` or `refuse`")
    if hold.what == "order" and hold.subject is not None:
        with room.ledger.transaction():
            order = room.ledger.orders.get(hold.subject)
            if not hand_over(room, order):
                raise Refused(
                    f"order {order.number} still cannot be handed over: {room.ledger.holds.on('order', order.id)[0].sentence}"
                )
            hand_over_together(room)
        return f"order {hold.about} is handed over"
    if hold.what != "document" or hold.subject is None:
        raise Refused(f"#{hold.id} cannot be released: {cure(hold)}")
    document = room.ledger.documents.get(hold.subject)
    if document.state != "held":
        raise Refused(f"{document.kind} {document.name} is {document.state}: {hold.cure}")
    outcome = offer(room, document.given or document.document, source=document.source, places=document.places, held=document.id)
    if outcome.state == REFUSED:
        raise Refused(f"{document.kind} {document.name} cannot be written: " + "; ".join(one.sentence for one in outcome.findings))
    if outcome.state in (SENT, WAITING):
        with room.ledger.transaction():
            room.ledger.holds.close("document", document.id, room.stamp, "released")
            for order in room.ledger.orders.of(document.id):
                room.note(
                    "released",
                    f"{document.kind} {document.name} was released by a person: {hold.sentence}",
                    order=order.id,
                    document=document.id,
                )
    return f"{document.kind} {document.name} is {'on its way' if outcome.state == SENT else outcome.state}"


def close(room: Room, number: str) -> str:
    """Nothing more will come of an order: it is not late any more. What is sent of it all the same still goes out."""
    found = [one for one in room.ledger.orders.numbered(number) if one.state in ("open", "history")]
    if not found:
        raise Refused(f"order {number} is not open; `translator exchange status DIR --all` lists all orders")
    with room.ledger.transaction():
        for order in found:
            room.ledger.orders.set(order.id, state="closed")
            room.note("closed", f"order {number} was closed by a person", order=order.id)
    return f"order {number} is closed"


def resend(room: Room, name: str) -> str:
    """Send a document again: the same bytes under the same numbers, or as requests whatever of them was not done."""
    found = [one for one in room.ledger.documents.in_state("sent", "accepted", "errors") if name in (one.name, str(one.id))]
    if not found:
        raise Refused(f"no document {name} was sent from here; `translator exchange status DIR` lists what was")
    if len(found) > 1:
        listed = ", ".join(f"{one.id} ({one.kind} {one.name})" for one in found)
        raise Refused(f"{name} is the name of several documents; name one by its id: {listed}")
    document = found[0]
    if room.ledger.requests.of(document.id):
        return told_again(room, document)
    data = kept(room, document.archived) if document.archived else None
    if data is None or hashlib.sha256(data).hexdigest() != document.sha256:
        raise Refused(
            f"the archive's copy of {document.kind} {document.name} is not there or was changed: {document.archived}. "
            "Put it back from a copy of the archive, then call again"
        )
    parcels = room.ledger.outbox.of(document=document.id)
    with room.ledger.transaction():
        again = f"-AGAIN-{len(parcels)}."
        name = parcels[0].name if parcels else room.ledger.interchanges.get(document.interchange or 0).file
        room.post("out", name.replace(".", again, 1), data, document=document.id, interchange=document.interchange)
        room.note("resent", f"{document.kind} {document.name} is sent again, the same bytes", document=document.id)
    return f"{document.kind} {document.name} goes out again, byte for byte"


def _pending(room: Room, number: str) -> list[Change]:
    orders: list[Order] = room.ledger.orders.numbered(number)
    found = [change for order in orders for change in room.ledger.changes.pending(order.id)]
    if not found:
        known = "has no change that waits" if orders else "is not known here"
        raise Refused(f"order {number} {known}; `translator exchange held DIR` lists what waits")
    return found


def _held(room: Room, which: str) -> Hold | None:
    text = which.removeprefix("#")
    return next((one for one in room.ledger.holds.open() if str(one.id) == text), None)


def _dismiss(room: Room, hold: Hold) -> str:
    with room.ledger.transaction():
        room.ledger.holds.set(hold.id, closed=room.stamp, how="refused")
        about = {}
        if hold.what == "document" and hold.subject is not None:
            document = room.ledger.documents.get(hold.subject)
            about = {"document": document.id}
            if document.state == "held":
                room.ledger.documents.set(document.id, state="withdrawn")
        elif hold.what == "change" and hold.subject is not None:
            room.ledger.changes.set(hold.subject, state="refused")
            room.ledger.holds.close(REVISION, hold.subject, room.stamp, "refused")
            about = {"order": room.ledger.changes.get(hold.subject).order_id or 0}
        elif hold.what == "order" and hold.subject is not None:
            if kept_back(room, room.ledger.orders.get(hold.subject)):
                room.ledger.orders.set(hold.subject, state="refused")
            about = {"order": hold.subject}
        room.note("dismissed", f"#{hold.id}: {hold.sentence}", **{key: value for key, value in about.items() if value})
    return f"#{hold.id} is off the list: {hold.sentence}"
