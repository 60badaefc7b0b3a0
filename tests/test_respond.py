"""An order answered: drafts, amounts, labels. Small orders in, what is made of them by the shipped rules out.

What is found is data: ``cases/respond.toml``. Amounts and check digits are held against arithmetic that is not ours. The last
part fills in what a draft says is missing, and nothing else, and writes it.
"""

from __future__ import annotations

import copy
import csv
import datetime
import io
import json
import re
import tomllib
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from changing import changed
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st
from stdnum import ean

from translator import shipped, write
from translator.catalogue import CATALOGUE
from translator.cli import translator
from translator.documents import DocumentError, violations
from translator.findings import Finding, has_errors
from translator.respond.acknowledgment import acknowledge
from translator.respond.invoice import bill
from translator.respond.labels import csv_text, labels, packing_list
from translator.respond.missing import missing
from translator.respond.shipment import ship
from translator.respond.sscc import Serials
from translator.tables.amounts import held, invoice_amount, plain
from translator.tables.sscc import faults

ROOT = Path(__file__).resolve().parent.parent
RULES: dict[str, Any] = tomllib.loads(shipped.text("mappings/target/derive.toml"))
BASES = RULES["derive"]["price_basis"]
CASES = tomllib.loads((ROOT / "tests/cases/respond.toml").read_text(encoding="utf-8"))["case"]
NOW = datetime.datetime(2026, 3, 6, 9, 30)

ORDER: dict[str, Any] = {
    "document": "order",
    "partner": "target",
    "guide": "target/850",
    "type": "SA",
    "purpose": "00",
    "number": "0055-1199001-0551",
    "date": "2026-03-18",
    "references": {"vendor": {"id": "342078"}, "department": {"id": "055"}},
    "parties": {
        "buyer": {
            "location": "0551",
            "address": {"lines": ["1400 HARBOR PARKWAY"], "city": "MAPLE FALLS", "state": "CA", "postal_code": "90001"},
        }
    },
    "lines": [
        {
            "line": "001",
            "quantity": "24",
            "unit": "EA",
            "price": "4.5",
            "price_basis": "WE",
            "ids": {"dpci": "055070707", "upc": "012345550072"},
            "descriptions": [{"format": "F", "about": "08", "text": "BOARD GAME"}],
            "packs": [{"pack": 12}],
        },
        {
            "line": "002",
            "quantity": "36",
            "unit": "EA",
            "price": "17",
            "price_basis": "WD",
            "ids": {"dpci": "055070708", "tcin": "81234567"},
            "packs": [{"pack": 3, "inner_pack": 4}],
        },
    ],
}


def numbers(packs: list[Any]) -> list[tuple[str, str]]:
    return [(item["line"], item["quantity"]) for pack in packs for item in pack["items"]]


def serials(**about: Any) -> Serials:
    return Serials(about.get("prefix", "0614141"), about.get("serial", 1))


# --- findings ---------------------------------------------------------------------------------------------------------


def done(case: dict[str, Any]) -> tuple[Any, list[Finding]]:
    """What a case does: the draft and what was found."""
    order = changed(ORDER, case.get("order", {}))
    orders = [order, changed(order, case["again"])] if "again" in case else [order]
    before = copy.deepcopy(orders)
    what = case["do"]
    if what == "acknowledge":
        made = acknowledge(order, RULES)
    elif what.startswith("ship"):
        given_serials = serials(**case["serials"]) if "serials" in case else None
        made = ship([] if what == "ship nothing" else orders, RULES, loose=what == "ship loose", serials=given_serials)
    elif what.startswith("write"):
        draft, _ = ship(orders, RULES, serials=serials())
        filled = {
            "id": "SH1",
            "ship_date": "2026-03-09",
            "carrier": {"scac": "QZXM", "mode": "M"},
            "ship_from": {"location": "WH01"},
        }
        draft = changed({**(draft or {}), **filled}, case.get("shipment", {}))
        twice = [draft] * (2 if what == "write twice" else 1)
        envelope = {"sender": {"qualifier": "08", "id": "6111470100"}, "receiver": {"qualifier": "ZZ", "id": "1234567890"}}
        known = [{**order, "envelope": envelope} for order in orders]
        writing = write(twice, orders=known, control=1, settings=case.get("settings", {}))
        made = writing.data, [one for one in writing.findings if one.code.startswith("value-")]
    elif what == "bill":
        made = bill(order, RULES, charges=case.get("charges", []))
    else:
        draft, found = ship(orders, RULES, serials=serials())
        assert draft is not None, found
        shipment = changed(draft, case.get("shipment", {}))
        if what == "bill shipped":
            made = bill(order, RULES, shipment)
        else:
            rows, said = labels(shipment, orders)
            text, more = csv_text(rows)
            made = (None if has_errors([*said, *more]) else {"csv": text}), [*said, *more]
    assert orders == before, "what is given is not changed"
    return made


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_answering_finds_exactly(case: dict[str, Any]) -> None:
    made, found = done(case)
    assert [one.code for one in found] == [want["code"] for want in case["find"]], [one.sentence for one in found]
    for one, want in zip(found, case["find"], strict=True):
        assert {key: getattr(one, key) for key in want} == want
        assert "None" not in one.sentence
    assert (made is None) == has_errors(found), "with an error there is no draft"


def test_every_code_of_answering_is_found() -> None:
    """The section of the catalogue is this file's matter; other codes that are found here have their cases elsewhere."""
    codes = list(CATALOGUE)
    section = codes[codes.index("order-empty") : codes.index("invoice-negative") + 1]
    found = {want["code"] for case in CASES for want in case["find"]}
    assert set(section) <= found


HOSTILE = ["", "~", "*", "=1+1", "NaN", "1E9", "-1", "0", "1\n", "\x00", "９", "\ud800", "9" * 60, "{0}", "%s"]


def leaves(value: Any, path: str = "") -> list[str]:
    """The places of all texts in a document."""
    if isinstance(value, dict):
        return [leaf for key, item in value.items() for leaf in leaves(item, f"{path}.{key}" if path else key)]
    if isinstance(value, list):
        return [leaf for n, item in enumerate(value) for leaf in leaves(item, f"{path}[{n}]")]
    return [path] if isinstance(value, str) else []


@pytest.mark.parametrize("hostile", HOSTILE, ids=ascii)
def test_no_value_makes_answering_raise(hostile: str) -> None:
    for path in leaves(ORDER):
        order = changed(ORDER, {path: hostile})
        shipment, _ = ship(order, RULES, serials=serials())
        for made in (acknowledge(order, RULES)[0], bill(order, RULES)[0], shipment):
            missing(made or {}, RULES)
    sent = ship(ORDER, RULES, serials=serials())[0] or {}
    for path in leaves(sent | {"ship_from": {"name": "A", "address": {"lines": ["1 ROAD"]}}, "carrier": {"scac": "X"}}):
        shipment = changed({"ship_from": {"address": {"lines": [""]}}, "carrier": {}} | sent, {path: hostile})
        bill(ORDER, RULES, shipment)
        rows, found = labels(shipment, [ORDER])
        text, more = csv_text(rows)
        assert all(one.sentence.isprintable() for one in [*found, *more])
        text.encode()
        packing_list(shipment, [ORDER]).encode()


