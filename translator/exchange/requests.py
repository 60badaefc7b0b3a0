"""An answer for a partner with an API: a document that was judged goes in; its requests are recorded, and given out or done later.

Where the partner is connected, ``connection`` does them, each once; elsewhere each is a file in ``out/`` with method, path and
body, for whoever posts it. Runs inside the transaction of whoever calls.
"""

from __future__ import annotations

import json
from typing import Any

from translator.bodies.requests import Prepared
from translator.errors import Refused
from translator.exchange import files
from translator.exchange.ledger import Document, Order, Request
from translator.exchange.ledger.books import COUNTED
from translator.exchange.room import Room
from translator.findings import Finding, finding

Json = dict[str, Any]
DOUBTED = "doubted"  # when a ledger was restored: of orders from before, nobody knows here what the API was told
WAITING, SENDING, DONE, DECLINED, DROPPED, GIVEN = "waiting", "sending", "done", "declined", "dropped", "given"


def connected(room: Room, partner: str) -> bool:
    """Whether this exchange reaches the partner's API itself."""
    return room.settings.connection is not None and room.settings.connection.partner == partner


def give(room: Room, document: int, prepared: list[Prepared], orders: list[Order], name: str) -> str:
    """Record the requests of a document; answers in words where they are."""
    partner = orders[0].partner
    here = connected(room, partner)
    known = {order.number: order.id for order in orders}
    for n, one in enumerate(prepared, 1):
        order = known.get(one.order, orders[0].id)
        id = room.ledger.requests.add(
            document=document, order_id=order, partner=partner, call=one.call.name, method=one.method, path=one.path, body=one.text,
            state=WAITING if here else GIVEN, made=room.stamp,
        )  # fmt: skip
        if not here:
            file = files.safe_name(one.call.name, f"{id:09d}", name, str(n), ending=".json")
            room.post("out", file, one.as_text().encode() + b"\n", document=document)
    if not prepared:
        settled(room, document, "nothing had to be asked for: the order is there already")
        return "nothing had to be asked for"
    words = f"{len(prepared)} request{'s' * (len(prepared) != 1)}"
    return f"{words} to the API" if here else f"{words} in out/"


def doubtful(room: Room, request: Request) -> bool:
    """Whether a request may have been sent before: by a pass that died, or by one that a restored ledger knows nothing of."""
    restored = room.ledger.kept(DOUBTED)
    date = str(room.ledger.orders.get(request.order_id).original.get("date", "")) if restored else ""
    return request.state == SENDING or bool(restored and date <= restored[:10])


def again(room: Room, document: Document) -> str:
    """Offer the requests of a document once more: of each the API is asked first whether it was done. Raises ``Refused``."""
    held = room.ledger.requests.of(document.id)
    if not connected(room, document.partner):
        names = ", ".join(parcel.name for parcel in room.ledger.outbox.of(document=document.id))
        raise Refused(
            f"{document.kind} {document.name} went out as requests for somebody to post ({names}). Look at the order first: what "
            "was done is not to be asked for twice. The archive has the files"
        )
    with room.ledger.transaction():
        for one in held:
            if one.state == DONE:
                room.ledger.requests.set(one.id, state=SENDING)
        what = f"{document.kind} {document.name} is told again; of each request the API is asked first whether it was done"
        room.note("resent", what, document=document.id)
    return what


def twice(room: Room, prepared: list[Prepared], orders: list[Order], kind: str) -> list[Finding]:
    """What another document of the kind asks for already, by what tells entries apart there: it would be taken for done."""
    told: dict[tuple[str, ...], Document] = {}
    documents = {one.id: one for order in orders for one in room.ledger.documents.of(order.id, kind)}
    for held in (one for one in documents.values() if one.state in COUNTED):
        for request in room.ledger.requests.of(held.id):
            for one in prepared:
                if (one.method, one.path) == (request.method, request.path):
                    told |= dict.fromkeys(_entries(one, json.loads(request.body, parse_int=str, parse_float=str)), held)
    return [
        finding("value-twice", path=one.place, value=" ".join(key[1:]), expected=f"{told[key].kind} {told[key].name}")
        for one in prepared
        for key in _entries(one, one.body)
        if key in told
    ]


def _entries(one: Prepared, body: Json) -> list[tuple[str, ...]]:
    """What tells the entries of a body apart, where each of them adds to what is there."""
    proof = one.call.proof
    entries = body.get(proof.sent, ()) if proof is not None and proof.rest else ()
    return [(one.path, *(str(entry.get(name)) for name in proof.match)) for entry in entries] if proof is not None else []


def settled(room: Room, document: int, said: str) -> None:
    """The API did all that a document asks for: it is sent, and accepted."""
    room.ledger.documents.set(document, state="accepted", sent=room.stamp, answered=room.stamp, why=said)
    held = room.ledger.documents.get(document)
    for id in room.ledger.documents.orders_of(document):
        if held.kind == "acknowledgment":
            room.ledger.orders.set(id, acknowledged=room.stamp)
        room.note("accepted", f"{held.kind} {held.name}: {said}", order=id, document=document)
