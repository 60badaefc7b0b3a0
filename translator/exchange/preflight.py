"""Before a document goes out: a completed document, its orders and the rules go in, findings come out, each with what it risks.

An acknowledgment, shipment or invoice in canonical form, complete as it will be written; the rules are those in force today.
Which checks there are, for what, and whether a finding holds the document or only warns is data (``rules``). A finding names
the first place in the document, and how many cartons are like it. The charge that it risks is an estimate that stands for
itself: the least amount is charged once, so estimates are not added up. Orders and lines that are not known are others'
findings (``carry``), and so is whatever has not the shape of a document; nothing raises. Nothing is changed or stored.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal

from attrs import define, field

from translator.exchange.manifest import Item, Json, Manifest, counted, key, labels, mapping, mappings, total, units, window
from translator.exchange.rules import BY_DATES, CHECK, Rule, Rules
from translator.findings import Finding, finding
from translator.tables.amounts import EXACT, amount, number, plain
from translator.tables.checks import right_digit

Shipped = Mapping[tuple[str, str, str], Decimal]
"""How much went before: by number of the order, its release ("" without one) and the line, the quantity in its unit."""

_NONE = Decimal(0)
_HUNDRED = Decimal(100)


def preflight(
    document: Json,
    orders: Sequence[Json],
    rules: Rules,
    today: datetime.date,
    *,
    shipped: Shipped | None = None,
    originals: Sequence[Json] | None = None,
    acknowledgments: Sequence[Json] = (),
    program: str = "",
    price_bases: Json | None = None,
) -> list[Finding]:
    """What is to be said before a document goes out, check by check; an error among it holds the document.

    ``orders`` are as they stand today, with ``derived``; ``originals`` as they first came, where that is another thing.
    ``acknowledgments`` may have put other items in place of theirs. ``shipped`` is what was shipped before this document.
    ``program`` is the name of the orders' program. ``price_bases`` (of the partner's ``derive.toml``) let charges on the cost of
    goods be estimated.
    """
    manifest = Manifest(document, [_replaced(order, acknowledgments) for order in orders] if acknowledgments else orders)
    first = {key(order): order for order in originals or ()}
    flight = _Flight(manifest, rules.on(today), today, first, shipped or {}, price_bases or {})
    about = {"program": program, "delivery": manifest.delivery, "document": manifest.kind}
    return [one for rule in flight.rules.of(CHECK) if rule.applies(**about) for one in _CHECKS[rule.what](flight, rule)]


def _replaced(order: Json, acknowledgments: Sequence[Json]) -> Json:
    """The order with what was acknowledged in place of its items: ``instead`` of a line is what else it may bear."""
    name = (order.get("number"), order.get("release", ""))
    answered = [
        line for one in acknowledgments for said in one.get("orders", ()) if (said.get("number"), said.get("release", "")) == name
        for line in said.get("lines", ())
    ]  # fmt: skip
    instead: dict[str, list[Json]] = {}
    for line in answered:
        instead.setdefault(str(line.get("line")), []).extend(one["ids"] for one in line.get("answers", ()) if one.get("ids"))
    lines = [{**line, "instead": held} if (held := instead.get(str(line.get("line")))) else line for line in order.get("lines", ())]
    return {**order, "lines": lines}


@define(eq=False)
class _Flight:
    """A document before it leaves: itself beside its orders, the rules of today, what came and went before."""

    manifest: Manifest
    rules: Rules
    today: datetime.date
    originals: Mapping[tuple[str, str], Json]
    shipped: Shipped
    price_bases: Json
    lines: dict[tuple[str, str, str], list[Item]] = field(init=False)
    orders: dict[tuple[str, str], list[Item]] = field(factory=dict, init=False)

    def __attrs_post_init__(self) -> None:
        self.lines = self.manifest.lines()
        for item in self.manifest.items:
            self.orders.setdefault(item.order, []).append(item)

    def cost(self, line: Json, quantity: Decimal) -> Decimal | None:
        """What so much of an order's line costs; None where its price does not say."""
        price, unit, basis = number(line.get("price")), line.get("unit"), line.get("price_basis")
        if price is None or not isinstance(unit, str | None) or not isinstance(basis, str | None):
            return None
        return amount(quantity, unit, price, basis, self.price_bases)

    def worth(self, items: list[Item]) -> Decimal | None:
        """What items cost together; None where one does not say."""
        worth = _NONE
        for item in items:
            cost = self.cost(item.line, number(item.said.get("quantity")) or _NONE)
            if cost is None:
                return None
            worth = EXACT.add(worth, cost)
        return worth

    def found(
        self,
        code: str,
        rule: Rule,
        path: str,
        value: object,
        expected: str,
        cartons: int | None = None,
        cost: Decimal | None = None,
    ) -> Finding:
        """The finding, with the charge that it risks."""
        charge = self.rules.charge(rule)
        words = f"{expected}. This {charge.risk(cartons, cost)}" if charge else expected
        said = None if value is None else str(value)
        return finding(code, level=rule.severity, path=path, value=said, expected=words, rule=rule.place)


