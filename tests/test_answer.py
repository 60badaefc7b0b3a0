"""Answers completed from their orders: program, settings, envelope, carrier, and the commands `write --order` and `check --order`.

What goes back by carry rule is for ``test_carry``; here everything around it, on the shipped files.
"""

from __future__ import annotations

import copy
import datetime
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from test_carry import order_of
from test_findings import BASE

import translator
from translator.cli import translator as command
from translator.errors import TableError
from translator.tables.load import load
from translator.tables.partner import partner, program
from translator.tables.partner import settings as settings_of
from translator.walk import read
from translator.walk.answer import answer

Json = dict[str, Any]
ROOT = Path(__file__).parents[1]
NOW = datetime.datetime(2026, 3, 10, 9, 30)


# --- a partner's file ------------------------------------------------------------------------------------------------------


def test_settings_are_chosen() -> None:
    known = partner("target").settings
    assert settings_of("target") == {name: one.default for name, one in known.items()}
    assert settings_of("target", overrides={"sscc": "AA"})["sscc"] == "AA"
    for overrides, words in (({"ssc": "AA"}, ["'ssc'", "sscc"]), ({"sscc": "UC"}, ["sscc", "'UC'", "GM, AA"])):
        with pytest.raises(TableError) as caught:
            settings_of("target", overrides=overrides)
        assert all(word in str(caught.value) for word in ["target/partner.toml", *words])
    with pytest.raises(TableError, match=r"there is no mappings/nobody/partner\.toml"):
        settings_of("nobody")


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("colour = 1\n", "'colour'"),
        ("accepted = 820\n", "`accepted`"),
        ('[[programs]]\nwhy = "x"\nshipment = "a/856"\n', "`name`"),
        ('[[programs]]\nname = "x"\nshipment = "a/856"\n', "`why`"),
        ('[[programs]]\nname = "x"\nwhy = "y"\nwhen = ["BEG02-SA"]\n', "BEG02-SA"),
        ('[[programs]]\nname = "x"\nwhy = "y"\nreturn = "a/180"\n', "'return'"),
        ('[settings.labels]\ndefault = "X"\nvalues = { A = "a" }\nabout = "b"\nsource = "c"\n', "`default`"),
        ('[settings.labels]\ndefault = 5\nabout = "b"\nsource = "c"\n', "`default`"),
        ('[settings.labels]\ndefault = "X"\nabout = "b"\n', "`source`"),
        ("settings = 5\n", "settings"),
        ('[[guides]]\nset = "856"\nreceivers = "X"\n', "`receivers`"),
    ],
)
def test_a_broken_partner_file_is_refused(text: str, word: str, tmp_path: Path) -> None:
    (tmp_path / "acme").mkdir()
    (tmp_path / "acme" / "partner.toml").write_text(text, encoding="utf-8")
    with pytest.raises(TableError) as caught:
        partner("acme", tmp_path)
    assert "mappings/acme/partner.toml" in str(caught.value)
    assert word in str(caught.value)


def test_the_first_program_that_fits_is_taken() -> None:
    domestic, guest = order_of("stand-alone"), order_of("guest")
    assert [found.name for order in (domestic, guest) if (found := program(order))] == ["domestic retail", "drop ship"]
    assert program(domestic, named="drop ship").tables["acknowledgment"] == "target/855"  # type: ignore[union-attr]
    with pytest.raises(TableError, match="no program 'import'"):
        program(domestic, named="import")


def test_accepted_sets_are_kept_and_nobody_is_told() -> None:
    data = BASE.replace("GS*PO*", "GS*RA*").replace("ST*850*", "ST*820*").encode()
    [reading] = read(data)
    assert reading.document and reading.document["document"] == "raw"
    assert reading.findings == []
    [reading] = read(BASE.replace("ST*850*", "ST*820*").encode())
    assert [(f.code, f.severity) for f in reading.findings] == [("table-missing", "error")], "an order must not pass as raw text"
    [reading] = read(data.replace(b"6111470100", b"6111470199"))
    assert [(f.code, f.severity) for f in reading.findings] == [("table-missing", "warning")], "it came from somebody else"


