"""Orders of an API in JSON, and requests that answer them: cases as data (``cases/bodies.toml``), laws, tables that do not load.

The stories are in test_stories. What is generated here follows the shipped table, row by row, so that a new row is tried at once.
"""

from __future__ import annotations

import copy
import json
import re
import shutil
import tomllib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from translator import shipped
from translator.bodies.answer import complete, requests
from translator.bodies.calls import api
from translator.bodies.fields import FIELD
from translator.bodies.load import REQUEST, SPLIT, TOP, load
from translator.bodies.read import Reading, read
from translator.bodies.residue import restore
from translator.bodies.table import Field, Node
from translator.bodies.text import Number, dumped, elements
from translator.bodies.values import KINDS
from translator.bodies.write import held, write
from translator.documents import structure, unstructure, violations
from translator.errors import DocumentError, LimitExceeded, TableError
from translator.findings import has_errors
from translator.tables.carriers import carriers
from translator.tables.tracking import judge, tracking

Json = dict[str, Any]
ROOT = Path(__file__).parents[1]
GUIDE, PARTNER = "target-plus/order", "target-plus"
TABLE = load(GUIDE)
STORY = (ROOT / "samples/plus-accepted/1-orders.json").read_text(encoding="utf-8")
CASES = tomllib.loads((ROOT / "tests/cases/bodies.toml").read_text(encoding="utf-8"))["case"]


def of(*kinds: str) -> Any:
    found = [case for case in CASES if case["do"] in kinds]
    return pytest.mark.parametrize("case", found, ids=[case["name"] for case in found])


def changed(case: Json) -> str:
    """The order's own text as a case wants it."""
    text = STORY
    if "old" in case:
        assert text.count(case["old"]) == 1
        text = text.replace(case["old"], case["new"])
    return text.replace("RELEASED_FOR_SHIPMENT", case["state"]) if "state" in case else text


def agree(found: list[Any], case: Json) -> None:
    """Exactly the findings that a case names."""
    assert [f.code for f in found] == [want["code"] for want in case["find"]], [f.sentence for f in found]
    for one, want in zip(found, case["find"], strict=True):
        assert {key: getattr(one, key) for key in want} == want
        assert "None" not in one.sentence + one.cure


# --- cases ----------------------------------------------------------------------------------------------------------------


@of("read")
def test_what_is_read(case: Json) -> None:
    text = case.get("text") or changed(case)
    if "twice" in case:
        whole = STORY.strip()[1:-1]
        text = f"[{whole},{whole.replace(case['twice'], case['new']) if case['twice'] else whole}]"
    readings = read(text.encode())
    agree([f for r in readings for f in r.findings], case)
    assert all(f.offset is not None and f.line for r in readings for f in r.findings)
    exactly = [r.document for r in read(text.encode(), exact=True) if r.document]
    assert b"".join(restore(exactly)).decode() == text


def answered(case: Json) -> tuple[list[Any], list[Any]]:
    [order] = [r.document for r in read(changed(case).encode())]
    assert order
    number = order["number"]
    if case["do"] == "answer":
        lines = case.get("lines", [{"line": "1", "answers": case.get("answers")}])
        document = {"document": "acknowledgment", "orders": case.get("orders", [{"number": number, "lines": lines}])}
    else:
        packs = case.get("packs", [{"tracking": "1Z999AA10123456784", "items": [{"line": "1", "quantity": "2"}]}])
        document = {"document": "shipment", "id": "S-1", "ship_date": case.get("ship_date", "2026-11-21")}
        document |= {"carrier": case.get("carrier", {"name": "UPS Ground"}), "orders": [{"number": number, "packs": packs}]}
    said = {"document": "acknowledgment", "orders": [{"number": number, "lines": [{"line": "1", "answers": case.get("said", [])}]}]}
    before = copy.deepcopy(document)
    done = requests([document], [order, *([said] if "said" in case else [])], settings=case.get("settings", {}))
    assert document == before, "what is given is not changed"
    return done


