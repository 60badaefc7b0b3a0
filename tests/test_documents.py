"""The canonical documents: their schemas, their classes and their converter say the same, and none of them guesses.

In go documents that together use every name there is, and every way to spoil them; nothing is read from X12 here. Two
orders stand below, the other documents in ``documents/``: ``KIND-full`` has every name, ``KIND-least`` what the schema
requires and no more. What all full ones have in common they take from the full order.

The schemas are complete each by itself. A definition that several need is written in the first of them, in the order of
``KINDS``, and copied into the others by ``GOLDEN=write pytest tests/test_documents.py``.
"""

from __future__ import annotations

import copy
import datetime
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from types import UnionType
from typing import Any, get_args, get_origin

import attrs
import pytest
from jsonschema import Draft202012Validator

from translator import documents, shipped
from translator.documents import DocumentError, Order, Shipment, structure, unstructure, violations
from translator.documents.convert import json_name
from translator.documents.kinds import KINDS
from translator.documents.order import Line, Pack, Price
from translator.documents.parts import DateTime, Free
from translator.documents.schema import load
from translator.documents.shipment import Carton, PackedItem, ShippedOrder

HERE = Path(__file__).parent
SCHEMAS = {kind: load(kind) for kind in KINDS}
EVERY_KIND = pytest.mark.parametrize("kind", KINDS)

FULL: dict[str, Any] = {
    "document": "order",
    "partner": "acme",
    "guide": "acme/order",
    "envelope": {
        "sender": {"qualifier": "08", "id": "1111471111", "group": "1111471111"},
        "receiver": {"qualifier": "ZZ", "id": "1111991111", "group": "1111991111"},
        "control": {"interchange": "000000161", "group": "26", "set": "0001"},
        "date": "2023-06-26",
        "time": "10:10",
        "version": "00401",
        "release": "004010",
        "usage": "P",
        "acknowledgment_requested": False,
        "authorization": "0000000000",
        "security": "0000000000",
        "delimiters": {"element": "*", "component": ">", "segment": "~", "tail": ""},
    },
    "number": "0111-2222222-3333",
    "number_format": "4-7-4",
    "type": "SA",
    "purpose": "00",
    "state": "RELEASED",
    "date": "2023-06-26",
    "sourcing": "D",
    "references": {"department": {"id": "007"}, "vendor": {"id": "0123456", "text": "AABBCC"}},
    "freight": [{"payment": "DF", "point": "OR", "place": "LA CA"}],
    "back_order": ["N"],
    "terms": [{"type": "01", "basis": "2", "discount_percent": "2.50", "discount_days": 65, "net_days": 90}],
    "dates": {"ship_no_later": {"date": "2023-07-07"}, "ship_not_before": {"date": "2023-07-03"}},
    "routing": [{"sequence": "B", "carrier_type": "2", "carrier": "XYZQ", "mode": "U", "service_level": "G2"}],
    "instructions": [{"text": ["KEEP DRY", "DO NOT STACK"]}, {}],
    "truckload": {"id": "12345678901-0551", "orders": ["12345678902-0551"]},
    "parties": {
        "manufacturer": {"name": "FACTORY", "more_names": ["NUMBER 2"]},
        "buyer": {
            "name": "DC 1234",
            "location": "0234",
            "address": {
                "lines": ["1150 MAIN STREET", "DOCK 4"],
                "city": "CITY",
                "state": "CA",
                "postal_code": "02134",
                "country": "US",
            },
        },
    },
    "lines": [
        {
            "line": "001",
            "quantity": "6.0",
            "unit": "EA",
            "price": ".5",
            "price_basis": "WE",
            "ids": {"vendor_style": "22", "dpci": "011111111", "upc": "033333333333"},
            "prices": [{"class": "RS", "kind": "RES", "price": "145.99", "condition": "1", "multiple": 3}],
            "descriptions": [{"format": "X", "about": "08", "agency": "VI", "code": "PP", "text": "SHIRTS"}],
            "packs": [{"pack": 4, "inner_pack": 6}],
            "services": [{"code": "TC990101", "reference": "TICKET 7"}],
            "substitutes": "NS",
            "states": [{"state": "SHIPPED", "quantity": "1"}, {}],
            "components": [
                {
                    "line": "1",
                    "quantity": "12",
                    "unit": "EA",
                    "price": "4.52",
                    "price_basis": "LE",
                    "price_relationship": "I",
                    "ids": {"upc": "023456789015"},
                    "descriptions": [{"format": "X", "about": "08", "agency": "VI", "code": "PP", "text": "BLUE"}],
                }
            ],
            "erp": {"sku": "A-1", "bins": [1, 2.5, None, {"deep": True}]},
        },
        {"line": "002"},
    ],
    "totals": {"lines": 2, "hash": "60"},
    "erp": {"order_number": 10042, "empty": {}},
    "derived": {
        "key": "acme|0111-2222222-3333|SA|",
        "window": {"kind": "ship", "from": "2023-07-03", "to": "2023-07-07"},
        "delivery": "direct",
        "bill_to": {"name": "DC 1234", "location": "0234"},
        "ship_to": {"name": "DC 1234", "location": "0234"},
        "mark_for": {"location": "1001"},
        "shippable": True,
        "back_order": False,
        "amount": "3.00",
        "lines": [
            {
                "line": "001",
                "description": "SHIRTS",
                "color": "BLUE",
                "size": "XL",
                "units_per_carton": 24,
                "cartons": 1,
                "amount": "3.00",
            }
        ],
    },
    "residue": [{"at": 9, "after": "DTM", "was": ["ZZZ*1"], "raw": "ZZZ*1"}],
    "findings": [
        {
            "code": "element-code",
            "severity": "error",
            "file": "in.edi",
            "set": "0001",
            "at": 2,
            "segment": "BEG",
            "ref": "BEG01",
            "value": "77",
            "expected": "00",
            "line": 4,
            "offset": 212,
            "path": "$.purpose",
            "rule": "acme/order BEG01",
            "sentence": "BEG01 is wrong.",
            "cure": "Ask.",
        }
    ],
}

