"""What an exchange is asked: status, log, evidence, prune; through the commands, on the stories and on what goes wrong in them."""

from __future__ import annotations

import datetime
import hashlib
import json
import re
import sqlite3
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from exchanges import Shop, moment, said, sample

from translator.cli import translator as group
from translator.errors import LedgerError, Refused, SettingsError
from translator.exchange import decide, files, status
from translator.exchange.deadlines import begins
from translator.exchange.dispatch import dispatch
from translator.exchange.privacy import MASK
from translator.exchange.room import opened, read_only
from translator.exchange.run import run as one_pass

Json = dict[str, Any]
GUEST, BACK, SEVERAL = "0009-3300145-1001", "0012-3300267-1001", "0049-8800501-0551"
SAFE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
NUMBERS = {"acknowledgment": ("PR", "855"), "shipment": ("SH", "856"), "invoice": ("IN", "810")}


def ask(shop: Shop, command: str, *words: str, now: str | None = None) -> Result:
    """A question as a user asks it."""
    moments = ["--now", f"{now}"] if now else []
    return CliRunner().invoke(group, ["exchange", command, str(shop.folder), *words, *moments], catch_exceptions=False)


def standing(shop: Shop, now: str, *words: str) -> list[Json]:
    """The answers of ``status --json``, one for each order."""
    lines = [json.loads(line) for line in ask(shop, "status", "--json", *words, now=now).stdout.splitlines()]
    return [line for line in lines if line["kind"] == "order"]


def stage(shop: Shop, now: str) -> str:
    """How far the only order is."""
    (one,) = standing(shop, now, "--all")
    return str(one["stage"])


def due(shop: Shop, now: str) -> dict[str, bool]:
    """What is due of the only order, and whether it is late."""
    (one,) = standing(shop, now, "--all")
    return {one["what"]: one["late"] for one in one["due"]}


_control = iter(range(5000, 9000))


def verdict(shop: Shop, kind: str, status: str = "A", control: str = "1") -> bytes:
    """What the partner says of the group of a kind that we sent under a number."""
    functional, set_id = NUMBERS[kind]
    n = next(_control)
    segments = [
        f"ISA*00*          *00*          *08*6111470100     *ZZ*1234567890     *260309*1200*U*00401*{n:09d}*0*T*>",
        f"GS*FA*6111470100*1234567890*20260309*1200*{n}*X*004010", "ST*997*0001", f"AK1*{functional}*{control}",
        f"AK2*{set_id}*0001", f"AK5*{status}", f"AK9*{status}*1*1*{int(status != 'R')}", "SE*6*0001", f"GE*1*{n}", f"IEA*1*{n:09d}",
    ]  # fmt: skip
    return "".join(f"{one}~\n" for one in segments).encode()


def take(shop: Shop) -> None:
    """What the ERP does: it takes its files away."""
    for path in (shop.folder / "erp/orders").iterdir():
        path.unlink()


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    return Shop(tmp_path / "shop", now="2026-03-05T12:00")


@pytest.fixture
def guest(shop: Shop) -> Shop:
    """The guest's order, acknowledged by itself."""
    shop.arrive(sample("guest", "1-850.edi"), "1-850.edi")
    return shop


@pytest.fixture
def closed(guest: Shop) -> Shop:
    """The guest's order, all done: shipped, invoiced, and every document accepted."""
    take(guest)
    guest.put("erp/responses", "s.json", said("guest", "5-shipment.json"))
    guest.put("erp/responses", "v.json", said("guest", "7-invoice.json"))
    guest.run("2026-03-09T12:00")
    for kind in NUMBERS:
        guest.put("in", f"{kind}.edi", verdict(guest, kind))
    guest.run("2026-03-09T13:00")
    return guest


# --- status -----------------------------------------------------------------------------------------------------------------


def test_an_order_from_its_arrival_to_its_end(guest: Shop) -> None:
    now = "2026-03-05T12:30"
    assert stage(guest, now) == "acknowledged"
    assert due(guest, now) == {"hand-over": False, "deliver": False, "receipt": False}
    take(guest)
    guest.run(now)
    assert due(guest, now) == {"deliver": False, "receipt": False}
    (one,) = standing(guest, now)
    assert one["taken"] == "2026-03-05T12:30:00Z"
    assert "collected: the ERP has taken 0009-3300145-1001.json" in guest.events()
    guest.answer(said("guest", "5-shipment.json"))
    now = "2026-03-09T12:00"
    guest.run(now)
    assert stage(guest, now) == "shipped"
    assert due(guest, now) == {"invoice": False, "receipt": True}
    guest.answer(said("guest", "7-invoice.json"))
    assert stage(guest, now) == "invoiced"
    for n, kind in enumerate(NUMBERS, 1):
        guest.arrive(verdict(guest, kind), f"{n}.edi")
        assert stage(guest, "2026-03-09T12:10") == ("closed" if n == 3 else "invoiced")
    assert standing(guest, "2026-03-09T12:10") == []
    (one,) = standing(guest, "2026-03-09T12:10", "--all")
    assert (one["finished"], one["late"], one["due"]) == (True, 0, [])
    assert {document["state"] for document in one["documents"]} == {"accepted"}
    done = ask(guest, "status", now="2027-01-01T00:00")
    assert (done.exit_code, done.stdout) == (0, "")
    assert "0 open orders, 0 late" in done.stderr
    assert "1 order, 0 late, 0 other things wait" in ask(guest, "status", "--all", now="2026-03-09T12:10").stderr


