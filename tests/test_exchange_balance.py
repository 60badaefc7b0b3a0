"""Documents of the ERP beside those that went before: balances, numbers, labels. Cases are data: ``cases/exchange.toml``."""

from __future__ import annotations

import datetime
import json
import tomllib
from pathlib import Path
from typing import Any

import pytest

from translator.exchange.answers import retry_waiting
from translator.exchange.dispatch import dispatch
from translator.exchange.room import Room, opened
from translator.exchange.run import run
from translator.exchange.send import Outcome, offer
from translator.exchange.setup import init
from translator.respond.sscc import Serials

ROOT = Path(__file__).parents[1]
CASES = tomllib.loads((ROOT / "tests/cases/exchange.toml").read_text(encoding="utf-8"))["case"]
NOW = datetime.datetime(2024, 4, 8, 15, tzinfo=datetime.UTC)
ORDER = ROOT / "samples/changed/1-850.edi"
NUMBER = json.loads((ROOT / "samples/changed/2-order.json").read_text(encoding="utf-8"))["number"]


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    """An exchange folder that took the order."""
    init(tmp_path)
    file = tmp_path / "exchange.toml"
    text = file.read_text(encoding="utf-8").replace('id        = ""', 'id        = "1234567890"', 1)
    file.write_text(text.replace("settle_seconds     = 1 ", "settle_seconds     = 0 "), encoding="utf-8")
    (tmp_path / "in/order.edi").write_bytes(ORDER.read_bytes())
    assert run(tmp_path, now=NOW).problems == 0
    return tmp_path


def given(n: int, step: dict[str, Any]) -> dict[str, Any]:
    """The document of a step."""
    if "bill" in step:
        lines = [{"line": line, "quantity": quantity} for line, quantity in step["bill"].items()]
        about = {"invoice_number": step.get("id", f"INV{n}"), "invoice_date": "2024-04-09", "ship_date": "2024-04-08"}
        carrier = {"scac": "NEMF", "mode": "M", "reference_type": "BM", "reference": "BOL1"}
        return {"document": "invoice", "number": NUMBER, "lines": lines, "carrier": carrier, **about}
    items = [{"line": line, "quantity": much, "final": step.get("final", False)} for line, much in step["ship"].items()]
    items = [{key: value for key, value in item.items() if value is not False} for item in items]
    [label] = Serials("0614141", 70 + n).take(1) or []
    return {
        "document": "shipment", "id": step.get("id", f"SH{n}"), "ship_date": "2024-04-08", "carrier": {"scac": "NEMF", "mode": "M"},
        "references": {"bill_of_lading": {"id": f"BOL{step.get('id', n)}"}}, "ship_from": {"name": "ACME", "location": "WH01"},
        "orders": [{"number": NUMBER, "packs": [{"sscc": step.get("label", label), "items": items}]}],
    }  # fmt: skip


def offered(room: Room, n: int, step: dict[str, Any]) -> Outcome:
    outcome = offer(room, given(n, step))
    dispatch(room)
    return outcome


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_what_is_found_beside_earlier_documents(case: dict[str, Any], shop: Path) -> None:
    with opened(shop, now=NOW) as room:
        *before, last = [offered(room, n, step) for n, step in enumerate(case["give"])]
        assert {one.state for one in before} <= {"sent"}
    found = [{key: getattr(one, key) for key in want} for one, want in zip(last.findings, case["find"], strict=False)]
    codes = [one.code for one in last.findings if not one.code.startswith("preflight-")]
    assert (last.state, codes) == (case["state"], [want["code"] for want in case["find"]])
    assert found == case["find"]
    assert all("exchange" not in one.sentence for one in last.findings)


def test_an_invoice_that_waits_goes_out_with_its_shipment(shop: Path) -> None:
    with opened(shop, now=NOW) as room:
        assert offered(room, 0, {"bill": {"000001": "36"}}).state == "waiting"
        assert not list(shop.glob("out/810*"))
        assert retry_waiting(room) == 0
        assert offered(room, 1, {"ship": {"000001": "36"}}).state == "sent"
        assert retry_waiting(room) == 1
        dispatch(room)
        assert [one.state for one in room.ledger.documents.named("target", "invoice", "INV0")] == ["sent"]
    assert len(list(shop.glob("out/810*"))) == 1


def test_a_line_that_was_closed_is_not_shipped_any_more(shop: Path) -> None:
    with opened(shop, now=NOW) as room:
        assert offered(room, 0, {"ship": {"000001": "24"}, "final": True}).state == "sent"
        again = offered(room, 1, {"ship": {"000001": "12"}})
    assert (again.state, [one.code for one in again.findings if one.severity == "error"]) == ("refused", ["line-overshipped"])


def test_the_next_year_a_label_may_be_used_again(shop: Path) -> None:
    with opened(shop, now=NOW) as room:
        assert offered(room, 0, {"ship": {"000001": "12"}, "label": "006141410000000012"}).state == "sent"
    with opened(shop, now=NOW + datetime.timedelta(days=370)) as room:
        assert offered(room, 1, {"ship": {"000001": "12"}, "label": "006141410000000012"}).state in ("sent", "held")
