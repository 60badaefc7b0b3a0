"""Taking over from a former provider, and the way back from an old copy of the ledger: what is learnt, and what never happens."""

from __future__ import annotations

import datetime
import itertools
import json
import random
import re
import shutil
import tracemalloc
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from translator.cli import translator
from translator.errors import LedgerError, Refused, SettingsError
from translator.exchange.adopt import MARGIN, Adoption, adopt
from translator.exchange.balance import balances
from translator.exchange.ledger import Ledger, open_ledger
from translator.exchange.ledger.store import HIGHEST
from translator.exchange.room import opened
from translator.exchange.run import run
from translator.exchange.setup import init

SAMPLES = Path(__file__).resolve().parent.parent / "samples"
NOW = datetime.datetime(2026, 4, 20, 12, tzinfo=datetime.UTC)
PO, SHIPMENTS, INVOICES = "71230045512-0579", ["SH20260409001", "SH20260413002"], ["INV100726A", "INV100726B"]
STORY = SAMPLES / "part-shipment"
BETWEEN = "ZZ/1234567890>08/6111470100"


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    folder = tmp_path / "shop"
    init(folder)
    settings(folder, ('id        = ""', 'id        = "1234567890"'), ("settle_seconds     = 1", "settle_seconds     = 0"))
    return folder


def settings(folder: Path, *pairs: tuple[str, str]) -> None:
    file = folder / "exchange.toml"
    text = file.read_text()
    for old, new in pairs:
        assert old in text
        text = text.replace(old, new)
    file.write_text(text)


def story(to: Path, *names: str) -> Path:
    """Files of the story of an order that is shipped and invoiced in two parts; all of its X12 without names."""
    to.mkdir(parents=True, exist_ok=True)
    for name in names or [path.name for path in STORY.glob("*.edi")]:
        shutil.copy(STORY / name, to / name)
    return to


def learn(folder: Path, *old: Path, **options: Any) -> Adoption:
    return adopt(folder, list(old), now=NOW, **options)


def dump(folder: Path) -> str:
    """All that the ledger holds, but for when it was learnt."""
    with open_ledger(folder / "ledger.db") as ledger:
        return "\n".join(ledger.connection.iterdump())


def visible(folder: Path) -> list[str]:
    """Files that others would see."""
    return sorted(
        str(path.relative_to(folder)) for place in ("out", "erp") for path in (folder / place).rglob("*") if path.is_file()
    )


def states(ledger: Ledger, *kinds: str) -> dict[str, str]:
    every = ledger.documents.in_state("sent", "history", "accepted", "errors", "rejected", "waiting", "held", "withdrawn")
    return {one.name: one.state for one in every if not kinds or one.kind in kinds}


def balance(ledger: Ledger, number: str) -> dict[str, tuple[str, str, str]]:
    [order] = ledger.orders.numbered(number)
    held = balances(order.original, order.current, ledger.documents.movements(order.id))
    return {line: (f"{one.ordered}", f"{one.shipped}", f"{one.invoiced}") for line, one in held.items()}


def give(folder: Path, name: str, document: Any) -> None:
    (folder / "erp" / "responses" / name).write_text(json.dumps(document))


# --- from a former provider -------------------------------------------------------------------------------------------


def test_an_order_with_all_that_followed_becomes_history(shop: Path, tmp_path: Path) -> None:
    done = learn(shop, story(tmp_path / "old"))
    assert done.counts == {
        "interchanges received": 3, "interchanges sent": 5, "orders": 1, "shipments": 2, "invoices": 2, "documents accepted": 4,
    }  # fmt: skip
    with open_ledger(shop / "ledger.db") as ledger:
        [order] = ledger.orders.numbered(PO)
        assert (order.state, order.received, order.handed) == ("history", "2026-04-01T13:15:00Z", None)
        assert states(ledger) == dict.fromkeys(SHIPMENTS + INVOICES, "accepted")
        assert balance(ledger, PO) == {"000001": ("36", "36", "36"), "000002": ("24", "24", "24")}
        assert ledger.outbox.waiting() == [] and ledger.holds.open() == []
    done = run(shop, now=NOW)
    assert (done.published, visible(shop)) == (0, [])