# --- answers ----------------------------------------------------------------------------------------------------------------


def shipment(order: Json, **more: Any) -> Json:
    lines = [{"line": line["line"], "quantity": line["quantity"]} for line in order["lines"]]
    return {
        "document": "shipment", "id": "SH1", "ship_date": "2026-03-10", "carrier": {"name": "UPS Ground"},
        "references": {"bill_of_lading": {"id": "BOL1"}}, "ship_from": {"name": "ACME", "location": "WH01"},
        "orders": [{"number": order["number"], "packs": [{"sscc": "006141410000000012", "items": lines}]}], **more,
    }  # fmt: skip


def test_an_answer_is_completed() -> None:
    order = order_of("guest")
    done = answer(shipment(order), [order])
    assert done.ok and done.findings == []
    document = done.document
    assert list(document)[:4] == ["document", "partner", "guide", "envelope"]
    assert (document["partner"], document["guide"]) == ("target", "target/856")
    envelope = document["envelope"]
    assert (envelope["sender"], envelope["receiver"]) == (order["envelope"]["receiver"], order["envelope"]["sender"])
    assert (envelope["usage"], envelope["acknowledgment_requested"]) == ("T", False)
    assert envelope["version"] == "00401"
    assert envelope["delimiters"] == order["envelope"]["delimiters"]
    assert "control" not in envelope and "date" not in envelope
    assert document["carrier"] == {"scac": "UPSN", "mode": "U"}
    assert document["ship_to"]["location"] == "9998"
    assert list(document["orders"][0]["packs"][0]["items"][0]["ids"]) == ["dpci", "upc", "tcin"], "in the order's own sequence"
    assert {one.verdict for one in done.report} == {"filled", "agrees", "not asked for"}


def test_production_is_said_and_never_taken_from_the_order() -> None:
    order = order_of("guest")
    order["envelope"]["usage"] = "P"
    assert answer(shipment(order), [order]).document["envelope"]["usage"] == "T"
    assert answer(shipment(order), [order], usage="P").document["envelope"]["usage"] == "P"
    assert answer(shipment(order, envelope={"usage": "P"}), [order]).document["envelope"]["usage"] == "P"
    assert answer(shipment(order, envelope={"usage": "P"}), [order], usage="T").document["envelope"]["usage"] == "T"


def test_we_say_who_we_are() -> None:
    order = order_of("guest")
    envelope = answer(shipment(order), [order], ours="01/123456789", now=NOW).document["envelope"]
    assert envelope["sender"] == {"qualifier": "01", "id": "123456789"}
    assert (envelope["date"], envelope["time"]) == ("2026-03-10", "09:30")
    envelope = answer(shipment(order, envelope={"receiver": {"id": "TEST"}}), [order], ours="ZZ/A/B").document["envelope"]
    assert envelope["sender"] == {"qualifier": "ZZ", "id": "A", "group": "B"}
    assert envelope["receiver"] == {"qualifier": "08", "id": "TEST", "group": "6111470100"}
    for wrong in ("ZZ", "ZZZ/1", "/1", "ZZ/", "ZZ/1/"):
        with pytest.raises(ValueError, match="QUALIFIER/ID"):
            answer(shipment(order), [order], ours=wrong)


def test_orders_of_two_senders_leave_the_receiver_open() -> None:
    order = order_of("guest")
    second = {**copy.deepcopy(order), "number": "0009-3300146-1001"}
    second["envelope"]["sender"]["id"] = "TGTDVS"
    document = shipment(order)
    document["orders"].append({"number": second["number"], "packs": []})
    found = answer(document, [order, second]).findings
    assert [(f.code, f.path, f.expected) for f in found] == [
        ("carry-ambiguous", "envelope.receiver", "08/6111470100/6111470100 or 08/TGTDVS/6111470100")
    ]


