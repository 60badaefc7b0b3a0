"""What the partner says of what we sent: an acknowledgment goes in, documents of the ledger change their state.

Accepted; accepted with errors; rejected: then it is open again, its number and its quantities are free, and the error is told by
the value, its place in the document, and its row and column in the ERP's file. What was never sent is reported. The same
acknowledgment again changes nothing. Runs inside the transaction of its interchange.
"""

from __future__ import annotations

from typing import Any

from translator.exchange import origin
from translator.exchange.dispatch import kept
from translator.exchange.ledger import Document
from translator.exchange.room import Room
from translator.exchange.settings import Partner
from translator.respond.verdict import Verdict, verdicts
from translator.walk import Reading, read
from translator.x12 import ta1

Json = dict[str, Any]
ACCEPTED, ERRORS, REJECTED = "accepted", "errors", "rejected"
_STATES = {"A": ACCEPTED, "E": ERRORS}
_REFUSED = ("R", "M", "W", "X")


def reconcile(room: Room, partner: Partner, acknowledgment: Json, interchange: int) -> None:
    """Match an acknowledgment with what was sent, set by set."""
    if acknowledgment.get("document") == ta1.DOCUMENT:
        _notice(room, partner, acknowledgment, interchange)
        return
    group = acknowledgment.get("group", {})
    kind, control = str(group.get("kind", "")), str(group.get("control", ""))
    sent = [one for one in room.ledger.documents.sent_as(kind, control) if one.partner == partner.name and one.sent]
    if not sent:
        _unknown(room, f"group {kind} {control}", interchange)
        return
    for one in sent:
        for verdict in verdicts([acknowledgment], _readings(room, one), mappings=room.settings.mappings):
            if verdict.set and _number(verdict.set_control) == _number(one.set_control):
                _apply(room, one, verdict, interchange)


def _number(control: str | None) -> str:
    """A control number without its leading zeros."""
    return (control or "").lstrip("0")


def _readings(room: Room, document: Document) -> list[Reading]:
    """What was sent, read again, so that errors can be tied to it."""
    data = kept(room, document.archived) if document.archived else None
    return list(read(data, envelopes=True, mappings=room.settings.mappings)) if data else []


def _notice(room: Room, partner: Partner, notice: Json, interchange: int) -> None:
    """An interchange acknowledgment: a rejection takes all of the interchange with it."""
    control = str(notice.get("control", "")).lstrip("0")
    ours, theirs = room.settings.ours, partner.party
    between = f"{ours.qualifier}/{ours.id}>{theirs.qualifier}/{theirs.id}"
    found = room.ledger.interchanges.numbered("out", between, room.settings.usage, control)
    if not found:
        _unknown(room, f"interchange {control}", interchange)
        return
    status, note = str(notice.get("status", "")), str(notice.get("note", ""))
    why = f"interchange {control} was {ta1.STATUS.get(status, status)}: {ta1.NOTES.get(note, note)}"
    held = [one for each in found for one in room.ledger.documents.within(each.id)]
    for one in held:
        if status in _REFUSED:
            _reopen(room, one, [why], interchange)
        else:
            room.note("notice", why, document=one.id, interchange=interchange)
    if status in _REFUSED and not held:
        room.note("notice", why, interchange=interchange)
        room.hold("interchange", interchange, control, why, "Look at the receipt that was sent, and ask the partner")


def _apply(room: Room, document: Document, verdict: Verdict, interchange: int) -> None:
    state = _STATES.get(verdict.status, REJECTED)
    lines = [line.strip() for line in verdict.lines]
    lines += [place for trouble in verdict.troubles if (place := origin.words(document.source, document.places, trouble.path))]
    if state == document.state and document.answered:
        room.note("repeated", f"{document.kind} {document.name} was {state} before", document=document.id, interchange=interchange)
        return
    if document.state == REJECTED and state != REJECTED:
        room.note(
            "verdict",
            f"{document.kind} {document.name}: {state}, after it was rejected",
            document=document.id,
            interchange=interchange,
        )
        return
    if state == REJECTED:
        _reopen(room, document, lines, interchange)
        return
    room.ledger.documents.set(document.id, state=state, answered=room.stamp, why="; ".join(lines) if state == ERRORS else "")
    room.note("verdict", "; ".join(lines), document=document.id, interchange=interchange)
    if state == ERRORS:
        sentence = f"{document.kind} {document.name} was accepted with errors: {'; '.join(lines)}"
        cure = (
            "It counts; correct what the errors name in the next document. `translator exchange refuse DIR ID` takes it off"
        )
        room.hold("verdict", document.id, document.name, sentence, cure)


def _reopen(room: Room, document: Document, lines: list[str], interchange: int) -> None:
    """Rejected: it does not count any more, and somebody has to send it again."""
    if document.state == REJECTED:
        room.note("repeated", f"{document.kind} {document.name} was rejected before", document=document.id, interchange=interchange)
        return
    why = "; ".join(lines)
    room.ledger.documents.set(document.id, state=REJECTED, answered=room.stamp, why=why)
    room.note("rejected", why, document=document.id, interchange=interchange)
    if document.kind == "acknowledgment":
        for order in room.ledger.orders.of(document.id):
            room.ledger.orders.set(order.id, acknowledged=None)
    sentence = f"{document.kind} {document.name} was REJECTED by the partner: {why}"
    where = f" in {document.source}" if document.source else ""
    cure = f"Correct it{where} and give it again under the same number; it goes out with new control numbers"
    room.hold("document", document.id, document.name, sentence, cure)


def _unknown(room: Room, what: str, interchange: int) -> None:
    sentence = f"the partner acknowledges {what}, which was never sent from here"
    room.note("unmatched", sentence, interchange=interchange)
    cure = "Find out who else sends under our id; `translator exchange refuse DIR ID` takes it off"
    room.hold("interchange", interchange, what, sentence, cure)