# --- the acknowledgment -------------------------------------------------------------------------------------------------


def test_all_is_accepted_as_ordered() -> None:
    order = changed(ORDER, {"erp": {"order_number": "SO1"}, "lines[0].erp": {"sku": "A"}, "release": "7"})
    made, found = acknowledge(order, RULES, now=NOW)
    assert found == []
    assert made == {
        "document": "acknowledgment",
        "partner": "target",
        "acknowledgment_date": "2026-03-06",
        "orders": [
            {
                "number": "0055-1199001-0551",
                "release": "7",
                "erp": {"order_number": "SO1"},
                "lines": [
                    {
                        "line": "001",
                        "quantity": "24",
                        "unit": "EA",
                        "answers": [{"status": "IA", "quantity": "24", "unit": "EA"}],
                        "erp": {"sku": "A"},
                    },
                    {
                        "line": "002",
                        "quantity": "36",
                        "unit": "EA",
                        "answers": [{"status": "IA", "quantity": "36", "unit": "EA"}],
                    },
                ],
            }
        ],
    }
    assert violations(made) == []
    undated, _ = acknowledge(order, RULES)
    assert undated is not None and "acknowledgment_date" not in undated


def test_what_the_order_leaves_out_is_missing_in_its_answer() -> None:
    made, found = acknowledge(changed(ORDER, {"lines[1].quantity": "(gone)"}), RULES)
    assert found == []
    assert made is not None
    assert [one.path for one in missing(made, RULES)] == [
        "envelope.sender.id",
        "envelope.receiver.id",
        "orders[0].lines[1].answers[0].quantity",
    ]


# --- cartons ------------------------------------------------------------------------------------------------------------

EA: list[Any] = [
    ("24", {"pack": 12}, ["12", "12"]),
    ("24.0", {"pack": 12}, ["12", "12"]),
    ("25", {"pack": 12}, ["12", "12", "1"]),
    ("12", {"pack": 12}, ["12"]),
    ("012", {"pack": 12}, ["012"]),
    ("5", {"pack": 12}, ["5"]),
    ("2.50", {"pack": 12}, ["2.50"]),
    ("14.50", {"pack": 12}, ["12", "2.5"]),
    ("48", {"pack": 4, "inner_pack": 6}, ["24", "24"]),
    ("6", {"pack": 6, "inner_pack": 1}, ["6"]),
    ("50", {"pack": 4, "inner_pack": 6}, ["24", "24", "2"]),
    ("30", {}, ["30"]),
    ("30", {"inner_pack": 6}, ["30"]),
    ("30", {"pack": 0}, ["30"]),
    ("3", {"pack": 1}, ["1", "1", "1"]),
]


@pytest.mark.parametrize(("quantity", "pack", "cartons"), EA)
def test_each_is_packed_by_case_pack_and_inner_pack(quantity: str, pack: dict[str, int], cartons: list[str]) -> None:
    line = {"line": "1", "quantity": quantity, "unit": "EA"} | ({"packs": [pack]} if pack else {})
    made, _ = ship({**ORDER, "lines": [line]}, RULES)
    assert made is not None
    item = {"line": "1", "unit": "EA"} | pack
    assert made["orders"][0]["packs"] == [{"items": [item | {"quantity": carton}]} for carton in cartons]


@pytest.mark.parametrize(
    ("quantity", "cartons"), [("3", ["1", "1", "1"]), ("1", ["1"]), ("0.5", ["0.5"]), ("2.5", ["1", "1", "0.5"])]
)
def test_cases_are_cartons(quantity: str, cartons: list[str]) -> None:
    line = {"line": "1", "quantity": quantity, "unit": "CA", "packs": [{"pack": 48}]}
    made, _ = ship({**ORDER, "lines": [line]}, RULES)
    assert made is not None
    assert [quantity for _, quantity in numbers(made["orders"][0]["packs"])] == cartons


def test_pounds_get_a_pack_without_label_and_quantity() -> None:
    order = changed(ORDER, {"lines[0].unit": "LB", "lines[0].components": [{"line": "1", "quantity": "2", "unit": "EA"}]})
    made, _ = ship(order, RULES, serials=serials())
    assert made is not None
    first, *others = made["orders"][0]["packs"]
    assert first == {"items": [{"line": "001", "unit": "LB", "pack": 12, "components": [{"line": "1", "unit": "EA"}]}]}
    assert [pack["sscc"] for pack in others] == ["006141410000000012", "006141410000000029", "006141410000000036"]
    assert {"orders[0].packs[0].sscc or orders[0].packs[0].tracking", "orders[0].packs[0].items[0].quantity"} <= {
        one.path for one in missing(made, RULES)
    }


def test_loose_goods_lie_below_their_order() -> None:
    order = changed(ORDER, {"lines[0].unit": "LB", "lines[0].quantity": "37.50"})
    made, found = ship(order, RULES, loose=True, serials=serials())
    assert found == []
    assert made is not None
    [pack] = made["orders"][0]["packs"]
    assert "sscc" not in pack
    assert numbers([pack]) == [("001", "37.50"), ("002", "36")]


def test_a_shipment_names_its_orders_and_stores() -> None:
    second = changed(
        ORDER,
        {
            "number": "0055-1199001-1001",
            "release": "3",
            "erp": {"a": 1},
            "parties": {
                "buyer": {"name": "STORE 1001", "location": "1001"},
                "ship_to": {"name": "SHIP VIA VCD TO DC", "location": "0551"},
            },
        },
    )
    made, found = ship([ORDER, second], RULES, now=NOW)
    assert found == []
    assert made is not None
    assert list(made) == ["document", "partner", "date", "time", "orders"]
    assert (made["document"], made["partner"], made["date"], made["time"]) == ("shipment", "target", "2026-03-06", "09:30")
    about = [{key: value for key, value in one.items() if key != "packs"} for one in made["orders"]]
    assert about == [
        {"number": "0055-1199001-0551"},
        {
            "number": "0055-1199001-1001",
            "release": "3",
            "mark_for": {"name": "STORE 1001", "location": "1001"},
            "erp": {"a": 1},
        },
    ]
    assert [violation for violation in violations(made) if violation != ("$.id", "missing")] == []