def test_what_answers_nothing_is_left_as_it_is() -> None:
    order = order_of("guest")
    for document in (order, {"document": "raw"}, {}):
        done = answer(document, [order])
        assert (done.document, done.findings, done.report) == (document, [], [])
    with pytest.raises(TableError, match="neither `partner` nor `guide`"):
        answer(shipment(order), [])
    [found] = answer(shipment(order, partner="target"), []).findings
    assert (found.code, found.expected) == ("order-unknown", "none was given")
    with pytest.raises(TableError, match="no setting 'labels'"):
        answer(shipment(order), [order], settings={"labels": "A"})


def test_write_completes_and_writes() -> None:
    order = order_of("guest")
    writing = translator.write(shipment(order), orders=[order], control=5, now=NOW, settings={"sscc": "AA"})
    assert writing.findings == []
    assert writing.data is not None
    assert b"MAN*AA*006141410000000012~" in writing.data
    assert b"N1*ST*PAT EXAMPLE*92*9998~" in writing.data
    [reading] = read(writing.data)
    assert reading.document is not None
    assert reading.document["orders"][0]["number"] == order["number"]
    order["type"] = "BK"
    writing = translator.write([shipment(order), shipment(order)], orders=[order], control=5, now=NOW)
    assert writing.data is None
    assert [(f.code, f.path) for f in writing.findings] == [
        ("order-blocked", "documents[0].orders[0].number"),
        ("order-blocked", "documents[1].orders[0].number"),
        ("quantity-over", "documents[1].orders[0].packs[0].items[0].quantity"),
        ("value-twice", "documents[1].id"),
    ]


# --- carriers ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("colour = 1\n", "carriers"),
        ("carriers = 5\n", "carriers"),
        ('[[carriers]]\nscac = "UPSN"\n', "`name`"),
        ('[[carriers]]\nname = "UPS"\nscac = 5\n', "texts"),
        ('[[carriers]]\nname = "UPS"\ncolour = "brown"\n', "keys"),
        ('[[carriers]]\nname = "UPS"\nnames = ["a", ""]\n', "`names`"),
        ('[[carriers]]\nname = "UPS"\n\n[[carriers]]\nname = "Brown"\nnames = ["ups "]\n', "'ups '"),
    ],
)
def test_a_broken_list_of_carriers_is_refused(text: str, word: str, tmp_path: Path) -> None:
    (tmp_path / "target").mkdir()
    (tmp_path / "target" / "carriers.toml").write_text(text, encoding="utf-8")
    order = order_of("guest")
    with pytest.raises(TableError, match=r"mappings/target/carriers\.toml") as caught:
        answer(shipment(order), [order], mappings=tmp_path)
    assert word in str(caught.value)


def test_what_the_document_says_of_its_carrier_comes_first() -> None:
    order = order_of("guest")
    document = shipment(order, carrier={"name": "ups surepost", "routing": "HD", "transit_days": 3})
    assert answer(document, [order]).document["carrier"] == {"scac": "UPSN", "mode": "U", "routing": "HD", "transit_days": 3}
    [found] = answer(shipment(order, carrier={"name": "Fedex Grund"}), [order]).findings
    assert (found.expected or "").startswith("FedEx Ground")


