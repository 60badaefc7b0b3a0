"""Orders packed: canonical orders and the rules go in, the draft of a shipment comes out, all of it in cartons.

Cartons follow from unit, case pack and inner pack of a line, as ``[derive.cartons]`` says: by pack, the quantity divided
by the units in a carton, what is left over in a last, short one; as ordered, the quantity counts cartons. From other units
(pounds) nothing follows: such a line has a pack without quantity and label, and a finding says that the ERP must say. A
line without a single case pack is one carton, with a warning: a carton is what is handled, needs a label and can be split;
goods that lie loose are the exception, and whoever ships so says it (``loose``). A carton holds one line; whoever mixes
does so in the document. Carriers, weights, pallets and dates are not guessed.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any

from attrs import define, field

from translator.documents.derive import derived
from translator.findings import Finding, finding, has_errors
from translator.respond.draft import Draft, Json, begun, blocked, named, own, present, unanswerable
from translator.respond.sscc import Serials
from translator.tables.amounts import EXACT, number, plain

MOST_CARTONS = 100_000


def ship(
    orders: Json | Sequence[Json],
    rules: Json,
    *,
    serials: Serials | None = None,
    loose: bool = False,
    now: datetime.datetime | None = None,
) -> Draft:
    """One shipment of all that was ordered, to the one ship-to that the orders have.

    ``serials`` gives each carton its SSCC. ``loose`` packs nothing: all items of an order lie below it. ``now`` is the
    moment of the notice (by itself, the moment of writing). ``rules`` is a partner's ``derive.toml``, loaded.
    """
    listed = [orders] if isinstance(orders, Mapping) else list(orders)
    known = [derived(order, rules) for order in listed]
    found = [one for n, order in enumerate(listed) for one in (*blocked(order, rules, f"orders[{n}]."), *_unfit(order, n))]
    found += [*_repeated(listed), *_elsewhere(known)]
    if not listed:
        found.append(finding("order-empty", path="orders"))
    if has_errors(found):
        return None, found
    packing = _Packing(rules.get("derive", {}), loose, found)
    shipped = [packing.order(order, about, n) for n, (order, about) in enumerate(zip(listed, known, strict=True))]
    if not has_errors(found) and serials is not None:
        _label(packing.cartons, serials, found)
    if has_errors(found):
        return None, found
    made = begun("shipment", listed[0]) | present(
        date=None if now is None else f"{now:%Y-%m-%d}",
        time=None if now is None else f"{now:%H:%M}",
        orders=shipped,
    )
    return made, found


@define
class _Packing:
    """The orders of one shipment under way into packs; ``cartons`` are those that get a label."""

    rule: Json
    loose: bool
    found: list[Finding]
    cartons: list[dict[str, Any]] = field(factory=list)
    count: int = 0

    def order(self, order: Json, about: Json, n: int) -> dict[str, Any]:
        packs: list[dict[str, Any]] = []
        for line, worked in zip(order["lines"], about["lines"], strict=True):
            if self.loose:
                packs = packs or [{"items": []}]
                packs[0]["items"].append(_item(line, line["quantity"], self.rule))
            else:
                self.line(line, worked.get("units_per_carton"), packs, f"orders[{n}].packs")
        return named(order) | present(mark_for=about.get("mark_for"), erp=own(order), packs=packs)

    def line(self, line: Json, units: int | None, packs: list[dict[str, Any]], path: str) -> None:
        """The packs of one line, after those of the lines before."""
        quantity, unit, rule = line["quantity"], line.get("unit"), self.rule.get("cartons", {})
        place = f"{path}[{len(packs)}]"
        if unit in rule.get("as_ordered", []):
            units = 1
        elif unit not in rule.get("by_pack", []):
            self.found.append(finding("pack-unknown", path=place, value=unit or "no unit", expected=line.get("line")))
            packs.append({"items": [_item(line, None, self.rule)]})
            return
        elif units is None:
            self.found.append(finding("pack-assumed", path=place, value=line.get("line")))
        portions = _portions(quantity, units, MOST_CARTONS - self.count)
        if portions is None:
            self.found.append(finding("cartons-many", path=place, value=quantity, expected=str(MOST_CARTONS)))
            return
        self.count += len(portions)
        made = [{"items": [_item(line, portion, self.rule)]} for portion in portions]
        packs += made
        self.cartons += made
        if units is not None and (last := number(portions[-1])) is not None and last < units:
            spot = f"{path}[{len(packs) - 1}].items[0].quantity"
            self.found.append(finding("carton-short", path=spot, value=portions[-1], expected=str(units)))


def _portions(quantity: str, units: int | None, most: int) -> list[str] | None:
    """A quantity, carton by carton: full ones, and what is left; the text itself where one takes all. None: too many."""
    whole = Decimal(quantity)
    if units is None or whole <= units:
        return [quantity] if most > 0 else None
    full, rest = EXACT.divmod(whole, Decimal(units))
    if full + (1 if rest else 0) > most:
        return None
    return [str(units)] * int(full) + ([plain(rest)] if rest else [])


def _item(line: Json, quantity: str | None, rule: Json) -> dict[str, Any]:
    packs = line.get("packs", [])
    pack = packs[0] if packs and all(one == packs[0] for one in packs) else {}
    return present(
        line=line.get("line"),
        quantity=quantity,
        unit=line.get("unit"),
        pack=pack.get("pack"),
        inner_pack=pack.get("inner_pack"),
        components=[_component(one, line, quantity, rule.get("components", {})) for one in line.get("components", [])] or None,
        erp=own(line),
    )


def _component(component: Json, line: Json, quantity: str | None, rule: Json) -> dict[str, Any]:
    """A component of a set or prepack, counted for what is in the carton."""
    each, shipped = number(component.get("quantity")), number(quantity)
    ids = {name: value for name, value in component.get("ids", {}).items() if name in rule.get("ids", [])}
    many = None
    if each is not None and shipped is not None:
        many = EXACT.multiply(each, shipped)
        if rule.get("per") == "line":
            many = _shared(many, Decimal(line["quantity"]))
    return present(
        line=component.get("line"),
        quantity=None if many is None else plain(many),
        unit=component.get("unit"),
        ids=ids or None,
    )


def _shared(many: Decimal, by: Decimal) -> Decimal | None:
    """Exactly so much for each, or None where no decimal says it."""
    share = EXACT.divide(many, by)
    return share if Fraction(share) * Fraction(by) == Fraction(many) else None


def _label(cartons: list[dict[str, Any]], serials: Serials, found: list[Finding]) -> None:
    issued = serials.take(len(cartons))
    if issued is None:
        found.append(finding("sscc-exhausted", path="orders", value=str(len(cartons)), expected=str(serials.left)))
        return
    for carton, sscc in zip(cartons, issued, strict=True):
        items = carton.pop("items")
        carton |= {"sscc": sscc, "items": items}


# --- the orders together ----------------------------------------------------------------------------------------------


def _unfit(order: Json, n: int) -> Iterator[Finding]:
    """Why an order cannot be packed: its lines, or a quantity that is none."""
    yield from unanswerable(order, f"orders[{n}].")
    for k, line in enumerate(order.get("lines", [])):
        quantity = number(line.get("quantity"))
        if quantity is None or quantity <= 0:
            said, place = line.get("quantity"), f"orders[{n}].lines[{k}].quantity"
            yield finding("quantity-unusable", path=place, value=None if said is None else str(said), expected="a number above 0")


def _repeated(orders: Sequence[Json]) -> Iterator[Finding]:
    seen = set()
    for n, order in enumerate(orders):
        key = (order.get("number"), order.get("release"))
        if key in seen:
            yield finding("order-repeated", path=f"orders[{n}].number", value=str(key[0]))
        seen.add(key)


def _elsewhere(known: Sequence[Json]) -> Iterator[Finding]:
    """Orders that go somewhere else than the first: another location, or another address where both give one."""
    first = known[0].get("ship_to", {}) if known else {}
    for n, about in enumerate(known[1:], 1):
        other = about.get("ship_to", {})
        names = ("location",) if first.get("location") and other.get("location") else ("location", "name")
        agrees = all(first.get(name) == other.get(name) for name in names)
        streets = [place["address"] for place in (first, other) if "address" in place]
        if not agrees or (len(streets) == 2 and streets[0] != streets[1]):
            yield finding("ship-to-differs", path=f"orders[{n}]", value=_said(other), expected=_said(first))


def _said(place: Json) -> str:
    address = place.get("address", {})
    words = [place.get("name"), place.get("location"), *address.get("lines", []), address.get("postal_code")]
    return " ".join(word for word in words if word) or "nowhere"
