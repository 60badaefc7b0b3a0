"""Old files recorded: one after another they go in, phase by phase; orders, changes and answers of the ledger come out.

From a former provider: as history, neither handed over nor answered. From our own archive: what the ledger has forgotten; what an
archive cannot tell is held for a person. What is known is left as it is, so the same files again change nothing. Runs inside one
transaction. What files are is for ``oldfiles``, numbers and words are for ``adopt``.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from pathlib import Path
from typing import Any

from attrs import define, field

from translator.exchange import files, oldfiles, series
from translator.exchange.aside import REFUSED as BROKEN
from translator.exchange.balance import balances
from translator.exchange.incoming import TAKEN, Piece, pieces
from translator.exchange.intake import CHANGE, ORDER, Intake, fits
from translator.exchange.ledger import Document, Order
from translator.exchange.ledger.books import COUNTED
from translator.exchange.manifest import Manifest, key
from translator.exchange.oldfiles import (
    ADOPTED,
    IN,
    OUT,
    REFUSED,
    VERDICT,
    Old,
    Survey,
    bare,
    dated,
    element,
    headers,
    judged,
    said,
)
from translator.exchange.paper import ACKNOWLEDGMENT, named
from translator.exchange.reconcile import ACCEPTED, ERRORS, REJECTED
from translator.exchange.revise import CANCEL, revise, same_change
from translator.exchange.room import Room
from translator.exchange.settings import Partner
from translator.respond.receipt import receipts
from translator.tables.partner import ANSWERS, program
from translator.tables.standard import parsed
from translator.walk import Reading
from translator.x12 import ta1

Json = dict[str, Any]
HISTORY = "history"
_STATES = {"A": ACCEPTED, "E": ERRORS} | dict.fromkeys(REFUSED, REJECTED)
_PHASES = (frozenset({ORDER}), frozenset({CHANGE, *ANSWERS}), frozenset({VERDICT, ta1.DOCUMENT}))
_ALL = frozenset().union(*_PHASES)


@define(eq=False)
class History:
    """Records old files: orders first, then what was done with them, then what the partner said of that.

    ``dry``: no copies are put into the archive. ``counts`` and ``remarks`` tell what was recorded, and what deserves a look.
    """

    room: Room
    survey: Survey
    archive: Path
    dry: bool
    counts: Counter[str] = field(factory=Counter)
    remarks: dict[str, list[str]] = field(factory=dict)
    orders: list[int] = field(factory=list)  # that are new to the ledger, from a former provider
    forgotten: list[int] = field(factory=list)  # and from our own archive
    receipts: dict[tuple[str, str, str], int] = field(factory=dict)  # partner, GS01, GS06 -> our own interchange that it came in

    def record(self) -> None:
        """All files, each as often as it has something to say."""
        for n, kinds in enumerate(_PHASES):
            for old in self.survey.files:
                held = {kind for _, kind in old.kinds}
                if held & kinds or (n == 0 and not held & _ALL):
                    self.file(old, kinds)
        self.ask()

    def unfinished(self) -> list[str]:
        """The orders of the former provider of which something is still to be shipped."""
        found = []
        for id in self.orders:
            order = self.room.ledger.orders.get(id)
            moves = self.room.ledger.documents.movements(id)
            if order.state == HISTORY and any(one.open for one in balances(order.original, order.current, moves).values()):
                found.append(order.number)
        return found

    # --- files --------------------------------------------------------------------------------------------------------

    def file(self, old: Old, kinds: frozenset[str]) -> None:
        """What one file says in a phase."""
        data = oldfiles.content(old.path, self.room.settings, self.survey.unreadable)
        if data is None:
            return
        place = ""
        for piece in pieces(self.room, data, files.shown(old.path), []):
            way, partner, why = judged(self.room.settings, piece)
            if partner is None or why:
                continue
            place = place or self.kept(old, data)
            id, taken = self.interchange(old, piece, way, partner, place, data)
            for reading in taken:
                kind = str((reading.document or {}).get("document", ""))
                if id and kind in kinds:
                    self.take(old, piece, way, partner, id, reading, place)

    def kept(self, old: Old, data: bytes) -> str:
        """Where the archive has the file: it is put there, apart from our own, when it came from elsewhere."""
        inside = files.real(old.path)
        if inside.is_relative_to(files.real(self.archive)):
            return inside.relative_to(files.real(self.archive)).as_posix()
        if self.dry:
            return ""
        place = files.archive(self.archive / ADOPTED, data, old.path.name)
        return place.relative_to(self.archive).as_posix()

    def interchange(self, old: Old, piece: Piece, way: str, partner: Partner, place: str, data: bytes) -> tuple[int, list[Reading]]:
        """The interchange in the ledger, and the readings of it that count; 0 where it is left out."""
        books, between = self.room.ledger.interchanges, piece.between
        exact = data if way == OUT and len(piece.data) == len(data.strip()) else piece.data  # as it was when it went
        digest = hashlib.sha256(exact).hexdigest()
        held = [one for one in books.numbered(way, between, piece.usage, piece.number) if one.sha256 == digest]
        taken, refused = piece.readings, False
        if way == IN and old.own:
            receipt = next(receipts(piece.readings, when=self.room.settings.ta1, mappings=self.room.settings.mappings))
            taken = [one for one in piece.readings if one in receipt.taken or (one.document or {}).get("document") == ta1.DOCUMENT]
            refused = bool(receipt.refused) and not receipt.taken
        if held:
            counts = any(one.state in (TAKEN, "sent") for one in held)
            self.remember(old, piece, way, partner, held[0].id)
            return (held[0].id, taken) if counts else (0, [])
        if way == IN and old.own and not self.answered(old, piece, partner):
            return 0, []
        if way == IN and old.own and any(one.state == TAKEN for one in books.numbered(way, between, piece.usage, piece.number)):
            self.remark("had a number that was taken before with another content, and stay set aside", files.shown(old.path.name))
            return 0, []
        state = "sent" if way == OUT else BROKEN if refused else TAKEN
        id = books.add(
            way=way, envelope=between, usage=piece.usage, control=piece.number, sha256=digest, size=len(exact),
            file=self.name(old, piece, way), archived=place, place=0 if way == OUT else piece.place, state=state,
            why=f"learnt from {files.shown(old.path)}", answers=self.answers(old, piece, way, partner), at=dated(self.room, piece),
        )  # fmt: skip
        self.count(f"interchanges {'received' if way == IN else 'sent'}")
        self.remember(old, piece, way, partner, id)
        return (id, taken) if not refused else (0, [])

    def name(self, old: Old, piece: Piece, way: str) -> str:
        """The name of the file: as it came, or as we put it into ``out``, where it may have to go again."""
        table = next((one.table for one in piece.readings if one.table), None)
        if way == IN or table is None:
            return files.shown(old.path.name)
        document = next((one.document for one in piece.readings if one.table), None) or {}
        about = [named(document)] if document.get("document") in ANSWERS else []
        return files.safe_name(table.set_id, piece.number.zfill(9), *about, ending=".edi")

    def remember(self, old: Old, piece: Piece, way: str, partner: Partner, id: int) -> None:
        if old.own and way == IN:
            self.receipts |= {(partner.name, element(one, 1), bare(element(one, 6))): id for one in headers(piece)}

    def answers(self, old: Old, piece: Piece, way: str, partner: Partner) -> int | None:
        """The interchange whose receipt this is."""
        if old.own and way == OUT:
            for reading in piece.readings:
                if (reading.document or {}).get("document") == VERDICT:
                    return next((self.receipts.get((partner.name, *one[:2])) for one in said(reading.document or {})), None)
        return None

    def answered(self, old: Old, piece: Piece, partner: Partner) -> bool:
        """Whether our own archive shows that we acknowledged it: only then is it sure that it was dealt with."""
        owed = [one for one in headers(piece) if not _verdicts(piece, one)]
        unknown = [one for one in owed if (partner.name, element(one, 1), bare(element(one, 6))) not in self.survey.answered]
        if not unknown:
            return True
        place = files.real(old.path).relative_to(files.real(self.archive)).as_posix()
        sentence = (
            f"interchange {piece.number} ({place} in the archive) came, and nothing in the archive acknowledges it: "
            "it is not known whether anything was done with it"
        )
        cure = "Put that copy into `in` again: it is dealt with as new, once. When the ERP has its orders already, tell it so first"
        if not any(one.sentence == sentence for one in self.room.ledger.holds.open()):
            self.room.hold("interchange", None, place, sentence, cure)
        self.remark("came and were never acknowledged, as far as the archive tells: put them into `in` again", place)
        return False

    # --- documents ----------------------------------------------------------------------------------------------------

    def take(self, old: Old, piece: Piece, way: str, partner: Partner, id: int, reading: Reading, place: str) -> None:
        document = reading.document or {}
        kind = document["document"]
        if way == IN and kind == ORDER:
            self.order(old, piece, partner, id, reading)
        elif way == IN and kind == CHANGE:
            self.change(old, partner, id, document)
        elif way == OUT and kind in ANSWERS:
            self.answer(old, piece, partner, id, reading, place)
        elif way == IN and kind == VERDICT:
            self.verdict(partner, document, dated(self.room, piece), id)
        elif way == IN and kind == ta1.DOCUMENT and document.get("status") in REFUSED:
            self.fallen(partner, document, dated(self.room, piece))

    def order(self, old: Old, piece: Piece, partner: Partner, id: int, reading: Reading) -> None:
        document = reading.document or {}
        number, type_, release = (str(document.get(name, "")) for name in ("number", "type", "release"))
        if not number or not document.get("lines"):
            self.remark("held an order without a number or lines, which was left out", files.shown(old.path.name))
            return
        books = self.room.ledger.orders
        known = books.find(partner.name, number, type_, release)
        if known is not None:
            if known.interchange != id and _content(known.original) != _content(document):
                self.remark("orders came more than once and differ: the first is kept", number)
            return
        found = program(document, self.room.settings.mappings, partner.program)
        order = books.add(
            partner=partner.name, number=number, type=type_, release=release, interchange=id, original=document, current=document,
            findings=[one.as_dict() for one in reading.findings] or None, state="open" if old.own else HISTORY,
            program=found.name if found else "", received=dated(self.room, piece),
        )  # fmt: skip
        (self.forgotten if old.own else self.orders).append(order)
        self.count("orders")
        self.room.note("adopted", f"order {number} was learnt from {files.shown(old.path)}", order=order, interchange=id)

    def change(self, old: Old, partner: Partner, id: int, document: Json) -> None:
        """A change of former days was dealt with then; one that our ledger forgot is a question again."""
        number, books, name = str(document.get("number", "")), self.room.ledger, files.shown(old.path.name)
        held = [one for one in books.orders.numbered(number) if one.partner == partner.name and fits(document, one.original)]
        known = [one for order in held for one in books.changes.of(order.id)] + books.changes.homeless(number)
        if any(same_change(one.document, document) for one in known):
            return
        if old.own:
            Intake(self.room, partner, id, name).change(document)
            self.remark("changes had been forgotten, and are to be decided again: `translator exchange held DIR`", number)
        elif len(held) != 1:
            self.remark("changes are to orders that are not among the files", number)
        elif held[0].state in (HISTORY, "cancelled"):
            self.changed(held[0], id, document, name)

    def changed(self, order: Order, id: int, document: Json, name: str) -> None:
        """A change that a former provider brought and somebody dealt with."""
        books = self.room.ledger
        done = revise(order.current, document, parsed(f"mappings/{order.partner}/derive.toml", self.room.settings.mappings))
        books.changes.add(
            order_id=order.id, number=order.number, interchange=id, document=document, revised=done.order, effect=done.effect,
            state="accepted", at=books.interchanges.get(id).at,
        )  # fmt: skip
        state = "cancelled" if done.effect == CANCEL else order.state
        books.orders.set(order.id, current=done.order, revision=order.revision + 1, state=state)
        self.count("changes")
        self.room.note("adopted", f"a change to order {order.number} was learnt from {name}", order=order.id, interchange=id)

    def answer(self, old: Old, piece: Piece, partner: Partner, id: int, reading: Reading, place: str) -> None:
        """An acknowledgment, a shipment or an invoice that was sent."""
        document = reading.document or {}
        kind, name, books = str(document["document"]), named(document), self.room.ledger.documents
        assert reading.part is not None and reading.part.envelope is not None
        group, control = reading.part.envelope.group, reading.part.control
        functional, number = element(group, 1), bare(element(group, 6))
        about = Manifest(document, ())
        orders = [one for _, part in about.parts() for one in self.ordered(partner, key(part))]
        for known in books.sent_as(functional, number):
            if (known.partner, known.kind, known.name, bare(known.set_control)) == (partner.name, kind, name, bare(control)):
                if len(books.orders_of(known.id)) < len({one.id for one in orders}):
                    self.moves(known.id, document, orders)
                return
        signs = {(partner.name, functional, number, one) for one in ("", bare(control))}
        rejected = bool(signs & self.survey.rejected) or (partner.name, piece.number) in self.survey.fallen
        if not rejected and kind != ACKNOWLEDGMENT and any(one.state in COUNTED for one in books.named(partner.name, kind, name)):
            self.remark(f"{kind}s bear a number that another document has: the first is kept", name)
            return
        at = dated(self.room, piece)
        made = books.add(
            kind=kind, name=name, partner=partner.name, document=document, source="", interchange=id, functional=functional,
            group_control=number, set_control=control, archived=place, made=at, sent=at,
            sha256=self.room.ledger.interchanges.get(id).sha256,
            state=REJECTED if rejected else "sent" if old.own else HISTORY,
            why="the partner rejected it" if rejected else "",
        )  # fmt: skip
        self.moves(made, document, orders)
        books.labelled(made, [code for _, code in about.serials()], at)
        if kind == ACKNOWLEDGMENT and not rejected:
            for order in orders:
                if order.acknowledged is None:
                    self.room.ledger.orders.set(order.id, acknowledged=at)
        self.count(f"{kind}s")
        if not orders:
            self.remark(f"{kind}s are of orders that are not among the files: no balance is known of them", name)
        for order in orders:
            what = f"{kind} {name} of {at} was learnt from {files.shown(old.path)}"
            self.room.note("adopted", what, order=order.id, document=made, interchange=id)

    def ordered(self, partner: Partner, about: tuple[str, str]) -> list[Order]:
        """The order of a number and release; nothing where there is none or several."""
        number, release = about
        held = [one for one in self.room.ledger.orders.numbered(number) if (one.partner, one.release) == (partner.name, release)]
        return held if len(held) == 1 else []

    def moves(self, document: int, shipped: Json, orders: list[Order]) -> None:
        """What it took from its orders."""
        books = self.room.ledger.documents
        ids = {key(one.current): one.id for one in orders}
        books.join(document, sorted(ids.values()))
        if shipped["document"] == ACKNOWLEDGMENT:
            return
        items = Manifest(shipped, [one.current for one in orders]).items
        taken = [(ids[one.order], str(one.line.get("line", "")), str(one.said.get("quantity", "0")), False) for one in items]
        books.move(document, taken)

    # --- what the partner said ----------------------------------------------------------------------------------------

    def verdict(self, partner: Partner, acknowledgment: Json, at: str, interchange: int) -> None:
        """Accepted or rejected, set by set."""
        verdicts = list(said(acknowledgment))
        kind, control, _, whole = verdicts[0]
        by_set = {number: status for _, _, number, status in verdicts[1:]}
        for one in self.room.ledger.documents.sent_as(kind, control):
            status = by_set.get(bare(one.set_control), whole)
            state = _STATES.get(status)
            if one.partner == partner.name and state and not one.answered:
                self.settle(one, state, at, interchange)

    def fallen(self, partner: Partner, notice: Json, at: str) -> None:
        """An interchange of ours was rejected, with all that was in it."""
        ours, theirs = self.room.settings.ours, partner.party
        between = series.between((ours.qualifier, ours.id), (theirs.qualifier, theirs.id))
        books = self.room.ledger
        for each in books.interchanges.numbered("out", between, self.room.settings.usage, bare(notice.get("control"))):
            for one in books.documents.within(each.id):
                if not one.answered:
                    self.settle(one, REJECTED, at, each.id)

    def settle(self, one: Document, state: str, at: str, interchange: int) -> None:
        self.room.ledger.documents.set(one.id, state=state, answered=at)
        self.room.note("verdict", f"{one.kind} {one.name}: {state}, on {at}", document=one.id, interchange=interchange)
        self.count(f"documents {'rejected' if state == REJECTED else 'accepted'}")
        if state == REJECTED and not any(
            other.state in COUNTED for other in self.room.ledger.documents.named(one.partner, one.kind, one.name)
        ):
            self.remark("documents were rejected by the partner and not sent again", f"{one.kind} {one.name}")

    # --- words --------------------------------------------------------------------------------------------------------

    def ask(self) -> None:
        """Orders that our own ledger forgot, and of which nothing shows that the ERP has them."""
        books = self.room.ledger
        for id in self.forgotten:
            if not books.documents.of(id):
                order = books.orders.get(id)
                sentence = f"order {order.number} came on {order.received} and was forgotten: the ERP may not have it"
                cure = (
                    "Look into the ERP and its folder of orders. When it is not there, `translator exchange release DIR ID` hands "
                    "it over; when it is, `translator exchange refuse DIR ID` takes it off this list"
                )
                self.room.hold("order", id, order.number, sentence, cure)
                self.remark("orders had been forgotten, the ERP may not have them: `translator exchange held DIR`", order.number)

    def count(self, what: str) -> None:
        self.counts[what] += 1

    def remark(self, what: str, name: str) -> None:
        self.remarks.setdefault(what, []).append(name)


def _verdicts(piece: Piece, group: list[str]) -> bool:
    """Whether a group holds acknowledgments: these are not acknowledged."""
    kinds = {
        (one.document or {}).get("document")
        for one in piece.readings
        if one.part and one.part.envelope and one.part.envelope.group is group and one.part.is_set
    }
    return bool(kinds) and kinds <= {VERDICT}


def _content(document: Json) -> Json:
    return {name: value for name, value in document.items() if name != "envelope"}
