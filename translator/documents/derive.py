"""What an order comes to: a canonical order and a partner's rules go in, the ``derived`` object comes out.

For reading only, made at the edge: where to ship, in which window, which amount, how many cartons. Nothing in X12 is
made from it, the order is not changed, and what cannot be worked out is absent. Every code that this looks for is in
the rules (``mappings/PARTNER/derive.toml``, which explains each section); the names are those of the schema's
``derived``. Amounts are exact decimals, rounded once, to the cent, half a cent up: a line at a time, then added, as an
invoice does. No floats.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from copy import deepcopy
from decimal import ROUND_CEILING, Decimal
from typing import Any

from translator.tables.amounts import EXACT, amount, number

Json = Mapping[str, Any]

# Kinds of window, and the names of an order's dates for its beginning and its end.
WINDOWS = (
    ("ship", "ship_not_before", "ship_no_later"),
    ("deliver", "do_not_deliver_before", "do_not_deliver_after"),
)
_KEY = ("partner", "number", "type", "release")
_ONE = Decimal(1)


def derived(order: Json, rules: Json) -> dict[str, Any]:
    """The ``derived`` object of a canonical order; ``lines`` in it has one entry for each line, in the same order.

    ``rules`` is a partner's ``derive.toml``, loaded. The order may lack anything: what is missing derives nothing.
    """
    rule = rules.get("derive", {})
    buyer, ship_to = (order.get("parties", {}).get(name) for name in ("buyer", "ship_to"))
    kind = _delivery(buyer, ship_to, rule)
    lines = [_line(line, rule) for line in order.get("lines", [])]
    return _present(
        key=_key(order),
        window=_window(order.get("dates", {})),
        delivery=kind.get("delivery"),
        bill_to=_named(buyer),
        ship_to=deepcopy(ship_to if ship_to is not None else buyer) or None,
        mark_for=_named(order.get("parties", {}).get(kind.get("mark_for"))),
        shippable=order["type"] not in rule.get("not_shippable", []) if "type" in order else None,
        back_order=_agreed(rule.get("back_order", {}).get(code) for code in order.get("back_order", [])),
        amount=_total(lines),
        lines=lines or None,
    )


def _line(line: Json, rule: Json) -> dict[str, Any]:
    about = rule.get("about", {})
    quantity, price = (number(line.get(name)) for name in ("quantity", "price"))
    unit, basis = line.get("unit"), line.get("price_basis")
    bases = rule.get("price_basis", {})
    money = None if quantity is None or price is None else amount(quantity, unit, price, basis, bases)
    units = _agreed(_units(pack) for pack in line.get("packs", []))
    texts = [(text.get("about"), text["text"]) for text in line.get("descriptions", []) if "text" in text]
    return _present(
        line=line.get("line"),
        description=_description(texts, about),
        color=_about(texts, about.get("color")),
        size=_about(texts, about.get("size")),
        units_per_carton=units,
        cartons=_cartons(quantity, unit, units, rule.get("cartons", {})),
        amount=None if money is None else f"{money:f}",
    )


def _key(order: Json) -> str | None:
    """Never the same for two orders: a separator within a part is escaped."""
    if not order.get("number"):
        return None
    return "|".join(str(order.get(name, "")).replace("%", "%25").replace("|", "%7C") for name in _KEY)


def _window(dates: Json) -> dict[str, str] | None:
    for kind, first, last in WINDOWS:
        start, end = (dates.get(name, {}).get("date") for name in (first, last))
        if start or end:
            return _present(**{"kind": kind, "from": start, "to": end})
    return None


def _delivery(buyer: Json | None, ship_to: Json | None, rule: Json) -> Json:
    """The rule of ``deliveries`` that fits the ship-to, or ``direct`` without one, or ``other``."""
    if ship_to is None:
        return {} if buyer is None else {"delivery": "direct"}
    for candidate in rule.get("deliveries", []):
        location, name = candidate.get("location"), candidate.get("name_contains")
        if location is not None and location != ship_to.get("location"):
            continue
        if name is None or name.upper() in ship_to.get("name", "").upper():
            fitting: Json = candidate
            return fitting
    return {"delivery": "other"}


def _named(party: Json | None) -> dict[str, Any] | None:
    """Name and location only: the address beside a buyer is that of the ship-to."""
    return _present(name=party.get("name"), location=party.get("location")) or None if party else None


def _description(texts: list[tuple[str | None, str]], about: Json) -> str | None:
    """The text about the product, else the first that is about something else than color or size."""
    other = (text for code, text in texts if code not in about.values())
    return _about(texts, about.get("description")) or next(other, None)


def _about(texts: list[tuple[str | None, str]], wanted: str | None) -> str | None:
    return next((text for code, text in texts if code == wanted), None) if wanted else None


def _units(pack: Json) -> int | None:
    """Units in a carton: packs times inner packs; None when one of the numbers is none or zero."""
    outer, inner = pack.get("pack"), pack.get("inner_pack", 1)
    if type(outer) is not int or type(inner) is not int or outer < 1 or inner < 1:
        return None
    return outer * inner


def _cartons(quantity: Decimal | None, unit: str | None, units: int | None, rule: Json) -> int | None:
    if quantity is None or quantity < 0:
        return None
    if unit in rule.get("as_ordered", []):
        units = 1
    elif unit not in rule.get("by_pack", []):
        return None
    if units is None:
        return None
    return int(EXACT.divide(quantity, Decimal(units)).quantize(_ONE, ROUND_CEILING, EXACT))


def _total(lines: list[dict[str, Any]]) -> str | None:
    if not lines or not all("amount" in line for line in lines):
        return None
    total = Decimal(0)
    for line in lines:
        total = EXACT.add(total, Decimal(line["amount"]))
    return f"{total:f}"


def _agreed(values: Iterable[Any]) -> Any:
    """The one value that all have, or None when there is none, or several."""
    found = set(values)
    return found.pop() if len(found) == 1 else None


def _present(**values: Any) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value is not None}