@of("answer", "ship")
def test_what_is_answered(case: Json) -> None:
    made, found = answered(case)
    agree(found, case)
    assert [one.call.name for one in made] == case.get("calls", [])
    for one in made:
        assert json.loads(one.as_text()) == {"method": one.method, "path": one.path, "body": json.loads(one.text)}
        assert re.fullmatch(r"(?:/[A-Za-z0-9._%-]+)+", one.path)


@of("track")
def test_tracking_numbers(case: Json) -> None:
    for number in case.get("valid", [case.get("number")]):
        sent, found = judge(number, case["carrier"], "packs[0].tracking", tracking())
        agree(found, case)
        if "sent" in case or not found:
            assert sent == case.get("sent", number)


def test_every_code_of_bodies_is_found() -> None:
    from translator.catalogue.bodies import BODIES

    assert {want["code"] for case in CASES for want in case["find"]} >= set(BODIES)


def test_a_quantity_is_told_in_parts_that_add_up() -> None:
    [case] = [case for case in CASES if case["name"].startswith("one shipped, one cancelled")]
    [one], _ = answered(case)
    assert json.loads(one.text)["order_line_statuses"] == [
        {"quantity": 1, "status": "CANCELED"},
        {"quantity": 1, "status": "SHIPPED"},
    ]


def test_on_the_day_of_the_order_it_is_shipped_after_it() -> None:
    [one], _ = answered({"do": "ship", "ship_date": "2026-11-20"})
    assert json.loads(one.text)["items"][0]["shipped_date"] == "2026-11-20T15:03:22.000Z"


def test_the_same_answer_twice_in_one_call_is_refused() -> None:
    orders = [r.document for r in read(STORY.encode()) if r.document]
    line = {"line": "1", "answers": [{"status": "IA"}]}
    document = {"document": "acknowledgment", "orders": [{"number": orders[0]["number"], "lines": [line]}]}
    made, found = requests([document, copy.deepcopy(document)], orders)
    assert made == []
    assert has_errors(found)


@settings(max_examples=100, deadline=None)
@given(st.sampled_from(["3-acknowledgment", "5-shipment"]), st.data())
def test_no_document_makes_it_fail(kind: str, data: st.DataObject) -> None:
    """Whatever is put where in an answer, there are requests, or an error that says why not, and never a path of its own."""
    order = json.loads((ROOT / "samples/plus-short/2-order.json").read_text(encoding="utf-8"))
    document = json.loads((ROOT / f"samples/plus-short/{kind}.json").read_text(encoding="utf-8"))
    spots = list(spots_of(document))
    holder, key = data.draw(st.sampled_from(spots))
    holder[key] = data.draw(
        st.sampled_from([None, "", "x/../y", "..", "9.4E+21", 5, [], {}, [{}], "-1", "0", "1.5", "\u0000", "\n"]) | WORDS
    )
    made, found = requests([document], [order])
    assert bool(made) != has_errors(found)
    known = {one.path for one in requests([json.loads((ROOT / f"samples/plus-short/{kind}.json").read_text())], [order])[0]}
    assert {one.path for one in made} <= known | {path.replace("lines/2", "lines/1") for path in known}


def spots_of(value_: Any) -> Any:
    """Every place of a document: its holder and its key."""
    for key, inner in value_.items() if isinstance(value_, dict) else enumerate(value_) if isinstance(value_, list) else ():
        yield value_, key
        yield from spots_of(inner)


def test_guests_prices_are_not_invoiced() -> None:
    orders = [r.document for r in read(STORY.encode()) if r.document]
    _, found, table = complete({"document": "invoice", "number": orders[0]["number"]}, orders)
    assert (table, [f.code for f in found]) == (None, ["answer-none"])


