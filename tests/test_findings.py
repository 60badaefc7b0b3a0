"""Every finding, as data: a clean order changed in one place, and exactly the findings that the change must earn.

The cases are in ``cases/*.toml``, one file a theme; ``base.toml`` holds the order. A case says what it changes
(``instead``, ``after``, ``drop`` name a segment of the order by how it begins, ``put`` is what comes there; several
changes stand in ``edit``), or gives a whole ``file``, or a document to write (``set``); ``find`` lists all findings.
"""

from __future__ import annotations

import copy
import datetime
import json
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from translator import shipped
from translator.catalogue import CATALOGUE
from translator.cli import translator
from translator.findings import Finding, finding
from translator.tables.guide import examples
from translator.tables.load import load
from translator.walk import Reading, read, restore, write
from translator.x12.wire import Limits

Case = dict[str, Any]

CASES = Path(__file__).parent / "cases"
BASE: str = tomllib.loads((CASES / "base.toml").read_text(encoding="utf-8"))["order"].lstrip("\n")
PIECES = BASE.splitlines(keepends=True)
GUIDE = "target/850"
NOW = datetime.datetime(2024, 4, 1, 8, 0)


def _cases() -> Iterator[Any]:
    for file in sorted(CASES.glob("*.toml")):
        for case in tomllib.loads(file.read_text(encoding="utf-8")).get("case", []):
            yield pytest.param({**case, "theme": file.stem}, id=f"{file.stem}: {case['name']}")


ALL = list(_cases())
READ = [case for case in ALL if not {"set", "answer", "do"} & set(case.values[0])]  # answers: test_carry, test_respond
WRITTEN = [case for case in ALL if "set" in case.values[0]]

# Findings about what is not there: their place is where it is missed, at the beginning of a segment or at the end.
ABSENT = {
    "segment-missing", "segment-expected", "loop-missing", "qualifier-expected", "se-missing", "ge-missing", "iea-missing",
    "segment-indented", "pack-unlabeled", "tree-empty",
}  # fmt: skip
# Findings of a row of the table: they name it.
ROW = {code for code in CATALOGUE if code.startswith(("element-", "syntax-", "usage-", "loop-"))} | {
    "segment-order", "segment-missing", "segment-expected", "segment-repeated", "place-taken", "qualifier-expected", "check-digit",
    "values-disagree", "form-unknown", "value-repeated", "total-differs", "release-differs", "group-differs",
}  # fmt: skip


# --- the files that cases make ----------------------------------------------------------------------------------------


def begins(text: str) -> int:
    """The place of the first piece of the order that begins so."""
    return next(n for n, piece in enumerate(PIECES) if piece.startswith(text))


BODY = "".join(PIECES[begins("BEG") : begins("SE*")])


def counted(text: str) -> str:
    """The file with the SE01 of its first set made right."""
    start, end = re.search(r"(?:^|~)\s*ST\*", text), re.search(r"~\s*SE\*([^*]*)\*", text)
    if start is None or end is None:
        return text
    segments = sum(1 for piece in text[start.start() : end.start()].split("~") if piece.strip(" \t\r\n\0")) + 1
    return text[: end.start(1)] + str(segments) + text[end.end(1) :]


def file_of(case: Case) -> bytes:
    """The bytes that a case reads."""
    if "file" in case:
        return str(case["file"]).replace("{order}", BASE).replace("{body}", BODY).encode("latin-1")
    pieces = list(PIECES)
    touched = ""
    for edit in case.get("edit") or [case]:
        put = edit.get("put", "").replace("{body}", BODY)
        put += "\n" if put else ""
        for how in ("instead", "after", "drop"):
            if how in edit:
                touched += f" {edit[how]}"
                n = next(n for n, piece in enumerate(pieces) if piece.startswith(edit[how]))
                pieces[n] = pieces[n] + put if how == "after" else put
    text = "".join(pieces)
    return (counted(text) if " SE" not in touched else text).encode("latin-1")


def mappings_of(case: Case, folder: Path) -> Path | None:
    """The mapping files that a case changes: shipped ones, with one text replaced by another."""
    if "mappings" not in case:
        return None
    for change in case["mappings"]:
        place = folder / change["file"]
        text = place.read_text(encoding="utf-8") if place.exists() else shipped.text(f"mappings/{change['file']}")
        assert change["old"] in text, f"{change['file']} has no {change['old']!r}"
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text.replace(change["old"], change["new"], 1), encoding="utf-8")
    return folder


