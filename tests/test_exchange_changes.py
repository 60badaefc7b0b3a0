"""What becomes of an order that the partner changes: at once, before the ERP saw it; later, by the word of a person."""

from __future__ import annotations

from pathlib import Path

import pytest
from erp_side import PO, acknowledgment, invoice, shipment
from exchanges import Shop
from partner_side import Partner, change, less, order, sets, wrap

from translator.errors import Refused
from translator.exchange import decide
from translator.exchange.revise import CANCEL

OTHER = "0009-3300146-1001"


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    return Shop(tmp_path / "shop")


def ordered(control: int = 1, number: str = PO) -> bytes:
    return wrap(("PO", control, order(number)), control=control)


def changed(*poc: str, control: int = 2, total: int = 0, **more: str) -> bytes:
    """An interchange with one change; without lines and with purpose 01, a cancel."""
    return wrap(("PC", control, change(more.pop("number", PO), *poc, total=total, **more)), control=control)  # type: ignore[arg-type]


def quantities(shop: Shop) -> list[str]:
    [held] = [one for one in shop.ledger_orders() if one.number == PO]
    return [line["quantity"] for line in held.current["lines"]]


# --- before the ERP saw the order -----------------------------------------------------------------------------------------


def test_an_order_that_its_own_interchange_cancels_never_reaches_the_erp_and_the_others_do(shop: Shop) -> None:
    sets_ = order() + order(OTHER, control="0002")
    shop.arrive(wrap(("PO", 1, sets_), ("PC", 2, change(purpose="01", control="0003"))))
    assert [one["number"] for one in shop.orders().values()] == [OTHER]
    assert {one.number: one.state for one in shop.ledger_orders()} == {PO: "cancelled", OTHER: "open"}
    assert [one.all("AK1")[0][1] for one in sets(shop.out("997")[0])] == ["PO", "PC"]
    assert shop.problems == ""


def test_an_order_that_its_own_interchange_changes_reaches_the_erp_as_changed(shop: Shop) -> None:
    shop.arrive(wrap(("PO", 1, order()), ("PC", 2, change(PO, less(1, 12), total=12, control="0002"))))
    [handed] = shop.orders().values()
    assert [line["quantity"] for line in handed["lines"]] == ["12", "12"]
    assert handed["revision"] == 1 and [one["what"] for one in handed["changes"]] == ["quantity"]
    assert shop.ledger_orders()[0].original["lines"][0]["quantity"] == "24"
    assert shop.problems == ""
    shop.answer([shipment(quantities={1: 12, 2: 12}), invoice(quantities={1: 12, 2: 12})])
    assert set(shop.states().values()) == {"sent"}


def test_a_change_before_its_order_in_the_same_interchange_is_applied_to_it(shop: Shop) -> None:
    shop.arrive(wrap(("PC", 1, change(purpose="01")), ("PO", 2, order(control="0002"))))
    assert shop.orders() == {} and shop.ledger_orders()[0].state == "cancelled"
    assert shop.problems == ""


def test_a_change_before_its_order_waits_for_it(shop: Shop) -> None:
    shop.arrive(changed(less(1, 12), control=5, total=12), "change.edi")
    assert sets(shop.collect().popitem()[1])[0].all("AK9")[0][1] == "A"
    assert PO in shop.problems and "not known" in shop.problems and shop.orders() == {}
    shop.arrive(ordered(6), "order.edi")
    [handed] = shop.orders().values()
    assert handed["lines"][0]["quantity"] == "12" and handed["revision"] == 1
    assert shop.problems == ""


def test_a_change_to_an_unknown_order_that_comes_twice_is_told_once_and_applied_once(shop: Shop) -> None:
    shop.arrive(changed(less(1, 12), control=5, total=12), "change.edi")
    shop.arrive(changed(less(1, 12), control=6, total=12), "change again.edi")
    assert len(shop.problems.splitlines()) == 2
    shop.arrive(ordered(7), "order.edi")
    [handed] = shop.orders().values()
    assert handed["revision"] == 1 and shop.problems == ""


def test_a_held_order_that_is_cancelled_is_a_problem_no_more(shop: Shop) -> None:
    shop.put(".", "items.csv", b"dpci,sku,unit,factor\n009081234,A-1,EA,1\n")
    shop.arrive(ordered())
    assert shop.orders() == {} and "009081235" in shop.problems
    shop.arrive(changed(purpose="01"), "cancel.edi")
    assert shop.problems == "" and shop.orders() == {} and shop.ledger_orders()[0].state == "cancelled"


