"""What an order comes to: cases as data, each a small order and what is derived from it by the shipped rules.

No X12 is read here. The rules are a partner's data, so they are held against its mapping table as well.
"""

from __future__ import annotations

import copy
import tomllib
from decimal import Decimal
from typing import Any

import pytest

from translator import shipped
from translator.documents import derived, structure, unstructure, violations
from translator.tables.amounts import amount
from translator.x12.numbers import decimal, integer

RULES = tomllib.loads(shipped.text("mappings/target/derive.toml"))
TABLE = tomllib.loads(shipped.text("mappings/target/850.toml"))
LISTS = tomllib.loads(shipped.text("mappings/target/lists.toml"))

BUYER = {"name": "STORE 1001", "location": "1001", "address": {"city": "CITY"}}
CROSS_DOCK = {"name": "SHIP VIA VCD TO DC", "location": "0551"}
GUEST = {"name": "A GUEST", "location": "9998"}
CENTER = {"name": "TARGET.COM OHL 1", "location": "9477"}
NAMED = {"name": "STORE 1001", "location": "1001"}


def days(**dates: str) -> dict[str, Any]:
    return {"dates": {name: {"date": date} for name, date in dates.items()}}


SHIP = {"ship_not_before": "2023-07-03", "ship_no_later": "2023-07-07"}
DELIVER = {"do_not_deliver_after": "2023-07-17", "do_not_deliver_before": "2023-07-10"}


@pytest.mark.parametrize(
    ("order", "expected"),
    [
        ({}, {}),
        ({"lines": []}, {}),
        ({"parties": {}, "dates": {}}, {}),
        # the key: number, type and release
        ({"number": "1-2", "partner": "p", "type": "SA"}, {"key": "p|1-2|SA|", "shippable": True}),
        ({"number": "1-2", "type": "RL", "release": "07"}, {"key": "|1-2|RL|07", "shippable": True}),
        ({"number": "1|2", "release": "%"}, {"key": "|1%7C2||%25"}),
        ({"type": "BK"}, {"shippable": False}),
        # the window
        (days(**SHIP), {"window": {"kind": "ship", "from": "2023-07-03", "to": "2023-07-07"}}),
        (days(**DELIVER), {"window": {"kind": "deliver", "from": "2023-07-10", "to": "2023-07-17"}}),
        (days(**DELIVER, **SHIP), {"window": {"kind": "ship", "from": "2023-07-03", "to": "2023-07-07"}}),
        (days(ship_no_later="2023-07-07"), {"window": {"kind": "ship", "to": "2023-07-07"}}),
        (days(do_not_deliver_before="2023-07-10"), {"window": {"kind": "deliver", "from": "2023-07-10"}}),
        (days(promotion_start="2023-07-10"), {}),
        ({"dates": {"ship_not_before": {}}}, {}),
        # where to
        ({"parties": {"buyer": BUYER}}, {"delivery": "direct", "bill_to": NAMED, "ship_to": BUYER}),
        (
            {"parties": {"buyer": BUYER, "ship_to": CROSS_DOCK}},
            {"delivery": "cross_dock", "bill_to": NAMED, "ship_to": CROSS_DOCK, "mark_for": NAMED},
        ),
        (
            {"parties": {"buyer": BUYER, "ship_to": GUEST}},
            {"delivery": "guest", "bill_to": NAMED, "ship_to": GUEST},
        ),
        (
            {"parties": {"buyer": BUYER, "ship_to": CENTER}},
            {"delivery": "other", "bill_to": NAMED, "ship_to": CENTER},
        ),
        ({"parties": {"ship_to": {"location": "0551"}}}, {"delivery": "other", "ship_to": {"location": "0551"}}),
        ({"parties": {"buyer": {}}}, {"delivery": "direct"}),
        ({"parties": {"manufacturer": {"name": "F"}}}, {}),
        # back orders
        ({"back_order": ["N"]}, {"back_order": False}),
        ({"back_order": ["Y", "Y"]}, {"back_order": True}),
        ({"back_order": ["Y", "N"]}, {}),
        ({"back_order": ["Q"]}, {}),
    ],
)
def test_an_order(order: dict[str, Any], expected: dict[str, Any]) -> None:
    assert derived(order, RULES) == expected


def sold(quantity: str, unit: str | None, price: str, basis: str | None, *packs: dict[str, int]) -> dict[str, Any]:
    line = {"quantity": quantity, "unit": unit, "price": price, "price_basis": basis, "packs": list(packs)}
    return {name: value for name, value in line.items() if value}