def readings_of(case: Case, folder: Path) -> tuple[bytes, list[Reading]]:
    """What a case reads, and what comes of it."""
    data = file_of(case)
    limits = Limits(**case["limits"]) if "limits" in case else None
    options: dict[str, Any] = {"mappings": mappings_of(case, folder), "limits": limits, "guide": case.get("guide")}
    return data, list(read(data, **options))


def agree(found: list[Finding], case: Case) -> None:
    """Exactly these findings, in this order; of each the fields that the case names."""
    wanted: list[dict[str, Any]] = case["find"]
    found = found[: len(wanted)] if case.get("begins") else found
    assert [f.code for f in found] == [w["code"] for w in wanted], [(f.code, f.where, f.sentence) for f in found]
    for one, want in zip(found, wanted, strict=True):
        assert {key: getattr(one, key) for key in want} == want


# --- the cases --------------------------------------------------------------------------------------------------------


def test_the_order_itself_is_clean() -> None:
    [reading] = read(BASE.encode())
    assert reading.findings == []
    assert reading.document is not None
    assert reading.document["number"] == "0037-1234567-0551"


@pytest.mark.parametrize("case", READ)
def test_reading_earns_exactly(case: Case, tmp_path: Path) -> None:
    _, readings = readings_of(case, tmp_path)
    agree([f for r in readings for f in r.findings], case)
    assert sum(r.document is not None for r in readings) == case.get("documents", 1)


@pytest.mark.parametrize("case", READ)
def test_findings_of_reading_point_at_data_and_rule(case: Case, tmp_path: Path) -> None:
    data, readings = readings_of(case, tmp_path)
    for reading in readings:
        for one in reading.findings:
            well_formed(one)
            if one.code == "findings-cut":
                continue
            points(one, data)
            if one.at is not None:
                assert reading.part is not None and one.offset is not None
                before = data[reading.part.offset : one.offset].split(_terminator(data))
                assert one.at == 1 + sum(1 for piece in before if piece.strip()), one
                assert one.set == reading.part.control
            if one.code in ROW:
                assert one.rule is not None, one
                assert one.rule.startswith("mappings/target/")
                assert re.search(rf"\b{one.segment}\b", one.rule), one


def well_formed(one: Finding) -> None:
    """Sentence and cure are sentences, with nothing left open, and one of them or the place names what is meant."""
    for text in (one.sentence, one.cure):
        assert text.endswith("."), text
        bare = re.sub(r'"[^"]*"', "X", text)
        assert not re.search(r"None|[{}]|\s\s|\s\.$|: \.|, ,|\(\)", bare), text
        assert text.isascii() or "…" in text, text
        assert text[0].isupper() or text[0] == '"' or (one.path is not None and text.startswith(one.path)), text
    names = [n for n in (one.ref, one.path) if n] or [n for n in (one.segment, one.value) if n]
    said = f"{one.sentence} {one.where}"
    assert names or one.code in ("iea-missing", "foreign-text", "segment-empty", "segment-indented", "findings-cut"), one
    if one.ref or one.path:
        assert names[0] in said, (names, said)
    elif one.segment and one.at:
        assert one.segment in said, (names, said)
    assert one.severity in ("error", "warning")
    assert one.as_dict()["sentence"] == one.sentence


def points(one: Finding, data: bytes) -> None:
    """The offset is the first byte of the segment that the finding speaks of, the line is that byte's."""
    assert one.offset is not None, one
    assert one.line == data.count(b"\n", 0, one.offset) + 1, one
    rest = data[one.offset :]
    here = re.sub(rb"[\r\n]", b"", rest[:40])
    terminator = _terminator(data)
    if one.code in ABSENT:
        assert not rest.strip() or re.match(rb"[A-Z][A-Z0-9]{1,2}[^A-Za-z0-9 ]", here), (one, here)
    elif one.code == "foreign-text":
        assert one.value is not None
        assert rest.decode("latin-1").startswith(one.value[:20]), (one, here)
    elif one.code == "segment-empty":
        assert rest.startswith(terminator), (one, here)
    elif one.code == "segment-unknown":
        assert here.startswith((one.segment or "?").encode()), (one, here)
    else:
        assert re.match(re.escape((one.segment or "?").encode()) + rb"[^A-Za-z0-9 ]", here), (one, here)