GUEST: dict[str, Any] = {
    "document": "order",
    "number": "12345678901-1001",
    "type": "RL",
    "purpose": "06",
    "date": "2024-02-29",
    "release": "0007",
    "contacts": [{"name": "A GUEST", "numbers": [{"type": "TE", "number": "0123"}], "reference": "EXT 1"}],
    "special_orders": [{"code": "OHDS"}, {}],
    "terms": [
        {
            "type": "02",
            "basis": "3",
            "discount_due": "2024-03-10",
            "net_due": "2024-04-10",
            "text": "NET",
            "day_of_month": 10,
            "payment_method": "L",
        }
    ],
    "dates": {"promised_for_delivery": {"date": "2024-03-04", "time": "07:45:30.5", "zone": "LT"}, "of_our_own": {}},
    "parties": {"buyer": {"location": "1001"}, "ship_to": {"name": "A GUEST", "location": "9998"}},
    "lines": [{"line": "1", "quantity": "1", "unit": "EA", "price": "0"}],
}


def held(path: Path) -> dict[str, Any]:
    """A document of the folder; a full one with what it has in common with the full order."""
    document: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    known = SCHEMAS[document["document"]]["properties"] if path.stem.endswith("-full") else {}
    return document | {key: FULL[key] for key in ("partner", "guide", "envelope", "residue", "findings") if key in known}


OURS = {"order-full": FULL, "order-guest": GUEST} | {path.stem: held(path) for path in sorted((HERE / "documents").glob("*.json"))}
DOCUMENTS = pytest.mark.parametrize("document", OURS.values(), ids=OURS)


# --- the schemas ------------------------------------------------------------------------------------------------


