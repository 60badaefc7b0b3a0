"""What an accepted interchange means: the readings of its sets go in, in file order; orders, changes, verdicts and texts come out.

Everything is recorded first; nothing is handed to the ERP before the last set was seen, so an order that its own interchange
cancels is never handed over. An order is known by number, type and release: the same again is no second order. Runs inside the
transaction of its interchange.
"""

from __future__ import annotations

from typing import Any

from attrs import define, field

from translator.exchange import files
from translator.exchange.handover import HELD, NEW, hand_over, kept_back, next_revision, revised
from translator.exchange.ledger import Order
from translator.exchange.reconcile import reconcile
from translator.exchange.revise import CANCEL, NONE, RESENT, Revised, same_change
from translator.exchange.room import Room
from translator.exchange.settings import Partner
from translator.findings import ERROR, Finding
from translator.tables.partner import partner as partner_file
from translator.tables.partner import program
from translator.walk.inward import Reading

Json = dict[str, Any]
ORDER, CHANGE = "order", "change"
_VERDICTS = ("functional_acknowledgment", "interchange_acknowledgment")


@define(eq=False)
class Intake:
    """Takes the sets of one interchange, one after another; ``close`` hands over what came of them."""

    room: Room
    partner: Partner
    interchange: int
    file: str
    fresh: list[int] = field(factory=list)  # orders that the ERP has never seen
    revised: list[int] = field(factory=list)  # changes that a person has to decide on

    def take(self, reading: Reading) -> None:
        """A set that was not rejected."""
        document = reading.document or {}
        kind = document.get("document")
        if kind == ORDER:
            self.order(document, reading.findings)
        elif kind == CHANGE:
            self.change(document)
        elif kind in _VERDICTS:
            self.verdict(document)
        else:
            self.other(reading)

    def refused(self, reading: Reading) -> None:
        """A set that was rejected: the partner was told, and somebody here should know."""
        part = reading.part
        about = f"set {part.set_id} {part.control}" if part else "a set"
        why = " ".join(one.sentence for one in reading.findings if one.severity == ERROR)[:600] or "it cannot be read"
        self.room.note("refused", f"{self.file}: {about} was rejected: {why}", interchange=self.interchange)
        sentence = f"{self.file}: {about} was rejected, and the partner told so: {why}"
        self.room.hold("interchange", self.interchange, self.file, sentence, "Ask the partner to correct it and send it again")

    # --- orders -------------------------------------------------------------------------------------------------------

    def order(self, document: Json, findings: list[Finding]) -> None:
        """An order, and what was found when it was read."""
        key = tuple(str(document.get(name, "")) for name in ("number", "type", "release"))
        known = self.room.ledger.orders.find(self.partner.name, *key)
        said = [one.as_dict() for one in findings]
        if known is not None:
            self.again(known, document)
            return
        found = program(document, self.room.settings.mappings, self.partner.program)
        id = self.room.ledger.orders.add(
            partner=self.partner.name, number=key[0], type=key[1], release=key[2], interchange=self.interchange, original=document,
            current=document, findings=said or None, state="new", program=found.name if found else "", received=self.room.stamp,
        )  # fmt: skip
        self.fresh.append(id)
        lines = len(document.get("lines", ()))
        self.room.note(
            "order",
            f"order {_label(key)} of {document.get('date', 'no date')}, {lines} lines",
            order=id,
            interchange=self.interchange,
        )
        for change in self.room.ledger.changes.homeless(key[0]):
            if fits(change.document, document):
                self.room.ledger.changes.set(change.id, order_id=id)
                self.room.ledger.holds.close("change", change.id, self.room.stamp, "its order came")
                self.apply(change.id, self.room.ledger.orders.get(id))

    def again(self, known: Order, document: Json) -> None:
        """An order that is known already: nothing when it says the same, a question when it does not."""
        label = _label((known.number, known.type, known.release))
        others = [one for one in self.room.ledger.changes.of(known.id) if one.effect == RESENT]
        same = [*(other.document for other in others), *([known.original] if known.state != "cancelled" else [])]
        if any(_content(document) == _content(one) for one in same):
            self.room.note("repeated", f"order {label} came again, the same", order=known.id, interchange=self.interchange)
            return
        id = self.room.ledger.changes.add(
            order_id=known.id, number=known.number, interchange=self.interchange, document=document,
            revised={**document, "revision": next_revision(self.room, known)}, effect=RESENT, state="pending", at=self.room.stamp,
        )  # fmt: skip
        gone = known.state == "cancelled"
        sentence = f"order {label} came again, {'after it was cancelled' if gone else 'and differs from the one that came first'}"
        self.room.note("differs", sentence, order=known.id, interchange=self.interchange)
        self.room.hold(
            "change", id, known.number, sentence,
            f"Compare the two (`translator exchange log DIR {known.number}`), ask the partner, then `translator exchange accept "
            f"DIR {known.number}` takes the later one, `translator exchange refuse DIR {known.number}` keeps the first",
        )  # fmt: skip

    # --- changes ------------------------------------------------------------------------------------------------------

    def change(self, document: Json) -> None:
        number = str(document.get("number", ""))
        held = self.room.ledger.orders.numbered(number)
        known = [one for one in held if one.partner == self.partner.name and fits(document, one.original)]
        order = known[0] if len(known) == 1 else None
        before = self.room.ledger.changes.of(order.id) if order else self.room.ledger.changes.homeless(number)
        if any(same_change(one.document, document) for one in before):
            self.room.note(
                "repeated",
                f"the same change to order {number} came again: no second effect",
                order=order.id if order else None,
                interchange=self.interchange,
            )
            return
        id = self.room.ledger.changes.add(
            order_id=order.id if order else None, number=number, interchange=self.interchange, document=document,
            effect="none", state="pending" if order else "unknown-order", at=self.room.stamp,
        )  # fmt: skip
        if order is None:
            sentence = f"a change came for order {number}, which is not known here"
            self.room.note("change", sentence, interchange=self.interchange)
            self.room.hold(
                "change", id, number, sentence, "Ask the partner for the order; when it comes, the change is applied to it"
            )
            return
        self.apply(id, order)

    def apply(self, change: int, order: Order) -> None:
        """What a change makes of its order: at once where the ERP has not seen the order, a question where it has."""
        books = self.room.ledger
        document = books.changes.get(change).document
        waiting = [one.revised for one in books.changes.pending(order.id) if one.id != change and one.revised]
        done = revised(self.room, order, waiting[-1] if waiting else order.current, document)
        books.changes.set(change, revised=done.order, effect=done.effect)
        label = _label((order.number, order.type, order.release))
        what = f"the partner changes order {label}: {_summary(done)}"
        self.room.note("change", what, order=order.id, interchange=self.interchange)
        if order.state in (NEW, HELD) and done.effect != NONE:
            state = "cancelled" if done.effect == CANCEL else order.state
            books.changes.set(change, state="accepted")
            books.orders.set(order.id, current=done.order, revision=done.order["revision"], state=state)
            if state == "cancelled":
                books.holds.close("order", order.id, self.room.stamp, "cancelled")
                self.room.note(
                    "cancelled", f"order {label} was cancelled before it was handed over: the ERP never sees it", order=order.id
                )
            return
        gone = [one.name for one in books.documents.of(order.id, "shipment", "invoice") if one.sent]
        alarm = f" It was shipped or invoiced already ({', '.join(gone)}): nothing can be undone here." if gone else ""
        remarks = " ".join(one.sentence for one in done.findings)
        if done.effect != NONE:
            self.revised.append(change)
        self.room.hold(
            "change", change, order.number, f"{what}.{alarm} {remarks}".rstrip(),
            f"Decide: `translator exchange accept DIR {order.number}` or `translator exchange refuse DIR {order.number}`; "
            "until then it is not invoiced",
        )  # fmt: skip

    # --- the rest -----------------------------------------------------------------------------------------------------

    def verdict(self, document: Json) -> None:
        """What the partner says of what we sent."""
        reconcile(self.room, self.partner, document, self.interchange)

    def other(self, reading: Reading) -> None:
        """A set that is kept as text: raw, and so that a person can read it."""
        part = reading.part
        if part is None or part.envelope is None:
            return
        stem = files.safe_name(part.set_id, part.control, str(self.interchange), ending="")
        d = part.envelope.delimiters
        readable = part.text.replace(d.segment, "\n").replace(d.element, "  ")
        self.room.post("other", f"{stem}.edi", part.text.encode("latin-1", "replace"), interchange=self.interchange)
        self.room.post("other", f"{stem}.txt", f"{readable.strip()}\n".encode(), interchange=self.interchange)
        about = f"set {part.set_id} {part.control}"
        self.room.note("other", f"{self.file}: {about} was put into erp/other as {stem}.txt", interchange=self.interchange)
        if part.set_id in partner_file(self.partner.name, self.room.settings.mappings).alarms:
            sentence = f"{self.file}: {about} is a message for people, often about something that is wrong: erp/other/{stem}.txt"
            self.room.hold(
                "message", self.interchange, stem, sentence, "Read it; `translator exchange refuse DIR ID` takes it off"
            )

    def close(self) -> None:
        """All sets were seen: hand over what the ERP should have."""
        for id in self.fresh:
            order = self.room.ledger.orders.get(id)
            if order.state == "new":
                hand_over(self.room, order)
        for id in self.revised:
            change = self.room.ledger.changes.get(id)
            assert change.order_id is not None
            order = self.room.ledger.orders.get(change.order_id)
            if not kept_back(self.room, order):
                hand_over(self.room, order, change)