def test_the_names_in_status_are_public(guest: Shop) -> None:
    (one,) = standing(guest, "2026-03-05T12:30")
    assert list(one) == [
        "kind", "order", "type", "release", "partner", "erp_order_number", "stage", "finished", "revision", "change_waiting",
        "received", "handed_over", "taken", "acknowledged", "late", "due", "documents", "holds",
    ]  # fmt: skip
    assert list(one["due"][0]) == ["what", "due", "late", "rule", "sentence"]
    assert list(one["documents"][0]) == ["id", "kind", "name", "state", "sent", "answered", "why"]


def test_a_file_that_the_erp_leaves_lying_is_late_after_four_hours(guest: Shop) -> None:
    for now, late in (("2026-03-05T16:00:59Z", False), ("2026-03-05T16:01:00Z", False), ("2026-03-05T16:01:01Z", True)):
        assert due(guest, now)["hand-over"] is late
        assert ask(guest, "status", now=now).exit_code == (6 if late else 0)
    guest.run("2026-03-05T16:01")
    assert guest.problems == ""
    guest.run("2026-03-05T16:02")
    assert re.fullmatch(r"LATE     Order 0009-3300145-1001: hand-over to the ERP was due by .* and is not done\.\n", guest.problems)
    take(guest)
    guest.run("2026-03-05T16:03")
    assert guest.problems == ""


def test_what_is_late_is_told_by_status_though_no_pass_saw_it(guest: Shop) -> None:
    before = (guest.folder / "ledger.db").read_bytes()
    assert due(guest, "2026-03-05T17:00")["hand-over"] is True
    assert due(guest, "2026-03-05T13:00")["hand-over"] is False  # and back in time again
    assert (guest.folder / "ledger.db").read_bytes() == before, "a question writes nothing"


def test_status_may_be_asked_of_a_moment_before_the_last_pass(guest: Shop) -> None:
    guest.run("2026-03-05T20:00")
    assert "LATE" in guest.problems
    assert due(guest, "2026-03-05T13:00")["hand-over"] is False


def test_people_see_one_line_for_an_order_and_more_for_what_is_wrong(guest: Shop) -> None:
    done = ask(guest, "status", now="2026-03-05T12:30")
    assert done.stdout.splitlines() == [
        "ORDER                    STAGE                        NEXT DUE",
        "0009-3300145-1001        acknowledged                 03-05 16:01 hand-over",
    ]
    done = ask(guest, "status", now="2026-03-05T17:00")
    late = "  LATE Order 0009-3300145-1001: hand-over to the ERP was due by 2026-03-05 16:01"
    assert done.stdout.splitlines()[2].startswith(late)
    assert "\x1b" not in done.stdout


def test_an_erp_that_answers_has_taken_the_order_wherever_its_file_lies(guest: Shop) -> None:
    guest.answer(said("guest", "5-shipment.json"))
    assert "hand-over" not in due(guest, "2026-03-06T12:00")


def test_a_rejected_notice_is_due_again_until_it_is_given_again(guest: Shop) -> None:
    take(guest)
    guest.put("erp/responses", "s.json", said("guest", "5-shipment.json"))
    guest.run("2026-03-09T12:00")
    guest.arrive(verdict(guest, "shipment", "R"), "r.edi")
    now = "2026-03-09T13:00"
    assert stage(guest, now) == "acknowledged"
    assert due(guest, now)["ship notice"] is False
    assert due(guest, "2026-03-10T00:00:01Z")["ship notice"] is True
    assert "shipment SH20260309001 rejected" in ask(guest, "status", now=now).stdout
    again = said("guest", "5-shipment.json") | {"ship_date": "2026-03-09", "references": {"bill_of_lading": {"id": "SH2"}}}
    guest.answer(again)
    assert stage(guest, now) == "shipped"
    assert "ship notice" not in due(guest, now)


def test_a_second_shipment_is_invoiced_for_itself(shop: Shop) -> None:
    shop.arrive(sample("back-order", "1-850.edi"))
    take(shop)
    for n, name in enumerate(("5a-shipment.json", "5b-shipment.json")):
        shop.put("erp/responses", f"{n}.json", said("back-order", name))
        shop.run(f"2026-03-31T1{n}:00")
    now = "2026-04-13T12:00"
    assert stage(shop, now) == "shipped"
    assert [one["what"] for one in standing(shop, now)[0]["due"]].count("invoice") == 2
    shop.answer(said("back-order", "7a-invoice.json"))
    (one,) = standing(shop, now)
    (invoice,) = [one for one in one["due"] if one["what"] == "invoice"]
    assert "SH20260413001" in invoice["sentence"]
    shop.answer(said("back-order", "7b-invoice.json"))
    assert stage(shop, now) == "invoiced"


def test_invoices_that_name_no_shipment_bill_the_first_goods_first(shop: Shop) -> None:
    shop.arrive(sample("back-order", "1-850.edi"))
    for n, name in enumerate(("5a-shipment.json", "5b-shipment.json")):
        shop.put("erp/responses", f"{n}.json", said("back-order", name))
    shop.run("2026-03-31T12:00")
    first = {key: value for key, value in said("back-order", "7b-invoice.json").items() if key != "shipment"}
    shop.answer(first)  # one piece of four: not all of the first shipment, and not the second one
    assert [one["what"] for one in standing(shop, "2026-04-01T12:00")[0]["due"]].count("invoice") == 2
    second = {key: value for key, value in said("back-order", "7a-invoice.json").items() if key != "shipment"}
    shop.answer(second)
    assert "invoice" not in due(shop, "2026-04-01T12:00")


