"""The local page: what it answers, whom it refuses, what it carries, and what it never does."""

from __future__ import annotations

import asyncio
import base64
import os
import re
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from exchanges import Shop
from serving import HERE, NOW, PORT, SAMPLES, Answer, Browser, plain

import translator
from translator.cli import translator as command
from translator.errors import LedgerError
from translator.exchange.ledger import open_ledger
from translator.exchange.ledger.schema import STEPS
from translator.exchange.room import read_only
from translator.serve.answer import form
from translator.serve.guard import Limits
from translator.serve.inspect import ANSWERABLE, ORDERS, inspected, orders
from translator.serve.offers import offers

GUEST = (SAMPLES / "guest" / "1-850.edi").read_bytes()
RETAIL = "vendor-cross-dock"
PARTS = "multipart/form-data; boundary=b"
SHIPPED = {
    "id": "SH1", "ship_date": "2026-03-09", "carrier_name": "UPS Ground", "references_bill_of_lading_id": "B1",
    "ship_from_name": "SAMPLE SUPPLY CO", "gs1_prefix": "0614141", "serial": "70401", "control": "7",
}  # fmt: skip
BILLED = {
    "invoice_number": "INV1", "ship_date": "2026-03-09", "carrier_name": "UPS Ground", "carrier_reference": "B1", "control": "8",
}  # fmt: skip


@pytest.fixture
def browser() -> Browser:
    return Browser()


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Shop:
    """An exchange folder with one order that is late, one that is not, and a file that was put aside."""
    made = Shop(tmp_path_factory.mktemp("serve") / "shop")
    made.arrive((SAMPLES / RETAIL / "1-850.edi").read_bytes(), "early.edi")
    made.answer({"document": "shipment", "orders": [{"number": "<b>nope", "packs": []}]})
    made.run("2099-01-01T00:00")
    made.arrive((SAMPLES / "changes" / "1-850.edi").read_bytes(), "late.edi")
    return made


def part(about: bytes, value: bytes = b"") -> bytes:
    """A part of a form as it is sent, with the boundary ``b``."""
    return b"--b\r\ncontent-disposition: form-data; " + about + b"\r\n\r\n" + value + b"\r\n"


def written(answer: Any) -> bytes:
    """The X12 behind the button that downloads it."""
    return base64.b64decode(answer.form("Download")[0].fields["source"])


# --- the inspector ----------------------------------------------------------------------------------------------------


def test_a_file_is_shown_with_its_meaning(browser: Browser) -> None:
    page = browser.press(browser.get(), "Show what it says", GUEST)
    assert page.status == 200
    assert "READING CHAIR" in page.words and "Purchase Order Number" in page.words
    assert "no findings" in page.words


def test_pasted_text_is_the_same_as_a_file(browser: Browser) -> None:
    text = GUEST.decode().replace("\n", "\r\n")  # as a browser sends it
    pasted = browser.press(browser.get(), "Show what it says", text=text)
    shown = browser.press(browser.get(), "Show what it says", GUEST)
    assert pasted.words == shown.words


def test_findings_are_shown(browser: Browser) -> None:
    page = browser.press(browser.get(), "Show what it says", (SAMPLES / "published-sample" / "1-850.edi").read_bytes())
    assert "Findings" in page.words and "6 warnings" in page.words


@pytest.mark.parametrize(
    ("data", "words"),
    [(b"hello", "not X12"), (b"", "Nothing came"), (b"  \n", "Nothing came"), (b"{}", "not X12"), (b"\x00" * 50, "not X12")],
)
def test_what_is_no_x12_is_said(browser: Browser, data: bytes, words: str) -> None:
    page = browser.press(browser.get(), "Show what it says", data)
    assert 400 <= page.status < 500
    assert words in page.words


def test_nothing_of_a_file_becomes_html(browser: Browser) -> None:
    evil = GUEST.replace(b"READING CHAIR", b"<script>alert(1)</script><img src=x>")
    evil = evil.replace(b"SAMPLE SUPPLY CO", b"\"' onload=x &amp;")
    page = browser.press(browser.get(), "Show what it says", evil)
    assert "<script>alert" not in page.html and "<img" not in page.html
    assert "&lt;script&gt;" in page.html
    listed = browser.press(browser.get(), "Answer the order", evil)
    filled = browser.press(listed, "Make its ship notice")
    assert "<script>alert" not in filled.html and "&lt;script&gt;" in filled.html
    again = browser.press(filled, "Make the ship notice", id="\"><script>alert(2)</script>")
    assert "<script>alert" not in again.html and "&lt;script&gt;alert(2)" in again.html


# --- what would hold the page -----------------------------------------------------------------------------------------


HEAD = GUEST[: GUEST.index(b"BEG")]
EVIL = {
    "many orders": GUEST * 3000,
    "one set without end": HEAD + b"REF*IA*1~" * 100_000,
    "one segment without end": HEAD + b"REF*" + b"A" * 1_000_000,
    "empty elements": HEAD + (b"REF" + b"*" * 60_000 + b"~") * 16,
    "headers only": GUEST[:106] * 10_000,
    "sets without end": HEAD + b"ST*850*0001~" * 80_000,
    "text before": b"junk " * 200_000 + GUEST,
    "text after": GUEST + b"x" * 1_000_000,
}


