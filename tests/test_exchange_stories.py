"""Every story of samples/ goes through an exchange folder from end to end, and the partner on the other side is content."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from exchanges import OUR_ID, PARTNER_ID, SAMPLES, Shop, said, sample
from partner_side import Partner, Segment, sets

from translator.exchange import decide

STORIES = sorted(path.parent.name for path in SAMPLES.glob("*/1-850.edi"))
# When the ERP's files are written: on the day that they are about.
DAYS = {"3": ("acknowledgment_date", "09:30"), "5": ("ship_date", "15:40"), "7": ("invoice_date", "17:00")}
ADDED = {"derived", "findings", "envelope"}
PARTS = ("", "a", "b")


def shop_of(story: str, folder: Path, **settings: str) -> Shop:
    """An exchange whose ids and usage are those of a story."""
    isa = sample(story, "1-850.edi")[:110].split(b"*")
    ids = [isa[n].decode().strip() for n in (6, 8, 15)]
    ours = {"id": f'"{ids[1]}"'} if ids[1] != OUR_ID else {}
    theirs = {"partner_id": f'"{ids[0]}"'} if ids[0] != PARTNER_ID else {}
    if story == "changes":
        settings["program"] = '"acknowledged retail"'
    order = orders(story)[0]
    when = f"{order['envelope']['date']}T{order['envelope']['time'][:5]}"
    return Shop(folder, now=when, usage=f'"{ids[2]}"', **(ours | theirs | settings))


def orders(story: str) -> list[dict[str, Any]]:
    held = said(story, "2-order.json")
    return held if isinstance(held, list) else [held]


def guest(order: dict[str, Any]) -> bool:
    """Whether an order goes to a guest: those are acknowledged."""
    special = {one["code"] for one in order.get("special_orders", ())}
    return "OHDS" in special or order["parties"].get("ship_to", {}).get("location") == "9998"


def bodies(data: bytes) -> list[list[Segment]]:
    return [one.body() for one in sets(data)]


# Whoever accepts everything by itself cannot put one item in place of another afterwards.
CHOICES = [(story, asked) for story in STORIES for asked in ("false", "true") if (story, asked) != ("changes", "true")]


@pytest.mark.parametrize(("story", "acknowledge"), CHOICES)
def test_a_story_goes_from_the_order_to_the_last_acknowledgment(story: str, acknowledge: str, tmp_path: Path) -> None:
    shop, partner = shop_of(story, tmp_path / "shop", acknowledge=acknowledge), Partner()
    data = sample(story, "1-850.edi")
    if story != "published-sample":  # its ISA is not of fixed width
        partner.sends(data)
    shop.put("in", "order.edi", data)
    shop.run(shop.now.strftime("%Y-%m-%dT%H:%M"))
    assert shop.holds() == []
    files = shop.collect()
    assert [body for name, one in files.items() if name.startswith("997") for body in bodies(one)] == bodies(
        sample(story, "1r-997.edi")
    )
    handed = {(one["number"], one.get("release", "")): one for one in shop.orders().values()}
    cancelled = {said(story, path.name)["number"]: path for path in (SAMPLES / story).glob("2c-order.json")}
    changes = (SAMPLES / story / "1c-860.edi").exists()
    cancelled = {} if changes else cancelled
    assert len(handed) == len(orders(story)) - len(cancelled)
    for order in orders(story):
        if order["number"] in cancelled:
            continue
        document = handed[order["number"], order.get("release", "")]
        assert {key: value for key, value in document.items() if key not in ADDED} == {
            key: value for key, value in order.items() if key not in ADDED
        }
        assert document["derived"]
    for order in shop.ledger_orders():
        if order.number in cancelled:
            revised = said(story, "2c-order.json")
            assert (order.state, order.current) == ("cancelled", revised)
    if changes:
        shop.arrive(sample(story, "1c-860.edi"), "change.edi")
        files |= shop.collect()
        assert [body for one in files.values() for body in bodies(one)][-1:] == bodies(sample(story, "1cr-997.edi"))
        revised = said(story, "2c-order.json")
        shown = next(one for one in shop.orders().values() if one.get("revision"))
        assert {key: value for key, value in shown.items() if key not in ADDED} == {
            key: value for key, value in revised.items() if key not in ADDED
        }
        shop.decide(decide.accept, revised["number"])
        shop.run()
    automatic = [name for name in files if name.startswith("855")]
    wanted = [order for order in orders(story) if guest(order) or story == "changes"] if acknowledge == "true" else []
    assert len(automatic) == len(wanted)
    partner.judge(files)
    sent = list(automatic)
    for part in PARTS:
        for place, kind, made in (("3", "acknowledgment", "4-855"), ("5", "shipment", "6-856"), ("7", "invoice", "8-810")):
            name = f"{place}{part}-{kind}.json"
            if not (SAMPLES / story / name).exists() or (automatic and place == "3"):
                continue
            document = said(story, name)
            first = document[0] if isinstance(document, list) else document
            key, time = DAYS[place]
            shop.put("erp/responses", name, json.dumps(document).encode())
            shop.run(f"{first[key]}T{time}")
            assert shop.holds() == [], shop.said
            out = shop.collect()
            golden = sample(story, f"{made[0]}{part}-{made[2:]}.edi")
            assert sorted(body for one in out.values() for body in bodies(one)) == sorted(bodies(golden))
            if story != "published-sample":
                partner.judge(out)
            sent += out
            files |= out
    for n, name in enumerate(sent):
        shop.put("in", f"ack{n}.edi", partner.acknowledge(files[name]))
    shop.run()
    assert partner.complaints == []
    assert shop.holds() == []
    assert set(shop.states().values()) <= {"accepted"} and len(shop.states()) == len(sent)
    assert shop.collect() == {}, "an acknowledgment is never acknowledged"