def test_without_an_acknowledgment_it_is_history_until_one_comes(shop: Path, tmp_path: Path) -> None:
    learn(shop, story(tmp_path / "old", "1-850.edi", "6a-856.edi", "6b-856.edi", "8a-810.edi"))
    with open_ledger(shop / "ledger.db") as ledger:
        assert set(states(ledger).values()) == {"history"}
    shutil.copy(STORY / "9a-997.edi", shop / "in")
    run(shop, now=NOW)
    with open_ledger(shop / "ledger.db") as ledger:
        assert states(ledger) == {
            SHIPMENTS[0]: "accepted", INVOICES[0]: "accepted", SHIPMENTS[1]: "history",
        }  # fmt: skip
        assert ledger.holds.open() == []


def test_numbers_go_on_above_the_highest_and_a_margin(shop: Path, tmp_path: Path) -> None:
    learn(shop, story(tmp_path / "old"))
    with open_ledger(shop / "ledger.db") as ledger:
        assert ledger.series() == {
            f"ISA {BETWEEN} T": 72682 + MARGIN, "GS 1234567890>6111470100 FA T": 72610 + MARGIN,
            "GS 1234567890>6111470100 SH T": 72662 + MARGIN, "GS 1234567890>6111470100 IN T": 72682 + MARGIN,
        }  # fmt: skip
    shutil.copy(SAMPLES / "tcin" / "1-850.edi", shop / "in")
    run(shop, now=NOW)
    [name] = [name for name in visible(shop) if name.startswith("out/")]
    assert name == f"out/997_{72683 + MARGIN:09d}.edi"


@pytest.mark.parametrize(
    ("numbers", "margin", "following"),
    [
        ([7], 0, 8), ([7, 3], 10, 18), ([HIGHEST], 0, 1), ([HIGHEST - 5], 5, 1), ([HIGHEST - 5], 4, HIGHEST),
        ([HIGHEST - 5, 12], 100, 113),
    ],
)  # fmt: skip
def test_numbers_that_begin_again(numbers: list[int], margin: int, following: int, shop: Path, tmp_path: Path) -> None:
    text = (STORY / "8a-810.edi").read_text()
    for n, number in enumerate(numbers):
        made = text.replace("000072681", f"{number:09d}").replace("INV100726A", f"INV{n}")
        (tmp_path / f"{n}.edi").write_text(made)
    files = [tmp_path / f"{n}.edi" for n in range(len(numbers))]
    for _ in range(2):
        learn(shop, *files, margin=margin)
        with open_ledger(shop / "ledger.db") as ledger, ledger.transaction():
            last = ledger.series()[f"ISA {BETWEEN} T"]
            assert (last + 1 if last < HIGHEST else 1) == following


def test_the_same_files_again_change_nothing(shop: Path, tmp_path: Path) -> None:
    old = story(tmp_path / "old")
    learn(shop, old)
    before = dump(shop)
    again = learn(shop, old, *sorted(old.iterdir()))
    assert (again.counts, dump(shop)) == ({}, before)


def test_the_order_of_files_and_their_packing_make_no_difference(tmp_path: Path) -> None:
    files = sorted(STORY.glob("*.edi"))
    told = []
    for seed in range(4):
        folder = tmp_path / f"shop{seed}"
        init(folder)
        settings(folder, ('id        = ""', 'id        = "1234567890"'))
        mixed = random.Random(seed).sample(files, len(files))
        (tmp_path / f"{seed}.edi").write_bytes(b"\r\n".join(path.read_bytes() for path in mixed))
        learn(folder, tmp_path / f"{seed}.edi")
        with open_ledger(folder / "ledger.db") as ledger:
            told.append((balance(ledger, PO), states(ledger), ledger.series()))
    assert told[0][1] == dict.fromkeys(SHIPMENTS + INVOICES, "accepted")
    assert all(one == told[0] for one in told)