@pytest.mark.parametrize("name", EVIL)
def test_what_was_cut_is_said(name: str) -> None:
    page = _shown(EVIL[name])
    assert page.status in (200, 422)
    assert any(words in page.words for words in ("Not all of it is here", "too large to be shown", "not X12")), page.words[:300]
    assert len(page.html) < 20_000_000


def _shown(data: bytes) -> Any:
    browser = Browser()
    return browser.press(browser.get(), "Show what it says", data)


def test_reading_ends_in_time(browser: Browser) -> None:
    times = iter(range(0, 1_000_000, 20))
    with pytest.raises(translator.LimitExceeded, match="ended after 8 seconds"):
        inspected(HEAD + b"REF*IA*1~" * 40_000, clock=lambda: next(times))


def test_orders_are_answered_from_files_of_a_size_that_a_form_carries(browser: Browser) -> None:
    page = browser.press(browser.get(), "Answer the order", GUEST * (ANSWERABLE // len(GUEST) + 1))
    assert page.status == 400
    assert "translator new" in page.words


def test_many_orders_are_cut_with_a_word(browser: Browser) -> None:
    page = browser.press(browser.get(), "Answer the order", GUEST * 60)
    assert len(page.forms) == 3 * ORDERS
    assert "first 50 orders" in page.words


# --- the answers ------------------------------------------------------------------------------------------------------


def test_an_acknowledgment_is_made_as_drafted(browser: Browser) -> None:
    ready = browser.press(browser.drafted("guest", "Make its acknowledgment"), "Make the acknowledgment", control="5")
    assert ready.status == 200 and "It is ready" in ready.words
    document = next(translator.read(written(ready))).document
    assert document is not None
    assert document["orders"][0]["lines"][0]["answers"] == [{"status": "IA", "quantity": "1", "unit": "EA"}]
    assert document["envelope"]["control"]["interchange"] == "000000005"
    assert document["envelope"]["usage"] == "T"


def test_lines_are_accepted_back_ordered_and_rejected_in_parts(browser: Browser) -> None:
    page = browser.drafted("back-order", "Make its acknowledgment")
    place = "orders_0_lines_0_answers_"
    fields = {
        f"{place}0_quantity": "3", f"{place}0_date": "2026-03-31", f"{place}1_status": "IB", f"{place}1_quantity": "1",
        f"{place}1_date": "2026-04-14", "orders_0_lines_1_answers_0_status": "IR",
        "orders_0_lines_1_answers_0_reason": "OUT OF STOCK", "control": "5",
    }  # fmt: skip
    ready = browser.press(page, "Make the acknowledgment", **fields)
    document = next(translator.read(written(ready))).document
    assert document is not None
    lines = document["orders"][0]["lines"]
    said = [[(one["status"], one["quantity"], one.get("date")) for one in line["answers"]] for line in lines]
    assert said == [[("IA", "3", "2026-03-31"), ("IB", "1", "2026-04-14")], [("IR", "1", None)]]


def test_a_shipment_is_made_with_labels(browser: Browser) -> None:
    ready = browser.press(browser.drafted("guest", "Make its ship notice"), "Make the ship notice", **SHIPPED)
    assert "Next serial number for labels 70402" in ready.words and "Control number used 7" in ready.words
    document = next(translator.read(written(ready))).document
    assert document is not None
    assert document["carrier"] == {"scac": "UPSN", "mode": "U"}
    assert document["orders"][0]["packs"][0]["sscc"] == "006141410000704019"
    assert document["ship_to"]["location"] == "9998"


def test_the_shipment_is_what_the_command_makes(browser: Browser) -> None:
    from translator.respond.shipment import ship
    from translator.respond.sscc import Serials
    from translator.tables.standard import parsed

    ready = browser.press(browser.drafted(RETAIL, "Make its ship notice"), "Make the ship notice", **SHIPPED)
    order = next(translator.read(SAMPLES / RETAIL / "1-850.edi")).document
    assert order is not None
    draft, _ = ship(order, parsed("mappings/target/derive.toml", None), serials=Serials("0614141", "70401"))
    assert draft is not None
    draft |= {
        "id": "SH1", "ship_date": "2026-03-09", "carrier": {"name": "UPS Ground"},
        "references": {"bill_of_lading": {"id": "B1"}}, "ship_from": {"name": "SAMPLE SUPPLY CO"},
    }  # fmt: skip
    assert written(ready) == translator.write(draft, orders=[order], control=7, now=NOW).data


def test_less_is_shipped_in_fewer_cartons(browser: Browser) -> None:
    page = browser.drafted(RETAIL, "Make its ship notice")
    assert "Carton 6" in page.words
    counted = browser.press(page, "Count the cartons", order_lines_0_quantity="4", order_lines_1_quantity="0")
    assert counted.status == 200
    assert "Carton 1" in counted.words and "Carton 2" not in counted.words
    ready = browser.press(counted, "Make the ship notice", **SHIPPED)
    document = next(translator.read(written(ready))).document
    assert document is not None
    assert [[item["quantity"] for item in pack["items"]] for pack in document["orders"][0]["packs"]] == [["4"]]


def test_cartons_that_changed_are_looked_at_again(browser: Browser) -> None:
    """A tracking number must not slip to another carton."""
    page = browser.drafted(RETAIL, "Make its ship notice")
    fields = SHIPPED | {"order_lines_0_quantity": "4", "orders_0_packs_5_tracking": "1Z5"}
    again = browser.press(page, "Make the ship notice", **fields)
    assert again.status == 422
    assert "The quantities changed" in again.words


def test_goods_without_cartons(browser: Browser) -> None:
    page = browser.drafted(RETAIL, "Make its ship notice")
    fields = {name: value for name, value in SHIPPED.items() if name not in ("gs1_prefix", "serial")}
    ready = browser.press(page, "Make the ship notice", loose="yes", **fields)
    document = next(translator.read(written(ready))).document
    assert document is not None
    assert [len(pack["items"]) for pack in document["orders"][0]["packs"]] == [2]
    assert "Next serial number" not in ready.words


def test_an_invoice_comes_to_its_total(browser: Browser) -> None:
    page = browser.drafted(RETAIL, "Make its invoice")
    form, _ = page.form("Make the invoice")
    prices = [form.fields[f"order.lines[{n}].price"] for n in (0, 1)]
    ready = browser.press(page, "Make the invoice", order_lines_0_quantity="2", order_lines_1_quantity="0", **BILLED)
    document = next(translator.read(written(ready))).document
    assert document is not None
    assert [(line["line"], line["quantity"], line["price"]) for line in document["lines"]] == [("000001", "2", prices[0])]
    assert document["totals"]["amount"] == "16.80"


@pytest.mark.parametrize("story", sorted(file.parent.name for file in SAMPLES.glob("*/1-850.edi")))
def test_every_sample_order_that_can_be_answered_is(story: str) -> None:
    """As drafted, with what only the supplier knows: X12 without errors, or words that say why not."""
    given = SHIPPED | BILLED
    for order in orders((SAMPLES / story / "1-850.edi").read_bytes())[0]:
        for offer in offers(order)[0]:
            drafted = form(order, offer.kind, agreed=offer.program, now=NOW)
            if drafted.refused:
                assert not drafted.sections
                continue
            fields = {name: given.get(plain(name), one.value) for name, one in drafted.fields.items()}
            made = form(order, offer.kind, fields, agreed=offer.program, now=NOW)
            assert made.data or made.errors or made.faults
            assert not [one for one in translator.check(made.data or GUEST) if one.severity == "error"]


# --- what is wrong, at its field --------------------------------------------------------------------------------------


def faults(page: Any) -> dict[str, str]:
    """What the summary says, by the label of the field."""
    found = re.findall(r'<li><a href="#[^"]+">([^<]+)</a>: ([^<]+)</li>', page.html)
    return {unescape(name): unescape(said) for name, said in found}


def test_what_is_missing_is_said_at_its_field(browser: Browser) -> None:
    page = browser.press(browser.drafted("guest", "Make its ship notice"), "Make the ship notice")
    assert page.status == 422
    assert set(faults(page)) == {
        "Shipment number", "Day the goods leave", "Carrier", "Bill of lading (BOL)", "Shipped from: name",
        "Your GS1 company prefix", "Control number",
    }  # fmt: skip
    assert 'aria-invalid=true' in page.html and "aria-describedby" in page.html
    assert not any("Download" in words for one in page.forms for words in one.buttons)


@pytest.mark.parametrize(
    ("field", "value", "label", "words"),
    [
        ("references_bill_of_lading_id", "B*1", "Bill of lading (BOL)", "holds the character *"),
        ("references_bill_of_lading_id", "B" * 40, "Bill of lading (BOL)", "30"),
        ("ship_date", "2026-02-30", "Day the goods leave", "day of the calendar"),
        ("ship_date", "soon", "Day the goods leave", "day of the calendar"),
        ("control", "0", "Control number", "from 1 to 999999999"),
        ("control", "1234567890", "Control number", "from 1 to 999999999"),
        ("control", "\u0661", "Control number", "number"),
        ("gs1_prefix", "12", "Your GS1 company prefix", "7 to 10 digits"),
        ("serial", "x", "First serial number", "number"),
        ("serial", "", "First serial number", "come together"),
        ("order_lines_0_quantity", "2", "Line 000001: Quantity shipped", "more than the order has"),
        ("order_lines_0_quantity", "-1", "Line 000001: Quantity shipped", "less than 0"),
        ("order_lines_0_quantity", "1e3", "Line 000001: Quantity shipped", "Give a number"),
        ("order_lines_0_quantity", "0", "Line 000001: Quantity shipped", "one line at least"),
        ("orders_0_packs_0_weight", "heavy", "Carton 1: Weight (lb)", "Give a number"),
        ("carrier_scac", "TOOLONG", "Or the carrier's code (SCAC)", "stands for UPSN"),
    ],
)
def test_what_is_wrong_is_said_at_its_field(browser: Browser, field: str, value: str, label: str, words: str) -> None:
    page = browser.press(browser.drafted("guest", "Make its ship notice"), "Make the ship notice", **(SHIPPED | {field: value}))
    assert page.status == 422
    said = faults(page)
    assert label in said, said
    assert words in said[label]


def test_an_acknowledgment_answers_for_every_unit(browser: Browser) -> None:
    page = browser.drafted("back-order", "Make its acknowledgment")
    again = browser.press(page, "Make the acknowledgment", control="5", orders_0_lines_0_answers_0_quantity="3")
    assert again.status == 422
    assert "the order has 4" in faults(again)["Line 000001: Quantity"]


def test_warnings_do_not_keep_it_back(browser: Browser) -> None:
    page = browser.drafted("back-order", "Make its acknowledgment")
    ready = browser.press(page, "Make the acknowledgment", control="5", orders_0_lines_0_answers_0_status="IR")
    assert ready.status == 200
    assert "Worth a look" in ready.words and "Line 000001: Reason is missing" in ready.words


def test_what_was_filled_in_comes_back(browser: Browser) -> None:
    ready = browser.press(browser.drafted("guest", "Make its ship notice"), "Make the ship notice", **SHIPPED)
    page = browser.press(ready, "Change something")
    form, _ = page.form("Make the ship notice")
    assert {name: form.fields[name] for name in ("id", "serial", "carrier.name", "control")} == {
        "id": "SH1", "serial": "70401", "carrier.name": "UPS Ground", "control": "7",
    }  # fmt: skip
    assert written(browser.press(page, "Make the ship notice")) == written(ready)


def test_carriers_and_codes_come_from_the_tables(browser: Browser) -> None:
    shipment, _ = browser.drafted("guest", "Make its ship notice").form("Make the ship notice")
    assert {"", "UPS Ground", "FedEx Ground"} <= set(shipment.choices["carrier.name"])
    answer, _ = browser.drafted("guest", "Make its acknowledgment").form("Make the acknowledgment")
    statuses = answer.choices["orders[0].lines[0].answers[0].status"]
    assert statuses[0] == "IA" and {"IR", "IB"} <= set(statuses)


def test_other_tables_are_used_where_they_are_named(tmp_path: Path) -> None:
    (tmp_path / "target").mkdir()
    rows = '[[carriers]]\nname = "My Truck"\nscac = "QZXM"\nmode = "M"\n'
    (tmp_path / "target/carriers.toml").write_text(f'partner = "target"\n{rows}')
    page = Browser(mappings=tmp_path).drafted("guest", "Make its ship notice")
    form, _ = page.form("Make the ship notice")
    assert form.choices["carrier.name"] == ["", "My Truck"]


# --- which answers there are ------------------------------------------------------------------------------------------


def test_an_answer_that_must_be_agreed_is_offered_apart(browser: Browser) -> None:
    listed = browser.press(browser.get(), "Answer the order", (SAMPLES / RETAIL / "1-850.edi").read_bytes())
    assert "Only if you agreed on it" in listed.words and "drop ship only" in listed.words
    page = browser.press(listed, "Make its acknowledgment")
    assert browser.press(page, "Make the acknowledgment", control="5").status == 200


def test_an_order_that_waits_has_no_form(browser: Browser) -> None:
    blanket = translator.read(SAMPLES / "blanket-and-release" / "1-850.edi")
    order = next(one.document for one in blanket if one.document and one.document.get("type") == "BK")
    made = form(order, "shipment", now=NOW)
    assert not made.sections
    assert "blanket order" in made.refused[0]


def test_a_file_without_an_order_is_said(browser: Browser) -> None:
    page = browser.press(browser.get(), "Answer the order", (SAMPLES / "guest" / "6-856.edi").read_bytes())
    assert page.status == 400
    assert "no purchase order" in page.words


@pytest.mark.parametrize(
    "change",
    [
        {"kind": "order"}, {"kind": ""}, {"kind": "../shipment"}, {"program": "no such"}, {"n": "1"}, {"n": "-1"}, {"n": "\u0660"},
        {"n": "9" * 5000}, {"source": "%%%"}, {"source": "aGVsbG8="},
    ],
)  # fmt: skip
def test_a_form_that_was_tampered_with_is_refused(browser: Browser, change: dict[str, str]) -> None:
    form, _ = browser.drafted("guest", "Make its ship notice").form("Make the ship notice")
    page = browser.post("/answer", form.fields | change)
    assert 400 <= page.status < 500
    assert "start page" in page.words and "Traceback" not in page.html


def test_names_of_fields_are_looked_up_and_never_followed(browser: Browser) -> None:
    form, _ = browser.drafted("guest", "Make its ship notice").form("Make the ship notice")
    given = {name: SHIPPED.get(plain(name), value) for name, value in form.fields.items()}
    odd = {
        "__class__": "x", "orders[0].number": "FORGED", "orders[99].packs[0].sscc": "1", "envelope.sender.id": "SOMEBODY",
        "partner": "nobody", "guide": "target/810", "document": "invoice", "order.lines[0].line": "9", "ship_to.name": "ELSEWHERE",
        "orders[0].packs[0].items[0].quantity": "5", "order.lines[0].__dict__": "x", "derived.x": "y", "": "z",
    }  # fmt: skip
    assert written(browser.post("/answer", given | odd)) == written(browser.post("/answer", given))


# --- the download -----------------------------------------------------------------------------------------------------


def test_the_file_is_the_same_bytes_under_a_safe_name(browser: Browser) -> None:
    ready = browser.press(browser.drafted("guest", "Make its ship notice"), "Make the ship notice", **SHIPPED)
    file = browser.press(ready, "Download")
    assert file.response.content == written(ready)
    assert file.headers["content-disposition"] == 'attachment; filename="ship-notice-7.edi"'
    assert file.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize(
    ("kind", "control"), [("../../etc", "1"), ("invoice", '1"; x="'), ("x\r\nset-cookie: a=b", "\r\n"), ("", "")]
)
def test_no_word_of_a_request_becomes_a_file_name(browser: Browser, kind: str, control: str) -> None:
    source = base64.b64encode(GUEST).decode()
    file = browser.post("/download", {"source": source, "kind": kind, "control": control})
    assert file.headers["content-disposition"] in (
        'attachment; filename="document-1.edi"', 'attachment; filename="invoice-0.edi"', 'attachment; filename="document-0.edi"',
    )  # fmt: skip
    assert "set-cookie" not in file.headers


def test_only_x12_is_given_back(browser: Browser) -> None:
    page = browser.post("/download", {"source": base64.b64encode(b"<script>").decode(), "kind": "invoice", "control": "1"})
    assert page.status == 400


# --- who is let in ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "host", ["evil.example", f"evil.example:{PORT}", "127.0.0.1", f"127.0.0.1:{PORT + 1}", "", f"[::1]:{PORT}", f"127.1:{PORT}"]
)
def test_other_names_of_this_computer_are_refused(browser: Browser, host: str) -> None:
    page = browser.get(host=host)
    assert page.status == 421
    assert browser.page.token not in page.html


@pytest.mark.parametrize("host", [f"127.0.0.1:{PORT}", f"localhost:{PORT}", f"LOCALHOST:{PORT}"])
def test_its_own_names_are_answered(browser: Browser, host: str) -> None:
    assert browser.get(host=host).status == 200


@pytest.mark.parametrize(
    "headers",
    [
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
        {"sec-fetch-site": "none"},
        {"origin": "http://evil.example"},
        {"origin": f"https://127.0.0.1:{PORT}"},
        {"origin": f"http://127.0.0.1:{PORT + 1}"},
        {"origin": f"http://localhost:{PORT}"},
        {"origin": "http://evil.example", "sec-fetch-site": ""},
    ],
)
def test_forms_of_other_sites_are_refused(browser: Browser, headers: dict[str, str]) -> None:
    page = browser.post("/inspect", {}, GUEST, **headers)
    assert page.status == 403
    assert "READING CHAIR" not in page.html


@pytest.mark.parametrize("headers", [{}, {"origin": "null"}])
def test_a_form_that_says_nothing_of_its_origin_is_refused(browser: Browser, headers: dict[str, str]) -> None:
    browser.headers = {}
    assert browser.post("/inspect", {}, GUEST, **headers).status == 403


def test_an_older_browser_says_its_origin(browser: Browser) -> None:
    browser.headers = {"origin": HERE}
    assert browser.post("/inspect", {}, GUEST).status == 200


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_other_sites_cannot_load_a_page(browser: Browser, site: str) -> None:
    page = browser.get(**{"sec-fetch-site": site})
    assert page.status == 403
    assert browser.page.token not in page.html


@pytest.mark.parametrize("token", ["", "x", "\u00e9"])
@pytest.mark.parametrize("path", ["/inspect", "/orders", "/form", "/answer", "/download"])
def test_every_form_needs_the_token_of_this_process(browser: Browser, path: str, token: str) -> None:
    page = browser.post(path, {"token": token}, GUEST)
    assert page.status == 400
    assert "started again" in page.words
    assert Browser().page.token != browser.page.token


def test_a_page_can_be_asked_for_without_its_body(browser: Browser) -> None:
    response = browser.request("HEAD", "/")
    assert response.status_code == 200
    assert "content-security-policy" in response.headers


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "CONNECT"])
def test_other_methods_are_refused(browser: Browser, method: str) -> None:
    assert browser.request(method, "/").status_code == 405


