"""The stories in samples/ are golden files: orders with the documents and findings that they make, what the ERP hands over
with the X12 that it becomes, and what the partner says of it; both ways.

``GOLDEN=write pytest tests/test_stories.py`` writes anew what is made (2-, 2c-, 1r-, 1cr-, 4-, 6-, 8-, labels, findings and
what commands say); look at the difference before you keep it. The ERP's files (3-, 5-, 7-) and the partner's (1-, 9-) are written
by hand, or begun with ``translator new``. samples/README.md says which numbers and dates the files that are made bear.
"""

from __future__ import annotations

import datetime
import json
import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from translator.bodies.answer import requests
from translator.bodies.read import read as read_orders
from translator.bodies.residue import restore as restore_orders
from translator.bodies.text import dumped
from translator.bodies.write import write as write_order
from translator.documents import structure, unstructure, violations
from translator.exchange.revise import Revised, revise
from translator.respond.acknowledgment import acknowledge
from translator.respond.invoice import bill
from translator.respond.labels import csv_text, labels, packing_list
from translator.respond.receipt import receipts
from translator.respond.shipment import ship
from translator.respond.sscc import Serials
from translator.respond.verdict import verdicts
from translator.tables.standard import parsed
from translator.walk import read, restore, write
from translator.walk.answer import answer, compare
from translator.walk.proof import prove

SAMPLES = Path(__file__).parents[1] / "samples"
STORIES = sorted(path.parent.name for path in SAMPLES.glob("*/1-850.edi"))
CHANGED = sorted(path.parent.name for path in SAMPLES.glob("*/2c-change.json"))
ODD = {"published-sample"}  # not in normal form: its ISA lost blanks, and it writes 65 as 065
MARKET = sorted(path.parent.name for path in SAMPLES.glob("*/1-orders.json"))  # of a partner with an API
ERP = sorted(str(path.relative_to(SAMPLES)) for path in SAMPLES.glob("*/[357]*-*.json") if path.parent.name not in MARKET)
CHANGES = sorted(str(path.relative_to(SAMPLES)) for path in SAMPLES.glob("*/1c-860.edi"))
THEIRS = sorted(str(path.relative_to(SAMPLES)) for path in SAMPLES.glob("*/9*.edi"))
FILES = sorted(str(path.relative_to(SAMPLES)) for path in SAMPLES.glob("*/*.edi"))
SAID = sorted(str(path.relative_to(SAMPLES)) for path in [*SAMPLES.glob("*/refused.txt"), *SAMPLES.glob("*/9*-verdict.txt")])

RULES = parsed("mappings/target/derive.toml")

# What an answer becomes: the next place in the exchange, its set, and when it is written, on the day that it is about.
ANSWERS = {
    "3": ("4", "855", "acknowledgment_date", 9, 30),
    "5": ("6", "856", "ship_date", 15, 40),
    "7": ("8", "810", "invoice_date", 17, 0),
}

# Warnings that an answer earns, as samples/README.md says: story -> codes.
WARNED = {
    "published-sample": {"usage-form", "partner-unknown"},  # its ids and item numbers are placeholders
    "changes": {"carry-default"},  # another price, as agreed
    "changed": {"change-line-added"},
    "pallets": {"total-differs"},  # cartons without a label of their own are counted in TD1
    "prepack": {"total-differs"},
}


def documents(story: str, exact: bool = False) -> list[dict[str, Any]]:
    """The documents of a story's order file."""
    return [r.document for r in read(SAMPLES / story / "1-850.edi", exact=exact) if r.document]


def golden(path: Path, made: str) -> str:
    """The golden text, written first when that is asked for."""
    if os.environ.get("GOLDEN") == "write":
        path.write_text(made, encoding="utf-8")
    return path.read_text(encoding="utf-8")


def pretty(value: Any) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False) + "\n"


def test_there_are_stories() -> None:
    assert len(STORIES) >= 20