PREPACK = {
    "line": "1",
    "quantity": "15",
    "unit": "EA",
    "packs": [{"pack": 10}],
    "components": [
        {"line": "1", "quantity": "2", "unit": "EA", "price": "6", "ids": {"vendor_style": "S", "dpci": "1", "tcin": "2"}},
        {"line": "2", "quantity": "0.50", "unit": "LB", "ids": {"vendor_style": "S"}},
        {"line": "3", "unit": "EA", "descriptions": [{"text": "BELT"}]},
    ],
}


def test_components_are_counted_for_the_carton() -> None:
    made, _ = ship({**ORDER, "lines": [PREPACK]}, RULES)
    assert made is not None
    assert [pack["items"][0]["components"] for pack in made["orders"][0]["packs"]] == [
        [
            {"line": "1", "quantity": "20", "unit": "EA", "ids": {"dpci": "1", "tcin": "2"}},
            {"line": "2", "quantity": "5", "unit": "LB"},
            {"line": "3", "unit": "EA"},
        ],
        [
            {"line": "1", "quantity": "10", "unit": "EA", "ids": {"dpci": "1", "tcin": "2"}},
            {"line": "2", "quantity": "2.5", "unit": "LB"},
            {"line": "3", "unit": "EA"},
        ],
    ]


def test_components_of_the_whole_line_are_shared_out_exactly_or_not_at_all() -> None:
    rules = copy.deepcopy(RULES)
    rules["derive"]["components"]["per"] = "line"
    made, _ = ship({**ORDER, "lines": [changed(PREPACK, {"components[0].quantity": "30"})]}, rules)
    assert made is not None
    shared = [[one.get("quantity") for one in pack["items"][0]["components"]] for pack in made["orders"][0]["packs"]]
    assert shared == [["20", None, None], ["10", None, None]], "a third of a half is no decimal"


def test_without_rules_nothing_is_packed_or_accepted() -> None:
    made, found = ship(ORDER, {})
    assert made is not None
    assert [one.code for one in found] == ["pack-unknown", "pack-unknown"]
    acknowledged, _ = acknowledge(ORDER, {})
    assert acknowledged is not None
    assert acknowledged["orders"][0]["lines"][0]["answers"] == [{"quantity": "24", "unit": "EA"}]
    assert missing(made, {}) == []


QUANTITIES = st.decimals("0.001", "500", places=3).map(lambda value: f"{value:f}") | st.integers(1, 500).map(str)
PACKS = st.fixed_dictionaries({"pack": st.integers(1, 99)}, optional={"inner_pack": st.integers(1, 99)})


@settings(deadline=None)
@given(st.lists(st.tuples(QUANTITIES, st.sampled_from(["EA", "CA"]), PACKS), min_size=1, max_size=4))
def test_cartons_add_up_and_none_is_overfull(drawn: list[tuple[str, str, dict[str, int]]]) -> None:
    lines = [
        {"line": str(n), "quantity": quantity, "unit": unit, "packs": [pack]} for n, (quantity, unit, pack) in enumerate(drawn)
    ]
    made, found = ship({**ORDER, "lines": lines}, RULES, serials=serials())
    assert made is not None, found
    packs = made["orders"][0]["packs"]
    for n, (quantity, unit, pack) in enumerate(drawn):
        mine = [Decimal(text) for line, text in numbers(packs) if line == str(n)]
        most = 1 if unit == "CA" else pack["pack"] * pack.get("inner_pack", 1)
        assert sum(mine) == Decimal(quantity)
        assert all(0 < part <= most for part in mine)
        assert all(part == most for part in mine[:-1]), "only the last one may be short"
        last = max(k for k, pack in enumerate(packs) if pack["items"][0]["line"] == str(n))
        short = [one.code for one in found if one.path == f"orders[0].packs[{last}].items[0].quantity"]
        assert short == (["carton-short"] if mine[-1] < most else [])
    assert len({pack["sscc"] for pack in packs}) == len(packs)
    assert list(faults(made)) == []


# --- serial numbers ---------------------------------------------------------------------------------------------------


@settings(deadline=None)
@given(st.from_regex(r"[0-9]{7,10}", fullmatch=True), st.from_regex("[0-9]", fullmatch=True), st.data())
def test_an_sscc_is_right_by_another_library(prefix: str, extension: str, data: st.DataObject) -> None:
    width = 16 - len(prefix)
    serial = data.draw(st.integers(0, 10**width - 2))
    issued = Serials(prefix, serial, extension).take(2)
    assert issued is not None
    for n, sscc in enumerate(issued):
        assert sscc[:-1] == f"{extension}{prefix}{serial + n:0{width}d}"
        assert sscc[-1] == ean.calc_check_digit(sscc[:-1])
        assert len(sscc) == 18


def test_the_usual_example_of_an_sscc() -> None:
    assert Serials("0614141", "123456789").take(1) == ["006141411234567890"]


def test_no_serial_comes_twice_and_none_is_lost() -> None:
    some = Serials("0614141000", 999_990)
    assert (some.left, some.next) == (10, 999_990)
    first, second = some.take(4), some.take(4)
    assert first is not None and second is not None
    assert len({*first, *second}) == 8
    assert some.take(3) is None
    assert (some.left, some.next) == (2, 999_998)
    assert some.take(0) == []
    assert len(some.take(2) or []) == 2
    assert (some.left, some.take(1)) == (0, None)


@pytest.mark.parametrize(
    ("prefix", "serial", "extension", "says"),
    [
        ("614141", 1, "0", "7 to 10 digits"),
        ("06141410000", 1, "0", "7 to 10 digits"),
        ("061414a", 1, "0", "7 to 10 digits"),
        ("０６１４１４１", 1, "0", "7 to 10 digits"),
        ("0614141\n", 1, "0", "7 to 10 digits"),
        ("0614141", 10**9, "0", "at most 9 digits"),
        ("0614141000", 10**6, "0", "at most 6 digits"),
        ("0614141", -1, "0", "no serial number"),
        ("0614141", "", "0", "no serial number"),
        ("0614141", "1e3", "0", "no serial number"),
        ("0614141", "9" * 400, "0", "no serial number"),
        ("0614141", 1, "10", "no extension digit"),
        ("0614141", 1, "x", "no extension digit"),
    ],
)
def test_what_cannot_number_cartons_is_refused(prefix: str, serial: Any, extension: str, says: str) -> None:
    with pytest.raises(ValueError, match=says):
        Serials(prefix, serial, extension)


# --- amounts ------------------------------------------------------------------------------------------------------------


def invoiced(*lines: tuple[str, str | None, str, str | None], **more: Any) -> dict[str, Any]:
    names = ("quantity", "unit", "price", "price_basis")
    return {"lines": [{k: v for k, v in zip(names, line, strict=True) if v is not None} for line in lines]} | more