# --- what is wrong with a document of one's own -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "code", "where", "cure"),
    [
        ({"references": None}, "segment-expected", "references, set 0001", "Fill references in the document, if"),
        (
            {"ship_from": {"name": "ACME", "location": "WH01", "qualifier": "XX"}},
            "element-code",
            "ship_from.qualifier, N103, set 0001, segment 10 N1",
            "Correct ship_from.qualifier in the document; nothing is written",
        ),
        ({"ship_from": {"qualifier": "91"}}, "syntax-paired", "ship_from.location, N104", "Fill ship_from.location"),
        ({"structure": "0004"}, "total-differs", "structure, BSN05", "Correct structure in the document, or leave it out"),
        ({"carrier": {"scac": "quick"}}, "usage-form", "carrier.scac, TD503", "Check carrier.scac in the document; it can be sent"),
    ],
)
def test_what_was_written_is_mended_in_the_document(change: Json, code: str, where: str, cure: str) -> None:
    order = order_of("guest")
    document = {key: value for key, value in {**shipment(order), **change}.items() if value is not None}
    writing = translator.write(document, orders=[order], control=1, now=NOW)
    [found] = [f for f in writing.findings if f.code == code]
    assert found.where.startswith(where)
    assert found.cure.startswith(cure)
    assert "byte" not in found.where
    assert not any("sender" in f.cure for f in writing.findings)
    assert "written" not in found.as_dict()


def test_a_carrier_has_its_code_without_the_order_too() -> None:
    order = order_of("guest")
    document = answer(shipment(order), [order]).document | {"carrier": {"name": "UPS Ground"}}
    writing = translator.write(document, control=1, now=NOW)
    assert writing.data and b"TD5*B*2*UPSN*U~" in writing.data, writing.findings
    writing = translator.write(document | {"carrier": {"name": "Nobody's"}}, control=1, now=NOW)
    assert writing.data is None
    assert ("carrier-unknown", "carrier.name") in [(f.code, f.path) for f in writing.findings]


def test_command_says_what_belongs_there(tmp_path: Path) -> None:
    order = order_of("guest")
    done = run(*WRITE, folder=tmp_path, answer=shipment(order), order=shipment(order))
    assert done.exit_code == 1 and 'it is "shipment", and orders belong here' in done.stderr
    done = run(*WRITE, folder=tmp_path, answer=shipment(order), order="ISA*00*~")
    assert done.exit_code and "`translator read`" in (done.stderr or str(done.exception))


def test_what_cannot_be_read_back_is_said_once() -> None:
    order = order_of("guest")
    writing = translator.write(shipment(order, ship_date="2026-02-30"), orders=[order], control=1, now=NOW)
    assert [(f.code, f.path) for f in writing.findings] == [("element-date", "ship_date")]


def test_command_says_what_a_label_is(tmp_path: Path) -> None:
    order = order_of("guest")
    document = shipment(order)
    document["orders"][0]["packs"][0]["sscc"] = "06141410000000012"
    done = run(*WRITE, folder=tmp_path, answer=document, order=order)
    assert done.exit_code == 1
    assert "orders[0].packs[0].sscc" in done.stderr and "18 digits with its check digit" in done.stderr


# --- what follows from the rest ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("story", "file", "place", "wrong", "ref", "level"),
    [
        ("guest", "3-acknowledgment", "status", "RD", "BAK02", "error"),
        ("guest", "3-acknowledgment", "totals", {"lines": 2}, "CTT01", "error"),
        ("guest", "3-acknowledgment", "totals", {"lines": 1, "hash": "77"}, "CTT02", "error"),
        ("guest", "5-shipment", "structure", "0004", "BSN05", "error"),
        ("guest", "5-shipment", "totals", {"lines": 5}, "CTT01", "error"),
        ("guest", "5-shipment", "totals", {"lines": 4, "hash": "77"}, "CTT02", "error"),
        ("guest", "7-invoice", "totals", {"amount": "0.02"}, "TDS01", "error"),
        ("guest", "7-invoice", "totals", {"lines": 7}, "CTT01", "error"),
        ("guest", "7-invoice", "totals", {"hash": "77"}, "CTT02", "error"),
        ("guest", "7-invoice", "shipped", {"quantity": "77", "unit": "EA"}, "ISS01", "error"),
        ("guest", "5-shipment", "orders", {"cartons": 77}, "TD102", "warning"),
    ],
)
def test_what_does_not_follow_is_the_same_written_and_read(
    story: str, file: str, place: str, wrong: Any, ref: str, level: str
) -> None:
    order = order_of(story)
    document = json.loads((ROOT / "samples" / story / f"{file}.json").read_text(encoding="utf-8"))
    if place == "orders":
        document["orders"][0] |= wrong
    else:
        document[place] = wrong
    done = answer(document, [order], now=NOW)
    assert done.ok, done.findings
    writing = translator.write(done.document, control=1, now=NOW)
    told = [(f.ref, f.severity) for f in writing.findings if f.code == "total-differs"]
    assert told == [(ref, level)]
    assert (writing.data is None) == (level == "error")
    forced = translator.write(done.document, control=1, now=NOW, force=True)
    assert forced.data
    [reading] = read(forced.data)
    assert [(f.ref, f.severity) for f in reading.findings if f.code == "total-differs"] == told


