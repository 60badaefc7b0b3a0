"""What the ERP answers through an exchange: put together, converted, held, kept waiting, sent, refused."""

from __future__ import annotations

import json
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from erp_side import PO, acknowledgment, invoice, label, packed, shipment
from exchanges import Shop
from partner_side import Partner, change, order, sets, wrap

from translator.errors import Refused
from translator.exchange import decide

SECOND, THIRD = "0009-3300146-1001", "0009-3300147-2002"


@pytest.fixture
def partner() -> Partner:
    return Partner()


@pytest.fixture
def shop(tmp_path: Path, partner: Partner) -> Shop:
    """An exchange with an order of 24 and 12."""
    shop = Shop(tmp_path / "shop")
    shop.arrive(partner.sends(wrap(("PO", 1, order()))))
    return shop


@pytest.fixture
def three(tmp_path: Path, partner: Partner) -> Shop:
    """An exchange with two orders for one place, and one for another."""
    shop = Shop(tmp_path / "shop")
    body = order() + order(SECOND, control="0002") + order(THIRD, control="0003")
    shop.arrive(partner.sends(wrap(("PO", 1, body))))
    shop.collect()
    return shop


def content(shop: Shop, partner: Partner) -> None:
    """Nothing of what lies in out/ is wrong, and nothing is outside the folder."""
    partner.judge(shop.collect())
    assert partner.complaints == []
    assert [path.name for path in shop.folder.parent.iterdir()] == ["shop"]


# --- which order, which shipment -------------------------------------------------------------------------------------------


def test_an_order_is_known_by_the_erps_own_number_from_an_acknowledgment_on(tmp_path: Path, partner: Partner) -> None:
    shop = Shop(tmp_path / "shop", acknowledge="false")
    shop.arrive(partner.sends(wrap(("PO", 1, order(guest=True, quantities=[1, 1])))))
    ship, bill = shipment(quantities={1: 1, 2: 1}), invoice(quantities={1: 1, 2: 1})
    for holder in (ship["orders"][0], bill):
        del holder["number"]
        holder["erp"] = {"order_number": "SO4711"}
    shop.answer(ship, "too early.json")
    assert shop.out("856") == [] and "SO4711" in shop.problems
    shop.answer(acknowledgment({1: 1, 2: 1}, own="SO4711"), "ack.json")
    shop.answer([ship, bill], "answers.json")
    assert set(shop.states().values()) == {"sent"}
    assert sets(shop.out("856")[0])[0].all("PRF")[0][1] == PO and sets(shop.out("810")[0])[0].all("BIG")[0][4] == PO
    content(shop, partner)


def test_the_erps_own_number_must_be_the_one_that_is_known(shop: Shop) -> None:
    ship = shipment(quantities={1: 12})
    ship["orders"][0]["erp"] = {"order_number": "SO1"}
    shop.answer(ship)
    other = shipment("SH2", {1: 12})
    other["orders"][0]["erp"] = {"order_number": "SO2"}
    shop.answer(other, "other.json")
    assert shop.states() == {"shipment SH1": "sent"} and "SO2" in shop.problems and "SO1" in shop.problems


def test_an_unknown_order_is_refused(shop: Shop) -> None:
    shop.answer([shipment(number="NONE"), invoice(number="NONE")])
    assert shop.states() == {} and shop.problems.count("NONE") == 2


def test_shipments_of_one_truck_to_one_place_are_one_ship_notice(three: Shop, partner: Partner) -> None:
    three.answer([shipment("SH1", bol="B1"), shipment("SH2", bol="B1", number=SECOND)])
    [notice] = three.out("856")
    assert [prf[1] for prf in sets(notice)[0].all("PRF")] == [PO, SECOND]
    assert three.states() == {"shipment SH1": "sent"}
    three.answer([invoice(bol="B1"), invoice("INV2", number=SECOND, bol="B1")], "bills.json")
    assert len(three.out("810")) == 2
    content(three, partner)


def test_a_shipment_to_two_places_is_split(three: Shop, partner: Partner) -> None:
    ship = shipment("SH1", bol="B1")
    ship["orders"] += [{"number": THIRD, "packs": packed({1: 24})}, {"number": SECOND, "packs": packed({2: 12})}]
    three.answer(ship)
    found = {sets(data)[0].all("BSN")[0][2]: [prf[1] for prf in sets(data)[0].all("PRF")] for data in three.out("856")}
    assert found == {"SH1": [PO, SECOND], "SH1-2002": [THIRD]}
    content(three, partner)
    three.answer(ship, "again.json")
    assert three.out() == [] and three.problems == "", "the same again is nothing"


def test_shipments_with_bills_of_lading_of_their_own_stay_apart(three: Shop, partner: Partner) -> None:
    three.answer([shipment("SH1", bol="B1"), shipment("SH2", bol="B2", number=SECOND)])
    assert len(three.out("856")) == 2
    content(three, partner)