@pytest.mark.parametrize(
    ("document", "amount"),
    [
        (invoiced(("24", "EA", "4.06", "WE"), ("24", "EA", "2.069", "WE")), "147.10"),
        (
            invoiced(
                ("24", "EA", "4.06", "WE"), ("24", "EA", "2.069", "WE"), charges=[{"kind": "A", "code": "F800", "amount": "14.71"}]
            ),
            "132.39",
        ),
        (invoiced(("1", "EA", "0.005", "WE"), ("1", "EA", "0.005", "WE")), "0.02"),
        (invoiced(("24", "EA", "18", "WD"), ("12.5", "LB", "3.10", "PP"), ("3", "CA", "9.99", "UM")), "104.72"),
        (invoiced(("1", "EA", "1", None)), "1.00"),
        (invoiced(("1", "EA", "1", "WE"), charges=[{"kind": "C", "amount": "0.10"}, {"kind": "A", "amount": "2"}]), "-0.90"),
        (invoiced(("1", "EA", "0", "WE")), "0.00"),
        (invoiced(("048", "EA", ".5", "WE"), ("2", "EA", "0018", "WE"), ("3", "EA", "9.9", "WE")), "89.70"),
        (invoiced(("9" * 40, "EA", "9" * 40, "WE")), f"{(10**40 - 1) ** 2}.00"),
        # no amount
        *(
            (invoiced(("1", "EA", price, "WE")), None)
            for price in ("", ".", "5.", "1.2.3", "1..2", "1_0", " 1", "\u0661", "1" * 41)
        ),
        *((invoiced((many, "EA", "1", "WE")), None) for many in ("", "1.", "\u0661", "\u00b2", "+1", "1" * 41)),
        ({}, None),
        ({"lines": []}, None),
        ({"lines": "x"}, None),
        ({"lines": ["x"]}, None),
        (invoiced(("24", "CA", "18", "WD")), None),
        (invoiced(("24", "EA", "18", "XX")), None),
        (invoiced(("NaN", "EA", "18", "WE")), None),
        (invoiced(("1", "EA", "1E9", "WE")), None),
        (invoiced(("1", "EA", "1", "WE"), charges=[{"kind": "A"}]), None),
        (invoiced(("1", "EA", "1", "WE"), charges=[{"kind": "N", "amount": "1"}]), None),
        (invoiced(("1", "EA", "1", "WE"), charges=[{"amount": "1"}]), None),
        (invoiced(("1", "EA", "1", "WE"), charges=[7]), None),
        ({"lines": [{"quantity": 1, "unit": "EA", "price": "1", "price_basis": "WE"}]}, None),
        ({"lines": [{"quantity": "1", "unit": ["EA"], "price": "1", "price_basis": "WD"}]}, None),
        ({"lines": [{"quantity": "1", "unit": "EA", "price": "1", "price_basis": {}}]}, None),
        ({"lines": [{"quantity": "1", "unit": "EA", "price": "1", "price_basis": "WE", "charges": [{"kind": "A"}]}]}, None),
    ],
)
def test_the_amount_of_an_invoice(document: dict[str, Any], amount: str | None) -> None:
    found = invoice_amount(document, BASES)
    assert (None if found is None else f"{found:f}") == amount
    assert amount is not None or "invoice-negative" not in {one.code for one in held(document, BASES)}


def test_charges_of_a_line_count() -> None:
    document = invoiced(("2", "EA", "1.50", "WE"))
    document["lines"][0]["charges"] = [{"kind": "C", "amount": "0.25"}, {"kind": "A", "amount": "1.00"}]
    assert invoice_amount(document, BASES) == Decimal("2.25")


BILLED = st.tuples(
    st.decimals("0", "99999", places=3), st.sampled_from(["EA", "CA", "LB"]), st.decimals("0", "9999", places=5),
    st.sampled_from(list(BASES)),
)  # fmt: skip
WHOLE = st.tuples(
    st.integers(0, 99999).map(Decimal), st.just("EA"), st.integers(0, 2).flatmap(lambda n: st.decimals("0", "9999", places=n)),
    st.just("WE"),
)  # fmt: skip
CHARGED = st.fixed_dictionaries({"kind": st.sampled_from("AC"), "amount": st.decimals("0", "99", places=2).map(str)})


@settings(deadline=None)
@given(
    st.lists(BILLED, min_size=1, max_size=6) | st.lists(WHOLE, min_size=1, max_size=6),
    st.lists(CHARGED, max_size=3),
)
def test_the_amount_is_what_fractions_say(drawn: list[Any], charges: list[Any]) -> None:
    document = invoiced(*((f"{q:f}", unit, f"{p:f}", basis or None) for q, unit, p, basis in drawn), charges=charges)
    cents = sum((1 if one["kind"] == "C" else -1) * Fraction(one["amount"]) * 100 for one in charges)
    fits = True
    for quantity, unit, price, basis in drawn:
        about = BASES[basis]
        fits = fits and unit in about.get("units", [unit])
        cents += int(Fraction(quantity) * Fraction(price) * 100 / about["per"] + Fraction(1, 2))
    found = invoice_amount(document, BASES)
    assert found == (Decimal(int(cents)) / 100 if fits else None)
    assert found is None or re.fullmatch(r"-?\d+\.\d\d", f"{found:f}")
    assert bool(held(document, BASES)) == (not fits or cents < 0)


@pytest.mark.parametrize(
    ("value", "text"),
    [("1E+3", "1000"), ("1.50", "1.5"), ("2.00", "2"), ("100", "100"), ("-0.00", "0"), ("0E-9", "0"), ("1E-7", "0.0000001")],
)
def test_numbers_are_written_plainly(value: str, text: str) -> None:
    assert plain(Decimal(value)) == text


# --- the invoice --------------------------------------------------------------------------------------------------------


def test_an_order_alone_is_billed_as_ordered() -> None:
    made, found = bill(changed(ORDER, {"release": "7", "erp": {"a": 1}, "lines[0].quantity": "24.0"}), RULES)
    assert found == []
    assert made == {
        "document": "invoice",
        "partner": "target",
        "number": "0055-1199001-0551",
        "release": "7",
        "lines": [
            {"line": "001", "quantity": "24.0", "unit": "EA", "price": "4.5", "price_basis": "WE"},
            {"line": "002", "quantity": "36", "unit": "EA", "price": "17", "price_basis": "WD"},
        ],
        "shipped": {"quantity": "60", "unit": "EA"},
        "erp": {"a": 1},
        "totals": {"amount": "159.00"},
    }
    assert [one.path for one in missing(made, RULES)] == [
        "envelope.sender.id",
        "envelope.receiver.id",
        "invoice_number",
        "invoice_date",
        "ship_date",
        "carrier.scac or carrier.name or carrier.routing",
        "carrier.reference",
    ]