# --- what is no JSON -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "empty"),
        ("<!DOCTYPE html><html>", "HTML"),
        ("\ufeff <html>", "HTML"),
        ('[{"a": 1', "breaks off at byte 8"),
        ('[{"a": "x', "breaks off"),
        ('[{"a": tr', "breaks off"),
        ('[{"a": 1}', "breaks off"),
        ('[{"a": 1},', "breaks off"),
        ("[1 2]", "not JSON at byte 3"),
        ("[]x", "behind its end"),
        ('{"a": 1} {"b": 2}', "behind its end"),
        ('[{"a": NaN}]', "NaN"),
        ('[{"a": -Infinity}]', "-Infinity"),
        ('[{"a": 1, "b": 2, "a": 3}]', "'a' stands twice"),
        ('["\\ud800"]', "half a character"),
        ("[" * 100 + "]" * 100, "nested more than 64"),
        ("[" * 100_000, "nested more than 64"),
        ("[01]", "not JSON"),
    ],
)
def test_what_is_no_json_is_refused_whole(text: str, says: str) -> None:
    with pytest.raises(DocumentError, match=re.escape(says)):
        read(text.encode())


def test_what_is_no_utf_8_and_what_is_too_long_are_refused() -> None:
    with pytest.raises(DocumentError, match="byte 2 is no UTF-8"):
        read(b'["\xff"]')
    with pytest.raises(LimitExceeded, match="more than 100 bytes"):
        read(b" " * 101, most=100)


def test_places_are_told_by_byte_and_line() -> None:
    one, two = elements('[ 1,\n"\u00e9" , 2]'.encode(), 100).items[1:]
    assert ((one.offset, one.line), (two.offset, two.line)) == ((5, 2), (12, 2))


# --- laws ----------------------------------------------------------------------------------------------------------------

WORDS = st.text('abcXYZ 019-\u00e9"\\/', min_size=1, max_size=8).map(lambda text: " ".join(text.split())).filter(bool)
DAYS = st.dates().map(lambda day: f"{max(day.year, 1900):04d}-{day:%m-%d}").filter(lambda text: text[5:] != "02-29")
MOMENTS = st.one_of(
    DAYS, st.builds(lambda day, tail: f"{day}T{tail}", DAYS, st.sampled_from(["00:00:00.000Z", "23:59Z", "01:02:03-06:00"]))
)
VALUES = {
    "text": WORDS,
    "number": st.from_regex(r"(0|[1-9][0-9]{0,5})(\.[0-9]{1,3})?", fullmatch=True).map(Number),
    "count": st.integers(0, 999).map(lambda n: Number(n)) | st.integers(0, 99).map(str),
    "moment": MOMENTS,
    "day": MOMENTS,
}
ODD = st.none() | st.just("") | WORDS


def value(one: Field) -> Any:
    """Values that a field may have in their JSON."""
    if one.codes:
        return st.sampled_from(sorted(one.codes.values()))
    return st.from_regex(one.like, fullmatch=True) if one.like else VALUES[one.kind]


def objects(node: Node) -> Any:
    """Objects of their JSON, by the table: what is required, some of the rest, and a field that nobody knows."""
    needed, others = {}, {"unheard_of": st.none() | st.booleans() | WORDS | st.lists(st.integers().map(Number), max_size=2)}
    for name, below in node.below.items():
        writes = [one for one in below.fields if one.json and one.only != "read"]
        if below.below:
            made = objects(below)
            held = st.lists(made, min_size=1, max_size=3) if below.listed else made
            (needed if below.needed and below.listed else others)[name] = held
        elif writes:
            (needed if any(f.required for f in below.fields) else others)[name] = value(writes[0])
        else:
            others[name] = ODD
    return st.fixed_dictionaries(needed, optional=others)


def unlike(order: Json) -> Json:
    """Lines with numbers of their own, and no phone that says nothing."""
    for n, line in enumerate(order["order_lines"]):
        line["order_line_number"] = str(n + 1)
    return order


ORDERS = objects(TABLE.tree).map(unlike)


def one(value_: Any) -> Reading:
    [reading] = read(dumped(value_).encode(), guide=GUIDE)
    return reading


@settings(max_examples=150, deadline=None)
@given(ORDERS)
def test_law_what_was_written_reads_as_the_same(order: Json) -> None:
    """L3, and the document is one by its schema and its class."""
    reading = one(order)
    assert {f.code for f in reading.findings} <= {"field-unknown"}
    assert reading.document
    assert violations(reading.document) == []
    assert unstructure(structure(reading.document)) == reading.document
    made, found = write(TABLE, reading.document)
    assert not found
    assert one(made).document == reading.document


