"""An answer as a paper: a document goes in; its number, its labels, what it says apart from its envelope, come out.

What becomes of it is named here, too; which states count says the ledger. Nothing is judged or stored.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from translator.exchange.balance import INVOICE, SHIPMENT

Json = dict[str, Any]
ACKNOWLEDGMENT = "acknowledgment"
SENT, HELD, WAITING, REFUSED, REPEATED = "sent", "held", "waiting", "refused", "repeated"


def named(document: Json) -> str:
    """The number that people know a document by."""
    if document.get("document") == SHIPMENT:
        return str(document.get("id", ""))
    if document.get("document") == INVOICE:
        return str(document.get("invoice_number", ""))
    return ", ".join(str(order.get("number", "")) for order in document.get("orders", ()) if isinstance(order, dict))


def labels(document: Json) -> Iterable[tuple[str, str]]:
    """The labels of cartons, with their paths."""
    if document.get("document") != SHIPMENT:
        return
    for i, order in enumerate(document.get("orders", ())):
        for j, pack in enumerate(order.get("packs", ())):
            if isinstance(code := pack.get("sscc"), str):
                yield f"orders[{i}].packs[{j}].sscc", code


def content(document: Json) -> Json:
    """What a document says, but for its envelope and the moment of writing."""
    return {key: value for key, value in document.items() if key not in ("envelope", "date", "time")}