SENT: dict[str, Any] = {
    "document": "shipment",
    "id": "SH1",
    "ship_date": "2026-03-30",
    "carrier": {"scac": "QZXM", "mode": "M", "transit_days": "2", "name": "SAMPLE FREIGHT"},
    "references": {"carrier_reference": {"id": "PRO1"}, "bill_of_lading": {"id": "BOL1"}},
    "orders": [
        {
            "number": "0055-1199001-0551",
            "weight_unit": "LB",
            "packs": [
                {"sscc": "006141411234567890", "weight": "10.5", "items": [{"line": "001", "quantity": "12", "unit": "EA"}]},
                {"weight": "4.5", "items": [{"line": "002", "quantity": "9.5"}, {"line": "001", "quantity": "2.5", "unit": "EA"}]},
            ],
        },
        {"number": "another", "weight": "99", "packs": [{"items": [{"line": "001", "quantity": "5"}]}]},
    ],
}


def test_what_was_shipped_is_billed() -> None:
    made, found = bill(ORDER, RULES, SENT, charges=[{"kind": "C", "amount": "10.00"}])
    assert found == []
    assert made is not None
    assert [(line["line"], line["quantity"]) for line in made["lines"]] == [("001", "14.5"), ("002", "9.5")]
    assert made["totals"] == {"amount": "88.71"}  # 14.5 x 4.50 = 65.25, 9.5 x 17 / 12 = 13.4583, charge 10
    assert made["shipment"] == "SH1"
    assert made["ship_date"] == "2026-03-30"
    assert made["carrier"] == {
        "mode": "M", "scac": "QZXM", "name": "SAMPLE FREIGHT", "reference_type": "BM", "reference": "BOL1",
    }  # fmt: skip
    assert made["shipped"] == {"quantity": "24", "unit": "EA", "weight": "15", "weight_unit": "LB"}
    assert made["charges"] == [{"kind": "C", "amount": "10.00"}]
    assert {one.path for one in missing(made, RULES)} == {
        "envelope.sender.id", "envelope.receiver.id", "invoice_number", "invoice_date",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("change", "key", "value"),
    [
        ({"orders[0].ship_date": "2026-03-29"}, "ship_date", "2026-03-29"),
        ({"ship_date": "(gone)"}, "ship_date", None),
        ({"id": "(gone)"}, "shipment", None),
        ({"carrier": "(gone)", "references": "(gone)"}, "carrier", None),
        ({"references": {"master_bill_of_lading": {"id": "M"}}, "carrier": {"routing": "UPS"}}, "carrier", {"routing": "UPS"}),
        (
            {"references.bill_of_lading": "(gone)", "carrier": "(gone)"},
            "carrier",
            {"reference_type": "CN", "reference": "PRO1"},
        ),
        ({"orders[0].weight": "20.0"}, "shipped", {"quantity": "24", "unit": "EA", "weight": "20.0", "weight_unit": "LB"}),
        ({"orders[0].packs[0].weight": "(gone)"}, "shipped", {"quantity": "24", "unit": "EA"}),
        ({"orders[0].packs": [{"items": [{"line": "002", "quantity": "036"}]}]}, "shipped", {"quantity": "036", "unit": "EA"}),
        # an order in two parts of the shipment
        (
            {"orders[1].number": "0055-1199001-0551", "orders[1].weight_unit": "LB"},
            "shipped",
            {"quantity": "29", "unit": "EA", "weight": "114", "weight_unit": "LB"},
        ),
        # by ids, where no line is named
        (
            {"orders[0].packs[0].items[0]": {"ids": {"upc": "012345550072"}, "quantity": "1"}},
            "shipped",
            {"quantity": "13", "unit": "EA", "weight": "15", "weight_unit": "LB"},
        ),
    ],
)
def test_an_invoice_takes_from_its_shipment(change: dict[str, Any], key: str, value: Any) -> None:
    made, found = bill(ORDER, RULES, changed(SENT, change))
    assert found == []
    assert made is not None
    assert made.get(key) == value


def test_what_was_shipped_instead_is_named_beside_the_line() -> None:
    other = {"upc": "012345550089", "vendor_style": "B-2"}
    packs = [
        {"items": [{"line": "001", "quantity": "12", "ids": {"upc": "012345550072"}}]},
        {"items": [{"line": "001", "quantity": "8", "ids": other}]},
        {"items": [{"line": "001", "quantity": "4", "ids": other}, {"line": "002", "quantity": "36"}]},
    ]
    shipment = changed(SENT, {"orders[0].packs": packs})
    made, found = bill(ORDER, RULES, shipment)
    assert found == []
    assert made is not None
    first, second = made["lines"]
    assert (first["quantity"], first["status"]) == ("24", "IS")
    assert first["components"] == [{"line": "1", "quantity": "12", "unit": "EA", "ids": other}]
    assert "components" not in second and "status" not in second
    without, _ = bill(ORDER, {"derive": {**RULES["derive"], "substitutes": {}}}, shipment)
    assert without and "status" not in without["lines"][0]
    rows, _ = labels(shipment | {"orders": [shipment["orders"][0] | {"packs": [p | {"sscc": "X"} for p in packs]}]}, [ORDER])
    assert [row["dpci"] for row in rows] == ["055070707", "", "055070708"]
    assert [row["upc"] for row in rows] == ["012345550072", "012345550089", "012345550089"]


def test_lines_in_two_units_have_no_quantity_in_common() -> None:
    made, _ = bill(changed(ORDER, {"lines[0].unit": "CA", "lines[0].price_basis": "UM"}), RULES)
    assert made is not None
    assert "shipped" not in made
    assert made["totals"] == {"amount": "159.00"}


def test_without_a_price_the_total_is_open() -> None:
    made, found = bill(changed(ORDER, {"lines[1].price": "(gone)"}), RULES)
    assert found == []
    assert made is not None
    assert "totals" not in made
    assert "lines[1].price" in {one.path for one in missing(made, RULES)}


# --- what is missing ------------------------------------------------------------------------------------------------------


def test_what_is_missing_in_many_places_is_said_once() -> None:
    made, _ = ship(ORDER, RULES)
    assert made is not None
    said = {one.path: one for one in missing(made, RULES)}
    cartons = said["orders[0].packs[0].sscc or orders[0].packs[0].tracking"]
    assert cartons.count == 5
    assert "(and 4 more such places): " in cartons.sentence
    tracked = changed(made, {f"orders[0].packs[{n}].tracking": "1Z" for n in range(5)})
    assert cartons.path not in {one.path for one in missing(tracked, RULES)}
    assert said["id"].sentence == "id: the number of the shipment, never used before"