def told(*texts: tuple[str | None, str]) -> dict[str, Any]:
    return {"descriptions": [{"about": about, "text": text} if about else {"text": text} for about, text in texts]}


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ({}, {}),
        ({"line": "001"}, {"line": "001"}),
        # per unit
        (sold("6", "EA", "75.5", "WE"), {"amount": "453.00"}),
        (sold("6", "EA", "75.5", "LE"), {"amount": "453.00"}),
        (sold("6", "EA", "75.5", "QT"), {"amount": "453.00"}),
        (sold("6", "EA", "75.5", None), {"amount": "453.00"}),
        (sold("3", "CA", "9.99", "UM"), {"amount": "29.97", "cartons": 3}),
        (sold("2.5", "LB", "4", "UM"), {"amount": "10.00"}),
        # half a cent goes up, and is rounded once
        (sold("1", "EA", ".005", "WE"), {"amount": "0.01"}),
        (sold("1", "EA", "0.00499999999999999999999999999999999999", "WE"), {"amount": "0.00"}),
        (sold("-1", "EA", ".005", "WE"), {"amount": "-0.01"}),
        (sold("-1", "EA", ".001", "WE"), {"amount": "0.00"}),
        (sold("9999999999999999999999", "EA", "9.99", "WE"), {"amount": "99899999999999999999990.01"}),
        # per dozen
        (sold("24", "EA", "18", "WD"), {"amount": "36.00"}),
        (sold("6", "EA", "18", "WD"), {"amount": "9.00"}),
        (sold("7", "EA", "10", "WD"), {"amount": "5.83"}),
        (sold("1", "EA", ".06", "WD"), {"amount": "0.01"}),
        (sold("1", "EA", "0.05999999999999999999999999999999999999", "WD"), {"amount": "0.00"}),
        # per pound
        (sold("12.5", "LB", "3.10", "PP"), {"amount": "38.75"}),
        # a basis that does not fit
        (sold("2", "CA", "18", "WD"), {"cartons": 2}),
        (sold("2", "LB", "18", "WD"), {}),
        (sold("2", None, "18", "WD"), {}),
        (sold("2", "EA", "3.10", "PP"), {}),
        (sold("2", "CA", "3.10", "PP"), {"cartons": 2}),
        (sold("2", "EA", "3.10", "XX"), {}),
        # no number
        (sold("six", "EA", "1", "WE"), {}),
        (sold("6", "EA", "1E3", "WE"), {}),
        (sold("1\n", "EA", "1", "WE"), {}),
        # cartons
        (sold("24", "EA", "x", None, {"pack": 12}), {"units_per_carton": 12, "cartons": 2}),
        (sold("25", "EA", "x", None, {"pack": 12}), {"units_per_carton": 12, "cartons": 3}),
        (sold("1", "EA", "x", None, {"pack": 12}), {"units_per_carton": 12, "cartons": 1}),
        (sold("0", "EA", "x", None, {"pack": 12}), {"units_per_carton": 12, "cartons": 0}),
        (sold("-5", "EA", "x", None, {"pack": 12}), {"units_per_carton": 12}),
        (sold("48", "EA", "x", None, {"pack": 4, "inner_pack": 6}), {"units_per_carton": 24, "cartons": 2}),
        (sold("49", "EA", "x", None, {"pack": 4, "inner_pack": 6}), {"units_per_carton": 24, "cartons": 3}),
        (sold("6", "EA", "x", None, {"pack": 6, "inner_pack": 1}), {"units_per_carton": 6, "cartons": 1}),
        (sold("6", "EA", "x", None), {}),
        (sold("6", "EA", "x", None, {"pack": 0}), {}),
        (sold("6", "EA", "x", None, {"inner_pack": 6}), {}),
        (sold("6", "EA", "x", None, {"pack": 6}, {"pack": 6}), {"units_per_carton": 6, "cartons": 1}),
        (sold("6", "EA", "x", None, {"pack": 6}, {"pack": 3}), {}),
        (sold("7", "CA", "x", None, {"pack": 12}), {"units_per_carton": 12, "cartons": 7}),
        (sold("7", "CA", "x", None), {"cartons": 7}),
        (sold("2.5", "CA", "x", None), {"cartons": 3}),
        (sold("7", "LB", "x", None, {"pack": 12}), {"units_per_carton": 12}),
        (sold("7", None, "x", None, {"pack": 12}), {"units_per_carton": 12}),
        # words
        (
            told(("73", "GREEN"), ("74", "XL"), ("08", "SHIRT")),
            {"description": "SHIRT", "color": "GREEN", "size": "XL"},
        ),
        (told(("73", "GREEN"), (None, "SHIRT"), ("99", "COTTON")), {"description": "SHIRT", "color": "GREEN"}),
        (told((None, "SHIRT"), ("08", "VNECK"), ("08", "COTTON")), {"description": "VNECK"}),
        (told(("73", "GREEN")), {"color": "GREEN"}),
        ({"descriptions": [{"about": "08", "code": "PP"}]}, {}),
    ],
)
def test_a_line(line: dict[str, Any], expected: dict[str, Any]) -> None:
    assert derived({"lines": [line]}, RULES)["lines"] == [expected]


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        ([sold("1", "EA", "0.005", "WE"), sold("1", "EA", "0.005", "WE")], "0.02"),
        ([sold("2", "EA", "3", "WE"), sold("12", "EA", "1", "WD"), sold("-1", "EA", "10", "WE")], "-3.00"),
        ([sold("2", "EA", "3", "WE"), sold("2", "EA", "3", "PP")], None),
        ([sold("2", "EA", "3", "WE"), {}], None),
        ([sold("9" * 40, "EA", "9" * 40, "WE")], f"{(10**40 - 1) ** 2}.00"),
    ],
)
def test_the_amount_of_an_order_is_that_of_its_lines_or_absent(lines: list[Any], expected: str | None) -> None:
    assert derived({"lines": lines}, RULES).get("amount") == expected