@settings(max_examples=100, deadline=None)
@given(st.lists(ORDERS, max_size=3), st.sampled_from([None, 0, 2]), st.sampled_from(["", "\n", " \t"]))
def test_law_exactly_it_comes_back_byte_for_byte(orders: list[Json], indent: int | None, tail: str) -> None:
    for n, order in enumerate(orders):
        order["id"] = str(n)
    text = json.dumps(json.loads(dumped(orders)), indent=indent, ensure_ascii=False) + tail
    documents = json.loads(json.dumps([r.document for r in read(text.encode(), guide=GUIDE, exact=True) if r.document]))
    assert b"".join(restore(documents)).decode() == text


@settings(max_examples=100, deadline=None)
@given(ORDERS, WORDS)
def test_law_an_edited_document_keeps_all_that_it_does_not_say(order: Json, number: str) -> None:
    documents = [r.document for r in read(dumped([order]).encode(), guide=GUIDE, exact=True) if r.document]
    for document in documents:
        if "number" in document:
            document["number"] = number
    back = json.loads(b"".join(restore(documents)))
    assert back == [json.loads(dumped(order)) | {"order_number": number}]


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_law_what_was_read_was_written_so(data: st.DataObject) -> None:
    """L1: a document with anything put in anywhere is written as it is, or refused with a finding."""
    document = one(data.draw(ORDERS)).document
    assert document
    places = [(n, v, at) for field in TABLE.fields for path in field.json for n, v, at in held(document, path)]
    _, _, place = data.draw(st.sampled_from(places))
    holder: Any = document
    *steps, last = re.findall(r"[a-z_0-9]+", place)
    for step in steps:
        holder = holder[int(step) if isinstance(holder, list) else step]
    holder[int(last) if isinstance(holder, list) else last] = data.draw(
        WORDS | st.sampled_from(["", "007", "1.50", "-3", ".5", None, 6, []])
    )
    made, found = write(TABLE, document)
    assert (made is None) == has_errors(found)
    if made is not None and violations(document) == []:
        assert one(made).document == document


@settings(max_examples=100, deadline=None)
@given(st.integers(1, 9), st.integers(0, 9), st.integers(0, 9), st.integers(0, 9))
def test_law_parts_of_a_line_add_up(ordered: int, shipped_: int, gone: int, rejected: int) -> None:
    order = json.loads(STORY)
    line = order[0]["order_lines"][0]
    line["quantity"] = ordered
    line["order_line_statuses"] = [{"status": "SHIPPED", "quantity": shipped_}, {"status": "CANCELED", "quantity": gone}]
    [document] = [r.document for r in read(json.dumps(order).encode())]
    assert document
    answers = [
        {"status": "IA", "quantity": str(ordered - rejected)},
        {"status": "IR", "quantity": str(rejected), "reason": "OTHER"},
    ]
    said = {"document": "acknowledgment", "orders": [{"number": document["number"], "lines": [{"line": "1", "answers": answers}]}]}
    made, found = requests([said], [document])
    possible = shipped_ <= ordered - rejected and gone <= rejected <= ordered
    if not possible:
        assert has_errors(found) and not made
        return
    for one_ in made:
        parts = json.loads(one_.text).get("order_line_statuses")
        if parts:
            assert sum(part["quantity"] for part in parts) == ordered
            assert all(part["quantity"] > 0 for part in parts)
            assert {"status": "SHIPPED", "quantity": shipped_} in parts or not shipped_


# --- the tables ----------------------------------------------------------------------------------------------------------


def test_every_row_is_reached() -> None:
    """An order that has every field of the table puts something at every place of the document that the table names."""
    whole = full(TABLE.tree)
    reading = one(whole)
    assert [f for f in reading.findings if f.severity == "error"] == []
    document = reading.document
    assert document
    assert [f.rule for f in TABLE.fields for path in f.json if f.kind != "flag" and not any(held(document, path))] == []
    gone = one(whole | {"order_status": "CANCELED"}).document
    assert gone and gone["cancelled"] is True