def _label(key: tuple[str, ...]) -> str:
    """An order as people name it: its number, and what else it takes to tell it from others."""
    number, type_, release = key
    return number + (f" ({type_} release {release})" if release else "")


def _summary(done: Revised) -> str:
    """What a change does, in words."""
    if done.effect == CANCEL:
        return "it is cancelled"
    if done.effect == NONE:
        return "nothing that could be applied"
    said = []
    for one in done.changes[:8]:
        where = f"line {one['line']} " if "line" in one else ""
        values = f" from {one.get('from', 'nothing')} to {one.get('to', 'nothing')}" if {"from", "to"} & one.keys() else ""
        said.append(f"{where}{one['what']}{values}")
    return ", ".join(said) + (f", and {len(done.changes) - 8} more" if len(done.changes) > 8 else "")


def _content(document: Json) -> Json:
    """What an order says, whatever envelope it came in, and however far the partner says it is."""
    lines = [{key: value for key, value in line.items() if key != "states"} for line in document.get("lines", ())]
    return {key: value for key, value in document.items() if key not in ("envelope", "state")} | {"lines": lines}


def fits(change: Json, order: Json) -> bool:
    """Whether a change speaks of this order: type and release where it says them."""
    return change.get("release", "") == order.get("release", "") and change.get("type", order.get("type")) == order.get("type")