def test_files_in_several_goes_come_to_the_same(shop: Path, tmp_path: Path) -> None:
    for name in ("9b-997.edi", "8a-810.edi", "6a-856.edi", "1-850.edi", "8b-810.edi", "6b-856.edi"):
        learn(shop, STORY / name)
    learn(shop, STORY)
    with open_ledger(shop / "ledger.db") as ledger:
        assert balance(ledger, PO) == {"000001": ("36", "36", "36"), "000002": ("24", "24", "24")}
        assert states(ledger) == dict.fromkeys(SHIPMENTS + INVOICES, "accepted")


def test_a_trial_changes_nothing(shop: Path, tmp_path: Path) -> None:
    before, archive = dump(shop), list((shop / "archive").iterdir())
    done = learn(shop, story(tmp_path / "old"), dry=True)
    assert done.counts["orders"] == 1 and "nothing was changed" in done.lines[-1]
    assert (dump(shop), list((shop / "archive").iterdir())) == (before, archive)


def test_an_old_shipment_can_be_invoiced_and_not_twice(shop: Path, tmp_path: Path) -> None:
    learn(shop, story(tmp_path / "old", "1-850.edi", "6a-856.edi", "6b-856.edi", "8a-810.edi"))
    give(shop, "late.json", json.loads((STORY / "7b-invoice.json").read_text()))
    run(shop, now=NOW)
    give(shop, "again.json", json.loads((STORY / "7a-invoice.json").read_text()) | {"invoice_number": "INV9"})
    run(shop, now=NOW)
    assert [name for name in visible(shop) if name.startswith("out/")] == [f"out/810_{72682 + MARGIN:09d}_INV100726B.edi"]
    assert "INV9 was refused" in (shop / "PROBLEMS.txt").read_text()
    with open_ledger(shop / "ledger.db") as ledger:
        assert balance(ledger, PO) == {"000001": ("36", "36", "36"), "000002": ("24", "24", "24")}


def test_numbers_of_documents_and_cartons_stay_used(shop: Path, tmp_path: Path) -> None:
    learn(shop, story(tmp_path / "old", "1-850.edi", "6a-856.edi", "8a-810.edi"))
    shipment = json.loads((STORY / "5b-shipment.json").read_text())
    shipment["orders"][0]["packs"][0]["sscc"] = "00006141410000726011"[2:]
    invoice = json.loads((STORY / "7a-invoice.json").read_text())
    invoice["lines"][0]["quantity"] = "1"
    give(shop, "s.json", shipment)
    give(shop, "i.json", invoice)
    run(shop, now=NOW)
    told = (shop / "PROBLEMS.txt").read_text()
    assert visible(shop) == [] and f"shipment {SHIPMENTS[1]} was refused" in told and f"invoice {INVOICES[0]} was refused" in told
    assert SHIPMENTS[0] in told, "which shipment has the label"
    run(shop, now=NOW)


def test_the_erp_answers_an_old_order_as_any_other(shop: Path, tmp_path: Path) -> None:
    learn(shop, story(tmp_path / "old", "1-850.edi"))
    for name in ("5a-shipment.json", "5b-shipment.json", "7a-invoice.json", "7b-invoice.json"):
        shutil.copy(STORY / name, shop / "erp" / "responses")
    run(shop, now=NOW)
    with open_ledger(shop / "ledger.db") as ledger:
        assert states(ledger) == dict.fromkeys(SHIPMENTS + INVOICES, "sent")


def test_a_repeated_old_order_has_no_effect(shop: Path, tmp_path: Path) -> None:
    learn(shop, story(tmp_path / "old"))
    shutil.copy(STORY / "1-850.edi", shop / "in")
    run(shop, now=NOW)
    assert visible(shop) == []
    with open_ledger(shop / "ledger.db") as ledger:
        assert len(ledger.orders.numbered(PO)) == 1


def test_what_the_partner_changed_is_applied(shop: Path, tmp_path: Path) -> None:
    done = learn(shop, SAMPLES / "changed", SAMPLES / "cancelled")
    assert done.counts["changes"] == 2
    with open_ledger(shop / "ledger.db") as ledger:
        expected = json.loads((SAMPLES / "changed" / "2c-order.json").read_text())
        [order] = ledger.orders.numbered(expected["number"])
        assert order.current["lines"] == expected["lines"] and order.revision == 1
        cancelled = json.loads((SAMPLES / "cancelled" / "2c-order.json").read_text())
        assert [one.state for one in ledger.orders.numbered(cancelled["number"])] == ["cancelled"]
        assert ledger.holds.open() == []


