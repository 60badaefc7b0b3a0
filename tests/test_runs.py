"""Lists whose objects all look alike are written at once and recognized when they are read back: as if each were read by itself."""

from __future__ import annotations

import copy
import datetime
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any

import pytest
from test_plan import ODD
from test_shapes import places

from translator.tables.checks import mod10
from translator.tables.load import load
from translator.tables.pen import pen
from translator.tables.plan import plan
from translator.tables.reckon import filled
from translator.tables.runs import Run, Runs
from translator.tables.table import Table
from translator.tables.write import write_set
from translator.walk import read, write
from translator.walk.headers import delimiters
from translator.x12.compose import wrap
from translator.x12.wire import Delimiters

Json = dict[str, Any]
SAMPLES = Path(__file__).parents[1] / "samples"
NOW = datetime.datetime(2026, 4, 1, 8, 0)
LISTS = {"target/855": "orders[0].lines[]", "target/856": "packs[]", "target/810": "lines[]"}
STORIES = [
    f"{story}/{file}"
    for story in ("stand-alone", "tcin", "inner-packs", "guest", "several-orders")
    for file in ("4-855", "6-856", "8-810")
    if (SAMPLES / story / f"{file}.edi").exists()
]


def multiplied(file: str) -> Json:
    """A document of a story with a dozen times as many lines or cartons; some cartons say more than others."""
    document = next(r.document for r in read(SAMPLES / f"{file}.edi") if r.document)
    document.pop("totals", None)
    holder = document["orders"][0] if "orders" in document else document
    name = "packs" if "packs" in holder else "lines"
    made = []
    for n in range(12):
        one = copy.deepcopy(holder[name][0])
        if name == "lines":
            one["line"] = f"{n + 1:06d}"
        else:
            one["sscc"] = (serial := f"0061414100{n:07d}") + mod10(serial)
            one.pop("tracking", None)
            one["items"] = one["items"][:1]
            one["items"][0].pop("inner_pack", None)
            one["items"][0] |= {"pack": 12} | ({"inner_pack": 6} if n % 2 else {})
        made.append(one)
    holder[name] = made
    holder.pop("cartons", None)
    document.pop("shipped", None)
    document.pop("structure", None)
    return filled(load(document["guide"]), document)


class Shaped:
    """A document written and a plan for it, both shaped by documents like it."""

    def __init__(self, document: Json) -> None:
        self.table: Table = load(document["guide"])
        self.d: Delimiters = delimiters(document["envelope"])
        self.document = document
        self.table.pens.clear()
        self.table.plans.clear()
        self.runs: Runs = {}
        body = pen(self.table, self.d, [document] * 4)(document, NOW, self.runs)
        assert body
        self.text = wrap(self.table.set_id, "0001", body, self.d)
        self.plan = plan(self.table, self.d, self.text)
        self.table.pens.clear()
        self.table.plans.clear()

    def left(self) -> Runs:
        """The runs once more: a plan takes away those that it finds."""
        return {path: list(runs) for path, runs in self.runs.items()}


@pytest.fixture(params=STORIES)
def shaped(request: pytest.FixtureRequest) -> Shaped:
    return Shaped(multiplied(request.param))


def test_a_run_is_written_as_its_objects_are(shaped: Shaped) -> None:
    end = shaped.d.segment + shaped.d.tail
    segments = write_set(shaped.table, shaped.document, shaped.d, lambda code, **_: pytest.fail(code), now=NOW)
    assert shaped.text.split(end)[1:-2] == segments
    assert [len(run.rows) for run in shaped.runs[LISTS[shaped.table.name]]] == [12]


def test_a_run_is_recognized_and_its_objects_are_what_would_be_read(shaped: Shaped) -> None:
    left = shaped.left()
    by_run, by_itself = shaped.plan(shaped.text, {}, left), shaped.plan(shaped.text, {})
    assert by_run == by_itself is not None
    assert left[LISTS[shaped.table.name]] == []
    found = by_run["orders"][0] if "orders" in by_run else by_run
    assert any(value is run.objects for value in found.values() for run in shaped.runs[LISTS[shaped.table.name]])