def test_a_held_order_that_is_changed_is_handed_over_as_changed(shop: Shop) -> None:
    shop.put(".", "items.csv", b"dpci,sku,unit,factor\n009081234,A-1,EA,1\n")
    shop.arrive(ordered())
    shop.arrive(changed(less(1, 12), total=12), "change.edi")
    shop.put(".", "items.csv", b"dpci,sku,unit,factor\n009081234,A-1,EA,1\n009081235,A-2,EA,1\n")
    shop.run()
    [handed] = shop.orders().values()
    assert handed["lines"][0]["quantity"] == "12" and handed["revision"] == 1 and shop.problems == ""


# --- later ----------------------------------------------------------------------------------------------------------------


def test_a_change_is_shown_to_the_erp_and_waits_for_a_person(shop: Shop) -> None:
    shop.arrive(ordered())
    shop.arrive(changed(less(1, 12), total=12), "change.edi")
    first, second = shop.orders().values()
    assert [line["quantity"] for line in first["lines"]] == ["24", "12"]
    assert [line["quantity"] for line in second["lines"]] == ["12", "12"]
    assert second["revision"] == 1 and second["changes"][0]["from"] == "24" and second["changes"][0]["to"] == "12"
    assert "exchange accept" in shop.problems and "exchange refuse" in shop.problems and "000001" in shop.problems
    assert quantities(shop) == ["24", "12"], "nothing is changed without a word"
    shop.decide(decide.accept, PO)
    shop.run()
    assert quantities(shop) == ["12", "12"] and shop.problems == "" and len(shop.orders()) == 2


def test_while_a_change_waits_goods_that_left_are_announced_and_nothing_is_billed(shop: Shop) -> None:
    partner = Partner()
    shop.arrive(partner.sends(ordered()))
    shop.arrive(changed(less(1, 12), total=12), "change.edi")
    shop.collect()
    shop.answer([shipment(quantities={1: 12, 2: 12}), invoice(quantities={1: 12, 2: 12})])
    assert shop.states() == {"shipment SH1": "sent", "invoice INV1": "waiting"}
    assert any("SH1" in line and "change" in line for line in shop.said), "an alarm"
    assert "SH1" in shop.problems
    partner.judge(shop.collect())
    assert partner.complaints == []
    shop.decide(decide.accept, PO)
    shop.run()
    assert shop.states()["invoice INV1"] == "sent"
    [bill] = shop.out("810")
    assert [it1[2] for it1 in sets(bill)[0].all("IT1")] == ["12", "12"]


def test_after_an_accepted_change_only_the_revised_quantity_is_shipped_and_billed(shop: Shop) -> None:
    shop.arrive(ordered())
    shop.arrive(changed(less(1, 12), total=12), "change.edi")
    shop.decide(decide.accept, PO)
    shop.answer(shipment("SH1", {1: 24, 2: 12}), "too much.json")
    assert shop.states() == {} and "SH1 was refused" in shop.problems and '"24"' in shop.problems
    shop.answer([shipment("SH1", {1: 12, 2: 12}), invoice("INV1", {1: 12, 2: 12})], "right.json")
    assert set(shop.states().values()) == {"sent"} and shop.problems == ""


def test_after_a_refused_change_the_order_is_what_it_was(shop: Shop) -> None:
    shop.arrive(ordered())
    shop.arrive(changed(less(1, 12), total=12), "change.edi")
    [said] = shop.decide(decide.refuse, PO)
    assert "Tell the partner" in said
    shop.answer([shipment(), invoice()])
    assert set(shop.states().values()) == {"sent"} and shop.problems == "" and quantities(shop) == ["24", "12"]


def test_a_cancel_after_the_shipment_is_an_alarm_and_the_invoice_waits(shop: Shop) -> None:
    shop.arrive(ordered())
    shop.answer(shipment())
    shop.arrive(changed(purpose="01"), "cancel.edi")
    assert "cancelled" in shop.problems and "SH1" in shop.problems and "nothing can be undone" in shop.problems
    assert sets(shop.out("997")[1])[0].all("AK1")[0][1] == "PC"
    shop.answer(invoice(), "bill.json")
    assert shop.states()["invoice INV1"] == "waiting"
    shop.decide(decide.accept, PO)
    shop.run()
    assert shop.states()["invoice INV1"] == "held" and "cancelled" in shop.problems
    assert shop.out("810") == []


