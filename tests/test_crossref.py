"""The supplier's own lists: items.csv and locations.csv read, orders and answers taken through them, rows added.

What is found is data: ``cases/crossref.toml``. Here stand the properties: nothing given is changed, quantities come back as they
went, bytes of an analyst stay, hostile values become no formula and no crash.
"""

from __future__ import annotations

import copy
import csv
import io
import json
import re
import tomllib
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from changing import changed, steps
from hypothesis import given, settings
from hypothesis import strategies as st

from translator import shipped, write
from translator.catalogue import CATALOGUE
from translator.documents import violations
from translator.errors import TableError
from translator.exchange.crossref import items, locations
from translator.exchange.crossref.quantity import exact, places
from translator.exchange.crossref.rules import Rules, rules
from translator.findings import Finding, has_errors
from translator.respond.invoice import bill
from translator.respond.shipment import ship

ROOT = Path(__file__).resolve().parent.parent
CASES = tomllib.loads((ROOT / "tests/cases/crossref.toml").read_text(encoding="utf-8"))["case"]
DERIVE = tomllib.loads(shipped.text("mappings/target/derive.toml"))
RULES = rules("target")
ITEMS = "dpci,tcin,upc,vendor_style,sku,unit,factor,per,order_unit,price,note"
LOCATIONS = "location,name,address,customer,ship_to,kind,note"
TEXTS = ["", "~", "=1+1", "NaN", "1E9", "-1", "0", "1\n", "\x00", "９", "\ud800", "9" * 5000]
HOSTILE: list[Any] = [*TEXTS, None, 1, 1.5, True, [], [1], {}, {"a": 1}]

ORDER: dict[str, Any] = {
    "document": "order",
    "partner": "target",
    "guide": "target/850",
    "type": "SA",
    "purpose": "00",
    "number": "0055-1199001-0551",
    "date": "2026-03-18",
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
            "ids": {"dpci": "055070707", "vendor_style": "=G7", "upc": "012345550072"},
            "packs": [{"pack": 12}],
        },
        {
            "line": "002",
            "quantity": "36",
            "unit": "EA",
            "price": "17",
            "price_basis": "WD",
            "ids": {"dpci": "055070708", "tcin": "81234567"},
            "packs": [{"pack": 12}],
        },
    ],
}


def at(document: Any, path: str) -> Any:
    """What stands at a path; "(gone)" where nothing does."""
    for step in steps(path):
        try:
            document = document[step]
        except (KeyError, IndexError):
            return "(gone)"
    return document


def listed(case: dict[str, Any], header: str) -> bytes:
    if "hex" in case:
        return bytes.fromhex(case["hex"])
    if "text" in case:
        return str(case["text"]).encode()
    return "\n".join([case.get("header", header), *case["rows"], ""]).encode()


def done(case: dict[str, Any]) -> tuple[Any, list[Finding]]:
    """What a case does: the document that comes of it, and what was found."""
    what, order = case["do"], changed(ORDER, case.get("order", {}))
    data = listed(case, LOCATIONS if what in ("locations", "locate") else ITEMS)
    if what == "locations":
        return None, locations.read(data, RULES)[1]
    if what == "locate":
        places_, found = locations.read(data, RULES)
        before = copy.deepcopy(order)
        made, rows, said = locations.applied(order, places_)
        assert order == before, "what is given is not changed"
        after = locations.added(data, rows, RULES)
        assert after == data + "".join(f"{row}\n" for row in case["new"]).encode()
        return made, found + said
    own, found = items.read(data, RULES)
    if what == "items":
        return None, found
    before = copy.deepcopy(order)
    made, said = items.applied(order, own)
    assert order == before, "what is given is not changed"
    assert (made == order) or own.kept
    if what == "apply":
        return made, found + said
    answer, kept = json.loads(case["says"]), copy.deepcopy(made)
    assert case.get("fresh") or not has_errors(said), said
    result, said = items.back(answer, [order if case.get("fresh") else made], own)
    assert answer == json.loads(case["says"]) and made == kept, "what is given is not changed"
    return result, found + said