# --- several documents of one call ---------------------------------------------------------------------------------------------


def test_several_shipments_together_are_no_more_than_the_order() -> None:
    order = order_of("stand-alone")
    first, second = shipment(order), shipment(order, id="SH2")
    second["orders"][0]["packs"][0]["sscc"] = "006141410000000029"
    line = order["lines"][0]
    for one in (first, second):
        one["carrier"] = {"scac": "QZXM", "mode": "M"}
        one["orders"][0]["packs"][0]["items"] = [{"line": line["line"], "quantity": line["quantity"]}]
    alone = translator.write([first], orders=[order], control=1, now=NOW)
    assert alone.ok, alone.findings
    both = translator.write([first, second], orders=[order], control=1, now=NOW)
    assert both.data is None
    [found] = [f for f in both.findings if f.severity == "error"]
    assert found.code == "quantity-over"
    assert found.path == "documents[1].orders[0].packs[0].items[0].quantity"
    assert found.value == str(2 * int(line["quantity"]))
    assert found.expected == f"{line['quantity']} (line {line['line']}; with the documents before this one)"
    second["orders"][0]["packs"][0]["items"][0]["quantity"] = "0"
    half = str(int(line["quantity"]) - 1)
    first["orders"][0]["packs"][0]["items"][0]["quantity"] = half
    second["orders"][0]["packs"][0]["items"][0]["quantity"] = "1"
    assert translator.write([first, second], orders=[order], control=1, now=NOW).ok
    invoice = {
        "document": "invoice", "invoice_number": "INV1", "invoice_date": "2026-03-10", "ship_date": "2026-03-10",
        "number": order["number"], "lines": [{"line": line["line"], "quantity": line["quantity"]}],
    }  # fmt: skip
    done = translator.write([first, second, invoice], orders=[order], control=1, now=NOW)
    assert done.ok, "what is billed is not added to what is shipped"
    replacing = {**second, "purpose": "05"}
    replacing["orders"][0]["packs"][0]["items"][0]["quantity"] = line["quantity"]
    assert translator.write([first, replacing], orders=[order], control=1, now=NOW).ok, "it stands for one sent before"


def test_command_checks_several_files_together(tmp_path: Path) -> None:
    order = order_of("guest")
    done = run(*WRITE, folder=tmp_path, answer=shipment(order), order=order)
    (tmp_path / "1.edi").write_text(done.stdout)
    (tmp_path / "2.edi").write_text(done.stdout.replace("SH1", "SH2"))
    assert run("check", "@1.edi", "--order", "@order.json", folder=tmp_path).exit_code == 0
    both = run("check", "@1.edi", "@2.edi", "--order", "@order.json", folder=tmp_path)
    assert both.exit_code == 1
    assert "[quantity-over]" in both.stdout and "2.edi" in both.stdout and "before this one" in both.stdout
    twice = run(*WRITE[:1], "@answer.json", "@second.json", *WRITE[2:], folder=tmp_path, second=shipment(order, id="SH2"))
    assert twice.exit_code == 1 and "[quantity-over]" in twice.stderr


