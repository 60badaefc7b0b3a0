"""Answers for benchmarks: a file of orders in, complete documents of each kind of answer out, as their users would have them.

Drafts from the orders, with what only a supplier knows made up; completed from their orders and by their own reading, so that
nothing is left to be worked out when they are written.
"""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import Any

import translator
from translator.respond.acknowledgment import acknowledge
from translator.respond.invoice import bill
from translator.respond.shipment import ship
from translator.respond.sscc import Serials
from translator.tables.standard import parsed

Json = dict[str, Any]
NOW = datetime.datetime(2026, 4, 1, 8, 0)


def answers(path: Path, most: int) -> dict[str, list[Json]]:
    """Documents by kind, one a set, for up to ``most`` orders of the file."""
    rules = parsed("mappings/target/derive.toml")
    serials = Serials("0614141", "1")
    found: dict[str, list[Json]] = {"acknowledgment": [], "shipment": [], "invoice": []}
    for n, reading in enumerate(translator.read(path)):
        order = reading.document
        if order is None or n >= most:
            break
        for line in order["lines"]:
            line["quantity"] = str(min(int(line["quantity"]), 48))  # not more cartons than a truck holds
        order.pop("totals", None)
        accepted, _ = acknowledge(order, rules, now=NOW)
        shipped, _ = ship(order, rules, serials=serials, now=NOW)
        assert accepted and shipped
        shipped |= {"id": f"SH{n:06d}", "ship_date": "2026-04-02", "carrier": {"scac": "NEMF", "mode": "M"}}
        shipped |= {"references": {"bill_of_lading": {"id": f"B{n:07d}"}}, "ship_from": {"name": "ACME", "location": "WH01"}}
        billed, _ = bill(order, rules, shipped)
        assert billed
        billed |= {"invoice_number": f"I{n:07d}", "invoice_date": "2026-04-02"}
        for kind, draft in (("acknowledgment", accepted), ("shipment", shipped), ("invoice", billed)):
            writing = translator.write(draft, orders=[order], control=n + 1, now=NOW, program=_PROGRAM.get(kind))
            assert writing.data, [f.sentence for f in writing.findings]
            found[kind] += [r.document for r in translator.read(writing.data) if r.document]
    return found


_PROGRAM = {"acknowledgment": "acknowledged retail"}  # the one that has it