def _terminator(data: bytes) -> bytes:
    return b"~" if b"~" in data else b"\n"


@pytest.mark.parametrize("case", WRITTEN)
def test_writing_earns_exactly(case: Case, tmp_path: Path) -> None:
    agree(_write(case, tmp_path), case)


@pytest.mark.parametrize("case", WRITTEN)
def test_findings_of_writing_name_the_path(case: Case, tmp_path: Path) -> None:
    for one in _write(case, tmp_path):
        well_formed(one)
        assert one.path or one.offset is not None, one


def _write(case: Case, folder: Path) -> list[Finding]:
    """The findings of writing the order's document, changed as the case says; or of giving an edited file back."""
    source = file_of(case)
    exact = bool(case.get("exact"))
    [document] = [r.document for r in read(source, exact=exact) if r.document and r.document["document"] != "raw"]
    document = copy.deepcopy(document)
    for path, value in case["set"].items():
        place(document, path, value)
    if case.get("command"):
        return _by_command(document, folder)
    if exact:
        report: list[Finding] = []
        b"".join(restore([document], report=report))
        return report
    writing = write(document, now=NOW, mappings=mappings_of(case, folder))
    assert (writing.data is None) == any(f.severity == "error" for f in writing.findings)
    return writing.findings


def _by_command(document: dict[str, Any], folder: Path) -> list[Finding]:
    """The findings that the command prints for a document, read from its lines."""
    file = folder / "document.json"
    file.write_text(json.dumps(document), encoding="utf-8")
    result = CliRunner().invoke(translator, ["write", str(file)])
    assert result.exit_code == 1
    assert result.stdout == ""
    said = re.findall(r"^(\w+) \[([a-z-]+)\] (\S+): (.*)$", result.stderr, re.M)
    return [Finding(code=code, severity=severity, path=path, expected=rest) for severity, code, path, rest in said]


def place(document: Any, path: str, value: Any) -> None:
    """Put a value at a path such as ``lines[0].ids.upc``; "(gone)" takes the place away."""
    steps = [int(step) if step.isdigit() else step for step in re.findall(r"[^.\[\]]+", path)]
    for step in steps[:-1]:
        document = document[step] if isinstance(step, int) else document.setdefault(step, {})
    if value == "(gone)":
        del document[steps[-1]]
    elif isinstance(document, list) and steps[-1] == len(document):
        document.append(value)
    else:
        document[steps[-1]] = value


# --- the catalogue ----------------------------------------------------------------------------------------------------


def test_every_code_has_a_case() -> None:
    assert {want["code"] for case in ALL for want in case.values[0]["find"]} == set(CATALOGUE)


@pytest.mark.parametrize("code", CATALOGUE)
def test_entry_is_complete(code: str) -> None:
    entry = CATALOGUE[code]
    assert re.fullmatch(r"[a-z]+(-[a-z]+)+", code)
    assert entry.severity in ("error", "warning")
    assert set(re.findall(r"\{(\w*)\}", entry.sentence)) <= {"ref", "segment", "value", "expected", "path"}
    assert entry.sentence.endswith(".") and entry.cure.endswith(".")
    assert "{" not in entry.cure
    # What a 997 calls it: AK3 (DE 720), AK4 (DE 723), AK5 (DE 718), AK9 (DE 716), TA1 (DE I18).
    if entry.ack is not None:
        kind, number = entry.ack
        known = {"AK3": range(1, 9), "AK4": range(1, 11), "AK5": range(1, 28), "AK9": range(1, 27), "TA1": range(32)}
        assert int(number) in known[kind]
        assert len(number) == (3 if kind == "TA1" else len(str(int(number))))


@pytest.mark.parametrize("code", CATALOGUE)
def test_sentence_survives_a_bare_finding_and_a_hostile_value(code: str) -> None:
    assert "None" not in finding(code).sentence
    hostile = finding(code, value="\x1b[31m{ref}\n%s\x00", expected="x", ref="BEG03", segment="BEG", path="a.b")
    assert not re.search(r"[\x00-\x1f\x7f]", hostile.sentence + hostile.where + str(hostile.as_dict()["value"]))


