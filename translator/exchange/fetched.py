"""Orders of a partner with an API, as JSON in a file: each is judged alone, recorded, and taken as an order of any other partner.

A file holds orders as the API gives them, whoever fetched it. The same order once more has no second effect, however far the
partner says it is by now; what it has cancelled since is a question. What is not ours to ship yet, or any more, is not taken.
Nothing is answered here.
"""

from __future__ import annotations

import hashlib
from functools import partial
from typing import Any

from translator.bodies.calls import Api, api
from translator.bodies.read import Reading, read
from translator.errors import DocumentError, LimitExceeded, SettingsError
from translator.exchange import files
from translator.exchange.alone import CURE, alone
from translator.exchange.aside import REFUSED, beside, refuse_file
from translator.exchange.calledoff import called_off, touched, whole
from translator.exchange.handover import OPEN
from translator.exchange.intake import Intake
from translator.exchange.ledger import Order
from translator.exchange.room import Room
from translator.exchange.settings import Partner
from translator.findings import has_errors

Json = dict[str, Any]
TAKEN, STRANGE, REPEATED, LEFT = "taken", "not-ours", "repeated", "left"
_NOT_OURS = {
    "early": "it is not released yet",
    "shipped": "it is shipped already",
    "cancelled": "it is cancelled",
    "closed": "it is closed",
}
_BEGUN = ("accepted", "part")
_FETCH = "Fetch the orders again; whole, as the API gives them"


def fetched(room: Room, claimed: files.Claimed, data: bytes, place: str) -> None:
    """Deal with a file of orders."""
    name = files.shown(claimed.name)
    try:
        entries = read(data, mappings=room.settings.mappings, name=name, most=room.settings.file_limit)
    except (DocumentError, LimitExceeded) as error:
        refuse_file(room, claimed, place, data, str(error), _FETCH, ".json")
        return
    if not entries:
        room.note("taken", f"{name}: no orders in it")
    for one in entries:
        with alone(room, partial(_aside, room, claimed, place, one, cure=CURE)):
            _entry(room, claimed, place, one)


def _entry(room: Room, claimed: files.Claimed, place: str, one: Reading) -> None:
    name = files.shown(claimed.name)
    partner = _partner(room, one)
    if one.document is None or one.table is None or partner is None:
        said = " ".join(f"{found.sentence} {found.cure}" for found in one.findings) or "it is of no partner of this exchange"
        cure = "Put the partner into exchange.toml as a [[partners]] row" if one.table else _FETCH
        _aside(room, claimed, place, one, said, cure=cure)
        return
    document = one.document
    key = str(document.get("number", ""))
    digest = hashlib.sha256(one.text.encode()).hexdigest()
    before = room.ledger.interchanges.numbered("in", partner.name, room.settings.usage, key)
    if any(held.sha256 == digest and held.state in (TAKEN, LEFT) for held in before):
        room.note("repeated", f"{name}: order {key} came again, the same")
        return
    if has_errors(one.findings) and not (key and document.get("lines")):
        said = " ".join(found.sentence for found in one.findings[:5])
        _aside(room, claimed, place, one, f"it cannot be taken: {said}", cure=_FETCH)
        return
    known = api(partner.name, room.settings.mappings)
    stage = known.states.get(str(document.get("state", "")), "new") if known else "new"
    held = room.ledger.orders.find(partner.name, *(str(document.get(part, "")) for part in ("number", "type", "release")))
    if held is None and stage in _NOT_OURS:
        _add(room, claimed, place, one, partner.name, key, LEFT, _NOT_OURS[stage])
        room.note("left", f"{name}: order {key} is not taken: {_NOT_OURS[stage]}")
        return
    id = _add(room, claimed, place, one, partner.name, key, TAKEN)
    intake = Intake(room, partner, id, name)
    if held is not None and known is not None and touched(document, known):
        _called_off(intake, held, document, known)
    else:
        intake.order(document, one.findings)
    if stage in _BEGUN:
        for fresh in intake.fresh:
            room.ledger.orders.set(fresh, acknowledged=room.stamp)
    intake.close()


def _called_off(intake: Intake, held: Order, document: Json, known: Api) -> None:
    """Something of an order that we have is cancelled: a question like any change, unless it was us."""
    room = intake.room
    if not whole(document, known):
        intake.again(held, document)
    change = called_off(room, held, document, known)
    if change is not None:
        intake.change(change)
    elif whole(document, known) and held.state == OPEN:
        room.ledger.orders.set(held.id, state="closed")
        sentence = f"order {held.number} is cancelled there, as it was answered"
        room.note("closed", sentence, order=held.id, interchange=intake.interchange)


def _partner(room: Room, one: Reading) -> Partner | None:
    try:
        return room.settings.partner(one.table.partner) if one.table else None
    except SettingsError:
        return None


def _add(room: Room, claimed: files.Claimed, place: str, one: Reading, who: str, key: str, state: str, why: str = "") -> int:
    data = one.text.encode()
    return room.ledger.interchanges.add(
        way="in", envelope=who, usage=room.settings.usage, control=key, sha256=hashlib.sha256(data).hexdigest(), size=len(data),
        file=files.shown(claimed.name), claim=claimed.token, archived=place, place=one.offset, state=state, why=why, at=room.stamp,
    )  # fmt: skip


def _aside(room: Room, claimed: files.Claimed, place: str, one: Reading, why: str, *, cure: str) -> None:
    """Not acted on; a person decides."""
    name = files.shown(claimed.name)
    id = _add(room, claimed, place, one, "", "", REFUSED, why)
    beside(room, "rejected", claimed.name, one.text.encode(), f"{why}\n\n{cure}.\n", id, ".json")
    room.note("refused", f"{name}: {why}", interchange=id)
    room.hold("interchange", id, name, f"{name}: an order in it was put aside: {why}", cure)