@pytest.mark.parametrize("case", CASES, ids=[f"{case['do']}: {case['name']}" for case in CASES])
def test_lists_earn_exactly(case: dict[str, Any]) -> None:
    made, found = done(case)
    assert [one.code for one in found] == [want["code"] for want in case["find"]], [one.sentence for one in found]
    for one, want in zip(found, case["find"], strict=True):
        assert {key: getattr(one, key) for key in want} == want
        assert one.path and one.sentence.startswith(one.path)
        bare = re.sub(r'"[^"]*"', "X", one.sentence)
        assert not re.search(r"None|[{}]|\s\s|\s\.$|[?.]\.$|: \.|\(\)", bare), one.sentence
    for path, value in case.get("gives", {}).items():
        assert at(made, path) == value, path


def test_every_code_of_the_lists_is_found() -> None:
    codes = list(CATALOGUE)
    section = codes[codes.index("list-unreadable") : codes.index("location-ambiguous") + 1]
    assert set(section) <= {want["code"] for case in CASES for want in case["find"]}


# --- files ------------------------------------------------------------------------------------------------------------


def test_templates_are_lists_without_rows() -> None:
    own, found = items.read(items.template(RULES), RULES)
    assert (own.rows, found, own.kept) == ((), [], False)
    assert own.sheet.header == tuple(ITEMS.split(","))
    places_, found = locations.read(locations.template(), RULES)
    assert (places_.known, found, ",".join(places_.sheet.header)) == ({}, [], LOCATIONS)
    for data in (items.template(RULES), locations.template()):
        rows = list(csv.reader(io.StringIO(data.decode("utf-8-sig"))))
        assert [len(row) for row in rows][1:] == [1], "the remark is one cell"


NEW = {"location": "0551", "name": "DC 551", "address": "1 A ST, B CA 9", "kind": "new"}
ROW = b'0551,DC 551,"1 A ST, B CA 9",,,new,'


@pytest.mark.parametrize(
    ("data", "after"),
    [
        (b"", b"\xef\xbb\xbf" + LOCATIONS.encode() + b"\r\n" + ROW + b"\r\n"),
        (b"\xef\xbb\xbf", b"\xef\xbb\xbf" + LOCATIONS.encode() + b"\r\n" + ROW + b"\r\n"),
        (b"# only a remark", b"# only a remark\r\n" + LOCATIONS.encode() + b"\r\n" + ROW + b"\r\n"),
        (LOCATIONS.encode(), LOCATIONS.encode() + b"\r\n" + ROW + b"\r\n"),
        (
            b"# mine; ours\nKind;Location;Note;Name\n\n;  1001;'x;\xe9\n# end",
            b"# mine; ours\nKind;Location;Note;Name\n\n;  1001;'x;\xe9\n# end\nnew;0551;;DC 551\n",
        ),
        (b'location,note\r\n1001,"two\r\nlines"\r\n', b'location,note\r\n1001,"two\r\nlines"\r\n0551,\r\n'),
        (b"location\n551\n", b"location\n551\n"),
        (b"location,locaton\n", b"location,locaton\n"),
        (b'location\n"open\n', b'location\n"open\n'),
    ],
)
def test_rows_are_added_in_the_form_of_the_file(data: bytes, after: bytes) -> None:
    assert locations.added(data, [NEW, NEW], RULES) == after
    assert locations.added(after, [NEW], RULES) == after, "once is enough"
    assert locations.added(data, [], RULES) == data


def test_names_that_the_file_cannot_hold_do_not_break_it() -> None:
    data = b"location,name\n1001,caf\xe9\n"
    after = locations.added(data, [{"location": "2", "name": "\u4e2d \x93"}], RULES)
    assert after == data + b"2,?  \n"


CELL = st.text(st.sampled_from("=+-@\t\r\n ,;\"'#09aé\x00\x07＝"), max_size=8)