@pytest.mark.parametrize(
    ("path", "status"),
    [("/inspect", 405), ("/answer", 405), ("/x", 404), ("/../etc/passwd", 404), ("/%2e%2e/x", 404), ("/folder/", 404)],
)
def test_there_are_no_other_pages(browser: Browser, path: str, status: int) -> None:
    page = browser.get(path)
    assert page.status == status
    assert "start page" in page.words


def test_websockets_are_closed(browser: Browser) -> None:
    sent: list[Any] = []

    async def send(message: Any) -> None:
        sent.append(message)

    async def receive() -> Any:
        return {"type": "websocket.connect"}

    asyncio.run(browser.app({"type": "websocket", "path": "/", "headers": []}, receive, send))
    assert sent == [{"type": "websocket.close", "code": 1008}]


def test_every_answer_carries_its_headers(browser: Browser, shop: Shop) -> None:
    with_folder = Browser(shop.folder)
    nonces = set()
    for page in (
        browser.get(), browser.get("/none"), browser.get(host="evil"), browser.post("/inspect", {}, GUEST),
        browser.post("/answer", {}), browser.post("/inspect", {"token": "x"}), with_folder.get("/folder"), browser.get("/guide"),
        browser.get("/guide/target/855"), browser.get("/inspect"), Answer(browser.request("PUT", "/guide")),
        browser.post("/inspect", {}, GUEST, **{"content-length": str(1 << 30)}),
        browser.drafted("guest", "Make its invoice"),
        browser.press(browser.drafted("guest", "Make its ship notice"), "Make the ship notice", **SHIPPED),
    ):  # fmt: skip
        policy = dict(part.split(" ", 1) for part in page.headers["content-security-policy"].split("; "))
        nonce = policy["style-src"].strip("'").removeprefix("nonce-")
        assert policy == {
            "default-src": "'none'", "style-src": f"'nonce-{nonce}'", "script-src": f"'nonce-{nonce}'", "form-action": "'self'",
            "base-uri": "'none'", "frame-ancestors": "'none'",
        }  # fmt: skip
        assert page.html.count(f'nonce="{nonce}"') == page.html.count("<style") + page.html.count("<script")
        assert page.headers["x-content-type-options"] == "nosniff"
        assert page.headers["referrer-policy"] == "no-referrer"
        assert page.headers["cache-control"] == "no-store"
        assert page.headers["cross-origin-resource-policy"] == "same-origin"
        assert "set-cookie" not in page.headers and "server" not in page.headers
        assert " style=" not in page.html and " onclick" not in page.html and "http://" not in page.html.replace(HERE, "")
        nonces.add(nonce)
    assert len(nonces) == 14