@pytest.mark.parametrize("story", STORIES)
def test_the_order_file_makes_the_order_document(story: str) -> None:
    made = [document for document in documents(story) if document["document"] == "order"]
    text = golden(SAMPLES / story / "2-order.json", pretty(made[0] if len(made) == 1 else made))
    assert text == pretty(made[0] if len(made) == 1 else made)


@pytest.mark.parametrize("story", STORIES)
def test_it_earns_the_findings_that_stand_beside_it(story: str) -> None:
    said = [f.having(file=None).as_dict() for r in read(SAMPLES / story / "1-850.edi") for f in r.findings]
    path = SAMPLES / story / "1-findings.json"
    if said or path.exists():
        assert golden(path, pretty(said)) == pretty(said)
    assert bool(said) == (story in ODD)


@pytest.mark.parametrize("story", STORIES)
def test_the_order_document_makes_the_order_file(story: str) -> None:
    held = orders(story)
    if "change" in {document["document"] for document in documents(story)}:
        held.append(json.loads((SAMPLES / story / "2c-change.json").read_text(encoding="utf-8")))
    writing = write(held)
    assert writing.ok
    assert (writing.data == (SAMPLES / story / "1-850.edi").read_bytes()) == (story not in ODD)


@pytest.mark.parametrize("story", STORIES)
def test_exactly_it_comes_back_byte_for_byte(story: str) -> None:
    text = json.dumps(documents(story, exact=True))
    assert b"".join(restore(json.loads(text))) == (SAMPLES / story / "1-850.edi").read_bytes()


@pytest.mark.parametrize("story", STORIES)
def test_schema_classes_and_table_describe_the_same_document(story: str) -> None:
    for document in documents(story):
        assert violations(document) == []
        assert unstructure(structure(document)) == document


# --- what was received is acknowledged ------------------------------------------------------------------------------


def number(story: str, place: str, part: str = "") -> int:
    """The control number of a file that we send: the order's, the place in the exchange, and 0, or 1 for a, 2 for b."""
    control = documents(story)[0]["envelope"]["control"]["interchange"]
    return int(f"{int(control)}{place}{' ab'.index(part or ' ')}")


def golden_bytes(path: Path, made: bytes) -> bytes:
    """The golden bytes, written first when that is asked for."""
    if os.environ.get("GOLDEN") == "write":
        path.write_bytes(made)
    return path.read_bytes()


@pytest.mark.parametrize("name", [*(f"{story}/1-850.edi" for story in STORIES), *CHANGES])
def test_what_came_is_acknowledged(name: str) -> None:
    path = SAMPLES / name
    envelope = next(r.document for r in read(path) if r.document)["envelope"]
    now = datetime.datetime.fromisoformat(f"{envelope['date']}T{envelope['time']}")
    control, made = int(f"{int(envelope['control']['interchange'])}10"), b""
    for one in receipts(read(path, envelopes=True)):
        assert not one.unanswered
        control = one.number(control)
        writing = write(one.documents, now=now)
        assert writing.ok and writing.data, writing.findings
        made += writing.data
    assert made == golden_bytes(path.with_name(f"{path.name.partition('-')[0]}r-997.edi"), made)
    assert {d["status"] for r in read(made) if (d := r.document)} == {"A"}


# --- the order is changed ------------------------------------------------------------------------------------------------


def revised(story: str) -> Revised:
    """The order of a story as its change wants it."""
    file = next((name for name in CHANGES if name.split("/")[0] == story), f"{story}/1-850.edi")
    [change] = [r.document for r in read(SAMPLES / file) if r.document and r.document["document"] == "change"]
    text = golden(SAMPLES / story / "2c-change.json", pretty(change))
    assert text == pretty(change)
    assert violations(change) == []
    assert unstructure(structure(change)) == change
    [order] = [order for order in orders(story) if order["number"] == change["number"]]
    return revise(order, change, RULES)


