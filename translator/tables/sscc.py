"""The serial numbers of cartons and pallets (SSCC) in a shipment: a document goes in, what is wrong with them comes out.

Form and check digit of each, and that no two have the same. How a number is sent is the table's matter, how one is issued
``respond``'s. Source: GS1 General Specifications, 3.3 and 7.9.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from translator.findings import Finding, finding
from translator.tables.checks import right_digit
from translator.tables.reckon import holders

_FORM = re.compile(r"[0-9]{18}")


def faults(shipment: dict[str, Any]) -> Iterator[Finding]:
    """What is wrong with the SSCCs of a shipment: their form, their check digit, one that two cartons have."""
    seen = set()
    for base in ("pallets[].", "orders[].packs[]."):
        for place, holder in holders(shipment, base):
            sscc, path = holder.get("sscc"), f"{place}sscc"
            if sscc is None:
                continue
            if not isinstance(sscc, str) or not _FORM.fullmatch(sscc):
                yield finding("sscc-invalid", path=path, value=str(sscc), expected="18 digits as text, without the 00 before it")
            elif right := right_digit("sscc", sscc):
                yield finding("sscc-invalid", path=path, value=sscc, expected=f"{right} as check digit")
            elif sscc in seen:
                yield finding("sscc-repeated", path=path, value=sscc)
            seen.add(str(sscc))