def full(node: Node) -> Json:
    made: Json = {}
    for name, below in node.below.items():
        inner = full(below) if below.below else sample(below.fields[0])
        made[name] = [inner] if below.listed else inner
    return made


def sample(one_: Field) -> Any:
    if one_.codes:
        return sorted(one_.codes.values())[0]
    samples = {"number": Number("1.5"), "count": Number("2"), "moment": "2026-11-20T01:02:03Z", "day": "2026-11-20"}
    return samples.get(one_.kind, "12345678")


def test_every_call_of_a_table_is_known() -> None:
    known = api(PARTNER)
    assert known
    for name in ("acknowledgment", "shipment"):
        table = load(f"{PARTNER}/{name}")
        for request in table.requests:
            assert known.calls[request.call].body == table.name
            assert set(known.calls[request.call].places) == set(request.fill)
    assert {
        state for request in load(f"{PARTNER}/acknowledgment").requests if request.split for state in request.split.parts.values()
    } <= set(known.line_states)


BROKEN = [
    ("order", 'source   = "Target', 'sauce = "Target', "no key `sauce`; did you mean `source`"),
    ("order", 'document = "order"', 'document = "odor"', "`document` is 'odor'"),
    ("order", 'key      = "id"', 'key = "created"', "`key`: it is the place of a required field"),
    ("order", 'json    = "references.vendor.id"', 'json    = "references.vendor.ident"', "references.vendor has no 'ident'"),
    ("order", 'json    = "references.ship_node.id"', 'json    = "number"', "number is filled by another row too"),
    ("order", 'body    = "ship_node_id"', 'body    = "order_number"', "order_number stands in another row too"),
    ("order", 'json     = "lines[].quantity"', 'json = "totals.lines"', "go through another number of lists"),
    ("order", 'json    = "lines[].ids.tcin"', 'json    = "contacts[].reference"', "the list order_lines[] goes with lines[]"),
    ("order", 'body    = "ship_node_id"', 'body    = "addresses"', "used as an object"),
    ("order", 'kind    = "number"', 'kind    = "day"', "is decimal, and `kind` is day"),
    ("order", 'kind    = "number"', 'kind    = "float"', "`kind` is 'float'; there are"),
    ("order", "like    = '\\d{8,10}'", "like = '('", "`like` is no pattern"),
    ("order", 'codes = { true = "CANCELED" }\nonly  = "read"', 'codes = { true = "CANCELED" }', "a flag is read only"),
    ("order", 'body    = "vmm_vendor_id"', 'body    = "vmm_vendor_id"\nonly = "read"', "needs another row that writes its place"),
    ("order", 'codes = { true = "CANCELED" }', 'codes = { true = "CANCELED", yes = "CANCELED" }', "could not be read back"),
    ("order", 'body = "currency"', 'body = "currency"\nmark = "Q"', "`mark` is 'Q'"),
    ("order", 'private = "price"', 'private = "secret"', "`private` is for orders, and says what the value is: name"),
    ("order", 'body    = "ship_node_id"', 'body    = "ship_nodes[0]"', "without numbers or choices"),
    ("acknowledgment", 'lines  = "lines[]"', 'lines  = "line[]"', "has no 'line'"),
    ("acknowledgment", 'IR = "cancelled"', 'IR = "gone"', "accepted or cancelled"),
    ("acknowledgment", 'each   = "orders[].lines[]"', 'each = "orders[]"', "leaves the path"),
    ("acknowledgment", 'setting  = "cancellation_reason"', 'setting = "reason"', "no setting 'reason'"),
    ("acknowledgment", 'open = "ACKNOWLEDGED_BY_SELLER", ', "", "the state of each part"),
    ("acknowledgment", 'rule   = "adds_up"', 'rule = "sums"', "no rule is called 'sums'"),
    ("shipment", 'add     = "items[].quantity"', 'add = "items[].line"', "`add` names a number"),
    ("shipment", 'carrier  = "method"', 'carrier = "colour"', "is one of method, service, scac"),
    ("shipment", 'after    = "dates.ordered"', 'after = "date"', "names a moment of the order"),
    ("shipment", 'check    = "tracking"', 'check = "upc"', '`check` is "tracking"'),
]  # fmt: skip


