"""What all drafts have in common: an order goes in; the beginning of its answer, and what forbids one, come out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from copy import deepcopy
from typing import Any

from translator.findings import Finding, finding
from translator.tables.twins import label

Json = Mapping[str, Any]
Draft = tuple[dict[str, Any] | None, list[Finding]]
"""A draft and what is to be known about it; None where an error forbids it."""


def begun(kind: str, order: Json) -> dict[str, Any]:
    """A document of the kind, of the order's partner."""
    return present(document=kind, partner=order.get("partner"))


def named(order: Json) -> dict[str, Any]:
    """What names an order in its answers, character for character."""
    return present(number=order.get("number"), release=order.get("release"))


def own(holder: Json) -> Any:
    """The ERP's own words about an order or a line: they survive every step."""
    return deepcopy(holder.get("erp"))


def unanswerable(order: Json, path: str = "") -> Iterator[Finding]:
    """Why an order cannot be answered line by line: it has none, or two that nobody could tell apart."""
    if not order.get("lines"):
        yield finding("order-empty", path=f"{path}lines")
    seen = set()
    for n, line in enumerate(order.get("lines", [])):
        if (number := line.get("line")) in seen:
            yield finding("line-repeated", path=f"{path}lines[{n}].line", value=str(number))
        seen.add(number)


def blocked(order: Json, rules: Json, path: str = "") -> Iterator[Finding]:
    """Why an order is neither shipped nor billed: its type says that it waits for another one."""
    rule = rules.get("derive", {})
    if order.get("type") in rule.get("not_shippable", []):
        why = rule.get("not_shippable_why", f"its type is {order['type']}")
        yield finding("order-blocked", path=f"{path}type", value=label(dict(order)), expected=why)


def present(**values: Any) -> dict[str, Any]:
    """An object without the names that have no value."""
    return {name: value for name, value in values.items() if value is not None}
