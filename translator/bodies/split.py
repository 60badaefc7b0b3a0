"""The quantity of a line in parts: an answered line and what the order says of it in; cancelled, open and shipped out.

The parts add up to what was ordered. What was shipped stays shipped and is a part of what is accepted; what was cancelled stays so.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from translator.bodies.calls import Api
from translator.bodies.table import Split
from translator.bodies.text import Number
from translator.findings import Finding, finding
from translator.tables.amounts import number, plain

Json = dict[str, Any]


def parts(
    split: Split, line: Json, answers: dict[str, str], known: Json | None, api: Api, path: str
) -> tuple[list[Json], list[Finding]]:
    """The entries of the body for one line, none of nothing, and what is wrong; ``known`` is the line as the order has it."""
    ordered = number(line.get("quantity"))
    said = {
        kind: _sum(a for a in line.get("answers", []) if answers.get(a.get("status")) == kind) for kind in ("accepted", "cancelled")
    }
    if ordered is None or None in said.values():
        return [], [finding("field-missing", path=f"{path}.quantity", rule=split.rule)]
    accepted, cancelled = said["accepted"] or Decimal(0), said["cancelled"] or Decimal(0)
    if accepted + cancelled != ordered:
        return [], [finding("quantity-differs", path=path, value=plain(accepted + cancelled), expected=plain(ordered))]
    shipped, gone = been(known, api, "shipped"), been(known, api, "cancelled")
    if shipped > accepted:
        about = f"{plain(shipped)} of {plain(ordered)} were shipped already"
        return [], [finding("cancel-late", path=path, value=plain(cancelled), expected=about)]
    if gone > cancelled:
        about = f"{plain(gone)} of {plain(ordered)} were cancelled already"
        return [], [finding("cancel-undone", path=path, value=plain(cancelled), expected=about)]
    amounts = {"cancelled": cancelled, "open": accepted - shipped, "shipped": shipped}
    return [
        {split.quantity: Number(plain(amounts[name])), split.state: state} for name, state in split.parts.items() if amounts[name]
    ], []


def been(line: Json | None, api: Api, stage: str) -> Decimal:
    """How much of a line the partner says is in a stage."""
    words = api.line_words(stage)
    held = line.get("states", []) if isinstance(line, dict) else []
    return sum((number(one.get("quantity")) or Decimal(0) for one in held if one.get("state") in words), Decimal(0))


def _sum(answers: Iterable[Json]) -> Decimal | None:
    """The quantities of answers, added; None where one has none."""
    total = Decimal(0)
    for one in answers:
        value = number(one.get("quantity"))
        if value is None:
            return None
        total += value
    return total