def test_a_rejected_document_frees_its_number_and_its_quantities(shop: Path, tmp_path: Path) -> None:
    old = story(tmp_path / "old", "1-850.edi", "6a-856.edi", "8a-810.edi")
    rejected = (
        (STORY / "9a-997.edi").read_text().replace("AK2*810*0001~\nAK5*A~\nAK9*A*1*1*1~", "AK2*810*0001~\nAK5*R*5~\nAK9*R*1*1*0~")
    )
    (old / "9.edi").write_text(rejected)
    done = learn(shop, old)
    with open_ledger(shop / "ledger.db") as ledger:
        assert states(ledger) == {SHIPMENTS[0]: "accepted", INVOICES[0]: "rejected"}
        assert balance(ledger, PO)["000001"] == ("36", "18", "0")
    assert any("rejected by the partner and not sent again: invoice INV100726A" in line for line in done.lines)
    corrected = (STORY / "8a-810.edi").read_text().replace("72681", "72999").replace("000072681", "000072999")
    (tmp_path / "corrected.edi").write_text(corrected)
    learn(shop, tmp_path / "corrected.edi")
    with open_ledger(shop / "ledger.db") as ledger:
        assert balance(ledger, PO)["000001"] == ("36", "18", "18")
        assert [one.state for one in ledger.documents.named("target", "invoice", INVOICES[0])] == ["rejected", "history"]


def test_a_rejected_interchange_takes_all_with_it(shop: Path, tmp_path: Path) -> None:
    old = story(tmp_path / "old", "1-850.edi", "6a-856.edi")
    isa = (STORY / "9a-997.edi").read_text().split("~")[0].replace("000090726", "000090999")
    (old / "ta1.edi").write_text(f"{isa}~\nTA1*000072661*260409*1540*R*022~\nIEA*0*000090999~\n")
    learn(shop, old)
    with open_ledger(shop / "ledger.db") as ledger:
        assert states(ledger) == {SHIPMENTS[0]: "rejected"}


def test_sets_of_one_group_are_told_apart(shop: Path, tmp_path: Path) -> None:
    """A former provider may have put many sets into one group; ours has one."""
    first, second = ((STORY / name).read_text().splitlines() for name in ("8a-810.edi", "8b-810.edi"))
    body = [line.replace("*0001~", "*0002~") for line in second[2:-2]]
    (tmp_path / "two.edi").write_text("\n".join([*first[:-2], *body, "GE*2*72681~", "IEA*1*000072681~"]))
    learn(shop, story(tmp_path / "old", "1-850.edi", "6a-856.edi", "6b-856.edi"), tmp_path / "two.edi")
    said = ["AK1*IN*72681~", "AK2*810*0001~", "AK5*A~", "AK2*810*0002~", "AK5*R*5~", "AK9*P*2*2*1~"]
    lines = (STORY / "9a-997.edi").read_text().splitlines()
    (shop / "in" / "997.edi").write_text("\n".join([*lines[:3], *said, "SE*8*0001~", "GE*1*90726~", lines[-1]]))
    run(shop, now=NOW)
    with open_ledger(shop / "ledger.db") as ledger:
        assert states(ledger, "invoice") == {INVOICES[0]: "accepted", INVOICES[1]: "rejected"}


# --- what is left out ---------------------------------------------------------------------------------------------------


def test_what_cannot_be_read_is_told_and_the_rest_is_taken(shop: Path, tmp_path: Path) -> None:
    old = story(tmp_path / "old")
    (old / "empty.edi").write_bytes(b"")
    (old / "noise.edi").write_bytes(bytes(range(256)) * 9)
    (old / "cut.edi").write_bytes((SAMPLES / "tcin" / "1-850.edi").read_bytes()[:300])
    (old / "secret.edi").symlink_to("/etc/hostname")
    (old / ".hidden").write_bytes(b"x")
    done = learn(shop, old, tmp_path / "gone.edi")
    told = "\n".join(done.lines)
    assert done.counts["orders"] == 1
    assert all(name in told for name in ("empty.edi", "noise.edi", "gone.edi")) and "the envelope is broken" in told
    assert "secret" not in told and ".hidden" not in told