def test_there_are_changes() -> None:
    assert {"cancelled", "changed"} <= set(CHANGED)
    assert {name.split("/")[0] for name in CHANGES} <= set(CHANGED)


@pytest.mark.parametrize("story", CHANGED)
def test_the_change_makes_the_order_as_revised(story: str) -> None:
    made = revised(story)
    assert golden(SAMPLES / story / "2c-order.json", pretty(made.order)) == pretty(made.order)
    assert {f.code for f in made.findings} == WARNED.get(story, set())
    assert violations(made.order) == []
    assert unstructure(structure(made.order)) == made.order


@pytest.mark.parametrize("name", CHANGES)
def test_the_change_earns_no_findings_and_makes_its_file(name: str) -> None:
    readings = list(read(SAMPLES / name))
    assert [f for r in readings for f in r.findings] == []
    assert write([r.document for r in readings if r.document]).data == (SAMPLES / name).read_bytes()


# --- the order is answered --------------------------------------------------------------------------------------------


def orders(story: str) -> list[dict[str, Any]]:
    """The orders of a story, as the ERP has them."""
    held = json.loads((SAMPLES / story / "2-order.json").read_text(encoding="utf-8"))
    return held if isinstance(held, list) else [held]


def known(story: str, place: str) -> list[dict[str, Any]]:
    """What an answer is completed from and held against: the orders, and for what goes out later their acknowledgment."""
    said = [one for name in ERP if name.startswith(f"{story}/3") and place > "3" for one in answers(name)]
    return [*orders(story), *said]


def answers(name: str) -> list[dict[str, Any]]:
    """What the ERP hands over in a file."""
    held = json.loads((SAMPLES / name).read_text(encoding="utf-8"))
    return held if isinstance(held, list) else [held]


def became(name: str) -> Path:
    """The X12 file that an answer becomes: 5a-shipment.json is 6a-856.edi."""
    path = SAMPLES / name
    place, set_id = ANSWERS[path.name[0]][:2]
    return path.with_name(f"{place}{path.name[1 : path.name.index('-')]}-{set_id}.edi")


def test_there_are_answers() -> None:
    assert len(ERP) >= 40
    assert {became(name).name.split("-")[1] for name in ERP} == {"855.edi", "856.edi", "810.edi"}
    made = {str(became(name).relative_to(SAMPLES)) for name in ERP}
    assert made == {name for name in FILES if re.search(r"/[468][ab]?-", name)}


@pytest.mark.parametrize("name", ERP)
def test_what_the_erp_says_becomes_the_answer_file(name: str) -> None:
    story, held = name.split("/")[0], answers(name)
    place, _, day, hour, minute = ANSWERS[Path(name).name[0]]
    now = datetime.datetime.fromisoformat(f"{held[0][day]}T{hour:02d}:{minute:02d}")
    done = [answer(document, known(story, Path(name).name[0]), now=now) for document in held]
    assert [f for one in done for f in one.findings if f.severity == "error"] == []
    part = Path(name).name[1 : Path(name).name.index("-")]
    writing = write([one.document for one in done], control=number(story, place, part), now=now)
    assert writing.ok and writing.data, writing.findings
    assert {f.code for f in writing.findings} <= WARNED.get(story, set())
    assert writing.data == golden_bytes(became(name), writing.data)


@pytest.mark.parametrize("name", ERP)
def test_the_answer_file_says_what_the_orders_want(name: str) -> None:
    story = name.split("/")[0]
    readings = [r for r in read(became(name)) if r.document]
    for reading in readings:
        assert reading.document and reading.table
        assert violations(reading.document) == []
        assert unstructure(structure(reading.document)) == reading.document
        assert {f.code for f in reading.findings} <= WARNED.get(story, set())
        compared = compare(reading.document, known(story, Path(name).name[0]), reading.table)
        assert {f.code for f in compared.findings} <= WARNED.get(story, set())
        said = {one.verdict for one in compared.report}
        assert "agrees" in said and said <= {"agrees", "not asked for"} | ({"differs", "changed"} if story == "changes" else set())
    assert len(readings) == len(answers(name))


