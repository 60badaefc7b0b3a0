"""A document of the ERP goes in; it is judged, numbered, written and put into the outbox, or held, or kept waiting, or refused.

Which order it answers is told by ``about``. It is judged by its schema, by the carry rules of
its table, by the balance of every line, by what the partner charges for, and by reading back what was written. Control numbers
are taken in the transaction that stores the bytes, after all else has passed. Nothing is published here.
"""

from __future__ import annotations

import hashlib
from datetime import timedelta
from typing import Any

from attrs import define, field

from translator.bodies.answer import complete
from translator.bodies.requests import prepare
from translator.documents.derive import derived
from translator.documents.given import by_schema
from translator.exchange import files, preflight, rules, series
from translator.exchange.about import About, holders
from translator.exchange.balance import INVOICE, SHIPMENT, balances, judge, taken
from translator.exchange.calledoff import too_late
from translator.exchange.crossref import items
from translator.exchange.ledger import Change, Document, Movement, Order
from translator.exchange.ledger.books import COUNTED, TAKEN, WENT
from translator.exchange.lists import item_list
from translator.exchange.paper import ACKNOWLEDGMENT, HELD, REFUSED, REPEATED, SENT, WAITING, content, labels, named
from translator.exchange.requests import connected, give, twice
from translator.exchange.room import Room, stamp
from translator.exchange.settings import Partner
from translator.findings import Finding, finding, has_errors
from translator.tables.carry import copied
from translator.tables.standard import parsed
from translator.tables.table import Table
from translator.walk import write
from translator.walk.answer import answer

Json = dict[str, Any]
_LABEL_MEMORY = timedelta(days=366)  # a label is not used again for twelve months: GS1 General Specifications
_AFTER = {"sent": WENT, "accepted": TAKEN}


@define(eq=False)
class Outcome:
    """What became of a document. ``document`` is its id in the ledger, where it has one."""

    state: str
    name: str = ""
    findings: list[Finding] = field(factory=list)
    document: int | None = None


def offer(room: Room, given: Json, *, source: str = "", places: Json | None = None, held: int | None = None) -> Outcome:
    """Send a document, or say why not. ``held`` is one that a person has released: what only holds is then let pass.

    Opens its own transaction. ``places`` says where the values of the document stand in ``source``.
    """
    return _Offer(room, given, source, places, held, released=held is not None).decide()


def retry(room: Room, waiting: Document) -> Outcome:
    """Offer a document once more that was kept waiting."""
    return _Offer(room, waiting.given or waiting.document, waiting.source, waiting.places, waiting.id).decide()