@settings(max_examples=200, deadline=None)
@given(name=CELL, street=CELL, location=CELL, delimiter=st.sampled_from(",;"))
def test_what_an_order_says_becomes_no_formula_and_no_row(name: str, street: str, location: str, delimiter: str) -> None:
    data = LOCATIONS.replace(",", delimiter).encode() + b"\n"
    order = {"parties": {"buyer": {"location": location, "name": name, "address": {"lines": [street]}}}}
    known, _ = locations.read(data, RULES)
    _, rows, found = locations.applied(order, known)
    after = locations.added(data, rows, RULES)
    assert bool(rows) == bool(found) == any(c.isprintable() and c != " " for c in location)
    if not rows:
        assert after == data
        return
    written = list(csv.reader(io.StringIO(after.decode("utf-8"), newline=""), delimiter=delimiter))
    assert len(written) == 2 and len(written[1]) == len(written[0])
    for cell in written[1]:
        assert not cell.lstrip().startswith(("=", "+", "-", "@", "＝")), cell
        assert cell.isprintable()


@settings(max_examples=100, deadline=None)
@given(location=st.text(st.sampled_from("=+-@'#\"0129AB;, \x07"), min_size=1, max_size=5))
def test_a_location_that_was_added_is_known(location: str) -> None:
    known, _ = locations.read(b"", RULES)
    _, rows, _ = locations.applied({"parties": {"buyer": {"location": location}}}, known)
    if not rows:
        assert not location.strip(" \x07")
        return
    again, _ = locations.read(locations.added(b"", rows, RULES), RULES)
    _, more, found = locations.applied({"parties": {"buyer": {"location": location}}}, again)
    assert more == []
    assert [one.code for one in found] == ["location-open"]


@settings(max_examples=200, deadline=None)
@given(data=st.binary(max_size=60) | st.text(st.sampled_from("upcsk,;#\"\n\r019E+.'= \ufeff"), max_size=60).map(str.encode))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    for head in (b"", b"upc,sku,unit,factor\n"):
        own, found = items.read(head + data, RULES)
        assert own.sheet.readable or has_errors(found)
    for head in (b"", b"location,name\n"):
        places_, found = locations.read(head + data, RULES)
        assert places_.sheet.readable or has_errors(found)
        assert locations.added(head + data, [NEW], RULES).startswith(head + data)


# --- documents --------------------------------------------------------------------------------------------------------

OWN = items.read(f"{ITEMS}\n055070707,,,,GAME-7,BOX,12,,,,\n055070708,,,,GAME-8,BOX,12,,,,\n".encode(), RULES)[0]


@settings(max_examples=300, deadline=None)
@given(
    factor=st.decimals(min_value="0.01", max_value="999", places=2),
    per=st.integers(1, 144),
    own=st.integers(1, 5000),
)
def test_quantities_come_back_as_they_went(factor: Decimal, per: int, own: int) -> None:
    quantity = exact(Fraction(factor) * own / per)
    data = f"upc,sku,unit,factor,per\n012345550072,G,BOX,{factor},{per}\n".encode()
    listed_, found = items.read(data, RULES)
    assert found == []
    if quantity is None:
        return
    order = {"number": "1", "lines": [{"line": "1", "quantity": quantity, "unit": "EA", "ids": {"upc": "012345550072"}}]}
    made, found = items.applied(order, listed_)
    assert found == [] and made["lines"][0]["erp"] == {"sku": "G", "quantity": str(own), "unit": "BOX"}
    answer = {"document": "invoice", "number": "1", "lines": [{"erp": {"sku": "G", "quantity": str(own)}}]}
    back, found = items.back(answer, [made], listed_)
    assert back["lines"][0].get("quantity") == (None if found else quantity)
    assert not found or places(Decimal(quantity)) > places(factor)


def leaves(value: Any, path: str = "") -> list[str]:
    """The places of all values in a document."""
    if isinstance(value, dict):
        return [path, *(leaf for key, below in value.items() for leaf in leaves(below, f"{path}.{key}" if path else key))]
    if isinstance(value, list):
        return [path, *(leaf for n, below in enumerate(value) for leaf in leaves(below, f"{path}[{n}]"))]
    return [path]


ANSWERS = [
    json.loads(case["says"]) for case in CASES if case["name"].startswith(("a shipment by", "an invoice by", "an acknowledgment"))
]