def test_the_other_usage_and_other_people_are_left_out(shop: Path, tmp_path: Path) -> None:
    old = tmp_path / "old"
    old.mkdir()
    (old / "p.edi").write_text((STORY / "1-850.edi").read_text().replace("*T*>", "*P*>"))
    (old / "p8.edi").write_text((STORY / "8a-810.edi").read_text().replace("*T*>", "*P*>"))
    (old / "s.edi").write_text((STORY / "1-850.edi").read_text().replace("*08*6111470100 ", "*ZZ*SOMEBODY   "))
    before = dump(shop)
    done = learn(shop, old)
    told = "\n".join(done.lines)
    assert (done.counts, dump(shop)) == ({}, before)
    assert "2 interchanges were left out: ISA15 is 'P', and this is the test folder" in told
    assert "1 interchange was left out: from ZZ/SOMEBODY to ZZ/1234567890" in told


def test_orders_of_the_exchange_itself_are_left_alone(shop: Path, tmp_path: Path) -> None:
    shutil.copy(STORY / "1-850.edi", shop / "in")
    run(shop, now=NOW)
    with open_ledger(shop / "ledger.db") as ledger:
        before = [one.state for one in ledger.orders.numbered(PO)]
    learn(shop, story(tmp_path / "old", "1-850.edi"))
    with open_ledger(shop / "ledger.db") as ledger:
        assert [one.state for one in ledger.orders.numbered(PO)] == before == ["open"]


# --- ids, labels, other hints -------------------------------------------------------------------------------------------


def test_an_empty_id_is_filled_in_and_the_remarks_stay(tmp_path: Path) -> None:
    folder = tmp_path / "shop"
    init(folder)
    before = (folder / "exchange.toml").read_text()
    learn(folder, STORY, dry=True)
    assert (folder / "exchange.toml").read_text() == before
    done = learn(folder, story(tmp_path / "old"))
    after = (folder / "exchange.toml").read_text()
    assert after == before.replace('id        = ""', 'id        = "1234567890"') and done.counts["orders"] == 1
    assert done.lines[0] == "5 documents say that you are ZZ/1234567890 and the partner 08/6111470100"


@pytest.mark.parametrize("id", ["AB", 'A"B', "A\\B"])
def test_ids_that_leave_a_doubt_are_only_told(id: str, tmp_path: Path) -> None:
    folder = tmp_path / "shop"
    init(folder)
    old = story(tmp_path / "old", "1-850.edi")
    (old / "2.edi").write_text((old / "1-850.edi").read_text().replace("1234567890     ", id.ljust(15)))
    if id != "AB":
        (old / "1-850.edi").unlink()
    before = (folder / "exchange.toml").read_text()
    done = learn(folder, old)
    assert "Who you are does not follow from these files" in done.lines[-1]
    assert (folder / "exchange.toml").read_text() == before and done.counts == {}


def test_group_ids_that_differ_are_told(shop: Path, tmp_path: Path) -> None:
    old = story(tmp_path / "old", "8a-810.edi")
    (old / "8a-810.edi").write_text((old / "8a-810.edi").read_text().replace("GS*IN*1234567890*", "GS*IN*OTHERID*"))
    told = "\n".join(learn(shop, old).lines)
    assert "'OTHERID' in their GS, and exchange.toml has '1234567890'" in told
    assert "groups OTHERID>6111470100 IN T: the highest number was 72681" in told