@EVERY_KIND
def test_a_schema_is_valid_2020_12(kind: str) -> None:
    assert SCHEMAS[kind]["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert SCHEMAS[kind]["$id"].endswith(f"/schemas/{kind}/1")
    Draft202012Validator.check_schema(SCHEMAS[kind])


def test_every_schema_is_of_a_kind() -> None:
    assert shipped.names("schemas", ".json") == sorted(f"schemas/{kind}.schema.json" for kind in KINDS)


def properties(schema: Any, place: str = "$") -> Iterator[tuple[str, dict[str, Any]]]:
    """Every property at any depth, definitions included."""
    if isinstance(schema, dict):
        for name, below in schema.items():
            if name == "properties":
                yield from ((f"{place}.{key}", value) for key, value in below.items())
            if name != "examples":
                yield from properties(below, f"{place}.{name}")


PROPERTIES = {(kind, place): below for kind, schema in SCHEMAS.items() for place, below in properties(schema)}


@pytest.mark.parametrize(("kind", "place"), PROPERTIES)
def test_every_property_is_described_and_its_examples_hold(kind: str, place: str) -> None:
    schema = PROPERTIES[kind, place]
    assert schema["description"].endswith(".")
    assert schema["examples"]
    judge = Draft202012Validator({**schema, "$defs": SCHEMAS[kind]["$defs"]})
    assert [error.message for example in schema["examples"] for error in judge.iter_errors(example)] == []


@EVERY_KIND
def test_every_definition_is_described_and_used(kind: str) -> None:
    text = json.dumps(SCHEMAS[kind])
    for name, definition in SCHEMAS[kind]["$defs"].items():
        assert definition["description"].endswith("."), name
        assert f'"#/$defs/{name}"' in text, name


def test_a_definition_is_the_same_in_every_schema() -> None:
    first: dict[str, str] = {}
    differing = []
    for kind in KINDS:
        path = HERE.parent / f"schemas/{kind}.schema.json"
        head, mark, definitions = path.read_text(encoding="utf-8").partition('  "$defs": {\n')
        each = re.findall(r'^    "(\w+)": (.*?)(?:,\n(?=    ")|\n(?=  \}\n))', definitions, re.M | re.S)
        assert [name for name, _ in each] == list(SCHEMAS[kind]["$defs"])
        differing += [f"{kind}: {name}" for name, text in each if first.setdefault(name, text) != text]
        if os.environ.get("GOLDEN") == "write":
            copied = ",\n".join(f'    "{name}": {first[name]}' for name, _ in each)
            path.write_text(f"{head}{mark}{copied}\n  }}\n}}\n", encoding="utf-8")
    assert differing == [], "GOLDEN=write copies the definitions of the schema that has them first"


# --- schema and classes are one ---------------------------------------------------------------------------------

WORDS: dict[Any, str] = {str: "string", int: "integer", bool: "boolean"}


def of_schema(schema: dict[str, Any], definitions: dict[str, Any], place: str = "$") -> Iterator[tuple[str, str]]:
    """(place, kind) of everything that the schema describes; a map's names are ``*``, an ERP's are not told."""
    if "$ref" in schema:
        schema = definitions[schema["$ref"].removeprefix("#/$defs/")]
    kind = schema.get("type", "string")
    yield place, kind
    if kind == "array":
        yield from of_schema(schema["items"], definitions, f"{place}[]")
    elif kind == "object" and schema.get("additionalProperties"):
        every = dict(of_schema(schema["additionalProperties"], definitions))
        yield from ((f"{place}.*{below.removeprefix('$')}", kind) for below, kind in every.items())
        for below in schema.get("properties", {}).values():
            assert dict(of_schema(below, definitions)) == every, place
    elif kind == "object" and not place.endswith(".erp"):
        assert schema["additionalProperties"] is False, place
        for name, below in schema["properties"].items():
            yield from of_schema(below, definitions, f"{place}.{name}")


PLACES = {kind: dict(of_schema(schema, schema["$defs"])) for kind, schema in SCHEMAS.items()}


def of_class(type_: Any, place: str = "$") -> Iterator[tuple[str, str]]:
    """The same of a class."""
    if isinstance(type_, UnionType):
        (type_,) = (arg for arg in get_args(type_) if arg is not type(None))
    if attrs.has(type_):
        yield place, "object"
        for field in attrs.fields(type_):
            yield from of_class(field.type, f"{place}.{json_name(field.name)}")
    elif get_origin(type_) is list:
        yield place, "array"
        yield from of_class(get_args(type_)[0], f"{place}[]")
    elif get_origin(type_) is dict:
        yield place, "object"
        if type_ != Free:
            yield from of_class(get_args(type_)[1], f"{place}.*")
    else:
        yield place, WORDS.get(type_, "string")


@EVERY_KIND
def test_schema_and_classes_have_the_same_names_and_kinds(kind: str) -> None:
    assert dict(of_class(getattr(documents, KINDS[kind][1]))) == PLACES[kind]


@EVERY_KIND
def test_the_documents_here_use_every_name(kind: str) -> None:
    maps = {place.removesuffix(".*") for place in PLACES[kind] if place.endswith(".*")}

    def used(value: Any, place: str = "$") -> Iterator[str]:
        yield place
        if isinstance(value, dict) and not place.endswith(".erp"):
            for name, below in value.items():
                yield from used(below, f"{place}.{'*' if place in maps else name}")
        elif isinstance(value, list):
            for below in value:
                yield from used(below, f"{place}[]")

    described = set(PLACES[kind])
    ours = {place for document in OURS.values() if document["document"] == kind for place in used(document)}
    missing = {place for place in described - ours if not place.startswith("$.derived.")}
    assert ours <= described
    assert missing == set()


# --- there and back ---------------------------------------------------------------------------------------------


@DOCUMENTS
def test_structure_and_back_is_equal_and_changes_nothing(document: dict[str, Any]) -> None:
    before = copy.deepcopy(document)
    assert unstructure(structure(document)) == before
    assert document == before
    assert violations(document) == []


def test_maps_keep_their_order() -> None:
    back = unstructure(structure(FULL))
    for found, given in [
        (back["dates"], FULL["dates"]),
        (back["parties"], FULL["parties"]),
        (back["references"], FULL["references"]),
        (back["lines"][0]["ids"], FULL["lines"][0]["ids"]),
    ]:
        assert list(found) == list(given)


def test_an_empty_list_or_map_is_as_good_as_none_and_an_empty_object_stays() -> None:
    empty = {"document": "order", "lines": [], "dates": {}, "totals": {}, "instructions": [{}], "erp": {}}
    assert unstructure(structure(empty)) == {"document": "order", "totals": {}, "instructions": [{}], "erp": {}}


def test_an_order_can_be_built_from_its_classes() -> None:
    order = Order(number="1", lines=[Line(line="1", packs=[Pack(pack=6)], prices=[Price(class_="RS")])])
    lines = [{"line": "1", "packs": [{"pack": 6}], "prices": [{"class": "RS"}]}]
    assert unstructure(order) == {"document": "order", "number": "1", "lines": lines}


def test_a_shipment_can_be_built_from_its_classes() -> None:
    item = PackedItem(line="1", quantity="6", ids={"upc": "0"})
    shipment = Shipment(id="S1", orders=[ShippedOrder(number="1", packs=[Carton(sscc="0" * 18, items=[item])])])
    packs = [{"sscc": "0" * 18, "items": [{"line": "1", "ids": {"upc": "0"}, "quantity": "6"}]}]
    assert unstructure(shipment) == {"document": "shipment", "id": "S1", "orders": [{"number": "1", "packs": packs}]}
    assert violations(unstructure(shipment)) == []


@EVERY_KIND
def test_the_class_is_that_of_the_kind(kind: str) -> None:
    for document in OURS.values():
        if document["document"] == kind:
            assert type(structure(document)) is getattr(documents, KINDS[kind][1])


@EVERY_KIND
def test_functions_give_the_value_that_their_field_holds(kind: str) -> None:
    seen = []

    def ask(value: Any) -> None:
        if isinstance(value, list | dict):
            for below in value if isinstance(value, list) else value.values():
                ask(below)
        elif attrs.has(type(value)):
            for name in vars(type(value)):
                if name.endswith("_value") and (text := getattr(value, name.removesuffix("_value"))) is not None:
                    assert getattr(value, name)() == Decimal(text)
                    seen.append(name)
                elif name == "on" or name.endswith("_on"):
                    day = getattr(value, name)()
                    assert day is None or day.isoformat() in attrs.astuple(value)
                    seen.append(name)
            for field in attrs.fields(type(value)):
                ask(getattr(value, field.name))

    ask(structure(OURS[f"{kind}-full"]))
    assert seen or kind == "functional_acknowledgment"


def test_functions_give_exact_values() -> None:
    order = structure(FULL)
    assert isinstance(order, Order)
    line, terms = order.lines[0], order.terms[0]
    assert (line.quantity_value(), line.price_value()) == (Decimal("6.0"), Decimal("0.5"))
    assert (line.prices[0].price_value(), line.components[0].quantity_value()) == (Decimal("145.99"), Decimal(12))
    assert (terms.discount_percent_value(), terms.net_due_on()) == (Decimal("2.50"), None)
    assert order.ordered_on() == datetime.date(2023, 6, 26)
    assert order.dates["ship_no_later"].on() == datetime.date(2023, 7, 7)
    assert order.derived is not None
    assert order.derived.amount_value() == Decimal("3.00")
    assert order.totals is not None
    assert order.totals.hash_value() == Decimal(60)


@pytest.mark.parametrize("text", [None, "", "2023-02-30", "20230703", "2023-W01-1", "2023-07-03\n", "２０２３-07-03"])
def test_what_is_no_date_gives_none(text: str | None) -> None:
    assert DateTime(date=text).on() is None


@pytest.mark.parametrize("text", [None, "", "1e3", "NaN", "1_0", "+1", "1,5", "1.", "1\n", "１", "9" * 41])
def test_what_is_no_number_gives_none(text: str | None) -> None:
    assert Line(quantity=text).quantity_value() is None


# --- strictness -------------------------------------------------------------------------------------------------

PACK = ("lines", 0, "packs", 0, "pack")
LINE = ("orders", 0, "lines", 0)
ITEM = ("orders", 0, "packs", 0, "items", 0)
NAMES = " or ".join(f'"{kind}"' for kind in KINDS)
WRONG: list[Any] = [None, True, 7, 6.0, "7", [], ["x"], {}, {"x": "y"}]


def places(value: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """Every place in a document, but for what is in the free objects."""
    yield path
    if path and path[-1] == "erp":
        return
    if isinstance(value, dict | list):
        for step, below in value.items() if isinstance(value, dict) else enumerate(value):
            yield from places(below, (*path, step))


def spoiled(document: dict[str, Any], path: tuple[str | int, ...], value: Any) -> Any:
    """A copy with another value at one place."""
    if not path:
        return value
    copied = copy.deepcopy(document)
    inner: Any = copied
    for step in path[:-1]:
        inner = inner[step]
    inner[path[-1]] = value
    return copied


@DOCUMENTS
def test_a_value_of_another_kind_is_refused_at_every_place(document: dict[str, Any]) -> None:
    for path in places(document):
        value: Any = document
        for step in path:
            value = value[step]
        where = "$" + "".join(f".{step}" if isinstance(step, str) else f"[{step}]" for step in path)
        for wrong in WRONG:
            if type(wrong) is not type(value):
                with pytest.raises(DocumentError) as caught:
                    structure(spoiled(document, path, wrong))
                assert str(caught.value).startswith((f"{where}: expected ", "$.document: missing"))
                assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("path", "value", "message"),
    [
        (("lines", 0, "quantity"), 6, "$.lines[0].quantity: expected text, got a number"),
        (("lines", 0, "ids", "dpci"), 111111, "$.lines[0].ids.dpci: expected text, got a number"),
        (("lines", 0, "ids", "a b\n"), 1, '$.lines[0].ids["a b\\n"]: expected text, got a number'),
        (PACK, "7", "$.lines[0].packs[0].pack: expected an integer, got text"),
        (PACK, True, "$.lines[0].packs[0].pack: expected an integer, got true or false"),
        (("lines", 0, "prices", 0, "class"), 1, "$.lines[0].prices[0].class: expected text, got a number"),
        (("lines", 0, "prices", 0, "class_"), "RS", "$.lines[0].prices[0].class_: no such name in this document"),
        (("back_order",), "NY", "$.back_order: expected a list, got text"),
        (("release",), None, "$.release: expected text, got null"),
        (("parties", "buyer"), ["1234"], "$.parties.buyer: expected an object, got a list"),
        (("derived", "shippable"), 1, "$.derived.shippable: expected true or false, got a number"),
        (("qty",), "1", "$.qty: no such name in this document"),
        (("document",), "invoice", "$.dates: no such name in this document"),
        (("document",), "recipe", f'$.document: expected {NAMES}, got "recipe"'),
        (("document",), 7, f"$.document: expected {NAMES}, got 7"),
        (("document",), ["order"], f"$.document: expected {NAMES}, got a list"),
    ],
)
def test_what_is_wrong_is_said_with_its_path(path: tuple[str | int, ...], value: Any, message: str) -> None:
    with pytest.raises(DocumentError) as caught:
        structure(spoiled(FULL, path, value))
    assert message in str(caught.value).splitlines()
    assert path == ("document",) or str(caught.value) == message


@pytest.mark.parametrize(
    ("name", "path", "value", "message"),
    [
        ("acknowledgment-full", (*LINE, "answers", 0, "quantity"), 24, "$.orders[0].lines[0].answers[0].quantity: {text} a number"),
        ("acknowledgment-full", ("orders", 0, "erp"), "SO1", "$.orders[0].erp: expected an object, got text"),
        ("shipment-full", (*ITEM, "final"), "yes", "$.orders[0].packs[0].items[0].final: expected true or false, got text"),
        ("shipment-full", (*ITEM, "pack"), "12", "$.orders[0].packs[0].items[0].pack: expected an integer, got text"),
        ("shipment-full", ("pallets", 0, "weight"), "7", "$.pallets[0].weight: no such name in this document"),
        ("invoice-full", ("totals", "amount"), 132.39, "$.totals.amount: {text} a number"),
        ("invoice-full", ("parties", "buyer", "more_names"), ["X"], "$.parties.buyer.more_names: no such name in this document"),
        ("functional_acknowledgment-full", ("group", "control"), "15", "$.group.control: expected an integer, got text"),
        ("interchange_acknowledgment-full", ("control",), 161, "$.control: {text} a number"),
    ],
)
def test_what_is_wrong_is_said_for_every_kind(name: str, path: tuple[str | int, ...], value: Any, message: str) -> None:
    with pytest.raises(DocumentError) as caught:
        structure(spoiled(OURS[name], path, value))
    assert str(caught.value) == message.format(text="expected text, got")


def test_all_problems_are_told_at_once_and_a_flood_is_cut() -> None:
    with pytest.raises(DocumentError) as caught:
        structure({"document": "order", "number": 1, "lines": [{"line": n} for n in range(30)]})
    lines = str(caught.value).splitlines()
    assert lines[:2] == ["$.number: expected text, got a number", "$.lines[0].line: expected text, got a number"]
    assert lines[20:] == ["and 11 more"]


def test_a_document_must_say_what_it_is() -> None:
    with pytest.raises(DocumentError, match="document: missing"):
        structure({"number": "1"})
    assert violations({"number": "1"}) == [("$.document", f"missing; it says what the document is: {NAMES}")]


# --- JSON from outside ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "value", "problem"),
    [
        (("lines", 0, "quantity"), 6, ("$.lines[0].quantity", "expected text, got a number")),
        (PACK, 6.0, ("$.lines[0].packs[0].pack", "expected an integer, got a number")),
        (PACK, -1, ("$.lines[0].packs[0].pack", "expected 0 or more, got -1")),
        (PACK, True, ("$.lines[0].packs[0].pack", "expected an integer, got true or false")),
        (("release",), None, ("$.release", "expected text, got null")),
        (("release",), "", ("$.release", "empty; leave the key out")),
        (("contacts",), [], ("$.contacts", "empty; leave the key out")),
        (("parties", "own"), {"x": "1"}, ("$.parties.own.x", "no such name in this document")),
        (("lines", 1), {}, ("$.lines[1].line", "missing")),
        (("document",), "recipe", ("$.document", f'expected {NAMES}, got "recipe"')),
        (("document",), None, ("$.document", f"expected {NAMES}, got null")),
        (("document",), {}, ("$.document", f"expected {NAMES}, got an object")),
        (("derived", "delivery"), "air", None),
        (("date",), "2023-07-03\n", None),
        (("date",), "２０２３-07-03", None),
        (("date",), "20230703", None),
        (("dates", "own"), {"time": "7:45"}, ("$.dates.own.time", None)),
        (("lines", 0, "quantity"), "12\n", None),
        (("lines", 0, "quantity"), "1E9", None),
        (("lines", 0, "quantity"), "4,06", None),
        (("lines", 0, "quantity"), "+5", None),
        (("totals", "hash"), "１２", None),
    ],
)
def test_the_schema_refuses(path: tuple[str | int, ...], value: Any, problem: tuple[str, str | None] | None) -> None:
    found = violations(spoiled(FULL, path, value))
    assert len(found) == 1
    if problem is not None:
        assert found[0][0] == problem[0]
        assert problem[1] in (None, found[0][1])


