"""What a partner sends into an exchange: repeated, contradicted, broken, not for us, and what it says of what was sent.

A test is named after what it shows; the letters are those of the list of faults that the exchange must survive.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
from erp_side import PO, invoice, shipment
from exchanges import Shop, sample
from partner_side import OURS, THEIRS, Partner, change, order, sets, transaction, wrap

from translator.errors import Refused
from translator.exchange import decide


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    return Shop(tmp_path / "shop")


@pytest.fixture
def partner() -> Partner:
    return Partner()


def ordered(control: int = 1, number: str = PO, quantities: tuple[int, ...] = (24, 12), group: int = 1, **more: str) -> bytes:
    """An interchange with one order."""
    return wrap(("PO", group, order(number, quantities, **more)), control=control)  # type: ignore[arg-type]


def in_archive(shop: Shop, data: bytes) -> bool:
    """Whether the archive has these bytes: nothing that came is ever lost."""
    return any(path.read_bytes() == data for path in (shop.folder / "archive").rglob("*") if path.is_file())


# --- C1 to C4: the same again, and not the same ------------------------------------------------------------------------


def test_c1_the_same_interchange_under_another_name_orders_nothing_and_is_answered_by_the_same_bytes(shop: Shop) -> None:
    shop.arrive(ordered(), "first.edi")
    first, handed = shop.collect(), shop.read("erp/orders")
    for n in range(3):
        shop.arrive(ordered(), f"again {n}.edi")
        again = shop.collect()
        assert list(again.values()) == list(first.values()) and set(again) != set(first)
    assert shop.read("erp/orders") == handed
    assert shop.problems == ""
    assert len(shop.ledger_orders()) == 1


def test_c1_a_repetition_is_not_answered_where_the_settings_say_so(tmp_path: Path) -> None:
    shop = Shop(tmp_path / "shop", repeat="false")
    shop.arrive(ordered())
    shop.collect()
    shop.arrive(ordered(), "again.edi")
    assert shop.collect() == {} and shop.problems == ""


def test_c1_the_same_interchange_twice_in_one_file_is_one_order(shop: Shop) -> None:
    shop.arrive(ordered() + ordered())
    assert len(shop.orders()) == 1
    assert len({hashlib.sha256(data).hexdigest() for data in shop.out("997")}) == 1


def test_c1_a_thousand_replays_have_no_second_effect(shop: Shop) -> None:
    shop.arrive(ordered() * 1000)
    shop.arrive(ordered())
    assert len(shop.orders()) == len(shop.ledger_orders()) == 1
    assert len(set(shop.out("997"))) == 1 and shop.problems == ""


def test_c2_a_control_number_with_other_bytes_is_put_aside_and_told(shop: Shop) -> None:
    shop.arrive(ordered(), "first.edi")
    shop.collect()
    other = ordered(number="0009-3300146-1001")
    shop.arrive(other, "other.edi")
    assert shop.collect() == {}
    assert len(shop.orders()) == 1
    assert "other.edi" in shop.problems and "first.edi" in shop.problems and "another content" in shop.problems
    [name] = [name for name in shop.names("rejected") if name.endswith(".edi")]
    assert shop.read("rejected")[name] == other.rstrip()
    assert b"another content" in shop.read("rejected")[name.replace(".edi", ".txt")]


def test_c2_a_control_number_may_come_again_after_more_than_a_year(shop: Shop) -> None:
    shop.arrive(ordered())
    shop.put("in", "later.edi", ordered(number="0009-3300146-1001"))
    shop.run("2027-06-01T12:00")
    assert len(shop.orders()) == 2 and shop.holds() == []


def test_c2_the_numbers_of_test_and_production_and_of_other_senders_are_apart(tmp_path: Path) -> None:
    for usage in ("T", "P"):
        shop = Shop(tmp_path / usage, usage=f'"{usage}"')
        shop.arrive(wrap(("PO", 1, order()), usage=usage))
        assert len(shop.orders()) == 1


def test_c3_the_same_order_under_a_new_control_number_is_accepted_and_no_second_order(shop: Shop, partner: Partner) -> None:
    shop.arrive(ordered(1))
    handed = shop.read("erp/orders")
    shop.collect()
    shop.arrive(ordered(2, group=2))
    assert shop.read("erp/orders") == handed and shop.problems == ""
    [receipt] = shop.out("997")
    assert sets(receipt)[0].all("AK9")[0][1] == "A"
    assert any("came again, the same" in event for event in shop.events())


def test_c3_an_order_that_comes_again_and_differs_is_held_for_a_person(shop: Shop) -> None:
    shop.arrive(ordered(1))
    first = shop.read("erp/orders")
    shop.arrive(ordered(2, quantities=(36, 12)))
    assert shop.read("erp/orders") == first
    assert PO in shop.problems and "differs" in shop.problems and "exchange accept" in shop.problems
    assert shop.decide(decide.refuse, PO)
    shop.run()
    assert shop.problems == "" and shop.read("erp/orders") == first
    assert shop.ledger_orders()[0].current["lines"][0]["quantity"] == "24"


def test_c3_the_later_of_two_orders_is_handed_over_when_it_is_accepted(shop: Shop) -> None:
    shop.arrive(ordered(1))
    shop.arrive(ordered(2, quantities=(36, 12)))
    shop.decide(decide.accept, PO)
    shop.run()
    assert shop.problems == ""
    handed = shop.orders()
    assert len(handed) == 2
    assert [one["lines"][0]["quantity"] for one in handed.values()] == ["24", "36"]
    assert [one.get("revision") for one in handed.values()] == [None, 1]


def test_c3_a_differing_order_is_held_until_somebody_decides_and_is_not_invoiced_meanwhile(shop: Shop) -> None:
    shop.arrive(ordered(1))
    shop.arrive(ordered(2, quantities=(36, 12)))
    shop.answer(shipment(), "ship.json")
    shop.answer(invoice(), "bill.json")
    assert shop.states() == {"shipment SH1": "sent", "invoice INV1": "waiting"}
    shop.decide(decide.refuse, PO)
    shop.run()
    assert shop.states()["invoice INV1"] == "sent"


def test_c4_a_corrected_resend_after_a_refused_attempt_is_taken_under_the_same_number(shop: Shop) -> None:
    broken = ordered().replace(b"GE*1*1~", b"GE*1*2~").replace(b"IEA*1*000000001", b"IEA*1*000000009")
    shop.set(incomplete_minutes="1")
    shop.put("in", "bad.edi", broken)
    shop.run()
    shop.run()
    shop.run()
    assert shop.orders() == {} and "bad.edi" in shop.problems
    assert in_archive(shop, broken)
    shop.arrive(ordered(), "good.edi")
    assert len(shop.orders()) == 1


def test_c4_a_corrected_resend_closes_the_problem_of_the_refused_attempt(shop: Shop) -> None:
    broken = ordered().replace(b"IEA*1*", b"IEA*2*")
    shop.arrive(broken, "bad.edi")
    assert "bad.edi" in shop.problems and shop.orders() == {}
    shop.arrive(ordered(), "good.edi")
    assert len(shop.orders()) == 1
    assert shop.problems == ""


def test_c4_an_interchange_in_which_every_set_was_rejected_may_come_again_under_its_number(shop: Shop) -> None:
    bad = ordered().replace(b"SE*22*", b"SE*9*").replace(b"PO1*000001", b"PX1*000001").replace(b"PO1*000002", b"PX1*000002")
    assert bad != ordered()
    shop.arrive(bad, "bad.edi")
    assert shop.orders() == {} and "was rejected" in shop.problems
    first = shop.collect()
    assert [sets(data)[0].all("AK9")[0][1] for data in first.values()] == ["R"]
    shop.arrive(bad, "bad again.edi")
    assert list(shop.collect().values()) == list(first.values()), "the same answer"
    assert shop.problems.count("was rejected") == 1
    shop.arrive(ordered(), "good.edi")
    assert len(shop.orders()) == 1 and shop.problems == ""
    assert [sets(data)[0].all("AK9")[0][1] for data in shop.collect().values()] == ["A"]
    shop.arrive(ordered(number="0009-3300146-1001"), "other.edi")
    assert "another content" in shop.problems and len(shop.orders()) == 1


# --- C5 to C9: doubled numbers, strangers, tests in production ----------------------------------------------------------


def test_c5_a_doubled_group_number_is_told_and_each_order_is_handed_over_once(shop: Shop) -> None:
    data = wrap(("PO", 7, order()), ("PO", 7, order("0009-3300146-1001")), ("PO", 8, order("0009-3300147-1001")))
    shop.arrive(data)
    assert sorted(one["number"] for one in shop.orders().values()) == [PO, "0009-3300146-1001", "0009-3300147-1001"]
    said = [one.all("AK1")[0][2:] + one.all("AK9")[0][1:] for one in sets(shop.out("997")[0])]
    assert said == [["7", "A", "1", "1", "1"], ["7", "E", "1", "1", "1", "6"], ["8", "A", "1", "1", "1"]]
    assert any("GS06" in event for event in shop.events())


def test_c5_a_doubled_set_number_is_told_and_each_order_is_handed_over_once(shop: Shop) -> None:
    body = order() + order("0009-3300146-1001") + order("0009-3300147-1001", control="0002")
    shop.arrive(wrap(("PO", 7, body)))
    assert sorted(one["number"] for one in shop.orders().values()) == [PO, "0009-3300146-1001", "0009-3300147-1001"]
    [receipt] = sets(shop.out("997")[0])
    assert receipt.all("AK5") == [["AK5", "A"], ["AK5", "E", "23"], ["AK5", "A"]]
    doubled = next(one for one in shop.orders().values() if one["number"] == "0009-3300146-1001")
    assert [one["code"] for one in doubled["findings"]] == ["control-repeated"]


def test_c5_the_same_set_twice_under_one_number_is_one_order(shop: Shop) -> None:
    shop.arrive(wrap(("PO", 7, order() + order())))
    assert len(shop.orders()) == 1


STRANGERS = {
    "for somebody else": (wrap(("PO", 1, order()), ends=(THEIRS, ("ZZ", "9999999999"))), "9999999999"),
    "for our id under another qualifier": (wrap(("PO", 1, order()), ends=(THEIRS, ("01", OURS[1]))), "01/1234567890"),
    "from an unknown partner": (wrap(("PO", 1, order()), ends=(("08", "5555555555"), OURS)), "5555555555"),
    "from the partner's id under another qualifier": (wrap(("PO", 1, order()), ends=(("ZZ", THEIRS[1]), OURS)), "ZZ/6111470100"),
    "with the group of somebody else": (wrap(("PO", 1, order()), ids=("5555555555", "")), "5555555555"),
    "with the group for somebody else": (wrap(("PO", 1, order()), ids=("", "9999999999")), "9999999999"),
    "as production": (wrap(("PO", 1, order()), usage="P"), "ISA15"),
    "as information": (wrap(("PO", 1, order()), usage="I"), "ISA15"),
}


@pytest.mark.parametrize("what", STRANGERS)
def test_c8_c9_what_is_not_ours_is_put_aside_unanswered(what: str, shop: Shop) -> None:
    data, word = STRANGERS[what]
    shop.arrive(data)
    assert shop.orders() == {} and shop.out() == [] and shop.ledger_orders() == []
    texts = shop.read("not-ours")
    assert sorted(name.rsplit(".")[-1] for name in texts) == ["edi", "txt"]
    assert data.rstrip() in texts.values()
    assert word in shop.problems
    assert word in next(text.decode() for name, text in texts.items() if name.endswith(".txt"))


def test_c8_other_group_ids_are_ours_where_they_are_agreed(tmp_path: Path) -> None:
    shop = Shop(tmp_path / "shop")
    text = (shop.folder / "exchange.toml").read_text()
    text = text.replace("# group   =", "group =", 1).replace('group = ""', 'group = "GROUPUS"', 1)
    (shop.folder / "exchange.toml").write_text(text)
    shop.arrive(wrap(("PO", 1, order()), ids=("", "GROUPUS")))
    assert len(shop.orders()) == 1
    assert sets(shop.out("997")[0])[0].group[2] == "GROUPUS"
    shop.answer(shipment())
    assert sets(shop.out("856")[0])[0].group[2] == "GROUPUS"


@pytest.mark.parametrize(("here", "there"), [("T", "P"), ("P", "T"), ("P", "I"), ("T", "I")])
def test_c9_test_and_production_never_cross(here: str, there: str, tmp_path: Path) -> None:
    shop = Shop(tmp_path / "shop", usage=f'"{here}"')
    shop.arrive(wrap(("PO", 1, order()), usage=there))
    assert shop.orders() == {} and shop.out() == [] and len(shop.names("not-ours")) == 2


def test_a_stranger_does_not_use_up_a_control_number(shop: Shop) -> None:
    shop.arrive(wrap(("PO", 1, order()), ids=("5555555555", "")), "stranger.edi")
    shop.arrive(ordered(), "ours.edi")
    assert len(shop.orders()) == 1


# --- C10: what the partner says of what was sent ------------------------------------------------------------------------


def shipped(shop: Shop, partner: Partner) -> bytes:
    """An order, its shipment sent and collected: the ship notice."""
    shop.arrive(partner.sends(ordered()))
    shop.answer(shipment())
    assert shop.states() == {"shipment SH1": "sent"}, shop.problems
    files = shop.collect()
    partner.judge(files)
    assert partner.complaints == []
    return next(data for name, data in files.items() if name.startswith("856"))


def test_c10_an_acknowledgment_of_a_group_that_was_never_sent_is_told(shop: Shop, partner: Partner) -> None:
    notice = shipped(shop, partner)
    strange = notice.replace(b"GS*SH*1234567890*6111470100", b"GS*SH*1234567890*6111470100")
    group = sets(notice)[0].group[6]
    shop.arrive(partner.acknowledge(strange.replace(f"*{group}*X".encode(), b"*777*X")))
    assert "SH 777" in shop.problems and "never sent" in shop.problems
    assert shop.states() == {"shipment SH1": "sent"} and shop.out() == []


def test_c10_a_rejection_opens_the_document_again_and_names_the_value(shop: Shop, partner: Partner) -> None:
    notice = shipped(shop, partner)
    [one] = sets(notice)
    place = next(n for n, segment in enumerate(one.segments, 1) if segment[0] == "SN1")
    shop.arrive(partner.acknowledge(notice, reject=[("SN1", place, 2, "5", "12")]), "no.edi")
    assert shop.states() == {"shipment SH1": "rejected"}
    assert "REJECTED" in shop.problems and "orders[0].packs[0].items[0].quantity" in shop.problems
    assert "answer.json" in shop.problems, "the ERP's file is named"
    assert shop.out() == [], "an acknowledgment is never acknowledged"
    # what was shipped counts no more, so the same quantities go out again under the same number, in a new interchange
    shop.answer(shipment(quantities={1: 24, 2: 12}), "corrected.json")
    assert shop.states() == {"shipment SH1": "sent"}
    assert shop.problems == ""
    [again] = shop.out("856")
    assert sets(again)[0].isa[13] != one.isa[13] and sets(again)[0].group[6] != one.group[6]
    partner.judge(shop.collect())
    assert partner.complaints == []
    shop.arrive(partner.acknowledge(again), "yes.edi")
    assert shop.states() == {"shipment SH1": "accepted"} and shop.problems == ""


def test_c10_the_same_document_again_after_a_rejection_goes_out_again(shop: Shop, partner: Partner) -> None:
    shop.arrive(partner.sends(ordered()))
    document = shipment()
    shop.answer(document)
    notice = shop.out("856")[0]
    shop.collect()
    shop.arrive(partner.acknowledge(notice, reject=[("BSN", 2, 1, "7", "00")]), "no.edi")
    shop.answer(document, "again.json")
    assert len(shop.out("856")) == 1 and shop.problems == ""


def test_c10_an_acknowledgment_that_comes_twice_changes_nothing(shop: Shop, partner: Partner) -> None:
    notice = shipped(shop, partner)
    yes = partner.acknowledge(notice)
    no = partner.acknowledge(notice, reject=[("BSN", 2, 1, "7", "00")])
    shop.arrive(yes, "yes.edi")
    shop.arrive(yes, "yes again.edi")
    shop.arrive(partner.acknowledge(notice), "yes under a new number.edi")
    assert shop.states() == {"shipment SH1": "accepted"} and shop.problems == "" and shop.out() == []
    shop.arrive(no, "no.edi")
    assert shop.states() == {"shipment SH1": "rejected"}
    problems = shop.problems
    assert problems.count("REJECTED") == 1
    shop.arrive(partner.acknowledge(notice, reject=[("BSN", 2, 1, "7", "00")]), "no again.edi")
    assert shop.problems == problems


def test_c10_an_acceptance_after_a_rejection_is_told_and_does_not_count(shop: Shop, partner: Partner) -> None:
    notice = shipped(shop, partner)
    shop.arrive(partner.acknowledge(notice, reject=[("BSN", 2, 1, "7", "00")]), "no.edi")
    shop.arrive(partner.acknowledge(notice), "yes.edi")
    assert shop.states() == {"shipment SH1": "rejected"}
    assert any("after it was rejected" in event for event in shop.events())


def test_c10_accepted_with_errors_counts_and_is_told(shop: Shop, partner: Partner) -> None:
    notice = shipped(shop, partner)
    shop.arrive(partner.acknowledge(notice, errors=True))
    assert shop.states() == {"shipment SH1": "errors"}
    assert "SH1 was accepted with errors" in shop.problems
    number = shop.holds()[0].id
    shop.decide(decide.refuse, str(number))
    shop.run()
    assert shop.problems == ""
    shop.answer(invoice())
    assert shop.states()["invoice INV1"] == "sent"


def test_c10_a_refused_interchange_opens_everything_in_it_again(shop: Shop, partner: Partner) -> None:
    notice = shipped(shop, partner)
    shop.arrive(partner.notice(notice, "R", "010"))
    assert shop.states() == {"shipment SH1": "rejected"}
    assert "REJECTED" in shop.problems
    shop.answer(shipment(), "again.json")
    assert shop.states() == {"shipment SH1": "sent"} and shop.problems == ""


def test_c10_an_accepted_interchange_changes_nothing_and_an_unknown_one_is_told(shop: Shop, partner: Partner) -> None:
    notice = shipped(shop, partner)
    shop.arrive(partner.notice(notice, "A", "000"), "a.edi")
    assert shop.states() == {"shipment SH1": "sent"} and shop.problems == ""
    shop.arrive(partner.notice(notice.replace(sets(notice)[0].isa[13].encode(), b"000004711"), "R", "010"), "b.edi")
    assert "4711" in shop.problems and "never sent" in shop.problems
    assert shop.out() == []


def test_c10_a_refused_receipt_of_ours_is_told(shop: Shop, partner: Partner) -> None:
    shop.arrive(partner.sends(ordered()))
    [receipt] = shop.out("997")
    shop.collect()
    shop.arrive(partner.notice(receipt, "R", "010"))
    assert "receipt" in shop.problems
    assert shop.out() == []


def test_c10_an_acknowledgment_of_an_acknowledgment_is_told_and_not_answered(shop: Shop, partner: Partner) -> None:
    shop.arrive(partner.sends(ordered()))
    [receipt] = shop.out("997")
    shop.collect()
    shop.arrive(partner.acknowledge(receipt))
    assert shop.out() == []
    assert "FA" in shop.problems


def test_c10_a_rejection_of_an_invoice_lets_the_quantities_be_billed_again(shop: Shop, partner: Partner) -> None:
    shipped(shop, partner)
    shop.answer(invoice(), "bill.json")
    [bill] = shop.out("810")
    shop.collect()
    [one] = sets(bill)
    place = next(n for n, segment in enumerate(one.segments, 1) if segment[0] == "IT1")
    shop.arrive(partner.acknowledge(bill, reject=[("IT1", place, 4, "7", one.all("IT1")[0][4])]), "no.edi")
    assert shop.states()["invoice INV1"] == "rejected"
    assert "lines[0].price" in shop.problems and "bill.json" in shop.problems
    shop.answer(invoice("INV1", {1: 24, 2: 6}), "corrected.json")
    assert shop.states()["invoice INV1"] == "sent"
    partner.judge(shop.collect())
    assert partner.complaints == [] and shop.problems == ""


# --- C12: nothing is sent twice ------------------------------------------------------------------------------------------


def test_c12_the_same_documents_again_are_not_sent_again(shop: Shop, partner: Partner) -> None:
    shop.arrive(partner.sends(ordered()))
    ship, bill = shipment(), invoice()
    shop.answer([ship, bill], "first.json")
    assert sorted(shop.states().values()) == ["sent", "sent"]
    shop.collect()
    for n in range(3):
        shop.answer([ship, bill], f"again {n}.json")
        shop.answer([bill, ship, bill], f"turned {n}.json")
    assert shop.out() == [] and shop.problems == "" and shop.names("rejected") == []
    assert any("was sent before" in line for line in shop.said)


def test_c12_another_document_under_a_used_number_is_refused(shop: Shop, partner: Partner) -> None:
    shop.arrive(partner.sends(ordered()))
    shop.answer([shipment(quantities={1: 12}), invoice(quantities={1: 6})], "first.json")
    shop.collect()
    shop.answer([shipment(quantities={2: 12}), invoice(quantities={1: 5})], "other.json")
    assert shop.out() == []
    assert shop.problems.count("was used before, for another document") == 2
    assert "SH1" in shop.problems and "INV1" in shop.problems
    assert "other" in "".join(shop.names("rejected"))


def test_c12_resend_sends_the_same_bytes(shop: Shop, partner: Partner) -> None:
    notice = shipped(shop, partner)
    shop.decide(decide.resend, "SH1")
    assert shop.out() == [notice]
    shop.decide(decide.resend, "SH1")
    assert shop.out() == [notice, notice]
    with pytest.raises(Refused, match="no document NONE was sent"):
        shop.decide(decide.resend, "NONE")


def test_c12_a_changed_copy_in_the_archive_is_not_sent_again(shop: Shop, partner: Partner) -> None:
    notice = shipped(shop, partner)
    [copy] = [path for path in (shop.folder / "archive").rglob("*") if path.is_file() and path.read_bytes() == notice]
    copy.chmod(0o600)
    copy.write_bytes(notice.replace(b"SN1**12*", b"SN1**13*"))
    with pytest.raises(Refused, match="archive"):
        shop.decide(decide.resend, "SH1")
    assert shop.out() == []


# --- D: files ------------------------------------------------------------------------------------------------------------


def test_d6_three_good_interchanges_and_a_bad_one_in_a_file(shop: Shop) -> None:
    good = [ordered(n, f"0009-330014{n}-1001", group=n) for n in (1, 2, 3)]
    bad = ordered(4, "0009-3300144-1001", group=4).replace(b"IEA*1*", b"IEA*3*")
    shop.arrive(good[0] + bad + good[1].replace(b"*", b"|").replace(b">~", b":~") + good[2])
    assert sorted(one["number"] for one in shop.orders().values()) == [f"0009-330014{n}-1001" for n in (1, 2, 3)]
    assert len(shop.out("997")) == 3
    assert len([name for name in shop.names("rejected") if name.endswith(".edi")]) == 1
    assert bad.rstrip() in shop.read("rejected").values()
    assert shop.problems.count("was refused") == 1


def test_d7_a_set_with_a_wrong_count_is_rejected_and_its_neighbour_taken(shop: Shop) -> None:
    body = [*order()[:-1], "SE*99*0001", *order("0009-3300146-1001", control="0002")]
    shop.arrive(wrap(("PO", 7, body)))
    assert [one["number"] for one in shop.orders().values()] == ["0009-3300146-1001"]
    assert [ak[1] for ak in sets(shop.out("997")[0])[0].all("AK5")] == ["R", "A"]
    assert "was rejected" in shop.problems


def test_d8_another_version_a_foreign_group_and_an_unknown_set_are_rejected(shop: Shop) -> None:
    shop.arrive(wrap(("PO", 1, order()), release="005010", control=1), "version.edi")
    assert sets(shop.collect().popitem()[1])[0].all("AK9")[0][1] == "R"
    assert shop.orders() == {}
    shop.arrive(wrap(("IN", 2, order()), control=2), "group.edi")
    assert sets(shop.collect().popitem()[1])[0].all("AK9")[0][1] == "E", "handed over, and told"
    shop.arrive(wrap(("QM", 3, transaction("214", "B10*1*2*SCAC")), control=3), "unknown.edi")
    [receipt] = sets(shop.collect().popitem()[1])
    assert receipt.all("AK5") == [["AK5", "R", "1"]]
    assert "version.edi" in shop.problems and "unknown.edi" in shop.problems


@pytest.mark.parametrize(("set_id", "group"), [("820", "RA"), ("830", "PS"), ("852", "PD"), ("864", "TX"), ("816", "OS")])
def test_d9_sets_that_are_kept_as_text_are_accepted_and_put_aside_readable(set_id: str, group: str, shop: Shop) -> None:
    data = wrap((group, 5, transaction(set_id, "BMG*00*SOMETHING IS <WRONG>", "MIT*1*=HYPERLINK(1)")))
    shop.arrive(data)
    [receipt] = sets(shop.out("997")[0])
    assert receipt.all("AK9")[0][1] == "A"
    files = shop.read("erp/other")
    assert sorted(name.rsplit(".")[-1] for name in files) == ["edi", "txt"]
    raw = next(text for name, text in files.items() if name.endswith(".edi"))
    assert b"SOMETHING IS <WRONG>" in raw and raw.startswith(b"ST*")
    assert shop.orders() == {}
    assert ("message for people" in shop.problems) == (set_id == "864")
    if set_id == "864":
        shop.decide(decide.refuse, str(shop.holds()[0].id))
        shop.run()
        assert shop.problems == ""


def test_d9_orders_and_texts_and_acknowledgments_in_one_interchange(shop: Shop, partner: Partner) -> None:
    notice = shipped(shop, partner)
    one = sets(notice)[0]
    receipt = transaction("997", f"AK1*SH*{one.group[6]}", "AK2*856*0001", "AK5*A", "AK9*A*1*1*1")
    shop.arrive(
        wrap(
            ("FA", 1, receipt), ("PO", 2, order("0009-3300146-1001")), ("TX", 3, transaction("864", "BMG*00*HELLO")),
            ("PC", 4, change(purpose="01")), control=77,
        )
    )  # fmt: skip
    assert shop.states() == {"shipment SH1": "accepted"}
    assert len(shop.orders()) == 3  # two orders and the cancelled one once more
    said = {s.all("AK1")[0][1]: s.all("AK9")[0][1] for s in sets(shop.out("997")[0])}
    assert said == {"PO": "A", "TX": "A", "PC": "A"}, "the acknowledgment is not acknowledged"


RUBBISH = {
    "empty": b"", "blanks": b"  \r\n\r\n", "zip": b"PK\x03\x04" + b"\0" * 200, "gzip": b"\x1f\x8b\x08" + b"\0" * 200,
    "pdf": b"%PDF-1.7\n" + b"x" * 300, "words": b"Dear supplier, please find attached", "json": b'{"a": 1}',
    "utf-16": ordered().decode().encode("utf-16"), "half": ordered()[:300], "ISA alone": ordered()[:106],
}  # fmt: skip


@pytest.mark.parametrize("what", RUBBISH)
def test_d5_what_is_no_interchange_is_kept_and_told_after_a_stated_time(what: str, shop: Shop) -> None:
    shop.put("in", f"{what}.edi", RUBBISH[what])
    shop.run("2026-03-05T12:00")
    assert shop.names("in") == [f"{what}.edi"], "it may not be whole yet"
    shop.run("2026-03-05T13:30")
    assert shop.names("in") == [] and shop.orders() == {}
    assert what in shop.problems and in_archive(shop, RUBBISH[what])
    assert RUBBISH[what].strip(b" \r\n\0\x1a") in [one.strip(b" \r\n\0\x1a") for one in shop.read("rejected").values()]


@pytest.mark.parametrize("cut", ["IEA*", "GE*", "SE*"])
def test_d1_an_interchange_without_its_trailers_is_refused_and_its_neighbours_taken(cut: str, shop: Shop) -> None:
    """Whole orders of a file that was cut are no orders: what is missing may have cancelled them."""
    first, last = ordered(1, "0009-3300141-1001"), ordered(3, "0009-3300143-1001", group=3)
    half = ordered(2, "0009-3300142-1001", group=2)
    half = half[: half.index(f"{cut}".encode())]
    if cut != "SE*":  # a set that does not end takes the next header for its own
        shop.arrive(first + half + last, "middle.edi")
        assert sorted(one["number"] for one in shop.orders().values()) == ["0009-3300141-1001", "0009-3300143-1001"]
        assert "middle.edi" in shop.problems and "IEA" in shop.problems and half.rstrip() in shop.read("rejected").values()
    shop.put("in", "end.edi", ordered(4, "0009-3300144-1001", group=4) + half)
    shop.run("2026-03-05T14:00")
    shop.run("2026-03-05T15:30")
    assert "0009-3300144-1001" in {one["number"] for one in shop.orders().values()}
    assert "0009-3300142-1001" not in {one["number"] for one in shop.orders().values()}
    assert "end.edi" in shop.problems and half.rstrip() in shop.read("rejected").values()
    assert len(shop.names("out")) == len(shop.names("erp/orders")), "what was cut is not answered"


def test_d7_orders_outside_any_group_are_not_acted_on(shop: Shop) -> None:
    shop.arrive(b"".join(line for line in ordered().splitlines(keepends=True) if line[:2] not in (b"GS", b"GE")))
    assert shop.out() == [] and shop.orders() == {}
    assert "outside any group" in shop.problems
    shop.arrive(ordered(), "good.edi")
    assert len(shop.orders()) == 1 and shop.problems == "" and len(shop.out("997")) == 1


def test_an_interchange_that_the_program_stumbles_over_does_not_stand_in_the_way_of_others(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    from translator.exchange.intake import Intake

    def close(self: Intake) -> None:
        if self.interchange and any(self.room.ledger.orders.get(id).number == PO for id in self.fresh):
            raise AssertionError("something that nobody thought of")
        plain(self)

    plain = Intake.close
    with monkeypatch.context() as patched:
        patched.setattr(Intake, "close", close)
        shop.arrive(ordered(1) + ordered(2, "0009-3300146-1001", group=2), "two.edi")
    assert [one["number"] for one in shop.orders().values()] == ["0009-3300146-1001"]
    assert len(shop.out("997")) == 1 and "two.edi" in shop.problems and "fault of its own" in shop.problems
    assert ordered(1).rstrip() in shop.read("rejected").values()
    shop.arrive(ordered(1), "once more.edi")
    assert len(shop.orders()) == 2 and shop.problems == ""


def test_what_stands_behind_an_interchange_is_told_and_harms_nothing(shop: Shop) -> None:
    shop.arrive(ordered() + b"\n\x1a\0\0   ")
    assert len(shop.orders()) == 1 and shop.problems == ""


def test_a_receipt_for_the_interchange_itself_goes_out_when_it_is_asked_for(shop: Shop) -> None:
    shop.arrive(sample("several-orders", "1-850.edi"))
    assert any(b"TA1*000000728*" in data for data in shop.out())
    assert len(shop.orders()) == 3


HOSTILE = [
    "../../etc/passwd", "/etc/x", "C:\\x", "CON", "NUL.txt", "-rf", ".hidden", "a;rm -rf", "$(id)", "`id`", "%s%n%x",
    "{0.__class__}", "'; DROP TABLE orders;--", "<script>alert(1)</script>", "=cmd|' /C calc'!A0", "a\tb", "a\x1bb",
    "x" * 22, "\\", "",
]  # fmt: skip


@pytest.mark.parametrize("number", HOSTILE)
def test_f6_a_hostile_order_number_becomes_no_path(number: str, tmp_path: Path) -> None:
    shop = Shop(tmp_path / "shop")
    shop.arrive(wrap(("PO", 1, order(number, place="1001"))))
    inside = {path.relative_to(tmp_path).parts[0] for path in tmp_path.rglob("*")}
    assert inside == {"shop"}
    for folder in ("erp/orders", "out", "rejected"):
        for name in shop.names(folder):
            assert name.isascii() and all(c.isalnum() or c in "._-" for c in name), name
    partner = Partner()
    partner.judge(shop.collect())
    assert partner.complaints == []
    held = [one["number"] for one in shop.orders().values()]
    assert held in ([number], []), held
    assert "\x1b" not in shop.problems and "\t" not in shop.problems