# --- the guide --------------------------------------------------------------------------------------------------------


def test_what_the_inspector_shows_leads_into_the_guide(browser: Browser) -> None:
    shown = browser.post("/inspect", {}, GUEST.replace(b"CSH*N~", b"CSH*Q~")).html
    links = set(re.findall(r'href="(/guide/[^"]+)"', shown))
    assert {"/guide/target/850#BEG", "/guide/target/850#BEG-03", "/guide/target/850#PO1.PO1-06-07"} <= links
    assert "/guide/findings#element-code" in links
    for address in {link.partition("#")[0] for link in links}:
        page = browser.get(address)
        ids = set(re.findall(r' id="([^"]+)"', page.html))
        assert {link.partition("#")[2] for link in links if link.startswith(f"{address}#")} <= ids


def test_pages_of_the_guide_lead_to_each_other(browser: Browser) -> None:
    index = browser.get("/guide")
    known = set(re.findall(r'href="(/guide[^"#]*)', index.html)) | {"/guide"}
    assert {"/guide/target/850", "/guide/target/partner", "/guide/documents/order", "/guide/findings", "/guide/x12/004010"} <= known
    for address in ("/guide/target/850", "/guide/target/partner", "/guide/documents/order"):
        page = browser.get(address)
        assert page.status == 200
        assert set(re.findall(r'href="([^"#]+)', page.html)) <= known | {"/"}