def test_nothing_is_missing_where_all_is_said() -> None:
    made, _ = ship(ORDER, RULES, serials=serials())
    assert made is not None
    whole = made | {
        "id": "SH1",
        "ship_date": "2026-03-30",
        "carrier": {"name": "SAMPLE FREIGHT"},
        "references": {"master_bill_of_lading": {"id": "M"}},
        "ship_from": {"name": "ACME"},
        "envelope": {"sender": {"id": "1"}, "receiver": {"id": "2"}},
    }
    assert missing(whole, RULES) == []


# --- labels ---------------------------------------------------------------------------------------------------------------


def labelled() -> dict[str, Any]:
    made, _ = ship(changed(ORDER, {"lines[1].quantity": "40"}), RULES, serials=serials())
    assert made is not None
    about: dict[str, Any] = {
        "ship_from": {"name": "ACME", "location": "W1", "address": {"lines": ["1 ROAD", "GATE 2"], "postal_code": "02134"}},
        "ship_to": {"location": "0551"},
        "carrier": {"scac": "QZXM"},
        "references": {"bill_of_lading": {"id": "BOL1"}},
    }
    return changed(made | about, {"orders[0].packs[0].pallet": "106141411234567897"})


def test_one_row_a_carton() -> None:
    rows, found = labels(labelled(), [ORDER])
    assert found == []
    assert [(row["carton"], row["cartons"], row["quantity"]) for row in rows] == [
        ("1", "6", "12"), ("2", "6", "12"), ("3", "6", "12"), ("4", "6", "12"), ("5", "6", "12"), ("6", "6", "4"),
    ]  # fmt: skip
    assert {name: value for name, value in rows[0].items() if value} == {
        "sscc": "006141410000000012",
        "carton": "1",
        "cartons": "6",
        "ship_from_name": "ACME",
        "ship_from_location": "W1",
        "ship_from_street": "1 ROAD, GATE 2",
        "ship_from_postal_code": "02134",
        "ship_to_location": "0551",
        "ship_to_street": "1400 HARBOR PARKWAY",
        "ship_to_city": "MAPLE FALLS",
        "ship_to_state": "CA",
        "ship_to_postal_code": "90001",
        "number": "0055-1199001-0551",
        "department": "055",
        "carrier": "QZXM",
        "bill_of_lading": "BOL1",
        "dpci": "055070707",
        "upc": "012345550072",
        "quantity": "12",
        "unit": "EA",
        "casepack": "12",
        "description": "BOARD GAME",
        "pallet": "106141411234567897",
    }
    assert (rows[2]["dpci"], rows[2]["upc"], rows[2]["tcin"], rows[2]["casepack"]) == ("055070708", "", "81234567", "12")
    assert len({tuple(row) for row in rows}) == 1, "all rows have the same columns"


def test_labels_without_orders_and_of_two_orders() -> None:
    rows, _ = labels(labelled())
    assert (rows[0]["department"], rows[0]["ship_to_postal_code"], rows[0]["description"]) == ("", "", "")
    assert "dpci" not in rows[0]
    second = changed(ORDER, {"number": "2", "parties.buyer.location": "0551", "references.department.id": "077"})
    made, _ = ship([ORDER, second], RULES, serials=serials())
    assert made is not None
    rows, _ = labels(made, [ORDER, second])
    assert [(row["number"], row["carton"], row["cartons"], row["department"]) for row in rows[4:6]] == [
        ("0055-1199001-0551", "5", "5", "055"),
        ("2", "1", "5", "077"),
    ]


def test_a_carton_of_two_lines_names_both() -> None:
    shipment = changed(
        labelled(),
        {
            "orders[0].packs": [
                {
                    "sscc": "006141411234567890",
                    "tracking": "1Z9",
                    "items": [
                        {"line": "001", "quantity": "12", "unit": "EA", "pack": 12},
                        {"line": "002", "quantity": "2.5", "unit": "EA", "pack": 3, "inner_pack": 4},
                        {"ids": {"tcin": "81234567"}, "quantity": "1", "unit": "EA", "descriptions": [{"text": "OTHER"}]},
                    ],
                }
            ],
            "orders[0].mark_for": {"name": "STORE", "location": "1001"},
            "orders[0].references": {"department": {"id": "9"}},
        },
    )
    [row], _ = labels(shipment, [ORDER])
    assert (row["dpci"], row["tcin"], row["quantity"], row["casepack"]) == ("055070707; 055070708", "81234567", "15.5", "12")
    assert (row["description"], row["mark_for_location"], row["mark_for_name"]) == ("BOARD GAME; OTHER", "1001", "STORE")
    assert (row["tracking"], row["department"]) == ("1Z9", "9")
    mixed = changed(shipment, {"orders[0].packs[0].items[0].unit": "CA"})
    [row], _ = labels(mixed, [ORDER])
    assert (row["quantity"], row["unit"]) == ("12; 2.5; 1", "CA; EA")


def test_the_address_of_an_order_is_not_that_of_another_place() -> None:
    [row, *_], _ = labels(changed(labelled(), {"ship_to.location": "0999"}), [ORDER])
    assert (row["ship_to_location"], row["ship_to_street"]) == ("0999", "")


def test_no_cell_is_run_by_a_spreadsheet() -> None:
    hostile = ["=1+1", "+1", "-cmd", "@x", " =1", "\t=1", "＝1", 'a","=b', "two\nlines"]
    order = changed(ORDER, {"lines[0].descriptions": [{"text": text} for text in hostile]})
    for text in hostile:
        order["lines"][0]["descriptions"][0]["text"] = text
        rows, _ = labels(changed(labelled(), {"ship_from.name": text, "carrier": {"name": text}}), [order])
        written, found = csv_text(rows)
        assert found == []
        assert written.count("\n") == len(rows) + 1
        [cells, *_] = list(csv.DictReader(io.StringIO(written)))
        for name in ("description", "ship_from_name", "carrier"):
            assert not cells[name].lstrip().startswith(tuple("=+-@＝"))
            assert cells[name].isprintable()
        assert cells["sscc"] == rows[0]["sscc"]


def test_identifiers_are_never_changed() -> None:
    rows, _ = labels(labelled(), [changed(ORDER, {"lines[0].ids.vendor_style": "-5"})])
    text, found = csv_text(rows)
    assert found == []
    assert list(csv.DictReader(io.StringIO(text))) == rows
    assert all(line.startswith('"') and line.endswith('"') for line in text.splitlines())
    assert csv_text([]) == ("", [])


@settings(deadline=None)
@given(st.text(max_size=12))
def test_any_text_is_safe_in_a_cell_or_refused(text: str) -> None:
    rows = [{"number": text, "description": text, "sscc": "1"}]
    written, found = csv_text(rows)
    if found:
        assert written == ""
        return
    [cells] = list(csv.DictReader(io.StringIO(written)))
    assert cells["number"] == text
    dangerous = tuple("=+-@\t\r\n")
    assert not text.startswith(dangerous) or re.fullmatch(r"-[0-9]*\.?[0-9]+", text)
    assert not cells["description"].startswith(dangerous)