Check = Callable[[_Flight, Rule], Iterator[Finding]]
Differs = Callable[[Item, Rule], Iterator[tuple[str, object, str]]]  # where, what is said, what the order has


# --- item by item -----------------------------------------------------------------------------------------------------


def _packs(name: str, *, only_if_ordered: bool) -> Differs:
    """A key of an item (``pack``, ``inner_pack``) is the order's; with ``only_if_ordered`` it is there only when it is there."""

    def differs(item: Item, _: Rule) -> Iterator[tuple[str, object, str]]:
        ordered = list(dict.fromkeys(str(pack[name]) for pack in mappings(item.line.get("packs")) if name in pack))
        said = item.said.get(name)
        if (said is None and not ordered) or str(said) in ordered or not (ordered or only_if_ordered):
            return
        yield f"{item.path}.{name}", said, " or ".join(ordered) or "none"

    return differs


def _barcodes(item: Item, rule: Rule) -> Iterator[tuple[str, object, str]]:
    """The item numbers that the rule names are the order's."""
    said, ordered = mapping(item.said.get("ids")), mapping(item.line.get("ids"))
    for other in mappings(item.line.get("instead")):  # acknowledged in its place
        if said and all(said.get(name) == value for name, value in other.items() if name in rule.values):
            return
    for name in rule.values:
        if name in ordered and said.get(name) != ordered[name]:
            yield f"{item.path}.ids.{name}", said.get(name), str(ordered[name])


def _each(differs: Differs, code: str) -> Check:
    """A check of items one by one; those of a line that have the same fault are one finding."""

    def check(flight: _Flight, rule: Rule) -> Iterator[Finding]:
        met: dict[tuple[object, ...], tuple[str, object, str, set[str]]] = {}
        for item in flight.manifest.items:
            for path, said, ordered in differs(item, rule):
                fault = (item.key, path.removeprefix(item.path), str(said), ordered)
                met.setdefault(fault, (path, said, ordered, set()))[3].add(item.carton)
        for path, said, ordered, cartons in met.values():
            words = f"{ordered} (so in {len(cartons)} cartons)" if len(cartons) > 1 else ordered
            yield flight.found(code, rule, path, said, words, cartons=len(cartons))

    return check


# --- line by line -----------------------------------------------------------------------------------------------------


def _quantity(flight: _Flight, rule: Rule) -> Iterator[Finding]:
    """No more than was ordered; a shipment together with what went before."""
    before = flight.shipped if flight.manifest.kind == "shipment" else {}
    for line, items in flight.lines.items():
        ordered, here = number(items[0].line.get("quantity")), total(items)
        if ordered is None or here is None:
            continue
        whole = EXACT.add(here, before.get(line, _NONE))
        if whole > ordered:
            cartons = len({item.carton for item in items})
            yield flight.found("preflight-quantity", rule, f"{items[0].path}.quantity", plain(whole), plain(ordered), cartons)


def _whole_cartons(flight: _Flight, rule: Rule) -> Iterator[Finding]:
    """As many as fill cartons, where the unit is one that cartons are counted in."""
    for items in flight.lines.values():
        here, each = total(items), units(items[0].line)
        if here is None or each is None or items[0].line.get("unit") not in rule.values or not EXACT.remainder(here, each):
            continue
        yield flight.found("preflight-multiple", rule, f"{items[0].path}.quantity", plain(here), plain(each), 1)