# --- balances ---------------------------------------------------------------------------------------------------------------


def test_more_than_was_ordered_is_refused_over_several_shipments(shop: Shop, partner: Partner) -> None:
    shop.answer(shipment("SH1", {1: 12}), "a.json")
    shop.answer(shipment("SH2", {1: 24}), "b.json")
    assert shop.states() == {"shipment SH1": "sent"}
    assert "SH2" in shop.problems and "24 ordered" in shop.problems and "12 shipped" in shop.problems
    shop.answer(shipment("SH2", {1: 12, 2: 12}), "c.json")
    assert shop.states() == {"shipment SH1": "sent", "shipment SH2": "sent"} and shop.problems == ""
    shop.answer(shipment("SH3", {2: 12}), "d.json")
    assert "SH3" in shop.problems and len(shop.out("856")) == 2
    content(shop, partner)


def test_more_than_was_ordered_is_refused_within_one_file(shop: Shop, partner: Partner) -> None:
    shop.answer([shipment("SH1", {1: 24}), shipment("SH2", {1: 12}), shipment("SH3", {2: 12})])
    assert shop.states() == {"shipment SH1": "sent", "shipment SH3": "sent"} and "SH2" in shop.problems
    content(shop, partner)


def test_an_invoice_before_its_shipment_waits_and_goes_out_by_itself(shop: Shop, partner: Partner) -> None:
    shop.answer(invoice(), "bill.json")
    assert shop.states() == {"invoice INV1": "waiting"} and shop.out("810") == [] and shop.names("rejected") == []
    shop.run()
    assert shop.states() == {"invoice INV1": "waiting"}
    shop.answer(shipment(), "ship.json")
    assert shop.states() == {"invoice INV1": "sent", "shipment SH1": "sent"} and shop.problems == ""
    assert len(shop.out("810")) == 1
    content(shop, partner)


def test_an_invoice_waits_until_the_ship_notice_is_accepted_where_the_settings_say_so(tmp_path: Path, partner: Partner) -> None:
    shop = Shop(tmp_path / "shop", invoice_after='"accepted"')
    shop.arrive(partner.sends(wrap(("PO", 1, order()))))
    shop.answer([shipment(), invoice()])
    assert shop.states() == {"shipment SH1": "sent", "invoice INV1": "waiting"}
    shop.arrive(partner.acknowledge(shop.out("856")[0]), "yes.edi")
    assert shop.states() == {"shipment SH1": "accepted", "invoice INV1": "sent"}
    content(shop, partner)


def test_an_invoice_whose_ship_notice_was_rejected_waits_again(tmp_path: Path, partner: Partner) -> None:
    shop = Shop(tmp_path / "shop")
    shop.arrive(partner.sends(wrap(("PO", 1, order()))))
    shop.answer(shipment(), "ship.json")
    [notice] = shop.out("856")
    shop.arrive(partner.acknowledge(notice, reject=[("BSN", 2, 1, "7", "00")]), "no.edi")
    shop.answer(invoice(), "bill.json")
    assert shop.states() == {"shipment SH1": "rejected", "invoice INV1": "waiting"}
    shop.answer(shipment(), "again.json")
    assert shop.states() == {"shipment SH1": "sent", "invoice INV1": "sent"} and shop.problems == ""


def test_more_than_was_shipped_is_not_billed(shop: Shop, partner: Partner) -> None:
    shop.answer([shipment("SH1", {1: 12}), invoice("INV1", {1: 12})], "a.json")
    shop.answer(invoice("INV2", {1: 24}), "b.json")
    assert shop.states()["invoice INV1"] == "sent" and "invoice INV2" not in shop.states()
    assert "INV2" in shop.problems
    shop.answer(invoice("INV3", {1: 12}), "c.json")
    assert shop.states()["invoice INV3"] == "waiting"
    shop.answer(invoice("INV4", {1: 12}), "d.json")
    assert "invoice INV4" not in shop.states() and "INV4" in shop.problems, "what waits is promised"
    shop.answer(shipment("SH2", {1: 12}), "e.json")
    assert shop.states()["invoice INV3"] == "sent"
    content(shop, partner)


def test_a_line_that_is_final_is_closed_short(shop: Shop, partner: Partner) -> None:
    shop.answer(shipment("SH1", {1: 12}, final=True))
    with_balance = shop.states()
    assert with_balance == {"shipment SH1": "sent"}
    content(shop, partner)
    from translator.exchange.balance import balances
    from translator.exchange.room import read_only

    with read_only(shop.folder) as room:
        [held] = list(room.ledger.orders.rows())
        lines = balances(held.original, held.current, room.ledger.documents.movements(held.id))
    assert (str(lines["000001"].open), str(lines["000002"].open)) == ("0", "12")