@pytest.mark.parametrize(
    "name",
    ["target/851", "target/850.html", "target/850.toml", "tables/target/850", "..%2f..%2fetc%2fpasswd",
     "%2e%2e/x", "//etc/passwd", "target%00/850", "TARGET/850", "spec.css", "index",
     "documents/order.html", "target/850/", "x" * 5000],
)  # fmt: skip
def test_a_name_that_is_no_page_of_the_guide_is_none(browser: Browser, name: str) -> None:
    page = browser.get(f"/guide/{name}")
    assert (page.status, "start page" in page.words) == (404, True)
    assert name[:20] not in page.words


def test_the_guide_is_made_from_the_tables_that_were_named(tmp_path: Path) -> None:
    (tmp_path / "target").mkdir()
    (tmp_path / "target" / "notes.toml").write_text("# Notes.\n[[row]]\nname = '<script>alert(1)</script>'\n")
    browser = Browser(mappings=tmp_path)
    page = browser.get("/guide/target/notes")
    assert page.status == 200
    assert "<script>" not in page.html.lower()
    assert Browser().get("/guide/target/notes").status == 404


# --- how much is taken ------------------------------------------------------------------------------------------------


def test_what_is_too_large_is_refused_before_it_is_read(browser: Browser) -> None:
    small = Browser(limits=Limits(largest=2000))
    page = small.post("/inspect", {}, b"x" * 3000)
    assert page.status == 413
    assert "translator check" in page.words


