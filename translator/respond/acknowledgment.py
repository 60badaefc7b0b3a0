"""An order acknowledged: a canonical order and the rules go in, the draft of an acknowledgment comes out.

Every line is accepted as ordered: the automatic answer. Whatever else an ERP decides (part, rejection, another date) it
writes into ``answers`` itself. The verdict on the whole order follows from the answers when the document is written.
"""

from __future__ import annotations

import datetime
from typing import Any

from translator.respond.draft import Draft, Json, begun, named, own, present, unanswerable


def acknowledge(order: Json, rules: Json, *, now: datetime.datetime | None = None) -> Draft:
    """The acknowledgment that accepts all of an order; ``now`` dates it. ``rules`` is a partner's ``derive.toml``, loaded."""
    found = list(unanswerable(order))
    if found:
        return None, found
    status = rules.get("derive", {}).get("answers", {}).get("accepted")
    lines = [_accepted(line, status) for line in order["lines"]]
    made = begun("acknowledgment", order) | present(
        acknowledgment_date=None if now is None else f"{now:%Y-%m-%d}",
        orders=[named(order) | present(erp=own(order), lines=lines)],
    )
    return made, []


def _accepted(line: Json, status: str | None) -> dict[str, Any]:
    quantity, unit = line.get("quantity"), line.get("unit")
    return present(
        line=line.get("line"),
        quantity=quantity,
        unit=unit,
        answers=[present(status=status, quantity=quantity, unit=unit)],
        erp=own(line),
    )