# --- the catalogue's examples -----------------------------------------------------------------------------------------

PAIRS = {code: pair for code in CATALOGUE for pair in examples(code)}
# The guide's own segments have no such syntax note: a table is lent one that has.
LENT: dict[str, list[dict[str, str]]] = {
    "syntax-exclusive": [
        {"file": "x12/004010.toml", "old": "[segments.CTT]", "new": '''[segments.MEA]
name = "Measurements"
elements = ["355", "355", "380", "355", "380", "380", "355", "355"]
notes = ["E0308"]

[segments.CTT]'''},
        {"file": "target/850.toml", "old": "# --- summary ---", "new": '''[[detail]]
loop = "PO1"
segment = "MEA"
pos = "480"
use = "O"
max = 1

# --- summary ---'''},
    ],
}  # fmt: skip


def ranks(mappings: Path | None) -> dict[str, int]:
    """Where a segment stands in the guide, by its tag; headers before, trailers after."""
    found: dict[str, int] = {}
    for n, row in enumerate(load(GUIDE, mappings).rows()):
        found.setdefault(row.segment, n)
    return found | {"ISA": -4, "GS": -3, "ST": -2, "SE": 1000, "GE": 1001, "IEA": 1002}


def shown_in_order(keeps: str, example: str, mappings: Path | None) -> bytes:
    """The order with ``example`` where the segments of ``keeps`` stand, or would stand; or a whole set in its place."""
    if example.startswith("ST*") and keeps.startswith("ST*"):
        return ("".join(PIECES[: begins("ST")]) + example + "\n" + "".join(PIECES[begins("GE") :])).encode("latin-1")
    mine = [piece.split("*") for piece in keeps.split("~") if piece]
    tags = {values[0] for values in mine}
    start = "*".join(mine[0][:2])
    hits = [n for n, piece in enumerate(PIECES) if piece.startswith((start + "*", start + "~"))]
    hits = hits or [n for n, piece in enumerate(PIECES) if piece.startswith(mine[0][0] + "*")]
    if hits:
        first = last = hits[0]
        while last < len(PIECES) and PIECES[last].split("*")[0] in tags:
            last += 1
    else:
        rank = ranks(mappings)
        first = last = next(n for n, piece in enumerate(PIECES) if rank[piece.split("*")[0]] > rank[mine[0][0]])
    text = "".join(PIECES[:first]) + example + "\n" + "".join(PIECES[last:])
    return (text if "SE*" in example or "SE*" in keeps else counted(text)).encode("latin-1")


@pytest.mark.parametrize("code", PAIRS)
def test_examples_of_the_catalogue_hold(code: str, tmp_path: Path) -> None:
    keeps, breaks = PAIRS[code]
    mappings = mappings_of({"mappings": LENT[code]}, tmp_path) if code in LENT else None
    kept, broken = (
        {f.code for r in read(shown_in_order(keeps, example, mappings), mappings=mappings) for f in r.findings}
        for example in (keeps, breaks)
    )
    assert code not in kept
    assert code in broken


def test_every_example_is_whole() -> None:
    """An example with a gap cannot be tried: only codes of writing and of tables, which no segment shows, have none."""
    of_documents = {
        "value-delimiter",
        "value-type",
        "value-missing",
        "value-lost",
        "name-unknown",
        "document-invalid",
        "residue-unused",
        *(code for code in CATALOGUE if code.startswith(("carry-", "carrier-", "order-", "answer-", "quantity-"))),
        "line-unknown",
    }
    answered = {want["code"] for case in ALL if {"answer", "do"} & set(case.values[0]) for want in case.values[0]["find"]}
    assert set(CATALOGUE) - of_documents - answered - {"findings-cut"} == set(PAIRS)


def test_findings_of_a_file_name_the_file(tmp_path: Path) -> None:
    place = tmp_path / "in.edi"
    place.write_bytes(file_of({"instead": "CSH", "put": "CSH*Q~"}))
    [one] = [f for r in read(place) for f in r.findings]
    assert one.file == str(place)
    assert one.where == f"{place}, set 0001, segment 6 CSH, CSH01, byte {one.offset} (line {one.line})"