@define(eq=False)
class _Offer:
    room: Room
    given: Json
    source: str
    places: Json | None
    held: int | None
    released: bool = False
    document: Json = field(init=False)
    findings: list[Finding] = field(factory=list)
    orders: list[Order] = field(factory=list)
    promised: list[Json] = field(factory=list)  # acknowledgments of the orders: they may put an item in place of another
    alarms: list[Change] = field(factory=list)  # changes that wait while the goods of their orders are gone

    def decide(self) -> Outcome:
        self.document = copied(self.given)
        about = About(self.room, self.document)
        partner = about.partner()
        self.orders = about.orders(partner) if partner else []
        self.findings += about.findings
        if partner is None or has_errors(self.findings):
            return self.refused()
        current = [order.current for order in self.orders]
        self.document, found = items.back(self.document, current, item_list(self.room, partner.name))
        self.findings += found
        if has_errors(self.findings):
            return self.refused()
        self.findings += by_schema(self.document, "")
        if has_errors(self.findings):
            return self.refused()
        self.promised = self.acknowledgments()
        settings = self.room.settings
        if partner.api:
            return self.asked(partner, current)
        done = answer(
            self.document, [*current, *self.promised], mappings=settings.mappings, settings=partner.settings,
            ours=settings.ours.code, usage=settings.usage, program=partner.program, now=self.room.local,
        )  # fmt: skip
        self.findings += done.findings
        if has_errors(self.findings) or done.table is None:
            return self.refused()
        self.document = done.document
        self.document["envelope"]["receiver"] = _side(partner)
        return self.kept_back(partner) or self.sent(done.table, partner)

    def kept_back(self, partner: Partner) -> Outcome | None:
        """What keeps a complete document from going out."""
        if repeated := self.repeated():
            return repeated
        self.labels()
        if has_errors(self.findings):
            return self.refused()
        why, early = self.reasons(partner)
        if has_errors(self.findings):
            return self.refused()
        if why and not self.released:
            return self.keep(HELD, why)
        if early:
            return self.keep(WAITING, early)
        return None

    def asked(self, partner: Partner, orders: list[Json]) -> Outcome:
        """The same for a partner with an API: the document becomes requests."""
        mappings = self.room.settings.mappings
        options: Json = {"mappings": mappings, "settings": partner.settings, "program_name": partner.program}
        self.document, found, table = complete(self.document, orders, **options)
        self.findings += found
        if table is None or has_errors(self.findings):
            return self.refused()
        prepared, found = prepare(table, self.document, [*orders, *self.promised], mappings=mappings)
        self.findings += found
        self.findings += too_late(table, self.document, list(zip(self.orders, self.moves(), strict=True)))
        if has_errors(self.findings):
            return self.refused()
        if back := self.kept_back(partner):
            return back
        self.findings += (again := twice(self.room, prepared, self.orders, str(self.document["document"])))
        if again:
            return self.refused()
        room = self.room
        with room.ledger.transaction():
            id = self.store(SENT)
            room.ledger.holds.close("document", id, room.stamp, "sent")
            self.settle()
            self.alarm()
            where = give(room, id, prepared, self.orders, named(self.document))
            for order in self.orders:
                room.note("sent", f"{self.document['document']} {named(self.document)}: {where}", order=order.id, document=id)
        return Outcome(SENT, named(self.document), self.findings, id)

    # --- what speaks against it ---------------------------------------------------------------------------------------

    def acknowledgments(self) -> list[Json]:
        """What was promised for the orders: an item in place of another is shipped and billed under its own numbers."""
        if self.document.get("document") == ACKNOWLEDGMENT:
            return []
        books = self.room.ledger.documents
        held = {one.id: one for order in self.orders for one in books.of(order.id, ACKNOWLEDGMENT) if one.state in COUNTED}
        return [one.document for one in held.values()]

    def repeated(self) -> Outcome | None:
        """A number that was used: nothing when it is the same document, refused when it is another."""
        kind, name = str(self.document["document"]), named(self.document)
        books = self.room.ledger.documents
        if kind == ACKNOWLEDGMENT:
            earlier = {one.id: one for order in self.orders for one in books.of(order.id, kind) if one.state in COUNTED}
        else:
            earlier = {one.id: one for one in books.named(self.orders[0].partner, kind, name) if one.state in COUNTED}
        for one in earlier.values():
            if one.id == self.held:
                continue
            if one.given == self.given or content(one.document) == content(self.document):
                return Outcome(REPEATED, name, [], one.id)
            path = {INVOICE: "invoice_number", SHIPMENT: "id"}.get(kind, "orders[0].number")
            self.say("document-repeated", path, name, f"{one.state} since {one.sent or one.made}")
            return self.refused()
        return None

    def labels(self) -> None:
        """A carton's number is not used again for a year."""
        since = stamp(self.room.now - _LABEL_MEMORY)
        for path, code in labels(self.document):
            if used := self.room.ledger.documents.label_used(code, since, self.held or 0):
                self.say("label-reused", path, code, used)

    def reasons(self, partner: Partner) -> tuple[str, str]:
        """Why a person should look at it first, and why it has to wait; balances that are broken are findings."""
        kind, held, early = self.document["document"], [], ""
        books = self.room.ledger
        movements = self.moves()
        after = _AFTER[self.room.settings.invoice_after] if kind == INVOICE else COUNTED
        pairs = list(zip(self.orders, movements, strict=True))
        cancelled = [order.number for order in self.orders if order.state == "cancelled"]
        if cancelled:
            held.append(f"order {', '.join(cancelled)} was cancelled")
        elif kind in (SHIPMENT, INVOICE):
            found, soon = judge(self.document, [balances(order.original, order.current, moves, after) for order, moves in pairs])
            if soon:
                early = "; ".join(one.brief for one in found[:3])
            if soon or not self.released:
                self.findings += found
        pending = [change for order in self.orders for change in books.changes.pending(order.id)]
        if pending and kind == INVOICE:
            early = early or f"a change to order {pending[0].number} waits for a decision"
        elif pending and kind == SHIPMENT:
            self.alarms = pending
        checks = self.preflight(partner, pairs)
        held += [one.brief for one in checks if one.severity == "error"]
        self.findings += [one.having(severity="warning") for one in checks]
        return "; ".join(held[:5]), early

    def moves(self) -> list[list[Movement]]:
        """What other documents take from each order."""
        books = self.room.ledger.documents
        return [[one for one in books.movements(order.id) if one.document != self.held] for order in self.orders]

    def preflight(self, partner: Partner, pairs: list[tuple[Order, list[Movement]]]) -> list[Finding]:
        """What the partner charges for, looked at before the document goes out."""
        mappings = self.room.settings.mappings
        about = parsed(f"mappings/{partner.name}/derive.toml", mappings)
        shipped = {
            (order.number, order.release, line): one.shipped
            for order, moves in pairs
            for line, one in balances(order.original, order.current, moves).items()
        }
        return preflight.preflight(
            self.document,
            [{**order.current, "derived": derived(order.current, about)} for order, _ in pairs],
            rules.load(partner.name, mappings),
            self.room.local.date(),
            shipped=shipped,
            originals=[order.original for order, _ in pairs],
            acknowledgments=self.promised,
            program=self.orders[0].program,
            price_bases=about.get("derive", {}).get("price_basis", {}),
        )

    # --- what becomes of it -------------------------------------------------------------------------------------------

    def say(self, code: str, path: str, value: str | None, expected: str) -> None:
        self.findings.append(finding(code, path=path, value=value, expected=expected))

    def refused(self) -> Outcome:
        return Outcome(REFUSED, named(self.document), self.findings, self.held)

    def keep(self, state: str, why: str) -> Outcome:
        """Stored, and not sent."""
        with self.room.ledger.transaction():
            id = self.store(state, why)
            if state == HELD:
                kind, name = self.document["document"], named(self.document)
                self.room.hold(
                    "document", id, name, f"{kind} {name} is held: {why}",
                    "Send a corrected one under the same number, or let it go out as it is: `translator exchange release DIR ID`",
                )  # fmt: skip
        return Outcome(state, named(self.document), self.findings, id)

    def store(self, state: str, why: str = "") -> int:
        """The document in the ledger, instead of what is held of it already."""
        room, books = self.room, self.room.ledger.documents
        kind, name, partner = str(self.document["document"]), named(self.document), self.orders[0].partner
        for old in books.named(partner, kind, name):
            if old.id != self.held and old.state in (HELD, "rejected"):
                books.set(old.id, state="withdrawn" if old.state == HELD else old.state)
                room.ledger.holds.close("document", old.id, room.stamp, "another took its place")
        values = {"document": self.document, "given": None if state == SENT else self.given, "why": why, "state": state}
        if self.held is None:
            id = books.add(kind=kind, name=name, partner=partner, source=self.source, places=self.places, made=room.stamp, **values)
            for order in self.orders:
                room.note(state, f"{kind} {name}: {why or 'taken'}", order=order.id, document=id)
        else:
            id = self.held
            books.set(id, **values)
        books.join(id, [order.id for order in self.orders])
        moves = (
            [(self.orders[n].id, line, quantity, final) for n, _, line, quantity, final in taken(self.document)]
            if kind != ACKNOWLEDGMENT
            else []
        )
        books.move(id, moves)
        books.labelled(id, [code for _, code in labels(self.document)], room.stamp)
        return id

    def sent(self, table: Table, partner: Partner) -> Outcome:
        """Numbered, written, read back and stored, all or nothing."""
        room = self.room
        envelope = self.document["envelope"]
        usage, given = room.settings.usage, {"interchange": 0, "group": 0}
        sides = (envelope["sender"], envelope["receiver"])
        between = series.between(*((side["qualifier"], side["id"]) for side in sides))
        own, their = (side.get("group") or side["id"] for side in sides)
        counted = {"interchange": series.interchanges(between, usage), "group": series.groups(own, their, table.group, usage)}

        def number(which: str) -> int:
            given[which] = room.ledger.next(counted[which])
            return given[which]

        try:
            with room.ledger.transaction():
                writing = write(
                    self.document, control=number, now=room.local, mappings=room.settings.mappings, settings=partner.settings
                )
                self.findings += writing.findings
                if writing.data is None:
                    raise _Unwritten
                id = self.store(SENT)
                name = files.safe_name(table.set_id, f"{given['interchange']:09d}", named(self.document), ending=".edi")
                digest = hashlib.sha256(writing.data).hexdigest()
                interchange = room.ledger.interchanges.add(
                    way="out", envelope=between, usage=usage, control=str(given["interchange"]), sha256=digest,
                    size=len(writing.data),
                    file=name, archived="", place=0, state="sent", why="", at=room.stamp,
                )  # fmt: skip
                room.ledger.documents.set(
                    id, interchange=interchange, functional=table.group, group_control=str(given["group"]), set_control="0001",
                    sha256=digest,
                )  # fmt: skip
                room.post("out", name, writing.data, document=id, interchange=interchange)
                room.ledger.holds.close("document", id, room.stamp, "sent")
                self.settle()
                self.alarm()
                for order in self.orders:
                    what = f"{self.document['document']} {named(self.document)} as {name}, interchange {given['interchange']}"
                    room.note("sent", what, order=order.id, document=id)
        except _Unwritten:
            return self.refused()
        return Outcome(SENT, named(self.document), self.findings, id)

    def settle(self) -> None:
        """What the orders learn from an answer that goes out."""
        for order, (_, holder) in zip(self.orders, holders(self.document), strict=True):
            erp = holder.get("erp")
            own = erp.get("order_number") if isinstance(erp, dict) else None
            if isinstance(own, str) and own and order.erp_number is None:
                self.room.ledger.orders.set(order.id, erp_number=own)
            if self.document["document"] == ACKNOWLEDGMENT and not connected(self.room, order.partner):
                self.room.ledger.orders.set(order.id, acknowledged=self.room.stamp)

    def alarm(self) -> None:
        """The goods left while a change to their order waits: what left is announced, and somebody has to know."""
        for change in self.alarms:
            sentence = f"shipment {named(self.document)} went out although a change to order {change.number} waits for a decision"
            self.room.say(sentence)
            decide = " or ".join(f"`translator exchange {word} DIR {change.number}`" for word in ("accept", "refuse"))
            cure = f"Tell the partner what left; then {decide}"
            self.room.hold("change", change.id, change.number, sentence, cure)


class _Unwritten(Exception):
    """The transaction is given up: what was written did not read back."""


def _side(partner: Partner) -> dict[str, str]:
    side = {"qualifier": partner.party.qualifier, "id": partner.party.id}
    return side | ({"group": partner.party.group} if partner.party.group else {})
