"""Drafts from an exchange, and orders closed by a person: labels are never numbered twice, and completed drafts go out."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from exchanges import SAMPLES, Shop

from translator.errors import Refused
from translator.exchange import decide
from translator.exchange.drafts import draft
from translator.exchange.room import opened

PO = "0009-3300145-1001"


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    shop = Shop(tmp_path / "shop", gs1_prefix='"0614141"')
    shop.arrive((SAMPLES / "guest/1-850.edi").read_bytes())
    return shop


def drafted(shop: Shop, kind: str, *numbers: str, **about: str) -> dict[str, Any]:
    with opened(shop.folder, now=shop.now) as room:
        made, _, missing = draft(room, kind, list(numbers), **about)
    assert made is not None
    assert missing or kind == "acknowledgment"
    return made


def completed(document: dict[str, Any], number: str) -> dict[str, Any]:
    """With what only the supplier knows."""
    carrier = {"name": "UPS Ground"}
    if document["document"] == "invoice":
        carrier |= {"reference_type": "BM", "reference": number}
        return {**document, "invoice_number": number, "invoice_date": "2026-03-06", "ship_date": "2026-03-06", "carrier": carrier}
    about = {"id": number, "ship_date": "2026-03-06", "carrier": carrier, "references": {"bill_of_lading": {"id": number}}}
    for order in document["orders"]:
        for pack in order["packs"]:
            pack["tracking"] = "1Z999AA10123456784"
    return {**document, **about, "ship_from": {"name": "ACME", "location": "WH01"}}


def test_completed_drafts_go_out(shop: Shop) -> None:
    shop.answer(completed(drafted(shop, "shipment", PO), "SH1"))
    shop.answer(completed(drafted(shop, "invoice", PO), "INV1"))
    assert [name.split("_")[0] for name in shop.names("out")] == ["810", "855", "856", "997"]


def test_no_label_is_numbered_twice(shop: Shop) -> None:
    labels = [pack["sscc"] for _ in range(3) for order in drafted(shop, "shipment", PO)["orders"] for pack in order["packs"]]
    assert len(set(labels)) == len(labels) == 3
    assert labels[0] == "006141410000000012"


def test_without_a_prefix_cartons_are_not_numbered(tmp_path: Path) -> None:
    shop = Shop(tmp_path / "shop")
    shop.arrive((SAMPLES / "guest/1-850.edi").read_bytes())
    assert all("sscc" not in pack for order in drafted(shop, "shipment", PO)["orders"] for pack in order["packs"])


def test_a_draft_is_refused_in_words(shop: Shop) -> None:
    with opened(shop.folder, now=shop.now) as room:
        for numbers, kind, about, words in (
            (["NONE"], "shipment", {}, "no open order"),
            ([PO, PO], "invoice", {}, "one order at a time"),
            ([PO], "invoice", {}, "name the shipment that is billed"),
            ([PO], "invoice", {"shipment": "SH9"}, "name the shipment that is billed"),
        ):
            with pytest.raises(Refused, match=words):
                draft(room, kind, numbers, **about)  # type: ignore[arg-type]


def test_a_shipment_without_a_number_is_known_by_its_bill_of_lading(shop: Shop) -> None:
    shipment = completed(drafted(shop, "shipment", PO), "BOL77")
    del shipment["id"]
    shop.answer(shipment)
    assert any(name.startswith("856") and "BOL77" in name for name in shop.names("out"))


def test_an_order_that_was_closed_is_not_late_any_more(shop: Shop) -> None:
    shop.run("2026-06-01T12:00")
    assert "LATE" in shop.problems
    assert shop.decide(decide.close, PO) == f"order {PO} is closed"
    shop.run("2026-06-02T12:00")
    assert not any("delivery" in line for line in shop.problems.splitlines())
    with pytest.raises(Refused, match="not open"):
        shop.decide(decide.close, PO)


def test_the_commands(shop: Shop) -> None:
    def run(*words: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run([sys.executable, "-m", "translator", "exchange", *words], capture_output=True, text=True, check=False)

    done = run("draft", str(shop.folder), "shipment", PO)
    assert json.loads(done.stdout)["orders"][0]["number"] == PO
    assert "Missing, and only you can say it:" in done.stderr
    assert "envelope." not in done.stderr  # the exchange knows who writes to whom
    assert run("draft", str(shop.folder), "shipment", "NONE").returncode == 4
    assert run("close", str(shop.folder), PO).stderr == f"order {PO} is closed\n"
    assert run("close", str(shop.folder), PO).returncode == 4