def test_a_packing_list_for_people() -> None:
    shipment = changed(labelled(), {"id": "SH1", "ship_date": "2026-03-30", "orders[0].packs[1].sscc": "(gone)"})
    text = packing_list(shipment, [ORDER])
    assert text.splitlines()[:14] == [
        "PACKING LIST   order 0055-1199001-0551",
        "shipment       SH1   2026-03-30",
        "from           ACME, W1, 1 ROAD, GATE 2, 02134",
        "to             0551, 1400 HARBOR PARKWAY, MAPLE FALLS, CA, 90001",
        "department     055",
        "carrier        QZXM, BOL1",
        "cartons        5",
        "",
        "carton 1 of 5   006141410000000012   pallet 106141411234567897",
        "  line 001   12 EA   dpci 055070707  upc 012345550072   BOARD GAME",
        "",
        "loose",
        "  line 001   12 EA   dpci 055070707  upc 012345550072   BOARD GAME",
        "",
    ]
    hostile = packing_list(changed(shipment, {"ship_from.name": "A\x1b[31m\nB", "orders[0].release": "7"}))
    assert "\x1b" not in hostile
    assert hostile.startswith("PACKING LIST   order 0055-1199001-0551, release 7\n")


# --- the commands -----------------------------------------------------------------------------------------------------------


def told(path: Path) -> list[dict[str, Any]]:
    """The documents of a story."""
    document = json.loads(path.read_text(encoding="utf-8"))
    return document if isinstance(document, list) else [document]


STORIES = {
    f"{path.parent.name}-{n}": order
    for path in sorted((ROOT / "samples").glob("*/2-order.json"))
    if not path.with_name("1-orders.json").exists()  # those have another way: test_bodies
    for n, order in enumerate(told(path))
}
# What only the supplier knows, by the paths that drafts name; nothing else is added to a draft.
KNOWN: dict[str, dict[str, Any]] = {
    "id": {"id": "SH1"},
    "ship_date": {"ship_date": "2026-03-30"},
    "carrier.scac or carrier.name": {"carrier": {"scac": "QZXM", "mode": "M"}},
    "carrier.scac or carrier.name or carrier.routing": {"carrier": {"scac": "QZXM", "mode": "M"}},
    "references.bill_of_lading.id or references.carrier_reference.id or references.master_bill_of_lading.id": {
        "references": {"bill_of_lading": {"id": "BOL1"}}
    },
    "ship_from.location or ship_from.name": {"ship_from": {"location": "W1"}},
    "invoice_number": {"invoice_number": "INV1"},
    "invoice_date": {"invoice_date": "2026-03-31"},
    "carrier.reference": {},
}


def asked(kind: str, order: dict[str, Any], folder: Path, *words: str) -> Any:
    """What the command `new` gives for an order."""
    (folder / "order.json").write_text(json.dumps(order))
    return CliRunner().invoke(translator, ["new", kind, "--order", str(folder / "order.json"), "--now", "2026-03-06", *words])


def filled(document: dict[str, Any]) -> dict[str, Any]:
    """A draft with what it says is missing, and nothing else."""
    for one in missing(document, RULES):
        if "packs[" in one.path:
            n = int(one.path.partition("packs[")[2].partition("]")[0])
            carton = document["orders"][0]["packs"][n]
            carton |= {"sscc": "006141411234567890"}
            carton["items"][0] |= {"quantity": "1"}
        document |= {} if "packs[" in one.path else KNOWN[one.path]
    return document


# One line of it has case packs of two kinds, so nobody can say what goes back.
CLEAR = {name: order for name, order in STORIES.items() if order["type"] != "BK" and not name.startswith("everything")}


@pytest.mark.parametrize("name", CLEAR)
def test_a_draft_is_written_when_what_it_lacks_is_filled_in(name: str, tmp_path: Path) -> None:
    order = CLEAR[name]
    done = asked("shipment", order, tmp_path, "--gs1-prefix", "0614141", "--serial", "1")
    assert done.exit_code == 0, done.stderr
    assert "Next serial number: " in done.stderr
    shipment = filled(json.loads(done.stdout))
    assert violations(shipment) == []
    writing = write(shipment, control=1, now=NOW)
    assert writing.ok, [(one.code, one.path, one.sentence) for one in writing.findings]
    (tmp_path / "shipment.json").write_text(json.dumps(shipment))
    words = ["--setting", "letter_of_credit=invoice"] if any("payment_method" in one for one in order.get("terms", [])) else []
    done = asked("invoice", order, tmp_path, "--shipment", str(tmp_path / "shipment.json"), *words)
    assert done.exit_code == 0, done.stderr
    invoice = filled(json.loads(done.stdout))
    if words:
        invoice["terms"] = [{"type": "01", "basis": "2", "net_days": 30}]
    assert violations(invoice) == []
    writing = write(invoice, control=2, now=NOW, settings={"letter_of_credit": "invoice"} if words else None)
    assert writing.ok, [(one.code, one.path, one.sentence) for one in writing.findings]


def test_what_nobody_can_say_for_the_supplier_is_an_error_beside_the_draft(tmp_path: Path) -> None:
    done = asked("shipment", STORIES["everything-0"], tmp_path)
    assert done.exit_code == 1
    assert "[carry-ambiguous]" in done.stderr
    assert json.loads(done.stdout)["document"] == "shipment"


@pytest.mark.parametrize("name", [name for name, order in STORIES.items() if "special_orders" in order])
def test_an_acknowledgment_is_written_as_it_is(name: str, tmp_path: Path) -> None:
    done = asked("acknowledgment", STORIES[name], tmp_path)
    if done.exit_code == 4:
        assert "answer-none" in done.stderr
        return
    assert (done.exit_code, done.stderr) == (0, "")
    writing = write(json.loads(done.stdout), control=1, now=NOW)
    assert writing.ok, [(one.code, one.path, one.sentence) for one in writing.findings]


def test_a_program_without_acknowledgment_has_none(tmp_path: Path) -> None:
    done = asked("acknowledgment", STORIES["stand-alone-0"], tmp_path)
    assert (done.exit_code, done.stdout) == (4, "")
    assert "[answer-none]" in done.stderr
    forced = asked("acknowledgment", STORIES["stand-alone-0"], tmp_path, "--program", "drop ship")
    assert forced.exit_code == 0


@pytest.mark.parametrize("kind", ["shipment", "invoice"])
def test_a_blanket_order_is_refused(kind: str, tmp_path: Path) -> None:
    done = asked(kind, STORIES["blanket-and-release-0"], tmp_path)
    assert (done.exit_code, done.stdout) == (4, "")
    assert "[order-blocked]" in done.stderr
    assert "There is no draft." in done.stderr