def test_serial_numbers_of_labels_go_on_where_the_prefix_is_known(shop: Path, tmp_path: Path) -> None:
    told = "\n".join(learn(shop, story(tmp_path / "old", "6a-856.edi", "6b-856.edi")).lines)
    assert "labels (SSCC) begin with 0614141000, the highest is 0614141000072604" in told
    settings(shop, ('gs1_prefix = ""', 'gs1_prefix = "0614141"'))
    told = "\n".join(learn(shop, tmp_path / "old").lines)
    assert f"labels (SSCC) of 0614141: the highest serial number was 72604; go on with {72605 + MARGIN}" in told
    with open_ledger(shop / "ledger.db") as ledger:
        assert ledger.series()["SSCC 0614141"] == 72604 + MARGIN
    settings(shop, ('gs1_prefix = "0614141"', 'gs1_prefix = "9999999"'))
    assert "are not of [labels] gs1_prefix = '9999999'" in "\n".join(learn(shop, tmp_path / "old").lines)


# --- from our own archive -------------------------------------------------------------------------------------------------


@pytest.fixture
def lived(shop: Path, tmp_path: Path) -> Path:
    """An exchange that lived a while; ``before.db`` is a copy of its ledger from the first day."""
    shutil.copy(SAMPLES / "tcin" / "1-850.edi", shop / "in" / "first.edi")
    run(shop, now=NOW)
    shutil.copy(shop / "ledger.db", tmp_path / "before.db")
    shutil.copy(STORY / "1-850.edi", shop / "in" / "second.edi")
    shutil.copy(SAMPLES / "changed" / "1-850.edi", shop / "in" / "third.edi")
    run(shop, now=NOW)
    for name in ("5a-shipment.json", "7a-invoice.json"):
        shutil.copy(STORY / name, shop / "erp" / "responses")
    run(shop, now=NOW)
    return shop


def restore(folder: Path, copy: Path) -> None:
    for path in folder.glob("ledger.db*"):
        path.unlink()
    shutil.copy(copy, folder / "ledger.db")


def numbers_out(folder: Path) -> list[str]:
    return [re.search(r"IEA\*\d+\*(\d+)", path.read_text())[1] for path in (folder / "out").iterdir()]  # type: ignore[index]


def test_an_older_ledger_learns_from_the_archive_what_it_has_forgotten(lived: Path, tmp_path: Path) -> None:
    with open_ledger(lived / "ledger.db") as ledger:
        before = balance(ledger, PO), states(ledger), ledger.sequence
    restore(lived, tmp_path / "before.db")
    with pytest.raises(LedgerError, match=r"older than its archive.*exchange adopt .*archive"):
        run(lived, now=NOW)
    with pytest.raises(Refused, match="First `translator exchange adopt"):
        learn(lived, story(tmp_path / "old"))
    seen = visible(lived)
    done = learn(lived, lived / "archive")
    assert "The ledger has caught up" in "\n".join(done.lines)
    assert visible(lived) == seen, "nothing is published by learning"
    with open_ledger(lived / "ledger.db") as ledger:
        assert (balance(ledger, PO), states(ledger), ledger.sequence) == before
        held = [hold.sentence for hold in ledger.holds.open()]
        assert len(held) == 1 and "came on" in held[0] and PO not in held[0], "of the other order nothing shows that the ERP has it"
        assert ledger.series()[f"ISA {BETWEEN} T"] > max(map(int, numbers_out(lived)))
    run(lived, now=NOW)
    assert visible(lived) == seen


def test_after_that_nothing_is_sent_or_handed_over_twice_and_no_number_given_again(lived: Path, tmp_path: Path) -> None:
    restore(lived, tmp_path / "before.db")
    learn(lived, lived / "archive")
    seen, numbers = visible(lived), numbers_out(lived)
    shutil.copy(STORY / "1-850.edi", lived / "in" / "replay.edi")
    for name in ("5a-shipment.json", "7a-invoice.json"):
        shutil.copy(STORY / name, lived / "erp" / "responses")
    run(lived, now=NOW)
    again = [name for name in visible(lived) if name not in seen]
    [answer] = again
    assert re.fullmatch(r"out/997_\d{9}-again-\d+\.edi", answer), "the same answer to the same interchange"
    (lived / answer).unlink()
    for name in ("5b-shipment.json", "7b-invoice.json"):
        shutil.copy(STORY / name, lived / "erp" / "responses")
    run(lived, now=NOW)
    assert len(numbers_out(lived)) == len(set(numbers_out(lived))) == len(numbers) + 2
    with open_ledger(lived / "ledger.db") as ledger:
        assert balance(ledger, PO) == {"000001": ("36", "36", "36"), "000002": ("24", "24", "24")}


