"""A partner with an API as a part of the exchange: what its API cancels, what people ask and decide, beside a partner with X12."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from seller_side import SECRETS, listening
from test_connected import ENVIRONMENT, FIRST, SECOND, one_pass, ship, shop

from translator.cli import translator as group
from translator.connect.seller import Seller, fault
from translator.errors import Refused
from translator.exchange.room import read_only

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(autouse=True)
def _credentials(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in ENVIRONMENT.items():
        monkeypatch.setenv(name, value)


def said(*words: object, code: int = 0) -> str:
    """What a command says, on either way out."""
    done = CliRunner().invoke(group, [str(word) for word in words])
    if isinstance(done.exception, Refused):
        assert code == 4
        return str(done.exception)
    assert done.exit_code == code, done.output
    return done.output


def problems(folder: Path) -> str:
    return (folder / "PROBLEMS.txt").read_text(encoding="utf-8")


def there(side: Seller, number: str) -> dict[str, Any]:
    """An order as the API has it."""
    return next(one for one in side.orders if one["order_number"] == number)


# --- what the API cancels -----------------------------------------------------------------------------------------------


def test_an_order_that_the_api_cancels_is_a_question(tmp_path: Path) -> None:
    with listening() as (side, host):
        folder = shop(tmp_path, host)
        one_pass(folder)
        there(side, FIRST)["order_status"] = "CANCELED"
        one_pass(folder, 5)
        assert "cancelled" not in problems(folder), "nothing is asked before its time"
        for minutes in (11, 22, 33):
            one_pass(folder, minutes)
            assert problems(folder).count("it is cancelled") == 1
        assert f"translator exchange accept DIR {FIRST}" in problems(folder)
        [revised] = (folder / "erp/orders").glob(f"{FIRST}_REV*.json")
        assert json.loads(revised.read_bytes())["cancelled"] is True
        said("exchange", "accept", folder, FIRST)
        ship(folder, FIRST)
        one_pass(folder, 44)
        assert f"order {FIRST} was cancelled" in problems(folder)
        assert not [key for key in side.deeds if key.startswith("ship")]


def test_a_quantity_that_the_api_cancels_is_a_question(tmp_path: Path) -> None:
    with listening() as (side, host):
        folder = shop(tmp_path, host)
        one_pass(folder)
        line = there(side, SECOND)["order_lines"][0]
        line["order_line_statuses"] = [{"status": "CANCELED", "quantity": 2}, {"status": "ACKNOWLEDGED_BY_SELLER", "quantity": 1}]
        one_pass(folder, 11)
        assert "line 1 quantity from 3 to 1" in problems(folder)
        said("exchange", "accept", folder, SECOND)
        there(side, SECOND)["last_modified"] = "2026-03-06T15:20:00Z"
        one_pass(folder, 22)
        assert "quantity" not in problems(folder), "what was decided is not asked again"


def test_what_we_cancelled_ourselves_is_no_question(tmp_path: Path) -> None:
    with listening() as (side, host):
        folder = shop(tmp_path, host)
        text = (folder / "exchange.toml").read_text(encoding="utf-8")
        (folder / "exchange.toml").write_text(text.replace("acknowledge   = true ", "acknowledge   = false "), encoding="utf-8")
        one_pass(folder)
        lines = [
            {"line": line, "answers": [{"status": "IR", "quantity": much, "reason": "ITEM_NOT_AVAILABLE"}]}
            for line, much in (("1", "3"), ("2", "2"))
        ]
        answer = {"document": "acknowledgment", "orders": [{"number": SECOND, "lines": lines}]}
        (folder / "erp/responses/no.json").write_text(json.dumps(answer), encoding="utf-8")
        one_pass(folder, 1)
        assert there(side, SECOND)["order_status"] == "CANCELED"
        one_pass(folder, 12)
        assert "cancelled" not in problems(folder)
        with read_only(folder) as room:
            assert [one.state for one in room.ledger.orders.numbered(SECOND)] == ["closed"]


def test_open_orders_are_asked_for_in_turn(tmp_path: Path) -> None:
    with listening() as (side, host):
        folder = shop(tmp_path, host)
        api = folder / "tables/target-plus/api.toml"
        api.write_text(api.read_text(encoding="utf-8").replace('[limits.looks]\nvalue  = "25"', '[limits.looks]\nvalue  = "1"'))
        one_pass(folder)
        for minutes in (11, 22):
            one_pass(folder, minutes)
        with read_only(folder) as room:
            asked = [one.path.rpartition("/")[2] for one in room.ledger.calls.rows() if one.call == "order"]
            seen = [one.path.rpartition("/")[2] for one in room.ledger.calls.rows() if one.call == "glance"]
        ids = [there(side, number)["id"] for number in (FIRST, SECOND)]
        assert (asked, seen) == (ids, ids), "before each is acknowledged, and then in turn"


def test_a_cancelled_order_in_a_file_is_a_question_too(tmp_path: Path) -> None:
    with listening() as (side, host):
        folder = shop(tmp_path, host)
        one_pass(folder)
        gone = {**there(side, FIRST), "order_status": "CANCELED"}
        (folder / "in/orders.json").write_text(json.dumps([gone]), encoding="utf-8")
        one_pass(folder, 1)
        assert "it is cancelled" in problems(folder)
        said("exchange", "refuse", folder, FIRST)
        (folder / "in/orders.json").write_text(json.dumps([gone | {"last_modified": "2026-03-07T00:00:00Z"}]), encoding="utf-8")
        one_pass(folder, 2)
        assert "it is cancelled" not in problems(folder)


# --- what people ask and decide -----------------------------------------------------------------------------------------


def test_numbers_go_out_as_the_table_says(tmp_path: Path) -> None:
    with listening() as (side, host):
        folder = shop(tmp_path, host)
        one_pass(folder)
        ship(folder, FIRST)
        one_pass(folder, 1)
        [item] = side.fulfillments[there(side, FIRST)["id"]]
    assert (item["quantity"], item["order_line_number"]) == (1, "1")


def test_a_new_folder_says_what_to_do_next(tmp_path: Path) -> None:
    words = said("exchange", "init", tmp_path / "shop", "--partner", "target-plus")
    assert "fill in your id" not in words
    assert "TARGET_PLUS_API_KEY" in words and "translator connect test" in words


def test_production_is_told_what_to_set(tmp_path: Path) -> None:
    with listening() as (_, host):
        folder = shop(tmp_path, host)
        words = said("exchange", "golive", folder, tmp_path / "real")
    assert "live = true" in words and repr(host) in words
    assert f'host          = "{host}"' in (tmp_path / "real/exchange.toml").read_text(encoding="utf-8"), "nothing is reset"


def test_a_document_told_again_is_asked_for_first(tmp_path: Path) -> None:
    with listening() as (side, host):
        folder = shop(tmp_path, host)
        one_pass(folder)
        ship(folder, SECOND)
        one_pass(folder, 1)
        deeds = dict(side.deeds)
        assert "asked first" in said("exchange", "resend", folder, "S0002")
        one_pass(folder, 2)
        assert side.requests[-1].startswith("fulfillments")
        assert dict(side.deeds) == deeds


def test_requests_in_files_are_not_given_twice(tmp_path: Path) -> None:
    folder = by_file(tmp_path)
    words = said("exchange", "resend", folder, FIRST, code=4)
    assert "asked for twice" in words and "acknowledge_" in words


def test_log_and_dossier_have_the_requests(tmp_path: Path) -> None:
    with listening() as (side, host):
        folder = shop(tmp_path, host)
        side.faults.append(fault("ship:1=lost"))
        one_pass(folder)
        ship(folder, FIRST)
        one_pass(folder, 1)
        key = there(side, FIRST)["id"]
    words = said("exchange", "log", folder, FIRST)
    assert f"PUT /seller_orders/v1/sellers/{{seller}}/order_statuses/{key}" in words
    assert "it had been done already" in words
    assert "EXAMPLE AVE" not in words
    said("exchange", "evidence", folder, FIRST, "--out", tmp_path / "dossier.zip")
    with zipfile.ZipFile(tmp_path / "dossier.zip") as held:
        about = json.loads(held.read("index.json"))
        assert all(name.endswith(".json") for name in held.namelist() if name.startswith("files/"))
        text = b"".join(held.read(name) for name in held.namelist())
    assert [one["call"] for one in about["calls"]] == ["order", "acknowledge", "fulfillments", "ship", "fulfillments"]
    assert SECRETS["key"].encode() not in text and SECRETS["token"].encode() not in text


def test_what_the_api_was_not_told_is_still_due(tmp_path: Path) -> None:
    with listening() as (side, host):
        folder = shop(tmp_path, host)
        one_pass(folder)
        side.faults.append(fault("ship:*=503"))
        ship(folder, FIRST)
        one_pass(folder, 1)
        one_pass(folder, 3 * 24 * 60)
        assert f"Order {FIRST}: ship notice S0001 was due by" in problems(folder)
        prune = ("exchange", "prune", folder, "--before", "2027-01-01", "--now", "2026-12-31T00:00")
        assert "0 orders" in said(*prune, "--dry-run")
        side.faults.clear()
        one_pass(folder, 3 * 24 * 60 + 1)
        assert sum(n for key, n in side.deeds.items() if key.startswith("ship")) == 1
        assert f"Order {FIRST}: ship notice" not in problems(folder)
        assert "1 orders" in said(*prune)


def test_an_acknowledgment_is_due_in_24_hours(tmp_path: Path) -> None:
    folder = by_file(tmp_path, acknowledge=False)
    for now, late in (("2026-03-07T14:59", False), ("2026-03-07T15:01", True)):
        words = said("exchange", "status", folder, "--json", "--now", now, code=6)  # the ERP took nothing
        [due] = [one for line in words.splitlines()[:1] for one in json.loads(line)["due"] if one["what"] == "acknowledgment"]
        assert (due["due"], due["late"]) == ("2026-03-07T15:00:00Z", late)


def test_a_restored_ledger_does_not_ask_for_anything_twice(tmp_path: Path) -> None:
    """What was fetched and told after the copy was made is known to archive and API alone."""
    with listening() as (side, host):
        folder = shop(tmp_path, host)
        ledger = (folder / "ledger.db").read_bytes()
        one_pass(folder)
        [fetched] = (folder / "archive").rglob("*target-plus*")
        deeds = dict(side.deeds)
        (folder / "ledger.db").write_bytes(ledger)
        for name in (f"{FIRST}.json", f"{SECOND}.json"):
            (folder / "erp/orders" / name).unlink()
        words = said("exchange", "adopt", folder, folder / "archive")
        assert "files are JSON" in words and "Who you are" not in words
        (folder / "in/again.json").write_bytes(fetched.read_bytes())
        one_pass(folder, 1)
        assert (folder / "erp/orders" / f"{FIRST}.json").exists()
        assert dict(side.deeds) == deeds
        with read_only(folder) as room:
            assert not room.ledger.requests.undone()


# --- beside a partner with X12 ------------------------------------------------------------------------------------------


def test_both_kinds_of_partners_in_one_folder(tmp_path: Path) -> None:
    with listening() as (side, host):
        folder = shop(tmp_path, host)
        file = folder / "exchange.toml"
        text = file.read_text(encoding="utf-8")
        x12 = (
            '[ours]\nqualifier = "ZZ"\nid = "1234567890"\n\n[[partners]]\nname = "target"\nqualifier = "08"\nid = "6111470100"\n\n'
        )
        file.write_text(
            text.replace("[connection]", "[connection]", 1).replace("[[partners]]", f"{x12}[[partners]]", 1), encoding="utf-8"
        )
        (folder / "in/850.edi").write_bytes((ROOT / "samples/guest/1-850.edi").read_bytes())
        one_pass(folder)
        guest = "0009-3300145-1001"
        assert sorted(one.name for one in (folder / "erp/orders").glob("*.json")) == sorted(
            f"{number}.json" for number in (guest, FIRST, SECOND)
        )
        assert sorted(one.name[:3] for one in (folder / "out").iterdir()) == ["855", "997"]
        ship(folder, FIRST)
        shipment = json.loads((ROOT / "samples/guest/5-shipment.json").read_bytes())
        (folder / "erp/responses/guest.json").write_text(json.dumps({**shipment, "partner": "target"}), encoding="utf-8")
        one_pass(folder, 1)
        assert sum(n for key, n in side.deeds.items() if key.startswith("ship")) == 1
        assert any(one.name.startswith("856") for one in (folder / "out").iterdir())
        words = said("exchange", "status", folder, "--all", "--now", "2026-03-06T15:02")
        assert all(number in words for number in (guest, FIRST, SECOND))
        for number in (guest, FIRST):
            said("exchange", "log", folder, number)
            said("exchange", "evidence", folder, number, "--out", tmp_path / f"{number}.zip")
        assert "several partners" in said("exchange", "draft", folder, "shipment", guest, SECOND, code=4)
        assert "there is no invoice" in said("exchange", "draft", folder, "invoice", FIRST, code=4)


def by_file(place: Path, *, acknowledge: bool = True) -> Path:
    """An exchange folder without a connection that has taken two orders from a file."""
    with listening() as (side, host):
        folder = shop(place, host)
        file = folder / "exchange.toml"
        head, _, tail = file.read_text(encoding="utf-8").partition("# How its API is reached.")
        text = head + "[folders]" + tail.partition("[folders]")[2]
        file.write_text(text if acknowledge else text.replace("acknowledge   = true ", "acknowledge   = false "), encoding="utf-8")
        (folder / "in" / "orders.json").write_text(json.dumps(side.orders), encoding="utf-8")
    one_pass(folder)
    return folder


# --- their JSON, for people ---------------------------------------------------------------------------------------------

STORY = ROOT / "samples/plus-short/1-orders.json"


def test_show_and_pick_take_the_api_s_json(tmp_path: Path) -> None:
    words = said("show", STORY)
    assert words.startswith("PURCHASE ORDER  902001234568-8002") and "TCIN 89012346" in words
    assert "PICK TICKET" in said("show", STORY, "--pick")
    document = json.loads((STORY.parent / "2-order.json").read_bytes())
    other = tmp_path / "order.json"  # a document of ours, whatever stands first in it
    other.write_text(json.dumps({"number": document.pop("number"), **document}), encoding="utf-8")
    assert said("show", other).splitlines()[3:] == said("show", STORY.parent / "2-order.json").splitlines()[3:]


@pytest.mark.parametrize(
    ("place", "says"),
    [
        ("order_lines[1].tcin", ["lines[1].ids.tcin = 1001689658", "order.toml, line", "V, read in two", "no request has it"]),
        ("lines[1].ids.tcin", ["order_lines[1].tcin", "1001689658"]),
        ("id", ["references.api_order.id", "ship: in its path, as {order}", "cancel: in its path"]),
        ("order_lines[0].quantity", ["ship: as items[].quantity", "cancel: in parts, as order_line_statuses"]),
        ("addresses.shipping_address.last_name", ["parties.ship_to.name = Sam van Example", "private (name)"]),
        ("currency", ["it is known, and not taken"]),
    ],
)
def test_trace_follows_a_field_of_the_api(place: str, says: list[str]) -> None:
    words = " ".join(said("trace", STORY, place).split())
    assert [one for one in says if one not in words] == []
    known = json.loads(said("trace", STORY, place, "--json"))
    assert known["order"] == "902001234568-8002" and known["table_row"]


def test_trace_says_what_no_row_has() -> None:
    assert "no row of mappings/target-plus/order.toml has the place 'colour'" in said("trace", STORY, "colour", code=2)
    assert "no order 7 is here" in said("trace", STORY, "id", "--set", "7", code=2)


def test_redact_keeps_the_structure_of_the_api_s_json() -> None:
    orders = json.loads(STORY.read_bytes())
    orders[0]["order_lines"][0]["tcin"] = "12"  # a fault, which stays one
    orders[0]["surprise"] = {"gift_note": "For Sam", "cents": 1250, "flag": True}
    given = json.dumps(orders, indent=3, ensure_ascii=False)
    done = CliRunner().invoke(group, ["redact", "-", "--seed", "x"], input=given)
    assert done.exit_code == 0, done.output
    assert "findings before and after are the same" in done.stderr
    made = json.loads(done.stdout)
    assert shape(made) == shape(orders)
    assert json.dumps(made, indent=3, ensure_ascii=False) == done.stdout, "blanks stay"
    for secret in ("Sam", "Alex", "100 Example", "guest@example.com", "902001234568", "49.99", "For", "1250", "CUSHION"):
        assert secret not in done.stdout
    line = made[0]["order_lines"][0]
    assert (line["quantity"], made[0]["order_status"], made[0]["order_date"]) == (
        1,
        "RELEASED_FOR_SHIPMENT",
        orders[0]["order_date"],
    )
    document = CliRunner().invoke(group, ["redact", str(STORY.parent / "2-order.json"), "--seed", "x"]).stdout
    assert json.loads(document)["number"] == made[0]["order_number"], "what is the same stays the same"
    assert json.loads(document)["parties"]["ship_to"]["name"].split() == [
        made[0]["addresses"]["shipping_address"]["first_name"], *made[0]["addresses"]["shipping_address"]["last_name"].split()
    ]  # fmt: skip


def test_redact_gives_nothing_of_what_breaks_off() -> None:
    done = CliRunner().invoke(group, ["redact", "-"], input=STORY.read_text(encoding="utf-8")[:1900])
    assert (done.exit_code, done.stdout) == (3, "")
    assert "breaks off" in done.stderr


def shape(value: Any) -> Any:
    """A value without what it says: names, kinds, lengths."""
    if isinstance(value, dict):
        return {name: shape(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [shape(inner) for inner in value]
    return len(value) if isinstance(value, str) else type(value).__name__