def test_what_does_not_say_how_long_it_is_is_counted(browser: Browser) -> None:
    small = Browser(limits=Limits(largest=2000))
    body = b'--b\r\ncontent-disposition: form-data; name="text"\r\n\r\n' + b"x" * 5000 + b"\r\n--b--\r\n"

    async def pieces() -> AsyncIterator[bytes]:
        for n in range(0, len(body), 500):
            yield body[n : n + 500]

    headers = small.headers | {"content-type": PARTS}
    response = small.request("POST", "/inspect", content=pieces(), headers=headers)
    assert "content-length" not in response.request.headers
    assert response.status_code == 413


@pytest.mark.parametrize("length", ["-1", "x", "1_0", "+5", "9" * 30])
def test_a_length_that_is_none_is_refused(browser: Browser, length: str) -> None:
    response = browser.request("POST", "/inspect", content=b"x", headers=browser.headers | {"content-length": length})
    assert response.status_code == 400


@pytest.mark.parametrize(("length", "status"), [("99", 503), (str(1 << 30), 413)])
def test_a_request_that_stops_on_its_way_is_ended(length: str, status: int) -> None:
    """Nothing more comes: after the pause the page answers, and holds nothing."""
    browser = Browser(limits=Limits(pause=0.05))
    sent: list[Any] = []
    headers = [("host", f"127.0.0.1:{PORT}"), ("origin", HERE), ("content-type", PARTS), ("content-length", length)]
    scope = {
        "type": "http", "method": "POST", "path": "/inspect", "raw_path": b"/inspect", "query_string": b"", "root_path": "",
        "headers": [(name.encode(), value.encode()) for name, value in headers], "http_version": "1.1", "scheme": "http",
    }  # fmt: skip
    first = [{"type": "http.request", "body": b"--b\r\n", "more_body": True}]

    async def receive() -> Any:
        if first:
            return first.pop()
        return await asyncio.Event().wait()

    async def send(message: Any) -> None:
        sent.append(message)

    async def waited() -> None:
        await asyncio.wait_for(browser.app(scope, receive, send), 20)

    asyncio.run(waited())
    assert sent[0]["status"] == status


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("application/x-www-form-urlencoded", b"text=ISA"),
        ("application/json", b"{}"),
        ("text/plain", b"x"),
        ("multipart/form-data", b"x"),
        (PARTS, b"garbage"),
        (PARTS, b"--b\r\ncontent-disposition: form-data\r\n\r\nx\r\n--b--\r\n"),
        (f"{PARTS}; charset=unicode_escape", part(b'name="token"', b"\\ud800") + b"--b--\r\n"),
        (PARTS, b"".join(part(b'name="%d"' % n) for n in range(7000)) + b"--b--\r\n"),
        (PARTS, b"".join(part(b'name="file"; filename="%d"' % n, b"x") for n in range(3)) + b"--b--\r\n"),
    ],
)  # fmt: skip
def test_only_the_forms_of_this_page_are_taken(browser: Browser, kind: str, body: bytes) -> None:
    response = browser.request("POST", "/inspect", content=body, headers=browser.headers | {"content-type": kind})
    assert response.status_code == 400
    assert "Traceback" not in response.text