def test_a_draft_with_an_error_is_none(tmp_path: Path) -> None:
    order = changed(ORDER, {"lines[0].unit": "CA", "lines[0].price_basis": "WD"})
    done = asked("invoice", order, tmp_path)
    assert (done.exit_code, done.stdout) == (1, "")
    assert "[price-basis-unfit]" in done.stderr


def test_several_orders_are_one_shipment_and_an_invoice_each(tmp_path: Path) -> None:
    second = changed(ORDER, {"number": "0055-1199002-0551"})
    both = tmp_path / "both.json"
    both.write_text("\n".join(json.dumps(order) for order in (ORDER, second)))
    for kind, count in (("shipment", 1), ("invoice", 2)):
        done = CliRunner().invoke(translator, ["new", kind, "--order", str(both)])
        assert done.exit_code == 0, done.stderr
        assert len(done.stdout.splitlines()) == count
        lines = done.stderr.splitlines()
        assert len(lines) == len(set(lines)) and lines.count("Missing, and only you can say it:") == 1
        assert any("(in 2 of 2 documents)" in line for line in lines) == (kind == "invoice")
    assert "SSCC" in CliRunner().invoke(translator, ["new", "shipment", "--order", str(both)]).stderr
    done = CliRunner().invoke(translator, ["new", "shipment", "--order", str(both), "--pretty", "--loose"])
    assert "SSCC" not in done.stderr
    assert [len(one["packs"]) for one in json.loads(done.stdout)["orders"]] == [1, 1]


MISUSED: list[tuple[str, list[str], str]] = [
    ("no order", ["new", "shipment"], "--order"),
    ("no such kind", ["new", "credit", "--order", "ORDER"], "credit"),
    ("a shipment of a shipment", ["new", "shipment", "--order", "ORDER", "--shipment", "ORDER"], "--shipment is for an invoice"),
    (
        "numbers for an invoice",
        ["new", "invoice", "--order", "ORDER", "--serial", "1", "--gs1-prefix", "0614141"],
        "for a shipment",
    ),
    ("loose goods of an invoice", ["new", "invoice", "--order", "ORDER", "--loose"], "for a shipment"),
    ("a prefix alone", ["new", "shipment", "--order", "ORDER", "--gs1-prefix", "0614141"], "come together"),
    ("a serial alone", ["new", "shipment", "--order", "ORDER", "--serial", "1"], "come together"),
    ("a short prefix", ["new", "shipment", "--order", "ORDER", "--serial", "1", "--gs1-prefix", "614141"], "7 to 10 digits"),
    ("two partners", ["new", "shipment", "--order", "ORDER", "--order", "STRANGER"], "several partners"),
    ("several shipments", ["new", "invoice", "--order", "ORDER", "--shipment", "SHIPMENTS"], "2 shipments"),
]


@pytest.mark.parametrize(("words", "says"), [case[1:] for case in MISUSED], ids=[case[0] for case in MISUSED])
def test_what_makes_no_sense_is_refused(words: list[str], says: str, tmp_path: Path) -> None:
    files = {"ORDER": [ORDER], "STRANGER": [changed(ORDER, {"partner": "other"})], "SHIPMENTS": [SENT, SENT]}
    for name, held_documents in files.items():
        (tmp_path / name).write_text("\n".join(map(json.dumps, held_documents)))
    done = CliRunner().invoke(translator, [str(tmp_path / word) if word in files else word for word in words])
    assert done.exit_code == 2
    assert says in done.stderr


def test_documents_of_another_shape_are_refused(tmp_path: Path) -> None:
    (tmp_path / "order.json").write_text(json.dumps(changed(ORDER, {"lines[0].quantity": 24})))
    done = CliRunner().invoke(translator, ["new", "shipment", "--order", str(tmp_path / "order.json")])
    assert (done.exit_code, done.stdout) == (1, "")
    assert "lines[0].quantity" in done.stderr
    (tmp_path / "shipment.json").write_text(json.dumps(changed(SENT, {"orders[0].packs[0].sscc": 1})))
    done = CliRunner().invoke(translator, ["labels", str(tmp_path / "shipment.json")])
    assert (done.exit_code, done.stdout) == (1, "")
    assert "orders[0].packs[0].sscc" in done.stderr


def test_what_cannot_be_printed_again_is_no_document(tmp_path: Path) -> None:
    (tmp_path / "order.json").write_text(json.dumps(ORDER | {"erp": {"half": "\ud800"}}))
    done = CliRunner().invoke(translator, ["new", "shipment", "--order", str(tmp_path / "order.json")])
    assert isinstance(done.exception, DocumentError)


def test_labels_by_command(tmp_path: Path) -> None:
    (tmp_path / "order.json").write_text(json.dumps(ORDER))
    (tmp_path / "shipment.json").write_text(json.dumps(labelled()))
    words = ["labels", str(tmp_path / "shipment.json"), "--order", str(tmp_path / "order.json")]
    done = CliRunner().invoke(translator, words)
    assert (done.exit_code, done.stderr) == (0, "")
    rows = list(csv.DictReader(io.StringIO(done.stdout)))
    assert [row["sscc"] for row in rows] == [pack["sscc"] for pack in labelled()["orders"][0]["packs"]]
    listed = CliRunner().invoke(translator, [*words, "--packing-list"])
    assert listed.stdout == packing_list(labelled(), [ORDER])
    (tmp_path / "shipment.json").write_text(json.dumps(changed(labelled(), {"orders[0].packs[0].sscc": "006141411234567891"})))
    done = CliRunner().invoke(translator, words)
    assert (done.exit_code, done.stdout) == (1, "")
    assert "[sscc-invalid]" in done.stderr


# --- the rules --------------------------------------------------------------------------------------------------------------


def test_every_code_in_the_rules_of_answers_is_one_of_a_table() -> None:
    rules = RULES["derive"]
    tables = {number: tomllib.loads(shipped.text(f"mappings/target/{number}.toml")) for number in ("855", "856", "810")}
    lists = tomllib.loads(shipped.text("mappings/target/lists.toml"))
    assert rules["answers"]["accepted"] in tables["855"]["codes"]["answer"]
    assert set(rules["components"]["ids"]) <= set(lists["names"]["items"].values())
    assert rules["components"]["per"] in ("unit", "line")
    assert set(rules["carrier_references"].values()) == set(tables["810"]["codes"]["carrier_reference"])
    assert {rules["substitutes"]["status"]} == set(tables["810"]["codes"]["line_status"])
    assert set(rules["carrier_references"]) <= set(tables["856"]["names"]["shipment_references"].values())
    for row in rules["missing"]:
        assert set(row) <= {"document", "path", "words", "cartons"}
        assert row.get("document") in (None, "acknowledgment", "shipment", "invoice")