def test_a_run_of_other_columns_is_none(shaped: Shaped) -> None:
    left = shaped.left()
    [run] = left[LISTS[shaped.table.name]]
    left[LISTS[shaped.table.name]] = [other := Run(run.objects, (*run.columns[1:], run.columns[0]), run.rows, run.size)]
    assert shaped.plan(shaped.text, {}, left) == shaped.plan(shaped.text, {})
    assert left[LISTS[shaped.table.name]] == [other]


def test_no_text_is_taken_for_a_run_that_would_be_read_otherwise(shaped: Shaped) -> None:
    """With an odd value, a segment lost, doubled or moved: by a run is read what is read without, or nothing."""
    recognized = 0
    for text in spoiled(shaped.text, shaped.d):
        left = shaped.left()
        by_run = shaped.plan(text, {}, left)
        assert by_run is None or by_run == shaped.plan(text, {})
        recognized += by_run is not None and not left[LISTS[shaped.table.name]]
    assert recognized


def spoiled(text: str, d: Delimiters) -> Iterator[str]:
    """The text with one thing wrong, or other than it was."""
    end = d.segment + d.tail
    pieces = text.split(end)
    for n, piece in enumerate(pieces[1:-2], 1):
        values = piece.split(d.element)
        for m in range(1, len(values) + 1):
            for odd in ODD[(n + m) % 5 :: 5]:
                yield end.join([*pieces[:n], d.element.join([*values[:m], odd, *values[m + 1 :]]), *pieces[n + 1 :]])
        yield end.join([*pieces[:n], f"X{piece}", *pieces[n + 1 :]])
        shorter = d.element.join([values[0], values[1][:-1], *values[2:]])
        yield end.join([*pieces[:n], shorter, f"X{pieces[n + 1]}", *pieces[n + 2 :]])
        yield end.join([*pieces[:n], shorter, d.element.join(["X", *pieces[n + 1].split(d.element)]), *pieces[n + 2 :]])
        yield end.join([*pieces[:n], *pieces[n + 1 :]])
        yield end.join([*pieces[:n], piece, *pieces[n:]])
        yield end.join([*pieces[:n], pieces[n + 1], piece, *pieces[n + 2 :]])


@pytest.mark.parametrize("file", STORIES)
def test_what_is_not_alike_in_a_list_is_said_as_ever(file: str) -> None:
    """Nothing of many documents is written when one value of one object in a list is of another kind, empty, or could forge."""
    whole = multiplied(file)
    documents = []
    for n in range(10):
        one = copy.deepcopy(whole)
        one |= {key: f"{value}{n}" for key, value in one.items() if key in ("id", "invoice_number")}
        for m, order in enumerate(one.get("orders", ())):
            for k, pack in enumerate(order.get("packs", ())):
                pack["sscc"] = (serial := f"006141{n}{m}00{k:07d}") + mod10(serial)
        documents.append(one)
    assert write(documents, control=1, now=NOW).ok
    holder = documents[7]["orders"][0] if "orders" in whole else documents[7]
    item = holder["packs"][5]["items"][0] if "packs" in holder else holder["lines"][5]
    for value in ("", None, 7, [], {}, "A*B", "A~B", "\n", "1E9", "\u0661", "x" * 90):
        was, item["quantity"] = item["quantity"], value
        writing = write(documents, control=1, now=NOW)
        assert writing.data is None
        assert all("documents[7]" in (f.path or "") for f in writing.findings if f.severity == "error")
        item["quantity"] = was
    assert write(documents, control=1, now=NOW).ok


SEEN: dict[str, list[Json]] = {}
for path in sorted(SAMPLES.glob("*/*.edi")):
    for reading in read(path):
        if reading.ok and reading.document and "guide" in reading.document:
            SEEN.setdefault(reading.document["guide"], []).append(reading.document)