def test_one_shipment_of_several_orders_is_due_to_be_invoiced_for_each(shop: Shop) -> None:
    shop.arrive(sample("several-orders", "1-850.edi"))
    take(shop)
    shop.put("erp/responses", "s.json", said("several-orders", "5-shipment.json"))
    shop.run("2026-04-14T12:00")
    first = said("several-orders", "7-invoice.json") if isinstance(said("several-orders", "7-invoice.json"), dict) else None
    invoices = first or said("several-orders", "7-invoice.json")
    shop.answer(invoices if isinstance(invoices, dict) else invoices[0])
    stages = sorted(one["stage"] for one in standing(shop, "2026-04-14T13:00"))
    assert stages == ["invoiced", "shipped", "shipped"]


def test_without_back_orders_nothing_more_is_due_once_the_window_is_over(shop: Shop) -> None:
    shop.arrive(sample("changes", "1-850.edi"))
    take(shop)
    for n, name in enumerate(("3-acknowledgment.json", "5-shipment.json", "7-invoice.json")):
        shop.put("erp/responses", f"{n}.json", said("changes", name))
    shop.run("2026-04-13T12:00")
    assert stage(shop, "2026-04-14T12:00") == "shipped-in-part"
    assert due(shop, "2026-04-14T11:00")["ship"] is False
    shop.run("2026-04-18T00:00:01")
    assert stage(shop, "2026-04-18T00:00:01Z") == "invoiced"
    assert "ship" not in due(shop, "2026-04-18T00:00:01Z")


def test_an_order_that_nobody_ships_is_late_when_its_window_is_over(guest: Shop) -> None:
    take(guest)
    guest.run("2026-03-13T23:00")
    assert "delivery" not in guest.problems
    guest.run("2026-03-14T00:00:01")
    assert "LATE     Order 0009-3300145-1001: delivery was due by 2026-03-13 23:59 UTC and is not done" in guest.problems


def differing() -> bytes:
    """The guest's order once more, under another number, with another price."""
    return sample("guest", "1-850.edi").replace(b"000000704", b"000000705").replace(b"*212.5*", b"*213.5*")


def test_a_change_that_waits_is_told_with_its_order(guest: Shop) -> None:
    guest.arrive(differing(), "2.edi")
    (one,) = standing(guest, "2026-03-05T12:30")
    assert one["change_waiting"] is True
    assert [hold["what"] for hold in one["holds"]] == ["change"]
    told = ask(guest, "status", now="2026-03-05T12:30").stdout
    assert "acknowledged, change waits" in told
    assert "#1 order 0009-3300145-1001 came again, and differs" in told
    guest.decide(decide.refuse, GUEST)
    (one,) = standing(guest, "2026-03-05T12:30")
    assert (one["change_waiting"], one["holds"]) == (False, [])


def test_what_is_about_no_order_is_told_too(shop: Shop) -> None:
    shop.arrive(sample("guest", "1-850.edi").replace(b"ZZ*1234567890", b"ZZ*9999999999"), "x.edi")
    done = ask(shop, "status", "--json", now="2026-03-05T12:30")
    (line,) = [json.loads(line) for line in done.stdout.splitlines()]
    assert (line["kind"], line["what"], line["about"], done.exit_code) == ("hold", "interchange", "x.edi", 0)
    assert "x.edi: interchange 704 was put aside" in ask(shop, "status", now="2026-03-05T12:30").stdout


def test_an_order_that_is_held_says_so(shop: Shop) -> None:
    items = (shop.folder / "items.csv").read_text(encoding="utf-8").splitlines()[0]
    columns = items.lstrip("\ufeff").split(",")
    row = ",".join({"upc": "099999999999", "sku": "A1"}.get(name, "") for name in columns)
    (shop.folder / "items.csv").write_text(f"{items}\n{row}\n", encoding="utf-8")
    shop.arrive(sample("guest", "1-850.edi"))
    assert stage(shop, "2026-03-05T12:30") == "held"
    (one,) = standing(shop, "2026-03-05T12:30")
    assert [hold["what"] for hold in one["holds"]] == ["order"]
    guests = ask(shop, "status", now="2026-03-05T12:30").stdout
    assert "is not handed over" in guests
    shop.decide(decide.refuse, "1")
    assert (stage(shop, "2026-03-05T12:30"), due(shop, "2027-01-01T00:00")) == ("refused", {})


