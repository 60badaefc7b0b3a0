"""Wrong input around a partner with an API, as a person meets it: one sentence that says what to do, nothing sent, nothing lost.

Each once by file, through the commands, and once through an exchange folder that is connected to the API.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from seller_side import listening
from test_connected import ENVIRONMENT, FIRST, SECOND, one_pass, ship, shop

from translator.cli import translator as group
from translator.connect.seller import fault

ROOT = Path(__file__).resolve().parent.parent
STORY = ROOT / "samples/plus-short"
NUMBER = "902001234568-8002"
MEGABYTES = 200


@pytest.fixture(autouse=True)
def _credentials(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in ENVIRONMENT.items():
        monkeypatch.setenv(name, value)


def done(*words: object, text: str | None = None) -> Result:
    return CliRunner().invoke(group, [str(word) for word in words], input=text)


def shipment(number: str, **said: Any) -> dict[str, Any]:
    """A shipment of one line; ``said`` makes another of it."""
    item = {"line": said.pop("line", "1"), "quantity": said.pop("quantity", "1")}
    pack = {"tracking": "1Z999AA10123456784", "items": [item]} | said
    return {
        "document": "shipment", "partner": "target-plus", "id": "S9", "ship_date": "2026-11-21", "carrier": {"name": "UPS Ground"},
        "orders": [{"number": number, "packs": [{key: value for key, value in pack.items() if value is not None}]}],
    }  # fmt: skip


ANSWERS: list[tuple[dict[str, Any], str]] = [
    (shipment("0000"), 'orders[0].number is "0000", which none of the orders given has'),
    (shipment(NUMBER, line="9"), 'line is "9", which is no line of the order'),
    (shipment(NUMBER, quantity="7"), '"7"'),
    (shipment(NUMBER, tracking=None), "tracking is missing"),
    (shipment(NUMBER, tracking="9.4E+21"), "a spreadsheet made a number of it"),
]
NAMES = ["unknown order", "unknown line", "more than ordered", "no tracking number", "damaged tracking number"]


@pytest.mark.parametrize(("answer", "says"), ANSWERS, ids=NAMES)
def test_a_wrong_answer_makes_no_request(answer: dict[str, Any], says: str) -> None:
    made = done("write", "-", "--order", STORY / "2-order.json", text=json.dumps(answer))
    assert (made.exit_code, made.stdout) == (1, "")
    assert says in made.stderr and "Nothing was written." in made.stderr


@pytest.mark.parametrize(("answer", "says"), ANSWERS, ids=NAMES)
def test_a_wrong_answer_comes_back_from_the_folder(answer: dict[str, Any], says: str, tmp_path: Path) -> None:
    with listening() as (side, host):
        folder = shop(tmp_path, host)
        one_pass(folder)
        deeds = dict(side.deeds)
        text = json.dumps(answer).replace(NUMBER, FIRST).replace("2026-11-21", "2026-03-06")
        (folder / "erp/responses/wrong.json").write_text(text, encoding="utf-8")
        one_pass(folder, 1)
        assert dict(side.deeds) == deeds
        back = {one.suffix: one for one in (folder / "rejected").iterdir()}
        assert json.loads(back[".json"].read_bytes()) == json.loads(text)
        assert says in back[".txt"].read_text(encoding="utf-8")
        ship(folder, FIRST)
        one_pass(folder, 2)
        assert sum(n for key, n in side.deeds.items() if key.startswith("ship")) == 1, "the right one still goes"


def rejection(number: str, much: str) -> dict[str, Any]:
    lines = [{"line": "1", "answers": [{"status": "IR", "quantity": much, "reason": "ITEM_NOT_AVAILABLE"}]}]
    return {"document": "acknowledgment", "orders": [{"number": number, "lines": lines}]}


def test_what_was_shipped_is_not_cancelled(tmp_path: Path) -> None:
    order = json.loads((STORY / "2-order.json").read_bytes())
    order["lines"][0]["states"] = [{"state": "SHIPPED", "quantity": "1"}]
    (tmp_path / "order.json").write_text(json.dumps(order), encoding="utf-8")
    answer = rejection(NUMBER, "1")
    answer["orders"][0]["lines"].append({"line": "2", "answers": [{"status": "IA", "quantity": "3"}]})
    made = done("write", "-", "--order", tmp_path / "order.json", text=json.dumps(answer))
    assert (made.exit_code, made.stdout) == (1, "")
    assert "[cancel-late]" in made.stderr


def test_what_the_folder_has_shipped_is_not_cancelled(tmp_path: Path) -> None:
    with listening() as (side, host):
        folder = shop(tmp_path, host)
        settings = folder / "exchange.toml"
        settings.write_text(settings.read_text(encoding="utf-8").replace("acknowledge   = true ", "acknowledge   = false "))
        one_pass(folder)
        there = next(one for one in side.orders if one["order_number"] == FIRST)
        there["order_status"] = "ACKNOWLEDGED_BY_SELLER"  # somebody accepted it in the portal
        there["order_lines"][0]["order_line_statuses"] = [{"status": "ACKNOWLEDGED_BY_SELLER", "quantity": 1}]
        ship(folder, FIRST)
        one_pass(folder, 1)
        deeds = dict(side.deeds)
        assert [key.split()[0] for key in deeds] == ["ship"]
        (folder / "erp/responses/no.json").write_text(json.dumps(rejection(FIRST, "1")), encoding="utf-8")
        one_pass(folder, 2)
        assert dict(side.deeds) == deeds
        [why] = (folder / "rejected").glob("*.txt")
        assert "1 of 1 were shipped already" in why.read_text(encoding="utf-8")


def test_what_the_folder_has_cancelled_is_not_shipped(tmp_path: Path) -> None:
    with listening() as (side, host):
        folder = shop(tmp_path, host)
        settings = folder / "exchange.toml"
        settings.write_text(settings.read_text(encoding="utf-8").replace("acknowledge   = true ", "acknowledge   = false "))
        one_pass(folder)
        (folder / "erp/responses/no.json").write_text(json.dumps(rejection(FIRST, "1")), encoding="utf-8")
        one_pass(folder, 1)
        deeds = dict(side.deeds)
        ship(folder, FIRST)
        one_pass(folder, 2)
        assert dict(side.deeds) == deeds
        assert len(list((folder / "rejected").glob("*.txt"))) == 1


PAGES: list[tuple[str, str]] = [
    ("<!DOCTYPE html><html><body>Sign in</body></html>", "HTML"),
    ((STORY / "1-orders.json").read_text(encoding="utf-8")[:1500], "breaks off"),
]


@pytest.mark.parametrize(("text", "says"), PAGES, ids=["HTML", "truncated"])
def test_a_page_that_is_none_is_refused_whole(text: str, says: str, tmp_path: Path) -> None:
    (tmp_path / "orders.json").write_text(text, encoding="utf-8")
    for command in ("read", "check"):
        made = done(command, tmp_path / "orders.json")
        assert (made.exit_code, made.stdout) == (3, "")
        assert says in made.stderr


@pytest.mark.parametrize(("text", "says"), PAGES, ids=["HTML", "truncated"])
def test_a_page_that_is_none_is_put_aside(text: str, says: str, tmp_path: Path) -> None:
    with listening() as (_, host):
        folder = shop(tmp_path, host)
        settings = folder / "exchange.toml"
        settings.write_text(settings.read_text(encoding="utf-8").replace("incomplete_minutes = 60", "incomplete_minutes = 1 "))
        (folder / "in/orders.json").write_text(text, encoding="utf-8")
        for minutes in (0, 2, 4):
            one_pass(folder, minutes)
    held = [one.read_text(encoding="utf-8") for one in (folder / "rejected").glob("orders*") if one.suffix != ".txt"]
    assert held == [text]
    assert says in (folder / "PROBLEMS.txt").read_text(encoding="utf-8")


@pytest.mark.parametrize("what", ["html", "truncated", "long"])
def test_an_answer_that_is_none_is_told_and_nothing_lost(what: str, tmp_path: Path) -> None:
    with listening() as (side, host):
        side.faults.append(fault(f"orders:*={what}"))
        folder = shop(tmp_path, host)
        one_pass(folder)
        problems = (folder / "PROBLEMS.txt").read_text(encoding="utf-8")
        assert problems.count("fetching orders") == 1
        assert len([line for line in problems.splitlines() if line.startswith("#")]) == 1
        assert not list((folder / "rejected").iterdir())
        side.faults.clear()
        one_pass(folder, 1)
        assert sorted(one.stem for one in (folder / "erp/orders").iterdir()) == [FIRST, SECOND]


def test_no_orders_are_no_problem(tmp_path: Path) -> None:
    assert (done("read", "-", text="[]").exit_code, done("check", "-", text="[]").exit_code) == (0, 0)
    with listening(orders=[]) as (_, host):
        folder = shop(tmp_path, host)
        (folder / "in/none.json").write_text("[]", encoding="utf-8")
        one_pass(folder)
    assert (folder / "PROBLEMS.txt").read_text(encoding="utf-8") == ""
    assert not [one for name in ("rejected", "erp/orders", "in") for one in (folder / name).iterdir() if one.is_file()]


def test_far_too_much_is_refused_before_it_is_read(tmp_path: Path) -> None:
    big = tmp_path / "orders.json"
    with big.open("wb") as file:
        file.write(b"[")
        file.truncate(MEGABYTES << 20)  # a hole: no disk is filled
    made = done("read", big)
    assert (made.exit_code, made.stdout) == (3, "")
    assert "ask for fewer orders at a time" in made.stderr
    with listening() as (_, host):
        folder = shop(tmp_path, host)
        big.rename(folder / "in/orders.json")
        one_pass(folder)
        assert [one.stat().st_size >> 20 for one in folder.rglob("*orders*") if one.stat().st_size > 1 << 20] == [MEGABYTES]
        problems = (folder / "PROBLEMS.txt").read_text(encoding="utf-8")
        assert "orders.json" in problems and "bytes" in problems
        assert (folder / "erp/orders" / f"{FIRST}.json").exists(), "and it keeps nothing else from its turn"
