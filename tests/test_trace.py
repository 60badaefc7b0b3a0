"""Where a value comes from and where it goes: what is said of an element is so, in the file, in the tables, in the order."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from click.testing import CliRunner
from walked import ROOT

from translator import shipped
from translator.cli import translator
from translator.show.annotate import annotated
from translator.show.provenance import Teller, orders_in
from translator.show.rows import row_place, rule_place
from translator.show.search import Found, Search, asked
from translator.tables.guide import shelf
from translator.tables.load import load

SAMPLES = ROOT / "samples"
GUEST, INNER = SAMPLES / "guest", SAMPLES / "inner-packs"
ANSWERS = sorted(path for path in SAMPLES.glob("*/[468]*.edi"))
ORDERS = sorted(SAMPLES.glob("*/1-850.edi"))


def run(*words: str | Path, code: int = 0) -> str:
    done = CliRunner().invoke(translator, ["trace", *map(str, words)], env={"COLUMNS": "400"})
    assert done.exit_code == code, done.output
    return done.output


def told(*words: str | Path) -> dict[str, list[str]]:
    """What is said of one element, by heading."""
    found: dict[str, list[str]] = json.loads(run(*words, "--json"))
    return found


def summed(said: list[tuple[str, str]]) -> bool:
    """Whether the rule is about sums: then the order's value is another."""
    return any(head == "carry rule" and re.search(r" (at_most|adds_up)[ ,]", text) for head, text in said)


@pytest.mark.parametrize("name", [name for name, kind in shelf() if kind == "guide"])
def test_a_row_stands_in_its_file_where_it_is_said_to(name: str) -> None:
    table = load(name)
    for row in [*table.rows(), *table.envelope.values()]:
        for ref in [e.ref for e in row.elements.values()]:
            if ref == "GS01":
                continue  # follows from the guide's `group`, and is written nowhere
            place = row_place(table, row, ref)
            assert place is not None, f"{row.label} {ref}"
            lines = shipped.text(place.file).splitlines()
            assert lines[place.line - 1].startswith(ref), f"{row.label} {ref} at {place}"
            above = [line for line in lines[: place.line] if line.startswith(("segment", "loop", "pos"))]
            assert f'segment = "{row.segment}"' in above[-3:]
            assert not row.pos or f'pos = "{row.pos}"' in above[-2:]
    for n, rule in enumerate(table.carry):
        place = rule_place(table, n)
        assert place is not None
        near = shipped.text(place.file).splitlines()[place.line - 1 : place.line + 12]
        assert near[0] == "[[carry]]" and any(re.fullmatch(rf'ref +=.*"{re.escape(rule.ref)}"', line) for line in near)


@pytest.mark.parametrize("file", ANSWERS, ids=lambda file: f"{file.parent.name}/{file.name}")
def test_what_goes_back_stands_in_the_order_where_it_is_said_to(file: Path) -> None:
    order = file.with_name("1-850.edi")
    teller = Teller(orders_in(order.read_bytes(), "order"))
    by_place = {
        f"segment {line.at} {line.tag}, {spot.ref}, byte {spot.offset} (line {line.line})": spot.value
        for one in annotated(order.read_bytes())
        for line in one.lines
        for spot in line.spots
    }
    carried = 0
    for one in annotated(file.read_bytes()):
        for line in one.lines:
            for spot in line.spots:
                said = teller.tell(Found(one, line, spot))
                assert all(text and text.isprintable() for _, text in said), spot.ref
                heads = [head for head, _ in said]
                agrees = dict(said).get("verdict") == "agrees" and not summed(said)
                if agrees and spot.value and "in its X12" in heads:
                    places = [text for head, text in said if head == "in its X12"]
                    values = {by_place.get(place, "").lstrip("0") for place in places}
                    assert spot.value.lstrip("0") in values, f"{spot.ref}: {said}"
                    carried += 1
    assert carried >= 3


@pytest.mark.parametrize("file", ORDERS, ids=lambda file: file.parent.name)
def test_of_an_order_it_is_said_which_answers_give_it_back(file: Path) -> None:
    teller = Teller()
    goes = {}
    for one in annotated(file.read_bytes()):
        for line in one.lines:
            for spot in line.spots:
                goes[spot.ref] = [head for head, _ in teller.tell(Found(one, line, spot)) if head.startswith("goes back")]
    assert {"goes back on 810", "goes back on 855", "goes back on 856"} <= set(goes["BEG03"])
    assert goes["CTT01"] == ["goes back"]
    assert not goes["ISA06"]


def test_why_does_this_ship_notice_say_that() -> None:
    said = told(INNER / "6-856.edi", "PO414@17", "--order", INNER / "1-850.edi")
    assert said["value"] == ["6"] and said["in_the_JSON"] == ["orders[0].packs[0].items[0].inner_pack = 6"]
    assert said["verdict"] == ["agrees"] and said["carry_rule"][0].startswith("PO414 iff (850 guide")
    assert said["the_order"] == [f"{INNER / '1-850.edi'}: lines[0].packs[0].inner_pack = 6"]
    assert said["in_its_X12"] == ["segment 14 PO4, PO414, byte 489 (line 1)"]
    assert said["table_row"][0].startswith("mappings/target/856.toml, line ")