@pytest.mark.parametrize("name", FILES)
def test_nothing_of_a_file_is_lost(name: str) -> None:
    data = (SAMPLES / name).read_bytes()
    proof = prove(data)
    assert proof.holds, proof.sentence
    again = write([r.document for r in read(data) if r.document])
    assert (again.data == data) != (name in {f"{story}/1-850.edi" for story in ODD})


# --- orders of an API --------------------------------------------------------------------------------------------------------

# Warnings that its answers earn: a tracking number in blanks, as people write it.
MARKET_WARNED = {"plus-short": {"tracking-written"}}


def test_there_are_stories_of_an_api() -> None:
    assert len(MARKET) >= 4


@pytest.mark.parametrize("story", MARKET)
def test_the_orders_of_an_api_make_order_documents(story: str) -> None:
    data = (SAMPLES / story / "1-orders.json").read_bytes()
    readings = read_orders(data)
    made = [r.document for r in readings if r.document]
    assert [f for r in readings for f in r.findings] == []
    text = pretty(made[0] if len(made) == 1 else made)
    assert golden(SAMPLES / story / "2-order.json", text) == text
    for reading in readings:
        assert reading.document and reading.table
        assert violations(reading.document) == []
        assert unstructure(structure(reading.document)) == reading.document
        body, found = write_order(reading.table, reading.document)
        assert not found
        assert [r.document for r in read_orders(dumped(body).encode())] == [reading.document]
    exactly = [r.document for r in read_orders(data, exact=True) if r.document]
    assert b"".join(restore_orders(json.loads(json.dumps(exactly)))) == data


@pytest.mark.parametrize("name", [f"{story}/{file.name}" for story in MARKET for file in sorted((SAMPLES / story).glob("[35]-*"))])
def test_what_the_erp_says_becomes_requests(name: str) -> None:
    story, held = name.split("/")[0], json.loads((SAMPLES / name).read_text(encoding="utf-8"))
    assert violations(held) == []
    made, found = requests([held], orders(story))
    assert {f.code for f in found} == (MARKET_WARNED.get(story, set()) if "/5" in name else set())
    text = "".join(f"{one.as_text()}\n" for one in made)
    path = SAMPLES / story / f"{int(name.split('/')[1][0]) + 1}-requests.json"
    assert made and golden(path, text) == text


# --- drafts -------------------------------------------------------------------------------------------------------------

# Files that began as a draft of `translator new`: the serial number, the program, or the shipment that was billed.
DRAFTS = {
    "guest/3-acknowledgment.json": None,
    "guest/5-shipment.json": "70401",
    "guest/7-invoice.json": "guest/5-shipment.json",
    "vendor-cross-dock/5-shipment.json": "70301",
    "vendor-cross-dock/7-invoice.json": "vendor-cross-dock/5-shipment.json",
    "inner-packs/5-shipment.json": "70501",
    "inner-packs/7-invoice.json": "inner-packs/5-shipment.json",
    "several-orders/5-shipment.json": "72801",
    "several-orders/7-invoice.json": "several-orders/5-shipment.json",
}


@pytest.mark.parametrize("name", DRAFTS)
def test_a_draft_needed_only_what_the_supplier_knows(name: str) -> None:
    known, from_ = orders(name.split("/")[0]), DRAFTS[name]
    now = datetime.datetime(2026, 1, 1)
    if "shipment" in name:
        drafts = [ship(known, RULES, serials=Serials("0614141", str(from_), "0"))]
    elif "invoice" in name:
        drafts = [bill(order, RULES, answers(str(from_))[0]) for order in known]
    else:
        drafts = [acknowledge(order, RULES, now=now) for order in known]
    for (draft, found), order, held in zip(drafts, known, answers(name), strict=False):
        assert draft and all(f.severity != "error" for f in found)
        whole = answer(draft, known if "shipment" in name else [order]).document
        whole.pop("acknowledgment_date", None)
        whole["envelope"].pop("acknowledgment_requested")
        assert list(_changed(whole, held)) == []