@pytest.mark.parametrize("kind", ["shipment", "invoice", "acknowledgment"])
def test_an_answer_to_a_cancelled_order_is_held_and_released_by_a_person(kind: str, tmp_path: Path) -> None:
    shop = Shop(tmp_path / "shop", acknowledge="false")
    shop.arrive(wrap(("PO", 1, order(guest=True, quantities=[1, 1]))))
    if kind == "invoice":
        shop.answer(shipment(quantities={1: 1, 2: 1}), "ship.json")
    shop.arrive(changed(purpose="01"), "cancel.edi")
    shop.decide(decide.accept, PO)
    shop.collect()
    document = {
        "shipment": lambda: shipment(quantities={1: 1, 2: 1}),
        "invoice": lambda: invoice(quantities={1: 1, 2: 1}),
        "acknowledgment": lambda: acknowledgment({1: 1, 2: 1}),
    }[kind]()
    shop.answer(document, "answer.json")
    assert shop.out() == [] and "was cancelled" in shop.problems and "release" in shop.problems
    [hold] = [one for one in shop.holds() if one.what == "document"]
    assert shop.decide(decide.release, str(hold.id)).endswith("on its way")
    assert len(shop.out()) == 1
    shop.run()
    assert shop.problems == "" and len(shop.out()) == 1


def test_a_held_answer_can_be_given_up(shop: Shop) -> None:
    shop.arrive(ordered())
    shop.arrive(changed(purpose="01"), "cancel.edi")
    shop.decide(decide.accept, PO)
    shop.answer(shipment())
    [hold] = shop.holds()
    shop.decide(decide.refuse, str(hold.id))
    shop.run()
    assert shop.problems == "" and shop.out("856") == [] and shop.states() == {"shipment SH1": "withdrawn"}
    with pytest.raises(Refused):
        shop.decide(decide.release, str(hold.id))


def test_the_same_change_again_has_no_second_effect(shop: Shop) -> None:
    shop.arrive(ordered())
    shop.arrive(changed(less(1, 12), total=12), "change.edi")
    problems, handed = shop.problems, shop.read("erp/orders")
    shop.arrive(changed(less(1, 12), control=3, total=12), "again.edi")
    assert (shop.problems, shop.read("erp/orders")) == (problems, handed)
    shop.decide(decide.accept, PO)
    shop.arrive(changed(less(1, 12), control=4, total=12), "once more.edi")
    assert shop.problems == "" and shop.read("erp/orders") == handed and shop.ledger_orders()[0].revision == 1


def test_two_changes_that_wait_are_both_in_force_when_they_are_accepted(shop: Shop) -> None:
    shop.arrive(ordered())
    shop.arrive(changed(less(1, 12), total=12), "first.edi")
    shop.arrive(changed(less(2, 6), control=3, total=6, day="20260307"), "second.edi")
    last = list(shop.orders().values())[-1]
    assert [line["quantity"] for line in last["lines"]] == ["12", "6"] and last["revision"] == 2
    shop.decide(decide.accept, PO)
    shop.run()
    assert quantities(shop) == ["12", "6"] and shop.ledger_orders()[0].revision == 2 and shop.problems == ""
    assert len(shop.orders()) == 3, "the ERP was shown this before"


def test_of_two_changes_that_wait_one_can_be_refused(shop: Shop) -> None:
    shop.arrive(ordered())
    shop.arrive(changed(less(1, 12), total=12), "first.edi")
    shop.arrive(changed(less(2, 6), control=3, total=6, day="20260307"), "second.edi")
    first = shop.holds()[0]
    shop.decide(decide.refuse, str(first.id))
    shop.decide(decide.accept, PO)
    shop.run()
    assert quantities(shop) == ["24", "6"] and shop.problems == ""
    handed = list(shop.orders().values())[-1]
    assert [line["quantity"] for line in handed["lines"]] == ["24", "6"], "the ERP is told what holds"


def test_a_cancel_after_a_change_that_waits(shop: Shop) -> None:
    shop.arrive(ordered())
    shop.arrive(changed(less(1, 12), total=12), "first.edi")
    shop.arrive(changed(purpose="01", control=3, day="20260307"), "cancel.edi")
    shop.decide(decide.accept, PO)
    shop.run()
    assert shop.ledger_orders()[0].state == CANCEL + "led" and shop.problems == ""


def test_a_change_to_a_release_leaves_the_blanket_order_and_other_releases_alone(shop: Shop) -> None:
    sets_ = order(type="BK") + order(type="RL", release="001", control="0002") + order(type="RL", release="002", control="0003")
    shop.arrive(wrap(("PO", 1, sets_)))
    assert len(shop.orders()) == 3
    shop.arrive(changed(less(1, 12), total=12, type="RL", release="002"), "change.edi")
    last = [one for one in shop.orders().values() if one.get("revision")]
    assert [(one["release"], one["lines"][0]["quantity"]) for one in last] == [("002", "12")]
    shop.decide(decide.accept, PO)
    found = {one.release: one.current["lines"][0]["quantity"] for one in shop.ledger_orders()}
    assert found == {"": "24", "001": "24", "002": "12"}