def test_learning_from_the_archive_again_changes_nothing(lived: Path, tmp_path: Path) -> None:
    untouched = dump(lived)
    assert learn(lived, lived / "archive").counts == {}
    assert dump(lived) == untouched
    restore(lived, tmp_path / "before.db")
    learn(lived, lived / "archive")
    before = dump(lived)
    assert learn(lived, lived / "archive").counts == {}
    assert dump(lived) == before


def test_no_copy_of_the_ledger_at_all(lived: Path) -> None:
    for path in lived.glob("ledger.db*"):
        path.unlink()
    with pytest.raises(LedgerError, match="init"):
        run(lived, now=NOW)
    init(lived)
    with pytest.raises(LedgerError, match="older than its archive"):
        run(lived, now=NOW)
    highest = max(map(int, numbers_out(lived)))
    done = learn(lived, lived / "archive")
    assert done.counts["orders"] == 3
    run(lived, now=NOW)
    with open_ledger(lived / "ledger.db") as ledger, ledger.transaction():
        assert ledger.next(f"ISA {BETWEEN} T") == highest + MARGIN + 1


def test_what_was_learnt_can_be_sent_again_byte_for_byte(lived: Path, tmp_path: Path) -> None:
    [sent] = [path for path in (lived / "out").iterdir() if INVOICES[0] in path.name]
    restore(lived, tmp_path / "before.db")
    learn(lived, lived / "archive")
    result = CliRunner().invoke(translator, ["exchange", "resend", str(lived), INVOICES[0]])
    assert result.exit_code == 0, result.output
    [again] = [path for path in (lived / "out").iterdir() if INVOICES[0] in path.name and path != sent]
    assert again.name == sent.name.replace(".edi", "-AGAIN-0.edi") and again.read_bytes() == sent.read_bytes()


@pytest.mark.parametrize("command", ["release", "refuse"])
def test_an_order_that_the_erp_may_lack_is_handed_over_when_somebody_says_so(command: str, lived: Path, tmp_path: Path) -> None:
    restore(lived, tmp_path / "before.db")
    learn(lived, lived / "archive")
    with open_ledger(lived / "ledger.db") as ledger:
        [hold] = ledger.holds.open()
        [order] = ledger.orders.numbered(hold.about)
    [file] = [path for path in (lived / "erp" / "orders").iterdir() if json.loads(path.read_text())["number"] == hold.about]
    expected = file.read_bytes()
    file.unlink()
    result = CliRunner().invoke(translator, ["exchange", command, str(lived), str(hold.id)])
    assert result.exit_code == 0, result.output
    assert (file.exists() and file.read_bytes() == expected) == (command == "release")
    with open_ledger(lived / "ledger.db") as ledger:
        assert ledger.orders.get(order.id).state == "open" and ledger.holds.open() == []


def test_what_was_never_acknowledged_is_put_before_a_person(lived: Path, tmp_path: Path) -> None:
    """Its transaction may never have been: the archive has the file, and nothing else shows that it was dealt with."""
    restore(lived, tmp_path / "before.db")
    receipts = [path for path in (lived / "archive").rglob("*.edi") if "ST*997" in path.read_text()]
    for path in receipts:
        if "AK1*PO*326" in path.read_text():
            path.unlink()
    done = learn(lived, lived / "archive")
    with open_ledger(lived / "ledger.db") as ledger:
        assert ledger.orders.numbered(PO) == []
        [hold] = [hold for hold in ledger.holds.open() if hold.what == "interchange"]
        assert "nothing in the archive acknowledges it" in hold.sentence and "`in` again" in hold.cure
    assert any("never acknowledged" in line for line in done.lines)
    [copy] = [path for path in (lived / "archive").rglob("*.edi") if PO in path.read_text() and "ST*850" in path.read_text()]
    shutil.copy(copy, lived / "in" / "again.edi")
    run(lived, now=NOW)
    with open_ledger(lived / "ledger.db") as ledger:
        assert [one.state for one in ledger.orders.numbered(PO)] == ["open"]