def test_the_amount_alone_for_whoever_bills() -> None:
    bases = RULES["derive"]["price_basis"]
    assert amount(Decimal(24), "EA", Decimal(18), "WD", bases) == Decimal("36.00")
    assert amount(Decimal(24), "CA", Decimal(18), "WD", bases) is None


WHOLE: dict[str, Any] = {
    "document": "order",
    "partner": "target",
    "number": "12345678901-1001",
    "type": "BK",
    "purpose": "00",
    "date": "2023-06-26",
    "back_order": ["N"],
    **days(**SHIP),
    "parties": {"buyer": BUYER, "ship_to": CROSS_DOCK},
    "lines": [{"line": "1", **sold("30", "EA", "18", "WD", {"pack": 4, "inner_pack": 6}), **told(("08", "SHIRT"))}],
}


def test_what_is_derived_fits_schema_and_class_and_leaves_the_order_alone() -> None:
    before = copy.deepcopy(WHOLE)
    found = derived(WHOLE, RULES)
    assert found["lines"] == [{"line": "1", "description": "SHIRT", "units_per_carton": 24, "cartons": 2, "amount": "45.00"}]
    assert (found["shippable"], found["amount"]) == (False, "45.00")
    found["ship_to"]["name"] = "CHANGED"
    assert before == WHOLE
    whole = {**WHOLE, "derived": found}
    assert violations(whole) == []
    assert unstructure(structure(whole)) == whole
    assert derived(whole, RULES) == derived(WHOLE, RULES)


def test_without_rules_only_what_needs_none_is_derived() -> None:
    found = derived(WHOLE, {})
    assert found["delivery"] == "other"
    assert found["lines"] == [{"line": "1", "description": "SHIRT", "units_per_carton": 24}]
    assert found.keys().isdisjoint({"amount", "back_order", "mark_for"})


def test_every_code_in_the_rules_is_one_of_the_table() -> None:
    rules, codes = RULES["derive"], LISTS["codes"] | TABLE["codes"]
    for_reading = {"not_shippable", "not_shippable_why", "back_order", "about", "deliveries", "price_basis", "cartons"}
    for_answers = {"answers", "components", "substitutes", "sscc", "carrier_references", "missing"}  # test_respond.py
    assert set(rules) == for_reading | for_answers | {"change"}
    assert set(rules["not_shippable"]) <= set(codes["type"])
    assert set(rules["back_order"]) == set(codes["back_order"])
    assert set(rules["about"].values()) == set(codes["description_about"])
    assert set(rules["price_basis"]) == {*codes["price_basis"], ""}
    assert all(set(basis) <= {"per", "units"} for basis in rules["price_basis"].values())
    assert {unit for basis in rules["price_basis"].values() for unit in basis.get("units", [])} <= set(codes["unit"])
    assert {unit for units in rules["cartons"].values() for unit in units} <= set(codes["unit"])
    assert all(set(delivery) <= {"delivery", "location", "name_contains", "mark_for"} for delivery in rules["deliveries"])


@pytest.mark.parametrize(
    ("text", "value"),
    [("75.5", Decimal("75.5")), (".5", Decimal("0.5")), ("-007", Decimal(-7)), ("9" * 40, Decimal("9" * 40))],
)
def test_decimal_reads(text: str, value: Decimal) -> None:
    assert decimal(text) == value


@pytest.mark.parametrize("text", ["", "-", ".", "5.", "+5", "1e9", "NaN", "Infinity", "1_0", "1,0", " 1", "1\n", "１", "²"])
def test_decimal_and_integer_refuse(text: str) -> None:
    assert decimal(text) is None
    assert integer(text) is None


def test_numbers_have_a_limit_of_digits() -> None:
    assert decimal("9" * 41) is None
    assert decimal("-123.45", digits=4) is None
    assert integer("0" * 19) is None
    assert (integer("065"), integer("-1"), integer("12", digits=1)) == (65, -1, None)
