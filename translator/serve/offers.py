"""Which answers an order takes: an order goes in, the kinds that its partner's programs have come out, or why there is none."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from attrs import define

from translator.tables.load import load
from translator.tables.partner import ANSWERS, partner, program

Json = dict[str, Any]

MOST_LINES = 500  # of an order that is answered by a form


@define(eq=False)
class Offer:
    """A kind of answer that an order takes: by its own program, or, with a ``program``, where that was agreed."""

    kind: str
    set_id: str
    program: str = ""


def offers(order: Json, mappings: Path | None = None) -> tuple[list[Offer], list[str]]:
    """Which answers an order takes, and why it takes no other."""
    own = program(order, mappings)
    found, why = [], []
    for kind in ANSWERS:
        if own and kind in own.tables:
            found.append(Offer(kind, load(own.tables[kind], mappings).set_id))
            continue
        others = partner(str(order.get("partner")), mappings).programs if own else ()
        if other := next((one for one in others if kind in one.tables and not one.when), None):
            found.append(Offer(kind, load(other.tables[kind], mappings).set_id, other.name))
    if own is None:
        why.append("No program of the partner takes this order, so nothing can be said of its answers.")
    elif own.why:
        why.append(f"This order belongs to the program “{own.name}”: {own.why}.")
    return found, why


def unfit(order: Json, kind: str, agreed: str, mappings: Path | None) -> str:
    """Why there is no form: nothing that this order takes was asked for, or it is too long."""
    found, why = offers(order, mappings)
    if not any((one.kind, one.program) == (kind, agreed) for one in found):
        return " ".join(["This order takes no such answer.", *why])
    lines = order.get("lines") or []
    if len(lines) > MOST_LINES:
        return f"The order has {len(lines)} lines, and a form has room for {MOST_LINES}: use the command `translator new`."
    return ""