def test_the_final_flag_is_not_sent_to_the_partner(shop: Shop, partner: Partner) -> None:
    shop.answer(shipment("SH1", {1: 12}, final=True))
    [notice] = shop.out("856")
    assert b"final" not in notice and b"True" not in notice
    content(shop, partner)


def test_a_label_is_not_used_again_within_twelve_months(shop: Shop, partner: Partner) -> None:
    first, second = shipment("SH1", {1: 12}), shipment("SH2", {1: 12})
    second["orders"][0]["packs"][0]["sscc"] = first["orders"][0]["packs"][0]["sscc"]
    shop.answer(first, "a.json")
    shop.answer(second, "b.json")
    assert shop.states() == {"shipment SH1": "sent"}
    assert first["orders"][0]["packs"][0]["sscc"] in shop.problems and "SH1" in shop.problems
    shop.now = shop.now.replace(year=shop.now.year + 1, month=shop.now.month + 1)
    shop.answer(second, "c.json")
    assert "shipment SH2" in shop.states()
    content(shop, partner)


def test_a_label_is_not_used_twice_in_one_file(shop: Shop) -> None:
    first, second = shipment("SH1", {1: 12}), shipment("SH2", {1: 12})
    second["orders"][0]["packs"][0]["sscc"] = first["orders"][0]["packs"][0]["sscc"]
    shop.answer([first, second])
    assert shop.states() == {"shipment SH1": "sent"} and "SH2" in shop.problems


def test_a_number_of_last_year_is_refused_and_the_erp_is_told_why(shop: Shop) -> None:
    shop.answer([shipment(quantities={1: 12}), invoice(quantities={1: 12})], "a.json")
    shop.now = shop.now.replace(year=shop.now.year + 1)
    shop.answer([shipment("SH2", {2: 12}), invoice("INV1", {2: 12})], "b.json")
    assert "INV1" in shop.problems and "used before" in shop.problems and "invoice INV1" in shop.states()


# --- held, refused, mended --------------------------------------------------------------------------------------------------


def unfit(id: str = "SH1") -> dict[str, Any]:
    """A shipment that the partner would charge for: a bill of lading with characters that it does not take."""
    return shipment(id, {1: 24, 2: 12}, bol="BOL 17/A")


def test_what_the_partner_charges_for_is_held_and_released_by_a_person(shop: Shop, partner: Partner) -> None:
    shop.answer(unfit())
    assert shop.states() == {"shipment SH1": "held"} and shop.out("856") == []
    assert "BOL 17/A" in shop.problems and "exchange release DIR" in shop.problems
    [hold] = shop.holds()
    assert f"exchange release DIR {hold.id}`" in shop.problems
    shop.run()
    assert shop.states() == {"shipment SH1": "held"}
    shop.decide(decide.release, str(hold.id))
    shop.run()
    assert shop.states() == {"shipment SH1": "sent"} and shop.problems == "" and len(shop.out("856")) == 1
    assert any("released by a person" in event for event in shop.events())
    content(shop, partner)
    with pytest.raises(Refused):
        shop.decide(decide.release, str(hold.id))


def test_a_corrected_document_takes_the_place_of_the_held_one(shop: Shop, partner: Partner) -> None:
    shop.answer(unfit(), "a.json")
    [hold] = shop.holds()
    shop.answer(shipment(), "b.json")
    assert shop.states() == {"shipment SH1": "sent"} and shop.problems == "" and len(shop.out("856")) == 1
    with pytest.raises(Refused):
        shop.decide(decide.release, str(hold.id))
    content(shop, partner)


def test_a_held_document_that_is_given_again_is_one_problem(shop: Shop) -> None:
    document = unfit()
    shop.answer(document, "a.json")
    shop.answer(document, "b.json")
    assert len(shop.holds()) == 1 and shop.states() == {"shipment SH1": "held"}


def test_an_invoice_for_a_shipment_that_is_held_waits(shop: Shop) -> None:
    shop.answer([unfit(), invoice(bol="BOL 17/A")])
    assert shop.states() == {"shipment SH1": "held", "invoice INV1": "waiting"}
    shop.decide(decide.release, str(next(one.id for one in shop.holds() if one.what == "document")))
    shop.run()
    assert shop.states() == {"shipment SH1": "sent", "invoice INV1": "sent"}


def test_a_refused_document_comes_back_and_is_off_the_list_when_the_corrected_one_came(shop: Shop, partner: Partner) -> None:
    bad = shipment("SH1", {1: 99})
    shop.answer([bad, invoice("INV1", {1: 12})], "answers.json")
    assert shop.states() == {"invoice INV1": "waiting"}
    files = shop.read("rejected")
    assert sorted(name.rsplit(".")[-1] for name in files) == ["json", "txt"]
    assert json.loads(next(data for name, data in files.items() if name.endswith(".json"))) == bad
    text = next(data for name, data in files.items() if name.endswith(".txt")).decode()
    assert "SH1" in text and "orders[0].packs" in text and '"99"' in text
    assert "SH1 was refused" in shop.problems and all(name in shop.problems for name in files if name.endswith(".txt"))
    shop.answer(shipment("SH1", {1: 12}), "corrected.json")
    assert shop.problems == "" and shop.states() == {"shipment SH1": "sent", "invoice INV1": "sent"}
    content(shop, partner)