def test_the_schema_names_what_is_missing() -> None:
    missing = [f"$.{name}" for name in ("number", "type", "purpose", "date", "lines")]
    assert violations({"document": "order"}) == [(path, "missing") for path in missing]


@pytest.mark.parametrize(
    ("name", "path", "value", "problem"),
    [
        ("acknowledgment-full", ("orders",), [], ("$.orders", "empty; leave the key out")),
        ("acknowledgment-full", ("orders",), 2, ("$.orders", "expected 1 at most, got 2")),
        (
            "acknowledgment-full",
            ("orders", 0, "erp", "order_number"),
            7,
            ("$.orders[0].erp.order_number", "expected text, got a number"),
        ),
        ("acknowledgment-full", LINE, {"answers": [{"status": "IA"}]}, ("$.orders[0].lines[0]", "line or ids is missing")),
        ("acknowledgment-full", (*LINE, "answers", 0), {}, ("$.orders[0].lines[0].answers[0].status", "missing")),
        ("shipment-full", ITEM, {"quantity": "1"}, ("$.orders[0].packs[0].items[0]", "line or ids is missing")),
        (
            "shipment-full",
            (*ITEM, "inner_pack"),
            "1",
            ("$.orders[0].packs[0].items[0].inner_pack", "expected an integer, got text"),
        ),
        ("shipment-full", (*ITEM, "quantity"), "1E9", ("$.orders[0].packs[0].items[0].quantity", None)),
        ("shipment-full", (*ITEM, "quantity"), "NaN", ("$.orders[0].packs[0].items[0].quantity", None)),
        ("shipment-full", ("orders", 0, "packs", 0, "sscc"), "0" * 17, ("$.orders[0].packs[0].sscc", None)),
        ("shipment-full", ("orders", 0, "packs", 0, "sscc"), "0" * 20, ("$.orders[0].packs[0].sscc", None)),
        ("shipment-full", ("orders", 0, "packs", 0, "pallet"), "0" * 17, ("$.orders[0].packs[0].pallet", None)),
        ("shipment-full", ("pallets", 0), {}, ("$.pallets[0].sscc", "missing")),
        ("invoice-full", ("lines", 0), {"quantity": "1"}, ("$.lines[0]", "line or ids is missing")),
        ("invoice-full", ("charges", 0, "amount"), "14.7", ("$.charges[0].amount", None)),
        ("invoice-full", ("charges", 0), {"amount": "14.70"}, ("$.charges[0].kind", "missing")),
        ("functional_acknowledgment-full", ("accepted",), -1, ("$.accepted", "expected 0 or more, got -1")),
        ("interchange_acknowledgment-full", ("date",), "230626", ("$.date", None)),
    ],
)
def test_the_schema_of_every_kind_refuses(
    name: str, path: tuple[str | int, ...], value: Any, problem: tuple[str, str | None]
) -> None:
    document = OURS[name]
    found = violations(spoiled(document, path, document["orders"] * 2 if value == 2 else value))
    assert len(found) == 1
    assert found[0][0] == problem[0]
    assert problem[1] in (None, found[0][1])


