"""The ERP's side of an exchange, for tests: what was shipped and billed goes in, documents come out.

They say no more than an ERP knows.
"""

from __future__ import annotations

from itertools import count
from typing import Any

Json = dict[str, Any]
PO = "0009-3300145-1001"  # as partner_side orders it
CASE = 12
_LABELS = count(1)


def label(serial: int) -> str:
    """The number of a carton: 18 digits with their check digit."""
    body = f"00614141{serial:09d}"
    total = sum(int(digit) * (3 if n % 2 == 0 else 1) for n, digit in enumerate(body))
    return body + str(-total % 10)


def packed(quantities: dict[int, int], final: bool = False) -> list[Json]:
    """Cartons of a case each, the last one of a line short; line number -> quantity."""
    packs = []
    for line, quantity in quantities.items():
        while quantity > 0:
            held: Json = {"line": f"{line:06d}", "quantity": str(min(quantity, CASE))}
            packs.append({"sscc": label(next(_LABELS)), "items": [held]})
            quantity -= CASE
        if final:
            packs[-1]["items"][0]["final"] = True
    return packs


def shipment(
    id: str = "SH1", quantities: dict[int, int] | None = None, *, number: str = PO, day: str = "2026-03-09", bol: str = "",
    final: bool = False, **other: Any,
) -> Json:  # fmt: skip
    """A shipment of one order."""
    return {
        "document": "shipment",
        "id": id,
        "ship_date": day,
        "carrier": {"name": "XPO"},
        "references": {"bill_of_lading": {"id": bol or f"BOL{id}"}},
        "ship_from": {"name": "SAMPLE SUPPLY CO", "location": "WH01"},
        "orders": [{"number": number, "packs": packed(quantities or {1: 24, 2: 12}, final)}],
        **other,
    }


def invoice(
    id: str = "INV1", quantities: dict[int, int] | None = None, *, number: str = PO, day: str = "2026-03-09", bol: str = "BOLSH1",
    **other: Any,
) -> Json:  # fmt: skip
    """An invoice for one order."""
    held = {1: 24, 2: 12} if quantities is None else quantities
    return {
        "document": "invoice",
        "invoice_number": id,
        "invoice_date": day,
        "number": number,
        "ship_date": day,
        "lines": [{"line": f"{line:06d}", "quantity": str(quantity)} for line, quantity in held.items()],
        "carrier": {"name": "XPO", "reference_type": "BM", "reference": bol},
        "shipped": {"quantity": str(sum(held.values())), "unit": "EA"},
        **other,
    }


def acknowledgment(quantities: dict[int, int], *, number: str = PO, own: str = "", status: str = "IA") -> Json:
    """An acknowledgment of one order, with the ERP's own number for it."""
    lines = [
        {"line": f"{line:06d}", "answers": [{"status": status, "quantity": str(quantity), "date": "2026-03-09"}]}
        for line, quantity in quantities.items()
    ]
    held: Json = {"number": number, "lines": lines}
    return {
        "document": "acknowledgment",
        "acknowledgment_date": "2026-03-05",
        "orders": [held | ({"erp": {"order_number": own}} if own else {})],
    }