def test_nothing_is_written_anywhere(browser: Browser, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Not even a temporary file, for a file larger than what a form's parser would keep in memory by itself."""
    import tempfile

    monkeypatch.setattr(tempfile.SpooledTemporaryFile, "rollover", lambda self: pytest.fail("a file was made"))
    monkeypatch.chdir(tmp_path)
    assert browser.post("/inspect", {}, GUEST + b"x" * 3_000_000).status == 200
    assert not list(tmp_path.iterdir())


def test_a_fault_of_ours_is_a_page_without_a_traceback(browser: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: Any, **__: Any) -> Any:
        raise RuntimeError("<b>secret</b>")

    monkeypatch.setattr("translator.serve.app.inspected", broken)
    page = browser.post("/inspect", {}, GUEST)
    assert page.status == 500
    assert "secret" not in page.html and "Traceback" not in page.html and "Please report it" in page.words


def test_work_that_takes_too_long_is_not_waited_for(browser: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    import time

    monkeypatch.setattr("translator.serve.app._PATIENCE", 0.05)
    monkeypatch.setattr("translator.serve.app.inspected", lambda *_: time.sleep(0.4))
    page = browser.post("/inspect", {}, GUEST)
    assert page.status == 503
    assert "took too long" in page.words


def test_other_pages_are_answered_while_one_is_worked_on(browser: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody's file that takes long holds nobody else up, and so do two; what comes after them waits its turn."""
    begun, ended = threading.Barrier(3), threading.Event()

    def slow(*_: Any) -> Any:
        begun.wait(20)
        ended.wait(20)
        raise translator.NotX12("nothing")

    monkeypatch.setattr("translator.serve.app.inspected", slow)
    with ThreadPoolExecutor(2) as others:
        waiting = [others.submit(Browser.post, browser, "/inspect", {}, GUEST) for _ in range(2)]
        begun.wait(20)
        assert browser.get().status == 200
        assert not any(one.done() for one in waiting)
        ended.set()
        assert [one.result().status for one in waiting] == [422, 422]


# --- the exchange folder ----------------------------------------------------------------------------------------------


def test_the_state_of_a_folder_shows_late_orders_first(shop: Shop) -> None:
    page = Browser(shop.folder).get("/folder")
    assert page.status == 200
    assert "late" in page.words and "Waiting for you" in page.words
    assert page.words.index("0052-7654321-1001") < page.words.index("44170023851-0551")
    assert "<b>nope" not in page.html


def test_the_log_of_an_order(shop: Shop) -> None:
    browser = Browser(shop.folder)
    page = browser.get("/folder/log?order=0052-7654321-1001")
    assert "Everything that happened to it" in page.words and "early.edi" in page.words
    odd = browser.get("/folder/log?order=%27%3B--%3Cscript%3E..%2F")
    assert odd.status == 404
    assert "<script>" not in odd.html.replace("<script nonce", "")


def test_without_a_folder_there_is_none(browser: Browser) -> None:
    assert browser.get("/folder").status == 404
    assert "/folder" not in browser.get().html


def test_the_folder_is_only_looked_at(shop: Shop) -> None:
    def held() -> dict[str, bytes]:
        return {
            str(file.relative_to(shop.folder)): file.read_bytes()
            for file in shop.folder.rglob("*")
            if file.is_file() and not file.name.endswith(("-wal", "-shm"))
        }

    before = held()
    browser = Browser(shop.folder)
    for path in ("/folder", "/folder?all=yes", "/folder/log?order=0052-7654321-1001"):
        assert browser.get(path).status == 200
    assert held() == before


def test_the_ledger_is_opened_for_reading_only(shop: Shop, tmp_path: Path) -> None:
    import sqlite3

    with read_only(shop.folder, untouched=True) as room, pytest.raises(sqlite3.OperationalError, match="readonly"):
        room.ledger.connection.execute("DELETE FROM meta")
    old = tmp_path / "ledger.db"
    with sqlite3.connect(shop.folder / "ledger.db") as source, sqlite3.connect(old) as copy:
        source.backup(copy)
        copy.execute(f"PRAGMA user_version = {len(STEPS) - 1}")
    with pytest.raises(LedgerError, match="earlier version"):
        open_ledger(old, reading=True)


def test_a_folder_that_is_gone_is_said(tmp_path: Path) -> None:
    page = Browser(tmp_path / "gone").get("/folder")
    assert page.status == 500
    assert "cannot be read" in page.words


# --- the command ------------------------------------------------------------------------------------------------------


def test_the_server_listens_on_this_computer_only(tmp_path: Path) -> None:
    process = subprocess.Popen([sys.executable, "-m", "translator", "serve", "--port", "0"], stderr=subprocess.PIPE, text=True)
    try:
        assert process.stderr is not None
        said = process.stderr.readline()
        port = int(said.split("127.0.0.1:")[1].split("/")[0])
        with socket.create_connection(("127.0.0.1", port), timeout=20) as line:
            line.sendall(f"GET / HTTP/1.1\r\nhost: 127.0.0.1:{port}\r\nconnection: close\r\n\r\n".encode())
            answer = b"".join(iter(lambda: line.recv(65536), b""))
        assert answer.startswith(b"HTTP/1.1 200") and b"content-security-policy" in answer and b"\r\nserver:" not in answer
        listening = Path(f"/proc/{process.pid}/net/tcp")
        if listening.exists():
            rows = [row.split()[1] for row in listening.read_text().splitlines()[1:] if row.split()[3] == "0A"]
            assert [row for row in rows if row.endswith(f":{port:04X}")] == [f"0100007F:{port:04X}"]
    finally:
        process.send_signal(signal.SIGINT)
        rest = process.communicate(timeout=20)[1]
    assert process.returncode == 0
    assert "Traceback" not in rest


def test_a_port_that_is_taken_is_said() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        command = [sys.executable, "-m", "translator", "serve", "--port", str(taken.getsockname()[1])]
        run = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert run.returncode == 75
    assert "--port" in run.stderr


def test_there_is_no_option_for_another_host() -> None:
    run = CliRunner().invoke(command, ["serve", "--host", "0.0.0.0"])
    assert run.exit_code == 2


def test_a_folder_that_is_none_is_said_at_once(tmp_path: Path) -> None:
    run = subprocess.run([sys.executable, "-m", "translator", "serve", str(tmp_path)], capture_output=True, text=True, timeout=60)
    assert run.returncode == 5


def test_without_its_packages_it_says_what_to_install(tmp_path: Path) -> None:
    (tmp_path / "uvicorn.py").write_text("raise ModuleNotFoundError('no uvicorn', name='uvicorn')")
    env = dict(os.environ, PYTHONPATH=os.pathsep.join([str(tmp_path), os.environ.get("PYTHONPATH", "")]))
    run = subprocess.run([sys.executable, "-m", "translator", "serve"], capture_output=True, text=True, timeout=60, env=env)
    assert run.returncode == 5
    assert "pip install 'supplier-edi[web]'" in run.stderr