@pytest.mark.parametrize("name", [name for name in OURS if name.endswith("-least")])
def test_of_the_least_document_nothing_can_be_left_out(name: str) -> None:
    for path in places(OURS[name]):
        if path and isinstance(path[-1], str):
            less = copy.deepcopy(OURS[name])
            inner: Any = less
            for step in path[:-1]:
                inner = inner[step]
            del inner[path[-1]]
            assert len(violations(less)) == 1, path


def test_no_message_repeats_a_whole_document() -> None:
    huge = violations(spoiled(FULL, ("lines", 0), ["x" * 100_000])) + violations(spoiled(FULL, ("date",), "x" * 100_000))
    assert len(huge) == 2
    assert all(len(message) < 200 for _, message in huge)


def test_importing_the_package_loads_neither_cattrs_nor_jsonschema() -> None:
    code = "import sys, translator.documents; print([m for m in ('cattrs', 'jsonschema') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_an_order_loads_the_classes_of_no_other_document() -> None:
    code = (
        "import sys; from translator.documents import structure, violations; structure({'document': 'order'});"
        "violations({'document': 'order'}); print(sorted(m for m in sys.modules if m.startswith('translator.documents.')))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    ours = ("convert", "kinds", "order", "parts", "problems", "schema")
    assert done.stdout.strip() == str([f"translator.documents.{name}" for name in ours])