def test_a_document_that_is_refused_again_is_one_problem(shop: Shop) -> None:
    for n in range(3):
        shop.answer(shipment("SH1", {1: 99}), f"{n}.json")
    assert len(shop.holds()) == 1 and len(shop.names("rejected")) == 6
    shop.decide(decide.refuse, str(shop.holds()[0].id))
    shop.run()
    assert shop.problems == ""


def test_an_acknowledgment_after_the_automatic_one_is_refused_with_words(tmp_path: Path) -> None:
    shop = Shop(tmp_path / "shop")
    shop.arrive(wrap(("PO", 1, order(guest=True, quantities=[1, 1]))))
    assert len(shop.out("855")) == 1
    shop.answer(acknowledgment({1: 1, 2: 1}, status="IR"))
    assert (len(shop.out("855")) == 1 and "used before" in shop.problems) or "acknowledged" in shop.problems


# --- files that are none ----------------------------------------------------------------------------------------------------

BASE = json.dumps(shipment("SH9", {1: 12}))
FILES = {
    "duplicate keys": BASE.replace('"id": "SH9"', '"id": "SH9", "id": "SH8"'),
    "NaN": BASE.replace('"quantity": "12"', '"quantity": NaN'),
    "Infinity": BASE.replace('"quantity": "12"', '"quantity": Infinity'),
    "1e400": BASE.replace('"quantity": "12"', '"quantity": 1e400'),
    "float": BASE.replace('"quantity": "12"', '"quantity": 12.0'),
    "exponent": BASE.replace('"quantity": "12"', '"quantity": "1E1"'),
    "underscore": BASE.replace('"quantity": "12"', '"quantity": "1_2"'),
    "plus": BASE.replace('"quantity": "12"', '"quantity": "+12"'),
    "minus": BASE.replace('"quantity": "12"', '"quantity": "-12"'),
    "zero": BASE.replace('"quantity": "12"', '"quantity": "0"'),
    "digits of another script": BASE.replace('"quantity": "12"', '"quantity": "１２"'),
    "400 digits": BASE.replace('"quantity": "12"', f'"quantity": "{"9" * 400}"'),
    "deep": "[" * 100_000 + "]" * 100_000,
    "deep objects": '{"document":' * 50_000 + "1" + "}" * 50_000,
    "lone surrogate": BASE.replace("SH9", "SH\\ud800"),
    "null": BASE.replace('"12"', "null"),
    "list for text": BASE.replace('"SH9"', '["SH9"]'),
    "object for list": BASE.replace('"orders": [', '"orders": {"a": [').replace("]}", "]}}", 1) + "}",
    "orders of texts": json.dumps({**shipment("SH9"), "orders": ["a"]}),
    "no orders": json.dumps({**shipment("SH9"), "orders": []}),
    "unknown field": BASE.replace('"id"', '"colour": "red", "id"'),
    "missing field": BASE.replace('"id": "SH9", ', "").replace("bill_of_lading", "carrier_reference"),
    "missing line": BASE.replace('"line": "000001", ', ""),
    "an unknown line": BASE.replace('"000001"', '"000099"'),
    "no document": "{}",
    "an unknown document": json.dumps({**shipment("SH9"), "document": "order"}),
    "a number": "12",
    "a text": '"hello"',
    "half": BASE[: len(BASE) // 2] + "}",
    "two roots": BASE + BASE[:-1],
    "trailing comma": BASE[:-1] + ",}",
    "empty list": "[]",
    "list of nothing": "[null, 1, [], {}]",
    "utf-16": BASE.encode("utf-16"),
    "bad utf-8": BASE.replace("SAMPLE", "S\xe4MPLE").encode("latin-1"),
    "date": BASE.replace("2026-03-09", "2026-02-30"),
    "other date": BASE.replace("2026-03-09", "09.03.2026"),
    "csv": b"shipment,order\nSH1,PO\n",
    "words": b"please ship everything",
    "binary": bytes(range(256)),
}


@pytest.mark.parametrize("what", FILES)
def test_g1_a_file_that_cannot_be_used_sends_nothing_and_is_told(what: str, shop: Shop, partner: Partner) -> None:
    shop.collect()
    text = FILES[what]
    shop.set(incomplete_minutes="1")
    shop.put("erp/responses", "odd.json", text if isinstance(text, bytes) else text.encode())
    shop.run()
    shop.run()
    shop.run()
    assert shop.out() == [] and shop.states() == {}
    assert shop.names("erp/responses") == []
    if what != "empty list":
        assert shop.problems != "" and shop.names("rejected") != []
        assert all(c >= " " or c == "\n" for c in shop.problems)
    # and the next good one goes out
    shop.answer(shipment(), "good.json")
    assert shop.states() == {"shipment SH1": "sent"}
    content(shop, partner)


def test_g3_json_that_is_not_all_there_yet_is_left_until_it_is(shop: Shop) -> None:
    data = json.dumps([shipment("SH1", {1: 12}), invoice("INV1", {1: 12})], indent=1).encode()
    for end in range(10, len(data), 97):
        shop.put("erp/responses", "slow.json", data[:end])
        shop.run()
        assert shop.names("erp/responses") == ["slow.json"], data[:end]
    half = data[: data.index(b"}") + 1]
    shop.put("erp/responses", "slow.json", half)
    shop.run()
    assert shop.names("erp/responses") == ["slow.json"] and shop.problems == ""
    shop.answer(data, "slow.json")
    assert set(shop.states().values()) == {"sent"} and shop.problems == ""


def test_a_file_that_the_program_stumbles_over_does_not_stand_in_the_way_of_others(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    from translator.exchange import answers

    plain = answers.offer

    def offer(room: Any, given: dict[str, Any], **more: Any) -> Any:
        done = plain(room, given, **more)
        if given.get("id") == "SH1":
            raise KeyError("something that nobody thought of")
        return done

    monkeypatch.setattr(answers, "offer", offer)
    shop.put("erp/responses", "1.json", shipment("SH1", {1: 12}))
    shop.put("erp/responses", "2.json", shipment("SH2", {1: 12}))
    shop.run()
    assert shop.states() == {"shipment SH2": "sent"} and len(shop.out("856")) == 1
    assert "1.json" in shop.problems and "fault of its own" in shop.problems


def test_g1_a_byte_order_mark_is_no_fault(shop: Shop) -> None:
    shop.answer(b"\xef\xbb\xbf" + json.dumps(shipment()).encode())
    assert shop.states() == {"shipment SH1": "sent"}


# --- values that would like to be something else ------------------------------------------------------------------------------

HOSTILE = [
    "A*B", "A~SE*1*0001~", "A>B", "A\nB", "A\rB", "A\x00B", "A\x1bB", "A\x1dB", "../../etc/passwd", "/etc/passwd", "C:\\x", "CON",
    "=HYPERLINK(\"http://x\")", "@SUM(1)", "-1+1", "<script>alert(1)</script>", "'; DROP TABLE orders;--", "%s%n%x",
    "{0.__class__}", "$(id)", "`id`", "é’😀", "x" * 5000, "", " ", " lead", "\u202e", "DIR ID`",
]  # fmt: skip


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The places of all texts of a document."""
    if isinstance(value, dict):
        return [one for key, held in value.items() for one in places(held, (*path, key))]
    if isinstance(value, list):
        return [one for n, held in enumerate(value) for one in places(held, (*path, n))]
    return [path] if isinstance(value, str) else []


def put(document: dict[str, Any], path: tuple[Any, ...], value: str) -> dict[str, Any]:
    """A copy with another text at one place."""
    made: Any = deepcopy(document)
    holder = made
    for key in path[:-1]:
        holder = holder[key]
    holder[path[-1]] = value
    return made  # type: ignore[no-any-return]


def rich_shipment() -> dict[str, Any]:
    made = shipment("SH1", {1: 12})
    made["orders"][0]["packs"][0]["tracking"] = "1Z999"
    made["orders"][0]["erp"] = {"order_number": "SO1"}
    made["ship_from"]["address"] = {"lines": ["1 ROAD"], "city": "TOWN", "state": "MN", "postal_code": "55001", "country": "US"}
    return made


HELD = {
    "shipment": rich_shipment(),
    "invoice": invoice("INV1", {1: 12}) | {"references": {"vendor": {"id": "3342078"}}},
    "acknowledgment": acknowledgment({1: 1, 2: 1}, own="SO1"),
}


@pytest.mark.parametrize("kind", HELD)
def test_f1_no_value_of_the_erp_becomes_a_segment_a_path_or_a_command(kind: str, tmp_path: Path, partner: Partner) -> None:
    """Each hostile value in each text of a document, all in one file: what goes out is whole and says no more."""
    guest = kind == "acknowledgment"
    shop = Shop(tmp_path / "shop", acknowledge="false")
    shop.arrive(partner.sends(wrap(("PO", 1, order(guest=guest, quantities=[1, 1] if guest else [100_000, 100_000])))))
    if kind == "invoice":
        shop.answer(shipment("SH1", {1: 600}))
        assert shop.states() == {"shipment SH1": "sent"}
    shop.collect()
    base = HELD[kind]
    documents = []
    for value in HOSTILE:
        for path in places(base):
            if path == ("document",):
                continue
            made = put(base, path, value)
            number = {"shipment": "id", "invoice": "invoice_number"}.get(kind)
            if number and path != (number,):
                made[number] = f"N{len(documents)}"
            if kind == "shipment" and path[-1] != "sscc":
                made["orders"][0]["packs"][0]["sscc"] = label(500_000 + len(documents))
            documents.append(made)
    shop.answer(documents, "hostile.json")
    files = shop.collect()
    found = partner.judge(files)
    assert partner.complaints == []
    for one in found:
        tags = [segment[0] for segment in one.segments]
        assert tags.count("SE") == tags.count("ST") == 1
        assert not any(mark in element for segment in one.segments for element in segment for mark in ("\n", "\r", "\x00", "\x1b"))
    assert [path.name for path in tmp_path.iterdir()] == ["shop"]
    for name in [*files, *shop.names("rejected")]:
        assert name.isascii() and all(c.isalnum() or c in "._-" for c in name) and len(name) <= 120, name
    assert all(c >= " " or c == "\n" for c in shop.problems)
    assert "\u202e" not in shop.problems
    for line in shop.said:
        assert all(c.isprintable() or c == "\n" for c in line), line


# --- lists of the supplier ----------------------------------------------------------------------------------------------------

ITEMS = b"""dpci,upc,sku,unit,factor,per,order_unit,price,note
009081234,012345090011,CHAIR-A,CS,12,1,EA,212.5,
009081235,,CHAIR-B,EA,1,,,99.25,
"""


def test_the_erp_works_in_its_own_items_and_units_and_the_partner_gets_its_own(tmp_path: Path, partner: Partner) -> None:
    shop = Shop(tmp_path / "shop")
    shop.put(".", "items.csv", ITEMS)
    shop.arrive(partner.sends(wrap(("PO", 1, order()))))
    [handed] = shop.orders().values()
    first = handed["lines"][0]
    assert (first["quantity"], first["unit"]) == ("24", "EA")
    assert (first["erp"]["sku"], first["erp"]["quantity"], first["erp"]["unit"]) == ("CHAIR-A", "2", "CS")
    ship = shipment("SH1")
    ship["orders"][0]["packs"] = [
        {"sscc": label(900_001), "items": [{"erp": {"sku": "CHAIR-A", "quantity": "1", "unit": "CS"}}]},
        {"sscc": label(900_002), "items": [{"erp": {"sku": "CHAIR-A", "quantity": "1", "unit": "CS"}}]},
        {"sscc": label(900_003), "items": [{"erp": {"sku": "CHAIR-B", "quantity": "12", "unit": "EA"}}]},
    ]
    bill = invoice("INV1")
    bill["lines"] = [
        {"erp": {"sku": "CHAIR-A", "quantity": "2", "unit": "CS"}}, {"erp": {"sku": "CHAIR-B", "quantity": "12", "unit": "EA"}}
    ]  # fmt: skip
    shop.answer([ship, bill])
    assert shop.problems == "" and shop.states() == {"shipment SH1": "sent", "invoice INV1": "sent"}
    assert [sn1[2:] for sn1 in sets(shop.out("856")[0])[0].all("SN1")] == [["12", "EA"]] * 3
    assert [it1[2:5] for it1 in sets(shop.out("810")[0])[0].all("IT1")] == [["24", "EA", "212.5"], ["12", "EA", "99.25"]]
    content(shop, partner)


def test_an_unknown_item_holds_the_order_and_not_its_receipt_until_the_row_is_there(tmp_path: Path) -> None:
    shop = Shop(tmp_path / "shop")
    shop.put(".", "items.csv", b"\n".join(ITEMS.splitlines()[:2]) + b"\n")
    shop.arrive(wrap(("PO", 1, order())))
    assert len(shop.out("997")) == 1 and shop.orders() == {}
    assert "009081235" in shop.problems and "items.csv" in shop.problems
    for _ in range(3):
        shop.run()
    assert len([event for event in shop.events() if event.startswith("held")]) == 1, "said once"
    shop.put(".", "items.csv", ITEMS)
    shop.run()
    assert len(shop.orders()) == 1 and shop.problems == ""


def test_a_held_order_is_told_anew_when_less_is_missing(tmp_path: Path) -> None:
    shop = Shop(tmp_path / "shop")
    shop.put(".", "items.csv", b"dpci,sku,unit,factor\n049000000,X,EA,1\n")
    shop.arrive(wrap(("PO", 1, order())))
    assert "009081234" in shop.problems and "009081235" in shop.problems
    shop.put(".", "items.csv", b"\n".join(ITEMS.splitlines()[:2]) + b"\n")
    shop.run()
    assert "009081235" in shop.problems and "009081234" not in shop.problems and len(shop.holds()) == 1


def test_a_price_off_the_list_is_a_warning_and_does_not_hold(tmp_path: Path) -> None:
    shop = Shop(tmp_path / "shop")
    shop.put(".", "items.csv", ITEMS.replace(b"212.5", b"200"))
    shop.arrive(wrap(("PO", 1, order())))
    assert len(shop.orders()) == 1
    assert any("200" in event and event.startswith("remark") for event in shop.events())


def test_a_broken_list_is_told_and_holds_what_needs_it(tmp_path: Path) -> None:
    shop = Shop(tmp_path / "shop")
    shop.put(".", "items.csv", b"\x00\x01 no list\n")
    shop.arrive(wrap(("PO", 1, order())))
    assert shop.orders() == {} and "items.csv" in shop.problems and len(shop.out("997")) == 1


def test_an_unknown_location_is_added_to_the_list(tmp_path: Path) -> None:
    shop = Shop(tmp_path / "shop")
    shop.arrive(wrap(("PO", 1, order() + order(THIRD, control="0002")), control=1))
    text = (shop.folder / "locations.csv").read_text(encoding="utf-8")
    rows = [line for line in text.splitlines() if line.startswith(("1001", "2002"))]
    assert len(rows) == 2 and all("new" in row for row in rows)
    shop.arrive(wrap(("PO", 2, order(SECOND)), control=2), "more.edi")
    assert (shop.folder / "locations.csv").read_text(encoding="utf-8") == text


def test_the_number_of_a_location_stands_in_the_order(tmp_path: Path) -> None:
    shop = Shop(tmp_path / "shop")
    (shop.folder / "locations.csv").write_text("location,name,address,customer,ship_to,kind,note\n1001,DC,,C77,S88,dc,\n")
    shop.arrive(wrap(("PO", 1, order())))
    [handed] = shop.orders().values()
    assert "C77" in json.dumps(handed) and "S88" in json.dumps(handed)


# --- what waits is sent as of the day on which it goes -------------------------------------------------------------------------


def test_what_waited_bears_the_day_on_which_it_goes_out(shop: Shop, partner: Partner) -> None:
    shop.answer(invoice(), "bill.json")
    shop.put("erp/responses", "ship.json", shipment())
    shop.run("2026-03-12T08:15")
    assert shop.states() == {"invoice INV1": "sent", "shipment SH1": "sent"}
    [bill] = sets(shop.out("810")[0])
    assert bill.isa[9:11] == ["260312", "0815"] and bill.group[4:6] == ["20260312", "0815"]
    assert bill.all("BIG")[0][1] == "20260309", "the day of the invoice is the ERP's"
    content(shop, partner)


def test_what_was_held_bears_the_day_on_which_it_is_released(shop: Shop, partner: Partner) -> None:
    shop.answer(unfit())
    shop.run("2026-03-12T08:15")
    shop.decide(decide.release, str(shop.holds()[0].id))
    [notice] = sets(shop.out("856")[0])
    assert notice.isa[9:11] == ["260312", "0815"]
    assert notice.all("BSN")[0][3:5] == ["20260312", "0815"]


def test_what_waited_is_billed_at_the_price_that_holds_when_it_goes_out(shop: Shop, partner: Partner) -> None:
    """The ERP said no price: the order's is taken, as it stands when the invoice is written."""
    shop.answer(invoice(), "bill.json")
    poc = "POC*000001*PC*24*24*EA*200*WE*CB*009081234*VA*CHAIR-7*UP*012345090011"
    shop.arrive(wrap(("PC", 2, change(PO, poc, total=24)), control=2), "change.edi")
    shop.decide(decide.accept, PO)
    shop.answer(shipment(), "ship.json")
    assert shop.states() == {"invoice INV1": "sent", "shipment SH1": "sent"}, shop.problems
    [bill] = sets(shop.out("810")[0])
    assert [it1[4] for it1 in bill.all("IT1")] == ["200", "99.25"]
    assert bill.all("TDS") == [["TDS", str(24 * 20000 + 12 * 9925)]]
    content(shop, partner)


def test_what_waits_and_is_given_again_is_nothing_new(shop: Shop) -> None:
    bill = invoice()
    shop.answer(bill, "a.json")
    shop.answer(bill, "b.json")
    assert shop.states() == {"invoice INV1": "waiting"} and shop.holds() == []
    shop.answer(invoice("INV1", {1: 12}), "c.json")
    assert "INV1" in shop.problems and shop.states() == {"invoice INV1": "waiting"}


# --- column tables --------------------------------------------------------------------------------------------------------------

CELLS = [
    "SHIPMENT", "BILL_OF_LADING", "SHIP_DATE", "CARRIER", "SHIP_FROM", "SHIP_FROM_NAME", "PO_NUMBER", "SSCC", "LINE", "QUANTITY"
]  # fmt: skip
BILLED = ["INVOICE", "INVOICE_DATE", "PO_NUMBER", "SHIP_DATE", "CARRIER", "REFERENCE_TYPE", "REFERENCE", "LINE", "QUANTITY"]


def table(header: list[str], *rows: list[str]) -> bytes:
    """A file of the shipped table that has these columns; the cells of its other columns are empty."""
    kind = "shipments" if header is CELLS else "invoices"
    every = (Path(__file__).parent / f"columns/{kind}.csv").read_text(encoding="utf-8").splitlines()[0].split(",")
    cells = [dict(zip(header, row, strict=True)) for row in rows]
    return "".join(",".join(row) + "\r\n" for row in [every, *([one.get(name, "") for name in every] for one in cells)]).encode()


def carton(id: str, line: int, quantity: str, number: str = PO, serial: int = 0) -> list[str]:
    """A row of a shipment."""
    code = label(700_000 + serial)
    return [id, f"BOL{id}", "2026-03-09", "XPO", "WH01", "SAMPLE SUPPLY CO", number, code, f"{line:06d}", quantity]


def billed(id: str, line: int, quantity: str) -> list[str]:
    """A row of an invoice."""
    return [id, "2026-03-09", PO, "2026-03-09", "XPO", "BM", "BOLSH1", f"{line:06d}", quantity]


@pytest.fixture
def sheets(tmp_path: Path, partner: Partner) -> Shop:
    """An exchange whose ERP answers in column tables."""
    shop = Shop(tmp_path / "shop", shipments='"erp/shipments"', invoices='"erp/invoices"')
    shop.arrive(partner.sends(wrap(("PO", 1, order() + order(SECOND, control="0002")))))
    shop.collect()
    return shop


def test_rows_become_documents_and_a_rejection_names_row_and_column(sheets: Shop, partner: Partner) -> None:
    rows = [carton("SH1", 1, "12", serial=1), carton("SH1", 1, "12", serial=2), carton("SH1", 2, "12", serial=3)]
    sheets.answer(table(CELLS, *rows), "shipments.csv")
    assert sheets.states() == {"shipment SH1": "sent"}, sheets.problems
    sheets.answer(table(BILLED, billed("INV1", 1, "24"), billed("INV1", 2, "12")), "invoices.csv")
    assert sheets.states()["invoice INV1"] == "sent", sheets.problems
    files = sheets.collect()
    partner.judge(files)
    assert partner.complaints == []
    bill = next(data for name, data in files.items() if name.startswith("810"))
    [one] = sets(bill)
    place = [n for n, segment in enumerate(one.segments, 1) if segment[0] == "IT1"][1]
    sheets.arrive(partner.acknowledge(bill, reject=[("IT1", place, 2, "7", "12")]), "no.edi")
    assert "invoices.csv, row 3, column QUANTITY" in sheets.problems
    sheets.answer(table(BILLED, billed("INV1", 1, "24"), billed("INV1", 2, "6")), "corrected.csv")
    assert sheets.states()["invoice INV1"] == "sent" and sheets.problems == ""


def test_a_bad_row_keeps_its_document_back_and_no_other(sheets: Shop, partner: Partner) -> None:
    rows = [carton("SH1", 1, "12", serial=1), carton("SH1", 2, "1E3", serial=2), carton("SH2", 1, "24", SECOND, serial=3)]
    sheets.answer(table(CELLS, *rows), "shipments.csv")
    assert sheets.states() == {"shipment SH2": "sent"}
    [name] = sheets.names("rejected")
    report = sheets.read("rejected")[name].decode().splitlines()
    assert report[0].endswith("error,cure") and "1E3" in "".join(report) and SECOND not in "".join(report)
    assert name in sheets.problems and "row 3" in sheets.problems
    sheets.answer(table(CELLS, carton("SH1", 1, "12", serial=1), carton("SH1", 2, "12", serial=2)), "shipments.csv")
    assert sheets.states() == {"shipment SH1": "sent", "shipment SH2": "sent"} and sheets.problems == ""
    content(sheets, partner)


def test_rows_that_ship_too_much_come_back_with_row_and_column(sheets: Shop) -> None:
    rows = [carton("SH1", 2, "12", serial=1), carton("SH1", 2, "12", serial=2)]
    sheets.answer(table(CELLS, *rows), "shipments.csv")
    assert sheets.states() == {} and "row 3, column QUANTITY" in sheets.problems
    sheets.answer(table(CELLS, rows[0]), "corrected under another name.csv")
    assert sheets.states() == {"shipment SH1": "sent"} and sheets.problems == ""


def test_a_table_given_again_is_nothing(sheets: Shop) -> None:
    data = table(CELLS, carton("SH1", 1, "12", serial=1))
    sheets.answer(data, "shipments.csv")
    sheets.collect()
    sheets.answer(data, "shipments.csv")
    sheets.answer(data, "again.csv")
    assert sheets.out() == [] and sheets.problems == "" and sheets.states() == {"shipment SH1": "sent"}