def test_a_pass_works_out_only_what_changed(guest: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    worked: list[int] = []
    real = status._worked_out

    def counted(room: Any, id: int) -> Any:
        worked.append(id)
        return real(room, id)

    monkeypatch.setattr(status, "_worked_out", counted)
    guest.run("2026-03-05T12:10")
    guest.run("2026-03-05T12:20")
    assert worked == []
    ask(guest, "status", now="2026-03-05T12:30")
    assert worked == [], "status reads what the last pass worked out"
    guest.run("2026-03-05T16:02")  # the ERP's hours are over
    guest.run("2026-03-05T16:03")
    assert worked == [1]
    take(guest)
    guest.run("2026-03-05T16:04")
    assert worked == [1, 1]


def test_other_rules_and_another_zone_count_from_the_next_question_on(guest: Shop) -> None:
    assert due(guest, "2026-03-05T14:00")["hand-over"] is False
    own = guest.folder / "own/target"
    own.mkdir(parents=True)
    table = (Path(__file__).parents[1] / "mappings/target/compliance.toml").read_text(encoding="utf-8")
    (own / "compliance.toml").write_text(table.replace('value      = "4 h"', 'value      = "1 h"'), encoding="utf-8")
    settings = guest.folder / "exchange.toml"
    settings.write_text('mappings = "own"\n' + settings.read_text(encoding="utf-8"), encoding="utf-8")
    assert due(guest, "2026-03-05T14:00")["hand-over"] is True
    guest.run("2026-03-05T14:01")
    assert "hand-over" in guest.problems


def test_whatever_happens_to_an_order_makes_its_row_stale(closed: Shop) -> None:
    """Triggers of the ledger, one by one: whoever writes need not think of it."""
    changes = (
        "UPDATE orders SET state = 'cancelled'", "UPDATE orders SET taken = NULL", "UPDATE orders SET handed = NULL",
        "UPDATE orders SET acknowledged = NULL", "UPDATE orders SET current = '{}'", "UPDATE documents SET state = 'rejected'",
        "UPDATE documents SET answered = NULL", "UPDATE documents SET sent = NULL",
        "INSERT INTO document_orders SELECT d.id, 1 FROM documents d WHERE d.id NOT IN (SELECT document FROM document_orders)",
        """INSERT INTO changes (order_id, number, interchange, document, effect, state, at)
           VALUES (1, 'x', 1, '{}', 'none', 'pending', '2026-03-09T14:00:00Z')""",
    )  # fmt: skip
    for sql in changes:
        with read_only(closed.folder) as room:
            room.ledger.documents.add(kind="invoice", name="N", partner="target", state="held", document={}, made=room.stamp)
            room.ledger.connection.execute("UPDATE watches SET fresh = 1")
            room.ledger.connection.execute("BEGIN")
            room.ledger.connection.execute(sql)
            assert room.ledger.watches.stale("2020-01-01T00:00:00Z") == [1], sql
            room.ledger.connection.execute("ROLLBACK")


def test_orders_of_a_former_provider_have_no_clock_but_their_window(guest: Shop) -> None:
    """As `adopt` loads them: never handed over and never answered from here."""
    with opened(guest.folder, now=guest.now) as room, room.ledger.transaction():
        room.ledger.connection.execute("DELETE FROM outbox WHERE document IS NOT NULL")
        room.ledger.orders.set(1, state="history", handed=None, file=None, acknowledged=None)
        for document in room.ledger.documents.of(1):
            room.ledger.documents.set(document.id, state="history", sent=None)
    assert (stage(guest, "2026-03-10T12:00"), due(guest, "2026-03-10T12:00")) == (
        "taken",
        {"deliver": False},
    )
    with opened(guest.folder, now=guest.now) as room, room.ledger.transaction():
        shipment = said("guest", "5-shipment.json")
        invoice = said("guest", "7-invoice.json")
        for document, name in ((shipment, "S1"), (invoice, "I1")):
            id = room.ledger.documents.add(
                kind=document["document"], name=name, partner="target", state="history", document=document, made=room.stamp
            )
            room.ledger.documents.join(id, [1])
            room.ledger.documents.move(id, [(1, "000001", "1", False)])
    assert stage(guest, "2027-03-10T12:00") in ("closed", "invoiced")


def test_an_order_that_is_cancelled_before_it_is_handed_over_is_finished(shop: Shop) -> None:
    shop.arrive(sample("cancelled", "1-850.edi"), "1.edi")
    held = standing(shop, "2026-03-05T13:00", "--all")
    assert len(held) > len(standing(shop, "2026-03-05T13:00"))
    (one,) = [one for one in held if one["stage"] == "cancelled"]
    assert (one["change_waiting"], one["finished"], one["due"], one["handed_over"]) == (False, True, [], None)


def test_a_change_is_taken_and_the_order_goes_on(shop: Shop) -> None:
    shop.arrive(sample("changed", "1-850.edi"), "1.edi")
    shop.arrive(sample("changed", "1c-860.edi"), "2.edi")
    (one,) = standing(shop, "2026-03-05T13:00")
    assert (one["change_waiting"], one["revision"], len(one["holds"])) == (True, 0, 1)
    shop.decide(decide.accept, one["order"])
    (one,) = standing(shop, "2026-03-05T13:00")
    assert (one["change_waiting"], one["revision"], one["holds"]) == (False, 1, [])
    with opened(shop.folder, now=shop.now) as room, room.ledger.transaction():
        room.ledger.orders.set(1, state="cancelled")
    (one,) = standing(shop, "2026-06-05T13:00", "--all")
    assert (one["stage"], one["finished"], one["late"]) == ("cancelled", True, 0)
    assert "change" in {entry["what"] for entry in logged(shop, one["order"])}
    done, held = dossier(shop, one["order"])
    assert done.exit_code == 0
    assert len([name for name in held.namelist() if "_IN_" in name]) == 2


def test_what_was_refused_is_told_with_its_order(guest: Shop) -> None:
    guest.answer(said("guest", "7-invoice.json") | {"lines": []})
    (one,) = standing(guest, "2026-03-05T12:30")
    assert [hold["about"] for hold in one["holds"]] == ["invoice INV100704"]
    assert "invoice INV100704 was refused" in ask(guest, "status", now="2026-03-05T12:30").stdout
    assert [entry["what"] for entry in logged(guest, GUEST)][-1] == "refused"


def test_status_masks_guests(guest: Shop) -> None:
    with opened(guest.folder, now=guest.now) as room, room.ledger.transaction():
        room.hold("order", 1, GUEST, "it goes to PAT EXAMPLE", "look")
    for words in ([], ["--json"]):
        told = ask(guest, "status", *words, now="2026-03-05T12:30").stdout
        assert f"it goes to {MASK}" in told
        assert "PAT" not in told
    guest.set(mask="false")
    assert "PAT EXAMPLE" in ask(guest, "status", now="2026-03-05T12:30").stdout


def test_the_exit_codes_are_those_of_the_readme(guest: Shop) -> None:
    for words, code in (
        (["status", "--now", "2026-03-05T12:30"], 0), (["status", "--now", "2026-03-05T17:00"], 6), (["log", "123"], 4),
        (["log", GUEST], 0), (["evidence", GUEST], 2), (["prune", "--before", "yesterday"], 2),
    ):  # fmt: skip
        command = [sys.executable, "-m", "translator", "exchange", words[0], str(guest.folder), *words[1:]]
        done = subprocess.run(command, capture_output=True, cwd=Path(__file__).parents[1], timeout=60, check=False)
        assert (done.returncode, b"Traceback" in done.stderr) == (code, False), (words, done.stderr)


# --- log --------------------------------------------------------------------------------------------------------------------


def logged(shop: Shop, number: str, *words: str) -> list[Json]:
    return [json.loads(line) for line in ask(shop, "log", number, "--json", *words).stdout.splitlines()]


def test_the_log_tells_all_of_an_order(closed: Shop) -> None:
    held = logged(closed, GUEST)
    assert [one["at"] for one in held] == sorted(one["at"] for one in held)
    happened = [one["what"] for one in held]
    assert [happened.index(what) for what in ("taken", "receipt", "order", "published", "sent", "collected", "verdict")] == sorted(
        happened.index(what) for what in ("taken", "receipt", "order", "published", "sent", "collected", "verdict")
    )
    assert happened.count("verdict") == 3
    first = held[0]
    raw = sample("guest", "1-850.edi").rstrip()
    assert first["file"] | {"archived": ""} == {
        "name": "1-850.edi", "way": "in", "interchange": "704", "sha256": hashlib.sha256(raw).hexdigest(), "size": len(raw),
        "archived": "",
    }  # fmt: skip
    assert (first["at"], first["local"]) == ("2026-03-05T12:01:00Z", "2026-03-05T12:01:00+00:00")
    sent = [one["file"] for one in held if one["what"] == "sent" and one["document"]["kind"] == "invoice"]
    assert {(one["group"], one["set"]) for one in sent} == {("IN 1", "0001")}
    verdicts = [one for one in held if one["what"] == "verdict"]
    assert {one["file"]["way"] for one in verdicts} == {"in"}
    assert {one["document"]["state"] for one in verdicts} == {"accepted"}


def test_the_log_for_people_has_numbers_and_hashes(closed: Shop) -> None:
    told = ask(closed, "log", GUEST).stdout
    assert "2026-03-05T12:01:00Z  2026-03-05 12:01:00 +0000  taken" in told
    assert "  in: 1-850.edi (interchange 704)" in told
    assert re.search(r"  out: 810_\d{9}_INV100704\.edi \(interchange 4, group IN 1, set 0001\)\n  sha256 [0-9a-f]{64}\n", told)


def test_the_log_of_one_order_says_nothing_of_another(shop: Shop) -> None:
    shop.arrive(sample("several-orders", "1-850.edi"), "three.edi")
    take(shop)
    shop.answer(said("several-orders", "5-shipment.json"))
    told = ask(shop, "log", SEVERAL).stdout
    assert "order 0049-8800501-0551 of" in told
    assert "8800502" not in told
    assert "40017720118" not in told


def test_the_log_of_an_order_that_is_not_known_is_refused(guest: Shop) -> None:
    with pytest.raises(Refused, match="order 123 is not known here"):
        ask(guest, "log", "123")
    with pytest.raises(Refused, match="is not known"):
        ask(guest, "evidence", "123", "--out", str(guest.folder / "x.zip"))


def test_guests_are_masked_unless_they_are_asked_for(guest: Shop) -> None:
    with opened(guest.folder, now=guest.now) as room, room.ledger.transaction():
        room.note("remark", 'ship_to.name is "PAT EXAMPLE", call 6125550123 or pat@example.com, 100 Example Ave', order=1)
    (one,) = [one for one in logged(guest, GUEST) if "call" in one["sentence"]]
    assert one["sentence"] == f'ship_to.name is "{MASK}", call {MASK} or {MASK}, {MASK}'
    (one,) = [one for one in logged(guest, GUEST, "--unmasked") if "call" in one["sentence"]]
    assert "PAT EXAMPLE" in one["sentence"]
    guest.set(mask="false")
    assert "PAT EXAMPLE" in ask(guest, "log", GUEST).stdout


def test_companies_are_not_masked(shop: Shop) -> None:
    shop.arrive(sample("vendor-cross-dock", "1-850.edi"))
    with opened(shop.folder, now=shop.now) as room, room.ledger.transaction():
        order = room.ledger.orders.get(1)
        name = order.current["parties"]["ship_to"]["name"]
        room.note("remark", f"it goes to {name}", order=1)
    assert f"it goes to {name}" in ask(shop, "log", order.number).stdout


def test_nothing_raw_reaches_a_terminal(guest: Shop) -> None:
    with opened(guest.folder, now=guest.now) as room, room.ledger.transaction():
        room.note("remark", "a\x1b[2Jb\r\nLATE forged", order=1)
        room.hold("order", 1, GUEST, "c\x1b]0;d\x07", "e")
    for command in (("log", GUEST), ("status",)):
        told = ask(guest, *command).stdout
        assert not [c for c in told if not c.isprintable() and c != "\n"]
        assert "\nLATE forged" not in told


# --- evidence ---------------------------------------------------------------------------------------------------------------


def dossier(shop: Shop, number: str, name: str = "d.zip") -> tuple[Result, zipfile.ZipFile]:
    out = shop.folder / name
    done = ask(shop, "evidence", number, "--out", str(out))
    return done, zipfile.ZipFile(out)


def test_the_dossier_holds_every_file_as_it_was(closed: Shop) -> None:
    sent = closed.read("out")
    done, held = dossier(closed, GUEST)
    assert done.exit_code == 0
    index = json.loads(held.read("index.json"))
    inside = {name: held.read(name) for name in held.namelist() if name.startswith("files/")}
    assert len(inside) == 8  # the order, its receipt, three answers and three verdicts
    assert sample("guest", "1-850.edi").rstrip() in inside.values()
    for name, data in sent.items():
        assert data in inside.values(), name
    assert len([data for data in inside.values() if b"AK1*IN*1~" in data]) == 1
    for one in index["files"]:
        assert hashlib.sha256(inside[one["in_zip"]]).hexdigest() == one["sha256"]
        assert (one["state"], len(inside[one["in_zip"]])) == ("whole", one["size"])
    assert {one["state"] for one in index["documents"]} == {"accepted"}
    assert index["log"][0]["what"] == "taken"
    text = held.read("index.txt").decode()
    assert "invoice INV100704: accepted" in text
    assert all(one["sha256"] in text for one in index["files"])


def test_the_same_dossier_has_the_same_bytes(closed: Shop) -> None:
    dossier(closed, GUEST, "a.zip")
    closed.run("2026-05-01T12:00")
    dossier(closed, GUEST, "b.zip")
    assert (closed.folder / "a.zip").read_bytes() == (closed.folder / "b.zip").read_bytes()
    done, _ = dossier(closed, GUEST, "a.zip")  # and once more over itself
    assert done.exit_code == 0
    (closed.folder / "c.zip").write_bytes(b"something else")
    with pytest.raises(files.NameTaken):
        dossier(closed, GUEST, "c.zip")


def test_nothing_of_a_document_is_a_path_in_the_zip(shop: Shop) -> None:
    raw = sample("guest", "1-850.edi").replace(b"0009-3300145-1001", b"../../etc/x:CON..")
    shop.arrive(raw, "-rf %2f..\n$(x).edi")
    _, held = dossier(shop, "../../etc/x:CON..")
    for name in held.namelist():
        assert all(SAFE.fullmatch(part) for part in name.split("/")), name
        assert name.count("/") <= 1
    assert all(about.date_time == (1980, 1, 1, 0, 0, 0) for about in held.infolist())


def test_a_dossier_says_what_is_missing_or_was_changed(closed: Shop) -> None:
    copies = sorted((closed.folder / "archive").rglob("*810*"))
    copies[0].unlink()
    order = next(path for path in (closed.folder / "archive").rglob("*850*"))
    order.chmod(0o600)
    order.write_bytes(order.read_bytes().replace(b"212.5", b"112.5"))
    done, held = dossier(closed, GUEST)
    assert done.exit_code == 1
    assert "810_000000004_INV100704.edi is gone" in done.stderr
    assert "1-850.edi is changed" in done.stderr
    index = json.loads(held.read("index.json"))
    assert {one["state"] for one in index["files"]} == {"whole", "gone", "changed"}
    (changed,) = [one for one in index["files"] if one["state"] == "changed"]
    assert changed["sha256_now"] == hashlib.sha256(held.read(changed["in_zip"])).hexdigest()


def test_an_interchange_is_cut_from_a_file_of_several(shop: Shop) -> None:
    two = sample("guest", "1-850.edi") + sample("changes", "1-850.edi")
    shop.arrive(two, "two.edi")
    _, held = dossier(shop, GUEST)
    (raw,) = [held.read(name) for name in held.namelist() if "_IN_" in name]
    assert raw == sample("guest", "1-850.edi").rstrip()


# --- prune ------------------------------------------------------------------------------------------------------------------

LATER = "2026-06-01T12:00"


def rows(shop: Shop) -> dict[str, int]:
    """How many rows each table has."""
    with sqlite3.connect(shop.folder / "ledger.db") as ledger:
        names = [name for (name,) in ledger.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        found = {name: ledger.execute(f"SELECT count(*) FROM {name}").fetchone()[0] for name in names}
    ledger.close()
    return found


def whole(shop: Shop) -> None:
    """The ledger is sound, and what it names in the archive is there."""
    with sqlite3.connect(shop.folder / "ledger.db") as ledger:
        assert ledger.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert ledger.execute("PRAGMA foreign_key_check").fetchall() == []
        named = ledger.execute("SELECT archived FROM interchanges UNION SELECT archived FROM documents").fetchall()
    ledger.close()
    for (place,) in named:
        assert not place or (shop.folder / "archive" / place).is_file(), place


def archived(shop: Shop) -> list[str]:
    return sorted(path.name for path in (shop.folder / "archive").rglob("*") if path.is_file() and path.name != ".sequence")


def test_what_is_finished_goes_and_what_is_open_stays(closed: Shop) -> None:
    closed.arrive(sample("changes", "1-850.edi"), "open.edi")
    before, copies = rows(closed), archived(closed)
    tried = ask(closed, "prune", "--before", "2026-05-01", "--dry-run", now=LATER)
    assert (rows(closed), archived(closed)) == (before, copies)
    done = ask(closed, "prune", "--before", "2026-05-01", now=LATER)
    assert tried.stderr.partition(": ")[2] == done.stderr.splitlines()[0].partition(": ")[2] + "\n"
    counts = r"removed: 1 orders, 3 documents, 0 interchanges, \d+ events, 0 settled problems, 0 labels, 8 files"
    assert re.match(counts, done.stderr)
    whole(closed)
    assert len(copies) - len(archived(closed)) == 8
    assert [one["order"] for one in standing(closed, LATER, "--all")] == ["44170023851-0551"]
    assert dossier(closed, "44170023851-0551")[0].exit_code == 0
    with pytest.raises(Refused):
        ask(closed, "log", GUEST)
    again = ask(closed, "prune", "--before", "2026-05-01", now=LATER)
    assert {int(many) for many in re.findall(r"(\d+) [a-z]", again.stderr.splitlines()[0])} == {0}


@pytest.fixture
def pruned(closed: Shop) -> Shop:
    ask(closed, "prune", "--before", "2026-05-01", now=LATER)
    closed.now = moment(LATER)
    return closed


def test_used_numbers_stay_used(pruned: Shop) -> None:
    pruned.arrive(sample("changes", "1-850.edi"), "open.edi")
    shipment = said("changes", "5-shipment.json") | {"id": "SH20260309001"}
    [order] = shipment["orders"]  # but for the item that takes the place of another
    order["packs"] = [pack for pack in order["packs"] if all(item["line"] != "000004" for item in pack["items"])]
    pruned.answer(shipment)
    assert "was used before" in pruned.problems
    assert pruned.out("856_000000003") and len(pruned.out("856")) == 1
    with read_only(pruned.folder) as room:
        assert room.ledger.series()["ISA ZZ/1234567890>08/6111470100 T"] >= 5
        assert room.ledger.documents.label_used("006141410000704019", "2026-01-01T00:00:00Z", 0) == "SH20260309001"


def test_the_same_interchange_still_has_no_second_effect(pruned: Shop) -> None:
    pruned.arrive(sample("guest", "1-850.edi"), "again.edi")
    assert pruned.names("erp/orders") == []
    assert any(event.startswith("repeated: again.edi") for event in pruned.events())


def test_the_same_order_in_another_interchange_waits_for_a_person(pruned: Shop) -> None:
    pruned.arrive(sample("guest", "1-850.edi").replace(b"000000704", b"000000999"), "again.edi")
    assert pruned.names("erp/orders") == []
    assert "came again" in pruned.problems


def test_an_answer_to_a_pruned_order_is_refused_in_words(pruned: Shop) -> None:
    pruned.answer(said("guest", "7-invoice.json") | {"invoice_number": "NEW1"})
    assert "order-unknown" in pruned.problems or GUEST in pruned.problems
    assert len(pruned.out("810")) == 1


def test_a_late_verdict_on_a_pruned_document_does_no_harm(pruned: Shop) -> None:
    pruned.arrive(verdict(pruned, "invoice"), "late.edi")
    assert pruned.problems == ""
    whole(pruned)


def test_interchanges_go_when_they_cannot_come_again_and_labels_after_a_year(closed: Shop) -> None:
    done = ask(closed, "prune", "--before", "2026-05-01", now="2027-06-01T12:00")
    assert re.search(r" [1-9]\d* interchanges, ", done.stderr)
    assert "1 labels" in done.stderr
    whole(closed)
    with read_only(closed.folder) as room:
        assert [one.state for one in room.ledger.orders.rows()] == ["pruned"]
        assert {one.name for one in room.ledger.documents.rows()} == {GUEST, "SH20260309001", "INV100704"}
        assert room.ledger.series()["ISA ZZ/1234567890>08/6111470100 T"] >= 4


def test_what_happened_since_the_day_stays(closed: Shop) -> None:
    before = rows(closed)
    done = ask(closed, "prune", "--before", "2026-03-09", now=LATER)
    assert done.stderr.startswith("removed: 0 orders, 0 documents")
    assert rows(closed)["changes"] == before["changes"]
    assert dossier(closed, GUEST)[0].exit_code == 0
    whole(closed)


def test_orders_that_share_a_shipment_go_together(shop: Shop) -> None:
    shop.arrive(sample("several-orders", "1-850.edi"), "three.edi")
    take(shop)
    shop.put("erp/responses", "s.json", said("several-orders", "5-shipment.json"))
    shop.run("2026-04-14T12:00")
    invoices = said("several-orders", "7-invoice.json")
    for n, invoice in enumerate(invoices, 1):
        shop.answer(invoice)
        if n < 3:
            for kind, control in (("shipment", "1"), ("invoice", str(n))):
                shop.arrive(verdict(shop, kind, control=control), f"{kind}{n}.edi")
    shop.run("2026-04-15T12:00")
    done = ask(shop, "prune", "--before", "2026-05-15", now=LATER)
    assert done.stderr.startswith("removed: 0 orders")
    assert dossier(shop, SEVERAL)[0].exit_code == 0
    shop.arrive(verdict(shop, "invoice", control="3"), "last.edi")
    done = ask(shop, "prune", "--before", "2026-05-15", now=LATER)
    assert done.stderr.startswith("removed: 3 orders, 4 documents")
    whole(shop)


def test_a_prune_that_is_cut_short_is_finished_by_the_next(closed: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    copies = archived(closed)
    with monkeypatch.context() as patch:
        patch.setattr(files, "remove", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
        CliRunner().invoke(group, ["exchange", "prune", str(closed.folder), "--before", "2026-05-01", "--now", LATER])
    assert archived(closed) == copies
    assert [one["order"] for one in standing(closed, LATER, "--all")] == []
    done = ask(closed, "prune", "--before", "2026-05-01", now=LATER)
    assert "0 orders" in done.stderr and "8 files" in done.stderr
    assert len(archived(closed)) == len(copies) - 8
    whole(closed)


def test_a_copy_is_kept_as_long_as_anything_names_it(closed: Shop) -> None:
    """Two interchanges came in one file: the order of one is finished, that of the other is not."""
    two = sample("guest", "1-850.edi").replace(b"0009-3300145-1001", b"0009-3300145-1002").replace(b"000000704", b"000000800")
    closed.arrive(two + sample("changes", "1-850.edi"), "two.edi")
    with opened(closed.folder, now=closed.now) as room, room.ledger.transaction():
        room.ledger.orders.set(2, state="cancelled")
        for document in room.ledger.documents.of(2):
            room.ledger.documents.set(document.id, answered=room.stamp, state="accepted")
    done = ask(closed, "prune", "--before", "2026-05-01", now=LATER)
    assert done.stderr.startswith("removed: 2 orders")
    whole(closed)
    assert dossier(closed, "44170023851-0551")[0].exit_code == 0


# --- what else can be wrong -------------------------------------------------------------------------------------------------


def test_a_file_that_waits_to_be_published_is_not_one_that_the_erp_has_taken(guest: Shop) -> None:
    take(guest)
    with opened(guest.folder, now=guest.now) as room:
        with room.ledger.transaction():
            room.ledger.orders.set(1, file="0009_REV1.json", taken=None)  # as a revision is handed over
            room.post("orders", "0009_REV1.json", b"{}", order=1)
        assert status.collected(room) == 0
        dispatch(room)
        assert status.collected(room) == 0
        take(guest)
        assert status.collected(room) == 1


def test_the_beginning_of_a_day_is_that_of_the_zone(closed: Shop) -> None:
    closed.set(zone='"America/Chicago"')
    zone = datetime.timezone(datetime.timedelta(hours=-5))
    assert begins(datetime.date(2026, 3, 10), zone).isoformat() == "2026-03-10T05:00:00+00:00"
    done = ask(closed, "prune", "--before", "2026-03-10", now=LATER)  # the last verdict came on the ninth, at 13:00 UTC
    assert done.stderr.startswith("removed: 1 orders")


COMMANDS = [["status"], ["log", GUEST], ["evidence", GUEST, "--out", "x.zip"], ["prune", "--before", "2026-01-01"]]


@pytest.mark.parametrize("words", COMMANDS, ids=lambda words: words[0])
def test_no_exchange_no_answer(words: list[str], tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="no exchange folder"):
        CliRunner().invoke(group, ["exchange", words[0], str(tmp_path), *words[1:]], catch_exceptions=False)


def test_dispatch_and_passes_are_what_they_were(guest: Shop) -> None:
    """Looking changes nothing that a pass does."""
    ask(guest, "status", now="2026-03-05T12:30")
    ask(guest, "log", GUEST)
    with opened(guest.folder, now=guest.now) as room:
        assert dispatch(room) == 0
    assert one_pass(guest.folder, now=guest.now).published == 0


STORIES = [
    "guest",
    "back-order",
    "several-orders",
    "changes",
    "changed",
    "cancelled",
    "blanket-and-release",
    "part-shipment",
    "rejection",
]


@pytest.mark.parametrize("story", STORIES)
def test_what_is_kept_is_what_working_it_out_anew_gives(story: str, shop: Shop) -> None:
    """Whatever was done in a pass, no row is left that says what was true before it."""
    folder = Path(__file__).parents[1] / "samples" / story
    steps = sorted(
        path for path in folder.iterdir() if re.match(r"[1357]\w*-(850|860|acknowledgment|shipment|invoice)\.", path.name)
    )
    assert len(steps) > 1 or story == "cancelled"
    for n, path in enumerate(steps):
        shop.put("in" if path.suffix == ".edi" else "erp/responses", path.name, path.read_bytes())
        shop.run(f"2026-03-{5 + 2 * n:02d}T12:00")
        with opened(shop.folder, now=shop.now) as room:
            kept = {one.id: one for one in room.ledger.watches.rows(everything=True)}
            assert kept
            for id, one in kept.items():
                found = status._worked_out(room, id)
                assert one.fresh
                assert (one.stage, one.finished) == (found.stage, found.finished)
                assert one.dues == [status.told(due) for due in found.open]
    for kind in NUMBERS:
        for control in "1234":
            shop.put("in", f"{kind}{control}.edi", verdict(shop, kind, control=control))
    shop.run("2026-04-30T12:00")
    with opened(shop.folder, now=shop.now) as room:
        for one in room.ledger.watches.rows(everything=True):
            found = status._worked_out(room, one.id)
            assert (one.stage, one.finished, one.late) == (found.stage, found.finished, sum(due.late for due in found.open))


def test_only_our_own_files_are_removed(tmp_path: Path) -> None:
    (tmp_path / "2026-03").mkdir()
    (tmp_path / "2026-03/A.edi").write_bytes(b"abc")
    (tmp_path / "2026-03/L.edi").symlink_to(tmp_path / "2026-03/A.edi")
    for place in ("../x", "2026-03/../../x", "/etc/passwd", "2026-03//A.edi"):
        with pytest.raises(ValueError, match="is no name of a file"):
            files.remove(tmp_path, place)
    assert files.remove(tmp_path, "2026-03/L.edi") is False
    assert files.names(tmp_path / "2026-03") == {"A.edi", "L.edi"}
    assert [files.remove(tmp_path, "2026-03/A.edi") for _ in range(2)] == [True, False]
    assert files.remove(tmp_path, "2026-04/A.edi") is False
    with pytest.raises(files.FileFault):
        files.names(tmp_path / "gone")


def test_a_ledger_that_cannot_be_made_smaller_says_so(guest: Shop) -> None:
    smaller = pytest.raises(LedgerError, match="could not be made smaller")
    with opened(guest.folder, now=guest.now) as room, room.ledger.snapshot(), smaller:
        room.ledger.compact()