def test_hostile_values_are_findings_and_never_exceptions() -> None:
    handed, _ = items.applied(ORDER, OWN)
    known, _ = locations.read(f"{LOCATIONS}\n0551,,,C,S,,\n".encode(), RULES)
    for document in (ORDER, handed):
        for path in filter(None, leaves(document)):
            for value in HOSTILE:
                order = changed(document, {path: value})
                items.applied(order, OWN)
                locations.applied(order, known)
                for answer in ANSWERS:
                    items.back(answer, [order], OWN)
    for answer in ANSWERS:
        for path in filter(None, leaves(answer)):
            for value in HOSTILE:
                for one in items.back(changed(answer, {path: value}), [handed], OWN)[1]:
                    assert one.sentence and one.path


def test_drafts_of_an_order_in_own_units_are_left_alone() -> None:
    handed, found = items.applied(ORDER, OWN)
    assert found == []
    for draft, said in (ship([handed], DERIVE), bill(handed, DERIVE)):
        assert said == [] and draft is not None
        assert items.back(draft, [handed], OWN) == (draft, [])


def test_an_answer_in_own_words_is_written_as_one_in_the_orders() -> None:
    envelope = {"sender": {"qualifier": "08", "id": "6111470100"}, "receiver": {"qualifier": "ZZ", "id": "1234567890"}}
    handed, _ = items.applied({**ORDER, "envelope": envelope}, OWN)
    assert violations(handed) == []
    head = {"document": "shipment", "id": "SH1", "ship_date": "2026-03-09", "carrier": {"scac": "QZXM", "mode": "M"}}
    own_items = [{"erp": {"sku": "GAME-7", "quantity": "2"}}, {"erp": {"sku": "GAME-8", "quantity": "3", "unit": "BOX"}}]
    our_items = [{"line": "001", "quantity": "24", "unit": "EA"}, {"line": "002", "quantity": "36", "unit": "EA"}]
    packs = [[{"items": own_items}], [{"items": our_items}]]
    shipments = [{**head, "orders": [{"number": ORDER["number"], "packs": each}]} for each in packs]
    answer, found = items.back(shipments[0], [handed], OWN)
    assert found == [] and violations(answer) == []
    first, second = (write(one, orders=[handed], control=1) for one in (answer, shipments[1]))
    body = [data.partition(b"ST*")[2] for data in (first.data or b"", second.data or b"")]
    assert body[0] == body[1]


# --- rules ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ('name   = "dpci"', 'nam = "dpci"', "row 1: `name` is missing"),
        ('drop   = "-"', 'dorp = "-"', "unknown key 'dorp'"),
        ("digits = 9", 'digits = "9"', "`digits` is a whole number"),
        ('check  = "upc"', 'check  = "upcc"', "`check` is one of upc"),
        ("shared = true", 'shared = "yes"', "`shared` and `rare` are true or false"),
        ('name = "tcin"', 'name = "dpci"', "a name stands there twice"),
        ("[locations.private]", "[locations.secret]", "unknown key 'secret'"),
        ("buyer   = [", "bayer   = [", "unknown key 'bayer'"),
        ('"parties.buyer.location 9998"', '"parties.Buyer"', "is no path"),
        ("[locations]", "[places]", "unknown key 'places'"),
    ],
)
def test_rules_that_cannot_be_meant_do_not_load(old: str, new: str, says: str, tmp_path: Path) -> None:
    text = shipped.text("mappings/target/crossref.toml")
    assert old in text
    (tmp_path / "target").mkdir()
    if new == "[places]":
        text = text.replace("[locations.private]", "[places.private]")
    (tmp_path / "target/crossref.toml").write_text(text.replace(old, new))
    with pytest.raises(TableError) as caught:
        rules("target", tmp_path)
    assert says in str(caught.value) and "crossref.toml" in str(caught.value)


def test_numbers_of_the_rules_are_names_of_a_line() -> None:
    schema = json.loads(shipped.text("schemas/order.schema.json"))
    assert {number.name for number in RULES.numbers} <= set(schema["$defs"]["ids"]["properties"])
    assert isinstance(RULES, Rules)