# --- the commands -----------------------------------------------------------------------------------------------------------


def run(*words: str, folder: Path, **files: Any) -> Any:
    for name, content in files.items():
        (folder / f"{name}.json").write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
    where = [word.replace("@", f"{folder}/") for word in words]
    return CliRunner().invoke(command, where)


WRITE = ("write", "@answer.json", "--order", "@order.json", "--control", "5", "--now", "2026-03-10T09:30")


def test_command_writes_and_checks_an_answer(tmp_path: Path) -> None:
    order = order_of("guest")
    done = run(*WRITE, "--show-assumptions", folder=tmp_path, answer=shipment(order), order=order)
    assert done.exit_code == 0, done.stderr
    assert "BSN*00*SH1*20260310*0930*0001~" in done.stdout
    assert "sscc = GM (20 digits" in done.stderr and "shipment_guest_address = yes" in done.stderr
    (tmp_path / "out.edi").write_text(done.stdout)
    check = run("check", "@out.edi", "--order", "@order.json", folder=tmp_path)
    assert check.exit_code == 0
    lines = check.stdout.splitlines()
    assert lines[0] == f"order {order['number']}"
    assert lines[1].split() == ["element", "the", "order", "says", "goes", "back", "verdict", "source"]
    table = load("target/856")
    refs = [rule.ref for rule in table.carry if not rule.setting or table.settings[rule.setting] in rule.chosen]
    assert [line[2:17].strip() for line in lines[2:]] == refs, "a line for each rule that is in force"
    assert any(line.split()[:4] == ["LIN", "IN", "81234567", "81234567"] and " agrees " in line for line in lines)

    (tmp_path / "bad.edi").write_text(done.stdout.replace("IN*81234567~", "IN*81234568~").replace("SH1", "SH2"))
    check = run("check", "@bad.edi", "--order", "@order.json", folder=tmp_path)
    assert check.exit_code == 1
    assert "orders[0].packs[0].items[0].ids.tcin: 850 guide" in check.stdout
    assert "error [carry-differs]" in check.stdout and "1 error" in check.stderr
    machine = run("check", "@bad.edi", "--order", "@order.json", "--json", folder=tmp_path)
    said = [json.loads(line) for line in machine.stdout.splitlines()]
    assert [one["verdict"] for one in said if one.get("ref") == "LIN IN" and "verdict" in one] == ["differs"]
    assert [one["code"] for one in said if "code" in one] == ["carry-differs"]
    assert [one["set"] for one in said if "code" in one] == ["0001"]


def test_command_ships_and_bills_what_was_acknowledged_instead(tmp_path: Path) -> None:
    order = order_of("changes")
    story = ROOT / "samples" / "changes"
    sent = (story / "5-shipment.json").read_text(encoding="utf-8")
    said = json.loads((story / "3-acknowledgment.json").read_text(encoding="utf-8"))
    short = {"document": "acknowledgment", "orders": [{"number": order["number"], "lines": said["orders"][0]["lines"]}]}
    alone = run(*WRITE, folder=tmp_path, answer=sent, order=order)
    assert (alone.exit_code, alone.stdout) == (1, "")
    assert "[carry-differs]" in alone.stderr and "acknowledgment that names it" in alone.stderr
    for acknowledgment in (said, short):
        done = run(*WRITE, "--order", "@said.json", folder=tmp_path, answer=sent, order=order, said=acknowledgment)
        assert done.exit_code == 0, done.stderr
        assert "LIN*000004*UP*012345205149~" in done.stdout
    drafted = run(
        *("new", "invoice", "--order", "@order.json", "--order", "@said.json", "--shipment", "@answer.json"), folder=tmp_path
    )
    line = next(line for line in json.loads(drafted.stdout)["lines"] if line["line"] == "000004")
    assert line["ids"]["upc"] == "012345205040" and line["status"] == "IS"
    assert line["components"] == [{"line": "1", "quantity": "12", "unit": "EA", "ids": {"upc": "012345205149"}}]
    broken = run(*WRITE, "--order", "@said.json", folder=tmp_path, said={"document": "acknowledgment", "orders": 5})
    assert broken.exit_code == 1 and "said.json" in broken.stderr and "[document-invalid]" in broken.stderr