def test_an_order_in_json_has_no_segments() -> None:
    said = told(INNER / "6-856.edi", "PO414@17", "--order", INNER / "2-order.json")
    assert said["in_its_X12"][0].startswith("not known")
    assert told(INNER / "6-856.edi", "PO414@17")["not_compared"]
    other = told(INNER / "6-856.edi", "PO414@17", "--order", GUEST / "1-850.edi")
    assert "verdict" not in other and "no order that was given" in other["the_order"][0]


def test_what_was_not_sent_is_explained_too() -> None:
    said = told(INNER / "6-856.edi", "PO414@53", "--order", INNER / "1-850.edi")
    assert said["value"] == ["not sent"]
    assert said["verdict"] == ["agrees"]


def test_what_was_changed_differs(tmp_path: Path) -> None:
    changed = tmp_path / "856.edi"
    text = (INNER / "6-856.edi").read_text()
    value = next(
        spot
        for one in annotated(text.encode())
        for line in one.lines
        if line.at == 17
        for spot in line.spots
        if spot.ref == "PO414"
    )
    changed.write_text(text[: value.offset] + "7" + text[value.offset + 1 :])
    assert told(changed, "PO414@17", "--order", INNER / "1-850.edi")["verdict"] == ["differs"]


COMPUTED = {
    "SE01": "counted: the segments", "SE02": "the same as ST02", "TDS01": "worked out", "CTT01": "counted: segments IT1",
    "IT106": "the name of the value", "ISA06": "the envelope", "REF01": "the name under which", "BIG02": "the document that was",
}  # fmt: skip


@pytest.mark.parametrize("ref", COMPUTED)
def test_how_a_value_was_made(ref: str) -> None:
    assert COMPUTED[ref] in run(GUEST / "8-810.edi", ref)


def test_settings_defaults_and_constants_are_named() -> None:
    assert "ship_from_code of the partner's file" in run(GUEST / "6-856.edi", "N103@10")
    assert "a constant of the table" in run(GUEST / "8-810.edi", "N103@6")
    assert "the row of the table" in run(GUEST / "6-856.edi", "HL03@3")
    assert "numbered in the order" in run(GUEST / "6-856.edi", "HL01@3")


def test_the_document_that_it_was_written_from() -> None:
    said = told(GUEST / "6-856.edi", "orders[0].packs[0].items[0].quantity", "--document", GUEST / "5-shipment.json")
    assert said["from_the_document"] == [f"{GUEST / '5-shipment.json'}: orders[0].packs[0].items[0].quantity = 1"]


def test_several_are_listed() -> None:
    out = run(INNER / "6-856.edi", "PO414")
    assert out.startswith("PO414 stands here 8 times") and "PO414@17" in out
    assert "stands here" not in run(GUEST / "1-850.edi", "BEG03")


NOWHERE = {
    ("PO414@18",): "segment 18 is HL; PO4 stands at 17, 23",
    ("PO414@999",): "there is no segment 999; PO4 stands at",
    ("PO499",): "no PO4 has PO499: the longest ends at PO414",
    ("XYZ01",): "there is no segment XYZ",
    ("XYZ01@3",): "segment 3 is HL, and there is no XYZ",
    ("orders[0].packs[0].sscd",): "nothing stands at orders[0].packs[0].sscd; near it: orders[0].packs[0].sscc",
    ("orders[0].packs[0]",): "near it: orders[0].packs[0].",
    ("PO414", "--set", "0009"): "there is no set 0009; the file has 0001",
    ("what is this",): "names nothing: an element is PO414",
}


@pytest.mark.parametrize("words", NOWHERE, ids=" ".join)
def test_what_is_not_there_is_said_with_what_is_near(words: tuple[str, ...]) -> None:
    assert NOWHERE[words] in run(INNER / "6-856.edi", *words, code=2)


def test_a_set_is_chosen(tmp_path: Path) -> None:
    both = tmp_path / "both.edi"
    several = sorted(SAMPLES.glob("several-orders/*.edi"))
    both.write_bytes(b"".join(path.read_bytes() for path in several))
    numbers = [one.reading.part.control for one in annotated(both.read_bytes()) if one.reading.part and one.reading.part.is_set]
    assert len(numbers) > 2
    out = run(both, "ST02", "--set", "2")
    assert f"set {numbers[1]}" in out


def test_a_set_that_no_table_reads_has_names(tmp_path: Path) -> None:
    file = tmp_path / "875.edi"
    file.write_bytes((GUEST / "1-850.edi").read_bytes().replace(b"ST*850*", b"ST*875*").replace(b"GS*PO*", b"GS*OG*"))
    out = run(file, "BEG03")
    assert "Purchase Order Number" in out and "none reads this set" in out


def test_a_finding_is_said_with_its_element() -> None:
    search = Search(asked("CSH01")).through(annotated((GUEST / "1-850.edi").read_bytes().replace(b"CSH*N~", b"CSH*Q~")))
    assert any(head == "error" and "element-code" in text for head, text in Teller().tell(search.found[0]))