@pytest.mark.parametrize(("name", "old", "new", "says"), BROKEN, ids=[f"{one_[0]}: {one_[3]}" for one_ in BROKEN])
def test_a_table_that_cannot_be_right_does_not_load(name: str, old: str, new: str, says: str, tmp_path: Path) -> None:
    text = shipped.text(f"mappings/{PARTNER}/{name}.toml")
    assert old in text
    shutil.copytree(ROOT / f"mappings/{PARTNER}", tmp_path / PARTNER)
    (tmp_path / f"{PARTNER}/{name}.toml").write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(TableError, match=re.escape(says)) as error:
        api(PARTNER, tmp_path) if name == "api" else load(f"{PARTNER}/{name}", tmp_path)
    assert f"{PARTNER}/{name}.toml" in str(error.value)


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("letters = true", "letter = true", "the keys are"),
        ('mark    = "V"', 'mark = "W"', "`mark` is one of"),
        ('sum     = "mod10 1 2"', 'sum = "mod10"', "mod10 or mod11 with weights, or gs1"),
        ("(?P<digits>[0-9]{11})", "([0-9]{11})", "the groups digits and check"),
        ("(?P<digits>[0-9]{11})", "(?P<digits>[0-9]{11}", "`like` is no pattern"),
        ('before = "91"', 'before = "x"', "`before` is digits"),
        ('name   = "FedEx 34"', 'name = "FedEx 12"', "another shape is called"),
        ('"UPS waybill", "USPS IMpb"]', '"UPS label"]', "there is no shape 'UPS label'"),
    ],
)
def test_a_table_of_tracking_numbers_that_cannot_be_right_does_not_load(old: str, new: str, says: str, tmp_path: Path) -> None:
    text = shipped.text("mappings/carriers/tracking.toml")
    assert old in text
    (tmp_path / "carriers").mkdir()
    (tmp_path / "carriers/tracking.toml").write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(TableError, match=re.escape(says)):
        tracking(tmp_path)


@pytest.mark.parametrize(
    "text", ['same_as = "nobody/carriers"', 'same_as = "target-plus/carriers"', 'same_as = "target/carriers"\nx = 1']
)
def test_a_shared_list_of_carriers_is_there(text: str, tmp_path: Path) -> None:
    (tmp_path / PARTNER).mkdir()
    (tmp_path / f"{PARTNER}/carriers.toml").write_text(f"{text}\n", encoding="utf-8")
    with pytest.raises(TableError, match="`same_as` names another partner's list"):
        carriers(PARTNER, tmp_path)


def test_carriers_are_shared() -> None:
    assert carriers(PARTNER) == carriers("target")


def test_the_readme_teaches_every_key() -> None:
    text = (ROOT / f"mappings/{PARTNER}/README.md").read_text(encoding="utf-8")
    shown = set(re.findall(r"[a-z_]+", " ".join(re.findall(r"`[^`\n]+`", text))))
    assert sorted((TOP | FIELD | REQUEST | SPLIT | set(KINDS)) - shown) == []
    blocks = re.findall(r"^```toml\n(.*?)^```", text, re.M | re.S)
    assert blocks and all(tomllib.loads(block) for block in blocks)


def test_the_table_of_the_readme_reads_what_it_shows(tmp_path: Path) -> None:
    text = (ROOT / f"mappings/{PARTNER}/README.md").read_text(encoding="utf-8")
    [table] = [block for block in re.findall(r"^```toml\n(.*?)^```", text, re.M | re.S) if "partner" in tomllib.loads(block)]
    theirs, ours = re.findall(r"^```text\n(.*?)^```", text, re.M | re.S)
    shutil.copytree(ROOT / f"mappings/{PARTNER}", tmp_path / PARTNER)
    (tmp_path / f"{PARTNER}/order.toml").write_text(table, encoding="utf-8")
    [reading] = read(theirs.encode(), mappings=tmp_path)
    assert reading.findings == []
    assert reading.document == json.loads(ours)