def test_command_refuses_what_the_order_does_not_take(tmp_path: Path) -> None:
    order = order_of("guest") | {"type": "BK"}
    done = run(*WRITE, folder=tmp_path, answer=shipment(order), order=order)
    assert (done.exit_code, done.stdout) == (4, "")
    assert "[order-blocked]" in done.stderr and "BEG02 BK" in done.stderr
    released = order_of("guest")
    written = run(*WRITE, folder=tmp_path, answer=shipment(released), order=released)
    (tmp_path / "out.edi").write_text(written.stdout)
    assert run("check", "@out.edi", "--order", "@order.json", folder=tmp_path, order=order).exit_code == 4
    none = order_of("stand-alone")
    acknowledgment = {"document": "acknowledgment", "orders": [{"number": none["number"], "lines": []}]}
    done = run(*WRITE, folder=tmp_path, answer=acknowledgment, order=none)
    assert (done.exit_code, done.stdout) == (4, "")
    assert "[answer-none]" in done.stderr and "domestic retail" in done.stderr


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        (("--ours", "nobody"), 2, "QUALIFIER/ID"),
        (("--usage", "X"), 2, "--usage"),
        (("--setting", "sscc"), 2, "NAME=VALUE"),
        (("--setting", "ssc=AA"), 5, "no setting 'ssc'"),
        (("--setting", "sscc=UC"), 5, "no value 'UC'"),
        (("--program", "import"), 5, "no program 'import'"),
        (("--exact",), 2, "--exact"),
        (("--order", "@missing.json"), 3, "missing.json"),
        (("--order", "@answer.json"), 1, "document-invalid"),
        (("--ours", "ZZ/OTHER", "--usage", "P", "--setting", "sscc=AA", "--program", "drop ship"), 0, ""),
    ],
)
def test_options_of_write(words: tuple[str, ...], code: int, says: str, tmp_path: Path) -> None:
    order = order_of("guest")
    for name, content in (("answer", shipment(order)), ("order", order)):
        (tmp_path / f"{name}.json").write_text(json.dumps(content), encoding="utf-8")
    line = [word.replace("@", f"{tmp_path}/") for word in (*WRITE, *words)]
    done = subprocess.run([sys.executable, "-m", "translator", *line], cwd=ROOT, capture_output=True, text=True, timeout=60)
    assert done.returncode == code, done.stderr
    assert says in done.stderr
    assert bool(done.stdout) == (code == 0)
    if code == 0:
        assert "*ZZ*OTHER          *08*6111470100" in done.stdout and "*0*P*>" in done.stdout


def test_options_that_need_an_order(tmp_path: Path) -> None:
    for words in (("--usage", "P"), ("--ours", "ZZ/1"), ("--program", "drop ship")):
        done = run("write", "@order.json", *words, folder=tmp_path, order=order_of("guest"))
        assert done.exit_code == 2
        assert "--order" in done.stderr


def test_several_orders_in_one_file(tmp_path: Path) -> None:
    order = order_of("guest")
    second = order_of("stand-alone")
    text = json.dumps(order) + "\n" + json.dumps(second)
    done = run(*WRITE, folder=tmp_path, answer=shipment(order), order=text)
    assert done.exit_code == 0, done.stderr
    done = run("check", str(ROOT / "samples/guest/1-850.edi"), "--order", "@order.json", folder=tmp_path)
    assert done.exit_code == 0
    assert "No set here answers an order." in done.stderr
