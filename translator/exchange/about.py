"""What a document of the ERP is about: the document goes in; its partner, and the orders that it names, come out.

An order is known by its number and release, or by the ERP's own number for it; the numbers are put into the document where the ERP
gave its own. Nothing is judged beyond that, and nothing is stored.
"""

from __future__ import annotations

from typing import Any

from attrs import define, field

from translator.exchange.balance import INVOICE, SHIPMENT
from translator.exchange.ledger import Order
from translator.exchange.room import Room
from translator.exchange.settings import Partner
from translator.findings import Finding, finding
from translator.tables.partner import ANSWERS

Json = dict[str, Any]


def holders(document: Json) -> list[tuple[str, Json]]:
    """What names an order in a document, each with its path."""
    if document.get("document") == INVOICE:
        return [("", document)]
    held = document.get("orders")
    return [(f"orders[{n}].", one) for n, one in enumerate(held) if isinstance(one, dict)] if isinstance(held, list) else []


@define(eq=False)
class About:
    """Finds out what ``document`` is about, and completes its numbers; what cannot be found is among the ``findings``."""

    room: Room
    document: Json
    findings: list[Finding] = field(factory=list)

    def partner(self) -> Partner | None:
        """Whose document it is: it says so, or there is only one."""
        kind, said = self.document.get("document"), self.document.get("partner")
        if kind not in ANSWERS:
            self.say("document-invalid", "document", str(kind), f"one of {', '.join(ANSWERS)}")
            return None
        partners = {one.name: one for one in self.room.settings.partners}
        if said is None and len(partners) == 1:
            return next(iter(partners.values()))
        if not isinstance(said, str) or said not in partners:
            self.say("document-invalid", "partner", str(said), f"one of {', '.join(partners)}")
            return None
        return partners[said]

    def orders(self, partner: Partner) -> list[Order]:
        """The orders that the document names, in its order; their numbers are put in where the ERP gave its own."""
        found: list[Order] = []
        for place, holder in holders(self.document):
            order = self.order(partner, holder, place)
            if order is not None:
                found.append(order)
                holder["number"] = order.number
                if order.release:
                    holder["release"] = order.release
        self.number_by_lading()
        return found

    def number_by_lading(self) -> None:
        """A shipment without a number of its own is known by its bill of lading."""
        references = self.document.get("references")
        lading = references.get("bill_of_lading") if isinstance(references, dict) else None
        if self.document.get("document") != SHIPMENT or self.document.get("id") or not isinstance(lading, dict):
            return
        if lading.get("id"):
            self.document["id"] = lading["id"]

    def order(self, partner: Partner, holder: Json, place: str) -> Order | None:
        """The order of a name; nothing, and said, where there is none or several."""
        number, release, erp = holder.get("number"), holder.get("release", ""), holder.get("erp")
        own = erp.get("order_number") if isinstance(erp, dict) else None
        books = self.room.ledger.orders
        if isinstance(number, str) and number:
            found = [one for one in books.numbered(number) if one.partner == partner.name and one.release == release]
        elif isinstance(own, str) and own:
            found = [one for one in books.of_erp(own) if one.partner == partner.name]
        else:
            self.say("order-unknown", f"{place}number", None, "the number of an order, or erp.order_number")
            return None
        path, value = (f"{place}number", number) if isinstance(number, str) else (f"{place}erp.order_number", own)
        if len(found) > 1:
            self.say("carry-ambiguous", path, None, " or ".join(f"{one.number} ({one.type} {one.release})" for one in found))
        elif not found:
            self.say("order-unknown", path, str(value), "an order that came here")
        elif isinstance(own, str) and own and found[0].erp_number not in (None, own):
            expected = f"{found[0].erp_number}, as order {number} was answered before"
            self.say("order-unknown", f"{place}erp.order_number", own, expected)
        return found[0] if len(found) == 1 else None

    def say(self, code: str, path: str, value: str | None, expected: str) -> None:
        self.findings.append(finding(code, path=path, value=value, expected=expected))