def test_a_forgotten_change_is_asked_about_again(shop: Path, tmp_path: Path) -> None:
    shutil.copy(SAMPLES / "changed" / "1-850.edi", shop / "in")
    run(shop, now=NOW)
    shutil.copy(shop / "ledger.db", tmp_path / "before.db")
    shutil.copy(SAMPLES / "changed" / "1c-860.edi", shop / "in")
    run(shop, now=NOW)
    restore(shop, tmp_path / "before.db")
    for _ in range(2):
        learn(shop, shop / "archive")
    with open_ledger(shop / "ledger.db") as ledger:
        [hold] = ledger.holds.open()
        assert hold.what == "change"
        [order] = ledger.orders.numbered(hold.about)
        assert [one.state for one in ledger.changes.of(order.id)] == ["pending"]


def test_what_was_put_aside_is_not_learnt_as_an_order(shop: Path, tmp_path: Path) -> None:
    shutil.copy(STORY / "1-850.edi", shop / "in" / "1.edi")
    run(shop, now=NOW)
    (shop / "in" / "2.edi").write_text((STORY / "1-850.edi").read_text().replace(PO, "71230045599-0579"))
    (shop / "in" / "3.edi").write_text((STORY / "1-850.edi").read_text().replace("*T*>", "*P*>"))
    run(shop, now=NOW)
    for path in shop.glob("ledger.db*"):
        path.unlink()
    init(shop)
    learn(shop, shop / "archive")
    with open_ledger(shop / "ledger.db") as ledger:
        assert [one.number for one in ledger.orders.in_state("open", "history")] == [PO]


def test_what_was_adopted_is_known_from_the_archive_as_well(shop: Path, tmp_path: Path) -> None:
    learn(shop, story(tmp_path / "old"))
    with open_ledger(shop / "ledger.db") as ledger:
        before = balance(ledger, PO), states(ledger)
    for path in shop.glob("ledger.db*"):
        path.unlink()
    init(shop)
    learn(shop, shop / "archive")
    with open_ledger(shop / "ledger.db") as ledger:
        assert (balance(ledger, PO), states(ledger)) == before
        assert [one.state for one in ledger.orders.numbered(PO)] == ["history"]


# --- the command, and many files ------------------------------------------------------------------------------------------


def test_the_command(shop: Path, tmp_path: Path) -> None:
    old = story(tmp_path / "old")
    (old / "esc.edi").write_bytes(b"\x1b[31mISA?")
    result = CliRunner().invoke(translator, ["exchange", "adopt", str(shop), str(old), "--margin", "50", "--dry-run"])
    assert result.exit_code == 0 and "the next is 72733" in result.stderr and result.stderr.endswith("nothing was changed\n")
    result = CliRunner().invoke(translator, ["exchange", "adopt", str(shop), str(old), "--margin", "50"])
    assert result.exit_code == 0 and "4 documents accepted" in result.stderr and "\x1b" not in result.output
    assert CliRunner().invoke(translator, ["exchange", "adopt", str(shop)]).exit_code == 2
    with pytest.raises(SettingsError, match="exchange init"):
        learn(tmp_path, old)


def test_memory_is_flat_for_many_files(shop: Path, tmp_path: Path) -> None:
    text = (STORY / "8a-810.edi").read_text()
    peaks = []
    numbers = itertools.count(80000)
    for part, many in enumerate((400, 50, 400)):  # with the first, tables and plans are loaded
        old = tmp_path / str(part)
        old.mkdir()
        for n in itertools.islice(numbers, many):
            (old / f"{n}.edi").write_text(text.replace("72681", f"{n}").replace("INV100726A", f"INV{n}"))
        tracemalloc.start()
        done = learn(shop, old)
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
        assert done.counts["invoices"] == many
    assert peaks[2] < peaks[1] + 400 * 2000, "a row for each file, not its bytes"


def test_an_open_exchange_may_be_asked_for_although_it_has_forgotten(lived: Path, tmp_path: Path) -> None:
    restore(lived, tmp_path / "before.db")
    with opened(lived, now=NOW, lost=True) as room:
        assert room.ledger.sequence < 4