def _fill_rate(flight: _Flight, rule: Rule) -> Iterator[Finding]:
    """What will have been shipped of each line as it was first ordered, once nothing more comes."""
    for place, part, order in flight.manifest.answered():
        over = _ends_here(flight, place, part, order)
        for line in mappings(flight.originals.get(key(order), order).get("lines")):
            known = (*key(order), str(line.get("line", "")))
            items, ordered = flight.lines.get(known, []), number(line.get("quantity"))
            here, final = total(items), over or any(item.said.get("final") is True for item in items)
            if not final or ordered is None or ordered <= 0 or here is None:
                continue
            filled = EXACT.add(here, flight.shipped.get(known, _NONE))
            if EXACT.multiply(filled, _HUNDRED) < EXACT.multiply(Decimal(rule.value), ordered):
                path = f"{items[0].path}.quantity" if items else place.rstrip(".")
                said = f"{plain(filled)} of {plain(ordered)}, line {known[2]}"
                cost = flight.cost(line, EXACT.subtract(ordered, filled))
                yield flight.found("preflight-fill-rate", rule, path, said, f"{rule.value} percent", cost=cost)


def _ends_here(flight: _Flight, place: str, part: Json, order: Json) -> bool:
    """Whether the order's window ends with this shipment: what leaves later would be late."""
    for kind in BY_DATES:
        last = window(order, kind)[1]
        if last is not None:
            leaves = flight.manifest.date(_DATES[kind], place, part)[1] or flight.today
            return max(leaves, flight.today) >= last
    return False


# --- the shipment -----------------------------------------------------------------------------------------------------

_DATES = {"ship": "ship_date", "deliver": "delivery_date"}


def _lading(flight: _Flight, rule: Rule) -> Iterator[Finding]:
    """There is a bill of lading."""
    held = flight.manifest.ladings()
    if not any(held.values()):
        cartons = flight.manifest.cartons()
        yield flight.found("preflight-bol-missing", rule, next(iter(held)), None, "the number of the bill of lading", cartons)


def _lading_form(flight: _Flight, rule: Rule) -> Iterator[Finding]:
    """Its number has the form that is asked for."""
    for path, said in flight.manifest.ladings().items():
        if said is not None and not re.fullmatch(rule.value, said):
            words, cartons = rule.note or f"a text like {rule.value}", flight.manifest.cartons()
            yield flight.found("preflight-bol-form", rule, path, said, words, cartons)


def _in_window(kind: str) -> Check:
    """The date of the document lies in the order's window of this kind."""

    def check(flight: _Flight, rule: Rule) -> Iterator[Finding]:
        met: dict[tuple[str, str, object, object], list[Item]] = {}  # orders of one window are one finding
        for place, part, order in flight.manifest.answered():
            path, date = flight.manifest.date(_DATES[kind], place, part)
            first, last = window(order, kind)
            if date is not None and first is not None and date < first:
                met.setdefault(("preflight-early", path, date, first), []).extend(flight.orders.get(key(order), []))
            elif date is not None and last is not None and date > last:
                met.setdefault(("preflight-late", path, date, last), []).extend(flight.orders.get(key(order), []))
        for (code, path, date_said, end), items in met.items():
            yield flight.found(code, rule, path, date_said, str(end), len({i.carton for i in items}), flight.worth(items))

    return check


def _carton_count(flight: _Flight, rule: Rule) -> Iterator[Finding]:
    """As many cartons as there are labels, and no label twice."""
    for place, part in flight.manifest.parts():
        held, said = labels(part), counted(part)
        many = len(set(held))
        if held and said is not None and said != many:
            yield flight.found("preflight-cartons", rule, f"{place}cartons", said, str(many), abs(said - many))
        if len(held) != many:
            yield flight.found("preflight-cartons", rule, f"{place}packs", len(held), str(many), len(held) - many)


def _serials(flight: _Flight, rule: Rule) -> Iterator[Finding]:
    """The check digits of SSCCs are right."""
    for path, sscc in flight.manifest.serials():
        if right := right_digit("sscc", sscc):
            yield flight.found("preflight-sscc", rule, path, sscc, right, 1)


_CHECKS: dict[str, Check] = {
    "case pack": _each(_packs("pack", only_if_ordered=False), "preflight-casepack"),
    "inner pack": _each(_packs("inner_pack", only_if_ordered=True), "preflight-inner-pack"),
    "quantity": _quantity,
    "whole cartons": _whole_cartons,
    "barcode": _each(_barcodes, "preflight-barcode"),
    "bill of lading": _lading,
    "bill of lading form": _lading_form,
    "ship date": _in_window("ship"),
    "delivery date": _in_window("deliver"),
    "fill rate": _fill_rate,
    "cartons": _carton_count,
    "sscc": _serials,
}