WRONG = ["", None, 0, 1, "0", "A*B", "A~B", "X", "1.5", "-1", [], {}, "9" * 30, True, "00"]


@pytest.mark.parametrize("guide", SEEN)
@pytest.mark.parametrize("seed", range(4))
def test_many_documents_are_written_as_each_of_them_is(guide: str, seed: int) -> None:
    """Documents with more lines and cartons than the stories have; one of them, sometimes, with something wrong."""
    chance = Random(f"{guide}/{seed}")
    for turn in range(6):
        documents = [copy.deepcopy(chance.choice(SEEN[guide])) for _ in range(9)]
        for n, one in enumerate(documents):
            one["envelope"] = copy.deepcopy(documents[0]["envelope"])
            one |= {key: f"{turn}X{n}" for key in ("id", "invoice_number") if key in one}
            grown(one, chance)
        if turn % 2:
            spoil(chance.choice(documents), chance)
        load(guide).pens.clear()  # so that these are what is usual
        load(guide).plans.clear()
        many = write(documents, control=1, now=NOW)
        each = [write(one, control=1, now=NOW) for one in documents]
        assert many.ok == all(one.ok for one in each)
        if many.data:
            assert bodies(many.data) == [body for one in each if one.data for body in bodies(one.data)]
    load(guide).pens.clear()
    load(guide).plans.clear()


def grown(document: Json, chance: Random) -> None:
    """Some lines and cartons of a document several times, with numbers of their own; what they come to is left out."""
    for holder in (document, *document.get("orders", [])):
        for name in {"lines", "packs"} & holder.keys():
            if not isinstance(holder[name], list) or not holder[name]:
                continue
            holder[name] = [copy.deepcopy(chance.choice(holder[name][:2])) for _ in range(chance.randrange(1, 14))]
            for n, one in enumerate(holder[name], 1):
                one |= {"line": f"{n:06d}"} if "line" in one else {}
                one |= {"sscc": (s := f"{chance.randrange(10**17):017d}") + mod10(s)} if "sscc" in one else {}
        for name in ("totals", "shipped", "structure", "cartons", "weight"):
            holder.pop(name, None)


def spoil(document: Json, chance: Random) -> None:
    """Something left out, something else there, or keys in another order."""
    way = chance.choice([path for path in places(document) if path[0] not in ("document", "partner", "guide", "envelope")])
    holder: Any = document
    for step in way[:-1]:
        holder = holder[step]
    value = holder.pop(way[-1])
    if isinstance(value, dict) and chance.random() < 0.5:
        value = dict(reversed(value.items()))
    elif chance.random() < 0.7:
        value = chance.choice(WRONG)
    if isinstance(holder, list):
        holder.insert(way[-1], value)
    elif chance.random() < 0.8:
        holder[way[-1]] = value


def bodies(data: bytes) -> list[str]:
    """The sets of a file, without their control numbers."""
    found = []
    for reading in read(data):
        if reading.part and reading.part.is_set and reading.part.envelope:
            found.append("".join(reading.part.text.split(reading.part.envelope.delimiters.segment)[1:-2]))
    return found


@pytest.mark.parametrize("packs", ["x", ["x"], {"a": "b"}, [None], 7, [["x"]]])
def test_packs_that_are_none_are_a_finding(packs: object) -> None:
    """What the structure of a shipment follows from had to be packs, or nothing was said but where the program broke."""
    [whole] = [one for one in SEEN["target/856"] if "structure" in one][:1]
    wrong = {**whole, "orders": [{**whole["orders"][0], "packs": packs}]}
    del wrong["structure"]
    for documents in (wrong, [wrong] * 9):
        writing = write(documents, control=1, now=NOW)
        assert writing.data is None
        assert "value-type" in {f.code for f in writing.findings}