def _changed(draft: Any, held: Any, path: str = "") -> Iterator[str]:
    """Where a file does not have what its draft had; what it has besides is the supplier's own."""
    if isinstance(draft, dict) and isinstance(held, dict):
        for key, value in draft.items():
            yield from _changed(value, held.get(key), f"{path}.{key}")
    elif isinstance(draft, list) and isinstance(held, list) and len(draft) == len(held):
        for n, value in enumerate(draft):
            yield from _changed(value, held[n], f"{path}[{n}]")
    elif draft != held:
        yield f"{path}: {draft} is {held}"


# --- labels, and what the partner says ------------------------------------------------------------------------------------


def test_labels_and_packing_list_of_a_shipment() -> None:
    story = SAMPLES / "vendor-cross-dock"
    [shipment] = answers("vendor-cross-dock/5-shipment.json")
    rows, found = labels(shipment, orders("vendor-cross-dock"))
    text, said = csv_text(rows)
    assert not found and not said
    assert golden(story / "5-labels.csv", text) == text
    listed = packing_list(shipment, orders("vendor-cross-dock"))
    assert golden(story / "5-packing-list.txt", listed) == listed
    sent = (story / "6-856.edi").read_text(encoding="ascii")
    assert [row["sscc"] for row in rows] == re.findall(r"MAN\*GM\*00([0-9]{18})~", sent)


@pytest.mark.parametrize("name", THEIRS)
def test_what_the_partner_says_is_tied_to_what_was_sent(name: str) -> None:
    story = name.split("/")[0]
    readings = list(read(SAMPLES / name))
    assert {f.code for r in readings for f in r.findings} <= WARNED.get(story, set())
    part = Path(name).name[1 : Path(name).name.index("-")]
    sent = b"".join(became(one).read_bytes() for one in ERP if one.split("/")[0] == story and _part(one) in ("", part))
    found = list(verdicts([r.document for r in readings if r.document], sent))
    assert found and all(one.sent for one in found)
    assert all(one.clean for one in found) != (SAMPLES / story / "9-verdict.txt").exists()
    if name.endswith("997.edi"):  # everything that was sent is spoken of
        sets = sum(1 for r in read(sent) if r.document)
        assert sum(1 for one in found if one.set) + _earlier(story, part) == sets


def _part(name: str) -> str:
    stem = Path(name).name
    return stem[1 : stem.index("-")]


def _earlier(story: str, part: str) -> int:
    """Answers of the whole order, which the acknowledgment of the first part speaks of."""
    return sum(1 for one in ERP if one.split("/")[0] == story and not _part(one)) if part == "b" else 0


@pytest.mark.parametrize("name", SAID)
def test_what_commands_say_stands_beside_the_story(name: str) -> None:
    """A text is a console: each line that begins with $ is a command, run in the story's folder."""
    path = SAMPLES / name
    commands = [line for line in path.read_text(encoding="utf-8").splitlines() if line.startswith("$ translator ")]
    assert commands
    made = ""
    for line in commands:
        words = [sys.executable, "-m", "translator", *shlex.split(line.removeprefix("$ translator "))]
        env = {**os.environ, "PYTHONPATH": str(SAMPLES.parent)}
        run = subprocess.run(words, cwd=path.parent, env=env, capture_output=True, text=True, check=False)
        made += f"{line}\n{run.stdout}{run.stderr}[exit code {run.returncode}]\n"
        assert run.returncode == (4 if path.name == "refused.txt" else 1)
    assert golden(path, made) == made