def test_what_cannot_be_applied_is_told_and_changes_nothing(shop: Shop) -> None:
    shop.arrive(ordered())
    handed = shop.read("erp/orders")
    shop.arrive(changed(less(3, 12), total=12), "unknown line.edi")
    assert "000003" in shop.problems or "line" in shop.problems
    assert quantities(shop) == ["24", "12"]
    shop.arrive(changed(purpose="22", control=3), "odd purpose.edi")
    assert "22" in shop.problems
    assert [name for name in shop.read("erp/orders") if name in handed] == list(handed)
    shop.decide(decide.refuse, PO)
    shop.run()
    assert shop.problems == "" and quantities(shop) == ["24", "12"]


def test_what_waits_can_be_decided_once_only(shop: Shop) -> None:
    shop.arrive(ordered())
    with pytest.raises(Refused, match="no change"):
        shop.decide(decide.accept, PO)
    with pytest.raises(Refused, match="not known"):
        shop.decide(decide.accept, "NONE")
    shop.arrive(changed(less(1, 12), total=12), "change.edi")
    [hold] = shop.holds()
    with pytest.raises(Refused, match="exchange accept"):
        shop.decide(decide.release, str(hold.id))
    shop.decide(decide.accept, PO)
    with pytest.raises(Refused, match="no change"):
        shop.decide(decide.accept, PO)


def test_an_order_that_comes_again_and_differs_is_asked_about_once(shop: Shop) -> None:
    shop.arrive(ordered())
    other = order(PO, (36, 12))
    shop.arrive(wrap(("PO", 2, other), control=2), "b.edi")
    problems = shop.problems
    shop.arrive(wrap(("PO", 3, other), control=3), "c.edi")
    assert shop.problems == problems
    shop.decide(decide.accept, PO)
    shop.arrive(wrap(("PO", 4, other), control=4), "d.edi")
    assert shop.problems == "" and quantities(shop) == ["36", "12"] and len(shop.orders()) == 2


def test_an_order_that_comes_again_after_it_was_cancelled_is_asked_about(shop: Shop) -> None:
    shop.arrive(ordered())
    shop.arrive(changed(purpose="01"), "cancel.edi")
    shop.decide(decide.accept, PO)
    shop.arrive(ordered(7), "again.edi")
    assert "after it was cancelled" in shop.problems
    shop.decide(decide.accept, PO)
    shop.answer([shipment(), invoice()])
    assert set(shop.states().values()) == {"sent"} and shop.problems == ""
    assert [one.get("revision") for one in shop.orders().values()] == [None, 1, 2]


def test_a_revised_order_with_an_item_that_the_erp_does_not_know_is_handed_over_when_it_does(shop: Shop) -> None:
    shop.put(".", "items.csv", b"dpci,sku,unit,factor\n009081234,A-1,EA,1\n009081235,A-2,EA,1\n")
    shop.arrive(ordered())
    added = "POC*000003*AI*12*12*EA*20*WE*CB*009081236*VA*STOOL-1*UP*012345090035"
    shop.arrive(changed(added, total=12), "change.edi")
    assert len(shop.orders()) == 1 and "009081236" in shop.problems
    shop.run()
    assert len([line for line in shop.problems.splitlines() if "is not handed over" in line]) == 1
    shop.put(".", "items.csv", b"dpci,sku,unit,factor\n009081234,A-1,EA,1\n009081235,A-2,EA,1\n009081236,A-3,EA,1\n")
    shop.run()
    assert [len(one["lines"]) for one in shop.orders().values()] == [2, 3]
    assert "is not handed over" not in shop.problems
    shop.decide(decide.accept, PO)
    shop.run()
    assert shop.problems == ""


def test_a_change_to_an_acknowledged_order_leaves_the_acknowledgment_as_it_was(shop: Shop) -> None:
    shop.arrive(wrap(("PO", 1, order(guest=True, quantities=[1, 1]))))
    assert len(shop.out("855")) == 1
    shop.arrive(changed(purpose="01"), "cancel.edi")
    shop.decide(decide.accept, PO)
    shop.run()
    assert len(shop.out("855")) == 1 and shop.problems == ""


def test_an_order_that_is_cancelled_before_it_is_acknowledged_is_not_acknowledged(shop: Shop) -> None:
    shop.arrive(wrap(("PO", 1, order(guest=True, quantities=[1, 1])), ("PC", 2, change(purpose="01", control="0002"))))
    assert shop.out("855") == [] and shop.orders() == {} and shop.problems == ""
